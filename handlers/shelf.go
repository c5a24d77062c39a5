package handlers

import (
	"sync"

	"pilveturg/handlers/web"
	"pilveturg/views"
)

// shelf keeps what was made for pages, the most lately used of it, up to a number of
// bytes. What is kept never grows stale: its key holds the revisions of all that it
// shows. The older half is dropped when there is no room; what is asked for again
// moves to the younger one.
type shelf[K comparable, V shelvable] struct {
	mu         sync.Mutex // guards following
	half       int        // bytes
	used       int        // of young
	young, old map[K]V
}

// shelvable is what can be kept; room is how many bytes it takes, about.
type shelvable interface{ room() int }

func newShelf[K comparable, V shelvable](room int) *shelf[K, V] {
	return &shelf[K, V]{half: room / 2, young: map[K]V{}}
}

// get returns what is kept under the key.
func (s *shelf[K, V]) get(k K) (v V, ok bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if v, ok = s.young[k]; ok {
		return v, true
	}
	if v, ok = s.old[k]; ok {
		s.add(k, v)
	}
	return v, ok
}

// put keeps v.
func (s *shelf[K, V]) put(k K, v V) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, ok := s.young[k]; !ok {
		s.add(k, v)
	}
}

// add makes v one of the young. Held: mu.
func (s *shelf[K, V]) add(k K, v V) {
	if s.used += v.room(); s.used > s.half && len(s.young) > 0 {
		s.old, s.young, s.used = s.young, map[K]V{}, v.room()
	}
	s.young[k] = v
}

// pageKey names the rendered main part of a service's page: change anything that it
// shows, and the key is another one.
type pageKey struct {
	offering int64
	lang     string
	revision int64 // of the offering
	releases int64 // of what is said of its releases
	names    int64 // of all organisations
	day      int64 // on which validity was judged; days since 1970
}

type keptPage struct {
	shell views.Shell
	main  views.Fragment

	packed web.Packed // the whole page as browsers get it
}

// room counts the shell, and a page or two compressed, as well.
func (p *keptPage) room() int { return p.main.Len() + 16<<10 }
