package search_test

import (
	"io/fs"
	"maps"
	"regexp"
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

var (
	sign     = regexp.MustCompile(`[-._&'’‐‑]`)
	signed   = regexp.MustCompile(`[\p{L}\p{N}]+([-._&'’‐‑][\p{L}\p{N}]+)+`)
	numbered = regexp.MustCompile(`(\p{L}{3,})(\d{2,})`)
)

// plainWords are the words of a text in small letters without marks. Where single
// signs join words, each two neighbours and all of them are words too: up-time is
// uptime, builder's is builders, and end-to-end is endto, toend and endtoend.
func plainWords(s string) []string {
	s = norm.NFC.String(strings.ToLower(s))
	var all strings.Builder
	all.WriteString(s)
	for _, run := range signed.FindAllString(s, -1) {
		parts := sign.Split(run, -1)
		for i := range parts[1:] {
			all.WriteString(" " + parts[i] + parts[i+1])
		}
		all.WriteString(" " + strings.Join(parts, ""))
	}
	for _, both := range numbered.FindAllStringSubmatch(s, -1) {
		all.WriteString(" " + both[1] + " " + both[2])
	}
	plain := strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Mn, r) {
			return -1
		}
		return r
	}, norm.NFD.String(all.String()))
	return strings.FieldsFunc(plain, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
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
	if len(rare) < 1000 {
		t.Fatalf("only %d words are rare", len(rare))
	}
	for i := 0; i < len(rare); i += 5 { // all of them are found too, in five times the time
		word := rare[i]
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
