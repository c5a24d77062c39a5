package search

import "math/bits"

// holders are the documents of a segment that hold a value. It does not change.
// Those of most values are few: then only the words of their set that are not 0 are
// kept, and which ones those are.
type holders struct {
	n     int    // documents
	all   bitset // nil when they are few
	where [segmentWords / 64]uint64
	words []uint64
}

func newHolders(set bitset) *holders {
	h := &holders{n: set.count()}
	some := 0
	for _, w := range set {
		if w != 0 {
			some++
		}
	}
	if 2*some > len(set) {
		h.all = set
		return h
	}
	h.words = make([]uint64, 0, some)
	for i, w := range set {
		if w != 0 {
			h.where[i>>6] |= 1 << (i & 63)
			h.words = append(h.words, w)
		}
	}
	return h
}

// each yields the words that are not 0, and where they stand; of many documents
// all words.
func (h *holders) each(yield func(int, uint64) bool) {
	for i, w := range h.all {
		if !yield(i, w) {
			return
		}
	}
	at := 0
	for j, where := range h.where {
		for ; where != 0; where &= where - 1 {
			if !yield(j<<6+bits.TrailingZeros64(where), h.words[at]) {
				return
			}
			at++
		}
	}
}

// word returns one word of the set.
func (h *holders) word(i int) uint64 {
	if h.all != nil {
		return h.all[i]
	}
	where := h.where[i>>6]
	if where&(1<<(i&63)) == 0 {
		return 0
	}
	at := bits.OnesCount64(where & (1<<(i&63) - 1))
	for _, w := range h.where[:i>>6] {
		at += bits.OnesCount64(w)
	}
	return h.words[at]
}

func (h *holders) has(doc uint16) bool { return h.word(int(doc>>6))&(1<<(doc&63)) != 0 }

// orInto adds the documents to a set.
func (h *holders) orInto(set bitset) {
	if h.all != nil {
		set.or(h.all)
		return
	}
	for i, w := range h.each {
		set[i] |= w
	}
}

// andInto leaves in a set only the documents.
func (h *holders) andInto(set bitset) {
	if h.all != nil {
		set.and(h.all)
		return
	}
	for i := range set {
		set[i] &= h.word(i)
	}
}

// common returns how many of the documents are in a set.
func (h *holders) common(set bitset) int {
	n := 0
	if h.all != nil {
		all := h.all[:len(set)]
		for i, w := range set {
			n += bits.OnesCount64(w & all[i])
		}
		return n
	}
	at := 0
	for j, where := range h.where {
		for ; where != 0; where &= where - 1 {
			n += bits.OnesCount64(set[j<<6+bits.TrailingZeros64(where)] & h.words[at])
			at++
		}
	}
	return n
}

// set returns a set of the documents to be changed; of none for nil.
func (h *holders) set(documents int) bitset {
	b := newBitset(documents)
	if h != nil {
		h.orInto(b)
	}
	return b
}
