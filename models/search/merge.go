package search

import (
	"cmp"
	"encoding/binary"
	"maps"
	"math"
	"math/bits"
	"slices"
)

// Tidy makes fewer segments of many small ones, and of those with many documents
// that no longer stand. It does as much as is worth while, and returns how many
// segments were made. Searches go on meanwhile.
func (x *Index) Tidy() int {
	x.tidying.Lock()
	defer x.tidying.Unlock()
	made := 0
	for {
		views := pick(x.current.Load().views)
		if len(views) == 0 {
			break
		}
		x.exchange(views, merge(views))
		made++
	}
	x.tidyWords()
	return made
}

// crowd is how many segments of about the same size are worth making one.
const crowd = 4

// pick chooses segments that are worth making one: several of about the same size,
// the smallest first, or those that are mostly dead.
func pick(views []*view) []*view {
	classes := map[int][]*view{}
	for _, v := range views {
		if v.count == 0 || 2*v.count < v.len() && v.len() > 64 {
			classes[-1] = append(classes[-1], v)
		}
		class := bits.Len(uint(v.count)) / 3
		classes[class] = append(classes[class], v)
	}
	for _, class := range slices.Sorted(maps.Keys(classes)) {
		some := classes[class]
		slices.SortStableFunc(some, func(a, b *view) int { return cmp.Compare(a.count, b.count) })
		n, sum := 0, 0
		for n < len(some) && sum+some[n].count <= segmentSize {
			sum += some[n].count
			n++
		}
		if class < 0 || n >= crowd {
			return some[:n]
		}
	}
	return nil
}

// merged is a segment made of the documents of several that still stood.
type merged struct {
	*segment
	places [][]int32      // of each view, the new number of each document; -1 for none
	gone   map[uint32]int // documents that are in no list any more, by word
}

// exchange puts a merged segment in the place of those it was made of.
func (x *Index) exchange(views []*view, m merged) {
	x.mu.Lock()
	defer x.mu.Unlock()
	next := x.current.Load().next()
	v := newView(m.segment)
	next.views = slices.DeleteFunc(next.views, func(now *view) bool {
		i := slices.IndexFunc(views, func(old *view) bool { return old.segment == now.segment })
		if i < 0 {
			return false
		}
		for doc, place := range m.places[i] {
			if place >= 0 && !now.live.has(uint16(doc)) { // died meanwhile
				v.live.unset(uint16(place))
			}
		}
		return true
	})
	v.count = v.live.count()
	if v.len() > 0 {
		next.views = append(next.views, v)
	}
	for id, n := range m.gone {
		next.dict.addDF(id, -n)
	}
	x.current.Store(next)
}

// merge makes one segment of the documents that stand in the views.
func merge(views []*view) merged {
	m := merged{segment: &segment{layout: views[0].layout, day: views[0].day, prices: &priceCache{}}, gone: map[uint32]int{}}
	s := m.segment
	for _, v := range views {
		places := make([]int32, v.len())
		for doc := range v.ids {
			places[doc] = -1
			if d := uint16(doc); v.live.has(d) {
				places[doc] = int32(len(s.ids))
				s.take(v.segment, d)
			}
		}
		m.places = append(m.places, places)
	}
	s.docs = pieces{slices.Clone(s.docs.ends), slices.Clone(s.docs.data)}
	s.mergeValues(views, m.places)
	s.mergeNumbers(views)
	s.byID = make([]uint16, len(s.ids))
	for i := range s.byID {
		s.byID[i] = uint16(i)
	}
	slices.SortFunc(s.byID, func(x, y uint16) int { return cmp.Compare(s.ids[x], s.ids[y]) })
	all, names := make([]walker, len(views)), make([]walker, len(views))
	var exact []nameHash
	for i, v := range views {
		all[i], names[i] = v.terms.walk(0), v.names.walk(0)
		for j, doc := range v.exact.docs {
			if p := m.places[i][doc]; p >= 0 {
				exact = append(exact, nameHash{v.exact.hashes[j], uint16(p)})
			}
		}
	}
	s.exact = newExactNames(exact)
	s.terms = mergeLists(all, m.places, func(id uint32, n int) { m.gone[id] += n })
	s.names = mergeLists(names, m.places, func(uint32, int) {})
	return m
}

// take adds what is kept of one document in a piece.
func (s *segment) take(from *segment, doc uint16) {
	s.ids, s.stamps = append(s.ids, from.ids[doc]), append(s.stamps, from.stamps[doc])
	s.vendors = append(s.vendors, from.vendors[doc])
	s.docs.add(from.docs.at(doc))
}

// mergeValues takes over the values of the documents that stand.
func (s *segment) mergeValues(views []*view, places [][]int32) {
	most := 0
	for _, v := range views {
		most = max(most, len(v.columns))
	}
	g := s.newGrid(most)
	for i, v := range views {
		for ordinal, column := range v.columns {
			for doc := range column.set(v.len()).all {
				if p := places[i][doc]; p >= 0 {
					g.set(uint16(p), ordinal)
				}
			}
		}
	}
	g.seal()
}

func (s *segment) mergeNumbers(views []*view) {
	for c := range views[0].numbers {
		numbers := make([]int64, 0, len(s.ids))
		for _, v := range views {
			for doc := range v.ids {
				if v.live.has(uint16(doc)) {
					numbers = append(numbers, v.numbers[c].at(uint16(doc)))
				}
			}
		}
		s.numbers = append(s.numbers, newColumn(numbers))
	}
}

// mergeLists writes the lists of all words anew. It tells of each word how many
// documents fell away.
func mergeLists(all []walker, places [][]int32, gone func(id uint32, n int)) lists {
	var l listWriter
	var r listReader
	var docs []uint16
	var impacts []uint8
	for i := range all {
		all[i].next()
	}
	for {
		id := uint32(math.MaxUint32)
		for i := range all {
			id = min(id, all[i].term)
		}
		if id == math.MaxUint32 {
			return l.finish()
		}
		docs, impacts = docs[:0], impacts[:0]
		before := 0
		for i := range all {
			if all[i].term != id {
				continue
			}
			before += r.open(all[i].list)
			for r.next() {
				for j, doc := range r.docs[:r.n] {
					if p := places[i][doc]; p >= 0 {
						docs, impacts = append(docs, uint16(p)), append(impacts, r.impacts[j])
					}
				}
			}
			all[i].next()
		}
		if before > len(docs) {
			gone(id, before-len(docs))
		}
		if len(docs) > 0 {
			l.add(id, docs, impacts)
		}
	}
}

// tidyWords makes one lexicon of many small ones. Held: tidying.
func (x *Index) tidyWords() {
	dict := x.current.Load().dict
	keep, yes := dict.crowded()
	if !yes {
		return
	}
	whole := dict.joined(x.pool, x.seed, keep, nil)
	x.mu.Lock()
	defer x.mu.Unlock()
	x.reg.mu.Lock()
	defer x.reg.mu.Unlock()
	next := x.current.Load().next()
	var later []string // words that came meanwhile
	for id := whole.len(); id < next.dict.len(); id++ {
		later = append(later, next.dict.word(uint32(id)))
	}
	whole.copyDF(next.dict, int(whole.parts[keep].first), whole.len())
	if len(later) > 0 {
		first := whole.len()
		whole = whole.joined(x.pool, x.seed, len(whole.parts), later)
		whole.copyDF(next.dict, first, next.dict.len())
	}
	next.dict, x.reg.dict = whole, whole
	x.current.Store(next)
}

// onDay returns the segment as it is on a day, and how many of its documents are
// others then; itself when none is.
func (s *segment) onDay(day int32) (*segment, int) {
	next := *s
	next.day = day
	var g *grid
	changed := 0
	for doc := range s.ids {
		turns := s.turns(uint16(doc), day)
		if len(turns) == 0 {
			continue
		}
		if changed++; g == nil {
			g = next.open()
		}
		for _, t := range turns {
			g.unset(uint16(doc), t.from)
			g.set(uint16(doc), t.to)
		}
	}
	if g != nil {
		g.seal()
	}
	return &next, changed
}

// open returns the values of a segment to be changed.
func (s *segment) open() *grid {
	s.rows = slices.Clone(s.rows)
	g := &grid{s, make([]bitset, len(s.columns))}
	for i, column := range s.columns {
		if column != nil {
			g.sets[i] = column.set(s.len())
		}
	}
	return g
}

func (g *grid) unset(doc uint16, ordinal int) {
	if bit := g.s.layout.bit(ordinal); bit >= 0 {
		g.s.row(doc)[bit/64] &^= 1 << (bit % 64)
	}
	g.sets[ordinal].unset(doc)
}

// turn is a value in place of which there is another one.
type turn struct{ from, to int }

// turns returns the values of a document that are others on a day.
func (s *segment) turns(doc uint16, day int32) (turns []turn) {
	timed, _, _ := s.record(doc)
	for len(timed) > 0 {
		until, n := binary.Varint(timed)
		now, m := binary.Uvarint(timed[n:])
		then, k := binary.Uvarint(timed[n+m:])
		timed = timed[n+m+k:]
		was, is := int32(until) < s.day, int32(until) < day
		switch {
		case !was && is:
			turns = append(turns, turn{int(now), int(then)})
		case was && !is:
			turns = append(turns, turn{int(then), int(now)})
		}
	}
	return turns
}
