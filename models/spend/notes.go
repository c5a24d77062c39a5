package spend

import (
	"context"
	"fmt"

	"pilveturg/db"
	"pilveturg/models"
)

// Corrected returns the documents that a document says it corrects: those of its vendor
// with that number that count and that the actor sees, the oldest first.
func Corrected(ctx context.Context, r db.Reader, a models.Actor, d *Document) ([]Document, error) {
	if d.Corrects == "" {
		return nil, nil
	}
	return sameVendor(ctx, r, a, d, `c.number = ?`, d.Corrects)
}

// Notes returns the documents that say that they correct a document, such as credit notes:
// those of its vendor that count and that the actor sees, the oldest first.
func Notes(ctx context.Context, r db.Reader, a models.Actor, d *Document) ([]Document, error) {
	return sameVendor(ctx, r, a, d, `c.corrects = ?`, d.Number)
}

func sameVendor(ctx context.Context, r db.Reader, a models.Actor, d *Document, condition, number string) (all []Document, err error) {
	w := where{}
	if err := w.seen(ctx, r, a); err != nil {
		return nil, err
	}
	w.and(condition, number)
	w.and(`c.id <> ?`, d.ID)
	w.and(`c.vendor_id IN (SELECT n.id FROM ledger_names n WHERE n.kind = 'vendor' AND (n.id = ? OR n.is_id = (SELECT m.is_id FROM ledger_names m WHERE m.id = ?)))`, d.VendorID, d.VendorID)
	w.and(`c.batch_id IN (SELECT id FROM ledger_batches WHERE state = 'accepted')`)
	if err := r.Select(ctx, &all, `/* spend.sameVendor */ SELECT `+documentList+w.String()+` ORDER BY c.id`, w.args...); err != nil {
		return nil, fmt.Errorf("documents beside document %d: %w", d.ID, err)
	}
	return all, nil
}
