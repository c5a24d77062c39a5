package handlers

import "testing"

type sized int

func (s sized) room() int { return int(s) }

func TestAShelfKeepsWhatIsAskedForAndNotMoreThanItHasRoomFor(t *testing.T) {
	s := newShelf[int, sized](1000)
	for i := range 100 {
		s.put(i, 20)
		if _, ok := s.get(0); !ok {
			t.Fatalf("what is asked for again and again was dropped after %d others", i)
		}
	}
	kept := 0
	for i := range 100 {
		s.mu.Lock()
		_, young := s.young[i]
		_, old := s.old[i]
		s.mu.Unlock()
		if young || old {
			kept++
		}
	}
	if kept < 25 || kept > 51 { // the young have 500 bytes, and so do the old
		t.Errorf("%d values of 20 bytes are kept in 1,000", kept)
	}
	s.put(200, 5000)
	if v, ok := s.get(200); !ok || v != 5000 {
		t.Error("one value that is too large is not kept at all")
	}
}
