package handlers

import (
	"slices"
	"strings"

	"pilveturg/models/catalogue"
	"pilveturg/views"
	"pilveturg/views/locale"
)

// ticksOf are choices of which several may be ticked, or one when one is set.
func (f *filled) ticksOf(c views.Choices) views.Input {
	c.ID, c.Error = c.Name, f.problem(c.Name)
	chosen := f.chosen(c.Name)
	if c.One {
		chosen = []string{f.typed(c.Name)}
	}
	for i, o := range c.Options {
		c.Options[i].Chosen = slices.Contains(chosen, o.Value)
	}
	return views.Input{Choices: &c}
}

// tongues are the languages to choose from: those of the site, and one that is chosen
// already.
func (f *filled) tongues(chosen string) []views.Option {
	var all []views.Option
	tags := locale.Tags()
	if chosen != "" && !slices.Contains(tags, chosen) {
		tags = append(slices.Clone(tags), chosen)
	}
	for _, tag := range tags {
		all = append(all, views.Option{Value: tag, Text: f.Language(tag)})
	}
	return all
}

const (
	descriptionRows = 12
	itemRows        = 5
)

// basicsGroups are the inputs for what the service is called and where it belongs.
func (e *editing) basicsGroups() []views.EditGroup {
	lang := e.values.Get(fieldLanguage)
	words := views.EditGroup{Title: e.T("editor.words"), Inputs: []views.Input{
		e.choose(views.Select{Name: fieldLanguage, Label: e.T("editor.language"), Hint: e.T("editor.language_hint"), Options: e.tongues(lang)}),
		e.field(views.Field{Name: fieldName, Label: e.T("editor.name"), Hint: e.T("editor.name_hint"), Lang: lang, Width: "w60", Needed: true}),
		e.field(views.Field{Name: fieldSummary, Label: e.T("editor.summary"), Hint: e.T("editor.summary_hint", e.Number(catalogue.MaxSummary)), Lang: lang, Width: "w60", Needed: true}),
		e.area(views.Area{Name: fieldDescription, Label: e.T("editor.description"), Hint: e.T("editor.description_hint", e.Number(catalogue.MaxDescription)), Lang: lang, Rows: descriptionRows}),
	}}
	place := views.EditGroup{Title: e.T("editor.place")}
	for i := range mostCategories {
		label := e.T("editor.category")
		if i > 0 {
			label = e.T("editor.category_more", e.Number(int64(i+1)))
		}
		place.Inputs = append(place.Inputs, e.choose(views.Select{Name: categoryField(i), Label: label, Options: e.categories()}))
	}
	place.Inputs = append(place.Inputs,
		e.field(views.Field{Name: fieldCPV, Label: e.T("editor.cpv"), Hint: e.T("editor.cpv_hint"), Width: "w30"}),
		e.field(views.Field{Name: fieldWebsite, Label: e.T("editor.website"), Hint: e.T("editor.website_hint"), Width: "w60"}),
		e.field(views.Field{Name: fieldContact, Label: e.T("editor.contact"), Hint: e.T("editor.contact_hint"), Width: "w30"}))
	return []views.EditGroup{words, place}
}

// categories are those to choose from, under each other.
func (f *filled) categories() []views.Option {
	all := []views.Option{{Text: f.T("editor.choose")}}
	for _, c := range f.schema.Categories {
		if c.Parent != "" {
			continue
		}
		all = append(all, views.Option{Value: c.Slug, Text: views.In(c.Names, f.Tag).Text})
		for _, child := range f.schema.Children(c.Slug) {
			all = append(all, views.Option{Value: child.Slug, Text: "– " + views.In(child.Names, f.Tag).Text})
		}
	}
	return all
}

// questionGroups are the inputs for the questions of the sections of the schema: what is
// needed and what is usual first, all else in a part that opens.
func (e *editing) questionGroups() []views.EditGroup {
	var groups []views.EditGroup
	for _, part := range e.section.parts {
		i := slices.IndexFunc(e.schema.Sections, func(s catalogue.Section) bool { return s.ID == part })
		s := e.schema.Sections[i]
		main := views.EditGroup{Title: views.In(s.Names, e.Tag).Text, Text: views.In(s.Text, e.Tag).Text}
		more := views.EditGroup{More: e.T("editor.more", main.Title)}
		for _, q := range questionsOf(e.schema, []string{part}) {
			wrong := len(e.errors)
			inputs := e.question(q)
			_, said := answerTo(e.draft.Content, q.ID)
			if q.Required || q.Ask == catalogue.Core || said {
				main.Inputs = append(main.Inputs, inputs...)
				continue
			}
			more.Inputs = append(more.Inputs, inputs...)
			more.Open = more.Open || len(e.errors) > wrong
		}
		groups = append(groups, main)
		if len(more.Inputs) > 0 {
			groups = append(groups, more)
		}
	}
	return groups
}

// question is what is filled in for a question.
func (e *editing) question(q catalogue.Question) []views.Input {
	name, label, hint := answerPrefix+q.ID, e.asks(q), e.hint(q)
	in := views.Field{Name: name, Label: label, Hint: hint, Width: "w12", Needed: q.Required}
	switch q.Type {
	case catalogue.TypeYesNo:
		return []views.Input{e.choose(views.Select{Name: name, Label: label, Hint: hint, Options: e.answers(catalogue.Yes, catalogue.No)})}
	case catalogue.TypeChoice, catalogue.TypeOrdered:
		return []views.Input{e.choose(views.Select{Name: name, Label: label, Hint: hint, Options: append(e.answers(), e.optionsOf(q)...)})}
	case catalogue.TypeMany:
		return []views.Input{e.ticksOf(views.Choices{Name: name, Legend: label, Hint: hint, Options: e.optionsOf(q)})}
	case catalogue.TypeCountries, catalogue.TypeLanguages:
		return []views.Input{e.ticksOf(views.Choices{Name: name, Legend: label, Hint: hint, Options: e.codes(q)})}
	case catalogue.TypeNumber, catalogue.TypePercent, catalogue.TypeDuration:
		in.Mode, in.Unit = "decimal", e.unitOf(q)
	case catalogue.TypeMoney:
		in.Hint = strings.TrimSpace(hint + " " + e.T("editor.money_hint"))
	case catalogue.TypeDate:
		in.Kind = "date"
	case catalogue.TypeDocument:
		in.Width = "w60"
	case catalogue.TypeCertificate:
		return e.certificate(in)
	case catalogue.TypeText, catalogue.TypeList:
		return []views.Input{e.area(e.wordsArea(q, name, label, hint, e.draft.Content.Language))}
	}
	return []views.Input{e.field(in)}
}

// certificate asks for the number of one, who issued it and until when it is valid.
func (e *editing) certificate(in views.Field) []views.Input {
	number, issuer, until := in, in, in
	number.Hint, number.Width = strings.TrimSpace(in.Hint+" "+e.T("editor.certificate_hint")), "w30"
	issuer.Name, issuer.Label, issuer.Hint, issuer.Width = in.Name+issuerEnd, e.T("editor.issuer", in.Label), "", "w30"
	until.Name, until.Label, until.Hint, until.Kind = in.Name+untilEnd, e.T("editor.until", in.Label), "", "date"
	issuer.Needed, until.Needed = false, false
	return []views.Input{e.field(number), e.field(issuer), e.field(until)}
}

func (e *editing) wordsArea(q catalogue.Question, name, label, hint, lang string) views.Area {
	a := views.Area{Name: name, Label: label, Hint: hint, Lang: lang, Rows: itemRows}
	if q.Type == catalogue.TypeList {
		a.Hint = strings.TrimSpace(hint + " " + e.T("editor.list_hint", e.Number(int64(q.Items)), e.Number(int64(q.Words))))
	} else {
		a.Hint = strings.TrimSpace(hint + " " + e.T("editor.text_hint", e.Number(int64(q.Words))))
	}
	return a
}

// asks is the label of a question; those that buyers cannot do without say so.
func (e *editing) asks(q catalogue.Question) string {
	label := views.In(q.Label, e.Tag).Text
	if q.Required {
		return e.T("editor.needed", label)
	}
	return label
}

// hint explains a question, and when it is asked.
func (e *editing) hint(q catalogue.Question) string {
	hint := views.In(q.Help, e.Tag).Text
	if q.When == nil {
		return hint
	}
	other, _ := e.schema.Question(q.When.Question)
	var is []string
	for _, v := range q.When.Is {
		is = append(is, e.value(other, v))
	}
	return hint + " " + e.T("editor.when", views.In(other.Label, e.Tag).Text, strings.Join(is, ", "))
}

// answers are the first choices of a list: that nothing is said, yes and no.
func (e *editing) answers(values ...string) []views.Option {
	all := []views.Option{{Text: e.T("editor.not_answered")}}
	for _, v := range values {
		all = append(all, views.Option{Value: v, Text: e.T("answer.value." + v)})
	}
	return all
}

func (e *editing) optionsOf(q catalogue.Question) []views.Option {
	var all []views.Option
	for _, o := range q.Options {
		all = append(all, views.Option{Value: o.ID, Text: views.In(o.Names, e.Tag).Text})
	}
	return all
}

// codes are the countries or languages to choose from, and what is chosen already.
func (e *editing) codes(q catalogue.Question) []views.Option {
	known, name := e.Countries(), e.Country
	if q.Type == catalogue.TypeLanguages {
		known, name = answerLanguages[:], e.Language
	}
	known = slices.Clone(known)
	for _, code := range e.chosen(answerPrefix + q.ID) {
		if !slices.Contains(known, code) {
			known = append(known, code)
		}
	}
	e.sortBy(known, name)
	all := make([]views.Option, len(known))
	for i, code := range known {
		all[i] = views.Option{Value: code, Text: name(code)}
	}
	return all
}

// answerLanguages are those of the countries that are offered, as ISO 639-1 has them.
var answerLanguages = [...]string{"bg", "cs", "da", "de", "el", "en", "es", "et", "fi", "fr", "ga", "hr", "hu", "is", "it", "lt", "lv", "mt", "nl",
	"no", "pl", "pt", "ro", "ru", "sk", "sl", "sv", "uk"}

func (e *editing) sortBy(codes []string, name func(string) string) {
	slices.SortFunc(codes, func(a, b string) int { return e.Compare(name(a), name(b)) })
}

// unitOf is what a number is counted in.
func (e *editing) unitOf(q catalogue.Question) string {
	if q.Type == catalogue.TypePercent {
		return "%"
	}
	if q.Unit == "" {
		return ""
	}
	return e.unitName(q.Unit, severalUnits)
}

// languageGroups are the inputs for the words in the other languages, each below what it
// says in its own.
func (e *editing) languageGroups() []views.EditGroup {
	c := e.draft.Content
	own := c.Words[c.Language]
	var groups []views.EditGroup
	for _, lang := range othersOf(locale.Tags(), c) {
		name := e.Language(lang)
		says := func(text string) string {
			if text == "" {
				return e.T("editor.nothing_yet", e.Language(c.Language))
			}
			return e.T("editor.says", e.Language(c.Language), shortened(text))
		}
		g := views.EditGroup{Title: e.T("editor.in_language", name), Hidden: []views.Hidden{{Name: fieldLanguages, Value: lang}}, Inputs: []views.Input{
			e.field(views.Field{Name: inLanguage(fieldName, lang), Label: e.T("editor.name"), Hint: says(own.Name), Lang: lang, Width: "w60"}),
			e.field(views.Field{Name: inLanguage(fieldSummary, lang), Label: e.T("editor.summary"), Hint: says(own.Summary), Lang: lang, Width: "w60"}),
			e.area(views.Area{Name: inLanguage(fieldDescription, lang), Label: e.T("editor.description"), Hint: says(own.Description), Lang: lang, Rows: descriptionRows}),
		}}
		for _, a := range c.Answers {
			q, ok := e.schema.Question(a.Question)
			if !ok || !worded(q) {
				continue
			}
			said := says(strings.Join(a.Words[c.Language], "; "))
			g.Inputs = append(g.Inputs, e.area(e.wordsArea(q, inLanguage(answerPrefix+q.ID, lang), views.In(q.Label, e.Tag).Text, said, lang)))
		}
		groups = append(groups, g)
	}
	return groups
}

// shortened is the beginning of a text that stands beside a field.
func shortened(text string) string {
	const most = 200
	if letters := []rune(text); len(letters) > most {
		return string(letters[:most]) + "…"
	}
	return text
}
