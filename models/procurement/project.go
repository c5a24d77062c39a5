package procurement

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"pilveturg/db"
	"pilveturg/models"
	"pilveturg/models/audit"
	"pilveturg/models/catalogue"
	"pilveturg/models/search"
)

// State is how far a project is.
type State string

// The states. [Closed] is the end: there is no way out of it.
const (
	Drafting    State = "drafting"
	Shortlisted State = "shortlisted" // a service is kept
	Locked      State = "locked"      // search, requirements and shortlist are evidence
	Closed      State = "closed"      // without award
)

// States are all of them, in their order.
func States() []State { return []State{Drafting, Shortlisted, Locked, Closed} }

// Kind is the way a project is to buy.
type Kind string

// The kinds.
const (
	Small   Kind = "small"    // below the threshold
	CallOff Kind = "call_off" // from a framework
	Direct  Kind = "direct"   // award without competition
	Other   Kind = "other"
)

// Kinds are all of them.
func Kinds() []Kind { return []Kind{Small, CallOff, Direct, Other} }

// Stage is how far a project is in all: its [State] until something is decided, and then
// how far the decision is.
type Stage string

// The stages of a decision.
const (
	Drafted  Stage = "drafted"  // may still change
	Sent     Stage = "sent"     // waits for the approver
	Approved Stage = "approved" // the letters went out; the standstill runs
	Awarded  Stage = "awarded"  // a service may be subscribed to
	Ended    Stage = "ended"    // without a service
)

// Stages are all of them, in their order.
func Stages() []Stage {
	return []Stage{Stage(Drafting), Stage(Shortlisted), Stage(Locked), Drafted, Sent, Approved, Awarded, Ended, Stage(Closed)}
}

// Stage is how far the project is.
func (p *Project) Stage() Stage {
	if p.Decision == "" || p.State == Closed {
		return Stage(p.State)
	}
	return p.Decision
}

// Settled reports whether the project is past what could still change its decision.
func (p *Project) Settled() bool {
	return p.State == Closed || p.Decision != "" && p.Decision != Drafted
}

// MaxYears is how long what a project buys may run.
const MaxYears = 10

// Project is a purchase that a public body works on.
type Project struct {
	ID       int64       `db:"id"`
	OrgID    int64       `db:"organisation_id"`
	Name     string      `db:"name"`
	Kind     Kind        `db:"kind"`
	Category string      `db:"category"` // slug; "" for the whole catalogue
	Unit     string      `db:"unit"`     // what prices are asked for: so many …
	Volume   string      `db:"volume"`   // … decimal; "" when it is not said yet
	Years    int         `db:"years"`
	Value    int64       `db:"value_cents"` // estimated for all years, in euro cents; -1 when it is not said
	Needed   models.Date `db:"needed"`      // by when; zero when it is not said
	Search   string      `db:"search"`      // the saved search, as in an address; "" for none
	State    State       `db:"state"`
	Reason   string      `db:"reason"` // why it was closed
	Revision int64       `db:"revision"`
	Created  models.Time `db:"created_at"`
	LockedAt models.Time `db:"locked_at"`
	ClosedAt models.Time `db:"closed_at"`
	Part     Part        `db:"part"`     // of who asked; "" when the project does not name them
	Decision Stage       `db:"decision"` // how far its decision is; "" when nothing is decided
}

// Code is how people name a project: "P-14".
func (p *Project) Code() string { return "P-" + strconv.FormatInt(p.ID, 10) }

// subject is how the log names a project.
func subject(id int64) string { return fmt.Sprintf("project %d", id) }

// Subject is how the log names the project.
func (p *Project) Subject() string { return subject(p.ID) }

// Open reports whether requirements and shortlist may still change.
func (p *Project) Open() bool { return p.State == Drafting || p.State == Shortlisted }

// Asked is the volume that prices are asked for; nil when it is not said.
func (p *Project) Asked(s *catalogue.Schema) *search.Volume {
	n, err := models.ParseDecimal(p.Volume)
	u, known := s.Unit(p.Unit)
	if err != nil || !known {
		return nil
	}
	return &search.Volume{Unit: p.Unit, Amount: n, Flow: u.Flow}
}

// Scope is what part of the catalogue the project looks at.
func (p *Project) Scope() search.Scope { return search.Scope{Category: p.Category} }

// Editable reports whether the actor may change the project as long as it is open:
// who leads it, with the right to draft.
func (p *Project) Editable(a models.Actor) bool {
	return p.Part == Lead && p.OrgID == a.OrgID && a.May(models.Draft)
}

// Judging reports whether the actor may say what a service meets: who leads the
// project, and its evaluators, until it is closed or its decision is sent.
func (p *Project) Judging(a models.Actor) bool {
	return !p.Settled() && p.OrgID == a.OrgID && (p.Part == Evaluator || p.Editable(a))
}

// Sending reports whether the actor may send something of the project to vendors, or
// for approval.
func (p *Project) Sending(a models.Actor) bool { return p.Editable(a) && a.May(models.Publish) }

const projectColumns = `p.id, p.organisation_id, p.name, p.kind, p.category, p.unit, p.volume, p.years, COALESCE(p.value_cents, -1) AS value_cents,
	p.needed, p.search, p.state, p.reason, p.revision, p.created_at, p.locked_at, p.closed_at, COALESCE(x.part, '') AS part,
	COALESCE(d.state, '') AS decision
	FROM projects p LEFT JOIN project_people x ON x.project_id = p.id AND x.account_id = ? LEFT JOIN decisions d ON d.project_id = p.id
	WHERE p.organisation_id = ?`

// reach leaves of the projects of an organisation those that the actor may read:
// buyers and approvers all, others those that name them.
func reach(a models.Actor) (where string, args []any) {
	args = []any{a.AccountID, a.OrgID}
	if !a.IsAny(models.Buyer, models.Approver) {
		where = ` AND x.part IS NOT NULL`
	}
	return where, args
}

// Find returns a project that the actor may read, or [models.ErrNotFound].
func Find(ctx context.Context, r db.Reader, a models.Actor, id int64) (Project, error) {
	where, args := reach(a)
	var p Project
	if err := r.Get(ctx, &p, `/* procurement.Find */ SELECT `+projectColumns+where+` AND p.id = ?`, append(args, id)...); err != nil {
		return Project{}, fmt.Errorf("project %d: %w", id, err)
	}
	return p, nil
}

// Projects returns those that the actor may read, the newest first.
func Projects(ctx context.Context, r db.Reader, a models.Actor) ([]Project, error) {
	where, args := reach(a)
	var all []Project
	if err := r.Select(ctx, &all, `/* procurement.Projects */ SELECT `+projectColumns+where+` ORDER BY p.id DESC`, args...); err != nil {
		return nil, fmt.Errorf("projects: %w", err)
	}
	return all, nil
}

// Check says what is wrong with what people say of a project, as [models.Invalid]
// under the names of its fields, or nil. It tidies the name.
func (p *Project) Check(s *catalogue.Schema) error {
	wrong := models.Invalid{}
	p.Name = strings.Join(strings.Fields(p.Name), " ")
	switch n := utf8.RuneCountInString(p.Name); {
	case n == 0:
		wrong["name"] = "project.name_missing"
	case n > 200:
		wrong["name"] = "project.name_long"
	}
	if !slices.Contains(Kinds(), p.Kind) {
		wrong["kind"] = "project.kind_missing"
	}
	if _, ok := s.Category(p.Category); !ok && p.Category != "" {
		wrong["category"] = "project.category_unknown"
	}
	if p.Years < 1 || p.Years > MaxYears {
		wrong["years"] = "project.years_wrong"
	}
	p.checkVolume(s, wrong)
	return wrong.Or()
}

func (p *Project) checkVolume(s *catalogue.Schema, wrong models.Invalid) {
	_, known := s.Unit(p.Unit)
	switch {
	case p.Unit == "" && p.Volume == "":
	case p.Unit == "" || !known:
		wrong["unit"] = "project.unit_missing"
	case p.Volume == "":
		wrong["volume"] = "project.volume_missing"
	default:
		n, err := models.ParseDecimal(p.Volume)
		if err != nil || n.Sign() < 0 || n.Cmp(models.Whole(MaxVolume)) > 0 {
			wrong["volume"] = "project.volume_wrong"
			return
		}
		p.Volume = n.String()
	}
}

// MaxVolume is the most that prices can be asked for.
const MaxVolume = 1_000_000_000

const maxSearch = 4000 // bytes of a saved search

const (
	projectAdded    audit.Action = "project.added"
	projectChanged  audit.Action = "project.changed"
	projectSearched audit.Action = "project.searched"
	projectPeople   audit.Action = "project.people"
	projectLocked   audit.Action = "project.locked"
	projectClosed   audit.Action = "project.closed"
)

// Begin makes a project of the actor's organisation that the actor leads; services are
// kept from the beginning. once tells the form apart: sent again, it finds the project
// that it made. It sets p.ID. Buyers who may draft begin projects; others get
// [models.ErrForbidden].
func Begin(ctx context.Context, tx *db.Tx, s *catalogue.Schema, p *Project, once string, services []int64) error {
	if !tx.Actor.May(models.Draft) || tx.Actor.OrgID == 0 || once == "" {
		return fmt.Errorf("begin a project: %w", models.ErrForbidden)
	}
	if err := p.Check(s); err != nil {
		return err
	}
	if len(p.Search) > maxSearch {
		return models.Invalid{"search": "project.search_long"}
	}
	p.OrgID, p.Part, p.State = tx.Actor.OrgID, Lead, Drafting
	const q = `INSERT INTO projects (organisation_id, once, name, kind, category, unit, volume, years, value_cents, needed, search, state, created_at)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'drafting', ?) ON CONFLICT (organisation_id, once) DO NOTHING RETURNING id`
	var made []int64
	err := tx.Select(ctx, &made, q, p.OrgID, once, p.Name, p.Kind, p.Category, p.Unit, p.Volume, p.Years, orNull(p.Value), p.Needed, p.Search, tx.Now)
	if err != nil {
		return fmt.Errorf("begin a project: %w", err)
	}
	if len(made) == 0 {
		return tx.Get(ctx, &p.ID, `/* procurement.Begin */ SELECT id FROM projects WHERE organisation_id = ? AND once = ?`, p.OrgID, once)
	}
	p.ID, p.Revision = made[0], 1
	const lead = `INSERT INTO project_people (project_id, account_id, part, since) VALUES (?, ?, 'lead', ?)`
	if _, err := tx.Exec(ctx, lead, p.ID, tx.Actor.AccountID, tx.Now); err != nil {
		return fmt.Errorf("begin project %d: %w", p.ID, err)
	}
	if err := audit.Record(ctx, tx, projectAdded, subject(p.ID), p.changesFrom(&Project{Value: -1})...); err != nil {
		return err
	}
	return Keep(ctx, tx, p.ID, services)
}

func orNull(cents int64) any {
	if cents < 0 {
		return nil
	}
	return cents
}

func (p *Project) changesFrom(before *Project) []audit.Change {
	var c audit.Changes
	c.Add("name", before.Name, p.Name)
	c.Add("purchase", string(before.Kind), string(p.Kind))
	c.Add("category", before.Category, p.Category)
	c.Add("volume", before.Volume, p.Volume)
	c.Add("unit", before.Unit, p.Unit)
	c.Add("years", number(int64(before.Years)), number(int64(p.Years)))
	c.Add("value_cents", number(before.Value+1), number(p.Value+1))
	c.Add("needed", before.Needed.String(), p.Needed.String())
	c.Add("search", before.Search, p.Search)
	return c
}

// number is a number for the log; "" for none.
func number(n int64) string {
	if n == 0 {
		return ""
	}
	return strconv.FormatInt(n, 10)
}

// editing finds an open project that the actor may change, and keeps others from
// changing it until the transaction is over. It fails with [models.ErrNotFound],
// [models.ErrForbidden], or [models.ErrConflict] when the project is locked or closed.
func editing(ctx context.Context, tx *db.Tx, id int64) (Project, error) {
	p, err := held(ctx, tx, id)
	switch {
	case err != nil:
		return p, err
	case !p.Editable(tx.Actor):
		return p, fmt.Errorf("change project %d: %w", id, models.ErrForbidden)
	case !p.Open():
		return p, fmt.Errorf("change project %d, which is %s: %w", id, p.State, models.ErrConflict)
	}
	return p, nil
}

// held finds a project and keeps others from changing it.
func held(ctx context.Context, tx *db.Tx, id int64) (Project, error) {
	if _, err := Find(ctx, tx, tx.Actor, id); err != nil { // not even its row is touched for others
		return Project{}, err
	}
	if _, err := tx.Exec(ctx, `UPDATE projects SET revision = revision WHERE id = ? AND state <> 'closed'`, id); err != nil {
		return Project{}, fmt.Errorf("project %d: %w", id, err)
	}
	return Find(ctx, tx, tx.Actor, id)
}

// Change makes the facts of a project be as p says, when it is still of the revision
// that was seen, or else fails with [models.ErrConflict]; for who sends the same twice
// it is done. A locked project keeps its category and volume.
func Change(ctx context.Context, tx *db.Tx, s *catalogue.Schema, id, seen int64, p Project) error {
	before, err := editing(ctx, tx, id)
	if err != nil {
		return err
	}
	if err := p.Check(s); err != nil {
		return err
	}
	p.ID, p.OrgID, p.Search = before.ID, before.OrgID, before.Search
	if p.Unit != before.Unit {
		var pooled int
		if err := tx.Get(ctx, &pooled, `SELECT COUNT(*) FROM pools WHERE project_id = ?`, id); err != nil {
			return err
		}
		if pooled > 0 { // others have said how many they need of it
			return models.Invalid{"unit": "pool.unit_fixed"}
		}
	}
	changes := p.changesFrom(&before)
	if len(changes) == 0 {
		return nil
	}
	const q = `UPDATE projects SET name = ?, kind = ?, category = ?, unit = ?, volume = ?, years = ?, value_cents = ?, needed = ?, revision = revision + 1
		WHERE id = ? AND revision = ?`
	n, err := tx.Exec(ctx, q, p.Name, p.Kind, p.Category, p.Unit, p.Volume, p.Years, orNull(p.Value), p.Needed, id, seen)
	if err != nil {
		return fmt.Errorf("change project %d: %w", id, err)
	}
	if n == 0 {
		return fmt.Errorf("change project %d: somebody did meanwhile: %w", id, models.ErrConflict)
	}
	return audit.Record(ctx, tx, projectChanged, subject(id), changes...)
}

// SetSearch makes query the saved search of the project, in place of the one before.
func SetSearch(ctx context.Context, tx *db.Tx, id int64, query string) error {
	p, err := editing(ctx, tx, id)
	if err != nil || p.Search == query {
		return err
	}
	if len(query) > maxSearch {
		return models.Invalid{"search": "project.search_long"}
	}
	if _, err := tx.Exec(ctx, `UPDATE projects SET search = ?, revision = revision + 1 WHERE id = ?`, query, id); err != nil {
		return fmt.Errorf("search of project %d: %w", id, err)
	}
	return audit.Record(ctx, tx, projectSearched, subject(id), audit.Change{Field: "search", Old: p.Search, New: query})
}

// Close ends a project without award, for a reason. Closing it twice is no failure
// when the reason is the same.
func Close(ctx context.Context, tx *db.Tx, id int64, reason string) error {
	p, err := held(ctx, tx, id)
	reason = strings.TrimSpace(reason)
	switch {
	case err != nil:
		return err
	case !p.Editable(tx.Actor):
		return fmt.Errorf("close project %d: %w", id, models.ErrForbidden)
	case p.State == Closed && p.Reason == reason:
		return nil
	case p.Settled():
		return fmt.Errorf("close project %d: it is closed or decided: %w", id, models.ErrConflict)
	case reason == "":
		return models.Invalid{"reason": "project.reason_missing"}
	case utf8.RuneCountInString(reason) > MaxReason:
		return models.Invalid{"reason": "project.reason_long"}
	}
	const q = `UPDATE projects SET state = 'closed', reason = ?, closed_at = ?, revision = revision + 1 WHERE id = ? AND state IN ('drafting', 'shortlisted', 'locked')`
	if n, err := tx.Exec(ctx, q, reason, tx.Now, id); err != nil || n == 0 {
		return fmt.Errorf("close project %d: %w", id, orConflict(err))
	}
	return audit.Record(ctx, tx, projectClosed, subject(id), audit.Change{Field: "reason", New: reason})
}

// MaxReason is how long a reason may be, in characters.
const MaxReason = 2000

func orConflict(err error) error {
	if err == nil {
		return models.ErrConflict
	}
	return err
}
