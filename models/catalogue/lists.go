package catalogue

import (
	"context"
	"encoding/json"
	"fmt"

	"pilveturg/db"
	"pilveturg/models"
	"pilveturg/models/pricing"
)

// Card is what a list shows of an offering: of its published version, and around it.
type Card struct {
	Offering
	Words     map[string]Words // by language
	Vendor    models.Text      // the vendor's names
	VendorURL string           // slug of the vendor, for its address
	Plans     []pricing.Plan
	DemoPrice bool
	PublicOn  models.Date // the day the version was published
	Users     int         // organisations that use it now
}

// visible is what lists show: buyers can see it, and it can still be read.
const visible = `o.published IS NOT NULL AND o.life <> 'withdrawn'`

// InCategories returns a page of the ids of the offerings in any of the categories,
// the most used first, and how many there are in all.
func InCategories(ctx context.Context, r db.Reader, slugs []string, p models.Page) (ids []int64, total int, err error) {
	marks, args := db.In(slugs)
	const count = `/* catalogue.InCategories */
		SELECT COUNT(DISTINCT o.id)
		FROM version_categories c
		JOIN offerings o ON o.id = c.offering_id AND o.published = c.number
		WHERE ` + visible + ` AND c.category IN `
	if err := r.Get(ctx, &total, count+marks, args...); err != nil {
		return nil, 0, fmt.Errorf("offerings in %v: %w", slugs, err)
	}
	q := `/* catalogue.InCategories */
		SELECT o.id
		FROM (SELECT DISTINCT offering_id, number FROM version_categories WHERE category IN ` + marks + `) c
		JOIN offerings o ON o.id = c.offering_id AND o.published = c.number
		LEFT JOIN (SELECT offering_id, COUNT(*) AS n FROM uses WHERE phase = 'in_use' GROUP BY offering_id) u ON u.offering_id = o.id
		WHERE ` + visible + `
		ORDER BY COALESCE(u.n, 0) DESC, o.id
		LIMIT ? OFFSET ?`
	err = r.Select(ctx, &ids, q, append(args, p.Size, p.Offset())...)
	if err != nil {
		return nil, 0, fmt.Errorf("offerings in %v: %w", slugs, err)
	}
	return ids, total, nil
}

// OfVendor returns the ids of a vendor's offerings that buyers can see, oldest first.
func OfVendor(ctx context.Context, r db.Reader, vendor int64) (ids []int64, err error) {
	const q = `/* catalogue.OfVendor */ SELECT o.id FROM offerings o WHERE o.vendor_id = ? AND ` + visible + ` ORDER BY o.id`
	if err := r.Select(ctx, &ids, q, vendor); err != nil {
		return nil, fmt.Errorf("offerings of vendor %d: %w", vendor, err)
	}
	return ids, nil
}

// Newest returns the ids of the n offerings whose published version is newest.
func Newest(ctx context.Context, r db.Reader, n int) (ids []int64, err error) {
	const q = `/* catalogue.Newest */
		SELECT o.id
		FROM offerings o
		JOIN versions v ON v.offering_id = o.id AND v.number = o.published
		WHERE ` + visible + `
		ORDER BY v.published_on DESC, o.id DESC
		LIMIT ?`
	if err := r.Select(ctx, &ids, q, n); err != nil {
		return nil, fmt.Errorf("newest offerings: %w", err)
	}
	return ids, nil
}

// CountByCategory returns how many offerings that buyers can see stand in each
// category itself, its sub-categories not included.
func CountByCategory(ctx context.Context, r db.Reader) (map[string]int, error) {
	const q = `/* catalogue.CountByCategory */
		SELECT c.category, COUNT(*) AS n
		FROM version_categories c
		JOIN offerings o ON o.id = c.offering_id AND o.published = c.number
		WHERE ` + visible + `
		GROUP BY c.category`
	var rows []struct {
		Category string `db:"category"`
		N        int    `db:"n"`
	}
	if err := r.Select(ctx, &rows, q); err != nil {
		return nil, fmt.Errorf("count by category: %w", err)
	}
	counts := make(map[string]int, len(rows))
	for _, w := range rows {
		counts[w.Category] = w.N
	}
	return counts, nil
}

// Totals are the numbers the home page shows.
type Totals struct {
	Offerings int `db:"offerings"` // that buyers can see
	Vendors   int `db:"vendors"`   // of those offerings
	Users     int `db:"users"`     // organisations that use one of them now
}

// CountAll returns the totals of the catalogue.
func CountAll(ctx context.Context, r db.Reader) (Totals, error) {
	const q = `/* catalogue.CountAll */
		SELECT COUNT(*) AS offerings, COUNT(DISTINCT o.vendor_id) AS vendors,
			(SELECT COUNT(DISTINCT u.organisation_id) FROM uses u
			JOIN offerings o ON o.id = u.offering_id WHERE u.phase = 'in_use' AND ` + visible + `) AS users
		FROM offerings o
		WHERE ` + visible
	var t Totals
	if err := r.Get(ctx, &t, q); err != nil {
		return Totals{}, fmt.Errorf("count the catalogue: %w", err)
	}
	return t, nil
}

// Cards returns the cards of the offerings with these ids, in the order of the ids;
// those without a published version are left out.
func Cards(ctx context.Context, r db.Reader, ids []int64) ([]Card, error) {
	g := cards{ctx: ctx, r: r, at: map[int64]*Card{}}
	g.marks, g.args = db.In(ids)
	g.heads()
	g.words()
	g.vendors()
	g.plans()
	if g.err != nil {
		return nil, fmt.Errorf("cards: %w", g.err)
	}
	out := make([]Card, 0, len(ids))
	for _, id := range ids {
		if c := g.at[id]; c != nil {
			out = append(out, *c)
		}
	}
	return out, nil
}

// cards gathers the parts of many cards; after a first error it does nothing.
type cards struct {
	ctx   context.Context
	r     db.Reader
	marks string
	args  []any
	at    map[int64]*Card
	err   error
}

func (g *cards) find(dest any, q string) {
	if g.err == nil {
		g.err = g.r.Select(g.ctx, dest, `/* catalogue.Cards */ `+q+g.marks, g.args...)
	}
}

func (g *cards) heads() {
	var rows []struct {
		Offering
		DemoPrice bool        `db:"demo_price"`
		PublicOn  models.Date `db:"published_on"`
		Users     int         `db:"users"`
	}
	g.find(&rows, `SELECT v.demo_price, v.published_on,
		(SELECT COUNT(DISTINCT organisation_id) FROM uses u WHERE u.offering_id = o.id AND u.phase = 'in_use') AS users, `+offeringColumns+`
		JOIN versions v ON v.offering_id = o.id AND v.number = o.published
		WHERE o.id IN `)
	for _, w := range rows {
		g.at[w.ID] = &Card{Offering: w.Offering, Words: map[string]Words{}, DemoPrice: w.DemoPrice, PublicOn: w.PublicOn, Users: w.Users}
	}
}

func (g *cards) words() {
	var rows []struct {
		ID       int64  `db:"offering_id"`
		Language string `db:"language"`
		Name     string `db:"name"`
		Summary  string `db:"summary"`
	}
	g.find(&rows, `SELECT w.offering_id, w.language, w.name, w.summary
		FROM version_words w
		JOIN offerings o ON o.id = w.offering_id AND o.published = w.number
		WHERE o.id IN `)
	for _, w := range rows {
		g.at[w.ID].Words[w.Language] = Words{Name: w.Name, Summary: w.Summary}
	}
}

func (g *cards) vendors() {
	var rows []struct {
		ID       int64  `db:"id"`
		Slug     string `db:"slug"`
		Language string `db:"language"`
		Name     string `db:"name"`
	}
	g.find(&rows, `SELECT o.id, v.slug, w.language, w.name
		FROM offerings o
		JOIN organisations v ON v.id = o.vendor_id
		JOIN organisation_words w ON w.organisation_id = v.id
		WHERE o.id IN `)
	for _, w := range rows {
		if c := g.at[w.ID]; c != nil {
			c.Vendor.Set(w.Language, w.Name)
			c.VendorURL = w.Slug
		}
	}
}

func (g *cards) plans() {
	var rows []struct {
		ID         int64  `db:"offering_id"`
		Definition string `db:"definition"`
	}
	g.find(&rows, `SELECT p.offering_id, p.definition
		FROM plans p
		JOIN offerings o ON o.id = p.offering_id AND o.published = p.number
		WHERE o.id IN `)
	for _, w := range rows {
		var p pricing.Plan
		if err := json.Unmarshal([]byte(w.Definition), &p); err != nil {
			g.err = fmt.Errorf("plan of %s: %w", Number(w.ID), err)
			return
		}
		c := g.at[w.ID]
		c.Plans = append(c.Plans, p)
	}
}
