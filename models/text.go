package models

import "slices"

// Text is one piece of writing in one or more languages: language tag ("et",
// "en") to words. Languages without words are absent.
type Text map[string]string

// Pick returns the words for a reader of lang, and the language they are in. What
// is not written in lang is shown in English, then Estonian, then whatever
// language comes first in the alphabet; the page marks it with that language.
func (t Text) Pick(lang string) (words, in string) {
	for _, l := range [...]string{lang, "en", "et"} {
		if w := t[l]; w != "" {
			return w, l
		}
	}
	for l, w := range t {
		if w != "" && (in == "" || l < in) {
			words, in = w, l
		}
	}
	return words, in
}

// Set keeps the words for a language; no words removes it. It makes the map when
// there is none.
func (t *Text) Set(lang, words string) {
	if words == "" {
		delete(*t, lang)
		return
	}
	if *t == nil {
		*t = Text{}
	}
	(*t)[lang] = words
}

// Equal reports whether both say the same in every language; a language without
// words counts as absent.
func (t Text) Equal(u Text) bool {
	for _, l := range Languages(t, u) {
		if t[l] != u[l] {
			return false
		}
	}
	return true
}

// Languages returns the languages that any of the texts has words in, sorted.
func Languages(texts ...Text) []string {
	var tags []string
	for _, t := range texts {
		for l, w := range t {
			if w != "" {
				tags = append(tags, l)
			}
		}
	}
	slices.Sort(tags)
	return slices.Compact(tags)
}
