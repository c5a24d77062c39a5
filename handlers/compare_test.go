package handlers

import (
	"encoding/csv"
	"maps"
	"net/url"
	"slices"
	"strings"
	"testing"

	"pilveturg/db"
	"pilveturg/models"
	"pilveturg/models/catalogue"
	"pilveturg/models/pricing"
)

// newCompareSite is a site with two more journals to compare: 6 costs half a euro
// a pupil and year with 100 € once, 7 is priced on request.
func newCompareSite(t *testing.T) *testSite {
	t.Helper()
	s := newSite(t)
	half, _ := models.NewDecimal(5, 1)
	setup, limit, days := models.Whole(100), models.Whole(3), 30
	cheap := testVersion("school-journals", "en", "=Cheap journal", "Marks.")
	cheap.DemoPrice = true
	cheap.Plans = []pricing.Plan{{Code: "a", Currency: "EUR", Terms: pricing.Terms{NoticeDays: &days, RiseCap: &limit},
		Charges: []pricing.Charge{{Code: "p", Unit: "pupil", Per: pricing.PerYear, Price: &half}, {Code: "s", Per: pricing.Once, Price: &setup}}}}
	cheap.Answers = []catalogue.Answer{
		{Question: "notice_days", Values: []string{"90"}, By: catalogue.ByVendor, Proof: catalogue.Stated},
		{Question: "self_export", Values: []string{catalogue.Yes}, By: catalogue.ByVendor, Proof: catalogue.Stated},
		{Question: "exit_cost", Values: []string{"50.00 EUR"}, By: catalogue.ByVendor, Proof: catalogue.Document, Source: "Contract"},
		{Question: "last_release", Values: []string{"2026-01-10"}, By: catalogue.ByVendor, Proof: catalogue.Stated},
	}
	asked := testVersion("school-journals", "en", "Asked journal", "Marks.")
	asked.Plans = []pricing.Plan{{Code: "a", Kind: pricing.Request, Currency: "EUR"}}
	asked.Answers = []catalogue.Answer{
		{Question: "notice_days", Values: []string{"60"}, By: catalogue.ByVendor, Proof: catalogue.Stated},
		{Question: "self_export", Values: []string{catalogue.No}, By: catalogue.ByVendor, Proof: catalogue.Stated},
	}
	s.write(func(tx *db.Tx) error {
		for i, v := range []catalogue.Version{cheap, asked} {
			l := catalogue.Listing{Key: testKey([]string{"cheap", "asked"}[i]), Vendor: testBodies()[2].Key, Invented: true, Versions: []catalogue.Version{v}}
			if _, err := catalogue.Put(t.Context(), tx, &l, 0); err != nil {
				return err
			}
		}
		return nil
	})
	return s
}

func TestComparePage(t *testing.T) {
	s := newCompareSite(t)
	cases := []struct {
		name, address string
		code          int
		texts         []string
	}{
		{"without services it says how to pick and suggests three", "/en/compare", 200,
			[]string{"Compare services", "Pick 2 to 8 services", "Used the most", "id=sc-1", "!<table"}},
		{"one service asks for another and suggests others", "/et/compare?id=sc-1", 200,
			[]string{"Seni on valitud", "Klassipäevik", "id=sc-1&amp;id=sc-", "!<table"}},
		{"prices are for the numbers in the address", "/en/compare?id=sc-1&id=sc-6&n.pupil=2000&years=2", 200,
			[]string{"Compare 2 services", "€1,000.00", "€2,150.00", "of which €100.00 once", "of which €50.00 for leaving", "Demonstration price", "Lowest"}},
		{"the volume of a search is the quantity of its unit", "/en/compare?id=sc-1&id=sc-6&vol=2000&unit=pupil&years=2", 200, []string{"€1,000.00", `name="n.pupil" value="2000"`}},
		{"without a unit it is of what is counted first", "/en/compare?id=sc-1&id=sc-6&vol=2000&years=2", 200, []string{"€1,000.00", `name="n.pupil" value="2000"`}},
		{"a volume that is no number stays to be put right", "/en/compare?id=sc-1&id=sc-6&vol=many", 422, []string{`value="many"`}},
		{"a unit that nobody knows is said", "/en/compare?id=sc-1&id=sc-6&vol=5&unit=moon", 200, []string{"moon"}},
		{"an unknown cost of leaving is said", "/en/compare?id=sc-1&id=sc-6", 200, []string{"cost of leaving unknown, not in the sum"}},
		{"without numbers the usual ones are taken, and said", "/en/compare?id=sc-1&id=sc-6", 200, []string{"taken: 1,000 pupils", "€500.00"}},
		{"three years are compared unless others are asked", "/en/compare?id=sc-1&id=sc-6", 200, []string{`<option value="3" selected>`, "3 years, with"}},
		{"the plan's notice goes before the answer's, which is told", "/en/compare?id=sc-6&id=sc-7", 200,
			[]string{"30 days", "the answers say: 90 days", "60 days"}},
		{"a number is read however it is written", "/en/compare?id=SC%201&id=6&id=/en/services/sc-7-asked-journal%3Fx%3D1", 200, []string{"Compare 3 services"}},
		{"several may stand in one field", "/en/compare?id=1,+6%3B+sc7", 200, []string{"Compare 3 services"}},
		{"unknown numbers are said", "/en/compare?id=sc-1&id=sc-6&id=sc-99&id=journal", 200, []string{"Compare 2 services", "left out: SC-99, journal"}},
		{"doubled numbers are said", "/en/compare?id=sc-1&id=sc-6&id=1", 200, []string{"Compare 2 services", "Named twice, stands here once: SC-1"}},
		{"a withdrawn service stays, marked, without a price", "/en/compare?id=sc-1&id=sc-3", 200,
			[]string{"Kiosk guide", "Withdrawn", "Last published version: 1", "No price is promised now"}},
		{"a closed one is marked", "/en/compare?id=sc-1&id=sc-2", 200, []string{"Closed to new customers"}},
		{"what is not known is a word", "/en/compare?id=sc-1&id=sc-5", 200, []string{"Unknown", "!<td></td>"}},
		{"how an answer is known stands in its cell", "/en/compare?id=sc-1&id=sc-6", 200, []string{"Document checked", "Vendor says"}},
		{"text in another language says so", "/en/compare?id=sc-1&id=sc-4", 200, []string{`lang="et">Õpilaste söökla`}},
		{"only rows that differ are left when asked", "/en/compare?id=sc-6&id=sc-7&diff=1", 200,
			[]string{"Notice", "rows are hidden", "!Incident", "!Main features"}},
		{"rows that nobody answers are hidden when asked", "/en/compare?id=sc-6&id=sc-7&known=1", 200, []string{"Used by", "rows are hidden", "!Main features"}},
		{"weights make a total with its working", "/en/compare?id=sc-6&id=sc-7&w.notice_days=5&w.self_export=2", 200,
			[]string{"5 × 30 ÷ 30 = 5", "5 × 30 ÷ 60 = 2.5", "2 × 1 = 2", "2 × 0 = 0", "7 of 7 points", "2.5 of 7 points", "Highest"}},
		{"a price on request gets nothing", "/en/compare?id=sc-6&id=sc-7&w.year=4", 200, []string{"4 × 500 ÷ 500 = 4", "Unknown: 0"}},
		{"a service that cannot be had gets no total", "/en/compare?id=sc-6&id=sc-3&w.notice_days=5", 200, []string{"Not scored: it cannot be had"}},
		{"a wrong weight is told", "/en/compare?id=sc-6&id=sc-7&w.notice_days=9", 422, []string{"choose a weight from 0 to 5", "!Total by your weights"}},
		{"a wrong quantity is told, and what was typed stays", "/en/compare?id=sc-1&id=sc-6&n.pupil=many", 422, []string{`value="many"`, "Not worked out"}},
		{"wrong years are told", "/en/compare?id=sc-1&id=sc-6&years=99", 422, []string{"Choose from 1 to 5 years"}},
		{"weights of no row are said", "/en/compare?id=sc-1&id=sc-6&w.luck=5", 200, []string{"no such rows to weigh", "luck"}},
		{"rows of words cannot be weighed, which is said", "/et/compare?id=sc-1&id=sc-6&w.data_countries=5", 200, []string{"ei saa neid ridu kaaluda"}},
		{"hostile names are words", "/en/compare?id=%3Cscript%3E&id=%ff%00", 200, []string{"&lt;script&gt;", "!<script>"}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			s.t = t
			s.want("GET", c.address, c.code, c.texts...)
		})
	}
}

func TestComparedAtMostEight(t *testing.T) {
	s := newCompareSite(t)
	s.write(func(tx *db.Tx) error {
		for _, code := range []string{"n1", "n2", "n3"} {
			l := catalogue.Listing{Key: testKey(code), Vendor: testBodies()[2].Key, Invented: true,
				Versions: []catalogue.Version{testVersion("school-journals", "en", "Journal "+code, "Marks.")}}
			if _, err := catalogue.Put(t.Context(), tx, &l, 0); err != nil {
				return err
			}
		}
		return nil
	})
	s.want("GET", "/en/compare?id=1,2,3,4,5,6,7,8,9,10", 200, "Compare 8 services", "Left out: SC-10, SC-9", "There is room for 8 services")
	s.want("GET", "/en/compare?id="+strings.Repeat("1,", 100), 200, "60 more")
}

func TestCompareDropsWhatNobodyFilledIn(t *testing.T) {
	s := newCompareSite(t)
	s.wantTo("/en/compare?id=sc-1&id=sc-6&id=&n.pupil=&w.year=5&w.users=&utm=x", 303, "/en/compare?id=sc-1&id=sc-6&w.year=5")
	s.wantTo("/et/compare?id=", 303, "/et/compare")
}

// A journal sold to schools of up to 600 pupils has no price for one school of a
// thousand.
func TestCompareTakesAsManySchoolsAsAPriceNeeds(t *testing.T) {
	s := newCompareSite(t)
	most := models.Whole(600)
	v := testVersion("school-journals", "en", "School journal", "Marks.")
	v.Plans = []pricing.Plan{{Code: "a", Currency: "EUR", Charges: []pricing.Charge{{Code: "s", Unit: "pupil", Each: "school", Per: pricing.PerYear,
		Mode: pricing.Band, Steps: []pricing.Step{{To: &most, Price: models.Whole(300)}}}}}}
	s.write(func(tx *db.Tx) error {
		_, err := catalogue.Put(t.Context(), tx, &catalogue.Listing{Key: testKey("school"), Vendor: testBodies()[2].Key, Invented: true,
			Versions: []catalogue.Version{v}}, 0)
		return err
	})
	s.want("GET", "/en/compare?id=sc-6&id=sc-8", 200, "taken: 1,000 pupils, 2 schools", "€600.00", "!Price on request")
	s.want("GET", "/en/compare?id=sc-6&id=sc-8&n.pupil=2000", 200, "taken: 4 schools", "€1,200.00")
	s.want("GET", "/en/compare?id=sc-6&id=sc-8&n.pupil=2000&n.school=1", 200, "!taken:", "Price on request")
}

func TestCompareDoesNotShowDrafts(t *testing.T) {
	s := newCompareSite(t)
	v := testVersion("school-journals", "en", "Secret journal", "Marks.")
	v.State, v.Published = catalogue.Draft, models.Date{}
	s.write(func(tx *db.Tx) error {
		_, err := catalogue.Put(t.Context(), tx, &catalogue.Listing{Key: testKey("draft"), Vendor: testBodies()[2].Key, Invented: true,
			Versions: []catalogue.Version{v}}, 0)
		return err
	})
	s.want("GET", "/en/compare?id=sc-6&id=sc-7&id=sc-8", 200, "Compare 2 services", "left out: SC-8", "!Secret")
}

func TestParseService(t *testing.T) {
	for typed, want := range map[string]int64{
		"SC-31": 31, "sc-31": 31, "sc31": 31, "Sc 31": 31, "sc–31": 31, "31": 31, "0031": 31, "sc-31-paevik-lite": 31,
		"https://pilveturg.example/et/services/sc-31-paevik-lite?n.pupil=1#price": 31, "/en/services/sc-31-x/changes": 31,
		"": 0, "sc": 0, "sc-": 0, "-31": 0, "31x": 0, "31-x": 0, "sc-31x": 0, "v-31": 0, "0": 0, "99999999999999999999": 0, "3.1": 0,
	} {
		if got, ok := parseService(typed); ok != (want > 0) || ok && got != want {
			t.Errorf("%q is read as %d, %t; want %d", typed, got, ok, want)
		}
	}
}

func TestCompareFile(t *testing.T) {
	s := newCompareSite(t)
	w := s.do("GET", "/en/compare.csv?id=sc-6&id=sc-7&n.pupil=2000&w.notice_days=5")
	if got := w.Header().Get("Content-Type"); w.Code != 200 || got != "text/csv; charset=utf-8" {
		t.Fatalf("status %d, %s", w.Code, got)
	}
	text, marked := strings.CutPrefix(w.Body.String(), "\ufeff")
	if !marked {
		t.Error("spreadsheets are not told the encoding")
	}
	lines, err := csv.NewReader(strings.NewReader(text)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	if got := lines[0][3]; got != "'=Cheap journal" {
		t.Errorf("the name that looks like a formula stands as %q", got)
	}
	byRow := map[string][]string{}
	for _, line := range lines {
		byRow[line[0]+"|"+line[1]] = line
	}
	for row, want := range map[string]string{
		"Price, without VAT|A year for your numbers": "Price, without VAT|A year for your numbers|EUR|1000||Price on request",
		"Price, without VAT|Notice period":           "Price, without VAT|Notice period|day|30||60",
		"Total by your weights|Total":                "Total by your weights|Total||5||2.5",
	} {
		line := slices.Clone(byRow[row])
		if len(line) < 6 {
			t.Errorf("no row %q among %v", row, slices.Sorted(maps.Keys(byRow)))
			continue
		}
		line[4] = ""
		if got := strings.Join(line[:6], "|"); got != want {
			t.Errorf("row %q is %q, want %q", row, got, want)
		}
	}
	if got := byRow["Total by your weights|Notice period"]; len(got) < 7 || got[6] != "5 × 30 ÷ 60 = 2.5; weight 5; lowest ÷ own" {
		t.Errorf("the points are explained by %q", got)
	}
	s.want("GET", "/en/compare.csv?id=sc-6", 200, "SC-6", "!Price, without VAT")
	s.wantTo("/en/compare.csv?id=sc-6&id=sc-7&years=99", 303, "/en/compare?id=sc-6&id=sc-7&years=99")
}

// cellsOf are the cells of the service in the n-th place of the row, and its unit.
func (b *book) cellsOf(t *testing.T, row string, n int) (unit, value, notes string) {
	t.Helper()
	for _, r := range b.Rows {
		if c := r.Cells; len(c) > 4+2*n && c[1].Text == row {
			return c[2].Text, b.said(c[3+2*n]), c[4+2*n].Text
		}
	}
	t.Errorf("no row %q", row)
	return "", "", ""
}

func TestCompareWorkbook(t *testing.T) {
	s := newCompareSite(t)
	w := s.do("GET", "/en/compare.xlsx?id=sc-6&id=sc-7&id=sc-1&n.pupil=2000&w.notice_days=5")
	if got := w.Header().Get("Content-Type"); w.Code != 200 || got != xlsxKind {
		t.Fatalf("status %d, %s", w.Code, got)
	}
	b := readBook(t, w.Body.Bytes())
	if b.Pane.Rows != 2 || b.Pane.Columns != 2 || b.Pane.State != "frozen" || b.Pane.First != "C3" || b.Pane.Active != "bottomRight" || b.Name != "Compare services" {
		t.Errorf("the sheet %q is frozen as %+v", b.Name, b.Pane)
	}
	if got := b.Rows[0].Cells; len(got) != 9 || len(b.Widths) != 9 || got[3].Text != "=Cheap journal" || got[4].Text != "=Cheap journal: remarks" {
		t.Errorf("the first line is %+v", got)
	}
	if got := b.Rows[1].Cells[3].Text; got != "SC-6" {
		t.Errorf("the second line begins with %q", got)
	}
	for _, c := range []struct {
		row                string
		place              int
		unit, value, notes string
	}{
		{"A year for your numbers", 0, "EUR", "1000 as #4", "Lowest; Demonstration price"},
		{"A year for your numbers", 1, "EUR", "Price on request", ""},
		{"A year for your numbers", 2, "EUR", "10200 as #4", ""},
		{"3 years, with one-off charges and the cost of leaving", 0, "EUR", "3150 as #4", "Lowest; Demonstration price; of which €100.00 once; of which €50.00 for leaving"},
		{"Cap on price rises", 0, "%", "3 as #0", ""},
		{"Notice period", 0, "day", "30 as #0", "the answers say: 90\u00a0days"},
		{"Last release", 0, "", "46032 as #14", "Vendor says"},
		{"Last release", 1, "", "Unknown", ""},
		{"Used by", 2, "", "1 as #0", ""},
		{"Total", 0, "", "5 as #0", "5 of 5 points; Highest"},
	} {
		unit, value, notes := b.cellsOf(t, c.row, c.place)
		if unit != c.unit || value != c.value || notes != c.notes {
			t.Errorf("%s, service %d: %q %q %q, want %q %q %q", c.row, c.place, unit, value, notes, c.unit, c.value, c.notes)
		}
	}
	s.want("GET", "/et/compare?id=sc-6&id=sc-7&diff=1", 200, `<a href="/et/compare.csv?diff=1&amp;id=sc-6&amp;id=sc-7">CSV</a>`,
		`<a href="/et/compare.xlsx?diff=1&amp;id=sc-6&amp;id=sc-7">XLSX</a>`)
	s.wantTo("/en/compare.xlsx?id=sc-6&id=sc-7&id=sc-99&n.pupil=many", 303, "/en/compare?id=sc-6&id=sc-7&id=sc-99&n.pupil=many")
}

// Figures in several units stand with their units, so that nobody adds them up.
func TestCompareFileKeepsCurrenciesApart(t *testing.T) {
	s := newCompareSite(t)
	v := testVersion("school-journals", "en", "Dollar journal", "Marks.")
	one := models.Whole(1)
	v.Plans = []pricing.Plan{{Code: "a", Currency: "USD", Charges: []pricing.Charge{{Code: "p", Unit: "pupil", Per: pricing.PerYear, Price: &one}}}}
	s.write(func(tx *db.Tx) error {
		_, err := catalogue.Put(t.Context(), tx, &catalogue.Listing{Key: testKey("usd"), Vendor: testBodies()[2].Key, Invented: true,
			Versions: []catalogue.Version{v}}, 0)
		return err
	})
	b := readBook(t, s.do("GET", "/en/compare.xlsx?id=sc-6&id=sc-8&n.pupil=10").Body.Bytes())
	for place, want := range []string{"5 as #4 EUR; Demonstration price", "10 as #4 USD"} {
		unit, value, notes := b.cellsOf(t, "A year for your numbers", place)
		if got := value + " " + notes; unit != "" || got != want {
			t.Errorf("service %d: %q %q, want %q", place, unit, got, want)
		}
	}
}

func TestServicePageLeadsToComparison(t *testing.T) {
	s := newSite(t)
	s.want("GET", "/et/services/sc-1-e-journal-for-classes", 200, `href="/et/compare?id=sc-1"`, "Lisa võrdlusse")
}

func FuzzCompare(f *testing.F) {
	f.Add("sc-1", "1 000", "5", "w.year")
	f.Add("1,2;3", "1.234", "-1", "w.")
	f.Fuzz(func(t *testing.T, id, n, weight, row string) {
		for _, name := range namedServices([]string{id}) {
			if got, ok := parseService(name); ok && got <= 0 {
				t.Errorf("%q is read as %d", name, got)
			}
		}
		clean, _ := withoutEmpty(url.Values{"id": {id}, "n.pupil": {n}, row: {weight}})
		if again, dropped := withoutEmpty(clean); dropped || again.Encode() != clean.Encode() {
			t.Errorf("%v is cleaned once more, to %v", clean, again)
		}
	})
}
