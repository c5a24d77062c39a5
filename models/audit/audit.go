package audit

import (
	"context"
	"fmt"
	"strconv"

	"pilveturg/db"
	"pilveturg/models"
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

	Sealed    Action = "audit.sealed"    // events of a program that knew no chain were taken into it
	Erased    Action = "audit.erased"    // what is personal about somebody
	Forgotten Action = "audit.forgotten" // network addresses
	Verified  Action = "audit.verified"
)

// Change is what became of one field of the subject, as exact text: a number in
// decimal, a moment in RFC 3339, a yes or no as "yes" and "no", a list as JSON.
type Change struct {
	Field  string `json:"field"`            // "website"; "names.et" for the words in a language
	Old    string `json:"old,omitempty"`    // "" when there was nothing
	New    string `json:"new,omitempty"`    // "" when there is nothing
	Person int64  `json:"person,omitempty"` // the account that both values are about, so that they can be erased; 0 when they are about nobody
}

// Changes gathers what became of the fields of a subject.
type Changes []Change

// Add notes a field, unless it stays the same.
func (c *Changes) Add(field, before, after string) {
	if before != after {
		*c = append(*c, Change{Field: field, Old: before, New: after})
	}
}

// AddText notes a text in each language in which it does not stay the same.
func (c *Changes) AddText(field string, before, after models.Text) {
	for _, lang := range models.Languages(before, after) {
		c.Add(field+"."+lang, before[lang], after[lang])
	}
}

// AddFlag notes a yes or no, unless it stays the same.
func (c *Changes) AddFlag(field string, before, after bool) { c.Add(field, flag(before), flag(after)) }

// AddNumber notes how many there are of what the field names, unless there are none.
func (c *Changes) AddNumber(field string, n int) {
	if n != 0 {
		c.Add(field, "", strconv.Itoa(n))
	}
}

func flag(yes bool) string {
	if yes {
		return "yes"
	}
	return "no"
}

// Record notes that the actor of tx did action to subject, and what changed by it.
// The note is kept if, and only if, the transaction is; it is written as the last
// thing before the commit, and cannot be read before.
func Record(ctx context.Context, tx *db.Tx, action Action, subject string, changes ...Change) error {
	err := ctx.Err()
	if err == nil {
		err = gather(tx, action, subject, changes)
	}
	if err != nil {
		return fmt.Errorf("audit %s %s: %w", action, subject, err)
	}
	return nil
}

func gather(tx *db.Tx, action Action, subject string, changes []Change) error {
	n := note{action: action, subject: subject}
	if err := n.take(changes); err != nil {
		return err
	}
	return db.Gather(tx, n, func(ctx context.Context, all []note) error {
		if err := add(ctx, tx, all); err != nil {
			return fmt.Errorf("audit %d events: %w", len(all), err)
		}
		return nil
	})
}
