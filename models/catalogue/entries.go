package catalogue

import (
	"context"
	"fmt"

	"pilveturg/db"
	"pilveturg/models"
)

// Stamp tells the states of the whole catalogue apart: it moves whenever a listing
// or an organisation changes, so that what was gathered from all of them can be
// kept as long as it stays.
type Stamp struct {
	Last          int64 `db:"last"`          // the newest listing change
	Recent        int64 `db:"recent"`        // how many of the newest numbers are there
	Organisations int64 `db:"organisations"` // the changes of organisations
}

// recentChanges is how far back changes may come late: PostgreSQL numbers them
// when they are made, not when their transactions are done.
const recentChanges = 256

// FindStamp returns the stamp of the catalogue that r sees.
func FindStamp(ctx context.Context, r db.Reader) (Stamp, error) {
	const q = `/* catalogue.FindStamp */
		SELECT COALESCE(MAX(id), 0) AS last, COUNT(*) AS recent,
			(SELECT value FROM organisation_revision WHERE one = 1) AS organisations
		FROM listing_changes
		WHERE id > (SELECT COALESCE(MAX(id), 0) - ? FROM listing_changes)`
	var s Stamp
	if err := r.Get(ctx, &s, q, recentChanges); err != nil {
		return Stamp{}, fmt.Errorf("stamp of the catalogue: %w", err)
	}
	return s, nil
}

// ChangedSince returns the offerings whose listings have changed since the stamp
// was taken, and some that changed shortly before it. When there are more than most
// of them it returns false instead.
func ChangedSince(ctx context.Context, r db.Reader, before Stamp, most int) (ids []int64, ok bool, err error) {
	const q = `/* catalogue.ChangedSince */ SELECT DISTINCT offering_id FROM listing_changes WHERE id > ? LIMIT ?`
	if err := r.Select(ctx, &ids, q, before.Last-recentChanges, most+1); err != nil {
		return nil, false, fmt.Errorf("changed listings: %w", err)
	}
	if len(ids) > most {
		return nil, false, nil
	}
	return ids, true, nil
}

// Entry is what lists of the whole catalogue need to know of an offering that
// buyers can see.
type Entry struct {
	ID         int64       `db:"id"`
	Slug       string      `db:"slug"`
	VendorID   int64       `db:"vendor_id"`
	Version    int         `db:"version"`   // number of the version buyers see
	PublicOn   models.Date `db:"public_on"` // the day it was published
	Users      int         `db:"users"`     // organisations that use it now
	Names      []string    // in every language
	Categories []string    // slugs, the main one first
}

// AllEntries returns an entry for every offering that buyers can see, oldest first.
func AllEntries(ctx context.Context, r db.Reader) ([]Entry, error) {
	return entries(ctx, r, ``, nil)
}

// Entries returns an entry for those of the offerings that buyers can see, oldest
// first.
func Entries(ctx context.Context, r db.Reader, ids []int64) ([]Entry, error) {
	marks, args := db.In(ids)
	return entries(ctx, r, ` AND o.id IN `+marks, args)
}

func entries(ctx context.Context, r db.Reader, more string, args []any) ([]Entry, error) {
	const heads = `/* catalogue.entries */
		SELECT o.id, o.slug, o.vendor_id, o.published AS version, v.published_on AS public_on,
			(SELECT COUNT(DISTINCT organisation_id) FROM uses u WHERE u.offering_id = o.id AND u.phase = 'in_use') AS users
		FROM offerings o
		JOIN versions v ON v.offering_id = o.id AND v.number = o.published
		WHERE ` + visible
	var all []Entry
	if err := r.Select(ctx, &all, heads+more+` ORDER BY o.id`, args...); err != nil {
		return nil, fmt.Errorf("entries: %w", err)
	}
	at := make(map[int64]*Entry, len(all))
	for i := range all {
		at[all[i].ID] = &all[i]
	}
	const names = `/* catalogue.entries */
		SELECT o.id, w.name AS value
		FROM offerings o
		JOIN version_words w ON w.offering_id = o.id AND w.number = o.published
		WHERE ` + visible
	const categories = `/* catalogue.entries */
		SELECT o.id, c.category AS value
		FROM offerings o
		JOIN version_categories c ON c.offering_id = o.id AND c.number = o.published
		WHERE ` + visible
	if err := entryParts(ctx, r, names+more+` ORDER BY o.id, w.language`, args, at, func(e *Entry) *[]string { return &e.Names }); err != nil {
		return nil, err
	}
	return all, entryParts(ctx, r, categories+more+` ORDER BY o.id, c.position`, args, at, func(e *Entry) *[]string { return &e.Categories })
}

func entryParts(ctx context.Context, r db.Reader, q string, args []any, at map[int64]*Entry, list func(*Entry) *[]string) error {
	var rows []struct {
		ID    int64  `db:"id"`
		Value string `db:"value"`
	}
	if err := r.Select(ctx, &rows, q, args...); err != nil {
		return fmt.Errorf("entries: %w", err)
	}
	for _, w := range rows {
		if e := at[w.ID]; e != nil {
			l := list(e)
			*l = append(*l, w.Value)
		}
	}
	return nil
}
