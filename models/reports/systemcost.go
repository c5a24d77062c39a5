package reports

import (
	"context"
	"maps"
	"math/big"
	"slices"

	"pilveturg/models"
	"pilveturg/models/systems"
)

// The bounds between which upkeep is usual, in percent of what building the system cost.
const (
	leastUpkeep = 10
	mostUpkeep  = 30
)

// costed is what a system, or those of an owner, cost by kind.
type costed struct {
	keeping
	kinds   map[systems.CostKind]models.Exact
	has     map[systems.CostKind]bool
	built   models.Exact
	assumed models.Exact
}

// shownKinds are the kinds with a column of their own, and those that the last one has.
func shownKinds() (own, rest []systems.CostKind) {
	return []systems.CostKind{systems.Capital, systems.Hosting, systems.Maintenance, systems.Licences, systems.Staff}, []systems.CostKind{systems.Running, systems.Training, systems.Decommissioning, systems.Residual}
}

// answerSystemCost tells what systems really cost a year, all in, and which kinds of
// costs nobody has written down.
func answerSystemCost(ctx context.Context, q *asking) (*Answer, error) {
	e, err := q.estate(ctx)
	if err != nil {
		return nil, err
	}
	year, err := q.ownedYear()
	if err != nil {
		return nil, err
	}
	if err := e.oneByOne(ctx); err != nil {
		return nil, err
	}
	by := []systems.By{systems.ByOwner, systems.ByKind, systems.ByGuess}
	if q.By == bySystem {
		by = append(by, systems.BySystem)
	}
	rows, err := e.sums(ctx, year, year, by...)
	if err != nil {
		return nil, err
	}
	all, err := e.costedRows(ctx, rows)
	if err != nil {
		return nil, err
	}
	if err := e.addBuilt(ctx, all, year); err != nil {
		return nil, err
	}
	return e.done(costTable(q.By, slices.Collect(maps.Values(all))))
}

func (e *estate) costedRows(ctx context.Context, rows []owned) (map[int64]*costed, error) {
	var briefs map[int64]*systems.Brief
	var err error
	if e.By == bySystem {
		if briefs, err = e.briefs(ctx); err != nil {
			return nil, err
		}
	}
	heads, all := map[int64]*keeping{}, map[int64]*costed{}
	for i := range rows {
		row := &rows[i]
		k := e.keepingOf(heads, row, briefs, nil)
		c := all[k.id]
		if c == nil {
			c = &costed{keeping: *k, kinds: map[systems.CostKind]models.Exact{}, has: map[systems.CostKind]bool{}}
			all[k.id] = c
		}
		c.kinds[row.Kind] = add(c.kinds[row.Kind], row.amount)
		c.has[row.Kind] = true
		if row.Assumed {
			c.assumed = add(c.assumed, row.amount)
		}
		if c.run = add(c.run, row.amount); row.Kind.Changes() { // run holds all, change what is no upkeep
			c.change = add(c.change, row.amount)
		}
	}
	return all, nil
}

// addBuilt adds what building the systems cost.
func (e *estate) addBuilt(ctx context.Context, all map[int64]*costed, year int) error {
	built, err := systems.Built(ctx, e.r, e.actor, e.owners, year)
	if err != nil {
		return err
	}
	for _, one := range built {
		id := one.OrgID
		if e.By == bySystem {
			id = one.SystemID
		}
		c := all[id]
		if c == nil {
			continue // it costs nothing in the year
		}
		euros, ok, err := e.inCurrency(ctx, one.Cash, one.Currency, year)
		if err != nil {
			return err
		}
		if ok {
			c.built = add(c.built, euros)
		}
	}
	return nil
}

func costTable(by string, all []*costed) *Answer {
	most(all, func(c **costed) (models.Exact, string) { return (*c).run, (*c).sort })
	own, rest := shownKinds()
	a := &Answer{Columns: []Column{{by, Name}}, Notes: []string{"owned_accrual", "upkeep"}}
	for _, kind := range own {
		a.Columns = append(a.Columns, Column{string(kind), Money})
	}
	a.Columns = append(a.Columns, Column{"other", Money}, Column{"total", Money}, Column{"assumed", Money}, Column{"built", Money}, Column{"upkeep", Percent}, Column{"judged", Name})
	a.Sums = len(own) + 2
	var total, built, upkeep models.Exact
	for _, c := range all {
		values := []Value{c.name}
		for _, kind := range own {
			v := amount(c.kinds[kind])
			v.Unknown = !c.has[kind]
			values = append(values, v)
		}
		var other models.Exact
		for _, kind := range rest {
			other = add(other, c.kinds[kind])
		}
		kept := add(c.run, c.change.Neg())
		values = append(values, amount(other), amount(c.run), amount(c.assumed), amount(c.built), shareTwo(kept, c.built), code(judged(kept, c.built)))
		a.Rows = append(a.Rows, Row{Values: values, Below: c.below})
		total, built, upkeep = add(total, c.run), add(built, c.built), add(upkeep, kept)
	}
	a.Figures = []Figure{{"owned", Money, amount(total)}, {"built", Money, amount(built)}, {"upkeep", Percent, shareTwo(upkeep, built)}}
	return a
}

// judged says whether upkeep is usual for what a system cost.
func judged(upkeep, built models.Exact) string {
	if built.Sign() <= 0 {
		return "unknown"
	}
	percent := new(big.Rat).Quo(upkeep.Rat(), built.Rat())
	switch percent.Mul(percent, big.NewRat(100, 1)); {
	case percent.Cmp(big.NewRat(leastUpkeep, 1)) < 0:
		return "low"
	case percent.Cmp(big.NewRat(mostUpkeep, 1)) > 0:
		return "high"
	}
	return "usual"
}
