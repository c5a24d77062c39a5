package search_test

import (
	"io/fs"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"pilveturg/db"
	"pilveturg/models/search"
)

// textsSQL are all texts in which a service is found by words, read from the tables
// of the catalogue.
const textsSQL = `
	WITH shown AS (SELECT id, published, vendor_id FROM offerings WHERE published IS NOT NULL AND life <> 'withdrawn')
	SELECT s.id, w.name || ' / ' || w.summary || ' / ' || w.description AS words
		FROM shown s JOIN version_words w ON w.offering_id = s.id AND w.number = s.published
	UNION ALL SELECT s.id, w.name FROM shown s JOIN organisation_words w ON w.organisation_id = s.vendor_id
	UNION ALL SELECT s.id, v.value FROM shown s JOIN answer_values v ON v.offering_id = s.id AND v.number = s.published WHERE v.language <> ''
	UNION ALL SELECT s.id, p.title FROM shown s JOIN version_document_titles p ON p.offering_id = s.id AND p.number = s.published
	UNION ALL SELECT s.id, p.words FROM shown s JOIN version_documents p ON p.offering_id = s.id AND p.number = s.published WHERE p.proof IN ('document', 'tested')
	UNION ALL SELECT s.id, a.issuer FROM shown s JOIN answers a ON a.offering_id = s.id AND a.number = s.published`

// plainWords are the words of a text in small letters without marks. Up-time is
// uptime as well, and builder's is builders.
func plainWords(s string) []string {
	without := func(dropped func(rune) bool, s string) string {
		return strings.Map(func(r rune) rune {
			if dropped(r) {
				return -1
			}
			return r
		}, s)
	}
	joined := without(func(r rune) bool { return strings.ContainsRune("-._&'’‐‑", r) }, s)
	s = without(func(r rune) bool { return unicode.Is(unicode.Mn, r) }, norm.NFD.String(strings.ToLower(s+" / "+joined)))
	return strings.FieldsFunc(s, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
}

// holders are the services whose texts hold each word.
func holders(t *testing.T, r db.Reader) map[string][]int64 {
	t.Helper()
	var rows []struct {
		ID    int64  `db:"id"`
		Words string `db:"words"`
	}
	if err := r.Select(t.Context(), &rows, textsSQL+` ORDER BY 1`); err != nil {
		t.Fatal(err)
	}
	all := map[string][]int64{}
	for _, row := range rows {
		for _, w := range plainWords(row.Words) {
			if have := all[w]; len(have) == 0 || have[len(have)-1] != row.ID {
				all[w] = append(have, row.ID)
			}
		}
	}
	return all
}

// schemaWords are the words of questions, categories and units, by whose names
// services are found as well.
func schemaWords(t *testing.T) map[string]bool {
	t.Helper()
	names, err := fs.Glob(db.Files, "catalogue/*.json")
	if err != nil || len(names) == 0 {
		t.Fatal(names, err)
	}
	all := map[string]bool{}
	for _, name := range names {
		b, err := db.Files.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, w := range plainWords(string(b)) {
			all[w] = true
		}
	}
	return all
}

// A rare word in quotes finds exactly the services in whose texts it stands.
func TestRareWordsAreFoundWhereTheyStand(t *testing.T) {
	m := newMarket(t, 150)
	all, named := holders(t, m.db), schemaWords(t)
	rare := slices.DeleteFunc(slices.Sorted(maps.Keys(all)), func(w string) bool {
		return len(all[w]) > 20 || named[w] || len(w) < 5 || strings.Trim(w, "abcdefghijklmnopqrstuvwxyz") != ""
	})
	r := rand.New(rand.NewPCG(31, 32))
	r.Shuffle(len(rare), func(i, j int) { rare[i], rare[j] = rare[j], rare[i] })
	if len(rare) < 1000 {
		t.Fatalf("only %d words are rare", len(rare))
	}
	for _, word := range rare[:1000] {
		res := m.index.Search(search.Request{Text: `"` + strings.ToUpper(word) + `"`, Closed: true, Limit: 50})
		found := make([]int64, len(res.Hits))
		for i := range res.Hits {
			found[i] = res.Hits[i].ID
		}
		slices.Sort(found)
		if !slices.Equal(found, all[word]) {
			t.Errorf("%q finds %v; it stands in %v", word, found, all[word])
		}
	}
	if res := m.index.Search(search.Request{Text: `"qqxqzzyqwx"`, Closed: true, Limit: 50}); res.Total != 0 {
		t.Errorf("a word that stands nowhere finds %d", res.Total)
	}
}
