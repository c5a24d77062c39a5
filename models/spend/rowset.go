package spend

// rowSet remembers which rows a file has had, by their hashes, in eight bytes each. Two
// different rows of one hash would be flagged by mistake: among eight million that has a
// chance of one in half a million, and a flag takes nothing away.
type rowSet struct {
	slots []uint64
	n     int
	full  bool // there were more rows than are remembered
}

// has reports whether a hash was there before, and remembers it. A hash is never 0.
func (s *rowSet) has(hash uint64) bool {
	if s.n >= maxFlagged {
		s.full = true
		return s.find(hash)
	}
	if s.n*4 >= len(s.slots)*3 {
		s.grow()
	}
	return s.put(hash)
}

func (s *rowSet) find(hash uint64) bool {
	mask := uint64(len(s.slots) - 1)
	for i := hash & mask; s.slots[i] != 0; i = (i + 1) & mask {
		if s.slots[i] == hash {
			return true
		}
	}
	return false
}

func (s *rowSet) put(hash uint64) bool {
	mask := uint64(len(s.slots) - 1)
	i := hash & mask
	for ; s.slots[i] != 0; i = (i + 1) & mask {
		if s.slots[i] == hash {
			return true
		}
	}
	s.slots[i] = hash
	s.n++
	return false
}

func (s *rowSet) grow() {
	old := s.slots
	s.slots = make([]uint64, max(1024, 2*len(old)))
	s.n = 0
	for _, h := range old {
		if h != 0 {
			s.put(h)
		}
	}
}
