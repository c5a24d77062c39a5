package access

import (
	"context"
	"fmt"
	"time"

	"pilveturg/db"
	"pilveturg/models"
)

// Sweep removes what has been over so long that nobody asks for it: sessions,
// tickets and tokens after keep, attempts after the other time, and not before the day for which
// they count; changes of mail once they cannot be taken back, and places that are as
// good as new.
func Sweep(ctx context.Context, tx *db.Tx, keep, attempts time.Duration) error {
	before := func(d time.Duration) models.Time { return models.Time{Time: tx.Now.Add(-d)} }
	for _, s := range []struct {
		q    string
		args []any
	}{
		{`DELETE FROM sessions WHERE created_at < ? OR ended_at < ?`, []any{before(keep + Life), before(keep)}},
		{`DELETE FROM tickets WHERE expires_at < ?`, []any{before(keep)}},
		{`DELETE FROM tokens WHERE expires_at < ? OR revoked_at < ?`, []any{before(keep), before(keep)}},
		{`DELETE FROM challenges WHERE expires_at < ?`, []any{tx.Now}},
		{`DELETE FROM mail_changes WHERE COALESCE(undo_until, expires_at) < ?`, []any{tx.Now}},
		{`DELETE FROM places WHERE seen_at < ?`, []any{before(placeLife)}},
		{`DELETE FROM attempts WHERE last_at < ? AND next_at < ?`, []any{before(max(forgotten, attempts)), tx.Now}},
	} {
		if _, err := tx.Exec(ctx, s.q, s.args...); err != nil {
			return fmt.Errorf("sweep: %w", err)
		}
	}
	return nil
}
