package search

import (
	"slices"
	"strings"
)

// mostTogether is how many words that follow each other are taken for a synonym.
const mostTogether = 4

// mostOthers is how many words and phrases one leads to at most, in all lists that
// it stands in: those of the first lists.
const mostOthers = 100

// synonyms leads from a word or phrase to others that mean the same, each as its
// words. A phrase stands there as one word too, which is how a query asks for
// "e-päevik".
type synonyms map[string][][]string

func newSynonyms(lists [][]string) synonyms {
	s := synonyms{}
	for _, list := range lists {
		for i, one := range list {
			parts := words(one)
			s.lead(strings.Join(parts, " "), list, i)
			if len(parts) > 1 {
				s.lead(strings.Join(parts, ""), list, i)
			}
		}
	}
	return s
}

// lead makes key lead to the others of the list it is at place i of.
func (s synonyms) lead(key string, list []string, i int) {
	if key == "" {
		return
	}
	for j, other := range list {
		w := words(other)
		if j == i || len(w) == 0 || strings.Join(w, " ") == key || len(s[key]) == mostOthers {
			continue
		}
		if !slices.ContainsFunc(s[key], func(have []string) bool { return slices.Equal(have, w) }) {
			s[key] = append(s[key], w)
		}
	}
}

// ways returns the ways to fulfil what means the same.
func (s synonyms) ways(c *compiler, key string) []way {
	var ways []way
	for _, other := range s[key] {
		w := way{}
		for _, word := range other {
			e := c.expansion(c.stem)
			e.family(word, worthSynonym, worthSynonym*worthStem/worthExact)
			if len(e.all) == 0 {
				w.atoms = nil
				break
			}
			w.atoms = append(w.atoms, c.score(e.found()))
		}
		if len(w.atoms) > 0 {
			ways = append(ways, w)
		}
	}
	return ways
}

// together takes the first clauses for one when their words are a phrase that has
// synonyms; it returns how many there are.
func (c *compiler) together(clauses []Clause) int {
	if len(c.synonyms) == 0 {
		return 0
	}
	var key []string
	best := 0
	for i := range clauses[:min(len(clauses), mostTogether)] {
		if clauses[i].Not || len(clauses[i].Words) != 1 || clauses[i].Words[0].Prefix {
			break
		}
		key = append(key, clauses[i].Words[0].Parts...)
		if _, ok := c.synonyms[strings.Join(key, " ")]; ok && i > 0 {
			best = i + 1
		}
	}
	if best == 0 {
		return 0
	}
	key = key[:0]
	typed := way{}
	for i := range clauses[:best] {
		w := &clauses[i].Words[0]
		key = append(key, w.Parts...)
		e := c.expansion(c.stem)
		c.widen(e, w, strings.Join(w.Parts, ""))
		typed.atoms = append(typed.atoms, c.score(e.found()))
	}
	all := wanted{ways: c.synonyms.ways(c, strings.Join(key, " "))}
	if !slices.ContainsFunc(typed.atoms, func(a atom) bool { return len(a.words) == 0 }) {
		all.ways = append(all.ways, typed)
	}
	c.keep(all)
	return best
}
