package handlers

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
)

// askHost asks for an address at a host.
func (s *testSite) askHost(host, address string, headers ...string) *httptest.ResponseRecorder {
	s.t.Helper()
	r := httptest.NewRequest("GET", address, nil)
	r.Host = host
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	w := httptest.NewRecorder()
	s.handler.ServeHTTP(w, r)
	return w
}

// keptByMany are the pages that are made once for many readers, and files with
// absolute links.
var keptByMany = []string{"/en/services/sc-1-e-journal-for-classes", "/en/services/sc-1-e-journal-for-classes.json", "/en/services", "/en/services.json", "/en/services.atom",
	"/en/services.csv", "/en/", "/en/help/prices", "/en/vendors/v-3-tahvel-naidis-ou", "/robots.txt", "/sitemap.xml", "/sitemaps/1.xml", "/.well-known/security.txt"}

func TestAHostOfSomebodysInventionPoisonsNothing(t *testing.T) {
	s := newSite(t)
	for _, address := range keptByMany {
		for _, encoding := range []string{"", "gzip", "zstd"} {
			for _, fetch := range []string{"", "results"} { // a page, and a part of one
				for range 2 {
					s.askHost("evil.example", address, "Accept-Encoding", encoding, "X-Forwarded-Host", "evil.example", fragment, fetch)
				}
			}
		}
		for range 2 {
			if body := s.askHost("example.com", address).Body.String(); strings.Contains(body, "evil.example") {
				t.Errorf("%s names the host of another reader", address)
			}
		}
	}
}

func TestLinksNameTheConfiguredHostWhateverIsAskedFor(t *testing.T) {
	s := newSite(t)
	s.Origin, s.adapter.Origin = "https://pilveturg.example", "https://pilveturg.example"
	for _, address := range keptByMany {
		w := s.askHost("evil.example", address, "X-Forwarded-Host", "evil.example", "X-Forwarded-Proto", "http", "Forwarded", "host=evil.example")
		if w.Code != 200 || strings.Contains(w.Body.String(), "evil.example") {
			t.Errorf("%s: status %d; it names the host that was asked for", address, w.Code)
		}
	}
}

func TestPathsThatPretendAreNotThere(t *testing.T) {
	s := newSite(t)
	for _, path := range []string{
		"//evil.example", "//evil.example/", "//evil.example/en/", "///evil.example/", `/\evil.example`, `/\evil.example/`, "/%5Cevil.example/", "/%2Fevil.example/", "/%2F%2Fevil.example/",
		"/en//evil.example", "/en//evil.example/", "/en/%2F%2Fevil.example/", `/en/\evil.example/`, "/en/..//evil.example/", "/..//evil.example/", "/%2e%2e//evil.example/",
		"/en/../../etc/passwd", "/en/help/..%2f..%2fprivacy", "/en/help/%2e%2e", "/en/help/../privacy", "/assets/..%2f..%2fgo.mod", "/assets/%2e%2e/go.mod", "/assets//etc/passwd", "/sitemaps/..%2f1.xml",
		"/en/admin%2Faudit", "/en/./admin/audit", "/EN/admin/audit", "/en/Admin/Audit", "/en/admin/audit/", "/en/admin/audit%00", "/en/admin/audit;x", "/en;/admin/audit", "/en/%61dmin/audit",
		"/en/services/sc-1%2F..%2F..", "/en/help/prices%00", "/en/help/prices%0d%0aX-Evil:1", "/en/vendors/v-3%0d%0aSet-Cookie:%20pilveturg=x",
	} {
		r := httptest.NewRequest("GET", "/", nil)
		raw, query, _ := strings.Cut(path, "?")
		decoded, err := url.PathUnescape(raw)
		if err != nil {
			t.Fatal(err)
		}
		r.URL = &url.URL{Path: decoded, RawPath: raw, RawQuery: query}
		r.RequestURI = path
		w := httptest.NewRecorder()
		s.handler.ServeHTTP(w, r)
		to := w.Header().Get("Location")
		if w.Code == http.StatusOK || w.Code >= 500 || to != "" && !staysHere(to) || w.Header().Get("X-Evil") != "" || w.Header().Get("Set-Cookie") != "" {
			t.Errorf("%s: status %d to %q", path, w.Code, to)
		}
		for _, outside := range []string{`="//`, `="/\`, "root:", "module pilveturg", `="https://evil`, `="http://evil`} {
			if strings.Contains(w.Body.String(), outside) {
				t.Errorf("%s: the page holds %q", path, outside)
			}
		}
	}
}

func TestOtherMethodsAreRefused(t *testing.T) {
	s := newSite(t)
	for _, method := range []string{"PUT", "DELETE", "PATCH", "TRACE", "CONNECT", "OPTIONS", "PROPFIND", "get", "X"} {
		for _, address := range []string{"/en/services", "/en/sign-in", "/en/admin/audit"} {
			w := s.do(method, address)
			if w.Code != http.StatusMethodNotAllowed || w.Header().Get("Allow") == "" || w.Header().Get("Access-Control-Allow-Origin") != "" {
				t.Errorf("%s %s: status %d, allowed %q", method, address, w.Code, w.Header().Get("Allow"))
			}
		}
	}
	for _, header := range []string{"X-HTTP-Method-Override", "X-Method-Override", "X-HTTP-Method"} {
		if w := s.do("GET", "/en/sign-out", header, "POST"); w.Code != http.StatusMethodNotAllowed {
			t.Errorf("%s makes a GET something else: status %d", header, w.Code)
		}
	}
}

func TestAFormThatIsTooLargeIsCutOff(t *testing.T) {
	s := newSite(t)
	for _, tt := range []struct {
		name, kind string
		body       string
	}{
		{"a form", "application/x-www-form-urlencoded", "return=/en/help&x=" + strings.Repeat("a", maxForm)},
		{"an upload", "multipart/form-data; boundary=b", "--b\r\nContent-Disposition: form-data; name=\"return\"\r\n\r\n/en/help\r\n--b\r\nContent-Disposition: form-data; name=\"x\"; filename=\"x\"\r\n\r\n" + strings.Repeat("a", maxForm) + "\r\n--b--\r\n"},
		{"many fields", "application/x-www-form-urlencoded", strings.Repeat("a=b&", maxForm/4) + "return=/en/help"},
	} {
		r := httptest.NewRequest("POST", "/en/preferences", strings.NewReader(tt.body))
		r.Header.Set("Content-Type", tt.kind)
		w := httptest.NewRecorder()
		s.handler.ServeHTTP(w, r)
		if w.Code >= 500 || w.Header().Get("Location") == "/en/help" {
			t.Errorf("%s: status %d to %q; want that nothing of it is taken", tt.name, w.Code, w.Header().Get("Location"))
		}
	}
}

// staysHere reports whether a browser that follows the address stays on this site:
// it leaves out tabs and ends of lines, and takes \ for /.
func staysHere(address string) bool {
	seen := strings.Map(func(r rune) rune {
		switch r {
		case '\t', '\n', '\r':
			return -1
		case '\\':
			return '/'
		}
		return r
	}, strings.TrimFunc(address, func(r rune) bool { return r <= ' ' }))
	return strings.HasPrefix(seen, "/") && !strings.HasPrefix(seen, "//")
}

// FuzzReturn: wherever a form says to go on, the browser stays on this site.
func FuzzReturn(f *testing.F) {
	for _, to := range []string{"/en/help", "//evil.example", `/\evil.example`, `\/evil.example`, "/\t/evil.example", "/\n/evil.example", "https://evil.example", "https:evil.example", "javascript:alert(1)",
		"/%2F/evil.example", "/%5Cevil.example", "/.//evil.example", "/..//evil.example", "/en/..//..//evil.example", "/./\\evil.example", " //evil.example", "/ /evil.example", "", "evil.example", "?x", "#x", "/%zz//evil.example",
		"/en/help\r\nSet-Cookie: a=b", "/en/help%0d%0aSet-Cookie: a=b", "/\u2028/evil.example", "/／evil.example", "/\x00/evil.example", "/en/?return=//evil.example", "/@evil.example", "/:80//evil.example"} {
		f.Add(to)
	}
	s := newSite(f)
	f.Fuzz(func(t *testing.T, to string) {
		form := url.Values{"return": {to}, "theme": {"dark"}}
		r := httptest.NewRequest("POST", "/en/preferences", strings.NewReader(form.Encode()))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		w := httptest.NewRecorder()
		s.handler.ServeHTTP(w, r)
		if w.Code != http.StatusSeeOther || !staysHere(w.Header().Get("Location")) || len(w.Header().Values("Location")) != 1 {
			t.Errorf("return=%q leads to %q (status %d)", to, w.Header().Get("Location"), w.Code)
		}
		if strings.ContainsAny(w.Header().Get("Location"), "\r\n") {
			t.Errorf("return=%q splits the answer: %q", to, w.Header().Get("Location"))
		}
		r = httptest.NewRequest("GET", "/en/sign-in?"+form.Encode(), nil)
		w = httptest.NewRecorder()
		s.handler.ServeHTTP(w, r)
		for _, part := range strings.Split(w.Body.String(), `name="return" value="`)[1:] {
			value, _, _ := strings.Cut(part, `"`)
			if value != "" && !staysHere(value) {
				t.Errorf("return=%q stands in the form as %q", to, value)
			}
		}
	})
}
