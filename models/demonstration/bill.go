package demonstration

import (
	"cmp"
	"fmt"
	"slices"

	"pilveturg/models"
	"pilveturg/models/pricing"
)

// bill is an invoice of the story.
type bill struct {
	body     *bodyAt
	run      *running // nil: it is of none of the story's
	rank     int      // tells bills of a day apart
	number   string
	issued   models.Date
	due      models.Date
	vendor   vendor
	contract string // as the body names it; "": the invoice names none
	order    string
	category string // name
	cpv      string // its code
	service  string // name
	lines    []billLine
	currency string // ISO 4217
	vat      int64  // percent; 0: the buyer accounts for it
	elastic  bool   // it is of a run that is
	document bool   // it comes as a file of its own
	credits  *bill  // that this one takes back, wholly or in part
	copyOf   *bill
}

type vendor struct{ name, code, country string }

// billLine is a line of a bill. Without a quantity it is one piece.
type billLine struct {
	text     string
	quantity models.Decimal
	unit     string // name; "" for pieces of what the contract counts, and where nothing is counted
	price    models.Decimal
	batch    models.Decimal // that the price is for; 0 for one
	cents    int64          // without VAT
	from, to models.Date
	setUp    bool
}

// cents is what a bill comes to, without VAT.
func (b *bill) cents() (sum int64) {
	for _, l := range b.lines {
		sum += l.cents
	}
	return sum
}

// dueDays is how many days a body has to pay.
const dueDays = 21

// vatOn is the rate of VAT that held on a day, in percent.
func vatOn(day models.Date) int64 {
	switch {
	case day.Before(models.NewDate(2024, 1, 1)):
		return 20
	case day.Before(models.NewDate(2025, 7, 1)):
		return 22
	}
	return 24
}

// tax is the VAT on an amount in cents, rounded half up.
func tax(cents, percent int64) int64 {
	if cents < 0 {
		return -tax(-cents, percent)
	}
	return (cents*percent + 50) / 100
}

// bill is what a month of a run is billed; nil where nothing is. Months in which nothing
// is billed, because the list says quarters or years, are on the bill of the last one.
func (t *tale) bill(one *running, m month) (*bill, error) {
	b := &bill{body: one.body, rank: one.rank, issued: m.last(), due: m.last().AddDays(dueDays), currency: "EUR", elastic: one.Elastic, run: one}
	plan := t.planOn(one, m.first())
	if plan.Billing != pricing.PerQuarter || m.of()%3 == 0 || m == one.over {
		from := m
		if plan.Billing == pricing.PerQuarter {
			from = max(one.first, m-month((m.of()-1)%3))
		}
		for at := from; at <= m; at++ {
			if err := t.monthly(one, at, b); err != nil {
				return nil, err
			}
		}
	}
	if err := t.yearly(one, m, plan, b); err != nil || b.cents() == 0 {
		return nil, err
	}
	b.dress(t, one)
	return b, nil
}

// dress says on a bill who bills what.
func (b *bill) dress(t *tale, one *running) {
	b.vendor = vendor{one.vendor.Names["et"], one.vendor.Key.Code, one.vendor.Country}
	if b.vendor.country == "EE" {
		b.vat = vatOn(b.issued)
	}
	v := one.newest()
	b.service = v.Words[v.Language].Name
	if w, ok := v.Words["et"]; ok {
		b.service = w.Name
	}
	if len(v.Categories) > 0 {
		c, _ := t.schema.Category(v.Categories[0])
		b.category = c.Names["et"]
		if len(c.CPV) > 0 {
			b.cpv = c.CPV[0]
		}
	}
	b.run = one
}

// refer has a bill name the contract as the body's pages do: by its own number, or by the
// portal's.
func (b *bill) refer() {
	if b.run == nil || b.run.contract == nil {
		return
	}
	s := &b.run.contract.Subscription
	b.order, b.contract = s.Code(), s.Reference
	if b.contract == "" {
		b.contract = b.order
	}
}

// scale is how much of a usual month is used in a month, per mille, and whether anything
// is paid.
func (t *tale) scale(one *running, m month) (mille int64, pays bool) {
	percent, pays := one.Season.share(m.of())
	mille = percent * 10
	flow := false
	if u, ok := t.schema.Unit(one.Unit); ok {
		flow = u.Flow
	}
	if one.Elastic {
		mille = mille * t.pace[m.year()-t.january(-2).year()] / 1000
	}
	if one.Elastic || flow {
		mille = mille * (100 + wobble(7, int64(one.rank), int64(t.last-m), 1)) / 100
	}
	return mille, pays
}

// used is a quantity times a scale per mille, in whole pieces, at least one.
func used(n models.Decimal, mille int64) models.Decimal {
	whole, _ := n.Int64()
	return models.Whole(max(1, (whole*mille+500)/1000))
}

// monthly adds what a month costs that is paid by the month.
func (t *tale) monthly(one *running, m month, b *bill) error {
	plan := *t.planOn(one, m.first())
	if months := t.charged(&plan); months != nil && !slices.Contains(months, m.of()) {
		return nil
	}
	mille, pays := t.scale(one, m)
	if !pays && one.Season != "exams" {
		return nil
	}
	as := *one.Run
	if one.Flow.Sign() > 0 {
		as.Quantity = one.Flow
	}
	u := t.usage(&as, func(n models.Decimal) models.Decimal {
		if mille == 1000 {
			return n
		}
		return used(n, mille)
	})
	plan.Billing, plan.Year = pricing.PerMonth, pricing.Year{}
	q, err := plan.Quote(u)
	if err != nil {
		return err
	}
	for i := range q.Lines {
		l := &q.Lines[i]
		if l.Charge.Per == pricing.PerMonth && len(l.Bills) > 0 && !l.Charge.Optional {
			b.add(t, l, l.Bills[0].Amount.High.Minor, m.first(), m.last())
		}
	}
	return nil
}

// charged are the months of a year that a plan charges; nil for all.
func (t *tale) charged(p *pricing.Plan) (months []int) {
	if p.Year.Months == 0 || p.Year.Months == 12 {
		return nil
	}
	for i := range p.Year.Months {
		months = append(months, (int(p.Year.Start)-1+i)%12+1)
	}
	return months
}

// yearly adds what is paid once a year, in the month in which the run began, what is paid
// once, in its first month, and the sittings of exams when they are sat.
func (t *tale) yearly(one *running, m month, plan *pricing.Plan, b *bill) error {
	anniversary := m.of() == wholeMonth(one.begun).of()
	sat := int64(0)
	if one.Season == "exams" {
		sat = exams(m.of())
	}
	if !anniversary && m != one.first && sat == 0 {
		return nil
	}
	q, err := plan.Quote(t.usage(one.Run, func(n models.Decimal) models.Decimal { return n }))
	if err != nil {
		return err
	}
	for i := range q.Lines {
		l := &q.Lines[i]
		if l.Charge.Optional || len(l.Bills) == 0 {
			continue
		}
		cents := l.Bills[0].Amount.High.Minor
		switch per := l.Charge.Per; {
		case per == pricing.PerYear && l.Charge.Unit == "sitting":
			if sat > 0 {
				b.lines = append(b.lines, billLine{text: l.Charge.Name["et"], cents: cents * sat / 100})
			}
		case per == pricing.PerYear && anniversary:
			b.add(t, l, cents, m.first(), (m + 11).last())
		case per == pricing.Once && m == wholeMonth(one.begun):
			b.add(t, l, cents, models.Date{}, models.Date{})
			b.lines[len(b.lines)-1].setUp = true
		}
	}
	return nil
}

// add adds a line that a plan works out, with its price where there is a single one.
func (b *bill) add(t *tale, l *pricing.Line, cents int64, from, to models.Date) {
	if cents == 0 {
		return
	}
	out := billLine{text: l.Charge.Name["et"], cents: cents, from: from, to: to}
	if out.text == "" {
		out.text = l.Charge.Name["en"]
	}
	w := &l.Working[0]
	priced := slices.DeleteFunc(slices.Clone(w.Parts), func(p pricing.Part) bool { return p.Included })
	if l.Charge.Unit != "" && l.Charge.Mode != pricing.Band && len(priced) == 1 && !w.Raised && !w.Lowered && w.Each == models.Whole(1) {
		u, _ := t.schema.Unit(l.Charge.Unit)
		out.quantity, out.price = priced[0].Count, priced[0].Price.High
		switch {
		case l.Charge.Batch.Cmp(models.Whole(1)) > 0:
			out.unit, out.batch = l.Charge.Batch.String()+" × "+u.Names["et"].One, l.Charge.Batch
		case l.Charge.Unit != b.run.Unit || !b.run.even:
			out.unit = u.Names["et"].One
		}
	}
	b.lines = append(b.lines, out)
}

// all are the bills of runs in some months, the last one included, without numbers.
func (t *tale) all(from, upTo month, runs []*running) (all []*bill, err error) {
	for _, one := range runs {
		over := one.over
		if one.Ended == nil {
			over = upTo
		}
		for m := max(one.first, from); m <= min(over, upTo); m++ {
			b, err := t.bill(one, m)
			if err != nil {
				return nil, fmt.Errorf("%s for %s in %s: %w", one.Service, one.Body, m, err)
			}
			if b != nil {
				all = append(all, b)
			}
		}
	}
	return all, nil
}

// wholeMonth is the first month that lies behind a day, or begins with it.
func wholeMonth(day models.Date) month { return monthOf(day.AddDays(-1)) + 1 }

// older are the bills for contracts that the body brought itself: a twelfth of a year's
// price each month.
func (t *tale) older(upTo month) (all []*bill) {
	for i := range t.old {
		s := &t.old[i]
		for m := max(t.january(-2), wholeMonth(s.FirstUse)); m <= upTo; m++ {
			for _, body := range t.bodies {
				if body.org.ID == s.OrgID {
					b := &bill{body: body, rank: 1000 + i, issued: m.last(), due: m.last().AddDays(dueDays), currency: "EUR", vendor: vendor{s.Vendor, "", "EE"}, contract: s.Reference, order: s.Code(), service: s.Service, vat: vatOn(m.last())}
					b.lines = []billLine{{text: s.Service, cents: s.Year / 12, from: m.first(), to: m.last()}}
					all = append(all, b)
				}
			}
		}
	}
	return all
}

// number orders bills by their days and numbers them, in each year from 1.
func number(all []*bill) {
	slices.SortStableFunc(all, func(a, b *bill) int {
		return cmp.Or(a.issued.Time().Compare(b.issued.Time()), cmp.Compare(a.rank, b.rank))
	})
	next := map[int]int{}
	for _, b := range all {
		if year := b.issued.Time().Year(); b.copyOf == nil {
			next[year]++
			b.number = fmt.Sprintf("IN-%d-%05d", year, next[year])
		}
	}
	for _, b := range all {
		if b.copyOf != nil {
			b.number = b.copyOf.number
		}
	}
}
