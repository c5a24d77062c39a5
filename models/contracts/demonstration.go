package contracts

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"pilveturg/db"
	"pilveturg/models"
	"pilveturg/models/catalogue"
	"pilveturg/models/identity"
	"pilveturg/models/search"
)

// Invented is the money and the subscriptions of an invented body.
type Invented struct {
	Organisation  models.Key `json:"organisation"`
	Buyer         string     `json:"buyer"` // mails of accounts
	Approver      string     `json:"approver"`
	FreeBelow     int64      `json:"free_below_cents"`
	TwoAbove      int64      `json:"two_above_cents"`
	Budget        []Budget   `json:"budget"`
	Subscriptions []struct {
		Service  models.Key `json:"service"`
		Unit     string     `json:"unit"`
		Quantity string     `json:"quantity"`
		Months   int        `json:"months"`
		Renewal  Renewal    `json:"renewal"`
		Notice   int        `json:"notice_days"`
		Budget   string     `json:"budget"` // code
		Words    string     `json:"words"`
		Steps    []struct { // that followed, in this order
			Step  Step   `json:"step"`
			Side  Side   `json:"side"`
			Words string `json:"words"`
			Days  int    `json:"days"` // from now

			Ours   string `json:"ours"` // what is done before the first use
			Theirs string `json:"theirs"`
		} `json:"steps"`
		Used   []int64  `json:"used"` // assigned and used in the month of the first use
		Change struct { // that was asked for; none without words
			Quantity string `json:"quantity"`
			Words    string `json:"words"`
			Approved bool   `json:"approved"`
		} `json:"change"`
	} `json:"subscriptions"`
	Contracts []struct { // that were brought from a file
		Service   string  `json:"service"`
		Vendor    string  `json:"vendor"`
		Reference string  `json:"reference"`
		Year      int64   `json:"year_cents"`
		Begun     int     `json:"begun"` // months before now
		Months    int     `json:"months"`
		Renewal   Renewal `json:"renewal"`
		Notice    int     `json:"notice_days"`
	} `json:"contracts"`
}

// ReadInvented reads it, one JSON object after another.
func ReadInvented(r io.Reader) ([]Invented, error) {
	var all []Invented
	d := json.NewDecoder(r)
	d.DisallowUnknownFields()
	for {
		var one Invented
		err := d.Decode(&one)
		if err == io.EOF {
			return all, nil
		}
		if err != nil {
			return nil, fmt.Errorf("invented body %d: %w", len(all)+1, err)
		}
		all = append(all, one)
	}
}

// Put makes the money and the subscriptions, each step as whoever makes it, unless they
// were made before. Services that are not there are left out. It fails with
// [models.ErrNotFound] when the body or its people are not there.
func (i *Invented) Put(ctx context.Context, d *db.DB, s *catalogue.Schema) error {
	org, err := identity.FindID(ctx, d, i.Organisation)
	if err != nil {
		return err
	}
	if made, err := Budgets(ctx, d, org); err != nil || len(made) > 0 {
		return err
	}
	buyer, err := Member(ctx, d, i.Buyer, org)
	if err != nil {
		return err
	}
	approver, err := Member(ctx, d, i.Approver, org)
	if err != nil {
		return err
	}
	money := models.Actor{Program: "demonstration", OrgID: org, Roles: []models.Role{models.Finance}}
	err = d.Write(ctx, money, func(tx *db.Tx) error {
		for _, b := range i.Budget {
			if err := SaveBudget(ctx, tx, b); err != nil {
				return err
			}
		}
		return SetRules(ctx, tx, 0, Rules{FreeBelow: i.FreeBelow, TwoAbove: i.TwoAbove})
	})
	for k := range i.Subscriptions {
		if err == nil {
			err = i.subscribe(ctx, d, s, k, buyer, approver)
		}
	}
	if err != nil {
		return err
	}
	return d.Write(ctx, buyer, func(tx *db.Tx) error { return i.bring(ctx, tx) })
}

// bring imports the contracts.
func (i *Invented) bring(ctx context.Context, tx *db.Tx) error {
	var lines []Outside
	today := models.DateOf(tx.Now.Time)
	for k, c := range i.Contracts {
		begun := today.AddMonths(-c.Begun)
		lines = append(lines, Outside{Line: k + 2, Service: c.Service, Vendor: c.Vendor, Reference: c.Reference, Year: c.Year, Starts: begun, Ends: begun.AddMonths(c.Months).AddDays(-1), Renewal: c.Renewal, NoticeDays: c.Notice})
	}
	if len(lines) == 0 {
		return nil
	}
	made := Imported{Hash: hashOf(fmt.Sprint(i.Contracts))}
	err := Import(ctx, tx, "demonstration", &made, lines)
	if err == nil && made.Refused > 0 {
		err = fmt.Errorf("invented contracts: %v", made.Faults)
	}
	return err
}

// Member is somebody who acts for an organisation, by the mail of the account;
// [models.ErrNotFound] where nobody does.
func Member(ctx context.Context, r db.Reader, mail string, org int64) (models.Actor, error) {
	a, err := identity.FindAccountByMail(ctx, r, mail)
	if err != nil {
		return models.Actor{}, err
	}
	all, err := identity.Memberships(ctx, r, a.ID)
	for _, m := range all {
		if m.OrgID == org {
			return m.Actor(), nil
		}
	}
	return models.Actor{}, errors.Join(err, models.ErrNotFound)
}

func (i *Invented) subscribe(ctx context.Context, d *db.DB, schema *catalogue.Schema, k int, buyer, approver models.Actor) error {
	one := &i.Subscriptions[k]
	id, err := catalogue.FindID(ctx, d, one.Service)
	if errors.Is(err, models.ErrNotFound) {
		return nil
	}
	o, err2 := catalogue.Find(ctx, d, id)
	e, err3 := catalogue.FindEdition(ctx, d, id, o.Published)
	if err := errors.Join(err, err2, err3); err != nil {
		return err
	}
	s := Subscription{OfferingID: id, Unit: one.Unit, Quantity: one.Quantity, Months: one.Months, Starts: models.DateOf(d.Now()), Renewal: one.Renewal, NoticeDays: one.Notice, Words: one.Words}
	n, _ := models.ParseDecimal(one.Quantity) // what is none is refused below
	if p := search.Cheapest(e.Plans, search.Volume{Unit: one.Unit, Amount: n, Flow: flows(schema, one.Unit)}); p.Known {
		s.Plan = e.Plans[p.Plan].Code
	}
	err = d.Write(ctx, buyer, func(tx *db.Tx) error {
		lines, err := Budgets(ctx, tx, buyer.OrgID)
		for _, b := range lines {
			if b.Code == one.Budget {
				s.BudgetID = b.ID
			}
		}
		q, wrong := Price(schema, &e, s.Plan, s.Unit, s.Quantity)
		if err = errors.Join(err, wrong); err != nil {
			return err
		}
		return Send(ctx, tx, schema, fmt.Sprintf("demonstration-%d", k), q.Year+q.Once, &s)
	})
	if err != nil {
		return fmt.Errorf("%s: %w", one.Service, err)
	}
	seller := models.Actor{Program: "demonstration", OrgID: o.VendorID, Roles: []models.Role{models.VendorManager}}
	for _, step := range one.Steps {
		actor := map[Side]models.Actor{Buying: buyer, Approving: approver, Selling: seller}[step.Side]
		deed := Deed{Step: step.Step, Words: step.Words, Day: models.DateOf(d.Now()).AddDays(step.Days), Ours: step.Ours, Theirs: step.Theirs}
		if err := d.Write(ctx, actor, func(tx *db.Tx) error { return s.follow(ctx, tx, buyer, step.Side, deed) }); err != nil {
			return fmt.Errorf("%s, %s: %w", one.Service, step.Step, err)
		}
	}
	if one.Change.Words != "" {
		if err := i.change(ctx, d, schema, k, s.ID, buyer, approver); err != nil {
			return fmt.Errorf("%s: %w", one.Service, err)
		}
	}
	if len(one.Used) < 2 {
		return nil
	}
	m := Month{Month: models.DateOf(d.Now()).String()[:7], Assigned: one.Used[0], Used: one.Used[1]}
	return d.Write(ctx, buyer, func(tx *db.Tx) error { return NoteUsage(ctx, tx, s.ID, m) })
}

// change asks for a change of a subscription, from a month on.
func (i *Invented) change(ctx context.Context, d *db.DB, schema *catalogue.Schema, k int, id int64, buyer, approver models.Actor) error {
	c := i.Subscriptions[k].Change
	s, err := Find(ctx, d, buyer, id)
	if err != nil {
		return err
	}
	a := Amendment{Version: s.Version, Plan: s.Plan, Unit: s.Unit, Quantity: c.Quantity, Starts: models.DateOf(d.Now()).AddMonths(1), Words: c.Words}
	if err := QuoteChange(ctx, d, schema, &s, &a); err != nil {
		return err
	}
	err = d.Write(ctx, buyer, func(tx *db.Tx) error { return Amend(ctx, tx, schema, id, "demonstration", a.Year, &a) })
	if err != nil || !c.Approved || a.State != ChangeRequested {
		return err
	}
	return d.Write(ctx, approver, func(tx *db.Tx) error { return VoteChange(ctx, tx, a.ID, a.Revision, Deed{Step: Approve}) })
}

func flows(schema *catalogue.Schema, unit string) bool {
	u, _ := schema.Unit(unit)
	return u.Flow
}

// follow makes one step of a story.
func (s *Subscription) follow(ctx context.Context, tx *db.Tx, buyer models.Actor, side Side, d Deed) error {
	now, err := Find(ctx, tx, buyer, s.ID)
	if err != nil {
		return err
	}
	switch side {
	case Approving:
		return Vote(ctx, tx, s.ID, now.Round, d)
	case Selling:
		return Take(ctx, tx, s.ID, now.Revision, d)
	}
	return Do(ctx, tx, s.ID, now.Revision, d)
}
