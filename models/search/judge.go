package search

import (
	"slices"

	"pilveturg/models"
)

// Verdict says whether an offering meets a [Demand].
type Verdict int

// The verdicts.
const (
	Unsaid Verdict = iota // it is not known
	Meets
	Misses
)

// Facts returns what an offering can be judged by: a document without its texts.
func (l *Layout) Facts(src *Source) *Document {
	d := &Document{Card: card(src), Stamp: src.Stamp, Checked: src.Version.Checked}
	l.facets(src, d)
	l.numbers(src, d)
	return d
}

// Judge says whether a document meets a demand on a day, as [Index.Relax] counts it.
// volume is what the price is asked for.
func (l *Layout) Judge(d *Document, demand *Demand, volume *Volume, day models.Date) Verdict {
	if demand.Key == DemandPrice {
		if volume == nil {
			return Unsaid
		}
		b := newBetween(-1, Range{Min: demand.Min, Max: demand.Max}, models.MinorPlaces(Currency))
		return b.judge(columnPrice(Cheapest(d.Card.Plans, *volume)), 0)
	}
	if i, ok := l.column[demand.Key]; ok {
		at := slices.IndexFunc(d.Numbers, func(n Number) bool { return n.Column == demand.Key })
		if at < 0 {
			return Unsaid
		}
		b := newBetween(i, Range{Min: demand.Min, Max: demand.Max}, l.Columns[i].Places)
		return b.judge(d.Numbers[at].N, unknownNumber)
	}
	has := func(v string) bool { return d.is(demand.Key, v, day) }
	met := slices.ContainsFunc(demand.Values, has)
	if demand.Every {
		met = len(demand.Values) > 0 && !slices.ContainsFunc(demand.Values, func(v string) bool { return !has(v) })
	}
	switch {
	case met:
		return Meets
	case has(Unknown):
		return Unsaid
	}
	return Misses
}

// judge places a number; what is below least is none.
func (b *between) judge(n, least int64) Verdict {
	switch {
	case n < least:
		return Unsaid
	case n >= b.min && n <= b.max:
		return Meets
	}
	return Misses
}

// is reports whether the document has the value on the day.
func (d *Document) is(group, value string, day models.Date) bool {
	if slices.Contains(d.Values, Value{group, value}) {
		return true
	}
	return slices.ContainsFunc(d.Timed, func(t Timed) bool {
		now := t.Now
		if t.Until.Before(day) {
			now = t.Then
		}
		return t.Group == group && now == value
	})
}
