// Package focus reads and writes cost and usage files of the FinOps Open Cost and Usage
// Specification (FOCUS, https://focus.finops.org, under CC BY 4.0) in its versions 1.0, 1.1
// and 1.2, as rows of cells or as JSON Lines, and adds up what of a file should agree.
//
// [NewHeading] finds the columns, [Heading.Read] reads a row, [Lines] reads JSON Lines,
// [NewWriter] writes CSV of version 1.2, and a [Check] tells after the last row what the
// sums are and which rows contradict themselves. What real files have against the
// specification is read with a warning where it can mean only one thing.
//
// Of the model that the specification publishes for version 1.2, 79 of its 621 rules are
// checked: which columns must be there, how times, numbers, currencies and tags are
// written, the lists of categories, frequencies and classes, and what costs and prices say
// of each other. Not checked are rules that need more than the file (invoices, the
// provider's documentation), rules that only put others together, the other lists, and most
// of which columns may be null.
//
// Nothing here opens files, asks a database or converts a currency; CSV is taken apart by
// whoever calls. A file may have [MaxColumns] columns, a line of JSON [MaxLine] bytes; rows
// are not limited, and memory is not larger with more of them, but for the at most
// [MaxGroups] invoices and as many commitments of a check. A million rows of 44 columns
// take about ten seconds on one core.
package focus
