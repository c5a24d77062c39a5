package reports

import (
	"context"
	"math/big"

	"pilveturg/models"
	"pilveturg/models/spend"
)

func vendorQuestions() []Question {
	return []Question{
		{Code: "concentration", Number: 11, Group: Vendors, Asks: []string{"under", "buyer", "category", "known"}, answer: answerConcentration},
		{Code: "dependency", Number: 11, Group: Vendors, Asks: []string{"under", "category", "known"}, answer: answerDependency},
		{Code: "reuse", Number: 7, Group: Vendors, Asks: []string{"under", "category", "known"}, answer: answerReuse},
		{Code: "small", Number: 12, Group: Vendors, Bys: []string{byYear, bySize, bySector}, Asks: []string{"under", "buyer", "category", "known"}, answer: answerSmall},
		{Code: "relations", Number: 17, Group: Vendors, Asks: []string{"under", "category", "known"}, answer: answerRelations},
	}
}

// How concentration is judged: of how many vendors the share is told, and at what share of
// the money vendors stop being counted.
const (
	topVendors = 10
	mostMoneys = 80
)

// answerConcentration tells how much of the money goes to few vendors.
func answerConcentration(ctx context.Context, q *asking) (*Answer, error) {
	rows, err := q.sums(ctx, spend.ByVendor)
	if err != nil {
		return nil, err
	}
	all := make([]side, len(rows))
	for i := range rows {
		all[i] = side{Label: rows[i].Of[0], name: named(rows[i].Of[0]), amount: q.of(&rows[i].Sum), others: int(rows[i].Rows)}
	}
	mostMoney(all)
	total := totalOf(all)
	a := &Answer{Columns: []Column{{"vendor", Name}, {"amount", Money}, {"share", Percent}, {"cumulative_share", Percent}, {"charges", Count}}, Sums: 1, Draw: Draw{As: "bars", Label: 0, Values: []int{1}}}
	var together models.Exact
	top, enough := models.Exact{}, 0
	for i := range all {
		if i < topVendors {
			top = add(top, all[i].amount)
		}
		if enough == 0 {
			if together = add(together, all[i].amount); reaches(together, total, mostMoneys) {
				enough = i + 1
			}
		} else {
			together = add(together, all[i].amount)
		}
		a.Rows = append(a.Rows, Row{Values: []Value{text(all[i].name), amount(all[i].amount), share(all[i].amount, total), share(together, total), count(all[i].others)}, Below: &Below{Question: "spent", By: byBuyer, Vendor: all[i].Key}})
	}
	a.Figures = []Figure{{"top10", Percent, share(top, total)}, {"hhi", Number, herfindahl(all, total)}, {"vendors", Count, count(len(all))}, {"vendors_80", Count, count(enough)}}
	return q.answered(ctx, a)
}

// reaches reports whether a part is at least so many percent of a whole that is above
// zero.
func reaches(part, whole models.Exact, percent int64) bool {
	n := part.Rat()
	w := whole.Rat()
	return whole.Sign() > 0 && n.Mul(n, big.NewRat(100, 1)).Cmp(w.Mul(w, big.NewRat(percent, 1))) >= 0
}

// herfindahl is the index of Herfindahl and Hirschman: the sum of the squares of shares in
// percent, from 0 to 10,000; who has taken back more than was paid counts as zero.
func herfindahl(all []side, total models.Exact) Value {
	if total.Sign() <= 0 {
		return Value{Unknown: true}
	}
	sum, whole := new(big.Rat), total.Rat()
	for i := range all {
		if all[i].amount.Sign() > 0 {
			n := all[i].amount.Rat()
			sum.Add(sum, n.Mul(n, n))
		}
	}
	sum.Quo(sum, whole.Mul(whole, whole))
	return rounded(sum.Mul(sum, big.NewRat(10_000, 1)), ratioDecimals)
}

// From what a vendor that depends on one body has, and what of it comes from that body.
const (
	dependsFrom  = 100_000
	dependsShare = 80
)

// answerDependency tells which vendors live from one body.
func answerDependency(ctx context.Context, q *asking) (*Answer, error) {
	pairs, err := q.pairs(ctx)
	if err != nil {
		return nil, err
	}
	all := sides(pairs, vendorOf)
	mostMoney(all)
	a := &Answer{Columns: []Column{{"vendor", Name}, {"amount", Money}, {"buyer", Name}, {"from_buyer", Money}, {"share", Percent}, {"buyers", Count}}, Sums: 1}
	least := models.ExactOf(models.Whole(dependsFrom))
	for i := range all {
		s := &all[i]
		if s.amount.Cmp(least) < 0 || !reaches(s.top.amount, s.amount, dependsShare) {
			continue
		}
		a.Rows = append(a.Rows, Row{Values: []Value{text(s.name), amount(s.amount), text(named(s.top.buyer)), amount(s.top.amount), share(s.top.amount, s.amount), count(s.others)}, Below: &Below{Question: "spent", By: byBuyer, Vendor: s.Key}})
	}
	a.Figures = []Figure{{"dependent", Count, count(len(a.Rows))}, {"all_spend", Money, amount(totalOf(all))}}
	return q.answered(ctx, a)
}

// answerReuse tells which vendors serve two bodies or more.
func answerReuse(ctx context.Context, q *asking) (*Answer, error) {
	pairs, err := q.pairs(ctx)
	if err != nil {
		return nil, err
	}
	all := sides(pairs, vendorOf)
	byOthers(all)
	total := totalOf(all)
	a := &Answer{Columns: []Column{{"vendor", Name}, {"buyers", Count}, {"amount", Money}, {"share", Percent}}, Sums: 2, Draw: Draw{As: "bars", Label: 0, Values: []int{2}}}
	var reused models.Exact
	for i := range all {
		s := &all[i]
		if s.others < 2 {
			break
		}
		reused = add(reused, s.amount)
		a.Rows = append(a.Rows, Row{Values: []Value{text(s.name), count(s.others), amount(s.amount), share(s.amount, total)}, Below: &Below{Question: "spent", By: byBuyer, Vendor: s.Key}})
	}
	a.Figures = []Figure{{"reused_vendors", Count, count(len(a.Rows))}, {"reused_share", Percent, share(reused, total)}, {"all_vendors", Count, count(len(all))}, {"all_spend", Money, amount(total)}}
	return q.answered(ctx, a)
}
