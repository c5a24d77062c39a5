package exchange

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"strings"
)

// cells splits CSV into rows within bounded memory. Cells stand between commas,
// semicolons or tabs, whichever the heading has most of; in quotes they may hold
// these, line ends, and quotes written twice. Lines end with LF, CR LF or CR.
type cells struct {
	r     *bufio.Reader
	comma byte
	line  int64 // number of the line being read, from 1
	at    int64 // how many bytes of the file have been read

	raw    []byte // this row as it stands in the file
	text   []byte // of its cells
	ends   []int  // where in text each ends
	state  cellState
	opened int64 // line of the last opening quote
	long   bool
	fault  *fault
	cr     bool // the byte before was a CR
}

type cellState int

const (
	atStart cellState = iota // of a cell
	inPlain
	inQuotes
	afterQuote // which closes the cell, or begins a doubled quote
)

// row is one row of cells.
type row struct {
	cells []string
	line  int64 // where it begins
	start int64 // the same in bytes
}

func (r row) blank() bool {
	for _, c := range r.cells {
		if strings.TrimSpace(c) != "" {
			return false
		}
	}
	return true
}

func newCells(r *bufio.Reader) *cells {
	c := &cells{r: r, line: 1}
	if head, _ := r.Peek(6); bytes.HasPrefix(bytes.ToLower(head), []byte("sep=")) && len(head) > 4 {
		c.comma = head[4]
		line, _ := r.ReadSlice('\n')
		c.at += int64(len(line))
		c.line++
		return c
	}
	head, _ := r.Peek(buffer)
	c.comma = separator(head)
	return c
}

// separator finds what parts the cells of the first row, outside quotes.
func separator(head []byte) byte {
	count := map[byte]int{}
	quoted := false
	for _, b := range head {
		if b == '"' {
			quoted = !quoted
		}
		if (b == '\n' || b == '\r') && !quoted {
			break
		}
		if !quoted {
			count[b]++
		}
	}
	best := byte(',')
	for _, b := range []byte{';', '\t'} {
		if count[b] > count[best] {
			best = b
		}
	}
	return best
}

// next returns the next row, or io.EOF. A fault means that the row cannot be used;
// one with the effect Stopped, that nothing after it can either.
func (c *cells) next() (row, *fault, error) {
	r := row{line: c.line, start: c.at}
	c.raw, c.text, c.ends = c.raw[:0], c.text[:0], c.ends[:0]
	c.state, c.long, c.fault = atStart, false, nil
	for {
		b, err := c.r.ReadByte()
		if errors.Is(err, io.EOF) && c.at > r.start {
			return c.last(r)
		}
		if err != nil {
			return row{}, nil, err
		}
		c.at++
		if c.long = c.long || len(c.raw) >= maxRecord; !c.long {
			c.raw = append(c.raw, b)
		}
		if c.take(b) {
			return c.finish(r)
		}
	}
}

// take reads one byte and reports whether it ends the row.
func (c *cells) take(b byte) bool {
	newline := b == '\n' || b == '\r'
	if b == '\n' && c.cr {
		c.line-- // CR LF is one line end
	}
	c.cr = b == '\r'
	if newline {
		c.line++
	}
	if c.state == inQuotes {
		if b == '"' {
			c.state = afterQuote
		} else {
			c.put(b)
		}
		return false
	}
	return c.outside(b, newline)
}

// outside reads a byte that no quotes protect.
func (c *cells) outside(b byte, newline bool) bool {
	switch {
	case newline:
		if b == '\r' {
			c.eatLF()
		}
		return true
	case b == c.comma:
		c.ends = append(c.ends, len(c.text))
		c.state = atStart
	case b == '"' && c.state == afterQuote:
		c.put(b)
		c.state = inQuotes
	case b == '"' && c.state == atStart:
		c.state, c.opened = inQuotes, c.line
	case c.state == afterQuote:
		c.fault = &fault{key: "exchange.after_quote", args: []any{c.line}}
		c.state = inPlain
	default:
		c.put(b)
		c.state = inPlain
	}
	return false
}

func (c *cells) eatLF() {
	c.cr = false
	if next, _ := c.r.Peek(1); len(next) == 1 && next[0] == '\n' {
		_, _ = c.r.Discard(1)
		c.at++
	}
}

func (c *cells) put(b byte) {
	if !c.long {
		c.text = append(c.text, b)
	}
}

// last returns a row that the end of the file ends.
func (c *cells) last(r row) (row, *fault, error) {
	if c.state == inQuotes {
		return r, &fault{effect: Stopped, key: "exchange.open_quote", args: []any{c.opened}}, nil
	}
	return c.finish(r)
}

func (c *cells) finish(r row) (row, *fault, error) {
	if c.long {
		return r, &fault{key: "exchange.too_long", args: []any{maxRecord >> 20}}, nil
	}
	if c.fault != nil {
		return r, c.fault, nil
	}
	if f := notText(c.raw, r.start); f != nil {
		return r, f, nil
	}
	text := string(c.text)
	from := 0
	for _, to := range append(c.ends, len(text)) {
		r.cells = append(r.cells, text[from:to])
		from = to
	}
	return r, nil, nil
}

// formula begins what spreadsheets take for a formula.
const formula = "=+-@\t\r"

// guard marks a cell that a spreadsheet would run as a formula, with an apostrophe
// before it.
func guard(cell string) string {
	if cell == "" {
		return cell
	}
	if strings.IndexByte(formula, cell[0]) >= 0 || unguard(cell) != cell {
		return "'" + cell
	}
	return cell
}

// unguard removes the mark of guard.
func unguard(cell string) string {
	if len(cell) > 1 && cell[0] == '\'' && strings.IndexByte(formula+"'", cell[1]) >= 0 {
		return cell[1:]
	}
	return cell
}

// joinList writes a list into one cell, "EE; FI", or as JSON when an entry would
// not survive that.
func joinList(list []string) (cell string, plain bool) {
	for i, s := range list {
		if s == "" || strings.TrimSpace(s) != s || strings.Contains(s, ";") || i == 0 && strings.IndexByte("[{", s[0]) >= 0 {
			return "", false
		}
	}
	return strings.Join(list, "; "), true
}

// splitList reads what joinList wrote, or somebody's own list.
func splitList(cell string) []string {
	var list []string
	for s := range strings.SplitSeq(cell, ";") {
		if s = strings.TrimSpace(s); s != "" {
			list = append(list, s)
		}
	}
	return list
}
