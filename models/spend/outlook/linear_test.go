package outlook

import (
	"errors"
	"math/big"
	"math/rand/v2"
	"strconv"
	"strings"
	"testing"

	"pilveturg/models"
)

// The lines are worked out by hand: for "10 20 60" the sums are n = 3, Σx = 3, Σx² = 5,
// Σy = 90 and Σxy = 140, so that the slope is (420 − 270) / (15 − 9) = 25 and the level
// (90 − 75) / 3 = 5. For "10 ? 20 60", with x = 0, 2, 3: Σx = 5, Σx² = 13, Σxy = 220, the
// slope is (660 − 450) / (39 − 25) = 15, and the level (90 − 75) / 3 = 5.
func TestALineGoesOnAsTheMonthsWent(t *testing.T) {
	for _, c := range []struct {
		what, amounts string
		days          int
		through       int
		method        Method
		slope, level  string
		want          string
	}{
		{"a straight line", "10 20 30", 0, 5, MethodLinear, "10", "10", "2026-04 ahead 40, 2026-05 ahead 50"},
		{"the least squares", "10 20 60", 0, 4, MethodLinear, "25", "5", "2026-04 ahead 80"},
		{"a month nobody reported", "10 ? 20 60", 0, 5, MethodLinear, "15", "5", "2026-02 gap 20, 2026-05 ahead 65"},
		{"thirds are rounded once", "0 0 1", 0, 5, MethodLinear, "1/2", "-1/6", "2026-04 ahead 1.33, 2026-05 ahead 1.83"},
		{"a slope below the cent", "0.01 0.01 0.02", 0, 4, MethodLinear, "1/200", "1/120", "2026-04 ahead 0.02"},
		{"the incomplete month is not on the line", "10 20 30 7", 8, 5, MethodLinear, "10", "10", "2026-04 rest 40 (33 to come), 2026-05 ahead 50"},
		{"more is in than expected", "10 20 30 55.125", 8, 4, MethodLinear, "10", "10", "2026-04 rest 55.125 (0 to come)"},
		{"a month with all its days is complete", "10 20 30 50", 30, 5, MethodLinear, "13", "8", "2026-05 ahead 60"},
		{"no month to come is below 0", "30 20 10", 0, 6, MethodLinear, "-10", "30", "2026-04 ahead 0, 2026-05 ahead 0 raised, 2026-06 ahead 0 raised"},
		{"but it may be after a credit", "10 0 -10", 0, 4, MethodLinear, "-10", "10", "2026-04 ahead -20"},
		{"a credit in the incomplete month counts too", "20 10 0 -1", 5, 5, MethodLinear, "-10", "20", "2026-04 rest -10 (-9 to come), 2026-05 ahead -20"},
		{"two months are their mean", "10 21", 0, 4, MethodMean, "0", "31/2", "2026-03 ahead 15.5, 2026-04 ahead 15.5"},
		{"one month is as the next", "? 7.005", 0, 3, MethodSingle, "0", "1401/200", "2026-01 gap 7.01, 2026-03 ahead 7.01"},
		{"nothing is left of the year", "1 2 3", 0, 3, MethodLinear, "1", "1", ""},
	} {
		s := series(t, "2026-01", c.amounts)
		s.Days = c.days
		f := Linear(s, c.through)
		if f.Code != "" || f.Method != c.method || f.Slope.Cmp(rat(t, c.slope)) != 0 || f.Level.Cmp(rat(t, c.level)) != 0 {
			t.Errorf("%s: %s %q, slope %v, level %v; want %s, %s, %s", c.what, f.Method, f.Code, f.Slope, f.Level, c.method, c.slope, c.level)
		}
		if got := pointsOf(f); got != c.want {
			t.Errorf("%s: %s; want %s", c.what, got, c.want)
		}
	}
}

func TestALineSaysWhatItStandsOn(t *testing.T) {
	s := series(t, "2025-11", "1 ? 2 4 3")
	s.Days = 9
	f := Linear(s, 6)
	if got := strings.Join(f.Used, " "); got != "2025-11 2026-01 2026-02" {
		t.Errorf("it used %s", got)
	}
	if got := strings.Join(f.Unknown, " "); got != "2025-12" {
		t.Errorf("nobody reported %s", got)
	}
}

func TestNoLineSaysWhy(t *testing.T) {
	half := series(t, "2026-01", "5")
	half.Days = 3
	bad := series(t, "2026-01", "1 2 3")
	bad.First = "January"
	for _, c := range []struct {
		what    string
		s       Series
		through int
		want    Code
	}{
		{"no months", Series{First: "2026-01"}, 12, CodeNoMonths},
		{"none is known", series(t, "2026-01", "? ?"), 12, CodeNoMonths},
		{"none is complete", half, 12, CodeNoMonths},
		{"no series", bad, 12, CodeSeries},
		{"fewer than no months", series(t, "2026-01", "1 2 3"), -1, CodeSeries},
		{"too many months", series(t, "2026-01", "1 2 3"), MostMonths + 1, CodeSeries},
		{"more than a ledger holds", series(t, "2026-01", "1 1 9e18"), 24, CodeTooLarge},
	} {
		f := Linear(c.s, c.through)
		if f.Code != c.want || len(f.Points) != 0 || len(f.Rest().Amounts) != 0 {
			t.Errorf("%s: %q with %d points; want %q and none", c.what, f.Code, len(f.Points), c.want)
		}
	}
}

func TestTheRestIsWhatIsStillToCome(t *testing.T) {
	s := series(t, "2026-01", "10 ? 30 12")
	s.Days = 20
	rest := Linear(s, 5).Rest()
	if got := strings.Join(strings.Fields(amountsOf(rest)), " "); rest.First != "2026-01" || got != "0 20 0 8 20" {
		t.Errorf("from %s %s; want 0 20 0 8 20", rest.First, got)
	}
}

// amountsOf are those of a series as a text.
func amountsOf(s Series) string {
	var all []string
	for _, a := range s.Amounts {
		all = append(all, a.String())
	}
	return strings.Join(all, " ")
}

// randomSeries has up to so many months of amounts with cents, and some that nobody
// reported.
func randomSeries(t *testing.T, random *rand.Rand, most int) Series {
	var words []string
	for range 1 + random.IntN(most) {
		word := strconv.Itoa(random.IntN(100_000)) + "e-2"
		if random.IntN(12) == 0 {
			word = "?"
		}
		words = append(words, word)
	}
	return series(t, "2024-0"+strconv.Itoa(1+random.IntN(9)), strings.Join(words, " "))
}

func TestScalingASeriesScalesItsForecast(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 4))
	for range 300 {
		s, by := randomSeries(t, random, 50), int64(2+random.IntN(9))
		through := len(s.Amounts) + 14
		for _, method := range []func(Series, int) Forecast{Linear, Seasonal} {
			one, other := method(s, through), method(scaled(t, s, by), through)
			if one.Code != other.Code || len(one.Points) != len(other.Points) {
				t.Fatalf("%s: %q with %d points, and scaled %q with %d", amountsOf(s), one.Code, len(one.Points), other.Code, len(other.Points))
			}
			if one.Code == "" && times(one.Level, big.NewRat(by, 1)).Cmp(other.Level) != 0 {
				t.Fatalf("%s: the level is %s, and times %d %s", amountsOf(s), one.Level.RatString(), by, other.Level.RatString())
			}
			for i := range one.Points {
				// Each of the two is rounded by half a cent at most.
				off := minus(times(one.Points[i].Amount.Rat(), big.NewRat(by, 1)), other.Points[i].Amount.Rat())
				if size(off).Cmp(big.NewRat(by+1, 200)) > 0 {
					t.Fatalf("%s: %s is %s, and times %d %s", amountsOf(s), one.Points[i].Month, one.Points[i].Amount, by, other.Points[i].Amount)
				}
			}
		}
	}
}

func TestAConstantSeriesForecastsItself(t *testing.T) {
	for _, amount := range []string{"0", "100", "0.01", "-12.34", "9000000000000000.99"} {
		for n := 1; n <= 40; n++ {
			s := series(t, "2023-05", strconv.Itoa(n)+"*"+amount)
			forecasts := []Forecast{Linear(s, n+13)}
			if n >= 24 && amount != "0" {
				forecasts = append(forecasts, Seasonal(s, n+13))
			}
			for _, f := range forecasts {
				if f.Code != "" || len(f.Points) != 13 {
					t.Errorf("%d months of %s: %s %q with %d points", n, amount, f.Method, f.Code, len(f.Points))
				}
				for _, p := range f.Points {
					if p.Amount != exact(t, amount) || p.Raised {
						t.Errorf("%d months of %s: %s is %s", n, amount, p.Month, p.Amount)
					}
				}
			}
		}
	}
}

// Least squares leave nothing over: the line goes through the mean, and what is above it
// is as much as what is below.
func TestTheLineLeavesNothingOver(t *testing.T) {
	random := rand.New(rand.NewPCG(5, 6))
	for range 200 {
		s := randomSeries(t, random, 30)
		f := Linear(s, 0)
		if f.Method != MethodLinear || f.Code != "" {
			continue
		}
		off, turned := new(big.Rat), new(big.Rat)
		for i, a := range s.Amounts {
			if !s.Unknown[i] {
				e := minus(a.Rat(), plus(f.Level, times(f.Slope, whole(i))))
				off.Add(off, e)
				turned.Add(turned, times(e, whole(i)))
			}
		}
		if off.Sign() != 0 || turned.Sign() != 0 {
			t.Fatalf("%s: Σe = %s, Σxe = %s", amountsOf(s), off.RatString(), turned.RatString())
		}
	}
}

func FuzzForecast(f *testing.F) {
	f.Add("2026-01", "10 ? 30.5 -7", 3, 12)
	f.Add("2023-09", strings.Repeat("0 0 100 120 ", 9), 0, 48)
	f.Add("9900-12", strings.Repeat("9e18 1e-27 ", 13), 1, 360)
	f.Fuzz(func(t *testing.T, first, text string, days, through int) {
		s := Series{First: first, Days: days}
		for _, word := range strings.Fields(text) {
			e, err := models.ParseExact(word)
			s.Amounts, s.Unknown = append(s.Amounts, e), append(s.Unknown, err != nil)
		}
		for _, forecast := range []Forecast{Linear(s, through), Seasonal(s, through)} {
			if (s.Check() != nil) && forecast.Code != CodeSeries {
				t.Errorf("%q for %v", forecast.Code, s.Check())
			}
			if forecast.Code != "" {
				continue
			}
			_, h := begin(s, through, forecast.Method)
			for _, p := range forecast.Points {
				if h.positive() && (p.Amount.Sign() < 0 || p.Rest.Sign() < 0) {
					t.Errorf("%+v of amounts above 0", p)
				}
			}
			_, err := Overrun(Budget{First: first, Months: 12}, s, forecast.Rest())
			if err != nil && !errors.Is(err, models.ErrOverflow) {
				t.Error(err)
			}
		}
	})
}
