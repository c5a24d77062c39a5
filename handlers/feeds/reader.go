package feeds

import (
	"context"
	"crypto/rand"
	"errors"
	"log/slog"
	"net/url"
	"sync"
	"time"

	"pilveturg/db"
	"pilveturg/handlers/fetch"
	"pilveturg/models"
	"pilveturg/models/releases"
)

// How a reader goes about it.
const (
	pollEvery = 10 * time.Second
	atOnce    = 4       // feeds
	maxFeed   = 4 << 20 // bytes of a feed, unpacked
	patience  = 20 * time.Second
)

// NoFeed is the problem of a feed whose address answers with something else; all others
// are named by the kinds of fetch.
const NoFeed = "no_feed"

// kinds are the media types that feeds are sent under. What is sent under another one is
// looked at all the same.
func kinds() []string {
	return []string{"application/atom+xml", "application/rss+xml", "application/feed+json", "application/json", "application/xml", "text/xml"}
}

// Reader reads the feeds that are due. Make one with [NewReader]; it is for one
// goroutine.
type Reader struct {
	DB    *db.DB
	Fetch *fetch.Fetcher
	Log   *slog.Logger

	name   string
	limits fetch.Limits
}

// NewReader returns a reader with a name of its own.
func NewReader(d *db.DB, f *fetch.Fetcher, log *slog.Logger) *Reader {
	return &Reader{DB: d, Fetch: f, Log: log, name: rand.Text(), limits: fetch.Limits{Bytes: maxFeed, Time: patience}}
}

// Run reads until ctx is over; what is being read then is given back. What goes wrong
// is logged, and kept for the vendor to see.
func (r *Reader) Run(ctx context.Context) {
	tick := time.NewTicker(pollEvery)
	defer tick.Stop()
	for {
		if err := r.Turn(ctx); err != nil && ctx.Err() == nil {
			r.Log.Error("feeds", "err", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

// Turn reads all feeds that are due now. Its error is of the database.
func (r *Reader) Turn(ctx context.Context) error {
	for ctx.Err() == nil {
		due, err := releases.Due(ctx, r.DB, models.Time{Time: r.DB.Now()})
		if err != nil || !due {
			return err
		}
		var claimed []releases.Feed
		err = r.write(ctx, func(tx *db.Tx) (err error) {
			claimed, err = releases.Claim(ctx, tx, r.name, atOnce)
			return err
		})
		if err != nil || len(claimed) == 0 {
			return err
		}
		if err := r.readAll(ctx, claimed); err != nil {
			return err
		}
	}
	return nil
}

func (r *Reader) write(ctx context.Context, f func(*db.Tx) error) error {
	return r.DB.Write(ctx, models.Actor{Program: "job feeds"}, f)
}

// readAll reads claimed feeds at the same time, and keeps what came of it even when the
// program is told to stop.
func (r *Reader) readAll(ctx context.Context, claimed []releases.Feed) error {
	end := context.WithoutCancel(ctx)
	errs := make([]error, len(claimed))
	var reading sync.WaitGroup
	for i, f := range claimed {
		reading.Go(func() {
			keep := r.read(ctx, f)
			if keep == nil {
				return
			}
			if errs[i] = r.write(end, keep); errors.Is(errs[i], models.ErrConflict) {
				errs[i] = nil // the vendor has changed its mind meanwhile
			}
		})
	}
	reading.Wait()
	if ctx.Err() != nil {
		errs = append(errs, r.write(end, func(tx *db.Tx) error { return releases.GiveBack(end, tx, r.name) }))
	}
	return errors.Join(errs...)
}

// read reads a feed and returns what keeps what came of it; nil when it was broken off.
func (r *Reader) read(ctx context.Context, f releases.Feed) func(*db.Tx) error {
	end := context.WithoutCancel(ctx)
	a, err := r.Fetch.Ask(ctx, fetch.Question{URL: f.Address, Accept: kinds(), ETag: f.ETag, Modified: f.Modified}, r.limits)
	var wrong *fetch.Error
	switch {
	case errors.As(err, &wrong):
		r.Log.Info("feed not read", "offering", f.Offering, "problem", wrong.Kind, "try", f.Failures+1, "err", err)
		return func(tx *db.Tx) error {
			return releases.Failed(end, tx, f, r.name, string(wrong.Kind), wrong.After, wrong.Kind == fetch.Gone)
		}
	case err != nil: // the program stops
		return nil
	case a.Same:
		return func(tx *db.Tx) error { return releases.Same(end, tx, f, r.name, a.Moved) }
	}
	base, err := url.Parse(a.URL)
	if err != nil {
		base = nil
	}
	entries, err := Parse(a.Body, a.Charset, base)
	if err != nil {
		r.Log.Info("feed not read", "offering", f.Offering, "problem", NoFeed, "try", f.Failures+1, "err", err)
		return func(tx *db.Tx) error { return releases.Failed(end, tx, f, r.name, NoFeed, 0, false) }
	}
	found := releases.Reading{Entries: entries, ETag: a.ETag, Modified: a.Modified, Moved: a.Moved}
	return func(tx *db.Tx) error { return releases.Took(end, tx, f, r.name, found) }
}
