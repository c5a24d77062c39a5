package spend_test

import (
	"context"
	"encoding/json"
	"strings"
	"testing"

	"pilveturg/db"
	"pilveturg/db/dbtest"
	"pilveturg/models"
	"pilveturg/models/catalogue"
	"pilveturg/models/spend"
)

// importCPV makes codes be the vocabulary.
func (o *office) importCPV(codes ...catalogue.CPV) {
	o.t.Helper()
	dbtest.Write(o.t, o.DB, admin, func(tx *db.Tx) error {
		_, _, _, err := catalogue.ReplaceCPV(context.Background(), tx, codes)
		return err
	})
}

// flagsOf counts a flag of a batch.
func (o *office) flagsOf(b *spend.Batch, flag string) int {
	o.t.Helper()
	flags, err := spend.CountFlags(o.t.Context(), o.DB, o.finance, b.ID)
	if err != nil {
		o.t.Fatal(err)
	}
	for _, one := range flags {
		if one.Flag == flag {
			return one.N
		}
	}
	return 0
}

// A code that does not exist is kept as it is written and flagged, never a failure.
func TestACodeThatDoesNotExistIsKeptAndFlagged(t *testing.T) {
	const table = "Supplier,Date,Amount EUR,CPV\nA,2026-03-04,1.50,%\n"
	with := func(code string) string {
		return strings.Replace(openInvoice, "<cac:ClassifiedTaxCategory>", `<cac:CommodityClassification><cbc:ItemClassificationCode listID="STI">`+code+`</cbc:ItemClassificationCode></cac:CommodityClassification><cac:ClassifiedTaxCategory>`, 1)
	}
	real := catalogue.CPV{Code: "72000000-5", Kind: "services", Names: models.Text{"en": "IT services"}}
	for _, c := range []struct {
		code            string
		without, within int // flags without a vocabulary, and with one
	}{
		{"72000000-5", 0, 0}, {"72000000", 0, 0}, {"72000000-4", 1, 1}, {"65434567", 0, 1}, {"48000000-8", 0, 1}, {"7200", 1, 1}, {"", 0, 0},
	} {
		for _, imported := range []bool{false, true} {
			o, want := newOffice(t), c.without
			if imported {
				o.importCPV(real)
				want = c.within
			}
			for name, content := range map[string]string{"in.xml": with(c.code), "in.csv": strings.Replace(table, "%", c.code, 1)} {
				b := o.staged(name, []byte(content))
				lines, err := spend.Lines(t.Context(), o.DB, o.finance, spend.Query{Batch: b.ID}, firstRows)
				if err != nil || len(lines) != 1 || lines[0].Category != c.code {
					t.Fatalf("%s with %q: %+v, %v", name, c.code, lines, err)
				}
				if got := o.flagsOf(b, spend.FlagNoCPV); got != want {
					t.Errorf("%s with %q, imported %v: %d flags, want %d", name, c.code, imported, got, want)
				}
			}
		}
	}
}

func TestWordsAreNoCodes(t *testing.T) {
	o := newOffice(t)
	b := o.staged("in.csv", []byte("Supplier,Date,Amount EUR,Category\nA,2026-03-04,1.50,Maps\nA,2026-03-04,1.50,12345678\nA,2026-03-04,1.50,72000000-4\n"))
	if got := o.flagsOf(b, spend.FlagNoCPV); got != 1 {
		t.Errorf("%d flags, want 1", got)
	}
}

// Every code of the regulation passes where no vocabulary was imported.
func TestTheCheckDigitsOfAllCodesPass(t *testing.T) {
	var all []struct {
		Code    string
		Version int
	}
	if err := json.Unmarshal(shared(t, "cpv/cpvCodes.json"), &all); err != nil {
		t.Fatal(err)
	}
	var rows strings.Builder
	rows.WriteString("Supplier,Date,Amount EUR,CPV\n")
	n := 0
	for _, one := range all {
		if one.Version == 2 {
			n++
			rows.WriteString("A,2026-03-04,1.50," + one.Code + "\n")
		}
	}
	o := newOffice(t)
	b := o.staged("all.csv", []byte(rows.String()))
	if got := o.flagsOf(b, spend.FlagNoCPV); b.Taken != n || got != 0 {
		t.Errorf("%d of %d codes are flagged", got, b.Taken)
	}
}
