package db_test

import (
	"bytes"
	"errors"
	"math"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"pilveturg/db"
	"pilveturg/db/dbtest"
	"pilveturg/models"
)

func TestInsertAnyNumberOfRows(t *testing.T) {
	for _, n := range []int{0, 1, 499, 500, 501, 1000, 2345} { // a statement holds 500 rows of two values
		d := notes(t)
		rows := make([][]any, n)
		for i := range rows {
			rows[i] = []any{n - i, "words"}
		}
		dbtest.Write(t, d, models.Actor{}, func(tx *db.Tx) error {
			return tx.Insert(t.Context(), "notes", []string{"id", "words"}, rows)
		})
		var got struct{ N, Low, High int }
		q := `SELECT count(*) AS n, coalesce(min(id), 0) AS low, coalesce(max(id), 0) AS high FROM notes`
		if err := d.Get(t.Context(), &got, q); err != nil || got.N != n || got.High != n {
			t.Errorf("after inserting %d rows there are %+v, %v", n, got, err)
		}
	}
}

func TestInsertKeepsEveryKindOfValue(t *testing.T) {
	d := dbtest.Empty(t)
	schema := fstest.MapFS{"migrations/0001_kinds.sql": {Data: []byte(`CREATE TABLE kinds (
		whole INTEGER, real REAL, words TEXT, bytes BLOB, moment TEXT) STRICT`)}}
	if err := d.MigrateFiles(t.Context(), schema); err != nil {
		t.Fatal(err)
	}
	type kinds struct {
		Whole  *int64
		Real   *float64
		Words  *string
		Bytes  []byte
		Moment models.Time
	}
	whole, real, words := int64(math.MinInt64), math.Pi, "õ'\"?\n☃"
	want := []kinds{{}, {&whole, &real, &words, []byte{0, 255}, models.Time{Time: dbtest.Moment}}}
	rows := [][]any{}
	for _, k := range want {
		rows = append(rows, []any{k.Whole, k.Real, k.Words, k.Bytes, k.Moment})
	}
	dbtest.Write(t, d, models.Actor{}, func(tx *db.Tx) error {
		return tx.Insert(t.Context(), "kinds", []string{"whole", "real", "words", "bytes", "moment"}, rows)
	})
	got, err := all[kinds](t.Context(), d, `SELECT whole, real, words, bytes, moment FROM kinds ORDER BY whole IS NOT NULL`)
	if err != nil || len(got) != 2 {
		t.Fatalf("got %v, %v", got, err)
	}
	if g := got[0]; g.Whole != nil || g.Real != nil || g.Words != nil || g.Bytes != nil || !g.Moment.IsZero() {
		t.Errorf("a row of nothing came back as %+v", g)
	}
	if g := got[1]; *g.Whole != whole || *g.Real != real || *g.Words != words || !bytes.Equal(g.Bytes, []byte{0, 255}) || g.Moment.Time != dbtest.Moment {
		t.Errorf("came back as %+v", g)
	}
}

func TestInsertRefuses(t *testing.T) {
	for _, tt := range []struct {
		name    string
		columns []string
		rows    [][]any
		says    string
	}{
		{"a row that is too short", []string{"id", "words"}, [][]any{{1, "a"}, {2}}, "row 1 has 1 values for 2 columns"},
		{"a row that is too long", []string{"words"}, [][]any{{"a", "b"}}, "row 0 has 2 values for 1 columns"},
		{"rows without columns", nil, [][]any{{}}, "no columns"},
		{"a row that the table refuses", []string{"words"}, [][]any{{"a"}, {""}}, "insert into notes: "},
	} {
		t.Run(tt.name, func(t *testing.T) {
			d := notes(t)
			err := d.Write(t.Context(), models.Actor{}, func(tx *db.Tx) error {
				return tx.Insert(t.Context(), "notes", tt.columns, tt.rows)
			})
			if err == nil || !strings.Contains(err.Error(), tt.says) {
				t.Errorf("error is %v, want one that says %q", err, tt.says)
			}
			if got := written(t, d); len(got) != 0 {
				t.Errorf("kept %q", got)
			}
		})
	}
}

func TestInsertTellsATakenKey(t *testing.T) {
	d := notes(t)
	err := d.Write(t.Context(), models.Actor{}, func(tx *db.Tx) error {
		return tx.Insert(t.Context(), "notes", []string{"id", "words"}, [][]any{{1, "a"}, {1, "b"}})
	})
	if !db.Taken(err) || errors.Is(err, models.ErrNotFound) {
		t.Errorf("error is %v, want one that is taken", err)
	}
}

func TestValues(t *testing.T) {
	d := notes(t)
	fill(t, d, 4)
	for _, tt := range []struct {
		name string
		ids  []int64
		want []int64
	}{
		{"those in the list are found", []int64{4, 2, 9}, []int64{2, 4}},
		{"nothing is in an empty list", nil, nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			marks, args := db.In(tt.ids)
			got, err := all[int64](t.Context(), d, `SELECT id FROM notes WHERE id IN `+marks+` ORDER BY id`, args...)
			if err != nil || !slices.Equal(got, tt.want) {
				t.Errorf("got %v, %v; want %v", got, err, tt.want)
			}
		})
	}
}
