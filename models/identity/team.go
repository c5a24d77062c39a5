package identity

import (
	"context"
	"fmt"

	"pilveturg/db"
	"pilveturg/models"
	"pilveturg/models/audit"
)

const (
	memberAdded   audit.Action = "membership.added"
	memberChanged audit.Action = "membership.changed"
	memberEnded   audit.Action = "membership.ended"
)

// keepsTeam reports whether the actor decides who is in the organisation:
// administrators everywhere, the managers of a vendor in their own.
func keepsTeam(a models.Actor, org int64) bool {
	return a.Is(models.Administrator) || a.Is(models.VendorManager) && a.OrgID == org
}

// AddMember lets the account act for the organisation and returns the id of the
// membership. It fails with [models.ErrConflict] for who is in it already. Only
// administrators add members; others invite them.
func AddMember(ctx context.Context, tx *db.Tx, account, org int64, p Powers) (int64, error) {
	if !tx.Actor.Is(models.Administrator) {
		return 0, fmt.Errorf("add a member to organisation %d: %w", org, models.ErrForbidden)
	}
	return addMember(ctx, tx, account, org, p)
}

func addMember(ctx context.Context, tx *db.Tx, account, org int64, p Powers) (int64, error) {
	o, err := keyOf(ctx, tx, org)
	if err != nil {
		return 0, err
	}
	if err := p.settle(o.Kind); err != nil {
		return 0, err
	}
	const q = `
		INSERT INTO memberships (account_id, organisation_id, limit_cents, reach, since) VALUES (?, ?, ?, ?, ?)
		ON CONFLICT (account_id, organisation_id) WHERE ended_at IS NULL DO NOTHING
		RETURNING id`
	var id int64
	err = tx.Get(ctx, &id, q, account, org, p.Limit, p.Reach, tx.Now)
	if isNotFound(err) {
		return 0, fmt.Errorf("account %d is in organisation %d already: %w", account, org, models.ErrConflict)
	}
	if err == nil {
		err = writePowers(ctx, tx, id, p)
	}
	if err != nil {
		return 0, fmt.Errorf("add account %d to organisation %d: %w", account, org, err)
	}
	return id, audit.Record(ctx, tx, memberAdded, memberSubject(account, o.Key), p.changes(Powers{})...)
}

func memberSubject(account int64, org models.Key) string {
	return fmt.Sprintf("account %d in %s", account, org)
}

// keyed is what must be known of an organisation that somebody joins or leaves.
type keyed struct {
	Key  models.Key `db:"key"`
	Kind Kind       `db:"kind"`
}

func keyOf(ctx context.Context, r db.Reader, org int64) (keyed, error) {
	const q = `/* identity.keyOf */ SELECT scheme AS "key.scheme", code AS "key.code", kind FROM organisations WHERE id = ?`
	var k keyed
	if err := r.Get(ctx, &k, q, org); err != nil {
		return keyed{}, fmt.Errorf("organisation %d: %w", org, err)
	}
	return k, nil
}

func writePowers(ctx context.Context, tx *db.Tx, membership int64, p Powers) error {
	for _, q := range []string{
		`DELETE FROM membership_roles WHERE membership_id = ?`,
		`DELETE FROM membership_rights WHERE membership_id = ?`,
	} {
		if _, err := tx.Exec(ctx, q, membership); err != nil {
			return err
		}
	}
	roles, rights := pairs(membership, p.Roles), pairs(membership, p.Rights)
	if err := tx.Insert(ctx, "membership_roles", []string{"membership_id", "role"}, roles); err != nil {
		return err
	}
	return tx.Insert(ctx, "membership_rights", []string{"membership_id", "granted"}, rights)
}

// pairs are rows of an id and one value each.
func pairs[T ~string](id int64, values []T) [][]any {
	var rows [][]any
	for _, v := range values {
		rows = append(rows, []any{id, string(v)})
	}
	return rows
}

// ChangeMember gives a member other powers, which hold from the member's next request
// on. It fails with [models.ErrConflict] when no administrator would be left. It is
// for administrators, and for managers of the vendor.
func ChangeMember(ctx context.Context, tx *db.Tx, id int64, p Powers) error {
	m, err := FindMember(ctx, tx, id)
	if err != nil {
		return err
	}
	if !keepsTeam(tx.Actor, m.OrgID) {
		return fmt.Errorf("change membership %d: %w", id, models.ErrForbidden)
	}
	o, err := keyOf(ctx, tx, m.OrgID)
	if err != nil {
		return err
	}
	if err := p.settle(o.Kind); err != nil {
		return err
	}
	if !p.holds(models.Administrator) {
		if err := notTheLast(ctx, tx, `m.id = ?`, id); err != nil {
			return fmt.Errorf("change membership %d: %w", id, err)
		}
	}
	const q = `UPDATE memberships SET limit_cents = ?, reach = ? WHERE id = ?`
	if _, err := tx.Exec(ctx, q, p.Limit, p.Reach, id); err != nil {
		return fmt.Errorf("change membership %d: %w", id, err)
	}
	if err := writePowers(ctx, tx, id, p); err != nil {
		return fmt.Errorf("change membership %d: %w", id, err)
	}
	return audit.Record(ctx, tx, memberChanged, memberSubject(m.AccountID, o.Key), p.changes(m.Powers)...)
}

// ChangeSeenMember is [ChangeMember] when the member's powers are still those whose
// stamp was seen, or else fails with [models.ErrConflict]; see [Powers.Stamp].
func ChangeSeenMember(ctx context.Context, tx *db.Tx, id int64, seen string, p Powers) error {
	// First, so that others who change the member wait until this is over.
	if _, err := tx.Exec(ctx, `UPDATE memberships SET reach = reach WHERE id = ? AND ended_at IS NULL`, id); err != nil {
		return fmt.Errorf("change membership %d: %w", id, err)
	}
	m, err := FindMember(ctx, tx, id)
	if err == nil && m.Stamp() != seen {
		err = fmt.Errorf("membership %d: changed meanwhile: %w", id, models.ErrConflict)
	}
	if err != nil {
		return err
	}
	return ChangeMember(ctx, tx, id, p)
}

// EndMember takes a person out of an organisation, and with it ends at once the
// sessions in which they act for it. It fails with [models.ErrConflict] for the last
// administrator. It is for administrators, managers of the vendor, and the person.
func EndMember(ctx context.Context, tx *db.Tx, id int64) error {
	m, err := FindMember(ctx, tx, id)
	if err != nil {
		return err
	}
	if !keepsTeam(tx.Actor, m.OrgID) && tx.Actor.AccountID != m.AccountID {
		return fmt.Errorf("end membership %d: %w", id, models.ErrForbidden)
	}
	if err := notTheLast(ctx, tx, `m.id = ?`, id); err != nil {
		return fmt.Errorf("end membership %d: %w", id, err)
	}
	const q = `UPDATE memberships SET ended_at = ? WHERE id = ?`
	if _, err := tx.Exec(ctx, q, tx.Now, id); err != nil {
		return fmt.Errorf("end membership %d: %w", id, err)
	}
	o, err := keyOf(ctx, tx, m.OrgID)
	if err != nil {
		return err
	}
	return audit.Record(ctx, tx, memberEnded, memberSubject(m.AccountID, o.Key), Powers{}.changes(m.Powers)...)
}

// Move takes a person from one organisation to another and returns the id of the new
// membership. It fails like [EndMember] and [AddMember]. Only administrators move.
func Move(ctx context.Context, tx *db.Tx, id, org int64, p Powers) (int64, error) {
	if !tx.Actor.Is(models.Administrator) {
		return 0, fmt.Errorf("move membership %d: %w", id, models.ErrForbidden)
	}
	m, err := FindMember(ctx, tx, id)
	if err != nil {
		return 0, err
	}
	to, err := AddMember(ctx, tx, m.AccountID, org, p) // first, or the last administrator could not move
	if err != nil {
		return 0, err
	}
	return to, EndMember(ctx, tx, id)
}
