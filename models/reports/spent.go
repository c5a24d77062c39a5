package reports

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"pilveturg/models"
	"pilveturg/models/spend"
)

// What money is told apart by.
const (
	byMinistry = "ministry"
	byBuyer    = "buyer"
	byVendor   = "vendor"
	byCategory = "category"
	byMonth    = "month"
	byYear     = "year"
	byInvoice  = "invoice"
)

func spendingQuestions() []Question {
	return []Question{
		{Code: "spent", Number: 1, Group: Spending, Bys: []string{byMinistry, byBuyer, byVendor, byCategory, byMonth, byInvoice}, Asks: []string{"under", "buyer", "vendor", "category", "known"}, answer: answerSpent},
		{Code: "overlap", Number: 6, Group: Spending, Bys: []string{byCategory, byBuyer}, Asks: []string{"under", "buyer", "category", "known"}, answer: answerOverlap},
		{Code: "credits", Number: 16, Group: Spending, Asks: []string{"under", "buyer", "vendor"}, answer: answerCredits},
		{Code: "revised", Number: 15, Group: Spending, Asks: []string{"before", "known", "under"}, answer: answerRevised},
		{Code: "shares", Number: 22, Group: Spending, Path: "/spend/shares"},
	}
}

// spent is what one body, vendor and so on comes to, now and in the period before.
type spent struct {
	key, name   string
	org         int64
	now, before models.Exact
	rows        int64
	below       Below
}

// answerSpent tells what was spent, by what.
func answerSpent(ctx context.Context, q *asking) (*Answer, error) {
	switch q.By {
	case byMonth:
		return q.spentByMonth(ctx)
	case byInvoice:
		return q.spentByInvoice(ctx)
	}
	now, err := q.spentBy(ctx)
	if err != nil {
		return nil, err
	}
	all := map[string]*spent{}
	for _, one := range now {
		one.now = one.before
		one.before = models.Exact{}
		all[one.key] = one
	}
	earlier := asking{r: q.r, actor: q.actor, Question: q.Question}
	var had bool
	if earlier.Ask, had = q.before(); had {
		then, err := earlier.spentBy(ctx)
		if err != nil {
			return nil, err
		}
		for _, one := range then {
			if at := all[one.key]; at != nil {
				at.before = one.before
				continue
			}
			one.rows = 0
			all[one.key] = one
		}
	}
	return q.answered(ctx, q.spentTable(all, had))
}

// spentTable shows what was spent, the most first.
func (q *asking) spentTable(all map[string]*spent, had bool) *Answer {
	rows := make([]*spent, 0, len(all))
	var total models.Exact
	for _, one := range all {
		rows = append(rows, one)
		total = add(total, one.now)
	}
	slices.SortFunc(rows, func(x, y *spent) int {
		return cmp.Or(y.now.Cmp(x.now), cmp.Compare(x.name, y.name), cmp.Compare(x.key, y.key))
	})
	a := &Answer{Columns: []Column{{q.By, Name}, {"amount", Money}, {"share", Percent}, {"charges", Count}}, Sums: 1, Draw: Draw{As: "bars", Label: 0, Values: []int{1}}}
	if had {
		a.Columns = append(a.Columns, Column{"before", Money}, Column{"change", Percent})
		a.Draw.Values = append(a.Draw.Values, 4)
	}
	for _, one := range rows {
		row := Row{Values: []Value{{Text: one.name, Org: one.org}, amount(one.now), share(one.now, total), count(one.rows)}, Below: &one.below}
		if had {
			row.Values = append(row.Values, amount(one.before), change(one.before, one.now))
		}
		a.Rows = append(a.Rows, row)
	}
	return a
}

// spentBy is what was spent by who or what is asked for; the amount stands in before.
func (q *asking) spentBy(ctx context.Context) ([]*spent, error) {
	by := spend.By(q.By)
	if q.By == byMinistry {
		by = spend.ByBuyer
	}
	rows, err := q.sums(ctx, by)
	if err != nil {
		return nil, err
	}
	var above map[int64]body
	if q.By == byMinistry {
		if above, err = tops(ctx, q.r, q.Under); err != nil {
			return nil, err
		}
	}
	at := map[string]*spent{}
	var all []*spent
	for i := range rows {
		one := q.oneSpent(&rows[i], above)
		if known := at[one.key]; known != nil {
			known.before, known.rows = add(known.before, one.before), known.rows+one.rows
			continue
		}
		at[one.key] = one
		all = append(all, one)
	}
	return all, nil
}

// oneSpent is a sum with where it leads: from the country to the ministry, to the body, to
// the vendor, to the invoice.
func (q *asking) oneSpent(row *spend.Cross, above map[int64]body) *spent {
	label := row.Of[0]
	one := &spent{key: label.Key, name: named(label), before: q.of(&row.Sum), rows: row.Rows, below: Below{Question: "spent"}}
	switch q.By {
	case byMinistry:
		if top, ok := above[label.Is]; ok {
			one.key, one.org, one.below.Under, one.below.By = fmt.Sprintf("o%d", top.ID), top.ID, top.ID, byBuyer
			return one
		}
		one.below.Buyer, one.below.By = label.Key, byVendor
	case byBuyer:
		one.below.Buyer, one.below.By = label.Key, byVendor
	case byVendor:
		one.below.Vendor, one.below.By = label.Key, byBuyer
		if q.Buyer != "" {
			one.below.By = byInvoice
		}
	case byCategory:
		one.below.Category, one.below.By = label.Key, byVendor
	}
	return one
}

// spentByMonth tells what was spent month by month, with what came together.
func (q *asking) spentByMonth(ctx context.Context) (*Answer, error) {
	rows, err := q.sums(ctx, spend.ByMonth)
	if err != nil {
		return nil, err
	}
	a := &Answer{Columns: []Column{{"month", Month}, {"amount", Money}, {"cumulative", Money}, {"change", Percent}, {"charges", Count}}, Sums: 1, Draw: Draw{As: "stacks", Label: 0, Values: []int{1}}}
	var together models.Exact
	last := Value{Unknown: true}
	for i := range rows {
		month, now := rows[i].Of[0].Key, q.of(&rows[i].Sum)
		together = add(together, now)
		by := Value{Unknown: true}
		if !last.Unknown {
			by = change(last.Amount, now)
		}
		if last = amount(now); month == "" {
			last.Unknown = true // no month follows what has none
		}
		a.Rows = append(a.Rows, Row{Values: []Value{text(month), amount(now), amount(together), by, count(rows[i].Rows)}, Below: &Below{Question: "spent", By: byVendor, Month: cmp.Or(month, "-")}})
	}
	return q.answered(ctx, a)
}
