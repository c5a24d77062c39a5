package spend_test

import (
	"encoding/json"
	"errors"
	"path/filepath"
	"strings"
	"testing"

	"pilveturg/models"
	"pilveturg/models/spend"
)

// sharedFiles are the names of files of the data that lies beside the project.
func sharedFiles(t testing.TB, pattern string) (names []string) {
	t.Helper()
	dir, err := filepath.Abs(".")
	for ; err == nil && dir != filepath.Dir(dir); dir = filepath.Dir(dir) {
		root := filepath.Join(dir, "shared", "data", "spend")
		all, _ := filepath.Glob(filepath.Join(root, filepath.FromSlash(pattern)))
		for _, name := range all {
			short, err := filepath.Rel(root, name)
			if err != nil {
				t.Fatal(err)
			}
			names = append(names, filepath.ToSlash(short))
		}
		if len(names) > 0 {
			return names
		}
	}
	t.Skipf("shared/data/spend/%s is not beside the project", pattern)
	return nil
}

// Every example invoice is booked as its own totals say, a credit note as minus, once.
func TestInvoicesAreBookedAsTheySay(t *testing.T) {
	var oracle struct {
		Files []struct {
			File, ID, Currency       string
			Net, Tax, Gross, Payable models.Exact
			EN                       []string `json:"en16931_fatal"`
		}
	}
	if err := json.Unmarshal(shared(t, "ubl/_all.oracle.json"), &oracle); err != nil {
		t.Fatal(err)
	}
	o := newOffice(t)
	for _, want := range oracle.Files {
		b := o.staged(want.File, shared(t, "ubl/"+want.File))
		if b.Format != spend.UBL || len(b.Totals()) != 1 {
			t.Fatalf("%s: %+v", want.File, b)
		}
		total := b.Totals()[0]
		net, err := total.Billed.Sub(total.Tax)
		rounding := models.Exact{}
		lines, err2 := spend.Lines(t.Context(), o.DB, o.finance, spend.Query{Batch: b.ID, WithTax: true}, models.Page{Number: 1, Size: 1000})
		for _, l := range lines {
			if l.Kind == spend.Adjustment {
				rounding = l.Billed
			}
		}
		net, err3 := net.Sub(rounding)
		if err := errors.Join(err, err2, err3); err != nil || net != want.Net || total.Tax != want.Tax || total.Currency != want.Currency {
			t.Errorf("%s: net %s, tax %s %s, %v; want %s, %s %s", want.File, net, total.Tax, total.Currency, err, want.Net, want.Tax, want.Currency)
		}
		if len(lines) == 0 || lines[0].DocumentID == nil {
			t.Fatalf("%s has no charge on its invoice", want.File)
		}
		d, err := spend.FindDocument(t.Context(), o.DB, o.finance, *lines[0].DocumentID)
		if err != nil || d.Number != want.ID || d.Net != want.Net || d.VAT != want.Tax || d.Gross != want.Gross || d.Payable != want.Payable {
			t.Errorf("%s: %+v, %v", want.File, d, err)
		}
		if err := o.accept(b.ID); err != nil {
			t.Fatal(err)
		}
	}
	o.agrees()
}

const openInvoice = `<?xml version="1.0" encoding="UTF-8"?>
<Invoice xmlns="urn:oasis:names:specification:ubl:schema:xsd:Invoice-2" xmlns:cac="urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2" xmlns:cbc="urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2">
<cbc:ID>IN-26-7</cbc:ID><cbc:IssueDate>2026-02-10</cbc:IssueDate><cbc:DueDate>2026-03-10</cbc:DueDate><cbc:InvoiceTypeCode>380</cbc:InvoiceTypeCode><cbc:DocumentCurrencyCode>EUR</cbc:DocumentCurrencyCode>
<cac:InvoicePeriod><cbc:StartDate>2026-01-01</cbc:StartDate><cbc:EndDate>2026-02-28</cbc:EndDate></cac:InvoicePeriod>
<cac:ContractDocumentReference><cbc:ID>7-1/26-12</cbc:ID></cac:ContractDocumentReference>
<cac:AccountingSupplierParty><cac:Party><cac:PartyLegalEntity><cbc:RegistrationName>Sample Maps</cbc:RegistrationName><cbc:CompanyID>vendor</cbc:CompanyID></cac:PartyLegalEntity></cac:Party></cac:AccountingSupplierParty>
<cac:AccountingCustomerParty><cac:Party><cac:PartyLegalEntity><cbc:RegistrationName>Office</cbc:RegistrationName><cbc:CompanyID>body</cbc:CompanyID></cac:PartyLegalEntity></cac:Party></cac:AccountingCustomerParty>
<cac:TaxTotal><cbc:TaxAmount currencyID="EUR">14.16</cbc:TaxAmount><cac:TaxSubtotal><cbc:TaxableAmount currencyID="EUR">59.00</cbc:TaxableAmount><cbc:TaxAmount currencyID="EUR">14.16</cbc:TaxAmount><cac:TaxCategory><cbc:ID>S</cbc:ID><cbc:Percent>24</cbc:Percent><cac:TaxScheme><cbc:ID>VAT</cbc:ID></cac:TaxScheme></cac:TaxCategory></cac:TaxSubtotal></cac:TaxTotal>
<cac:LegalMonetaryTotal><cbc:LineExtensionAmount currencyID="EUR">59.00</cbc:LineExtensionAmount><cbc:TaxExclusiveAmount currencyID="EUR">59.00</cbc:TaxExclusiveAmount><cbc:TaxInclusiveAmount currencyID="EUR">73.16</cbc:TaxInclusiveAmount><cbc:PayableAmount currencyID="EUR">73.16</cbc:PayableAmount></cac:LegalMonetaryTotal>
<cac:InvoiceLine><cbc:ID>1</cbc:ID><cbc:InvoicedQuantity unitCode="C62">59</cbc:InvoicedQuantity><cbc:LineExtensionAmount currencyID="EUR">59.00</cbc:LineExtensionAmount><cac:Item><cbc:Name>Map views</cbc:Name><cac:ClassifiedTaxCategory><cbc:ID>S</cbc:ID><cbc:Percent>24</cbc:Percent><cac:TaxScheme><cbc:ID>VAT</cbc:ID></cac:TaxScheme></cac:ClassifiedTaxCategory></cac:Item><cac:Price><cbc:PriceAmount currencyID="EUR">1.00</cbc:PriceAmount></cac:Price></cac:InvoiceLine>
</Invoice>`

// The parties of an invoice are known by their numbers, its period spreads it, its rules
// are named, and the same invoice in another file is flagged.
func TestAnInvoiceIsKnownByItsNumbers(t *testing.T) {
	o := newOffice(t)
	b := o.staged("in.xml", []byte(openInvoice))
	if err := o.accept(b.ID); err != nil {
		t.Fatal(err)
	}
	months := map[string]string{}
	sums, err := spend.Sums(t.Context(), o.DB, o.finance, spend.Query{Basis: spend.Effective}, spend.ByMonth)
	for _, s := range sums {
		months[s.Key] = s.Euros.String()
	}
	if err != nil || months["2026-01"] != "31" || months["2026-02"] != "28" {
		t.Errorf("by month %v, %v", months, err)
	}
	sums, err = spend.Sums(t.Context(), o.DB, o.finance, spend.Query{Basis: spend.Cash, WithTax: true}, spend.ByMonth)
	if err != nil || len(sums) != 1 || sums[0].Key != "2026-03" || sums[0].Euros.String() != "73.16" {
		t.Errorf("paid %+v, %v", sums, err)
	}
	vendors, err := spend.Sums(t.Context(), o.DB, o.finance, spend.Query{}, spend.ByVendor)
	if err != nil || len(vendors) != 1 || vendors[0].Is != o.vendor {
		t.Errorf("vendors %+v, %v", vendors, err)
	}
	again := o.staged("again.xml", []byte(strings.Replace(openInvoice, "Map views", "Map  views", 1)))
	if flags, err := spend.CountFlags(t.Context(), o.DB, o.finance, again.ID); err != nil || !containsFlag(flags, spend.FlagBill, 2) {
		t.Errorf("flags %+v, %v", flags, err)
	}
}

// A credit note below zero adds money, as the rules have it; mostly it was meant to take
// some back, so somebody is asked to look.
func TestACreditNoteBelowZeroIsFlagged(t *testing.T) {
	note := strings.NewReplacer("Invoice-2", "CreditNote-2", "<Invoice ", "<CreditNote ", "</Invoice>", "</CreditNote>", "InvoiceLine", "CreditNoteLine", "InvoicedQuantity", "CreditedQuantity", "InvoiceTypeCode>380", "CreditNoteTypeCode>381", "/cbc:InvoiceTypeCode", "/cbc:CreditNoteTypeCode").Replace(openInvoice)
	below := strings.NewReplacer(">59.00<", ">-59.00<", ">14.16<", ">-14.16<", ">73.16<", ">-73.16<").Replace(note)
	for content, want := range map[string]struct {
		billed string
		flags  int
	}{note: {"-73.16", 0}, below: {"73.16", 2}} {
		o := newOffice(t)
		b := o.staged("note.xml", []byte(content))
		if got := b.Totals()[0].Billed.String(); got != want.billed || o.flagsOf(b, spend.FlagTwice) != want.flags {
			t.Errorf("%s with %d flags, want %+v", got, o.flagsOf(b, spend.FlagTwice), want)
		}
	}
}

func containsFlag(all []spend.FlagCount, flag string, n int) bool {
	for _, c := range all {
		if c.Flag == flag {
			return c.N == n
		}
	}
	return false
}

func TestFilesMadeToDoHarmAreRefused(t *testing.T) {
	o := newOffice(t)
	for name, c := range map[string]struct{ text, why string }{
		"entities":   {`<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "c"><!ENTITY d "&b;&b;">]><Invoice xmlns="urn:oasis:names:specification:ubl:schema:xsd:Invoice-2">&d;</Invoice>`, spend.WhyHostile},
		"depth":      {`<Invoice xmlns="urn:oasis:names:specification:ubl:schema:xsd:Invoice-2">` + strings.Repeat("<a>", 1000), spend.WhyHostile},
		"other XML":  {`<html></html>`, spend.WhyUnknown},
		"no amounts": {`<Invoice xmlns="urn:oasis:names:specification:ubl:schema:xsd:Invoice-2"></Invoice>`, spend.WhyUnclear},
		"blank":      {" \n\t", spend.WhyEmpty},
		"other JSON": {`{"a": 1}`, spend.WhyUnknown},
		"cut JSON":   {`{"uri": "x", "version": "1.1", "releases": [{"ocid": "o", `, spend.WhyBroken},
	} {
		b, err := o.bring(o.finance, name, []byte(c.text))
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		o.work()
		if b = o.batch(b.ID); b.State != spend.Failed || b.Why != c.why {
			t.Errorf("%s: %s, %q; want %q", name, b.State, b.Why, c.why)
		}
	}
}

// Payments of open contracting are spent; promises are counted and left out.
func TestPaymentsOfOpenContractingAreSpent(t *testing.T) {
	o := newOffice(t)
	for _, name := range sharedFiles(t, "ocds/fictional_1.1/ocds-*.json.oracle.json") {
		var oracle struct {
			Totals map[string]string `json:"transaction_totals_by_currency"`
			Items  []struct {
				Transactions []struct{ ID string }
			}
		}
		if err := json.Unmarshal(shared(t, name), &oracle); err != nil {
			t.Fatal(err)
		}
		payments := map[string]bool{}
		for _, item := range oracle.Items {
			for _, one := range item.Transactions {
				payments[one.ID] = true
			}
		}
		b := o.staged(name, shared(t, strings.TrimSuffix(name, ".oracle.json")))
		if b.Format != spend.OCDS || b.Taken != len(payments) || b.Rejected != 0 {
			t.Errorf("%s: %d payments, want %d", name, b.Taken, len(payments))
		}
		for _, total := range b.Totals() {
			if total.Billed.String() != oracle.Totals[total.Currency] {
				t.Errorf("%s: %s %s, want %s", name, total.Billed, total.Currency, oracle.Totals[total.Currency])
			}
		}
	}
}
