package web

import (
	"fmt"
	"net/http"

	"github.com/gorilla/sessions"

	"pilveturg/views"
)

// Prefs are what a browser asked us to remember. They are no secret and give no
// rights; the cookie is signed so that nobody else can set them.
type Prefs struct {
	Lang  string // "" when the reader never chose
	Theme string // views.Light, views.Dark or ""
}

// prefsCookie is set only for readers who choose something.
const prefsCookie = "prefs"

const prefsAge = 365 * 24 * 60 * 60 // seconds

// PrefStore keeps preferences in a cookie.
type PrefStore struct {
	store  *sessions.CookieStore
	sealed *sessions.CookieStore // what readers cannot read either
}

// NewPrefStore signs with key, 32 bytes or more; browsers that were given another
// key's cookie have chosen nothing.
func NewPrefStore(key []byte) *PrefStore {
	s := sessions.NewCookieStore(key)
	s.Options = &sessions.Options{Path: "/", MaxAge: prefsAge, HttpOnly: true, SameSite: http.SameSiteLaxMode}
	s.MaxAge(prefsAge)
	return &PrefStore{s, newSealed(key)}
}

// Read returns the preferences of the browser. A cookie that was tampered with is
// as good as none.
func (p *PrefStore) Read(r *http.Request, secure bool) Prefs {
	if r.Header["Cookie"] == nil {
		return Prefs{}
	}
	s, err := p.store.Get(r, cookieName(prefsCookie, secure))
	if err != nil {
		return Prefs{}
	}
	text := func(name string) string {
		v, _ := s.Values[name].(string)
		return v
	}
	prefs := Prefs{Lang: text("lang"), Theme: text("theme")}
	if prefs.Theme != views.Light && prefs.Theme != views.Dark {
		prefs.Theme = ""
	}
	return prefs
}

// Write makes the browser keep the preferences.
func (p *PrefStore) Write(w http.ResponseWriter, r *http.Request, prefs Prefs, secure bool) error {
	name := cookieName(prefsCookie, secure)
	s, err := p.store.Get(r, name)
	if err != nil {
		s = sessions.NewSession(p.store, name) // in place of one that was tampered with
		s.Options = p.store.Options
	}
	s.Values["lang"], s.Values["theme"] = prefs.Lang, prefs.Theme
	options := *s.Options
	options.Secure = secure
	s.Options = &options
	if err := p.store.Save(r, w, s); err != nil {
		return fmt.Errorf("preferences: %w", err)
	}
	return nil
}
