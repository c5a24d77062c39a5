package views

import (
	"strconv"
	"sync"
)

// drawn is a page whose main part is written by hand instead of by a template, or
// any part of a page.
type drawn interface {
	draw(w *writer, v *Views)
}

// roomOfDrawn is how long a page that is drawn is expected to be, in bytes.
const roomOfDrawn = 64 << 10

// writers are used again; a page is copied out of them.
var writers = sync.Pool{New: func() any { return new(writer) }}

// drawn renders what is written by hand.
func (v *Views) drawn(p drawn) Fragment {
	w := writers.Get().(*writer)
	w.b = w.b[:0]
	p.draw(w, v)
	f := Fragment{string(w.b)}
	if cap(w.b) <= keepBuffer {
		writers.Put(w)
	}
	return f
}

// t appends a message.
func (w *writer) t(v *Views, key string) { w.text(v.Locale.T(key)) }

// attr appends an attribute with a value, or nothing for an empty value.
func (w *writer) attr(name, value string) {
	if value == "" {
		return
	}
	w.raw(" ")
	w.raw(name)
	w.raw(`="`)
	w.text(value)
	w.raw(`"`)
}

// lang appends the language of words when it is not that of the page.
func (w *writer) lang(v *Views, lang string) {
	if lang != v.Locale.Tag {
		w.attr("lang", lang)
	}
}

func (w *writer) number(v *Views, n int) {
	const grouped = 1000 // from which there is a mark between thousands
	if 0 <= n && n < grouped {
		w.b = strconv.AppendInt(w.b, int64(n), 10)
		return
	}
	w.text(v.Locale.Number(int64(n)))
}

// marked appends a text whose spans are marked. Spans that are out of order or out
// of the text are left out.
func (w *writer) marked(text string, spans []Span) {
	at := 0
	for _, s := range spans {
		if s.Start < at || s.End <= s.Start || s.End > len(text) {
			continue
		}
		w.text(text[at:s.Start])
		w.raw("<mark>")
		w.text(text[s.Start:s.End])
		w.raw("</mark>")
		at = s.End
	}
	w.text(text[at:])
}

// words appends words, in their own language when it is another one.
func (w *writer) words(v *Views, t Words) {
	w.begin(v, t.Lang)
	w.text(t.Text)
	w.finish(v, t.Lang)
}

// begin begins words in a language, and finish ends them.
func (w *writer) begin(v *Views, lang string) {
	if lang != "" && lang != v.Locale.Tag {
		w.raw("<span")
		w.lang(v, lang)
		w.raw(">")
	}
}

func (w *writer) finish(v *Views, lang string) {
	if lang != "" && lang != v.Locale.Tag {
		w.raw("</span>")
	}
}

// href appends an address as an attribute.
func (w *writer) href(url string) {
	w.raw(` href="`)
	w.url(url)
	w.raw(`"`)
}

// tags appends tags with spaces between.
func (w *writer) tags(tags []Tag) {
	for i, t := range tags {
		if i > 0 {
			w.raw(" ")
		}
		w.raw(`<span class="tag`)
		if t.Kind != "" {
			w.raw(" ")
			w.text(t.Kind)
		}
		w.raw(`">`)
		w.text(t.Text)
		w.raw("</span>")
	}
}

// hintAndError appends what is said about a field before its control.
func (w *writer) hintAndError(v *Views, id, hint, problem string) {
	if hint != "" {
		w.raw("<p class=\"hint\" id=\"")
		w.text(id)
		w.raw("-hint\">")
		w.text(hint)
		w.raw("</p>")
	}
	if problem != "" {
		w.raw("<p class=\"msg\" id=\"")
		w.text(id)
		w.raw("-error\"><span class=\"vh\">")
		w.t(v, "frame.error_title")
		w.raw(" </span>")
		w.text(problem)
		w.raw("</p>")
	}
}

// field appends a text field as the template of that name does.
func (w *writer) field(v *Views, f *Field, kind string) {
	w.raw(`<div class="field`)
	if f.Error != "" {
		w.raw(" bad")
	}
	w.raw(`"><label for="`)
	w.text(f.ID)
	w.raw(`">`)
	w.text(f.Label)
	w.raw("</label>")
	w.hintAndError(v, f.ID, f.Hint, f.Error)
	w.input(f, kind, "")
	w.raw("</div>\n")
}

// input appends the control of a field alone; list is the id of its suggestions.
func (w *writer) input(f *Field, kind, list string) {
	w.raw("<input")
	w.attr("id", f.ID)
	w.attr("type", kind)
	w.attr("name", f.Name)
	w.raw(` value="`)
	w.text(f.Value)
	w.raw(`"`)
	w.attr("class", f.Width)
	w.attr("inputmode", f.Mode)
	w.attr("list", list)
	if f.Error != "" {
		w.raw(` aria-invalid="true"`)
	}
	w.attr("aria-describedby", f.Describe())
	w.raw(">")
}

// choose appends a list to choose from; form is the id of the form it belongs to
// when it stands outside of it.
func (w *writer) choose(v *Views, s *Select, form string) {
	w.raw(`<label for="`)
	w.text(s.ID)
	w.raw(`">`)
	w.text(s.Label)
	w.raw("</label>")
	w.hintAndError(v, s.ID, s.Hint, s.Error)
	w.raw("<select")
	w.attr("id", s.ID)
	w.attr("name", s.Name)
	w.attr("form", form)
	if s.Error != "" {
		w.raw(` aria-invalid="true"`)
	}
	w.attr("aria-describedby", s.Describe())
	w.raw(">")
	for i := range s.Options {
		o := &s.Options[i]
		w.raw(`<option value="`)
		w.text(o.Value)
		w.raw(`"`)
		if o.Chosen {
			w.raw(" selected")
		}
		w.raw(">")
		w.text(o.Text)
		w.raw("</option>")
	}
	w.raw("</select>")
}

func (w *writer) pager(v *Views, p *Pager) {
	if p == nil {
		return
	}
	w.raw(`<nav class="pager" aria-label="`)
	w.t(v, "pager.label")
	w.raw(`">`)
	w.step(v, p.Previous, "prev", "pager.previous")
	for _, l := range p.Pages {
		switch {
		case l.Number == 0:
			w.raw("<span>…</span>")
			continue
		case l.Current:
			w.raw(`<b aria-current="page">`)
		default:
			w.raw("<a")
			w.href(l.URL)
			w.raw(">")
		}
		w.raw(`<span class="vh">`)
		w.t(v, "pager.page")
		w.raw(" </span>")
		w.b = strconv.AppendInt(w.b, int64(l.Number), 10)
		if l.Current {
			w.raw("</b>")
		} else {
			w.raw("</a>")
		}
	}
	w.step(v, p.Next, "next", "pager.next")
	w.raw("</nav>\n")
}

func (w *writer) step(v *Views, url, rel, key string) {
	if url == "" {
		return
	}
	w.raw("<a")
	w.attr("rel", rel)
	w.href(url)
	w.raw(">")
	w.t(v, key)
	w.raw("</a>")
}
