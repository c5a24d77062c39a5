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
)

// Standing is where a service stands in a project.
type Standing string

// The standings.
const (
	In  Standing = "in"
	Out Standing = "out"
)

// MostFound is how many services a search of a project may find, so that people can
// give a reason for each.
const MostFound = 50

// Decided is a service that somebody has decided about.
type Decided struct {
	OfferingID int64       `db:"offering_id"`
	Standing   Standing    `db:"standing"`
	ByHand     bool        `db:"by_hand"` // added by its number
	Reason     string      `db:"reason"`
	Missed     string      `db:"missed"` // numbers of the requirements that it misses, spaces between
	At         models.Time `db:"changed_at"`
}

// Misses are the requirements that the service was left out for, by id.
func (d *Decided) Misses() []int64 {
	var ids []int64
	for _, text := range strings.Fields(d.Missed) {
		if id, err := strconv.ParseInt(text, 10, 64); err == nil {
			ids = append(ids, id)
		}
	}
	return ids
}

const (
	serviceKept audit.Action = "project.kept"
	serviceLeft audit.Action = "project.left_out"
)

// Shortlist returns the services that somebody has decided about, by number. Who may
// read the project is for the caller to ask.
func Shortlist(ctx context.Context, r db.Reader, project int64) ([]Decided, error) {
	const q = `/* procurement.Shortlist */ SELECT offering_id, standing, by_hand, reason, missed, changed_at FROM shortlist WHERE project_id = ? ORDER BY offering_id`
	var all []Decided
	if err := r.Select(ctx, &all, q, project); err != nil {
		return nil, fmt.Errorf("shortlist of project %d: %w", project, err)
	}
	return all, nil
}

// Keep keeps services in a project that were added by hand.
func Keep(ctx context.Context, tx *db.Tx, project int64, services []int64) error {
	all := make([]Decided, len(services))
	for i, id := range services {
		all[i] = Decided{OfferingID: id, Standing: In, ByHand: true}
	}
	return Decide(ctx, tx, project, all)
}

// Decide says where services stand. What stands there already stays, so that the same
// form sent twice changes nothing. Only what buyers have seen can be kept; what is out
// needs a reason or requirements that it misses.
func Decide(ctx context.Context, tx *db.Tx, project int64, all []Decided) error {
	if len(all) == 0 {
		return nil
	}
	if _, err := editing(ctx, tx, project); err != nil {
		return err
	}
	before, err := Shortlist(ctx, tx, project)
	if err != nil {
		return err
	}
	changes := 0
	for _, d := range all {
		changed, err := decide(ctx, tx, project, before, d)
		if err != nil {
			return fmt.Errorf("%s in project %d: %w", catalogue.Number(d.OfferingID), project, err)
		}
		if changed {
			changes++
		}
	}
	return settle(ctx, tx, project, changes)
}

func decide(ctx context.Context, tx *db.Tx, project int64, before []Decided, d Decided) (bool, error) {
	d.Reason = strings.TrimSpace(d.Reason)
	if d.Standing == In {
		d.Reason, d.Missed = "", ""
	}
	switch {
	case d.Standing == Out && d.Reason == "" && d.Missed == "":
		return false, models.Invalid{"reason": "project.reason_missing"}
	case utf8.RuneCountInString(d.Reason) > MaxReason:
		return false, models.Invalid{"reason": "project.reason_long"}
	}
	if i := slices.IndexFunc(before, func(b Decided) bool { return b.OfferingID == d.OfferingID }); i >= 0 {
		b := before[i]
		d.ByHand = b.ByHand
		if b.Standing == d.Standing && b.Reason == d.Reason && b.Missed == d.Missed {
			return false, nil
		}
	}
	o, err := catalogue.Find(ctx, tx, d.OfferingID)
	if err != nil {
		return false, err
	}
	if o.Published == 0 || o.Life == catalogue.Withdrawn && d.Standing == In {
		return false, models.ErrNotFound
	}
	const q = `INSERT INTO shortlist (project_id, offering_id, standing, by_hand, reason, missed, changed_at) VALUES (?, ?, ?, ?, ?, ?, ?)
		ON CONFLICT (project_id, offering_id) DO UPDATE SET standing = excluded.standing, reason = excluded.reason, missed = excluded.missed, changed_at = excluded.changed_at`
	if _, err := tx.Exec(ctx, q, project, d.OfferingID, d.Standing, db.Flag(d.ByHand), d.Reason, d.Missed, tx.Now); err != nil {
		return false, err
	}
	action := serviceKept
	if d.Standing == Out {
		action = serviceLeft
	}
	c := audit.Changes{{Field: "service", New: catalogue.Number(d.OfferingID)}}
	c.Add("reason", "", d.Reason)
	c.Add("missed", "", d.Missed)
	return true, audit.Record(ctx, tx, action, subject(project), c...)
}

// settle sets the state of a project by whether anything is kept in it.
func settle(ctx context.Context, tx *db.Tx, project int64, changes int) error {
	if changes == 0 {
		return nil
	}
	const q = `UPDATE projects SET revision = revision + 1,
		state = CASE WHEN EXISTS (SELECT 1 FROM shortlist s WHERE s.project_id = projects.id AND s.standing = 'in') THEN 'shortlisted' ELSE 'drafting' END
		WHERE id = ? AND state IN ('drafting', 'shortlisted')`
	if n, err := tx.Exec(ctx, q, project); err != nil || n == 0 {
		return fmt.Errorf("settle project %d: %w", project, orConflict(err))
	}
	return nil
}
