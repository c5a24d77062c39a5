package search

import (
	"math"
	"math/bits"
	"slices"

	"pilveturg/models"
)

// Filter narrows results to those with chosen values of a group. Values that do
// not exist match nothing.
type Filter struct {
	Group  string // key
	Values []string
}

// Range narrows results to those with a number from Min to Max, both included; nil
// is no bound. Days are given by [DayNumber].
type Range struct {
	Column   string
	Min, Max *models.Decimal
	Unknown  bool // also those of which the number is not known
}

// PriceRange narrows results by their yearly price, in minor units of [Currency].
type PriceRange struct {
	Min, Max *int64
	Unknown  bool // also those without a price that can be compared
}

func (r *PriceRange) set() bool { return r.Min != nil || r.Max != nil }

// chosen is a filter made ready for a snapshot.
type chosen struct {
	group    int // -1: vendors
	mode     Mode
	ordinals []int // of the chosen values that exist
	missing  bool  // one of the chosen values does not exist
	unknown  int   // ordinal of the unknown value when it was chosen in an All group; else -1
	sellers  []uint32
	all      []int // ordinals of the whole group
}

// between is a range made ready.
type between struct {
	column   int
	min, max int64
	unknown  bool
}

// narrowing is all that results are narrowed by.
type narrowing struct {
	filters []chosen
	ranges  []between
	volume  *Volume
	priced  bool // price holds
	price   between
	skip    []bool // ordinals that are counted by their own group
}

// narrow makes filters ready. What has a key that is not known is left out, and
// told.
func (s *snapshot) narrow(l *Layout, req *Request) (n narrowing, ignored []string) {
	n.skip = make([]bool, s.codes.len())
	for _, f := range together(req.Filters) {
		g, ok := l.group[f.Group]
		if !ok || l.Groups[g].Hidden {
			ignored = append(ignored, f.Group)
			continue
		}
		if len(f.Values) > 0 {
			n.filters = append(n.filters, s.choose(l, g, f.Values))
		}
	}
	if !req.Closed && !slices.ContainsFunc(req.Filters, func(f Filter) bool { return f.Group == GroupLife }) {
		n.filters = append(n.filters, s.choose(l, l.group[GroupLife], []string{openLife}))
	}
	if len(req.Vendors) > 0 {
		c := chosen{group: -1, unknown: -1}
		for _, id := range req.Vendors {
			if p, ok := s.reg.place(id); ok && int(p) < len(s.sellers) {
				c.sellers = append(c.sellers, p)
			}
		}
		n.filters = append(n.filters, c)
	}
	for _, f := range n.filters {
		for _, o := range f.all {
			n.skip[o] = f.mode != All
		}
	}
	for _, r := range req.Ranges {
		i, ok := l.column[r.Column]
		if !ok {
			ignored = append(ignored, r.Column)
			continue
		}
		n.ranges = append(n.ranges, newBetween(i, r, l.Columns[i].Places))
	}
	n.volume = req.Volume
	if req.Price.set() && req.Volume != nil {
		n.priced = true
		n.price = between{min: 0, max: math.MaxInt64, unknown: req.Price.Unknown}
		if req.Price.Min != nil {
			n.price.min = max(0, *req.Price.Min)
		}
		if req.Price.Max != nil {
			n.price.max = *req.Price.Max
		}
	}
	return n, ignored
}

// together puts filters of the same group together.
func together(filters []Filter) []Filter {
	var all []Filter
	for _, f := range filters {
		i := slices.IndexFunc(all, func(have Filter) bool { return have.Group == f.Group })
		if i < 0 {
			all = append(all, Filter{f.Group, slices.Clone(f.Values)})
			continue
		}
		all[i].Values = append(all[i].Values, f.Values...)
	}
	return all
}

func (s *snapshot) choose(l *Layout, group int, values []string) chosen {
	c := chosen{group: group, mode: l.Groups[group].Mode, unknown: -1, all: s.codes.groups[group]}
	for _, v := range values {
		o, ok := s.codes.ordinal(group, v)
		switch {
		case !ok:
			c.missing = true
		case c.mode == All && v == Unknown:
			c.unknown = o
		case !slices.Contains(c.ordinals, o):
			c.ordinals = append(c.ordinals, o)
		}
	}
	return c
}

// chose reports whether a value is among those chosen.
func (c *chosen) chose(ordinal int) bool {
	return ordinal == c.unknown || slices.Contains(c.ordinals, ordinal)
}

func newBetween(column int, r Range, places int) between {
	b := between{column: column, min: math.MinInt64 + 1, max: math.MaxInt64, unknown: r.Unknown}
	if r.Min != nil {
		b.min = bound(*r.Min, places, 1)
	}
	if r.Max != nil {
		b.max = bound(*r.Max, places, -1)
	}
	return b
}

// bound returns d in units of its places'th decimal, rounded up when way is 1 and
// down when it is -1.
func bound(d models.Decimal, places, way int) int64 {
	scale := models.Whole(1)
	for range places {
		scale, _ = scale.Mul(models.Whole(10))
	}
	m, err := d.Mul(scale)
	switch {
	case err != nil && d.Sign() < 0:
		return math.MinInt64 + 1
	case err != nil:
		return math.MaxInt64
	case way > 0:
		m = m.Ceil()
	default:
		m = m.Neg().Ceil().Neg()
	}
	n, _ := m.Int64()
	return n
}

// pass finds the documents of a view that a filter lets through, among candidates.
func (c *chosen) pass(into bitset, v *view, cand bitset) {
	if c.group < 0 {
		c.passSellers(into, v, cand)
		return
	}
	if c.mode != All {
		clear(into)
		for _, o := range c.ordinals {
			if column := v.column(o); column != nil {
				column.orInto(into)
			}
		}
		into.and(cand)
		return
	}
	copy(into, cand)
	if c.missing || len(c.ordinals) == 0 {
		clear(into)
	}
	for _, o := range c.ordinals {
		column := v.column(o)
		if column == nil {
			clear(into)
			break
		}
		column.andInto(into)
	}
	if c.unknown >= 0 {
		if column := v.column(c.unknown); column != nil {
			for i, w := range column.each {
				into[i] |= w & cand[i]
			}
		}
	}
}

func (c *chosen) passSellers(into bitset, v *view, cand bitset) {
	clear(into)
	for i, w := range cand {
		for ; w != 0; w &= w - 1 {
			doc := uint16(i<<6 + bits.TrailingZeros64(w))
			if slices.Contains(c.sellers, v.vendors[doc]) {
				into.set(doc)
			}
		}
	}
}

// limit takes the documents out of the candidates whose numbers are out of range.
func (n *narrowing) limit(l *Layout, v *view, cand bitset) {
	for _, r := range n.ranges {
		column := &v.numbers[r.column]
		for i, w := range cand {
			for ; w != 0; w &= w - 1 {
				doc := uint16(i<<6 + bits.TrailingZeros64(w))
				x := column.at(doc)
				if in := x >= r.min && x <= r.max; x == unknownNumber && !r.unknown || x != unknownNumber && !in {
					cand.unset(doc)
				}
			}
		}
	}
	if !n.priced {
		return
	}
	prices := v.priced(l, *n.volume)
	for i, w := range cand {
		for ; w != 0; w &= w - 1 {
			doc := uint16(i<<6 + bits.TrailingZeros64(w))
			x := prices.at(doc)
			if in := x >= n.price.min && x <= n.price.max; x < 0 && !n.price.unknown || x >= 0 && !in {
				cand.unset(doc)
			}
		}
	}
}
