package outlook

import "math/big"

// A step is this many months beside so many before them.
const (
	stepMonths   = 3
	beforeMonths = 6
)

// findSteps finds where the level changed and stayed, from the first month on. Steps do
// not overlap.
func (j *judge) findSteps() {
	for i := beforeMonths; i+stepMonths <= len(j.got); i++ {
		if last := lastOf(j.steps, i); last >= 0 && i < last+stepMonths {
			continue
		}
		if j.isStep(i) {
			j.steps = append(j.steps, i)
			if !j.cameBack(i) {
				j.lasting = append(j.lasting, i)
			}
		}
	}
}

// lastOf is the last step up to a month, with that, or -1.
func lastOf(steps []int, i int) int {
	last := -1
	for _, at := range steps {
		if at <= i {
			last = at
		}
	}
	return last
}

// cameBack reports whether within a year from a step three months on end were nearer to
// the level before it, so that it was a season.
func (j *judge) cameBack(i int) bool {
	b, a := j.levelsAt(i)
	before, after := median(j.values(b)), median(j.values(a))
	back := 0
	for at := i + stepMonths; at < i+yearBack && back < stepMonths; at++ {
		y := j.at(at)
		if y != nil && size(minus(y, before)).Cmp(size(minus(y, after))) < 0 {
			back++
			continue
		}
		back = 0
	}
	return back == stepMonths
}

// levelsAt are the months before a step and those from it on.
func (j *judge) levelsAt(i int) (before, after []int) {
	return j.known(i-beforeMonths, i), j.known(i, i+stepMonths)
}

// isStep reports whether the level changes in a month.
func (j *judge) isStep(i int) bool {
	b, a := j.levelsAt(i)
	if len(b) < beforeMonths || len(a) < stepMonths {
		return false
	}
	before, after := j.values(b), j.values(a)
	if size(minus(median(after), median(before))).Cmp(j.minimum) < 0 {
		return false
	}
	switch {
	case least(before).Sign() >= 0 && above(least(after), most(before)):
		return !j.asEachYear(i, above, most(before))
	case least(after).Sign() > 0 && below(most(after), least(before)):
		return !j.asEachYear(i, below, least(before))
	}
	return false
}

// asEachYear reports whether the months from a step on are as far from the edge of those
// before as they were a year before, too.
func (j *judge) asEachYear(i int, far func(a, b *big.Rat) bool, edge *big.Rat) bool {
	b, a := j.levelsAt(i)
	now, then := new(big.Rat), new(big.Rat)
	for _, at := range b {
		if year := j.at(at - yearBack); year != nil {
			now.Add(now, j.got[at])
			then.Add(then, year)
		}
	}
	trend := whole(1)
	if now.Sign() > 0 && then.Sign() > 0 {
		trend = over(now, then)
	}
	beyond := true
	for _, at := range a {
		year := j.at(at - yearBack)
		if year == nil || !far(year, edge) {
			return false
		}
		beyond = beyond && far(j.got[at], times(year, trend))
	}
	return !beyond
}

// above reports whether a is at least 5 % above b, and above 0.
func above(a, b *big.Rat) bool { return a.Sign() > 0 && a.Cmp(times(b, big.NewRat(105, 100))) >= 0 }

// below reports whether a is at least 5 % below b.
func below(a, b *big.Rat) bool { return a.Cmp(times(b, big.NewRat(95, 100))) <= 0 }

// stepAt is the finding of a step.
func (j *judge) stepAt(i int) finding {
	b, a := j.levelsAt(i)
	before, after := j.values(b), j.values(a)
	f := finding{rule: RuleStep, low: least(before), high: most(before), months: append(b, a...)}
	was, is := median(before), median(after)
	f.figures = []Figure{{FigureBefore, was}, {FigureAfter, is}}
	if was.Sign() > 0 {
		f.figures = append(f.figures, Figure{FigurePercent, times(minus(over(is, was), whole(1)), whole(100))})
	}
	return f
}
