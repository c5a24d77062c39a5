package spend_test

import (
	"bytes"
	"encoding/csv"
	"slices"
	"strings"
	"testing"

	"pilveturg/models/spend"
	"pilveturg/models/spend/focus"
)

// readBill reads the rows of a file of FOCUS that can be taken.
func readBill(t *testing.T, content []byte) (all []focus.Charge, result focus.Result) {
	t.Helper()
	rows, err := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(content, []byte("\ufeff")))).ReadAll()
	if err != nil || len(rows) == 0 {
		t.Fatalf("%d rows, %v", len(rows), err)
	}
	h, problems := focus.NewHeading(rows[0])
	if focus.Fatal(problems) {
		t.Fatal(problems)
	}
	check := focus.NewCheck()
	for i, cells := range rows[1:] {
		var c focus.Charge
		if problems := h.Read(cells, &c); focus.Fatal(problems) {
			continue
		}
		check.Add(i, &c)
		all = append(all, c)
	}
	return all, check.Result()
}

// billOut writes all charges as a bill.
func (o *office) billOut(q spend.Query) ([]byte, spend.BillWritten) {
	o.t.Helper()
	var b bytes.Buffer
	q.WithTax = true
	done, err := spend.WriteBill(o.t.Context(), &b, o.DB, o.finance, q)
	if err != nil {
		o.t.Fatal(err)
	}
	return b.Bytes(), done
}

// Every row of a bill goes out with the values with which it came, and a second ledger
// that takes it has the same sums.
func TestABillGoesOutAsItCame(t *testing.T) {
	for name, content := range map[string][]byte{"small": []byte(smallBill), "sample": nil} {
		t.Run(name, func(t *testing.T) {
			if content == nil {
				content = shared(t, "focus/focus_sample_1.0.csv")
			}
			o := newOffice(t)
			b := o.staged("bill.csv", content)
			if err := o.accept(b.ID); err != nil {
				t.Fatal(err)
			}
			out, done := o.billOut(spend.Query{})
			if done.Rows != b.Taken || done.Undated != 0 || done.Unread != 0 {
				t.Errorf("of %d rows: %+v", b.Taken, done)
			}
			came, first := readBill(t, content)
			went, second := readBill(t, out)
			for i := range came {
				if len(went) != len(came) || came[i] != went[i] {
					t.Fatalf("of %d rows %d went; row %d came as\n%+v\nand went as\n%+v", len(came), len(went), i, came[i], went[min(i, len(went)-1)])
				}
			}
			if !slices.Equal(first.Totals, second.Totals) || !slices.Equal(first.Invoices, second.Invoices) || !slices.Equal(first.Commitments, second.Commitments) {
				t.Errorf("it came to %+v and went as %+v", first.Totals, second.Totals)
			}
			again := newOffice(t)
			if next := again.staged("again.csv", out); next.TotalsText != b.TotalsText || next.Rejected != 0 || next.Format != spend.FOCUS {
				t.Errorf("read again it comes to %s, want %s", next.TotalsText, b.TotalsText)
			}
		})
	}
}

// What came otherwise is a bill that breaks no rule, and what a bill cannot say is counted.
func TestOtherChargesMakeABill(t *testing.T) {
	o := newOffice(t)
	b := o.staged("january.csv", []byte(plain))
	if err := o.accept(b.ID); err != nil {
		t.Fatal(err)
	}
	out, done := o.billOut(spend.Query{})
	if done != (spend.BillWritten{Rows: 5, Undated: 1}) {
		t.Errorf("it is %+v", done)
	}
	if n, err := spend.NotInBills(t.Context(), o.DB, o.finance, spend.Query{WithTax: true}); n != 1 || err != nil {
		t.Errorf("%d are told of, %v", n, err)
	}
	rows, result := readBill(t, out)
	for what, f := range map[string]focus.Finding{"tax": result.TaxQuantity, "credits": result.CreditCosts, "list": result.ListPrice, "contracted": result.ContractedPrice, "usage": result.UsagePurchase} {
		if f.Count > 0 {
			t.Errorf("%s: %+v", what, f)
		}
	}
	if len(result.Totals) != 1 || result.Totals[0].Billed.String() != "725.245" {
		t.Errorf("it comes to %+v", result.Totals)
	}
	first := rows[0]
	if first.Issuer != "Sample Maps Ltd" || first.BillingAccountID != "Office of Samples" || first.Start.Format("2006-01-02") != "2026-01-01" || first.End.Format("2006-01-02") != "2026-02-01" || first.BillingEnd.Format("2006-01-02") != "2026-02-01" ||
		first.ContractedPrice.Value.String() != "0.0123" || first.PricingQuantity.Value.String() != "1000" || first.InvoiceID != "IN-1" || first.ServiceCategory != "Other" {
		t.Errorf("the first row is %+v", first)
	}
	if head, _, _ := strings.Cut(string(out), "\n"); !strings.Contains(head, "BillingPeriodEnd,BillingPeriodStart") {
		t.Errorf("the heading is %s", head)
	}
}
