package identity

import (
	"context"
	"fmt"
	"strings"

	"pilveturg/db"
	"pilveturg/models"
)

// Listed is what a list of organisations shows of each.
type Listed struct {
	Brief
	Key      models.Key
	ParentID int64 // 0 when there is none
	Members  int   // people who act for it now
	Invented bool
}

// OrganisationFilter says which organisations are wanted: those that fit everything
// that is set.
type OrganisationFilter struct {
	IDs    []int64 // any of them; nil: whatever, empty: none
	Kind   Kind
	Parent int64 // the body that they belong to, or that they are
}

// Organisations returns the organisations that fit, in the order in which they were
// made.
func Organisations(ctx context.Context, r db.Reader, f OrganisationFilter) ([]Listed, error) {
	where, args := f.where()
	q := `/* identity.Organisations */
		SELECT o.id, o.scheme AS "key.scheme", o.code AS "key.code", o.slug, o.kind, COALESCE(o.country, '') AS country, COALESCE(o.parent_id, 0) AS parent, o.invented,
			COALESCE((SELECT string_agg(w.language || ':' || w.name, '` + between + `') FROM organisation_words w WHERE w.organisation_id = o.id), '') AS names,
			(SELECT count(*) FROM memberships m WHERE m.organisation_id = o.id AND m.ended_at IS NULL) AS members
		FROM organisations o
		WHERE ` + where + ` ORDER BY o.id`
	var rows []struct {
		Brief
		Key      models.Key `db:"key"`
		Parent   int64      `db:"parent"`
		Invented bool       `db:"invented"`
		Words    string     `db:"names"`
		Members  int        `db:"members"`
	}
	if err := r.Select(ctx, &rows, q, args...); err != nil {
		return nil, fmt.Errorf("organisations: %w", err)
	}
	all := make([]Listed, len(rows))
	for i, w := range rows {
		all[i] = Listed{Brief: w.Brief, Key: w.Key, ParentID: w.Parent, Members: w.Members, Invented: w.Invented}
		all[i].Names = namesIn(w.Words)
	}
	return all, nil
}

func (f OrganisationFilter) where() (string, []any) {
	cond, args := []string{`1 = 1`}, []any(nil)
	if f.IDs != nil {
		marks, ids := db.In(f.IDs)
		cond, args = append(cond, `o.id IN `+marks), append(args, ids...)
	}
	if f.Kind != "" {
		cond, args = append(cond, `o.kind = ?`), append(args, f.Kind)
	}
	if f.Parent != 0 {
		cond, args = append(cond, `(o.parent_id = ? OR o.id = ?)`), append(args, f.Parent, f.Parent)
	}
	return strings.Join(cond, ` AND `), args
}

// namesIn reads names that a query has put together, each with its language.
func namesIn(words string) models.Text {
	names := models.Text{}
	for _, name := range strings.Split(words, between) {
		lang, words, _ := strings.Cut(name, ":")
		names.Set(lang, words)
	}
	return names
}
