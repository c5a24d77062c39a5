package sheet

import (
	"bufio"
	"bytes"
	"io"
	"slices"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/transform"
)

// The bounds of a row.
const (
	MaxRow     = 1 << 20 // bytes
	MaxColumns = 2000
)

// Problems of a row; [Row.Problem] is one of them. Reading goes on behind it.
const (
	LongRow    = "row_long"     // more than MaxRow bytes
	WideRow    = "row_wide"     // more than MaxColumns cells
	HasNUL     = "row_nul"      // it has NUL bytes
	OpenQuote  = "row_quote"    // a quotation mark opens and never closes
	BrokenText = "row_encoding" // bytes that the encoding of the file does not have
)

// Problems are all of them.
func Problems() []string {
	return []string{LongRow, WideRow, HasNUL, OpenQuote, BrokenText, JSONWrong, JSONTwice, JSONNames, JSONDeep}
}

// Row is a row of a table. Its cells are valid until the next one is read.
type Row struct {
	Line    int    // of the file, from 1, on which it begins
	Raw     string // as it stands in the file, in UTF-8, without its line end
	Cells   []string
	Problem string // why its cells cannot be trusted; "" when they can
}

// Blank reports whether there is nothing in a row.
func (r Row) Blank() bool {
	for _, cell := range r.Cells {
		if strings.TrimSpace(cell) != "" {
			return false
		}
	}
	return true
}

// Reader reads a table row by row, in little memory.
type Reader struct {
	r     *bufio.Reader
	delim byte
	utf8  bool
	line  int // on which the next row begins
	buf   []byte
	cells []string
	read  counted
	text  source // of what comes, in UTF-8
	begun bool
	given int // how often lines were given back
}

// counted counts the bytes that were read of a file.
type counted struct {
	r io.Reader
	n int64
}

func (c *counted) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	c.n += int64(n)
	return n, err
}

// source reads what was given back before it reads on.
type source struct {
	again []byte
	r     io.Reader
}

func (s *source) Read(p []byte) (int, error) {
	if len(s.again) == 0 {
		return s.r.Read(p)
	}
	n := copy(p, s.again)
	s.again = s.again[n:]
	return n, nil
}

// Open begins to read a table that is written in a style. It starts at its first line;
// [Reader.SkipTo] goes to the heading.
func Open(r io.Reader, s Style) *Reader {
	t := &Reader{line: 1, delim: ',', read: counted{r: r}, utf8: true}
	if s.Delimiter != "" {
		t.delim = s.Delimiter[0]
	}
	t.text.r = &t.read
	if e := s.decoder(); e != nil {
		t.text.r = transform.NewReader(t.text.r, e.NewDecoder())
		t.utf8 = false // it is made so
	}
	t.r = bufio.NewReaderSize(&t.text, 1<<20)
	return t
}

// BytesRead is how many bytes of the file were read, at most a buffer ahead of the row.
func (t *Reader) BytesRead() int64 { return t.read.n }

// SkipTo reads up to the row that begins on a line and returns it.
func (t *Reader) SkipTo(line int) (Row, error) {
	for {
		row, err := t.Next()
		if err != nil || row.Line >= line {
			return row, err
		}
	}
}

// Next returns the next row, blank ones included, or [io.EOF]. Line ends of all kinds end
// a row, unless they stand between quotation marks.
func (t *Reader) Next() (Row, error) {
	if !t.begun {
		t.begun = true
		if head, _ := t.r.Peek(3); bytes.Equal(head, []byte("\xef\xbb\xbf")) {
			_, _ = t.r.Discard(3)
		}
	}
	row := Row{Line: t.line}
	problem, err := t.gather()
	if err != nil {
		return row, err
	}
	row.Problem = problem
	if t.utf8 && !utf8.Valid(t.buf) {
		t.buf = bytes.ToValidUTF8(t.buf, []byte("\uFFFD"))
		row.Problem = BrokenText
	}
	row.Raw = string(t.buf)
	if row.Problem == "" && strings.IndexByte(row.Raw, 0) >= 0 {
		row.Problem = HasNUL
	}
	t.split(row.Raw)
	row.Cells = t.cells
	if row.Problem == "" && len(row.Cells) > MaxColumns {
		row.Problem, row.Cells = WideRow, row.Cells[:MaxColumns]
	}
	return row, nil
}

// gather collects the bytes of a row. A quotation mark opens at the beginning of a cell
// only; elsewhere it is a sign like others.
func (t *Reader) gather() (problem string, err error) {
	t.buf = t.buf[:0]
	quoted, lines, first, from := false, 1, 0, 0
	for {
		if err := t.piece(); err != nil {
			if err != io.EOF || len(t.buf) == 0 {
				return "", err
			}
			if open, broken := t.open(quoted, from); open || broken && first > 0 {
				return t.giveBack(lines, first)
			}
			t.line += lines
			return "", nil
		}
		end := t.lineEnd()
		if end == "" { // the buffer is empty: what is open is found out when more is there
			if len(t.buf) <= MaxRow {
				continue
			}
			t.line += lines
			return LongRow, t.skipLine()
		}
		broken := false
		if quoted, broken = t.open(quoted, from); broken && first > 0 {
			t.buf = append(t.buf, end...)
			return t.giveBack(lines, first)
		}
		if !quoted {
			t.line += lines
			if len(t.buf) > MaxRow {
				problem = LongRow
			}
			return problem, nil
		}
		if first == 0 {
			first = len(t.buf)
		}
		t.buf = append(t.buf, end...)
		from = len(t.buf)
		if from > MaxRow {
			return t.giveBack(lines, first)
		}
		lines++
	}
}

// mostGivenBack is how often the lines behind an open quotation mark are read again; in a
// file with more of them they are parts of the row.
const mostGivenBack = 100

// giveBack ends a row whose quotation mark never closes behind its first line, and has
// the lines behind it read again.
func (t *Reader) giveBack(lines, first int) (problem string, err error) {
	if t.given++; first == 0 || t.given > mostGivenBack {
		t.line += lines
		return OpenQuote, nil
	}
	rest := bytes.TrimPrefix(bytes.TrimPrefix(t.buf[first:], []byte("\r")), []byte("\n"))
	ahead, _ := t.r.Peek(t.r.Buffered())
	t.text.again = slices.Concat(rest, ahead, t.text.again)
	t.r.Reset(&t.text)
	t.buf = t.buf[:first]
	t.line++
	return OpenQuote, nil
}

// piece takes what stands before the next line end, or before the end of the buffer.
func (t *Reader) piece() error {
	if t.r.Buffered() == 0 {
		if _, err := t.r.Peek(1); err != nil {
			return err
		}
	}
	ahead, _ := t.r.Peek(t.r.Buffered())
	n := bytes.IndexByte(ahead, '\n')
	if n < 0 {
		n = len(ahead)
	}
	if i := bytes.IndexByte(ahead[:n], '\r'); i >= 0 {
		n = i
	}
	t.buf = append(t.buf, ahead[:n]...)
	_, _ = t.r.Discard(n)
	return nil
}

// lineEnd takes a line end that stands next, and returns it.
func (t *Reader) lineEnd() string {
	ahead, err := t.r.Peek(1)
	if err != nil || ahead[0] != '\n' && ahead[0] != '\r' {
		return ""
	}
	if ahead[0] == '\n' {
		_, _ = t.r.Discard(1)
		return "\n"
	}
	if two, err := t.r.Peek(2); err == nil && two[1] == '\n' {
		_, _ = t.r.Discard(2)
		return "\r\n"
	}
	_, _ = t.r.Discard(1)
	return "\r"
}

// skipLine forgets the rest of a line that is too long.
func (t *Reader) skipLine() error {
	kept := len(t.buf)
	for {
		err := t.piece()
		t.buf = t.buf[:kept]
		if err == io.EOF || err == nil && t.lineEnd() != "" {
			return nil
		}
		if err != nil {
			return err
		}
	}
}

// open reports whether quotation marks are open behind the buffer, when they were or were
// not before its part from some place on. They are broken where those that were open
// close in the middle of a word: a mark is missing above, and rows would be swallowed.
func (t *Reader) open(quoted bool, from int) (open, broken bool) {
	rest, first := t.buf[from:], quoted
	for {
		if quoted {
			i := bytes.IndexByte(rest, '"')
			if i < 0 {
				return true, broken
			}
			if i+1 < len(rest) && rest[i+1] == '"' {
				rest = rest[i+2:]
				continue
			}
			quoted, rest = false, rest[i+1:]
			behind := bytes.TrimLeft(rest, " ")
			broken = broken || first && len(behind) > 0 && behind[0] != t.delim
			first = false
			continue
		}
		i := bytes.IndexByte(rest, '"')
		if i < 0 {
			return false, broken
		}
		at := len(t.buf) - len(rest) + i
		if at == 0 || t.buf[at-1] == t.delim {
			quoted = true
		}
		rest = rest[i+1:]
	}
}

// split cuts a row into its cells.
func (t *Reader) split(raw string) {
	t.cells = t.cells[:0]
	for {
		if len(raw) > 0 && raw[0] == '"' {
			cell, rest, more := quotedCell(raw, t.delim)
			t.cells = append(t.cells, cell)
			if !more {
				return
			}
			raw = rest
			continue
		}
		i := strings.IndexByte(raw, t.delim)
		if i < 0 || len(t.cells) > MaxColumns {
			t.cells = append(t.cells, raw)
			return
		}
		t.cells = append(t.cells, raw[:i])
		raw = raw[i+1:]
	}
}

// quotedCell reads a cell between quotation marks; what stands behind the closing one,
// up to the delimiter, belongs to it.
func quotedCell(raw string, delim byte) (cell, rest string, more bool) {
	body := raw[1:]
	i := strings.IndexByte(body, '"')
	if i >= 0 && (i+1 == len(body) || body[i+1] == delim) { // the usual one
		if i+1 == len(body) {
			return body[:i], "", false
		}
		return body[:i], body[i+2:], true
	}
	var b strings.Builder
	for {
		i := strings.IndexByte(body, '"')
		if i < 0 {
			b.WriteString(body)
			return b.String(), "", false
		}
		b.WriteString(body[:i])
		body = body[i+1:]
		if len(body) > 0 && body[0] == '"' {
			b.WriteByte('"')
			body = body[1:]
			continue
		}
		if i := strings.IndexByte(body, delim); i >= 0 {
			b.WriteString(body[:i])
			return b.String(), body[i+1:], true
		}
		b.WriteString(body)
		return b.String(), "", false
	}
}
