package catalogue

import (
	"context"
	"fmt"

	"pilveturg/db"
	"pilveturg/models"
)

// Marks is what must be known of an offering before its page is shown: how it is
// addressed, whether it can be shown, and how new all that the page shows is.
type Marks struct {
	Slug      string `db:"slug"`
	Life      Life   `db:"life"`
	Published int    `db:"published"` // number of the version buyers see; 0: none
	Revision  int64  `db:"revision"`  // of the offering
	Releases  int64  `db:"releases"`  // counts the changes of what is said of its releases
	Names     int64  `db:"names"`     // moves when an organisation changes or the CPV codes get their names
}

// Mark returns the marks of an offering with one look at the database, or
// [models.ErrNotFound].
func Mark(ctx context.Context, r db.Reader, id int64) (Marks, error) {
	const q = `/* catalogue.Mark */
		SELECT o.slug, o.life, COALESCE(o.published, 0) AS published, o.revision,
			COALESCE((SELECT revision FROM release_revisions WHERE offering_id = o.id), 0) AS releases,
			2 * (SELECT value FROM organisation_revision WHERE one = 1) + COALESCE((SELECT 1 FROM cpv_codes LIMIT 1), 0) AS names
		FROM offerings o
		WHERE o.id = ?`
	var m Marks
	if err := r.Get(ctx, &m, q, id); err != nil {
		return Marks{}, fmt.Errorf("offering %s: %w", Number(id), err)
	}
	return m, nil
}

// Release is a version that buyers see or have seen, without what it says.
type Release struct {
	Number    int         `db:"number"`
	State     State       `db:"state"` // Published or Superseded
	Published models.Date `db:"published_on"`
	Checked   models.Date `db:"checked_on"`
	Note      models.Text // what changed, in a sentence
}

// Releases returns the versions of an offering that buyers see or have seen, the
// newest first.
func Releases(ctx context.Context, r db.Reader, id int64) ([]Release, error) {
	const q = `/* catalogue.Releases */
		SELECT number, state, published_on, checked_on
		FROM versions
		WHERE offering_id = ? AND state IN ('published', 'superseded')
		ORDER BY number DESC`
	var all []Release
	if err := r.Select(ctx, &all, q, id); err != nil {
		return nil, fmt.Errorf("versions of %s: %w", Number(id), err)
	}
	at := make(map[int]*Release, len(all))
	for i := range all {
		at[all[i].Number] = &all[i]
	}
	const notes = `/* catalogue.Releases */ SELECT number, language, words FROM version_notes WHERE offering_id = ?`
	var words []struct {
		Number   int    `db:"number"`
		Language string `db:"language"`
		Words    string `db:"words"`
	}
	if err := r.Select(ctx, &words, notes, id); err != nil {
		return nil, fmt.Errorf("notes on the versions of %s: %w", Number(id), err)
	}
	for _, w := range words {
		if v := at[w.Number]; v != nil {
			v.Note.Set(w.Language, w.Words)
		}
	}
	return all, nil
}
