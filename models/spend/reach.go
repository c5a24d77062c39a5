package spend

import (
	"context"

	"pilveturg/db"
	"pilveturg/models"
)

// Seen is the condition by which a query sees only the money that the actor may see: the
// table has the alias c and names who pays in buyer_id. It is "" for who sees all, and
// fails with [models.ErrForbidden] for who sees nothing.
func Seen(ctx context.Context, r db.Reader, a models.Actor) (condition string, args []any, err error) {
	w := where{}
	if err := w.seen(ctx, r, a); err != nil || len(w.parts) == 0 {
		return "", nil, err
	}
	return w.parts[0], w.args, nil
}

// Group tells charges of a batch that stand under one number.
type Group struct {
	Batch, Buyer, Vendor                 int64 // batch, and names
	Reference, Contract, Currency, Month string
	First, Last                          int // lines between which they stand
}

// GroupLines returns the charges of a group in their order, up to most of them. Who may
// see them is for the caller to ask.
func GroupLines(ctx context.Context, r db.Reader, g Group, most int) (all []Charge, err error) {
	const q = `/* spend.GroupLines */ SELECT ` + chargeList + ` WHERE c.batch_id = ? AND c.line BETWEEN ? AND ? AND c.buyer_id = ? AND c.vendor_id = ? AND c.reference = ? AND c.contract = ? AND c.currency = ? AND c.month = ? ORDER BY c.line, c.id LIMIT ?`
	err = r.Select(ctx, &all, q, g.Batch, g.First, g.Last, g.Buyer, g.Vendor, g.Reference, g.Contract, g.Currency, g.Month, most)
	return all, err
}

// MonthPart is what of a charge falls into a month.
type MonthPart struct {
	Month string // "2026-03"; "" when that is unknown
	Euros models.Exact
}

// Accrued returns what a charge is worth in euros in which months, by the days of its
// service; known is false where there is no rate.
func (c *Charge) Accrued() (parts []MonthPart, known bool, err error) {
	all := cells{}
	if err := all.accrue(cellKey{basis: Effective, month: c.Month}, c); err != nil {
		return nil, false, err
	}
	for key, at := range all {
		if at.unconverted > 0 {
			return nil, false, nil
		}
		parts = append(parts, MonthPart{key.month, at.euros})
	}
	return parts, true, nil
}

// Reach returns the organisations whose money the actor sees; all is true where that is
// everybody's. It fails with [models.ErrForbidden] for who sees nothing.
func Reach(ctx context.Context, r db.Reader, a models.Actor) (ids []int64, all bool, err error) {
	return reach(ctx, r, a)
}
