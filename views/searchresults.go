package views

// ticksID is the id of the form that the boxes of the hits belong to.
const ticksID = "ticks"

func (r *Results) draw(w *writer, v *Views) {
	w.raw(`<section id="results" tabindex="-1" aria-labelledby="found">` + "\n" + `<h2 id="found">`)
	w.text(r.Found)
	w.raw("</h2>\n")
	w.said(r.Sentence)
	r.applied(w, v)
	for i := range r.Notices {
		w.notice(&r.Notices[i])
	}
	if len(r.Hits) > 0 {
		r.bar(w, v)
		w.raw(`<ol class="results">` + "\n")
		for i := range r.Hits {
			r.Hits[i].draw(w, v, r.Compare)
		}
		w.raw("</ol>\n")
		r.explain(w, v)
		r.Compare.draw(w)
		w.pager(v, r.Pager)
	}
	r.advice(w, v)
	w.raw("</section>\n")
}

// said appends a sentence.
func (w *writer) said(sentence []Said) {
	if len(sentence) == 0 {
		return
	}
	w.raw("<p>")
	for _, s := range sentence {
		if s.Strong {
			w.raw("<strong>")
			w.text(s.Text)
			w.raw("</strong>")
		} else {
			w.text(s.Text)
		}
	}
	w.raw("</p>\n")
}

// applied appends what the results are narrowed by, each a link to the same
// without it.
func (r *Results) applied(w *writer, v *Views) {
	if len(r.Applied) == 0 {
		return
	}
	w.raw(`<ul class="inline bar" aria-label="`)
	w.t(v, "search.applied")
	w.raw(`">`)
	for i := range r.Applied {
		l := &r.Applied[i]
		w.raw("<li><a class=\"btn quiet tiny\"")
		w.href(l.URL)
		w.raw(`><span class="vh">`)
		w.text(l.For)
		w.raw(" </span>")
		w.text(l.Text)
		w.raw(` <span aria-hidden="true">✕</span></a></li>`)
	}
	if r.Clear.URL != "" {
		w.raw("<li>")
		w.anchor(r.Clear, v.Locale.Tag)
		w.raw("</li>")
	}
	w.raw("</ul>\n")
}

func (w *writer) notice(n *Notice) {
	w.raw(`<div class="note `)
	w.text(n.Kind)
	w.raw(`"><p>`)
	if n.Title != "" {
		w.raw("<strong>")
		w.text(n.Title)
		w.raw("</strong> ")
	}
	w.text(n.Text)
	if n.Link.Text != "" {
		w.raw(" ")
		w.anchor(n.Link, n.Link.Lang)
	}
	w.raw("</p></div>\n")
}

// bar appends how the results are sorted, and what else can be had of them.
func (r *Results) bar(w *writer, v *Views) {
	w.raw(`<div class="bar"><div class="row">`)
	w.choose(v, &r.Sort, "filters")
	w.raw(`<button class="quiet tiny" type="submit" form="filters">`)
	w.t(v, "search.sort")
	w.raw("</button></div>")
	for _, l := range r.Formats {
		w.anchor(l, v.Locale.Tag)
		w.raw(" ")
	}
	w.raw("</div>\n")
	if r.Order != "" {
		w.raw(`<p class="muted small">`)
		w.text(r.Order)
		w.raw("</p>\n")
	}
}

func (r *Results) explain(w *writer, v *Views) {
	if !r.Tags {
		return
	}
	w.raw(`<p class="muted small">`)
	w.t(v, "list.tags")
	w.raw(" <a")
	w.href("/" + v.Locale.Tag + "/help/finding")
	w.raw(">")
	w.t(v, "list.tags_link")
	w.raw("</a></p>\n")
}

func (t *Ticks) draw(w *writer) {
	if t == nil {
		return
	}
	w.raw(`<form id="` + ticksID + `" method="get" action="`)
	w.url(t.Action)
	w.raw(`">`)
	for _, f := range t.Fields {
		w.raw(`<input type="hidden"`)
		w.attr("name", f.Name)
		w.attr("value", f.Value)
		w.raw(">")
	}
	w.raw(`<button type="submit">`)
	w.text(t.Button)
	w.raw("</button>")
	if t.Other != "" {
		w.raw(` <button type="submit" class="quiet" formaction="`)
		w.url(t.Other)
		w.raw(`">`)
		w.text(t.Also)
		w.raw("</button>")
	}
	w.raw("</form>\n")
}

// advice tells what to do when nothing was found.
func (r *Results) advice(w *writer, v *Views) {
	if len(r.Empty) == 0 {
		return
	}
	w.raw("<div class=\"panel\">\n<h3>")
	w.t(v, "search.none")
	w.raw("</h3>\n<ul>")
	for _, l := range r.Empty {
		w.raw("<li>")
		w.anchor(l, "")
		w.raw("</li>")
	}
	w.raw("</ul>\n</div>\n")
}
