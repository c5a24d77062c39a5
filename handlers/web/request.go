package web

import (
	"context"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strconv"
	"strings"

	"github.com/gin-gonic/gin"

	"pilveturg/models"
)

// Request is an HTTP request for a page in one language, from a known actor.
type Request struct {
	c       *gin.Context
	Lang    string // of the page: "et", "en"
	Actor   models.Actor
	Session Session
	Prefs   Prefs
	store   *PrefStore
	query   url.Values
	secure  bool   // the browser speaks encrypted
	private bool   // the answer is for this reader only
	heard   bool   // what was done before has been told …
	flash   string // … and this is it
}

// Context is done when the browser goes away.
func (r *Request) Context() context.Context { return r.c.Request.Context() }

// Path is the path of the address after the language: "/services/sc-31-paevik-lite".
func (r *Request) Path() string {
	path := r.c.Request.URL.EscapedPath()
	if r.Lang != "" && len(path) > len(r.Lang) {
		return path[len(r.Lang)+1:]
	}
	return path
}

// RawQuery is the query of the address as it came, without "?".
func (r *Request) RawQuery() string { return r.c.Request.URL.RawQuery }

// Param returns the part of the path that the route names.
func (r *Request) Param(name string) string { return r.c.Param(name) }

// Values are the fields of the query. What cannot be decoded is left out.
func (r *Request) Values() url.Values {
	if r.query == nil {
		r.query = r.c.Request.URL.Query()
	}
	return r.query
}

// Query returns the first value of a field of the query, "" when there is none.
func (r *Request) Query(name string) string { return r.Values().Get(name) }

// PageNumber returns the page that the query asks for, from 1; false when the
// field "page" is there and is no such number.
func (r *Request) PageNumber() (n int, ok bool) {
	s := r.Query("page")
	if s == "" {
		return 1, true
	}
	n, err := strconv.Atoi(s)
	return n, err == nil && n >= 1
}

// Form returns the first value of a field of the posted form, "" when there is none.
func (r *Request) Form(name string) string { return r.c.PostForm(name) }

// Forms returns all values of a field of the posted form.
func (r *Request) Forms(name string) []string { return r.c.PostFormArray(name) }

// Posted are all fields of the posted form.
func (r *Request) Posted() url.Values {
	r.c.PostForm("") // which has gin read them
	return r.c.Request.PostForm
}

// Came is the path and query of the page of ours from which the reader came; "" when
// that is not told.
func (r *Request) Came() string {
	u, err := url.Parse(r.Header("Referer"))
	if err != nil || u.Host != r.c.Request.Host || u.Path == "" {
		return ""
	}
	return u.RequestURI()
}

// Address is the path and query of the request.
func (r *Request) Address() string { return r.c.Request.URL.RequestURI() }

// asked reports whether the reader asked for it: by a link or form of ours, or by
// typing. A browser says so itself, and no page of another site can make it lie.
func (r *Request) asked() bool {
	by := r.Header("Sec-Fetch-Site")
	return by == "same-origin" || by == "none"
}

// Reads reports whether the request changes nothing.
func (r *Request) Reads() bool {
	return r.c.Request.Method == http.MethodGet || r.c.Request.Method == http.MethodHead
}

// IsGet reports whether the request is for a page to be shown, and not for its headers
// alone.
func (r *Request) IsGet() bool { return r.c.Request.Method == http.MethodGet }

// Held returns what the browser was given to hold for a purpose; see [Reply.Hold]. It
// is false when that is not there, too old, or not ours.
func (r *Request) Held(purpose string) (value []byte, ok bool) {
	return r.store.held(r.c.Request, purpose, r.secure)
}

// Header returns a header of the request.
func (r *Request) Header(name string) string { return r.c.Request.Header.Get(name) }

// Local reports whether the request was made on this machine: its address is a
// loopback one, it was not passed on for others by a program that says so, and it
// asked for this machine by name or number, which a page of another site cannot
// make a browser do.
func (r *Request) Local() bool {
	at, err := netip.ParseAddrPort(r.c.Request.RemoteAddr)
	if err != nil || !at.Addr().Unmap().IsLoopback() {
		return false
	}
	for _, name := range []string{"Forwarded", "X-Forwarded-For", "X-Real-Ip", "Via"} {
		if r.c.Request.Header[name] != nil {
			return false
		}
	}
	host := r.c.Request.Host
	if name, _, err := net.SplitHostPort(host); err == nil {
		host = name
	}
	own, err := netip.ParseAddr(strings.Trim(host, "[]"))
	return host == "localhost" || err == nil && own.IsLoopback()
}

// Origin is the scheme and host that the browser used: "https://pilveturg.example".
func (r *Request) Origin() string {
	scheme := "http"
	if r.secure {
		scheme = "https"
	}
	return scheme + "://" + r.c.Request.Host
}
