package search

import (
	"hash/maphash"
	"maps"
	"slices"
	"sync"
	"sync/atomic"
)

// codeList gives ordinals to the codes of open groups, behind those of the layout.
// It does not change; with makes another one.
type codeList struct {
	layout *Layout
	all    []code
	of     []map[string]int // of each group: code to ordinal
	groups [][]int          // of each group, all its ordinals
}

type code struct {
	group int
	text  string
}

func newCodeList(l *Layout) *codeList {
	c := &codeList{layout: l, of: make([]map[string]int, len(l.Groups)), groups: make([][]int, len(l.Groups))}
	for i, g := range l.Groups {
		c.of[i] = map[string]int{}
		for j := range g.Values {
			c.groups[i] = append(c.groups[i], l.first[i]+j)
		}
	}
	return c
}

// len returns how many ordinals there are.
func (c *codeList) len() int { return c.layout.fixed + len(c.all) }

// ordinal returns the ordinal of a value of a group.
func (c *codeList) ordinal(group int, value string) (int, bool) {
	if o, ok := c.layout.value[group][value]; ok {
		return o, true
	}
	o, ok := c.of[group][value]
	return o, ok
}

// value returns the text of an ordinal of a group.
func (c *codeList) value(group, ordinal int) string {
	if ordinal >= c.layout.fixed {
		return c.all[ordinal-c.layout.fixed].text
	}
	return c.layout.Groups[group].Values[ordinal-c.layout.first[group]]
}

// with returns the list with one more code.
func (c *codeList) with(group int, text string) *codeList {
	o := c.len()
	next := &codeList{layout: c.layout, all: append(slices.Clone(c.all), code{group, text}), of: slices.Clone(c.of), groups: slices.Clone(c.groups)}
	next.of[group] = maps.Clone(c.of[group])
	next.of[group][text] = o
	next.groups[group] = append(slices.Clone(c.groups[group]), o)
	return next
}

// vendorEntry is a vendor.
type vendorEntry struct {
	Vendor
	part  string     // as it is written in documents
	words [][]string // of each name
}

// registrar is the register of an index. Places and numbers once given stay.
// Those who search do not wait for its lock.
type registrar struct {
	seed   maphash.Seed
	codes  atomic.Pointer[codeList]
	places sync.Map // id of a vendor to its place, uint32
	names  sync.Map // the same by the hash of a name, uint64

	mu      sync.Mutex     // guards the following
	sellers []*vendorEntry // by place; those of a snapshot are never changed
	dict    *dictionary
	fresh   wordTable // words that are not in dict yet
	labels  []uint32  // see [snapshot]; nil until there are documents
}

func newRegistrar(l *Layout, seed maphash.Seed) *registrar {
	r := &registrar{seed: seed, dict: &dictionary{}}
	r.fresh.reset(seed)
	r.codes.Store(newCodeList(l))
	return r
}

func (r *registrar) hash(s string) uint64 { return maphash.String(r.seed, s) }

// terms implements register.
func (r *registrar) terms(words [][]byte) []uint32 {
	r.mu.Lock()
	defer r.mu.Unlock()
	ids := make([]uint32, len(words))
	for i, w := range words {
		ids[i] = r.term(w)
	}
	return ids
}

// term returns the number of a word, a new one when it has none. Held: mu.
func (r *registrar) term(word []byte) uint32 {
	known := r.dict.len()
	if known > 0 {
		if id, ok := r.dict.find(string(word)); ok {
			return id
		}
	}
	return uint32(known) + r.fresh.place(word, r.fresh.hash(word))
}

// vendor implements register.
func (r *registrar) vendor(part []byte) (uint32, error) {
	v, err := readVendor(part)
	if err != nil {
		return 0, err
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	place, ok := r.place(v.ID)
	if ok && r.sellers[place].part == string(part) {
		return place, nil
	}
	e := &vendorEntry{Vendor: v, part: string(part), words: nameWords(v.Names)}
	if ok {
		r.sellers = slices.Clone(r.sellers)
		r.sellers[place] = e
	} else {
		place = uint32(len(r.sellers))
		r.sellers = append(r.sellers, e)
		r.places.Store(v.ID, place)
	}
	for _, name := range v.Names {
		r.names.Store(r.hash(nameKey(name)), place)
	}
	return place, nil
}

// code implements register.
func (r *registrar) code(group int, text []byte) int {
	if o, ok := r.codes.Load().of[group][string(text)]; ok {
		return o
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	list := r.codes.Load()
	if o, ok := list.of[group][string(text)]; ok {
		return o
	}
	next := list.with(group, string(text))
	r.codes.Store(next)
	return next.of[group][string(text)]
}

// place returns the place of a vendor. It may be one that came after the snapshot
// that is looked at.
func (r *registrar) place(id int64) (uint32, bool) {
	p, ok := r.places.Load(id)
	if !ok {
		return 0, false
	}
	return p.(uint32), true
}

// named returns the place of a vendor that has or had a name with this hash, -1
// for none.
func (r *registrar) named(hash uint64) int {
	if p, ok := r.names.Load(hash); ok {
		return int(p.(uint32))
	}
	return -1
}
