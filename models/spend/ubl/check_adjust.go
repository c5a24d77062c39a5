package ubl

// adjustRules are the rules of one place and direction of allowances and charges.
type adjustRules struct {
	amount, reason, again string // the norm asks for a reason twice
	decimals, base        string
	category              string // "" on lines, which have their own
}

var (
	documentAllowance = adjustRules{"BR-31", "BR-33", "BR-CO-21", "BR-DEC-01", "BR-DEC-02", "BR-32"}
	documentCharge    = adjustRules{"BR-36", "BR-38", "BR-CO-22", "BR-DEC-05", "BR-DEC-06", "BR-37"}
	lineAllowance     = adjustRules{"BR-41", "BR-42", "BR-CO-23", "BR-DEC-24", "BR-DEC-25", ""}
	lineCharge        = adjustRules{"BR-43", "BR-44", "BR-CO-24", "BR-DEC-27", "BR-DEC-28", ""}
)

// adjustment judges an allowance or a charge of the document, of a line, or of a price.
func (c *checker) adjustment(n *node) {
	if n.up == nil {
		return
	}
	which := indicator(n)
	switch n.up.name {
	case "Invoice", "CreditNote":
		switch which {
		case yes:
			c.adjustedBy(n, documentCharge)
		case no:
			c.adjustedBy(n, documentAllowance)
		}
		c.rate(n)
	case "cac:InvoiceLine", "cac:CreditNoteLine":
		switch which {
		case yes:
			c.adjustedBy(n, lineCharge)
		case no:
			c.adjustedBy(n, lineAllowance)
		}
		c.rate(n)
	case "cac:Price":
		c.discount(n)
	}
	c.reason(n, which)
}

func (c *checker) adjustedBy(n *node, r adjustRules) {
	c.must(n.has("cbc:Amount"), r.amount, n, "Amount")
	given := n.has("cbc:AllowanceChargeReason") || n.has("cbc:AllowanceChargeReasonCode")
	c.must(given, r.reason, n, "AllowanceChargeReason")
	c.must(given, r.again, n, "AllowanceChargeReason")
	c.twoDecimals(r.decimals, n.first("cbc:Amount"))
	c.twoDecimals(r.base, n.first("cbc:BaseAmount"))
	if r.category == "" {
		return
	}
	category := false
	for _, k := range vatOf(n, "cac:TaxCategory") {
		category = category || k.has("cbc:ID")
	}
	c.must(category, r.category, n, "TaxCategory")
}

// rate judges amount = base × percent: PEPPOL-EN16931-R040 to R043. The official file
// judges nothing else of what has a base or a percentage alone.
func (c *checker) rate(n *node) {
	part, base := n.first("cbc:MultiplierFactorNumeric"), n.first("cbc:BaseAmount")
	switch {
	case part != nil && base == nil:
		c.fail("PEPPOL-EN16931-R041", n, "", "BaseAmount")
		return
	case part == nil && base != nil:
		c.fail("PEPPOL-EN16931-R042", n, "", "MultiplierFactorNumeric")
		return
	case part != nil:
		got, want := orElse(n, "cbc:Amount", 0), times(times(base.number(), part.number()), percent)
		if !within(got, want) {
			c.fail("PEPPOL-EN16931-R040", n, shown(got), shown(want))
		}
	}
	if v := n.val("cbc:ChargeIndicator"); v != "true" && v != "false" {
		c.fail("PEPPOL-EN16931-R043", n, v, "true")
	}
}

// discount judges the discount of a price: BT-146 = BT-148 - BT-147.
func (c *checker) discount(n *node) {
	if v := n.val("cbc:ChargeIndicator"); v != "false" {
		c.fail("PEPPOL-EN16931-R044", n, v, "false")
	}
	if n.has("cbc:BaseAmount") {
		c.same("PEPPOL-EN16931-R046", n, n.up.rat("cbc:PriceAmount"), minus(n.rat("cbc:BaseAmount"), n.rat("cbc:Amount")))
	}
}

// reason judges the code of a reason. That of charges is not judged.
func (c *checker) reason(n *node, which answer) {
	for _, k := range n.all("cbc:AllowanceChargeReasonCode") {
		if which != no || allowanceReasons[k.value()] {
			continue
		}
		c.fail("BR-CL-19", k, k.value(), "")
		if n.first("cbc:ChargeIndicator").raw() == "false" {
			c.fail("PEPPOL-EN16931-CL002", k, k.value(), "")
		}
	}
}
