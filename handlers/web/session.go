package web

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"github.com/gorilla/sessions"

	"pilveturg/models"
)

// Session is what a browser may do without asking again. The zero Session is that of
// a visitor.
type Session struct {
	ID     int64
	Secret string       // that the browser holds
	Actor  models.Actor // who acts by it, and for which organisation
	Name   string       // of the person
	Acting Acting       // what the person acts for; zero for nobody
	Others []Acting     // what else the person may act for
	Fresh  bool         // the person has just shown who they are
	Unread int          // notices that the person has not read
	Lacks  bool         // the person needs a second factor first, and may do nothing else
}

// Acting is an organisation that a person may act for.
type Acting struct {
	Membership int64
	Org        models.Text // what it is called
	Roles      []models.Role
}

// FindSession finds the session whose secret a browser showed, used from a network
// address. It fails with [models.ErrNotFound] when there is none.
type FindSession func(ctx context.Context, secret, from string) (Session, error)

// SessionStore keeps the secrets of sessions in cookies, and nothing else there: what
// a session is stands in the database, where it was begun, and is found anew for
// every request. It implements [sessions.Store].
type SessionStore struct {
	find    FindSession
	proxies Proxies
	https   bool // the site is known under https
}

// NewSessionStore finds sessions by find. Where the site is known under https, by its
// origin or by the word of a proxy, the cookie is for that alone.
func NewSessionStore(find FindSession, proxies Proxies, origin string) *SessionStore {
	return &SessionStore{find, proxies, strings.HasPrefix(origin, "https://")}
}

// sessionCookie is the name of the cookie.
const sessionCookie = "pilveturg"

// cookieName is what a cookie is called in a browser that speaks encrypted or not. It
// takes one with __Host- only from this very host and encrypted, so that nobody else
// can put one there.
func cookieName(name string, secure bool) string {
	if secure {
		return "__Host-" + name
	}
	return name
}

// valueSession is under which a session of gorilla holds ours.
const valueSession = "session"

func (s *SessionStore) secure(r *http.Request) bool { return s.https || s.proxies.Secure(r) }

func (s *SessionStore) cookie(r *http.Request) string {
	return cookieName(sessionCookie, s.secure(r))
}

// Get implements [sessions.Store]: a request finds its session once.
func (s *SessionStore) Get(r *http.Request, name string) (*sessions.Session, error) {
	return sessions.GetRegistry(r).Get(s, name)
}

// New implements [sessions.Store]. The session is new, and a visitor's, when the
// browser shows no secret of a live one; what it showed is never taken up.
func (s *SessionStore) New(r *http.Request, name string) (*sessions.Session, error) {
	g := sessions.NewSession(s, name)
	g.Options = &sessions.Options{Path: "/", HttpOnly: true, Secure: s.secure(r), SameSite: http.SameSiteLaxMode}
	g.IsNew = true
	c, err := r.Cookie(name)
	if err != nil {
		return g, nil
	}
	found, err := s.find(r.Context(), c.Value, s.proxies.From(r))
	switch {
	case errors.Is(err, models.ErrNotFound):
		g.Options.MaxAge = -1 // let the browser forget it
	case err != nil:
		return g, fmt.Errorf("session: %w", err)
	default:
		found.Secret = c.Value
		g.ID, g.Values[valueSession], g.IsNew = c.Value, found, false
	}
	return g, nil
}

// Save implements [sessions.Store]: the browser keeps the ID, which is a secret, for
// as long as it is open, or forgets it.
func (s *SessionStore) Save(_ *http.Request, w http.ResponseWriter, g *sessions.Session) error {
	if g.ID == "" {
		g.Options.MaxAge = -1
	}
	http.SetCookie(w, sessions.NewCookie(g.Name(), g.ID, g.Options))
	return nil
}

// Who returns the session of a request, that of a visitor when there is none. Without
// a cookie of ours it asks nobody.
func (s *SessionStore) Who(r *http.Request) (Session, error) {
	if !s.shows(r) {
		return Session{}, nil
	}
	g, err := s.Get(r, s.cookie(r))
	if err != nil {
		return Session{}, err
	}
	found, _ := g.Values[valueSession].(Session)
	return found, nil
}

// shows reports whether the browser shows a cookie that may be ours.
func (s *SessionStore) shows(r *http.Request) bool {
	for _, c := range r.Header["Cookie"] {
		if strings.Contains(c, sessionCookie+"=") {
			return true
		}
	}
	return false
}

// keep has the browser keep a secret, or forget the one it has when it is "".
func (s *SessionStore) keep(w http.ResponseWriter, r *http.Request, secret string) error {
	g, err := s.Get(r, s.cookie(r))
	if err != nil {
		return err
	}
	g.ID, g.Options.MaxAge = secret, 0
	return s.Save(r, w, g)
}

// forgetDead has the browser forget a secret that opens nothing any more.
func (s *SessionStore) forgetDead(w http.ResponseWriter, r *http.Request) error {
	if !s.shows(r) {
		return nil
	}
	g, err := s.Get(r, s.cookie(r))
	if err != nil || g.Options.MaxAge >= 0 {
		return err
	}
	return s.Save(r, w, g)
}
