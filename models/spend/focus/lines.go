package focus

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"strings"
)

// MaxLine is how many bytes a line of JSON Lines may have.
const MaxLine = 1 << 20

// LineReader reads charges from JSON Lines: an object on each line, whose keys are the
// columns. Numbers are kept as they are written. A line need not have every key.
type LineReader struct {
	in    *bufio.Reader
	h     *Heading
	cells []string
	place map[string]int
	line  int
	fresh []Problem
}

// Lines reads r, which is in UTF-8 with or without a byte order mark.
func Lines(r io.Reader) *LineReader {
	return &LineReader{in: bufio.NewReaderSize(r, MaxLine), h: &Heading{}, place: map[string]int{}}
}

// Line is the number of the line that was read last, from 1.
func (l *LineReader) Line() int { return l.line }

// Heading returns the columns that the lines had so far, and what is to be said about them
// as [NewHeading] does.
func (l *LineReader) Heading() (*Heading, []Problem) { return l.h, l.h.missing() }

// Read reads the next line that is not empty into a charge, as [Heading.Read] does; the
// problems are also those of columns that appear for the first time. It fails with io.EOF
// after the last line, and with what the reader fails with.
func (l *LineReader) Read(into *Charge) ([]Problem, error) {
	for {
		text, err := l.next()
		if err != nil {
			return nil, err
		}
		if text == nil {
			*into = Charge{}
			return []Problem{{Code: Long, Error: true}}, nil
		}
		if text = bytes.TrimSpace(text); len(text) > 0 {
			return l.read(text, into), nil
		}
	}
}

// next is a line, or nil for one that is too long.
func (l *LineReader) next() ([]byte, error) {
	text, err := l.in.ReadSlice('\n')
	if len(text) > 0 {
		l.line++
	}
	long := false
	for errors.Is(err, bufio.ErrBufferFull) {
		long = true
		text, err = l.in.ReadSlice('\n')
	}
	switch {
	case err != nil && (!errors.Is(err, io.EOF) || len(text) == 0 && !long):
		return nil, err
	case long:
		return nil, nil
	}
	if l.line == 1 {
		text = bytes.TrimPrefix(text, []byte(bom))
	}
	return text[:len(text):len(text)], nil
}

func (l *LineReader) read(text []byte, into *Charge) []Problem {
	clear(l.cells)
	l.fresh = l.fresh[:0]
	if !l.object(text) {
		*into = Charge{}
		return []Problem{{Code: NotJSON, Got: clip(string(text[:min(len(text), 100)])), Error: true}}
	}
	return append(l.h.Read(l.cells, into), l.fresh...)
}

// object puts the values of an object into their cells.
func (l *LineReader) object(text []byte) bool {
	d := json.NewDecoder(bytes.NewReader(text))
	if t, err := d.Token(); err != nil || t != json.Delim('{') {
		return false
	}
	for d.More() {
		key, err := d.Token()
		var value json.RawMessage
		if err != nil || d.Decode(&value) != nil {
			return false
		}
		if i, ok := l.column(key.(string)); ok {
			l.cells[i] = cellOf(value)
		}
	}
	if _, err := d.Token(); err != nil {
		return false
	}
	_, err := d.Token()
	return errors.Is(err, io.EOF)
}

// column is the place of a key, which is a new one at its first time.
func (l *LineReader) column(key string) (int, bool) {
	if i, ok := l.place[key]; ok {
		return i, true
	}
	if len(l.cells) >= MaxColumns || len(key) > MaxName {
		if len(l.fresh) == 0 || l.fresh[len(l.fresh)-1].Code != TooMany {
			l.fresh = append(l.fresh, Problem{Code: TooMany, Column: clip(key), Error: true})
		}
		return 0, false
	}
	if p, bad := l.h.add(key, false); bad {
		l.fresh = append(l.fresh, p)
	}
	l.cells = append(l.cells, "")
	l.place[strings.Clone(key)] = len(l.cells) - 1
	return len(l.cells) - 1, true
}

// cellOf is what a cell of CSV would have for a value.
func cellOf(value json.RawMessage) string {
	if len(value) > 0 && value[0] == '"' {
		var s string
		if json.Unmarshal(value, &s) == nil {
			return s
		}
	}
	if string(value) == "null" {
		return ""
	}
	return string(value)
}
