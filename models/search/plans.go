package search

import (
	"time"

	"pilveturg/models"
	"pilveturg/models/pricing"
)

// plan writes all of a plan. Most fields of most charges are empty, so a charge
// starts with the bits of those that are not.
func (w *wire) plan(p *pricing.Plan) {
	w.string(p.Code)
	w.text(p.Name)
	w.word(string(p.Kind))
	w.word(p.Currency)
	w.maybe(p.VAT)
	w.word(string(p.Billing))
	w.int(int64(p.Year.Months))
	w.int(int64(p.Year.Start))
	w.whole(p.Terms.MinimumMonths)
	w.whole(p.Terms.NoticeDays)
	w.whole(p.Terms.RenewalMonths)
	w.maybe(p.Terms.RiseCap)
	w.word(string(p.Payers.Who))
	w.text(p.Payers.Note)
	w.text(p.Note)
	w.count(len(p.Charges))
	for i := range p.Charges {
		w.charge(&p.Charges[i])
	}
}

func (w *wire) decimal(d models.Decimal) { w.string(d.String()) }

func (w *wire) maybe(d *models.Decimal) {
	if d == nil {
		w.string("")
		return
	}
	w.decimal(*d)
}

func (w *wire) whole(n *int) {
	if n == nil {
		w.byte(0)
		return
	}
	w.byte(1)
	w.int(int64(*n))
}

// The parts of a charge that are there only when their bit is set.
const (
	chargeName = 1 << iota
	chargeKind
	chargeUnit
	chargeEach
	chargeMode
	chargePrice
	chargeSteps
	chargeBatch
	chargeIncluded
	chargeFromTo
	chargeRate
	chargeMinimum
	chargeMaximum
	chargeMilestones
	chargeNote
	chargeBegun
	chargeOptional
)

func chargeBits(c *pricing.Charge) uint64 {
	var bits uint64
	for _, part := range []struct {
		bit   uint64
		there bool
	}{
		{chargeName, len(c.Name) > 0}, {chargeKind, c.Kind != ""}, {chargeUnit, c.Unit != ""}, {chargeEach, c.Each != ""},
		{chargeMode, c.Mode != ""}, {chargePrice, c.Price != nil}, {chargeSteps, len(c.Steps) > 0},
		{chargeBatch, !c.Batch.IsZero()}, {chargeIncluded, !c.Included.IsZero()}, {chargeFromTo, c.From != nil || c.To != nil},
		{chargeRate, c.Rate != nil}, {chargeMinimum, !c.Minimum.IsZero() || c.MinimumUnit != ""},
		{chargeMaximum, !c.Maximum.IsZero()}, {chargeMilestones, len(c.Milestones) > 0}, {chargeNote, len(c.Note) > 0},
		{chargeBegun, c.Begun}, {chargeOptional, c.Optional},
	} {
		if part.there {
			bits |= part.bit
		}
	}
	return bits
}

func (w *wire) charge(c *pricing.Charge) {
	bits := chargeBits(c)
	w.uint(bits)
	w.word(c.Code)
	w.word(string(c.Per))
	part := func(bit uint64, write func()) {
		if bits&bit != 0 {
			write()
		}
	}
	part(chargeName, func() { w.text(c.Name) })
	part(chargeKind, func() { w.word(string(c.Kind)) })
	part(chargeUnit, func() { w.word(c.Unit) })
	part(chargeEach, func() { w.word(c.Each) })
	part(chargeMode, func() { w.word(string(c.Mode)) })
	part(chargePrice, func() { w.decimal(*c.Price) })
	part(chargeSteps, func() {
		w.count(len(c.Steps))
		for _, s := range c.Steps {
			w.maybe(s.To)
			w.decimal(s.Price)
		}
	})
	part(chargeBatch, func() { w.decimal(c.Batch) })
	part(chargeIncluded, func() { w.decimal(c.Included) })
	part(chargeFromTo, func() { w.maybe(c.From); w.maybe(c.To) })
	part(chargeRate, func() { w.decimal(*c.Rate) })
	part(chargeMinimum, func() { w.decimal(c.Minimum); w.word(c.MinimumUnit) })
	part(chargeMaximum, func() { w.decimal(c.Maximum) })
	part(chargeMilestones, func() {
		w.count(len(c.Milestones))
		for _, m := range c.Milestones {
			w.decimal(m)
		}
	})
	part(chargeNote, func() { w.text(c.Note) })
}

// plan reads what plan wrote.
func (r *unwire) plan() (p pricing.Plan) {
	p.Code = r.string()
	p.Name = r.text()
	p.Kind = pricing.Kind(r.word())
	p.Currency = r.word()
	p.VAT = r.maybe()
	p.Billing = pricing.Period(r.word())
	p.Year = pricing.Year{Months: int(r.int()), Start: time.Month(r.int())}
	p.Terms = pricing.Terms{MinimumMonths: r.whole(), NoticeDays: r.whole(), RenewalMonths: r.whole(), RiseCap: r.maybe()}
	p.Payers = pricing.Payers{Who: pricing.Who(r.word()), Note: r.text()}
	p.Note = r.text()
	if n := r.count(); n > 0 {
		p.Charges = make([]pricing.Charge, n)
		for i := range p.Charges {
			r.charge(&p.Charges[i])
		}
	}
	return p
}

func (r *unwire) decimal() models.Decimal {
	d, err := models.ParseDecimal(string(r.bytes()))
	if err != nil {
		r.fail()
	}
	return d
}

func (r *unwire) maybe() *models.Decimal {
	if len(r.b) > 0 && r.b[0] == 0 {
		r.b = r.b[1:]
		return nil
	}
	d := r.decimal()
	return &d
}

func (r *unwire) whole() *int {
	if r.byte() == 0 {
		return nil
	}
	n := int(r.int())
	return &n
}

func (r *unwire) charge(c *pricing.Charge) {
	bits := r.uint()
	c.Code = r.word()
	c.Per = pricing.Period(r.word())
	c.Begun, c.Optional = bits&chargeBegun != 0, bits&chargeOptional != 0
	part := func(bit uint64, read func()) {
		if bits&bit != 0 {
			read()
		}
	}
	part(chargeName, func() { c.Name = r.text() })
	part(chargeKind, func() { c.Kind = pricing.ChargeKind(r.word()) })
	part(chargeUnit, func() { c.Unit = r.word() })
	part(chargeEach, func() { c.Each = r.word() })
	part(chargeMode, func() { c.Mode = pricing.Mode(r.word()) })
	part(chargePrice, func() { d := r.decimal(); c.Price = &d })
	part(chargeSteps, func() {
		c.Steps = make([]pricing.Step, r.count())
		for i := range c.Steps {
			c.Steps[i] = pricing.Step{To: r.maybe(), Price: r.decimal()}
		}
	})
	part(chargeBatch, func() { c.Batch = r.decimal() })
	part(chargeIncluded, func() { c.Included = r.decimal() })
	part(chargeFromTo, func() { c.From, c.To = r.maybe(), r.maybe() })
	part(chargeRate, func() { d := r.decimal(); c.Rate = &d })
	part(chargeMinimum, func() { c.Minimum, c.MinimumUnit = r.decimal(), r.word() })
	part(chargeMaximum, func() { c.Maximum = r.decimal() })
	part(chargeMilestones, func() {
		c.Milestones = make([]models.Decimal, r.count())
		for i := range c.Milestones {
			c.Milestones[i] = r.decimal()
		}
	})
	part(chargeNote, func() { c.Note = r.text() })
}
