package search

import (
	"cmp"
	"slices"
	"strings"
	"unicode/utf8"
)

// What a word that is found is worth beside the word that was asked for, in 256ths.
const (
	worthExact    = 256
	worthSynonym  = 220
	worthStem     = 200
	worthMisspelt = 160 // the word it was taken for; of its stem, as much less
	worthNear     = 120
	worthPrefix   = 110 // of the last word, which may be half
	worthCompound = 90
)

// How many words a rule adds at most: those in most documents.
const (
	mostPrefix   = 32
	mostStarred  = 256 // word*
	mostCompound = 32
	mostNear     = 64
)

// Letters that parts of words have at least.
const (
	leastPrefix = 3 // typed of a word that may go on
	leastForm   = 4 // of the word that is part of a compound
	leastOther  = 3 // of the other part
)

// found is a word that matches, and what it is worth.
type found struct {
	id    uint32
	worth uint16
}

// expansion gathers the words that match one that was asked for.
type expansion struct {
	*snapshot
	stem *stemmer
	all  map[uint32]uint16 // number to worth
}

func (s *snapshot) expansion(stem *stemmer) *expansion {
	return &expansion{s, stem, map[uint32]uint16{}}
}

// add keeps the greatest worth of each word. Words of no document do not count.
func (e *expansion) add(id uint32, worth uint16) {
	if e.df(id) > 0 {
		e.all[id] = max(e.all[id], worth)
	}
}

// found returns the words by number.
func (e *expansion) found() []found {
	list := make([]found, 0, len(e.all))
	for id, worth := range e.all {
		list = append(list, found{id, worth})
	}
	slices.SortFunc(list, func(a, b found) int { return cmp.Compare(a.id, b.id) })
	return list
}

// exact adds the word itself.
func (e *expansion) exact(word string, worth uint16) {
	if id, ok := e.dict.find(word); ok {
		e.add(id, worth)
	}
}

// family adds the word and those of the same stem.
func (e *expansion) family(word string, exact, stem uint16) {
	e.exact(word, exact)
	for t := range tongues {
		s, ok := e.stem.stem(tongue(t), word)
		if !ok {
			continue
		}
		for _, x := range e.dict.parts {
			for _, i := range x.stems[t].find(s) {
				e.add(x.first+i, stem)
			}
		}
	}
}

// near adds the words whose Estonian stem is near the word's: its words have
// several.
func (e *expansion) near(word string) {
	s, ok := e.stem.stem(estonian, word)
	if !ok {
		return
	}
	top := e.top(mostNear)
	for _, x := range e.dict.parts {
		x.stems[estonian].near(s, func(words []uint32) {
			for _, i := range words {
				top.offer(x.first + i)
			}
		})
	}
	top.add(worthNear)
}

// prefix adds words that begin so.
func (e *expansion) prefix(start string, most int, worth uint16) {
	top := e.top(most)
	for _, x := range e.dict.parts {
		for _, i := range x.starting(start) {
			top.offer(x.first + i)
		}
	}
	top.add(worth)
}

// compounds adds the words that are made of the word, or one found so far, and
// another known one: pilveteenus for teenus, and for pilve.
func (e *expansion) compounds(word string) {
	forms := []string{word}
	for id := range e.all {
		if w := e.dict.word(id); w != word {
			forms = append(forms, w)
		}
	}
	forms = slices.DeleteFunc(forms, func(w string) bool { return utf8.RuneCountInString(w) < leastForm })
	tails, heads := e.top(mostCompound), e.top(mostCompound)
	for _, form := range forms {
		for _, x := range e.dict.parts {
			for _, i := range x.ending(form) {
				if e.known(strings.TrimSuffix(x.word(i), form)) {
					tails.offer(x.first + i)
				}
			}
			for _, i := range x.starting(form) {
				if e.known(strings.TrimPrefix(x.word(i), form)) {
					heads.offer(x.first + i)
				}
			}
		}
	}
	tails.add(worthCompound)
	heads.add(worthCompound)
}

// known reports whether the other part of a compound is a word.
func (e *expansion) known(other string) bool {
	if utf8.RuneCountInString(other) < leastOther {
		return false
	}
	_, ok := e.dict.find(other)
	return ok
}

// top keeps those words that are in most documents.
type top struct {
	e    *expansion
	most int
	list []uint32
}

func (e *expansion) top(most int) *top { return &top{e: e, most: most} }

func (t *top) offer(id uint32) {
	if t.e.df(id) == 0 {
		return
	}
	t.list = append(t.list, id)
	if len(t.list) >= 4*t.most {
		t.cut()
	}
}

// cut keeps the best: those in most documents, then by text.
func (t *top) cut() {
	d := t.e.dict
	slices.SortFunc(t.list, func(a, b uint32) int {
		if a == b {
			return 0
		}
		return cmp.Or(cmp.Compare(t.e.df(b), t.e.df(a)), strings.Compare(d.word(a), d.word(b)))
	})
	t.list = slices.Compact(t.list)
	t.list = t.list[:min(len(t.list), t.most)]
}

func (t *top) add(worth uint16) {
	t.cut()
	for _, id := range t.list {
		t.e.add(id, worth)
	}
}
