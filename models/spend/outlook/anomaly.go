package outlook

import (
	"fmt"
	"math/big"

	"pilveturg/models"
)

// Rule says why a month is not as it used to be.
type Rule string

// The rules, each explained at [Anomalies].
const (
	RuleJump     Rule = "jump"     // far from the months before
	RuleSeasonal Rule = "seasonal" // far from the same month a year before
	RuleMissing  Rule = "missing"  // no charges, where there used to be some
	RuleStep     Rule = "step"     // the level changed, and stayed
	RuleDouble   Rule = "double"   // twice the usual amount, as if charged twice
)

// The figures that anomalies stand on. Amounts are in the currency of the series.
const (
	FigureMedian     = "median"      // of the amounts of the months it stands on
	FigureDeviation  = "deviation"   // their scaled median absolute deviation
	FigureMinimum    = "minimum"     // the least amount that matters, as it was given
	FigureYearBefore = "year_before" // amount of the same month a year before
	FigureTrend      = "trend"       // what the months are of those a year before: 1.1 for a tenth more
	FigureExpected   = "expected"    // year_before × trend
	FigureCharged    = "charged"     // how many of the six months before had charges
	FigureBefore     = "before"      // median of the six months before the step
	FigureAfter      = "after"       // median of the three months from the step on
	FigurePercent    = "percent"     // by how many percent after is above before; negative: below
	FigureRatio      = "ratio"       // amount / the usual amount
	FigureCount      = "count"       // charges of the month
	FigureUsualCount = "usual_count" // median of the charges of the months before
	FigureEmpty      = "empty"       // the month beside it without charges: -1 before, 1 after
)

// Figure is a number that an anomaly stands on.
type Figure struct {
	Name  string // one of the figures above
	Value *big.Rat
}

// Anomaly is a month that is not as it used to be.
type Anomaly struct {
	Rule      Rule
	Month     string       // YYYY-MM
	Got       models.Exact // as it is in the series
	Low, High models.Exact // what was expected, to the cent
	Figures   []Figure     // the numbers the rule was decided by
	Months    []string     // the months they are made of
}

// Figure returns the figure of a name, or nil where the anomaly does not stand on it.
func (a Anomaly) Figure(name string) *big.Rat {
	for _, f := range a.Figures {
		if f.Name == name {
			return f.Value
		}
	}
	return nil
}

// Anomalies are the months of a series, by month, that one of five rules finds. What
// differs by less than the minimum matters to nobody, so months that never change are not
// flagged for cents. Only months that are known and complete are judged; one has at most
// one rule.
//
// [RuleMissing]: no charges, or an amount of 0 where they are not counted, though five of
// the six months before had some, and the same month a year before, where it is known,
// had some too.
//
// [RuleStep]: three months are all at least 5 % above the highest of the six before them,
// or below the lowest; the month is the first of the three. Where the same three months a
// year before were so far from the six as well, that is a season: then they must be 5 %
// above those × the trend of the six, or below. What follows is judged by the months since
// the step.
//
// [RuleDouble]: twice what is usual, to 1 % of it, while the month before or after has no
// charges, or with twice the usual number of charges.
//
// [RuleJump]: with median m and scaled median absolute deviation s of the 12 months
// before, of which six must be known, or of at least three since a step,
//
//	|y − m| > 3 s  and  |y − m| ≥ |m| / 5  and  |y − m| ≥ minimum
//
// (three deviations are the conservative choice of Leys and others, 2013). A month without
// charges is left to the other rules, since a median knows no holidays, and in the second
// year a month is no jump that [RuleSeasonal] would let pass.
//
// [RuleSeasonal]: with two years of history the same, but m is the same month a year before
// × the trend, and s that of how far the 12 months before were off by the same reckoning.
// The trend is the median of what each of those months is of the same one a year before, of
// which three must be known and not 0. Only such count that no step divides from the month
// or from the one a year before it, unless the level came back within a year. With fewer
// the trend is 1, or [RuleJump] judges where there was such a step since. A month that was
// flagged a year before is no measure alone: the one two years before × the trend twice
// then is another.
//
// What is usual for [RuleDouble] is m. Anomalies fails with [ErrSeries] for what is no
// series or a minimum below 0, and with [models.ErrOverflow] for what is expected beyond a
// ledger.
func Anomalies(s Series, minimum models.Exact) ([]Anomaly, error) {
	h, err := s.history()
	if err != nil {
		return nil, err
	}
	if minimum.Sign() < 0 {
		return nil, fmt.Errorf("a minimum of %s: %w", minimum, ErrSeries)
	}
	j := judge{history: h, minimum: minimum.Rat(), flagged: map[int]bool{}}
	j.findSteps()
	var all []Anomaly
	for _, i := range h.known(0, len(h.got)) {
		f, ok := j.judge(i)
		if !ok {
			continue
		}
		a := Anomaly{Rule: f.rule, Month: h.name(i), Got: s.Amounts[i], Figures: f.figures, Months: h.names(f.months)}
		if a.Low, err = models.RoundRat(f.low, cents); err != nil {
			return nil, fmt.Errorf("%s: %w", a.Month, err)
		}
		if a.High, err = models.RoundRat(f.high, cents); err != nil {
			return nil, fmt.Errorf("%s: %w", a.Month, err)
		}
		j.flagged[i] = f.rule != RuleStep
		all = append(all, a)
	}
	return all, nil
}

// judge judges the months of a history, from the first on.
type judge struct {
	history
	minimum *big.Rat
	steps   []int        // the months from which on the level is another
	lasting []int        // those after which it did not come back within a year
	flagged map[int]bool // the months before that are no measure
}

// finding is what a rule finds in a month.
type finding struct {
	rule      Rule
	low, high *big.Rat
	figures   []Figure
	months    []int
}

// judge asks the rules, the one that explains most first.
func (j *judge) judge(i int) (finding, bool) {
	if f, ok := j.missing(i); ok {
		return f, true
	}
	since := lastOf(j.steps, i)
	if since == i {
		return j.stepAt(i), true
	}
	if since >= 0 && i < since+stepMonths {
		return finding{}, false // the step says it
	}
	u, ok := j.usual(i)
	if !ok {
		return finding{}, false
	}
	if f, ok := j.double(i, u); ok {
		return f, true
	}
	switch {
	case !j.outside(j.got[i], u):
	case u.rule == RuleJump && (j.empty(i) || j.asAYearAgo(i)): // a median knows no holidays
	case j.flagged[i-yearBack] && j.asTwoYearsAgo(i, u):
	default:
		return j.far(u), true
	}
	return finding{}, false
}

// far is a month outside of what is usual.
func (j *judge) far(u usual) finding {
	f := finding{rule: u.rule, figures: append(u.figures, Figure{FigureMinimum, j.minimum}), months: u.months}
	f.low, f.high = j.bounds(u)
	return f
}

// missing finds no charges where there used to be some.
func (j *judge) missing(i int) (finding, bool) {
	const before, fewest = 6, 5
	if !j.empty(i) || j.empty(i-yearBack) {
		return finding{}, false
	}
	f := finding{rule: RuleMissing}
	for at := i - before; at < i; at++ {
		if j.charged(at) {
			f.months = append(f.months, at)
		}
	}
	if len(f.months) < fewest {
		return finding{}, false
	}
	all := j.values(f.months)
	f.low, f.high = least(all), most(all)
	f.figures = []Figure{{FigureCharged, whole(len(f.months))}, {FigureMedian, median(all)}}
	return f, true
}

// double finds what looks as if it was charged twice.
func (j *judge) double(i int, u usual) (finding, bool) {
	y := j.got[i]
	twice := times(u.expected, whole(2))
	if u.expected.Sign() <= 0 || !near(y, twice) || minus(y, u.expected).Cmp(j.minimum) < 0 {
		return finding{}, false
	}
	f := j.far(u)
	f.rule = RuleDouble
	f.figures = append(f.figures, Figure{FigureRatio, over(y, u.expected)})
	usualCount := j.usualCount(i)
	byCount := usualCount != nil && usualCount.Sign() > 0 && near(whole(j.counts[i]), times(usualCount, whole(2)))
	if byCount {
		f.figures = append(f.figures, Figure{FigureCount, whole(j.counts[i])}, Figure{FigureUsualCount, usualCount})
	}
	for _, at := range []int{i - 1, i + 1} {
		if j.empty(at) {
			byCount = true
			f.figures = append(f.figures, Figure{FigureEmpty, whole(at - i)})
		}
	}
	return f, byCount
}

// near reports whether a is b to 1 % of it; b is above 0.
func near(a, b *big.Rat) bool { return size(minus(a, b)).Cmp(over(b, whole(100))) <= 0 }

// usualCount is the median of the charges of the 12 months before one; nil where they are
// not counted, or fewer than six are known.
func (j *judge) usualCount(i int) *big.Rat {
	months := j.known(i-yearBack, i)
	if j.counts == nil || len(months) < fewestKnown {
		return nil
	}
	var all []*big.Rat
	for _, at := range months {
		all = append(all, whole(j.counts[at]))
	}
	return median(all)
}
