package search

import (
	"cmp"
	"math/bits"
	"slices"
)

// count leaves in d.left the documents of the candidates that pass all filters; it
// returns how many are left. With all it counts values and vendors too: a group that
// any of its values fulfils as if its own filter were not there.
func (x *Index) count(d *desk, v *view, n *narrowing, all bool) int {
	const first = 2 // sets before are used while matching
	passes := make([]bitset, len(n.filters))
	d.left = append(d.left[:0], d.cand...)
	for i := range n.filters {
		passes[i] = d.setAt(first+i, v)
		n.filters[i].pass(passes[i], v, d.cand)
		d.left.and(passes[i])
	}
	left := d.left.count()
	if !all {
		return left
	}
	if left > 0 {
		d.tally.add(v.segment, d.left, left, n.skip)
	}
	sellersDone := false
	for i := range n.filters {
		f := &n.filters[i]
		if f.mode == All {
			continue
		}
		others := append(d.setAt(first+len(n.filters), v)[:0], d.cand...)
		for j := range passes {
			if j != i {
				others.and(passes[j])
			}
		}
		if f.group < 0 {
			d.sellers.add(v, others)
			sellersDone = true
			continue
		}
		d.tally.addGroup(v.segment, others, f.all)
	}
	if !sellersDone {
		d.sellers.add(v, d.left)
	}
	return left
}

// addGroup counts the values of one group.
func (t *tally) addGroup(s *segment, set bitset, ordinals []int) {
	for _, o := range ordinals {
		if column := s.column(o); column != nil {
			t.counts[o] += uint32(column.common(set))
		}
	}
}

// sellerTally counts the documents of each vendor.
type sellerTally struct {
	counts  []uint32
	touched []uint32 // places with counts
}

func (t *sellerTally) reset(n int) {
	for _, p := range t.touched {
		t.counts[p] = 0
	}
	t.touched = t.touched[:0]
	if len(t.counts) < n {
		t.counts = make([]uint32, n+n/4)
	}
}

func (t *sellerTally) add(v *view, set bitset) {
	for i, w := range set {
		for ; w != 0; w &= w - 1 {
			p := v.vendors[i<<6+bits.TrailingZeros64(w)]
			if t.counts[p] == 0 {
				t.touched = append(t.touched, p)
			}
			t.counts[p]++
		}
	}
}

// shownVendors is how many vendors a result names.
const shownVendors = 20

// most returns the vendors with most results, and the chosen ones.
func (t *sellerTally) most(s *snapshot, n *narrowing) []VendorCount {
	var mine []uint32
	for _, f := range n.filters {
		if f.group < 0 {
			mine = f.sellers
		}
	}
	order := func(a, b uint32) int {
		return cmp.Or(cmp.Compare(t.counts[b], t.counts[a]), cmp.Compare(s.sellers[a].ID, s.sellers[b].ID))
	}
	var top []uint32
	for _, p := range t.touched {
		if len(top) == shownVendors && order(p, top[shownVendors-1]) > 0 {
			continue
		}
		i, _ := slices.BinarySearchFunc(top, p, order)
		top = slices.Insert(top, i, p)
		top = top[:min(len(top), shownVendors)]
	}
	for _, p := range mine {
		if !slices.Contains(top, p) {
			top = append(top, p)
		}
	}
	list := make([]VendorCount, len(top))
	for i, p := range top {
		list[i] = VendorCount{&s.sellers[p].Vendor, int(t.counts[p]), slices.Contains(mine, p)}
	}
	return list
}
