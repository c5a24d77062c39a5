package sheet

import (
	"encoding/xml"
	"errors"
	"io"
	"strconv"
	"strings"

	"pilveturg/models"
)

// BookRows are the rows of a sheet of a workbook, read one by one. Formulas give what
// they came to when the workbook was saved; days are written as 2026-03-04, with
// T10:20:30 behind it where there is a time; numbers as digits with a point, never so
// that the point could part thousands: 1.234 is written as 1.2340.
type BookRows struct {
	book  *Workbook
	part  *part
	line  int
	cells []string
	bytes int // in the cells of the row
	size  int64
	ended error
}

// Rows begins to read a sheet, one of [Workbook.Tabs]. It fails with a [*BookError].
func (w *Workbook) Rows(tab int) (*BookRows, error) {
	if tab < 0 || tab >= len(w.tabs) {
		return nil, &BookError{Code: BookOther}
	}
	p, err := w.part(w.tabs[tab].part)
	if err != nil {
		return nil, err
	}
	return &BookRows{book: w, part: p, size: max(p.room, 1)}, nil
}

// Close ends the reading.
func (b *BookRows) Close() error { return b.part.file.Close() }

// BytesRead is how much of the sheet was read, in bytes of the file as if the sheet was
// all of it.
func (b *BookRows) BytesRead() int64 {
	return int64(float64(min(b.part.read, b.size)) / float64(b.size) * float64(b.book.size))
}

// SkipTo reads up to the row of a line, or the first one behind it, and returns it.
func (b *BookRows) SkipTo(line int) (Row, error) {
	for {
		row, err := b.Next()
		if err != nil || row.Line >= line {
			return row, err
		}
	}
}

// Next returns the next row that the workbook has, or [io.EOF]; many programs leave
// blank ones out, so lines may be missing. Line is the number of the row; Raw are the
// cells with tabs between them. It fails with a [*BookError].
func (b *BookRows) Next() (Row, error) {
	for b.ended == nil {
		t, err := b.part.token()
		if err != nil {
			b.ended = err
			break
		}
		switch t := t.(type) {
		case xml.StartElement:
			if t.Name.Local == "row" {
				row, err := b.row(t)
				if err != nil {
					b.ended = err
				}
				return row, err
			}
		case xml.EndElement:
			if t.Name.Local == "sheetData" {
				b.ended = io.EOF
			}
		}
	}
	return Row{}, b.ended
}

func (b *BookRows) row(e xml.StartElement) (Row, error) {
	line := b.line + 1
	if text := attr(e, "r"); text != "" {
		n, err := strconv.Atoi(text)
		if err != nil || n <= b.line {
			return Row{}, b.part.fault(errors.New("a row is out of its order"))
		}
		line = n
	}
	if line > MaxBookRows {
		return Row{}, &BookError{Code: BookLarge, Part: b.part.name}
	}
	b.line, b.cells, b.bytes = line, b.cells[:0], 0
	row := Row{Line: line}
	at := -1
	for {
		t, err := b.part.token()
		if err == io.EOF {
			err = b.part.fault(io.ErrUnexpectedEOF)
		}
		if err != nil {
			return Row{}, err
		}
		switch t := t.(type) {
		case xml.StartElement:
			if t.Name.Local != "c" {
				continue
			}
			if at++; attr(t, "r") != "" {
				at = columnOf(attr(t, "r"))
			}
			text, err := b.cell(t)
			if err != nil {
				return Row{}, err
			}
			if problem := b.put(at, text); problem != "" {
				row.Problem = problem
			}
		case xml.EndElement:
			if t.Name.Local == "row" {
				row.Cells = b.cells
				row.Raw = strings.Join(b.cells, "\t")
				return row, nil
			}
		}
	}
}

// put places the text of a cell in its row, within the bounds of one.
func (b *BookRows) put(at int, text string) (problem string) {
	if text == "" {
		return ""
	}
	if at < 0 || at >= MaxColumns {
		return WideRow
	}
	if b.bytes += len(text); b.bytes > MaxRow {
		return LongRow
	}
	for len(b.cells) <= at {
		b.cells = append(b.cells, "")
	}
	b.cells[at] = text
	if strings.IndexByte(text, 0) >= 0 {
		return HasNUL
	}
	return ""
}

// columnOf is the column of a place such as AB12, from 0; one that no sheet has is
// [MaxColumns] or more, and what is no place is -1.
func columnOf(place string) int {
	n := 0
	for i := range len(place) {
		switch c := place[i]; {
		case c >= 'A' && c <= 'Z':
			n = n*26 + int(c-'A') + 1
		case c >= 'a' && c <= 'z':
			n = n*26 + int(c-'a') + 1
		default:
			return n - 1
		}
		if n > MaxColumns {
			return MaxColumns
		}
	}
	return n - 1
}

// cell reads a cell to its end.
func (b *BookRows) cell(e xml.StartElement) (string, error) {
	kind, style := attr(e, "t"), attr(e, "s")
	var text []byte
	inside, aloud := "", false
	for {
		t, err := b.part.token()
		if err == io.EOF {
			err = b.part.fault(io.ErrUnexpectedEOF)
		}
		if err != nil {
			return "", err
		}
		switch t := t.(type) {
		case xml.StartElement:
			inside = t.Name.Local
			aloud = aloud || inside == "rPh"
		case xml.CharData:
			if (inside == "v" || inside == "t" && !aloud) && len(text) <= MaxRow {
				text = append(text, t...)
			}
		case xml.EndElement:
			inside = ""
			switch t.Name.Local {
			case "rPh":
				aloud = false
			case "c":
				return b.meant(kind, style, text)
			}
		}
	}
}

// meant is what a cell of some kind means (ECMA-376 part 1, 18.18.11).
func (b *BookRows) meant(kind, style string, text []byte) (string, error) {
	switch kind {
	case "s":
		i, err := strconv.Atoi(strings.TrimSpace(string(text)))
		shared, ok := b.book.strings.at(i)
		if len(text) > 0 && (err != nil || !ok) {
			return "", b.part.fault(errors.New("a cell names a text that is not there"))
		}
		return shared, nil
	case "b":
		if isTrue(string(text)) {
			return "TRUE", nil
		}
		return "FALSE", nil
	case "", "n":
		number := strings.TrimSpace(string(text))
		if i, err := strconv.Atoi(style); err == nil && i >= 0 && i < len(b.book.days) && b.book.days[i] != noDay {
			if day, ok := b.book.days[i].write(number, b.book.y1904); ok {
				return day, nil
			}
		}
		return plainNumber(number), nil
	default: // texts of formulas, texts in the cell, faults such as #N/A, and days
		return string(unescaped(text)), nil
	}
}

// plainNumber writes a number of a workbook with digits and a point. Workbooks keep
// binary numbers of which some programs write all 17 digits (4.35 as 4.3499999999999996):
// the shortest text of the same binary number is what was typed, and nothing is lost.
func plainNumber(s string) string {
	if digits := significant(s); digits == 16 || digits == 17 {
		if f, err := strconv.ParseFloat(s, 64); err == nil {
			s = strconv.FormatFloat(f, 'g', -1, 64)
		}
	}
	n, err := models.ParseExact(strings.TrimPrefix(s, "+"))
	if err != nil {
		return s
	}
	s = n.String()
	if i := strings.IndexByte(s, '.'); i >= 0 && len(s)-i == 4 {
		s += "0" // three digits behind a point could be thousands
	}
	return s
}

// significant is how many digits of a number count.
func significant(s string) int {
	if i := strings.IndexAny(s, "eE"); i >= 0 {
		s = s[:i]
	}
	s = strings.TrimLeft(strings.TrimPrefix(s, "-"), "0.")
	return len(s) - strings.Count(s, ".")
}

var (
	_ Rows = (*Reader)(nil)
	_ Rows = (*BookRows)(nil)
)
