package access

import (
	"context"
	"fmt"

	"pilveturg/db"
	"pilveturg/models"
	"pilveturg/models/identity"
)

// MayInvent reports whether whoever comes may become one of the invented people: only
// where the database holds the demonstration and no people but theirs. Where somebody
// real has an account, there is something that not everybody may see.
func MayInvent(ctx context.Context, r db.Reader) (bool, error) {
	const q = `/* access.MayInvent */ SELECT
		(SELECT count(*) FROM imports WHERE kind = 'demonstration' AND undone_at IS NULL) > 0
		AND NOT EXISTS (SELECT 1 FROM accounts WHERE invented = 0 AND state <> 'erased')`
	var may bool
	if err := r.Get(ctx, &may, q); err != nil {
		return false, fmt.Errorf("demonstration: %w", err)
	}
	return may, nil
}

// BeginInvented is [Begin] for an invented person, who has nothing to show. It fails
// with [models.ErrForbidden] for a real person, and where [MayInvent] does not hold:
// there, nobody comes in without a word.
func BeginInvented(ctx context.Context, tx *db.Tx, account int64, d Device) (secret string, err error) {
	may, err := MayInvent(ctx, tx)
	if err != nil {
		return "", err
	}
	a, err := identity.FindAccount(ctx, tx, account)
	if err != nil {
		return "", err
	}
	if !may || !a.Invented {
		return "", fmt.Errorf("begin a session of account %d without a password: %w", account, models.ErrForbidden)
	}
	return Begin(ctx, tx, account, d)
}
