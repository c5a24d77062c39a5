package db_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"testing"

	"pilveturg/db"
	"pilveturg/db/dbtest"
	"pilveturg/models"
)

func TestCopy(t *testing.T) {
	d := notes(t)
	fill(t, d, 1000)
	path := filepath.Join(t.TempDir(), "it's a copy?.db")
	if d.Engine() == db.Postgres {
		if err := d.Copy(t.Context(), path); !errors.Is(err, errors.ErrUnsupported) {
			t.Errorf("error is %v, want %v", err, errors.ErrUnsupported)
		}
		return
	}
	dbtest.Write(t, d, models.Actor{}, func(tx *db.Tx) error { // others may write meanwhile
		if err := add(t.Context(), tx, "not yet committed"); err != nil {
			return err
		}
		return d.Copy(t.Context(), path)
	})
	info, err := os.Stat(path)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Fatalf("the copy is %v, %v; want a file only its owner may read", info, err)
	}
	if got := len(written(t, openFile(t, path))); got != 1000 {
		t.Errorf("the copy has %d notes, want the 1,000 that were committed", got)
	}
}

func TestCopyLeavesNothingBehind(t *testing.T) {
	d := onlySQLite(t, notes(t))
	gone, cancel := context.WithCancel(t.Context())
	cancel()
	dir := t.TempDir()
	there := filepath.Join(dir, "there.db")
	if err := os.WriteFile(there, []byte("precious"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		name string
		ctx  context.Context
		path string
	}{
		{"a file that is there is not written over", t.Context(), there},
		{"a folder must be there", t.Context(), filepath.Join(dir, "no", "copy.db")},
		{"a caller who has gone gets no copy", gone, filepath.Join(dir, "copy.db")},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if err := d.Copy(tt.ctx, tt.path); err == nil {
				t.Error("no error")
			}
		})
	}
	b, _ := os.ReadFile(there)
	if left, _ := filepath.Glob(filepath.Join(dir, "*")); len(left) != 1 || string(b) != "precious" {
		t.Errorf("there are %q, and the file says %q", left, b)
	}
}

func TestAnalyze(t *testing.T) {
	d := notes(t)
	fill(t, d, 1000)
	written(t, d) // by a connection that then knows the old statistics
	closed := d.Readers().Stats().MaxIdleClosed
	if err := d.Analyze(t.Context()); err != nil {
		t.Fatal(err)
	}
	if !analyzed(t, d, "notes") {
		t.Error("there are no statistics")
	}
	if d.Engine() == db.SQLite && d.Readers().Stats().MaxIdleClosed == closed {
		t.Error("connections that know the old statistics are kept")
	}
}

// analyzed reports whether the engine has statistics of a table with rows.
func analyzed(t testing.TB, d *db.DB, table string) bool {
	t.Helper()
	q := map[string]string{
		db.SQLite:   `SELECT count(*) FROM sqlite_stat1 WHERE tbl = ?`,
		db.Postgres: `SELECT count(*) FROM pg_class WHERE relname = ? AND reltuples > 0`,
	}[d.Engine()]
	var n int
	err := d.Get(t.Context(), &n, q, table)
	return err == nil && n > 0
}
