package pricing

import (
	"math/rand/v2"
	"slices"
	"testing"

	"pilveturg/models"
)

// whatRises lists what is worse, each once.
func whatRises(old, new []Plan) (what []RiseOf) {
	for _, r := range Rises(old, new) {
		if !slices.Contains(what, r.What) {
			what = append(what, r.What)
		}
	}
	return what
}

func TestWhatIsWorseForABuyer(t *testing.T) {
	dec := func(s string) models.Decimal {
		d, err := models.ParseDecimal(s)
		if err != nil {
			t.Fatal(err)
		}
		return d
	}
	ptr := func(s string) *models.Decimal { d := dec(s); return &d }
	num := func(n int) *int { return &n }
	steps := func(pairs ...string) (list []Step) {
		for i := 0; i < len(pairs); i += 2 {
			s := Step{Price: dec(pairs[i+1])}
			if pairs[i] != "" {
				s.To = ptr(pairs[i])
			}
			list = append(list, s)
		}
		return list
	}
	base := func() Plan {
		return Plan{Code: "standard", Currency: "EUR", VAT: ptr("24"),
			Terms: Terms{MinimumMonths: num(12), NoticeDays: num(30), RiseCap: ptr("3")},
			Charges: []Charge{
				{Code: "pupils", Unit: "pupil", Per: PerMonth, Steps: steps("500", "0.75", "", "0.60"), Included: dec("10"), Minimum: dec("20"), Maximum: dec("900")},
				{Code: "setup", Kind: Project, Per: Once, From: ptr("100"), To: ptr("300")},
				{Code: "backup", Unit: "pupil", Per: PerYear, Price: ptr("1"), Optional: true},
				{Code: "fee", Kind: Percent, Unit: "money", Per: PerMonth, Rate: ptr("2")},
			}}
	}
	first := func(p *Plan) *Charge { return &p.Charges[0] }
	for _, tt := range []struct {
		name string
		edit func(*Plan)
		want []RiseOf
	}{
		{"nothing changes", func(*Plan) {}, nil},
		{"another name and a note", func(p *Plan) { p.Name = models.Text{"en": "x"}; first(p).Note = models.Text{"en": "y"} }, nil},
		{"a lower price", func(p *Plan) { first(p).Steps = steps("500", "0.70", "", "0.60") }, nil},
		{"a higher price", func(p *Plan) { first(p).Steps = steps("500", "0.76", "", "0.60") }, []RiseOf{RisePrice}},
		{"a higher price above the step only", func(p *Plan) { first(p).Steps = steps("500", "0.75", "", "0.61") }, []RiseOf{RisePrice}},
		{"the cheaper step begins later", func(p *Plan) { first(p).Steps = steps("600", "0.75", "", "0.60") }, []RiseOf{RisePrice}},
		{"the cheaper step begins earlier", func(p *Plan) { first(p).Steps = steps("400", "0.75", "", "0.60") }, nil},
		{"dearer in the middle, but the sum never is", func(p *Plan) { first(p).Steps = steps("100", "0.10", "200", "0.80", "", "0.60") }, nil},
		{"cheaper at first, then the sum overtakes", func(p *Plan) { first(p).Steps = steps("100", "0.10", "", "0.80") }, []RiseOf{RisePrice}},
		{"the price ends, and then is on request", func(p *Plan) { first(p).Steps = steps("500", "0.75", "9000", "0.60") }, []RiseOf{RisePrice}},
		{"one price instead of steps, the lowest", func(p *Plan) { first(p).Steps, first(p).Price = nil, ptr("0.6") }, nil},
		{"fewer free units", func(p *Plan) { first(p).Included = dec("5") }, []RiseOf{RisePrice, RiseIncluded}},
		{"more free units", func(p *Plan) { first(p).Included = dec("50") }, nil},
		{"a higher minimum", func(p *Plan) { first(p).Minimum = dec("21") }, []RiseOf{RiseMinimum}},
		{"no minimum", func(p *Plan) { first(p).Minimum = models.Decimal{} }, nil},
		{"no maximum", func(p *Plan) { first(p).Maximum = models.Decimal{} }, []RiseOf{RiseMaximum}},
		{"a lower maximum", func(p *Plan) { first(p).Maximum = dec("800") }, nil},
		{"by the year", func(p *Plan) { first(p).Per = PerYear }, []RiseOf{RiseShape}},
		{"another unit", func(p *Plan) { first(p).Unit = "user" }, []RiseOf{RiseShape}},
		{"all at the price of the step", func(p *Plan) { first(p).Mode = Volume }, []RiseOf{RiseShape}},
		{"a wider range upwards", func(p *Plan) { p.Charges[1].To = ptr("301") }, []RiseOf{RisePrice}},
		{"a range without an end", func(p *Plan) { p.Charges[1].To = nil }, []RiseOf{RisePrice}},
		{"a lower range", func(p *Plan) { p.Charges[1].From, p.Charges[1].To = ptr("90"), ptr("200") }, nil},
		{"milestones", func(p *Plan) { p.Charges[1].Milestones = []models.Decimal{dec("100")} }, []RiseOf{RiseShape}},
		{"a higher rate", func(p *Plan) { p.Charges[3].Rate = ptr("2.1") }, []RiseOf{RisePrice}},
		{"an add-on is gone", func(p *Plan) { p.Charges = slices.Delete(p.Charges, 2, 3) }, []RiseOf{RiseCharge}},
		{"an add-on has to be taken", func(p *Plan) { p.Charges[2].Optional = false }, []RiseOf{RiseCharge}},
		{"a charge is gone", func(p *Plan) { p.Charges = slices.Delete(p.Charges, 3, 4) }, nil},
		{"a further charge", func(p *Plan) { p.Charges = append(p.Charges, Charge{Code: "new", Per: Once, Price: ptr("1")}) }, []RiseOf{RiseCharge}},
		{"a further add-on", func(p *Plan) {
			p.Charges = append(p.Charges, Charge{Code: "new", Per: Once, Price: ptr("1"), Optional: true})
		}, nil},
		{"another code", func(p *Plan) { p.Code = "plus" }, []RiseOf{RisePlan}},
		{"on request", func(p *Plan) { p.Kind = Request }, []RiseOf{RiseKind}},
		{"another currency", func(p *Plan) { p.Currency = "USD" }, []RiseOf{RiseCurrency}},
		{"more VAT", func(p *Plan) { p.VAT = ptr("25") }, []RiseOf{RiseVAT}},
		{"a bill a year", func(p *Plan) { p.Billing = PerYear }, []RiseOf{RiseBilling}},
		{"a longer term", func(p *Plan) { p.Terms.MinimumMonths = num(24) }, []RiseOf{RiseTerm}},
		{"a shorter term", func(p *Plan) { p.Terms.MinimumMonths = num(0) }, nil},
		{"a term that is not told any more", func(p *Plan) { p.Terms.MinimumMonths = nil }, []RiseOf{RiseTerm}},
		{"longer notice", func(p *Plan) { p.Terms.NoticeDays = num(31) }, []RiseOf{RiseNotice}},
		{"it renews", func(p *Plan) { p.Terms.RenewalMonths = num(12) }, []RiseOf{RiseRenewal}},
		{"a higher cap", func(p *Plan) { p.Terms.RiseCap = ptr("4") }, []RiseOf{RiseCap}},
		{"no cap", func(p *Plan) { p.Terms.RiseCap = nil }, []RiseOf{RiseCap}},
		{"families pay too", func(p *Plan) { p.Payers.Who = Families }, []RiseOf{RisePayers}},
	} {
		changed := base()
		tt.edit(&changed)
		if got := whatRises([]Plan{base()}, []Plan{changed}); !slices.Equal(got, tt.want) {
			t.Errorf("%s: %v, want %v", tt.name, got, tt.want)
		}
	}
	if got := whatRises([]Plan{base()}, nil); !slices.Equal(got, []RiseOf{RisePlan}) {
		t.Errorf("without the plan: %v", got)
	}
	if got := whatRises(nil, []Plan{base()}); got != nil {
		t.Errorf("a further plan: %v", got)
	}
}

// The comparison must say exactly what counting unit by unit says.
func TestARiseIsFoundExactlyWhenSomeQuantityCostsMore(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	rose, fell := 0, 0
	for _, mode := range []Mode{Graduated, Volume, Band} {
		for range rounds {
			o, n := randomCharge(r, mode), randomCharge(r, mode)
			n.Included, n.Minimum = o.Included, models.Decimal{}
			o.Minimum = models.Decimal{}
			if r.IntN(2) == 0 { // a bit cheaper than before
				n = o
				n.Steps = slices.Clone(o.Steps)
				i := r.IntN(len(n.Steps))
				n.Steps[i].Price = smaller(n.Steps[i].Price, models.Whole(r.Int64N(40)))
			}
			dearer := false
			for q := int64(1); q <= 160 && !dearer; q++ {
				dearer = counted(n, q).Cmp(counted(o, q)) > 0
			}
			got := len(Rises([]Plan{{Charges: []Charge{o}}}, []Plan{{Charges: []Charge{n}}})) > 0
			shapes := o.shape() != n.shape()
			if got != dearer && !shapes && !onlyFarOut(o, n) {
				t.Fatalf("%s: rises %v, counted %v\nold %+v\nnew %+v", mode, got, dearer, o, n)
			}
			if got {
				rose++
			} else {
				fell++
			}
		}
	}
	if rose < 100 || fell < 100 {
		t.Errorf("%d rose and %d did not: too few to tell", rose, fell)
	}
}

// onlyFarOut reports whether the last price is higher by so little that the sum
// overtakes beyond what was counted.
func onlyFarOut(o, n Charge) bool {
	return n.Steps[len(n.Steps)-1].Price.Cmp(o.Steps[len(o.Steps)-1].Price) > 0
}
