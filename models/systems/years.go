package systems

import (
	"context"
	"errors"
	"fmt"
	"math/big"
	"strings"

	"pilveturg/db"
	"pilveturg/models"
	"pilveturg/models/spend"
	"pilveturg/models/spend/currency"
)

// Ask is what of the costs of systems is asked for.
type Ask struct {
	First, Last int         // years, with both
	Known       models.Time // what was known then; zero: what is known now
	Owners      []int64     // those of these only; nil: of all whom the actor sees
	System      int64       // of one only; 0: of all
}

// By is what sums are told apart by.
type By string

// What sums can be told apart by, besides the currency.
const (
	ByYear   By = "year"
	ByOwner  By = "organisation_id"
	BySystem By = "system_id"
	ByKind   By = "kind"
	ByChange By = "change"
	ByGuess  By = "assumed"
)

// Sum is what lines come to, in hundredths of a currency. What is not told apart is zero.
type Sum struct {
	Year     int      `db:"year"`
	OrgID    int64    `db:"organisation_id"`
	SystemID int64    `db:"system_id"`
	Kind     CostKind `db:"kind"`
	Change   bool     `db:"change"`
	Assumed  bool     `db:"assumed"`
	Currency string   `db:"currency"`
	Cash     int64    `db:"cash"`
	Accrued  int64    `db:"accrued"`
}

// mostYears is over how many years sums can be asked for.
const mostYears = 60

// Sums returns what systems whose owners the actor may see cost, told apart by currency
// and by whatever is asked. It fails with [models.ErrForbidden] for who sees none, and
// with [models.ErrNotFound] for years that nobody can ask for.
func Sums(ctx context.Context, r db.Reader, a models.Actor, q Ask, bys ...By) ([]Sum, error) {
	if q.Last < q.First || q.Last-q.First >= mostYears {
		return nil, fmt.Errorf("years %d to %d: %w", q.First, q.Last, models.ErrNotFound)
	}
	ids, all, err := spend.Reach(ctx, r, a)
	if err != nil {
		return nil, err
	}
	var args []any
	years := make([]string, 0, mostYears)
	for year := q.First; year <= q.Last; year++ {
		years, args = append(years, `SELECT CAST(? AS BIGINT) AS year`), append(args, year)
	}
	where := `u.known_until IS NULL`
	if !q.Known.IsZero() {
		where = `u.known_from <= ? AND (u.known_until IS NULL OR u.known_until > ?)`
		args = append(args, q.Known, q.Known)
	}
	limit := func(column string, ids []int64) {
		marks, more := db.In(ids)
		where, args = where+` AND u.`+column+` IN `+marks, append(args, more...)
	}
	if !all {
		limit("organisation_id", ids)
	}
	if q.Owners != nil {
		limit("organisation_id", q.Owners)
	}
	if q.System != 0 {
		limit("system_id", []int64{q.System})
	}
	group := []string{`u.currency`}
	for _, by := range bys {
		group = append(group, by.column())
	}
	list := strings.Join(group, `, `)
	text := `/* systems.Sums */ SELECT ` + list + `, CAST(SUM(u.cash) AS BIGINT) AS cash, CAST(SUM(u.accrued) AS BIGINT) AS accrued
		FROM (` + strings.Join(years, ` UNION ALL `) + `) y JOIN owned_years u ON u.first_year <= y.year AND u.last_year >= y.year WHERE ` + where + ` GROUP BY ` + list + ` ORDER BY ` + list
	var sums []Sum
	if err := r.Select(ctx, &sums, text, args...); err != nil {
		return nil, fmt.Errorf("costs of systems: %w", err)
	}
	return sums, nil
}

func (by By) column() string {
	if by == ByYear {
		return `y.year`
	}
	return `u.` + string(by)
}

// InEuros is an amount of a year in hundredths of a currency in euros, rounded to the
// cent, by the rate of the European Central Bank of the last day of the year, or of the
// newest day before it that has one. known is false where there is none.
func InEuros(ctx context.Context, r db.Reader, rates *spend.Rates, cents int64, code string, year int) (euros int64, known bool, err error) {
	if code == currency.Euro {
		return cents, true, nil
	}
	rate, err := rates.Find(ctx, r, code, models.NewDate(year, 12, 31))
	if errors.Is(err, currency.ErrNoRate) {
		var newest []models.Date
		const q = `/* systems.InEuros */ SELECT day FROM fx_rates WHERE currency = ? AND day <= ? ORDER BY day DESC LIMIT 1`
		if err := r.Select(ctx, &newest, q, code, models.NewDate(year, 12, 31)); err != nil || len(newest) == 0 {
			return 0, false, err
		}
		rate, err = rates.Find(ctx, r, code, newest[0])
	}
	if err != nil {
		if errors.Is(err, currency.ErrWithdrawn) || errors.Is(err, currency.ErrUnknown) {
			err = nil
		}
		return 0, false, err
	}
	amount := new(big.Rat).SetFrac64(cents, 100)
	euros, ok := hundredths(amount.Quo(amount, rate.Value.Rat()))
	return euros, ok, nil
}
