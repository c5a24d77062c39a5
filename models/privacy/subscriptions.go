package privacy

import (
	"context"

	"pilveturg/db"
	"pilveturg/models"
)

// Subscribed is something that the person did to a subscription of a public body, an
// address under which the person's programs read a calendar, or a search that the person
// keeps.
type Subscribed struct {
	Subscription int64       `json:"subscription,omitempty" db:"id"`
	What         string      `json:"what" db:"what"`
	Words        string      `json:"words,omitempty" db:"words"`
	At           models.Time `json:"at" db:"at"`
}

// subscriptions reads it.
func (d *Data) subscriptions(ctx context.Context, r db.Reader, id int64) error {
	const q = `/* privacy.Export */
		SELECT * FROM (
			SELECT id, 'request' AS what, words, requested_at AS at FROM subscriptions WHERE requester_id = ?
			UNION ALL SELECT subscription_id, step, words, created_at FROM subscription_steps WHERE account_id = ?
			UNION ALL SELECT subscription_id, 'approval', '', created_at FROM approval_votes WHERE account_id = ?
			UNION ALL SELECT subscription_id, 'use of ' || month, '', changed_at FROM usage_months WHERE account_id = ?
			UNION ALL SELECT subscription_id, 'reminder', '', seen_at FROM notice_reminders WHERE account_id = ?
			UNION ALL SELECT subscription_id, 'change', words, requested_at FROM amendments WHERE requester_id = ?
			UNION ALL SELECT c.subscription_id, 'approval of a change', '', v.created_at FROM amendment_votes v JOIN amendments c ON c.id = v.amendment_id WHERE v.account_id = ?
			UNION ALL SELECT subscription_id, 'task', words, created_at FROM onboarding_steps WHERE account_id = ?
			UNION ALL SELECT subscription_id, 'task done', words, done_at FROM onboarding_steps WHERE done_by = ?
			UNION ALL SELECT 0, 'import of contracts', hash, created_at FROM contract_imports WHERE account_id = ?
			UNION ALL SELECT 0, 'import of contracts undone', hash, undone_at FROM contract_imports WHERE undone_by = ?
			UNION ALL SELECT 0, 'file for the ledger', file, created_at FROM ledger_batches WHERE account_id = ?
			UNION ALL SELECT 0, 'file accepted into the ledger', file, accepted_at FROM ledger_batches WHERE accepted_by = ?
			UNION ALL SELECT 0, 'file of the ledger undone', file, undone_at FROM ledger_batches WHERE undone_by = ?
			UNION ALL SELECT COALESCE(subscription_id, 0), 'bill', words, decided_at FROM ledger_bills WHERE account_id = ?
			UNION ALL SELECT 0, 'saved ' || kind, name || ' ' || query, created_at FROM saved_items WHERE account_id = ?
			UNION ALL SELECT 0, 'report', name || ' ' || question || ' ' || query, created_at FROM saved_reports WHERE account_id = ?
			UNION ALL SELECT 0, 'calendar', '', created_at FROM calendar_tokens WHERE account_id = ?
		) w ORDER BY at, id, what`
	return r.Select(ctx, &d.Subscribed, q, id, id, id, id, id, id, id, id, id, id, id, id, id, id, id, id, id, id)
}
