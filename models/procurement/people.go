package procurement

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"pilveturg/db"
	"pilveturg/models"
	"pilveturg/models/audit"
	"pilveturg/models/identity"
)

// Part is what a project names a person for.
type Part string

// The parts.
const (
	Lead      Part = "lead"      // writes requirements and shortlist, locks, closes
	Evaluator Part = "evaluator" // says what services meet
	Observer  Part = "observer"  // reads
)

// Named is a person whom a project names.
type Named struct {
	AccountID int64       `db:"account_id"`
	Part      Part        `db:"part"`
	Since     models.Time `db:"since"`
}

// People returns whom a project names: the lead, the evaluators, the observers. Who
// may read the project is for the caller to ask.
func People(ctx context.Context, r db.Reader, id int64) ([]Named, error) {
	const q = `/* procurement.People */ SELECT account_id, part, since FROM project_people WHERE project_id = ?
		ORDER BY CASE part WHEN 'lead' THEN 1 WHEN 'evaluator' THEN 2 ELSE 3 END, account_id`
	var all []Named
	if err := r.Select(ctx, &all, q, id); err != nil {
		return nil, fmt.Errorf("people of project %d: %w", id, err)
	}
	return all, nil
}

// MayTakeOver reports whether the actor may name the people of a project though
// somebody else leads it: a buyer who may draft, when the lead no longer can.
func MayTakeOver(a models.Actor, p *Project, people []Named, members []identity.Member) bool {
	if p.State == Closed || p.OrgID != a.OrgID || !a.May(models.Draft) {
		return false
	}
	return !slices.ContainsFunc(people, func(n Named) bool { return n.Part == Lead && leads(n.AccountID, members) })
}

// leads reports whether an account can lead a project of the organisation.
func leads(account int64, members []identity.Member) bool {
	return slices.ContainsFunc(members, func(m identity.Member) bool {
		return m.AccountID == account && m.State == identity.Active && m.Actor().May(models.Draft)
	})
}

// SetPeople says whom a project names, in place of those before: exactly one leads it.
// All are members of the organisation, and the lead a buyer who may draft. Evaluators
// are those who hold that role, or buyers.
func SetPeople(ctx context.Context, tx *db.Tx, id, seen int64, people []Named) error {
	p, err := held(ctx, tx, id)
	if err != nil {
		return err
	}
	before, err := People(ctx, tx, id)
	if err != nil {
		return err
	}
	members, err := identity.Members(ctx, tx, p.OrgID)
	if err != nil {
		return err
	}
	switch {
	case p.State == Closed:
		return fmt.Errorf("people of project %d, which is closed: %w", id, models.ErrConflict)
	case !p.Editable(tx.Actor) && !MayTakeOver(tx.Actor, &p, before, members):
		return fmt.Errorf("people of project %d: %w", id, models.ErrForbidden)
	}
	if err := checkPeople(people, members); err != nil {
		return err
	}
	var c audit.Changes
	c.Add("lead", in(before, Lead), in(people, Lead))
	c.Add("evaluators", in(before, Evaluator), in(people, Evaluator))
	c.Add("observers", in(before, Observer), in(people, Observer))
	if len(c) == 0 {
		return nil
	}
	if p.Revision != seen {
		return fmt.Errorf("people of project %d: somebody changed it meanwhile: %w", id, models.ErrConflict)
	}
	if err := writePeople(ctx, tx, id, before, people); err != nil {
		return fmt.Errorf("people of project %d: %w", id, err)
	}
	return audit.Record(ctx, tx, projectPeople, subject(id), c...)
}

func partOf(people []Named, account int64) Part {
	for _, n := range people {
		if n.AccountID == account {
			return n.Part
		}
	}
	return ""
}

// in are the accounts that are named for a part, for the log.
func in(people []Named, part Part) string {
	var accounts []string
	for _, n := range people {
		if n.Part == part {
			accounts = append(accounts, number(n.AccountID))
		}
	}
	slices.Sort(accounts)
	return strings.Join(accounts, " ")
}

func checkPeople(people []Named, members []identity.Member) error {
	leading := 0
	for i, n := range people {
		at := slices.IndexFunc(members, func(m identity.Member) bool { return m.AccountID == n.AccountID && m.State == identity.Active })
		switch {
		case at < 0, partOf(people[:i], n.AccountID) != "":
			return models.Invalid{"people": "project.people_unknown"}
		case n.Part == Lead && !leads(n.AccountID, members):
			return models.Invalid{"people": "project.lead_cannot"}
		case n.Part == Evaluator && !members[at].Actor().IsAny(models.Evaluator, models.Buyer):
			return models.Invalid{"people": "project.evaluator_cannot"}
		case n.Part == Lead:
			leading++
		case n.Part != Evaluator && n.Part != Observer:
			return models.Invalid{"people": "project.people_unknown"}
		}
	}
	if leading != 1 {
		return models.Invalid{"people": "project.lead_missing"}
	}
	return nil
}

func writePeople(ctx context.Context, tx *db.Tx, id int64, before, people []Named) error {
	if _, err := tx.Exec(ctx, `DELETE FROM project_people WHERE project_id = ?`, id); err != nil {
		return err
	}
	for _, n := range people {
		since := tx.Now
		if i := slices.IndexFunc(before, func(o Named) bool { return o.AccountID == n.AccountID && o.Part == n.Part }); i >= 0 {
			since = before[i].Since
		}
		if _, err := tx.Exec(ctx, `INSERT INTO project_people (project_id, account_id, part, since) VALUES (?, ?, ?, ?)`, id, n.AccountID, n.Part, since); err != nil {
			return err
		}
	}
	_, err := tx.Exec(ctx, `UPDATE projects SET revision = revision + 1 WHERE id = ?`, id)
	return err
}
