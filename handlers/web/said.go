package web

import (
	"fmt"
	"net/http"
	"strings"
)

// Said is what the next page shall say: the key of a message, and its arguments.
type Said struct {
	Key  string
	Args []string
}

// The cookie in which a browser carries what was said to the next page, for a minute.
const (
	saidCookie = "said"
	saidAge    = 60 // seconds
)

// between stands between arguments in the cookie.
const between = "\x1f"

func (s Said) args() []any {
	var args []any
	for _, a := range s.Args {
		args = append(args, a)
	}
	return args
}

// Say has the browser carry what was said. It is signed, so that nobody else can say
// something in our name.
func (p *PrefStore) Say(w http.ResponseWriter, r *http.Request, s Said, secure bool) error {
	g, _ := p.store.New(r, cookieName(saidCookie, secure)) // whatever was there before
	g.Values["key"], g.Values["args"] = s.Key, strings.Join(s.Args, between)
	options := *p.store.Options
	options.Secure, options.MaxAge = secure, saidAge
	g.Options = &options
	if err := p.store.Save(r, w, g); err != nil {
		return fmt.Errorf("say %s: %w", s.Key, err)
	}
	return nil
}

// Said returns what the browser carries, and has it forget that: it is said once.
func (p *PrefStore) Said(w http.ResponseWriter, r *http.Request, secure bool) (s Said, ok bool) {
	name := cookieName(saidCookie, secure)
	if _, err := r.Cookie(name); err != nil {
		return Said{}, false
	}
	g, err := p.store.New(r, name)
	http.SetCookie(w, &http.Cookie{Name: name, Path: "/", MaxAge: -1, HttpOnly: true, Secure: secure, SameSite: http.SameSiteLaxMode})
	key, ok := g.Values["key"].(string)
	if err != nil || !ok {
		return Said{}, false
	}
	args, _ := g.Values["args"].(string)
	s = Said{Key: key}
	if args != "" {
		s.Args = strings.Split(args, between)
	}
	return s, true
}
