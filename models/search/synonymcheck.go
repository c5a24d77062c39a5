package search

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"pilveturg/models"
)

// What lists of synonyms may hold.
const (
	leastSynonyms  = 2 // words and phrases of a list
	mostSynonyms   = 20
	longestSynonym = 100 // characters
	mostLists      = 5000
)

// SplitSynonyms takes apart what a person typed: words and phrases with commas or
// line ends between. Places with nothing in them are left out.
func SplitSynonyms(text string) []string {
	var words []string
	for w := range strings.FieldsFuncSeq(text, func(r rune) bool { return r == ',' || r == '\n' || r == '\r' }) {
		if w = strings.TrimSpace(w); w != "" {
			words = append(words, w)
		}
	}
	return words
}

// settleSynonyms returns the words as they are kept, or says what is wrong with
// them.
func settleSynonyms(typed []string) ([]string, error) {
	wrong := models.Invalid{}
	if len(typed) < leastSynonyms {
		wrong["words"] = "synonym.too_few"
	}
	if len(typed) > mostSynonyms {
		return nil, models.Invalid{"words": "synonym.too_many"}
	}
	words, seen := make([]string, len(typed)), map[string]bool{}
	for i, one := range typed {
		words[i] = strings.Join(strings.Fields(one), " ")
		key := foldedPhrase(words[i])
		problem := synonymProblem(words[i], key)
		if problem == "" && seen[key] {
			problem = "synonym.twice"
		}
		if seen[key] = true; problem != "" {
			wrong[fmt.Sprintf("words.%d", i)] = problem
		}
	}
	return words, wrong.Or()
}

// synonymProblem is the key of what is wrong with a word or phrase, or "".
func synonymProblem(word, folded string) string {
	switch {
	case !utf8.ValidString(word) || strings.ContainsFunc(word, func(r rune) bool { return !unicode.IsPrint(r) }):
		return "synonym.unreadable"
	case strings.Contains(word, ","):
		return "synonym.comma"
	case utf8.RuneCountInString(word) > longestSynonym:
		return "synonym.long"
	case folded == "":
		return "synonym.no_letter"
	case phraseLength(word) > mostTogether:
		return "synonym.phrase"
	}
	return ""
}

// foldedPhrase is a word or phrase as it is compared.
func foldedPhrase(s string) string { return strings.Join(words(s), " ") }

// phraseLength is how many words of a query a phrase is: "single sign-on" is two.
func phraseLength(s string) (n int) {
	clusters(s, func(c cluster) bool {
		if len(c) > maxParts { // a query takes it apart
			n += len(c)
		} else {
			n++
		}
		return true
	})
	return n
}
