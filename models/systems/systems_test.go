package systems_test

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"pilveturg/db"
	"pilveturg/db/dbtest"
	"pilveturg/models"
	"pilveturg/models/identity"
	"pilveturg/models/systems"
)

var admin = models.Actor{Program: "test", Roles: []models.Role{models.Administrator}}

// office is a ministry with a body below it, and another body.
type office struct {
	*db.DB
	t                     testing.TB
	ministry, body, other int64
	buyer, stranger       models.Actor
	analyst, everywhere   models.Actor
	approver              models.Actor
}

func newOffice(t testing.TB) *office {
	t.Helper()
	o := &office{DB: dbtest.New(t), t: t}
	o.ministry = o.organisation("ministry", "Ministry of Samples", "")
	o.body, o.other = o.organisation("body", "Office of Samples", "ministry"), o.organisation("other", "Office of Others", "")
	account := o.account("buyer")
	o.buyer = models.Actor{AccountID: account, OrgID: o.body, Roles: []models.Role{models.Buyer}}
	o.approver = models.Actor{AccountID: account, OrgID: o.body, Roles: []models.Role{models.Approver}}
	o.stranger = models.Actor{AccountID: account, OrgID: o.other, Roles: []models.Role{models.Buyer}}
	o.analyst = models.Actor{AccountID: account, OrgID: o.ministry, Roles: []models.Role{models.Analyst}, Reach: models.ReachOwn}
	o.everywhere = models.Actor{AccountID: account, OrgID: o.ministry, Roles: []models.Role{models.Analyst}, Reach: models.ReachAll}
	return o
}

func (o *office) organisation(code, name, parent string) int64 {
	o.t.Helper()
	org := identity.Organisation{Key: models.Key{Scheme: "test", Code: code}, Kind: identity.Agency, Names: models.Text{"en": name}}
	if parent != "" {
		org.Parent = models.Key{Scheme: "test", Code: parent}
	}
	dbtest.Write(o.t, o.DB, admin, func(tx *db.Tx) error { _, _, err := identity.Put(o.t.Context(), tx, &org); return err })
	return org.ID
}

func (o *office) account(name string) int64 {
	o.t.Helper()
	a := identity.Account{Mail: name + "@body.example", Name: "Person " + name, Language: "en"}
	dbtest.Write(o.t, o.DB, admin, func(tx *db.Tx) error { return identity.AddAccount(o.t.Context(), tx, &a) })
	return a.ID
}

func (o *office) try(who models.Actor, f func(context.Context, *db.Tx) error) error {
	return o.Write(o.t.Context(), who, func(tx *db.Tx) error { return f(o.t.Context(), tx) })
}

func (o *office) must(who models.Actor, f func(context.Context, *db.Tx) error) {
	o.t.Helper()
	if err := o.try(who, f); err != nil {
		o.t.Fatal(err)
	}
}

func date(s string) models.Date {
	d, err := models.ParseDate(s)
	if err != nil {
		panic(err)
	}
	return d
}

// register is a system of the body as it is entered.
func register() *systems.System {
	return &systems.System{Name: " School  register ", State: systems.InUse, Category: "education", Served: "2100", Unit: "pupil", InUseSince: date("2014-09-01"), PlannedEnd: date("2021-12-31"), Subsystems: []string{"EE/GOV/70000562/register"}}
}

func (o *office) add(who models.Actor, s *systems.System, lines ...systems.Cost) *systems.System {
	o.t.Helper()
	o.must(who, func(ctx context.Context, tx *db.Tx) error { return systems.Save(ctx, tx, s) })
	if len(lines) > 0 {
		o.must(who, func(ctx context.Context, tx *db.Tx) error { return systems.SaveCosts(ctx, tx, s.ID, s.Revision, lines) })
	}
	got, err := systems.Find(o.t.Context(), o, who, s.ID)
	if err != nil {
		o.t.Fatal(err)
	}
	return got
}

func hosting() systems.Cost {
	return systems.Cost{Words: "Hosting", Kind: systems.Hosting, Every: systems.Yearly, Starts: date("2015-01-01"), Amount: "9600"}
}

func TestWhatIsEnteredIsFoundByWhoMaySeeIt(t *testing.T) {
	o := newOffice(t)
	s := o.add(o.buyer, register(), hosting())
	if s.Name != "School register" || s.OrgID != o.body || !slices.Equal(s.Subsystems, []string{"EE/GOV/70000562/register"}) || !s.EndOfLife(date("2026-01-01")) {
		t.Errorf("found %+v", s)
	}
	for name, c := range map[string]struct {
		who  models.Actor
		want error
	}{
		"its buyer": {o.buyer, nil}, "its approver": {o.approver, nil}, "the ministry's analyst": {o.analyst, nil}, "an analyst of all": {o.everywhere, nil},
		"a buyer of another body": {o.stranger, models.ErrNotFound}, "a visitor": {models.Actor{}, models.ErrForbidden}, "an administrator": {admin, models.ErrForbidden},
	} {
		if _, err := systems.Find(t.Context(), o, c.who, s.ID); !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", name, err, c.want)
		}
		all, err := systems.List(t.Context(), o, c.who, systems.Query{})
		if c.want == nil && (err != nil || len(all) != 1) || c.want != nil && len(all) != 0 {
			t.Errorf("%s lists %d, %v", name, len(all), err)
		}
		sums, err := systems.Sums(t.Context(), o, c.who, systems.Ask{First: 2026, Last: 2026})
		if c.want == nil && (err != nil || len(sums) != 1 || sums[0].Cash != 9600_00) || c.want != nil && len(sums) != 0 {
			t.Errorf("%s sees costs %+v, %v", name, sums, err)
		}
	}
}

func TestNobodyElseChangesASystem(t *testing.T) {
	o := newOffice(t)
	s := o.add(o.buyer, register())
	for name, c := range map[string]struct {
		who  models.Actor
		want error
	}{
		"another body's buyer": {o.stranger, models.ErrNotFound}, "the approver": {o.approver, models.ErrForbidden}, "the ministry's analyst": {o.analyst, models.ErrForbidden}, "a visitor": {models.Actor{}, models.ErrForbidden},
	} {
		for what, f := range map[string]func(context.Context, *db.Tx) error{
			"changes": func(ctx context.Context, tx *db.Tx) error {
				other := *s
				other.Name = "Theirs"
				return systems.Save(ctx, tx, &other)
			},
			"puts costs to": func(ctx context.Context, tx *db.Tx) error {
				return systems.SaveCosts(ctx, tx, s.ID, s.Revision, []systems.Cost{hosting()})
			},
			"removes": func(ctx context.Context, tx *db.Tx) error { return systems.Remove(ctx, tx, s.ID, s.Revision) },
		} {
			if err := o.try(c.who, f); !errors.Is(err, c.want) {
				t.Errorf("%s %s it: %v, want %v", name, what, err, c.want)
			}
		}
	}
}

func TestTheSecondOfTwoWhoChangeAtOnceIsTold(t *testing.T) {
	o := newOffice(t)
	s := o.add(o.buyer, register(), hosting())
	first, second := *s, *s
	first.Purpose, second.Purpose = "first", "second"
	o.must(o.buyer, func(ctx context.Context, tx *db.Tx) error { return systems.Save(ctx, tx, &first) })
	for what, f := range map[string]func(context.Context, *db.Tx) error{
		"data":    func(ctx context.Context, tx *db.Tx) error { return systems.Save(ctx, tx, &second) },
		"costs":   func(ctx context.Context, tx *db.Tx) error { return systems.SaveCosts(ctx, tx, s.ID, s.Revision, nil) },
		"removal": func(ctx context.Context, tx *db.Tx) error { return systems.Remove(ctx, tx, s.ID, s.Revision) },
	} {
		if err := o.try(o.buyer, f); !errors.Is(err, models.ErrConflict) {
			t.Errorf("%s: %v", what, err)
		}
	}
	again := first
	o.must(o.buyer, func(ctx context.Context, tx *db.Tx) error {
		if err := systems.Save(ctx, tx, &again); err != nil { // nothing new: no conflict, no event
			return err
		}
		return systems.SaveCosts(ctx, tx, s.ID, s.Revision, []systems.Cost{hosting()})
	})
	if again.Revision != first.Revision {
		t.Errorf("saving the same made revision %d of %d", again.Revision, first.Revision)
	}
}

func TestWhatIsWrongIsSaidByField(t *testing.T) {
	o := newOffice(t)
	for field, spoil := range map[string]func(*systems.System){
		"name": func(s *systems.System) { s.Name = " " }, "state": func(s *systems.System) { s.State = "sleeping" }, "served": func(s *systems.System) { s.Served = "many" }, "unit": func(s *systems.System) { s.Unit = "" },
		"planned_end": func(s *systems.System) { s.PlannedEnd = date("2013-01-01") }, "closed_on": func(s *systems.System) { s.ClosedOn = date("2020-01-01") }, "subsystems": func(s *systems.System) { s.Subsystems = []string{"register"} },
		"homepage": func(s *systems.System) { s.Homepage = "javascript:alert(1)" }, "rating": func(s *systems.System) { s.Rating = "blue" },
	} {
		s := register()
		spoil(s)
		wrong := models.Invalid{}
		if err := o.try(o.buyer, func(ctx context.Context, tx *db.Tx) error { return systems.Save(ctx, tx, s) }); !errors.As(err, &wrong) || wrong[field] == "" {
			t.Errorf("%s: %v", field, err)
		}
	}
	s := o.add(o.buyer, register())
	for field, spoil := range map[string]func(*systems.Cost){
		"words-1": func(c *systems.Cost) { c.Words = "" }, "kind-1": func(c *systems.Cost) { c.Kind = "" }, "every-1": func(c *systems.Cost) { c.Every = "day" }, "starts-1": func(c *systems.Cost) { c.Starts = models.Date{} },
		"ends-1": func(c *systems.Cost) { c.Ends = date("2014-01-01") }, "amount-1": func(c *systems.Cost) { c.Amount = "9 600" }, "currency-1": func(c *systems.Cost) { c.Currency = "EURO" },
		"fte-1": func(c *systems.Cost) { c.Kind, c.Pay = systems.Staff, "3000" }, "life_months-1": func(c *systems.Cost) { c.Kind, c.LifeMonths = systems.Capital, 12 },
		"left_over-1": func(c *systems.Cost) {
			c.Kind, c.Every, c.LifeMonths, c.LeftOver = systems.Capital, systems.Once, 12, "10000"
		},
	} {
		c := hosting()
		spoil(&c)
		wrong := models.Invalid{}
		err := o.try(o.buyer, func(ctx context.Context, tx *db.Tx) error {
			return systems.SaveCosts(ctx, tx, s.ID, s.Revision, []systems.Cost{hosting(), c})
		})
		if !errors.As(err, &wrong) || wrong[field] == "" {
			t.Errorf("%s: %v", field, err)
		}
	}
}

func TestWhatWasKnownBeforeCanStillBeAsked(t *testing.T) {
	o := newOffice(t)
	s := o.add(o.buyer, register(), hosting())
	before := models.Time{Time: o.Now()}
	o.Now = func() time.Time { return before.AddDate(0, 0, 1) }
	dearer := hosting()
	dearer.Amount = "12000"
	o.must(o.buyer, func(ctx context.Context, tx *db.Tx) error {
		return systems.SaveCosts(ctx, tx, s.ID, s.Revision, []systems.Cost{dearer})
	})
	sum := func(known models.Time) (cash int64) {
		sums, err := systems.Sums(t.Context(), o, o.analyst, systems.Ask{First: 2025, Last: 2026, Known: known}, systems.ByYear)
		if err != nil {
			t.Fatal(err)
		}
		for _, one := range sums {
			cash += one.Cash
		}
		return cash
	}
	if now, then := sum(models.Time{}), sum(before); now != 24000_00 || then != 19200_00 {
		t.Errorf("now %d, before %d", now, then)
	}
	now, err := systems.Find(t.Context(), o, o.buyer, s.ID)
	if err != nil {
		t.Fatal(err)
	}
	o.must(o.buyer, func(ctx context.Context, tx *db.Tx) error { return systems.Remove(ctx, tx, s.ID, now.Revision) })
	if now, then := sum(models.Time{}), sum(before); now != 0 || then != 19200_00 {
		t.Errorf("after the removal %d, before %d", now, then)
	}
}

func TestSumsAreToldApart(t *testing.T) {
	o := newOffice(t)
	staff := systems.Cost{Words: "Own staff", Kind: systems.Staff, Every: systems.Yearly, Starts: date("2024-01-01"), FTE: "0.3", Pay: "38000"}
	bought := systems.Cost{Words: "Bought", Kind: systems.Capital, Change: true, Every: systems.Once, Starts: date("2024-01-01"), Amount: "500", Currency: "USD", LifeMonths: 60}
	one := o.add(o.buyer, register(), hosting(), staff, bought)
	o.add(o.stranger, register(), hosting())
	got, err := systems.Sums(t.Context(), o, o.everywhere, systems.Ask{First: 2024, Last: 2024}, systems.ByOwner, systems.ByKind, systems.ByChange)
	if err != nil {
		t.Fatal(err)
	}
	want := []systems.Sum{
		{OrgID: o.body, Kind: systems.Hosting, Currency: "EUR", Cash: 9600_00, Accrued: 9600_00}, {OrgID: o.body, Kind: systems.Staff, Currency: "EUR", Cash: 11400_00, Accrued: 11400_00},
		{OrgID: o.other, Kind: systems.Hosting, Currency: "EUR", Cash: 9600_00, Accrued: 9600_00}, {OrgID: o.body, Kind: systems.Capital, Change: true, Currency: "USD", Cash: 500_00, Accrued: 100_00},
	}
	if !slices.Equal(got, want) {
		t.Errorf("got %+v", got)
	}
	got, err = systems.Sums(t.Context(), o, o.everywhere, systems.Ask{First: 2024, Last: 2026, System: one.ID}, systems.BySystem, systems.ByYear)
	if err != nil || len(got) != 6 || got[0].SystemID != one.ID {
		t.Errorf("of one: %+v, %v", got, err)
	}
}
