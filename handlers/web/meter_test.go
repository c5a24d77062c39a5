package web

import (
	"reflect"
	"sync"
	"testing"
	"time"
)

// counted is what a meter tells, without the durations of buckets.
func counted(m *Meter) map[string][]int64 {
	all := map[string][]int64{}
	for _, got := range m.Read() {
		for _, b := range got.Buckets {
			all[got.Route+" "+got.Class] = append(all[got.Route+" "+got.Class], b.Count)
		}
	}
	return all
}

func TestMeterCountsByRouteClassAndDuration(t *testing.T) {
	m := NewMeter(map[string]string{"/en/a": "/a", "/et/a": "/a", "/b": "/b"})
	if got := m.Read(); len(got) != 0 {
		t.Errorf("a new meter tells of %v", got)
	}
	for _, r := range []struct {
		path   string
		status int
		took   time.Duration
	}{
		{"/en/a", 200, 0}, {"/et/a", 206, 500 * time.Microsecond}, {"/et/a", 200, 500*time.Microsecond + 1}, {"/et/a", 200, time.Hour},
		{"/b", 499, time.Millisecond}, {"/b", 503, 0}, {"/c", 404, 0}, {"", 404, 0}, {"/b", 0, 0}, {"/b", 999, 0},
	} {
		m.add(r.path, r.status, r.took)
	}
	want := map[string][]int64{
		"/a 2xx":    {2, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 4},
		"/b 1xx":    {1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1},
		"/b 4xx":    {0, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1},
		"/b 5xx":    {2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2},
		"other 4xx": {2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2},
	}
	if got := counted(m); !reflect.DeepEqual(got, want) {
		t.Errorf("counted %v\nwant %v", got, want)
	}
	if got := m.Read()[0]; got.Sum != time.Hour+time.Millisecond+1 || got.Buckets[0].Most != 500*time.Microsecond || got.Buckets[12].Most != 0 {
		t.Errorf("the first is %+v", got)
	}
}

func TestMeterCountsManyAtOnce(t *testing.T) {
	m := NewMeter(map[string]string{"/a": "/a"})
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			for range 1000 {
				m.add("/a", 200, time.Millisecond)
			}
		})
	}
	all.Wait()
	if got := m.Read(); len(got) != 1 || got[0].Buckets[12].Count != 8000 || got[0].Sum != 8*time.Second {
		t.Errorf("counted %+v", got)
	}
}

func TestCountingARequestAllocatesNothing(t *testing.T) {
	m := NewMeter(map[string]string{"/en/a": "/a"})
	if n := testing.AllocsPerRun(1000, func() { m.add("/en/a", 200, 3*time.Millisecond) }); n != 0 {
		t.Errorf("%g allocations", n)
	}
}

func BenchmarkMeter(b *testing.B) {
	m := NewMeter(map[string]string{"/en/services/:service": "/{lang}/services/:service"})
	for b.Loop() {
		m.add("/en/services/:service", 200, 700*time.Microsecond)
	}
}
