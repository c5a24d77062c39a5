package search_test

import (
	"fmt"
	"io"
	"io/fs"
	"math/rand/v2"
	"testing"
	"time"

	"pilveturg/db"
	"pilveturg/db/dbtest"
	"pilveturg/models"
	"pilveturg/models/catalogue"
	"pilveturg/models/exchange"
	"pilveturg/models/identity"
	"pilveturg/models/pricing"
	"pilveturg/models/search"
	"pilveturg/models/search/searchtest"
)

var admin = models.Actor{Program: "test", Roles: []models.Role{models.Administrator}}

// market is a database as full as a real one, with the index of it.
type market struct {
	db     *db.DB
	schema *catalogue.Schema
	index  *search.Index
}

// newMarket holds the demonstration, the marketplace of FedRAMP where its file lies
// beside the project, and so many made-up listings.
func newMarket(t testing.TB, listings int) *market {
	t.Helper()
	files, err := fs.Sub(db.Files, "catalogue")
	if err != nil {
		t.Fatal(err)
	}
	schema, err := catalogue.LoadSchema(files)
	if err != nil {
		t.Fatal(err)
	}
	m := &market{db: dbtest.New(t), schema: schema}
	m.db.Now = func() time.Time { return searchtest.Today.Time().Add(9 * time.Hour) }
	m.demonstration(t)
	m.fedRAMP(t)
	m.madeUp(t, listings)
	layout := search.NewLayout(schema)
	if m.index, err = search.New(layout, searchtest.Today); err != nil {
		t.Fatal(err)
	}
	if _, err := search.Refresh(t.Context(), m.db, layout); err != nil {
		t.Fatal(err)
	}
	if _, err := m.index.Load(t.Context(), m.db); err != nil {
		t.Fatal(err)
	}
	return m
}

func (m *market) take(t testing.TB, kind exchange.Kind, open func() (exchange.Reader, error)) {
	t.Helper()
	src := exchange.Source{Kind: kind, File: string(kind), Open: open}
	if _, err := exchange.Import(t.Context(), m.db, admin, m.schema, src, false); err != nil {
		t.Fatal(err)
	}
}

func (m *market) demonstration(t testing.TB) {
	t.Helper()
	m.take(t, exchange.Demonstration, func() (exchange.Reader, error) {
		var all []io.Reader
		for _, name := range []string{"seed/organisations.jsonl", "seed/listings.jsonl"} {
			f, err := db.Files.Open(name)
			if err != nil {
				return nil, err
			}
			all = append(all, f)
		}
		return exchange.NewJSONL("demonstration", io.MultiReader(all...)), nil
	})
}

// fedRAMP imports the marketplace, where there is one.
func (m *market) fedRAMP(t testing.TB) {
	t.Helper()
	const name = "fedramp_marketplace_2025-01-30.json"
	f := shared(t, name)
	if f == nil {
		return
	}
	m.take(t, exchange.FedRAMP, func() (exchange.Reader, error) {
		_, err := f.Seek(0, io.SeekStart)
		return exchange.NewFedRAMP(name, f, m.schema), err
	})
}

func madeUpKey(format string, args ...any) models.Key {
	return models.Key{Scheme: "made-up", Code: fmt.Sprintf(format, args...)}
}

const (
	madeUpVendors = 30
	madeUpBodies  = 60
)

// madeUp puts listings of whatever may stand in a catalogue.
func (m *market) madeUp(t testing.TB, listings int) {
	t.Helper()
	maker := searchtest.New(m.schema, madeUpVendors)
	err := m.db.WriteAlone(t.Context(), admin, func(tx *db.Tx) error {
		for i := range madeUpVendors + madeUpBodies {
			o := identity.Organisation{Key: madeUpKey("body%d", i), Kind: identity.Vendor, Names: models.Text{"et": fmt.Sprintf("Asutus %d", i)}}
			if i >= madeUpVendors {
				o.Kind = identity.Kinds[i%6]
				o.Size, o.SizeUnit = int64([]int{0, 1, 49, 50, 249, 250, 999, 1000, 40_000}[i%9]), "staff"
			}
			if _, _, err := identity.Put(t.Context(), tx, &o); err != nil {
				return err
			}
		}
		for i := range listings {
			l := madeUpListing(maker.Listing(int64(i)+1), i)
			if _, err := catalogue.Put(t.Context(), tx, &l, 0); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// madeUpListing is the i'th listing: some with a life behind them, some that buyers
// do not see, or do not see the newest version of.
func madeUpListing(made searchtest.Listing, i int) catalogue.Listing {
	r := rand.New(rand.NewPCG(uint64(i), 9))
	l := catalogue.Listing{Key: madeUpKey("service%d", i), Slug: made.Offering.Slug, Vendor: madeUpKey("body%d", made.Offering.VendorID%madeUpVendors),
		Life: made.Offering.Life, LifeSince: made.Offering.LifeSince, Unclaimed: made.Offering.Unclaimed, Invented: r.IntN(10) == 0,
		Versions: []catalogue.Version{made.Version}}
	v := &l.Versions[0]
	v.DemoPrice = r.IntN(10) == 0
	if r.IntN(4) == 0 {
		v.Checked = models.Date{}
	}
	for j := range v.Answers {
		if r.IntN(12) == 0 {
			v.Answers[j].Values, v.Answers[j].Words = nil, nil // not known
		}
	}
	oddPlans(r, v)
	switch r.IntN(12) {
	case 0:
		l.Life = catalogue.Suspended
	case 1:
		l.Life = catalogue.Withdrawn
	case 2:
		v.State = catalogue.Draft
	case 3, 4:
		older(&l)
	case 5:
		newer(&l)
	}
	if l.Life != catalogue.Open {
		l.Reason = models.Text{"en": "Full"}
	}
	for j := range r.IntN(5) {
		l.Uses = append(l.Uses, catalogue.Use{Organisation: madeUpKey("body%d", madeUpVendors+r.IntN(madeUpBodies)), Part: fmt.Sprintf("part %d", j),
			Phase: []catalogue.Phase{catalogue.InUse, catalogue.InUse, catalogue.Ended, catalogue.Planned}[r.IntN(4)]})
	}
	return l
}

// older puts a version before the one that is there: another that said less.
func older(l *catalogue.Listing) {
	now := l.Versions[0]
	before := now
	before.State, before.Answers, before.Categories, before.Plans = catalogue.Superseded, now.Answers[:len(now.Answers)/2], now.Categories[:1], nil
	l.Versions = []catalogue.Version{before, now}
}

// newer puts a version that nobody sees yet behind the one that is there.
func newer(l *catalogue.Listing) {
	next := l.Versions[0]
	next.State, next.Answers, next.Plans = catalogue.Waiting, next.Answers[len(next.Answers)/2:], nil
	l.Versions = append(l.Versions, next)
}

// oddPlans adds what few plans have: units of flows, parts that nobody has to buy,
// what is paid to others, and what costs nothing.
func oddPlans(r *rand.Rand, v *catalogue.Version) {
	price := models.Whole(3)
	charges := []pricing.Charge{
		{Code: "calls", Unit: "call", Per: pricing.PerMonth, Price: &price},
		{Code: "more", Unit: "school", Per: pricing.PerMonth, Price: &price, Optional: true},
		{Code: "network", Unit: "month", Per: pricing.PerMonth, Price: &price, Kind: pricing.PassThrough},
		{Code: "sites", Unit: "pupil", Each: "school", Per: pricing.PerYear, Price: &price},
		{Code: "base", Per: pricing.PerMonth, Price: &price},
	}
	for i := range v.Plans {
		if p := &v.Plans[i]; p.Kind == "" && r.IntN(3) == 0 {
			p.Charges = append(p.Charges, charges[r.IntN(len(charges))])
		}
	}
	if r.IntN(12) == 0 {
		v.Plans = append(v.Plans, pricing.Plan{Code: "nothing", Kind: pricing.Free, Currency: "EUR"})
	}
}
