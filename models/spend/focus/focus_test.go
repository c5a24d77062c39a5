package focus

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"slices"
	"strings"
	"testing"
)

// minimal is a heading with what most rows need, and rowWith a good row with some cells
// changed.
var minimal = []string{"BilledCost", "BillingCurrency", "BillingPeriodStart", "BillingPeriodEnd", "ChargePeriodStart", "ChargePeriodEnd", "ChargeCategory", "ChargeFrequency", "ChargeClass", "Tags", "x_Centre", "PricingQuantity", "ResourceName", "EffectiveCost"}

func rowWith(column, cell string) []string {
	row := []string{"1.5", "EUR", "2024-09-01T00:00:00Z", "2024-10-01T00:00:00Z", "2024-09-01T00:00:00Z", "2024-09-02T00:00:00Z", "Usage", "Usage-Based", "", `{"team":"a"}`, "C1", "2", "disk", "1.5"}
	if i := slices.Index(minimal, column); i >= 0 {
		row[i] = cell
	}
	return row
}

func TestARowIsReadWithGoodSense(t *testing.T) {
	h, _ := NewHeading(minimal)
	for _, c := range []struct {
		what, column, cell string
		problem            string // "" for none
		got                func(*Charge) string
		want               string
	}{
		{"as the specification wants", "", "", "", billed, "1.5"},
		{"an exponent", "BilledCost", "5.64902E-05", "", billed, "0.0000564902"},
		{"a price tag", "BilledCost", "$10,000.00 ", "dressed BilledCost $10,000.00", billed, "10000"},
		{"a negative price tag", "BilledCost", "-$1,234.50", "dressed BilledCost -$1,234.50", billed, "-1234.5"},
		{"a decimal comma", "BilledCost", "10,00", "error: number BilledCost 10,00", billed, "0"},
		{"a word as cost", "BilledCost", "free", "error: number BilledCost free", billed, "0"},
		{"a fraction", "BilledCost", "1/2", "error: number BilledCost 1/2", billed, "0"},
		{"28 decimals", "BilledCost", "0.1234567890123456789012345678", "error: number BilledCost 0.1234567890123456789012345678", billed, "0"},
		{"no cost", "BilledCost", "", "error: missing BilledCost", billed, "0"},
		{"an unreadable quantity", "PricingQuantity", "many", "number PricingQuantity many", billed, "1.5"},
		{"an unreadable effective cost", "EffectiveCost", "many", "error: number EffectiveCost many", billed, "1.5"},
		{"no currency", "BillingCurrency", " ", "error: missing BillingCurrency", currency, ""},
		{"a small currency", "BillingCurrency", "eur", "spelled BillingCurrency eur", currency, "EUR"},
		{"a currency of the vendor's own", "BillingCurrency", "Tokens", "error: currency BillingCurrency Tokens", currency, ""},
		{"a time without T and Z", "ChargePeriodEnd", "2024-09-02 00:00:00", "moment ChargePeriodEnd 2024-09-02 00:00:00", end, "2024-09-02T00:00:00Z"},
		{"an American day", "ChargePeriodEnd", "9/3/24", "moment ChargePeriodEnd 9/3/24", end, "2024-09-03T00:00:00Z"},
		{"a day", "ChargePeriodEnd", "2024-09-03", "moment ChargePeriodEnd 2024-09-03", end, "2024-09-03T00:00:00Z"},
		{"an offset", "ChargePeriodEnd", "2024-09-03T02:00:00+03:00", "moment ChargePeriodEnd 2024-09-03T02:00:00+03:00", end, "2024-09-02T23:00:00Z"},
		{"an hour of 30", "ChargePeriodEnd", "2024-09-02T30:00:00Z", "error: time ChargePeriodEnd 2024-09-02T30:00:00Z", end, "0001-01-01T00:00:00Z"},
		{"the 31st of September", "ChargePeriodEnd", "2024-09-31T00:00:00Z", "error: time ChargePeriodEnd 2024-09-31T00:00:00Z", end, "0001-01-01T00:00:00Z"},
		{"an end before the start", "ChargePeriodEnd", "2024-08-31T00:00:00Z", "error: backwards ChargePeriodEnd", end, "2024-08-31T00:00:00Z"},
		{"an end at the start", "ChargePeriodEnd", "2024-09-01T00:00:00Z", "instant ChargePeriodEnd", end, "2024-09-01T00:00:00Z"},
		{"a category in small letters", "ChargeCategory", "credit", "spelled ChargeCategory credit", category, "credit"},
		{"a category of its own", "ChargeCategory", "Gift", "error: listed ChargeCategory Gift", category, ""},
		{"no category", "ChargeCategory", "", "missing ChargeCategory", category, ""},
		{"a frequency spelled otherwise", "ChargeFrequency", "Usage-based", "spelled ChargeFrequency Usage-based", frequency, "usage-based"},
		{"one time", "ChargeFrequency", "one time", "spelled ChargeFrequency one time", frequency, "one-time"},
		{"a frequency of its own", "ChargeFrequency", "Daily", "listed ChargeFrequency Daily", frequency, ""},
		{"a correction", "ChargeClass", "Correction", "", class, "Correction"},
		{"the word NULL", "ChargeClass", "NULL", "null ChargeClass NULL", class, ""},
		{"the word null", "Tags", "null", "null Tags null", tags, ""},
		{"tags that are none", "Tags", "team=a", "object Tags team=a", tags, ""},
		{"tags that are kept nevertheless", "Tags", "team=a", "object Tags team=a", others, `{"x_Centre":"C1","Tags":"team=a"}`},
		{"an object of the vendor's", "x_Centre", `{"a":1}`, "", others, `{"x_Centre":{"a":1}}`},
		{"the apostrophe before a formula", "ResourceName", "'=1+1", "", resource, "=1+1"},
		{"nothing but NUL as cost", "BilledCost", "\x00", "garbled BilledCost; error: missing BilledCost", billed, "0"},
		{"bytes that are no text", "ResourceName", "d\xffis\x00k", "garbled ResourceName disk", resource, "disk"},
		{"an escaped NUL", "Tags", `{"a":"\u0000"}`, `object Tags {"a":"\u0000"}`, others, `{"x_Centre":"C1","Tags":"{\"a\":\"\\u0000\"}"}`},
		{"another apostrophe", "ResourceName", "'n boom", "", resource, "'n boom"},
	} {
		var charge Charge
		problems := h.Read(rowWith(c.column, c.cell), &charge)
		var said []string
		for _, p := range problems {
			said = append(said, p.String())
		}
		if got := c.got(&charge); strings.Join(said, "; ") != c.problem || got != c.want {
			t.Errorf("%s: %q and %q, want %q and %q", c.what, got, said, c.want, c.problem)
		}
	}
}

func billed(c *Charge) string    { return c.Billed.Value.String() }
func currency(c *Charge) string  { return c.Currency }
func end(c *Charge) string       { return c.End.Format("2006-01-02T15:04:05Z07:00") }
func category(c *Charge) string  { return string(c.Category) }
func frequency(c *Charge) string { return string(c.Frequency) }
func class(c *Charge) string     { return writeClass(c) }
func tags(c *Charge) string      { return c.Tags }
func others(c *Charge) string    { return c.Other }
func resource(c *Charge) string  { return c.Resource }

func TestARowHasAsManyCellsAsTheHeading(t *testing.T) {
	h, _ := NewHeading(minimal)
	var c Charge
	for _, k := range []struct {
		what  string
		cells []string
		code  string
		fatal bool
	}{
		{"short", rowWith("", "")[:9], Short, false},
		{"long", append(rowWith("", ""), "more"), Cells, true},
		{"with an empty cell at the end", append(rowWith("", ""), ""), "", false},
		{"blank", make([]string, 14), Blank, true},
		{"nothing", nil, Blank, true},
	} {
		problems := h.Read(k.cells, &c)
		if Fatal(problems) != k.fatal || k.code == "" && len(problems) > 0 || k.code != "" && (len(problems) != 1 || problems[0].Code != k.code) {
			t.Errorf("%s: %v", k.what, problems)
		}
	}
}

func TestAHeadingIsFoundByItsNames(t *testing.T) {
	for _, c := range []struct {
		what    string
		names   []string
		fatal   bool
		version string
		says    string
	}{
		{"a byte order mark and other capitals", []string{"\ufeffBilledCost", " billingcurrency", "ChargePeriodStart", "SkuPriceid"}, false, "1.0", "spelled SkuPriceId SkuPriceid"},
		{"1.1", []string{"BilledCost", "BillingCurrency", "ChargePeriodStart", "SkuMeter"}, false, "1.1", "missing ChargePeriodEnd"},
		{"1.2", []string{"BilledCost", "BillingCurrency", "BillingPeriodStart", "InvoiceId"}, false, "1.2", "missing ChargePeriodStart"},
		{"a later column", []string{"BilledCost", "BillingCurrency", "BillingPeriodStart", "HostProviderName"}, false, "1.0", "unknown HostProviderName HostProviderName"},
		{"a cost that stands twice", []string{"BilledCost", "BillingCurrency", "BillingPeriodStart", "billedcost"}, true, "1.0", "error: twice BilledCost billedcost"},
		{"no cost", []string{"BillingCurrency", "BillingPeriodStart"}, true, "1.0", "error: missing BilledCost"},
		{"no currency", []string{"BilledCost", "BillingPeriodStart"}, true, "1.0", "error: missing BillingCurrency"},
		{"no period", []string{"BilledCost", "BillingCurrency"}, true, "1.0", "error: period ChargePeriodStart"},
		{"a name without end", []string{"BilledCost", strings.Repeat("a", MaxName+1)}, true, "1.0", "error: columns"},
		{"too many", make([]string, MaxColumns+1), true, "1.0", "error: columns"},
	} {
		h, problems := NewHeading(c.names)
		said := slices.ContainsFunc(problems, func(p Problem) bool { return p.String() == c.says })
		if Fatal(problems) != c.fatal || h.Version() != c.version || !said {
			t.Errorf("%s: version %s, %v", c.what, h.Version(), problems)
		}
	}
	if _, problems := NewHeading([]string{"x_a", "X_B", ""}); slices.ContainsFunc(problems, func(p Problem) bool { return p.Code == Unknown }) {
		t.Errorf("columns of the vendor's own are spoken of: %v", problems)
	}
}

func TestLinesOfJSONAreRowsToo(t *testing.T) {
	const text = "\ufeff" + `{"BilledCost":0.123456789012345678901234567,"BillingCurrency":"EUR","ChargePeriodStart":"2024-09-01T00:00:00Z","ChargePeriodEnd":"2024-09-02T00:00:00Z","ChargeCategory":"Usage","Tags":{"team":"a"},"ChargeClass":null}

{"BilledCost":1e-7,"BillingCurrency":"EUR","BillingPeriodStart":"2024-09-01T00:00:00Z","x_List":[1,2],"x_Yes":true}
{"BillingCurrency":"EUR"}
[1]
{"BilledCost":1} trailing
{"BilledCost":
{"BilledCost":2,"BillingCurrency":"EUR","ChargePeriodStart":"2024-09-01T00:00:00Z","Odd":1}`
	in := Lines(strings.NewReader(text))
	var got []string
	for {
		var c Charge
		problems, err := in.Read(&c)
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		line := c.Billed.Value.String() + " " + c.Tags + c.Other
		for _, p := range problems {
			line += " (" + p.String() + ")"
		}
		got = append(got, line)
	}
	want := []string{
		`0.123456789012345678901234567 {"team":"a"}`,
		`0.0000001 {"x_List":[1,2],"x_Yes":"true"} (missing ChargeCategory)`,
		"0  (error: missing BilledCost) (missing ChargeCategory) (error: period ChargePeriodStart)",
		"0  (error: json  [1])",
		`0  (error: json  {"BilledCost":1} trailing)`,
		`0  (error: json  {"BilledCost":)`,
		`2 {"Odd":"1"} (missing ChargeCategory) (unknown Odd Odd)`,
	}
	if !slices.Equal(got, want) {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	if in.Line() != 8 {
		t.Errorf("line %d, want 8", in.Line())
	}
}

func TestALineThatIsTooLongIsLeftOut(t *testing.T) {
	in := Lines(strings.NewReader(`{"ResourceName":"` + strings.Repeat("a", 3*MaxLine) + "\"}\n" + `{"BilledCost":1}` + "\n"))
	var c Charge
	if problems, err := in.Read(&c); err != nil || len(problems) != 1 || problems[0].Code != Long {
		t.Errorf("%v, %v", problems, err)
	}
	if _, err := in.Read(&c); err != nil || billed(&c) != "1" || in.Line() != 2 {
		t.Errorf("then %+v, %v", c, err)
	}
}

func TestWhatASpreadsheetWouldComputeIsWrittenAsText(t *testing.T) {
	h, _ := NewHeading(minimal)
	var before []Charge
	var out bytes.Buffer
	w := NewWriter(&out)
	for _, name := range []string{"=1+1", "+1", "-1", "@a", "'=1", "''=1", "'a", "a,\"b\"\nc", " a ", "õ", "a\r\nb"} {
		row := rowWith("BilledCost", "-1.5")
		row[12] = name
		if strings.HasPrefix(name, "'=") || strings.HasPrefix(name, "''") {
			row[12] = "'" + name
		}
		var c Charge
		h.Read(row, &c)
		before = append(before, c)
		if err := w.Write(&c); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	again(t, out.Bytes(), before)
	at := byName["resourcename"]
	for _, row := range rowsOf(t, out.Bytes())[1:] {
		if strings.IndexByte(formulas, row[at][0]) >= 0 {
			t.Errorf("%q would be computed", row[at])
		}
		if row[byName["billedcost"]] != "-1.5" {
			t.Errorf("a number is written as %q", row[1])
		}
	}
}

func TestAFileWithoutChargesHasAHeading(t *testing.T) {
	var out bytes.Buffer
	if err := NewWriter(&out).Close(); err != nil || strings.Count(out.String(), ",") != 57 {
		t.Errorf("%q, %v", out.String(), err)
	}
}

func FuzzRead(f *testing.F) {
	f.Add("1.5", "2024-09-01T00:00:00Z", "Usage", `{"a":"b"}`, "=a")
	f.Add("$1,000.00 ", "4/1/25", "usage", "NULL", "'=\r\n")
	f.Add("-", "2024-09-01 00:00:00", "one time", "{", "\r\r\n")
	h, _ := NewHeading([]string{"BilledCost", "BillingCurrency", "ChargePeriodStart", "ChargeCategory", "Tags", "ResourceName", "x_a"})
	back, _ := NewHeading(append(names(), OtherColumn))
	f.Fuzz(func(t *testing.T, cost, start, category, tags, text string) {
		var c, d Charge
		if problems := h.Read([]string{cost, "EUR", start, category, tags, text, text}, &c); !Fatal(problems) && (!c.Billed.Known || c.Start.IsZero()) {
			t.Errorf("%+v may be taken", c)
		}
		if c.Other != "" && !json.Valid([]byte(c.Other)) || c.Tags != "" && !json.Valid([]byte(c.Tags)) {
			t.Errorf("%q or %q is no JSON", c.Tags, c.Other)
		}
		cells := make([]string, len(columns)+1)
		for i := range columns {
			cells[i] = columns[i].cell(&c)
		}
		cells[len(columns)] = c.Other
		if back.Read(cells, &d); d != c {
			t.Errorf("%+v written and read again is %+v", c, d)
		}
	})
}

func names() []string {
	var all []string
	for _, c := range columns {
		all = append(all, c.name)
	}
	return all
}

func FuzzLines(f *testing.F) {
	f.Add([]byte(`{"BilledCost":1e-7,"Tags":{"a":"b"},"x":null}` + "\n{}\n[\n"))
	f.Fuzz(func(t *testing.T, text []byte) {
		in := Lines(bytes.NewReader(text))
		var c Charge
		for range len(text) + 1 {
			if _, err := in.Read(&c); err != nil {
				return
			}
		}
		t.Error("more lines than bytes")
	})
}
