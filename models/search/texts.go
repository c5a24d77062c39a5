package search

import (
	"maps"
	"slices"

	"pilveturg/models"
	"pilveturg/models/catalogue"
)

// texts reads all that can be searched of an offering, what says most first.
func (l *Layout) texts(src *Source, t *texts) {
	v := &src.Version
	t.field(fieldID, []string{src.Offering.Key.Code})
	langs := models.Languages(nameTexts(v))
	each := func(f func(catalogue.Words) string) [][]string {
		var all [][]string
		for _, lang := range langs {
			all = append(all, []string{f(v.Words[lang])})
		}
		return all
	}
	t.field(fieldName, each(func(w catalogue.Words) string { return w.Name })...)
	t.field(fieldVendor, textPieces(src.Vendor.Names)...)
	t.field(fieldSummary, each(func(w catalogue.Words) string { return w.Summary })...)
	t.field(fieldDescription, each(func(w catalogue.Words) string { return w.Description })...)
	l.answers(v, t)
	papers(v, t)
	for _, lang := range langs {
		t.name(v.Words[lang].Name)
	}
	t.doc.Names = slices.Compact(slices.Sorted(slices.Values(t.doc.Names)))
}

func nameTexts(v *catalogue.Version) models.Text {
	names := models.Text{}
	for lang, w := range v.Words {
		names[lang] = w.Name
	}
	return names
}

func textPieces(t models.Text) [][]string {
	var all [][]string
	for _, lang := range models.Languages(t) {
		all = append(all, []string{t[lang]})
	}
	return all
}

// allCategories returns the categories and those above them, each once.
func (l *Layout) allCategories(slugs []string) []string {
	var all []string
	for _, slug := range slugs {
		for _, c := range l.schema.Path(slug) {
			if !slices.Contains(all, c.Slug) {
				all = append(all, c.Slug)
			}
		}
	}
	return all
}

// features is the question whose answer says most of what an offering does.
const features = "features"

// answers reads what is answered in free words, and certificates. What was chosen
// is found by the names of values, see [labels].
func (l *Layout) answers(v *catalogue.Version, t *texts) {
	for i := range v.Answers {
		a := &v.Answers[i]
		f := fieldAnswers
		if a.Question == features {
			f = fieldFeatures
		}
		var languages [][]string
		for _, lang := range slices.Sorted(maps.Keys(a.Words)) {
			languages = append(languages, a.Words[lang])
		}
		t.field(f, languages...)
		if q, _ := l.schema.Question(a.Question); q.Type == catalogue.TypeCertificate && a.Known() && a.Values[0] != catalogue.No {
			t.field(fieldAnswers, []string{a.Values[0], a.Issuer})
		}
	}
	t.field(fieldAnswers, v.CPV)
}
