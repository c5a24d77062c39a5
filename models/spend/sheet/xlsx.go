package sheet

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"path"
	"strconv"
	"strings"
	"unicode/utf8"
)

// The bounds of a workbook.
const (
	MaxUnzipped    = 1 << 30   // bytes of all its parts
	MaxRatio       = 200       // bytes of the parts for each byte of the file
	MaxBookRows    = 1_048_576 // the last line that a sheet can have
	maxBookStrings = 128 << 20 // bytes of the texts that the cells share, which are kept
	maxParts       = 10_000
	smallPart      = 1 << 20 // bytes up to which a part may be of any ratio
)

// Why a workbook cannot be read; [BookError] has one of them.
const (
	BookOld    = "book_old"    // a format from before 1997, or locked by a password
	BookOther  = "book_other"  // a zip file, but no workbook
	BookBroken = "book_broken" // it ends in the middle, or its parts do not fit together
	BookBomb   = "book_bomb"   // it is made to fill the memory
	BookLarge  = "book_large"  // more rows or texts than there may be

	BookArchive = "book_archive" // a zip file with files of several kinds in it, none of which is a part of a workbook
)

// BookProblems are all of them.
func BookProblems() []string {
	return []string{BookOld, BookOther, BookBroken, BookBomb, BookLarge, BookArchive}
}

// BookError is why a workbook cannot be read; errors.As finds it.
type BookError struct {
	Code string // one of [BookProblems]
	Part string // of the workbook, where one is to blame: "xl/styles.xml"
	Err  error  // what was found there, if anything
}

// Error names the code and the part.
func (e *BookError) Error() string {
	text := "workbook: " + e.Code
	if e.Part != "" {
		text += ": " + e.Part
	}
	if e.Err != nil {
		text += ": " + e.Err.Error()
	}
	return text
}

// Unwrap returns what was found there.
func (e *BookError) Unwrap() error { return e.Err }

// Rows is what rows come from: a text ([Reader]) or a sheet of a workbook ([BookRows]).
type Rows interface {
	Next() (Row, error)
	SkipTo(line int) (Row, error)
	BytesRead() int64
}

// BookSheet is a sheet of a workbook while it is read.
type BookSheet interface {
	Rows
	io.Closer
}

// Book is a workbook: an Office Open XML one ([Workbook]), or one from before
// ([OldBook]).
type Book interface {
	Tabs() []Tab
	Heading(tab int) (int, error)
	Sheet(tab int) (BookSheet, error)
}

// OpenBook begins to read a workbook that is in memory, of either kind. It fails with a
// [*BookError].
func OpenBook(content []byte) (Book, error) {
	if bytes.HasPrefix(content, []byte(oleMagic)) {
		return openOldBook(content)
	}
	return OpenXLSX(bytes.NewReader(content), int64(len(content)))
}

// Tab is a sheet of a workbook.
type Tab struct {
	Name   string `json:"name"`
	Hidden bool   `json:"hidden,omitempty"`
	part   string
}

// Workbook is an Office Open XML workbook (ECMA-376 part 1, SpreadsheetML), as
// spreadsheets have saved since 2007. Its sheets are read part by part and never as a
// whole: libraries that hold the file, or write its parts to a disk, before they give a
// row do not fit files that strangers bring.
type Workbook struct {
	size    int64
	parts   map[string]*zip.File
	tabs    []Tab
	strings sharedStrings
	days    []dayFormat // of the cell formats, in their order
	y1904   bool        // days are counted from 1904
}

// OpenXLSX begins to read a workbook of some bytes. It fails with a [*BookError].
func OpenXLSX(r io.ReaderAt, size int64) (*Workbook, error) {
	z, err := zip.NewReader(r, size)
	if err != nil {
		return nil, &BookError{Code: BookBroken, Err: err}
	}
	w := &Workbook{size: size, parts: map[string]*zip.File{}}
	if err := w.list(z); err != nil {
		return nil, err
	}
	if err := w.open(); err != nil {
		return nil, err
	}
	return w, nil
}

// list finds the parts, and refuses a file that says by itself that it is a bomb. What
// its parts come to when they are read is held against what they said ([Workbook.part]).
func (w *Workbook) list(z *zip.Reader) error {
	if len(z.File) > maxParts {
		return &BookError{Code: BookBomb}
	}
	var all uint64
	for _, f := range z.File {
		if f.UncompressedSize64 > MaxUnzipped || f.UncompressedSize64 > smallPart && f.UncompressedSize64/MaxRatio > f.CompressedSize64 {
			return &BookError{Code: BookBomb, Part: f.Name}
		}
		all += f.UncompressedSize64
		w.parts[partName(f.Name)] = f
	}
	if all > MaxUnzipped || all > smallPart && all/MaxRatio > uint64(w.size) {
		return &BookError{Code: BookBomb}
	}
	return nil
}

// partName is a name as parts are found by: programs differ in slashes and capitals.
func partName(name string) string {
	return strings.ToLower(strings.TrimPrefix(path.Clean(strings.ReplaceAll(name, `\`, "/")), "/"))
}

func (w *Workbook) open() error {
	book := "xl/workbook.xml"
	links, err := w.links("_rels/.rels")
	if err != nil {
		return err
	}
	for _, l := range links {
		if strings.HasSuffix(l.kind, "/officeDocument") {
			book = partName(l.target)
		}
	}
	switch {
	case w.parts[book] == nil && w.parts["[content_types].xml"] == nil && w.parts["mimetype"] == nil && len(links) == 0:
		return &BookError{Code: BookArchive} // neither of Office Open XML nor of OpenDocument
	case w.parts[book] == nil || path.Ext(book) != ".xml":
		return &BookError{Code: BookOther}
	}
	dir, name := path.Split(book)
	if links, err = w.links(dir + "_rels/" + name + ".rels"); err != nil {
		return err
	}
	if err := w.readBook(book, dir, links); err != nil {
		return err
	}
	if len(w.tabs) == 0 {
		return &BookError{Code: BookOther, Part: book}
	}
	for _, l := range links {
		at := targetOf(dir, l.target)
		switch {
		case w.parts[at] == nil:
		case strings.HasSuffix(l.kind, "/sharedStrings"):
			err = w.readStrings(at)
		case strings.HasSuffix(l.kind, "/styles"):
			err = w.readStyles(at)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// link is how a part names another one.
type link struct{ id, kind, target string }

func targetOf(dir, target string) string {
	if strings.HasPrefix(target, "/") {
		return partName(target)
	}
	return partName(dir + target)
}

// links are what a part that names others has; none where the part is missing.
func (w *Workbook) links(at string) (all []link, err error) {
	if w.parts[at] == nil {
		return nil, nil
	}
	err = w.each(at, func(e xml.StartElement) {
		if e.Name.Local == "Relationship" && len(all) < maxParts {
			all = append(all, link{attr(e, "Id"), attr(e, "Type"), attr(e, "Target")})
		}
	})
	return all, err
}

// readBook finds the sheets, in the order in which people see them.
func (w *Workbook) readBook(book, dir string, links []link) error {
	sheets := map[string]string{}
	for _, l := range links {
		if strings.HasSuffix(l.kind, "/worksheet") {
			sheets[l.id] = targetOf(dir, l.target)
		}
	}
	return w.each(book, func(e xml.StartElement) {
		switch e.Name.Local {
		case "workbookPr":
			w.y1904 = isTrue(attr(e, "date1904"))
		case "sheet":
			if at := sheets[idOf(e)]; at != "" && len(w.tabs) < maxParts {
				state := attr(e, "state")
				w.tabs = append(w.tabs, Tab{Name: attr(e, "name"), Hidden: state == "hidden" || state == "veryHidden", part: at})
			}
		}
	})
}

func isTrue(s string) bool { return s == "1" || s == "true" }

func attr(e xml.StartElement, name string) string {
	for _, a := range e.Attr {
		if a.Name.Local == name && a.Name.Space == "" {
			return a.Value
		}
	}
	return ""
}

// idOf is the attribute by which a sheet is linked; its prefix may be any.
func idOf(e xml.StartElement) string {
	for _, a := range e.Attr {
		if a.Name.Local == "id" && a.Name.Space != "" {
			return a.Value
		}
	}
	return ""
}

// Tabs are the sheets that have cells, in their order.
func (w *Workbook) Tabs() []Tab { return w.tabs }

// part is a part of a workbook while it is read.
type part struct {
	*xml.Decoder
	name string
	file io.ReadCloser
	room int64 // bytes that the part may still have, as it said
	next int   // bytes that the next token may still have
	read int64
}

// part opens a part.
func (w *Workbook) part(at string) (*part, error) {
	f := w.parts[at]
	if f == nil {
		return nil, &BookError{Code: BookBroken, Part: at, Err: errors.New("the part is missing")}
	}
	file, err := f.Open()
	if err != nil {
		return nil, &BookError{Code: BookBroken, Part: at, Err: err}
	}
	p := &part{name: at, file: file, room: int64(f.UncompressedSize64)}
	p.Decoder = xml.NewDecoder(p)
	p.Decoder.CharsetReader = func(string, io.Reader) (io.Reader, error) {
		return nil, errors.New("only UTF-8 is read")
	}
	return p, nil
}

var errBomb = errors.New("the part is larger than it says, or has a text without end")

// Read gives the bytes of the part to its decoder, and no more than it said.
func (p *part) Read(b []byte) (int, error) {
	n, err := p.file.Read(b[:min(len(b), 64<<10)])
	p.room -= int64(n)
	p.next -= n
	p.read += int64(n)
	if p.room < 0 || p.next < 0 {
		return 0, errBomb
	}
	return n, err
}

// token is the next piece of XML, or [io.EOF].
func (p *part) token() (xml.Token, error) {
	p.next = MaxRow + 64<<10
	t, err := p.RawToken()
	if err == nil || err == io.EOF {
		return t, err
	}
	return nil, p.fault(err)
}

func (p *part) fault(err error) error {
	code := BookBroken
	if errors.Is(err, errBomb) {
		code = BookBomb
	}
	return &BookError{Code: code, Part: p.name, Err: err}
}

func (w *Workbook) each(at string, do func(xml.StartElement)) error {
	p, err := w.part(at)
	if err != nil {
		return err
	}
	defer p.file.Close()
	for {
		t, err := p.token()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
		if e, ok := t.(xml.StartElement); ok {
			do(e)
		}
	}
}

// sharedStrings are texts that cells name by number, one behind the other.
type sharedStrings struct {
	text []byte
	ends []uint32
}

func (s *sharedStrings) at(i int) (string, bool) {
	if i < 0 || i >= len(s.ends) {
		return "", false
	}
	from := uint32(0)
	if i > 0 {
		from = s.ends[i-1]
	}
	return string(s.text[from:s.ends[i]]), true
}

// readStrings keeps the texts that cells share. How they are read aloud (rPh) is no part
// of them.
func (w *Workbook) readStrings(at string) error {
	p, err := w.part(at)
	if err != nil {
		return err
	}
	defer p.file.Close()
	s := &w.strings
	inText, aloud := false, false
	for {
		t, err := p.token()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
		switch t := t.(type) {
		case xml.StartElement:
			inText = t.Name.Local == "t"
			aloud = aloud || t.Name.Local == "rPh"
		case xml.CharData:
			if inText && !aloud {
				s.text = append(s.text, unescaped(t)...)
			}
		case xml.EndElement:
			inText = false
			switch t.Name.Local {
			case "rPh":
				aloud = false
			case "si":
				s.ends = append(s.ends, uint32(len(s.text)))
			}
		}
		if len(s.text)+4*len(s.ends) > maxBookStrings {
			return &BookError{Code: BookLarge, Part: at}
		}
	}
}

// unescaped replaces _x000D_ and its like, by which signs are written that XML cannot
// have (ECMA-376 part 1, 22.4.2.4).
func unescaped(text []byte) []byte {
	if !bytes.Contains(text, []byte("_x")) {
		return text
	}
	var out []byte
	for i := 0; i < len(text); i++ {
		if i+7 <= len(text) && text[i] == '_' && text[i+1] == 'x' && text[i+6] == '_' {
			if r, err := strconv.ParseUint(string(text[i+2:i+6]), 16, 16); err == nil {
				out = utf8.AppendRune(out, rune(r))
				i += 6
				continue
			}
		}
		out = append(out, text[i])
	}
	return out
}

// Sheet is [Workbook.Rows] for those who do not know which kind of workbook it is.
func (w *Workbook) Sheet(tab int) (BookSheet, error) { return w.Rows(tab) }

// Heading is the line of the heading of a sheet, from 1, found as [Sniff] finds it; 0:
// there is none. It fails with a [*BookError].
func (w *Workbook) Heading(tab int) (int, error) { return headingIn(w, tab) }

func headingIn(b Book, tab int) (int, error) {
	rows, err := b.Sheet(tab)
	if err != nil {
		return 0, err
	}
	defer rows.Close()
	var all []Row
	for len(all) < sampleRows {
		row, err := rows.Next()
		if err == io.EOF {
			break
		}
		if err != nil {
			return 0, fmt.Errorf("heading: %w", err)
		}
		row.Cells = append([]string(nil), row.Cells...)
		all = append(all, row)
	}
	return headingOf(all), nil
}
