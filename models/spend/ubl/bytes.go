package ubl

import (
	"bufio"
	"io"
	"unicode/utf16"
	"unicode/utf8"
)

// capped fails with [ErrTooBig] instead of giving more than some bytes.
type capped struct {
	r    io.Reader
	left int
}

func (c *capped) Read(p []byte) (int, error) {
	if len(p) > c.left+1 {
		p = p[:c.left+1]
	}
	n, err := c.r.Read(p)
	if n > c.left {
		return 0, ErrTooBig
	}
	c.left -= n
	return n, err
}

// decoded gives UTF-8 for what starts with the byte order mark of UTF-8 or UTF-16, or as
// XML in UTF-16 does without one, and anything else as it is. marked reports whether the
// encoding is known by that.
func decoded(r io.Reader) (in io.Reader, marked bool) {
	b := bufio.NewReader(r)
	mark, _ := b.Peek(3)
	switch {
	case len(mark) == 3 && mark[0] == '<' && mark[1] == 0:
		return &wide{b: b, low: 0}, true
	case len(mark) == 3 && mark[0] == 0 && mark[1] == '<':
		return &wide{b: b, low: 1}, true
	case len(mark) == 3 && mark[0] == 0xEF && mark[1] == 0xBB && mark[2] == 0xBF:
		b.Discard(3)
		return b, true
	case len(mark) >= 2 && mark[0] == 0xFF && mark[1] == 0xFE:
		b.Discard(2)
		return &wide{b: b, low: 0}, true
	case len(mark) >= 2 && mark[0] == 0xFE && mark[1] == 0xFF:
		b.Discard(2)
		return &wide{b: b, low: 1}, true
	}
	return b, false
}

// wide turns UTF-16 into UTF-8. Halves without their other half become U+FFFD.
type wide struct {
	b    *bufio.Reader
	low  int    // which of two bytes is the low one
	rest []byte // of the last character
	half rune   // read ahead, where the half before it was alone
}

func (w *wide) Read(p []byte) (int, error) {
	n := 0
	for n < len(p) {
		if len(w.rest) == 0 {
			r, err := w.rune()
			if err != nil && n > 0 {
				return n, nil
			}
			if err != nil {
				return 0, err
			}
			w.rest = utf8.AppendRune(w.rest, r)
		}
		m := copy(p[n:], w.rest)
		n, w.rest = n+m, w.rest[m:]
	}
	return n, nil
}

func (w *wide) rune() (rune, error) {
	r, err := w.half, error(nil)
	w.half = 0
	if r == 0 {
		if r, err = w.unit(); err != nil || !utf16.IsSurrogate(r) {
			return r, err
		}
	}
	second, err := w.unit()
	if err != nil {
		return utf8.RuneError, nil
	}
	if both := utf16.DecodeRune(r, second); both != utf8.RuneError {
		return both, nil
	}
	if !utf16.IsSurrogate(second) {
		w.rest = utf8.AppendRune(w.rest, utf8.RuneError)
		return second, nil
	}
	w.half = second
	return utf8.RuneError, nil
}

func (w *wide) unit() (rune, error) {
	var two [2]byte
	if _, err := io.ReadFull(w.b, two[:]); err != nil {
		return 0, err
	}
	return rune(two[w.low]) | rune(two[1-w.low])<<8, nil
}
