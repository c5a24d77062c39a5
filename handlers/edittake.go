package handlers

import (
	"cmp"
	"errors"
	"maps"
	"net/url"
	"slices"
	"strings"
	"unicode/utf8"

	"pilveturg/models"
	"pilveturg/models/catalogue"
)

// mistake is what is wrong with a field of the editor: a problem, or a number that
// cannot be read.
type mistake struct {
	field string
	catalogue.Problem
	number error
}

// taking reads the form of a section into what a listing says. A field that is wrong
// leaves what it was about as it was before.
type taking struct {
	schema *catalogue.Schema
	typed  url.Values
	c      catalogue.Content
	wrong  []mistake
}

// taken is what a listing says once a section of it is as typed, and what is wrong with
// that. Sections do not touch each other's parts.
func taken(schema *catalogue.Schema, section editSection, typed url.Values, before catalogue.Content) (catalogue.Content, []mistake) {
	t := &taking{schema: schema, typed: typed, c: before}
	t.c.Words = maps.Clone(before.Words)
	if t.c.Words == nil {
		t.c.Words = map[string]catalogue.Words{}
	}
	t.c.Answers = slices.Clone(before.Answers)
	switch section.id {
	case editBasics:
		t.basics()
	case editPrices:
		t.plans()
	case editDocuments:
		t.papers()
	case editLanguages:
		t.languages()
	}
	for _, q := range questionsOf(schema, section.parts) {
		t.answer(q)
	}
	t.order()
	return t.c, t.wrong
}

func (t *taking) complain(field, key string, args ...any) {
	t.wrong = append(t.wrong, mistake{field: field, Problem: catalogue.Problem{Key: key, Args: args}})
}

// line is what was typed into a field of one line.
func (t *taking) line(field string) string {
	return strings.Join(strings.Fields(t.typed.Get(field)), " ")
}

// text is what was typed into a field of several lines, with ends of lines as they are
// kept.
func (t *taking) text(field string) string {
	s := strings.ReplaceAll(t.typed.Get(field), "\r\n", "\n")
	return strings.Trim(s, " \t\n")
}

// sound reports whether a text can be kept, and complains otherwise.
func (t *taking) sound(field, text string, most int) bool {
	switch n := utf8.RuneCountInString(text); {
	case n > most:
		t.complain(field, "text.long", n, most)
	case !utf8.ValidString(text) || strings.ContainsFunc(text, controls):
		t.complain(field, "text.characters")
	case strings.ContainsFunc(text, hides):
		t.complain(field, "text.hidden")
	default:
		return true
	}
	return false
}

func controls(r rune) bool { return r < ' ' && r != '\n' && r != '\t' || 0x7f <= r && r < 0xa0 }

// hides reports whether a character cannot be seen, or turns around what is beside it:
// with such ones a text reads otherwise than it is.
func hides(r rune) bool {
	return 0x202a <= r && r <= 0x202e || 0x2066 <= r && r <= 0x2069 || r == 0x200b || r == 0x2060 || r == 0xfeff || r == 0xad
}

func (t *taking) basics() {
	own := t.typed.Get(fieldLanguage)
	if own == "" {
		t.complain(fieldLanguage, "editor.language_missing")
		own = t.c.Language
	}
	before := t.c.Words[t.c.Language]
	w := before
	for _, f := range []struct {
		field string
		to    *string
		text  string
		most  int
	}{
		{fieldName, &w.Name, t.line(fieldName), catalogue.MaxName},
		{fieldSummary, &w.Summary, t.line(fieldSummary), catalogue.MaxSummary},
		{fieldDescription, &w.Description, t.text(fieldDescription), catalogue.MaxDescription},
	} {
		if t.sound(f.field, f.text, f.most) {
			*f.to = f.text
		}
	}
	if w.Name == "" {
		t.complain(fieldName, "content.name")
	}
	t.keepOwn(own, w)
	t.categories()
	t.cpv()
	t.address(fieldWebsite, &t.c.Website)
	if mail := t.line(fieldContact); t.passes(fieldContact, catalogue.Content{Contact: mail}, "contact") {
		t.c.Contact = mail
	}
}

// keepOwn keeps the words in the listing's own language, which may be another one now:
// what is written is in that language then.
func (t *taking) keepOwn(own string, w catalogue.Words) {
	if own != t.c.Language {
		delete(t.c.Words, t.c.Language)
		for i, a := range t.c.Answers {
			items, said := a.Words[t.c.Language]
			if !said {
				continue
			}
			a.Words = maps.Clone(a.Words)
			delete(a.Words, t.c.Language)
			a.Words[own] = items
			t.c.Answers[i] = a
		}
		t.c.Language = own
	}
	if w == (catalogue.Words{}) {
		delete(t.c.Words, own)
		return
	}
	t.c.Words[own] = w
}

func (t *taking) categories() {
	var slugs []string
	for i := range mostCategories {
		slug := t.typed.Get(categoryField(i))
		_, known := t.schema.Category(slug)
		switch {
		case slug == "":
		case !known:
			t.complain(categoryField(i), "content.category", slug)
		case slices.Contains(slugs, slug):
			t.complain(categoryField(i), "editor.category_twice")
		default:
			slugs = append(slugs, slug)
		}
	}
	if len(slugs) == 0 {
		t.complain(categoryField(0), "editor.category_missing")
		return
	}
	if len(t.c.Categories) > mostCategories { // of an import: the form does not show them
		slugs = append(slugs, t.c.Categories[mostCategories:]...)
	}
	t.c.Categories = slugs
}

func (t *taking) cpv() {
	codes := strings.FieldsFunc(t.typed.Get(fieldCPV), func(r rune) bool { return r == ',' || r == ';' || r <= ' ' })
	if t.passes(fieldCPV, catalogue.Content{CPV: codes}, "cpv") {
		t.c.CPV = codes
	}
}

func (t *taking) address(field string, to *string) {
	if url := strings.TrimSpace(t.typed.Get(field)); t.passes(field, catalogue.Content{Website: url}, "website") {
		*to = url
	}
}

// passes reports whether the schema has nothing against a part of c, and complains
// otherwise.
func (t *taking) passes(field string, c catalogue.Content, part string) bool {
	var all catalogue.Problems
	if err := t.schema.CheckContent(c); !errors.As(err, &all) {
		return true
	}
	for _, p := range all {
		if strings.HasPrefix(p.Path, part) {
			t.wrong = append(t.wrong, mistake{field: field, Problem: p})
			return false
		}
	}
	return true
}

// answer reads what was answered to a question.
func (t *taking) answer(q catalogue.Question) {
	name := answerPrefix + q.ID
	before, had := answerTo(t.c, q.ID)
	a := before
	if !had {
		a = catalogue.Answer{Question: q.ID}
	}
	if worded(q) {
		items, ok := t.items(name, q, t.c.Language)
		if ok {
			t.say(q, a, had, sayingIn(a.Words, t.c.Language, items), nil)
		}
		return
	}
	values, problem := t.values(name, q)
	if problem != nil {
		t.wrong = append(t.wrong, mistake{field: name, Problem: *problem})
		return
	}
	if q.Type == catalogue.TypeCertificate && !t.certificate(name, &a, values) {
		return
	}
	t.say(q, a, had, nil, values)
}

// values are those that were typed or ticked.
func (t *taking) values(name string, q catalogue.Question) ([]string, *catalogue.Problem) {
	raw := strings.TrimSpace(t.typed.Get(name))
	if several(q) {
		raw = strings.Join(slices.DeleteFunc(slices.Clone(t.typed[name]), func(v string) bool { return v == "" }), ";")
	}
	if q.Type == catalogue.TypeMoney && raw != "" && !strings.ContainsFunc(raw, func(r rune) bool { return r > '~' || 'A' <= r && r <= 'z' }) {
		raw += " EUR" // as the hint says
	}
	values, err := t.schema.Canonical(q.ID, raw)
	var p catalogue.Problem
	if errors.As(err, &p) {
		return nil, &p
	}
	return values, nil
}

// certificate reads who issued one, and until when it is valid.
func (t *taking) certificate(name string, a *catalogue.Answer, values []string) bool {
	a.Issuer, a.Until = "", models.Date{}
	if len(values) == 0 || values[0] == catalogue.No {
		return true
	}
	a.Issuer = t.line(name + issuerEnd)
	ok := t.sound(name+issuerEnd, a.Issuer, 200)
	if a.Issuer == "" {
		t.complain(name+issuerEnd, "answer.issuer")
		ok = false
	}
	until, fine := t.day(name + untilEnd)
	if fine && until.IsZero() {
		t.complain(name+untilEnd, "answer.certificate_until")
	}
	a.Until = until
	return ok && fine && !until.IsZero()
}

// day reads a day as people write it; the zero one for an empty field.
func (t *taking) day(field string) (models.Date, bool) {
	text := strings.TrimSpace(t.typed.Get(field))
	if text == "" {
		return models.Date{}, true
	}
	d, ok := parseDay(text)
	if !ok {
		t.complain(field, "answer.date", text)
	}
	return d, ok
}

// items are the texts of an answer in words: one, or one a line.
func (t *taking) items(field string, q catalogue.Question, lang string) ([]string, bool) {
	text := t.text(field)
	if text == "" {
		return nil, true
	}
	items := []string{text}
	if q.Type == catalogue.TypeList {
		items = nil
		for line := range strings.SplitSeq(text, "\n") {
			if line = strings.Join(strings.Fields(line), " "); line != "" {
				items = append(items, line)
			}
		}
	}
	if !t.sound(field, text, len(items)*max(q.Chars, 1)) {
		return nil, false
	}
	a := catalogue.Answer{Question: q.ID, By: catalogue.ByVendor, Proof: catalogue.Stated, Words: map[string][]string{lang: items}}
	var all catalogue.Problems
	if errors.As(t.schema.CheckAnswer(a), &all) {
		t.wrong = append(t.wrong, mistake{field: field, Problem: all[0]})
		return nil, false
	}
	return items, true
}

// sayingIn are the words with those of a language changed.
func sayingIn(words map[string][]string, lang string, items []string) map[string][]string {
	next := maps.Clone(words)
	if next == nil {
		next = map[string][]string{}
	}
	if next[lang] = items; len(items) == 0 {
		delete(next, lang)
	}
	return next
}

// say keeps an answer, unless it says what was said before. What is said anew is the
// vendor's word alone.
func (t *taking) say(q catalogue.Question, a catalogue.Answer, had bool, words map[string][]string, values []string) {
	before, _ := answerTo(t.c, q.ID)
	a.Words, a.Values = words, values
	if len(words) == 0 {
		a.Words = nil
	}
	same := had && slices.Equal(before.Values, a.Values) && maps.EqualFunc(before.Words, a.Words, slices.Equal[[]string]) &&
		before.Issuer == a.Issuer && before.Until == a.Until
	if same || !had && !a.Known() {
		return
	}
	t.c.Answers = slices.DeleteFunc(t.c.Answers, func(b catalogue.Answer) bool { return b.Question == q.ID })
	if !a.Known() {
		return
	}
	a.By, a.Proof, a.Source, a.Since = catalogue.ByVendor, catalogue.Stated, "", models.Date{}
	t.c.Answers = append(t.c.Answers, a)
}

// order puts the answers into the order of the questions, and complains of those that
// are given though they are not asked.
func (t *taking) order() {
	rank := map[string]int{}
	for i, q := range t.schema.Questions {
		rank[q.ID] = i
	}
	slices.SortStableFunc(t.c.Answers, func(a, b catalogue.Answer) int { return cmp.Compare(rank[a.Question], rank[b.Question]) })
	asked := map[string]bool{}
	for _, q := range t.schema.Asked(t.c) {
		asked[q.ID] = true
	}
	for _, a := range t.c.Answers {
		if _, shown := t.typed[answerPrefix+a.Question]; shown && !asked[a.Question] {
			q, _ := t.schema.Question(a.Question)
			t.complain(answerPrefix+a.Question, "editor.not_asked", q.When.Question)
		}
	}
}

// languages reads the words in the other languages.
func (t *taking) languages() {
	for _, lang := range othersOf(t.typed[fieldLanguages], t.c) {
		w, ok := t.c.Words[lang], true
		for _, f := range []struct {
			field string
			to    *string
			text  string
			most  int
		}{
			{fieldName, &w.Name, t.line(inLanguage(fieldName, lang)), catalogue.MaxName},
			{fieldSummary, &w.Summary, t.line(inLanguage(fieldSummary, lang)), catalogue.MaxSummary},
			{fieldDescription, &w.Description, t.text(inLanguage(fieldDescription, lang)), catalogue.MaxDescription},
		} {
			if t.sound(inLanguage(f.field, lang), f.text, f.most) {
				*f.to = f.text
			} else {
				ok = false
			}
		}
		if w.Name == "" && w != (catalogue.Words{}) {
			t.complain(inLanguage(fieldName, lang), "content.name")
			ok = false
		}
		switch {
		case ok && w == (catalogue.Words{}):
			delete(t.c.Words, lang)
		case ok:
			t.c.Words[lang] = w
		}
		t.translations(lang)
	}
}

// translations reads what answers in words say in another language.
func (t *taking) translations(lang string) {
	for _, q := range t.schema.Questions {
		a, had := answerTo(t.c, q.ID)
		if !had || !worded(q) {
			continue
		}
		if items, ok := t.items(inLanguage(answerPrefix+q.ID, lang), q, lang); ok {
			t.say(q, a, had, sayingIn(a.Words, lang, items), nil)
		}
	}
}
