package systems

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"pilveturg/db"
	"pilveturg/models"
	"pilveturg/models/identity"
)

// Invented is a system of an invented body. Money is in thousands of euros a year.
type Invented struct {
	Organisation models.Key     `json:"organisation"`
	Name         string         `json:"name"`
	NameEn       string         `json:"name_en"`
	Purpose      string         `json:"purpose"`
	Category     string         `json:"category"`
	Since        int            `json:"since"`     // year
	Thousands    models.Decimal `json:"thousands"` // that it cost once
	LifeYears    int            `json:"life_years"`
	Hosting      models.Decimal `json:"hosting"`
	Maintenance  models.Decimal `json:"maintenance"`
	Licences     models.Decimal `json:"licences"`
	FTE          models.Decimal `json:"fte"`
	Served       string         `json:"served"`
	Unit         string         `json:"unit"`
	Ended        bool           `json:"ended"` // its planned end was with its life
	Shareable    bool           `json:"shareable"`
}

// ReadInvented reads systems, one JSON object after another.
func ReadInvented(r io.Reader) (all []Invented, err error) {
	d := json.NewDecoder(r)
	d.DisallowUnknownFields()
	for {
		var one Invented
		err := d.Decode(&one)
		if err == io.EOF {
			return all, nil
		}
		if err != nil {
			return nil, fmt.Errorf("invented system %d: %w", len(all)+1, err)
		}
		all = append(all, one)
	}
}

// Demonstrate registers the systems of invented bodies that have none; those whose body
// is not there are left out. words name the kinds of costs. Only administrators do.
func Demonstrate(ctx context.Context, tx *db.Tx, all []Invented, words func(CostKind) string) (made int, err error) {
	if !tx.Actor.Is(models.Administrator) {
		return 0, fmt.Errorf("demonstrate systems: %w", models.ErrForbidden)
	}
	has := map[models.Key]bool{}
	for i := range all {
		one := &all[i]
		org, err := identity.FindID(ctx, tx, one.Organisation)
		if errors.Is(err, models.ErrNotFound) {
			continue
		}
		if err != nil {
			return made, err
		}
		if _, known := has[one.Organisation]; !known {
			var n int
			if err := tx.Get(ctx, &n, `SELECT count(*) FROM owned_systems WHERE organisation_id = ?`, org); err != nil {
				return made, fmt.Errorf("systems of %s: %w", one.Organisation, err)
			}
			has[one.Organisation] = n > 0
		}
		if has[one.Organisation] {
			continue
		}
		if err := one.put(ctx, tx, org, words); err != nil {
			return made, err
		}
		made++
	}
	return made, nil
}

func (i *Invented) put(ctx context.Context, tx *db.Tx, org int64, words func(CostKind) string) error {
	s := &System{OrgID: org, Name: i.Name, NameEn: i.NameEn, Purpose: i.Purpose, Category: i.Category, State: InUse, Served: i.Served, Unit: i.Unit, InUseSince: models.NewDate(i.Since, 9, 1), Shareable: i.Shareable}
	if i.Ended {
		s.PlannedEnd = models.NewDate(i.Since+i.LifeYears, 12, 31)
	}
	if err := insert(ctx, tx, s); err != nil {
		return err
	}
	lines, err := i.costs(words)
	if err != nil {
		return err
	}
	if err := checkCosts(lines).Or(); err != nil {
		return fmt.Errorf("costs of %s: %w", i.NameEn, err)
	}
	return keepCosts(ctx, tx, s, lines)
}

// costs are the lines: bought once and written off from the year after, and paid every
// year since then. What a full-time person costs a year went up twice.
func (i *Invented) costs(words func(CostKind) string) (lines []Cost, err error) {
	next := models.NewDate(i.Since+1, 1, 1)
	euros := func(d models.Decimal) string {
		var e models.Decimal
		if e, err = d.Mul(models.Whole(1000)); err != nil {
			return ""
		}
		return e.String()
	}
	lines = append(lines, Cost{Words: words(Capital), Kind: Capital, Change: true, Every: Once, Starts: models.NewDate(i.Since, 9, 1), Amount: euros(i.Thousands), LifeMonths: i.LifeYears * 12, UsedFrom: next})
	for _, one := range []struct {
		kind   CostKind
		amount models.Decimal
	}{{Hosting, i.Hosting}, {Maintenance, i.Maintenance}, {Licences, i.Licences}} {
		if !one.amount.IsZero() {
			lines = append(lines, Cost{Words: words(one.kind), Kind: one.kind, Every: Yearly, Starts: next, Amount: euros(one.amount)})
		}
	}
	for n, pay := range []string{"38000", "40000", "42000"} {
		c := Cost{Words: words(Staff), Kind: Staff, Every: Yearly, Starts: models.NewDate(2024+n, 1, 1), Ends: models.NewDate(2024+n, 12, 31), FTE: i.FTE.String(), Pay: pay, OnCost: "1"}
		switch n {
		case 0:
			c.Starts = next
		case 2:
			c.Ends = models.Date{}
		}
		if !i.FTE.IsZero() {
			lines = append(lines, c)
		}
	}
	return lines, err
}

// RemoveInvented takes the systems of invented organisations out, with all that is known
// of them. Only administrators do.
func RemoveInvented(ctx context.Context, tx *db.Tx) error {
	if !tx.Actor.Is(models.Administrator) {
		return fmt.Errorf("remove invented systems: %w", models.ErrForbidden)
	}
	const invented = `organisation_id IN (SELECT id FROM organisations WHERE invented = 1)`
	const theirs = ` WHERE system_id IN (SELECT id FROM owned_systems WHERE ` + invented + `)`
	for _, q := range []string{`DELETE FROM owned_subsystems` + theirs, `DELETE FROM owned_costs` + theirs, `DELETE FROM owned_years` + theirs, `DELETE FROM owned_comparisons` + theirs, `DELETE FROM owned_systems WHERE ` + invented} {
		if _, err := tx.Exec(ctx, q); err != nil {
			return fmt.Errorf("remove invented systems: %w", err)
		}
	}
	return nil
}
