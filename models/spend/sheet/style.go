package sheet

import (
	"bytes"
	"io"
	"math"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	enc "golang.org/x/text/encoding/unicode"
)

// The encodings.
const (
	UTF8     = "utf-8"
	UTF16LE  = "utf-16le"
	UTF16BE  = "utf-16be"
	CP1252   = "cp1252"    // Windows, Western European
	MacRoman = "mac_roman" // Apple, before 2001
)

// The line ends.
const (
	LF    = "LF"
	CRLF  = "CRLF"
	CR    = "CR"
	Mixed = "mixed"
)

// Style is how a table is written.
type Style struct {
	Encoding  string `json:"encoding"`
	BOM       bool   `json:"bom,omitempty"`
	LineEnd   string `json:"line_end"`
	Delimiter string `json:"delimiter"`
	Heading   int    `json:"heading"` // line of the heading in the file, from 1; 0: there is none
}

// sampleSize is how many bytes the delimiter and the heading are found in.
const sampleSize = 256 << 10

// Sniff reads a file to its end and says how it is written.
func Sniff(r io.Reader) (Style, error) {
	var c counter
	if err := c.read(r); err != nil {
		return Style{}, err
	}
	s := Style{Encoding: c.encoding(), LineEnd: c.lineEnd()}
	s.BOM = bytes.HasPrefix(c.sample, []byte("\xef\xbb\xbf")) || bytes.HasPrefix(c.sample, []byte("\xff\xfe")) || bytes.HasPrefix(c.sample, []byte("\xfe\xff"))
	s.Delimiter = s.delimiter(c.sample)
	s.Heading = headingOf(s.rows(c.sample))
	return s, nil
}

// counter counts what tells encodings and line ends apart.
type counter struct {
	sample        []byte
	n             int64
	high          [256]int64 // of bytes from 0x80 on
	beside        [256]int64 // of those, with an ASCII letter on some side
	money         [256]int64 // of those, with a digit behind or nothing before
	zeroEven      int64
	zeroOdd       int64
	notUTF8       bool
	rest          []byte // of a character that the last piece cut
	last          byte
	lf, cr, crlf  int64
	pendingBeside byte // a high byte whose right side is not known yet
}

func (c *counter) read(r io.Reader) error {
	buf := make([]byte, 256<<10)
	for {
		n, err := r.Read(buf)
		c.add(buf[:n])
		if err == io.EOF {
			if c.last == '\r' {
				c.cr++
			}
			if len(c.rest) > 0 {
				c.notUTF8 = true
			}
			return nil
		}
		if err != nil {
			return err
		}
	}
}

func (c *counter) add(p []byte) {
	if room := sampleSize - len(c.sample); room > 0 {
		c.sample = append(c.sample, p[:min(room, len(p))]...)
	}
	c.checkUTF8(p)
	for _, b := range p {
		switch {
		case b == '\n' && c.last == '\r':
			c.crlf++
		case b == '\n':
			c.lf++
		case c.last == '\r':
			c.cr++
		}
		if b == 0 {
			if c.n&1 == 0 {
				c.zeroEven++
			} else {
				c.zeroOdd++
			}
		}
		if c.pendingBeside != 0 {
			if isLetter(b) {
				c.beside[c.pendingBeside]++
			}
			if b >= '0' && b <= '9' {
				c.money[c.pendingBeside]++
			}
			c.pendingBeside = 0
		}
		if b >= 0x80 {
			c.high[b]++
			if isLetter(c.last) {
				c.beside[b]++
			} else {
				c.pendingBeside = b
			}
		}
		c.last = b
		c.n++
	}
}

func isLetter(b byte) bool { return b|0x20 >= 'a' && b|0x20 <= 'z' }

func (c *counter) checkUTF8(p []byte) {
	if c.notUTF8 {
		return
	}
	if len(c.rest) > 0 {
		p = append(c.rest, p...)
		c.rest = nil
	}
	if utf8.Valid(p) {
		return
	}
	for cut := 1; cut < utf8.UTFMax && cut <= len(p); cut++ {
		if tail := p[len(p)-cut:]; utf8.RuneStart(tail[0]) && !utf8.FullRune(tail) && utf8.Valid(p[:len(p)-cut]) {
			c.rest = bytes.Clone(tail)
			return
		}
	}
	c.notUTF8 = true
}

func (c *counter) lineEnd() string {
	kinds, end := 0, LF
	for _, one := range []struct {
		n    int64
		name string
	}{{c.lf, LF}, {c.crlf, CRLF}, {c.cr, CR}} {
		if one.n > 0 {
			kinds++
			end = one.name
		}
	}
	if kinds > 1 {
		return Mixed
	}
	return end
}

func (c *counter) encoding() string {
	switch {
	case bytes.HasPrefix(c.sample, []byte("\xff\xfe")), c.zeroOdd > c.n/4 && c.zeroEven < c.n/20:
		return UTF16LE
	case bytes.HasPrefix(c.sample, []byte("\xfe\xff")), c.zeroEven > c.n/4 && c.zeroOdd < c.n/20:
		return UTF16BE
	case !c.notUTF8:
		return UTF8
	}
	mac, windows := c.plausible(charmap.Macintosh), c.plausible(charmap.Windows1252)
	if mac > windows || mac == windows && c.cr > 0 && c.lf+c.crlf == 0 {
		return MacRoman
	}
	return CP1252
}

// plausible says how well the bytes of a file read in an encoding: letters stand beside
// letters, currency signs before numbers, and few signs are rare ones.
func (c *counter) plausible(m *charmap.Charmap) (score int64) {
	for b := 0x80; b < 0x100; b++ {
		n := c.high[b]
		if n == 0 {
			continue
		}
		r := m.DecodeByte(byte(b))
		switch {
		case r == utf8.RuneError || unicode.IsControl(r):
			score -= 4 * n
		case unicode.IsLetter(r) && r < 0x180:
			score += 2*c.beside[b] - (n - c.beside[b])
		case unicode.Is(unicode.Sc, r):
			score += 2*c.money[b] - (n-c.money[b])/2
		case strings.ContainsRune("\u00a0–—‘’“”•…®©™°«»½¼¾²³", r):
			score += n
		default:
			score -= 2 * n
		}
	}
	return score
}

// decoder turns the bytes of the file into UTF-8.
func (s Style) decoder() encoding.Encoding {
	switch s.Encoding {
	case UTF16LE:
		return enc.UTF16(enc.LittleEndian, enc.UseBOM)
	case UTF16BE:
		return enc.UTF16(enc.BigEndian, enc.UseBOM)
	case CP1252:
		return charmap.Windows1252
	case MacRoman:
		return charmap.Macintosh
	default:
		return nil
	}
}

// delimiters are tried in this order; the first of equals is taken.
const delimiters = ",;\t|"

// sampleRows are read to find the delimiter and the heading.
const sampleRows = 400

// delimiter is the sign by which the most rows have the same number of cells, and more
// than one.
func (s Style) delimiter(sample []byte) string {
	best, score := ",", 0.0
	for _, d := range delimiters {
		s.Delimiter = string(d)
		widths := map[int]int{}
		all := 0
		for _, row := range s.rows(sample) {
			if n := len(row.Cells); !row.Blank() {
				widths[n]++
				all++
			}
		}
		for width, n := range widths {
			if width < 2 {
				continue
			}
			if own := float64(n) / float64(all) * math.Log(float64(1+width)); own > score {
				best, score = s.Delimiter, own
			}
		}
	}
	return best
}

// rows are the first rows of a sample.
func (s Style) rows(sample []byte) (all []Row) {
	s.Heading = 0
	r := Open(bytes.NewReader(sample), s)
	for len(all) < sampleRows {
		row, err := r.Next()
		if err != nil {
			break
		}
		row.Cells = append([]string(nil), row.Cells...)
		all = append(all, row)
	}
	if len(all) > 2 && len(sample) == sampleSize {
		all = all[:len(all)-1] // which may be cut
	}
	return all
}

// mostAbove is how many lines of titles may stand above a heading.
const mostAbove = 40

// headingOf is the line of the first row that has nearly as many cells with something in
// them as the rows have, and only words in them, most of them once.
func headingOf(rows []Row) int {
	usual := usualWidth(rows)
	for _, row := range rows[:min(len(rows), mostAbove)] {
		seen, filled, words, once := map[string]bool{}, 0, 0, 0
		for _, cell := range row.Cells {
			if cell = strings.TrimSpace(cell); cell == "" {
				continue
			}
			filled++
			if looksLikeData(cell) {
				continue
			}
			if words++; !seen[cell] {
				once++
			}
			seen[cell] = true
		}
		if filled > 1 && filled*10 >= usual*6 && words*10 >= filled*9 && once*10 >= filled*7 {
			return row.Line
		}
	}
	return 0
}

// usualWidth is how many cells with something in them most rows have.
func usualWidth(rows []Row) int {
	widths, best := map[int]int{}, 0
	for _, row := range rows {
		filled := 0
		for _, cell := range row.Cells {
			if strings.TrimSpace(cell) != "" {
				filled++
			}
		}
		if widths[filled]++; filled > 0 && (best == 0 || widths[filled] > widths[best]) {
			best = filled
		}
	}
	return best
}

// looksLikeData reports whether a cell is a number or a day, and so no heading.
func looksLikeData(cell string) bool {
	if _, ok := readNumber(cell); ok {
		return true
	}
	return len(readDay(cell)) > 0
}
