package pricing

import (
	"fmt"

	"pilveturg/models"
)

// charge checks one charge of the plan.
func (k *check) charge(p *Plan, c *Charge) {
	k.code("code", c.Code)
	k.text("name", c.Name, MaxName)
	k.text("note", c.Note, MaxNote)
	choice(k, "kind", c.Kind, Priced, Percent, Project, PassThrough)
	choice(k, "per", c.Per, PerMonth, PerQuarter, PerYear, Once)
	choice(k, "mode", c.Mode, "", Graduated, Volume, Band)
	k.unit("unit", c.Unit)
	k.unit("each", c.Each)
	k.unit("minimum_unit", c.MinimumUnit)
	if c.Each != "" && c.Each == c.Unit {
		k.add("each", "plan.each_unit")
	}
	k.price("price", c.Price)
	k.price("from", c.From)
	k.price("to", c.To)
	k.quantity("batch", &c.Batch)
	k.quantity("included", &c.Included)
	k.price("minimum", &c.Minimum)
	k.price("maximum", &c.Maximum)
	k.percent("rate", c.Rate)
	k.source(p, c)
	k.steps(c)
	k.batch(c)
	k.bounds(c)
	k.milestones(c)
}

// source checks that there is one price, of the sort the kind of charge takes.
func (k *check) source(p *Plan, c *Charge) {
	ranged := c.From != nil || c.To != nil
	n := 0
	for _, has := range []bool{c.Price != nil, len(c.Steps) > 0, ranged, c.Rate != nil} {
		if has {
			n++
		}
	}
	switch {
	case c.Kind == Percent:
		if n != 1 || c.Rate == nil || c.Rate.Sign() <= 0 {
			k.add("rate", "plan.rate_missing")
		}
		if c.Unit == "" {
			k.add("unit", "plan.unit_missing")
		}
	case c.Rate != nil:
		k.add("rate", "plan.rate_kind")
	case n > 1:
		k.add("price", "plan.two_prices")
	case n == 0 && c.Kind != PassThrough && p.Kind != Request:
		k.add("price", "plan.no_price")
	case c.Kind == PassThrough && len(c.Steps) > 0:
		k.add("steps", "plan.pass_through")
	}
	if c.From != nil && c.To != nil && c.From.Cmp(*c.To) > 0 {
		k.add("to", "plan.range_order", *c.To, *c.From)
	}
	if p.Kind == Free && c.Kind != PassThrough && c.costs() {
		k.add("price", "plan.free_charge")
	}
}

// costs reports whether anything may have to be paid.
func (c *Charge) costs() bool {
	for i := range c.stepCount() {
		if !c.step(i).Price.IsZero() {
			return true
		}
	}
	return c.From != nil || c.To != nil || c.Rate != nil || !c.Minimum.IsZero()
}

func (k *check) steps(c *Charge) {
	if len(c.Steps) > MaxSteps {
		k.add("steps", "plan.too_many", MaxSteps, len(c.Steps))
		return
	}
	if len(c.Steps) > 0 && c.Unit == "" {
		k.add("unit", "plan.unit_missing")
	}
	if len(c.Steps) == 0 && c.Mode == Band {
		k.add("mode", "plan.band_steps")
	}
	var before models.Decimal
	for i, s := range c.Steps {
		field := fmt.Sprintf("steps[%d].", i)
		k.price(field+"price", &s.Price)
		k.quantity(field+"to", s.To)
		switch {
		case s.To == nil && i < len(c.Steps)-1:
			k.add(field+"to", "plan.step_open")
		case s.To != nil && s.To.Cmp(before) <= 0:
			k.add(field+"to", "plan.step_order", *s.To, before)
		}
		if s.To != nil {
			before = *s.To
		}
	}
}

// batch checks what goes with counting by batches and with free quantities.
func (k *check) batch(c *Charge) {
	batched := !c.Batch.IsZero()
	switch {
	case c.Begun && !batched:
		k.add("batch", "plan.batch_missing")
	case c.Begun && c.Each != "":
		k.add("begun", "plan.begun_each")
	case batched && !c.Begun && c.Batch.Sign() > 0 && !divides(c.Batch):
		k.add("batch", "plan.batch", c.Batch)
	}
	if !c.Included.IsZero() && c.Mode == Band {
		k.add("included", "plan.band_included")
	}
	if c.Unit == "" || c.Kind == Percent || c.Mode == Band {
		if batched {
			k.add("batch", "plan.counted", "batch")
		}
		if !c.Included.IsZero() && c.Mode != Band {
			k.add("included", "plan.counted", "included")
		}
	}
}

// divides reports whether 1 ÷ d has an end.
func divides(d models.Decimal) bool {
	part, err := models.Whole(1).Div(d, models.MaxPlaces)
	if err != nil {
		return false
	}
	back, err := part.Mul(d)
	return err == nil && back == models.Whole(1)
}

func (k *check) bounds(c *Charge) {
	switch {
	case c.MinimumUnit != "" && c.Minimum.IsZero():
		k.add("minimum", "plan.minimum_missing")
	case c.MinimumUnit != "" && c.Each != "":
		k.add("minimum_unit", "plan.minimum_each")
	case c.MinimumUnit == "" && !c.Maximum.IsZero() && c.Maximum.Cmp(c.Minimum) < 0:
		k.add("maximum", "plan.maximum", c.Maximum, c.Minimum)
	}
}

func (k *check) milestones(c *Charge) {
	if c.Kind == Project && c.Per != Once {
		k.add("per", "plan.once", "project")
	}
	if len(c.Milestones) == 0 {
		return
	}
	if c.Per != Once {
		k.add("per", "plan.once", "milestones")
	}
	var x exact
	var sum models.Decimal
	for i := range c.Milestones {
		k.percent(fmt.Sprintf("milestones[%d]", i), &c.Milestones[i])
		sum = x.add(sum, c.Milestones[i])
	}
	if x.err != nil || sum != models.Whole(100) {
		k.add("milestones", "plan.milestones", sum)
	}
}
