package ubl

import (
	"math/big"
	"slices"
	"strings"
)

// Severity says what a finding means for the document.
type Severity string

// The severities, as the official rules name them.
const (
	Fatal   Severity = "fatal"   // the document is not valid
	Warning Severity = "warning" // it is, but something is odd
)

// MaxFindings is how many findings [Check] returns at most: whoever makes more mistakes
// does not need a longer list.
const MaxFindings = 1000

// RuleNumber is the rule of this package's own: what should be a number is none, or one
// that does not fit a [models.Exact]. It is fatal, since no sum can be trusted then.
const RuleNumber = "number"

// Finding is a rule that a document breaks.
type Finding struct {
	Rule     string // its official id, "BR-CO-10" or "PEPPOL-EN16931-R120", or RuleNumber
	Severity Severity
	Where    string // the element, "Invoice/InvoiceLine[2]/Price"
	Got      string // what is there, "" for nothing
	Want     string // what should be: a number, a code or the name of the element; "" where that cannot be said
}

// Peppol reports whether the rule is one of Peppol BIS Billing 3 and not of the European
// norm. A document that is not meant for Peppol may break it.
func (f Finding) Peppol() bool { return strings.HasPrefix(f.Rule, "PEPPOL-") }

// Check judges a document that [Read] has read by the rules that [Rules] lists, of the
// European norm and of Peppol alike, in the order of the file. Other documents have no
// findings. The rules are the official ones (CEN/TC 434 validation artefacts 1.3 for UBL;
// PEPPOL-EN16931-UBL of Peppol BIS Billing 3), with their roundings and tolerances.
func Check(d *Document) []Finding {
	if d == nil || d.root == nil {
		return nil
	}
	c := newChecker(d.root)
	c.document()
	c.groups()
	c.walk(d.root)
	return c.findings
}

// checker judges a document. What rules ask for over and over again is looked up once.
type checker struct {
	root     *node
	invoice  bool
	findings []Finding
	currency string
	less     []*node // allowances of the document
	more     []*node // charges of the document
	lessSum  *big.Rat
	moreSum  *big.Rat
	from, to *node  // of the period of the document
	german   bool   // both parties are
	profile  string // number of the Peppol process, "" where there is none
	use      usage
}

func newChecker(root *node) *checker {
	c := &checker{
		root:     root,
		invoice:  root.name == "Invoice",
		currency: root.first("cbc:DocumentCurrencyCode").raw(),
		from:     root.first("cac:InvoicePeriod/cbc:StartDate"),
		to:       root.first("cac:InvoicePeriod/cbc:EndDate"),
		profile:  process(root.val("cbc:ProfileID")),
	}
	country := "cac:Party/cac:PostalAddress/cac:Country/cbc:IdentificationCode"
	c.german = strings.EqualFold(root.val("cac:AccountingSupplierParty/"+country), "DE") &&
		strings.EqualFold(root.val("cac:AccountingCustomerParty/"+country), "DE")
	for _, a := range root.all("cac:AllowanceCharge") {
		switch indicator(a) {
		case yes:
			c.more = append(c.more, a)
		case no:
			c.less = append(c.less, a)
		}
	}
	c.lessSum, c.moreSum = cents(sum(c.less, "cbc:Amount")), cents(sum(c.more, "cbc:Amount"))
	c.use = used(root)
	return c
}

// raw is the text as written: a few official rules compare that.
func (n *node) raw() string {
	if n == nil {
		return ""
	}
	return n.text
}

// fail adds a finding.
func (c *checker) fail(rule string, n *node, got, want string) {
	if len(c.findings) >= MaxFindings {
		return
	}
	s := Fatal
	if slices.Contains(warnings, rule) {
		s = Warning
	}
	c.findings = append(c.findings, Finding{rule, s, n.where(), clip(got), clip(want)})
}

// clip keeps what is shown short.
func clip(s string) string {
	if r := []rune(s); len(r) > 80 {
		return string(r[:80]) + "…"
	}
	return s
}

// must fails where something does not hold, and says which element it is about.
func (c *checker) must(holds bool, rule string, n *node, want string) {
	if !holds {
		c.fail(rule, n, "", want)
	}
}

// same fails where two numbers are not equal.
func (c *checker) same(rule string, n *node, got, want *big.Rat) {
	if !equal(got, want) {
		c.fail(rule, n, shown(got), shown(want))
	}
}

// walk judges every element by the rules that are about its kind.
func (c *checker) walk(n *node) {
	c.element(n)
	switch n.name {
	case "cac:AccountingSupplierParty":
		c.seller(n)
	case "cac:AccountingCustomerParty":
		c.buyer(n)
	case "cac:PayeeParty":
		c.payee(n)
	case "cac:TaxRepresentativeParty":
		c.representative(n)
	case "cac:LegalMonetaryTotal":
		c.totals(n)
	case "cac:TaxTotal":
		c.taxTotal(n)
	case "cac:TaxSubtotal":
		c.subtotal(n)
	case "cac:InvoiceLine", "cac:CreditNoteLine":
		c.line(n)
	case "cac:InvoicePeriod":
		c.span(n)
	case "cac:AllowanceCharge":
		c.adjustment(n)
	case "cac:TaxCategory", "cac:ClassifiedTaxCategory":
		c.category(n)
	default:
		c.rest(n)
	}
	for _, k := range n.kids {
		c.walk(k)
	}
}
