package catalogue

import (
	"context"
	"fmt"

	"pilveturg/db"
	"pilveturg/models"
	"pilveturg/models/audit"
)

// CPV is a code of the Common Procurement Vocabulary, Regulation (EC) 213/2008.
type CPV struct {
	Code   string      // "48190000-6"
	Parent string      // the nearest broader code; "" for a division
	Kind   string      // "supplies", "works" or "services"
	Names  models.Text // by language
}

// ReplaceCPV makes the vocabulary be the codes given, and tells how many of them
// were new, named otherwise before, and no longer there. Only administrators do.
func ReplaceCPV(ctx context.Context, tx *db.Tx, codes []CPV) (added, changed, removed int, err error) {
	if !tx.Actor.Is(models.Administrator) {
		return 0, 0, 0, fmt.Errorf("replace CPV: %w", models.ErrForbidden)
	}
	before, err := AllCPV(ctx, tx)
	if err != nil {
		return 0, 0, 0, err
	}
	old := make(map[string]CPV, len(before))
	for _, c := range before {
		old[c.Code] = c
	}
	for _, c := range codes {
		was, ok := old[c.Code]
		switch delete(old, c.Code); {
		case !ok:
			added++
		case was.Parent != c.Parent || was.Kind != c.Kind || !was.Names.Equal(c.Names):
			changed++
		}
	}
	removed = len(old)
	if added+changed+removed == 0 {
		return 0, 0, 0, nil
	}
	if err := writeCPV(ctx, tx, codes); err != nil {
		return 0, 0, 0, fmt.Errorf("replace CPV: %w", err)
	}
	var c audit.Changes
	c.AddNumber("added", added)
	c.AddNumber("changed", changed)
	c.AddNumber("removed", removed)
	return added, changed, removed, audit.Record(ctx, tx, audit.CPVReplaced, fmt.Sprintf("%d codes", len(codes)), c...)
}

func writeCPV(ctx context.Context, tx *db.Tx, codes []CPV) error {
	if _, err := tx.Exec(ctx, `DELETE FROM cpv_codes`); err != nil {
		return err
	}
	rows, names := make([][]any, 0, len(codes)), make([][]any, 0, 2*len(codes))
	for _, c := range codes {
		rows = append(rows, []any{c.Code, db.Null(c.Parent), c.Kind})
		for _, lang := range models.Languages(c.Names) {
			names = append(names, []any{c.Code, lang, c.Names[lang]})
		}
	}
	if err := tx.Insert(ctx, "cpv_codes", []string{"code", "parent", "kind"}, rows); err != nil {
		return err
	}
	return tx.Insert(ctx, "cpv_names", []string{"code", "language", "name"}, names)
}

// AllCPV returns the whole vocabulary, by code.
func AllCPV(ctx context.Context, r db.Reader) ([]CPV, error) {
	return cpv(ctx, r, ``)
}

// FindCPV returns the names of the codes that are known, by code.
func FindCPV(ctx context.Context, r db.Reader, codes []string) (map[string]models.Text, error) {
	marks, args := db.In(codes)
	found, err := cpv(ctx, r, `WHERE c.code IN `+marks, args...)
	if err != nil {
		return nil, err
	}
	names := make(map[string]models.Text, len(found))
	for _, c := range found {
		names[c.Code] = c.Names
	}
	return names, nil
}

func cpv(ctx context.Context, r db.Reader, where string, args ...any) ([]CPV, error) {
	q := `/* catalogue.cpv */
		SELECT c.code, COALESCE(c.parent, '') AS parent, c.kind, n.language, n.name
		FROM cpv_codes c
		JOIN cpv_names n ON n.code = c.code
		` + where + `
		ORDER BY c.code, n.language`
	var rows []struct {
		Code     string `db:"code"`
		Parent   string `db:"parent"`
		Kind     string `db:"kind"`
		Language string `db:"language"`
		Name     string `db:"name"`
	}
	if err := r.Select(ctx, &rows, q, args...); err != nil {
		return nil, fmt.Errorf("CPV codes: %w", err)
	}
	var out []CPV
	for _, w := range rows {
		if n := len(out); n == 0 || out[n-1].Code != w.Code {
			out = append(out, CPV{Code: w.Code, Parent: w.Parent, Kind: w.Kind, Names: models.Text{}})
		}
		out[len(out)-1].Names.Set(w.Language, w.Name)
	}
	return out, nil
}
