package spend_test

import (
	"encoding/json"
	"strings"
	"testing"

	"pilveturg/models"
	"pilveturg/models/spend"
)

const smallBill = "BilledCost,EffectiveCost,ListCost,ContractedCost,BillingCurrency,BillingAccountId,BillingAccountName,BillingPeriodStart,BillingPeriodEnd,ChargePeriodStart,ChargePeriodEnd,ChargeCategory,ChargeFrequency,ProviderName,PublisherName,InvoiceIssuerName,ServiceCategory,ServiceName,InvoiceId,PricingQuantity,PricingUnit,ListUnitPrice,x_team\n" +
	"0.00000000011,0.00000000022,1,1,EUR,7,Office of Samples,2026-01-01T00:00:00Z,2026-02-01T00:00:00Z,2026-01-30T00:00:00Z,2026-01-31T00:00:00Z,Usage,Usage-Based,Cloud One,Cloud One,Sample Maps Ltd,Compute,Machines,IN-9,1,Hours,1,maps\n" +
	"12.5,0,12.5,12.5,EUR,7,Office of Samples,2026-01-01 00:00:00,2026-02-01T00:00:00Z,2026-01-01T00:00:00Z,2026-01-01T05:00:00Z,Purchase,One-Time,Cloud One,Cloud One,Sample Maps Ltd,Compute,Machines,NULL,,,,\n" +
	"1,1,1,1,EUR,7,Office of Samples,2026-01-01T00:00:00Z,2026-02-01T00:00:00Z,2023-02-01T30:00:00Z,2026-01-31T00:00:00Z,Usage,Usage-Based,Cloud One,Cloud One,Sample Maps Ltd,Compute,Machines,IN-9,1,Hours,1,\n" +
	"2.5,2.5,2.5,2.5,EUR,7,Office of Samples,2026-01-01T00:00:00Z,2026-02-01T00:00:00Z,2026-01-01T00:00:00Z,2026-02-01T00:00:00Z,Tax,Recurring,Cloud One,Cloud One,Sample Maps Ltd,Other,Tax,IN-9,,,,\n"

// A bill's billed and effective costs are kept apart, to the last decimal; what bends the
// format is read and told.
func TestABillKeepsBilledAndEffectiveApart(t *testing.T) {
	o := newOffice(t)
	b := o.staged("bill.csv", []byte(smallBill))
	if b.Format != spend.FOCUS || b.Taken != 3 || b.Rejected != 1 {
		t.Fatalf("%+v", b)
	}
	want := `[{"currency":"EUR","rows":3,"billed":"15.00000000011","tax":"2.5","effective":"2.50000000022"}]`
	if b.TotalsText != want {
		t.Errorf("it comes to %s, want %s", b.TotalsText, want)
	}
	codes := map[string]bool{}
	for _, n := range b.Notices() {
		codes[n.Code] = true
	}
	for _, code := range []string{"focus_version", "focus_moment", "focus_null"} {
		if !codes[code] {
			t.Errorf("nothing is said of %s: %s", code, b.NoticesText)
		}
	}
	if err := o.accept(b.ID); err != nil {
		t.Fatal(err)
	}
	lines, err := spend.Lines(t.Context(), o.DB, o.finance, spend.Query{Year: 2026}, models.Page{Number: 1, Size: 10})
	if err != nil || len(lines) != 2 || lines[0].Month != "2026-01" || lines[0].From.String() != "2026-01-30" || lines[0].To.String() != "2026-01-31" || lines[1].To.String() != "2026-01-02" || !strings.Contains(lines[0].More, `"x_team":"maps"`) {
		t.Errorf("%+v, %v", lines, err)
	}
	o.agrees()
}

// The sample that FOCUS publishes and the examples of its specification come out as
// another program computed them.
func TestBillsComeOutExactly(t *testing.T) {
	o := newOffice(t)
	names := append(sharedFiles(t, "focus/spec_1.2_examples/*.oracle.json"), "focus/focus_sample_1.0.csv.oracle.json")
	for _, name := range names {
		var oracle struct {
			Rows   int `json:"data_rows"`
			Totals map[string]string
		}
		if err := json.Unmarshal(shared(t, name), &oracle); err != nil {
			t.Fatal(err)
		}
		b, err := o.bring(o.finance, name, shared(t, strings.TrimSuffix(name, ".oracle.json")))
		if err != nil {
			t.Fatal(err)
		}
		o.work()
		if b = o.batch(b.ID); b.State == spend.WasFound { // an excerpt without its currency
			o.read(b, b.Format, &spend.Mapping{Currency: "USD"})
			b = o.batch(b.ID)
		}
		if b.State != spend.Staged || b.Format != spend.FOCUS {
			t.Errorf("%s is %s, %s (%s)", name, b.State, b.Format, b.Why)
			continue
		}
		if len(b.Totals()) == 0 {
			t.Errorf("%s has no charge: %s", name, b.NoticesText)
			continue
		}
		var billed, effective models.Exact
		for _, total := range b.Totals() {
			billed, _ = billed.Add(total.Billed)
			effective, _ = effective.Add(total.Effective)
		}
		if strings.Contains(name, "purchase_scenario_2") { // whose last row ends at 30 o'clock
			oracle.Totals["BilledCost"], oracle.Rows = "2", 2
		}
		if want := oracle.Totals["BilledCost"]; !same(billed, want) || b.Taken != oracle.Rows {
			t.Errorf("%s: billed %s, want %s (%d taken, %d rejected)", name, billed, want, b.Taken, b.Rejected)
		}
		if want := oracle.Totals["EffectiveCost"]; !same(effective, want) {
			t.Errorf("%s: effective %s, want %s", name, effective, want)
		}
		if err := o.accept(b.ID); err != nil {
			t.Fatal(err)
		}
	}
	o.agrees()
}

func same(got models.Exact, want string) bool {
	e, err := models.ParseExact(want)
	return err == nil && e == got
}

// JSON Lines are the same bill.
func TestABillMayComeAsJSONLines(t *testing.T) {
	o := newOffice(t)
	const line = `{"BilledCost":0.10,"EffectiveCost":"0.2","ListCost":1,"ContractedCost":1,"BillingCurrency":"USD","BillingPeriodStart":"2026-01-01T00:00:00Z","BillingPeriodEnd":"2026-02-01T00:00:00Z","ChargePeriodStart":"2026-01-01T00:00:00Z","ChargePeriodEnd":"2026-01-02T00:00:00Z","ChargeCategory":"Usage","ProviderName":"P","PublisherName":"P","InvoiceIssuerName":"P","ServiceName":"S","ServiceCategory":"Compute"}` + "\n"
	b := o.staged("bill.jsonl", []byte(line+line+"{broken\n"))
	if b.Format != spend.FOCUS || b.Taken != 2 || b.Rejected != 1 || b.Totals()[0].Billed.String() != "0.2" || b.Totals()[0].Effective.String() != "0.4" {
		t.Errorf("%+v", b)
	}
}
