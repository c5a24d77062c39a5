package releases

import (
	"context"
	"fmt"
	"time"

	"pilveturg/db"
	"pilveturg/models"
	"pilveturg/models/audit"
	"pilveturg/models/catalogue"
)

// Feed is where a vendor publishes the releases of a service, and how reading it went.
type Feed struct {
	Offering int64       `db:"offering_id"`
	Address  string      `db:"address"`
	Language string      `db:"language"` // of its entries
	ETag     string      `db:"etag"`     // of the answer that was read last
	Modified string      `db:"modified"` // its Last-Modified
	Given    models.Time `db:"created_at"`
	Read     models.Time `db:"read_at"`       // when it last answered; zero: never yet
	Failing  models.Time `db:"failing_since"` // zero: it answered the last time
	Failures int         `db:"failures"`      // one after the other
	Problem  string      `db:"problem"`       // what went wrong, as the reader calls it
	Next     models.Time `db:"next_at"`       // zero: given up
	Entries  int         `db:"entries"`       // in the answer that was read last
}

// GivenUp reports whether the feed is not read any more.
func (f Feed) GivenUp() bool { return f.Next.IsZero() }

const (
	feedSet     audit.Action = "offering.release_feed_set"
	feedRemoved audit.Action = "offering.release_feed_removed"
	feedMoved   audit.Action = "offering.release_feed_moved"
	feedRead    audit.Action = "offering.releases_read"
)

const feedColumns = `offering_id, address, language, etag, modified, created_at, read_at, failing_since, failures, problem, next_at, entries`

// FindFeed returns the feed of an offering whose releases the actor keeps, or
// [models.ErrNotFound].
func FindFeed(ctx context.Context, r db.Reader, a models.Actor, offering int64) (Feed, error) {
	if _, err := own(ctx, r, a, offering); err != nil {
		return Feed{}, err
	}
	return findFeed(ctx, r, offering)
}

func findFeed(ctx context.Context, r db.Reader, offering int64) (Feed, error) {
	const q = `/* releases.FindFeed */ SELECT ` + feedColumns + ` FROM release_feeds WHERE offering_id = ?`
	var f Feed
	if err := r.Get(ctx, &f, q, offering); err != nil {
		return Feed{}, fmt.Errorf("feed of %s: %w", catalogue.Number(offering), err)
	}
	return f, nil
}

// SetFeed has a feed read from now on, instead of the one that was. The same one is read
// again at once. It fails with [models.Invalid] under "address", and with
// [models.ErrNotFound] for whom the offering's releases are not. What else an address
// has to be, the caller has looked at.
func SetFeed(ctx context.Context, tx *db.Tx, offering int64, address, language string) error {
	if _, err := own(ctx, tx, tx.Actor, offering); err != nil {
		return err
	}
	if !isLink(address) {
		return models.Invalid{"address": "release.feed_unclear"}
	}
	before, err := findFeed(ctx, tx, offering)
	if err != nil && !missing(err) {
		return err
	}
	const q = `
		INSERT INTO release_feeds (offering_id, address, language, created_at, next_at) VALUES (?, ?, ?, ?, ?)
		ON CONFLICT (offering_id) DO UPDATE SET address = excluded.address, language = excluded.language, created_at = excluded.created_at,
			next_at = excluded.next_at, etag = '', modified = '', read_at = NULL, failing_since = NULL, failures = 0, problem = '', entries = 0,
			claimed_by = NULL, claimed_until = NULL`
	if _, err := tx.Exec(ctx, q, offering, address, language, tx.Now, tx.Now); err != nil {
		return fmt.Errorf("set feed of %s: %w", catalogue.Number(offering), err)
	}
	var c audit.Changes
	c.Add("address", before.Address, address)
	c.Add("feed_language", before.Language, language)
	return audit.Record(ctx, tx, feedSet, catalogue.Number(offering), c...)
}

// RemoveFeed has the feed of an offering not read any more. What was read in it stays,
// or goes with it when forget says so. It fails with [models.ErrNotFound] when there is
// none, and for whom the offering's releases are not.
func RemoveFeed(ctx context.Context, tx *db.Tx, offering int64, forget bool) error {
	f, err := FindFeed(ctx, tx, tx.Actor, offering)
	if err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, `DELETE FROM release_feeds WHERE offering_id = ?`, offering); err != nil {
		return fmt.Errorf("remove feed of %s: %w", catalogue.Number(offering), err)
	}
	c := audit.Changes{{Field: "address", Old: f.Address}}
	if forget {
		n, err := tx.Exec(ctx, `DELETE FROM releases WHERE offering_id = ? AND guid IS NOT NULL`, offering)
		if err != nil {
			return fmt.Errorf("remove releases of %s: %w", catalogue.Number(offering), err)
		}
		c.AddNumber("removed", int(n))
		if err := touch(ctx, tx, offering); err != nil {
			return err
		}
	}
	return audit.Record(ctx, tx, feedRemoved, catalogue.Number(offering), c...)
}

// Every is how often a feed is read that answers.
const Every = 4 * time.Hour

// GivenUpAfter is how long a feed may not answer before it is not read any more.
const GivenUpAfter = 60 * 24 * time.Hour

// pauses lie between the tries of a feed that does not answer; the last is repeated.
var pauses = []time.Duration{15 * time.Minute, time.Hour, 4 * time.Hour, 12 * time.Hour, 24 * time.Hour}
