package sheet

import (
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/text/encoding/charmap"
	enc "golang.org/x/text/encoding/unicode"
)

// readAll reads a table behind its heading as text: how it is written, its columns and
// its rows without blank ones.
func readAll(t testing.TB, open func() io.Reader) (s Style, columns []Column, rows []Row) {
	t.Helper()
	s, err := Sniff(open())
	if err != nil {
		t.Fatal(err)
	}
	r := Open(open(), s)
	head, err := r.SkipTo(s.Heading)
	if err != nil {
		return s, nil, nil
	}
	c := NewColumns(head.Cells)
	for {
		row, err := r.Next()
		if errors.Is(err, io.EOF) {
			return s, c.List(), rows
		}
		if err != nil {
			t.Fatal(err)
		}
		if row.Blank() && row.Problem == "" {
			continue
		}
		row.Cells = slices.Clone(row.Cells)
		c.Add(row.Cells)
		rows = append(rows, row)
	}
}

func ofText(s string) func() io.Reader { return func() io.Reader { return strings.NewReader(s) } }

const heading = "Body,Supplier,Day,Amount\n"

func TestHowAFileIsWrittenIsFoundOut(t *testing.T) {
	text := "Asutus;Tarnija;Kuupäev;Summa\nÕpilaste Näidisamet;Näidis OÜ;04.03.2026;1 234,50\nÄri Näidisamet;Šokolaadi Näidis OÜ;15.03.2026;99,90\n"
	utf16, err := enc.UTF16(enc.LittleEndian, enc.UseBOM).NewEncoder().String(text)
	if err != nil {
		t.Fatal(err)
	}
	cp1252, err := charmap.Windows1252.NewEncoder().String(text)
	if err != nil {
		t.Fatal(err)
	}
	english := "Body,Supplier,Day,Amount\nOffice – North,Café’s Ltd,2012-04-01,12.5\nOffice – South,Naïve Ltd,2012-05-01,£10.25\n"
	mac, err := charmap.Macintosh.NewEncoder().String(strings.ReplaceAll(english, "\n", "\r"))
	if err != nil {
		t.Fatal(err)
	}
	for what, c := range map[string]struct {
		text string
		want Style
	}{
		"plain":             {heading + "A,B,2026-01-02,1.5\n", Style{Encoding: UTF8, LineEnd: LF, Delimiter: ",", Heading: 1}},
		"semicolons, BOM":   {"\ufeff" + strings.ReplaceAll(text, "\n", "\r\n"), Style{Encoding: UTF8, BOM: true, LineEnd: CRLF, Delimiter: ";", Heading: 1}},
		"UTF-16":            {utf16, Style{Encoding: UTF16LE, BOM: true, LineEnd: LF, Delimiter: ";", Heading: 1}},
		"Windows":           {cp1252, Style{Encoding: CP1252, LineEnd: LF, Delimiter: ";", Heading: 1}},
		"old Apple":         {mac, Style{Encoding: MacRoman, LineEnd: CR, Delimiter: ",", Heading: 1}},
		"tabs, mixed ends":  {"Body\tDay\tAmount\r\nA\t2026-01-02\t1,5\nB\t2026-01-03\t2,5\n", Style{Encoding: UTF8, LineEnd: Mixed, Delimiter: "\t", Heading: 1}},
		"titles above":      {"\"Spend over 25,000\",,,\n,,,Large\n" + heading + "A,B,2026-01-02,1.5\nC,D,2026-01-03,2.5\n", Style{Encoding: UTF8, LineEnd: LF, Delimiter: ",", Heading: 3}},
		"no heading at all": {"A,B,2026-01-02,1.5\nC,D,2026-01-03,2.5\n", Style{Encoding: UTF8, LineEnd: LF, Delimiter: ",", Heading: 0}},
	} {
		s, err := Sniff(strings.NewReader(c.text))
		if err != nil || c.want.LineEnd == Mixed && s.LineEnd != Mixed {
			t.Errorf("%s: %+v, %v", what, s, err)
		}
		if c.want.LineEnd != Mixed && s.Encoding != UTF16LE && s != c.want || s.Delimiter != c.want.Delimiter || s.Encoding != c.want.Encoding {
			t.Errorf("%s: %+v, want %+v", what, s, c.want)
		}
	}
	for what, encoded := range map[string]string{"UTF-16": utf16, "Windows": cp1252} {
		if _, _, rows := readAll(t, ofText(encoded)); len(rows) != 2 || rows[0].Cells[0] != "Õpilaste Näidisamet" {
			t.Errorf("%s: %+v", what, rows)
		}
	}
	if _, _, rows := readAll(t, ofText(mac)); len(rows) != 2 || rows[0].Cells[1] != "Café’s Ltd" {
		t.Errorf("old Apple: %+v", rows)
	}
}

func TestEveryRowIsReadWhateverIsWrongWithOne(t *testing.T) {
	wide := strings.Repeat("x,", MaxColumns+5) + "x"
	long := strings.Repeat("y", MaxRow+10)
	text := heading +
		"\"A, \"\"the\"\" body\",\"two\nlines\",2026-01-02,1\n" + // lines 2 and 3
		"B \"quoted\" inside,S,2026-01-02,2\n" +
		"\"never closed,S,2026-01-02,3\n" +
		"C,S,2026-01-02,4\n" +
		"D\x00,S,2026-01-02,5\n" +
		wide + "\n" + long + "\n" +
		"E\xff,S,2026-01-02,6\n\n" +
		"F,S,2026-01-02,7"
	r := Open(strings.NewReader(text), Style{Encoding: UTF8, Delimiter: ","})
	type found struct {
		line    int
		problem string
		first   string
	}
	var got []found
	for {
		row, err := r.Next()
		if err != nil {
			break
		}
		got = append(got, found{row.Line, row.Problem, row.Cells[0][:min(20, len(row.Cells[0]))]})
	}
	want := []found{{1, "", "Body"}, {2, "", `A, "the" body`}, {4, "", `B "quoted" inside`}, {5, OpenQuote, "never closed,S,2026-"}, {6, "", "C"}, {7, HasNUL, "D\x00"},
		{8, WideRow, "x"}, {9, LongRow, "yyyyyyyyyyyyyyyyyyyy"}, {10, BrokenText, "E\uFFFD"}, {11, "", ""}, {12, "", "F"}}
	if !slices.Equal(got, want) {
		t.Errorf("the rows are\n%+v\nwant\n%+v", got, want)
	}
}

func TestAQuoteThatNeverClosesSwallowsNoRows(t *testing.T) {
	text := heading + "\"A,S,2026-01-02,1\n" + "B,\"S, of B\",2026-01-02,2\n" + "C,S,2026-01-02,3\n" +
		"\"D\nat the \"\"corner\"\"\" ,S,2026-01-02,4\n" + "\"E\" & Co,S,2026-01-02,5\n"
	r := Open(strings.NewReader(text), Style{Encoding: UTF8, Delimiter: ","})
	var got []string
	for {
		row, err := r.Next()
		if err != nil {
			break
		}
		got = append(got, fmt.Sprintf("%d %s %d", row.Line, row.Problem, len(row.Cells)))
	}
	if want := []string{"1  4", "2 row_quote 1", "3  4", "4  4", "5  4", "7  4"}; !slices.Equal(got, want) {
		t.Errorf("the rows are %q, want %q", got, want)
	}
}

func TestQuotesAreReadAcrossBuffers(t *testing.T) {
	for _, pad := range []int{1<<20 - 20, 1<<20 - 12, 1<<20 - 11, 1<<20 - 10, 1<<20 - 9, 1<<20 - 8} {
		text := strings.Repeat("p", pad) + "\n\"ab\"\"cd\"\"ef\",x\nlast,y\n"
		r := Open(strings.NewReader(text), Style{Delimiter: ","})
		var rows [][]string
		for {
			row, err := r.Next()
			if err != nil {
				break
			}
			rows = append(rows, slices.Clone(row.Cells))
		}
		if len(rows) != 3 || !slices.Equal(rows[1], []string{`ab"cd"ef`, "x"}) || !slices.Equal(rows[2], []string{"last", "y"}) {
			t.Errorf("pad %d: %d rows, the last %q", pad, len(rows), rows[1:])
		}
	}
}

func TestNumbersAreReadByTheWholeColumn(t *testing.T) {
	for what, c := range map[string]struct {
		cells   []string
		decimal string
		ask     bool
		want    []string // "" where there is none, "!" where it is wrong
	}{
		"English":             {[]string{"1,234.56", "1,234", "0.5", " £33,532.16 "}, ".", false, []string{"1234.56", "1234", "0.5", "33532.16"}},
		"Estonian":            {[]string{"1 234,56", "12,5", "1\u00a0234", "2\u202f000\u202f000,01 €"}, ",", false, []string{"1234.56", "12.5", "1234", "2000000.01"}},
		"German":              {[]string{"1.234,56", "1.234", "12"}, ",", false, []string{"1234.56", "1234", "12"}},
		"Swiss":               {[]string{"1'234.50", "CHF 12.25"}, ".", false, []string{"1234.5", "12.25"}},
		"minus of all kinds":  {[]string{"(123.45)", "123.45-", "−7.5", "-8.25", "€ -9.5", "-€9.50"}, ".", false, []string{"-123.45", "-123.45", "-7.5", "-8.25", "-9.5", "-9.5"}},
		"exponents":           {[]string{"5.64902E-05", "1e3"}, ".", false, []string{"0.0000564902", "1000"}},
		"nothing":             {[]string{"1.50", "N/A", "xxx", "", "-", "NULL"}, ".", false, []string{"1.5", "", "", "", "", ""}},
		"a thousand or one":   {[]string{"1.234", "5.678"}, ".", true, []string{"1.234", "5.678"}},
		"one of them decides": {[]string{"1.234", "5.678", "1.234.567"}, ",", false, []string{"1234", "5678", "1234567"}},
		"wrong":               {[]string{"1.50", "1,50", "1O.5O", "twelve", "1 23.4"}, ".", true, []string{"1.5", "!1.50", "!10.50", "!", "!123.4"}},
		"decimals of meters":  {[]string{"0.00000000001", "1234.5678"}, ".", false, []string{"0.00000000001", "1234.5678"}},
	} {
		columns := NewColumns([]string{"Amount"})
		for _, cell := range c.cells {
			columns.Add([]string{cell})
		}
		column := columns.List()[0]
		if column.Decimal != c.decimal || column.AskDecimal != c.ask {
			t.Errorf("%s: %+v, want %q, ask %v", what, column, c.decimal, c.ask)
		}
		for i, cell := range c.cells {
			n, known, fault := Number(cell, column.Decimal)
			got := ""
			switch {
			case fault != nil:
				got = "!" + fault.Repair
			case known:
				got = n.String()
			}
			if got != c.want[i] {
				t.Errorf("%s: %q is %q, want %q", what, cell, got, c.want[i])
			}
		}
	}
}

func TestDaysAreReadByTheWholeColumn(t *testing.T) {
	for what, c := range map[string]struct {
		cells   []string
		order   Order
		ask     bool
		swapped bool
		want    []string
	}{
		"European":           {[]string{"04/03/2012", "25/03/2012", "4.3.12"}, DMY, false, false, []string{"2012-03-04", "2012-03-25", "2012-03-04"}},
		"American":           {[]string{"3/4/2012", "3/25/2012"}, MDY, false, false, []string{"2012-03-04", "2012-03-25"}},
		"either":             {[]string{"03/04/2012", "05/04/2012"}, DMY, true, false, []string{"2012-04-03", "2012-04-05"}},
		"fewer months":       {[]string{"03/04/2012", "03/05/2012", "03/06/2012"}, MDY, true, false, []string{"2012-03-04", "2012-03-05", "2012-03-06"}},
		"ISO":                {[]string{"2026-03-04", "2026-03-04T10:20:30Z", "2026-03-04 10:20:30", "2026/03/05"}, "", false, false, []string{"2026-03-04", "2026-03-04", "2026-03-04", "2026-03-05"}},
		"words":              {[]string{"07-Apr-10", "7 April 2010", "April 7, 2010", "7. juuni 2010"}, "", false, false, []string{"2010-04-07", "2010-04-07", "2010-04-07", "2010-06-07"}},
		"swapped among them": {[]string{"2010-01-06T00:00:00", "2010-11-06T00:00:00", "6/25/2010", "6/30/2010"}, MDY, false, true, []string{"2010-06-01", "2010-06-11", "2010-06-25", "2010-06-30"}},
		"wrong":              {[]string{"25/03/2012", "03/25/2012", "2012-03-0x4", "00:00:00", "31/02/2012", "N/A"}, DMY, true, false, []string{"2012-03-25", "!2012-03-25", "!2012-03-04", "!", "!", ""}},
	} {
		columns := NewColumns([]string{"Day"})
		for _, cell := range c.cells {
			columns.Add([]string{cell})
		}
		column := columns.List()[0]
		if column.Order != c.order || column.AskOrder != c.ask || column.Swapped != c.swapped {
			t.Errorf("%s: %+v, want %q, ask %v, swapped %v", what, column, c.order, c.ask, c.swapped)
		}
		for i, cell := range c.cells {
			d, known, fault := column.Day(cell)
			got := ""
			switch {
			case fault != nil:
				got = "!" + fault.Repair
			case known:
				got = d.String()
			}
			if got != c.want[i] {
				t.Errorf("%s: %q is %q, want %q", what, cell, got, c.want[i])
			}
		}
	}
	counted := Column{Order: Count}
	if d, known, _ := counted.Day("46085.25"); !known || d.String() != "2026-03-04" {
		t.Errorf("46085.25 is %s, %v", d, known)
	}
}

// shared finds files of the data that lies beside the project, and skips the test where
// they are not.
func shared(t testing.TB, pattern string) []string {
	t.Helper()
	dir, err := filepath.Abs(".")
	for ; err == nil && dir != filepath.Dir(dir); dir = filepath.Dir(dir) {
		if all, _ := filepath.Glob(filepath.Join(dir, "shared", "data", "spend", filepath.FromSlash(pattern))); len(all) > 0 {
			return all
		}
	}
	t.Skipf("shared/data/spend/%s is not beside the project", pattern)
	return nil
}

func FuzzTable(f *testing.F) {
	f.Add([]byte(heading + "\"A\",B,2026-01-02,(1.5)\n"))
	f.Add([]byte("\xff\xfea\x00;\x00b\x00\r\x00"))
	f.Add([]byte("a\r\"b\r\nc\",d\n\"\"\"\n"))
	f.Fuzz(func(t *testing.T, content []byte) {
		_, columns, rows := readAll(t, func() io.Reader { return strings.NewReader(string(content)) })
		lines := 0
		for _, row := range rows {
			if row.Line <= lines {
				t.Fatalf("line %d comes behind line %d", row.Line, lines)
			}
			lines = row.Line
			for i, cell := range row.Cells {
				if i < len(columns) {
					_, _, _ = Number(cell, columns[i].Decimal)
					_, _, _ = columns[i].Day(cell)
				}
			}
		}
	})
}

func BenchmarkReader(b *testing.B) {
	line := "Näidisamet,Kaardikoda Näidis OÜ,Software,2026-03-04,\"1,234.56\",IN-2026-00012,map views,yes\n"
	text := heading + strings.Repeat(line, 10_000)
	b.SetBytes(int64(len(text)))
	for range b.N {
		r := Open(strings.NewReader(text), Style{Encoding: UTF8, Delimiter: ","})
		column := Column{}
		for {
			row, err := r.Next()
			if err != nil {
				break
			}
			if len(row.Cells) > 4 {
				_, _, _ = Number(row.Cells[4], ".")
				_, _, _ = column.Day(row.Cells[3])
			}
		}
	}
	b.ReportMetric(float64(b.N*10_000)/b.Elapsed().Seconds(), "rows/s")
}

func BenchmarkColumns(b *testing.B) {
	cells := []string{"Näidisamet", "Kaardikoda Näidis OÜ", "Software", "04/03/2026", "1,234.56", "IN-2026-00012", "map views", "yes"}
	c := NewColumns(cells)
	b.ReportAllocs()
	for b.Loop() {
		c.Add(cells)
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "rows/s")
}

func BenchmarkSniff(b *testing.B) {
	text := heading + strings.Repeat("Näidisamet,Kaardikoda Näidis OÜ,Software,2026-03-04,\"1,234.56\",IN-2026-00012,map views,yes\n", 100_000)
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		if _, err := Sniff(strings.NewReader(text)); err != nil {
			b.Fatal(err)
		}
	}
}
