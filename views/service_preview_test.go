package views

import (
	"testing"

	"pilveturg/models"
)

// servicePreviews are the pages of one service: as it is at best, as little is
// known of it as can be, and with something wrong in the form.
func servicePreviews(_ testing.TB, v *Views) []Page {
	full := previewService(v)
	wrong := full
	wrong.Errors = []FieldError{{"n-pupil", "Write the number in digits"}}
	wrong.Panel, wrong.Working, wrong.PriceAt = PricePanel{Words: "Put the marked fields right"}, nil, ""
	bare := ServicePage{Shell: Shell{Title: "x"}, Vendor: Link{Text: "Vendor"}, Name: Words{Text: "Little"}, NoPrice: "No price is known.",
		Panel: PricePanel{Words: "Price not known"}, NoUsers: "Nobody", NoSources: "None", Number: "SC-2", JSON: v.url("/services/sc-2-x.json"),
		Used: "Used by none", ChangesAt: v.url("/services/sc-2-x/changes"),
		Notices: []Notice{{Kind: Err, Title: "Suspended", Text: "It cannot be had.", Urgent: true}}, Reason: Words{"Põhjus", "et"}}
	price := PricePage{Shell: Shell{Title: "Price"}, Service: Link{URL: v.url("/services/sc-1-x"), Text: "Päevik Lite", Lang: "et"},
		Heading: "Price of Päevik Lite for 1,000 pupils", Tags: full.Tags, Panel: full.Panel, Calculator: full.Calculator,
		Inputs: []Row{{Key: "Pupil", Value: Words{Text: "1,000 pupils"}, Note: "taken"}}, Working: full.Working, List: full.Basics}
	return []Page{full, wrong, bare, price,
		PricePage{Shell: Shell{Title: "x"}, Heading: "x", Calculator: full.Calculator},
		ChangesPage{Shell: Shell{Title: "x"}, Heading: "x", Alone: "There is one version only.", Releases: full.Releases[:1]},
		previewChanges(v, full)}
}

func previewService(v *Views) ServicePage {
	money := func(minor int64) models.Money { return models.Money{Minor: minor, Currency: "EUR"} }
	note := Words{"Ainult eesti keeles öeldud", "et"}
	charge := ChargeRow{Name: Words{Text: "Pupils"}, Tags: []Tag{{Info, "Add-on"}}, Lines: []string{"0,45 € per pupil", "at least 25 €"}, Note: note}
	return ServicePage{
		Shell:  Shell{Title: "Päevik Lite – Service", Path: "/services/sc-1-x", JSON: v.url("/services/sc-1-x.json"), Crumbs: []Link{{URL: v.url("/"), Text: "Home"}}},
		Vendor: Link{URL: v.url("/vendors/v-1-x"), Text: "Tahvel Näidis OÜ", Lang: "et"}, Name: Words{"Päevik Lite", "et"},
		Tags: []Tag{{OK, "Published"}, {Violet, "Invented"}}, About: []Explained{{"Invented: made up.", Link{URL: v.url("/demo-data"), Text: "What is real"}}},
		Summary: Words{"Lühike lause.", "et"}, Contents: []Link{{URL: "#price", Text: "Price"}, {URL: "#section-security", Text: "Data"}},
		Panel: PricePanel{Price: Price{Amount: money(348000), Per: "a year", Total: "with VAT", Demo: true}, More: []string{"and 900 € once"}, Assumed: "taken"},
		Used:  "Used by 2", Number: "SC-1", JSON: v.url("/services/sc-1-x.json"), PriceAt: v.url("/services/sc-1-x/price"),
		Plans: &PlanTable{Head: Head{ID: "plans-caption", Caption: "Price plans", Columns: []Column{{Text: "Plan"}, {Text: "Charges"}, {Text: "Terms"}, {Text: "Payers"}, {Text: "A year", Number: true}}},
			Rows: []PlanRow{
				{Name: Words{Text: "Standard"}, Shown: true, Charges: []ChargeRow{charge}, Terms: []string{"No minimum term", "Notice: 30 days"}, Payers: "Families", PayersNote: note, Note: note, Year: []string{"3 480,00 €", "900,00 € once"}},
				{Name: note, URL: v.url("/services/sc-1-x?plan=b"), Payers: "Unknown", Year: []string{"on request"}}}},
		Calculator: &Calculator{Action: v.url("/services/sc-1-x"), Plan: &Select{ID: "price-plan", Name: "plan", Label: "Plan", Options: []Option{{"a", "A", true, ""}}},
			Fields: []Field{{ID: "n-pupil", Name: "n.pupil", Label: "How many pupils", Value: "x", Error: "Write the number", Mode: "decimal"}},
			Add:    &Choices{ID: "price-option", Name: "option", Legend: "Add-ons", Options: []Option{{"web", "Web map", true, ""}}},
			Months: Select{ID: "price-months", Name: "months", Label: "Months"}, Start: Select{ID: "price-start", Name: "start", Label: "Start"}, Years: Select{ID: "price-years", Name: "years", Label: "Years"}},
		Working: &Working{Head: Head{ID: "working-caption", Caption: "Working", Columns: []Column{{Text: "Step"}, {Text: "Amount", Number: true}}},
			Groups: []WorkGroup{{Words{Text: "Pupils"}, []WorkLine{{"1 000 pupils × 0,45 €", "450,00 €", false}, {"A year", "5 400,00 €", true}}}},
			Sums:   []WorkLine{{"A year", "5 400,00 €", true}}, Notes: []string{"Rounded once."}, PassedOn: []ChargeRow{charge}},
		Description: Prose{"## Pealkiri\n\nTekst **rõhuga**.", "et"}, Basics: []Row{{Key: "Website", Value: Words{Text: "https://x.example/"}, URL: "https://x.example/"}},
		Sections: []AnswerSection{{"section-security", "Data and security", "Where the data is.", []Row{{Key: "Kept in", Value: Words{Text: "Estonia"}, Tags: []Tag{{OK, "Document checked"}},
			Note: "Since 5 Mar 2026", Action: Link{URL: "https://x.example/", Text: "Source", For: "Kept in"}}}}},
		Documents: []Paper{
			{Title: Words{"Sertifikaat <ISO>", "et"}, Tags: []Tag{{OK, "Document checked"}, {Err, "Expired"}}, Facts: "Certificate · Estonian · ended on 1 Mar 2026", Proves: "ISO/IEC 27001",
				Link: Link{URL: "https://x.example/iso.pdf", Text: "x.example", For: "Sertifikaat"}, Beginning: []Words{{"Tekst <algab>", "et"}, {"Läheb edasi …", "et"}}},
			{Title: Words{Text: "Terms"}, Tags: []Tag{{"", "Not checked"}}, Facts: "Terms of service · English"}},
		Categories: []Link{{URL: v.url("/categories/education"), Text: "Education"}}, CPV: []Words{{Text: "48190000-6"}, {"48450000-7 Aja arvestus", "et"}},
		Users: []UserTable{{Head: Head{ID: "users-of-ended", Caption: "Ended", Columns: []Column{{Text: "Organisation"}, {Text: "Country"}, {Text: "Since"}, {Text: "Until"}, {Text: "Quantity", Number: true}, {Text: "Source"}}},
			Long: "Ended: 30", Ended: true, Quantities: true, Sources: true, Users: []UserRow{{Link{URL: v.url("/agencies/a-1-x"), Text: "Board"}, "north", "Estonia", "2025", "2026", "2 100 pupils", Link{Text: "Unknown"}}}}},
		Releases:  []Release{{"version 2", "1 March 2026", note, Tag{OK, "In force"}, v.url("/services/sc-1-x/changes?from=1&to=2")}, {"version 1", "1 March 2025", Words{}, Tag{"", "Earlier"}, ""}},
		ChangesAt: v.url("/services/sc-1-x/changes"), Sources: []Source{{Link{URL: "https://x.example/", Text: "Register"}, "read on 1 March 2026"}, {Link: Link{Text: "Book"}}},
	}
}

func previewChanges(v *Views, of ServicePage) ChangesPage {
	choice := func(id, name string) Select {
		return Select{ID: id, Name: name, Label: name, Options: []Option{{"1", "1", false, ""}, {"2", "2", true, ""}}}
	}
	return ChangesPage{Shell: Shell{Title: "Changes"}, Service: Link{URL: v.url("/services/sc-1-x"), Text: "Päevik Lite"}, Heading: "Changes to Päevik Lite",
		Releases: of.Releases, Action: v.url("/services/sc-1-x/changes"), From: choice("version-from", "from"), To: choice("version-to", "to"),
		Diff: &Diff{Title: "From 1 to 2", Same: "Nothing", Head: Head{ID: "diff-caption", Caption: "Fields that differ", Columns: []Column{{Text: "Field"}, {Text: "Before"}, {Text: "After"}}},
			Rows:  []Change{{"Price", []Words{{Text: "0,42 €"}}, []Words{{"0,45 €", "et"}}}, {Field: "Website", After: []Words{{Text: "x"}}}, {Field: "Contact", Before: []Words{{Text: "x"}}}},
			Texts: []TextChange{{"text-1", "Description", "et", []TextLine{{"jäi", false, false}, {"läks", true, false}, {"tuli", false, true}}}}}}
}
