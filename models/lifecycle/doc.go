// Package lifecycle reckons what it costs over years to own a system, and what to
// subscribe to a service instead, so that both can be compared: cash by year, present
// values, equal yearly costs, where the lines cross, at what price, number of users or
// cost of development the answer changes, and how sure it is.
//
// The rules are those of life-cycle costing as the public sector uses it (HM Treasury,
// The Green Book; OMB Circular A-94; in Estonia RHS § 85 (6)): only cash that is still to
// come counts, what was spent before is shown apart; real rates go with constant prices
// and nominal ones with prices that rise; depreciation never joins a purchase in a sum.
//
// All is exact: amounts are fractions, a cash line of a year is rounded to the cent when
// it arises, half away from zero, and a present value once, when it is shown. So a
// difference that is shown may be one cent away from that of two numbers that are shown.
//
// What lives here: the arithmetic. What may not: a database, a clock, prices of services
// and costs of systems, and words.
package lifecycle
