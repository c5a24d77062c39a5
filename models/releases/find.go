package releases

import (
	"context"
	"fmt"

	"pilveturg/db"
	"pilveturg/models"
	"pilveturg/models/catalogue"
)

const releaseColumns = `id, offering_id, released_on, version, link, guid IS NOT NULL AS read, revision`

// List returns a page of the releases of an offering, the newest first.
func List(ctx context.Context, r db.Reader, offering int64, p models.Page) ([]Release, error) {
	const q = `/* releases.List */
		SELECT ` + releaseColumns + ` FROM releases
		WHERE offering_id = ? AND hidden = 0
		ORDER BY released_on DESC, id DESC LIMIT ? OFFSET ?`
	var all []Release
	if err := r.Select(ctx, &all, q, offering, p.Size, p.Offset()); err != nil {
		return nil, fmt.Errorf("releases of %s: %w", catalogue.Number(offering), err)
	}
	return all, addWords(ctx, r, all)
}

// Count counts the releases of an offering.
func Count(ctx context.Context, r db.Reader, offering int64) (n int, err error) {
	const q = `/* releases.Count */ SELECT COUNT(*) FROM releases WHERE offering_id = ? AND hidden = 0`
	if err = r.Get(ctx, &n, q, offering); err != nil {
		err = fmt.Errorf("releases of %s: %w", catalogue.Number(offering), err)
	}
	return n, err
}

// FindOwn returns a release of an offering whose releases the actor keeps, or
// [models.ErrNotFound].
func FindOwn(ctx context.Context, r db.Reader, a models.Actor, offering, id int64) (Release, error) {
	if _, err := own(ctx, r, a, offering); err != nil {
		return Release{}, err
	}
	const q = `/* releases.FindOwn */ SELECT ` + releaseColumns + ` FROM releases WHERE offering_id = ? AND id = ? AND hidden = 0`
	all := make([]Release, 1)
	if err := r.Get(ctx, &all[0], q, offering, id); err != nil {
		return Release{}, fmt.Errorf("release %d of %s: %w", id, catalogue.Number(offering), err)
	}
	if err := addWords(ctx, r, all); err != nil {
		return Release{}, err
	}
	return all[0], nil
}

// OwnOffering returns an offering whose releases the actor keeps, or
// [models.ErrNotFound].
func OwnOffering(ctx context.Context, r db.Reader, a models.Actor, offering int64) (catalogue.Offering, error) {
	return own(ctx, r, a, offering)
}

// addWords reads the titles and texts of releases.
func addWords(ctx context.Context, r db.Reader, all []Release) error {
	ids, at := make([]int64, len(all)), make(map[int64]*Release, len(all))
	for i := range all {
		ids[i], at[all[i].ID] = all[i].ID, &all[i]
	}
	const words = `/* releases.addWords */ SELECT release_id, language, title, text FROM release_words WHERE release_id IN `
	marks, args := db.In(ids)
	var rows []struct {
		ID       int64  `db:"release_id"`
		Language string `db:"language"`
		Title    string `db:"title"`
		Text     string `db:"text"`
	}
	if err := r.Select(ctx, &rows, words+marks, args...); err != nil {
		return fmt.Errorf("words of releases: %w", err)
	}
	for _, w := range rows {
		at[w.ID].Titles.Set(w.Language, w.Title)
		at[w.ID].Texts.Set(w.Language, w.Text)
	}
	return nil
}

// Rhythm is how often a service has releases.
type Rhythm struct {
	Last    models.Date `db:"last"`    // day of the newest release
	Version string      `db:"version"` // of it; may be ""
	Year    int         `db:"year"`    // releases in the last 12 months
}

// Rhythms returns how often each of the offerings has releases, for the 12 months that
// end today; absent are those of which no release is known. Entries of one version, or
// of one day when they name none, count as one release, so that a notice of its own and
// an entry of the feed are not two.
func Rhythms(ctx context.Context, r db.Reader, offerings []int64, today models.Date) (map[int64]Rhythm, error) {
	const q = `/* releases.Rhythms */
		SELECT s.offering_id, s.last, s.year,
			COALESCE((SELECT n.version FROM releases n WHERE n.offering_id = s.offering_id AND n.hidden = 0 AND n.released_on = s.last
				ORDER BY CASE WHEN n.version = '' THEN 1 ELSE 0 END, n.id DESC LIMIT 1), '') AS version
		FROM (
			SELECT offering_id, MAX(released_on) AS last,
				COUNT(DISTINCT CASE WHEN released_on <= ? THEN NULL WHEN version = '' THEN released_on ELSE version END) AS year
			FROM releases
			WHERE hidden = 0 AND offering_id IN `
	marks, args := db.In(offerings)
	var rows []struct {
		Offering int64 `db:"offering_id"`
		Rhythm
	}
	if err := r.Select(ctx, &rows, q+marks+` GROUP BY offering_id) s`, append([]any{today.AddMonths(-12)}, args...)...); err != nil {
		return nil, fmt.Errorf("releases of %d offerings: %w", len(offerings), err)
	}
	all := make(map[int64]Rhythm, len(rows))
	for _, w := range rows {
		all[w.Offering] = w.Rhythm
	}
	return all, nil
}
