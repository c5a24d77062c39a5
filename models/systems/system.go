package systems

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"pilveturg/db"
	"pilveturg/models"
	"pilveturg/models/spend"
)

// State is where in its life a system is.
type State string

// The states.
const (
	Establishing State = "establishing" // it is being set up
	InUse        State = "in_use"
	Closed       State = "closed"
	NoState      State = "unknown" // the register that it came from does not say
)

// States are all of them.
func States() []State { return []State{InUse, Establishing, Closed, NoState} }

// Rating is how the owner says that a system is doing.
type Rating string

// Ratings are all of them but none, the worst last.
func Ratings() []Rating { return []Rating{"green", "yellow", "red"} }

// SecurityLevels are how much protection a system needs, by whatever standard.
func SecurityLevels() []string { return []string{"low", "medium", "high", "very_high"} }

// How the product that a system is one of was recognised.
const (
	ByHand = "hand"
	ByFile = "file" // the register says so
	ByName = "name"
)

// System is what a body owns and runs itself.
type System struct {
	ID          int64       `db:"id"`
	OrgID       int64       `db:"organisation_id"`
	Department  string      `db:"department"` // part of the owner that is in charge
	Name        string      `db:"name"`
	NameEn      string      `db:"name_en"`
	ShortName   string      `db:"short_name"`
	Purpose     string      `db:"purpose"`
	Category    string      `db:"category"` // slug of the catalogue's
	State       State       `db:"state"`
	Served      string      `db:"served"` // decimal; "" where nobody counts
	Unit        string      `db:"unit"`   // of what is served
	InUseSince  models.Date `db:"in_use_since"`
	PlannedEnd  models.Date `db:"planned_end"`
	SupportEnd  models.Date `db:"support_end"` // of what it stands on
	ClosedOn    models.Date `db:"closed_on"`   // last day of use
	LastRelease models.Date `db:"last_release"`
	Shareable   bool        `db:"shareable"` // other bodies may use it
	Rating      Rating      `db:"rating"`

	SecurityStandard string `db:"security_standard"` // "ISKE", "E-ITS", "ISO 27001"
	SecurityClass    string `db:"security_class"`    // "K2T2S2"
	SecurityLevel    string `db:"security_level"`

	StandsOn  string      `db:"stands_on"`
	Contact   string      `db:"contact"` // role and address
	Homepage  string      `db:"homepage"`
	ProductID int64       `db:"product_id"` // 0: it is none of a kind
	ProductBy string      `db:"product_by"`
	Source    string      `db:"source"`   // register or file that it came from; "": it was entered here
	External  string      `db:"external"` // by what the source tells it apart
	Created   models.Time `db:"created_at"`
	Revision  int64       `db:"revision"`

	Subsystems []string `db:"-"` // of X-Road, as "EE/GOV/70000562/name"
}

// NameIn is the name for a reader of a language.
func (s *System) NameIn(lang string) string {
	if lang == "en" && s.NameEn != "" {
		return s.NameEn
	}
	return s.Name
}

// EndOfLife reports whether a system that is still in use has passed the end that was
// planned for it, or that of the support of what it stands on.
func (s *System) EndOfLife(today models.Date) bool {
	passed := func(d models.Date) bool { return !d.IsZero() && d.Before(today) }
	return s.State == InUse && (passed(s.PlannedEnd) || passed(s.SupportEnd))
}

const columns = `s.id, s.organisation_id, s.department, s.name, s.name_en, s.short_name, s.purpose, s.category, s.state, s.served, s.unit, s.in_use_since, s.planned_end, s.support_end, s.closed_on, s.last_release,
	s.shareable, s.rating, s.security_standard, s.security_class, s.security_level, s.stands_on, s.contact, s.homepage, COALESCE(s.product_id, 0) AS product_id, s.product_by, s.source, s.external, s.created_at, s.revision
	FROM owned_systems s WHERE s.removed_at IS NULL`

// Reads reports whether the actor may see systems of anybody, with what they cost.
func Reads(a models.Actor) bool { return spend.Reads(a) }

// Manages reports whether the actor keeps the systems of the organisation that they act
// for.
func Manages(a models.Actor) bool { return a.OrgID != 0 && a.IsAny(models.Buyer, models.Finance) }

// reach is the condition by which a query sees only systems whose owner the actor may
// see; it names the table s.
func reach(ctx context.Context, r db.Reader, a models.Actor) (condition string, args []any, err error) {
	ids, all, err := spend.Reach(ctx, r, a)
	if err != nil || all {
		return "", nil, err
	}
	marks, args := db.In(ids)
	return ` AND s.organisation_id IN ` + marks, args, nil
}

// Query tells systems.
type Query struct {
	Owners   []int64 // those of these only; nil: of all
	Category []string
	State    State
	Product  int64
	Words    string // in the name, the short name or the purpose
	Import   int64  // that brought them
}

func (q *Query) where() (text string, args []any) {
	if q.Owners != nil {
		marks, ids := db.In(q.Owners)
		text, args = text+` AND s.organisation_id IN `+marks, append(args, ids...)
	}
	if len(q.Category) > 0 {
		text += ` AND s.category IN (?` + strings.Repeat(`, ?`, len(q.Category)-1) + `)`
		for _, slug := range q.Category {
			args = append(args, slug)
		}
	}
	if q.State != "" {
		text, args = text+` AND s.state = ?`, append(args, string(q.State))
	}
	if q.Product != 0 {
		text, args = text+` AND s.product_id = ?`, append(args, q.Product)
	}
	return text, args
}

// List returns the systems that the actor may see, by owner and name. It fails with
// [models.ErrForbidden] for who sees none.
func List(ctx context.Context, r db.Reader, a models.Actor, q Query) ([]System, error) {
	seen, args, err := reach(ctx, r, a)
	if err != nil {
		return nil, err
	}
	where, more := q.where()
	all, err := list(ctx, r, `/* systems.List */ SELECT `+columns+seen+where+` ORDER BY s.organisation_id, s.name, s.id`, append(args, more...)...)
	if err != nil || q.Words == "" {
		return all, err
	}
	words := strings.Fields(strings.ToLower(q.Words))
	return slices.DeleteFunc(all, func(s System) bool {
		text := strings.ToLower(strings.Join([]string{s.Name, s.NameEn, s.ShortName, s.Purpose, s.Department}, " "))
		return slices.ContainsFunc(words, func(w string) bool { return !strings.Contains(text, w) })
	}), nil
}

// Shared returns the systems that their owners let others use, whoever asks; what they
// cost is not told.
func Shared(ctx context.Context, r db.Reader) ([]System, error) {
	return list(ctx, r, `/* systems.Shared */ SELECT `+columns+` AND s.shareable = 1 AND s.state IN ('in_use', 'establishing') ORDER BY s.name, s.id`)
}

func list(ctx context.Context, r db.Reader, q string, args ...any) ([]System, error) {
	var all []System
	if err := r.Select(ctx, &all, q, args...); err != nil {
		return nil, fmt.Errorf("systems: %w", err)
	}
	return all, withSubsystems(ctx, r, all)
}

func withSubsystems(ctx context.Context, r db.Reader, all []System) error {
	at := make(map[int64]int, len(all))
	ids := make([]int64, len(all))
	for i := range all {
		ids[i], at[all[i].ID] = all[i].ID, i
	}
	type row struct {
		ID        int64  `db:"system_id"`
		Subsystem string `db:"subsystem"`
	}
	for part := range slices.Chunk(ids, 500) {
		marks, args := db.In(part)
		for one, err := range db.Each[row](ctx, r, `/* systems.Subsystems */ SELECT system_id, subsystem FROM owned_subsystems WHERE system_id IN `+marks+` ORDER BY system_id, subsystem`, args...) {
			if err != nil {
				return fmt.Errorf("subsystems: %w", err)
			}
			s := &all[at[one.ID]]
			s.Subsystems = append(s.Subsystems, one.Subsystem)
		}
	}
	return nil
}

// Find returns a system that the actor may see. It fails with [models.ErrNotFound] where
// there is none.
func Find(ctx context.Context, r db.Reader, a models.Actor, id int64) (*System, error) {
	seen, args, err := reach(ctx, r, a)
	if err != nil {
		return nil, err
	}
	all, err := list(ctx, r, `/* systems.Find */ SELECT `+columns+` AND s.id = ?`+seen, append([]any{id}, args...)...)
	if err == nil && len(all) == 0 {
		err = models.ErrNotFound
	}
	if err != nil {
		return nil, fmt.Errorf("system %d: %w", id, err)
	}
	return &all[0], nil
}

// Costs returns the lines of what a system costs, in their order. Who may see them is
// for the caller to ask.
func Costs(ctx context.Context, r db.Reader, system int64) (all []Cost, err error) {
	const q = `/* systems.Costs */ SELECT id, system_id, position, words, kind, change, every, starts, ends, amount, fte, pay, on_cost, currency, life_months, used_from, left_over, pool, source, assumed
		FROM owned_costs WHERE system_id = ? ORDER BY position, id`
	if err := r.Select(ctx, &all, q, system); err != nil {
		return nil, fmt.Errorf("costs of system %d: %w", system, err)
	}
	return all, nil
}
