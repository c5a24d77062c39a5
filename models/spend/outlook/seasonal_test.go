package outlook

import (
	"fmt"
	"math/big"
	"math/rand/v2"
	"strings"
	"testing"
)

// school are two years of a school: ten months are charged, July and August are not, and
// the second year costs a tenth more.
const school = "6*100 2*0 4*100 6*110 2*0 4*110"

// The numbers are worked out by hand. School: the means are 1000/12 and 1100/12, so the
// trend is 11/10 and the indices are 100 ÷ 1000/12 = 6/5 and 0; a month to come is
// 6/5 × 1100/12 × 11/10 = 121. Halves: the ratios are 10/20 and 30/20 in one year and 1 in
// the other, so the indices are 3/4 and 5/4, of a level of 20. Credit: a year adds up to
// 11 × 20 − 40 = 180, so that its mean is 15 and the indices are 4/3 and −8/3.
func TestASeasonComesAgain(t *testing.T) {
	for _, c := range []struct {
		what, first, amounts string
		through              int
		level, trend         string
		want                 string
	}{
		{"a school", "2024-01", school, 36, "1100/12", "11/10",
			"6*121 2*0 4*121"},
		{"a school that began in August", "2024-08", "0 10*100 2*0 10*110 0", 36, "1100/12", "11/10",
			"0 10*121 0"},
		{"the year after the next", "2024-01", school, 38, "1100/12", "11/10",
			"6*121 2*0 4*121 2*133.1"},
		{"years that differ", "2024-01", "6*10 6*30 12*20", 36, "20", "1",
			"6*15 6*25"},
		{"a credit each December", "2024-01", "11*20 -40 11*20 -40", 36, "15", "1",
			"11*20 -40"},
		{"credits alone", "2024-01", "12*-10 12*-20", 26, "-20", "2",
			"2*-40"},
		{"years are counted from the last month back", "2024-01", "3*900 12*100 12*200", 29, "200", "2",
			"2*400"},
		{"the service began after the series", "2024-01", "6*0 12*100 12*50", 32, "50", "1/2",
			"2*25"},
		{"a month nobody reported, in the year before", "2023-01", "12*100 5*110 ? 6*110 12*121", 38, "121", "11/10",
			"110 2*133.1"},
		{"a month nobody reported, in the last year", "2023-01", "6*100 2*0 4*100 6*100 2*0 4*100 3*200 ? 2*200 2*0 4*200", 44, "2000/12", "2",
			"200 6*400 2*0"},
		{"a holiday nobody reported", "2023-01", "6*100 2*0 4*100 6*110 ? 0 4*110 6*121 2*0 4*121", 38, "1210/12", "11/10",
			"0 2*133.1"},
		{"an older year of the other sign is left out", "2023-01", "12*-5 12*20 12*20", 37, "20", "1",
			"20"},
	} {
		f := Seasonal(series(t, c.first, c.amounts), c.through)
		if f.Code != "" || f.Level.Cmp(rat(t, c.level)) != 0 || f.Trend.Cmp(rat(t, c.trend)) != 0 {
			t.Errorf("%s: %q, level %v, trend %v; want %s, %s", c.what, f.Code, f.Level, f.Trend, c.level, c.trend)
			continue
		}
		var got []string
		for _, p := range f.Points {
			got = append(got, p.Amount.String())
		}
		if want := amountsOf(series(t, c.first, c.want)); strings.Join(got, " ") != want {
			t.Errorf("%s: %s; want %s", c.what, strings.Join(got, " "), want)
		}
	}
}

func TestTheWorkingOfASeasonIsThere(t *testing.T) {
	s := series(t, "2023-09", "700 4*100 6*100 2*0 10*110 2*0 7")
	s.Days = 2
	f := Seasonal(s, 27)
	if f.Method != MethodSeasonal || f.Before.Cmp(rat(t, "1000/12")) != 0 {
		t.Errorf("%s, %v before", f.Method, f.Before)
	}
	if len(f.Used) != 24 || f.Used[0] != "2023-10" || f.Used[23] != "2025-09" {
		t.Errorf("it used %v", f.Used)
	}
	var indices []string
	for _, x := range f.Indices {
		indices = append(indices, fmt.Sprintf("%d %s of %d", x.Month, x.Value.RatString(), x.Years))
	}
	want := "1 6/5 of 2, 2 6/5 of 2, 3 6/5 of 2, 4 6/5 of 2, 5 6/5 of 2, 6 6/5 of 2, 7 6/5 of 2, 8 0 of 2, 9 0 of 2, 10 6/5 of 2, 11 6/5 of 2, 12 6/5 of 2"
	if got := strings.Join(indices, ", "); got != want {
		t.Errorf("the indices are %s; want %s", got, want)
	}
	if got := pointsOf(f); got != "2025-10 rest 121 (114 to come), 2025-11 ahead 121" {
		t.Errorf("the points are %s", got)
	}
}

func TestNoSeasonSaysWhy(t *testing.T) {
	for _, c := range []struct {
		what, amounts string
		want          Code
	}{
		{"no month", "", CodeNoMonths},
		{"23 months", "23*100", CodeFewMonths},
		{"24 months, one nobody reported", "10*100 ? 13*100", CodeFewMonths},
		{"24 months, but the service began later", "3*0 21*100", CodeFewMonths},
		{"each year has a gap", "? 11*1 ? 11*1 ? 11*1", CodeGaps},
		{"most of the last year is missing", "24*1 7*? 5*1", CodeGaps},
		{"the year before is missing", "24*1 12*? 12*1", CodeGaps},
		{"nothing was ever charged", "24*0", CodeNoLevel},
		{"the last year adds up to 0", "12*5 6*5 6*-5", CodeNoLevel},
		{"the year before adds up to 0", "6*5 6*-5 12*5", CodeNoLevel},
		{"a year of charges after one of credits", "12*-5 12*5", CodeNoLevel},
		{"more than a ledger holds", "12*1 12*9e18", CodeTooLarge},
	} {
		f := Seasonal(series(t, "2023-01", c.amounts), 60)
		if f.Code != c.want || len(f.Points) != 0 {
			t.Errorf("%s: %q with %s; want %q", c.what, f.Code, pointsOf(f), c.want)
		}
	}
	if f := Seasonal(series(t, "2023-01", school), MostMonths+1); f.Code != CodeSeries {
		t.Errorf("too many months: %q", f.Code)
	}
}

// As the indices add up to 12, the year to come is the last one times the trend, to half a
// cent a month.
func TestTheYearToComeIsTheLastOneTimesTheTrend(t *testing.T) {
	random := rand.New(rand.NewPCG(7, 8))
	for range 200 {
		var words []string
		for range 24 + random.IntN(30) {
			words = append(words, fmt.Sprintf("%de-2", random.IntN(100_000)))
		}
		s := series(t, "2021-04", strings.Join(words, " "))
		f := Seasonal(s, len(words)+12)
		if f.Code != "" {
			t.Fatalf("%s: %q", amountsOf(s), f.Code)
		}
		indices, year := new(big.Rat), new(big.Rat)
		for _, x := range f.Indices {
			indices.Add(indices, x.Value)
		}
		for _, p := range f.Points {
			year.Add(year, p.Amount.Rat())
		}
		want := times(whole(12), times(f.Level, f.Trend))
		if indices.Cmp(whole(12)) != 0 || size(minus(year, want)).Cmp(big.NewRat(12, 200)) > 0 {
			t.Fatalf("%s: indices of %s, a year of %s; want 12 and %s", amountsOf(s), indices.RatString(), year.FloatString(3), want.FloatString(3))
		}
	}
}
