package fetch

import (
	"bytes"
	"cmp"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"mime"
	"net"
	"net/http"
	"net/netip"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// Limits are what an answer may cost. The zero Limits are for a page or a small file.
type Limits struct {
	Bytes int64         // of the answer, unpacked; 0: 1 MiB
	Time  time.Duration // from the first look to the last byte; 0: 15 seconds
	Head  time.Duration // until an answer begins, at every step of the way; 0: 8 seconds
	Steps int           // how often it may be sent on; 0: 5, negative: never
	Kinds []string      // the media types that are wanted: "application/json", "text/*"; none: any
	Into  io.Writer     // where the answer goes instead of into [Answer.Body]; after an error it may hold a part
}

// The limits where none are given.
const (
	usualBytes = 1 << 20
	usualTime  = 15 * time.Second
	usualHead  = 8 * time.Second
	usualSteps = 5
)

const (
	dialPatience = 5 * time.Second
	maxHead      = 64 << 10 // bytes of the head of an answer
	idleFor      = 10 * time.Second
)

// Options are how a [Fetcher] is.
type Options struct {
	Agent    string                    // what it calls itself: "Pilveturg (+https://…)"
	Ports    []uint16                  // that it dials; none: 80 and 443
	Resolver *net.Resolver             // of names; nil: that of the machine
	TLS      *tls.Config               // of connections; nil: TLS 1.2 and the authorities of the machine
	Also     func(netip.AddrPort) bool // the addresses that it dials though they are not public, for tests and for who runs alone; nil: none
}

// Fetcher asks for addresses of strangers. Make one with [New]; many may use it at once.
type Fetcher struct {
	agent string
	ports []uint16
	also  func(netip.AddrPort) bool
	line  *http.Transport
}

// New returns a fetcher.
func New(o Options) *Fetcher {
	f := &Fetcher{agent: cmp.Or(o.Agent, "Pilveturg"), ports: o.Ports, also: o.Also}
	if len(f.ports) == 0 {
		f.ports = []uint16{80, 443}
	}
	dialer := &net.Dialer{Timeout: dialPatience, Resolver: o.Resolver,
		Control: func(_, address string, _ syscall.RawConn) error { return f.guard(address) }}
	config := o.TLS
	if config == nil {
		config = &tls.Config{MinVersion: tls.VersionTLS12}
	}
	f.line = &http.Transport{ // Proxy is nil: a proxy would dial instead of us
		DialContext: dialer.DialContext, TLSClientConfig: config, TLSHandshakeTimeout: dialPatience, ForceAttemptHTTP2: true,
		MaxResponseHeaderBytes: maxHead, MaxIdleConns: 16, MaxIdleConnsPerHost: 1, IdleConnTimeout: idleFor, ExpectContinueTimeout: time.Second,
	}
	return f
}

// Question is what is asked.
type Question struct {
	Method   string      // "" is GET
	URL      string      // absolute
	Header   http.Header // besides our own, for the host of URL alone; may be nil
	Body     []byte      // nil: none
	Accept   []string    // the media types that are asked for; those of the limits are, too
	ETag     string      // of the answer that we have; "" when we have none
	Modified string      // Last-Modified of the answer that we have
}

// Answer is what came.
type Answer struct {
	Status   int
	URL      string // where it came from in the end
	Moved    string // the address to ask from now on: every step up to it was said to be for good; "" when the one that was asked stands
	Same     bool   // nothing has changed since the answer that the question names
	Kind     string // media type, in small letters: "application/atom+xml"; "" when it is not told
	Charset  string // "" when it is not told
	ETag     string
	Modified string // Last-Modified, as it came
	Header   http.Header
	Body     []byte
}

// Get asks for an address. It fails with an [*Error], or with the error of ctx when
// that was cancelled.
func (f *Fetcher) Get(ctx context.Context, url string, l Limits) (*Answer, error) {
	return f.Ask(ctx, Question{URL: url}, l)
}

// Bytes returns what an address answers with, at most max bytes of it. It fails like
// [Fetcher.Get].
func (f *Fetcher) Bytes(ctx context.Context, url string, max int64) ([]byte, error) {
	a, err := f.Get(ctx, url, Limits{Bytes: max})
	if err != nil {
		return nil, err
	}
	return a.Body, nil
}

// Ask asks a question. Only what reads (GET and HEAD) goes where an answer sends on to;
// otherwise that is [Astray]. It fails like [Fetcher.Get].
func (f *Fetcher) Ask(ctx context.Context, q Question, l Limits) (*Answer, error) {
	q.Method = cmp.Or(q.Method, http.MethodGet)
	l.Bytes, l.Time, l.Head, l.Steps = cmp.Or(l.Bytes, usualBytes), cmp.Or(l.Time, usualTime), cmp.Or(l.Head, usualHead), cmp.Or(l.Steps, usualSteps)
	within, stop := context.WithTimeout(ctx, l.Time)
	defer stop()
	w := walk{f: f, q: q, l: l}
	a, err := w.follow(within)
	switch {
	case err == nil:
		return a, nil
	case errors.Is(ctx.Err(), context.Canceled):
		return nil, fmt.Errorf("ask for %s: %w", q.URL, ctx.Err())
	}
	return nil, named(err)
}

// walk is the way to an answer.
type walk struct {
	f     *Fetcher
	q     Question
	l     Limits
	moved string // to where it has moved for good
	host  string // that was asked first, and alone gets what the question's header says
}

// follow goes wherever the address leads.
func (w *walk) follow(ctx context.Context) (*Answer, error) {
	next, err := parse(w.q.URL)
	if err != nil {
		return nil, err
	}
	forGood := true
	w.host = next.Host
	for step := 0; ; step++ {
		res, stop, err := w.send(ctx, next.String())
		if err != nil {
			return nil, err
		}
		to := res.Header.Get("Location")
		if !isOnward(res.StatusCode) || to == "" {
			defer stop()
			defer res.Body.Close()
			return w.take(res, next.String())
		}
		res.Body.Close()
		stop()
		switch onward, err := next.Parse(to); {
		case w.q.Method != http.MethodGet && w.q.Method != http.MethodHead, step >= w.l.Steps, err != nil:
			return nil, &Error{Kind: Astray, Status: res.StatusCode, Err: fmt.Errorf("%s sends on to %q at step %d", next, to, step+1)}
		default:
			next = onward
		}
		if err := examine(next); err != nil {
			return nil, err
		}
		forGood = forGood && (res.StatusCode == http.StatusMovedPermanently || res.StatusCode == http.StatusPermanentRedirect)
		if forGood {
			w.moved = next.String()
		}
	}
}

func isOnward(status int) bool {
	return slices.Contains([]int{http.StatusMovedPermanently, http.StatusFound, http.StatusSeeOther, http.StatusTemporaryRedirect, http.StatusPermanentRedirect}, status)
}

// send makes one step. The answer has begun when it returns; stop ends it.
func (w *walk) send(ctx context.Context, address string) (res *http.Response, stop func(), err error) {
	ctx, cancel := context.WithCancelCause(ctx)
	stop = func() { cancel(nil) }
	late := time.AfterFunc(w.l.Head, func() { cancel(&Error{Kind: TooSlow, Err: errors.New("the answer does not begin")}) })
	defer late.Stop()
	var body io.Reader
	if w.q.Body != nil {
		body = bytes.NewReader(w.q.Body)
	}
	r, err := http.NewRequestWithContext(ctx, w.q.Method, address, body)
	if err != nil {
		stop()
		return nil, nil, &Error{Kind: Malformed, Err: err}
	}
	if r.URL.Host == w.host {
		for name, values := range w.q.Header {
			r.Header[name] = values
		}
	}
	r.Header.Set("User-Agent", w.f.agent)
	if kinds := slices.Concat(w.q.Accept, w.l.Kinds); len(kinds) > 0 {
		r.Header.Set("Accept", strings.Join(kinds, ", ")+", */*;q=0.1")
	}
	if w.q.ETag != "" {
		r.Header.Set("If-None-Match", w.q.ETag)
	}
	if w.q.Modified != "" {
		r.Header.Set("If-Modified-Since", w.q.Modified)
	}
	res, err = w.f.line.RoundTrip(r) // not by a client, which would follow, and keep what is told
	if err != nil {
		var why *Error
		if errors.As(context.Cause(ctx), &why) {
			err = why
		}
		stop()
		return nil, nil, err
	}
	return res, stop, nil
}

// take reads the answer, or says why it is none.
func (w *walk) take(res *http.Response, from string) (*Answer, error) {
	a := &Answer{Status: res.StatusCode, URL: from, Moved: w.moved, ETag: res.Header.Get("ETag"), Modified: res.Header.Get("Last-Modified"), Header: res.Header}
	if kind, params, err := mime.ParseMediaType(res.Header.Get("Content-Type")); err == nil {
		a.Kind, a.Charset = kind, strings.ToLower(params["charset"])
	}
	if kind := kindOfStatus(res.StatusCode); kind != "" {
		return nil, &Error{Kind: kind, Status: res.StatusCode, After: after(res.Header)}
	}
	if res.StatusCode == http.StatusNotModified {
		a.Same = w.q.ETag != "" || w.q.Modified != ""
		if !a.Same {
			return nil, &Error{Kind: Failed, Status: res.StatusCode, Err: errors.New("it says that nothing has changed, which nobody asked")}
		}
		return a, nil
	}
	if packed := res.Header.Get("Content-Encoding"); packed != "" && !strings.EqualFold(packed, "identity") { // gzip is unpacked already
		return nil, &Error{Kind: Unwanted, Status: res.StatusCode, Err: fmt.Errorf("it is packed by %q", packed)}
	}
	if a.Kind != "" && !wants(w.l.Kinds, a.Kind) {
		return nil, &Error{Kind: Unwanted, Status: res.StatusCode, Err: fmt.Errorf("it is %q", a.Kind)}
	}
	if w.q.Method == http.MethodHead {
		return a, nil
	}
	if res.ContentLength > w.l.Bytes {
		return nil, &Error{Kind: TooBig, Status: res.StatusCode, Err: fmt.Errorf("it has %d bytes", res.ContentLength)}
	}
	return a, w.read(res, a)
}

// read reads what is in an answer.
func (w *walk) read(res *http.Response, a *Answer) error {
	var kept bytes.Buffer
	into := w.l.Into
	if into == nil {
		into = &kept
	}
	n, err := io.Copy(into, io.LimitReader(res.Body, w.l.Bytes+1))
	switch {
	case err != nil:
		return err
	case n > w.l.Bytes:
		return &Error{Kind: TooBig, Status: res.StatusCode, Err: fmt.Errorf("it has more than %d bytes", w.l.Bytes)}
	}
	a.Body = kept.Bytes()
	return nil
}

// wants reports whether a media type is one of kinds.
func wants(kinds []string, kind string) bool {
	return len(kinds) == 0 || slices.ContainsFunc(kinds, func(k string) bool {
		above, any := strings.CutSuffix(k, "*")
		return k == kind || any && strings.HasPrefix(kind, above)
	})
}

// after reads Retry-After, which is in seconds or a moment; 0 when it says neither.
func after(h http.Header) time.Duration {
	said := h.Get("Retry-After")
	if n, err := strconv.ParseInt(said, 10, 32); err == nil && n > 0 {
		return time.Duration(n) * time.Second
	}
	now, err := http.ParseTime(h.Get("Date"))
	if err != nil {
		return 0
	}
	at, err := http.ParseTime(said)
	if err != nil {
		return 0
	}
	return max(0, at.Sub(now))
}
