package publishing

import (
	"context"
	"fmt"
	"slices"

	"pilveturg/db"
	"pilveturg/models"
	"pilveturg/models/catalogue"
	"pilveturg/models/identity"
	"pilveturg/models/work"
)

// remindDays is how many days before something in a listing is stale its vendor is told.
const remindDays = 30

// remindOn is the first day on which a vendor is told of what is stale on a day.
func remindOn(stale models.Date) models.Date {
	return models.DateOf(stale.Time().AddDate(0, 0, -remindDays))
}

func sortStale(all []StaleListing) {
	slices.SortStableFunc(all, func(a, b StaleListing) int { return a.StaleOn.Time().Compare(b.StaleOn.Time()) })
}

// remindBatch is how many listings are looked at at a time.
const remindBatch = 200

// Remind tells vendors of their published listings in which something grows stale: once
// 30 days before, and once when it is. Listings that nobody has claimed, that are closed
// to new customers, or whose vendor has no people here are passed over. It returns how
// many listings were told of. It may run at any time and in several programs: nobody is
// told twice.
func Remind(ctx context.Context, d *db.DB, actor models.Actor) (told int, err error) {
	var ids []int64
	const q = `/* publishing.Remind */
		SELECT o.id FROM offerings o
		WHERE o.published IS NOT NULL AND o.unclaimed = 0 AND o.life = 'open'
			AND EXISTS (SELECT 1 FROM memberships m WHERE m.organisation_id = o.vendor_id AND m.ended_at IS NULL)
		ORDER BY o.id`
	if err := d.Select(ctx, &ids, q); err != nil {
		return 0, fmt.Errorf("remind vendors: %w", err)
	}
	for some := range slices.Chunk(ids, remindBatch) {
		days, err := catalogue.StaleDays(ctx, d, some)
		if err != nil {
			return told, err
		}
		last, err := lastReminders(ctx, d, some)
		if err != nil {
			return told, err
		}
		today := models.DateOf(d.Now())
		for _, id := range some {
			day := days[id]
			if day.IsZero() || today.Before(remindOn(day)) || last[reminder{id, stageOf(day, today)}] >= dueOn(day, today).String() {
				continue
			}
			now := false
			err := d.Write(ctx, actor, func(tx *db.Tx) (err error) {
				now, err = remind(ctx, tx, id, day)
				return err
			})
			if err != nil {
				return told, err
			}
			if now {
				told++
			}
		}
	}
	return told, nil
}

// The stages of growing stale, as they are kept.
const (
	stageSoon  = "soon"
	stageStale = "stale"
)

// stageOf is the stage on a day of what is stale on another.
func stageOf(stale, today models.Date) string {
	if today.Before(stale) {
		return stageSoon
	}
	return stageStale
}

// dueOn is the day on which the stage began.
func dueOn(stale, today models.Date) models.Date {
	if today.Before(stale) {
		return remindOn(stale)
	}
	return stale
}

// reminder names the reminders of a listing.
type reminder struct {
	Offering int64  `db:"offering_id"`
	Stage    string `db:"stage"`
}

// lastReminders returns when the vendors of the listings were last reminded.
func lastReminders(ctx context.Context, r db.Reader, ids []int64) (map[reminder]string, error) {
	marks, args := db.In(ids)
	var rows []struct {
		reminder
		At string `db:"told_at"`
	}
	q := `/* publishing.lastReminders */ SELECT offering_id, stage, told_at FROM staleness_reminders WHERE offering_id IN ` + marks
	if err := r.Select(ctx, &rows, q, args...); err != nil {
		return nil, fmt.Errorf("reminders: %w", err)
	}
	last := make(map[reminder]string, len(rows))
	for _, w := range rows {
		last[w.reminder] = w.At
	}
	return last, nil
}

// remind tells the vendor of a listing that something in it is stale on the day, unless
// it was told of that already: a reminder tells of all that was due when it was sent.
func remind(ctx context.Context, tx *db.Tx, offering int64, stale models.Date) (bool, error) {
	today := models.DateOf(tx.Now.Time)
	stage, due, kind := stageOf(stale, today), dueOn(stale, today), work.ListingStaleSoon
	if stage == stageStale {
		kind = work.ListingStale
	}
	const q = `
		INSERT INTO staleness_reminders (offering_id, stage, stale_on, told_at) VALUES (?, ?, ?, ?)
		ON CONFLICT (offering_id, stage) DO UPDATE SET stale_on = excluded.stale_on, told_at = excluded.told_at
			WHERE staleness_reminders.told_at < ?`
	n, err := tx.Exec(ctx, q, offering, stage, stale, tx.Now, due.String())
	if err != nil {
		return false, fmt.Errorf("remind of %s: %w", catalogue.Number(offering), err)
	}
	if n == 0 {
		return false, nil
	}
	o, err := catalogue.Find(ctx, tx, offering)
	if err != nil {
		return false, err
	}
	names, _, err := listingNames(ctx, tx, offering)
	if err != nil {
		return false, err
	}
	to, err := identity.Writers(ctx, tx, o.VendorID)
	if err != nil {
		return false, err
	}
	return true, tell(ctx, tx, to, kind, fmt.Sprintf("%s/%d/confirm", vendorListings, offering), names)
}
