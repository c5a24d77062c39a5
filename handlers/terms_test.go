package handlers

import (
	"encoding/csv"
	"encoding/json"
	"io"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"pilveturg/models/exchange"
)

// besides opens a file of the data that lies beside the project; nil where it is not.
func besides(t testing.TB, name string) *os.File {
	t.Helper()
	dir, err := filepath.Abs(".")
	for ; err == nil && dir != filepath.Dir(dir); dir = filepath.Dir(dir) {
		if f, err := os.Open(filepath.Join(dir, "shared", "data", name)); err == nil {
			t.Cleanup(func() { f.Close() })
			return f
		}
	}
	t.Skipf("shared/data/%s is not beside the project", name)
	return nil
}

// fedRAMP imports the marketplace of FedRAMP.
func (s *testSite) fedRAMP() {
	s.t.Helper()
	const name = "fedramp_marketplace_2025-01-30.json"
	f := besides(s.t, name)
	src := exchange.Source{Kind: exchange.FedRAMP, File: name, Open: func() (exchange.Reader, error) {
		_, err := f.Seek(0, io.SeekStart)
		return exchange.NewFedRAMP(name, f, s.Schema), err
	}}
	if _, err := exchange.Import(s.t.Context(), s.DB, admin, s.Schema, src, false); err != nil {
		s.t.Fatal(err)
	}
}

// What buyers of another marketplace have typed is answered, whatever it is.
func TestRealTermsAreAnswered(t *testing.T) {
	rows, err := csv.NewReader(besides(t, "gcloud_search_terms.csv")).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	s := emptySite(t)
	s.demonstration()
	s.fedRAMP()
	s.follow()
	some := 0
	for i, row := range rows[1:] {
		term, lang := row[0], s.Langs[i%len(s.Langs)]
		query := "?q=" + url.QueryEscape(term)
		page, data := s.do("GET", at(lang, "/services"+query)), s.do("GET", at(lang, "/services.json"+query))
		var found foundJSON
		if err := json.Unmarshal(data.Body.Bytes(), &found); err != nil || page.Code != 200 || data.Code != 200 {
			t.Errorf("%q: status %d, and %d as JSON, %v", term, page.Code, data.Code, err)
			continue
		}
		for _, w := range []*httptest.ResponseRecorder{page, s.do("GET", at(lang, "/services/suggest"+query))} {
			if err := unsound(w); err != nil || w.Code != 200 {
				t.Errorf("%q: status %d, %v", term, w.Code, err)
			}
		}
		if len(found.Errors) > 0 || len(found.Ignored) > 0 || !strings.Contains(page.Body.String(), s.speaker(lang).N("search.found", int64(found.Total))) {
			t.Errorf("%q: %d are found, with %v and %v; the page has another number, or a problem", term, found.Total, found.Errors, found.Ignored)
		}
		some += min(found.Total, 1)
	}
	if t.Logf("%d of %d terms find something", some, len(rows)-1); some < len(rows)/3 {
		t.Errorf("only %d of %d terms find something", some, len(rows)-1)
	}
}
