package pricing

import (
	"slices"
	"strings"
	"time"

	"pilveturg/models"
)

// MaxQuantity is the greatest quantity a buyer may ask a price for.
const MaxQuantity = 1_000_000_000_000

// Quantity is how much of a unit a buyer needs.
type Quantity struct {
	Unit   string
	Amount models.Decimal
	Flow   bool // Amount is for a month (map loads); otherwise it is what there is at any time (pupils)
}

// Usage is what a buyer wants a price for. A flow is charged by what flows in the
// charge's own period: so many months of it, but for a one-off charge Amount is
// taken as it stands. Quantities a plan does not ask for are left aside.
type Usage struct {
	Quantities []Quantity // at most one a unit
	Options    []string   // codes of the optional charges chosen
	Months     int        // charged months a year, 1 to 12; the plan's own when 0
	Start      time.Month // the month the use starts; where the plan's year starts when 0
}

func (u *Usage) find(unit string) (*Quantity, bool) {
	for i := range u.Quantities {
		if u.Quantities[i].Unit == unit {
			return &u.Quantities[i], true
		}
	}
	return nil, false
}

func (u *Usage) chose(code string) bool { return slices.Contains(u.Options, code) }

// check returns [models.Invalid] by unit id, "months", "start" or "options".
func (u *Usage) check(p *Plan) error {
	var bad models.Invalid
	complain := func(field, key string) {
		if bad == nil {
			bad = models.Invalid{}
		}
		bad[field] = key
	}
	for i, q := range u.Quantities {
		switch first, _ := u.find(q.Unit); {
		case first != &u.Quantities[i]:
			complain(q.Unit, "quote.twice")
		case q.Amount.Sign() < 0:
			complain(q.Unit, "quote.negative")
		case q.Amount.Cmp(models.Whole(MaxQuantity)) > 0:
			complain(q.Unit, "quote.too_large")
		}
	}
	if u.Months < 0 || u.Months > 12 {
		complain("months", "quote.months")
	}
	if u.Start < 0 || u.Start > 12 {
		complain("start", "quote.start")
	}
	for _, code := range u.Options {
		if !slices.ContainsFunc(p.Charges, func(c Charge) bool { return c.Optional && c.Code == code }) {
			complain("options", "quote.option")
		}
	}
	return bad.Or()
}

// MissingError says that a price needs quantities the buyer has not given.
type MissingError struct {
	Units []string // their ids, in the order of the plan
}

// Error implements error.
func (e *MissingError) Error() string {
	return "quantity missing: " + strings.Join(e.Units, ", ")
}

// Input is something a buyer is asked before a price can be worked out: the
// quantity of Unit, or whether she wants the add-on Option. One of the two is set.
type Input struct {
	Unit   string
	One    bool        // 1 is taken when no quantity is given
	For    []string    // codes of the add-ons that need the quantity; none when it is always needed
	Option string      // code of an optional charge
	Name   models.Text // of that charge
}

// Inputs returns what the plan asks of a buyer, each unit once: first what is
// always needed, in the order of the charges, then the add-ons, each followed by
// the units that only add-ons need.
func (p *Plan) Inputs() []Input {
	var in []Input
	for i := range p.Charges {
		if c := &p.Charges[i]; !c.Optional && c.Kind != PassThrough {
			in = c.inputs(in)
		}
	}
	for i := range p.Charges {
		if c := &p.Charges[i]; c.Optional && c.Kind != PassThrough {
			in = append(in, Input{Option: c.Code, Name: c.Name})
			in = c.inputs(in)
		}
	}
	return in
}

// inputs adds the units of one charge that are not asked for yet.
func (c *Charge) inputs(in []Input) []Input {
	for i, unit := range [...]string{c.Unit, c.Each, c.MinimumUnit} {
		if unit == "" {
			continue
		}
		x := Input{Unit: unit, One: i > 0}
		if c.Optional {
			x.For = []string{c.Code}
		}
		at := slices.IndexFunc(in, func(y Input) bool { return y.Unit == unit })
		switch {
		case at < 0:
			in = append(in, x)
		case (len(in[at].For) > 0) == c.Optional:
			in[at].One = in[at].One && x.One
			in[at].For = append(in[at].For, x.For...)
		}
	}
	return in
}
