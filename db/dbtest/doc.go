// Package dbtest gives each test a database of its own: SQLite in a file, or
// PostgreSQL when PILVETURG_TEST_POSTGRES holds the address of a server where
// databases may be made. The same tests run on both; no test asks which.
//
// Only tests import it. What a test puts into the database is its own affair.
package dbtest
