// Package sheet reads tables as offices save them: it finds out how a file is written
// (its encoding, line ends, delimiter, where the heading stands, and for every column how
// numbers and days are written in it), and then reads it row by row.
//
// What lives here: bytes, lines, cells and workbooks, what a cell means as a number or a
// day, which rows are totals, and lists of objects in JSON. What may not: what a column is
// for, and a database.
//
// How a column writes its numbers is decided from all its values, never from one: 1.234
// alone can be a little more than one, or a thousand and more. Where all values fit two
// readings the column is ambiguous, and somebody has to say.
//
// # Limits
//
// Workbooks are read from 1997 on; older ones, those that a password locks and OpenDocument
// have to be saved as XLSX or CSV first. JSON is read where it has a list of objects; lists
// of lists are no tables. A row has a megabyte and 2,000 columns at most.
package sheet
