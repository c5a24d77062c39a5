package handlers

import (
	"bufio"
	"fmt"
	"io"
	"maps"
	"net"
	"net/http"
	"os"
	"os/exec"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"pilveturg/models/catalogue"
)

// benchClient names the variable that makes the test binary a client: where the
// server is, and what is accepted as encoding.
const benchClient = "PILVETURG_BENCH_CLIENT"

// benchConnections is over how many connections it asks at once.
const benchConnections = 16

// BenchmarkServicePage measures what a page costs the server in CPU time, whole
// requests over loopback, beside a plain net/http handler that writes the same
// bytes from memory. The client is another process, so that its work is not counted.
func BenchmarkServicePage(b *testing.B) {
	s := newSite(b)
	page := "/en" + journalPath
	cold := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.kept = newShelf[pageKey, *keptPage](keepPages)
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
			compareCost(b, bb.handler, s.bodies(bb.path), bb.encoding)
		})
	}
}

// bodies are what the site answers to addresses.
func (s *testSite) bodies(paths ...string) map[string][]byte {
	all := map[string][]byte{}
	for _, path := range paths {
		all[path] = s.do("GET", path).Body.Bytes()
	}
	return all
}

// compareCost reports what addresses cost beside a plain handler that has their
// bodies in memory.
func compareCost(b *testing.B, h http.Handler, bodies map[string][]byte, encoding string) {
	b.Helper()
	plain := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body := bodies[r.RequestURI]
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		w.Header().Set("Content-Length", strconv.Itoa(len(body)))
		_, _ = w.Write(body)
	})
	paths := slices.Sorted(maps.Keys(bodies))
	of, base := newCost(b, h, paths, encoding), newCost(b, plain, paths, "")
	const block = 250 // of requests at a time, so that both see the same moods of the machine
	for left := b.N; left > 0; left -= block {
		of.add(min(left, block))
		base.add(min(left, block))
	}
	size := 0
	for _, body := range bodies {
		size += len(body)
	}
	b.ReportMetric(of.each(), "µs-cpu/op")
	b.ReportMetric(base.each(), "plain-µs-cpu/op")
	b.ReportMetric(of.each()/base.each(), "ratio")
	b.ReportMetric(of.perSecond(), "req/s")
	b.ReportMetric(100*of.perSecond()/base.perSecond(), "%-of-plain-req/s")
	b.ReportMetric(float64(size/len(bodies)), "bytes")
}

// cost counts the CPU time of a server that one client asks for addresses in turn.
type cost struct {
	b    *testing.B
	in   io.Writer
	out  *bufio.Scanner
	n    int
	used time.Duration // of the processors
	took time.Duration
}

func newCost(b *testing.B, h http.Handler, paths []string, encoding string) *cost {
	b.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		b.Fatal(err)
	}
	srv := &http.Server{Handler: h}
	go srv.Serve(l)
	b.Cleanup(func() { srv.Close() })

	cmd := exec.Command(os.Args[0], "-test.run=^TestBenchClient$", "-test.timeout=10m")
	cmd.Env = append(os.Environ(), benchClient+"=http://"+l.Addr().String()+" "+encoding)
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
	fmt.Fprintln(in, strings.Join(paths, " "))
	c.ask(max(200, len(paths))) // until caches are warm and the pools are filled
	return c
}

// add lets the client ask n times and counts what that costs here.
func (c *cost) add(n int) {
	before, start := cpuTime(c.b), time.Now()
	c.ask(n)
	c.used += cpuTime(c.b) - before
	c.took += time.Since(start)
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

// perSecond is how many requests a second were answered.
func (c *cost) perSecond() float64 { return float64(c.n) / c.took.Seconds() }

// cpuTime is the CPU time that this process has used.
func cpuTime(b *testing.B) time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// TestBenchClient is the client of the benchmarks of pages in a process of its own:
// it reads addresses and then how often to ask from its input, and says when it is
// done.
func TestBenchClient(t *testing.T) {
	host, encoding, ok := strings.Cut(os.Getenv(benchClient), " ")
	if !ok {
		t.Skip("there is no server to ask: this is a part of the benchmarks of pages")
	}
	client := &http.Client{Transport: &http.Transport{DisableCompression: true, MaxIdleConnsPerHost: benchConnections}}
	in := bufio.NewScanner(os.Stdin)
	in.Buffer(nil, 1<<24)
	in.Scan()
	paths, next := strings.Fields(in.Text()), 0
	for in.Scan() {
		n, err := strconv.Atoi(in.Text())
		if err != nil {
			t.Fatal(err)
		}
		if err := fetchAll(client, n, func(i int) string { return host + paths[(next+i)%len(paths)] }, encoding); err != nil {
			fmt.Println(err)
			return
		}
		next += n
		fmt.Println("done")
	}
}

// fetchAll asks for n addresses over several connections, and returns the first
// error.
func fetchAll(client *http.Client, n int, address func(i int) string, encoding string) error {
	var all sync.WaitGroup
	var next atomic.Int64
	wrong := make(chan error, benchConnections)
	for range benchConnections {
		all.Go(func() {
			for i := int(next.Add(1)) - 1; i < n; i = int(next.Add(1)) - 1 {
				if err := getPage(client, address(i), encoding); err != nil {
					wrong <- err
					return
				}
			}
		})
	}
	all.Wait()
	select {
	case err := <-wrong:
		return err
	default:
		return nil
	}
}

func getPage(client *http.Client, address, encoding string) error {
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
