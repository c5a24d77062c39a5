package procurement

import (
	"context"
	"fmt"

	"pilveturg/db"
	"pilveturg/models"
	"pilveturg/models/catalogue"
	"pilveturg/models/search"
)

// LeastCases is how many projects, or bodies, have to say the same so that vendors learn
// of it, without names.
const LeastCases = 3

// WhyNot is why services of a vendor were not chosen, in figures of decisions whose
// buyers let vendors learn from them. What fewer than [LeastCases] projects say is 0, or
// left out.
type WhyNot struct {
	Considered int      // projects that kept or left out a service of the vendor
	Chosen     int      // of these
	Kept       int      // that kept one and chose another
	Missed     []Missed // requirements for which services were left out, the most often first
}

// Missed is a requirement for which services of a vendor were left out.
type Missed struct {
	Words    string `db:"words"`
	Projects int    `db:"projects"`
}

// told limits decisions to those that vendors may learn from.
const told = ` JOIN decisions d ON d.project_id = s.project_id AND d.shown = 1 AND d.approved_at IS NOT NULL
	JOIN offerings o ON o.id = s.offering_id WHERE o.vendor_id = ?`

// FindWhyNot returns that for the vendor that the actor writes for.
func FindWhyNot(ctx context.Context, r db.Reader, a models.Actor) (w WhyNot, err error) {
	if !answers(a) {
		return w, fmt.Errorf("why services were not chosen: %w", models.ErrForbidden)
	}
	const counts = `/* procurement.FindWhyNot */ SELECT COUNT(DISTINCT s.project_id) AS considered,
		COUNT(DISTINCT CASE WHEN d.offering_id = s.offering_id THEN s.project_id END) AS chosen,
		COUNT(DISTINCT CASE WHEN s.standing = 'in' AND d.outcome = 'service' AND d.offering_id <> s.offering_id THEN s.project_id END) AS kept FROM shortlist s` + told
	var n struct {
		Considered int `db:"considered"`
		Chosen     int `db:"chosen"`
		Kept       int `db:"kept"`
	}
	if err := r.Get(ctx, &n, counts, a.OrgID); err != nil {
		return w, fmt.Errorf("why services were not chosen: %w", err)
	}
	if n.Considered < LeastCases {
		return w, nil
	}
	w.Considered, w.Chosen = n.Considered, n.Chosen
	if n.Kept >= LeastCases {
		w.Kept = n.Kept
	}
	const missed = `/* procurement.FindWhyNot */ SELECT MIN(q.words) AS words, COUNT(DISTINCT s.project_id) AS projects FROM shortlist s
		JOIN requirements q ON q.project_id = s.project_id AND (' ' || s.missed || ' ') LIKE ('% ' || CAST(q.id AS TEXT) || ' %')` + told + ` AND s.standing = 'out'
		GROUP BY q.asks HAVING COUNT(DISTINCT s.project_id) >= ? ORDER BY projects DESC, words`
	if err := r.Select(ctx, &w.Missed, missed, a.OrgID, LeastCases); err != nil {
		return w, fmt.Errorf("why services were left out: %w", err)
	}
	return w, nil
}

// Unmet is a requirement that bodies ask for and no service meets.
type Unmet struct {
	Requirement
	Bodies int
}

// NobodyMeets returns the requirements that at least [LeastCases] bodies ask of what
// listings answer, and that no listing of the catalogue meets: those first that most
// bodies ask. A price is none of them: it depends on the volume.
func NobodyMeets(ctx context.Context, r db.Reader, x *search.Index, s *catalogue.Schema) ([]Unmet, error) {
	const q = `/* procurement.NobodyMeets */ SELECT MIN(q.id) AS id, MIN(q.words) AS words, q.way, q.subject, q.operator, q.wanted, COUNT(DISTINCT p.organisation_id) AS bodies
		FROM requirements q JOIN projects p ON p.id = q.project_id WHERE q.way = 'answer' AND q.subject <> 'price'
		GROUP BY q.asks, q.way, q.subject, q.operator, q.wanted HAVING COUNT(DISTINCT p.organisation_id) >= ? ORDER BY bodies DESC, id LIMIT 200`
	var asked []struct {
		Requirement
		Bodies int `db:"bodies"`
	}
	if err := r.Select(ctx, &asked, q, LeastCases); err != nil {
		return nil, fmt.Errorf("requirements that many ask: %w", err)
	}
	var unmet []Unmet
	for _, one := range asked { // each by itself: together they would hide each other
		one.Force = Must
		w := Weigh(x, s, &Project{}, []Requirement{one.Requirement})
		if c, ok := w.Counts[one.ID]; ok && c.Met == 0 {
			unmet = append(unmet, Unmet{one.Requirement, one.Bodies})
		}
	}
	return unmet, nil
}
