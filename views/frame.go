package views

import (
	"bytes"
	"fmt"
	"html/template"
	"regexp"
	"strings"

	"pilveturg/assets"
	"pilveturg/views/locale"
)

// frame is what html/layout.html gives for one shape of the site, cut at the
// places where a page puts its own values.
type frame struct {
	pieces []piece
	size   int // bytes of the fixed pieces
}

// piece is fixed markup and the slot that follows it, "" at the end.
type piece struct {
	markup string
	slot   string
}

// shape is all that layout.html may ask about: what few values it can have.
type shape struct {
	Theme string
	Demo  bool
}

// layout is the data of layout.html.
type layout struct {
	shape
	Others  []string // the other languages
	CSS, JS string   // addresses
	Icon    string
}

// frames executes layout.html for every shape.
func frames(t *template.Template, lang string) (map[shape]*frame, error) {
	all := map[shape]*frame{}
	for _, theme := range []string{"", Light, Dark} {
		for _, demo := range []bool{false, true} {
			s := shape{theme, demo}
			f, err := newFrame(t, s, lang)
			if err != nil {
				return nil, err
			}
			all[s] = f
		}
	}
	return all, nil
}

func newFrame(t *template.Template, s shape, lang string) (*frame, error) {
	data := layout{shape: s, CSS: assets.Path("app.css"), JS: assets.Path("app.js"), Icon: assets.Path("favicon.svg")}
	for _, tag := range locale.Tags() {
		if tag != lang {
			data.Others = append(data.Others, tag)
		}
	}
	var b bytes.Buffer
	if err := t.ExecuteTemplate(&b, "layout.html", data); err != nil {
		return nil, fmt.Errorf("layout: %w", err)
	}
	return cut(b.String())
}

var slotMark = regexp.MustCompile(`--slot-([a-z]+)--`)

// slotMarker is what {{slot "name"}} leaves in the layout. It passes every kind
// of escaping unchanged.
func slotMarker(name string) string { return "--slot-" + name + "--" }

func cut(page string) (*frame, error) {
	f, last := &frame{}, 0
	for _, m := range slotMark.FindAllStringSubmatchIndex(page, -1) {
		name := page[m[2]:m[3]]
		if _, ok := slots[name]; !ok {
			return nil, fmt.Errorf("layout: no slot %q", name)
		}
		f.pieces = append(f.pieces, piece{page[last:m[0]], name})
		f.size += m[0] - last
		last = m[1]
	}
	f.pieces = append(f.pieces, piece{markup: page[last:]})
	f.size += len(page) - last
	return f, nil
}

// slots says how each slot of the layout is filled; "main" is filled by join.
var slots = map[string]func(*writer, *Views, *Shell){
	"title":  (*writer).title,
	"head":   (*writer).head,
	"path":   func(w *writer, _ *Views, s *Shell) { w.url(s.address()) },
	"return": func(w *writer, v *Views, s *Shell) { w.text("/" + v.Locale.Tag + s.address()) },
	"search": func(w *writer, _ *Views, s *Shell) { w.text(s.Search) },
	"actor":  (*writer).actor,
	"nav":    (*writer).nav,
	"notice": (*writer).announce,
	"crumbs": (*writer).crumbs,
	"done":   (*writer).done,
	"data":   (*writer).data,
	"signs":  (*writer).signs,
	"main":   func(*writer, *Views, *Shell) {},
}

// join puts a page together.
func (f *frame) join(w *writer, v *Views, s *Shell, main drawn) {
	for _, p := range f.pieces {
		w.raw(p.markup)
		switch p.slot {
		case "":
		case "main":
			main.draw(w, v)
		default:
			slots[p.slot](w, v, s)
		}
	}
}

func (w *writer) title(v *Views, s *Shell) {
	if len(s.Errors) > 0 {
		w.text(v.Locale.T("frame.error_title"))
		w.raw(" ")
	}
	w.text(s.Title)
}

// head writes what search engines and feed readers look for.
func (w *writer) head(v *Views, s *Shell) {
	w.meta("name", "description", s.Description)
	if s.NoIndex {
		w.meta("name", "robots", "noindex,follow")
	} else {
		w.addresses(v, s)
	}
	w.meta("property", "og:title", s.Title)
	w.meta("property", "og:description", s.Description)
	if s.Feed.URL != "" {
		w.link("alternate", `" type="application/atom+xml" title="`, s.Feed.Text, s.Feed.URL)
	}
	if s.JSON != "" {
		w.link("alternate", `" type="application/json`, "", s.JSON)
	}
	if s.Data.text != "" {
		w.raw(`<script type="application/ld+json">`)
		w.raw(s.Data.text)
		w.raw("</script>\n")
	}
}

// addresses writes the one address of the page and those of its translations.
func (w *writer) addresses(v *Views, s *Shell) {
	known := s.Canonical
	if known == "" {
		known = Shell{Path: s.Path}.address()
	}
	origin := s.Origin
	if origin == "" {
		origin = v.site.Origin
	}
	w.link("canonical", "", "", origin+"/"+v.Locale.Tag+known)
	langs := s.Alternates
	if langs == nil {
		langs = locale.Tags()
	}
	for _, lang := range langs {
		w.link("alternate", `" hreflang="`, lang, origin+"/"+lang+known)
	}
	if len(langs) > 0 {
		w.link("alternate", `" hreflang="`, "x-default", origin+"/"+langs[0]+known)
	}
	w.meta("property", "og:url", origin+"/"+v.Locale.Tag+known)
}

func (w *writer) meta(attribute, name, content string) {
	if content == "" {
		return
	}
	w.raw(`<meta ` + attribute + `="` + name + `" content="`)
	w.text(content)
	w.raw("\">\n")
}

// link writes a link element; more is markup that goes on inside the quoted
// value of rel, and value the text at its end.
func (w *writer) link(rel, more, value, url string) {
	w.raw(`<link rel="` + rel + more)
	w.text(value)
	w.raw(`" href="`)
	w.url(url)
	w.raw("\">\n")
}

func (w *writer) crumbs(v *Views, s *Shell) {
	if len(s.Crumbs) == 0 {
		return
	}
	w.raw(`<nav class="crumbs wrap" aria-label="`)
	w.text(v.Locale.T("frame.breadcrumb"))
	w.raw("\"><ol class=\"inline\">")
	for _, c := range s.Crumbs {
		w.raw("<li>")
		w.anchor(c, v.Locale.Tag)
		w.raw("</li>")
	}
	w.raw("</ol></nav>\n")
}

// anchor writes a link, or its words only where it leads nowhere.
func (w *writer) anchor(l Link, page string) {
	if l.URL == "" {
		w.text(l.Text)
		return
	}
	w.raw(`<a href="`)
	w.url(l.URL)
	if l.Lang != "" && l.Lang != page {
		w.raw(`" lang="`)
		w.text(l.Lang)
	}
	w.raw(`">`)
	w.text(l.Text)
	w.raw("</a>")
}

// done says what has been done, or what must be put right.
func (w *writer) done(v *Views, s *Shell) {
	if s.Flash != "" {
		w.raw(`<div class="note ok" role="status"><p>`)
		w.text(s.Flash)
		w.raw("</p></div>\n")
	}
	if len(s.Errors) == 0 {
		return
	}
	w.raw(`<div class="errors" role="alert" tabindex="-1" data-focus aria-labelledby="errors-title"><h2 id="errors-title">`)
	w.text(v.Locale.T("frame.problem"))
	w.raw("</h2><ul>")
	for _, e := range s.Errors {
		w.raw("<li>")
		if e.Field == "" {
			w.text(e.Message)
		} else {
			w.anchor(Link{URL: "#" + strings.TrimPrefix(e.Field, "#"), Text: e.Message}, "")
		}
		w.raw("</li>")
	}
	w.raw("</ul></div>\n")
}

func (w *writer) data(v *Views, s *Shell) {
	if s.JSON == "" {
		return
	}
	w.raw("<li>")
	w.anchor(Link{URL: s.JSON, Text: v.Locale.T("frame.json")}, "")
	w.raw("</li>")
}
