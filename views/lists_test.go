package views

import "testing"

// listPreviews are the pages that list things.
func listPreviews(_ testing.TB, v *Views) []Page {
	crumbs := []Link{v.homeLink()}
	shell := Shell{Title: "x", Crumbs: crumbs}
	cards := Listed{
		Found: "2", Order: "1–2", Tags: true, Pager: NewPager(2, 9, func(int) string { return "/en/services" }),
		Cards: []Card{
			{ID: "s1", Name: Words{"Päevik Lite", "et"}, URL: v.url("/services/sc-1-paevik-lite"), Vendor: Link{URL: v.url("/vendors/v-1-tahvel"), Text: "Tahvel Näidis OÜ", Lang: "et"},
				Summary: Words{"Hinded ja puudumised.", "et"}, Tags: []Tag{{Violet, "Invented"}, {Warn, "Closed"}}, Price: "29 €", Users: "2"},
			{ID: "s2", Name: Words{Text: "Map <b>tiles</b>"}, URL: v.url("/services/sc-2-tiles"), Vendor: Link{Text: "Operator"}, Price: "x", Users: "0"},
		},
	}
	found := cards
	found.Asked = "päevik <script>"
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
		ServicesPage{Shell: shell, Listed: Listed{Found: "0"}},
		ServicesPage{Shell: shell, Listed: cards},
		ServicesPage{Shell: shell, Search: Search{Value: "päevik <script>"}, Listed: found},
		ServicesPage{Shell: shell, Search: Search{Value: "a b"}, Listed: Listed{Found: "0", Asked: "a b"}, Words: counted},
		ServicesPage{Shell: Shell{Title: "x", Errors: []FieldError{{"q", "too long"}}}, Search: Search{Value: "a", Long: true}, Listed: Listed{Found: "0", Asked: "a"}},
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
			Uses: []UseTable{
				{Quantities: true, Sources: true, Head: Head{ID: "uses-in_use", Caption: "c", Columns: []Column{{Text: "a"}}}, Bodies: true,
					Rows: []UseRow{{Service: counted[0].Link, Part: "north", Tags: []Tag{{Warn, "Closed"}}, Vendor: counted[0].Link, Body: counted[0].Link, Since: "1 May 2026", Quantity: "3", Source: Link{Text: "Unknown"}}}},
				{Head: Head{ID: "uses-ended", Caption: "c", Columns: []Column{{Text: "a"}}}, Ended: true,
					Rows: []UseRow{{Service: counted[0].Link, Vendor: counted[0].Link, Since: "1 May 2026", Until: "Unknown", Quantity: "3", Source: counted[0].Link}}},
			}, Pager: NewPager(1, 2, func(int) string { return "/en/agencies" })},
	}
}
