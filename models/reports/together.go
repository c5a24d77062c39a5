package reports

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"strconv"

	"pilveturg/db"
	"pilveturg/models"
	"pilveturg/models/spend"
	"pilveturg/models/systems"
)

// joint is what a body, a service or a year comes to, subscribed and owned.
type joint struct {
	key, sort           string
	name                Value
	below               *Below
	org                 int64
	subscribed, owned   models.Exact
	subscribed1, owned1 models.Exact // in the year before
}

func (j *joint) all() models.Exact    { return add(j.subscribed, j.owned) }
func (j *joint) before() models.Exact { return add(j.subscribed1, j.owned1) }

// trendYears is over how many years subscribed and owned are told.
const trendYears = 5

// answerTogether puts what is subscribed to beside what is owned.
func answerTogether(ctx context.Context, q *asking) (*Answer, error) {
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
	all := map[string]*joint{}
	if q.By == byYear {
		err = e.byYears(ctx, all, year)
	} else {
		err = e.byBodies(ctx, all, year)
	}
	if err != nil {
		return nil, err
	}
	return e.togetherTable(ctx, slices.Collect(maps.Values(all)))
}

// at is the row of a key.
func at(all map[string]*joint, key string) *joint {
	if all[key] == nil {
		all[key] = &joint{key: key, sort: key}
	}
	return all[key]
}

// byBodies adds a year and the one before, told apart by bodies or things.
func (e *estate) byBodies(ctx context.Context, all map[string]*joint, year int) error {
	for n, y := range []int{year, year - 1} {
		ask := *e.asking
		ask.Year, ask.From, ask.Until, ask.First = y, "", "", 0
		if err := e.subscribedBy(ctx, all, &ask, n == 0); err != nil {
			return err
		}
		rows, err := e.sums(ctx, y, y, e.ownedBys()...)
		if err != nil {
			return err
		}
		if err := e.ownedBy(ctx, all, rows, n == 0); err != nil {
			return err
		}
	}
	return nil
}

func (e *estate) ownedBys() []systems.By {
	if e.By == byThing {
		return []systems.By{systems.ByOwner, systems.BySystem}
	}
	return []systems.By{systems.ByOwner}
}

// subscribedBy adds what was paid for services.
func (e *estate) subscribedBy(ctx context.Context, all map[string]*joint, ask *asking, now bool) error {
	by := spend.ByBuyer
	if e.By == byThing {
		by = spend.ByVendor
	}
	rows, err := ask.sums(ctx, by)
	if err != nil {
		return err
	}
	var above map[int64]body
	if e.By == byMinistry {
		if above, err = tops(ctx, e.r, e.Under); err != nil {
			return err
		}
	}
	for i := range rows {
		j := e.subscribedRow(all, rows[i].Of[0], above)
		if now {
			j.subscribed = add(j.subscribed, ask.of(&rows[i].Sum))
		} else {
			j.subscribed1 = add(j.subscribed1, ask.of(&rows[i].Sum))
		}
	}
	return nil
}

func (e *estate) subscribedRow(all map[string]*joint, label spend.Label, above map[int64]body) *joint {
	switch {
	case e.By == byThing:
		j := at(all, "v"+label.Key)
		j.name, j.sort, j.below = text(named(label)), named(label), &Below{Question: "spent", By: byInvoice, Vendor: label.Key, Buyer: e.Buyer, Under: e.Under}
		return j
	case e.By == byMinistry && above[label.Is].ID != 0:
		top := above[label.Is].ID
		return e.bodyRow(all, top)
	case label.Is != 0:
		return e.bodyRow(all, label.Is)
	}
	j := at(all, "n"+label.Key) // nobody knows which body it is
	j.name, j.sort, j.below = text(named(label)), named(label), &Below{Question: "spent", By: byVendor, Buyer: label.Key}
	return j
}

// bodyRow is the row of a body: from the country to the ministry, from there to the body,
// from there to its services and systems.
func (e *estate) bodyRow(all map[string]*joint, id int64) *joint {
	j := at(all, "o"+strconv.FormatInt(id, 10))
	j.org, j.name = id, Value{Org: id}
	j.below = &Below{Question: "together", By: byThing, Buyer: j.key}
	if e.By == byMinistry && id != e.Under {
		j.below = &Below{Question: "together", By: byOwner, Under: id}
	}
	return j
}

// ownedBy adds what systems cost.
func (e *estate) ownedBy(ctx context.Context, all map[string]*joint, rows []owned, now bool) error {
	var above map[int64]int64
	var briefs map[int64]*systems.Brief
	var err error
	switch e.By {
	case byMinistry:
		above, err = e.topOf(ctx, ownersOf(rows))
	case byThing:
		briefs, err = e.briefs(ctx)
	}
	if err != nil {
		return err
	}
	for i := range rows {
		row := &rows[i]
		var j *joint
		switch e.By {
		case byThing:
			j = at(all, "s"+strconv.FormatInt(row.SystemID, 10))
			if b := briefs[row.SystemID]; b != nil {
				j.name, j.below = systemRow(b)
				j.sort = b.Name
			} else { // it was taken out since
				j.name = text(strconv.FormatInt(row.SystemID, 10))
			}
		case byMinistry:
			j = e.bodyRow(all, above[row.OrgID])
		default:
			j = e.bodyRow(all, row.OrgID)
		}
		if now {
			j.owned = add(j.owned, row.amount)
		} else {
			j.owned1 = add(j.owned1, row.amount)
		}
	}
	return nil
}

// byYears tells the last years, the one that was asked for last.
func (e *estate) byYears(ctx context.Context, all map[string]*joint, year int) error {
	first := year - trendYears + 1
	rows, err := e.sums(ctx, first-1, year)
	if err != nil {
		return err
	}
	owned := map[int]models.Exact{}
	for i := range rows {
		owned[rows[i].Year] = add(owned[rows[i].Year], rows[i].amount)
	}
	var before models.Exact
	for y := first - 1; y <= year; y++ {
		ask := *e.asking
		ask.Year, ask.From, ask.Until, ask.First = y, "", "", 0
		sums, err := ask.sums(ctx)
		if err != nil {
			return err
		}
		var subscribed models.Exact
		for i := range sums {
			subscribed = add(subscribed, ask.of(&sums[i].Sum))
		}
		if y >= first {
			j := at(all, strconv.Itoa(y))
			j.name, j.below = text(strconv.Itoa(y)), &Below{Question: "together", By: byMinistry, Year: y, Under: e.Under, Buyer: e.Buyer}
			j.subscribed, j.owned, j.subscribed1, j.owned1 = subscribed, owned[y], before, owned[y-1]
		}
		before = subscribed
	}
	return nil
}

// sizes are how many people bodies serve or have, as they say; those that do not are left
// out.
func (e *estate) sizes(ctx context.Context, all []*joint) (map[int64]int64, error) {
	var ids []int64
	for _, j := range all {
		if j.org != 0 {
			ids = append(ids, j.org)
		}
	}
	type row struct {
		ID   int64 `db:"id"`
		Size int64 `db:"size"`
	}
	marks, args := db.In(ids)
	by := map[int64]int64{}
	for one, err := range db.Each[row](ctx, e.r, `/* reports.sizes */ SELECT id, size FROM organisations WHERE size > 0 AND id IN `+marks, args...) {
		if err != nil {
			return nil, fmt.Errorf("sizes of bodies: %w", err)
		}
		by[one.ID] = one.Size
	}
	return by, nil
}

func (e *estate) togetherTable(ctx context.Context, all []*joint) (*Answer, error) {
	kind := Name
	if e.By == byYear {
		kind = Year
		slices.SortFunc(all, func(x, y *joint) int { return cmp.Compare(x.key, y.key) })
	} else {
		most(all, func(j **joint) (models.Exact, string) { return (*j).all(), (*j).sort })
	}
	sizes, err := e.sizes(ctx, all)
	if err != nil {
		return nil, err
	}
	a := &Answer{Columns: []Column{{e.By, kind}, {"subscribed", Money}, {"owned", Money}, {"total", Money}, {"subscribed_share", Percent}, {"before", Money}, {"change", Percent}, {"per_user", Money}}, Sums: 3, Draw: Draw{As: "bars", Label: 0, Values: []int{1, 2}}, Notes: []string{"owned_accrual"}}
	if e.By == byYear {
		a.Draw.As = "lines"
	}
	var subscribed, owned, subscribed1, owned1 models.Exact
	for _, j := range all {
		each := Value{Unknown: true}
		if n := sizes[j.org]; n > 0 {
			each = percentOf(j.all().Rat(), models.ExactOf(models.Whole(n*100)).Rat(), ratioDecimals)
		}
		a.Rows = append(a.Rows, Row{Values: []Value{j.name, amount(j.subscribed), amount(j.owned), amount(j.all()), shareTwo(j.subscribed, j.all()), amount(j.before()), change(j.before(), j.all()), each}, Below: j.below})
		subscribed, owned = add(subscribed, j.subscribed), add(owned, j.owned)
		subscribed1, owned1 = add(subscribed1, j.subscribed1), add(owned1, j.owned1)
	}
	if e.By == byYear { // the sum of the years is no year
		last := all[len(all)-1]
		subscribed, owned, subscribed1, owned1 = last.subscribed, last.owned, last.subscribed1, last.owned1
	}
	a.Figures = []Figure{{"subscribed", Money, amount(subscribed)}, {"subscribed_change", Percent, change(subscribed1, subscribed)}, {"owned", Money, amount(owned)}, {"owned_change", Percent, change(owned1, owned)},
		{"subscribed_share", Percent, shareTwo(subscribed, add(subscribed, owned))}, {"subscribed_share_before", Percent, shareTwo(subscribed1, add(subscribed1, owned1))}}
	ledger, err := e.beside(ctx)
	if err != nil {
		return nil, err
	}
	e.aside.join(ledger)
	return e.done(a)
}

// join adds what stands beside another part of the answer.
func (b *Beside) join(other Beside) {
	for _, one := range []struct{ to, from *Part }{{&b.Unclassified, &other.Unclassified}, {&b.Undated, &other.Undated}, {&b.Unconverted, &other.Unconverted}, {&b.Others, &other.Others}} {
		one.to.Rows += one.from.Rows
		for _, m := range one.from.Amounts {
			one.to.add(0, m.Currency, m.Amount)
		}
	}
}
