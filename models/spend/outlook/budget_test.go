package outlook

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"pilveturg/models"
)

func TestABudgetIsSpentOnTheFirstDayAboveIt(t *testing.T) {
	for _, c := range []struct {
		what, budget, first string
		months              int
		actual              string
		days                int
		toCome              string // from the month of the budget on
		want                string
	}{
		{"all of it, and no more", "1200", "2026-01", 12, "5*100", 0, "5*0 7*100", "never, 1200, 0"},
		{"a cent less is passed on the last day", "1199.99", "2026-01", 12, "5*100", 0, "5*0 7*100", "2026-12-31, 1200, 0.01"},
		{"a full month is passed on the first day of the next", "1100", "2026-01", 12, "5*100", 0, "5*0 7*100", "2026-12-01, 1200, 100"},
		{"half of June's 30 days", "550", "2026-01", 12, "5*100", 0, "5*0 7*100", "2026-06-16, 1200, 650"},
		{"in the actual", "150", "2026-01", 12, "5*100", 0, "5*0 7*100", "2026-02-15, 1200, 1050"},
		{"in a leap year's February", "150", "2028-01", 12, "5*100", 0, "5*0 7*100", "2028-02-15, 1200, 1050"},
		{"in the days that are in", "310", "2026-01", 4, "3*100 40", 20, "3*0 60", "2026-04-06, 400, 90"},
		{"in the days that are not in yet", "350", "2026-01", 4, "3*100 40", 20, "3*0 60", "2026-04-22, 400, 50"},
		{"a year that begins in July", "100", "2025-07", 12, "6*10", 0, "6*0 6*10", "2026-05-01, 120, 20"},
		{"what a complete month still has to come is spread over it", "150", "2026-01", 1, "100", 0, "100", "2026-01-24, 200, 50"},
		{"a budget of 0", "0", "2026-01", 12, "0 28", 0, "", "2026-02-01, 28, 28"},
		{"nothing of nothing", "0", "2026-01", 2, "0 0", 0, "", "never, 0, 0"},
		{"a credit brings it back", "150", "2026-01", 3, "100 100 -100", 0, "", "2026-02-15, 100, -50"},
		{"months after the budget do not count", "150", "2026-01", 1, "100 100", 0, "0 0 100", "never, 100, -50"},
		{"months that nobody knows are told", "1000", "2026-01", 4, "100 ? 100", 0, "0 ?", "never, 200, -800; unknown 2026-02 2026-04"},
	} {
		actual := series(t, c.first, c.actual)
		actual.Days = c.days
		got, err := Overrun(Budget{exact(t, c.budget), c.first, c.months}, actual, series(t, c.first, c.toCome))
		day := "never"
		if got.Crossed {
			day = got.Day.String()
		}
		text := fmt.Sprintf("%s, %s, %s", day, got.YearEnd, got.By)
		if len(got.Unknown) > 0 && strings.Contains(c.want, "unknown") {
			text += "; unknown " + strings.Join(got.Unknown, " ")
		}
		if err != nil || text != c.want {
			t.Errorf("%s: %s, %v; want %s", c.what, text, err, c.want)
		}
	}
}

func TestABudgetIsHeldAgainstItsOwnMonthsOfALongerSeries(t *testing.T) {
	actual := series(t, "2024-01", school+" 3*200 50")
	actual.Days = 10
	f := Linear(actual, 36)
	got, err := Overrun(Budget{exact(t, "2000"), "2026-01", 12}, actual, f.Rest())
	if err != nil || len(got.Unknown) != 0 {
		t.Fatalf("%+v, %v", got, err)
	}
	want := exact(t, "600") // January to March
	for _, p := range f.Points {
		if want, err = want.Add(p.Amount); err != nil {
			t.Fatal(err)
		}
	}
	if got.YearEnd != want || len(f.Points) != 9 {
		t.Errorf("the year ends at %s after %d months to come; want %s after 9", got.YearEnd, len(f.Points), want)
	}
}

func TestWhatIsNoBudgetSaysWhy(t *testing.T) {
	year, half := series(t, "2026-01", "12*1"), series(t, "2026-01", "1 1")
	half.Days = 10
	for _, c := range []struct {
		what           string
		b              Budget
		actual, toCome Series
		want           error
	}{
		{"no month", Budget{First: "2026", Months: 12}, year, year, ErrSeries},
		{"no months", Budget{First: "2026-01"}, year, year, ErrSeries},
		{"too many months", Budget{First: "2026-01", Months: MostMonths + 1}, year, year, ErrSeries},
		{"no actual", Budget{First: "2026-01", Months: 12}, Series{}, year, ErrSeries},
		{"nothing to come", Budget{First: "2026-01", Months: 12}, year, Series{}, ErrSeries},
		{"to come is incomplete", Budget{First: "2026-01", Months: 12}, year, half, ErrSeries},
		{"too large a sum", Budget{First: "2026-01", Months: 12}, series(t, "2026-01", "2*9e18"), year, models.ErrOverflow},
		{"too far below the budget", Budget{Amount: exact(t, "9e18"), First: "2026-01", Months: 12}, series(t, "2026-01", "-9e18"), year, models.ErrOverflow},
	} {
		if _, err := Overrun(c.b, c.actual, c.toCome); !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", c.what, err, c.want)
		}
	}
}

// Of amounts that are not below 0, a higher budget is never passed on an earlier day, and
// it is passed on some day if and only if the year ends above it.
func TestAHigherBudgetLastsLonger(t *testing.T) {
	random := rand.New(rand.NewPCG(9, 10))
	for range 60 {
		s := randomSeries(t, random, 12)
		f := Linear(s, 12)
		var last models.Date
		for amount := 0; amount < 12_000; amount += 1 + random.IntN(2000) {
			got, err := Overrun(Budget{exact(t, fmt.Sprint(amount)), s.First, 12}, s, f.Rest())
			if err != nil || got.Crossed != (got.By.Sign() > 0) || got.Crossed == got.Day.IsZero() {
				t.Fatalf("%s for %d: %+v, %v", amountsOf(s), amount, got, err)
			}
			if got.Crossed && got.Day.Before(last) {
				t.Fatalf("%s for %d: spent on %s, before %s", amountsOf(s), amount, got.Day, last)
			}
			last = got.Day
			if !got.Crossed {
				break
			}
		}
	}
}

func TestThresholdsArePassedByMoreThanTheyAre(t *testing.T) {
	for _, c := range []struct {
		what, budget, actual, yearEnd string
		want                          string
	}{
		{"none", "1000", "100", "800", ""},
		{"on the forecast", "1000", "100", "800.01", "80 forecast 800.01 is 80001/1000 of 800"},
		{"all of the budget and no more", "1000", "1000", "1000", "80 actual 1000 is 100 of 800, 80 forecast 1000 is 100 of 800"},
		{"above", "300", "301", "400", "80 actual 301 is 301/3 of 240, 80 forecast 400 is 400/3 of 240, " +
			"100 actual 301 is 301/3 of 300, 100 forecast 400 is 400/3 of 300, 120 forecast 400 is 400/3 of 360"},
		{"credits to come", "100", "90", "70", "80 actual 90 is 90 of 80"},
		{"nothing of a budget of 0", "0", "0", "0", ""},
		{"a cent of a budget of 0", "0", "0.01", "0.01", "80 actual 0.01 of 0, 80 forecast 0.01 of 0, 100 actual 0.01 of 0, 100 forecast 0.01 of 0, 120 actual 0.01 of 0, 120 forecast 0.01 of 0"},
		{"fractions of cents", "0.000000000000000000000000001", "0", "0.000000000000000000000000001", "80 forecast 0.000000000000000000000000001 is 100 of 1/1250000000000000000000000000"},
	} {
		var got []string
		for _, a := range Alerts(exact(t, c.budget), exact(t, c.actual), exact(t, c.yearEnd), []int{80, 100, 120}) {
			text := fmt.Sprintf("%d %s %s", a.Share, a.On, a.Sum)
			if a.Percent != nil {
				text += " is " + a.Percent.RatString()
			}
			got = append(got, text+" of "+a.Limit.RatString())
		}
		if text := strings.Join(got, ", "); text != c.want {
			t.Errorf("%s: %s; want %s", c.what, text, c.want)
		}
	}
}
