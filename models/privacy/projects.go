package privacy

import (
	"context"

	"pilveturg/db"
	"pilveturg/models"
)

// Project is one that names the person, or whose search the person locked.
type Project struct {
	Number       int64       `json:"project" db:"id"`
	Organisation string      `json:"organisation" db:"organisation"` // its key
	Part         string      `json:"part" db:"part"`                 // "lead", "evaluator", "observer", or "locked"
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
			UNION ALL SELECT project_id, 'locked', locked_at FROM locked_searches WHERE account_id = ?) x
		JOIN projects p ON p.id = x.project_id JOIN organisations o ON o.id = p.organisation_id ORDER BY p.id, x.part`
	if err := r.Select(ctx, &d.Projects, projects, id, id); err != nil {
		return err
	}
	const judgements = `/* privacy.Export */ SELECT project_id, offering_id, verdict, reason, source, created_at FROM overrules WHERE account_id = ? ORDER BY id`
	return r.Select(ctx, &d.Judgements, judgements, id)
}
