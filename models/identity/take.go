package identity

import (
	"context"
	"fmt"

	"pilveturg/db"
	"pilveturg/models"
)

// Take accepts the invitation whose link has the secret, and returns whose it is. For
// a mail without an account it makes one under this name and language; otherwise the
// actor must be who has that account, or it fails with [models.ErrSignIn]. It fails
// with [models.ErrNotFound] like [FindInvitation], and with [models.ErrConflict] for
// who is in the organisation already.
func Take(ctx context.Context, tx *db.Tx, secret, name, language string) (Account, error) {
	i, err := FindInvitation(ctx, tx, secret, tx.Now)
	if err != nil {
		return Account{}, err
	}
	a, err := taker(ctx, tx, i.Mail, name, language)
	if err != nil {
		return Account{}, err
	}
	const q = `UPDATE invitations SET used_at = ? WHERE id = ? AND used_at IS NULL AND revoked_at IS NULL`
	n, err := tx.Exec(ctx, q, tx.Now, i.ID)
	if err != nil || n == 0 {
		return Account{}, fmt.Errorf("take invitation %d: %w", i.ID, firstOf(err, models.ErrNotFound))
	}
	if err := i.record(ctx, tx, invitationUsed); err != nil {
		return Account{}, err
	}
	if i.ApplicationID != 0 {
		return a, confirm(ctx, tx, i.ApplicationID, a.ID)
	}
	_, err = addMember(ctx, tx, a.ID, i.OrgID, i.Powers)
	return a, err
}

func firstOf(err, other error) error {
	if err != nil {
		return err
	}
	return other
}

// taker is the account of a mail, made if there is none. What follows is done in its
// name.
func taker(ctx context.Context, tx *db.Tx, mail, name, language string) (Account, error) {
	a, err := FindAccountByMail(ctx, tx, mail)
	switch {
	case isNotFound(err):
		a = Account{Mail: mail, Name: name, Language: language}
		if err := addAccount(ctx, tx, &a); err != nil {
			return Account{}, err
		}
		tx.Actor.AccountID = a.ID
		return a, nil
	case err != nil:
		return Account{}, err
	case tx.Actor.AccountID != a.ID:
		return Account{}, fmt.Errorf("an invitation of account %d: %w", a.ID, models.ErrSignIn)
	}
	return a, nil
}
