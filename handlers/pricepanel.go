package handlers

import (
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"pilveturg/models"
	"pilveturg/models/pricing"
	"pilveturg/views"
)

// panel is the price in short.
func (c *calculation) panel(demo bool) views.PricePanel {
	var p views.PricePanel
	if taken := c.quantities(c.plan(), func(unit string) bool { return slices.Contains(c.taken, unit) }); taken != "" {
		p.Assumed = c.T("price.assumed", taken)
	}
	q := &c.quote
	recurs, once := !q.Year.Net.IsZero(), !q.Once.Net.IsZero()
	switch {
	case len(c.wrong) > 0:
		return views.PricePanel{Words: c.T("price.wrong.panel")}
	case !recurs && !once && q.OnRequest:
		return views.PricePanel{Words: capital(c.T("price.request")), Assumed: p.Assumed}
	case !recurs && !once && q.Kind == pricing.Free:
		return views.PricePanel{Words: capital(c.T("price.free"))}
	case c.years > 1:
		p.Price = c.amount(c.total, c.N("price.panel.years", int64(c.years), c.volume()))
	case recurs || !once:
		p.Price = c.amount(q.Year, c.T("price.panel.year", c.volume()))
	default:
		p.Price = c.amount(q.Once, c.T("price.panel.once", c.volume()))
	}
	p.Price.Demo = demo
	if recurs && once {
		key := "price.panel.and_once"
		if c.years > 1 {
			key = "price.panel.with_once"
		}
		p.More = append(p.More, c.T(key, c.span(q.Once.Net)))
	}
	if q.OnRequest {
		p.More = append(p.More, c.T("price.panel.on_request"))
	}
	return p
}

// amount is a sum with what it is for, and the same with VAT.
func (c *calculation) amount(s pricing.Sum, per string) views.Price {
	p := views.Price{Amount: s.Net.Low, Per: per}
	if s.Net.Low != s.Net.High {
		p.To = s.Net.High
	}
	if s.Net.Open {
		p.Per = c.T("price.or_more_per", per)
	}
	if s.Gross == nil {
		p.Total = c.T("plan.vat_unknown")
	} else {
		p.Total = c.T("price.with_vat", c.span(*s.Gross))
	}
	return p
}

// span writes an amount or a range of amounts.
func (w speaker) span(s pricing.Span) string {
	words := w.Money(s.Low)
	if s.Low != s.High {
		words += "–" + w.Money(s.High)
	}
	if s.Open {
		words = w.T("price.or_more", words)
	}
	return words
}

// volume words what a sum is for: "without VAT, for 1 000 pupils".
func (c *calculation) volume() string {
	words := c.quantities(c.plan(), func(string) bool { return true })
	if words == "" {
		return c.T("price.without_vat")
	}
	return c.T("price.without_vat_for", words)
}

// quantities words those quantities a plan goes by that want wants.
func (c *calculation) quantities(p *pricing.Plan, want func(unit string) bool) string {
	var words []string
	for _, q := range c.usage.Quantities {
		if want(q.Unit) && c.needs(p, q.Unit) {
			words = append(words, c.quantity(q))
		}
	}
	return strings.Join(words, ", ")
}

func (c *calculation) quantity(q pricing.Quantity) string {
	if q.Flow {
		return c.T("price.flow", c.counted(q.Amount, q.Unit))
	}
	return c.counted(q.Amount, q.Unit)
}

// needs reports whether the plan, with the options chosen, goes by the unit.
func (c *calculation) needs(p *pricing.Plan, unit string) bool {
	for _, in := range p.Inputs() {
		if in.Unit != unit {
			continue
		}
		chosen := func(code string) bool { return slices.Contains(c.usage.Options, code) }
		return len(in.For) == 0 || slices.ContainsFunc(in.For, chosen)
	}
	return false
}

// table compares the plans for the quantities asked; address is that of the page
// with other fields.
func (c *calculation) table(address func(url.Values) string) *views.PlanTable {
	t := &views.PlanTable{Head: views.Head{ID: "plans-caption", Caption: c.caption(), Columns: []views.Column{
		{Text: c.T("plan.column.plan")}, {Text: c.T("plan.column.charges")}, {Text: c.T("plan.column.terms")},
		{Text: c.T("plan.column.payers")}, {Text: c.T("plan.column.year"), Number: true},
	}}}
	for i := range c.plans {
		p := &c.plans[i]
		row := views.PlanRow{
			Name: c.planName(p, i), Charges: c.charges(p, allCharges(p)), Terms: c.terms(p),
			Payers: c.payers(p), PayersNote: views.In(p.Payers.Note, c.Tag), Note: views.In(p.Note, c.Tag), Year: c.yearly(p),
		}
		if len(c.plans) > 1 {
			if row.Shown = i == c.chosen; !row.Shown {
				row.URL = address(c.with(fieldPlan, p.Code)) + "#price"
			}
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}

// caption says for which quantities the sums of the table are.
func (c *calculation) caption() string {
	var words []string
	for _, q := range c.usage.Quantities {
		words = append(words, c.quantity(q))
	}
	if len(words) == 0 || len(c.wrong) > 0 {
		return c.T("plan.caption_plain")
	}
	return c.T("plan.caption", strings.Join(words, ", "))
}

// with is what was typed, with another value in a field.
func (c *calculation) with(field, value string) url.Values {
	other := url.Values{}
	for name, values := range c.typed {
		if asksPrice(url.Values{name: nil}) && name != field && values[0] != "" {
			other[name] = values
		}
	}
	other.Set(field, value)
	return other
}

// yearly words what a plan costs in a year, and once.
func (c *calculation) yearly(p *pricing.Plan) []string {
	if len(c.wrong) > 0 {
		return []string{c.T("price.not_worked_out")}
	}
	t, err := p.Yearly(c.usageOf(p))
	if err != nil {
		return []string{c.T("price.not_worked_out")}
	}
	var words []string
	if !t.Year.IsZero() || t.Once.IsZero() && !t.OnRequest {
		words = append(words, c.span(t.Year))
	}
	if !t.Once.IsZero() {
		words = append(words, c.T("price.once", c.span(t.Once)))
	}
	if t.OnRequest {
		words = append(words, c.T("price.request"))
	}
	return words
}

// calculator is the form that asks for what the plans need; address is that of
// the page it leads to.
func (c *calculation) calculator(action string) *views.Calculator {
	f := &views.Calculator{Action: action}
	if len(c.plans) > 1 {
		f.Plan = &views.Select{ID: fieldID(fieldPlan), Name: fieldPlan, Label: c.T("plan.column.plan"), Error: c.problem(fieldPlan)}
		for i := range c.plans {
			name := c.planName(&c.plans[i], i)
			f.Plan.Options = append(f.Plan.Options, views.Option{Value: c.plans[i].Code, Text: name.Text, Chosen: i == c.chosen})
		}
	}
	for _, q := range c.usage.Quantities {
		f.Fields = append(f.Fields, c.field(q))
	}
	f.Add = c.add()
	f.Months = c.choose(fieldMonths, "price.months", c.T("price.months_plan"), 1, 12, func(n int) string { return c.Number(int64(n)) })
	f.Start = c.choose(fieldStart, "price.start", c.T("price.start_any"), 1, 12, func(n int) string { return c.MonthName(time.Month(n)) })
	f.Years = c.choose(fieldYears, "price.years", "", 1, mostYears, func(n int) string { return c.N("price.year_count", int64(n)) })
	return f
}

// field asks for a quantity. What was typed stays, the usual quantity stands there
// when nothing was.
func (c *calculation) field(q pricing.Quantity) views.Field {
	name := fieldUnit + q.Unit
	value := c.typed.Get(name)
	if slices.Contains(c.taken, q.Unit) {
		value = q.Amount.String() // which can be read in one way only
	}
	return views.Field{ID: fieldID(name), Name: name, Label: c.question(q.Unit), Value: value,
		Error: c.problem(name), Mode: "decimal", Width: "w12"}
}

// problem is what is wrong with a field, "" when nothing is.
func (c *calculation) problem(field string) string {
	for _, e := range c.wrong {
		if e.Field == fieldID(field) {
			return e.Message
		}
	}
	return ""
}

// add asks which add-ons the buyer wants; nil when there are none.
func (c *calculation) add() *views.Choices {
	add := &views.Choices{ID: fieldID(fieldOption), Name: fieldOption, Legend: c.T("price.add_ons"), Error: c.problem(fieldOption)}
	for i := range c.plans {
		for j := range c.plans[i].Charges {
			ch := &c.plans[i].Charges[j]
			there := slices.ContainsFunc(add.Options, func(o views.Option) bool { return o.Value == ch.Code })
			if !ch.Optional || there {
				continue
			}
			add.Options = append(add.Options, views.Option{Value: ch.Code, Text: c.chargeName(ch).Text,
				Chosen: slices.Contains(c.usage.Options, ch.Code)})
		}
	}
	if len(add.Options) == 0 {
		return nil
	}
	return add
}

// choose is a list of the numbers from least to most, after a first line for none.
func (c *calculation) choose(field, key, none string, least, most int, words func(int) string) views.Select {
	s := views.Select{ID: fieldID(field), Name: field, Label: c.T(key), Error: c.problem(field)}
	if none != "" {
		s.Options = append(s.Options, views.Option{Text: none})
	}
	for n := least; n <= most; n++ {
		value := strconv.Itoa(n)
		s.Options = append(s.Options, views.Option{Value: value, Text: words(n), Chosen: value == c.typed.Get(field)})
	}
	return s
}

// rows list what the price was worked out for.
func (c *calculation) rows() []views.Row {
	row := func(key, value string) views.Row { return views.Row{Key: key, Value: views.Words{Text: value}} }
	rows := []views.Row{{Key: c.T("plan.column.plan"), Value: c.planName(c.plan(), c.chosen)}}
	for _, q := range c.usage.Quantities {
		if !c.needs(c.plan(), q.Unit) {
			continue
		}
		r := row(capital(c.unitName(q.Unit, models.Whole(1))), c.quantity(q))
		if slices.Contains(c.taken, q.Unit) {
			r.Note = c.T("price.taken")
		}
		rows = append(rows, r)
	}
	for _, ch := range c.plan().Charges {
		if ch.Optional && slices.Contains(c.usage.Options, ch.Code) {
			rows = append(rows, views.Row{Key: c.T("plan.optional"), Value: c.chargeName(&ch)})
		}
	}
	if c.quote.Months > 0 {
		rows = append(rows, row(c.T("price.months"), c.Number(int64(c.quote.Months))))
	}
	if c.usage.Start > 0 {
		rows = append(rows, row(c.T("price.start"), c.MonthName(c.usage.Start)))
	}
	return append(rows, row(c.T("price.years"), c.N("price.year_count", int64(c.years))))
}

// asked is what was typed of the fields of a calculation.
func (c *calculation) asked() url.Values {
	q := c.with("", "")
	delete(q, "")
	return q
}
