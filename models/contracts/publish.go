package contracts

import (
	"context"

	"pilveturg/db"
)

// StepRenewed is the step by which a subscription goes on for another term.
const StepRenewed = stepRenewed

// Signed returns the subscriptions of some organisations, or of all, that were ordered or
// brought by a file, the oldest first. Who may read them is for the caller to ask.
func Signed(ctx context.Context, r db.Reader, orgs []int64, all bool) ([]Subscription, error) {
	where, args := ``, []any(nil)
	if !all {
		marks, in := db.In(orgs)
		where, args = ` AND s.organisation_id IN `+marks, in
	}
	return list(ctx, r, `/* contracts.Signed */ SELECT `+columns+` WHERE (s.ordered_at IS NOT NULL OR s.import_id IS NOT NULL)`+where+` ORDER BY s.id`, args...)
}
