package handlers

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"pilveturg/models/catalogue"
)

// benchClient names the variable that makes the test binary a client: an address,
// and what it accepts as encoding.
const benchClient = "PILVETURG_BENCH_CLIENT"

// BenchmarkServicePage measures what a page costs the server in CPU time, whole
// requests over loopback, beside a plain net/http handler that writes the same
// bytes from memory. The client is another process, so that its work is not counted.
func BenchmarkServicePage(b *testing.B) {
	s := newSite(b)
	page := "/en" + journalPath
	cold := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.kept = newShelf(keepPages)
		s.handler.ServeHTTP(w, r)
	})
	long := s.put(s.listing("long", func(_ *catalogue.Listing, v *catalogue.Version) {
		v.Words["en"] = catalogue.Words{Name: "Long", Description: strings.Repeat("Marks, absences and **homework** on one page.\n\n", 600)}
	}))
	for _, bb := range []struct {
		name     string
		handler  http.Handler
		path     string
		encoding string
	}{
		{"kept", s.handler, page, ""},
		{"kept long", s.handler, "/en" + servicePath(long, "long"), ""},
		{"kept gzip", s.handler, page, "gzip"},
		{"kept zstd", s.handler, page, "zstd"},
		{"cold", cold, page, ""},
		{"calculated", s.handler, page + "?n.pupil=2400&months=10&years=3", ""},
	} {
		b.Run(bb.name, func(b *testing.B) {
			compareCost(b, bb.handler, bb.path, bb.encoding, s.do("GET", bb.path).Body.Bytes())
		})
	}
}

// compareCost reports what an address costs beside a plain handler with that body.
func compareCost(b *testing.B, h http.Handler, path, encoding string, body []byte) {
	b.Helper()
	plain := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		w.Header().Set("Content-Length", strconv.Itoa(len(body)))
		_, _ = w.Write(body)
	})
	of, base := newCost(b, h, path, encoding), newCost(b, plain, path, "")
	const block = 250 // of requests at a time, so that both see the same moods of the machine
	for left := b.N; left > 0; left -= block {
		of.add(min(left, block))
		base.add(min(left, block))
	}
	b.ReportMetric(of.each(), "µs-cpu/op")
	b.ReportMetric(base.each(), "plain-µs-cpu/op")
	b.ReportMetric(of.each()/base.each(), "ratio")
	b.ReportMetric(float64(len(body)), "bytes")
}

// cost counts the CPU time of a server that one client asks for one address.
type cost struct {
	b    *testing.B
	in   io.Writer
	out  *bufio.Scanner
	n    int
	used time.Duration
}

func newCost(b *testing.B, h http.Handler, path, encoding string) *cost {
	b.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		b.Fatal(err)
	}
	srv := &http.Server{Handler: h}
	go srv.Serve(l)
	b.Cleanup(func() { srv.Close() })

	cmd := exec.Command(os.Args[0], "-test.run=^TestBenchClient$", "-test.timeout=10m")
	cmd.Env = append(os.Environ(), benchClient+"=http://"+l.Addr().String()+path+" "+encoding)
	in, err := cmd.StdinPipe()
	if err != nil {
		b.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		b.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() {
		in.Close()
		_ = cmd.Wait()
	})
	c := &cost{b: b, in: in, out: bufio.NewScanner(out)}
	c.ask(200) // until caches are warm and the pools are filled
	return c
}

// add lets the client ask n times and counts what that costs here.
func (c *cost) add(n int) {
	before := cpuTime(c.b)
	c.ask(n)
	c.used += cpuTime(c.b) - before
	c.n += n
}

func (c *cost) ask(n int) {
	c.b.Helper()
	fmt.Fprintln(c.in, n)
	if !c.out.Scan() || c.out.Text() != "done" {
		c.b.Fatalf("the client says %q", c.out.Text())
	}
}

// each is the CPU time of one request in microseconds.
func (c *cost) each() float64 { return float64(c.used.Microseconds()) / float64(c.n) }

// cpuTime is the CPU time that this process has used.
func cpuTime(b *testing.B) time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// TestBenchClient is the client of [BenchmarkServicePage] in a process of its own:
// it reads how often to ask from its input, and says when it is done.
func TestBenchClient(t *testing.T) {
	address, encoding, ok := strings.Cut(os.Getenv(benchClient), " ")
	if !ok {
		t.Skip("there is no server to ask: this is a part of BenchmarkServicePage")
	}
	client := &http.Client{Transport: &http.Transport{DisableCompression: true, MaxIdleConnsPerHost: 1}}
	for in := bufio.NewScanner(os.Stdin); in.Scan(); {
		n, err := strconv.Atoi(in.Text())
		if err != nil {
			t.Fatal(err)
		}
		for range n {
			if err := fetch(client, address, encoding); err != nil {
				fmt.Println(err)
				return
			}
		}
		fmt.Println("done")
	}
}

func fetch(client *http.Client, address, encoding string) error {
	r, err := http.NewRequest("GET", address, nil)
	if err != nil {
		return err
	}
	if encoding != "" {
		r.Header.Set("Accept-Encoding", encoding)
	}
	answer, err := client.Do(r)
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	if _, err := io.Copy(io.Discard, answer.Body); err != nil {
		return err
	}
	if answer.StatusCode != http.StatusOK || answer.Header.Get("Content-Encoding") != encoding {
		return fmt.Errorf("%s, encoding %q", answer.Status, answer.Header.Get("Content-Encoding"))
	}
	return nil
}

// BenchmarkSearchPage measures pages of results in the way of
// [BenchmarkServicePage], over a catalogue of 20,000 services; none of them is kept.
func BenchmarkSearchPage(b *testing.B) {
	if testing.Short() {
		b.Skip("makes 20,000 services first")
	}
	s := emptySite(b)
	s.fill(20_000, 1_000, 500)
	s.follow()
	for _, bb := range []struct{ name, path string }{
		{"all", "/en/services"},
		{"words", "/en/services?q=cloud+number"},
		{"rare word", "/en/services?q=4711"},
		{"filters", "/en/services?q=service&f.category=education&f.data_countries=EE"},
		{"price", "/en/services?q=cloud&vol=2400&unit=pupil&max.price=20000&sort=price"},
		{"last page", "/en/services?page=667"},
	} {
		b.Run(bb.name, func(b *testing.B) { compareCost(b, s.handler, bb.path, "", s.do("GET", bb.path).Body.Bytes()) })
	}
}
