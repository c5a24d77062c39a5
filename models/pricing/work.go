package pricing

import (
	"fmt"
	"slices"

	"pilveturg/models"
)

// work is one plan being worked out for one buyer. It is what [Plan.Yearly] and
// [Plan.Quote] share: lines are written only when there is a quote to hold them.
type work struct {
	exact
	usage      Usage
	quote      *Quote // nil when only the sums are wanted
	currency   string
	places     int // of the currency
	billing    Period
	months     int // charged in a year
	year, once Range
	onRequest  bool
	missing    []string
}

// counts are the quantities that one charge goes by.
type counts struct {
	unit, each, minimum models.Decimal
	flow                bool
}

// stretch is a number of equal periods in a year, and the charged months in one.
type stretch struct{ times, months int }

// charge works out one charge and adds it to the sums.
func (w *work) charge(c *Charge) {
	if !c.priced() {
		w.onRequest = true
		w.line(c, true)
		return
	}
	n := w.counts(c)
	if len(w.missing) > 0 || w.err != nil {
		return
	}
	line := w.line(c, false)
	periods := split(w.months, c.Per)
	var amounts [2]Range
	for i, s := range periods {
		var ok bool
		switch {
		case s.times == 0:
			continue
		case i == 1 && periods[0].times > 0 && !n.flow:
			// What does not flow costs as much in a short quarter as in a full one.
			amounts[1] = amounts[0]
			line.more(s.times)
			continue
		}
		if amounts[i], ok = w.period(c, n, s, line); !ok {
			w.onRequest = true
			return
		}
	}
	w.bill(c, periods, amounts, line)
	if w.err != nil {
		w.err = fmt.Errorf("charge %q: %w", c.Code, w.err)
	}
}

// priced reports whether the charge tells any price.
func (c *Charge) priced() bool {
	return c.Price != nil || len(c.Steps) > 0 || c.From != nil || c.To != nil || c.Rate != nil
}

// line starts the charge's line when there is a quote.
func (w *work) line(c *Charge, onRequest bool) *Line {
	if w.quote == nil {
		return nil
	}
	w.quote.Lines = append(w.quote.Lines, Line{Charge: c, OnRequest: onRequest})
	return &w.quote.Lines[len(w.quote.Lines)-1]
}

// counts looks up the quantities a charge goes by, and notes what is missing.
func (w *work) counts(c *Charge) counts {
	n := counts{unit: models.Whole(1), each: w.orOne(c.Each)}
	n.minimum = n.each
	if c.MinimumUnit != "" {
		n.minimum = w.orOne(c.MinimumUnit)
	}
	if c.Unit == "" {
		return n
	}
	q, ok := w.usage.find(c.Unit)
	switch {
	case !ok && !slices.Contains(w.missing, c.Unit):
		w.missing = append(w.missing, c.Unit)
	case ok:
		n.unit, n.flow = q.Amount, q.Flow
	}
	if n.each.IsZero() && !n.unit.IsZero() && w.err == nil {
		w.err = models.Invalid{c.Each: "quote.none_of_each"}
	}
	return n
}

// orOne returns the quantity of a unit; 1 when none is given, and a quote says so.
func (w *work) orOne(unit string) models.Decimal {
	if unit == "" {
		return models.Whole(1)
	}
	if q, ok := w.usage.find(unit); ok {
		return q.Amount
	}
	if w.quote != nil && !slices.Contains(w.quote.Assumed, unit) {
		w.quote.Assumed = append(w.quote.Assumed, unit)
	}
	return models.Whole(1)
}

// split returns the periods in so many months: full ones, and the short one left.
func split(months int, per Period) [2]stretch {
	switch per {
	case PerQuarter:
		s := [2]stretch{{months / 3, 3}}
		if left := months % 3; left > 0 {
			s[1] = stretch{1, left}
		}
		return s
	case PerYear:
		return [2]stretch{{1, months}}
	case Once:
		return [2]stretch{{1, 1}}
	}
	return [2]stretch{{months, 1}}
}

// period works out a charge's amount in one of its periods. It is not ok when
// that is on request.
func (w *work) period(c *Charge, n counts, s stretch, line *Line) (amount Range, ok bool) {
	q := n.unit
	if n.flow {
		q = w.mul(q, models.Whole(int64(s.months)))
	}
	var working *Working
	if line != nil {
		line.Working = append(line.Working, Working{Times: s.times, Months: s.months, Quantity: q, Each: n.each})
		working = &line.Working[len(line.Working)-1]
	}
	sum, ok := w.price(c, q, n.each, working)
	if !ok && line != nil {
		line.OnRequest = true
	}
	return w.bound(c, n, sum, working), ok
}

// bound applies the minimum and the maximum of a period.
func (w *work) bound(c *Charge, n counts, sum Range, working *Working) Range {
	amount := sum
	var least, most models.Decimal
	if !c.Minimum.IsZero() {
		least = w.mul(c.Minimum, n.minimum)
		amount.Low, amount.High = larger(sum.Low, least), larger(sum.High, least)
	}
	raised := amount != sum
	if !c.Maximum.IsZero() {
		most = w.mul(c.Maximum, n.each)
		amount = amount.atMost(most)
	}
	if working != nil {
		working.Sum, working.Minimum, working.Maximum, working.Amount = sum, least, most, amount
		working.Raised = raised
		working.Lowered = sum.Open != amount.Open || sum.Low.Cmp(amount.Low) > 0 || sum.High.Cmp(amount.High) > 0
	}
	return amount
}

func (r Range) atMost(d models.Decimal) Range {
	if r.Open {
		r.High = d
	}
	return Range{Low: smaller(r.Low, d), High: smaller(r.High, d)} // no longer open
}

func larger(a, b models.Decimal) models.Decimal {
	if a.Cmp(b) < 0 {
		return b
	}
	return a
}

func smaller(a, b models.Decimal) models.Decimal {
	if a.Cmp(b) > 0 {
		return b
	}
	return a
}
