// Package exchange brings files in and out: it reads what others say of services
// and organisations, puts it into the database as one import that can be undone,
// and writes everything out again.
//
// It owns the tables imports and import_changes. What a listing is and what may be
// said in it is not decided here, but in models/catalogue and models/identity,
// which make every change. Nothing here opens a file or an address: readers get a
// stream, and addresses in files are not visited.
package exchange
