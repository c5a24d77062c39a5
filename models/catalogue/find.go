package catalogue

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"pilveturg/db"
	"pilveturg/models"
)

// Offering is what lasts of a cloud e-service, whatever its versions say.
type Offering struct {
	ID        int64       `db:"id"`
	Key       models.Key  `db:"key"`
	Slug      string      `db:"slug"` // in addresses, after the number
	VendorID  int64       `db:"vendor_id"`
	Life      Life        `db:"life"`
	LifeSince models.Date `db:"life_since"`
	Successor int64       `db:"successor"` // offering to go to instead; 0: none
	Unclaimed bool        `db:"unclaimed"`
	Invented  bool        `db:"invented"`
	Published int         `db:"published"` // number of the version buyers see; 0: none
	Revision  int64       `db:"revision"`  // moves with every change of what its page shows
}

// Number is how people name the offering with this id: "SC-142".
func Number(id int64) string { return "SC-" + strconv.FormatInt(id, 10) }

// ParseNumber reads "SC-142", in any case; false when it is no such number.
func ParseNumber(s string) (id int64, ok bool) {
	if len(s) < 4 || !strings.EqualFold(s[:3], "SC-") || s[3] == '0' || strings.Trim(s[3:], "0123456789") != "" {
		return 0, false
	}
	id, err := strconv.ParseInt(s[3:], 10, 64)
	return id, err == nil
}

const offeringColumns = `
	o.id, o.scheme AS "key.scheme", o.code AS "key.code", o.slug, o.vendor_id, o.life, o.life_since,
	COALESCE(o.successor_id, 0) AS successor, o.unclaimed, o.invented, COALESCE(o.published, 0) AS published, o.revision
	FROM offerings o`

// Find returns the offering with this id, published or not, or [models.ErrNotFound].
func Find(ctx context.Context, r db.Reader, id int64) (Offering, error) {
	const q = `/* catalogue.Find */ SELECT ` + offeringColumns + ` WHERE o.id = ?`
	var o Offering
	if err := r.Get(ctx, &o, q, id); err != nil {
		return Offering{}, fmt.Errorf("offering %s: %w", Number(id), err)
	}
	return o, nil
}

// FindID returns the id of the offering with this key, or [models.ErrNotFound].
func FindID(ctx context.Context, r db.Reader, k models.Key) (int64, error) {
	const q = `/* catalogue.FindID */ SELECT id FROM offerings WHERE scheme = ? AND code = ?`
	var id int64
	if err := r.Get(ctx, &id, q, k.Scheme, k.Code); err != nil {
		return 0, fmt.Errorf("offering %s: %w", k, err)
	}
	return id, nil
}

// Reason returns why an offering is closed, suspended or withdrawn.
func Reason(ctx context.Context, r db.Reader, id int64) (models.Text, error) {
	var rows []struct {
		Language string `db:"language"`
		Words    string `db:"words"`
	}
	const q = `/* catalogue.Reason */ SELECT language, words FROM offering_reasons WHERE offering_id = ?`
	if err := r.Select(ctx, &rows, q, id); err != nil {
		return nil, fmt.Errorf("reason of %s: %w", Number(id), err)
	}
	var t models.Text
	for _, w := range rows {
		t.Set(w.Language, w.Words)
	}
	return t, nil
}

// User is an organisation's use of an offering.
type User struct {
	OrganisationID int64 `db:"organisation_id"`
	OfferingID     int64 `db:"offering_id"`
	Use
}

const useSelect = `
	SELECT u.organisation_id, u.offering_id, g.scheme AS "organisation.scheme", g.code AS "organisation.code", u.part, u.phase, u.since, u.until,
		u.quantity, u.unit, u.source_title AS "source.title", u.source_url AS "source.url", u.source_seen AS "source.seen"
	FROM uses u
	JOIN organisations g ON g.id = u.organisation_id`

// Users returns who uses an offering, in the order it was told.
func Users(ctx context.Context, r db.Reader, id int64) ([]User, error) {
	const q = `/* catalogue.Users */ ` + useSelect + ` WHERE u.offering_id = ? ORDER BY u.position`
	var users []User
	if err := r.Select(ctx, &users, q, id); err != nil {
		return nil, fmt.Errorf("users of %s: %w", Number(id), err)
	}
	return users, nil
}

// facts returns the listing of an offering without its versions.
func facts(ctx context.Context, r db.Reader, id int64) (Listing, error) {
	const q = `/* catalogue.facts */
		SELECT o.scheme AS "key.scheme", o.code AS "key.code", o.slug, v.scheme AS "vendor.scheme", v.code AS "vendor.code",
			o.life, o.life_since, COALESCE(s.scheme, '') AS "successor.scheme", COALESCE(s.code, '') AS "successor.code",
			o.unclaimed, o.invented
		FROM offerings o
		JOIN organisations v ON v.id = o.vendor_id
		LEFT JOIN offerings s ON s.id = o.successor_id
		WHERE o.id = ?`
	var row struct {
		Key       models.Key  `db:"key"`
		Slug      string      `db:"slug"`
		Vendor    models.Key  `db:"vendor"`
		Life      Life        `db:"life"`
		LifeSince models.Date `db:"life_since"`
		Successor models.Key  `db:"successor"`
		Unclaimed bool        `db:"unclaimed"`
		Invented  bool        `db:"invented"`
	}
	if err := r.Get(ctx, &row, q, id); err != nil {
		return Listing{}, fmt.Errorf("offering %s: %w", Number(id), err)
	}
	reason, err := Reason(ctx, r, id)
	if err != nil {
		return Listing{}, err
	}
	users, err := Users(ctx, r, id)
	if err != nil {
		return Listing{}, err
	}
	l := Listing{Key: row.Key, Slug: row.Slug, Vendor: row.Vendor, Life: row.Life, LifeSince: row.LifeSince, Reason: reason,
		Successor: row.Successor, Unclaimed: row.Unclaimed, Invented: row.Invented}
	for _, u := range users {
		l.Uses = append(l.Uses, u.Use)
	}
	return l, nil
}
