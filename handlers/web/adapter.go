package web

import (
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"strconv"
	"strings"
	"sync"

	"github.com/gin-gonic/gin"

	"pilveturg/models"
	"pilveturg/views"
)

// Handler answers one request. An error becomes a page by its kind; see [StatusOf].
type Handler func(*Request) (Reply, error)

// Adapter runs handlers under gin.
type Adapter struct {
	Views    map[string]*views.Views // by language
	Langs    []string                // the first is that of requests that name none
	Origin   string                  // scheme and host of absolute addresses; "" to use what the browser says
	Demo     bool                    // every page says that it shows demonstration data
	Prefs    *PrefStore
	Sessions *SessionStore // nil: nobody signs in
	Proxies  Proxies
	Log      *slog.Logger

	// Who says who asks; nil: everybody is a visitor.
	Who func(*http.Request) (Session, error)
	// Nav says what the main navigation of an actor leads to; nil: that of visitors.
	Nav func(models.Actor) []string
	// Signs is what all pages in a language say just now; nil: nothing.
	Signs func(lang string) views.Signs
}

// Handle fits h to gin, for pages in the language; "" is for addresses without one.
func (a *Adapter) Handle(lang string, h Handler) gin.HandlerFunc {
	return func(c *gin.Context) {
		r, err := a.request(c)
		r.Lang = lang
		var reply Reply
		if err == nil {
			reply, err = call(h, r)
		}
		if err == nil {
			err = a.send(r, reply)
		}
		if err != nil {
			a.Fail(r, err)
		}
	}
}

// Request makes the Request of a gin context that no route has been found for; its
// language is that of the address, or the first of ours.
func (a *Adapter) Request(c *gin.Context) *Request {
	r, err := a.request(c)
	if err != nil {
		a.Log.ErrorContext(r.Context(), "session", "err", err) // the page is for visitors, too
	}
	path := c.Request.URL.Path
	for _, l := range a.Langs {
		if len(path) > len(l) && path[1:len(l)+1] == l && (len(path) == len(l)+1 || path[len(l)+1] == '/') {
			r.Lang = l
		}
	}
	return r
}

// request finds out who asks. When that fails, it is a visitor.
func (a *Adapter) request(c *gin.Context) (r *Request, err error) {
	r = &Request{c: c, store: a.Prefs, secure: a.secure(c.Request)}
	r.Prefs = a.Prefs.Read(c.Request, r.secure)
	if a.Who != nil {
		r.Session, err = a.Who(c.Request)
	}
	r.Actor = r.Session.Actor
	r.Actor.From = a.Proxies.From(c.Request)
	return r, err
}

// secure reports whether the browser speaks to us, or to who speaks for us, encrypted.
func (a *Adapter) secure(r *http.Request) bool {
	return strings.HasPrefix(a.Origin, "https://") || a.Proxies.Secure(r)
}

// call runs h; a panic becomes an error, so that its page is like any other.
func call(h Handler, r *Request) (reply Reply, err error) {
	defer func() {
		if p := recover(); p != nil {
			if p == http.ErrAbortHandler {
				panic(p)
			}
			err = fmt.Errorf("panic: %v\n%s", p, stack())
		}
	}()
	return h(r)
}

func (a *Adapter) send(r *Request, reply Reply) error {
	if err := a.cookies(r, &reply); err != nil {
		return err
	}
	if reply.vary != "" {
		r.c.Writer.Header().Set("Vary", reply.vary)
	}
	switch {
	case reply.url != "":
		if r.private {
			r.c.Writer.Header()["Cache-Control"] = noStore
		}
		r.c.Redirect(reply.status, reply.url)
	case reply.file != nil:
		r.hand(reply.file)
	case reply.stream != nil:
		return a.stream(r, reply)
	case reply.body != nil:
		r.c.Writer.Header().Set("Cache-Control", cacheOf(r, reply))
		write(r, reply.status, reply.kind, reply.body, reply.gzip)
	case reply.packed != nil && r.RawQuery() == "":
		return a.pack(r, reply)
	case reply.ready:
		return a.frame(r, reply.status, reply.shell, reply.main)
	default:
		return a.show(r, reply.status, reply.page)
	}
	return nil
}

// cacheOf says how long others may keep a body. What somebody was told who has signed
// in is for nobody else, but for files that are the same for all.
func cacheOf(r *Request, reply Reply) string {
	switch {
	case reply.gzip != nil:
		return "public, max-age=" + strconv.Itoa(reply.maxAge) + ", immutable"
	case r.private:
		return noStore[0]
	case reply.maxAge > 0:
		return "public, max-age=" + strconv.Itoa(reply.maxAge)
	default:
		return noCache[0]
	}
}

// cookies sets the cookies of an answer, and decides whether it is for one reader
// only.
func (a *Adapter) cookies(r *Request, reply *Reply) error {
	w, q := r.c.Writer, r.c.Request
	r.private = r.private || reply.private || r.Actor.SignedIn() || reply.session != nil || reply.said != nil
	if reply.prefs != nil {
		if err := a.Prefs.Write(w, q, *reply.prefs, r.secure); err != nil {
			return err
		}
	}
	if reply.said != nil {
		if err := a.Prefs.Say(w, q, *reply.said, r.secure); err != nil {
			return err
		}
	}
	for purpose, value := range reply.held {
		if err := a.Prefs.hold(w, q, purpose, value, r.secure); err != nil {
			return err
		}
	}
	if reply.onward != "" {
		w.Header().Set("Refresh", "0; url="+reply.onward)
	}
	switch {
	case a.Sessions == nil || reply.gzip != nil:
		return nil
	case reply.session != nil:
		return a.Sessions.keep(w, q, *reply.session)
	default:
		return a.Sessions.forgetDead(w, q)
	}
}

func (a *Adapter) show(r *Request, status int, p views.Page) error {
	return a.page(r, status, func(b []byte) ([]byte, error) {
		return a.view(r).AppendPage(b, a.shell(r, views.ShellOf(p)), p)
	})
}

// frames are buffers for whole pages, used again.
var frames = sync.Pool{New: func() any { return new([]byte) }}

const keepFrame = 1 << 20 // bytes; a larger buffer is not kept

// frame puts the shell around a main part and sends the page.
func (a *Adapter) frame(r *Request, status int, s views.Shell, main views.Fragment) error {
	return a.page(r, status, func(b []byte) ([]byte, error) { return a.view(r).AppendWith(b, a.shell(r, s), main) })
}

// page sends a page that render appends to a buffer.
func (a *Adapter) page(r *Request, status int, render func([]byte) ([]byte, error)) error {
	buffer := frames.Get().(*[]byte)
	b, err := render((*buffer)[:0])
	if err != nil {
		return err
	}
	html(r, status, b)
	if cap(b) <= keepFrame {
		*buffer = b
		frames.Put(buffer)
	}
	return nil
}

// pack sends a page that was compressed before, or keeps it compressed for the next.
func (a *Adapter) pack(r *Request, reply Reply) error {
	s := a.shell(r, reply.shell)
	k := packing{encodingOf(r.c), s.Theme, s.Origin, s.Signs}
	if k.encoding == "" || s.Actor.Name != "" || s.Flash != "" || r.private { // made for one reader
		return a.frame(r, reply.status, reply.shell, reply.main)
	}
	b := reply.packed.get(k)
	if b == nil {
		page, err := a.view(r).RenderWith(s, reply.main)
		if err != nil {
			return err
		}
		b = compress(k.encoding, page)
		reply.packed.put(k, b)
	}
	r.c.Writer.Header()["Cache-Control"] = noCache
	send(r.c, reply.status, pageType, k.encoding, b)
	return nil
}

func (a *Adapter) view(r *Request) *views.Views {
	if v := a.Views[r.Lang]; v != nil {
		return v
	}
	return a.Views[a.Langs[0]]
}

// shell adds to a page's shell what every page of the request has.
func (a *Adapter) shell(r *Request, s views.Shell) views.Shell {
	s.Lang, s.Theme, s.Demo = a.view(r).Locale.Tag, r.Prefs.Theme, a.Demo
	if s.Origin == "" && a.Origin == "" {
		s.Origin = r.Origin()
	}
	if s.Path == "" {
		s.Path, s.Query = r.Path(), r.RawQuery()
	}
	if said := a.said(r); said != "" {
		s.Flash, r.private = said, true
	}
	if r.Actor.SignedIn() {
		s.Actor, r.private = a.signed(r), true
	}
	if a.Nav != nil {
		s.Nav = a.Nav(r.Actor)
	}
	if a.Signs != nil {
		s.Signs = a.Signs(s.Lang)
	}
	return s
}

// said is what the page shall say of what was done before; it is told once a request.
func (a *Adapter) said(r *Request) string {
	if r.heard || r.c.Request.Header["Cookie"] == nil {
		return r.flash
	}
	r.heard = true
	if said, ok := a.Prefs.Said(r.c.Writer, r.c.Request, r.secure); ok {
		r.flash = a.view(r).Locale.T(said.Key, said.args()...)
	}
	return r.flash
}

// signed is who is signed in, in words.
func (a *Adapter) signed(r *Request) views.Signed {
	v := a.view(r)
	option := func(o Acting) views.Option {
		org := views.In(o.Org, v.Locale.Tag)
		return views.Option{Value: strconv.FormatInt(o.Membership, 10), Text: v.Locale.T("frame.acting", org.Text, v.Locale.Roles(o.Roles))}
	}
	s := views.Signed{Name: r.Session.Name, Unread: r.Session.Unread}
	if acting := r.Session.Acting; acting.Membership != 0 {
		s.For, s.Roles = views.In(acting.Org, v.Locale.Tag), v.Locale.Roles(acting.Roles)
		s.Choices = append(s.Choices, option(acting))
		s.Choices[0].Chosen = true
	}
	for _, o := range r.Session.Others {
		s.Choices = append(s.Choices, option(o))
	}
	return s
}

// Fail logs err and shows the page for its kind. What err says stays in the log.
func (a *Adapter) Fail(r *Request, err error) {
	code, id := StatusOf(err), r.c.GetString(requestID)
	level := slog.LevelInfo
	if code >= http.StatusInternalServerError && !errors.Is(err, ErrNotReady) {
		level = slog.LevelError
	}
	a.Log.LogAttrs(r.Context(), level, "failed", slog.Int("status", code), slog.String("request", id),
		slog.String("method", r.c.Request.Method), slog.String("path", pathOf(r.c)), slog.Any("err", err))
	if code == statusGone {
		r.c.AbortWithStatus(code)
		return
	}
	if code == http.StatusServiceUnavailable {
		r.c.Header("Retry-After", "5")
	}
	v := a.view(r)
	page := v.Error(code, id)
	if failed := a.show(r, code, page); failed != nil {
		a.Log.Error("error page", "err", failed)
		html(r, http.StatusInternalServerError, v.Fault())
	}
}

// NotFound is the error of an address that no route has.
func NotFound(r *Request) (Reply, error) {
	return Reply{}, fmt.Errorf("%s: %w", r.c.Request.URL.Path, models.ErrNotFound)
}
