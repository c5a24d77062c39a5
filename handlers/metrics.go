package handlers

import (
	"bytes"
	"crypto/sha256"
	"crypto/subtle"
	"fmt"
	"runtime/metrics"
	"strconv"
	"strings"

	"pilveturg/handlers/web"
)

// metricsKind is the text format of Prometheus.
const metricsKind = "text/plain; version=0.0.4; charset=utf-8"

// metrics tells how the program is doing, to whom it concerns; for others there is
// no such address.
func (s *Site) metrics(r *web.Request) (web.Reply, error) {
	if !s.mayMeasure(r) {
		return web.NotFound(r)
	}
	var e exposition
	e.requests(s.meter.Read())
	s.indexSize(&e)
	s.connections(&e)
	e.process()
	return web.Data(metricsKind, e.Bytes(), 0), nil
}

// mayMeasure lets in those who show the token. Where none is configured, it lets in
// those on this machine: a proxy in front of the site is on this machine for all of
// the world, unless it says for whom it asks, and so needs a token.
func (s *Site) mayMeasure(r *web.Request) bool {
	if s.metricsToken == "" {
		return r.Local()
	}
	given, ok := strings.CutPrefix(r.Header("Authorization"), "Bearer ")
	a, b := sha256.Sum256([]byte(given)), sha256.Sum256([]byte(s.metricsToken))
	return ok && subtle.ConstantTimeCompare(a[:], b[:]) == 1
}

// exposition is metrics as text.
type exposition struct{ bytes.Buffer }

// family begins the samples of a metric.
func (e *exposition) family(name, kind, help string) {
	fmt.Fprintf(e, "# HELP %s %s\n# TYPE %s %s\n", name, help, name, kind)
}

// sample adds a value; labels are names and values by turns.
func (e *exposition) sample(name string, value float64, labels ...string) {
	e.WriteString(name)
	before, after := "{", ""
	for i := 0; i+1 < len(labels); i += 2 {
		fmt.Fprintf(e, "%s%s=%q", before, labels[i], labels[i+1])
		before, after = ",", "}"
	}
	e.WriteString(after + " " + strconv.FormatFloat(value, 'g', -1, 64) + "\n")
}

// gauge adds a metric of one value that goes up and down.
func (e *exposition) gauge(name, help string, value float64) {
	e.family(name, "gauge", help)
	e.sample(name, value)
}

func (e *exposition) requests(list []web.Measured) {
	e.family("pilveturg_requests_total", "counter", "Requests answered, by route and class of status.")
	for _, m := range list {
		e.sample("pilveturg_requests_total", float64(m.Buckets[len(m.Buckets)-1].Count), "route", m.Route, "status", m.Class)
	}
	const name = "pilveturg_request_duration_seconds"
	e.family(name, "histogram", "How long answering took.")
	for _, m := range list {
		labels := []string{"route", m.Route, "status", m.Class}
		for _, b := range m.Buckets {
			most := "+Inf"
			if b.Most > 0 {
				most = strconv.FormatFloat(b.Most.Seconds(), 'g', -1, 64)
			}
			e.sample(name+"_bucket", float64(b.Count), append(labels[:len(labels):len(labels)], "le", most)...)
		}
		e.sample(name+"_sum", m.Sum.Seconds(), labels...)
		e.sample(name+"_count", float64(m.Buckets[len(m.Buckets)-1].Count), labels...)
	}
}

func (s *Site) indexSize(e *exposition) {
	st := s.Index.Stats()
	ready := 0.0
	if s.indexed.Load() {
		ready = 1
	}
	e.gauge("pilveturg_index_ready", "1 when the search index holds all there is.", ready)
	e.gauge("pilveturg_index_documents", "Listings that can be found.", float64(st.Documents))
	e.gauge("pilveturg_index_dead", "Listings that were replaced and still take room.", float64(st.Dead))
	e.gauge("pilveturg_index_segments", "Parts of the index.", float64(st.Segments))
	e.gauge("pilveturg_index_words", "Words in the dictionary.", float64(st.Words))
	e.gauge("pilveturg_index_bytes", "Memory that the index takes, about.", float64(st.Bytes))
	e.gauge("pilveturg_index_bytes_per_listing", "The same for each listing that can be found.", float64(st.Bytes)/float64(max(1, st.Documents)))
}

func (s *Site) connections(e *exposition) {
	pools := s.DB.Pools()
	one := func(name, kind, help string, value func(i int) float64) {
		e.family(name, kind, help)
		for i, p := range pools {
			e.sample(name, value(i), "pool", p.Name)
		}
	}
	one("pilveturg_database_connections", "gauge", "Open connections.", func(i int) float64 { return float64(pools[i].Open) })
	one("pilveturg_database_connections_in_use", "gauge", "Connections at work.", func(i int) float64 { return float64(pools[i].InUse) })
	one("pilveturg_database_connections_max", "gauge", "Connections that may be open.", func(i int) float64 { return float64(pools[i].Most) })
	one("pilveturg_database_waits_total", "counter", "Times that somebody waited for a connection.", func(i int) float64 { return float64(pools[i].Waits) })
	one("pilveturg_database_wait_seconds_total", "counter", "How long all of them waited.", func(i int) float64 { return pools[i].Waited.Seconds() })
}

// process tells what the language's own runtime knows, under the names that
// dashboards for Go look for.
func (e *exposition) process() {
	names := []struct{ name, help, from string }{
		{"go_goroutines", "Goroutines there are.", "/sched/goroutines:goroutines"},
		{"go_memstats_heap_alloc_bytes", "Memory in objects of the heap.", "/memory/classes/heap/objects:bytes"},
		{"go_memstats_sys_bytes", "Memory taken from the system.", "/memory/classes/total:bytes"},
		{"go_gc_gogc_percent", "How far the heap may grow before it is cleaned.", "/gc/gogc:percent"},
	}
	samples := make([]metrics.Sample, len(names))
	for i, n := range names {
		samples[i].Name = n.from
	}
	metrics.Read(samples)
	for i, n := range names {
		if samples[i].Value.Kind() == metrics.KindUint64 {
			e.gauge(n.name, n.help, float64(samples[i].Value.Uint64()))
		}
	}
}
