package procurement

import (
	"context"
	"fmt"

	"pilveturg/db"
)

// Told returns the projects of some organisations, or of all, of which the outcome was
// told to vendors, or that were closed after their search was locked, the oldest first:
// nothing of them is to be kept from anybody any more. Who may read them is for the
// caller to ask.
func Told(ctx context.Context, r db.Reader, orgs []int64, all bool) (list []Project, err error) {
	where, args := ``, []any(nil)
	if !all {
		marks, in := db.In(orgs)
		where, args = ` AND p.organisation_id IN `+marks, in
	}
	q := `/* procurement.Told */ SELECT p.id, p.organisation_id, p.name, p.kind, p.category, p.unit, p.volume, p.years, COALESCE(p.value_cents, -1) AS value_cents, p.needed, p.state, p.reason, p.revision, p.created_at, p.locked_at, p.closed_at, COALESCE(d.state, '') AS decision
		FROM projects p LEFT JOIN decisions d ON d.project_id = p.id
		WHERE p.locked_at IS NOT NULL AND (p.state = 'closed' OR d.state IN ('approved', 'awarded', 'ended'))` + where + ` ORDER BY p.id`
	if err := r.Select(ctx, &list, q, args...); err != nil {
		return nil, fmt.Errorf("projects that were told: %w", err)
	}
	return list, nil
}
