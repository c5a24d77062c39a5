package contracts

import (
	"context"
	"fmt"
	"slices"

	"pilveturg/db"
	"pilveturg/models"
)

// LeastPayers is how many bodies have to pay for something so that what they pay is
// told, without their names.
const LeastPayers = 5

// Band is what bodies pay a year for one of a unit of a service: the least, the middle
// and the most, in euro cents without VAT.
type Band struct {
	Unit                string
	Payers              int
	Least, Middle, Most int64
}

// Paid returns the bands of a service, by unit, from subscriptions that are in use. A
// unit with fewer than [LeastPayers] bodies is left out. A body counts once, by what it
// ordered last.
func Paid(ctx context.Context, r db.Reader, offering int64) ([]Band, error) {
	const q = `/* contracts.Paid */ SELECT ` + columns + ` WHERE s.offering_id = ? AND s.state IN ('active', 'suspended', 'ending') ORDER BY s.unit, s.id DESC`
	all, err := list(ctx, r, q, offering)
	if err != nil {
		return nil, err
	}
	each := map[string][]int64{}
	seen := map[string]bool{}
	for i := range all {
		s := &all[i]
		key := fmt.Sprint(s.Unit, " ", s.OrgID)
		if cents, ok := s.each(); ok && !seen[key] {
			seen[key] = true
			each[s.Unit] = append(each[s.Unit], cents)
		}
	}
	var bands []Band
	for unit, paid := range each {
		if len(paid) < LeastPayers {
			continue
		}
		slices.Sort(paid)
		bands = append(bands, Band{unit, len(paid), paid[0], paid[len(paid)/2], paid[len(paid)-1]})
	}
	slices.SortFunc(bands, func(a, b Band) int { return b.Payers - a.Payers })
	return bands, nil
}

// each is what one of what is counted costs a year, rounded down to cents; the whole
// where nothing is counted.
func (s *Subscription) each() (int64, bool) {
	bought, counted := s.Bought()
	if !counted {
		return s.Year, true
	}
	share, err := models.Whole(s.Year).Div(bought, 2)
	if err != nil || bought.Sign() <= 0 {
		return 0, false
	}
	n, _ := share.Neg().Ceil().Neg().Int64() // down to whole cents
	return n, true
}
