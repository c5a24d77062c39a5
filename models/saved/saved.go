package saved

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"

	"pilveturg/db"
	"pilveturg/models"
	"pilveturg/models/audit"
)

// Kind says what is kept.
type Kind string

// The kinds.
const (
	Search     Kind = "search"
	Comparison Kind = "comparison"
)

// How much is kept.
const (
	MaxItems = 100   // of a person for an organisation
	MaxName  = 100   // characters
	MaxQuery = 4000  // bytes
	MaxFound = 2_000 // ids; of more than that only how many they were
)

// Item is a search or a comparison that somebody keeps.
type Item struct {
	ID    int64       `db:"id"`
	Kind  Kind        `db:"kind"`
	Name  string      `db:"name"`
	Query string      `db:"query"` // of the address
	Found string      `db:"found"` // see [Item.New]
	Total int         `db:"total"`
	At    models.Time `db:"looked_at"`
}

const (
	made    audit.Action = "saved.made"
	changed audit.Action = "saved.changed"
	removed audit.Action = "saved.removed"
)

const columns = `s.id, s.kind, s.name, s.query, s.found, s.total, s.looked_at FROM saved_items s WHERE s.account_id = ? AND s.organisation_id = ?`

// All returns what the actor keeps for the organisation acted for, by name.
func All(ctx context.Context, r db.Reader, a models.Actor) ([]Item, error) {
	var all []Item
	if err := r.Select(ctx, &all, `/* saved.All */ SELECT `+columns+` ORDER BY s.name, s.id`, a.AccountID, a.OrgID); err != nil {
		return nil, fmt.Errorf("saved searches: %w", err)
	}
	return all, nil
}

// Find returns one of them, or [models.ErrNotFound].
func Find(ctx context.Context, r db.Reader, a models.Actor, id int64) (Item, error) {
	var i Item
	if err := r.Get(ctx, &i, `/* saved.Find */ SELECT `+columns+` AND s.id = ?`, a.AccountID, a.OrgID, id); err != nil {
		return i, fmt.Errorf("saved search %d: %w", id, err)
	}
	return i, nil
}

// Keep keeps an item under its name, with what it finds now. What is kept under the name
// already gives way when replace says so, and otherwise it fails with [models.Invalid]
// under "name". It sets i.ID.
func Keep(ctx context.Context, tx *db.Tx, i *Item, found []int64, replace bool) error {
	if !tx.Actor.SignedIn() || tx.Actor.OrgID == 0 {
		return fmt.Errorf("save a search: %w", models.ErrForbidden)
	}
	i.Name = strings.Join(strings.Fields(i.Name), " ")
	if err := i.check(); err != nil {
		return err
	}
	all, err := All(ctx, tx, tx.Actor)
	if err != nil {
		return err
	}
	i.look(found)
	for _, before := range all {
		if before.Name != i.Name {
			continue
		}
		if before.Kind == i.Kind && before.Query == i.Query {
			i.ID = before.ID
			return nil // it is kept already, as after a form that was sent twice
		}
		if !replace {
			return models.Invalid{"name": "saved.name_taken"}
		}
		i.ID = before.ID
		return i.change(ctx, tx, before)
	}
	if len(all) >= MaxItems {
		return models.Invalid{"name": "saved.too_many"}
	}
	const q = `INSERT INTO saved_items (account_id, organisation_id, kind, name, query, found, total, looked_at, created_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING id`
	if err := tx.Get(ctx, &i.ID, q, tx.Actor.AccountID, tx.Actor.OrgID, i.Kind, i.Name, i.Query, i.Found, i.Total, tx.Now, tx.Now); err != nil {
		return fmt.Errorf("save a search: %w", err)
	}
	return audit.Record(ctx, tx, made, subject(i.ID), audit.Change{Field: "name", New: i.Name})
}

func (i *Item) check() error {
	wrong := models.Invalid{}
	if n := utf8.RuneCountInString(i.Name); n == 0 || n > MaxName {
		wrong["name"] = "saved.name_missing"
	}
	if i.Kind != Search && i.Kind != Comparison || len(i.Query) > MaxQuery {
		wrong["name"] = "saved.query_long"
	}
	return wrong.Or()
}

func (i *Item) change(ctx context.Context, tx *db.Tx, before Item) error {
	const q = `UPDATE saved_items SET kind = ?, query = ?, found = ?, total = ?, looked_at = ? WHERE id = ?`
	if _, err := tx.Exec(ctx, q, i.Kind, i.Query, i.Found, i.Total, tx.Now, i.ID); err != nil {
		return fmt.Errorf("saved search %d: %w", i.ID, err)
	}
	return audit.Record(ctx, tx, changed, subject(i.ID), audit.Change{Field: "search", Old: before.Query, New: i.Query})
}

func subject(id int64) string { return fmt.Sprintf("saved search %d", id) }

// Look notes that the actor looks at a search, which finds these now.
func Look(ctx context.Context, tx *db.Tx, id int64, found []int64) error {
	i, err := Find(ctx, tx, tx.Actor, id)
	if err != nil {
		return err
	}
	i.look(found)
	if _, err := tx.Exec(ctx, `UPDATE saved_items SET found = ?, total = ?, looked_at = ? WHERE id = ?`, i.Found, i.Total, tx.Now, id); err != nil {
		return fmt.Errorf("saved search %d: %w", id, err)
	}
	return nil
}

// Remove forgets an item; one that is not there is as good.
func Remove(ctx context.Context, tx *db.Tx, id int64) error {
	n, err := tx.Exec(ctx, `DELETE FROM saved_items WHERE id = ? AND account_id = ? AND organisation_id = ?`, id, tx.Actor.AccountID, tx.Actor.OrgID)
	switch {
	case err != nil:
		return fmt.Errorf("saved search %d: %w", id, err)
	case n == 0:
		return fmt.Errorf("saved search %d: %w", id, models.ErrNotFound)
	}
	return audit.Record(ctx, tx, removed, subject(id))
}

// Forget removes all that an account keeps.
func Forget(ctx context.Context, tx *db.Tx, account int64) error {
	_, err := tx.Exec(ctx, `DELETE FROM saved_items WHERE account_id = ?`, account)
	return err
}

// look keeps what a search finds.
func (i *Item) look(found []int64) {
	i.Found, i.Total = "", len(found)
	if len(found) > MaxFound {
		return
	}
	var b strings.Builder
	for _, id := range found {
		b.WriteString(strconv.FormatInt(id, 10))
		b.WriteByte(' ')
	}
	i.Found = strings.TrimSpace(b.String())
}

// New tells how many of these were not found at the last look, and how many of those are
// gone. It is not ok where there were too many to keep, or are now.
func (i *Item) New(found []int64) (more, fewer int, ok bool) {
	if i.Total > MaxFound || len(found) > MaxFound {
		return 0, 0, false
	}
	before := map[string]bool{}
	for _, id := range strings.Fields(i.Found) {
		before[id] = true
	}
	for _, id := range found {
		if !before[strconv.FormatInt(id, 10)] {
			more++
		}
	}
	return more, len(before) - (len(found) - more), true
}
