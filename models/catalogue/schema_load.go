package catalogue

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"regexp"
	"slices"

	"pilveturg/models"
)

// LoadSchema reads questions.json, categories.json and units.json from the root of
// fsys. It refuses fields it does not know, ids that are there twice, words missing
// in Estonian or English, references to what is not there, and trees that bite
// their own tail; the error lists everything found wrong.
func LoadSchema(fsys fs.FS) (*Schema, error) {
	s := &Schema{}
	l := loader{Schema: s}
	l.read(fsys, "units.json", &struct {
		Units *[]Unit `json:"units"`
	}{&s.Units})
	l.read(fsys, "categories.json", &struct {
		Categories *[]Category `json:"categories"`
	}{&s.Categories})
	l.read(fsys, "questions.json", &struct {
		Sections  *[]Section  `json:"sections"`
		Questions *[]Question `json:"questions"`
	}{&s.Sections, &s.Questions})
	if len(l.faults) > 0 {
		return nil, errors.Join(l.faults...)
	}
	l.units()
	l.categories()
	l.questions()
	if len(l.faults) > 0 {
		return nil, errors.Join(l.faults...)
	}
	return s, nil
}

// languagesWanted are those that lists kept by administrators have words in.
var languagesWanted = [...]string{"et", "en"}

var (
	idShape   = regexp.MustCompile(`^[a-z][a-z0-9]*(_[a-z0-9]+)*$`)
	slugShape = regexp.MustCompile(`^[a-z][a-z0-9]*(-[a-z0-9]+)*$`)
	cpvShape  = regexp.MustCompile(`^[0-9]{8}-[0-9]$`)
)

// loader is a schema being read; it goes on after a fault, to find them all.
type loader struct {
	*Schema
	faults []error
}

func (l *loader) fault(format string, args ...any) {
	l.faults = append(l.faults, fmt.Errorf(format, args...))
}

func (l *loader) read(fsys fs.FS, name string, v any) {
	f, err := fsys.Open(name)
	if err != nil {
		l.fault("schema: %w", err)
		return
	}
	defer f.Close()
	dec := json.NewDecoder(f)
	dec.DisallowUnknownFields()
	if err := dec.Decode(v); err != nil {
		l.fault("schema: %s: %w", name, err)
		return
	}
	if _, err := dec.Token(); !errors.Is(err, io.EOF) {
		l.fault("schema: %s: more follows after the end of the list", name)
	}
}

// add keeps the place of an id, and complains when it is taken or ill-formed.
func (l *loader) add(places map[string]int, what, id string, shape *regexp.Regexp, i int) {
	if !shape.MatchString(id) {
		l.fault("%s %q: want lower case letters and digits", what, id)
	}
	if _, taken := places[id]; taken {
		l.fault("%s %q: there are two", what, id)
	}
	places[id] = i
}

// words complains when a text is not there in every language wanted.
func (l *loader) words(what, id, field string, t models.Text) {
	for _, lang := range languagesWanted {
		if t[lang] == "" {
			l.fault("%s %q: %s: no words in %q", what, id, field, lang)
		}
	}
}

func (l *loader) units() {
	l.unit = make(map[string]int, len(l.Units))
	for i, u := range l.Units {
		l.add(l.unit, "unit", u.ID, idShape, i)
		for _, lang := range languagesWanted {
			if w := u.Names[lang]; w.One == "" || w.Many == "" {
				l.fault("unit %q: names: no words in %q", u.ID, lang)
			}
		}
	}
}

func (l *loader) categories() {
	l.category = make(map[string]int, len(l.Categories))
	l.fedramp = map[string]string{}
	for i, c := range l.Categories {
		// A parent has to come first, so that no category can be above itself.
		if _, ok := l.category[c.Parent]; !ok && c.Parent != "" {
			l.fault("category %q: parent %q does not stand before it", c.Slug, c.Parent)
		}
		l.add(l.category, "category", c.Slug, slugShape, i)
		l.words("category", c.Slug, "names", c.Names)
		l.words("category", c.Slug, "text", c.Text)
		for _, code := range c.CPV {
			if !cpvShape.MatchString(code) {
				l.fault("category %q: cpv %q: want a code like 48190000-6", c.Slug, code)
			}
		}
		for _, f := range c.FedRAMP {
			if other, taken := l.fedramp[f]; taken {
				l.fault("category %q: fedramp %q belongs to %q already", c.Slug, f, other)
			}
			l.fedramp[f] = c.Slug
		}
	}
}

func (l *loader) questions() {
	sections := make(map[string]int, len(l.Sections))
	for i, s := range l.Sections {
		l.add(sections, "section", s.ID, idShape, i)
		l.words("section", s.ID, "names", s.Names)
		l.words("section", s.ID, "text", s.Text)
	}
	l.question = make(map[string]int, len(l.Questions))
	for i := range l.Questions {
		q := &l.Questions[i]
		l.condition(q)
		l.add(l.question, "question", q.ID, idShape, i)
		l.words("question", q.ID, "label", q.Label)
		l.words("question", q.ID, "help", q.Help)
		if _, ok := sections[q.Section]; !ok {
			l.fault("question %q: there is no section %q", q.ID, q.Section)
		}
		l.options(q)
		l.limits(q)
		if q.Ask != "" && q.Ask != Core || q.Required && q.Ask == "" {
			l.fault("question %q: ask %q: want %q, which required questions are", q.ID, q.Ask, Core)
		}
		if q.Proof != "" && !q.Proof.valid() {
			l.fault("question %q: there is no proof %q", q.ID, q.Proof)
		}
	}
}

// condition checks when a question is asked. The other question has to come first,
// so that no two can wait for each other.
func (l *loader) condition(q *Question) {
	if q.When == nil {
		return
	}
	i, ok := l.question[q.When.Question]
	if !ok {
		l.fault("question %q: when: question %q does not stand before it", q.ID, q.When.Question)
		return
	}
	other := &l.Questions[i]
	if len(q.When.Is) == 0 {
		l.fault("question %q: when: no answer is named", q.ID)
	}
	for _, v := range q.When.Is {
		isOption := other.chosen() && other.Rank(v) >= 0
		if !isOption && (other.Type != TypeYesNo || v != Yes && v != No) {
			l.fault("question %q: when: %q cannot be answered with %q", q.ID, other.ID, v)
		}
	}
}

// chosen reports whether the question is answered from its options.
func (q *Question) chosen() bool {
	return q.Type == TypeChoice || q.Type == TypeOrdered || q.Type == TypeMany
}

func (l *loader) options(q *Question) {
	if q.chosen() != (len(q.Options) > 1) {
		l.fault("question %q: options: two or more go with choice, ordered and many, and with no other type", q.ID)
	}
	seen := make(map[string]int, len(q.Options))
	for i, o := range q.Options {
		l.add(seen, "question "+q.ID+": option", o.ID, idShape, i)
		l.words("question "+q.ID+": option", o.ID, "names", o.Names)
	}
}

// limits checks that a question has the limits its type needs, and no others.
func (l *loader) limits(q *Question) {
	known := []AnswerType{TypeYesNo, TypeChoice, TypeOrdered, TypeMany, TypeNumber, TypePercent, TypeDuration, TypeMoney,
		TypeCountries, TypeLanguages, TypeDate, TypeCertificate, TypeDocument, TypeText, TypeList}
	if !slices.Contains(known, q.Type) {
		l.fault("question %q: there is no type %q", q.ID, q.Type)
	}
	unit, ok := l.Unit(q.Unit)
	counted := q.Type == TypeNumber || q.Type == TypeDuration
	if counted != (q.Unit != "") || q.Unit != "" && !ok || q.Type == TypeDuration && !unit.Time {
		l.fault("question %q: unit %q: numbers need a known unit and durations one of time", q.ID, q.Unit)
	}
	ranged := counted || q.Type == TypePercent || q.Type == TypeMoney
	if (q.Min != nil || q.Max != nil) && !ranged || q.Min != nil && q.Max != nil && q.Min.Cmp(*q.Max) > 0 {
		l.fault("question %q: min and max: they go with numbers, and min is not above max", q.ID)
	}
	if q.Places < 0 || q.Places > 6 || q.Places > 0 && q.Type != TypeNumber && q.Type != TypePercent {
		l.fault("question %q: places: want 0 to 6 for a number or percentage", q.ID)
	}
	written := q.Type == TypeText || q.Type == TypeList
	if written != (q.Words > 0) || written != (q.Chars > 0) || (q.Type == TypeList) != (q.Items > 0) {
		l.fault("question %q: texts and lists need limits of words and chars, lists one of items too", q.ID)
	}
}

func (p Proof) valid() bool { return p == Stated || p == Document || p == Tested }
