package ocds

import (
	"bufio"
	"bytes"
	"errors"
	"io"
)

// scanner goes through JSON as it comes, and keeps only what is asked for.
type scanner struct {
	in     *bufio.Reader
	offset int64
	depth  int // levels outside of what is being kept
	buf    []byte
	keep   bool // whether bytes go to buf
	most   int  // how many bytes buf may have
}

func newScanner(r io.Reader) *scanner {
	s := &scanner{in: bufio.NewReaderSize(r, 1<<16)}
	if bom, err := s.in.Peek(3); err == nil && string(bom) == "\xEF\xBB\xBF" {
		s.next(3)
	}
	return s
}

func (s *scanner) fail(kind error, code string, args ...string) error {
	return &Error{Problem: Problem{Code: code, Args: args}, Offset: s.offset, Err: kind}
}

// broken is for the end of the file where none should be, and other errors of reading.
func (s *scanner) broken(err error) error {
	if err == nil || errors.Is(err, io.EOF) {
		return s.fail(ErrBroken, NotJSON)
	}
	return err
}

// next passes n bytes that were peeked at.
func (s *scanner) next(n int) {
	if _, err := s.in.Discard(n); err == nil { // they are in the buffer
		s.offset += int64(n)
	}
}

// take passes bytes, and keeps them when they are to be kept.
func (s *scanner) take(b []byte) error {
	if s.keep {
		if len(s.buf)+len(b) > s.most {
			return s.tooBig()
		}
		s.buf = append(s.buf, b...)
	}
	s.next(len(b))
	return nil
}

func (s *scanner) tooBig() error { return s.fail(ErrTooBig, NotOCDS) }

// window are the bytes that are there, at least one.
func (s *scanner) window() ([]byte, error) {
	if _, err := s.in.Peek(1); err != nil {
		return nil, err
	}
	return s.in.Peek(s.in.Buffered())
}

// peek passes white space and returns the next byte without passing it; io.EOF at the end.
func (s *scanner) peek() (byte, error) {
	for {
		w, err := s.window()
		if err != nil {
			return 0, err
		}
		rest := bytes.TrimLeft(w, " \t\r\n")
		if err := s.take(w[:len(w)-len(rest)]); err != nil {
			return 0, err
		}
		if len(rest) > 0 {
			return rest[0], nil
		}
	}
}

// punctuation passes one byte that must be one of want.
func (s *scanner) punctuation(want string) (byte, error) {
	c, err := s.peek()
	if err != nil {
		return 0, s.broken(err)
	}
	if bytes.IndexByte([]byte(want), c) < 0 {
		return 0, s.fail(ErrBroken, NotJSON)
	}
	return c, s.take([]byte{c})
}

// skip passes one value of any kind.
func (s *scanner) skip() error {
	c, err := s.peek()
	if err != nil {
		return s.broken(err)
	}
	switch c {
	case '{', '[':
		return s.skipUnder()
	case '"':
		return s.skipText()
	}
	return s.skipWord()
}

// skipUnder passes an object or a list with all that is in it. Whether its brackets are of
// one kind is seen when it is parsed.
func (s *scanner) skipUnder() error {
	level := 0
	for {
		w, err := s.window()
		if err != nil {
			return s.broken(err)
		}
		i := bytes.IndexAny(w, `"{}[]`)
		if i < 0 {
			i = len(w) - 1
		}
		c := w[i]
		if c != '"' {
			i++
		}
		if err := s.take(w[:i]); err != nil {
			return err
		}
		switch c {
		case '"':
			if err := s.skipText(); err != nil {
				return err
			}
		case '{', '[':
			if level++; level+s.depth > MaxDepth+outer {
				return s.fail(ErrTooBig, TooDeep)
			}
		case '}', ']':
			if level--; level <= 0 {
				return nil
			}
		}
	}
}

// outer are the levels that a package may have around a release.
const outer = 8

// skipText passes a text with its quotes.
func (s *scanner) skipText() error {
	w, err := s.window()
	if err != nil {
		return s.broken(err)
	}
	if err := s.take(w[:1]); err != nil {
		return err
	}
	escaped := false
	for {
		w, err := s.window()
		if err != nil {
			return s.broken(err)
		}
		i := 0
		for i < len(w) && (escaped || w[i] != '"') {
			escaped = !escaped && w[i] == '\\'
			i++
		}
		end := i < len(w)
		if end {
			i++
		}
		if err := s.take(w[:i]); err != nil {
			return err
		}
		if end {
			return nil
		}
	}
}

// skipWord passes a number, true, false or null.
func (s *scanner) skipWord() error {
	for first := true; ; first = false {
		w, err := s.window()
		if err != nil && !errors.Is(err, io.EOF) {
			return err
		}
		i := bytes.IndexAny(w, "{}[],:\" \t\r\n")
		if first && i == 0 {
			return s.fail(ErrBroken, NotJSON)
		}
		if i < 0 {
			i = len(w)
		}
		if err := s.take(w[:i]); err != nil {
			return err
		}
		if i < len(w) || len(w) == 0 {
			return nil
		}
	}
}

// value keeps one value of at most most bytes. It is good until the next call.
func (s *scanner) value(most int) ([]byte, error) {
	if _, err := s.peek(); err != nil {
		return nil, s.broken(err)
	}
	s.begin(most)
	err := s.skip()
	s.keep = false
	return s.buf, err
}

func (s *scanner) begin(most int) {
	s.buf, s.keep, s.most = s.buf[:0], true, most
}
