// Package currency knows the currencies of ISO 4217 and the reference rates of the
// European Central Bank: how they are written in its files, and which one holds on a day.
//
// What lives here: codes, decimals, last days, quotes. What may not: a database, amounts
// of a ledger, and other banks.
package currency
