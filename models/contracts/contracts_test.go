package contracts_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"pilveturg/db"
	"pilveturg/db/dbtest"
	"pilveturg/models"
	"pilveturg/models/contracts"
)

// Every step is tried in every state by everybody: what the machine allows to whom
// happens, and all else changes nothing.
func TestEveryStepInEveryStateByEverybody(t *testing.T) {
	o := newOffice(t)
	o.budget = o.line("big", 1_000_000_00)
	people := map[string]models.Actor{"buyer": o.buyer, "approver": o.approver, "vendor": o.seller, "finance": o.finance, "approver up to less": o.rich, "visitor": {},
		"buyer elsewhere": o.person(o.other, models.Buyer, 0), "vendor elsewhere": o.person(o.organisation("vendor2", "vendor"), models.VendorManager, 0)}
	steps := map[contracts.Step]contracts.Side{}
	for _, m := range contracts.Moves() {
		if m.Side != contracts.Clock {
			steps[m.Step] = m.Side
		}
	}
	allowed := func(side contracts.Side, step contracts.Step, from contracts.State) (contracts.State, bool) {
		for _, m := range contracts.Steps(side, from) {
			if m.Step == step {
				return m.To, true
			}
		}
		return "", false
	}
	for _, state := range contracts.States() {
		id := o.reach(state)
		for step, side := range steps {
			for who, actor := range people {
				to, ok := allowed(side, step, state)
				if ok = ok && who == string(side); ok {
					continue // done below, because it changes the state
				}
				before := dbtest.Dump(t, o.DB)
				if err := o.as(id, actor, side, contracts.Deed{Step: step, Words: "x", Day: models.DateOf(o.Now())}); err == nil {
					t.Errorf("%s does %s when %s, to %s", who, step, state, to)
				}
				if tables := dbtest.Differences(before, dbtest.Dump(t, o.DB)); len(tables) > 0 {
					t.Errorf("%s tries %s when %s and changes %v", who, step, state, tables)
				}
			}
			if to, ok := allowed(side, step, state); ok {
				if err := o.step(id, side, step, o.day(id, step)); err != nil || o.find(id).State != to {
					t.Errorf("%s when %s: %v, %s; want %s", step, state, err, o.find(id).State, to)
				}
				id = o.reach(state)
			}
		}
	}
}

// The database refuses every pair of states that the machine does not have.
func TestTheDatabaseHoldsTheSameMachine(t *testing.T) {
	o := newOffice(t)
	o.budget = o.line("big", 1_000_000_00)
	pairs := map[string]bool{}
	for _, m := range contracts.Moves() {
		pairs[string(m.From+" "+m.To)] = true
	}
	day := models.DateOf(o.Now())
	for _, from := range contracts.States() {
		id := o.reach(from)
		for _, to := range contracts.States() {
			if from == to {
				continue
			}
			undo := errors.New("undo")
			err := o.try(admin, func(ctx context.Context, tx *db.Tx) error {
				const q = `UPDATE subscriptions SET state = ?, held = 0, ordered_at = ?, first_use = ?, ends = ?, exported = ? WHERE id = ?`
				if _, err := tx.Exec(ctx, q, to, tx.Now, day, day, day, id); err != nil {
					return err
				}
				return undo
			})
			if allowed := errors.Is(err, undo); allowed != pairs[string(from+" "+to)] {
				t.Errorf("from %s to %s: %v", from, to, err)
			}
		}
	}
	id := o.reach(contracts.Active)
	for _, q := range []string{`DELETE FROM subscriptions WHERE id = ?`, `UPDATE subscriptions SET organisation_id = organisation_id + 1 WHERE id = ?`, `UPDATE subscription_steps SET words = 'x' WHERE subscription_id = ?`, `UPDATE approval_votes SET round = 7 WHERE subscription_id = ?`,
		`UPDATE budget_lines SET reserved = cents + 1 WHERE id > 0 AND 0 < ?`, `INSERT INTO approval_votes (subscription_id, round, account_id, created_at) SELECT id, 9, requester_id, requested_at FROM subscriptions WHERE id = ?`} {
		if err := o.try(admin, func(ctx context.Context, tx *db.Tx) error { _, err := tx.Exec(ctx, q, id); return err }); err == nil {
			t.Errorf("%s is done", q)
		}
	}
}

// Two hundred requests, each approved by two at once, ask for money that is enough for
// four: four are ordered, and not a cent more than there is is reserved.
func TestNobodyReservesMoreThanThereIs(t *testing.T) {
	o := newOffice(t)
	const requests, enough = 100, 4
	var ids []int64
	for range requests {
		ids = append(ids, o.request())
	}
	var wg sync.WaitGroup
	var mu sync.Mutex
	won := map[int64]int{}
	for _, id := range ids {
		for _, who := range []models.Actor{o.approver, o.second} {
			wg.Go(func() {
				err := o.Write(t.Context(), who, func(tx *db.Tx) error {
					return contracts.Vote(t.Context(), tx, id, 1, contracts.Deed{Step: contracts.Approve})
				})
				mu.Lock()
				defer mu.Unlock()
				var wrong models.Invalid
				switch {
				case err == nil:
					won[id]++
				case errors.As(err, &wrong) && wrong["budget"] == "request.no_money", errors.Is(err, models.ErrConflict):
				default:
					t.Errorf("approval of %d: %v", id, err)
				}
			})
		}
	}
	wg.Wait()
	if len(won) != enough || o.reserved() != enough*240_00 {
		t.Errorf("%d are ordered and %d cents reserved; want %d and %d", len(won), o.reserved(), enough, enough*240_00)
	}
	ordered := 0
	for _, id := range ids {
		if s := o.find(id); s.State == contracts.Ordered {
			ordered++
		} else if s.State != contracts.Requested || s.Held != 0 {
			t.Errorf("request %d is %s and holds %d", id, s.State, s.Held)
		}
		if won[id] > 1 {
			t.Errorf("request %d was ordered %d times", id, won[id])
		}
	}
	if ordered != enough {
		t.Errorf("%d are ordered, want %d", ordered, enough)
	}
}

func TestRulesSayHowManyApprove(t *testing.T) {
	o := newOffice(t)
	rules := func(free, two int64) {
		t.Helper()
		o.does(o.finance, func(ctx context.Context, tx *db.Tx) error {
			before, err := contracts.FindRules(ctx, tx, o.body)
			if err != nil {
				return err
			}
			return contracts.SetRules(ctx, tx, before.Revision, contracts.Rules{FreeBelow: free, TwoAbove: two})
		})
	}
	rules(240_01, -1) // less than that: nobody is asked
	if s := o.find(o.request()); s.State != contracts.Ordered || s.Held != 240_00 || o.reserved() != 240_00 {
		t.Errorf("below the limit it is %s and holds %d", s.State, s.Held)
	}
	rules(0, 239_99) // more than that: two
	id := o.request()
	if err := o.as(id, o.approver, contracts.Approving, contracts.Deed{Step: contracts.Approve}); err != nil || o.find(id).State != contracts.Requested || o.reserved() != 240_00 {
		t.Errorf("after one of two: %v, %s", err, o.find(id).State)
	}
	if err := o.as(id, o.approver, contracts.Approving, contracts.Deed{Step: contracts.Approve}); !errors.Is(err, models.ErrConflict) {
		t.Errorf("one person approves twice: %v", err)
	}
	if waits, err := contracts.WaitingFor(t.Context(), o, o.approver); err != nil || len(waits) != 0 {
		t.Errorf("it waits for who has approved: %v, %v", waits, err)
	}
	if waits, err := contracts.WaitingFor(t.Context(), o, o.second); err != nil || len(waits) != 1 {
		t.Errorf("it waits for the second: %v, %v", waits, err)
	}
	if err := o.as(id, o.second, contracts.Approving, contracts.Deed{Step: contracts.Approve}); err != nil || o.find(id).State != contracts.Ordered || o.reserved() != 480_00 {
		t.Errorf("after both: %v, %s", err, o.find(id).State)
	}
	for _, a := range []models.Actor{o.buyer, o.approver} {
		if err := o.try(a, func(ctx context.Context, tx *db.Tx) error { return contracts.SetRules(ctx, tx, 2, contracts.Rules{}) }); !errors.Is(err, models.ErrForbidden) {
			t.Errorf("%v sets the rules: %v", a.Roles, err)
		}
	}
}

func TestNobodyApprovesTheirOwnRequest(t *testing.T) {
	o := newOffice(t)
	both := o.buyer
	both.Roles, both.Limit = []models.Role{models.Buyer, models.Approver}, 1_000_00
	id := o.request()
	if err := o.as(id, both, contracts.Approving, contracts.Deed{Step: contracts.Approve}); !errors.Is(err, models.ErrForbidden) {
		t.Errorf("who asked approves: %v", err)
	}
}

func TestThePriceIsThatOfTheVersionThatWasSeen(t *testing.T) {
	o := newOffice(t)
	send := func(once string, seen int64, change func(*contracts.Subscription)) (contracts.Subscription, error) {
		s := o.wanted()
		if change != nil {
			change(&s)
		}
		return s, o.try(o.buyer, func(ctx context.Context, tx *db.Tx) error { return contracts.Send(ctx, tx, o.schema, once, seen, &s) })
	}
	first, err := send("a", 240_00, nil)
	if err != nil || first.Version != 1 {
		t.Fatal(first, err)
	}
	if again, err := send("a", 240_00, nil); err != nil || again.ID != first.ID {
		t.Errorf("the form sent twice made %d and %d, %v", first.ID, again.ID, err)
	}
	o.publish(3)
	_, err = send("b", 240_00, nil)
	o.wrong(err, "price", "request.price_changed")
	if s, err := send("b", 360_00, nil); err != nil || s.Version != 2 || s.Year != 360_00 {
		t.Errorf("confirmed: %+v, %v", s, err)
	}
	if s := o.find(first.ID); s.Year != 240_00 || s.Version != 1 {
		t.Errorf("the first one costs %d by version %d", s.Year, s.Version)
	}
	for _, tt := range []struct {
		field, key string
		change     func(*contracts.Subscription)
	}{
		{"plan", "request.no_price", func(s *contracts.Subscription) { s.Plan = "ask" }},
		{"plan", "request.plan_missing", func(s *contracts.Subscription) { s.Plan = "none" }},
		{"quantity", "project.volume_wrong", func(s *contracts.Subscription) { s.Quantity = "-1" }},
		{"quantity", "request.quantity_wrong", func(s *contracts.Subscription) { s.Unit, s.Quantity = "", "" }},
		{"months", "request.months_wrong", func(s *contracts.Subscription) { s.Months = 0 }},
		{"starts", "request.starts_wrong", func(s *contracts.Subscription) { s.Starts = models.Date{} }},
		{"renewal", "request.renewal_missing", func(s *contracts.Subscription) { s.Renewal = "" }},
		{"notice_days", "request.notice_wrong", func(s *contracts.Subscription) { s.NoticeDays = -1 }},
		{"budget", "request.budget_missing", func(s *contracts.Subscription) { s.BudgetID = 999 }},
	} {
		_, err := send("c", 360_00, tt.change)
		o.wrong(err, tt.field, tt.key)
	}
}

func TestMoneyIsGivenBackForWhatIsNotTakenUp(t *testing.T) {
	o := newOffice(t)
	for _, tt := range []struct {
		side contracts.Side
		step contracts.Step
	}{{contracts.Selling, contracts.Decline}, {contracts.Buying, contracts.Cancel}} {
		id := o.reach(contracts.Ordered)
		if o.reserved() != 240_00 {
			t.Errorf("%d cents are reserved for an order", o.reserved())
		}
		if err := o.step(id, tt.side, tt.step, models.Date{}); err != nil || o.reserved() != 0 || o.find(id).Held != 0 {
			t.Errorf("%s: %v, and %d cents stay reserved", tt.step, err, o.reserved())
		}
	}
	o.does(o.finance, func(ctx context.Context, tx *db.Tx) error {
		return contracts.SaveBudget(ctx, tx, contracts.Budget{Code: "6", Name: "x", Year: 2026})
	})
	o.reach(contracts.Ordered)
	b, err := contracts.FindBudget(t.Context(), o, o.body, o.budget)
	if err != nil {
		t.Fatal(err)
	}
	b.Cents = 239_99
	o.wrong(o.try(o.finance, func(ctx context.Context, tx *db.Tx) error { return contracts.SaveBudget(ctx, tx, b) }), "amount", "budget.reserved_more")
}

// later moves the clock.
func (o *office) later(days int) {
	now := o.Now()
	o.DB.Now = func() time.Time { return now.AddDate(0, 0, days) }
}

func TestRemindersComeOnceEach(t *testing.T) {
	o := newOffice(t)
	id := o.reach(contracts.Active) // ends in a year; notice 30 days before
	remind := func() (n int) {
		t.Helper()
		o.does(admin, func(ctx context.Context, tx *db.Tx) (err error) { n, err = contracts.Remind(ctx, tx, day); return err })
		return n
	}
	s := o.find(id)
	if want := s.Ends.AddDays(-30); s.NoticeBy != want {
		t.Errorf("notice by %s, want %s", s.NoticeBy, want)
	}
	left := func() int { return int(s.NoticeBy.Time().Sub(models.DateOf(o.Now()).Time()).Hours() / 24) }
	told := map[int]int{}
	o.later(left() - 100)
	for left() > -5 {
		if n := remind() + remind(); n > 0 {
			told[left()] += n
		}
		o.later(1)
	}
	if fmt.Sprint(told) != fmt.Sprint(map[int]int{90: 1, 60: 1, 30: 1, 7: 1}) {
		t.Errorf("reminders came so many days before: %v", told)
	}
	var notices int
	if err := o.Get(t.Context(), &notices, `SELECT COUNT(*) FROM notices WHERE kind = 'notice_soon' AND account_id = ?`, o.buyer.AccountID); err != nil || notices != 4 {
		t.Errorf("the buyer has %d notices, %v", notices, err)
	}
}

func TestATermIsRenewedOrEndsByItself(t *testing.T) {
	o := newOffice(t)
	id := o.reach(contracts.Active)
	ends := o.find(id).Ends
	roll := func() (n int) {
		t.Helper()
		o.does(admin, func(ctx context.Context, tx *db.Tx) (err error) { n, err = contracts.Roll(ctx, tx); return err })
		return n
	}
	o.later(364)
	if n := roll(); n != 0 {
		t.Errorf("%d are over before their last day is", n)
	}
	o.later(1)
	if n := roll(); n != 1 || o.find(id).Ends != ends.AddDays(1).AddMonths(12).AddDays(-1) || o.find(id).State != contracts.Active {
		t.Errorf("%d moved; it ends %s, %s", n, o.find(id).Ends, o.find(id).State)
	}
	o.does(admin, func(ctx context.Context, tx *db.Tx) error {
		_, err := tx.Exec(ctx, `UPDATE subscriptions SET renewal = 'express' WHERE id = ?`, id)
		return err
	})
	s := o.find(id)
	o.does(o.buyer, func(ctx context.Context, tx *db.Tx) error { return contracts.Renew(ctx, tx, id, s.Revision) })
	o.later(3 * 366)
	if n := roll(); n != 1 || o.find(id).State != contracts.Ending {
		t.Errorf("%d moved; it is %s", n, o.find(id).State)
	}
	o.wrong(o.step(id, contracts.Buying, contracts.Finish, models.DateOf(o.Now()).AddDays(1)), "day", "subscription.exported_wrong")
	if err := o.step(id, contracts.Buying, contracts.Finish, models.DateOf(o.Now())); err != nil {
		t.Error(err)
	}
}

func TestUseIsNotedByTheMonth(t *testing.T) {
	o := newOffice(t)
	id := o.reach(contracts.Active)
	month := o.find(id).FirstUse.String()[:7]
	note := func(m contracts.Month) error {
		return o.try(o.buyer, func(ctx context.Context, tx *db.Tx) error { return contracts.NoteUsage(ctx, tx, id, m) })
	}
	o.wrong(note(contracts.Month{Month: "2019-13", Assigned: 1}), "month", "usage.month_wrong")
	o.wrong(note(contracts.Month{Month: "2019-01", Assigned: 1}), "month", "usage.month_wrong")
	o.wrong(note(contracts.Month{Month: month, Assigned: 11}), "assigned", "usage.assigned_wrong")
	o.wrong(note(contracts.Month{Month: month, Assigned: 5, Used: 6}), "used", "usage.used_wrong")
	for range 2 {
		if err := note(contracts.Month{Month: month, Assigned: 8, Used: 6}); err != nil {
			t.Fatal(err)
		}
	}
	all, err := contracts.Usage(t.Context(), o, id)
	s := o.find(id)
	if cents, ok := s.Terms().Unused(all[0]); err != nil || len(all) != 1 || !ok || cents != 96_00 { // 4 of 10, of 240 euros
		t.Errorf("%v, %v: %d cents are unused", all, err, cents)
	}
}

func TestACalendarIsReadByItsToken(t *testing.T) {
	o := newOffice(t)
	o.reach(contracts.Active)
	var first, token string
	for _, to := range []*string{&first, &token} {
		o.does(o.buyer, func(ctx context.Context, tx *db.Tx) (err error) {
			*to, err = contracts.NewCalendarToken(ctx, tx)
			return err
		})
	}
	open := func(token string) (int64, error) {
		org, _, err := contracts.CalendarOf(t.Context(), o, token)
		return org, err
	}
	if _, err := open(first); !errors.Is(err, models.ErrNotFound) {
		t.Errorf("the address before still opens it: %v", err)
	}
	org, err := open(token)
	if err != nil || org != o.body {
		t.Fatal(org, err)
	}
	if all, err := contracts.Calendar(t.Context(), o, org, models.DateOf(o.Now())); err != nil || len(all) != 1 {
		t.Errorf("the calendar: %v, %v", all, err)
	}
	o.does(admin, func(ctx context.Context, tx *db.Tx) error {
		_, err := tx.Exec(ctx, `UPDATE accounts SET state = 'locked' WHERE id = ?`, o.buyer.AccountID)
		return err
	})
	if _, err := open(token); !errors.Is(err, models.ErrNotFound) {
		t.Errorf("who is locked out reads on: %v", err)
	}
}
