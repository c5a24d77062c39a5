package releases

import (
	"context"
	"errors"
	"fmt"
	"time"

	"pilveturg/db"
	"pilveturg/models"
	"pilveturg/models/audit"
	"pilveturg/models/catalogue"
)

// Lease is how long a worker has for a feed that it claimed; then others take it over.
const Lease = 5 * time.Minute

const due = `next_at <= ? AND (claimed_until IS NULL OR claimed_until <= ?)`

// Due reports whether there is anything to [Claim]. It spares a transaction where
// nothing is.
func Due(ctx context.Context, r db.Reader, now models.Time) (bool, error) {
	var one int
	err := r.Get(ctx, &one, `/* releases.Due */ SELECT 1 FROM release_feeds WHERE `+due+` LIMIT 1`, now, now)
	if missing(err) {
		return false, nil
	}
	return err == nil, err
}

// Claim gives the worker up to n feeds that are due, for the time of a [Lease]. No two
// workers get the same feed. Feeds of services that were withdrawn are not read.
func Claim(ctx context.Context, tx *db.Tx, worker string, n int) ([]Feed, error) {
	// Whoever waits here for another worker's claim looks at the row again after it, and
	// finds it taken.
	const q = `/* releases.Claim */
		UPDATE release_feeds SET claimed_by = ?, claimed_until = ?
		WHERE ` + due + ` AND offering_id IN (
			SELECT f.offering_id FROM release_feeds f JOIN offerings o ON o.id = f.offering_id
			WHERE f.next_at <= ? AND (f.claimed_until IS NULL OR f.claimed_until <= ?) AND o.life <> 'withdrawn'
			ORDER BY f.next_at, f.offering_id LIMIT ?)
		RETURNING ` + feedColumns
	var all []Feed
	until := models.Time{Time: tx.Now.Add(Lease)}
	if err := tx.Select(ctx, &all, q, worker, until, tx.Now, tx.Now, tx.Now, tx.Now, n); err != nil {
		return nil, fmt.Errorf("claim feeds: %w", err)
	}
	return all, nil
}

// Reading is what was found in a feed.
type Reading struct {
	Entries  []Entry
	ETag     string
	Modified string // Last-Modified, as it came
	Moved    string // the address to read from now on; "" when it stays
}

// Took keeps what the worker read in the feed. It fails with [models.ErrConflict] when
// the feed is no longer the worker's: it was removed, given another address, or taken
// over.
func Took(ctx context.Context, tx *db.Tx, f Feed, worker string, found Reading) error {
	const q = `
		UPDATE release_feeds SET etag = ?, modified = ?, entries = ?, read_at = ?, next_at = ?, failing_since = NULL, failures = 0, problem = '',
			claimed_by = NULL, claimed_until = NULL
		WHERE offering_id = ? AND claimed_by = ? AND address = ?`
	err := f.end(ctx, tx, q, found.ETag, found.Modified, len(found.Entries), tx.Now, f.next(tx.Now, Every), f.Offering, worker, f.Address)
	if err != nil {
		return err
	}
	if err := f.move(ctx, tx, found.Moved); err != nil {
		return err
	}
	added, changed, err := f.take(ctx, tx, found.Entries)
	if err != nil {
		return fmt.Errorf("entries in the feed of %s: %w", catalogue.Number(f.Offering), err)
	}
	if added+changed == 0 {
		return nil
	}
	if err := touch(ctx, tx, f.Offering); err != nil {
		return err
	}
	var c audit.Changes
	c.AddNumber("added", added)
	c.AddNumber("changed", changed)
	return audit.Record(ctx, tx, feedRead, catalogue.Number(f.Offering), c...)
}

// Same says that nothing in the feed has changed since it was read. It fails like
// [Took].
func Same(ctx context.Context, tx *db.Tx, f Feed, worker, moved string) error {
	const q = `
		UPDATE release_feeds SET read_at = ?, next_at = ?, failing_since = NULL, failures = 0, problem = '', claimed_by = NULL, claimed_until = NULL
		WHERE offering_id = ? AND claimed_by = ? AND address = ?`
	if err := f.end(ctx, tx, q, tx.Now, f.next(tx.Now, Every), f.Offering, worker, f.Address); err != nil {
		return err
	}
	return f.move(ctx, tx, moved)
}

// move has the feed read at another address from now on.
func (f Feed) move(ctx context.Context, tx *db.Tx, to string) error {
	if to == "" || to == f.Address || !isLink(to) {
		return nil
	}
	if _, err := tx.Exec(ctx, `UPDATE release_feeds SET address = ? WHERE offering_id = ?`, to, f.Offering); err != nil {
		return fmt.Errorf("move feed of %s: %w", catalogue.Number(f.Offering), err)
	}
	return audit.Record(ctx, tx, feedMoved, catalogue.Number(f.Offering), audit.Change{Field: "address", Old: f.Address, New: to})
}

// Failed says why the feed could not be read: problem is what the reader calls it. It
// is tried again after 15 minutes, 1, 4, 12 and then every 24 hours, but not before it
// asked to be (after); and given up when it is gone, or after [GivenUpAfter]. Those who
// write for the vendor are told when it has failed for days, and when it is given up. It
// fails like [Took].
func Failed(ctx context.Context, tx *db.Tx, f Feed, worker, problem string, after time.Duration, gone bool) error {
	since := f.Failing
	if since.IsZero() {
		since = tx.Now
	}
	pause := max(pauses[min(f.Failures, len(pauses)-1)], min(after, pauses[len(pauses)-1]))
	next := f.next(tx.Now, pause)
	if gone || tx.Now.Sub(since.Time) >= GivenUpAfter {
		next = models.Time{}
	}
	const q = `
		UPDATE release_feeds SET failing_since = ?, failures = failures + 1, problem = ?, next_at = ?, claimed_by = NULL, claimed_until = NULL
		WHERE offering_id = ? AND claimed_by = ? AND address = ?`
	if err := f.end(ctx, tx, q, since, problem, next, f.Offering, worker, f.Address); err != nil {
		return err
	}
	if f.Failures+1 == toldAt || next.IsZero() {
		return tellFailing(ctx, tx, f.Offering)
	}
	return nil
}

// GiveBack lets others have at once what the worker claimed and did not read.
func GiveBack(ctx context.Context, tx *db.Tx, worker string) error {
	const q = `UPDATE release_feeds SET claimed_by = NULL, claimed_until = NULL WHERE claimed_by = ?`
	if _, err := tx.Exec(ctx, q, worker); err != nil {
		return fmt.Errorf("give feeds back: %w", err)
	}
	return nil
}

// next is when the feed is read after a pause. Feeds are spread over a sixteenth of it,
// so that those that were claimed together are not read together for ever.
func (f Feed) next(now models.Time, pause time.Duration) models.Time {
	const parts = 97
	spread := pause / 16 * time.Duration(f.Offering%parts) / parts
	return models.Time{Time: now.Add(pause + spread).Truncate(time.Second)}
}

// end runs the statement that ends a claim, which must still be the worker's.
func (f Feed) end(ctx context.Context, tx *db.Tx, q string, args ...any) error {
	switch n, err := tx.Exec(ctx, q, args...); {
	case err != nil:
		return fmt.Errorf("feed of %s: %w", catalogue.Number(f.Offering), err)
	case n == 0:
		return fmt.Errorf("feed of %s belongs to another worker: %w", catalogue.Number(f.Offering), models.ErrConflict)
	}
	return nil
}

func missing(err error) bool { return errors.Is(err, models.ErrNotFound) }
