package views

import (
	"bytes"
	"html/template"
	"net/url"
	"regexp"
	"strings"

	"github.com/microcosm-cc/bluemonday"
	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	tables "github.com/yuin/goldmark/extension/ast"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
	"github.com/yuin/goldmark/util"
)

// Markdown is text a vendor or a reviewer wrote. Templates show it with
// {{markdown .}}, as the part of a page below a heading of the second level: its
// own headings begin at the third, without gaps. Raw HTML and pictures in it are
// left out (of a picture its words remain), links may lead to web pages, mailboxes
// and this site only, and those that leave the site do not vouch for their target.
//
// Text longer than [MaxMarkdown], or made to be slow, is shown as it was typed.
type Markdown string

// MaxMarkdown is how many bytes of Markdown are formatted: some three thousand
// words.
const MaxMarkdown = 20_000

// What takes goldmark time that grows with the square of it; no text that people
// write comes near.
const (
	maxNesting  = 30  // quotes and lists inside each other
	maxBrackets = 500 // that may begin a link
)

// Prose is Markdown with the language it is in; see [Words].
type Prose struct {
	Text Markdown
	Lang string
}

// external is what a link says that leaves the site.
const external = "nofollow noopener"

// markdown is the only way from text of strangers to HTML. goldmark lets nothing
// through that can act; bluemonday, which knows nothing of Markdown, makes sure.
func markdown(m Markdown) (template.HTML, error) {
	if len(m) > MaxMarkdown || slow(string(m)) {
		return template.HTML(`<p class="typed">` + template.HTMLEscapeString(string(m)) + "</p>\n"), nil
	}
	var b bytes.Buffer
	if err := strangers.Convert([]byte(m), &b); err != nil {
		return "", err
	}
	return template.HTML(fence.SanitizeReader(&b).String()), nil
}

// slow reports whether text would take long to format.
func slow(m string) bool {
	if strings.Count(m, "[") > maxBrackets {
		return true
	}
	for line := range strings.Lines(m) {
		marks := 0
		for i := 0; i < len(line) && strings.IndexByte(">+-*.) \t0123456789", line[i]) >= 0; i++ {
			if strings.IndexByte(">+-*.)", line[i]) >= 0 {
				marks++
			}
		}
		if marks > maxNesting && strings.Trim(line, "-* \t\r\n") != "" { // a line of those is a rule
			return true
		}
	}
	return false
}

// article formats one of our own written pages, whose headings begin at the second
// level. Its tables may scroll sideways and become cards on narrow screens; title
// names those that stand under no heading.
func article(source, title string) (template.HTML, error) {
	var b bytes.Buffer
	if err := ours.Convert([]byte(source), &b); err != nil {
		return "", err
	}
	var out strings.Builder
	name := `aria-label="` + template.HTMLEscapeString(title) + `"`
	for i, part := range strings.Split(b.String(), "<table>") {
		if i > 0 {
			out.WriteString(`<section class="scroll" tabindex="0" ` + name + `><table class="stack words">`)
		}
		out.WriteString(part)
		if ids := headingID.FindAllStringSubmatch(part, -1); ids != nil {
			name = `aria-labelledby="` + ids[len(ids)-1][1] + `"`
		}
	}
	rest := strings.NewReplacer("</table>", "</table></section>", "<th>", `<th scope="col">`)
	return template.HTML(rest.Replace(out.String())), nil
}

var headingID = regexp.MustCompile(`<h2 id="([^"]*)">`)

var strangers = goldmark.New(
	goldmark.WithExtensions(extension.Linkify),
	goldmark.WithParserOptions(parser.WithASTTransformers(util.Prioritized(tame{top: 3}, 1000))),
)

var ours = goldmark.New(
	goldmark.WithExtensions(extension.NewTable(extension.WithTableCellAlignMethod(extension.TableCellAlignNone))),
	goldmark.WithParserOptions(parser.WithAutoHeadingID(), parser.WithASTTransformers(util.Prioritized(tame{top: 2}, 1000))),
)

var fence = newFence()

func newFence() *bluemonday.Policy {
	p := bluemonday.NewPolicy()
	p.AllowElements("p", "br", "hr", "strong", "em", "code", "pre", "blockquote", "ul", "li", "h3", "h4", "h5", "h6")
	p.AllowAttrs("start").Matching(bluemonday.Integer).OnElements("ol")
	p.AllowElements("ol")
	p.AllowAttrs("href", "title").OnElements("a")
	p.AllowAttrs("rel").Matching(regexp.MustCompile("^" + external + "$")).OnElements("a")
	p.AllowURLSchemes("http", "https", "mailto")
	p.AllowRelativeURLs(true)
	p.RequireParseableURLs(true)
	return p
}

// tame changes what was parsed before it is written.
type tame struct{ top int } // level of the first heading

// Transform implements [parser.ASTTransformer].
func (t tame) Transform(doc *ast.Document, r text.Reader, _ parser.Context) {
	var outline []int // the levels, as typed, of the headings that are open
	var unwrap []ast.Node
	_ = ast.Walk(doc, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if !entering {
			return ast.WalkContinue, nil
		}
		switch n := n.(type) {
		case *ast.Heading:
			for len(outline) > 0 && outline[len(outline)-1] >= n.Level {
				outline = outline[:len(outline)-1]
			}
			outline = append(outline, n.Level)
			n.Level = min(t.top+len(outline)-1, 6)
		case *ast.Image:
			unwrap = append(unwrap, n)
		case *ast.Link:
			if !mark(n, string(n.Destination)) {
				unwrap = append(unwrap, n)
			}
		case *tables.Table:
			label(n, r.Source())
		case *ast.AutoLink:
			if n.AutoLinkType == ast.AutoLinkURL && !mark(n, string(n.URL(r.Source()))) {
				unwrap = append(unwrap, n)
			}
		}
		return ast.WalkContinue, nil // which never fails
	})
	for _, n := range unwrap {
		wordsOnly(n, r.Source())
	}
}

// label gives each cell of a table the words of its column's heading, which stand
// before it when the row is shown as a card.
func label(table ast.Node, source []byte) {
	var heads [][]byte
	for cell := table.FirstChild().FirstChild(); cell != nil; cell = cell.NextSibling() {
		heads = append(heads, cell.Lines().Value(source))
	}
	for row := table.FirstChild().NextSibling(); row != nil; row = row.NextSibling() {
		i := 0
		for cell := row.FirstChild(); cell != nil && i < len(heads); cell = cell.NextSibling() {
			cell.SetAttributeString("data-l", heads[i])
			if lang := columnLanguages[string(heads[i])]; lang != "" {
				cell.SetAttributeString("lang", []byte(lang))
			}
			i++
		}
	}
}

// columnLanguages are the languages of columns that hold words of another one.
var columnLanguages = map[string]string{"Estonian": "et", "Inglise keeles": "en"}

// mark makes a link that leaves the site say so; it reports whether the address
// may be linked to at all.
func mark(n ast.Node, address string) bool {
	if address == "" || !safeAddress(address) {
		return false
	}
	u, err := url.Parse(string(util.URLEscape([]byte(address), true)))
	if err != nil {
		return false
	}
	if hasFold(address, "http") {
		n.SetAttributeString("rel", []byte(external))
		return u.Host != ""
	}
	return true
}

// wordsOnly puts the words of a link or picture in its place.
func wordsOnly(n ast.Node, source []byte) {
	parent := n.Parent()
	if auto, ok := n.(*ast.AutoLink); ok {
		parent.ReplaceChild(parent, n, ast.NewString(util.EscapeHTML(auto.Label(source))))
		return
	}
	for child := n.FirstChild(); child != nil; child = n.FirstChild() {
		parent.InsertBefore(parent, n, child)
	}
	parent.RemoveChild(parent, n)
}
