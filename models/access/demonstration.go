package access

import (
	"context"
	"fmt"

	"pilveturg/db"
	"pilveturg/models"
	"pilveturg/models/identity"
)

// BeginInvented is [Begin] for an invented person, who has nothing to show. It fails
// with [models.ErrForbidden] for a real person, and in any database that does not
// hold the demonstration: there, nobody comes in without a word.
func BeginInvented(ctx context.Context, tx *db.Tx, account int64, d Device) (secret string, err error) {
	const q = `/* access.BeginInvented */ SELECT count(*) FROM imports WHERE kind = 'demonstration' AND undone_at IS NULL`
	var n int
	if err := tx.Get(ctx, &n, q); err != nil {
		return "", fmt.Errorf("demonstration: %w", err)
	}
	a, err := identity.FindAccount(ctx, tx, account)
	if err != nil {
		return "", err
	}
	if n == 0 || !a.Invented {
		return "", fmt.Errorf("begin a session of account %d without a password: %w", account, models.ErrForbidden)
	}
	return Begin(ctx, tx, account, d)
}
