// Package outlook tells from the months that were what the months to come may cost, when
// a budget will be spent, and which months are not as they used to be. Each answer stands
// with the numbers that it was made of, so that a page can show the working.
//
// What lives here: series of months, forecasts, budgets against them, anomalies. What may
// not: a database, a clock, words for people, and floating point.
package outlook
