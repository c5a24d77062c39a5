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

// OfVendor returns the ids of a vendor's offerings that buyers can see, oldest first.
func OfVendor(ctx context.Context, r db.Reader, vendor int64) (ids []int64, err error) {
	const q = `/* catalogue.OfVendor */ SELECT o.id FROM offerings o WHERE o.vendor_id = ? AND ` + visible + ` ORDER BY o.id`
	if err := r.Select(ctx, &ids, q, vendor); err != nil {
		return nil, fmt.Errorf("offerings of vendor %d: %w", vendor, err)
	}
	return ids, nil
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
