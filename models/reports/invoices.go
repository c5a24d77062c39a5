package reports

import (
	"cmp"
	"context"
	"slices"

	"pilveturg/models"
	"pilveturg/models/spend"
)

// manyCharges is from how many charges on a question that reads them has to be asked of one
// vendor or one body.
const manyCharges = 200_000

// tooMany reports whether a question would read more charges than a page waits for; what
// is asked of one vendor it answers by an index.
func (q *asking) tooMany(ctx context.Context) (bool, error) {
	if q.Vendor != "" {
		return false, nil
	}
	rows, err := q.sums(ctx)
	n := int64(0)
	for i := range rows {
		n += rows[i].Rows
	}
	return n > manyCharges, err
}

// needVendor answers with the vendors that the question can be asked of instead.
func (q *asking) needVendor(ctx context.Context, by string) (*Answer, error) {
	rows, err := q.sums(ctx, spend.ByVendor)
	if err != nil {
		return nil, err
	}
	all := make([]side, len(rows))
	for i := range rows {
		all[i] = side{Label: rows[i].Of[0], name: named(rows[i].Of[0]), amount: q.of(&rows[i].Sum), others: int(rows[i].Rows)}
	}
	mostMoney(all)
	a := &Answer{Columns: []Column{{"vendor", Name}, {"amount", Money}, {"charges", Count}}, Sums: 1, Need: "vendor"}
	for i := range all {
		a.Rows = append(a.Rows, Row{Values: []Value{text(all[i].name), amount(all[i].amount), count(all[i].others)}, Below: &Below{Question: q.Code, By: by, Vendor: all[i].Key, Buyer: q.Buyer}})
	}
	return q.answered(ctx, a)
}

// invoice is what stands under one number.
type invoice struct {
	spend.Bought
	amount models.Exact
	rows   int
}

// worth is what a charge comes to in the currency of the answer; known is false where there
// is no rate.
func (q *asking) worth(b *spend.Bought) (e models.Exact, known bool) {
	if q.Currency == "" {
		return b.Euros.Exact, b.Euros.Known
	}
	return b.Amount, true
}

// spentByInvoice tells what was spent invoice by invoice.
func (q *asking) spentByInvoice(ctx context.Context) (*Answer, error) {
	many, err := q.tooMany(ctx)
	if err != nil || many {
		return q.orNeed(ctx, err)
	}
	charges, err := spend.EachBought(ctx, q.r, q.actor, q.Query())
	if err != nil {
		return nil, err
	}
	type key struct {
		document                        int64
		reference, vendor, buyer, month string
	}
	at := map[key]int{}
	var all []invoice
	for i := range charges {
		b := &charges[i]
		k := key{b.Document, b.Reference, b.Vendor.Key, b.Buyer.Key, b.Month}
		n, ok := at[k]
		if !ok {
			n = len(all)
			at[k] = n
			all = append(all, invoice{Bought: *b})
		}
		worth, _ := q.worth(b)
		all[n].amount, all[n].rows = add(all[n].amount, worth), all[n].rows+1
	}
	slices.SortStableFunc(all, func(x, y invoice) int {
		return cmp.Or(cmp.Compare(y.Month, x.Month), cmp.Compare(x.Reference, y.Reference), y.amount.Cmp(x.amount))
	})
	a := &Answer{Columns: []Column{{"invoice", Name}, {"month", Month}, {"vendor", Name}, {"buyer", Name}, {"amount", Money}, {"charges", Count}}, Sums: 4}
	if basis := q.Query().Basis; basis != spend.Billed {
		a.Notes = []string{"invoices_billed"}
	}
	for i := range all {
		v := &all[i]
		name := text(v.Reference)
		if v.Reference == "" {
			name = code("none")
		}
		below := &Below{Vendor: v.Vendor.Key, Buyer: v.Buyer.Key, Category: q.Category, Month: cmp.Or(v.Month, "-"), Document: v.Document}
		a.Rows = append(a.Rows, Row{Values: []Value{name, text(v.Month), text(named(v.Vendor)), text(named(v.Buyer)), amount(v.amount), count(v.rows)}, Below: below})
	}
	return q.answered(ctx, a)
}

// orNeed is the answer where there are too many charges.
func (q *asking) orNeed(ctx context.Context, err error) (*Answer, error) {
	if err != nil {
		return nil, err
	}
	return q.needVendor(ctx, q.By)
}
