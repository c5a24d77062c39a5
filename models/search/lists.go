package search

import (
	"encoding/binary"
	"math"
	"slices"
)

// lists are the posting lists of a segment, by the numbers of their words. Before
// each stands how much its word's number is greater than the one before; where
// every 16th begins is known.
type lists struct {
	heads []listHead
	count int // words
	data  []byte
}

type listHead struct {
	term uint32
	at   uint32 // of its entry in data
}

const listsPerHead = 16

// listWriter writes lists one after the other, the numbers of their words rising.
type listWriter struct {
	lists
	last uint32
}

func (w *listWriter) add(term uint32, docs []uint16, impacts []uint8) {
	if w.count%listsPerHead == 0 {
		w.heads = append(w.heads, listHead{term, uint32(len(w.data))})
		w.last = term
	}
	w.data = binary.AppendUvarint(w.data, uint64(term-w.last))
	w.data = appendList(w.data, docs, impacts)
	w.last = term
	w.count++
}

func (w *listWriter) finish() lists {
	data := make([]byte, len(w.data), len(w.data)+listPadding)
	copy(data, w.data)
	w.data = data[:cap(data)]
	w.heads = slices.Clip(w.heads)
	return w.lists
}

// find returns the list of a word, nil when it has none, and the head from which
// the next greater word is to be looked for.
func (l *lists) find(term uint32, from int) (list []byte, head int) {
	low, high := from, len(l.heads) // the first head of a greater word is between them
	for low < high {
		if m := (low + high) / 2; l.heads[m].term > term {
			high = m
		} else {
			low = m + 1
		}
	}
	if head = low - 1; head < from {
		return nil, from
	}
	w := l.walk(head)
	for range listsPerHead {
		if !w.next() || w.term > term {
			break
		}
		if w.term == term {
			return w.list, head
		}
	}
	return nil, head
}

// walker goes through lists.
type walker struct {
	l    *lists
	left int    // words behind this one
	data []byte // of the words behind this one
	term uint32
	list []byte // and all behind it
}

// walk starts before the first word of a head.
func (l *lists) walk(head int) walker {
	if head >= len(l.heads) {
		return walker{l: l}
	}
	h := l.heads[head]
	return walker{l: l, left: l.count - head*listsPerHead, data: l.data[h.at:], term: h.term}
}

func (w *walker) next() bool {
	if w.left == 0 {
		w.term = math.MaxUint32
		return false
	}
	if place := w.l.count - w.left; place%listsPerHead == 0 {
		w.term = w.l.heads[place/listsPerHead].term
	}
	more, size := uint64(w.data[0]), 1
	if more >= 0x80 {
		more, size = binary.Uvarint(w.data)
	}
	w.term += uint32(more)
	w.list = w.data[size:]
	w.data = w.list[listBytes(w.list):]
	w.left--
	return true
}
