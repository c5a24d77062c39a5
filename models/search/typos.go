package search

import (
	"math/bits"
	"slices"
	"strings"
)

// Letters from which on a word may have one or two typing errors.
const (
	lettersForOne = 4
	lettersForTwo = 8
)

// clearlyMore is how many times more documents the word that somebody meant is in
// than the next best one, so that it is taken without asking.
const clearlyMore = 4

// mistakes returns how many typing errors a word may have.
func mistakes(l letters) int {
	switch {
	case !l.plain || l.count < lettersForOne:
		return 0
	case l.count < lettersForTwo:
		return 1
	}
	return 2
}

// misspelt returns the words that differ from this one by the least number of
// typing errors it may have, those in most documents first, and that number: a
// letter too many, too few, another one, or two neighbours exchanged.
func (s *snapshot) misspelt(word string) (ids []uint32, errors int) {
	own := lettersOf(word)
	least := mistakes(own)
	if least == 0 {
		return nil, 0
	}
	pattern := []rune(word)
	var typo typoTable
	for _, x := range s.dict.parts {
		for i, l := range x.marks {
			apart := bits.OnesCount32(l.mask ^ own.mask)
			longer := int(l.count) - int(own.count)
			if apart > 2*least || longer > least || -longer > least || !l.plain {
				continue
			}
			n := typo.distance(pattern, x.word(uint32(i)), least)
			if n > least || n == 0 || s.df(x.first+uint32(i)) == 0 {
				continue
			}
			if n < least {
				ids, least = ids[:0], n
			}
			ids = append(ids, x.first+uint32(i))
		}
	}
	slices.SortFunc(ids, func(a, b uint32) int {
		if n := s.df(b) - s.df(a); n != 0 {
			return n
		}
		return strings.Compare(s.dict.word(a), s.dict.word(b))
	})
	return ids, least
}

// typoTable is the memory in which distances are worked out.
type typoTable struct {
	word []rune
	rows [3][]int
}

// distance returns how many typing errors make a out of b, or more than most when
// there are more.
func (t *typoTable) distance(a []rune, b string, most int) int {
	t.word = t.word[:0]
	for _, r := range b {
		t.word = append(t.word, r)
	}
	for i := range t.rows {
		t.rows[i] = append(t.rows[i][:0], make([]int, len(a)+1)...)
	}
	before, last, row := t.rows[0], t.rows[1], t.rows[2]
	for j := range last {
		last[j] = j
	}
	for i, r := range t.word {
		row[0] = i + 1
		best := row[0]
		for j, q := range a {
			n := last[j]
			if q != r {
				n = 1 + min(n, last[j+1], row[j])
				if i > 0 && j > 0 && a[j-1] == r && q == t.word[i-1] {
					n = min(n, 1+before[j-1])
				}
			}
			row[j+1] = n
			best = min(best, n)
		}
		if best > most+1 { // an exchange reaches two rows back
			return best
		}
		before, last, row = last, row, before
	}
	return last[len(a)]
}

// clear reports whether the first of the words that may have been meant stands so
// far above the others that it is taken. Words of its own stem do not count.
func (s *snapshot) clear(stem *stemmer, ids []uint32) bool {
	if len(ids) == 0 {
		return false
	}
	first := s.dict.word(ids[0])
	for _, id := range ids[1:] {
		if stem.kin(first, s.dict.word(id)) {
			continue
		}
		return s.df(ids[0]) >= clearlyMore*s.df(id)
	}
	return true
}

// kin reports whether two words have the same stem in some tongue.
func (s *stemmer) kin(a, b string) bool {
	for t := range tongues {
		x, ok1 := s.stem(tongue(t), a)
		y, ok2 := s.stem(tongue(t), b)
		if ok1 && ok2 && x == y {
			return true
		}
	}
	return false
}
