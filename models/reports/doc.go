// Package reports answers what analysts ask of the ledger, one question after the other.
//
// A [Question] has a code, by which addresses and messages name it, says what it can be
// asked by, and has a function that answers it. An [Answer] is a table whose rows add up
// to its total, with what is not in that total beside it: charges without a category of
// the catalogue, without a month, and without a rate. A question is added by one entry in
// [Questions]: pages, files and saved reports follow from it.
//
// Amounts are exact; shares are fractions of whole numbers, rounded once, halves up. What
// the ledger keeps sums of is answered from those and reads no charge: who is paid by
// whom, for what category, in which month. What one thing costs and what is below zero is
// read from charges, by an index.
//
// What lives here: questions, their answers, and reports that people keep. What may not:
// how an answer looks, its words, and sums of the ledger themselves (those are spend's).
package reports
