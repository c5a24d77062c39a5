package search

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// MaxWords is how many words of a query are looked for; the rest are counted and
// left out.
const MaxWords = 32

// maxQuery is how much of a query is shown again, in bytes.
const maxQuery = 1000

// maxScanned is how far into a query words are looked for, in bytes.
const maxScanned = 1 << 20

// Query is what a person typed, taken apart. All clauses must hold.
type Query struct {
	Text    string // as it was typed; what is no text and spaces at the ends left out
	Clauses []Clause
	Kept    int // words that are looked for
	Dropped int // words above [MaxWords]
}

// Clause holds when one of its words does; with Not, when none does.
type Clause struct {
	Not   bool
	Words []Word
}

// Word is one thing to look for.
type Word struct {
	Text   string   // as it was typed, without signs
	Parts  []string // folded: one, or those of a cluster or a phrase, in their order
	Phrase bool     // in quotes: the parts stand one after the other
	Prefix bool     // word*: any word that begins so
	Last   bool     // may be half a word, since nothing follows it
}

// Positive reports whether the query asks for any word to be there.
func (q *Query) Positive() bool {
	for i := range q.Clauses {
		if !q.Clauses[i].Not {
			return true
		}
	}
	return false
}

// ParseQuery takes apart what a person typed: words that must all be there, OR
// between words one of which must, -word for one that must not, "a phrase", and
// word* for all that begins so. Anything can be typed: signs that make no sense
// where they stand are ignored, and quotes that are never closed as well.
func ParseQuery(s string) Query {
	p := parser{text: strings.ToValidUTF8(cut(s, maxScanned), " ")}
	for p.next() {
	}
	p.settle(s)
	p.query.Text = strings.TrimSpace(cut(p.text, maxQuery))
	return p.query
}

type parser struct {
	text  string
	at    int
	or    bool // the next word belongs to the clause before
	not   bool // the next word must not be there
	query Query
}

// next reads one piece of the query; false at the end.
func (p *parser) next() bool {
	for p.at < len(p.text) {
		r, size := utf8.DecodeRuneInString(p.text[p.at:])
		switch {
		case strings.ContainsRune(openQuotes, r):
			if p.phrase(size) {
				return true
			}
		case r == '|':
			p.or = len(p.query.Clauses) > 0
		case dash(r) && p.startsWord(p.at) && !p.startsWord(p.at+size):
			p.not = true
		case wordEnd(p.text, p.at) > p.at:
			p.word()
			return true
		default:
			p.not = false
		}
		p.at += size
	}
	return false
}

// Quotes of our languages; any of the closing ones closes.
const (
	openQuotes  = `"„“”«»`
	closeQuotes = `"“”»«`
)

func dash(r rune) bool { return r == '-' || r == '−' || r == '–' }

// startsWord reports whether a word at i would stand apart from what is before it.
func (p *parser) startsWord(i int) bool {
	if i >= len(p.text) {
		return true
	}
	if i == p.at {
		before, _ := utf8.DecodeLastRuneInString(p.text[:i])
		return i == 0 || unicode.IsSpace(before) || before == '|'
	}
	r, _ := utf8.DecodeRuneInString(p.text[i:])
	return unicode.IsSpace(r)
}

// phrase reads what is in quotes; false when they are never closed.
func (p *parser) phrase(size int) bool {
	inside := p.text[p.at+size:]
	end := strings.IndexAny(inside, closeQuotes)
	if end < 0 {
		return false
	}
	_, closing := utf8.DecodeRuneInString(inside[end:])
	inside = inside[:end]
	p.at += size + end + closing
	if parts := words(inside); len(parts) > 0 {
		p.add(Word{Text: strings.Join(strings.Fields(inside), " "), Parts: parts, Phrase: true}, len(parts))
	}
	return true
}

// word reads a cluster: a word, or several with nothing but a hyphen between.
func (p *parser) word() {
	start := p.at
	if end := wordEnd(p.text, start); Fold(p.text[start:end]) == "" { // marks without a letter
		p.at = end
		return
	}
	clusters(p.text[start:], func(c cluster) bool {
		p.at = start + c[len(c)-1].end
		text := p.text[start+c[0].start : p.at]
		switch text {
		case "OR", "VÕI", "ИЛИ":
			p.or = len(p.query.Clauses) > 0
			return false
		case "AND":
			return false
		}
		if len(c) > maxParts {
			p.apart(c)
			return false
		}
		star := strings.HasPrefix(p.text[p.at:], "*")
		p.add(Word{Text: text, Parts: c.texts(), Prefix: star}, 1)
		return false
	})
}

// apart takes a cluster that is too long to be one word for so many words.
func (p *parser) apart(c cluster) {
	not := p.not
	for _, one := range c {
		p.not = not
		p.add(Word{Text: one.text, Parts: []string{one.text}}, 1)
	}
}

// add puts a word into its clause. n is how many words it counts for.
func (p *parser) add(w Word, n int) {
	or, not := p.or, p.not
	p.or, p.not = false, false
	q := &p.query
	if q.Kept+n > MaxWords {
		q.Dropped += n
		return
	}
	q.Kept += n
	if last := len(q.Clauses) - 1; or && !not && !q.Clauses[last].Not {
		q.Clauses[last].Words = append(q.Clauses[last].Words, w)
		return
	}
	q.Clauses = append(q.Clauses, Clause{Not: not, Words: []Word{w}})
}

// settle marks the word at the very end, which may still be being typed.
func (p *parser) settle(typed string) {
	n := len(p.query.Clauses)
	if n == 0 || p.query.Dropped > 0 {
		return
	}
	end, _ := utf8.DecodeLastRuneInString(typed)
	c := &p.query.Clauses[n-1]
	w := &c.Words[len(c.Words)-1]
	w.Last = !w.Phrase && !w.Prefix && !c.Not && (unicode.IsLetter(end) || unicode.IsDigit(end))
}
