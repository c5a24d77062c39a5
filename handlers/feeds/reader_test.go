package feeds

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"sync"
	"testing"
	"time"

	"pilveturg/db"
	"pilveturg/db/dbtest"
	"pilveturg/handlers/fetch"
	"pilveturg/models"
	"pilveturg/models/catalogue"
	"pilveturg/models/identity"
	"pilveturg/models/releases"
)

// stand is a database with services whose feeds a server on this machine publishes; the
// number of a service is that of its feed.
type stand struct {
	*db.DB
	t      *testing.T
	server *httptest.Server
	now    time.Time

	mu    sync.Mutex
	asked map[string]int
}

var admin = models.Actor{Program: "test", Roles: []models.Role{models.Administrator}}

func newStand(t *testing.T, publish http.HandlerFunc, paths ...string) *stand {
	t.Helper()
	s := &stand{DB: dbtest.New(t), t: t, now: dbtest.Moment, asked: map[string]int{}}
	s.Now = func() time.Time { return s.now }
	s.server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.mu.Lock()
		s.asked[r.URL.Path]++
		s.mu.Unlock()
		publish(w, r)
	}))
	t.Cleanup(s.server.Close)
	key := models.Key{Scheme: "test", Code: "v"}
	dbtest.Write(t, s.DB, admin, func(tx *db.Tx) error {
		_, _, err := identity.Put(t.Context(), tx, &identity.Organisation{Key: key, Kind: identity.Vendor, Names: models.Text{"en": "Vendor"}})
		for i, path := range paths {
			l := catalogue.Listing{Key: models.Key{Scheme: "test", Code: path}, Vendor: key, Versions: []catalogue.Version{{Content: catalogue.Content{Language: "en", Words: map[string]catalogue.Words{"en": {Name: path}}}}}}
			if err == nil {
				_, err = catalogue.Put(t.Context(), tx, &l, 0)
			}
			if err == nil {
				err = releases.SetFeed(t.Context(), tx, int64(i+1), s.server.URL+path, "en")
			}
		}
		return err
	})
	return s
}

// reader is one of a program; it reaches the server of the stand and nothing else here.
func (s *stand) reader() *Reader {
	at := netip.MustParseAddrPort(s.server.Listener.Addr().String())
	f := fetch.New(fetch.Options{Also: func(a netip.AddrPort) bool { return a == at }})
	r := NewReader(s.DB, f, slog.New(slog.DiscardHandler))
	r.limits = fetch.Limits{Bytes: 1 << 20, Time: 300 * time.Millisecond}
	return r
}

// turn has everything read that is due.
func (s *stand) turn() {
	s.t.Helper()
	if err := s.reader().Turn(s.t.Context()); err != nil {
		s.t.Fatal(err)
	}
}

func (s *stand) feed(n int64) releases.Feed {
	s.t.Helper()
	f, err := releases.FindFeed(s.t.Context(), s.DB, admin, n)
	if err != nil {
		s.t.Fatal(err)
	}
	return f
}

func (s *stand) releases(n int64) []releases.Release {
	s.t.Helper()
	all, err := releases.List(s.t.Context(), s.DB, n, models.Page{Number: 1, Size: 100})
	if err != nil {
		s.t.Fatal(err)
	}
	return all
}

// later moves the clock to when everything is due again.
func (s *stand) later() { s.now = s.now.Add(30 * time.Hour) }

// wild publishes feeds as they are met.
func wild(w http.ResponseWriter, r *http.Request) {
	switch r.URL.Path {
	case "/atom":
		fmt.Fprint(w, atomFeed)
	case "/rss":
		w.Header().Set("Content-Type", "application/rss+xml")
		fmt.Fprint(w, rssFeed)
	case "/json":
		fmt.Fprint(w, jsonFeed)
	case "/latin":
		w.Header().Set("Content-Type", "text/xml; charset=iso-8859-1")
		fmt.Fprint(w, strings.ReplaceAll(strings.TrimPrefix(atomFeed, `<?xml version="1.0" encoding="utf-8"?>`), "õ", "\xf5"))
	case "/html":
		w.Header().Set("Content-Type", "text/html")
		fmt.Fprint(w, "<!DOCTYPE html><html><p>Hi</p></html>")
	case "/cut":
		fmt.Fprint(w, atomFeed[:len(atomFeed)-50])
	case "/slow":
		fmt.Fprint(w, "<rss>")
		http.NewResponseController(w).Flush()
		<-r.Context().Done()
	case "/endless":
		for r.Context().Err() == nil {
			if _, err := fmt.Fprint(w, strings.Repeat("<item/>", 10_000)); err != nil {
				return
			}
		}
	case "/inside":
		http.Redirect(w, r, "http://169.254.169.254/feed", http.StatusMovedPermanently)
	case "/gone":
		w.WriteHeader(http.StatusGone)
	case "/busy":
		w.Header().Set("Retry-After", "7200")
		w.WriteHeader(http.StatusTooManyRequests)
	default:
		http.NotFound(w, r)
	}
}

func TestFeedsAreReadAsTheyAre(t *testing.T) {
	s := newStand(t, wild, "/atom", "/rss", "/json", "/latin", "/html", "/cut", "/slow", "/endless", "/inside", "/gone", "/busy", "/nothing")
	s.turn()
	for n, want := range []int{2, 2, 2, 2} {
		all := s.releases(int64(n + 1))
		if len(all) != want || !all[0].Read || !strings.Contains(all[0].Texts["en"]+all[1].Texts["en"], "õun") {
			t.Errorf("feed %d: %+v", n+1, all)
		}
		if f := s.feed(int64(n + 1)); f.Read.IsZero() || f.Problem != "" || f.Entries != 2 {
			t.Errorf("feed %d: %+v", n+1, f)
		}
	}
	for i, want := range []string{NoFeed, NoFeed, "too_slow", "too_big", "refused", "gone", "busy", "not_found"} {
		f := s.feed(int64(i + 5))
		if f.Problem != want || !f.Read.IsZero() || f.Failures != 1 || len(s.releases(f.Offering)) != 0 {
			t.Errorf("%s: %+v; want %s", f.Address, f, want)
		}
		if wait := f.Next.Sub(s.now); f.GivenUp() != (want == "gone") || want == "busy" && wait < 2*time.Hour || want == "too_slow" && wait > 20*time.Minute {
			t.Errorf("%s is read again after %s", f.Address, wait)
		}
	}
	for path, n := range s.asked {
		if n != 1 {
			t.Errorf("%s was asked %d times", path, n)
		}
	}
	s.turn()
	if s.asked["/atom"] != 1 {
		t.Error("what is not due is read")
	}
}

// What a feed says later changes what is kept, and never removes it: not by an empty
// answer, a broken one, or none.
func TestWhatWasReadStays(t *testing.T) {
	answer := func(w http.ResponseWriter, r *http.Request) { fmt.Fprint(w, atomFeed) }
	s := newStand(t, func(w http.ResponseWriter, r *http.Request) { answer(w, r) }, "/feed")
	s.turn()
	for name, next := range map[string]http.HandlerFunc{
		"nothing": func(http.ResponseWriter, *http.Request) {},
		"no entries": func(w http.ResponseWriter, _ *http.Request) {
			fmt.Fprint(w, `<feed xmlns="http://www.w3.org/2005/Atom"><title>x</title></feed>`)
		},
		"cut off":  func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, atomFeed[:500]) },
		"an error": func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(500) },
		"another": func(w http.ResponseWriter, _ *http.Request) {
			fmt.Fprint(w, `{"version":"https://jsonfeed.org/version/1","items":[]}`)
		},
	} {
		answer = next
		s.later()
		s.turn()
		if all := s.releases(1); len(all) != 2 {
			t.Errorf("after %s there are %d", name, len(all))
		}
	}
	answer = func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprint(w, strings.Replace(atomFeed, ">First<", ">Premier<", 1))
	}
	s.later()
	s.turn()
	if all := s.releases(1); len(all) != 2 || all[1].Titles["en"] != "Premier" {
		t.Errorf("changed: %+v", all)
	}
}

func TestAFeedThatHasNotChangedIsNotSentAgain(t *testing.T) {
	sent := 0
	s := newStand(t, func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("ETag", `"1"`)
		w.Header().Set("Last-Modified", "Sun, 01 Mar 2026 00:00:00 GMT")
		if r.Header.Get("If-None-Match") == `"1"` && r.Header.Get("If-Modified-Since") != "" {
			w.WriteHeader(http.StatusNotModified)
			return
		}
		sent++
		fmt.Fprint(w, atomFeed)
	}, "/feed")
	for range 3 {
		s.turn()
		if f := s.feed(1); !f.Read.Equal(s.now) || f.Entries != 2 {
			t.Errorf("feed %+v", f)
		}
		s.later()
	}
	if sent != 1 || s.asked["/feed"] != 3 || len(s.releases(1)) != 2 {
		t.Errorf("sent %d times of %d", sent, s.asked["/feed"])
	}
}

func TestAFeedThatHasMovedIsReadThere(t *testing.T) {
	s := newStand(t, func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/old":
			http.Redirect(w, r, "/new", http.StatusPermanentRedirect)
		case "/for-now":
			http.Redirect(w, r, "/new", http.StatusFound)
		default:
			fmt.Fprint(w, rssFeed)
		}
	}, "/old", "/for-now")
	s.turn()
	if got, want := s.feed(1).Address, s.server.URL+"/new"; got != want {
		t.Errorf("it is read at %s; want %s", got, want)
	}
	if got, want := s.feed(2).Address, s.server.URL+"/for-now"; got != want {
		t.Errorf("it is read at %s; want %s", got, want)
	}
	s.later()
	s.turn()
	if s.asked["/old"] != 1 || s.asked["/for-now"] != 2 {
		t.Errorf("asked %v", s.asked)
	}
}

// Several programs read the feeds of one database, and none is read twice.
func TestManyReadersShareTheFeeds(t *testing.T) {
	var paths []string
	for i := range 30 {
		paths = append(paths, fmt.Sprintf("/%d", i))
	}
	s := newStand(t, func(w http.ResponseWriter, _ *http.Request) {
		time.Sleep(5 * time.Millisecond)
		fmt.Fprint(w, atomFeed)
	}, paths...)
	var reading sync.WaitGroup
	for range 4 {
		reader := s.reader()
		reading.Go(func() {
			if err := reader.Turn(t.Context()); err != nil {
				t.Error(err)
			}
		})
	}
	reading.Wait()
	s.turn() // what somebody else had claimed when the last one looked
	for i, path := range paths {
		if s.asked[path] != 1 || len(s.releases(int64(i+1))) != 2 {
			t.Errorf("%s was read %d times, %d releases", path, s.asked[path], len(s.releases(int64(i+1))))
		}
	}
}

// A program that is told to stop lets others read what it has begun.
func TestAReaderThatStopsGivesBack(t *testing.T) {
	begun := make(chan bool, 1)
	hold := true
	s := newStand(t, func(w http.ResponseWriter, r *http.Request) {
		if hold {
			begun <- true
			<-r.Context().Done()
			return
		}
		fmt.Fprint(w, atomFeed)
	}, "/feed")
	reader := s.reader()
	reader.limits.Time = time.Minute
	ctx, stop := context.WithCancel(t.Context())
	done := make(chan bool)
	go func() {
		reader.Run(ctx)
		close(done)
	}()
	<-begun
	stop()
	<-done
	if f := s.feed(1); f.Failures != 0 || !f.Read.IsZero() {
		t.Errorf("feed %+v", f)
	}
	hold = false
	s.turn()
	if len(s.releases(1)) != 2 {
		t.Error("nobody reads what was begun")
	}
}
