package audit

import (
	"context"
	"fmt"

	"pilveturg/db"
)

// Action names what was done, as "noun.verb".
type Action string

// The actions.
const (
	OrganisationAdded   Action = "organisation.added"
	OrganisationChanged Action = "organisation.changed"
	OrganisationRemoved Action = "organisation.removed"
	OfferingAdded       Action = "offering.added"
	OfferingChanged     Action = "offering.changed"
	OfferingRemoved     Action = "offering.removed"
	CPVReplaced         Action = "cpv.replaced"
	ImportDone          Action = "import.done"
	ImportUndone        Action = "import.undone"
)

// Record notes that the actor of tx did action to subject. The note is kept if,
// and only if, the transaction is.
func Record(ctx context.Context, tx *db.Tx, action Action, subject string) error {
	const q = `INSERT INTO audit_events (at, actor, action, subject) VALUES (?, ?, ?, ?)`
	if _, err := tx.Exec(ctx, q, tx.Now, tx.Actor.Name(), action, subject); err != nil {
		return fmt.Errorf("audit %s %s: %w", action, subject, err)
	}
	return nil
}
