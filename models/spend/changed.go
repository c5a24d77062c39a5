package spend

import (
	"context"
	"fmt"

	"pilveturg/db"
	"pilveturg/models"
)

// Changed is by how much a file that was taken in or undone changed what is known of a
// month.
type Changed struct {
	Month    string `db:"month"`
	Batch    int64  `db:"batch_id"`
	File     string `db:"file"`
	Undone   bool   `db:"undone"`
	Currency string `db:"currency"`
	Rows     int64  `db:"rows"`
	Without  int64  `db:"unconverted"` // of these, charges that are not in Euros
	Parts
	Amount, Euros models.Exact `db:"-"` // signed: minus for what was undone
}

// ChangesSince returns what changed after a moment, up to another or, where that is zero,
// until now; what was taken in and undone in between changed nothing. Of a query that asks
// for what was known then, Known is that other moment.
func ChangesSince(ctx context.Context, r db.Reader, a models.Actor, q Query, since models.Time) ([]Changed, error) {
	until := q.Known
	w := where{}
	w.and(`c.basis IN (?, 'all')`, string(q.Basis))
	if err := w.seen(ctx, r, a); err != nil {
		return nil, err
	}
	if err := w.common(q); err != nil {
		return nil, err
	}
	came, gone := `b.accepted_at > ?`, `b.undone_at > ?`
	args := []any{since, since}
	if !until.IsZero() {
		came, gone = came+` AND b.accepted_at <= ?`, gone+` AND b.undone_at <= ?`
		args = []any{since, until, since, until}
	}
	// Of those that came and are still there, and of those that were there and went.
	w.and(`b.accepted_at IS NOT NULL AND (`+came+`) <> (b.undone_at IS NOT NULL AND `+gone+`)`, args...)
	text := `/* spend.ChangesSince */ SELECT c.month, c.batch_id, b.file, b.undone_at IS NOT NULL AND ` + gone + ` AS undone, c.currency, ` + sumsNamed + `
		FROM ledger_batches b JOIN ledger_batch_cells c ON c.batch_id = b.id` + w.String() + ` GROUP BY c.month, c.batch_id, b.file, b.undone_at, c.currency ORDER BY c.month, c.batch_id, c.currency`
	goneArgs := args[len(args)/2:]
	var all []Changed
	if err := r.Select(ctx, &all, text, append(append([]any{}, goneArgs...), w.args...)...); err != nil {
		return nil, fmt.Errorf("what changed in the ledger: %w", err)
	}
	for i := range all {
		c := &all[i]
		var err error
		if c.Amount, c.Euros, err = c.Amounts(); err != nil {
			return nil, err
		}
		if c.Undone {
			c.Amount, c.Euros = c.Amount.Neg(), c.Euros.Neg()
		}
	}
	return all, nil
}
