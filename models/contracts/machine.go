package contracts

import (
	"slices"

	"pilveturg/models"
)

// State is where a subscription stands.
type State string

// The states.
const (
	Requested State = "requested" // waits for approval
	Returned  State = "returned"  // the approver wants something changed
	Refused   State = "refused"
	Withdrawn State = "withdrawn" // by the buyer, before the vendor took it up
	Ordered   State = "ordered"   // at the vendor
	Asked     State = "asked"     // the vendor has a question
	Declined  State = "declined"  // by the vendor
	Accepted  State = "accepted"  // being set up
	Active    State = "active"
	Suspended State = "suspended"
	Ending    State = "ending" // until its last day
	Ended     State = "ended"
)

// States are all of them, in the order in which they are shown.
func States() []State {
	return []State{Requested, Returned, Ordered, Asked, Accepted, Active, Suspended, Ending, Ended, Refused, Withdrawn, Declined}
}

// Side is who moves a subscription on.
type Side string

// The sides.
const (
	Approving Side = "approver"
	Buying    Side = "buyer"
	Selling   Side = "vendor"
	Clock     Side = "clock" // the portal itself, on a day
)

// Step is something that moves a subscription on.
type Step string

// The steps.
const (
	Approve Step = "approve" // of the last approver who is needed
	Return  Step = "return"
	Refuse  Step = "refuse"
	Resend  Step = "resend"
	Cancel  Step = "withdraw"
	Ask     Step = "ask"
	Reply   Step = "answer"
	Accept  Step = "accept"
	Decline Step = "decline"
	Begin   Step = "begin" // the first use
	Suspend Step = "suspend"
	Resume  Step = "resume"
	End     Step = "end"
	Finish  Step = "finish" // the data is got back and the last day is over
)

// Move is a step from a state to another one.
type Move struct {
	Step     Step
	Side     Side
	From, To State
	Reason   bool // words are needed
}

// Moves are the whole machine. The database holds the same pairs of states.
func Moves() []Move { return slices.Clone(moves) }

var moves = []Move{
	{Approve, Approving, Requested, Ordered, false},
	{Return, Approving, Requested, Returned, true},
	{Refuse, Approving, Requested, Refused, true},
	{Cancel, Buying, Requested, Withdrawn, false},
	{Resend, Buying, Returned, Requested, false},
	{Cancel, Buying, Returned, Withdrawn, false},
	{Ask, Selling, Ordered, Asked, true},
	{Reply, Buying, Asked, Ordered, true},
	{Accept, Selling, Ordered, Accepted, false},
	{Decline, Selling, Ordered, Declined, true},
	{Decline, Selling, Asked, Declined, true},
	{Cancel, Buying, Ordered, Withdrawn, false},
	{Cancel, Buying, Asked, Withdrawn, false},
	{Begin, Buying, Accepted, Active, false},
	{Begin, Clock, Accepted, Active, false}, // of a contract from a file, on its first day
	{Suspend, Buying, Active, Suspended, true},
	{Resume, Buying, Suspended, Active, false},
	{End, Buying, Accepted, Ending, true},
	{End, Buying, Active, Ending, true},
	{End, Buying, Suspended, Ending, true},
	{End, Clock, Active, Ending, false},
	{End, Clock, Suspended, Ending, false},
	{Finish, Buying, Ending, Ended, false},
}

// move finds what a step does in a state.
func move(step Step, side Side, from State) (Move, bool) {
	i := slices.IndexFunc(moves, func(m Move) bool { return m.Step == step && m.Side == side && m.From == from })
	if i < 0 {
		return Move{}, false
	}
	return moves[i], true
}

// Steps are what a side may do in a state.
func Steps(side Side, from State) (all []Move) {
	for _, m := range moves {
		if m.Side == side && m.From == from {
			all = append(all, m)
		}
	}
	return all
}

// Open reports whether the state is no end.
func (s State) Open() bool { return !slices.Contains([]State{Refused, Withdrawn, Declined, Ended}, s) }

// Runs reports whether the service is, or was until now, in use in the state.
func (s State) Runs() bool { return slices.Contains([]State{Active, Suspended, Ending}, s) }

// Buys reports whether the actor may write and send requests.
func Buys(a models.Actor) bool { return a.May(models.Draft) && a.May(models.Publish) }

// Manages reports whether the actor may move subscriptions on that are ordered: who was
// given that right.
func Manages(a models.Actor) bool { return a.May(models.Orders) }

// Sells reports whether the actor answers orders for a vendor.
func Sells(a models.Actor) bool { return a.Is(models.VendorManager) }

// Reads reports whether the actor reads the subscriptions of the organisation.
func Reads(a models.Actor) bool {
	return a.OrgID != 0 && a.IsAny(models.Buyer, models.Approver, models.Finance)
}
