package catalogue

import (
	"context"
	"fmt"
	"strconv"

	"pilveturg/db"
	"pilveturg/models"
	"pilveturg/models/audit"
)

// Snapshot is what [Put] found before it changed an offering: enough to put it
// back. The versions themselves are still there; only how many there were and
// where each stood is kept.
type Snapshot struct {
	Listing Listing `json:"listing"` // without its versions
	States  []State `json:"states"`  // of version 1, 2, 3 …
}

func snapshot(ctx context.Context, r db.Reader, id int64, kept []mark) (Snapshot, error) {
	l, err := facts(ctx, r, id)
	if err != nil {
		return Snapshot{}, err
	}
	s := Snapshot{Listing: l}
	for _, m := range kept {
		s.States = append(s.States, m.State)
	}
	return s, nil
}

// Restore puts an offering back to what it was before an import changed it: the
// versions that came later go, the others stand where they stood. It fails with
// [models.ErrConflict] when the offering was changed again since revision, or
// something points at a version that would go. Only administrators restore.
func Restore(ctx context.Context, tx *db.Tx, id, revision int64, before Snapshot) error {
	if _, err := mayUndo(ctx, tx, id, revision); err != nil {
		return err
	}
	kept, err := versionMarks(ctx, tx, id)
	if err != nil {
		return undoError(id, err)
	}
	now, err := snapshot(ctx, tx, id, kept)
	if err != nil {
		return undoError(id, err)
	}
	const cut = `DELETE FROM versions WHERE offering_id = ? AND number > ?`
	if _, err := tx.Exec(ctx, cut, id, len(before.States)); err != nil {
		return undoError(id, err)
	}
	// In two steps, because only one version at a time may be published.
	const rest = `UPDATE versions SET state = ? WHERE offering_id = ? AND number = ? AND state <> ?`
	for _, published := range []bool{false, true} {
		for i, s := range before.States {
			if (s == Published) != published {
				continue
			}
			if _, err := tx.Exec(ctx, rest, s, id, i+1, s); err != nil {
				return undoError(id, err)
			}
		}
	}
	p := put{tx: tx, l: &before.Listing}
	if err := p.resolve(ctx); err != nil {
		return undoError(id, err)
	}
	if p.facts, err = hash(before.Listing); err != nil {
		return undoError(id, err)
	}
	if err := p.writeFacts(ctx, id); err != nil {
		return undoError(id, err)
	}
	if err := settlePublished(ctx, tx, id); err != nil {
		return undoError(id, err)
	}
	if _, err := touch(ctx, tx, id); err != nil {
		return undoError(id, err)
	}
	return p.note(ctx, id, audit.OfferingChanged, p.changesFrom(now, len(before.States)))
}

// Remove deletes an offering that an import brought, with all its versions. It
// fails with [models.ErrConflict] when it was changed since revision, or something
// points at it. Only administrators remove.
func Remove(ctx context.Context, tx *db.Tx, id, revision int64) error {
	last, err := mayUndo(ctx, tx, id, revision)
	if err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, `DELETE FROM offerings WHERE id = ?`, id); err != nil {
		return undoError(id, err)
	}
	if err := changed(ctx, tx, id); err != nil {
		return undoError(id, err)
	}
	return audit.Record(ctx, tx, audit.OfferingRemoved, Number(id), audit.Change{Field: versionField, Old: strconv.Itoa(last)})
}

// mayUndo checks that an offering is as it was at revision, and returns the number of
// its last version.
func mayUndo(ctx context.Context, tx *db.Tx, id, revision int64) (last int, err error) {
	if !tx.Actor.Is(models.Administrator) {
		return 0, fmt.Errorf("undo %s: %w", Number(id), models.ErrForbidden)
	}
	const q = `/* catalogue.mayUndo */
		SELECT o.revision, (SELECT COALESCE(MAX(number), 0) FROM versions WHERE offering_id = o.id) AS last
		FROM offerings o
		WHERE o.id = ?`
	var now struct {
		Revision int64 `db:"revision"`
		Last     int   `db:"last"`
	}
	if err := tx.Get(ctx, &now, q, id); err != nil {
		return 0, undoError(id, err)
	}
	if now.Revision != revision {
		return 0, fmt.Errorf("undo %s: changed since: %w", Number(id), models.ErrConflict)
	}
	return now.Last, nil
}

func undoError(id int64, err error) error {
	if db.Refused(err) {
		return fmt.Errorf("undo %s: in use: %w", Number(id), models.ErrConflict)
	}
	return fmt.Errorf("undo %s: %w", Number(id), err)
}

// Link sets the successor of an offering whose successor was not known when it
// was put. It fails with [models.ErrNotFound] when it still is not.
func Link(ctx context.Context, tx *db.Tx, id int64, successor models.Key) error {
	to, err := FindID(ctx, tx, successor)
	if err != nil {
		return err
	}
	if to == id {
		return fmt.Errorf("successor of %s: %w", Number(id), models.Invalid{"successor": "listing.successor_itself"})
	}
	if _, err := tx.Exec(ctx, `UPDATE offerings SET successor_id = ? WHERE id = ?`, to, id); err != nil {
		return fmt.Errorf("successor of %s: %w", Number(id), err)
	}
	return nil
}
