package access

import (
	"context"
	"crypto/sha256"
	"fmt"

	"pilveturg/db"
	"pilveturg/models"
	"pilveturg/models/identity"
)

// ofPeople are the tables that hold how people show who they are, and what their
// browsers hold after that.
var ofPeople = [...]string{
	`DELETE FROM passwords WHERE account_id = ?`,
	`DELETE FROM tickets WHERE account_id = ?`,
	`DELETE FROM sessions WHERE account_id = ?`,
	`DELETE FROM authenticators WHERE account_id = ?`,
	`DELETE FROM passkeys WHERE account_id = ?`,
	`DELETE FROM recovery_codes WHERE account_id = ?`,
	`DELETE FROM challenges WHERE account_id = ?`,
	`DELETE FROM identities WHERE account_id = ?`,
	`DELETE FROM mail_changes WHERE account_id = ?`,
	`DELETE FROM places WHERE account_id = ?`,
	`DELETE FROM tokens WHERE account_id = ?`,
}

// Forget removes all by which a person shows who they are, their sessions and links,
// and how often their mail was tried. It is for the person and for administrators.
func Forget(ctx context.Context, tx *db.Tx, a identity.Account) error {
	if tx.Actor.AccountID != a.ID && !tx.Actor.Is(models.Administrator) {
		return fmt.Errorf("forget the access of account %d: %w", a.ID, models.ErrForbidden)
	}
	for _, q := range ofPeople {
		if _, err := tx.Exec(ctx, q, a.ID); err != nil {
			return fmt.Errorf("forget the access of account %d: %w", a.ID, err)
		}
	}
	mail := sha256.Sum256([]byte(identity.FoldMail(a.Mail)))
	const q = `DELETE FROM attempts WHERE key = ? AND kind IN (?, ?)`
	if _, err := tx.Exec(ctx, q, mail[:], byAccount.kind, letters.kind); err != nil {
		return fmt.Errorf("forget what was tried in account %d: %w", a.ID, err)
	}
	return nil
}
