package identity

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"pilveturg/db"
	"pilveturg/models"
	"pilveturg/models/audit"
)

// Add keeps a new organisation and sets its id. What is wrong is a [models.Invalid],
// also that its key is another's. Only administrators add organisations.
func Add(ctx context.Context, tx *db.Tx, o *Organisation) error {
	if !tx.Actor.Is(models.Administrator) {
		return fmt.Errorf("add organisation %s: %w", o.Key, models.ErrForbidden)
	}
	wrong := o.settle()
	refuseKey(wrong, o.Key)
	if err := wrong.Or(); err != nil {
		return err
	}
	switch _, err := FindID(ctx, tx, o.Key); {
	case err == nil:
		return models.Invalid{"key": "org.key_taken"}
	case !isNotFound(err):
		return err
	}
	_, _, err := put(ctx, tx, o)
	if db.Taken(err) { // somebody was faster
		return models.Invalid{"key": "org.key_taken"}
	}
	return err
}

// refuseKey says what is wrong with a code that a business register should have given.
func refuseKey(wrong models.Invalid, k models.Key) {
	country, registry := strings.CutSuffix(k.Scheme, "-reg")
	if registry && !isRegistryCode(strings.ToUpper(country), k.Code) {
		wrong["key"] = "application.code_unclear"
	}
}

// Change makes the organisation be as o says, its key included, when it is still of
// the revision that was seen, or else fails with [models.ErrConflict]. It sets o.ID.
// What is wrong is a [models.Invalid]: so is a new key for a vendor that has listings,
// which others know by it, and a kind that would leave members with roles that it does
// not give. Only administrators change organisations.
func Change(ctx context.Context, tx *db.Tx, id, seen int64, o *Organisation) error {
	if !tx.Actor.Is(models.Administrator) {
		return fmt.Errorf("change organisation %d: %w", id, models.ErrForbidden)
	}
	before, err := seenOrganisation(ctx, tx, id, seen)
	if err != nil {
		return err
	}
	o.ID, o.Slug, o.Invented = id, before.Slug, before.Invented
	wrong := o.settle()
	if err := refuseChange(ctx, tx, wrong, before, *o); err != nil {
		return err
	}
	if err := wrong.Or(); err != nil || o.Key == before.Key && o.equal(before) {
		return err
	}
	parent, err := parentID(ctx, tx, o.Parent)
	if err != nil {
		return err
	}
	const q = `UPDATE organisations SET scheme = ?, code = ? WHERE id = ?`
	if _, err := tx.Exec(ctx, q, o.Key.Scheme, o.Key.Code, id); err != nil {
		if db.Taken(err) { // somebody was faster
			return models.Invalid{"key": "org.key_taken"}
		}
		return fmt.Errorf("change the key of organisation %d: %w", id, err)
	}
	if err := update(ctx, tx, o, parent); err != nil {
		return fmt.Errorf("change organisation %d: %w", id, err)
	}
	if err := writeWords(ctx, tx, o); err != nil {
		return fmt.Errorf("change organisation %d: %w", id, err)
	}
	var c audit.Changes
	c.Add("key", before.Key.String(), o.Key.String())
	return audit.Record(ctx, tx, audit.OrganisationChanged, o.Key.String(), append(c, o.changesFrom(before)...)...)
}

// seenOrganisation returns the organisation if it is still as it was seen, and keeps
// others from changing it until the transaction is over.
func seenOrganisation(ctx context.Context, tx *db.Tx, id, seen int64) (Organisation, error) {
	n, err := tx.Exec(ctx, `UPDATE organisations SET revision = revision WHERE id = ? AND revision = ?`, id, seen)
	if err != nil {
		return Organisation{}, fmt.Errorf("change organisation %d: %w", id, err)
	}
	o, err := Find(ctx, tx, id)
	if err == nil && n == 0 {
		err = fmt.Errorf("organisation %d: changed meanwhile: %w", id, models.ErrConflict)
	}
	return o, err
}

// refuseChange adds what is wrong with the change, in view of what stands elsewhere.
func refuseChange(ctx context.Context, r db.Reader, wrong models.Invalid, before, o Organisation) error {
	if o.Key != before.Key && !o.Key.IsZero() {
		if err := refuseRekey(ctx, r, wrong, before, o); err != nil {
			return err
		}
	}
	if o.Kind != before.Kind {
		if err := refuseKind(ctx, r, wrong, before, o); err != nil {
			return err
		}
	}
	circle, err := isAbove(ctx, r, o.ID, o.Parent)
	if circle {
		wrong["parent"] = "org.parent_circle"
	}
	return err
}

func refuseRekey(ctx context.Context, r db.Reader, wrong models.Invalid, before, o Organisation) error {
	refuseKey(wrong, o.Key)
	switch _, err := FindID(ctx, r, o.Key); {
	case err == nil:
		wrong["key"] = "org.key_taken"
	case !isNotFound(err):
		return err
	}
	n, err := listings(ctx, r, before.ID)
	if n > 0 {
		wrong["key"] = "org.key_has_listings"
	}
	return err
}

func listings(ctx context.Context, r db.Reader, vendor int64) (n int, err error) {
	if err := r.Get(ctx, &n, `/* identity.listings */ SELECT count(*) FROM offerings WHERE vendor_id = ?`, vendor); err != nil {
		return 0, fmt.Errorf("listings of organisation %d: %w", vendor, err)
	}
	return n, nil
}

func refuseKind(ctx context.Context, r db.Reader, wrong models.Invalid, before, o Organisation) error {
	members, err := Members(ctx, r, before.ID)
	if err != nil {
		return err
	}
	for _, m := range members {
		for _, role := range m.Roles {
			if !slices.Contains(rolesOf[o.Kind], role) {
				wrong["kind"] = "org.kind_has_members"
			}
		}
	}
	n, err := listings(ctx, r, before.ID)
	if n > 0 && o.Kind != Vendor {
		wrong["kind"] = "org.kind_has_listings"
	}
	if err != nil || o.Kind.Public() {
		return err
	}
	const q = `/* identity.refuseKind */ SELECT count(*) FROM mail_domains WHERE organisation_id = ?`
	if err := r.Get(ctx, &n, q, before.ID); err != nil {
		return fmt.Errorf("mail domains of organisation %d: %w", before.ID, err)
	}
	if n > 0 {
		wrong["kind"] = "org.kind_has_domains"
	}
	return nil
}

// isAbove reports whether the organisation is the body of the key, or above it.
func isAbove(ctx context.Context, r db.Reader, id int64, below models.Key) (bool, error) {
	const q = `/* identity.isAbove */
		WITH RECURSIVE up (id, parent_id) AS (
			SELECT id, parent_id FROM organisations WHERE scheme = ? AND code = ?
			UNION
			SELECT o.id, o.parent_id FROM organisations o JOIN up ON o.id = up.parent_id
		)
		SELECT count(*) FROM up WHERE id = ?`
	var n int
	if err := r.Get(ctx, &n, q, below.Scheme, below.Code, id); err != nil {
		return false, fmt.Errorf("bodies above %s: %w", below, err)
	}
	return n > 0, nil
}
