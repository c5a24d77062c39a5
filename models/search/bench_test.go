package search

import (
	"fmt"
	"math/rand/v2"
	"os"
	"runtime"
	"runtime/debug"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"pilveturg/db"
	"pilveturg/db/dbtest"
	"pilveturg/models"
	"pilveturg/models/search/searchtest"
)

// madeUpBodies returns the bodies of the first n made-up documents. It makes them
// on all processors.
func madeUpBodies(t testing.TB, n int) [][]byte {
	bodies := make([][]byte, n)
	var all sync.WaitGroup
	cores := runtime.GOMAXPROCS(0)
	for core := range cores {
		all.Go(func() {
			for i := core; i < n; i += cores {
				b, err := testLayout().Body(madeUp(int64(i) + 1))
				if err != nil {
					t.Error(err)
					return
				}
				bodies[i] = b
			}
		})
	}
	all.Wait()
	return bodies
}

// bigIndex makes an index of n made-up documents, a part at a time so that not
// all of them are held twice.
func bigIndex(t testing.TB, n int) *Index {
	t.Helper()
	x := newIndex(t)
	for from := 0; from < n; from += segmentSize {
		bodies := make([][]byte, min(segmentSize, n-from))
		var all sync.WaitGroup
		cores := runtime.GOMAXPROCS(0)
		for core := range cores {
			all.Go(func() {
				for i := core; i < len(bodies); i += cores {
					bodies[i], _ = testLayout().Body(madeUp(int64(from+i) + 1))
				}
			})
		}
		all.Wait()
		if err := x.Put(bodies, nil); err != nil {
			t.Fatal(err)
		}
	}
	x.Tidy()
	return x
}

// shared50k is used by several benchmarks.
var shared50k struct {
	once  sync.Once
	index *Index
}

func index50k(b *testing.B) *Index {
	shared50k.once.Do(func() {
		shared50k.index = newIndex(b)
		shared50k.index.Put(madeUpBodies(b, 50_000), nil)
		shared50k.index.Tidy()
	})
	return shared50k.index
}

// request makes a question as people may ask: no word to three, and no filter to
// four.
func request(r *rand.Rand, x *Index) Request {
	req := Request{Limit: 30}
	n := []int{0, 0, 0, 1, 1, 1, 2, 2, 2, 3}[r.IntN(10)]
	var words []string
	for range n {
		words = append(words, testMaker().QueryWord(r))
	}
	req.Text = strings.Join(words, " ")
	for range []int{0, 0, 0, 1, 1, 1, 2, 2, 3, 4}[r.IntN(10)] {
		addFilter(r, x, &req)
	}
	switch r.IntN(10) {
	case 0:
		req.Sort = ByUsers
	case 1:
		req.Sort = Newest
	case 2:
		volume := Volume{Unit: []string{"user", "pupil"}[r.IntN(2)], Amount: models.Whole(int64(100 * (1 + r.IntN(3))))}
		req.Volume, req.Sort = &volume, ByPrice
	}
	return req
}

// addFilter adds one filter that is not there yet.
func addFilter(r *rand.Rand, x *Index, req *Request) {
	if r.IntN(5) == 0 {
		c := x.layout.Columns[r.IntN(8)]
		most := models.Whole(int64([]int{12, 30, 60, 90}[r.IntN(4)]))
		req.Ranges = append(req.Ranges, Range{Column: c.Key, Max: &most, Unknown: r.IntN(2) == 0})
		return
	}
	groups := slices.DeleteFunc(slices.Clone(x.layout.Groups), func(g Group) bool { return g.Hidden || len(g.Values) < 2 })
	g := groups[r.IntN(len(groups))]
	f := Filter{Group: g.Key}
	for range 1 + r.IntN(2) {
		f.Values = append(f.Values, g.Values[r.IntN(len(g.Values))])
	}
	if g.Mode != All || len(f.Values) == 2 && f.Values[0] != f.Values[1] {
		req.Filters = append(req.Filters, f)
	}
}

// BenchmarkSearch1M needs minutes to make its documents, so it has to be asked for
// with PILVETURG_SEARCH_MILLION=1.
func BenchmarkSearch1M(b *testing.B) {
	if os.Getenv("PILVETURG_SEARCH_MILLION") == "" {
		b.Skip("set PILVETURG_SEARCH_MILLION=1 to make a million documents")
	}
	shared1M.once.Do(func() {
		debug.SetGCPercent(20)
		shared1M.index = bigIndex(b, 1_000_000)
	})
	stats := shared1M.index.Stats()
	debug.SetGCPercent(stats.GCPercent())
	debug.FreeOSMemory()
	b.Logf("%+v, resident after the build: %s, at most: %s", stats, memory("VmRSS"), memory("VmHWM"))
	benchmarkSearch(b, shared1M.index)
	b.Logf("resident after searching: %s", memory("VmRSS"))
}

// shared1M is used by each run of the benchmark.
var shared1M struct {
	once  sync.Once
	index *Index
}

// memory reads a line of what the kernel says of this process; nothing elsewhere.
func memory(name string) string {
	status, _ := os.ReadFile("/proc/self/status")
	for line := range strings.Lines(string(status)) {
		if value, ok := strings.CutPrefix(line, name+":"); ok {
			return strings.Join(strings.Fields(value), " ")
		}
	}
	return "unknown"
}

func BenchmarkSearch50k(b *testing.B) { benchmarkSearch(b, index50k(b)) }

// benchmarkSearch reports how long searches take, one at a time.
func benchmarkSearch(b *testing.B, x *Index) {
	r := rand.New(rand.NewPCG(5, 6))
	requests := make([]Request, 2000)
	for i := range requests {
		requests[i] = request(r, x)
	}
	for _, req := range requests[:200] {
		x.Search(req)
	}
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	var took, busy []time.Duration
	found, i := 0, 0
	for b.Loop() {
		x.current.Load().memo.answers.forget()
		start, cpu := time.Now(), cpuTime()
		res := x.Search(requests[i%len(requests)])
		took, busy = append(took, time.Since(start)), append(busy, cpuTime()-cpu)
		found += res.Total
		i++
	}
	report(b, "", took)
	report(b, "cpu-", busy)
	b.ReportMetric(float64(found)/float64(i), "found/op")
}

// forget drops what is kept, so that it is worked out anew.
func (a *answers) forget() {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.young, a.old = nil, nil
}

func report(b *testing.B, name string, took []time.Duration) {
	slices.Sort(took)
	for _, p := range []int{50, 99} {
		b.ReportMetric(float64(took[len(took)*p/100].Microseconds())/1000, fmt.Sprintf("%sp%d-ms", name, p))
	}
	b.ReportMetric(float64(took[len(took)-1].Microseconds())/1000, name+"max-ms")
}

func BenchmarkDocument(b *testing.B) {
	l := testMaker().Listing(1)
	src := sourceOf(l)
	for b.Loop() {
		testLayout().Document(src)
	}
}

func BenchmarkListing(b *testing.B) {
	i := int64(0)
	for b.Loop() {
		i++
		testMaker().Listing(i)
	}
}

// BenchmarkChange puts one changed document into an index of 50,000, and makes
// segments of many as it goes.
func BenchmarkChange(b *testing.B) {
	x := index50k(b)
	r := rand.New(rand.NewPCG(7, 8))
	bodies := make([][]byte, 300)
	for i := range bodies {
		d := madeUp(100_000 + int64(i)) // what it says now
		d.Card.ID = int64(1 + r.IntN(50_000))
		bodies[i] = bodyOf(b, d)
	}
	var took []time.Duration
	for i := 0; b.Loop(); i++ {
		start := time.Now()
		if err := x.Put(bodies[i%len(bodies):][:1], nil); err != nil {
			b.Fatal(err)
		}
		took = append(took, time.Since(start))
		if i%10 == 0 {
			x.Tidy()
		}
	}
	report(b, "put-", took)
}

// BenchmarkBuild builds an index of 50,000 stored documents.
func BenchmarkBuild(b *testing.B) {
	const n = 50_000
	d := stocked(b, n)
	start := time.Now()
	for b.Loop() {
		x, err := New(testLayout(), searchtest.Today)
		if err != nil {
			b.Fatal(err)
		}
		if got, err := x.Load(b.Context(), d); got != n || err != nil {
			b.Fatal(got, err)
		}
	}
	b.ReportMetric(float64(n*b.N)/time.Since(start).Seconds(), "listings/s")
}

// stocked is a database with the documents of so many offerings, and of the
// offerings themselves no more than that they are there.
func stocked(b *testing.B, n int) *db.DB {
	b.Helper()
	d := dbtest.New(b)
	bodies := madeUpBodies(b, n)
	err := d.WriteAlone(b.Context(), admin, func(tx *db.Tx) error {
		if _, err := tx.Exec(b.Context(), `INSERT INTO organisations (id, scheme, code, slug, kind) VALUES (1, 't', 'v', 'v', 'vendor')`); err != nil {
			return err
		}
		var offerings, documents [][]any
		for i, body := range bodies {
			id := i + 1
			offerings = append(offerings, []any{id, "t", fmt.Sprint(id), "s", 1, "open", 0, 0, 1, "", tx.Now})
			documents = append(documents, []any{id, 1, 1, testLayout().form, body})
		}
		columns := strings.Fields("id scheme code slug vendor_id life unclaimed invented published facts created_at")
		if err := tx.Insert(b.Context(), "offerings", columns, offerings); err != nil {
			return err
		}
		return tx.Insert(b.Context(), "search_documents", strings.Fields("offering_id revision organisations form body"), documents)
	})
	if err != nil {
		b.Fatal(err)
	}
	return d
}
