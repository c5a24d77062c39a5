package views

import (
	"io/fs"
	"regexp"
	"slices"
	"strings"
	"testing"

	"pilveturg/views/locale"
)

func TestEveryLanguageHasTheSameWrittenPages(t *testing.T) {
	all := load(t)
	want := []string{
		"about", "accessibility", "contact", "demo-data", "help/buying", "help/data", "help/declaration", "help/finding", "help/freshness", "help/glossary", "help/import",
		"help/listing", "help/moderation", "help/owning", "help/prices", "help/proofs", "help/publishing", "help/security", "help/signing-in", "help/spend", "privacy", "terms",
	}
	for tag, v := range all {
		if got := v.Articles(); !slices.Equal(got, want) {
			t.Errorf("%s has the pages %v; want %v", tag, got, want)
		}
		for _, slug := range want {
			a, _ := v.Article(slug)
			other, _ := all["en"].Article(slug)
			if tag != "en" && (a.Title == other.Title || a.Body == other.Body) {
				t.Errorf("%s: %s is not translated", tag, slug)
			}
			if got, want := strings.Count(string(a.Body), "<h2"), strings.Count(string(other.Body), "<h2"); got != want {
				t.Errorf("%s: %s has %d parts; in English it has %d", tag, slug, got, want)
			}
			if got, want := strings.Count(string(a.Body), "<tr>"), strings.Count(string(other.Body), "<tr>"); got != want {
				t.Errorf("%s: %s has %d rows in tables; in English it has %d", tag, slug, got, want)
			}
		}
	}
}

func TestAWrittenPageKnowsItsPlace(t *testing.T) {
	for tag, v := range load(t) {
		help := v.HelpPage()
		if len(help.Topics) != 16 || help.Topics[0].Link.URL != "/"+tag+"/help/finding" || help.Topics[0].About == "" {
			t.Errorf("%s: help lists %v", tag, help.Topics)
		}
		topic, ok := v.ArticlePage("help/prices")
		if !ok || topic.Section != "help" || len(topic.Crumbs) != 2 || len(topic.Topics) != 15 || topic.Path != "/help/prices" {
			t.Errorf("%s: the help topic is %+v", tag, topic.Shell)
		}
		about, ok := v.ArticlePage("about")
		if !ok || about.Section != "" || len(about.Crumbs) != 1 || about.Topics != nil {
			t.Errorf("%s: the page about the site is %+v", tag, about.Shell)
		}
		for _, slug := range []string{"", "nothing", "help", "help/", "../about", "en/about", "accessibility.json"} {
			if _, ok := v.ArticlePage(slug); ok {
				t.Errorf("%s: there is a page %q", tag, slug)
			}
		}
	}
}

var hrefs = regexp.MustCompile(`href="([^"]*)"`)

// Written pages link to pages that there are.
func TestLinksOfWrittenPagesLeadSomewhere(t *testing.T) {
	for tag, v := range load(t) {
		known := []string{"/services", "/categories", "/vendors", "/agencies", "/help", "/sign-in", "/api"}
		for _, slug := range v.Articles() {
			known = append(known, "/"+slug)
		}
		for _, slug := range v.Articles() {
			a, _ := v.Article(slug)
			for _, m := range hrefs.FindAllStringSubmatch(string(a.Body), -1) {
				path, ours := strings.CutPrefix(m[1], "/"+tag)
				switch {
				case ours && slices.Contains(known, path), m[1] == "/.well-known/security.txt":
				case strings.HasPrefix(m[1], "https://"), strings.HasPrefix(m[1], "mailto:help@"):
				default:
					t.Errorf("%s/%s links to %q", tag, slug, m[1])
				}
			}
		}
	}
}

func TestWrittenPagesSayWhomToWriteTo(t *testing.T) {
	for _, tt := range []struct {
		name, contact string
		want          bool
	}{{"with a mailbox", "help@pilveturg.example", true}, {"without one", "", false}} {
		l, err := locale.Load("en")
		if err != nil {
			t.Fatal(err)
		}
		v, err := New(Files, l, Site{Contact: tt.contact})
		if err != nil {
			t.Fatal(err)
		}
		for _, slug := range []string{"contact", "accessibility", "privacy"} {
			a, _ := v.Article(slug)
			if got := strings.Contains(string(a.Body), "mailto:"); got != tt.want {
				t.Errorf("%s, %s names a mailbox: %t", tt.name, slug, got)
			}
		}
	}
}

// The statement is made of its data, so what the data say must be on the page.
func TestTheStatementSaysWhatItsDataSay(t *testing.T) {
	s, err := readStatement(Files)
	if err != nil {
		t.Fatal(err)
	}
	if len(s.Standards) == 0 || s.Checked.IsZero() || len(s.Method) == 0 || s.Answer == 0 {
		t.Errorf("the statement lacks something: %+v", s)
	}
	for tag, v := range load(t) {
		a, _ := v.Article("accessibility")
		body := string(a.Body)
		want := append([]string{v.Locale.Date(s.Checked), s.Authority.URL}, s.Standards...)
		for _, f := range s.Fails {
			want = append(want, f.Criterion, f.What[tag], f.Instead[tag])
		}
		for _, text := range append(slices.Clone(s.Untested), s.Method...) {
			want = append(want, text[tag])
		}
		for _, w := range want {
			if w == "" || !strings.Contains(body, w) {
				t.Errorf("%s: the statement lacks %q", tag, w)
			}
		}
	}
}

// Each glossary has the terms of the other, the other way round.
func TestGlossariesAgree(t *testing.T) {
	terms := func(tag string) map[string]string {
		b, err := fs.ReadFile(Files, "content/"+tag+"/help/glossary.md")
		if err != nil {
			t.Fatal(err)
		}
		m := map[string]string{}
		for line := range strings.Lines(string(b)) {
			cells := strings.Split(line, " | ")
			if strings.HasPrefix(line, "| ") && len(cells) == 3 {
				m[strings.TrimPrefix(cells[0], "| ")] = cells[1]
			}
		}
		return m
	}
	en, et := terms("en"), terms("et")
	delete(en, "Term")
	delete(et, "Eesti keeles")
	if len(en) < 50 {
		t.Fatalf("only %d terms", len(en))
	}
	for term, word := range en {
		if et[word] != term {
			t.Errorf("%q is %q in English, but %q is %q in Estonian", term, word, word, et[word])
		}
	}
	if len(en) != len(et) {
		t.Errorf("%d terms in English and %d in Estonian", len(en), len(et))
	}
}

func TestGlossariesAreInOrder(t *testing.T) {
	for tag, v := range load(t) {
		b, err := fs.ReadFile(Files, "content/"+tag+"/help/glossary.md")
		if err != nil {
			t.Fatal(err)
		}
		last := ""
		for line := range strings.Lines(string(b)) {
			term, _, ok := strings.Cut(strings.TrimPrefix(line, "| "), " | ")
			if !ok || !strings.HasPrefix(line, "| ") || term == "Term" || term == "Eesti keeles" {
				continue
			}
			if v.Locale.Compare(last, term) >= 0 {
				t.Errorf("%s: %q stands after %q", tag, term, last)
			}
			last = term
		}
	}
}

func TestTablesOfWrittenPagesCanBeReadOnSmallScreens(t *testing.T) {
	got, err := article("## Kinds *of* <price>\n\n| Kind | What & why | Estonian |\n|:-:|---|---|\n| A \"b\" | C | D |\n", "Prices")
	if err != nil {
		t.Fatal(err)
	}
	want := `<h2 id="kinds-of-price">Kinds <em>of</em> <!-- raw HTML omitted --></h2>
<section class="scroll" tabindex="0" aria-labelledby="kinds-of-price"><table class="stack words">
<thead>
<tr>
<th scope="col">Kind</th>
<th scope="col">What &amp; why</th>
<th scope="col">Estonian</th>
</tr>
</thead>
<tbody>
<tr>
<td data-l="Kind">A &quot;b&quot;</td>
<td data-l="What &amp; why">C</td>
<td data-l="Estonian" lang="et">D</td>
</tr>
</tbody>
</table></section>
`
	if string(got) != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	got, err = article("| A |\n|---|\n| b |\n", `"Prices"`)
	if err != nil || !strings.Contains(string(got), `aria-label="&#34;Prices&#34;"`) {
		t.Errorf("a table under no heading is %s, %v", got, err)
	}
}
