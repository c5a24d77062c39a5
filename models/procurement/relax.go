package procurement

import (
	"cmp"
	"slices"

	"pilveturg/models/catalogue"
	"pilveturg/models/search"
)

// Weighed is what the whole catalogue makes of a project's requirements.
type Weighed struct {
	Looked    search.Stock    // what can be had in the category of the project
	All       search.Stock    // what meets every must that listings answer
	Musts     int             // that listings answer
	Unchecked int             // musts that no listing answers: people check them
	Counts    map[int64]Count // of requirements that listings answer, by id
	Drops     []Drop          // of the musts, that which leaves most first
	Pairs     []Pair          // that leave more than dropping one would make think, that which leaves most first
}

// Count is how many of what can be had meet a requirement.
type Count struct{ Met, NotMet, Unknown int }

// Drop is what would be left without a must.
type Drop struct {
	Requirement Requirement
	Left        search.Stock
	Lost        search.Stock // which the must alone keeps out: Left is All with them
	Unsaid      int          // of those lost: nobody has answered
}

// Pair is what would be left without two musts.
type Pair struct {
	First, Second Requirement
	Left          search.Stock
	Gain          int // Left is so many more than meet every must
}

// mostPairs is how many pairs are told of.
const mostPairs = 5

// Weigh counts what requirements cost in choice and money, over the whole catalogue.
// What people of a project have found out about single services does not count.
func Weigh(x *search.Index, s *catalogue.Schema, p *Project, all []Requirement) Weighed {
	w := Weighed{Counts: map[int64]Count{}}
	var demands []search.Demand
	var asked []Requirement
	for i := range all {
		d, ok := all[i].Demand()
		switch {
		case ok:
			demands, asked = append(demands, d), append(asked, all[i])
			if d.Must {
				w.Musts++
			}
		case all[i].Force == Must:
			w.Unchecked++
		}
	}
	r := x.Relax(p.Scope(), demands, p.Asked(s))
	w.Looked, w.All = r.Looked, r.All
	for i, c := range r.Demands {
		w.Counts[asked[i].ID] = Count{c.Met, c.NotMet, c.Unknown}
		if demands[i].Must {
			w.Drops = append(w.Drops, Drop{asked[i], r.All.With(c.Lost), c.Lost, c.Unsaid})
		}
	}
	slices.SortStableFunc(w.Drops, func(a, b Drop) int { return better(a.Left, b.Left) })
	w.pairs(r, asked)
	return w
}

// better puts what leaves more first, and of equals what costs less.
func better(a, b search.Stock) int {
	if order := cmp.Compare(b.Total, a.Total); order != 0 {
		return order
	}
	switch {
	case a.ID == 0 && b.ID == 0:
		return 0
	case a.ID == 0:
		return 1
	case b.ID == 0:
		return -1
	}
	return cmp.Compare(a.Cheapest, b.Cheapest)
}

// pairs tells of pairs that gain at least twice as much as the best single must: then
// dropping one gains nothing, or little.
func (w *Weighed) pairs(r *search.Relaxation, asked []Requirement) {
	single := 0
	if len(w.Drops) > 0 {
		single = w.Drops[0].Lost.Total
	}
	for _, one := range r.Pairs {
		left := r.All.With(r.Demands[one.First].Lost).With(r.Demands[one.Second].Lost).With(one.Lost)
		if gain := left.Total - r.All.Total; gain >= 2*single {
			w.Pairs = append(w.Pairs, Pair{asked[one.First], asked[one.Second], left, gain})
		}
	}
	slices.SortStableFunc(w.Pairs, func(a, b Pair) int { return better(a.Left, b.Left) })
	w.Pairs = w.Pairs[:min(len(w.Pairs), mostPairs)]
}
