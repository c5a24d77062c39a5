package handlers

import (
	"net/url"
	"strings"
	"testing"

	"golang.org/x/net/html"
)

// walker follows every link of every page of the site from the home pages on.
type walker struct {
	*testSite
	todo  []string
	seen  map[string]bool     // addresses asked for or to be asked for
	ids   map[string][]string // of the elements of a page that was read
	marks map[string]string   // address with a fragment to the page that links to it
}

func TestEveryLinkOfThePagesLeadsSomewhere(t *testing.T) {
	s := newSite(t)
	w := &walker{testSite: s, seen: map[string]bool{}, ids: map[string][]string{}, marks: map[string]string{}}
	for _, lang := range s.Langs {
		w.follow("the start", at(lang, "/"))
		w.follow("the start", at(lang, "/services/sc-3-kiosk-guide")) // which lists do not show
		w.follow("the start", at(lang, "/no-such-page"))
	}
	for len(w.todo) > 0 {
		address := w.todo[0]
		w.todo = w.todo[1:]
		w.read(address)
	}
	if len(w.seen) < 100 {
		t.Errorf("only %d addresses were found: %v", len(w.seen), w.seen)
	}
	for mark, from := range w.marks {
		page, id, _ := strings.Cut(mark, "#")
		if ids, ok := w.ids[page]; ok && !contains(ids, id) {
			t.Errorf("%s links to %s, but there is no such place", from, mark)
		}
	}
}

func contains(list []string, s string) bool {
	for _, other := range list {
		if other == s {
			return true
		}
	}
	return false
}

func (w *walker) read(address string) {
	w.t.Helper()
	got := w.do("GET", address)
	switch withdrawn := strings.Contains(address, "/sc-3-"); {
	case strings.HasSuffix(address, "/no-such-page") && got.Code == 404:
	case got.Code == 200 && !withdrawn:
	case got.Code == 303 && strings.HasPrefix(got.Header().Get("Location"), address[:3]+"/sign-in?return="+url.QueryEscape(address)): // and from there on to it
		return
	case got.Code == 410 && withdrawn:
	case got.Code == 200 && withdrawn && strings.Contains(address, "/changes"):
	default:
		w.t.Errorf("%s answers %d (to %q)", address, got.Code, got.Header().Get("Location"))
		return
	}
	if !strings.HasPrefix(got.Header().Get("Content-Type"), "text/html") {
		return
	}
	doc, err := html.Parse(got.Body)
	if err != nil {
		w.t.Fatal(err)
	}
	for n := range doc.Descendants() {
		w.element(address, n)
	}
}

// element follows the links of an element, and asks a form what it asks for when
// nobody types anything.
func (w *walker) element(page string, n *html.Node) {
	for _, a := range n.Attr {
		switch {
		case a.Key == "id":
			path, _, _ := strings.Cut(page, "?")
			w.ids[path] = append(w.ids[path], a.Val)
		case a.Key == "href", a.Key == "src", a.Key == "action" && !posts(n):
			w.follow(page, a.Val)
		}
	}
}

func posts(form *html.Node) bool {
	for _, a := range form.Attr {
		if a.Key == "method" {
			return strings.EqualFold(a.Val, "post")
		}
	}
	return false
}

func (w *walker) follow(page, address string) {
	w.t.Helper()
	base, err := url.Parse("http://example.com" + page)
	if err != nil {
		base = &url.URL{Scheme: "http", Host: "example.com", Path: "/"}
	}
	u, err := base.Parse(address)
	if err != nil {
		w.t.Errorf("%s links to %q: %v", page, address, err)
		return
	}
	if u.Host != "example.com" || u.Scheme != "http" {
		return
	}
	if u.Fragment != "" {
		w.marks[u.Path+"#"+u.Fragment] = page
	}
	u.Fragment = ""
	if to := u.RequestURI(); !w.seen[to] {
		w.seen[to] = true
		w.todo = append(w.todo, to)
	}
}
