package reports

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"pilveturg/db"
	"pilveturg/models"
	"pilveturg/models/spend"
	"pilveturg/models/systems"
)

// What the costs of owned systems are told apart by.
const (
	byOwner  = "owner"
	bySystem = "system"
	byRating = "rating"
	byThing  = "thing" // services that are subscribed to, and systems
)

// mostSystems is of how many systems an answer can tell one by one.
const mostSystems = 2500

func ownedQuestions() []Question {
	return []Question{
		{Code: "together", Number: 1, Group: Owned, Yearly: true, Bys: []string{byMinistry, byOwner, byThing, byYear}, Asks: []string{"under", "buyer", "known"}, answer: answerTogether},
		{Code: "run_change", Number: 2, Group: Owned, Yearly: true, Bys: []string{byOwner, byMinistry, bySystem}, Asks: []string{"under", "buyer", "known"}, answer: answerRunChange},
		{Code: "system_cost", Number: 3, Group: Owned, Yearly: true, Bys: []string{byOwner, bySystem}, Asks: []string{"under", "buyer", "known"}, answer: answerSystemCost},
		{Code: "cheaper", Number: 4, Group: Owned, Path: "/spend/own-or-subscribe"},
		{Code: "one_purpose", Number: 6, Group: Owned, Yearly: true, Asks: []string{"under", "buyer", "known"}, answer: answerOnePurpose},
		{Code: "could_share", Number: 7, Group: Owned, Yearly: true, Asks: []string{"under", "buyer"}, answer: answerCouldShare},
		{Code: "investments", Number: 19, Group: Owned, Yearly: true, Bys: []string{byOwner, bySystem, byRating}, Asks: []string{"under", "buyer", "known"}, answer: answerInvestments},
	}
}

// estate is what systems cost, in the currency of the answer, and what stands beside it.
type estate struct {
	*asking
	rates  *spend.Rates
	owners []int64 // of the systems; nil: of all whom the actor sees
	aside  Beside  // what of their costs is not in the currency of the answer
}

func (q *asking) estate(ctx context.Context) (*estate, error) {
	e := &estate{asking: q, rates: spend.NewRates()}
	switch {
	case q.Buyer != "":
		id, err := strconv.ParseInt(strings.TrimPrefix(q.Buyer, "o"), 10, 64)
		if err != nil || !strings.HasPrefix(q.Buyer, "o") {
			id = 0 // a name that nobody knows owns nothing
		}
		e.owners = []int64{id}
	case q.Under != 0:
		const below = `/* reports.estate */ WITH RECURSIVE below (id) AS (SELECT CAST(? AS BIGINT) UNION SELECT o.id FROM organisations o JOIN below b ON o.parent_id = b.id) SELECT id FROM below`
		e.owners = []int64{}
		if err := q.r.Select(ctx, &e.owners, below, q.Under); err != nil {
			return nil, fmt.Errorf("bodies below %d: %w", q.Under, err)
		}
	}
	return e, nil
}

// ownedYear is the calendar year that is asked for. Costs of systems are kept by those:
// of a financial year it is the one in which it begins.
func (q *asking) ownedYear() (int, error) {
	if q.Year != 0 {
		return q.Year, nil
	}
	from, month := split(q.From)
	until, last := split(q.Until)
	if from == 0 || from != until || month != 1 || last != 12 {
		return 0, models.Invalid{"year": "report.one_year"}
	}
	return from, nil
}

// owned is a sum of the costs of systems in the currency of the answer.
type owned struct {
	systems.Sum
	amount models.Exact
}

// accrues reports whether costs count in the year that they are for, instead of the one
// in which they are paid.
func (q *asking) accrues() bool { return q.Basis != spend.Cash }

// sums are the costs of systems in years.
func (e *estate) sums(ctx context.Context, first, last int, bys ...systems.By) ([]owned, error) {
	rows, err := systems.Sums(ctx, e.r, e.actor, systems.Ask{First: first, Last: last, Known: e.Known, Owners: e.owners}, append(bys, systems.ByYear)...)
	if err != nil {
		return nil, err
	}
	var all []owned
	for _, row := range rows {
		cents := row.Cash
		if e.accrues() {
			cents = row.Accrued
		}
		amount, ok, err := e.inCurrency(ctx, cents, row.Currency, row.Year)
		if err != nil {
			return nil, err
		}
		if ok {
			all = append(all, owned{row, amount})
		}
	}
	return all, nil
}

// inCurrency is an amount in the currency of the answer; where it is not in that, ok is
// false, and it stands beside.
func (e *estate) inCurrency(ctx context.Context, cents int64, code string, year int) (amount models.Exact, ok bool, err error) {
	exact := func(n int64) models.Exact {
		return models.ExactOf(models.Money{Minor: n, Currency: euro}.Decimal()) // hundredths, whatever the currency
	}
	if e.Currency != "" {
		if code == e.Currency {
			return exact(cents), true, nil
		}
		e.aside.Others.add(1, code, exact(cents))
		return amount, false, nil
	}
	euros, known, err := systems.InEuros(ctx, e.r, e.rates, cents, code, year)
	if err != nil {
		return amount, false, err
	}
	if !known {
		e.aside.Unconverted.add(1, code, exact(cents))
	}
	return exact(euros), known, nil
}

// done completes an answer about the costs of systems.
func (e *estate) done(a *Answer) (*Answer, error) {
	a.Currency, a.Beside = e.currency(), e.aside
	var err error
	a.Total, err = a.Sum(a.Sums)
	return a, err
}

// briefs are the systems. It fails with [models.Invalid] where they are too many to be told
// one by one.
func (e *estate) briefs(ctx context.Context) (map[int64]*systems.Brief, error) {
	all, err := systems.Briefs(ctx, e.r, e.actor, e.owners)
	if err != nil {
		return nil, err
	}
	by := make(map[int64]*systems.Brief, len(all))
	for i := range all {
		by[all[i].ID] = &all[i]
	}
	return by, nil
}

// oneByOne complains where systems are too many to be told one by one.
func (e *estate) oneByOne(ctx context.Context) error {
	if e.By != bySystem && e.By != byThing {
		return nil
	}
	var n int
	const q = `/* reports.oneByOne */ SELECT COUNT(*) FROM owned_systems WHERE removed_at IS NULL`
	if err := e.r.Get(ctx, &n, q); err != nil {
		return fmt.Errorf("systems: %w", err)
	}
	if n > mostSystems && e.owners == nil {
		return models.Invalid{"buyer": "report.ask_owner"}
	}
	return nil
}

// ownerRow is the name of an owner, and where its row leads.
func ownerRow(id int64, question, by string) (Value, *Below) {
	return Value{Org: id}, &Below{Question: question, By: by, Buyer: "o" + strconv.FormatInt(id, 10)}
}

// systemRow is the name of a system, and where its row leads.
func systemRow(b *systems.Brief) (Value, *Below) {
	return text(b.Name), &Below{Path: "/systems/" + strconv.FormatInt(b.ID, 10)}
}

// topOf are the highest bodies above owners; of those below one that is asked for, the
// ones directly below it.
func (e *estate) topOf(ctx context.Context, owners []int64) (map[int64]int64, error) {
	marks, args := db.In(owners)
	q := `/* reports.topOf */ WITH RECURSIVE up (id) AS (SELECT id FROM organisations WHERE id IN ` + marks + ` UNION SELECT o.parent_id FROM organisations o JOIN up u ON u.id = o.id WHERE o.parent_id IS NOT NULL)
		SELECT o.id, COALESCE(o.parent_id, 0) AS parent_id FROM organisations o JOIN up u ON u.id = o.id`
	parents := map[int64]int64{}
	for b, err := range db.Each[body](ctx, e.r, q, args...) {
		if err != nil {
			return nil, fmt.Errorf("bodies above owners: %w", err)
		}
		parents[b.ID] = b.Parent
	}
	tops := map[int64]int64{}
	for _, id := range owners {
		at := id
		for range parents { // no body is above itself, so that this ends
			up := parents[at]
			if up == 0 || up == e.Under || at == e.Under {
				break
			}
			at = up
		}
		tops[id] = at
	}
	return tops, nil
}
