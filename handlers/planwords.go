package handlers

import (
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"pilveturg/models"
	"pilveturg/models/pricing"
	"pilveturg/views"
)

// planName names a plan; plans without a name are told apart by their place.
func (w speaker) planName(p *pricing.Plan, place int) views.Words {
	if name := views.In(p.Name, w.Tag); name.Text != "" {
		return name
	}
	return views.Words{Text: w.T("plan.unnamed", w.Number(int64(place+1)))}
}

// chargeName names a charge, by what it counts when it has no name.
func (w speaker) chargeName(c *pricing.Charge) views.Words {
	name := views.In(c.Name, w.Tag)
	switch {
	case name.Text != "":
	case c.Kind == pricing.Project:
		name.Text = w.T("plan.charge.project")
	case c.Unit != "":
		name.Text = capital(w.unitName(c.Unit, models.Whole(1)))
	case c.Per == pricing.Once:
		name.Text = w.T("plan.charge.once")
	default:
		name.Text = w.T("plan.charge.fixed")
	}
	return name
}

// capital returns s with a capital first letter.
func capital(s string) string {
	r, n := utf8.DecodeRuneInString(s)
	if n == 0 {
		return ""
	}
	return string(unicode.ToUpper(r)) + s[n:]
}

// charges words everything a plan is paid for.
func (w speaker) charges(p *pricing.Plan, list []*pricing.Charge) []views.ChargeRow {
	var rows []views.ChargeRow
	for _, c := range list {
		row := views.ChargeRow{Name: w.chargeName(c), Lines: w.chargeLines(p, c), Note: views.In(c.Note, w.Tag)}
		if c.Optional {
			row.Tags = append(row.Tags, views.Tag{Kind: views.Info, Text: w.T("plan.optional")})
		}
		if c.Kind == pricing.PassThrough {
			row.Tags = append(row.Tags, views.Tag{Text: w.T("plan.passed_on")})
		}
		rows = append(rows, row)
	}
	return rows
}

func allCharges(p *pricing.Plan) []*pricing.Charge {
	list := make([]*pricing.Charge, len(p.Charges))
	for i := range p.Charges {
		list[i] = &p.Charges[i]
	}
	return list
}

// chargeLines words the price of a charge, and what goes with it.
func (w speaker) chargeLines(p *pricing.Plan, c *pricing.Charge) []string {
	lines := w.priceLines(p, c)
	add := func(yes bool, key string, args ...any) {
		if yes {
			lines = append(lines, w.T(key, args...))
		}
	}
	add(c.Begun, "plan.begun", w.counted(c.Batch, c.Unit))
	add(!c.Included.IsZero(), "plan.included", w.counted(c.Included, c.Unit))
	add(c.Each != "" && c.Mode != pricing.Band && c.Unit != "", "plan.each", w.of(c.Each))
	add(!c.Minimum.IsZero(), "plan.minimum", w.bound(p, c, c.Minimum, c.MinimumUnit))
	add(!c.Maximum.IsZero(), "plan.maximum", w.bound(p, c, c.Maximum, ""))
	add(len(c.Milestones) > 0, "plan.milestones", w.percents(c.Milestones))
	return lines
}

// bound words a minimum or a maximum: "25 € per school a month".
func (w speaker) bound(p *pricing.Plan, c *pricing.Charge, amount models.Decimal, unit string) string {
	words := w.short(amount, p.Currency)
	if unit == "" {
		unit = c.Each
	}
	if unit != "" {
		words = w.per(words, unit)
	}
	return words + " " + w.period(c.Per)
}

func (w speaker) percents(list []models.Decimal) string {
	words := make([]string, len(list))
	for i, p := range list {
		words[i] = w.Percent(p)
	}
	return strings.Join(words, ", ")
}

// priceLines words the price itself, step by step when there are several.
func (w speaker) priceLines(p *pricing.Plan, c *pricing.Charge) []string {
	switch {
	case !tells(c) && c.Kind == pricing.PassThrough:
		return []string{w.T("plan.price_of_others")}
	case !tells(c):
		return []string{w.T("price.request")}
	case c.Rate != nil:
		return []string{w.share(c)}
	case c.From != nil || c.To != nil:
		words := w.rate(c, w.fromTo(c, p.Currency))
		if c.To == nil {
			words = w.T("price.from", words)
		}
		return []string{words}
	case c.Price != nil:
		return []string{w.rate(c, w.short(*c.Price, p.Currency))}
	}
	return w.stepLines(p, c)
}

func (w speaker) stepLines(p *pricing.Plan, c *pricing.Charge) []string {
	var lines []string
	if len(c.Steps) > 1 {
		lines = append(lines, w.T("plan.mode."+string(mode(c))))
	}
	var from models.Decimal
	for i, s := range c.Steps {
		price := w.rate(c, w.short(s.Price, p.Currency))
		if where := w.stepName(c, i); where != "" {
			price = w.T("plan.step", where, price)
		}
		lines = append(lines, price)
		if s.To != nil {
			from = *s.To
		}
	}
	if last := c.Steps[len(c.Steps)-1]; last.To != nil {
		lines = append(lines, w.T("plan.step", w.above(from, c.Unit), w.T("price.request")))
	}
	return lines
}

// mode is the mode of a charge, the usual one named.
func mode(c *pricing.Charge) pricing.Mode {
	if c.Mode == "" {
		return pricing.Graduated
	}
	return c.Mode
}

// stepName says which quantities the i-th step is for: "above 1 000 up to 5 000
// pupils"; "" for all.
func (w speaker) stepName(c *pricing.Charge, i int) string {
	to := c.Steps[i].To
	switch {
	case i == 0 && to == nil:
		return ""
	case i == 0:
		return w.T("plan.step_to", w.counted(*to, c.Unit))
	case to == nil:
		return w.above(*c.Steps[i-1].To, c.Unit)
	}
	return w.T("plan.step_between", w.Decimal(*c.Steps[i-1].To), w.counted(*to, c.Unit))
}

func (w speaker) above(n models.Decimal, unit string) string {
	return w.T("plan.step_above", w.Decimal(n), w.of(unit), w.unitName(unit, n))
}

// terms words what a buyer binds herself to; what is not known is said too.
func (w speaker) terms(p *pricing.Plan) []string {
	t := p.Terms
	list := []string{
		w.term(t.MinimumMonths, "plan.minimum_months."),
		w.term(t.NoticeDays, "plan.notice_days."),
		w.term(t.RenewalMonths, "plan.renewal_months."),
	}
	switch {
	case t.RiseCap == nil:
		list = append(list, w.T("plan.rise_cap.unknown"))
	case t.RiseCap.IsZero():
		list = append(list, w.T("plan.rise_cap.none"))
	default:
		list = append(list, w.T("plan.rise_cap.most", w.Percent(*t.RiseCap)))
	}
	billing := p.Billing
	if billing == "" {
		billing = pricing.PerMonth
	}
	list = append(list, w.T("plan.billing."+string(billing)))
	if p.Year.Months != 0 && p.Year.Months != 12 {
		list = append(list, w.schoolYear(p.Year))
	}
	return append(list, w.vat(p))
}

// term words a number of months or days that may be none or not known.
func (w speaker) term(n *int, key string) string {
	switch {
	case n == nil:
		return w.T(key + "unknown")
	case *n == 0:
		return w.T(key + "none")
	}
	return w.N(key+"some", int64(*n))
}

func (w speaker) schoolYear(y pricing.Year) string {
	if y.Start < time.January || y.Start > time.December {
		return w.N("plan.year", int64(y.Months))
	}
	return w.N("plan.year_from", int64(y.Months), w.MonthName(y.Start))
}

func (w speaker) vat(p *pricing.Plan) string {
	if p.VAT == nil {
		return w.T("plan.vat_unknown")
	}
	return w.T("plan.vat", w.Percent(*p.VAT))
}

// payers words who pays besides the buyer.
func (w speaker) payers(p *pricing.Plan) string {
	who := p.Payers.Who
	if who == "" {
		who = pricing.Unknown
	}
	return w.T("plan.payers." + string(who))
}
