package matching

import (
	"context"
	"fmt"
	"time"

	"pilveturg/db"
	"pilveturg/models"
	"pilveturg/models/audit"
)

// Worker makes bills of the charges of batches that count, and matches them. Several may
// work side by side: each piece is one transaction, and whose piece was done meanwhile
// does nothing.
type Worker struct {
	DB    *db.DB
	Flows Flows
}

// idle is how long a worker waits that has nothing to do.
const idle = 2 * time.Second

// Run works until the context ends. What goes wrong is given to failed, and tried again
// later.
func (w *Worker) Run(ctx context.Context, failed func(error)) {
	for ctx.Err() == nil {
		did, err := w.Next(ctx)
		if err != nil && ctx.Err() == nil {
			failed(err)
		}
		if did && err == nil {
			continue
		}
		select {
		case <-ctx.Done():
		case <-time.After(idle):
		}
	}
}

// progress is how far a batch is.
type progress struct {
	Batch int64 `db:"batch_id"`
	Org   int64 `db:"organisation_id"`
	Line  int   `db:"line"`
	Bill  int64 `db:"bill"`
	Total int   `db:"last"` // line of the last charge; 0: there is none
	Begun bool  `db:"begun"`
}

// Next does the next piece. It returns false where there is none.
func (w *Worker) Next(ctx context.Context) (bool, error) {
	waiting, err := w.waiting(ctx)
	if err != nil || len(waiting) == 0 {
		return false, err
	}
	p := waiting[0]
	actor := models.Actor{Program: "matching worker", OrgID: p.Org}
	err = w.DB.Write(ctx, actor, func(tx *db.Tx) error {
		if fresh, err := p.claim(ctx, tx); err != nil || !fresh {
			return err
		}
		return p.piece(ctx, tx, w.Flows)
	})
	return err == nil, err
}

func (w *Worker) waiting(ctx context.Context) (all []progress, err error) {
	const q = `/* matching.Next */ SELECT t.id AS batch_id, t.organisation_id, COALESCE(m.line, 0) AS line, COALESCE(m.bill, 0) AS bill, COALESCE((SELECT MAX(c.line) FROM ledger_charges c WHERE c.batch_id = t.id), 0) AS last, CASE WHEN m.batch_id IS NULL THEN 0 ELSE 1 END AS begun
		FROM ledger_batches t LEFT JOIN ledger_matchings m ON m.batch_id = t.id WHERE t.state = 'accepted' AND COALESCE(m.done, 0) = 0 ORDER BY t.accepted_at, t.id LIMIT 1`
	return all, w.DB.Select(ctx, &all, q)
}

// claim takes the piece, unless it was done meanwhile.
func (p *progress) claim(ctx context.Context, tx *db.Tx) (bool, error) {
	if !p.Begun {
		n, err := tx.Exec(ctx, `INSERT INTO ledger_matchings (batch_id) VALUES (?) ON CONFLICT DO NOTHING`, p.Batch)
		return n > 0, err
	}
	n, err := tx.Exec(ctx, `UPDATE ledger_matchings SET line = line WHERE batch_id = ? AND line = ? AND bill = ? AND done = 0`, p.Batch, p.Line, p.Bill)
	return n > 0, err
}

// piece takes charges into bills, or, once all are, matches bills.
func (p *progress) piece(ctx context.Context, tx *db.Tx, flows Flows) error {
	if p.Line < p.Total {
		line, more, err := collect(ctx, tx, p.Batch, p.Line)
		if err != nil {
			return err
		}
		if !more {
			line = p.Total
		}
		_, err = tx.Exec(ctx, `UPDATE ledger_matchings SET line = ? WHERE batch_id = ?`, line, p.Batch)
		return err
	}
	var bills []Bill
	if err := tx.Select(ctx, &bills, `/* matching.piece */ SELECT `+billList+` WHERE c.batch_id = ? AND c.id > ? ORDER BY c.id LIMIT ?`, p.Batch, p.Bill, billsAtOnce); err != nil {
		return fmt.Errorf("bills of batch %d: %w", p.Batch, err)
	}
	if len(bills) == 0 {
		return p.finish(ctx, tx)
	}
	if err := matchAll(ctx, tx, bills, flows); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, `UPDATE ledger_matchings SET bill = ? WHERE batch_id = ?`, bills[len(bills)-1].ID, p.Batch)
	return err
}

const matchedBatch audit.Action = "ledger.bills_matched"

// finish notes what became of the bills of a batch.
func (p *progress) finish(ctx context.Context, tx *db.Tx) error {
	if _, err := tx.Exec(ctx, `UPDATE ledger_matchings SET done = 1 WHERE batch_id = ?`, p.Batch); err != nil {
		return err
	}
	var n struct {
		All     int `db:"n"`
		Matched int `db:"matched"`
	}
	if err := tx.Get(ctx, &n, `/* matching.finish */ SELECT COUNT(*) AS n, COUNT(subscription_id) AS matched FROM ledger_bills WHERE batch_id = ?`, p.Batch); err != nil {
		return err
	}
	if n.All == 0 {
		return nil
	}
	var c audit.Changes
	c.Add("ledger_bills", "", fmt.Sprint(n.All))
	c.Add("ledger_bills_matched", "", fmt.Sprint(n.Matched))
	return audit.Record(ctx, tx, matchedBatch, fmt.Sprintf("ledger batch %d", p.Batch), c...)
}

// matchAll matches what can be matched without doubt of bills that are open.
func matchAll(ctx context.Context, tx *db.Tx, bills []Bill, flows Flows) error {
	all, err := agreements(ctx, tx, bodiesOf(bills), flows)
	if err != nil {
		return err
	}
	for i := range bills {
		b := &bills[i]
		if b.State() != Open {
			continue
		}
		if b.Written {
			if err := b.follow(ctx, tx); err != nil {
				return err
			}
			continue
		}
		f := judge(b, all)
		if f.sub == 0 && b.Contract != "" {
			if f, err = before(ctx, tx, b, all); err != nil {
				return err
			}
		}
		if f.sub == 0 {
			continue
		}
		if err := b.settle(ctx, tx, f, all); err != nil {
			return err
		}
	}
	return nil
}

func bodiesOf(bills []Bill) (ids []int64) {
	seen := map[int64]bool{}
	for _, b := range bills {
		if !seen[b.BodyID] {
			seen[b.BodyID] = true
			ids = append(ids, b.BodyID)
		}
	}
	return ids
}

// before finds with what people matched other bills of the vendor that name the same
// contract.
func before(ctx context.Context, r db.Reader, b *Bill, all []Agreement) (found, error) {
	var subs []int64
	const q = `/* matching.before */ SELECT DISTINCT c.subscription_id FROM ledger_bills c WHERE c.vendor_id = ? AND c.buyer_id = ? AND c.contract = ? AND c.how = 'hand' AND c.subscription_id IS NOT NULL`
	if err := r.Select(ctx, &subs, q, b.VendorID, b.BuyerID, b.Contract); err != nil || len(subs) != 1 {
		return found{}, err
	}
	for i := range all {
		if all[i].ID == subs[0] && all[i].runs(b) {
			return found{subs[0], ByBefore}, nil
		}
	}
	return found{}, nil
}

// settle keeps what a bill is for, and how it differs from that.
func (b *Bill) settle(ctx context.Context, tx *db.Tx, f found, all []Agreement) error {
	for i := range all {
		if all[i].ID != f.sub {
			continue
		}
		diffs, err := differences(ctx, tx, b, &all[i])
		if err != nil {
			return err
		}
		const q = `UPDATE ledger_bills SET subscription_id = ?, how = ?, differs = ?, decided_at = ?, revision = revision + 1 WHERE id = ?`
		if _, err := tx.Exec(ctx, q, f.sub, f.how, written(diffs), tx.Now, b.ID); err != nil {
			return fmt.Errorf("match bill %d: %w", b.ID, err)
		}
	}
	return nil
}

// follow matches what corrects or shares out charges with what those are for, where that
// is one subscription: of a share it is that of the body that pays the vendor.
func (b *Bill) follow(ctx context.Context, tx *db.Tx) error {
	var subs []int64
	const q = `/* matching.follow */ SELECT DISTINCT f.subscription_id FROM ledger_charges x JOIN ledger_charges y ON y.id = x.corrects_id
		JOIN ledger_bills f ON f.batch_id = y.batch_id AND f.buyer_id = y.buyer_id AND f.vendor_id = y.vendor_id AND f.reference = y.reference AND f.contract = y.contract AND f.currency = y.currency AND f.month = y.month
		WHERE x.batch_id = ? AND x.line BETWEEN ? AND ? AND x.buyer_id = ? AND x.vendor_id = ? AND f.subscription_id IS NOT NULL`
	if err := tx.Select(ctx, &subs, q, b.BatchID, b.First, b.Last, b.BuyerID, b.VendorID); err != nil || len(subs) != 1 {
		return err
	}
	if _, err := tx.Exec(ctx, `UPDATE ledger_bills SET subscription_id = ?, how = ?, decided_at = ?, revision = revision + 1 WHERE id = ?`, subs[0], ByCorrection, tx.Now, b.ID); err != nil {
		return fmt.Errorf("match bill %d: %w", b.ID, err)
	}
	return nil
}
