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

// change is one to so many users, from today on.
func (o *office) change(quantity string) contracts.Amendment {
	return contracts.Amendment{Version: 1, Plan: "basic", Unit: "user", Quantity: quantity, Starts: models.DateOf(o.Now()), Words: "More people."}
}

// amend asks for a change of a subscription, whose price was seen.
func (o *office) amend(id int64, a contracts.Amendment) (contracts.Amendment, error) {
	o.n++
	s := o.find(id)
	seen := a.Year
	if err := contracts.QuoteChange(o.t.Context(), o, o.schema, &s, &a); err == nil {
		seen = a.Year
	}
	err := o.try(o.buyer, func(ctx context.Context, tx *db.Tx) error {
		return contracts.Amend(ctx, tx, o.schema, id, fmt.Sprintf("change%d", o.n), seen, &a)
	})
	return a, err
}

// changeStep makes a step of a change as somebody.
func (o *office) changeStep(id int64, who models.Actor, side contracts.Side, step contracts.Step) error {
	var revision int64
	if err := o.Get(o.t.Context(), &revision, `SELECT revision FROM amendments WHERE id = ?`, id); err != nil {
		o.t.Fatal(err)
	}
	d := contracts.Deed{Step: step, Words: "Because."}
	return o.try(who, func(ctx context.Context, tx *db.Tx) error {
		switch side {
		case contracts.Approving:
			return contracts.VoteChange(ctx, tx, id, revision, d)
		case contracts.Selling:
			return contracts.TakeChange(ctx, tx, id, revision, d)
		}
		return contracts.CancelChange(ctx, tx, id, revision)
	})
}

func (o *office) changeState(id int64) (state contracts.ChangeState) {
	o.t.Helper()
	if err := o.Get(o.t.Context(), &state, `SELECT state FROM amendments WHERE id = ?`, id); err != nil {
		o.t.Fatal(err)
	}
	return state
}

// reachChange brings a change of a new subscription to a state.
func (o *office) reachChange(to contracts.ChangeState) int64 {
	o.t.Helper()
	a := o.change("15")
	if to == contracts.ChangeAgreed {
		a.Starts = a.Starts.AddDays(30) // or it would be applied at once
	}
	a, err := o.amend(o.reach(contracts.Active), a)
	if err != nil {
		o.t.Fatal(err)
	}
	steps := map[contracts.ChangeState][]contracts.ChangeMove{
		contracts.ChangeRefused: {{Step: contracts.Refuse, Side: contracts.Approving}}, contracts.ChangeWithdrawn: {{Step: contracts.Cancel, Side: contracts.Buying}},
		contracts.ChangeOrdered: {{Step: contracts.Approve, Side: contracts.Approving}}, contracts.ChangeDeclined: {{Step: contracts.Approve, Side: contracts.Approving}, {Step: contracts.Decline, Side: contracts.Selling}},
		contracts.ChangeAgreed: {{Step: contracts.Approve, Side: contracts.Approving}, {Step: contracts.Accept, Side: contracts.Selling}}, contracts.ChangeApplied: {{Step: contracts.Approve, Side: contracts.Approving}, {Step: contracts.Accept, Side: contracts.Selling}},
	}
	for _, m := range steps[to] {
		if err := o.changeStep(a.ID, o.side(m.Side), m.Side, m.Step); err != nil {
			o.t.Fatalf("%s on the way to %s: %v", m.Step, to, err)
		}
	}
	if state := o.changeState(a.ID); state != to {
		o.t.Fatalf("the change is %s, not %s", state, to)
	}
	return a.ID
}

func (o *office) side(s contracts.Side) models.Actor {
	return map[contracts.Side]models.Actor{contracts.Approving: o.approver, contracts.Buying: o.buyer, contracts.Selling: o.seller}[s]
}

// Every step of a change is tried in every state by everybody.
func TestEveryStepOfAChangeInEveryStateByEverybody(t *testing.T) {
	o := newOffice(t)
	o.budget = o.line("big", 1_000_000_00)
	people := map[string]models.Actor{"buyer": o.buyer, "approver": o.approver, "vendor": o.seller, "finance": o.finance, "approver up to less": o.rich, "visitor": {},
		"buyer elsewhere": o.person(o.other, models.Buyer, 0), "vendor elsewhere": o.person(o.organisation("vendor2", "vendor"), models.VendorManager, 0)}
	steps := map[contracts.Step]contracts.Side{contracts.Approve: contracts.Approving, contracts.Refuse: contracts.Approving, contracts.Cancel: contracts.Buying, contracts.Accept: contracts.Selling, contracts.Decline: contracts.Selling}
	allowed := func(side contracts.Side, step contracts.Step, from contracts.ChangeState) (contracts.ChangeState, bool) {
		for _, m := range contracts.ChangeMoves() {
			if m.Side == side && m.Step == step && m.From == from {
				return m.To, true
			}
		}
		return "", false
	}
	for _, state := range contracts.ChangeStates() {
		id := o.reachChange(state)
		for step, side := range steps {
			for who, actor := range people {
				if _, ok := allowed(side, step, state); ok && who == string(side) {
					continue
				}
				before := dbtest.Dump(t, o.DB)
				if err := o.changeStep(id, actor, side, step); err == nil {
					t.Errorf("%s does %s with a change that is %s", who, step, state)
				}
				if tables := dbtest.Differences(before, dbtest.Dump(t, o.DB)); len(tables) > 0 {
					t.Errorf("%s tries %s with a change that is %s and changes %v", who, step, state, tables)
				}
			}
			if to, ok := allowed(side, step, state); ok {
				err := o.changeStep(id, o.side(side), side, step)
				if to == contracts.ChangeAgreed {
					to = contracts.ChangeApplied // its day is today
				}
				if err != nil || o.changeState(id) != to {
					t.Errorf("%s of a change that is %s: %v, %s; want %s", step, state, err, o.changeState(id), to)
				}
				id = o.reachChange(state)
			}
		}
	}
	o.balanced()
}

// balanced complains unless what is reserved is what subscriptions and changes hold.
func (o *office) balanced() {
	o.t.Helper()
	var off []int64
	const q = `SELECT b.id FROM budget_lines b WHERE b.reserved <> (SELECT COALESCE(SUM(s.held), 0) FROM subscriptions s WHERE s.budget_id = b.id)
		+ (SELECT COALESCE(SUM(c.held), 0) FROM amendments c JOIN subscriptions s ON s.id = c.subscription_id WHERE s.budget_id = b.id)`
	if err := o.Select(o.t.Context(), &off, q); err != nil || len(off) > 0 {
		o.t.Errorf("lines %v do not hold what is reserved on them: %v", off, err)
	}
}

// The database refuses every pair of states that the machine of changes does not have.
func TestTheDatabaseHoldsTheMachineOfChanges(t *testing.T) {
	o := newOffice(t)
	o.budget = o.line("big", 1_000_000_00)
	pairs := map[string]bool{}
	for _, m := range contracts.ChangeMoves() {
		pairs[string(m.From+" "+m.To)] = true
	}
	for _, from := range contracts.ChangeStates() {
		id := o.reachChange(from)
		for _, to := range contracts.ChangeStates() {
			if from == to {
				continue
			}
			undo := errors.New("undo")
			err := o.try(admin, func(ctx context.Context, tx *db.Tx) error {
				var applied any
				if to == contracts.ChangeApplied {
					applied = tx.Now
				}
				if _, err := tx.Exec(ctx, `UPDATE amendments SET state = ?, held = 0, ordered_at = ?, applied_at = ? WHERE id = ?`, to, tx.Now, applied, id); err != nil {
					return err
				}
				return undo
			})
			if allowed := errors.Is(err, undo); allowed != pairs[string(from+" "+to)] {
				t.Errorf("from %s to %s: %v", from, to, err)
			}
		}
	}
	id := o.reachChange(contracts.ChangeRequested)
	for _, q := range []string{`UPDATE amendments SET year_cents = 1 WHERE id = ?`, `UPDATE amendments SET quantity = '1' WHERE id = ?`,
		`INSERT INTO amendment_votes (amendment_id, account_id, created_at) SELECT id, requester_id, requested_at FROM amendments WHERE id = ?`} {
		if err := o.try(admin, func(ctx context.Context, tx *db.Tx) error { _, err := tx.Exec(ctx, q, id); return err }); err == nil {
			t.Errorf("%s is done", q)
		}
	}
}

// What a change costs more until the year of the contract is over, by days.
func TestAChangeCostsMoreForTheDaysThatAreLeft(t *testing.T) {
	day := func(s string) models.Date {
		d, err := models.ParseDate(s)
		if err != nil {
			t.Fatal(err)
		}
		return d
	}
	for _, c := range []struct {
		name            string
		first, ends     string
		old, year, once int64
		from            string
		want            int64
	}{
		{name: "the whole first year", first: "2026-01-01", ends: "2026-12-31", old: 240_00, year: 360_00, from: "2026-01-01", want: 120_00},
		{name: "half of it, rounded up", first: "2026-01-01", ends: "2026-12-31", old: 240_00, year: 360_00, from: "2026-07-02", want: 60_17},
		{name: "the last day", first: "2026-01-01", ends: "2026-12-31", old: 240_00, year: 360_00, from: "2026-12-31", want: 33},
		{name: "what is due once comes on top", first: "2026-01-01", ends: "2026-12-31", old: 240_00, year: 360_00, once: 50_00, from: "2026-12-31", want: 50_33},
		{name: "less is given back, rounded down", first: "2026-01-01", ends: "2026-12-31", old: 360_00, year: 240_00, from: "2026-07-02", want: -60_16},
		{name: "a leap year has a day more", first: "2028-01-01", ends: "2028-12-31", old: 0, year: 366_00, from: "2028-12-31", want: 1_00},
		{name: "the second year ends a year later", first: "2025-03-15", ends: "2028-03-14", old: 0, year: 365_00, from: "2026-03-15", want: 365_00},
		{name: "a short term ends before the year", first: "2026-01-01", ends: "2026-06-30", old: 0, year: 365_00, from: "2026-06-30", want: 1_00},
		{name: "before its first day it is the whole", first: "2026-06-01", ends: "2027-05-31", old: 0, year: 365_00, from: "2026-01-01", want: 365_00},
	} {
		s := contracts.Subscription{FirstUse: day(c.first), Ends: day(c.ends), Year: c.old}
		if got := s.Extra(c.year, c.once, day(c.from)); got != c.want {
			t.Errorf("%s: %d; want %d", c.name, got, c.want)
		}
	}
}

// A change that is agreed for later holds from its day on, and the months before keep
// what was bought then.
func TestAChangeHoldsFromItsDayOn(t *testing.T) {
	o := newOffice(t)
	id := o.reach(contracts.Active)
	a := o.change("20")
	a.Starts = a.Starts.AddMonths(2)
	a, err := o.amend(id, a)
	if err != nil || a.State != contracts.ChangeRequested {
		t.Fatal(a.State, err)
	}
	if _, err := o.amend(id, o.change("30")); err == nil {
		t.Error("two changes are on their way at once")
	}
	for _, step := range []contracts.ChangeMove{{Step: contracts.Approve, Side: contracts.Approving}, {Step: contracts.Accept, Side: contracts.Selling}} {
		if err := o.changeStep(a.ID, o.side(step.Side), step.Side, step.Step); err != nil {
			t.Fatal(err)
		}
	}
	held := a.Extra
	if s := o.find(id); s.Quantity != "10" || o.reserved() != 240_00+held {
		t.Errorf("before its day %s are bought and %d reserved; want 10 and %d", s.Quantity, o.reserved(), 240_00+held)
	}
	o.balanced()
	now := o.Now()
	o.DB.Now = func() time.Time { return now.AddDate(0, 2, 1) }
	o.does(admin, func(ctx context.Context, tx *db.Tx) error { _, err := contracts.Roll(ctx, tx); return err })
	s := o.find(id)
	if s.Quantity != "20" || s.Year != 480_00 || s.Held != 240_00+held || o.changeState(a.ID) != contracts.ChangeApplied {
		t.Errorf("from its day on: %s for %d, %d held, %s", s.Quantity, s.Year, s.Held, o.changeState(a.ID))
	}
	o.balanced()
	changes, err := contracts.Amendments(t.Context(), o, id)
	if err != nil {
		t.Fatal(err)
	}
	if was := s.TermsOn(models.DateOf(now), changes); was.Quantity != "10" || was.Year != 240_00 {
		t.Errorf("in the month of the order %+v held", was)
	}
	note := func(month models.Date, assigned int64) error {
		return o.try(o.buyer, func(ctx context.Context, tx *db.Tx) error {
			return contracts.NoteUsage(ctx, tx, id, contracts.Month{Month: month.String()[:7], Assigned: assigned, Used: 1})
		})
	}
	o.wrong(note(models.DateOf(now), 20), "assigned", "usage.assigned_wrong")
	if err := note(models.DateOf(o.Now()), 20); err != nil {
		t.Error(err)
	}
}

// Less goes to the vendor without anybody's approval, and gives money back.
func TestLessNeedsNobodysApproval(t *testing.T) {
	o := newOffice(t)
	id := o.reach(contracts.Active)
	a, err := o.amend(id, o.change("5"))
	if err != nil || a.State != contracts.ChangeOrdered {
		t.Fatal(a.State, err)
	}
	if err := o.changeStep(a.ID, o.seller, contracts.Selling, contracts.Accept); err != nil {
		t.Fatal(err)
	}
	if s := o.find(id); s.Quantity != "5" || s.Held != 120_00 || o.reserved() != 120_00 {
		t.Errorf("%s, %d held, %d reserved", s.Quantity, s.Held, o.reserved())
	}
	o.balanced()
}

// Small changes are no way around the rules: what nobody approved adds up.
func TestManySmallChangesAreApprovedLikeOneLarge(t *testing.T) {
	o := newOffice(t)
	o.budget = o.line("big", 100_000_00)
	o.does(o.finance, func(ctx context.Context, tx *db.Tx) error {
		return contracts.SetRules(ctx, tx, 0, contracts.Rules{FreeBelow: 100_00, TwoAbove: 500_00})
	})
	id := o.reach(contracts.Active) // 240 euros, approved
	for _, c := range []struct {
		quantity string // 24 euros each
		needs    int
	}{{"12", 0}, {"14", 0}, {"15", 1}, {"16", 0}, {"40", 2}} {
		a, err := o.amend(id, o.change(c.quantity))
		if err != nil || a.Needs != c.needs {
			t.Fatalf("%s users: %d approvals, %v; want %d", c.quantity, a.Needs, err, c.needs)
		}
		for i := range c.needs { // what the first one says is kept, too
			if err := o.changeStep(a.ID, []models.Actor{o.approver, o.second}[i], contracts.Approving, contracts.Approve); err != nil {
				t.Fatal(err)
			}
		}
		if err := o.changeStep(a.ID, o.seller, contracts.Selling, contracts.Accept); err != nil {
			t.Fatal(err)
		}
	}
	o.balanced()
	var said int
	if err := o.Get(t.Context(), &said, `SELECT COUNT(*) FROM audit_events WHERE action = 'amendment.approved' AND changes LIKE '%Because.%'`); err != nil || said != 1 {
		t.Errorf("what the first of two approvers said is in the log %d times: %v", said, err)
	}
}

// A price that was agreed holds in place of the list's; one that was not seen is shown
// first, and nothing that is wrong is written.
func TestAChangeIsCheckedBeforeItIsWritten(t *testing.T) {
	o := newOffice(t)
	id := o.reach(contracts.Active)
	a := o.change("20")
	a.Settled, a.Year = true, 400_00
	if a, err := o.amend(id, a); err != nil || a.Year != 400_00 {
		t.Errorf("an agreed price: %d, %v", a.Year, err)
	}
	id = o.reach(contracts.Active)
	for _, c := range []struct {
		change     func(*contracts.Amendment)
		field, key string
	}{
		{func(a *contracts.Amendment) { a.Quantity = "10" }, "quantity", "amendment.nothing"},
		{func(a *contracts.Amendment) { a.Quantity = "-1" }, "quantity", "project.volume_wrong"},
		{func(a *contracts.Amendment) { a.Plan = "gold" }, "plan", "request.plan_missing"},
		{func(a *contracts.Amendment) { a.Plan = "ask" }, "plan", "request.no_price"},
		{func(a *contracts.Amendment) { a.Version = 7 }, "plan", "request.plan_missing"},
		{func(a *contracts.Amendment) { a.Starts = a.Starts.AddDays(-1) }, "starts", "amendment.starts_wrong"},
		{func(a *contracts.Amendment) { a.Starts = a.Starts.AddMonths(13) }, "starts", "amendment.starts_wrong"},
		{func(a *contracts.Amendment) { a.Words = " " }, "words", "project.reason_missing"},
	} {
		a := o.change("20")
		c.change(&a)
		_, err := o.amend(id, a)
		o.wrong(err, c.field, c.key)
	}
	b := o.change("20")
	err := o.try(o.buyer, func(ctx context.Context, tx *db.Tx) error {
		return contracts.Amend(ctx, tx, o.schema, id, "unseen", 1, &b)
	})
	o.wrong(err, "price_seen", "request.price_changed")
	var n int
	if err := o.Get(t.Context(), &n, `SELECT COUNT(*) FROM amendments WHERE subscription_id = ?`, id); err != nil || n != 0 {
		t.Errorf("%d changes are written: %v", n, err)
	}
}

// Changes of many subscriptions that are approved at once never reserve more than there
// is, and a subscription that ends gives back what its change holds.
func TestChangesNeverReserveMoreThanThereIs(t *testing.T) {
	o := newOffice(t)
	o.budget = o.line("tight", 2_640_00+2*120_00) // for eleven subscriptions, and two changes
	var ids, subs []int64
	for range 11 {
		id := o.reach(contracts.Active)
		subs = append(subs, id)
		a, err := o.amend(id, o.change("15"))
		if err != nil {
			t.Fatal(err)
		}
		ids = append(ids, a.ID)
	}
	var wg sync.WaitGroup
	for _, id := range ids {
		for _, who := range []models.Actor{o.approver, o.second} {
			wg.Go(func() {
				err := o.Write(t.Context(), who, func(tx *db.Tx) error {
					return contracts.VoteChange(t.Context(), tx, id, 1, contracts.Deed{Step: contracts.Approve})
				})
				var wrong models.Invalid
				if err != nil && !errors.Is(err, models.ErrConflict) && !(errors.As(err, &wrong) && wrong["budget"] == "request.no_money") {
					t.Errorf("change %d: %v", id, err)
				}
			})
		}
	}
	wg.Wait()
	ordered := 0
	for _, id := range ids {
		if o.changeState(id) == contracts.ChangeOrdered {
			ordered++
		}
	}
	if ordered != 2 {
		t.Errorf("%d changes are ordered, for money that is enough for two", ordered)
	}
	o.balanced()
	for _, id := range subs {
		if err := o.step(id, contracts.Buying, contracts.End, models.DateOf(o.Now()).AddDays(40)); err != nil {
			t.Fatal(err)
		}
	}
	if o.reserved() != 2_640_00 {
		t.Errorf("%d are reserved after all end; want %d", o.reserved(), 2_640_00)
	}
	o.balanced()
}

// The vendor hears of a change once it is approved, and still sees it when it is
// withdrawn afterwards.
func TestTheVendorSeesWhatItWasAsked(t *testing.T) {
	o := newOffice(t)
	o.budget = o.line("big", 1_000_000_00)
	sees := func(id int64) bool {
		_, _, err := contracts.FindAmendment(t.Context(), o, o.seller, id, true)
		return err == nil
	}
	for _, state := range contracts.ChangeStates() {
		id := o.reachChange(state)
		want := state != contracts.ChangeRequested && state != contracts.ChangeRefused && state != contracts.ChangeWithdrawn
		if sees(id) != want {
			t.Errorf("the vendor sees a change that is %s: %t", state, !want)
		}
	}
	id := o.reachChange(contracts.ChangeOrdered)
	if err := o.changeStep(id, o.buyer, contracts.Buying, contracts.Cancel); err != nil || !sees(id) {
		t.Errorf("withdrawn from the vendor: %v, %t", err, sees(id))
	}
}
