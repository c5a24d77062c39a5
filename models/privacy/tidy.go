package privacy

import (
	"context"
	"time"

	"pilveturg/db"
	"pilveturg/models"
	"pilveturg/models/access"
	"pilveturg/models/audit"
	"pilveturg/models/identity"
)

// Keep says how long what is over, and what is personal, is kept.
type Keep struct {
	Sessions  time.Duration // sessions, links, invitations and tokens after they end
	Attempts  time.Duration // counts of attempts to sign in after the last; a day at least, for so long they count
	Addresses time.Duration // network addresses in the audit log; 0: for good
}

// Tidy forgets what is kept no longer, and returns how many network addresses of the
// audit log it forgot. Whoever runs it at the same time, or again, does no harm. The
// actor has to administer.
func Tidy(ctx context.Context, tx *db.Tx, k Keep) (addresses int64, err error) {
	if err := access.Sweep(ctx, tx, k.Sessions, k.Attempts); err != nil {
		return 0, err
	}
	if err := identity.SweepInvitations(ctx, tx, ago(tx, k.Sessions)); err != nil || k.Addresses == 0 {
		return 0, err
	}
	return audit.Forget(ctx, tx, ago(tx, k.Addresses))
}

func ago(tx *db.Tx, d time.Duration) models.Time { return models.Time{Time: tx.Now.Add(-d)} }
