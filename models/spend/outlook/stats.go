package outlook

import (
	"math/big"
	"slices"
)

func whole(n int) *big.Rat { return big.NewRat(int64(n), 1) }

func times(a, b *big.Rat) *big.Rat { return new(big.Rat).Mul(a, b) }

func minus(a, b *big.Rat) *big.Rat { return new(big.Rat).Sub(a, b) }

func plus(a, b *big.Rat) *big.Rat { return new(big.Rat).Add(a, b) }

// over is a quotient; b is not 0.
func over(a, b *big.Rat) *big.Rat { return new(big.Rat).Quo(a, b) }

func size(a *big.Rat) *big.Rat { return new(big.Rat).Abs(a) }

func sum(all []*big.Rat) *big.Rat {
	total := new(big.Rat)
	for _, y := range all {
		total.Add(total, y)
	}
	return total
}

// mean is that of at least one number.
func mean(all []*big.Rat) *big.Rat { return over(sum(all), whole(len(all))) }

func least(all []*big.Rat) *big.Rat { return slices.MinFunc(all, (*big.Rat).Cmp) }

func most(all []*big.Rat) *big.Rat { return slices.MaxFunc(all, (*big.Rat).Cmp) }

// median is the middle of at least one number, or the mean of the two in the middle.
func median(all []*big.Rat) *big.Rat {
	sorted := slices.SortedFunc(slices.Values(all), (*big.Rat).Cmp)
	n := len(sorted)
	return over(plus(sorted[(n-1)/2], sorted[n/2]), whole(2))
}

// deviation is the scaled median absolute deviation of numbers from what they should be:
//
//	1.4826 × median |y − center|
//
// For normal numbers that is the standard deviation, but numbers far off do not move it
// (Leys, Ley, Klein, Bernard and Licata, Detecting outliers, Journal of Experimental
// Social Psychology 49, 2013).
func deviation(all []*big.Rat, center *big.Rat) *big.Rat {
	var off []*big.Rat
	for _, y := range all {
		off = append(off, size(minus(y, center)))
	}
	return times(big.NewRat(14826, 10000), median(off))
}
