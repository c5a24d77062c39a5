package search

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
)

// spelled writes a query as it was understood.
func (q *Query) spelled() string {
	var all []string
	for _, c := range q.Clauses {
		var words []string
		for _, w := range c.Words {
			s := strings.Join(w.Parts, "+")
			switch {
			case w.Phrase:
				s = `"` + s + `"`
			case w.Prefix:
				s += "*"
			case w.Last:
				s += "…"
			}
			words = append(words, s)
		}
		s := strings.Join(words, "/")
		if c.Not {
			s = "-" + s
		}
		all = append(all, s)
	}
	return strings.Join(all, " ")
}

func TestQueriesAreUnderstood(t *testing.T) {
	for _, tt := range []struct{ name, text, want string }{
		{"nothing", "  ", ""},
		{"all words must be there, the last may be half", "School journal", "school journal…"},
		{"with a space behind it is whole", "school journal ", "school journal"},
		{"OR belongs to its neighbours", "school OR kool map", "school/kool map…"},
		{"and so does a bar", "school | kool|maps", "school/kool/maps…"},
		{"OR at the ends means nothing", "OR school OR", "school…"},
		{"or in small letters is a word", "this or that", "this or that…"},
		{"AND is said anyway", "school AND map ", "school map"},
		{"a minus forbids", "school -map -“base map”", `school -map -"base+map"`},
		{"a minus within a word does not", "e-kool", "e+kool…"},
		{"a dash between spaces does not", "maps - data ", "maps data"},
		{"quotes of all kinds", `"content management" „õppe infosüsteem“ «карта мира»`, `"content+management" "oppe+infosusteem" "карта+мира"`},
		{"a quote that is never closed is ignored", `"content management`, "content management…"},
		{"an empty phrase is nothing", `"" "!" maps `, "maps"},
		{"a star stands for any end", "map* e-ko*", "map* e+ko*"},
		{"signs part words", "maps,data;(cloud) ", "maps data cloud"},
		{"letters with a number", "ISO27001 ", "iso+27001"},
		{"only what is not wanted", "-maps", "-maps"},
		{"a long cluster is so many words", "1-2-3-4-5-6-7", "1 2 3 4 5 6 7…"},
		{"what is no text parts words", "a\x00b\xffc ", "a b c"},
	} {
		q := ParseQuery(tt.text)
		if got := q.spelled(); got != tt.want {
			t.Errorf("%s: %q understood as %q; want %q", tt.name, tt.text, got, tt.want)
		}
	}
}

func TestWordsAboveTheMostAreCounted(t *testing.T) {
	q := ParseQuery(strings.Repeat("word ", 10_000))
	if q.Kept != MaxWords || q.Dropped != 10_000-MaxWords || len(q.Clauses) != MaxWords {
		t.Errorf("of 10,000 words %d are kept and %d dropped", q.Kept, q.Dropped)
	}
	q = ParseQuery(`"` + strings.Repeat("word ", 40) + `" maps`)
	if q.Kept != 1 || q.Dropped != 40 {
		t.Errorf("of a phrase of 40 words and one more %d are kept and %d dropped", q.Kept, q.Dropped)
	}
}

// strange are pieces of which tests make queries nobody would type.
var strange = []string{`"`, "-", "--", "|", " OR ", "*", "„", "“", " ", "\x00", "\xff", "õ", "kool", "e-", "’", "\u0303", "-\"", "AND", "1.", "🎓", "\u202e"}

func FuzzParseQuery(f *testing.F) {
	r := rand.New(rand.NewPCG(31, 32))
	for range 50 {
		var b strings.Builder
		for range r.IntN(12) {
			b.WriteString(strange[r.IntN(len(strange))])
		}
		f.Add(b.String())
	}
	docs := []*Document{named(1, "e-Kool", "õppe kool"), named(2, "Maps 1.0", "AND OR")}
	x := newIndex(f, docs...)
	f.Fuzz(func(t *testing.T, s string) {
		q := ParseQuery(s)
		kept := 0
		for _, c := range q.Clauses {
			if len(c.Words) == 0 {
				t.Fatalf("%q has a clause without words", s)
			}
			for _, w := range c.Words {
				kept++
				if len(w.Parts) == 0 {
					t.Fatalf("%q has a word without letters", s)
				}
			}
		}
		if kept > q.Kept || q.Kept > MaxWords || len(q.Text) > maxQuery {
			t.Fatalf("%q: %d words kept, %d told", s, kept, q.Kept)
		}
		res := x.Search(Request{Text: s, Limit: 10})
		marked(x, res, s)
		x.Suggest(s, 5)
	})
}

func TestAnyQueryIsSafe(t *testing.T) {
	x := newIndex(t, madeUp(1), madeUp(2), madeUp(3))
	r := rand.New(rand.NewPCG(33, 34))
	for i := range 2000 {
		var b strings.Builder
		for range r.IntN(30) {
			b.WriteString(strange[r.IntN(len(strange))])
		}
		req := Request{Text: b.String(), Limit: r.IntN(50) - 5, Offset: r.IntN(100) - 50}
		for range r.IntN(5) {
			req.Filters = append(req.Filters, Filter{strange[r.IntN(len(strange))], []string{"x"}}, Filter{"sign_in", []string{b.String(), Unknown}})
		}
		res := x.Search(req)
		if len(res.Hits) > 3 || res.Total > 3 {
			t.Fatalf("request %d found %d of 3", i, res.Total)
		}
	}
	var filters []Filter
	for i := range 1000 {
		filters = append(filters, Filter{fmt.Sprint("no", i), []string{"x"}})
	}
	if res := x.Search(Request{Filters: filters, Closed: true}); res.Total != 3 || len(res.Ignored) != 1000 {
		t.Errorf("1,000 filters that do not exist: %d found, %d ignored", res.Total, len(res.Ignored))
	}
}
