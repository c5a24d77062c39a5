package db_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"pilveturg/db"
	"pilveturg/db/dbtest"
	"pilveturg/models"
)

func TestOpenSaysWhatIsWrong(t *testing.T) {
	dir := t.TempDir()
	write := func(name, text string, mode os.FileMode) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(text), mode); err != nil {
			t.Fatal(err)
		}
		return path
	}
	header := "SQLite format 3\x00"
	for _, tt := range []struct {
		name, dsn string
		says      []string
	}{
		{"a missing folder is named", filepath.Join(dir, "no", "x.db"), []string{"no folder " + filepath.Join(dir, "no"), "make it"}},
		{"a file of another kind is no database", write("x.txt", "a long enough text file", 0o600), []string{"x.txt", "not a SQLite database"}},
		{"a short file is no database either", write("y.txt", "short", 0o600), []string{"y.txt", "not a SQLite database"}},
		{"a broken database is refused", write("broken.db", header+strings.Repeat("x", 5000), 0o600), []string{"broken.db", "not a database"}},
		{"a folder is no file", dir, []string{dir, "is a directory"}},
		{"a file is needed", "", []string{`"" is not a file`, "name one"}},
		{"a database in memory is not offered", ":memory:", []string{"not a file"}},
		{"another kind of server is named", "mysql://host/x", []string{"mysql://", "postgres://"}},
		{"a server that does not answer is named", "postgres://ann:secret@127.0.0.1:1/shop?sslmode=disable",
			[]string{"127.0.0.1:1", "database shop", "check that the server runs"}},
		{"a server address must be one", "postgres://ann:secret@127.0.0.1:port/shop", []string{"postgres://ann:"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			d, err := db.Open(t.Context(), tt.dsn)
			if err == nil {
				d.Close()
				t.Fatal("it opened")
			}
			for _, s := range tt.says {
				if !strings.Contains(err.Error(), s) {
					t.Errorf("%q does not say %q", err, s)
				}
			}
			if strings.Contains(err.Error(), "secret") {
				t.Errorf("%q tells the password", err)
			}
		})
	}
	if _, err := os.Stat(filepath.Join(dir, "no")); err == nil {
		t.Error("Open made a folder")
	}
}

func TestOpenFileThatMayNotBeRead(t *testing.T) {
	if os.Geteuid() == 0 {
		t.Skip("root may read everything")
	}
	path := filepath.Join(t.TempDir(), "x.db")
	if err := os.WriteFile(path, nil, 0); err != nil {
		t.Fatal(err)
	}
	if _, err := db.Open(t.Context(), path); !errors.Is(err, os.ErrPermission) {
		t.Errorf("error is %v, want one about permission", err)
	}
}

func TestOpenRefusesNewerDatabase(t *testing.T) {
	dsn := dbtest.EmptyDSN(t)
	d := openFile(t, dsn)
	if err := d.Migrate(t.Context()); err != nil {
		t.Fatal(err)
	}
	dbtest.Write(t, d, models.Actor{}, func(tx *db.Tx) error {
		return tx.Insert(t.Context(), "migrations", []string{"name", "hash", "applied_at"}, [][]any{{"9999_future.sql", "x", tx.Now}})
	})
	_, err := db.Open(t.Context(), dsn)
	if !errors.Is(err, db.ErrNewer) || !strings.Contains(err.Error(), "9999_future.sql") {
		t.Errorf("error is %v, want %v with the name of the migration", err, db.ErrNewer)
	}
	if err := d.Migrate(t.Context()); !errors.Is(err, db.ErrNewer) {
		t.Errorf("Migrate says %v, want %v", err, db.ErrNewer)
	}
}

func TestOpenGivesUpWithItsCaller(t *testing.T) {
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	start := time.Now()
	_, err := db.Open(ctx, "postgres://ann@192.0.2.1:5432/shop") // an address for documents: nobody answers
	if err == nil || time.Since(start) > 5*time.Second {
		t.Errorf("error %v after %v", err, time.Since(start))
	}
}

func TestFileOfAnyName(t *testing.T) {
	for _, name := range []string{"plain.db", "a b.db", "what?#%41&_query_only=1.db", "õun.db", "file:x.db"} {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), name)
			d := openFile(t, path)
			if err := d.MigrateFiles(t.Context(), notesSchema); err != nil {
				t.Fatal(err)
			}
			info, err := os.Stat(path)
			if err != nil {
				t.Fatal(err)
			}
			if info.Mode().Perm() != 0o600 {
				t.Errorf("mode is %v; others may read it", info.Mode())
			}
			if left, _ := filepath.Glob(filepath.Join(filepath.Dir(path), "*")); len(left) > 3 {
				t.Errorf("it made the files %q", left) // the database and its two companions
			}
		})
	}
}

func TestEngineAndPing(t *testing.T) {
	d := dbtest.Empty(t)
	want := db.SQLite
	if os.Getenv("PILVETURG_TEST_POSTGRES") != "" {
		want = db.Postgres
	}
	if d.Engine() != want {
		t.Errorf("engine is %q, want %q", d.Engine(), want)
	}
	if err := d.Ping(t.Context()); err != nil {
		t.Errorf("ping: %v", err)
	}
	d.Close()
	if err := d.Ping(t.Context()); err == nil {
		t.Error("a closed database answers")
	}
}

func TestEveryPooledConnectionIsSetUp(t *testing.T) {
	d := onlySQLite(t, notes(t))
	for _, tt := range []struct{ pragma, reader, writer string }{
		{"foreign_keys", "1", "1"},
		{"busy_timeout", "5000", "5000"}, // milliseconds
		{"query_only", "1", "0"},
		{"journal_mode", "wal", "wal"},
		{"synchronous", "2", "2"}, // FULL
		{"mmap_size", "268435456", "268435456"},
		{"journal_size_limit", "67108864", "67108864"},
	} {
		for range 2 { // the second time all are idle ones
			check(t, d, tt.pragma, tt.reader, tt.writer)
		}
	}
}

// check takes all connections of both pools at once.
func check(t *testing.T, d *db.DB, pragma, reader, writer string) {
	t.Helper()
	for _, pool := range []struct {
		name string
		*poolOf
		want string
	}{{"reader", &poolOf{d.Readers()}, reader}, {"writer", &poolOf{d.Writer()}, writer}} {
		for i, got := range pool.ask(t, "PRAGMA "+pragma) {
			if got != pool.want {
				t.Errorf("%s %d has %s = %s, want %s", pool.name, i, pragma, got, pool.want)
			}
		}
	}
}
