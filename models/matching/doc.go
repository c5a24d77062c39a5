// Package matching says what invoices are for: which subscription a [Bill] belongs to,
// how it differs from what was agreed, and what is left of the budget.
//
// A bill is what one vendor charges one body under one number in one month of one file.
// A [Worker] makes bills of the charges of every batch that counts, and matches them: by
// the number of a contract that they name, by what people said of the same contract
// before, or by vendor, period and price together. What it cannot tell is left open, with
// suggestions; people match it, or say that it is for nothing in the catalogue. No charge
// is touched by any of it, and all of it can be taken back.
//
// What lives here: bills, their matching and differences, what is spent of budget lines.
// What may not: how charges come in and what they add up to (that is spend's), what was
// agreed (that is contracts'), pages.
//
// # Limits
//
// Differences are looked for among the first 2,000 charges of a bill. Prices are compared
// in euros only, as contracts are.
package matching
