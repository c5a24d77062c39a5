package reports

import (
	"context"
	"fmt"
	"strconv"

	"pilveturg/db"
	"pilveturg/models"
	"pilveturg/models/contracts"
	"pilveturg/models/spend"
)

func aheadQuestions() []Question {
	return []Question{
		{Code: "promised", Number: 18, Group: Ahead, Bys: []string{bySubscription, byCommitment}, Asks: []string{"under"}, Bound: true, answer: answerPromised},
		{Code: "renewals", Number: 9, Group: Ahead, Path: "/calendar"},
		{Code: "budget", Number: 13, Group: Ahead, Path: "/spend/forecast"},
	}
}

// What promises are told apart by: what was agreed here, and what clouds call commitments.
const (
	bySubscription = "subscription"
	byCommitment   = "commitment"
)

// running is a subscription in use, with the last month that somebody counted.
type running struct {
	ID       int64       `db:"id"`
	Org      int64       `db:"organisation_id"`
	Service  string      `db:"service"`
	Vendor   string      `db:"vendor"`
	Unit     string      `db:"unit"`
	Quantity string      `db:"quantity"`
	Months   int64       `db:"months"`
	Year     int64       `db:"year_cents"`
	Once     int64       `db:"once_cents"`
	Ends     models.Date `db:"ends"`
	FirstUse models.Date `db:"first_use"`
	Month    string      `db:"month"` // "": nobody counted
	Assigned int64       `db:"assigned"`
	Used     int64       `db:"used"`
	Earlier  string      `db:"earlier"` // the month counted before that
	UsedThen int64       `db:"used_then"`
	spend.Parts
	Bills int64 `db:"bills"`
}

// code is how people name the subscription.
func (r *running) code() string { return "SUB-" + strconv.FormatInt(r.ID, 10) }

// path is where the subscription is shown to its body.
func (r *running) path() string {
	return "/subscriptions/" + contracts.Prefix + strconv.FormatInt(r.ID, 10)
}

// running are the subscriptions in use of the bodies that the actor sees, by body.
func (q *asking) running(ctx context.Context) (all []running, err error) {
	orgs, everybody, err := spend.Reach(ctx, q.r, q.actor)
	if err != nil {
		return nil, err
	}
	only, args := ``, []any{}
	if !everybody {
		marks, ids := db.In(orgs)
		only, args = ` AND s.organisation_id IN `+marks, ids
	}
	if q.Under != 0 {
		only, args = only+` AND s.organisation_id IN (WITH RECURSIVE below (id) AS (SELECT CAST(? AS BIGINT) UNION SELECT o.id FROM organisations o JOIN below b ON o.parent_id = b.id) SELECT id FROM below)`, append(args, q.Under)
	}
	const counted = `(SELECT u.month FROM usage_months u WHERE u.subscription_id = s.id AND u.source = 'body' ORDER BY u.month DESC LIMIT 1`
	text := `/* reports.running */ SELECT s.id, s.organisation_id, COALESCE(NULLIF(s.service, ''), (SELECT MIN(t.name) FROM version_words t WHERE t.offering_id = s.offering_id AND t.number = s.version), '') AS service, s.vendor, s.unit, s.quantity, s.months, s.year_cents, s.once_cents, s.ends, s.first_use,
			COALESCE(m.month, '') AS month, COALESCE(m.assigned, 0) AS assigned, COALESCE(m.used, 0) AS used, COALESCE(e.month, '') AS earlier, COALESCE(e.used, 0) AS used_then,
			COALESCE(b.bills, 0) AS bills, COALESCE(b.eur_whole, 0) AS eur_whole, COALESCE(b.eur_nano, 0) AS eur_nano, COALESCE(b.eur_atto, 0) AS eur_atto, 0 AS whole, 0 AS nano, 0 AS atto, 0 AS ronto
		FROM subscriptions s
		LEFT JOIN usage_months m ON m.subscription_id = s.id AND m.source = 'body' AND m.month = ` + counted + `)
		LEFT JOIN usage_months e ON e.subscription_id = s.id AND e.source = 'body' AND e.month = ` + counted + ` OFFSET 1)
		LEFT JOIN (SELECT subscription_id, COUNT(*) AS bills, CAST(SUM(eur_whole) AS BIGINT) AS eur_whole, CAST(SUM(eur_nano) AS BIGINT) AS eur_nano, CAST(SUM(eur_atto) AS BIGINT) AS eur_atto FROM ledger_bills WHERE subscription_id IS NOT NULL GROUP BY subscription_id) b ON b.subscription_id = s.id
		WHERE s.state IN ('active', 'suspended', 'ending')` + only + ` ORDER BY s.organisation_id, s.id`
	if err := q.r.Select(ctx, &all, text, args...); err != nil {
		return nil, fmt.Errorf("subscriptions in use: %w", err)
	}
	return all, nil
}
