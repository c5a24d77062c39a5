package web

import (
	"cmp"
	"slices"
	"strconv"
	"sync/atomic"
	"time"
)

// within are the durations up to which requests are counted together.
var within = [...]time.Duration{
	500 * time.Microsecond, time.Millisecond, 2500 * time.Microsecond, 5 * time.Millisecond, 10 * time.Millisecond, 25 * time.Millisecond,
	50 * time.Millisecond, 100 * time.Millisecond, 250 * time.Millisecond, 500 * time.Millisecond, time.Second, 2500 * time.Millisecond,
}

const statusClasses = 5 // 1xx to 5xx

// otherRoute is the name of requests to addresses that no route has.
const otherRoute = "other"

// Meter counts requests and how long they take, by route and class of status. It
// is for many requests at once: counting one allocates nothing and waits for
// nobody. Make one with [NewMeter].
type Meter struct {
	routes map[string]*routeTally // by the path that gin knows a route by; never changed
}

type routeTally struct {
	name    string
	classes [statusClasses]tally
}

type tally struct {
	took  [len(within) + 1]atomic.Int64 // requests by duration; the last has no end
	nanos atomic.Int64
}

// NewMeter returns a meter for routes: what each path that gin knows is called.
func NewMeter(routes map[string]string) *Meter {
	m := &Meter{routes: map[string]*routeTally{"": {name: otherRoute}}}
	byName := map[string]*routeTally{}
	for path, name := range routes {
		if byName[name] == nil {
			byName[name] = &routeTally{name: name}
		}
		m.routes[path] = byName[name]
	}
	return m
}

// add counts a request. A path without a route is counted among the others.
func (m *Meter) add(path string, status int, took time.Duration) {
	route := m.routes[path]
	if route == nil {
		route = m.routes[""]
	}
	t := &route.classes[min(max(status/100, 1), statusClasses)-1]
	i := 0
	for i < len(within) && took > within[i] {
		i++
	}
	t.took[i].Add(1)
	t.nanos.Add(int64(took))
}

// Measured is what a meter has counted of one route and class of status.
type Measured struct {
	Route, Class string   // "/{lang}/services", "2xx"
	Buckets      []Bucket // the last holds all
	Sum          time.Duration
}

// Bucket is how many requests took no longer than Most; a zero Most has no end.
type Bucket struct {
	Most  time.Duration
	Count int64
}

// Read returns what has been counted, in the order of routes and classes. What has
// never been asked for is left out.
func (m *Meter) Read() []Measured {
	var list []Measured
	seen := map[*routeTally]bool{}
	for _, route := range m.routes {
		if seen[route] {
			continue
		}
		seen[route] = true
		for class := range route.classes {
			if got := route.classes[class].read(); got.Buckets[len(within)].Count > 0 {
				got.Route, got.Class = route.name, strconv.Itoa(class+1)+"xx"
				list = append(list, got)
			}
		}
	}
	slices.SortFunc(list, func(a, b Measured) int { return cmp.Or(cmp.Compare(a.Route, b.Route), cmp.Compare(a.Class, b.Class)) })
	return list
}

func (t *tally) read() Measured {
	got, count := Measured{Sum: time.Duration(t.nanos.Load())}, int64(0)
	for i := range t.took {
		count += t.took[i].Load()
		b := Bucket{Count: count}
		if i < len(within) {
			b.Most = within[i]
		}
		got.Buckets = append(got.Buckets, b)
	}
	return got
}
