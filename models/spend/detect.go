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
)

// Whys are all of them.
func Whys() []string { return []string{WhyEmpty, WhyUnknown, WhyHostile, WhyBroken, WhyUnclear} }

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
		return scanned{}, errWhy(WhyUnknown)
	case isXML(head):
		return scanned{format: UBL, mapping: &Mapping{}, sure: true}, nil
	case trimmed[0] == '{', trimmed[0] == '[':
		return scanned{format: OCDS, mapping: &Mapping{}, sure: true}, nil
	}
	return w.scanTable(ctx, b, open)
}

// isXML reports whether a file begins as XML does, in UTF-8 or UTF-16.
func isXML(head []byte) bool {
	plain := bytes.ReplaceAll(bytes.TrimPrefix(bytes.TrimPrefix(head, []byte("\xff\xfe")), []byte("\xfe\xff")), []byte{0}, nil)
	plain = bytes.TrimLeft(bytes.TrimPrefix(plain, []byte("\xef\xbb\xbf")), " \t\r\n")
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
	r := sheet.Open(f, s.found.Style)
	head := sheet.Row{}
	if s.found.Style.Heading > 0 {
		if head, err = r.SkipTo(s.found.Style.Heading); err != nil {
			return s, err
		}
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
		s.mapping, s.sure = old, true
	}
	return s, nil
}

// columns reads all rows and finds out what is in each column.
func (s *scanned) columns(ctx context.Context, heading []string, r *sheet.Reader) error {
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
	case (has("entity", "supplier", "amount") || has("entity", "suppliername", "amount") || has("entity", "supplier", "amountexvat")) && s.hasPrefix("departmentfamily", "departmentalfamily", "department"):
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
		c := s.found.Columns[i]
		if role.IsNumber() && c.AskDecimal && s.mapping.Decimal == "" || role.IsDay() && c.AskOrder && s.mapping.Order == "" {
			return true
		}
	}
	return false
}
