package outlook

import (
	"errors"
	"fmt"
	"math/big"
	"time"

	"pilveturg/models"
)

// MostMonths is how many months a series, a forecast and a budget may have: thirty years.
const MostMonths = 360

// The first and the last year in which a series may begin, so that years have four digits.
const (
	firstYear = 1000
	lastYear  = 9900
)

// cents is to how many decimals results are rounded.
const cents = 2

// ErrSeries is returned for a series, a budget or a number of months that is none.
var ErrSeries = errors.New("not a series of months")

// Series are the amounts of months that follow each other, all in one currency.
type Series struct {
	First   string         // YYYY-MM
	Amounts []models.Exact // one for each month from First on; below 0: a credit
	Unknown []bool         // of each month, whether nobody reported it, so that its amount says nothing; nil: all are known
	Days    int            // how many days of the last month are in; 0: all
	Counts  []int          // how many charges each month has; nil: nobody counted
}

// Check fails with [ErrSeries] unless First is a month, each month has all of its values,
// and the last one has as many days as are in. A series of no months is one.
func (s Series) Check() error {
	_, err := s.history()
	return err
}

// Months is how many months there are from one to another, YYYY-MM both, with both of
// them: how many a forecast of a series that begins with the first has to go through. It
// is 0 or less where the last is before the first. Months fails with [ErrSeries].
func Months(first, last string) (int, error) {
	from, err := month(first)
	if err != nil {
		return 0, err
	}
	to, err := month(last)
	return to - from + 1, err
}

// month is a month as the number of months since the year 0.
func month(s string) (int, error) {
	t, err := time.Parse("2006-01", s)
	if err != nil || t.Year() < firstYear || t.Year() > lastYear {
		return 0, fmt.Errorf("month %.20q: want YYYY-MM: %w", s, ErrSeries)
	}
	return t.Year()*12 + int(t.Month()) - 1, nil
}

// nameOf is the month of a number as YYYY-MM.
func nameOf(month int) string { return fmt.Sprintf("%04d-%02d", month/12, month%12+1) }

// daysIn is how many days the month of a number has.
func daysIn(month int) int {
	return time.Date(month/12, time.Month(month%12+2), 0, 0, 0, 0, 0, time.UTC).Day()
}

func dayOf(month, day int) models.Date {
	return models.NewDate(month/12, time.Month(month%12+1), day)
}

// history is a series to reckon with. Months are counted from its first, which is 0.
type history struct {
	first  int
	got    []*big.Rat // of the months that are known and complete; nil for the others
	part   *big.Rat   // what is in of the last month, where it is not complete
	days   int        // of the last month, where it is not complete
	counts []int
}

func (s Series) history() (history, error) {
	first, err := month(s.First)
	n := len(s.Amounts)
	switch {
	case err != nil:
		return history{}, err
	case n > MostMonths:
		return history{}, fmt.Errorf("%d months, want %d at most: %w", n, MostMonths, ErrSeries)
	case s.Unknown != nil && len(s.Unknown) != n:
		return history{}, fmt.Errorf("%d of %d months say whether they are known: %w", len(s.Unknown), n, ErrSeries)
	case s.Counts != nil && len(s.Counts) != n:
		return history{}, fmt.Errorf("%d of %d months have counts: %w", len(s.Counts), n, ErrSeries)
	case s.Days < 0 || s.Days > 0 && (n == 0 || s.Days > daysIn(first+n-1)):
		return history{}, fmt.Errorf("%d days of the last of %d months: %w", s.Days, n, ErrSeries)
	}
	h := history{first: first, got: make([]*big.Rat, n), counts: s.Counts}
	for i, amount := range s.Amounts {
		if s.Counts != nil && s.Counts[i] < 0 {
			return history{}, fmt.Errorf("%s has %d charges: %w", h.name(i), s.Counts[i], ErrSeries)
		}
		if s.Unknown == nil || !s.Unknown[i] {
			h.got[i] = amount.Rat()
		}
	}
	if s.Days > 0 && s.Days < daysIn(first+n-1) && h.got[n-1] != nil {
		h.part, h.days, h.got[n-1] = h.got[n-1], s.Days, nil
	}
	return h, nil
}

func (h history) name(i int) string { return nameOf(h.first + i) }

// names are the months of places.
func (h history) names(places []int) (all []string) {
	for _, i := range places {
		all = append(all, h.name(i))
	}
	return all
}

// at is the amount of a month that is known and complete, or nil.
func (h history) at(i int) *big.Rat {
	if i < 0 || i >= len(h.got) {
		return nil
	}
	return h.got[i]
}

// partial reports whether a month is the last and not complete.
func (h history) partial(i int) bool { return h.part != nil && i == len(h.got)-1 }

// known are the places from one up to another, without that, that are known and complete.
func (h history) known(from, to int) (all []int) {
	for i := max(0, from); i < min(to, len(h.got)); i++ {
		if h.got[i] != nil {
			all = append(all, i)
		}
	}
	return all
}

// values are the amounts of places.
func (h history) values(places []int) (all []*big.Rat) {
	for _, i := range places {
		all = append(all, h.got[i])
	}
	return all
}

// positive reports whether no amount is below 0.
func (h history) positive() bool {
	for _, y := range h.got {
		if y != nil && y.Sign() < 0 {
			return false
		}
	}
	return h.part == nil || h.part.Sign() >= 0
}

// charged reports whether a month is known, complete and has charges.
func (h history) charged(i int) bool {
	y := h.at(i)
	if y != nil && h.counts != nil {
		return h.counts[i] > 0
	}
	return y != nil && y.Sign() != 0
}

// empty reports whether a month is known, complete and has no charges.
func (h history) empty(i int) bool { return h.at(i) != nil && !h.charged(i) }
