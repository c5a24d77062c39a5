package pricing

import (
	"errors"
	"regexp"
	"strings"
	"testing"

	"pilveturg/models"
)

// problems returns the paths and keys of everything wrong: "vat plan.percent".
func problems(p Plan) string {
	var ps Problems
	if err := p.Check(); !errors.As(err, &ps) {
		return ""
	}
	var words []string
	for _, problem := range ps {
		words = append(words, problem.Path+" "+problem.Key)
	}
	return strings.Join(words, ", ")
}

func TestCheckPlan(t *testing.T) {
	const charges = `"charges":[{"code":"a","per":"month","price":"1"}]`
	for _, tt := range []struct{ name, plan, want string }{
		{"a plan may be short", charges, ""},
		{"a code has no spaces", `"code":"my plan",` + charges, "code plan.code"},
		{"a code is needed", `"code":"",` + charges, "code plan.code"},
		{"kinds are a list", `"kind":"cheap",` + charges, "kind plan.choice"},
		{"a currency has three letters", `"currency":"euro",` + charges, "currency plan.currency"},
		{"a currency is needed", `"currency":"",` + charges, "currency plan.currency"},
		{"VAT is at most 100", `"vat":"101",` + charges, "vat plan.percent"},
		{"VAT is not negative", `"vat":"-1",` + charges, "vat plan.percent"},
		{"billing periods are a list", `"billing":"week",` + charges, "billing plan.choice"},
		{"a year has twelve months", `"year":{"months":13,"start":13},` + charges, "year.months plan.whole_number, year.start plan.whole_number"},
		{"terms are not negative", `"terms":{"minimum_months":-1,"notice_days":-1,"renewal_months":-1,"rise_cap":"-3"},` + charges,
			"terms.minimum_months plan.whole_number, terms.notice_days plan.whole_number, terms.renewal_months plan.whole_number, terms.rise_cap plan.percent"},
		{"payers are a list", `"payers":{"who":"everybody"},` + charges, "payers.who plan.choice"},
		{"a listed plan has a charge", `"kind":"listed"`, "charges plan.no_charge"},
		{"a free plan needs none", `"kind":"free"`, ""},
		{"a free plan may list what is free", `"kind":"free","charges":[{"code":"a","per":"month","price":"0"}]`, ""},
		{"a free plan costs nothing", `"kind":"free",` + charges, "charges[0].price plan.free_charge"},
		{"a free plan may name what others are paid", `"kind":"free","charges":[{"code":"a","kind":"pass_through","per":"month","price":"9"}]`, ""},
		{"codes are not used twice", `"charges":[{"code":"a","per":"month","price":"1"},{"code":"a","per":"month","price":"1"}]`, "charges[1].code plan.code_twice"},
		{"words are written", `"name":{"en":" "},` + charges, "name.en plan.text_empty"},
		{"words have an end", `"note":{"et":"` + strings.Repeat("õ", 2001) + `"},` + charges, "note.et plan.text_long"},
		{"words have a language", `"name":{"e n":"x"},` + charges, "name plan.language"},
		{"there are at most fifty charges", `"charges":[` + strings.Repeat(`{"code":"a","per":"month","price":"1"},`, 50) + `{"code":"a","per":"month","price":"1"}]`, "charges plan.too_many"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if got := problems(parse(t, `{`+tt.plan+`}`)); got != tt.want {
				t.Errorf("got %q; want %q", got, tt.want)
			}
		})
	}
}

const perUser = `"unit":"user","per":"month",`

// checkedCharges are charges and what Check says of them: "" when all is right.
var checkedCharges = []struct{ name, charge, want string }{
	{"a code is needed", `"code":"","per":"month","price":"1"`, "code plan.code"},
	{"a period is needed", `"price":"1"`, "per plan.choice"},
	{"kinds and modes are lists", perUser + `"kind":"x","mode":"y","price":"1"`, "kind plan.choice, mode plan.choice"},
	{"units are ids", `"per":"month","unit":"Õpilane","each":"a school","price":"1"`, "unit plan.unit, each plan.unit"},
	{"a price is needed", perUser + `"name":{"en":"x"}`, "price plan.no_price"},
	{"there is only one price", perUser + `"price":"1","from":"1"`, "price plan.two_prices"},
	{"steps and a price are two", perUser + `"price":"1","steps":[{"price":"1"}]`, "price plan.two_prices"},
	{"a price is not negative", perUser + `"price":"-1"`, "price plan.negative"},
	{"a price has an end", perUser + `"price":"1000000001"`, "price plan.too_large"},
	{"a price has six decimals", perUser + `"price":"0.0000001"`, "price plan.too_fine"},
	{"a range does not end before it starts", perUser + `"from":"2","to":"1"`, "to plan.range_order"},
	{"a percentage has a rate", perUser + `"kind":"percent"`, "rate plan.rate_missing"},
	{"a percentage of nothing is none", perUser + `"kind":"percent","rate":"0"`, "rate plan.rate_missing"},
	{"a percentage has no other price", perUser + `"kind":"percent","rate":"1","price":"1"`, "rate plan.rate_missing"},
	{"a percentage is of something", `"per":"month","kind":"percent","rate":"1"`, "unit plan.unit_missing"},
	{"a rate makes a percentage", perUser + `"rate":"1"`, "rate plan.rate_kind"},
	{"a rate is at most 100", perUser + `"kind":"percent","rate":"100.1"`, "rate plan.percent"},

	{"steps count something", `"per":"month","steps":[{"price":"1"}]`, "unit plan.unit_missing"},
	{"steps rise", perUser + `"steps":[{"to":"10","price":"1"},{"to":"10","price":"1"}]`, "steps[1].to plan.step_order"},
	{"the first step is not empty", perUser + `"steps":[{"to":"0","price":"1"}]`, "steps[0].to plan.step_order"},
	{"only the last step is open", perUser + `"steps":[{"price":"1"},{"to":"10","price":"1"}]`, "steps[0].to plan.step_open"},
	{"the last step may be closed", perUser + `"steps":[{"to":"10","price":"1"},{"to":"20","price":"1"}]`, ""},
	{"a step's price is not negative", perUser + `"steps":[{"to":"10","price":"-1"}]`, "steps[0].price plan.negative"},
	{"there are at most a hundred steps", perUser + `"steps":[` + strings.Repeat(`{"price":"1"},`, 100) + `{"price":"1"}]`, "steps plan.too_many"},
	{"bands have steps", perUser + `"mode":"band","price":"1"`, "mode plan.band_steps"},

	{"a batch comes out exactly", perUser + `"batch":"3","price":"1"`, "batch plan.batch"},
	{"a batch of 250 does", perUser + `"batch":"250","price":"1"`, ""},
	{"any batch may be paid whole", perUser + `"batch":"3","begun":true,"price":"1"`, ""},
	{"a batch is not negative", perUser + `"batch":"-10","price":"1"`, "batch plan.negative"},
	{"begun batches have a size", perUser + `"begun":true,"price":"1"`, "batch plan.batch_missing"},
	{"begun batches are not spread", perUser + `"batch":"10","begun":true,"each":"school","price":"1"`, "begun plan.begun_each"},
	{"a batch counts something", `"per":"month","batch":"10","included":"5","price":"1"`, "batch plan.counted, included plan.counted"},
	{"bands include nothing", perUser + `"mode":"band","included":"5","steps":[{"price":"1"}]`, "included plan.band_included"},

	{"a minimum for each has an amount", perUser + `"price":"1","minimum_unit":"school"`, "minimum plan.minimum_missing"},
	{"a minimum is for each already", perUser + `"price":"1","each":"school","minimum":"1","minimum_unit":"school"`, "minimum_unit plan.minimum_each"},
	{"a maximum is above the minimum", perUser + `"price":"1","minimum":"10","maximum":"5"`, "maximum plan.maximum"},
	{"each is another unit", perUser + `"price":"1","each":"user"`, "each plan.each_unit"},

	{"a project is done once", `"per":"month","kind":"project","price":"1"`, "per plan.once"},
	{"milestones are for what is done once", `"per":"year","price":"1","milestones":["100"]`, "per plan.once"},
	{"milestones make a hundred", `"per":"once","price":"1","milestones":["40","40"]`, "milestones plan.milestones"},
	{"milestones are percentages", `"per":"once","price":"1","milestones":["-40","140"]`, "milestones[0] plan.percent, milestones[1] plan.percent"},
	{"what is passed on may have no price", `"per":"once","kind":"pass_through"`, ""},
	{"what is passed on has no steps", perUser + `"kind":"pass_through","steps":[{"price":"1"}]`, "steps plan.pass_through"},
}

func TestCheckCharge(t *testing.T) {
	for _, tt := range checkedCharges {
		t.Run(tt.name, func(t *testing.T) {
			charge := `{"code":"a",` + tt.charge + `}` // a later code takes its place
			want := ""
			if tt.want != "" {
				want = "charges[0]." + strings.ReplaceAll(tt.want, ", ", ", charges[0].")
			}
			p := parse(t, `{"charges":[`+charge+`]}`)
			if got := problems(p); got != want {
				t.Errorf("got %q; want %q", got, want)
			}
			readable(t, p.Check())
		})
	}
}

// readable checks that a problem is said in words with all its numbers in place.
func readable(t *testing.T, err error) {
	t.Helper()
	var ps Problems
	errors.As(err, &ps)
	for _, p := range ps {
		words := problemWords(p.Key)
		if words == "" || strings.Count(words, "%v") != len(p.Args) {
			t.Errorf("%s with %d arguments is said as %q", p.Key, len(p.Args), words)
		}
		for _, arg := range p.Args {
			switch arg.(type) {
			case string, int, models.Decimal:
			default:
				t.Errorf("%s has an argument of type %T", p.Key, arg)
			}
		}
	}
}

func TestProblemIsSaidInWords(t *testing.T) {
	p := parse(t, `{"charges":[{"code":"a","unit":"user","per":"month","steps":[{"to":"10","price":"1"},{"to":"5","price":"1"}]}]}`)
	want := `charges[0].steps[1].to: steps must rise: 5 does not come after 10`
	if err := p.Check(); err == nil || err.Error() != want {
		t.Errorf("got %v; want %s", err, want)
	}
	unknown := Problem{"a.b", "plan.other", []any{1, "x"}}
	if !regexp.MustCompile(`^a\.b: plan\.other 1 x$`).MatchString(unknown.Error()) {
		t.Errorf("got %q; want the key and its arguments", unknown.Error())
	}
}
