package catalogue

import (
	"context"
	"fmt"
	"strconv"

	"pilveturg/db"
	"pilveturg/models"
	"pilveturg/models/audit"
)

// OwnScheme is the scheme of the offerings that were begun here; their code is their
// number.
const OwnScheme = "pilveturg"

// OpenNew makes an offering of a vendor that nobody sees yet, because it has no version,
// and returns its id. It is for the vendor's own people and administrators.
func OpenNew(ctx context.Context, tx *db.Tx, vendor int64, name string) (int64, error) {
	if !Writes(tx.Actor, vendor) {
		return 0, fmt.Errorf("open an offering of vendor %d: %w", vendor, models.ErrForbidden)
	}
	const insert = `
		INSERT INTO offerings (scheme, code, slug, vendor_id, life, unclaimed, invented, facts, created_at)
		VALUES (?, ?, ?, ?, 'open', 0, (SELECT invented FROM organisations WHERE id = ?), '', ?)
		RETURNING id`
	var id int64
	// The number is not known before; until it is, the place is that of nobody else.
	place := fmt.Sprintf("new of %d at %d by %s", vendor, tx.Now.Unix(), tx.Actor.Name())
	if err := tx.Get(ctx, &id, insert, OwnScheme, place, models.Slug(name), vendor, vendor, tx.Now); err != nil {
		return 0, fmt.Errorf("open an offering of vendor %d: %w", vendor, err)
	}
	const number = `UPDATE offerings SET code = ? WHERE id = ?`
	if _, err := tx.Exec(ctx, number, strconv.FormatInt(id, 10), id); err != nil {
		return 0, fmt.Errorf("open %s: %w", Number(id), err)
	}
	if err := writeHash(ctx, tx, id); err != nil {
		return 0, fmt.Errorf("open %s: %w", Number(id), err)
	}
	var c audit.Changes
	c.Add("vendor", "", strconv.FormatInt(vendor, 10))
	return id, audit.Record(ctx, tx, audit.OfferingAdded, Number(id), c...)
}

// Writes reports whether the actor writes what is said of the offerings of a vendor:
// its own editors and managers, and administrators.
func Writes(a models.Actor, vendor int64) bool {
	return a.Is(models.Administrator) || a.OrgID == vendor && a.IsAny(models.VendorEditor, models.VendorManager)
}

// Publish makes v, which has passed [Schema.CheckContent], the version of the offering
// that buyers see, and returns its number. The one before stays as it is. It fails with
// [models.ErrConflict] when v says what that one says.
//
// It is for those who write (see [Writes]) and for moderators; whether a change may go
// without a moderator is not asked here.
func Publish(ctx context.Context, tx *db.Tx, offering int64, v Version) (number int, err error) {
	if _, err := touch(ctx, tx, offering); err != nil { // first: whoever publishes at once waits here
		return 0, fmt.Errorf("publish %s: %w", Number(offering), err)
	}
	o, err := Find(ctx, tx, offering)
	if err != nil {
		return 0, err
	}
	if !Writes(tx.Actor, o.VendorID) && !tx.Actor.Is(models.Moderator) {
		return 0, fmt.Errorf("publish %s: %w", Number(offering), models.ErrForbidden)
	}
	if number, err = publish(ctx, tx, o, v); err != nil {
		return 0, fmt.Errorf("publish %s: %w", Number(offering), err)
	}
	return number, nil
}

func publish(ctx context.Context, tx *db.Tx, o Offering, v Version) (int, error) {
	kept, err := versionMarks(ctx, tx, o.ID)
	if err != nil {
		return 0, err
	}
	h, err := v.Hash()
	if err != nil {
		return 0, err
	}
	last := 0 // the numbers have no gaps, but an import may leave versions that are no buyer's
	for _, m := range kept {
		if m.State == Published && m.Hash == h {
			return 0, fmt.Errorf("it says the same: %w", models.ErrConflict)
		}
		last = m.Number
	}
	number := last + 1
	v.State = Published
	if err := supersede(ctx, tx, o.ID, Published); err != nil {
		return 0, err
	}
	if err := appendVersion(ctx, tx, o.ID, number, &v, 0); err != nil {
		return 0, err
	}
	if err := settlePublished(ctx, tx, o.ID); err != nil {
		return 0, err
	}
	if err := nameFirst(ctx, tx, o, v); err != nil {
		return 0, err
	}
	if err := changed(ctx, tx, o.ID); err != nil {
		return 0, err
	}
	var c audit.Changes
	c.Add(versionField, count(last), count(number))
	return number, audit.Record(ctx, tx, audit.OfferingChanged, Number(o.ID), c...)
}

// RemoveBegun removes the invented offerings that were begun and never published. Only
// administrators remove.
func RemoveBegun(ctx context.Context, tx *db.Tx) error {
	if !tx.Actor.Is(models.Administrator) {
		return fmt.Errorf("remove what was begun: %w", models.ErrForbidden)
	}
	const q = `
		DELETE FROM offerings
		WHERE scheme = ? AND invented = 1 AND NOT EXISTS (SELECT 1 FROM versions v WHERE v.offering_id = offerings.id)
		RETURNING id`
	var gone []int64
	if err := tx.Select(ctx, &gone, q, OwnScheme); err != nil {
		return fmt.Errorf("remove what was begun: %w", err)
	}
	for _, id := range gone {
		if err := audit.Record(ctx, tx, audit.OfferingRemoved, Number(id)); err != nil {
			return err
		}
	}
	return nil
}

// nameFirst gives an offering its address when it is published for the first time:
// what it was called before, nobody has seen.
func nameFirst(ctx context.Context, tx *db.Tx, o Offering, v Version) error {
	if o.Published != 0 || o.Key.Scheme != OwnScheme {
		return nil
	}
	if _, err := tx.Exec(ctx, `UPDATE offerings SET slug = ? WHERE id = ?`, models.Slug(v.name()), o.ID); err != nil {
		return err
	}
	return writeHash(ctx, tx, o.ID)
}

// writeHash keeps the hash of all but the versions, by which [Put] sees what changed.
func writeHash(ctx context.Context, tx *db.Tx, id int64) error {
	l, err := facts(ctx, tx, id)
	if err != nil {
		return err
	}
	h, err := hash(l)
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `UPDATE offerings SET facts = ? WHERE id = ?`, h, id)
	return err
}
