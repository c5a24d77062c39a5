package ocds

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"reflect"
	"testing"

	"pilveturg/models"
)

// oracle is what another program found in a file.
type oracle struct {
	Releases int
	Records  int
	Totals   map[string]string `json:"transaction_totals_by_currency"`
	Items    []map[string]any
}

func TestFilesReadAsTheOracleSays(t *testing.T) {
	dir, count := sharedDir(t), 0
	for _, folder := range []string{"fictional_1.1", "docs_examples"} {
		for _, name := range sharedFiles(t, folder) {
			raw, err := os.ReadFile(filepath.Join(dir, name+".oracle.json"))
			if err != nil {
				t.Fatal(err)
			}
			var want oracle
			if err := json.Unmarshal(raw, &want); err != nil {
				t.Fatal(name, err)
			}
			count++
			t.Run(name, func(t *testing.T) { compareOracle(t, sharedBytes(t, name), want) })
		}
	}
	if count != 38 {
		t.Errorf("%d files, want 38", count)
	}
}

func compareOracle(t *testing.T, file []byte, want oracle) {
	totals := map[string]models.Exact{}
	i := 0
	sum, err := Read(bytes.NewReader(file), func(r Release) error {
		if i < len(want.Items) {
			compareRelease(t, r, want.Items[i])
		}
		i++
		for _, c := range Charges(r) {
			if c.Kind != Spent {
				continue
			}
			var err error
			if totals[c.Currency], err = totals[c.Currency].Add(c.Amount); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if sum.Releases != want.Releases || sum.Records != want.Records || sum.Skipped != 0 || len(sum.Problems) != 0 {
		t.Errorf("read %+v, want %d releases and %d records", sum, want.Releases, want.Records)
	}
	got := map[string]string{}
	for currency, total := range totals {
		got[currency] = total.String()
	}
	if !reflect.DeepEqual(got, want.Totals) {
		t.Errorf("transactions are %v, want %v", got, want.Totals)
	}
}

// compareRelease writes down of a release what the oracle speaks of, and compares that.
func compareRelease(t *testing.T, r Release, want map[string]any) {
	t.Helper()
	got := map[string]any{"ocid": r.OCID, "id": r.ID, "date": r.Date, "tag": r.Tag, "buyer": nameOf(r.Buyer), "planning_budget": nil, "tender": nil}
	if r.Planning != nil && r.Planning.Budget != nil {
		got["planning_budget"] = valueOf(r.Planning.Budget.Amount)
	}
	if r.Tender != nil {
		got["tender"] = map[string]any{"status": orNull(r.Tender.Status), "value": valueOf(r.Tender.Value)}
	}
	awards, contracts, paid := []any{}, []any{}, []any{}
	for _, a := range r.Awards {
		suppliers := []any{}
		for _, s := range a.Suppliers {
			suppliers = append(suppliers, nameOf(&s))
		}
		awards = append(awards, map[string]any{"id": a.ID, "status": orNull(a.Status), "value": valueOf(a.Value), "suppliers": suppliers})
	}
	for _, c := range r.Contracts {
		period := c.Period
		if period == nil {
			period = &Period{}
		}
		contracts = append(contracts, map[string]any{"id": c.ID, "awardID": c.AwardID, "status": orNull(c.Status), "value": valueOf(c.Value),
			"start": orNull(period.StartDate), "end": orNull(period.EndDate)})
	}
	for _, c := range Charges(r) {
		if c.Kind == Spent {
			paid = append(paid, map[string]any{"contract": c.ContractID, "id": c.ID, "date": c.Date,
				"value": valueOf(Money(c.Amount, c.Currency)), "payer": nameOf(&c.Payer), "payee": nameOf(&c.Payee)})
		}
	}
	got["awards"], got["contracts"], got["transactions"] = awards, contracts, paid
	g, err := json.Marshal(got)
	if err != nil {
		t.Fatal(err)
	}
	w, err := json.Marshal(want)
	if err != nil {
		t.Fatal(err)
	}
	same(t, g, w)
}

func nameOf(o *OrganizationReference) any {
	if o == nil {
		return nil
	}
	return orNull(o.Name)
}

func orNull(s string) any {
	if s == "" {
		return nil
	}
	return s
}

func valueOf(v *Value) any {
	if v == nil {
		return nil
	}
	amount := any(nil)
	if v.Amount.Known {
		amount = v.Amount.Exact.String()
	}
	return map[string]any{"amount": amount, "currency": orNull(v.Currency)}
}
