package reports_test

import (
	"encoding/json"
	"testing"

	"pilveturg/models"
	"pilveturg/models/reports"
)

// oracle is what another program answered of the same file.
type oracle struct {
	Rows          int
	Total         string
	Concentration struct {
		Top []struct {
			Supplier, Amount string
			Share            string `json:"share_percent"`
		} `json:"top10"`
		Top10     string `json:"top10_share_percent"`
		HHI       string `json:"herfindahl_0_to_10000"`
		Suppliers json.Number
		For80     json.Number `json:"suppliers_for_80_percent_of_spend"`
	} `json:"Q_concentration"`
	Reuse struct {
		Suppliers json.Number `json:"suppliers_with_2_or_more_buyers"`
		Spend     string      `json:"spend_at_them"`
		Share     string      `json:"share_percent"`
		Most      []struct {
			Supplier, Amount string
			Buyers           json.Number
		} `json:"most_buyers"`
	} `json:"Q_reuse"`
	Spread struct {
		Buyers json.Number
		Most   []struct {
			Buyer, Amount string
			Suppliers     json.Number
		} `json:"most_suppliers"`
	} `json:"Q_buyer_spread"`
	Dependency struct {
		Count json.Number
		Spend string
	} `json:"Q_dependency"`
	Same struct {
		Services json.Number
		Spend    string
		Most     []struct {
			Supplier, Description, Amount string
			Buyers                        json.Number
		}
	} `json:"Q_same_service_many_buyers"`
	Prices struct {
		Services []struct {
			Supplier, Description, Minimum, Median, Maximum string
			Charges                                         json.Number
			Ratio                                           string `json:"spread_ratio"`
		}
	} `json:"Q_price_spread_of_same_service"`
	Relations []struct {
		Year, Amount                string
		Relations, Kept, New, Ended json.Number
	} `json:"Q_relations_by_financial_year"`
	Credits struct {
		Rows   json.Number
		Amount string
		Top    []struct {
			Supplier, Amount string
			Rows             json.Number
		}
	} `json:"Q_credits"`
	Months []struct {
		Month, Amount, Cumulative string
		Change                    *string `json:"change_percent"`
	} `json:"Q_months"`
	Duplicates struct {
		Rows   json.Number `json:"extra_rows"`
		Amount string      `json:"extra_amount"`
	} `json:"Q_possible_duplicates"`
	Small struct {
		Overall string                           `json:"overall_percent"`
		Years   []struct{ Year, Percent string } `json:"by_financial_year"`
	} `json:"Q_sme_share"`
	Sectors []struct{ Sector, Lot, Amount string } `json:"Q_sector_by_lot"`
}

// answers checks answers against what they should be.
type answers struct {
	*office
	ask reports.Ask
}

func (c answers) of(code, by string) *reports.Answer {
	c.t.Helper()
	ask := c.ask
	ask.By = by
	return c.office.ask(c.finance, code, ask)
}

// column is where a column stands.
func column(t testing.TB, a *reports.Answer, code string) int {
	t.Helper()
	for i, c := range a.Columns {
		if c.Code == code {
			return i
		}
	}
	t.Fatalf("no column %s among %+v", code, a.Columns)
	return 0
}

// row compares the beginning of what is written in a row, by columns.
func (c answers) row(a *reports.Answer, i int, want map[string]string) {
	c.t.Helper()
	if i >= len(a.Rows) {
		c.t.Errorf("there are %d rows; want %v in row %d", len(a.Rows), want, i)
		return
	}
	for code, value := range want {
		n := column(c.t, a, code)
		if got := written(c.t, a, i, n); !same(got, value) {
			c.t.Errorf("row %d has %s %q; want %q", i, code, got, value)
		}
	}
}

func written(t testing.TB, a *reports.Answer, row, column int) string {
	t.Helper()
	v := a.Rows[row].Values[column]
	switch {
	case v.Unknown:
		return "unknown"
	case a.Columns[column].Kind.IsNumber():
		return v.Amount.String()
	}
	return v.Text + v.Code
}

// same reports whether two texts are one, or the same number.
func same(got, want string) bool {
	if got == want {
		return true
	}
	g, err := models.ParseExact(got)
	w, err2 := models.ParseExact(want)
	return err == nil && err2 == nil && g == w
}

func (c answers) figure(a *reports.Answer, code, want string) {
	c.t.Helper()
	if got := figure(c.t, a, code); !same(got, want) {
		c.t.Errorf("%s is %s; want %s", code, got, want)
	}
}

func (c answers) total(a *reports.Answer, want string) {
	c.t.Helper()
	if !same(a.Total.String(), want) {
		c.t.Errorf("the total is %s; want %s", a.Total, want)
	}
}

// Every answer of a real file comes out as another program has it.
func TestAnswersOfARealFileComeOutExactly(t *testing.T) {
	var want oracle
	if err := json.Unmarshal(shared(t, "gcloud/_report_questions.oracle.json"), &want); err != nil {
		t.Fatal(err)
	}
	o := newOffice(t)
	o.bring("g-cloud.csv", shared(t, "gcloud/g-cloud-spend-2014-07-14.csv"))
	c := answers{o, reports.Ask{First: 4, Currency: "GBP"}}
	for name, check := range map[string]func(answers, *oracle){"vendors": vendorsAgree, "spending": spendingAgrees, "prices": pricesAgree, "small firms": smallAgrees} {
		t.Run(name, func(t *testing.T) {
			own := *o
			own.t = t
			check(answers{&own, c.ask}, &want)
		})
	}
}

func vendorsAgree(c answers, want *oracle) {
	a := c.of("concentration", "")
	c.total(a, want.Total)
	for i, w := range want.Concentration.Top {
		c.row(a, i, map[string]string{"vendor": w.Supplier, "amount": w.Amount, "share": w.Share})
	}
	c.figure(a, "top10", want.Concentration.Top10)
	c.figure(a, "hhi", want.Concentration.HHI)
	c.figure(a, "vendors", string(want.Concentration.Suppliers))
	c.figure(a, "vendors_80", string(want.Concentration.For80))
	a = c.of("reuse", "")
	c.figure(a, "reused_vendors", string(want.Reuse.Suppliers))
	c.figure(a, "reused_share", want.Reuse.Share)
	c.total(a, want.Reuse.Spend)
	for i, w := range want.Reuse.Most {
		c.row(a, i, map[string]string{"vendor": w.Supplier, "amount": w.Amount, "buyers": string(w.Buyers)})
	}
	a = c.of("dependency", "")
	c.figure(a, "dependent", string(want.Dependency.Count))
	c.total(a, want.Dependency.Spend)
	a = c.of("relations", "")
	for i, w := range want.Relations {
		c.row(a, i, map[string]string{"year": w.Year, "amount": w.Amount, "relations": string(w.Relations), "kept": string(w.Kept), "new": string(w.New), "ended": string(w.Ended)})
	}
	if len(a.Rows) != len(want.Relations) {
		c.t.Errorf("%d years; want %d", len(a.Rows), len(want.Relations))
	}
}

func spendingAgrees(c answers, want *oracle) {
	a := c.of("overlap", "buyer")
	c.figure(a, "buyers", string(want.Spread.Buyers))
	for i, w := range want.Spread.Most {
		c.row(a, i, map[string]string{"buyer": w.Buyer, "vendors": string(w.Suppliers), "amount": w.Amount})
	}
	a = c.of("credits", "")
	c.figure(a, "credits", string(want.Credits.Rows))
	c.total(a, want.Credits.Amount)
	for i, w := range want.Credits.Top {
		c.row(a, i, map[string]string{"vendor": w.Supplier, "amount": w.Amount, "credits": string(w.Rows)})
	}
	a = c.of("spent", "month")
	if len(a.Rows) != len(want.Months) {
		c.t.Errorf("%d months; want %d", len(a.Rows), len(want.Months))
	}
	for i, w := range want.Months {
		change := "unknown"
		if w.Change != nil {
			change = *w.Change
		}
		c.row(a, i, map[string]string{"month": w.Month, "amount": w.Amount, "cumulative": w.Cumulative, "change": change})
	}
	a = c.of("duplicates", "")
	c.figure(a, "repeated", string(want.Duplicates.Rows))
	c.total(a, want.Duplicates.Amount)
}

func pricesAgree(c answers, want *oracle) {
	a := c.of("prices", "")
	c.figure(a, "services", string(want.Same.Services))
	c.total(a, want.Same.Spend)
	for i, w := range want.Same.Most {
		c.row(a, i, map[string]string{"vendor": w.Supplier, "service": w.Description, "buyers": string(w.Buyers), "amount": w.Amount})
	}
	for i, w := range want.Prices.Services {
		c.row(a, i, map[string]string{"vendor": w.Supplier, "service": w.Description, "priced": string(w.Charges), "minimum": w.Minimum, "median": w.Median, "maximum": w.Maximum, "ratio": w.Ratio})
	}
}

func smallAgrees(c answers, want *oracle) {
	a := c.of("small", "")
	c.figure(a, "small_share", want.Small.Overall)
	for i, w := range want.Small.Years {
		c.row(a, i, map[string]string{"year": w.Year, "small_share": w.Percent})
	}
	a = c.of("small", "sector")
	if len(a.Rows) != len(want.Sectors) {
		c.t.Errorf("%d sectors by lot; want %d", len(a.Rows), len(want.Sectors))
	}
	for i, w := range want.Sectors {
		c.row(a, i, map[string]string{"sector": w.Sector, "category": w.Lot, "amount": w.Amount})
	}
}
