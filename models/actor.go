package models

import (
	"slices"
	"strconv"
)

// Role is what a person may do for an organisation. Which roles an organisation can
// give depends on its kind.
type Role string

// The roles.
const (
	Buyer         Role = "buyer"          // finds, compares, asks for subscriptions; see [Right]
	Evaluator     Role = "evaluator"      // scores in the projects that name the person
	Approver      Role = "approver"       // decides on requests up to a limit
	Finance       Role = "finance"        // invoices and budgets
	VendorEditor  Role = "vendor_editor"  // writes listings
	VendorManager Role = "vendor_manager" // sends listings, answers orders, keeps the team
	Analyst       Role = "analyst"        // reads spending; see [Reach]
	Administrator Role = "administrator"  // imports, undoes, settles
	Moderator     Role = "moderator"      // publishes what vendors wrote
)

// Roles are all the roles, in the order in which they are shown.
var Roles = []Role{Buyer, Evaluator, Approver, Finance, VendorManager, VendorEditor, Analyst, Moderator, Administrator}

// Right is a part of what buyers do, given to each of them separately.
type Right string

// The rights of a buyer.
const (
	Draft             Right = "draft"              // writes requirements and requests
	Publish           Right = "publish"            // sends them to vendors or for approval
	Answer            Right = "answer"             // answers the questions of vendors
	DownloadResponses Right = "download_responses" // what vendors replied
	DownloadReports   Right = "download_reports"   // reports about purchases
	Orders            Right = "orders"             // orders under a contract, and ends them
)

// Rights are all the rights, in the order in which they are shown.
var Rights = []Right{Draft, Publish, Answer, DownloadResponses, DownloadReports, Orders}

// Reach says whose spending an analyst sees.
type Reach string

// The reaches. The empty Reach sees nobody's.
const (
	ReachOwn Reach = "own" // the organisation's own, with all that belong to it
	ReachAll Reach = "all" // everybody's
)

// Actor is who asks: a person, a command or a job. The zero Actor is a visitor
// who has not signed in.
type Actor struct {
	AccountID int64
	OrgID     int64  // the organisation that the person acts for; 0 for none
	Program   string // set instead of AccountID when a command or a job acts
	Roles     []Role // in that organisation
	Rights    []Right
	Limit     int64  // up to which an approver approves, in euro cents
	Reach     Reach  // of an analyst
	From      string // network address that the request came from; "" for commands and jobs
}

// Is reports whether the actor holds the role.
func (a Actor) Is(r Role) bool { return slices.Contains(a.Roles, r) }

// IsAny reports whether the actor holds one of the roles.
func (a Actor) IsAny(roles ...Role) bool { return slices.ContainsFunc(roles, a.Is) }

// May reports whether the actor is a buyer who was given the right.
func (a Actor) May(r Right) bool { return a.Is(Buyer) && slices.Contains(a.Rights, r) }

// SignedIn reports whether the actor is a person known by an account.
func (a Actor) SignedIn() bool { return a.AccountID != 0 }

// Name says in the audit trail who acted: "account 12", "command import" or
// "visitor".
func (a Actor) Name() string {
	switch {
	case a.Program != "":
		return a.Program
	case a.AccountID != 0:
		return "account " + strconv.FormatInt(a.AccountID, 10)
	default:
		return "visitor"
	}
}
