package lifecycle_test

import (
	"errors"
	"math/big"
	"math/rand/v2"
	"slices"
	"strconv"
	"testing"

	"pilveturg/models"
	"pilveturg/models/lifecycle"
)

// blocks are vectors of another program.
type blocks struct {
	Vectors struct {
		Factors []struct {
			Year   int
			Factor string
		} `json:"kinked_green_book_factor"`
		Rounding []struct{ In, Out string } `json:"round_half_away"`
		Prorated []struct {
			Price, Quantity, Amount string
			Days, Of                int
		} `json:"proration_days_in_month"`
		Books []struct {
			Cost, Residual, Book string
			Life                 int `json:"life_months"`
			After                int `json:"after_months"`
		} `json:"depreciation_monthly_book_value"`
		Prepaid []struct {
			Amount, Recognised string
			Period             [2]string
			Until              string `json:"recognised_up_to"`
		} `json:"prepaid_by_day"`
		Rates []struct{ Real, Inflation, Nominal string } `json:"real_to_nominal"`
	}
}

func TestTheBlocksAreThoseOfAnotherProgram(t *testing.T) {
	var o blocks
	shared(t, "building_blocks.json", &o)
	v := &o.Vectors
	d := lifecycle.GreenBook()
	factors := d.Factors(126)
	for _, f := range v.Factors {
		if got := shown(t, factors[f.Year], 12); got != f.Factor {
			t.Errorf("factor of year %d: %s, want %s", f.Year, got, f.Factor)
		}
	}
	for _, r := range v.Rounding {
		if got := shown(t, exact(t, r.In).Rat(), 2); got != r.Out {
			t.Errorf("%s is rounded to %s, want %s", r.In, got, r.Out)
		}
	}
	for _, p := range v.Prorated {
		if got := shown(t, lifecycle.Prorated(exact(t, p.Price), exact(t, p.Quantity), p.Days, p.Of), 2); got != p.Amount {
			t.Errorf("%+v: %s", p, got)
		}
	}
	for _, b := range v.Books {
		if got := shown(t, lifecycle.BookValue(exact(t, b.Cost).Rat(), exact(t, b.Residual).Rat(), b.After, b.Life), 2); got != b.Book {
			t.Errorf("%+v: %s", b, got)
		}
	}
	for _, p := range v.Prepaid {
		if got := shown(t, lifecycle.Recognised(exact(t, p.Amount).Rat(), day(t, p.Period[0]), day(t, p.Period[1]), day(t, p.Until)), 2); got != p.Recognised {
			t.Errorf("%+v: %s", p, got)
		}
	}
	for _, r := range v.Rates {
		n := lifecycle.Nominal(exact(t, r.Real), exact(t, r.Inflation))
		if got := shown(t, n.Mul(n, big.NewRat(100, 1)), 4); got != r.Nominal {
			t.Errorf("%+v: %s", r, got)
		}
	}
}

func TestTheJournalComesToTheseSums(t *testing.T) {
	c := journal(t)
	r, err := lifecycle.Compare(c)
	if err != nil {
		t.Fatal(err)
	}
	for what, pair := range map[string][2]string{"owning": {shown(t, r.Owned.Present, 2), "577383.77"}, "subscribing": {shown(t, r.Service.Present, 2), "298036.36"}, "saving": {shown(t, r.Saving, 2), "279347.41"}, "percent": {shown(t, r.Percent, 2), "48.38"},
		"owning a year": {shown(t, r.Owned.Yearly, 2), "127879.75"}, "subscribing a pupil": {shown(t, r.Service.EachUser, 2), "3.08"}, "run": {shown(t, r.Owned.RunShare, 2), "61.38"}} {
		if pair[0] != pair[1] {
			t.Errorf("%s: %s, want %s", what, pair[0], pair[1])
		}
	}
	if r.Undecided || r.OwnedBelow != nil {
		t.Errorf("undecided %t, crosses in %v", r.Undecided, r.OwnedBelow)
	}
}

// simple is owning for so much once and a year, or a service at a price for users.
func simple(t testing.TB, once, yearly, move, price, users string) *lifecycle.Case {
	return &lifecycle.Case{Years: 5, Discount: lifecycle.Flat(exact(t, "0.035")), Users: "users",
		Owned:   lifecycle.Side{Numbers: []lifecycle.Number{number(t, "once", once), number(t, "yearly", yearly)}, Lines: []lifecycle.Line{line("once", lifecycle.Change, in([]int{0}, "once")), line("yearly", lifecycle.Run, each("yearly"))}},
		Service: lifecycle.Side{Numbers: []lifecycle.Number{number(t, "move", move), number(t, "price", price), number(t, "users", users)}, Lines: []lifecycle.Line{line("move", lifecycle.Change, in([]int{0}, "move")), line("fee", lifecycle.Run, each("price", "users"))}}}
}

func TestItCanSayThatOwningIsCheaper(t *testing.T) {
	r, err := lifecycle.Compare(simple(t, "0", "10000", "5000", "20", "1000"))
	if err != nil {
		t.Fatal(err)
	}
	if r.Saving.Sign() >= 0 || r.Undecided || r.ServiceBelow != nil {
		t.Errorf("saving %s, undecided %t, the service is below in %v", r.Saving.FloatString(2), r.Undecided, r.ServiceBelow)
	}
}

func TestItSaysWhenItIsNotSure(t *testing.T) {
	r, err := lifecycle.Compare(simple(t, "0", "10000", "2000", "9", "1000"))
	if err != nil {
		t.Fatal(err)
	}
	if r.Saving.Sign() <= 0 || !r.Undecided {
		t.Errorf("saving %s, undecided %t", r.Saving.FloatString(2), r.Undecided)
	}
	if r.ServiceBelow == nil || *r.ServiceBelow != 3 { // 2,000 more at once, 1,000 less a year
		t.Errorf("the service is below in %v", r.ServiceBelow)
	}
}

// TestBreakEvenBreaksEven: with the number that was found both sides cost the same, and
// the switch is that number by the one that was.
func TestBreakEvenBreaksEven(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 4))
	text := func(most int) string { return strconv.Itoa(1+random.IntN(most)) + "." + strconv.Itoa(random.IntN(100)) }
	for range 300 {
		c := simple(t, text(90000), text(9000), text(9000), text(30), strconv.Itoa(1+random.IntN(900)))
		for side, code := range map[string]string{lifecycle.ServiceSide: "price", lifecycle.OwnedSide: "yearly"} {
			v, err := c.BreakEven(side, code)
			if err != nil {
				t.Fatal(err)
			}
			if v == nil {
				continue
			}
			e, err := lifecycle.Round(v, 12)
			if err != nil {
				t.Fatal(err)
			}
			for _, s := range []*lifecycle.Side{&c.Owned, &c.Service} {
				for i := range s.Numbers {
					if s.Numbers[i].Code == code {
						s.Numbers[i].Value = e
					}
				}
			}
			r, err := lifecycle.Compare(c)
			if err != nil {
				t.Fatal(err)
			}
			if apart := new(big.Rat).Abs(r.Saving); apart.Cmp(big.NewRat(3, 100)) > 0 { // five cash lines, each rounded to the cent
				t.Fatalf("at %s = %s subscribing saves %s", code, e, r.Saving.FloatString(4))
			}
		}
	}
}

// TestSidesMayBeSwapped: what one side saves the other one loses.
func TestSidesMayBeSwapped(t *testing.T) {
	c := journal(t)
	r, err := lifecycle.Compare(c)
	if err != nil {
		t.Fatal(err)
	}
	c.Owned, c.Service, c.Users = c.Service, c.Owned, ""
	s, err := lifecycle.Compare(c)
	if err != nil {
		t.Fatal(err)
	}
	if r.Saving.Cmp(new(big.Rat).Neg(s.Saving)) != 0 || len(r.Cases) != len(s.Cases) {
		t.Errorf("saves %s, swapped %s", r.Saving.FloatString(4), s.Saving.FloatString(4))
	}
}

// TestPresentValuesAreThoseOfHorner: another way to the same sum.
func TestPresentValuesAreThoseOfHorner(t *testing.T) {
	r, err := lifecycle.Compare(journal(t))
	if err != nil {
		t.Fatal(err)
	}
	by := big.NewRat(1035, 1000)
	sum := new(big.Rat)
	for _, cash := range slices.Backward(r.Owned.Cash) {
		sum.Quo(sum, by)
		sum.Add(sum, cash)
	}
	if sum.Cmp(r.Owned.Present) != 0 {
		t.Errorf("%s, want %s", sum.FloatString(6), r.Owned.Present.FloatString(6))
	}
}

// TestARiseMakesBothCostTheSame: at the rise that was found subscribing saves nothing, and
// at a hundredth of a percent less it still does.
func TestARiseMakesBothCostTheSame(t *testing.T) {
	for _, price := range []string{"4.10", "6", "7.35", "8", "8.80", "9.45"} {
		rise, err := simple(t, "0", "10000", "0", price, "1000").Rise("price")
		if err != nil || rise == nil {
			t.Fatalf("price %s: %v, %v", price, rise, err)
		}
		for _, by := range []struct {
			hundredths int64
			sign       int
		}{{-1, 1}, {0, -1}} {
			growth := new(big.Rat).Add(rise, big.NewRat(by.hundredths, 100))
			e, err := lifecycle.Round(growth.Quo(growth, big.NewRat(100, 1)), 9)
			if err != nil {
				t.Fatal(err)
			}
			c := simple(t, "0", "10000", "0", price, "1000")
			c.Service.Numbers[1].Growth = e
			r, err := lifecycle.Compare(c)
			if err != nil || r.Saving.Sign() != by.sign {
				t.Errorf("price %s rising by %s: subscribing saves %s, %v", price, e, r.Saving.FloatString(2), err)
			}
		}
	}
	if rise, err := simple(t, "0", "10000", "0", "12", "1000").Rise("price"); err != nil || rise != nil {
		t.Errorf("what costs more already: %v, %v", rise, err)
	}
}

func TestWhatCannotBeReckonedIsSaid(t *testing.T) {
	for name, c := range map[string]struct {
		spoil func(*lifecycle.Case)
		want  error
	}{
		"no years":          {func(c *lifecycle.Case) { c.Years = 0 }, lifecycle.ErrHorizon},
		"too many":          {func(c *lifecycle.Case) { c.Years = 61 }, lifecycle.ErrHorizon},
		"an unknown number": {func(c *lifecycle.Case) { c.Owned.Lines[0].Parts[0].Of = []string{"nothing"} }, lifecycle.ErrUnknown},
		"all is lost":       {func(c *lifecycle.Case) { c.Discount = lifecycle.Flat(exact(t, "-1")) }, lifecycle.ErrRate},
	} {
		one := journal(t)
		c.spoil(one)
		if _, err := lifecycle.Compare(one); !errors.Is(err, c.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestPartsOfATimeAddUp: whatever the days, what is used up month by month is what was
// paid.
func TestPartsOfATimeAddUp(t *testing.T) {
	random := rand.New(rand.NewPCG(5, 6))
	for range 500 {
		from := models.NewDate(2024, 1, 1).AddDays(random.IntN(700))
		term := lifecycle.Term{Start: from, End: from.AddDays(random.IntN(900)), Price: exact(t, strconv.Itoa(random.IntN(50))+"."+strconv.Itoa(10+random.IntN(90))), Rise: exact(t, "0.0"+strconv.Itoa(random.IntN(10))),
			Quantity: since(t, from.String(), strconv.Itoa(1+random.IntN(300)), from.AddDays(1+random.IntN(300)).String(), strconv.Itoa(1+random.IntN(300)))}
		payments := term.Payments()
		months := lifecycle.Months(payments, nil, from, term.End)
		if cash, accrued := total(months, cashOf), total(months, accruedOf); cash.Cmp(accrued) != 0 {
			t.Fatalf("paid %s, used up %s: %+v", cash.FloatString(2), accrued.FloatString(2), term)
		}
		for i, p := range payments {
			if p.To.Before(p.From) || term.End.Before(p.To) {
				t.Fatalf("payment %d is for %s to %s of %+v", i, p.From, p.To, term)
			}
		}
	}
}
