package contracts_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"pilveturg/db"
	"pilveturg/models"
	"pilveturg/models/contracts"
)

// outside is a line of a file that has nothing wrong.
func (o *office) outside(service string) contracts.Outside {
	today := models.DateOf(o.Now())
	return contracts.Outside{Line: 2, Service: service, Vendor: "Somebody Ltd", Year: 100_00, Starts: today.AddMonths(-2), Ends: today.AddMonths(10).AddDays(-1), Renewal: contracts.Express, NoticeDays: 30}
}

func (o *office) imports(once string, lines ...contracts.Outside) (contracts.Imported, error) {
	i := contracts.Imported{Hash: strings.Repeat("a", 64)}
	err := o.try(o.buyer, func(ctx context.Context, tx *db.Tx) error { return contracts.Import(ctx, tx, once, &i, lines) })
	return i, err
}

func TestAnImportSaysWhatIsWrongWithEachLine(t *testing.T) {
	o := newOffice(t)
	today := models.DateOf(o.Now())
	for _, c := range []struct {
		change     func(*contracts.Outside)
		field, key string
	}{
		{func(l *contracts.Outside) { l.Service = "" }, "service", "contracts.service_missing"},
		{func(l *contracts.Outside) { l.Vendor = "" }, "vendor", "contracts.vendor_missing"},
		{func(l *contracts.Outside) { l.OfferingID = 999 }, "service", "contracts.service_unknown"},
		{func(l *contracts.Outside) { l.Starts = models.Date{} }, "starts", "contracts.day_missing"},
		{func(l *contracts.Outside) { l.Ends = l.Starts.AddDays(-1) }, "ends", "contracts.ends_before"},
		{func(l *contracts.Outside) { l.Ends = today.AddDays(-1) }, "ends", "contracts.over"},
		{func(l *contracts.Outside) { l.Ends = l.Starts.AddMonths(121) }, "ends", "contracts.too_long"},
		{func(l *contracts.Outside) { l.Renewal = "sometimes" }, "renewal", "request.renewal_missing"},
		{func(l *contracts.Outside) { l.NoticeDays = 731 }, "notice_days", "request.notice_wrong"},
		{func(l *contracts.Outside) { l.Year = -1 }, "year", "project.value_wrong"},
		{func(l *contracts.Outside) { l.Unit = "user" }, "unit", "contracts.unit_wrong"},
		{func(l *contracts.Outside) { l.Budget = "2026 9999" }, "budget", "contracts.budget_unknown"},
		{func(l *contracts.Outside) { l.Budget, l.Year = "2026 5525", 1_000_01 }, "budget", "request.no_money"},
		{func(l *contracts.Outside) { l.Wrong = models.Invalid{"year": "contracts.number_wrong"} }, "year", "contracts.number_wrong"},
	} {
		wrong, right := o.outside("Other "+c.key), o.outside("Right "+c.field+c.key)
		wrong.Line, right.Line = 7, 8
		c.change(&wrong)
		i, err := o.imports(c.field+c.key, wrong, right)
		if err != nil || i.Added != 1 || i.Refused != 1 || len(i.Faults) != 1 || i.Faults[0] != (contracts.LineFault{Line: 7, Field: c.field, Key: c.key}) {
			t.Errorf("%s %s: %+v, %v", c.field, c.key, i, err)
		}
	}
}

// What was imported before is not imported again, lines of one file neither, and the
// same form makes one import.
func TestTheSameContractIsImportedOnce(t *testing.T) {
	o := newOffice(t)
	a, b := o.outside("Mail"), o.outside("Mail")
	b.Starts = b.Starts.AddDays(1) // without a number another contract
	c := o.outside("Files")
	c.Reference = "7-1/26"
	i, err := o.imports("first", a, b, c, a)
	if err != nil || i.Added != 3 || i.Known != 1 || i.Year != 300_00 {
		t.Fatalf("%+v, %v", i, err)
	}
	c.Year = 5 // the number says that it is the same
	if i, err := o.imports("second", a, b, c); err != nil || i.Added != 0 || i.Known != 3 {
		t.Errorf("again: %+v, %v", i, err)
	}
	if again, err := o.imports("first", a, b, c, a); err != nil || again.ID != i.ID || again.Added != 3 {
		t.Errorf("the form sent twice: %+v, %v", again, err)
	}
	if all, err := contracts.All(t.Context(), o, o.buyer); err != nil || len(all) != 3 {
		t.Errorf("%d contracts: %v", len(all), err)
	}
}

// A contract stands where it would stand had it been made here: what is to come waits,
// what goes on tacitly has gone on, and it is in the calendar.
func TestAnImportedContractStandsWhereItStands(t *testing.T) {
	o := newOffice(t)
	today := models.DateOf(o.Now())
	later, old, listed := o.outside("Later"), o.outside("Old"), o.outside("")
	later.Starts = today.AddDays(10)
	old.Starts, old.Ends, old.Renewal = today.AddMonths(-30), today.AddMonths(-18).AddDays(-1), contracts.Tacit
	listed.OfferingID, listed.Unit, listed.Quantity, listed.Budget = o.service, "user", "10", "2026 5525"
	if i, err := o.imports("once", later, old, listed); err != nil || i.Added != 3 {
		t.Fatalf("%+v, %v", i, err)
	}
	all, err := contracts.All(t.Context(), o, o.buyer)
	if err != nil || len(all) != 3 {
		t.Fatal(err)
	}
	if s := all[2]; s.State != contracts.Accepted || !s.FirstUse.IsZero() {
		t.Errorf("what is to come: %+v", s)
	}
	if s := all[1]; s.State != contracts.Active || s.Months != 12 || s.Ends != today.AddMonths(6).AddDays(-1) || s.NoticeBy != s.Ends.AddDays(-30) {
		t.Errorf("what went on tacitly: %+v", s)
	}
	if s := all[0]; s.Service != "" || s.Version != 1 || s.Held != 100_00 || o.reserved() != 100_00 {
		t.Errorf("what is in the catalogue: %+v, %d reserved", s, o.reserved())
	}
	due, err := contracts.Calendar(t.Context(), o, o.body, today)
	if err != nil || len(due) != 2 {
		t.Errorf("%d in the calendar: %v", len(due), err)
	}
	if orders, err := contracts.Orders(t.Context(), o, o.seller); err != nil || len(orders) != 0 {
		t.Errorf("the vendor sees %d orders that it never got: %v", len(orders), err)
	}
	o.balanced()
	outsider := o.find(all[1].ID)
	a := contracts.Amendment{Quantity: "", Settled: true, Year: 150_00, Starts: today, Words: "Dearer."}
	if a, err = o.amend(outsider.ID, a); err != nil || a.State != contracts.ChangeRequested {
		t.Fatal(a.State, err)
	}
	if err := o.changeStep(a.ID, o.approver, contracts.Approving, contracts.Approve); err != nil || o.find(outsider.ID).Year != 150_00 {
		t.Errorf("a change agreed with a vendor who is not here: %v, %d", err, o.find(outsider.ID).Year)
	}
	if err := o.step(outsider.ID, contracts.Buying, contracts.End, today.AddDays(40)); err != nil {
		t.Errorf("it ends like any other: %v", err)
	}
}

// A contract from a file that is to come begins on its first day, and ends when the file
// says, also when somebody says that it was used later first.
func TestAContractFromAFileBeginsByItself(t *testing.T) {
	o := newOffice(t)
	today := models.DateOf(o.Now())
	byItself, byHand := o.outside("By itself"), o.outside("By hand")
	byItself.Starts, byHand.Starts = today.AddDays(5), today.AddDays(9)
	if _, err := o.imports("once", byItself, byHand); err != nil {
		t.Fatal(err)
	}
	roll := func(days int) {
		t.Helper()
		now := o.Now()
		o.DB.Now = func() time.Time { return now.AddDate(0, 0, days) }
		o.does(admin, func(ctx context.Context, tx *db.Tx) error { _, err := contracts.Roll(ctx, tx); return err })
	}
	all, err := contracts.All(t.Context(), o, o.buyer)
	if err != nil || len(all) != 2 {
		t.Fatal(err)
	}
	hand, self := all[0].ID, all[1].ID
	roll(4)
	if s := o.find(self); s.State != contracts.Accepted {
		t.Errorf("the day before it is %s", s.State)
	}
	roll(1)
	if s := o.find(self); s.State != contracts.Active || s.FirstUse != byItself.Starts || s.Ends != byItself.Ends || s.NoticeBy != byItself.Ends.AddDays(-30) {
		t.Errorf("on its first day: %+v", s)
	}
	if err := o.step(hand, contracts.Buying, contracts.Begin, models.DateOf(o.Now())); err != nil {
		t.Fatal(err)
	}
	if s := o.find(hand); s.Ends != byHand.Ends || s.FirstUse != models.DateOf(o.Now()) {
		t.Errorf("begun by hand: %+v", s)
	}
}

// An import is undone as a whole, within thirty days, by whoever may import.
func TestAnImportIsUndoneWithinThirtyDays(t *testing.T) {
	o := newOffice(t)
	line := o.outside("Mail")
	line.Budget = "2026 5525"
	i, err := o.imports("once", line, o.outside("Files"))
	if err != nil {
		t.Fatal(err)
	}
	kept := o.reach(contracts.Active)
	undo := func(who models.Actor) (gone int, err error) {
		err = o.try(who, func(ctx context.Context, tx *db.Tx) error { gone, err = contracts.Undo(ctx, tx, i.ID); return err })
		return gone, err
	}
	for _, who := range []models.Actor{o.approver, o.seller, o.finance, {}, o.person(o.other, models.Buyer, 0)} {
		if _, err := undo(who); err == nil {
			t.Errorf("%v undoes it", who.Roles)
		}
	}
	now := o.Now()
	o.DB.Now = func() time.Time { return now.AddDate(0, 0, contracts.UndoDays) }
	if _, err := undo(o.buyer); !errors.Is(err, models.ErrConflict) {
		t.Errorf("after thirty days: %v", err)
	}
	o.DB.Now = func() time.Time { return now.AddDate(0, 0, contracts.UndoDays-1) }
	if gone, err := undo(o.buyer); err != nil || gone != 2 {
		t.Fatalf("%d are gone: %v", gone, err)
	}
	if all, err := contracts.All(t.Context(), o, o.buyer); err != nil || len(all) != 1 || all[0].ID != kept || o.reserved() != 240_00 {
		t.Errorf("%d subscriptions are left, %d reserved: %v", len(all), o.reserved(), err)
	}
	if _, err := undo(o.buyer); !errors.Is(err, models.ErrConflict) {
		t.Errorf("undone twice: %v", err)
	}
	o.balanced()
}

// The vendor says how much was used beside what the body says, never in its place.
func TestTheVendorsWordStandsBesideTheBodys(t *testing.T) {
	o := newOffice(t)
	id := o.reach(contracts.Active)
	month := models.DateOf(o.Now()).String()[:7]
	o.does(o.buyer, func(ctx context.Context, tx *db.Tx) error {
		return contracts.NoteUsage(ctx, tx, id, contracts.Month{Month: month, Assigned: 9, Used: 8})
	})
	o.does(o.seller, func(ctx context.Context, tx *db.Tx) error {
		return contracts.ReportUsage(ctx, tx, id, contracts.Month{Month: month, Assigned: 10, Used: 3})
	})
	all, err := contracts.Usage(t.Context(), o, id)
	if err != nil || len(all) != 2 || all[0].Source != contracts.ByBody || all[0].Used != 8 || all[1].Source != contracts.ByVendor || all[1].Used != 3 {
		t.Errorf("%+v, %v", all, err)
	}
	stranger := o.person(o.organisation("vendor2", "vendor"), models.VendorManager, 0)
	for _, who := range []models.Actor{stranger, o.buyer, o.approver, {}} {
		if err := o.try(who, func(ctx context.Context, tx *db.Tx) error {
			return contracts.ReportUsage(ctx, tx, id, contracts.Month{Month: month, Assigned: 1, Used: 1})
		}); !errors.Is(err, models.ErrNotFound) {
			t.Errorf("%v reports: %v", who.Roles, err)
		}
	}
}

func TestAFileOfUseSaysWhatIsWrongWithEachLine(t *testing.T) {
	o := newOffice(t)
	id := o.reach(contracts.Active)
	twin, other := o.outside("Twin"), o.outside("Other twin")
	twin.Reference, other.Reference = "T-1", "T-1"
	if _, err := o.imports("once", twin, other); err != nil {
		t.Fatal(err)
	}
	ordered := o.reach(contracts.Ordered)
	month := models.DateOf(o.Now()).String()[:7]
	s, sent := o.find(id), o.find(ordered)
	lines := []contracts.UsageLine{
		{Line: 2, Contract: s.Code(), Month: contracts.Month{Month: month, Assigned: 9, Used: 8}},
		{Line: 3, Contract: s.Code(), Month: contracts.Month{Month: month, Assigned: 99, Used: 8}},
		{Line: 4, Contract: s.Code(), Month: contracts.Month{Month: "2019-01", Assigned: 9, Used: 8}},
		{Line: 5, Contract: "SUB-9999", Month: contracts.Month{Month: month}},
		{Line: 6, Contract: "T-1", Month: contracts.Month{Month: month}},
		{Line: 7, Contract: sent.Code(), Month: contracts.Month{Month: month}},
		{Line: 8, Wrong: models.Invalid{"used": "contracts.number_wrong"}},
	}
	want := []contracts.LineFault{{3, "assigned", "usage.assigned_wrong"}, {4, "month", "usage.month_wrong"}, {5, "contract", "usage.contract_unknown"}, {6, "contract", "usage.contract_twice"}, {7, "contract", "usage.not_running"}, {8, "used", "contracts.number_wrong"}}
	o.does(o.buyer, func(ctx context.Context, tx *db.Tx) error {
		noted, faults, err := contracts.NoteUsages(ctx, tx, lines)
		if noted != 1 || len(faults) != len(want) {
			t.Fatalf("%d noted, %v", noted, faults)
		}
		for i := range want {
			if faults[i] != want[i] {
				t.Errorf("%v; want %v", faults[i], want[i])
			}
		}
		return err
	})
}

// Both sides see what is to be done before the first use, and each ticks its own.
func TestEachSideTicksItsOwnTasks(t *testing.T) {
	o := newOffice(t)
	id := o.reach(contracts.Ordered)
	s := o.find(id)
	o.does(o.seller, func(ctx context.Context, tx *db.Tx) error {
		return contracts.Take(ctx, tx, id, s.Revision, contracts.Deed{Step: contracts.Accept, Ours: "Set up\n\nImport the classes\nSet up", Theirs: "Name a contact"})
	})
	tasks, err := contracts.Tasks(t.Context(), o, id)
	if err != nil || len(tasks) != 3 {
		t.Fatalf("%+v, %v", tasks, err)
	}
	tick := func(who models.Actor, side contracts.Side, task int64, done bool) error {
		return o.try(who, func(ctx context.Context, tx *db.Tx) error { return contracts.TickTask(ctx, tx, id, side, task, done) })
	}
	if err := tick(o.seller, contracts.Selling, tasks[0].ID, true); err != nil {
		t.Error(err)
	}
	if err := tick(o.buyer, contracts.Buying, tasks[0].ID, false); !errors.Is(err, models.ErrForbidden) {
		t.Errorf("the buyer opens what the vendor did: %v", err)
	}
	if err := tick(o.approver, contracts.Buying, tasks[2].ID, true); !errors.Is(err, models.ErrForbidden) {
		t.Errorf("an approver ticks: %v", err)
	}
	if err := tick(o.person(o.other, models.Buyer, 0), contracts.Buying, tasks[2].ID, true); !errors.Is(err, models.ErrNotFound) {
		t.Errorf("somebody elsewhere ticks: %v", err)
	}
	o.does(o.buyer, func(ctx context.Context, tx *db.Tx) error {
		return contracts.AddTasks(ctx, tx, id, contracts.Buying, contracts.Buying, "Tell the teachers", models.DateOf(tx.Now.Time))
	})
	o.wrong(o.try(o.buyer, func(ctx context.Context, tx *db.Tx) error {
		return contracts.AddTasks(ctx, tx, id, contracts.Buying, contracts.Buying, strings.Repeat("x", contracts.MaxTask+1), models.Date{})
	}), "tasks", "onboarding.line_long")
	if tasks, _ = contracts.Tasks(t.Context(), o, id); len(tasks) != 4 || tasks[0].DoneBy == 0 || tasks[1].DoneBy != 0 {
		t.Errorf("%+v", tasks)
	}
	if last, err := contracts.LastTasks(t.Context(), o, o.service, contracts.Buying); err != nil || strings.Join(last, "|") != "Name a contact" {
		t.Errorf("what the vendor asks of the next buyer: %v, %v", last, err)
	}
}
