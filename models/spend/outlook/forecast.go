package outlook

import (
	"math/big"
	"time"

	"pilveturg/models"
)

// Method is how a forecast was made.
type Method string

// The methods of forecasts.
const (
	MethodLinear   Method = "linear"   // the line of least squares
	MethodMean     Method = "mean"     // the mean of two months
	MethodSingle   Method = "single"   // as the only month there is
	MethodSeasonal Method = "seasonal" // the level of a year times the index of the month
)

// Code says why there is no forecast.
type Code string

// Why there is no forecast.
const (
	CodeSeries    Code = "series"     // the series is none, or the number of months
	CodeNoMonths  Code = "no_months"  // no month is known and complete
	CodeFewMonths Code = "few_months" // fewer than 24 are, since the charges began
	CodeGaps      Code = "gaps"       // too few of the same months are known in both years
	CodeNoLevel   Code = "no_level"   // a year adds up to 0, or only one of two to a credit
	CodeTooLarge  Code = "too_large"  // an amount is beyond what a ledger holds
)

// Kind says why a month has a forecast.
type Kind string

// Why a month has a forecast.
const (
	KindGap   Kind = "gap"   // it is within the series, but nobody reported it
	KindRest  Kind = "rest"  // it is not complete
	KindAhead Kind = "ahead" // it comes after the series
)

// Point is what a month is expected to cost.
type Point struct {
	Month  string // YYYY-MM
	Kind   Kind
	Amount models.Exact // of the whole month; to the cent unless more than that is in
	Rest   models.Exact // what is still to come of it: Amount without what is in
	Raised bool         // the method gives less than 0, which no month before was: it is 0

	at int // its place in the series
}

// Index is what share of a year's mean month a month of the calendar has.
type Index struct {
	Month time.Month
	Value *big.Rat // 1: as the mean month; 0: nothing is charged; below 0: a credit
	Years int      // how many years it is the mean of
}

// Forecast is what the months to come may cost, with the working. Fractions are exact.
type Forecast struct {
	Method  Method
	Code    Code     // why there is none; "": there is one
	Used    []string // the months it stands on
	Unknown []string // the months of the series that nobody reported
	Points  []Point  // by month: all that have no complete amount

	Slope *big.Rat // linear: by how much a month is above the one before
	Level *big.Rat // linear: the line in the first month of the series; seasonal: the mean of the last 12 months

	Before  *big.Rat // seasonal: the mean of the 12 months before those
	Trend   *big.Rat // seasonal: Level / Before
	Indices []Index  // seasonal: January to December; they add up to 12

	first  string
	months int
}

// Rest are the months to come as a series of what is still to come of each: what
// [Overrun] adds to the actual. Months that are complete have 0. It is of no months where
// there is no forecast.
func (f Forecast) Rest() Series {
	s := Series{First: f.first}
	if f.Code != "" {
		return s
	}
	s.Amounts = make([]models.Exact, f.months)
	for _, p := range f.Points {
		s.Amounts[p.at] = p.Rest
	}
	return s
}

// begin is a forecast of a series without its points.
func begin(s Series, through int, method Method) (Forecast, history) {
	f := Forecast{Method: method, first: s.First, months: through}
	h, err := s.history()
	if err != nil || through < 0 || through > MostMonths {
		f.Code = CodeSeries
		return f, h
	}
	for i, y := range h.got {
		if y == nil && !h.partial(i) {
			f.Unknown = append(f.Unknown, h.name(i))
		}
	}
	if len(h.known(0, len(h.got))) == 0 {
		f.Code = CodeNoMonths
	}
	return f, h
}

// fill adds the points that a method gives.
func (f *Forecast) fill(h history, method func(i int) *big.Rat) {
	positive := h.positive()
	for i := range f.months {
		if h.at(i) != nil {
			continue
		}
		p := Point{Month: h.name(i), Kind: KindAhead, at: i}
		if i < len(h.got) {
			p.Kind = KindGap
		}
		y := method(i)
		if positive && y.Sign() < 0 {
			y, p.Raised = new(big.Rat), true
		}
		in := new(big.Rat)
		if h.partial(i) {
			p.Kind, in = KindRest, h.part
		}
		if err := p.set(y, in); err != nil {
			f.Code, f.Points = CodeTooLarge, nil
			return
		}
		f.Points = append(f.Points, p)
	}
}

// set splits what a month is expected to cost into what is in and what is to come. More
// than expected may be in: then nothing more is.
func (p *Point) set(y, in *big.Rat) error {
	var err error
	if p.Amount, err = models.RoundRat(y, cents); err != nil {
		return err
	}
	got, err := models.RoundRat(in, models.ExactPlaces)
	if err != nil {
		return err
	}
	if p.Rest, err = p.Amount.Sub(got); err != nil {
		return err
	}
	if p.Rest.Sign()*p.Amount.Sign() < 0 || p.Amount.IsZero() {
		p.Amount, p.Rest = got, models.Exact{}
	}
	return nil
}
