package demonstration

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"strconv"
	"strings"

	"pilveturg/models"
)

// heading is that of the tables of bills, as an accounting program of a body may have it.
const heading = "Arve kuupäev;Arve number;Tarnija;Asutus;Kategooria;Teenus;Selgitus;Leping;Kogus;Ühik;Ühikuhind;Summa;Käibemaks;Valuuta;Perioodi algus;Perioodi lõpp;Maksetähtaeg\r\n"

// table writes bills as a table, a row for each line.
func table(all []*bill) []byte {
	var b bytes.Buffer
	b.WriteString(heading)
	for _, one := range all {
		for _, l := range one.lines {
			row := []string{one.issued.String(), one.number, one.vendor.name, one.body.name(), one.category, one.service, l.text, one.contract, "", l.unit, "", comma(cents(l.cents)), comma(cents(tax(l.cents, one.vat))), one.currency, l.from.String(), l.to.String(), one.due.String()}
			if !l.price.IsZero() {
				row[8], row[10] = comma(l.quantity.String()), comma(l.price.String())
			}
			for i, cell := range row {
				if strings.ContainsAny(cell, ";\"\r\n") {
					row[i] = `"` + strings.ReplaceAll(cell, `"`, `""`) + `"`
				}
			}
			b.WriteString(strings.Join(row, ";") + "\r\n")
		}
	}
	return b.Bytes()
}

func comma(number string) string { return strings.ReplaceAll(number, ".", ",") }

// cents writes cents as euros: "-12.30".
func cents(n int64) string {
	sign := ""
	if n < 0 {
		sign, n = "-", -n
	}
	return fmt.Sprintf("%s%d.%02d", sign, n/100, n%100)
}

// invoice writes a bill as an electronic invoice or credit note.
func invoice(b *bill) []byte {
	kind, code, quantity := "Invoice", "380", "Invoiced"
	if b.credits != nil {
		kind, code, quantity = "CreditNote", "381", "Credited"
	}
	var out bytes.Buffer
	w := &writer{b: &out, currency: b.currency, sign: 1}
	if b.credits != nil {
		w.sign = -1 // a credit note says what it gives back without a minus
	}
	fmt.Fprintf(&out, xml.Header+`<%s xmlns="urn:oasis:names:specification:ubl:schema:xsd:%[1]s-2" xmlns:cac="urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2" xmlns:cbc="urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2">`+"\n", kind)
	w.text("CustomizationID", "urn:cen.eu:en16931:2017")
	w.text("ID", b.number)
	w.text("IssueDate", b.issued.String())
	if b.credits == nil {
		w.text("DueDate", b.due.String())
	}
	w.text(kind+"TypeCode", code)
	if b.copyOf != nil {
		w.text("Note", "Ärakiri: sama arve teist korda.")
	}
	w.text("DocumentCurrencyCode", b.currency)
	if b.order != "" {
		out.WriteString("<cac:OrderReference>")
		w.text("ID", b.order)
		out.WriteString("</cac:OrderReference>\n")
	}
	if b.credits != nil {
		out.WriteString("<cac:BillingReference><cac:InvoiceDocumentReference>")
		w.text("ID", b.credits.number)
		w.text("IssueDate", b.credits.issued.String())
		out.WriteString("</cac:InvoiceDocumentReference></cac:BillingReference>\n")
	}
	if b.contract != "" {
		out.WriteString("<cac:ContractDocumentReference>")
		w.text("ID", b.contract)
		out.WriteString("</cac:ContractDocumentReference>\n")
	}
	w.parties(b)
	if b.credits != nil { // it has no day by which to pay
		out.WriteString("<cac:PaymentTerms>")
		w.text("Note", "Arvatakse maha järgmisest arvest.")
		out.WriteString("</cac:PaymentTerms>\n")
	}
	w.totals(b)
	for i, l := range b.lines {
		w.line(b, i+1, l, kind, quantity)
	}
	fmt.Fprintf(&out, "</%s>\n", kind)
	return out.Bytes()
}

// writer writes the elements of a document.
type writer struct {
	b        *bytes.Buffer
	currency string
	sign     int64
}

func (w *writer) text(name, value string) {
	fmt.Fprintf(w.b, "<cbc:%s>", name)
	_ = xml.EscapeText(w.b, []byte(value)) // into memory
	fmt.Fprintf(w.b, "</cbc:%s>\n", name)
}

func (w *writer) money(name string, n int64) {
	fmt.Fprintf(w.b, "<cbc:%s currencyID=%q>%s</cbc:%[1]s>\n", name, w.currency, cents(w.sign*n))
}

// parties writes who sells and who buys. Whoever accounts for no VAT names no number
// for it.
func (w *writer) parties(b *bill) {
	for _, p := range []struct {
		role, name, code, country string
		taxed                     bool
	}{{"Supplier", b.vendor.name, b.vendor.code, b.vendor.country, b.vat > 0}, {"Customer", b.body.name(), "", "EE", false}} {
		fmt.Fprintf(w.b, "<cac:Accounting%sParty><cac:Party>\n<cac:PostalAddress><cac:Country>", p.role)
		w.text("IdentificationCode", p.country)
		w.b.WriteString("</cac:Country></cac:PostalAddress>\n")
		if p.taxed {
			w.b.WriteString("<cac:PartyTaxScheme>")
			w.text("CompanyID", "EE0"+p.code)
			w.b.WriteString("<cac:TaxScheme><cbc:ID>VAT</cbc:ID></cac:TaxScheme></cac:PartyTaxScheme>\n")
		}
		w.b.WriteString("<cac:PartyLegalEntity>")
		w.text("RegistrationName", p.name)
		if p.code != "" {
			w.text("CompanyID", p.code)
		}
		fmt.Fprintf(w.b, "</cac:PartyLegalEntity></cac:Party></cac:Accounting%sParty>\n", p.role)
	}
}

// category writes in which VAT category something is: taxed, or outside of VAT.
func (w *writer) category(b *bill, element string, reason bool) {
	fmt.Fprintf(w.b, "<cac:%s>", element)
	if b.vat > 0 {
		w.text("ID", "S")
		w.text("Percent", strconv.FormatInt(b.vat, 10))
	} else {
		w.text("ID", "O")
		if reason {
			w.text("TaxExemptionReasonCode", "VATEX-EU-O")
		}
	}
	fmt.Fprintf(w.b, "<cac:TaxScheme><cbc:ID>VAT</cbc:ID></cac:TaxScheme></cac:%s>\n", element)
}

func (w *writer) totals(b *bill) {
	net := b.cents()
	vat := tax(net, b.vat)
	w.b.WriteString("<cac:TaxTotal>")
	w.money("TaxAmount", vat)
	w.b.WriteString("<cac:TaxSubtotal>")
	w.money("TaxableAmount", net)
	w.money("TaxAmount", vat)
	w.category(b, "TaxCategory", true)
	w.b.WriteString("</cac:TaxSubtotal></cac:TaxTotal>\n<cac:LegalMonetaryTotal>")
	w.money("LineExtensionAmount", net)
	w.money("TaxExclusiveAmount", net)
	w.money("TaxInclusiveAmount", net+vat)
	w.money("PayableAmount", net+vat)
	w.b.WriteString("</cac:LegalMonetaryTotal>\n")
}

func (w *writer) line(b *bill, id int, l billLine, kind, quantity string) {
	fmt.Fprintf(w.b, "<cac:%sLine>", kind)
	w.text("ID", strconv.Itoa(id))
	n, price := l.quantity, l.price.String()
	if l.price.IsZero() {
		n, price = models.Whole(1), cents(w.sign*l.cents)
	}
	code := "C62" // one
	switch {
	case l.batch == models.Whole(1000):
		code = "MIL"
	case l.price.IsZero() && !l.from.IsZero():
		code = "MON"
	}
	fmt.Fprintf(w.b, "<cbc:%sQuantity unitCode=%q>%s</cbc:%[1]sQuantity>\n", quantity, code, n)
	w.money("LineExtensionAmount", l.cents)
	if !l.from.IsZero() {
		w.b.WriteString("<cac:InvoicePeriod>")
		w.text("StartDate", l.from.String())
		w.text("EndDate", l.to.String())
		w.b.WriteString("</cac:InvoicePeriod>\n")
	}
	w.b.WriteString("<cac:Item>")
	w.text("Description", l.text)
	w.text("Name", b.service)
	if b.cpv != "" {
		fmt.Fprintf(w.b, `<cac:CommodityClassification><cbc:ItemClassificationCode listID="STI">%s</cbc:ItemClassificationCode></cac:CommodityClassification>`, b.cpv)
	}
	w.category(b, "ClassifiedTaxCategory", false)
	fmt.Fprintf(w.b, "</cac:Item><cac:Price><cbc:PriceAmount currencyID=%q>%s</cbc:PriceAmount></cac:Price></cac:%sLine>\n", w.currency, price, kind)
}
