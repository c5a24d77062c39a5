package reports

import (
	"context"
	"maps"
	"slices"

	"pilveturg/models"
	"pilveturg/models/spend"
)

// relation is one vendor and one body.
type relation struct{ vendor, buyer string }

// years are the financial years that the actor sees charges of, within the period that is
// asked for; the first comes first.
func (q *asking) years(ctx context.Context) ([]int, error) {
	if q.Year != 0 {
		return []int{q.Year}, nil
	}
	months, err := q.sums(ctx, spend.ByMonth)
	if err != nil {
		return nil, err
	}
	found := map[int]bool{}
	for i := range months {
		if month := months[i].Of[0].Key; month != "" {
			found[q.yearOf(month)] = true
		}
	}
	return slices.Sorted(maps.Keys(found)), nil
}

// of is the same question of one financial year.
func (q *asking) ofYear(year int) *asking {
	one := *q
	one.Year, one.From, one.Until = year, "", ""
	return &one
}

// answerRelations tells which bodies began to pay which vendors, went on and ended, year by
// year. Of one year that is asked for, the year before is read too.
func answerRelations(ctx context.Context, q *asking) (*Answer, error) {
	years, err := q.years(ctx)
	if err != nil {
		return nil, err
	}
	a := &Answer{Columns: []Column{{"year", Year}, {"amount", Money}, {"relations", Count}, {"kept", Count}, {"new", Count}, {"ended", Count}}, Sums: 1}
	before := map[relation]bool{}
	last := 0
	for i, year := range years {
		if i == 0 && q.Year != 0 || i > 0 && last != year-1 {
			if before, _, err = q.ofYear(year - 1).relations(ctx); err != nil {
				return nil, err
			}
		}
		now, sum, err := q.ofYear(year).relations(ctx)
		if err != nil {
			return nil, err
		}
		kept := 0
		for one := range now {
			if before[one] {
				kept++
			}
		}
		a.Rows = append(a.Rows, Row{Values: []Value{text(q.YearName(year)), amount(sum), count(len(now)), count(kept), count(len(now) - kept), count(len(before) - kept)}, Below: &Below{Question: "spent", By: byVendor, Year: year}})
		before, last = now, year
	}
	return q.answered(ctx, a)
}

// relations are the vendors and bodies between which money went in the period.
func (q *asking) relations(ctx context.Context) (map[relation]bool, models.Exact, error) {
	pairs, err := q.pairs(ctx)
	var sum models.Exact
	found := make(map[relation]bool, len(pairs))
	for i := range pairs {
		p := &pairs[i]
		sum = add(sum, p.amount)
		real := !p.amount.IsZero()
		if !real && err == nil && p.rows > 1 {
			real, err = q.anything(ctx, p)
		}
		if real {
			found[relation{p.vendor.Key, p.buyer.Key}] = true
		}
	}
	return found, sum, err
}

// anything reports whether a charge is not zero of those that come to zero together.
func (q *asking) anything(ctx context.Context, p *pair) (bool, error) {
	one := q.Query()
	one.Vendor, one.Buyer = p.vendor.Key, p.buyer.Key
	charges, err := spend.EachBought(ctx, q.r, q.actor, one)
	return slices.ContainsFunc(charges, func(b spend.Bought) bool { return !b.Amount.IsZero() }), err
}
