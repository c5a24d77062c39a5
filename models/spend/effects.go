package spend

import (
	"context"
	"errors"
	"fmt"

	"pilveturg/db"
	"pilveturg/models"
)

// Effect is what becomes of a sum of a month, in the currency of a charge and VAT
// included, when a correction is booked.
type Effect struct {
	Of            NameKind // whose sum; "": of all that the actor sees in the month
	Name          string
	Before, After models.Exact
}

// Difference is After less Before.
func (e Effect) Difference() models.Exact {
	d, _ := e.After.Sub(e.Before) // fits where the ledger's sums do
	return d
}

// Effects tell what becomes of the month in which a plan books: of all of it, and of those
// whose charge it was or is to be.
func (p *Plan) Effects(ctx context.Context, r db.Reader, a models.Actor) (all []Effect, err error) {
	old, anew := p.Charge, p.Rows[len(p.Rows)-1]
	type side struct {
		kind NameKind
		name string
		of   func(*Charge) string
	}
	vendor, buyer, category := func(c *Charge) string { return c.Vendor }, func(c *Charge) string { return c.Buyer }, func(c *Charge) string { return c.Category }
	sides := []side{{"", "", func(*Charge) string { return "" }}, {VendorName, old.Vendor, vendor}}
	if p.Moved {
		sides = sides[:1]
		for _, s := range []side{{VendorName, old.Vendor, vendor}, {BuyerName, old.Buyer, buyer}, {CategoryName, old.Category, category}} {
			if now := s.of(&anew); now != s.name {
				sides = append(sides, s, side{s.kind, now, s.of})
			}
		}
	}
	for _, s := range sides {
		e := Effect{Of: s.kind, Name: s.name}
		if e.Before, err = p.monthOf(ctx, r, a, s.kind, s.name); err != nil {
			return nil, err
		}
		e.After = e.Before
		for i := range p.Rows {
			if s.of(&p.Rows[i]) != s.name {
				continue
			}
			if e.After, err = e.After.Add(p.Rows[i].Billed); err != nil {
				return nil, err
			}
		}
		all = append(all, e)
	}
	return all, nil
}

// monthOf is what the month of a plan comes to, of all or of one name in the actor's books.
func (p *Plan) monthOf(ctx context.Context, r db.Reader, a models.Actor, kind NameKind, name string) (sum models.Exact, err error) {
	q := Query{Month: p.Rows[0].Month, Currency: p.Charge.Currency, WithTax: true}
	if q.Month == "" {
		q.Month = "-"
	}
	if kind != "" {
		var id int64
		const find = `/* spend.monthOf */ SELECT id FROM ledger_names WHERE organisation_id = ? AND kind = ? AND name = ?`
		err := r.Get(ctx, &id, find, a.OrgID, string(kind), name)
		if errors.Is(err, models.ErrNotFound) {
			return sum, nil
		}
		if err != nil {
			return sum, fmt.Errorf("name %q: %w", name, err)
		}
		key := Name{ID: id}.key()
		switch kind {
		case VendorName:
			q.Vendor = key
		case BuyerName:
			q.Buyer = key
		case CategoryName:
			q.Category = key
		}
	}
	sums, err := Sums(ctx, r, a, q, ByCurrency)
	if err != nil {
		return sum, err
	}
	for _, m := range Together(sums).Amounts {
		if m.Currency == q.Currency {
			sum = m.Amount
		}
	}
	return sum, nil
}
