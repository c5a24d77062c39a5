package handlers

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"fmt"
	"io"
	"strings"
	"testing"

	"pilveturg/models"
	"pilveturg/views/locale"
)

// book is a workbook as it is read back.
type book struct {
	Name string
	Pane struct {
		Columns int    `xml:"xSplit,attr"`
		Rows    int    `xml:"ySplit,attr"`
		First   string `xml:"topLeftCell,attr"`
		Active  string `xml:"activePane,attr"`
		State   string `xml:"state,attr"`
	} `xml:"sheetViews>sheetView>pane"`
	Widths []struct {
		Min   int `xml:"min,attr"`
		Max   int `xml:"max,attr"`
		Width int `xml:"width,attr"`
	} `xml:"cols>col"`
	Rows []struct {
		Number int        `xml:"r,attr"`
		Cells  []bookCell `xml:"c"`
	} `xml:"sheetData>row"`

	formats []bookFormat
}

type bookCell struct {
	Style int    `xml:"s,attr"`
	Type  string `xml:"t,attr"`
	Value string `xml:"v"`
	Text  string `xml:"is>t"`
}

type bookFormat struct {
	Number int `xml:"numFmtId,attr"`
	Font   int `xml:"fontId,attr"`
	Align  struct {
		Wrap bool `xml:"wrapText,attr"`
	} `xml:"alignment"`
}

// readBook reads a workbook, and complains of what no spreadsheet would take.
func readBook(t testing.TB, body []byte) *book {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(body), int64(len(body)))
	if err != nil {
		t.Fatal(err)
	}
	var b book
	var styles struct {
		Formats []bookFormat `xml:"cellXfs>xf"`
	}
	var sheets struct {
		Sheets []struct {
			Name string `xml:"name,attr"`
		} `xml:"sheets>sheet"`
	}
	parts := map[string]any{"[Content_Types].xml": &struct{}{}, "_rels/.rels": &struct{}{}, "xl/_rels/workbook.xml.rels": &struct{}{},
		"xl/workbook.xml": &sheets, "xl/styles.xml": &styles, "xl/worksheets/sheet1.xml": &b}
	for name, into := range parts {
		f, err := z.Open(name)
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(f)
		if err == nil {
			err = xml.Unmarshal(text, into)
		}
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
	}
	if len(z.File) != len(parts) || len(sheets.Sheets) != 1 {
		t.Fatalf("%d parts and %d sheets", len(z.File), len(sheets.Sheets))
	}
	b.Name, b.formats = sheets.Sheets[0].Name, styles.Formats
	for i, r := range b.Rows {
		if r.Number != i+1 {
			t.Errorf("row %d says it is row %d", i+1, r.Number)
		}
		for _, c := range r.Cells {
			if c.Style >= len(b.formats) || i < b.Pane.Rows && b.formats[c.Style].Font != 1 {
				t.Errorf("row %d: a cell in style %d of %d", i+1, c.Style, len(b.formats))
			}
		}
	}
	return &b
}

// said is a cell with the number of its format, or the words of a text.
func (b *book) said(c bookCell) string {
	if c.Type == "inlineStr" || c.Value == "" {
		return c.Text
	}
	return fmt.Sprintf("%s as #%d", c.Value, b.formats[c.Style].Number)
}

func TestSheetCells(t *testing.T) {
	var out bytes.Buffer
	s := newSheet(&out, sheetForm{name: `A & "B"`, widths: []int{5, 200}, rows: 1, wrap: true})
	s.write("head", "x")
	cells := []struct {
		name string
		cell any
		want string
	}{
		{"digits of money", amount("1234.50"), "1234.50 as #4"},
		{"other digits", number("-3"), "-3 as #0"},
		{"no number is an empty cell", number(""), ""},
		{"the first of March 1900 is the first day that all count alike", models.NewDate(1900, 3, 1), "61 as #14"},
		{"a day before is words", models.NewDate(1900, 2, 28), "1900-02-28"},
		{"the first of January 2026", models.NewDate(2026, 1, 1), "46023 as #14"},
		{"no day is an empty cell", models.Date{}, ""},
		{"words that look like a formula stay words", "=1+1", "=1+1"},
		{"what XML cannot hold is left out", "a\x00<b>&\t\"c", "a<b>&\t\"c"},
		{"bytes that are no text become a mark", "a\xff", "a\uFFFD"},
		{"a long text is cut", strings.Repeat("õ", mostInCell+1), strings.Repeat("õ", mostInCell)},
	}
	for _, c := range cells {
		s.write(c.cell)
	}
	if err := s.end(); err != nil {
		t.Fatal(err)
	}
	b := readBook(t, out.Bytes())
	if b.Name != `A & "B"` || len(b.Widths) != 2 || b.Widths[1].Min != 2 || b.Widths[1].Max != 2 || b.Widths[1].Width != 200 {
		t.Errorf("the sheet is called %q and has columns %+v", b.Name, b.Widths)
	}
	for i, c := range cells {
		got := b.Rows[i+1].Cells[0]
		if b.said(got) != c.want {
			t.Errorf("%s: %.60q, want %.60q", c.name, b.said(got), c.want)
		}
		if got.Type == "inlineStr" && !b.formats[got.Style].Align.Wrap {
			t.Errorf("%s: it does not go on in the next line", c.name)
		}
	}
}

func TestSheetsHaveNamesThatSpreadsheetsTake(t *testing.T) {
	all := newSite(t).Views
	for _, lang := range locale.Tags() {
		for _, key := range []string{"list.title", "compare.title"} {
			name := all[lang].Locale.T(key)
			if n := len([]rune(name)); n == 0 || n > 31 || strings.ContainsAny(name, `[]:*?/\`) || strings.Trim(name, "'") != name {
				t.Errorf("%s: %q is no name for a sheet", lang, name)
			}
		}
	}
}
