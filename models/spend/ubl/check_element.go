package ubl

import "strings"

// element judges a single value wherever it is.
func (c *checker) element(n *node) {
	if !n.filled {
		c.fail("PEPPOL-EN16931-R008", n, "", "")
	}
	switch n.name {
	case "cbc:Amount", "cbc:BaseAmount", "cbc:PriceAmount", "cbc:TaxAmount", "cbc:TaxableAmount",
		"cbc:LineExtensionAmount", "cbc:TaxExclusiveAmount", "cbc:TaxInclusiveAmount", "cbc:AllowanceTotalAmount",
		"cbc:ChargeTotalAmount", "cbc:PrepaidAmount", "cbc:PayableRoundingAmount", "cbc:PayableAmount":
		c.money(n)
		c.readable(n)
	case "cbc:InvoicedQuantity", "cbc:CreditedQuantity", "cbc:BaseQuantity", "cbc:Percent", "cbc:MultiplierFactorNumeric":
		c.readable(n)
	case "cbc:IssueDate", "cbc:DueDate", "cbc:TaxPointDate", "cbc:StartDate", "cbc:EndDate", "cbc:ActualDeliveryDate":
		if d := date(n.raw()); d.IsZero() || len(n.raw()) != len("2006-01-02") {
			c.fail("PEPPOL-EN16931-F001", n, n.value(), "YYYY-MM-DD")
		}
	case "cbc:DocumentCurrencyCode":
		c.code("BR-CL-04", n, currencies)
	case "cbc:TaxCurrencyCode":
		c.code("BR-CL-05", n, currencies)
	case "cbc:InvoiceTypeCode", "cbc:CreditNoteTypeCode":
		c.typeCode(n)
	case "cbc:IdentificationCode":
		if n.up != nil && n.up.name == "cac:Country" {
			c.code("BR-CL-14", n, countries)
		}
	case "cbc:DescriptionCode":
		if n.up != nil && n.up.name == "cac:InvoicePeriod" {
			c.code("BR-CL-06", n, taxPoints)
			c.code("PEPPOL-EN16931-CL006", n, taxPoints)
		}
	case "cbc:EndpointID", "cbc:CompanyID":
		c.identifier(n)
	case "cbc:ID":
		c.id(n)
	}
}

// money judges the currency of an amount. Only the total of VAT without a breakdown may
// be in another one.
func (c *checker) money(n *node) {
	currency := n.attr("currencyID")
	elsewhere := n.name == "cbc:TaxAmount" && n.up != nil && n.up.name == "cac:TaxTotal" && !n.up.has("cac:TaxSubtotal")
	if !elsewhere && (currency != c.currency || c.currency == "") {
		c.fail("PEPPOL-EN16931-R051", n, currency, c.currency)
	}
	if !currencies[norm(currency)] {
		c.fail("BR-CL-03", n, currency, "")
	}
	if !currencies[currency] {
		c.fail("PEPPOL-EN16931-CL007", n, currency, "")
	}
}

func (c *checker) readable(n *node) {
	if n.number() == nil {
		c.fail(RuleNumber, n, n.value(), "")
	}
}

func (c *checker) code(rule string, n *node, codes map[string]bool) {
	if !codes[n.value()] {
		c.fail(rule, n, n.value(), "")
	}
}

// typeCode judges the type of the document. The norm's list is wider than that of the
// first process of Peppol; 326 and 384 are for Germans among themselves.
func (c *checker) typeCode(n *node) {
	code := n.value()
	if n.name == "cbc:CreditNoteTypeCode" {
		c.code("BR-CL-01", n, creditNoteTypes)
		if c.profile == "01" {
			c.code("PEPPOL-EN16931-P0101", n, peppolCreditNoteTypes)
		}
		return
	}
	c.code("BR-CL-01", n, invoiceTypes)
	if c.profile == "01" {
		c.code("PEPPOL-EN16931-P0100", n, peppolInvoiceTypes)
	}
	if (code == "326" || code == "384") && !c.german {
		c.fail("PEPPOL-EN16931-P0112", n, code, "380")
	}
}

// id judges an identifier by the group that it is in.
func (c *checker) id(n *node) {
	if n.up == nil {
		return
	}
	switch n.up.name {
	case "cac:PartyIdentification":
		c.identifier(n)
	case "cac:TaxCategory":
		c.code("BR-CL-17", n, vatCategories)
	case "cac:ClassifiedTaxCategory":
		c.code("BR-CL-18", n, vatCategories)
	}
}

// exemption judges that a code of an exemption of the Union's VAT directive stands with
// the category that it is about.
func (c *checker) exemption(n *node) {
	if n.name != "cac:TaxCategory" {
		return
	}
	code := strings.ToUpper(n.first("cbc:TaxExemptionReasonCode").raw())
	for _, e := range []struct{ code, rule, category string }{
		{"VATEX-EU-G", "P0104", "G"},
		{"VATEX-EU-O", "P0105", "O"},
		{"VATEX-EU-IC", "P0106", "K"},
		{"VATEX-EU-AE", "P0107", "AE"},
		{"VATEX-EU-D", "P0108", "E"},
		{"VATEX-EU-F", "P0109", "E"},
		{"VATEX-EU-I", "P0110", "E"},
		{"VATEX-EU-J", "P0111", "E"},
	} {
		if got := n.val("cbc:ID"); code == e.code && got != e.category {
			c.fail("PEPPOL-EN16931-"+e.rule, n, got, e.category)
		}
	}
}
