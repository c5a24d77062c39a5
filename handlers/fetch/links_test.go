package fetch

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// pages are links of every kind; times is how often something was asked for.
func pages(t *testing.T) (s *httptest.Server, times func(what string) int) {
	t.Helper()
	var mu sync.Mutex
	asked := map[string]int{}
	s = serve(t, func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		asked[r.Method+" "+r.URL.Path]++
		mu.Unlock()
		var status int
		switch n, _ := fmt.Sscanf(r.URL.Path, "/%d", &status); {
		case n == 1:
			w.WriteHeader(status)
		case r.URL.Path == "/get-only" && r.Method == http.MethodHead:
			w.WriteHeader(http.StatusMethodNotAllowed)
		case r.URL.Path == "/large":
			for range 1000 {
				fmt.Fprint(w, strings.Repeat("x", 1000))
			}
		case r.URL.Path == "/on":
			http.Redirect(w, r, "/page", http.StatusFound)
		case r.URL.Path == "/inside":
			http.Redirect(w, r, "http://169.254.169.254/", http.StatusFound)
		}
	})
	return s, func(what string) int {
		mu.Lock()
		defer mu.Unlock()
		return asked[what]
	}
}

func TestLinksThatLeadAnywhere(t *testing.T) {
	s, times := pages(t)
	now := time.Date(2026, 3, 2, 9, 30, 0, 0, time.UTC)
	c := NewChecker(New(Options{Also: only(s)}), func() time.Time { return now })
	c.pause = time.Millisecond
	want := map[string]Kind{"/page": "", "/get-only": "", "/large": "", "/on": "", "/401": "", "/403": "", "/429": "", "/503": "", "/404": NotFound, "/410": Gone, "/500": Failed, "/inside": Refused}
	var urls []string
	for path := range want {
		urls = append(urls, s.URL+path, s.URL+path)
	}
	urls = append(urls, "ftp://example.org/", "http://127.0.0.1:1/")
	for range 3 { // what is known is not asked for again
		found := c.Check(t.Context(), urls)
		if len(found) != len(want)+2 {
			t.Errorf("found %v", found)
		}
		for path, kind := range want {
			wantKind(t, path, found[s.URL+path], kind)
		}
		wantKind(t, "ftp", found["ftp://example.org/"], Malformed)
		wantKind(t, "inside", found["http://127.0.0.1:1/"], Refused)
	}
	for what, n := range map[string]int{"HEAD /page": 2, "GET /page": 0, "HEAD /get-only": 1, "GET /get-only": 1, "HEAD /404": 1, "GET /404": 1, "GET /large": 0} {
		if got := times(what); got != n {
			t.Errorf("%s was asked %d times; want %d", what, got, n)
		}
	}
	now = now.Add(badFor)
	c.Check(t.Context(), urls)
	if times("HEAD /404") != 2 || times("HEAD /large") != 1 {
		t.Errorf("after an hour: %d and %d", times("HEAD /404"), times("HEAD /large"))
	}
	now = now.Add(goodFor)
	c.Check(t.Context(), urls)
	if times("HEAD /large") != 2 {
		t.Errorf("after a day: %d", times("HEAD /large"))
	}
	time.Sleep(50 * time.Millisecond) // the pause after the last one
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.hosts) != 0 {
		t.Errorf("hosts are kept: %d", len(c.hosts))
	}
}

func TestAHostIsAskedOneLinkAfterAnother(t *testing.T) {
	var now, most, all atomic.Int32
	s := serve(t, func(http.ResponseWriter, *http.Request) {
		all.Add(1)
		n := now.Add(1)
		if n > most.Load() {
			most.Store(n)
		}
		time.Sleep(2 * time.Millisecond)
		now.Add(-1)
	})
	c := NewChecker(New(Options{Also: only(s)}), time.Now)
	c.pause = time.Millisecond
	var urls []string
	for i := range 20 {
		urls = append(urls, fmt.Sprintf("%s/%d", s.URL, i))
	}
	var both sync.WaitGroup
	for range 3 { // several ask for the same at once
		both.Go(func() {
			if found := c.Check(t.Context(), urls); len(found) != 20 {
				t.Errorf("found %d", len(found))
			}
		})
	}
	both.Wait()
	if most.Load() != 1 || all.Load() != 20 {
		t.Errorf("%d at once, %d in all; want 1 and 20", most.Load(), all.Load())
	}
}

// What takes too long is not known, which is not to say that it is wrong; whoever comes
// later finds what was looked at meanwhile.
func TestALinkThatWasNotLookedAtIsAbsent(t *testing.T) {
	hold := make(chan bool)
	s := serve(t, func(_ http.ResponseWriter, r *http.Request) { <-hold })
	c := NewChecker(New(Options{Also: only(s)}), time.Now)
	c.pause = time.Millisecond
	urls := []string{s.URL + "/a", s.URL + "/b", "ftp://x.example/"}
	ctx, stop := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer stop()
	if found := c.Check(ctx, urls); len(found) != 1 {
		t.Errorf("found %v", found)
	}
	broken := c.Broken(ctx, urls)
	wantKind(t, "in time", broken[urls[0]], TooSlow)
	wantKind(t, "ftp", broken[urls[2]], Malformed)
	close(hold)
	if found := c.Check(t.Context(), urls); len(found) != 3 || found[urls[0]] != nil || found[urls[1]] != nil {
		t.Errorf("afterwards: %v", found)
	}
	if broken := c.Broken(t.Context(), urls); len(broken) != 1 {
		t.Errorf("broken %v", broken)
	}
}

func TestNotMoreIsRememberedThanThereIsRoomFor(t *testing.T) {
	now := time.Now()
	c := NewChecker(New(Options{}), func() time.Time { return now })
	for i := range mostKept + 100 {
		l, mine := c.claim(fmt.Sprint(i))
		if !mine {
			t.Fatalf("%d is known", i)
		}
		l.at = now
	}
	if len(c.links) > mostKept {
		t.Errorf("%d are kept", len(c.links))
	}
	now = now.Add(goodFor)
	c.forget()
	if len(c.links) != 0 {
		t.Errorf("%d are kept after a day", len(c.links))
	}
}
