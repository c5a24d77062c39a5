package spend

import (
	"context"
	"fmt"

	"pilveturg/db"
)

// Revision moves whenever a sum of the ledger changes, or whose it is: what was worked out
// of them holds as long as it stays. It moves with organisations too.
func Revision(ctx context.Context, r db.Reader) (n int64, err error) {
	const q = `/* spend.Revision */ SELECT l.value + o.value FROM ledger_revision l JOIN organisation_revision o ON o.one = l.one`
	if err := r.Get(ctx, &n, q); err != nil {
		return 0, fmt.Errorf("revision of the ledger: %w", err)
	}
	return n, nil
}

// move moves the revision.
func move(ctx context.Context, tx *db.Tx) error {
	_, err := tx.Exec(ctx, `UPDATE ledger_revision SET value = value + 1 WHERE one = 1`)
	return err
}

// Moved says that something beside the ledger changed on which answers about money stand,
// such as what is owned: answers that were worked out are kept no longer.
func Moved(ctx context.Context, tx *db.Tx) error { return move(ctx, tx) }
