package views

// suggestionsID is the id of the list that completes what is typed.
const suggestionsID = "suggested"

// draw writes the main part of the page.
func (p SearchPage) draw(w *writer, v *Views) {
	if p.Part {
		w.raw("<!doctype html><title>")
		w.text(p.Title)
		w.raw(" – ")
		w.t(v, "site.name")
		w.raw("</title>\n<div id=\"facets\">\n")
		p.Form.facets(w, v)
		w.raw("</div>\n")
		p.Results.draw(w, v)
		return
	}
	w.raw("<h1>")
	w.t(v, "search.title")
	w.raw(`</h1>` + "\n" + `<p class="toresults"><a href="#results">`)
	w.t(v, "search.skip")
	w.raw("</a></p>\n<div class=\"cols side\">\n")
	p.Form.draw(w, v)
	p.Results.draw(w, v)
	w.raw("</div>\n")
}

func (f *SearchForm) draw(w *writer, v *Views) {
	w.raw(`<form class="filters" id="filters" method="get"`)
	w.raw(` action="`)
	w.url(f.Action)
	w.raw(`" data-live="#results" novalidate>` + "\n")
	f.words(w, v)
	f.Volume.draw(w, v)
	w.raw(`<p><button class="quiet" type="submit">`)
	w.t(v, "search.show")
	w.raw("</button></p>\n<div id=\"facets\">\n")
	f.facets(w, v)
	w.raw("</div>\n<p><button type=\"submit\">")
	w.t(v, "search.show")
	w.raw("</button></p>\n</form>\n")
}

func (a AskVolume) draw(w *writer, v *Views) {
	w.raw(`<fieldset class="field"><legend>`)
	w.t(v, "search.yearly_for")
	w.raw("</legend>\n")
	w.field(v, &a.Number, "text")
	w.raw(`<div class="field`)
	if a.Unit.Error != "" {
		w.raw(" bad")
	}
	w.raw(`">`)
	w.choose(v, &a.Unit, "")
	w.raw("</div>\n</fieldset>\n")
}

func (f *SearchForm) words(w *writer, v *Views) {
	w.raw(`<div class="field`)
	if f.Words.Error != "" {
		w.raw(" bad")
	}
	w.raw(`"><label for="`)
	w.text(f.Words.ID)
	w.raw(`">`)
	w.text(f.Words.Label)
	w.raw("</label>")
	w.hintAndError(v, f.Words.ID, f.Words.Hint, f.Words.Error)
	w.input(&f.Words, "search", suggestionsID)
	w.raw(`<datalist id="` + suggestionsID + `" data-from="`)
	w.url(f.Action + "/suggest")
	w.raw("\"></datalist></div>\n")
}

func (f *SearchForm) facets(w *writer, v *Views) {
	f.Price.draw(w, v)
	for i := range f.Facets {
		f.Facets[i].draw(w, v)
	}
	for _, b := range f.Ranges {
		b.draw(w, v)
	}
}

func (b Bounds) draw(w *writer, v *Views) {
	w.raw(`<details class="facet"`)
	w.attr("id", b.ID)
	if b.Used {
		w.raw(" open")
	}
	w.raw("><summary>")
	w.text(b.Legend)
	w.raw(`</summary><fieldset><legend class="vh">`)
	w.text(b.Legend)
	w.raw("</legend>")
	if b.Hint != "" {
		w.raw(`<p class="hint">`)
		w.text(b.Hint)
		w.raw("</p>")
	}
	w.raw("\n")
	for _, f := range []*Field{b.From, b.To} {
		if f != nil {
			w.field(v, f, "text")
		}
	}
	if b.Unknown.Value != "" {
		w.raw(`<label class="check"><input type="checkbox" name="unknown" value="`)
		w.text(b.Unknown.Value)
		w.raw(`"`)
		if b.Unknown.Chosen {
			w.raw(" checked")
		}
		w.raw("><span>")
		w.text(b.Unknown.Text)
		w.raw("</span></label>\n")
	}
	w.raw("</fieldset></details>\n")
}
