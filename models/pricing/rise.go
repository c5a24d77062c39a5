package pricing

import (
	"cmp"
	"slices"

	"pilveturg/models"
)

// Rise is one way in which a changed plan costs some buyer more, or binds them more.
type Rise struct {
	Plan   string // its code
	Charge string // its code; "" when it is about the plan
	What   RiseOf
}

// RiseOf says what of a plan is worse for a buyer.
type RiseOf string

// What can be worse.
const (
	RisePlan     RiseOf = "plan"     // it is gone
	RiseKind     RiseOf = "kind"     // it was free or had a price
	RiseCurrency RiseOf = "currency" // another one, which cannot be compared
	RiseVAT      RiseOf = "vat"
	RiseBilling  RiseOf = "billing" // more is paid at a time
	RiseMonths   RiseOf = "months"  // more months of a year are charged
	RiseTerm     RiseOf = "minimum_months"
	RiseNotice   RiseOf = "notice_days"
	RiseRenewal  RiseOf = "renewal_months"
	RiseCap      RiseOf = "rise_cap" // prices may rise more
	RisePayers   RiseOf = "payers"   // others pay besides the buyer
	RiseCharge   RiseOf = "charge"   // it is new, or an add-on that is gone or has to be taken
	RiseShape    RiseOf = "shape"    // it counts otherwise, which cannot be compared
	RisePrice    RiseOf = "price"    // some quantity costs more, or is on request
	RiseIncluded RiseOf = "included"
	RiseMinimum  RiseOf = "minimum"
	RiseMaximum  RiseOf = "maximum"
)

// Rises returns how the plans new are worse than the plans old for a buyer of any
// quantity; nothing when no buyer pays or is bound more. Plans and charges are told
// apart by their codes. What cannot be compared, such as a price for a month with one
// for a year, counts as worse: somebody has to look at it. What is not known counts as
// worse than what is promised.
func Rises(old, new []Plan) []Rise {
	var r rises
	for i := range old {
		o := &old[i]
		j := slices.IndexFunc(new, func(p Plan) bool { return p.Code == o.Code })
		if j < 0 {
			r.add(RisePlan, true, o.Code, "")
			continue
		}
		r.plan(o, &new[j])
	}
	return r.found
}

type rises struct {
	found []Rise
}

func (r *rises) add(what RiseOf, is bool, plan, charge string) {
	if is {
		r.found = append(r.found, Rise{plan, charge, what})
	}
}

func (r *rises) plan(o, n *Plan) {
	rank := map[Kind]int{Free: 0, Listed: 1, Request: 2}
	say := func(what RiseOf, is bool) { r.add(what, is, o.Code, "") }
	say(RiseKind, rank[n.kind()] > rank[o.kind()])
	say(RiseCurrency, o.Currency != n.Currency)
	say(RiseVAT, more(o.VAT, n.VAT))
	say(RiseBilling, billingMonths(n.Billing) > billingMonths(o.Billing))
	say(RiseMonths, n.Year.months() > o.Year.months())
	say(RiseTerm, moreOf(o.Terms.MinimumMonths, n.Terms.MinimumMonths))
	say(RiseNotice, moreOf(o.Terms.NoticeDays, n.Terms.NoticeDays))
	say(RiseRenewal, moreOf(o.Terms.RenewalMonths, n.Terms.RenewalMonths))
	say(RiseCap, more(o.Terms.RiseCap, n.Terms.RiseCap)) // without one they may rise as they like
	say(RisePayers, n.Payers.Who != o.Payers.Who && (n.Payers.Who == Families || n.Payers.Who == Users))
	for i := range o.Charges {
		c := &o.Charges[i]
		j := slices.IndexFunc(n.Charges, func(d Charge) bool { return d.Code == c.Code })
		if j < 0 {
			r.add(RiseCharge, c.Optional, o.Code, c.Code)
			continue
		}
		r.charge(o.Code, c, &n.Charges[j])
	}
	for i := range n.Charges {
		c := &n.Charges[i]
		known := slices.ContainsFunc(o.Charges, func(d Charge) bool { return d.Code == c.Code })
		r.add(RiseCharge, !known && !c.Optional, o.Code, c.Code)
	}
}

// more reports whether new is more than old, or no longer known.
func more(old, new *models.Decimal) bool {
	return old != nil && (new == nil || new.Cmp(*old) > 0)
}

// moreOf does the same for whole numbers, where what was not known was no promise
// either way: a number that is told now binds.
func moreOf(old, new *int) bool {
	switch {
	case new == nil:
		return old != nil
	case old == nil:
		return *new > 0
	}
	return *new > *old
}

// billingMonths is how many months one invoice covers.
func billingMonths(p Period) int {
	switch p {
	case PerQuarter:
		return 3
	case PerYear, Once:
		return 12
	}
	return 1
}

func (r *rises) charge(plan string, o, n *Charge) {
	say := func(what RiseOf, is bool) { r.add(what, is, plan, o.Code) }
	say(RiseCharge, o.Optional && !n.Optional)
	if o.shape() != n.shape() || !slices.EqualFunc(o.Milestones, n.Milestones, equal) {
		say(RiseShape, true)
		return
	}
	say(RisePrice, o.dearer(n))
	say(RiseIncluded, n.Included.Cmp(o.Included) < 0)
	say(RiseMinimum, n.Minimum.Cmp(o.Minimum) > 0)
	say(RiseMaximum, !o.Maximum.IsZero() && (n.Maximum.IsZero() || n.Maximum.Cmp(o.Maximum) > 0))
}

func equal(a, b models.Decimal) bool { return a.Cmp(b) == 0 }

// shape is what two charges must have alike to be compared.
type shape struct {
	Kind                    ChargeKind
	Unit, Each, MinimumUnit string
	Per                     Period
	Mode                    Mode
	Batch                   string
	Begun                   bool
	Priced                  string // what tells the price
}

func (c *Charge) shape() shape {
	s := shape{Kind: c.Kind, Unit: c.Unit, Each: c.Each, MinimumUnit: c.MinimumUnit, Per: c.Per, Mode: cmp.Or(c.Mode, Graduated),
		Batch: c.Batch.String(), Begun: c.Begun, Priced: "steps"}
	switch {
	case c.Rate != nil:
		s.Priced = "rate"
	case c.From != nil || c.To != nil:
		s.Priced = "range"
	case c.Price == nil && len(c.Steps) == 0:
		s.Priced = "request"
	}
	if c.Mode != Band && c.stepCount() == 1 {
		s.Mode = Graduated // with one price both come to the same
	}
	if c.Minimum.IsZero() {
		s.MinimumUnit = ""
	}
	return s
}

// dearer reports whether n costs more than c, which has the same shape, at any
// quantity, minimum and maximum aside.
func (c *Charge) dearer(n *Charge) bool {
	switch {
	case c.Rate != nil:
		return more(c.Rate, n.Rate)
	case c.From != nil || c.To != nil:
		return c.dearerRange(n)
	case c.Price == nil && len(c.Steps) == 0:
		return false // on request, both
	case shorter(c, n):
		return true
	case c.Mode == Volume || c.Mode == Band || c.Begun:
		return c.dearerAtSteps(n)
	}
	return c.dearerInSum(n)
}

func (c *Charge) dearerRange(n *Charge) bool {
	low := func(d *models.Decimal) models.Decimal {
		if d == nil {
			return models.Decimal{}
		}
		return *d
	}
	return low(n.From).Cmp(low(c.From)) > 0 || more(c.To, n.To)
}

// shorter reports whether the prices of n end before those of c: above them the price
// is on request.
func shorter(c, n *Charge) bool {
	end := func(c *Charge) *models.Decimal { return c.step(c.stepCount() - 1).To }
	o, e := end(c), end(n)
	return e != nil && (o == nil || e.Cmp(*o) < 0)
}

// ends returns where steps of either charge end, rising, up to the last end of c.
func ends(c, n *Charge) []models.Decimal {
	var all []models.Decimal
	last := c.step(c.stepCount() - 1).To
	for _, x := range []*Charge{c, n} {
		for i := range x.stepCount() {
			if to := x.step(i).To; to != nil && (last == nil || to.Cmp(*last) <= 0) {
				all = append(all, *to)
			}
		}
	}
	slices.SortFunc(all, models.Decimal.Cmp)
	return slices.CompactFunc(all, equal)
}

// at returns the price of the step that a quantity just above from reaches.
func (c *Charge) at(from models.Decimal) models.Decimal {
	n := c.stepCount()
	for i := range n {
		if s := c.step(i); s.To == nil || from.Cmp(*s.To) < 0 {
			return s.Price
		}
	}
	return c.step(n - 1).Price
}

// dearerAtSteps compares the price of each stretch between two ends.
func (c *Charge) dearerAtSteps(n *Charge) bool {
	open := c.step(c.stepCount()-1).To == nil
	stretches := ends(c, n)
	if !open {
		stretches = stretches[:len(stretches)-1] // nothing of c is above its last end
	}
	var free models.Decimal // what is included costs nothing, but for bands
	if c.Mode != Band {
		free = c.Included
	}
	for _, from := range append([]models.Decimal{free}, stretches...) {
		if from.Cmp(free) >= 0 && n.at(from).Cmp(c.at(from)) > 0 {
			return true
		}
	}
	return false
}

// dearerInSum compares the sums of parts at their own prices. Both are straight between
// two ends, so it is enough to compare them there, and how steep they are at last.
func (c *Charge) dearerInSum(n *Charge) bool {
	points := append(ends(c, n), c.Included, n.Included)
	slices.SortFunc(points, models.Decimal.Cmp)
	var x exact
	for _, q := range points {
		if c.outside(q) {
			continue
		}
		if sum := n.sumTo(&x, q); sum.Cmp(c.sumTo(&x, q)) > 0 {
			return true
		}
	}
	if c.step(c.stepCount()-1).To == nil {
		last := points[len(points)-1]
		if n.at(last).Cmp(c.at(last)) > 0 {
			return true
		}
	}
	return x.err != nil // too large to compare
}

// outside reports whether the quantity is above the last step.
func (c *Charge) outside(q models.Decimal) bool {
	to := c.step(c.stepCount() - 1).To
	return to != nil && q.Cmp(*to) > 0
}

// sumTo is what a quantity costs, each part at the price of its step.
func (c *Charge) sumTo(x *exact, q models.Decimal) models.Decimal {
	var sum models.Decimal
	from := c.Included
	for i := range c.stepCount() {
		s := c.step(i)
		to := q
		if s.To != nil {
			to = smaller(q, *s.To)
		}
		if to.Cmp(from) > 0 {
			sum = x.add(sum, x.mul(x.sub(to, from), s.Price))
			from = to
		}
	}
	return sum
}
