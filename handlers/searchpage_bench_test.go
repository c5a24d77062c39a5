package handlers

import (
	"math/rand/v2"
	"net/http"
	"net/url"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"testing"

	"pilveturg/models"
	"pilveturg/models/search"
	"pilveturg/models/search/searchtest"
)

// generated is how many services the benchmarks of the search page search in.
const generated = 50_000

// generatedSite is a site whose search knows so many made-up services.
func generatedSite(b *testing.B, n int) *testSite {
	b.Helper()
	s := emptySite(b)
	maker, layout := searchtest.New(s.Schema, n/20), s.Index.Layout()
	bodies := make([][]byte, n)
	var all sync.WaitGroup
	cores := runtime.GOMAXPROCS(0)
	for core := range cores {
		all.Go(func() {
			for i := core; i < n; i += cores {
				bodies[i] = made(b, layout, maker.Listing(int64(i)+1))
			}
		})
	}
	all.Wait()
	if err := s.Index.Put(bodies, nil); err != nil {
		b.Fatal(err)
	}
	s.Index.Tidy()
	s.Searchable()
	return s
}

func made(b *testing.B, l *search.Layout, from searchtest.Listing) []byte {
	src := search.Source{Offering: from.Offering, Version: from.Version, Vendor: search.Vendor(from.Vendor), Stamp: 1}
	for _, u := range from.Users {
		src.Users = append(src.Users, search.User(u))
	}
	body, err := l.Body(l.Document(&src))
	if err != nil {
		b.Error(err)
	}
	return body
}

// questions are addresses of the catalogue as people may ask: no word to three, no
// filter to four, some with a volume, some in another order, some on a later page.
func questions(s *testSite, n int) []string {
	r := rand.New(rand.NewPCG(1, 2))
	maker := searchtest.New(s.Schema, 1)
	list := make([]string, n)
	for i := range list {
		list[i] = "/en/services"
		if q := question(r, maker, s.Index.Layout()); len(q) > 0 {
			list[i] += "?" + q.Encode()
		}
	}
	return list
}

func question(r *rand.Rand, maker *searchtest.Maker, l *search.Layout) url.Values {
	q := url.Values{}
	var words []string
	for range oneOf(r, 0, 0, 0, 1, 1, 1, 2, 2, 2, 3) {
		words = append(words, maker.QueryWord(r))
	}
	if len(words) > 0 {
		q.Set(fieldWords, strings.Join(words, " "))
	}
	for range oneOf(r, 0, 0, 0, 1, 1, 1, 2, 2, 3, 4) {
		g := l.Groups[r.IntN(len(l.Groups))]
		if !g.Hidden && len(g.Values) > 1 {
			q.Add(fieldFilter+g.Key, g.Values[r.IntN(len(g.Values)-1)])
		}
	}
	switch r.IntN(10) {
	case 0:
		q.Set(fieldSort, string(search.ByUsers))
	case 1:
		q.Set(fieldSort, string(search.Newest))
	case 2, 3:
		q.Set(fieldOf, []string{"user", "pupil"}[r.IntN(2)])
		q.Set(fieldVolume, models.Whole(int64(100*(1+r.IntN(3)))).String())
		q.Set(fieldSort, string(search.ByPrice))
	}
	return q
}

func oneOf(r *rand.Rand, from ...int) int { return from[r.IntN(len(from))] }

// answered leaves out the addresses that have no such page.
func (s *testSite) answered(paths []string) map[string][]byte {
	all := s.bodies(paths...)
	for path := range all {
		if s.do("GET", path).Code != 200 {
			delete(all, path)
		}
	}
	return all
}

// BenchmarkSearchPage measures pages of results in the way of
// [BenchmarkServicePage], over 50,000 made-up services: one address again and
// again, and 2,000 different ones in turn. Anew is without the answers that the
// index keeps: each request finds an index that was just changed.
func BenchmarkSearchPage(b *testing.B) {
	if testing.Short() {
		b.Skip("makes 50,000 services first")
	}
	s := generatedSite(b, generated)
	word := searchtest.New(s.Schema, 1).QueryWord(rand.New(rand.NewPCG(3, 4)))
	for _, bb := range []struct{ name, path string }{
		{"all", "/en/services"},
		{"word", "/en/services?q=" + url.QueryEscape(word)},
		{"filters", "/en/services?f.category=education&f.data_countries=EE&f.sign_in=saml"},
		{"price", "/en/services?vol=2400&unit=pupil&max.price=20000&sort=price"},
		{"late page", "/en/services?page=" + strconv.Itoa(generated/cardsOnPage/2)},
	} {
		b.Run(bb.name, func(b *testing.B) { compareCost(b, s.handler, s.answered([]string{bb.path}), "") })
	}
	bodies := s.answered(questions(s, 2000))
	anew := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.Index.SetSynonyms(nil)
		s.handler.ServeHTTP(w, r)
	})
	b.Run("2000 addresses", func(b *testing.B) { compareCost(b, s.handler, bodies, "") })
	b.Run("2000 addresses anew", func(b *testing.B) { compareCost(b, anew, bodies, "") })
}
