package systems

import (
	"context"
	"fmt"
	"slices"

	"pilveturg/db"
	"pilveturg/models"
)

// Brief is what a report says of a system besides what it costs.
type Brief struct {
	ID         int64       `db:"id"`
	OrgID      int64       `db:"organisation_id"`
	Name       string      `db:"name"`
	Category   string      `db:"category"`
	State      State       `db:"state"`
	Rating     Rating      `db:"rating"`
	Shareable  bool        `db:"shareable"`
	InUseSince models.Date `db:"in_use_since"`
	PlannedEnd models.Date `db:"planned_end"`
	SupportEnd models.Date `db:"support_end"`
	Release    models.Date `db:"last_release"`
}

// EndOfLife is [System.EndOfLife] of the system.
func (b *Brief) EndOfLife(today models.Date) bool {
	s := System{State: b.State, PlannedEnd: b.PlannedEnd, SupportEnd: b.SupportEnd}
	return s.EndOfLife(today)
}

// Briefs returns the systems that the actor may see, those of some owners only where
// owners is not nil, by owner and number.
func Briefs(ctx context.Context, r db.Reader, a models.Actor, owners []int64) (all []Brief, err error) {
	seen, args, err := reach(ctx, r, a)
	if err != nil {
		return nil, err
	}
	if owners != nil {
		marks, more := db.In(owners)
		seen, args = seen+` AND s.organisation_id IN `+marks, append(args, more...)
	}
	q := `/* systems.Briefs */ SELECT s.id, s.organisation_id, s.name, s.category, s.state, s.rating, s.shareable, s.in_use_since, s.planned_end, s.support_end, s.last_release FROM owned_systems s WHERE s.removed_at IS NULL` + seen + ` ORDER BY s.organisation_id, s.id`
	if err := r.Select(ctx, &all, q, args...); err != nil {
		return nil, fmt.Errorf("systems: %w", err)
	}
	return all, nil
}

// Built returns what building or buying systems has cost until the end of a year, by
// system and currency: the cash of their capital.
func Built(ctx context.Context, r db.Reader, a models.Actor, owners []int64, until int) ([]Sum, error) {
	seen, args, err := reach(ctx, r, a)
	if err != nil {
		return nil, err
	}
	if owners != nil {
		marks, more := db.In(owners)
		seen, args = seen+` AND s.organisation_id IN `+marks, append(args, more...)
	}
	q := `/* systems.Built */ SELECT s.organisation_id, u.system_id, u.currency, CAST(SUM(u.cash * (u.last_year - u.first_year + 1)) AS BIGINT) AS cash
		FROM owned_years u JOIN owned_systems s ON s.id = u.system_id WHERE u.known_until IS NULL AND u.kind = 'capital' AND u.last_year <= ?` + seen + ` GROUP BY s.organisation_id, u.system_id, u.currency ORDER BY u.system_id, u.currency`
	var all []Sum
	if err := r.Select(ctx, &all, q, append([]any{until}, args...)...); err != nil {
		return nil, fmt.Errorf("what systems cost to build: %w", err)
	}
	return all, nil
}

// Upkeep are the kinds of costs that keep a system alive.
func Upkeep() []CostKind {
	return slices.DeleteFunc(CostKinds(), CostKind.Changes)
}
