package views

import (
	"bufio"
	"bytes"
	"fmt"
	"html/template"
	"io/fs"
	"path"
	"slices"
	"strconv"
	"strings"
	texttemplate "text/template"
)

// ArticlePage is one of the written pages: help, about, privacy and the like. Make
// one with [Views.ArticlePage].
type ArticlePage struct {
	Shell
	Heading string
	Body    template.HTML // made by article
	Topics  []Link        // the other help topics; none on other pages
}

func (ArticlePage) template() string { return "article" }

// HelpPage lists the help topics. Make one with [Views.HelpPage].
type HelpPage struct {
	Shell
	Topics []Topic
}

func (HelpPage) template() string { return "help" }

// Topic is a help page and what it is about.
type Topic struct {
	Link  Link
	About string
}

// Article is a written page in one language. Slug is its path without the
// language and the first slash: "about", "help/prices".
type Article struct {
	Slug, Title, About string
	Body               template.HTML
	order              int // among the help topics
}

// helpFolder is where the help topics are.
const helpFolder = "help/"

// Article returns the written page with that slug, if there is one.
func (v *Views) Article(slug string) (Article, bool) {
	a, ok := v.articles[slug]
	return a, ok
}

// Articles returns the slugs of all written pages, in the order of the alphabet.
func (v *Views) Articles() []string {
	var slugs []string
	for slug := range v.articles {
		slugs = append(slugs, slug)
	}
	slices.Sort(slugs)
	return slugs
}

// ArticlePage returns the page of a written page, ready to render but for what
// the reader chose; it reports whether there is such a page.
func (v *Views) ArticlePage(slug string) (ArticlePage, bool) {
	a, ok := v.articles[slug]
	if !ok {
		return ArticlePage{}, false
	}
	p := ArticlePage{Heading: a.Title, Body: a.Body, Shell: Shell{
		Lang: v.Locale.Tag, Title: a.Title, Description: a.About, Path: "/" + slug,
		Crumbs: []Link{v.homeLink()},
	}}
	if strings.HasPrefix(slug, helpFolder) {
		help := v.Locale.T("help.title")
		p.Title, p.Section = a.Title+" – "+help, "help"
		p.Crumbs = append(p.Crumbs, Link{URL: v.url("/help"), Text: help})
		for _, t := range v.topics() {
			if t.Slug != slug {
				p.Topics = append(p.Topics, v.link(t))
			}
		}
	}
	return p, true
}

// HelpPage returns the list of help topics, ready to render but for what the
// reader chose.
func (v *Views) HelpPage() HelpPage {
	p := HelpPage{Shell: Shell{
		Lang: v.Locale.Tag, Title: v.Locale.T("help.title"), Description: v.Locale.T("help.about"),
		Path: "/help", Section: "help", Crumbs: []Link{v.homeLink()},
	}}
	for _, a := range v.topics() {
		p.Topics = append(p.Topics, Topic{v.link(a), a.About})
	}
	return p
}

// topics are the help pages in the order they should be read.
func (v *Views) topics() []Article {
	var topics []Article
	for slug, a := range v.articles {
		if strings.HasPrefix(slug, helpFolder) {
			topics = append(topics, a)
		}
	}
	slices.SortFunc(topics, func(a, b Article) int { return a.order - b.order })
	return topics
}

func (v *Views) link(a Article) Link { return Link{URL: v.url("/" + a.Slug), Text: a.Title} }

func (v *Views) homeLink() Link { return Link{URL: v.url("/"), Text: v.Locale.T("frame.home")} }

// url is the address of a path in the language of the pages.
func (v *Views) url(path string) string { return "/" + v.Locale.Tag + path }

// readArticles reads the written pages of the language.
func (v *Views) readArticles(fsys fs.FS) error {
	v.articles = map[string]Article{}
	statement, err := readStatement(fsys)
	if err != nil {
		return err
	}
	facts := facts{Site: v.site, Statement: statement, views: v}
	root := path.Join("content", v.Locale.Tag)
	return fs.WalkDir(fsys, root, func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		b, err := fs.ReadFile(fsys, name)
		if err != nil {
			return err
		}
		a, err := newArticle(string(b), facts)
		if err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		a.Slug = strings.TrimSuffix(strings.TrimPrefix(name, root+"/"), ".md")
		v.articles[a.Slug] = a
		return nil
	})
}

// newArticle reads one file: lines "title: …", "about: …" and, for a help topic,
// "order: …"; an empty line; Markdown, in which facts may be asked for.
func newArticle(source string, f facts) (Article, error) {
	head, body, _ := strings.Cut(source, "\n\n")
	var a Article
	lines := bufio.NewScanner(strings.NewReader(head))
	for lines.Scan() {
		key, value, _ := strings.Cut(lines.Text(), ":")
		value = strings.TrimSpace(value)
		switch key {
		case "title":
			a.Title = value
		case "about":
			a.About = value
		case "order":
			a.order, _ = strconv.Atoi(value)
		default:
			return Article{}, fmt.Errorf("heading line %q: want title, about or order", lines.Text())
		}
	}
	if a.Title == "" || a.About == "" {
		return Article{}, fmt.Errorf("title or about is missing")
	}
	t, err := texttemplate.New("").Option("missingkey=error").Parse(body)
	if err != nil {
		return Article{}, err
	}
	var b bytes.Buffer
	if err := t.Execute(&b, f); err != nil {
		return Article{}, err
	}
	a.Body, err = article(b.String(), a.Title)
	return a, err
}
