package search

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// families are letters that count as the same when words are compared: the first
// of each family stands for all.
const families = "aàáâãäåāăąǎ cçćĉċč dďđð eèéêëēĕėęě gĝğġģ hĥħ iìíîïĩīĭįı jĵ kķ lĺļľŀł nñńņňŉ oòóôõöøōŏő " +
	"rŕŗř sśŝşšș tţťŧț uùúûüũūŭůűų wŵ yýÿŷ zźżž её гґ"

// spelled are letters that stand for two.
var spelled = map[rune]string{'æ': "ae", 'œ': "oe", 'ß': "ss", 'þ': "th", 'ĳ': "ij"}

// plainLetters leads from a lower-case letter with a mark to the one without.
var plainLetters = func() map[rune]rune {
	m := map[rune]rune{}
	for _, family := range strings.Fields(families) {
		first, size := utf8.DecodeRuneInString(family)
		for _, r := range family[size:] {
			m[r] = first
		}
	}
	return m
}()

// Fold returns s as words are compared: lower case, and letters without their
// marks, so that "Õppeinfosüsteem" and "oppeinfosusteem" are the same. The Russian
// й stays a letter of its own, however it is encoded.
func Fold(s string) string { return string(appendFold(nil, s)) }

func appendFold(b []byte, s string) []byte {
	for i := 0; i < len(s); {
		if c := s[i]; c < utf8.RuneSelf {
			if 'A' <= c && c <= 'Z' {
				c += 'a' - 'A'
			}
			b = append(b, c)
			i++
			continue
		}
		r, size := utf8.DecodeRuneInString(s[i:])
		b = appendLetter(b, r)
		i += size
	}
	return b
}

const breve = '\u0306' // и with a breve after it is й

// appendLetter adds one letter that is not ASCII.
func appendLetter(b []byte, r rune) []byte {
	r = unicode.ToLower(r)
	if p, ok := plainLetters[r]; ok {
		return utf8.AppendRune(b, p)
	}
	if two, ok := spelled[r]; ok {
		return append(b, two...)
	}
	switch {
	case r == breve && strings.HasSuffix(string(b[max(0, len(b)-2):]), "и"):
		return append(b[:len(b)-2], "й"...)
	case silent(r):
		return b
	}
	return utf8.AppendRune(b, r)
}

// silent reports whether r belongs to a word without being a letter of it: a mark
// over the letter before, or a soft hyphen.
func silent(r rune) bool { return r == '\u00ad' || unicode.Is(unicode.Mn, r) }
