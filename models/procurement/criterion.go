package procurement

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"pilveturg/db"
	"pilveturg/models"
	"pilveturg/models/audit"
	"pilveturg/models/catalogue"
)

// CriterionKind says where the points of a criterion come from.
type CriterionKind string

// The kinds.
const (
	ByPrice  CriterionKind = "price"  // weight × lowest price ÷ own price
	ByFit    CriterionKind = "fit"    // weight × weight of the requirements met ÷ weight of all
	ByPeople CriterionKind = "judged" // weight × agreed points ÷ [MostPoints]
)

// MostPoints is the most that people may give.
const MostPoints = 10

// MostCriteria is how many a project may have.
const MostCriteria = 8

// FullWeight is what the weights of a project add up to.
const FullWeight = 100

// Criterion is something by which services are told apart.
type Criterion struct {
	ID       int64         `db:"id"`
	Position int           `db:"position"`
	Kind     CriterionKind `db:"kind"`
	Name     string        `db:"name"` // of one that people judge
	Weight   int           `db:"weight"`
}

const (
	criteriaSet audit.Action = "project.criteria"
	offerNoted  audit.Action = "project.offer"
)

// DefaultCriteria are those of a project that has set none: price, and fit where
// something is asked.
func DefaultCriteria(asked []Requirement) []Criterion {
	if len(asked) == 0 {
		return []Criterion{{Position: 1, Kind: ByPrice, Weight: FullWeight}}
	}
	return []Criterion{{Position: 1, Kind: ByPrice, Weight: 60}, {Position: 2, Kind: ByFit, Weight: 40}}
}

// Criteria returns those of a project in their order; none when they were never set.
// Who may read the project is for the caller to ask.
func Criteria(ctx context.Context, r db.Reader, project int64) ([]Criterion, error) {
	const q = `/* procurement.Criteria */ SELECT id, position, kind, name, weight FROM criteria WHERE project_id = ? ORDER BY position`
	var all []Criterion
	if err := r.Select(ctx, &all, q, project); err != nil {
		return nil, fmt.Errorf("criteria of project %d: %w", project, err)
	}
	return all, nil
}

// checkCriteria says what is wrong, under "name.N" and "weight.N" with the place of the
// criterion from 0, or under "weights".
func checkCriteria(all []Criterion) error {
	wrong := models.Invalid{}
	sum, formula := 0, map[CriterionKind]bool{}
	for i := range all {
		c := &all[i]
		c.Position, c.Name = i+1, strings.Join(strings.Fields(c.Name), " ")
		if c.Weight < 1 || c.Weight > FullWeight {
			wrong[fmt.Sprintf("weight.%d", i)] = "score.weight_wrong"
		}
		sum += c.Weight
		switch n := utf8.RuneCountInString(c.Name); {
		case c.Kind != ByPeople && (c.Name != "" || formula[c.Kind]):
			wrong["weights"] = "score.formula_twice"
		case c.Kind == ByPeople && n == 0:
			wrong[fmt.Sprintf("name.%d", i)] = "score.name_missing"
		case n > 200:
			wrong[fmt.Sprintf("name.%d", i)] = "project.name_long"
		}
		formula[c.Kind] = true
	}
	switch {
	case len(all) == 0 || sum != FullWeight && len(wrong) == 0:
		wrong["weights"] = "score.weights_sum"
	case len(all) > MostCriteria:
		wrong["weights"] = "score.too_many"
	}
	return wrong.Or()
}

// SetCriteria makes these the criteria of a project, in place of those before. Once
// somebody has scored they stay: it fails with [models.ErrConflict].
func SetCriteria(ctx context.Context, tx *db.Tx, project int64, all []Criterion) error {
	p, err := held(ctx, tx, project)
	switch {
	case err != nil:
		return err
	case !p.Editable(tx.Actor):
		return fmt.Errorf("criteria of project %d: %w", project, models.ErrForbidden)
	case p.Settled():
		return fmt.Errorf("criteria of project %d, which is decided: %w", project, models.ErrConflict)
	}
	if err := checkCriteria(all); err != nil {
		return err
	}
	before, err := Criteria(ctx, tx, project)
	if err != nil {
		return err
	}
	if criteriaWords(before) == criteriaWords(all) {
		return nil
	}
	var scored int
	if err := tx.Get(ctx, &scored, `SELECT COUNT(*) FROM scores s JOIN criteria c ON c.id = s.criterion_id WHERE c.project_id = ?`, project); err != nil {
		return err
	}
	if scored > 0 {
		return fmt.Errorf("criteria of project %d, in which somebody has scored: %w", project, models.ErrConflict)
	}
	if _, err := tx.Exec(ctx, `DELETE FROM criteria WHERE project_id = ?`, project); err != nil {
		return err
	}
	var rows [][]any
	for _, c := range all {
		rows = append(rows, []any{project, c.Position, c.Kind, c.Name, c.Weight})
	}
	if err := tx.Insert(ctx, "criteria", []string{"project_id", "position", "kind", "name", "weight"}, rows); err != nil {
		return fmt.Errorf("criteria of project %d: %w", project, err)
	}
	if err := audit.Record(ctx, tx, criteriaSet, subject(project), audit.Change{Field: "criteria", Old: criteriaWords(before), New: criteriaWords(all)}); err != nil {
		return err
	}
	return moved(ctx, tx, project, 1)
}

// criteriaWords are criteria in one line, for the log: "price 60; judged Support 40".
func criteriaWords(all []Criterion) string {
	var list []string
	for _, c := range all {
		list = append(list, strings.Join(strings.Fields(fmt.Sprintf("%s %s %d", c.Kind, c.Name, c.Weight)), " "))
	}
	return strings.Join(list, "; ")
}

// Offer is what a service costs for all the years of a project, as somebody found out.
type Offer struct {
	OfferingID int64       `db:"offering_id"`
	Cents      int64       `db:"cents"`  // euro cents without VAT
	Source     string      `db:"source"` // a letter, an answer
	AccountID  int64       `db:"account_id"`
	At         models.Time `db:"created_at"`
}

// Offers returns the last one of each service of a project, by number. Who may read the
// project is for the caller to ask.
func Offers(ctx context.Context, r db.Reader, project int64) ([]Offer, error) {
	const q = `/* procurement.Offers */ SELECT o.offering_id, o.cents, o.source, o.account_id, o.created_at FROM offers o
		WHERE o.project_id = ? AND o.id = (SELECT MAX(x.id) FROM offers x WHERE x.project_id = o.project_id AND x.offering_id = o.offering_id) ORDER BY o.offering_id`
	var all []Offer
	if err := r.Select(ctx, &all, q, project); err != nil {
		return nil, fmt.Errorf("offers of project %d: %w", project, err)
	}
	return all, nil
}

// NoteOffer says what a service that the project keeps costs for all the years,
// whatever its listing says. once tells the form apart.
func NoteOffer(ctx context.Context, tx *db.Tx, project int64, once string, o Offer) error {
	p, err := held(ctx, tx, project)
	switch {
	case err != nil:
		return err
	case !p.Editable(tx.Actor):
		return fmt.Errorf("offer in project %d: %w", project, models.ErrForbidden)
	case p.Settled():
		return fmt.Errorf("offer in project %d, which is decided: %w", project, models.ErrConflict)
	}
	kept, err := keptServices(ctx, tx, project)
	if err != nil {
		return err
	}
	wrong := models.Invalid{}
	if o.Source = strings.TrimSpace(o.Source); o.Source == "" {
		wrong["source"] = "project.source_missing"
	} else if utf8.RuneCountInString(o.Source) > MaxReason {
		wrong["source"] = "project.reason_long"
	}
	if o.Cents < 0 || o.Cents > MaxCents {
		wrong["cost"] = "project.value_wrong"
	}
	if !slices.Contains(kept, o.OfferingID) {
		return fmt.Errorf("offer of %s in project %d: %w", catalogue.Number(o.OfferingID), project, models.ErrNotFound)
	}
	if err := wrong.Or(); err != nil {
		return err
	}
	const insert = `INSERT INTO offers (project_id, offering_id, once, cents, source, account_id, created_at) VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (project_id, once) DO NOTHING`
	n, err := tx.Exec(ctx, insert, project, o.OfferingID, once, o.Cents, o.Source, tx.Actor.AccountID, tx.Now)
	if err != nil || n == 0 {
		return err
	}
	c := audit.Changes{{Field: "service", New: catalogue.Number(o.OfferingID)}, {Field: "cents", New: fmt.Sprint(o.Cents)}, {Field: "source", New: o.Source}}
	if err := audit.Record(ctx, tx, offerNoted, subject(project), c...); err != nil {
		return err
	}
	return moved(ctx, tx, project, 1)
}

// MaxCents is the most that anything may cost here, in euro cents.
const MaxCents = 1_000_000_000_000_00
