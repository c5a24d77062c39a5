package views

import "testing"

// auditPreviews are the pages of the log, and the parts of others that show it.
func auditPreviews(_ testing.TB, v *Views) []Page {
	shell := Shell{Title: "x", Crumbs: []Link{v.homeLink()}, NoIndex: true}
	form := AuditPage{
		Shell: shell, State: "0 events", Verify: v.url("/admin/audit/verification"), Action: v.url("/admin/audit"),
		Words:   Field{ID: "audit-q", Name: "q", Label: "Words", Hint: "h", Value: `"><script>`},
		Account: Field{ID: "audit-account", Name: "account", Label: "Account", Error: "x"}, Organisation: Field{ID: "audit-organisation", Name: "organisation", Label: "Organisation"},
		From: Field{ID: "audit-from", Name: "from", Label: "From", Kind: "date"}, To: Field{ID: "audit-to", Name: "to", Label: "To", Kind: "date"},
		Group: Select{ID: "audit-group", Name: "group", Label: "About", Options: []Option{{Text: "All", Chosen: true}}},
		Empty: Empty{Title: "None", Text: "There is none."},
	}
	full := form
	full.Broken, full.Faults = Notice{Kind: Err, Title: "Bad", Text: "Not as written."}, []string{"2 events"}
	full.Hash, full.Found, full.Limit = "abc", "2", "50,000"
	full.Formats = []Link{{URL: v.url("/admin/audit.csv"), Text: "CSV"}}
	full.Head = Head{ID: "events", Caption: "c", Columns: []Column{{Text: "a"}, {Text: "b"}}}
	full.Rows, full.Pager = doneRows(v), NewPager(1, 3, func(int) string { return "/en/admin/audit" })
	return []Page{form, full,
		VendorPage{Shell: shell, Name: Words{Text: "A"}, Listed: Listed{Found: "0"}, Empty: form.Empty, Trail: &Trail{Rows: doneRows(v)}},
		AgencyPage{Shell: shell, Name: Words{Text: "A"}, Empty: form.Empty, Trail: &Trail{More: Link{URL: v.url("/admin/audit"), Text: "All"}}},
		ServicePage{Shell: shell, Name: Words{Text: "A"}, JSON: v.url("/services/sc-1.json"), ChangesAt: v.url("/services/sc-1/changes"), Trail: &Trail{Rows: doneRows(v)}},
	}
}

func doneRows(v *Views) []Done {
	return []Done{
		{Number: "2", When: "1 May 2026 10:00", Who: "account 7", For: Link{URL: v.url("/vendors/v-1-a"), Text: "A <b>", Lang: "et"}, What: "Changed",
			Subject: Link{URL: v.url("/services/sc-1-a"), Text: "SC-1"}, From: "192.0.2.1", Changes: []Became{
				{Field: "Name (Estonian)", Old: Words{"Vana", "et"}, New: Words{"<script>", "et"}}, {Field: "Mail", Hidden: "erased"}}},
		{Number: "1", When: "1 May 2026 09:00", Who: "visitor", What: "Added", Subject: Link{Text: "import 1"}},
	}
}
