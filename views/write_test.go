package views

import (
	"bytes"
	"html"
	"html/template"
	"strings"
	"testing"
)

func written(f func(w *writer)) string {
	var w writer
	f(&w)
	return string(w.b)
}

func TestTextCannotBecomeMarkup(t *testing.T) {
	for _, tt := range []struct{ name, in, want string }{
		{"plain text stays", "Päevik Lite – 29,00 €", "Päevik Lite – 29,00 €"},
		{"a tag becomes text", "<script>", "&lt;script&gt;"},
		{"an attribute cannot be ended", `" onclick='x'`, "&#34; onclick=&#39;x&#39;"},
		{"an entity is shown as it was typed", "&lt;", "&amp;lt;"},
		{"a null is replaced", "a\x00b", "a\uFFFDb"},
		{"nothing stays nothing", "", ""},
	} {
		if got := written(func(w *writer) { w.text(tt.in) }); got != tt.want {
			t.Errorf("%s: got %q; want %q", tt.name, got, tt.want)
		}
	}
}

func TestAddressesLeadNowhereBad(t *testing.T) {
	for _, tt := range []struct{ name, in, want string }{
		{"a path", "/en/services/sc-1?q=a&b=c#top", "/en/services/sc-1?q=a&amp;b=c#top"},
		{"another site", "https://example.ee/a", "https://example.ee/a"},
		{"a mailbox", "mailto:help@pilveturg.example", "mailto:help@pilveturg.example"},
		{"a query alone", "?page=2", "?page=2"},
		{"an escape stays", "/a%20b", "/a%20b"},
		{"a percent sign that begins no escape is escaped", "/100%", "/100%25"},
		{"letters are escaped as bytes", "/õ", "/%c3%b5"},
		{"quotes are escaped", `/"'`, "/%22%27"},
		{"a script becomes nothing", "javascript:alert(1)", "#"},
		{"a script in disguise becomes nothing", " JaVaScRiPt:alert(1)", "#"},
		{"a script behind a line break becomes nothing", "java\nscript:alert(1)", "#"},
		{"data becomes nothing", "data:text/html,x", "#"},
		{"a site without a scheme becomes nothing", "//evil.example", "#"},
		{"a site behind a backslash becomes nothing", `/\evil.example`, "#"},
		{"a site behind a tab becomes a path here", "/\t/evil.example", "/%09/evil.example"},
		{"a word becomes nothing", "services", "#"},
	} {
		if got := written(func(w *writer) { w.url(tt.in) }); got != tt.want {
			t.Errorf("%s: url(%q) = %q; want %q", tt.name, tt.in, got, tt.want)
		}
	}
}

func hostile(f *testing.F) {
	for _, s := range []string{
		"", "a", "<b>", `"'`, "&amp;", "\x00", "\xff\xfe", "javascript:x", "//x", "/a?b=c&d=%zz", "https://õ.ee/", "+", "{{.}}",
		"</title><script>", "--slot-main--", "`", "\u2028",
	} {
		f.Add(s)
	}
}

// Text reads as it was written, and holds nothing that could end it.
func FuzzText(f *testing.F) {
	hostile(f)
	f.Fuzz(func(t *testing.T, s string) {
		got := written(func(w *writer) { w.text(s) })
		if strings.ContainsAny(got, "<>\"'\x00") {
			t.Errorf("text(%q) = %q lets markup through", s, got)
		}
		if back, want := html.UnescapeString(got), strings.ReplaceAll(s, "\x00", "\uFFFD"); back != want {
			t.Errorf("text(%q) reads back as %q", s, back)
		}
		if want := strings.ReplaceAll(html.EscapeString(s), "\x00", "\uFFFD"); got != want {
			t.Errorf("text(%q) = %q; the standard library says %q", s, got, want)
		}
	})
}

var anchorTemplate = template.Must(template.New("").Parse(`<a href="{{.}}">`))

// An address that passes is what html/template would write; one that does not is "#".
func FuzzURL(f *testing.F) {
	hostile(f)
	f.Fuzz(func(t *testing.T, s string) {
		got := written(func(w *writer) { w.url(s) })
		if strings.ContainsAny(got, "<>\"' \n\t\\\x00") {
			t.Fatalf("url(%q) = %q could end the attribute", s, got)
		}
		if got == "#" {
			return
		}
		var b bytes.Buffer
		if err := anchorTemplate.Execute(&b, s); err != nil {
			t.Fatal(err)
		}
		if strings.Contains(b.String(), "#ZgotmplZ") && strings.ContainsAny(s[:1], "#?") {
			return // a colon in a fragment or query is no scheme
		}
		want := strings.TrimSuffix(strings.TrimPrefix(b.String(), `<a href="`), `">`)
		if html.UnescapeString(got) != html.UnescapeString(want) {
			t.Errorf("url(%q) = %q; html/template writes %q", s, got, want)
		}
	})
}
