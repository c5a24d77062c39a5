package market

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"pilveturg/db"
	"pilveturg/models"
	"pilveturg/models/catalogue"
)

// Figures are how often buyers met an offering.
type Figures struct {
	Offering int64 `db:"offering_id"`
	Shown    int64 `db:"shown"`    // in results
	Opened   int64 `db:"opened"`   // its page
	Compared int64 `db:"compared"` // beside others
	Asked    int64 `db:"asked"`    // its price was worked out
}

// addDays adds what was counted, in an order that all writers have, so that they do not
// wait for each other.
func addDays(ctx context.Context, tx *db.Tx, days map[models.Date]tally) error {
	const q = `
		INSERT INTO market_days (offering_id, day, shown, opened, compared, asked)
		SELECT id, ?, ?, ?, ?, ? FROM offerings WHERE id = ?
		ON CONFLICT (offering_id, day) DO UPDATE SET shown = market_days.shown + excluded.shown, opened = market_days.opened + excluded.opened,
			compared = market_days.compared + excluded.compared, asked = market_days.asked + excluded.asked`
	for _, day := range slices.SortedFunc(maps.Keys(days), func(a, b models.Date) int { return strings.Compare(a.String(), b.String()) }) {
		for _, id := range slices.Sorted(maps.Keys(days[day])) {
			n := days[day][id]
			if _, err := tx.Exec(ctx, q, day, n[Shown], n[Opened], n[Compared], n[Asked], id); err != nil {
				return fmt.Errorf("figures of %s: %w", catalogue.Number(id), err)
			}
		}
	}
	return nil
}

// FiguresOf returns the figures of the offerings of a vendor since a day, by offering;
// those that nobody met are absent. They are for those who write its listings, and others
// get none.
func FiguresOf(ctx context.Context, r db.Reader, a models.Actor, vendor int64, since models.Date) (map[int64]Figures, error) {
	if !catalogue.Writes(a, vendor) {
		return nil, nil
	}
	const q = `/* market.FiguresOf */
		SELECT d.offering_id, CAST(sum(d.shown) AS BIGINT) AS shown, CAST(sum(d.opened) AS BIGINT) AS opened,
			CAST(sum(d.compared) AS BIGINT) AS compared, CAST(sum(d.asked) AS BIGINT) AS asked
		FROM market_days d
		JOIN offerings o ON o.id = d.offering_id
		WHERE o.vendor_id = ? AND d.day >= ?
		GROUP BY d.offering_id`
	var rows []Figures
	if err := r.Select(ctx, &rows, q, vendor, since); err != nil {
		return nil, fmt.Errorf("figures of vendor %d: %w", vendor, err)
	}
	all := make(map[int64]Figures, len(rows))
	for _, f := range rows {
		all[f.Offering] = f
	}
	return all, nil
}

// Sweep forgets what is older than anybody looks at: figures after a bit more than a
// year, and searches that were not made since then.
func Sweep(ctx context.Context, tx *db.Tx) error {
	before := models.DateOf(tx.Now.AddDate(0, 0, -keptDays))
	for _, q := range []string{`DELETE FROM market_days WHERE day < ?`, `DELETE FROM search_miss_days WHERE day < ?`, `DELETE FROM search_misses WHERE seen_on < ?`} {
		if _, err := tx.Exec(ctx, q, before); err != nil {
			return fmt.Errorf("sweep the market: %w", err)
		}
	}
	return nil
}
