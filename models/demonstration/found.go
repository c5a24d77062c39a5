package demonstration

import (
	"context"
	"fmt"

	"pilveturg/db"
	"pilveturg/models"
	"pilveturg/models/spend"
)

// plant adds to the bills what is to be found in them.
func (t *tale) plant(ctx context.Context, r db.Reader, all []*bill) ([]*bill, error) {
	for i, l := range t.Loose {
		if b := t.loose(i, l); b != nil {
			all = append(all, b)
		}
	}
	all = t.twice(all)
	all = t.credit(all)
	dollars, err := t.dollars(ctx, r)
	if err != nil {
		return nil, err
	}
	if dollars != nil {
		all = append(all, dollars)
	}
	return t.unconfirmed(all), nil
}

// service finds a run of a service, of a body where it is named.
func (t *tale) service(key, body models.Key) *running {
	var found *running
	for _, one := range t.runs {
		if one.Service == key && (found == nil || one.Body == body) {
			found = one
		}
	}
	return found
}

// loose is a bill that names no contract; nil where its body or service is not there.
func (t *tale) loose(i int, l Loose) *bill {
	body, day := t.body(l.Body), (t.last - month(l.Back)).first().AddDays(9+i)
	sold, ok := t.sold[l.Service]
	if body == nil || !ok {
		return nil
	}
	b := &bill{body: body, rank: 2000 + i, issued: day, due: day.AddDays(dueDays), currency: "EUR", document: true}
	b.dress(t, &running{Run: &Run{}, sold: sold})
	b.lines = []billLine{{text: l.Text, cents: l.Cents}}
	return b
}

// at finds the bill of a month for a service of a body.
func at(all []*bill, one *running, m month) *bill {
	for _, b := range all {
		if one != nil && b.rank == one.rank && monthOf(b.issued) == m {
			return b
		}
	}
	return nil
}

// marked finds the run with a mark.
func (t *tale) marked(mark Mark) *running {
	for _, one := range t.runs {
		if one.Mark == mark {
			return one
		}
	}
	return nil
}

// twice has a bill for map loads brought a second time.
func (t *tale) twice(all []*bill) []*bill {
	first := at(all, t.marked(Ceiling), t.last-2)
	if first == nil {
		return all
	}
	first.document = true
	second := *first
	second.copyOf = first
	return append(all, &second)
}

// credit takes a part of a bill for documents back: some of the users had left.
func (t *tale) credit(all []*bill) []*bill {
	one := t.service(models.Key{Scheme: "demo", Code: "arhiivik-dhs"}, models.Key{Scheme: "demo", Code: "a7"})
	first := at(all, one, t.last-3)
	if first == nil || first.lines[0].price.IsZero() {
		return all
	}
	first.document = true
	b := *first
	b.issued = (t.last - 2).first().AddDays(11)
	b.due, b.rank, b.credits = b.issued, 3000, first
	l := first.lines[0]
	l.text, l.quantity = "Tagastus: lahkunud kasutajad", models.Whole(20)
	amount, err := l.price.Mul(l.quantity)
	if err != nil {
		return all
	}
	money, err := amount.Money("EUR")
	if err != nil {
		return all
	}
	l.cents = -money.Minor
	b.lines = []billLine{l}
	return append(all, &b)
}

// dollars is a bill in dollars, of the newest day for which their rate is known; nil where
// none is within the three years.
func (t *tale) dollars(ctx context.Context, r db.Reader) (*bill, error) {
	one := t.marked(Dollars)
	if one == nil {
		return nil, nil
	}
	for m := t.last; m >= max(t.january(-2), one.first); m-- {
		rate, err := spend.NewRates().Find(ctx, r, "USD", m.last())
		if err != nil {
			continue // there may be one for the month before
		}
		if rate.Day.Before(m.first()) {
			continue
		}
		b := &bill{body: one.body, rank: 4000, issued: rate.Day, due: rate.Day.AddDays(dueDays), currency: "USD", document: true}
		b.dress(t, one)
		b.lines = []billLine{{text: "Training in English, two days", cents: 184000}}
		return b, nil
	}
	return nil, nil
}

// unconfirmed leaves the last month of one body out: it has not brought it.
func (t *tale) unconfirmed(all []*bill) (kept []*bill) {
	for _, b := range all {
		if b.body.Organisation != t.Unconfirmed || monthOf(b.issued) != t.last {
			kept = append(kept, b)
		}
	}
	return kept
}

// settle sets the pace of what is elastic in each year so that the whole year comes to
// what it is to come to. Months to come of the last year are reckoned as if they were
// over.
func (t *tale) settle(ctx context.Context, r db.Reader) error {
	december := t.january(0) + 11
	all, err := t.all(0, december, t.runs)
	if err == nil {
		all, err = t.plant(ctx, r, append(all, t.older(december)...))
	}
	if err != nil {
		return err
	}
	var elastic []*running
	for _, one := range t.runs {
		if one.Elastic {
			elastic = append(elastic, one)
		}
	}
	for i := range t.pace {
		fixed := int64(0)
		for _, b := range all {
			if b.issued.Time().Year() == t.january(i-2).year() && b.currency == "EUR" && !b.elastic {
				fixed += b.cents()
			}
		}
		if err := t.settleYear(i, elastic, t.Targets[i]-fixed); err != nil {
			return err
		}
	}
	return nil
}

// settleYear finds the pace at which what is elastic comes to so much in a year.
func (t *tale) settleYear(i int, elastic []*running, want int64) error {
	low, high := int64(20), int64(8000)
	for low < high {
		t.pace[i] = (low + high) / 2
		all, err := t.all(t.january(i-2), t.january(i-2)+11, elastic)
		if err != nil {
			return err
		}
		sum := int64(0)
		for _, b := range all {
			sum += b.cents()
		}
		if sum < want {
			low = t.pace[i] + 1
		} else {
			high = t.pace[i]
		}
	}
	t.pace[i] = low
	return nil
}

// bills are all that is billed, numbered.
func (t *tale) bills(ctx context.Context, r db.Reader) ([]*bill, error) {
	if err := t.settle(ctx, r); err != nil {
		return nil, fmt.Errorf("pace of the demonstration: %w", err)
	}
	all, err := t.all(0, t.last, t.runs)
	if err == nil {
		all, err = t.plant(ctx, r, append(all, t.older(t.last)...))
	}
	number(all)
	return all, err
}
