package searchtest

import (
	"fmt"
	"math/rand/v2"

	"pilveturg/models"
	"pilveturg/models/catalogue"
	"pilveturg/models/pricing"
)

// plans adds none to three ways to buy.
func (m *Maker) plans(r *rand.Rand, v *catalogue.Version) {
	units := []string{"user", "user", "pupil", "seat", "employee", "school", "agency"}
	unit := pickOne(r, units)
	for i := range pickOne(r, []int{0, 1, 1, 1, 2, 3}) {
		v.Plans = append(v.Plans, plan(r, i, unit))
	}
}

func plan(r *rand.Rand, i int, unit string) pricing.Plan {
	p := pricing.Plan{Code: fmt.Sprintf("plan%d", i+1), Currency: "EUR", Name: models.Text{"en": pickOne(r, []string{"Basic", "Plus", "Whole"})}}
	if r.IntN(20) == 0 {
		p.Currency = "USD"
	}
	vat := models.Whole(24)
	p.VAT = &vat
	switch r.IntN(10) {
	case 0:
		p.Kind = pricing.Request
		return p
	case 1:
		p.Charges = []pricing.Charge{{Code: "fee", Per: pricing.PerMonth, Price: cents(r, 50000)}}
	case 2, 3:
		p.Charges = []pricing.Charge{steps(r, unit)}
	default:
		p.Charges = []pricing.Charge{{Code: "use", Unit: unit, Per: pricing.PerMonth, Price: cents(r, 2000)}}
	}
	if r.IntN(3) == 0 {
		p.Charges = append(p.Charges, pricing.Charge{Code: "setup", Per: pricing.Once, Price: cents(r, 100000)})
	}
	if r.IntN(2) == 0 {
		months, days := r.IntN(24), 30*r.IntN(6)
		p.Terms = pricing.Terms{MinimumMonths: &months, NoticeDays: &days}
	}
	return p
}

func cents(r *rand.Rand, most int) *models.Decimal {
	d, _ := models.NewDecimal(int64(1+r.IntN(most)), 2)
	return &d
}

func steps(r *rand.Rand, unit string) pricing.Charge {
	first, second := models.Whole(100), models.Whole(1000)
	base := 100 + r.IntN(900)
	price := func(n int) models.Decimal {
		d, _ := models.NewDecimal(int64(n), 2)
		return d
	}
	c := pricing.Charge{Code: "use", Unit: unit, Per: pricing.PerMonth, Mode: pickOne(r, []pricing.Mode{"", pricing.Volume}),
		Steps: []pricing.Step{{To: &first, Price: price(base)}, {To: &second, Price: price(base * 8 / 10)}, {Price: price(base / 2)}}}
	if r.IntN(2) == 0 {
		c.Minimum = models.Whole(int64(20 + r.IntN(80)))
	}
	return c
}
