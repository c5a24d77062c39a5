package contracts

import (
	"context"
	"fmt"
	"regexp"
	"slices"

	"pilveturg/db"
	"pilveturg/models"
	"pilveturg/models/audit"
)

// Month is how much of what was bought was used in a month.
type Month struct {
	Month    string      `db:"month"`    // "2026-11"
	Assigned int64       `db:"assigned"` // given to people, or set up
	Used     int64       `db:"used"`     // of these
	Account  int64       `db:"account_id"`
	At       models.Time `db:"changed_at"`
}

const usageNoted audit.Action = "subscription.usage"

var monthForm = regexp.MustCompile(`^\d{4}-(0[1-9]|1[0-2])$`)

// Usage returns the months of a subscription that were noted, the newest first. Who may
// read it is for the caller to ask.
func Usage(ctx context.Context, r db.Reader, id int64) ([]Month, error) {
	var all []Month
	if err := r.Select(ctx, &all, `/* contracts.Usage */ SELECT month, assigned, used, account_id, changed_at FROM usage_months WHERE subscription_id = ? ORDER BY month DESC`, id); err != nil {
		return nil, fmt.Errorf("use of subscription %d: %w", id, err)
	}
	return all, nil
}

// NoteUsage says how much was used in a month, in place of what was said before. What
// is assigned is not more than what was bought, and no month is to come.
func NoteUsage(ctx context.Context, tx *db.Tx, id int64, m Month) error {
	s, err := held(ctx, tx, id, func() (Subscription, error) { return Find(ctx, tx, tx.Actor, id) })
	switch {
	case err != nil:
		return err
	case !Manages(tx.Actor):
		return fmt.Errorf("use of subscription %d: %w", id, models.ErrForbidden)
	case !s.State.Runs() && s.State != Ended:
		return fmt.Errorf("use of subscription %d, which is %s: %w", id, s.State, models.ErrConflict)
	}
	wrong := models.Invalid{}
	first, last := s.FirstUse.String(), models.DateOf(tx.Now.Time).String()
	if !monthForm.MatchString(m.Month) || m.Month > last[:7] || first != "" && m.Month < first[:7] {
		wrong["month"] = "usage.month_wrong"
	}
	if bought, ok := s.Bought(); m.Assigned < 0 || ok && models.Whole(m.Assigned).Cmp(bought) > 0 {
		wrong["assigned"] = "usage.assigned_wrong"
	}
	if m.Used < 0 || m.Used > m.Assigned {
		wrong["used"] = "usage.used_wrong"
	}
	if err := wrong.Or(); err != nil {
		return err
	}
	before, err := Usage(ctx, tx, id)
	if err != nil {
		return err
	}
	if i := slices.IndexFunc(before, func(b Month) bool { return b.Month == m.Month }); i >= 0 && before[i].Assigned == m.Assigned && before[i].Used == m.Used {
		return nil
	}
	const q = `INSERT INTO usage_months (subscription_id, month, assigned, used, account_id, changed_at) VALUES (?, ?, ?, ?, ?, ?)
		ON CONFLICT (subscription_id, month) DO UPDATE SET assigned = excluded.assigned, used = excluded.used, account_id = excluded.account_id, changed_at = excluded.changed_at`
	if _, err := tx.Exec(ctx, q, id, m.Month, m.Assigned, m.Used, tx.Actor.AccountID, tx.Now); err != nil {
		return fmt.Errorf("use of subscription %d: %w", id, err)
	}
	return audit.Record(ctx, tx, usageNoted, subject(id), audit.Change{Field: "month", New: m.Month}, audit.Change{Field: "assigned", New: fmt.Sprint(m.Assigned)}, audit.Change{Field: "used", New: fmt.Sprint(m.Used)})
}

// Bought is how many were bought; false where nothing is counted.
func (s *Subscription) Bought() (models.Decimal, bool) {
	n, err := models.ParseDecimal(s.Quantity)
	return n, err == nil && s.Unit != ""
}

// Unused is what a year costs of what nobody used in a month, in euro cents: the share
// of the yearly price, rounded down; false where nothing is counted.
func (s *Subscription) Unused(m Month) (cents int64, ok bool) {
	bought, ok := s.Bought()
	if !ok || bought.Sign() <= 0 {
		return 0, false
	}
	idle, err := bought.Sub(models.Whole(m.Used))
	if err != nil || idle.Sign() < 0 {
		return 0, err == nil
	}
	share, err := idle.Mul(models.Whole(s.Year))
	if err != nil {
		return 0, false
	}
	share, err = share.Div(bought, 0)
	n, _ := share.Int64()
	return n, err == nil
}

const inventedRemoved audit.Action = "subscription.removed"

// RemoveInvented removes the subscriptions and the money of invented organisations. Only
// administrators do.
func RemoveInvented(ctx context.Context, tx *db.Tx) error {
	if !tx.Actor.Is(models.Administrator) {
		return fmt.Errorf("remove invented subscriptions: %w", models.ErrForbidden)
	}
	const invented = ` WHERE organisation_id IN (SELECT id FROM organisations WHERE invented = 1)`
	var gone []int64
	if err := tx.Select(ctx, &gone, `DELETE FROM subscriptions`+invented+` RETURNING id`); err != nil {
		return fmt.Errorf("remove invented subscriptions: %w", err)
	}
	for _, q := range []string{`DELETE FROM budget_lines` + invented, `DELETE FROM approval_rules` + invented, `DELETE FROM calendar_tokens` + invented} {
		if _, err := tx.Exec(ctx, q); err != nil {
			return fmt.Errorf("remove invented money: %w", err)
		}
	}
	for _, id := range gone {
		if err := audit.Record(ctx, tx, inventedRemoved, subject(id)); err != nil {
			return err
		}
	}
	return nil
}
