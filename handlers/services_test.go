package handlers

import (
	"encoding/csv"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"testing"

	"pilveturg/db"
	"pilveturg/models"
	"pilveturg/models/catalogue"
)

func TestTheCatalogueShowsWhatIsAskedFor(t *testing.T) {
	s := newSite(t)
	for _, tt := range []struct {
		name, address string
		code          int
		texts         []string
	}{
		{"without a question all that take new customers are shown", "/en/services", 200, []string{"3 services found", "e-Journal for classes",
			"Used by 1 organisation", "from €0.45 per pupil a month", "Unclaimed", "Invented", "Only in Estonian", "price not known",
			"!Kiosk guide", "!Old maps kit", `<link rel="canonical" href="http://example.com/en/services">`, "!noindex", "!Chosen filters"}},
		{"those that take no new customers are counted and can be shown", "/en/services", 200, []string{"1 more fits but takes no new customers.", "Show them too"}},
		{"and are shown then, with a tag", "/en/services?f.life=open&f.life=closed", 200, []string{"4 services found", "Old maps kit", "Closed to new customers", "noindex"}},
		{"when nothing else fits they are shown at once, and it is said", "/en/services?q=old+maps+kit", 200, []string{"1 service found",
			"Nothing that takes new customers fits.", "Closed to new customers"}},
		{"the catalogue in Estonian", "/et/services", 200, []string{"Leiti 3 teenust", "Klassipäevik", "alates 0,45 € õpilase kohta kuus", "Teenusepakkuja kinnitamata", "Ainult inglise keeles", "!Show results"}},
		{"words are marked, said and not for search engines", "/en/services?q=journal", 200, []string{"1 service found", "Services that contain <strong>journal</strong>.",
			"e-<mark>Journal</mark> for classes", "<title>journal – Catalogue – Pilveturg</title>", "noindex", `name="q" value="journal"`}},
		{"words of another language find as well", "/en/services?q=klassipaevik", 200, []string{"1 service found", "e-Journal"}},
		{"a number finds", "/en/services?q=SC-5", 200, []string{"Acme Platform (Gov) &amp; more"}},
		{"markup in a query is text", "/en/services?q=%3Cscript%3Ealert(1)%3C/script%3E", 200, []string{"!<script>alert", "&lt;script&gt;alert(1)&lt;/script&gt;"}},
		{"markup in a filter is text", "/en/services?f.sign_in=%3Cb%3E", 200, []string{"!Sign-in: <b>", "Sign-in: <strong>&lt;b&gt;"}},
		{"a filter is said, can be taken away, and clearing keeps the words", "/en/services?q=journal&f.category=education", 200, []string{
			"; Category: <strong>Education</strong>", `href="/en/services?q=journal"><span class="vh">Remove filter </span>Category: Education`,
			`<a href="/en/services?q=journal">Clear all filters</a>`, `value="education" checked`}},
		{"values of a group are joined by the word for how they work together", "/en/services?f.category=education&f.category=maps", 200,
			[]string{"Category: <strong>Education</strong> or <strong>Maps", "Shown are services that have any one of the chosen."}},
		{"a filter shows what choosing it would leave", "/en/services", 200, []string{`value="education"><span>Education <small>(3)</small>`}},
		{"what the search chooses by itself is not ticked", "/en/services", 200, []string{`value="open"><span>Open`, `!value="open" checked`}},
		{"what would leave nothing cannot be chosen", "/en/services", 200, []string{`value="free" disabled`}},
		{"a chosen category shows those below it", "/en/services?f.category=education", 200, []string{`<label class="check in1"><input type="checkbox" name="f.category" value="school-journals"`}},
		{"more than one filter is not for search engines", "/en/services?f.category=education&f.price_model=per_unit", 200, []string{"noindex"}},
		{"one filter is", "/en/services?f.category=education", 200, []string{"!noindex", `href="http://example.com/en/services?f.category=education"`}},
		{"a year is priced for the volume", "/en/services?vol=1000&unit=pupil", 200, []string{"<strong>€5,400.00</strong><br>a year for 1,000\u00a0pupils, without VAT",
			"not worked out for 1,000 pupils alone", `name="n.pupil" value="1000"`}},
		{"of a unit alone the usual quantity is taken and shown", "/en/services?unit=pupil", 200, []string{`name="vol" value="1000"`, "€5,400.00"}},
		{"the price narrows for the volume", "/en/services?vol=1000&unit=pupil&max.price=5000", 200, []string{"0 services found",
			"price a year for 1,000\u00a0pupils: <strong>at most €5,000</strong>", "Remove “Yearly price” to see 3 services"}},
		{"unknown prices can be let in", "/en/services?vol=1000&unit=pupil&max.price=5000&unknown=price", 200, []string{"2 services found", "at most €5,000 or unknown"}},
		{"a price without a volume says what is missing and keeps what was typed", "/en/services?max.price=5000", 200, []string{"<title>Error: ",
			"Choose for what and how much the yearly price is wanted", `name="max.price" value="5000"`, "3 services found"}},
		{"sorting by price needs a volume", "/en/services?sort=price", 200, []string{"Choose for what and how much", `value="price" selected`}},
		{"a number that is none stays and is explained", "/en/services?max.notice_days=soon", 200, []string{"<title>Error: ", `name="max.notice_days" value="soon"`,
			`aria-invalid="true"`, `href="#s-max-notice_days"`, "3 services found"}},
		{"a lower bound above the upper one is explained", "/en/services?min.minimum_term=20&max.minimum_term=10", 200, []string{"Enter no less than the lower bound"}},
		{"a volume without a unit asks for it", "/en/services?vol=10", 200, []string{"Choose what the number counts", `name="vol" value="10"`}},
		{"a range is said in its unit", "/en/services?max.minimum_term=12", 200, []string{"1 service found", "Minimum term: <strong>at most 12\u00a0months</strong>"}},
		{"unknown filters are left out and said", "/en/services?colour=red&f.shape=round", 200, []string{"Left out, because no filter is called so: colour, f.shape", "3 services found"}},
		{"an order that is none is left out and said", "/en/services?sort=name", 200, []string{"sort=name"}},
		{"a misspelt word is corrected and said", "/en/services?q=jurnal", 200, []string{"Nothing contains “jurnal”; “journal” was looked for instead.", "e-<mark>Journal</mark>"}},
		{"when no service has all words the search is widened and says so", "/en/services?q=journal+zebraplanet", 200, []string{"No service has all of the words.", "1 service found"}},
		{"nothing found names the filter whose removal gains most", "/en/services?q=journal&f.category=maps", 200, []string{"0 services found",
			`<a href="/en/services?q=journal">Remove “Category: Maps`, "to see 1 service"}},
		{"a vendor narrows by name", "/en/services?vendor=v-4", 200, []string{"1 service found", "Vendor: <strong>Acme Cloud, Inc.</strong>", `value="v-4" checked`}},
		{"results can be ticked and compared without script", "/en/services", 200, []string{`<input type="checkbox" form="ticks" name="id" value="sc-1">`,
			`<form id="ticks" method="get" action="/en/compare">`, "Compare ticked services"}},
		{"there is a way around the filters", "/en/services", 200, []string{`<a href="#results">Skip to results</a>`, `<section id="results"`}},
		{"a query of spaces is none", "/en/services?q=++", 200, []string{"3 services found", "!noindex"}},
		{"a page past the last is not there", "/en/services?page=2", 404, nil},
		{"nor is page 0", "/en/services?page=0", 404, nil},
		{"nor a page that is no number", "/en/services?page=x", 404, nil},
		{"nor one that no number is for", "/en/services?page=99999999999999999999", 404, nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			sub := *s
			sub.t = t
			sub.want("GET", tt.address, tt.code, tt.texts...)
		})
	}
}

func TestAnyQueryStringIsSafe(t *testing.T) {
	s := newSite(t)
	many := url.Values{}
	for i := range 1000 {
		many.Add("f.sign_in", fmt.Sprint("x", i))
	}
	for _, tt := range []struct{ name, query, text string }{
		{"ten thousand words", "q=" + strings.Repeat("journal+", 10_000), "words were looked for"},
		{"quotes that are never closed", `q="journal`, "1 service found"},
		{"control characters", "q=%01%02journal", "1 service found"},
		{"NUL", "q=%00journal&f.sign_in=%00", ""},
		{"bytes that are no UTF-8", "q=%ff&f.%ff=%ff&vendor=%ff&vol=%ff&unit=%ff", ""},
		{"a thousand filters", many.Encode(), "Too many filters: 900 of them were left out."},
		{"operators alone", "q=OR+-+%22%22+*", ""},
		{"what cannot be decoded", "q=%zz&vol=%", ""},
		{"numbers out of range", "vol=99999999999999999999999999&unit=pupil&max.price=1e9&min.exit_cost=-1", "There is a problem"},
		{"a vendor that is none", "vendor=acme", "vendor=acme"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			sub := *s
			sub.t = t
			for _, ending := range []string{"", ".json", ".csv", ".xlsx", ".atom"} {
				w := sub.do("GET", "/en/services"+ending+"?"+strings.ReplaceAll(tt.query, `"`, "%22"))
				if w.Code != 200 {
					t.Errorf("%s: status %d", ending, w.Code)
				}
				if ending == "" && !strings.Contains(w.Body.String(), tt.text) {
					t.Errorf("the page does not say %q", tt.text)
				}
			}
		})
	}
}

// FuzzAddress: whatever stands in an address, there is a page, and the address that
// it is best known by leads to the same results.
func FuzzAddress(f *testing.F) {
	f.Add("q=journal&f.category=education&max.price=5000,5&vol=1000&unit=pupil&sort=price&unknown=price")
	f.Add("vendor=v-4&f.life=closed&min.minimum_term=1 000&page=1")
	s := newSite(f)
	f.Fuzz(func(t *testing.T, query string) {
		typed, err := url.ParseQuery(query)
		if err != nil {
			return
		}
		a := s.ask("en", typed)
		res := s.Index.Search(a.req)
		a.page(res, slice{Page: models.Page{Number: 1, Size: cardsOnPage}, Total: res.Total, Pages: 1})
		again := s.ask("en", a.kept)
		if n := s.Index.Search(again.req).Total; n != res.Total && len(a.wrong) == 0 && res.Query.Dropped == 0 && len(a.req.Text) < 1000 {
			t.Errorf("%q finds %d; what is kept of it, %q, %d", query, res.Total, a.kept.Encode(), n)
		}
	})
}

func TestAPartIsSentWithoutThePage(t *testing.T) {
	s := newSite(t)
	w := s.do("GET", "/en/services?q=journal", "X-Fragment", "results")
	body := w.Body.String()
	if strings.Contains(body, "<header") || !strings.Contains(body, `<section id="results"`) || !strings.Contains(body, `<div id="facets">`) ||
		!strings.Contains(body, "<title>journal – Catalogue – Pilveturg</title>") {
		t.Errorf("the part is %.300s", body)
	}
	if vary := w.Header().Get("Vary"); !strings.Contains(vary, "X-Fragment") {
		t.Errorf("the part varies by %q", vary)
	}
	if vary := s.do("GET", "/en/services").Header().Get("Vary"); !strings.Contains(vary, "X-Fragment") {
		t.Errorf("the page varies by %q", vary)
	}
}

func TestResultsAreReadByMachines(t *testing.T) {
	s := newSite(t)
	var got foundJSON
	w := s.do("GET", "/en/services.json?q=journal&vol=1000&unit=pupil&f.category=education")
	if err := json.Unmarshal(w.Body.Bytes(), &got); err != nil {
		t.Fatal(err)
	}
	if got.Total != 1 || got.Page != 1 || got.PerPage != 30 || got.Sentence != "Services that contain journal; Category: Education." || len(got.Results) != 1 {
		t.Fatalf("found %+v", got)
	}
	if r := got.Results[0]; r.ID != "sc-1" || r.Vendor != "Tahvel Näidis OÜ" || r.YearlyPrice == nil || *r.YearlyPrice != (priceJSON{Amount: "5400", Currency: "EUR"}) {
		t.Errorf("the result is %+v, its price %+v", r, r.YearlyPrice)
	}
	if f := got.Facets[0]; f.Key != "category" || f.Label != "Category" || len(f.Values) < 10 || f.Values[0] != (valueJSON{"education", "Education", 1, true}) {
		t.Errorf("the first filter is %+v", f)
	}
	if err := json.Unmarshal([]byte(s.want("GET", "/en/services.json?max.notice_days=soon&vol=x&unit=pupil&shape=round", 200)), &got); err != nil {
		t.Fatal(err)
	}
	if len(got.Errors) != 2 || got.Errors[0].Field != "vol" || got.Errors[1].Field != "max.notice_days" || !slices.Equal(got.Ignored, []string{"shape"}) {
		t.Errorf("what is wrong is told as %+v, what is ignored as %q", got.Errors, got.Ignored)
	}
	var feed atomFeed
	if err := xml.Unmarshal(s.do("GET", "/et/services.atom?q=klassipäevik").Body.Bytes(), &feed); err != nil {
		t.Fatal(err)
	}
	if len(feed.Entries) != 1 || feed.Entries[0].Title != "Klassipäevik" || feed.Updated != "2026-01-10T00:00:00Z" {
		t.Errorf("the feed is %+v", feed)
	}
}

func TestTablesDoNoHarm(t *testing.T) {
	s := newSite(t)
	s.write(func(tx *db.Tx) error {
		l := catalogue.Listing{Key: testKey("formula"), Vendor: testBodies()[2].Key, Versions: []catalogue.Version{testVersion("forms", "en", `=HYPERLINK("x")`, "a, \"b\"\nc")}}
		_, err := catalogue.Put(t.Context(), tx, &l, 0)
		return err
	})
	s.follow()
	w := s.do("GET", "/en/services.csv?q=hyperlink")
	body, bom := strings.CutPrefix(w.Body.String(), "\uFEFF")
	rows, err := csv.NewReader(strings.NewReader(body)).ReadAll()
	if err != nil || !bom || len(rows) != 2 {
		t.Fatalf("%d rows, with a mark of its encoding %t, %v", len(rows), bom, err)
	}
	if rows[1][1] != `'=HYPERLINK("x")` || rows[0][1] != "Name" || !strings.Contains(body, "\r\n") {
		t.Errorf("the table is %q", rows)
	}
}

func TestWorkbooksHoldTheSameResults(t *testing.T) {
	s := newSite(t)
	b := readBook(t, s.do("GET", "/en/services.xlsx?q=journal&vol=1000&unit=pupil").Body.Bytes())
	if b.Pane.Rows != 1 || b.Pane.Columns != 0 || b.Pane.State != "frozen" || b.Pane.First != "A2" || b.Name != "Catalogue" {
		t.Errorf("the sheet %q is frozen as %+v", b.Name, b.Pane)
	}
	if len(b.Rows) != 2 || len(b.Widths) != len(b.Rows[0].Cells) {
		t.Fatalf("%d rows, %d columns with a width", len(b.Rows), len(b.Widths))
	}
	for name, want := range map[string]string{"Name": "e-Journal for classes", "Yearly price without": "5400 as #4", "Published": "46032 as #14", "Organisations": "1 as #0"} {
		i := slices.IndexFunc(b.Rows[0].Cells, func(c bookCell) bool { return strings.HasPrefix(c.Text, name) })
		if i < 0 {
			t.Errorf("no column %q in %v", name, b.Rows[0])
		} else if got := b.said(b.Rows[1].Cells[i]); got != want {
			t.Errorf("%s: %s, want %s", name, got, want)
		}
	}
}

func TestWhatIsTypedIsCompletedByTheSearch(t *testing.T) {
	s := newSite(t)
	for _, tt := range []struct{ name, typed, want string }{
		{"services by the beginning of a word", "jour", "e-Journal for classes"},
		{"vendors", "acm", "/en/vendors/v-4-acme-cloud-inc"},
		{"categories", "school j", "/en/categories/school-journals"},
		{"nothing for nothing", "", `"suggestions":[]`},
	} {
		sub := *s
		sub.t = t
		sub.want("GET", "/en/services/suggest?q="+url.QueryEscape(tt.typed), 200, tt.want)
	}
}

func TestASiteWithoutItsIndexIsNotReady(t *testing.T) {
	s := newSite(t)
	s.indexed.Store(false)
	for _, address := range []string{"/readyz", "/en/services", "/en/services.json", "/en/services/suggest?q=a"} {
		s.want("GET", address, 503)
	}
	s.want("GET", "/en/", 200)
	s.want("GET", "/healthz", 200)
}
