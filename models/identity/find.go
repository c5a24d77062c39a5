package identity

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"pilveturg/db"
	"pilveturg/models"
)

// row is an organisation as the database keeps it, without its words.
type row struct {
	ID           int64      `db:"id"`
	Key          models.Key `db:"key"`
	Slug         string     `db:"slug"`
	Kind         Kind       `db:"kind"`
	ParentScheme string     `db:"parent_scheme"`
	ParentCode   string     `db:"parent_code"`
	Country      string     `db:"country"`
	Size         int64      `db:"size"`
	SizeUnit     string     `db:"size_unit"`
	Class        SizeClass  `db:"size_class"`
	Website      string     `db:"website"`
	XRoad        string     `db:"xroad_member"`
	Invented     bool       `db:"invented"`
}

const columns = `
	o.id, o.scheme AS "key.scheme", o.code AS "key.code", o.slug, o.kind,
	COALESCE(p.scheme, '') AS parent_scheme, COALESCE(p.code, '') AS parent_code,
	COALESCE(o.country, '') AS country, o.size, o.size_unit, o.size_class, o.website, o.xroad_member, o.invented
	FROM organisations o
	LEFT JOIN organisations p ON p.id = o.parent_id`

// Find returns the organisation with this id, or [models.ErrNotFound].
func Find(ctx context.Context, r db.Reader, id int64) (Organisation, error) {
	return one(ctx, r, `/* identity.Find */ SELECT `+columns+` WHERE o.id = ?`, id)
}

// FindByKey returns the organisation with this key, or [models.ErrNotFound].
func FindByKey(ctx context.Context, r db.Reader, k models.Key) (Organisation, error) {
	return one(ctx, r, `/* identity.FindByKey */ SELECT `+columns+` WHERE o.scheme = ? AND o.code = ?`, k.Scheme, k.Code)
}

// FindID returns the id of the organisation with this key, or [models.ErrNotFound].
func FindID(ctx context.Context, r db.Reader, k models.Key) (int64, error) {
	const q = `/* identity.FindID */ SELECT id FROM organisations WHERE scheme = ? AND code = ?`
	var id int64
	if err := r.Get(ctx, &id, q, k.Scheme, k.Code); err != nil {
		return 0, fmt.Errorf("organisation %s: %w", k, err)
	}
	return id, nil
}

// FindIDs returns the ids of the organisations with these keys, by key; keys that
// nobody has are absent.
func FindIDs(ctx context.Context, r db.Reader, keys []models.Key) (map[models.Key]int64, error) {
	ids := make(map[models.Key]int64, len(keys))
	if len(keys) == 0 {
		return ids, nil
	}
	args := make([]any, 0, 2*len(keys))
	for _, k := range keys {
		args = append(args, k.Scheme, k.Code)
	}
	q := `/* identity.FindIDs */
		SELECT id, scheme AS "key.scheme", code AS "key.code"
		FROM organisations
		WHERE (scheme, code) IN (VALUES (?, ?)` + strings.Repeat(`, (?, ?)`, len(keys)-1) + `)`
	var rows []struct {
		ID  int64      `db:"id"`
		Key models.Key `db:"key"`
	}
	if err := r.Select(ctx, &rows, q, args...); err != nil {
		return nil, fmt.Errorf("organisations by key: %w", err)
	}
	for _, w := range rows {
		ids[w.Key] = w.ID
	}
	return ids, nil
}

// Revision returns the number of the organisation's last change; every change
// raises it. It fails with [models.ErrNotFound] when the organisation is gone.
func Revision(ctx context.Context, r db.Reader, id int64) (int64, error) {
	const q = `/* identity.Revision */ SELECT revision FROM organisations WHERE id = ?`
	var n int64
	if err := r.Get(ctx, &n, q, id); err != nil {
		return 0, fmt.Errorf("organisation %d: %w", id, err)
	}
	return n, nil
}

func one(ctx context.Context, r db.Reader, q string, args ...any) (Organisation, error) {
	var w row
	if err := r.Get(ctx, &w, q, args...); err != nil {
		return Organisation{}, fmt.Errorf("organisation %v: %w", args, err)
	}
	all, err := withWords(ctx, r, []row{w}, `WHERE organisation_id = ?`, w.ID)
	if err != nil {
		return Organisation{}, fmt.Errorf("organisation %v: %w", args, err)
	}
	return all[0], nil
}

// All calls f with every organisation, parents before their children, so that a
// file of them can be read again from the top.
func All(ctx context.Context, r db.Reader, f func(Organisation) error) error {
	const q = `/* identity.All */ SELECT ` + columns + ` ORDER BY o.scheme, o.code`
	var rows []row
	if err := r.Select(ctx, &rows, q); err != nil {
		return fmt.Errorf("organisations: %w", err)
	}
	all, err := withWords(ctx, r, rows, ``)
	if err != nil {
		return fmt.Errorf("organisations: %w", err)
	}
	for _, o := range parentsFirst(all) {
		if err := f(o); err != nil {
			return err
		}
	}
	return nil
}

// withWords reads the words and markets of rows; where narrows both queries.
func withWords(ctx context.Context, r db.Reader, rows []row, where string, args ...any) ([]Organisation, error) {
	out, at := make([]Organisation, len(rows)), make(map[int64]*Organisation, len(rows))
	for i, w := range rows {
		out[i] = Organisation{
			ID: w.ID, Key: w.Key, Slug: w.Slug, Kind: w.Kind, Parent: models.Key{Scheme: w.ParentScheme, Code: w.ParentCode},
			Country: w.Country, Size: w.Size, SizeUnit: w.SizeUnit, Class: w.Class, Website: w.Website, XRoad: w.XRoad,
			Invented: w.Invented, Names: models.Text{},
		}
		at[w.ID] = &out[i]
	}
	var words []struct {
		ID       int64  `db:"organisation_id"`
		Language string `db:"language"`
		Name     string `db:"name"`
		About    string `db:"about"`
	}
	if err := r.Select(ctx, &words, `SELECT organisation_id, language, name, about FROM organisation_words `+where, args...); err != nil {
		return nil, err
	}
	for _, w := range words {
		if o := at[w.ID]; o != nil {
			o.Names.Set(w.Language, w.Name)
			o.About.Set(w.Language, w.About)
		}
	}
	var markets []struct {
		ID      int64  `db:"organisation_id"`
		Country string `db:"country"`
	}
	if err := r.Select(ctx, &markets, `SELECT organisation_id, country FROM organisation_markets `+where+` ORDER BY country`, args...); err != nil {
		return nil, err
	}
	for _, m := range markets {
		if o := at[m.ID]; o != nil {
			o.Markets = append(o.Markets, m.Country)
		}
	}
	return out, nil
}

// parentsFirst orders organisations so that each stands after its parent.
func parentsFirst(all []Organisation) []Organisation {
	children := map[models.Key][]Organisation{}
	for _, o := range all {
		children[o.Parent] = append(children[o.Parent], o)
	}
	out := make([]Organisation, 0, len(all))
	var add func(models.Key)
	add = func(parent models.Key) {
		for _, o := range children[parent] {
			out = append(out, o)
			add(o.Key)
		}
	}
	add(models.Key{})
	return out
}

func isNotFound(err error) bool { return errors.Is(err, models.ErrNotFound) }

// OperatorID returns the id of who runs the portal, or [models.ErrNotFound].
func OperatorID(ctx context.Context, r db.Reader) (id int64, err error) {
	const q = `/* identity.OperatorID */ SELECT id FROM organisations WHERE kind = 'operator' AND invented = 0 ORDER BY id LIMIT 1`
	if err := r.Get(ctx, &id, q); err != nil {
		return 0, fmt.Errorf("operator: %w", err)
	}
	return id, nil
}
