package procurement

import (
	"context"
	"fmt"

	"pilveturg/db"
	"pilveturg/models"
	"pilveturg/models/catalogue"
)

// SoonMonths is how near the end of a use has to be so that a body may want to buy
// something new.
const SoonMonths = 9

// Reused is a service that public bodies use, as who begins a project sees it.
type Reused struct {
	OfferingID int64       `db:"offering_id"`
	Bodies     int         `db:"bodies"` // that use it now
	Alike      int         `db:"alike"`  // of these, of the same kind as the one that asks
	Since      models.Date `db:"since"`  // the longest use; zero when no day is known
	Ends       int         `db:"ends"`   // uses that end within [SoonMonths]
}

// Reuse returns the services in the scope of a project that other public bodies use
// now: those first that most bodies of the same kind use.
func Reuse(ctx context.Context, r db.Reader, s *catalogue.Schema, p *Project, day models.Date) ([]Reused, error) {
	where, args := within(s, p)
	q := `/* procurement.Reuse */
		SELECT o.id AS offering_id, COUNT(DISTINCT u.organisation_id) AS bodies,
			COUNT(DISTINCT CASE WHEN g.kind = own.kind THEN u.organisation_id END) AS alike, MIN(u.since) AS since,
			COUNT(DISTINCT CASE WHEN u.until >= ? AND u.until <= ? THEN u.organisation_id END) AS ends
		FROM offerings o
		JOIN uses u ON u.offering_id = o.id AND u.phase = 'in_use' AND u.organisation_id <> ?
		JOIN organisations g ON g.id = u.organisation_id
		JOIN organisations own ON own.id = ?
		WHERE o.published IS NOT NULL AND o.life <> 'withdrawn'` + where + `
		GROUP BY o.id ORDER BY alike DESC, bodies DESC, o.id`
	args = append([]any{day, day.AddMonths(SoonMonths), p.OrgID, p.OrgID}, args...)
	var all []Reused
	if err := r.Select(ctx, &all, q, args...); err != nil {
		return nil, fmt.Errorf("what others use of project %d: %w", p.ID, err)
	}
	return all, nil
}

// within limits offerings to the category of a project, with all below it.
func within(s *catalogue.Schema, p *Project) (where string, args []any) {
	if p.Category == "" {
		return "", nil
	}
	marks, args := db.In(s.Below(p.Category))
	return ` AND EXISTS (SELECT 1 FROM version_categories c WHERE c.offering_id = o.id AND c.number = o.published AND c.category IN ` + marks + `)`, args
}
