package search

import (
	"bytes"
	"hash/maphash"
)

// wordTable gives the words of a segment places, in the order they come.
type wordTable struct {
	seed  maphash.Seed
	texts [][]byte
	slots []wordSlot // hash table, a power of two long
	arena []byte     // where texts lie
}

type wordSlot struct {
	hash  uint32
	place uint32 // plus 1; 0: free
}

const wordTableStart = 1 << 10

func (t *wordTable) reset(seed maphash.Seed) {
	t.seed, t.texts, t.arena = seed, t.texts[:0], nil
	if t.slots == nil {
		t.slots = make([]wordSlot, wordTableStart)
	}
	clear(t.slots)
}

// place returns the place of a word, a new one when it has none yet.
func (t *wordTable) place(word []byte) uint32 {
	h := uint32(maphash.Bytes(t.seed, word))
	mask := uint32(len(t.slots) - 1)
	for i := h & mask; ; i = (i + 1) & mask {
		slot := &t.slots[i]
		if slot.place == 0 {
			*slot = wordSlot{h, t.keep(word) + 1}
			if 2*len(t.texts) > len(t.slots) {
				t.grow()
			}
			return uint32(len(t.texts) - 1)
		}
		if slot.hash == h && bytes.Equal(t.texts[slot.place-1], word) {
			return slot.place - 1
		}
	}
}

const wordArena = 1 << 16 // bytes

// keep copies a word, since what it lies in is used again.
func (t *wordTable) keep(word []byte) uint32 {
	if len(t.arena)+len(word) > cap(t.arena) {
		t.arena = make([]byte, 0, max(wordArena, len(word)))
	}
	start := len(t.arena)
	t.arena = append(t.arena, word...)
	t.texts = append(t.texts, t.arena[start:len(t.arena):len(t.arena)])
	return uint32(len(t.texts) - 1)
}

func (t *wordTable) grow() {
	old := t.slots
	t.slots = make([]wordSlot, 2*len(old))
	mask := uint32(len(t.slots) - 1)
	for _, slot := range old {
		if slot.place == 0 {
			continue
		}
		i := slot.hash & mask
		for t.slots[i].place != 0 {
			i = (i + 1) & mask
		}
		t.slots[i] = slot
	}
}
