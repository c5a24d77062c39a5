package handlers

import (
	"strings"

	"pilveturg/models"
	"pilveturg/models/catalogue"
	"pilveturg/models/pricing"
	"pilveturg/views/locale"
)

// speaker puts things of the catalogue into the words of one language.
type speaker struct {
	*locale.Locale
	schema *catalogue.Schema
}

func (s *Site) speaker(lang string) speaker { return speaker{s.Views[lang].Locale, s.Schema} }

// priceLine tells in a few words what the plans cost: "from 0,45 € per pupil a
// month". "From" says that something is left out: a minimum, dearer or cheaper
// quantities, another plan. Prices are without VAT.
func (w speaker) priceLine(plans []pricing.Plan) string {
	if len(plans) == 0 {
		return w.T("price.unknown")
	}
	for i := range plans {
		line, ok := w.planLine(&plans[i], len(plans) > 1)
		if ok {
			return line
		}
	}
	return w.T("price.request")
}

// mostParts is how many charges a price line has room for.
const mostParts = 3

// planLine words one plan; it is not ok when the plan tells no price.
func (w speaker) planLine(p *pricing.Plan, others bool) (line string, ok bool) {
	charges := mainCharges(p)
	if p.Kind == pricing.Free || p.Kind != pricing.Request && len(charges) > 0 && costsNothing(charges) {
		if others {
			return w.T("price.free_first"), true
		}
		return w.T("price.free"), true
	}
	from := others
	var parts []string
	for _, c := range charges {
		switch {
		case !tells(c):
			from = true
		case costsNothing([]*pricing.Charge{c}):
		case len(parts) == mostParts:
			from = true
		default:
			words, more := w.shortCharge(p, c)
			parts, from = append(parts, words), from || more
		}
	}
	if len(parts) == 0 {
		return "", false
	}
	line = strings.Join(parts, " + ")
	if from {
		line = w.T("price.from", line)
	}
	return line, true
}

// mainCharges are those that every buyer pays, what recurs first; the add-ons when
// there are no others.
func mainCharges(p *pricing.Plan) []*pricing.Charge {
	var recurring, once, optional []*pricing.Charge
	for i := range p.Charges {
		switch c := &p.Charges[i]; {
		case c.Kind == pricing.PassThrough:
		case c.Optional:
			optional = append(optional, c)
		case c.Per == pricing.Once:
			once = append(once, c)
		default:
			recurring = append(recurring, c)
		}
	}
	if all := append(recurring, once...); len(all) > 0 {
		return all
	}
	return optional
}

// tells reports whether the charge names any price.
func tells(c *pricing.Charge) bool {
	return c.Price != nil || len(c.Steps) > 0 || c.From != nil || c.To != nil || c.Rate != nil
}

// costsNothing reports whether all the charges have the price 0.
func costsNothing(charges []*pricing.Charge) bool {
	for _, c := range charges {
		if !tells(c) || c.From != nil || c.To != nil || c.Rate != nil || !c.Minimum.IsZero() || c.Price != nil && !c.Price.IsZero() {
			return false
		}
		for _, s := range c.Steps {
			if !s.Price.IsZero() {
				return false
			}
		}
		if n := len(c.Steps); n > 0 && c.Steps[n-1].To != nil {
			return false // above the last step the price is on request
		}
	}
	return true
}

// shortCharge words a charge by its first step; more says that there is more to it.
func (w speaker) shortCharge(p *pricing.Plan, c *pricing.Charge) (words string, more bool) {
	first := pricing.Step{}
	switch {
	case c.Price != nil:
		first.Price = *c.Price
	case len(c.Steps) > 0:
		first = c.Steps[0]
	}
	more = len(c.Steps) > 1 || !c.Minimum.IsZero()
	price := w.short(first.Price, p.Currency)
	switch {
	case c.Rate != nil:
		return w.share(c), more
	case c.From != nil || c.To != nil:
		return w.rate(c, w.fromTo(c, p.Currency)), more || c.From == nil || c.To == nil
	case first.To == nil:
		return w.rate(c, price), more
	case first.Price.IsZero():
		return w.upTo(price, *first.To, c.Unit), false
	case len(c.Steps) == 1:
		return w.upTo(w.rate(c, price), *first.To, c.Unit), more
	}
	return w.rate(c, price), more
}

// fromTo words the price range of a charge; of an open one only the end it has.
func (w speaker) fromTo(c *pricing.Charge, currency string) string {
	switch {
	case c.To == nil:
		return w.short(*c.From, currency)
	case c.From == nil:
		return w.between(models.Decimal{}, *c.To, currency)
	}
	return w.between(*c.From, *c.To, currency)
}

// between words a range of amounts, the sign of the currency once where it stands
// behind: "8 000–45 000 €".
func (w speaker) between(low, high models.Decimal, currency string) string {
	a, b := w.short(low, currency), w.short(high, currency)
	if a == b {
		return a
	}
	if i := strings.LastIndex(a, "\u00a0"); i > 0 && strings.HasSuffix(b, a[i:]) && strings.Trim(a[i:], "0123456789\u00a0") != "" {
		a = a[:i]
	}
	return a + "–" + b
}

// rate adds to a price what it is for: "per pupil a month".
func (w speaker) rate(c *pricing.Charge, price string) string {
	switch {
	case c.Mode == pricing.Band || c.Unit == "":
		switch {
		case c.Each != "":
			price = w.per(price, c.Each)
		case c.Kind == pricing.Project:
			return w.per(price, "project")
		}
	case c.Batch.IsZero() || c.Batch == models.Whole(1):
		price = w.per(price, c.Unit)
	default:
		price = w.T("price.per_batch", price, w.Decimal(c.Batch), w.of(c.Unit), w.unitName(c.Unit, c.Batch))
	}
	u, _ := w.schema.Unit(c.Unit)
	switch {
	case c.Kind == pricing.Project && c.Unit != "":
		return price // which is plainly paid once
	case c.Mode != pricing.Band && u.Flow && c.Per != pricing.Once:
		return price // so many a month, whatever the period of the bill
	}
	return price + " " + w.period(c.Per)
}

func (w speaker) per(price, unit string) string { return w.T("price.per", price, w.of(unit)) }

func (w speaker) upTo(price string, most models.Decimal, unit string) string {
	return w.T("price.up_to", price, w.Decimal(most), w.of(unit), w.unitName(unit, most))
}

func (w speaker) period(p pricing.Period) string { return w.T("price.period." + string(p)) }

// share words a percentage: "3,5% of turnover".
func (w speaker) share(c *pricing.Charge) string {
	if key := "price.share." + c.Unit; w.Has(key) {
		return w.T(key, w.Percent(*c.Rate))
	}
	return w.T("price.share", w.Percent(*c.Rate), w.unitName(c.Unit, models.Whole(2)))
}

// of is the name of a unit as it stands after "per": in Estonian the genitive.
func (w speaker) of(unit string) string {
	if key := "price.of." + unit; w.Has(key) {
		return w.T(key)
	}
	return w.T("price.of", w.unitName(unit, models.Whole(1)))
}

// unitName is the name of a unit as it stands after the number n; the id itself
// when the unit is no longer known.
func (w speaker) unitName(unit string, n models.Decimal) string {
	u, ok := w.schema.Unit(unit)
	if !ok {
		return unit
	}
	names, ok := u.Names[w.Tag]
	if !ok {
		names = u.Names["en"]
	}
	if n == models.Whole(1) {
		return names.One
	}
	return names.Many
}

// counted is a number with its unit: "1 000 pupils".
func (w speaker) counted(n models.Decimal, unit string) string {
	return w.Decimal(n) + "\u00a0" + w.unitName(unit, n)
}

// short writes a price, without decimals when it has none: "39 €", "0,45 €".
func (w speaker) short(d models.Decimal, currency string) string {
	s := w.UnitPrice(d, currency)
	if d.Places() > 0 {
		return s
	}
	mark := strings.Trim(w.Decimal(half), "05")
	return strings.Replace(s, mark+strings.Repeat("0", models.MinorPlaces(currency)), "", 1)
}

// half has one decimal in every language, between which stands the mark.
var half, _ = models.NewDecimal(5, 1)
