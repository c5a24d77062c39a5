package search

import (
	"cmp"
	"math"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// wanted is a clause with the words that fulfil it in the dictionary.
type wanted struct {
	not  bool
	ways []way
	cost int // documents of all its words
}

// way is one way to fulfil a clause: every atom must be in the document.
type way struct {
	named []valued // or it has one of these values
	atoms []atom
	exact []uint32 // numbers of words that follow each other; none when it does not matter
	id    int64    // or it is the offering with this id
}

// atom is fulfilled by any of its words.
type atom struct {
	words  []scored
	values []valued // for which the words stand as well
}

// valued is a value and what it adds to the score.
type valued struct {
	ordinal, above int
	score          uint32
}

// scored is a word and what it adds to the score for each unit of impact.
type scored struct {
	id     uint32
	factor uint32
}

// plan is a query made ready for a snapshot.
type plan struct {
	clauses     []wanted
	corrections []Correction
	id          int64  // the offering whose number was typed; 0: none
	name        uint64 // hash of the whole query as a name; 0 when it is none
	seller      int    // place of the vendor so named; -1: none
}

// Correction is a word that nothing was found for and those it may have been
// meant to be, the likeliest first.
type Correction struct {
	Word  string
	By    []string
	Taken bool // the first of them was looked for instead
}

// mostCorrections is how many words are offered for one.
const mostCorrections = 3

// compiler makes a plan.
type compiler struct {
	*snapshot
	stem *stemmer
	plan plan
}

func (s *snapshot) compile(stem *stemmer, q *Query) plan {
	c := compiler{snapshot: s, stem: stem}
	for i := 0; i < len(q.Clauses); {
		clause := &q.Clauses[i]
		if n := c.together(q.Clauses[i:]); n > 0 {
			i += n
			continue
		}
		w := wanted{not: clause.Not}
		for j := range clause.Words {
			w.ways = append(w.ways, c.word(&clause.Words[j], clause.Not)...)
		}
		c.keep(w)
		i++
	}
	c.order()
	c.named(q)
	return c.plan
}

// keep adds a clause with its cost.
func (c *compiler) keep(w wanted) {
	for _, way := range w.ways {
		w.cost++
		for _, a := range way.atoms {
			for _, t := range a.words {
				w.cost += c.df(t.id)
			}
		}
	}
	c.plan.clauses = append(c.plan.clauses, w)
}

// order puts what is rarest first, and what must not be there last.
func (c *compiler) order() {
	slices.SortStableFunc(c.plan.clauses, func(a, b wanted) int {
		if a.not != b.not {
			if a.not {
				return 1
			}
			return -1
		}
		return cmp.Compare(a.cost, b.cost)
	})
}

// named looks whether the query is a name.
func (c *compiler) named(q *Query) {
	c.plan.seller = -1
	var key strings.Builder
	for i := range q.Clauses {
		if q.Clauses[i].Not || len(q.Clauses[i].Words) > 1 {
			return
		}
		for _, p := range q.Clauses[i].Words[0].Parts {
			key.WriteString(p)
		}
	}
	if key.Len() == 0 {
		return
	}
	c.plan.name = c.reg.hash(key.String())
	c.plan.seller = c.reg.named(c.plan.name)
	id, ok := typedID(key.String())
	if _, _, there := c.find(id); !ok || !there {
		return
	}
	c.plan.id = id
	if len(c.plan.clauses) > 1 && strings.HasPrefix(key.String(), "sc") { // sc 142
		c.plan.clauses = []wanted{{ways: []way{{id: id}}}}
	}
}

// typedID reads a number of an offering however it is spelt: sc142, 142.
func typedID(word string) (int64, bool) {
	digits := strings.TrimPrefix(word, "sc")
	if digits == "" || digits[0] == '0' || strings.Trim(digits, "0123456789") != "" {
		return 0, false
	}
	id, err := strconv.ParseInt(digits, 10, 64)
	return id, err == nil
}

// word returns the ways to fulfil one word. What must not be there is taken more
// narrowly: the word and those of its stem.
func (c *compiler) word(w *Word, not bool) []way {
	if w.Phrase {
		return c.phrase(w.Parts)
	}
	whole := strings.Join(w.Parts, "")
	e := c.expansion(c.stem)
	var ways []way
	switch {
	case w.Prefix:
		e.exact(whole, worthExact)
		e.prefix(whole, mostStarred, worthExact)
	case not:
		e.family(whole, worthExact, worthStem)
	default:
		c.widen(e, w, whole)
		ways = c.synonyms.ways(c, whole)
	}
	if len(e.all) > 0 {
		ways = append(ways, c.oneAtom(e))
	}
	if len(w.Parts) > 1 {
		ways = append(ways, c.phrase(w.Parts)...)
	}
	if id, ok := typedID(whole); ok && !w.Prefix {
		if _, _, there := c.find(id); there {
			ways = append(ways, way{id: id})
		}
	}
	if len(ways) == 0 && !not && !w.Prefix {
		ways = c.rescue(w, whole)
	}
	return ways
}

// widen adds all that goes with a word.
func (c *compiler) widen(e *expansion, w *Word, whole string) {
	e.family(whole, worthExact, worthStem)
	e.compounds(whole)
	e.near(whole)
	if w.Last && utf8.RuneCountInString(whole) >= leastPrefix {
		e.prefix(whole, mostPrefix, worthPrefix)
	}
}

func (c *compiler) oneAtom(e *expansion) way { return way{atoms: []atom{c.score(e.found())}} }

// score gives words their factors. How rare the word is that was asked for is told
// by the most frequent of those found for it.
func (c *compiler) score(list []found) atom {
	df := 0
	for _, f := range list {
		df = max(df, c.df(f.id))
	}
	rarity := c.rarity(df)
	a := atom{words: make([]scored, len(list))}
	for i, f := range list {
		factor := max(1, rarity*uint32(f.worth)/worthExact)
		a.words[i] = scored{f.id, factor}
		a.add(c.labelled(f.id), factor)
	}
	return a
}

// add adds values, each with its best score.
func (a *atom) add(values []labelled, factor uint32) {
	for _, l := range values {
		score := factor * uint32(l.impact)
		i := slices.IndexFunc(a.values, func(v valued) bool { return v.ordinal == l.ordinal && v.above == l.above })
		if i < 0 {
			a.values = append(a.values, valued{l.ordinal, l.above, score})
			continue
		}
		a.values[i].score = max(a.values[i].score, score)
	}
}

// rarity is higher for words of fewer documents, in 1024ths.
func (s *snapshot) rarity(df int) uint32 {
	df = min(df, s.count)
	return uint32(math.Round(1024 * math.Log(1+(float64(s.count-df)+0.5)/(float64(df)+0.5))))
}

// phrase looks for exactly these words one after the other, in a document or in the
// name of a value.
func (c *compiler) phrase(parts []string) []way {
	var w way
	for _, p := range parts {
		id, ok := c.dict.find(p)
		if !ok || c.df(id) == 0 {
			return nil
		}
		w.exact = append(w.exact, id)
		w.atoms = append(w.atoms, c.score([]found{{id, worthExact}}))
	}
	if len(parts) == 1 {
		w.exact = nil
		return []way{w}
	}
	var names way
	var score uint32
	for i := range w.atoms {
		score += w.atoms[i].words[0].factor
		w.atoms[i].values = nil
	}
	for _, l := range c.layout.labels.phrase(parts) {
		names.named = append(names.named, valued{l.ordinal, l.above, score * uint32(l.impact)})
	}
	if len(names.named) > 0 {
		return []way{w, names}
	}
	return []way{w}
}

// rescue finds what may have been meant by a word that is in no document: two
// words written as one, or a typing error.
func (c *compiler) rescue(w *Word, whole string) []way {
	if two := c.split(whole); two != nil {
		return two
	}
	ids, _ := c.misspelt(whole)
	if len(ids) == 0 {
		return nil
	}
	fix := Correction{Word: w.Text, Taken: c.clear(c.stem, ids)}
	for _, id := range ids[:min(len(ids), mostCorrections)] {
		fix.By = append(fix.By, c.dict.word(id))
	}
	c.plan.corrections = append(c.plan.corrections, fix)
	if !fix.Taken {
		return nil
	}
	e := c.expansion(c.stem)
	e.family(fix.By[0], worthMisspelt, worthMisspelt*worthStem/worthExact)
	return []way{c.oneAtom(e)}
}

// split takes a word for two that are known, where the rarer one is most frequent.
func (c *compiler) split(word string) []way {
	best, at := 0, 0
	for i := range word {
		head, tail := word[:i], word[i:]
		if utf8.RuneCountInString(head) < leastOther || utf8.RuneCountInString(tail) < leastOther {
			continue
		}
		a, ok1 := c.dict.find(head)
		b, ok2 := c.dict.find(tail)
		if !ok1 || !ok2 {
			continue
		}
		if df := min(c.df(a), c.df(b)); df > best {
			best, at = df, i
		}
	}
	if best == 0 {
		return nil
	}
	return []way{{atoms: []atom{c.family(word[:at]), c.family(word[at:])}}}
}

// family is a word and those of its stem as one atom.
func (c *compiler) family(word string) atom {
	e := c.expansion(c.stem)
	e.family(word, worthExact, worthStem)
	return c.score(e.found())
}
