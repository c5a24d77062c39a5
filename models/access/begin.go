package access

import (
	"context"
	"fmt"

	"pilveturg/db"
	"pilveturg/models"
	"pilveturg/models/audit"
	"pilveturg/models/identity"
)

const (
	sessionBegun   audit.Action = "session.begun"
	sessionChanged audit.Action = "session.acting_changed"
	sessionEnded   audit.Action = "session.ended"
)

// Device is where a session is to live.
type Device struct {
	From     string // network address
	Agent    string // "Firefox, Windows"
	Replaces string // the secret of the session that the browser had; "" for none
}

// longestAgent is how many bytes of what a browser calls itself are kept.
const longestAgent = 100

// Begin begins a session of an account whose person has shown who they are, ends the
// one that it replaces, and forgives what was tried before. The session acts for the
// same as the one before. It returns the new secret, and fails with
// [models.ErrForbidden] when the account is not active. What follows in the
// transaction is done by the account.
func Begin(ctx context.Context, tx *db.Tx, account int64, d Device) (secret string, err error) {
	a, err := identity.FindAccount(ctx, tx, account)
	if err == nil && a.State != identity.Active {
		err = models.ErrForbidden
	}
	if err != nil {
		return "", fmt.Errorf("begin a session of account %d: %w", account, err)
	}
	tx.Actor = models.Actor{AccountID: account, From: d.From}
	acting, err := lastActing(ctx, tx, account, d.Replaces)
	if err != nil {
		return "", err
	}
	if d.Replaces != "" {
		if _, err := tx.Exec(ctx, `UPDATE sessions SET ended_at = ? WHERE hash = ? AND ended_at IS NULL`, tx.Now, identity.HashSecret(d.Replaces)); err != nil {
			return "", fmt.Errorf("end the session before: %w", err)
		}
	}
	secret, hash := identity.NewSecret()
	const q = `
		INSERT INTO sessions (hash, account_id, generation, membership_id, created_at, seen_at, fresh_at, address, agent)
		VALUES (?, ?, (SELECT generation FROM accounts WHERE id = ?), ?, ?, ?, ?, ?, ?)`
	agent := d.Agent[:min(len(d.Agent), longestAgent)]
	if _, err := tx.Exec(ctx, q, hash, account, account, acting, tx.Now, tx.Now, tx.Now, d.From, agent); err != nil {
		return "", fmt.Errorf("begin a session of account %d: %w", account, err)
	}
	if err := forgive(ctx, tx, a.Mail, d.From); err != nil {
		return "", err
	}
	return secret, audit.Record(ctx, tx, sessionBegun, accountSubject(account))
}

// lastActing is the membership that the person acted for last, in the session that is
// replaced rather than in another, or else their first; nil when they have none.
func lastActing(ctx context.Context, r db.Reader, account int64, replaces string) (any, error) {
	const q = `/* access.lastActing */
		SELECT m.id FROM memberships m
		LEFT JOIN sessions s ON s.membership_id = m.id
		WHERE m.account_id = ? AND m.ended_at IS NULL
		ORDER BY CASE WHEN s.hash = ? THEN 0 ELSE 1 END, COALESCE(s.id, 0) DESC, m.id
		LIMIT 1`
	var id int64
	err := r.Get(ctx, &id, q, account, identity.HashSecret(replaces))
	switch {
	case isNotFound(err):
		return nil, nil
	case err != nil:
		return nil, fmt.Errorf("memberships of account %d: %w", account, err)
	}
	return id, nil
}

// See writes down that the session is used.
func See(ctx context.Context, tx *db.Tx, id int64) error {
	if _, err := tx.Exec(ctx, `UPDATE sessions SET seen_at = ? WHERE id = ?`, tx.Now, id); err != nil {
		return fmt.Errorf("session %d is seen: %w", id, err)
	}
	return nil
}

// ActAs makes a session of the actor act for another of the actor's memberships and
// returns its new secret; the one before stops working. It fails with
// [models.ErrNotFound] when the session or the membership is not the actor's, or over.
func ActAs(ctx context.Context, tx *db.Tx, session, membership int64) (secret string, err error) {
	secret, hash := identity.NewSecret()
	const q = `
		UPDATE sessions SET hash = ?, membership_id = (SELECT id FROM memberships WHERE id = ? AND account_id = ? AND ended_at IS NULL)
		WHERE id = ? AND account_id = ? AND ended_at IS NULL
		RETURNING COALESCE(membership_id, 0)`
	var acting int64
	err = tx.Get(ctx, &acting, q, hash, membership, tx.Actor.AccountID, session, tx.Actor.AccountID)
	if err == nil && acting == 0 {
		err = models.ErrNotFound // and nothing of it is kept
	}
	if err != nil {
		return "", fmt.Errorf("act for membership %d: %w", membership, err)
	}
	return secret, audit.Record(ctx, tx, sessionChanged, accountSubject(tx.Actor.AccountID))
}

// End ends a session of the actor, or of anybody when the actor administers. It fails
// with [models.ErrNotFound] when it is not the actor's, or over.
func End(ctx context.Context, tx *db.Tx, session int64) error {
	q := `UPDATE sessions SET ended_at = ? WHERE id = ? AND ended_at IS NULL`
	args := []any{tx.Now, session}
	if !tx.Actor.Is(models.Administrator) {
		q += ` AND account_id = ?`
		args = append(args, tx.Actor.AccountID)
	}
	var account int64
	if err := tx.Get(ctx, &account, q+` RETURNING account_id`, args...); err != nil {
		return fmt.Errorf("end session %d: %w", session, err)
	}
	return audit.Record(ctx, tx, sessionEnded, accountSubject(account))
}

// EndOthers ends all sessions of the actor but one.
func EndOthers(ctx context.Context, tx *db.Tx, but int64) error {
	const q = `UPDATE sessions SET ended_at = ? WHERE account_id = ? AND id <> ? AND ended_at IS NULL`
	if _, err := tx.Exec(ctx, q, tx.Now, tx.Actor.AccountID, but); err != nil {
		return fmt.Errorf("end other sessions of account %d: %w", tx.Actor.AccountID, err)
	}
	return audit.Record(ctx, tx, sessionEnded, accountSubject(tx.Actor.AccountID))
}
