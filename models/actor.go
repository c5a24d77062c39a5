package models

import (
	"slices"
	"strconv"
)

// Role is what an account may do in its organisation.
type Role string

// The roles that today's routes and writes ask for.
const (
	Administrator Role = "administrator" // imports, undoes, settles
	Moderator     Role = "moderator"     // publishes what vendors wrote
	Vendor        Role = "vendor"        // writes for its own organisation
)

// Actor is who asks: a person, a command or a job. The zero Actor is a visitor
// who has not signed in.
type Actor struct {
	AccountID int64
	OrgID     int64
	Program   string // set instead of AccountID when a command or a job acts
	Roles     []Role
	From      string // network address that the request came from; "" for commands and jobs
}

// Is reports whether the actor holds the role.
func (a Actor) Is(r Role) bool { return slices.Contains(a.Roles, r) }

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
