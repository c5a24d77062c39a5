package handlers

import (
	"archive/zip"
	"bytes"
	"io"
	"strconv"
	"strings"
)

// The parts of a workbook with one sheet, as ECMA-376 has them, but for the sheet.
const (
	xlsxKind  = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
	xlsxHead  = `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>` + "\n"
	xlsxMain  = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
	xlsxRels  = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
	xlsxTypes = xlsxHead + `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">` +
		`<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>` +
		`<Override PartName="/xl/workbook.xml" ContentType="` + xlsxKind + `.main+xml"/>` +
		`<Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/></Types>`
	xlsxRoot = xlsxHead + `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">` +
		`<Relationship Id="r1" Type="` + xlsxRels + `/officeDocument" Target="xl/workbook.xml"/></Relationships>`
	xlsxBook = xlsxHead + `<workbook xmlns="` + xlsxMain + `" xmlns:r="` + xlsxRels + `"><sheets><sheet name="1" sheetId="1" r:id="r1"/></sheets></workbook>`
	xlsxUses = xlsxHead + `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">` +
		`<Relationship Id="r1" Type="` + xlsxRels + `/worksheet" Target="worksheets/sheet1.xml"/></Relationships>`
)

// mostInCell is how many characters a cell holds; spreadsheets take no more.
const mostInCell = 32_767

// sheet writes a workbook of one sheet, row by row.
type sheet struct {
	out  *zip.Writer
	rows io.Writer
	n    int
	row  bytes.Buffer
	err  error
}

// newSheet begins a workbook.
func newSheet(w io.Writer) *sheet {
	s := &sheet{out: zip.NewWriter(w)}
	for _, part := range []struct{ name, text string }{
		{"[Content_Types].xml", xlsxTypes}, {"_rels/.rels", xlsxRoot}, {"xl/workbook.xml", xlsxBook}, {"xl/_rels/workbook.xml.rels", xlsxUses},
		{"xl/worksheets/sheet1.xml", xlsxHead + `<worksheet xmlns="` + xlsxMain + `"><sheetData>`},
	} {
		if s.err == nil {
			s.rows, s.err = s.out.Create(part.name)
		}
		if s.err == nil {
			_, s.err = io.WriteString(s.rows, part.text)
		}
	}
	return s
}

// number is a cell that spreadsheets can add up: digits with a point.
type number string

// write adds a row of strings and numbers. Text is never taken for a formula.
func (s *sheet) write(cells ...any) {
	s.n++
	s.row.Reset()
	s.row.WriteString(`<row r="` + strconv.Itoa(s.n) + `">`)
	for _, c := range cells {
		switch v := c.(type) {
		case number:
			if v == "" {
				s.row.WriteString("<c/>")
				continue
			}
			s.row.WriteString("<c><v>" + string(v) + "</v></c>")
		case string:
			s.row.WriteString(`<c t="inlineStr"><is><t xml:space="preserve">` + cellText(v) + "</t></is></c>")
		}
	}
	s.row.WriteString("</row>")
	if s.err == nil {
		_, s.err = s.rows.Write(s.row.Bytes())
	}
}

// cellText escapes a text, without the characters that XML cannot hold.
func cellText(s string) string {
	if r := []rune(s); len(s) > mostInCell && len(r) > mostInCell {
		s = string(r[:mostInCell])
	}
	s = strings.Map(func(r rune) rune {
		if r < ' ' && r != '\t' && r != '\n' || r == 0xFFFE || r == 0xFFFF {
			return -1
		}
		return r
	}, s)
	return strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;").Replace(s)
}

// end finishes the workbook and returns the first error there was.
func (s *sheet) end() error {
	if s.err == nil {
		_, s.err = io.WriteString(s.rows, "</sheetData></worksheet>")
	}
	if err := s.out.Close(); s.err == nil {
		s.err = err
	}
	return s.err
}
