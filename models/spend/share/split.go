package share

import (
	"cmp"
	"errors"
	"fmt"
	"math/big"
	"slices"

	"pilveturg/models"
)

// The ways an amount cannot be split.
var (
	ErrDecimals   = errors.New("the decimals of a currency are 0 to 27")
	ErrNegative   = errors.New("a weight is below 0")
	ErrNoWeight   = errors.New("no weight is above 0")
	ErrNotHundred = errors.New("the percentages do not add up to 100")
)

// Weight is how much one of several weighs: a number of seats, a percentage, a sum.
type Weight struct {
	Key   string // whose it is; kept as it is
	Value models.Exact
}

// Part is what one of several gets, with its working:
//
//	Amount = Floor + Unit + Surplus
type Part struct {
	Weight
	Amount    models.Exact // what it gets
	Quota     *big.Rat     // its share to the last fraction, of the total without the surplus
	Floor     models.Exact // the quota down to the minor unit, towards 0
	Remainder *big.Rat     // Quota − Floor
	Unit      models.Exact // the minor unit that the remainder won, with the sign of the total; or 0
	Surplus   models.Exact // what the total has below the minor unit, in one part only; or 0
}

// Split splits a total by weights into parts of whole minor units of a currency with so
// many decimals. This is the method of largest remainders, which is Hamilton's for seats in
// a parliament (Balinski and Young, Fair Representation, 1982):
//
//	quota(i)  = total × weight(i) / Σ weights
//	amount(i) = quota(i) towards 0, and one minor unit more for the largest remainders,
//	            until all of the total is given
//
// Of equal remainders the first in the order given wins. A negative total is split as the
// positive one, and each part negated, so that a credit takes back what its charge gave. A
// weight of 0 gets nothing.
//
// The parts add up to the total exactly, and none is a whole minor unit away from its
// quota. What a total has below the minor unit, its surplus, has no quotas: it goes on top
// to the part with the largest remainder, or to the first with a weight where there are no
// remainders, and stands in its Surplus.
//
// Split fails with [ErrDecimals], [ErrNegative] or [ErrNoWeight].
func Split(total models.Exact, decimals int, keys []Weight) ([]Part, error) {
	if decimals < 0 || decimals > models.ExactPlaces {
		return nil, fmt.Errorf("%d decimals: %w", decimals, ErrDecimals)
	}
	sum, err := weigh(keys)
	if err != nil {
		return nil, err
	}
	parts := make([]Part, len(keys))
	units := minorUnits(total, decimals)
	left := new(big.Int).Set(units)
	for i, k := range keys {
		quota := new(big.Rat).Mul(new(big.Rat).SetInt(units), k.Value.Rat())
		quota.Quo(quota, sum)
		floor := new(big.Int).Quo(quota.Num(), quota.Denom())
		left.Sub(left, floor)
		if parts[i], err = partOf(k, quota, floor, decimals); err != nil {
			return nil, err
		}
	}
	if err := give(parts, total, units, left, decimals); err != nil {
		return nil, err
	}
	return parts, nil
}

// Percent splits a total as [Split] does, by percentages that are fixed: it fails with
// [ErrNotHundred] when they do not add up to 100, since nobody can tell who gets the rest.
func Percent(total models.Exact, decimals int, keys []Weight) ([]Part, error) {
	sum, err := weigh(keys)
	if err != nil {
		return nil, err
	}
	if sum.Cmp(big.NewRat(100, 1)) != 0 {
		return nil, fmt.Errorf("%s: %w", sum.RatString(), ErrNotHundred)
	}
	return Split(total, decimals, keys)
}

// weigh adds up the weights.
func weigh(keys []Weight) (*big.Rat, error) {
	sum := new(big.Rat)
	for i, k := range keys {
		if k.Value.Sign() < 0 {
			return nil, fmt.Errorf("weight %d is %s: %w", i+1, k.Value, ErrNegative)
		}
		sum.Add(sum, k.Value.Rat())
	}
	if sum.Sign() == 0 {
		return nil, ErrNoWeight
	}
	return sum, nil
}

// minorUnits are the whole minor units of an amount, towards 0.
func minorUnits(amount models.Exact, decimals int) *big.Int {
	r := amount.Rat()
	units := new(big.Int).Mul(r.Num(), minorPerMajor(decimals))
	return units.Quo(units, r.Denom())
}

func minorPerMajor(decimals int) *big.Int {
	return new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(decimals)), nil)
}

// amountOf are so many minor units as an amount.
func amountOf(units *big.Int, decimals int) (models.Exact, error) {
	return models.RoundRat(new(big.Rat).SetFrac(units, minorPerMajor(decimals)), decimals)
}

// partOf is what somebody gets before the units that are left are given; the quota and its
// floor are in minor units.
func partOf(k Weight, quota *big.Rat, floor *big.Int, decimals int) (Part, error) {
	scale := new(big.Rat).SetInt(minorPerMajor(decimals))
	rest := new(big.Rat).Sub(quota, new(big.Rat).SetInt(floor))
	amount, err := amountOf(floor, decimals)
	return Part{Weight: k, Quota: new(big.Rat).Quo(quota, scale), Remainder: rest.Quo(rest, scale), Floor: amount}, err
}

// give gives the units that are left, and the surplus of the total, to parts that have
// their floors.
func give(parts []Part, total models.Exact, units, left *big.Int, decimals int) error {
	unit, err := amountOf(big.NewInt(int64(left.Sign())), decimals)
	if err != nil {
		return err
	}
	order := ranked(parts)
	for _, i := range order[:left.Abs(left).Int64()] { // fewer are left than parts have a remainder
		parts[i].Unit = unit
	}
	given, err := amountOf(units, decimals)
	if err != nil {
		return err
	}
	if parts[order[0]].Surplus, err = total.Sub(given); err != nil {
		return err
	}
	for i := range parts {
		if err := parts[i].add(); err != nil {
			return err
		}
	}
	return nil
}

// ranked are the places of parts, those with the largest remainder first, of equal ones
// those with a weight, and then as they stand.
func ranked(parts []Part) []int {
	order := make([]int, len(parts))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(i, j int) int {
		a, b := parts[i], parts[j]
		return cmp.Or(
			new(big.Rat).Abs(b.Remainder).Cmp(new(big.Rat).Abs(a.Remainder)),
			cmp.Compare(b.Value.Sign(), a.Value.Sign()))
	})
	return order
}

// add puts the amount together.
func (p *Part) add() (err error) {
	if p.Amount, err = p.Floor.Add(p.Unit); err != nil {
		return err
	}
	p.Amount, err = p.Amount.Add(p.Surplus)
	return err
}
