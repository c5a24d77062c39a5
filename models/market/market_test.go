package market_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"pilveturg/db"
	"pilveturg/db/dbtest"
	"pilveturg/models"
	"pilveturg/models/catalogue"
	"pilveturg/models/identity"
	"pilveturg/models/market"
)

var (
	admin   = models.Actor{Program: "test", Roles: []models.Role{models.Administrator}}
	firefox = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
	ann     = market.Visit{From: "192.0.2.1", Agent: firefox}
)

// stall is a database with a vendor that has two offerings, and a counter.
type stall struct {
	*db.DB
	*market.Counter
	t      testing.TB
	seller models.Actor
}

func newStall(t testing.TB) *stall {
	t.Helper()
	s := &stall{DB: dbtest.New(t), t: t}
	dbtest.Write(t, s.DB, admin, func(tx *db.Tx) error {
		o := identity.Organisation{Key: models.Key{Scheme: "test", Code: "v"}, Kind: identity.Vendor, Names: models.Text{"en": "Vendor"}}
		if _, _, err := identity.Put(t.Context(), tx, &o); err != nil {
			return err
		}
		s.seller = models.Actor{AccountID: 1, OrgID: o.ID, Roles: []models.Role{models.VendorEditor}}
		for _, code := range []string{"a", "b"} {
			l := catalogue.Listing{Key: models.Key{Scheme: "test", Code: code}, Vendor: o.Key, Versions: []catalogue.Version{{Content: catalogue.Content{
				Language: "en", Words: map[string]catalogue.Words{"en": {Name: "Service " + code}}}}}}
			if _, err := catalogue.Put(t.Context(), tx, &l, 0); err != nil {
				return err
			}
		}
		return nil
	})
	var err error
	if s.Counter, err = market.NewCounter(s.DB, []byte("key"), os.DirFS("../../db/market")); err != nil {
		t.Fatal(err)
	}
	return s
}

func (s *stall) later(d time.Duration) {
	now := s.DB.Now()
	s.DB.Now = func() time.Time { return now.Add(d) }
}

func (s *stall) figures(offering int64) market.Figures {
	s.t.Helper()
	if err := s.Flush(s.t.Context()); err != nil {
		s.t.Fatal(err)
	}
	all, err := market.FiguresOf(s.t.Context(), s.DB, s.seller, s.seller.OrgID, models.DateOf(s.DB.Now().AddDate(0, 0, -30)))
	if err != nil {
		s.t.Fatal(err)
	}
	return all[offering]
}

func TestWhatBuyersMeetIsCountedByDay(t *testing.T) {
	s := newStall(t)
	s.Count(ann, market.Shown, "q=x", 1, 2)
	s.Count(ann, market.Opened, "1", 1)
	s.Count(ann, market.Opened, "1", 1)                                                  // a reload
	s.Count(market.Visit{From: ann.From, Agent: "Other"}, market.Opened, "1", 1)         // somebody else at the same address
	s.Count(market.Visit{From: "2001:db8::1", Agent: firefox}, market.Compared, "1", 1)  // and elsewhere
	s.Count(market.Visit{From: ann.From, Agent: "Googlebot/2.1"}, market.Opened, "1", 1) // a program
	s.Count(market.Visit{From: ann.From, Agent: ""}, market.Opened, "1", 1)              // one without a name
	s.Count(ann, market.Opened, "999", 999)                                              // what is not there
	s.Count(ann, market.Asked, "1")                                                      // nothing
	if got, want := s.figures(1), (market.Figures{Offering: 1, Shown: 1, Opened: 2, Compared: 1}); got != want {
		t.Errorf("figures %+v, want %+v", got, want)
	}
	s.later(31 * time.Minute)
	s.Count(ann, market.Opened, "1", 1)
	if got := s.figures(1); got.Opened != 3 {
		t.Errorf("after half an hour %+v", got)
	}
	s.later(40 * 24 * time.Hour)
	if got := s.figures(1); got != (market.Figures{}) {
		t.Errorf("after forty days %+v", got)
	}
	for name, a := range map[string]models.Actor{"a buyer": {AccountID: 2, OrgID: s.seller.OrgID, Roles: []models.Role{models.Buyer}}, "another vendor": {AccountID: 2, OrgID: 99, Roles: s.seller.Roles}} {
		if all, err := market.FiguresOf(t.Context(), s.DB, a, s.seller.OrgID, models.Date{}); err != nil || len(all) > 0 {
			t.Errorf("%s is told %+v, %v", name, all, err)
		}
	}
	for table, rows := range dbtest.Dump(t, s.DB) {
		if strings.Contains(rows, ann.From) || strings.Contains(rows, "Firefox") {
			t.Errorf("who came is kept in %s", table)
		}
	}
}

func TestWhatCannotBeWrittenIsWrittenLater(t *testing.T) {
	s := newStall(t)
	s.Count(ann, market.Opened, "1", 1)
	ctx, stop := context.WithCancel(t.Context())
	stop()
	if err := s.Flush(ctx); !errors.Is(err, context.Canceled) {
		t.Fatalf("with a context that is over: %v", err)
	}
	s.Count(market.Visit{From: "192.0.2.2", Agent: firefox}, market.Opened, "1", 1)
	if got := s.figures(1); got.Opened != 2 {
		t.Errorf("figures %+v", got)
	}
}

func TestTheRestIsWrittenAtTheEnd(t *testing.T) {
	s := newStall(t)
	ctx, stop := context.WithCancel(t.Context())
	var running, asking sync.WaitGroup
	running.Go(func() { s.Run(ctx, func(err error) { t.Error(err) }) })
	for i := range 20 {
		asking.Go(func() {
			for j := range 50 {
				s.Count(market.Visit{From: fmt.Sprint(i), Agent: firefox}, market.Shown, fmt.Sprint(j), 1, 2)
			}
		})
	}
	asking.Wait()
	stop()
	running.Wait()
	if got := s.figures(2); got.Shown != 1000 {
		t.Errorf("figures %+v, want 1000 shown", got)
	}
}

func TestSearchesAreKeptWhenSeveralMadeThem(t *testing.T) {
	s := newStall(t)
	search := market.NewSearch("  Kaart  ÕPPE ", []string{"f.sign_in=eidas", "f.api=yes"}, "education")
	misses := func() []market.Missed {
		t.Helper()
		if err := s.Flush(t.Context()); err != nil {
			t.Fatal(err)
		}
		all, err := market.Misses(t.Context(), s.DB, models.DateOf(s.DB.Now().AddDate(0, 0, -90)), 10)
		if err != nil {
			t.Fatal(err)
		}
		return all
	}
	for range 5 {
		s.Miss(ann, search) // one visitor, however often
	}
	s.Miss(market.Visit{From: "192.0.2.2", Agent: firefox}, search)
	s.Miss(market.Visit{From: "192.0.2.3", Agent: "curl/8"}, search)
	if all := misses(); len(all) > 0 {
		t.Errorf("two visitors are enough: %+v", all)
	}
	for table, rows := range dbtest.Dump(t, s.DB) {
		if strings.Contains(rows, "kaart") {
			t.Errorf("before that it is kept in %s", table)
		}
	}
	s.later(24 * time.Hour)
	s.Miss(ann, search) // on another day
	all := misses()
	if len(all) != 1 || all[0].Words != "kaart oppe" || all[0].Filters != "f.api=yes&f.sign_in=eidas" || all[0].Category != "education" || all[0].Visitors != 3 || all[0].Days != 2 {
		t.Errorf("kept is %+v", all)
	}
	s.later(500 * 24 * time.Hour)
	dbtest.Write(t, s.DB, admin, func(tx *db.Tx) error { return market.Sweep(t.Context(), tx) })
	for _, table := range []string{"search_misses", "search_miss_days", "market_days"} {
		if rows := dbtest.Dump(t, s.DB)[table]; strings.Contains(rows, "education") || strings.Contains(rows, "2026") {
			t.Errorf("after more than a year there is left in %s: %s", table, rows)
		}
	}
}

// What may be about somebody is not kept, however many search for it.
func TestWhatIsAboutSomebodyIsNeverKept(t *testing.T) {
	s := newStall(t)
	for _, tt := range []struct {
		words string
		kept  bool
	}{
		{"school journal", true}, {"iso 27001", false}, {"e-arve", true}, {"office 365", true}, {"web 2.0", true}, {"õppekava", true},
		{"mari@agency.example", false}, {"mari at agency.example", false}, {"38001085718", false}, {"380 01085718", false}, {"EE47101010033", false},
		{"https://x.example/a", false}, {"+372 5123 4567", false}, {"a1b2c3d4", false}, {strings.Repeat("x", 31), false},
		{"one two three four five six seven eight nine", false}, {"", false},
	} {
		search := market.NewSearch(tt.words, nil, "")
		for i := range 5 {
			s.Miss(market.Visit{From: fmt.Sprint(i), Agent: firefox}, search)
		}
		if err := s.Flush(t.Context()); err != nil {
			t.Fatal(err)
		}
		var n int
		if err := s.DB.Get(t.Context(), &n, `SELECT count(*) FROM search_misses WHERE words = ?`, search.Words); err != nil || n > 0 != tt.kept {
			t.Errorf("%q: kept %d times, %v; want %t", tt.words, n, err, tt.kept)
		}
	}
}

func TestANilCounterCountsNothing(t *testing.T) {
	var c *market.Counter
	c.Count(ann, market.Opened, "1", 1)
	c.Miss(ann, market.NewSearch("x", nil, ""))
}

func BenchmarkCount(b *testing.B) {
	s := newStall(b)
	ids := make([]int64, 30)
	for i := range ids {
		ids[i] = int64(i)
	}
	i := 0
	for b.Loop() {
		i++
		s.Count(market.Visit{From: fmt.Sprint(i), Agent: firefox}, market.Shown, "q=school&page=1", ids...)
	}
}
