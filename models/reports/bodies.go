package reports

import (
	"context"
	"fmt"

	"pilveturg/db"
)

// body is an organisation with what it belongs to.
type body struct {
	ID     int64  `db:"id"`
	Parent int64  `db:"parent_id"`
	Kind   string `db:"kind"`
	Class  string `db:"size_class"`
}

// bodies are all organisations that names in the ledger are known to be, and those above
// them.
func bodies(ctx context.Context, r db.Reader) (map[int64]body, error) {
	const q = `/* reports.bodies */ WITH RECURSIVE up (id) AS (SELECT DISTINCT is_id FROM ledger_names WHERE is_id IS NOT NULL UNION SELECT o.parent_id FROM organisations o JOIN up u ON u.id = o.id WHERE o.parent_id IS NOT NULL)
		SELECT o.id, COALESCE(o.parent_id, 0) AS parent_id, o.kind, COALESCE(o.size_class, '') AS size_class FROM organisations o JOIN up u ON u.id = o.id`
	all := map[int64]body{}
	for b, err := range db.Each[body](ctx, r, q) {
		if err != nil {
			return nil, fmt.Errorf("bodies of the ledger: %w", err)
		}
		all[b.ID] = b
	}
	return all, nil
}

// tops are the highest bodies above bodies of the ledger; of those below one that is asked
// for, the ones directly below it.
func tops(ctx context.Context, r db.Reader, under int64) (map[int64]body, error) {
	all, err := bodies(ctx, r)
	if err != nil {
		return nil, err
	}
	above := make(map[int64]body, len(all))
	for id, b := range all {
		for range all { // a body is not above itself, so that this ends
			up, ok := all[b.Parent]
			if !ok || b.Parent == under || b.ID == under {
				break
			}
			b = up
		}
		above[id] = b
	}
	return above, nil
}
