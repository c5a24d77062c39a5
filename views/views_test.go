package views

import (
	"errors"
	"html/template"
	"io/fs"
	"maps"
	"reflect"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/jba/templatecheck"

	"pilveturg/views/locale"
)

func load(t testing.TB) map[string]*Views {
	t.Helper()
	all, err := Load(Files, Site{Origin: "https://pilveturg.example", Contact: "help@pilveturg.example"})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// Every template uses only fields its page struct has, and every page has one.
func TestTemplatesMatchPages(t *testing.T) {
	v := load(t)["en"]
	left := maps.Clone(v.pages)
	for _, p := range Pages {
		if _, ok := p.(drawn); ok {
			continue // its page is Go, which the compiler checks
		}
		tmpl := v.pages[p.template()]
		if tmpl == nil {
			t.Errorf("%T: no html/%s.html", p, p.template())
			continue
		}
		if err := templatecheck.CheckHTML(tmpl, p); err != nil {
			t.Errorf("%T: %v", p, err)
		}
		delete(left, p.template())
	}
	for name := range left {
		t.Errorf("html/%s.html belongs to no page struct", name)
	}
}

func TestEveryPageIsListedOnce(t *testing.T) {
	seen := map[reflect.Type]bool{}
	for _, p := range Pages {
		if seen[reflect.TypeOf(p)] {
			t.Errorf("%T is listed twice", p)
		}
		seen[reflect.TypeOf(p)] = true
	}
}

// Every part is used by a page or shown in the tests of the parts.
func TestEveryPartIsUsed(t *testing.T) {
	used := map[string]bool{}
	for _, name := range htmlFiles(t) {
		for _, m := range partUse.FindAllStringSubmatch(read(t, name), -1) {
			used[m[1]] = true
		}
	}
	for _, tt := range partExamples {
		used[tt.part] = true
	}
	for _, tmpl := range load(t)["en"].pages["error"].Templates() {
		if name := tmpl.Name(); !strings.HasSuffix(name, ".html") && name != "base" && !used[name] {
			t.Errorf("no page and no test uses the part %q", name)
		}
	}
}

// withLayout is our templates with another one added or put in a place.
func withFile(t *testing.T, name, text string) fs.FS {
	all := fstest.MapFS{}
	for _, name := range slices.Concat(htmlFiles(t), contentFiles(t), []string{"mail/mail.html", "mail/mail.txt"}) {
		all[name] = &fstest.MapFile{Data: []byte(read(t, name))}
	}
	all[name] = &fstest.MapFile{Data: []byte(text)}
	return all
}

func TestWhatCannotBeParsedIsNoticedAtTheStart(t *testing.T) {
	l, err := locale.Load("en")
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct{ name, file, text string }{
		{"a template that does not parse", "html/error.html", "{{if}}"},
		{"a template that calls what there is not", "html/error.html", "{{nothing}}"},
		{"a layout with a slot there is not", "html/layout.html", `{{slot "nothing"}}`},
		{"a layout that asks for what it may not know", "html/layout.html", "{{.Title}}"},
		{"an error page that cannot be made", "html/error.html", "{{.Nothing}}"},
		{"a letter that does not parse", "mail/mail.html", "{{if}}"},
		{"a letter in text that does not parse", "mail/mail.txt", "{{if}}"},
		{"a written page without a title", "content/en/about.md", "about: x\n\nText"},
		{"a written page with an odd heading line", "content/en/about.md", "title: x\nabout: x\ndate: x\n\nText"},
		{"a written page that asks for a fact there is not", "content/en/about.md", "title: x\nabout: x\n\n{{.Nothing}}"},
		{"a statement with a field there is not", "content/accessibility.json", `{"nothing": 1}`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			if _, err := New(withFile(t, tt.file, tt.text), l, Site{}); err == nil {
				t.Errorf("New succeeded with %q in %s", tt.text, tt.file)
			}
		})
	}
}

func TestAPageThatFailsHalfWayGivesNothing(t *testing.T) {
	v := load(t)["en"]
	v.pages["error"] = template.Must(template.New("").Parse("<h1>half</h1>{{.Nothing}}"))
	if f, err := v.Main(ErrorPage{}); err == nil || f.Len() != 0 {
		t.Errorf("Main = %q, %v; want an error and nothing", f, err)
	}
	if b, err := v.Render(ErrorPage{}); err == nil || b != nil {
		t.Errorf("Render = %q, %v; want an error and nothing", b, err)
	}
}

type strangePage struct{ Shell }

func (strangePage) template() string { return "strange" }

func TestAPageWithoutTemplateIsAnError(t *testing.T) {
	if _, err := load(t)["en"].Render(strangePage{}); err == nil {
		t.Error("Render of a page without a template succeeded")
	}
}

func TestAPageIsNotShownInAnotherLanguage(t *testing.T) {
	_, err := load(t)["en"].RenderWith(Shell{Lang: "et"}, Fragment{})
	if !errors.Is(err, ErrLanguage) {
		t.Errorf("error is %v; want ErrLanguage", err)
	}
}

func TestAMainPartRenderedBeforeGivesTheSamePage(t *testing.T) {
	for tag, v := range load(t) {
		p, _ := v.ArticlePage("about")
		main, err := v.Main(p)
		if err != nil {
			t.Fatal(err)
		}
		kept, err := v.RenderWith(p.Shell, main)
		if err != nil {
			t.Fatal(err)
		}
		fresh, err := v.Render(p)
		if err != nil || string(kept) != string(fresh) {
			t.Errorf("%s: the kept part gives another page than the fresh one (%v)", tag, err)
		}
		if !strings.Contains(string(kept), main.String()) {
			t.Errorf("%s: the main part is not in the page", tag)
		}
	}
}

// Buffers are reused: what one page leaves behind must not show in another.
func TestPagesAtOnceDoNotMix(t *testing.T) {
	v := load(t)["en"]
	slugs := v.Articles()
	want := map[string]string{}
	for _, slug := range slugs {
		p, _ := v.ArticlePage(slug)
		b, _ := v.Render(p)
		want[slug] = string(b)
	}
	errs := make(chan string)
	for i := range 8 {
		go func() {
			bad := ""
			for j := range 40 {
				slug := slugs[(i+j)%len(slugs)]
				p, _ := v.ArticlePage(slug)
				if b, err := v.Render(p); err != nil || string(b) != want[slug] {
					bad = slug
				}
			}
			errs <- bad
		}()
	}
	for range 8 {
		if bad := <-errs; bad != "" {
			t.Errorf("page %s came out differently", bad)
		}
	}
}

func htmlFiles(t testing.TB) []string {
	t.Helper()
	names, err := fs.Glob(Files, "html/*.html")
	if err != nil || len(names) == 0 {
		t.Fatalf("no templates: %v", err)
	}
	return names
}

func contentFiles(t testing.TB) []string {
	t.Helper()
	var names []string
	err := fs.WalkDir(Files, "content", func(name string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			names = append(names, name)
		}
		return err
	})
	if err != nil || len(names) == 0 {
		t.Fatalf("no written pages: %v", err)
	}
	slices.Sort(names)
	return names
}

func read(t testing.TB, name string) string {
	t.Helper()
	b, err := fs.ReadFile(Files, name)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}
