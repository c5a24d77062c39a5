package search

import (
	"errors"
	"hash/maphash"
	"runtime"
	"sync"
	"sync/atomic"

	"pilveturg/models"
)

// Index finds offerings. It may be used by many goroutines at once; those that
// search never wait for those that change it.
type Index struct {
	layout  *Layout
	seed    maphash.Seed
	pool    stemmers
	current atomic.Pointer[snapshot]
	desk    sync.Pool // of *desk

	tidying sync.Mutex // held while segments are made of others; taken before mu
	mu      sync.Mutex // held by whoever changes the index
	reg     *registrar
}

// snapshot is the whole index at one moment. It never changes.
type snapshot struct {
	layout   *Layout
	dict     *dictionary
	views    []*view
	count    int // documents
	codes    *codeList
	sellers  []*vendorEntry
	synonyms synonyms
	labels   []uint32 // of each word, its place among the words of labels plus 1; short
	day      int32
	reg      *registrar
	memo     *memo
}

// memo is what is worked out when it is first asked for.
type memo struct {
	answers answers

	once   sync.Once
	offers []uint32 // documents of each vendor
}

// next returns a copy to be changed and published.
func (s *snapshot) next() *snapshot {
	next := *s
	next.views = append([]*view(nil), s.views...)
	next.memo = &memo{}
	return &next
}

// New makes an empty index. today decides what is valid and confirmed, and the
// order of ties; see [Index.SetDay].
func New(l *Layout, today models.Date) (*Index, error) {
	pool, err := newStemmers(max(2, runtime.GOMAXPROCS(0)))
	if err != nil {
		return nil, err
	}
	x := &Index{layout: l, pool: pool, seed: maphash.MakeSeed()}
	x.reg = newRegistrar(l, x.seed)
	x.current.Store(&snapshot{layout: l, dict: &dictionary{}, codes: x.reg.codes.Load(), day: int32(DayNumber(today)), reg: x.reg, memo: &memo{}})
	return x, nil
}

// Layout returns the groups and columns of the index.
func (x *Index) Layout() *Layout { return x.layout }

// Len returns how many documents can be found.
func (x *Index) Len() int { return x.current.Load().count }

// Put takes in documents, each as its [Layout.Body], in place of those of the same
// offerings, and takes out those of the offerings that are gone. All of it is seen
// at once. Bodies that cannot be read are left out and told of in the error; the
// others are taken in all the same.
func (x *Index) Put(bodies [][]byte, gone []int64) error {
	x.mu.Lock()
	defer x.mu.Unlock()
	segments, err := x.build(bodies)
	x.publish(segments, gone)
	return err
}

// build makes segments of bodies; of an offering that is there twice, the last one
// stands.
func (x *Index) build(bodies [][]byte) ([]*segment, error) {
	b := newBuilder(x.layout, x.reg, x.seed, x.current.Load().day)
	var segments []*segment
	var wrong []error
	var r raw
	last := lastOf(bodies)
	for i, body := range bodies {
		if last[idOf(body)] != i {
			continue
		}
		err := r.read(x.layout, body)
		if err == nil {
			err = b.add(&r)
		}
		if err != nil {
			wrong = append(wrong, err)
			continue
		}
		if len(b.ids) == segmentSize {
			segments = append(segments, b.segment())
		}
	}
	if len(b.ids) > 0 {
		segments = append(segments, b.segment())
	}
	return segments, errors.Join(wrong...)
}

// lastOf returns which body is the last one of each offering.
func lastOf(bodies [][]byte) map[int64]int {
	last := make(map[int64]int, len(bodies))
	for i, b := range bodies {
		last[idOf(b)] = i
	}
	return last
}

// publish makes a snapshot with more segments, and without the documents that they
// replace and those that are gone. Held: mu.
func (x *Index) publish(segments []*segment, gone []int64) {
	next := x.current.Load().next()
	next.settle(x)
	next.drop(gone)
	for _, s := range segments {
		next.drop(s.ids)
		next.views = append(next.views, newView(s))
		s.countTerms(next.dict, 1)
	}
	next.recount()
	x.current.Store(next)
}

// newView returns the view in which all documents of a segment stand.
func newView(s *segment) *view {
	v := &view{segment: s, live: newBitset(s.len()), count: s.len()}
	for doc := range s.ids {
		v.live.set(uint16(doc))
	}
	return v
}

// countTerms adds the documents of a segment to the numbers of its words, or takes
// them away.
func (s *segment) countTerms(dict *dictionary, sign int) {
	for w := s.terms.walk(0); w.next(); {
		dict.addDF(w.term, sign*listLength(w.list))
	}
}

// drop takes documents out of the views. The snapshot is not shared yet.
func (s *snapshot) drop(ids []int64) {
	dead := make([][]uint16, len(s.views))
	for _, id := range ids {
		for i, v := range s.views {
			if doc, ok := v.find(id); ok && v.live.has(doc) {
				dead[i] = append(dead[i], doc)
				break
			}
		}
	}
	for i, docs := range dead {
		if len(docs) > 0 {
			s.views[i] = s.views[i].without(docs)
		}
	}
}

func (s *snapshot) recount() {
	s.count = 0
	for _, v := range s.views {
		s.count += v.count
	}
}

// df returns in how many documents a word stands, or is the name of a value. Those
// that were replaced count until their segment is merged.
func (s *snapshot) df(id uint32) int {
	n := s.dict.df(id)
	for _, l := range s.labelled(id) {
		for _, v := range s.views {
			n += v.labelledCount(l)
		}
	}
	return n
}

// labelled returns the values that a word is a name of.
func (s *snapshot) labelled(id uint32) []labelled {
	if int(id) >= len(s.labels) || s.labels[id] == 0 {
		return nil
	}
	return s.layout.labels.of[s.labels[id]-1]
}

// find returns where the document of an offering is.
func (s *snapshot) find(id int64) (*view, uint16, bool) {
	for _, v := range s.views {
		if doc, ok := v.find(id); ok && v.live.has(doc) {
			return v, doc, true
		}
	}
	return nil, 0, false
}

// settle takes over what the documents named. The snapshot is not shared yet.
func (s *snapshot) settle(x *Index) {
	r := x.reg
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.labels == nil && r.fresh.len() > 0 { // after the words of the first documents, which are more frequent
		r.nameLabels(x.layout.labels.words)
	}
	if r.fresh.len() > 0 {
		r.dict = r.dict.with(x.pool, x.seed, r.fresh.words())
		r.fresh = wordTable{} // a table keeps the room it once had
		r.fresh.reset(x.seed)
	}
	s.dict, s.labels, s.codes, s.sellers = r.dict, r.labels, r.codes.Load(), r.sellers
}

// nameLabels gives numbers to the words of labels. Held: mu.
func (r *registrar) nameLabels(words []string) {
	ids := make([]uint32, len(words))
	last := uint32(0)
	for i, w := range words {
		ids[i] = r.term([]byte(w))
		last = max(last, ids[i])
	}
	r.labels = make([]uint32, last+1)
	for i, id := range ids {
		r.labels[id] = uint32(i) + 1
	}
}

// SetSynonyms says which words or phrases mean the same: each list is of such. One
// leads to at most 100 others.
func (x *Index) SetSynonyms(lists [][]string) {
	x.mu.Lock()
	defer x.mu.Unlock()
	next := x.current.Load().next()
	next.synonyms = newSynonyms(lists)
	x.current.Store(next)
}

// SetDay says which day it is: certificates run out, and what was confirmed long
// ago no longer counts. It returns how many documents changed.
func (x *Index) SetDay(today models.Date) int {
	x.tidying.Lock()
	defer x.tidying.Unlock()
	x.mu.Lock()
	defer x.mu.Unlock()
	next := x.current.Load().next()
	next.day = int32(DayNumber(today))
	changed := 0
	for i, v := range next.views {
		s, n := v.segment.onDay(next.day)
		next.views[i] = &view{s, v.live, v.count}
		changed += n
	}
	x.current.Store(next)
	return changed
}
