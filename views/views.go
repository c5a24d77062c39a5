package views

import (
	"bytes"
	"embed"
	"errors"
	"fmt"
	"html/template"
	"io/fs"
	"path"
	"slices"
	"strings"
	"sync"

	"pilveturg/views/chart"
	"pilveturg/views/locale"
)

//go:embed html/*.html content mail
var files embed.FS

// Files are the templates of pages and letters, and the written pages; in development, os.DirFS("views") is used instead.
var Files fs.FS = files

// Page is one of the page structs of this package.
type Page interface {
	template() string // name of the file in html, without .html; "" for a page that is drawn
	shell() Shell
}

// Pages lists every page once. The tests check each template against its struct.
var Pages = []Page{
	ArticlePage{}, HelpPage{}, ErrorPage{}, GonePage{}, ServicePage{}, PricePage{}, ChangesPage{}, ComparePage{},
	HomePage{}, SearchPage{}, CategoriesPage{}, CategoryPage{}, VendorsPage{}, VendorPage{}, AgenciesPage{}, AgencyPage{},
	ReleaseNotesPage{},
	SynonymsPage{}, SynonymPage{}, SynonymRemovalPage{},
	AuditPage{},
	FormPage{}, MessagePage{}, SignInPage{}, AccountPage{}, SecurityPage{}, ApplicationPage{}, AppPage{}, CodesPage{}, TokenPage{},
	InboxPage{}, NotificationsPage{}, UnsubscribePage{}, QueuePage{}, ListPage{}, RecordPage{}, ProjectPage{},
	ModerationPage{}, SubmissionPage{},
	EditPage{}, TasksPage{}, CheckPage{}, ConflictPage{},
}

// Site is what all pages of an installation have in common.
type Site struct {
	Origin  string // scheme and host of absolute addresses, "https://pilveturg.example"; may be empty
	Contact string // mailbox of those who run the site; may be empty
}

// Views renders pages in one language. It is safe for concurrent use.
type Views struct {
	Locale   *locale.Locale
	site     Site
	pages    map[string]*template.Template
	frames   map[shape]*frame
	mails    mails
	articles map[string]Article // by slug
	fault    []byte
	buffers  sync.Pool // of *bytes.Buffer
}

// Load makes the Views of every language of [locale.Tags], by language.
func Load(fsys fs.FS, site Site) (map[string]*Views, error) {
	all := map[string]*Views{}
	for _, tag := range locale.Tags() {
		l, err := locale.Load(tag)
		if err != nil {
			return nil, err
		}
		if all[tag], err = New(fsys, l, site); err != nil {
			return nil, err
		}
	}
	return all, nil
}

// New parses all templates and written pages of one language. It fails when one of
// them does.
func New(fsys fs.FS, l *locale.Locale, site Site) (*Views, error) {
	v := &Views{Locale: l, site: site}
	v.buffers.New = func() any { return new(bytes.Buffer) }
	for _, step := range []func(fs.FS) error{v.readTemplates, v.readMails, v.readArticles} {
		if err := step(fsys); err != nil {
			return nil, fmt.Errorf("views %s: %w", l.Tag, err)
		}
	}
	var err error
	v.fault, err = v.Render(v.Error(500, ""))
	return v, err
}

// readTemplates parses each page with all the parts, and cuts the frames.
func (v *Views) readTemplates(fsys fs.FS) error {
	v.pages = map[string]*template.Template{}
	base, err := template.New("base").Funcs(v.functions()).ParseFS(fsys, "html/part_*.html")
	if err != nil {
		return err
	}
	names, err := fs.Glob(fsys, "html/*.html")
	if err != nil {
		return err
	}
	for _, name := range names {
		if err := v.parse(base, fsys, name); err != nil {
			return err
		}
	}
	v.frames, err = frames(v.pages["layout"], v.Locale.Tag)
	delete(v.pages, "layout")
	return err
}

func (v *Views) parse(base *template.Template, fsys fs.FS, name string) error {
	page := strings.TrimSuffix(path.Base(name), ".html")
	if strings.HasPrefix(page, "part_") {
		return nil
	}
	t, err := base.Clone()
	if err != nil {
		return err
	}
	if t, err = t.ParseFS(fsys, name); err != nil {
		return err
	}
	v.pages[page] = t.Lookup(path.Base(name))
	return nil
}

// functions are what the templates may call beside Go's own, in one language.
func (v *Views) functions() template.FuncMap {
	l := v.Locale
	return template.FuncMap{
		"t":         l.T,
		"tk":        func(prefix, key string) string { return l.T(prefix + key) },
		"n":         func(key string, n int, args ...any) string { return l.N(key, int64(n), args...) },
		"lang":      func() string { return l.Tag },
		"url":       v.url,
		"money":     l.Money,
		"unitPrice": l.UnitPrice,
		"decimal":   l.Decimal,
		"number":    func(n int) string { return l.Number(int64(n)) },
		"percent":   l.Percent,
		"date":      l.Date,
		"dateShort": l.DateShort,
		"month":     l.Month,
		"time":      l.Time,
		"country":   l.Country,
		"language":  l.Language,
		"onlyIn":    l.OnlyIn,
		"markdown":  markdown,
		"chart":     func(c chart.Chart) template.HTML { return template.HTML(c.Append(nil, l)) },
		"spark":     func(s *chart.Spark) template.HTML { return template.HTML(s.Append(nil, l)) },
		"slot":      slotMarker,
	}
}

// Fragment is the rendered main part of a page. A caller may keep it and show it
// again with [Views.RenderWith] as long as what the page said still holds.
type Fragment struct{ html string }

// Len is the size of the fragment in bytes.
func (f Fragment) Len() int { return len(f.html) }

// String returns the HTML of the fragment.
func (f Fragment) String() string { return f.html }

func (f Fragment) draw(w *writer, _ *Views) { w.raw(f.html) }

const keepBuffer = 1 << 20 // a larger one is not kept

// Main renders the main part of the page, without the frame. It returns an error
// and no fragment for a page that fails half way.
func (v *Views) Main(p Page) (Fragment, error) {
	if d, ok := p.(drawn); ok {
		return v.drawn(d), nil
	}
	t, ok := v.pages[p.template()]
	if !ok {
		return Fragment{}, fmt.Errorf("render %T: no template", p)
	}
	b := v.buffers.Get().(*bytes.Buffer)
	b.Reset()
	defer func() {
		if b.Cap() <= keepBuffer {
			v.buffers.Put(b)
		}
	}()
	if err := t.Execute(b, p); err != nil {
		return Fragment{}, fmt.Errorf("render %T: %w", p, err)
	}
	return Fragment{b.String()}, nil
}

// Render returns the whole page, or an error and nothing: a page that fails half
// way must not reach the browser.
func (v *Views) Render(p Page) ([]byte, error) { return v.AppendPage(nil, p.shell(), p) }

// AppendPage is [Views.Render] with another shell than the page's own, for those who
// have a buffer to use again: it appends the page to dst, and returns dst as it was
// when it fails.
func (v *Views) AppendPage(dst []byte, s Shell, p Page) ([]byte, error) {
	if d, ok := p.(drawn); ok {
		return v.append(dst, s, d, roomOfDrawn)
	}
	main, err := v.Main(p)
	if err != nil {
		return dst, err
	}
	return v.AppendWith(dst, s, main)
}

// ErrLanguage says that a page was written for another language than that of the
// Views that should render it.
var ErrLanguage = errors.New("page is in another language")

// RenderWith returns the whole page around a main part rendered before. It fails
// with [ErrLanguage] only.
func (v *Views) RenderWith(s Shell, main Fragment) ([]byte, error) {
	return v.AppendWith(nil, s, main)
}

// AppendWith is [Views.RenderWith] for those who have a buffer to use again: it
// appends the page to dst, and returns dst as it was when it fails.
func (v *Views) AppendWith(dst []byte, s Shell, main Fragment) ([]byte, error) {
	return v.append(dst, s, main, main.Len())
}

func (v *Views) append(dst []byte, s Shell, main drawn, room int) ([]byte, error) {
	if s.Lang != "" && s.Lang != v.Locale.Tag {
		return dst, fmt.Errorf("render %s in %s: %w", s.Lang, v.Locale.Tag, ErrLanguage)
	}
	f := v.frame(s)
	const slack = 2048 // the page's own values are seldom longer
	w := writer{slices.Grow(dst, f.size+room+slack)}
	f.join(&w, v, &s, main)
	return w.b, nil
}

// frame picks the frame of a page; a theme that does not exist is none.
func (v *Views) frame(s Shell) *frame {
	if f := v.frames[shape{s.Theme, s.Demo}]; f != nil {
		return f
	}
	return v.frames[shape{Demo: s.Demo}]
}
