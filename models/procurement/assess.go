package procurement

import (
	"context"
	"slices"

	"pilveturg/db"
	"pilveturg/models"
	"pilveturg/models/catalogue"
	"pilveturg/models/pricing"
	"pilveturg/models/search"
)

// Assessment is a locked project worked out: what its services make of what is asked,
// what they cost, and how they rank.
type Assessment struct {
	Record  Record
	Asked   []Requirement
	Scoring Scoring
	Offers  []Offer
	Judged  []Judged // every service of the record
	Seen    []Seen   // the same
	Ranking []Ranked // of those that are kept
	Intact  bool     // what was locked is as it was
}

// Assess works out a locked project, from what was locked and from nothing that changed
// since. It fails with [models.ErrNotFound] when nothing is locked. Who may read the
// project is for the caller to ask.
func Assess(ctx context.Context, r db.Reader, s *catalogue.Schema, l *search.Layout, p *Project) (w Assessment, err error) {
	e, err := FindEvidence(ctx, r, p.ID)
	if err != nil {
		return w, err
	}
	if w.Record, w.Seen, w.Intact, err = e.Replay(ctx, r); err != nil {
		return w, err
	}
	if w.Asked, err = Requirements(ctx, r, p.ID); err != nil {
		return w, err
	}
	if w.Scoring, err = FindScoring(ctx, r, p.ID); err != nil {
		return w, err
	}
	if w.Offers, err = Offers(ctx, r, p.ID); err != nil {
		return w, err
	}
	overruled, err := Overrules(ctx, r, p.ID)
	if err != nil {
		return w, err
	}
	volume, day := p.Asked(s), models.DateOf(p.LockedAt.Time)
	var bids []Bid
	for _, one := range w.Seen {
		fits, _ := Judge(l, volume, w.Asked, overruled, one, day)
		w.Judged = append(w.Judged, Judged{one.Offering.ID, fits})
		if !slices.Contains(w.Scoring.Kept, one.Offering.ID) {
			continue
		}
		b := Bid{OfferingID: one.Offering.ID, Cents: w.cost(p, volume, one)}
		b.Met, _, b.Of = FitWeight(w.Asked, fits)
		bids = append(bids, b)
	}
	w.Ranking = Rank(&w.Scoring, bids)
	return w, nil
}

// Offer is what somebody found out that a service costs.
func (w *Assessment) Offer(offering int64) (Offer, bool) {
	i := slices.IndexFunc(w.Offers, func(o Offer) bool { return o.OfferingID == offering })
	if i < 0 {
		return Offer{}, false
	}
	return w.Offers[i], true
}

// Rank is where a service stands in the ranking.
func (w *Assessment) Rank(offering int64) (Ranked, bool) {
	i := slices.IndexFunc(w.Ranking, func(r Ranked) bool { return r.OfferingID == offering })
	if i < 0 {
		return Ranked{}, false
	}
	return w.Ranking[i], true
}

// cost is what a service costs for all the years, in euro cents without VAT: what was
// found out, or what its plan costs that is cheapest a year; -1 when neither is known.
func (w *Assessment) cost(p *Project, volume *search.Volume, one Seen) int64 {
	if o, ok := w.Offer(one.Offering.ID); ok {
		return o.Cents
	}
	if volume == nil {
		return -1
	}
	return CostOf(one.Edition.Plans, *volume, p.Years)
}

// CostOf is what the plan that is cheapest a year costs for so many years, with what is
// paid once, in euro cents without VAT; its upper end where it is a range. It is -1 when
// that is not told in euros.
func CostOf(plans []pricing.Plan, v search.Volume, years int) int64 {
	price := search.Cheapest(plans, v)
	if !price.Known {
		return -1
	}
	q, err := plans[price.Plan].Quote(v.Usage())
	if err != nil || q.OnRequest {
		return -1
	}
	sum, err := q.Years(years)
	if err != nil || sum.Net.Open || sum.Net.High.Currency != search.Currency {
		return -1
	}
	return sum.Net.High.Minor
}
