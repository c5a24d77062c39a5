package contracts

import (
	"context"
	"fmt"
	"strings"
	"unicode/utf8"

	"pilveturg/db"
	"pilveturg/models"
	"pilveturg/models/audit"
)

// MaxCents is the most that anything may cost here, in euro cents.
const MaxCents = 1_000_000_000_000_00

// Rules say from what amount on requests of a body are approved.
type Rules struct {
	FreeBelow int64 `db:"free_below"` // first year, euro cents without VAT: below it nobody is asked
	TwoAbove  int64 `db:"two_above"`  // above it two approve; -1: one always is enough
	Revision  int64 `db:"revision"`   // 0 where nothing was set
}

// Needs is how many have to approve a first year that costs so much.
func (r Rules) Needs(cents int64) int {
	switch {
	case cents < r.FreeBelow:
		return 0
	case r.TwoAbove >= 0 && cents > r.TwoAbove:
		return 2
	}
	return 1
}

// Budget is a line of what a body may spend in a year.
type Budget struct {
	ID       int64  `db:"id" json:"-"`
	Code     string `db:"code" json:"code"`
	Name     string `db:"name" json:"name"`
	Year     int    `db:"year" json:"year"`
	Cents    int64  `db:"cents" json:"cents"` // euro cents without VAT
	Reserved int64  `db:"reserved" json:"-"`  // for subscriptions that are ordered
	Revision int64  `db:"revision" json:"-"`
}

// Left is what is not reserved.
func (b *Budget) Left() int64 { return b.Cents - b.Reserved }

const (
	rulesSet      audit.Action = "budget.rules"
	budgetAdded   audit.Action = "budget.added"
	budgetChanged audit.Action = "budget.changed"
)

// FindRules returns the rules of a body: one approval for everything where none are set.
func FindRules(ctx context.Context, r db.Reader, org int64) (Rules, error) {
	const q = `/* contracts.FindRules */ SELECT free_below, COALESCE(two_above, -1) AS two_above, revision FROM approval_rules WHERE organisation_id = ?`
	var all []Rules
	if err := r.Select(ctx, &all, q, org); err != nil {
		return Rules{}, fmt.Errorf("approval rules of organisation %d: %w", org, err)
	}
	if len(all) == 0 {
		return Rules{TwoAbove: -1}, nil
	}
	return all[0], nil
}

// keeps fails unless the actor looks after the money of the organisation.
func keeps(a models.Actor) error {
	if a.OrgID == 0 || !a.Is(models.Finance) {
		return fmt.Errorf("budget: %w", models.ErrForbidden)
	}
	return nil
}

// SetRules makes these the rules of the actor's organisation; seen is the revision that
// was looked at, 0 for none.
func SetRules(ctx context.Context, tx *db.Tx, seen int64, r Rules) error {
	if err := keeps(tx.Actor); err != nil {
		return err
	}
	wrong := models.Invalid{}
	if r.FreeBelow < 0 || r.FreeBelow > MaxCents {
		wrong["free_below"] = "project.value_wrong"
	}
	if r.TwoAbove > MaxCents || r.TwoAbove >= 0 && r.TwoAbove < r.FreeBelow {
		wrong["two_above"] = "budget.two_wrong"
	}
	if err := wrong.Or(); err != nil {
		return err
	}
	before, err := FindRules(ctx, tx, tx.Actor.OrgID)
	switch {
	case err != nil:
		return err
	case before.FreeBelow == r.FreeBelow && before.TwoAbove == r.TwoAbove:
		return nil
	case before.Revision != seen:
		return fmt.Errorf("approval rules: somebody changed them meanwhile: %w", models.ErrConflict)
	}
	var two any
	if r.TwoAbove >= 0 {
		two = r.TwoAbove
	}
	const q = `INSERT INTO approval_rules (organisation_id, free_below, two_above) VALUES (?, ?, ?)
		ON CONFLICT (organisation_id) DO UPDATE SET free_below = excluded.free_below, two_above = excluded.two_above, revision = approval_rules.revision + 1`
	if _, err := tx.Exec(ctx, q, tx.Actor.OrgID, r.FreeBelow, two); err != nil {
		return fmt.Errorf("approval rules: %w", err)
	}
	var c audit.Changes
	c.Add("free_below_cents", fmt.Sprint(before.FreeBelow), fmt.Sprint(r.FreeBelow))
	c.Add("two_above_cents", fmt.Sprint(before.TwoAbove), fmt.Sprint(r.TwoAbove))
	return audit.Record(ctx, tx, rulesSet, moneyOf(tx.Actor.OrgID), c...)
}

// moneyOf is how the log names the money of an organisation.
func moneyOf(org int64) string { return fmt.Sprintf("budget of organisation %d", org) }

const budgetColumns = `id, code, name, year, cents, reserved, revision FROM budget_lines WHERE organisation_id = ?`

// Budgets returns the lines of an organisation, the newest year first.
func Budgets(ctx context.Context, r db.Reader, org int64) ([]Budget, error) {
	var all []Budget
	if err := r.Select(ctx, &all, `/* contracts.Budgets */ SELECT `+budgetColumns+` ORDER BY year DESC, code`, org); err != nil {
		return nil, fmt.Errorf("budget of organisation %d: %w", org, err)
	}
	return all, nil
}

// FindBudget returns a line of an organisation, or [models.ErrNotFound].
func FindBudget(ctx context.Context, r db.Reader, org, id int64) (Budget, error) {
	var b Budget
	if err := r.Get(ctx, &b, `/* contracts.FindBudget */ SELECT `+budgetColumns+` AND id = ?`, org, id); err != nil {
		return b, fmt.Errorf("budget line %d: %w", id, err)
	}
	return b, nil
}

// SaveBudget adds a line to the actor's organisation, or changes one: b.ID and
// b.Revision say which, as it was seen. What is reserved already has to fit in.
func SaveBudget(ctx context.Context, tx *db.Tx, b Budget) error {
	if err := keeps(tx.Actor); err != nil {
		return err
	}
	if err := b.check(); err != nil {
		return err
	}
	before := Budget{}
	if b.ID != 0 {
		var err error
		if before, err = FindBudget(ctx, tx, tx.Actor.OrgID, b.ID); err != nil {
			return err
		}
		if b.Cents < before.Reserved {
			return models.Invalid{"amount": "budget.reserved_more"}
		}
	}
	var c audit.Changes
	c.Add("code", before.Code, b.Code)
	c.Add("name", before.Name, b.Name)
	c.Add("year", fmt.Sprint(before.Year), fmt.Sprint(b.Year))
	c.Add("cents", fmt.Sprint(before.Cents), fmt.Sprint(b.Cents))
	if len(c) == 0 {
		return nil
	}
	n, err := b.write(ctx, tx)
	switch {
	case db.Taken(err):
		return models.Invalid{"code": "budget.code_taken"}
	case err != nil:
		return fmt.Errorf("budget line %s: %w", b.Code, err)
	case n == 0 && b.ID == 0:
		return models.Invalid{"code": "budget.code_taken"}
	case n == 0:
		return fmt.Errorf("budget line %d: somebody changed it meanwhile: %w", b.ID, models.ErrConflict)
	}
	action := budgetChanged
	if b.ID == 0 {
		action = budgetAdded
	}
	return audit.Record(ctx, tx, action, moneyOf(tx.Actor.OrgID), c...)
}

func (b *Budget) write(ctx context.Context, tx *db.Tx) (int64, error) {
	if b.ID == 0 {
		const q = `INSERT INTO budget_lines (organisation_id, code, name, year, cents) VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`
		return tx.Exec(ctx, q, tx.Actor.OrgID, b.Code, b.Name, b.Year, b.Cents)
	}
	const q = `UPDATE budget_lines SET code = ?, name = ?, year = ?, cents = ?, revision = revision + 1 WHERE id = ? AND organisation_id = ? AND revision = ? AND reserved <= ?`
	return tx.Exec(ctx, q, b.Code, b.Name, b.Year, b.Cents, b.ID, tx.Actor.OrgID, b.Revision, b.Cents)
}

func (b *Budget) check() error {
	wrong := models.Invalid{}
	b.Code, b.Name = strings.TrimSpace(b.Code), strings.Join(strings.Fields(b.Name), " ")
	if n := utf8.RuneCountInString(b.Code); n == 0 || n > 40 {
		wrong["code"] = "budget.code_missing"
	}
	if n := utf8.RuneCountInString(b.Name); n == 0 || n > 200 {
		wrong["name"] = "budget.name_missing"
	}
	if b.Year < 2000 || b.Year > 2100 {
		wrong["year"] = "budget.year_wrong"
	}
	if b.Cents < 0 || b.Cents > MaxCents {
		wrong["amount"] = "project.value_wrong"
	}
	return wrong.Or()
}

// reserve takes money of a line, in one statement: it finds no row where there is not
// enough, whoever else reserves at the same moment.
func reserve(ctx context.Context, tx *db.Tx, budget, cents int64) error {
	const q = `UPDATE budget_lines SET reserved = reserved + ? WHERE id = ? AND cents - reserved >= ?`
	n, err := tx.Exec(ctx, q, cents, budget, cents)
	switch {
	case err != nil:
		return fmt.Errorf("reserve on budget line %d: %w", budget, err)
	case n == 0:
		return models.Invalid{"budget": "request.no_money"}
	}
	return nil
}

// release gives back what was reserved, if anything was.
func release(ctx context.Context, tx *db.Tx, budget, cents int64) error {
	if cents == 0 {
		return nil
	}
	if _, err := tx.Exec(ctx, `UPDATE budget_lines SET reserved = reserved - ? WHERE id = ?`, cents, budget); err != nil {
		return fmt.Errorf("release on budget line %d: %w", budget, err)
	}
	return nil
}
