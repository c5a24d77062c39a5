package handlers

import (
	"archive/zip"
	"fmt"
	"io"
	"strconv"
	"strings"

	"pilveturg/models"
)

// mostSheetRows are how many rows a sheet has below its heading; spreadsheets know no more.
const mostSheetRows = 1<<20 - 1

// newLongBook begins a workbook for any number of rows: what does not fit into a sheet,
// of most rows below its heading, goes on in the next one under the same heading.
func newLongBook(w io.Writer, form sheetForm, head []any, most int) *workbook {
	form.rows = 1
	b := &workbook{form: form, out: zip.NewWriter(w), head: head, most: most}
	b.next()
	return b
}

// next begins another sheet.
func (b *workbook) next() {
	b.finish()
	b.sheets++
	b.part(fmt.Sprintf("xl/worksheets/sheet%d.xml", b.sheets), b.form.start(b.sheets == 1))
	b.n = 0
	if b.head != nil {
		b.write(b.head...)
	}
}

// finish ends the sheet that was begun, if any.
func (b *workbook) finish() {
	if b.err == nil && b.sheets > 0 {
		_, b.err = io.WriteString(b.rows, "</sheetData></worksheet>")
	}
}

func (b *workbook) part(name, text string) {
	if b.err == nil {
		b.rows, b.err = b.out.Create(name)
	}
	if b.err == nil {
		_, b.err = io.WriteString(b.rows, text)
	}
}

// add adds a row to a workbook of [newLongBook] and returns the first error there was.
func (b *workbook) add(cells ...any) error {
	if b.n > b.most {
		b.next()
	}
	b.write(cells...)
	return b.err
}

// end finishes the workbook and returns the first error there was. What tells of the
// sheets comes last, when it is known how many there are.
func (b *workbook) end() error {
	b.finish()
	var types, sheets, uses strings.Builder
	for i := range b.sheets {
		n := strconv.Itoa(i + 1)
		types.WriteString(`<Override PartName="/xl/worksheets/sheet` + n + `.xml" ContentType="` + xlsxPart + `worksheet+xml"/>`)
		sheets.WriteString(`<sheet name="` + cellText(b.sheetName(i)) + `" sheetId="` + n + `" r:id="r` + n + `"/>`)
		uses.WriteString(`<Relationship Id="r` + n + `" Type="` + xlsxRels + `/worksheet" Target="worksheets/sheet` + n + `.xml"/>`)
	}
	b.part("[Content_Types].xml", xlsxTypesStart+types.String()+xlsxTypesEnd)
	b.part("_rels/.rels", xlsxRoot)
	b.part("xl/workbook.xml", xlsxBookStart+sheets.String()+xlsxBookEnd)
	b.part("xl/_rels/workbook.xml.rels", xlsxUsesStart+uses.String()+xlsxUsesEnd)
	b.part("xl/styles.xml", xlsxStyles)
	if err := b.out.Close(); b.err == nil {
		b.err = err
	}
	return b.err
}

// mostSheetName is how many characters the name of a sheet has at most.
const mostSheetName = 31

// sheetName is what the sheet at a place is called; the first has no number.
func (b *workbook) sheetName(i int) string {
	number := ""
	if i > 0 {
		number = " " + strconv.Itoa(i+1)
	}
	name := []rune(strings.Map(func(r rune) rune {
		if strings.ContainsRune(`[]:*?/\`, r) {
			return '-'
		}
		return r
	}, b.form.name))
	return string(name[:min(len(name), mostSheetName-len(number))]) + number
}

// mostDigits are how many digits a spreadsheet keeps of a number.
const mostDigits = 15

// figure is the cell of an exact number: a number where a spreadsheet keeps all its
// digits, otherwise its text.
func figure(e models.Exact) any {
	text := e.String()
	if digits := strings.Trim(strings.NewReplacer("-", "", ".", "").Replace(text), "0"); len(digits) > mostDigits {
		return text
	}
	if f, err := strconv.ParseFloat(text, 64); err != nil || strconv.FormatFloat(f, 'f', -1, 64) != text {
		return text
	}
	return number(text)
}
