package privacy

import (
	"context"

	"pilveturg/db"
	"pilveturg/models"
)

// Project is one that names the person, or in which the person did something.
type Project struct {
	Number       int64       `json:"project" db:"id"`
	Organisation string      `json:"organisation" db:"organisation"` // its key
	Part         string      `json:"part" db:"part"`                 // "lead", "evaluator" or "observer"; or what the person did: "locked", "scored", "decided", "sent", "withdrawn", "approved", "returned", "invited others", "joined", "declined", "left"
	Since        models.Time `json:"since" db:"since"`
}

// Judgement is what the person found out about a service in a project.
type Judgement struct {
	Project int64       `json:"project" db:"project_id"`
	Service int64       `json:"service" db:"offering_id"`
	Verdict string      `json:"verdict" db:"verdict"`
	Reason  string      `json:"reason" db:"reason"`
	Source  string      `json:"source" db:"source"`
	At      models.Time `json:"at" db:"created_at"`
}

// projects reads what the person did in projects.
func (d *Data) projects(ctx context.Context, r db.Reader, id int64) error {
	const projects = `/* privacy.Export */
		SELECT p.id, o.scheme || ':' || o.code AS organisation, x.part, x.since
		FROM (SELECT project_id, part, since FROM project_people WHERE account_id = ?
			UNION ALL SELECT project_id, 'locked', locked_at FROM locked_searches WHERE account_id = ?
			UNION ALL SELECT project_id, 'decided', decided_at FROM decisions WHERE account_id = ?
			UNION ALL SELECT project_id, step, created_at FROM decision_steps WHERE account_id = ?
			UNION ALL SELECT project_id, 'invited others', opened_at FROM pools WHERE account_id = ?
			UNION ALL SELECT project_id, state, answered_at FROM pool_bodies WHERE account_id = ?
			UNION ALL SELECT project_id, 'scored', closed_at FROM score_sheets WHERE account_id = ?) x
		JOIN projects p ON p.id = x.project_id JOIN organisations o ON o.id = p.organisation_id ORDER BY p.id, x.since, x.part`
	if err := r.Select(ctx, &d.Projects, projects, id, id, id, id, id, id, id); err != nil {
		return err
	}
	const judgements = `/* privacy.Export */ SELECT project_id, offering_id, verdict, reason, source, created_at FROM overrules WHERE account_id = ? ORDER BY id`
	if err := r.Select(ctx, &d.Judgements, judgements, id); err != nil {
		return err
	}
	return d.purchases(ctx, r, id)
}

// Written is something that the person wrote or gave in a project.
type Written struct {
	Kind    string      `json:"kind" db:"kind"` // "question", "answer", "price", "points" or "agreed points"
	Project int64       `json:"project" db:"project_id"`
	Service int64       `json:"service,omitempty" db:"offering_id"`
	Words   string      `json:"words" db:"words"`
	At      models.Time `json:"at" db:"at"`
}

// purchases reads what the person wrote and gave in projects.
func (d *Data) purchases(ctx context.Context, r db.Reader, id int64) error {
	const q = `/* privacy.Export */
		SELECT * FROM (
			SELECT 'question' AS kind, project_id, 0 AS offering_id, words, created_at AS at FROM project_questions WHERE account_id = ?
			UNION ALL SELECT 'asked back', q.project_id, c.offering_id, c.words, c.created_at FROM clarifications c JOIN project_questions q ON q.id = c.question_id WHERE c.account_id = ?
			UNION ALL SELECT 'clarified', q.project_id, c.offering_id, c.answer, c.answered_at FROM clarifications c JOIN project_questions q ON q.id = c.question_id WHERE c.answered_by = ?
			UNION ALL SELECT 'answer', q.project_id, a.offering_id, a.words, a.created_at FROM question_answers a JOIN project_questions q ON q.id = a.question_id WHERE a.account_id = ?
			UNION ALL SELECT 'price', project_id, offering_id, source, created_at FROM offers WHERE account_id = ?
			UNION ALL SELECT 'points', c.project_id, x.offering_id, CAST(x.points AS TEXT) || ' ' || c.name || ' ' || x.note, x.changed_at FROM scores x JOIN criteria c ON c.id = x.criterion_id WHERE x.account_id = ?
			UNION ALL SELECT 'agreed points', c.project_id, x.offering_id, CAST(x.points AS TEXT) || ' ' || c.name || ' ' || x.reason, x.changed_at FROM consensus x JOIN criteria c ON c.id = x.criterion_id WHERE x.account_id = ?
		) w ORDER BY at, kind, project_id, offering_id`
	return r.Select(ctx, &d.Purchases, q, id, id, id, id, id, id, id)
}
