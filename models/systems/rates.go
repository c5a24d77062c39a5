package systems

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"pilveturg/db"
	"pilveturg/models"
	"pilveturg/models/audit"
)

// DiscountRate is a rate by which money of later years is discounted, as whoever sets it
// says.
type DiscountRate struct {
	ID           int64        `db:"id"`
	Jurisdiction string       `db:"jurisdiction"` // country, or who sets it
	ValidFrom    models.Date  `db:"valid_from"`
	Nature       string       `db:"nature"`    // "real" or "nominal"
	FromYear     int          `db:"from_year"` // of a comparison, for which it holds …
	ToYear       int          `db:"to_year"`   // … until this one
	Rate         models.Exact `db:"rate"`      // percent a year
	Source       string       `db:"source"`
	Checked      models.Date  `db:"checked_on"` // somebody read the source; none: nobody has
	Preferred    bool         `db:"preferred"`  // comparisons begin with it
}

// Natures are what rates are for.
func Natures() []string { return []string{"real", "nominal"} }

const rateColumns = `id, jurisdiction, valid_from, nature, from_year, to_year, rate, source, checked_on, preferred FROM discount_rates`

const rateAdded audit.Action = "discount_rate.added"

// DiscountRates returns all rates, those that are preferred first, the newest before the
// older ones.
func DiscountRates(ctx context.Context, r db.Reader) (all []DiscountRate, err error) {
	if err := r.Select(ctx, &all, `/* systems.DiscountRates */ SELECT `+rateColumns+` ORDER BY preferred DESC, valid_from DESC, jurisdiction, from_year, id`); err != nil {
		return nil, fmt.Errorf("discount rates: %w", err)
	}
	return all, nil
}

// PreferredRate is the rate with which comparisons begin on a day: the newest of those
// that are preferred and hold. It fails with [models.ErrNotFound] where there is none.
func PreferredRate(ctx context.Context, r db.Reader, day models.Date) (DiscountRate, error) {
	all, err := DiscountRates(ctx, r)
	if err != nil {
		return DiscountRate{}, err
	}
	for _, one := range all {
		if one.Preferred && one.Nature == "real" && !day.Before(one.ValidFrom) {
			return one, nil
		}
	}
	return DiscountRate{}, fmt.Errorf("preferred discount rate on %s: %w", day, models.ErrNotFound)
}

// AddRate adds a rate. Rates are never changed: comparisons name them. It fails with
// [models.Invalid]. Only administrators do.
func AddRate(ctx context.Context, tx *db.Tx, one DiscountRate) error {
	if !tx.Actor.Is(models.Administrator) {
		return fmt.Errorf("add a discount rate: %w", models.ErrForbidden)
	}
	one.Jurisdiction, one.Source = strings.TrimSpace(one.Jurisdiction), strings.TrimSpace(one.Source)
	wrong := models.Invalid{}
	set := func(field string, bad bool, key string) {
		if bad {
			wrong[field] = key
		}
	}
	set("jurisdiction", one.Jurisdiction == "" || utf8.RuneCountInString(one.Jurisdiction) > 100, "rates.jurisdiction_missing")
	set("valid_from", one.ValidFrom.IsZero(), "systems.day_missing")
	set("nature", !slices.Contains(Natures(), one.Nature), "rates.nature_missing")
	set("rate", one.Rate.Sign() < 0 || one.Rate.Cmp(models.ExactOf(models.Whole(100))) >= 0, "rates.rate_wrong")
	set("source", one.Source == "" || utf8.RuneCountInString(one.Source) > 500, "rates.source_missing")
	set("to_year", one.FromYear < 0 || one.ToYear < one.FromYear || one.ToYear > 500, "rates.years_wrong")
	set("preferred", one.Preferred && one.Nature != "real", "rates.preferred_wrong")
	if err := wrong.Or(); err != nil {
		return err
	}
	const q = `INSERT INTO discount_rates (jurisdiction, valid_from, nature, from_year, to_year, rate, source, checked_on, preferred) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING id`
	if err := tx.Get(ctx, &one.ID, q, one.Jurisdiction, one.ValidFrom, one.Nature, one.FromYear, one.ToYear, one.Rate, one.Source, one.Checked, db.Flag(one.Preferred)); err != nil {
		return fmt.Errorf("add a discount rate: %w", err)
	}
	var c audit.Changes
	c.Add("discount_rate", "", cmp.Or(one.Rate.String(), "0")+" %, "+one.Jurisdiction+", "+one.Nature+", "+one.ValidFrom.String())
	c.Add("discount_source", "", one.Source)
	return audit.Record(ctx, tx, rateAdded, fmt.Sprintf("discount rate %d", one.ID), c...)
}
