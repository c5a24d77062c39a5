package ubl

import (
	"math/big"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"pilveturg/models"
)

// answers is what another program found in a document.
type answers struct {
	File         string
	Document     string
	TypeCode     string `json:"type_code"`
	ID           string
	IssueDate    string   `json:"issue_date"`
	DueDate      *string  `json:"due_date"`
	Currency     string   `json:"currency"`
	TaxCurrency  *string  `json:"tax_currency"`
	Profile      *string  `json:"profile"`
	BuyerRef     *string  `json:"buyer_reference"`
	Order        *string  `json:"order_reference"`
	Contract     *string  `json:"contract_reference"`
	Preceding    []string `json:"preceding_invoices"`
	Period       [2]*string
	Cost         *string `json:"cost_centre"`
	Seller       answeredParty
	Buyer        answeredParty
	Payee        *string
	Totals       map[string]*string
	TaxAmount    *string                            `json:"tax_amount"`
	TaxElsewhere *struct{ Amount, Currency string } `json:"tax_in_accounting_currency"`
	Taxes        []struct {
		Category     string
		Rate         *string
		Taxable, Tax string
		Exemption    *string
	} `json:"tax_subtotals"`
	Lines []answeredLine
	Spend struct{ Net, Tax, Gross, Payable string } `json:"spend_signed"`
}

type answeredParty struct {
	Name     *string
	Legal    *string `json:"legal_id"`
	VAT      *string `json:"vat_id"`
	Endpoint *string
	Scheme   *string `json:"endpoint_scheme"`
	Country  *string
}

type answeredLine struct {
	ID, Name         string
	Qty, Unit, Price *string
	BaseQty          string `json:"base_qty"`
	Charges          string
	Allowances       string
	Net              string
	Category         *string `json:"vat_category"`
	Rate             *string `json:"vat_rate"`
	Period           [2]*string
	OrderLine        *string     `json:"order_line"`
	Classes          [][]*string `json:"cpv_or_class"`
}

func or(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}

// files are the documents with answers beside them.
func files(t testing.TB) []string {
	t.Helper()
	names, err := filepath.Glob(filepath.Join(shared(t, "ubl"), "*", "*.oracle.json"))
	if err != nil {
		t.Fatal(err)
	}
	return slices.DeleteFunc(names, func(n string) bool { return strings.HasSuffix(n, "_expectations.oracle.json") })
}

// asker compares what was read with what the other program read.
type asker struct {
	*testing.T
	file string
}

func (a asker) same(what, got, want string) {
	a.Helper()
	if got != want {
		a.Errorf("%s: %s is %q, want %q", a.file, what, got, want)
	}
}

// number compares numbers; the other program writes none for 0 at times.
func (a asker) number(what string, got Amount, want *string) {
	a.Helper()
	if want == nil {
		a.same(what, got.Text, "")
		return
	}
	w, err := models.ParseExact(*want)
	if err != nil || got.Value != w {
		a.Errorf("%s: %s is %s, want %s", a.file, what, got.Value, *want)
	}
}

func TestEveryFieldIsReadAsAnotherProgramReadsIt(t *testing.T) {
	all := files(t)
	for _, name := range all {
		var o answers
		readJSON(t, name, &o)
		d := readFile(t, strings.TrimSuffix(name, ".oracle.json"))
		a := asker{t, o.File}
		a.same("kind", map[Kind]string{Invoice: "Invoice", CreditNote: "CreditNote"}[d.Kind], o.Document)
		a.same("number", d.Number, o.ID)
		a.same("type", d.TypeCode, o.TypeCode)
		a.same("day", d.Issued.String(), o.IssueDate)
		a.same("due day", d.Due.String(), or(o.DueDate))
		a.same("currency", d.Currency, o.Currency)
		a.same("tax currency", d.TaxCurrency, or(o.TaxCurrency))
		a.same("profile", d.Profile, or(o.Profile))
		a.same("buyer reference", d.BuyerRef, or(o.BuyerRef))
		a.same("order", d.Order, or(o.Order))
		a.same("contract", d.Contract, or(o.Contract))
		a.same("cost", d.Cost, or(o.Cost))
		a.same("payee", d.Payee.Name, or(o.Payee))
		a.same("from", d.Period.From.String(), or(o.Period[0]))
		a.same("to", d.Period.To.String(), or(o.Period[1]))
		var before []string
		for _, p := range d.Preceding {
			before = append(before, p.Number)
		}
		if !slices.Equal(before, o.Preceding) {
			t.Errorf("%s: preceding are %v, want %v", o.File, before, o.Preceding)
		}
		a.party("seller", d.Seller, o.Seller)
		a.party("buyer", d.Buyer, o.Buyer)
		a.sums(d, o)
		if len(d.Lines) != len(o.Lines) {
			t.Errorf("%s: got %d lines, want %d", o.File, len(d.Lines), len(o.Lines))
			continue
		}
		for i, l := range d.Lines {
			a.line(l, o.Lines[i])
		}
	}
	if len(all) != 28 {
		t.Errorf("got %d files, want 28", len(all))
	}
}

func (a asker) party(who string, got Party, want answeredParty) {
	a.Helper()
	a.same(who, got.Name, norm(or(want.Name)))
	a.same(who+"'s legal id", got.Legal, or(want.Legal))
	a.same(who+"'s endpoint", got.Endpoint, or(want.Endpoint))
	a.same(who+"'s scheme", got.EndpointScheme, or(want.Scheme))
	a.same(who+"'s country", got.Country, or(want.Country))
	if strings.ContainsRune(or(want.VAT), ' ') {
		return // the other program took the first number of any tax
	}
	a.same(who+"'s VAT id", got.VAT, or(want.VAT))
}

func (a asker) sums(d *Document, o answers) {
	a.Helper()
	for name, got := range map[string]Amount{
		"LineExtensionAmount": d.Totals.Lines, "TaxExclusiveAmount": d.Totals.TaxExclusive,
		"TaxInclusiveAmount": d.Totals.TaxInclusive, "AllowanceTotalAmount": d.Totals.Allowances,
		"ChargeTotalAmount": d.Totals.Charges, "PrepaidAmount": d.Totals.Prepaid,
		"PayableRoundingAmount": d.Totals.Rounding, "PayableAmount": d.Totals.Payable,
	} {
		a.number(name, got, o.Totals[name])
	}
	a.number("tax", d.Tax, o.TaxAmount)
	if o.TaxElsewhere != nil {
		a.number("tax elsewhere", d.TaxElsewhere, &o.TaxElsewhere.Amount)
		a.same("currency elsewhere", d.TaxElsewhere.Currency, o.TaxElsewhere.Currency)
	}
	if len(d.Taxes) != len(o.Taxes) {
		a.Errorf("%s: got %d taxes, want %d", o.File, len(d.Taxes), len(o.Taxes))
		return
	}
	for i, t := range d.Taxes {
		a.same("category", t.Category, o.Taxes[i].Category)
		a.number("rate", t.Rate, o.Taxes[i].Rate)
		a.number("taxable", t.Taxable, &o.Taxes[i].Taxable)
		a.number("tax", t.Amount, &o.Taxes[i].Tax)
	}
}

func (a asker) line(got Line, want answeredLine) {
	a.Helper()
	a.same("line", got.ID, want.ID)
	a.same("name", got.Name, want.Name)
	a.number("quantity", got.Quantity, want.Qty)
	a.same("unit", got.Unit, or(want.Unit))
	a.number("price", got.Price, want.Price)
	if got.Base.Given() {
		a.number("base", got.Base, &want.BaseQty)
	}
	a.number("net", got.Net, &want.Net)
	a.same("category", got.Category, or(want.Category))
	a.number("rate", got.Rate, want.Rate)
	a.same("from", got.Period.From.String(), or(want.Period[0]))
	a.same("to", got.Period.To.String(), or(want.Period[1]))
	a.same("order line", got.OrderLine, or(want.OrderLine))
	var classes [][2]string
	for _, c := range got.Classes {
		classes = append(classes, [2]string{c.List, c.Value})
	}
	for i, c := range want.Classes {
		if len(classes) != len(want.Classes) || classes[i] != [2]string{or(c[0]), or(c[1])} {
			a.Errorf("%s: line %s has codes %v, want %v", a.file, got.ID, classes, want.Classes)
			break
		}
	}
	less, more := new(big.Rat), new(big.Rat)
	for _, j := range got.Adjustments {
		if j.Charge {
			more.Add(more, j.Amount.Value.Rat())
		} else {
			less.Add(less, j.Amount.Value.Rat())
		}
	}
	a.same("allowances", shown(less), want.Allowances)
	a.same("charges", shown(more), want.Charges)
}

func TestTheLedgerGetsWhatEveryDocumentCharges(t *testing.T) {
	for _, name := range files(t) {
		var o answers
		readJSON(t, name, &o)
		d := readFile(t, strings.TrimSuffix(name, ".oracle.json"))
		charges, err := Charges(d)
		if err != nil {
			t.Errorf("%s: %v", o.File, err)
			continue
		}
		net, tax, all := new(big.Rat), new(big.Rat), new(big.Rat)
		for _, c := range charges {
			all.Add(all, c.Amount.Rat())
			switch {
			case c.Kind.Net():
				net.Add(net, c.Amount.Rat())
			case c.Kind == ChargeTax:
				tax.Add(tax, c.Amount.Rat())
			}
		}
		sign := big.NewRat(int64(d.Sign()), 1)
		due := new(big.Rat).Add(d.Totals.Payable.Value.Rat(), d.Totals.Prepaid.Value.Rat())
		a := asker{t, o.File}
		a.same("net", shown(net), o.Spend.Net)
		a.same("net", shown(net), shown(signed(sign, d.Totals.TaxExclusive)))
		a.same("tax", shown(tax), o.Spend.Tax)
		a.same("all", shown(all), shown(due.Mul(due, sign)))
	}
}

func signed(sign *big.Rat, a Amount) *big.Rat { return new(big.Rat).Mul(sign, a.Value.Rat()) }
