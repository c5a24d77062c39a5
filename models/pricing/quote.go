package pricing

import (
	"fmt"
	"time"

	"pilveturg/models"
)

// Total is what a plan costs one buyer, without VAT and without what is passed
// through.
type Total struct {
	Year      Span // all that recurs, in one year
	Once      Span // set-up and other one-off charges
	OnRequest bool // some of it is on request; the sums hold the rest
}

// Quote is a [Total] with the working shown.
type Quote struct {
	Kind      Kind
	Currency  string
	VAT       *models.Decimal // percent; nil when not known
	Lines     []Line          // of the charges that count, in the order of the plan
	PassedOn  []*Charge       // what the buyer pays to others; in no sum
	Months    int             // charged in a year
	Calendar  []time.Month    // which ones, from the start; empty when the plan and the buyer leave it open
	Recurring []Recurring     // what the invoices of a year come to, by length
	Year      Sum             // all that recurs, in one year
	Once      Sum             // set-up and other one-off charges
	First     Sum             // both: the first year
	OnRequest bool            // some of it is on request; the sums hold the rest
	Assumed   []string        // units taken as 1 because no quantity was given
}

// Sum is an amount without VAT, the VAT on it and both together; the last two are
// nil when the rate is not known. VAT is rounded once, on the amount.
type Sum struct {
	Net   Span
	VAT   *Span
	Gross *Span
}

// Line is one charge worked out.
type Line struct {
	Charge     *Charge
	Working    []Working   // of one period; a second one when the last quarter of a year is short
	Bills      []Bill      // of a year; rounding happens here and nowhere else
	Total      Span        // of a year, or of the one time: the sum of the bills
	Milestones []Milestone // their amounts add up to Total
	OnRequest  bool        // no price is told for this quantity; Bills are empty and Total is 0
}

// more counts further periods that cost the same.
func (l *Line) more(times int) {
	if l != nil {
		l.Working[0].Times += times
	}
}

// Working is how a charge's amount in one of its periods comes about.
type Working struct {
	Times    int            // so many such periods in a year
	Months   int            // charged months in one; 1 for what is paid once
	Quantity models.Decimal // in one; 1 when nothing is counted
	Each     models.Decimal // how many the quantity is spread over; 1 when it is not
	Parts    []Part         // step by step
	Sum      Range          // of the parts
	Minimum  models.Decimal // in force for the period; 0 when there is none
	Maximum  models.Decimal
	Raised   bool  // to the minimum
	Lowered  bool  // to the maximum
	Amount   Range // exact, the result
}

// add notes a part; nobody looks when w is nil.
func (w *Working) add(p Part) {
	if w != nil {
		w.Parts = append(w.Parts, p)
	}
}

// Part is a piece of the quantity at one price: Count × Price = Amount.
type Part struct {
	Step     int            // index of the step in the charge
	Above    models.Decimal // the piece is what is above this,
	To       models.Decimal // up to this
	Included bool           // costs nothing; Count and Price are 0
	Count    models.Decimal // batches; in bands and without a unit, how many times the price is paid
	Price    Range          // of one batch; for a percentage, the rate in percent
	Amount   Range          // exact
}

// Bill is a number of equal invoices of one charge in a year.
type Bill struct {
	Per     Period
	Times   int
	Months  int // charged months in one
	Exact   Range
	Amount  Span // Exact rounded to minor units, half away from zero
	rounded Range
}

// Recurring is a number of equal invoices of a plan in a year.
type Recurring struct {
	Per    Period
	Times  int
	Months int // charged months in one
	Amount Span
}

// Milestone is a share of a project's price.
type Milestone struct {
	Percent models.Decimal
	Amount  Span
}

// Yearly returns the sums of [Plan.Quote], and fails as it does, but does not keep
// the working: it is made for pricing many plans at once.
func (p *Plan) Yearly(u Usage) (Total, error) {
	w := work{usage: u}
	return w.plan(p)
}

// Quote works out exactly what the plan costs a buyer, line by line.
//
// A year has the plan's charged months, or Usage.Months when given: any twelve
// months in a row hold ten months of a ten-month school year, so a use that starts
// in March is charged for March to June and September to February, as
// Quote.Calendar lists. More months than the plan's lengthen its year at the end,
// fewer end the use earlier. A charge by the month is paid for each charged month;
// quarters and years that are begun are paid whole, but a flow in a short quarter
// is what flows in its months.
//
// It fails with [MissingError] when quantities are not given, [models.Invalid] (by
// unit id, "months", "start", "options") when what is given makes no sense, and
// [models.ErrOverflow]. The plan must have passed [Plan.Check].
func (p *Plan) Quote(u Usage) (Quote, error) {
	q := Quote{Kind: p.kind(), Currency: p.Currency, VAT: p.VAT}
	w := work{usage: u, quote: &q}
	total, err := w.plan(p)
	if err != nil {
		return Quote{}, err
	}
	q.Months, q.OnRequest = w.months, total.OnRequest
	q.Calendar = p.calendar(w.months, u.Start)
	q.Recurring = w.recur()
	q.Year, q.Once = w.sum(p.VAT, w.year), w.sum(p.VAT, w.once)
	q.First = w.sum(p.VAT, w.addRange(w.year, w.once))
	if w.err != nil {
		return Quote{}, fmt.Errorf("plan %q: %w", p.Code, w.err)
	}
	return q, nil
}

func (p *Plan) kind() Kind {
	if p.Kind == "" {
		return Listed
	}
	return p.Kind
}

// plan works out all charges of a plan.
func (w *work) plan(p *Plan) (Total, error) {
	if err := w.usage.check(p); err != nil {
		return Total{}, err
	}
	w.currency, w.places = p.Currency, models.MinorPlaces(p.Currency)
	w.billing, w.months = p.Billing, w.usage.Months
	if w.months == 0 {
		w.months = p.Year.months()
	}
	w.onRequest = p.Kind == Request
	for i := range p.Charges {
		c := &p.Charges[i]
		switch {
		case c.Kind == PassThrough:
			w.passOn(c)
		case !c.Optional || w.usage.chose(c.Code):
			w.charge(c)
		}
	}
	if len(w.missing) > 0 {
		return Total{}, &MissingError{w.missing}
	}
	t := Total{w.span(w.year, w.currency), w.span(w.once, w.currency), w.onRequest}
	if w.err != nil {
		return Total{}, fmt.Errorf("plan %q: %w", p.Code, w.err)
	}
	return t, nil
}

func (w *work) passOn(c *Charge) {
	if w.quote != nil {
		w.quote.PassedOn = append(w.quote.PassedOn, c)
	}
}

func (y Year) months() int {
	if y.Months == 0 {
		return 12
	}
	return y.Months
}

// calendar lists the charged months from the start of the use.
func (p *Plan) calendar(months int, start time.Month) []time.Month {
	first := p.Year.Start
	if start == 0 {
		start = first
	}
	if first == 0 {
		if first = start; p.Year.months() < 12 {
			return nil // which months are free is not known
		}
	}
	if start == 0 {
		return nil
	}
	open := max(months, p.Year.months())
	var list []time.Month
	for i := range 12 {
		m := (int(start)-1+i)%12 + 1
		if (m-int(first)+12)%12 < open && len(list) < months {
			list = append(list, time.Month(m))
		}
	}
	return list
}

// sum adds VAT to an amount.
func (w *work) sum(rate *models.Decimal, net Range) Sum {
	s := Sum{Net: w.span(net, w.currency)}
	if rate == nil {
		return s
	}
	tax := Range{Low: w.percent(net.Low, *rate), High: w.percent(net.High, *rate), Open: net.Open}.round(w.places)
	vat, gross := w.span(tax, w.currency), w.span(w.addRange(net, tax), w.currency)
	s.VAT, s.Gross = &vat, &gross
	return s
}

// Years returns what n years cost, the one-off charges included. It fails with
// [models.Invalid] by "years" unless n is 1 to 100, or [models.ErrOverflow].
func (q *Quote) Years(n int) (Sum, error) {
	if n < 1 || n > 100 {
		return Sum{}, models.Invalid{"years": "quote.years"}
	}
	w := work{currency: q.Currency, places: models.MinorPlaces(q.Currency)}
	years := w.mulRange(q.Year.Net.exact(), models.Whole(int64(n)))
	s := w.sum(q.VAT, w.addRange(years, q.Once.Net.exact()))
	if w.err != nil {
		return Sum{}, fmt.Errorf("%d years: %w", n, w.err)
	}
	return s, nil
}

func (s Span) exact() Range { return Range{s.Low.Decimal(), s.High.Decimal(), s.Open} }
