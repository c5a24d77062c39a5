package spend

import (
	"context"
	"fmt"
	"iter"
	"slices"

	"pilveturg/db"
	"pilveturg/models"
)

const chargeList = `c.id, c.batch_id, c.line, c.document_id, c.corrects_id, b.name AS buyer, v.name AS vendor, g.name AS category, c.kind, c.frequency, c.correction, c.service, c.description, c.reference, c.contract, c.month, c.invoiced, c.due, c.service_from, c.service_to,
	c.quantity, c.unit, c.unit_price, c.billed, c.effective, c.list, c.contracted, c.currency, c.rate, c.rate_day, c.euros, c.vat_category, c.vat_rate, c.flags, c.more
	FROM ledger_charges c JOIN ledger_names b ON b.id = c.buyer_id JOIN ledger_names v ON v.id = c.vendor_id JOIN ledger_names g ON g.id = c.category_id`

// lines are the conditions of a query on charges. A charge is asked for by the month in
// which it was billed.
func lines(ctx context.Context, r db.Reader, a models.Actor, q Query) (w where, err error) {
	if err := w.seen(ctx, r, a); err != nil {
		return w, err
	}
	if err := w.common(q); err != nil {
		return w, err
	}
	if q.Document != 0 {
		w.and(`c.document_id = ?`, q.Document)
	}
	if q.Flag != "" {
		if !slices.Contains(Flags(), q.Flag) {
			return w, fmt.Errorf("flag %q: %w", q.Flag, models.ErrNotFound)
		}
		w.and(`(' ' || c.flags || ' ') LIKE ?`, "% "+q.Flag+" %")
	}
	if q.Minus {
		w.and(minus)
	}
	if q.Service != "" {
		if err := w.service(ctx, r, q); err != nil {
			return w, err
		}
	}
	switch {
	case q.Batch != 0:
		w.and(`c.batch_id = ?`, q.Batch)
	case !q.Known.IsZero():
		w.and(`c.batch_id IN (SELECT id FROM ledger_batches WHERE accepted_at <= ? AND (undone_at IS NULL OR undone_at > ?))`, q.Known, q.Known)
	default:
		w.and(`c.batch_id IN (SELECT id FROM ledger_batches WHERE state = 'accepted')`)
		return w, w.ofVendor(q)
	}
	return w, nil
}

// Lines returns charges that the actor sees, in the order in which they stand in the
// ledger.
func Lines(ctx context.Context, r db.Reader, a models.Actor, q Query, p models.Page) (all []Charge, err error) {
	w, err := lines(ctx, r, a, q)
	if err != nil {
		return nil, err
	}
	text := `/* spend.Lines */ SELECT ` + chargeList + w.String() + ` ORDER BY c.id LIMIT ? OFFSET ?`
	if err := r.Select(ctx, &all, text, append(w.args, p.Size, p.Offset())...); err != nil {
		return nil, fmt.Errorf("lines of the ledger: %w", err)
	}
	return all, nil
}

// CountLines returns how many charges a query finds.
func CountLines(ctx context.Context, r db.Reader, a models.Actor, q Query) (n int, err error) {
	w, err := lines(ctx, r, a, q)
	if err != nil {
		return 0, err
	}
	if err := r.Get(ctx, &n, `/* spend.CountLines */ SELECT COUNT(*) FROM ledger_charges c`+w.String(), w.args...); err != nil {
		return 0, fmt.Errorf("lines of the ledger: %w", err)
	}
	return n, nil
}

// EachLine yields all charges that a query finds.
func EachLine(ctx context.Context, r db.Reader, a models.Actor, q Query) (iter.Seq2[Charge, error], error) {
	w, err := lines(ctx, r, a, q)
	if err != nil {
		return nil, err
	}
	return db.Each[Charge](ctx, r, `/* spend.EachLine */ SELECT `+chargeList+w.String()+` ORDER BY c.id`, w.args...), nil
}

// FindLine returns a charge that the actor sees, of a batch that counts or counted, or
// that the actor can accept.
func FindLine(ctx context.Context, r db.Reader, a models.Actor, id int64) (*Charge, error) {
	w := where{}
	if err := w.seen(ctx, r, a); err != nil {
		return nil, err
	}
	w.and(`c.id = ?`, id)
	w.and(`EXISTS (SELECT 1 FROM ledger_batches x WHERE x.id = c.batch_id AND (x.accepted_at IS NOT NULL OR x.organisation_id = ? AND x.state = 'staged'))`, a.OrgID)
	c := &Charge{}
	if err := r.Get(ctx, c, `/* spend.FindLine */ SELECT `+chargeList+w.String(), w.args...); err != nil {
		return nil, fmt.Errorf("charge %d: %w", id, err)
	}
	return c, nil
}

const documentList = `c.id, c.batch_id, c.kind, c.number, c.issued, c.due, b.name AS buyer, v.name AS vendor, c.vendor_id, c.contract, c.orders, c.corrects, c.currency, c.net, c.vat, c.gross, c.prepaid, c.rounding, c.payable, c.findings
	FROM ledger_documents c JOIN ledger_names b ON b.id = c.buyer_id JOIN ledger_names v ON v.id = c.vendor_id`

// FindDocument returns a document whose buyer's money the actor sees.
func FindDocument(ctx context.Context, r db.Reader, a models.Actor, id int64) (*Document, error) {
	w := where{}
	if err := w.seen(ctx, r, a); err != nil {
		return nil, err
	}
	w.and(`c.id = ?`, id)
	w.and(`EXISTS (SELECT 1 FROM ledger_batches x WHERE x.id = c.batch_id AND (x.accepted_at IS NOT NULL OR x.organisation_id = ? AND x.state = 'staged'))`, a.OrgID)
	d := &Document{}
	if err := r.Get(ctx, d, `/* spend.FindDocument */ SELECT `+documentList+w.String(), w.args...); err != nil {
		return nil, fmt.Errorf("document %d: %w", id, err)
	}
	return d, nil
}
