package spend_test

import (
	"strings"
	"testing"

	"pilveturg/models/spend"
)

const shaped = "Supplier,Date,Reference,Amount EUR,Note\n"

// What stands around and between the rows neither counts nor shifts anything.
func TestRowsOfEveryShapeComeToTheirSum(t *testing.T) {
	wide := strings.Repeat(",", 1_000_000)
	tries(t, map[string]tableCase{
		"line ends in quotes":    {strings.ReplaceAll(shaped, "\n", "\r\n") + "\"A\nof B\",2026-03-14,1,10.00,\r\n\"C\",2026-03-15,2,\"20.50\",\"x\ny\nz\"\r\n", "EUR 30.5", 2, 0, 0},
		"doubled quotes":         {shaped + "\"A \"\"B\"\"\",2026-03-14,1,10.00,\"\"\"\"\nC,2026-03-15,2,20.50,\n", "EUR 30.5", 2, 0, 0},
		"a stray quote":          {shaped + "A 19\" screens,2026-03-14,1,10.00,\nC,2026-03-15,2,20.50,6\" more\n", "EUR 30.5", 2, 0, 0},
		"a quote never closed":   {shaped + "\"A,2026-03-14,1,10.00,\nC,2026-03-15,2,20.50,\n", "EUR 20.5", 1, 1, 0},
		"titles above":           {"Spend over 25,000,,,,\n\"For March, 2026\",,,,\n,,,,\n" + shaped + "A,2026-03-14,1,10.00,\nC,2026-03-15,2,20.50,\n", "EUR 30.5", 2, 0, 0},
		"heading again":          {shaped + "A,2026-03-14,1,10.00,\n" + shaped + "C,2026-03-15,2,20.50,\n", "EUR 30.5", 2, 1, 0},
		"a total":                {shaped + "A,2026-03-14,1,10.00,\nC,2026-03-15,2,20.50,\n,,,,\nTotal,,,30.50,\n", "EUR 30.5", 2, 0, 1},
		"a bare total":           {shaped + "A,2026-03-14,1,10.00,x\nC,2026-03-15,2,20.50,\n,,,30.50,\n", "EUR 30.5", 2, 0, 1},
		"totals of groups":       {shaped + "A,2026-03-14,1,10.00,\nA,2026-03-15,2,20.50,\nA Total,,,30.50,\nB,2026-03-16,3,1.25,\nB,2026-03-16,4,2.25,\nB Total,,,3.50,\nGrand Total,,,34.00,\n", "EUR 34", 4, 0, 3},
		"a group of one":         {shaped + "A,2026-03-14,1,10.00,\nA Total,,,10.00,\nB,2026-03-16,3,1.25,\nB Total,,,1.25,\nGrand Total,,,11.25,\n", "EUR 11.25", 2, 0, 3},
		"totals of totals":       {shaped + "A,2026-03-14,1,10.00,\nA,2026-03-15,2,20.50,\nA kokku,,,30.50,\nB,2026-03-16,3,1.25,\nB,2026-03-16,4,2.25,\nB kokku,,,3.50,\nOsakond kokku,,,34.00,\nC,2026-03-16,5,1.00,\nC,2026-03-16,6,1.00,\nC kokku,,,2.00,\nKõik kokku,,,36.00,\n", "EUR 36", 6, 0, 5},
		"a total that is off":    {shaped + "A,2026-03-14,1,10.00,x\nA,2026-03-15,2,20.50,x\nA Total,,,30.49,\nB,2026-03-16,3,1.25,\n", "EUR 31.75", 3, 1, 0},
		"a company named Total":  {shaped + "Total Energies,2026-03-14,1,10.00,x\nTotal Energies,2026-03-15,2,20.50,x\nB,2026-03-16,3,1.25,\n", "EUR 31.75", 3, 0, 0},
		"a footer":               {shaped + "A,2026-03-14,1,10.00,\nC,2026-03-15,2,20.50,\n\nPrepared by the office\nAll amounts without VAT,,,,\n", "EUR 30.5", 2, 2, 0},
		"blank lines":            {shaped + "\n\nA,2026-03-14,1,10.00,\n,,,,\n   \nC,2026-03-15,2,20.50,\n" + strings.Repeat(",,,,\n", 50), "EUR 30.5", 2, 0, 0},
		"columns without a name": {"Supplier,Date,Reference,Amount EUR,,,\nA,2026-03-14,1,10.00,,,\nC,2026-03-15,2,20.50,x,,\n", "EUR 30.5", 2, 0, 0},
		"commas at the end":      {shaped + "A,2026-03-14,1,10.00,,,,\nC,2026-03-15,2,20.50,,,,\n", "EUR 30.5", 2, 0, 0},
		"shorter":                {shaped + "A,2026-03-14,1,10.00\nC,2026-03-15,2,20.50,x\nD,2026-03-15\n", "EUR 30.5", 2, 1, 0},
		"shifted to the left":    {"Supplier,Date,Amount EUR,VAT,Note\nA,2026-03-14,10.00,2.40,x\nC,2026-03-15 20.00,4.80,y\nD,2026-03-15,1.00,0.24,z\n", "EUR 13.64", 2, 1, 0},
		"two cells in one":       {"Supplier,Date,Amount EUR,VAT\nA,2026-03-14,10.00,2.40\nC,2026-03-15 20.00,4.80\nD,2026-03-15,1.00,0.24\n", "EUR 13.64", 2, 1, 0},
		"a name is missing":      {"Supplier,Date,Amount EUR\nA,2026-03-14,10.00,x\nC,2026-03-15,20.50,y\n", "EUR 30.5", 2, 0, 0},
		"shifted to the right":   {"Supplier,Units,Amount EUR,VAT,Note\nA,7,10.00,2.40,x\nC, Ltd,9,20.00,4.80,y\nD,3,1.00,0.24,z\n", "EUR 13.64", 2, 1, 0},
		"a comma in a number":    {shaped + "A,2026-03-14,1,10.00,x\nC,2026-03-15,2,1,234.00,y\n", "EUR 10", 1, 1, 0},
		"a million columns":      {shaped + "A,2026-03-14,1,10.00,\nB,2026-03-14,2,5.00" + wide + "\nC,2026-03-15,2,20.50,\n", "EUR 30.5", 2, 1, 0},
		"bytes that are no text": {shaped + "A,2026-03-14,1,10.00,\nB\x00,2026-03-14,2,5.00,\nC,2026-03-15,2,20.50,\n", "EUR 30.5", 2, 1, 0},
	})
}

// A cell of a column without a name, and the second of two with one name, are kept.
func TestNoCellIsLost(t *testing.T) {
	o := newOffice(t)
	b := o.staged("in.csv", []byte("Supplier,Date,Amount EUR,,Floor,Floor\nA,2026-03-14,1.50,third,4,5\n"))
	lines, err := spend.Lines(t.Context(), o.DB, o.finance, spend.Query{Batch: b.ID}, firstRows)
	if err != nil || len(lines) != 1 || lines[0].More != `{"#4":"third","Floor":"4","Floor (2)":"5"}` {
		t.Errorf("%+v, %v", lines, err)
	}
}

func TestDaysInEveryWritingAreTheSameDay(t *testing.T) {
	o := newOffice(t)
	for writing, want := range map[string]string{
		"2026-03-14": "2026-03-14", "14.03.2026": "2026-03-14", "14/03/2026": "2026-03-14", "3/14/2026": "2026-03-14", "14.3.26": "2026-03-14", "2026/03/14": "2026-03-14", "20260314": "2026-03-14",
		"2026-03-14T23:59:59Z": "2026-03-14", "2026-03-14 00:00:00": "2026-03-14", "14.03.2026 12:30": "2026-03-14", "14-Mar-26": "2026-03-14", "14 March 2026": "2026-03-14", "March 14, 2026": "2026-03-14",
		"14. märts 2026": "2026-03-14", "14. märts 2026. a.": "2026-03-14", "1. jaanuar 2026": "2026-01-01", "1. veebruar 2026": "2026-02-01", "9. september 2026": "2026-09-09", "24. detsember 2026": "2026-12-24", "23. juuni 2026": "2026-06-23", "23. juuli 2026": "2026-07-23",
		"46095": "2026-03-14", "46095.5": "2026-03-14", "Mar-26": "2026-03-01", "March 2026": "2026-03-01", "märts 2026": "2026-03-01", "2026-03": "2026-03-01", "03/2026": "2026-03-01",
		"2026-W11": "", "2026-W11-6": "", "Q1 2026": "", "soon": "", "31.02.2026": "", "00:00:00": "", "12-Mar": "", "Mar 26": "",
	} {
		o.forgets()
		b := o.staged("in.csv", []byte("Supplier;Invoice date;Amount EUR\nA;"+writing+";1.50\n"))
		lines, err := spend.Lines(t.Context(), o.DB, o.finance, spend.Query{Batch: b.ID}, firstRows)
		if err != nil || len(lines) != 1 {
			t.Fatalf("%s: %+v, %v", writing, lines, err)
		}
		got := ""
		if !lines[0].Invoiced.IsZero() {
			got = lines[0].Invoiced.String()
		}
		if got != want || want == "" && b.Undated != 1 {
			t.Errorf("%s is %q, want %q", writing, got, want)
		}
	}
}
