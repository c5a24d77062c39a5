package matching

import (
	"cmp"
	"slices"
)

// found is a subscription that a bill is for, and how that was found out.
type found struct {
	sub int64
	how string
}

// judge says what a bill is for, where there is no doubt: it names one subscription whose
// vendor is not another one, or the vendor has one subscription only that runs and comes
// to that amount.
func judge(b *Bill, all []Agreement) (f found) {
	var named, priced []int64
	for i := range all {
		a := &all[i]
		if a.OrgID != b.BodyID {
			continue
		}
		same, known := a.sells(b)
		if a.named(b) && (same || !known) {
			named = append(named, a.ID)
		}
		if same && a.runs(b) && b.Net().Sign() > 0 {
			if _, ok := a.fit(b); ok {
				priced = append(priced, a.ID)
			}
		}
	}
	switch {
	case len(named) == 1:
		return found{named[0], ByContract}
	case len(named) == 0 && len(priced) == 1:
		return found{priced[0], ByPrice}
	}
	return found{}
}

// The reasons of a suggestion.
const (
	WhyNamed   = "named"   // the bill names the contract
	WhyBefore  = "before"  // another bill of this vendor was matched with it
	WhyVendor  = "vendor"  // the vendor is the same
	WhyPrice   = "price"   // the amount is what was agreed
	WhyRuns    = "runs"    // it ran at that time
	WhyService = "service" // a charge names the service
)

// weights are how much the reasons count.
var weights = map[string]int{WhyNamed: 60, WhyBefore: 30, WhyVendor: 25, WhyPrice: 25, WhyService: 15, WhyRuns: 10}

// Suggestion is a subscription that a bill may be for.
type Suggestion struct {
	Agreement
	Why   []string // the weightiest first
	Fit   Fit      // where the amount is what was agreed
	score int
}

// mostSuggested is how many subscriptions are suggested for a bill.
const mostSuggested = 5

// enough is from which weight on a subscription is suggested: more than that it ran.
const enough = 15

// suggest returns the subscriptions that a bill may be for, the likeliest first. before
// are those with which bills of the vendor were matched; mentions reports whether the
// charges name the service of a subscription.
func suggest(b *Bill, all []Agreement, before []int64, mentions func(*Agreement) bool) (found []Suggestion) {
	for i := range all {
		a := &all[i]
		if a.OrgID != b.BodyID {
			continue
		}
		s := Suggestion{Agreement: *a}
		same, _ := a.sells(b)
		fit, fits := a.fit(b)
		for why, holds := range map[string]bool{WhyNamed: a.named(b), WhyBefore: slices.Contains(before, a.ID), WhyVendor: same, WhyPrice: fits, WhyRuns: a.runs(b), WhyService: mentions(a)} {
			if holds {
				s.Why = append(s.Why, why)
				s.score += weights[why]
			}
		}
		if fits {
			s.Fit = fit
		}
		slices.SortFunc(s.Why, func(x, y string) int { return cmp.Or(cmp.Compare(weights[y], weights[x]), cmp.Compare(x, y)) })
		if s.score >= enough {
			found = append(found, s)
		}
	}
	slices.SortStableFunc(found, func(x, y Suggestion) int { return cmp.Or(cmp.Compare(y.score, x.score), cmp.Compare(x.ID, y.ID)) })
	return found[:min(len(found), mostSuggested)]
}
