package outlook

import (
	"fmt"
	"math/big"

	"pilveturg/models"
)

// Budget is what may be spent in months that follow each other.
type Budget struct {
	Amount models.Exact
	First  string // YYYY-MM
	Months int    // 1 to [MostMonths]
}

// Crossing tells whether and when a budget is spent, and what is left of it.
type Crossing struct {
	Crossed bool         // on some day the sum is above the budget
	Day     models.Date  // the first such day, or none
	YearEnd models.Exact // the sum at the end of the budget's months
	By      models.Exact // YearEnd without the budget; below 0: so much is left
	Unknown []string     // months of the budget with neither an actual nor a forecast, counted as 0
}

// Overrun tells on which day the actual and what is still to come, as [Forecast.Rest] gives
// it, are together above a budget for the first time:
//
//	sum(day d of month m) = Σ months before m + actual(m) × d / days in + to come(m) × …
//
// The actual of a month is spread evenly over its days, or those that are in; what is to
// come over the others. Where a complete month still has something to come, that goes over
// all its days. Months beyond those of the budget do not count. Nothing is rounded. A sum
// that is not above at the end may have been before, when credits came later.
//
// Overrun fails with [ErrSeries] for what is no budget or no series, and with
// [models.ErrOverflow].
func Overrun(b Budget, actual, toCome Series) (Crossing, error) {
	first, err := month(b.First)
	if err != nil {
		return Crossing{}, err
	}
	if b.Months < 1 || b.Months > MostMonths {
		return Crossing{}, fmt.Errorf("a budget of %d months: %w", b.Months, ErrSeries)
	}
	past, err := actual.history()
	if err != nil {
		return Crossing{}, fmt.Errorf("actual: %w", err)
	}
	ahead, err := toCome.history()
	if err != nil {
		return Crossing{}, fmt.Errorf("to come: %w", err)
	}
	if ahead.part != nil {
		return Crossing{}, fmt.Errorf("to come is a month of %d days: %w", ahead.days, ErrSeries)
	}
	var c Crossing
	total, limit := new(big.Rat), b.Amount.Rat()
	for m := first; m < first+b.Months; m++ {
		s := spreadOf(past, ahead, m)
		if !s.known {
			c.Unknown = append(c.Unknown, nameOf(m))
		}
		if day := s.crosses(total, limit); !c.Crossed && day > 0 {
			c.Crossed, c.Day = true, dayOf(m, day)
		}
		total.Add(total, plus(s.actual, s.toCome))
	}
	if c.YearEnd, err = models.RoundRat(total, models.ExactPlaces); err != nil {
		return Crossing{}, err
	}
	c.By, err = c.YearEnd.Sub(b.Amount)
	return c, err
}

// spread is how a month is spent.
type spread struct {
	actual, toCome *big.Rat
	in, days       int // how many days the actual is spread over, and how many there are
	known          bool
}

func spreadOf(past, ahead history, month int) spread {
	s := spread{actual: new(big.Rat), toCome: new(big.Rat), days: daysIn(month)}
	switch i := month - past.first; {
	case past.at(i) != nil:
		s.actual, s.in, s.known = past.at(i), s.days, true
	case past.partial(i):
		s.actual, s.in, s.known = past.part, past.days, true
	}
	if y := ahead.at(month - ahead.first); y != nil {
		s.toCome, s.known = y, true
	}
	return s
}

// crosses is the first day on which a sum from before the month is above a limit, or 0.
func (s spread) crosses(before, limit *big.Rat) int {
	for d := 1; d <= s.days; d++ {
		now := new(big.Rat).Set(before)
		if s.in > 0 {
			now.Add(now, times(s.actual, big.NewRat(int64(min(d, s.in)), int64(s.in))))
		}
		switch {
		case s.in == s.days:
			now.Add(now, times(s.toCome, big.NewRat(int64(d), int64(s.days))))
		case d > s.in:
			now.Add(now, times(s.toCome, big.NewRat(int64(d-s.in), int64(s.days-s.in))))
		}
		if now.Cmp(limit) > 0 {
			return d
		}
	}
	return 0
}

// Basis is what a threshold is held against.
type Basis string

// What a threshold is held against.
const (
	OnActual   Basis = "actual"
	OnForecast Basis = "forecast"
)

// Alert is a threshold that is passed.
type Alert struct {
	Share   int // in percent of the budget
	On      Basis
	Sum     models.Exact // what was, or will be, spent
	Limit   *big.Rat     // budget × Share / 100
	Percent *big.Rat     // Sum in percent of the budget; nil where that is 0
}

// Alerts are the thresholds, in percent of a budget, that are passed by what was spent, and
// those that the forecast for the end of the year passes, in the order given and the
// actual first. A threshold is passed by a sum above it: who spends exactly 100 % keeps to
// the budget. A budget of 0 is passed at every threshold by any spend, and by none without.
func Alerts(budget, actual, yearEnd models.Exact, shares []int) (all []Alert) {
	for _, share := range shares {
		limit := times(budget.Rat(), big.NewRat(int64(share), 100))
		for _, a := range []Alert{{On: OnActual, Sum: actual}, {On: OnForecast, Sum: yearEnd}} {
			if a.Sum.Rat().Cmp(limit) <= 0 {
				continue
			}
			a.Share, a.Limit = share, limit
			if !budget.IsZero() {
				a.Percent = times(over(a.Sum.Rat(), budget.Rat()), whole(100))
			}
			all = append(all, a)
		}
	}
	return all
}
