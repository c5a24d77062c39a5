package outlook

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"testing"

	"pilveturg/models"
)

// anomaliesOf are those of a series as a text: the rule, the month, what it had, what was
// expected.
func anomaliesOf(t *testing.T, s Series, minimum string) string {
	t.Helper()
	all, err := Anomalies(s, exact(t, minimum))
	if err != nil {
		t.Fatal(err)
	}
	var texts []string
	for _, a := range all {
		texts = append(texts, fmt.Sprintf("%s %s: %s of %s to %s", a.Rule, a.Month, a.Got, a.Low, a.High))
	}
	return strings.Join(texts, "; ")
}

// The ranges are worked out by hand. "Amounts that change": the six months before are 90,
// 95, 100, 100, 105 and 110, their median is 100, the median of the deviations 5, and
// 3 × 1.4826 × 5 = 22.239.
func TestAJumpIsFarFromTheMonthsBefore(t *testing.T) {
	for _, c := range []struct {
		what, amounts, minimum, want string
	}{
		{"six months are enough", "6*100 150", "10", "jump 2024-07: 150 of 80 to 120"},
		{"five are not", "5*100 150", "10", ""},
		{"five and one that nobody reported are not", "5*100 ? 150", "10", ""},
		{"below as well", "6*100 50", "10", "jump 2024-07: 50 of 80 to 120"},
		{"a fifth of the median is enough", "6*100 120", "10", "jump 2024-07: 120 of 80 to 120"},
		{"less is not", "6*100 119.99", "10", ""},
		{"the minimum is enough", "6*100 150", "50", "jump 2024-07: 150 of 50 to 150"},
		{"less than the minimum is not", "6*100 149.99", "50", ""},
		{"cents of months that never change", "12*0.10 0.15 0.05 0.10", "1", ""},
		{"amounts that change", "90 95 100 100 105 110 122.23", "10", ""},
		{"amounts that change more", "90 95 100 100 105 110 122.24", "10", "jump 2024-07: 122.24 of 77.76 to 122.24"},
		{"one that changes much more does not spoil the others", "6*100 900 5*100 150", "10", "jump 2024-07: 900 of 80 to 120; jump 2025-01: 150 of 80 to 120"},
		{"months more than a year before say nothing", "6*900 12*100 100", "10", "step 2024-07: 100 of 900 to 900"},
		{"a series that begins with nothing is not expected below 0", "6*0 7", "5", "jump 2024-07: 7 of 0 to 5"},
		{"credits are expected where there were some", "6*-100 -150", "10", "jump 2024-07: -150 of -120 to -80"},
		{"charges after credits", "6*-100 100", "10", "jump 2024-07: 100 of -120 to -80"},
	} {
		if got := anomaliesOf(t, series(t, "2024-01", c.amounts), c.minimum); got != c.want {
			t.Errorf("%s: %q; want %q", c.what, got, c.want)
		}
	}
}

func TestAMonthWithoutChargesIsMissing(t *testing.T) {
	for _, c := range []struct {
		what, amounts, want string
	}{
		{"after six", "90 5*100 0", "missing 2024-07: 0 of 90 to 100"},
		{"after five of six", "100 0 4*100 0", "missing 2024-07: 0 of 100 to 100"},
		{"not after four of six", "0 100 0 3*100 0", ""},
		{"not after five of the only five", "5*100 0", "missing 2024-06: 0 of 100 to 100"},
		{"not where nobody reported", "6*100 ?", ""},
		{"after credits too", "6*-100 0", "missing 2024-07: 0 of -100 to -100"},
		{"the service ended", "12*100 8*0", "missing 2025-01: 0 of 100 to 100; missing 2025-02: 0 of 100 to 100"},
		{"the first holidays of a school, since nobody knows yet", "6*100 2*0 4*100", "missing 2024-07: 0 of 100 to 100; missing 2024-08: 0 of 100 to 100"},
		{"the second are known", "6*100 2*0 4*100 6*100 2*0 4*100", "missing 2024-07: 0 of 100 to 100; missing 2024-08: 0 of 100 to 100"},
		{"and the third", "6*100 2*0 4*100 6*100 2*0 4*100 6*100 2*0 4*100", "missing 2024-07: 0 of 100 to 100; missing 2024-08: 0 of 100 to 100"},
	} {
		if got := anomaliesOf(t, series(t, "2024-01", c.amounts), "10"); got != c.want {
			t.Errorf("%s: %q; want %q", c.what, got, c.want)
		}
	}
	s := series(t, "2024-01", "6*0 0 100")
	s.Counts = []int{1, 1, 1, 1, 2, 1, 0, 1}
	if got, want := anomaliesOf(t, s, "500"), "missing 2024-07: 0 of 0 to 0"; got != want {
		t.Errorf("charges of 0 are charges: %q; want %q", got, want)
	}
}

// A winter of three times the summer is no anomaly once it was there twice. Growing by a
// tenth each year, January 2026 is expected at 300 × 1.1 × 1.1 = 363 and July at 121.
func TestAKnownSeasonIsNoAnomaly(t *testing.T) {
	const winters = "2*300 8*100 2*300 2*330 8*110 2*330 "
	for _, c := range []struct {
		what, amounts, want string
	}{
		{"it comes again", "2*363 8*121 2*363", ""},
		{"it stays away", "121", "seasonal 2026-01: 121 of 290.4 to 435.6"},
		{"it comes in summer", "2*363 4*121 363", "seasonal 2026-07: 363 of 96.8 to 145.2"},
		{"it comes with a little more", "2*435", ""},
		{"holidays of a month that had charges", "2*363 2*121 0", "missing 2026-05: 0 of 121 to 363"},
	} {
		got := anomaliesOf(t, series(t, "2024-01", winters+c.amounts), "10")
		got = strings.Join(slices.DeleteFunc(strings.Split(got, "; "), func(a string) bool { return !strings.Contains(a, " 2026-") }), "; ")
		if got != c.want {
			t.Errorf("%s: %q; want %q", c.what, got, c.want)
		}
	}
}

func mustFind(t *testing.T, s Series, minimum string) []Anomaly {
	t.Helper()
	all, err := Anomalies(s, exact(t, minimum))
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func TestWhatWasFlaggedAYearAgoIsNoMeasureAlone(t *testing.T) {
	for _, c := range []struct {
		what, amounts, want string
	}{
		{"once is no season", "17*100 500 11*100 100", "jump 2025-06: 500 of 80 to 120"},
		{"twice is one", "11*100 500 11*100 500 11*100 500", "jump 2024-12: 500 of 80 to 120"},
		{"a season needs no flag", "5*100 500 11*100 500 11*100 500", ""},
		{"a third height is none", "17*100 500 11*100 900", "jump 2025-06: 500 of 80 to 120; seasonal 2026-06: 900 of 400 to 600"},
	} {
		if got := anomaliesOf(t, series(t, "2024-01", c.amounts), "10"); got != c.want {
			t.Errorf("%s: %q; want %q", c.what, got, c.want)
		}
	}
}

func TestAStepIsALevelThatChangedAndStayed(t *testing.T) {
	for _, c := range []struct {
		what, amounts, minimum, want string
	}{
		{"a price rise of 5 %", "6*100 3*105", "1", "step 2024-07: 105 of 100 to 100"},
		{"less is none", "6*100 3*104.99", "1", ""},
		{"less than the minimum is none", "6*100 3*105", "5.01", ""},
		{"two months have not stayed", "6*100 2*110", "1", ""},
		{"five months before are too few", "5*100 3*110", "1", ""},
		{"a month that nobody reported", "3*100 ? 2*100 3*110", "1", ""},
		{"above the highest of the six", "100 110 4*100 3*110", "1", ""},
		{"a rise that the months after it are judged by", "6*100 12*200", "1", "step 2024-07: 200 of 100 to 100"},
		{"a jump after a rise", "6*100 3*200 300", "1", "step 2024-07: 200 of 100 to 100; jump 2024-10: 300 of 160 to 240"},
		{"a rise after a rise", "6*100 3*110 4*121", "1", "step 2024-07: 110 of 100 to 100; step 2024-10: 121 of 100 to 110"},
		{"a price that fell", "6*100 12*70", "1", "step 2024-07: 70 of 100 to 100"},
		{"a service that begins", "6*0 12*70", "1", "step 2024-07: 70 of 0 to 0"},
		{"a winter as the last one", "3*130 6*100 3*130 3*130 6*100 3*130", "1", "step 2024-10: 130 of 100 to 100"},
		{"a price rise after two years", "24*100 12*110", "1", "step 2026-01: 110 of 100 to 100"},
		{"and the months after a large one", "24*100 24*150", "1", "step 2026-01: 150 of 100 to 100"},
		{"a price rise each January", "12*100 12*105 12*111 3*117", "1", "step 2025-01: 105 of 100 to 100; step 2026-01: 111 of 105 to 105; step 2027-01: 117 of 111 to 111"},
	} {
		got := anomaliesOf(t, series(t, "2024-01", c.amounts), c.minimum)
		if got != c.want {
			t.Errorf("%s: %q; want %q", c.what, got, c.want)
		}
	}
}

func TestADoubleIsTwiceTheUsual(t *testing.T) {
	for _, c := range []struct {
		what, amounts string
		counts        []int
		want          string
	}{
		{"the next month is empty", "6*100 200 0", nil, "double 2024-07: 200 of 80 to 120; missing 2024-08: 0 of 100 to 200"},
		{"the one before was empty", "7*100 0 200 100", nil, "missing 2024-08: 0 of 100 to 100; double 2024-09: 200 of 80 to 120"},
		{"to one percent", "7*100 0 198", nil, "missing 2024-08: 0 of 100 to 100; double 2024-09: 198 of 80 to 120"},
		{"not more than that", "7*100 0 197.99", nil, "missing 2024-08: 0 of 100 to 100; jump 2024-09: 197.99 of 80 to 120"},
		{"neither is empty", "6*100 200 100", nil, "jump 2024-07: 200 of 80 to 120"},
		{"nobody knows the next one", "6*100 200 ?", nil, "jump 2024-07: 200 of 80 to 120"},
		{"twice the charges", "6*100 200 100", []int{3, 3, 3, 3, 3, 3, 6, 3}, "double 2024-07: 200 of 80 to 120"},
		{"some more charges", "6*100 200 100", []int{3, 3, 3, 3, 3, 3, 5, 3}, "jump 2024-07: 200 of 80 to 120"},
		{"twice the charges of the usual amount", "6*100 100", []int{3, 3, 3, 3, 3, 3, 6}, ""},
		{"less than the minimum", "6*5 10 0", nil, "missing 2024-08: 0 of 5 to 10"},
	} {
		s := series(t, "2024-01", c.amounts)
		s.Counts = c.counts
		if got := anomaliesOf(t, s, "10"); got != c.want {
			t.Errorf("%s: %q; want %q", c.what, got, c.want)
		}
	}
}

func TestAnAnomalySaysWhatItStandsOn(t *testing.T) {
	counted := series(t, "2024-01", "6*100 200 0")
	counted.Counts = []int{2, 2, 4, 2, 3, 3, 5, 0}
	for _, c := range []struct {
		s      Series
		place  int
		want   string
		months string
	}{
		{series(t, "2024-01", "90 95 100 100 105 110 150"), 0, "median 100, deviation 7413/1000, minimum 10", "2024-01 to 2024-06, 6"},
		{series(t, "2024-01", "12*100 12*104 200"), 0, "year_before 104, trend 26/25, expected 2704/25, deviation 0, minimum 10", "2024-01 to 2025-12, 24"},
		{series(t, "2024-01", "12*100 12*110"), 0, "before 100, after 110, percent 10", "2024-07 to 2025-03, 9"},
		{series(t, "2024-01", "6*0 3*110"), 0, "before 0, after 110", "2024-01 to 2024-09, 9"},
		{series(t, "2024-01", "100 ? 4*110 100 0"), 0, "charged 5, median 110", "2024-03 to 2024-07, 5"},
		{counted, 0, "median 100, deviation 0, minimum 10, ratio 2, count 5, usual_count 5/2, empty 1", "2024-01 to 2024-06, 6"},
	} {
		all := mustFind(t, c.s, "10")
		if len(all) <= c.place {
			t.Errorf("%s: %d anomalies", amountsOf(c.s), len(all))
			continue
		}
		a := all[c.place]
		var figures []string
		for _, f := range a.Figures {
			figures = append(figures, f.Name+" "+f.Value.RatString())
			if a.Figure(f.Name) != f.Value {
				t.Errorf("%s: the figure %s is %v, want %v", a.Month, f.Name, a.Figure(f.Name), f.Value)
			}
		}
		if got := strings.Join(figures, ", "); got != c.want {
			t.Errorf("%s %s: %s; want %s", a.Rule, a.Month, got, c.want)
		}
		if got := fmt.Sprintf("%s to %s, %d", a.Months[0], a.Months[len(a.Months)-1], len(a.Months)); got != c.months {
			t.Errorf("%s %s: months %s; want %s", a.Rule, a.Month, got, c.months)
		}
		if a.Figure("nothing") != nil {
			t.Errorf("%s %s has a figure of nothing", a.Rule, a.Month)
		}
	}
}

func TestAConstantSeriesHasNoAnomalies(t *testing.T) {
	for _, amount := range []string{"0", "0.01", "100", "-12.34"} {
		for n := range 50 {
			for _, minimum := range []string{"0", "10"} {
				if got := anomaliesOf(t, series(t, "2022-03", strconv.Itoa(n)+"*"+amount), minimum); got != "" {
					t.Errorf("%d months of %s: %s", n, amount, got)
				}
			}
		}
	}
}

func TestScalingASeriesScalesItsAnomalies(t *testing.T) {
	random := rand.New(rand.NewPCG(11, 12))
	some := 0
	for range 300 {
		s, by := randomSeries(t, random, 45), int64(2+random.IntN(9))
		one, other := mustFind(t, s, "50"), mustFind(t, scaled(t, s, by), strconv.Itoa(50*int(by)))
		if len(one) != len(other) {
			t.Fatalf("%s: %d anomalies, and times %d %d", amountsOf(s), len(one), by, len(other))
		}
		for i := range one {
			if some++; one[i].Rule != other[i].Rule || one[i].Month != other[i].Month {
				t.Fatalf("%s: %s %s, and times %d %s %s", amountsOf(s), one[i].Rule, one[i].Month, by, other[i].Rule, other[i].Month)
			}
		}
	}
	if some == 0 {
		t.Error("no anomalies at all")
	}
}

func TestOnlyCompleteMonthsAreJudged(t *testing.T) {
	s := series(t, "2024-01", "6*100 900")
	s.Days = 30
	if got := anomaliesOf(t, s, "10"); got != "" {
		t.Errorf("of 30 days: %q", got)
	}
	s.Days = 31
	if got := anomaliesOf(t, s, "10"); got != "jump 2024-07: 900 of 80 to 120" {
		t.Errorf("of 31 days: %q", got)
	}
}

func TestWhatCannotBeJudgedSaysWhy(t *testing.T) {
	if _, err := Anomalies(Series{}, models.Exact{}); !errors.Is(err, ErrSeries) {
		t.Errorf("no series: %v", err)
	}
	if _, err := Anomalies(series(t, "2024-01", "1"), exact(t, "-1")); !errors.Is(err, ErrSeries) {
		t.Errorf("a minimum below 0: %v", err)
	}
	if _, err := Anomalies(series(t, "2024-01", "6*9e18 -1"), exact(t, "9e18")); !errors.Is(err, models.ErrOverflow) {
		t.Errorf("more than a ledger holds: %v", err)
	}
}

func FuzzAnomalies(f *testing.F) {
	f.Add("2024-01", strings.Repeat("100 ", 20)+"0 200 ? 100", "10", 0)
	f.Add("2023-07", strings.Repeat("0 0 100 100 100 100 ", 7)+"-5", "0", 3)
	f.Fuzz(func(t *testing.T, first, text, least string, days int) {
		s := Series{First: first, Days: days, Counts: []int{}}
		for i, word := range strings.Fields(text) {
			e, err := models.ParseExact(word)
			s.Amounts, s.Unknown, s.Counts = append(s.Amounts, e), append(s.Unknown, err != nil), append(s.Counts, i%5)
		}
		minimum, err := models.ParseExact(least)
		if err != nil {
			return
		}
		for range 2 {
			all, err := Anomalies(s, minimum)
			if err != nil && !errors.Is(err, ErrSeries) && !errors.Is(err, models.ErrOverflow) {
				t.Error(err)
			}
			for i, a := range all {
				if a.Low.Cmp(a.High) > 0 || len(a.Figures) == 0 || len(a.Months) == 0 || i > 0 && a.Month <= all[i-1].Month {
					t.Errorf("%+v", a)
				}
			}
			s.Counts = nil
		}
	})
}
