package privacy

import (
	"context"
	"fmt"

	"pilveturg/db"
	"pilveturg/models/access"
	"pilveturg/models/audit"
	"pilveturg/models/contracts"
	"pilveturg/models/identity"
	"pilveturg/models/reports"
	"pilveturg/models/saved"
	"pilveturg/models/work"
)

// Erase forgets a person in all rooms. It is for the person and for administrators,
// and fails like [identity.Erase]. From where it was asked for is not kept either,
// when it is the person who asks.
func Erase(ctx context.Context, tx *db.Tx, account int64) error {
	a, err := identity.FindAccount(ctx, tx, account)
	if err != nil {
		return err
	}
	if tx.Actor.AccountID == account {
		tx.Actor.From = ""
	}
	if err := identity.Erase(ctx, tx, account); err != nil {
		return err
	}
	if err := access.Forget(ctx, tx, a); err != nil {
		return err
	}
	if err := saved.Forget(ctx, tx, account); err != nil {
		return err
	}
	if err := reports.Forget(ctx, tx, account); err != nil {
		return err
	}
	if err := contracts.ForgetCalendars(ctx, tx, account); err != nil {
		return err
	}
	if err := work.Forget(ctx, tx, account, a.Mail); err != nil {
		return err
	}
	if _, err := audit.Erase(ctx, tx, account); err != nil {
		return fmt.Errorf("erase account %d: %w", account, err)
	}
	return nil
}
