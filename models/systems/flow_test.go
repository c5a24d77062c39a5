package systems

import (
	"math/rand/v2"
	"strconv"
	"testing"

	"pilveturg/models"
)

func day(t testing.TB, s string) models.Date {
	t.Helper()
	if s == "" {
		return models.Date{}
	}
	d, err := models.ParseDate(s)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// at is what kept years come to in a year.
func at(runs []Year, year int) (cash, accrued int64) {
	for _, y := range runs {
		if y.First <= year && year <= y.Last {
			cash, accrued = cash+y.Cash, accrued+y.Accrued
		}
	}
	return cash, accrued
}

func TestLinesComeToTheseYears(t *testing.T) {
	type want struct {
		year          int
		cash, accrued int64
	}
	for name, c := range map[string]struct {
		cost   Cost
		closed string
		want   []want
	}{
		"a year that begins with the calendar's": {Cost{Kind: Hosting, Every: Yearly, Starts: day(t, "2015-01-01"), Amount: "9600"}, "",
			[]want{{2014, 0, 0}, {2015, 9600_00, 9600_00}, {2026, 9600_00, 9600_00}, {2090, 9600_00, 9600_00}}},
		"a year from July on is half in each": {Cost{Kind: Hosting, Every: Yearly, Starts: day(t, "2020-07-01"), Amount: "100.01"}, "",
			[]want{{2020, 100_01, 50_01}, {2021, 100_01, 100_01}, {2022, 100_01, 100_01}, {2050, 100_01, 100_01}}},
		"months": {Cost{Kind: Running, Every: Monthly, Starts: day(t, "2024-11-15"), Ends: day(t, "2025-02-14"), Amount: "10"}, "",
			[]want{{2024, 20_00, 20_00}, {2025, 10_00, 10_00}, {2026, 0, 0}}},
		"quarters across a year's end": {Cost{Kind: Running, Every: Quarterly, Starts: day(t, "2024-12-01"), Ends: day(t, "2025-05-31"), Amount: "100"}, "",
			[]want{{2024, 100_00, 33_33}, {2025, 100_00, 166_67}}},
		"a period that ends early costs its months": {Cost{Kind: Licences, Every: Yearly, Starts: day(t, "2024-01-01"), Ends: day(t, "2025-06-30"), Amount: "1200"}, "",
			[]want{{2024, 1200_00, 1200_00}, {2025, 600_00, 600_00}, {2026, 0, 0}}},
		"staff is people times pay times what comes upon it": {Cost{Kind: Staff, Every: Yearly, Starts: day(t, "2024-01-01"), FTE: "0.5", Pay: "31200", OnCost: "1.338"}, "",
			[]want{{2024, 20872_80, 20872_80}}},
		"what closes ends": {Cost{Kind: Hosting, Every: Yearly, Starts: day(t, "2020-01-01"), Amount: "1200"}, "2022-03-31",
			[]want{{2021, 1200_00, 1200_00}, {2022, 300_00, 300_00}, {2023, 0, 0}}},
		"capital is written off by months": {Cost{Kind: Capital, Every: Once, Starts: day(t, "2020-03-17"), Amount: "18600", LeftOver: "1000", LifeMonths: 48, UsedFrom: day(t, "2020-04-01")}, "",
			[]want{{2020, 18600_00, 3300_00}, {2021, 0, 4400_00}, {2023, 0, 4400_00}, {2024, 0, 1100_00}, {2025, 0, 0}}},
		"capital that is closed early is written off at once": {Cost{Kind: Capital, Every: Once, Starts: day(t, "2020-01-01"), Amount: "1000", LifeMonths: 100, UsedFrom: day(t, "2020-01-01")}, "2021-06-30",
			[]want{{2020, 1000_00, 120_00}, {2021, 0, 880_00}, {2022, 0, 0}}},
		"capital without a life counts at once": {Cost{Kind: Capital, Every: Once, Starts: day(t, "2020-05-01"), Amount: "1000"}, "", []want{{2020, 1000_00, 1000_00}}},
		"what it fetches is taken off":          {Cost{Kind: Residual, Every: Once, Starts: day(t, "2027-05-01"), Amount: "1500"}, "", []want{{2027, -1500_00, -1500_00}}},
	} {
		t.Run(name, func(t *testing.T) {
			runs, err := Flows([]Cost{c.cost}, day(t, c.closed))
			if err != nil {
				t.Fatal(err)
			}
			for _, w := range c.want {
				if cash, accrued := at(runs, w.year); cash != w.cash || accrued != w.accrued {
					t.Errorf("%d: paid %d, accrued %d; want %d and %d", w.year, cash, accrued, w.cash, w.accrued)
				}
			}
		})
	}
}

func TestBookValuesAreThoseOfStraightLine(t *testing.T) {
	for _, c := range []struct {
		cost, left  string
		life, after int
		want        int64
	}{
		{"1000.00", "", 36, 0, 1000_00}, {"1000.00", "0", 36, 1, 972_22}, {"1000.00", "", 36, 35, 27_78}, {"1000.00", "", 36, 36, 0}, {"1000.00", "", 36, 40, 0},
		{"18600.00", "1000", 48, 36, 5400_00}, {"0.01", "", 12, 6, 0}, {"100", "100", 12, 5, 100_00},
	} {
		one := Cost{Kind: Capital, Every: Once, Starts: day(t, "2020-01-15"), Amount: c.cost, LeftOver: c.left, LifeMonths: c.life, UsedFrom: day(t, "2020-02-01")}
		got, err := one.Book(one.UsedFrom.AddMonths(c.after))
		if err != nil || got != c.want {
			t.Errorf("%s for %d months after %d: %d, %v; want %d", c.cost, c.life, c.after, got, err, c.want)
		}
	}
}

// TestWhatAccruesIsWhatWasPaid: over all years both views come to the same, less the book
// value that is left, whatever the lines.
func TestWhatAccruesIsWhatWasPaid(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	date := func() models.Date { return models.NewDate(2010+random.IntN(20), 1, 1).AddDays(random.IntN(366)) }
	for range 3000 {
		var lines []Cost
		for range 1 + random.IntN(4) {
			c := Cost{Kind: CostKinds()[random.IntN(4)], Every: Everies()[random.IntN(4)], Starts: date(), Amount: strconv.Itoa(random.IntN(99999)) + "." + strconv.Itoa(10+random.IntN(90)), Currency: "EUR"}
			if c.Every != Once {
				c.Ends = c.Starts.AddDays(random.IntN(2000))
			} else if c.Kind == Capital {
				c.LifeMonths, c.UsedFrom = 1+random.IntN(100), c.Starts.AddDays(random.IntN(700)-100)
			}
			lines = append(lines, c)
		}
		closed := models.Date{}
		if random.IntN(2) == 0 {
			closed = models.NewDate(2030, 1, 1).AddDays(random.IntN(3000))
		}
		runs, err := Flows(lines, closed)
		if err != nil {
			t.Fatal(err)
		}
		var cash, accrued int64
		for _, y := range runs {
			if y.Last == GoesOn {
				t.Fatalf("%+v goes on, of %+v", y, lines)
			}
			n := int64(y.Last - y.First + 1)
			cash, accrued = cash+n*y.Cash, accrued+n*y.Accrued
		}
		if cash != accrued {
			t.Fatalf("paid %d, accrued %d: %+v closed %s", cash, accrued, lines, closed)
		}
	}
}
