package ubl

import "math/big"

// groups judges for each category of VAT what concerns the whole document.
func (c *checker) groups() {
	u := c.use
	for _, g := range groups {
		c.listed(g)
		// For rate S the official file also counts a line whose tax is not VAT.
		onLines := u.onLines[g.code] > 0
		if g.code == "S" && u.plain["S"] > 0 && !onLines {
			c.must(!c.unnamed("S"), "BR-S-02", c.root, "CompanyID")
		}
		if onLines {
			c.must(c.numbers(g), g.rule+"02", c.root, "CompanyID")
		}
		if u.allowances[g.code] > 0 {
			c.must(c.numbers(g), g.rule+"03", c.root, "CompanyID")
		}
		if u.charges[g.code] > 0 {
			c.must(c.numbers(g), g.rule+"04", c.root, "CompanyID")
		}
	}
	c.delivered()
	c.outside()
	c.split()
}

// unnamed reports whether a line has a category of a tax that is not VAT.
func (c *checker) unnamed(code string) bool {
	for _, name := range []string{"cac:InvoiceLine", "cac:CreditNoteLine"} {
		for _, k := range c.root.all(name + "/cac:Item/cac:ClassifiedTaxCategory") {
			if k.val("cbc:ID") == code && !isVAT(k) {
				return true
			}
		}
	}
	return false
}

// listed are the rules 01: the breakdown has an entry for what is used, and none else;
// one only, where there are no rates to tell entries apart.
func (c *checker) listed(g group) {
	u := c.use
	uses := u.onLines[g.code] + u.allowances[g.code] + u.charges[g.code]
	if g.code == "S" {
		uses = u.plain[g.code]
	}
	entries := u.subtotals[g.code]
	holds := entries == 1 || uses == 0 && entries == 0
	if g.perRate() {
		if g.code == "S" {
			entries = u.plainSub[g.code]
		}
		holds = (uses > 0) == (entries > 0)
	}
	c.must(holds, g.rule+"01", c.root, g.code)
}

// numbers reports whether the parties show the numbers that a category needs.
func (c *checker) numbers(g group) bool {
	seller := c.root.first("cac:AccountingSupplierParty/cac:Party")
	buyer := c.root.first("cac:AccountingCustomerParty/cac:Party")
	forSeller := hasVAT(c.root.first("cac:TaxRepresentativeParty"))
	if g.number == noNumber {
		return !hasVAT(seller) && !forSeller && !hasVAT(buyer)
	}
	if g.number == taxNumber {
		forSeller = forSeller || seller.has("cac:PartyTaxScheme/cbc:CompanyID")
	}
	forSeller = forSeller || hasVAT(seller)
	if !g.buyer {
		return forSeller
	}
	legal := g.number == taxNumber && buyer.has("cac:PartyLegalEntity/cbc:CompanyID")
	return forSeller && (hasVAT(buyer) || legal)
}

// delivered are BR-IC-11 and 12: a supply within the Union says when it was delivered,
// and to which country.
func (c *checker) delivered() {
	if c.use.subtotals["K"] == 0 {
		return
	}
	period := false
	for _, p := range c.root.all("cac:InvoicePeriod") {
		period = period || len(p.kids) > 0
	}
	day := c.root.first("cac:Delivery/cbc:ActualDeliveryDate").raw()
	c.must(len(day) > 1 || period, "BR-IC-11", c.root, "ActualDeliveryDate")
	country := c.root.first("cac:Delivery/cac:DeliveryLocation/cac:Address/cac:Country/cbc:IdentificationCode").raw()
	c.must(len(country) > 1, "BR-IC-12", c.root, "IdentificationCode")
}

// outside are BR-O-11 to 14: what is outside the scope of VAT does not share a document
// with what is not.
func (c *checker) outside() {
	u := c.use
	if u.subtotals["O"] == 0 {
		return
	}
	for _, m := range []struct {
		rule string
		uses map[string]int
	}{{"BR-O-11", u.subtotals}, {"BR-O-12", u.onLines}, {"BR-O-13", u.allowances}, {"BR-O-14", u.charges}} {
		for code, count := range m.uses {
			if code != "O" && count > 0 {
				c.fail(m.rule, c.root, "", "O")
				break
			}
		}
	}
}

// split are BR-B-01 and 02: split payment is for Italy, and without standard rates.
func (c *checker) split() {
	u := c.use
	if u.plain["B"]+u.plainSub["B"] == 0 {
		return
	}
	c.must(u.plain["S"]+u.plainSub["S"] == 0, "BR-B-02", c.root, "B")
	c.must(onlyCountry(c.root, "IT"), "BR-B-01", c.root, "IT")
}

func onlyCountry(n *node, code string) bool {
	if n.name == "cbc:IdentificationCode" && n.raw() != code {
		return false
	}
	for _, k := range n.kids {
		if !onlyCountry(k, code) {
			return false
		}
	}
	return true
}

// category judges one use of a category of VAT: the rules 05 to 07 where it is on a line,
// an allowance or a charge, 08 to 10 where it is in the breakdown.
func (c *checker) category(n *node) {
	c.exemption(n)
	for _, g := range groups {
		if n.val("cbc:ID") != g.code || !isVAT(n) || n.up == nil {
			continue
		}
		switch n.up.name {
		case "cac:Item":
			c.must(g.takes(n), g.rule+"05", n, "Percent")
		case "cac:AllowanceCharge":
			switch indicator(n.up) {
			case no:
				c.must(g.takes(n), g.rule+"06", n, "Percent")
			case yes:
				c.must(g.takes(n), g.rule+"07", n, "Percent")
			}
		case "cac:TaxSubtotal":
			if n.up.up != nil && n.up.up.name == "cac:TaxTotal" && n.up.up.up == c.root {
				c.entry(g, n)
			}
		}
	}
}

// takes reports whether the rate of n is one that the category may have.
func (g group) takes(n *node) bool {
	rate := n.rat("cbc:Percent")
	switch {
	case g.rated == none:
		return !n.has("cbc:Percent")
	case rate == nil:
		return false
	case g.rated == positive:
		return rate.Sign() > 0
	case g.rated == zero:
		return rate.Sign() == 0
	}
	return rate.Sign() >= 0
}

// entry judges an entry of the breakdown against what it sums up.
func (c *checker) entry(g group, n *node) {
	got, tax := n.up.rat("cbc:TaxableAmount"), n.up.rat("cbc:TaxAmount")
	rate := n.rat("cbc:Percent")
	if want, holds := c.base(g, got, rate); !holds {
		c.fail(g.rule+"08", n.up, shown(got), shown(want))
	}
	reasons := n.has("cbc:TaxExemptionReason") || n.has("cbc:TaxExemptionReasonCode")
	switch {
	case g.perRate():
		want := due(got, rate)
		if !near(size(tax), want) {
			c.fail(g.rule+"09", n.up, shown(tax), shown(want))
		}
	case tax == nil || tax.Sign() != 0:
		c.fail(g.rule+"09", n.up, shown(tax), "0")
	}
	c.must(reasons == (!g.perRate() && g.code != "Z"), g.rule+"10", n, "TaxExemptionReason")
}

// base is BT-116 = Σ BT-131 - Σ BT-92 + Σ BT-99 of the category: exactly where there are
// no rates, else per rate and less than one unit away.
func (c *checker) base(g group, got, rate *big.Rat) (*big.Rat, bool) {
	u, key := c.use, g.code
	if g.perRate() {
		if key = rateKey(g.code, rate); rate == nil {
			return nil, true // other rules say that the rate is missing
		}
	}
	var shownWant *big.Rat
	for kind := range u.kinds {
		want := u.taxable(key, kind)
		there := u.kinds[kind]
		if g.code == "S" {
			there = u.net[key][kind] != nil || u.rates[key]
		}
		if there && (g.perRate() && near(got, want) || equal(got, want)) {
			return want, true
		}
		if kind == 0 == c.invoice {
			shownWant = want
		}
	}
	return shownWant, false
}

// due is the VAT on an amount, without its sign and rounded to cents.
func due(taxable, rate *big.Rat) *big.Rat {
	return cents(times(times(size(taxable), rate), percent))
}

// size is a number without its sign.
func size(r *big.Rat) *big.Rat {
	if r == nil {
		return nil
	}
	return new(big.Rat).Abs(r)
}
