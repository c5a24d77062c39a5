package db_test

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"pilveturg/db"
	"pilveturg/db/dbtest"
	"pilveturg/models"
)

// readers calls f with each kind of Reader over the same three notes.
func readers(t *testing.T, f func(t *testing.T, r db.Reader)) {
	d := notes(t)
	fill(t, d, 3)
	t.Run("DB", func(t *testing.T) { f(t, d) })
	t.Run("Tx", func(t *testing.T) {
		dbtest.Write(t, d, models.Actor{}, func(tx *db.Tx) error { f(t, tx); return nil })
	})
	t.Run("Read", func(t *testing.T) {
		if err := d.Read(t.Context(), func(r db.Reader) error { f(t, r); return nil }); err != nil {
			t.Error(err)
		}
	})
}

func TestGet(t *testing.T) {
	readers(t, func(t *testing.T, r db.Reader) {
		var n note
		if err := r.Get(t.Context(), &n, `SELECT id, words FROM notes WHERE id = ? AND words <> '?' -- ?`, 2); err != nil || n != (note{2, "note 2"}) {
			t.Errorf("got %v, %v; want note 2", n, err)
		}
		if err := r.Get(t.Context(), &n, `SELECT id, words FROM notes WHERE id = ?`, 9); !errors.Is(err, models.ErrNotFound) {
			t.Errorf("error for no row is %v, want %v", err, models.ErrNotFound)
		}
	})
}

func TestSelect(t *testing.T) {
	readers(t, func(t *testing.T, r db.Reader) {
		list := []note{{9, "old"}}[:0]
		if err := r.Select(t.Context(), &list, `SELECT id, words FROM notes WHERE id > ? ORDER BY id`, 1); err != nil {
			t.Fatal(err)
		}
		if want := []note{{2, "note 2"}, {3, "note 3"}}; !slices.Equal(list, want) {
			t.Errorf("got %v, want %v", list, want)
		}
	})
}

func TestEach(t *testing.T) {
	readers(t, func(t *testing.T, r db.Reader) {
		if got, err := all[note](t.Context(), r, `SELECT id, words FROM notes WHERE id <> ? ORDER BY id`, 2); err != nil ||
			!slices.Equal(got, []note{{1, "note 1"}, {3, "note 3"}}) {
			t.Errorf("structs: %v, %v", got, err)
		}
		if got, err := all[int64](t.Context(), r, `SELECT id FROM notes ORDER BY id`); err != nil || !slices.Equal(got, []int64{1, 2, 3}) {
			t.Errorf("numbers: %v, %v", got, err)
		}
		if got, err := all[models.Time](t.Context(), r, `SELECT '2026-03-02T09:30:00Z' FROM notes WHERE id = 1`); err != nil ||
			len(got) != 1 || !got[0].Equal(dbtest.Moment) {
			t.Errorf("values that scan themselves: %v, %v", got, err)
		}
		if got, err := all[note](t.Context(), r, `SELECT id FROM notes WHERE id > 9`); err != nil || got != nil {
			t.Errorf("no rows: %v, %v", got, err)
		}
	})
}

func all[T any](ctx context.Context, r db.Reader, query string, args ...any) (list []T, err error) {
	for v, err := range db.Each[T](ctx, r, query, args...) {
		if err != nil {
			return list, err
		}
		list = append(list, v)
	}
	return list, nil
}

func TestEachForgetsTheRowBefore(t *testing.T) {
	d := notes(t)
	fill(t, d, 2)
	type row struct{ Numbers numbers }
	got, err := all[row](t.Context(), d, `SELECT CASE WHEN id = 1 THEN '[1, 2]' ELSE '[3]' END AS numbers FROM notes ORDER BY id`)
	if err != nil || len(got) != 2 || !slices.Equal(got[0].Numbers, numbers{1, 2}) || !slices.Equal(got[1].Numbers, numbers{3}) {
		t.Errorf("got %v, %v; want [1 2] and [3]", got, err)
	}
}

// numbers are kept as JSON, which is read into the space of an older slice.
type numbers []int

func (n *numbers) Scan(v any) error { return json.Unmarshal([]byte(v.(string)), n) }

func TestEachTellsErrors(t *testing.T) {
	// The third row cannot be computed: the query fails half-way.
	const halfway = `SELECT abs(CASE WHEN id = 3 THEN -9223372036854775807 - 1 ELSE id END) FROM notes ORDER BY id`
	readers(t, func(t *testing.T, r db.Reader) {
		if _, ok := r.(*db.DB); !ok && !isSQLite(r) {
			t.Skip("on PostgreSQL an error spoils the transaction of the other cases")
		}
		if _, err := all[int64](t.Context(), r, `SELECT nothing FROM nowhere`); err == nil {
			t.Error("a query that cannot run gives no error")
		}
		if got, err := all[int64](t.Context(), r, halfway); err == nil {
			t.Errorf("a query that breaks off gives %v and no error", got)
		}
		if _, err := all[int64](t.Context(), r, `SELECT words FROM notes`); err == nil {
			t.Error("words scanned as a number give no error")
		}
		if got, err := all[int64](t.Context(), r, `SELECT count(*) FROM notes`); err != nil || got[0] != 3 {
			t.Errorf("afterwards the reader gives %v, %v", got, err)
		}
	})
}

// isSQLite asks the engine itself.
func isSQLite(r db.Reader) bool {
	var version string
	return r.Get(context.Background(), &version, `SELECT sqlite_version()`) == nil
}

func TestEachGivesItsConnectionBack(t *testing.T) {
	d := notes(t)
	fill(t, d, 3)
	for range 100 { // more than there are connections
		for _, err := range db.Each[int64](t.Context(), d, `SELECT id FROM notes`) {
			if err != nil {
				t.Fatal(err)
			}
			break
		}
		all[int64](t.Context(), d, `SELECT nothing FROM nowhere`)
	}
	if n := d.Readers().Stats().InUse; n != 0 {
		t.Errorf("%d connections are not given back", n)
	}
}

func TestSlowLoopsLeaveConnectionsToOthers(t *testing.T) {
	d := notes(t)
	fill(t, d, 3)
	ctx, cancel := context.WithCancel(t.Context())
	started, free := make(chan bool, 100), make(chan bool)
	var g sync.WaitGroup
	for range 40 { // more than there are connections
		g.Go(func() {
			for range db.Each[int64](ctx, d, `SELECT id FROM notes`) {
				started <- true
				<-free
				return
			}
		})
	}
	<-started
	for range 20 {
		quick, stop := context.WithTimeout(ctx, 10*time.Second)
		if err := d.Read(quick, func(r db.Reader) error { written(t, r); return nil }); err != nil {
			t.Fatalf("slow loops hold all connections: %v", err)
		}
		stop()
	}
	cancel() // those that still wait for a connection give up
	close(free)
	g.Wait()
}

func TestEachStopsWithItsCaller(t *testing.T) {
	readers(t, func(t *testing.T, r db.Reader) {
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		n := 0
		var last error
		for _, err := range db.Each[int64](ctx, r, `SELECT id FROM notes`) {
			n++
			last = err
			cancel()
		}
		if n != 2 || !errors.Is(last, context.Canceled) {
			t.Errorf("%d turns, the last with %v; want 2 and %v", n, last, context.Canceled)
		}
	})
}

func TestLongQueryStopsWithItsCaller(t *testing.T) {
	const endless = `WITH RECURSIVE n (x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n WHERE x < 4000000000) SELECT count(*) FROM n`
	d := notes(t)
	for name, read := range map[string]func(context.Context) error{
		"Select": func(ctx context.Context) error { var n []int64; return d.Select(ctx, &n, endless) },
		"Each":   func(ctx context.Context) error { _, err := all[int64](ctx, d, endless); return err },
	} {
		ctx, cancel := context.WithTimeout(t.Context(), 30*time.Millisecond)
		start := time.Now()
		if err := read(ctx); err == nil || time.Since(start) > 10*time.Second {
			t.Errorf("%s: error %v after %v", name, err, time.Since(start))
		}
		cancel()
	}
}

func TestGetForSomebodyWhoHasGone(t *testing.T) {
	d := notes(t)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	var n int
	if err := d.Get(ctx, &n, `SELECT count(*) FROM notes`); !errors.Is(err, context.Canceled) {
		t.Errorf("error is %v, want %v", err, context.Canceled)
	}
}

func TestReadHoldsOneMoment(t *testing.T) {
	d := notes(t)
	fill(t, d, 1)
	err := d.Read(t.Context(), func(r db.Reader) error {
		before := written(t, r)
		dbtest.Write(t, d, models.Actor{}, func(tx *db.Tx) error { return add(t.Context(), tx, "meanwhile") })
		if after := written(t, r); !slices.Equal(before, after) {
			t.Errorf("first it saw %q, then %q", before, after)
		}
		return errOops
	})
	if !errors.Is(err, errOops) {
		t.Errorf("error is %v, want that of f", err)
	}
	if got := len(written(t, d)); got != 2 {
		t.Errorf("afterwards there are %d notes, want 2", got)
	}
}

func TestReadersCannotWrite(t *testing.T) {
	d := notes(t)
	write := func(r db.Reader) error {
		var id int64
		return r.Get(t.Context(), &id, `INSERT INTO notes (words) VALUES ('x') RETURNING id`)
	}
	if err := d.Read(t.Context(), write); err == nil {
		t.Error("Read lets a query write")
	}
	if d.Engine() == db.SQLite {
		if err := write(d); err == nil {
			t.Error("a connection that reads can write")
		}
	}
}

func TestBothEnginesCompareAlike(t *testing.T) {
	d := notes(t)
	dbtest.Write(t, d, models.Actor{}, func(tx *db.Tx) error {
		return tx.Insert(t.Context(), "notes", []string{"words"}, [][]any{{"õun"}, {"Zebra"}, {"apple"}, {"Apple"}, {"z"}})
	})
	for _, tt := range []struct{ name, q, want string }{
		{"text is ordered byte by byte", `SELECT words FROM notes ORDER BY words`, "Apple Zebra apple z õun"},
		{"LIKE minds the case", `SELECT words FROM notes WHERE words LIKE 'a%' ORDER BY words`, "apple"},
		{"length counts letters", `SELECT words FROM notes WHERE length(words) = 3 ORDER BY words`, "õun"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got, err := all[string](t.Context(), d, tt.q)
			if err != nil || strings.Join(got, " ") != tt.want {
				t.Errorf("got %q, %v; want %s", got, err, tt.want)
			}
		})
	}
}
