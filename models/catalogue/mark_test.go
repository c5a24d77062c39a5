package catalogue_test

import (
	"errors"
	"testing"

	"pilveturg/db"
	"pilveturg/db/dbtest"
	"pilveturg/models"
	"pilveturg/models/catalogue"
	"pilveturg/models/identity"
)

func mark(t testing.TB, d *db.DB, id int64) catalogue.Marks {
	t.Helper()
	m, err := catalogue.Mark(t.Context(), d, id)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func TestMarksMoveWithAllThatThePageShows(t *testing.T) {
	d := peopled(t)
	id := put(t, d, full()).ID
	if got := mark(t, d, id); got.Slug != "class-journal" || got.Life != catalogue.Closed || got.Published != 1 {
		t.Errorf("marks = %+v; want class-journal, closed, version 1", got)
	}
	for _, tt := range []struct {
		name   string
		change func(*db.Tx) error
		moves  bool
	}{
		{"nothing changes", func(*db.Tx) error { return nil }, false},
		{"the listing loses its users", func(tx *db.Tx) error {
			l := full()
			l.Uses = nil
			_, err := catalogue.Put(t.Context(), tx, &l, 0)
			return err
		}, true},
		{"an organisation gets another name", func(tx *db.Tx) error {
			_, _, err := identity.Put(t.Context(), tx, &identity.Organisation{Key: agency, Kind: identity.Agency, Names: models.Text{"en": "Board"}})
			return err
		}, true},
		{"the CPV codes get their names", func(tx *db.Tx) error {
			_, _, _, err := catalogue.ReplaceCPV(t.Context(), tx, []catalogue.CPV{{Code: "48190000-6", Kind: "supplies", Names: models.Text{"en": "Educational software package"}}})
			return err
		}, true},
	} {
		before := mark(t, d, id)
		dbtest.Write(t, d, admin, tt.change)
		if after := mark(t, d, id); (after != before) != tt.moves {
			t.Errorf("%s: marks %+v, then %+v; want them to differ: %t", tt.name, before, after, tt.moves)
		}
	}
}

func TestMarkOfNoOffering(t *testing.T) {
	if _, err := catalogue.Mark(t.Context(), dbtest.New(t), 1); !errors.Is(err, models.ErrNotFound) {
		t.Errorf("got %v; want not found", err)
	}
}

func TestReleasesAreWhatBuyersHaveSeen(t *testing.T) {
	d := peopled(t)
	l := full()
	first := l.Versions[0]
	l.Versions = nil
	for i, state := range []catalogue.State{catalogue.Superseded, catalogue.Published, catalogue.Waiting} {
		v := first
		v.State, v.Note = state, models.Text{"en": string(state)}
		v.Website += string(rune('a' + i)) // no two versions say the same
		l.Versions = append(l.Versions, v)
	}
	id := put(t, d, l).ID
	got, err := catalogue.Releases(t.Context(), d, id)
	if err != nil {
		t.Fatal(err)
	}
	if len(got) != 2 || got[0].Number != 2 || got[1].Number != 1 {
		t.Fatalf("got %+v; want versions 2 and 1", got)
	}
	if got[0].State != catalogue.Published || got[0].Note["en"] != "published" || got[0].Published != first.Published || got[0].Checked != first.Checked {
		t.Errorf("got %+v; want what was put", got[0])
	}
}
