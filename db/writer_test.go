package db_test

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/fstest"
	"time"

	"pilveturg/db"
	"pilveturg/db/dbtest"
	"pilveturg/models"
)

// onlySQLite skips a test of what PostgreSQL does by itself.
func onlySQLite(t testing.TB, d *db.DB) *db.DB {
	t.Helper()
	if d.Engine() != db.SQLite {
		t.Skip("PostgreSQL has many writers and commits each by itself")
	}
	return d
}

// queued runs first, and while it runs lets all of the rest queue up behind it in
// order. It returns what Write said to each.
func queued(t testing.TB, d *db.DB, all ...func(*db.Tx) error) []error {
	t.Helper()
	errs := make([]error, len(all))
	var g sync.WaitGroup
	running, free := make(chan bool), make(chan bool)
	hold := sync.OnceFunc(func() { close(running); <-free }) // once: a Write may run its function again
	for i, f := range all {
		g.Go(func() {
			errs[i] = d.Write(t.Context(), models.Actor{}, func(tx *db.Tx) error {
				if i == 0 {
					hold()
				}
				return f(tx)
			})
		})
		if i == 0 {
			<-running
			continue
		}
		waitFor(t, func() bool { return d.Waiting() == i })
	}
	close(free)
	g.Wait()
	return errs
}

func waitFor(t testing.TB, done func() bool) {
	t.Helper()
	for end := time.Now().Add(10 * time.Second); !done(); time.Sleep(time.Millisecond) {
		if time.Now().After(end) {
			t.Fatal("waited 10 seconds in vain")
		}
	}
}

func adding(t testing.TB, words string) func(*db.Tx) error {
	return func(tx *db.Tx) error { return add(t.Context(), tx, words) }
}

func failing(t testing.TB, words string) func(*db.Tx) error {
	return func(tx *db.Tx) error { return firstError(add(t.Context(), tx, words), errOops) }
}

func TestQueuedWrites(t *testing.T) {
	a, b, c := "a", "b", "c"
	var none error
	for _, tt := range []struct {
		name    string
		all     func(t testing.TB) []func(*db.Tx) error
		want    []error
		kept    []string
		commits int
	}{
		{"those that wait share one commit", func(t testing.TB) []func(*db.Tx) error {
			return []func(*db.Tx) error{adding(t, a), adding(t, b), adding(t, c)}
		}, []error{none, none, none}, []string{a, b, c}, 1},
		{"one that fails undoes its own work only", func(t testing.TB) []func(*db.Tx) error {
			return []func(*db.Tx) error{adding(t, a), failing(t, b), adding(t, c)}
		}, []error{none, errOops, none}, []string{a, c}, 1},
		{"the first may fail", func(t testing.TB) []func(*db.Tx) error {
			return []func(*db.Tx) error{failing(t, a), adding(t, b), adding(t, c)}
		}, []error{errOops, none, none}, []string{b, c}, 1},
		{"the last may fail", func(t testing.TB) []func(*db.Tx) error {
			return []func(*db.Tx) error{adding(t, a), adding(t, b), failing(t, c)}
		}, []error{none, none, errOops}, []string{a, b}, 1},
		{"all may fail", func(t testing.TB) []func(*db.Tx) error {
			return []func(*db.Tx) error{failing(t, a), failing(t, b), failing(t, c)}
		}, []error{errOops, errOops, errOops}, nil, 0},
		{"who has waited long for the commit gets it", func(t testing.TB) []func(*db.Tx) error {
			slow := func(tx *db.Tx) error { time.Sleep(50 * time.Millisecond); return add(t.Context(), tx, b) }
			return []func(*db.Tx) error{adding(t, a), slow, adding(t, c)}
		}, []error{none, none, none}, []string{a, b, c}, 2},
	} {
		t.Run(tt.name, func(t *testing.T) {
			d := onlySQLite(t, notes(t))
			commits := countCommits(t, d)
			errs := queued(t, d, tt.all(t)...)
			for i, err := range errs {
				if !errors.Is(err, tt.want[i]) {
					t.Errorf("writer %d got %v, want %v", i, err, tt.want[i])
				}
			}
			if got := written(t, d); !slices.Equal(got, tt.kept) {
				t.Errorf("kept %q, want %q", got, tt.kept)
			}
			if n := commits.Load(); n != int64(tt.commits) {
				t.Errorf("%d commits, want %d", n, tt.commits)
			}
		})
	}
}

func countCommits(t testing.TB, d *db.DB) *atomic.Int64 {
	t.Helper()
	var n atomic.Int64
	if err := d.OnCommit(func() bool { n.Add(1); return true }); err != nil {
		t.Fatal(err)
	}
	return &n
}

func TestFailedCommitFailsAll(t *testing.T) {
	d := onlySQLite(t, notes(t))
	if err := d.OnCommit(func() bool { return false }); err != nil {
		t.Fatal(err)
	}
	hooks := 0
	withHook := func(tx *db.Tx) error {
		tx.AfterCommit(func() { hooks++ })
		return add(t.Context(), tx, "a")
	}
	for i, err := range queued(t, d, withHook, failing(t, "b"), adding(t, "c")) {
		if err == nil || (i == 1) != errors.Is(err, errOops) {
			t.Errorf("writer %d got %v; want its own failure, or that of the commit", i, err)
		}
	}
	if got := written(t, d); len(got) != 0 || hooks != 0 {
		t.Errorf("kept %q and ran %d hooks, want none", got, hooks)
	}
	d.OnCommit(func() bool { return true })
	dbtest.Write(t, d, models.Actor{}, adding(t, "later")) // the next one is not hurt
}

func TestDeferredForeignKeyFailsOnlyItsOwner(t *testing.T) {
	d := onlySQLite(t, notes(t))
	dangling := func(tx *db.Tx) error {
		_, err := tx.Exec(t.Context(), `INSERT INTO links (note_id) VALUES (99)`)
		return err
	}
	errs := queued(t, d, adding(t, "a"), dangling, adding(t, "c"))
	if errs[0] != nil || !db.Refused(errs[1]) || errs[2] != nil {
		t.Errorf("they got %v, want only the second refused", errs)
	}
	if got := written(t, d); len(got) != 2 {
		t.Errorf("kept %q, want both notes", got)
	}
}

func TestTransactionThatTheDatabaseUndid(t *testing.T) {
	d := onlySQLite(t, notes(t))
	guard := fstest.MapFS{"migrations/0002_guard.sqlite.sql": {Data: []byte(`
		CREATE TRIGGER all_or_nothing BEFORE INSERT ON tags BEGIN SELECT RAISE(ROLLBACK, 'no tags'); END;`)}}
	for name, file := range notesSchema {
		guard[name] = file
	}
	if err := d.MigrateFiles(t.Context(), guard); err != nil {
		t.Fatal(err)
	}
	careless := func(tx *db.Tx) error {
		tx.Exec(t.Context(), `INSERT INTO tags (note_id, word) VALUES (1, 'red')`)
		add(t.Context(), tx, "would be committed by itself")
		return nil
	}
	for _, errs := range [][]error{queued(t, d, careless), queued(t, d, adding(t, "a"), careless)} {
		for i, err := range errs {
			if err == nil || !strings.Contains(err.Error(), "undone") {
				t.Errorf("writer %d of %d was told %v, not that its work is undone", i, len(errs), err)
			}
		}
	}
	if got := written(t, d); len(got) != 0 {
		t.Errorf("kept %q, want nothing", got)
	}
}

func TestPanicAmongQueuedWrites(t *testing.T) {
	d := onlySQLite(t, notes(t))
	var said any
	panicking := make(chan bool)
	first := func(tx *db.Tx) error {
		go func() {
			defer close(panicking)
			defer func() { said = recover() }()
			d.Write(t.Context(), models.Actor{}, func(tx *db.Tx) error { add(t.Context(), tx, "lost"); panic("oops") })
		}()
		waitFor(t, func() bool { return d.Waiting() == 1 })
		return add(t.Context(), tx, "a")
	}
	dbtest.Write(t, d, models.Actor{}, first)
	<-panicking
	if said != "oops" {
		t.Errorf("the one that panicked recovered %v", said)
	}
	if got := written(t, d); !slices.Equal(got, []string{"a"}) {
		t.Errorf("kept %q, want the work of the one that did not panic", got)
	}
}

func TestWriterWhoseCallerHasGoneIsSkipped(t *testing.T) {
	d := onlySQLite(t, notes(t))
	ctx, cancel := context.WithCancel(t.Context())
	gone := make(chan error)
	dbtest.Write(t, d, models.Actor{}, func(tx *db.Tx) error {
		go func() { gone <- d.Write(ctx, models.Actor{}, failing(t, "never")) }()
		waitFor(t, func() bool { return d.Waiting() == 1 })
		cancel()
		if err := <-gone; !errors.Is(err, context.Canceled) { // it does not wait for us
			t.Errorf("it got %v, want canceled", err)
		}
		return add(t.Context(), tx, "a")
	})
	if err := d.Write(ctx, models.Actor{}, adding(t, "never")); !errors.Is(err, context.Canceled) {
		t.Errorf("a caller who has gone before it began got %v", err)
	}
	dbtest.Write(t, d, models.Actor{}, adding(t, "b"))
	if got := written(t, d); !slices.Equal(got, []string{"a", "b"}) {
		t.Errorf("kept %q, want a and b", got)
	}
}

func TestWriteAloneSharesWithNobody(t *testing.T) {
	d := onlySQLite(t, notes(t))
	commits := countCommits(t, d)
	var g sync.WaitGroup
	dbtest.Write(t, d, models.Actor{}, func(tx *db.Tx) error {
		for i, write := range []string{"WriteAlone", "Write", "Write"} {
			g.Go(func() {
				if err := ways[write](d, t.Context(), models.Actor{}, adding(t, fmt.Sprint(i))); err != nil {
					t.Error(err)
				}
			})
			waitFor(t, func() bool { return d.Waiting() == i+1 })
		}
		return add(t.Context(), tx, "first")
	})
	g.Wait()
	if n := commits.Load(); n != 3 {
		t.Errorf("%d commits, want 3: the first, the one alone, the two that shared", n)
	}
	if got := written(t, d); !slices.Equal(got, []string{"first", "0", "1", "2"}) {
		t.Errorf("kept %q, want the order of asking", got)
	}
}

func TestNobodyWaitsForEver(t *testing.T) {
	d := onlySQLite(t, notes(t))
	commits := countCommits(t, d)
	all := slices.Repeat([]func(*db.Tx) error{adding(t, "a")}, db.BatchWrites+2)
	for _, err := range queued(t, d, all...) {
		if err != nil {
			t.Fatal(err)
		}
	}
	if n := commits.Load(); n < 2 {
		t.Errorf("%d commit for %d writes: the first waits while others come", n, len(all))
	}
}

func TestManyWritersAtOnce(t *testing.T) {
	d := notes(t)
	fill(t, d, 1)
	var g sync.WaitGroup
	for range 8 {
		g.Go(func() {
			for i := range 25 {
				err := d.Write(t.Context(), models.Actor{}, func(tx *db.Tx) error {
					var n int64 // locks the row: both engines then count right
					err := tx.Get(t.Context(), &n, `UPDATE notes SET words = words || '.' WHERE id = 1 RETURNING length(words)`)
					if err == nil && i%5 == 4 {
						return errOops
					}
					return err
				})
				if err != nil && !errors.Is(err, errOops) {
					t.Error(err)
				}
			}
		})
	}
	g.Wait()
	if got, want := len(written(t, d)[0]), len("note 1")+8*20; got != want {
		t.Errorf("%d letters, want %d: the updates that succeeded", got, want)
	}
}

func TestAnotherProgramHoldsTheFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "shared.db")
	a, b := openFile(t, path), openFile(t, path)
	if err := a.MigrateFiles(t.Context(), notesSchema); err != nil {
		t.Fatal(err)
	}
	if _, err := b.Writer().Exec(`PRAGMA busy_timeout = 50`); err != nil { // milliseconds, so as not to wait 5 s
		t.Fatal(err)
	}
	dbtest.Write(t, a, models.Actor{}, func(tx *db.Tx) error {
		if err := b.Write(t.Context(), models.Actor{}, adding(t, "b")); !errors.Is(err, db.ErrBusy) {
			t.Errorf("the other got %v, want %v", err, db.ErrBusy)
		}
		return add(t.Context(), tx, "a")
	})
	dbtest.Write(t, b, models.Actor{}, adding(t, "b")) // and can write again afterwards
	if got := written(t, a); !slices.Equal(got, []string{"a", "b"}) {
		t.Errorf("kept %q, want a and b", got)
	}
}

// openFile opens a database whatever its migrations are.
func openFile(t testing.TB, path string) *db.DB {
	t.Helper()
	d, err := db.OpenAny(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { d.Close() })
	return d
}
