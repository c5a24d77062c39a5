package handlers

import (
	"cmp"
	"encoding/csv"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"math/big"
	"slices"
	"strings"
	"testing"
)

// pages are the results of all pages of a search, as JSON gives them.
func (s *testSite) pages(t *testing.T, query string) (list []hitJSON) {
	t.Helper()
	for page := 1; ; page++ {
		var found foundJSON
		w := s.do("GET", fmt.Sprintf("/en/services.json?%s&page=%d", query, page))
		if err := json.Unmarshal(w.Body.Bytes(), &found); err != nil || w.Code != 200 {
			t.Fatalf("%s, page %d: status %d, %v", query, page, w.Code, err)
		}
		list = append(list, found.Results...)
		if len(list) >= found.Total || len(found.Results) == 0 {
			if len(list) != found.Total {
				t.Errorf("%s: the pages hold %d results; %d are said", query, len(list), found.Total)
			}
			return list
		}
	}
}

func numbersOf(list []hitJSON) []string {
	ids := make([]string, len(list))
	for i, r := range list {
		ids[i] = r.ID
	}
	return ids
}

// The pages together hold each result once, and the other forms hold the same in
// the same order.
func TestAllFormsHoldTheSameResults(t *testing.T) {
	s := newDemonstration(t)
	for _, query := range []string{"", "q=kool+OR+map+OR+pilv", "f.price_model=per_unit&sort=users", "sort=newest", "vol=500&unit=pupil&sort=price",
		"vol=20&unit=user&max.price=9000&unknown=price&sort=price", "q=andmed&f.life=open&f.life=closed", "q=qqxzzyqwx"} {
		list := numbersOf(s.pages(t, query))
		if once := slices.Compact(slices.Sorted(slices.Values(list))); len(once) != len(list) {
			t.Errorf("%s: some results are on two pages: %v", query, list)
		}
		rows, err := csv.NewReader(strings.NewReader(s.do("GET", "/en/services.csv?"+query).Body.String())).ReadAll()
		if err != nil {
			t.Fatal(err)
		}
		var table []string
		for _, row := range rows[1:] {
			table = append(table, row[0])
		}
		if !slices.Equal(table, list) {
			t.Errorf("%s: the table holds %v; the pages %v", query, table, list)
		}
		var feed atomFeed
		if err := xml.Unmarshal(s.do("GET", "/en/services.atom?"+query).Body.Bytes(), &feed); err != nil {
			t.Fatal(err)
		}
		newest := s.pages(t, strings.ReplaceAll(strings.ReplaceAll(query, "sort=price", ""), "sort=users", "")+"&sort=newest")
		for i, e := range feed.Entries {
			if at, _, _ := strings.Cut(e.ID, "#"); at != newest[i].URL {
				t.Errorf("%s: entry %d is %s; want %s", query, i, e.ID, newest[i].URL)
			}
		}
		if len(feed.Entries) != min(len(list), cardsOnPage) {
			t.Errorf("%s: the feed has %d entries; %d are found", query, len(feed.Entries), len(list))
		}
	}
}

func TestResultsStandInTheOrderAskedFor(t *testing.T) {
	s := newDemonstration(t)
	price := func(r hitJSON) *big.Rat {
		if r.YearlyPrice == nil || r.YearlyPrice.Currency != "EUR" {
			return big.NewRat(1<<60, 1) // behind all others
		}
		n, ok := new(big.Rat).SetString(r.YearlyPrice.Amount)
		if !ok {
			t.Fatalf("the amount is %q", r.YearlyPrice.Amount)
		}
		return n
	}
	for query, order := range map[string]func(a, b hitJSON) int{
		"sort=users":                           func(a, b hitJSON) int { return b.Users - a.Users },
		"sort=newest":                          func(a, b hitJSON) int { return cmp.Compare(b.Published, a.Published) },
		"sort=price&vol=800&unit=pupil":        func(a, b hitJSON) int { return price(a).Cmp(price(b)) },
		"sort=price&vol=30&unit=user":          func(a, b hitJSON) int { return price(a).Cmp(price(b)) },
		"sort=price&vol=4&unit=school":         func(a, b hitJSON) int { return price(a).Cmp(price(b)) },
		"sort=users&q=kool+OR+map+OR+pilv":     func(a, b hitJSON) int { return b.Users - a.Users },
		"sort=price&vol=5000&unit=call&q=data": func(a, b hitJSON) int { return price(a).Cmp(price(b)) },
	} {
		if list := s.pages(t, query); len(list) < 2 || !slices.IsSortedFunc(list, order) {
			t.Errorf("%s: %d results are in another order: %v", query, len(list), numbersOf(list))
		}
	}
}
