package catalogue

import (
	"context"
	"errors"
	"fmt"

	"pilveturg/db"
	"pilveturg/models"
	"pilveturg/models/audit"
	"pilveturg/models/identity"
)

// HandOver makes an unclaimed offering a vendor's own. What is said of it stays as it
// is, with its history; from now on imports of public facts change only who uses it.
// It fails with [models.ErrConflict] when it is not unclaimed, or no longer. Only
// moderators and administrators hand offerings over.
func HandOver(ctx context.Context, tx *db.Tx, id, vendor int64) error {
	if !tx.Actor.IsAny(models.Moderator, models.Administrator) {
		return fmt.Errorf("hand over %s: %w", Number(id), models.ErrForbidden)
	}
	before, err := facts(ctx, tx, id)
	if err != nil {
		return err
	}
	o, err := identity.Find(ctx, tx, vendor)
	if err != nil {
		return err
	}
	after := before
	after.Vendor, after.Unclaimed = o.Key, false
	sum, err := hash(after)
	if err != nil {
		return err
	}
	const q = `UPDATE offerings SET vendor_id = ?, unclaimed = 0, claimed_on = ?, facts = ? WHERE id = ? AND unclaimed = 1`
	n, err := tx.Exec(ctx, q, vendor, models.DateOf(tx.Now.Time), sum, id)
	if err == nil && n == 0 {
		err = models.ErrConflict
	}
	if err == nil {
		err = Touch(ctx, tx, id)
	}
	if err != nil {
		return fmt.Errorf("hand over %s: %w", Number(id), err)
	}
	var c audit.Changes
	c.Add("vendor", before.Vendor.String(), after.Vendor.String())
	c.AddFlag("unclaimed", true, false)
	return audit.Record(ctx, tx, audit.OfferingChanged, Number(id), c...)
}

// ClaimedOn returns the day on which a vendor got an offering that was unclaimed
// before; zero when it never was, or is.
func ClaimedOn(ctx context.Context, r db.Reader, id int64) (day models.Date, err error) {
	if err := r.Get(ctx, &day, `/* catalogue.ClaimedOn */ SELECT claimed_on FROM offerings WHERE id = ?`, id); err != nil {
		return day, fmt.Errorf("offering %s: %w", Number(id), err)
	}
	return day, nil
}

// asClaimed is what an import of public facts may say of an offering that a vendor has
// claimed since: who uses it. All others are as they come.
func asClaimed(ctx context.Context, r db.Reader, l *Listing) (*Listing, error) {
	if !l.Unclaimed {
		return l, nil
	}
	var id int64
	const q = `/* catalogue.asClaimed */ SELECT id FROM offerings WHERE scheme = ? AND code = ? AND claimed_on IS NOT NULL`
	err := r.Get(ctx, &id, q, l.Key.Scheme, l.Key.Code)
	if errors.Is(err, models.ErrNotFound) {
		return l, nil
	}
	if err != nil {
		return nil, fmt.Errorf("listing %s: %w", l.Key, err)
	}
	kept, err := FindListing(ctx, r, id)
	kept.Uses = l.Uses
	return &kept, err
}
