package web

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

func TestEveryAnswerCarriesTheHeadersOfSafety(t *testing.T) {
	for _, tt := range []struct {
		name, path, host string
		code             int
	}{
		{"a page", "/en/page", "example.com", 200},
		{"what is not there", "/en/none", "example.com", 404},
		{"what the router answers by itself", "/en/page/", "example.com", 301},
		{"who asks for no host that can be", "/en/page", `a"b`, 400},
	} {
		h, _ := portal(t, func(*Request) (Reply, error) { return Data("text/plain", []byte("x"), 0), nil })
		r := httptest.NewRequest("GET", tt.path, nil)
		r.Host = tt.host
		w := httptest.NewRecorder()
		if h.ServeHTTP(w, r); w.Code != tt.code {
			t.Errorf("%s: status %d, want %d", tt.name, w.Code, tt.code)
		}
		for header, want := range map[string]string{
			"Content-Security-Policy": "frame-ancestors 'none'", "X-Content-Type-Options": "nosniff", "Referrer-Policy": "same-origin",
			"Cross-Origin-Opener-Policy": "same-origin", "Cross-Origin-Resource-Policy": "same-origin", "Permissions-Policy": "microphone=()",
		} {
			if got := w.Header().Get(header); !strings.Contains(got, want) {
				t.Errorf("%s: %s is %q", tt.name, header, got)
			}
		}
		if csp := w.Header().Get("Content-Security-Policy"); strings.Contains(csp, "unsafe") || strings.Contains(csp, "*") || !strings.Contains(csp, "default-src 'none'") {
			t.Errorf("%s: the policy is %q", tt.name, csp)
		}
	}
}

func TestBrowsersAreToldToComeEncryptedWhereTheSiteIs(t *testing.T) {
	for _, tt := range []struct {
		name, origin, proto string
		proxies             Proxies
		want                bool
	}{
		{"on one's own machine", "", "", nil, false},
		{"known under https", "https://pilveturg.example", "", nil, true},
		{"known under http", "http://pilveturg.example", "https", nil, false},
		{"by the word of a proxy", "", "https", nets(t, "192.0.2.0/24"), true},
		{"by the word of a stranger", "", "https", nets(t, "198.51.100.0/24"), false},
	} {
		h, _ := signedIn(t, whoAsks, tt.origin, tt.proxies)
		w := get(h, "X-Forwarded-Proto", tt.proto)
		if got := w.Header().Get("Strict-Transport-Security") != ""; got != tt.want {
			t.Errorf("%s: told? %t", tt.name, got)
		}
	}
}

func TestAHostThatCannotBeOneIsTurnedAway(t *testing.T) {
	for host, want := range map[string]bool{
		"example.com": true, "example.com:8080": true, "[::1]:8080": true, "127.0.0.1": true, "pilve-turg.example.": true, "": true,
		"a b": false, "a/b": false, `a\b`: false, "a@b": false, "a?b": false, "a#b": false, "<b>": false, `"`: false, "a\r\nb": false, "õ.example": false, "a,b": false,
		strings.Repeat("a", 300): false,
	} {
		if got := isHost(host); got != want {
			t.Errorf("%q: %t, want %t", host, got, want)
		}
	}
}

// The router would put a word of anybody before the path to which it leads.
func TestNobodyPutsAPrefixBeforeRedirects(t *testing.T) {
	h, _ := portal(t, fails(nil))
	r := httptest.NewRequest("GET", "/en/page/", nil)
	r.Header.Set(prefixHeader, "/elsewhere")
	w := httptest.NewRecorder()
	if h.ServeHTTP(w, r); w.Header().Get("Location") != "/en/page" {
		t.Errorf("status %d to %q", w.Code, w.Header().Get("Location"))
	}
}

func TestWhatIsForOneReaderIsCompressedOnlyWhenTheReaderAskedForIt(t *testing.T) {
	long := func(*Request) (Reply, error) {
		return Data("text/plain", []byte(strings.Repeat("mari@lakeside.example ", 200)), 0), nil
	}
	for _, tt := range []struct {
		name, cookie, by string
		want             bool
	}{
		{"a visitor by another site", "", "cross-site", true},
		{"a visitor who does not say", "", "", true},
		{"signed in, by a link of ours", "pilveturg=good", "same-origin", true},
		{"signed in, by typing", "pilveturg=good", "none", true},
		{"signed in, by another site", "pilveturg=good", "cross-site", false},
		{"signed in, by a neighbour", "pilveturg=good", "same-site", false},
		{"signed in, and does not say", "pilveturg=good", "", false},
	} {
		h, _ := signedIn(t, long, "", nil)
		w := get(h, "Cookie", tt.cookie, "Sec-Fetch-Site", tt.by, "Accept-Encoding", "gzip")
		if got := w.Header().Get("Content-Encoding") != ""; got != tt.want || w.Code != http.StatusOK {
			t.Errorf("%s: compressed? %t (status %d)", tt.name, got, w.Code)
		}
	}
}

func TestAllCookiesAreForThisHostAloneWhereItIsEncrypted(t *testing.T) {
	says := func(*Request) (Reply, error) {
		return SeeOther("/en/").Remember(Prefs{Theme: "dark"}).Say("done.profile").Begin("fresh"), nil
	}
	for origin, prefix := range map[string]string{"": "", "https://pilveturg.example": "__Host-"} {
		h, _ := signedIn(t, says, origin, nil)
		all := get(h).Result().Cookies()
		if len(all) != 3 {
			t.Fatalf("cookies %v", all)
		}
		for _, c := range all {
			if !strings.HasPrefix(c.Name, prefix) || !c.HttpOnly || c.Secure != (origin != "") || c.SameSite != http.SameSiteLaxMode || c.Path != "/" || c.Domain != "" {
				t.Errorf("%q: %+v", origin, c)
			}
		}
		again, _ := signedIn(t, func(r *Request) (Reply, error) { return Data("text/plain", []byte(r.Prefs.Theme), 0), nil }, origin, nil)
		r := httptest.NewRequest("GET", "/en/page", nil)
		for _, c := range all {
			r.AddCookie(c)
		}
		w := httptest.NewRecorder()
		if again.ServeHTTP(w, r); w.Body.String() != "dark" {
			t.Errorf("%q: the browser's choice is read as %q", origin, w.Body)
		}
	}
}
