package handlers

import (
	"fmt"
	"net/url"
	"strconv"
	"time"

	"pilveturg/models"
	"pilveturg/models/pricing"
	"pilveturg/views"
	"pilveturg/views/locale"
)

// severalUnits is a quantity in whose form units stand in lists.
var severalUnits = models.Whole(5)

// planInputs are the inputs of all plans.
func (e *editing) planInputs() []views.EditPlan {
	var plans []views.EditPlan
	tree := planTree(e.values)
	for i, typed := range tree {
		plans = append(plans, e.planInput(i, typed))
	}
	return plans
}

// goneGroup offers to put back what was removed last; nothing when nothing was.
func (e *editing) goneGroup() []views.EditGroup {
	gone := e.typed(fieldGone)
	word, _ := placesIn(gone)
	what, ok := map[string]string{actDropPlan: "editor.gone.plan", actDropCharge: "editor.gone.charge", actDropTier: "editor.gone.tier"}[word]
	if !ok {
		return nil
	}
	return []views.EditGroup{{Title: e.T(what), Hidden: e.hidden(fieldGone), Buttons: []views.EditButton{{Act: actPutBack, Text: e.T("editor.gone.back"), Quiet: true}}}}
}

func (e *editing) planInput(i int, typed *typedPlan) views.EditPlan {
	prefix, n := planPrefix(i), e.Number(int64(i+1))
	called := e.T("editor.plan", n)
	p := views.EditPlan{Main: views.EditGroup{Title: called, Hidden: e.hidden(prefix+"code", prefix+"currency")}}
	for _, lang := range locale.Tags() {
		p.Main.Row = append(p.Main.Row, e.field(views.Field{Name: prefix + "name." + lang, Label: e.T("editor.plan_name", e.Language(lang)), Lang: lang, Width: "w30"}))
	}
	p.Main.Row = append(p.Main.Row,
		e.listed(prefix+"kind", "editor.plan_kind", "editor.kind.", string(pricing.Listed), string(pricing.Request), string(pricing.Free)),
		e.listed(prefix+"billing", "editor.billing", "change.value.", string(pricing.PerMonth), string(pricing.PerQuarter), string(pricing.PerYear), string(pricing.Once)),
		e.amount(prefix+"year.months", "editor.months", "", "w4"),
		e.amount(prefix+"terms.minimum_months", "editor.minimum_term", "month", "w4"),
		e.amount(prefix+"terms.notice_days", "editor.notice", "day", "w4"),
		e.amount(prefix+"terms.rise_cap", "editor.rise_cap", "%", "w4"),
		e.amount(prefix+"vat", "editor.vat", "%", "w4"))
	for j, c := range typed.charges {
		p.Charges = append(p.Charges, e.chargeInput(i, j, c))
	}
	wrong := len(e.errors)
	p.More = views.EditGroup{More: e.T("editor.plan_more"), Inputs: []views.Input{
		e.choose(views.Select{Name: prefix + "year.start", Label: e.T("editor.year_start"), Options: e.months()}),
		e.amount(prefix+"terms.renewal_months", "editor.renewal", "month", "w4"),
		e.listed(prefix+"payers.who", "editor.payers", "plan.payers.", "", string(pricing.Nobody), string(pricing.Families), string(pricing.Users)),
	}}
	for _, lang := range locale.Tags() {
		p.More.Inputs = append(p.More.Inputs,
			e.field(views.Field{Name: prefix + "payers.note." + lang, Label: e.T("editor.payers_note", e.Language(lang)), Lang: lang, Width: "w60"}),
			e.field(views.Field{Name: prefix + "note." + lang, Label: e.T("editor.plan_note", e.Language(lang)), Lang: lang, Width: "w60"}))
	}
	p.More.Open = len(e.errors) > wrong
	p.Buttons = []views.EditButton{
		{Act: fmt.Sprintf("%s:%d", actAddCharge, i), Text: e.T("editor.add_charge"), For: called},
		{Act: fmt.Sprintf("%s:%d", actCopyPlan, i), Text: e.T("editor.copy_plan"), For: called},
		{Act: fmt.Sprintf("%s:%d", actDropPlan, i), Text: e.T("editor.remove"), For: called},
	}
	return p
}

// hidden carries fields along.
func (e *editing) hidden(names ...string) []views.Hidden {
	var all []views.Hidden
	for _, name := range names {
		all = append(all, views.Hidden{Name: name, Value: e.typed(name)})
	}
	return all
}

// listed is a list of words that stand in a plan as they are.
func (e *editing) listed(name, label, words string, values ...string) views.Input {
	s := views.Select{Name: name, Label: e.T(label)}
	for _, v := range values {
		key := words + v
		if v == "" {
			key = "editor.not_told"
		}
		s.Options = append(s.Options, views.Option{Value: v, Text: capital(e.T(key))})
	}
	return e.choose(s)
}

// amount is a field for a number, with what it is counted in.
func (e *editing) amount(name, label, unit, width string) views.Input {
	f := views.Field{Name: name, Label: e.T(label), Mode: "decimal", Width: width, Unit: unit}
	if _, ok := e.schema.Unit(unit); ok {
		f.Unit = e.unitName(unit, severalUnits)
	}
	return e.field(f)
}

func (e *editing) months() []views.Option {
	all := []views.Option{{Text: e.T("editor.any_month")}}
	for m := time.January; m <= time.December; m++ {
		all = append(all, views.Option{Value: strconv.Itoa(int(m)), Text: e.MonthName(m)})
	}
	return all
}

// units are those that prices count, under the words for none.
func (e *editing) priceUnits(none string) []views.Option {
	all := []views.Option{}
	for _, u := range e.schema.Units {
		all = append(all, views.Option{Value: u.ID, Text: e.unitName(u.ID, models.Whole(1))})
	}
	locale.SortBy(e.Locale, all, func(o views.Option) string { return o.Text })
	return append([]views.Option{{Text: e.T(none)}}, all...)
}

func (e *editing) chargeInput(i, j int, typed *typedCharge) views.EditCharge {
	prefix := chargePrefix(i, j)
	called := e.T("editor.charge", e.Number(int64(j+1)))
	c := views.EditCharge{Main: views.EditGroup{Title: called, Hidden: e.hidden(prefix + "code")}}
	c.Main.Row = []views.Input{
		e.choose(views.Select{Name: prefix + "unit", Label: e.T("editor.unit"), Options: e.priceUnits("editor.unit_none")}),
		e.listed(prefix+"per", "editor.per", "editor.per.", string(pricing.PerMonth), string(pricing.PerQuarter), string(pricing.PerYear), string(pricing.Once)),
		e.listed(prefix+"mode", "editor.tiers", "editor.mode.", string(pricing.Graduated), string(pricing.Volume), string(pricing.Band)),
	}
	for k := range max(len(typed.steps), 1) {
		c.Tiers = append(c.Tiers, e.tierInput(i, j, k, len(typed.steps)))
	}
	c.More = e.chargeMore(prefix)
	c.Buttons = []views.EditButton{
		{Act: fmt.Sprintf("%s:%d:%d", actAddTier, i, j), Text: e.T("editor.add_tier"), For: called},
		{Act: fmt.Sprintf("%s:%d:%d", actDropCharge, i, j), Text: e.T("editor.remove"), For: called},
	}
	return c
}

func (e *editing) tierInput(i, j, k, of int) views.EditTier {
	prefix, n := stepPrefix(i, j, k), e.Number(int64(k+1))
	to := e.field(views.Field{Name: prefix + "to", Label: e.T("editor.tier_to", n), Mode: "decimal", Width: "w8"})
	price := e.field(views.Field{Name: prefix + "price", Label: e.T("editor.tier_price", n), Mode: "decimal", Width: "w8", Unit: e.typed(planPrefix(i) + "currency")})
	t := views.EditTier{To: *to.Field, Price: *price.Field}
	if of > 1 {
		t.Remove = views.EditButton{Act: fmt.Sprintf("%s:%d:%d:%d", actDropTier, i, j, k), Text: e.T("editor.remove"), For: e.T("editor.tier", n)}
	}
	return t
}

// chargeMore is what few charges have.
func (e *editing) chargeMore(prefix string) views.EditGroup {
	wrong := len(e.errors)
	g := views.EditGroup{More: e.T("editor.charge_more"), Inputs: []views.Input{
		e.listed(prefix+"kind", "editor.charge_kind", "editor.charge_kind.", "", string(pricing.Percent), string(pricing.Project), string(pricing.PassThrough)),
		e.amount(prefix+"included", "editor.included", "", "w8"),
		e.amount(prefix+"minimum", "editor.minimum", e.typed("p0.currency"), "w8"),
		e.choose(views.Select{Name: prefix + "minimum_unit", Label: e.T("editor.minimum_unit"), Options: e.priceUnits("editor.minimum_whole")}),
		e.amount(prefix+"maximum", "editor.maximum", e.typed("p0.currency"), "w8"),
		e.choose(views.Select{Name: prefix + "each", Label: e.T("editor.each"), Options: e.priceUnits("editor.each_none")}),
		e.amount(prefix+"batch", "editor.batch", "", "w8"),
		e.tick(prefix+"begun", "editor.begun"),
		e.tick(prefix+"optional", "editor.optional"),
		e.amount(prefix+"from", "editor.range_from", "", "w8"),
		e.amount(prefix+"to", "editor.range_to", "", "w8"),
		e.amount(prefix+"rate", "editor.rate", "%", "w8"),
		e.field(views.Field{Name: prefix + "milestones", Label: e.T("editor.milestones"), Hint: e.T("editor.milestones_hint"), Width: "w30"}),
	}}
	for _, lang := range locale.Tags() {
		g.Inputs = append(g.Inputs,
			e.field(views.Field{Name: prefix + "name." + lang, Label: e.T("editor.charge_name", e.Language(lang)), Lang: lang, Width: "w30"}),
			e.field(views.Field{Name: prefix + "note." + lang, Label: e.T("editor.charge_note", e.Language(lang)), Lang: lang, Width: "w60"}))
	}
	g.Open = len(e.errors) > wrong
	return g
}

func (e *editing) tick(name, label string) views.Input {
	return e.ticksOf(views.Choices{Name: name, Legend: e.T(label), Options: []views.Option{{Value: ticked, Text: e.T("answer.value.yes")}}})
}

// shownQuantities are those for which the builder shows the cost of a year.
var shownQuantities = [...]int64{100, 500, 2000}

// buyers is what buyers will see of the plans of the draft.
func (e *editing) buyers() *views.BuyerView {
	v := &views.BuyerView{}
	plans := e.draft.Content.Plans
	if len(plans) == 0 {
		v.Text = e.T("editor.buyers_none")
		return v
	}
	if len(e.wrong) > 0 || len(e.words) > 0 {
		v.Text = e.T("editor.buyers_before")
	}
	for i := range plans {
		v.Plans = append(v.Plans, e.buyerPlan(i, plans[i:i+1]))
	}
	return v
}

func (e *editing) buyerPlan(i int, one []pricing.Plan) views.BuyerPlan {
	p := views.BuyerPlan{Name: views.In(one[0].Name, e.Tag).Text, Line: e.priceLine(one)}
	if p.Name == "" {
		p.Name = e.T("editor.plan", e.Number(int64(i+1)))
	}
	unit := ""
	for _, in := range one[0].Inputs() {
		if in.Unit != "" && !in.One {
			unit = in.Unit
			break
		}
	}
	p.Head = views.Head{ID: fmt.Sprintf("buyers-%d", i), Caption: e.T("editor.buyers_caption"), Quiet: true, Columns: []views.Column{
		{Text: capital(e.unitName(unit, severalUnits))}, {Text: e.T("editor.year"), Number: true}}}
	for _, n := range shownQuantities {
		typed := url.Values{}
		if unit != "" {
			typed.Set(fieldUnit+unit, strconv.FormatInt(n, 10))
		}
		c, err := e.calculate(one, typed)
		switch {
		case err != nil || len(c.wrong) > 0:
			continue
		case c.quote.OnRequest && c.quote.Year.Net.IsZero() && c.quote.Once.Net.IsZero():
			p.Note = capital(e.T("price.request"))
			return p
		}
		label := e.Number(n)
		if unit == "" {
			label = e.T("editor.any_quantity")
		}
		p.Rows = append(p.Rows, views.TableRow{{Link: views.Link{Text: label}}, {Link: views.Link{Text: e.span(c.quote.Year.Net)}}})
		if unit == "" {
			break
		}
	}
	return p
}
