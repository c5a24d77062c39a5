package ubl

import "math/big"

// group is how the norm treats a category of VAT (EN 16931-1:2017, 6.4.3): its ten rules
// are BR-S-01 to BR-S-10 and so on.
type group struct {
	code   string // of UNCL 5305
	rule   string // start of the ids of its rules
	rated  rated
	buyer  bool // the buyer's number is needed as well
	number number
}

// rated says which rates a category may have.
type rated int

const (
	positive rated = iota // more than 0
	anyRate               // 0 or more
	zero                  // 0
	none                  // there must be no rate at all
)

// number says which number of the seller a category needs.
type number int

const (
	taxNumber number = iota // of VAT, or for another tax
	vatNumber               // of VAT
	noNumber                // neither party may show one of VAT
)

var groups = []group{
	{"S", "BR-S-", positive, false, taxNumber},
	{"Z", "BR-Z-", zero, false, taxNumber},
	{"E", "BR-E-", zero, false, taxNumber},
	{"AE", "BR-AE-", zero, true, taxNumber},
	{"K", "BR-IC-", zero, true, vatNumber},
	{"G", "BR-G-", zero, false, vatNumber},
	{"O", "BR-O-", none, false, noNumber},
	{"L", "BR-AF-", anyRate, false, taxNumber},
	{"M", "BR-AG-", anyRate, false, taxNumber},
}

// perRate reports whether the breakdown has an entry for each rate of the category.
func (g group) perRate() bool { return g.rated == positive || g.rated == anyRate }

// usage is where a document uses which categories of VAT, and for how much.
type usage struct {
	lines      *big.Rat // of all lines, whatever their category
	kinds      [2]bool  // there are lines of an invoice, of a credit note
	onLines    map[string]int
	allowances map[string]int
	charges    map[string]int
	plain      map[string]int         // lines, allowances and charges, of VAT or not
	subtotals  map[string]int         // entries of the breakdown
	plainSub   map[string]int         // the same, of VAT or not
	net        map[string][2]*big.Rat // by category, and by category and rate: of invoice and of credit note lines
	adjusts    map[string]*big.Rat    // the same: charges less allowances of the document
	rates      map[string]bool        // category and rate of any allowance or charge
}

// used looks through a document once.
func used(root *node) usage {
	u := usage{
		lines: new(big.Rat), onLines: map[string]int{}, allowances: map[string]int{}, charges: map[string]int{},
		plain: map[string]int{}, subtotals: map[string]int{}, plainSub: map[string]int{},
		net: map[string][2]*big.Rat{}, adjusts: map[string]*big.Rat{}, rates: map[string]bool{},
	}
	u.look(root)
	for _, k := range root.all("cac:TaxTotal/cac:TaxSubtotal/cac:TaxCategory") {
		u.plainSub[k.val("cbc:ID")]++
		if isVAT(k) && k.has("cbc:ID") {
			u.subtotals[k.val("cbc:ID")]++
		}
	}
	return u
}

func (u *usage) look(n *node) {
	switch n.name {
	case "cac:InvoiceLine":
		u.line(n, 0)
	case "cac:CreditNoteLine":
		u.line(n, 1)
	case "cac:AllowanceCharge":
		u.adjustment(n)
	case "cac:ClassifiedTaxCategory":
		u.plain[n.val("cbc:ID")]++
		if isVAT(n) {
			u.onLines[n.val("cbc:ID")]++
		}
	}
	for _, k := range n.kids {
		u.look(k)
	}
}

func (u *usage) line(n *node, kind int) {
	u.kinds[kind] = true
	net := n.rat("cbc:LineExtensionAmount")
	if net != nil {
		u.lines.Add(u.lines, net)
	}
	for _, key := range keys(n.all("cac:Item/cac:ClassifiedTaxCategory")) {
		sums := u.net[key]
		if sums[kind] == nil {
			sums[kind] = new(big.Rat)
		}
		if net != nil {
			sums[kind].Add(sums[kind], net)
		}
		u.net[key] = sums
	}
}

func (u *usage) adjustment(n *node) {
	which := indicator(n)
	categories := n.all("cac:TaxCategory")
	for _, k := range categories {
		id := k.val("cbc:ID")
		u.plain[id]++
		switch {
		case isVAT(k) && which == no:
			u.allowances[id]++
		case isVAT(k) && which == yes:
			u.charges[id]++
		}
	}
	amount := n.rat("cbc:Amount")
	for _, key := range keys(categories) {
		u.rates[key] = true
		if amount == nil || which == neither || n.up.up != nil {
			continue // only those of the document are in its breakdown
		}
		if u.adjusts[key] == nil {
			u.adjusts[key] = new(big.Rat)
		}
		if which == yes {
			u.adjusts[key].Add(u.adjusts[key], amount)
		} else {
			u.adjusts[key].Sub(u.adjusts[key], amount)
		}
	}
}

// keys are the categories, and the categories with their rates, of a line, an allowance or
// a charge, each once.
func keys(categories []*node) []string {
	seen := map[string]bool{}
	var list []string
	for _, k := range categories {
		for _, key := range []string{k.val("cbc:ID"), rateKey(k.val("cbc:ID"), k.rat("cbc:Percent"))} {
			if !seen[key] {
				seen[key] = true
				list = append(list, key)
			}
		}
	}
	return list
}

func rateKey(category string, rate *big.Rat) string {
	if rate == nil {
		return category + "|"
	}
	return category + "|" + rate.RatString()
}

// taxable is what an entry of the breakdown should be about, from the lines of one kind.
func (u *usage) taxable(key string, kind int) *big.Rat {
	total := new(big.Rat)
	if net := u.net[key][kind]; net != nil {
		total.Add(total, net)
	}
	if a := u.adjusts[key]; a != nil {
		total.Add(total, a)
	}
	return total
}
