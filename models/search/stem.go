package search

import (
	"fmt"
	"runtime"
	"unicode/utf8"

	"github.com/tebeka/snowball"
)

// tongue is a language that words are stemmed by. The language of a text is not
// asked: every word is stemmed by all tongues of its script.
type tongue int

const (
	estonian tongue = iota
	english
	russian
	tongues int = iota
)

var tongueNames = [tongues]string{"estonian", "english", "russian"}

const shortestStem = 3 // letters of a word that has another stem than itself

// stemmer knows the stems of words. It is for one goroutine.
type stemmer [tongues]*snowball.Stemmer

func newStemmer() (*stemmer, error) {
	var s stemmer
	for i, name := range tongueNames {
		one, err := snowball.New(name)
		if err != nil {
			return nil, fmt.Errorf("search: stemmer: %w", err)
		}
		s[i] = one
	}
	// The library keeps its state outside of Go's memory.
	runtime.AddCleanup(&s, func(all [tongues]*snowball.Stemmer) {
		for _, one := range all {
			one.Close()
		}
	}, [tongues]*snowball.Stemmer(s))
	return &s, nil
}

// stem returns the stem of a folded word in a tongue; false when the word has
// none: it is too short, has digits, or is of another script.
func (s *stemmer) stem(t tongue, word string) (string, bool) {
	if !stemmed(t, word) {
		return "", false
	}
	stem := s[t].Stem(word)
	if stem == "" {
		return word, true
	}
	return stem, true
}

func stemmed(t tongue, word string) bool {
	letters := 0
	for _, r := range word {
		latin := 'a' <= r && r <= 'z'
		cyrillic := 'а' <= r && r <= 'я'
		if latin == (t == russian) || latin == cyrillic {
			return false
		}
		letters++
	}
	return letters >= shortestStem
}

// near reports whether two stems of one tongue are so alike that they belong
// together: one begins with the other and is at most two letters longer. Estonian
// words have several stems, teenu and teenus.
func near(a, b string) bool {
	if len(a) > len(b) {
		a, b = b, a
	}
	return b[:len(a)] == a && len(a) != len(b) &&
		utf8.RuneCountInString(a) >= nearLetters && utf8.RuneCountInString(b[len(a):]) <= nearMore
}

const (
	nearLetters = 4
	nearMore    = 2
)

// stemmers lends stemmers to those who ask at the same time.
type stemmers chan *stemmer

func newStemmers(n int) (stemmers, error) {
	all := make(stemmers, n)
	for range n {
		s, err := newStemmer()
		if err != nil {
			return nil, err
		}
		all <- s
	}
	return all, nil
}

// use runs f with a stemmer of its own.
func (s stemmers) use(f func(*stemmer)) {
	one := <-s
	defer func() { s <- one }()
	f(one)
}
