package views

import (
	"math"
	"strings"
)

// What is the same on many pages of results is drawn once, in advance: boxes but
// for their counts, services but for what is marked in them and what they cost.

// Drawn is a part of a page that was drawn in advance, or is drawn when the page is.
type Drawn interface{ drawn }

// Draw renders a part in advance.
func (v *Views) Draw(part Drawn) Fragment { return v.drawn(part) }

// FacetHead begins a [Facet].
type FacetHead struct{ label, before, after, hint string }

// FacetHead draws the beginning of a facet with an id and a label; hint says how
// several chosen ones work together and may be empty.
func (v *Views) FacetHead(id, label, hint string) *FacetHead {
	var before, after, hints writer
	before.raw(`<details class="facet"`)
	before.attr("id", id)
	after.raw(`</summary><fieldset><legend class="vh">`)
	after.text(label)
	after.raw("</legend>")
	if hint != "" {
		hints.raw(`<p class="hint small">`)
		hints.text(hint)
		hints.raw("</p>")
	}
	var l writer
	l.text(label)
	return &FacetHead{label: string(l.b), before: string(before.b), after: string(after.b), hint: string(hints.b)}
}

// Box is a box of a [Facet]: before and behind what says its state and count.
type Box struct{ before, between string }

// Box draws a box with a value for the field of this name. level is how deep it
// stands in a tree, from 0.
func (v *Views) Box(name, value string, text Words, level int) *Box {
	var before, between writer
	before.raw(`<label class="check`)
	switch {
	case level == 1:
		before.raw(" in1")
	case level > 1:
		before.raw(" in2")
	}
	before.raw(`"><input type="checkbox" name="`)
	before.text(name)
	before.raw(`" value="`)
	before.text(value)
	before.raw(`"`)
	between.raw("><span")
	if text.Lang != "" {
		between.lang(v, text.Lang)
	}
	between.raw(">")
	between.text(text.Text)
	between.raw(" <small>(")
	return &Box{string(before.b), string(between.b)}
}

func (f *Facet) draw(w *writer, v *Views) {
	h := f.Head
	w.raw(h.before)
	if f.Open {
		w.raw(" open")
	}
	w.raw("><summary>")
	w.raw(h.label)
	if f.Chosen != "" {
		w.raw(" – ")
		w.text(f.Chosen)
	}
	w.raw(h.after)
	if f.Hint {
		w.raw(h.hint)
	}
	w.raw("\n")
	for i := range f.Options {
		f.Options[i].draw(w, v)
	}
	w.raw("</fieldset></details>\n")
}

// draw writes a box with what choosing it would leave; one that would leave
// nothing cannot be chosen.
func (o *FacetOption) draw(w *writer, v *Views) {
	w.raw(o.Box.before)
	switch {
	case o.Chosen:
		w.raw(" checked")
	case o.Count == 0:
		w.raw(" disabled")
	}
	w.raw(o.Box.between)
	w.number(v, o.Count)
	w.raw(")</small></span></label>\n")
}

// HitWords are what a found service shows whatever was asked.
type HitWords struct {
	Value   string // its number, "sc-142"
	Name    Words
	URL     string
	Vendor  Link
	Summary Words
	Tags    []Tag
	Price   string // "from 0,45 € per pupil a month"; what is not known is said
	Users   string
}

// The pieces of a [HitCard].
const (
	hitValue = iota
	hitURL
	hitName
	hitVendorURL
	hitVendor
	hitSummary
	hitTags
	hitPrice
	hitUsers
	hitPieces
)

// HitCard is what a found service shows whatever was asked, escaped in advance.
// There may be very many, so the markup that all have is not in it.
type HitCard struct {
	html                          string            // all pieces
	ends                          [hitPieces]uint16 // of each
	name, vendor, summary         string            // as they were, where escaping changed them
	nameLang, vendorLang, sumLang string
}

// Len is about how many bytes the card takes.
func (c *HitCard) Len() int {
	const itself = 176
	return itself + len(c.html) + len(c.name) + len(c.vendor) + len(c.summary)
}

// HitCard escapes what a found service shows whatever was asked.
func (v *Views) HitCard(h *HitWords) *HitCard {
	c := &HitCard{nameLang: h.Name.Lang, vendorLang: h.Vendor.Lang, sumLang: h.Summary.Lang}
	var room [1 << 10]byte
	w := writer{room[:0]}
	for i, draw := range [hitPieces]func(){
		hitValue:     func() { w.text(h.Value) },
		hitURL:       func() { w.url(h.URL) },
		hitName:      func() { c.name = w.changed(h.Name.Text) },
		hitVendorURL: func() { w.url(h.Vendor.URL) },
		hitVendor:    func() { c.vendor = w.changed(h.Vendor.Text) },
		hitSummary:   func() { c.summary = w.changed(h.Summary.Text) },
		hitTags:      func() { w.tags(h.Tags) },
		hitPrice:     func() { w.text(h.Price) },
		hitUsers:     func() { w.text(h.Users) },
	} {
		if draw(); len(w.b) <= math.MaxUint16 { // more than any listing may have
			c.ends[i] = uint16(len(w.b))
		}
	}
	c.html = string(w.b)
	return c
}

// changed appends a text and returns it when escaping made it another one.
func (w *writer) changed(text string) string {
	start := len(w.b)
	if w.text(text); string(w.b[start:]) == text {
		return ""
	}
	return text
}

func (c *HitCard) piece(i int) string {
	start := uint16(0)
	if i > 0 {
		start = c.ends[i-1]
	}
	return c.html[start:max(start, c.ends[i])]
}

// text writes a piece with what is marked in it.
func (c *HitCard) text(w *writer, v *Views, piece int, raw, lang string, marks []Span) {
	w.begin(v, lang)
	switch html := c.piece(piece); {
	case len(marks) == 0:
		w.raw(html)
	case raw == "":
		w.marked(html, marks)
	default:
		w.marked(raw, marks)
	}
	w.finish(v, lang)
}

func (h *Hit) draw(w *writer, v *Views, t *Ticks) {
	c := h.Card
	id := strings.TrimPrefix(c.piece(hitValue), "sc-")
	w.raw(`<li><article class="hit" aria-labelledby="s`)
	w.raw(id)
	w.raw(`"><div><h3 id="s`)
	w.raw(id)
	w.raw(`"><a href="`)
	w.raw(c.piece(hitURL))
	w.raw(`">`)
	c.text(w, v, hitName, c.name, c.nameLang, h.Names)
	w.raw("</a></h3>\n")
	h.vendor(w, v)
	h.summary(w, v)
	h.foundIn(w, v)
	if tags := c.piece(hitTags); tags != "" {
		w.raw("<p>")
		w.raw(tags)
		w.raw("</p>\n")
	}
	w.raw("</div>\n<div class=\"price\">")
	h.price(w)
	h.tick(w, v, t)
}

func (h *Hit) vendor(w *writer, v *Views) {
	c := h.Card
	if c.piece(hitVendor) == "" {
		return
	}
	w.raw(`<p><a href="`)
	w.raw(c.piece(hitVendorURL))
	w.raw(`">`)
	c.text(w, v, hitVendor, c.vendor, c.vendorLang, h.Vendors)
	w.raw("</a></p>\n")
}

func (h *Hit) summary(w *writer, v *Views) {
	c := h.Card
	if c.piece(hitSummary) == "" {
		return
	}
	w.raw("<p>")
	c.text(w, v, hitSummary, c.summary, c.sumLang, h.Marks)
	if c.sumLang != "" && c.sumLang != v.Locale.Tag {
		w.raw(` <span class="muted small">(`)
		w.text(v.Locale.OnlyIn(c.sumLang))
		w.raw(")</span>")
	}
	w.raw("</p>\n")
}

// foundIn says in which document the words stand, and leads to it.
func (h *Hit) foundIn(w *writer, v *Views) {
	if h.FoundIn.Text == "" {
		return
	}
	w.raw(`<p class="small">`)
	w.t(v, "search.found_in")
	w.raw(` <a href="`)
	w.raw(h.Card.piece(hitURL))
	w.raw("#" + DocumentsID + `"><mark>`)
	w.begin(v, h.FoundIn.Lang)
	w.text(h.FoundIn.Text)
	w.finish(v, h.FoundIn.Lang)
	w.raw("</mark></a></p>\n")
}

func (h *Hit) price(w *writer) {
	if h.Year != "" {
		w.raw("<p><strong>")
		w.text(h.Year)
		w.raw("</strong><br>")
		w.text(h.For)
		w.raw("</p>")
	}
	w.raw("<p>")
	w.raw(h.Card.piece(hitPrice))
	if h.Year == "" && h.For != "" {
		w.raw(`<br><span class="muted small">`)
		w.text(h.For)
		w.raw("</span>")
	}
	w.raw(`<br><span class="muted small">`)
	w.raw(h.Card.piece(hitUsers))
	w.raw("</span></p>")
}

// tick writes the box by which a hit is chosen for comparing, and ends the hit.
func (h *Hit) tick(w *writer, v *Views, t *Ticks) {
	if t != nil {
		w.raw(`<label class="check"><input type="checkbox" form="` + ticksID + `" name="`)
		w.text(t.Name)
		w.raw(`" value="`)
		w.raw(h.Card.piece(hitValue))
		w.raw(`"><span>`)
		w.text(t.Label)
		w.raw(`<span class="vh">: `)
		h.Card.text(w, v, hitName, "", h.Card.nameLang, nil)
		w.raw("</span></span></label>")
	}
	w.raw("</div></article></li>\n")
}
