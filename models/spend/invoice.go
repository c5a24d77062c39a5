package spend

import (
	"errors"
	"io"
	"slices"
	"strings"

	"pilveturg/models"
	"pilveturg/models/spend/currency"
	"pilveturg/models/spend/ubl"
)

// invoice is a source of the charges of one document.
type invoice struct {
	doc     *ubl.Document
	charges []ubl.Charge
	header  *Document
	flags   string
	cpv     *vocabulary
	next    int
	charge  Charge
}

// readInvoice reads an electronic invoice. What cannot be booked fails with the reason.
func readInvoice(r io.Reader) (*invoice, error) {
	doc, err := ubl.Read(r)
	switch {
	case errors.Is(err, ubl.ErrHostile), errors.Is(err, ubl.ErrTooBig):
		return nil, errWhy(WhyHostile)
	case errors.Is(err, ubl.ErrNotUBL):
		return nil, errWhy(WhyUnknown)
	case err != nil:
		return nil, err
	}
	charges, err := ubl.Charges(doc)
	if err != nil || doc.Number == "" {
		return nil, errWhy(WhyUnclear)
	}
	if _, ok := currency.Lookup(doc.Currency); !ok {
		return nil, errWhy(WhyUnclear)
	}
	i := &invoice{doc: doc, charges: charges}
	i.header, err = i.document()
	return i, err
}

// document is what the ledger keeps of the invoice as a whole.
func (i *invoice) document() (*Document, error) {
	d := i.doc
	out := &Document{Kind: string(d.Kind), Number: d.Number, Issued: d.Issued, Due: d.Due, Buyer: d.Buyer.Name, BuyerCode: d.Buyer.Legal, Vendor: d.Seller.Name, VendorCode: d.Seller.Legal, Contract: d.Contract, Order: d.Order, Currency: d.Currency}
	if len(d.Preceding) > 0 {
		out.Corrects = d.Preceding[0].Number
	}
	sign := func(a ubl.Amount) models.Exact {
		if d.Sign() < 0 {
			return a.Value.Neg()
		}
		return a.Value
	}
	t := d.Totals
	out.Net, out.VAT, out.Gross, out.Prepaid, out.Rounding, out.Payable = sign(t.TaxExclusive), sign(d.Tax), sign(t.TaxInclusive), sign(t.Prepaid), sign(t.Rounding), sign(t.Payable)
	var findings []Finding
	for _, f := range ubl.Check(d) {
		if f.Peppol() && !strings.Contains(strings.ToLower(d.Customization), "peppol") {
			continue // it does not say that it follows Peppol
		}
		findings = append(findings, Finding{f.Rule, f.Severity == ubl.Fatal, f.Where, f.Got, f.Want})
		if f.Severity == ubl.Fatal {
			i.flags = FlagRule
		}
	}
	if d.Kind == ubl.CreditNote && d.Totals.Payable.Value.Sign() < 0 {
		i.flags = strings.TrimSpace(i.flags + " " + FlagTwice)
	}
	if len(findings) > 0 {
		out.Findings = written(findings)
	}
	return out, nil
}

// hasCPV reports whether some line of the document has a code.
func (i *invoice) hasCPV() bool {
	return slices.ContainsFunc(i.doc.Lines, func(l ubl.Line) bool { return l.CPV() != "" })
}

// Notices has nothing to say.
func (i *invoice) Notices() []Notice { return nil }

// Next returns the next charge of the document.
func (i *invoice) Next() (Row, error) {
	if i.next == len(i.charges) {
		return Row{}, io.EOF
	}
	c := &i.charges[i.next]
	i.next++
	d := i.doc
	i.charge = Charge{Buyer: d.Buyer.Name, BuyerCode: d.Buyer.Legal, Vendor: d.Seller.Name, VendorCode: d.Seller.Legal, Kind: kindOf(c), Service: c.Name, Reference: d.Number, Contract: d.Contract, Invoiced: d.Issued, Due: d.Due,
		Billed: c.Amount, Currency: d.Currency, VATCategory: c.Category, VATRate: Amount{c.Rate, c.Category != ""}, Correction: len(d.Preceding) > 0, OnDocument: true, FlagText: i.flags}
	if !c.Period.From.IsZero() && !c.Period.To.IsZero() && !c.Period.To.Before(c.Period.From) && c.Kind != ubl.ChargeTax && c.Kind != ubl.ChargeRounding {
		i.charge.From, i.charge.To = c.Period.From, c.Period.To.AddDays(1)
	}
	if l := c.Line; l != nil {
		i.charge.Category, i.charge.Description, i.charge.Unit = l.CPV(), l.Description, l.Unit
		if i.charge.Category != "" && i.cpv.lacks(i.charge.Category) {
			i.charge.flagOnce(FlagNoCPV)
		}
		i.charge.Quantity, i.charge.UnitPrice = Amount{c.Quantity, l.Quantity.Given()}, priceOf(l)
	}
	row := Row{Line: i.next, Charge: &i.charge}
	if i.next == 1 {
		row.Document = i.header
	}
	return row, nil
}

// kindOf is what a charge of a document is in the words of the ledger.
func kindOf(c *ubl.Charge) Kind {
	switch {
	case c.Kind == ubl.ChargeTax:
		return Tax
	case c.Kind == ubl.ChargeRounding:
		return Adjustment
	case c.Amount.Sign() < 0:
		return Credit
	}
	return Purchase
}

// priceOf is the price of one unit of a line; unknown where it is for several and cannot
// be told exactly.
func priceOf(l *ubl.Line) Amount {
	if !l.Price.Given() {
		return Amount{}
	}
	if !l.Base.Given() || l.Base.Value == one {
		return Known(l.Price.Value)
	}
	if l.Base.Value.IsZero() {
		return Amount{}
	}
	r := l.Price.Value.Rat()
	price, err := models.RoundRat(r.Quo(r, l.Base.Value.Rat()), euroPlaces)
	return Amount{price, err == nil}
}
