package api

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"math"
	"mime"
	"net/http"
	"runtime/debug"
	"strconv"
	"strings"
	"time"

	"golang.org/x/text/language"

	"pilveturg/db"
	"pilveturg/models"
	"pilveturg/models/access"
	"pilveturg/views/locale"
)

const (
	jsonKind    = "application/json"
	problemKind = "application/problem+json"
	mostBody    = 1 << 20 // bytes
	longestName = 255     // characters that a program may name a request by
)

// seePatience is how long an answer waits until the use of its token is written down;
// while an import holds the database, a later one does it.
const seePatience = 50 * time.Millisecond

// call is a request that has passed the gate.
type call struct {
	lang   *locale.Locale
	actor  models.Actor
	holder access.Holder
	origin string
	match  string // If-Match
	body   []byte
	once   access.Once // without a name when it has none
}

type callKey struct{}

func callOf(ctx context.Context) *call {
	c, _ := ctx.Value(callKey{}).(*call)
	return c
}

// ServeHTTP answers a program.
func (a *API) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	c := &call{lang: a.language(r.Header.Get("Accept-Language")), origin: a.origin(r), match: strings.TrimSpace(r.Header.Get("If-Match"))}
	h := w.Header()
	h.Set("Content-Language", c.lang.Tag)
	h.Set("Cache-Control", "private, no-store")
	h.Set("Vary", "Accept-Language, Authorization")
	defer func() {
		if p := recover(); p != nil {
			if p == http.ErrAbortHandler {
				panic(p)
			}
			a.Log.ErrorContext(r.Context(), "api", "method", r.Method, "path", r.URL.Path, "err", fmt.Errorf("panic: %v\n%s", p, debug.Stack()))
			a.write(w, a.problem(c, http.StatusInternalServerError, "fault"))
		}
	}()
	if p := a.enter(h, r, c); p != nil {
		a.write(w, p)
		return
	}
	a.mux.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), callKey{}, c)))
}

// enter finds out who asks for what, or says why they are not let in.
func (a *API) enter(h http.Header, r *http.Request, c *call) *Problem {
	if p := a.known(h, r, c); p != nil {
		return p
	}
	q := a.asked.take(strconv.FormatInt(c.holder.ID, 10), 1, a.DB.Now())
	q.tell(h, "token")
	if q.over {
		h.Set("Retry-After", q.seconds())
		return a.problem(c, http.StatusTooManyRequests, "too_many")
	}
	if p := a.read(r, c); p != nil {
		return p
	}
	return a.named(r, c)
}

// known finds who has the token. What is not known, expired, revoked or without power is
// all the same to who asks.
func (a *API) known(h http.Header, r *http.Request, c *call) *Problem {
	from, now := a.From(r), models.Time{Time: a.DB.Now()}
	if q := a.failed.take(from, 0, now.Time); q.over {
		q.tell(h, "address")
		h.Set("Retry-After", q.seconds())
		return a.problem(c, http.StatusTooManyRequests, "too_many")
	}
	scheme, token, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	holder, err := access.Holder{}, error(models.ErrNotFound)
	if strings.EqualFold(scheme, "Bearer") {
		holder, err = access.ByToken(r.Context(), a.DB, strings.TrimSpace(token), now)
	}
	switch {
	case errors.Is(err, models.ErrNotFound):
		a.failed.take(from, 1, now.Time)
		h.Set("WWW-Authenticate", `Bearer realm="pilveturg"`)
		return a.problem(c, http.StatusUnauthorized, "token")
	case err != nil:
		return a.problemOf(r.Context(), c, err)
	}
	c.holder, c.actor = holder, holder.Actor(from)
	if holder.IsUnseen(now, from) {
		a.see(r.Context(), c)
	}
	return nil
}

func (a *API) see(ctx context.Context, c *call) {
	ctx, stop := context.WithTimeout(ctx, seePatience)
	defer stop()
	err := a.DB.Write(ctx, c.actor, func(tx *db.Tx) error { return access.SeeToken(ctx, tx, c.holder.ID, c.actor.From) })
	if err != nil && ctx.Err() == nil {
		a.Log.Warn("token is seen", "err", err)
	}
}

// read reads what was sent, which is little and JSON.
func (a *API) read(r *http.Request, c *call) *Problem {
	if r.Body == nil || r.Body == http.NoBody {
		return nil
	}
	body, err := io.ReadAll(io.LimitReader(r.Body, mostBody+1))
	switch {
	case err != nil:
		return a.problem(c, http.StatusBadRequest, "broken")
	case len(body) > mostBody:
		return a.problem(c, http.StatusRequestEntityTooLarge, "too_large", strconv.Itoa(mostBody))
	case len(body) == 0:
		return nil
	}
	kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil || kind != jsonKind || r.Header.Get("Content-Encoding") != "" {
		return a.problem(c, http.StatusUnsupportedMediaType, "media_type")
	}
	c.body = body
	return nil
}

// named reads the name that the program gave the request.
func (a *API) named(r *http.Request, c *call) *Problem {
	name := strings.Trim(strings.TrimSpace(r.Header.Get("Idempotency-Key")), `"`)
	odd := func(r rune) bool { return r <= ' ' || r > '~' }
	if len(name) > longestName || strings.ContainsFunc(name, odd) || name == "" && r.Header["Idempotency-Key"] != nil {
		return a.problem(c, http.StatusBadRequest, "bad_name", strconv.Itoa(longestName))
	}
	all := bytes.Join([][]byte{[]byte(r.Method), []byte(r.URL.RequestURI()), []byte(c.match), c.body}, []byte{0})
	c.once = access.Once{Token: c.holder.ID, Name: name, Asked: sha256.Sum256(all)}
	return nil
}

// tell tells what is left of a limit, as the IETF's draft on RateLimit headers has it.
func (q quota) tell(h http.Header, policy string) {
	h.Set("RateLimit-Policy", fmt.Sprintf("%q;q=%d;w=%d", policy, q.most, int(window/time.Second)))
	h.Set("RateLimit", fmt.Sprintf("%q;r=%d;t=%s", policy, max(q.left, 0), q.seconds()))
}

func (q quota) seconds() string { return strconv.Itoa(int(math.Ceil(q.reset.Seconds()))) }

// language is the locale that the program likes best.
func (a *API) language(accepts string) *locale.Locale {
	tags := make([]language.Tag, len(a.Locales))
	for i, l := range a.Locales {
		tags[i] = language.Make(l.Tag)
	}
	_, i := language.MatchStrings(language.NewMatcher(tags), accepts)
	if accepts == "" {
		i = 0
	}
	return a.Locales[i]
}

// origin is the scheme and host of absolute addresses.
func (a *API) origin(r *http.Request) string {
	if a.Origin != "" {
		return a.Origin
	}
	scheme := "http"
	if r.TLS != nil {
		scheme = "https"
	}
	return scheme + "://" + r.Host
}
