package handlers

import (
	"encoding/json"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"pilveturg/db"
	"pilveturg/models/catalogue"
)

// newDemonstration is a site with the demonstration, as somebody meets it who has
// never been there.
func newDemonstration(t *testing.T) *testSite {
	t.Helper()
	s := emptySite(t)
	s.demonstration()
	s.follow()
	return s
}

// resultsOf is the part of a page that lists what was found.
func resultsOf(page *html.Node) *html.Node {
	list := all(page, "section", func(n *html.Node) bool { return attr(n, "id") == "results" })
	if len(list) != 1 {
		return &html.Node{}
	}
	return list[0]
}

// found is the number of results that the page says.
func (v *visitor) found() int {
	v.t.Helper()
	words := read(resultsOf(v.page))
	for _, word := range strings.Fields(words) {
		if n, err := strconv.Atoi(word); err == nil {
			return n
		}
	}
	v.t.Fatalf("%s says no number of results: %.60q", v.at, words)
	return 0
}

// results are the links to the services that the page lists.
func (v *visitor) results() []*html.Node {
	var list []*html.Node
	for _, article := range all(v.page, "article", nil) {
		list = append(list, all(article, "a", nil)[0])
	}
	return list
}

// filters is the form of the catalogue.
func (v *visitor) filters() *form {
	v.t.Helper()
	return v.form("/en/services", "vol")
}

// label is what stands beside a box, without its number, and the number.
func label(box *html.Node) (name string, n int) {
	words := read(box.Parent)
	i := max(0, strings.LastIndex(words, " ("))
	n, _ = strconv.Atoi(strings.Trim(words[i:], " ()"))
	return words[:i], n
}

// categories are the boxes of categories that can be ticked.
func (f *form) categories() []*html.Node {
	return slices.DeleteFunc(slices.Clone(f.boxes), func(c *html.Node) bool { return attr(c, "name") != "f.category" })
}

func TestVisitorsFindServices(t *testing.T) {
	s := newDemonstration(t)
	t.Run("from the home page, two clicks lead to the choice of a category", func(t *testing.T) {
		v := s.visit(t, "/en/")
		v.click("Categories")
		if links := v.links("/en/categories/"); len(links) < 10 {
			t.Errorf("one click leads to %v", links)
		}
		v = s.visit(t, "/en/")
		v.click("Catalogue")
		if boxes := v.filters().categories(); len(boxes) < 10 {
			t.Errorf("the catalogue has %d categories to tick", len(boxes))
		}
	})
	t.Run("a category that can be chosen has a result", func(t *testing.T) {
		categories := s.visit(t, "/en/categories").links("/en/categories/")
		for _, address := range append(s.visit(t, "/en/").links("/en/categories/"), categories...) {
			if v := s.visit(t, address); v.code != 200 || len(v.links("/en/services/sc-")) == 0 {
				t.Errorf("%s: status %d, no service", address, v.code)
			}
		}
	})
	t.Run("the page of any result has its name and that of its vendor", func(t *testing.T) {
		v := s.visit(t, "/en/services")
		for _, article := range all(v.page, "article", nil) {
			links := all(article, "a", nil)
			name, vendor := read(links[0]), read(links[1])
			if page := s.visit(t, attr(links[0], "href")); page.code != 200 || page.heading() != name || !page.says(vendor) {
				t.Errorf("%q of %q: status %d, the page is called %q", name, vendor, page.code, page.heading())
			}
		}
	})
}

func TestVisitorsSearchByWords(t *testing.T) {
	s := newDemonstration(t)
	t.Run("a name in quotes finds its service, and the quotes stay in the box and in the sentence", func(t *testing.T) {
		names := s.visit(t, "/en/services").results()
		for _, name := range names {
			v := s.visit(t, "/en/")
			f := v.form("/en/services", "q")
			quoted := `"` + read(name) + `"`
			f.fields.Set("q", quoted)
			f.send()
			box := v.one("input", func(n *html.Node) bool { return attr(n, "name") == "q" })
			if !slices.ContainsFunc(v.results(), func(a *html.Node) bool { return read(a) == read(name) }) || attr(box, "value") != quoted ||
				!v.says("Services that contain "+quoted+".") {
				t.Errorf("%s finds %d; the box holds %q", quoted, v.found(), attr(box, "value"))
			}
		}
	})
	t.Run("a word that nobody uses finds nothing, and is said", func(t *testing.T) {
		v := s.visit(t, "/en/services")
		f := v.filters()
		f.fields.Set("q", "qqxzzyqwx")
		f.send()
		if v.code != 200 || v.found() != 0 || len(v.results()) != 0 || !v.says("Services that contain qqxzzyqwx.") {
			t.Errorf("status %d, %d found", v.code, v.found())
		}
	})
	t.Run("clearing the filters keeps the words", func(t *testing.T) {
		v := s.visit(t, "/en/services?q=school")
		before := v.found()
		v.filters().tick("f.category", "education").send()
		v.click("Clear all filters")
		if f := v.filters(); v.found() != before || len(f.ticked("f.category")) != 0 || f.fields.Get("q") != "school" {
			t.Errorf("%s: %d found, and before the filter %d", v.at, v.found(), before)
		}
	})
	t.Run("what changes with the question can be had without the page around it", func(t *testing.T) {
		v := s.visit(t, "/en/services?q=school")
		w := s.do("GET", v.at.RequestURI(), fragment, "results")
		part, err := html.Parse(w.Body)
		if err != nil || w.Header().Get("Vary") == "" {
			t.Fatal(err, w.Header())
		}
		if got, want := read(resultsOf(part)), read(resultsOf(v.page)); got != want || got == "" || len(all(part, "header", nil)) > 0 {
			t.Errorf("the part is %.200q; want %.200q", got, want)
		}
	})
}

func TestVisitorsNarrowWhatTheyFind(t *testing.T) {
	s := newDemonstration(t)
	everything := s.visit(t, "/en/services")
	t.Run("a category is said, leaves fewer than before, and as many as stood beside it", func(t *testing.T) {
		for _, box := range everything.filters().categories() {
			v := s.visit(t, "/en/services")
			name, n := label(box)
			v.filters().tick("f.category", attr(box, "value")).send()
			if v.found() != n || n == 0 || n >= everything.found() || !v.says("Services; Category: "+name+".") {
				t.Errorf("%s: %d found; %d stood beside it, of %d", name, v.found(), n, everything.found())
			}
		}
	})
	t.Run("so does every other box", func(t *testing.T) {
		for _, box := range everything.filters().boxes {
			name, value := attr(box, "name"), attr(box, "value")
			words, n := label(box)
			if name == "id" || name == "unknown" || name == "f.life" && value != "open" {
				continue // no filters, and one that adds
			}
			v := s.visit(t, "/en/services")
			f := v.filters()
			if !slices.Contains(f.ticked(name), value) {
				f.tick(name, value)
			}
			if f.send(); v.found() != n || n == 0 {
				t.Errorf("%s=%s (%s): %d found; %d stood beside it", name, value, words, v.found(), n)
			}
		}
	})
	t.Run("what is said to gain most gains as much", func(t *testing.T) {
		v := s.visit(t, "/en/services?f.category=education&f.category=maps&f.x_road_ready=yes&f.price_model=free")
		link := v.one("a", func(n *html.Node) bool { return strings.HasPrefix(read(n), "Remove “") })
		words := read(link)
		if v.open(attr(link, "href")); !strings.Contains(words, fmt.Sprintf("to see %d service", v.found())) || v.found() == 0 {
			t.Errorf("%q leads to %d services at %s", words, v.found(), v.at)
		}
	})
}

func TestFiltersStayWithVisitors(t *testing.T) {
	s := newDemonstration(t)
	everything := s.visit(t, "/en/services")
	t.Run("two filters stay ticked on page 2 and back, and as many categories are offered", func(t *testing.T) {
		v := manyWithTwo(t, s)
		asked, boxes, total := v.filters().fields, len(v.filters().categories()), v.found()
		for _, link := range []string{"Next page", "Previous page"} {
			v.click(link)
			f := v.filters()
			if f.fields.Encode() != asked.Encode() || len(f.categories()) != boxes || v.found() != total {
				t.Errorf("%s leads to %s: %v asked, %d categories; want %v, %d", link, v.at, f.fields, len(f.categories()), asked, boxes)
			}
		}
	})
	t.Run("another filter leads to page 1", func(t *testing.T) {
		v := manyWithTwo(t, s)
		v.click("Next page")
		if v.filters().send(); v.at.Query().Has("page") {
			t.Errorf("the form leads to %s", v.at)
		}
		v = manyWithTwo(t, s)
		v.click("Next page")
		v.click("Clear all filters")
		if v.at.Query().Has("page") || v.found() != everything.found() {
			t.Errorf("clearing leads to %s", v.at)
		}
	})
	t.Run("another language asks the same", func(t *testing.T) {
		v := manyWithTwo(t, s)
		total, asked := v.found(), v.at.Query()
		if v.click("Eesti keeles"); v.found() != total || v.at.Query().Encode() != asked.Encode() {
			t.Errorf("%d found in English, %d at %s", total, v.found(), v.at)
		}
	})
	t.Run("a chosen category shows those below it, and one of those stays when its parent is left", func(t *testing.T) {
		v := s.visit(t, "/en/services")
		top := len(v.filters().categories())
		v.filters().tick("f.category", "education").send()
		v.filters().tick("f.category", "school-journals").send()
		f := v.filters()
		if len(f.categories()) <= top || !slices.Equal(f.ticked("f.category"), []string{"education", "school-journals"}) {
			t.Errorf("%d categories before, %d after; ticked are %v", top, len(f.categories()), f.ticked("f.category"))
		}
		f.fields["f.category"] = []string{"school-journals"}
		if f.send(); !slices.Equal(v.filters().ticked("f.category"), []string{"school-journals"}) || v.found() == 0 {
			t.Errorf("ticked are %v", v.filters().ticked("f.category"))
		}
	})
	t.Run("a page past the last is not there", func(t *testing.T) {
		last := (everything.found() + cardsOnPage - 1) / cardsOnPage
		for page, code := range map[int]int{last: 200, last + 1: 404} {
			if v := s.visit(t, fmt.Sprintf("/en/services?page=%d", page)); v.code != code {
				t.Errorf("page %d of %d: status %d, want %d", page, last, v.code, code)
			}
		}
	})
}

// manyWithTwo ticks two boxes of different groups that leave more than a page.
func manyWithTwo(t *testing.T, s *testSite) *visitor {
	t.Helper()
	v := s.visit(t, "/en/services")
	var many []*html.Node
	for _, box := range v.filters().boxes {
		if _, n := label(box); n > cardsOnPage && strings.HasPrefix(attr(box, "name"), "f.") && attr(box, "name") != "f.life" {
			many = append(many, box)
		}
	}
	for i, one := range many {
		for _, other := range many[:i] {
			v := s.visit(t, "/en/services")
			if attr(one, "name") != attr(other, "name") {
				v.filters().tick(attr(one, "name"), attr(one, "value")).tick(attr(other, "name"), attr(other, "value")).send()
			}
			if v.found() > cardsOnPage && v.found() < s.visit(t, "/en/services").found() {
				return v
			}
		}
	}
	t.Fatal("no two filters leave more than a page")
	return nil
}

func TestVisitorsCompareServices(t *testing.T) {
	s := newDemonstration(t)
	compared := func(v *visitor) []string {
		var list []string
		for _, a := range v.links("/en/compare?") {
			if u, _ := url.Parse(a); len(u.Query()["id"]) > 0 {
				list = append(list, a)
			}
		}
		return list
	}
	tick := func(t *testing.T, n int) *visitor {
		v := s.visit(t, "/en/services")
		f := v.form("/en/compare", "id")
		for _, box := range f.boxes[:n] {
			f.tick("id", attr(box, "value"))
		}
		f.send()
		return v
	}
	names := func(v *visitor) (n int) {
		for _, th := range all(v.page, "th", func(n *html.Node) bool { return attr(n, "scope") == "col" }) {
			if len(all(th, "a", func(a *html.Node) bool { return strings.HasPrefix(attr(a, "href"), "/en/services/sc-") })) > 0 {
				n++
			}
		}
		return n
	}
	t.Run("nothing ticked leads to where services are picked", func(t *testing.T) {
		if v := tick(t, 0); v.code != 200 || names(v) != 0 || !v.says("Pick 2 to 8 services") {
			t.Errorf("status %d, %d side by side", v.code, names(v))
		}
	})
	t.Run("up to eight that are ticked stand side by side", func(t *testing.T) {
		for n := 2; n <= mostCompared; n++ {
			if v := tick(t, n); v.code != 200 || names(v) != n {
				t.Errorf("%d ticked: status %d, %d side by side", n, v.code, names(v))
			}
		}
	})
	t.Run("of more the first eight do, and the others are named", func(t *testing.T) {
		ninth := attr(s.visit(t, "/en/services").form("/en/compare", "id").boxes[mostCompared], "value")
		if v := tick(t, mostCompared+1); names(v) != mostCompared || !v.says(strings.ToUpper(ninth)) {
			t.Errorf("%d side by side, or nothing said of %s", names(v), ninth)
		}
	})
	t.Run("each can be taken out, until there is nothing to compare", func(t *testing.T) {
		v := tick(t, 4)
		for n := 3; n >= 2; n-- {
			if v.open(compared(v)[0]); names(v) != n {
				t.Fatalf("%s: %d side by side; want %d", v.at, names(v), n)
			}
		}
		if v.open(compared(v)[0]); v.code != 200 || names(v) != 0 || len(v.at.Query()["id"]) != 1 {
			t.Errorf("%s: status %d", v.at, v.code)
		}
	})
}

func TestVisitorsAreToldWhatTheyMayMean(t *testing.T) {
	s := newDemonstration(t)
	s.write(func(tx *db.Tx) error {
		v := testVersion("maps", "en", "Zebrawort draft", "Nobody sees it yet.")
		v.State = catalogue.Draft
		l := catalogue.Listing{Key: testKey("draft"), Vendor: testKey("ekool"), Versions: []catalogue.Version{v}}
		if err := tx.Get(t.Context(), &l.Vendor, `SELECT g.scheme, g.code FROM organisations g JOIN offerings o ON o.vendor_id = g.id ORDER BY o.id LIMIT 1`); err != nil {
			return err
		}
		_, err := catalogue.Put(t.Context(), tx, &l, 0)
		return err
	})
	s.follow()
	from := attr(s.visit(t, "/en/services").one("datalist", nil), "data-from")
	typed := func(t *testing.T, words string) []suggestion {
		var got struct{ Suggestions []suggestion }
		if err := json.Unmarshal(s.do("GET", from+"?q="+url.QueryEscape(words)).Body.Bytes(), &got); err != nil {
			t.Fatal(err)
		}
		return got.Suggestions
	}
	t.Run("a name suggests its service from the first letter on, unless others go before it", func(t *testing.T) {
		for _, a := range s.visit(t, "/en/services").results() {
			letters := []rune(read(a))
			for n := 1; n <= len(letters); n++ {
				list := slices.DeleteFunc(typed(t, string(letters[:n])), func(g suggestion) bool { return g.Kind != "service" })
				there := slices.ContainsFunc(list, func(g suggestion) bool { return g.URL == attr(a, "href") && g.Text == read(a) })
				if !there && (n == len(letters) || len(list) < suggested) {
					t.Errorf("%q does not suggest %q but %v", string(letters[:n]), read(a), list)
				}
			}
		}
	})
	t.Run("whatever is suggested is there, and is called so", func(t *testing.T) {
		kinds := map[string]int{}
		for first := 'a'; first <= 'z'; first++ {
			for _, g := range append(typed(t, string(first)), typed(t, string(first)+"a")...) {
				kinds[g.Kind]++
				if v := s.visit(t, g.URL); v.code != 200 || v.heading() != g.Text || !v.says(g.Note) {
					t.Errorf("%+v leads to %q, status %d", g, v.heading(), v.code)
				}
			}
		}
		if kinds["service"] < 20 || kinds["vendor"] < 5 || kinds["category"] < 5 {
			t.Errorf("only these were suggested: %v", kinds)
		}
	})
	t.Run("a draft is neither suggested nor found", func(t *testing.T) {
		if list := typed(t, "zebrawort"); len(list) > 0 || s.visit(t, "/en/services?q=zebrawort").found() > 0 {
			t.Errorf("suggested are %v", list)
		}
	})
}

func TestAddressesBehave(t *testing.T) {
	s := newDemonstration(t)
	for _, tt := range []struct {
		name, address string
		code          int
		to            string
	}{
		{"a slash at the end is taken away", "/en/services/", 301, "/en/services"},
		{"and the question stays", "/en/services/?q=school&f.category=education", 301, "/en/services?q=school&f.category=education"},
		{"the start has one", "/en", 301, "/en/"},
		{"a service by its number has one address", "/en/services/sc-1/", 301, "/en/services/sc-1"},
		{"steps upwards lead nowhere", "/en/../en/services", 404, ""},
		{"nor do hidden ones", "/en/services/%2e%2e/%2e%2e/etc/passwd", 404, ""},
		{"nor do those below the assets", "/assets/..%2f..%2fgo.mod", 404, ""},
		{"two slashes are no address", "/en//services", 404, ""},
		{"nor is another site", "//elsewhere.example/en/services/", 404, ""},
		{"the small picture is there", "/favicon.ico", 200, ""},
		{"the program lives", "/healthz", 200, ""},
		{"and can be asked", "/readyz", 200, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			sub := *s
			sub.t = t
			sub.wantTo(tt.address, tt.code, tt.to)
		})
	}
}
