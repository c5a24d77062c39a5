package access

import (
	"context"
	"fmt"

	"pilveturg/db"
	"pilveturg/models"
	"pilveturg/models/audit"
	"pilveturg/models/identity"
)

const factorsRemoved audit.Action = "factors.removed"

// Factors are what a person has besides a password.
type Factors struct {
	App      *App
	Passkeys []Passkey // the oldest first
	Recovery int       // codes that are not used
}

// App is an authenticator app.
type App struct {
	Since models.Time `db:"created_at"`
	Used  models.Time `db:"used_at"`
}

// Any reports whether a password alone is not enough to sign in.
func (f Factors) Any() bool { return f.App != nil || len(f.Passkeys) > 0 }

// FindFactors returns what the person of an account has.
func FindFactors(ctx context.Context, r db.Reader, account int64) (f Factors, err error) {
	var apps []App
	if err := r.Select(ctx, &apps, `/* access.FindFactors */ SELECT created_at, used_at FROM authenticators WHERE account_id = ?`, account); err != nil {
		return f, fmt.Errorf("authenticator of account %d: %w", account, err)
	}
	if len(apps) > 0 {
		f.App = &apps[0]
	}
	if f.Passkeys, err = passkeysOf(ctx, r, account); err != nil {
		return f, err
	}
	const q = `/* access.FindFactors */ SELECT count(*) FROM recovery_codes WHERE account_id = ? AND used_at IS NULL`
	if err := r.Get(ctx, &f.Recovery, q, account); err != nil {
		return f, fmt.Errorf("recovery codes of account %d: %w", account, err)
	}
	return f, nil
}

// HasFactor reports whether a password alone is not enough for an account.
func HasFactor(ctx context.Context, r db.Reader, account int64) (bool, error) {
	const q = `/* access.HasFactor */
		SELECT (SELECT count(*) FROM authenticators WHERE account_id = ?) + (SELECT count(*) FROM passkeys WHERE account_id = ?)`
	var n int
	if err := r.Get(ctx, &n, q, account, account); err != nil {
		return false, fmt.Errorf("factors of account %d: %w", account, err)
	}
	return n > 0, nil
}

// mayHaveFactors refuses who is nobody, or invented: many become them.
func mayHaveFactors(ctx context.Context, r db.Reader, actor models.Actor) error {
	a, err := identity.FindAccount(ctx, r, actor.AccountID)
	if err == nil && a.Invented {
		err = models.ErrForbidden
	}
	if err != nil {
		return fmt.Errorf("second factors of account %d: %w", actor.AccountID, err)
	}
	return nil
}

// firstFactor makes recovery codes for who had no factor so far, and ends their
// sessions, which began by a password alone. There are none for others.
func firstFactor(ctx context.Context, tx *db.Tx, had bool) (codes []string, err error) {
	if had {
		return nil, nil
	}
	if codes, err = makeRecovery(ctx, tx); err != nil {
		return nil, err
	}
	return codes, identity.EndSessions(ctx, tx, tx.Actor.AccountID)
}

// lastFactor removes the recovery codes of who has no factor any more.
func lastFactor(ctx context.Context, tx *db.Tx, account int64) error {
	has, err := HasFactor(ctx, tx, account)
	if err != nil || has {
		return err
	}
	if _, err := tx.Exec(ctx, `DELETE FROM recovery_codes WHERE account_id = ?`, account); err != nil {
		return fmt.Errorf("remove recovery codes: %w", err)
	}
	return nil
}

// RemoveFactors removes all that an account has besides a password, for who has lost
// it, and ends its sessions. It fails with [models.ErrConflict] when there is nothing.
// Only administrators do so, and not for themselves: that fails with
// [models.ErrForbidden].
func RemoveFactors(ctx context.Context, tx *db.Tx, account int64) error {
	if !tx.Actor.Is(models.Administrator) || tx.Actor.AccountID == account {
		return fmt.Errorf("remove the factors of account %d: %w", account, models.ErrForbidden)
	}
	var removed int64
	for _, q := range []string{
		`DELETE FROM authenticators WHERE account_id = ?`,
		`DELETE FROM passkeys WHERE account_id = ?`,
		`DELETE FROM recovery_codes WHERE account_id = ?`,
	} {
		n, err := tx.Exec(ctx, q, account)
		if err != nil {
			return fmt.Errorf("remove the factors of account %d: %w", account, err)
		}
		removed += n
	}
	if removed == 0 {
		return fmt.Errorf("remove the factors of account %d: it has none: %w", account, models.ErrConflict)
	}
	if err := audit.Record(ctx, tx, factorsRemoved, accountSubject(account)); err != nil {
		return err
	}
	return identity.EndSessions(ctx, tx, account)
}
