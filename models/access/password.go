package access

import (
	"context"
	"errors"
	"fmt"
	"unicode/utf8"

	"pilveturg/db"
	"pilveturg/models"
	"pilveturg/models/audit"
	"pilveturg/models/identity"
)

const (
	passwordChanged audit.Action = "password.changed"
	attemptsStopped audit.Action = "sign_in.stopped"
)

// Try is an attempt to sign in by a password.
type Try struct {
	Mail, Password string
	From           string // network address
	// Warn is called in the transaction that first makes the account wait, so that
	// its owner is told. It may be nil.
	Warn func(context.Context, *db.Tx, identity.Account) error
}

// ByPassword returns whose mail and password it is. It fails with [models.Invalid]
// when they do not belong together, in the same words and the same time whether or
// not there is such an account, or when the account is locked; and with a
// [*WaitError] when it was tried too often. What it counts, [Begin] forgives.
func ByPassword(ctx context.Context, d *db.DB, h *Hasher, t Try) (identity.Account, error) {
	err := d.Write(ctx, models.Actor{From: t.From}, func(tx *db.Tx) error { return t.count(ctx, tx) })
	if err != nil {
		return identity.Account{}, err
	}
	a, err := identity.FindAccountByMail(ctx, d, t.Mail)
	if err != nil && !isNotFound(err) {
		return identity.Account{}, err
	}
	kept, err := findHash(ctx, d, a.ID)
	if err != nil {
		return identity.Account{}, err
	}
	right, stale, err := h.Verify(ctx, kept, t.Password)
	switch {
	case err != nil:
		return identity.Account{}, err
	case !right || utf8.RuneCountInString(t.Password) > Longest:
		return identity.Account{}, models.Invalid{"password": "sign_in.wrong"}
	case a.State != identity.Active:
		return identity.Account{}, models.Invalid{"mail": "sign_in.locked"}
	case stale:
		err = renew(ctx, d, h, a, t)
	}
	return a, err
}

// count counts the try, and warns the owner when it is the last that need not wait.
func (t Try) count(ctx context.Context, tx *db.Tx) error {
	if _, err := byAddress.attempt(ctx, tx, t.From); err != nil {
		return err
	}
	n, err := byAccount.attempt(ctx, tx, identity.FoldMail(t.Mail))
	if err != nil || n != byAccount.free {
		return err
	}
	a, err := identity.FindAccountByMail(ctx, tx, t.Mail)
	if err != nil {
		return unlessNotFound(err)
	}
	if err := audit.Record(ctx, tx, attemptsStopped, accountSubject(a.ID)); err != nil || t.Warn == nil {
		return err
	}
	return t.Warn(ctx, tx, a)
}

func accountSubject(id int64) string { return fmt.Sprintf("account %d", id) }

func isNotFound(err error) bool { return errors.Is(err, models.ErrNotFound) }

func unlessNotFound(err error) error {
	if isNotFound(err) {
		return nil
	}
	return err
}

// findHash returns the hash of an account's password, "" when it has none.
func findHash(ctx context.Context, r db.Reader, account int64) (Hash, error) {
	var h Hash
	err := r.Get(ctx, &h, `/* access.findHash */ SELECT hash FROM passwords WHERE account_id = ?`, account)
	if err = unlessNotFound(err); err != nil {
		return "", fmt.Errorf("password of account %d: %w", account, err)
	}
	return h, nil
}

// renew keeps the password that was just right as a hash of today's cost.
func renew(ctx context.Context, d *db.DB, h *Hasher, a identity.Account, t Try) error {
	fresh, err := h.Hash(ctx, t.Password)
	if err != nil {
		return err
	}
	return d.Write(ctx, models.Actor{AccountID: a.ID, From: t.From}, func(tx *db.Tx) error {
		_, err := tx.Exec(ctx, `UPDATE passwords SET hash = ? WHERE account_id = ?`, string(fresh), a.ID)
		return err
	})
}

// HasPassword reports whether the account has a password.
func HasPassword(ctx context.Context, r db.Reader, account int64) (bool, error) {
	h, err := findHash(ctx, r, account)
	return h != "", err
}

// SetPassword gives the account of the actor a password, ends all its sessions and
// voids all its tickets. It is for the person alone: administrators send a link.
// Invented people have none: that fails with [models.ErrForbidden].
func SetPassword(ctx context.Context, tx *db.Tx, hash Hash) error {
	account := tx.Actor.AccountID
	if !tx.Actor.SignedIn() {
		return fmt.Errorf("set a password: %w", models.ErrForbidden)
	}
	a, err := identity.FindAccount(ctx, tx, account)
	if err == nil && a.Invented {
		err = models.ErrForbidden
	}
	if err != nil {
		return fmt.Errorf("set the password of account %d: %w", account, err)
	}
	const q = `
		INSERT INTO passwords (account_id, hash, changed_at) VALUES (?, ?, ?)
		ON CONFLICT (account_id) DO UPDATE SET hash = excluded.hash, changed_at = excluded.changed_at`
	if _, err := tx.Exec(ctx, q, account, string(hash), tx.Now); err != nil {
		return fmt.Errorf("set the password of account %d: %w", account, err)
	}
	if err := audit.Record(ctx, tx, passwordChanged, accountSubject(account)); err != nil {
		return err
	}
	return identity.EndSessions(ctx, tx, account)
}
