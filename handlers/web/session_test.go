package web

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/gorilla/sessions"

	"pilveturg/models"
	"pilveturg/views"
)

var _ sessions.Store = (*SessionStore)(nil)

// keeper keeps sessions by their secrets, and counts how often it is asked.
type keeper struct {
	sessions map[string]Session
	asked    int
	err      error
}

func (k *keeper) find(_ context.Context, secret, from string) (Session, error) {
	k.asked++
	if k.err != nil {
		return Session{}, k.err
	}
	s, ok := k.sessions[secret]
	if !ok {
		return Session{}, models.ErrNotFound
	}
	s.Actor.From = from
	return s, nil
}

var mari = Session{ID: 7, Name: "Mari Tamm", Actor: models.Actor{AccountID: 12, OrgID: 3, Roles: []models.Role{models.Buyer}},
	Acting: Acting{4, models.Text{"en": "Board"}, []models.Role{models.Buyer}}}

// signedIn is a portal where the secret "good" is Mari's.
func signedIn(t testing.TB, h Handler, origin string, proxies Proxies) (http.Handler, *keeper) {
	t.Helper()
	k := &keeper{sessions: map[string]Session{"good": mari}}
	p, _ := portalWith(t, h, func(a *Adapter) {
		a.Origin, a.Proxies = origin, proxies
		a.Sessions = NewSessionStore(k.find, proxies, origin)
		a.Who = a.Sessions.Who
		a.Nav = func(models.Actor) []string { return []string{"services"} }
	})
	return p, k
}

func whoAsks(r *Request) (Reply, error) {
	return Data("text/plain", []byte(r.Actor.Name()+" "+r.Session.Name+" "+r.Session.Secret+" "+r.Actor.From), 60), nil
}

func TestACookieOpensItsSession(t *testing.T) {
	for _, tt := range []struct {
		name, origin, cookie, want string
		asked                      int
	}{
		{"no cookie asks nobody", "", "", "visitor", 0},
		{"nor does another's", "", "prefs=x; other=y", "visitor", 0},
		{"a live one", "", "pilveturg=good", "account 12 Mari Tamm good 192.0.2.1", 1},
		{"beside another's", "", "a=b; pilveturg=good", "account 12 Mari Tamm good 192.0.2.1", 1},
		{"a dead one", "", "pilveturg=dead", "visitor", 1},
		{"an empty one", "", "pilveturg=", "visitor", 1},
		{"encrypted only, where the site is", "https://pilveturg.example", "__Host-pilveturg=good", "account 12 Mari Tamm good 192.0.2.1", 1},
		{"what anybody may have put there is not taken", "https://pilveturg.example", "pilveturg=good", "visitor", 0},
		{"nor what is of another name", "", "__Host-pilveturg=good", "visitor", 0},
	} {
		h, k := signedIn(t, whoAsks, tt.origin, nil)
		w := get(h, "Cookie", tt.cookie)
		if got := strings.Join(strings.Fields(w.Body.String()), " "); !strings.HasPrefix(got, tt.want) || k.asked != tt.asked {
			t.Errorf("%s: %q after asking %d times, want %q and %d", tt.name, got, k.asked, tt.want, tt.asked)
		}
		forgets := strings.Contains(w.Header().Get("Set-Cookie"), "Max-Age=0")
		if dead := tt.asked == 1 && strings.HasPrefix(tt.want, "visitor"); forgets != dead {
			t.Errorf("%s: the browser is told %q", tt.name, w.Header().Get("Set-Cookie"))
		}
	}
}

func TestACookieIsSetForThisHostAlone(t *testing.T) {
	begins := func(*Request) (Reply, error) { return SeeOther("/en/").Begin("fresh"), nil }
	for _, tt := range []struct {
		name, origin string
		header       []string
		want         string
	}{
		{"plainly, as on one's own machine", "", nil, "pilveturg=fresh; Path=/; HttpOnly; SameSite=Lax"},
		{"where the site is known under https", "https://pilveturg.example", nil, "__Host-pilveturg=fresh; Path=/; HttpOnly; Secure; SameSite=Lax"},
		{"behind a proxy that speaks TLS", "", []string{"X-Forwarded-Proto", "https"}, "__Host-pilveturg=fresh; Path=/; HttpOnly; Secure; SameSite=Lax"},
		{"in place of another", "", []string{"Cookie", "pilveturg=good"}, "pilveturg=fresh; Path=/; HttpOnly; SameSite=Lax"},
		{"in place of a dead one", "", []string{"Cookie", "pilveturg=dead"}, "pilveturg=fresh; Path=/; HttpOnly; SameSite=Lax"},
	} {
		h, _ := signedIn(t, begins, tt.origin, nets(t, "192.0.2.0/24"))
		w := get(h, tt.header...)
		if got := w.Header().Values("Set-Cookie"); len(got) != 1 || got[0] != tt.want {
			t.Errorf("%s: %q, want %q", tt.name, got, tt.want)
		}
		if got := w.Header().Get("Cache-Control"); got != "private, no-store" {
			t.Errorf("%s: Cache-Control is %q", tt.name, got)
		}
	}
	h, _ := signedIn(t, func(*Request) (Reply, error) { return SeeOther("/en/").End(), nil }, "", nil)
	if got := get(h, "Cookie", "pilveturg=good").Header().Get("Set-Cookie"); got != "pilveturg=; Path=/; Expires=Thu, 01 Jan 1970 00:00:01 GMT; Max-Age=0; HttpOnly; SameSite=Lax" {
		t.Errorf("at the end the browser is told %q", got)
	}
}

func TestASessionThatCannotBeFoundIsAFault(t *testing.T) {
	h, k := signedIn(t, whoAsks, "", nil)
	k.err = errors.New("disk full")
	if w := get(h, "Cookie", "pilveturg=good"); w.Code != 500 || w.Header().Get("Set-Cookie") != "" {
		t.Errorf("status %d, %q; want a fault, and the cookie left", w.Code, w.Header().Get("Set-Cookie"))
	}
}

func TestEncryptedSitesAreKeptEncrypted(t *testing.T) {
	const hsts = "Strict-Transport-Security"
	h, _ := signedIn(t, whoAsks, "", nets(t, "192.0.2.0/24"))
	if got := get(h).Header().Get(hsts); got != "" {
		t.Errorf("plainly: %q", got)
	}
	if got := get(h, "X-Forwarded-Proto", "https").Header().Get(hsts); got != "max-age=31536000; includeSubDomains" {
		t.Errorf("encrypted: %q", got)
	}
}

// What is shown to one person must never be kept for another.
func TestNobodyKeepsWhatAPersonWasShown(t *testing.T) {
	all, err := views.Load(views.Files, views.Site{})
	if err != nil {
		t.Fatal(err)
	}
	page := all["en"].Error(404, "")
	main, err := all["en"].Main(page)
	if err != nil {
		t.Fatal(err)
	}
	var packed Packed
	for name, h := range map[string]Handler{
		"a page":        func(*Request) (Reply, error) { return Page(page), nil },
		"a ready page":  func(*Request) (Reply, error) { return Ready(views.Shell{Title: "T"}, main, nil), nil },
		"a packed page": func(*Request) (Reply, error) { return Ready(views.Shell{Title: "T"}, main, &packed), nil },
		"an error":      fails(models.ErrNotFound),
	} {
		p, _ := signedIn(t, h, "", nil)
		for range 2 { // also when it is kept
			for _, tt := range []struct {
				cookie, cache string
				named         bool
			}{{"pilveturg=good", "private, no-store", true}, {"", "no-cache", false}} {
				w := get(p, "Cookie", tt.cookie)
				if got := w.Header().Get("Cache-Control"); got != tt.cache || strings.Contains(w.Body.String(), "Mari Tamm") != tt.named {
					t.Errorf("%s with %q: Cache-Control is %q, named %t", name, tt.cookie, got, !tt.named)
				}
				if get(p, "Cookie", tt.cookie, "Accept-Encoding", "gzip").Header().Get("Cache-Control") != tt.cache {
					t.Errorf("%s with %q, compressed: another Cache-Control", name, tt.cookie)
				}
			}
		}
		if len(packed.pages) > 1 {
			t.Errorf("%d forms of a page are kept, want that of visitors", len(packed.pages))
		}
	}
	data, _ := signedIn(t, whoAsks, "", nil)
	file, _ := signedIn(t, func(*Request) (Reply, error) { return Fixed("text/css", []byte("a"), []byte("b")), nil }, "", nil)
	for _, tt := range []struct {
		name   string
		h      http.Handler
		cookie string
		want   string
	}{
		{"data for a person", data, "pilveturg=good", "private, no-store"},
		{"data for a visitor", data, "", "public, max-age=60"},
		{"a file that is the same for all", file, "pilveturg=good", "public, max-age=31536000, immutable"},
	} {
		if got := get(tt.h, "Cookie", tt.cookie).Header().Get("Cache-Control"); got != tt.want {
			t.Errorf("%s: Cache-Control is %q, want %q", tt.name, got, tt.want)
		}
	}
}

func TestWhatWasDoneIsSaidOnce(t *testing.T) {
	all, err := views.Load(views.Files, views.Site{})
	if err != nil {
		t.Fatal(err)
	}
	does, _ := portal(t, func(*Request) (Reply, error) { return SeeOther("/en/page").Say("frame.acting", "<A>", "b"), nil })
	shows, _ := portal(t, func(*Request) (Reply, error) { return Page(all["en"].Error(404, "")), nil })
	done := get(does)
	said := done.Result().Cookies()[0]
	if said.Name != "said" || said.MaxAge != 60 || !said.HttpOnly || done.Header().Get("Cache-Control") != "private, no-store" {
		t.Errorf("carries %+v, Cache-Control %q", said, done.Header().Get("Cache-Control"))
	}
	w := get(shows, "Cookie", said.Name+"="+said.Value)
	if !strings.Contains(w.Body.String(), `role="status"><p>&lt;A&gt; – b</p>`) || w.Header().Get("Cache-Control") != "private, no-store" {
		t.Errorf("the next page does not say it, or may be kept: %q", w.Header().Get("Cache-Control"))
	}
	if got := w.Header().Values("Set-Cookie"); len(got) != 1 || !strings.HasPrefix(got[0], "said=; Path=/; Max-Age=0") {
		t.Errorf("the browser is told %q, want to forget it", got)
	}
	for _, bad := range []string{"said=x", "said=" + said.Value[2:]} {
		if w := get(shows, "Cookie", bad); strings.Contains(w.Body.String(), `role="status"`) {
			t.Errorf("%.10s… was believed", bad)
		}
	}
}

func TestWhereTheReaderCameFrom(t *testing.T) {
	for referer, want := range map[string]string{
		"":                              "",
		"http://example.com/en/a?b=%20": "/en/a?b=%20",
		"http://other.example/en/a":     "",
		"//example.com":                 "",
		"%zz":                           "",
	} {
		var got string
		h, _ := portal(t, func(r *Request) (Reply, error) { got = r.Came(); return Data("text/plain", []byte("x"), 0), nil })
		r := httptest.NewRequest("GET", "/en/page", nil)
		r.Header.Set("Referer", referer)
		h.ServeHTTP(httptest.NewRecorder(), r)
		if got != want {
			t.Errorf("from %q: %q, want %q", referer, got, want)
		}
	}
}
