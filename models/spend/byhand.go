package spend

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"

	"pilveturg/db"
	"pilveturg/models"
)

// ErrLeaned is returned for a batch that cannot be undone because other batches that count
// correct or share its charges. They are to be undone first.
type ErrLeaned struct{ By []Batch }

// Error names the first of them.
func (e ErrLeaned) Error() string {
	return fmt.Sprintf("batch %d and %d more stand on its charges", e.By[0].ID, len(e.By)-1)
}

// IsByHand reports whether people booked the batch themselves: it has no file.
func (b *Batch) IsByHand() bool { return slices.Contains(ByHand(), b.Format) }

// Leaning returns the batches that count and that stand on charges of a batch of the
// actor's books, the newest first.
func Leaning(ctx context.Context, r db.Reader, a models.Actor, batch int64) (all []Batch, err error) {
	if err := keeps(a); err != nil {
		return nil, err
	}
	marks, args := db.In(ByHand())
	q := `/* spend.Leaning */ SELECT ` + batchColumns + ` WHERE b.organisation_id = ? AND b.state = 'accepted' AND b.id <> ? AND b.format IN ` + marks + `
		AND (EXISTS (SELECT 1 FROM ledger_charges k JOIN ledger_charges c ON c.id = k.corrects_id WHERE k.batch_id = b.id AND c.batch_id = ?)
			OR EXISTS (SELECT 1 FROM ledger_shared h JOIN ledger_charges c ON c.id = h.charge_id WHERE h.batch_id = b.id AND c.batch_id = ?))
		ORDER BY b.id DESC`
	if err := r.Select(ctx, &all, q, append(append([]any{a.OrgID, batch}, args...), batch, batch)...); err != nil {
		return nil, fmt.Errorf("what stands on batch %d: %w", batch, err)
	}
	return all, nil
}

// byHand is what people book.
type byHand struct {
	format Format
	name   string // stands where files have theirs
	says   string // tells it apart: what says the same is booked once
	rows   []piled
}

func (h *byHand) hash() string {
	sum := sha256.Sum256([]byte(h.says))
	return hex.EncodeToString(sum[:])
}

// before fails with [ErrSame] where the same counts already.
func (h *byHand) before(ctx context.Context, tx *db.Tx) error {
	same, err := Same(ctx, tx, tx.Actor, h.hash())
	if err == nil && len(same) > 0 {
		err = ErrSame{same[0]}
	}
	return err
}

// book makes a batch of rows that counts at once.
func (h *byHand) book(ctx context.Context, tx *db.Tx) (*Batch, error) {
	b := &Batch{OrgID: tx.Actor.OrgID, State: Staged, Format: h.format, File: clean(h.name, 200), Hash: h.hash(), Bytes: int64(len(h.says)), CreatedAt: tx.Now}
	const begin = `INSERT INTO ledger_batches (organisation_id, account_id, state, file, hash, bytes, kept, format, created_at) VALUES (?, ?, 'uploaded', ?, ?, ?, 0, ?, ?) RETURNING id`
	if err := tx.Get(ctx, &b.ID, begin, b.OrgID, db.NullID(tx.Actor.AccountID), b.File, b.Hash, b.Bytes, string(b.Format), tx.Now); err != nil {
		return nil, fmt.Errorf("book %s: %w", h.name, err)
	}
	if _, err := tx.Exec(ctx, `UPDATE ledger_batches SET state = 'loading' WHERE id = ?`, b.ID); err != nil {
		return nil, fmt.Errorf("book %s: %w", h.name, err)
	}
	if err := h.stage(ctx, tx, b); err != nil {
		return nil, fmt.Errorf("book %s: %w", h.name, err)
	}
	return b, enter(ctx, tx, b.ID)
}

// stage writes the rows and what they come to.
func (h *byHand) stage(ctx context.Context, tx *db.Tx, b *Batch) error {
	l, sums, all := load{b: b}, cells{}, totals{}
	var charges [][]any
	for i := range h.rows {
		p := &h.rows[i]
		charges = append(charges, l.values(p))
		if err := sums.add(p.Charge, p.buyer, p.vendor, p.category); err != nil {
			return err
		}
		if err := all.add(p.Charge); err != nil {
			return err
		}
		b.Rows = max(b.Rows, p.Line)
		if p.Charge.Month == "" {
			b.Undated++
		}
		if !p.Charge.Euros.Known {
			b.Unconverted++
		}
	}
	if err := tx.Insert(ctx, "ledger_charges", chargeColumns, charges); err != nil {
		return err
	}
	if err := sums.write(ctx, tx, b.ID); err != nil {
		return err
	}
	b.Taken, b.Line, b.TotalsText = b.Rows, b.Rows, written(all.list())
	const q = `UPDATE ledger_batches SET state = 'staged', line = ?, summed = ?, done = bytes, rows = ?, taken = ?, undated = ?, unconverted = ?, totals = ? WHERE id = ?`
	_, err := tx.Exec(ctx, q, b.Line, b.Line, b.Rows, b.Taken, b.Undated, b.Unconverted, b.TotalsText, b.ID)
	return err
}
