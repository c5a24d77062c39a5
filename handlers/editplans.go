package handlers

import (
	"errors"
	"fmt"
	"maps"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"pilveturg/models"
	"pilveturg/models/catalogue"
	"pilveturg/models/pricing"
	"pilveturg/views/locale"
)

// The fields of plans are named after where their values stand: those of the second step
// of the first charge of the third plan begin with "p2.c0.s1.".
func planPrefix(plan int) string           { return fmt.Sprintf("p%d.", plan) }
func chargePrefix(plan, charge int) string { return fmt.Sprintf("p%d.c%d.", plan, charge) }
func stepPrefix(plan, charge, step int) string {
	return fmt.Sprintf("p%d.c%d.s%d.", plan, charge, step)
}

// part is a field, or some, of a plan or a charge: how it is filled in and read.
type part[T any] struct {
	fill func(v url.Values, prefix string, from *T)
	take func(t *taking, prefix string, to *T)
}

// aWord is a field whose value is a word that stands in the plan as it is.
func aWord[T any, S ~string](name string, at func(*T) *S) part[T] {
	return part[T]{
		func(v url.Values, prefix string, from *T) { v.Set(prefix+name, string(*at(from))) },
		func(t *taking, prefix string, to *T) { *at(to) = S(strings.TrimSpace(t.typed.Get(prefix + name))) },
	}
}

// aText is a field for each language of the site; words in others stay.
func aText[T any](name string, most int, at func(*T) *models.Text) part[T] {
	return part[T]{
		func(v url.Values, prefix string, from *T) {
			for lang, words := range *at(from) {
				v.Set(prefix+name+"."+lang, words)
			}
		},
		func(t *taking, prefix string, to *T) {
			text := maps.Clone(*at(to))
			for _, lang := range t.typed[fieldLanguages] {
				field := prefix + name + "." + lang
				if words := t.line(field); t.sound(field, words, most) {
					text.Set(lang, words)
				}
			}
			if len(text) == 0 {
				text = nil
			}
			*at(to) = text
		},
	}
}

// aNumber is a field for a number that is 0 when nothing is said.
func aNumber[T any](name string, at func(*T) *models.Decimal) part[T] {
	return part[T]{
		func(v url.Values, prefix string, from *T) {
			if d := *at(from); !d.IsZero() {
				v.Set(prefix+name, numberText(d))
			}
		},
		func(t *taking, prefix string, to *T) {
			if d := t.number(prefix + name); d != nil {
				*at(to) = *d
			} else {
				*at(to) = models.Decimal{}
			}
		},
	}
}

// anOptional is a field for a number of which nothing need be said.
func anOptional[T any](name string, at func(*T) **models.Decimal) part[T] {
	return part[T]{
		func(v url.Values, prefix string, from *T) {
			if d := *at(from); d != nil {
				v.Set(prefix+name, numberText(*d))
			}
		},
		func(t *taking, prefix string, to *T) { *at(to) = t.number(prefix + name) },
	}
}

// aWhole is a field for a whole number of which nothing need be said.
func aWhole[T any](name string, at func(*T) **int) part[T] {
	return part[T]{
		func(v url.Values, prefix string, from *T) {
			if n := *at(from); n != nil {
				v.Set(prefix+name, strconv.Itoa(*n))
			}
		},
		func(t *taking, prefix string, to *T) { *at(to) = t.whole(prefix + name) },
	}
}

// aFlag is a box to tick.
func aFlag[T any](name string, at func(*T) *bool) part[T] {
	return part[T]{
		func(v url.Values, prefix string, from *T) {
			if *at(from) {
				v.Set(prefix+name, ticked)
			}
		},
		func(t *taking, prefix string, to *T) { *at(to) = t.typed.Get(prefix+name) != "" },
	}
}

const (
	ticked         = "1"
	fieldLanguages = "languages" // in which words are edited
	mostWhole      = 1_000_000
)

// numberText writes a number so that nobody, and no program, can take its point for one
// of thousands.
func numberText(d models.Decimal) string {
	const thousands = 3
	if d.Places() == thousands {
		return d.String() + "0"
	}
	return d.String()
}

// number reads a number; nil when nothing is typed, or what is none.
func (t *taking) number(field string) *models.Decimal {
	text := strings.TrimSpace(t.typed.Get(field))
	if text == "" {
		return nil
	}
	d, err := locale.ParseDecimal(text)
	if err != nil {
		t.wrong = append(t.wrong, mistake{field: field, number: err})
		return nil
	}
	return &d
}

// whole reads a whole number; nil when nothing is typed, or what is none.
func (t *taking) whole(field string) *int {
	d := t.number(field)
	if d == nil {
		return nil
	}
	n, ok := d.Int64()
	if !ok || n < 0 || n > mostWhole {
		t.complain(field, "editor.whole")
		return nil
	}
	i := int(n)
	return &i
}

var planParts = []part[pricing.Plan]{
	aWord("code", func(p *pricing.Plan) *string { return &p.Code }),
	aText("name", pricing.MaxName, func(p *pricing.Plan) *models.Text { return &p.Name }),
	aWord("kind", func(p *pricing.Plan) *pricing.Kind { return &p.Kind }),
	aWord("currency", func(p *pricing.Plan) *string { return &p.Currency }),
	anOptional("vat", func(p *pricing.Plan) **models.Decimal { return &p.VAT }),
	aWord("billing", func(p *pricing.Plan) *pricing.Period { return &p.Billing }),
	{fillYear, takeYear},
	aWhole("terms.minimum_months", func(p *pricing.Plan) **int { return &p.Terms.MinimumMonths }),
	aWhole("terms.notice_days", func(p *pricing.Plan) **int { return &p.Terms.NoticeDays }),
	aWhole("terms.renewal_months", func(p *pricing.Plan) **int { return &p.Terms.RenewalMonths }),
	anOptional("terms.rise_cap", func(p *pricing.Plan) **models.Decimal { return &p.Terms.RiseCap }),
	aWord("payers.who", func(p *pricing.Plan) *pricing.Who { return &p.Payers.Who }),
	aText("payers.note", pricing.MaxNote, func(p *pricing.Plan) *models.Text { return &p.Payers.Note }),
	aText("note", pricing.MaxNote, func(p *pricing.Plan) *models.Text { return &p.Note }),
}

var chargeParts = []part[pricing.Charge]{
	aWord("code", func(c *pricing.Charge) *string { return &c.Code }),
	aText("name", pricing.MaxName, func(c *pricing.Charge) *models.Text { return &c.Name }),
	aWord("kind", func(c *pricing.Charge) *pricing.ChargeKind { return &c.Kind }),
	aWord("unit", func(c *pricing.Charge) *string { return &c.Unit }),
	aWord("per", func(c *pricing.Charge) *pricing.Period { return &c.Per }),
	aWord("each", func(c *pricing.Charge) *string { return &c.Each }),
	aWord("mode", func(c *pricing.Charge) *pricing.Mode { return &c.Mode }),
	aNumber("batch", func(c *pricing.Charge) *models.Decimal { return &c.Batch }),
	aFlag("begun", func(c *pricing.Charge) *bool { return &c.Begun }),
	aNumber("included", func(c *pricing.Charge) *models.Decimal { return &c.Included }),
	anOptional("from", func(c *pricing.Charge) **models.Decimal { return &c.From }),
	anOptional("to", func(c *pricing.Charge) **models.Decimal { return &c.To }),
	anOptional("rate", func(c *pricing.Charge) **models.Decimal { return &c.Rate }),
	aNumber("minimum", func(c *pricing.Charge) *models.Decimal { return &c.Minimum }),
	aWord("minimum_unit", func(c *pricing.Charge) *string { return &c.MinimumUnit }),
	aNumber("maximum", func(c *pricing.Charge) *models.Decimal { return &c.Maximum }),
	{fillMilestones, takeMilestones},
	aFlag("optional", func(c *pricing.Charge) *bool { return &c.Optional }),
	aText("note", pricing.MaxNote, func(c *pricing.Charge) *models.Text { return &c.Note }),
}

func fillYear(v url.Values, prefix string, p *pricing.Plan) {
	if p.Year.Months != 0 {
		v.Set(prefix+"year.months", strconv.Itoa(p.Year.Months))
	}
	if p.Year.Start != 0 {
		v.Set(prefix+"year.start", strconv.Itoa(int(p.Year.Start)))
	}
}

func takeYear(t *taking, prefix string, p *pricing.Plan) {
	p.Year = pricing.Year{}
	if n := t.whole(prefix + "year.months"); n != nil {
		p.Year.Months = *n
	}
	if n := t.whole(prefix + "year.start"); n != nil {
		p.Year.Start = time.Month(*n)
	}
}

func fillMilestones(v url.Values, prefix string, c *pricing.Charge) {
	var words []string
	for _, m := range c.Milestones {
		words = append(words, m.String())
	}
	v.Set(prefix+"milestones", strings.Join(words, "; "))
}

func takeMilestones(t *taking, prefix string, c *pricing.Charge) {
	c.Milestones = nil
	for word := range strings.FieldsFuncSeq(t.typed.Get(prefix+"milestones"), func(r rune) bool { return r == ';' || r <= ' ' }) {
		d, err := locale.ParseDecimal(word)
		if err != nil {
			t.wrong = append(t.wrong, mistake{field: prefix + "milestones", number: err})
			return
		}
		c.Milestones = append(c.Milestones, d)
	}
}

func fillPlans(v url.Values, plans []pricing.Plan) {
	for i := range plans {
		for _, p := range planParts {
			p.fill(v, planPrefix(i), &plans[i])
		}
		for j := range plans[i].Charges {
			fillCharge(v, i, j, &plans[i].Charges[j])
		}
	}
}

func fillCharge(v url.Values, i, j int, c *pricing.Charge) {
	for _, p := range chargeParts {
		p.fill(v, chargePrefix(i, j), c)
	}
	steps := c.Steps
	if c.Price != nil {
		steps = []pricing.Step{{Price: *c.Price}}
	}
	for k, s := range steps {
		v.Set(stepPrefix(i, j, k)+"price", numberText(s.Price))
		if s.To != nil {
			v.Set(stepPrefix(i, j, k)+"to", numberText(*s.To))
		}
	}
}

// plans reads the plans. When something is wrong with them they stay as they were.
func (t *taking) plans() {
	tree := planTree(t.typed)
	before, found := t.c.Plans, len(t.wrong)
	var plans []pricing.Plan
	rows := map[string]int{} // of the steps that are kept, by charge
	for i := range tree {
		plans = append(plans, t.plan(i, tree[i], before, rows))
	}
	if len(plans) == 0 && len(before) > 0 {
		t.complain("plans", "publishing.plan_missing")
	}
	nameCodes(plans)
	probe := catalogue.Content{Plans: plans, DemoPrice: t.c.DemoPrice && len(plans) > 0}
	var all catalogue.Problems
	if errors.As(t.schema.CheckContent(probe), &all) && len(t.wrong) == found {
		for _, p := range all {
			if field, ok := planField(p.Path, rows); ok {
				t.wrong = append(t.wrong, mistake{field: field, Problem: p})
			}
		}
	}
	if len(t.wrong) == found {
		t.c.Plans = plans
	}
}

var pathPlaces = regexp.MustCompile(`^plans\[(\d+)\]\.(?:charges\[(\d+)\]\.?)?(?:steps\[(\d+)\]\.)?(.*)$`)

// planField is the name of the field for what a problem's path leads to.
func planField(path string, rows map[string]int) (string, bool) {
	m := pathPlaces.FindStringSubmatch(path)
	if m == nil {
		return "", false
	}
	name := "p" + m[1] + "."
	if m[2] != "" {
		name += "c" + m[2] + "."
	}
	switch rest := m[4]; {
	case m[3] != "":
		row, ok := rows[name+m[3]]
		if !ok {
			return name + rest, true
		}
		return name + "s" + strconv.Itoa(row) + "." + rest, true
	case rest == "" && m[2] != "": // a unit that is not known
		return name + "unit", true
	case rest == "price" || rest == "steps":
		return name + "s0.price", true
	default:
		return name + rest, true
	}
}

func (t *taking) plan(i int, typed *typedPlan, before []pricing.Plan, rows map[string]int) pricing.Plan {
	p := pricing.Plan{}
	if at := slices.IndexFunc(before, func(b pricing.Plan) bool { return b.Code == typed.own.Get("code") }); at >= 0 {
		p = before[at]
	}
	old := p.Charges
	p.Charges = nil
	for _, one := range planParts {
		one.take(t, planPrefix(i), &p)
	}
	if p.Currency == "" {
		p.Currency = "EUR"
	}
	for j := range typed.charges {
		p.Charges = append(p.Charges, t.charge(i, j, typed.charges[j], old, rows))
	}
	return p
}

func (t *taking) charge(i, j int, typed *typedCharge, before []pricing.Charge, rows map[string]int) pricing.Charge {
	c, stepped := pricing.Charge{}, false
	if at := slices.IndexFunc(before, func(b pricing.Charge) bool { return b.Code == typed.own.Get("code") }); at >= 0 {
		c, stepped = before[at], len(before[at].Steps) == 1
	}
	c.Price, c.Steps = nil, nil
	for _, one := range chargeParts {
		one.take(t, chargePrefix(i, j), &c)
	}
	for k := range typed.steps {
		prefix := stepPrefix(i, j, k)
		to, price := t.number(prefix+"to"), t.number(prefix+"price")
		switch {
		case price != nil:
			rows[chargePrefix(i, j)+strconv.Itoa(len(c.Steps))] = k
			c.Steps = append(c.Steps, pricing.Step{To: to, Price: *price})
		case to != nil && t.typed.Get(prefix+"price") == "":
			t.complain(prefix+"price", "editor.price_missing")
		}
	}
	if len(c.Steps) == 1 && c.Steps[0].To == nil && !stepped {
		c.Price, c.Steps = &c.Steps[0].Price, nil
	}
	if c.Price != nil && c.Mode != "" {
		c.Mode = "" // of steps that there are no more
	}
	return c
}

// nameCodes gives codes to the plans and charges that have none yet.
func nameCodes(plans []pricing.Plan) {
	taken := map[string]bool{}
	for i := range plans {
		taken[plans[i].Code] = true
	}
	for i := range plans {
		if plans[i].Code == "" {
			plans[i].Code = freeCode("plan", taken)
		}
		used := map[string]bool{}
		for j := range plans[i].Charges {
			used[plans[i].Charges[j].Code] = true
		}
		for j := range plans[i].Charges {
			c := &plans[i].Charges[j]
			if c.Code != "" {
				continue
			}
			if c.Code = c.Unit; c.Code == "" || used[c.Code] {
				c.Code = freeCode("charge", used)
			}
			used[c.Code] = true
		}
	}
}

func freeCode(word string, taken map[string]bool) string {
	for n := 1; ; n++ {
		code := word + "-" + strconv.Itoa(n)
		if !taken[code] {
			taken[code] = true
			return code
		}
	}
}
