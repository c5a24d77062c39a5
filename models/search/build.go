package search

import (
	"cmp"
	"encoding/binary"
	"hash/maphash"
	"math/bits"
	"slices"
)

// register gives numbers to what documents name: words, vendors, and codes of open
// groups. A builder asks it once for each segment.
type register interface {
	terms(words [][]byte) []uint32
	vendor(part []byte) (uint32, error)
	code(group int, text []byte) int
}

// builder gathers documents for a segment. It can be used again and again.
type builder struct {
	layout *Layout
	reg    register
	today  int32 // day
	seed   maphash.Seed

	sellers  map[string]uint32 // places of vendors by what is written of them
	ids      []int64
	stamps   []uint32
	words    wordTable
	hashes   []uint32 // of the words of a document
	touched  uint32   // keeps the looks at slots from being left out
	doc      gathered
	names    gathered
	seqs     []uint32 // places of words plus 1, all documents
	seqEnds  []int
	ordinals []int32 // of the values, all documents
	ordEnds  []int
	numbers  [][]int64
	vendors  []uint32
	cards    pieces
	timed    pieces
	exact    []nameHash
}

// gathered are the words of all documents, before they are sorted by word.
type gathered struct {
	terms   []uint32 // places in the word table
	impacts []uint8
	ends    []int // of each document
}

func (g *gathered) reset() {
	g.terms, g.impacts, g.ends = g.terms[:0], g.impacts[:0], g.ends[:0]
}

func newBuilder(l *Layout, reg register, seed maphash.Seed, today int32) *builder {
	b := &builder{layout: l, reg: reg, seed: seed, today: today, sellers: map[string]uint32{}}
	b.reset()
	return b
}

// What a document holds on average, for the room that is made for many at once.
const (
	usualTerms = 180
	usualWords = 270
)

// expect makes room for so many documents.
func (b *builder) expect(n int) {
	b.doc.terms, b.doc.impacts = slices.Grow(b.doc.terms, n*usualTerms), slices.Grow(b.doc.impacts, n*usualTerms)
	b.seqs = slices.Grow(b.seqs, n*usualWords)
}

func (b *builder) reset() {
	b.ids, b.stamps, b.vendors = b.ids[:0], b.stamps[:0], b.vendors[:0]
	b.seqs, b.seqEnds, b.exact = b.seqs[:0], b.seqEnds[:0], b.exact[:0]
	b.words.reset(b.seed)
	b.doc.reset()
	b.names.reset()
	b.ordinals, b.ordEnds = b.ordinals[:0], b.ordEnds[:0]
	b.numbers = slices.Grow(b.numbers, len(b.layout.Columns))[:len(b.layout.Columns)]
	for i := range b.numbers {
		b.numbers[i] = b.numbers[i][:0]
	}
	b.cards.reset()
	b.timed.reset()
}

// add takes a document in. A document that cannot be read changes nothing.
func (b *builder) add(x *raw) error {
	vendor, known := b.sellers[string(x.vendor)]
	if !known {
		var err error
		if vendor, err = b.reg.vendor(x.vendor); err != nil {
			return err
		}
		b.sellers[string(x.vendor)] = vendor
	}
	doc := uint16(len(b.ids))
	b.ids, b.stamps = append(b.ids, x.id), append(b.stamps, shortStamp(x.stamp))
	b.vendors = append(b.vendors, vendor)
	places := b.addTerms(x)
	for _, t := range x.tokens {
		if t > 0 {
			t = places[t-1] + 1
		}
		b.seqs = append(b.seqs, t)
	}
	b.seqEnds = append(b.seqEnds, len(b.seqs))
	b.addValues(x)
	b.addNumbers(x)
	b.cards.add(x.card)
	for _, n := range x.names {
		b.exact = append(b.exact, nameHash{uint32(maphash.Bytes(b.seed, n)), doc})
	}
	return nil
}

func (b *builder) addTerms(x *raw) []uint32 {
	start := len(b.doc.terms)
	b.hashes = b.hashes[:0]
	for _, t := range x.terms {
		b.hashes = append(b.hashes, b.words.hash(t.text))
	}
	for _, h := range b.hashes {
		b.touched += b.words.touch(h)
	}
	for i, t := range x.terms {
		b.doc.terms = append(b.doc.terms, b.words.place(t.text, b.hashes[i]))
		b.doc.impacts = append(b.doc.impacts, t.impact)
	}
	b.doc.ends = append(b.doc.ends, len(b.doc.terms))
	places := b.doc.terms[start:]
	for _, n := range x.named {
		b.names.terms = append(b.names.terms, places[n.term])
		b.names.impacts = append(b.names.impacts, n.place)
	}
	b.names.ends = append(b.names.ends, len(b.names.terms))
	return places
}

// addValues keeps the ordinals of a document as they are today.
func (b *builder) addValues(x *raw) {
	for i, c := range x.row {
		for ; c != 0; c &= c - 1 {
			b.ordinals = append(b.ordinals, int32(i*8+bits.TrailingZeros8(c)))
		}
	}
	for _, c := range x.codes {
		b.ordinals = append(b.ordinals, int32(b.reg.code(c.group, c.text)))
	}
	for _, t := range x.timed {
		now := t.now
		if t.until < b.today {
			now = t.then
		}
		b.ordinals = append(b.ordinals, int32(now))
	}
	b.ordEnds = append(b.ordEnds, len(b.ordinals))
	b.keepTimed(x)
}

// keepTimed keeps what is needed to set the values of another day.
func (b *builder) keepTimed(x *raw) {
	for _, t := range x.timed {
		b.timed.data = binary.AppendVarint(b.timed.data, int64(t.until))
		b.timed.data = binary.AppendUvarint(b.timed.data, uint64(t.now))
		b.timed.data = binary.AppendUvarint(b.timed.data, uint64(t.then))
	}
	b.timed.end()
}

func (b *builder) addNumbers(x *raw) {
	for i := range b.numbers {
		b.numbers[i] = append(b.numbers[i], unknownNumber)
	}
	last := len(b.ids) - 1
	for _, n := range x.numbers {
		b.numbers[n.column][last] = n.n
	}
}

// segment makes the segment of what was added, and forgets it.
func (b *builder) segment() *segment {
	ids := b.numbersOfWords()
	s := &segment{layout: b.layout, day: b.today, prices: &priceCache{}}
	s.ids, s.stamps, s.vendors = slices.Clone(b.ids), slices.Clone(b.stamps), slices.Clone(b.vendors)
	s.byID = make([]uint16, len(b.ids))
	for i := range s.byID {
		s.byID[i] = uint16(i)
	}
	slices.SortFunc(s.byID, func(x, y uint16) int { return cmp.Compare(s.ids[x], s.ids[y]) })
	order := placesByNumber(ids)
	s.terms = b.doc.lists(order, ids)
	s.names = b.names.lists(order, ids)
	s.docs = b.records(ids)
	s.setValues(b.ordinals, b.ordEnds)
	for _, n := range b.numbers {
		s.numbers = append(s.numbers, newColumn(n))
	}
	s.exact = newExactNames(b.exact)
	b.reset()
	return s
}

// placesByNumber returns the places of words, ordered by their numbers.
func placesByNumber(ids []uint32) []uint32 {
	both := make([]uint64, len(ids))
	for place, id := range ids {
		both[place] = uint64(id)<<32 | uint64(place)
	}
	slices.Sort(both)
	places := make([]uint32, len(ids))
	for i, b := range both {
		places[i] = uint32(b)
	}
	return places
}

// frequent is in which share of the documents, as one of so many, a word is when it
// is asked for before others.
const frequent = 256

// numbersOfWords returns the number of the word at each place. The most frequent
// are asked for first: small numbers take less room in sequences.
func (b *builder) numbersOfWords() []uint32 {
	counts := make([]uint32, b.words.len())
	for _, t := range b.doc.terms {
		counts[t]++
	}
	var first, places []uint32
	for place, n := range counts {
		if int(n)*frequent > len(b.ids) {
			first = append(first, uint32(place))
		} else {
			places = append(places, uint32(place))
		}
	}
	slices.SortStableFunc(first, func(x, y uint32) int { return cmp.Compare(counts[y], counts[x]) })
	places = append(first, places...)
	texts := make([][]byte, len(places))
	for i, p := range places {
		texts[i] = b.words.word(p)
	}
	ids := make([]uint32, len(places))
	for i, id := range b.reg.terms(texts) {
		ids[places[i]] = id
	}
	return ids
}

// lists sorts the gathered words into lists. order are the places of all words,
// by the numbers that ids gives them.
func (g *gathered) lists(order, ids []uint32) lists {
	starts := make([]uint32, len(ids)+1)
	for _, t := range g.terms {
		starts[t+1]++
	}
	for i := range ids {
		starts[i+1] += starts[i]
	}
	next := slices.Clone(starts)
	docs, impacts := make([]uint16, len(g.terms)), make([]uint8, len(g.terms))
	from := 0
	for doc, end := range g.ends {
		for i := from; i < end; i++ {
			at := &next[g.terms[i]]
			docs[*at], impacts[*at] = uint16(doc), g.impacts[i]
			*at++
		}
		from = end
	}
	var w listWriter
	w.data = make([]byte, 0, len(g.terms)*3)
	for _, p := range order {
		if from, to := starts[p], starts[p+1]; from < to {
			w.add(ids[p], docs[from:to], impacts[from:to])
		}
	}
	return w.finish()
}

// records writes what is kept of each document in a piece.
func (b *builder) records(ids []uint32) pieces {
	data := make([]byte, 0, 2*len(b.seqs)+len(b.cards.data)+len(b.timed.data)+4*len(b.ids))
	ends := make([]uint32, 0, len(b.ids))
	var tokens []byte
	from := 0
	for doc, end := range b.seqEnds {
		tokens = tokens[:0]
		for _, t := range b.seqs[from:end] {
			if t > 0 {
				t = ids[t-1] + 1
			}
			switch {
			case t < 1<<7:
				tokens = append(tokens, byte(t))
			case t < 1<<14:
				tokens = append(tokens, byte(t)|0x80, byte(t>>7))
			default:
				tokens = binary.AppendUvarint(tokens, uint64(t))
			}
		}
		from = end
		data = appendRecord(data, b.timed.at(uint16(doc)), tokens, b.cards.at(uint16(doc)))
		ends = append(ends, uint32(len(data)))
	}
	return pieces{ends, slices.Clone(data)}
}

// appendRecord writes what is kept of a document: the values that end with a day,
// its words in order, and its card.
func appendRecord(b, timed, tokens, card []byte) []byte {
	b = append(binary.AppendUvarint(b, uint64(len(timed))), timed...)
	b = append(binary.AppendUvarint(b, uint64(len(tokens))), tokens...)
	return append(b, card...)
}

// record takes apart what appendRecord wrote.
func (s *segment) record(doc uint16) (timed, tokens, card []byte) {
	b := s.docs.at(doc)
	n, size := binary.Uvarint(b)
	timed, b = b[size:size+int(n)], b[size+int(n):]
	n, size = binary.Uvarint(b)
	return timed, b[size : size+int(n)], b[size+int(n):]
}

func (s *segment) tokens(doc uint16) []byte {
	_, tokens, _ := s.record(doc)
	return tokens
}

func (s *segment) card(doc uint16) []byte {
	_, _, card := s.record(doc)
	return card
}

// setValues makes rows and columns of the ordinals of all documents.
func (s *segment) setValues(ordinals []int32, ends []int) {
	most := s.layout.fixed
	for _, o := range ordinals {
		most = max(most, int(o)+1)
	}
	g := s.newGrid(most)
	from := 0
	for doc, end := range ends {
		for _, o := range ordinals[from:end] {
			g.set(uint16(doc), int(o))
		}
		from = end
	}
	g.seal()
}

// grid is the values of a segment while they are being set.
type grid struct {
	s    *segment
	sets []bitset // of each ordinal; nil for none
}

// newGrid makes room for so many ordinals.
func (s *segment) newGrid(ordinals int) *grid {
	s.width = (s.layout.bit(ordinals) + 63) / 64
	s.rows = make([]uint64, s.width*len(s.ids))
	return &grid{s, make([]bitset, ordinals)}
}

func (g *grid) set(doc uint16, ordinal int) {
	if bit := g.s.layout.bit(ordinal); bit >= 0 {
		g.s.row(doc)[bit/64] |= 1 << (bit % 64)
	}
	if g.sets[ordinal] == nil {
		g.sets[ordinal] = newBitset(g.s.len())
	}
	g.sets[ordinal].set(doc)
}

// seal makes the columns.
func (g *grid) seal() {
	g.s.columns = make([]*holders, len(g.sets))
	for i, set := range g.sets {
		if set != nil {
			g.s.columns[i] = newHolders(set)
		}
	}
}
