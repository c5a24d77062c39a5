package identity

import (
	"context"
	"fmt"

	"pilveturg/db"
	"pilveturg/models"
)

// Enrol makes an account for a visitor who comes by themselves and has shown that the
// mail of a is theirs, and sets a.ID. The account belongs to no organisation. What
// follows in the transaction is done in its name. It fails with [models.Invalid] when
// somebody has the mail, and with [models.ErrForbidden] for who has signed in.
func Enrol(ctx context.Context, tx *db.Tx, a *Account) error {
	if tx.Actor.SignedIn() {
		return fmt.Errorf("enrol: %w", models.ErrForbidden)
	}
	a.Invented = false
	if err := addAccount(ctx, tx, a); err != nil {
		return err
	}
	tx.Actor = models.Actor{AccountID: a.ID, From: tx.Actor.From}
	return nil
}
