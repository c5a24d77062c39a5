package contracts

import (
	"context"
	"fmt"
	"strings"

	"pilveturg/db"
	"pilveturg/models"
	"pilveturg/models/audit"
	"pilveturg/models/catalogue"
	"pilveturg/models/work"
)

const (
	changeAsked audit.Action = "amendment.requested"
	changeMoved audit.Action = "amendment.moved"
	changeVoted audit.Action = "amendment.approved"
	amended     audit.Action = "subscription.amended"
)

// QuoteChange sets what a change costs: what was agreed, or what the list says, of the
// version whose prices hold for the subscription, or of the one that is published now.
// It fails with [models.Invalid] where there is no such price.
func QuoteChange(ctx context.Context, r db.Reader, schema *catalogue.Schema, s *Subscription, a *Amendment) error {
	a.Once = 0
	if s.OfferingID == 0 {
		if a.Plan = s.Plan; !a.Settled {
			return models.Invalid{"price": "amendment.price_missing"}
		}
		return a.checkQuantity()
	}
	if a.Version != s.Version {
		o, err := catalogue.Find(ctx, r, s.OfferingID)
		if err != nil {
			return err
		}
		if a.Version != o.Published || o.Life != catalogue.Open {
			return models.Invalid{"plan": "request.plan_missing"}
		}
	}
	e, err := catalogue.FindEdition(ctx, r, s.OfferingID, a.Version)
	if err != nil {
		return err
	}
	q, err := Price(schema, &e, a.Plan, a.Unit, a.Quantity)
	if a.Settled {
		if q.Plan == nil {
			return models.Invalid{"plan": "request.plan_missing"}
		}
		return a.checkQuantity()
	}
	if err != nil {
		return err
	}
	a.Year = q.Year
	if a.Plan != s.Plan || a.Version != s.Version {
		a.Once = q.Once
	}
	return a.checkQuantity()
}

func (a *Amendment) checkQuantity() error {
	if a.Settled && (a.Year < 0 || a.Year > MaxCents) {
		return models.Invalid{"price": "project.value_wrong"}
	}
	if a.Unit == "" {
		a.Quantity = ""
		return nil
	}
	n, err := models.ParseDecimal(a.Quantity)
	if err != nil || n.Sign() <= 0 {
		return models.Invalid{"quantity": "project.volume_wrong"}
	}
	a.Quantity = n.String()
	return nil
}

// Amend asks for a change of a subscription. once tells the form apart: sent again, it
// finds the change that it made. seen is the yearly price that the actor saw. What makes
// it dearer is approved like a request, by what has not been approved before, so that
// many small changes are no way around the rules; what does not goes to the vendor at
// once. It sets a.ID and a.State.
func Amend(ctx context.Context, tx *db.Tx, schema *catalogue.Schema, id int64, once string, seen int64, a *Amendment) error {
	s, err := held(ctx, tx, id, func() (Subscription, error) { return Find(ctx, tx, tx.Actor, id) })
	switch {
	case err != nil:
		return err
	case !Buys(tx.Actor) || once == "":
		return fmt.Errorf("change subscription %d: %w", id, models.ErrForbidden)
	}
	before, err := Amendments(ctx, tx, id)
	if err != nil {
		return err
	}
	if made, err := amendments(ctx, tx, `/* contracts.Amend */ SELECT `+amendmentColumns+` WHERE c.subscription_id = ? AND c.once = ?`, id, once); err != nil || len(made) > 0 {
		if err == nil {
			*a = made[0]
		}
		return err
	}
	if !Amendable(s.State) {
		return fmt.Errorf("change subscription %d, which is %s: %w", id, s.State, models.ErrConflict)
	}
	if err := s.prepareChange(ctx, tx, schema, before, a); err != nil {
		return err
	}
	if a.Year != seen {
		return models.Invalid{"price_seen": "request.price_changed"}
	}
	return s.ask(ctx, tx, once, before, a)
}

// Amendable reports whether a subscription in the state can be changed.
func Amendable(s State) bool { return s == Accepted || s == Active || s == Suspended }

// prepareChange checks a change, and sets what it costs.
func (s *Subscription) prepareChange(ctx context.Context, tx *db.Tx, schema *catalogue.Schema, before []Amendment, a *Amendment) error {
	wrong := models.Invalid{}
	for i := range before {
		if before[i].State.Open() {
			return models.Invalid{"plan": "amendment.open"}
		}
	}
	if err := QuoteChange(ctx, tx, schema, s, a); err != nil && !keep(wrong, err) {
		return err
	}
	today := models.DateOf(tx.Now.Time)
	if a.Starts.IsZero() || a.Starts.Before(today) || !s.Ends.IsZero() && s.Ends.Before(a.Starts) || today.AddMonths(24).Before(a.Starts) {
		wrong["starts"] = "amendment.starts_wrong"
	}
	a.Words = strings.TrimSpace(a.Words)
	if err := checkWords(a.Words, true); err != nil {
		keep(wrong, err)
	}
	if len(wrong) == 0 && a.New() == s.Terms() {
		wrong["quantity"] = "amendment.nothing"
	}
	return wrong.Or()
}

// ask writes a change down and sends it on its way.
func (s *Subscription) ask(ctx context.Context, tx *db.Tx, once string, before []Amendment, a *Amendment) error {
	rules, err := FindRules(ctx, tx, s.OrgID)
	if err != nil {
		return err
	}
	a.SubID, a.Requester, a.Revision, a.State = s.ID, tx.Actor.AccountID, 1, ChangeOrdered
	a.Extra = max(0, s.Extra(a.Year, a.Once, a.Starts))
	if level := s.approved(before); a.Total() > s.Year && a.Total() > level {
		if a.Needs = rules.Needs(a.Total() - level); a.Needs > 0 {
			a.State = ChangeRequested
		}
	}
	var ordered any
	if a.State == ChangeOrdered {
		ordered = tx.Now
	}
	old := s.Terms()
	a.OldVersion, a.OldPlan, a.OldUnit, a.OldQuantity, a.OldYear = old.Version, old.Plan, old.Unit, old.Quantity, old.Year
	const q = `INSERT INTO amendments (subscription_id, once, state, version, plan, unit, quantity, year_cents, once_cents, settled, starts, extra_cents, needs, words,
		old_version, old_plan, old_unit, old_quantity, old_year_cents, requester_id, requested_at, ordered_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING id`
	err = tx.Get(ctx, &a.ID, q, s.ID, once, a.State, db.NullID(int64(a.Version)), a.Plan, a.Unit, a.Quantity, a.Year, a.Once, db.Flag(a.Settled), a.Starts, a.Extra, a.Needs, a.Words,
		db.NullID(int64(old.Version)), old.Plan, old.Unit, old.Quantity, old.Year, a.Requester, tx.Now, ordered)
	if err != nil {
		return fmt.Errorf("change subscription %d: %w", s.ID, err)
	}
	if err := audit.Record(ctx, tx, changeAsked, subject(s.ID), a.facts()...); err != nil {
		return err
	}
	if a.State == ChangeRequested {
		return s.tellApprovers(ctx, tx, a.Requester, a.Total(), fmt.Sprintf("/approvals/%s%d", ChangePrefix, a.ID))
	}
	if err := s.hold(ctx, tx, a); err != nil {
		return err
	}
	return s.onToVendor(ctx, tx, a)
}

// approved is the yearly price that people have approved so far: nothing, where the
// request was below what is approved.
func (s *Subscription) approved(changes []Amendment) int64 {
	level, first := int64(0), s.Year
	for i := range changes {
		c := &changes[i]
		if c.State != ChangeApplied {
			continue
		}
		if first = c.OldYear; c.Needs > 0 { // the newest comes first, so the last is the first
			level = max(level, c.Total())
		}
	}
	if s.Needs > 0 {
		level = max(level, first+s.Once)
	}
	return level
}

func (a *Amendment) facts() audit.Changes {
	var c audit.Changes
	c.Add("plan", a.OldPlan, a.Plan)
	c.Add("version", fmt.Sprint(a.OldVersion), fmt.Sprint(a.Version))
	c.Add("volume", a.OldQuantity, a.Quantity)
	c.Add("unit", a.OldUnit, a.Unit)
	c.Add("year_cents", fmt.Sprint(a.OldYear), fmt.Sprint(a.Year))
	if a.Once > 0 {
		c.Add("once_cents", "", fmt.Sprint(a.Once))
	}
	c.Add("starts", "", a.Starts.String())
	return c
}

// hold reserves what a change costs more.
func (s *Subscription) hold(ctx context.Context, tx *db.Tx, a *Amendment) error {
	if a.Extra == 0 || s.BudgetID == 0 {
		return nil
	}
	if err := reserve(ctx, tx, s.BudgetID, a.Extra); err != nil {
		return err
	}
	a.Held = a.Extra
	_, err := tx.Exec(ctx, `UPDATE amendments SET held = ? WHERE id = ?`, a.Held, a.ID)
	return err
}

// onToVendor tells the vendor of a change; where the vendor is not here it was agreed
// with them outside.
func (s *Subscription) onToVendor(ctx context.Context, tx *db.Tx, a *Amendment) error {
	if !s.OrderedAt.IsZero() {
		return s.tellVendor(ctx, tx, work.ChangeAsked)
	}
	m, _ := changeMove(Accept, Clock, a.State)
	return s.agree(ctx, tx, a, m, "")
}

// agree notes that a change is agreed, and applies it when its day has come.
func (s *Subscription) agree(ctx context.Context, tx *db.Tx, a *Amendment, m ChangeMove, words string) error {
	if err := a.advance(ctx, tx, m, words); err != nil {
		return err
	}
	if models.DateOf(tx.Now.Time).Before(a.Starts) {
		return nil
	}
	return s.apply(ctx, tx, a)
}

// advance makes a move of a change. It fails with [models.ErrConflict] when somebody
// moved it meanwhile.
func (a *Amendment) advance(ctx context.Context, tx *db.Tx, m ChangeMove, words string) error {
	words = strings.TrimSpace(words)
	q := `UPDATE amendments SET state = ?, revision = revision + 1, answer = CASE WHEN ? = '' THEN answer ELSE ? END`
	args := []any{m.To, words, words}
	switch m.To {
	case ChangeOrdered:
		q, args = q+`, ordered_at = ?`, append(args, tx.Now)
	case ChangeApplied:
		q, args = q+`, held = 0, applied_at = ?`, append(args, tx.Now)
	case ChangeRefused, ChangeDeclined, ChangeWithdrawn:
		q += `, held = 0`
	}
	n, err := tx.Exec(ctx, q+` WHERE id = ? AND state = ? AND revision = ?`, append(args, a.ID, m.From, a.Revision)...)
	if err == nil && n == 0 {
		err = models.ErrConflict
	}
	if err != nil {
		return fmt.Errorf("%s change %d: %w", m.Step, a.ID, err)
	}
	c := audit.Changes{}
	c.Add("change_state", string(a.State), string(m.To))
	c.Add("words", "", words)
	a.State, a.Revision = m.To, a.Revision+1
	return audit.Record(ctx, tx, changeMoved, subject(a.SubID), c...)
}

// apply makes the new terms hold.
func (s *Subscription) apply(ctx context.Context, tx *db.Tx, a *Amendment) error {
	m, _ := changeMove(Apply, Clock, a.State)
	extra := a.Held
	if less := s.Extra(a.Year, a.Once, a.Starts); less < 0 && a.Starts.Before(s.begin().AddMonths(12)) {
		extra = -min(-less, s.Held) // given back, of what is reserved for the first year
		if err := release(ctx, tx, s.BudgetID, -extra); err != nil {
			return err
		}
	}
	if err := a.advance(ctx, tx, m, ""); err != nil {
		return err
	}
	const q = `UPDATE subscriptions SET version = ?, plan = ?, unit = ?, quantity = ?, year_cents = ?, held = held + ?, revision = revision + 1 WHERE id = ?`
	if _, err := tx.Exec(ctx, q, db.NullID(int64(a.Version)), a.Plan, a.Unit, a.Quantity, a.Year, extra, s.ID); err != nil {
		return fmt.Errorf("change subscription %d: %w", s.ID, err)
	}
	if err := s.note(ctx, tx, Apply, a.Words); err != nil {
		return err
	}
	return audit.Record(ctx, tx, amended, subject(s.ID), a.facts()...)
}
