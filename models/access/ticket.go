package access

import (
	"context"
	"fmt"
	"time"

	"pilveturg/db"
	"pilveturg/models"
	"pilveturg/models/audit"
	"pilveturg/models/identity"
)

// Purpose says what a ticket is for; a ticket of one is worth nothing for another.
type Purpose string

// The purposes.
const (
	SetsPassword Purpose = "password"    // lets a person choose a password without the one before
	SecondStep   Purpose = "second_step" // of a sign-in whose password was right
)

// SecondStepLife is how long somebody may take from the password to the code.
const SecondStepLife = 5 * time.Minute

const (
	ticketGiven audit.Action = "ticket.given"
	ticketUsed  audit.Action = "ticket.used"
)

// Give makes a ticket of an account for a purpose and returns its secret. It can be
// used once, within life, and not after the sessions of the account were ended.
// Whoever is given the secret can act as the account as far as the purpose goes.
func Give(ctx context.Context, tx *db.Tx, p Purpose, account int64, life time.Duration) (secret string, err error) {
	secret, hash := identity.NewSecret()
	const q = `
		INSERT INTO tickets (hash, purpose, account_id, generation, created_at, expires_at)
		SELECT ?, ?, id, generation, ?, ? FROM accounts WHERE id = ? AND state = 'active'`
	n, err := tx.Exec(ctx, q, hash, string(p), tx.Now, models.Time{Time: tx.Now.Add(life)}, account)
	if err == nil && n == 0 {
		err = models.ErrNotFound
	}
	if err != nil {
		return "", fmt.Errorf("give a ticket to account %d: %w", account, err)
	}
	return secret, audit.Record(ctx, tx, ticketGiven, accountSubject(account), audit.Change{Field: "purpose", New: string(p)})
}

// Ticket returns whose ticket has the secret. It fails with [models.ErrNotFound] when
// there is none for the purpose, or it is used, void, or expired by now.
func Ticket(ctx context.Context, r db.Reader, p Purpose, secret string, now models.Time) (identity.Account, error) {
	const q = `/* access.Ticket */
		SELECT t.account_id FROM tickets t
		JOIN accounts a ON a.id = t.account_id AND a.generation = t.generation AND a.state = 'active'
		WHERE t.hash = ? AND t.purpose = ? AND t.used_at IS NULL AND t.expires_at > ?`
	var id int64
	if err := r.Get(ctx, &id, q, identity.HashSecret(secret), string(p), now); err != nil {
		return identity.Account{}, fmt.Errorf("ticket: %w", err)
	}
	return identity.FindAccount(ctx, r, id)
}

// Use uses up the ticket with the secret: what follows in the transaction is done by
// its account. It fails like [Ticket].
func Use(ctx context.Context, tx *db.Tx, p Purpose, secret string) (identity.Account, error) {
	a, err := Ticket(ctx, tx, p, secret, tx.Now)
	if err != nil {
		return identity.Account{}, err
	}
	n, err := tx.Exec(ctx, `UPDATE tickets SET used_at = ? WHERE hash = ? AND used_at IS NULL`, tx.Now, identity.HashSecret(secret))
	if err == nil && n == 0 {
		err = models.ErrNotFound // somebody was faster
	}
	if err != nil {
		return identity.Account{}, fmt.Errorf("use a ticket: %w", err)
	}
	tx.Actor = models.Actor{AccountID: a.ID, From: tx.Actor.From}
	return a, audit.Record(ctx, tx, ticketUsed, accountSubject(a.ID), audit.Change{Field: "purpose", Old: string(p)})
}

// AskReset makes a ticket for who forgot their password, to be sent to the mail. There
// is none, and no error, when nobody has the mail, the account is locked, or it was
// asked for too often: the answer must not tell.
func AskReset(ctx context.Context, tx *db.Tx, mail, from string) (a identity.Account, secret string, err error) {
	may, err := MayWrite(ctx, tx, mail, from)
	if err != nil || !may {
		return identity.Account{}, "", err
	}
	a, err = identity.FindAccountByMail(ctx, tx, mail)
	if err != nil || a.State != identity.Active {
		return identity.Account{}, "", unlessNotFound(err)
	}
	const life = time.Hour
	secret, err = Give(ctx, tx, SetsPassword, a.ID, life)
	return a, secret, err
}

// Reset sets a new password by the ticket with the secret, and forgives what was
// tried with the old one. It fails like [Use].
func Reset(ctx context.Context, tx *db.Tx, secret string, hash Hash) (identity.Account, error) {
	a, err := Use(ctx, tx, SetsPassword, secret)
	if err == nil {
		err = SetPassword(ctx, tx, hash)
	}
	if err == nil {
		err = forgive(ctx, tx, a.Mail, "")
	}
	return a, err
}
