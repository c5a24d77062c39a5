package systems

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"pilveturg/db"
	"pilveturg/models"
	"pilveturg/models/audit"
	"pilveturg/models/spend"
)

// SaveCosts makes these the lines of what a system of the actor's organisation costs; seen
// is the revision that was looked at. What is wrong with the n-th line, from 0, stands in
// the [models.Invalid] under its field with "-n" behind it. It fails with
// [models.ErrConflict] when somebody changed the system or its lines meanwhile.
func SaveCosts(ctx context.Context, tx *db.Tx, id, seen int64, lines []Cost) error {
	if !Manages(tx.Actor) {
		return fmt.Errorf("save costs: %w", models.ErrForbidden)
	}
	s, err := own(ctx, tx, id)
	if err != nil {
		return err
	}
	before, err := Costs(ctx, tx, id)
	if err != nil {
		return err
	}
	if err := checkCosts(lines).Or(); err != nil {
		return err
	}
	if slices.EqualFunc(before, lines, sameCost) {
		return nil
	}
	n, err := tx.Exec(ctx, `UPDATE owned_systems SET revision = revision + 1 WHERE id = ? AND revision = ?`, id, seen)
	if err != nil {
		return fmt.Errorf("costs of system %d: %w", id, err)
	}
	if n == 0 {
		return fmt.Errorf("costs of system %d: somebody changed it meanwhile: %w", id, models.ErrConflict)
	}
	if err := keepCosts(ctx, tx, s, lines); err != nil {
		return err
	}
	var c audit.Changes
	c.Add("system_costs", costsText(before), costsText(lines))
	return audit.Record(ctx, tx, costsChanged, subject(id), c...)
}

func checkCosts(lines []Cost) models.Invalid {
	wrong := models.Invalid{}
	if len(lines) > MaxCosts {
		wrong["costs"] = "systems.costs_many"
	}
	for i := range lines {
		lines[i].tidy()
		for field, key := range lines[i].check() {
			wrong[fmt.Sprintf("%s-%d", field, i)] = key
		}
	}
	return wrong
}

func sameCost(a, b Cost) bool {
	a.ID, a.SystemID, a.Position, b.ID, b.SystemID, b.Position = 0, 0, 0, 0, 0, 0
	return a == b
}

// costsText writes lines for the log.
func costsText(lines []Cost) string {
	var all []string
	for i := range lines {
		c := &lines[i]
		parts := []string{c.Words, string(c.Kind), string(c.Every), dayText(c.Starts), dayText(c.Ends), strings.Join(c.factors(), " × "), c.Currency}
		if c.LifeMonths > 0 {
			parts = append(parts, fmt.Sprintf("%d months from %s", c.LifeMonths, dayText(c.UsedFrom)), c.LeftOver)
		}
		all = append(all, strings.Join(slices.DeleteFunc(parts, func(p string) bool { return p == "" }), ", "))
	}
	return strings.Join(all, "; ")
}

// keepCosts writes lines and what they come to. Who may is for the caller to know.
func keepCosts(ctx context.Context, tx *db.Tx, s *System, lines []Cost) error {
	if _, err := tx.Exec(ctx, `DELETE FROM owned_costs WHERE system_id = ?`, s.ID); err != nil {
		return fmt.Errorf("costs of system %d: %w", s.ID, err)
	}
	var rows [][]any
	for i := range lines {
		c := &lines[i]
		rows = append(rows, []any{s.ID, i, c.Words, string(c.Kind), db.Flag(c.Change), string(c.Every), c.Starts, c.Ends, c.Amount, c.FTE, c.Pay, c.OnCost, c.Currency, c.LifeMonths, c.UsedFrom, c.LeftOver, c.Pool, c.Source, db.Flag(c.Assumed)})
	}
	columns := []string{"system_id", "position", "words", "kind", "change", "every", "starts", "ends", "amount", "fte", "pay", "on_cost", "currency", "life_months", "used_from", "left_over", "pool", "source", "assumed"}
	if err := tx.Insert(ctx, "owned_costs", columns, rows); err != nil {
		return err
	}
	return keepYears(ctx, tx, s, lines)
}

// reckon keeps anew what the lines of a system come to.
func reckon(ctx context.Context, tx *db.Tx, s *System) error {
	lines, err := Costs(ctx, tx, s.ID)
	if err != nil {
		return err
	}
	return keepYears(ctx, tx, s, lines)
}

// keepYears ends what was known of a system's years and keeps what is known now.
func keepYears(ctx context.Context, tx *db.Tx, s *System, lines []Cost) error {
	years, err := Flows(lines, s.ClosedOn)
	if err != nil {
		return err
	}
	if err := forgetYears(ctx, tx, s.ID); err != nil {
		return err
	}
	var rows [][]any
	for _, y := range years {
		rows = append(rows, []any{s.ID, s.OrgID, string(y.Kind), db.Flag(y.Change), db.Flag(y.Assumed), y.Currency, y.First, y.Last, y.Cash, y.Accrued, tx.Now})
	}
	return tx.Insert(ctx, "owned_years", []string{"system_id", "organisation_id", "kind", "change", "assumed", "currency", "first_year", "last_year", "cash", "accrued", "known_from"}, rows)
}

func forgetYears(ctx context.Context, tx *db.Tx, id int64) error {
	if _, err := tx.Exec(ctx, `UPDATE owned_years SET known_until = ? WHERE system_id = ? AND known_until IS NULL`, tx.Now, id); err != nil {
		return fmt.Errorf("years of system %d: %w", id, err)
	}
	return spend.Moved(ctx, tx)
}

// Remove takes a system that was entered by mistake out of the register. What reports
// said of it before can still be asked for.
func Remove(ctx context.Context, tx *db.Tx, id, seen int64) error {
	if !Manages(tx.Actor) {
		return fmt.Errorf("remove a system: %w", models.ErrForbidden)
	}
	s, err := own(ctx, tx, id)
	if err != nil {
		return err
	}
	if s.Revision != seen {
		return fmt.Errorf("system %d: somebody changed it meanwhile: %w", id, models.ErrConflict)
	}
	return drop(ctx, tx, s)
}

// drop takes a system out. Who may is for the caller to know.
func drop(ctx context.Context, tx *db.Tx, s *System) error {
	if _, err := tx.Exec(ctx, `UPDATE owned_systems SET removed_at = ?, revision = revision + 1 WHERE id = ? AND removed_at IS NULL`, tx.Now, s.ID); err != nil {
		return fmt.Errorf("remove system %d: %w", s.ID, err)
	}
	if err := forgetYears(ctx, tx, s.ID); err != nil {
		return err
	}
	return audit.Record(ctx, tx, removed, subject(s.ID), audit.Change{Field: "name", Old: s.Name})
}
