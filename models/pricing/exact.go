package pricing

import "pilveturg/models"

// Range is an exact amount of money: from Low to High, which are equal unless the
// vendor settles the price later.
type Range struct {
	Low, High models.Decimal
	Open      bool // there is no upper end; High equals Low
}

// Span is an amount from Low to High, rounded to the minor unit of its currency.
type Span struct {
	Low, High models.Money
	Open      bool // there is no upper end; High equals Low
}

// IsRange reports whether the amount is not one number.
func (s Span) IsRange() bool { return s.Open || s.Low != s.High }

// IsZero reports whether there is nothing to pay.
func (s Span) IsZero() bool { return s.Low.Minor == 0 && s.High.Minor == 0 && !s.Open }

// exact does arithmetic that keeps its first error, so that sums read as sums.
type exact struct{ err error }

func (x *exact) keep(d models.Decimal, err error) models.Decimal {
	if err != nil && x.err == nil {
		x.err = err
	}
	return d
}

func (x *exact) add(a, b models.Decimal) models.Decimal { return x.keep(a.Add(b)) }
func (x *exact) sub(a, b models.Decimal) models.Decimal { return x.keep(a.Sub(b)) }
func (x *exact) mul(a, b models.Decimal) models.Decimal { return x.keep(a.Mul(b)) }

// addRange returns a + b.
func (x *exact) addRange(a, b Range) Range {
	sum := Range{Low: x.add(a.Low, b.Low), Open: a.Open || b.Open}
	sum.High = sum.Low
	if a.Low != a.High || b.Low != b.High {
		sum.High = x.add(a.High, b.High)
	}
	return sum
}

// mulRange returns r × d.
func (x *exact) mulRange(r Range, d models.Decimal) Range {
	p := Range{Low: x.mul(r.Low, d), Open: r.Open}
	p.High = p.Low
	if r.Low != r.High {
		p.High = x.mul(r.High, d)
	}
	return p
}

// percent returns d × rate ÷ 100.
func (x *exact) percent(d, rate models.Decimal) models.Decimal {
	hundredth := x.keep(models.NewDecimal(1, 2))
	return x.mul(x.mul(d, rate), hundredth)
}

// batches returns how many batches a quantity makes: parts of one count as such,
// or whole when begun. [Plan.Check] makes sure that parts come out exactly.
func (x *exact) batches(quantity, batch models.Decimal, begun bool) models.Decimal {
	if batch.IsZero() {
		return quantity
	}
	if !begun {
		part := x.keep(models.Whole(1).Div(batch, models.MaxPlaces))
		if x.mul(part, batch) != models.Whole(1) {
			x.keep(part, models.ErrOverflow) // rather than a price that is nearly right
		}
		return x.mul(quantity, part)
	}
	n := x.keep(quantity.Div(batch, 0))
	if x.mul(n, batch).Cmp(quantity) < 0 {
		n = x.add(n, models.Whole(1))
	}
	return n
}

// span turns an exact amount, already rounded to minor units, into money.
func (x *exact) span(r Range, currency string) Span {
	low, err := r.Low.Money(currency)
	if err != nil && x.err == nil {
		x.err = err
	}
	s := Span{Low: low, High: low, Open: r.Open}
	if r.Low != r.High {
		if s.High, err = r.High.Money(currency); err != nil && x.err == nil {
			x.err = err
		}
	}
	return s
}

// round rounds to minor units.
func (r Range) round(places int) Range {
	return Range{r.Low.Round(places), r.High.Round(places), r.Open}
}

func one(d models.Decimal) Range { return Range{Low: d, High: d} }
