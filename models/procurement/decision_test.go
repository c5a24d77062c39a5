package procurement_test

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"testing"

	"pilveturg/db"
	"pilveturg/db/dbtest"
	"pilveturg/models"
	"pilveturg/models/identity"
	"pilveturg/models/procurement"
)

// purchase is a project on its way to a decision, with everybody who takes part.
type purchase struct {
	*market
	id                    int64
	cheap, dear           int64
	lead, one, two, other models.Actor // one and two are evaluators
	approver, poor        models.Actor
}

// newPurchase is a locked project that keeps two services.
func newPurchase(t *testing.T) *purchase {
	t.Helper()
	m := newMarket(t)
	p := &purchase{market: m, cheap: m.service("cheap", 100, nil), dear: m.service("dear", 400, nil)}
	org := m.orgs[0]
	p.lead, p.one, p.two, p.other = m.person(org, models.Buyer), m.person(org, models.Evaluator), m.person(org, models.Evaluator), m.person(org, models.Buyer)
	p.approver, p.poor = m.approver(org, 1_000_00), m.approver(org, 1)
	p.fresh()
	return p
}

// approver is somebody who approves up to so many cents.
func (m *market) approver(org, limit int64) models.Actor {
	m.t.Helper()
	m.people++
	a := identity.Account{Mail: fmt.Sprintf("p%d@body.example", m.people), Name: fmt.Sprintf("Person %d", m.people), Language: "en"}
	m.as(admin, func(tx *db.Tx) error {
		if err := identity.AddAccount(m.t.Context(), tx, &a); err != nil {
			return err
		}
		_, err := identity.AddMember(m.t.Context(), tx, a.ID, org, identity.Powers{Roles: []models.Role{models.Approver}, Limit: limit})
		return err
	})
	return models.Actor{AccountID: a.ID, OrgID: org, Roles: []models.Role{models.Approver}, Limit: limit}
}

// fresh begins another project of the same people.
func (p *purchase) fresh() {
	p.t.Helper()
	p.id = p.begin(p.lead, p.cheap, p.dear)
	p.require(p.lead, p.id, must(procurement.SubjectPrice, procurement.AtMost, "200"))
	p.does(p.lead, func(ctx context.Context, tx *db.Tx) error {
		named := []procurement.Named{{AccountID: p.lead.AccountID, Part: procurement.Lead}, {AccountID: p.one.AccountID, Part: procurement.Evaluator}, {AccountID: p.two.AccountID, Part: procurement.Evaluator}}
		return procurement.SetPeople(ctx, tx, p.id, p.find(p.lead, p.id).Revision, named)
	})
	p.does(p.lead, func(ctx context.Context, tx *db.Tx) error { return procurement.Lock(ctx, tx, p.id, nil) })
}

func (p *purchase) does(a models.Actor, f func(context.Context, *db.Tx) error) {
	p.t.Helper()
	p.as(a, func(tx *db.Tx) error { return f(p.t.Context(), tx) })
}

// weights are the criteria of the tests.
func weights() []procurement.Criterion {
	return []procurement.Criterion{{Kind: procurement.ByPrice, Weight: 50}, {Kind: procurement.ByFit, Weight: 20}, {Kind: procurement.ByPeople, Name: "Support", Weight: 30}}
}

func (p *purchase) scoring() procurement.Scoring {
	p.t.Helper()
	s, err := procurement.FindScoring(p.t.Context(), p, p.id)
	if err != nil {
		p.t.Fatal(err)
	}
	return s
}

func (p *purchase) decision() procurement.Decision {
	p.t.Helper()
	d, err := procurement.FindDecision(p.t.Context(), p, p.id)
	if err != nil && !errors.Is(err, models.ErrNotFound) {
		p.t.Fatal(err)
	}
	return d
}

// given are points for both services by the criterion that people judge.
func (p *purchase) given(cheap, dear int) (all []procurement.Score) {
	s := p.scoring()
	for _, c := range s.Judged() {
		all = append(all, procurement.Score{CriterionID: c.ID, OfferingID: p.cheap, Points: cheap}, procurement.Score{CriterionID: c.ID, OfferingID: p.dear, Points: dear})
	}
	return all
}

// scored brings the project to where both services have all their points.
func (p *purchase) scored() {
	p.t.Helper()
	p.does(p.lead, func(ctx context.Context, tx *db.Tx) error { return procurement.SetCriteria(ctx, tx, p.id, weights()) })
	for _, who := range []models.Actor{p.one, p.two} {
		p.does(who, func(ctx context.Context, tx *db.Tx) error {
			return procurement.SaveScores(ctx, tx, p.id, p.given(5, 10))
		})
		p.does(who, func(ctx context.Context, tx *db.Tx) error { return procurement.CloseScores(ctx, tx, p.id) })
	}
}

func (p *purchase) choice() procurement.Decision {
	return procurement.Decision{Outcome: procurement.Service, OfferingID: p.cheap, Reason: "It fits.", Standstill: 3}
}

func (p *purchase) chosen() {
	p.t.Helper()
	p.scored()
	p.does(p.lead, func(ctx context.Context, tx *db.Tx) error {
		return procurement.Choose(ctx, tx, p.schema, p.layout, p.id, 0, p.choice())
	})
}

func (p *purchase) sent() {
	p.t.Helper()
	p.chosen()
	p.does(p.lead, func(ctx context.Context, tx *db.Tx) error {
		return procurement.Send(ctx, tx, p.id, p.approver.AccountID)
	})
}

func (p *purchase) approved() {
	p.t.Helper()
	p.sent()
	p.does(p.approver, func(ctx context.Context, tx *db.Tx) error {
		return procurement.Approve(ctx, tx, p.schema, p.layout, p.id, p.decision().Revision, "")
	})
}

// deeds are all that can be done to a project once it is locked.
func (p *purchase) deeds() map[string]func(context.Context, *db.Tx) error {
	return map[string]func(context.Context, *db.Tx) error{
		"ask": func(ctx context.Context, tx *db.Tx) error {
			return procurement.Ask(ctx, tx, p.id, "deed", procurement.Question{Words: "Where is the data?", Due: models.DateOf(tx.Now.Time)}, []int64{p.cheap})
		},
		"offer": func(ctx context.Context, tx *db.Tx) error {
			return procurement.NoteOffer(ctx, tx, p.id, "deed", procurement.Offer{OfferingID: p.cheap, Cents: 1, Source: "A letter"})
		},
		"criteria": func(ctx context.Context, tx *db.Tx) error {
			return procurement.SetCriteria(ctx, tx, p.id, []procurement.Criterion{{Kind: procurement.ByPrice, Weight: 100}})
		},
		"score": func(ctx context.Context, tx *db.Tx) error {
			return procurement.SaveScores(ctx, tx, p.id, p.given(1, 1))
		},
		"close scores": func(ctx context.Context, tx *db.Tx) error { return procurement.CloseScores(ctx, tx, p.id) },
		"choose": func(ctx context.Context, tx *db.Tx) error {
			return procurement.Choose(ctx, tx, p.schema, p.layout, p.id, p.decision().Revision, procurement.Decision{Outcome: procurement.NoAward, Reason: "No."})
		},
		"send": func(ctx context.Context, tx *db.Tx) error {
			return procurement.Send(ctx, tx, p.id, p.approver.AccountID)
		},
		"take back": func(ctx context.Context, tx *db.Tx) error { return procurement.TakeBack(ctx, tx, p.id) },
		"return": func(ctx context.Context, tx *db.Tx) error {
			return procurement.Return(ctx, tx, p.id, p.decision().Revision, "Why?")
		},
		"approve": func(ctx context.Context, tx *db.Tx) error {
			return procurement.Approve(ctx, tx, p.schema, p.layout, p.id, p.decision().Revision, "")
		},
		"award": func(ctx context.Context, tx *db.Tx) error { return procurement.Award(ctx, tx, p.id) },
		"close": func(ctx context.Context, tx *db.Tx) error { return procurement.Close(ctx, tx, p.id, "No money.") },
	}
}

// Every deed is tried at every stage by everybody. What is refused changes nothing.
func TestEveryDeedAtEveryStageByEverybody(t *testing.T) {
	ok, gone, no, late := error(nil), models.ErrNotFound, models.ErrForbidden, models.ErrConflict
	invalid := errors.New("invalid")
	p := newPurchase(t)
	stages := map[string]func(){"locked": p.fresh, "scored": func() { p.fresh(); p.scored() }, "drafted": func() { p.fresh(); p.chosen() },
		"sent": func() { p.fresh(); p.sent() }, "approved": func() { p.fresh(); p.approved() }}
	people := map[string]models.Actor{"lead": p.lead, "evaluator": p.one, "another buyer": p.other, "approver": p.approver, "approver up to less": p.poor,
		"buyer elsewhere": p.person(p.orgs[1], models.Buyer), "visitor": {}}
	// Who may do it, and what comes of it at each stage.
	type rule struct {
		who  string
		want map[string]error
	}
	before := map[string]error{"locked": ok, "scored": ok, "drafted": ok, "sent": late, "approved": late}
	rules := map[string]rule{
		"ask": {"lead", before}, "offer": {"lead", before},
		"criteria":     {"lead", map[string]error{"locked": ok, "scored": late, "drafted": late, "sent": late, "approved": late}},
		"score":        {"evaluator", map[string]error{"locked": ok, "scored": late, "drafted": late, "sent": late, "approved": late}},
		"close scores": {"evaluator", map[string]error{"locked": ok, "scored": ok, "drafted": ok, "sent": late, "approved": late}},
		"choose":       {"lead", before},
		"send":         {"lead", map[string]error{"locked": gone, "scored": gone, "drafted": ok, "sent": ok, "approved": late}},
		"take back":    {"lead", map[string]error{"locked": gone, "scored": gone, "drafted": ok, "sent": ok, "approved": late}},
		"return":       {"approver", map[string]error{"locked": gone, "scored": gone, "drafted": no, "sent": ok, "approved": late}},
		"approve":      {"approver", map[string]error{"locked": gone, "scored": gone, "drafted": no, "sent": ok, "approved": late}},
		"award":        {"lead", map[string]error{"locked": gone, "scored": gone, "drafted": late, "sent": late, "approved": invalid}},
		"close":        {"lead", before},
	}
	for stage, reach := range stages {
		for deed, rule := range rules {
			reach() // what is refused leaves it as it is
			for _, who := range slices.SortedFunc(maps.Keys(people), func(a, b string) int { return cmp.Compare(index(a == rule.who), index(b == rule.who)) }) {
				actor, want := people[who], no
				switch {
				case who == "buyer elsewhere" || who == "visitor":
					want = gone
				case who == rule.who:
					want = rule.want[stage]
				case rule.want[stage] == gone:
					want = gone
				case deed == "score" || deed == "close scores":
					if rule.want["sent"] == late && (stage == "sent" || stage == "approved") {
						want = late
					}
				}
				p.step(who+" does "+deed+" when "+stage, actor, func(tx *db.Tx) error { return p.deeds()[deed](t.Context(), tx) }, want, invalid)
			}
		}
	}
}

// index is 1 for what comes last.
func index(last bool) int {
	if last {
		return 1
	}
	return 0
}

// The whole way, with the working of the points.
func TestFromScoresToAnAwardThatIsSealed(t *testing.T) {
	p := newPurchase(t)
	p.does(p.lead, func(ctx context.Context, tx *db.Tx) error { return procurement.SetCriteria(ctx, tx, p.id, weights()) })
	p.does(p.one, func(ctx context.Context, tx *db.Tx) error {
		return procurement.SaveScores(ctx, tx, p.id, p.given(4, 10))
	})
	p.does(p.two, func(ctx context.Context, tx *db.Tx) error {
		return procurement.SaveScores(ctx, tx, p.id, p.given(7, 10))
	})
	if s := p.scoring(); s.Visible(p.one.AccountID, p.two.AccountID) || !s.Visible(p.one.AccountID, p.one.AccountID) {
		t.Error("scores of others are visible before all are closed, or one's own are not")
	}
	for _, who := range []models.Actor{p.one, p.two} {
		p.does(who, func(ctx context.Context, tx *db.Tx) error { return procurement.CloseScores(ctx, tx, p.id) })
	}
	choose := func(d procurement.Decision) error {
		return p.try(p.lead, func(tx *db.Tx) error { return procurement.Choose(t.Context(), tx, p.schema, p.layout, p.id, 0, d) })
	}
	p.wrong(choose(p.choice()), "outcome", "decision.scores_open") // they gave 4 and 7
	scoring := p.scoring()
	c := scoring.Judged()[0].ID
	agree := func(a procurement.Agreed) error {
		return p.try(p.lead, func(tx *db.Tx) error { return procurement.Agree(t.Context(), tx, p.id, []procurement.Agreed{a}) })
	}
	p.wrong(agree(procurement.Agreed{CriterionID: c, OfferingID: p.cheap, Points: 6}), "reason."+procurement.ScoreField(c, p.cheap), "project.reason_missing")
	if err := agree(procurement.Agreed{CriterionID: c, OfferingID: p.dear, Points: 6, Reason: "x"}); !errors.Is(err, models.ErrNotFound) {
		t.Errorf("what all gave alike was agreed on again: %v", err)
	}
	if err := agree(procurement.Agreed{CriterionID: c, OfferingID: p.cheap, Points: 6, Reason: "Answers came late."}); err != nil {
		t.Fatal(err)
	}
	w := p.assess()
	// cheap: 50 × 300/300, 20 × 1/1 (at most 200 a year), 30 × 6/10; dear: 50 × 300/1200, 0, 30
	if got := fmt.Sprint(w.Ranking[0].OfferingID == p.cheap, w.Ranking[0].Total, w.Ranking[1].Total, w.Ranking[0].Cents, w.Ranking[1].Cents); got != "true 8800 4250 30000 120000" {
		t.Errorf("ranking: %s", got)
	}
	d := p.choice()
	d.Reason = ""
	p.wrong(choose(d), "reason", "project.reason_missing")
	d = p.choice()
	d.OfferingID = 999
	p.wrong(choose(d), "outcome", "decision.outcome_missing")
	d = procurement.Decision{Outcome: procurement.OwnSystem, Reason: "We like our own."}
	p.wrong(choose(d), "exception", "decision.exception_missing") // the cheap one meets all that is asked
	if err := choose(p.choice()); err != nil {
		t.Fatal(err)
	}
	p.sendsToOnlyWhoMay()
	p.does(p.approver, func(ctx context.Context, tx *db.Tx) error {
		return procurement.Approve(ctx, tx, p.schema, p.layout, p.id, p.decision().Revision, "Agreed.")
	})
	p.sealed()
}

// sendsToOnlyWhoMay sends the decision to people who may not approve it, and then to one
// who may.
func (p *purchase) sendsToOnlyWhoMay() {
	t := p.t
	t.Helper()
	send := func(to models.Actor) error {
		return p.try(p.lead, func(tx *db.Tx) error { return procurement.Send(t.Context(), tx, p.id, to.AccountID) })
	}
	for _, to := range []models.Actor{p.poor, p.lead, p.one, p.other} {
		p.wrong(send(to), "approver", "decision.approver_missing")
	}
	if err := send(p.approver); err != nil {
		t.Fatal(err)
	}
	if all, err := procurement.WaitingFor(t.Context(), p, p.approver); err != nil || len(all) != 1 || all[0].Cents != 30000 {
		t.Errorf("what waits: %v, %v", all, err)
	}
}

// sealed checks an approved decision, its letters, and what the database refuses.
func (p *purchase) sealed() {
	t := p.t
	t.Helper()
	d := p.decision()
	f, intact, err := d.Sealed()
	if err != nil || !intact || f.Chosen != fmt.Sprintf("SC-%d", p.cheap) || len(f.Scores) != 5 || f.Services[0].Total != 8800 || d.State != procurement.Approved {
		t.Errorf("the dossier is %+v, %v, %v", f, intact, err)
	}
	letters, err := procurement.Letters(t.Context(), p, p.id)
	if err != nil || len(letters) != 2 || !letters[0].Chosen || letters[1].Chosen {
		t.Errorf("letters: %v, %v", letters, err)
	}
	for _, q := range []string{
		`UPDATE decisions SET reason = 'x' WHERE project_id = ?`, `UPDATE decisions SET record = 'x' WHERE project_id = ?`, `UPDATE decisions SET state = 'drafted' WHERE project_id = ?`,
		`DELETE FROM decisions WHERE project_id = ?`, `DELETE FROM decision_steps WHERE project_id = ?`, `UPDATE decision_steps SET reason = 'x' WHERE project_id = ?`,
		`UPDATE award_letters SET told = 9 WHERE project_id = ?`, `DELETE FROM award_letters WHERE project_id = ?`, `UPDATE criteria SET weight = 1 WHERE project_id = ?`,
		`DELETE FROM criteria WHERE project_id = ?`, `UPDATE projects SET state = 'closed', reason = 'x', closed_at = locked_at WHERE id = ?`,
		`DELETE FROM score_sheets WHERE project_id = ?`,
		`UPDATE scores SET points = 1 WHERE criterion_id IN (SELECT id FROM criteria WHERE project_id = ?)`,
		`UPDATE consensus SET points = 1 WHERE criterion_id IN (SELECT id FROM criteria WHERE project_id = ?)`,
	} {
		if err := p.try(admin, func(tx *db.Tx) error { _, err := tx.Exec(t.Context(), q, p.id); return err }); !db.Refused(err) {
			t.Errorf("%s: %v, want a refusal", q, err)
		}
	}
	award := func() error {
		return p.try(p.lead, func(tx *db.Tx) error { return procurement.Award(t.Context(), tx, p.id) })
	}
	p.wrong(award(), "", "decision.standstill_runs")
	p.does(admin, func(ctx context.Context, tx *db.Tx) error { // time passes
		for _, q := range []string{`DROP TRIGGER decisions_sealed` + p.on("decisions"), `UPDATE decisions SET until = '2020-01-01'`} {
			if _, err := tx.Exec(ctx, q); err != nil {
				return err
			}
		}
		return nil
	})
	for range 2 {
		if err, now := award(), p.find(p.lead, p.id); err != nil || now.Stage() != procurement.Awarded {
			t.Errorf("award: %v, %s", err, now.Stage())
		}
	}
}

// on is what the name of a trigger is followed by when it is dropped.
func (p *purchase) on(table string) string {
	if p.Engine() == "postgres" {
		return " ON " + table
	}
	return ""
}

func (p *purchase) assess() procurement.Assessment {
	p.t.Helper()
	project := p.find(p.lead, p.id)
	w, err := procurement.Assess(p.t.Context(), p, p.schema, p.layout, &project)
	if err != nil {
		p.t.Fatal(err)
	}
	return w
}

// wrong complains unless err says just that a field is wrong.
func (p *purchase) wrong(err error, field, key string) {
	p.t.Helper()
	var wrong models.Invalid
	if !errors.As(err, &wrong) || wrong[field] != key {
		p.t.Errorf("%v; want %s under %q", err, key, field)
	}
}

func TestDecidingTwiceTheSameIsDoneOnce(t *testing.T) {
	p := newPurchase(t)
	p.sent()
	for name, do := range map[string]func(tx *db.Tx) error{
		"send": func(tx *db.Tx) error { return procurement.Send(t.Context(), tx, p.id, p.approver.AccountID) },
	} {
		before := dbtest.Dump(t, p.DB)
		p.as(p.lead, do)
		if tables := dbtest.Differences(before, dbtest.Dump(t, p.DB)); len(tables) > 0 {
			t.Errorf("%s twice changed %v", name, tables)
		}
	}
}

func TestVendorsReadWhatOthersAnsweredOnceItIsDue(t *testing.T) {
	p := newPurchase(t)
	ctx := t.Context()
	vendor, err := identity.FindID(ctx, p, key("body2"))
	if err != nil {
		t.Fatal(err)
	}
	seller := p.person(vendor, models.VendorManager)
	ask := func(once string, due models.Date, services ...int64) error {
		return p.try(p.lead, func(tx *db.Tx) error {
			return procurement.Ask(ctx, tx, p.id, once, procurement.Question{Words: "Where?", Due: due}, services)
		})
	}
	today := models.DateOf(p.Now())
	p.wrong(ask("a", today.AddDays(-1), p.cheap), "due", "question.due_wrong")
	p.wrong(ask("a", today, 99), "services", "question.services_missing")
	for range 2 {
		if err := ask("a", today.AddDays(2), p.cheap, p.dear); err != nil {
			t.Fatal(err)
		}
	}
	all, err := procurement.VendorQuestions(ctx, p, seller)
	if err != nil || len(all) != 2 || all[0].Told != 1 {
		t.Fatalf("the vendor is asked %v, %v", all, err)
	}
	q := all[0].QuestionID
	for _, service := range []int64{p.cheap, p.dear} {
		p.does(seller, func(ctx context.Context, tx *db.Tx) error {
			return procurement.Answer(ctx, tx, q, service, "x"+fmt.Sprint(service), "In Tallinn.")
		})
	}
	find := func(a models.Actor, day models.Date) (procurement.VendorQuestion, error) {
		return procurement.FindVendorQuestion(ctx, p, a, q, p.cheap, day)
	}
	if one, err := find(seller, today.AddDays(2)); err != nil || one.Others != nil || one.Words != "In Tallinn." || !one.Open(today.AddDays(2)) {
		t.Errorf("before it is due: %+v, %v", one, err)
	}
	if one, err := find(seller, today.AddDays(3)); err != nil || len(one.Others) != 1 || one.Open(today.AddDays(3)) {
		t.Errorf("afterwards: %+v, %v", one, err)
	}
	if _, err := find(p.lead, today); !errors.Is(err, models.ErrForbidden) {
		t.Errorf("a buyer reads it as a vendor: %v", err)
	}
	stranger := seller
	stranger.OrgID = p.orgs[1]
	if _, err := find(stranger, today); !errors.Is(err, models.ErrNotFound) {
		t.Errorf("another vendor reads it: %v", err)
	}
}

func TestExplainedDecisionsAreReportedWithinReach(t *testing.T) {
	p := newPurchase(t)
	ctx := t.Context()
	p.scored()
	p.does(p.lead, func(ctx context.Context, tx *db.Tx) error {
		return procurement.Choose(ctx, tx, p.schema, p.layout, p.id, 0, procurement.Decision{Outcome: procurement.OwnSystem, Reason: "Ours.", Exception: "It runs until 2029."})
	})
	p.does(p.lead, func(ctx context.Context, tx *db.Tx) error {
		return procurement.Send(ctx, tx, p.id, p.approver.AccountID)
	})
	p.does(p.approver, func(ctx context.Context, tx *db.Tx) error {
		return procurement.Approve(ctx, tx, p.schema, p.layout, p.id, p.decision().Revision, "")
	})
	ministry := identity.Organisation{Key: key("ministry"), Kind: identity.Ministry, Names: models.Text{"en": "Ministry"}}
	below := identity.Organisation{Key: key("body0"), Kind: identity.Agency, Names: models.Text{"en": "Body 0"}, Parent: ministry.Key}
	for _, o := range []*identity.Organisation{&ministry, &below} {
		p.does(admin, func(ctx context.Context, tx *db.Tx) error { _, _, err := identity.Put(ctx, tx, o); return err })
	}
	analyst := func(org int64, reach models.Reach) models.Actor {
		return models.Actor{AccountID: p.other.AccountID, OrgID: org, Roles: []models.Role{models.Analyst}, Reach: reach}
	}
	for _, tt := range []struct {
		name string
		a    models.Actor
		n    int
	}{{"who led it", p.lead, 1}, {"an approver", p.approver, 1}, {"a buyer elsewhere", p.person(p.orgs[1], models.Buyer), 0}, {"the ministry above", analyst(ministry.ID, models.ReachOwn), 1},
		{"an analyst elsewhere", analyst(p.orgs[1], models.ReachOwn), 0}, {"who sees all", analyst(p.orgs[1], models.ReachAll), 1}} {
		all, err := procurement.Exceptions(ctx, p, tt.a)
		if err != nil || len(all) != tt.n || tt.n > 0 && (all[0].SharedFit != 100 || all[0].Exception != "It runs until 2029.") {
			t.Errorf("%s sees %v, %v; want %d", tt.name, all, err, tt.n)
		}
	}
	if _, err := procurement.Exceptions(ctx, p, analyst(ministry.ID, "")); !errors.Is(err, models.ErrForbidden) {
		t.Errorf("an analyst without reach: %v", err)
	}
}
