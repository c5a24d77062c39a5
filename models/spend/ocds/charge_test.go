package ocds

import (
	"reflect"
	"strings"
	"testing"
)

func TestWhatALedgerTakes(t *testing.T) {
	const awards = `"awards":[{"id":"A","status":"active","date":"2026-01-02T00:00:00Z","value":{"amount":100,"currency":"EUR"},"suppliers":[{"id":"V"}]}]`
	tests := []struct {
		name, fields string
		want         []string
	}{
		{"nothing of plans and tenders", `"planning":{"budget":{"amount":{"amount":5}}},"tender":{"id":"T","value":{"amount":6}}`, nil},
		{"an award without a contract", `"buyer":{"id":"B"},` + awards, []string{"award A   100 EUR 2026-01-02T00:00:00Z B>V"}},
		{"a contract instead of its award", awards + `,"contracts":[{"id":"C","awardID":"A","dateSigned":"2026-01-03T00:00:00Z","value":{"amount":90,"currency":"EUR"}}]`,
			[]string{"contract A C  90 EUR 2026-01-03T00:00:00Z >V"}},
		{"a contract of another award", awards + `,"contracts":[{"id":"C","awardID":"Z","value":{"amount":90}}]`,
			[]string{"contract Z C  90  2026-01-01T00:00:00Z >", "award A   100 EUR 2026-01-02T00:00:00Z >V"}},
		{"transactions instead of the contract's value", awards + `,"contracts":[{"id":"C","awardID":"A","value":{"amount":90},"implementation":{"transactions":[
			{"id":"1","date":"2026-02-01T00:00:00Z","value":{"amount":12.50,"currency":"EUR"},"payer":{"id":"P"},"payee":{"id":"Q"}},{"id":2,"value":{"amount":-2.5,"currency":"EUR"}}]}}]`,
			[]string{"transaction A C 1 12.5 EUR 2026-02-01T00:00:00Z P>Q", "transaction A C 2 -2.5 EUR 2026-01-01T00:00:00Z >"}},
		{"each contract by itself", `"contracts":[{"id":"C","implementation":{"transactions":[{"id":"1","value":{"amount":1}}]}},{"id":"D","value":{"amount":2}},{"id":"E","implementation":{"transactions":[]},"value":{"amount":3}}]`,
			[]string{"transaction  C 1 1  2026-01-01T00:00:00Z >", "contract  D  2  2026-01-01T00:00:00Z >", "contract  E  3  2026-01-01T00:00:00Z >"}},
		{"nothing that is unknown or cancelled", `"awards":[{"id":"1","status":"cancelled","value":{"amount":1}},{"id":"2","status":"unsuccessful","value":{"amount":1}},{"id":"3","value":{"amount":null}},{"id":"4"}],
			"contracts":[{"id":"C","status":"cancelled","value":{"amount":1}},{"id":"D","value":{"amount":9,"implementation":{}},"implementation":{"transactions":[{"id":"1"}]}}]`, nil},
		{"nobody is picked from several suppliers", `"awards":[{"id":"A","value":{"amount":1},"suppliers":[{"id":"V"},{"id":"W"}]}],"tender":{"procuringEntity":{"id":"E"}}`,
			[]string{"award A   1  2026-01-01T00:00:00Z E>"}},
		{"fields of 1.0", `"contracts":[{"id":"C","implementation":{"transactions":[{"id":"1","amount":{"amount":7,"currency":"GBP"},"providerOrganization":{"scheme":"S","id":"1"},"receiverOrganization":{"id":"2"}}]}}]`,
			[]string{"transaction  C 1 7 GBP 2026-01-01T00:00:00Z S-1>2 old"}},
		{"fields of today before those of 1.0", `"contracts":[{"id":"C","implementation":{"transactions":[{"id":"1","value":{"amount":8,"currency":"EUR"},"amount":{"amount":7,"currency":"GBP"},"payer":{"id":"P"},"providerOrganization":{"id":"1"}}]}}]`,
			[]string{"transaction  C 1 8 EUR 2026-01-01T00:00:00Z P>"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var got []string
			_, err := Read(strings.NewReader(`{"ocid":"ocds-abc123-1","id":"R","date":"2026-01-01T00:00:00Z",`+tt.fields+`}`), func(r Release) error {
				for _, c := range Charges(r) {
					line := strings.Join([]string{string(c.Kind), string(c.AwardID), string(c.ContractID), string(c.ID), c.Amount.String(), c.Currency, c.Date,
						string(c.Payer.ID) + ">" + string(c.Payee.ID)}, " ")
					if c.Old {
						line += " old"
					}
					if c.OCID != "ocds-abc123-1" || c.ReleaseID != "R" {
						t.Errorf("%+v", c)
					}
					got = append(got, line)
				}
				return nil
			})
			if err != nil || !reflect.DeepEqual(got, tt.want) {
				t.Errorf("got  %q (%v)\nwant %q", got, err, tt.want)
			}
		})
	}
}

func TestAWholeProcessIsPaidOnce(t *testing.T) {
	last := map[[5]string]Charge{}
	for _, r := range append(process("ocds-abc123-1"), process("ocds-abc123-1")...) {
		for _, c := range Charges(r) {
			last[c.Key()] = c
		}
	}
	var total, compiledTotal = exact("0"), exact("0")
	for _, c := range last {
		if c.Kind == Spent {
			total, _ = total.Add(c.Amount)
		}
	}
	rec, err := NewRecord(process("ocds-abc123-1"), false)
	if err != nil {
		t.Fatal(err)
	}
	kinds := map[Kind]int{}
	if _, err := Read(strings.NewReader(string(rec.CompiledRelease)), func(r Release) error {
		for _, c := range Charges(r) {
			kinds[c.Kind]++
			compiledTotal, _ = compiledTotal.Add(c.Amount)
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	if want := exact("800"); total != want || compiledTotal != want || kinds[Spent] != 2 || len(kinds) != 1 {
		t.Errorf("%s, compiled %s of %v", total, compiledTotal, kinds)
	}
}
