package procurement

import (
	"slices"

	"pilveturg/models"
	"pilveturg/models/catalogue"
	"pilveturg/models/search"
)

// Verdict says whether a service meets a requirement.
type Verdict string

// The verdicts. A listing says met, not met or unknown; that something is met once it
// is set up so, or for money, people find out and say with [Overrule].
const (
	Met             Verdict = "met"
	ByConfiguration Verdict = "configuration" // met once it is set up so
	ByTailoring     Verdict = "tailoring"     // met by changes that cost money
	NotMet          Verdict = "not_met"
	Unknown         Verdict = "unknown"

	AsAnswered Verdict = "answer" // of an overrule: as the listing says after all
)

// Verdicts are those that people may give, in the order in which they are offered.
func Verdicts() []Verdict {
	return []Verdict{Met, ByConfiguration, ByTailoring, NotMet, Unknown, AsAnswered}
}

// Good reports whether the requirement is met one way or the other.
func (v Verdict) Good() bool { return v == Met || v == ByConfiguration || v == ByTailoring }

// Seen is a version of a service that is judged.
type Seen struct {
	Offering catalogue.Offering
	Edition  catalogue.Edition
}

// Fit is what a service makes of one requirement.
type Fit struct {
	Verdict  Verdict
	Said     Verdict          // what the listing says
	Answer   catalogue.Answer // by which it says so; zero when it says nothing
	Overrule *Overruled       // by which the verdict is another one; nil for none
}

// Result adds up what a service makes of all requirements.
type Result struct {
	Missing []int64 // musts that are not met, by id
	Open    []int64 // musts of which it is not known
}

// Fits reports whether every must is met.
func (r *Result) Fits() bool { return len(r.Missing)+len(r.Open) == 0 }

// Judge says what a service makes of each requirement, on a day, at a volume, which
// may be nil. overruled are those of the project.
func Judge(l *search.Layout, volume *search.Volume, all []Requirement, overruled []Overruled, one Seen, day models.Date) ([]Fit, Result) {
	facts := l.Facts(&search.Source{Offering: one.Offering, Version: one.Edition.Version})
	fits := make([]Fit, len(all))
	var sum Result
	for i := range all {
		q := &all[i]
		fits[i] = q.fit(l, facts, volume, &one.Edition.Content, day)
		for k := range overruled { // in the order in which they were said: the last counts
			if o := &overruled[k]; o.RequirementID == q.ID && o.OfferingID == one.Offering.ID {
				fits[i].Overrule = o
			}
		}
		if o := fits[i].Overrule; o != nil && o.Verdict == AsAnswered {
			fits[i].Overrule = nil
		} else if o != nil {
			fits[i].Verdict = o.Verdict
		}
		switch {
		case q.Force != Must || fits[i].Verdict.Good():
		case fits[i].Verdict == Unknown:
			sum.Open = append(sum.Open, q.ID)
		default:
			sum.Missing = append(sum.Missing, q.ID)
		}
	}
	return fits, sum
}

// fit is what a listing says to the requirement.
func (q *Requirement) fit(l *search.Layout, facts *search.Document, volume *search.Volume, c *catalogue.Content, day models.Date) Fit {
	d, ok := q.Demand()
	if !ok {
		return Fit{Verdict: Unknown, Said: Unknown}
	}
	f := Fit{Said: NotMet}
	switch l.Judge(facts, &d, volume, day) {
	case search.Meets:
		f.Said = Met
	case search.Unsaid:
		f.Said = Unknown
	}
	f.Verdict = f.Said
	question := q.Subject
	if question == SubjectArea {
		question = "data_countries"
	}
	if i := slices.IndexFunc(c.Answers, func(a catalogue.Answer) bool { return a.Question == question }); i >= 0 {
		f.Answer = c.Answers[i]
	}
	return f
}
