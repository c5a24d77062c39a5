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
)

// Deed is something that somebody does to a subscription.
type Deed struct {
	Step  Step
	Words string
	Day   models.Date // of the first use, the last day, or on which the data was got back

	// Ours and Theirs are what the vendor and the body do before the first use, a line
	// each: said by who accepts an order.
	Ours, Theirs string
}

// held finds a subscription by a query of the package and keeps others from changing it
// until the transaction is over.
func held(ctx context.Context, tx *db.Tx, id int64, find func() (Subscription, error)) (Subscription, error) {
	if _, err := find(); err != nil { // not even its row is touched for others
		return Subscription{}, err
	}
	if _, err := tx.Exec(ctx, `UPDATE subscriptions SET revision = revision WHERE id = ?`, id); err != nil {
		return Subscription{}, fmt.Errorf("subscription %d: %w", id, err)
	}
	return find()
}

// Do moves a subscription of the actor's organisation on, when it is still of the
// revision that was seen. What is before the order is for who asked; all else, and that
// too, for buyers who were given the right to orders.
func Do(ctx context.Context, tx *db.Tx, id, seen int64, d Deed) error {
	s, err := held(ctx, tx, id, func() (Subscription, error) { return Find(ctx, tx, tx.Actor, id) })
	if err != nil {
		return err
	}
	own := s.Requester == tx.Actor.AccountID && Buys(tx.Actor) && (d.Step == Cancel || d.Step == Resend || d.Step == Reply)
	if !own && !Manages(tx.Actor) {
		return fmt.Errorf("%s subscription %d: %w", d.Step, id, models.ErrForbidden)
	}
	m, err := s.may(d, Buying, seen)
	if err != nil {
		return err
	}
	set, args, err := s.buyerSets(tx, d)
	if err != nil {
		return err
	}
	switch d.Step {
	case Cancel:
		set, err = `, held = 0`, release(ctx, tx, s.BudgetID, s.Held)
	case End:
		err = s.dropChanges(ctx, tx)
	}
	if err != nil {
		return err
	}
	if err := s.advance(ctx, tx, m, d.Words, set, args...); err != nil {
		return err
	}
	return s.tellAbout(ctx, tx, m)
}

// may finds the move that a deed is, and says what is missing.
func (s *Subscription) may(d Deed, side Side, seen int64) (Move, error) {
	m, ok := move(d.Step, side, s.State)
	if !ok || s.Revision != seen {
		return m, fmt.Errorf("%s subscription %d, which is %s: %w", d.Step, s.ID, s.State, models.ErrConflict)
	}
	return m, checkWords(d.Words, m.Reason)
}

// checkWords checks what somebody says with a step, who has to say something when it is
// needed.
func checkWords(words string, needed bool) error {
	switch n := utf8.RuneCountInString(strings.TrimSpace(words)); {
	case needed && n == 0:
		return models.Invalid{"words": "project.reason_missing"}
	case n > MaxWords:
		return models.Invalid{"words": "project.reason_long"}
	}
	return nil
}

// buyerSets is what a deed of the buyer changes besides the state.
func (s *Subscription) buyerSets(tx *db.Tx, d Deed) (set string, args []any, err error) {
	today := models.DateOf(tx.Now.Time)
	switch d.Step {
	case Resend:
		return `, round = round + 1`, nil, nil
	case Begin:
		if d.Day.IsZero() || today.Before(d.Day) || d.Day.Before(models.DateOf(s.OrderedAt.Time)) {
			return "", nil, models.Invalid{"day": "subscription.first_use_wrong"}
		}
		s.begins(d.Day)
		return `, first_use = ?, ends = ?, notice_by = ?`, []any{s.FirstUse, s.Ends, s.noticeFor()}, nil
	case End:
		earliest := today
		if s.State != Accepted {
			earliest = today.AddDays(s.NoticeDays)
		}
		if d.Day.IsZero() || d.Day.Before(earliest) {
			return "", nil, models.Invalid{"day": "subscription.ends_wrong"}
		}
		s.Ends = d.Day
		return `, ends = ?, notice_by = NULL`, []any{d.Day}, nil
	case Finish:
		switch {
		case d.Day.IsZero() || today.Before(d.Day):
			return "", nil, models.Invalid{"day": "subscription.exported_wrong"}
		case !s.Ends.Before(today):
			return "", nil, models.Invalid{"day": "subscription.not_over"}
		}
		return `, exported = ?`, []any{d.Day}, nil
	}
	return "", nil, nil
}

// begins puts a subscription into use on a day. The term runs from then on; that of a
// contract from a file is what the file says.
func (s *Subscription) begins(day models.Date) {
	s.FirstUse = day
	if s.ImportID == 0 {
		s.Ends = day.AddMonths(s.Months).AddDays(-1)
	}
}

// noticeFor is the last day on which something can be said about the end of the term:
// notice given, or the renewal asked for. Without a renewal it is the end itself.
func (s *Subscription) noticeFor() models.Date {
	if s.Renewal == NoRenewal {
		return s.Ends
	}
	return s.Ends.AddDays(-s.NoticeDays)
}

// advance makes a move; set says what else changes. It fails with [models.ErrConflict]
// when somebody moved the subscription meanwhile.
func (s *Subscription) advance(ctx context.Context, tx *db.Tx, m Move, words, set string, args ...any) error {
	q := `UPDATE subscriptions SET state = ?, revision = revision + 1` + set + ` WHERE id = ? AND state = ? AND revision = ?`
	args = append(append([]any{m.To}, args...), s.ID, m.From, s.Revision)
	n, err := tx.Exec(ctx, q, args...)
	if err == nil && n == 0 {
		err = models.ErrConflict
	}
	if err != nil {
		return fmt.Errorf("%s subscription %d: %w", m.Step, s.ID, err)
	}
	before := s.State
	s.State, s.Revision = m.To, s.Revision+1
	if err := s.note(ctx, tx, m.Step, words); err != nil {
		return err
	}
	c := audit.Changes{}
	c.Add("subscription_state", string(before), string(m.To))
	c.Add("words", "", strings.TrimSpace(words))
	return audit.Record(ctx, tx, moved, subject(s.ID), c...)
}

// note keeps what became of a subscription.
func (s *Subscription) note(ctx context.Context, tx *db.Tx, step Step, words string) error {
	const q = `INSERT INTO subscription_steps (subscription_id, step, account_id, words, created_at) VALUES (?, ?, ?, ?, ?)`
	if _, err := tx.Exec(ctx, q, s.ID, step, db.NullID(tx.Actor.AccountID), strings.TrimSpace(words), tx.Now); err != nil {
		return fmt.Errorf("what became of subscription %d: %w", s.ID, err)
	}
	return nil
}

// Take answers an order for its vendor: accepts, declines, or asks.
func Take(ctx context.Context, tx *db.Tx, id, seen int64, d Deed) error {
	s, err := held(ctx, tx, id, func() (Subscription, error) { return FindOrder(ctx, tx, tx.Actor, id) })
	if err != nil {
		return err
	}
	m, err := s.may(d, Selling, seen)
	if err != nil {
		return err
	}
	set := ""
	if d.Step == Decline {
		if err := release(ctx, tx, s.BudgetID, s.Held); err != nil {
			return err
		}
		set = `, held = 0`
	}
	if err := s.advance(ctx, tx, m, d.Words, set); err != nil {
		return err
	}
	if d.Step == Accept {
		if err := s.plan(ctx, tx, d); err != nil {
			return err
		}
	}
	return s.tellAbout(ctx, tx, m)
}

// plan notes what is to be done before the first use.
func (s *Subscription) plan(ctx context.Context, tx *db.Tx, d Deed) error {
	for _, part := range []struct {
		side         Side
		field, lines string
	}{{Selling, "ours", d.Ours}, {Buying, "theirs", d.Theirs}} {
		err := s.addTasks(ctx, tx, Selling, part.side, part.lines, models.Date{})
		var wrong models.Invalid
		if errors.As(err, &wrong) {
			return models.Invalid{part.field: wrong["tasks"]}
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// Vote is the answer of an approver to a round of a request: approved, returned or
// refused. The last approval that is needed reserves the money and orders, all in the
// same transaction; where there is not enough it fails with [models.Invalid] under
// "budget", and nobody has approved. Nobody approves their own request, above their
// limit, or twice; who comes too late gets [models.ErrConflict].
func Vote(ctx context.Context, tx *db.Tx, id int64, round int, d Deed) error {
	s, err := held(ctx, tx, id, func() (Subscription, error) { return Find(ctx, tx, tx.Actor, id) })
	switch {
	case err != nil:
		return err
	case !tx.Actor.Is(models.Approver) || s.Requester == tx.Actor.AccountID || tx.Actor.Limit < s.First():
		return fmt.Errorf("%s subscription %d: %w", d.Step, id, models.ErrForbidden)
	case s.Round != round:
		return fmt.Errorf("%s subscription %d: it was sent anew: %w", d.Step, id, models.ErrConflict)
	}
	m, err := s.may(d, Approving, s.Revision)
	if err != nil || d.Step != Approve {
		if err == nil {
			if err = s.advance(ctx, tx, m, d.Words, ""); err == nil {
				err = s.tellAbout(ctx, tx, m)
			}
		}
		return err
	}
	const q = `INSERT INTO approval_votes (subscription_id, round, account_id, created_at) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING`
	n, err := tx.Exec(ctx, q, id, round, tx.Actor.AccountID, tx.Now)
	if err == nil && n == 0 {
		err = models.ErrConflict
	}
	if err != nil {
		return fmt.Errorf("approve subscription %d: %w", id, err)
	}
	return s.approve(ctx, tx, m, d.Words)
}

// approve orders once enough have approved.
func (s *Subscription) approve(ctx context.Context, tx *db.Tx, m Move, words string) error {
	var votes int
	if err := tx.Get(ctx, &votes, `SELECT COUNT(*) FROM approval_votes WHERE subscription_id = ? AND round = ?`, s.ID, s.Round); err != nil {
		return err
	}
	if votes < s.Needs {
		if err := s.note(ctx, tx, m.Step, words); err != nil {
			return err
		}
		return audit.Record(ctx, tx, approved, subject(s.ID), audit.Change{Field: "approvals", New: fmt.Sprintf("%d/%d", votes, s.Needs)})
	}
	if err := reserve(ctx, tx, s.BudgetID, s.First()); err != nil {
		return err
	}
	if err := s.advance(ctx, tx, m, words, `, held = ?, ordered_at = ?`, s.First(), tx.Now); err != nil {
		return err
	}
	return s.tellAbout(ctx, tx, m)
}

// Renew makes a subscription go on for another term.
func Renew(ctx context.Context, tx *db.Tx, id, seen int64) error {
	s, err := held(ctx, tx, id, func() (Subscription, error) { return Find(ctx, tx, tx.Actor, id) })
	switch {
	case err != nil:
		return err
	case !Manages(tx.Actor):
		return fmt.Errorf("renew subscription %d: %w", id, models.ErrForbidden)
	case s.State != Active && s.State != Suspended || s.Revision != seen:
		return fmt.Errorf("renew subscription %d, which is %s: %w", id, s.State, models.ErrConflict)
	}
	return s.renew(ctx, tx)
}

const stepRenewed Step = "renew"

func (s *Subscription) renew(ctx context.Context, tx *db.Tx) error {
	before := s.Ends
	s.Ends = s.Ends.AddDays(1).AddMonths(s.Months).AddDays(-1)
	const q = `UPDATE subscriptions SET ends = ?, notice_by = ?, revision = revision + 1 WHERE id = ? AND revision = ?`
	n, err := tx.Exec(ctx, q, s.Ends, s.noticeFor(), s.ID, s.Revision)
	if err == nil && n == 0 {
		err = models.ErrConflict
	}
	if err != nil {
		return fmt.Errorf("renew subscription %d: %w", s.ID, err)
	}
	s.Revision++
	if err := s.note(ctx, tx, stepRenewed, ""); err != nil {
		return err
	}
	return audit.Record(ctx, tx, renewed, subject(s.ID), audit.Change{Field: "ends", Old: before.String(), New: s.Ends.String()})
}

// Roll moves on what is over on the day of the transaction: what goes on tacitly by
// another term, the rest into its end. Before that it puts contracts from files into use
// whose first day has come, and applies the changes whose day has come. It returns how
// many were moved.
func Roll(ctx context.Context, tx *db.Tx) (rolled int, err error) {
	begun, err := rollBegun(ctx, tx)
	if err != nil {
		return begun, err
	}
	rolled, err = rollChanges(ctx, tx)
	if rolled += begun; err != nil {
		return rolled, err
	}
	over, err := list(ctx, tx, `/* contracts.Roll */ SELECT `+columns+` WHERE s.state IN ('active', 'suspended') AND s.ends < ? ORDER BY s.id`, models.DateOf(tx.Now.Time))
	for i := range over {
		s := &over[i]
		if s.Renewal == Tacit {
			err = s.renew(ctx, tx)
		} else if m, ok := move(End, Clock, s.State); ok {
			if err = s.dropChanges(ctx, tx); err != nil {
				return rolled, err
			}
			err = s.advance(ctx, tx, m, "", `, notice_by = NULL`)
		}
		if err != nil {
			return rolled, err
		}
		rolled++
	}
	return rolled, err
}

// rollBegun puts contracts from files into use on their first day: nobody orders them
// here, so nobody says when they are used first.
func rollBegun(ctx context.Context, tx *db.Tx) (begun int, err error) {
	due, err := list(ctx, tx, `/* contracts.rollBegun */ SELECT `+columns+` WHERE s.state = 'accepted' AND s.import_id IS NOT NULL AND s.starts <= ? ORDER BY s.id`, models.DateOf(tx.Now.Time))
	for i := range due {
		s := &due[i]
		m, _ := move(Begin, Clock, s.State)
		s.begins(s.Starts)
		if err := s.advance(ctx, tx, m, "", `, first_use = ?, ends = ?, notice_by = ?`, s.FirstUse, s.Ends, s.noticeFor()); err != nil {
			return begun, err
		}
		begun++
	}
	return begun, err
}
