package search

import (
	"unicode"
	"unicode/utf8"
)

// Limits that keep what people write from making an index of junk.
const (
	maxWord  = 64 // bytes of one folded word; the rest of it is left out
	maxParts = 6  // of a cluster that are joined; longer ones are kept in parts only
	maxJoin  = 40 // bytes of a joined word
)

// part is one word of a text.
type part struct {
	text       string // folded
	start, end int    // where it stands, in bytes
}

// cluster is a run of words with nothing between them but a hyphen or the like:
// "e-Kool" is e and kool, and can be written ekool too. Letters with a number
// behind them are two words as well: "ISO27001".
type cluster []part

// clusters calls f with each cluster of s, until f returns false. The cluster is
// valid only until f returns.
func clusters(s string, f func(cluster) bool) {
	var c cluster
	for i := 0; i < len(s); {
		end := wordEnd(s, i)
		if end == i {
			_, size := utf8.DecodeRuneInString(s[i:])
			i += size
			continue
		}
		c = c.split(s, i, end)
		i = end
		if size := joinerAt(s, i); size > 0 && wordEnd(s, i+size) > i+size {
			i += size
			continue
		}
		if len(c) > 0 && !f(c) {
			return
		}
		c = c[:0]
	}
	if len(c) > 0 {
		f(c)
	}
}

// wordEnd returns where the letters and digits that start at i end.
func wordEnd(s string, i int) int {
	for i < len(s) {
		c := s[i]
		if c < utf8.RuneSelf {
			if !isASCIIWord(c) {
				return i
			}
			i++
			continue
		}
		r, size := utf8.DecodeRuneInString(s[i:])
		if !unicode.IsLetter(r) && !unicode.IsDigit(r) && !silent(r) {
			return i
		}
		i += size
	}
	return i
}

func isASCIIWord(c byte) bool {
	return '0' <= c && c <= '9' || 'a' <= c|0x20 && c|0x20 <= 'z'
}

// joinerAt returns the size of a sign that joins the words beside it, or 0.
func joinerAt(s string, i int) int {
	if i >= len(s) {
		return 0
	}
	switch r, size := utf8.DecodeRuneInString(s[i:]); r {
	case '-', '.', '_', '&', '\'', '’', '‐', '‑':
		return size
	}
	return 0
}

// split adds the word between start and end, or the two it is made of: three or
// more letters and a number of two or more digits.
func (c cluster) split(s string, start, end int) cluster {
	digits := end
	for digits > start && '0' <= s[digits-1] && s[digits-1] <= '9' {
		digits--
	}
	head := s[start:digits]
	if end-digits >= 2 && utf8.RuneCountInString(head) >= 3 && !hasDigit(head) {
		return c.add(s, start, digits).add(s, digits, end)
	}
	return c.add(s, start, end)
}

func hasDigit(s string) bool {
	for _, r := range s {
		if unicode.IsDigit(r) {
			return true
		}
	}
	return false
}

func (c cluster) add(s string, start, end int) cluster {
	text := cut(Fold(s[start:end]), maxWord)
	if text == "" { // marks alone
		return c
	}
	return append(c, part{text, start, end})
}

// cut returns the letters of s that fit in n bytes.
func cut(s string, n int) string {
	if len(s) <= n {
		return s
	}
	for n > 0 && !utf8.RuneStart(s[n]) {
		n--
	}
	return s[:n]
}

// joined calls f with the words that the cluster can be written as when what
// stands between its parts is left out: each pair of neighbours, and all of it.
func (c cluster) joined(f func(text string)) {
	if len(c) < 2 || len(c) > maxParts {
		return
	}
	for i := range c[1:] {
		if t := c[i].text + c[i+1].text; len(t) <= maxJoin {
			f(t)
		}
	}
	if len(c) > 2 {
		if t := c.whole(); len(t) <= maxJoin {
			f(t)
		}
	}
}

// whole returns the parts written as one word.
func (c cluster) whole() string {
	if len(c) == 1 {
		return c[0].text
	}
	var b []byte
	for _, p := range c {
		b = append(b, p.text...)
	}
	return string(b)
}

func (c cluster) texts() []string {
	all := make([]string, len(c))
	for i, p := range c {
		all[i] = p.text
	}
	return all
}

// nameKey returns what is compared when a query is said to be exactly a name: all
// its words as one.
func nameKey(s string) string {
	var b []byte
	clusters(s, func(c cluster) bool {
		for _, p := range c {
			b = append(b, p.text...)
		}
		return true
	})
	return string(b)
}

// words returns the folded words of s, without the joined ones.
func words(s string) []string {
	var all []string
	clusters(s, func(c cluster) bool {
		all = append(all, c.texts()...)
		return true
	})
	return all
}
