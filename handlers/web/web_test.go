package web

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/gin-gonic/gin"
	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"

	"pilveturg/models"
	"pilveturg/views"
)

// portal runs one handler at /en/page, and keeps what is logged.
func portal(t testing.TB, h Handler) (http.Handler, *bytes.Buffer) {
	t.Helper()
	return portalWith(t, h, func(*Adapter) {})
}

// portalWith is portal with an adapter that is set up further.
func portalWith(t testing.TB, h Handler, setUp func(*Adapter)) (http.Handler, *bytes.Buffer) {
	t.Helper()
	gin.SetMode(gin.TestMode)
	all, err := views.Load(views.Files, views.Site{})
	if err != nil {
		t.Fatal(err)
	}
	var log bytes.Buffer
	a := &Adapter{Views: all, Langs: []string{"et", "en"}, Prefs: NewPrefStore(bytes.Repeat([]byte{1}, 32)),
		Log: slog.New(slog.NewTextHandler(&log, nil))}
	setUp(a)
	e := gin.New()
	e.Use(Named, SameOrigin(a), MaxBody(1<<10, nil))
	e.Any("/en/page", a.Handle("en", h))
	return a.Gate(e), &log
}

func get(h http.Handler, header ...string) *httptest.ResponseRecorder {
	r := httptest.NewRequest("GET", "/en/page", nil)
	for i := 0; i < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

func fails(err error) Handler { return func(*Request) (Reply, error) { return Reply{}, err } }

func TestErrorsBecomePagesByTheirKind(t *testing.T) {
	for _, tt := range []struct {
		name string
		err  error
		code int
	}{
		{"what is not there", models.ErrNotFound, 404},
		{"what may not be done", fmt.Errorf("x: %w", models.ErrForbidden), 403},
		{"what somebody did first", models.ErrConflict, 409},
		{"who has to sign in", models.ErrSignIn, 401},
		{"what was typed wrong", models.Invalid{"a": "b"}, 422},
		{"what takes too long", context.DeadlineExceeded, 503},
		{"a reader who left", context.Canceled, 499},
		{"a fault of ours", errors.New("secret-detail"), 500},
	} {
		t.Run(tt.name, func(t *testing.T) {
			h, log := portal(t, fails(tt.err))
			w := get(h)
			if w.Code != tt.code {
				t.Errorf("status %d, want %d", w.Code, tt.code)
			}
			if strings.Contains(w.Body.String(), "secret-detail") {
				t.Error("the page tells what only the log may")
			}
			if !strings.Contains(log.String(), tt.err.Error()) {
				t.Errorf("the log does not tell of %v: %s", tt.err, log)
			}
			if id := w.Header().Get("X-Request-Id"); tt.code == 500 && !strings.Contains(w.Body.String(), id) {
				t.Errorf("the page does not give the reference %s", id)
			}
		})
	}
}

func TestTheLogHoldsNoSecrets(t *testing.T) {
	var log bytes.Buffer
	_, _ = portalWith(t, fails(errors.New("boom")), func(a *Adapter) {
		a.Log = slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug}))
		e := gin.New()
		e.Use(Requests(NewMeter(nil), a.Log, 0))
		e.GET("/en/reset/:secret", a.Handle("en", fails(errors.New("boom"))))
		e.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest("GET", "/en/reset/hush-hush", nil))
	})
	if got := log.String(); strings.Contains(got, "hush") || strings.Count(got, "path=/en/reset/:secret") != 2 {
		t.Errorf("the log holds %s", got)
	}
}

func TestAPanicIsAFaultLikeAnyOther(t *testing.T) {
	h, log := portal(t, func(*Request) (Reply, error) { panic("boom") })
	if w := get(h); w.Code != 500 || !strings.Contains(log.String(), "boom") {
		t.Errorf("status %d, log %s", w.Code, log)
	}
}

func TestTheAdapterSaysWhoAsks(t *testing.T) {
	for _, tt := range []struct {
		name string
		ask  func(*http.Request) (Session, error)
		want string
	}{
		{"nobody knows", nil, "visitor"},
		{"the request tells", func(r *http.Request) (Session, error) {
			return Session{Actor: models.Actor{Program: r.Header.Get("X-Who")}}, nil
		}, "job"},
	} {
		a := &Adapter{Prefs: NewPrefStore(bytes.Repeat([]byte{1}, 32)), Who: tt.ask}
		e := gin.New()
		e.GET("/page", a.Handle("", func(r *Request) (Reply, error) { return Data("text/plain", []byte(r.Actor.Name()), 0), nil }))
		e.NoRoute(func(c *gin.Context) { c.String(http.StatusNotFound, a.Request(c).Actor.Name()) })
		for _, path := range []string{"/page", "/nowhere"} {
			r := httptest.NewRequest("GET", path, nil)
			r.Header.Set("X-Who", "job")
			w := httptest.NewRecorder()
			if e.ServeHTTP(w, r); w.Body.String() != tt.want {
				t.Errorf("%s: %s is asked for by %q; want %q", tt.name, path, w.Body.String(), tt.want)
			}
		}
	}
}

func TestBodiesAreCompressedAsTheBrowserLikes(t *testing.T) {
	text := strings.Repeat("pilveturg ", 500)
	h, _ := portal(t, func(*Request) (Reply, error) { return Data("text/plain", []byte(text), 60), nil })
	unzip := func(r io.Reader) (io.Reader, error) { return gzip.NewReader(r) }
	unzstd := func(r io.Reader) (io.Reader, error) { return zstd.NewReader(r) }
	for _, tt := range []struct {
		accepts, encoding string
		open              func(io.Reader) (io.Reader, error)
	}{
		{"", "", func(r io.Reader) (io.Reader, error) { return r, nil }},
		{"br", "", func(r io.Reader) (io.Reader, error) { return r, nil }},
		{"gzip, br", "gzip", unzip},
		{"zstd;q=0, gzip; q=0.5", "gzip", unzip},
		{"gzip, zstd", "zstd", unzstd},
	} {
		w := get(h, "Accept-Encoding", tt.accepts)
		if got := w.Header().Get("Content-Encoding"); got != tt.encoding {
			t.Errorf("%q: encoded as %q, want %q", tt.accepts, got, tt.encoding)
			continue
		}
		if want := fmt.Sprint(w.Body.Len()); w.Header().Get("Content-Length") != want {
			t.Errorf("%q: length %s, want %s", tt.accepts, w.Header().Get("Content-Length"), want)
		}
		r, err := tt.open(w.Body)
		if err != nil {
			t.Fatal(err)
		}
		if b, err := io.ReadAll(r); err != nil || string(b) != text {
			t.Errorf("%q: %d bytes, %v", tt.accepts, len(b), err)
		}
		if !strings.Contains(w.Header().Get("Vary"), "Accept-Encoding") {
			t.Errorf("%q: Vary %q", tt.accepts, w.Header().Get("Vary"))
		}
	}
}

func TestAKeptPageIsTheSameForEveryEncoding(t *testing.T) {
	all, err := views.Load(views.Files, views.Site{})
	if err != nil {
		t.Fatal(err)
	}
	main, err := all["en"].Main(all["en"].Error(404, ""))
	if err != nil {
		t.Fatal(err)
	}
	var packed Packed
	h, _ := portal(t, func(r *Request) (Reply, error) {
		return Ready(views.Shell{Title: "T", Path: "/page"}, main, &packed).Remember(Prefs{Theme: views.Dark}), nil
	})
	plain := get(h)
	dark := plain.Result().Cookies()[0].String()
	inDark := get(h, "Cookie", dark).Body.String()
	if inDark == plain.Body.String() {
		t.Fatal("the theme makes no difference")
	}
	for range 2 { // made, and then kept
		for _, tt := range []struct{ cookie, want string }{{"", plain.Body.String()}, {dark, inDark}} {
			w := get(h, "Accept-Encoding", "gzip", "Cookie", tt.cookie)
			r, err := gzip.NewReader(w.Body)
			if err != nil {
				t.Fatal(err)
			}
			if b, err := io.ReadAll(r); err != nil || string(b) != tt.want {
				t.Errorf("cookie %.9q: another page, %v", tt.cookie, err)
			}
			if w.Header().Get("Cache-Control") != "no-cache" {
				t.Errorf("Cache-Control is %q", w.Header().Get("Cache-Control"))
			}
		}
	}
	for i := range 20 {
		packed.put(packing{origin: fmt.Sprint(i)}, nil)
	}
	if len(packed.pages) > mostPackings {
		t.Errorf("%d forms are kept, want %d at most", len(packed.pages), mostPackings)
	}
}

func TestEveryAnswerCarriesThePolicies(t *testing.T) {
	h, _ := portal(t, fails(models.ErrNotFound))
	w := get(h)
	for name, values := range fixed {
		if got := w.Header().Get(name); got != values[0] {
			t.Errorf("%s: %q, want %q", name, got, values[0])
		}
	}
}

func TestOtherSitesCannotPost(t *testing.T) {
	for _, tt := range []struct {
		name, site string
		code       int
	}{
		{"a form of ours", "same-origin", 303},
		{"an address typed by hand", "none", 303},
		{"a form of another site", "cross-site", 403},
		{"a form of a sibling", "same-site", 403},
	} {
		t.Run(tt.name, func(t *testing.T) {
			h, _ := portal(t, func(*Request) (Reply, error) { return SeeOther("/en/"), nil })
			r := httptest.NewRequest("POST", "/en/page", nil)
			r.Header.Set("Sec-Fetch-Site", tt.site)
			w := httptest.NewRecorder()
			h.ServeHTTP(w, r)
			if w.Code != tt.code {
				t.Errorf("status %d, want %d", w.Code, tt.code)
			}
		})
	}
}

func TestPreferencesComeBack(t *testing.T) {
	want := Prefs{Lang: "et", Theme: views.Dark}
	h, _ := portal(t, func(r *Request) (Reply, error) {
		return Data("text/plain", []byte(r.Prefs.Lang+"/"+r.Prefs.Theme), 0).Remember(want), nil
	})
	w := get(h)
	cookie := w.Result().Cookies()[0]
	if !cookie.HttpOnly || cookie.SameSite != http.SameSiteLaxMode || cookie.Secure {
		t.Errorf("cookie %+v", cookie)
	}
	if got := get(h, "Cookie", cookie.String()).Body.String(); got != "et/dark" {
		t.Errorf("came back as %q", got)
	}
	for _, bad := range []string{"prefs=", "prefs=x", cookie.Name + "=" + cookie.Value[1:], strings.Replace(cookie.String(), "=", "=A", 1)} {
		if got := get(h, "Cookie", bad).Body.String(); got != "/" {
			t.Errorf("the cookie %.20q… was believed: %q", bad, got)
		}
	}
	if w := get(h, "X-Forwarded-Proto", "https"); w.Result().Cookies()[0].Secure {
		t.Error("anybody can say that the cookie is to be Secure")
	}
	behind, _ := portalWith(t, func(r *Request) (Reply, error) { return SeeOther("/en/").Remember(want), nil },
		func(a *Adapter) { a.Proxies = nets(t, "192.0.2.0/24") }) // where httptest comes from
	if w := get(behind, "X-Forwarded-Proto", "https"); !w.Result().Cookies()[0].Secure {
		t.Error("behind TLS the cookie is not Secure")
	}
}

func TestPageNumbers(t *testing.T) {
	for _, tt := range []struct {
		query string
		n     int
		ok    bool
	}{
		{"", 1, true}, {"page=1", 1, true}, {"page=12", 12, true},
		{"page=0", 0, false}, {"page=-1", -1, false}, {"page=x", 0, false}, {"page=99999999999999999999", 0, false},
	} {
		c, _ := gin.CreateTestContext(httptest.NewRecorder())
		c.Request = httptest.NewRequest("GET", "/?"+tt.query, nil)
		n, ok := (&Request{c: c}).PageNumber()
		if ok != tt.ok || ok && n != tt.n {
			t.Errorf("%q: %d, %t; want %d, %t", tt.query, n, ok, tt.n, tt.ok)
		}
	}
}
