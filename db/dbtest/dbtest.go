package dbtest

import (
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"pilveturg/db"
	"pilveturg/models"
)

// Moment is the time at which every test database lives.
var Moment = time.Date(2026, 3, 2, 9, 30, 0, 0, time.UTC)

// New returns a database at the newest schema with no rows but those that the
// migrations put there. It is removed after the test.
func New(t testing.TB) *db.DB {
	t.Helper()
	if address := server(t); address != "" {
		return open(t, fromTemplate(t, address))
	}
	b, err := template()
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "test.db")
	if err := os.WriteFile(path, b, 0o600); err != nil {
		t.Fatal(err)
	}
	return open(t, path)
}

// server returns the address of the PostgreSQL to test on, or "" for SQLite.
func server(t testing.TB) string {
	t.Helper()
	address := os.Getenv("PILVETURG_TEST_POSTGRES")
	wanted := strings.Contains(os.Getenv("PILVETURG_TEST_ENGINES"), db.Postgres)
	if address == "" && wanted && os.Getenv("CI") == "true" {
		t.Fatal("PILVETURG_TEST_ENGINES asks for postgres, but PILVETURG_TEST_POSTGRES holds no address")
	}
	return address
}

func open(t testing.TB, dsn string) *db.DB {
	t.Helper()
	d, err := db.Open(t.Context(), dsn)
	if err != nil {
		t.Fatal(err)
	}
	d.Now = func() time.Time { return Moment }
	t.Cleanup(func() { d.Close() })
	return d
}

// template is the file of a migrated SQLite database, made once per test binary.
var template = sync.OnceValues(func() ([]byte, error) {
	dir, err := os.MkdirTemp("", "pilveturg-test-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	path := filepath.Join(dir, "template.db")
	if err := migrate(path); err != nil {
		return nil, err
	}
	return os.ReadFile(path) // whole: closing empties the write-ahead log
})

// Empty returns a database without any table, removed after the test.
func Empty(t testing.TB) *db.DB { return open(t, EmptyDSN(t)) }

// EmptyDSN is what [db.Open] takes for a database without any table, removed after
// the test, for tests that open it themselves.
func EmptyDSN(t testing.TB) string {
	t.Helper()
	if address := server(t); address != "" {
		return create(t, address, "template0")
	}
	return filepath.Join(t.TempDir(), "empty.db")
}

// Write runs f on behalf of actor and fails the test when f fails.
func Write(t testing.TB, d *db.DB, actor models.Actor, f func(*db.Tx) error) {
	t.Helper()
	if err := d.Write(t.Context(), actor, f); err != nil {
		t.Fatal(err)
	}
}
