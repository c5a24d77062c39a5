package procurement_test

import (
	"context"
	"errors"
	"testing"

	"pilveturg/db"
	"pilveturg/db/dbtest"
	"pilveturg/models"
	"pilveturg/models/procurement"
)

// steps are all that can be done to a project.
func (m *market) steps(service int64) map[string]func(context.Context, *db.Tx, int64) error {
	return map[string]func(context.Context, *db.Tx, int64) error{
		"change": func(ctx context.Context, tx *db.Tx, id int64) error {
			p, err := procurement.Find(ctx, tx, tx.Actor, id)
			if err != nil {
				return err
			}
			p.Name += " again"
			return procurement.Change(ctx, tx, m.schema, id, p.Revision, p)
		},
		"require": func(ctx context.Context, tx *db.Tx, id int64) error {
			_, err := procurement.Require(ctx, tx, m.schema, id, "step", []procurement.Requirement{must("self_export", procurement.Is, "yes")})
			return err
		},
		"search": func(ctx context.Context, tx *db.Tx, id int64) error {
			return procurement.SetSearch(ctx, tx, id, "q=journal")
		},
		"leave out": func(ctx context.Context, tx *db.Tx, id int64) error {
			return procurement.Decide(ctx, tx, id, []procurement.Decided{{OfferingID: service, Standing: procurement.Out, Reason: "Too dear."}})
		},
		"overrule": func(ctx context.Context, tx *db.Tx, id int64) error {
			all, err := procurement.Requirements(ctx, tx, id)
			if err != nil {
				return err
			}
			return procurement.Overrule(ctx, tx, id, "step", procurement.Overruled{RequirementID: all[0].ID, OfferingID: service, Verdict: procurement.Met, Reason: "Seen.", Source: "A letter"})
		},
		"lock": func(ctx context.Context, tx *db.Tx, id int64) error {
			return procurement.Lock(ctx, tx, id, []int64{service})
		},
		"close": func(ctx context.Context, tx *db.Tx, id int64) error {
			return procurement.Close(ctx, tx, id, "No money.")
		},
	}
}

// Every step is tried in every state by everybody. What is refused changes nothing.
func TestEveryStepInEveryStateByEverybody(t *testing.T) {
	ok, gone, no, late := error(nil), models.ErrNotFound, models.ErrForbidden, models.ErrConflict
	invalid := errors.New("invalid")
	m := newMarket(t)
	service := m.service("journal", 100, nil)
	lead, evaluator, observer := m.person(m.orgs[0], models.Buyer), m.person(m.orgs[0], models.Evaluator), m.person(m.orgs[0], models.Approver)
	others := map[string]models.Actor{"evaluator": evaluator, "observer": observer, "another buyer": m.person(m.orgs[0], models.Buyer), "approver": m.person(m.orgs[0], models.Approver),
		"evaluator of others": m.person(m.orgs[0], models.Evaluator), "buyer elsewhere": m.person(m.orgs[1], models.Buyer), "finance": m.person(m.orgs[0], models.Finance), "visitor": {}}
	states := map[string]func(id int64){
		"drafting": func(id int64) {},
		"shortlisted": func(id int64) {
			m.as(lead, func(tx *db.Tx) error { return procurement.Keep(t.Context(), tx, id, []int64{service}) })
		},
		"locked": func(id int64) {
			m.as(lead, func(tx *db.Tx) error { return procurement.Keep(t.Context(), tx, id, []int64{service}) })
			m.as(lead, func(tx *db.Tx) error { return procurement.Lock(t.Context(), tx, id, nil) })
		},
		"closed": func(id int64) {
			m.as(lead, func(tx *db.Tx) error { return procurement.Close(t.Context(), tx, id, "Because.") })
		},
	}
	want := map[string]map[string]error{ // of the lead, by state and step
		"drafting":    {"change": ok, "require": ok, "search": ok, "leave out": ok, "overrule": ok, "lock": invalid, "close": ok},
		"shortlisted": {"change": ok, "require": ok, "search": ok, "leave out": ok, "overrule": ok, "lock": ok, "close": ok},
		"locked":      {"change": late, "require": late, "search": late, "leave out": late, "overrule": ok, "lock": ok, "close": ok},
		"closed":      {"change": late, "require": late, "search": late, "leave out": late, "overrule": late, "lock": late, "close": late},
	}
	wantOf := func(who, state, step string) error {
		switch {
		case who == "lead":
			return want[state][step]
		case who == "evaluator of others", who == "buyer elsewhere", who == "finance", who == "visitor":
			return gone
		case who == "evaluator" && step == "overrule":
			return want[state][step]
		case state == "closed" && step == "overrule":
			return late
		}
		return no
	}
	others["lead"] = lead
	for state, reach := range states {
		for step, do := range m.steps(service) {
			for who, actor := range others {
				id := m.begin(lead)
				m.require(lead, id, must(procurement.SubjectArea, procurement.Is, "eu"))
				m.as(lead, func(tx *db.Tx) error {
					return procurement.SetPeople(t.Context(), tx, id, m.find(lead, id).Revision, []procurement.Named{{AccountID: lead.AccountID, Part: procurement.Lead},
						{AccountID: evaluator.AccountID, Part: procurement.Evaluator}, {AccountID: observer.AccountID, Part: procurement.Observer}})
				})
				reach(id)
				m.step(who+" does "+step+" when "+state, actor, func(tx *db.Tx) error { return do(t.Context(), tx, id) }, wantOf(who, state, step), invalid)
			}
		}
	}
}

// step complains unless the step fails as it is to, and then changes nothing.
func (m *market) step(name string, a models.Actor, do func(*db.Tx) error, want, invalid error) {
	m.t.Helper()
	before := map[string]string{}
	if want != nil {
		before = dbtest.Dump(m.t, m.DB)
	}
	err := m.try(a, do)
	var wrong models.Invalid
	if want == invalid {
		if !errors.As(err, &wrong) {
			m.t.Errorf("%s: %v, want what is wrong", name, err)
		}
	} else if !errors.Is(err, want) || want == nil && err != nil {
		m.t.Errorf("%s: %v, want %v", name, err, want)
	}
	if want == nil {
		return
	}
	if tables := dbtest.Differences(before, dbtest.Dump(m.t, m.DB)); len(tables) > 0 {
		m.t.Errorf("%s: changed %v", name, tables)
	}
}

// The database refuses by itself what no function of ours does.
func TestTheDatabaseKeepsWhatWasLocked(t *testing.T) {
	m := newMarket(t)
	service := m.service("journal", 100, nil)
	lead := m.person(m.orgs[0], models.Buyer)
	id := m.begin(lead, service)
	m.require(lead, id, must(procurement.SubjectArea, procurement.Is, "eu"))
	m.as(lead, func(tx *db.Tx) error { return procurement.Lock(t.Context(), tx, id, nil) })
	refused := func(q string) {
		t.Helper()
		err := m.try(admin, func(tx *db.Tx) error { _, err := tx.Exec(t.Context(), q, id); return err })
		if !db.Refused(err) {
			t.Errorf("%s: %v, want a refusal", q, err)
		}
	}
	for _, q := range []string{
		`UPDATE projects SET state = 'shortlisted', locked_at = NULL WHERE id = ?`,
		`UPDATE projects SET search = 'q=x' WHERE id = ?`,
		`UPDATE projects SET category = '' WHERE id = ?`,
		`UPDATE projects SET organisation_id = organisation_id + 1 WHERE id = ?`,
		`DELETE FROM projects WHERE id = ?`,
		`UPDATE requirements SET words = 'x' WHERE project_id = ?`,
		`DELETE FROM requirements WHERE project_id = ?`,
		`UPDATE shortlist SET standing = 'out', reason = 'x' WHERE project_id = ?`,
		`DELETE FROM shortlist WHERE project_id = ?`,
		`UPDATE locked_searches SET record = 'x' WHERE project_id = ?`,
		`DELETE FROM locked_searches WHERE project_id = ?`,
		`UPDATE locked_results SET version = 2 WHERE project_id = ?`,
		`DELETE FROM locked_results WHERE project_id = ?`,
	} {
		refused(q)
	}
	m.as(lead, func(tx *db.Tx) error { return procurement.Close(t.Context(), tx, id, "Done.") })
	for _, q := range []string{
		`UPDATE projects SET state = 'locked', closed_at = NULL, reason = '' WHERE id = ?`,
		`UPDATE projects SET name = 'x' WHERE id = ?`,
	} {
		refused(q)
	}
}

func TestSendingAFormTwiceDoesItOnce(t *testing.T) {
	m := newMarket(t)
	service := m.service("journal", 100, nil)
	lead := m.person(m.orgs[0], models.Buyer)
	ctx := t.Context()
	var first int64
	for range 2 {
		p := procurement.Project{Name: "Journal", Kind: procurement.Small, Years: 1, Value: -1}
		m.as(lead, func(tx *db.Tx) error { return procurement.Begin(ctx, tx, m.schema, &p, "the form", []int64{service}) })
		if first == 0 {
			first = p.ID
		} else if p.ID != first {
			t.Errorf("the form made projects %d and %d", first, p.ID)
		}
	}
	all := m.require(lead, first, must(procurement.SubjectArea, procurement.Is, "eu"))
	seen := m.find(lead, first)
	changed := seen
	changed.Name = "Journal 2027"
	edit := all[0]
	edit.Words = "In Europe"
	o := procurement.Overruled{RequirementID: all[0].ID, OfferingID: service, Verdict: procurement.Met, Reason: "Seen.", Source: "A letter"}
	for name, do := range map[string]func(tx *db.Tx) error{
		"1 require": func(tx *db.Tx) error {
			_, err := procurement.Require(ctx, tx, m.schema, first, "form 1", []procurement.Requirement{{Force: procurement.Wish, Words: "A", Way: procurement.ByQuestion}})
			return err
		},
		"2 change requirement": func(tx *db.Tx) error {
			return procurement.ChangeRequirement(ctx, tx, m.schema, first, all[0].ID, all[0].Revision, edit)
		},
		"3 overrule": func(tx *db.Tx) error { return procurement.Overrule(ctx, tx, first, "form 3", o) },
		"4 leave out": func(tx *db.Tx) error {
			return procurement.Decide(ctx, tx, first, []procurement.Decided{{OfferingID: service, Standing: procurement.Out, Reason: "Dear."}})
		},
		"5 keep": func(tx *db.Tx) error { return procurement.Keep(ctx, tx, first, []int64{service}) },
	} {
		m.as(lead, do)
		before := dbtest.Dump(t, m.DB)
		m.as(lead, do)
		if tables := dbtest.Differences(before, dbtest.Dump(t, m.DB)); len(tables) > 0 {
			t.Errorf("%s sent twice changed %v", name, tables)
		}
	}
	m.as(lead, func(tx *db.Tx) error {
		return procurement.Change(ctx, tx, m.schema, first, m.find(lead, first).Revision, changed)
	})
	m.as(lead, func(tx *db.Tx) error { return procurement.Change(ctx, tx, m.schema, first, seen.Revision, changed) }) // the same again
	changed.Name = "Another"
	if err := m.try(lead, func(tx *db.Tx) error { return procurement.Change(ctx, tx, m.schema, first, seen.Revision, changed) }); !errors.Is(err, models.ErrConflict) {
		t.Errorf("what somebody else changed meanwhile is overwritten: %v", err)
	}
	edit.Words = "Elsewhere"
	if err := m.try(lead, func(tx *db.Tx) error {
		return procurement.ChangeRequirement(ctx, tx, m.schema, first, all[0].ID, all[0].Revision, edit)
	}); !errors.Is(err, models.ErrConflict) {
		t.Errorf("a requirement that somebody else changed meanwhile is overwritten: %v", err)
	}
}

func TestWhoLeadsAProject(t *testing.T) {
	m := newMarket(t)
	lead, other := m.person(m.orgs[0], models.Buyer), m.person(m.orgs[0], models.Buyer)
	evaluator, stranger := m.person(m.orgs[0], models.Evaluator), m.person(m.orgs[1], models.Buyer)
	id := m.begin(lead)
	named := func(parts ...any) (all []procurement.Named) {
		for i := 0; i < len(parts); i += 2 {
			all = append(all, procurement.Named{AccountID: parts[i].(models.Actor).AccountID, Part: parts[i+1].(procurement.Part)})
		}
		return all
	}
	for _, tt := range []struct {
		name   string
		actor  models.Actor
		people []procurement.Named
		wrong  string // key under "people"
		err    error
	}{
		{"nobody leads", lead, named(other, procurement.Evaluator), "project.lead_missing", nil},
		{"two lead", lead, named(lead, procurement.Lead, other, procurement.Lead), "project.lead_missing", nil},
		{"somebody twice", lead, named(lead, procurement.Lead, lead, procurement.Observer), "project.people_unknown", nil},
		{"a stranger", lead, named(lead, procurement.Lead, stranger, procurement.Evaluator), "project.people_unknown", nil},
		{"an evaluator cannot lead", lead, named(evaluator, procurement.Lead), "project.lead_cannot", nil},
		{"another buyer may not take over", other, named(other, procurement.Lead), "", models.ErrForbidden},
		{"the lead hands over", lead, named(other, procurement.Lead, evaluator, procurement.Evaluator), "", nil},
		{"and is lead no longer", lead, named(lead, procurement.Lead), "", models.ErrForbidden},
	} {
		err := m.try(tt.actor, func(tx *db.Tx) error {
			return procurement.SetPeople(t.Context(), tx, id, m.find(tt.actor, id).Revision, tt.people)
		})
		var wrong models.Invalid
		if errors.As(err, &wrong); wrong["people"] != tt.wrong || tt.wrong == "" && !errors.Is(err, tt.err) {
			t.Errorf("%s: %v; want %q, %v", tt.name, err, tt.wrong, tt.err)
		}
	}
	if _, err := procurement.Find(t.Context(), m, evaluator, id); err != nil {
		t.Errorf("an evaluator who is named does not see the project: %v", err)
	}
	m.as(admin, func(tx *db.Tx) error {
		_, err := tx.Exec(t.Context(), `UPDATE accounts SET state = 'locked' WHERE id = ?`, other.AccountID)
		return err
	})
	m.as(lead, func(tx *db.Tx) error { // who led is locked out: any buyer who may draft takes over
		return procurement.SetPeople(t.Context(), tx, id, m.find(lead, id).Revision, named(lead, procurement.Lead))
	})
}
