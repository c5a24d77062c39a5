package spend

import (
	"context"
	"fmt"
	"iter"

	"pilveturg/db"
	"pilveturg/models"
)

// Contracted is a charge that names a contract, or whose bill is known to be for one, with
// who pays and who is paid here; 0 where that is not known.
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
	SubID      int64        `db:"subscription_id"` // with which its bill was matched; 0: with none
	BillID     int64        `db:"bill_id"`         // that was matched; 0: none
	MatchedAt  models.Time  `db:"decided_at"`
}

// EachContracted yields the charges that count and name a contract, or whose bill was
// matched with one, tax left out, in the order in which they stand in the ledger.
func EachContracted(ctx context.Context, r db.Reader, a models.Actor) (iter.Seq2[Contracted, error], error) {
	w := where{}
	if err := w.seen(ctx, r, a); err != nil {
		return nil, fmt.Errorf("what was paid for contracts: %w", err)
	}
	w.and(`(c.contract <> '' OR f.subscription_id IS NOT NULL)`)
	w.and(`c.kind <> 'tax'`)
	w.and(`x.state = 'accepted'`)
	const q = `/* spend.EachContracted */ SELECT c.id, c.batch_id, x.accepted_at, c.contract, c.kind, c.invoiced, c.billed, c.currency, b.name AS buyer, v.name AS vendor, COALESCE(b.is_id, 0) AS buyer_is, COALESCE(v.is_id, 0) AS vendor_is, COALESCE(f.subscription_id, 0) AS subscription_id, CASE WHEN f.subscription_id IS NULL THEN 0 ELSE f.id END AS bill_id, f.decided_at
		FROM ledger_charges c JOIN ledger_batches x ON x.id = c.batch_id JOIN ledger_names b ON b.id = c.buyer_id JOIN ledger_names v ON v.id = c.vendor_id
		LEFT JOIN ledger_bills f ON f.batch_id = c.batch_id AND f.buyer_id = c.buyer_id AND f.vendor_id = c.vendor_id AND f.reference = c.reference AND f.contract = c.contract AND f.currency = c.currency AND f.month = c.month`
	return db.Each[Contracted](ctx, r, q+w.String()+` ORDER BY c.id`, w.args...), nil
}
