package sheet

import (
	"slices"
	"strings"
	"testing"

	"pilveturg/models"
)

func TestTotalsAmongTheRowsAreFound(t *testing.T) {
	const full = "Body,Supplier A,1/2/2026,"
	for what, c := range map[string]struct {
		rows string
		want []string // line and reason
	}{
		"none":                              {full + "10\n" + full + "20.5\n", nil},
		"a bare one":                        {full + "10\n" + full + "20.5\n,,,30.5\n", []string{"3 total_bare"}},
		"one that says so":                  {full + "10\n" + full + "20.5\n,,Sum:,30.5\n", []string{"3 total_word"}},
		"one in Estonian":                   {full + "10\n" + full + "20.5\nKokku,,,30.5\n", []string{"3 total_word"}},
		"one with all cells":                {full + "10\n" + full + "20.5\nBody,Grand total,1/2/2026,30.5\n", []string{"3 total_word"}},
		"parts and the whole":               {full + "10\n" + full + "20\n,,Subtotal,30\n" + full + "5\n" + full + "6\n,,Sub-total,11\n,,Grand total,41\n", []string{"3 total_word", "6 total_word", "7 total_word"}},
		"far below":                         {full + "10\n" + full + "20.5\n\n\n\n\n,,,30.5\n", []string{"7 total_bare"}},
		"a row that happens to be the sum":  {full + "10\n" + full + "20\nBody,Supplier B,2/2/2026,30\n", nil},
		"a company with the name":           {full + "10\n" + full + "20\nBody,Total Gas,2/2/2026,30\n", nil},
		"a wrong one":                       {full + "10\n" + full + "20\n,,Total,31\n", []string{"3 total_off"}},
		"a bare row that is no sum":         {full + "10\n" + full + "20\n,,,31\n", nil},
		"a credit that makes nothing":       {full + "10\n" + full + "-10\n,,,0\n", nil},
		"one row and its copy":              {full + "10\n,,,10\n", nil},
		"one row and a total that says so":  {full + "10\n,,Total,10\n", []string{"2 total_word"}},
		"a sum with decimals of meters":     {full + "0.00000000001\n" + full + "0.1\n,,,0.10000000001\n", []string{"3 total_bare"}},
		"a sum that is a cent off in float": {full + "0.1\n" + full + "0.2\n,,,0.3\n", []string{"3 total_bare"}},
	} {
		var totals Totals
		var got []string
		r := Open(strings.NewReader(c.rows), Style{Delimiter: ","})
		for {
			row, err := r.Next()
			if err != nil {
				break
			}
			if row.Blank() {
				totals.Blank()
				continue
			}
			amount, err := models.ParseExact(row.Cells[3])
			if err != nil {
				t.Fatal(err)
			}
			if total, ok := totals.Add(row.Line, row.Cells, amount); ok {
				got = append(got, string(rune('0'+total.Line))+" "+total.Reason)
				if total.Amount != amount || !slices.Contains(TotalReasons(), total.Reason) {
					t.Errorf("%s: %+v", what, total)
				}
			}
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%s: %v, want %v", what, got, c.want)
		}
	}
}

func TestATotalApartMayHaveMoreCells(t *testing.T) {
	var totals Totals
	row := strings.Split("a,b,c,d,e,f,g,h,10", ",")
	ten, err := models.ParseExact("10")
	if err != nil {
		t.Fatal(err)
	}
	thirty, _ := models.ParseExact("30")
	for line := range 3 {
		totals.Add(line+2, row, ten)
	}
	below := strings.Split("Office,,,Period 5,,,,x,30", ",")
	if _, ok := totals.Add(5, below, thirty); ok {
		t.Error("a row right below is taken for a total")
	}
	totals = Totals{}
	for line := range 3 {
		totals.Add(line+2, row, ten)
	}
	totals.Blank()
	totals.Blank()
	if total, ok := totals.Add(7, below, thirty); !ok || total.Reason != TotalApart {
		t.Errorf("behind blank rows it is %+v", total)
	}
}
