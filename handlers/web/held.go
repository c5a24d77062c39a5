package web

import (
	"crypto/hmac"
	"crypto/sha256"
	"fmt"
	"net/http"

	"github.com/gorilla/sessions"
)

// heldAge is how long a browser holds something, in seconds: as long as the slowest
// provider of identities lets people take.
const heldAge = 30 * 60

// valueHeld is under which a cookie holds it.
const valueHeld = "held"

// newSealed keeps what is held in cookies that are signed and encrypted, by keys made
// of the one that signs others.
func newSealed(key []byte) *sessions.CookieStore {
	part := func(name string) []byte {
		h := hmac.New(sha256.New, key)
		h.Write([]byte("held " + name))
		return h.Sum(nil)
	}
	s := sessions.NewCookieStore(part("signed"), part("sealed"))
	s.Options = &sessions.Options{Path: "/", HttpOnly: true, SameSite: http.SameSiteLaxMode}
	s.MaxAge(heldAge)
	return s
}

// hold has the browser hold a value, or forget it when it is nil.
func (p *PrefStore) hold(w http.ResponseWriter, r *http.Request, purpose string, value []byte, secure bool) error {
	g := sessions.NewSession(p.sealed, cookieName(purpose, secure))
	options := *p.sealed.Options
	options.Secure = secure
	if g.Options = &options; value == nil {
		options.MaxAge = -1
	}
	g.Values[valueHeld] = value
	if err := p.sealed.Save(r, w, g); err != nil {
		return fmt.Errorf("hold %s: %w", purpose, err)
	}
	return nil
}

func (p *PrefStore) held(r *http.Request, purpose string, secure bool) (value []byte, ok bool) {
	name := cookieName(purpose, secure)
	if _, err := r.Cookie(name); err != nil {
		return nil, false
	}
	g, err := p.sealed.New(r, name)
	value, ok = g.Values[valueHeld].([]byte)
	return value, ok && err == nil
}
