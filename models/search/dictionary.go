package search

import (
	"hash/maphash"
	"sort"
)

// dictionary is all words of an index, by number: a large lexicon and small ones of
// those that came later. It does not change; with makes another one.
type dictionary struct {
	parts []*lexicon // their numbers follow each other
}

// len returns how many words there are; the next one has this number.
func (d *dictionary) len() int {
	if d == nil || len(d.parts) == 0 {
		return 0
	}
	last := d.parts[len(d.parts)-1]
	return int(last.first) + last.len()
}

// find returns the number of a word.
func (d *dictionary) find(word string) (uint32, bool) {
	if d == nil {
		return 0, false
	}
	for _, x := range d.parts {
		if i, ok := x.find(word); ok {
			return x.first + i, true
		}
	}
	return 0, false
}

// part returns the lexicon that a number is of, and the place in it.
func (d *dictionary) part(id uint32) (*lexicon, uint32) {
	i := sort.Search(len(d.parts), func(i int) bool { return d.parts[i].first > id }) - 1
	return d.parts[i], id - d.parts[i].first
}

// word returns the word with a number.
func (d *dictionary) word(id uint32) string {
	x, i := d.part(id)
	return x.word(i)
}

// df returns in how many documents a word stands; those that were replaced count
// until their segment is merged.
func (d *dictionary) df(id uint32) int {
	x, i := d.part(id)
	return int(x.df[i].Load())
}

// addDF counts documents that come, or go when n is negative. Writers only.
func (d *dictionary) addDF(id uint32, n int) {
	x, i := d.part(id)
	x.df[i].Add(uint32(n))
}

// stem returns the stem of a word that is known to have been worked out.
func (d *dictionary) stem(t tongue, word string) (string, bool) {
	if d == nil {
		return "", false
	}
	for _, x := range d.parts {
		i, ok := x.find(word)
		if !ok {
			continue
		}
		table := &x.stems[t]
		if s := table.of[i]; s >= 0 {
			return table.stems[s], true
		}
	}
	return "", false
}

// smallLexicon is the most words that are arranged anew for a few more.
const smallLexicon = 1024

// with returns the dictionary with more words, which it does not have yet. It is
// quick when they are few. df counts must not change meanwhile.
func (d *dictionary) with(pool stemmers, seed maphash.Seed, words []string) *dictionary {
	if len(words) == 0 {
		return d
	}
	keep := 0
	if d != nil {
		keep = len(d.parts)
	}
	for n := len(words); keep > 0; keep-- {
		if n += d.parts[keep-1].len(); n > smallLexicon {
			break
		}
	}
	return d.joined(pool, seed, keep, words)
}

// joined returns the dictionary with all parts but the first ones made one, which
// holds more words as well.
func (d *dictionary) joined(pool stemmers, seed maphash.Seed, keep int, words []string) *dictionary {
	next := &dictionary{}
	first := 0
	if keep > 0 {
		next.parts = append(next.parts, d.parts[:keep]...)
		first = next.len()
	}
	all := make([]string, 0, d.len()-first+len(words))
	for id := first; id < d.len(); id++ {
		all = append(all, d.word(uint32(id)))
	}
	next.parts = append(next.parts, newLexicon(pool, seed, uint32(first), append(all, words...), d))
	next.copyDF(d, first, d.len())
	return next
}

// copyDF takes over the numbers of documents of the words from first up to end.
func (d *dictionary) copyDF(from *dictionary, first, end int) {
	for id := first; id < end; id++ {
		x, i := d.part(uint32(id))
		x.df[i].Store(uint32(from.df(uint32(id))))
	}
}

// crowded returns how many parts may stay as they are and whether it is time to
// join the others: a few parts are looked through faster than many.
func (d *dictionary) crowded() (keep int, yes bool) {
	if len(d.parts) < 4 {
		return 0, false
	}
	if d.len() > d.parts[0].len()*5/4 {
		return 0, true
	}
	return 1, true
}
