package systems

import (
	"context"
	"fmt"

	"pilveturg/db"
	"pilveturg/models"
)

// Worth is what is left in the books of capital in one currency, in hundredths.
type Worth struct {
	SystemID int64
	Currency string
	Cents    int64
}

// Books returns the book values at the begin of a day of the systems that the actor may
// see, or of one of them; those of which nothing is left are left out.
func Books(ctx context.Context, r db.Reader, a models.Actor, system int64, day models.Date) ([]Worth, error) {
	seen, args, err := reach(ctx, r, a)
	if err != nil {
		return nil, err
	}
	if system != 0 {
		seen, args = seen+` AND s.id = ?`, append(args, system)
	}
	type row struct {
		Cost
		Closed models.Date `db:"closed_on"`
	}
	q := `/* systems.Books */ SELECT c.system_id, c.words, c.kind, c.every, c.starts, c.amount, c.currency, c.life_months, c.used_from, c.left_over, s.closed_on
		FROM owned_costs c JOIN owned_systems s ON s.id = c.system_id WHERE c.life_months > 0 AND s.removed_at IS NULL` + seen + ` ORDER BY c.system_id, c.currency`
	var all []Worth
	for one, err := range db.Each[row](ctx, r, q, args...) {
		if err != nil {
			return nil, fmt.Errorf("book values: %w", err)
		}
		cents, err := one.Book(day)
		if err != nil {
			return nil, err
		}
		if cents == 0 || !one.Closed.IsZero() && one.Closed.Before(day) {
			continue
		}
		if n := len(all) - 1; n >= 0 && all[n].SystemID == one.SystemID && all[n].Currency == one.Currency {
			all[n].Cents += cents
			continue
		}
		all = append(all, Worth{one.SystemID, one.Currency, cents})
	}
	return all, nil
}

// Usual are the lines that most systems have, as they are usually asked for, in euros
// without VAT. What is "" is not had, or not known.
type Usual struct {
	Built       string // building or buying it, once …
	BuiltOn     models.Date
	LifeYears   int // … used for so many years
	From        models.Date
	Hosting     string // a year, from a day on, and so the others
	Maintenance string
	Licences    string
	FTE         string
	Pay         string // a full-time year, with what the employer pays upon it
	Assume      bool   // nobody knows what upkeep costs: the rule of thumb stands for it
}

// UpkeepPercent is what keeping a system costs a year, in percent of what building it
// cost, where nobody knows: people of the field told the National Audit Office of Estonia
// so in 2019.
const UpkeepPercent = 20

// Costs are the lines; words names each by its kind. A number that cannot be read stays
// as it was typed, for [SaveCosts] to complain about.
func (u *Usual) Costs(words func(CostKind) string, source string) (lines []Cost) {
	add := func(c Cost) {
		c.Words = words(c.Kind)
		lines = append(lines, c)
	}
	if u.Built != "" {
		add(Cost{Kind: Capital, Change: true, Every: Once, Starts: u.BuiltOn, Amount: u.Built, LifeMonths: u.LifeYears * 12, UsedFrom: u.BuiltOn})
	}
	for _, one := range []struct {
		kind   CostKind
		amount string
	}{{Hosting, u.Hosting}, {Maintenance, u.Maintenance}, {Licences, u.Licences}} {
		if one.amount != "" {
			add(Cost{Kind: one.kind, Every: Yearly, Starts: u.From, Amount: one.amount})
		}
	}
	if u.FTE != "" || u.Pay != "" {
		add(Cost{Kind: Staff, Every: Yearly, Starts: u.From, FTE: u.FTE, Pay: u.Pay, OnCost: "1"})
	}
	if built, err := models.ParseDecimal(u.Built); u.Assume && u.Maintenance == "" && err == nil {
		if rate, err := models.NewDecimal(UpkeepPercent, 2); err == nil {
			if upkeep, err := built.Mul(rate); err == nil {
				add(Cost{Kind: Maintenance, Every: Yearly, Starts: u.From, Amount: upkeep.Round(2).String(), Assumed: true, Source: source})
			}
		}
	}
	return lines
}
