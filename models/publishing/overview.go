package publishing

import (
	"context"
	"fmt"
	"slices"

	"pilveturg/db"
	"pilveturg/models"
	"pilveturg/models/catalogue"
)

// Overview is where an offering of a vendor stands, as its own people see it.
type Overview struct {
	catalogue.Offering
	Names    models.Text // of the draft when there is one, or else of what buyers see
	Draft    int64       // revision of the draft; 0: there is none
	EditedBy int64       // account that saved the draft last
	EditedAt models.Time
	Last     int64       // id of what was sent last; 0: nothing was
	State    State       // of that
	SentAt   models.Time // when it was sent
	Message  string      // of the moderator
}

// Overviews returns where the offerings of a vendor stand, the last one first; those
// that nobody ever saw and that have neither a draft nor anything sent are left out. It
// is for those who write; others see nothing.
func Overviews(ctx context.Context, r db.Reader, a models.Actor, vendor int64) ([]Overview, error) {
	if !catalogue.Writes(a, vendor) {
		return nil, nil
	}
	const q = `/* publishing.Overviews */
		SELECT o.id, COALESCE(d.content, '') AS content, CASE WHEN d.content <> '' THEN d.revision ELSE 0 END AS revision,
			COALESCE(d.edited_by, 0) AS edited_by, d.edited_at, COALESCE(s.id, 0) AS last_sent, COALESCE(s.state, '') AS state, s.sent_at,
			COALESCE(s.message, '') AS message
		FROM offerings o
		LEFT JOIN drafts d ON d.offering_id = o.id
		LEFT JOIN submissions s ON s.id = (SELECT MAX(x.id) FROM submissions x WHERE x.offering_id = o.id)
		WHERE o.vendor_id = ? AND (o.published IS NOT NULL OR d.content <> '' OR s.id IS NOT NULL)
		ORDER BY o.id DESC`
	var rows []struct {
		ID       int64       `db:"id"`
		Content  string      `db:"content"`
		Revision int64       `db:"revision"`
		EditedBy int64       `db:"edited_by"`
		EditedAt models.Time `db:"edited_at"`
		Last     int64       `db:"last_sent"`
		State    State       `db:"state"`
		SentAt   models.Time `db:"sent_at"`
		Message  string      `db:"message"`
	}
	if err := r.Select(ctx, &rows, q, vendor); err != nil {
		return nil, fmt.Errorf("listings of vendor %d: %w", vendor, err)
	}
	ids := make([]int64, len(rows))
	for i, w := range rows {
		ids[i] = w.ID
	}
	seen, err := catalogue.Cards(ctx, r, ids)
	if err != nil {
		return nil, err
	}
	all := make([]Overview, len(rows))
	for i, w := range rows {
		o := Overview{Draft: w.Revision, EditedBy: w.EditedBy, EditedAt: w.EditedAt, Last: w.Last, State: w.State, SentAt: w.SentAt, Message: w.Message}
		if o.Offering, err = catalogue.Find(ctx, r, w.ID); err != nil {
			return nil, err
		}
		if err := o.name(w.Content, seen); err != nil {
			return nil, err
		}
		all[i] = o
	}
	return all, nil
}

// name finds what the offering is called.
func (o *Overview) name(draft string, seen []catalogue.Card) error {
	var c struct {
		Words map[string]catalogue.Words `json:"words"`
	}
	if err := read(draft, &c); err != nil {
		return fmt.Errorf("draft of %s: %w", catalogue.Number(o.ID), err)
	}
	if i := slices.IndexFunc(seen, func(k catalogue.Card) bool { return k.ID == o.ID }); draft == "" && i >= 0 {
		c.Words = seen[i].Words
	}
	o.Names = namesOf(catalogue.Content{Words: c.Words})
	return nil
}
