package intake

import (
	"bytes"
	"strings"
)

// pdfDepth is how deep arrays and dictionaries may stand in each other.
const pdfDepth = 60

type pdfKind int

const (
	pdfEnd  pdfKind = iota // there is nothing more
	pdfWord                // obj, R, true, and what makes no sense
	pdfName
	pdfNumber
	pdfString
	pdfArray
	pdfDictionary
	pdfClose // ] or >>
)

// pdfValue is a value as far as it matters.
type pdfValue struct {
	kind  pdfKind
	text  string // of a name, without its slash and escapes; of a number or a word; of a string in hexadecimal, its digits
	dict  pdfDict
	names []string // in an array; its strings, too, when the lexer keeps them
	plain bool     // an array of nothing but names
}

func (v pdfValue) is(word string) bool     { return v.kind == pdfWord && v.text == word }
func (v pdfValue) isName(name string) bool { return v.kind == pdfName && v.text == name }

// pdfDict is a dictionary, by its keys; of values only the last stays that has a key.
type pdfDict map[string]pdfValue

func (d pdfDict) has(key string) bool {
	_, ok := d[key]
	return ok
}

func (d pdfDict) name(key string) string {
	if v := d[key]; v.kind == pdfName {
		return v.text
	}
	return ""
}

func (d pdfDict) number(key string) (int, bool) { return d[key].number() }

// lexer reads the syntax of PDF, ISO 32000-1, 7.2 and 7.3. It reads every byte once.
type lexer struct {
	data  []byte
	at    int
	depth int
	saw   func(key string, v pdfValue) // is told of every entry of every dictionary; may be nil
	keeps bool                         // strings in hexadecimal
}

func isSpace(c byte) bool {
	return c == ' ' || c == '\n' || c == '\r' || c == '\t' || c == '\f' || c == 0
}

func isDelimiter(c byte) bool { return strings.IndexByte("()<>[]{}/%", c) >= 0 }

// skip passes over spaces and comments.
func (l *lexer) skip() {
	for l.at < len(l.data) {
		c := l.data[l.at]
		switch {
		case isSpace(c):
			l.at++
		case c == '%':
			for l.at < len(l.data) && l.data[l.at] != '\n' && l.data[l.at] != '\r' {
				l.at++
			}
		default:
			return
		}
	}
}

// peek reports whether the next byte but n is c.
func (l *lexer) peek(n int, c byte) bool { return l.at+n < len(l.data) && l.data[l.at+n] == c }

// next reads what is no array and no dictionary; of those only how they begin and end.
func (l *lexer) next() pdfValue {
	l.skip()
	if l.at >= len(l.data) {
		return pdfValue{}
	}
	switch c := l.data[l.at]; {
	case c == '/':
		l.at++
		return pdfValue{kind: pdfName, text: unescape(l.run())}
	case c == '(':
		return l.literal()
	case c == '<' && l.peek(1, '<'):
		l.at += 2
		return pdfValue{kind: pdfDictionary}
	case c == '<':
		return l.hexadecimal()
	case c == '>' && l.peek(1, '>'):
		l.at += 2
		return pdfValue{kind: pdfClose}
	case c == '[':
		l.at++
		return pdfValue{kind: pdfArray}
	case c == ']':
		l.at++
		return pdfValue{kind: pdfClose}
	case isDelimiter(c):
		l.at++
		return pdfValue{kind: pdfWord, text: string(c)}
	}
	word := l.run()
	if word[0] == '+' || word[0] == '-' || word[0] == '.' || word[0] >= '0' && word[0] <= '9' {
		return pdfValue{kind: pdfNumber, text: string(word)}
	}
	return pdfValue{kind: pdfWord, text: string(word)}
}

// run reads up to the next space or delimiter.
func (l *lexer) run() []byte {
	start := l.at
	for l.at < len(l.data) && !isSpace(l.data[l.at]) && !isDelimiter(l.data[l.at]) {
		l.at++
	}
	return l.data[start:l.at]
}

// unescape reads a name, in which #4A stands for J.
func unescape(b []byte) string {
	if bytes.IndexByte(b, '#') < 0 {
		return string(b)
	}
	out := make([]byte, 0, len(b))
	for i := 0; i < len(b); i++ {
		if b[i] == '#' && i+2 < len(b) && hexDigit(b[i+1]) >= 0 && hexDigit(b[i+2]) >= 0 {
			out = append(out, byte(hexDigit(b[i+1])<<4|hexDigit(b[i+2])))
			i += 2
			continue
		}
		out = append(out, b[i])
	}
	return string(out)
}

// hexDigit is what a digit stands for, -1 for what is none.
func hexDigit(c byte) int {
	const digits = "0123456789abcdef0123456789ABCDEF"
	at := strings.IndexByte(digits, c)
	if at < 0 {
		return -1
	}
	return at % 16
}

// literal passes over a string in parentheses.
func (l *lexer) literal() pdfValue {
	for open := 0; l.at < len(l.data); l.at++ {
		switch l.data[l.at] {
		case '\\':
			l.at++
		case '(':
			open++
		case ')':
			if open--; open == 0 {
				l.at++
				return pdfValue{kind: pdfString}
			}
		}
	}
	l.at = len(l.data)
	return pdfValue{kind: pdfString}
}

// hexadecimal passes over a string in hexadecimal.
func (l *lexer) hexadecimal() pdfValue {
	start := l.at + 1
	for l.at < len(l.data) && l.data[l.at] != '>' {
		l.at++
	}
	v := pdfValue{kind: pdfString}
	if l.keeps {
		v.text = string(l.data[start:l.at])
	}
	l.at = min(l.at+1, len(l.data))
	return v
}

// value reads a value with all that is in it.
func (l *lexer) value() (pdfValue, error) {
	v := l.next()
	if v.kind != pdfArray && v.kind != pdfDictionary {
		return v, nil
	}
	if l.depth++; l.depth > pdfDepth {
		return v, refuse(Intricate, "deeper than %d", pdfDepth)
	}
	defer func() { l.depth-- }()
	var err error
	if v.kind == pdfDictionary {
		v.dict, err = l.entries()
		return v, err
	}
	v.plain = true
	for {
		one, err := l.value()
		if err != nil || one.kind == pdfClose || one.kind == pdfEnd {
			return v, err
		}
		if one.kind != pdfName {
			v.plain = false
		}
		if one.kind != pdfName && (one.kind != pdfString || !l.keeps) {
			continue
		}
		v.names = append(v.names, one.text)
	}
}

// dict reads a dictionary, and nothing else.
func (l *lexer) dict() (pdfDict, error) {
	v, err := l.value()
	if err == nil && v.kind != pdfDictionary {
		err = refuse(Damaged, "no dictionary at %d", l.at)
	}
	return v.dict, err
}

// entries reads a dictionary after its beginning. Values that need several words, such
// as references, are told by their first.
func (l *lexer) entries() (pdfDict, error) {
	d := pdfDict{}
	key, open := "", false
	for {
		v, err := l.value()
		if err != nil || v.kind == pdfClose || v.kind == pdfEnd {
			return d, err
		}
		if !open {
			key, open = v.text, v.kind == pdfName
			continue
		}
		if v.kind == pdfName || v.kind == pdfString || v.kind == pdfArray || v.kind == pdfDictionary || v.kind == pdfWord || !l.reference() {
			open = false
		} else {
			v, open = pdfValue{kind: pdfWord, text: "R"}, false
		}
		d[key] = v
		if l.saw != nil {
			l.saw(key, v)
		}
	}
}

// reference passes over the rest of "12 0 R" after its first number.
func (l *lexer) reference() bool {
	before := l.at
	if second := l.next(); second.kind == pdfNumber && l.next().is("R") {
		return true
	}
	l.at = before
	return false
}

// body reads the bytes of a stream after its word: as many as its head says, when its
// end stands after them, or else up to the next end.
func (l *lexer) body(head pdfDict) ([]byte, error) {
	if l.peek(0, '\r') {
		l.at++
	}
	if l.peek(0, '\n') {
		l.at++
	}
	start := l.at
	if n, ok := head.number("Length"); ok && n >= 0 && n <= len(l.data)-start {
		after := lexer{data: l.data[:min(len(l.data), start+n+64)], at: start + n}
		if after.next().is("endstream") {
			l.at = after.at
			return l.data[start : start+n], nil
		}
	}
	end := bytes.Index(l.data[start:], []byte("endstream"))
	if end < 0 {
		return nil, refuse(Damaged, "a stream at %d without end", start)
	}
	l.at = start + end + len("endstream")
	return l.data[start : start+end], nil
}
