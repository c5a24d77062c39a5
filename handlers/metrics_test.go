package handlers

import (
	"net/http/httptest"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// here are a peer and a host of this machine.
const (
	here     = "127.0.0.1:50000"
	hereHost = "127.0.0.1:8080"
)

// measure asks for the metrics from a peer.
func (s *testSite) measure(peer, host string, headers ...string) *httptest.ResponseRecorder {
	s.t.Helper()
	r := httptest.NewRequest("GET", "/metrics", nil)
	r.RemoteAddr, r.Host = peer, host
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	w := httptest.NewRecorder()
	s.handler.ServeHTTP(w, r)
	return w
}

var (
	helpLine   = regexp.MustCompile(`^# HELP ([a-z_]+) [A-Z0-9].*\.$`)
	typeLine   = regexp.MustCompile(`^# TYPE ([a-z_]+) (counter|gauge|histogram)$`)
	sampleLine = regexp.MustCompile(`^([a-z_]+)(\{(?:[a-z]+="[^"\\]*",?)+\})? (-?[0-9.e+-]+|\+Inf)$`)
	histogram  = regexp.MustCompile(`_(bucket|sum|count)$`)
)

// values reads metrics, and complains of every line that is none.
func (s *testSite) values() map[string]float64 {
	s.t.Helper()
	w := s.measure(here, hereHost)
	if kind := w.Header().Get("Content-Type"); w.Code != 200 || kind != "text/plain; version=0.0.4; charset=utf-8" {
		s.t.Fatalf("status %d, %s", w.Code, kind)
	}
	text, ended := strings.CutSuffix(w.Body.String(), "\n")
	if !ended {
		s.t.Error("the last line has no end")
	}
	values, seen := map[string]float64{}, map[string]bool{}
	family, kind := "", ""
	for line := range strings.SplitSeq(text, "\n") {
		if m := helpLine.FindStringSubmatch(line); m != nil {
			if seen[m[1]] {
				s.t.Errorf("%s is there twice", m[1])
			}
			seen[m[1]] = true
			family, kind = m[1], ""
			continue
		}
		if m := typeLine.FindStringSubmatch(line); m != nil && m[1] == family && kind == "" {
			kind = m[2]
			continue
		}
		m := sampleLine.FindStringSubmatch(line)
		if m == nil {
			s.t.Errorf("%q is no line of metrics", line)
			continue
		}
		name := m[1]
		if kind == "histogram" {
			name = histogram.ReplaceAllString(name, "")
		}
		if name != family || kind == "" || kind == "counter" && !strings.HasSuffix(family, "_total") {
			s.t.Errorf("%q stands below %s, a %s", line, family, kind)
		}
		v, err := strconv.ParseFloat(m[3], 64)
		if _, twice := values[m[1]+m[2]]; err != nil || twice {
			s.t.Errorf("%q: %v, twice %t", line, err, twice)
		}
		values[m[1]+m[2]] = v
	}
	return values
}

func TestMetricsTellOfRequests(t *testing.T) {
	s := newSite(t)
	before := s.values()
	for _, address := range []string{"/en/services", "/et/services?q=x", "/et/services?page=9", "/en/nowhere", "/other/place", "/healthz"} {
		s.do("GET", address)
	}
	s.do("HEAD", "/en/services")
	s.do("DELETE", "/en/services")
	after := s.values()
	for _, tt := range []struct {
		name, labels string
		want         float64
	}{
		{"both languages and HEAD are one route", `route="/{lang}/services",status="2xx"`, 3},
		{"a page that is not there is another class", `route="/{lang}/services",status="4xx"`, 1},
		{"addresses without a route, and methods, are together", `route="other",status="4xx"`, 3},
		{"routes without a language", `route="/healthz",status="2xx"`, 1},
		{"asking for metrics counts as well", `route="/metrics",status="2xx"`, 1},
		{"what nobody asked for is not there", `route="/readyz",status="2xx"`, 0},
	} {
		for _, name := range []string{"pilveturg_requests_total{" + tt.labels + "}", "pilveturg_request_duration_seconds_count{" + tt.labels + "}",
			"pilveturg_request_duration_seconds_bucket{" + tt.labels + `,le="+Inf"}`} {
			if got := after[name] - before[name]; got != tt.want {
				t.Errorf("%s: %s grew by %g, want %g", tt.name, name, got, tt.want)
			}
		}
		if sum := after["pilveturg_request_duration_seconds_sum{"+tt.labels+"}"]; (sum > 0) != (tt.want > 0) {
			t.Errorf("%s: they took %g seconds in all", tt.name, sum)
		}
	}
	last := 0.0
	for _, most := range []string{"0.0005", "0.001", "0.0025", "0.005", "0.01", "0.025", "0.05", "0.1", "0.25", "0.5", "1", "2.5", "+Inf"} {
		v, ok := after[`pilveturg_request_duration_seconds_bucket{route="/{lang}/services",status="2xx",le="`+most+`"}`]
		if !ok || v < last {
			t.Errorf("up to %s seconds took %g, there %t; up to less took %g", most, v, ok, last)
		}
		last = v
	}
}

func TestMetricsTellOfIndexProcessAndDatabase(t *testing.T) {
	s := newSite(t)
	v := s.values()
	st := s.Index.Stats()
	for name, want := range map[string]float64{
		"pilveturg_index_ready": 1, "pilveturg_index_documents": float64(st.Documents), "pilveturg_index_dead": float64(st.Dead), "pilveturg_index_segments": float64(st.Segments),
		"pilveturg_index_words": float64(st.Words), "pilveturg_index_bytes": float64(st.Bytes), "pilveturg_index_bytes_per_listing": float64(st.Bytes) / float64(st.Documents),
	} {
		if v[name] != want || want == 0 && name != "pilveturg_index_dead" {
			t.Errorf("%s is %g, want %g", name, v[name], want)
		}
	}
	for _, name := range []string{"go_goroutines", "go_memstats_heap_alloc_bytes", "go_memstats_sys_bytes", "go_gc_gogc_percent"} {
		if v[name] <= 0 {
			t.Errorf("%s is %g", name, v[name])
		}
	}
	for _, p := range s.DB.Pools() {
		for _, name := range []string{"connections", "connections_in_use", "connections_max", "waits_total", "wait_seconds_total"} {
			if _, ok := v["pilveturg_database_"+name+`{pool="`+p.Name+`"}`]; !ok {
				t.Errorf("there is no %s of the pool %s", name, p.Name)
			}
		}
		if v[`pilveturg_database_connections_max{pool="`+p.Name+`"}`] < 1 {
			t.Errorf("the pool %s may have no connections", p.Name)
		}
	}
	s.indexed.Store(false)
	if s.values()["pilveturg_index_ready"] != 0 {
		t.Error("an index that is being built is ready")
	}
}

func TestMetricsAreNotForStrangers(t *testing.T) {
	const token = "an-example-of-a-token"
	s := newSite(t)
	for _, tt := range []struct {
		name, token string // what is configured
		peer, host  string
		headers     []string
		code        int
	}{
		{"a program on this machine", "", here, hereHost, nil, 200},
		{"by name", "", here, "localhost:8080", nil, 200},
		{"by IPv6", "", "[::1]:50000", "[::1]:8080", nil, 200},
		{"IPv4 in IPv6", "", "[::ffff:127.0.0.1]:50000", "localhost", nil, 200},
		{"a stranger", "", "192.0.2.1:50000", "pilveturg.example", nil, 404},
		{"a stranger who says that this is local", "", "192.0.2.1:50000", hereHost, nil, 404},
		{"a stranger with a token where none is configured", "", "192.0.2.1:50000", hereHost, []string{"Authorization", "Bearer "}, 404},
		{"a neighbour", "", "10.0.0.7:50000", hereHost, nil, 404},
		{"a stranger behind a proxy that says so", "", here, hereHost, []string{"X-Forwarded-For", "192.0.2.1"}, 404},
		{"or says it in another way", "", here, hereHost, []string{"Forwarded", "for=192.0.2.1"}, 404},
		{"a page of another site in a browser on this machine", "", here, "pilveturg.example", nil, 404},
		{"a peer that is no address", "", "@", hereHost, nil, 404},
		{"whoever shows the token", token, "192.0.2.1:50000", "pilveturg.example", []string{"Authorization", "Bearer " + token}, 200},
		{"through a proxy too", token, here, hereHost, []string{"Authorization", "Bearer " + token, "X-Forwarded-For", "192.0.2.1"}, 200},
		{"another token", token, "192.0.2.1:50000", "pilveturg.example", []string{"Authorization", "Bearer " + token + "x"}, 404},
		{"the beginning of the token", token, "192.0.2.1:50000", "pilveturg.example", []string{"Authorization", "Bearer " + token[:5]}, 404},
		{"the token in another way", token, "192.0.2.1:50000", "pilveturg.example", []string{"Authorization", "Basic " + token}, 404},
		{"with a token configured, this machine alone is not enough", token, here, hereHost, nil, 404},
	} {
		t.Run(tt.name, func(t *testing.T) {
			s.metricsToken = tt.token
			w := s.measure(tt.peer, tt.host, tt.headers...)
			if w.Code != tt.code || strings.Contains(w.Body.String(), "pilveturg_") != (tt.code == 200) {
				t.Errorf("status %d, want %d: %.80s", w.Code, tt.code, w.Body)
			}
		})
	}
}
