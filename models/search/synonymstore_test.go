package search

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"pilveturg/db"
	"pilveturg/db/dbtest"
	"pilveturg/models"
	"pilveturg/models/catalogue"
	"pilveturg/models/identity"
)

// keep adds lists and returns their ids.
func keep(t testing.TB, d *db.DB, lists ...[]string) (ids []int64) {
	t.Helper()
	dbtest.Write(t, d, admin, func(tx *db.Tx) error {
		ids = nil
		for _, words := range lists {
			id, err := AddSynonyms(t.Context(), tx, words)
			if err != nil {
				return err
			}
			ids = append(ids, id)
		}
		return nil
	})
	return ids
}

// kept are all lists as text, those that are there by their ids.
func kept(t testing.TB, d *db.DB) map[int64]string {
	t.Helper()
	lists, err := Synonyms(t.Context(), d)
	if err != nil {
		t.Fatal(err)
	}
	all := map[int64]string{}
	for _, l := range lists {
		all[l.ID] = l.String()
	}
	return all
}

func TestWhatAListOfSynonymsMayHold(t *testing.T) {
	d := dbtest.New(t)
	keep(t, d, []string{"map", "kaart"})
	of := func(n int) (words []string) {
		for i := range n {
			words = append(words, fmt.Sprint("word", i))
		}
		return words
	}
	hundred := strings.Repeat("õ", 100)
	for _, tt := range []struct {
		name  string
		words []string
		want  models.Invalid
	}{
		{"two words", []string{"a", "b"}, nil},
		{"twenty words", of(20), nil},
		{"a phrase of four words", []string{"single sign-on of staff", "SSO"}, nil},
		{"a word of a hundred letters", []string{hundred, "b"}, nil},
		{"a word that is in another list", []string{"map", "plan"}, nil},
		{"a sign among letters", []string{"R&D", "teadus- ja arendustegevus"}, nil},
		{"no words", nil, models.Invalid{"words": "synonym.too_few"}},
		{"one word", []string{"a"}, models.Invalid{"words": "synonym.too_few"}},
		{"twenty-one words", of(21), models.Invalid{"words": "synonym.too_many"}},
		{"a phrase of five words", []string{"x", "one two three four five"}, models.Invalid{"words.1": "synonym.phrase"}},
		{"so many parts that a query takes them apart", []string{"a-b-c-d-e-f-g", "x"}, models.Invalid{"words.0": "synonym.phrase"}},
		{"a word of 101 letters", []string{"a", hundred + "õ"}, models.Invalid{"words.1": "synonym.long"}},
		{"a word of signs", []string{"a", "-&-"}, models.Invalid{"words.1": "synonym.no_letter"}},
		{"nothing", []string{"a", " "}, models.Invalid{"words.1": "synonym.no_letter"}},
		{"a comma in a word", []string{"a", "b, c"}, models.Invalid{"words.1": "synonym.comma"}},
		{"bytes that are no text", []string{"a", "b\xff"}, models.Invalid{"words.1": "synonym.unreadable"}},
		{"a character that cannot be seen", []string{"a", "b\u200bc", "d\x00"}, models.Invalid{"words.1": "synonym.unreadable", "words.2": "synonym.unreadable"}},
		{"the same in other letters", []string{"Õpe", "kool", "ope"}, models.Invalid{"words.2": "synonym.twice"}},
		{"the same with another sign", []string{"e-arve", "e  arve"}, models.Invalid{"words.1": "synonym.twice"}},
		{"a list that is there", []string{"KAART", " Map "}, models.Invalid{"words": "synonym.known"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			undo := errors.New("undo")
			err := d.Write(t.Context(), admin, func(tx *db.Tx) error {
				if _, err := AddSynonyms(t.Context(), tx, tt.words); err != nil {
					return err
				}
				return undo
			})
			var got models.Invalid
			if !errors.As(err, &got) && err != undo || !maps.Equal(got, tt.want) {
				t.Errorf("AddSynonyms(%q) = %v; want %v", tt.words, err, tt.want)
			}
		})
	}
}

func TestSynonymsAreKeptAsTheyWereTyped(t *testing.T) {
	d := dbtest.New(t)
	ids := keep(t, d, []string{"  e-Päevik ", "Class\tjournal"}, []string{"GIS", "geoinfo"})
	if got, want := kept(t, d), map[int64]string{ids[0]: "e-Päevik, Class journal", ids[1]: "GIS, geoinfo"}; !maps.Equal(got, want) {
		t.Fatalf("kept = %v; want %v", got, want)
	}
	before, err := FindSynonyms(t.Context(), d, ids[0])
	if err != nil {
		t.Fatal(err)
	}
	change := func(seen int64, words ...string) error {
		return d.Write(t.Context(), admin, func(tx *db.Tx) error { return ChangeSynonyms(t.Context(), tx, ids[0], seen, words) })
	}
	if err := change(before.Revision, "class journal", "E-Päevik", "gradebook"); err != nil {
		t.Fatal(err)
	}
	if err := change(0, "class journal", "E-Päevik", "gradebook"); err != nil {
		t.Errorf("a change to what is there already: %v", err)
	}
	for _, tt := range []struct {
		name  string
		seen  int64
		words []string
		want  error
	}{
		{"who saw what it was before is told", before.Revision, []string{"a", "b"}, models.ErrConflict},
		{"another list's words are refused", 0, []string{"geoinfo", "gis"}, models.Invalid{"words": "synonym.known"}},
		{"what is wrong is told", 0, []string{"a"}, models.Invalid{"words": "synonym.too_few"}},
	} {
		err := change(tt.seen, tt.words...)
		var wrong models.Invalid
		if errors.As(tt.want, &wrong) {
			var got models.Invalid
			if errors.As(err, &got); !maps.Equal(got, wrong) {
				t.Errorf("%s: %v; want %v", tt.name, err, tt.want)
			}
		} else if !errors.Is(err, tt.want) {
			t.Errorf("%s: %v; want %v", tt.name, err, tt.want)
		}
	}
	after, err := FindSynonyms(t.Context(), d, ids[0])
	if err != nil || after.String() != "class journal, E-Päevik, gradebook" || after.Revision == before.Revision || after.Changed.Time != dbtest.Moment {
		t.Errorf("after the changes: %+v, %v", after, err)
	}
}

func TestSynonymsAreRemoved(t *testing.T) {
	d := dbtest.New(t)
	ids := keep(t, d, []string{"map", "kaart"}, []string{"GIS", "geoinfo"})
	remove := func(id, seen int64) error {
		return d.Write(t.Context(), admin, func(tx *db.Tx) error { return RemoveSynonyms(t.Context(), tx, id, seen) })
	}
	if err := remove(ids[0], 99); !errors.Is(err, models.ErrConflict) {
		t.Errorf("removing what has changed since: %v; want a conflict", err)
	}
	if err := remove(ids[0], 0); err != nil {
		t.Fatal(err)
	}
	if err := remove(ids[0], 0); !errors.Is(err, models.ErrNotFound) {
		t.Errorf("removing it again: %v; want that it is not found", err)
	}
	if _, err := FindSynonyms(t.Context(), d, ids[0]); !errors.Is(err, models.ErrNotFound) {
		t.Errorf("looking for it: %v; want that it is not found", err)
	}
	if got, want := kept(t, d), map[int64]string{ids[1]: "GIS, geoinfo"}; !maps.Equal(got, want) {
		t.Errorf("kept = %v; want %v", got, want)
	}
	var actions []string
	if err := d.Select(t.Context(), &actions, `SELECT actor || ' ' || action || ' ' || subject FROM audit_events ORDER BY id`); err != nil {
		t.Fatal(err)
	}
	want := []string{fmt.Sprintf("test synonyms.added %d: map, kaart", ids[0]), fmt.Sprintf("test synonyms.added %d: GIS, geoinfo", ids[1]),
		fmt.Sprintf("test synonyms.removed %d: map, kaart", ids[0])}
	if !slices.Equal(actions, want) {
		t.Errorf("audit = %q; want %q", actions, want)
	}
	again := keep(t, d, []string{"map", "kaart"})
	if l, err := FindSynonyms(t.Context(), d, again[0]); err != nil || l.Revision <= 2 {
		t.Errorf("added again: %+v, %v; want a revision that was not used before", l, err)
	}
}

func TestWhoMayWriteSynonyms(t *testing.T) {
	d := dbtest.New(t)
	id := keep(t, d, []string{"map", "kaart"})[0]
	for _, tt := range []struct {
		name  string
		actor models.Actor
		want  error
	}{
		{"a visitor may not", models.Actor{}, models.ErrForbidden},
		{"a vendor may not", models.Actor{AccountID: 1, Roles: []models.Role{models.VendorEditor, models.Moderator}}, models.ErrForbidden},
		{"an administrator may", models.Actor{AccountID: 1, Roles: []models.Role{models.Administrator}}, nil},
		{"a program may", models.Actor{Program: "job"}, nil},
	} {
		undo := errors.New("undo")
		for what, write := range map[string]func(*db.Tx) error{
			"add":    func(tx *db.Tx) error { _, err := AddSynonyms(t.Context(), tx, []string{"a", "b"}); return err },
			"change": func(tx *db.Tx) error { return ChangeSynonyms(t.Context(), tx, id, 0, []string{"a", "b"}) },
			"remove": func(tx *db.Tx) error { return RemoveSynonyms(t.Context(), tx, id, 0) },
			"import": func(tx *db.Tx) error {
				_, err := ImportSynonyms(t.Context(), tx, []SynonymLine{{1, []string{"a", "b"}}})
				return err
			},
		} {
			err := d.Write(t.Context(), tt.actor, func(tx *db.Tx) error { return errors.Join(write(tx), undo) })
			if tt.want != nil && !errors.Is(err, tt.want) || tt.want == nil && err.Error() != "undo" {
				t.Errorf("%s: %s: %v; want %v", tt.name, what, err, tt.want)
			}
		}
	}
}

func TestThereIsAnEndToLists(t *testing.T) {
	d := dbtest.New(t)
	dbtest.Write(t, d, admin, func(tx *db.Tx) error {
		var rows [][]any
		for i := range mostLists - 1 {
			rows = append(rows, []any{fmt.Sprint(i), 1, tx.Now})
		}
		return tx.Insert(t.Context(), "synonym_lists", []string{"hash", "revision", "changed_at"}, rows)
	})
	keep(t, d, []string{"the", "last"})
	for what, write := range map[string]func(*db.Tx) error{
		"add": func(tx *db.Tx) error { _, err := AddSynonyms(t.Context(), tx, []string{"a", "b"}); return err },
		"import": func(tx *db.Tx) error {
			_, err := ImportSynonyms(t.Context(), tx, []SynonymLine{{1, []string{"a", "b"}}})
			return err
		},
	} {
		var wrong models.Invalid
		if err := d.Write(t.Context(), admin, write); !errors.As(err, &wrong) || wrong["words"] != "synonym.full" {
			t.Errorf("%s one more than there is room for: %v", what, err)
		}
	}
	dbtest.Write(t, d, admin, func(tx *db.Tx) error {
		_, err := ImportSynonyms(t.Context(), tx, []SynonymLine{{1, []string{"last", "the"}}})
		return err
	})
}

// followWithin is three times what is promised, because tests of other packages run
// at the same time.
const followWithin = 3 * time.Second

// Two programs share a database: what one of them writes, the other's search finds.
func TestSynonymsOfOneConnectionAreFoundByAnother(t *testing.T) {
	dsn := dbtest.EmptyDSN(t)
	open := func() *db.DB {
		d, err := db.Open(t.Context(), dsn)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { d.Close() })
		return d
	}
	here, there := open(), open()
	if err := here.Migrate(t.Context()); err != nil {
		t.Fatal(err)
	}
	dbtest.Write(t, here, admin, func(tx *db.Tx) error {
		o := identity.Organisation{Key: key("vendor0"), Kind: identity.Vendor, Names: models.Text{"et": "Müüja OÜ"}}
		_, _, err := identity.Put(t.Context(), tx, &o)
		return err
	})
	l := shopListing(0)
	l.Life, l.Uses = catalogue.Open, nil
	l.Versions[0].Words = map[string]catalogue.Words{"en": {Name: "Class journal"}}
	putListing(t, here, l)
	id := keep(t, here, []string{"gradebook", "class journal"})[0]
	x := followed(t, there)
	total := func(text string) int { return x.Search(Request{Text: text + " ", Limit: 1}).Total }
	if total("gradebook") != 1 || total("õpinguraamat") != 0 {
		t.Fatal("at the start, the index does not hold the synonyms that are kept")
	}
	for _, tt := range []struct {
		name  string
		write func(*db.Tx) error
		holds func() bool
	}{
		{"what is added is found", func(tx *db.Tx) error {
			_, err := AddSynonyms(t.Context(), tx, []string{"class journal", "õpinguraamat"})
			return err
		}, func() bool { return total("õpinguraamat") == 1 && total("gradebook") == 1 }},
		{"what is changed is found otherwise", func(tx *db.Tx) error {
			return ChangeSynonyms(t.Context(), tx, id, 0, []string{"hinneteraamat", "class journal"})
		}, func() bool { return total("hinneteraamat") == 1 && total("gradebook") == 0 }},
		{"what is removed is not found", func(tx *db.Tx) error { return RemoveSynonyms(t.Context(), tx, id, 0) },
			func() bool { return total("hinneteraamat") == 0 && total("õpinguraamat") == 1 }},
	} {
		dbtest.Write(t, here, admin, tt.write)
		written := time.Now()
		eventually(t, tt.name, tt.holds)
		took := time.Since(written)
		if t.Logf("%s after %v", tt.name, took.Round(time.Millisecond)); took > followWithin {
			t.Errorf("%s after %v; want within %v", tt.name, took, followWithin)
		}
	}
}

func TestOfThoseWhoAddTheSameListOneDoes(t *testing.T) {
	d := dbtest.New(t)
	done := make(chan error)
	for range 8 {
		go func() {
			done <- d.Write(t.Context(), admin, func(tx *db.Tx) error {
				_, err := AddSynonyms(t.Context(), tx, []string{"map", "kaart"})
				return err
			})
		}()
	}
	added := 0
	for range 8 {
		var wrong models.Invalid
		switch err := <-done; {
		case err == nil:
			added++
		case !errors.As(err, &wrong) || wrong["words"] != "synonym.known":
			t.Errorf("one of them is told %v; want that there is such a list", err)
		}
	}
	if n := len(kept(t, d)); added != 1 || n != 1 {
		t.Errorf("%d of 8 added the list, %d are kept; want 1", added, n)
	}
}
