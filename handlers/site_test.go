package handlers

import (
	"html"
	"io"
	"io/fs"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"github.com/gin-gonic/gin"

	"pilveturg/db"
	"pilveturg/db/dbtest"
	"pilveturg/models"
	"pilveturg/models/access"
	"pilveturg/models/catalogue"
	"pilveturg/models/identity"
	"pilveturg/models/market"
	"pilveturg/models/pricing"
	"pilveturg/models/search"
	"pilveturg/views"
	"pilveturg/views/locale"
)

var admin = models.Actor{Program: "test", Roles: []models.Role{models.Administrator}}

// testSite is a site over a small catalogue of its own. The ids of what is in it
// are 1, 2, 3 … in the order of testBodies and testListings.
type testSite struct {
	*Site
	t       testing.TB
	handler http.Handler
}

// newSite returns a site with one ministry, one agency, two vendors and five
// services: a priced one with three versions, one closed with a successor, one
// withdrawn, one in Estonian only and one that nobody has claimed.
func newSite(t testing.TB) *testSite {
	t.Helper()
	s := emptySite(t)
	s.write(func(tx *db.Tx) error {
		for _, o := range testBodies() {
			if _, _, err := identity.Put(t.Context(), tx, &o); err != nil {
				return err
			}
		}
		for _, l := range testListings(t) {
			if _, err := catalogue.Put(t.Context(), tx, &l, 0); err != nil {
				return err
			}
		}
		return nil
	})
	s.follow()
	return s
}

// follow makes the index hold what the database does.
func (s *testSite) follow() {
	s.t.Helper()
	if _, err := search.Refresh(s.t.Context(), s.DB, s.Index.Layout()); err != nil {
		s.t.Fatal(err)
	}
	if _, err := s.Index.Load(s.t.Context(), s.DB); err != nil {
		s.t.Fatal(err)
	}
	if err := s.Index.LoadSynonyms(s.t.Context(), s.DB); err != nil {
		s.t.Fatal(err)
	}
	s.Searchable()
}

// sharedViews are read once: no test changes them.
var sharedViews = sync.OnceValues(func() (map[string]*views.Views, error) { return views.Load(views.Files, views.Site{}) })

// emptySite returns a site without organisations and services.
func emptySite(t testing.TB) *testSite {
	t.Helper()
	gin.SetMode(gin.ReleaseMode) // which is silent
	all, err := sharedViews()
	if err != nil {
		t.Fatal(err)
	}
	d, schema := dbtest.New(t), loadSchema(t)
	index, err := search.New(search.NewLayout(schema), models.DateOf(d.Now()))
	if err != nil {
		t.Fatal(err)
	}
	seal, err := access.NewSeal([]byte(strings.Repeat("s", 32)))
	if err != nil {
		t.Fatal(err)
	}
	files, err := fs.Sub(db.Files, "market")
	if err != nil {
		t.Fatal(err)
	}
	markets, err := market.LoadMarkets(files, schema)
	if err != nil {
		t.Fatal(err)
	}
	counter, err := market.NewCounter(d, letterKey, files)
	if err != nil {
		t.Fatal(err)
	}
	s := NewSite(Options{DB: d, Schema: schema, Declaration: loadDeclaration(t), Market: counter, Markets: markets, Index: index, Templates: loadTemplates(t, schema), Views: all, Langs: locale.Tags(), Demo: true,
		Log: slog.New(slog.NewTextHandler(io.Discard, nil)), Key: []byte(strings.Repeat("k", 32)), OneClick: true, LetterKey: letterKey,
		Hasher: access.NewHasher(access.Cost{Passes: 1, Memory: 64, Threads: 1}, 4), Seal: seal})
	s.Searchable()
	return &testSite{s, t, s.Handler()}
}

func (s *testSite) write(f func(*db.Tx) error) {
	s.t.Helper()
	dbtest.Write(s.t, s.DB, admin, f)
}

// do asks for an address, as a browser would that sends these headers: name,
// value, name, value …
func (s *testSite) do(method, address string, headers ...string) *httptest.ResponseRecorder {
	s.t.Helper()
	r := httptest.NewRequest(method, address, nil)
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	w := httptest.NewRecorder()
	s.handler.ServeHTTP(w, r)
	return w
}

// want asks for an address and complains unless the answer has the status and
// holds the texts; a text that begins with "!" must not be there. Texts with "<"
// are markup, others words as a reader sees them. It returns the body.
func (s *testSite) want(method, address string, code int, texts ...string) string {
	s.t.Helper()
	w := s.do(method, address)
	body := w.Body.String()
	if w.Code != code {
		s.t.Errorf("%s %s: status %d, want %d (to %q)", method, address, w.Code, code, w.Header().Get("Location"))
	}
	for _, text := range texts {
		text, absent := strings.CutPrefix(text, "!")
		found := strings.Contains(body, text)
		if !found && !strings.Contains(text, "<") {
			found = strings.Contains(strings.ReplaceAll(html.UnescapeString(body), "\u00a0", " "), text)
		}
		if found == absent {
			s.t.Errorf("%s %s: is %q there? %t", method, address, text, found)
		}
	}
	return body
}

// wantTo asks for an address and complains unless the answer sends the browser to
// another one.
func (s *testSite) wantTo(address string, code int, to string) {
	s.t.Helper()
	w := s.do("GET", address)
	if got := w.Header().Get("Location"); w.Code != code || got != to {
		s.t.Errorf("GET %s: status %d to %q, want %d to %q", address, w.Code, got, code, to)
	}
}

func testKey(code string) models.Key { return models.Key{Scheme: "demo", Code: code} }

func testBodies() []identity.Organisation {
	return []identity.Organisation{
		{Key: testKey("m"), Kind: identity.Ministry, Country: "EE", Invented: true,
			Names: models.Text{"en": "Ministry of Learning", "et": "Õppeministeerium"}},
		{Key: testKey("a"), Kind: identity.Agency, Parent: testKey("m"), Country: "EE", Size: 2100, SizeUnit: "pupil", Invented: true,
			Names: models.Text{"en": "Lakeside Schools Board", "et": "Järveääre Koolivalitsus"}, About: models.Text{"et": "Peab *koole*."}},
		{Key: models.Key{Scheme: "ee-reg", Code: "00000012"}, Kind: identity.Vendor, Country: "EE", Invented: true,
			Names: models.Text{"et": "Tahvel Näidis OÜ"}, Website: "https://tahvel.example/", Markets: []string{"EE", "FI"}},
		{Key: models.Key{Scheme: "fedramp-csp", Code: "acme"}, Kind: identity.Vendor, Names: models.Text{"en": "Acme Cloud, Inc."}},
	}
}

func testListings(t testing.TB) []catalogue.Listing {
	day := models.NewDate(2025, 9, 1)
	tahvel, acme := testBodies()[2].Key, testBodies()[3].Key
	use := catalogue.Use{Organisation: testKey("a"), Phase: catalogue.InUse, Since: day, Quantity: 2100, Unit: "pupil",
		Source: catalogue.Source{Title: "Annual report", URL: "https://a.example/report"}}
	planned, ended := use, use
	planned.Organisation, planned.Phase, planned.Quantity, planned.Unit = testKey("m"), catalogue.Planned, 0, ""
	ended.Phase, ended.Until = catalogue.Ended, models.NewDate(2026, 2, 1)
	return []catalogue.Listing{
		{Key: testKey("journal"), Vendor: tahvel, Invented: true, Uses: []catalogue.Use{use, planned}, Versions: []catalogue.Version{
			testJournal(t, "0.40", models.NewDate(2025, 1, 10)), testJournal(t, "0.42", models.NewDate(2025, 8, 10)), testJournal(t, "0.45", models.NewDate(2026, 1, 10))}},
		{Key: testKey("sdk"), Vendor: tahvel, Invented: true, Life: catalogue.Closed, LifeSince: day, Successor: testKey("journal"),
			Reason: models.Text{"en": "The kit is no longer developed.", "et": "Komplekti enam ei arendata."}, Uses: []catalogue.Use{ended},
			Versions: []catalogue.Version{testVersion("base-maps", "en", "Old maps kit", "Maps for apps.")}},
		{Key: testKey("gone"), Vendor: tahvel, Invented: true, Life: catalogue.Withdrawn, LifeSince: day, Successor: testKey("journal"),
			Reason:   models.Text{"en": "The vendor stopped.", "et": "Pakkuja lõpetas."},
			Versions: []catalogue.Version{testVersion("school-journals", "en", "Kiosk guide", "Signs in halls.")}},
		{Key: testKey("canteen"), Vendor: tahvel, Invented: true,
			Versions: []catalogue.Version{testVersion("school-meals", "et", "Õpilaste söökla", "Menüüd ja söömine.")}},
		{Key: models.Key{Scheme: "fedramp", Code: "FR1"}, Vendor: acme, Unclaimed: true,
			Versions: []catalogue.Version{testVersion("learning-platforms", "en", "Acme Platform (Gov) & more", "Courses for everybody.")}},
	}
}

// testVersion is a version that says little.
func testVersion(category, lang, name, summary string) catalogue.Version {
	return catalogue.Version{State: catalogue.Published, Published: models.NewDate(2025, 9, 1), Content: catalogue.Content{
		Language: lang, Categories: []string{category}, Words: map[string]catalogue.Words{lang: {Name: name, Summary: summary}},
		Sources: []catalogue.Source{{Title: "Marketplace", URL: "https://market.example/", Seen: models.NewDate(2025, 8, 1)}}}}
}

// testJournal is a version of the class journal at a price a pupil and month.
func testJournal(t testing.TB, price string, day models.Date) catalogue.Version {
	t.Helper()
	number := func(s string) models.Decimal {
		d, err := models.ParseDecimal(s)
		if err != nil {
			t.Fatal(err)
		}
		return d
	}
	thousand, vat, months := models.Whole(1000), models.Whole(24), 12
	v := testVersion("school-journals", "et", "Klassipäevik", "Hinded ja puudumised.")
	v.Published, v.State = day, catalogue.Superseded
	if price == "0.45" {
		v.State = catalogue.Published
	}
	v.Words["et"] = catalogue.Words{Name: "Klassipäevik", Summary: "Hinded ja puudumised.", Description: "## Mida teeb\n\nHoiab **hindeid**."}
	v.Words["en"] = catalogue.Words{Name: "e-Journal for classes", Summary: "Marks and absences.", Description: "## What it does\n\nKeeps **marks**."}
	v.CPV, v.Contact, v.Website = []string{"48190000-6"}, "sales@tahvel.example", "https://tahvel.example/journal"
	v.Answers = []catalogue.Answer{
		{Question: "data_countries", Values: []string{"EE"}, By: catalogue.ByVendor, Proof: catalogue.Document, Source: "Contract", Since: day},
		{Question: "iso_27001", Values: []string{"C-1"}, Issuer: "Certifier", By: catalogue.ByVendor, Proof: catalogue.Document, Since: models.NewDate(2023, 1, 1), Until: models.NewDate(2026, 1, 1)},
		{Question: "exit_cost", By: catalogue.ByVendor, Proof: catalogue.Stated},
	}
	v.Plans = []pricing.Plan{{Code: "standard", Name: models.Text{"en": "Standard", "et": "Tavaline"}, Currency: "EUR", VAT: &vat,
		Terms: pricing.Terms{MinimumMonths: &months}, Payers: pricing.Payers{Who: pricing.Nobody},
		Charges: []pricing.Charge{{Code: "pupils", Name: models.Text{"en": "Pupils", "et": "Õpilased"}, Unit: "pupil", Per: pricing.PerMonth,
			Steps: []pricing.Step{{To: &thousand, Price: number(price)}, {Price: number("0.40")}}}}}}
	return v
}
