package spend

import (
	"bytes"
	"context"
	"errors"
	"io"
	"slices"
	"strings"

	"pilveturg/models/spend/sheet"
)

// Found is what was found out about a file.
type Found struct {
	Style   sheet.Style    `json:"style"`
	Columns []sheet.Column `json:"columns,omitempty"`
	Lines   bool           `json:"lines,omitempty"` // a bill in JSON Lines
	Objects *sheet.Objects `json:"objects,omitempty"`
	Book    bool           `json:"book,omitempty"` // a workbook …
	Tab     int            `json:"tab,omitempty"`  // … of which this sheet is read, from 0 …
	Tabs    []string       `json:"tabs,omitempty"` // … of these
}

// Found is what was found out about the file of a batch.
func (b *Batch) Found() (f Found) {
	read(b.StyleText, &f)
	return f
}

// Mapping is what the columns of a batch mean, as far as somebody or something said.
func (b *Batch) Mapping() *Mapping {
	m := &Mapping{}
	read(b.MappingText, m)
	return m
}

// Why a file cannot be read; [Batch.Why] is one of them.
const (
	WhyEmpty   = "empty"   // there is nothing in it
	WhyUnknown = "unknown" // it is none of the formats
	WhyHostile = "hostile" // it is made to do harm
	WhyBroken  = "broken"  // it ends in the middle, or breaks its format
	WhyUnclear = "unclear" // it is an invoice that does not say what it charges

	WhyOldBook = "old_workbook" // a workbook from before 1997, or one that a password locks
	WhyArchive = "archive"      // several files in one
	WhyParquet = "parquet"      // a table that programs write for programs
)

// Whys are all of them.
func Whys() []string {
	return []string{WhyEmpty, WhyUnknown, WhyHostile, WhyBroken, WhyUnclear, WhyOldBook, WhyArchive, WhyParquet}
}

// errWhy ends the reading of a file that cannot be read.
type errWhy string

func (e errWhy) Error() string { return "the file cannot be read: " + string(e) }

// Open opens the bytes of a file from their beginning, as often as it is asked.
type Open func() (io.ReadCloser, error)

// scanned is what a first reading of a file brings.
type scanned struct {
	found   Found
	format  Format
	mapping *Mapping
	sure    bool // nobody has to be asked
}

// magic is how many bytes tell the kinds of files apart.
const magic = 4096

// scan reads a file to its end and finds out what it is.
func (w *Worker) scan(ctx context.Context, b *Batch, open Open) (scanned, error) {
	head, err := headOf(open)
	if err != nil {
		return scanned{}, err
	}
	trimmed := bytes.TrimLeft(bytes.TrimPrefix(head, []byte("\xef\xbb\xbf")), " \t\r\n")
	switch {
	case len(trimmed) == 0:
		return scanned{}, errWhy(WhyEmpty)
	case bytes.HasPrefix(head, []byte("PK\x03\x04")), bytes.HasPrefix(head, []byte("\xd0\xcf\x11\xe0")):
		return w.scanBook(ctx, b, open)
	case bytes.HasPrefix(head, []byte("PAR1")):
		return scanned{}, errWhy(WhyParquet)
	case bytes.HasPrefix(head, []byte("%PDF")), bytes.HasPrefix(head, []byte("\x89PNG")), bytes.HasPrefix(head, []byte("\xff\xd8\xff")):
		return scanned{}, errWhy(WhyUnknown)
	case isArchive(head):
		return scanned{}, errWhy(WhyArchive)
	case isXML(head):
		return scanned{format: UBL, mapping: &Mapping{}, sure: true}, nil
	case isJSON(head):
		return w.scanJSON(ctx, b, open)
	}
	return w.scanTable(ctx, b, open)
}

// isArchive reports whether a file holds others: 7z, RAR, bzip2, xz or tar. Those that zip
// packed may be workbooks, and are told apart when they are opened.
func isArchive(head []byte) bool {
	for _, magic := range []string{"7z\xbc\xaf\x27\x1c", "Rar!", "BZh", "\xfd7zXZ\x00", "\x1f\x8b", "\x28\xb5\x2f\xfd"} {
		if bytes.HasPrefix(head, []byte(magic)) {
			return true
		}
	}
	return len(head) > 262 && string(head[257:262]) == "ustar"
}

// isXML reports whether a file begins as XML does, in UTF-8 or UTF-16.
func isXML(head []byte) bool {
	plain := plainHead(head)
	return len(plain) > 0 && plain[0] == '<'
}

func headOf(open Open) ([]byte, error) {
	f, err := open()
	if err != nil {
		return nil, err
	}
	defer f.Close()
	head, err := io.ReadAll(io.LimitReader(f, magic))
	return head, err
}

// scanTable finds out how a table is written and what its columns seem to mean.
func (w *Worker) scanTable(ctx context.Context, b *Batch, open Open) (s scanned, err error) {
	f, err := open()
	if err != nil {
		return s, err
	}
	s.found.Style, err = sheet.Sniff(f)
	if err = errors.Join(err, f.Close()); err != nil {
		return s, err
	}
	if f, err = open(); err != nil {
		return s, err
	}
	defer f.Close()
	return w.scanRows(ctx, b, s, sheet.Open(f, s.found.Style))
}

// scanBook finds out what is in a workbook: its first sheet with a heading is read.
func (w *Worker) scanBook(ctx context.Context, b *Batch, open Open) (s scanned, err error) {
	f, err := open()
	if err != nil {
		return s, err
	}
	defer f.Close()
	book, err := openBook(f)
	if err != nil {
		return s, err
	}
	s.found.Book, s.found.Tab = true, -1
	for i, tab := range book.Tabs() {
		s.found.Tabs = append(s.found.Tabs, tab.Name)
		if s.found.Tab < 0 && !tab.Hidden {
			if s.found.Style.Heading, err = book.Heading(i); err != nil {
				return s, bookWhy(err)
			}
			if s.found.Style.Heading > 0 {
				s.found.Tab = i
			}
		}
	}
	if s.found.Tab < 0 {
		return s, errWhy(WhyEmpty)
	}
	rows, err := book.Sheet(s.found.Tab)
	if err != nil {
		return s, bookWhy(err)
	}
	defer rows.Close()
	s, err = w.scanRows(ctx, b, s, rows)
	return s, bookWhy(err)
}

// mostBook is how large a workbook may be, in bytes: it is held in memory.
const mostBook = 128 << 20

func openBook(r io.Reader) (sheet.Book, error) {
	content, err := io.ReadAll(io.LimitReader(r, mostBook+1))
	if err != nil {
		return nil, err
	}
	if len(content) > mostBook {
		return nil, errWhy(WhyHostile)
	}
	book, err := sheet.OpenBook(content)
	return book, bookWhy(err)
}

// bookWhy says why a workbook cannot be read.
func bookWhy(err error) error {
	var wrong *sheet.BookError
	if !errors.As(err, &wrong) {
		return err
	}
	switch wrong.Code {
	case sheet.BookOld:
		return errWhy(WhyOldBook)
	case sheet.BookOther:
		return errWhy(WhyUnknown)
	case sheet.BookArchive:
		return errWhy(WhyArchive)
	case sheet.BookBomb, sheet.BookLarge:
		return errWhy(WhyHostile)
	}
	return errWhy(WhyBroken)
}

// scanRows finds out what the columns of a table are and seem to mean.
func (w *Worker) scanRows(ctx context.Context, b *Batch, s scanned, r sheet.Rows) (scanned, error) {
	head := sheet.Row{}
	var err error
	switch {
	case s.found.Objects != nil:
		head.Cells = s.found.Objects.Heading()
	case s.found.Style.Heading > 0:
		if head, err = r.SkipTo(s.found.Style.Heading); err != nil {
			return s, err
		}
	}
	if isBill(head.Cells) {
		s.format, s.mapping, s.sure = FOCUS, &Mapping{}, !lacksCurrency(head.Cells)
		return s, nil
	}
	if err := s.columns(ctx, head.Cells, r); err != nil {
		return s, err
	}
	s.mapping = propose(s.found.Columns)
	s.recognise()
	old, err := remembered(ctx, w.DB, b.OrgID, s.mapping.Heading)
	if err != nil {
		return s, err
	}
	if old != nil && old.check() == nil {
		s.mapping = old
		s.sure = !s.asks()
	}
	return s, nil
}

// columns reads all rows and finds out what is in each column.
func (s *scanned) columns(ctx context.Context, heading []string, r sheet.Rows) error {
	c := sheet.NewColumns(heading)
	for n := 0; ; n++ {
		row, err := r.Next()
		if err == io.EOF {
			s.found.Columns = c.List()
			return nil
		}
		if err != nil {
			return err
		}
		if n%10_000 == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		if row.Problem == "" {
			c.Add(row.Cells)
		}
	}
}

// recognise knows files of some publishers by their headings.
func (s *scanned) recognise() {
	s.format = Charges
	has := func(words ...string) bool {
		return !slices.ContainsFunc(words, func(word string) bool {
			return !slices.ContainsFunc(s.found.Columns, func(c sheet.Column) bool { return fold(c.Heading) == word })
		})
	}
	switch {
	case has("suppliername", "customername", "returnmonth", "evidencedspend"):
		s.format, s.mapping.Publisher, s.mapping.Currency = GCloud, "G-Cloud", "GBP"
	case has("entity") && (has("supplier") || has("suppliername")) && (has("amount") || has("amountexvat") || has("amountgbp")) && s.hasPrefix("departmentfamily", "departmentalfamily", "department"):
		s.format, s.mapping.Currency = UK25k, "GBP"
	}
	s.sure = s.format != Charges && s.mapping.check() == nil && !s.asks()
}

func (s *scanned) hasPrefix(words ...string) bool {
	return slices.ContainsFunc(s.found.Columns, func(c sheet.Column) bool {
		return slices.ContainsFunc(words, func(word string) bool { return strings.HasPrefix(fold(c.Heading), word) })
	})
}

// asks reports whether a column that is used can be read in two ways.
func (s *scanned) asks() bool {
	for role, i := range s.mapping.Columns {
		if i >= len(s.found.Columns) {
			return true
		}
		c := s.found.Columns[i]
		if role.IsNumber() && c.AskDecimal && s.mapping.Decimal == "" || role.IsDay() && c.AskOrder && s.mapping.Order == "" {
			return true
		}
	}
	return false
}
