package handlers

import (
	"io"
	"os"
	"slices"
	"strings"
	"testing"

	"pilveturg/db"
	"pilveturg/models/exchange"
	"pilveturg/models/search"
)

// demonstration puts the demonstration into an empty site, as the program does.
func (s *testSite) demonstration() {
	s.t.Helper()
	open := func() (exchange.Reader, error) {
		var all []io.Reader
		for _, name := range []string{"seed/organisations.jsonl", "seed/listings.jsonl"} {
			f, err := db.Files.Open(name)
			if err != nil {
				return nil, err
			}
			all = append(all, f)
		}
		return exchange.NewJSONL("demonstration", io.MultiReader(all...)), nil
	}
	src := exchange.Source{Kind: exchange.Demonstration, File: "demonstration", Open: open}
	if _, err := exchange.Import(s.t.Context(), s.DB, admin, s.Schema, src, false); err != nil {
		s.t.Fatal(err)
	}
	f, err := db.Files.Open("seed/synonyms.txt")
	if err != nil {
		s.t.Fatal(err)
	}
	lines, err := search.ReadSynonyms(f)
	if err != nil {
		s.t.Fatal(err)
	}
	s.write(func(tx *db.Tx) error {
		_, err := search.ImportSynonyms(s.t.Context(), tx, lines)
		return err
	})
}

// What is imported is found without anything being made anew first.
func TestSearchesFindWhatPeopleMean(t *testing.T) {
	s := emptySite(t)
	s.demonstration()
	if n, err := search.Refresh(t.Context(), s.DB, s.Index.Layout()); err != nil || n != 0 {
		t.Errorf("an import left %d services for later, %v", n, err)
	}
	s.follow()
	b, err := os.ReadFile("testdata/judged.txt")
	if err != nil {
		t.Fatal(err)
	}
	judged := 0
	for line := range strings.Lines(string(b)) {
		words, want, ok := strings.Cut(strings.TrimSpace(line), " = ")
		if !ok || strings.HasPrefix(line, "#") {
			continue
		}
		judged++
		a := s.ask("en", map[string][]string{fieldWords: {words}})
		a.req.Limit = 5
		var found []string
		res := a.search(s.Index)
		for i := range res.Hits {
			found = append(found, res.Hits[i].Card().Slug)
		}
		for _, slug := range strings.Fields(want) {
			if !slices.Contains(found, slug) {
				t.Errorf("%q finds %v first; want %s among them", words, found, slug)
			}
		}
	}
	if judged < 60 {
		t.Errorf("only %d searches are judged; want 60", judged)
	}
}
