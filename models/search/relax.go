package search

import (
	"math"
	"math/bits"

	"pilveturg/models"
)

// DemandPrice is the key of a demand on the yearly price.
const DemandPrice = "price"

// Demand is something that an offering may be asked to meet: values of a group, or
// bounds of a column or of the yearly price.
type Demand struct {
	Key      string          // of a group or column, or [DemandPrice]
	Values   []string        // of a group
	Every    bool            // each of the values must hold; otherwise one of them is enough
	Min, Max *models.Decimal // of a column, or of a yearly price in [Currency]; nil is no bound
	Must     bool            // what does not meet it is out
}

// Scope is what is looked at: what can be had of a category, or of all.
type Scope struct {
	Category string // slug; "" for all
}

// Stock is a number of offerings and what they cost a year.
type Stock struct {
	Total     int
	OnRequest int   // of them: the vendor names a price when asked
	Unpriced  int   // of them: no price can be compared
	Cheapest  int64 // in minor units of [Currency], when ID is not 0
	ID        int64 // of the cheapest, the lowest of several; 0 when none has a price
}

// Relaxation tells what each demand costs in choice and in money.
type Relaxation struct {
	Looked  Stock // all in scope
	All     Stock // those that meet every must
	Demands []DemandCount
	Pairs   []PairLoss // of musts that something is lost by together, in their order
}

// DemandCount tells of one demand, in the order in which they were given.
type DemandCount struct {
	Met, NotMet, Unknown int   // of all in scope
	Lost                 Stock // they meet every other must, but not this one; nothing for what is no must
	Unsaid               int   // of those lost: it is not known of them
}

// PairLoss tells of two musts, by their places among the demands.
type PairLoss struct {
	First, Second int
	Lost          Stock // they meet every other must, but neither of the two
}

// Relax counts what demands leave in scope, and what would be left without each of
// the musts, and without each two of them. Every offering is counted exactly. volume
// is what prices are asked for; without one no price is known.
//
// Offerings that miss three musts or more come back by dropping no two of them. Those
// that miss one or two are found by adding up, word by word, the sets of those that
// miss a must: so there is no intersection for every pair.
func (x *Index) Relax(scope Scope, demands []Demand, volume *Volume) *Relaxation {
	s := x.current.Load()
	r := relaxing{index: x, snapshot: s, demands: demands, volume: volume,
		result: &Relaxation{Demands: make([]DemandCount, len(demands))}, pairs: make([]Stock, len(demands)*len(demands))}
	req := Request{}
	if scope.Category != "" {
		req.Filters = []Filter{{GroupCategory, []string{scope.Category}}}
	}
	n, _ := s.narrow(x.layout, &req)
	r.ready = make([]readyDemand, len(demands))
	for i := range demands {
		r.ready[i] = s.ready(x.layout, &demands[i])
	}
	for _, v := range s.views {
		if v.count > 0 {
			r.view(v, &n)
		}
	}
	r.settle()
	return r.result
}

// readyDemand is a demand made ready for a snapshot.
type readyDemand struct {
	price    bool
	column   int   // -1 for none
	ordinals []int // of the values that exist
	missing  bool  // one of the values does not exist
	unknown  int   // ordinal that says that it is not known; -1 for none
	bounds   between
}

func (s *snapshot) ready(l *Layout, d *Demand) readyDemand {
	r := readyDemand{price: d.Key == DemandPrice, column: -1, unknown: -1}
	if r.price {
		r.bounds = newBetween(-1, Range{Min: d.Min, Max: d.Max}, models.MinorPlaces(Currency))
		r.bounds.min = max(0, r.bounds.min)
		return r
	}
	if i, ok := l.column[d.Key]; ok {
		r.column, r.bounds = i, newBetween(i, Range{Min: d.Min, Max: d.Max}, l.Columns[i].Places)
		return r
	}
	g, ok := l.group[d.Key]
	if !ok {
		return r
	}
	if o, ok := s.codes.ordinal(g, Unknown); ok {
		r.unknown = o
	}
	for _, v := range d.Values {
		o, ok := s.codes.ordinal(g, v)
		if !ok {
			r.missing = true
			continue
		}
		r.ordinals = append(r.ordinals, o)
	}
	return r
}

// relaxing is a relaxation being worked out.
type relaxing struct {
	index    *Index
	snapshot *snapshot
	demands  []Demand
	ready    []readyDemand
	volume   *Volume
	result   *Relaxation
	pairs    []Stock // of the i-th and j-th must at i × demands + j
}

// view counts what stands in one view.
func (r *relaxing) view(v *view, n *narrowing) {
	base, room := append(bitset(nil), v.live...), newBitset(v.len())
	for i := range n.filters {
		n.filters[i].pass(room, v, base)
		base.and(room)
	}
	var prices *column
	if r.volume != nil {
		prices = v.priced(r.index.layout, *r.volume)
	}
	r.count(&r.result.Looked, v, prices, base)
	missed := make([]bitset, 0, len(r.demands)) // of the musts
	unsaid := make([]bitset, 0, len(r.demands))
	places := make([]int, 0, len(r.demands))
	for i := range r.demands {
		met, unknown := newBitset(v.len()), newBitset(v.len())
		r.ready[i].pass(v, base, met, unknown, r.demands[i].Every, prices)
		c := &r.result.Demands[i]
		known, open := met.count(), unknown.count()
		c.Met, c.Unknown, c.NotMet = c.Met+known, c.Unknown+open, c.NotMet+base.count()-known-open
		if r.demands[i].Must {
			for w := range met {
				met[w] = base[w] &^ met[w]
			}
			missed, unsaid, places = append(missed, met), append(unsaid, unknown), append(places, i)
		}
	}
	r.classes(v, prices, base, missed, unsaid, places)
}

// classes puts each document with the one or two musts that it misses.
func (r *relaxing) classes(v *view, prices *column, base bitset, missed, unsaid []bitset, places []int) {
	none, one, two := append(bitset(nil), base...), newBitset(v.len()), newBitset(v.len())
	for _, m := range missed {
		for w, x := range m {
			two[w], one[w], none[w] = two[w]&^x|one[w]&x, one[w]&^x|none[w]&x, none[w]&^x
		}
	}
	r.count(&r.result.All, v, prices, none)
	first := make([]uint16, v.len()) // of those that miss two: place of the first of them plus 1
	for k, m := range missed {
		c := &r.result.Demands[places[k]]
		for w, x := range m {
			for y := x & one[w]; y != 0; y &= y - 1 {
				c.Lost.add(v, prices, uint16(w<<6+bits.TrailingZeros64(y)))
			}
			c.Unsaid += bits.OnesCount64(unsaid[k][w] & x & one[w])
			for y := x & two[w]; y != 0; y &= y - 1 {
				doc := uint16(w<<6 + bits.TrailingZeros64(y))
				if first[doc] == 0 {
					first[doc] = uint16(k) + 1
					continue
				}
				r.pairs[places[first[doc]-1]*len(r.demands)+places[k]].add(v, prices, doc)
			}
		}
	}
}

func (r *relaxing) count(into *Stock, v *view, prices *column, set bitset) {
	for doc := range set.all {
		into.add(v, prices, doc)
	}
}

// add counts a document.
func (k *Stock) add(v *view, prices *column, doc uint16) {
	k.Total++
	price := int64(priceUnknown)
	if prices != nil {
		price = prices.at(doc)
	}
	switch {
	case price == priceRequest:
		k.OnRequest++
	case price < 0:
		k.Unpriced++
	case k.ID == 0 || price < k.Cheapest || price == k.Cheapest && v.ids[doc] < k.ID:
		k.Cheapest, k.ID = price, v.ids[doc]
	}
}

// settle lists the pairs by which something is lost.
func (r *relaxing) settle() {
	for i := range r.demands {
		for j := range r.demands {
			if lost := r.pairs[i*len(r.demands)+j]; lost.Total > 0 {
				r.result.Pairs = append(r.result.Pairs, PairLoss{i, j, lost})
			}
		}
	}
}

// pass finds which of the documents of base meet the demand, and of which it is not
// known. met and unknown are empty.
func (d *readyDemand) pass(v *view, base, met, unknown bitset, every bool, prices *column) {
	switch {
	case d.price && prices == nil:
		copy(unknown, base)
	case d.price:
		d.within(base, met, unknown, prices, 0)
	case d.column >= 0:
		d.within(base, met, unknown, &v.numbers[d.column], math.MinInt64+1)
	default:
		d.holds(v, met, every)
		met.and(base)
		if d.unknown >= 0 {
			if c := v.column(d.unknown); c != nil {
				c.orInto(unknown)
			}
		}
		for w := range unknown {
			unknown[w] &= base[w] &^ met[w]
		}
	}
}

// within reads a column of numbers; what is below least is none.
func (d *readyDemand) within(base, met, unknown bitset, numbers *column, least int64) {
	for doc := range base.all {
		switch x := numbers.at(doc); {
		case x < least:
			unknown.set(doc)
		case x >= d.bounds.min && x <= d.bounds.max:
			met.set(doc)
		}
	}
}

// holds finds the documents that have the values.
func (d *readyDemand) holds(v *view, met bitset, every bool) {
	if !every {
		for _, o := range d.ordinals {
			if c := v.column(o); c != nil {
				c.orInto(met)
			}
		}
		return
	}
	if d.missing || len(d.ordinals) == 0 {
		return
	}
	for i, o := range d.ordinals {
		c := v.column(o)
		switch {
		case c == nil:
			clear(met)
			return
		case i == 0:
			c.orInto(met)
		default:
			c.andInto(met)
		}
	}
}

// With is the stock of both, which have nothing in common.
func (k Stock) With(o Stock) Stock {
	both := Stock{k.Total + o.Total, k.OnRequest + o.OnRequest, k.Unpriced + o.Unpriced, k.Cheapest, k.ID}
	if o.ID != 0 && (k.ID == 0 || o.Cheapest < k.Cheapest || o.Cheapest == k.Cheapest && o.ID < k.ID) {
		both.Cheapest, both.ID = o.Cheapest, o.ID
	}
	return both
}
