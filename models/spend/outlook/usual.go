package outlook

import (
	"math/big"
	"slices"
)

// How many months before one say what is usual: a year, and the fewest that must be known,
// of all and of those since a step.
const (
	yearBack        = 12
	fewestKnown     = 6
	fewestSinceStep = stepMonths
)

// usual is what a month should be by the months before it.
type usual struct {
	rule     Rule // of a month that is not
	expected *big.Rat
	spread   *big.Rat // three deviations
	trend    *big.Rat // of the year before; nil: a median knows none
	figures  []Figure
	months   []int
}

// usual is what a month should be.
func (j *judge) usual(i int) (usual, bool) {
	if i >= 2*yearBack {
		if u, ok := j.season(i); ok {
			return u, true
		}
	}
	from, fewest := i-yearBack, fewestKnown
	if since := lastOf(j.steps, i); since >= 0 && since > from {
		from, fewest = since, fewestSinceStep
	}
	months := j.known(from, i)
	if len(months) < fewest {
		return usual{}, false
	}
	all := j.values(months)
	u := usual{rule: RuleJump, expected: median(all), months: months}
	s := deviation(all, u.expected)
	u.spread = times(s, whole(3))
	u.figures = []Figure{{FigureMedian, u.expected}, {FigureDeviation, s}}
	return u, true
}

// season is what a month should be by the same month a year before.
func (j *judge) season(i int) (usual, bool) {
	year := j.at(i - yearBack)
	if year == nil {
		return usual{}, false
	}
	months, trend := j.trend(i)
	if trend == nil || trend.Sign() < 0 {
		return usual{}, false
	}
	u := usual{rule: RuleSeasonal, expected: times(year, trend), trend: trend, months: []int{i - yearBack}}
	s := new(big.Rat)
	if len(months) > 0 {
		var off []*big.Rat
		for _, at := range months {
			off = append(off, minus(j.got[at], times(trend, j.got[at-yearBack])))
			u.months = append(u.months, at-yearBack, at)
		}
		s = deviation(off, new(big.Rat))
	}
	u.spread = times(s, whole(3))
	u.figures = []Figure{{FigureYearBefore, year}, {FigureTrend, trend}, {FigureExpected, u.expected}, {FigureDeviation, s}}
	slices.Sort(u.months)
	u.months = slices.Compact(u.months)
	return u, true
}

// trend is by how much the months before one are above the same months a year before, and
// which months those are. Only those count that are on the levels of the month itself and
// of the one a year before it. With too few of them there is no trend: on one level that
// is 1, and on two nobody can tell.
func (j *judge) trend(i int) (months []int, trend *big.Rat) {
	now, then := lastOf(j.lasting, i), lastOf(j.lasting, i-yearBack)
	var ratios []*big.Rat
	for _, at := range j.known(i-yearBack, i) {
		year := j.at(at - yearBack)
		if year == nil || lastOf(j.lasting, at) != now || lastOf(j.lasting, at-yearBack) != then {
			continue
		}
		months = append(months, at)
		if year.Sign() != 0 {
			ratios = append(ratios, over(j.got[at], year))
		}
	}
	switch {
	case len(ratios) >= fewestSinceStep:
		return months, median(ratios)
	case now == then:
		return nil, whole(1)
	default:
		return nil, nil
	}
}

// outside reports whether an amount is not what is usual.
func (j *judge) outside(y *big.Rat, u usual) bool {
	off := size(minus(y, u.expected))
	return off.Cmp(u.spread) > 0 && off.Cmp(over(size(u.expected), whole(5))) >= 0 && off.Cmp(j.minimum) >= 0
}

// bounds are the amounts up to which a month is usual. A series that is never below 0 is
// not expected to be.
func (j *judge) bounds(u usual) (low, high *big.Rat) {
	width := most([]*big.Rat{u.spread, over(size(u.expected), whole(5)), j.minimum})
	low, high = minus(u.expected, width), plus(u.expected, width)
	if low.Sign() < 0 && j.positive() {
		low = new(big.Rat)
	}
	return low, high
}

// asAYearAgo reports whether a month that is far from a median is as the year before.
func (j *judge) asAYearAgo(i int) bool {
	u, ok := j.season(i)
	return ok && !j.outside(j.got[i], u)
}

// asTwoYearsAgo reports whether a month is what the one two years before says.
func (j *judge) asTwoYearsAgo(i int, u usual) bool {
	then := j.at(i - 2*yearBack)
	if then == nil || u.trend == nil {
		return false
	}
	u.expected = times(then, times(u.trend, u.trend))
	return !j.outside(j.got[i], u)
}
