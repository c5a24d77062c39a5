package demonstration

import (
	"context"
	"errors"
	"fmt"

	"pilveturg/db"
	"pilveturg/models"
	"pilveturg/models/catalogue"
	"pilveturg/models/contracts"
	"pilveturg/models/identity"
	"pilveturg/models/pricing"
)

// running is a run with what is known of its body, its service and its days.
type running struct {
	*Run
	rank int
	body *bodyAt
	sold
	begun    models.Date
	first    month // that is billed
	over     month // the last one that is billed
	plan     string
	year     int64 // euro cents without VAT, by the list of the day on which it began
	even     bool  // each month of a year costs the same
	contract *contracts.Run
}

// sold is a service with its lists of prices and who sells it.
type sold struct {
	offering int64
	listing  catalogue.Listing
	vendor   identity.Organisation
}

// bodyAt is a body with who acts for it.
type bodyAt struct {
	Body
	org            identity.Organisation
	buyer, finance models.Actor
}

// name is how its invoices name a body.
func (b *bodyAt) name() string { return b.org.Names["et"] }

// tale is the story told from a day on, with all that it needs to know.
type tale struct {
	*Story
	calendar
	schema *catalogue.Schema
	bodies []*bodyAt
	runs   []*running
	old    []contracts.Subscription // that were brought before, with vendors who are not here
	sold   map[models.Key]sold
	pace   [3]int64 // of what is elastic in each year, per mille
}

// tell finds whom and what the story is about. Bodies whose people are not there, and
// services that are not there, are left out with what is told of them.
func (s *Story) tell(ctx context.Context, r db.Reader, schema *catalogue.Schema, today models.Date) (*tale, error) {
	t := &tale{Story: s, calendar: newCalendar(today), schema: schema, sold: map[models.Key]sold{}, pace: [3]int64{1000, 1000, 1000}}
	for _, b := range s.Bodies {
		at, err := b.find(ctx, r)
		if errors.Is(err, models.ErrNotFound) {
			continue
		}
		if err != nil {
			return nil, err
		}
		t.bodies = append(t.bodies, at)
		all, err := contracts.All(ctx, r, at.buyer)
		if err != nil {
			return nil, err
		}
		for _, one := range all {
			if one.OfferingID == 0 && one.State.Runs() {
				t.old = append(t.old, one)
			}
		}
	}
	begun, err := t.begun(ctx, r)
	if err != nil {
		return nil, err
	}
	for i := range s.Runs {
		one, err := t.run(ctx, r, i, begun)
		if errors.Is(err, models.ErrNotFound) {
			continue
		}
		if err != nil {
			return nil, fmt.Errorf("%s for %s: %w", s.Runs[i].Service, s.Runs[i].Body, err)
		}
		t.runs = append(t.runs, one)
	}
	for _, l := range s.Loose {
		if _, err := t.find(ctx, r, l.Service); err != nil && !errors.Is(err, models.ErrNotFound) {
			return nil, fmt.Errorf("%s: %w", l.Service, err)
		}
	}
	return t, nil
}

func (b Body) find(ctx context.Context, r db.Reader) (*bodyAt, error) {
	at := &bodyAt{Body: b}
	var err error
	if at.org, err = identity.FindByKey(ctx, r, b.Organisation); err != nil {
		return nil, err
	}
	if at.buyer, err = contracts.Member(ctx, r, b.Buyer, at.org.ID); err == nil {
		at.finance, err = contracts.Member(ctx, r, b.Finance, at.org.ID)
	}
	return at, err
}

func (t *tale) body(key models.Key) *bodyAt {
	for _, b := range t.bodies {
		if b.Organisation == key {
			return b
		}
	}
	return nil
}

// begun is how many of the runs have begun by the end of each of the first two years, so
// that with what others tell of invented bodies as many run as are to run.
func (t *tale) begun(ctx context.Context, r db.Reader) (begun [2]int, err error) {
	for i, year := range []int{-2, -1} {
		december := t.january(year) + 11
		others, err := contracts.InventedRunning(ctx, r, december.last(), once)
		if err != nil {
			return begun, err
		}
		begun[i] = t.Running[i] - others
		for _, one := range t.Runs {
			if one.Ended != nil && t.at(one.Ended.Year, one.Ended.Month) <= december-1 {
				begun[i]++
			}
		}
	}
	return begun, nil
}

// run finds the days, the service and the plan of a run.
func (t *tale) run(ctx context.Context, r db.Reader, i int, begun [2]int) (*running, error) {
	one := &running{Run: &t.Runs[i], rank: i + 1}
	if one.body = t.body(one.Body); one.body == nil {
		return nil, models.ErrNotFound
	}
	var err error
	if one.sold, err = t.find(ctx, r, one.Service); err != nil {
		return nil, err
	}
	t.days(one, begun)
	newest := one.newest()
	for _, p := range newest.Plans {
		if one.Plan == p.Code || one.Plan == "" && len(p.Charges) > 0 {
			one.plan = p.Code
			break
		}
	}
	plan := t.planOn(one, one.begun)
	u, _ := t.schema.Unit(one.Unit)
	one.even = !one.Elastic && !u.Flow && t.charged(plan) == nil
	total, err := plan.Yearly(t.usage(one.Run, func(d models.Decimal) models.Decimal { return d }))
	one.year = total.Year.High.Minor
	return one, err
}

// find finds a service, each once.
func (t *tale) find(ctx context.Context, r db.Reader, key models.Key) (one sold, err error) {
	if one, ok := t.sold[key]; ok {
		return one, nil
	}
	if one.offering, err = catalogue.FindID(ctx, r, key); err == nil {
		one.listing, err = catalogue.FindListing(ctx, r, one.offering)
	}
	if err == nil {
		one.vendor, err = identity.FindByKey(ctx, r, one.listing.Vendor)
	}
	if err == nil {
		t.sold[key] = one
	}
	return one, err
}

// days sets when a run began and when it is over.
func (t *tale) days(one *running, begun [2]int) {
	switch {
	case one.Mark == Notice: // its third term ends in three weeks
		one.begun = t.today.AddDays(21).AddMonths(-36)
	case one.rank > begun[1]:
		one.begun = t.at(0, max(1, one.Month)).first()
	case one.rank > begun[0]:
		one.begun = t.at(-1, max(1, one.Month)).first()
	case one.Month == 0:
		one.begun = (t.january(-2) - 4).first()
	default:
		one.begun = t.at(-2, one.Month).first()
	}
	one.first, one.over = max(wholeMonth(one.begun), t.january(-2)), t.last
	if one.Ended != nil {
		one.over = t.at(one.Ended.Year, one.Ended.Month)
	}
}

// newest is the version of the listing that buyers see.
func (one *sold) newest() *catalogue.Version {
	all := one.listing.Versions
	for i := range all {
		if all[i].State == catalogue.Published {
			return &all[i]
		}
	}
	return &all[len(all)-1]
}

// planOn is the plan of a run as the list had it on a day; before the first list, as that
// one has it.
func (t *tale) planOn(one *running, day models.Date) *pricing.Plan {
	var found *pricing.Plan
	for i := range one.listing.Versions {
		v := &one.listing.Versions[i]
		if v.Published.IsZero() || found != nil && day.Before(v.Published) {
			continue
		}
		for k := range v.Plans {
			if v.Plans[k].Code == one.plan {
				found = &v.Plans[k]
			}
		}
	}
	return found
}

// usage is what a plan is asked a price for, each quantity as scale makes it.
func (t *tale) usage(one *Run, scale func(models.Decimal) models.Decimal) (u pricing.Usage) {
	add := func(unit string, n models.Decimal) {
		of, _ := t.schema.Unit(unit)
		u.Quantities = append(u.Quantities, pricing.Quantity{Unit: unit, Amount: scale(n), Flow: of.Flow})
	}
	if one.Unit != "" {
		add(one.Unit, one.Quantity)
	}
	for unit, n := range one.More {
		add(unit, n)
	}
	return u
}
