// Package db opens the database, brings its schema up to date and hands out
// transactions. It is the only room that knows which engine runs: SQLite in one
// file, or PostgreSQL.
//
// What lives here: connections, transactions, migrations, backup, the few words
// that the engines spell differently, and the files that the program carries
// with it ([Files]). What may not: a query about a particular table (those stand
// in models/<domain>, beside the rule they serve), net/http, pages.
//
// # Reading and writing
//
// A function that reads takes a [Reader]; one that changes data takes a [*Tx],
// so that a write outside a transaction does not compile. Inside the function
// given to [DB.Write], use the Tx and nothing else: the DB would read an older
// state, and a second Write would wait for the first for ever.
//
// Queries are written once, in the SQL that both engines share, with ? for
// parameters. What differs silently is kept away by the schema: text is compared
// byte by byte on both, LIKE minds the case of letters, times are text in UTC,
// whole numbers have 64 bits. Let the database number new rows: an id that a
// program chooses may be given out again by PostgreSQL.
//
// # Migrations
//
// migrations/NNNN_name.sql is for both engines, in SQLite's spelling with STRICT
// tables; NNNN_name.sqlite.sql and NNNN_name.postgres.sql with the same number run
// after it, on that engine only, as they stand (triggers, for instance). A file is
// never edited once it is released; the previous program must be able to run on
// the schema it leaves behind.
package db
