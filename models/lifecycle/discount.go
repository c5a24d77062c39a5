package lifecycle

import (
	"fmt"
	"math/big"
	"slices"

	"pilveturg/models"
)

// Step is a rate that holds from a year on.
type Step struct {
	From int          // year
	Rate models.Exact // a year, as a fraction
}

// Discount is what a euro of a later year is worth today. Rates may decline with time, as
// those of the Green Book do: then the factor of a year is the product of those of the
// years before it.
type Discount struct {
	Steps     []Step       // by year; the first holds from the beginning
	Inflation models.Exact // zero: rates are as they are; else they are real, and made nominal
}

// Flat is a discount by one rate.
func Flat(rate models.Exact) Discount { return Discount{Steps: []Step{{0, rate}}} }

// GreenBook is the schedule of HM Treasury's Green Book: 3.5 % a year for 30 years, 3 %
// until year 75, 2.5 % until year 125, then 2 %, real.
func GreenBook() Discount {
	at := func(from int, permille int64) Step {
		rate, _ := models.NewDecimal(permille, 3)
		return Step{from, models.ExactOf(rate)}
	}
	return Discount{Steps: []Step{at(0, 35), at(31, 30), at(76, 25), at(126, 20)}}
}

// Nominal is the nominal rate of a real one with inflation: (1 + r) (1 + i) − 1.
func Nominal(real, inflation models.Exact) *big.Rat {
	n := new(big.Rat).Add(one(), real.Rat())
	n.Mul(n, new(big.Rat).Add(one(), inflation.Rat()))
	return n.Sub(n, one())
}

// rate is the rate of a year.
func (d *Discount) rate(year int) *big.Rat {
	at := models.Exact{}
	for _, s := range d.Steps {
		if s.From <= year {
			at = s.Rate
		}
	}
	return Nominal(at, d.Inflation)
}

// check fails with [ErrRate] for rates at which nothing is worth anything.
func (d *Discount) check() error {
	if !slices.IsSortedFunc(d.Steps, func(a, b Step) int { return a.From - b.From }) {
		return fmt.Errorf("rates are not by year: %w", ErrRate)
	}
	for _, s := range d.Steps {
		if Nominal(s.Rate, d.Inflation).Cmp(big.NewRat(-1, 1)) <= 0 {
			return fmt.Errorf("rate %s: %w", s.Rate, ErrRate)
		}
	}
	return nil
}

// Factors are what a euro of each year is worth in year 0, until a year: year 0 is not
// discounted, and the money of year t comes at its end.
func (d *Discount) Factors(until int) []*big.Rat {
	all := []*big.Rat{one()}
	for year := 1; year <= until; year++ {
		by := new(big.Rat).Add(one(), d.rate(year))
		all = append(all, by.Quo(all[year-1], by))
	}
	return all
}

// annuity is what a euro in each of the years from 1 on is worth.
func annuity(factors []*big.Rat) *big.Rat {
	sum := new(big.Rat)
	for _, f := range factors[1:] {
		sum.Add(sum, f)
	}
	return sum
}
