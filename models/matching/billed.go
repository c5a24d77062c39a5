package matching

import (
	"context"
	"fmt"

	"pilveturg/db"
	"pilveturg/models"
	"pilveturg/models/spend"
)

// YearBilled is what was billed for a subscription in a year, in euros without VAT.
type YearBilled struct {
	Year  string
	Euros models.Exact
	Bills int
}

// BilledFor returns what was billed for a subscription, by the year of the month of its
// bills, the first year first, as far as the actor sees the ledger.
func BilledFor(ctx context.Context, r db.Reader, a models.Actor, sub int64) ([]YearBilled, error) {
	seen, args, err := spend.Seen(ctx, r, a)
	if err != nil {
		return nil, err
	}
	if seen != "" {
		seen = ` AND ` + seen
	}
	type row struct {
		Year  string `db:"year"`
		Bills int    `db:"bills"`
		spend.Parts
	}
	q := `/* matching.BilledFor */ SELECT SUBSTR(c.month, 1, 4) AS year, CAST(COUNT(*) AS BIGINT) AS bills, CAST(SUM(c.whole) AS BIGINT) AS whole, CAST(SUM(c.nano) AS BIGINT) AS nano, CAST(SUM(c.atto) AS BIGINT) AS atto, CAST(SUM(c.ronto) AS BIGINT) AS ronto,
		CAST(SUM(c.eur_whole) AS BIGINT) AS eur_whole, CAST(SUM(c.eur_nano) AS BIGINT) AS eur_nano, CAST(SUM(c.eur_atto) AS BIGINT) AS eur_atto
		FROM ledger_bills c WHERE c.subscription_id = ? AND c.batch_id IN (SELECT id FROM ledger_batches WHERE state = 'accepted')` + seen + ` GROUP BY SUBSTR(c.month, 1, 4) ORDER BY 1`
	var rows []row
	if err := r.Select(ctx, &rows, q, append([]any{sub}, args...)...); err != nil {
		return nil, fmt.Errorf("bills of subscription %d: %w", sub, err)
	}
	var all []YearBilled
	for _, one := range rows {
		_, euros, err := one.Amounts()
		if err != nil {
			return nil, err
		}
		all = append(all, YearBilled{one.Year, euros, one.Bills})
	}
	return all, nil
}
