package search

import (
	"slices"
	"strings"
	"testing"
	"unicode/utf8"
)

// allWords returns the words of s and after a bar the joined ones.
func allWords(s string) string {
	var parts, joins []string
	clusters(s, func(c cluster) bool {
		parts = append(parts, c.texts()...)
		c.joined(func(w string) { joins = append(joins, w) })
		return true
	})
	if len(joins) == 0 {
		return strings.Join(parts, " ")
	}
	return strings.Join(parts, " ") + " | " + strings.Join(joins, " ")
}

func TestWords(t *testing.T) {
	for _, tt := range []struct{ name, text, want string }{
		{"words are folded", "Õppeinfosüsteem ŽŠČ Ελλάδα", "oppeinfosusteem zsc ελλάδα"},
		{"a hyphen joins", "e-Kool", "e kool | ekool"},
		{"X-Road is xroad too", "X-Road, X-tee!", "x road x tee | xroad xtee"},
		{"neighbours and the whole are joined", "K-12-HE", "k 12 he | k12 12he k12he"},
		{"a slash parts", "ISO/IEC 27001:2022", "iso iec 27001 2022"},
		{"letters with a number are two words", "ISO27001 Office365", "iso 27001 office 365 | iso27001 office365"},
		{"short ones are one word", "G2C m365 s3 tls1", "g2c m365 s3 tls1"},
		{"signs of names join", "R&D, AT&T, node.js, vendor’s", "r d at t node js vendor s | rd att nodejs vendors"},
		{"a full stop at the end does not", "End. Next", "end next"},
		{"a soft hyphen is not there", "andme\u00adkaitse", "andmekaitse"},
		{"marks that stand apart are put together", "kõo\u0303k йод и\u0306од", "kook йод йод"},
		{"ё is е", "Ёлка", "елка"},
		{"letters that stand for two", "Straße Æther", "strasse aether"},
		{"what is no text parts", "a\xffb\x00c", "a b c"},
		{"marks alone are nothing", "\u0303 \u0301", ""},
		{"too many parts are not joined", "1-2-3-4-5-6-7", "1 2 3 4 5 6 7"},
	} {
		if got := allWords(tt.text); got != tt.want {
			t.Errorf("%s: words of %q = %q; want %q", tt.name, tt.text, got, tt.want)
		}
	}
}

func TestAWordIsNeverTooLong(t *testing.T) {
	for _, s := range []string{strings.Repeat("a", 1000), strings.Repeat("õ", 1000), strings.Repeat("ы", 1000), strings.Repeat("a-", 1000)} {
		clusters(s, func(c cluster) bool {
			for _, p := range c {
				if len(p.text) > maxWord || !utf8.ValidString(p.text) {
					t.Errorf("word %q", p.text)
				}
			}
			c.joined(func(w string) {
				if len(w) > maxJoin {
					t.Errorf("joined word %q", w)
				}
			})
			return true
		})
	}
}

func FuzzClusters(f *testing.F) {
	for _, s := range []string{"e-Kool", "Õ\u0303ppe\u00ad", "a\xff-b", "ISO27001", "--", "и\u0306"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		last := 0
		clusters(s, func(c cluster) bool {
			if len(c) == 0 {
				t.Fatal("an empty cluster")
			}
			for _, p := range c {
				if p.start < last || p.end <= p.start || p.end > len(s) || p.text == "" || len(p.text) > maxWord {
					t.Fatalf("part %+v after %d in %q", p, last, s)
				}
				last = p.end
			}
			return true
		})
		if once := Fold(s); Fold(once) != once {
			t.Fatalf("%q folded twice is %q, once %q", s, Fold(once), once)
		}
	})
}

func TestStemsBringFormsTogether(t *testing.T) {
	s, err := newStemmer()
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		name string
		t    tongue
		a, b string
		same bool
	}{
		{"English plural", english, "services", "service", true},
		{"Estonian partitive plural", estonian, "koolid", "koolide", true},
		{"Russian cases", russian, "услуги", "услуг", true},
		{"different words", english, "service", "school", false},
	} {
		a, ok1 := s.stem(tt.t, tt.a)
		b, ok2 := s.stem(tt.t, tt.b)
		if same := a == b; !ok1 || !ok2 || same != tt.same {
			t.Errorf("%s: stems of %s and %s are %q and %q", tt.name, tt.a, tt.b, a, b)
		}
	}
	for _, w := range []string{"it", "27001", "школа1"} {
		if stem, ok := s.stem(english, w); ok {
			t.Errorf("stem of %q = %q; want none", w, stem)
		}
	}
	if _, ok := s.stem(estonian, "школа"); ok {
		t.Error("a Russian word has an Estonian stem")
	}
	for _, tt := range []struct {
		a, b string
		near bool
	}{{"teenu", "teenus", true}, {"pilv", "pilve", true}, {"kool", "koolitus", false}, {"koo", "kool", false}, {"kool", "kool", false}, {"pilv", "kool", false}} {
		if near(tt.a, tt.b) != tt.near || near(tt.b, tt.a) != tt.near {
			t.Errorf("near(%q, %q) is not %v", tt.a, tt.b, tt.near)
		}
	}
}

func TestTypingErrorsAreCounted(t *testing.T) {
	var table typoTable
	for _, tt := range []struct {
		a, b string
		want int
	}{
		{"school", "school", 0}, {"school", "schol", 1}, {"school", "schoool", 1}, {"school", "schaol", 1}, {"school", "shcool", 1},
		{"kaart", "kaarte", 1}, {"services", "sevrice", 2}, {"päevik", "paevik", 1}, {"cloud", "maps", 3},
	} {
		if got := table.distance([]rune(tt.a), tt.b, 2); min(got, 3) != tt.want {
			t.Errorf("distance(%q, %q) = %d; want %d", tt.a, tt.b, got, tt.want)
		}
		if got := typingErrors([]rune(tt.a), []rune(tt.b)); min(got, 3) != tt.want {
			t.Errorf("by the book %q to %q is %d; want %d", tt.a, tt.b, got, tt.want)
		}
	}
}

func TestMarksStandWhereTheWordsAre(t *testing.T) {
	x := newIndex(t, named(1, "e-Kool", "Koolide päevik ja kooli-teenused, Office365"))
	for _, tt := range []struct{ query, text, want string }{
		{"kool", "e-Kool ja koolide asi", "e-[Kool] ja [koolide] asi"},
		{"ekool", "Meie e-Kool on", "Meie [e-Kool] on"},
		{"paevik", "PÄEVIK!", "[PÄEVIK]!"},
		{"office365", "Office 365 ja Office365", "[Office] [365] ja [Office365]"},
		{"-kool päevik", "kool päevik", "kool [päevik]"},
		{"", "kool", "kool"},
	} {
		var b strings.Builder
		at := 0
		for _, s := range marked(x, x.Search(Request{Text: tt.query}), tt.text) {
			b.WriteString(tt.text[at:s.Start] + "[" + tt.text[s.Start:s.End] + "]")
			at = s.End
		}
		if got := b.String() + tt.text[at:]; got != tt.want {
			t.Errorf("%q marked for %q = %q; want %q", tt.text, tt.query, got, tt.want)
		}
	}
}

func TestSynonymsGoBothWays(t *testing.T) {
	s := newSynonyms([][]string{{"õis", "Learning records", "ÕIS"}, {"", "-"}})
	if got := s["ois"]; len(got) != 1 || !slices.Equal(got[0], []string{"learning", "records"}) {
		t.Errorf("synonyms of õis = %v", got)
	}
	if got := s["learning records"]; len(got) == 0 || !slices.Equal(got[0], []string{"ois"}) {
		t.Errorf("synonyms of learning records = %v", got)
	}
}
