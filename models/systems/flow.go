package systems

import (
	"cmp"
	"fmt"
	"maps"
	"math/big"
	"slices"

	"pilveturg/models"
)

// GoesOn is the last year of what has no end.
const GoesOn = 9999

// Year is what lines of a kind come to in each of several years that are alike, in
// hundredths of the currency.
type Year struct {
	Kind     CostKind `db:"kind"`
	Change   bool     `db:"change"`
	Assumed  bool     `db:"assumed"`
	Currency string   `db:"currency"`
	First    int      `db:"first_year"`
	Last     int      `db:"last_year"` // [GoesOn]: there is no end
	Cash     int64    `db:"cash"`      // paid in the year
	Accrued  int64    `db:"accrued"`   // for what of it the year is
}

// flow is what a line comes to in a year.
type flow struct{ cash, accrued int64 }

// kept tells apart what is kept apart.
type kept struct {
	kind            CostKind
	change, assumed bool
	currency        string
}

// Flows returns what lines come to a year, by kind, the first year first.
//
// Cash counts a payment in the year of the first day of its period, rounded to the
// hundredth when it arises. Accrued spreads it over the calendar months of the period,
// each the same part, rounded so that the parts add up to the payment; the month in which
// a period begins or ends counts whole. A period that ends early, because the line does or
// because the system is closed, costs so many of its months. Capital is accrued as it is
// written off ([Cost.Book]), and what is left of it on the day of closing on that day;
// without a life it counts at once, like anything else that is paid once.
//
// So over all years what accrued is what was paid, less the book value that is left.
func Flows(lines []Cost, closed models.Date) ([]Year, error) {
	all := map[kept]map[int]flow{}
	open := map[kept]bool{}
	for i := range lines {
		c := &lines[i]
		years, err := c.years(closed, lastFinite(lines, closed))
		if err != nil {
			return nil, err
		}
		key := kept{c.Kind, c.Change, c.Assumed, c.Currency}
		if all[key] == nil {
			all[key] = map[int]flow{}
		}
		open[key] = open[key] || c.Every != Once && c.end(closed).IsZero()
		for year, f := range years {
			was := all[key][year]
			all[key][year] = flow{was.cash + f.cash, was.accrued + f.accrued}
		}
	}
	var runs []Year
	for key, years := range all {
		runs = append(runs, key.runs(years, open[key])...)
	}
	slices.SortFunc(runs, func(a, b Year) int {
		return cmp.Or(cmp.Compare(a.First, b.First), cmp.Compare(slices.Index(CostKinds(), a.Kind), slices.Index(CostKinds(), b.Kind)), cmp.Compare(flagged(a), flagged(b)), cmp.Compare(a.Currency, b.Currency))
	})
	return runs, nil
}

func flagged(y Year) (n int) {
	if y.Change {
		n++
	}
	if y.Assumed {
		n += 2
	}
	return n
}

// runs puts years together that follow each other and are alike. What goes on is as in
// the last year.
func (k kept) runs(years map[int]flow, open bool) (runs []Year) {
	for _, year := range slices.Sorted(maps.Keys(years)) {
		f := years[year]
		if n := len(runs) - 1; n >= 0 && runs[n].Last == year-1 && runs[n].Cash == f.cash && runs[n].Accrued == f.accrued {
			runs[n].Last = year
			continue
		}
		runs = append(runs, Year{k.kind, k.change, k.assumed, k.currency, year, year, f.cash, f.accrued})
	}
	if n := len(runs) - 1; n >= 0 && open {
		runs[n].Last = GoesOn
	}
	return slices.DeleteFunc(runs, func(y Year) bool { return y.Cash == 0 && y.Accrued == 0 })
}

// lastFinite is a year from which on all that goes on comes to the same each year.
func lastFinite(lines []Cost, closed models.Date) int {
	last := 0
	for i := range lines {
		c := &lines[i]
		last = max(last, c.Starts.Time().Year(), c.UsedFrom.AddMonths(c.LifeMonths).Time().Year())
		if end := c.end(closed); !end.IsZero() {
			last = max(last, end.Time().Year())
		}
	}
	return last + 2 // the first year may be part of one, and so may the end of the first period
}

// end is the last day of what is paid again and again; none: it goes on.
func (c *Cost) end(closed models.Date) models.Date {
	if c.Ends.IsZero() || !closed.IsZero() && closed.Before(c.Ends) {
		return closed
	}
	return c.Ends
}

// years is what a line comes to, until a year.
func (c *Cost) years(closed models.Date, until int) (map[int]flow, error) {
	cents, err := c.Period()
	if err != nil {
		return nil, err
	}
	all := map[int]flow{}
	add := func(year int, cash, accrued int64) {
		f := all[year]
		all[year] = flow{f.cash + cash, f.accrued + accrued}
	}
	switch {
	case c.Every == Once && c.LifeMonths > 0:
		add(c.Starts.Time().Year(), cents, 0)
		return all, c.writeOff(closed, add)
	case c.Every == Once:
		add(c.Starts.Time().Year(), cents, cents)
		return all, nil
	}
	step, end := c.Every.months(), c.end(closed)
	for n := 0; ; n++ {
		from := c.Starts.AddMonths(n * step)
		if from.Time().Year() > until || !end.IsZero() && end.Before(from) {
			return all, nil
		}
		months := step
		if !end.IsZero() {
			months = min(months, monthOf(end)-monthOf(from)+1)
		}
		paid := part(cents, months, step)
		add(from.Time().Year(), paid, 0)
		before := int64(0)
		for m := range months {
			so := part(paid, m+1, months)
			year := (monthOf(from) + m) / 12
			if year > until {
				break
			}
			add(year, 0, so-before)
			before = so
		}
	}
}

// monthOf counts the months since the year 0.
func monthOf(d models.Date) int { return d.Time().Year()*12 + int(d.Time().Month()) - 1 }

// part is n of m parts of an amount, rounded half away from zero.
func part(cents int64, n, m int) int64 {
	if n == m {
		return cents
	}
	num := new(big.Int).Mul(big.NewInt(cents), big.NewInt(int64(2*n)))
	half := big.NewInt(int64(m))
	if num.Sign() < 0 {
		half.Neg(half)
	}
	return num.Add(num, half).Quo(num, big.NewInt(int64(2*m))).Int64()
}

// Book is what capital is worth in the books at the begin of a day, in hundredths:
// cost − (cost − left over) × months ÷ life, with the part rounded half away from zero;
// months are those of the life that are over. Before the life it is the cost, from the
// day of payment on; other lines have none.
func (c *Cost) Book(day models.Date) (cents int64, err error) {
	if c.LifeMonths == 0 || c.Every != Once || day.Before(c.Starts.AddDays(1)) {
		return 0, nil
	}
	cost, err := c.Period()
	if err != nil {
		return 0, err
	}
	left, err := c.leftOver()
	if err != nil {
		return 0, err
	}
	over := monthOf(day) - monthOf(c.UsedFrom)
	if day.Time().Day() < c.UsedFrom.Time().Day() {
		over--
	}
	over = max(0, min(over, c.LifeMonths))
	return cost - part(cost-left, over, c.LifeMonths), nil
}

func (c *Cost) leftOver() (int64, error) {
	if c.LeftOver == "" {
		return 0, nil
	}
	e, err := models.ParseExact(c.LeftOver)
	if err != nil {
		return 0, fmt.Errorf("cost %q: %w", c.Words, err)
	}
	cents, ok := hundredths(e.Rat())
	if !ok {
		return 0, fmt.Errorf("cost %q: %w", c.Words, models.ErrOverflow)
	}
	return cents, nil
}

// writeOff adds what of capital is written off in each year, and at once what is left when
// the system is closed.
func (c *Cost) writeOff(closed models.Date, add func(year int, cash, accrued int64)) error {
	before, err := c.Period()
	if err != nil {
		return err
	}
	first, last := c.UsedFrom.Time().Year(), c.UsedFrom.AddMonths(c.LifeMonths).Time().Year()
	if !closed.IsZero() {
		last = max(closed.Time().Year(), c.Starts.Time().Year())
		first = min(first, last)
	}
	for year := first; year <= last; year++ {
		book := int64(0)
		if closed.IsZero() || year < last {
			if book, err = c.Book(models.NewDate(year+1, 1, 1)); err != nil {
				return err
			}
			if year < c.Starts.Time().Year() {
				book = before
			}
		}
		add(year, 0, before-book)
		before = book
	}
	return nil
}
