package search

import (
	"encoding/json"
	"math/rand/v2"
	"testing"

	"pilveturg/models"
	"pilveturg/models/pricing"
)

// anyPlan makes plans of all sorts.
func anyPlan(r *rand.Rand) pricing.Plan {
	periods := []pricing.Period{pricing.PerMonth, pricing.PerQuarter, pricing.PerYear, pricing.Once}
	p := pricing.Plan{Code: "p", Currency: []string{"EUR", "EUR", "EUR", "EUR", "USD", "JPY"}[r.IntN(6)],
		Kind:    []pricing.Kind{"", "", "", pricing.Listed, pricing.Request, pricing.Free}[r.IntN(6)],
		Billing: append(periods, "")[r.IntN(5)], Year: pricing.Year{Months: []int{0, 0, 12, 10, 9, 7, 2, 1}[r.IntN(8)]}}
	for range r.IntN(4) {
		p.Charges = append(p.Charges, anyCharge(r, periods[r.IntN(4)]))
	}
	return p
}

func anyNumber(r *rand.Rand) models.Decimal {
	d, _ := models.NewDecimal(int64(r.IntN([]int{10, 1000, 1_000_000}[r.IntN(3)])), r.IntN(7))
	return d
}

func anyCharge(r *rand.Rand, per pricing.Period) pricing.Charge {
	c := pricing.Charge{Code: "c", Per: per, Mode: []pricing.Mode{"", pricing.Graduated, pricing.Volume, pricing.Band}[r.IntN(4)]}
	if r.IntN(4) > 0 {
		c.Unit = []string{"user", "user", "user", "pupil"}[r.IntN(4)]
	}
	price := anyNumber(r)
	switch r.IntN(8) {
	case 0:
	case 1, 2, 3:
		to := models.Decimal{}
		for range 1 + r.IntN(3) {
			to, _ = to.Add(models.Whole(int64(1 + r.IntN(500))))
			end := to
			c.Steps = append(c.Steps, pricing.Step{To: &end, Price: anyNumber(r)})
		}
		if r.IntN(2) == 0 {
			c.Steps[len(c.Steps)-1].To = nil
		}
	case 4:
		low := anyNumber(r)
		high, _ := low.Add(price)
		c.From, c.To = &low, &high
	default:
		c.Price = &price
	}
	if r.IntN(4) == 0 {
		c.Batch, c.Begun = models.Whole(int64([]int{1, 5, 10, 100, 7}[r.IntN(5)])), r.IntN(3) > 0
	}
	if r.IntN(4) == 0 {
		c.Included = models.Whole(int64(r.IntN(300)))
	}
	if r.IntN(4) == 0 {
		c.Minimum = anyNumber(r)
	}
	if r.IntN(4) == 0 {
		c.Maximum = anyNumber(r)
	}
	switch r.IntN(12) {
	case 0:
		c.Optional = true
	case 1:
		c.Kind = pricing.PassThrough
	case 2:
		c.Each = "school"
	case 3:
		c.MinimumUnit = "school"
	}
	return c
}

func TestQuickPricesAreThoseOfThePlans(t *testing.T) {
	r := rand.New(rand.NewPCG(41, 42))
	quick, priced := 0, 0
	for range 20_000 {
		plans := []pricing.Plan{anyPlan(r), anyPlan(r)}[:1+r.IntN(2)]
		amount := models.Whole(int64(r.IntN(2000)))
		if r.IntN(4) == 0 {
			amount = anyNumber(r)
		}
		v := Volume{Unit: "user", Amount: amount, Flow: r.IntN(2) == 0}
		d := named(1, "x", "")
		d.Card.Plans = plans
		q := newQuickVolume(v)
		got, want := cardPrice(cardBytes(d), v, &q), columnPrice(Cheapest(plans, v))
		if got != want {
			text, _ := json.MarshalIndent(plans, "", " ")
			t.Fatalf("price of %v (flow %v) = %d; want %d\n%s", amount, v.Flow, got, want, text)
		}
		if _, ok := q.price(quickPlan(&plans[0])); ok {
			quick++
		}
		if want >= 0 {
			priced++
		}
	}
	if quick < 5000 || priced < 5000 {
		t.Errorf("of 20,000 plans %d were priced quickly, %d at all: too few to say much", quick, priced)
	}
}

func TestPricesAreOrdered(t *testing.T) {
	prices := []int64{0, 1, 100, 1 << 60, priceOther, priceRequest, priceUnknown}
	for i := range prices[1:] {
		if priceRank(prices[i]) <= priceRank(prices[i+1]) {
			t.Errorf("price %d does not come before %d", prices[i], prices[i+1])
		}
	}
}

func TestTheCheapestPlanWins(t *testing.T) {
	plan := func(currency, price string) pricing.Plan {
		d, err := models.ParseDecimal(price)
		if err != nil {
			t.Fatal(err)
		}
		return pricing.Plan{Currency: currency, Charges: []pricing.Charge{{Unit: "user", Per: pricing.PerMonth, Price: &d}}}
	}
	request := pricing.Plan{Currency: "EUR", Kind: pricing.Request}
	for _, tt := range []struct {
		name  string
		plans []pricing.Plan
		plan  int
		price int64 // of the column
	}{
		{"of two", []pricing.Plan{plan("EUR", "2"), plan("EUR", "1.50")}, 1, 18000},
		{"ours before another currency, whatever it costs", []pricing.Plan{plan("USD", "1"), plan("EUR", "9")}, 1, 108000},
		{"another currency before none", []pricing.Plan{request, plan("USD", "1")}, 1, priceOther},
		{"a price before one on request", []pricing.Plan{request, plan("EUR", "2")}, 1, 24000},
		{"on request before nothing", []pricing.Plan{request}, 0, priceRequest},
		{"nothing", nil, 0, priceUnknown},
	} {
		got := Cheapest(tt.plans, Volume{Unit: "user", Amount: models.Whole(10)})
		if got.Plan != tt.plan || columnPrice(got) != tt.price {
			t.Errorf("%s: plan %d at %d; want plan %d at %d", tt.name, got.Plan, columnPrice(got), tt.plan, tt.price)
		}
	}
}

func BenchmarkPrices(b *testing.B) {
	x := newIndex(b)
	if err := x.Put(madeUpBodies(b, 2000), nil); err != nil {
		b.Fatal(err)
	}
	v := x.current.Load().views[0]
	for i := 0; b.Loop(); i++ {
		v.workOut(x.layout, Volume{Unit: "user", Amount: models.Whole(int64(i))})
	}
}
