package views

import (
	"strings"
)

// nav writes the main navigation.
func (w *writer) nav(v *Views, s *Shell) {
	sections := s.Nav
	if sections == nil {
		sections = Sections()
	}
	for _, section := range sections {
		w.raw("\n<li><a")
		w.href("/" + v.Locale.Tag + "/" + section)
		if section == s.Section {
			w.raw(` aria-current="page"`)
		}
		w.raw(">")
		w.t(v, "section."+strings.ReplaceAll(section, "/", "."))
		w.raw("</a></li>")
	}
}

// actor writes who is signed in, for whom they act, and how to change that; or how to
// sign in.
func (w *writer) actor(v *Views, s *Shell) {
	if s.Actor.Name == "" {
		w.item(v, "/sign-in", v.Locale.T("frame.sign_in"))
		return
	}
	if len(s.Actor.Choices) > 1 || len(s.Actor.Choices) == 1 && !s.Actor.Choices[0].Chosen {
		w.raw("<li>")
		w.acting(v, s)
		w.raw("</li>\n")
	} else if s.Actor.For.Text != "" {
		w.raw("<li>")
		w.t(v, "frame.acting_for")
		w.raw(" ")
		w.words(v, s.Actor.For)
		w.raw(" – ")
		w.text(s.Actor.Roles)
		w.raw("</li>\n")
	}
	notices := v.Locale.T("frame.notices")
	if s.Actor.Unread > 0 {
		notices = v.Locale.T("frame.notices_unread", v.Locale.Number(int64(s.Actor.Unread)))
	}
	w.item(v, "/inbox", notices)
	w.item(v, "/account", s.Actor.Name)
	w.raw("<li>")
	w.form(v, "/sign-out")
	w.raw(`<button type="submit" class="tiny">`)
	w.t(v, "frame.sign_out")
	w.raw("</button></form></li>\n")
}

func (w *writer) item(v *Views, path, text string) {
	w.raw("<li>")
	w.anchor(Link{URL: "/" + v.Locale.Tag + path, Text: text}, "")
	w.raw("</li>\n")
}

// form begins a form of the header that posts to a path.
func (w *writer) form(v *Views, path string) {
	w.raw(`<form class="row" method="post" action="/`)
	w.raw(v.Locale.Tag)
	w.raw(path)
	w.raw(`">`)
}

// acting writes the form by which somebody acts for another organisation; afterwards
// they see the same page.
func (w *writer) acting(v *Views, s *Shell) {
	w.form(v, "/acting-as")
	w.raw(`<input type="hidden" name="return" value="/`)
	w.raw(v.Locale.Tag)
	w.text(s.address())
	w.raw(`">`)
	w.choose(v, &Select{ID: "acting", Name: "membership", Label: v.Locale.T("frame.acting_for"), Options: s.Actor.Choices}, "")
	w.raw(`<button type="submit" class="tiny">`)
	w.t(v, "frame.switch")
	w.raw("</button></form>")
}

// announce writes what everybody should know just now.
func (w *writer) announce(v *Views, s *Shell) {
	if s.Signs.Notice.Text == "" {
		return
	}
	w.raw(`<section class="wrap" aria-label="`)
	w.t(v, "frame.notice")
	w.raw(`"><div class="note info"><p>`)
	w.words(v, s.Signs.Notice)
	w.raw("</p></div></section>\n")
}

// signs writes who runs the site, and where to write to them.
func (w *writer) signs(v *Views, s *Shell) {
	if s.Signs.Operator.Text == "" && s.Signs.Contact.URL == "" {
		return
	}
	w.raw("<p>")
	w.words(v, s.Signs.Operator)
	if s.Signs.Operator.Text != "" && s.Signs.Contact.URL != "" {
		w.raw(" · ")
	}
	if s.Signs.Contact.URL != "" {
		w.anchor(s.Signs.Contact, "")
	}
	w.raw("</p>\n")
}
