package db

import (
	"errors"

	"github.com/jackc/pgx/v5/pgconn"
	"github.com/mattn/go-sqlite3"
)

// What an operator, rather than a program, can put right.
var (
	ErrBusy  = errors.New("another program is writing to the database: wait for it, or stop it")
	ErrNewer = errors.New("the database is newer than this program: run the newer program")
)

// Taken reports whether err is the refusal of a second row with the same key.
func Taken(err error) bool {
	var e sqlite3.Error
	if errors.As(err, &e) {
		switch e.ExtendedCode {
		case sqlite3.ErrConstraintUnique, sqlite3.ErrConstraintPrimaryKey, sqlite3.ErrConstraintRowID:
			return true
		}
		return false
	}
	return postgresCode(err) == "23505"
}

// Refused reports whether a rule of the schema other than a key's forbids what was
// written: a CHECK, NOT NULL, a foreign key or a trigger.
func Refused(err error) bool {
	var e sqlite3.Error
	if errors.As(err, &e) {
		switch e.ExtendedCode {
		case sqlite3.ErrConstraintCheck, sqlite3.ErrConstraintForeignKey,
			sqlite3.ErrConstraintNotNull, sqlite3.ErrConstraintTrigger:
			return true
		}
		return false
	}
	switch postgresCode(err) {
	case "23001", "23502", "23503", "23514", "P0001":
		return true
	}
	return false
}

// postgresCode returns the SQLSTATE of err, or "".
func postgresCode(err error) string {
	var e *pgconn.PgError
	if errors.As(err, &e) {
		return e.Code
	}
	return ""
}
