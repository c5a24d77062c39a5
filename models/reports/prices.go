package reports

import (
	"cmp"
	"context"
	"math/big"
	"slices"

	"pilveturg/models"
	"pilveturg/models/contracts"
	"pilveturg/models/spend"
)

func priceQuestions() []Question {
	return []Question{
		{Code: "prices", Number: 5, Group: Prices, Asks: []string{"under", "vendor", "category", "known"}, answer: answerPrices},
		{Code: "used", Number: 8, Group: Prices, Asks: []string{"under"}, Bound: true, answer: answerUsed},
		{Code: "unit_cost", Number: 20, Group: Prices, Asks: []string{"under"}, Bound: true, answer: answerUnitCost},
		{Code: "differing", Number: 14, Group: Prices, Path: "/spend/bills?state=differs"},
	}
}

// bought is one thing of one vendor, with all that was charged for it.
type bought struct {
	vendor       spend.Label
	fold         string
	unit         string
	units        bool // every charge has the unit, and what one of it costs
	amount       models.Exact
	buyers       map[string]bool
	prices, ours []models.Exact // of charges above zero
}

// answerPrices tells what was bought by two bodies or more, and how far prices lie apart.
func answerPrices(ctx context.Context, q *asking) (*Answer, error) {
	if many, err := q.tooMany(ctx); err != nil || many {
		return q.orNeed(ctx, err)
	}
	query := q.Query()
	query.Basis = spend.Billed
	charges, err := spend.EachBought(ctx, q.r, q.actor, query)
	if err != nil {
		return nil, err
	}
	all := q.things(charges)
	a := &Answer{Columns: []Column{{"vendor", Name}, {"service", Name}, {"unit", Name}, {"buyers", Count}, {"amount", Money}, {"priced", Count}, {"minimum", Money}, {"median", Money}, {"maximum", Money}, {"ratio", Number}, {"our_median", Money}, {"our_percentile", Percent}, {"comparable", Name}}, Sums: 4}
	for _, b := range all {
		a.Rows = append(a.Rows, b.row())
	}
	unsaid, worth := 0, models.Exact{}
	for i := range charges {
		if spend.Fold(charges[i].Words) == "" {
			one, _ := q.worth(&charges[i])
			unsaid, worth = unsaid+1, add(worth, one)
		}
	}
	a.Figures = []Figure{{"services", Count, count(len(all))}, {"unsaid", Count, count(unsaid)}, {"unsaid_spend", Money, amount(worth)}}
	return q.answered(ctx, a)
}

// things puts charges together that are for one thing of one vendor, of two bodies or
// more.
func (q *asking) things(charges []spend.Bought) []*bought {
	type key struct{ vendor, fold string }
	at := map[key]*bought{}
	for i := range charges {
		c := &charges[i]
		k := key{c.Vendor.Key, spend.Fold(c.Words)}
		if k.fold == "" {
			continue // nothing says what it is
		}
		b := at[k]
		if b == nil {
			b = &bought{vendor: c.Vendor, fold: k.fold, unit: c.Unit, units: c.Unit != "", buyers: map[string]bool{}}
			at[k] = b
		}
		worth, _ := q.worth(c)
		b.amount = add(b.amount, worth)
		b.buyers[c.Buyer.Key] = true
		b.units = b.units && c.Unit == b.unit && c.Price.Known && c.Price.Sign() > 0
	}
	for i := range charges {
		c := &charges[i]
		if b := at[key{c.Vendor.Key, spend.Fold(c.Words)}]; b != nil {
			b.price(q, c)
		}
	}
	var all []*bought
	for _, b := range at {
		if len(b.buyers) > 1 {
			all = append(all, b)
		}
	}
	slices.SortFunc(all, func(x, y *bought) int {
		return cmp.Or(cmp.Compare(len(y.buyers), len(x.buyers)), cmp.Compare(named(x.vendor), named(y.vendor)), cmp.Compare(x.fold, y.fold), cmp.Compare(x.vendor.Key, y.vendor.Key))
	})
	return all
}

// price counts what a charge above zero cost: one of its unit where all charges for the
// thing say that, otherwise the whole charge.
func (b *bought) price(q *asking, c *spend.Bought) {
	worth, known := q.worth(c)
	if !known || worth.Sign() <= 0 {
		return
	}
	if b.units {
		one := c.Price.Rat()
		if q.Currency == "" && !c.Amount.IsZero() { // at the rate of the charge
			one.Mul(one, worth.Rat()).Quo(one, c.Amount.Rat())
		}
		if priced, err := models.RoundRat(one, priceDecimals); err == nil {
			worth = priced
		}
	}
	b.prices = append(b.prices, worth)
	if c.Buyer.Is != 0 && c.Buyer.Is == q.actor.OrgID {
		b.ours = append(b.ours, worth)
	}
}

// priceDecimals is how many decimals a price has that was converted.
const priceDecimals = 12

// row shows a thing.
func (b *bought) row() Row {
	unit := text(b.unit)
	if !b.units {
		unit = code("charge")
	}
	values := []Value{text(named(b.vendor)), text(b.fold), unit, count(len(b.buyers)), amount(b.amount), count(len(b.prices))}
	if len(b.prices) == 0 {
		none := Value{Unknown: true}
		values = append(values, none, none, none, none, none, none, code("no_price"))
	} else {
		slices.SortFunc(b.prices, models.Exact.Cmp)
		least, largest := b.prices[0], b.prices[len(b.prices)-1]
		values = append(values, amount(least), amount(median(b.prices)), amount(largest), ratio(largest, least))
		values = append(append(values, b.own()...), code(b.comparable()))
	}
	return Row{Values: values, Below: &Below{Vendor: b.vendor.Key, Service: b.fold}}
}

// own are the median of the actor's own organisation, and how many percent of all charges
// cost less.
func (b *bought) own() []Value {
	if len(b.ours) == 0 {
		return []Value{{Unknown: true}, {Unknown: true}}
	}
	slices.SortFunc(b.ours, models.Exact.Cmp)
	middle := median(b.ours)
	below := 0
	for _, p := range b.prices {
		if p.Cmp(middle) < 0 {
			below++
		}
	}
	return []Value{amount(middle), percentOf(big.NewRat(int64(below), 1), big.NewRat(int64(len(b.prices)), 1), ratioDecimals)}
}

// comparable says whether prices may be compared: of few bodies they say who they are, and
// without a unit nobody knows what they are of.
func (b *bought) comparable() string {
	switch {
	case len(b.buyers) < contracts.LeastPayers:
		return "too_few"
	case !b.units:
		return "no_unit"
	}
	return "yes"
}

// median is the middle of sorted amounts, the mean of the two middle ones where they are
// even in number.
func median(sorted []models.Exact) models.Exact {
	n := len(sorted)
	if n%2 == 1 {
		return sorted[n/2]
	}
	both := add(sorted[n/2-1], sorted[n/2]).Rat()
	half, err := models.RoundRat(both.Quo(both, big.NewRat(2, 1)), models.ExactPlaces)
	if err != nil {
		return sorted[n/2]
	}
	return half
}

// ratio is how many times larger one amount is.
func ratio(large, small models.Exact) Value {
	if small.Sign() == 0 {
		return Value{Unknown: true}
	}
	n := large.Rat()
	return rounded(n.Quo(n, small.Rat()), ratioDecimals)
}
