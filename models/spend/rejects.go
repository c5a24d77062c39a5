package spend

import (
	"context"
	"fmt"
	"iter"

	"pilveturg/db"
	"pilveturg/models"
)

// Rejects returns rows of a batch of the actor's books that are no charges.
func Rejects(ctx context.Context, r db.Reader, a models.Actor, batch int64, p models.Page) (all []Reject, err error) {
	if _, err := FindBatch(ctx, r, a, batch); err != nil {
		return nil, err
	}
	q := rejectsOf + ` LIMIT ? OFFSET ?`
	if err := r.Select(ctx, &all, q, batch, p.Size, p.Offset()); err != nil {
		return nil, fmt.Errorf("rejects of batch %d: %w", batch, err)
	}
	for i := range all {
		read(all[i].Text, &all[i].Problem)
	}
	return all, nil
}

const rejectsOf = `/* spend.Rejects */ SELECT line, raw, problem FROM ledger_rejects WHERE batch_id = ? ORDER BY line`

// EachReject yields all rows of a batch of the actor's books that are no charges.
func EachReject(ctx context.Context, r db.Reader, a models.Actor, batch int64) (iter.Seq2[Reject, error], error) {
	if _, err := FindBatch(ctx, r, a, batch); err != nil {
		return nil, err
	}
	return func(yield func(Reject, error) bool) {
		for one, err := range db.Each[Reject](ctx, r, rejectsOf, batch) {
			read(one.Text, &one.Problem)
			if !yield(one, err) || err != nil {
				return
			}
		}
	}, nil
}
