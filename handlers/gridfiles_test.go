package handlers

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"encoding/xml"
	"errors"
	"io"
	"slices"
	"strings"
	"testing"

	"pilveturg/models"
	"pilveturg/models/spend"
)

func exactFrom(t *testing.T, text string) models.Exact {
	t.Helper()
	e, err := models.ParseExact(text)
	if err != nil {
		t.Fatal(err)
	}
	return e
}

// oneRow is a file of one row with the values as columns a, b, c …
func oneRow(values ...any) *rowFile[int] {
	f := &rowFile[int]{name: "x", rows: sequence(slices.Values([]int{0}))}
	for i, v := range values {
		code := string(rune('a' + i))
		f.columns = append(f.columns, fileColumn[int]{code, code, func(int) any { return v }})
	}
	return f
}

func TestWhatStandsInFiles(t *testing.T) {
	for _, tt := range []struct {
		name            string
		value           any
		csv, json, xlsx string // of xlsx what the cell says, a number with its format
	}{
		{"a formula", "=1+1", "'=1+1", `"=1+1"`, "=1+1"},
		{"a text that begins with a minus", "-x", "'-x", `"-x"`, "-x"},
		{"a number that begins with a minus", exactFrom(t, "-12.50"), "-12.5", `"-12.5"`, "-12.5 as #0"},
		{"eleven decimals", exactFrom(t, "20.52022672899"), "20.52022672899", `"20.52022672899"`, "20.52022672899 as #0"},
		{"more digits than spreadsheets keep", exactFrom(t, "1234567890123456.7"), "1234567890123456.7", `"1234567890123456.7"`, "1234567890123456.7"},
		{"an unknown amount", spend.Amount{}, "", "null", ""},
		{"a known amount of nothing", spend.Known(models.Exact{}), "0", `"0"`, "0 as #0"},
		{"a day", models.NewDate(2026, 1, 31), "2026-01-31", `"2026-01-31"`, "46053 as #14"},
		{"no day", models.Date{}, "", "null", ""},
		{"a count", int64(7), "7", "7", "7 as #0"},
		{"truth", true, "true", "true", "true"},
		{"money of two currencies", []spend.Money{{Currency: "EUR", Amount: exactFrom(t, "-1")}, {Currency: "USD", Amount: exactFrom(t, "0.5")}}, "'-1 EUR; 0.5 USD", `[{"amount":"-1","currency":"EUR"},{"amount":"0.5","currency":"USD"}]`, "-1 EUR; 0.5 USD"},
		{"JSON", json.RawMessage(`{"a":"<b>"}`), `{"a":"<b>"}`, `{"a":"<b>"}`, `{"a":"<b>"}`},
		{"broken JSON", json.RawMessage(`{"a`), `{"a`, "null", `{"a`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got := csvCell(tt.value); got != tt.csv {
				t.Errorf("CSV has %q", got)
			}
			var b bytes.Buffer
			if err := oneRow(tt.value).write(&b, asJSON); err != nil || b.String() != "[\n{\"a\":"+tt.json+"}\n]\n" || !json.Valid(b.Bytes()) {
				t.Errorf("JSON is %s, %v", &b, err)
			}
			b.Reset()
			if err := oneRow(tt.value).write(&b, asXLSX); err != nil {
				t.Fatal(err)
			}
			book := readBook(t, b.Bytes())
			if got := book.said(book.Rows[1].Cells[0]); got != tt.xlsx {
				t.Errorf("XLSX has %q", got)
			}
		})
	}
}

func TestAFileWithoutRowsIsOne(t *testing.T) {
	f := oneRow("x")
	f.rows = func(func(int, error) bool) {}
	for kind, want := range map[string]string{asCSV: "\ufeffa\r\n", asJSON: "[]\n"} {
		var b bytes.Buffer
		if err := f.write(&b, kind); err != nil || b.String() != want {
			t.Errorf("%s is %q, %v", kind, &b, err)
		}
	}
}

// What fails in the middle must fail as a whole, in every kind of file.
func TestRowsThatFailFailTheFile(t *testing.T) {
	gone := errors.New("gone")
	for _, kind := range fileKinds() {
		f := oneRow("x")
		f.rows = func(yield func(int, error) bool) { _ = yield(1, nil) && yield(0, gone) }
		if err := f.write(io.Discard, kind); !errors.Is(err, gone) {
			t.Errorf("%s: %v", kind, err)
		}
	}
}

// What does not fit into a sheet goes on in the next one, and no row is lost.
func TestALongBookGoesOnInTheNextSheet(t *testing.T) {
	f := oneRow("x")
	var rows []int
	for i := range 7 {
		rows = append(rows, i)
	}
	f.name, f.sheet, f.rows = "Charges of 2025/26 with a name that is too long", 3, sequence(slices.Values(rows))
	f.columns[0].value = func(i int) any { return i }
	var b bytes.Buffer
	if err := f.write(&b, asXLSX); err != nil {
		t.Fatal(err)
	}
	z, err := zip.NewReader(bytes.NewReader(b.Bytes()), int64(b.Len()))
	if err != nil {
		t.Fatal(err)
	}
	var about struct {
		Sheets []struct {
			Name string `xml:"name,attr"`
		} `xml:"sheets>sheet"`
	}
	part := func(name string, into any) {
		t.Helper()
		file, err := z.Open(name)
		if err != nil {
			t.Fatal(err)
		}
		if err := xml.NewDecoder(file).Decode(into); err != nil {
			t.Fatal(err)
		}
	}
	part("xl/workbook.xml", &about)
	var got []string
	for i, s := range about.Sheets {
		var sheet book
		part("xl/worksheets/sheet"+string(rune('1'+i))+".xml", &sheet)
		var values []string
		for _, r := range sheet.Rows {
			values = append(values, r.Cells[0].Text+r.Cells[0].Value)
		}
		got = append(got, s.Name+": "+strings.Join(values, " "))
	}
	want := []string{"Charges of 2025-26 with a name : a 0 1 2", "Charges of 2025-26 with a nam 2: a 3 4 5", "Charges of 2025-26 with a nam 3: a 6"}
	if !slices.Equal(got, want) {
		t.Errorf("the sheets are %q", got)
	}
}
