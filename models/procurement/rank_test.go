package procurement_test

import (
	"fmt"
	"testing"

	"pilveturg/models/procurement"
)

func TestPointsAreRoundedHalfUp(t *testing.T) {
	for _, tt := range []struct {
		weight            int
		own, lowest, want int64
	}{{40, 5400_00, 3480_00, 2578}, {60, 3, 1, 2000}, {100, 8, 1, 1250}, {1, 200, 1, 1}, {1, 201, 1, 0}, {50, 0, 0, 5000}, {100, procurement.MaxCents, procurement.MaxCents - 1, 10000}} {
		s := procurement.Scoring{Criteria: []procurement.Criterion{{Kind: procurement.ByPrice, Weight: tt.weight}}}
		all := procurement.Rank(&s, []procurement.Bid{{OfferingID: 1, Cents: tt.lowest}, {OfferingID: 2, Cents: tt.own}})
		for _, r := range all {
			if r.OfferingID == 2 && int64(r.Total) != tt.want {
				t.Errorf("%d × %d / %d: %d hundredths, want %d", tt.weight, tt.lowest, tt.own, r.Total, tt.want)
			}
		}
	}
}

func TestServicesOfWhichSomethingIsUnknownRankLast(t *testing.T) {
	s := procurement.Scoring{Criteria: procurement.DefaultCriteria(make([]procurement.Requirement, 1))}
	all := procurement.Rank(&s, []procurement.Bid{{OfferingID: 1, Cents: -1, Met: 9, Of: 9}, {OfferingID: 2, Cents: 900, Met: 1, Of: 9}, {OfferingID: 3, Cents: 900, Met: 1, Of: 9}})
	if fmt.Sprint(all[0].OfferingID, all[1].OfferingID, all[2].OfferingID, all[2].Complete) != "2 3 1 false" {
		t.Errorf("the order is %v", all)
	}
}

func TestAnExceptionIsExplained(t *testing.T) {
	asked := []procurement.Requirement{{Weight: 40}, {Weight: 40}, {Weight: 0}, {Weight: 19}}
	fits := func(v ...procurement.Verdict) (all []procurement.Fit) {
		for _, one := range v {
			all = append(all, procurement.Fit{Verdict: one})
		}
		return all
	}
	most := procurement.Judged{OfferingID: 1, Fits: fits(procurement.Met, procurement.ByConfiguration, procurement.NotMet, procurement.Unknown)} // 80 of 100
	less := procurement.Judged{OfferingID: 2, Fits: fits(procurement.Met, procurement.ByTailoring, procurement.Met, procurement.Met)}            // 60 of 100
	for _, tt := range []struct {
		name    string
		outcome procurement.Outcome
		chosen  int64
		all     []procurement.Judged
		explain bool
	}{
		{"own though a shared one fits", procurement.OwnSystem, 0, []procurement.Judged{most, less}, true},
		{"own where none fits", procurement.OwnSystem, 0, []procurement.Judged{less}, false},
		{"own where there is none", procurement.OwnSystem, 0, nil, false},
		{"tailored though another fits", procurement.Service, 2, []procurement.Judged{most, less}, true},
		{"tailored where no other does", procurement.Service, 2, []procurement.Judged{less}, false},
		{"shared", procurement.Service, 1, []procurement.Judged{most, less}, false},
		{"nothing", procurement.NoAward, 0, []procurement.Judged{most, less}, false},
	} {
		best, explain := procurement.Exception(tt.outcome, tt.chosen, asked, tt.all)
		if explain != tt.explain || explain && best != (procurement.Shared{OfferingID: 1, Percent: 80}) {
			t.Errorf("%s: %v, %v; want %v", tt.name, best, explain, tt.explain)
		}
	}
}
