package identity_test

import (
	"errors"
	"fmt"
	"reflect"
	"testing"

	"pilveturg/db"
	"pilveturg/db/dbtest"
	"pilveturg/models"
	"pilveturg/models/audit"
	"pilveturg/models/identity"
)

var (
	admin    = models.Actor{Program: "test", Roles: []models.Role{models.Administrator}}
	ministry = identity.Organisation{Key: models.Key{Scheme: "test", Code: "m"}, Kind: identity.Ministry, Country: "EE",
		Names: models.Text{"en": "Ministry of Learning", "et": "Õppeministeerium"}}
	agency = identity.Organisation{Key: models.Key{Scheme: "test", Code: "a"}, Slug: "board", Kind: identity.Agency, Parent: ministry.Key,
		Names: models.Text{"en": "Board"}, About: models.Text{"et": "Koolid"}, Size: 2100, SizeUnit: "pupil",
		Website: "https://board.example/", Markets: []string{"EE", "FI"}, Invented: true}
)

func put(t testing.TB, d *db.DB, o identity.Organisation) (identity.Outcome, identity.Organisation, error) {
	t.Helper()
	var outcome identity.Outcome
	err := d.Write(t.Context(), admin, func(tx *db.Tx) (err error) {
		outcome, _, err = identity.Put(t.Context(), tx, &o)
		return err
	})
	return outcome, o, err
}

func TestAnOrganisationComesBackAsItWasPut(t *testing.T) {
	d := dbtest.New(t)
	for _, o := range []identity.Organisation{ministry, agency} {
		outcome, want, err := put(t, d, o)
		if err != nil || outcome != identity.Created {
			t.Fatalf("put %s: %v, %v", o.Key, outcome, err)
		}
		got, err := identity.Find(t.Context(), d, want.ID)
		if err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("got  %+v, %v\nwant %+v", got, err, want)
		}
		if outcome, _, err = put(t, d, o); err != nil || outcome != identity.Unchanged {
			t.Errorf("put %s again: %v, %v; want unchanged", o.Key, outcome, err)
		}
	}
	changed := agency
	changed.Names, changed.Markets = models.Text{"en": "New Board"}, nil
	outcome, want, err := put(t, d, changed)
	if err != nil || outcome != identity.Changed {
		t.Fatalf("put changed: %v, %v", outcome, err)
	}
	if got, err := identity.FindByKey(t.Context(), d, agency.Key); err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("got  %+v, %v\nwant %+v", got, err, want)
	}
}

func TestPutRefuses(t *testing.T) {
	for _, tt := range []struct {
		name  string
		edit  func(*identity.Organisation)
		field string
	}{
		{"no key", func(o *identity.Organisation) { o.Key = models.Key{} }, "key"},
		{"no name in any language", func(o *identity.Organisation) { o.Names = models.Text{"en": " "} }, "names"},
		{"a kind that is none", func(o *identity.Organisation) { o.Kind = "club" }, "kind"},
		{"a parent that is not known", func(o *identity.Organisation) { o.Parent.Code = "nobody" }, "parent"},
		{"a country of three letters", func(o *identity.Organisation) { o.Country = "EST" }, "country"},
		{"a negative size", func(o *identity.Organisation) { o.Size = -1 }, "size"},
		{"a website that is a script", func(o *identity.Organisation) { o.Website = "javascript:alert(1)" }, "website"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			d := dbtest.New(t)
			if _, _, err := put(t, d, ministry); err != nil {
				t.Fatal(err)
			}
			o := agency
			tt.edit(&o)
			_, _, err := put(t, d, o)
			var wrong models.Invalid
			if !errors.As(err, &wrong) || wrong[tt.field] == "" {
				t.Errorf("got %v, want a complaint about %s", err, tt.field)
			}
		})
	}
}

func TestOnlyWhatNothingRefersToCanBeRemoved(t *testing.T) {
	d := dbtest.New(t)
	_, m, _ := put(t, d, ministry)
	_, a, err := put(t, d, agency)
	if err != nil {
		t.Fatal(err)
	}
	remove := func(actor models.Actor, id int64) error {
		return d.Write(t.Context(), actor, func(tx *db.Tx) error { return identity.Remove(t.Context(), tx, id) })
	}
	if err := remove(models.Actor{}, a.ID); !errors.Is(err, models.ErrForbidden) {
		t.Errorf("a visitor removes: %v, want forbidden", err)
	}
	if err := remove(admin, m.ID); !errors.Is(err, models.ErrConflict) {
		t.Errorf("a ministry with an agency: %v, want conflict", err)
	}
	if err := errors.Join(remove(admin, a.ID), remove(admin, m.ID)); err != nil {
		t.Error(err)
	}
	if _, err := identity.Find(t.Context(), d, m.ID); !errors.Is(err, models.ErrNotFound) {
		t.Errorf("found after removal: %v", err)
	}
}

func TestAllTellsParentsFirst(t *testing.T) {
	d := dbtest.New(t)
	for _, o := range []identity.Organisation{ministry, agency} { // the agency's key comes first
		if _, _, err := put(t, d, o); err != nil {
			t.Fatal(err)
		}
	}
	var codes []string
	err := identity.All(t.Context(), d, func(o identity.Organisation) error {
		codes = append(codes, o.Key.Code)
		return nil
	})
	if want := []string{"m", "a"}; err != nil || !reflect.DeepEqual(codes, want) {
		t.Errorf("got %v, %v; want %v", codes, err, want)
	}
}

func TestManyAreFoundByTheirKeys(t *testing.T) {
	d := dbtest.New(t)
	_, m, _ := put(t, d, ministry)
	_, a, err := put(t, d, agency)
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		name string
		keys []models.Key
		want map[models.Key]int64
	}{
		{"none are asked for", nil, map[models.Key]int64{}},
		{"two, and one that nobody has", []models.Key{m.Key, {Scheme: "test", Code: "x"}, a.Key}, map[models.Key]int64{m.Key: m.ID, a.Key: a.ID}},
		{"a scheme and a code of different ones are nobody's", []models.Key{{Scheme: "other", Code: "m"}}, map[models.Key]int64{}},
	} {
		if got, err := identity.FindIDs(t.Context(), d, tt.keys); err != nil || !reflect.DeepEqual(got, tt.want) {
			t.Errorf("%s: %v, %v; want %v", tt.name, got, err, tt.want)
		}
	}
}

func TestTheAuditLogSaysWhatChanged(t *testing.T) {
	d := dbtest.New(t)
	put(t, d, ministry)
	_, a, _ := put(t, d, agency)
	changed := agency
	changed.Names, changed.Parent, changed.Size, changed.Invented = models.Text{"en": "Board", "et": "Koolivalitsus"}, models.Key{}, 0, false
	put(t, d, changed)
	dbtest.Write(t, d, admin, func(tx *db.Tx) error { return identity.Remove(t.Context(), tx, a.ID) })
	events, err := audit.Of(t.Context(), d, 10, "test:a")
	if err != nil || len(events) != 3 {
		t.Fatalf("%d events, %v; want 3", len(events), err)
	}
	for i, want := range []string{
		"[{slug board  0} {kind agency  0} {names.en Board  0} {names.et Koolivalitsus  0} {about.et Koolid  0} {website https://board.example/  0} {markets EE FI  0}]",
		"[{parent test:m  0} {names.et  Koolivalitsus 0} {size 2100 pupil  0} {invented yes no 0}]",
		"[{slug  board 0} {kind  agency 0} {parent  test:m 0} {names.en  Board 0} {about.et  Koolid 0} {size  2100 pupil 0} {website  https://board.example/ 0} {markets  EE FI 0} {invented no yes 0}]",
	} {
		if got := fmt.Sprint(events[i].Changes); got != want {
			t.Errorf("event %s:\ngot  %s\nwant %s", events[i].Action, got, want)
		}
	}
}
