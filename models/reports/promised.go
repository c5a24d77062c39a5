package reports

import (
	"cmp"
	"context"
	"encoding/json"
	"math/big"
	"slices"

	"pilveturg/models"
	"pilveturg/models/spend"
)

// cents is an amount of euro cents.
func cents(n *big.Rat) models.Exact {
	e, err := models.RoundRat(n.Quo(n, big.NewRat(100, 1)), 2)
	if err != nil {
		return models.Exact{}
	}
	return e
}

// answerPromised tells what was promised and is not billed yet, or paid ahead and not used
// yet.
func answerPromised(ctx context.Context, q *asking) (*Answer, error) {
	if q.By == byCommitment {
		return q.committed(ctx)
	}
	all, err := q.running(ctx)
	if err != nil {
		return nil, err
	}
	a := &Answer{Columns: []Column{{"subscription", Name}, {"buyer", Name}, {"service", Name}, {"promised", Money}, {"billed", Money}, {"amount", Money}, {"ends", Day}}, Sums: 5, Currency: euro, Notes: []string{"promised_in_euros"}}
	for i := range all {
		s := &all[i]
		_, billed, err := s.Amounts()
		if err != nil {
			return nil, err
		}
		promised := cents(new(big.Rat).Add(big.NewRat(s.Year*s.Months, 12), big.NewRat(s.Once, 1)))
		left, err := promised.Sub(billed)
		if err != nil {
			return nil, err
		}
		if left.Sign() < 0 {
			left = models.Exact{} // more was billed than the term promised: nothing is left of it
		}
		a.Rows = append(a.Rows, Row{Values: []Value{text(s.code()), {Org: s.Org}, text(s.Service), amount(promised), amount(billed), amount(left), text(s.Ends.String())}, Below: s.below(q)})
	}
	slices.SortStableFunc(a.Rows, func(x, y Row) int { return y.Values[5].Amount.Cmp(x.Values[5].Amount) })
	a.Total, err = a.Sum(a.Sums)
	return a, err
}

// below leads to the subscription, for those who may see it.
func (r *running) below(q *asking) *Below {
	if r.Org != q.actor.OrgID {
		return nil
	}
	return &Below{Path: r.path()}
}

// commitment is what was paid ahead to a cloud, and what of it was used.
type commitment struct {
	id, name           string
	vendor             spend.Label
	paid, used, unused models.Exact
	last               string
}

// committed tells what of commitments was used: paid ahead is what their purchases were
// billed, used and unused is what their use is worth.
func (q *asking) committed(ctx context.Context) (*Answer, error) {
	charges, err := spend.EachCommitted(ctx, q.r, q.actor, q.Query())
	if err != nil {
		return nil, err
	}
	at := map[string]*commitment{}
	var all []*commitment
	for i := range charges {
		c := &charges[i]
		var more struct {
			ID     string `json:"CommitmentDiscountId"`
			Name   string `json:"CommitmentDiscountName"`
			Status string `json:"CommitmentDiscountStatus"`
		}
		if json.Unmarshal([]byte(c.More), &more) != nil || more.ID == "" || c.Currency != q.currency() {
			continue
		}
		one := at[more.ID+" "+c.Vendor.Key]
		if one == nil {
			one = &commitment{id: more.ID, vendor: c.Vendor}
			at[more.ID+" "+c.Vendor.Key] = one
			all = append(all, one)
		}
		one.name = cmp.Or(more.Name, one.name)
		one.count(c, more.Status)
	}
	a := &Answer{Columns: []Column{{"commitment", Name}, {"vendor", Name}, {"bought", Money}, {"used_of_it", Money}, {"unused_of_it", Money}, {"amount", Money}, {"last_month", Month}}, Sums: 5, Currency: q.currency()}
	slices.SortFunc(all, func(x, y *commitment) int { return cmp.Or(y.paid.Cmp(x.paid), cmp.Compare(x.id, y.id)) })
	for _, one := range all {
		left, err := one.paid.Sub(add(one.used, one.unused))
		if err != nil {
			return nil, err
		}
		a.Rows = append(a.Rows, Row{Values: []Value{text(cmp.Or(one.name, one.id)), text(named(one.vendor)), amount(one.paid), amount(one.used), amount(one.unused), amount(left), text(one.last)}, Below: &Below{Question: "spent", By: byMonth, Vendor: one.vendor.Key}})
	}
	a.Total, err = a.Sum(a.Sums)
	return a, err
}

// count counts a charge of a commitment.
func (c *commitment) count(b *spend.Bought, status string) {
	worth := b.Amount
	if b.Effective.Known {
		worth = b.Effective.Exact
	}
	switch {
	case b.Kind == spend.Purchase:
		c.paid = add(c.paid, b.Amount)
	case spend.Fold(status) == "unused":
		c.unused = add(c.unused, worth)
	default:
		c.used = add(c.used, worth)
	}
	c.last = max(c.last, b.Month)
}
