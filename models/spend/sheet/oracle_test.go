package sheet

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"pilveturg/models"
)

// oracle is what another program says of a file.
type oracle struct {
	Encoding string
	BOM      bool
	LineEnd  string `json:"line_ending"`
	Header   int    `json:"header_record"`
	Columns  []string
	Data     int `json:"data_rows"`
	Rows     int `json:"records_after_header"`
	Blank    int `json:"blank_records"`
	Rejected int `json:"rejected_count"`
	Taken    int `json:"imported_rows"`
	Negative int `json:"negative_rows"`
	Undated  int `json:"undated_rows"`
	Sum      string
	Roles    map[string]struct{ Index int } `json:"column_roles"`
	Excluded []struct {
		Record int
		Amount string
	} `json:"embedded_total_rows_excluded"`
	Months []struct {
		Key  string
		Rows int
		Sum  string
	} `json:"by_month"`
}

// load reads a file and what the other program says of it.
func load(t *testing.T, name string, into any) (content string) {
	t.Helper()
	text, err := os.ReadFile(name)
	if err == nil {
		err = json.Unmarshal(text, into)
	}
	if err != nil {
		t.Fatal(err)
	}
	table, err := os.ReadFile(strings.TrimSuffix(name, ".oracle.json"))
	if err != nil {
		t.Fatal(err)
	}
	return string(table)
}

func exact(t *testing.T, s string) models.Exact {
	t.Helper()
	n, err := models.ParseExact(s)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func TestRealFilesAreReadAsAnotherProgramReadsThem(t *testing.T) {
	for _, name := range append(shared(t, "uk25k/*.oracle.json"), shared(t, "gcloud/g-cloud*.oracle.json")...) {
		t.Run(filepath.Base(name), func(t *testing.T) {
			var o oracle
			content := load(t, name, &o)
			s, columns, rows := readAll(t, ofText(content))
			if s.Encoding != o.Encoding || s.Heading != o.Header || s.LineEnd == CR != (o.LineEnd == "CR") {
				t.Errorf("it is %+v, want %s, %s, the heading on line %d", s, o.Encoding, o.LineEnd, o.Header)
			}
			if len(rows) != o.Rows-o.Blank {
				t.Errorf("%d rows, want %d", len(rows), o.Rows-o.Blank)
			}
			o.compare(t, columns, rows)
		})
	}
}

// month is what the rows of one come to.
type month struct {
	rows int
	sum  models.Exact
}

// compare holds the amounts, totals and days of a file against those of another program.
func (o oracle) compare(t *testing.T, columns []Column, rows []Row) {
	t.Helper()
	amountAt, dateAt := o.Roles["amount"].Index, o.Roles["date"].Index
	var sum models.Exact
	taken, negative, rejected, found := 0, 0, 0, []Total{}
	var totals Totals
	months := map[string]month{}
	for _, row := range rows {
		if len(row.Cells) <= amountAt {
			rejected++
			continue
		}
		n, known, fault := Number(row.Cells[amountAt], columns[amountAt].Decimal)
		if !known || fault != nil {
			rejected++
			continue
		}
		if total, ok := totals.Add(row.Line, row.Cells, n); ok {
			found = append(found, total)
			continue
		}
		taken++
		if n.Sign() < 0 {
			negative++
		}
		sum, _ = sum.Add(n)
		key := ""
		if d, known, _ := columns[dateAt].Day(row.Cells[dateAt]); known {
			key = d.String()[:7]
		}
		m := months[key]
		m.rows++
		m.sum, _ = m.sum.Add(n)
		months[key] = m
	}
	if taken != o.Taken || sum != exact(t, o.Sum) || rejected != o.Rejected || negative != o.Negative {
		t.Errorf("%d amounts, sum %s, %d rejected, %d negative; want %d, %s, %d, %d", taken, sum, rejected, negative, o.Taken, o.Sum, o.Rejected, o.Negative)
	}
	if len(found) != len(o.Excluded) {
		t.Errorf("the totals are %+v, want %+v", found, o.Excluded)
	}
	for i, one := range o.Excluded {
		if i < len(found) && (found[i].Line != one.Record || found[i].Amount != exact(t, one.Amount)) {
			t.Errorf("a total is %+v, want %+v", found[i], one)
		}
	}
	if months[""].rows != o.Undated {
		t.Errorf("%d rows have no day, want %d", months[""].rows, o.Undated)
	}
	for _, m := range o.Months {
		if got := months[m.Key]; m.Rows > 0 && m.Key != "" && (got.rows != m.Rows || got.sum != exact(t, m.Sum)) {
			t.Errorf("%s has %d rows, %s; want %d, %s", m.Key, got.rows, got.sum, m.Rows, m.Sum)
		}
	}
}

// sumOf adds up a column of a table, and counts the cells that have no number.
func sumOf(t *testing.T, columns []Column, rows []Row, heading string) (sum models.Exact, nulls, negative int) {
	t.Helper()
	i := slices.IndexFunc(columns, func(c Column) bool { return c.Heading == heading })
	if i < 0 {
		t.Errorf("there is no column %q", heading)
		return sum, 0, 0
	}
	for _, row := range rows {
		n, known, fault := Number(row.Cells[i], columns[i].Decimal)
		if fault != nil {
			t.Errorf("line %d: %s is %q", row.Line, heading, row.Cells[i])
		}
		if !known {
			nulls++
		}
		if n.Sign() < 0 {
			negative++
		}
		sum, _ = sum.Add(n)
	}
	return sum, nulls, negative
}

func TestCostsOfProvidersAddUpToTheLastDecimal(t *testing.T) {
	names := append(shared(t, "focus/focus_sample_1.0.csv.oracle.json"), shared(t, "focus/spec_1.2_examples/*.oracle.json")...)
	for _, name := range names {
		t.Run(filepath.Base(name), func(t *testing.T) {
			var o struct {
				oracle
				Totals   map[string]string
				Nulls    map[string]int
				Negative map[string]int `json:"negative_rows"`
			}
			content := load(t, name, &o)
			s, columns, rows := readAll(t, ofText(content))
			if s.Encoding != UTF8 || s.BOM != o.BOM || s.Heading != 1 || len(rows) != o.Data || len(columns) != len(o.Columns) {
				t.Errorf("it is %+v with %d rows and %d columns; want %d and %d", s, len(rows), len(columns), o.Data, len(o.Columns))
			}
			for heading, want := range o.Totals {
				sum, nulls, negative := sumOf(t, columns, rows, heading)
				if sum != exact(t, want) || nulls != o.Nulls[heading] || negative != o.Negative[heading] {
					t.Errorf("%s: %s, %d nulls, %d negative; want %s, %d, %d", heading, sum, nulls, negative, want, o.Nulls[heading], o.Negative[heading])
				}
			}
		})
	}
}

func TestMillionsWithSixDecimalsAddUp(t *testing.T) {
	for _, name := range shared(t, "us_it/businesscase_by2017.csv.oracle.json") {
		var o struct {
			Rows   int
			Totals map[string]string `json:"totals_usd_million"`
		}
		content := load(t, name, &o)
		s, columns, rows := readAll(t, ofText(content))
		if !s.BOM || s.Heading != 1 || len(rows) != o.Rows {
			t.Errorf("it is %+v with %d rows, want %d", s, len(rows), o.Rows)
		}
		for heading, want := range o.Totals {
			if sum, _, _ := sumOf(t, columns, rows, heading); sum != exact(t, want) {
				t.Errorf("%s: %s, want %s", heading, sum, want)
			}
		}
	}
}

func TestRatesOfTheCentralBankAreNumbersOrNothing(t *testing.T) {
	for _, name := range shared(t, "fx/eurofxref-hist.csv.oracle.json") {
		var o struct {
			Rows        int
			First, Last models.Date
			Currencies  []string
		}
		content := load(t, name, &o)
		s, columns, rows := readAll(t, ofText(content))
		if s.Heading != 1 || len(rows) != o.Rows || len(columns) != len(o.Currencies)+2 { // and the day, and a comma at the end
			t.Fatalf("it is %+v with %d rows and %d columns", s, len(rows), len(columns))
		}
		last, _, _ := columns[0].Day(rows[0].Cells[0])
		first, _, _ := columns[0].Day(rows[len(rows)-1].Cells[0])
		if first != o.First || last != o.Last || columns[0].AskOrder {
			t.Errorf("the days are %s to %s, want %s to %s", first, last, o.First, o.Last)
		}
		for _, currency := range o.Currencies {
			sumOf(t, columns, rows, currency)
		}
	}
}
