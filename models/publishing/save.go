package publishing

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"pilveturg/db"
	"pilveturg/models"
	"pilveturg/models/audit"
	"pilveturg/models/catalogue"
)

// Save has change alter the draft of an offering, and keeps it. Only what change does
// to Content, Typed and Note is kept; when that is nothing, the draft keeps its
// revision. What a draft says need not be right or complete: [Send] checks it.
//
// revision is the one that was seen: when there is another one since, Save fails with
// a [Conflict]. It is for those who write, and fails with [models.ErrNotFound] for
// others, with [models.Invalid] when the draft has more than [MaxDraft] bytes, and with
// the error of change.
func Save(ctx context.Context, tx *db.Tx, offering, revision int64, change func(*Draft) error) (Draft, error) {
	w, d, err := seen(ctx, tx, offering, revision)
	if err != nil {
		return Draft{}, err
	}
	if err := change(&d); err != nil {
		return Draft{}, err
	}
	return keep(ctx, tx, w, d)
}

// seen returns the draft as the actor saw it, or a [Conflict].
func seen(ctx context.Context, tx *db.Tx, offering, revision int64) (row, Draft, error) {
	w, err := findRow(ctx, tx, tx.Actor, offering)
	if err == nil && w.Content == "" {
		err = notFound(offering)
	}
	if err != nil {
		return row{}, Draft{}, err
	}
	d, err := w.draft()
	if err == nil && d.Revision != revision {
		err = &Conflict{Kept: d}
	}
	return w, d, err
}

// keep writes the draft over the row w, unless both say the same.
func keep(ctx context.Context, tx *db.Tx, w row, d Draft) (Draft, error) {
	next := w
	err := d.write(&next)
	if err != nil {
		return Draft{}, err
	}
	next.Base = d.Base
	if next == w {
		return d, nil
	}
	const q = `
		UPDATE drafts SET base = ?, content = ?, typed = ?, note = ?, revision = revision + 1, edited_by = ?, edited_at = ?
		WHERE offering_id = ? AND revision = ? AND content <> ''`
	n, err := tx.Exec(ctx, q, next.Base, next.Content, next.Typed, next.Note, db.NullID(tx.Actor.AccountID), tx.Now, w.Offering, w.Revision)
	if err == nil && n == 0 { // somebody was faster; on PostgreSQL only
		if d, err = FindDraft(ctx, tx, tx.Actor, w.Offering); err == nil {
			err = &Conflict{Kept: d}
		}
	}
	if err != nil {
		return Draft{}, fmt.Errorf("save the draft of %s: %w", catalogue.Number(w.Offering), err)
	}
	if w.EditedBy != tx.Actor.AccountID {
		if err := takeOver(ctx, tx, w); err != nil {
			return Draft{}, err
		}
	}
	d.Revision, d.EditedBy, d.EditedAt = w.Revision+1, tx.Actor.AccountID, tx.Now
	return d, nil
}

// write puts what people can change into the row.
func (d *Draft) write(w *row) (err error) {
	if w.Content, err = contentText(d.Content); err != nil {
		return err
	}
	if w.Typed, err = written(d.Typed); err != nil {
		return err
	}
	if len(w.Typed) > MaxDraft {
		return models.Invalid{"content": "publishing.too_large"}
	}
	w.Note, err = written(d.Note)
	return err
}

// takeOver notes that the draft is in other hands than before.
func takeOver(ctx context.Context, tx *db.Tx, w row) error {
	if err := hand(ctx, tx, w.Offering); err != nil {
		return fmt.Errorf("save the draft of %s: %w", catalogue.Number(w.Offering), err)
	}
	var c audit.Changes
	c.Add("revision", "", strconv.FormatInt(w.Revision+1, 10))
	return audit.Record(ctx, tx, draftTaken, catalogue.Number(w.Offering), c...)
}

// Discard throws the draft of an offering away; [Undiscard] takes it back for a while.
// What was sent already is not touched. It is for those who write, and fails with
// [models.ErrNotFound] for others, or when there is none.
func Discard(ctx context.Context, tx *db.Tx, offering int64) error {
	w, err := findRow(ctx, tx, tx.Actor, offering)
	if err != nil {
		return err
	}
	const q = `UPDATE drafts SET thrown = content, content = '', typed = '', revision = revision + 1, edited_by = ?, edited_at = ?
		WHERE offering_id = ? AND content <> ''`
	n, err := tx.Exec(ctx, q, db.NullID(tx.Actor.AccountID), tx.Now, offering)
	if err == nil && n == 0 {
		err = models.ErrNotFound
	}
	if err != nil {
		return fmt.Errorf("discard the draft of %s: %w", catalogue.Number(offering), err)
	}
	var c audit.Changes
	c.Add("revision", strconv.FormatInt(w.Revision, 10), "")
	return audit.Record(ctx, tx, draftDiscarded, catalogue.Number(offering), c...)
}

// UndoTime is how long what was thrown away can be taken back.
const UndoTime = 10 * time.Minute

// Undiscard takes back a draft that was thrown away. It fails with [models.ErrNotFound]
// when nothing was within [UndoTime].
func Undiscard(ctx context.Context, tx *db.Tx, offering int64) error {
	w, err := findRow(ctx, tx, tx.Actor, offering)
	if err != nil {
		return err
	}
	if w.Thrown == "" || w.Content != "" || tx.Now.Sub(w.EditedAt.Time) > UndoTime {
		return notFound(offering)
	}
	const q = `UPDATE drafts SET content = thrown, thrown = '', revision = revision + 1, edited_by = ?, edited_at = ? WHERE offering_id = ?`
	if _, err := tx.Exec(ctx, q, db.NullID(tx.Actor.AccountID), tx.Now, offering); err != nil {
		return fmt.Errorf("take back the draft of %s: %w", catalogue.Number(offering), err)
	}
	if err := hand(ctx, tx, offering); err != nil {
		return err
	}
	return audit.Record(ctx, tx, draftRestored, catalogue.Number(offering))
}

// follow makes a draft that began from an older version one of what buyers see now.
func follow(ctx context.Context, tx *db.Tx, d Draft) (Draft, error) {
	base, err := contentOf(ctx, tx, d.Offering, d.Base)
	if err != nil {
		return Draft{}, err
	}
	now, err := contentOf(ctx, tx, d.Offering, d.Published)
	if err != nil {
		return Draft{}, err
	}
	w, err := findRow(ctx, tx, tx.Actor, d.Offering)
	if err != nil {
		return Draft{}, err
	}
	d.Content, d.Base = Merge(base, d.Content, now), d.Published
	return keep(ctx, tx, w, d)
}

// contentOf is what a version says; nothing for number 0.
func contentOf(ctx context.Context, r db.Reader, offering int64, number int) (catalogue.Content, error) {
	if number == 0 {
		return catalogue.Content{}, nil
	}
	e, err := catalogue.FindEdition(ctx, r, offering, number)
	return e.Content, err
}
