package search

import (
	"maps"
	"slices"

	"pilveturg/models"
	"pilveturg/models/catalogue"
)

// cardBytes writes what a result shows of an offering, its plans first. The names
// of the vendor are kept elsewhere, once for all its offerings.
func cardBytes(d *Document) []byte {
	c := &d.Card
	var w wire
	w.count(len(c.Plans))
	for i := range c.Plans {
		p := wire{}
		p.plan(&c.Plans[i])
		w.bytes(quickPlan(&c.Plans[i]))
		w.bytes(p.b)
	}
	w.int(c.Revision)
	w.string(c.Key.Scheme)
	w.string(c.Key.Code)
	w.string(c.Slug)
	w.word(string(c.Life))
	w.date(c.LifeSince)
	w.int(c.Successor)
	w.flags(c.Unclaimed, c.Invented, c.DemoPrice)
	w.count(c.Published)
	w.date(c.PublicOn)
	w.date(d.Checked)
	w.count(c.Users)
	w.count(len(c.Words))
	for _, lang := range slices.Sorted(maps.Keys(c.Words)) {
		w.word(lang)
		w.string(c.Words[lang].Name)
		w.string(c.Words[lang].Summary)
	}
	w.count(len(d.Papers))
	for _, p := range d.Papers {
		w.text(p.Titles)
		w.count(p.Titled)
		w.flags(p.Text)
	}
	return w.b
}

// besides is what the card of a document holds that a result does not show at once.
type besides struct {
	checked models.Date
	papers  []Paper
}

// readCard is the other way round; the offering's id and the vendor are not in it.
func readCard(b []byte) (c catalogue.Card, more besides, err error) {
	r := unwire{b: b}
	for range r.count() {
		r.bytes()
		p := unwire{b: r.bytes()}
		c.Plans = append(c.Plans, p.plan())
		r.bad = r.bad || p.err() != nil
	}
	c.Revision = r.int()
	c.Key = models.Key{Scheme: r.string(), Code: r.string()}
	c.Slug = r.string()
	c.Life = catalogue.Life(r.word())
	c.LifeSince = r.date()
	c.Successor = r.int()
	r.flags(&c.Unclaimed, &c.Invented, &c.DemoPrice)
	c.Published = int(r.uint())
	c.PublicOn = r.date()
	more.checked = r.date()
	c.Users = int(r.uint())
	n := r.count()
	c.Words = make(map[string]catalogue.Words, n)
	for range n {
		lang := r.word()
		c.Words[lang] = catalogue.Words{Name: r.string(), Summary: r.string()}
	}
	for range r.count() {
		p := Paper{Titles: r.text(), Titled: int(r.uint())}
		r.flags(&p.Text)
		more.papers = append(more.papers, p)
	}
	return c, more, r.err()
}
