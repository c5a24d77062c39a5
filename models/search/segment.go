package search

import (
	"cmp"
	"math"
	"math/bits"
	"slices"
)

// segmentSize is how many documents a segment holds at most. What is worked out
// for one segment fits in a processor's cache.
const segmentSize = 1 << 14

const segmentWords = segmentSize / 64

// bitset has a bit for each document of a segment.
type bitset []uint64

func newBitset(n int) bitset { return make(bitset, (n+63)/64) }

func (b bitset) set(i uint16)      { b[i>>6] |= 1 << (i & 63) }
func (b bitset) unset(i uint16)    { b[i>>6] &^= 1 << (i & 63) }
func (b bitset) has(i uint16) bool { return b[i>>6]&(1<<(i&63)) != 0 }

func (b bitset) count() int {
	n := 0
	for _, w := range b {
		n += bits.OnesCount64(w)
	}
	return n
}

func (b bitset) and(o bitset) {
	o = o[:len(b)]
	for i := range b {
		b[i] &= o[i]
	}
}

func (b bitset) or(o bitset) {
	o = o[:len(b)]
	for i := range b {
		b[i] |= o[i]
	}
}

func (b bitset) andNot(o bitset) {
	o = o[:len(b)]
	for i := range b {
		b[i] &^= o[i]
	}
}

// segment is a number of documents that do not change, numbered from 0.
type segment struct {
	layout *Layout
	day    int32 // on which the values hold
	ids    []int64
	byID   []uint16 // documents by id
	stamps []uint32 // of the documents, see [shortStamp]

	terms lists // where each word stands
	names lists // where words stand in names; impacts are places

	width   int        // words of a row
	rows    []uint64   // of each document, a bit for each value it has
	columns []*holders // of each value; nil when no document holds it
	numbers []column
	vendors []uint32 // of each document, its vendor's place

	docs   pieces // see [segment.record]
	exact  exactNames
	prices *priceCache
}

// pieces are byte strings, one for each document.
type pieces struct {
	ends []uint32
	data []byte
}

func (p *pieces) add(b []byte) {
	p.data = append(p.data, b...)
	p.end()
}

func (p *pieces) end() { p.ends = append(p.ends, uint32(len(p.data))) }

func (p *pieces) at(i uint16) []byte {
	start := uint32(0)
	if i > 0 {
		start = p.ends[i-1]
	}
	return p.data[start:p.ends[i]]
}

func (p *pieces) reset() { p.data, p.ends = p.data[:0], p.ends[:0] }

// exactNames lead from the hash of a whole name to the documents that have it.
type exactNames struct {
	hashes []uint32 // rising
	docs   []uint16
}

// find returns the documents with a name.
func (e *exactNames) find(hash uint32) []uint16 {
	i, _ := slices.BinarySearch(e.hashes, hash)
	j := i
	for j < len(e.hashes) && e.hashes[j] == hash {
		j++
	}
	return e.docs[i:j]
}

// nameHash is a name of a document.
type nameHash struct {
	hash uint32
	doc  uint16
}

func newExactNames(all []nameHash) exactNames {
	slices.SortFunc(all, func(x, y nameHash) int { return cmp.Or(cmp.Compare(x.hash, y.hash), cmp.Compare(x.doc, y.doc)) })
	e := exactNames{make([]uint32, len(all)), make([]uint16, len(all))}
	for i, n := range all {
		e.hashes[i], e.docs[i] = n.hash, n.doc
	}
	return e
}

// column holds a number of each document; unknownNumber when there is none. Most
// numbers are small and kept so: one of the slices is used.
type column struct {
	short []int16
	mid   []int32
	long  []int64
}

const unknownNumber = math.MinInt64

func newColumn(numbers []int64) column {
	var low, high int64
	for _, n := range numbers {
		if n != unknownNumber {
			low, high = min(low, n), max(high, n)
		}
	}
	switch {
	case low > math.MinInt16 && high <= math.MaxInt16:
		return column{short: shorten[int16](numbers, math.MinInt16)}
	case low > math.MinInt32 && high <= math.MaxInt32:
		return column{mid: shorten[int32](numbers, math.MinInt32)}
	}
	return column{long: slices.Clone(numbers)}
}

func shorten[T int16 | int32](numbers []int64, unknown T) []T {
	list := make([]T, len(numbers))
	for i, n := range numbers {
		if list[i] = unknown; n != unknownNumber {
			list[i] = T(n)
		}
	}
	return list
}

func (c *column) at(i uint16) int64 {
	switch {
	case c.short != nil:
		if n := c.short[i]; n != math.MinInt16 {
			return int64(n)
		}
	case c.mid != nil:
		if n := c.mid[i]; n != math.MinInt32 {
			return int64(n)
		}
	default:
		return c.long[i]
	}
	return unknownNumber
}

func (s *segment) len() int { return len(s.ids) }

// find returns the document of an offering.
func (s *segment) find(id int64) (uint16, bool) {
	i, ok := slices.BinarySearchFunc(s.byID, id, func(doc uint16, id int64) int {
		switch {
		case s.ids[doc] < id:
			return -1
		case s.ids[doc] > id:
			return 1
		}
		return 0
	})
	if !ok {
		return 0, false
	}
	return s.byID[i], true
}

// row returns the values of a document.
func (s *segment) row(doc uint16) []uint64 {
	return s.rows[int(doc)*s.width:][:s.width]
}

// column returns the documents that hold a value, nil for none.
func (s *segment) column(ordinal int) *holders {
	if ordinal >= len(s.columns) {
		return nil
	}
	return s.columns[ordinal]
}

// labelledCount returns how many documents have a labelled value.
func (s *segment) labelledCount(l labelled) int {
	n := 0
	if h := s.column(l.ordinal); h != nil {
		n = h.n
	}
	if l.above < 0 {
		return n
	}
	if h := s.column(l.above); h != nil {
		n -= h.n
	}
	return n
}

// view is a segment with those of its documents that still stand.
type view struct {
	*segment
	live  bitset
	count int // in live
}

// without returns the view with fewer documents.
func (v *view) without(docs []uint16) *view {
	live := slices.Clone(v.live)
	for _, d := range docs {
		live.unset(d)
	}
	return &view{v.segment, live, live.count()}
}

// all yields the documents of the set, in order.
func (b bitset) all(yield func(uint16) bool) {
	for i, w := range b {
		for ; w != 0; w &= w - 1 {
			if !yield(uint16(i<<6 + bits.TrailingZeros64(w))) {
				return
			}
		}
	}
}
