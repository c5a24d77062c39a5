package views

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"
)

// checkPage says what is wrong with a rendered page: what no reader of HTML would
// forgive, and what the rules of the house ask of every page.
func checkPage(t *testing.T, lang string, page []byte) {
	t.Helper()
	for _, problem := range balance(string(page)) {
		t.Error(problem)
	}
	doc, err := html.Parse(strings.NewReader(string(page)))
	if err != nil {
		t.Fatal(err)
	}
	c := &checker{t: t, ids: map[string]int{}}
	c.walk(doc)
	c.references()
	if c.lang != lang {
		t.Errorf("the page says it is in %q; want %q", c.lang, lang)
	}
	if c.headings["h1"] != 1 {
		t.Errorf("the page has %d headings of the first level; want 1", c.headings["h1"])
	}
	if c.title == "" || strings.HasPrefix(c.title, " ") {
		t.Errorf("the page has the title %q", c.title)
	}
}

type checker struct {
	t        *testing.T
	ids      map[string]int
	wanted   []string // ids that something refers to
	headings map[string]int
	level    int // of the last heading
	lang     string
	title    string
}

func (c *checker) walk(n *html.Node) {
	if n.Type == html.ElementNode {
		c.element(n)
	}
	for child := n.FirstChild; child != nil; child = child.NextSibling {
		c.walk(child)
	}
}

func (c *checker) element(n *html.Node) {
	a := attributes(n)
	for name := range a {
		if name == "style" || strings.HasPrefix(name, "on") {
			c.t.Errorf("<%s> has the attribute %s", n.Data, name)
		}
	}
	if id, ok := a["id"]; ok {
		c.ids[id]++
	}
	for _, name := range []string{"for", "aria-describedby", "aria-labelledby", "aria-controls", "form"} {
		c.wanted = append(c.wanted, strings.Fields(a[name])...)
	}
	switch n.Data {
	case "html":
		c.lang = a["lang"]
	case "title":
		if n.Parent.Data == "head" {
			c.title = words(n)
		}
	case "h1", "h2", "h3", "h4", "h5", "h6":
		c.heading(n)
	case "a":
		c.link(n, a)
	case "img":
		c.want(n, a, "alt")
	case "table":
		c.table(n)
	case "th":
		c.want(n, a, "scope")
	case "script":
		c.script(n, a)
	case "input", "select", "textarea":
		c.control(n, a)
	case "button":
		c.want(n, a, "type")
	}
}

func (c *checker) heading(n *html.Node) {
	if c.headings == nil {
		c.headings = map[string]int{}
	}
	c.headings[n.Data]++
	level := int(n.Data[1] - '0')
	if level > c.level+1 && n.Data != "h1" && c.headings["h1"] > 0 {
		c.t.Errorf("the heading %q of level %d follows one of level %d", words(n), level, c.level)
	}
	c.level = level
	if strings.TrimSpace(words(n)) == "" {
		c.t.Errorf("a heading of level %d is empty", level)
	}
}

func (c *checker) link(n *html.Node, a map[string]string) {
	href, ok := a["href"]
	if !ok || href == "" || href == "#" || strings.Contains(href, "ZgotmplZ") {
		c.t.Errorf("the link %q leads to %q", words(n), href)
	}
	if id, found := strings.CutPrefix(href, "#"); found {
		c.wanted = append(c.wanted, id)
	}
	if strings.TrimSpace(words(n)) == "" && a["aria-label"] == "" {
		c.t.Errorf("the link to %q has no words", href)
	}
}

func (c *checker) table(n *html.Node) {
	if attributes(n.Parent)["class"] != "scroll" {
		c.t.Error("a table stands outside a part that may scroll")
	}
	region := attributes(n.Parent)
	if n.Parent.Data != "section" || region["tabindex"] != "0" || region["aria-labelledby"]+region["aria-label"] == "" {
		c.t.Errorf("the part around a table cannot be reached by keyboard, or has no name: %v", region)
	}
}

func (c *checker) script(n *html.Node, a map[string]string) {
	switch {
	case a["src"] != "":
		if n.FirstChild != nil {
			c.t.Error("a script from a file also holds text")
		}
	case a["type"] != "application/ld+json":
		c.t.Error("a script stands in the page")
	case !json.Valid([]byte(words(n))):
		c.t.Errorf("the data for search engines is no JSON: %s", words(n))
	}
}

func (c *checker) control(n *html.Node, a map[string]string) {
	if a["type"] == "hidden" || a["aria-label"] != "" || within(n, "label") {
		return
	}
	c.want(n, a, "id")
	c.want(n, a, "name")
	root := n
	for root.Parent != nil {
		root = root.Parent
	}
	if !hasLabel(root, a["id"]) {
		c.t.Errorf("the field %q has no label", a["id"])
	}
}

func (c *checker) want(n *html.Node, a map[string]string, name string) {
	if _, ok := a[name]; !ok {
		c.t.Errorf("<%s> has no %s: %v", n.Data, name, a)
	}
}

func (c *checker) references() {
	for id, n := range c.ids {
		if n > 1 || strings.ContainsAny(id, " \t") || id == "" {
			c.t.Errorf("%d elements have the id %q", n, id)
		}
	}
	for _, id := range c.wanted {
		if c.ids[id] == 0 {
			c.t.Errorf("no element has the id %q, which another refers to", id)
		}
	}
}

func attributes(n *html.Node) map[string]string {
	a := map[string]string{}
	if n != nil {
		for _, at := range n.Attr {
			a[at.Key] = at.Val
		}
	}
	return a
}

func words(n *html.Node) string {
	if n.Type == html.TextNode {
		return n.Data
	}
	s := ""
	for child := n.FirstChild; child != nil; child = child.NextSibling {
		s += words(child)
	}
	return s
}

func within(n *html.Node, name string) bool {
	for p := n.Parent; p != nil; p = p.Parent {
		if p.Data == name {
			return true
		}
	}
	return false
}

func hasLabel(n *html.Node, id string) bool {
	if n.Data == "label" && attributes(n)["for"] == id {
		return true
	}
	for child := n.FirstChild; child != nil; child = child.NextSibling {
		if hasLabel(child, id) {
			return true
		}
	}
	return false
}

var voidElements = []string{"meta", "link", "input", "br", "hr", "img", "wbr", "col", "source", "path", "rect", "circle", "line"}

// balance lists the tags that are not closed, or closed in the wrong order.
func balance(page string) (problems []string) {
	var open []string
	z := html.NewTokenizer(strings.NewReader(page))
	for {
		switch z.Next() {
		case html.ErrorToken:
			if len(open) > 0 {
				problems = append(problems, fmt.Sprintf("%v stay open", open))
			}
			return problems
		case html.StartTagToken:
			name, _ := z.TagName()
			if !slices.Contains(voidElements, string(name)) {
				open = append(open, string(name))
			}
		case html.EndTagToken:
			name, _ := z.TagName()
			if len(open) == 0 || open[len(open)-1] != string(name) {
				return append(problems, fmt.Sprintf("</%s> closes %v", name, open))
			}
			open = open[:len(open)-1]
		}
	}
}
