package outlook

import (
	"cmp"
	"math/big"
	"slices"
	"time"
)

// The fewest months that tell of a season, and of a year.
const (
	fewestForSeason = 24
	fewestOfYear    = 6
)

// Seasonal goes on with a series through so many months counted from its first, as its
// years went. It is the multiplicative classical decomposition with the year's mean as its
// level (Hyndman and Athanasopoulos, Forecasting: principles and practice, 3rd edition,
// 3.4). The months that are known and complete are cut into years of 12, from the last one
// back, and then
//
//	index(m) = mean over years of y(year, m) / mean of the year, and all so that Σ index = 12
//	level    = mean of the last 12 months
//	before   = mean of the 12 months before those
//	trend    = level / before
//	y(m, k)  = index(m) × level × trend^k, in the k-th 12 months to come
//
// The level goes up by years, not by months, since what grows within a year is in the
// indices already. A month that is never charged has the index 0, a month of credits one
// below 0. Where no month was below 0, none to come is.
//
// In a year with months that nobody reported the mean is that of the nearest year without
// such, times how much the months known in both are apart; it needs six of them. Months of
// 0 at the beginning that a year later are none come before the first charge, and do not
// count. The forecast has a code, and no points, with fewer than 24 months
// ([CodeFewMonths]), when too many of the last 24 are missing ([CodeGaps]), when one of the
// last two years adds up to 0 or has the other sign ([CodeNoLevel]), for no month at all, for
// what is no series, and for amounts beyond a ledger.
func Seasonal(s Series, through int) Forecast {
	f, h := begin(s, through, MethodSeasonal)
	if f.Code != "" {
		return f
	}
	known := h.known(h.begun(), len(h.got))
	if len(known) < fewestForSeason {
		f.Code = CodeFewMonths
		return f
	}
	end := known[len(known)-1] + 1
	years := h.years(known[0], end)
	if f.Code = levels(h, years); f.Code != "" {
		return f
	}
	f.Level, f.Before = years[0].mean, years[1].mean
	f.Trend = over(f.Level, f.Before)
	years = slices.DeleteFunc(years, func(y year) bool { return y.mean == nil || y.mean.Sign() != f.Level.Sign() })
	var byPlace []Index
	if byPlace, f.Code = indices(h, years); f.Code != "" {
		return f
	}
	for _, y := range slices.Backward(years) {
		f.Used = append(f.Used, h.names(y.known)...)
	}
	f.Indices = slices.SortedFunc(slices.Values(byPlace), func(a, b Index) int { return cmp.Compare(a.Month, b.Month) })
	f.fill(h, func(i int) *big.Rat {
		return times(times(byPlace[i%12].Value, f.Level), power(f.Trend, yearsAhead(i, end)))
	})
	return f
}

// begun is the place of the month in which charges begin.
func (h history) begun() int {
	i := 0
	for h.at(i) != nil && h.at(i).Sign() == 0 && h.at(i+12) != nil && h.at(i+12).Sign() != 0 {
		i++
	}
	return i
}

// year are twelve months.
type year struct {
	from  int
	known []int    // their places, from January or wherever the year begins
	mean  *big.Rat // of a month; nil: nobody can tell
}

// years cuts months into years, the last one first. What is left over is in none.
func (h history) years(from, end int) (all []year) {
	for at := end - 12; at >= from; at -= 12 {
		all = append(all, year{from: at, known: h.known(at, at+12)})
	}
	return all
}

// levels sets the means of years.
func levels(h history, years []year) Code {
	for i := range years {
		if len(years[i].known) == 12 {
			years[i].mean = mean(h.values(years[i].known))
		}
	}
	full := slices.Clone(years)
	for i := range years {
		if years[i].mean == nil {
			years[i].mean = likened(h, years[i], i, full)
		}
	}
	switch last, before := years[0].mean, years[1].mean; {
	case last == nil || before == nil:
		return CodeGaps
	case last.Sign()*before.Sign() <= 0:
		return CodeNoLevel
	}
	return ""
}

// likened is the mean of a year with gaps, made from the nearest year without any; nil
// where there is none or it says nothing.
func likened(h history, y year, place int, years []year) *big.Rat {
	nearest := -1
	for i, other := range years {
		if other.mean != nil && (nearest < 0 || distance(i, place) < distance(nearest, place)) {
			nearest = i
		}
	}
	if nearest < 0 || len(y.known) < fewestOfYear {
		return nil
	}
	full := years[nearest]
	same := new(big.Rat)
	for _, i := range y.known {
		same.Add(same, h.got[full.from+i-y.from])
	}
	if same.Sign() == 0 {
		return nil
	}
	return over(times(full.mean, sum(h.values(y.known))), same)
}

func distance(i, j int) int { return max(i-j, j-i) }

// indices are those of the months by their place in the series: 0 is the month with which
// it begins.
func indices(h history, years []year) ([]Index, Code) {
	ratios := make([][]*big.Rat, 12)
	for _, y := range years {
		for _, i := range y.known {
			ratios[i%12] = append(ratios[i%12], over(h.got[i], y.mean))
		}
	}
	all, total := make([]Index, 12), new(big.Rat)
	for place, r := range ratios {
		if len(r) == 0 {
			return nil, CodeGaps
		}
		all[place] = Index{time.Month((h.first+place)%12 + 1), mean(r), len(r)}
		total.Add(total, all[place].Value)
	}
	if total.Sign() <= 0 {
		return nil, CodeNoLevel
	}
	for place := range all {
		all[place].Value = over(times(all[place].Value, whole(12)), total)
	}
	return all, ""
}

// yearsAhead is in which year after the last one a month is: 1 in the twelve months from
// the end on, 0 in those before it.
func yearsAhead(i, end int) int {
	if i >= end {
		return (i-end)/12 + 1
	}
	return -((end - 1 - i) / 12)
}

// power is a ratio that is not 0 to a power of either sign.
func power(ratio *big.Rat, n int) *big.Rat {
	if n < 0 {
		ratio, n = new(big.Rat).Inv(ratio), -n
	}
	all := whole(1)
	for range n {
		all.Mul(all, ratio)
	}
	return all
}
