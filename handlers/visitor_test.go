package handlers

import (
	"net/url"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"
)

// visitor uses the site as a browser without scripts does: it follows the links and
// fills in the forms of the page it is on, and knows no address but the first.
type visitor struct {
	site *testSite
	t    testing.TB
	at   *url.URL
	code int
	page *html.Node
}

// visit opens an address.
func (s *testSite) visit(t testing.TB, address string) *visitor {
	t.Helper()
	v := &visitor{site: s, t: t, at: &url.URL{Scheme: "http", Host: "example.com", Path: "/"}}
	v.open(address)
	return v
}

// open goes where a link of the page leads, and on where it is sent from there.
func (v *visitor) open(address string) {
	v.t.Helper()
	for range 5 {
		to, err := v.at.Parse(address)
		if err != nil || to.Host != v.at.Host {
			v.t.Fatalf("%s leads to %q, %v", v.at, address, err)
		}
		v.at = to
		w := v.site.do("GET", to.RequestURI())
		if address = w.Header().Get("Location"); address != "" {
			continue
		}
		if v.code = w.Code; v.page == nil || strings.HasPrefix(w.Header().Get("Content-Type"), "text/html") {
			if v.page, err = html.Parse(w.Body); err != nil {
				v.t.Fatal(err)
			}
		}
		return
	}
	v.t.Fatalf("%s is sent on and on", v.at)
}

// attr is an attribute of an element, "" when it has none.
func attr(n *html.Node, key string) string {
	for _, a := range n.Attr {
		if a.Key == key {
			return a.Val
		}
	}
	return ""
}

func hasAttr(n *html.Node, key string) bool {
	return slices.ContainsFunc(n.Attr, func(a html.Attribute) bool { return a.Key == key })
}

// read is what a reader reads in an element, with single spaces.
func read(n *html.Node) string {
	var b strings.Builder
	for d := range n.Descendants() {
		if d.Type == html.TextNode {
			b.WriteString(d.Data)
		}
	}
	return strings.Join(strings.Fields(b.String()), " ")
}

// all are the elements below n for which it holds, in the order of the page.
func all(n *html.Node, name string, holds func(*html.Node) bool) []*html.Node {
	var list []*html.Node
	for d := range n.Descendants() {
		if d.Type == html.ElementNode && d.Data == name && (holds == nil || holds(d)) {
			list = append(list, d)
		}
	}
	return list
}

// one is the first such element of the page, which has to be there.
func (v *visitor) one(name string, holds func(*html.Node) bool) *html.Node {
	v.t.Helper()
	list := all(v.page, name, holds)
	if len(list) == 0 {
		v.t.Fatalf("%s has no such <%s>", v.at, name)
	}
	return list[0]
}

// links are the addresses on the page that have the beginning, each once.
func (v *visitor) links(beginning string) []string {
	var list []string
	for _, a := range all(v.one("main", nil), "a", nil) {
		if href := attr(a, "href"); strings.HasPrefix(href, beginning) && !slices.Contains(list, href) {
			list = append(list, href)
		}
	}
	return list
}

// click follows the link with these words.
func (v *visitor) click(words string) {
	v.t.Helper()
	v.open(attr(v.one("a", func(n *html.Node) bool { return read(n) == words }), "href"))
}

func (v *visitor) heading() string { return read(v.one("h1", nil)) }

// says reports whether the main part of the page holds the words.
func (v *visitor) says(words string) bool { return strings.Contains(read(v.one("main", nil)), words) }

// form is one that somebody is filling in.
type form struct {
	v      *visitor
	action string
	fields url.Values // what it would send now
	boxes  []*html.Node
}

// form finds the form that goes to an address and has a field with this name.
func (v *visitor) form(action, field string) *form {
	v.t.Helper()
	asks := func(c *html.Node) bool { return attr(c, "name") == field }
	node := v.one("form", func(n *html.Node) bool {
		return attr(n, "action") == action && !posts(n) && slices.ContainsFunc(v.controls(n), asks)
	})
	f := &form{v: v, action: action, fields: url.Values{}}
	for _, c := range v.controls(node) {
		f.control(c)
	}
	return f
}

// controls are the fields in a form, and those elsewhere that belong to it.
func (v *visitor) controls(form *html.Node) []*html.Node {
	list := append(all(form, "input", nil), all(form, "select", nil)...)
	if id := attr(form, "id"); id != "" {
		theirs := func(n *html.Node) bool { return attr(n, "form") == id }
		list = append(append(list, all(v.page, "input", theirs)...), all(v.page, "select", theirs)...)
	}
	return list
}

// control takes in what a field sends when nobody touches it.
func (f *form) control(c *html.Node) {
	name, value := attr(c, "name"), attr(c, "value")
	switch {
	case name == "" || hasAttr(c, "disabled"):
		return
	case c.Data == "textarea":
		if value = ""; c.FirstChild != nil {
			value = c.FirstChild.Data
		}
	case c.Data == "select":
		options := all(c, "option", func(o *html.Node) bool { return hasAttr(o, "selected") })
		if options = append(options, all(c, "option", nil)...); len(options) > 0 {
			value = attr(options[0], "value")
		}
	case attr(c, "type") == "checkbox":
		f.boxes = append(f.boxes, c)
		if !hasAttr(c, "checked") {
			return
		}
	}
	f.fields.Add(name, value)
}

// ticked are the values of the boxes with this name that are ticked.
func (f *form) ticked(name string) []string { return f.fields[name] }

// tick ticks a box, which has to be there.
func (f *form) tick(name, value string) *form {
	f.v.t.Helper()
	if !slices.ContainsFunc(f.boxes, func(c *html.Node) bool { return attr(c, "name") == name && attr(c, "value") == value }) {
		f.v.t.Fatalf("%s has no box %s=%s to tick", f.v.at, name, value)
	}
	f.fields.Add(name, value)
	return f
}

// send does what the button does.
func (f *form) send() {
	f.v.t.Helper()
	f.v.open(f.action + "?" + f.fields.Encode())
}
