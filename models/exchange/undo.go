package exchange

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"pilveturg/db"
	"pilveturg/models"
	"pilveturg/models/audit"
	"pilveturg/models/catalogue"
	"pilveturg/models/contracts"
	"pilveturg/models/identity"
	"pilveturg/models/procurement"
	"pilveturg/models/publishing"
	"pilveturg/models/spend"
	"pilveturg/models/systems"
)

// Imported is an import that was applied.
type Imported struct {
	ID        int64       `db:"id" json:"import"`
	Kind      Kind        `db:"kind" json:"kind"`
	File      string      `db:"file" json:"file"`
	StartedAt models.Time `db:"started_at" json:"started_at"`
	Created   int         `db:"created" json:"created"`
	Changed   int         `db:"changed" json:"changed"`
	Unchanged int         `db:"unchanged" json:"unchanged"`
	Problems  int         `db:"problems" json:"problems"`
	UndoneAt  models.Time `db:"undone_at" json:"undone_at,omitzero"`
}

const importColumns = `id, kind, file, started_at, created, changed, unchanged, problems, undone_at`

// Imports returns what was imported, the newest first.
func Imports(ctx context.Context, r db.Reader) ([]Imported, error) {
	const q = `/* exchange.Imports */ SELECT ` + importColumns + ` FROM imports ORDER BY id DESC`
	var all []Imported
	if err := r.Select(ctx, &all, q); err != nil {
		return nil, fmt.Errorf("imports: %w", err)
	}
	return all, nil
}

// HasDemo reports whether the database holds the demonstration data.
func HasDemo(ctx context.Context, r db.Reader) (bool, error) {
	const q = `/* exchange.HasDemo */ SELECT COUNT(*) FROM imports WHERE kind = 'demonstration' AND undone_at IS NULL`
	var n int
	if err := r.Get(ctx, &n, q); err != nil {
		return false, fmt.Errorf("demonstration: %w", err)
	}
	return n > 0, nil
}

// ConflictError says that an import cannot be undone because of what happened
// since. It is a [models.ErrConflict].
type ConflictError struct {
	Things []string // what was changed since, or is in use: "SC-12", "organisation 7"
}

// Error names the things.
func (e *ConflictError) Error() string {
	return fmt.Sprintf("changed or used since by others: %v", e.Things)
}

// Is makes the error a [models.ErrConflict].
func (e *ConflictError) Is(target error) bool { return target == models.ErrConflict }

// changeRow is a row of import_changes.
type changeRow struct {
	Subject  string `db:"subject"`
	ID       int64  `db:"subject_id"`
	Revision int64  `db:"revision"`
	Previous string `db:"previous"`
}

// Undo puts everything back that an import changed, all of it or, with a
// [ConflictError], nothing. It fails with [models.ErrNotFound] when there is no
// such import and with [models.ErrConflict] when it is undone already. Only
// administrators undo.
func Undo(ctx context.Context, d *db.DB, actor models.Actor, id int64) (Imported, error) {
	var im Imported
	err := d.WriteAlone(ctx, actor, func(tx *db.Tx) error {
		if !actor.Is(models.Administrator) {
			return models.ErrForbidden
		}
		if err := tx.Get(ctx, &im, `SELECT `+importColumns+` FROM imports WHERE id = ?`, id); err != nil {
			return err
		}
		if !im.UndoneAt.IsZero() {
			return fmt.Errorf("undone already: %w", models.ErrConflict)
		}
		return undo(ctx, tx, im)
	})
	if err != nil && db.Refused(err) { // by a successor that is checked at the end
		err = fmt.Errorf("something that came later points at it: %w", models.ErrConflict)
	}
	if err != nil {
		return Imported{}, fmt.Errorf("undo import %d: %w", id, err)
	}
	return im, nil
}

func undo(ctx context.Context, tx *db.Tx, im Imported) error {
	const q = `SELECT subject, subject_id, revision, previous FROM import_changes WHERE import_id = ? ORDER BY position DESC`
	var changes []changeRow
	if err := tx.Select(ctx, &changes, q, im.ID); err != nil {
		return err
	}
	if im.Kind == Demonstration { // what its vendors wrote goes with them
		if err := publishing.RemoveInvented(ctx, tx); err != nil {
			return err
		}
	}
	if err := unchanged(ctx, tx, changes); err != nil {
		return err
	}
	if im.Kind == Demonstration { // whose people belong to its organisations, and whose projects name them
		if err := spend.RemoveInvented(ctx, tx); err != nil {
			return err
		}
		if err := systems.RemoveInvented(ctx, tx); err != nil {
			return err
		}
		if err := contracts.RemoveInvented(ctx, tx); err != nil {
			return err
		}
		if err := procurement.RemoveInvented(ctx, tx); err != nil {
			return err
		}
		if err := identity.RemovePeople(ctx, tx); err != nil {
			return err
		}
	}
	for _, c := range changes {
		if err := c.undo(ctx, tx); err != nil {
			return err
		}
		if err := c.rebase(ctx, tx); err != nil {
			return err
		}
	}
	if _, err := tx.Exec(ctx, `UPDATE imports SET undone_at = ? WHERE id = ?`, tx.Now, im.ID); err != nil {
		return err
	}
	var c audit.Changes
	c.AddNumber("removed", im.Created)
	c.AddNumber("restored", im.Changed)
	return audit.Record(ctx, tx, audit.ImportUndone, fmt.Sprintf("import %d of %s", im.ID, im.File), c...)
}

// unchanged checks before anything is touched that nobody changed it since, or began to.
func unchanged(ctx context.Context, r db.Reader, changes []changeRow) error {
	var conflict ConflictError
	for _, c := range changes {
		now, err := c.now(ctx, r)
		if err != nil && !errors.Is(err, models.ErrNotFound) {
			return err
		}
		written := false
		if c.Subject == "offering" {
			if written, err = publishing.Written(ctx, r, c.ID); err != nil {
				return err
			}
		}
		if now != c.Revision || written {
			conflict.Things = append(conflict.Things, c.name())
		}
	}
	if len(conflict.Things) > 0 {
		return &conflict
	}
	return nil
}

func (c changeRow) now(ctx context.Context, r db.Reader) (int64, error) {
	switch c.Subject {
	case "organisation":
		return identity.Revision(ctx, r, c.ID)
	case "offering":
		o, err := catalogue.Find(ctx, r, c.ID)
		return o.Revision, err
	default:
		return c.Revision, nil
	}
}

// rebase lets the import before this one be undone next: what it left stands again,
// under a new revision, because revisions are never used twice.
func (c changeRow) rebase(ctx context.Context, tx *db.Tx) error {
	if c.Previous == "" || c.Subject == "cpv" {
		return nil
	}
	now, err := c.now(ctx, tx)
	if err != nil {
		return err
	}
	const q = `UPDATE import_changes SET revision = ? WHERE subject = ? AND subject_id = ? AND revision = ?`
	_, err = tx.Exec(ctx, q, now, c.Subject, c.ID, c.Revision-1) // an import changes a thing once
	return err
}

func (c changeRow) name() string {
	if c.Subject == "offering" {
		return catalogue.Number(c.ID)
	}
	return fmt.Sprintf("%s %d", c.Subject, c.ID)
}

func (c changeRow) undo(ctx context.Context, tx *db.Tx) error {
	switch {
	case c.Subject == "cpv":
		var codes []catalogue.CPV
		if err := json.Unmarshal([]byte(c.Previous), &codes); err != nil {
			return err
		}
		_, _, _, err := catalogue.ReplaceCPV(ctx, tx, codes)
		return err
	case c.Subject == "organisation" && c.Previous == "":
		return identity.Remove(ctx, tx, c.ID)
	case c.Subject == "organisation":
		var o identity.Organisation
		if err := json.Unmarshal([]byte(c.Previous), &o); err != nil {
			return err
		}
		_, _, err := identity.Put(ctx, tx, &o)
		return err
	case c.Previous == "":
		return catalogue.Remove(ctx, tx, c.ID, c.Revision)
	default:
		var before catalogue.Snapshot
		if err := json.Unmarshal([]byte(c.Previous), &before); err != nil {
			return err
		}
		return catalogue.Restore(ctx, tx, c.ID, c.Revision, before)
	}
}
