package reports_test

import (
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"pilveturg/db"
	"pilveturg/models"
	"pilveturg/models/identity"
	"pilveturg/models/registers"
	"pilveturg/models/reports"
	"pilveturg/models/systems"
)

// portfolio is what another program answered of business cases. Money is in millions.
type portfolio struct {
	Investments json.Number
	Current     string `json:"current_year"`
	Budget      string `json:"budget_year"`
	Change      string `json:"change_percent"`
	Agencies    []struct {
		Agency, Change string
		Investments    json.Number
		Current        string      `json:"current_year"`
		Budget         string      `json:"budget_year"`
		Percent        string      `json:"change_percent"`
		Shared         json.Number `json:"shared_investments"`
		Share          string      `json:"shared_share_of_budget_percent"`
	} `json:"by_agency"`
	Top     []struct{ ID, Title string } `json:"top10_investments"`
	TopPart string                       `json:"top10_share_of_budget_percent"`
	Ended   struct {
		Count   json.Number
		Current string `json:"current_year"`
		Budget  string `json:"budget_year"`
	} `json:"ending_2017_or_before"`
	Colours []struct {
		Colour      string
		Investments json.Number
		Current     string `json:"current_year"`
	} `json:"by_cio_colour"`
}

// cases brings the business cases into the register.
func (o *office) cases() {
	o.t.Helper()
	f, err := registers.Read(shared(o.t, "us_it/businesscase_by2017.csv"))
	if err != nil {
		o.t.Fatal(err)
	}
	var all []systems.Brought
	for i := range f.Entries {
		e := &f.Entries[i]
		all = append(all, systems.Brought{Line: e.Line, Owner: models.Key{Scheme: "us-agency", Code: e.OwnerCode}, OwnerName: e.OwnerName, OwnerKind: identity.Agency, System: e.System, Costs: e.Costs})
	}
	b := &systems.Bringing{Kind: "itdashboard", File: "cases.csv", Hash: "0123456789012345678901234567890123456789012345678901234567890123", Rows: len(all)}
	o.write(admin, func(ctx context.Context, tx *db.Tx) error { return systems.Bring(ctx, tx, b, all) })
}

// millions are an amount in dollars, of millions.
func millions(t *testing.T, text string) string {
	t.Helper()
	e, err := models.ParseExact(text + "E6")
	if err != nil {
		t.Fatal(err)
	}
	return e.String()
}

// plain is a number without zeros at its end.
func plain(t *testing.T, text string) string {
	t.Helper()
	e, err := models.ParseExact(text)
	if err != nil {
		t.Fatal(err)
	}
	return e.String()
}

func TestBusinessCasesAnswerAsAnotherProgramDoes(t *testing.T) {
	b, err := os.ReadFile(filepath.Join("../../../shared/data/spend", "us_it/_report_questions.oracle.json"))
	if err != nil {
		t.Skipf("no answers beside the repository: %v", err)
	}
	var want portfolio
	if err := json.Unmarshal(b, &want); err != nil {
		t.Fatal(err)
	}
	o := newOffice(t)
	o.cases()
	ask := reports.Ask{Year: 2016, Currency: "USD"}
	a := o.ask(o.analyst, "investments", ask)
	for code, text := range map[string]string{"systems": want.Investments.String(), "this_year": millions(t, want.Current), "next_year": millions(t, want.Budget), "growth": plain(t, want.Change), "top10_systems": plain(t, want.TopPart),
		"ended": want.Ended.Count.String(), "ended_this_year": millions(t, want.Ended.Current), "ended_next_year": millions(t, want.Ended.Budget)} {
		if got := figure(t, a, code); got != text {
			t.Errorf("%s: %s, want %s", code, got, text)
		}
	}
	var got, agencies [][]string
	for _, row := range cells(a) {
		got = append(got, row[1:])
	}
	for _, one := range want.Agencies {
		agencies = append(agencies, []string{millions(t, one.Current), millions(t, one.Budget), plain(t, one.Percent), one.Investments.String(), one.Shared.String(), plain(t, one.Share)})
	}
	alike(t, got, agencies)
	ask.By = "rating"
	for _, row := range cells(o.ask(o.analyst, "investments", ask)) {
		i := slices.IndexFunc(want.Colours, func(c struct {
			Colour      string
			Investments json.Number
			Current     string `json:"current_year"`
		}) bool {
			return len(c.Colour) > 0 && string(c.Colour[0]+'a'-'A')+c.Colour[1:] == row[0]
		})
		if i < 0 || row[1] != millions(t, want.Colours[i].Current) || row[4] != want.Colours[i].Investments.String() {
			t.Errorf("colour %q", row)
		}
	}
	ask.By = "system"
	for i, row := range cells(o.ask(o.analyst, "investments", ask))[:len(want.Top)] {
		if title := strings.Join(strings.Fields(want.Top[i].Title), " "); row[0] != title {
			t.Errorf("place %d has %q, want %q", i, row[0], title)
		}
	}
}
