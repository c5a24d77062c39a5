// Package registers reads registers of owned systems that others keep, a file at a time:
// Estonia's register of state information systems (RIHA) in the shapes in which it was
// given out, the business cases of the United States' IT Dashboard, and our own table.
//
// Nothing is dropped: what a row does not say is taken as not known and flagged, and a row
// that cannot be taken has a problem with what stood there.
//
// What lives here: how these files are read. What may not: a database, and who owns what
// (that is for the importer).
package registers
