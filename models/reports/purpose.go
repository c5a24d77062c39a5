package reports

import (
	"context"
	"maps"
	"slices"
	"strings"

	"pilveturg/models"
	"pilveturg/models/spend"
	"pilveturg/models/systems"
)

// purpose is a category with what is paid for services and systems in it.
type purpose struct {
	slug              string
	vendors           map[string]bool
	owners            map[int64]bool
	bodies            map[string]bool
	systems           int
	subscribed, owned models.Exact
}

// answerOnePurpose tells for what purposes several systems run, and services are paid for,
// at once.
func answerOnePurpose(ctx context.Context, q *asking) (*Answer, error) {
	e, err := q.estate(ctx)
	if err != nil {
		return nil, err
	}
	year, err := q.ownedYear()
	if err != nil {
		return nil, err
	}
	all := map[string]*purpose{}
	if err := e.purposesOwned(ctx, all, year); err != nil {
		return nil, err
	}
	if err := e.purposesPaid(ctx, all); err != nil {
		return nil, err
	}
	rows := slices.DeleteFunc(slices.Collect(maps.Values(all)), func(p *purpose) bool { return p.systems+len(p.vendors) < 2 })
	most(rows, func(p **purpose) (models.Exact, string) { return add((*p).subscribed, (*p).owned), (*p).slug })
	a := &Answer{Columns: []Column{{"category", Name}, {"systems", Count}, {"owners", Count}, {"vendors", Count}, {"bodies", Count}, {"subscribed", Money}, {"owned", Money}, {"total", Money}}, Sums: 7, Draw: Draw{As: "bars", Label: 0, Values: []int{5, 6}}, Notes: []string{"owned_accrual", "one_purpose"}}
	for _, p := range rows {
		a.Rows = append(a.Rows, Row{Values: []Value{{Slug: p.slug}, count(p.systems), count(len(p.owners)), count(len(p.vendors)), count(len(p.bodies)), amount(p.subscribed), amount(p.owned), amount(add(p.subscribed, p.owned))},
			Below: &Below{Path: "/systems?category=" + p.slug}})
	}
	return e.done(a)
}

func purposeOf(all map[string]*purpose, slug string) *purpose {
	if all[slug] == nil {
		all[slug] = &purpose{slug: slug, vendors: map[string]bool{}, owners: map[int64]bool{}, bodies: map[string]bool{}}
	}
	return all[slug]
}

func (e *estate) purposesOwned(ctx context.Context, all map[string]*purpose, year int) error {
	briefs, err := e.briefs(ctx)
	if err != nil {
		return err
	}
	rows, err := e.sums(ctx, year, year, systems.BySystem, systems.ByOwner)
	if err != nil {
		return err
	}
	for _, b := range briefs {
		if b.Category != "" && b.State != systems.Closed {
			p := purposeOf(all, b.Category)
			p.systems++
			p.owners[b.OrgID] = true
		}
	}
	for i := range rows {
		if b := briefs[rows[i].SystemID]; b != nil && b.Category != "" {
			p := purposeOf(all, b.Category)
			p.owned = add(p.owned, rows[i].amount)
		}
	}
	return nil
}

// purposesPaid adds services, where the ledger knows the category of what was paid for.
func (e *estate) purposesPaid(ctx context.Context, all map[string]*purpose) error {
	rows, err := e.asking.sums(ctx, spend.ByCategory, spend.ByVendor, spend.ByBuyer)
	if err != nil {
		return err
	}
	for i := range rows {
		slug, known := strings.CutPrefix(rows[i].Of[0].Key, "c")
		if !known {
			continue // it has no category of the catalogue
		}
		p := purposeOf(all, slug)
		p.vendors[rows[i].Of[1].Key], p.bodies[rows[i].Of[2].Key] = true, true
		p.subscribed = add(p.subscribed, e.of(&rows[i].Sum))
	}
	return nil
}

// answerCouldShare tells which systems others may use, and how many others run something
// for the same purpose.
func answerCouldShare(ctx context.Context, q *asking) (*Answer, error) {
	e, err := q.estate(ctx)
	if err != nil {
		return nil, err
	}
	year, err := q.ownedYear()
	if err != nil {
		return nil, err
	}
	briefs, err := systems.Briefs(ctx, e.r, e.actor, nil)
	if err != nil {
		return nil, err
	}
	owners := map[string]map[int64]bool{}
	for i := range briefs {
		if b := &briefs[i]; b.Category != "" && b.State != systems.Closed {
			if owners[b.Category] == nil {
				owners[b.Category] = map[int64]bool{}
			}
			owners[b.Category][b.OrgID] = true
		}
	}
	rows, err := e.sums(ctx, year, year, systems.BySystem)
	if err != nil {
		return nil, err
	}
	cost := map[int64]models.Exact{}
	for i := range rows {
		cost[rows[i].SystemID] = add(cost[rows[i].SystemID], rows[i].amount)
	}
	a := &Answer{Columns: []Column{{"system", Name}, {"owner", Name}, {"category", Name}, {"others", Count}, {"total", Money}}, Sums: 4, Notes: []string{"owned_accrual"}}
	shared := slices.DeleteFunc(briefs, func(b systems.Brief) bool {
		return !b.Shareable || b.State == systems.Closed || e.owners != nil && !slices.Contains(e.owners, b.OrgID)
	})
	slices.SortStableFunc(shared, func(x, y systems.Brief) int { return len(owners[y.Category]) - len(owners[x.Category]) })
	for i := range shared {
		b := &shared[i]
		name, below := systemRow(b)
		a.Rows = append(a.Rows, Row{Values: []Value{name, {Org: b.OrgID}, {Slug: b.Category}, count(max(0, len(owners[b.Category])-1)), amount(cost[b.ID])}, Below: below})
	}
	a.Figures = []Figure{{"shared_systems", Count, count(len(shared))}, {"systems", Count, count(len(briefs))}}
	return e.done(a)
}
