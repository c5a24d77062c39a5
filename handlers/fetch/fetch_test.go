package fetch

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

// here lets a fetcher reach what the tests serve on this machine.
func here(a netip.AddrPort) bool { return a.Addr().IsLoopback() && a.Port() > 1023 }

// only lets it reach one of them.
func only(s *httptest.Server) func(netip.AddrPort) bool {
	at := netip.MustParseAddrPort(s.Listener.Addr().String())
	return func(a netip.AddrPort) bool { return a == at }
}

func serve(t *testing.T, h http.HandlerFunc) *httptest.Server {
	t.Helper()
	s := httptest.NewServer(h)
	t.Cleanup(s.Close)
	t.Cleanup(s.CloseClientConnections)
	return s
}

func wantKind(t *testing.T, what string, err error, want Kind) {
	t.Helper()
	if got := KindOf(err); got != want {
		t.Errorf("%s: %q (%v); want %q", what, got, err, want)
	}
}

func TestNobodysNetworksAreNotPublic(t *testing.T) {
	for _, a := range []string{
		"0.0.0.0", "0.1.2.3", "10.0.0.1", "10.255.255.255", "100.64.0.1", "100.100.100.200", "100.127.255.255", "127.0.0.1", "127.255.255.254",
		"168.63.129.16", "169.254.169.254", "169.254.0.1", "172.16.0.1", "172.31.255.255", "192.0.0.192", "192.0.2.1", "192.88.99.1", "192.168.0.1",
		"198.18.0.1", "198.19.255.255", "198.51.100.1", "203.0.113.1", "224.0.0.1", "239.255.255.255", "240.0.0.1", "255.255.255.255",
		"::", "::1", "::7f00:1", "::ffff:127.0.0.1", "::ffff:8.8.8.8", "::ffff:0:127.0.0.1", "64:ff9b::7f00:1", "64:ff9b::808:808", "64:ff9b:1::a00:1",
		"100::1", "2001::1", "2001:0:4136:e378:8000:63bf:3fff:fdd2", "2001:db8::1", "2002:7f00:1::", "2002:808:808::1", "3fff::1", "5f00::1",
		"fc00::1", "fd00:ec2::254", "fe80::1", "fe80::1%eth0", "fec0::1", "ff02::1",
	} {
		if Public(netip.MustParseAddr(a)) {
			t.Errorf("%s is public", a)
		}
	}
	for _, a := range []string{
		"1.1.1.1", "8.8.8.8", "9.255.255.255", "11.0.0.0", "100.63.255.255", "100.128.0.0", "126.255.255.255", "128.0.0.1", "169.253.255.255",
		"172.15.255.255", "172.32.0.0", "192.0.1.1", "192.167.255.255", "198.17.255.255", "198.20.0.0", "223.255.255.255",
		"2001:200::1", "2001:4860:4860::8888", "2606:4700::1111", "2a00:1450::1",
	} {
		if !Public(netip.MustParseAddr(a)) {
			t.Errorf("%s is not public", a)
		}
	}
	if Public(netip.Addr{}) {
		t.Error("no address is public")
	}
}

// However this machine and others inside are spelled, they are not reached.
func TestEverySpellingOfTheInsideIsRefused(t *testing.T) {
	var asked atomic.Int32
	s := serve(t, func(http.ResponseWriter, *http.Request) { asked.Add(1) })
	_, port, _ := net.SplitHostPort(s.Listener.Addr().String())
	number := netip.MustParseAddrPort(s.Listener.Addr().String()).Port()
	f := New(Options{Ports: []uint16{80, 443, number}})
	for _, host := range []string{
		"127.0.0.1", "127.1", "127.0.1", "0", "0.0.0.0", "2130706433", "0x7f000001", "0x7f.0.0.1", "0x7F.1", "0177.0.0.1", "0177.1", "017700000001",
		"127.0.0.1.", "127.000.000.001", "localhost", "LOCALHOST", "localhost.", "１２７.０.０.１", "127。0。0。1", "①②⑦.⓪.⓪.①",
		"[::1]", "[::]", "[0:0:0:0:0:0:0:1]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[::127.0.0.1]", "[64:ff9b::127.0.0.1]", "[2002:7f00:1::]",
		"[fe80::1%25lo]", "[::1%25lo]", "10.0.0.1", "172.16.0.1", "192.168.0.1", "169.254.169.254", "[fd00:ec2::254]", "100.64.0.1", "224.0.0.1",
	} {
		_, err := f.Get(t.Context(), "http://"+host+":"+port+"/", Limits{Time: 3 * time.Second})
		switch kind := KindOf(err); {
		case kind == Refused, kind == Unknown, kind == Malformed: // a name may not be known on this machine
		case kind == Unreachable && strings.Contains(err.Error(), "lookup"):
		default:
			t.Errorf("%s: %q (%v)", host, kind, err)
		}
	}
	if n := asked.Load(); n != 0 {
		t.Errorf("it was reached %d times", n)
	}
	for _, certain := range []string{"127.0.0.1", "2130706433", "0x7f.1", "0177.1", "[::1]", "[::ffff:127.0.0.1]", "[fe80::1%25lo]", "１２７.０.０.１"} {
		_, err := f.Get(t.Context(), "http://"+certain+":"+port+"/", Limits{})
		wantKind(t, certain, err, Refused)
	}
}

func TestOnlyAddressesOfTheWebAreAskedFor(t *testing.T) {
	for _, address := range []string{"", "example.org", "//example.org/", "/x", "file:///etc/passwd", "ftp://example.org/", "gopher://example.org:70/", "javascript:alert(1)",
		"data:text/plain,x", "http:", "http:///x", "http://", "http://:80/", "https://user@example.org/", "https://user:word@example.org/", "http:example.org",
		"http://exa mple.org/", "http://a\x00b/", "http://[::1", "http://./", "http://a.example/" + strings.Repeat("x", maxAddress), "http://exa%3cmple.org/"} {
		wantKind(t, fmt.Sprintf("%.40q", address), Check(address), Malformed)
	}
	for _, address := range []string{"http://example.org", "https://example.org/feed?x=1#y", " https://õun.example/ ", "HTTPS://EXAMPLE.ORG:8443/", "http://8.8.8.8/", "http://[2606:4700::1111]/", "http://7f.example1/"} {
		if err := Check(address); err != nil {
			t.Errorf("%q: %v", address, err)
		}
	}
}

func TestOnlyPortsOfTheWebAreDialled(t *testing.T) {
	f := New(Options{})
	for address, want := range map[string]Kind{"8.8.8.8:80": "", "8.8.8.8:443": "", "8.8.8.8:22": Refused, "8.8.8.8:8080": Refused, "[2606:4700::1111]:443": "", "nonsense": Refused, "127.0.0.1:80": Refused} {
		wantKind(t, address, f.guard(address), want)
	}
	wantKind(t, "another port", New(Options{Ports: []uint16{8080}}).guard("8.8.8.8:8080"), "")
}

func TestAnAnswerIsHandedOver(t *testing.T) {
	var got http.Header
	s := serve(t, func(w http.ResponseWriter, r *http.Request) {
		got = r.Header
		w.Header().Set("Content-Type", `Application/Atom+XML; Charset="ISO-8859-15"`)
		w.Header().Set("ETag", `"1"`)
		w.Header().Set("Last-Modified", "Mon, 02 Mar 2026 09:30:00 GMT")
		http.SetCookie(w, &http.Cookie{Name: "a", Value: "b"})
		fmt.Fprint(w, "hello")
	})
	t.Setenv("HTTP_PROXY", "http://127.0.0.1:1")
	f := New(Options{Agent: "Pilveturg (+https://x.example)", Also: here})
	for range 2 {
		a, err := f.Get(t.Context(), s.URL+"/feed#part", Limits{Kinds: []string{"application/atom+xml"}})
		if err != nil {
			t.Fatal(err)
		}
		if a.Status != 200 || string(a.Body) != "hello" || a.Kind != "application/atom+xml" || a.Charset != "iso-8859-15" || a.ETag != `"1"` || a.Modified == "" || a.URL != s.URL+"/feed" || a.Moved != "" || a.Same {
			t.Errorf("answer %+v", a)
		}
		for name, want := range map[string]string{"User-Agent": "Pilveturg (+https://x.example)", "Accept": "application/atom+xml, */*;q=0.1", "Accept-Encoding": "gzip"} {
			if got.Get(name) != want {
				t.Errorf("%s: %q; want %q", name, got.Get(name), want)
			}
		}
		for _, name := range []string{"Cookie", "Authorization", "Referer", "If-None-Match"} {
			if got.Get(name) != "" {
				t.Errorf("it sends %s: %q", name, got.Get(name))
			}
		}
	}
	if b, err := f.Bytes(t.Context(), s.URL, 5); err != nil || string(b) != "hello" {
		t.Errorf("bytes %q, %v", b, err)
	}
	_, err := f.Bytes(t.Context(), s.URL, 4)
	wantKind(t, "one byte more", err, TooBig)
	var into bytes.Buffer
	if a, err := f.Get(t.Context(), s.URL, Limits{Into: &into}); err != nil || into.String() != "hello" || len(a.Body) != 0 {
		t.Errorf("into %q: %v", into.String(), err)
	}
}

func TestNothingNew(t *testing.T) {
	s := serve(t, func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("If-None-Match") == `"1"` || r.Header.Get("If-Modified-Since") == "then" || r.URL.Path == "/odd" {
			w.WriteHeader(http.StatusNotModified)
			return
		}
		fmt.Fprint(w, "new")
	})
	f := New(Options{Also: here})
	for _, q := range []Question{{URL: s.URL, ETag: `"1"`}, {URL: s.URL, Modified: "then"}} {
		if a, err := f.Ask(t.Context(), q, Limits{}); err != nil || !a.Same || a.Body != nil {
			t.Errorf("%+v: %+v, %v", q, a, err)
		}
	}
	if a, err := f.Ask(t.Context(), Question{URL: s.URL, ETag: `"2"`}, Limits{}); err != nil || a.Same || string(a.Body) != "new" {
		t.Errorf("another tag: %+v, %v", a, err)
	}
	_, err := f.Get(t.Context(), s.URL+"/odd", Limits{})
	wantKind(t, "nothing new that nobody asked for", err, Failed)
}

func TestWhatAnAnswerMayBe(t *testing.T) {
	bomb := packed(t, 16<<20)
	s := serve(t, func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		switch r.URL.Path {
		case "/html":
			h.Set("Content-Type", "text/html")
		case "/bomb":
			h.Set("Content-Encoding", "gzip")
			w.Write(bomb)
		case "/twice":
			h.Set("Content-Encoding", "gzip, gzip")
			w.Write(bomb)
		case "/broken":
			h.Set("Content-Encoding", "gzip")
			fmt.Fprint(w, "this is not packed")
		case "/long":
			h.Set("Content-Length", "10000000")
			fmt.Fprint(w, "x")
		case "/endless":
			for block := make([]byte, 64<<10); r.Context().Err() == nil; {
				if _, err := w.Write(block); err != nil {
					return
				}
			}
		case "/heads":
			for i := range 3000 {
				h.Set(fmt.Sprintf("X-%d", i), strings.Repeat("x", 100))
			}
		case "/cut":
			h.Set("Content-Length", "100")
			fmt.Fprint(w, "x")
		case "/busy":
			h.Set("Retry-After", "120")
			w.WriteHeader(503)
		case "/busy-until":
			h.Set("Date", "Mon, 02 Mar 2026 09:30:00 GMT")
			h.Set("Retry-After", "Mon, 02 Mar 2026 09:31:00 GMT")
			w.WriteHeader(429)
		default:
			var status int
			fmt.Sscanf(r.URL.Path, "/%d", &status)
			w.WriteHeader(status)
		}
	})
	f := New(Options{Also: here})
	for path, want := range map[string]Kind{"/html": Unwanted, "/bomb": TooBig, "/twice": Unwanted, "/broken": Unreachable, "/long": TooBig, "/endless": TooBig, "/heads": Unreachable,
		"/cut": Unreachable, "/busy": Busy, "/busy-until": Busy, "/200": "", "/204": "", "/400": Failed, "/401": Denied, "/403": Denied, "/404": NotFound, "/410": Gone, "/429": Busy, "/451": Denied,
		"/500": Failed, "/502": Failed, "/503": Busy, "/300": Failed, "/302": Failed} {
		_, err := f.Get(t.Context(), s.URL+path, Limits{Kinds: []string{"text/plain", "application/*"}})
		wantKind(t, path, err, want)
		var e *Error
		if errors.As(err, &e) && (path == "/busy" && e.After != 2*time.Minute || path == "/busy-until" && e.After != time.Minute) {
			t.Errorf("%s may be asked after %s", path, e.After)
		}
	}
}

// packed is n zeros in gzip.
func packed(t *testing.T, n int64) []byte {
	t.Helper()
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	if _, err := io.CopyN(z, zeros{}, n); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

type zeros struct{}

func (zeros) Read(p []byte) (int, error) {
	clear(p)
	return len(p), nil
}

func TestSlowAnswersAreCut(t *testing.T) {
	s := serve(t, func(w http.ResponseWriter, r *http.Request) {
		flush := http.NewResponseController(w)
		switch r.URL.Path {
		case "/silent":
			<-r.Context().Done()
		case "/drip":
			for r.Context().Err() == nil {
				fmt.Fprint(w, "x")
				flush.Flush()
				time.Sleep(10 * time.Millisecond)
			}
		case "/on": // every step takes its time
			time.Sleep(60 * time.Millisecond)
			http.Redirect(w, r, "/on", http.StatusFound)
		}
	})
	f := New(Options{Also: here})
	for path, l := range map[string]Limits{"/silent": {Head: 50 * time.Millisecond}, "/drip": {Time: 100 * time.Millisecond}, "/on": {Time: 150 * time.Millisecond, Steps: 100}} {
		begun := time.Now()
		_, err := f.Get(t.Context(), s.URL+path, l)
		wantKind(t, path, err, TooSlow)
		if took := time.Since(begun); took > 2*time.Second {
			t.Errorf("%s: cut after %s", path, took)
		}
	}
	ctx, stop := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer stop()
	_, err := f.Get(ctx, s.URL+"/drip", Limits{})
	wantKind(t, "the caller's time", err, TooSlow)
	ctx, stop = context.WithCancel(t.Context())
	time.AfterFunc(50*time.Millisecond, stop)
	if _, err := f.Get(ctx, s.URL+"/drip", Limits{}); KindOf(err) != "" || !errors.Is(err, context.Canceled) {
		t.Errorf("given up: %v", err)
	}
}

// Where an answer sends on to is looked at as if it had been asked for.
func TestTheWayIsLookedAtAtEveryStep(t *testing.T) {
	var inside atomic.Int32
	secret := serve(t, func(http.ResponseWriter, *http.Request) { inside.Add(1) })
	_, port, _ := net.SplitHostPort(secret.Listener.Addr().String())
	var s *httptest.Server
	var heads []string
	s = serve(t, func(w http.ResponseWriter, r *http.Request) {
		heads = append(heads, r.Header.Get("X-Ours")+r.Header.Get("Referer")+r.Header.Get("Cookie"))
		to := map[string]string{"/inside": secret.URL, "/metadata": "http://169.254.169.254/latest", "/decimal": "http://2130706433:" + port, "/scheme": "file:///etc/passwd",
			"/user": "http://a:b@" + r.Host + "/end", "/loop": "/loop", "/a": "/b", "/b": "c", "/nowhere": "http://%zz/", "/zone": "http://[fe80::1%25lo]/", "/gopher": "gopher://127.0.0.1:6379/"}[r.URL.Path]
		if to == "" {
			fmt.Fprint(w, "end")
			return
		}
		http.SetCookie(w, &http.Cookie{Name: "a", Value: "b"})
		w.Header().Set("Location", to)
		w.WriteHeader(map[string]int{"/a": 301, "/b": 308}[r.URL.Path] + map[bool]int{true: 0, false: 302}[r.URL.Path == "/a" || r.URL.Path == "/b"])
	})
	f := New(Options{Also: only(s)})
	for path, want := range map[string]Kind{"/inside": Refused, "/metadata": Refused, "/decimal": Refused, "/scheme": Malformed, "/user": Malformed, "/loop": Astray, "/nowhere": Astray, "/zone": Refused, "/gopher": Malformed, "/a": ""} {
		heads = nil
		a, err := f.Ask(t.Context(), Question{URL: s.URL + path, Header: http.Header{"X-Ours": {"x"}}}, Limits{})
		wantKind(t, path, err, want)
		if path == "/a" && (a == nil || a.URL != s.URL+"/c" || a.Moved != s.URL+"/c" || len(heads) != 3) {
			t.Errorf("moved: %+v", a)
		}
		if path == "/loop" && len(heads) != 1+usualSteps {
			t.Errorf("it went %d times in a circle", len(heads))
		}
		for _, h := range heads {
			if h != "x" {
				t.Errorf("%s: it sends %q", path, h)
			}
		}
	}
	if n := inside.Load(); n != 0 {
		t.Errorf("the inside was reached %d times", n)
	}
	_, err := f.Ask(t.Context(), Question{Method: http.MethodPost, URL: s.URL + "/a", Body: []byte("x")}, Limits{})
	wantKind(t, "a POST that is sent on", err, Astray)
	if a, err := f.Ask(t.Context(), Question{Method: http.MethodPost, URL: s.URL + "/end", Body: []byte("x")}, Limits{}); err != nil || string(a.Body) != "end" {
		t.Errorf("POST: %v", err)
	}
	_, err = f.Get(t.Context(), s.URL+"/a", Limits{Steps: -1})
	wantKind(t, "never sent on", err, Astray)
}

// What a stranger's header is for stays with the host that was asked.
func TestOtherHostsGetNoHeadersOfTheQuestion(t *testing.T) {
	var got []string
	note := func(r *http.Request) { got = append(got, r.Header.Get("X-Ours")) }
	other := serve(t, func(_ http.ResponseWriter, r *http.Request) { note(r) })
	s := serve(t, func(w http.ResponseWriter, r *http.Request) {
		note(r)
		http.Redirect(w, r, other.URL, http.StatusFound)
	})
	a, err := New(Options{Also: here}).Ask(t.Context(), Question{URL: s.URL, Header: http.Header{"X-Ours": {"x"}}}, Limits{})
	if err != nil || a.Moved != "" || strings.Join(got, ",") != "x," {
		t.Errorf("sent %q: %+v, %v", got, a, err)
	}
}

func TestCertificatesAreChecked(t *testing.T) {
	s := httptest.NewUnstartedServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	s.Config.ErrorLog = log.New(io.Discard, "", 0)
	s.StartTLS()
	t.Cleanup(s.Close)
	_, err := New(Options{Also: here}).Get(t.Context(), s.URL, Limits{})
	wantKind(t, "a certificate of nobody", err, Insecure)
	plain := serve(t, func(http.ResponseWriter, *http.Request) {})
	_, err = New(Options{Also: here}).Get(t.Context(), strings.Replace(plain.URL, "http:", "https:", 1), Limits{})
	wantKind(t, "no encryption", err, Insecure)
}

func TestNobodyAnswers(t *testing.T) {
	s := serve(t, func(http.ResponseWriter, *http.Request) {})
	address := s.URL
	s.Close()
	_, err := New(Options{Also: here}).Get(t.Context(), address, Limits{})
	wantKind(t, "a closed port", err, Unreachable)
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer ln.Close()
	go func() {
		for {
			c, err := ln.Accept()
			if err != nil {
				return
			}
			c.Read(make([]byte, 1))
			fmt.Fprint(c, "220 mail.example ESMTP\r\n")
			c.Close()
		}
	}()
	_, err = New(Options{Also: here}).Get(t.Context(), "http://"+ln.Addr().String(), Limits{})
	wantKind(t, "a mail server", err, Unreachable)
}
