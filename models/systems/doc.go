// Package systems is the register of what bodies own: systems that they had built or
// bought and run themselves, with who uses them, until when, what they stand on, and what
// they cost.
//
// Costs are lines: what, how often, how much. From the lines follow two views that are
// never mixed: cash, which counts what is paid in the year in which it is paid, and
// accrual, which spreads a payment over what it is for and writes capital off in equal
// parts a month ([Flows]). What they come to a year is kept beside the lines in the same
// transaction, with the time until which it was known ([Years]).
//
// What lives here: systems, their costs, standard products, and registers that bring
// them. What may not: prices of services (pricing), charges (spend), and whether owning
// is cheaper than subscribing (lifecycle).
package systems
