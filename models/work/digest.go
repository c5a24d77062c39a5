package work

import (
	"context"
	"fmt"
	"time"

	"pilveturg/db"
	"pilveturg/models"
)

// digestHour is when digests go out, by the clocks of the installation's time zone.
const digestHour = 7

// LastDigest is the latest moment, at or before now, at which digests were to go.
func LastDigest(now time.Time, zone *time.Location) models.Time {
	local := now.In(zone)
	y, m, d := local.Date()
	at := time.Date(y, m, d, digestHour, 0, 0, 0, zone)
	if at.After(local) {
		at = time.Date(y, m, d-1, digestHour, 0, 0, 0, zone)
	}
	return models.Time{Time: at.UTC()}
}

const gathered = `kind = 'digest' AND state = 'waiting' AND next_at IS NULL AND created_at < ?`

// Gathered reports whether there are digests that were begun before the moment and
// have not been sent off.
func Gathered(ctx context.Context, r db.Reader, before models.Time) (bool, error) {
	return finds(ctx, r, `/* work.Gathered */ SELECT 1 FROM outbox WHERE `+gathered+` LIMIT 1`, before)
}

// SendDigests sends off the digests that were begun before the moment. It may be
// called as often as one likes, and by several programs: each digest goes once.
func SendDigests(ctx context.Context, tx *db.Tx, before models.Time) error {
	if _, err := tx.Exec(ctx, `UPDATE outbox SET next_at = ? WHERE `+gathered, tx.Now, before); err != nil {
		return fmt.Errorf("send digests: %w", err)
	}
	return nil
}
