package contracts

import (
	"context"
	"fmt"
	"strings"

	"pilveturg/db"
	"pilveturg/models"
	"pilveturg/models/audit"
	"pilveturg/models/work"
)

// heldChange finds a change and its subscription, and keeps others from changing either
// until the transaction is over.
func heldChange(ctx context.Context, tx *db.Tx, id int64, vendor bool) (Amendment, Subscription, error) {
	a, s, err := FindAmendment(ctx, tx, tx.Actor, id, vendor)
	if err != nil {
		return a, s, err
	}
	if _, err := held(ctx, tx, s.ID, func() (Subscription, error) { return s, nil }); err != nil {
		return a, s, err
	}
	return FindAmendment(ctx, tx, tx.Actor, id, vendor)
}

// may finds the move that a deed is, and says what is missing.
func (a *Amendment) may(d Deed, side Side, seen int64) (ChangeMove, error) {
	m, ok := changeMove(d.Step, side, a.State)
	if !ok || a.Revision != seen {
		return m, fmt.Errorf("%s change %d, which is %s: %w", d.Step, a.ID, a.State, models.ErrConflict)
	}
	return m, checkWords(d.Words, m.Reason)
}

// VoteChange is the answer of an approver to a change: approved or refused. Like with
// [Vote], the last approval that is needed reserves the money in the same transaction.
func VoteChange(ctx context.Context, tx *db.Tx, id, seen int64, d Deed) error {
	a, s, err := heldChange(ctx, tx, id, false)
	switch {
	case err != nil:
		return err
	case !tx.Actor.Is(models.Approver) || a.Requester == tx.Actor.AccountID || tx.Actor.Limit < a.Total():
		return fmt.Errorf("%s change %d: %w", d.Step, id, models.ErrForbidden)
	}
	m, err := a.may(d, Approving, seen)
	if err != nil {
		return err
	}
	if d.Step == Refuse {
		if err := a.advance(ctx, tx, m, d.Words); err != nil {
			return err
		}
		return s.tell(ctx, tx, a.Requester, work.ChangeAnswered, s.path(), nil)
	}
	const q = `INSERT INTO amendment_votes (amendment_id, account_id, created_at) VALUES (?, ?, ?) ON CONFLICT DO NOTHING`
	n, err := tx.Exec(ctx, q, id, tx.Actor.AccountID, tx.Now)
	if err == nil && n == 0 {
		err = models.ErrConflict
	}
	if err != nil {
		return fmt.Errorf("approve change %d: %w", id, err)
	}
	var votes int
	if err := tx.Get(ctx, &votes, `SELECT COUNT(*) FROM amendment_votes WHERE amendment_id = ?`, id); err != nil {
		return err
	}
	if votes < a.Needs {
		c := audit.Changes{{Field: "approvals", New: fmt.Sprintf("%d/%d", votes, a.Needs)}}
		c.Add("words", "", strings.TrimSpace(d.Words))
		return audit.Record(ctx, tx, changeVoted, subject(s.ID), c...)
	}
	if err := a.advance(ctx, tx, m, d.Words); err != nil {
		return err
	}
	if err := s.hold(ctx, tx, &a); err != nil {
		return err
	}
	if err := s.tell(ctx, tx, a.Requester, work.ChangeAnswered, s.path(), nil); err != nil {
		return err
	}
	return s.onToVendor(ctx, tx, &a)
}

// TakeChange answers a change for the vendor: accepts or declines it.
func TakeChange(ctx context.Context, tx *db.Tx, id, seen int64, d Deed) error {
	a, s, err := heldChange(ctx, tx, id, true)
	if err != nil {
		return err
	}
	m, err := a.may(d, Selling, seen)
	if err != nil {
		return err
	}
	if d.Step == Accept {
		err = s.agree(ctx, tx, &a, m, d.Words)
	} else {
		err = s.drop(ctx, tx, &a, m, d.Words)
	}
	if err != nil {
		return err
	}
	return s.tell(ctx, tx, a.Requester, work.ChangeAnswered, s.path(), nil)
}

// CancelChange takes a change back that is not agreed yet. It is for who asked for it,
// and for buyers who were given the right to orders.
func CancelChange(ctx context.Context, tx *db.Tx, id, seen int64) error {
	a, s, err := heldChange(ctx, tx, id, false)
	if err != nil {
		return err
	}
	if !(a.Requester == tx.Actor.AccountID && Buys(tx.Actor)) && !Manages(tx.Actor) {
		return fmt.Errorf("withdraw change %d: %w", id, models.ErrForbidden)
	}
	m, err := a.may(Deed{Step: Cancel}, Buying, seen)
	if err != nil {
		return err
	}
	heard := a.toVendor() && !s.OrderedAt.IsZero()
	if err := s.drop(ctx, tx, &a, m, ""); err != nil || !heard {
		return err
	}
	return s.tellVendor(ctx, tx, work.OrderMoved)
}

// drop ends a change that does not happen, and gives back what is reserved for it.
func (s *Subscription) drop(ctx context.Context, tx *db.Tx, a *Amendment, m ChangeMove, words string) error {
	if err := release(ctx, tx, s.BudgetID, a.Held); err != nil {
		return err
	}
	return a.advance(ctx, tx, m, words)
}

// dropChanges ends what would still change a subscription that ends.
func (s *Subscription) dropChanges(ctx context.Context, tx *db.Tx) error {
	all, err := Amendments(ctx, tx, s.ID)
	for i := range all {
		if m, ok := changeMove(Cancel, Clock, all[i].State); ok && err == nil {
			err = s.drop(ctx, tx, &all[i], m, "")
		}
	}
	return err
}

// rollChanges applies the changes whose day has come.
func rollChanges(ctx context.Context, tx *db.Tx) (rolled int, err error) {
	due, err := amendments(ctx, tx, `/* contracts.rollChanges */ SELECT `+amendmentColumns+` WHERE c.state = 'agreed' AND c.starts <= ? ORDER BY c.id`, models.DateOf(tx.Now.Time))
	for i := range due {
		var s Subscription
		if err := tx.Get(ctx, &s, `/* contracts.rollChanges */ SELECT `+columns+` WHERE s.id = ?`, due[i].SubID); err != nil {
			return rolled, err
		}
		if err := s.apply(ctx, tx, &due[i]); err != nil {
			return rolled, err
		}
		rolled++
	}
	return rolled, err
}
