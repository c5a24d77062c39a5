// Package ubl reads electronic invoices and credit notes of EN 16931-1:2017 in the syntax
// UBL 2.1, as Peppol BIS Billing 3 carries them, judges them by the official rules, and
// makes of them what a ledger books.
//
// What lives here: [Read], which keeps what a file says as it says it; [Check], which
// names the rules that it breaks and what would have held; [Charges], which takes it apart
// line by line. What may not: a database, words for people (a [Finding] has the id of its
// rule), and what an agency makes of an invoice.
//
// Sizes: a file of 20 MB, 500,000 elements and 64 levels at most, without a document type;
// files that are attached to an invoice are not kept. A document in memory is some ten
// times its file.
//
// Rules that are not here: BR-CO-25, which the current official files have withdrawn;
// BR-CL-07, 08, 10, 11, 13, 15, 16 and 20 to 26 and PEPPOL-EN16931-CL001 and CL003 (lists
// of codes that no sum depends on); the warnings UBL-CR, UBL-DT and UBL-SR about elements
// beyond the norm; and the rules of single countries (DK-R, NO-R, SE-R and so on).
package ubl
