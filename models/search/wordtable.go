package search

import (
	"bytes"
	"hash/maphash"
)

// wordTable gives words places, in the order they come. There are no pointers in
// it, since it may hold very many words.
type wordTable struct {
	seed  maphash.Seed
	slots []wordSlot // hash table, a power of two long
	text  []byte     // all words
	ends  []uint32   // of each word in text
}

type wordSlot struct {
	hash  uint32
	place uint32 // plus 1; 0: free
}

const wordTableStart = 1 << 10

func (t *wordTable) reset(seed maphash.Seed) {
	t.seed, t.text, t.ends = seed, t.text[:0], t.ends[:0]
	if t.slots == nil {
		t.slots = make([]wordSlot, wordTableStart)
	}
	clear(t.slots)
}

func (t *wordTable) len() int { return len(t.ends) }

// word returns the word at a place; it lies in the table.
func (t *wordTable) word(place uint32) []byte {
	start := uint32(0)
	if place > 0 {
		start = t.ends[place-1]
	}
	return t.text[start:t.ends[place]]
}

// words returns all words by place.
func (t *wordTable) words() []string {
	text := string(t.text)
	all := make([]string, len(t.ends))
	start := uint32(0)
	for i, end := range t.ends {
		all[i], start = text[start:end], end
	}
	return all
}

func (t *wordTable) hash(word []byte) uint32 { return uint32(maphash.Bytes(t.seed, word)) }

// touch looks at the slot of a hash, so that it is at hand when it is needed: many
// slots that are far away come faster when they are all asked for at once.
func (t *wordTable) touch(hash uint32) uint32 {
	return t.slots[hash&uint32(len(t.slots)-1)].place
}

// place returns the place of a word, a new one when it has none yet.
func (t *wordTable) place(word []byte, hash uint32) uint32 {
	mask := uint32(len(t.slots) - 1)
	for i := hash & mask; ; i = (i + 1) & mask {
		slot := &t.slots[i]
		if slot.place == 0 {
			t.text = append(t.text, word...)
			t.ends = append(t.ends, uint32(len(t.text)))
			place := uint32(len(t.ends) - 1)
			*slot = wordSlot{hash, place + 1}
			if 2*len(t.ends) > len(t.slots) {
				t.grow()
			}
			return place
		}
		if slot.hash == hash && bytes.Equal(t.word(slot.place-1), word) {
			return slot.place - 1
		}
	}
}

func (t *wordTable) grow() {
	old := t.slots
	t.slots = make([]wordSlot, 4*len(old))
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
