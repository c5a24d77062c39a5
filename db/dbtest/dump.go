package dbtest

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"pilveturg/db"
)

// Dump returns what all tables hold but those to be left out, a text for each table.
// Two dumps of a database are equal when nothing was changed between them.
func Dump(t testing.TB, d *db.DB, but ...string) map[string]string {
	t.Helper()
	dump := map[string]string{}
	for _, table := range tables(t, d) {
		if slices.Contains(but, table) {
			continue
		}
		q := `SELECT COALESCE(string_agg(CAST(t AS text), ' | ' ORDER BY CAST(t AS text)), '') FROM ` + table + ` t`
		if d.Engine() == db.SQLite {
			q = `SELECT COALESCE(group_concat(x, ' | '), '') FROM (SELECT ` + quoted(t, d, table) + ` AS x FROM ` + table + ` ORDER BY 1)`
		}
		var rows string
		if err := d.Get(t.Context(), &rows, q); err != nil {
			t.Fatalf("dump %s: %v", table, err)
		}
		dump[table] = rows
	}
	return dump
}

// Differences returns the names of the tables in which two dumps differ.
func Differences(before, after map[string]string) []string {
	var names []string
	for table, rows := range after {
		if before[table] != rows {
			names = append(names, table)
		}
	}
	slices.Sort(names)
	return names
}

// tables returns the names of all tables that hold rows of their own.
func tables(t testing.TB, d *db.DB) (names []string) {
	t.Helper()
	q := `SELECT table_name FROM information_schema.tables WHERE table_schema = 'public' AND table_type = 'BASE TABLE' ORDER BY 1`
	if d.Engine() == db.SQLite {
		q = `SELECT name FROM sqlite_master WHERE type = 'table' AND sql NOT LIKE 'CREATE VIRTUAL%' AND name NOT LIKE 'sqlite_%' ORDER BY 1`
	}
	if err := d.Select(t.Context(), &names, q); err != nil {
		t.Fatal(err)
	}
	return names
}

// quoted is an expression for a whole row of a table of SQLite.
func quoted(t testing.TB, d *db.DB, table string) string {
	t.Helper()
	var columns []string
	if err := d.Select(t.Context(), &columns, fmt.Sprintf(`SELECT 'quote("' || name || '")' FROM pragma_table_info('%s')`, table)); err != nil {
		t.Fatal(err)
	}
	return strings.Join(columns, ` || ', ' || `)
}

// TablesWith returns the names of the tables that have the column.
func TablesWith(t testing.TB, d *db.DB, column string) (names []string) {
	t.Helper()
	for _, table := range tables(t, d) {
		q := `SELECT count(*) FROM information_schema.columns WHERE table_schema = 'public' AND table_name = '` + table + `' AND column_name = '` + column + `'`
		if d.Engine() == db.SQLite {
			q = `SELECT count(*) FROM pragma_table_info('` + table + `') WHERE name = '` + column + `'`
		}
		var n int
		if err := d.Get(t.Context(), &n, q); err != nil {
			t.Fatal(err)
		}
		if n > 0 {
			names = append(names, table)
		}
	}
	return names
}

// Source returns the text of the Go files in directories that are there, for tests
// that look for statements.
func Source(t testing.TB, dirs ...string) string {
	t.Helper()
	var all strings.Builder
	for _, dir := range dirs {
		files, err := filepath.Glob(filepath.Join(dir, "*.go"))
		if err != nil {
			t.Fatal(err)
		}
		for _, file := range files {
			b, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			all.Write(b)
		}
	}
	return all.String()
}
