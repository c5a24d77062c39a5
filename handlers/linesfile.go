package handlers

import (
	"bytes"
	"encoding/csv"
	"errors"
	"io"
	"slices"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"

	"pilveturg/db"
	"pilveturg/handlers/web"
	"pilveturg/models"
	"pilveturg/models/contracts"
	"pilveturg/views"
)

// maxLinesFile is how large a file of lines may be, in bytes.
const maxLinesFile = 512 << 10

// fileLine is a line of a file: its number and its cells by field.
type fileLine struct {
	number int
	cells  map[string]string
}

// linesFile is a file of lines with a heading, as spreadsheets save it.
type linesFile struct {
	lines   []fileLine
	unknown []string // headings that name no field
}

// linesColumn is a field that a file of lines may have.
type linesColumn struct {
	field, label string // label is a message, and names the column in any language
	needed       bool
}

// errLookOnly ends a transaction that was there to see what would become of a file.
var errLookOnly = errors.New("nothing is to be kept")

// isLook reports whether a form asks only what would become of its lines.
func isLook(r *web.Request) bool { return r.Form("confirm") == "" }

// broughtLines reads the lines of a form. What cannot be read is told as
// [models.Invalid].
func (s *Site) broughtLines(r *web.Request, columns []linesColumn) (text string, file *linesFile, err error) {
	if text, err = sentLines(r); err == nil {
		file, err = s.readLines(text, columns)
	}
	return text, file, err
}

// takeLines does what the lines of a form are for. When the form only asks what would
// become of them, nothing of it is kept, and looked says so.
func (s *Site) takeLines(r *web.Request, do func(tx *db.Tx) error) (looked bool, err error) {
	err = s.DB.Write(r.Context(), r.Actor, func(tx *db.Tx) error {
		if err := do(tx); err != nil || !isLook(r) {
			return err
		}
		return errLookOnly
	})
	if errors.Is(err, errLookOnly) {
		return true, nil
	}
	return false, err
}

// linesPreview adds to a page what is wrong with lines, and the button by which the rest
// of them is taken; none without one.
func (f *filled) linesPreview(page *views.ProjectPage, path, text string, file *linesFile, columns []linesColumn, faults []contracts.LineFault, button string) {
	if len(file.unknown) > 0 {
		page.Notices = append(page.Notices, views.Notice{Kind: views.Warn, Title: f.T("contracts.unknown_columns"), Text: f.T("contracts.unknown_text", strings.Join(file.unknown, ", "))})
	}
	if len(faults) > 0 {
		part := views.ProjectPart{Heading: f.T("contracts.faults")}
		for _, fault := range faults {
			part.Facts = append(part.Facts, f.faultRow(file.lines, columns, fault))
		}
		page.Parts = append(page.Parts, part)
	}
	if button != "" {
		page.Parts = append(page.Parts, views.ProjectPart{Heading: f.T("contracts.go_on"), Forms: []views.Form{{Action: at(f.Tag, path), Button: button,
			Hidden: []views.Hidden{{Name: "lines", Value: text}, {Name: "confirm", Value: ticked}, f.onceAgain()}}}})
	}
	page.Links = []views.Link{f.link(path, "contracts.another")}
}

// sentLines is the text that a form brings, as a file or typed.
func sentLines(r *web.Request) (string, error) {
	sent, err := r.Upload(fieldFile, maxLinesFile)
	if err != nil || sent.TooLarge {
		return "", models.Invalid{fieldFile: "contracts.file_large"}
	}
	if len(sent.Content) == 0 {
		return r.Form("lines"), nil
	}
	return decodedLines(sent.Content), nil
}

// decodedLines is text of a file in UTF-8: as it says itself by its first bytes, in UTF-8
// where that fits, otherwise as Windows writes Estonian or western languages.
func decodedLines(b []byte) string {
	var out []byte
	var err error
	switch {
	case bytes.HasPrefix(b, []byte("\xff\xfe")), bytes.HasPrefix(b, []byte("\xfe\xff")):
		out, err = unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewDecoder().Bytes(b)
	case utf8.Valid(b):
		out = bytes.TrimPrefix(b, []byte("\xef\xbb\xbf"))
	case slices.ContainsFunc(b, func(c byte) bool { return c == 0x8a || c == 0x8e || c == 0x9a || c == 0x9e }): // š and ž of the western page, no letters in the other one
		out, err = charmap.Windows1252.NewDecoder().Bytes(b)
	default:
		out, err = charmap.Windows1257.NewDecoder().Bytes(b)
	}
	if err != nil {
		out = b
	}
	return strings.ToValidUTF8(string(out), "\ufffd")
}

// readLines reads lines below a heading that names the columns in any language.
func (s *Site) readLines(text string, columns []linesColumn) (*linesFile, error) {
	text = strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(text)
	if strings.TrimSpace(text) == "" {
		return nil, models.Invalid{fieldFile: "contracts.file_missing"}
	}
	head, _, _ := strings.Cut(strings.TrimLeft(text, "\n"), "\n")
	c := csv.NewReader(strings.NewReader(text))
	c.Comma, c.FieldsPerRecord = commaOf(head), -1
	heading, err := c.Read()
	if err != nil {
		return nil, models.Invalid{fieldFile: "contracts.file_quotes"}
	}
	f := &linesFile{}
	at := s.headings(heading, columns, f)
	for _, one := range columns {
		if one.needed && !slices.Contains(at, one.field) {
			return nil, models.Invalid{fieldFile: "contracts.heading_missing"}
		}
	}
	for {
		cells, err := c.Read()
		if errors.Is(err, io.EOF) {
			return f, nil
		}
		if err != nil {
			return nil, models.Invalid{fieldFile: "contracts.file_quotes"}
		}
		number, _ := c.FieldPos(0)
		line := fileLine{number, map[string]string{}}
		for i, cell := range cells {
			if cell = strings.TrimSpace(clean(cell)); i < len(at) && at[i] != "" && cell != "" {
				line.cells[at[i]] = cell
			}
		}
		if len(line.cells) > 0 {
			f.lines = append(f.lines, line)
		}
	}
}

// commaOf is what stands between the cells of a heading.
func commaOf(head string) rune {
	best := ';'
	for _, comma := range []rune{',', '\t'} {
		if strings.Count(head, string(comma)) > strings.Count(head, string(best)) {
			best = comma
		}
	}
	return best
}

// headings find the field of each heading; "" for those that name none.
func (s *Site) headings(heading []string, columns []linesColumn, f *linesFile) []string {
	at := make([]string, len(heading))
	for i, cell := range heading {
		name := headingKey(cell)
		for _, one := range columns {
			known := name == headingKey(one.field)
			for _, lang := range s.Langs {
				known = known || name == headingKey(s.speaker(lang).T(one.label))
			}
			if known && !slices.Contains(at, one.field) {
				at[i] = one.field
			}
		}
		if at[i] == "" && name != "" {
			f.unknown = append(f.unknown, clean(cell))
		}
	}
	return at
}

// headingKey is a heading without what does not tell it apart.
func headingKey(s string) string {
	return strings.Join(strings.FieldsFunc(strings.ToLower(s), func(r rune) bool { return r == ' ' || r == '_' || r == '-' || r == '\u00a0' }), " ")
}

// linesInputs are the fields of a form that brings lines.
func (f *filled) linesInputs() []views.Input {
	return []views.Input{
		{File: &views.FileField{ID: fieldFile, Name: fieldFile, Label: f.T("contracts.file"), Hint: f.T("contracts.file_hint"), Accept: ".csv,.txt,.tsv,text/csv", Error: f.problem(fieldFile)}},
		f.area(views.Area{Name: "lines", Label: f.T("contracts.lines"), Hint: f.T("contracts.lines_hint"), Rows: 6})}
}

// template is an empty file of lines: the heading, and a line to show how.
func (w speaker) template(columns []linesColumn, example map[string]string) string {
	var b strings.Builder
	b.WriteString("\ufeff") // by which spreadsheets know UTF-8
	c := csv.NewWriter(&b)
	c.Comma, c.UseCRLF = ';', true
	var heading, cells []string
	for _, one := range columns {
		heading, cells = append(heading, w.T(one.label)), append(cells, example[one.field])
	}
	_ = c.Write(heading) // a strings.Builder takes everything
	_ = c.Write(cells)
	c.Flush()
	return b.String()
}

// faultRow says what is wrong with a line, and what stands there.
func (f *filled) faultRow(lines []fileLine, columns []linesColumn, fault contracts.LineFault) views.Row {
	label := fault.Field
	if i := slices.IndexFunc(columns, func(c linesColumn) bool { return c.field == fault.Field }); i >= 0 {
		label = f.T(columns[i].label)
	}
	row := views.Row{Key: f.T("contracts.line", f.Number(int64(fault.Line)), label), Value: views.Words{Text: f.T(fault.Key)}}
	for _, one := range lines {
		if typed := one.cells[fault.Field]; one.number == fault.Line && typed != "" {
			row.Note = f.T("contracts.typed", short(typed))
		}
	}
	return row
}
