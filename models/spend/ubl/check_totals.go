package ubl

// totals judges the sums of a document (BG-22).
func (c *checker) totals(n *node) {
	for _, m := range []struct{ rule, decimals, name string }{
		{"BR-12", "BR-DEC-09", "cbc:LineExtensionAmount"},
		{"BR-13", "BR-DEC-12", "cbc:TaxExclusiveAmount"},
		{"BR-14", "BR-DEC-14", "cbc:TaxInclusiveAmount"},
		{"BR-15", "BR-DEC-18", "cbc:PayableAmount"},
		{"", "BR-DEC-10", "cbc:AllowanceTotalAmount"},
		{"", "BR-DEC-11", "cbc:ChargeTotalAmount"},
		{"", "BR-DEC-16", "cbc:PrepaidAmount"},
		{"", "BR-DEC-17", "cbc:PayableRoundingAmount"},
	} {
		if m.rule != "" {
			c.must(n.has(m.name), m.rule, n, short(m.name))
		}
		c.twoDecimals(m.decimals, n.first(m.name))
	}
	c.same("BR-CO-10", n, n.rat("cbc:LineExtensionAmount"), cents(c.use.lines))
	// BT-107 = Σ BT-92, BT-108 = Σ BT-99, where there is either.
	if len(c.less) > 0 || n.has("cbc:AllowanceTotalAmount") {
		c.same("BR-CO-11", n, n.rat("cbc:AllowanceTotalAmount"), c.lessSum)
	}
	if len(c.more) > 0 || n.has("cbc:ChargeTotalAmount") {
		c.same("BR-CO-12", n, n.rat("cbc:ChargeTotalAmount"), c.moreSum)
	}
	c.exclusive(n)
	c.payable(n)
}

func (c *checker) twoDecimals(rule string, n *node) {
	if decimals(n) > 2 {
		c.fail(rule, n, n.value(), "")
	}
}

// exclusive is BR-CO-13: BT-109 = BT-106 - BT-107 + BT-108, not rounded where there are
// neither allowances nor charges.
func (c *checker) exclusive(n *node) {
	want := n.rat("cbc:LineExtensionAmount")
	less, more := n.first("cbc:AllowanceTotalAmount"), n.first("cbc:ChargeTotalAmount")
	if less != nil {
		want = minus(want, less.number())
	}
	if more != nil {
		want = plus(want, more.number())
	}
	if less != nil || more != nil {
		want = cents(want)
	}
	c.same("BR-CO-13", n, n.rat("cbc:TaxExclusiveAmount"), want)
}

// payable is BR-CO-16: BT-115 = BT-112 - BT-113 + BT-114.
func (c *checker) payable(n *node) {
	want, got := n.rat("cbc:TaxInclusiveAmount"), n.rat("cbc:PayableAmount")
	rounding := n.first("cbc:PayableRoundingAmount")
	if prepaid := n.first("cbc:PrepaidAmount"); prepaid != nil {
		want = cents(minus(want, prepaid.number()))
	}
	holds := equal(got, want)
	if rounding != nil {
		holds = equal(cents(minus(got, rounding.number())), want)
		want = plus(want, rounding.number())
	}
	if !holds {
		c.fail("BR-CO-16", n, shown(got), shown(want))
	}
}

// taxTotal is BR-CO-14: BT-110 = Σ BT-117.
func (c *checker) taxTotal(n *node) {
	if subtotals := n.all("cac:TaxSubtotal"); n.up == c.root && len(subtotals) > 0 {
		c.same("BR-CO-14", n, n.rat("cbc:TaxAmount"), cents(sum(subtotals, "cbc:TaxAmount")))
	}
}

// subtotal judges an entry of the VAT breakdown (BG-23).
func (c *checker) subtotal(n *node) {
	if n.up == nil || n.up.name != "cac:TaxTotal" {
		return
	}
	c.must(n.has("cbc:TaxableAmount"), "BR-45", n, "TaxableAmount")
	c.must(n.has("cbc:TaxAmount"), "BR-46", n, "TaxAmount")
	c.twoDecimals("BR-DEC-19", n.first("cbc:TaxableAmount"))
	c.twoDecimals("BR-DEC-20", n.first("cbc:TaxAmount"))
	var id, rate *node
	outside := false
	for _, k := range vatOf(n, "cac:TaxCategory") {
		if id == nil {
			id = k.first("cbc:ID")
		}
		if rate == nil {
			rate = k.first("cbc:Percent")
		}
		outside = outside || k.val("cbc:ID") == "O"
	}
	c.must(id != nil, "BR-47", n, "TaxCategory")
	c.must(rate != nil || outside, "BR-48", n, "Percent")
	c.taxOf(n, rate)
}

// vatOf returns the tax categories of n that are of VAT.
func vatOf(n *node, path string) []*node {
	var found []*node
	for _, k := range n.all(path) {
		if isVAT(k) {
			found = append(found, k)
		}
	}
	return found
}

// taxOf is BR-CO-17: BT-117 = BT-116 × BT-119 / 100, less than one unit of the currency
// away, since some countries round per line; nothing where there is no rate.
func (c *checker) taxOf(n, rate *node) {
	got := n.rat("cbc:TaxAmount")
	whole := units(rate.number())
	if rate == nil || whole != nil && whole.Sign() == 0 {
		if u := units(got); u == nil || u.Sign() != 0 {
			c.fail("BR-CO-17", n, shown(got), "0")
		}
		return
	}
	want := due(n.rat("cbc:TaxableAmount"), rate.number())
	if !near(size(got), want) {
		c.fail("BR-CO-17", n, shown(got), shown(want))
	}
}
