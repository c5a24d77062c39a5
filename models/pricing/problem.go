package pricing

import (
	"fmt"
	"strings"
)

// Problem is one thing that is wrong with a plan.
type Problem struct {
	Path string // where: "charges[1].steps[0].price"
	Key  string // message key: "plan.step_order"
	Args []any  // for the message: texts, whole numbers and [models.Decimal]
}

// Error says it in plain English, for files and command lines.
func (p Problem) Error() string {
	words := problemWords(p.Key)
	if words == "" {
		words = p.Key + strings.Repeat(" %v", len(p.Args))
	}
	return p.Path + ": " + fmt.Sprintf(words, p.Args...)
}

// Problems is everything that is wrong with a plan, in the order of its fields.
type Problems []Problem

// Error says all of it in plain English.
func (ps Problems) Error() string {
	texts := make([]string, len(ps))
	for i, p := range ps {
		texts[i] = p.Error()
	}
	return strings.Join(texts, "; ")
}

// Or returns ps as an error, or nil when nothing is wrong.
func (ps Problems) Or() error {
	if len(ps) == 0 {
		return nil
	}
	return ps
}

// problemWords returns the English for a message key, "" for an unknown one.
func problemWords(key string) string {
	return map[string]string{
		"plan.code":            "use up to 40 lower case letters, digits, - and _, not %v",
		"plan.code_twice":      "another charge has the code %v already: give each its own",
		"plan.unit":            "use the id of a unit, like pupil or map_load, not %v",
		"plan.language":        "use a language tag, like et or en, not %v",
		"plan.text_empty":      "write something or leave the language out",
		"plan.text_long":       "write at most %v characters, not %v",
		"plan.each_unit":       "each and unit are the same: name the unit only",
		"plan.choice":          "%v is not one of: %v",
		"plan.currency":        "use a three-letter currency code, like EUR, not %v",
		"plan.percent":         "enter a percentage from 0 to 100, not %v",
		"plan.whole_number":    "enter a whole number from %v to %v, not %v",
		"plan.negative":        "enter 0 or more, not %v",
		"plan.too_large":       "enter at most %v, not %v",
		"plan.too_fine":        "enter at most %v decimals, not %v",
		"plan.too_many":        "enter at most %v of them, not %v",
		"plan.no_charge":       "a listed plan needs at least one charge; for a price on request set kind to request",
		"plan.free_charge":     "a free plan has no charges to pay: set the price to 0 or kind to listed",
		"plan.no_price":        "enter a price, steps, a range or a rate",
		"plan.two_prices":      "enter only one of price, steps, from and to, and rate",
		"plan.rate_missing":    "a charge of kind percent needs a rate above 0 and no other price",
		"plan.rate_kind":       "a rate needs kind percent",
		"plan.unit_missing":    "say which unit is counted",
		"plan.counted":         "%v needs a charge that counts units",
		"plan.range_order":     "the end of the range, %v, is below its start, %v",
		"plan.step_order":      "steps must rise: %v does not come after %v",
		"plan.step_open":       "only the last step may be without an end",
		"plan.band_steps":      "bands need steps",
		"plan.batch":           "a price per %v units does not come out exactly: use 10, 100, 1000 or the like, or set begun",
		"plan.batch_missing":   "begun needs a batch",
		"plan.begun_each":      "begun batches cannot be counted when the quantity is spread by each",
		"plan.band_included":   "bands have no included quantity: make it a band with price 0",
		"plan.minimum_missing": "minimum_unit needs a minimum",
		"plan.minimum_each":    "with each, the minimum is for each of them already: leave minimum_unit out",
		"plan.maximum":         "the maximum, %v, is below the minimum, %v",
		"plan.once":            "%v needs per to be once",
		"plan.milestones":      "milestones must add up to 100, not %v",
		"plan.pass_through":    "an item passed through has a price or a range only",
	}[key]
}
