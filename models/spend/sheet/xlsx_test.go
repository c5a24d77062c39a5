package sheet

import (
	"archive/zip"
	"bytes"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"
)

// parts are the parts of a workbook of a test, by their names.
type parts map[string]string

// ordinary are parts of a workbook with one sheet; others come over them.
func ordinary(sheet string, others parts) parts {
	p := parts{
		"_rels/.rels": `<Relationships><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="/xl/workbook.xml"/></Relationships>`,
		"xl/workbook.xml": `<workbook xmlns:r="x"><workbookPr/><sheets><sheet name="Kulud" sheetId="1" r:id="rId1"/>` +
			`<sheet name="Notes &amp; more" state="hidden" sheetId="2" r:id="rId9"/><sheet name="Chart" sheetId="3" r:id="rId4"/></sheets></workbook>`,
		"xl/_rels/workbook.xml.rels": `<Relationships><Relationship Id="rId1" Type="a/worksheet" Target="worksheets/sheet1.xml"/>` +
			`<Relationship Id="rId9" Type="a/worksheet" Target="/xl/worksheets/sheet2.xml"/>` +
			`<Relationship Id="rId2" Type="a/sharedStrings" Target="sharedStrings.xml"/>` +
			`<Relationship Id="rId3" Type="a/styles" Target="styles.xml"/><Relationship Id="rId4" Type="a/chartsheet" Target="c.xml"/></Relationships>`,
		"xl/sharedStrings.xml": `<sst><si><t>Tarnija</t></si><si><r><t>Näi</t></r><r><t xml:space="preserve">dis OÜ</t></r><rPh sb="0"><t>aloud</t></rPh></si><si/><si><t>a_x000D_b</t></si></sst>`,
		"xl/styles.xml": `<styleSheet><numFmts><numFmt numFmtId="164" formatCode="[$-425]d\.\ mmmm\ yyyy"/><numFmt numFmtId="165" formatCode="&quot;day&quot; #,##0.00"/><numFmt numFmtId="166" formatCode="[h]:mm"/></numFmts>` +
			`<cellStyleXfs><xf numFmtId="14"/></cellStyleXfs><cellXfs><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="164"/><xf numFmtId="165"/><xf numFmtId="166"/><xf numFmtId="22"/></cellXfs></styleSheet>`,
		"xl/worksheets/sheet1.xml": `<worksheet><dimension ref="A1"/><sheetData>` + sheet + `</sheetData></worksheet>`,
		"xl/worksheets/sheet2.xml": `<worksheet><sheetData/></worksheet>`,
	}
	for name, content := range others {
		if p[name] = content; content == "" {
			delete(p, name)
		}
	}
	return p
}

func (p parts) zip(t testing.TB) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for name, content := range p {
		f, err := z.Create(name)
		if err == nil {
			_, err = io.WriteString(f, content)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// readBook reads a sheet to its end.
func readBook(content []byte, tab int) (w *Workbook, rows []Row, err error) {
	w, err = OpenXLSX(bytes.NewReader(content), int64(len(content)))
	if err != nil {
		return nil, nil, err
	}
	r, err := w.Rows(tab)
	if err != nil {
		return w, nil, err
	}
	defer r.Close()
	for {
		row, err := r.Next()
		if errors.Is(err, io.EOF) {
			return w, rows, nil
		}
		if err != nil {
			return w, rows, err
		}
		row.Cells = slices.Clone(row.Cells)
		rows = append(rows, row)
	}
}

func TestCellsOfWorkbooksAreReadAsPeopleMeantThem(t *testing.T) {
	for what, c := range map[string]struct{ cell, want string }{
		"a shared text":                   {`<c r="A1" t="s"><v>1</v></c>`, "Näidis OÜ"},
		"a sign that XML cannot have":     {`<c r="A1" t="s"><v>3</v></c>`, "a\rb"},
		"an empty shared text":            {`<c r="A1" t="s"><v>2</v></c>`, ""},
		"a text of its own":               {`<c r="A1" t="inlineStr"><is><r><t>two </t></r><r><t>parts</t></r></is></c>`, "two parts"},
		"a whole number":                  {`<c r="A1"><v>1234</v></c>`, "1234"},
		"cents":                           {`<c r="A1"><v>1487262.25</v></c>`, "1487262.25"},
		"17 digits of what was typed":     {`<c r="A1"><v>4.3499999999999996</v></c>`, "4.35"},
		"17 digits of what was added":     {`<c r="A1"><v>0.30000000000000004</v></c>`, "0.30000000000000004"},
		"a number with an exponent":       {`<c r="A1"><v>5.64902E-05</v></c>`, "0.0000564902"},
		"thousandths, never thousands":    {`<c r="A1"><v>1.234</v></c>`, "1.2340"},
		"a sum kept with its formula":     {`<c r="A1"><f>SUM(B1:B9)</f><v>-12.5</v></c>`, "-12.5"},
		"a text kept with its formula":    {`<c r="A1" t="str"><f>B1&amp;"x"</f><v>yes</v></c>`, "yes"},
		"a fault":                         {`<c r="A1" t="e"><v>#N/A</v></c>`, "#N/A"},
		"yes or no":                       {`<c r="A1" t="b"><v>1</v></c>`, "TRUE"},
		"a day by a format of all":        {`<c r="A1" s="1"><v>46085</v></c>`, "2026-03-04"},
		"a day by a format of its own":    {`<c r="A1" s="2"><v>46085</v></c>`, "2026-03-04"},
		"a day with a time":               {`<c r="A1" s="5"><v>46085.430902777778</v></c>`, "2026-03-04T10:20:30"},
		"the last second of a day":        {`<c r="A1" s="5"><v>46085.999999999</v></c>`, "2026-03-05"},
		"a day before the one of 1900":    {`<c r="A1" s="1"><v>59</v></c>`, "1900-02-28"},
		"a day that never was":            {`<c r="A1" s="1"><v>60</v></c>`, "60"},
		"a negative day is a number":      {`<c r="A1" s="1"><v>-5</v></c>`, "-5"},
		"an amount by a format with days": {`<c r="A1" s="3"><v>46085</v></c>`, "46085"},
		"hours":                           {`<c r="A1" s="4"><v>1.5</v></c>`, "36:00:00"},
		"a day as a text":                 {`<c r="A1" t="d"><v>2026-03-04T00:00:00</v></c>`, "2026-03-04T00:00:00"},
		"a number larger than any amount": {`<c r="A1"><v>1E+300</v></c>`, "1E+300"},
		"a format that is not there":      {`<c r="A1" s="99"><v>46085</v></c>`, "46085"},
	} {
		_, rows, err := readBook(ordinary(`<row r="1">`+c.cell+`<c r="B1" t="inlineStr"><is><t>x</t></is></c></row>`, nil).zip(t), 0)
		if err != nil || len(rows) != 1 || len(rows[0].Cells) != 2 || rows[0].Cells[0] != c.want {
			t.Errorf("%s: %+v, %v; want %q", what, rows, err, c.want)
		}
	}
}

func TestRowsOfWorkbooksKeepTheirNumbers(t *testing.T) {
	sheet := `<row r="1"><c r="A1" t="inlineStr"><is><t>Spend of a body</t></is></c></row>` +
		`<row r="3"><c t="s"><v>0</v></c><c t="inlineStr"><is><t>Kuupäev</t></is></c><c t="inlineStr"><is><t>Summa</t></is></c></row>` +
		`<row r="4"><c r="A4" t="s"><v>1</v></c><c r="B4" s="1"><v>46085</v></c><c r="C4"><v>1.234</v></c></row>` +
		`<row><c r="C5"><v>1.234</v></c></row><row r="1048576"><c r="BXY1048576"><v>1</v></c><c r="XFD1048576"><v>2</v></c></row>`
	content := ordinary(sheet, nil).zip(t)
	w, rows, err := readBook(content, 0)
	if err != nil || len(rows) != 5 {
		t.Fatalf("%d rows, %v", len(rows), err)
	}
	if tabs := w.Tabs(); len(tabs) != 2 || tabs[0].Name != "Kulud" || tabs[0].Hidden || tabs[1].Name != "Notes & more" || !tabs[1].Hidden {
		t.Errorf("the sheets are %+v", tabs)
	}
	lines := []int{}
	for _, row := range rows {
		lines = append(lines, row.Line)
	}
	if !slices.Equal(lines, []int{1, 3, 4, 5, MaxBookRows}) || rows[2].Raw != "Näidis OÜ\t2026-03-04\t1.2340" || !slices.Equal(rows[3].Cells, []string{"", "", "1.2340"}) {
		t.Errorf("the rows are %v, %+v", lines, rows[:4])
	}
	if rows[4].Problem != WideRow || len(rows[4].Cells) > MaxColumns {
		t.Errorf("a row of the last column has %q and %d cells", rows[4].Problem, len(rows[4].Cells))
	}
	if line, err := w.Heading(0); line != 3 || err != nil {
		t.Errorf("the heading is on line %d, %v", line, err)
	}
	if line, err := w.Heading(1); line != 0 || err != nil {
		t.Errorf("the heading of an empty sheet is on line %d, %v", line, err)
	}
	r, err := w.Rows(0)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	head, err := r.SkipTo(2)
	c := NewColumns(head.Cells)
	for err == nil {
		var row Row
		if row, err = r.Next(); err == nil && row.Problem == "" {
			c.Add(row.Cells)
		}
	}
	if list := c.List(); !list[1].IsDay() || list[1].AskOrder || list[2].Decimal != "." || list[2].AskDecimal {
		t.Errorf("the columns are %+v", list)
	}
	if r.BytesRead() != int64(len(content)) {
		t.Errorf("%d bytes of %d are read", r.BytesRead(), len(content))
	}
}

func TestDaysOfOldApplesAreCountedFrom1904(t *testing.T) {
	book := strings.Replace(ordinary("", nil)["xl/workbook.xml"], "<workbookPr/>", `<workbookPr date1904="1"/>`, 1)
	_, rows, err := readBook(ordinary(`<row r="1"><c r="A1" s="1"><v>44623</v></c></row>`, parts{"xl/workbook.xml": book}).zip(t), 0)
	if err != nil || rows[0].Cells[0] != "2026-03-04" {
		t.Errorf("%+v, %v", rows, err)
	}
}

func TestHostileWorkbooksAreRefused(t *testing.T) {
	row := `<row r="1"><c r="A1"><v>1</v></c></row>`
	for what, c := range map[string]struct {
		content []byte
		want    string
	}{
		"no zip":                       {[]byte("Body,Supplier\nA,B\n"), BookBroken},
		"nothing":                      {nil, BookBroken},
		"another document":             {parts{"[Content_Types].xml": "<Types/>", "word/document.xml": "<w/>"}.zip(t), BookOther},
		"several files":                {parts{"1.xml": "<Invoice/>", "2.xml": "<Invoice/>"}.zip(t), BookArchive},
		"no sheets":                    {ordinary(row, parts{"xl/workbook.xml": "<workbook/>"}).zip(t), BookOther},
		"a sheet that is not there":    {ordinary(row, parts{"xl/worksheets/sheet1.xml": ""}).zip(t), BookBroken},
		"a text that is not there":     {ordinary(`<row r="1"><c t="s"><v>99</v></c></row>`, nil).zip(t), BookBroken},
		"a row that goes back":         {ordinary(`<row r="2"/><row r="1"/>`, nil).zip(t), BookBroken},
		"a row that no sheet has":      {ordinary(`<row r="1048577"/>`, nil).zip(t), BookLarge},
		"XML that ends":                {ordinary(`<row r="1"><c><v>1</v></c><!`, nil).zip(t), BookBroken},
		"a row that ends":              {ordinary(row, parts{"xl/worksheets/sheet1.xml": "<worksheet><sheetData><row><c>"}).zip(t), BookBroken},
		"entities":                     {ordinary(row, parts{"xl/worksheets/sheet1.xml": `<!DOCTYPE x [<!ENTITY a "b">]><worksheet><sheetData><row><c t="str"><v>&a;</v></c></row></sheetData></worksheet>`}).zip(t), BookBroken},
		"a part of one sign":           {ordinary(strings.Repeat(" ", 20<<20), nil).zip(t), BookBomb},
		"a text without end":           {ordinary(`<row><c t="str"><v>`+hardlyPacked(4<<20)+`</v></c></row>`, nil).zip(t), BookBomb},
		"a part larger than it says":   {lying(t), BookBroken},
		"an encoding that is not read": {ordinary(row, parts{"xl/worksheets/sheet1.xml": `<?xml version="1.0" encoding="utf-7"?><worksheet/>`}).zip(t), BookBroken},
	} {
		_, _, err := readBook(c.content, 0)
		var bad *BookError
		if !errors.As(err, &bad) || bad.Code != c.want || !slices.Contains(BookProblems(), bad.Code) {
			t.Errorf("%s: %v, want %s", what, err, c.want)
		}
	}
}

// hardlyPacked is a text that a zip makes little smaller.
func hardlyPacked(n int) string {
	b, x := make([]byte, n), uint32(1)
	for i := range b {
		x = x*1664525 + 1013904223
		b[i] = 'a' + byte(x>>24)%26
	}
	return string(b)
}

// lying is a workbook whose sheet is much larger than the list of its parts says.
func lying(t testing.TB) []byte {
	sheet := `<worksheet><sheetData>` + strings.Repeat(`<row><c><v>1</v></c></row>`, 100_000) + `</sheetData></worksheet>`
	p := ordinary("", parts{"xl/worksheets/sheet1.xml": ""})
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for name, content := range p {
		f, err := z.Create(name)
		if err == nil {
			_, err = io.WriteString(f, content)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	f, err := z.Create("xl/worksheets/sheet1.xml")
	if err == nil {
		_, err = io.WriteString(f, sheet)
	}
	if err == nil {
		err = z.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
	content := b.Bytes()
	at := bytes.LastIndex(content, []byte("PK\x01\x02"))
	copy(content[at+24:], []byte{0xff, 0, 0, 0}) // 255 bytes, it says
	return content
}

func FuzzWorkbook(f *testing.F) {
	f.Add(`<row r="1"><c r="A1" t="s"><v>1</v></c><c r="C1" s="1"><v>46085.5</v></c></row>`)
	f.Add(`<row><c t="inlineStr"><is><t>x_x000D_</t></is></c><c s="4"><v>1e9</v></c></row>`)
	f.Fuzz(func(t *testing.T, sheet string) {
		_, rows, _ := readBook(ordinary(sheet, nil).zip(t), 0)
		for i, row := range rows {
			if i > 0 && row.Line <= rows[i-1].Line || len(row.Cells) > MaxColumns {
				t.Fatalf("row %d has line %d and %d cells", i, row.Line, len(row.Cells))
			}
		}
	})
}

func FuzzWorkbookFile(f *testing.F) {
	f.Add(ordinary(`<row r="1"><c r="A1" t="s"><v>1</v></c></row>`, nil).zip(f))
	f.Fuzz(func(t *testing.T, content []byte) {
		if w, _, err := readBook(content, 0); err == nil {
			_, _ = w.Heading(0)
		}
	})
}

func BenchmarkWorkbook(b *testing.B) {
	var sheet strings.Builder
	for i := range 20_000 {
		fmt.Fprintf(&sheet, `<row r="%d"><c r="A%[1]d" t="s"><v>1</v></c><c r="B%[1]d" t="s"><v>0</v></c><c r="C%[1]d" s="1"><v>46085</v></c><c r="D%[1]d"><v>%[1]d.25</v></c></row>`, i+1)
	}
	content := ordinary(sheet.String(), nil).zip(b)
	b.SetBytes(int64(sheet.Len()))
	for b.Loop() {
		if _, rows, err := readBook(content, 0); err != nil || len(rows) != 20_000 {
			b.Fatal(len(rows), err)
		}
	}
	b.ReportMetric(float64(b.N*20_000)/b.Elapsed().Seconds(), "rows/s")
}
