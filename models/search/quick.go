package search

import (
	"math/bits"
	"slices"

	"pilveturg/models"
	"pilveturg/models/pricing"
)

// Most plans are simple enough for their yearly price to be worked out in whole
// numbers, from a few bytes: millionths of quantities and of whole units of
// currency. It is the price that [pricing.Plan.Yearly] gives, or none at all, and
// then Yearly is asked.

const (
	millionths  = 6
	million     = 1_000_000
	billionfold = million * million // amounts are a price times a quantity
)

// What stands in the first byte of a quick plan.
const (
	quickOther   = 1 << iota // in a currency that is not compared
	quickRequest             // on request whatever the quantity
)

// What stands in the first byte of a quick charge.
const (
	quickCounted = 1 << iota // by the quantity
	quickReached             // all at the price of the step reached
	quickBand                // the step reached is the price
	quickBegun               // batches that are begun are paid whole
)

// quickPlan writes a plan for quick pricing; nothing when it is not simple enough.
func quickPlan(p *pricing.Plan) []byte {
	q := quickWriter{plan: p, months: p.Year.Months, ok: true}
	if q.months == 0 {
		q.months = 12
	}
	var head byte
	if p.Currency != Currency {
		head |= quickOther
	}
	var w wire
	n := 0
	for i := range p.Charges {
		c := &p.Charges[i]
		if c.Kind == pricing.PassThrough || c.Optional {
			continue
		}
		if c.Price == nil && len(c.Steps) == 0 && c.From == nil && c.To == nil && c.Rate == nil {
			head |= quickRequest
			continue
		}
		q.charge(&w, c)
		n++
	}
	if p.Kind == pricing.Request {
		head |= quickRequest
	}
	if !q.ok {
		return nil
	}
	out := wire{}
	out.byte(head)
	out.word(q.unit)
	out.count(n)
	out.b = append(out.b, w.b...)
	return out.b
}

type quickWriter struct {
	plan   *pricing.Plan
	months int
	unit   string // the one that is counted
	ok     bool
}

// simple reports whether a charge can be priced quickly.
func (q *quickWriter) simple(c *pricing.Charge) bool {
	switch {
	case c.Kind != pricing.Priced, c.Each != "", c.MinimumUnit != "", c.From != nil, c.To != nil, c.Rate != nil,
		!c.Batch.IsZero() && !c.Begun, c.Unit == "" && len(c.Steps) > 0, c.Price != nil && len(c.Steps) > 0:
		return false
	case c.Unit == "":
		return true
	case q.unit == "":
		q.unit = c.Unit
	}
	return q.unit == c.Unit
}

func (q *quickWriter) charge(w *wire, c *pricing.Charge) {
	if !q.simple(c) {
		q.ok = false
		return
	}
	var head byte
	if c.Unit != "" {
		head |= quickCounted
	}
	if c.Mode == pricing.Volume || c.Mode == pricing.Band {
		head |= quickReached
	}
	if c.Mode == pricing.Band {
		head |= quickBand
	}
	if !c.Batch.IsZero() {
		head |= quickBegun
	}
	w.byte(head)
	for _, d := range []models.Decimal{c.Batch, c.Included, c.Minimum, c.Maximum} {
		q.number(w, d)
	}
	steps := c.Steps
	if c.Price != nil {
		steps = []pricing.Step{{Price: *c.Price}}
	}
	w.count(len(steps))
	for _, s := range steps {
		if s.To == nil {
			w.byte(0)
		} else {
			w.byte(1)
			q.number(w, *s.To)
		}
		q.number(w, s.Price)
	}
	q.bills(w, c.Per)
}

// number writes millionths. Negative numbers are left to Yearly.
func (q *quickWriter) number(w *wire, d models.Decimal) {
	n, ok := scaled(d, millionths)
	if !ok || n < 0 || d.Places() > millionths {
		q.ok = false
	}
	w.uint(uint64(n))
}

// bills writes the invoices of a year: how many equal ones, and for each how many
// periods of how many months it is for. What is paid once is on no invoice of a
// year, but may be on request.
func (q *quickWriter) bills(w *wire, per pricing.Period) {
	type bill struct{ times, periods, months, shortMonths int }
	full, rest := q.months/3, q.months%3
	var all []bill
	yearly := q.plan.Billing == pricing.PerYear || q.plan.Billing == pricing.Once
	switch {
	case per == pricing.Once:
		all = []bill{{0, 1, 1, 0}}
	case per == pricing.PerYear:
		all = []bill{{1, 1, q.months, 0}}
	case per == pricing.PerQuarter && yearly:
		all = []bill{{1, full, 3, rest}}
		if full == 0 {
			all = []bill{{1, 1, rest, 0}}
		}
	case per == pricing.PerQuarter:
		all = []bill{{full, 1, 3, 0}, {1, 1, rest, 0}}
	case per == pricing.PerMonth && yearly:
		all = []bill{{1, q.months, 1, 0}}
	case per == pricing.PerMonth && q.plan.Billing == pricing.PerQuarter:
		all = []bill{{full, 3, 1, 0}, {1, rest, 1, 0}}
	case per == pricing.PerMonth:
		all = []bill{{q.months, 1, 1, 0}}
	default:
		q.ok = false
	}
	all = slices.DeleteFunc(all, func(b bill) bool { return b.periods*b.months == 0 || b.times == 0 && per != pricing.Once })
	w.count(len(all))
	for _, b := range all {
		for _, n := range []int{b.times, b.periods, b.months, b.shortMonths} {
			w.byte(byte(n))
		}
	}
}

// quickVolume is a volume in millionths.
type quickVolume struct {
	unit   string
	amount uint64
	flow   bool
	ok     bool
}

func newQuickVolume(v Volume) quickVolume {
	n, ok := scaled(v.Amount, millionths)
	return quickVolume{v.Unit, uint64(n), v.Flow, ok && n >= 0 && v.Amount.Places() <= millionths && n <= pricing.MaxQuantity}
}

// price works a quick plan out: an amount in minor units, or one of the column's
// other prices; not ok when Yearly is to be asked.
func (v *quickVolume) price(plan []byte) (price int64, ok bool) {
	if len(plan) == 0 || !v.ok {
		return 0, false
	}
	r := quickReader{unwire: unwire{b: plan}, volume: v}
	head := r.byte()
	if unit := r.word(); unit != "" && unit != v.unit {
		return priceUnknown, true
	}
	if head&quickRequest != 0 {
		return priceRequest, true
	}
	for range r.count() {
		r.charge()
	}
	switch {
	case r.bad || r.slow:
		return 0, false
	case r.onRequest:
		return priceRequest, true
	case head&quickOther != 0:
		return priceOther, true
	}
	return int64(r.sum), true
}

type quickReader struct {
	unwire
	volume    *quickVolume
	head      byte
	batch     uint64
	included  uint64
	least     uint64
	most      uint64
	steps     [pricing.MaxSteps]quickStep
	stepCount int
	sum       uint64
	onRequest bool
	slow      bool
}

type quickStep struct {
	open      bool
	to, price uint64
}

func (r *quickReader) charge() {
	r.head = r.byte()
	r.batch, r.included, r.least, r.most = r.uint(), r.uint(), r.uint(), r.uint()
	r.stepCount = min(r.count(), len(r.steps))
	for i := range r.stepCount {
		s := quickStep{open: r.byte() == 0}
		if !s.open {
			s.to = r.uint()
		}
		s.price = r.uint()
		r.steps[i] = s
	}
	for range r.count() {
		r.bill(uint64(r.byte()), uint64(r.byte()), uint64(r.byte()), uint64(r.byte()))
	}
}

// bill adds equal invoices, each rounded to minor units.
func (r *quickReader) bill(times, periods, months, short uint64) {
	amount := r.times(r.period(months), periods)
	if short > 0 {
		amount = r.plus(amount, r.period(short))
	}
	const perMinor = billionfold / 100 // cents; other currencies are not compared
	if amount.high >= perMinor {
		r.slow = true
		return
	}
	minor, rest := bits.Div64(amount.high, amount.low, perMinor)
	if rest >= perMinor/2 {
		minor++
	}
	high, low := bits.Mul64(minor, times)
	r.sum += low
	r.slow = r.slow || high > 0 || low > 1<<60 || r.sum > 1<<60
}

// long is an amount in millionths of millionths.
type long struct{ high, low uint64 }

func (r *quickReader) plus(a, b long) long {
	low, carry := bits.Add64(a.low, b.low, 0)
	high, over := bits.Add64(a.high, b.high, carry)
	r.slow = r.slow || over > 0
	return long{high, low}
}

func (r *quickReader) times(a long, n uint64) long {
	over, high := bits.Mul64(a.high, n)
	carry, low := bits.Mul64(a.low, n)
	high, more := bits.Add64(high, carry, 0)
	r.slow = r.slow || over > 0 || more > 0
	return long{high, low}
}

func (a long) less(b long) bool { return a.high < b.high || a.high == b.high && a.low < b.low }

func product(price, quantity uint64) long {
	high, low := bits.Mul64(price, quantity)
	return long{high, low}
}

// period works out one period of so many months.
func (r *quickReader) period(months uint64) long {
	quantity := uint64(million)
	if r.head&quickCounted != 0 {
		quantity = r.volume.amount
		if r.volume.flow {
			quantity *= months
		}
	}
	amount := r.priced(quantity)
	if least := product(r.least, million); amount.less(least) {
		amount = least
	}
	if most := product(r.most, million); r.most > 0 && most.less(amount) {
		amount = most
	}
	return amount
}

func (r *quickReader) priced(quantity uint64) long {
	var sum long
	from := uint64(0)
	for _, s := range r.steps[:r.stepCount] {
		last := s.open || quantity <= s.to
		switch {
		case r.head&quickReached != 0 && last:
			return r.part(s.price, 0, quantity)
		case r.head&quickReached != 0:
			continue
		case last:
			return r.plus(sum, r.part(s.price, from, quantity))
		}
		sum = r.plus(sum, r.part(s.price, from, s.to))
		from = s.to
	}
	r.onRequest = true
	return long{}
}

// part prices what is above from and up to to.
func (r *quickReader) part(price, from, to uint64) long {
	if r.head&quickCounted == 0 || r.head&quickBand != 0 {
		return product(price, million)
	}
	paid := max(from, min(r.included, to))
	count := to - paid
	if r.head&quickBegun != 0 && count > 0 {
		count = (count-1)/r.batch*million + million
	}
	return product(price, count)
}
