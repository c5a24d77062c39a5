package handlers

import (
	"encoding/json"
	"net/http"
	"reflect"
	"strconv"
	"strings"
	"testing"

	"pilveturg/db"
	"pilveturg/models"
	"pilveturg/models/catalogue"
	"pilveturg/models/identity"
)

const journalPath = "/services/sc-1-e-journal-for-classes"

// put adds a listing to the site, or changes it.
func (s *testSite) put(l catalogue.Listing) (id int64) {
	s.t.Helper()
	s.write(func(tx *db.Tx) error {
		done, err := catalogue.Put(s.t.Context(), tx, &l, 0)
		id = done.ID
		return err
	})
	return id
}

// listing is a service of the first vendor with one version.
func (s *testSite) listing(code string, edit func(*catalogue.Listing, *catalogue.Version)) catalogue.Listing {
	l := catalogue.Listing{Key: testKey(code), Slug: code, Vendor: testBodies()[2].Key,
		Versions: []catalogue.Version{testJournal(s.t, "0.45", models.NewDate(2026, 1, 10))}}
	edit(&l, &l.Versions[0])
	return l
}

func TestAServiceIsFoundByItsNumber(t *testing.T) {
	s := newSite(t)
	s.put(s.listing("draft", func(_ *catalogue.Listing, v *catalogue.Version) { v.State = catalogue.Draft }))
	for _, tt := range []struct{ name, address, to string }{
		{"with other words it has moved", "/en/services/sc-1-old-name", "/en" + journalPath},
		{"without words too", "/et/services/sc-1", "/et" + journalPath},
		{"capitals are the same number", "/en/services/SC-1-e-journal-for-classes", "/en" + journalPath},
		{"the query goes along", "/en/services/sc-1?n.pupil=5&x=%C3%B5", "/en" + journalPath + "?n.pupil=5&x=%C3%B5"},
		{"so does the data", "/en/services/sc-1.json?a=b", "/en" + journalPath + ".json?a=b"},
		{"so does the price", "/en/services/sc-1-x/price?n.pupil=5", "/en" + journalPath + "/price?n.pupil=5"},
		{"so do the changes", "/et/services/sc-1/changes?from=1", "/et" + journalPath + "/changes?from=1"},
		{"a withdrawn one too", "/en/services/sc-3", "/en/services/sc-3-kiosk-guide"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s.t = t
			s.wantTo(tt.address, http.StatusMovedPermanently, tt.to)
		})
	}
	for _, name := range []string{"sc-99", "sc-99.json", "sc-0-x", "sc--1", "sc-x", "x-1-e-journal", "1", "sc-01", "sc-99999999999999999999", "sc-1 ", "sc-6-draft", "sc-6", "sc-6-draft.json"} {
		address := "/en/services/" + strings.ReplaceAll(name, " ", "%20")
		for _, end := range []string{"", "/price", "/changes"} {
			if strings.HasSuffix(name, ".json") && end != "" {
				continue
			}
			s.t = t
			s.want("GET", address+end, http.StatusNotFound)
		}
	}
}

func TestServicePage(t *testing.T) {
	s := newSite(t)
	s.put(s.listing("halted", func(l *catalogue.Listing, _ *catalogue.Version) {
		l.Life, l.LifeSince, l.Reason = catalogue.Suspended, models.NewDate(2026, 2, 1), models.Text{"et": "Kontrollimisel."}
	}))
	for _, tt := range []struct {
		name, address string
		code          int
		texts         []string
	}{
		{"it opens with who makes it and what it is", "/en" + journalPath, 200, []string{
			`<p class="cap"><a href="/en/vendors/v-3-tahvel-naidis-ou" lang="et">Tahvel Näidis OÜ</a></p>`, "<h1>e-Journal for classes</h1>",
			`<span class="tag ok">Published</span>`, `<span class="tag pur">Invented</span>`, "Not checked as a whole", "Marks and absences.", "SC-1",
			"<title>e-Journal for classes – Service – Pilveturg</title>", `href="/en` + journalPath + `.json"`, "!Only in"}},
		{"the same in Estonian", "/et" + journalPath, 200, []string{"<h1>Klassipäevik</h1>", "Avaldatud", "Väljamõeldud", "Hinded ja puudumised.",
			"<title>Klassipäevik – teenus – Pilveturg</title>", "Kontakt", "sales@tahvel.example"}},
		{"the price is that of the usual quantity, and says so", "/en" + journalPath, 200, []string{"€5,400.00", "a year, without VAT; for 1,000 pupils",
			"with VAT €6,696.00", "No quantity was given; taken: 1,000 pupils.", "up to 1,000 pupils: €0.45 per pupil a month",
			"above 1,000 pupils: €0.40 per pupil a month", "Minimum term: 12 months", "Notice: unknown", "Cap on price rises: not given", "VAT 24%", "Nobody"}},
		{"and in Estonian", "/et" + journalPath, 200, []string{"5 400,00 €", "aastas, käibemaksuta; kogus: 1 000 õpilast", "käibemaksuga 6 696,00 €",
			"kuni 1 000 õpilast: 0,45 € õpilase kohta kuus", "üle 1 000 õpilase: 0,40 € õpilase kohta kuus", "Mitu õpilast"}},
		{"the working is shown", "/en" + journalPath, 200, []string{"1,000 pupils × €0.45", "12 × monthly invoice of €450.00", "€1,296.00"}},
		{"what it does is the vendor's Markdown", "/en" + journalPath, 200, []string{"<h3>What it does</h3>", "<strong>marks</strong>"}},
		{"answers tell how they are known", "/en" + journalPath, 200, []string{"Where data is kept", "Estonia", "Document checked",
			"Said by the vendor · since 10 Jan 2026 · from: Contract"}},
		{"a certificate that ended is marked", "/en" + journalPath, 200, []string{"No. C-1", "Issued by Certifier", "ended on 1 Jan 2026",
			`<span class="tag err">Expired</span>`}},
		{"unknown is a word", "/en" + journalPath, 200, []string{"<dt>Service model</dt><dd>Unknown", "<dt>Unknown</dt>", "!Open source licence"}},
		{"planned and present use stand apart", "/en" + journalPath, 200, []string{"In use: 1 entry", "Planned: 1 entry", "Lakeside Schools Board",
			"2,100 pupils", "Ministry of Learning", "Used by 1 ", "!Ended:"}},
		{"the last versions", "/en" + journalPath, 200, []string{"10 January 2026 – version 3", "/changes?from=2&to=3", "10 January 2025 – version 1"}},
		{"sources with the day they were read", "/en" + journalPath, 200, []string{`<a href="https://market.example/">Marketplace</a>`, "read on 1 Aug 2025"}},
		{"a code of the vocabulary stands without a name when that is not known", "/en" + journalPath, 200, []string{"<li>48190000-6</li>"}},
		{"a closed one says what to use instead", "/en/services/sc-2-old-maps-kit", 200, []string{"Closed to new customers", "Since 1 September 2025.",
			"The kit is no longer developed.", `href="/en` + journalPath + `">e-Journal for classes</a>`, "Ended: 1 entry", "1 Feb 2026", "!>Published<"}},
		{"the same in Estonian", "/et/services/sc-2-old-maps-kit", 200, []string{"Uutele klientidele suletud", "Alates: 1. september 2025.",
			"Komplekti enam ei arendata.", "Klassipäevik"}},
		{"a suspended one promises no price", "/en/services/sc-6-halted", 200, []string{`role="alert"`, "Suspended", "Kontrollimisel.", `lang="et"`, "Only in Estonian",
			"No price is promised now", "!€5,400.00 a year"}},
		{"a withdrawn one is gone", "/en/services/sc-3-kiosk-guide", 410, []string{"<h1>Kiosk guide</h1>", "The vendor stopped.", "1 September 2025",
			`href="/en` + journalPath + `">e-Journal for classes</a>`}},
		{"its price is gone too", "/et/services/sc-3-kiosk-guide/price", 410, []string{"Pakkuja lõpetas."}},
		{"and its data", "/en/services/sc-3-kiosk-guide.json", 410, nil},
		{"what is in Estonian only is marked", "/en/services/sc-4-opilaste-sookla", 200, []string{`<h1><span lang="et">Õpilaste söökla</span></h1>`,
			`<span lang="et">Menüüd ja söömine.</span>`, "Only in Estonian"}},
		{"what nobody has claimed says so", "/en/services/sc-5-acme-platform-gov-and-more", 200, []string{"Unclaimed", "<h1>Acme Platform (Gov) &amp; more</h1>",
			`href="/en/help/proofs"`, "No price is known.", "Price not known", "No organisation is known to use it.", "!>Published<", "!<form class=\"panel"}},
		{"the same in Estonian", "/et/services/sc-5-acme-platform-gov-and-more", 200, []string{"Hind ei ole teada.", "Hind teadmata", "Teadmata"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s.t = t
			s.want("GET", tt.address, tt.code, tt.texts...)
		})
	}
}

func TestTheKeptPageFollowsWhatItShows(t *testing.T) {
	s := newSite(t)
	first := s.want("GET", "/en"+journalPath, 200, "€0.45")
	if again := s.want("GET", "/en"+journalPath, 200); again != first {
		t.Error("the page came out differently the second time")
	}
	if len(s.kept.young) != 1 {
		t.Errorf("%d pages are kept; want 1", len(s.kept.young))
	}
	s.want("GET", "/en"+journalPath+"?n.pupil=10", 200, "10 pupils × €0.45")
	if len(s.kept.young) != 1 {
		t.Error("a page for the quantities of one reader is kept")
	}
	s.want("GET", "/et"+journalPath+"?utm=1", 200, "Klassipäevik", "!e-Journal for classes")

	l := testListings(t)[0]
	next := testJournal(t, "0.47", models.NewDate(2026, 3, 1))
	next.State, l.Versions[2].State = catalogue.Published, catalogue.Superseded
	l.Versions = append(l.Versions, next)
	s.put(l)
	s.want("GET", "/en"+journalPath, 200, "€0.47", "version 4", "!€5,400.00")
	s.write(func(tx *db.Tx) error {
		o := testBodies()[1]
		o.Names = models.Text{"en": "Hillside Board"}
		_, _, err := identity.Put(t.Context(), tx, &o)
		return err
	})
	s.want("GET", "/en"+journalPath, 200, "Hillside Board", "!Lakeside")
	s.write(func(tx *db.Tx) error {
		_, _, _, err := catalogue.ReplaceCPV(t.Context(), tx, []catalogue.CPV{{Code: "48190000-6", Kind: "supplies",
			Names: models.Text{"en": "Educational software package"}}})
		return err
	})
	s.want("GET", "/en"+journalPath, 200, "48190000-6 Educational software package")
	s.want("GET", "/et"+journalPath, 200, "Educational software package", "Ainult inglise keeles")
}

func TestThePageOfAClosedServiceFollowsItsSuccessor(t *testing.T) {
	s := newSite(t)
	s.want("GET", "/en/services/sc-2-old-maps-kit", 200, "e-Journal for classes")
	l := testListings(t)[0]
	next := testJournal(t, "0.45", models.NewDate(2026, 3, 1))
	next.Words = map[string]catalogue.Words{"en": {Name: "Journal under a new name"}}
	l.Versions[2].State = catalogue.Superseded
	l.Versions = append(l.Versions, next)
	s.put(l)
	s.want("GET", "/en/services/sc-2-old-maps-kit", 200, "Journal under a new name", "!e-Journal for classes")
}

func TestALongTableOfUsersIsOpenedByHand(t *testing.T) {
	s := newSite(t)
	l := s.listing("popular", func(*catalogue.Listing, *catalogue.Version) {})
	for i := range longTable + 1 {
		l.Uses = append(l.Uses, catalogue.Use{Organisation: testKey("a"), Part: "part " + strconv.Itoa(i), Phase: catalogue.InUse})
	}
	id := s.put(l)
	s.want("GET", "/en"+servicePath(id, "popular"), 200, "<summary>In use: 21 entries</summary>", "Used by 1 ", "part 20", "!>Quantity<", "!>Source<")
	l.Uses = l.Uses[:longTable]
	s.put(l)
	s.want("GET", "/en"+servicePath(id, "popular"), 200, "In use: 20 entries", "!<summary>In use")
}

func TestServiceData(t *testing.T) {
	s := newSite(t)
	l := testListings(t)[0]
	draft := testJournal(t, "0.99", models.NewDate(2026, 3, 1))
	draft.State = catalogue.Draft
	l.Versions = append(l.Versions, draft)
	s.put(l)
	body := s.want("GET", "/en"+journalPath+".json", 200, `{"demo":true,"listing":{"key":"demo:journal"`)
	var got struct {
		Demo    bool
		Listing catalogue.Listing
	}
	if err := json.Unmarshal([]byte(body), &got); err != nil {
		t.Fatal(err)
	}
	want, err := catalogue.FindListing(t.Context(), s.DB, 1)
	if err != nil {
		t.Fatal(err)
	}
	want.Versions = want.Versions[:3] // the fourth is a draft
	if !got.Demo || !reflect.DeepEqual(got.Listing, want) {
		t.Errorf("got  %+v\nwant %+v", got.Listing, want)
	}
	if kind := s.do("GET", "/en"+journalPath+".json").Header().Get("Content-Type"); kind != "application/json" {
		t.Errorf("content type %q", kind)
	}
}

func TestSearchEnginesAreToldNoInventedPrice(t *testing.T) {
	s := newSite(t)
	one := func(code string, edit func(*catalogue.Version)) string {
		id := s.put(s.listing(code, func(_ *catalogue.Listing, v *catalogue.Version) { edit(v) }))
		body := s.want("GET", "/en"+servicePath(id, code), 200, `"@type":"SoftwareApplication"`, `"@type":"BreadcrumbList"`, "!AggregateRating")
		_, data, _ := strings.Cut(body, `<script type="application/ld+json">`)
		data, _, _ = strings.Cut(data, "</script>")
		return data
	}
	for _, tt := range []struct {
		name, plans string
		demo        bool
		want        []string
	}{
		{"one price is told exactly", `{"unit":"user","per":"month","price":"14"}`, false,
			[]string{`"price":"14"`, `"priceCurrency":"EUR"`, `"unitText":"per user a month"`}},
		{"an invented price is not", `{"unit":"user","per":"month","price":"14"}`, true, nil},
		{"steps are no exact price", `{"unit":"user","per":"month","steps":[{"to":"5","price":"14"},{"price":"9"}]}`, false, nil},
		{"a minimum makes it inexact", `{"unit":"user","per":"month","price":"14","minimum":"100"}`, false, nil},
		{"free is a price", `[{"kind":"free","currency":"EUR"}]`, false, []string{`"price":"0"`}},
		{"on request is none", `[{"kind":"request","currency":"EUR"}]`, false, nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s.t = t
			data := one(models.Slug(tt.name), func(v *catalogue.Version) { v.Plans, v.DemoPrice = readPlans(t, tt.plans), tt.demo })
			for _, text := range tt.want {
				if !strings.Contains(data, text) {
					t.Errorf("%s is not in %s", text, data)
				}
			}
			if strings.Contains(data, "Offer") != (tt.want != nil) {
				t.Errorf("an offer is in %s", data)
			}
		})
	}
}
