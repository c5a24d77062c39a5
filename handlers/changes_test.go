package handlers

import (
	"strings"
	"testing"

	"pilveturg/models"
	"pilveturg/models/catalogue"
)

func TestChangesOfAService(t *testing.T) {
	s := newSite(t)
	for _, tt := range []struct {
		name, address string
		code          int
		texts         []string
	}{
		{"the last two versions are compared", "/en" + journalPath + "/changes", 200, []string{"<h1>Changes to e-Journal for classes</h1>",
			"What changed from version 2 to version 3", "<th scope=\"row\">Plan Standard, charge Pupils, step 1, price</th><td><del>€0.42</del>", "<ins>€0.45</ins>",
			"10 January 2026 – version 3", "In force", "Earlier", `<option value="2" selected>2 – 10 August 2025</option>`}},
		{"or those that are asked for", "/en" + journalPath + "/changes?from=1&to=3", 200, []string{"from version 1 to version 3", "€0.40", `content="noindex,follow"`}},
		{"also backwards", "/en" + journalPath + "/changes?from=3&to=1", 200, []string{"<del>€0.45</del>", "<ins>€0.40</ins>"}},
		{"the same twice is no change", "/en" + journalPath + "/changes?from=2&to=2", 200, []string{"The two versions say the same."}},
		{"in Estonian", "/et" + journalPath + "/changes", 200, []string{"Hinnapakett Tavaline, tasu Õpilased, 1. hinnaaste, hind", "0,42 €", "0,45 €", "Kehtiv"}},
		{"a single version has nothing to compare", "/en/services/sc-5-acme-platform-gov-and-more/changes", 200, []string{"There is one version only", "!<select"}},
		{"there is no such version", "/en" + journalPath + "/changes?from=9", 404, nil},
		{"a version is a number", "/en" + journalPath + "/changes?to=x", 404, nil},
		{"what was withdrawn keeps its history", "/en/services/sc-3-kiosk-guide/changes", 200, []string{"Changes to Kiosk guide"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s.t = t
			s.want("GET", tt.address, tt.code, tt.texts...)
		})
	}
}

func TestADraftIsNoVersionThatCanBeSeen(t *testing.T) {
	s := newSite(t)
	l := testListings(t)[0]
	draft := testJournal(t, "0.99", models.NewDate(2026, 3, 1))
	draft.State = catalogue.Waiting
	l.Versions = append(l.Versions, draft)
	s.put(l)
	s.want("GET", "/en"+journalPath+"/changes", 200, "!version 4", "!0.99")
	s.want("GET", "/en"+journalPath+"/changes?to=4", 404)
}

// Two versions that are different in everything a listing can say.
func TestEveryFieldThatDiffersHasWords(t *testing.T) {
	s := newSite(t)
	l := s.listing("much", func(l *catalogue.Listing, v *catalogue.Version) {
		v.State, v.Language = catalogue.Superseded, "en"
		v.Answers = []catalogue.Answer{
			{Question: "iso_27001", Values: []string{"A-1"}, Issuer: "Old Body", By: catalogue.ByVendor, Proof: catalogue.Stated, Until: models.NewDate(2025, 5, 1)},
			{Question: "features", Words: map[string][]string{"en": {"Marks"}}, By: catalogue.ByVendor, Proof: catalogue.Stated},
			{Question: "open_source", Values: []string{"no"}, By: catalogue.ByVendor, Proof: catalogue.Stated},
			{Question: "availability", Values: []string{"99.5"}, By: catalogue.ByVendor, Proof: catalogue.Stated},
			{Question: "tailoring_price", Values: []string{"80.00 EUR"}, By: catalogue.ByVendor, Proof: catalogue.Stated},
		}
		v.Plans = readPlans(s.t, `[{"name":{"en":"Old"},"currency":"EUR","vat":"22","billing":"month","year":{"months":10,"start":9},"terms":{"notice_days":30,"rise_cap":"3"},
			"charges":[{"name":{"en":"Seats"},"unit":"user","per":"month","mode":"volume","steps":[{"to":"9","price":"5"},{"price":"4"}],"minimum":"10","minimum_unit":"school"},
			{"code":"study","kind":"project","per":"once","from":"100","to":"200","milestones":["40","60"],"optional":true}]}]`)
		next := *v
		next.State, next.Language, next.DemoPrice = catalogue.Published, "et", true
		next.Words = map[string]catalogue.Words{"en": {Name: "New name", Summary: "New.", Description: "## What it does\n\nKeeps **other things**.\n\nMore."}}
		next.Categories, next.CPV, next.Website, next.Contact = []string{"timetables"}, nil, "https://new.example/", "new@tahvel.example"
		next.Sources = append(next.Sources[:1:1], catalogue.Source{Title: "Second"})
		next.Answers = []catalogue.Answer{
			{Question: "iso_27001", Values: []string{"A-1"}, Issuer: "New Body", By: catalogue.ByAssessor, Proof: catalogue.Tested, Source: "https://cert.example/", Until: models.NewDate(2028, 5, 1)},
			{Question: "features", Words: map[string][]string{"en": {"Marks", "Absences"}, "et": {"Hinded"}}, By: catalogue.ByVendor, Proof: catalogue.Stated},
			{Question: "open_source", Values: []string{"yes"}, By: catalogue.ByVendor, Proof: catalogue.Stated},
			{Question: "availability", Values: []string{"99.9"}, By: catalogue.ByVendor, Proof: catalogue.Stated},
			{Question: "tailoring_price", Values: []string{"90.00 EUR"}, By: catalogue.ByVendor, Proof: catalogue.Stated},
			{Question: "trial_days", Values: []string{"30"}, By: catalogue.ByVendor, Proof: catalogue.Tested},
		}
		next.Plans = readPlans(s.t, `[{"name":{"en":"New","et":"Uus"},"currency":"EUR","vat":"24","billing":"year","year":{"months":9,"start":10},"terms":{"notice_days":60,"rise_cap":"5","minimum_months":12},
			"payers":{"who":"families"},
			"charges":[{"name":{"en":"Seats"},"unit":"seat","per":"quarter","steps":[{"to":"19","price":"5"},{"price":"3"}],"minimum":"20","minimum_unit":"agency","included":"2","batch":"10"},
			{"code":"study","kind":"project","per":"once","from":"150","to":"250","milestones":["50","50"]}]}]`)
		l.Versions = append(l.Versions, next)
	})
	id := s.put(l)
	got := s.want("GET", "/en"+servicePath(id, "much")+"/changes", 200,
		"Name (English)", "Name (Estonian)", "Summary (English)", "Categories", "School journals", "Timetables", "CPV codes", "Website", "Contact", "Sources", "Second",
		"Main language", "Demonstration price", "Main features (English)", "Absences", "Open source", "99.5%", "99.9%", "€80.00", "€90.00",
		"ISO/IEC 27001: who says it and how it is known", "Issued by Old Body · ended on 1 May 2025", "Issued by New Body · said by an assessor · valid until 1 May 2028", "https://cert.example/",
		"Plan New, name (English)", "Plan New, VAT", "22%", "24%", "Plan New, billing", "month", "year", "Plan New, charged months", "Plan New, first charged month", "September", "October",
		"Plan New, notice in days", "Plan New, cap on price rises", "3%", "5%", "Plan New, minimum term in months", "Plan New, who else pays", "Families",
		"Plan New, charge Seats, unit", "user", "seat", "Plan New, charge Seats, period", "quarter", "Plan New, charge Seats, way of counting", "all at the price of the step reached",
		"Plan New, charge Seats, step 1, up to", "Plan New, charge Seats, step 2, price", "€4.00", "€3.00", "Plan New, charge Seats, minimum", "€10.00", "€20.00",
		"Plan New, charge Seats, minimum for each", "school", "agency", "Plan New, charge Seats, included quantity", "Plan New, charge Seats, batch",
		"Plan New, charge Project, price from", "Plan New, charge Project, part payment 1", "40%", "Plan New, charge Project, add-on", "Yes", "Removed", "Was not there",
		"<th scope=\"row\">Trial</th><td><span class=\"muted\">Was not there</span></td><td><ins>30", "<ins>Tested</ins>", "!Trial: who says it",
		"Description (English)", "<del><span class=\"vh\" lang=\"en\">Removed: </span>Keeps **marks**.</del>", "<ins><span class=\"vh\" lang=\"en\">Added: </span>More.</ins>",
		"!, code<", "!c1", "!change.")
	if n := strings.Count(got, "## What it does"); n != 1 { // though it is in both texts
		t.Errorf("a line that stayed stands there %d times; want 1", n)
	}
	s.want("GET", "/et"+servicePath(id, "much")+"/changes", 200, "Hinnapakett Uus, käibemaks", "22%", "Nimi (inglise keel)", "!change.")
}
