package contracts

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"pilveturg/db"
	"pilveturg/models"
	"pilveturg/models/audit"
)

// Source says who says how much was used.
type Source string

// The sources. What the vendor says never takes the place of what the body says.
const (
	ByBody   Source = "body"
	ByVendor Source = "vendor"
)

// Month is how much of what was bought was used in a month.
type Month struct {
	Month    string      `db:"month"` // "2026-11"
	Source   Source      `db:"source"`
	Assigned int64       `db:"assigned"` // given to people, or set up
	Used     int64       `db:"used"`     // of these
	Account  int64       `db:"account_id"`
	At       models.Time `db:"changed_at"`
}

const usageNoted audit.Action = "subscription.usage"

var monthForm = regexp.MustCompile(`^\d{4}-(0[1-9]|1[0-2])$`)

// Usage returns the months of a subscription that were noted, the newest first, of each
// what the body says before what the vendor says. Who may read it is for the caller to
// ask.
func Usage(ctx context.Context, r db.Reader, id int64) ([]Month, error) {
	var all []Month
	if err := r.Select(ctx, &all, `/* contracts.Usage */ SELECT month, source, assigned, used, account_id, changed_at FROM usage_months WHERE subscription_id = ? ORDER BY month DESC, source`, id); err != nil {
		return nil, fmt.Errorf("use of subscription %d: %w", id, err)
	}
	return all, nil
}

// NoteUsage says how much was used in a month, in place of what the body said before.
// What is assigned is not more than what was bought, and no month is to come.
func NoteUsage(ctx context.Context, tx *db.Tx, id int64, m Month) error {
	s, err := held(ctx, tx, id, func() (Subscription, error) { return Find(ctx, tx, tx.Actor, id) })
	if err == nil && !Manages(tx.Actor) {
		err = fmt.Errorf("use of subscription %d: %w", id, models.ErrForbidden)
	}
	if err != nil {
		return err
	}
	m.Source = ByBody
	return s.noteUsage(ctx, tx, m)
}

// ReportUsage is the same, said by the vendor.
func ReportUsage(ctx context.Context, tx *db.Tx, id int64, m Month) error {
	s, err := held(ctx, tx, id, func() (Subscription, error) { return FindOrder(ctx, tx, tx.Actor, id) })
	if err != nil {
		return err
	}
	m.Source = ByVendor
	return s.noteUsage(ctx, tx, m)
}

func (s *Subscription) noteUsage(ctx context.Context, tx *db.Tx, m Month) error {
	if !s.State.Runs() && s.State != Ended {
		return fmt.Errorf("use of subscription %d, which is %s: %w", s.ID, s.State, models.ErrConflict)
	}
	changes, err := Amendments(ctx, tx, s.ID)
	if err != nil {
		return err
	}
	if err := s.checkMonth(m, models.DateOf(tx.Now.Time), changes); err != nil {
		return err
	}
	before, err := Usage(ctx, tx, s.ID)
	if err != nil {
		return err
	}
	if i := slices.IndexFunc(before, func(b Month) bool { return b.Month == m.Month && b.Source == m.Source }); i >= 0 && before[i].Assigned == m.Assigned && before[i].Used == m.Used {
		return nil
	}
	const q = `INSERT INTO usage_months (subscription_id, month, source, assigned, used, account_id, changed_at) VALUES (?, ?, ?, ?, ?, ?, ?)
		ON CONFLICT (subscription_id, month, source) DO UPDATE SET assigned = excluded.assigned, used = excluded.used, account_id = excluded.account_id, changed_at = excluded.changed_at`
	if _, err := tx.Exec(ctx, q, s.ID, m.Month, m.Source, m.Assigned, m.Used, tx.Actor.AccountID, tx.Now); err != nil {
		return fmt.Errorf("use of subscription %d: %w", s.ID, err)
	}
	return audit.Record(ctx, tx, usageNoted, subject(s.ID), audit.Change{Field: "month", New: m.Month}, audit.Change{Field: "usage_source", New: string(m.Source)},
		audit.Change{Field: "assigned", New: fmt.Sprint(m.Assigned)}, audit.Change{Field: "used", New: fmt.Sprint(m.Used)})
}

func (s *Subscription) checkMonth(m Month, today models.Date, changes []Amendment) error {
	wrong := models.Invalid{}
	first, last := s.FirstUse.String(), today.String()
	if !monthForm.MatchString(m.Month) || m.Month > last[:7] || first != "" && m.Month < first[:7] {
		wrong["month"] = "usage.month_wrong"
		return wrong
	}
	terms := s.TermsOn(m.End(), changes)
	if bought, ok := terms.Bought(); m.Assigned < 0 || ok && models.Whole(m.Assigned).Cmp(bought) > 0 {
		wrong["assigned"] = "usage.assigned_wrong"
	}
	if m.Used < 0 || m.Used > m.Assigned {
		wrong["used"] = "usage.used_wrong"
	}
	return wrong.Or()
}

// Begin is the first day of the month.
func (m *Month) Begin() models.Date {
	day, _ := models.ParseDate(m.Month + "-01") // it was checked when it was noted
	return day
}

// End is the last day of the month.
func (m *Month) End() models.Date { return m.Begin().AddMonths(1).AddDays(-1) }

// UsageLine is a line of a file that says how much was used.
type UsageLine struct {
	Line     int
	Contract string // "SUB-312", or the number of the contract
	Month    Month
	Wrong    models.Invalid // what could not be read
}

// NoteUsages notes what the lines of a file say, each as [NoteUsage] does. Lines that
// have something wrong are left out and told; it returns how many were noted.
func NoteUsages(ctx context.Context, tx *db.Tx, lines []UsageLine) (noted int, faults []LineFault, err error) {
	if !Manages(tx.Actor) {
		return 0, nil, fmt.Errorf("use of subscriptions: %w", models.ErrForbidden)
	}
	if len(lines) > MaxLines {
		return 0, nil, models.Invalid{"file": "contracts.too_many"}
	}
	all, err := All(ctx, tx, tx.Actor)
	if err != nil {
		return 0, nil, err
	}
	for i := range lines {
		l := &lines[i]
		s, wrong := l.find(all)
		if wrong == nil {
			err := NoteUsage(ctx, tx, s.ID, l.Month)
			switch {
			case errors.Is(err, models.ErrConflict):
				wrong = models.Invalid{"contract": "usage.not_running"}
			case err != nil && !errors.As(err, &wrong):
				return noted, faults, err
			}
		}
		if len(wrong) > 0 {
			field := wrong.Fields()[0]
			faults = append(faults, LineFault{l.Line, field, wrong[field]})
			continue
		}
		noted++
	}
	return noted, faults, nil
}

// find finds the subscription that a line means.
func (l *UsageLine) find(all []Subscription) (*Subscription, models.Invalid) {
	if len(l.Wrong) > 0 {
		return nil, l.Wrong
	}
	var found *Subscription
	code, _ := strconv.ParseInt(strings.TrimPrefix(strings.ToLower(l.Contract), Prefix), 10, 64) // none is no subscription's
	for i := range all {
		s := &all[i]
		if s.Reference != "" && s.Reference == l.Contract || strings.HasPrefix(strings.ToLower(l.Contract), Prefix) && s.ID == code {
			if found != nil {
				return nil, models.Invalid{"contract": "usage.contract_twice"}
			}
			found = s
		}
	}
	if found == nil {
		return nil, models.Invalid{"contract": "usage.contract_unknown"}
	}
	return found, nil
}

// Bought is how many were bought; false where nothing is counted.
func (t Terms) Bought() (models.Decimal, bool) {
	n, err := models.ParseDecimal(t.Quantity)
	return n, err == nil && t.Unit != ""
}

// Bought is how many are bought now; false where nothing is counted.
func (s *Subscription) Bought() (models.Decimal, bool) { return s.Terms().Bought() }

// Unused is what a year costs of what nobody used in a month, in euro cents: the share
// of the yearly price, rounded down; false where nothing is counted.
func (t Terms) Unused(m Month) (cents int64, ok bool) {
	bought, ok := t.Bought()
	if !ok || bought.Sign() <= 0 {
		return 0, false
	}
	idle, err := bought.Sub(models.Whole(m.Used))
	if err != nil || idle.Sign() < 0 {
		return 0, err == nil
	}
	share, err := idle.Mul(models.Whole(t.Year))
	if err != nil {
		return 0, false
	}
	share, err = share.Div(bought, 0)
	n, _ := share.Int64()
	return n, err == nil
}

const removed audit.Action = "subscription.removed"

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
	for _, q := range []string{`DELETE FROM budget_lines` + invented, `DELETE FROM approval_rules` + invented, `DELETE FROM calendar_tokens` + invented, `DELETE FROM contract_imports` + invented} {
		if _, err := tx.Exec(ctx, q); err != nil {
			return fmt.Errorf("remove invented money: %w", err)
		}
	}
	for _, id := range gone {
		if err := audit.Record(ctx, tx, removed, subject(id)); err != nil {
			return err
		}
	}
	return nil
}
