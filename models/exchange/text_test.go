package exchange

import (
	"strings"
	"testing"
)

func TestSite(t *testing.T) {
	for _, c := range []struct{ rule, raw, want string }{
		{"an address stays", "https://example.org/a?b=c#d", "https://example.org/a?b=c#d"},
		{"a name gets a scheme", "example.org/en-us", "https://example.org/en-us"},
		{"host and scheme are lower case, the path is not", "HTTP://Example.ORG/A", "http://example.org/A"},
		{"spaces around it are removed", " https://example.org ", "https://example.org"},
		{"a sentence is none", "see below", ""},
		{"a word is none", "localhost", ""},
		{"another scheme is none", "ftp://example.org", ""},
		{"a script is none", "javascript:alert(1)", ""},
		{"nothing is none", "", ""},
	} {
		if got := site(c.raw); got != c.want {
			t.Errorf("%s: %q gives %q, want %q", c.rule, c.raw, got, c.want)
		}
	}
}

func TestDay(t *testing.T) {
	for _, c := range []struct {
		raw, want string
		clear     bool
	}{
		{"2024-06-20T20:00:00.000Z", "2024-06-20", true}, {"Not Active", "", true}, {"No FRR Date", "", true}, {"", "", true},
		{"0202-10-19T04:56:02.000Z", "", false}, {"+020256-02-28T20:00:00.000Z", "", false}, {"7/72023", "", false},
		{"2/29/2027", "", false}, {"2023-02-29T20:00:00.000Z", "", false}, {"2024-06-20", "", false},
	} {
		if d, clear := day(c.raw); d.String() != c.want || clear != c.clear {
			t.Errorf("%q gives %q, %v; want %q, %v", c.raw, d, clear, c.want, c.clear)
		}
	}
}

func TestSameName(t *testing.T) {
	for _, c := range []struct {
		a, b string
		same bool
	}{
		{"Cisco Systems Inc.", "CISCO  SYSTEMS, INC.", true}, {"Google", "Google LLC", true}, {"Acme Co., Ltd.", "Acme", true},
		{"Acme Federal", "Acme", false}, {"Inc", "LLC", false}, {"Company One", "One", false},
	} {
		if got := sameName(c.a) == sameName(c.b); got != c.same {
			t.Errorf("%q and %q: got %v, want %v", c.a, c.b, got, c.same)
		}
	}
}

func TestMarkdownOfPlainText(t *testing.T) {
	for _, c := range []struct{ rule, plain, want string }{
		{"every line is a paragraph", "A.\nB.", "A.\n\nB."},
		{"bullets of every kind are one list", "Has:\n- a\n* b\n• c\n·d\n●   e\nEnd.", "Has:\n\n- a\n- b\n- c\n- d\n- e\n\nEnd."},
		{"empty lines between bullets do not part the list", "- a\n\n- b", "- a\n- b"},
		{"a dash before a word is a bullet", "-Fast\n-2 degrees", "- Fast\n\n\\-2 degrees"},
		{"emphasis is text", "a *b* _c_ `d`", "a \\*b\\* \\_c\\_ \\`d\\`"},
		{"two stars are no bullet", "**a** b", "\\*\\*a\\*\\* b"},
		{"headings and quotes are text", "# a\n> b\n+ c", "\\# a\n\n\\> b\n\n\\+ c"},
		{"tags, links and entities are text", "<b> [a](b) &lt;", "\\<b> \\[a\\](b) &amp;lt;"},
		{"nothing is nothing", "", ""},
	} {
		if got := markdown(c.plain); got != c.want {
			t.Errorf("%s: got %q, want %q", c.rule, got, c.want)
		}
	}
}

func TestFirstSentences(t *testing.T) {
	long := strings.Repeat("word ", 100)
	for _, c := range []struct{ rule, plain, want string }{
		{"a short text is its own summary", "A desk.", "A desk."},
		{"a long first sentence is enough", "This is a sentence that is long enough to stand as a summary of the service by itself. Next.", "This is a sentence that is long enough to stand as a summary of the service by itself."},
		{"a short one is joined by the next", "Desk. It has four legs. It stands.", "Desk. It has four legs. It stands."},
		{"only the first paragraph counts", "A desk\nB.", "A desk"},
		{"an abbreviation ends no sentence", "Desk by Acme Inc. Federal and the U.S. Army runs everywhere that anybody may wish for. Next.", "Desk by Acme Inc. Federal and the U.S. Army runs everywhere that anybody may wish for."},
		{"a sentence too long is cut between words", long, strings.TrimSpace(strings.Repeat("word ", 59)) + "…"},
	} {
		if got := firstSentences(c.plain); got != c.want {
			t.Errorf("%s: got %q, want %q", c.rule, got, c.want)
		}
	}
}

func TestGuessEncoding(t *testing.T) {
	for _, c := range []struct{ bytes, want string }{
		{"\xF5petaja ja \xFClem", "Windows-1252"}, {"\x9Bpetaja ja \x9Flem", "Mac Roman"},
	} {
		if got := guessEncoding([]byte(c.bytes)); got != c.want {
			t.Errorf("%q: got %s, want %s", c.bytes, got, c.want)
		}
	}
}
