package catalogue_test

import (
	"fmt"
	"reflect"
	"slices"
	"testing"

	"pilveturg/db"
	"pilveturg/db/dbtest"
	"pilveturg/models"
	"pilveturg/models/catalogue"
	"pilveturg/models/identity"
)

// like is a listing as full says, under another code and edited.
func like(code string, edit func(*catalogue.Listing)) catalogue.Listing {
	l := full()
	l.Key.Code, l.Slug = code, code
	edit(&l)
	return l
}

// shelved is a catalogue of four offerings: one used by two, one used by nobody,
// one withdrawn and one that is a draft.
func shelved(t testing.TB) (d *db.DB, used, unused, withdrawn int64) {
	t.Helper()
	d = peopled(t)
	second := models.Key{Scheme: "test", Code: "second"}
	dbtest.Write(t, d, admin, func(tx *db.Tx) error {
		_, _, err := identity.Put(t.Context(), tx, &identity.Organisation{Key: second, Kind: identity.Agency, Names: models.Text{"en": "Second"}})
		return err
	})
	unused = put(t, d, like("unused", func(l *catalogue.Listing) {
		l.Uses, l.Versions[0].Categories = nil, []string{"maps", "education"}
	})).ID
	used = put(t, d, like("used", func(l *catalogue.Listing) {
		north, south, old := l.Uses[0], l.Uses[0], l.Uses[0]
		south.Part, south.Since = "south", models.NewDate(2026, 2, 1)
		old.Organisation, old.Phase, old.Until = second, catalogue.Ended, models.NewDate(2026, 3, 1)
		l.Uses = []catalogue.Use{north, south, old}
	})).ID
	withdrawn = put(t, d, like("withdrawn", func(l *catalogue.Listing) { l.Life = catalogue.Withdrawn })).ID
	put(t, d, like("draft", func(l *catalogue.Listing) { l.Versions[0].State = catalogue.Draft }))
	return d, used, unused, withdrawn
}

func TestEntriesAreWhatBuyersCanSee(t *testing.T) {
	d, used, unused, withdrawn := shelved(t)
	got, err := catalogue.AllEntries(t.Context(), d)
	if err != nil {
		t.Fatal(err)
	}
	maker, err := identity.FindID(t.Context(), d, vendor)
	if err != nil {
		t.Fatal(err)
	}
	day := models.NewDate(2026, 1, 15)
	want := []catalogue.Entry{
		{ID: unused, Slug: "unused", VendorID: maker, Version: 1, PublicOn: day,
			Names: []string{"Journal", "Päevik"}, Categories: []string{"maps", "education"}},
		{ID: used, Slug: "used", VendorID: maker, Version: 1, PublicOn: day, Users: 1,
			Names: []string{"Journal", "Päevik"}, Categories: []string{"education"}},
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}
	some, err := catalogue.Entries(t.Context(), d, []int64{used, withdrawn, 99})
	if err != nil || !reflect.DeepEqual(some, want[1:]) {
		t.Errorf("some: got  %+v, %v\nwant %+v", some, err, want[1:])
	}
}

func TestChangesSinceAStamp(t *testing.T) {
	d, used, _, _ := shelved(t)
	before, err := catalogue.FindStamp(t.Context(), d)
	if err != nil {
		t.Fatal(err)
	}
	for range 2 {
		put(t, d, like("used", func(l *catalogue.Listing) { l.Uses = nil }))
	}
	ids, ok, err := catalogue.ChangedSince(t.Context(), d, before, 4)
	if err != nil || !ok || len(ids) != 4 || !slices.Contains(ids, used) {
		t.Errorf("got %v, %t, %v; want the four that changed lately, each once", ids, ok, err)
	}
	if ids, ok, err := catalogue.ChangedSince(t.Context(), d, before, 3); err != nil || ok || ids != nil {
		t.Errorf("got %v, %t, %v; want to be told that there are more than 3", ids, ok, err)
	}
}

func TestTheStampMovesWithEveryChange(t *testing.T) {
	d := peopled(t)
	stamp := func() catalogue.Stamp {
		t.Helper()
		s, err := catalogue.FindStamp(t.Context(), d)
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	seen := map[catalogue.Stamp]string{stamp(): "the beginning"}
	moved := func(what string) {
		t.Helper()
		s := stamp()
		if before, ok := seen[s]; ok {
			t.Errorf("%s: the stamp is still that of %s", what, before)
		}
		seen[s] = what
	}
	put(t, d, full())
	moved("a new listing")
	changed := full()
	changed.Uses = nil
	put(t, d, changed)
	moved("a listing that lost its users")
	dbtest.Write(t, d, admin, func(tx *db.Tx) error {
		_, _, err := identity.Put(t.Context(), tx, &identity.Organisation{Key: vendor, Kind: identity.Vendor, Names: models.Text{"en": "New name"}})
		return err
	})
	moved("a vendor with another name")
	now := stamp()
	put(t, d, changed)
	if stamp() != now {
		t.Error("a listing put again as it was moved the stamp")
	}
}

// On PostgreSQL a transaction that began earlier may be done later.
func TestTheStampMovesWhenAnEarlierChangeComesLate(t *testing.T) {
	d := peopled(t)
	write := func(id int) {
		t.Helper()
		dbtest.Write(t, d, admin, func(tx *db.Tx) error {
			_, err := tx.Exec(t.Context(), `INSERT INTO listing_changes (id, offering_id) VALUES (?, 1)`, id)
			return err
		})
	}
	write(1000)
	before, err := catalogue.FindStamp(t.Context(), d)
	if err != nil {
		t.Fatal(err)
	}
	write(900)
	after, err := catalogue.FindStamp(t.Context(), d)
	if err != nil || after == before {
		t.Errorf("%+v, %v; want another stamp than %+v", after, err, before)
	}
}

func TestUsesAreCountedByWhatBuyersCanSee(t *testing.T) {
	d, used, unused, withdrawn := shelved(t)
	ctx := t.Context()
	id := func(k models.Key) int64 {
		t.Helper()
		n, err := identity.FindID(ctx, d, k)
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	body, second, maker := id(agency), id(models.Key{Scheme: "test", Code: "second"}), id(vendor)
	for _, tt := range []struct {
		name string
		got  func() (any, error)
		want any
	}{
		{"two parts of one service are one service in use",
			func() (any, error) { return catalogue.CountUsed(ctx, d) }, map[int64]int{body: 1}},
		{"a category has its users",
			func() (any, error) { return catalogue.UsersIn(ctx, d, []string{"education", "maps"}) }, []catalogue.Counted{{ID: body, N: 1}}},
		{"a category nobody uses has none",
			func() (any, error) { return catalogue.UsersIn(ctx, d, []string{"maps"}) }, []catalogue.Counted(nil)},
		{"a vendor's users are organisations, not uses",
			func() (any, error) { return catalogue.UsersOfVendor(ctx, d, maker) }, 1},
		{"phases are counted apart, what was withdrawn since included",
			func() (any, error) { return catalogue.CountUses(ctx, d, []int64{body, second}) },
			map[catalogue.Phase]int{catalogue.InUse: 3, catalogue.Ended: 1}},
		{"what is in use comes before what has ended, the newest first, page by page",
			func() (any, error) {
				var order []string
				for n := 1; n <= 3; n++ {
					page, err := catalogue.Uses(ctx, d, []int64{body, second}, models.Page{Number: n, Size: 2})
					if err != nil {
						return nil, err
					}
					for _, u := range page {
						order = append(order, fmt.Sprint(u.OfferingID, u.Part, u.Phase))
					}
				}
				return order, nil
			},
			[]string{fmt.Sprint(used, "south", catalogue.InUse), fmt.Sprint(used, "north", catalogue.InUse),
				fmt.Sprint(withdrawn, "north", catalogue.InUse), fmt.Sprint(used, "north", catalogue.Ended)}},
		{"nobody uses nothing",
			func() (any, error) { return catalogue.CountUses(ctx, d, nil) }, map[catalogue.Phase]int{}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got, err := tt.got()
			if err != nil || !reflect.DeepEqual(got, tt.want) {
				t.Errorf("got %+v, %v; want %+v", got, err, tt.want)
			}
		})
	}
	_ = unused
}

func TestAVendorHasTheCertificatesAndSourcesOfItsOfferings(t *testing.T) {
	d, used, unused, _ := shelved(t)
	maker, err := identity.FindID(t.Context(), d, vendor)
	if err != nil {
		t.Fatal(err)
	}
	day := models.NewDate(2026, 1, 15)
	cert := catalogue.Certificate{Question: "iso_27001", Number: "C-1", Issuer: "Body", By: catalogue.ByAssessor, Proof: catalogue.Tested, Until: day.AddMonths(12)}
	first, second := cert, cert
	first.OfferingID, second.OfferingID = unused, used
	got, err := catalogue.Certificates(t.Context(), d, maker, []string{"iso_27001", "exit_cost"})
	if want := []catalogue.Certificate{first, second}; err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("certificates: got %+v, %v; want %+v", got, err, want)
	}
	put(t, d, like("newer", func(l *catalogue.Listing) {
		l.Versions[0].Sources[0].Seen = day.AddMonths(1)
		l.Versions[0].Answers = []catalogue.Answer{{Question: "iso_27001", Values: []string{"no"}, By: catalogue.ByVendor, Proof: catalogue.Stated}}
	}))
	if again, err := catalogue.Certificates(t.Context(), d, maker, []string{"iso_27001"}); err != nil || len(again) != 2 {
		t.Errorf("the answer no: %+v, %v; want no further certificate", again, err)
	}
	sources, err := catalogue.VendorSources(t.Context(), d, maker)
	want := []catalogue.Source{{Title: "Register", URL: "https://register.example/", Seen: day.AddMonths(1)}}
	if err != nil || !reflect.DeepEqual(sources, want) {
		t.Errorf("sources: got %+v, %v; want %+v", sources, err, want)
	}
}
