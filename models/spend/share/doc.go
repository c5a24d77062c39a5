// Package share splits an amount between several so that the parts are payable, add up to
// the amount, and can be checked by hand.
//
// What lives here: the largest remainder. What may not: a database, where weights come
// from, and who pays.
package share
