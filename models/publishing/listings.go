package publishing

import (
	"context"
	"fmt"

	"pilveturg/db"
	"pilveturg/models"
	"pilveturg/models/catalogue"
)

// Listing is an offering of a vendor as those who write it see it.
type Listing struct {
	Offering  int64
	Life      catalogue.Life
	Published int         // number of the version that buyers see; 0: none
	Names     models.Text // of the draft where there is one, or else of that version
	Draft     bool        // there is one
	EditedAt  models.Time // the draft; zero without one
	Problems  int         // sections of the draft that cannot be kept as they were typed
	Sent      State       // what became of what was last sent; "" when nothing was
	SentAt    models.Time
}

// Listings returns the offerings of a vendor, the latest first, to those who write
// them; to others none. What buyers never saw is left out once its draft is thrown away
// and nothing of it waits.
func Listings(ctx context.Context, r db.Reader, a models.Actor, vendor int64) ([]Listing, error) {
	if !catalogue.Writes(a, vendor) {
		return nil, nil
	}
	const q = `/* publishing.Listings */
		SELECT o.id, o.life, COALESCE(o.published, 0) AS published, COALESCE(d.content, '') AS content, COALESCE(d.typed, '') AS typed,
			d.edited_at, COALESCE(s.state, '') AS state, s.sent_at,
			CASE WHEN o.published IS NULL AND COALESCE(d.content, '') = '' THEN s.content ELSE '' END AS sent_content
		FROM offerings o
		LEFT JOIN drafts d ON d.offering_id = o.id
		LEFT JOIN submissions s ON s.id = (SELECT MAX(id) FROM submissions WHERE offering_id = o.id)
		WHERE o.vendor_id = ? AND (o.published IS NOT NULL OR d.content <> '' OR s.state = 'waiting')
		ORDER BY o.id DESC`
	var rows []struct {
		ID        int64          `db:"id"`
		Life      catalogue.Life `db:"life"`
		Published int            `db:"published"`
		Content   string         `db:"content"`
		Typed     string         `db:"typed"`
		EditedAt  models.Time    `db:"edited_at"`
		State     State          `db:"state"`
		SentAt    models.Time    `db:"sent_at"`
		Sent      string         `db:"sent_content"` // where nothing else says what it is called
	}
	if err := r.Select(ctx, &rows, q, vendor); err != nil {
		return nil, fmt.Errorf("listings of vendor %d: %w", vendor, err)
	}
	list := make([]Listing, len(rows))
	var published []int64
	for i, w := range rows {
		l := Listing{Offering: w.ID, Life: w.Life, Published: w.Published, Draft: w.Content != "", Sent: w.State, SentAt: w.SentAt}
		if l.Draft {
			d, err := row{Offering: w.ID, Content: w.Content, Typed: w.Typed}.draft()
			if err != nil {
				return nil, err
			}
			l.Names, l.EditedAt, l.Problems = namesOf(d.Content), w.EditedAt, len(d.Typed)
		} else if w.Published != 0 {
			published = append(published, w.ID)
		} else {
			var c catalogue.Content
			if err := read(w.Sent, &c); err != nil {
				return nil, fmt.Errorf("what waits of %s: %w", catalogue.Number(w.ID), err)
			}
			l.Names = namesOf(c)
		}
		list[i] = l
	}
	return list, nameThem(ctx, r, list, published)
}

// nameThem fills in the names of those without a draft.
func nameThem(ctx context.Context, r db.Reader, list []Listing, ids []int64) error {
	cards, err := catalogue.Cards(ctx, r, ids)
	if err != nil {
		return err
	}
	names := map[int64]models.Text{}
	for _, c := range cards {
		t := models.Text{}
		for lang, w := range c.Words {
			t.Set(lang, w.Name)
		}
		names[c.ID] = t
	}
	for i := range list {
		if list[i].Names == nil {
			list[i].Names = names[list[i].Offering]
		}
	}
	return nil
}
