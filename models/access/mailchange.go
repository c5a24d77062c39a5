package access

import (
	"context"
	"fmt"
	"strings"
	"time"

	"pilveturg/db"
	"pilveturg/models"
	"pilveturg/models/audit"
	"pilveturg/models/identity"
)

const mailAsked audit.Action = "mail_change.asked"

// How long the links of a change of mail work.
const (
	mailLife = 24 * time.Hour     // in the letter to the new address
	undoLife = 7 * 24 * time.Hour // in that to the one before
)

// MailChange is another mail for an account, that was asked for or made.
type MailChange struct {
	ID        int64       `db:"id"`
	AccountID int64       `db:"account_id"`
	Before    string      `db:"mail_before"`
	After     string      `db:"mail_after"`
	Asked     models.Time `db:"asked_at"`
}

const mailChangeColumns = `c.id, c.account_id, c.mail_before, c.mail_after, c.asked_at`

// AskMail keeps that the actor wants another mail, in place of what was asked before,
// and returns the secret for a letter to it. There is none when somebody else has the
// mail: the answer must not tell. It fails with [models.Invalid] under "mail" when the
// mail may not be the account's, or the account asked for too many letters.
func AskMail(ctx context.Context, tx *db.Tx, mail string) (secret string, err error) {
	mail = strings.TrimSpace(mail)
	a, err := identity.FindAccount(ctx, tx, tx.Actor.AccountID)
	if err == nil {
		err = identity.MailMayBe(ctx, tx, a, mail)
	}
	if err != nil {
		return "", err
	}
	may, err := MayWrite(ctx, tx, mail, accountSubject(a.ID))
	if err != nil || !may {
		return "", firstOf(err, models.Invalid{"mail": "mail.too_often"})
	}
	if err := voidMailChanges(ctx, tx, a.ID); err != nil {
		return "", err
	}
	asked := audit.Change{Field: "mail", Old: a.Mail, New: mail, Person: a.ID}
	if err := audit.Record(ctx, tx, mailAsked, accountSubject(a.ID), asked); err != nil {
		return "", err
	}
	other, err := identity.FindAccountByMail(ctx, tx, mail)
	if err = unlessNotFound(err); err != nil || other.ID != 0 && other.ID != a.ID {
		return "", err
	}
	secret, hash := identity.NewSecret()
	const q = `
		INSERT INTO mail_changes (account_id, generation, mail_before, mail_after, hash, asked_at, expires_at)
		SELECT id, generation, mail, ?, ?, ?, ? FROM accounts WHERE id = ?`
	if _, err := tx.Exec(ctx, q, mail, hash, tx.Now, models.Time{Time: tx.Now.Add(mailLife)}, a.ID); err != nil {
		return "", fmt.Errorf("ask for another mail of account %d: %w", a.ID, err)
	}
	return secret, nil
}

func firstOf(err, other error) error {
	if err != nil {
		return err
	}
	return other
}

// voidMailChanges makes worthless what was asked and not done.
func voidMailChanges(ctx context.Context, tx *db.Tx, account int64) error {
	if _, err := tx.Exec(ctx, `DELETE FROM mail_changes WHERE account_id = ? AND done_at IS NULL`, account); err != nil {
		return fmt.Errorf("void changes of mail of account %d: %w", account, err)
	}
	return nil
}

// FindMailChange returns the change whose secret stands in the letter to the new
// address. It fails with [models.ErrNotFound] when it is over by now, was made, or the
// sessions of the account were ended since it was asked for.
func FindMailChange(ctx context.Context, r db.Reader, secret string, now models.Time) (c MailChange, err error) {
	const q = `/* access.FindMailChange */ SELECT ` + mailChangeColumns + ` FROM mail_changes c
		JOIN accounts a ON a.id = c.account_id AND a.generation = c.generation AND a.state = 'active' AND a.mail = c.mail_before
		WHERE c.hash = ? AND c.done_at IS NULL AND c.expires_at > ?`
	if err := r.Get(ctx, &c, q, identity.HashSecret(secret), now); err != nil {
		return MailChange{}, fmt.Errorf("change of mail: %w", err)
	}
	return c, nil
}

// ChangeMail makes the change with the secret, ends the sessions of the account but
// one, voids links that were sent to the mail before, and returns the secret for a
// letter to that, which takes the change back within seven days. It fails like
// [FindMailChange] and [identity.ChangeMail]. What follows in the transaction is done
// by the account.
func ChangeMail(ctx context.Context, tx *db.Tx, secret string, but int64) (c MailChange, undo string, err error) {
	if c, err = FindMailChange(ctx, tx, secret, tx.Now); err != nil {
		return c, "", err
	}
	tx.Actor = models.Actor{AccountID: c.AccountID, From: tx.Actor.From}
	undo, hash := identity.NewSecret()
	const q = `UPDATE mail_changes SET done_at = ?, undo_hash = ?, undo_until = ? WHERE id = ? AND done_at IS NULL`
	n, err := tx.Exec(ctx, q, tx.Now, hash, models.Time{Time: tx.Now.Add(undoLife)}, c.ID)
	if err == nil && n == 0 {
		err = models.ErrNotFound // somebody was faster
	}
	if err != nil {
		return c, "", fmt.Errorf("change of mail: %w", err)
	}
	if err := identity.ChangeMail(ctx, tx, c.AccountID, c.After); err != nil {
		return c, "", err
	}
	if _, err := tx.Exec(ctx, `DELETE FROM tickets WHERE account_id = ?`, c.AccountID); err != nil {
		return c, "", fmt.Errorf("void links of account %d: %w", c.AccountID, err)
	}
	return c, undo, EndOthers(ctx, tx, but)
}

// FindUndo returns the change whose secret stands in the letter to the address before.
// It fails with [models.ErrNotFound] when it is too late by now, was taken back, or the
// account is locked.
func FindUndo(ctx context.Context, r db.Reader, secret string, now models.Time) (c MailChange, err error) {
	const q = `/* access.FindUndo */ SELECT ` + mailChangeColumns + ` FROM mail_changes c
		JOIN accounts a ON a.id = c.account_id AND a.state = 'active'
		WHERE c.undo_hash = ? AND c.undo_until > ?`
	if err := r.Get(ctx, &c, q, identity.HashSecret(secret), now); err != nil {
		return MailChange{}, fmt.Errorf("change of mail to take back: %w", err)
	}
	return c, nil
}

// UndoMail takes the change with the secret back, with all that somebody else may have
// done from when it was asked for: later changes of mail are worth nothing, ways to
// sign in that were added go, sessions end, and the password is another. It fails like
// [FindUndo], and with [models.Invalid] when somebody else has the mail by now.
func UndoMail(ctx context.Context, tx *db.Tx, secret string, hash Hash) (c MailChange, err error) {
	if c, err = FindUndo(ctx, tx, secret, tx.Now); err != nil {
		return c, err
	}
	tx.Actor = models.Actor{AccountID: c.AccountID, From: tx.Actor.From}
	if err := identity.RestoreMail(ctx, tx, c.AccountID, c.Before); err != nil {
		return c, err
	}
	for _, q := range []string{
		`DELETE FROM mail_changes WHERE account_id = ? AND asked_at >= ?`,
		`DELETE FROM authenticators WHERE account_id = ? AND created_at >= ?`,
		`DELETE FROM passkeys WHERE account_id = ? AND created_at >= ?`,
		`DELETE FROM identities WHERE account_id = ? AND added_at >= ?`,
	} {
		if _, err := tx.Exec(ctx, q, c.AccountID, c.Asked); err != nil {
			return c, fmt.Errorf("take back what was done to account %d: %w", c.AccountID, err)
		}
	}
	if err := lastFactor(ctx, tx, c.AccountID); err != nil {
		return c, err
	}
	if err := SetPassword(ctx, tx, hash); err != nil {
		return c, err
	}
	return c, forgive(ctx, tx, c.Before, "")
}
