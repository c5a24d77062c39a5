package publishing

import (
	"slices"
	"strings"
	"unicode"

	"pilveturg/models"
	"pilveturg/models/catalogue"
)

// ClaimWord is a word that claims something, where it stands.
type ClaimWord struct {
	Field    catalogue.Field
	Language string
	Question string // of an answer
	Word     string // as it is written
}

// boasts are beginnings of words, in small letters, by which texts claim what others
// cannot check: Estonian words go on with their endings.
func boasts() []string {
	return []string{
		"best", "leading", "leader", "certified", "guarantee", "fastest", "safest", "cheapest", "unbeatable", "unrivalled", "world-class", "world's",
		"award-winning", "foolproof", "unhackable", "flawless",
		"parim", "juhtiv", "sertifitseeri", "garanteeri", "garanti", "kiireim", "turvaliseim", "turvalisim", "odavaim", "soodsaim", "ainulaad", "ületamatu",
		"maailmatasemel", "turuliid", "täiuslik", "auhinnat",
	}
}

// claimWords returns the words of a listing that claim something, in the order of its
// texts.
func claimWords(c catalogue.Content) []ClaimWord {
	var found []ClaimWord
	look := func(at ClaimWord, text string) {
		for _, w := range words(text) {
			if boastful(w) {
				at.Word = w
				found = append(found, at)
			}
		}
	}
	langs := make([]string, 0, len(c.Words))
	for lang := range c.Words {
		langs = append(langs, lang)
	}
	slices.Sort(langs)
	for _, lang := range langs {
		w := c.Words[lang]
		look(ClaimWord{Field: catalogue.FieldName, Language: lang}, w.Name)
		look(ClaimWord{Field: catalogue.FieldSummary, Language: lang}, w.Summary)
		look(ClaimWord{Field: catalogue.FieldDescription, Language: lang}, w.Description)
	}
	for _, p := range c.Plans {
		for _, t := range []models.Text{p.Name, p.Note} {
			for _, lang := range models.Languages(t) {
				look(ClaimWord{Field: catalogue.FieldPlan, Language: lang}, t[lang])
			}
		}
	}
	for _, a := range c.Answers {
		for _, lang := range sortedKeys(a.Words) {
			look(ClaimWord{Field: catalogue.FieldAnswer, Question: a.Question, Language: lang}, strings.Join(a.Words[lang], "\n"))
		}
	}
	return found
}

func sortedKeys(m map[string][]string) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}

// words splits a text; apostrophes and hyphens within a word belong to it. Characters
// that nobody sees are left out, so that they do not hide a word.
func words(text string) []string {
	text = strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Cf, r) {
			return -1
		}
		return r
	}, text)
	return strings.FieldsFunc(text, func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.Is(unicode.Mn, r) && !strings.ContainsRune("-'’", r)
	})
}

func boastful(word string) bool {
	w := strings.ToLower(strings.ReplaceAll(strings.Trim(word, "-'"), "’", "'"))
	return slices.ContainsFunc(boasts(), func(b string) bool { return strings.HasPrefix(w, b) })
}

// newClaims returns the words that claim something in content more often than in base.
func newClaims(base, content catalogue.Content) []ClaimWord {
	before := map[string]int{}
	for _, w := range claimWords(base) {
		before[strings.ToLower(w.Word)]++
	}
	var found []ClaimWord
	for _, w := range claimWords(content) {
		word := strings.ToLower(w.Word)
		if before[word]--; before[word] < 0 {
			found = append(found, w)
		}
	}
	return found
}
