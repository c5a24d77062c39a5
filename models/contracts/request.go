package contracts

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"pilveturg/db"
	"pilveturg/models"
	"pilveturg/models/audit"
	"pilveturg/models/catalogue"
	"pilveturg/models/pricing"
	"pilveturg/models/procurement"
	"pilveturg/models/search"
)

// MaxWords is how long what people write may be, in characters.
const MaxWords = 2000

const (
	requested audit.Action = "subscription.requested"
	moved     audit.Action = "subscription.moved"
	approved  audit.Action = "subscription.approved"
	renewed   audit.Action = "subscription.renewed"
)

// Quote is what a plan costs for so much.
type Quote struct {
	Plan *pricing.Plan
	Year int64 // euro cents without VAT
	Once int64
}

// Price works out what a plan of a version costs for a quantity of a unit. It fails with
// [models.Invalid] under "plan" or "quantity" where there is no exact price in euros.
func Price(s *catalogue.Schema, e *catalogue.Edition, plan, unit, quantity string) (Quote, error) {
	var q Quote
	for i := range e.Plans {
		if e.Plans[i].Code == plan {
			q.Plan = &e.Plans[i]
		}
	}
	if q.Plan == nil {
		return q, models.Invalid{"plan": "request.plan_missing"}
	}
	v := search.Volume{}
	if unit != "" {
		n, err := models.ParseDecimal(quantity)
		u, known := s.Unit(unit)
		if err != nil || !known || n.Sign() <= 0 || n.Cmp(models.Whole(procurement.MaxVolume)) > 0 {
			return q, models.Invalid{"quantity": "project.volume_wrong"}
		}
		v = search.Volume{Unit: unit, Amount: n, Flow: u.Flow}
	}
	total, err := q.Plan.Yearly(v.Usage())
	var missing *pricing.MissingError
	var wrong models.Invalid
	switch {
	case errors.As(err, &missing), errors.As(err, &wrong):
		return q, models.Invalid{"quantity": "request.quantity_wrong"}
	case err != nil:
		return q, err
	case total.OnRequest || total.Year.IsRange() || total.Once.IsRange():
		return q, models.Invalid{"plan": "request.no_price"}
	case q.Plan.Currency != search.Currency:
		return q, models.Invalid{"plan": "request.not_euro"}
	}
	q.Year, q.Once = total.Year.High.Minor, total.Once.High.Minor
	return q, nil
}

// Send sends a request, or orders at once where the rules need no approval. once tells
// the form apart: sent again, it finds the request that it made. seen is the price of
// the first year that the actor saw: where it is another one now, it fails with
// [models.Invalid] under "price". It sets s.ID and s.State.
func Send(ctx context.Context, tx *db.Tx, schema *catalogue.Schema, once string, seen int64, s *Subscription) error {
	if !Buys(tx.Actor) || tx.Actor.OrgID == 0 || once == "" {
		return fmt.Errorf("request a subscription: %w", models.ErrForbidden)
	}
	s.OrgID, s.Requester = tx.Actor.OrgID, tx.Actor.AccountID
	var made []int64
	if err := tx.Select(ctx, &made, `/* contracts.Send */ SELECT id FROM subscriptions WHERE organisation_id = ? AND once = ?`, s.OrgID, once); err != nil {
		return err
	}
	if len(made) > 0 {
		before, err := Find(ctx, tx, tx.Actor, made[0])
		*s = before
		return err
	}
	if err := s.prepare(ctx, tx, schema); err != nil {
		return err
	}
	if s.First() != seen {
		return models.Invalid{"price": "request.price_changed"}
	}
	rules, err := FindRules(ctx, tx, s.OrgID)
	if err != nil {
		return err
	}
	s.Needs, s.State, s.Round = rules.Needs(s.First()), Requested, 1
	var ordered any
	if s.Needs == 0 {
		s.State, s.Held, ordered = Ordered, s.First(), tx.Now
		if err := reserve(ctx, tx, s.BudgetID, s.First()); err != nil {
			return err
		}
	}
	const q = `INSERT INTO subscriptions (organisation_id, once, project_id, offering_id, version, plan, unit, quantity, months, starts, renewal, notice_days, year_cents, once_cents, budget_id, held,
		words, needs, state, requester_id, requested_at, ordered_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING id`
	err = tx.Get(ctx, &s.ID, q, s.OrgID, once, db.NullID(s.ProjectID), s.OfferingID, s.Version, s.Plan, s.Unit, s.Quantity, s.Months, s.Starts, s.Renewal, s.NoticeDays, s.Year, s.Once, s.BudgetID, s.Held,
		s.Words, s.Needs, s.State, s.Requester, tx.Now, ordered)
	if err != nil {
		return fmt.Errorf("request a subscription: %w", err)
	}
	if err := s.sent(ctx, tx); err != nil {
		return err
	}
	return audit.Record(ctx, tx, requested, subject(s.ID), s.facts()...)
}

func (s *Subscription) facts() audit.Changes {
	var c audit.Changes
	if s.OfferingID != 0 {
		c.Add("service", "", catalogue.Number(s.OfferingID))
		c.Add("version", "", fmt.Sprint(s.Version))
	}
	c.Add("contract_service", "", s.Service)
	c.Add("contract_vendor", "", s.Vendor)
	c.Add("plan", "", s.Plan)
	c.Add("volume", "", s.Quantity)
	c.Add("unit", "", s.Unit)
	c.Add("year_cents", "", fmt.Sprint(s.Year))
	c.Add("once_cents", "", fmt.Sprint(s.Once))
	c.Add("subscription_state", "", string(s.State))
	return c
}

// prepare checks a request, and sets the version and the price that hold now.
func (s *Subscription) prepare(ctx context.Context, tx *db.Tx, schema *catalogue.Schema) error {
	o, err := catalogue.Find(ctx, tx, s.OfferingID)
	if err != nil {
		return err
	}
	if o.Published == 0 || o.Life != catalogue.Open {
		return models.Invalid{"service": "request.service_closed"}
	}
	e, err := catalogue.FindEdition(ctx, tx, s.OfferingID, o.Published)
	if err != nil {
		return err
	}
	wrong := models.Invalid{}
	s.Version = o.Published
	if err := s.settlePrice(ctx, tx, schema, &e); err != nil && !keep(wrong, err) {
		return err
	}
	s.checkTerms(tx, wrong)
	if _, err := FindBudget(ctx, tx, s.OrgID, s.BudgetID); errors.Is(err, models.ErrNotFound) {
		wrong["budget"] = "request.budget_missing"
	} else if err != nil {
		return err
	}
	return wrong.Or()
}

// keep adds what is wrong to what was; false when err says something else.
func keep(wrong models.Invalid, err error) bool {
	var more models.Invalid
	if !errors.As(err, &more) {
		return false
	}
	for field, key := range more {
		wrong[field] = key
	}
	return true
}

// settlePrice sets what it costs: what the project found out that decided for the
// service, or what the plan says.
func (s *Subscription) settlePrice(ctx context.Context, tx *db.Tx, schema *catalogue.Schema, e *catalogue.Edition) error {
	if s.ProjectID != 0 {
		p, err := procurement.Find(ctx, tx, tx.Actor, s.ProjectID)
		if err != nil {
			return err
		}
		d, err := procurement.FindDecision(ctx, tx, s.ProjectID)
		if err != nil && !errors.Is(err, models.ErrNotFound) {
			return err
		}
		if d.State != procurement.Awarded || d.OfferingID != s.OfferingID {
			return models.Invalid{"project": "request.not_awarded"}
		}
		offers, err := procurement.Offers(ctx, tx, s.ProjectID)
		if err != nil {
			return err
		}
		for _, o := range offers {
			if o.OfferingID == s.OfferingID {
				years := int64(p.Years)
				s.Year, s.Once, s.Unit, s.Quantity = (o.Cents+years-1)/years, 0, p.Unit, p.Volume
				if len(e.Plans) > 0 && s.Plan == "" {
					s.Plan = e.Plans[0].Code
				}
				return nil
			}
		}
	}
	q, err := Price(schema, e, s.Plan, s.Unit, s.Quantity)
	if err != nil {
		return err
	}
	if s.Unit != "" {
		n, _ := models.ParseDecimal(s.Quantity) // it was read just now
		s.Quantity = n.String()
	}
	s.Year, s.Once = q.Year, q.Once
	return nil
}

func (s *Subscription) checkTerms(tx *db.Tx, wrong models.Invalid) {
	today := models.DateOf(tx.Now.Time)
	if s.Months < 1 || s.Months > 120 {
		wrong["months"] = "request.months_wrong"
	}
	if s.Starts.IsZero() || s.Starts.Before(today.AddMonths(-1)) || today.AddMonths(24).Before(s.Starts) {
		wrong["starts"] = "request.starts_wrong"
	}
	if s.Renewal != NoRenewal && s.Renewal != Tacit && s.Renewal != Express {
		wrong["renewal"] = "request.renewal_missing"
	}
	if s.NoticeDays < 0 || s.NoticeDays > 730 {
		wrong["notice_days"] = "request.notice_wrong"
	}
	if s.Words = strings.TrimSpace(s.Words); utf8.RuneCountInString(s.Words) > MaxWords {
		wrong["words"] = "project.reason_long"
	}
}
