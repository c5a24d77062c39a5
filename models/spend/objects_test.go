package spend_test

import (
	"encoding/json"
	"strings"
	"testing"

	enc "golang.org/x/text/encoding/unicode"

	"pilveturg/db"
	"pilveturg/db/dbtest"
	"pilveturg/models"
	"pilveturg/models/spend"
)

// What a ministry publishes as JSON comes to what another program says of it.
func TestPaymentsPublishedAsJSONAreBooked(t *testing.T) {
	o := newOffice(t)
	for _, name := range sharedFiles(t, "hmt/*.oracle.json") {
		var want struct {
			Rows     int
			Sum      string
			Supplier []struct {
				Key, Sum string
				Rows     int
			} `json:"by_supplier"`
		}
		if err := json.Unmarshal(shared(t, name), &want); err != nil {
			t.Fatal(err)
		}
		b, err := o.bring(o.finance, name, shared(t, strings.TrimSuffix(name, ".oracle.json")))
		if err != nil {
			t.Fatal(err)
		}
		o.work()
		if b = o.batch(b.ID); b.State != spend.Staged || b.Format != spend.UK25k || b.Taken != want.Rows || b.Rejected != 0 || b.Undated != 0 {
			t.Fatalf("%s: %+v", name, b)
		}
		if total := b.Totals()[0]; total.Billed.String() != want.Sum || total.Currency != "GBP" {
			t.Errorf("%s: %s %s, want %s", name, total.Billed, total.Currency, want.Sum)
		}
		if err := o.accept(b.ID); err != nil {
			t.Fatal(err)
		}
		lines, err := spend.Lines(t.Context(), o.DB, o.finance, spend.Query{Batch: b.ID}, models.Page{Number: 1, Size: 1000})
		vendors := map[string]models.Exact{}
		for _, l := range lines {
			vendors[l.Vendor], _ = vendors[l.Vendor].Add(l.Billed)
		}
		for _, one := range want.Supplier {
			if got := vendors[one.Key]; err != nil || got.String() != one.Sum {
				t.Errorf("%s: %s has %s, %v; want %s", name, one.Key, got, err, one.Sum)
			}
		}
	}
	o.agrees()
}

var firstRows = models.Page{Number: 1, Size: 50}

// tableCase is a file of a test: what it comes to, by currency, and what becomes of its
// rows.
type tableCase struct {
	content                  string
	totals                   string // "EUR 12.5, USD 1"; "?" where somebody has to be asked
	taken, rejected, leftOut int
}

// forgets takes back what was said of the columns of other files.
func (o *office) forgets() {
	o.t.Helper()
	dbtest.Write(o.t, o.DB, admin, func(tx *db.Tx) error {
		_, err := tx.Exec(o.t.Context(), `DELETE FROM ledger_mappings`)
		return err
	})
}

// tries brings files of a test and holds them against what they should come to.
func tries(t *testing.T, cases map[string]tableCase) {
	t.Helper()
	o := newOffice(t)
	for what, c := range cases {
		o.forgets()
		b, err := o.bring(o.finance, what, []byte(c.content))
		if err != nil {
			o.t.Fatalf("%s: %v", what, err)
		}
		o.work()
		b = o.batch(b.ID)
		if c.totals == "?" {
			if m := b.Mapping(); b.State != spend.WasFound || !asks(b) {
				o.t.Errorf("%s is %s and asks nothing: %+v", what, b.State, m)
			}
			continue
		}
		if b.State == spend.WasFound {
			if asks(b) {
				o.t.Errorf("%s asks how it is written: %+v", what, b.Found().Columns)
			}
			m := b.Mapping()
			if _, ok := m.Columns[spend.RoleCurrency]; !ok && m.Currency == "" {
				m.Currency = "EUR"
			}
			o.read(b, b.Format, m)
			b = o.batch(b.ID)
		}
		var totals []string
		for _, one := range b.Totals() {
			totals = append(totals, one.Currency+" "+one.Billed.String())
		}
		if got := strings.Join(totals, ", "); b.State != spend.Staged || got != c.totals || b.Taken != c.taken || b.Rejected != c.rejected || b.LeftOut != c.leftOut {
			rejects, _ := spend.Rejects(o.t.Context(), o.DB, o.finance, b.ID, firstRows)
			o.t.Errorf("%s is %s %s: %s, %d taken, %d rejected, %d left out; want %s, %d, %d, %d\n%+v\n%+v\n%+v", what, b.State, b.Why, got, b.Taken, b.Rejected, b.LeftOut, c.totals, c.taken, c.rejected, c.leftOut, rejects, b.Mapping(), b.Found())
		}
	}
}

// asks reports whether a column that is used can be read in two ways, or nobody knows
// which is the amount.
func asks(b *spend.Batch) bool {
	m, columns := b.Mapping(), b.Found().Columns
	_, amount := m.Columns[spend.RoleAmount]
	_, gross := m.Columns[spend.RoleGross]
	_, debit := m.Columns[spend.RoleDebit]
	if !amount && !gross && !debit && len(columns) > 0 {
		return true
	}
	for role, i := range m.Columns {
		if i < len(columns) && (role.IsNumber() && columns[i].AskDecimal && m.Decimal == "" || role.IsDay() && columns[i].AskOrder && m.Order == "") {
			return true
		}
	}
	return false
}

func TestTablesOfObjectsAreBooked(t *testing.T) {
	utf16, err := enc.UTF16(enc.LittleEndian, enc.UseBOM).NewEncoder().String(`[{"Tarnija":"Näidis OÜ","Kuupäev":"2026-03-04","Summa":10.5},{"Tarnija":"Teine OÜ","Kuupäev":"2026-03-05","Summa":0.25}]`)
	if err != nil {
		t.Fatal(err)
	}
	tries(t, map[string]tableCase{
		"list.json":   {`[{"supplier":"A","date":"2026-03-04","amount":1.10},{"supplier":"B","date":"2026-03-05","amount":"2,200.01","note":{"a":[1]}},{"amount":null,"supplier":"C"}]`, "EUR 2201.11", 2, 1, 0},
		"exact.json":  {`{"rows":[{"supplier":"A","date":"2026-03-04","amount":0.1},{"supplier":"B","date":"2026-03-05","amount":0.2},{"supplier":"C","date":"2026-03-05","amount":9007199254740993.000000000001}]}`, "EUR 9007199254740993.300000000001", 3, 0, 0},
		"small.json":  {`[{"supplier":"A","date":"2026-03-04","amount":1.234},{"supplier":"B","date":"2026-03-05","amount":5.678e0},{"supplier":"B","date":"2026-03-05","amount":1E-3}]`, "EUR 6.913", 3, 0, 0},
		"lines.jsonl": {`{"supplier":"A","date":"2026-03-04","amount":5,"currency":"EUR"}` + "\n" + `{"supplier":"A","date":"2026-03-04","amount":7,"currency":"USD"` + "\n" + `{"currency":"USD","amount":-2.5,"date":"2026-03-04"}` + "\n", "EUR 5, USD -2.5", 2, 1, 0},
		"twice.json":  {`[{"supplier":"A","date":"2026-03-04","amount":5,"amount":6},{"supplier":"A","date":"2026-03-04","amount":7}]`, "EUR 7", 1, 1, 0},
		"totals.json": {`[{"supplier":"A","date":"2026-03-04","amount":5},{"supplier":"B","date":"2026-03-04","amount":7},{"supplier":"Total","amount":12}]`, "EUR 12", 2, 0, 1},
		"utf16.json":  {utf16, "EUR 10.75", 2, 0, 0},
		"ask.json":    {`[{"supplier":"A","date":"2026-03-04","amount":"1.234"},{"supplier":"A","date":"2026-03-04","amount":"5.678"}]`, "?", 0, 0, 0},
	})
}

func TestBillsInJSONAreBills(t *testing.T) {
	o := newOffice(t)
	const row = `{"BilledCost":1.25,"BillingCurrency":"USD","BillingAccountId":"1","ServiceName":"S","ChargeCategory":"Usage","BillingPeriodStart":"2026-03-01T00:00:00Z","BillingPeriodEnd":"2026-04-01T00:00:00Z","ChargePeriodStart":"2026-03-01T00:00:00Z","ChargePeriodEnd":"2026-03-02T00:00:00Z","InvoiceIssuerName":"Cloud","Tags":{"team":"a"}}`
	for what, content := range map[string]string{"list": "[" + row + "," + row + "]", "under a name": `{"meta":{"BilledCost":1},"data":[` + row + "," + row + "]}", "lines": row + "\n" + row} {
		b := o.staged(what, []byte(content))
		if b.Format != spend.FOCUS || b.Taken != 2 || b.Totals()[0].Billed.String() != "2.5" {
			t.Errorf("%s: %+v", what, b)
		}
	}
}

func TestListsBesideTheTableAreNamed(t *testing.T) {
	o := newOffice(t)
	b := o.staged("two.json", []byte(`{"fields":[{"id":"amount_eur"}],"records":[{"amount_eur":5,"supplier":"A","date":"2026-03-04"},{"amount_eur":6,"supplier":"B","date":"2026-03-04"}]}`))
	if n := b.Notices(); len(n) != 1 || n[0].Code != "other_lists" || n[0].Args[0] != "fields" || b.Taken != 2 {
		t.Errorf("%+v, %+v", b, n)
	}
}
