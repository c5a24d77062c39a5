package spend

import (
	"context"
	"fmt"
	"slices"

	"pilveturg/db"
	"pilveturg/models"
	"pilveturg/models/spend/currency"
)

var chargeColumns = []string{"batch_id", "line", "document_id", "corrects_id", "buyer_id", "vendor_id", "category_id", "kind", "frequency", "correction", "service", "description", "reference", "contract", "month", "invoiced", "due", "service_from", "service_to",
	"quantity", "unit", "unit_price", "billed", "effective", "list", "contracted", "currency", "rate", "rate_day", "euros", "vat_category", "vat_rate", "flags", "more"}

// writePile writes the rows of the pile that were not written before.
func (l *load) writePile(ctx context.Context, tx *db.Tx) error {
	var charges, rejects [][]any
	for i := range l.pile {
		p := &l.pile[i]
		if p.Document != nil {
			if err := l.begin(ctx, tx, p.Document, p.Line <= l.from); err != nil {
				return err
			}
		}
		old := p.Line <= l.from
		switch {
		case p.Problem != nil && !old:
			rejects = append(rejects, []any{l.b.ID, p.Line, clean(p.Raw, maxRaw), written(p.Problem)})
		case p.Charge != nil:
			if err := l.settle(ctx, tx, p); err != nil {
				return err
			}
			if !old {
				charges = append(charges, l.values(p))
			}
		}
	}
	columns, charges := said(charges)
	if err := tx.Insert(ctx, "ledger_charges", columns, charges); err != nil {
		return err
	}
	return tx.Insert(ctx, "ledger_rejects", []string{"batch_id", "line", "raw", "problem"}, rejects)
}

// settle finds out whose a charge is and what it is in euros.
func (l *load) settle(ctx context.Context, tx *db.Tx, p *piled) (err error) {
	c := p.Charge
	if err := l.names.settle(ctx, tx, p); err != nil {
		return err
	}
	if l.doc != 0 && c.OnDocument {
		id := l.doc
		c.DocumentID = &id
		if l.again {
			c.flagOnce(FlagBill)
		}
	}
	return l.convert(ctx, tx, c)
}

// convert keeps what a charge is in euros, by the rate of the day of its invoice or, where
// that is unknown, of the first day of its service.
func (l *load) convert(ctx context.Context, r db.Reader, c *Charge) error {
	day := c.Invoiced
	if day.IsZero() {
		day = c.From
	}
	c.Rate, c.Euros, c.RateDay = Amount{}, Amount{}, models.Date{}
	if day.IsZero() && c.Currency != currency.Euro {
		c.flagOnce(FlagNoRate)
		return nil
	}
	rate, err := l.rates.Find(ctx, r, c.Currency, day)
	switch {
	case isNoRate(err):
		c.flagOnce(flagOf(err))
		return nil
	case err != nil:
		return fmt.Errorf("rate of %s on %s: %w", c.Currency, day, err)
	}
	c.Rate, c.RateDay = Known(rate.Value), rate.Day
	c.Euros = inEuros(c.Billed, c.Rate)
	return nil
}

// values are what is written of a charge.
func (l *load) values(p *piled) []any {
	if p.row == nil {
		p.row = p.words(make([]any, 0, len(chargeColumns)))
	}
	c, row := p.Charge, p.row
	for _, one := range []struct {
		at    int
		value any
	}{{atBatch, l.b.ID}, {atDocument, number(c.DocumentID)}, {atBuyer, p.buyer}, {atVendor, p.vendor}, {atCategory, p.category}, {atRate, amount(c.Rate)}, {atRateDay, day(c.RateDay)}, {atEuros, amount(c.Euros)}, {atFlags, c.FlagText}} {
		row[one.at] = one.value
	}
	return row
}

// Where the columns are that are known only in the transaction.
var (
	atBatch, atDocument                 = slices.Index(chargeColumns, "batch_id"), slices.Index(chargeColumns, "document_id")
	atBuyer, atVendor, atCategory       = slices.Index(chargeColumns, "buyer_id"), slices.Index(chargeColumns, "vendor_id"), slices.Index(chargeColumns, "category_id")
	atRate, atRateDay, atEuros, atFlags = slices.Index(chargeColumns, "rate"), slices.Index(chargeColumns, "rate_day"), slices.Index(chargeColumns, "euros"), slices.Index(chargeColumns, "flags")
)

// words appends what is written of a charge, but for what needs the database.
func (p *piled) words(row []any) []any {
	c := p.Charge
	return append(row, nil, int64(p.Line), nil, number(c.CorrectsID), nil, nil, nil, string(c.Kind), c.Frequency, db.Flag(c.Correction), clean(c.Service, 1000), clean(c.Description, 2000), clean(c.Reference, 300), clean(c.Contract, 300),
		c.Month, day(c.Invoiced), day(c.Due), day(c.From), day(c.To), amount(c.Quantity), clean(c.Unit, 100), amount(c.UnitPrice), c.Billed.String(), amount(c.Effective), amount(c.List), amount(c.Contracted), c.Currency, nil, nil, nil, c.VATCategory, amount(c.VATRate), nil, clean(c.More, 20_000))
}

// unsaid is what the columns hold that may be left out where a charge says nothing of them.
var unsaid = map[string]any{"document_id": nil, "corrects_id": nil, "frequency": "", "correction": int64(0), "service": "", "description": "", "reference": "", "contract": "", "invoiced": nil, "due": nil, "service_from": nil, "service_to": nil,
	"quantity": nil, "unit": "", "unit_price": nil, "effective": nil, "list": nil, "contracted": nil, "rate": nil, "rate_day": nil, "euros": nil, "vat_category": "", "vat_rate": nil, "flags": "", "more": ""}

// said leaves out the columns of which no charge says anything: hardly a file fills all of
// them, and each that is written takes time.
func said(charges [][]any) ([]string, [][]any) {
	var names []string
	var keep []int
	for i, column := range chargeColumns {
		none, may := unsaid[column]
		if !may || slices.ContainsFunc(charges, func(row []any) bool { return row[i] != none }) {
			names, keep = append(names, column), append(keep, i)
		}
	}
	all := make([]any, 0, len(charges)*len(keep))
	rows := make([][]any, len(charges)) // new ones: a transaction may have to be tried again
	for n, row := range charges {
		for _, i := range keep {
			all = append(all, row[i])
		}
		rows[n] = all[len(all)-len(keep):]
	}
	return names, rows
}

func number(id *int64) any {
	if id == nil {
		return nil
	}
	return *id
}

func amount(a Amount) any {
	if !a.Known {
		return nil
	}
	return a.Exact.String()
}

func day(d models.Date) any {
	if d.IsZero() {
		return nil
	}
	return d.String()
}

var documentColumns = []string{"batch_id", "kind", "number", "issued", "due", "buyer_id", "vendor_id", "contract", "orders", "corrects", "currency", "net", "vat", "gross", "prepaid", "rounding", "payable", "findings"}

// begin writes a document, or finds it where it was written before.
func (l *load) begin(ctx context.Context, tx *db.Tx, doc *Document, old bool) error {
	if old {
		const q = `/* spend.begin */ SELECT id FROM ledger_documents WHERE batch_id = ? AND number = ? ORDER BY id LIMIT 1`
		return tx.Get(ctx, &l.doc, q, l.b.ID, clean(doc.Number, 300))
	}
	buyer, err := l.names.id(ctx, tx, BuyerName, doc.Buyer, doc.BuyerCode)
	if err != nil {
		return err
	}
	vendor, err := l.names.id(ctx, tx, VendorName, doc.Vendor, doc.VendorCode)
	if err != nil {
		return err
	}
	if l.again, err = l.isThere(ctx, tx, doc, vendor); err != nil {
		return err
	}
	row := []any{l.b.ID, doc.Kind, clean(doc.Number, 300), day(doc.Issued), day(doc.Due), buyer, vendor, clean(doc.Contract, 300), clean(doc.Order, 300), clean(doc.Corrects, 300), doc.Currency, doc.Net, doc.VAT, doc.Gross, doc.Prepaid, doc.Rounding, doc.Payable, doc.Findings}
	if err := tx.Insert(ctx, "ledger_documents", documentColumns, [][]any{row}); err != nil {
		return err
	}
	return tx.Get(ctx, &l.doc, `/* spend.begin */ SELECT MAX(id) FROM ledger_documents WHERE batch_id = ?`, l.b.ID)
}

// isThere reports whether another batch that counts has a document of this vendor with
// the same number and day.
func (l *load) isThere(ctx context.Context, r db.Reader, doc *Document, vendor int64) (bool, error) {
	var n int
	const q = `/* spend.isThere */ SELECT COUNT(*) FROM ledger_documents d JOIN ledger_batches b ON b.id = d.batch_id WHERE d.vendor_id = ? AND d.number = ? AND d.issued = ? AND d.batch_id <> ? AND b.state = 'accepted'`
	err := r.Get(ctx, &n, q, vendor, clean(doc.Number, 300), day(doc.Issued), l.b.ID)
	return n > 0, err
}
