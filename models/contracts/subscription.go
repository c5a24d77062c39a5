package contracts

import (
	"context"
	"fmt"
	"strconv"

	"pilveturg/db"
	"pilveturg/models"
)

// Renewal says what happens when the term of a subscription is over.
type Renewal string

// The renewals.
const (
	NoRenewal Renewal = "none"
	Tacit     Renewal = "tacit"   // it goes on unless somebody ends it in time
	Express   Renewal = "express" // it goes on only when somebody says so in time
)

// Renewals are all of them.
func Renewals() []Renewal { return []Renewal{NoRenewal, Tacit, Express} }

// Subscription is a service that a body asked for, ordered or uses.
type Subscription struct {
	ID         int64       `db:"id"`
	OrgID      int64       `db:"organisation_id"`
	ProjectID  int64       `db:"project_id"`  // that decided for it; 0 for none
	OfferingID int64       `db:"offering_id"` // 0 for what is not in the catalogue
	Version    int         `db:"version"`     // whose prices hold; 0 for the contract's
	Plan       string      `db:"plan"`        // code; of an import what the file calls it
	Unit       string      `db:"unit"`        // so many …
	Quantity   string      `db:"quantity"`
	Months     int         `db:"months"`
	Starts     models.Date `db:"starts"`
	Renewal    Renewal     `db:"renewal"`
	NoticeDays int         `db:"notice_days"`
	Year       int64       `db:"year_cents"` // euro cents without VAT
	Once       int64       `db:"once_cents"`
	BudgetID   int64       `db:"budget_id"` // 0 for an import without one
	Held       int64       `db:"held"`      // reserved on the line for it
	Words      string      `db:"words"`
	Needs      int         `db:"needs"` // approvals
	Round      int         `db:"round"`
	State      State       `db:"state"`
	Requester  int64       `db:"requester_id"`
	Revision   int64       `db:"revision"`
	At         models.Time `db:"requested_at"`
	OrderedAt  models.Time `db:"ordered_at"`
	FirstUse   models.Date `db:"first_use"`
	Ends       models.Date `db:"ends"`      // last day; zero until it is used
	NoticeBy   models.Date `db:"notice_by"` // last day to end or renew it; zero when nothing is to be said
	Exported   models.Date `db:"exported"`  // when the data was got back
	ImportID   int64       `db:"import_id"` // that brought it; 0 for what was requested here
	Service    string      `db:"service"`   // by the file, where it is not in the catalogue
	Vendor     string      `db:"vendor"`
	Reference  string      `db:"reference"` // number of the contract
}

// Prefix begins the number of a subscription in addresses: "sub-312".
const Prefix = "sub-"

// Code is how people name a subscription: "SUB-312".
func (s *Subscription) Code() string { return "SUB-" + strconv.FormatInt(s.ID, 10) }

// subject is how the log names a subscription.
func subject(id int64) string { return fmt.Sprintf("subscription %d", id) }

// Subject is how the log names the subscription.
func (s *Subscription) Subject() string { return subject(s.ID) }

// First is what the first year costs: what is reserved.
func (s *Subscription) First() int64 { return s.Year + s.Once }

// TimeToValue is how many days lie between the order and the first use; -1 before it.
func (s *Subscription) TimeToValue() int {
	if s.FirstUse.IsZero() || s.OrderedAt.IsZero() {
		return -1
	}
	return max(0, int(s.FirstUse.Time().Sub(models.DateOf(s.OrderedAt.Time).Time()).Hours()/24))
}

const columns = `s.id, s.organisation_id, COALESCE(s.project_id, 0) AS project_id, COALESCE(s.offering_id, 0) AS offering_id, COALESCE(s.version, 0) AS version, s.plan, s.unit, s.quantity, s.months, s.starts, s.renewal, s.notice_days,
	s.year_cents, s.once_cents, COALESCE(s.budget_id, 0) AS budget_id, s.held, s.words, s.needs, s.round, s.state, s.requester_id, s.revision, s.requested_at, s.ordered_at, s.first_use, s.ends, s.notice_by, s.exported, COALESCE(s.import_id, 0) AS import_id, s.service, s.vendor, s.reference
	FROM subscriptions s`

// Find returns a subscription of the actor's organisation, or [models.ErrNotFound].
func Find(ctx context.Context, r db.Reader, a models.Actor, id int64) (Subscription, error) {
	var s Subscription
	if !Reads(a) {
		return s, fmt.Errorf("subscription %d: %w", id, models.ErrNotFound)
	}
	if err := r.Get(ctx, &s, `/* contracts.Find */ SELECT `+columns+` WHERE s.organisation_id = ? AND s.id = ?`, a.OrgID, id); err != nil {
		return s, fmt.Errorf("subscription %d: %w", id, err)
	}
	return s, nil
}

// All returns the subscriptions of the actor's organisation, the newest first.
func All(ctx context.Context, r db.Reader, a models.Actor) ([]Subscription, error) {
	if !Reads(a) {
		return nil, fmt.Errorf("subscriptions: %w", models.ErrForbidden)
	}
	return list(ctx, r, `/* contracts.All */ SELECT `+columns+` WHERE s.organisation_id = ? ORDER BY s.id DESC`, a.OrgID)
}

func list(ctx context.Context, r db.Reader, q string, args ...any) (all []Subscription, err error) {
	if err := r.Select(ctx, &all, q, args...); err != nil {
		return nil, fmt.Errorf("subscriptions: %w", err)
	}
	return all, nil
}

// toVendor leaves what the vendor of a service sees: what was ordered.
const toVendor = ` JOIN offerings o ON o.id = s.offering_id WHERE o.vendor_id = ? AND s.ordered_at IS NOT NULL`

// Orders returns what was ordered from the actor's organisation, the newest first.
func Orders(ctx context.Context, r db.Reader, a models.Actor) ([]Subscription, error) {
	if !Sells(a) {
		return nil, fmt.Errorf("orders: %w", models.ErrForbidden)
	}
	return list(ctx, r, `/* contracts.Orders */ SELECT `+columns+toVendor+` ORDER BY s.id DESC`, a.OrgID)
}

// FindOrder returns one of them, or [models.ErrNotFound].
func FindOrder(ctx context.Context, r db.Reader, a models.Actor, id int64) (Subscription, error) {
	var s Subscription
	if !Sells(a) {
		return s, fmt.Errorf("order %d: %w", id, models.ErrNotFound)
	}
	if err := r.Get(ctx, &s, `/* contracts.FindOrder */ SELECT `+columns+toVendor+` AND s.id = ?`, a.OrgID, id); err != nil {
		return s, fmt.Errorf("order %d: %w", id, err)
	}
	return s, nil
}

// WaitingFor returns the requests that the actor may approve now: of the organisation,
// within the limit, not the actor's own, and not approved by the actor already.
func WaitingFor(ctx context.Context, r db.Reader, a models.Actor) ([]Subscription, error) {
	if a.OrgID == 0 || !a.Is(models.Approver) {
		return nil, nil
	}
	const q = `/* contracts.WaitingFor */ SELECT ` + columns + ` WHERE s.organisation_id = ? AND s.state = 'requested' AND s.requester_id <> ? AND s.year_cents + s.once_cents <= ?
		AND NOT EXISTS (SELECT 1 FROM approval_votes v WHERE v.subscription_id = s.id AND v.round = s.round AND v.account_id = ?) ORDER BY s.requested_at, s.id`
	return list(ctx, r, q, a.OrgID, a.AccountID, a.Limit, a.AccountID)
}

// Event is something that became of a subscription.
type Event struct {
	Step      Step        `db:"step"`
	AccountID int64       `db:"account_id"` // 0: the portal itself
	Words     string      `db:"words"`
	At        models.Time `db:"created_at"`
}

// Events returns what became of a subscription, the oldest first. Who may read it is for
// the caller to ask.
func Events(ctx context.Context, r db.Reader, id int64) ([]Event, error) {
	const q = `/* contracts.Events */ SELECT step, COALESCE(account_id, 0) AS account_id, words, created_at FROM subscription_steps WHERE subscription_id = ? ORDER BY id`
	var all []Event
	if err := r.Select(ctx, &all, q, id); err != nil {
		return nil, fmt.Errorf("what became of subscription %d: %w", id, err)
	}
	return all, nil
}

// OfBodies returns the subscriptions of bodies that were ordered at some time. Who may
// read them is for the caller to ask.
func OfBodies(ctx context.Context, r db.Reader, bodies []int64) ([]Subscription, error) {
	marks, args := db.In(bodies)
	q := `/* contracts.OfBodies */ SELECT ` + columns + ` WHERE s.organisation_id IN ` + marks + ` AND s.state IN ('accepted', 'active', 'suspended', 'ending', 'ended') ORDER BY s.id`
	return list(ctx, r, q, args...)
}
