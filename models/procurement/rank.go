package procurement

import (
	"cmp"
	"math/big"
	"slices"
)

// Bid is what is known of a service that is ranked.
type Bid struct {
	OfferingID int64
	Cents      int64 // for all the years, euro cents without VAT; -1 when not known
	Met, Of    int64 // weight of the requirements that it meets, and of all
}

// Ranked is a service with its points by each criterion, in their order.
type Ranked struct {
	Bid
	Points   []Points
	Total    Centi
	Complete bool // all points are known
}

// Centi is a number of points in hundredths.
type Centi int64

// Points are what a service gets by a criterion, with what they come from.
type Points struct {
	Got    Centi
	Known  bool
	Weight int64
	Part   int64 // points are weight × Part ÷ Whole
	Whole  int64
}

// Rank gives points by every criterion and puts the best first; those of which
// something is not known come last, and equals in the order of their numbers. The
// lowest price is that of the services that are ranked. Points are rounded half up to
// hundredths.
func Rank(s *Scoring, bids []Bid) []Ranked {
	lowest := int64(-1)
	for _, b := range bids {
		if b.Cents >= 0 && (lowest < 0 || b.Cents < lowest) {
			lowest = b.Cents
		}
	}
	var all []Ranked
	for _, b := range bids {
		r := Ranked{Bid: b, Complete: true}
		for _, c := range s.Criteria {
			p := s.points(c, b, lowest)
			r.Points, r.Total, r.Complete = append(r.Points, p), r.Total+p.Got, r.Complete && p.Known
		}
		all = append(all, r)
	}
	slices.SortStableFunc(all, func(a, b Ranked) int {
		if a.Complete != b.Complete {
			if a.Complete {
				return -1
			}
			return 1
		}
		return cmp.Or(cmp.Compare(b.Total, a.Total), cmp.Compare(a.OfferingID, b.OfferingID))
	})
	return all
}

func (s *Scoring) points(c Criterion, b Bid, lowest int64) Points {
	p := Points{Weight: int64(c.Weight)}
	switch c.Kind {
	case ByPrice:
		p.Known, p.Part, p.Whole = b.Cents >= 0, lowest, b.Cents
	case ByFit:
		p.Known, p.Part, p.Whole = true, b.Met, b.Of
	case ByPeople:
		points, ok := s.Points(c.ID, b.OfferingID)
		p.Known, p.Part, p.Whole = ok, int64(points), MostPoints
	}
	if p.Known {
		p.Got = share(p.Weight, p.Part, p.Whole)
	}
	return p
}

// share is weight × part ÷ whole in hundredths, rounded half up; all of the weight
// where there is nothing to divide by.
func share(weight, part, whole int64) Centi {
	if whole == 0 {
		return Centi(weight * 100)
	}
	n := new(big.Int).Mul(big.NewInt(2*100*weight), big.NewInt(part))
	n.Add(n, big.NewInt(whole))
	return Centi(n.Div(n, new(big.Int).Mul(big.NewInt(2), big.NewInt(whole))).Int64())
}

// FitWeight adds up what a service meets of what is asked, by the weights of the
// requirements; one without a weight counts 1. What is met only by paid tailoring is
// met for points, and not where a shared service is looked for.
func FitWeight(asked []Requirement, fits []Fit) (met, shared, of int64) {
	for i, q := range asked {
		weight := int64(max(q.Weight, 1))
		of += weight
		switch v := fits[i].Verdict; {
		case v == Met || v == ByConfiguration:
			met, shared = met+weight, shared+weight
		case v == ByTailoring:
			met += weight
		}
	}
	return met, shared, of
}

// SharedEnough is how much of what is asked, in percent, a shared service has to meet
// so that choosing something tailored or owned instead must be explained.
const SharedEnough = 80

// Shared is a service that many use as it is, and how much of what is asked it meets.
type Shared struct {
	OfferingID int64
	Percent    int // rounded down
}

// Judged is a service with what it makes of what is asked.
type Judged struct {
	OfferingID int64
	Fits       []Fit
}

// Exception returns the shared service that fits best, and whether a decision for
// something else needs to be explained: it does when that service meets at least
// [SharedEnough] percent, and what is chosen is a system of one's own, or a service
// that fits only by paid tailoring.
func Exception(outcome Outcome, chosen int64, asked []Requirement, all []Judged) (best Shared, explain bool) {
	tailored := outcome == OwnSystem
	for _, one := range all {
		_, shared, of := FitWeight(asked, one.Fits)
		if of == 0 {
			continue
		}
		if one.OfferingID == chosen && outcome == Service {
			tailored = slices.ContainsFunc(one.Fits, func(f Fit) bool { return f.Verdict == ByTailoring })
			continue
		}
		if percent := int(shared * 100 / of); best.OfferingID == 0 || percent > best.Percent {
			best = Shared{one.OfferingID, percent}
		}
	}
	return best, tailored && best.Percent >= SharedEnough
}
