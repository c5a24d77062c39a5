package search

import "math/bits"

// tally counts how many documents have each value. Rows of values are added up
// without looking at single bits: planes[k][i] holds, for 64 values at once, the
// bit of worth 2^k of their counts.
type tally struct {
	layout *Layout
	counts []uint32 // by ordinal; what lies in the planes is not in it yet
	planes [32][]uint64
	used   int // planes that hold something
}

// reset starts counting so many values anew.
func (t *tally) reset(l *Layout, ordinals int) {
	t.layout = l
	if cap(t.counts) < ordinals {
		t.counts = make([]uint32, ordinals)
		for k := range t.planes {
			t.planes[k] = make([]uint64, (ordinals+63)/64)
		}
	}
	t.counts = t.counts[:ordinals]
	clear(t.counts)
	for k := range t.planes[:t.used] {
		clear(t.planes[k])
	}
	t.used = 0
}

// dense is which share of the documents of a segment, as one of so many, must be
// in a set before counting by columns is faster than by rows.
const dense = 5

// add counts the documents of a set, of which there are n. Ordinals that skip
// says are left out may be counted wrongly.
func (t *tally) add(s *segment, set bitset, n int, skip []bool) {
	if n*dense < s.len() {
		t.addRows(s, set)
		return
	}
	for o, column := range s.columns {
		hidden := o >= t.layout.shown && o < t.layout.fixed
		if column != nil && !hidden && !skip[o] {
			t.counts[o] += uint32(column.common(set))
		}
	}
}

// addRows adds the rows of the documents, eight at a time.
func (t *tally) addRows(s *segment, set bitset) {
	t.used = len(t.planes)
	var eight [8]int
	n := 0
	for i, w := range set {
		for ; w != 0; w &= w - 1 {
			eight[n] = (i<<6 + bits.TrailingZeros64(w)) * s.width
			if n++; n == 8 {
				t.addEight(s, &eight)
				n = 0
			}
		}
	}
	for _, at := range eight[:n] {
		for i, x := range s.rows[at : at+s.width] {
			t.carry(0, i, x)
		}
	}
}

// addEight adds eight rows: full adders make of three bits of one worth a bit of
// that worth and one of the next.
func (t *tally) addEight(s *segment, at *[8]int) {
	for i := range s.width {
		r := s.rows[i:]
		ones, a := addBits(t.planes[0][i], r[at[0]], r[at[1]])
		ones, b := addBits(ones, r[at[2]], r[at[3]])
		ones, c := addBits(ones, r[at[4]], r[at[5]])
		ones, d := addBits(ones, r[at[6]], r[at[7]])
		twos, e := addBits(t.planes[1][i], a, b)
		twos, f := addBits(twos, c, d)
		fours, g := addBits(t.planes[2][i], e, f)
		t.planes[0][i], t.planes[1][i], t.planes[2][i] = ones, twos, fours
		t.carry(3, i, g)
	}
}

func addBits(a, b, c uint64) (sum, carry uint64) {
	u := a ^ b
	return u ^ c, a&b | u&c
}

// carry adds bits of worth 2^k.
func (t *tally) carry(k, i int, x uint64) {
	for ; x != 0; k++ {
		t.planes[k][i], x = t.planes[k][i]^x, t.planes[k][i]&x
	}
}

// settle brings what lies in the planes into the counts. Ordinals to skip keep
// what they have.
func (t *tally) settle(skip []bool) {
	for k, plane := range t.planes[:t.used] {
		for i, w := range plane {
			for ; w != 0; w &= w - 1 {
				o := t.layout.ofBit(i<<6 + bits.TrailingZeros64(w))
				if !skip[o] {
					t.counts[o] += 1 << k
				}
			}
		}
		clear(plane)
	}
	t.used = 0
}
