package spend

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"strconv"

	"pilveturg/db"
	"pilveturg/models"
	"pilveturg/models/audit"
)

// MostKept is how large a file may be whose bytes are kept in the database. Larger ones
// are read by the command, from where they are.
const MostKept = 60 << 20

// partSize is how many bytes of a file stand in one row.
const partSize = 256 << 10

// File is what is brought.
type File struct {
	Name    string
	Hash    string // SHA-256, hexadecimal
	Bytes   int64
	Content []byte // nil: it is not kept
	Control string // what its sum should be, as decimal; "": nobody says
}

// ErrSame is returned for a file that is in the books already: it would add nothing.
type ErrSame struct{ Batch Batch }

// Error names the batch.
func (e ErrSame) Error() string {
	return fmt.Sprintf("the file is batch %d already", e.Batch.ID)
}

// Bring takes a file into the actor's books, for a worker to read. It fails with
// [ErrSame] where a batch with the same bytes counts or is on its way, and with
// [models.Invalid] where there is nothing in it.
func Bring(ctx context.Context, tx *db.Tx, f File) (*Batch, error) {
	if err := keeps(tx.Actor); err != nil {
		return nil, err
	}
	if err := f.check(); err != nil {
		return nil, err
	}
	same, err := Same(ctx, tx, tx.Actor, f.Hash)
	if err != nil {
		return nil, err
	}
	if len(same) > 0 {
		return nil, ErrSame{same[0]}
	}
	b := &Batch{OrgID: tx.Actor.OrgID, State: Uploaded, File: clean(f.Name, 200), Hash: f.Hash, Bytes: f.Bytes, Kept: f.Content != nil, Control: f.Control, CreatedAt: tx.Now}
	const q = `INSERT INTO ledger_batches (organisation_id, account_id, state, file, hash, bytes, kept, control, created_at) VALUES (?, ?, 'uploaded', ?, ?, ?, ?, ?, ?) RETURNING id`
	if err := tx.Get(ctx, &b.ID, q, b.OrgID, db.NullID(tx.Actor.AccountID), b.File, b.Hash, b.Bytes, db.Flag(b.Kept), b.Control, tx.Now); err != nil {
		return nil, fmt.Errorf("bring %s: %w", f.Name, err)
	}
	if err := f.keep(ctx, tx, b.ID); err != nil {
		return nil, err
	}
	var c audit.Changes
	c.Add("file", "", b.File)
	c.Add("hash", "", b.Hash)
	return b, audit.Record(ctx, tx, brought, subject(b.ID), c...)
}

func (f *File) check() error {
	wrong := models.Invalid{}
	if f.Bytes == 0 {
		wrong["file"] = "ledger.file_empty"
	}
	if f.Bytes > MostKept && f.Content != nil {
		wrong["file"] = "ledger.file_large"
	}
	if f.Control != "" {
		n, err := models.ParseExact(f.Control)
		if err != nil {
			wrong["control"] = "ledger.control_wrong"
		}
		f.Control = n.String()
	}
	return wrong.Or()
}

// keep writes the bytes of a file in parts.
func (f *File) keep(ctx context.Context, tx *db.Tx, batch int64) error {
	for part, rest := 0, f.Content; len(rest) > 0; part++ {
		n := min(len(rest), partSize)
		var b bytes.Buffer
		w := gzip.NewWriter(&b)
		if _, err := w.Write(rest[:n]); err != nil {
			return err
		}
		if err := w.Close(); err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, `INSERT INTO ledger_files (batch_id, part, content) VALUES (?, ?, ?)`, batch, part, b.Bytes()); err != nil {
			return fmt.Errorf("keep the file of batch %d: %w", batch, err)
		}
		rest = rest[n:]
	}
	return nil
}

// keptFile reads the bytes of a batch, part by part.
type keptFile struct {
	ctx   context.Context
	r     db.Reader
	batch int64
	part  int
	rest  []byte
}

// OpenFile opens the bytes of a batch as they were brought; it fails with
// [models.ErrNotFound] where they are not kept.
func OpenFile(ctx context.Context, r db.Reader, a models.Actor, id int64) (*Batch, io.Reader, error) {
	b, err := FindBatch(ctx, r, a, id)
	if err != nil {
		return nil, nil, err
	}
	if !b.Kept {
		return nil, nil, fmt.Errorf("file of batch %d: %w", id, models.ErrNotFound)
	}
	return b, &keptFile{ctx: ctx, r: r, batch: id}, nil
}

func (k *keptFile) Read(p []byte) (int, error) {
	if len(k.rest) == 0 {
		var packed []byte
		err := k.r.Get(k.ctx, &packed, `/* spend.keptFile */ SELECT content FROM ledger_files WHERE batch_id = ? AND part = ?`, k.batch, k.part)
		if errors.Is(err, models.ErrNotFound) {
			return 0, io.EOF
		}
		if err != nil {
			return 0, fmt.Errorf("file of batch %d: %w", k.batch, err)
		}
		z, err := gzip.NewReader(bytes.NewReader(packed))
		if err != nil {
			return 0, fmt.Errorf("file of batch %d: %w", k.batch, err)
		}
		if k.rest, err = io.ReadAll(io.LimitReader(z, partSize)); err != nil {
			return 0, fmt.Errorf("file of batch %d: %w", k.batch, err)
		}
		k.part++
	}
	n := copy(p, k.rest)
	k.rest = k.rest[n:]
	return n, nil
}

// step moves a batch of the actor's books on.
func step(ctx context.Context, tx *db.Tx, id int64, action audit.Action, to State, from ...State) (*Batch, error) {
	b, err := FindBatch(ctx, tx, tx.Actor, id)
	if err != nil {
		return nil, err
	}
	if !b.in(from...) {
		return nil, fmt.Errorf("batch %d is %s: %w", id, b.State, models.ErrConflict)
	}
	var c audit.Changes
	c.Add("ledger_state", string(b.State), string(to))
	return b, audit.Record(ctx, tx, action, subject(id), c...)
}

// Accept makes a batch count. It fails with [models.ErrConflict] unless it was staged,
// and with [ErrSame] where a batch of the same bytes counts.
func Accept(ctx context.Context, tx *db.Tx, id int64) error {
	b, err := step(ctx, tx, id, accepted, Accepted, Staged)
	if err != nil {
		return err
	}
	same, err := Same(ctx, tx, tx.Actor, b.Hash)
	if err != nil {
		return err
	}
	for _, other := range same {
		if other.State == Accepted {
			return ErrSame{other}
		}
	}
	return enter(ctx, tx, id)
}

// enter makes a batch count that is staged.
func enter(ctx context.Context, tx *db.Tx, id int64) error {
	const q = `UPDATE ledger_batches SET state = 'accepted', accepted_at = ?, accepted_by = ? WHERE id = ? AND state = 'staged'`
	n, err := tx.Exec(ctx, q, tx.Now, db.NullID(tx.Actor.AccountID), id)
	if db.Taken(err) || err == nil && n == 0 {
		return fmt.Errorf("batch %d: somebody was faster: %w", id, models.ErrConflict)
	}
	if err != nil {
		return fmt.Errorf("accept batch %d: %w", id, err)
	}
	if err := count(ctx, tx, id); err != nil {
		return fmt.Errorf("accept batch %d: %w", id, err)
	}
	return nil
}

// Undo makes an accepted batch count no longer, within [UndoDays]. Its rows stay, for who
// asks what was known on a day. It fails with [ErrLeaned] where others that count stand on
// them.
func Undo(ctx context.Context, tx *db.Tx, id int64) error {
	b, err := step(ctx, tx, id, undone, Undone, Accepted)
	if err != nil {
		return err
	}
	if !b.Undoable(tx.Now.Time) {
		return fmt.Errorf("batch %d was accepted more than %d days ago: %w", id, UndoDays, models.ErrConflict)
	}
	leaning, err := Leaning(ctx, tx, tx.Actor, id)
	if err != nil {
		return err
	}
	if len(leaning) > 0 {
		return ErrLeaned{leaning}
	}
	n, err := tx.Exec(ctx, `UPDATE ledger_batches SET state = 'undone', undone_at = ?, undone_by = ? WHERE id = ? AND state = 'accepted'`, tx.Now, db.NullID(tx.Actor.AccountID), id)
	if err == nil && n == 0 {
		return fmt.Errorf("batch %d: somebody was faster: %w", id, models.ErrConflict)
	}
	if err == nil {
		err = uncount(ctx, tx, id)
	}
	if err == nil {
		_, err = tx.Exec(ctx, `UPDATE ledger_shared SET undone = 1 WHERE batch_id = ? AND undone = 0`, id)
	}
	if err != nil {
		return fmt.Errorf("undo batch %d: %w", id, err)
	}
	return nil
}

// Discard ends a batch that never counted; a worker that reads it stops. Its rows go with
// [Sweep].
func Discard(ctx context.Context, tx *db.Tx, id int64) error {
	if _, err := step(ctx, tx, id, discarded, Discarded, Uploaded, WasFound, Loading, Staged, Failed); err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, `UPDATE ledger_batches SET state = 'discarded', worker = '', leased_until = NULL WHERE id = ?`, id); err != nil {
		return fmt.Errorf("discard batch %d: %w", id, err)
	}
	return nil
}

// Read has a worker read a batch by what its columns mean now: after it was found, or
// again. What was loaded of it before goes first.
func Read(ctx context.Context, tx *db.Tx, id int64, format Format, m *Mapping) error {
	b, err := step(ctx, tx, id, mapped, Loading, WasFound, Staged, Failed)
	if err != nil {
		return err
	}
	if !b.Kept && tx.Actor.Program == "" {
		return fmt.Errorf("batch %d: its file is not kept: %w", id, models.ErrConflict)
	}
	if err := m.check(); err != nil {
		return err
	}
	if format == FOCUS && b.State == WasFound && m.Currency == "" {
		return models.Invalid{"currency": "ledger.no_currency"}
	}
	m.settle(b.Found().Columns)
	if err := wipe(ctx, tx, id); err != nil {
		return err
	}
	const q = `UPDATE ledger_batches SET state = 'loading', format = ?, mapping = ?, publisher = ?, why = '', line = 0, summed = 0, done = 0, worker = '', leased_until = NULL WHERE id = ?`
	if _, err := tx.Exec(ctx, q, string(format), written(m), clean(m.Publisher, 200), id); err != nil {
		return fmt.Errorf("read batch %d: %w", id, err)
	}
	return m.remember(ctx, tx)
}

// wipe removes what was loaded of a batch that does not count.
func wipe(ctx context.Context, tx *db.Tx, id int64) error {
	for _, table := range []string{"ledger_charges", "ledger_documents", "ledger_batch_cells", "ledger_rejects"} {
		if _, err := tx.Exec(ctx, `DELETE FROM `+table+` WHERE batch_id = ?`, id); err != nil {
			return fmt.Errorf("clear batch %d: %w", id, err)
		}
	}
	return nil
}

// sweepRows is how many charges go in one transaction.
const sweepRows = 20_000

// Sweep removes what is left of batches that were discarded, and packs sums that wait to
// be. It returns whether there is more to do.
func Sweep(ctx context.Context, tx *db.Tx) (more bool, err error) {
	var ids []int64
	const q = `/* spend.Sweep */ SELECT id FROM ledger_batches WHERE state = 'discarded' ORDER BY id LIMIT 1`
	if err := tx.Select(ctx, &ids, q); err != nil {
		return false, err
	}
	if len(ids) == 0 {
		return packWaiting(ctx, tx)
	}
	id := ids[0]
	n, err := tx.Exec(ctx, `DELETE FROM ledger_charges WHERE id IN (SELECT id FROM ledger_charges WHERE batch_id = ? LIMIT `+strconv.Itoa(sweepRows)+`)`, id)
	if err != nil || n == sweepRows {
		return true, err
	}
	if err := wipe(ctx, tx, id); err != nil {
		return false, err
	}
	if _, err := tx.Exec(ctx, `DELETE FROM ledger_batches WHERE id = ?`, id); err != nil {
		return false, fmt.Errorf("sweep batch %d: %w", id, err)
	}
	return true, nil
}

// RemoveInvented removes the books of invented organisations. Only administrators do.
func RemoveInvented(ctx context.Context, tx *db.Tx) error {
	if !tx.Actor.Is(models.Administrator) {
		return fmt.Errorf("remove invented books: %w", models.ErrForbidden)
	}
	const orgs = `SELECT id FROM organisations WHERE invented = 1`
	if err := unroll(ctx, tx, `ledger_cells`, `c.buyer_id IN (SELECT id FROM ledger_names WHERE organisation_id IN (`+orgs+`))`); err != nil {
		return fmt.Errorf("remove invented books: %w", err)
	}
	const batches = ` WHERE batch_id IN (SELECT id FROM ledger_batches WHERE organisation_id IN (` + orgs + `))`
	for _, q := range []string{
		`UPDATE ledger_revision SET value = value + 1 WHERE one = 1`,
		`DELETE FROM ledger_cells WHERE buyer_id IN (SELECT id FROM ledger_names WHERE organisation_id IN (` + orgs + `))`,
		`DELETE FROM ledger_shared` + batches, `DELETE FROM ledger_shares` + batches,
		`DELETE FROM ledger_key_weights WHERE organisation_id IN (` + orgs + `) OR version_id IN (SELECT v.id FROM ledger_key_versions v JOIN ledger_keys k ON k.id = v.key_id WHERE k.organisation_id IN (` + orgs + `))`,
		`DELETE FROM ledger_key_versions WHERE key_id IN (SELECT id FROM ledger_keys WHERE organisation_id IN (` + orgs + `))`, `DELETE FROM ledger_keys WHERE organisation_id IN (` + orgs + `)`,
		`DELETE FROM ledger_charges` + batches, `DELETE FROM ledger_documents` + batches, `DELETE FROM ledger_batch_cells` + batches,
		`DELETE FROM ledger_rejects` + batches, `DELETE FROM ledger_batches WHERE organisation_id IN (` + orgs + `)`,
		`DELETE FROM ledger_names WHERE organisation_id IN (` + orgs + `)`, `DELETE FROM ledger_mappings WHERE organisation_id IN (` + orgs + `)`,
		`UPDATE ledger_names SET is_id = NULL WHERE is_id IN (` + orgs + `)`,
	} {
		if _, err := tx.Exec(ctx, q); err != nil {
			return fmt.Errorf("remove invented books: %w", err)
		}
	}
	return nil
}
