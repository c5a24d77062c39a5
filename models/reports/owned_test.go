package reports_test

import (
	"context"
	"slices"
	"strconv"
	"testing"

	"pilveturg/db"
	"pilveturg/models"
	"pilveturg/models/reports"
	"pilveturg/models/spend"
	"pilveturg/models/systems"
)

// own registers a system of a body with what it costs.
func (o *office) own(body int64, s systems.System, lines ...systems.Cost) int64 {
	o.t.Helper()
	who := models.Actor{AccountID: o.finance.AccountID, OrgID: body, Roles: []models.Role{models.Buyer}}
	if s.State == "" {
		s.State = systems.InUse
	}
	o.write(who, func(ctx context.Context, tx *db.Tx) error {
		if err := systems.Save(ctx, tx, &s); err != nil {
			return err
		}
		return systems.SaveCosts(ctx, tx, s.ID, s.Revision, lines)
	})
	return s.ID
}

func yearly(kind systems.CostKind, amount string) systems.Cost {
	return systems.Cost{Words: string(kind), Kind: kind, Change: kind.Changes(), Every: systems.Yearly, Starts: models.NewDate(2020, 1, 1), Amount: amount}
}

// bought is written off over ten years.
func bought(amount string) systems.Cost {
	return systems.Cost{Words: "Development", Kind: systems.Capital, Change: true, Every: systems.Once, Starts: models.NewDate(2020, 1, 1), Amount: amount, LifeMonths: 120, UsedFrom: models.NewDate(2020, 1, 1)}
}

// estate is a school register that has passed its end, a map of the town and one of
// somebody else that others may use.
func (o *office) estate() (register, maps int64) {
	o.t.Helper()
	register = o.own(o.school, systems.System{Name: "Register", Category: "education", PlannedEnd: models.NewDate(2024, 12, 31), Rating: "red"}, bought("1000"), yearly(systems.Hosting, "60"), yearly(systems.Maintenance, "140"))
	maps = o.own(o.town, systems.System{Name: "Maps", Category: "maps", Rating: "green"}, bought("5000"), yearly(systems.Hosting, "300"))
	o.own(o.stranger, systems.System{Name: "Their maps", Category: "maps", Shareable: true}, yearly(systems.Running, "400"))
	return register, maps
}

// cells are the rows of an answer as texts.
func cells(a *reports.Answer) (rows [][]string) {
	for _, row := range a.Rows {
		var texts []string
		for i, v := range row.Values {
			switch {
			case v.Unknown:
				texts = append(texts, "?")
			case a.Columns[i].Kind.IsNumber():
				texts = append(texts, v.Amount.String())
			case v.Code != "":
				texts = append(texts, v.Code)
			case v.Slug != "":
				texts = append(texts, v.Slug)
			case v.Org != 0:
				texts = append(texts, "body")
			default:
				texts = append(texts, v.Text)
			}
		}
		rows = append(rows, texts)
	}
	return rows
}

func alike(t *testing.T, got, want [][]string) {
	t.Helper()
	if !slices.EqualFunc(got, want, slices.Equal) {
		t.Errorf("got  %q\nwant %q", got, want)
	}
}

func TestWhatKeepsSystemsAliveIsToldFromWhatChangesThem(t *testing.T) {
	o := newOffice(t)
	o.estate()
	a := o.ask(o.analyst, "run_change", reports.Ask{Year: 2025, By: "system"})
	alike(t, cells(a), [][]string{{"Maps", "300", "500", "800", "37.5", "0", "0"}, {"Their maps", "400", "0", "400", "100", "0", "0"}, {"Register", "200", "100", "300", "66.67", "300", "100"}})
	if run := figure(t, a, "run_share"); run != "60" {
		t.Errorf("%s %% keep systems alive", run)
	}
	below := o.ask(o.analyst, "run_change", reports.Ask{Year: 2025, By: "ministry"})
	alike(t, cells(below), [][]string{{"body", "500", "600", "1100", "45.45", "300", "27.27"}, {"body", "400", "0", "400", "100", "0", "0"}})
	if b := below.Rows[0].Below; b.Under != o.ministry || b.By != "owner" {
		t.Errorf("the ministry leads to %+v", b)
	}
}

func TestWhatIsPaidIsNotWhatIsUsedUp(t *testing.T) {
	o := newOffice(t)
	o.estate()
	paid := o.ask(o.analyst, "run_change", reports.Ask{Year: 2020, By: "owner", Basis: spend.Cash})
	used := o.ask(o.analyst, "run_change", reports.Ask{Year: 2020, By: "owner"})
	if paid.Total.String() != "6900" || used.Total.String() != "1500" {
		t.Errorf("paid %s, used up %s", paid.Total, used.Total)
	}
}

func TestWhatASystemCostsIsToldByKindAndJudged(t *testing.T) {
	o := newOffice(t)
	o.estate()
	a := o.ask(o.analyst, "system_cost", reports.Ask{Year: 2025, By: "system"})
	alike(t, cells(a), [][]string{
		{"Maps", "500", "300", "?", "?", "?", "0", "800", "0", "5000", "6", "low"},
		{"Their maps", "?", "?", "?", "?", "?", "400", "400", "0", "0", "?", "unknown"},
		{"Register", "100", "60", "140", "?", "?", "0", "300", "0", "1000", "20", "usual"},
	})
}

func TestInvestmentsAreToldWithThoseThatShouldHaveEnded(t *testing.T) {
	o := newOffice(t)
	o.estate()
	a := o.ask(o.analyst, "investments", reports.Ask{Year: 2025, By: "rating"})
	alike(t, cells(a), [][]string{{"green", "800", "800", "0", "1", "0", "0"}, {"none", "400", "400", "0", "1", "1", "100"}, {"red", "300", "300", "0", "1", "0", "0"}})
	if n, sum := figure(t, a, "ended"), figure(t, a, "ended_this_year"); n != "1" || sum != "300" {
		t.Errorf("%s ended with %s", n, sum)
	}
}

func TestSubscribedAndOwnedStandTogether(t *testing.T) {
	o := newOffice(t)
	register, _ := o.estate()
	o.bring("bills.csv", []byte("Supplier,Buyer,Date,Invoice number,Amount,Currency\nSample Maps Ltd,Office of Samples,2025-03-01,1,200,EUR\nSample Maps Ltd,Office of Samples,2024-03-01,2,100,EUR\nNobody,Ghost Office,2025-03-01,3,50,EUR\n"))
	a := o.ask(o.analyst, "together", reports.Ask{Year: 2025, By: "owner"})
	alike(t, cells(a), [][]string{{"body", "200", "800", "1000", "20", "900", "11.11", "?"}, {"body", "0", "400", "400", "0", "400", "0", "?"}, {"body", "0", "300", "300", "0", "300", "0", "?"}, {"Ghost Office", "50", "0", "50", "100", "0", "?", "?"}})
	top := o.ask(o.analyst, "together", reports.Ask{Year: 2025})
	if got := cells(top)[0]; got[3] != "1300" || top.Rows[0].Below.Under != o.ministry {
		t.Errorf("the ministry: %q, leads to %+v", got, top.Rows[0].Below)
	}
	things := o.ask(o.analyst, "together", reports.Ask{Year: 2025, By: "thing", Buyer: a.Rows[2].Below.Buyer})
	alike(t, cells(things), [][]string{{"Register", "0", "300", "300", "0", "300", "0", "?"}})
	if path := things.Rows[0].Below.Path; path != "/systems/"+strconv.FormatInt(register, 10) {
		t.Errorf("the system leads to %q", path)
	}
	years := o.ask(o.analyst, "together", reports.Ask{Year: 2025, By: "year"})
	if rows := cells(years); len(rows) != 5 || rows[4][1] != "250" || rows[4][2] != "1500" || rows[3][1] != "100" {
		t.Errorf("by year %q", rows)
	}
}

func TestOnePurposeIsServedByManyThings(t *testing.T) {
	o := newOffice(t)
	o.estate()
	a := o.ask(o.analyst, "one_purpose", reports.Ask{Year: 2025})
	alike(t, cells(a), [][]string{{"maps", "2", "2", "0", "0", "0", "1200", "1200"}})
	shared := o.ask(o.analyst, "could_share", reports.Ask{Year: 2025})
	alike(t, cells(shared), [][]string{{"Their maps", "body", "maps", "1", "400"}})
}

func TestABodySeesItsOwnSystemsInReportsOnly(t *testing.T) {
	o := newOffice(t)
	o.estate()
	buyer := models.Actor{AccountID: o.finance.AccountID, OrgID: o.school, Roles: []models.Role{models.Buyer}}
	for _, code := range []string{"together", "run_change", "system_cost", "one_purpose", "could_share", "investments"} {
		q, err := reports.Find(code)
		if err != nil {
			t.Fatal(err)
		}
		by := ""
		if slices.Contains(q.Bys, "system") {
			by = "system"
		}
		for _, row := range cells(o.ask(buyer, code, reports.Ask{Year: 2025, By: by})) {
			if slices.Contains(row, "Maps") || slices.Contains(row, "Their maps") || slices.Contains(row, "maps") {
				t.Errorf("%s tells %q", code, row)
			}
		}
		if _, err := q.Answer(t.Context(), o.DB, models.Actor{}, reports.Ask{Year: 2025}); err == nil {
			t.Errorf("%s answers a visitor", code)
		}
	}
}
