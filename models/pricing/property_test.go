package pricing

import (
	"encoding/json"
	"errors"
	"math/rand/v2"
	"strconv"
	"strings"
	"testing"
	"time"

	"pilveturg/models"
)

const rounds = 300

// randomCharge makes a valid charge with small whole steps, so that a slow and
// simple oracle can count it out.
func randomCharge(r *rand.Rand, mode Mode) Charge {
	c := Charge{Code: "a", Unit: "user", Per: PerMonth, Mode: mode}
	to := int64(0)
	for range 1 + r.IntN(4) {
		to += 1 + r.Int64N(30)
		end := models.Whole(to)
		price, _ := models.NewDecimal(r.Int64N(50_000), r.IntN(4))
		c.Steps = append(c.Steps, Step{To: &end, Price: price})
	}
	c.Steps[len(c.Steps)-1].To = nil
	if r.IntN(3) == 0 && mode != Band {
		c.Included = models.Whole(r.Int64N(40))
	}
	if r.IntN(3) == 0 {
		c.Minimum = models.Whole(r.Int64N(300))
	}
	return c
}

func randomPlan(r *rand.Rand, c Charge) Plan {
	billing := []Period{"", PerMonth, PerQuarter, PerYear, Once}
	return Plan{Code: "a", Currency: "EUR", Billing: billing[r.IntN(len(billing))],
		Year: Year{Months: 1 + r.IntN(12)}, Charges: []Charge{c}}
}

func users(n int64) Usage {
	return Usage{Quantities: []Quantity{{Unit: "user", Amount: models.Whole(n)}}}
}

// counted prices each unit by itself: the definition of the modes, word for word.
func counted(c Charge, n int64) models.Decimal {
	var x exact
	var sum models.Decimal
	price := func(at int64) models.Decimal {
		i := 0
		for c.Steps[i].To != nil && c.Steps[i].To.Cmp(models.Whole(at)) < 0 {
			i++
		}
		return c.Steps[i].Price
	}
	for unit := int64(1); unit <= n && c.Mode != Band; unit++ {
		if models.Whole(unit).Cmp(c.Included) <= 0 {
			continue
		}
		at := unit
		if c.Mode == Volume {
			at = n
		}
		sum = x.add(sum, price(at))
	}
	if c.Mode == Band {
		sum = price(n)
	}
	return larger(sum, c.Minimum)
}

func TestStepsCostWhatCountingUnitByUnitGives(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for _, mode := range []Mode{Graduated, Volume, Band} {
		for range rounds {
			c, n := randomCharge(r, mode), r.Int64N(120)
			p := randomPlan(r, c)
			if err := p.Check(); err != nil {
				t.Fatal(err)
			}
			q := quote(t, p, users(n))
			if got, want := q.Lines[0].Working[0].Amount.Low, counted(c, n); got != want {
				text, _ := json.Marshal(c)
				t.Fatalf("%d users of %s = %v; want %v", n, text, got, want)
			}
		}
	}
}

func TestGraduatedPricesNeverFallWithTheQuantity(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	for range rounds / 10 {
		p := randomPlan(r, randomCharge(r, Graduated))
		before := int64(-1)
		for n := range int64(150) {
			total, err := p.Yearly(users(n))
			if err != nil {
				t.Fatal(err)
			}
			if total.Year.Low.Minor < before {
				t.Fatalf("%d users cost %d, one fewer %d", n, total.Year.Low.Minor, before)
			}
			before = total.Year.Low.Minor
		}
	}
}

func TestQuotesAddUp(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	modes := []Mode{"", Graduated, Volume, Band}
	for range rounds {
		p := randomPlan(r, randomCharge(r, modes[r.IntN(4)]))
		for range r.IntN(3) {
			extra := randomCharge(r, modes[r.IntN(4)])
			extra.Code += strconv.Itoa(len(p.Charges))
			extra.Per = []Period{PerMonth, PerQuarter, PerYear, Once}[r.IntN(4)]
			p.Charges = append(p.Charges, extra)
		}
		u := users(r.Int64N(120))
		u.Quantities[0].Flow = r.IntN(2) == 0
		addsUp(t, p, quote(t, p, u))
	}
}

// addsUp checks every sum of a quote against what it is the sum of.
func addsUp(t *testing.T, p Plan, q Quote) {
	t.Helper()
	var year, once, recurring int64
	for _, l := range q.Lines {
		for _, w := range l.Working {
			var x exact
			var sum models.Decimal
			for _, part := range w.Parts {
				sum = x.add(sum, part.Amount.Low)
			}
			if sum != w.Sum.Low {
				t.Errorf("parts make %v, the sum says %v", sum, w.Sum.Low)
			}
		}
		var bills int64
		months := 0
		for _, b := range l.Bills {
			bills += int64(b.Times) * b.Amount.Low.Minor
			months += b.Times * b.Months
		}
		if bills != l.Total.Low.Minor {
			t.Errorf("bills make %d, the line says %d", bills, l.Total.Low.Minor)
		}
		if l.Charge.Per == Once {
			once += bills
			continue
		}
		year += bills
		if months != q.Months {
			t.Errorf("bills are for %d months, the year has %d", months, q.Months)
		}
	}
	for _, r := range q.Recurring {
		recurring += int64(r.Times) * r.Amount.Low.Minor
	}
	if q.Year.Net.Low.Minor != year || recurring != year || q.Once.Net.Low.Minor != once || q.First.Net.Low.Minor != year+once {
		text, _ := json.Marshal(p)
		t.Errorf("lines make %d and %d, invoices %d; the quote says %+v for %s", year, once, recurring, q, text)
	}
}

// FuzzPlan checks that whatever passes Check can be quoted, and that Quote and
// Yearly agree.
func FuzzPlan(f *testing.F) {
	for _, seed := range []string{ekool, nutiteqUsers, nutiteqViews, positiumStudy, wayfinder} {
		f.Add(seed, int64(1000), 10, 3)
	}
	for _, o := range offers {
		f.Add(`{"charges":[`+o.charges+`]}`, int64(77), 0, 0)
	}
	f.Fuzz(func(t *testing.T, text string, quantity int64, months, start int) {
		p := Plan{Code: "a", Currency: "EUR"}
		if json.NewDecoder(strings.NewReader(text)).Decode(&p) != nil || p.Check() != nil {
			return
		}
		u := Usage{Months: months % 13, Start: time.Month(start % 13)}
		for i, in := range p.Inputs() {
			if in.Unit != "" {
				u.Quantities = append(u.Quantities, Quantity{in.Unit, models.Whole(quantity), i%2 == 0})
				continue
			}
			u.Options = append(u.Options, in.Option)
		}
		q, err := p.Quote(u)
		total, errYearly := p.Yearly(u)
		var bad models.Invalid
		var missing *MissingError
		switch {
		case errors.As(err, &missing):
			t.Errorf("%v is missing, but Inputs do not ask for it", missing)
		case err == nil && errYearly == nil:
			if want := (Total{q.Year.Net, q.Once.Net, q.OnRequest}); total != want {
				t.Errorf("Yearly = %+v; Quote says %+v", total, want)
			}
		case !errors.As(err, &bad) && !errors.Is(err, models.ErrOverflow):
			t.Errorf("got %v; want an error a caller can act on", err)
		}
	})
}

func BenchmarkYearly(b *testing.B) {
	for _, tt := range []struct{ name, plan, use string }{
		{"unit", `{"charges":[{"code":"a","unit":"pupil","per":"month","price":"1.10"},{"code":"setup","per":"once","price":"900"}]}`, "pupil=1000"},
		{"graduated", ekool, "pupil=2400 school=3"},
		{"usage", nutiteqViews, "map_view=300000/month"},
		{"band", nutiteqUsers, "active_user=60000/month app=2"},
	} {
		b.Run(tt.name, func(b *testing.B) {
			p, u := plan(b, tt.plan), use(b, tt.use)
			b.ReportAllocs()
			for b.Loop() {
				if _, err := p.Yearly(u); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkQuote(b *testing.B) {
	p, u := plan(b, ekool), use(b, "pupil=2400 school=3")
	b.ReportAllocs()
	for b.Loop() {
		if _, err := p.Quote(u); err != nil {
			b.Fatal(err)
		}
	}
}
