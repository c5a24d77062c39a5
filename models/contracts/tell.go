package contracts

import (
	"context"
	"fmt"

	"pilveturg/db"
	"pilveturg/models"
	"pilveturg/models/catalogue"
	"pilveturg/models/identity"
	"pilveturg/models/work"
)

// path is where the body reads about a subscription.
func (s *Subscription) path() string { return fmt.Sprintf("/subscriptions/%s%d", Prefix, s.ID) }

// sent tells about a request that was sent: those who may approve it, or the vendor when
// nobody has to.
func (s *Subscription) sent(ctx context.Context, tx *db.Tx) error {
	if s.State == Ordered {
		return s.tellVendor(ctx, tx, work.OrderReceived)
	}
	return s.tellApprovers(ctx, tx, s.Requester, s.First(), fmt.Sprintf("/approvals/%s%d", Prefix, s.ID))
}

// tellApprovers tells those who may approve what somebody asks for, which costs so much,
// that it waits for them.
func (s *Subscription) tellApprovers(ctx context.Context, tx *db.Tx, requester, cents int64, path string) error {
	body, err := identity.Find(ctx, tx, s.OrgID)
	if err != nil {
		return err
	}
	members, err := identity.Members(ctx, tx, s.OrgID)
	if err != nil {
		return err
	}
	for _, m := range members {
		if m.State != identity.Active || !m.Actor().Is(models.Approver) || m.AccountID == requester || m.Limit < cents {
			continue
		}
		if err := s.tell(ctx, tx, m.AccountID, work.Approval, path, body.Names); err != nil {
			return err
		}
	}
	return nil
}

// tellAbout tells those who wait for a move.
func (s *Subscription) tellAbout(ctx context.Context, tx *db.Tx, m Move) error {
	requester := func(kind work.Kind) error { return s.tell(ctx, tx, s.Requester, kind, s.path(), nil) }
	switch m.Step {
	case Approve:
		if err := s.tellVendor(ctx, tx, work.OrderReceived); err != nil {
			return err
		}
		return requester(work.RequestApproved)
	case Return, Refuse:
		return requester(work.RequestReturned)
	case Resend:
		return s.sent(ctx, tx)
	case Ask:
		return requester(work.OrderAsked)
	case Accept:
		return requester(work.OrderAccepted)
	case Decline:
		return requester(work.OrderDeclined)
	case Reply, Suspend, Resume, End, Cancel:
		if m.From == Requested || m.From == Returned || s.OrderedAt.IsZero() {
			return nil // the vendor never heard of it
		}
		return s.tellVendor(ctx, tx, work.OrderMoved)
	}
	return nil
}

// tell tells one person something about the subscription; more is a second word.
func (s *Subscription) tell(ctx context.Context, tx *db.Tx, account int64, kind work.Kind, path string, more models.Text) error {
	who, err := identity.FindAccount(ctx, tx, account)
	if err != nil {
		return err
	}
	if who.Invented {
		who.Mail = ""
	}
	args, err := s.args(ctx, tx, who.Language, more)
	if err != nil {
		return err
	}
	return work.Tell(ctx, tx, work.Message{Kind: kind, AccountID: who.ID, Mail: who.Mail, Language: who.Language, Args: args, Path: path})
}

// args are the name of the service, and that of something else where there is one.
func (s *Subscription) args(ctx context.Context, r db.Reader, lang string, more models.Text) ([]string, error) {
	cards, err := catalogue.Cards(ctx, r, []int64{s.OfferingID})
	names := models.Text{"": s.Service}
	for _, c := range cards {
		for l, w := range c.Words {
			names.Set(l, w.Name)
		}
	}
	name, _ := names.Pick(lang)
	if more == nil {
		return []string{name}, err
	}
	second, _ := more.Pick(lang)
	return []string{name, second}, err
}

// tellVendor tells the managers of the vendor about an order of a body.
func (s *Subscription) tellVendor(ctx context.Context, tx *db.Tx, kind work.Kind) error {
	o, err := catalogue.Find(ctx, tx, s.OfferingID)
	if err != nil {
		return err
	}
	body, err := identity.Find(ctx, tx, s.OrgID)
	if err != nil {
		return err
	}
	members, err := identity.Members(ctx, tx, o.VendorID)
	if err != nil {
		return err
	}
	for _, m := range members {
		if m.State == identity.Active && m.Actor().Is(models.VendorManager) {
			if err := s.tell(ctx, tx, m.AccountID, kind, fmt.Sprintf("/vendor/orders/%s%d", Prefix, s.ID), body.Names); err != nil {
				return err
			}
		}
	}
	return nil
}
