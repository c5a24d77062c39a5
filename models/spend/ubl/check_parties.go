package ubl

import "strings"

func (c *checker) seller(n *node) {
	p := n.first("cac:Party")
	if a := p.first("cac:PostalAddress"); a != nil {
		c.must(a.val("cac:Country/cbc:IdentificationCode") != "", "BR-09", a, "IdentificationCode")
	}
	c.endpoint(p, "BR-62", "PEPPOL-EN16931-R020")
	known := p.has("cac:PartyLegalEntity/cbc:CompanyID")
	for _, id := range p.all("cac:PartyIdentification/cbc:ID") {
		known = known || id.attr("schemeID") != "SEPA"
	}
	for _, t := range p.all("cac:PartyTaxScheme") {
		known = known || isVAT(t) && t.has("cbc:CompanyID")
	}
	c.must(known, "BR-CO-26", n, "CompanyID")
}

func (c *checker) buyer(n *node) {
	p := n.first("cac:Party")
	if a := p.first("cac:PostalAddress"); a != nil {
		c.must(a.val("cac:Country/cbc:IdentificationCode") != "", "BR-11", a, "IdentificationCode")
	}
	c.endpoint(p, "BR-63", "PEPPOL-EN16931-R010")
}

// endpoint judges the electronic address of a party.
func (c *checker) endpoint(party *node, scheme, present string) {
	if party == nil {
		return
	}
	for _, e := range party.all("cbc:EndpointID") {
		if _, given := e.lookup("schemeID"); !given {
			c.fail(scheme, e, e.value(), "schemeID")
		}
	}
	c.must(party.has("cbc:EndpointID"), present, party, "EndpointID")
}

// payee judges who is paid: somebody with a name, and not the seller.
func (c *checker) payee(n *node) {
	if n.at > 1 {
		return // there is one at most
	}
	seller := n.up.first("cac:AccountingSupplierParty/cac:Party")
	ok := n.has("cac:PartyName/cbc:Name") &&
		!share(n, seller, "cac:PartyName/cbc:Name") && !share(n, seller, "cac:PartyIdentification/cbc:ID")
	if !ok {
		c.fail("BR-17", n, n.val("cac:PartyName/cbc:Name"), "")
	}
}

// share reports whether two groups have a value in common.
func share(a, b *node, path string) bool {
	theirs := map[string]bool{}
	for _, n := range b.all(path) {
		theirs[n.raw()] = true
	}
	for _, n := range a.all(path) {
		if theirs[n.raw()] {
			return true
		}
	}
	return false
}

func (c *checker) representative(n *node) {
	c.must(n.val("cac:PartyName/cbc:Name") != "", "BR-18", n, "Name")
	c.must(n.has("cac:PostalAddress"), "BR-19", n, "PostalAddress")
	if a := n.first("cac:PostalAddress"); a != nil {
		c.must(a.val("cac:Country/cbc:IdentificationCode") != "", "BR-20", a, "IdentificationCode")
	}
	c.must(hasVAT(n), "BR-56", n, "CompanyID")
}

// hasVAT reports whether a party has a VAT number.
func hasVAT(party *node) bool {
	for _, t := range party.all("cac:PartyTaxScheme") {
		if isVAT(t) && t.has("cbc:CompanyID") {
			return true
		}
	}
	return false
}

// rest judges the smaller groups, most of which are about paying.
func (c *checker) rest(n *node) {
	switch n.name {
	case "cac:PartyTaxScheme":
		if id := n.val("cbc:CompanyID"); isVAT(n) && !vatCountry(id) {
			c.fail("BR-CO-09", n, id, "")
		}
	case "cac:PaymentMeans":
		c.payment(n)
	case "cbc:PrimaryAccountNumberID":
		c.must(len([]rune(n.value())) <= 10, "BR-51", n, "")
	case "cac:AdditionalDocumentReference":
		c.must(n.val("cbc:ID") != "", "BR-52", n, "ID")
	case "cac:AdditionalItemProperty":
		c.must(n.has("cbc:Name") && n.has("cbc:Value"), "BR-54", n, "Value")
	case "cac:BillingReference":
		c.must(n.has("cac:InvoiceDocumentReference/cbc:ID"), "BR-55", n, "ID")
	case "cac:DeliveryLocation":
		if a := n.first("cac:Address"); a != nil {
			c.must(a.has("cac:Country/cbc:IdentificationCode"), "BR-57", a, "IdentificationCode")
		}
	case "cac:StandardItemIdentification":
		c.attribute("BR-64", n.first("cbc:ID"), "schemeID")
	case "cbc:ItemClassificationCode":
		c.attribute("BR-65", n, "listID")
	}
}

func (c *checker) attribute(rule string, n *node, name string) {
	if _, given := n.lookup(name); n != nil && !given {
		c.fail(rule, n, n.value(), name)
	}
}

// vatCountry reports whether a VAT number starts with a country; Greece writes EL.
func vatCountry(id string) bool {
	if id == "" {
		return true // other rules say that a number is missing
	}
	return len(id) >= 2 && (countries[id[:2]] || strings.HasPrefix(id, "EL"))
}

// payment judges how is to be paid: 30 and 58 are transfers, 49 and 59 direct debits.
func (c *checker) payment(n *node) {
	c.must(n.has("cbc:PaymentMeansCode"), "BR-49", n, "PaymentMeansCode")
	code := n.val("cbc:PaymentMeansCode")
	switch code {
	case "30", "58":
		c.must(n.has("cac:PayeeFinancialAccount/cbc:ID"), "BR-61", n, "PayeeFinancialAccount")
		for _, a := range n.all("cac:PayeeFinancialAccount") {
			c.must(a.val("cbc:ID") != "", "BR-50", a, "ID")
		}
	case "49", "59":
		c.must(n.has("cac:PaymentMandate/cbc:ID"), "PEPPOL-EN16931-R061", n, "PaymentMandate")
	}
}
