package outlook

import (
	"errors"
	"fmt"
	"math/big"
	"strings"
	"testing"

	"pilveturg/models"
)

func exact(t testing.TB, s string) models.Exact {
	t.Helper()
	e, err := models.ParseExact(s)
	if err != nil {
		t.Fatal(err)
	}
	return e
}

func rat(t testing.TB, s string) *big.Rat {
	t.Helper()
	r, ok := new(big.Rat).SetString(s)
	if !ok {
		t.Fatalf("%q is no fraction", s)
	}
	return r
}

// series reads amounts with spaces between them; "?" is a month that nobody reported, and
// "5*100" the same amount five times.
func series(t testing.TB, first, text string) Series {
	t.Helper()
	s := Series{First: first, Unknown: []bool{}}
	for _, word := range strings.Fields(text) {
		n, amount := 1, word
		if before, after, ok := strings.Cut(word, "*"); ok {
			if _, err := fmt.Sscan(before, &n); err != nil {
				t.Fatal(err)
			}
			amount = after
		}
		for range n {
			unknown := amount == "?"
			s.Unknown = append(s.Unknown, unknown)
			if unknown {
				s.Amounts = append(s.Amounts, models.Exact{})
				continue
			}
			s.Amounts = append(s.Amounts, exact(t, amount))
		}
	}
	return s
}

// scaled is a series with all amounts multiplied.
func scaled(t testing.TB, s Series, by int64) Series {
	t.Helper()
	all := make([]models.Exact, len(s.Amounts))
	for i, a := range s.Amounts {
		var err error
		if all[i], err = models.RoundRat(times(a.Rat(), big.NewRat(by, 1)), models.ExactPlaces); err != nil {
			t.Fatal(err)
		}
	}
	s.Amounts = all
	return s
}

// pointsOf are the points of a forecast as a text.
func pointsOf(f Forecast) string {
	var all []string
	for _, p := range f.Points {
		text := fmt.Sprintf("%s %s %s", p.Month, p.Kind, p.Amount)
		if p.Rest != p.Amount {
			text += fmt.Sprintf(" (%s to come)", p.Rest)
		}
		if p.Raised {
			text += " raised"
		}
		all = append(all, text)
	}
	return strings.Join(all, ", ")
}

func TestASeriesHasAllValuesOfItsMonths(t *testing.T) {
	three := series(t, "2026-02", "1 2 3")
	for what, c := range map[string]struct {
		change func(s *Series)
		want   error
	}{
		"three months":          {func(*Series) {}, nil},
		"no months":             {func(s *Series) { *s = Series{First: "2026-01"} }, nil},
		"nothing about unknown": {func(s *Series) { s.Unknown = nil }, nil},
		"a part of April":       {func(s *Series) { s.Days = 30 }, nil},
		"more days than April":  {func(s *Series) { s.Days = 31 }, ErrSeries},
		"days below 0":          {func(s *Series) { s.Days = -1 }, ErrSeries},
		"days of no month":      {func(s *Series) { *s = Series{First: "2026-01", Days: 1} }, ErrSeries},
		"a month is missing":    {func(s *Series) { s.Unknown = s.Unknown[:2] }, ErrSeries},
		"a count is missing":    {func(s *Series) { s.Counts = []int{1, 2} }, ErrSeries},
		"a count below 0":       {func(s *Series) { s.Counts = []int{1, 2, -1} }, ErrSeries},
		"no first month":        {func(s *Series) { s.First = "" }, ErrSeries},
		"a month 13":            {func(s *Series) { s.First = "2026-13" }, ErrSeries},
		"a day":                 {func(s *Series) { s.First = "2026-01-01" }, ErrSeries},
		"a year beyond":         {func(s *Series) { s.First = "9999-01" }, ErrSeries},
		"too many months":       {func(s *Series) { *s = Series{First: "2026-01", Amounts: make([]models.Exact, MostMonths+1)} }, ErrSeries},
	} {
		s := three
		c.change(&s)
		if err := s.Check(); !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", what, err, c.want)
		}
	}
}

func TestMonthsAreCountedWithBothEnds(t *testing.T) {
	for _, c := range []struct {
		first, last string
		want        int
	}{{"2026-01", "2026-12", 12}, {"2024-07", "2026-12", 30}, {"2026-05", "2026-05", 1}, {"2026-05", "2026-04", 0}} {
		if got, err := Months(c.first, c.last); err != nil || got != c.want {
			t.Errorf("from %s to %s: %d, %v; want %d", c.first, c.last, got, err, c.want)
		}
	}
	for _, pair := range [][2]string{{"2026", "2026-01"}, {"2026-01", "2026-1"}} {
		if _, err := Months(pair[0], pair[1]); !errors.Is(err, ErrSeries) {
			t.Errorf("from %s to %s: %v, want ErrSeries", pair[0], pair[1], err)
		}
	}
}

func TestDaysOfMonthsFollowTheCalendar(t *testing.T) {
	for name, want := range map[string]int{"2024-02": 29, "2026-02": 28, "2000-02": 29, "1900-02": 28, "2026-12": 31, "2026-04": 30} {
		m, err := month(name)
		if err != nil || daysIn(m) != want || nameOf(m) != name {
			t.Errorf("%s: %d days, named %s, %v; want %d", name, daysIn(m), nameOf(m), err, want)
		}
	}
}

func TestAMedianIsInTheMiddle(t *testing.T) {
	for text, want := range map[string][2]string{
		"7": {"7", "0"}, "3 1 2": {"2", "14826/10000"}, "4 1 3 2": {"5/2", "14826/10000"},
		"5 5 5 900": {"5", "0"}, "-1 1 9 -9": {"0", "74130/10000"},
	} {
		s := series(t, "2026-01", text)
		h, err := s.history()
		if err != nil {
			t.Fatal(err)
		}
		m := median(h.got)
		if d := deviation(h.got, m); m.Cmp(rat(t, want[0])) != 0 || d.Cmp(rat(t, want[1])) != 0 {
			t.Errorf("%s: median %s, deviation %s; want %v", text, m.RatString(), d.RatString(), want)
		}
	}
}
