package handlers

import (
	"archive/zip"
	"bytes"
	"fmt"
	"io"
	"strconv"
	"strings"

	"pilveturg/models"
)

// The parts of a workbook with one sheet, as ECMA-376 has them, but for its name
// and the sheet.
const (
	xlsxKind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
	xlsxPart = "application/vnd.openxmlformats-officedocument.spreadsheetml."
	xlsxHead = `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>` + "\n"
	xlsxMain = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
	xlsxRels = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
	// What a workbook tells of its sheets stands between a start and an end.
	xlsxTypesStart = xlsxHead + `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">` +
		`<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>` +
		`<Override PartName="/xl/workbook.xml" ContentType="` + xlsxPart + `sheet.main+xml"/>` +
		`<Override PartName="/xl/styles.xml" ContentType="` + xlsxPart + `styles+xml"/>`
	xlsxTypesEnd = `</Types>`
	xlsxRoot     = xlsxHead + `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">` +
		`<Relationship Id="r1" Type="` + xlsxRels + `/officeDocument" Target="xl/workbook.xml"/></Relationships>`
	xlsxBookStart = xlsxHead + `<workbook xmlns="` + xlsxMain + `" xmlns:r="` + xlsxRels + `"><bookViews><workbookView/></bookViews><sheets>`
	xlsxBookEnd   = `</sheets></workbook>`
	xlsxUsesStart = xlsxHead + `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">`
	xlsxUsesEnd   = `<Relationship Id="styles" Type="` + xlsxRels + `/styles" Target="styles.xml"/></Relationships>`
	xlsxStyles    = xlsxHead + `<styleSheet xmlns="` + xlsxMain + `">` +
		`<fonts count="2"><font><sz val="11"/><name val="Calibri"/></font><font><b/><sz val="11"/><name val="Calibri"/></font></fonts>` +
		`<fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills>` +
		`<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>` +
		`<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs><cellXfs count="6">` +
		`<xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0" applyAlignment="1"><alignment vertical="top"/></xf>` +
		`<xf numFmtId="0" fontId="1" fillId="0" borderId="0" xfId="0" applyFont="1" applyAlignment="1"><alignment vertical="top" wrapText="1"/></xf>` +
		`<xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0" applyAlignment="1"><alignment vertical="top" wrapText="1"/></xf>` +
		`<xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0" applyAlignment="1"><alignment horizontal="right" vertical="top"/></xf>` +
		`<xf numFmtId="4" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1" applyAlignment="1"><alignment horizontal="right" vertical="top"/></xf>` +
		`<xf numFmtId="14" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1" applyAlignment="1"><alignment horizontal="right" vertical="top"/></xf>` +
		`</cellXfs></styleSheet>`
)

// The places of styles among the cellXfs.
const (
	styleText = iota
	styleHead
	styleWrapped
	styleNumber
	styleAmount // with marks between thousands and two decimals
	styleDate   // as the reader's spreadsheet writes days
)

// mostInCell is how many characters a cell holds; spreadsheets take no more.
const mostInCell = 32_767

// sheetForm is what a sheet looks like.
type sheetForm struct {
	name   string // 31 characters at most, and none of []:*?/\
	widths []int  // of the columns, in characters
	rows   int    // at the top, which name the columns and stay in sight
	cols   int    // at the left, which stay in sight too; fewer than 26
	wrap   bool   // long texts go on in the next line
}

// workbook writes a workbook row by row, and keeps none of them.
type workbook struct {
	form   sheetForm
	out    *zip.Writer
	rows   io.Writer
	n      int
	row    bytes.Buffer
	err    error
	sheets int
	head   []any // the first row of each sheet; see [newLongBook]
	most   int   // rows below it
}

// newSheet begins a workbook of one sheet.
func newSheet(w io.Writer, form sheetForm) *workbook {
	s := &workbook{form: form, out: zip.NewWriter(w)}
	s.next()
	return s
}

// start is a sheet up to its first row: what stays in sight, and how wide the
// columns are.
func (f *sheetForm) start(first bool) string {
	pane := "bottomLeft"
	split := fmt.Sprintf(`ySplit="%d"`, f.rows)
	if f.cols > 0 {
		pane = "bottomRight"
		split = fmt.Sprintf(`xSplit="%d" `, f.cols) + split
	}
	var b strings.Builder
	selected := ""
	if first {
		selected = ` tabSelected="1"`
	}
	b.WriteString(xlsxHead + `<worksheet xmlns="` + xlsxMain + `"><sheetViews><sheetView` + selected + ` workbookViewId="0">`)
	fmt.Fprintf(&b, `<pane %s topLeftCell="%c%d" activePane="%s" state="frozen"/></sheetView></sheetViews><cols>`, split, 'A'+f.cols, f.rows+1, pane)
	for i, width := range f.widths {
		fmt.Fprintf(&b, `<col min="%d" max="%d" width="%d" customWidth="1"/>`, i+1, i+1, width)
	}
	b.WriteString("</cols><sheetData>")
	return b.String()
}

// The cells of a sheet besides strings, which are never taken for formulas, and
// days, which are [models.Date].
type (
	number string // digits with a point: spreadsheets can add them up; "" for none
	amount string // the same, of money
)

// write adds a row of cells.
func (s *workbook) write(cells ...any) {
	s.n++
	s.row.Reset()
	s.row.WriteString(`<row r="` + strconv.Itoa(s.n) + `">`)
	for _, c := range cells {
		switch v := c.(type) {
		case number:
			s.value(styleNumber, string(v))
		case amount:
			s.value(styleAmount, string(v))
		case models.Date:
			s.day(v)
		case string:
			s.text(v)
		}
	}
	s.row.WriteString("</row>")
	if s.err == nil {
		_, s.err = s.rows.Write(s.row.Bytes())
	}
}

func (s *workbook) value(style int, digits string) {
	if digits == "" {
		s.row.WriteString("<c/>")
		return
	}
	s.row.WriteString(`<c s="` + strconv.Itoa(style) + `"><v>` + digits + "</v></c>")
}

// day adds a day, counted as spreadsheets do. They agree on days since March 1900
// only, so that earlier ones are words.
func (s *workbook) day(d models.Date) {
	const unixDay, firstSure = 25_569, 61
	n := d.Time().Unix()/(24*60*60) + unixDay
	switch {
	case d.IsZero():
		s.row.WriteString("<c/>")
	case n < firstSure:
		s.text(d.String())
	default:
		s.value(styleDate, strconv.FormatInt(n, 10))
	}
}

func (s *workbook) text(v string) {
	style := styleText
	switch {
	case s.n <= s.form.rows:
		style = styleHead
	case s.form.wrap:
		style = styleWrapped
	}
	s.row.WriteString(`<c s="` + strconv.Itoa(style) + `" t="inlineStr"><is><t xml:space="preserve">` + cellText(v) + "</t></is></c>")
}

// cellText escapes a text, without the characters that XML cannot hold.
func cellText(s string) string {
	if isPlain(s) {
		return s
	}
	if r := []rune(s); len(s) > mostInCell && len(r) > mostInCell {
		s = string(r[:mostInCell])
	}
	s = strings.Map(func(r rune) rune {
		if r < ' ' && r != '\t' && r != '\n' || r == 0xFFFE || r == 0xFFFF {
			return -1
		}
		return r
	}, s)
	return strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&quot;").Replace(s)
}

// isPlain reports whether a text stands in XML as it is: most do.
func isPlain(s string) bool {
	for i := range len(s) {
		if c := s[i]; c < ' ' || c >= 0x7F || c == '&' || c == '<' || c == '>' || c == '"' {
			return false
		}
	}
	return len(s) <= mostInCell
}
