package reports

import (
	"context"

	"pilveturg/models"
	"pilveturg/models/spend"
)

// answerOverlap tells where several vendors are paid for one purpose, or by one body.
func answerOverlap(ctx context.Context, q *asking) (*Answer, error) {
	if q.By == byBuyer {
		return q.spread(ctx)
	}
	if q.Category != "" {
		return q.overlapIn(ctx)
	}
	rows, err := q.sums(ctx, spend.ByCategory, spend.ByVendor, spend.ByBuyer)
	if err != nil {
		return nil, err
	}
	a := &Answer{Columns: []Column{{"category", Name}, {"buyers", Count}, {"vendors", Count}, {"amount", Money}, {"several", Count}, {"largest_vendor", Name}, {"largest_share", Percent}}, Sums: 3}
	var found []overlapped
	for i := range rows {
		if n := len(found); n == 0 || found[n-1].category.Key != rows[i].Of[0].Key {
			found = append(found, overlapped{category: rows[i].Of[0]})
		}
		at := &found[len(found)-1]
		at.pairs = append(at.pairs, pair{rows[i].Of[1], rows[i].Of[2], q.of(&rows[i].Sum), rows[i].Rows})
	}
	most(found, func(o *overlapped) (models.Exact, string) { return totalOf(sides(o.pairs, vendorOf)), o.category.Name })
	for i := range found {
		o := &found[i]
		vendors, buyers := sides(o.pairs, vendorOf), sides(o.pairs, buyerOf)
		mostMoney(vendors)
		several := 0
		for j := range buyers {
			if buyers[j].others > 1 {
				several++
			}
		}
		total := totalOf(vendors)
		a.Rows = append(a.Rows, Row{Values: []Value{text(named(o.category)), count(len(buyers)), count(len(vendors)), amount(total), count(several), text(vendors[0].name), share(vendors[0].amount, total)}, Below: &Below{Question: "overlap", By: byCategory, Category: o.category.Key}})
	}
	return q.answered(ctx, a)
}

// overlapped is a category with who pays whom for it.
type overlapped struct {
	category spend.Label
	pairs    []pair
}

// overlapIn tells which bodies pay whom for one purpose: those of several vendors first,
// which could do with one.
func (q *asking) overlapIn(ctx context.Context) (*Answer, error) {
	pairs, err := q.pairs(ctx)
	if err != nil {
		return nil, err
	}
	buyers := sides(pairs, buyerOf)
	byOthers(buyers)
	a := &Answer{Columns: []Column{{"buyer", Name}, {"vendors", Count}, {"amount", Money}, {"largest_vendor", Name}, {"largest_share", Percent}}, Sums: 2}
	for i := range buyers {
		b := &buyers[i]
		a.Rows = append(a.Rows, Row{Values: []Value{text(b.name), count(b.others), amount(b.amount), text(named(b.top.vendor)), share(b.top.amount, b.amount)}, Below: &Below{Question: "spent", By: byVendor, Buyer: b.Key, Category: q.Category}})
	}
	a.Figures = []Figure{{"vendors", Count, count(len(sides(pairs, vendorOf)))}}
	return q.answered(ctx, a)
}

// spread tells of how many vendors each body buys.
func (q *asking) spread(ctx context.Context) (*Answer, error) {
	pairs, err := q.pairs(ctx)
	if err != nil {
		return nil, err
	}
	buyers := sides(pairs, buyerOf)
	byOthers(buyers)
	a := &Answer{Columns: []Column{{"buyer", Name}, {"vendors", Count}, {"amount", Money}, {"largest_vendor", Name}, {"largest_share", Percent}}, Sums: 2}
	for i := range buyers {
		b := &buyers[i]
		a.Rows = append(a.Rows, Row{Values: []Value{text(b.name), count(b.others), amount(b.amount), text(named(b.top.vendor)), share(b.top.amount, b.amount)}, Below: &Below{Question: "spent", By: byVendor, Buyer: b.Key}})
	}
	a.Figures = []Figure{{"buyers", Count, count(len(buyers))}}
	return q.answered(ctx, a)
}
