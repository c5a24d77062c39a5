package search

import (
	"cmp"
	"hash/maphash"
	"math"
	"slices"
	"sync"
	"unicode/utf8"
)

// Span is a part of a text, in bytes.
type Span struct{ Start, End int }

// Marker finds the words of a query in texts. A nil Marker finds nothing.
type Marker struct {
	seed  maphash.Seed
	words map[uint32]bool // hashes
	some  [8]uint64       // a bit for each word's hash: most words of a text are not in it

	once  sync.Once
	asked []asked   // the same words by their numbers, which rise once settled
	few   [8]uint64 // a bit for each number
}

// asked is a word that a query looks for.
type asked struct {
	word  uint32 // its number in the dictionary
	parts uint32 // a bit for each word of the query that it stands for
}

// newMarker marks the words that a plan looks for.
func newMarker(s *snapshot, p *plan) *Marker {
	if len(p.clauses) == 0 {
		return nil
	}
	m := &Marker{seed: s.reg.seed, words: map[uint32]bool{}}
	part := 0 // words of the query so far
	for i := range p.clauses {
		if c := &p.clauses[i]; !c.not {
			part += m.clause(s, c, part)
		}
	}
	return m
}

// clause adds the words of a clause; part is how many words of the query came before.
// It returns how many of them the clause is: those of a phrase are each one.
func (m *Marker) clause(s *snapshot, c *wanted, part int) (most int) {
	for _, w := range c.ways {
		for i, a := range w.atoms {
			for _, t := range a.words {
				// Of several that belong together, a single letter says nothing by itself.
				if word := s.dict.word(t.id); len(w.atoms) == 1 || utf8.RuneCountInString(word) > 1 {
					m.add(hashOf(m.seed, word))
					m.asked = append(m.asked, asked{t.id, 1 << min(part+i, 31)})
				}
			}
		}
		most = max(most, len(w.atoms))
	}
	return most
}

// settle puts the words in order, each once. Few results ask for that.
func (m *Marker) settle() {
	slices.SortFunc(m.asked, func(a, b asked) int { return cmp.Compare(a.word, b.word) })
	n := 0
	for _, a := range m.asked {
		if n > 0 && m.asked[n-1].word == a.word {
			m.asked[n-1].parts |= a.parts
			continue
		}
		m.asked[n] = a
		m.few[a.word>>6&7] |= 1 << (a.word & 63)
		n++
	}
	m.asked = m.asked[:n]
}

// parts returns which words of the query a word stands for, a bit for each.
func (m *Marker) parts(word uint32) uint32 {
	if m.few[word>>6&7]&(1<<(word&63)) == 0 {
		return 0
	}
	i, found := slices.BinarySearchFunc(m.asked, word, func(a asked, word uint32) int { return cmp.Compare(a.word, word) })
	if !found {
		return 0
	}
	return m.asked[i].parts
}

func (m *Marker) add(word uint32) {
	m.words[word] = true
	m.some[word>>6&7] |= 1 << (word & 63)
}

func (m *Marker) has(word uint32) bool {
	return m.some[word>>6&7]&(1<<(word&63)) != 0 && m.words[word]
}

// Outline is where the words of a text stand, so that those of many queries can be
// found in it without reading it again: of its first 64 KB. Make one with
// [Index.Outline].
type Outline struct {
	words []outlined
}

// outlined is a word of a text, or several that are joined.
type outlined struct {
	word       uint32 // its hash
	start, end uint16
	next       uint16 // the place of the first one behind it, when it is marked
}

// Outline takes a text apart. Neighbours within one cluster, such as e-Kool, are
// found as a whole as well, and before they are by themselves.
func (x *Index) Outline(text string) Outline {
	var o Outline
	clusters(text, func(c cluster) bool {
		fits := c[len(c)-1].end <= math.MaxUint16 && len(o.words)+2*len(c) < math.MaxUint16
		if fits {
			o.cluster(x.seed, c)
		}
		return fits
	})
	o.words = slices.Clip(o.words)
	return o
}

func (o *Outline) cluster(seed maphash.Seed, c cluster) {
	first := len(o.words)
	add := func(word string, from, to int) {
		o.words = append(o.words, outlined{hashOf(seed, word), uint16(c[from].start), uint16(c[to].end), uint16(to)})
	}
	joined := len(c) > 1 && len(c) <= maxParts
	if joined {
		add(c.whole(), 0, len(c)-1)
	}
	starts := make([]uint16, len(c)+1) // places of the first words of each part
	for i := range c {
		starts[i] = uint16(len(o.words))
		if joined && i+1 < len(c) {
			add(c[i].text+c[i+1].text, i, i+1)
		}
		add(c[i].text, i, i)
	}
	starts[len(c)] = uint16(len(o.words))
	for i := first; i < len(o.words); i++ {
		o.words[i].next = starts[o.words[i].next+1]
	}
}

// Len is how many bytes the outline takes.
func (o *Outline) Len() int {
	const word = 12
	return word * cap(o.words)
}

func hashOf(seed maphash.Seed, word string) uint32 { return uint32(maphash.String(seed, word)) }

// Find appends to spans where words of the query stand in a text, in order.
func (m *Marker) Find(spans []Span, o *Outline) []Span {
	if m == nil {
		return spans
	}
	for i := 0; i < len(o.words); {
		w := &o.words[i]
		if !m.has(w.word) {
			i++
			continue
		}
		spans = append(spans, Span{int(w.start), int(w.end)})
		i = int(w.next)
	}
	return spans
}
