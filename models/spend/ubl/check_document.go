package ubl

import "strings"

const (
	specification = "urn:cen.eu:en16931:2017#compliant#urn:fdc:peppol.eu:2017:poacc:billing:3.0"
	processStart  = "urn:fdc:peppol.eu:2017:poacc:billing:"
	processEnd    = ":1.0"
)

// process is the number in the name of a process of Peppol, "" where it is no such name.
func process(profile string) string {
	// The official pattern is not anchored, so anything may stand around the name.
	for rest := profile; ; {
		_, after, found := strings.Cut(rest, processStart)
		if !found {
			return ""
		}
		if len(after) >= 2 && allDigits(after[:2]) && strings.HasPrefix(after[2:], processEnd) {
			return after[:2]
		}
		rest = after
	}
}

// document judges what every document must have.
func (c *checker) document() {
	r := c.root
	for _, m := range []struct{ rule, path string }{
		{"BR-01", "cbc:CustomizationID"},
		{"BR-02", "cbc:ID"},
		{"BR-03", "cbc:IssueDate"},
		{"BR-05", "cbc:DocumentCurrencyCode"},
		{"BR-06", "cac:AccountingSupplierParty/cac:Party/cac:PartyLegalEntity/cbc:RegistrationName"},
		{"BR-07", "cac:AccountingCustomerParty/cac:Party/cac:PartyLegalEntity/cbc:RegistrationName"},
	} {
		c.must(r.val(m.path) != "", m.rule, r, short(m.path))
	}
	c.must(r.val("cbc:InvoiceTypeCode")+r.val("cbc:CreditNoteTypeCode") != "", "BR-04", r, "TypeCode")
	address := "cac:Party/cac:PostalAddress"
	c.must(r.has("cac:AccountingSupplierParty/"+address), "BR-08", r, "PostalAddress")
	c.must(r.has("cac:AccountingCustomerParty/"+address), "BR-10", r, "PostalAddress")
	c.must(r.has("cac:InvoiceLine") || r.has("cac:CreditNoteLine"), "BR-16", r, "InvoiceLine")
	c.must(r.has("cac:TaxTotal/cac:TaxSubtotal"), "BR-CO-18", r, "TaxSubtotal")
	if r.has("cbc:TaxPointDate") && r.has("cac:InvoicePeriod/cbc:DescriptionCode") {
		c.fail("BR-CO-03", r, r.val("cac:InvoicePeriod/cbc:DescriptionCode"), "")
	}
	c.taxInclusive()
	c.taxDecimals()
	c.peppol()
}

// short is the last step of a path, without its prefix.
func short(path string) string { return path[strings.LastIndexAny(path, ":/")+1:] }

// taxInclusive is BR-CO-15: BT-112 = BT-109 + BT-110; and there is one total of VAT in
// the currency of the document, and one in the other currency where there is one (BR-53).
func (c *checker) taxInclusive() {
	r := c.root
	totals := map[string][]*node{}
	for _, n := range r.all("cac:TaxTotal/cbc:TaxAmount") {
		totals[n.attr("currencyID")] = append(totals[n.attr("currencyID")], n)
	}
	if other := r.first("cbc:TaxCurrencyCode"); other != nil && len(totals[other.raw()]) == 0 {
		c.fail("BR-53", r, "", other.value())
	}
	if !r.has("cbc:DocumentCurrencyCode") {
		return
	}
	got := r.rat("cac:LegalMonetaryTotal/cbc:TaxInclusiveAmount")
	tax := totals[c.currency]
	if len(tax) != 1 {
		c.fail("BR-CO-15", r, shown(got), "")
		return
	}
	want := cents(plus(r.rat("cac:LegalMonetaryTotal/cbc:TaxExclusiveAmount"), tax[0].number()))
	c.same("BR-CO-15", r, got, want)
}

// taxDecimals are BR-DEC-13 and BR-DEC-15 by what they say: the expressions of the
// official files compare a currency with an element that cannot be there, and never fail.
func (c *checker) taxDecimals() {
	other := c.root.val("cbc:TaxCurrencyCode")
	for _, n := range c.root.all("cac:TaxTotal/cbc:TaxAmount") {
		switch currency := n.attr("currencyID"); {
		case decimals(n) <= 2 || currency == "":
		case currency == strings.Trim(c.currency, xmlSpace):
			c.fail("BR-DEC-13", n, n.value(), "")
		case currency == other:
			c.fail("BR-DEC-15", n, n.value(), "")
		}
	}
}

// decimals is how many characters there are after the point.
func decimals(n *node) int {
	_, part, _ := strings.Cut(n.raw(), ".")
	return len([]rune(part))
}

// peppol judges what Peppol wants of a document.
func (c *checker) peppol() {
	r := c.root
	c.must(r.has("cbc:ProfileID"), "PEPPOL-EN16931-R001", r, "ProfileID")
	if c.profile == "" {
		c.fail("PEPPOL-EN16931-R007", r, r.val("cbc:ProfileID"), processStart+"01"+processEnd)
	}
	c.must(len(r.all("cbc:Note")) <= 1 || c.german, "PEPPOL-EN16931-R002", r, "")
	c.must(r.has("cbc:BuyerReference") || r.has("cac:OrderReference/cbc:ID"), "PEPPOL-EN16931-R003", r, "BuyerReference")
	if got := r.val("cbc:CustomizationID"); !strings.HasPrefix(got, specification) {
		c.fail("PEPPOL-EN16931-R004", r, got, specification)
	}
	detailed, plain := 0, 0
	for _, n := range r.all("cac:TaxTotal") {
		if n.has("cac:TaxSubtotal") {
			detailed++
		} else {
			plain++
		}
	}
	c.must(detailed == 1, "PEPPOL-EN16931-R053", r, "TaxSubtotal")
	other := r.first("cbc:TaxCurrencyCode")
	c.must((plain == 1) == (other != nil) && plain <= 1, "PEPPOL-EN16931-R054", r, "TaxTotal")
	if other != nil {
		c.must(c.oneSign(other.value()), "PEPPOL-EN16931-R055", r, "")
		if other.value() == r.val("cbc:DocumentCurrencyCode") {
			c.fail("PEPPOL-EN16931-R005", other, other.value(), "")
		}
	}
	if !c.invoice {
		projects := 0
		for _, n := range r.all("cac:AdditionalDocumentReference/cbc:DocumentTypeCode") {
			if n.raw() == "50" {
				projects++
			}
		}
		c.must(projects <= 1, "PEPPOL-EN16931-R080", r, "")
	}
}

// oneSign reports whether the totals of VAT in both currencies have the same sign.
func (c *checker) oneSign(other string) bool {
	var plusHere, minusHere, plusThere, minusThere bool
	for _, n := range c.root.all("cac:TaxTotal/cbc:TaxAmount") {
		v := n.number()
		if v == nil {
			continue
		}
		if n.attr("currencyID") == other {
			plusThere, minusThere = plusThere || v.Sign() >= 0, minusThere || v.Sign() <= 0
		}
		if n.attr("currencyID") == norm(c.currency) {
			plusHere, minusHere = plusHere || v.Sign() >= 0, minusHere || v.Sign() <= 0
		}
	}
	return plusHere && plusThere || minusHere && minusThere
}
