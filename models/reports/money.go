package reports

import (
	"cmp"
	"context"
	"math/big"
	"slices"
	"strings"

	"pilveturg/models"
	"pilveturg/models/spend"
)

const euro = "EUR"

// currency is that of the answer.
func (q *asking) currency() string { return cmp.Or(q.Currency, euro) }

// of is what a sum comes to in the currency of the answer.
func (q *asking) of(s *spend.Sum) models.Exact {
	if q.Currency == "" {
		return s.Euros
	}
	for _, m := range s.Amounts {
		if m.Currency == q.Currency {
			return m.Amount
		}
	}
	return models.Exact{}
}

// sums are those of what is asked for.
func (q *asking) sums(ctx context.Context, bys ...spend.By) ([]spend.Cross, error) {
	return spend.SumsBy(ctx, q.r, q.actor, q.Query(), bys...)
}

// named is a name without the spaces that a file has too many of.
func named(l spend.Label) string { return strings.Join(strings.Fields(l.Name), " ") }

// add adds amounts. Sums of the ledger fit, and so do their parts.
func add(e, f models.Exact) models.Exact {
	sum, err := e.Add(f)
	if err != nil {
		return e
	}
	return sum
}

// How many decimals shares and ratios have.
const (
	shareDecimals = 4
	ratioDecimals = 2
)

// share is a part of a whole in percent; it is unknown where there is no whole.
func share(part, whole models.Exact) Value {
	return percentOf(part.Rat(), whole.Rat(), shareDecimals)
}

func percentOf(part, whole *big.Rat, places int) Value {
	if whole.Sign() == 0 {
		return Value{Unknown: true}
	}
	n := new(big.Rat).Quo(part, whole)
	return rounded(n.Mul(n, big.NewRat(100, 1)), places)
}

// change is by how many percent something changed; unknown where it came from nothing.
func change(before, now models.Exact) Value {
	was := before.Rat()
	by := new(big.Rat).Sub(now.Rat(), was)
	return percentOf(by, was, ratioDecimals)
}

func rounded(n *big.Rat, places int) Value {
	e, err := models.RoundRat(n, places)
	if err != nil {
		return Value{Unknown: true}
	}
	return amount(e)
}

// most puts rows into the order of the most money, then of their names.
func most[T any](rows []T, of func(*T) (models.Exact, string)) {
	slices.SortStableFunc(rows, func(x, y T) int {
		a, name := of(&x)
		b, other := of(&y)
		return cmp.Or(b.Cmp(a), cmp.Compare(name, other))
	})
}

// beside is what stands beside the total.
func (q *asking) beside(ctx context.Context) (b Beside, err error) {
	rows, err := q.sums(ctx, spend.ByCategory, spend.ByCurrency)
	if err != nil {
		return b, err
	}
	for i := range rows {
		row := &rows[i]
		if !strings.HasPrefix(row.Of[0].Key, "c") {
			b.Unclassified.add(row.Rows, q.currency(), q.of(&row.Sum))
		}
		if q.Currency == "" && row.Unconverted > 0 {
			b.Unconverted.Rows += row.Unconverted
			if row.Unconverted == row.Rows { // else nobody can say what of the sum it is
				b.Unconverted.add(0, row.Of[1].Key, row.Amounts[0].Amount)
			}
		}
	}
	if err := q.besidePeriod(ctx, &b); err != nil || q.Currency == "" {
		return b, err
	}
	all := q.Query()
	all.Currency = ""
	others, err := spend.SumsBy(ctx, q.r, q.actor, all, spend.ByCurrency)
	for i := range others {
		if code := others[i].Of[0].Key; code != q.Currency {
			b.Others.add(others[i].Rows, code, others[i].Amounts[0].Amount)
		}
	}
	return b, err
}

// besidePeriod counts charges of no month.
func (q *asking) besidePeriod(ctx context.Context, b *Beside) error {
	undated := q.Query()
	undated.From, undated.Until, undated.Month = "", "", "-"
	rows, err := spend.SumsBy(ctx, q.r, q.actor, undated, spend.ByCurrency)
	for i := range rows {
		b.Undated.add(rows[i].Rows, rows[i].Of[0].Key, rows[i].Amounts[0].Amount)
	}
	return err
}

// add counts charges and what they come to.
func (p *Part) add(rows int64, currency string, e models.Exact) {
	p.Rows += rows
	i, ok := slices.BinarySearchFunc(p.Amounts, currency, func(m spend.Money, c string) int { return cmp.Compare(m.Currency, c) })
	if !ok {
		p.Amounts = slices.Insert(p.Amounts, i, spend.Money{Currency: currency})
	}
	p.Amounts[i].Amount = add(p.Amounts[i].Amount, e)
}

// answered completes an answer about the money that was asked for.
func (q *asking) answered(ctx context.Context, a *Answer) (*Answer, error) {
	a.Currency = q.currency()
	var err error
	if a.Total, err = a.Sum(a.Sums); err != nil {
		return nil, err
	}
	a.Beside, err = q.beside(ctx)
	return a, err
}
