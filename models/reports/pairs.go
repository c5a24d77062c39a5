package reports

import (
	"cmp"
	"context"
	"slices"

	"pilveturg/models"
	"pilveturg/models/spend"
)

// pair is what one body pays one vendor.
type pair struct {
	vendor, buyer spend.Label
	amount        models.Exact
	rows          int64
}

// pairs are all of them in the period, by vendor.
func (q *asking) pairs(ctx context.Context) ([]pair, error) {
	rows, err := q.sums(ctx, spend.ByVendor, spend.ByBuyer)
	if err != nil {
		return nil, err
	}
	all := make([]pair, len(rows))
	for i := range rows {
		all[i] = pair{rows[i].Of[0], rows[i].Of[1], q.of(&rows[i].Sum), rows[i].Rows}
	}
	return all, nil
}

// side is a vendor with all that bodies pay it, or a body with all that it pays.
type side struct {
	spend.Label
	name   string
	amount models.Exact
	others int // vendors of a body, or bodies of a vendor
	top    pair
}

// sides puts pairs together by their vendors, or by their bodies.
func sides(all []pair, of func(*pair) spend.Label) []side {
	at := map[string]int{}
	var found []side
	for i := range all {
		label := of(&all[i])
		n, ok := at[label.Key]
		if !ok {
			n = len(found)
			at[label.Key] = n
			found = append(found, side{Label: label, name: named(label), top: all[i]})
		}
		s := &found[n]
		s.amount = add(s.amount, all[i].amount)
		s.others++
		if all[i].amount.Cmp(s.top.amount) > 0 {
			s.top = all[i]
		}
	}
	return found
}

func vendorOf(p *pair) spend.Label { return p.vendor }
func buyerOf(p *pair) spend.Label  { return p.buyer }

// byOthers puts those first that deal with the most others.
func byOthers(all []side) {
	slices.SortFunc(all, func(x, y side) int {
		return cmp.Or(cmp.Compare(y.others, x.others), cmp.Compare(x.name, y.name), cmp.Compare(x.Key, y.Key))
	})
}

func mostMoney(all []side) {
	most(all, func(s *side) (models.Exact, string) { return s.amount, s.name })
}

// totalOf is what sides come to.
func totalOf(all []side) (sum models.Exact) {
	for i := range all {
		sum = add(sum, all[i].amount)
	}
	return sum
}
