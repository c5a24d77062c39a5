package ubl

import "math/big"

// line judges a line (BG-25).
func (c *checker) line(n *node) {
	c.must(n.val("cbc:ID") != "", "BR-21", n, "ID")
	quantity := n.first("cbc:InvoicedQuantity")
	if quantity == nil {
		quantity = n.first("cbc:CreditedQuantity")
	}
	_, unit := quantity.lookup("unitCode")
	c.must(quantity != nil, "BR-22", n, "Quantity")
	c.must(unit, "BR-23", n, "unitCode")
	c.must(n.has("cbc:LineExtensionAmount"), "BR-24", n, "LineExtensionAmount")
	c.twoDecimals("BR-DEC-23", n.first("cbc:LineExtensionAmount"))
	c.must(n.val("cac:Item/cbc:Name") != "", "BR-25", n, "Name")
	c.must(n.has("cac:Price/cbc:PriceAmount"), "BR-26", n, "PriceAmount")
	if p := n.rat("cac:Price/cbc:PriceAmount"); p == nil || p.Sign() < 0 {
		c.fail("BR-27", n, shown(p), "")
	}
	if gross := n.first("cac:Price/cac:AllowanceCharge/cbc:BaseAmount"); gross != nil {
		if p := gross.number(); p == nil || p.Sign() < 0 {
			c.fail("BR-28", n, shown(p), "")
		}
	}
	category := false
	for _, k := range vatOf(n, "cac:Item/cac:ClassifiedTaxCategory") {
		category = category || k.has("cbc:ID")
	}
	c.must(category, "BR-CO-04", n, "ClassifiedTaxCategory")
	c.net(n)
	c.price(n)
	c.objects(n)
}

// net is PEPPOL-EN16931-R120: BT-131 = BT-129 × BT-146 / BT-149 + Σ BT-141 - Σ BT-136,
// where a missing quantity or base quantity is 1 and other missing numbers are 0.
func (c *checker) net(n *node) {
	quantity := "cbc:InvoicedQuantity"
	if !c.invoice {
		quantity = "cbc:CreditedQuantity"
	}
	want := times(orElse(n, quantity, 1), orElse(n, "cac:Price/cbc:PriceAmount", 0))
	if base := n.rat("cac:Price/cbc:BaseQuantity"); base != nil && base.Sign() != 0 && want != nil {
		want.Quo(want, base)
	}
	var less, more []*node
	for _, a := range n.all("cac:AllowanceCharge") {
		switch a.val("cbc:ChargeIndicator") { // the rule takes these words only
		case "true":
			more = append(more, a)
		case "false":
			less = append(less, a)
		}
	}
	want = minus(plus(want, cents(sum(more, "cbc:Amount"))), cents(sum(less, "cbc:Amount")))
	got := orElse(n, "cbc:LineExtensionAmount", 0)
	if !within(got, want) {
		c.fail("PEPPOL-EN16931-R120", n, shown(got), shown(want))
	}
}

// orElse is a number, or another where there is no such element.
func orElse(n *node, path string, other int64) *big.Rat {
	if f := n.first(path); f != nil {
		return f.number()
	}
	return big.NewRat(other, 1)
}

// price judges the price of a line (BG-29).
func (c *checker) price(n *node) {
	base := n.first("cac:Price/cbc:BaseQuantity")
	if base == nil {
		return
	}
	if v := base.number(); v == nil || v.Sign() <= 0 {
		c.fail("PEPPOL-EN16931-R121", n, base.value(), "")
	}
	quantity := n.first("cbc:InvoicedQuantity")
	if !c.invoice {
		quantity = n.first("cbc:CreditedQuantity")
	}
	unit, given := base.lookup("unitCode")
	has := n.has("cbc:InvoicedQuantity") || n.has("cbc:CreditedQuantity")
	if theirs, known := quantity.lookup("unitCode"); given && has && (!known || theirs != unit) {
		c.fail("PEPPOL-EN16931-R130", base, unit, theirs)
	}
}

// objects judges what a line says it is about: one thing at most, of type 130.
func (c *checker) objects(n *node) {
	all := n.all("cac:DocumentReference")
	c.must(len(all) <= 1, "PEPPOL-EN16931-R100", n, "")
	of130 := len(all) == 0
	for _, o := range all {
		for _, t := range o.all("cbc:DocumentTypeCode") {
			of130 = of130 || t.raw() == "130"
		}
	}
	c.must(of130, "PEPPOL-EN16931-R101", n, "130")
}

// span judges the period of the document (BG-14) or of a line (BG-26).
func (c *checker) span(n *node) {
	start, end := n.first("cbc:StartDate"), n.first("cbc:EndDate")
	from, to := date(start.value()), date(end.value())
	backwards := start != nil && end != nil && (from.IsZero() || to.IsZero() || to.Before(from))
	switch {
	case n.up == c.root:
		if backwards {
			c.fail("BR-29", n, end.value(), start.value())
		}
		c.must(start != nil || end != nil || n.has("cbc:DescriptionCode"), "BR-CO-19", n, "StartDate")
	case n.up.name == "cac:InvoiceLine" || n.up.name == "cac:CreditNoteLine":
		if backwards {
			c.fail("BR-30", n, end.value(), start.value())
		}
		c.must(start != nil || end != nil, "BR-CO-20", n, "StartDate")
		c.inside(start, end)
	}
}

// inside judges that the period of a line is within that of the document.
func (c *checker) inside(start, end *node) {
	if start != nil && c.from != nil {
		from, limit := date(start.value()), date(c.from.value())
		if from.IsZero() || limit.IsZero() || from.Before(limit) {
			c.fail("PEPPOL-EN16931-R110", start, start.value(), c.from.value())
		}
	}
	if end != nil && c.to != nil {
		to, limit := date(end.value()), date(c.to.value())
		if to.IsZero() || limit.IsZero() || limit.Before(to) {
			c.fail("PEPPOL-EN16931-R111", end, end.value(), c.to.value())
		}
	}
}
