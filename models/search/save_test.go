package search

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"testing"
	"time"

	"pilveturg/db"
	"pilveturg/db/dbtest"
	"pilveturg/models"
	"pilveturg/models/catalogue"
	"pilveturg/models/identity"
	"pilveturg/models/search/searchtest"
)

var admin = models.Actor{Program: "test", Roles: []models.Role{models.Administrator}}

func key(format string, args ...any) models.Key {
	return models.Key{Scheme: "test", Code: fmt.Sprintf(format, args...)}
}

// shop is a database with so many listings of three vendors, used by four bodies.
func shop(t testing.TB, listings int) *db.DB {
	t.Helper()
	d := dbtest.New(t)
	d.Now = func() time.Time { return searchtest.Today.Time().Add(9 * time.Hour) }
	dbtest.Write(t, d, admin, func(tx *db.Tx) error {
		for i := range 3 {
			o := identity.Organisation{Key: key("vendor%d", i), Kind: identity.Vendor, Names: models.Text{"et": fmt.Sprintf("Müüja %d OÜ", i)}}
			if _, _, err := identity.Put(t.Context(), tx, &o); err != nil {
				return err
			}
		}
		for i, kind := range []identity.Kind{identity.School, identity.School, identity.Municipality, identity.Ministry} {
			o := identity.Organisation{Key: key("user%d", i), Kind: kind, Names: models.Text{"en": fmt.Sprintf("Body %d", i)}, Size: int64(300 * i), SizeUnit: "staff"}
			if _, _, err := identity.Put(t.Context(), tx, &o); err != nil {
				return err
			}
		}
		return nil
	})
	for i := range listings {
		putListing(t, d, shopListing(i))
	}
	return d
}

// shopListing is the i'th listing of the shop.
func shopListing(i int) catalogue.Listing {
	made := testMaker().Listing(int64(i) + 1)
	l := catalogue.Listing{Key: key("service%d", i), Slug: made.Offering.Slug, Vendor: key("vendor%d", i%3), Life: made.Offering.Life,
		LifeSince: made.Offering.LifeSince, Unclaimed: made.Offering.Unclaimed, Versions: []catalogue.Version{made.Version}}
	if l.Life != catalogue.Open {
		l.Reason = models.Text{"en": "Full"}
	}
	for j := range made.Users {
		if j < 4 {
			l.Uses = append(l.Uses, catalogue.Use{Organisation: key("user%d", j), Phase: []catalogue.Phase{catalogue.InUse, catalogue.Ended}[j%2]})
		}
	}
	return l
}

// putListing puts a listing and returns its id.
func putListing(t testing.TB, d *db.DB, l catalogue.Listing) (id int64) {
	t.Helper()
	dbtest.Write(t, d, admin, func(tx *db.Tx) error {
		done, err := catalogue.Put(t.Context(), tx, &l, 0)
		id = done.ID
		return err
	})
	return id
}

func loaded(t testing.TB, d *db.DB) *Index {
	t.Helper()
	if _, err := Refresh(t.Context(), d, testLayout()); err != nil {
		t.Fatal(err)
	}
	x := newIndex(t)
	if _, err := x.Load(t.Context(), d); err != nil {
		t.Fatal(err)
	}
	return x
}

func TestAnIndexHoldsWhatTheCatalogueShows(t *testing.T) {
	d := shop(t, 60)
	x := loaded(t, d)
	ids, err := catalogue.AllIDs(t.Context(), d)
	if err != nil {
		t.Fatal(err)
	}
	want, err := catalogue.Cards(t.Context(), d, ids)
	if err != nil {
		t.Fatal(err)
	}
	hits := x.Hits(ids, nil)
	if len(hits) != len(want) || x.Len() != len(want) {
		t.Fatalf("the index holds %d documents, %d of those asked for; want %d", x.Len(), len(hits), len(want))
	}
	for i := range hits {
		if got := hits[i].Card(); !reflect.DeepEqual(got, want[i]) {
			t.Errorf("card of %d:\n%+v\nwant\n%+v", ids[i], got, want[i])
		}
	}
}

func TestRefreshMakesOnlyWhatIsMissingOrOld(t *testing.T) {
	d := shop(t, 12)
	refresh := func(want int, why string) {
		t.Helper()
		if n, err := Refresh(t.Context(), d, testLayout()); n != want || err != nil {
			t.Errorf("%s: Refresh made %d, %v; want %d", why, n, err, want)
		}
	}
	refresh(12, "at first")
	refresh(0, "when all is there")
	l := shopListing(3)
	l.Versions[0].Note = models.Text{"en": "Again"}
	l.Versions = append(l.Versions, l.Versions[0])
	l.Versions[0].State = catalogue.Superseded
	l.Versions[1].Website = "https://example.org/new"
	putListing(t, d, l)
	refresh(1, "after a new version")
	o := identity.Organisation{Key: key("vendor0"), Kind: identity.Vendor, Names: models.Text{"et": "Uus nimi"}}
	dbtest.Write(t, d, admin, func(tx *db.Tx) error {
		_, _, err := identity.Put(t.Context(), tx, &o)
		return err
	})
	refresh(4, "after a vendor of four was renamed")
	dbtest.Write(t, d, admin, func(tx *db.Tx) error {
		_, err := tx.Exec(t.Context(), `UPDATE search_documents SET form = 'older' WHERE offering_id IN (1, 2)`)
		return err
	})
	refresh(2, "after an upgrade")
	l = shopListing(5)
	l.Life, l.Reason, l.LifeSince = catalogue.Withdrawn, models.Text{"en": "Over"}, searchtest.Today
	putListing(t, d, l)
	refresh(1, "after one was withdrawn")
	refresh(0, "when all is there again")
	var n int
	if err := d.Get(t.Context(), &n, `SELECT COUNT(*) FROM search_documents`); n != 11 || err != nil {
		t.Errorf("documents that are kept = %d, %v; want 11", n, err)
	}
}

// Counts are those that the database itself gives.
func TestCountsAreThoseOfTheDatabase(t *testing.T) {
	d := shop(t, 80)
	res := loaded(t, d).Search(Request{Limit: 1, Closed: true})
	const q = `
		SELECT COUNT(DISTINCT o.id)
		FROM offerings o
		JOIN answers a ON a.offering_id = o.id AND a.number = o.published AND a.question = ?
		JOIN answer_values v ON v.offering_id = a.offering_id AND v.number = a.number AND v.answer = a.position AND v.value = ?
		WHERE o.life <> 'withdrawn'`
	compared := 0
	for _, g := range res.Groups() {
		question, _ := testLayout().schema.Question(g.Question)
		if question.Type != catalogue.TypeYesNo && question.Type != catalogue.TypeMany && question.Type != catalogue.TypeCountries {
			continue
		}
		for _, v := range g.Counts {
			var want int
			if err := d.Get(t.Context(), &want, q, g.Question, v.Value); err != nil {
				t.Fatal(err)
			}
			if v.Value != Unknown && v.Count != want {
				t.Errorf("count of %s %s = %d; the database has %d", g.Key, v.Value, v.Count, want)
			}
			compared += want
		}
	}
	if compared == 0 {
		t.Error("nothing was compared")
	}
}

// eventually waits until something holds.
func eventually(t testing.TB, what string, holds func() bool) {
	t.Helper()
	for end := time.Now().Add(20 * time.Second); !holds(); time.Sleep(20 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("%s: not within 20 s", what)
		}
	}
}

// followed starts following a database and returns when all is there.
func followed(t testing.TB, d *db.DB) *Index {
	t.Helper()
	x := newIndex(t)
	ctx, stop := context.WithCancel(t.Context())
	ready, done := make(chan bool), make(chan error, 1)
	go func() { done <- x.Follow(ctx, d, func() { close(ready) }, func(err error) { t.Error(err) }) }()
	t.Cleanup(func() {
		stop()
		if err := <-done; !errors.Is(err, context.Canceled) {
			t.Errorf("Follow ended with %v", err)
		}
	})
	select {
	case <-ready:
	case err := <-done:
		t.Fatal(err)
	}
	return x
}

func TestChangesAreFollowed(t *testing.T) {
	d := shop(t, 10)
	x := followed(t, d)
	total := func(text string) int { return x.Search(Request{Text: text, Limit: 1, Closed: true}).Total }
	if x.Len() != 10 {
		t.Fatalf("documents at the start = %d; want 10", x.Len())
	}
	l := shopListing(20)
	l.Versions[0].Words = map[string]catalogue.Words{"en": {Name: "Zyxwv"}}
	id := putListing(t, d, l)
	eventually(t, "a new listing is found", func() bool { return total(`"zyxwv"`) == 1 })
	l.Versions[0].State = catalogue.Superseded
	l.Versions = append(l.Versions, l.Versions[0])
	l.Versions[1].State, l.Versions[1].Words = catalogue.Published, map[string]catalogue.Words{"en": {Name: "Qponm"}}
	putListing(t, d, l)
	eventually(t, "its new version is found", func() bool { return total(`"qponm"`) == 1 && total(`"zyxwv"`) == 0 })
	o := identity.Organisation{Key: key("vendor2"), Kind: identity.Vendor, Names: models.Text{"et": "Hgfed"}}
	dbtest.Write(t, d, admin, func(tx *db.Tx) error {
		_, _, err := identity.Put(t.Context(), tx, &o)
		return err
	})
	eventually(t, "the new name of its vendor is found", func() bool { return total(`"hgfed" "qponm"`) == 1 })
	l.Life, l.Reason = catalogue.Withdrawn, models.Text{"en": "Over"}
	putListing(t, d, l)
	eventually(t, "it is gone when it is withdrawn", func() bool { return len(x.Hits([]int64{id}, nil)) == 0 })
}

func TestADamagedDocumentIsMadeAnew(t *testing.T) {
	d := shop(t, 5)
	if _, err := Refresh(t.Context(), d, testLayout()); err != nil {
		t.Fatal(err)
	}
	dbtest.Write(t, d, admin, func(tx *db.Tx) error {
		_, err := tx.Exec(t.Context(), `UPDATE search_documents SET body = ? WHERE offering_id = 2`, []byte("x"))
		return err
	})
	var damaged *DamagedError
	x := newIndex(t)
	if n, err := x.Load(t.Context(), d); n != 4 || !errors.As(err, &damaged) || !slices.Equal(damaged.IDs, []int64{2}) {
		t.Errorf("Load of a damaged document = %d, %v; want 4 and its offering", n, err)
	}
	f := follower{index: x, db: d, tell: func(error) {}}
	if err := f.start(t.Context()); err != nil {
		t.Fatal(err)
	}
	if x.Len() != 5 {
		t.Errorf("documents after Follow started = %d; want 5", x.Len())
	}
}

// A sweep finds what was changed behind the back of the changes.
func TestASweepFindsWhatWasMissed(t *testing.T) {
	d := shop(t, 6)
	x := newIndex(t)
	f := follower{index: x, db: d, tell: func(error) {}}
	if err := f.start(t.Context()); err != nil {
		t.Fatal(err)
	}
	dbtest.Write(t, d, admin, func(tx *db.Tx) error {
		if _, err := tx.Exec(t.Context(), `UPDATE offerings SET revision = revision + 1, slug = 'other' WHERE id = 3`); err != nil {
			return err
		}
		_, err := tx.Exec(t.Context(), `UPDATE offerings SET life = 'withdrawn' WHERE id = 4`)
		return err
	})
	if err := f.sweep(t.Context()); err != nil {
		t.Fatal(err)
	}
	hits := x.Hits([]int64{3, 4}, nil)
	if len(hits) != 1 || hits[0].Card().Slug != "other" {
		t.Errorf("hits of a changed and a withdrawn offering = %d; want the changed one as it is now", len(hits))
	}
}

// Numbers of changes may be seen late: a transaction that got its number first may
// be done last.
func TestNumbersThatAppearLateAreRead(t *testing.T) {
	d := dbtest.New(t)
	add := func(numbers ...int64) {
		t.Helper()
		dbtest.Write(t, d, admin, func(tx *db.Tx) error {
			for _, n := range numbers {
				if _, err := tx.Exec(t.Context(), `INSERT INTO listing_changes (id, offering_id) VALUES (?, ?)`, n, 100+n); err != nil {
					return err
				}
			}
			return nil
		})
	}
	add(1, 2, 5)
	var tr trail
	if err := tr.start(t.Context(), d); err != nil {
		t.Fatal(err)
	}
	for _, step := range []struct {
		add, want []int64
	}{
		{nil, nil},
		{[]int64{6, 9}, []int64{106, 109}},
		{[]int64{3}, []int64{103}},
		{[]int64{7, 12}, []int64{107, 112}},
		{[]int64{4, 8, 10, 11}, []int64{104, 108, 110, 111}},
		{nil, nil},
	} {
		add(step.add...)
		ids, next, err := tr.read(t.Context(), d)
		if err != nil {
			t.Fatal(err)
		}
		tr = next
		slices.Sort(ids)
		if !slices.Equal(ids, step.want) {
			t.Errorf("after numbers %v: read %v; want %v", step.add, ids, step.want)
		}
	}
	if len(tr.gaps) != 0 {
		t.Errorf("gaps that are left: %v", tr.gaps)
	}
}

// The same documents are made from the database as from the listing.
func TestSaveMakesTheDocumentOfTheListing(t *testing.T) {
	d := shop(t, 3)
	dbtest.Write(t, d, admin, func(tx *db.Tx) error { return Save(t.Context(), tx, testLayout(), []int64{1, 2, 3, 99}) })
	var body []byte
	if err := d.Get(t.Context(), &body, `SELECT body FROM search_documents WHERE offering_id = 2`); err != nil {
		t.Fatal(err)
	}
	g, err := readSources(t.Context(), d, []int64{2})
	if err != nil {
		t.Fatal(err)
	}
	l := shopListing(1)
	src := *g.all[0]
	src.Version = l.Versions[0]
	want, err := testLayout().Body(testLayout().Document(&src))
	if err != nil || !bytes.Equal(body, want) {
		t.Errorf("the stored document is not that of the listing (%v)", err)
	}
}
