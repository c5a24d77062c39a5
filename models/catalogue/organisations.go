package catalogue

import (
	"context"
	"fmt"

	"pilveturg/db"
	"pilveturg/models"
)

// CountUsed returns how many offerings that buyers can see each organisation uses
// now, by organisation; those that use none are absent.
func CountUsed(ctx context.Context, r db.Reader) (map[int64]int, error) {
	const q = `/* catalogue.CountUsed */
		SELECT u.organisation_id AS id, COUNT(DISTINCT u.offering_id) AS n
		FROM uses u
		JOIN offerings o ON o.id = u.offering_id
		WHERE u.phase = 'in_use' AND ` + visible + `
		GROUP BY u.organisation_id`
	rows, err := counted(ctx, r, q)
	if err != nil {
		return nil, fmt.Errorf("count what is used: %w", err)
	}
	counts := make(map[int64]int, len(rows))
	for _, w := range rows {
		counts[w.ID] = w.N
	}
	return counts, nil
}

// Counted is an organisation and how many of something it has.
type Counted struct {
	ID int64 `db:"id"`
	N  int   `db:"n"`
}

// UsersIn returns the organisations that use offerings in any of the categories
// now, and how many of those offerings each uses, the most first.
func UsersIn(ctx context.Context, r db.Reader, slugs []string) ([]Counted, error) {
	marks, args := db.In(slugs)
	q := `/* catalogue.UsersIn */
		SELECT u.organisation_id AS id, COUNT(DISTINCT o.id) AS n
		FROM (SELECT DISTINCT offering_id, number FROM version_categories WHERE category IN ` + marks + `) c
		JOIN offerings o ON o.id = c.offering_id AND o.published = c.number
		JOIN uses u ON u.offering_id = o.id AND u.phase = 'in_use'
		WHERE ` + visible + `
		GROUP BY u.organisation_id
		ORDER BY n DESC, id`
	rows, err := counted(ctx, r, q, args...)
	if err != nil {
		return nil, fmt.Errorf("users in %v: %w", slugs, err)
	}
	return rows, nil
}

func counted(ctx context.Context, r db.Reader, q string, args ...any) (rows []Counted, err error) {
	return rows, r.Select(ctx, &rows, q, args...)
}

// UsersOfVendor returns how many organisations use one of a vendor's offerings now.
func UsersOfVendor(ctx context.Context, r db.Reader, vendor int64) (int, error) {
	const q = `/* catalogue.UsersOfVendor */
		SELECT COUNT(DISTINCT u.organisation_id)
		FROM uses u
		JOIN offerings o ON o.id = u.offering_id
		WHERE o.vendor_id = ? AND u.phase = 'in_use' AND ` + visible
	var n int
	if err := r.Get(ctx, &n, q, vendor); err != nil {
		return 0, fmt.Errorf("users of vendor %d: %w", vendor, err)
	}
	return n, nil
}

// CountUses returns how many uses the organisations have in each phase, of the
// offerings that were ever published.
func CountUses(ctx context.Context, r db.Reader, organisations []int64) (map[Phase]int, error) {
	marks, args := db.In(organisations)
	q := `/* catalogue.CountUses */
		SELECT u.phase, COUNT(*) AS n
		FROM uses u
		JOIN offerings o ON o.id = u.offering_id AND o.published IS NOT NULL
		WHERE u.organisation_id IN ` + marks + `
		GROUP BY u.phase`
	var rows []struct {
		Phase Phase `db:"phase"`
		N     int   `db:"n"`
	}
	if err := r.Select(ctx, &rows, q, args...); err != nil {
		return nil, fmt.Errorf("count uses: %w", err)
	}
	counts := map[Phase]int{}
	for _, w := range rows {
		counts[w.Phase] = w.N
	}
	return counts, nil
}

// Uses returns a page of what the organisations use, of the offerings that were
// ever published: what is in use, then what is planned, then what has ended, each
// with the newest first.
func Uses(ctx context.Context, r db.Reader, organisations []int64, p models.Page) ([]User, error) {
	marks, args := db.In(organisations)
	q := `/* catalogue.Uses */ ` + useSelect + `
		JOIN offerings o ON o.id = u.offering_id AND o.published IS NOT NULL
		WHERE u.organisation_id IN ` + marks + `
		ORDER BY CASE u.phase WHEN 'in_use' THEN 0 WHEN 'planned' THEN 1 ELSE 2 END,
			COALESCE(u.since, '') DESC, u.offering_id, u.organisation_id, u.part
		LIMIT ? OFFSET ?`
	var uses []User
	if err := r.Select(ctx, &uses, q, append(args, p.Size, p.Offset())...); err != nil {
		return nil, fmt.Errorf("uses: %w", err)
	}
	return uses, nil
}

// Certificate is one that an offering of a vendor holds, as its published version
// says.
type Certificate struct {
	OfferingID int64       `db:"offering_id"`
	Question   string      `db:"question"` // id in the schema: which certificate
	Number     string      `db:"value"`
	Issuer     string      `db:"issuer"`
	By         Said        `db:"said_by"`
	Proof      Proof       `db:"proof"`
	Until      models.Date `db:"until"`
}

// Certificates returns the certificates of a vendor's offerings that buyers can
// see, among the answers to the questions.
func Certificates(ctx context.Context, r db.Reader, vendor int64, questions []string) ([]Certificate, error) {
	marks, args := db.In(questions)
	q := `/* catalogue.Certificates */
		SELECT a.offering_id, a.question, w.value, a.issuer, a.said_by, a.proof, a.until
		FROM offerings o
		JOIN answers a ON a.offering_id = o.id AND a.number = o.published
		JOIN answer_values w ON w.offering_id = a.offering_id AND w.number = a.number AND w.answer = a.position
		WHERE o.vendor_id = ? AND ` + visible + ` AND w.value <> 'no' AND a.question IN ` + marks + `
		ORDER BY o.id, a.position, w.position`
	var all []Certificate
	if err := r.Select(ctx, &all, q, append([]any{vendor}, args...)...); err != nil {
		return nil, fmt.Errorf("certificates of vendor %d: %w", vendor, err)
	}
	return all, nil
}

// VendorSources returns the public places in which the facts about a vendor's
// offerings were read, each once, the latest read first.
func VendorSources(ctx context.Context, r db.Reader, vendor int64) ([]Source, error) {
	const q = `/* catalogue.VendorSources */
		SELECT s.title, s.url, MAX(s.seen) AS seen
		FROM offerings o
		JOIN version_sources s ON s.offering_id = o.id AND s.number = o.published
		WHERE o.vendor_id = ? AND ` + visible + `
		GROUP BY s.title, s.url
		ORDER BY COALESCE(MAX(s.seen), '') DESC, s.title, s.url`
	var all []Source
	if err := r.Select(ctx, &all, q, vendor); err != nil {
		return nil, fmt.Errorf("sources of vendor %d: %w", vendor, err)
	}
	return all, nil
}
