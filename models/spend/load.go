package spend

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"time"

	"pilveturg/db"
	"pilveturg/models"
)

// ErrGone is returned by a worker whose batch was discarded, or taken over by another.
var ErrGone = errors.New("the batch is no longer this worker's")

const (
	chunkRows  = 4000             // rows that are written in one transaction
	lease      = 60 * time.Second // for which a batch is one worker's, from its last transaction on
	maxFlagged = 8_000_000        // rows among which those that are written the same are looked for
	maxRaw     = 4000             // bytes of a rejected row that are kept
)

// load reads the charges of a batch into the ledger, chunk by chunk. It starts at the
// beginning of the file and counts everything anew, but writes only what is behind the
// line up to which the batch is loaded: so it goes on after it was killed.
type load struct {
	b      *Batch
	from   int   // the line up to which rows were written before
	cells  cells // of the rows behind the line up to which sums are kept
	most   int   // so many are held before they are kept
	names  *nameBook
	rates  *Rates
	totals totals
	seen   *rowSet
	today  models.Date
	doc    int64 // the document that the next charges stand on; 0: none
	again  bool  // another batch has it too
	pile   []piled
	sums   adding // of the pile that was written last
}

// piled is a row that waits to be written. Its charge is a copy.
type piled struct {
	Row
	buyer, vendor, category int64
	row                     []any // what is written of the charge
}

// load reads a source to its end. read tells how many bytes were read so far.
func (w *Worker) load(ctx context.Context, b *Batch, source Source, read func() int64) error {
	d := w.DB
	l := &load{b: b, from: b.Line, cells: cells{}, most: cmp.Or(w.Cells, mostCells), names: newNameBook(b.OrgID, w.Categories), rates: NewRates(), totals: totals{}, seen: &rowSet{}, today: models.DateOf(d.Now())}
	b.Rows, b.Taken, b.Rejected, b.LeftOut, b.Flagged, b.Undated, b.Unconverted = 0, 0, 0, 0, 0, 0, 0
	g := newGathering(l.take)
	go g.run(source, read)
	defer g.end() // nothing touches the source or the batch once this function is over
	defer l.sums.wait()
	for p := range g.full {
		l.pile = p.rows
		if err := l.flush(ctx, d, p.read); err != nil {
			return err
		}
		l.sums.begin(func() error {
			defer g.giveBack(p)
			return l.sum(p.rows)
		})
	}
	if err := errors.Join(g.err, l.sums.wait()); err != nil {
		return err
	}
	l.pile = nil
	return l.finish(ctx, d, source.Notices())
}

// take counts a row and puts a copy of it into a handful.
func (l *load) take(h *handful, row Row) {
	if !row.more {
		l.b.Rows++
	}
	switch {
	case row.LeftOut != "":
		l.b.LeftOut++
	case row.Problem != nil:
		l.b.Rejected++
	case row.Charge != nil:
		row.Charge = h.copy(row.Charge)
		l.look(row.Charge, row.Hash)
		if !row.more {
			l.b.Taken++
		}
	}
	if row.Problem == nil {
		row.Raw = "" // only those that are rejected keep it
	}
	if row.Document != nil {
		doc := *row.Document
		row.Document = &doc
	}
	p := piled{Row: row}
	if row.Charge != nil && row.Line > l.from {
		p.row = h.words(&p)
	}
	h.rows = append(h.rows, p)
}

// look flags what somebody should look at.
func (l *load) look(c *Charge, hash uint64) {
	c.Month = monthOf(c.Invoiced)
	if c.Month == "" {
		c.flag(FlagUndated)
		l.b.Undated++
	}
	if l.today.Before(c.Invoiced) {
		c.flag(FlagFuture)
	}
	if c.Vendor == "" {
		c.flag(FlagNoVendor)
	}
	if c.Billed.Sign() < 0 && c.Kind != Credit && c.Kind != Tax && !c.Correction && c.DocumentID == nil {
		c.flag(FlagMinus)
	}
	if hash != 0 && l.seen.has(hash) {
		c.flag(FlagSameRow)
	}
}

// flush writes the pile in one transaction, and keeps the sums of those before where they
// are many. What its own charges come to is added up while the next pile is written.
func (l *load) flush(ctx context.Context, d *db.DB, read int64) error {
	actor := models.Actor{Program: "ledger worker", OrgID: l.b.OrgID}
	kept := false
	err := d.Write(ctx, actor, func(tx *db.Tx) error {
		clear(l.names.fresh)
		if err := l.hold(ctx, tx, read); err != nil {
			return err
		}
		if err := l.writePile(ctx, tx); err != nil {
			return err
		}
		if err := l.sums.wait(); err != nil {
			return err
		}
		if kept = len(l.cells) >= l.most; kept {
			return l.keepSums(ctx, tx)
		}
		return nil
	})
	if err != nil {
		return err
	}
	if kept {
		l.cells = cells{}
	}
	l.b.Line = l.last(l.b.Line)
	l.names.keep()
	l.pile = nil
	return nil
}

// sum counts what the charges of a pile come to.
func (l *load) sum(pile []piled) error {
	for i := range pile {
		p := &pile[i]
		c := p.Charge
		if c == nil {
			continue
		}
		if c.toBeLookedAt() {
			l.b.Flagged++
		}
		if !c.Euros.Known {
			l.b.Unconverted++
		}
		if p.Line > l.b.Summed {
			if err := l.cells.add(c, p.buyer, p.vendor, p.category); err != nil {
				return err
			}
		}
		if err := l.totals.add(c); err != nil {
			return err
		}
	}
	return nil
}

// hold renews the worker's hold of the batch and says how far it has come, or fails with
// [ErrGone].
func (l *load) hold(ctx context.Context, tx *db.Tx, read int64) error {
	line := l.last(l.b.Line)
	const q = `UPDATE ledger_batches SET line = ?, done = ?, leased_until = ? WHERE id = ? AND state = 'loading' AND worker = ?`
	n, err := tx.Exec(ctx, q, line, read, models.Time{Time: tx.Now.Add(lease)}, l.b.ID, l.b.Worker)
	if err != nil {
		return fmt.Errorf("batch %d: %w", l.b.ID, err)
	}
	if n == 0 {
		return ErrGone
	}
	return nil
}

// last is the last line of the pile, or a line that is behind it.
func (l *load) last(line int) int {
	if n := len(l.pile); n > 0 {
		return max(line, l.pile[n-1].Line)
	}
	return line
}

// mostCells are how many sums are held in memory before they are added to those of the
// batch, unless the worker says otherwise.
const mostCells = 50_000

// keepSums adds the sums of the rows so far to those of the batch. Rows that are read
// again after the worker died are not in them twice: up to which line they go stands
// beside them.
func (l *load) keepSums(ctx context.Context, tx *db.Tx) error {
	if err := l.cells.write(ctx, tx, l.b.ID); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, `UPDATE ledger_batches SET summed = ? WHERE id = ?`, l.b.Line, l.b.ID)
	return err
}

// finish keeps the sums of the batch and shows it.
func (l *load) finish(ctx context.Context, d *db.DB, notices []Notice) error {
	if l.seen.full {
		notices = append(notices, Notice{Code: "same_rows_unknown"})
	}
	b := l.b
	return d.Write(ctx, models.Actor{Program: "ledger worker", OrgID: b.OrgID}, func(tx *db.Tx) error {
		if err := l.hold(ctx, tx, b.Bytes); err != nil {
			return err
		}
		if err := l.keepSums(ctx, tx); err != nil {
			return err
		}
		const q = `UPDATE ledger_batches SET state = 'staged', rows = ?, taken = ?, rejected = ?, left_out = ?, flagged = ?, undated = ?, unconverted = ?, totals = ?, notices = ?, worker = '', leased_until = NULL WHERE id = ?`
		_, err := tx.Exec(ctx, q, b.Rows, b.Taken, b.Rejected, b.LeftOut, b.Flagged, b.Undated, b.Unconverted, written(l.totals.list()), written(notices), b.ID)
		return err
	})
}
