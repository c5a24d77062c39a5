package dbtest

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"pilveturg/db"
)

// Dump returns what all tables hold but those to be left out, a text for each table.
// Two dumps of a database are equal when nothing was changed between them.
func Dump(t testing.TB, d *db.DB, but ...string) map[string]string {
	t.Helper()
	var rows []struct {
		Name  string `db:"name"`
		Holds string `db:"holds"`
	}
	if err := d.Select(t.Context(), &rows, dumpSQL(t, d, but)); err != nil {
		t.Fatalf("dump: %v", err)
	}
	dump := map[string]string{}
	for _, r := range rows {
		dump[r.Name] = r.Holds
	}
	return dump
}

// dumps keeps the text of each query that dumps: tables are the same in all databases
// of one engine, unless a test makes its own.
var dumps sync.Map

func dumpSQL(t testing.TB, d *db.DB, but []string) string {
	t.Helper()
	all := tables(t, d)
	key := fmt.Sprint(d.Engine(), all, but)
	if q, ok := dumps.Load(key); ok {
		return q.(string)
	}
	var each []string
	for _, table := range all {
		if slices.Contains(but, table) {
			continue
		}
		q := `SELECT '` + table + `' AS name, COALESCE(string_agg(CAST(t AS text), ' | ' ORDER BY CAST(t AS text)), '') AS holds FROM ` + table + ` t`
		if d.Engine() == db.SQLite {
			q = `SELECT '` + table + `' AS name, COALESCE(group_concat(x, ' | '), '') AS holds FROM (SELECT ` + quoted(t, d, table) + ` AS x FROM ` + table + ` ORDER BY 1)`
		}
		each = append(each, q)
	}
	q := strings.Join(each, ` UNION ALL `)
	dumps.Store(key, q)
	return q
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
