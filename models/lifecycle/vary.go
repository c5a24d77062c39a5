package lifecycle

import (
	"errors"
	"math/big"

	"pilveturg/models"
)

// Varied is a comparison in which one thing is another one.
type Varied struct {
	Side   string       // whose number is varied; "": the rate is
	Code   string       // of the number
	Factor *big.Rat     // by which it is multiplied; nil: Rate is another one
	Rate   models.Exact // instead
	Owned  *big.Rat     // present values; exact
	Other  *big.Rat
	Saving *big.Rat
}

// Rates are those by which every comparison is looked at besides its own: 1.5 %, 3 %,
// 3.5 %, 5 % and 7 % a year.
func Rates() (all []models.Exact) {
	for _, permille := range []int64{15, 30, 35, 50, 70} {
		d, _ := models.NewDecimal(permille, 3)
		all = append(all, models.ExactOf(d))
	}
	return all
}

// How much every number is varied: by a fifth down and up.
func steps() []*big.Rat { return []*big.Rat{big.NewRat(4, 5), big.NewRat(6, 5)} }

// vary reckons the case at other rates, and with every number a fifth less and more.
func (c *Case) vary() (all []Varied, err error) {
	add := func(v Varied, r *Result, err error) error {
		if err == nil {
			v.Owned, v.Other, v.Saving = r.Owned.Present, r.Service.Present, r.Saving
			all = append(all, v)
		}
		return err
	}
	for _, rate := range Rates() {
		other := *c
		other.Discount = Discount{Steps: []Step{{0, rate}}, Inflation: c.Discount.Inflation}
		r, err := other.result("", "", nil)
		if err = add(Varied{Rate: rate}, r, err); err != nil {
			return nil, err
		}
	}
	for _, one := range []struct {
		name string
		side *Side
	}{{OwnedSide, &c.Owned}, {ServiceSide, &c.Service}} {
		for i := range one.side.Numbers {
			n := &one.side.Numbers[i]
			if n.Value.IsZero() {
				continue
			}
			for _, factor := range steps() {
				r, err := c.result(one.name, n.Code, times(factor))
				if err = add(Varied{Side: one.name, Code: n.Code, Factor: factor}, r, err); err != nil {
					return nil, err
				}
			}
		}
	}
	return all, nil
}

func times(factor *big.Rat) func(*big.Rat) *big.Rat {
	return func(v *big.Rat) *big.Rat { return new(big.Rat).Mul(v, factor) }
}

// Times is the case with a number of a side multiplied, such as development by 1.41 for
// optimism (HM Treasury, Green Book supplementary guidance: optimism bias).
func (c *Case) Times(side, code string, factor *big.Rat) (*Varied, error) {
	r, err := c.result(side, code, times(factor))
	if err != nil {
		return nil, err
	}
	return &Varied{Side: side, Code: code, Factor: factor, Owned: r.Owned.Present, Other: r.Service.Present, Saving: r.Saving}, nil
}

// BreakEven is the value of a number of a side at which both sides cost the same, exactly;
// nil where there is none at or above 0. The cash of its side is not rounded to the cent
// for this, since what is rounded goes up in steps; that of the other side is.
func (c *Case) BreakEven(side, code string) (*big.Rat, error) {
	at := func(v *big.Rat) (*big.Rat, error) {
		return c.exactSaving(side, code, func(*big.Rat) *big.Rat { return v })
	}
	none, err := at(new(big.Rat))
	if err != nil {
		return nil, err
	}
	unit, err := at(one())
	if err != nil {
		return nil, err
	}
	slope := new(big.Rat).Sub(unit, none)
	if slope.Sign() == 0 {
		return nil, nil
	}
	v := none.Quo(none.Neg(none), slope)
	if v.Sign() < 0 {
		return nil, nil
	}
	if left, err := at(v); err != nil || left.Sign() != 0 { // it stands in a product with itself
		return nil, err
	}
	return v, nil
}

// exactSaving is the present value that subscribing saves when a number of a side, whose
// cash is not rounded, is another one.
func (c *Case) exactSaving(side, code string, f func(*big.Rat) *big.Rat) (*big.Rat, error) {
	saving := new(big.Rat)
	for _, one := range []struct {
		name string
		side *Side
		sign int64
	}{{OwnedSide, &c.Owned, 1}, {ServiceSide, &c.Service, -1}} {
		of := one.side.with("", nil)
		if one.name == side {
			of = one.side.with(code, f)
		}
		for year, factor := range c.Discount.Factors(c.Years) {
			for i := range of.Lines {
				cash, err := of.Lines[i].of(of, year)
				if err != nil {
					return nil, err
				}
				if one.name != side {
					cash = cent(cash)
				}
				cash.Mul(cash, factor)
				saving.Add(saving, cash.Mul(cash, big.NewRat(one.sign, 1)))
			}
		}
	}
	return saving, nil
}

// Switch is by what a number of a side has to be multiplied for both sides to cost the
// same; nil where nothing from 0 on does.
func (c *Case) Switch(side, code string) (*big.Rat, error) {
	s := &c.Owned
	if side == ServiceSide {
		s = &c.Service
	}
	n := s.number(code)
	if n == nil || n.Value.IsZero() {
		return nil, nil
	}
	v, err := c.BreakEven(side, code)
	if err != nil || v == nil {
		return nil, err
	}
	return v.Quo(v, n.Value.Rat()), nil
}

// errNoGrowth says that a number is not there.
var errNoGrowth = errors.New("no such number")

// mostRise is the highest rise a year that is looked for, in hundredths of a percent, which
// is how near a rise is found.
const mostRise = 100_000

// Rise is by how many percent a year a number of the service would have to rise for owning
// to cost no more: the least hundredth of a percent at which it does not. nil where no rise
// from 0 to 1,000 % is enough, or where owning costs no more already.
func (c *Case) Rise(code string) (*big.Rat, error) {
	low, high := int64(0), int64(mostRise)
	if first, err := c.risen(code, low); err != nil || first <= 0 {
		return nil, err
	}
	if last, err := c.risen(code, high); err != nil || last > 0 {
		return nil, err
	}
	for high-low > 1 {
		middle := (low + high) / 2
		sign, err := c.risen(code, middle)
		if err != nil {
			return nil, err
		}
		if sign > 0 {
			low = middle
		} else {
			high = middle
		}
	}
	return big.NewRat(high, 100), nil
}

// risen is the sign of what subscribing saves when a number of the service rises by so
// many hundredths of a percent a year.
func (c *Case) risen(code string, hundredths int64) (int, error) {
	other := *c
	other.Service.Numbers = append([]Number(nil), c.Service.Numbers...)
	n := other.Service.number(code)
	if n == nil {
		return 0, errNoGrowth
	}
	growth, err := models.NewDecimal(hundredths, 4)
	if err != nil {
		return 0, err
	}
	n.Growth = models.ExactOf(growth)
	s, err := other.exactSaving(ServiceSide, "", nil)
	if err != nil {
		return 0, err
	}
	return s.Sign(), nil
}
