package identity

import (
	"fmt"
	"slices"
	"strings"

	"pilveturg/models"
	"pilveturg/models/audit"
)

// Powers are what a person may do for an organisation.
type Powers struct {
	Roles  []models.Role  // in the order of [models.Roles]
	Rights []models.Right // of a buyer, in the order of [models.Rights]
	Limit  int64          // up to which an approver approves, in euro cents
	Reach  models.Reach   // of an analyst
}

// rolesOf says which roles each kind of organisation gives.
var rolesOf = map[Kind][]models.Role{
	Ministry:     {models.Buyer, models.Evaluator, models.Approver, models.Finance, models.Analyst},
	Agency:       {models.Buyer, models.Evaluator, models.Approver, models.Finance},
	Municipality: {models.Buyer, models.Evaluator, models.Approver, models.Finance},
	School:       {models.Buyer, models.Evaluator, models.Approver, models.Finance},
	Hospital:     {models.Buyer, models.Evaluator, models.Approver, models.Finance},
	Foreign:      {models.Buyer, models.Evaluator, models.Approver, models.Finance},
	Vendor:       {models.VendorManager, models.VendorEditor},
	Operator:     {models.Analyst, models.Moderator, models.Administrator},
}

// RolesOf returns the roles that organisations of the kind give.
func RolesOf(k Kind) []models.Role { return slices.Clone(rolesOf[k]) }

// settle puts the powers into the form they are kept in, or says what is wrong with
// them for an organisation of the kind. What belongs to a role that is not there goes.
func (p *Powers) settle(kind Kind) error {
	wrong := models.Invalid{}
	p.order()
	if len(p.Roles) == 0 {
		wrong["roles"] = "member.role_missing"
	}
	for _, r := range p.Roles {
		if !slices.Contains(rolesOf[kind], r) {
			wrong["roles"] = "member.role_not_given"
		}
	}
	for _, r := range p.Rights {
		if !slices.Contains(models.Rights, r) {
			wrong["rights"] = "member.right_unknown"
		}
	}
	if !p.holds(models.Buyer) {
		p.Rights = nil
	}
	if !p.holds(models.Approver) {
		p.Limit = 0
	} else if p.Limit <= 0 {
		wrong["limit"] = "member.limit_missing"
	}
	switch {
	case !p.holds(models.Analyst):
		p.Reach = ""
	case p.Reach == models.ReachAll, p.Reach == models.ReachOwn && kind == Ministry:
	default:
		wrong["reach"] = "member.reach_missing"
	}
	return wrong.Or()
}

// Stamp is the same for the same powers, and otherwise another: it tells whether they
// have changed since they were seen.
func (p Powers) Stamp() string {
	p.order()
	return strings.Join([]string{listed(p.Roles), listed(p.Rights), cents(p.Limit), string(p.Reach)}, "|")
}

// changes are what became of the powers, for the audit log.
func (p Powers) changes(before Powers) audit.Changes {
	var c audit.Changes
	c.Add("roles", listed(before.Roles), listed(p.Roles))
	c.Add("rights", listed(before.Rights), listed(p.Rights))
	c.Add("limit", cents(before.Limit), cents(p.Limit))
	c.Add("reach", string(before.Reach), string(p.Reach))
	return c
}

// listed is a list with spaces between.
func listed[T ~string](all []T) string {
	words := make([]string, len(all))
	for i, one := range all {
		words[i] = string(one)
	}
	return strings.Join(words, " ")
}

// cents writes an amount of euro cents as euros; "" for none.
func cents(n int64) string {
	const euro = 100
	if n == 0 {
		return ""
	}
	return fmt.Sprintf("%d.%02d EUR", n/euro, n%euro)
}

func (p Powers) holds(r models.Role) bool { return slices.Contains(p.Roles, r) }

// order sorts roles and rights as they are shown, each once; what nobody knows comes
// last.
func (p *Powers) order() {
	p.Roles, p.Rights = inOrder(models.Roles, p.Roles), inOrder(models.Rights, p.Rights)
}

func inOrder[T comparable](order, some []T) []T {
	var out []T
	for _, v := range append(slices.Clone(order), some...) {
		if slices.Contains(some, v) && !slices.Contains(out, v) {
			out = append(out, v)
		}
	}
	return out
}
