package spend

import (
	"math/big"

	"pilveturg/models"
)

// part is what of an amount falls into a month.
type part struct {
	month  string
	amount models.Exact
}

// monthOf is the month of a day, "2026-03"; "" for none.
func monthOf(d models.Date) string {
	if d.IsZero() {
		return ""
	}
	return d.String()[:7]
}

// maxMonths is over how many months an amount is spread; a longer service counts in the
// month in which it was billed.
const maxMonths = 600

// spread splits an amount over the months of a service, from its first day to the day
// after its last, by days. Each part is what should have come up to its end, rounded to
// the places of the amount but at least to two, less what came before: so the parts are
// the whole.
func spread(amount models.Exact, from, to models.Date) ([]part, error) {
	first := monthOf(from)
	if monthOf(to.AddDays(-1)) == first {
		return []part{{first, amount}}, nil
	}
	days := daysBetween(from, to)
	places := max(2, amount.Places())
	var parts []part
	var before models.Exact
	for begin := from; begin.Before(to); {
		end := firstOfNext(begin)
		if to.Before(end) {
			end = to
		}
		share := new(big.Rat).Mul(amount.Rat(), big.NewRat(daysBetween(from, end), days))
		upTo, err := models.RoundRat(share, places)
		if err != nil {
			return nil, err
		}
		own, err := upTo.Sub(before)
		if err != nil {
			return nil, err
		}
		parts = append(parts, part{monthOf(begin), own})
		before, begin = upTo, end
	}
	return parts, nil
}

func daysBetween(from, to models.Date) int64 { return int64(to.Time().Sub(from.Time()).Hours()) / 24 }

func firstOfNext(d models.Date) models.Date {
	t := d.Time()
	return models.NewDate(t.Year(), t.Month()+1, 1)
}

// spreads reports whether an amount is spread over a service of these days.
func spreads(from, to models.Date) bool {
	return !from.IsZero() && !to.IsZero() && from.Before(to) && daysBetween(from, to) <= maxMonths*31
}
