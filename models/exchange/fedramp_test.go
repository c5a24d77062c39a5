package exchange

import (
	"encoding/json"
	"os"
	"slices"
	"strings"
	"testing"

	"pilveturg/models/catalogue"
	"pilveturg/models/identity"
)

// smallMarket is a hand-made file in the form of the marketplace's.
func smallMarket(t testing.TB) string {
	t.Helper()
	b, err := os.ReadFile("testdata/fedramp.json")
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func readMarket(t testing.TB, file string) (*fedramp, []Record, []*Problem) {
	t.Helper()
	r := NewFedRAMP("f.json", strings.NewReader(file), testSchema(t)).(*fedramp)
	records, problems := readAll(t, r)
	return r, records, problems
}

// told leaves out what the small file has anyway.
func told(problems []*Problem) string {
	usual := "vendor cloudy|csp|noted|fedramp_spellings"
	lines := strings.Split(summary(problems), "\n")
	return strings.Join(slices.DeleteFunc(lines, func(l string) bool { return l == usual }), "\n")
}

func findOrganisation(records []Record, key string) *identity.Organisation {
	for _, r := range records {
		if r.Organisation != nil && r.Organisation.Key.String() == key {
			return r.Organisation
		}
	}
	return &identity.Organisation{}
}

func findListing(records []Record, key string) *catalogue.Listing {
	for _, r := range records {
		if r.Listing != nil && r.Listing.Key.String() == key {
			return r.Listing
		}
	}
	return &catalogue.Listing{Versions: []catalogue.Version{{}}}
}

func answerTo(l *catalogue.Listing, question string) catalogue.Answer {
	for _, a := range l.Versions[0].Answers {
		if a.Question == question {
			return a
		}
	}
	return catalogue.Answer{}
}

func TestFedRAMPTraps(t *testing.T) {
	swap := func(old, with string) func(string) string {
		return func(s string) string { return strings.Replace(s, old, with, 1) }
	}
	reuse := func(row string) func(string) string { return swap(`"ReuseMapping":[`, `"ReuseMapping":[`+row+",") }
	row := `{"id":"FR1","agency_id":"22-901","parent":"Fog Commission","sub_id":"","sub":"","ato_date":"2023-01-15T20:00:00.000Z","auth_date":"","exp_date":""}`
	with := func(old, new string) func(string) string { return reuse(strings.Replace(row, old, new, 1)) }
	cases := []struct {
		rule string
		edit func(string) string
		want string
	}{
		{"the small file has nothing to tell but a spelling", swap("", ""), ""},
		{"an id with a space is trimmed and told", with(`"FR1"`, `" FR1"`), "ReuseMapping[0] FR1|id|noted|spaces"},
		{"a use of a product that is not there is left out", with(`"FR1"`, `"FR9"`), "ReuseMapping[0] FR9|id|skipped|fedramp_no_product"},
		{"a use without a product is left out", with(`"FR1"`, `""`), "ReuseMapping[0] |id|skipped|fedramp_no_product"},
		{"an agency without an id is found by its names", with(`"22-901"`, `""`), "ReuseMapping[0] FR1|agency_id|noted|fedramp_agency_by_name"},
		{"an agency with a strange id is found by its names", with(`"22-901"`, `"22-999"`), "ReuseMapping[0] FR1|agency_id|noted|fedramp_agency_by_name"},
		{"an agency that has no record is made of its names", with(`"agency_id":"22-901","parent":"Fog`, `"agency_id":"22-999","parent":"Mist`), "ReuseMapping[0] FR1|agency_id|noted|fedramp_agency_made"},
		{"an agency without id and names leaves the use out", with(`"agency_id":"22-901","parent":"Fog Commission"`, `"agency_id":"","parent":""`), "ReuseMapping[0] FR1|agency_id|skipped|fedramp_no_agency"},
		{"an agency by another name keeps its id", with(`Fog`, `Mist`), "ReuseMapping[0] FR1|agency_id|noted|fedramp_names_differ"},
		{"a day written by hand is unknown", with(`2023-01-15T20:00:00.000Z`, `7/72023`), "ReuseMapping[0] FR1|ato_date|partial|unclear_date"},
		{"a day of the year 202 is unknown", with(`2023-01-15T20:00:00.000Z`, `0202-10-19T04:56:02.000Z`), "ReuseMapping[0] FR1|ato_date|partial|unclear_date"},
		{"a day of the year 20256 is unknown", with(`"exp_date":""`, `"exp_date":"+020256-02-28T20:00:00.000Z"`), "ReuseMapping[0] FR1|exp_date|partial|unclear_date"},
		{"a day that no year has is unknown", with(`"exp_date":""`, `"exp_date":"2/29/2027"`), "ReuseMapping[0] FR1|exp_date|partial|unclear_date"},
		{"an end before the beginning is unknown", with(`"exp_date":""`, `"exp_date":"2022-01-15T20:00:00.000Z"`), "ReuseMapping[0] FR1|exp_date|partial|ends_before"},
		{"a notice from the future is told", with(`"auth_date":""`, `"auth_date":"2026-03-27T20:00:00.000Z"`), "ReuseMapping[0] FR1|auth_date|noted|odd_date_left"},
		{"a member that is missing is told", with(`"ato_date":"2023-01-15T20:00:00.000Z",`, ``), "ReuseMapping[0] FR1|ato_date|partial|missing"},
		{"a member of the wrong kind is told", with(`"2023-01-15T20:00:00.000Z"`, `20230115`), "ReuseMapping[0] FR1|ato_date|partial|wrong_type"},
		{"a member that is new is told once", swap(`"ReuseMapping":[`, `"ReuseMapping":[`+strings.Replace(row, `"id"`, `"new":1,"id"`, 1)+","+strings.Replace(row, `"id"`, `"new":1,"id"`, 1)+","), "ReuseMapping|new|noted|member_left"},
		{"a row that is no object is left out", reuse(`[]`), "ReuseMapping[0]||skipped|wrong_type"},
		{"a member that comes twice leaves the row out", with(`"sub":""`, `"sub":"","sub":"x"`), "ReuseMapping[0]|sub|skipped|duplicate_field"},
		{"a product that comes twice is left out the second time", swap(`"id":"FR2","name"`, `"id":"FR1","name"`), "Products[1] FR1|id|skipped|duplicate_key\nMetrics|in_process|noted|figure_differs"},
		{"a product without a name is left out", swap(`"cso":"Cloudy Chair"`, `"cso":" "`), "Products[1] FR2||skipped|fedramp_no_id\nMetrics|in_process|noted|figure_differs"},
		{"two products of one name are told", swap(`"cso":"Cloudy Chair"`, `"cso":"Cloudy Desk"`), "Products[1] FR2|cso|noted|fedramp_same_name"},
		{"a status that is new stays with the other facts", swap(`FedRAMP Authorized`, `FedRAMP Revoked`), "Metrics|total|noted|figure_differs\nProducts[0] FR1|status|partial|unknown_value"},
		{"a function without a category is told", swap(`"Finance"`, `"Astrology"`), "Products[0] FR1|business_function|partial|fedramp_no_category"},
		{"an address without a scheme gets one", swap(`"website":"https://cloudy.example"`, `"website":"Cloudy.Example/us "`), "Products[0] FR1|website|noted|site_changed"},
		{"an address that is none is left to the other facts", swap(`"website":"https://cloudy.example"`, `"website":"see below"`), "Products[0] FR1|website|partial|bad_site"},
		{"an e-mail address with a space is trimmed", swap(`sales@cloudy.example"`, `sales@cloudy.example "`), "Products[0] FR1|sales_email|noted|spaces"},
		{"a web address is no e-mail address", swap(`sales@cloudy.example`, `https://cloudy.example`), "Products[0] FR1|sales_email|partial|bad_mail"},
		{"characters that cannot be seen are told", swap(`A chair.`, "A\u00a0cha\u200bir."), "Products[1] FR2|service_desc|noted|characters_changed"},
		{"characters that look damaged are told and left", swap(`A chair.`, "A chair¬."), "Products[1] FR2|service_desc|noted|characters_odd"},
		{"a partner that is no agency is told", swap(`"partnering_agency":"Rain Office"`, `"partnering_agency":"Sun Office"`), "Products[1] FR2|partnering_agency|partial|fedramp_no_partner"},
		{"an agency that comes twice is left out the second time", swap(`"id":"22-901"`, `"id":"22-900"`), "Agencies[2] 22-900|id|skipped|duplicate_key\nReuseMapping[1] FR1|agency_id|noted|fedramp_agency_made"},
		{"a body above that has no record is made", swap(`"id":"22-900","parent":"Department of Weather","sub":""`, `"id":"22-902","parent":"Other","sub":""`), "agency 22-900||noted|fedramp_parent_made"},
		{"figures that differ are told", swap(`"in_process":1`, `"in_process":2`), "Metrics|in_process|noted|figure_differs"},
		{"a table that is new is told", swap(`"Filters":`, `"Badges":[],"Filters":`), "Badges||noted|unknown_table"},
		{"a table that is missing stops", swap(`"AtoMapping"`, `"AtoMap"`), "AtoMap||noted|unknown_table\n|AtoMapping|stopped|missing_table"},
		{"a table that comes twice stops", swap(`"Assessors":[`, `"Agencies":[`), "|Agencies|stopped|duplicate_field"},
		{"a file without its day stops", swap(`2025-01-30T23:22:45.200Z`, `soon`), "meta|last_change|partial|unclear_date\n|meta.last_change|stopped|missing"},
		{"a list at the top stops", func(s string) string { return "[" + s + "]" }, "||stopped|file_broken"},
		{"a table that is no list stops", swap(`"Agencies":[`, `"Agencies":{"x":[`), "||stopped|file_broken"},
		{"a file that is cut short stops", func(s string) string { return s[:len(s)/2] }, "||stopped|file_truncated"},
		{"text behind the end stops", func(s string) string { return s + "x" }, "||stopped|more_json"},
		{"an empty file stops", func(string) string { return "" }, "||stopped|file_truncated"},
		{"UTF-16 stops", func(string) string { return "\xFF\xFE{\x00" }, "||stopped|utf16"},
		{"bytes that are not UTF-8 leave the row out", with(`Fog Commission`, "F\xF6g"), "ReuseMapping[0]||skipped|not_utf8"},
	}
	for _, c := range cases {
		t.Run(c.rule, func(t *testing.T) {
			_, records, problems := readMarket(t, c.edit(smallMarket(t)))
			if got := told(problems); got != c.want {
				t.Errorf("got\n%s\nwant\n%s", got, c.want)
			}
			for _, r := range records {
				if r.Listing != nil {
					if err := testSchema(t).CheckListing(r.Listing); err != nil {
						t.Errorf("%s: %v", r.Where, err)
					}
				}
			}
		})
	}
}

func TestFedRAMPListing(t *testing.T) {
	r, records, _ := readMarket(t, smallMarket(t))
	l := findListing(records, "fedramp:FR1")
	v := l.Versions[0]
	w := v.Words["en"]
	for _, c := range []struct{ rule, got, want string }{
		{"vendor by one key for all spellings", l.Vendor.String(), "fedramp-csp:cloudy"},
		{"the other spelling too", findListing(records, "fedramp:FR2").Vendor.String(), "fedramp-csp:cloudy"},
		{"the vendor has the spelling of most products", findOrganisation(records, "fedramp-csp:cloudy").Names["en"], "Cloudy, Inc."},
		{"name", w.Name, "Cloudy Desk"},
		{"summary of whole sentences", w.Summary, "Desk is a desk. It has *legs* and a_top."},
		{"description as Markdown", w.Description, "Desk is a desk. It has \\*legs\\* and a\\_top.\n\nFeatures:\n\n- one\n- two"},
		{"categories once", strings.Join(v.Categories, ","), "accounting"},
		{"website", v.Website, "https://cloudy.example"},
		{"contact", v.Contact, "sales@cloudy.example"},
		{"checked on the day of the file", v.Checked.String(), "2025-01-30"},
		{"status", strings.Join(answerTo(l, "fedramp_status").Values, ","), "authorized"},
		{"status since", answerTo(l, "fedramp_status").Since.String(), "2020-02-03"},
		{"status proved by documents", string(answerTo(l, "fedramp_status").Proof), "document"},
		{"status in process only stated", string(answerTo(findListing(records, "fedramp:FR2"), "fedramp_status").Proof), "stated"},
		{"in process since its first step", answerTo(findListing(records, "fedramp:FR2"), "fedramp_status").Since.String(), "2024-06-25"},
		{"models in the order of the options", strings.Join(answerTo(l, "service_model").Values, ","), "saas,paas"},
		{"impact level", strings.Join(answerTo(l, "fedramp_impact_level").Values, ","), "moderate"},
		{"assessor", strings.Join(answerTo(l, "fedramp_assessor").Words["en"], ","), "Assessors LLC"},
		{"small business", strings.Join(answerTo(l, "small_business").Values, ","), "yes"},
		{"other facts stay, without empty ones and people", string(v.Extra), `{"logo":"https://cloudy.example/l.png","ready_date":"2019-01-02T20:00:00.000Z",` +
			`"partnering_agency":"Department of Weather","annual_assessment":"02/28","impact_level_number":"3","leveraged_systems":["FR2"],"uei":"ABC",` +
			`"business_function":["Accounting","Finance"],"all_others":[" Desk Light"]}`},
		{"a vendor's other spelling stays", string(findListing(records, "fedramp:FR2").Versions[0].Extra), `{"name":"CLOUDY  inc","csp":"CLOUDY  inc","ip_agency_status":"2024-08-12T20:00:00.000Z",` +
			`"ip_pmo_status":"2024-06-25T20:00:00.000Z","partnering_agency":"Rain Office","impact_level_number":"1"}`},
	} {
		if c.got != c.want {
			t.Errorf("%s: got %q, want %q", c.rule, c.got, c.want)
		}
	}
	if got := count(r, "fedramp.assessors"); got.Left != 1 {
		t.Errorf("assessors are people's data and left out, but counted: %v", got)
	}
}

func TestFedRAMPUses(t *testing.T) {
	again := func(days ...string) string {
		rows := ""
		for _, d := range days {
			rows += `{"id":"FR1","agency_id":"22-901","parent":"Fog Commission","sub_id":"","sub":"","ato_date":"` + d + `","auth_date":"","exp_date":""},`
		}
		return strings.Replace(smallMarket(t), `"ReuseMapping":[`, `"ReuseMapping":[`+rows, 1)
	}
	_, records, _ := readMarket(t, again("Not Active", "2023-05-06T20:00:00.000Z", "2023-05-06T20:00:00.000Z", "N/A"))
	var got []string
	for _, u := range findListing(records, "fedramp:FR1").Uses {
		got = append(got, strings.Join([]string{u.Organisation.Code, u.Part, string(u.Phase), u.Since.String(), u.Until.String()}, "|"))
	}
	want := []string{
		"22-900||in_use|2020-01-15|",
		"22-900-01||ended|2021-01-15|2024-01-15",
		"22-901||in_use|2022-01-15|2025-01-30", // ends on the day of the file: still in use
		"22-901|2023-05-06|in_use|2023-05-06|",
		"22-901|2023-05-06 (2)|in_use|2023-05-06|",
		"22-901|undated|in_use||",
		"22-901|undated (2)|in_use||",
	}
	if !slices.Equal(got, want) {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	if u := findListing(records, "fedramp:FR2").Uses; len(u) != 1 || u[0].Phase != catalogue.Planned || u[0].Organisation.Code != "22-900-01" {
		t.Errorf("the partner of a product in process plans to use it: %v", u)
	}
}

func TestFedRAMPReviewsArePlannedUses(t *testing.T) {
	file := strings.Replace(smallMarket(t), `"procs":[]`, `"procs":[{"id":"FR2","status":"Agency Review"},{"id":"FR8"}]`, 1)
	r, records, problems := readMarket(t, file)
	if u := findListing(records, "fedramp:FR2").Uses; len(u) != 1 || u[0].Phase != catalogue.Planned {
		t.Errorf("got %v", u)
	}
	if got, want := told(problems), "agency 22-900-01 procs[1] FR8|id|skipped|fedramp_no_product"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if c := count(r, "fedramp.reviews"); c.Read != 2 || c.Left != 1 {
		t.Errorf("got %v", c)
	}
}

func TestFedRAMPOrganisations(t *testing.T) {
	file := strings.Replace(smallMarket(t), `"id":"22-900","parent":"Department of Weather","sub":""`, `"id":"22-902","parent":"Office of Sun","sub":""`, 1)
	_, records, _ := readMarket(t, file)
	made := findOrganisation(records, "fedramp-agency:22-900")
	below := findOrganisation(records, "fedramp-agency:22-900-01")
	if made.Kind != identity.Ministry || made.Names["en"] != "Department of Weather" || below.Parent != made.Key || below.Kind != identity.Agency {
		t.Errorf("got %+v above %+v", made, below)
	}
	if o := findOrganisation(records, "fedramp-agency:22-901"); o.Kind != identity.Agency || !o.Parent.IsZero() || o.Country != "US" {
		t.Errorf("got %+v", o)
	}
	seen := map[string]bool{}
	for _, r := range records {
		switch {
		case r.Organisation != nil:
			seen[r.Organisation.Key.String()] = true
			if p := r.Organisation.Parent; !p.IsZero() && !seen[p.String()] {
				t.Errorf("%s comes before its parent %s", r.Organisation.Key, p)
			}
		default:
			for _, u := range r.Listing.Uses {
				if !seen[u.Organisation.String()] {
					t.Errorf("%s is used by %s, which did not come before it", r.Listing.Key, u.Organisation)
				}
			}
		}
	}
}

// The order of the file must not matter, or a shuffled one would change everything.
func TestFedRAMPOrderDoesNotMatter(t *testing.T) {
	var doc map[string]map[string]any
	if err := json.Unmarshal([]byte(smallMarket(t)), &doc); err != nil {
		t.Fatal(err)
	}
	for _, table := range []string{"Agencies", "ReuseMapping"} {
		slices.Reverse(doc["data"][table].([]any))
	}
	shuffled, err := json.Marshal(doc)
	if err != nil {
		t.Fatal(err)
	}
	_, a, _ := readMarket(t, smallMarket(t))
	_, b, _ := readMarket(t, string(shuffled))
	for _, r := range a {
		if r.Listing == nil {
			continue
		}
		other := findListing(b, r.Listing.Key.String())
		if got, want := encode(other.Uses), encode(r.Listing.Uses); got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
}
