package lifecycle

import (
	"math/big"
	"slices"

	"pilveturg/models"
)

// Since is a quantity, or a rate, from a day on.
type Since struct {
	Day   models.Date
	Value models.Exact
}

// at is what holds on a day; nil before the first.
func at(all []Since, day models.Date) *big.Rat {
	var v *big.Rat
	for _, s := range all {
		if !day.Before(s.Day) {
			v = s.Value.Rat()
		}
	}
	return v
}

// Term is a subscription that is billed in advance, every month or every few months: on
// its first day, then on the first day of a month, for the days that are in the term. What
// is added inside a time that was billed is billed on its day for the rest of that time;
// what is given up counts from the next time on, and until then may be taken again for
// nothing.
type Term struct {
	Start, End models.Date  // with both
	Price      models.Exact // a unit and month, until the first anniversary
	Rise       models.Exact // of the price at each anniversary, as a fraction; it is rounded to the cent each time
	Quantity   []Since      // by day
	Every      int          // months that are billed at once, that of the start with them; 0 is 1
	VAT        []Since      // rates, by day; that of the first day of what is billed holds
}

// PaymentLine is a line of a payment: so many units at a price, for so many days of a
// month.
type PaymentLine struct {
	Quantity, Price *big.Rat
	Days, Of        int
	Amount          *big.Rat // rounded to the cent
}

// Payment is money that is paid on a day for a time. A credit is below zero.
type Payment struct {
	Day      models.Date
	From, To models.Date // what it is for, with both days; zero: it is used up at once
	Kind     string
	Lines    []PaymentLine
	Net      *big.Rat
	Rate     *big.Rat // of VAT, as a fraction
	VAT      *big.Rat // on the net, rounded once to the cent (EN 16931, BR-CO-17)
}

func newPayment(kind string, day, from, to models.Date, rate *big.Rat, lines ...PaymentLine) Payment {
	p := Payment{Day: day, From: from, To: to, Kind: kind, Lines: lines, Net: new(big.Rat), Rate: rate}
	for _, l := range lines {
		p.Net.Add(p.Net, l.Amount)
	}
	if rate == nil {
		p.Rate = new(big.Rat)
	}
	p.VAT = cent(new(big.Rat).Mul(p.Net, p.Rate))
	return p
}

// Prices are the prices of a term, each from its day on.
func (t *Term) Prices() (all []Since) {
	price := t.Price.Rat()
	up := new(big.Rat).Add(one(), t.Rise.Rat())
	for year := 0; ; year++ {
		day := t.Start.AddMonths(12 * year)
		if t.End.Before(day) {
			return all
		}
		if year > 0 {
			price = cent(price.Mul(price, up))
		}
		e, err := models.RoundRat(price, models.ExactPlaces)
		if err != nil {
			return all // a price that does not fit is none
		}
		all = append(all, Since{day, e})
	}
}

// Payments are what the term is billed, by day.
func (t *Term) Payments() (all []Payment) {
	prices := t.Prices()
	for from := t.Start; !t.End.Before(from); {
		end := lastOfMonth(firstOfMonth(from).AddMonths(max(t.Every, 1) - 1))
		to := end
		if t.End.Before(to) {
			to = t.End
		}
		if n := at(t.Quantity, from); n != nil && n.Sign() > 0 {
			all = append(all, newPayment("subscription", from, from, to, at(t.VAT, from), priced(n, prices, from, to)...))
		}
		all = append(all, t.added(prices, from, to)...)
		from = end.AddDays(1)
	}
	slices.SortStableFunc(all, func(a, b Payment) int { return a.Day.Time().Compare(b.Day.Time()) })
	return all
}

// added are what is billed for units beyond those that were billed for the time already.
func (t *Term) added(prices []Since, from, to models.Date) (all []Payment) {
	billed := new(big.Rat)
	if n := at(t.Quantity, from); n != nil {
		billed = n
	}
	for _, s := range t.Quantity {
		if !from.Before(s.Day) || to.Before(s.Day) {
			continue
		}
		n := s.Value.Rat()
		if more := new(big.Rat).Sub(n, billed); more.Sign() > 0 {
			all = append(all, newPayment("added", s.Day, s.Day, to, at(t.VAT, s.Day), priced(more, prices, s.Day, to)...))
			billed = n
		}
	}
	return all
}

// priced are the lines for days, one for each month and each price that holds in it.
func priced(n *big.Rat, prices []Since, from, to models.Date) (lines []PaymentLine) {
	for day := from; !to.Before(day); {
		month := lastOfMonth(day)
		end := month
		if to.Before(end) {
			end = to
		}
		for _, p := range prices {
			if day.Before(p.Day) && !end.Before(p.Day) {
				end = p.Day.AddDays(-1)
			}
		}
		price, days, of := at(prices, day), daysBetween(day, end)+1, month.Time().Day()
		amount := new(big.Rat).Mul(new(big.Rat).Mul(n, price), big.NewRat(int64(days), int64(of)))
		lines = append(lines, PaymentLine{n, price, days, of, cent(amount)})
		day = end.AddDays(1)
	}
	return lines
}

// Prorated is what so many units cost for days of a month, rounded to the cent.
func Prorated(price, quantity models.Exact, days, of int) *big.Rat {
	r := new(big.Rat).Mul(price.Rat(), quantity.Rat())
	return cent(r.Mul(r, big.NewRat(int64(days), int64(max(of, 1)))))
}

// Ahead are payments of so much a year in advance, the first on a day, each risen by a
// fraction and rounded to the cent.
func Ahead(kind string, first models.Date, times int, amount, rise models.Exact, vat []Since) (all []Payment) {
	sum, up := amount.Rat(), new(big.Rat).Add(one(), rise.Rat())
	for n := range times {
		if n > 0 {
			sum = cent(new(big.Rat).Mul(sum, up))
		}
		day := first.AddMonths(12 * n)
		all = append(all, newPayment(kind, day, day, first.AddMonths(12*n+12).AddDays(-1), at(vat, day), PaymentLine{Amount: new(big.Rat).Set(sum)}))
	}
	return all
}

// Monthly are payments of so much for each month from one day's to another's, without VAT
// where vat is nil.
func Monthly(kind string, from, to models.Date, amount func(month models.Date) *big.Rat, vat []Since) (all []Payment) {
	for day := from; !to.Before(day); day = day.AddMonths(1) {
		all = append(all, newPayment(kind, day, day, lastOfMonth(day), at(vat, day), PaymentLine{Amount: cent(amount(day))}))
	}
	return all
}

// Pay is what people cost a month: so many of them, times their pay, times what the
// employer pays upon it. Pay rises each January and is rounded to the cent each time.
func Pay(fte, pay, onCost, rise models.Exact, from models.Date) func(month models.Date) *big.Rat {
	return func(month models.Date) *big.Rat {
		v, up := pay.Rat(), new(big.Rat).Add(one(), rise.Rat())
		for range month.Time().Year() - from.Time().Year() {
			v = cent(v.Mul(v, up))
		}
		return v.Mul(v.Mul(v, fte.Rat()), onCost.Rat())
	}
}

// Credit takes a share of a payment back. It is for the same time and has the same rate of
// VAT.
func Credit(of *Payment, day models.Date, share models.Exact) Payment {
	amount := cent(new(big.Rat).Mul(of.Net, share.Rat()))
	return newPayment("credit", day, of.From, of.To, of.Rate, PaymentLine{Amount: amount.Neg(amount)})
}

// Asset is something that is bought and written off in equal parts a month.
type Asset struct {
	Name     string
	Cost     *big.Rat
	Bought   models.Date
	UsedFrom models.Date
	Months   int
	LeftOver *big.Rat
	VAT      *big.Rat // rate, as a fraction; it is not written off
}

// Payment is what is paid for the asset.
func (a *Asset) Payment() Payment {
	return newPayment("asset", a.Bought, models.Date{}, models.Date{}, a.VAT, PaymentLine{Amount: a.Cost})
}

// Book is what the asset is worth after so many months of use: cost − (cost − left over) ×
// months ÷ life, the part rounded to the cent.
func (a *Asset) Book(months int) *big.Rat {
	return BookValue(a.Cost, a.LeftOver, months, a.Months)
}

// BookValue is what is left after months of a life in months; see [Asset.Book].
func BookValue(cost, leftOver *big.Rat, months, life int) *big.Rat {
	if leftOver == nil {
		leftOver = new(big.Rat)
	}
	months = max(0, min(months, life))
	part := new(big.Rat).Sub(cost, leftOver)
	part.Mul(part, big.NewRat(int64(months), int64(max(life, 1))))
	return new(big.Rat).Sub(cost, cent(part))
}

// Recognised is what of a payment for days is used up by the end of a day, rounded to the
// cent: parts of a time add up to the whole.
func Recognised(amount *big.Rat, from, to, until models.Date) *big.Rat {
	if until.Before(from) {
		return new(big.Rat)
	}
	if !until.Before(to) {
		return new(big.Rat).Set(amount)
	}
	days := big.NewRat(int64(daysBetween(from, until)+1), int64(daysBetween(from, to)+1))
	return cent(days.Mul(days, amount))
}

// MonthFlow is what a month comes to: what is paid in it, and what is used up in it.
type MonthFlow struct {
	Month     models.Date // its first day
	Cash, VAT *big.Rat
	Accrued   *big.Rat
}

// Months are the months from one day's to another's, with payments and assets in two views
// that are never mixed: cash counts on the day it is paid; accrual spreads payments over
// the days that they are for, and assets over the months of their life.
func Months(payments []Payment, assets []Asset, from, to models.Date) (all []MonthFlow) {
	for day := firstOfMonth(from); !to.Before(day); day = day.AddMonths(1) {
		m := MonthFlow{Month: day, Cash: new(big.Rat), VAT: new(big.Rat), Accrued: new(big.Rat)}
		end := lastOfMonth(day)
		for i := range payments {
			m.add(&payments[i], day, end)
		}
		for i := range assets {
			p := assets[i].Payment()
			p.From = models.NewDate(9999, 1, 1) // what is written off is told by the life
			p.To = p.From
			m.add(&p, day, end)
			m.Accrued.Add(m.Accrued, new(big.Rat).Sub(assets[i].Book(assets[i].usedBefore(day)), assets[i].Book(assets[i].usedBefore(day.AddMonths(1)))))
		}
		all = append(all, m)
	}
	return all
}

// usedBefore is how many months an asset was used before the first day of a month.
func (a *Asset) usedBefore(month models.Date) int {
	return (month.Time().Year()-a.UsedFrom.Time().Year())*12 + int(month.Time().Month()) - int(a.UsedFrom.Time().Month())
}

func (m *MonthFlow) add(p *Payment, day, end models.Date) {
	if !p.Day.Before(day) && !end.Before(p.Day) {
		m.Cash.Add(m.Cash, p.Net)
		m.VAT.Add(m.VAT, p.VAT)
		if p.From.IsZero() {
			m.Accrued.Add(m.Accrued, p.Net)
		}
	}
	if p.From.IsZero() {
		return
	}
	m.Accrued.Add(m.Accrued, Recognised(p.Net, p.From, p.To, end))
	m.Accrued.Sub(m.Accrued, Recognised(p.Net, p.From, p.To, day.AddDays(-1)))
}

// PresentOf is the present value of the cash of months: the first calendar year is year 0.
func PresentOf(months []MonthFlow, d Discount) *big.Rat {
	sum := new(big.Rat)
	if len(months) == 0 {
		return sum
	}
	first := months[0].Month.Time().Year()
	factors := d.Factors(months[len(months)-1].Month.Time().Year() - first)
	for _, m := range months {
		sum.Add(sum, new(big.Rat).Mul(m.Cash, factors[m.Month.Time().Year()-first]))
	}
	return sum
}

func firstOfMonth(d models.Date) models.Date {
	return models.NewDate(d.Time().Year(), d.Time().Month(), 1)
}

func lastOfMonth(d models.Date) models.Date { return firstOfMonth(d).AddMonths(1).AddDays(-1) }

func daysBetween(a, b models.Date) int {
	const hours = 24
	return int(b.Time().Sub(a.Time()).Hours() / hours)
}
