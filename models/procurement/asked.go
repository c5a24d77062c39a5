package procurement

import (
	"context"
	"fmt"
	"strings"

	"pilveturg/db"
	"pilveturg/models"
	"pilveturg/models/audit"
	"pilveturg/models/catalogue"
)

const (
	requirementAdded   audit.Action = "requirement.added"
	requirementChanged audit.Action = "requirement.changed"
	requirementRemoved audit.Action = "requirement.removed"
)

const requirementColumns = `id, project_id, position, force, words, weight, way, subject, operator, wanted, why, revision FROM requirements`

// byForce is the order in which requirements are shown.
const byForce = ` ORDER BY CASE force WHEN 'must' THEN 1 WHEN 'should' THEN 2 ELSE 3 END, position, id`

// Requirements returns what a project asks: musts first, then in the order in which
// they were added. Who may read the project is for the caller to ask.
func Requirements(ctx context.Context, r db.Reader, project int64) ([]Requirement, error) {
	var all []Requirement
	q := `/* procurement.Requirements */ SELECT ` + requirementColumns + ` WHERE project_id = ?` + byForce
	if err := r.Select(ctx, &all, q, project); err != nil {
		return nil, fmt.Errorf("requirements of project %d: %w", project, err)
	}
	return all, nil
}

// FindRequirement returns a requirement of the project, or [models.ErrNotFound].
func FindRequirement(ctx context.Context, r db.Reader, project, id int64) (Requirement, error) {
	var q Requirement
	const find = `/* procurement.FindRequirement */ SELECT ` + requirementColumns + ` WHERE project_id = ? AND id = ?`
	if err := r.Get(ctx, &q, find, project, id); err != nil {
		return q, fmt.Errorf("requirement %d of project %d: %w", id, project, err)
	}
	return q, nil
}

// Require adds requirements to a project, and returns how many. Those that the project
// asks already are left out; once tells the form apart, so that the same form sent
// twice adds nothing again.
func Require(ctx context.Context, tx *db.Tx, s *catalogue.Schema, project int64, once string, all []Requirement) (added int, err error) {
	if _, err := editing(ctx, tx, project); err != nil {
		return 0, err
	}
	var have, last int
	if err := tx.Get(ctx, &have, `SELECT COUNT(*) FROM requirements WHERE project_id = ?`, project); err != nil {
		return 0, err
	}
	if err := tx.Get(ctx, &last, `SELECT COALESCE(MAX(position), 0) FROM requirements WHERE project_id = ?`, project); err != nil {
		return 0, err
	}
	for i := range all {
		q := &all[i]
		if err := q.Check(s); err != nil {
			return 0, err
		}
		q.ProjectID, q.Position = project, last+1+i
		const insert = `INSERT INTO requirements (project_id, once, position, force, words, weight, way, subject, operator, wanted, asks, why)
			VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING RETURNING id`
		var made []int64
		err := tx.Select(ctx, &made, insert, project, fmt.Sprintf("%s/%d", once, i), q.Position, q.Force, q.Words, q.Weight, q.Way, q.Subject, q.Operator, q.Wanted, q.asks(), q.Why)
		if err != nil {
			return 0, fmt.Errorf("add a requirement to project %d: %w", project, err)
		}
		if len(made) == 0 {
			continue
		}
		q.ID = made[0]
		if added++; have+added > MostRequirements {
			return 0, models.Invalid{"words": "requirement.too_many"}
		}
		if err := audit.Record(ctx, tx, requirementAdded, subject(project), q.changesFrom(&Requirement{})...); err != nil {
			return 0, err
		}
	}
	return added, moved(ctx, tx, project, added)
}

// moved counts a change of the project, when there was one.
func moved(ctx context.Context, tx *db.Tx, project int64, changes int) error {
	if changes == 0 {
		return nil
	}
	_, err := tx.Exec(ctx, `UPDATE projects SET revision = revision + 1 WHERE id = ?`, project)
	return err
}

func (q *Requirement) changesFrom(before *Requirement) []audit.Change {
	var c audit.Changes
	c.Add("requirement", number(before.ID), number(q.ID))
	c.Add("words", before.Words, q.Words)
	c.Add("force", string(before.Force), string(q.Force))
	c.Add("weight", number(int64(before.Weight)), number(int64(q.Weight)))
	c.Add("way", string(before.Way), string(q.Way))
	c.Add("asks", before.asked(), q.asked())
	c.Add("why", before.Why, q.Why)
	return c
}

// asked is what an answer is asked for, "" when it is checked otherwise.
func (q *Requirement) asked() string {
	return strings.TrimSpace(q.Subject + " " + string(q.Operator) + " " + q.Wanted)
}

// ChangeRequirement makes a requirement be as q says, when it is still of the revision
// that was seen, or else fails with [models.ErrConflict]; for who sends the same twice
// it is done.
func ChangeRequirement(ctx context.Context, tx *db.Tx, s *catalogue.Schema, project, id, seen int64, q Requirement) error {
	if _, err := editing(ctx, tx, project); err != nil {
		return err
	}
	before, err := FindRequirement(ctx, tx, project, id)
	if err != nil {
		return err
	}
	if err := q.Check(s); err != nil {
		return err
	}
	q.ID, q.ProjectID = id, project
	changes := q.changesFrom(&before)
	if len(changes) == 0 {
		return nil
	}
	var same int
	if err := tx.Get(ctx, &same, `SELECT COUNT(*) FROM requirements WHERE project_id = ? AND asks = ? AND id <> ?`, project, q.asks(), id); err != nil {
		return err
	}
	if same > 0 {
		return models.Invalid{"words": "requirement.asked_already"}
	}
	const update = `UPDATE requirements SET force = ?, words = ?, weight = ?, way = ?, subject = ?, operator = ?, wanted = ?, asks = ?, why = ?, revision = revision + 1
		WHERE project_id = ? AND id = ? AND revision = ?`
	n, err := tx.Exec(ctx, update, q.Force, q.Words, q.Weight, q.Way, q.Subject, q.Operator, q.Wanted, q.asks(), q.Why, project, id, seen)
	if err != nil || n == 0 {
		return fmt.Errorf("change requirement %d of project %d: %w", id, project, orConflict(err))
	}
	if err := audit.Record(ctx, tx, requirementChanged, subject(project), append(audit.Changes{{Field: "requirement", Old: number(id), New: number(id)}}, changes...)...); err != nil {
		return err
	}
	return moved(ctx, tx, project, 1)
}

// RemoveRequirement takes a requirement out of a project, with what was found out about it. When
// somebody did already, that is as good.
func RemoveRequirement(ctx context.Context, tx *db.Tx, project, id int64) error {
	if _, err := editing(ctx, tx, project); err != nil {
		return err
	}
	q, err := FindRequirement(ctx, tx, project, id)
	if err != nil {
		return orGone(err)
	}
	if _, err := tx.Exec(ctx, `DELETE FROM requirements WHERE project_id = ? AND id = ?`, project, id); err != nil {
		return fmt.Errorf("remove requirement %d of project %d: %w", id, project, err)
	}
	var none Requirement
	if err := audit.Record(ctx, tx, requirementRemoved, subject(project), none.changesFrom(&q)...); err != nil {
		return err
	}
	return moved(ctx, tx, project, 1)
}

// Askers returns how many other organisations ask the same in a project of theirs, by
// requirement. They are counted, never named.
func Askers(ctx context.Context, r db.Reader, org, project int64) (map[int64]int, error) {
	const q = `/* procurement.Askers */
		SELECT q.id, (SELECT COUNT(DISTINCT p.organisation_id) FROM requirements o JOIN projects p ON p.id = o.project_id
			WHERE o.asks = q.asks AND p.organisation_id <> ?) AS bodies
		FROM requirements q WHERE q.project_id = ?`
	var rows []struct {
		ID     int64 `db:"id"`
		Bodies int   `db:"bodies"`
	}
	if err := r.Select(ctx, &rows, q, org, project); err != nil {
		return nil, fmt.Errorf("who else asks what project %d does: %w", project, err)
	}
	counts := make(map[int64]int, len(rows))
	for _, w := range rows {
		counts[w.ID] = w.Bodies
	}
	return counts, nil
}
