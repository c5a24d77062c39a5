package handlers

import (
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/language"

	"pilveturg/handlers/web"
	"pilveturg/views"
)

// chooseLanguage sends a reader who named no language to the home page in hers.
func (s *Site) chooseLanguage(r *web.Request) (web.Reply, error) {
	return web.Found("/"+s.preferred(r)+"/", "Accept-Language, Cookie"), nil
}

// preferred is the language the reader chose, or else the first of ours that her
// browser asks for.
func (s *Site) preferred(r *web.Request) string {
	if slices.Contains(s.Langs, r.Prefs.Lang) {
		return r.Prefs.Lang
	}
	asked, _, err := language.ParseAcceptLanguage(r.Header("Accept-Language"))
	if err != nil || len(asked) == 0 {
		return s.Langs[0]
	}
	ours := make([]language.Tag, len(s.Langs))
	for i, lang := range s.Langs {
		ours[i] = language.Make(lang)
	}
	_, i, _ := language.NewMatcher(ours).Match(asked...) // 0, the default, when none fits
	return s.Langs[i]
}

// savePreferences remembers the theme or language that the reader chose, and shows
// her the page where she did.
func (s *Site) savePreferences(r *web.Request) (web.Reply, error) {
	p := r.Prefs
	if lang := r.Form("lang"); slices.Contains(s.Langs, lang) {
		p.Lang = lang
	}
	switch theme := r.Form("theme"); theme {
	case views.Light, views.Dark:
		p.Theme = theme
	case "system":
		p.Theme = ""
	}
	return web.SeeOther(ours(r.Form("return"), "/"+r.Lang+"/")).Remember(p), nil
}

// ours returns the address if it is a path of this site, or else the other one.
func ours(address, other string) string {
	odd := func(r rune) bool { return r == '\\' || unicode.IsControl(r) }
	if !strings.HasPrefix(address, "/") || strings.HasPrefix(address, "//") || strings.ContainsFunc(address, odd) {
		return other
	}
	return address
}
