package catalogue

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"pilveturg/models/pricing"
)

// The most characters of the words of a listing.
const (
	MaxName        = 200
	MaxSummary     = 400
	MaxDescription = 20_000
)

// Problem is one thing wrong with what a listing says. Key and Args are a message
// for the pages; Error words it in English.
type Problem struct {
	Path string // like "answers[3].values[0]"; "" for the value itself
	Key  string // like "answer.option"
	Args []any
}

// Error says it in English: where, what is wrong and what is wanted.
func (p Problem) Error() string {
	text, ok := problemWords(p.Key)
	if !ok {
		return pricing.Problem(p).Error()
	}
	if len(p.Args) > 0 {
		text = fmt.Sprintf(text, p.Args...)
	}
	if p.Path == "" {
		return text
	}
	return p.Path + ": " + text
}

// Problems is everything found wrong with a listing, never empty.
type Problems []Problem

// Error says them all in English, one a line.
func (p Problems) Error() string {
	lines := make([]string, len(p))
	for i, one := range p {
		lines[i] = one.Error()
	}
	return strings.Join(lines, "\n")
}

// checker gathers problems.
type checker struct {
	schema *Schema
	found  Problems
}

func (c *checker) add(path, key string, args ...any) {
	c.found = append(c.found, Problem{path, key, args})
}

func (c *checker) err() error {
	if len(c.found) == 0 {
		return nil
	}
	return c.found
}

// CheckContent returns [Problems] when c is not as the schema wants it: a language
// without a name, a category, unit or question that is not known, an answer that is
// not canonical, a plan that cannot be worked out. It does not ask whether the
// required questions are answered; [Schema.Missing] does.
func (s *Schema) CheckContent(c Content) error {
	k := checker{schema: s}
	k.content(c)
	return k.err()
}

// CheckListing returns [Problems] when a version's content or a use is not as the
// schema wants it. Whether its organisations and its successor are known, and
// whether the states of its versions make sense, is for [Put] to say.
func (s *Schema) CheckListing(l *Listing) error {
	k := checker{schema: s}
	for i, v := range l.Versions {
		inner := checker{schema: s}
		inner.content(v.Content)
		for _, p := range inner.found {
			p.Path = fmt.Sprintf("versions[%d].%s", i, p.Path)
			k.found = append(k.found, p)
		}
	}
	if !slices.Contains([]Life{"", Open, Closed, Suspended, Withdrawn}, l.Life) {
		k.add("life", "listing.life", l.Life)
	}
	for i, u := range l.Uses {
		k.use(fmt.Sprintf("uses[%d]", i), u)
	}
	return k.err()
}

func (k *checker) use(path string, u Use) {
	if u.Phase != Planned && u.Phase != InUse && u.Phase != Ended {
		k.add(path+".phase", "use.phase", u.Phase)
	}
	if !u.Since.IsZero() && !u.Until.IsZero() && u.Until.Before(u.Since) {
		k.add(path+".until", "use.until", u.Since)
	}
	if u.Quantity < 0 || u.Quantity > 0 && u.Unit == "" {
		k.add(path+".quantity", "use.quantity")
	}
	if _, ok := k.schema.Unit(u.Unit); !ok && u.Unit != "" {
		k.add(path+".unit", "unit.unknown", u.Unit)
	}
}

func (k *checker) content(c Content) {
	k.words(c)
	for i, slug := range c.Categories {
		path := fmt.Sprintf("categories[%d]", i)
		if _, ok := k.schema.Category(slug); !ok {
			k.add(path, "content.category", slug)
		}
		if slices.Contains(c.Categories[:i], slug) {
			k.add(path, "content.twice", slug)
		}
	}
	for i, code := range c.CPV {
		path := fmt.Sprintf("cpv[%d]", i)
		if !cpvShape.MatchString(code) {
			k.add(path, "content.cpv", code)
		}
		if slices.Contains(c.CPV[:i], code) {
			k.add(path, "content.twice", code)
		}
	}
	if c.Website != "" && !webAddress(c.Website) {
		k.add("website", "content.website", c.Website)
	}
	if c.Contact != "" && !mailAddress(c.Contact) {
		k.add("contact", "content.contact", c.Contact)
	}
	k.sources(c.Sources)
	k.answers(c.Answers)
	k.papers(c.Documents)
	k.plans(c)
	if len(c.Extra) > 0 && !json.Valid(c.Extra) {
		k.add("extra", "content.extra")
	}
}

var languageShape = regexp.MustCompile(`^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$`)

func (k *checker) words(c Content) {
	if !languageShape.MatchString(c.Language) {
		k.add("language", "content.language", c.Language)
	} else if _, ok := c.Words[c.Language]; !ok {
		k.add("words", "content.words", c.Language)
	}
	for _, lang := range languages(c.Words) {
		w, path := c.Words[lang], "words."+lang
		if !languageShape.MatchString(lang) {
			k.add(path, "content.language", lang)
		}
		if strings.TrimSpace(w.Name) == "" {
			k.add(path+".name", "content.name")
		}
		k.text(path+".name", w.Name, MaxName, false)
		k.text(path+".summary", w.Summary, MaxSummary, false)
		k.text(path+".description", w.Description, MaxDescription, true)
	}
}

// text checks how long a text is, and that it is text; lines says whether it may
// have several.
func (k *checker) text(path, s string, most int, lines bool) {
	if n := utf8.RuneCountInString(s); n > most {
		k.add(path, "text.long", n, most)
	}
	if !readable(s, lines) {
		k.add(path, "text.characters")
	}
}

// readable reports whether s is UTF-8 without control characters.
func readable(s string, lines bool) bool {
	return utf8.ValidString(s) && !strings.ContainsFunc(s, func(r rune) bool {
		return unicode.IsControl(r) && !(lines && (r == '\n' || r == '\r' || r == '\t'))
	})
}

func (k *checker) sources(sources []Source) {
	for i, s := range sources {
		path := fmt.Sprintf("sources[%d]", i)
		if strings.TrimSpace(s.Title) == "" {
			k.add(path+".title", "source.title")
		}
		k.text(path+".title", s.Title, 300, false)
		if s.URL != "" && !webAddress(s.URL) {
			k.add(path+".url", "content.website", s.URL)
		}
	}
}

// webAddress reports whether s is an absolute http(s) address that is safe to link.
func webAddress(s string) bool {
	if len(s) > 1000 || !readable(s, false) || strings.ContainsFunc(s, unicode.IsSpace) {
		return false
	}
	u, err := url.Parse(s)
	return err == nil && (u.Scheme == "https" || u.Scheme == "http") && u.Hostname() != "" && u.User == nil
}

var mailShape = regexp.MustCompile(`^[^\s@<>(),;:"\[\]\\]+@([\pL\pN]([\pL\pN-]*[\pL\pN])?\.)+[\pL\pN-]{2,}$`)

func mailAddress(s string) bool { return len(s) <= 254 && mailShape.MatchString(s) }

func (k *checker) answers(answers []Answer) {
	given := byQuestion(answers)
	for i, a := range answers {
		path := fmt.Sprintf("answers[%d]", i)
		k.answer(path, a)
		if slices.ContainsFunc(answers[:i], func(b Answer) bool { return b.Question == a.Question }) {
			k.add(path+".q", "content.twice", a.Question)
		}
		if q, ok := k.schema.Question(a.Question); ok && !q.asked(given) {
			k.add(path, "answer.when", a.Question, q.When.Question, strings.Join(q.When.Is, ", "))
		}
	}
}

// plans checks each plan by itself, and that the units it names are known.
func (k *checker) plans(c Content) {
	for i := range c.Plans {
		p, path := &c.Plans[i], fmt.Sprintf("plans[%d]", i)
		k.plan(path, p.Check())
		for j := range i {
			if c.Plans[j].Code == p.Code {
				k.add(path+".code", "content.twice", p.Code)
			}
		}
		for j, charge := range p.Charges {
			for _, unit := range [...]string{charge.Unit, charge.Each, charge.MinimumUnit} {
				if _, ok := k.schema.Unit(unit); !ok && unit != "" {
					k.add(fmt.Sprintf("%s.charges[%d]", path, j), "unit.unknown", unit)
				}
			}
		}
	}
	if c.DemoPrice && len(c.Plans) == 0 {
		k.add("demo_price", "content.demo_price")
	}
}

// plan takes over what a plan's own check found.
func (k *checker) plan(path string, err error) {
	var found pricing.Problems
	errors.As(err, &found)
	for _, p := range found {
		p.Path = join(path, p.Path)
		k.found = append(k.found, Problem(p))
	}
}
