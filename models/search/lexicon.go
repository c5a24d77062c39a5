package search

import (
	"cmp"
	"hash/maphash"
	"math/bits"
	"slices"
	"sort"
	"strings"
	"sync"
	"sync/atomic"
	"unicode/utf8"
)

// lexicon holds words by their numbers, which follow each other, and the orders in
// which words are looked up. It does not change but for the numbers of documents.
type lexicon struct {
	first uint32 // number of the first word
	text  string
	ends  []uint32 // of each word in text
	seed  maphash.Seed
	slots []uint32 // hash table: 0, or place of a word plus 1
	order []uint32 // places by text
	back  []uint32 // places by text read from its end
	stems [tongues]stemTable
	marks []letters
	df    []atomic.Uint32 // in how many documents of the segments each word stands
}

// stemTable leads from stems to the words that have them, and back.
type stemTable struct {
	stems  []string // sorted
	starts []uint32 // of each stem's words, and the end
	words  []uint32 // places
	of     []int32  // place of each word's stem; -1 when it has none
}

// letters is what is compared first when a word may be misspelt.
type letters struct {
	mask  uint32 // one bit for each letter, some share one
	count uint8  // letters
	plain bool   // letters only
}

func lettersOf(word string) letters {
	l := letters{plain: true}
	n := 0
	for _, r := range word {
		n++
		l.mask |= 1 << (uint32(r) % 32)
		l.plain = l.plain && !('0' <= r && r <= '9')
	}
	l.count = uint8(min(n, 255))
	return l
}

// newLexicon makes the lexicon of words, which have none but the numbers from
// first up. known tells stems that were worked out before; it may be nil.
func newLexicon(pool stemmers, seed maphash.Seed, first uint32, words []string, known *dictionary) *lexicon {
	x := &lexicon{first: first, seed: seed, ends: make([]uint32, len(words)), marks: make([]letters, len(words)),
		df: make([]atomic.Uint32, len(words))}
	var b strings.Builder
	for i, w := range words {
		b.WriteString(w)
		x.ends[i] = uint32(b.Len())
		x.marks[i] = lettersOf(w)
	}
	x.text = b.String()
	var all sync.WaitGroup
	for t := range tongues {
		all.Go(func() { pool.use(func(s *stemmer) { x.stems[t] = x.stemTable(s, tongue(t), known) }) })
	}
	all.Go(x.hash)
	all.Go(func() { x.order = x.sorted(headKey, strings.Compare) })
	all.Go(func() { x.back = x.sorted(backKey, compareBack) })
	all.Wait()
	return x
}

func (x *lexicon) len() int { return len(x.ends) }

// word returns the word at a place.
func (x *lexicon) word(i uint32) string {
	start := uint32(0)
	if i > 0 {
		start = x.ends[i-1]
	}
	return x.text[start:x.ends[i]]
}

// keyed is a place with the first letters of its word, which nearly always tell
// where it belongs.
type keyed struct {
	key   uint64
	place uint32
}

// sorted returns the places in the order of compare, which key agrees with.
func (x *lexicon) sorted(key func(string) uint64, compare func(a, b string) int) []uint32 {
	all := make([]keyed, x.len())
	for i := range all {
		all[i] = keyed{key(x.word(uint32(i))), uint32(i)}
	}
	slices.SortFunc(all, func(a, b keyed) int {
		if a.key != b.key {
			return cmp.Compare(a.key, b.key)
		}
		return compare(x.word(a.place), x.word(b.place))
	})
	places := make([]uint32, len(all))
	for i, k := range all {
		places[i] = k.place
	}
	return places
}

// headKey returns the first eight bytes of a word as a number.
func headKey(w string) (key uint64) {
	for i := range 8 {
		key <<= 8
		if i < len(w) {
			key |= uint64(w[i])
		}
	}
	return key
}

// backKey returns the last eight bytes, the last one first.
func backKey(w string) (key uint64) {
	for i := range 8 {
		key <<= 8
		if i < len(w) {
			key |= uint64(w[len(w)-1-i])
		}
	}
	return key
}

// compareBack compares words from their ends.
func compareBack(a, b string) int {
	for i := 1; i <= min(len(a), len(b)); i++ {
		if c := cmp.Compare(a[len(a)-i], b[len(b)-i]); c != 0 {
			return c
		}
	}
	return cmp.Compare(len(a), len(b))
}

func (x *lexicon) hash() {
	x.slots = make([]uint32, 1<<bits.Len(uint(2*x.len())))
	mask := uint64(len(x.slots) - 1)
	for i := range x.ends {
		h := maphash.String(x.seed, x.word(uint32(i)))
		for x.slots[h&mask] != 0 {
			h++
		}
		x.slots[h&mask] = uint32(i) + 1
	}
}

// find returns the place of a word.
func (x *lexicon) find(word string) (uint32, bool) {
	mask := uint64(len(x.slots) - 1)
	for h := maphash.String(x.seed, word); ; h++ {
		slot := x.slots[h&mask]
		if slot == 0 {
			return 0, false
		}
		if x.word(slot-1) == word {
			return slot - 1, true
		}
	}
}

func (x *lexicon) stemTable(s *stemmer, t tongue, known *dictionary) stemTable {
	table := stemTable{of: make([]int32, x.len())}
	var stems wordTable // in the order they come
	stems.reset(x.seed)
	var texts []string
	counts := []uint32{}
	for i := range x.ends {
		table.of[i] = -1
		word := x.word(uint32(i))
		stem, ok := known.stem(t, word)
		if !ok {
			stem, ok = s.stem(t, word)
		}
		if !ok {
			continue
		}
		place := stems.place([]byte(stem), stems.hash([]byte(stem)))
		if int(place) == len(texts) {
			if strings.HasPrefix(word, stem) {
				stem = word[:len(stem)] // no memory of its own
			}
			texts, counts = append(texts, stem), append(counts, 0)
		}
		table.of[i] = int32(place)
		counts[place]++
	}
	table.arrange(texts, counts)
	return table
}

// arrange sorts the stems and gives each the run of its words.
func (t *stemTable) arrange(texts []string, counts []uint32) {
	order := make([]int32, len(texts))
	for i := range order {
		order[i] = int32(i)
	}
	slices.SortFunc(order, func(a, b int32) int { return strings.Compare(texts[a], texts[b]) })
	t.stems = make([]string, len(texts))
	t.starts = make([]uint32, len(texts)+1)
	place := make([]int32, len(texts))
	for i, o := range order {
		t.stems[i], place[o] = texts[o], int32(i)
		t.starts[i+1] = t.starts[i] + counts[o]
	}
	t.words = make([]uint32, t.starts[len(texts)])
	next := slices.Clone(t.starts)
	for word, o := range t.of {
		if o < 0 {
			continue
		}
		p := place[o]
		t.of[word] = p
		t.words[next[p]] = uint32(word)
		next[p]++
	}
}

// find returns the words with a stem.
func (t *stemTable) find(stem string) []uint32 {
	i, ok := slices.BinarySearch(t.stems, stem)
	if !ok {
		return nil
	}
	return t.words[t.starts[i]:t.starts[i+1]]
}

// near calls f with the words of the stems that are near to this one.
func (t *stemTable) near(stem string, f func(words []uint32)) {
	short := stem
	for range nearMore {
		_, size := utf8.DecodeLastRuneInString(short)
		short = short[:len(short)-size]
		if near(short, stem) {
			f(t.find(short))
		}
	}
	if utf8.RuneCountInString(stem) < nearLetters {
		return
	}
	i, _ := slices.BinarySearch(t.stems, stem)
	for ; i < len(t.stems) && strings.HasPrefix(t.stems[i], stem); i++ {
		if near(stem, t.stems[i]) {
			f(t.words[t.starts[i]:t.starts[i+1]])
		}
	}
}

// starting returns the places of the words that begin with prefix, by text.
func (x *lexicon) starting(prefix string) []uint32 {
	i := sort.Search(len(x.order), func(i int) bool { return x.word(x.order[i]) >= prefix })
	n := sort.Search(len(x.order)-i, func(n int) bool { return !strings.HasPrefix(x.word(x.order[i+n]), prefix) })
	return x.order[i : i+n]
}

// ending returns the places of the words that end with suffix.
func (x *lexicon) ending(suffix string) []uint32 {
	i := sort.Search(len(x.back), func(i int) bool { return compareBack(x.word(x.back[i]), suffix) >= 0 })
	n := sort.Search(len(x.back)-i, func(n int) bool { return !strings.HasSuffix(x.word(x.back[i+n]), suffix) })
	return x.back[i : i+n]
}
