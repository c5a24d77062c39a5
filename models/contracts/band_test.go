package contracts_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"pilveturg/db"
	"pilveturg/models"
	"pilveturg/models/contracts"
)

// day writes a day.
func day(_ string, d models.Date) string { return d.String() }

// payer is a body that uses the service: so many users for so many cents a year.
func (o *office) payer(code string, org, users, cents int64) {
	o.t.Helper()
	buyer := o.person(org, models.Buyer, 0)
	finance := models.Actor{Program: "test", OrgID: org, Roles: []models.Role{models.Finance}}
	o.does(finance, func(ctx context.Context, tx *db.Tx) error {
		return contracts.SaveBudget(ctx, tx, contracts.Budget{Code: code, Name: "IT", Year: 2026, Cents: 1})
	})
	o.does(admin, func(ctx context.Context, tx *db.Tx) error {
		var id int64
		const q = `INSERT INTO subscriptions (organisation_id, once, offering_id, version, plan, unit, quantity, months, starts, renewal, notice_days, year_cents, once_cents, budget_id, words, needs, state, requester_id, requested_at)
			SELECT ?, ?, ?, 1, 'basic', 'user', ?, 12, '2026-01-01', 'none', 0, ?, 0, b.id, '', 1, 'requested', ?, ? FROM budget_lines b WHERE b.organisation_id = ? AND b.code = ? RETURNING id`
		if err := tx.Get(ctx, &id, q, org, code, o.service, fmt.Sprint(users), cents, buyer.AccountID, tx.Now, org, code); err != nil {
			return err
		}
		for _, state := range []string{`'ordered', ordered_at = '2026-01-01T00:00:00Z'`, `'accepted'`, `'active', first_use = '2026-01-01', ends = '2099-01-01'`} {
			if _, err := tx.Exec(ctx, `UPDATE subscriptions SET state = `+state+` WHERE id = ?`, id); err != nil {
				return err
			}
		}
		return nil
	})
}

func TestWhatBodiesPayIsToldOnceEnoughDo(t *testing.T) {
	o := newOffice(t)
	for i := range contracts.LeastPayers {
		if bands, err := contracts.Paid(t.Context(), o, o.service); err != nil || len(bands) > 0 {
			t.Errorf("with %d payers: %v, %v", i, bands, err)
		}
		n := int64(i + 1)
		o.payer("a", o.organisation(fmt.Sprintf("payer%d", i), "agency"), 3, n*10_00) // 3.33, 6.66, 10, 13.33, 16.66 for each
	}
	o.payer("second", o.body, 10, 1_000_00)
	o.payer("third", o.body, 10, 20_00) // the last one counts: 2 for each
	bands, err := contracts.Paid(t.Context(), o, o.service)
	want := []contracts.Band{{Unit: "user", Payers: 6, Least: 2_00, Middle: 10_00, Most: 16_66}}
	if err != nil || fmt.Sprint(bands) != fmt.Sprint(want) {
		t.Errorf("bodies pay %v, %v; want %v", bands, err, want)
	}
}

func TestSomebodyLooksAfterAReminder(t *testing.T) {
	o := newOffice(t)
	id := o.reach(contracts.Active)
	now := o.Now()
	o.DB.Now = func() time.Time { return now.AddDate(0, 0, 365-30-20) }
	o.does(admin, func(ctx context.Context, tx *db.Tx) error { _, err := contracts.Remind(ctx, tx, day); return err })
	if all, err := contracts.Reminders(t.Context(), o, id); err != nil || len(all) != 3 || all[0].Days != 30 || all[0].Account != 0 {
		t.Errorf("reminders: %v, %v", all, err)
	}
	for range 2 {
		o.does(o.buyer, func(ctx context.Context, tx *db.Tx) error { return contracts.SeeReminders(ctx, tx, id) })
	}
	if all, err := contracts.Reminders(t.Context(), o, id); err != nil || all[0].Account != o.buyer.AccountID {
		t.Errorf("afterwards: %v, %v", all, err)
	}
	if err := o.try(o.approver, func(ctx context.Context, tx *db.Tx) error { return contracts.SeeReminders(ctx, tx, id) }); err == nil {
		t.Error("an approver looks after it")
	}
}
