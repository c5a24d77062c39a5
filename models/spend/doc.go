// Package spend is the ledger: every charge for a service, from whatever source, stands
// in it once, and can be traced from a total to the line of an invoice.
//
// A file is a [Batch]. It is uploaded, read by a worker in pieces ([Work]), shown with
// its sums, its flagged and its rejected rows, and counts from the moment in which
// somebody accepts it until it is undone. A charge never changes and is never removed: a
// correction is a new charge that names the one it corrects. The packages below this one
// know the formats; here is what a charge is, whose it is and what it adds up to.
//
// Money is [models.Exact]: as its source has it, never rounded. What a body, a vendor or
// a category is called in a file is a [Name], and who or what that is here may be said
// later without a charge being touched.
//
// What lives here: batches, charges, names, sums, rates. What may not: how a format is
// written (that is below), pages, and what a body should have paid (that is contracts').
//
// # Three views
//
// A charge is seen in the month in which it was billed, in the months over which its
// service runs (split by days, the end exclusive, so that the parts are the whole), and
// in the month in which it is due. VAT stands in rows of its own (kind "tax"), as
// invoices have it: a view is with VAT or without by taking those rows or leaving them.
//
// # Sums
//
// ledger_batch_cells holds what each batch comes to by month, body, vendor and category;
// ledger_cells the same for all batches that count; ledger_rollups that by year, and
// without what a question does not tell apart; ledger_packs those of a body and year by
// category and month in one row each. All are written in the transaction that
// makes them true. [Rebuild] makes the others anew from the first, and [Check] proves all
// of them against the charges. [SumsBy] answers from the coarsest that tells as much apart
// as it is asked for; what was known on a day is added up from the sums of batches.
//
// # By hand
//
// People book two things themselves, each as a batch without a file that counts at once
// and can be undone: a [Correction], whose rows name the charge that they correct, and a
// [ShareOut], which gives what one body pays for several to those by a [Key]. A batch is
// not undone while others that count stand on its charges.
//
// # Limits
//
// Amounts have up to 27 decimals and a whole part below 2^63. A row has at most 2,000
// columns. Rows that are written the same inside a file are flagged in files of up to
// 8,000,000 rows. A file is accepted once in the books of an organisation; it can be
// undone for 30 days.
package spend
