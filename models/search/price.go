package search

import (
	"math"
	"slices"
	"sync"

	"pilveturg/models"
	"pilveturg/models/pricing"
)

// Volume is what a yearly price is asked for: so many of a unit.
type Volume struct {
	Unit   string
	Amount models.Decimal
	Flow   bool // Amount is for a month, see [pricing.Quantity]
}

// Price is what an offering costs a year at a [Volume], by the plan that costs
// least; without VAT and one-off charges.
type Price struct {
	Year      pricing.Span
	Plan      int  // which of the plans
	Known     bool // Year and Plan tell the price
	OnRequest bool // it is not known, but the vendor names one when asked
}

// Usage is what plans are asked a price for.
func (v *Volume) Usage() pricing.Usage { return v.usage() }

func (v *Volume) usage() pricing.Usage {
	if v.Unit == "" {
		return pricing.Usage{}
	}
	return pricing.Usage{Quantities: []pricing.Quantity{{Unit: v.Unit, Amount: v.Amount, Flow: v.Flow}}}
}

// Cheapest returns the price of the plan that costs least at a volume. A plan in
// [Currency] goes before one in another, whatever they cost. Plans that need to
// know more than the volume, or do not fit it, are left aside.
func Cheapest(plans []pricing.Plan, v Volume) Price {
	var best Price
	u := v.usage()
	for i := range plans {
		total, err := plans[i].Yearly(u)
		switch {
		case err != nil:
		case total.OnRequest:
			best.OnRequest = !best.Known
		case !best.Known || cheaper(total.Year, best.Year):
			best = Price{Year: total.Year, Plan: i, Known: true}
		}
	}
	return best
}

func cheaper(a, b pricing.Span) bool {
	if ours := a.Low.Currency == Currency; ours != (b.Low.Currency == Currency) {
		return ours
	}
	return a.Low.Currency == b.Low.Currency && a.Low.Minor < b.Low.Minor
}

// What stands in a column of prices instead of an amount in minor units; amounts
// are 0 or more.
const (
	priceOther   = -1 // in a currency that is not compared
	priceRequest = -2
	priceUnknown = -3
)

// columnPrice is what a column of prices holds of a price.
func columnPrice(p Price) int64 {
	switch {
	case p.Known && p.Year.Low.Currency == Currency:
		return p.Year.Low.Minor
	case p.Known:
		return priceOther
	case p.OnRequest:
		return priceRequest
	}
	return priceUnknown
}

// priceRank orders prices: the higher the better.
func priceRank(p int64) uint64 {
	if p >= 0 {
		return math.MaxUint64 - uint64(p)
	}
	return uint64(-priceUnknown + p)
}

// keptPrices is for how many volumes a segment keeps its prices.
const keptPrices = 8

// priceCache keeps the prices of a segment's documents for the volumes that were
// asked for last.
type priceCache struct {
	mu   sync.Mutex
	kept []*priceColumn // the last asked for at the end
}

type priceColumn struct {
	volume Volume
	once   sync.Once
	prices column
}

// priced returns the prices of all documents at a volume. Those who ask for the
// same at once wait for the first.
func (s *segment) priced(l *Layout, v Volume) *column {
	c := s.prices.column(v)
	c.once.Do(func() { c.prices = newColumn(s.workOut(l, v)) })
	return &c.prices
}

func (p *priceCache) column(v Volume) *priceColumn {
	p.mu.Lock()
	defer p.mu.Unlock()
	i := slices.IndexFunc(p.kept, func(c *priceColumn) bool { return c.volume == v })
	c := &priceColumn{volume: v}
	switch {
	case i >= 0:
		c = p.kept[i]
		p.kept = slices.Delete(p.kept, i, i+1)
	case len(p.kept) == keptPrices:
		p.kept = slices.Delete(p.kept, 0, 1)
	}
	p.kept = append(p.kept, c)
	return c
}

// workOut prices the documents that have a plan for the unit.
func (s *segment) workOut(l *Layout, v Volume) []int64 {
	prices, quick := make([]int64, s.len()), newQuickVolume(v)
	for i := range prices {
		prices[i] = priceUnknown
	}
	for _, unit := range []string{v.Unit, Flat} {
		ordinal, ok := l.ordinal(GroupPriceUnit, unit)
		if !ok {
			continue
		}
		for doc := range s.column(ordinal).set(s.len()).all {
			if prices[doc] == priceUnknown {
				prices[doc] = cardPrice(s.card(doc), v, &quick)
			}
		}
	}
	return prices
}

// cardPrice is what a column of prices holds for a card: the price of [Cheapest].
func cardPrice(card []byte, v Volume, quick *quickVolume) int64 {
	best := int64(priceUnknown)
	r := unwire{b: card}
	for range r.count() {
		price, ok := quick.price(r.bytes())
		plan := r.bytes()
		if !ok {
			one := unwire{b: plan}
			price = columnPrice(Cheapest([]pricing.Plan{one.plan()}, v))
		}
		if priceRank(price) > priceRank(best) {
			best = price
		}
	}
	return best
}

// readPlans reads the plans at the start of a card.
func readPlans(card []byte) []pricing.Plan {
	r := unwire{b: card}
	plans := make([]pricing.Plan, r.count())
	for i := range plans {
		r.bytes() // the quick one
		p := unwire{b: r.bytes()}
		plans[i] = p.plan()
	}
	return plans
}
