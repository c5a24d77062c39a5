package main

import (
	"html"
	"io"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// mostPages is far more than the demonstration has; a crawl that reaches it has met
// addresses that breed others.
const mostPages = 4000

// crawl follows every link from the home pages on.
type crawl struct {
	t     *testing.T
	base  string
	pages map[string]string   // path and query to HTML; "" for what is no page
	from  map[string]string   // the page that links there first
	ids   map[string][]string // of a page
	goals []goal              // links with a fragment
}

type goal struct{ from, to, id string }

var (
	links    = regexp.MustCompile(`<(?:a|link|script|img)\b[^>]*?\s(?:href|src)="([^"]*)"`)
	elements = regexp.MustCompile(`\sid="([^"]*)"`)
)

func newCrawl(t *testing.T) *crawl {
	t.Helper()
	if testing.Short() {
		t.Skip("looking at every page is not short")
	}
	c := &crawl{t: t, base: demoPortal(t), pages: map[string]string{}, from: map[string]string{}, ids: map[string][]string{}}
	for ahead := []string{"/et/", "/en/"}; len(ahead) > 0; ahead = ahead[1:] {
		if _, seen := c.pages[ahead[0]]; seen {
			continue
		}
		if len(c.pages) == mostPages {
			t.Fatalf("more than %d addresses, such as %s", mostPages, ahead[0])
		}
		ahead = append(ahead, c.visit(ahead[0])...)
	}
	return c
}

// visit fetches an address of the site and returns those that it links to.
func (c *crawl) visit(at string) []string {
	c.pages[at] = ""
	res, err := http.Get(c.base + at)
	if err != nil {
		c.t.Fatal(err)
	}
	defer res.Body.Close()
	b, err := io.ReadAll(res.Body)
	if err != nil {
		c.t.Fatal(err)
	}
	if res.StatusCode != http.StatusOK && res.StatusCode != http.StatusGone {
		c.t.Errorf("%s answers %d; %s links to it", at, res.StatusCode, c.from[at])
	}
	if !strings.HasPrefix(res.Header.Get("Content-Type"), "text/html") {
		return nil
	}
	c.pages[at] = string(b)
	return c.follow(at, res.Request.URL, string(b))
}

func (c *crawl) follow(at string, here *url.URL, page string) (next []string) {
	for _, m := range elements.FindAllStringSubmatch(page, -1) {
		c.ids[at] = append(c.ids[at], html.UnescapeString(m[1]))
	}
	for _, m := range links.FindAllStringSubmatch(page, -1) {
		to, err := here.Parse(html.UnescapeString(m[1]))
		if err != nil {
			c.t.Errorf("%s: link %q: %v", at, m[1], err)
			continue
		}
		if to.Scheme != here.Scheme || to.Host != here.Host {
			continue
		}
		path := to.RequestURI()
		if to.Fragment != "" {
			c.goals = append(c.goals, goal{at, path, to.Fragment})
		}
		if _, known := c.from[path]; !known {
			c.from[path] = at
			next = append(next, path)
		}
	}
	return next
}

func TestEveryLinkLeadsSomewhere(t *testing.T) {
	c := newCrawl(t)
	for _, g := range c.goals {
		if c.pages[g.to] != "" && !slices.Contains(c.ids[g.to], g.id) {
			t.Errorf("%s links to %s#%s, and there is no such place", g.from, g.to, g.id)
		}
	}
	for at, ids := range c.ids {
		seen := map[string]bool{}
		for _, id := range ids {
			if seen[id] {
				t.Errorf("%s has the id %q twice", at, id)
			}
			seen[id] = true
		}
	}
	t.Logf("%d addresses", len(c.pages))
}

func TestEveryPageIsValidHTML(t *testing.T) {
	home, _ := os.UserHomeDir()
	validate := needed(t, "html-validate", "PILVETURG_HTML_VALIDATE", filepath.Join(home, ".cache/pilveturg-ci/node_modules/.bin/html-validate"))
	c := newCrawl(t)
	dir, names := t.TempDir(), map[string]string{}
	n := 0
	for at, page := range c.pages {
		if page == "" {
			continue
		}
		n++
		name := strconv.Itoa(n) + ".html"
		names[name] = at
		if err := os.WriteFile(filepath.Join(dir, name), []byte(page), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	// A title names the service and the quantity, however long: no rule of ours.
	cmd := exec.Command(validate, "--formatter", "text", "--max-warnings", "0", "--rule", "long-title:off", ".")
	cmd.Dir = dir
	out, err := cmd.CombinedOutput()
	if err == nil {
		t.Logf("%d pages", n)
		return
	}
	told := map[string]int{}
	for line := range strings.Lines(string(out)) {
		name, wrong, ok := strings.Cut(strings.TrimPrefix(strings.TrimSpace(line), dir+"/"), ":")
		if !ok {
			continue
		}
		_, _, what := cutPlace(wrong)
		if told[what]++; told[what] <= 2 {
			t.Errorf("%s:%s", names[name], wrong)
		}
	}
	t.Errorf("html-validate: %v; each fault is told twice at most: %v", err, told)
}

// cutPlace takes line and column from before a message.
func cutPlace(s string) (line, column, what string) {
	line, s, _ = strings.Cut(s, ":")
	column, what, _ = strings.Cut(s, ":")
	return line, column, strings.TrimSpace(what)
}
