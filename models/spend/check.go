package spend

import (
	"context"
	"fmt"

	"pilveturg/db"
	"pilveturg/models"
)

// Checked is what [Check] counted.
type Checked struct {
	Batches, Charges int
	Wrong            []string // what does not agree, in English; at most mostWrong
}

const mostWrong = 100

func (c *Checked) wrong(format string, args ...any) {
	if len(c.Wrong) < mostWrong {
		c.Wrong = append(c.Wrong, fmt.Sprintf(format, args...))
	}
}

// Check proves that the sums of the ledger are those of its charges: it adds up the
// charges of every batch that can be accepted or counts, compares them with the sums of
// the batch and with what the batch says of itself, and the sums of all batches that
// count with the ledger's.
func Check(ctx context.Context, r db.Reader) (*Checked, error) {
	c := &Checked{}
	var batches []Batch
	if err := r.Select(ctx, &batches, `/* spend.Check */ SELECT `+batchColumns+` WHERE b.state IN ('staged', 'accepted', 'undone') ORDER BY b.id`); err != nil {
		return nil, fmt.Errorf("check the ledger: %w", err)
	}
	for i := range batches {
		if err := c.batch(ctx, r, &batches[i]); err != nil {
			return nil, fmt.Errorf("check batch %d: %w", batches[i].ID, err)
		}
	}
	if err := c.ledger(ctx, r); err != nil {
		return nil, fmt.Errorf("check the ledger: %w", err)
	}
	return c, nil
}

type checkRow struct {
	Charge
	BuyerID    int64 `db:"buyer_id"`
	VendorID   int64 `db:"vendor_id"`
	CategoryID int64 `db:"category_id"`
}

// batch adds up the charges of a batch.
func (c *Checked) batch(ctx context.Context, r db.Reader, b *Batch) error {
	c.Batches++
	sums, all := cells{}, totals{}
	const q = `/* spend.Check */ SELECT c.buyer_id, c.vendor_id, c.category_id, c.kind, c.month, c.due, c.service_from, c.service_to, c.billed, c.effective, c.currency, c.rate, c.euros FROM ledger_charges c WHERE c.batch_id = ?`
	n := 0
	for row, err := range db.Each[checkRow](ctx, r, q, b.ID) {
		if err != nil {
			return err
		}
		n++
		if err := sums.add(&row.Charge, row.BuyerID, row.VendorID, row.CategoryID); err != nil {
			return err
		}
		if err := all.add(&row.Charge); err != nil {
			return err
		}
	}
	c.Charges += n
	if got, want := written(all.list()), b.TotalsText; got != want {
		c.wrong("batch %d says its charges come to %s, but they come to %s", b.ID, want, got)
	}
	kept, err := keptCells(ctx, r, `FROM ledger_batch_cells WHERE batch_id = ?`, b.ID)
	if err != nil {
		return err
	}
	c.compare(fmt.Sprintf("batch %d", b.ID), kept, sums)
	return nil
}

// ledger compares the sums of all with those of the batches that count.
func (c *Checked) ledger(ctx context.Context, r db.Reader) error {
	kept, err := keptCells(ctx, r, `FROM ledger_cells`)
	if err != nil {
		return err
	}
	sums, err := keptCells(ctx, r, `FROM ledger_batch_cells WHERE batch_id IN (SELECT id FROM ledger_batches WHERE state = 'accepted')`)
	if err != nil {
		return err
	}
	c.compare("the ledger", kept, sums)
	return c.rollups(ctx, r, sums)
}

// compare names what differs between sums that are kept and those that were made anew.
func (c *Checked) compare(what string, kept, sums cells) {
	for key, want := range sums {
		got := kept[key]
		switch {
		case got == nil:
			c.wrong("%s has no sum for %s", what, key)
		case *got != *want:
			c.wrong("%s: the sum for %s is %s of %d rows (%s in euros, %d without), but its charges come to %s of %d (%s, %d)", what, key, got.amount, got.rows, got.euros, got.unconverted, want.amount, want.rows, want.euros, want.unconverted)
		}
	}
	for key := range kept {
		if sums[key] == nil {
			c.wrong("%s has a sum for %s, but no charge", what, key)
		}
	}
}

func (k cellKey) String() string {
	return fmt.Sprintf("%s %q, names %d, %d and %d, %s, %s", k.basis, k.month, k.buyer, k.vendor, k.category, k.kind, k.currency)
}

type cellRow struct {
	Basis       Basis  `db:"basis"`
	Month       string `db:"month"`
	Buyer       int64  `db:"buyer_id"`
	Vendor      int64  `db:"vendor_id"`
	Category    int64  `db:"category_id"`
	Kind        Kind   `db:"kind"`
	Currency    string `db:"currency"`
	Rows        int64  `db:"rows"`
	Unconverted int64  `db:"unconverted"`
	Parts
}

// Parts are the columns of exact sums: the whole part and the decimals in groups of nine,
// of an amount and of it in euros.
type Parts struct {
	Whole    int64 `db:"whole"`
	Nano     int64 `db:"nano"`
	Atto     int64 `db:"atto"`
	Ronto    int64 `db:"ronto"`
	EurWhole int64 `db:"eur_whole"`
	EurNano  int64 `db:"eur_nano"`
	EurAtto  int64 `db:"eur_atto"`
}

// Amounts puts the parts together. It fails with [models.ErrOverflow].
func (p Parts) Amounts() (amount, euros models.Exact, err error) {
	if amount, err = models.ExactFromParts(p.Whole, p.Nano, p.Atto, p.Ronto); err == nil {
		euros, err = models.ExactFromParts(p.EurWhole, p.EurNano, p.EurAtto, 0)
	}
	return amount, euros, err
}

// keptCells reads sums; those of one key are added up.
func keptCells(ctx context.Context, r db.Reader, from string, args ...any) (cells, error) {
	all := cells{}
	for row, err := range db.Each[cellRow](ctx, r, `/* spend.keptCells */ SELECT `+cellsBy+`, `+cellSums+` `+from, args...) {
		if err != nil {
			return nil, err
		}
		amount, euros, err := row.Amounts()
		if err != nil {
			return nil, err
		}
		key := cellKey{row.Basis, row.Month, row.Buyer, row.Vendor, row.Category, row.Kind, row.Currency}
		if err := all.join(key, &cell{row.Rows, row.Unconverted, amount, euros}); err != nil {
			return nil, err
		}
	}
	return all, nil
}
