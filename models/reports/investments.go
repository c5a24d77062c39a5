package reports

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"strconv"

	"pilveturg/models"
	"pilveturg/models/systems"
)

// invested is what systems come to in a year and in the next.
type invested struct {
	keeping
	brief   *systems.Brief
	systems int
	now     models.Exact
	next    models.Exact
	shared  models.Exact // of the next year: what others may use, too
	sharing int
}

// topInvestments is of how many systems the share is told.
const topInvestments = 10

// answerInvestments tells which systems grow, which are in trouble, and which should have
// ended but have money.
func answerInvestments(ctx context.Context, q *asking) (*Answer, error) {
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
	rows, err := e.sums(ctx, year, year+1, systems.ByOwner, systems.BySystem)
	if err != nil {
		return nil, err
	}
	briefs, err := e.briefs(ctx)
	if err != nil {
		return nil, err
	}
	one := oneByOne(rows, briefs, year)
	folded := map[string]*invested{}
	for _, i := range one {
		e.fold(folded, i)
	}
	a := investedTable(q.By, slices.Collect(maps.Values(folded)))
	a.Figures = investedFigures(one, year)
	return e.done(a)
}

// oneByOne are the systems with money in one of two years, and those without that are in
// the register.
func oneByOne(rows []owned, briefs map[int64]*systems.Brief, year int) []*invested {
	by := map[int64]*invested{}
	for id, b := range briefs {
		by[id] = &invested{brief: b, systems: 1}
	}
	for i := range rows {
		row := &rows[i]
		at := by[row.SystemID]
		if at == nil { // it was taken out since
			at = &invested{brief: &systems.Brief{ID: row.SystemID, OrgID: row.OrgID}, systems: 1}
			by[row.SystemID] = at
		}
		if row.Year == year {
			at.now = add(at.now, row.amount)
		} else {
			at.next = add(at.next, row.amount)
		}
	}
	for _, i := range by {
		if i.brief.Shareable {
			i.shared, i.sharing = i.next, 1
		}
	}
	return slices.SortedFunc(maps.Values(by), func(x, y *invested) int { return int(x.brief.ID - y.brief.ID) })
}

// fold adds a system to the row it belongs to.
func (e *estate) fold(all map[string]*invested, i *invested) {
	row := owned{Sum: systems.Sum{OrgID: i.brief.OrgID, SystemID: i.brief.ID}}
	key := string(i.brief.Rating)
	if e.By != byRating {
		key = ""
	}
	heads := map[int64]*keeping{}
	k := e.keepingOf(heads, &row, map[int64]*systems.Brief{i.brief.ID: i.brief}, nil)
	if e.By == byRating {
		k.name, k.below, k.sort, k.id = code(cmp.Or(key, "none")), &Below{Question: "investments", By: bySystem}, key, 0
	}
	key += " " + k.sort + " " + strconv.FormatInt(k.id, 10)
	at := all[key]
	if at == nil {
		all[key] = &invested{keeping: *k, brief: i.brief, systems: 1, now: i.now, next: i.next, shared: i.shared, sharing: i.sharing}
		return
	}
	at.systems, at.sharing = at.systems+1, at.sharing+i.sharing
	at.now, at.next, at.shared = add(at.now, i.now), add(at.next, i.next), add(at.shared, i.shared)
}

func investedTable(by string, all []*invested) *Answer {
	most(all, func(i **invested) (models.Exact, string) { return (*i).next, (*i).sort })
	a := &Answer{Columns: []Column{{by, Name}, {"this_year", Money}, {"next_year", Money}, {"growth", Percent}}, Sums: 1, Draw: Draw{As: "bars", Label: 0, Values: []int{1, 2}}, Notes: []string{"owned_accrual"}}
	if by == bySystem {
		a.Columns = append(a.Columns, Column{"owner", Name}, Column{"rating", Name}, Column{"planned_end", Day})
	} else {
		a.Columns = append(a.Columns, Column{"systems", Count}, Column{"shareable", Count}, Column{"shareable_share", Percent})
	}
	for _, i := range all {
		values := []Value{i.name, amount(i.now), amount(i.next), percentOf(add(i.next, i.now.Neg()).Rat(), i.now.Rat(), shareDecimals)}
		if by == bySystem {
			end := Value{Unknown: i.brief.PlannedEnd.IsZero()}
			if !end.Unknown {
				end = text(i.brief.PlannedEnd.String())
			}
			values = append(values, Value{Org: i.brief.OrgID}, code(cmp.Or(string(i.brief.Rating), "none")), end)
		} else {
			values = append(values, count(i.systems), count(i.sharing), share(i.shared, i.next))
		}
		a.Rows = append(a.Rows, Row{Values: values, Below: i.below})
	}
	return a
}

// investedFigures are told of all systems, whatever they are told apart by.
func investedFigures(all []*invested, year int) []Figure {
	var now, next, endedNow, endedNext models.Exact
	ended, endless := 0, 0
	end := models.NewDate(year+1, 12, 31)
	sorted := slices.Clone(all)
	most(sorted, func(i **invested) (models.Exact, string) { return (*i).next, (*i).brief.Name })
	var top models.Exact
	for n, i := range sorted {
		now, next = add(now, i.now), add(next, i.next)
		if n < topInvestments {
			top = add(top, i.next)
		}
		switch {
		case i.brief.PlannedEnd.IsZero():
			endless++
		case !end.Before(i.brief.PlannedEnd) && (!i.now.IsZero() || !i.next.IsZero()):
			ended++
			endedNow, endedNext = add(endedNow, i.now), add(endedNext, i.next)
		}
	}
	return []Figure{{"systems", Count, count(len(all))}, {"this_year", Money, amount(now)}, {"next_year", Money, amount(next)}, {"growth", Percent, percentOf(add(next, now.Neg()).Rat(), now.Rat(), shareDecimals)}, {"top10_systems", Percent, share(top, next)},
		{"ended", Count, count(ended)}, {"ended_this_year", Money, amount(endedNow)}, {"ended_next_year", Money, amount(endedNext)}, {"without_end", Count, count(endless)}}
}
