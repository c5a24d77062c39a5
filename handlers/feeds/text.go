package feeds

import (
	"net/url"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

const (
	maxText  = 20_000 // bytes of Markdown after which no more is made
	maxLists = 5      // lists inside each other
)

// unseen are the elements whose inside is no text for readers.
var unseen = []atom.Atom{atom.Script, atom.Style, atom.Head, atom.Title, atom.Template, atom.Noscript, atom.Iframe, atom.Object, atom.Embed, atom.Svg, atom.Math,
	atom.Select, atom.Textarea, atom.Button, atom.Video, atom.Audio, atom.Canvas, atom.Noframes, atom.Noembed}

// blocks are the elements that stand by themselves.
var blocks = []atom.Atom{atom.P, atom.Div, atom.Section, atom.Article, atom.Header, atom.Footer, atom.Main, atom.Aside, atom.Blockquote, atom.Table, atom.Tr, atom.Hr,
	atom.Figure, atom.Figcaption, atom.Dl, atom.Dt, atom.Dd, atom.Details, atom.Summary, atom.Address, atom.Form, atom.Fieldset, atom.Center, atom.Nav}

// headings are the elements that are headings, from the first level.
var headings = []atom.Atom{atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6}

// plainText is what a reader sees of a line of HTML, or of text that was meant to be
// text: what looks like an element that nobody knows is left as it stands.
func plainText(s string) string {
	var b strings.Builder
	skip := atom.Atom(0)
	for z := html.NewTokenizer(strings.NewReader(s)); ; {
		switch kind := z.Next(); kind {
		case html.ErrorToken:
			return strings.Join(strings.Fields(b.String()), " ")
		case html.TextToken:
			if skip == 0 {
				b.Write(z.Text())
			}
		case html.StartTagToken, html.EndTagToken, html.SelfClosingTagToken:
			raw := string(z.Raw())
			t := z.Token()
			switch {
			case t.DataAtom == 0 && skip == 0 && !strings.Contains(t.Data, "-"):
				b.WriteString(raw) // "Lists of <T>"
			case kind == html.StartTagToken && skip == 0 && slices.Contains(unseen, t.DataAtom):
				skip = t.DataAtom
			case kind == html.EndTagToken && t.DataAtom == skip:
				skip = 0
			case slices.Contains(blocks, t.DataAtom), t.DataAtom == atom.Br, t.DataAtom == atom.Li:
				b.WriteByte(' ')
			}
		}
	}
}

// markdownOf writes HTML as Markdown; links are relative to base, and left out when that
// is nil and they need it. Text without any element keeps its lines.
func markdownOf(s string, base *url.URL) string {
	if !strings.Contains(s, "<") {
		s = strings.ReplaceAll(strings.TrimSpace(strings.ReplaceAll(s, "\r\n", "\n")), "\n\n", "<p>")
		s = strings.ReplaceAll(s, "\n", "<br>")
	}
	w := &writer{base: base}
	z := html.NewTokenizer(strings.NewReader(s))
	for w.b.Len() < maxText {
		kind := z.Next()
		if kind == html.ErrorToken {
			break
		}
		w.token(kind, z.Token())
	}
	w.closeAll()
	return strings.TrimSpace(w.b.String())
}

// writer makes Markdown of what a tokenizer finds. Marks and spaces are written when the
// text comes that they belong to, so that none is left alone.
type writer struct {
	b      strings.Builder
	base   *url.URL
	skip   atom.Atom // the element whose inside is left out
	gap    string    // what goes before the next text: " ", or the beginning of a line
	begun  bool      // there is text on this line
	marks  []mark    // that are open
	lists  []bool    // that are open; whether they are numbered
	pre    bool
	indent string // of the lines of an item
}

// mark is emphasis, code or a link that is open.
type mark struct {
	of           atom.Atom
	before, then string
	written      bool
}

func (w *writer) token(kind html.TokenType, t html.Token) {
	switch {
	case w.skip != 0:
		if kind == html.EndTagToken && t.DataAtom == w.skip {
			w.skip = 0
		}
	case kind == html.TextToken:
		w.text(t.Data)
	case kind == html.StartTagToken, kind == html.SelfClosingTagToken:
		w.start(t)
		if kind == html.StartTagToken && slices.Contains(unseen, t.DataAtom) {
			w.skip = t.DataAtom
		}
	case kind == html.EndTagToken:
		w.end(t.DataAtom)
	}
}

func (w *writer) start(t html.Token) {
	switch a := t.DataAtom; {
	case w.pre:
		if a == atom.Br {
			w.text("\n")
		}
	case a == atom.Pre:
		w.block()
		w.line()
		w.b.WriteString("```\n")
		w.pre = true
	case slices.Contains(headings, a):
		w.block()
		w.gap += strings.Repeat("#", slices.Index(headings, a)+1) + " "
	case a == atom.Ul, a == atom.Ol:
		w.list(a)
	case a == atom.Li:
		w.item()
	case slices.Contains(blocks, a):
		w.block()
	case a == atom.Br:
		if w.begun {
			w.closeAll()
			w.gap, w.begun = "\\\n"+w.indent, false
		}
	case a == atom.Td, a == atom.Th:
		w.space()
	case a == atom.Img:
		w.text(attribute(t, "alt"))
	case a == atom.Strong, a == atom.B:
		w.open(mark{of: a, before: "**", then: "**"})
	case a == atom.Em, a == atom.I:
		w.open(mark{of: a, before: "*", then: "*"})
	case a == atom.Code, a == atom.Kbd, a == atom.Samp, a == atom.Tt:
		w.open(mark{of: a, before: "`", then: "`"})
	case a == atom.A:
		w.end(atom.A)
		if to := w.target(attribute(t, "href")); to != "" {
			w.open(mark{of: a, before: "[", then: "](" + to + ")"})
		}
	}
}

func (w *writer) end(a atom.Atom) {
	switch {
	case w.pre:
		if a == atom.Pre {
			w.b.WriteString("\n" + w.indent + "```")
			w.pre, w.begun = false, true
			w.block()
		}
	case a == atom.Ul, a == atom.Ol:
		if len(w.lists) > 0 {
			w.closeAll()
			w.lists = w.lists[:len(w.lists)-1]
			w.indent = strings.Repeat("    ", w.depth())
			if w.b.Len() > 0 {
				w.gap, w.begun = "\n\n"+w.indent, false
			}
		}
	case a == atom.Li:
		w.closeAll()
		if w.begun {
			w.gap, w.begun = "\n"+w.indent, false
		}
	case slices.Contains(headings, a), slices.Contains(blocks, a):
		w.block()
	default:
		w.close(a)
	}
}

// open notes a mark. Of one kind there is one at a time, and nothing is marked in code.
func (w *writer) open(m mark) {
	if w.code() || slices.ContainsFunc(w.marks, func(o mark) bool { return o.before == m.before }) {
		return
	}
	w.marks = append(w.marks, m)
}

func (w *writer) code() bool {
	return slices.ContainsFunc(w.marks, func(m mark) bool { return m.before == "`" })
}

// close ends a mark, and those that were opened inside it.
func (w *writer) close(a atom.Atom) {
	at := -1
	for i, m := range w.marks {
		if m.of == a {
			at = i
		}
	}
	for at >= 0 && len(w.marks) > at {
		last := w.marks[len(w.marks)-1]
		if last.written {
			w.b.WriteString(last.then)
		}
		w.marks = w.marks[:len(w.marks)-1]
	}
}

func (w *writer) closeAll() {
	if len(w.marks) > 0 {
		w.close(w.marks[0].of)
	}
	for len(w.marks) > 0 { // two may be of one element
		w.close(w.marks[0].of)
	}
	if w.pre && w.b.Len() >= maxText {
		w.b.WriteString("\n```")
	}
}

// block begins a block of its own.
func (w *writer) block() {
	w.closeAll()
	if w.begun {
		w.gap, w.begun = "\n\n"+w.indent, false
	}
}

// line writes what goes before a line.
func (w *writer) line() {
	w.b.WriteString(w.gap)
	w.gap = ""
}

func (w *writer) list(a atom.Atom) {
	w.block()
	w.lists = append(w.lists, a == atom.Ol)
	w.indent = strings.Repeat("    ", w.depth())
}

// depth is how deep the lists go that are shown.
func (w *writer) depth() int { return min(len(w.lists), maxLists) }

func (w *writer) item() {
	w.closeAll()
	depth := max(1, w.depth())
	sign := "* "
	if len(w.lists) > 0 && w.lists[len(w.lists)-1] {
		sign = "1. " // Markdown counts itself
	}
	before := "\n"
	switch {
	case w.b.Len() == 0:
		before = ""
	case depth == 1 && strings.HasPrefix(w.gap, "\n\n"):
		before = "\n\n"
	}
	w.gap = before + strings.Repeat("    ", depth-1) + sign
	w.begun = false
}

// space has a space stand before the next text.
func (w *writer) space() {
	if w.begun && w.gap == "" {
		w.gap = " "
	}
}

// text writes text.
func (w *writer) text(s string) {
	if w.pre {
		s = strings.ReplaceAll(strings.ReplaceAll(s, "```", "'''"), "\r", "")
		w.b.WriteString(strings.ReplaceAll(s, "\n", "\n"+w.indent))
		return
	}
	words := strings.Fields(s)
	if first, _ := utf8.DecodeRuneInString(s); len(words) == 0 || unicode.IsSpace(first) {
		w.space()
	}
	if len(words) == 0 {
		return
	}
	fresh := !w.begun
	w.line()
	for i := range w.marks {
		if !w.marks[i].written {
			w.b.WriteString(w.marks[i].before)
			w.marks[i].written, fresh = true, false
		}
	}
	line := strings.Join(words, " ")
	if w.code() {
		w.b.WriteString(strings.ReplaceAll(line, "`", "'"))
	} else {
		w.b.WriteString(escaped(line, fresh))
	}
	w.begun = true
	if last, _ := utf8.DecodeLastRuneInString(s); unicode.IsSpace(last) {
		w.space()
	}
}

// target is where a link leads, as Markdown writes it; "" when it leads nowhere on the
// web.
func (w *writer) target(href string) string {
	to := absolute(w.base, href)
	if to == "" || len(to) > 1000 {
		return ""
	}
	return strings.NewReplacer("(", "%28", ")", "%29", "<", "%3C", ">", "%3E", " ", "%20", "\\", "%5C").Replace(to)
}

func attribute(t html.Token, name string) string {
	for _, a := range t.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

// begins are the beginnings of a line that make it something else than text.
var begins = regexp.MustCompile(`^(?:[#+=>|-]|\d+[.)])`)

// escaped is text in which Markdown finds no marks. fresh is at the beginning of a line.
func escaped(s string, fresh bool) string {
	var b strings.Builder
	if fresh {
		if at := begins.FindStringIndex(s); at != nil {
			b.WriteString(s[:at[1]-1] + "\\" + s[at[1]-1:at[1]])
			s = s[at[1]:]
		}
	}
	before := ' '
	for i, r := range s {
		if strings.ContainsRune("\\`*[]<>~&!", r) || r == '_' && !within(before, s[i+1:]) {
			b.WriteByte('\\')
		}
		b.WriteRune(r)
		before = r
	}
	return b.String()
}

// within reports whether a sign stands in the middle of a word.
func within(before rune, rest string) bool {
	after, _ := utf8.DecodeRuneInString(rest)
	word := func(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }
	return word(before) && word(after)
}
