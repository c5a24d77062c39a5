package handlers

import (
	"errors"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"pilveturg/models"
	"pilveturg/models/pricing"
	"pilveturg/views"
	"pilveturg/views/locale"
)

// The fields of a price calculation in an address; quantities stand in fields like
// "n.pupil".
const (
	fieldPlan   = "plan"
	fieldUnit   = "n."
	fieldOption = "option"
	fieldMonths = "months"
	fieldStart  = "start"
	fieldYears  = "years"
)

const (
	mostYears = 5  // that a price is worked out for
	someUnits = 10 // taken for a unit that has no usual quantity
)

// usual are the quantities taken when a buyer has given none.
var usual = map[string]int64{
	"pupil": 1000, "child": 200, "school": 1, "kindergarten": 1, "user": 100, "active_user": 10_000, "seat": 100,
	"employee": 100, "staff": 100, "visitor": 1000, "receiver": 5000, "agency": 1, "municipality": 1, "city": 1,
	"building": 1, "floor": 3, "station": 3, "counter": 5, "kiosk": 2, "screen": 10, "vcpu": 8, "gb": 500,
	"gb_memory": 32, "gb_out": 100, "tb": 1, "app": 1, "licence": 1, "dataset": 1, "project": 1,
	"map_load": 100_000, "map_view": 100_000, "look_up": 20_000, "call": 1_000_000, "signature": 1000,
	"stamp": 1000, "payment": 1000, "turnover": 50_000, "transaction": 1000, "sms": 2000, "letter": 500,
	"invoice": 200, "claim": 50, "booking": 1000, "answer": 500, "tour": 500, "response": 500, "sitting": 600,
	"page": 5000, "document": 1000, "form": 20, "hectare_hour": 100, "minute": 2000, "hour": 50, "day": 5,
	"month": 1, "year": 1, "adviser": 10, "agent": 10, "developer": 20, "carer": 20, "case_worker": 15, "volunteer": 50,
	"room": 10, "device": 10, "server": 20, "security_server": 1,
}

// calculation is a price being worked out for what an address asks.
type calculation struct {
	speaker
	plans  []pricing.Plan
	typed  url.Values
	chosen int             // place of the plan that is worked out
	inputs []pricing.Input // of all plans, each once
	usage  pricing.Usage   // with the options of all plans
	years  int
	taken  []string // units for which the usual quantity was taken
	wrong  []views.FieldError
	quote  pricing.Quote // of the chosen plan; nothing when something is wrong
	total  pricing.Sum   // of all the years
}

// asksPrice reports whether an address asks for a price of its own.
func asksPrice(typed url.Values) bool {
	for name := range typed {
		switch name {
		case fieldPlan, fieldOption, fieldMonths, fieldStart, fieldYears:
			return true
		}
		if strings.HasPrefix(name, fieldUnit) {
			return true
		}
	}
	return false
}

// calculate works out the price that typed asks for. What is wrong with typed is
// in the result; an error is a fault of the plans.
func (w speaker) calculate(plans []pricing.Plan, typed url.Values) (*calculation, error) {
	c := &calculation{speaker: w, plans: plans, typed: typed, inputs: allInputs(plans)}
	c.readPlan()
	c.readQuantities()
	c.fit()
	c.readOptions()
	c.usage.Months = c.number(fieldMonths, 1, 12, 0)
	c.usage.Start = time.Month(c.number(fieldStart, 1, 12, 0))
	c.years = c.number(fieldYears, 1, mostYears, 1)
	if len(c.wrong) > 0 {
		return c, nil
	}
	var err error
	if c.quote, err = c.plan().Quote(c.usageOf(c.plan())); err == nil {
		c.total, err = c.quote.Years(c.years)
	}
	return c, c.blame(err)
}

// plan is the one that is worked out.
func (c *calculation) plan() *pricing.Plan { return &c.plans[c.chosen] }

// allInputs are what the plans ask of a buyer, each unit and each add-on once.
func allInputs(plans []pricing.Plan) []pricing.Input {
	var all []pricing.Input
	for i := range plans {
		for _, in := range plans[i].Inputs() {
			at := slices.IndexFunc(all, func(other pricing.Input) bool { return other.Unit == in.Unit && other.Option == in.Option })
			switch {
			case at < 0:
				all = append(all, in)
			default:
				all[at].One = all[at].One && in.One
			}
		}
	}
	return all
}

func (c *calculation) complain(field, message string) {
	c.wrong = append(c.wrong, views.FieldError{Field: fieldID(field), Message: message})
}

// fieldID is the id of the element for a field of the form.
func fieldID(field string) string {
	if unit, ok := strings.CutPrefix(field, fieldUnit); ok {
		return "n-" + unit
	}
	return "price-" + field
}

func (c *calculation) readPlan() {
	code := c.typed.Get(fieldPlan)
	if code == "" {
		c.chosen = firstPriced(c.plans)
		return
	}
	c.chosen = slices.IndexFunc(c.plans, func(p pricing.Plan) bool { return p.Code == code })
	if c.chosen < 0 {
		c.chosen = firstPriced(c.plans)
		c.complain(fieldPlan, c.T("price.wrong.plan"))
	}
}

// firstPriced is the place of the first plan whose price can be worked out.
func firstPriced(plans []pricing.Plan) int {
	for i, p := range plans {
		if p.Kind != pricing.Request && p.Kind != pricing.Free {
			return i
		}
	}
	return 0
}

func (c *calculation) readQuantities() {
	for _, in := range c.inputs {
		if in.Unit == "" {
			continue
		}
		u, _ := c.schema.Unit(in.Unit)
		amount, err := locale.ParseDecimal(c.typed.Get(fieldUnit + in.Unit))
		switch {
		case errors.Is(err, locale.ErrNoNumber):
			amount = usualOf(in)
			c.taken = append(c.taken, in.Unit)
		case err != nil:
			c.complain(fieldUnit+in.Unit, c.about(in.Unit, c.NumberProblem(err)))
		case amount.Sign() < 0:
			c.complain(fieldUnit+in.Unit, c.about(in.Unit, c.T("quote.negative")))
		case amount.Cmp(models.Whole(pricing.MaxQuantity)) > 0:
			c.complain(fieldUnit+in.Unit, c.about(in.Unit, c.T("quote.too_large")))
		}
		c.usage.Quantities = append(c.usage.Quantities, pricing.Quantity{Unit: in.Unit, Amount: amount, Flow: u.Flow})
	}
}

// fit changes quantities that were all taken so that the chosen plan tells a price
// for them: a journal sold to schools of up to 600 pupils is asked for two of them.
func (c *calculation) fit() {
	for i := range c.plan().Charges {
		ch := &c.plan().Charges[i]
		if len(ch.Steps) == 0 || ch.Steps[len(ch.Steps)-1].To == nil || !slices.Contains(c.taken, ch.Unit) {
			continue
		}
		most, n := *ch.Steps[len(ch.Steps)-1].To, c.taking(ch.Unit)
		switch each := c.taking(ch.Each); {
		case n == nil || n.Cmp(most) <= 0:
		case each == nil:
			*n = most
		default:
			if count, err := n.Div(most, models.MaxPlaces); err == nil {
				*each = count.Ceil()
			}
		}
	}
}

// taking is the quantity of a unit that was taken; nil when it was not.
func (c *calculation) taking(unit string) *models.Decimal {
	if !slices.Contains(c.taken, unit) {
		return nil
	}
	for i := range c.usage.Quantities {
		if c.usage.Quantities[i].Unit == unit {
			return &c.usage.Quantities[i].Amount
		}
	}
	return nil
}

func usualOf(in pricing.Input) models.Decimal {
	n, ok := usual[in.Unit]
	switch {
	case in.One:
		n = 1
	case !ok:
		n = someUnits
	}
	return models.Whole(n)
}

// about says which field a problem is with.
func (c *calculation) about(unit, problem string) string {
	return c.T("price.wrong.field", c.question(unit), problem)
}

// question asks for the quantity of a unit: "How many pupils".
func (w speaker) question(unit string) string {
	u, _ := w.schema.Unit(unit)
	if u.Flow {
		return w.T("price.how_many_flow", w.unitName(unit, models.Whole(2)))
	}
	return w.T("price.how_many", w.unitName(unit, models.Whole(2)))
}

func (c *calculation) readOptions() {
	for _, code := range c.typed[fieldOption] {
		known := slices.ContainsFunc(c.inputs, func(in pricing.Input) bool { return in.Option != "" && in.Option == code })
		switch {
		case code == "":
		case !known:
			c.complain(fieldOption, c.T("quote.option"))
		case !slices.Contains(c.usage.Options, code):
			c.usage.Options = append(c.usage.Options, code)
		}
	}
}

// number reads a whole number of a field; none stands for nothing typed.
func (c *calculation) number(field string, least, most, none int) int {
	text := c.typed.Get(field)
	if text == "" {
		return none
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < least || n > most {
		c.complain(field, c.T("quote."+field))
		return none
	}
	return n
}

// usageOf is the usage as a plan takes it: with those options that are its own.
func (c *calculation) usageOf(p *pricing.Plan) pricing.Usage {
	u := c.usage
	u.Options = nil
	for _, ch := range p.Charges {
		if ch.Optional && slices.Contains(c.usage.Options, ch.Code) {
			u.Options = append(u.Options, ch.Code)
		}
	}
	return u
}

// blame turns an error of a quote into words beside the field it is about, where
// it is about what was typed.
func (c *calculation) blame(err error) error {
	var bad models.Invalid
	switch {
	case err == nil:
		return nil
	case errors.Is(err, models.ErrOverflow):
		c.complain(fieldUnit+c.firstUnit(), c.T("quote.too_large"))
		return nil
	case errors.As(err, &bad):
		for _, field := range bad.Fields() {
			c.complain(fieldUnit+field, c.about(field, c.T(bad[field])))
		}
		return nil
	}
	return err
}

// firstUnit is the first unit that is asked for.
func (c *calculation) firstUnit() string {
	for _, in := range c.inputs {
		if in.Unit != "" {
			return in.Unit
		}
	}
	return ""
}
