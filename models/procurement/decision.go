package procurement

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"pilveturg/db"
	"pilveturg/models"
	"pilveturg/models/audit"
	"pilveturg/models/catalogue"
	"pilveturg/models/identity"
	"pilveturg/models/search"
	"pilveturg/models/work"
)

// Outcome is what a project decides for.
type Outcome string

// The outcomes.
const (
	Service   Outcome = "service" // one of the services that it keeps
	OwnSystem Outcome = "own"     // a system of one's own
	NoAward   Outcome = "none"
)

// MaxStandstill is how many days a standstill may last.
const MaxStandstill = 60

// Decision is what a project decides, and how far that is.
type Decision struct {
	ProjectID  int64       `db:"project_id"`
	Outcome    Outcome     `db:"outcome"`
	OfferingID int64       `db:"offering_id"` // 0 for none
	Cents      int64       `db:"cents"`       // what it costs for all the years, euro cents without VAT; -1 when not known
	Reason     string      `db:"reason"`
	Exception  string      `db:"exception"` // why not the shared service that fits; "" when none does
	SharedID   int64       `db:"shared_id"` // that service
	SharedFit  int         `db:"shared_fit"`
	Shown      bool        `db:"shown"`      // vendors may learn, without names, why they were not chosen
	Standstill int         `db:"standstill"` // days
	State      Stage       `db:"state"`
	ApproverID int64       `db:"approver_id"` // who is asked; 0 for nobody yet
	Revision   int64       `db:"revision"`
	AccountID  int64       `db:"account_id"` // who decided
	At         models.Time `db:"decided_at"`
	ApprovedAt models.Time `db:"approved_at"`
	Until      models.Date `db:"until"` // last day of the standstill
	EndedAt    models.Time `db:"ended_at"`
	Record     string      `db:"record"` // JSON of a [Dossier]; "" until it is approved
	Hash       string      `db:"hash"`   // SHA-256 of Record, hexadecimal
}

// Step is something that became of a decision.
type Step struct {
	Step      string      `db:"step"` // "sent", "withdrawn", "approved" or "returned"
	AccountID int64       `db:"account_id"`
	Reason    string      `db:"reason"`
	At        models.Time `db:"created_at"`
}

const (
	decisionMade      audit.Action = "decision.made"
	decisionSent      audit.Action = "decision.sent"
	decisionWithdrawn audit.Action = "decision.withdrawn"
	decisionReturned  audit.Action = "decision.returned"
	decisionApproved  audit.Action = "decision.approved"
	decisionAwarded   audit.Action = "decision.awarded"
	decisionEnded     audit.Action = "decision.ended"
)

// DefaultStandstill is how many days a way to buy usually waits between the letters and
// the award: ten where there was a competition (Directive 2007/66/EC, article 2a, by
// electronic means), none for small and direct purchases.
func DefaultStandstill(k Kind) int {
	if k == CallOff || k == Other {
		return 10
	}
	return 0
}

const decisionColumns = `d.project_id, d.outcome, COALESCE(d.offering_id, 0) AS offering_id, COALESCE(d.cents, -1) AS cents, d.reason, d.exception, COALESCE(d.shared_id, 0) AS shared_id,
	COALESCE(d.shared_fit, 0) AS shared_fit, d.shown, d.standstill, d.state, COALESCE(d.approver_id, 0) AS approver_id, d.revision, d.account_id, d.decided_at, d.approved_at, d.until, d.ended_at, d.record, d.hash
	FROM decisions d`

// FindDecision returns what a project decided, or [models.ErrNotFound]. Who may read
// the project is for the caller to ask.
func FindDecision(ctx context.Context, r db.Reader, project int64) (Decision, error) {
	var d Decision
	if err := r.Get(ctx, &d, `/* procurement.FindDecision */ SELECT `+decisionColumns+` WHERE d.project_id = ?`, project); err != nil {
		return d, fmt.Errorf("decision of project %d: %w", project, err)
	}
	return d, nil
}

// Steps returns what became of the decision of a project.
func Steps(ctx context.Context, r db.Reader, project int64) ([]Step, error) {
	var all []Step
	if err := r.Select(ctx, &all, `/* procurement.Steps */ SELECT step, account_id, reason, created_at FROM decision_steps WHERE project_id = ? ORDER BY id`, project); err != nil {
		return nil, fmt.Errorf("steps of the decision of project %d: %w", project, err)
	}
	return all, nil
}

// Choose decides, or decides anew as long as nothing is sent; seen is the revision of
// the decision that was looked at, 0 for none. It is for who leads a locked project.
// It fails with [models.Invalid] where a reason is missing, where the points of a
// service are not complete, or where the exception has to be explained; with
// [models.ErrConflict] when somebody decided meanwhile.
func Choose(ctx context.Context, tx *db.Tx, s *catalogue.Schema, l *search.Layout, project, seen int64, d Decision) error {
	p, err := held(ctx, tx, project)
	switch {
	case err != nil:
		return err
	case !p.Editable(tx.Actor):
		return fmt.Errorf("decide project %d: %w", project, models.ErrForbidden)
	case p.LockedAt.IsZero() || p.Settled():
		return fmt.Errorf("decide project %d, which is %s: %w", project, p.Stage(), models.ErrConflict)
	}
	w, err := Assess(ctx, tx, s, l, &p)
	if err != nil {
		return err
	}
	if err := d.check(&w); err != nil {
		return err
	}
	before, err := FindDecision(ctx, tx, project)
	if err = orGone(err); err != nil {
		return err
	}
	changes := d.changesFrom(&before)
	if len(changes) == 0 {
		return nil
	}
	if before.Revision != max(seen, 0) {
		return fmt.Errorf("decide project %d: somebody did meanwhile: %w", project, models.ErrConflict)
	}
	const q = `INSERT INTO decisions (project_id, outcome, offering_id, cents, reason, exception, shared_id, shared_fit, shown, standstill, state, account_id, decided_at)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'drafted', ?, ?)
		ON CONFLICT (project_id) DO UPDATE SET outcome = excluded.outcome, offering_id = excluded.offering_id, cents = excluded.cents, reason = excluded.reason, exception = excluded.exception,
			shared_id = excluded.shared_id, shared_fit = excluded.shared_fit, shown = excluded.shown, standstill = excluded.standstill, account_id = excluded.account_id,
			decided_at = excluded.decided_at, revision = decisions.revision + 1`
	var fit any
	if d.SharedID != 0 {
		fit = d.SharedFit
	}
	_, err = tx.Exec(ctx, q, project, d.Outcome, orNone(d.OfferingID), orNull(d.Cents), d.Reason, d.Exception, orNone(d.SharedID), fit, db.Flag(d.Shown), d.Standstill, tx.Actor.AccountID, tx.Now)
	if err != nil {
		return fmt.Errorf("decide project %d: %w", project, err)
	}
	if err := audit.Record(ctx, tx, decisionMade, subject(project), changes...); err != nil {
		return err
	}
	return moved(ctx, tx, project, 1)
}

// check says what is wrong with a decision, and sets what follows from what was weighed.
func (d *Decision) check(w *Assessment) error {
	wrong := models.Invalid{}
	d.Reason, d.Exception = strings.TrimSpace(d.Reason), strings.TrimSpace(d.Exception)
	d.Cents, d.SharedID, d.SharedFit = -1, 0, 0
	switch n := utf8.RuneCountInString(d.Reason); {
	case n == 0:
		wrong["reason"] = "project.reason_missing"
	case n > MaxReason:
		wrong["reason"] = "project.reason_long"
	}
	if d.Standstill < 0 || d.Standstill > MaxStandstill {
		wrong["standstill"] = "decision.standstill_wrong"
	}
	switch ranked, kept := w.Rank(d.OfferingID); {
	case d.Outcome == Service && !kept, d.Outcome != Service && d.Outcome != OwnSystem && d.Outcome != NoAward:
		wrong["outcome"] = "decision.outcome_missing"
	case d.Outcome != Service:
		d.OfferingID, d.Standstill = 0, 0
	case len(w.Ranking) > 1 && (len(w.Scoring.Criteria) == 0 || !w.Scoring.Complete()):
		wrong["outcome"] = "decision.scores_open"
	default:
		d.Cents = ranked.Cents
	}
	best, explain := Exception(d.Outcome, d.OfferingID, w.Asked, w.Judged)
	switch {
	case !explain:
		d.Exception = ""
	case d.Exception == "":
		wrong["exception"] = "decision.exception_missing"
	case utf8.RuneCountInString(d.Exception) > MaxReason:
		wrong["exception"] = "project.reason_long"
	default:
		d.SharedID, d.SharedFit = best.OfferingID, best.Percent
	}
	return wrong.Or()
}

func (d *Decision) changesFrom(before *Decision) []audit.Change {
	service := func(id int64) string {
		if id == 0 {
			return ""
		}
		return catalogue.Number(id)
	}
	var c audit.Changes
	c.Add("outcome", string(before.Outcome), string(d.Outcome))
	c.Add("service", service(before.OfferingID), service(d.OfferingID))
	c.Add("reason", before.Reason, d.Reason)
	c.Add("exception", before.Exception, d.Exception)
	c.Add("shared", service(before.SharedID), service(d.SharedID))
	c.AddFlag("shown", before.Shown, d.Shown)
	c.Add("standstill", number(int64(before.Standstill)), number(int64(d.Standstill)))
	return c
}

// Approvers are the members of an organisation who may approve what a project decides:
// approvers whose limit is not below what it costs, and who neither lead it nor score
// in it.
func Approvers(people []Named, members []identity.Member, cents int64) []identity.Member {
	return slices.DeleteFunc(slices.Clone(members), func(m identity.Member) bool {
		part := partOf(people, m.AccountID)
		return m.State != identity.Active || !m.Actor().Is(models.Approver) || part == Lead || part == Evaluator || m.Limit < cents
	})
}

// deciding holds a project with its decision.
func deciding(ctx context.Context, tx *db.Tx, project int64) (p Project, d Decision, err error) {
	if p, err = held(ctx, tx, project); err == nil {
		d, err = FindDecision(ctx, tx, project)
	}
	return p, d, err
}

// Send sends a decision to an approver, who is told. Sending it to the same person
// twice is no failure.
func Send(ctx context.Context, tx *db.Tx, project, approver int64) error {
	p, d, err := deciding(ctx, tx, project)
	switch {
	case err != nil:
		return err
	case !p.Sending(tx.Actor):
		return fmt.Errorf("send the decision of project %d: %w", project, models.ErrForbidden)
	case d.State == Sent && d.ApproverID == approver:
		return nil
	case d.State != Drafted || p.State == Closed:
		return fmt.Errorf("send the decision of project %d, which is %s: %w", project, p.Stage(), models.ErrConflict)
	}
	people, err := People(ctx, tx, project)
	if err != nil {
		return err
	}
	members, err := identity.Members(ctx, tx, p.OrgID)
	if err != nil {
		return err
	}
	if !slices.ContainsFunc(Approvers(people, members, d.Cents), func(m identity.Member) bool { return m.AccountID == approver }) {
		return models.Invalid{"approver": "decision.approver_missing"}
	}
	if err := d.step(ctx, tx, Sent, "sent", "", `approver_id = ?`, approver); err != nil {
		return err
	}
	if err := audit.Record(ctx, tx, decisionSent, subject(project), audit.Change{Field: "approver", New: number(approver)}); err != nil {
		return err
	}
	body, err := identity.Find(ctx, tx, p.OrgID)
	if err != nil {
		return err
	}
	to, err := identity.FindAccount(ctx, tx, approver)
	if err != nil {
		return err
	}
	name, _ := body.Names.Pick(to.Language)
	return tellAccount(ctx, tx, approver, work.Approval, fmt.Sprintf("/approvals/p-%d", project), p.Name, name)
}

// step moves a decision on; set says what else changes. It fails with
// [models.ErrConflict] when somebody moved it meanwhile.
func (d *Decision) step(ctx context.Context, tx *db.Tx, to Stage, step, reason, set string, args ...any) error {
	if set != "" {
		set = ", " + set
	}
	q := `UPDATE decisions SET state = ?, revision = revision + 1` + set + ` WHERE project_id = ? AND state = ?`
	args = append(append([]any{to}, args...), d.ProjectID, d.State)
	if n, err := tx.Exec(ctx, q, args...); err != nil || n == 0 {
		return fmt.Errorf("decision of project %d: %w", d.ProjectID, orConflict(err))
	}
	d.State = to
	if step != "" {
		const insert = `INSERT INTO decision_steps (project_id, step, account_id, reason, created_at) VALUES (?, ?, ?, ?, ?)`
		if _, err := tx.Exec(ctx, insert, d.ProjectID, step, tx.Actor.AccountID, reason, tx.Now); err != nil {
			return fmt.Errorf("decision of project %d: %w", d.ProjectID, err)
		}
	}
	return moved(ctx, tx, d.ProjectID, 1)
}

// TakeBack takes a decision back that waits for its approver.
func TakeBack(ctx context.Context, tx *db.Tx, project int64) error {
	p, d, err := deciding(ctx, tx, project)
	switch {
	case err != nil:
		return err
	case !p.Sending(tx.Actor):
		return fmt.Errorf("take back the decision of project %d: %w", project, models.ErrForbidden)
	case d.State == Drafted:
		return nil
	case d.State != Sent:
		return fmt.Errorf("take back the decision of project %d, which is %s: %w", project, d.State, models.ErrConflict)
	}
	if err := d.step(ctx, tx, Drafted, "withdrawn", "", ""); err != nil {
		return err
	}
	return audit.Record(ctx, tx, decisionWithdrawn, subject(project))
}

// mayApprove finds a decision that waits for the actor.
func mayApprove(ctx context.Context, tx *db.Tx, project, seen int64) (p Project, d Decision, err error) {
	if p, d, err = deciding(ctx, tx, project); err != nil {
		return p, d, err
	}
	switch {
	case d.ApproverID != tx.Actor.AccountID || !tx.Actor.Is(models.Approver) || tx.Actor.Limit < d.Cents:
		err = models.ErrForbidden
	case d.State != Sent || d.Revision != seen:
		err = models.ErrConflict
	}
	if err != nil {
		err = fmt.Errorf("approve the decision of project %d: %w", project, err)
	}
	return p, d, err
}

// Return sends a decision back, for a reason, and tells who leads the project.
func Return(ctx context.Context, tx *db.Tx, project, seen int64, reason string) error {
	_, d, err := mayApprove(ctx, tx, project, seen)
	reason = strings.TrimSpace(reason)
	switch {
	case err != nil:
		return err
	case reason == "":
		return models.Invalid{"reason": "project.reason_missing"}
	case utf8.RuneCountInString(reason) > MaxReason:
		return models.Invalid{"reason": "project.reason_long"}
	}
	if err := d.step(ctx, tx, Drafted, "returned", reason, ""); err != nil {
		return err
	}
	if err := audit.Record(ctx, tx, decisionReturned, subject(project), audit.Change{Field: "reason", New: reason}); err != nil {
		return err
	}
	return tellLead(ctx, tx, project, work.DecisionReturned, "/decision")
}

// Approve approves a decision: it is sealed with all that it was made by, letters go to
// the vendors of all services that were kept, and the standstill begins. A decision
// without a standstill takes effect at once.
func Approve(ctx context.Context, tx *db.Tx, s *catalogue.Schema, l *search.Layout, project, seen int64, reason string) error {
	p, d, err := mayApprove(ctx, tx, project, seen)
	if err != nil {
		return err
	}
	if reason = strings.TrimSpace(reason); utf8.RuneCountInString(reason) > MaxReason {
		return models.Invalid{"reason": "project.reason_long"}
	}
	w, err := Assess(ctx, tx, s, l, &p)
	if err != nil {
		return err
	}
	if !w.Intact {
		return models.Invalid{"": "decision.altered"}
	}
	text, err := seal(ctx, tx, &p, &d, &w)
	if err != nil {
		return err
	}
	until, hash := models.DateOf(tx.Now.Time).AddDays(d.Standstill), hashOf(text)
	if err := d.step(ctx, tx, Approved, "approved", reason, `approved_at = ?, until = ?, record = ?, hash = ?`, tx.Now, until, text, hash); err != nil {
		return err
	}
	c := audit.Changes{{Field: "hash", New: hash}}
	c.Add("reason", "", reason)
	if err := audit.Record(ctx, tx, decisionApproved, subject(project), c...); err != nil {
		return err
	}
	if err := sendLetters(ctx, tx, &p, &d, &w); err != nil {
		return err
	}
	if err := tellLead(ctx, tx, project, work.DecisionApproved, "/decision"); err != nil {
		return err
	}
	if d.Standstill > 0 {
		return nil
	}
	return d.end(ctx, tx)
}

// end makes an approved decision take effect.
func (d *Decision) end(ctx context.Context, tx *db.Tx) error {
	to, action := Awarded, decisionAwarded
	if d.Outcome != Service {
		to, action = Ended, decisionEnded
	}
	if err := d.step(ctx, tx, to, "", "", `ended_at = ?`, tx.Now); err != nil {
		return err
	}
	return audit.Record(ctx, tx, action, subject(d.ProjectID))
}

// Award makes a decision take effect once its standstill is over. Doing so twice is no
// failure.
func Award(ctx context.Context, tx *db.Tx, project int64) error {
	p, d, err := deciding(ctx, tx, project)
	switch {
	case err != nil:
		return err
	case !p.Editable(tx.Actor):
		return fmt.Errorf("award project %d: %w", project, models.ErrForbidden)
	case d.State == Awarded:
		return nil
	case d.State != Approved:
		return fmt.Errorf("award project %d, which is %s: %w", project, p.Stage(), models.ErrConflict)
	case !d.Over(models.DateOf(tx.Now.Time)):
		return models.Invalid{"": "decision.standstill_runs"}
	}
	return d.end(ctx, tx)
}

// Over reports whether the standstill is over on a day.
func (d *Decision) Over(day models.Date) bool { return d.Until.Before(day) }

// Waiting is a decision that waits for an approver.
type Waiting struct {
	ProjectID int64       `db:"project_id"`
	Name      string      `db:"name"`
	Outcome   Outcome     `db:"outcome"`
	Cents     int64       `db:"cents"`
	SentAt    models.Time `db:"sent_at"`
}

// WaitingFor returns the decisions that wait for the actor, the oldest first.
func WaitingFor(ctx context.Context, r db.Reader, a models.Actor) ([]Waiting, error) {
	const q = `/* procurement.WaitingFor */ SELECT d.project_id, p.name, d.outcome, COALESCE(d.cents, -1) AS cents,
		(SELECT MAX(t.created_at) FROM decision_steps t WHERE t.project_id = d.project_id AND t.step = 'sent') AS sent_at
		FROM decisions d JOIN projects p ON p.id = d.project_id WHERE d.state = 'sent' AND d.approver_id = ? AND p.organisation_id = ? ORDER BY sent_at, d.project_id`
	var all []Waiting
	if !a.Is(models.Approver) {
		return nil, nil
	}
	if err := r.Select(ctx, &all, q, a.AccountID, a.OrgID); err != nil {
		return nil, fmt.Errorf("decisions that wait: %w", err)
	}
	return all, nil
}
