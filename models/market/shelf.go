package market

import (
	"context"
	"fmt"

	"pilveturg/db"
	"pilveturg/models"
	"pilveturg/models/catalogue"
	"pilveturg/models/publishing"
)

// Item is an offering as its vendor looks after it: what buyers see, and what is on its
// way to them.
type Item struct {
	ID        int64
	Slug      string
	Names     models.Text // of the draft, or else of what buyers see
	Life      catalogue.Life
	Published int              // number of the version that buyers see; 0: none
	Checked   models.Date      // the day all of it was last confirmed; zero: never
	Revision  int64            // of the draft; 0: there is none
	EditedAt  models.Time      // the draft
	Sent      publishing.State // what became of what was last sent; "" when nothing was
	SentAt    models.Time
	DecidedAt models.Time
	Message   string // of the moderator, with what was last sent
}

type itemRow struct {
	ID        int64            `db:"id"`
	Slug      string           `db:"slug"`
	Life      catalogue.Life   `db:"life"`
	Published int              `db:"published"`
	Checked   models.Date      `db:"checked_on"`
	Revision  int64            `db:"revision"`
	EditedAt  models.Time      `db:"edited_at"`
	Sent      publishing.State `db:"sent"`
	SentAt    models.Time      `db:"sent_at"`
	DecidedAt models.Time      `db:"decided_at"`
	Message   string           `db:"message"`
}

// Items returns the offerings of a vendor with ids above after, oldest first, most of
// them at most. They are for those who write its listings, and others get none.
func Items(ctx context.Context, r db.Reader, a models.Actor, vendor, after int64, most int) ([]Item, error) {
	if !catalogue.Writes(a, vendor) {
		return nil, nil
	}
	return items(ctx, r, ` WHERE o.vendor_id = ? AND o.id > ? ORDER BY o.id LIMIT ?`, vendor, after, most)
}

// FindItem returns an offering to those who write it; all others get
// [models.ErrNotFound].
func FindItem(ctx context.Context, r db.Reader, a models.Actor, id int64) (Item, error) {
	o, err := catalogue.Find(ctx, r, id)
	if err == nil && !catalogue.Writes(a, o.VendorID) {
		err = fmt.Errorf("offering %s: %w", catalogue.Number(id), models.ErrNotFound)
	}
	if err != nil {
		return Item{}, err
	}
	all, err := items(ctx, r, ` WHERE o.id = ?`, id)
	if err == nil && len(all) == 0 {
		err = models.ErrNotFound
	}
	if err != nil {
		return Item{}, err
	}
	return all[0], nil
}

func items(ctx context.Context, r db.Reader, condition string, args ...any) ([]Item, error) {
	q := `/* market.items */
		SELECT o.id, o.slug, o.life, COALESCE(o.published, 0) AS published, v.checked_on, d.edited_at,
			COALESCE(CASE WHEN d.content <> '' THEN d.revision END, 0) AS revision,
			COALESCE(s.state, '') AS sent, s.sent_at, s.decided_at, COALESCE(s.message, '') AS message
		FROM offerings o
		LEFT JOIN versions v ON v.offering_id = o.id AND v.number = o.published
		LEFT JOIN drafts d ON d.offering_id = o.id
		LEFT JOIN submissions s ON s.id = (SELECT max(x.id) FROM submissions x WHERE x.offering_id = o.id)` + condition
	var rows []itemRow
	if err := r.Select(ctx, &rows, q, args...); err != nil {
		return nil, fmt.Errorf("offerings of a vendor: %w", err)
	}
	all := make([]Item, len(rows))
	ids := make([]int64, len(rows))
	for i, w := range rows {
		all[i] = Item{ID: w.ID, Slug: w.Slug, Life: w.Life, Published: w.Published, Checked: w.Checked, Revision: w.Revision, EditedAt: w.EditedAt,
			Sent: w.Sent, SentAt: w.SentAt, DecidedAt: w.DecidedAt, Message: w.Message, Names: models.Text{}}
		ids[i] = w.ID
	}
	return all, name(ctx, r, all, ids)
}

// name says what the offerings are called: as buyers see them, or as their drafts say
// when they see none.
func name(ctx context.Context, r db.Reader, all []Item, ids []int64) error {
	marks, args := db.In(ids)
	q := `/* market.name */ SELECT w.offering_id, w.language, w.name FROM version_words w
		JOIN offerings o ON o.id = w.offering_id AND o.published = w.number WHERE o.id IN ` + marks
	var words []struct {
		Offering int64  `db:"offering_id"`
		Language string `db:"language"`
		Name     string `db:"name"`
	}
	if err := r.Select(ctx, &words, q, args...); err != nil {
		return fmt.Errorf("names of offerings: %w", err)
	}
	at := map[int64]*Item{}
	for i := range all {
		at[all[i].ID] = &all[i]
	}
	for _, w := range words {
		at[w.Offering].Names.Set(w.Language, w.Name)
	}
	return nameDrafts(ctx, r, all)
}

func nameDrafts(ctx context.Context, r db.Reader, all []Item) error {
	for i := range all {
		if all[i].Published != 0 {
			continue
		}
		var kept struct {
			Content string `db:"content"`
		}
		const q = `/* market.nameDrafts */ SELECT COALESCE(NULLIF(d.content, ''), d.thrown) AS content FROM drafts d WHERE d.offering_id = ?`
		if err := r.Get(ctx, &kept, q, all[i].ID); err != nil && !isNotFound(err) {
			return fmt.Errorf("draft of %s: %w", catalogue.Number(all[i].ID), err)
		}
		all[i].Names = draftNames(kept.Content)
	}
	return nil
}
