package handlers

import (
	"fmt"
	"strings"

	"pilveturg/models"
	"pilveturg/models/catalogue"
	"pilveturg/models/pricing"
	"pilveturg/views"
)

// offer is what a service costs for the numbers of a comparison, by the plan that
// costs least a year.
type offer struct {
	plan   *pricing.Plan // nil when there is none
	place  int
	priced bool // year, once and term tell the price
	year   pricing.Span
	once   pricing.Span
	term   pricing.Span  // all the years, once, and the cost of leaving where that is known
	exit   *models.Money // what leaving costs; nil when unknown
	added  bool          // exit is in term
}

// priceAll works out what every service costs for the quantities in the address,
// which are the same for all.
func (c *comparison) priceAll() error {
	var plans []pricing.Plan
	for _, v := range c.sides {
		plans = append(plans, v.edition.Plans...)
	}
	c.calc = &calculation{speaker: c.speaker, plans: plans, typed: c.typed, inputs: allInputs(plans)}
	c.calc.readQuantities()
	c.calc.years = c.calc.number(fieldYears, 1, mostYears, comparedYears)
	for i := range c.sides {
		c.spread(&c.sides[i])
	}
	for i := range c.sides {
		o, err := c.offer(&c.sides[i])
		if err = c.calc.blame(err); err != nil {
			return fmt.Errorf("price of %s: %w", catalogue.Number(c.sides[i].ID), err)
		}
		c.offers = append(c.offers, o)
	}
	return nil
}

// spread raises quantities that were taken where a service would tell no price
// otherwise: a journal sold to schools of up to 600 pupils is asked for two of
// them. Quantities that somebody gave stay.
func (c *comparison) spread(v *service) {
	if len(c.calc.wrong) > 0 || c.tellsPrice(v) {
		return
	}
	p := &v.edition.Plans[firstPriced(v.edition.Plans)]
	for i := range p.Charges {
		ch := &p.Charges[i]
		each := c.calc.taking(ch.Each)
		if each == nil || len(ch.Steps) == 0 || ch.Steps[len(ch.Steps)-1].To == nil {
			continue
		}
		for _, q := range c.calc.usage.Quantities {
			if q.Unit != ch.Unit {
				continue
			}
			count, err := q.Amount.Div(*ch.Steps[len(ch.Steps)-1].To, models.MaxPlaces)
			if err == nil && count.Ceil().Cmp(*each) > 0 {
				*each = count.Ceil()
			}
		}
	}
}

// tellsPrice reports whether a plan of the service tells its price, or there is
// none that could.
func (c *comparison) tellsPrice(v *service) bool {
	for i := range v.edition.Plans {
		p := &v.edition.Plans[i]
		if t, err := p.Yearly(c.calc.usageOf(p)); err != nil || !t.OnRequest {
			return true
		}
	}
	return len(v.edition.Plans) == 0
}

func (c *comparison) offer(v *service) (offer, error) {
	o := offer{exit: exitCost(v.edition.Content)}
	plans := v.edition.Plans
	if len(plans) == 0 {
		return o, nil
	}
	o.place = firstPriced(plans)
	o.plan = &plans[o.place]
	if len(c.calc.wrong) > 0 {
		return o, nil
	}
	for i := range plans {
		t, err := plans[i].Yearly(c.calc.usageOf(&plans[i]))
		if err != nil {
			return o, err
		}
		if !t.OnRequest && (!o.priced || lessAYear(t.Year, o.year)) {
			o.plan, o.place, o.priced, o.year, o.once = &plans[i], i, true, t.Year, t.Once
		}
	}
	if !o.priced {
		return o, nil
	}
	return o, c.addTerm(&o)
}

// mainCurrency goes before others when a service has plans in several.
const mainCurrency = "EUR"

func lessAYear(a, b pricing.Span) bool {
	if ours := a.Low.Currency == mainCurrency; ours != (b.Low.Currency == mainCurrency) {
		return ours
	}
	return a.Low.Currency == b.Low.Currency && a.Low.Minor < b.Low.Minor
}

// exitCost is what leaving costs by the answers; nil when that is not known.
func exitCost(content catalogue.Content) *models.Money {
	for _, a := range content.Answers {
		if a.Question != "exit_cost" || len(a.Values) != 1 {
			continue
		}
		amount, currency, _ := strings.Cut(a.Values[0], " ")
		if d, err := models.ParseDecimal(amount); err == nil {
			if m, err := d.Money(currency); err == nil {
				return &m
			}
		}
	}
	return nil
}

// addTerm adds up all the years.
func (c *comparison) addTerm(o *offer) error {
	q, err := o.plan.Quote(c.calc.usageOf(o.plan))
	if err != nil {
		return err
	}
	sum, err := q.Years(c.calc.years)
	if err != nil {
		return err
	}
	o.term = sum.Net
	if o.exit == nil || o.exit.Currency != o.term.Low.Currency {
		return nil
	}
	o.added = true
	for _, m := range []*models.Money{&o.term.Low, &o.term.High} {
		if *m, err = m.Add(*o.exit); err != nil {
			return fmt.Errorf("%w: %w", models.ErrOverflow, err)
		}
	}
	return nil
}

// The rows of prices. Two of them are questions, to which the plan says the same.
const (
	rowYear    = "year"
	rowTerm    = "term"
	rowRise    = "rise_cap"
	rowMinimum = "minimum_term"
	rowNotice  = "notice_days"
	rowPayers  = "payers"
	rowUsers   = "users"
)

// sums are the rows of what the services cost.
func (c *comparison) sums() []comparedRow {
	year := c.newRow(rowYear, c.T("compare.row.year"), catalogue.ScaleLow)
	term := c.newRow(rowTerm, c.N("compare.row.term", int64(c.calc.years)), catalogue.ScaleLow)
	for i := range c.sides {
		o := &c.offers[i]
		cell, shown := c.sum(i, o.year)
		if o.priced && len(c.sides[i].edition.Plans) > 1 {
			name := c.planName(o.plan, o.place)
			shown.Notes = append(shown.Notes, views.Words{Text: c.T("compare.plan", name.Text), Lang: name.Lang})
		}
		year.add(cell, shown)
		cell, shown = c.sum(i, o.term)
		if cell.State == catalogue.CellKnown && o.priced {
			shown.Notes = append(shown.Notes, c.termNotes(o)...)
		}
		term.add(cell, shown)
	}
	rows := []comparedRow{year, term}
	for k := range rows {
		for i, lowest := range rows[k].Lowest(c.counts) {
			if lowest {
				rows[k].shown[i].Tags = append([]views.Tag{{Kind: views.OK, Text: c.T("compare.lowest")}}, rows[k].shown[i].Tags...)
			}
		}
	}
	return rows
}

// sum is the cell of an amount. Ranges are compared by their upper end, those
// without one not at all.
func (c *comparison) sum(i int, s pricing.Span) (catalogue.Cell, views.CompareCell) {
	v, o := &c.sides[i], &c.offers[i]
	words := func(text string) views.CompareCell { return views.CompareCell{Value: views.Words{Text: capital(text)}} }
	switch {
	case v.Life == catalogue.Withdrawn || v.Life == catalogue.Suspended:
		return catalogue.Cell{State: catalogue.CellNotAsked}, words(c.T("service.suspended.price"))
	case o.plan == nil:
		return catalogue.Cell{}, words(c.T("answer.unknown"))
	case len(c.calc.wrong) > 0:
		return catalogue.Cell{State: catalogue.CellKnown}, words(c.T("price.not_worked_out"))
	case !o.priced:
		cell := words(c.T("price.request"))
		if lines := c.calc.yearly(o.plan); len(lines) > 1 {
			cell.Notes = []views.Words{{Text: strings.Join(lines[:len(lines)-1], ", ")}}
		}
		return catalogue.Cell{State: catalogue.CellKnown, Same: "request"}, c.demo(v, cell)
	}
	cell := catalogue.Cell{State: catalogue.CellKnown, Same: c.span(s), Unit: s.Low.Currency}
	if !s.Open {
		top := s.High.Decimal()
		cell.Figure = &top
	}
	return cell, c.demo(v, views.CompareCell{Value: views.Words{Text: c.span(s)}})
}

// demo marks a price that was made up.
func (c *comparison) demo(v *service, cell views.CompareCell) views.CompareCell {
	if v.edition.DemoPrice {
		cell.Tags = append(cell.Tags, views.Tag{Kind: views.Violet, Text: c.T("price.demo")})
	}
	return cell
}

// termNotes say what is in the sum of all the years besides the years.
func (c *comparison) termNotes(o *offer) []views.Words {
	var notes []views.Words
	add := func(text string) { notes = append(notes, views.Words{Text: text}) }
	if !o.once.IsZero() {
		add(c.T("compare.with_once", c.span(o.once)))
	} else {
		add(c.T("compare.no_once"))
	}
	switch {
	case o.exit == nil:
		add(c.T("compare.exit_unknown"))
	case o.added:
		add(c.T("compare.with_exit", c.Money(*o.exit)))
	default:
		add(c.T("compare.exit_apart", c.Money(*o.exit)))
	}
	return notes
}

// rise is the row of the cap on price rises.
func (c *comparison) rise() comparedRow {
	row := c.newRow(rowRise, c.T("compare.row.rise_cap"), catalogue.ScaleLow)
	for i := range c.sides {
		if o := &c.offers[i]; o.plan == nil || o.plan.Terms.RiseCap == nil {
			row.add(catalogue.Cell{}, c.unknownCell())
			continue
		}
		limit := *c.offers[i].plan.Terms.RiseCap
		words := c.T("compare.a_year", c.Percent(limit))
		if limit.IsZero() {
			words = c.T("plan.rise_cap.none")
		}
		row.add(catalogue.Cell{State: catalogue.CellKnown, Same: limit.String(), Figure: &limit, Unit: "%"}, views.CompareCell{Value: views.Words{Text: words}})
	}
	return row
}

// bound puts what the plans say into the row of a question. Where plan and answer
// say different things, the plan counts and the answer is told.
func (c *comparison) bound(row comparedRow, of func(pricing.Terms) *int) comparedRow {
	for i := range row.Cells {
		cell := &row.Cells[i]
		cell.Same = strings.Join(cell.Answer.Values, ",")
		o := &c.offers[i]
		if o.plan == nil || of(o.plan.Terms) == nil {
			continue
		}
		n := models.Whole(int64(*of(o.plan.Terms)))
		shown := views.CompareCell{Value: views.Words{Text: c.counted(n, row.Question.Unit)}}
		if said := cell.Answer.Values; len(said) == 1 && said[0] != n.String() {
			shown.Notes = []views.Words{{Text: c.T("compare.answer_says", c.value(row.Question, said[0]))}}
		}
		cell.State, cell.Same, cell.Figure, cell.Unit = catalogue.CellKnown, n.String(), &n, row.Question.Unit
		row.shown[i] = shown
	}
	return row
}

// payers is the row of who pays besides the buyer.
func (c *comparison) otherPayers() comparedRow {
	row := c.newRow(rowPayers, c.T("plan.column.payers"), catalogue.ScaleNone)
	for i := range c.sides {
		o := &c.offers[i]
		if o.plan == nil || o.plan.Payers.Who == "" || o.plan.Payers.Who == pricing.Unknown {
			row.add(catalogue.Cell{}, c.unknownCell())
			continue
		}
		shown := views.CompareCell{Value: views.Words{Text: c.payers(o.plan)}}
		if note := views.In(o.plan.Payers.Note, c.Tag); note.Text != "" {
			shown.Notes = []views.Words{note}
		}
		row.add(catalogue.Cell{State: catalogue.CellKnown, Same: string(o.plan.Payers.Who)}, shown)
	}
	return row
}
