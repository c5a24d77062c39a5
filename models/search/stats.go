package search

// Stats tells how large an index is.
type Stats struct {
	Documents int // that can be found
	Dead      int // that were replaced and still take room
	Segments  int
	Words     int // in the dictionary
	Bytes     int // of memory, about
}

// Stats returns how large the index is.
func (x *Index) Stats() Stats {
	s := x.current.Load()
	st := Stats{Documents: s.count, Segments: len(s.views), Words: s.dict.len()}
	for _, v := range s.views {
		st.Dead += v.len() - v.count
		st.Bytes += v.bytes()
	}
	for _, p := range s.dict.parts {
		st.Bytes += p.bytes()
	}
	return st
}

// bytes tells how much memory a segment takes, about.
func (s *segment) bytes() int {
	const perDocument = 8 + 2 + 4 + 4 + 4 // id, byID, stamp, vendor, end of the record
	n := perDocument*s.len() + len(s.docs.data) + 8*len(s.rows) + 6*len(s.exact.docs)
	for _, l := range []*lists{&s.terms, &s.names} {
		n += len(l.data) + 8*len(l.heads)
	}
	for _, h := range s.columns {
		if h != nil {
			n += 8*(len(h.all)+len(h.words)) + 96
		}
	}
	for i := range s.numbers {
		c := &s.numbers[i]
		n += 2*len(c.short) + 4*len(c.mid) + 8*len(c.long)
	}
	return n
}

func (x *lexicon) bytes() int {
	const perWord = 4 + 4 + 4 + 8 + 4 // end, order, back, marks, df
	n := len(x.text) + 4*len(x.slots) + perWord*x.len()
	for i := range x.stems {
		n += 20*len(x.stems[i].stems) + 4*len(x.stems[i].words) + 4*len(x.stems[i].of)
	}
	return n
}

// GCPercent returns how far the heap of a program that holds this index may grow
// before its garbage is collected, for runtime/debug.SetGCPercent. Go's own 100
// would let a large index take twice its memory, though it makes little garbage.
func (s Stats) GCPercent() int {
	const room = 64 << 20 // bytes for garbage
	return max(4, min(100, 100*room/max(1, s.Bytes)))
}
