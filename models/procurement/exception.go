package procurement

import (
	"context"
	"fmt"

	"pilveturg/db"
	"pilveturg/models"
)

// Explained is a decision for something tailored or owned although a shared service
// fitted, with the reason that was given.
type Explained struct {
	ProjectID  int64       `db:"project_id"`
	OrgID      int64       `db:"organisation_id"`
	Name       string      `db:"name"`
	Category   string      `db:"category"`
	Outcome    Outcome     `db:"outcome"`
	OfferingID int64       `db:"offering_id"` // that was chosen; 0 for a system of one's own
	SharedID   int64       `db:"shared_id"`
	SharedFit  int         `db:"shared_fit"` // percent
	Exception  string      `db:"exception"`
	ApprovedAt models.Time `db:"approved_at"`
}

// Exceptions returns the approved decisions that had to be explained, the newest first:
// buyers and approvers see those of their organisation, analysts those within their
// reach, which is their organisation with all below it, or everybody.
func Exceptions(ctx context.Context, r db.Reader, a models.Actor) ([]Explained, error) {
	const all = `/* procurement.Exceptions */ SELECT d.project_id, p.organisation_id, p.name, p.category, d.outcome, COALESCE(d.offering_id, 0) AS offering_id, d.shared_id, d.shared_fit, d.exception, d.approved_at
		FROM decisions d JOIN projects p ON p.id = d.project_id WHERE d.exception <> '' AND d.approved_at IS NOT NULL`
	const below = ` AND p.organisation_id IN (WITH RECURSIVE own (id) AS (SELECT CAST(? AS BIGINT) UNION SELECT o.id FROM organisations o JOIN own ON o.parent_id = own.id) SELECT id FROM own)`
	where, args := ` AND p.organisation_id = ?`, []any{a.OrgID}
	switch {
	case a.OrgID == 0:
		return nil, fmt.Errorf("explained decisions: %w", models.ErrForbidden)
	case a.Is(models.Analyst) && a.Reach == models.ReachAll:
		where, args = ``, nil
	case a.Is(models.Analyst) && a.Reach == models.ReachOwn:
		where = below
	case !a.IsAny(models.Buyer, models.Approver):
		return nil, fmt.Errorf("explained decisions: %w", models.ErrForbidden)
	}
	var rows []Explained
	if err := r.Select(ctx, &rows, all+where+` ORDER BY d.approved_at DESC, d.project_id DESC`, args...); err != nil {
		return nil, fmt.Errorf("explained decisions: %w", err)
	}
	return rows, nil
}
