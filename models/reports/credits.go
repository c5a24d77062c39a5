package reports

import (
	"cmp"
	"context"
	"slices"

	"pilveturg/models"
	"pilveturg/models/spend"
)

// credit is what one vendor gave back.
type credit struct {
	spend.Label
	amount models.Exact
	rows   int
}

// answerCredits tells what was given back, by whom, beside what those billed.
func answerCredits(ctx context.Context, q *asking) (*Answer, error) {
	query := q.Query()
	query.Minus, query.Basis = true, spend.Billed
	charges, err := spend.EachBought(ctx, q.r, q.actor, query)
	if err != nil {
		return nil, err
	}
	at := map[string]int{}
	var all []credit
	var unconverted Part
	for i := range charges {
		b := &charges[i]
		worth, known := q.worth(b)
		if !known {
			unconverted.add(1, b.Currency, b.Amount)
		}
		n, ok := at[b.Vendor.Key]
		if !ok {
			n = len(all)
			at[b.Vendor.Key] = n
			all = append(all, credit{Label: b.Vendor})
		}
		all[n].amount, all[n].rows = add(all[n].amount, worth), all[n].rows+1
	}
	slices.SortFunc(all, func(x, y credit) int {
		return cmp.Or(x.amount.Cmp(y.amount), cmp.Compare(named(x.Label), named(y.Label)), cmp.Compare(x.Key, y.Key))
	})
	billed, err := q.billedBy(ctx)
	if err != nil {
		return nil, err
	}
	a := &Answer{Columns: []Column{{"vendor", Name}, {"credits", Count}, {"amount", Money}, {"billed", Money}, {"share_of_billed", Percent}}, Sums: 2, Draw: Draw{As: "bars", Label: 0, Values: []int{2}}}
	for i := range all {
		c := &all[i]
		before, err := billed[c.Key].Sub(c.amount)
		if err != nil {
			return nil, err
		}
		a.Rows = append(a.Rows, Row{Values: []Value{text(named(c.Label)), count(c.rows), amount(c.amount), amount(before), share(c.amount.Neg(), before)}, Below: &Below{Vendor: c.Key, Minus: true}})
	}
	a.Figures = []Figure{{"credits", Count, count(len(charges))}}
	if a, err = q.answered(ctx, a); err == nil {
		a.Beside = Beside{Undated: a.Beside.Undated, Unconverted: unconverted}
	}
	return a, err
}

// billedBy is what each vendor billed in all, with what it gave back taken off.
func (q *asking) billedBy(ctx context.Context) (map[string]models.Exact, error) {
	one := *q
	one.Basis = spend.Billed
	rows, err := one.sums(ctx, spend.ByVendor)
	all := map[string]models.Exact{}
	for i := range rows {
		all[rows[i].Of[0].Key] = q.of(&rows[i].Sum)
	}
	return all, err
}
