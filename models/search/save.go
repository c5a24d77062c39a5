package search

import (
	"context"
	"fmt"
	"slices"

	"pilveturg/db"
	"pilveturg/models"
)

// saveBatch is how many documents are made at a time.
const saveBatch = 200

// Save makes the documents of the offerings anew, and removes those of offerings
// that buyers no longer see. It belongs into the transaction that changed them; a
// [Index.Follow] makes up for those that were forgotten.
func Save(ctx context.Context, tx *db.Tx, l *Layout, ids []int64) error {
	ids = slices.Compact(slices.Sorted(slices.Values(ids))) // in order, so that two who save do not lock each other out
	for some := range slices.Chunk(ids, saveBatch) {
		if err := saveSome(ctx, tx, l, some); err != nil {
			return fmt.Errorf("save search documents: %w", err)
		}
	}
	return nil
}

func saveSome(ctx context.Context, tx *db.Tx, l *Layout, ids []int64) error {
	g, err := readSources(ctx, tx, ids)
	if err != nil {
		return err
	}
	gone := slices.DeleteFunc(slices.Clone(ids), func(id int64) bool { return g.at[id] != nil })
	if len(gone) > 0 {
		marks, args := db.In(gone)
		if _, err := tx.Exec(ctx, `DELETE FROM search_documents WHERE offering_id IN `+marks, args...); err != nil {
			return err
		}
	}
	const q = `
		INSERT INTO search_documents (offering_id, revision, organisations, form, body)
		VALUES (?, ?, ?, ?, ?)
		ON CONFLICT (offering_id) DO UPDATE
		SET revision = excluded.revision, organisations = excluded.organisations, form = excluded.form, body = excluded.body`
	for _, src := range g.all {
		body, err := l.Body(l.Document(src))
		if err != nil {
			return err
		}
		o := &src.Offering
		if _, err := tx.Exec(ctx, q, o.ID, o.Revision, g.sums[o.ID], l.form, body); err != nil {
			return err
		}
	}
	return nil
}

// Refresh makes the documents that are missing, or older than what they are made
// from, and removes those that nobody may find; it returns how many there were.
// After an upgrade that may be all of them.
func Refresh(ctx context.Context, d *db.DB, l *Layout) (int, error) {
	ids, err := stale(ctx, d, l)
	if err != nil {
		return 0, err
	}
	for some := range slices.Chunk(ids, saveBatch) {
		err := d.Write(ctx, models.Actor{Program: "search"}, func(tx *db.Tx) error {
			return Save(ctx, tx, l, some)
		})
		if err != nil {
			return 0, err
		}
	}
	return len(ids), nil
}

// stale returns the offerings whose documents are not what they should be.
func stale(ctx context.Context, r db.Reader, l *Layout) (ids []int64, err error) {
	const q = `/* search.stale */
		SELECT o.id
		FROM offerings o
		JOIN organisations v ON v.id = o.vendor_id
		LEFT JOIN search_documents d ON d.offering_id = o.id
		WHERE CASE WHEN ` + visible + `
			THEN d.offering_id IS NULL OR d.revision <> o.revision OR d.form <> ? OR d.organisations <> ` + organisations + `
			ELSE d.offering_id IS NOT NULL END
		ORDER BY o.id`
	if err := r.Select(ctx, &ids, q, l.form); err != nil {
		return nil, fmt.Errorf("stale search documents: %w", err)
	}
	return ids, nil
}
