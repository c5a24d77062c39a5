package focus

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"pilveturg/models"
)

// shared is a file of the data that lies beside the project; the test is skipped where it
// is not.
func shared(t testing.TB, name string) []byte {
	t.Helper()
	dir, err := filepath.Abs(".")
	for ; err == nil && dir != filepath.Dir(dir); dir = filepath.Dir(dir) {
		if b, err := os.ReadFile(filepath.Join(dir, "shared", "data", "spend", "focus", filepath.FromSlash(name))); err == nil {
			return b
		}
	}
	t.Skipf("shared/data/spend/focus/%s is not beside the project", name)
	return nil
}

// rowsOf are the cells of a CSV file, after its byte order mark.
func rowsOf(t testing.TB, content []byte) [][]string {
	t.Helper()
	r := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(content, []byte(bom))))
	r.FieldsPerRecord = -1
	rows, err := r.ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	return rows
}

type oracle struct {
	Rows     int                         `json:"data_rows"`
	Missing  []string                    `json:"mandatory_columns_missing_for_1_2"`
	Totals   map[string]string           `json:"totals"`
	Nulls    map[string]int              `json:"nulls"`
	Negative map[string]int              `json:"negative_rows"`
	Breaks   []string                    `json:"deviations_from_spec"`
	Provider []struct{ Key, Sum string } `json:"billed_by_provider"`
	Category []struct{ Key, Sum string } `json:"billed_by_charge_category"`
	Month    []struct{ Key, Sum string } `json:"billed_by_billing_month"`
	Service  []struct{ Key, Sum string } `json:"effective_by_service"`
}

// files are the files of the oracles, and the line of each that must not be taken.
var files = map[string]int{
	"focus_sample_1.0.csv": 0,
	"spec_1.2_examples/commitment_discount_purchase_scenario_1.csv":                                              0,
	"spec_1.2_examples/commitment_discount_purchase_scenario_2.csv":                                              4,
	"spec_1.2_examples/commitment_discount_usage_scenario_1.csv":                                                 0,
	"spec_1.2_examples/commitment_discount_usage_scenario_2.csv":                                                 0,
	"spec_1.2_examples/commitment_discount_usage_scenario_4.csv":                                                 0,
	"spec_1.2_examples/one_hundred_percent_utilization_with_commitment_discount_flexibility_with_1_resource.csv": 0,
	"spec_1.2_examples/one_hundred_percent_utilization_without_commitment_discount_flexibility.csv":              0,
	"spec_1.2_examples/saas_spend_agreements_a1.csv":                                                             0,
	"spec_1.2_examples/saas_spend_agreements_b1.csv":                                                             0,
	"spec_1.2_examples/simple_saas_agreements_a1.csv":                                                            0,
	"spec_1.2_examples/simple_saas_agreements_a2.csv":                                                            0,
	"spec_1.2_examples/simple_saas_agreements_b.csv":                                                             0,
	"spec_1.2_examples/virtual_currency_pricing_model_a1.csv":                                                    0,
	"spec_1.2_examples/virtual_currency_pricing_model_a2.csv":                                                    0,
	"spec_1.2_examples/virtual_currency_pricing_model_b1.csv":                                                    0,
	"spec_1.2_examples/virtual_currency_pricing_model_b2.csv":                                                    0,
	"spec_1.2_examples/zero_percent_utilization_without_commitment_discount_flexibility.csv":                     0,
}

// tally adds up what the oracles have added up.
type tally struct {
	totals, by      map[string]models.Exact
	nulls, negative map[string]int
	problems        map[string]int // code and column
	rows            int
}

func (y *tally) plus(t *testing.T, m map[string]models.Exact, key string, n Number) {
	t.Helper()
	sum, err := m[key].Add(n.Value)
	if err != nil {
		t.Fatal(err)
	}
	m[key] = sum
}

func (y *tally) add(t *testing.T, h *Heading, c *Charge) {
	t.Helper()
	for name, n := range map[string]Number{"BilledCost": c.Billed, "EffectiveCost": c.Effective, "ListCost": c.List, "ContractedCost": c.Contracted} {
		if !h.Has(name) {
			continue
		}
		y.plus(t, y.totals, name, n)
		if !n.Known {
			y.nulls[name]++
		}
		if n.Value.Sign() < 0 {
			y.negative[name]++
		}
	}
	y.plus(t, y.by, "provider "+c.Provider, c.Billed)
	y.plus(t, y.by, "category "+categories.word(string(c.Category)), c.Billed)
	y.plus(t, y.by, "month "+c.BillingStart.Format("2006-01"), c.Billed)
	y.plus(t, y.by, "service "+c.Service, c.Effective)
}

func TestTheFilesAddUpToWhatAnotherProgramFound(t *testing.T) {
	for name, rejected := range files {
		t.Run(filepath.Base(name), func(t *testing.T) {
			rows := rowsOf(t, shared(t, name))
			var want oracle
			if err := json.Unmarshal(shared(t, name+".oracle.json"), &want); err != nil {
				t.Fatal(err)
			}
			h, problems := NewHeading(rows[0])
			var missing []string
			for _, p := range problems {
				if p.Code == Missing {
					missing = append(missing, p.Column)
				}
			}
			if !slices.Equal(missing, want.Missing) {
				t.Errorf("missing %v, want %v", missing, want.Missing)
			}
			compare(t, read(t, h, rows[1:], rejected), want)
		})
	}
}

func read(t *testing.T, h *Heading, rows [][]string, rejected int) *tally {
	t.Helper()
	y := &tally{map[string]models.Exact{}, map[string]models.Exact{}, map[string]int{}, map[string]int{}, map[string]int{}, 0}
	var c Charge
	for i, cells := range rows {
		problems := h.Read(cells, &c)
		if len(problems) > 0 && problems[0].Code == Blank {
			continue
		}
		y.rows++
		for _, p := range problems {
			y.problems[p.Code+" "+p.Column]++
		}
		if Fatal(problems) != (i+2 == rejected) {
			t.Errorf("row %d: %v, want an error: %v", i+2, problems, i+2 == rejected)
		}
		y.add(t, h, &c)
	}
	return y
}

func compare(t *testing.T, y *tally, want oracle) {
	t.Helper()
	if y.rows != want.Rows {
		t.Errorf("%d rows, want %d", y.rows, want.Rows)
	}
	for name, sum := range want.Totals {
		if got := y.totals[name].String(); got != sum || y.nulls[name] != want.Nulls[name] || y.negative[name] != want.Negative[name] {
			t.Errorf("%s: %s with %d null and %d negative, want %s, %d, %d", name, got, y.nulls[name], y.negative[name], sum, want.Nulls[name], want.Negative[name])
		}
	}
	for what, list := range map[string][]struct{ Key, Sum string }{"provider ": want.Provider, "category ": want.Category, "month ": want.Month, "service ": want.Service} {
		for _, g := range list {
			if g.Key == "(null)" {
				g.Key = ""
			}
			if got, ok := y.by[what+g.Key]; !ok || got.String() != g.Sum {
				t.Errorf("%s%s: %s, want %s", what, g.Key, got, g.Sum)
			}
		}
	}
	for _, line := range want.Breaks {
		column, rest, _ := strings.Cut(line, ": ")
		count, rule, _ := strings.Cut(rest, " ")
		n, err := strconv.Atoi(count)
		code := ""
		switch {
		case err != nil || strings.Contains(rule, "empty string"):
			continue
		case strings.Contains(rule, "literal"):
			code = NullWord
		case strings.Contains(rule, "DateTime"):
			code = Moment
		case strings.Contains(rule, "Numeric"):
			code = Dressed
		}
		if got := y.problems[code+" "+column] + y.problems[NotMoment+" "+column]; got != n {
			t.Errorf("%q: %d problems %s", line, got, code)
		}
	}
}

func TestTheSampleIsOf10WithAStrayColumn(t *testing.T) {
	rows := rowsOf(t, shared(t, "focus_sample_1.0.csv"))
	h, problems := NewHeading(rows[0])
	if len(problems) != 1 || problems[0].String() != "unknown Id Id" || h.Version() != "1.0" || h.Known() != 43 {
		t.Errorf("%v, version %s, %d columns", problems, h.Version(), h.Known())
	}
	k := NewCheck()
	var c Charge
	spelled := 0
	for i, cells := range rows[1:] {
		for _, p := range h.Read(cells, &c) {
			if p.Code == Spelled {
				spelled++
			}
		}
		if !strings.HasPrefix(c.Other, `{"Id":"`) {
			t.Fatalf("row %d: %s", i, c.Other)
		}
		k.Add(i+2, &c)
	}
	r := k.Result()
	if len(r.Totals) != 1 || r.Totals[0].Currency != "USD" || r.Totals[0].Billed.String() != "20.52022672899" || r.Totals[0].NoContracted != 7 || spelled == 0 || r.NotInvoiced != 1000 {
		t.Errorf("%+v, %d spelled otherwise", r, spelled)
	}
	// Counted by another program over the same file, by the same tolerance.
	if r.ListPrice.Count != 25 || r.ContractedPrice.Count != 17 || r.CreditCosts.Count != 1 || r.TaxQuantity.Count != 0 || r.ListPrice.Rows[0] != 948 {
		t.Errorf("list %+v contracted %+v tax %+v credit %+v", r.ListPrice, r.ContractedPrice, r.TaxQuantity, r.CreditCosts)
	}
}

func TestTheFilesOfTheValidatorAreNotTaken(t *testing.T) {
	for name, errors := range map[string][]string{
		"all_pass_0.5.csv":              nil,
		"billedCostTest.csv":            {"BillingCurrency", "ChargePeriodStart"},
		"fail_invoice_issuer.csv":       {"BillingCurrency", "ChargePeriodStart"},
		"listUnitPriceTest.csv":         {"BilledCost", "BillingCurrency", "ChargePeriodStart"},
		"multiple_failure_examples.csv": {"BilledCost", "BillingCurrency", "ChargePeriodStart"},
	} {
		rows := rowsOf(t, shared(t, "validator_tests/"+name))
		h, problems := NewHeading(rows[0])
		var got []string
		for _, p := range problems {
			if p.Error {
				got = append(got, p.Column)
			}
		}
		if !slices.Equal(got, errors) {
			t.Errorf("%s: errors %v, want %v", name, got, errors)
		}
		var c Charge
		for _, cells := range rows[1:] {
			if problems := h.Read(cells, &c); name == "all_pass_0.5.csv" && (len(problems) != 1 && c.BillingAccountID == "a1" || !Fatal(problems)) {
				t.Errorf("%s: %v, want a billing period that ends before it starts", name, problems)
			}
		}
	}
}

func TestEveryRowOfTheFilesIsTheSameWrittenAndReadAgain(t *testing.T) {
	for name := range files {
		rows := rowsOf(t, shared(t, name))
		h, _ := NewHeading(rows[0])
		var before []Charge
		var out bytes.Buffer
		w := NewWriter(&out)
		for _, cells := range rows[1:] {
			var c Charge
			if h.Read(cells, &c); c.Billed.Known {
				before = append(before, c)
				if err := w.Write(&c); err != nil {
					t.Fatal(err)
				}
			}
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		again(t, out.Bytes(), before)
	}
}

// again reads what was written.
func again(t *testing.T, written []byte, before []Charge) {
	t.Helper()
	rows := rowsOf(t, written)
	h, problems := NewHeading(rows[0])
	if len(problems) > 0 || h.Version() != "1.2" || h.Known() != 57 {
		t.Fatalf("%v, version %s", problems, h.Version())
	}
	if len(rows)-1 != len(before) {
		t.Fatalf("%d rows, want %d", len(rows)-1, len(before))
	}
	var c Charge
	for i, cells := range rows[1:] {
		if h.Read(cells, &c); c != before[i] {
			t.Errorf("row %d: %+v, want %+v", i, c, before[i])
		}
	}
}

func TestTheColumnsAreThoseOfTheRules(t *testing.T) {
	var model struct {
		ModelRules map[string]struct{ Function, Reference, EntityType string }
	}
	if err := json.Unmarshal(shared(t, "focus_model_1.2_rules.json"), &model); err != nil {
		t.Fatal(err)
	}
	want := map[string]bool{}
	for _, r := range model.ModelRules {
		if r.EntityType == "Column" {
			want[r.Reference] = true
		}
	}
	for _, c := range columns {
		if !want[c.name] {
			t.Errorf("%s is not in the rules", c.name)
		}
	}
	if len(want) != len(columns) {
		t.Errorf("%d columns, the rules have %d", len(columns), len(want))
	}
}

func BenchmarkRead(b *testing.B) {
	rows := rowsOf(b, shared(b, "focus_sample_1.0.csv"))
	h, _ := NewHeading(rows[0])
	k := NewCheck()
	var c Charge
	for i := 0; b.Loop(); i++ {
		h.Read(rows[1+i%1000], &c)
		k.Add(i, &c)
	}
}

func BenchmarkLines(b *testing.B) {
	line := []byte(`{"BilledCost":1.25,"BillingCurrency":"EUR","ChargePeriodStart":"2024-09-01T00:00:00Z","ChargePeriodEnd":"2024-09-02T00:00:00Z","Tags":{"a":"b"}}` + "\n")
	in := Lines(bytes.NewReader(bytes.Repeat(line, 1000)))
	var c Charge
	for b.Loop() {
		if _, err := in.Read(&c); err == io.EOF {
			in = Lines(bytes.NewReader(bytes.Repeat(line, 1000)))
		}
	}
}
