package main

import (
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"runtime/debug"
	"strings"
	"testing"

	"pilveturg/db/dbtest"
	"pilveturg/models/search"
)

func TestServeTellsHowItIsDoing(t *testing.T) {
	at := start(t, "-demo=false", "-db", dbtest.EmptyDSN(t))
	if code, body := get(t, at+"/metrics"); code != http.StatusOK || !strings.Contains(body, "\npilveturg_index_ready 1\n") {
		t.Errorf("/metrics: %d\n%.300s", code, body)
	}
}

func TestTheConfiguredTokenOpensMetrics(t *testing.T) {
	const token = "an-example-of-a-token"
	h, _, err := site(t.Context(), &env{out: io.Discard, err: io.Discard}, config{metrics: token}, dbtest.New(t), slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	for header, code := range map[string]int{"Bearer " + token: http.StatusOK, "": http.StatusNotFound} {
		r := httptest.NewRequest("GET", "/metrics", nil)
		r.Header.Set("Authorization", header)
		w := httptest.NewRecorder()
		if h.ServeHTTP(w, r); w.Code != code {
			t.Errorf("with %q: %d, want %d", header, w.Code, code)
		}
	}
}

func TestALargeIndexLeavesLessRoomForGarbage(t *testing.T) {
	const before = 73
	usual := debug.SetGCPercent(before)
	defer debug.SetGCPercent(usual)
	for _, c := range []struct {
		name  string
		vars  []string
		bytes int
		want  int
	}{
		{"a small index changes nothing", nil, 1 << 20, 100},
		{"a large one leaves as much room as a small one", nil, 640 << 20, 10},
		{"a very large one leaves some", nil, 64 << 30, 4},
		{"what the operator decided stays", []string{"HOME=/", "GOGC=50"}, 640 << 20, before},
		{"nothing decided is no decision", []string{"GOGC="}, 640 << 20, 10},
	} {
		debug.SetGCPercent(before)
		spareMemory(&env{vars: c.vars}, search.Stats{Bytes: c.bytes})
		if got := debug.SetGCPercent(before); got != c.want {
			t.Errorf("%s: %d per cent, want %d", c.name, got, c.want)
		}
	}
}
