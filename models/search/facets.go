package search

import (
	"slices"
	"strings"

	"pilveturg/models"
	"pilveturg/models/catalogue"
	"pilveturg/models/pricing"
)

// Currency is the one in which prices are compared; there is no exchange here, so
// what is priced in another is not compared with it.
const Currency = "EUR"

// facets says which values of each group an offering has.
func (l *Layout) facets(src *Source, d *Document) {
	answers := map[string]*catalogue.Answer{}
	for i := range src.Version.Answers {
		a := &src.Version.Answers[i]
		answers[a.Question] = a
	}
	for i := range l.Groups {
		g := &l.Groups[i]
		if g.Question == "" {
			continue
		}
		if q, _ := l.schema.Question(g.Question); !d.answer(g, &q, answers[g.Question]) && !g.Hidden {
			d.value(g.Key, Unknown)
		}
	}
	d.value(GroupCategory, orUnknown(l.allCategories(src.Version.Categories))...)
	d.value(GroupPriceModel, orUnknown(priceModels(l.schema, src.Version.Plans))...)
	d.value(GroupPriceUnit, orUnknown(priceUnits(src.Version.Plans))...)
	d.value(GroupXRoad, xRoadReady(answers["x_road"]))
	d.value(GroupDataArea, dataArea(answers["data_countries"])...)
	d.value(GroupProof, atLeast(proofs, bestProof(src.Version.Answers))...)
	d.confirmed(src)
	d.value(GroupLife, string(src.Offering.Life))
	d.users(src.Users)
	d.value(GroupOrigin, origins(src)...)
}

func (d *Document) value(group string, values ...string) {
	for _, v := range values {
		d.Values = append(d.Values, Value{group, v})
	}
}

func orUnknown(values []string) []string {
	if len(values) == 0 {
		return []string{Unknown}
	}
	return values
}

// answer adds the values that an answer has in the group of its question; false
// when it says nothing that the group knows.
func (d *Document) answer(g *Group, q *catalogue.Question, a *catalogue.Answer) bool {
	if a == nil || !a.Known() {
		return false
	}
	switch q.Type {
	case catalogue.TypeOrdered:
		d.value(g.Key, atLeast(g.Values, a.Values[0])...)
		return true
	case catalogue.TypeCertificate:
		d.certificate(g.Key, a)
		return true
	case catalogue.TypeYesNo, catalogue.TypeChoice, catalogue.TypeMany:
		known := false
		for _, v := range a.Values {
			if slices.Contains(g.Values, v) {
				d.value(g.Key, v)
				known = true
			}
		}
		return known
	case catalogue.TypeCountries, catalogue.TypeLanguages:
		d.value(g.Key, a.Values...)
		return true
	}
	d.value(g.Key, catalogue.Yes)
	return true
}

// atLeast returns the value of an ordered group and those below it.
func atLeast(values []string, v string) []string {
	i := slices.Index(values, v)
	if i < 0 {
		return []string{Unknown}
	}
	return values[:i+1]
}

func (d *Document) certificate(group string, a *catalogue.Answer) {
	switch {
	case a.Values[0] == catalogue.No:
		d.value(group, catalogue.No)
	case a.Until.IsZero():
		d.value(group, CertificateValid)
	default:
		d.Timed = append(d.Timed, Timed{group, a.Until, CertificateValid, CertificateExpired})
	}
}

// priceModels says in what ways a price comes about.
func priceModels(s *catalogue.Schema, plans []pricing.Plan) []string {
	var models []string
	for i := range plans {
		if m := priceModel(s, &plans[i]); !slices.Contains(models, m) {
			models = append(models, m)
		}
	}
	return models
}

func priceModel(s *catalogue.Schema, p *pricing.Plan) string {
	switch p.Kind {
	case pricing.Free:
		return "free"
	case pricing.Request:
		return "request"
	}
	model := Flat
	for i := range p.Charges {
		c := &p.Charges[i]
		if c.Optional || c.Kind == pricing.PassThrough || c.Unit == "" {
			continue
		}
		if u, _ := s.Unit(c.Unit); u.Flow {
			return "usage"
		}
		model = "per_unit"
	}
	return model
}

// priceUnits returns the units by which a plan has a price when nothing but the
// quantity of that unit is known.
func priceUnits(plans []pricing.Plan) []string {
	var units []string
	for i := range plans {
		if u, ok := soleUnit(&plans[i]); ok && !slices.Contains(units, u) {
			units = append(units, u)
		}
	}
	return units
}

// soleUnit returns the one unit a plan needs to be told, or [Flat] when it needs
// none; false when it needs several.
func soleUnit(p *pricing.Plan) (string, bool) {
	unit := Flat
	for _, in := range p.Inputs() {
		if in.Unit == "" || len(in.For) > 0 || in.One {
			continue
		}
		if unit != Flat {
			return "", false
		}
		unit = in.Unit
	}
	return unit, true
}

func xRoadReady(a *catalogue.Answer) string {
	switch {
	case a == nil || len(a.Values) == 0:
		return Unknown
	case a.Values[0] == "none":
		return catalogue.No
	}
	return catalogue.Yes
}

// The countries of the European Union, and those that share its rules on data as
// members of the European Economic Area.
const (
	euCountries  = "AT BE BG HR CY CZ DK EE FI FR DE GR HU IE IT LV LT LU MT NL PL PT RO SK SI ES SE"
	eeaCountries = euCountries + " IS LI NO"
)

// dataArea says within which areas all data is kept.
func dataArea(a *catalogue.Answer) []string {
	if a == nil || len(a.Values) == 0 {
		return []string{Unknown}
	}
	within := func(area string) bool {
		return !slices.ContainsFunc(a.Values, func(v string) bool { return !strings.Contains(area, v) })
	}
	var areas []string
	if within(euCountries) {
		areas = append(areas, "eu")
	}
	if within(eeaCountries) {
		areas = append(areas, "eea")
	}
	return areas
}

var proofs = []string{string(catalogue.Stated), string(catalogue.Document), string(catalogue.Tested)}

func bestProof(answers []catalogue.Answer) string {
	best := -1
	for i := range answers {
		if answers[i].Known() {
			best = max(best, slices.Index(proofs, string(answers[i].Proof)))
		}
	}
	if best < 0 {
		return Unknown
	}
	return proofs[best]
}

// confirmed says whether all of it was confirmed not long ago. What a vendor
// publishes is confirmed by that.
//
// Once anything was confirmed by itself, it is the day of what was confirmed longest ago.
func (d *Document) confirmed(src *Source) {
	stale := src.Version.StaleOn(src.Confirmations)
	d.Timed = append(d.Timed, Timed{GroupStale, catalogue.DayBefore(stale), catalogue.No, catalogue.Yes})
	day := src.Version.Checked
	if !src.Offering.Unclaimed && day.Before(src.Version.Published) {
		day = src.Version.Published
	}
	if len(src.Confirmations) > 0 {
		day = stale.AddMonths(-catalogue.FreshMonths)
		d.Checked = day
	}
	if day.IsZero() {
		d.value(GroupConfirmed, catalogue.No)
		return
	}
	d.Timed = append(d.Timed, Timed{GroupConfirmed, day.AddMonths(ConfirmedMonths), catalogue.Yes, catalogue.No})
}

func (d *Document) users(users []User) {
	if len(users) == 0 {
		d.value(GroupUsers, "none")
		return
	}
	var values []Value
	for _, u := range users {
		values = append(values, Value{GroupUsers, string(u.Kind)})
		if v := SizeValue(u.Kind, u.Size); v != "" {
			values = append(values, Value{GroupUserSizes, v})
		}
	}
	slices.SortFunc(values, func(a, b Value) int { return strings.Compare(a.Group+" "+a.Value, b.Group+" "+b.Value) })
	d.Values = append(d.Values, slices.Compact(values)...)
}

func origins(src *Source) []string {
	var all []string
	switch {
	case src.Offering.Invented:
		all = append(all, "invented")
	case src.Offering.Unclaimed:
		all = append(all, "unclaimed")
	default:
		all = append(all, "claimed")
	}
	if src.Version.DemoPrice {
		all = append(all, "demo_price")
	}
	return all
}

// numbers fills the columns.
func (l *Layout) numbers(src *Source, d *Document) {
	number := func(column string, n int64) { d.Numbers = append(d.Numbers, Number{column, n}) }
	for i := range src.Version.Answers {
		a := &src.Version.Answers[i]
		c, ok := l.Column(a.Question)
		if !ok || len(a.Values) == 0 {
			continue
		}
		if n, ok := columnNumber(&c, a.Values[0]); ok {
			number(c.Key, n)
		}
	}
	l.terms(src.Version.Plans, d)
	number(ColumnUsers, int64(len(src.Users)))
	if day := src.Version.Published; !day.IsZero() {
		number(ColumnPublished, DayNumber(day))
	}
	if day := d.Checked; !day.IsZero() {
		number(ColumnChecked, DayNumber(day))
	}
}

// columnNumber reads a canonical number or amount of money; false for an amount in
// a currency that is not compared.
func columnNumber(c *Column, v string) (int64, bool) {
	amount, currency, money := strings.Cut(v, " ")
	if money && currency != Currency {
		return 0, false
	}
	d, err := models.ParseDecimal(amount)
	if err != nil {
		return 0, false
	}
	return scaled(d, c.Places)
}

// scaled returns d in units of its places'th decimal; false when it does not fit.
func scaled(d models.Decimal, places int) (int64, bool) {
	scale := models.Whole(1)
	for range places {
		scale, _ = scale.Mul(models.Whole(10))
	}
	d, err := d.Mul(scale)
	if err != nil {
		return 0, false
	}
	return d.Round(0).Int64()
}

// The questions that terms of plans answer as well.
const (
	minimumTerm = "minimum_term" // months
	noticeDays  = "notice_days"
)

// terms takes minimum term and notice from the plans when no answer tells them:
// those of the plan that binds least.
func (l *Layout) terms(plans []pricing.Plan, d *Document) {
	for _, t := range []struct {
		column string
		of     func(*pricing.Terms) *int
	}{
		{minimumTerm, func(t *pricing.Terms) *int { return t.MinimumMonths }},
		{noticeDays, func(t *pricing.Terms) *int { return t.NoticeDays }},
	} {
		_, ok := l.Column(t.column)
		known := slices.ContainsFunc(d.Numbers, func(n Number) bool { return n.Column == t.column })
		if !ok || known {
			continue
		}
		least := -1
		for i := range plans {
			if n := t.of(&plans[i].Terms); n != nil && (least < 0 || *n < least) {
				least = *n
			}
		}
		if least >= 0 {
			d.Numbers = append(d.Numbers, Number{t.column, int64(least)})
		}
	}
}
