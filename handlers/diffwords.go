package handlers

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"pilveturg/models"
	"pilveturg/models/catalogue"
	"pilveturg/models/pricing"
	"pilveturg/views"
)

// field names what a difference is in: "Name (Estonian)", "Plan Standard, charge
// Pupils, step 2, price".
func (d differ) field(one catalogue.Difference) string {
	var name string
	switch one.Field {
	case catalogue.FieldAnswer:
		name = d.questionName(one.Question)
	case catalogue.FieldProof:
		name = d.T("change.proof", d.questionName(one.Question))
	case catalogue.FieldPlan:
		return d.planField(one)
	case catalogue.FieldDocument:
		return d.paperField(one)
	case catalogue.FieldOther:
		if len(one.Path) > 0 {
			return d.T("price.demo")
		}
		name = d.T("change.field.other")
	default:
		name = d.T("change.field." + string(one.Field))
	}
	if one.Language != "" {
		name = d.T("change.in_language", name, d.Language(one.Language))
	}
	return name
}

func (d differ) questionName(id string) string {
	q, ok := d.schema.Question(id)
	if !ok {
		return id
	}
	return d.label(q).Text
}

// planField names a part of a plan, from the plan down.
func (d differ) planField(one catalogue.Difference) string {
	plan, _ := d.plan(one.Plan)
	words := []string{d.T("change.plan", d.named(plan.Name, one.Plan))}
	path := one.Path
	if len(path) > 1 && path[0] == "charges" {
		words = append(words, d.T("change.charge", d.chargeCalled(plan, path[1])))
		path = path[2:]
	}
	for i := 0; i < len(path); i++ {
		part := path[i]
		switch {
		case (part == "steps" || part == "milestones") && i+1 < len(path):
			words = append(words, d.T("change.part."+part, path[i+1]))
			i++
		case (part == "name" || part == "note") && i+1 < len(path):
			words = append(words, d.T("change.in_language", d.T("change.part."+part), d.Language(path[i+1])))
			i++
		case part == "terms" || part == "year" && i+1 < len(path):
			// The parts of these have names of their own.
		case d.Has("change.part." + part):
			words = append(words, d.T("change.part."+part))
		default:
			words = append(words, part)
		}
	}
	return strings.Join(words, ", ")
}

// plan finds a plan in the later version, or else in the earlier one.
func (d differ) plan(code string) (pricing.Plan, bool) {
	for _, plans := range [][]pricing.Plan{d.after.Plans, d.before.Plans} {
		if i := slices.IndexFunc(plans, func(p pricing.Plan) bool { return p.Code == code }); i >= 0 {
			return plans[i], true
		}
	}
	return pricing.Plan{}, false
}

func (d differ) named(t models.Text, otherwise string) string {
	if name := views.In(t, d.Tag).Text; name != "" {
		return name
	}
	return otherwise
}

// chargeCalled names a charge of a plan by its code, also one that is gone.
func (d differ) chargeCalled(plan pricing.Plan, code string) string {
	plans := []pricing.Plan{plan}
	for _, p := range d.before.Plans {
		if p.Code == plan.Code {
			plans = append(plans, p)
		}
	}
	for _, p := range plans {
		for i := range p.Charges {
			if p.Charges[i].Code == code {
				return d.chargeName(&p.Charges[i]).Text
			}
		}
	}
	return code
}

// values words one side of a difference.
func (d differ) values(one catalogue.Difference, list []string) []views.Words {
	var words []views.Words
	switch one.Field {
	case catalogue.FieldProof:
		return d.proofWords(one, list)
	case catalogue.FieldDocument:
		return d.paperValues(one, list)
	}
	for _, v := range list {
		words = append(words, views.Words{Text: d.changed(one, v), Lang: one.Language})
	}
	return words
}

// proofWords words who says an answer and how it is known: the parts come in the
// order in which a difference lists them.
func (d differ) proofWords(one catalogue.Difference, list []string) []views.Words {
	const parts = 6
	if len(list) != parts {
		return nil
	}
	since, _ := models.ParseDate(list[4])
	until, _ := models.ParseDate(list[5])
	a := catalogue.Answer{Question: one.Question, By: catalogue.Said(list[0]), Proof: catalogue.Proof(list[1]), Issuer: list[2],
		Source: list[3], Since: since, Until: until}
	words := []views.Words{{Text: d.proofTag(a).Text}}
	if note := d.note(a); note != "" {
		words = append(words, views.Words{Text: note})
	}
	if webAddress(a.Source) {
		words = append(words, views.Words{Text: a.Source})
	}
	return words
}

// changed words one value of a difference.
func (d differ) changed(one catalogue.Difference, v string) string {
	switch one.Field {
	case catalogue.FieldCategories:
		if c, ok := d.schema.Category(v); ok {
			return views.In(c.Names, d.Tag).Text
		}
	case catalogue.FieldLanguage:
		return d.Language(v)
	case catalogue.FieldAnswer:
		if q, ok := d.schema.Question(one.Question); ok && one.Language == "" {
			return d.value(q, v)
		}
	case catalogue.FieldOther:
		if len(one.Path) > 0 {
			return d.truth(v)
		}
	case catalogue.FieldPlan:
		return d.planValue(one, v)
	}
	return v
}

func (w speaker) truth(v string) string {
	if v == "true" {
		return w.T("answer.value.yes")
	}
	return w.T("answer.value.no")
}

// planValue words a value of a plan by what it is the value of.
func (d differ) planValue(one catalogue.Difference, v string) string {
	last := one.Path[len(one.Path)-1]
	inStep := slices.Contains(one.Path, "steps")
	switch {
	case slices.Contains(one.Path, "milestones"):
		last = "milestones"
	case inStep && last == "to":
		last = "limit"
	}
	switch last {
	case "price", "from", "to", "minimum", "maximum":
		plan, _ := d.plan(one.Plan)
		return d.numberWords(v, func(n models.Decimal) string { return d.UnitPrice(n, plan.Currency) })
	case "limit", "batch", "included":
		return d.numberWords(v, d.Decimal)
	case "vat", "rate", "rise_cap", "milestones":
		return d.numberWords(v, d.Percent)
	case "unit", "each", "minimum_unit":
		return d.unitName(v, models.Whole(1))
	case "begun", "optional":
		return d.truth(v)
	case "start":
		if n, err := strconv.Atoi(v); err == nil {
			return d.MonthName(time.Month(n))
		}
	case "who":
		return d.T("plan.payers." + v)
	case "per", "billing", "mode", "kind":
		if key := "change.value." + v; d.Has(key) {
			return d.T(key)
		}
	}
	return v
}

func (d differ) numberWords(v string, words func(models.Decimal) string) string {
	n, err := models.ParseDecimal(v)
	if err != nil {
		return v
	}
	return words(n)
}
