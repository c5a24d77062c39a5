package db_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"pilveturg/db"
	"pilveturg/db/dbtest"
	"pilveturg/models"
)

// word and number are two types of which a transaction may gather.
type (
	word   string
	number int
)

// gather gathers words, which are written as one note.
func gather(tx *db.Tx, w word) error {
	return db.Gather(tx, w, func(ctx context.Context, all []word) error {
		return add(ctx, tx, fmt.Sprintf("%d: %v", len(all), all))
	})
}

func TestWhatIsGatheredIsWrittenAtOnceBeforeTheCommit(t *testing.T) {
	for _, tt := range []struct {
		name string
		f    func(ctx context.Context, tx *db.Tx) error
		want error
		kept []string
	}{
		{"all together after the rest", func(ctx context.Context, tx *db.Tx) error {
			return firstError(gather(tx, "a"), add(ctx, tx, "note"), gather(tx, "b"))
		}, nil, []string{"note", "2: [a b]"}},
		{"nothing when f fails", func(ctx context.Context, tx *db.Tx) error { return firstError(gather(tx, "a"), errOops) }, errOops, nil},
		{"not what a part gathered that is undone", func(ctx context.Context, tx *db.Tx) error {
			gather(tx, "a")
			tx.Try(ctx, func() error {
				return firstError(gather(tx, "b"), tx.Try(ctx, func() error { return gather(tx, "c") }), errOops)
			})
			return gather(tx, "d")
		}, nil, []string{"2: [a d]"}},
		{"not what was first gathered in such a part", func(ctx context.Context, tx *db.Tx) error {
			tx.Try(ctx, func() error { return firstError(gather(tx, "b"), errOops) })
			return nil
		}, nil, nil},
		{"but what a part gathered that is kept", func(ctx context.Context, tx *db.Tx) error {
			return tx.Try(ctx, func() error { return gather(tx, "b") })
		}, nil, []string{"1: [b]"}},
		{"also what is gathered while writing", func(ctx context.Context, tx *db.Tx) error {
			return db.Gather(tx, number(1), func(ctx context.Context, all []number) error {
				if len(all) > 1 || all[0] > 2 {
					return nil
				}
				return firstError(gather(tx, "a"), db.Gather(tx, all[0]+1, nil))
			})
		}, nil, []string{"1: [a]", "1: [a]"}},
		{"nothing at all when it cannot be written", func(ctx context.Context, tx *db.Tx) error {
			return firstError(add(ctx, tx, "note"), db.Gather(tx, number(1), func(context.Context, []number) error { return errOops }))
		}, errOops, nil},
	} {
		for way, write := range ways {
			t.Run(tt.name+"/"+way, func(t *testing.T) {
				d := notes(t)
				err := write(d, t.Context(), models.Actor{}, func(tx *db.Tx) error { return tt.f(t.Context(), tx) })
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

func TestNothingIsGatheredAfterwards(t *testing.T) {
	d := notes(t)
	var kept *db.Tx
	dbtest.Write(t, d, models.Actor{}, func(tx *db.Tx) error { kept = tx; return nil })
	if err := gather(kept, "late"); err == nil || !strings.Contains(err.Error(), "over") {
		t.Errorf("gathering in a transaction that is over: %v", err)
	}
}
