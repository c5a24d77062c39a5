package search

import (
	"fmt"
	"slices"

	"pilveturg/models"
)

// Body returns the document in the form in which it is stored. It fails when the
// document says something that the layout does not know.
func (l *Layout) Body(d *Document) ([]byte, error) {
	w := wire{}
	w.int(d.Card.ID)
	w.int(d.Stamp)
	vendor := wire{}
	vendor.int(d.Card.VendorID)
	vendor.string(d.Card.VendorURL)
	vendor.text(d.Card.Vendor)
	w.bytes(vendor.b)
	if err := l.putValues(&w, d); err != nil {
		return nil, fmt.Errorf("search document of offering %d: %w", d.Card.ID, err)
	}
	w.count(len(d.Names))
	for _, n := range d.Names {
		w.string(n)
	}
	putTerms(&w, d)
	w.bytes(cardBytes(d))
	return w.b, nil
}

// putValues writes the values and numbers: what is in the layout by its ordinal.
func (l *Layout) putValues(w *wire, d *Document) error {
	row := make([]byte, (l.fixed+7)/8)
	type code struct {
		group int
		text  string
	}
	var codes []code
	for _, v := range d.Values {
		g, ok := l.group[v.Group]
		if !ok {
			return fmt.Errorf("there is no group %q", v.Group)
		}
		ordinal, ok := l.value[g][v.Value]
		switch {
		case ok:
			row[ordinal/8] |= 1 << (ordinal % 8)
		case l.Groups[g].Open:
			codes = append(codes, code{g, v.Value})
		default:
			return fmt.Errorf("group %s has no value %q", v.Group, v.Value)
		}
	}
	w.b = append(w.b, row...)
	w.count(len(codes))
	for _, c := range codes {
		w.count(c.group)
		w.string(c.text)
	}
	w.count(len(d.Timed))
	for _, t := range d.Timed {
		now, ok1 := l.ordinal(t.Group, t.Now)
		then, ok2 := l.ordinal(t.Group, t.Then)
		if !ok1 || !ok2 {
			return fmt.Errorf("group %q has no value %q or %q", t.Group, t.Now, t.Then)
		}
		w.date(t.Until)
		w.count(now)
		w.count(then)
	}
	w.count(len(d.Numbers))
	for _, n := range d.Numbers {
		i, ok := l.column[n.Column]
		if !ok {
			return fmt.Errorf("there is no column %q", n.Column)
		}
		w.count(i)
		w.int(n.N)
	}
	return nil
}

// ordinal returns the ordinal of a value that is always there.
func (l *Layout) ordinal(group, value string) (int, bool) {
	g, ok := l.group[group]
	if !ok {
		return 0, false
	}
	o, ok := l.value[g][value]
	return o, ok
}

func putTerms(w *wire, d *Document) {
	w.count(len(d.Terms))
	for _, t := range d.Terms {
		w.string(t.Text)
		w.byte(t.Impact)
	}
	var named []int
	for i, t := range d.Terms {
		if t.Name != 0 {
			named = append(named, i)
		}
	}
	w.count(len(named))
	for _, i := range named {
		w.count(i)
		w.byte(d.Terms[i].Name)
	}
	w.count(len(d.Tokens))
	for _, t := range d.Tokens {
		w.uint(uint64(t))
	}
}

// raw is a stored document taken apart without copying: its texts lie in the
// body. It is used again and again.
type raw struct {
	id      int64
	stamp   int64
	vendor  []byte
	row     []byte
	codes   []rawCode
	timed   []rawTimed
	numbers []rawNumber
	names   [][]byte
	terms   []rawTerm
	named   []rawNamed
	tokens  []uint32
	card    []byte
}

type rawCode struct {
	group int
	text  []byte
}

type rawTimed struct {
	until     int32 // day
	now, then int
}

type rawNumber struct {
	column int
	n      int64
}

type rawTerm struct {
	text   []byte
	impact uint8
}

type rawNamed struct {
	term  uint32
	place uint8
}

// read takes a body apart. It fails with errBody on anything but a whole one.
func (x *raw) read(l *Layout, body []byte) error {
	r := unwire{b: body}
	x.id = r.int()
	x.stamp = r.int()
	x.vendor = r.bytes()
	x.row = r.take((l.fixed + 7) / 8)
	x.readValues(l, &r)
	x.names = x.names[:0]
	for range r.count() {
		x.names = append(x.names, r.bytes())
	}
	x.readTerms(&r)
	x.card = r.bytes()
	if err := r.err(); err != nil {
		return fmt.Errorf("offering %d: %w", x.id, err)
	}
	return nil
}

// idOf returns the offering that a body is of, 0 when it cannot be read.
func idOf(body []byte) int64 {
	r := unwire{b: body}
	return r.int()
}

func (x *raw) readValues(l *Layout, r *unwire) {
	if extra := l.fixed % 8; extra != 0 && len(x.row) > 0 && x.row[len(x.row)-1]>>extra != 0 {
		r.fail()
	}
	x.codes, x.timed, x.numbers = x.codes[:0], x.timed[:0], x.numbers[:0]
	for range r.count() {
		c := rawCode{r.below(len(l.Groups)), r.bytes()}
		if !r.bad && !l.Groups[c.group].Open {
			r.fail()
		}
		x.codes = append(x.codes, c)
	}
	for range r.count() {
		x.timed = append(x.timed, rawTimed{int32(r.day()), r.below(l.fixed), r.below(l.fixed)})
	}
	for range r.count() {
		x.numbers = append(x.numbers, rawNumber{r.below(len(l.Columns)), r.int()})
	}
}

func (x *raw) readTerms(r *unwire) {
	x.terms, x.named, x.tokens = x.terms[:0], x.named[:0], x.tokens[:0]
	n := r.count()
	for range n {
		x.terms = append(x.terms, rawTerm{r.bytes(), r.byte()})
	}
	for range r.count() {
		x.named = append(x.named, rawNamed{uint32(r.below(n)), r.byte()})
	}
	for range r.count() {
		x.tokens = append(x.tokens, uint32(r.below(n+1)))
	}
}

// readVendor reads the vendor part of a body.
func readVendor(b []byte) (Vendor, error) {
	r := unwire{b: b}
	v := Vendor{ID: r.int(), Slug: r.string(), Names: r.text()}
	return v, r.err()
}

// ReadBody is the other way round of [Layout.Body]. It fails when the body is
// damaged.
func (l *Layout) ReadBody(body []byte) (*Document, error) {
	var x raw
	if err := x.read(l, body); err != nil {
		return nil, err
	}
	card, more, err := readCard(x.card)
	if err != nil {
		return nil, err
	}
	vendor, err := readVendor(x.vendor)
	if err != nil {
		return nil, err
	}
	card.ID, card.VendorID, card.VendorURL, card.Vendor = x.id, vendor.ID, vendor.Slug, vendor.Names
	d := &Document{Card: card, Stamp: x.stamp, Checked: more.checked, Papers: more.papers, Tokens: slices.Clone(x.tokens)}
	x.values(l, d)
	for _, n := range x.names {
		d.Names = append(d.Names, string(n))
	}
	for _, t := range x.terms {
		d.Terms = append(d.Terms, Term{Text: string(t.text), Impact: t.impact})
	}
	for _, n := range x.named {
		d.Terms[n.term].Name = n.place
	}
	return d, nil
}

// values spells out the ordinals.
func (x *raw) values(l *Layout, d *Document) {
	spell := func(ordinal int) Value {
		g, _ := slices.BinarySearch(l.first, ordinal+1)
		return Value{l.Groups[g-1].Key, l.Groups[g-1].Values[ordinal-l.first[g-1]]}
	}
	for o := range l.fixed {
		if x.row[o/8]&(1<<(o%8)) != 0 {
			v := spell(o)
			d.value(v.Group, v.Value)
		}
	}
	for _, c := range x.codes {
		d.value(l.Groups[c.group].Key, string(c.text))
	}
	for _, t := range x.timed {
		now, then := spell(t.now), spell(t.then)
		until := models.Date{}
		if t.until != noDay {
			until = dayOf(int64(t.until))
		}
		d.Timed = append(d.Timed, Timed{now.Group, until, now.Value, then.Value})
	}
	for _, n := range x.numbers {
		d.Numbers = append(d.Numbers, Number{l.Columns[n.column].Key, n.n})
	}
}
