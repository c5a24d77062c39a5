package spend

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"pilveturg/db"
	"pilveturg/models"
	"pilveturg/models/spend/currency"
)

// euroPlaces is to how many decimals an amount of another currency is kept in euros.
const euroPlaces = 12

// Rates find rates of the European Central Bank in the database, each currency once.
type Rates struct {
	known map[string]*currency.Table
}

// NewRates returns Rates that know nothing yet.
func NewRates() *Rates { return &Rates{map[string]*currency.Table{}} }

// Find returns the rate of a currency for a day; see [currency.Table] for its errors.
func (t *Rates) Find(ctx context.Context, r db.Reader, code string, day models.Date) (currency.Rate, error) {
	at := t.known[code]
	if at == nil {
		at = currency.NewTable()
		if code != currency.Euro {
			for row, err := range db.Each[rateRow](ctx, r, `/* spend.Rates */ SELECT day, rate FROM fx_rates WHERE currency = ? ORDER BY day`, code) {
				if err != nil {
					return currency.Rate{}, err
				}
				at.Add(code, row.Day, row.Rate)
			}
		}
		t.known[code] = at
	}
	return at.Find(code, day)
}

type rateRow struct {
	Day  models.Date  `db:"day"`
	Rate models.Exact `db:"rate"`
}

func isNoRate(err error) bool {
	return errors.Is(err, currency.ErrNoRate) || errors.Is(err, currency.ErrWithdrawn) || errors.Is(err, currency.ErrUnknown)
}

func flagOf(err error) string {
	if errors.Is(err, currency.ErrWithdrawn) {
		return FlagGone
	}
	return FlagNoRate
}

// inEuros is an amount in euros by a rate; unknown where the rate is.
func inEuros(amount models.Exact, rate Amount) Amount {
	if !rate.Known || rate.Sign() <= 0 {
		return Amount{}
	}
	if rate.Exact == one {
		return Known(amount)
	}
	r := amount.Rat()
	e, err := models.RoundRat(r.Quo(r, rate.Rat()), euroPlaces)
	if err != nil {
		return Amount{}
	}
	return Known(e)
}

var one = models.ExactOf(models.Whole(1))

// KeepRates adds rates to those that are known; a rate of a day that is known already is
// replaced. It returns how many are new or changed.
func KeepRates(ctx context.Context, tx *db.Tx, rates []currency.Quote) (int, error) {
	if !tx.Actor.Is(models.Administrator) {
		return 0, fmt.Errorf("rates: %w", models.ErrForbidden)
	}
	n := 0
	for part := range slices.Chunk(rates, 300) {
		q := `INSERT INTO fx_rates (currency, day, rate) VALUES `
		var args []any
		for i, one := range part {
			if i > 0 {
				q += `, `
			}
			q += `(?, ?, ?)`
			args = append(args, one.Currency, one.Day.String(), one.Rate)
		}
		changed, err := tx.Exec(ctx, q+` ON CONFLICT (currency, day) DO UPDATE SET rate = excluded.rate WHERE fx_rates.rate <> excluded.rate`, args...)
		if err != nil {
			return n, fmt.Errorf("rates: %w", err)
		}
		n += int(changed)
	}
	if n == 0 {
		return 0, nil
	}
	return n, move(ctx, tx) // what is owned is converted when it is asked for
}
