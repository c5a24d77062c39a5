package contracts_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"testing"
	"time"

	"pilveturg/db"
	"pilveturg/db/dbtest"
	"pilveturg/models"
	"pilveturg/models/catalogue"
	"pilveturg/models/contracts"
	"pilveturg/models/identity"
	"pilveturg/models/pricing"
)

var admin = models.Actor{Program: "test", Roles: []models.Role{models.Administrator}}

// office is a database with a body that buys, one more, a vendor and a service.
type office struct {
	*db.DB
	t                             *testing.T
	schema                        *catalogue.Schema
	body, other, vendor           int64
	service, budget               int64
	buyer, approver, second, rich models.Actor // rich is an approver without money of others to spend
	finance, seller               models.Actor
	n                             int
}

func key(code string) models.Key { return models.Key{Scheme: "test", Code: code} }

func newOffice(t *testing.T) *office {
	t.Helper()
	schema, err := catalogue.LoadSchema(os.DirFS("../../db/catalogue"))
	if err != nil {
		t.Fatal(err)
	}
	o := &office{DB: dbtest.New(t), t: t, schema: schema}
	o.body, o.other, o.vendor = o.organisation("body", identity.Agency), o.organisation("other", identity.Agency), o.organisation("vendor", identity.Vendor)
	o.buyer = o.person(o.body, models.Buyer, 0)
	o.approver, o.second, o.rich = o.person(o.body, models.Approver, 1_000_00), o.person(o.body, models.Approver, 1_000_00), o.person(o.body, models.Approver, 1)
	o.finance, o.seller = o.person(o.body, models.Finance, 0), o.person(o.vendor, models.VendorManager, 0)
	o.service = o.publish(2)
	o.budget = o.line("5525", 1_000_00)
	return o
}

func (o *office) organisation(code string, kind identity.Kind) int64 {
	o.t.Helper()
	org := identity.Organisation{Key: key(code), Kind: kind, Names: models.Text{"en": code}}
	dbtest.Write(o.t, o.DB, admin, func(tx *db.Tx) error { _, _, err := identity.Put(o.t.Context(), tx, &org); return err })
	return org.ID
}

// person is somebody with a role, who approves up to so many cents.
func (o *office) person(org int64, role models.Role, limit int64) models.Actor {
	o.t.Helper()
	o.n++
	a := identity.Account{Mail: fmt.Sprintf("p%d@body.example", o.n), Name: fmt.Sprintf("Person %d", o.n), Language: "en"}
	dbtest.Write(o.t, o.DB, admin, func(tx *db.Tx) error {
		if err := identity.AddAccount(o.t.Context(), tx, &a); err != nil {
			return err
		}
		p := identity.Powers{Roles: []models.Role{role}, Limit: limit}
		if role == models.Buyer {
			p.Rights = models.Rights
		}
		_, err := identity.AddMember(o.t.Context(), tx, a.ID, org, p)
		return err
	})
	actor := models.Actor{AccountID: a.ID, OrgID: org, Roles: []models.Role{role}, Limit: limit}
	if role == models.Buyer {
		actor.Rights = models.Rights
	}
	return actor
}

// publish publishes a version of the service that costs so many euros a user and month.
func (o *office) publish(price int64) int64 {
	o.t.Helper()
	d := models.Whole(price)
	v := catalogue.Version{State: catalogue.Published, Content: catalogue.Content{Language: "en", Words: map[string]catalogue.Words{"en": {Name: "Journal"}}, Categories: []string{"school-journals"}}}
	v.Plans = []pricing.Plan{{Code: "basic", Kind: pricing.Listed, Currency: "EUR", Charges: []pricing.Charge{{Code: "user", Unit: "user", Per: pricing.PerMonth, Price: &d}}}, {Code: "ask", Kind: pricing.Request, Currency: "EUR"}}
	var id int64
	dbtest.Write(o.t, o.DB, admin, func(tx *db.Tx) error {
		l := catalogue.Listing{Key: key("journal"), Vendor: key("vendor"), Versions: []catalogue.Version{v}}
		if before, err := catalogue.FindID(o.t.Context(), tx, l.Key); err == nil {
			old, err := catalogue.FindListing(o.t.Context(), tx, before)
			if err != nil {
				return err
			}
			old.Versions[len(old.Versions)-1].State = catalogue.Superseded
			v.Published = old.Versions[len(old.Versions)-1].Published.AddMonths(1)
			l.Versions = append(old.Versions, v)
		}
		if _, err := catalogue.Put(o.t.Context(), tx, &l, 0); err != nil {
			return err
		}
		var err error
		id, err = catalogue.FindID(o.t.Context(), tx, l.Key)
		return err
	})
	return id
}

// line adds a line to the budget of the body, of so many cents.
func (o *office) line(code string, cents int64) int64 {
	o.t.Helper()
	o.does(o.finance, func(ctx context.Context, tx *db.Tx) error {
		return contracts.SaveBudget(ctx, tx, contracts.Budget{Code: code, Name: "IT", Year: 2026, Cents: cents})
	})
	all, err := contracts.Budgets(o.t.Context(), o, o.body)
	if err != nil {
		o.t.Fatal(err)
	}
	for _, b := range all {
		if b.Code == code {
			return b.ID
		}
	}
	o.t.Fatal("the line is not there")
	return 0
}

func (o *office) try(a models.Actor, f func(context.Context, *db.Tx) error) error {
	return o.Write(o.t.Context(), a, func(tx *db.Tx) error { return f(o.t.Context(), tx) })
}

func (o *office) does(a models.Actor, f func(context.Context, *db.Tx) error) {
	o.t.Helper()
	if err := o.try(a, f); err != nil {
		o.t.Fatal(err)
	}
}

// wanted is a request for ten users, which costs 240 euros a year.
func (o *office) wanted() contracts.Subscription {
	return contracts.Subscription{OfferingID: o.service, Plan: "basic", Unit: "user", Quantity: "10", Months: 12, Starts: models.DateOf(o.Now()), Renewal: contracts.Tacit, NoticeDays: 30, BudgetID: o.budget}
}

// request sends a request and returns its id.
func (o *office) request() int64 {
	o.t.Helper()
	o.n++
	s := o.wanted()
	o.does(o.buyer, func(ctx context.Context, tx *db.Tx) error {
		return contracts.Send(ctx, tx, o.schema, fmt.Sprintf("once%d", o.n), 240_00, &s)
	})
	return s.ID
}

func (o *office) find(id int64) contracts.Subscription {
	o.t.Helper()
	s, err := contracts.Find(o.t.Context(), o, o.buyer, id)
	if err != nil {
		o.t.Fatal(err)
	}
	return s
}

func (o *office) reserved() int64 {
	o.t.Helper()
	b, err := contracts.FindBudget(o.t.Context(), o, o.body, o.budget)
	if err != nil {
		o.t.Fatal(err)
	}
	return b.Reserved
}

// step makes one step as whoever may.
func (o *office) step(id int64, side contracts.Side, step contracts.Step, day models.Date) error {
	d := contracts.Deed{Step: step, Words: "Because.", Day: day}
	return o.as(id, map[contracts.Side]models.Actor{contracts.Approving: o.approver, contracts.Buying: o.buyer, contracts.Selling: o.seller}[side], side, d)
}

// as makes a step as somebody.
func (o *office) as(id int64, a models.Actor, side contracts.Side, d contracts.Deed) error {
	s := o.find(id)
	return o.try(a, func(ctx context.Context, tx *db.Tx) error {
		switch side {
		case contracts.Approving:
			return contracts.Vote(ctx, tx, id, s.Round, d)
		case contracts.Selling:
			return contracts.Take(ctx, tx, id, s.Revision, d)
		}
		return contracts.Do(ctx, tx, id, s.Revision, d)
	})
}

// reach brings a new request to a state.
func (o *office) reach(to contracts.State) int64 {
	o.t.Helper()
	ways := map[contracts.State][]contracts.Move{}
	ways[contracts.Requested] = []contracts.Move{}
	for range contracts.Moves() { // the shortest way to each state
		for _, m := range contracts.Moves() {
			if way, ok := ways[m.From]; ok && ways[m.To] == nil && m.Side != contracts.Clock {
				ways[m.To] = append(append([]contracts.Move{}, way...), m)
			}
		}
	}
	id := o.request()
	for _, m := range ways[to] {
		if err := o.step(id, m.Side, m.Step, o.day(id, m.Step)); err != nil {
			o.t.Fatalf("%s on the way to %s: %v", m.Step, to, err)
		}
	}
	return id
}

// day is one on which a step is right.
func (o *office) day(id int64, step contracts.Step) models.Date {
	today := models.DateOf(o.Now())
	switch step {
	case contracts.End:
		return today.AddDays(40)
	case contracts.Finish: // once its last day is over
		now := o.Now()
		o.DB.Now = func() time.Time { return now.AddDate(0, 0, 41) }
		return models.DateOf(o.Now())
	}
	return today
}

// wrong complains unless err says that a field is wrong.
func (o *office) wrong(err error, field, key string) {
	o.t.Helper()
	var wrong models.Invalid
	if !errors.As(err, &wrong) || wrong[field] != key {
		o.t.Errorf("%v; want %s under %q", err, key, field)
	}
}
