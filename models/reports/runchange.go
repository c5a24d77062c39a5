package reports

import (
	"context"
	"maps"
	"slices"
	"strconv"

	"pilveturg/models"
	"pilveturg/models/systems"
)

// keeping is what owners, or systems, pay to keep systems alive and to change them.
type keeping struct {
	id          int64
	name        Value
	below       *Below
	sort        string
	run, change models.Exact
	legacy      models.Exact // of what has passed its end
}

func (k *keeping) all() models.Exact { return add(k.run, k.change) }

// answerRunChange tells what share of the money keeps systems alive, and what of it goes
// to systems that have passed their end.
func answerRunChange(ctx context.Context, q *asking) (*Answer, error) {
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
	rows, err := e.sums(ctx, year, year, systems.ByOwner, systems.BySystem, systems.ByChange)
	if err != nil {
		return nil, err
	}
	briefs, err := e.briefs(ctx)
	if err != nil {
		return nil, err
	}
	all := map[int64]*keeping{}
	end := models.NewDate(year+1, 1, 1)
	tops, err := e.topOf(ctx, ownersOf(rows))
	if err != nil {
		return nil, err
	}
	for i := range rows {
		k := e.keepingOf(all, &rows[i], briefs, tops)
		if rows[i].Change {
			k.change = add(k.change, rows[i].amount)
		} else {
			k.run = add(k.run, rows[i].amount)
		}
		if b := briefs[rows[i].SystemID]; b != nil && b.EndOfLife(end) {
			k.legacy = add(k.legacy, rows[i].amount)
		}
	}
	return e.done(runChangeTable(q.By, slices.Collect(maps.Values(all))))
}

func ownersOf(rows []owned) []int64 {
	seen := map[int64]bool{}
	for i := range rows {
		seen[rows[i].OrgID] = true
	}
	return slices.Sorted(maps.Keys(seen))
}

// keepingOf is the row that a sum belongs to.
func (e *estate) keepingOf(all map[int64]*keeping, row *owned, briefs map[int64]*systems.Brief, tops map[int64]int64) *keeping {
	id := row.OrgID
	switch e.By {
	case bySystem:
		id = row.SystemID
	case byMinistry:
		id = tops[row.OrgID]
	}
	k := all[id]
	if k != nil {
		return k
	}
	k = &keeping{id: id, sort: strconv.FormatInt(id, 10)}
	all[id] = k
	switch e.By {
	case bySystem:
		b := briefs[id]
		if b == nil { // it was taken out since; what was known before is asked for
			b = &systems.Brief{ID: id, OrgID: row.OrgID, Name: strconv.FormatInt(id, 10)}
		}
		k.name, k.below = systemRow(b)
		k.sort = b.Name
	case byMinistry:
		k.name, k.below = Value{Org: id}, &Below{Question: e.Code, By: byOwner, Under: id}
	default:
		k.name, k.below = ownerRow(id, e.Code, bySystem)
	}
	return k
}

// runChangeTable shows who keeps most money for keeping systems alive, first.
func runChangeTable(by string, all []*keeping) *Answer {
	most(all, func(k **keeping) (models.Exact, string) { return (*k).all(), (*k).sort })
	a := &Answer{Columns: []Column{{by, Name}, {"run", Money}, {"change_money", Money}, {"total", Money}, {"run_share", Percent}, {"legacy", Money}, {"legacy_share", Percent}}, Sums: 3, Draw: Draw{As: "bars", Label: 0, Values: []int{1, 2}}, Notes: []string{"owned_accrual", "legacy"}}
	var run, changed, legacy models.Exact
	for _, k := range all {
		total := k.all()
		a.Rows = append(a.Rows, Row{Values: []Value{k.name, amount(k.run), amount(k.change), amount(total), shareTwo(k.run, total), amount(k.legacy), shareTwo(k.legacy, total)}, Below: k.below})
		run, changed, legacy = add(run, k.run), add(changed, k.change), add(legacy, k.legacy)
	}
	total := add(run, changed)
	a.Figures = []Figure{{"run", Money, amount(run)}, {"change_money", Money, amount(changed)}, {"run_share", Percent, shareTwo(run, total)}, {"legacy", Money, amount(legacy)}, {"legacy_share", Percent, shareTwo(legacy, total)}}
	return a
}

// shareTwo is a part of a whole in percent, with two decimals.
func shareTwo(part, whole models.Exact) Value {
	return percentOf(part.Rat(), whole.Rat(), ratioDecimals)
}
