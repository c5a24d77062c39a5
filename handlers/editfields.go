package handlers

import (
	"maps"
	"net/url"
	"slices"
	"strings"

	"pilveturg/models/catalogue"
)

// The sections of the editor, in the order in which they are filled in.
const (
	editBasics        = "basics"
	editPrices        = "prices"
	editData          = "data"
	editAccessibility = "accessibility"
	editLeaving       = "leaving"
	editDocuments     = "documents"
	editLanguages     = "languages"
)

// editSection is a part of a listing that is edited on a page of its own.
type editSection struct {
	id    string
	parts []string // the sections of the schema whose questions it asks
}

var editSections = []editSection{
	{editBasics, []string{"about", "integration"}},
	{editPrices, nil},
	{editData, []string{"security", "standards"}},
	{editAccessibility, []string{"accessibility"}},
	{editLeaving, []string{"leaving", "support", "buying"}},
	{editDocuments, nil},
	{editLanguages, nil},
}

// nextSection is the one that is filled in after this one, "" after the last.
func nextSection(id string) string {
	i := slices.IndexFunc(editSections, func(s editSection) bool { return s.id == id })
	if i+1 < len(editSections) {
		return editSections[i+1].id
	}
	return ""
}

// The fields of the editor. Those of an answer are named "a.QUESTION", with what follows
// for its parts.
const (
	fieldName        = "name"
	fieldSummary     = "summary"
	fieldDescription = "description"
	fieldLanguage    = "language"
	fieldCategory    = "category"
	fieldCPV         = "cpv"
	fieldWebsite     = "website"
	fieldContact     = "contact"
	answerPrefix     = "a."
	issuerEnd        = ".issuer"
	untilEnd         = ".until"
)

// mostCategories is in how many categories a listing may stand.
const mostCategories = 3

// categoryField is the name of the i'th field for a category.
func categoryField(i int) string { return fieldCategory + string(rune('0'+i)) }

// worded reports whether a question is answered in words.
func worded(q catalogue.Question) bool {
	return q.Type == catalogue.TypeText || q.Type == catalogue.TypeList
}

// several reports whether a question is answered by ticking boxes.
func several(q catalogue.Question) bool {
	return q.Type == catalogue.TypeMany || q.Type == catalogue.TypeCountries || q.Type == catalogue.TypeLanguages
}

// questionsOf are those of the sections of the schema, in their order.
func questionsOf(schema *catalogue.Schema, parts []string) []catalogue.Question {
	var all []catalogue.Question
	for _, part := range parts {
		for _, q := range schema.Questions {
			if q.Section == part {
				all = append(all, q)
			}
		}
	}
	return all
}

// answerTo is what c says to a question.
func answerTo(c catalogue.Content, question string) (catalogue.Answer, bool) {
	i := slices.IndexFunc(c.Answers, func(a catalogue.Answer) bool { return a.Question == question })
	if i < 0 {
		return catalogue.Answer{}, false
	}
	return c.Answers[i], true
}

// filledIn is the form of a section as it stands for what c says: what [Site.taken] makes
// c of again.
func filledIn(schema *catalogue.Schema, section editSection, c catalogue.Content) url.Values {
	v := url.Values{}
	switch section.id {
	case editBasics:
		fillBasics(v, c)
	case editPrices:
		fillPlans(v, c.Plans)
	case editDocuments:
		fillPapers(v, c.Documents)
	case editLanguages:
		fillLanguages(v, schema, c)
	}
	for _, q := range questionsOf(schema, section.parts) {
		fillAnswer(v, q, c)
	}
	return v
}

func fillBasics(v url.Values, c catalogue.Content) {
	w := c.Words[c.Language]
	for name, text := range map[string]string{fieldLanguage: c.Language, fieldName: w.Name, fieldSummary: w.Summary, fieldDescription: w.Description,
		fieldCPV: strings.Join(c.CPV, " "), fieldWebsite: c.Website, fieldContact: c.Contact} {
		v.Set(name, text)
	}
	for i, slug := range c.Categories {
		if i < mostCategories {
			v.Set(categoryField(i), slug)
		}
	}
}

func fillAnswer(v url.Values, q catalogue.Question, c catalogue.Content) {
	a, ok := answerTo(c, q.ID)
	if !ok {
		return
	}
	name := answerPrefix + q.ID
	switch {
	case worded(q):
		v.Set(name, strings.Join(a.Words[c.Language], "\n"))
	case several(q):
		v[name] = slices.Clone(a.Values)
	default:
		v.Set(name, strings.Join(a.Values, ""))
	}
	if q.Type == catalogue.TypeCertificate {
		v.Set(name+issuerEnd, a.Issuer)
		v.Set(name+untilEnd, a.Until.String())
	}
}

// othersOf are the languages, besides its own, in which a listing can be read: those of
// the site, and those in which it says something.
func othersOf(site []string, c catalogue.Content) []string {
	var all []string
	add := func(lang string) {
		if lang != c.Language && !slices.Contains(all, lang) {
			all = append(all, lang)
		}
	}
	for _, lang := range site {
		add(lang)
	}
	for _, lang := range slices.Sorted(maps.Keys(c.Words)) {
		add(lang)
	}
	return all
}

// inLanguage is the name of a field for words in a language besides the listing's own.
func inLanguage(field, lang string) string { return field + "@" + lang }

func fillLanguages(v url.Values, schema *catalogue.Schema, c catalogue.Content) {
	for lang, w := range c.Words {
		if lang == c.Language {
			continue
		}
		v.Set(inLanguage(fieldName, lang), w.Name)
		v.Set(inLanguage(fieldSummary, lang), w.Summary)
		v.Set(inLanguage(fieldDescription, lang), w.Description)
	}
	for _, a := range c.Answers {
		if q, ok := schema.Question(a.Question); !ok || !worded(q) {
			continue
		}
		for lang, items := range a.Words {
			if lang != c.Language {
				v.Set(inLanguage(answerPrefix+a.Question, lang), strings.Join(items, "\n"))
			}
		}
	}
}
