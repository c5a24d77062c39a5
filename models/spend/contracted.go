package spend

import (
	"context"
	"fmt"
	"iter"

	"pilveturg/db"
	"pilveturg/models"
)

// Reach returns the organisations whose money the actor sees; all is true where that is
// everybody's. It fails with [models.ErrForbidden] for who sees none.
func Reach(ctx context.Context, r db.Reader, a models.Actor) (ids []int64, all bool, err error) {
	return reach(ctx, r, a)
}

// Contracted is a charge that names a contract, with who pays and who is paid here; 0
// where that is not known.
type Contracted struct {
	ID         int64        `db:"id"`
	BatchID    int64        `db:"batch_id"`
	AcceptedAt models.Time  `db:"accepted_at"`
	Contract   string       `db:"contract"`
	Kind       Kind         `db:"kind"`
	Invoiced   models.Date  `db:"invoiced"`
	Billed     models.Exact `db:"billed"`
	Currency   string       `db:"currency"`
	Buyer      string       `db:"buyer"`
	Vendor     string       `db:"vendor"`
	BuyerID    int64        `db:"buyer_is"`
	VendorID   int64        `db:"vendor_is"`
}

// EachContracted yields the charges that count and name a contract, tax left out, in the
// order in which they stand in the ledger.
func EachContracted(ctx context.Context, r db.Reader, a models.Actor) (iter.Seq2[Contracted, error], error) {
	w := where{}
	if err := w.seen(ctx, r, a); err != nil {
		return nil, fmt.Errorf("what was paid for contracts: %w", err)
	}
	w.and(`c.contract <> ''`)
	w.and(`c.kind <> 'tax'`)
	w.and(`x.state = 'accepted'`)
	const q = `/* spend.EachContracted */ SELECT c.id, c.batch_id, x.accepted_at, c.contract, c.kind, c.invoiced, c.billed, c.currency, b.name AS buyer, v.name AS vendor, COALESCE(b.is_id, 0) AS buyer_is, COALESCE(v.is_id, 0) AS vendor_is
		FROM ledger_charges c JOIN ledger_batches x ON x.id = c.batch_id JOIN ledger_names b ON b.id = c.buyer_id JOIN ledger_names v ON v.id = c.vendor_id`
	return db.Each[Contracted](ctx, r, q+w.String()+` ORDER BY c.id`, w.args...), nil
}
