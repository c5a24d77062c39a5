package views

import (
	"html"
	"regexp"
	"strings"
	"testing"
	"time"
)

func TestMarkdownIsTame(t *testing.T) {
	for _, tt := range []struct{ name, in, want string }{
		{"emphasis is formatted", "**class** _journal_", "<p><strong>class</strong> <em>journal</em></p>\n"},
		{"lists are formatted", "- a\n- b\n\n3. c", "<ul>\n<li>a</li>\n<li>b</li>\n</ul>\n<ol start=\"3\">\n<li>c</li>\n</ol>\n"},
		{"headings begin at the third level", "# a\n## b", "<h3>a</h3>\n<h4>b</h4>\n"},
		{"headings leave no gap", "### a\n##### b\n### c", "<h3>a</h3>\n<h4>b</h4>\n<h3>c</h3>\n"},
		{"headings end at the sixth level", "# a\n## a\n### a\n#### a\n##### a", "<h3>a</h3>\n<h4>a</h4>\n<h5>a</h5>\n<h6>a</h6>\n<h6>a</h6>\n"},
		{"code is shown, not run", "`<b>`", "<p><code>&lt;b&gt;</code></p>\n"},
		{"a class of a code block is left out", "```js onload=x\n<b>\n```", "<pre><code>&lt;b&gt;\n</code></pre>\n"},
		{"a link that leaves the site does not vouch", "[x](https://example.ee/a?b=c&d)", "<p><a href=\"https://example.ee/a?b=c&amp;d\" rel=\"nofollow noopener\">x</a></p>\n"},
		{"an address becomes a link", "see https://example.ee/.", "<p>see <a href=\"https://example.ee/\" rel=\"nofollow noopener\">https://example.ee/</a>.</p>\n"},
		{"a link on this site vouches", "[x](/en/help)", "<p><a href=\"/en/help\">x</a></p>\n"},
		{"a mailbox is linked", "<a@b.ee>", "<p><a href=\"mailto:a@b.ee\">a@b.ee</a></p>\n"},
		{"a script is left out", "<script>alert(1)</script>", "\n"},
		{"a script inside words is left out", "a <script>alert(1)</script>", "<p>a alert(1)</p>\n"},
		{"a tag with an event is left out", "a <b onclick=x>b</b>", "<p>a b</p>\n"},
		{"a script link keeps its words", "[x **y**](javascript:alert(1))", "<p>x <strong>y</strong></p>\n"},
		{"a script link in capitals keeps its words", "[x](JaVaScRiPt:alert(1))", "<p>x</p>\n"},
		{"a script link written with entities keeps its words", "[x](javascript&#58;alert(1))", "<p>x</p>\n"},
		{"a script link by reference keeps its words", "[x][1]\n\n[1]: javascript:alert(1)", "<p>x</p>\n"},
		{"a script between angles keeps its words", "<javascript:alert(1)>", "<p>javascript:alert(1)</p>\n"},
		{"an odd scheme between angles keeps its words", "<vbscript:x&y>", "<p>vbscript:x&amp;y</p>\n"},
		{"a file link keeps its words", "[x](file:///etc/passwd)", "<p>x</p>\n"},
		{"a link to a site without a scheme keeps its words", "[x](//evil.example)", "<p>x</p>\n"},
		{"a link by words of the page keeps its words", "[x](else)", "<p>x</p>\n"},
		{"an empty link keeps its words", "[x]()", "<p>x</p>\n"},
		{"a picture keeps its words", "![x *y*](https://tracker.example/1.gif)", "<p>x <em>y</em></p>\n"},
		{"a picture of data keeps its words", "![x](data:text/html;base64,AA)", "<p>x</p>\n"},
		{"a picture in a link leaves the link", "[![x](/a.png)](https://example.ee/)", "<p><a href=\"https://example.ee/\" rel=\"nofollow noopener\">x</a></p>\n"},
		{"a title cannot end its attribute", "[x](/a '\"><script>')", "<p><a href=\"/a\" title=\"&#34;&gt;&lt;script&gt;\">x</a></p>\n"},
		{"an address cannot end its attribute", "[x](/a\"onclick=alert(1))", "<p><a href=\"/a%22onclick=alert(1)\">x</a></p>\n"},
		{"a form is left out", "<form action=/x><button>y</button></form>", "\n"},
		{"a style is left out", "<p style=\"position:fixed\">x</p>\n\ny", "\n<p>y</p>\n"},
		{"a frame is left out", "<iframe src=\"https://evil.example\"></iframe>", "\n"},
		{"a comment is left out", "a\n\n<!-- <script> -->\n\nb", "<p>a</p>\n\n<p>b</p>\n"},
		{"a picture drawn in HTML is left out", "<svg onload=alert(1)>", "\n"},
		{"attributes of headings are words", "# a {onclick=x}", "<h3>a {onclick=x}</h3>\n"},
		{"a null is replaced", "a\x00b", "<p>a\uFFFDb</p>\n"},
		{"nothing gives nothing", "", ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			got, err := markdown(Markdown(tt.in))
			if err != nil || string(got) != tt.want {
				t.Errorf("markdown(%q) =\n%q, %v; want\n%q", tt.in, got, err, tt.want)
			}
		})
	}
}

func TestWhatCannotBeFormattedIsShownAsTyped(t *testing.T) {
	for name, in := range map[string]string{
		"too long":               strings.Repeat("**<b>**", MaxMarkdown/7+1),
		"too many quotes":        strings.Repeat(">", 31) + " <b>",
		"too many lists":         "a\n" + strings.Repeat("+ ", 31) + "a",
		"too many numbers":       strings.Repeat("1. ", 31),
		"too many links":         strings.Repeat("[<b>]", 501),
		"too deep in the middle": "**a**\n\n" + strings.Repeat("> - ", 16) + "b",
	} {
		got, err := markdown(Markdown(in))
		if err != nil {
			t.Fatal(err)
		}
		if want := `<p class="typed">` + html.EscapeString(in) + "</p>\n"; string(got) != want {
			t.Errorf("%s: got %.60q…; want %.60q…", name, got, want)
		}
	}
	for name, in := range map[string]string{
		"a long rule": strings.Repeat("-", 200), "a rule of stars": strings.Repeat("* ", 100), "a number": strings.Repeat("1", 100), "many links": strings.Repeat("[a](/b) ", 500),
	} {
		if got, _ := markdown(Markdown(in)); strings.Contains(string(got), "typed") {
			t.Errorf("%s is shown as typed", name)
		}
	}
}

// Text that is made to be slow must not hold the server up.
func TestNoMarkdownTakesLong(t *testing.T) {
	for name, unit := range map[string]string{
		"quotes": ">", "spaced quotes": "> ", "lists": "- ", "pluses": "+ ", "numbers": "1. ", "brackets": "[", "pictures": "![",
		"stars": "*a **a ", "backticks": "`a``b", "tags": "<a ", "links": "[a](", "angles": "<http:", "underscores": "_",
		"references": "[a]: b\n", "entities": "&#1", "web": "www.a.", "deep lists": strings.Repeat("+ ", 30) + "\n",
		"deep quotes": strings.Repeat(">", 30) + "\n", "tildes": "~~~\n", "pipes": "|-|\n",
	} {
		start := time.Now()
		if _, err := markdown(Markdown(strings.Repeat(unit, MaxMarkdown/len(unit)))); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if d := time.Since(start); d > 5*time.Second { // a hundredth of it, measured alone
			t.Errorf("%s take %v", name, d)
		} else if d > 30*time.Millisecond {
			t.Logf("%s take %v", name, d)
		}
	}
}

// dangers are what no output may hold: each is looked for in tags, not in words.
var (
	tagPattern = regexp.MustCompile(`<[^>]*>`)
	goodTag    = regexp.MustCompile(`^<(/?(p|br|hr|strong|em|code|pre|blockquote|ul|ol|li|h[3-6]|a)|hr ?/|br ?/|p class="typed"|ol start="[0-9]+"|a href="(https?://|mailto:|[/#?])[^"<> ]*"( title="[^"<>]*")?( rel="nofollow noopener")?)>$`)
	script     = regexp.MustCompile(`(?i)href="[^"]*(javascript|vbscript|data):`)
)

func FuzzMarkdown(f *testing.F) {
	for _, s := range []string{
		"<script>", "[x](javascript:alert(1))", "![x](data:,)", "a\n===\n", "<a href=x onclick=y>", "`<b>`", "```\n<script>\n```",
		"[x]: javascript:x\n[x]", "&#106;avascript:", "<https://a\"b>", "www.a.ee\"onclick", "<!--", "<?php", "<![CDATA[", "[x](</a b>)", "[a](/b \"c\")",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, in string) {
		out, err := markdown(Markdown(in))
		if err != nil {
			t.Fatal(err)
		}
		for _, tag := range tagPattern.FindAllString(string(out), -1) {
			if !goodTag.MatchString(tag) {
				t.Errorf("markdown(%q) has the tag %s", in, tag)
			}
		}
		if left := tagPattern.ReplaceAllString(string(out), ""); strings.ContainsAny(left, "<>") {
			t.Errorf("markdown(%q) leaves a tag open: %q", in, out)
		}
		if lower := strings.ToLower(string(out)); strings.Contains(lower, "<script") || script.MatchString(lower) {
			t.Errorf("markdown(%q) = %q can act", in, out)
		}
	})
}
