package db_test

import (
	"context"
	"errors"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"pilveturg/db"
	"pilveturg/db/dbtest"
	"pilveturg/models"
)

var errOops = errors.New("oops")

func TestWriteKeepsAllOrNothing(t *testing.T) {
	for _, tt := range []struct {
		name string
		f    func(ctx context.Context, tx *db.Tx) error
		want error
		kept []string
	}{
		{"what f wrote is kept when it succeeds", func(context.Context, *db.Tx) error { return nil }, nil, []string{"first", "mine"}},
		{"nothing is kept when f fails", func(context.Context, *db.Tx) error { return errOops }, errOops, []string{"first"}},
		{"a part that failed under Try is not kept", func(ctx context.Context, tx *db.Tx) error {
			err := tx.Try(ctx, func() error { return errors.Join(add(ctx, tx, "part"), errOops) })
			if !errors.Is(err, errOops) {
				return err
			}
			return add(ctx, tx, "rest")
		}, nil, []string{"first", "mine", "rest"}},
		{"a part that succeeded under Try is kept", func(ctx context.Context, tx *db.Tx) error {
			return tx.Try(ctx, func() error { return add(ctx, tx, "part") })
		}, nil, []string{"first", "mine", "part"}},
		{"a part within a part is undone alone", func(ctx context.Context, tx *db.Tx) error {
			return tx.Try(ctx, func() error {
				tx.Try(ctx, func() error { return errors.Join(add(ctx, tx, "inner"), errOops) })
				return add(ctx, tx, "outer")
			})
		}, nil, []string{"first", "mine", "outer"}},
		{"the transaction goes on after a refusal under Try", func(ctx context.Context, tx *db.Tx) error {
			if err := tx.Try(ctx, func() error { return add(ctx, tx, "") }); !db.Refused(err) {
				return errors.Join(errOops, err)
			}
			return nil
		}, nil, []string{"first", "mine"}},
	} {
		for way, write := range ways {
			t.Run(tt.name+"/"+way, func(t *testing.T) {
				d := notes(t)
				ctx := t.Context()
				dbtest.Write(t, d, models.Actor{}, func(tx *db.Tx) error { return add(ctx, tx, "first") })
				err := write(d, ctx, models.Actor{}, func(tx *db.Tx) error {
					return firstError(add(ctx, tx, "mine"), tt.f(ctx, tx))
				})
				if !errors.Is(err, tt.want) {
					t.Errorf("error is %v, want %v", err, tt.want)
				}
				if got := written(t, d); !slices.Equal(got, tt.kept) {
					t.Errorf("kept %q, want %q", got, tt.kept)
				}
			})
		}
	}
}

// ways are the two ways to write.
var ways = map[string]func(*db.DB, context.Context, models.Actor, func(*db.Tx) error) error{
	"Write":      (*db.DB).Write,
	"WriteAlone": (*db.DB).WriteAlone,
}

func firstError(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

func TestWriteWhenFDoesNotReturn(t *testing.T) {
	for _, tt := range []struct {
		name  string
		leave func()
	}{
		{"a panic undoes the transaction and passes on", func() { panic("oops") }},
		{"a goroutine that ends undoes the transaction", runtime.Goexit},
	} {
		t.Run(tt.name, func(t *testing.T) {
			d := notes(t)
			ctx := t.Context()
			said := make(chan any)
			go func() {
				defer func() { said <- recover() }()
				d.Write(ctx, models.Actor{}, func(tx *db.Tx) error {
					if err := add(ctx, tx, "lost"); err != nil {
						t.Error(err)
					}
					tt.leave()
					return nil
				})
			}()
			if got := <-said; strings.HasPrefix(tt.name, "a panic") && got != "oops" {
				t.Errorf("recovered %v, want oops", got)
			}
			dbtest.Write(t, d, models.Actor{}, func(tx *db.Tx) error { return add(ctx, tx, "next") })
			if got := written(t, d); !slices.Equal(got, []string{"next"}) {
				t.Errorf("kept %q, want only what the next one wrote", got)
			}
		})
	}
}

func TestTxCarriesActorAndMoment(t *testing.T) {
	d := notes(t)
	d.Now = func() time.Time { return dbtest.Moment.Add(700 * time.Millisecond).In(time.FixedZone("", 7200)) }
	dbtest.Write(t, d, models.Actor{AccountID: 7}, func(tx *db.Tx) error {
		if tx.Actor.AccountID != 7 {
			t.Errorf("actor is %v, want account 7", tx.Actor)
		}
		if tx.Now.Time != dbtest.Moment {
			t.Errorf("now is %v, want %v: UTC, whole seconds", tx.Now.Time, dbtest.Moment)
		}
		return nil
	})
}

func TestTxSeesItsOwnWritesAndOthersDoNotYet(t *testing.T) {
	d := notes(t)
	ctx := t.Context()
	dbtest.Write(t, d, models.Actor{}, func(tx *db.Tx) error {
		var id int64
		if err := tx.Get(ctx, &id, `INSERT INTO notes (words) VALUES (?) RETURNING id`, "new"); err != nil {
			return err
		}
		if got := written(t, tx); !slices.Equal(got, []string{"new"}) {
			t.Errorf("the transaction sees %q, want its own note", got)
		}
		if got := written(t, d); len(got) != 0 { // nor does the reader wait for the writer
			t.Errorf("others see %q before the commit", got)
		}
		return nil
	})
	if got := written(t, d); !slices.Equal(got, []string{"new"}) {
		t.Errorf("after the commit there is %q", got)
	}
}

func TestExecCountsRows(t *testing.T) {
	d := notes(t)
	fill(t, d, 5)
	dbtest.Write(t, d, models.Actor{}, func(tx *db.Tx) error {
		n, err := tx.Exec(t.Context(), `UPDATE notes SET words = ? WHERE id > ?`, "new", 2)
		if n != 3 {
			t.Errorf("%d rows changed, want 3", n)
		}
		return err
	})
}

func TestTxRefuses(t *testing.T) {
	for _, tt := range []struct {
		name string
		use  func(ctx context.Context, tx *db.Tx) error
		want string
	}{
		{"a query inside an Each of the same transaction", func(ctx context.Context, tx *db.Tx) error {
			for _, err := range db.Each[string](ctx, tx, `SELECT words FROM notes`) {
				if err != nil {
					return err
				}
				return add(ctx, tx, "more")
			}
			return nil
		}, "inside an Each"},
		{"a statement when its caller has gone", func(ctx context.Context, tx *db.Tx) error {
			gone, cancel := context.WithCancel(ctx)
			cancel()
			return add(gone, tx, "more")
		}, "canceled"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			d := notes(t)
			fill(t, d, 2)
			err := d.Write(t.Context(), models.Actor{}, func(tx *db.Tx) error { return tt.use(t.Context(), tx) })
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("error is %v, want one that says %q", err, tt.want)
			}
		})
	}
}

func TestTxIsOverAfterwards(t *testing.T) {
	d := notes(t)
	ctx := t.Context()
	var kept *db.Tx
	dbtest.Write(t, d, models.Actor{}, func(tx *db.Tx) error { kept = tx; return nil })
	var n int
	for name, err := range map[string]error{
		"Exec":   add(ctx, kept, "late"),
		"Get":    kept.Get(ctx, &n, `SELECT count(*) FROM notes`),
		"Insert": kept.Insert(ctx, "notes", []string{"words"}, [][]any{{"late"}}),
		"Try":    kept.Try(ctx, func() error { return nil }),
	} {
		if err == nil || !strings.Contains(err.Error(), "over") {
			t.Errorf("%s on a transaction that is over: %v", name, err)
		}
	}
	if got := written(t, d); len(got) != 0 {
		t.Errorf("it wrote %q", got)
	}
}

func TestAfterCommit(t *testing.T) {
	d := notes(t)
	var heard []string
	hook := func(tx *db.Tx, name string) {
		tx.AfterCommit(func() {
			heard = append(heard, name+" after "+strings.Join(written(t, d), " "))
		})
	}
	ctx := t.Context()
	dbtest.Write(t, d, models.Actor{}, func(tx *db.Tx) error {
		hook(tx, "one")
		tx.Try(ctx, func() error { hook(tx, "undone part"); return errOops })
		hook(tx, "two")
		return add(ctx, tx, "note")
	})
	d.Write(ctx, models.Actor{}, func(tx *db.Tx) error { hook(tx, "undone"); return errOops })
	if want := []string{"one after note", "two after note"}; !slices.Equal(heard, want) {
		t.Errorf("heard %q, want %q", heard, want)
	}
}

func TestTakenAndRefused(t *testing.T) {
	for _, tt := range []struct {
		name           string
		q              string
		taken, refused bool
	}{
		{"a second row with the same primary key is taken", `INSERT INTO notes (id, words) VALUES (1, 'again')`, true, false},
		{"a second row with the same unique word is taken", `INSERT INTO tags (note_id, word) VALUES (2, 'red')`, true, false},
		{"a CHECK refuses", `INSERT INTO notes (words) VALUES ('')`, false, true},
		{"NOT NULL refuses", `INSERT INTO notes (words) VALUES (NULL)`, false, true},
		{"a foreign key refuses", `INSERT INTO tags (note_id, word) VALUES (99, 'blue')`, false, true},
		{"a foreign key looked at in the end refuses", `INSERT INTO links (note_id) VALUES (99)`, false, true},
		{"a trigger refuses", `DELETE FROM notes WHERE id = 2`, false, true},
		{"a slip in the SQL is neither", `INSERT INTO nowhere VALUES (1)`, false, false},
		{"a good row is neither", `INSERT INTO notes (id, words) VALUES (3, 'three')`, false, false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			d := notes(t)
			fill(t, d, 2)
			ctx := t.Context()
			run := func(q string) error {
				return d.Write(ctx, models.Actor{}, func(tx *db.Tx) error { _, err := tx.Exec(ctx, q); return err })
			}
			if err := run(`INSERT INTO tags (note_id, word) VALUES (1, 'red')`); err != nil {
				t.Fatal(err)
			}
			err := run(tt.q)
			if got := db.Taken(err); got != tt.taken {
				t.Errorf("Taken(%v) = %t, want %t", err, got, tt.taken)
			}
			if got := db.Refused(err); got != tt.refused {
				t.Errorf("Refused(%v) = %t, want %t", err, got, tt.refused)
			}
		})
	}
}
