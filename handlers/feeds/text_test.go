package feeds

import (
	"bytes"
	"net/url"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/yuin/goldmark"
	"golang.org/x/net/html"
)

var home = &url.URL{Scheme: "https", Host: "vendor.example", Path: "/news/1"}

func TestHTMLAsMarkdown(t *testing.T) {
	for _, c := range []struct{ html, want string }{
		{"", ""},
		{"just text", "just text"},
		{"two\nlines\n\nand a paragraph", "two\\\nlines\n\nand a paragraph"},
		{"<p>One</p><p>Two</p>", "One\n\nTwo"},
		{"<p> a <b> bold </b>, <i>slanted</i> <em></em>text</p>", "a **bold** , *slanted* text"},
		{"<h1>Big</h1>text<h3>Small</h3>", "# Big\n\ntext\n\n### Small"},
		{"<ul><li>one</li><li>two<ul><li>deep</li></ul></li></ul><p>after</p>", "* one\n* two\n    * deep\n\nafter"},
		{"before<ol><li>one<li>two</ol>", "before\n\n1. one\n1. two"},
		{`<a href="/more?a=(1)">more</a> <a href="javascript:alert(1)">run</a> <a href="mailto:a@b">mail</a> <a href="x"><img src=y></a>`, "[more](https://vendor.example/more?a=%281%29) run mail"},
		{"a<br>b<br/><br>c", "a\\\nb\\\nc"},
		{"<p>1. not a list</p><p># nor a heading</p><p>* a_b_c _d_ `e` [f](g) &lt;h&gt; &amp;amp; !</p>", "1\\. not a list\n\n\\# nor a heading\n\n\\* a_b_c \\_d\\_ \\`e\\` \\[f\\](g) \\<h\\> \\&amp; \\!"},
		{"<pre>a  b\n  c```</pre>x", "```\na  b\n  c'''\n```\n\nx"},
		{"say <code>a`b*</code>", "say `a'b*`"},
		{"<script>alert(1)</script><style>x</style>seen<iframe src=x>no</iframe><svg><text>no</text></svg>", "seen"},
		{`<img src="x" alt="A picture" onerror="alert(1)">`, "A picture"},
		{"<table><tr><td>a</td><td>b</td></tr><tr><td>c</td></tr></table>", "a b\n\nc"},
		{"<b>open <i>both", "**open *both***"},
		{"x < y", "x \\< y"},
	} {
		if got := markdownOf(c.html, home); got != c.want {
			t.Errorf("%s\n becomes %q\n    want %q", c.html, got, c.want)
		}
	}
}

func TestPlainTextOfTitles(t *testing.T) {
	for in, want := range map[string]string{
		"Release 2.0":                        "Release 2.0",
		" Two\n lines ":                      "Two lines",
		"<b>Bold</b> &amp; more":             "Bold & more",
		"Lists of <T> are quick":             "Lists of <T> are quick",
		"<script>alert(1)</script>Safe":      "Safe",
		"a<br>b<p>c":                         "a b c",
		"x < y":                              "x < y",
		"<img src=x onerror=alert(1)>Update": "Update",
	} {
		if got := plainText(in); got != want {
			t.Errorf("%q becomes %q; want %q", in, got, want)
		}
	}
}

// seen is what a reader sees of Markdown, without spaces.
func seen(t *testing.T, markdown string) string {
	t.Helper()
	var b bytes.Buffer
	if err := goldmark.Convert([]byte(markdown), &b); err != nil {
		t.Fatal(err)
	}
	var text strings.Builder
	for z := html.NewTokenizer(&b); ; {
		switch z.Next() {
		case html.ErrorToken:
			return strings.Join(strings.Fields(text.String()), "")
		case html.TextToken:
			text.Write(z.Text())
		}
	}
}

// Whatever is written, a reader sees the same text, and marks of Markdown in it are text.
func FuzzMarkdown(f *testing.F) {
	for _, s := range []string{"a", "* b", "1) c", "\\*", "_d_ e_f", "<g>", "&amp;", "[h](i)", "`j`", "# k", "- l", "> m", "~~n~~", "===", "---", "a\nb", "    code", "![x](y)", "\t* a", "a&#42;b", "+", "10. x", "<!-- x -->", "http://a_b_c"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if !utf8.ValidString(s) || strings.ContainsAny(s, "\x00\u0085\u00a0\v\f") || len(s) > 1000 {
			return
		}
		m := markdownOf("<p>"+html.EscapeString(s)+"</p>", home)
		if got, want := seen(t, m), strings.Join(strings.Fields(s), ""); got != want {
			t.Errorf("%q is shown as %q by %q", s, got, m)
		}
		markdownOf(s, home)
		plainText(s)
	})
}
