package lifecycle

import (
	"errors"
	"fmt"
	"math/big"

	"pilveturg/models"
)

// The ways a comparison cannot be reckoned.
var (
	ErrHorizon = errors.New("the horizon is 1 to 60 years")
	ErrUnknown = errors.New("a line names a number that is not there")
	ErrRate    = errors.New("a rate is not above -100 %")
)

// MostYears is the longest horizon.
const MostYears = 60

// Number is something that a comparison stands on: a price, how many use it, a person's
// pay. Assumptions are numbers, and so is what is varied.
type Number struct {
	Code    string
	Value   models.Exact
	Growth  models.Exact // a year, as a fraction: 0.02 for 2 %; the value holds in year 1, and in year 0
	Assumed bool         // nobody knows it; a usual value stands for it
	Source  string
}

// Class tells what money does.
type Class string

// The classes. Equipment, residual values and the end of a system are of none.
const (
	Run    Class = "run"    // keeps things alive
	Change Class = "change" // makes them better
)

// Part is one of the amounts of a [Line]: the product of numbers, in some years.
type Part struct {
	Of     []string     // codes of numbers
	Times  *big.Rat     // nil: once
	Years  []int        // in which it arises …
	From   int          // … or from a year …
	To     int          // … to a year, where there are no Years
	Income bool         // it is taken off
	Left   *LeftOfAsset // it is worth only as much
}

// LeftOfAsset is what is left in the books of something when it is written off straight:
// (life − age) ÷ life, from 0 to 1.
type LeftOfAsset struct{ Bought, LifeYears int }

// Line is a line of one side of a comparison.
type Line struct {
	Code     string
	Category string // the same on both sides, so that nothing hides
	Class    Class
	Parts    []Part
}

// Side is owning, or subscribing.
type Side struct {
	Numbers []Number
	Lines   []Line
}

// number finds a number of the side.
func (s *Side) number(code string) *Number {
	for i := range s.Numbers {
		if s.Numbers[i].Code == code {
			return &s.Numbers[i]
		}
	}
	return nil
}

// with is the side with one of its numbers multiplied, or replaced.
func (s *Side) with(code string, f func(*big.Rat) *big.Rat) *scaled {
	return &scaled{s, code, f}
}

// scaled is a side of which one number is another one.
type scaled struct {
	*Side
	code string
	f    func(*big.Rat) *big.Rat
}

// value is a number in a year.
func (s *scaled) value(code string, year int) (*big.Rat, error) {
	n := s.number(code)
	if n == nil {
		return nil, fmt.Errorf("%q: %w", code, ErrUnknown)
	}
	v := n.Value.Rat()
	if code == s.code {
		v = s.f(v)
	}
	if n.Growth.IsZero() || year < 2 {
		return v, nil
	}
	grown := power(new(big.Rat).Add(one(), n.Growth.Rat()), year-1)
	return v.Mul(v, grown), nil
}

func one() *big.Rat { return big.NewRat(1, 1) }

// power is a fraction to a whole number from 0 on.
func power(r *big.Rat, n int) *big.Rat {
	out := one()
	for range n {
		out.Mul(out, r)
	}
	return out
}

// arises reports whether the part arises in a year.
func (p *Part) arises(year int) bool {
	if len(p.Years) == 0 {
		return p.From <= year && year <= p.To
	}
	for _, y := range p.Years {
		if y == year {
			return true
		}
	}
	return false
}

// of is what the line comes to in a year, exactly.
func (l *Line) of(s *scaled, year int) (*big.Rat, error) {
	sum := new(big.Rat)
	for i := range l.Parts {
		p := &l.Parts[i]
		if !p.arises(year) {
			continue
		}
		product := one()
		for _, code := range p.Of {
			v, err := s.value(code, year)
			if err != nil {
				return nil, fmt.Errorf("line %s: %w", l.Code, err)
			}
			product.Mul(product, v)
		}
		if p.Times != nil {
			product.Mul(product, p.Times)
		}
		if p.Left != nil {
			product.Mul(product, p.Left.share(year))
		}
		if p.Income {
			product.Neg(product)
		}
		sum.Add(sum, product)
	}
	return sum, nil
}

func (a *LeftOfAsset) share(year int) *big.Rat {
	left := a.LifeYears - (year - a.Bought)
	if a.LifeYears <= 0 {
		return new(big.Rat)
	}
	return big.NewRat(int64(max(0, min(left, a.LifeYears))), int64(a.LifeYears))
}

// cent rounds an amount to the cent, half away from zero.
func cent(r *big.Rat) *big.Rat { return roundTo(r, 2) }

// roundTo rounds to decimals, half away from zero.
func roundTo(r *big.Rat, places int) *big.Rat {
	unit := new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(places)), nil)
	num := new(big.Int).Mul(r.Num(), unit)
	num.Mul(num, big.NewInt(2))
	half := new(big.Int).Set(r.Denom())
	if num.Sign() < 0 {
		half.Neg(half)
	}
	num.Add(num, half)
	num.Quo(num, new(big.Int).Mul(r.Denom(), big.NewInt(2)))
	return new(big.Rat).SetFrac(num, unit)
}

// Round is a number with so many decimals, rounded half away from zero.
func Round(r *big.Rat, places int) (models.Exact, error) {
	return models.RoundRat(roundTo(r, places), places)
}
