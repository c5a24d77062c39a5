package views

import (
	"strings"
	"testing"
)

// listPreviews are the pages that list things.
func listPreviews(_ testing.TB, v *Views) []Page {
	crumbs := []Link{v.homeLink()}
	shell := Shell{Title: "x", Crumbs: crumbs}
	cards := Listed{
		Found: "2", Order: "1–2", Tags: true, Compare: &Ticks{Action: v.url("/compare"), Name: "id", Label: "Compare", Button: "Compare", Fields: []Hidden{{"n.pupil", `"`}}}, Pager: NewPager(2, 9, func(int) string { return "/en/services" }),
		Cards: []Card{
			{ID: "s1", Name: Words{"Päevik Lite", "et"}, URL: v.url("/services/sc-1-paevik-lite"), Vendor: Link{URL: v.url("/vendors/v-1-tahvel"), Text: "Tahvel Näidis OÜ", Lang: "et"},
				Summary: Words{"Hinded ja puudumised.", "et"}, Tags: []Tag{{Violet, "Invented"}, {Warn, "Closed"}}, Price: "29 €", Users: "2",
				Tick: Tick{"id", "sc-1", "Compare", Words{"Päevik Lite", "fr"}}},
			{ID: "s2", Name: Words{Text: "Map <b>tiles</b>"}, URL: v.url("/services/sc-2-tiles"), Vendor: Link{Text: "Operator"}, Price: "x", Users: "0"},
		},
	}
	tree := []Branch{
		{Link: Link{URL: v.url("/categories/education"), Text: "Education"}, Count: "3", CPV: []string{"48190000-6", "48450000-7"},
			Below: []Branch{{Link: Link{Text: "Exams"}, Count: "0"}}},
		{Link: Link{Text: "Maps"}, Count: "0"},
	}
	counted := []Counted{{Link{URL: v.url("/services?q=a"), Text: "a"}, "3"}}
	empty := Empty{Title: "None", Text: "There is none.", Action: Link{URL: v.url("/services"), Text: "All"}}
	return []Page{
		HomePage{Shell: shell, Categories: counted, Why: counted[0].Link, Vendors: counted[0].Link},
		HomePage{Shell: shell, Search: Search{Value: `"`, Count: "66"}, Categories: counted, Facts: []Fact{{"66", counted[0].Link}}, Why: counted[0].Link, Vendors: counted[0].Link,
			New:     []Recent{{Service: counted[0].Link, Vendor: counted[0].Link, When: "1 May 2026"}},
			Changed: []Recent{{Service: counted[0].Link, Vendor: counted[0].Link, When: "1 May 2026", What: counted[0].Link}}},
		SearchPage{Shell: shell, Form: searchForm(v), Results: Results{Found: "0", Empty: []Link{counted[0].Link, {Text: "Check"}}}},
		searchPreview(v, shell),
		CategoriesPage{Shell: shell, Tree: tree},
		CategoryPage{Shell: shell, Name: Words{"Haridus", "et"}, Text: Prose{"Teenused *koolidele*.", "et"}, CPV: []Words{{"48190000-6 Tarkvara", "et"}}, Below: tree,
			Listed: cards, Agencies: counted, More: "And 3 more."},
		CategoryPage{Shell: shell, Name: Words{Text: "Maps"}, Listed: Listed{Found: "0"}, Empty: empty},
		VendorsPage{Shell: shell, Empty: empty},
		VendorsPage{Shell: shell, Letters: []Letter{{counted[0].Link, "2", true}, {counted[0].Link, "1", false}},
			Head:  Head{ID: "vendors", Caption: "2", Columns: []Column{{Text: "a"}, {Text: "b"}, {Text: "c", Number: true}}},
			Rows:  []VendorRow{{Vendor: counted[0].Link, Invented: true, Country: "Estonia", Services: "3"}, {Vendor: counted[0].Link, Country: "Unknown", Services: "1"}},
			Pager: NewPager(1, 2, func(int) string { return "/en/vendors" })},
		VendorPage{Shell: shell, Name: Words{Text: "A"}, Listed: Listed{Found: "0"}, Empty: empty, Facts: []Row{{Key: "Country", Value: Words{Text: "Unknown"}}}},
		VendorPage{Shell: shell, Name: Words{"Tahvel", "et"}, Tags: []Tag{{Violet, "Invented"}}, Notice: Notice{Kind: Info, Title: "a", Text: "b", Link: counted[0].Link},
			About: Prose{Text: "Made by hand."}, Facts: []Row{{Key: "Website", Value: Words{Text: "https://a.example"}, URL: "https://a.example"}}, Listed: cards,
			Certificates: Head{ID: "certificates", Caption: "c", Columns: []Column{{Text: "a"}}},
			Held:         []Held{{Certificate: "ISO", Number: "1", Issuer: "B", Service: counted[0].Link, Until: "1 May 2026", Expired: true, Proof: Tag{OK, "Tested"}}},
			Sources:      []Source{{counted[0].Link, "1 May 2026"}, {Link{Text: "A book"}, ""}}},
		AgenciesPage{Shell: shell, Empty: empty},
		AgenciesPage{Shell: shell, Found: "2", Tree: []Body{{Link: counted[0].Link, Kind: "Ministry", Invented: true, Services: "none",
			Below: []Body{{Link: counted[0].Link, Kind: "Agency", Services: "uses 3"}}}}},
		AgencyPage{Shell: shell, Kind: "Agency", Name: Words{Text: "Board"}, Facts: []Row{{Key: "Size", Value: Words{Text: "Unknown"}}}, Empty: empty},
		AgencyPage{Shell: shell, Kind: "Ministry", Name: Words{"Amet", "et"}, Tags: []Tag{{Violet, "Invented"}}, About: Prose{"Koolid", "et"},
			Facts: []Row{{Key: "Size", Value: Words{Text: "70"}}}, Bodies: []Body{{Link: counted[0].Link, Kind: "Agency", Services: "uses 3"}}, Counts: "2 now",
			Compare: &Ticks{Action: v.url("/compare"), Name: "id", Label: "Compare", Button: "Compare"},
			Uses: []UseTable{
				{Quantities: true, Sources: true, Ticks: true, Head: Head{ID: "uses-in_use", Caption: "c", Columns: []Column{{Text: "a"}}}, Bodies: true,
					Rows: []UseRow{{Service: counted[0].Link, Part: "north", Tags: []Tag{{Warn, "Closed"}}, Vendor: counted[0].Link, Body: counted[0].Link, Since: "1 May 2026", Quantity: "3", Source: Link{Text: "Unknown"}, Tick: Tick{"id", "sc-1", "Compare", Words{Text: "a"}}},
						{Service: counted[0].Link, Vendor: counted[0].Link, Body: counted[0].Link, Since: "1 May 2026", Quantity: "4", Source: Link{Text: "Unknown"}}}},
				{Head: Head{ID: "uses-ended", Caption: "c", Columns: []Column{{Text: "a"}}}, Ended: true,
					Rows: []UseRow{{Service: counted[0].Link, Vendor: counted[0].Link, Since: "1 May 2026", Until: "Unknown", Quantity: "3", Source: counted[0].Link}}},
			}, Pager: NewPager(1, 2, func(int) string { return "/en/agencies" })},
	}
}

// searchForm is a form in which something is wrong.
func searchForm(v *Views) SearchForm {
	from := Field{ID: "s-min", Name: "min.a", Label: "At least", Value: `"><b>`, Error: "Enter a number"}
	return SearchForm{
		Action: v.url("/services"), Words: Field{ID: "s-q", Name: "q", Label: "Words", Hint: "h", Value: `"><script>`},
		Volume: AskVolume{Number: Field{ID: "s-vol", Name: "vol", Label: "How many", Error: "x"}, Unit: Select{ID: "s-unit", Name: "unit", Label: "Of what", Error: "y", Options: []Option{{Value: "pupil", Text: "<pupils>", Chosen: true}}}},
		Price:  Bounds{ID: "s-price", Legend: "Price", Hint: "h", From: &from, Unknown: Option{Value: "price", Text: "Unknown too", Chosen: true}, Used: true},
		Facets: []Facet{{Head: v.FacetHead("s-f", "A & B", "h"), Chosen: "1 chosen", Open: true, Hint: true, Options: []FacetOption{
			{v.Box("f.a", `"x"`, Words{"<X>", "fr"}, 0), 1200, true}, {v.Box("f.a", "y", Words{Text: "Y"}, 1), 0, false}, {v.Box("f.a", "z", Words{Text: "Z"}, 2), 3, false}}}},
		Ranges: []Drawn{v.Draw(Bounds{ID: "s-r", Legend: "R", To: &Field{ID: "s-max", Name: "max.r", Label: "At most"}})},
	}
}

func searchPreview(v *Views, shell Shell) SearchPage {
	return SearchPage{Shell: shell, Form: searchForm(v), Results: Results{
		Found: "2", Sentence: []Said{{"Services that contain ", false}, {"<b>", true}},
		Applied: []Link{{URL: v.url("/services"), Text: "A: <x>", For: "Remove filter"}}, Clear: Link{URL: v.url("/services"), Text: "Clear"},
		Notices: []Notice{{Kind: Info, Title: "t", Text: "<i>", Link: Link{URL: v.url("/services"), Text: "journal"}}},
		Sort:    Select{ID: "s-sort", Name: "sort", Label: "Sort by", Options: []Option{{Text: "Best"}, {Value: "price", Text: "Price", Chosen: true}}},
		Formats: []Link{{URL: v.url("/services.csv"), Text: "CSV"}}, Order: "1–2", Tags: true,
		Compare: &Ticks{Action: v.url("/compare"), Name: "id", Label: "Compare", Button: "Compare", Fields: []Hidden{{"n.pupil", "10"}}},
		Pager:   NewPager(2, 9, func(int) string { return v.url("/services") }),
		Hits: []Hit{
			{v.HitCard(&HitWords{Value: "sc-1", Name: Words{"Päevik <Lite>", "fr"}, URL: v.url("/services/sc-1"), Vendor: Link{URL: v.url("/vendors/v-1"), Text: "T & N", Lang: "fr"},
				Summary: Words{"a <b> c", "fr"}, Tags: []Tag{{Violet, "Invented"}, {"", "x"}}, Price: "29 €", Users: "2"}),
				[]Span{{0, 7}}, nil, []Span{{2, 5}}, "348 €", "a year", Words{}},
			{Card: v.HitCard(&HitWords{Value: "sc-2", Name: Words{Text: "Map"}, URL: v.url("/services/sc-2"), Price: "x", Users: "0"}), For: "on request",
				FoundIn: Words{"Rapport <de> tests", "fr"}},
		},
	}}
}

func TestResultsAreDrawnAsText(t *testing.T) {
	v := load(t)["en"]
	page := searchPreview(v, Shell{Title: "<x>"})
	for _, part := range []bool{false, true} {
		page.Part = part
		main, err := v.Main(page)
		if err != nil {
			t.Fatal(err)
		}
		for _, want := range []string{
			`<mark>Päevik</mark> &lt;Lite&gt;`, `<span lang="fr">a <mark>&lt;b&gt;</mark> c</span>`, `value="&#34;x&#34;" checked><span lang="fr">&lt;X&gt; <small>(1,200)</small>`,
			`<label class="check in1"><input type="checkbox" name="f.a" value="y" disabled>`, `<strong>&lt;b&gt;</strong>`,
			`Found in: <a href="/en/services/sc-2#documents"><mark><span lang="fr">Rapport &lt;de&gt; tests</span></mark></a>`,
		} {
			if !strings.Contains(main.String(), want) {
				t.Errorf("with part %t, %q is not in %s", part, want, main)
			}
		}
	}
	if main, _ := v.Main(page); !strings.HasPrefix(main.String(), "<!doctype html><title>&lt;x&gt; – Pilveturg</title>") {
		t.Errorf("a part begins %.80s", main)
	}
}

func TestMarksStayWithinTheText(t *testing.T) {
	for _, tt := range []struct {
		name  string
		spans []Span
		want  string
	}{
		{"none", nil, "a&lt;b"},
		{"one", []Span{{1, 2}}, "a<mark>&lt;</mark>b"},
		{"neighbours", []Span{{0, 1}, {1, 2}}, "<mark>a</mark><mark>&lt;</mark>b"},
		{"those that overlap are left out", []Span{{0, 2}, {1, 3}}, "<mark>a&lt;</mark>b"},
		{"and those past the end", []Span{{1, 9}}, "a&lt;b"},
		{"and empty ones", []Span{{1, 1}}, "a&lt;b"},
	} {
		if got := written(func(w *writer) { w.marked("a<b", tt.spans) }); got != tt.want {
			t.Errorf("%s: %q, want %q", tt.name, got, tt.want)
		}
	}
}
