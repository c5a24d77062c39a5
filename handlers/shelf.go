package handlers

import (
	"container/list"
	"sync"

	"pilveturg/handlers/web"
	"pilveturg/views"
)

// shelf keeps rendered main parts of pages, the most lately used ones, up to a
// number of bytes. What is kept never grows stale: its key holds the revisions of
// all that it shows.
type shelf struct {
	mu    sync.Mutex // guards following
	room  int        // bytes
	used  int
	byKey map[shelfKey]*list.Element
	order *list.List // of *shelved, the latest used first
}

// shelfKey names what was rendered: change anything that it shows, and the key is
// another one.
type shelfKey struct {
	offering int64
	lang     string
	revision int64 // of the offering
	names    int64 // of all organisations
	day      int64 // on which validity was judged; days since 1970
}

type shelved struct {
	key   shelfKey
	shell views.Shell
	main  views.Fragment

	packed web.Packed // the whole page as browsers get it
}

// entryCost is what an entry takes besides its fragment, roughly: its shell, and a
// page or two compressed.
const entryCost = 16 << 10

func newShelf(room int) *shelf {
	return &shelf{room: room, byKey: map[shelfKey]*list.Element{}, order: list.New()}
}

// get returns what is kept under the key.
func (s *shelf) get(k shelfKey) (*shelved, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	e, ok := s.byKey[k]
	if !ok {
		return nil, false
	}
	s.order.MoveToFront(e)
	return e.Value.(*shelved), true
}

// put keeps v, and lets go of what was used longest ago when there is no room.
func (s *shelf) put(v *shelved) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, ok := s.byKey[v.key]; ok {
		return
	}
	s.byKey[v.key] = s.order.PushFront(v)
	s.used += v.main.Len() + entryCost
	for s.used > s.room && s.order.Len() > 1 {
		last := s.order.Remove(s.order.Back()).(*shelved)
		delete(s.byKey, last.key)
		s.used -= last.main.Len() + entryCost
	}
}
