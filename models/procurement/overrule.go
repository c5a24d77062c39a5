package procurement

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"pilveturg/db"
	"pilveturg/models"
	"pilveturg/models/audit"
	"pilveturg/models/catalogue"
)

// Overruled is what somebody found out about a service, and from where.
type Overruled struct {
	ID            int64       `db:"id"`
	RequirementID int64       `db:"requirement_id"`
	OfferingID    int64       `db:"offering_id"`
	Verdict       Verdict     `db:"verdict"`
	Reason        string      `db:"reason"`
	Source        string      `db:"source"` // a document, a letter, a demonstration
	AccountID     int64       `db:"account_id"`
	At            models.Time `db:"created_at"`
}

const fitOverruled audit.Action = "project.overruled"

// Overrules returns what people of a project found out, the first said first.
func Overrules(ctx context.Context, r db.Reader, project int64) ([]Overruled, error) {
	const q = `/* procurement.Overrules */ SELECT id, requirement_id, offering_id, verdict, reason, source, account_id, created_at
		FROM overrules WHERE project_id = ? ORDER BY id`
	var all []Overruled
	if err := r.Select(ctx, &all, q, project); err != nil {
		return nil, fmt.Errorf("what was found out in project %d: %w", project, err)
	}
	return all, nil
}

// Overrule says what a service of the project makes of a requirement, for a reason and
// with a source, whatever its listing says. once tells the form apart: sent again, it
// says nothing anew. It is for those who judge ([Project.Judging]).
func Overrule(ctx context.Context, tx *db.Tx, project int64, once string, o Overruled) error {
	p, err := held(ctx, tx, project)
	switch {
	case err != nil:
		return err
	case p.Settled():
		return fmt.Errorf("overrule in project %d, which is closed or decided: %w", project, models.ErrConflict)
	case !p.Judging(tx.Actor):
		return fmt.Errorf("overrule in project %d: %w", project, models.ErrForbidden)
	}
	q, err := FindRequirement(ctx, tx, project, o.RequirementID)
	if err != nil {
		return err
	}
	if err := o.check(); err != nil {
		return err
	}
	const insert = `INSERT INTO overrules (project_id, requirement_id, offering_id, once, verdict, reason, source, account_id, created_at)
		VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (project_id, once) DO NOTHING`
	n, err := tx.Exec(ctx, insert, project, o.RequirementID, o.OfferingID, once, o.Verdict, o.Reason, o.Source, tx.Actor.AccountID, tx.Now)
	if err != nil || n == 0 {
		return err
	}
	c := audit.Changes{{Field: "service", New: catalogue.Number(o.OfferingID)}, {Field: "requirement", New: number(q.ID)}, {Field: "words", New: q.Words},
		{Field: "judgement", New: string(o.Verdict)}, {Field: "reason", New: o.Reason}, {Field: "source", New: o.Source}}
	if err := audit.Record(ctx, tx, fitOverruled, subject(project), c...); err != nil {
		return err
	}
	return moved(ctx, tx, project, 1)
}

func (o *Overruled) check() error {
	wrong := models.Invalid{}
	o.Reason, o.Source = strings.TrimSpace(o.Reason), strings.TrimSpace(o.Source)
	if !slices.Contains(Verdicts(), o.Verdict) {
		wrong["verdict"] = "project.verdict_missing"
	}
	for field, text := range map[string]string{"reason": o.Reason, "source": o.Source} {
		switch n := utf8.RuneCountInString(text); {
		case n == 0:
			wrong[field] = "project." + field + "_missing"
		case n > MaxReason:
			wrong[field] = "project.reason_long"
		}
	}
	return wrong.Or()
}

// orGone makes it no failure that something is not there.
func orGone(err error) error {
	if errors.Is(err, models.ErrNotFound) {
		return nil
	}
	return err
}
