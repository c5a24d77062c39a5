// Package pricing holds price plans and works out exactly what one costs a buyer.
//
// It knows no database, no language and no list of units: it takes plans and
// quantities and gives typed numbers, which views put into words. There are no
// floats in it. It imports the kernel only.
//
// A charge is worked out in this order, and nothing else happens to it:
//
//  1. The quantity of one of the charge's periods: what there is (pupils), or what
//     flows in so many months (map loads).
//  2. The steps, batches, included quantity, range or rate give an exact sum. With
//     Each, ends of steps, included quantity, minimum and maximum are multiplied by
//     the number of those units, which is the same as spreading the quantity
//     evenly over them. Steps count from the first unit, the included ones too.
//  3. The minimum raises the sum, then the maximum lowers it.
//  4. The exact amounts of the periods that one invoice covers are added up and
//     rounded once to the minor unit of the currency, half away from zero.
//  5. The invoices of a year are added up. VAT is taken, and rounded, on totals only.
//
// Above the end of the last step a charge is on request: it is in no sum, and the
// quote says so.
package pricing
