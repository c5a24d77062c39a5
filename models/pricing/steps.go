package pricing

import "pilveturg/models"

// price returns what a quantity costs in one period before minimum and maximum.
// It is not ok when the quantity is above the last step.
func (w *work) price(c *Charge, q, each models.Decimal, working *Working) (Range, bool) {
	switch {
	case c.Rate != nil:
		amount := one(w.percent(q, *c.Rate))
		working.add(Part{To: q, Count: q, Price: one(*c.Rate), Amount: amount})
		return amount, true
	case c.From != nil || c.To != nil:
		return w.part(c, part{to: q, each: each, price: c.fromTo()}, working), true
	case c.Mode == Volume, c.Mode == Band:
		return w.reached(c, q, each, working)
	}
	return w.graduated(c, q, each, working)
}

// fromTo returns the unit price of a charge whose price is a range.
func (c *Charge) fromTo() Range {
	var r Range
	if c.From != nil {
		r = one(*c.From)
	}
	if c.To == nil {
		r.Open = true
		return r
	}
	r.High = *c.To
	return r
}

// graduated prices each part of the quantity at its own step.
func (w *work) graduated(c *Charge, q, each models.Decimal, working *Working) (Range, bool) {
	var sum Range
	var from models.Decimal
	for i := range c.stepCount() {
		s := c.step(i)
		end, last := w.end(s, q, each)
		sum = w.addRange(sum, w.part(c, part{i, from, end, each, one(s.Price)}, working))
		if last {
			return sum, true
		}
		from = end
	}
	return Range{}, false
}

// step returns the i-th step; Price alone is one step without an end.
func (c *Charge) step(i int) Step {
	if c.Price != nil {
		return Step{Price: *c.Price}
	}
	return c.Steps[i]
}

func (c *Charge) stepCount() int {
	if c.Price != nil {
		return 1
	}
	return len(c.Steps)
}

// end returns where a step ends for the quantity, and whether the quantity goes
// no further.
func (w *work) end(s Step, q, each models.Decimal) (end models.Decimal, last bool) {
	if s.To == nil {
		return q, true
	}
	to := w.mul(*s.To, each)
	if q.Cmp(to) <= 0 {
		return q, true
	}
	return to, false
}

// reached prices the whole quantity by the step it reaches.
func (w *work) reached(c *Charge, q, each models.Decimal, working *Working) (Range, bool) {
	for i := range c.stepCount() {
		s := c.step(i)
		if _, last := w.end(s, q, each); last {
			return w.part(c, part{step: i, to: q, each: each, price: one(s.Price)}, working), true
		}
	}
	return Range{}, false
}

// part is the piece of a quantity above from and up to to, at one price.
type part struct {
	step     int
	from, to models.Decimal
	each     models.Decimal
	price    Range
}

// part prices one piece. Included units cost nothing; a flat price is paid once
// for each Each, whatever the quantity.
func (w *work) part(c *Charge, p part, working *Working) Range {
	paid := p.from
	if !c.Included.IsZero() {
		free := w.mul(c.Included, p.each)
		paid = larger(p.from, smaller(free, p.to))
	}
	if paid != p.from {
		working.add(Part{Step: p.step, Above: p.from, To: paid, Included: true})
	}
	count := p.each
	if c.Unit != "" && c.Mode != Band {
		if paid == p.to {
			return Range{}
		}
		count = w.batches(w.sub(p.to, paid), c.Batch, c.Begun)
	}
	amount := w.mulRange(p.price, count)
	working.add(Part{Step: p.step, Above: paid, To: p.to, Count: count, Price: p.price, Amount: amount})
	return amount
}
