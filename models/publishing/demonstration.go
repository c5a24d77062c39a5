package publishing

import (
	"context"
	"errors"
	"fmt"
	"time"

	"pilveturg/db"
	"pilveturg/models"
	"pilveturg/models/catalogue"
	"pilveturg/models/identity"
	"pilveturg/models/pricing"
)

// Written reports whether anybody of its vendor wrote on an offering, or sent something.
func Written(ctx context.Context, r db.Reader, offering int64) (bool, error) {
	const q = `/* publishing.Written */
		SELECT (SELECT count(*) FROM drafts WHERE offering_id = ?) + (SELECT count(*) FROM submissions WHERE offering_id = ?)`
	var n int
	if err := r.Get(ctx, &n, q, offering, offering); err != nil {
		return false, fmt.Errorf("what was written on %s: %w", catalogue.Number(offering), err)
	}
	return n > 0, nil
}

// RemoveInvented removes what was written and sent for invented offerings, and those
// that were only begun. What buyers see of them stays. Only administrators remove.
func RemoveInvented(ctx context.Context, tx *db.Tx) error {
	if !tx.Actor.Is(models.Administrator) {
		return fmt.Errorf("remove what invented vendors wrote: %w", models.ErrForbidden)
	}
	for _, table := range []string{
		`DELETE FROM drafts WHERE offering_id IN (SELECT id FROM offerings WHERE invented = 1)`,
		`DELETE FROM submissions WHERE offering_id IN (SELECT id FROM offerings WHERE invented = 1)`,
	} {
		if _, err := tx.Exec(ctx, table); err != nil {
			return fmt.Errorf("remove what invented vendors wrote: %w", err)
		}
	}
	return catalogue.RemoveBegun(ctx, tx)
}

// demonstration is one thing that stands in the queue, or on the pages of a vendor, of
// the demonstration.
type demonstration struct {
	listing string // code of the listing in the demonstration that it changes, or is a copy of
	name    string // of the copy; "" when it is the listing itself that changes
	days    int    // since it was sent
	state   State  // "" for a draft
	message string // of the moderator
	edit    func(*catalogue.Content)
}

// raise makes all prices of a listing so many percent dearer.
func raise(percent int64) func(*catalogue.Content) {
	return func(c *catalogue.Content) {
		factor, err := models.NewDecimal(100+percent, 2)
		up := func(d *models.Decimal) *models.Decimal {
			more, overflow := d.Mul(factor)
			if err != nil || overflow != nil {
				return d
			}
			more = more.Round(2)
			return &more
		}
		plans := make([]pricing.Plan, len(c.Plans))
		for i, p := range c.Plans {
			p.Charges = append([]pricing.Charge(nil), p.Charges...)
			for j := range p.Charges {
				ch := &p.Charges[j]
				if ch.Price != nil {
					ch.Price = up(ch.Price)
				}
				ch.Steps = append([]pricing.Step(nil), ch.Steps...)
				for k := range ch.Steps {
					ch.Steps[k].Price = *up(&ch.Steps[k].Price)
				}
			}
			plans[i] = p
		}
		c.Plans = plans
	}
}

// claim puts a sentence in front of the description.
func claim(et, en string) func(*catalogue.Content) {
	return func(c *catalogue.Content) {
		for lang, sentence := range map[string]string{"et": et, "en": en} {
			if w, ok := c.Words[lang]; ok {
				w.Description = sentence + "\n\n" + w.Description
				c.Words[lang] = w
			}
		}
	}
}

// unfinished leaves out what every vendor has to say.
func unfinished(c *catalogue.Content) {
	c.Answers, c.Plans, c.DemoPrice = c.Answers[:len(c.Answers)/2], nil, false
}

// demonstrations are what the demonstration shows.
func demonstrations() []demonstration {
	return []demonstration{
		{listing: "kaardikoda-tiles", name: "Kõrguskaart", days: 6, state: Waiting},
		{listing: "tunniplaan", days: 2, state: Waiting, edit: raise(12)},
		{listing: "kysitlus-lite", days: 1, state: Waiting, edit: claim("Eesti parim küsitluskeskkond.", "The best survey service in Estonia.")},
		{listing: "tunniplaan", name: "Asendustundide plaan", state: Waiting},
		{listing: "toit-koolis", days: 3, state: SentBack, edit: raise(8),
			message: "Hind tõuseb, kuid hinnapaketi märkus räägib endisest hinnast. Täiendage märkust ja saatke uuesti."},
		{listing: "paevik-lite", days: 1, state: Published},
		{listing: "arhiivik-longterm", days: 2, state: Published},
		{listing: "paevik-lite", name: "Huviringide päevik", edit: unfinished},
	}
}

// Demonstrate fills the queue of the demonstration and the pages of its vendors, unless
// somebody wrote something already, and returns how many things it made. What has no
// place in this database is left out. Only administrators demonstrate.
func Demonstrate(ctx context.Context, tx *db.Tx, schema *catalogue.Schema) (made int, err error) {
	if !tx.Actor.Is(models.Administrator) {
		return 0, fmt.Errorf("demonstrate drafts: %w", models.ErrForbidden)
	}
	var n int
	if err := tx.Get(ctx, &n, `SELECT (SELECT count(*) FROM drafts) + (SELECT count(*) FROM submissions)`); err != nil || n > 0 {
		return 0, err
	}
	for _, d := range demonstrations() {
		err := d.make(ctx, tx, schema)
		if errors.Is(err, models.ErrNotFound) {
			continue
		}
		if err != nil {
			return 0, fmt.Errorf("demonstrate %s: %w", d.listing, err)
		}
		made++
	}
	return made, nil
}

func (d demonstration) make(ctx context.Context, tx *db.Tx, schema *catalogue.Schema) error {
	id, err := catalogue.FindID(ctx, tx, models.Key{Scheme: "demo", Code: d.listing})
	if err != nil {
		return err
	}
	o, err := catalogue.Find(ctx, tx, id)
	if err != nil || o.Published == 0 {
		return errors.Join(err, models.ErrNotFound)
	}
	if d.state == Published {
		return d.sawLive(ctx, tx, o)
	}
	who, err := someoneOf(ctx, tx, o.VendorID)
	if err != nil {
		return err
	}
	asked := tx.Actor
	defer func() { tx.Actor = asked }()
	tx.Actor = who
	draft, err := d.write(ctx, tx, o)
	if err != nil || d.state == "" {
		return err
	}
	sent, err := Send(ctx, tx, schema, draft.Offering, draft.Revision)
	if err != nil {
		return err
	}
	const q = `UPDATE submissions SET sent_at = ? WHERE id = ?`
	if _, err := tx.Exec(ctx, q, daysBefore(tx.Now, d.days), sent.Submission); err != nil || d.state == Waiting {
		return err
	}
	s, err := FindSubmission(ctx, tx, who, sent.Submission)
	if err != nil {
		return err
	}
	if tx.Actor, err = someModerator(ctx, tx, asked); err != nil {
		return err
	}
	return SendBack(ctx, tx, Decision{Submission: s.ID, Hash: s.Hash, Message: d.message})
}

func daysBefore(now models.Time, days int) models.Time {
	return models.Time{Time: now.Add(-time.Duration(days) * 24 * time.Hour)}
}

// someoneOf is who writes for a vendor in the demonstration: its manager, or else the
// demonstration itself.
func someoneOf(ctx context.Context, r db.Reader, vendor int64) (models.Actor, error) {
	who := models.Actor{Program: "demonstration", OrgID: vendor, Roles: []models.Role{models.VendorManager}}
	people, err := identity.People(ctx, r)
	for _, p := range people {
		if p.OrgID == vendor {
			who = p.Actor()
		}
	}
	return who, err
}

// someModerator is who decides in the demonstration.
func someModerator(ctx context.Context, r db.Reader, otherwise models.Actor) (models.Actor, error) {
	people, err := identity.People(ctx, r)
	for _, p := range people {
		if a := p.Actor(); a.Is(models.Moderator) {
			return a, err
		}
	}
	return otherwise, err
}

// write begins the draft: of the listing, or of a new one that is its copy.
func (d demonstration) write(ctx context.Context, tx *db.Tx, o catalogue.Offering) (Draft, error) {
	edit := d.edit
	if edit == nil {
		edit = func(*catalogue.Content) {}
	}
	if d.name == "" {
		begun, err := Edit(ctx, tx, o.ID)
		if err != nil {
			return Draft{}, err
		}
		return Save(ctx, tx, o.ID, begun.Revision, func(d *Draft) error { edit(&d.Content); return nil })
	}
	c, err := contentOf(ctx, tx, o.ID, o.Published)
	if err != nil {
		return Draft{}, err
	}
	for lang, w := range c.Words {
		w.Name = d.name
		c.Words[lang] = w
	}
	edit(&c)
	id, err := Begin(ctx, tx, o.VendorID, c)
	if err != nil {
		return Draft{}, err
	}
	return FindDraft(ctx, tx, tx.Actor, id)
}

// sawLive notes the version that buyers see as one that went live at once, and that
// nobody has looked at.
func (d demonstration) sawLive(ctx context.Context, tx *db.Tx, o catalogue.Offering) error {
	if o.Published < 2 {
		return models.ErrNotFound
	}
	c, err := contentOf(ctx, tx, o.ID, o.Published)
	if err != nil {
		return err
	}
	s := sending{draft: Draft{Offering: o.ID, Base: o.Published - 1, Revision: 1, Content: c}, live: true}
	if s.hash, err = c.Hash(); err != nil {
		return err
	}
	id, err := s.insert(ctx, tx, o.Published)
	if err != nil {
		return err
	}
	at := daysBefore(tx.Now, d.days)
	const q = `UPDATE submissions SET sent_at = ?, decided_at = ?, seen_by = NULL, seen_at = NULL WHERE id = ?`
	_, err = tx.Exec(ctx, q, at, at, id)
	return err
}
