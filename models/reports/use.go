package reports

import (
	"cmp"
	"context"
	"math/big"
	"slices"

	"pilveturg/models"
)

// bought is how many of its unit the subscription has; ok is false where nothing is
// counted.
func (r *running) bought() (n *big.Rat, ok bool) {
	d, err := models.ParseDecimal(r.Quantity)
	if err != nil || d.Sign() <= 0 {
		return nil, false
	}
	return models.ExactOf(d).Rat(), true
}

// answerUsed tells how much of what is bought is used, and what the rest costs a year.
func answerUsed(ctx context.Context, q *asking) (*Answer, error) {
	all, err := q.running(ctx)
	if err != nil {
		return nil, err
	}
	a := &Answer{Columns: []Column{{"subscription", Name}, {"buyer", Name}, {"service", Name}, {"unit", Name}, {"bought", Number}, {"assigned", Number}, {"used", Number}, {"month", Month}, {"used_share", Percent}, {"year_cost", Money}, {"amount", Money}}, Sums: 10, Currency: euro}
	unknown := 0
	for i := range all {
		s := &all[i]
		row := Row{Values: []Value{text(s.code()), {Org: s.Org}, text(s.Service), text(s.Unit)}, Below: s.below(q)}
		year := amount(cents(big.NewRat(s.Year, 1)))
		n, counted := s.bought()
		none := Value{Unknown: true}
		bought := none
		if counted {
			bought = rounded(n, priceDecimals)
		}
		if s.Month == "" || !counted {
			unknown++
			row.Values = append(row.Values, bought, none, none, text(s.Month), none, year, none)
		} else {
			used := big.NewRat(s.Used, 1)
			row.Values = append(row.Values, bought, count(s.Assigned), count(s.Used), text(s.Month), percentOf(used, n, ratioDecimals), year, amount(s.unused(n)))
		}
		a.Rows = append(a.Rows, row)
	}
	slices.SortStableFunc(a.Rows, func(x, y Row) int { return y.Values[10].Amount.Cmp(x.Values[10].Amount) })
	a.Figures = []Figure{{"no_usage", Count, count(unknown)}, {"subscriptions", Count, count(len(all))}}
	a.Total, err = a.Sum(a.Sums)
	return a, err
}

// unused is what a year of what nobody uses costs; below nothing is none.
func (r *running) unused(bought *big.Rat) models.Exact {
	rest := new(big.Rat).Sub(bought, big.NewRat(r.Used, 1))
	if rest.Sign() < 0 {
		return models.Exact{}
	}
	return cents(rest.Quo(rest.Mul(rest, big.NewRat(r.Year, 1)), bought))
}

// farFrom is how many times the median a cost is out of line.
const farFrom = 2

// answerUnitCost tells what one that is used costs a month, and how that changed.
func answerUnitCost(ctx context.Context, q *asking) (*Answer, error) {
	all, err := q.running(ctx)
	if err != nil {
		return nil, err
	}
	a := &Answer{Columns: []Column{{"subscription", Name}, {"buyer", Name}, {"service", Name}, {"unit", Name}, {"month", Month}, {"used", Number}, {"amount", Money}, {"unit_cost", Money}, {"earlier", Month}, {"unit_cost_then", Money}, {"change", Percent}, {"far", Name}}, Sums: 6, Currency: euro, Notes: []string{"unit_cost_median"}}
	medians := unitMedians(all)
	left := 0
	for i := range all {
		s := &all[i]
		if s.Month == "" || s.Used == 0 {
			left++
			continue
		}
		now, then := s.unitCost(s.Used), Value{Unknown: true}
		by := then
		if s.Earlier != "" && s.UsedThen > 0 {
			then = amount(s.unitCost(s.UsedThen))
			by = change(then.Amount, now)
		}
		far := Value{}
		if m, ok := medians[s.Unit]; ok && now.Cmp(add(m, m)) > 0 {
			far = code("far")
		}
		a.Rows = append(a.Rows, Row{Values: []Value{text(s.code()), {Org: s.Org}, text(s.Service), text(s.Unit), text(s.Month), count(s.Used), amount(cents(big.NewRat(s.Year, 12))), amount(now), text(s.Earlier), then, by, far}, Below: s.below(q)})
	}
	slices.SortStableFunc(a.Rows, func(x, y Row) int {
		return cmp.Or(cmp.Compare(x.Values[3].Text, y.Values[3].Text), y.Values[7].Amount.Cmp(x.Values[7].Amount))
	})
	a.Figures = []Figure{{"not_counted", Count, count(left)}}
	a.Total, err = a.Sum(a.Sums)
	return a, err
}

// unitCost is what one of those that are used costs a month.
func (r *running) unitCost(used int64) models.Exact {
	n := big.NewRat(r.Year, 12)
	n.Quo(n, big.NewRat(used*100, 1))
	e, err := models.RoundRat(n, shareDecimals)
	if err != nil {
		return models.Exact{}
	}
	return e
}

// unitMedians are the medians of what one costs, by unit, where there are several.
func unitMedians(all []running) map[string]models.Exact {
	by := map[string][]models.Exact{}
	for i := range all {
		if s := &all[i]; s.Month != "" && s.Used > 0 {
			by[s.Unit] = append(by[s.Unit], s.unitCost(s.Used))
		}
	}
	medians := map[string]models.Exact{}
	for unit, costs := range by {
		if len(costs) > farFrom {
			slices.SortFunc(costs, models.Exact.Cmp)
			medians[unit] = median(costs)
		}
	}
	return medians
}
