package handlers

import (
	"pilveturg/models/search"
	"pilveturg/views"
)

// hitKey names how a service is shown among results.
type hitKey struct {
	offering int64
	stamp    uint32 // of the offering and the organisations around it
}

// keptHit is a service drawn for a language, with where its words stand.
type keptHit struct {
	card                  *views.HitCard
	name, vendor, summary search.Outline
	tagged                bool
	papers                []search.Paper
}

func (h *keptHit) room() int {
	return h.card.Len() + h.name.Len() + h.vendor.Len() + h.summary.Len() + 1<<7 + len(h.papers)<<8
}

// card returns how a result is shown whatever was asked.
func (a *ask) card(h *search.Hit) *keptHit {
	key := hitKey{h.ID, h.Stamp()}
	kept, ok := a.words.hits.get(key)
	if !ok {
		kept = a.newCard(h)
		a.words.hits.put(key, kept)
	}
	return kept
}

func (a *ask) newCard(h *search.Hit) *keptHit {
	c, papers := h.CardAndPapers()
	name, summary := a.nameAndSummary(c.Words)
	vendor := views.In(c.Vendor, a.Tag)
	w := views.HitWords{
		Value:   serviceNumber(c.ID),
		Name:    name,
		URL:     at(a.Tag, servicePath(c.ID, c.Slug)),
		Vendor:  views.Link{URL: at(a.Tag, vendorPath(c.VendorID, c.VendorURL)), Text: vendor.Text, Lang: vendor.Lang},
		Summary: summary,
		Tags:    a.tags(c.Offering, c.DemoPrice),
		Price:   a.priceLine(c.Plans),
		Users:   a.usedBy(c.Users),
	}
	x := a.index
	return &keptHit{card: a.words.views.HitCard(&w), name: x.Outline(name.Text), vendor: x.Outline(vendor.Text), summary: x.Outline(summary.Text),
		tagged: len(w.Tags) > 0, papers: papers}
}

// usualMarks is about how many words are marked in a result.
const usualMarks = 4

// hit is how a result is shown, with what was asked marked in it; the marks are
// added to those of the results before.
func (a *ask) hit(h *search.Hit, kept *keptHit, m *search.Marker, marks []views.Span) (views.Hit, []views.Span) {
	v := views.Hit{Card: kept.card}
	if m != nil {
		find := func(o *search.Outline) []views.Span {
			var found []views.Span
			found, marks = a.spans(m, o, marks)
			return found
		}
		v.Names, v.Vendors, v.Marks = find(&kept.name), find(&kept.vendor), find(&kept.summary)
		if len(v.Names)+len(v.Vendors)+len(v.Marks) == 0 {
			v.FoundIn = a.foundIn(h, kept.papers, m)
		}
	}
	if a.req.Volume != nil {
		v.Year, v.For = a.year(h.Price())
	}
	return v, marks
}

// foundIn is the title of the document that the words stand in; nothing when they
// stand elsewhere as well.
func (a *ask) foundIn(h *search.Hit, papers []search.Paper, m *search.Marker) views.Words {
	i := h.FoundIn(papers, m)
	if i < 0 {
		return views.Words{}
	}
	return views.In(papers[i].Titles, a.Tag)
}

func (a *ask) spans(m *search.Marker, o *search.Outline, marks []views.Span) (found, all []views.Span) {
	a.found = m.Find(a.found[:0], o)
	start := len(marks)
	for _, s := range a.found {
		marks = append(marks, views.Span(s))
	}
	return marks[start:len(marks):len(marks)], marks
}
