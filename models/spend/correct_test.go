package spend_test

import (
	"context"
	"errors"
	"maps"
	"slices"
	"testing"

	"pilveturg/db"
	"pilveturg/models"
	"pilveturg/models/spend"
)

// books has a file that counts; charge is the id of the charge of a reference, the one
// that is no tax and the last of several.
func (o *office) books(text string) *spend.Batch {
	o.t.Helper()
	b := o.staged("books.csv", []byte(text))
	if err := o.accept(b.ID); err != nil {
		o.t.Fatal(err)
	}
	return b
}

func (o *office) charge(reference string) int64 {
	o.t.Helper()
	var id int64
	if err := o.Get(o.t.Context(), &id, `SELECT COALESCE(MAX(id), 0) FROM ledger_charges WHERE reference = ? AND kind <> 'tax'`, reference); err != nil || id == 0 {
		o.t.Fatalf("charge %s: %v", reference, err)
	}
	return id
}

func (o *office) standing(id int64) *spend.Standing {
	o.t.Helper()
	s, err := spend.FindStanding(o.t.Context(), o.DB, o.finance, id)
	if err != nil {
		o.t.Fatal(err)
	}
	return s
}

// says is a correction of a charge as it stands now, in its own month.
func (o *office) says(id int64, way spend.Way) spend.Correction {
	o.t.Helper()
	s := o.standing(id)
	c := s.Charge
	return spend.Correction{Charge: id, Way: way, Vendor: c.Vendor, Buyer: c.Buyer, Category: c.Category, Contract: c.Contract, From: c.From, To: c.To, Month: c.Month, Reason: "It was wrong", Seen: s.Seen()}
}

func (o *office) correct(who models.Actor, in spend.Correction) (b *spend.Batch, err error) {
	err = o.try(who, func(ctx context.Context, tx *db.Tx) error {
		b, err = spend.Correct(ctx, tx, in, map[string]string{"software": "software"})
		return err
	})
	return b, err
}

func (o *office) mustCorrect(in spend.Correction) *spend.Batch {
	o.t.Helper()
	b, err := o.correct(o.finance, in)
	if err != nil {
		o.t.Fatal(err)
	}
	o.agrees()
	return b
}

// months are the sums of a basis by month, without those that come to nothing.
func (o *office) months(basis spend.Basis) map[string]string {
	o.t.Helper()
	sums, err := spend.Sums(o.t.Context(), o.DB, o.finance, spend.Query{Basis: basis, WithTax: true}, spend.ByMonth)
	if err != nil {
		o.t.Fatal(err)
	}
	all := map[string]string{}
	for _, s := range sums {
		if !s.Amounts[0].Amount.IsZero() || !s.Euros.IsZero() {
			all[s.Key] = s.Amounts[0].Amount.String()
		}
	}
	return all
}

func exactly(t *testing.T, text string) models.Exact {
	t.Helper()
	e, err := models.ParseExact(text)
	if err != nil {
		t.Fatal(err)
	}
	return e
}

const twoCharges = `Body,Supplier,Invoice date,Invoice number,Category,Service from,Service to,Amount,VAT,Currency
Office of Samples,Sample Maps Ltd,2026-01-31,IN-1,Software,,,100.005,24.00,EUR
Office of Samples,Sample Maps Ltd,2026-01-31,IN-2,Software,2026-01-15,2027-01-15,365.00,,EUR
`

func TestAChargeThatShouldNotBeHereIsTakenBackOnce(t *testing.T) {
	o := newOffice(t)
	o.books(twoCharges)
	before := o.Now()
	id := o.charge("IN-1")
	in := o.says(id, spend.NotHere)
	b := o.mustCorrect(in)
	if got := o.sum("EUR").String(); got != "389" {
		t.Errorf("the ledger has %s", got)
	}
	if s := o.standing(id); !s.Gone() || !s.Corrected() {
		t.Errorf("it comes to %s", s.Billed)
	}
	rows, err := spend.CorrectionsOf(t.Context(), o.DB, o.finance, id)
	if err != nil || len(rows) != 1 {
		t.Fatalf("%d corrections, %v", len(rows), err)
	}
	c := rows[0]
	if c.Billed.String() != "-100.005" || !c.Correction || *c.CorrectsID != id || c.Description != "It was wrong" || c.Month != "2026-01" || c.FlagText != "" || c.Kind != spend.Purchase || c.Reference != "IN-1" || !c.Euros.Known || c.Euros.String() != "-100.005" {
		t.Errorf("it is %+v", c)
	}
	var same spend.ErrSame
	if _, err := o.correct(o.finance, in); !errors.As(err, &same) || same.Batch.ID != b.ID {
		t.Errorf("the same form sent again: %v", err)
	}
	if _, err := o.correct(o.finance, o.says(id, spend.NotHere)); !errors.Is(err, spend.ErrTakenBack) {
		t.Errorf("taken back again: %v", err)
	}
	if err := o.undo(b.ID); err != nil {
		t.Fatal(err)
	}
	o.agrees()
	if got := o.months(spend.Billed); !maps.Equal(got, map[string]string{"2026-01": "489.005"}) {
		t.Errorf("after it was undone it is %v", got)
	}
	o.mustCorrect(o.says(id, spend.NotHere)) // once more: it counts no longer
	if got := o.Now(); got.Before(before) {
		t.Error("time goes back")
	}
}

func TestAnotherAmountBooksTheDifferenceAndEveryMonthComesToNothing(t *testing.T) {
	o := newOffice(t)
	o.books(twoCharges)
	id := o.charge("IN-2")
	for _, amount := range []string{"265.01", "-7.123", "100"} {
		in := o.says(id, spend.OtherAmount)
		in.Amount = exactly(t, amount)
		o.mustCorrect(in)
		if s := o.standing(id); s.Billed.String() != amount || s.Euros.String() != amount {
			t.Errorf("it comes to %s (%s €), want %s", s.Billed, s.Euros, amount)
		}
	}
	in := o.says(id, spend.OtherAmount)
	in.Amount = exactly(t, "100")
	var wrong models.Invalid
	if _, err := o.correct(o.finance, in); !errors.As(err, &wrong) || wrong["amount"] != "ledger.same_amount" {
		t.Errorf("the same amount: %v", err)
	}
	o.mustCorrect(o.says(id, spend.NotHere))
	for _, basis := range spend.Bases() {
		if got := o.months(basis); !maps.Equal(got, map[string]string{"2026-01": "124.005"}) {
			t.Errorf("%s: it is %v", basis, got)
		}
	}
	in = o.says(id, spend.OtherAmount) // what was taken back may come to something again
	in.Amount = exactly(t, "5")
	o.mustCorrect(in)
}

func TestAChargeOfSomebodyElseIsBookedAnewAndTheSumStays(t *testing.T) {
	o := newOffice(t)
	o.books(twoCharges)
	id := o.charge("IN-2")
	in := o.says(id, spend.OtherAmount)
	in.Amount = exactly(t, "300")
	o.mustCorrect(in)
	in = o.says(id, spend.OtherWords)
	in.Vendor, in.Buyer, in.Category, in.From, in.To = "Another Ltd", "Office of Others", "software", models.NewDate(2026, 2, 1), models.NewDate(2026, 3, 1)
	moved := o.mustCorrect(in)
	if got := o.sum("EUR").String(); got != "424.005" {
		t.Errorf("the ledger has %s", got)
	}
	if got := o.months(spend.Effective); !maps.Equal(got, map[string]string{"2026-01": "124.005", "2026-02": "300"}) {
		t.Errorf("it is worth %v", got)
	}
	if s := o.standing(id); !s.Gone() {
		t.Errorf("%s is left of it", s.Billed)
	}
	anew := o.charge("IN-2")
	s := o.standing(anew)
	if s.Charge.Vendor != "Another Ltd" || s.Charge.Category != "software" || s.Billed.String() != "300" || s.Corrected() {
		t.Errorf("anew it is %+v", s.Charge)
	}
	in = o.says(anew, spend.OtherAmount) // a correction is a charge, and has corrections
	in.Amount = exactly(t, "310")
	last := o.mustCorrect(in)
	if s := o.standing(id); !s.Gone() {
		t.Errorf("a correction of what was booked anew left %s of the first", s.Billed)
	}
	var leaned spend.ErrLeaned
	if err := o.undo(moved.ID); !errors.As(err, &leaned) || leaned.By[0].ID != last.ID {
		t.Errorf("undone before what stands on it: %v", err)
	}
	for _, b := range []int64{last.ID, moved.ID} {
		if err := o.undo(b); err != nil {
			t.Fatal(err)
		}
	}
	o.agrees()
	if got := o.sum("EUR").String(); got != "424.005" {
		t.Errorf("the ledger has %s", got)
	}
}

// The first correction is itself corrected: the charge follows.
func TestACorrectionIsTakenBackByAnother(t *testing.T) {
	o := newOffice(t)
	o.books(twoCharges)
	id := o.charge("IN-1")
	o.mustCorrect(o.says(id, spend.NotHere))
	rows, err := spend.CorrectionsOf(t.Context(), o.DB, o.finance, id)
	if err != nil || len(rows) != 1 {
		t.Fatalf("%d corrections, %v", len(rows), err)
	}
	o.mustCorrect(o.says(rows[0].ID, spend.NotHere))
	if s := o.standing(id); s.Billed.String() != "100.005" {
		t.Errorf("it comes to %s", s.Billed)
	}
	if got := o.sum("EUR").String(); got != "489.005" {
		t.Errorf("the ledger has %s", got)
	}
	o.mustCorrect(o.says(id, spend.NotHere))
}

func TestAFileWhoseChargesWereCorrectedIsUndoneAfterTheCorrections(t *testing.T) {
	o := newOffice(t)
	file := o.books(twoCharges)
	b := o.mustCorrect(o.says(o.charge("IN-1"), spend.NotHere))
	var leaned spend.ErrLeaned
	if err := o.undo(file.ID); !errors.As(err, &leaned) || len(leaned.By) != 1 || leaned.By[0].ID != b.ID {
		t.Errorf("undone: %v", err)
	}
	if o.batch(file.ID).State != spend.Accepted {
		t.Error("half of it is undone")
	}
	for _, id := range []int64{b.ID, file.ID} {
		if err := o.undo(id); err != nil {
			t.Fatal(err)
		}
	}
	o.agrees()
	if _, err := o.correct(o.finance, o.says(o.charge("IN-2"), spend.NotHere)); !errors.Is(err, spend.ErrNotCounting) {
		t.Errorf("corrected after its file was undone: %v", err)
	}
}

func TestTheSecondOfTwoWhoCorrectIsTold(t *testing.T) {
	o := newOffice(t)
	o.books(twoCharges)
	id := o.charge("IN-1")
	first, second := o.says(id, spend.OtherAmount), o.says(id, spend.OtherAmount)
	first.Amount, second.Amount = exactly(t, "90"), exactly(t, "80")
	b := o.mustCorrect(first)
	if _, err := o.correct(o.finance, second); !errors.Is(err, spend.ErrOtherwise) {
		t.Errorf("the second: %v", err)
	}
	if err := o.undo(b.ID); err != nil { // as it was, but not as it was seen
		t.Fatal(err)
	}
	if _, err := o.correct(o.finance, second); !errors.Is(err, spend.ErrOtherwise) {
		t.Errorf("the second after the first was undone: %v", err)
	}
}

func TestACorrectionCountsInTheMonthThatIsSaid(t *testing.T) {
	o := newOffice(t)
	o.books(twoCharges)
	today := models.DateOf(o.Now())
	month := today.String()[:7]
	in := o.says(o.charge("IN-1"), spend.NotHere)
	in.Month = "2026-02"
	var wrong models.Invalid
	if _, err := o.correct(o.finance, in); !errors.As(err, &wrong) || wrong["month"] != "ledger.month_gone" {
		t.Errorf("in some other month: %v", err)
	}
	in.Month = month
	o.mustCorrect(in)
	if got := o.months(spend.Billed); !maps.Equal(got, map[string]string{"2026-01": "489.005", month: "-100.005"}) {
		t.Errorf("it is %v", got)
	}
}

func TestACorrectionKeepsTheRateOfItsCharge(t *testing.T) {
	o := newOffice(t)
	o.rate("USD", "2026-01-30", "1.10")
	o.books("Supplier,Invoice date,Invoice number,Amount,Currency\nA,2026-01-31,D-1,33.01,USD\n")
	o.rate("USD", "2026-03-02", "1.30")
	id := o.charge("D-1")
	in := o.says(id, spend.OtherAmount)
	in.Amount, in.Month = exactly(t, "22"), models.DateOf(o.Now()).String()[:7]
	o.mustCorrect(in)
	if s := o.standing(id); s.Euros.String() != "20" {
		t.Errorf("it is %s €", s.Euros)
	}
	o.mustCorrect(o.says(id, spend.NotHere))
	if s := o.standing(id); !s.Euros.IsZero() {
		t.Errorf("%s € are left", s.Euros)
	}
}

func TestOnlyWhoKeepsTheBooksCorrects(t *testing.T) {
	o := newOffice(t)
	o.books(twoCharges)
	in := o.says(o.charge("IN-1"), spend.NotHere)
	for what, c := range map[string]struct {
		who  models.Actor
		want error
	}{
		"another body": {o.stranger, models.ErrNotFound},
		"a buyer":      {models.Actor{AccountID: o.finance.AccountID, OrgID: o.body, Roles: []models.Role{models.Buyer}}, models.ErrForbidden},
		"an analyst":   {models.Actor{AccountID: o.finance.AccountID, OrgID: o.body, Roles: []models.Role{models.Analyst}, Reach: models.ReachAll}, models.ErrForbidden},
	} {
		if _, err := o.correct(c.who, in); !errors.Is(err, c.want) {
			t.Errorf("%s: %v", what, err)
		}
		if _, err := spend.PlanCorrection(t.Context(), o.DB, c.who, in, models.DateOf(o.Now())); !errors.Is(err, c.want) {
			t.Errorf("%s asks: %v", what, err)
		}
	}
	in.Reason = " "
	var wrong models.Invalid
	if _, err := o.correct(o.finance, in); !errors.As(err, &wrong) || !slices.Equal(wrong.Fields(), []string{"reason"}) {
		t.Errorf("without a reason: %v", err)
	}
}

// creditNote is an electronic document of 100 euros and 24 of VAT; corrects is the number
// of the invoice that it names.
func creditNote(number, corrects string) string {
	named := ""
	if corrects != "" {
		named = `<cac:BillingReference><cac:InvoiceDocumentReference><cbc:ID>` + corrects + `</cbc:ID></cac:InvoiceDocumentReference></cac:BillingReference>`
	}
	party := func(role, name string) string {
		return `<cac:` + role + `><cac:Party><cac:PartyLegalEntity><cbc:RegistrationName>` + name + `</cbc:RegistrationName></cac:PartyLegalEntity></cac:Party></cac:` + role + `>`
	}
	kind, line, amount := "Invoice", "InvoiceLine", "InvoicedQuantity"
	if corrects != "" {
		kind, line, amount = "CreditNote", "CreditNoteLine", "CreditedQuantity"
	}
	return `<` + kind + ` xmlns="urn:oasis:names:specification:ubl:schema:xsd:` + kind + `-2" xmlns:cac="urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2" xmlns:cbc="urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2">
<cbc:ID>` + number + `</cbc:ID><cbc:IssueDate>2026-01-31</cbc:IssueDate><cbc:DocumentCurrencyCode>EUR</cbc:DocumentCurrencyCode>` + named + party("AccountingSupplierParty", "Sample Maps Ltd") + party("AccountingCustomerParty", "Office of Samples") + `
<cac:TaxTotal><cbc:TaxAmount currencyID="EUR">24.00</cbc:TaxAmount><cac:TaxSubtotal><cbc:TaxableAmount currencyID="EUR">100.00</cbc:TaxableAmount><cbc:TaxAmount currencyID="EUR">24.00</cbc:TaxAmount><cac:TaxCategory><cbc:ID>S</cbc:ID><cbc:Percent>24</cbc:Percent><cac:TaxScheme><cbc:ID>VAT</cbc:ID></cac:TaxScheme></cac:TaxCategory></cac:TaxSubtotal></cac:TaxTotal>
<cac:LegalMonetaryTotal><cbc:LineExtensionAmount currencyID="EUR">100.00</cbc:LineExtensionAmount><cbc:TaxExclusiveAmount currencyID="EUR">100.00</cbc:TaxExclusiveAmount><cbc:TaxInclusiveAmount currencyID="EUR">124.00</cbc:TaxInclusiveAmount><cbc:PayableAmount currencyID="EUR">124.00</cbc:PayableAmount></cac:LegalMonetaryTotal>
<cac:` + line + `><cbc:ID>1</cbc:ID><cbc:` + amount + ` unitCode="C62">1</cbc:` + amount + `><cbc:LineExtensionAmount currencyID="EUR">100.00</cbc:LineExtensionAmount><cac:Item><cbc:Name>Maps</cbc:Name><cac:ClassifiedTaxCategory><cbc:ID>S</cbc:ID><cbc:Percent>24</cbc:Percent><cac:TaxScheme><cbc:ID>VAT</cbc:ID></cac:TaxScheme></cac:ClassifiedTaxCategory></cac:Item><cac:Price><cbc:PriceAmount currencyID="EUR">100.00</cbc:PriceAmount></cac:Price></cac:` + line + `>
</` + kind + `>`
}

// A credit note and the invoice that it names lead to each other, where both are seen.
func TestACreditNoteAndItsInvoiceAreLinked(t *testing.T) {
	o := newOffice(t)
	invoice, note := o.books(creditNote("INV-1", "")), o.books(creditNote("CN-1", "INV-1"))
	if got := o.sum("EUR"); !got.IsZero() {
		t.Errorf("together they are %s", got)
	}
	find := func(batch int64) *spend.Document {
		t.Helper()
		var id int64
		if err := o.Get(t.Context(), &id, `SELECT id FROM ledger_documents WHERE batch_id = ?`, batch); err != nil {
			t.Fatal(err)
		}
		d, err := spend.FindDocument(t.Context(), o.DB, o.finance, id)
		if err != nil {
			t.Fatal(err)
		}
		return d
	}
	first, second := find(invoice.ID), find(note.ID)
	if second.Kind != "credit_note" || second.Corrects != "INV-1" {
		t.Fatalf("the note is %+v", second)
	}
	for what, c := range map[string]struct {
		of   func(context.Context, db.Reader, models.Actor, *spend.Document) ([]spend.Document, error)
		d    *spend.Document
		who  models.Actor
		want []int64
	}{
		"what the note corrects":       {spend.Corrected, second, o.finance, []int64{first.ID}},
		"the notes of the invoice":     {spend.Notes, first, o.finance, []int64{second.ID}},
		"what the invoice corrects":    {spend.Corrected, first, o.finance, nil},
		"the notes of the note":        {spend.Notes, second, o.finance, nil},
		"who does not see the invoice": {spend.Corrected, second, o.stranger, nil},
		"who does not see the notes":   {spend.Notes, first, o.stranger, nil},
	} {
		all, err := c.of(t.Context(), o.DB, c.who, c.d)
		var got []int64
		for _, d := range all {
			got = append(got, d.ID)
		}
		if err != nil || !slices.Equal(got, c.want) {
			t.Errorf("%s: %v, %v; want %v", what, got, err, c.want)
		}
	}
	if err := o.undo(invoice.ID); err != nil {
		t.Fatal(err)
	}
	if all, err := spend.Corrected(t.Context(), o.DB, o.finance, second); err != nil || len(all) > 0 {
		t.Errorf("after the invoice was undone: %d, %v", len(all), err)
	}
}
