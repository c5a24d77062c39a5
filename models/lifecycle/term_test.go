package lifecycle_test

import (
	"math/big"
	"math/rand/v2"
	"strconv"
	"testing"

	"pilveturg/models"
	"pilveturg/models/lifecycle"
)

// TestAPlaceIsBilledOnce: what is given up inside a month was billed for all of it, so
// taking it again costs nothing more in that month.
func TestAPlaceIsBilledOnce(t *testing.T) {
	term := lifecycle.Term{Start: day(t, "2025-06-01"), End: day(t, "2025-06-30"), Price: exact(t, "30"),
		Quantity: since(t, "2025-06-01", "10", "2025-06-05", "5", "2025-06-11", "8", "2025-06-16", "12")}
	sum := new(big.Rat)
	for _, p := range term.Payments() {
		sum.Add(sum, p.Net)
	}
	if got := shown(t, sum, 2); got != "330.00" { // 10 for the month, 2 more for half of it
		t.Errorf("billed %s", got)
	}
}

func TestATermIsBilledByQuartersAndYears(t *testing.T) {
	for _, c := range []struct {
		name  string
		every int
		days  []string
		nets  []string
	}{
		// 20 at 3.10 from the middle of January: 17 of 31 days are 34.00, a month 62.00; five
		// more from 10 April: 21 of 30 days are 10.85, a month 15.50.
		{"quarters", 3, []string{"2025-01-15", "2025-04-01", "2025-04-10"}, []string{"158.00", "186.00", "41.85"}},
		{"years", 12, []string{"2025-01-15", "2025-04-10"}, []string{"344.00", "41.85"}},
	} {
		term := lifecycle.Term{Start: day(t, "2025-01-15"), End: day(t, "2025-06-30"), Price: exact(t, "3.10"), Every: c.every,
			Quantity: since(t, "2025-01-15", "20", "2025-04-10", "25")}
		payments := term.Payments()
		if len(payments) != len(c.days) {
			t.Errorf("%s: %d payments", c.name, len(payments))
			continue
		}
		for i, p := range payments {
			if p.Day.String() != c.days[i] || shown(t, p.Net, 2) != c.nets[i] {
				t.Errorf("%s: on %s %s, want %s on %s", c.name, p.Day, shown(t, p.Net, 2), c.nets[i], c.days[i])
			}
		}
	}
}

// TestHowOftenATermIsBilledChangesNoSum: with as many units all the time the term costs
// the same however often it is billed, and all that is paid is used up.
func TestHowOftenATermIsBilledChangesNoSum(t *testing.T) {
	random := rand.New(rand.NewPCG(7, 8))
	for range 200 {
		from := models.NewDate(2024, 1, 1).AddDays(random.IntN(700))
		term := lifecycle.Term{Start: from, End: from.AddDays(random.IntN(900)), Price: exact(t, strconv.Itoa(random.IntN(50))+"."+strconv.Itoa(10+random.IntN(90))),
			Rise: exact(t, "0.0"+strconv.Itoa(random.IntN(10))), Quantity: since(t, from.String(), strconv.Itoa(1+random.IntN(300)))}
		monthly := total(lifecycle.Months(term.Payments(), nil, from, term.End), cashOf)
		for _, every := range []int{1, 3, 6, 12} {
			term.Every = every
			months := lifecycle.Months(term.Payments(), nil, from, term.End)
			if cash := total(months, cashOf); cash.Cmp(monthly) != 0 || cash.Cmp(total(months, accruedOf)) != 0 {
				t.Fatalf("every %d months: paid %s, monthly %s: %+v", every, cash.FloatString(2), monthly.FloatString(2), term)
			}
		}
	}
}
