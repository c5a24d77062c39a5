package lifecycle_test

import (
	"math/big"
	"slices"
	"testing"

	"pilveturg/models"
	"pilveturg/models/lifecycle"
)

func day(t testing.TB, s string) models.Date {
	t.Helper()
	d, err := models.ParseDate(s)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func since(t testing.TB, pairs ...string) (all []lifecycle.Since) {
	for i := 0; i < len(pairs); i += 2 {
		all = append(all, lifecycle.Since{Day: day(t, pairs[i]), Value: exact(t, pairs[i+1])})
	}
	return all
}

// documents is a document management for each seat, or on own servers, in three years.
func documents(t testing.TB) (service, owned []lifecycle.Payment, assets []lifecycle.Asset) {
	t.Helper()
	vat := since(t, "2024-01-01", "0.22", "2025-07-01", "0.24")
	term := lifecycle.Term{Start: day(t, "2025-03-17"), End: day(t, "2028-03-16"), Price: exact(t, "14.90"), Rise: exact(t, "0.03"), Quantity: since(t, "2025-03-17", "120", "2025-11-10", "145"), VAT: vat}
	service = append(term.Payments(), lifecycle.Ahead("support", day(t, "2025-04-01"), 3, exact(t, "4800"), exact(t, "0.03"), vat)...)
	april := slices.IndexFunc(service, func(p lifecycle.Payment) bool { return p.Kind == "subscription" && p.Day == day(t, "2026-04-01") })
	service = append(service, lifecycle.Credit(&service[april], day(t, "2026-05-20"), exact(t, "0.05")))
	slices.SortStableFunc(service, func(a, b lifecycle.Payment) int { return a.Day.Time().Compare(b.Day.Time()) })
	rate := func(s string) *big.Rat { return exact(t, s).Rat() }
	assets = []lifecycle.Asset{
		{Name: "servers", Cost: rate("18600"), Bought: day(t, "2025-03-17"), UsedFrom: day(t, "2025-04-01"), Months: 48, LeftOver: rate("1000"), VAT: rate("0.22")},
		{Name: "licences", Cost: rate("37200"), Bought: day(t, "2025-03-17"), UsedFrom: day(t, "2025-04-01"), Months: 60, VAT: rate("0.22")},
		{Name: "more licences", Cost: rate("7750"), Bought: day(t, "2025-11-10"), UsedFrom: day(t, "2025-12-01"), Months: 60, VAT: rate("0.24")},
	}
	owned = lifecycle.Ahead("maintenance", day(t, "2026-04-01"), 2, exact(t, "8091"), exact(t, "0.03"), vat)
	from, to := day(t, "2025-04-01"), day(t, "2028-03-31")
	owned = append(owned, lifecycle.Monthly("staff", from, to, lifecycle.Pay(exact(t, "0.35"), exact(t, "2750"), exact(t, "1.338"), exact(t, "0.03"), from), nil)...)
	owned = append(owned, lifecycle.Monthly("rack", from, to, func(models.Date) *big.Rat { return rate("210") }, vat)...)
	return service, owned, assets
}

// byYear adds months up.
func byYear(t testing.TB, months []lifecycle.MonthFlow, of func(*lifecycle.MonthFlow) *big.Rat) map[string]string {
	sums := map[string]*big.Rat{}
	for i := range months {
		year := months[i].Month.String()[:4]
		if sums[year] == nil {
			sums[year] = new(big.Rat)
		}
		sums[year].Add(sums[year], of(&months[i]))
	}
	texts := map[string]string{}
	for year, sum := range sums {
		texts[year] = shown(t, sum, 2)
	}
	return texts
}

func total(months []lifecycle.MonthFlow, of func(*lifecycle.MonthFlow) *big.Rat) *big.Rat {
	sum := new(big.Rat)
	for i := range months {
		sum.Add(sum, of(&months[i]))
	}
	return sum
}

func cashOf(m *lifecycle.MonthFlow) *big.Rat    { return m.Cash }
func accruedOf(m *lifecycle.MonthFlow) *big.Rat { return m.Accrued }
func vatOf(m *lifecycle.MonthFlow) *big.Rat     { return m.VAT }

type years = map[string]string

// documented is the comparison of documents, as another program reckoned it.
type documented struct {
	Outputs struct {
		Prices  []struct{ Price, From string } `json:"unit_prices"`
		Service struct {
			Invoices []struct {
				Date   string
				Period []string
				Lines  []struct {
					Days, Of int
					Amount   string
				}
				Net, VAT string
				Rate     string `json:"vat_rate"`
			}
			Billed  years  `json:"billed_net_by_year"`
			VAT     years  `json:"billed_vat_by_year"`
			Accrued years  `json:"accrued_net_by_year"`
			Net     string `json:"total_net"`
			AllVAT  string `json:"total_vat"`
		}
		Owned struct {
			Cash    years  `json:"cash_net_by_year"`
			VAT     years  `json:"vat_by_year"`
			Accrued years  `json:"accrued_net_by_year"`
			Total   string `json:"total_cash_net"`
			AllVAT  string `json:"total_vat"`
			All     string `json:"total_accrued_net"`
			Book    string `json:"closing_book_value"`
		}
		Monthly []struct {
			Month   string
			Billed  string `json:"service_billed_net"`
			Accrued string `json:"service_accrued_net"`
			Cash    string `json:"owned_cash_net"`
			Owned   string `json:"owned_accrued_net"`
		}
		Comparison struct {
			Rate    string `json:"nominal_discount_rate"`
			Service string `json:"service_present_value"`
			Owned   string `json:"owned_present_value_with_disposal"`
		}
	}
}

func TestDocumentsComeToWhatAnotherProgramSays(t *testing.T) {
	var o documented
	shared(t, "example2_documents.json", &o)
	want := &o.Outputs
	service, owned, assets := documents(t)
	if len(service) != len(want.Service.Invoices) {
		t.Fatalf("%d payments, want %d", len(service), len(want.Service.Invoices))
	}
	for i, w := range want.Service.Invoices {
		p := service[slices.IndexFunc(service, func(p lifecycle.Payment) bool {
			return p.Day.String() == w.Date && p.To.String() == w.Period[1] && p.From.String() == w.Period[0]
		})]
		if shown(t, p.Net, 2) != w.Net || shown(t, p.VAT, 2) != w.VAT || len(p.Lines) != len(w.Lines) {
			t.Errorf("invoice %d of %s: %s and %s in %d lines; want %+v", i, w.Date, shown(t, p.Net, 2), shown(t, p.VAT, 2), len(p.Lines), w)
		}
	}
	from, to := day(t, "2025-03-01"), day(t, "2028-03-31")
	subscribed, own := lifecycle.Months(service, nil, from, to), lifecycle.Months(owned, assets, from, to)
	for i, w := range want.Monthly {
		got := [4]string{shown(t, subscribed[i].Cash, 2), shown(t, subscribed[i].Accrued, 2), shown(t, own[i].Cash, 2), shown(t, own[i].Accrued, 2)}
		if got != [4]string{w.Billed, w.Accrued, w.Cash, w.Owned} {
			t.Errorf("%s: %s, want %+v", w.Month, got, w)
		}
	}
	book := new(big.Rat)
	for i := range assets {
		book.Add(book, assets[i].Book(monthsUntil(assets[i].UsedFrom, to.AddDays(1))))
	}
	d := lifecycle.Discount{Steps: []lifecycle.Step{{Rate: exact(t, "0.035")}}, Inflation: exact(t, "0.03")}
	last := own[len(own)-1]
	disposal := slices.Clone(own)
	disposal[len(own)-1].Cash = new(big.Rat).Sub(last.Cash, big.NewRat(1500, 1))
	for what, pair := range map[string][2]string{
		"billed":          {shown(t, total(subscribed, cashOf), 2), want.Service.Net},
		"VAT":             {shown(t, total(subscribed, vatOf), 2), want.Service.AllVAT},
		"accrued":         {shown(t, total(subscribed, accruedOf), 2), want.Service.Net},
		"owned cash":      {shown(t, total(own, cashOf), 2), want.Owned.Total},
		"owned VAT":       {shown(t, total(own, vatOf), 2), want.Owned.AllVAT},
		"owned accrued":   {shown(t, total(own, accruedOf), 2), want.Owned.All},
		"book value":      {shown(t, book, 2), want.Owned.Book},
		"identity":        {shown(t, new(big.Rat).Sub(total(own, cashOf), book), 2), shown(t, total(own, accruedOf), 2)},
		"rate":            {shown(t, lifecycle.Nominal(exact(t, "0.035"), exact(t, "0.03")), 6), want.Comparison.Rate},
		"present service": {shown(t, lifecycle.PresentOf(subscribed, d), 2), want.Comparison.Service},
		"present owned":   {shown(t, lifecycle.PresentOf(disposal, d), 2), want.Comparison.Owned},
	} {
		if pair[0] != pair[1] {
			t.Errorf("%s: %s, want %s", what, pair[0], pair[1])
		}
	}
	for what, pair := range map[string][2]years{"billed": {byYear(t, subscribed, cashOf), want.Service.Billed}, "VAT": {byYear(t, subscribed, vatOf), want.Service.VAT}, "accrued": {byYear(t, subscribed, accruedOf), want.Service.Accrued},
		"owned cash": {byYear(t, own, cashOf), want.Owned.Cash}, "owned accrued": {byYear(t, own, accruedOf), want.Owned.Accrued}, "owned VAT": {byYear(t, own, vatOf), want.Owned.VAT}} {
		for year, w := range pair[1] {
			if pair[0][year] != w {
				t.Errorf("%s in %s: %s, want %s", what, year, pair[0][year], w)
			}
		}
	}
}

func monthsUntil(from, to models.Date) int {
	return (to.Time().Year()-from.Time().Year())*12 + int(to.Time().Month()) - int(from.Time().Month())
}
