package spend

import (
	"bufio"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"pilveturg/db"
	"pilveturg/models"
	"pilveturg/models/catalogue"
	"pilveturg/models/spend/sheet"
)

// Worker reads batches. Several may work side by side, on one machine or on many: each
// batch is one worker's, and another's when that one is not heard of for a minute.
type Worker struct {
	DB         *db.DB
	Name       string            // tells workers apart
	Cells      int               // sums that are held in memory while a file is read; 0: 50,000
	Categories map[string]string // slugs of the catalogue's categories, by names in lower case and by CPV codes
}

// NewWorker returns a worker with a name of its own.
func NewWorker(d *db.DB, schema *catalogue.Schema) *Worker {
	names := map[string]string{}
	for _, c := range schema.Categories {
		names[c.Slug] = c.Slug
		for _, code := range c.CPV {
			for _, written := range []string{code, code[:min(8, len(code))]} {
				if names[written] == "" { // of several categories the first
					names[written] = c.Slug
				}
			}
		}
		for _, name := range c.Names {
			names[strings.ToLower(name)] = c.Slug
		}
	}
	return &Worker{DB: d, Name: rand.Text(), Categories: names}
}

// actor is who a worker is in the log.
func (w *Worker) actor(org int64) models.Actor {
	return models.Actor{Program: "ledger worker", OrgID: org}
}

// Next reads the batch that waits the longest of those whose bytes are kept. It returns
// false where none waits.
func (w *Worker) Next(ctx context.Context) (bool, error) {
	var ids []int64
	const q = `/* spend.Next */ SELECT id FROM ledger_batches WHERE state IN ('uploaded', 'loading') AND kept = 1 AND (leased_until IS NULL OR leased_until < ?) ORDER BY created_at, id LIMIT 1`
	if err := w.DB.Select(ctx, &ids, q, models.Time{Time: w.DB.Now().UTC()}); err != nil || len(ids) == 0 {
		return false, err
	}
	err := w.Kept(ctx, ids[0])
	if errors.Is(err, ErrGone) {
		err = nil // another worker was faster, or somebody discarded it
	}
	return true, err
}

// Kept is [Worker.Work] for a batch whose bytes are kept.
func (w *Worker) Kept(ctx context.Context, id int64) error {
	return w.Work(ctx, id, func() (io.ReadCloser, error) {
		return io.NopCloser(&keptFile{ctx: ctx, r: w.DB, batch: id}), nil
	})
}

// Run reads what waits until the context ends, and removes what was discarded. What goes
// wrong is given to failed, and tried again later.
func (w *Worker) Run(ctx context.Context, failed func(error)) {
	for ctx.Err() == nil {
		did, err := w.Next(ctx)
		if err == nil && !did {
			did, err = w.sweep(ctx)
		}
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

// idle is how long a worker waits that has nothing to do.
const idle = time.Second

func (w *Worker) sweep(ctx context.Context) (more bool, err error) {
	var waits int
	if err := w.DB.Get(ctx, &waits, `/* spend.sweep */ SELECT COUNT(*) FROM ledger_batches WHERE state = 'discarded'`); err != nil || waits == 0 {
		return false, err
	}
	err = w.DB.Write(ctx, w.actor(0), func(tx *db.Tx) (err error) {
		more, err = Sweep(ctx, tx)
		return err
	})
	return more, err
}

// Work reads a batch as far as it can be read without asking anybody: up to what was
// found out about it, or to what can be accepted. A file that cannot be read makes the
// batch fail, with the reason; an error is returned only where the worker cannot work.
// It fails with [ErrGone] where the batch is another worker's.
func (w *Worker) Work(ctx context.Context, id int64, open Open) error {
	b, err := w.claim(ctx, id)
	if err != nil {
		return err
	}
	open = unpacked(open)
	if b.State == Uploaded {
		s, err := w.scan(ctx, b, open)
		if err != nil {
			return w.fail(ctx, b, err)
		}
		if err := w.found(ctx, b, s); err != nil || !s.sure {
			return err
		}
	}
	return w.fail(ctx, b, w.read(ctx, b, open))
}

// claim makes a batch this worker's.
func (w *Worker) claim(ctx context.Context, id int64) (*Batch, error) {
	b := &Batch{}
	err := w.DB.Write(ctx, w.actor(0), func(tx *db.Tx) error {
		const q = `UPDATE ledger_batches SET worker = ?, leased_until = ? WHERE id = ? AND state IN ('uploaded', 'loading') AND (leased_until IS NULL OR leased_until < ? OR worker = ?)`
		n, err := tx.Exec(ctx, q, w.Name, models.Time{Time: tx.Now.Add(lease)}, id, tx.Now, w.Name)
		if err != nil {
			return err
		}
		if n == 0 {
			return ErrGone
		}
		return tx.Get(ctx, b, `/* spend.claim */ SELECT `+batchColumns+` WHERE b.id = ?`, id)
	})
	if err != nil {
		return nil, fmt.Errorf("batch %d: %w", id, err)
	}
	return b, nil
}

// found keeps what was found out about a batch; one that nobody has to be asked about is
// read at once.
func (w *Worker) found(ctx context.Context, b *Batch, s scanned) error {
	b.State, b.Format, b.StyleText, b.MappingText = WasFound, s.format, written(s.found), written(s.mapping)
	worker := any("")
	if s.sure {
		b.State, worker = Loading, w.Name
	}
	return w.DB.Write(ctx, w.actor(b.OrgID), func(tx *db.Tx) error {
		lease := any(models.Time{Time: tx.Now.Add(lease)})
		if !s.sure {
			lease = nil
		}
		const q = `UPDATE ledger_batches SET state = ?, format = ?, style = ?, mapping = ?, publisher = ?, worker = ?, leased_until = ? WHERE id = ? AND state = 'uploaded' AND worker = ?`
		n, err := tx.Exec(ctx, q, string(b.State), string(b.Format), b.StyleText, b.MappingText, s.mapping.Publisher, worker, lease, b.ID, w.Name)
		if err == nil && n == 0 {
			err = ErrGone
		}
		return err
	})
}

// read loads the charges of a batch.
func (w *Worker) read(ctx context.Context, b *Batch, open Open) error {
	f, err := open()
	if err != nil {
		return err
	}
	defer f.Close()
	source, progress, err := w.source(ctx, b, f)
	if err != nil {
		return err
	}
	if p, ok := f.(*packed); ok && p.isPacked {
		progress = func() int64 { return p.raw.n }
	}
	return brokenText(w.load(ctx, b, source, progress))
}

// source reads the rows of a file by its format.
func (w *Worker) source(ctx context.Context, b *Batch, f io.Reader) (Source, func() int64, error) {
	whole := func() int64 { return b.Bytes }
	switch b.Format {
	case UBL:
		s, err := readInvoice(f)
		if err == nil && s.hasCPV() {
			s.cpv, err = readVocabulary(ctx, w.DB)
		}
		return s, whole, err
	case OCDS:
		s, err := readContracting(f)
		return s, whole, err
	}
	found := b.Found()
	if found.Lines {
		c := &counted{r: f}
		return newBillLines(c), func() int64 { return c.n }, nil
	}
	var r sheet.Rows = sheet.Open(bufio.NewReaderSize(f, 1<<20), found.Style)
	if found.Book {
		book, err := openBook(f)
		if err != nil {
			return nil, nil, err
		}
		if r, err = book.Sheet(found.Tab); err != nil {
			return nil, nil, bookWhy(err)
		}
	}
	head := sheet.Row{}
	switch {
	case found.Objects != nil:
		r, head.Cells = objectsOf(bufio.NewReaderSize(f, 1<<20), &found)
	case found.Style.Heading > 0:
		var err error
		if head, err = r.SkipTo(found.Style.Heading); err != nil && err != io.EOF {
			return nil, nil, bookWhy(err)
		}
	}
	if b.Format == FOCUS {
		s, err := newBill(r, head.Cells, b.Mapping().Currency)
		return s, r.BytesRead, err
	}
	t := newTable(r, b.Format, b.Mapping(), found.Columns)
	if !found.Book && found.Objects == nil {
		t.width = len(head.Cells)
	}
	if len(found.Tabs) > 1 {
		t.others = slices.Concat(found.Tabs[:found.Tab], found.Tabs[found.Tab+1:])
	}
	if found.Objects != nil {
		t.otherLists = found.Objects.Others
	}
	var err error
	if _, ok := t.m.Columns[RoleCategory]; ok {
		t.cpv, err = readVocabulary(ctx, w.DB)
	}
	return t, r.BytesRead, err
}

// counted counts what is read.
type counted struct {
	r io.Reader
	n int64
}

// Read implements [io.Reader].
func (c *counted) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	c.n += int64(n)
	return n, err
}

// fail ends a batch that cannot be read. Errors of the machine leave it as it is, for
// another try.
func (w *Worker) fail(ctx context.Context, b *Batch, err error) error {
	var why errWhy
	if !errors.As(err, &why) {
		return err
	}
	return w.DB.Write(ctx, w.actor(b.OrgID), func(tx *db.Tx) error {
		const q = `UPDATE ledger_batches SET state = 'failed', why = ?, worker = '', leased_until = NULL WHERE id = ? AND state IN ('uploaded', 'loading') AND worker = ?`
		_, err := tx.Exec(ctx, q, string(why), b.ID, w.Name)
		return err
	})
}
