package currency

import (
	"errors"
	"fmt"
	"slices"
	"sort"

	"pilveturg/models"
)

// The ways a day can have no rate.
var (
	ErrUnknown   = errors.New("no such currency in ISO 4217")
	ErrNoRate    = errors.New("no rate of the currency for the day")
	ErrWithdrawn = errors.New("the currency had ended before the day")
)

// MostBack is how many days back the rate of a day may be: rates are published on working
// days, and no feast is longer.
const MostBack = 10

// Rate is what a currency was worth on a day.
type Rate struct {
	Currency string
	Asked    models.Date
	Day      models.Date  // whose rate it is: the day asked for, or the working day before it
	Value    models.Exact // so much of the currency was one euro
}

// Quote is a rate as it is published.
type Quote struct {
	Currency string
	Day      models.Date
	Rate     models.Exact
}

// Table finds rates by day. It is not for several goroutines at once.
type Table struct {
	quotes map[string][]Quote
	sorted map[string]bool
}

// NewTable returns a table without quotes.
func NewTable() *Table { return &Table{map[string][]Quote{}, map[string]bool{}} }

// Add adds a quote; of two of one currency and day the later one holds.
func (t *Table) Add(code string, day models.Date, rate models.Exact) {
	t.quotes[code] = append(t.quotes[code], Quote{code, day, rate})
	t.sorted[code] = false
}

// of returns the quotes of a currency by day.
func (t *Table) of(code string) []Quote {
	all := t.quotes[code]
	if !t.sorted[code] {
		slices.SortStableFunc(all, func(a, b Quote) int { return a.Day.Time().Compare(b.Day.Time()) })
		t.sorted[code] = true
	}
	return all
}

// Find returns the rate of a currency for a day: that of the day or, on days without one,
// of the last working day before it. It fails with [ErrUnknown] for a code that ISO 4217
// does not have, with [ErrWithdrawn] after the currency's last day, and with [ErrNoRate]
// before its first rate and more than [MostBack] days after a rate. A euro is a euro.
func (t *Table) Find(code string, day models.Date) (Rate, error) {
	c, ok := Lookup(code)
	switch {
	case !ok:
		return Rate{}, fmt.Errorf("%q: %w", code, ErrUnknown)
	case code == Euro:
		return Rate{code, day, day, models.ExactOf(models.Whole(1))}, nil
	case !c.Ended.IsZero() && c.Ended.Before(day):
		return Rate{}, fmt.Errorf("%s on %s: %w", code, day, ErrWithdrawn)
	}
	all := t.of(code)
	i := sort.Search(len(all), func(i int) bool { return day.Before(all[i].Day) }) - 1
	if i < 0 || all[i].Day.AddDays(MostBack).Before(day) {
		return Rate{}, fmt.Errorf("%s on %s: %w", code, day, ErrNoRate)
	}
	return Rate{code, day, all[i].Day, all[i].Rate}, nil
}
