package identity

import (
	"context"
	"fmt"

	"pilveturg/db"
	"pilveturg/models"
)

// Brief is what a page that is about something else shows of an organisation.
type Brief struct {
	ID      int64  `db:"id"`
	Slug    string `db:"slug"`
	Kind    Kind   `db:"kind"`
	Country string `db:"country"` // ISO 3166-1 alpha-2; "" when not known
	Names   models.Text
}

// Briefs returns the organisations with these ids, by id; those that are gone are
// left out.
func Briefs(ctx context.Context, r db.Reader, ids []int64) (map[int64]Brief, error) {
	marks, args := db.In(ids)
	var all []Brief
	q := `/* identity.Briefs */ SELECT id, slug, kind, COALESCE(country, '') AS country FROM organisations WHERE id IN ` + marks
	if err := r.Select(ctx, &all, q, args...); err != nil {
		return nil, fmt.Errorf("organisations: %w", err)
	}
	var names []struct {
		ID       int64  `db:"organisation_id"`
		Language string `db:"language"`
		Name     string `db:"name"`
	}
	q = `/* identity.Briefs */ SELECT organisation_id, language, name FROM organisation_words WHERE organisation_id IN ` + marks
	if err := r.Select(ctx, &names, q, args...); err != nil {
		return nil, fmt.Errorf("names of organisations: %w", err)
	}
	byID := make(map[int64]Brief, len(all))
	for _, o := range all {
		o.Names = models.Text{}
		byID[o.ID] = o
	}
	for _, w := range names {
		if o, ok := byID[w.ID]; ok {
			o.Names.Set(w.Language, w.Name)
		}
	}
	return byID, nil
}
