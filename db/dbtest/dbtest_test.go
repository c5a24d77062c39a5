package dbtest_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"pilveturg/db"
	"pilveturg/db/dbtest"
	"pilveturg/models"
)

func TestNewIsMigratedAndOnesOwn(t *testing.T) {
	for i := range 2 {
		t.Run(fmt.Sprint(i), func(t *testing.T) {
			t.Parallel()
			d := dbtest.New(t)
			if !d.Now().Equal(dbtest.Moment) {
				t.Errorf("it lives at %v, want %v", d.Now(), dbtest.Moment)
			}
			if ahead, err := d.Pending(t.Context()); err != nil || len(ahead) != 0 {
				t.Errorf("it lacks %q, %v", ahead, err)
			}
			dbtest.Write(t, d, models.Actor{}, func(tx *db.Tx) error {
				return tx.Insert(t.Context(), "migrations", []string{"name", "hash", "applied_at"}, [][]any{{"mine", "x", tx.Now}})
			})
		})
	}
}

func TestEmptyHasNoTables(t *testing.T) {
	d := dbtest.Empty(t)
	var n int
	if err := d.Get(t.Context(), &n, `SELECT count(*) FROM migrations`); err == nil {
		t.Error("it has the table migrations")
	}
}

func TestNothingIsLeftBehind(t *testing.T) {
	var dsn string
	t.Run("a test", func(t *testing.T) { dsn = dbtest.EmptyDSN(t) })
	if d, err := db.Open(t.Context(), dsn); err == nil {
		d.Close()
		t.Errorf("%s can be opened after its test", filepath.Base(dsn))
	}
}

func TestWriteFailsTheTest(t *testing.T) {
	d := dbtest.Empty(t)
	s := &spy{TB: t}
	s.run(func() {
		dbtest.Write(s, d, models.Actor{}, func(*db.Tx) error { return os.ErrInvalid })
	})
	if !strings.Contains(s.said, os.ErrInvalid.Error()) {
		t.Errorf("it said %q", s.said)
	}
}

func TestMissingServer(t *testing.T) {
	for _, tt := range []struct {
		name, ci, engines string
		fails             bool
	}{
		{"on a laptop SQLite will do", "", "sqlite postgres", false},
		{"where PostgreSQL is asked for, it may not be missing", "true", "sqlite postgres", true},
		{"where it is not, SQLite will do", "true", "sqlite", false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Setenv("PILVETURG_TEST_POSTGRES", "")
			t.Setenv("PILVETURG_TEST_ENGINES", tt.engines)
			t.Setenv("CI", tt.ci)
			s := &spy{TB: t}
			s.run(func() { dbtest.New(s) })
			if (s.said != "") != tt.fails {
				t.Errorf("it said %q", s.said)
			}
		})
	}
}

// spy is a test that fails without failing ours.
type spy struct {
	testing.TB
	said string
}

func (s *spy) Fatal(args ...any) {
	s.said = fmt.Sprint(args...)
	panic(s)
}

func (s *spy) run(f func()) {
	defer func() {
		if r := recover(); r != nil && r != s {
			panic(r)
		}
	}()
	f()
}
