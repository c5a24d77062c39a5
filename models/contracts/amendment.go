package contracts

import (
	"context"
	"fmt"
	"slices"
	"strconv"

	"pilveturg/db"
	"pilveturg/models"
)

// ChangeState is where a change of a subscription stands.
type ChangeState string

// The states of changes.
const (
	ChangeRequested ChangeState = "requested" // waits for approval
	ChangeRefused   ChangeState = "refused"
	ChangeWithdrawn ChangeState = "withdrawn"
	ChangeOrdered   ChangeState = "ordered" // at the vendor
	ChangeDeclined  ChangeState = "declined"
	ChangeAgreed    ChangeState = "agreed"  // until its day
	ChangeApplied   ChangeState = "applied" // it holds, or held until the next one
)

// ChangeStates are all of them.
func ChangeStates() []ChangeState {
	return []ChangeState{ChangeRequested, ChangeOrdered, ChangeAgreed, ChangeApplied, ChangeRefused, ChangeDeclined, ChangeWithdrawn}
}

// Open reports whether something still becomes of a change in the state.
func (s ChangeState) Open() bool {
	return slices.Contains([]ChangeState{ChangeRequested, ChangeOrdered, ChangeAgreed}, s)
}

// ChangeMove is a step of a change from a state to another one.
type ChangeMove struct {
	Step     Step
	Side     Side
	From, To ChangeState
	Reason   bool // words are needed
}

// Apply is the step by which a change holds from then on.
const Apply Step = "apply"

// ChangeMoves are the whole machine of changes. The database holds the same pairs.
func ChangeMoves() []ChangeMove { return slices.Clone(changeMoves) }

var changeMoves = []ChangeMove{
	{Approve, Approving, ChangeRequested, ChangeOrdered, false},
	{Refuse, Approving, ChangeRequested, ChangeRefused, true},
	{Cancel, Buying, ChangeRequested, ChangeWithdrawn, false},
	{Cancel, Buying, ChangeOrdered, ChangeWithdrawn, false},
	{Accept, Selling, ChangeOrdered, ChangeAgreed, false},
	{Decline, Selling, ChangeOrdered, ChangeDeclined, true},
	{Apply, Clock, ChangeAgreed, ChangeApplied, false},
	{Cancel, Clock, ChangeRequested, ChangeWithdrawn, false}, // the subscription ends
	{Cancel, Clock, ChangeOrdered, ChangeWithdrawn, false},
	{Cancel, Clock, ChangeAgreed, ChangeWithdrawn, false},
	{Accept, Clock, ChangeOrdered, ChangeAgreed, false}, // whose vendor is not here
}

// changeMove finds what a step does in a state of a change.
func changeMove(step Step, side Side, from ChangeState) (ChangeMove, bool) {
	i := slices.IndexFunc(changeMoves, func(m ChangeMove) bool { return m.Step == step && m.Side == side && m.From == from })
	if i < 0 {
		return ChangeMove{}, false
	}
	return changeMoves[i], true
}

// Terms are what is paid for: so much of a plan, by the prices of a version.
type Terms struct {
	Version  int    // of the listing; 0 for a contract that is not in the catalogue
	Plan     string // code
	Unit     string
	Quantity string
	Year     int64 // euro cents without VAT
}

// Terms are those that hold now.
func (s *Subscription) Terms() Terms { return Terms{s.Version, s.Plan, s.Unit, s.Quantity, s.Year} }

// Amendment is a change of what is subscribed to, from a day on.
type Amendment struct {
	ID        int64       `db:"id"`
	SubID     int64       `db:"subscription_id"`
	State     ChangeState `db:"state"`
	Version   int         `db:"version"`
	Plan      string      `db:"plan"`
	Unit      string      `db:"unit"`
	Quantity  string      `db:"quantity"`
	Year      int64       `db:"year_cents"` // from then on, euro cents without VAT
	Once      int64       `db:"once_cents"` // for the change
	Settled   bool        `db:"settled"`    // the price is agreed, not the list's
	Starts    models.Date `db:"starts"`
	Extra     int64       `db:"extra_cents"` // to be reserved
	Held      int64       `db:"held"`        // reserved until it is applied
	Needs     int         `db:"needs"`       // approvals
	Words     string      `db:"words"`
	Answer    string      `db:"answer"`
	Requester int64       `db:"requester_id"`
	At        models.Time `db:"requested_at"`
	Revision  int64       `db:"revision"`
	OrderedAt models.Time `db:"ordered_at"` // when the vendor was asked
	AppliedAt models.Time `db:"applied_at"`

	OldVersion  int    `db:"old_version"`
	OldPlan     string `db:"old_plan"`
	OldUnit     string `db:"old_unit"`
	OldQuantity string `db:"old_quantity"`
	OldYear     int64  `db:"old_year_cents"`
}

// ChangePrefix begins the number of a change in addresses: "ch-12".
const ChangePrefix = "ch-"

// Code is how people name a change: "CH-12".
func (a *Amendment) Code() string { return "CH-" + strconv.FormatInt(a.ID, 10) }

// New are the terms that hold once it is applied.
func (a *Amendment) New() Terms { return Terms{a.Version, a.Plan, a.Unit, a.Quantity, a.Year} }

// Old are the terms that held before.
func (a *Amendment) Old() Terms {
	return Terms{a.OldVersion, a.OldPlan, a.OldUnit, a.OldQuantity, a.OldYear}
}

// Total is what an approver of a change is responsible for: the new yearly price, and
// what the change costs.
func (a *Amendment) Total() int64 { return a.Year + a.Once }

const amendmentColumns = `c.id, c.subscription_id, c.state, COALESCE(c.version, 0) AS version, c.plan, c.unit, c.quantity, c.year_cents, c.once_cents, c.settled, c.starts, c.extra_cents, c.held, c.needs,
	c.words, c.answer, c.requester_id, c.requested_at, c.revision, c.ordered_at, c.applied_at, COALESCE(c.old_version, 0) AS old_version, c.old_plan, c.old_unit, c.old_quantity, c.old_year_cents FROM amendments c`

// Amendments returns the changes of a subscription, the newest first. Who may read them
// is for the caller to ask.
func Amendments(ctx context.Context, r db.Reader, subscription int64) ([]Amendment, error) {
	return amendments(ctx, r, `/* contracts.Amendments */ SELECT `+amendmentColumns+` WHERE c.subscription_id = ? ORDER BY c.id DESC`, subscription)
}

// AmendmentsOf returns the changes of several subscriptions, the newest first. Who may
// read them is for the caller to ask.
func AmendmentsOf(ctx context.Context, r db.Reader, subscriptions []int64) ([]Amendment, error) {
	marks, args := db.In(subscriptions)
	return amendments(ctx, r, `/* contracts.AmendmentsOf */ SELECT `+amendmentColumns+` WHERE c.subscription_id IN `+marks+` ORDER BY c.id DESC`, args...)
}

func amendments(ctx context.Context, r db.Reader, q string, args ...any) (all []Amendment, err error) {
	if err := r.Select(ctx, &all, q, args...); err != nil {
		return nil, fmt.Errorf("changes of subscriptions: %w", err)
	}
	return all, nil
}

// FindAmendment returns a change of a subscription that the actor reads, with it, or
// [models.ErrNotFound]: of the actor's organisation, or, for vendor, ordered from it.
func FindAmendment(ctx context.Context, r db.Reader, a models.Actor, id int64, vendor bool) (Amendment, Subscription, error) {
	var c Amendment
	if err := r.Get(ctx, &c, `/* contracts.FindAmendment */ SELECT `+amendmentColumns+` WHERE c.id = ?`, id); err != nil {
		return c, Subscription{}, fmt.Errorf("change %d: %w", id, err)
	}
	find := Find
	if vendor {
		find = FindOrder
	}
	s, err := find(ctx, r, a, c.SubID)
	if err == nil && vendor && !c.toVendor() {
		err = fmt.Errorf("change %d: %w", id, models.ErrNotFound)
	}
	return c, s, err
}

// toVendor reports whether the vendor hears of the change.
func (a *Amendment) toVendor() bool { return !a.OrderedAt.IsZero() }

// ToVendor leaves the changes that the vendor hears of.
func ToVendor(all []Amendment) []Amendment {
	return slices.DeleteFunc(slices.Clone(all), func(a Amendment) bool { return !a.toVendor() })
}

// ChangesWaitingFor returns the changes that the actor may approve now.
func ChangesWaitingFor(ctx context.Context, r db.Reader, a models.Actor) ([]Amendment, error) {
	if a.OrgID == 0 || !a.Is(models.Approver) {
		return nil, nil
	}
	const q = `/* contracts.ChangesWaitingFor */ SELECT ` + amendmentColumns + ` JOIN subscriptions s ON s.id = c.subscription_id
		WHERE s.organisation_id = ? AND c.state = 'requested' AND c.requester_id <> ? AND c.year_cents + c.once_cents <= ?
		AND NOT EXISTS (SELECT 1 FROM amendment_votes v WHERE v.amendment_id = c.id AND v.account_id = ?) ORDER BY c.requested_at, c.id`
	return amendments(ctx, r, q, a.OrgID, a.AccountID, a.Limit, a.AccountID)
}

// TermsOn returns what was subscribed to at the end of a day, from the changes of the
// subscription.
func (s *Subscription) TermsOn(day models.Date, changes []Amendment) Terms {
	terms := s.Terms()
	for i := range changes { // the newest first
		if c := &changes[i]; c.State == ChangeApplied && day.Before(c.Starts) {
			terms = c.Old()
		}
	}
	return terms
}

// Extra is what a change from a day on costs more until the year of the contract is
// over, in euro cents: the difference of the yearly prices by days, rounded up, and what
// is due once. A change to less is negative, rounded so that less is given back.
func (s *Subscription) Extra(year, once int64, from models.Date) int64 {
	begin := s.yearBegin(from)
	end := begin.AddMonths(12)
	if !s.Ends.IsZero() && s.Ends.Before(end) {
		end = s.Ends.AddDays(1)
	}
	whole := days(begin, begin.AddMonths(12))
	left := min(whole, max(0, days(from, end)))
	product, err := models.Whole(year - s.Year).Mul(models.Whole(int64(left)))
	if err != nil {
		return MaxCents // nobody has so much
	}
	share, err := product.Div(models.Whole(int64(whole)), 4)
	if err != nil {
		return MaxCents
	}
	n, _ := share.Ceil().Int64()
	return n + once
}

// begin is the day from which the years of the contract are counted.
func (s *Subscription) begin() models.Date {
	if s.FirstUse.IsZero() {
		return s.Starts
	}
	return s.FirstUse
}

// yearBegin is the day on which the year of the contract began that a day is in.
func (s *Subscription) yearBegin(day models.Date) models.Date {
	first := s.begin()
	for n := 1; ; n++ {
		if next := first.AddMonths(12 * n); day.Before(next) {
			return first.AddMonths(12 * (n - 1))
		}
	}
}

func days(from, to models.Date) int { return int(to.Time().Sub(from.Time()).Hours() / 24) }
