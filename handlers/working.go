package handlers

import (
	"strings"

	"pilveturg/models"
	"pilveturg/models/pricing"
	"pilveturg/views"
)

// working shows how the price of the chosen plan comes about; nil when there is
// nothing to show.
func (c *calculation) working() *views.Working {
	if len(c.wrong) > 0 || len(c.quote.Lines) == 0 && len(c.quote.PassedOn) == 0 {
		return nil
	}
	v := &views.Working{Head: views.Head{ID: "working-caption", Caption: c.T("price.work.caption"),
		Columns: []views.Column{{Text: c.T("price.work.step")}, {Text: c.T("price.work.amount"), Number: true}}}}
	for i := range c.quote.Lines {
		v.Groups = append(v.Groups, c.group(&c.quote.Lines[i]))
	}
	v.Sums = c.sums()
	v.Notes = c.notes()
	v.PassedOn = c.charges(c.plan(), c.quote.PassedOn)
	return v
}

// group is the working of one charge.
func (c *calculation) group(l *pricing.Line) views.WorkGroup {
	g := views.WorkGroup{Name: c.chargeName(l.Charge)}
	add := func(text, amount string) { g.Lines = append(g.Lines, views.WorkLine{Text: text, Amount: amount}) }
	for i := range l.Working {
		w := &l.Working[i]
		if when := c.when(l, w, len(l.Working) > 1); when != "" && len(w.Parts) > 0 {
			add(when, "")
		}
		for _, p := range w.Parts {
			add(c.part(l.Charge, w, p), c.exact(p.Amount))
		}
		if len(w.Parts) > 1 && !l.OnRequest {
			add(c.T("price.work.together"), c.exact(w.Sum))
		}
		if w.Raised {
			add(c.T("price.work.raised", c.bound(c.plan(), l.Charge, l.Charge.Minimum, l.Charge.MinimumUnit)), c.exact(w.Amount))
		}
		if w.Lowered {
			add(c.T("price.work.lowered", c.bound(c.plan(), l.Charge, l.Charge.Maximum, "")), c.exact(w.Amount))
		}
	}
	if l.OnRequest {
		add(c.T("price.work.on_request"), c.T("price.request"))
		return g
	}
	for _, b := range l.Bills {
		c.bill(b, add)
	}
	total := c.T("price.work.total." + string(yearOrOnce(l.Charge.Per)))
	g.Lines = append(g.Lines, views.WorkLine{Text: total, Amount: c.span(l.Total), Sum: true})
	for _, m := range l.Milestones {
		add(c.T("price.work.milestone", c.Percent(m.Percent)), c.span(m.Amount))
	}
	return g
}

func yearOrOnce(p pricing.Period) pricing.Period {
	if p == pricing.Once {
		return p
	}
	return pricing.PerYear
}

// when says which period is worked out, where that is not plain.
func (c *calculation) when(l *pricing.Line, w *pricing.Working, several bool) string {
	switch {
	case l.Charge.Per == pricing.Once:
		return ""
	case several:
		return c.N("price.work.part", int64(w.Months))
	}
	return c.T("price.work.in." + string(l.Charge.Per))
}

// part words a piece of the quantity and its price: "1 000 pupils × 0,45 €".
func (c *calculation) part(ch *pricing.Charge, w *pricing.Working, p pricing.Part) string {
	if p.Included {
		return c.T("price.work.included", c.piece(ch, p))
	}
	price := c.exact(p.Price)
	switch {
	case ch.Rate != nil:
		return c.T("price.work.times", c.Percent(p.Price.Low), c.counted(p.Count, ch.Unit))
	case ch.Mode == pricing.Band:
		price = c.T("plan.step", c.stepOf(ch, w, p), price)
		if w.Each == models.Whole(1) {
			return price
		}
		return c.T("price.work.times", price, c.counted(w.Each, ch.Each))
	case ch.Unit == "" && ch.Each == "":
		return price
	case ch.Unit == "":
		return c.T("price.work.times", c.counted(p.Count, ch.Each), price)
	case ch.Batch.IsZero() || ch.Batch == models.Whole(1):
		return c.T("price.work.times", c.piece(ch, p), price)
	}
	key := "price.work.batches"
	if ch.Begun {
		key = "price.work.begun"
	}
	return c.T("price.work.times", c.T(key, c.piece(ch, p), c.Decimal(ch.Batch), c.Decimal(p.Count)), price)
}

// piece words how much of the quantity a part is: "400 pupils above 1 000".
func (c *calculation) piece(ch *pricing.Charge, p pricing.Part) string {
	n, err := p.To.Sub(p.Above)
	if err != nil {
		return c.counted(p.To, ch.Unit)
	}
	if p.Above.IsZero() {
		return c.counted(n, ch.Unit)
	}
	return c.T("price.work.above", c.counted(n, ch.Unit), c.Decimal(p.Above))
}

// stepOf says which quantity was reached, and which step with it.
func (c *calculation) stepOf(ch *pricing.Charge, w *pricing.Working, p pricing.Part) string {
	words := c.counted(w.Quantity, ch.Unit)
	if ch.Each != "" && w.Each != models.Whole(1) {
		words = c.T("price.work.spread", words, c.counted(w.Each, ch.Each))
	}
	if p.Step < len(ch.Steps) {
		if step := c.stepName(ch, p.Step); step != "" {
			words = c.T("price.work.step_reached", words, step)
		}
	}
	return words
}

// exact writes an amount with all its decimals.
func (c *calculation) exact(r pricing.Range) string {
	currency := c.quote.Currency
	words := c.UnitPrice(r.Low, currency)
	if r.Low != r.High {
		words += "–" + c.UnitPrice(r.High, currency)
	}
	if r.Open {
		words = c.T("price.or_more", words)
	}
	return words
}

// bill adds how the amount of a charge gets onto invoices.
func (c *calculation) bill(b pricing.Bill, add func(text, amount string)) {
	invoice := c.T("price.work.invoice." + string(b.Per))
	if exact := c.exact(b.Exact); exact != c.span(b.Amount) {
		add(c.T("price.work.rounded", invoice, exact), c.span(b.Amount))
	}
	if b.Times > 1 {
		add(c.N("price.work.bills", int64(b.Times), invoice, c.span(b.Amount)), c.times(b))
	}
}

// times is the sum of equal invoices.
func (c *calculation) times(b pricing.Bill) string {
	n := models.Whole(int64(b.Times))
	sum := b.Amount
	for _, m := range []*models.Money{&sum.Low, &sum.High} {
		product, err := m.Decimal().Mul(n)
		if err != nil {
			return ""
		}
		if *m, err = product.Money(m.Currency); err != nil {
			return ""
		}
	}
	return c.span(sum)
}

// sums are what the charges come to, and VAT on it.
func (c *calculation) sums() []views.WorkLine {
	q := &c.quote
	if q.OnRequest && q.First.Net.IsZero() {
		return nil
	}
	line := func(text, amount string, sum bool) views.WorkLine {
		return views.WorkLine{Text: text, Amount: amount, Sum: sum}
	}
	list := []views.WorkLine{line(c.T("price.sum.year"), c.span(q.Year.Net), true)}
	last := q.Year
	if !q.Once.Net.IsZero() {
		list = append(list, line(c.T("price.sum.once"), c.span(q.Once.Net), false), line(c.T("price.sum.first"), c.span(q.First.Net), true))
		last = q.First
	}
	if c.years > 1 {
		list = append(list, line(c.N("price.sum.years", int64(c.years)), c.span(c.total.Net), true))
		last = c.total
	}
	if last.VAT == nil {
		return append(list, line(c.T("plan.vat_unknown"), "", false))
	}
	return append(list, line(c.T("price.sum.vat", c.Percent(*q.VAT)), c.span(*last.VAT), false),
		line(c.T("price.sum.gross"), c.span(*last.Gross), true))
}

// notes are what the reader of a working should know besides.
func (c *calculation) notes() []string {
	notes := []string{c.T("price.work.rounding")}
	if n := len(c.quote.Calendar); n > 0 && n < 12 {
		months := make([]string, n)
		for i, m := range c.quote.Calendar {
			months[i] = c.MonthName(m)
		}
		notes = append(notes, c.T("price.work.calendar", strings.Join(months, ", ")))
	}
	if c.quote.OnRequest {
		notes = append(notes, c.T("price.panel.on_request"))
	}
	return notes
}
