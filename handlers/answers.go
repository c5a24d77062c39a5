package handlers

import (
	"slices"
	"strings"

	"pilveturg/models"
	"pilveturg/models/catalogue"
	"pilveturg/views"
)

// answered puts the answers of a version into words.
type answered struct {
	speaker
	today   models.Date
	answers map[string]catalogue.Answer
	points  map[string]catalogue.Point // when each was last confirmed; nil where that is not told
}

func (w speaker) answered(c catalogue.Content, today models.Date) answered {
	a := answered{speaker: w, today: today, answers: map[string]catalogue.Answer{}}
	for _, one := range c.Answers {
		a.answers[one.Question] = one
	}
	return a
}

// rows are the answers of a section, in the order of the questions. Questions that
// do not apply are left out; those that nobody has answered stand together at the
// end, but required ones stand in their own place.
func (a answered) rows(section string) []views.Row {
	var rows []views.Row
	var unknown []string
	for _, q := range a.schema.Questions {
		if q.Section != section || !a.applies(q) {
			continue
		}
		answer, ok := a.answers[q.ID]
		switch {
		case ok:
			rows = append(rows, a.row(q, answer))
		case q.Required:
			rows = append(rows, views.Row{Key: a.label(q).Text, Value: a.unknown()})
		default:
			unknown = append(unknown, a.label(q).Text)
		}
	}
	if len(unknown) > 0 {
		rows = append(rows, views.Row{Key: a.T("answer.unknown"), Value: views.Words{Text: strings.Join(unknown, "; ")}})
	}
	return rows
}

// applies reports whether a question makes sense beside the other answers.
func (a answered) applies(q catalogue.Question) bool {
	return q.When == nil || slices.ContainsFunc(a.answers[q.When.Question].Values, func(v string) bool {
		return slices.Contains(q.When.Is, v)
	})
}

func (a answered) label(q catalogue.Question) views.Words { return views.In(q.Label, a.Tag) }

func (a answered) unknown() views.Words { return views.Words{Text: a.T("answer.unknown")} }

// row is one answer: what is said, how it is known, since when and until when.
func (a answered) row(q catalogue.Question, one catalogue.Answer) views.Row {
	row := views.Row{Key: a.label(q).Text, Value: a.unknown()}
	if values := a.words(q, one); len(values) > 0 {
		row.Value, row.More = values[0], values[1:]
	}
	if q.Type == catalogue.TypeDocument && len(one.Values) == 1 {
		row.URL = one.Values[0]
		row.Value.Text = hostOf(row.URL)
	}
	row.Tags = a.proof(one)
	if p, ok := a.points[q.ID]; ok {
		if tag, old := a.ageTag(p, a.today, catalogue.FreshMonths); old {
			row.Tags = append(row.Tags, tag)
		}
	}
	row.Note = a.note(one)
	if webAddress(one.Source) {
		row.Action = views.Link{URL: one.Source, Text: a.T("answer.source"), For: row.Key}
	}
	return row
}

func webAddress(s string) bool {
	return strings.HasPrefix(s, "https://") || strings.HasPrefix(s, "http://")
}

// proof tells how an answer is known, and whether it still holds.
func (a answered) proof(one catalogue.Answer) []views.Tag {
	var tags []views.Tag
	if one.Known() || one.Proof != catalogue.Stated {
		tags = append(tags, a.proofTag(one))
	}
	if a.expired(one) {
		tags = append(tags, views.Tag{Kind: views.Err, Text: a.T("answer.expired")})
	}
	return tags
}

func (w speaker) proofTag(one catalogue.Answer) views.Tag {
	switch one.Proof {
	case catalogue.Document:
		return views.Tag{Kind: views.OK, Text: w.T("answer.proof.document")}
	case catalogue.Tested:
		return views.Tag{Kind: views.OK, Text: w.T("answer.proof.tested")}
	}
	return views.Tag{Text: w.T("answer.says." + string(one.By))}
}

func (a answered) expired(one catalogue.Answer) bool {
	return !one.Until.IsZero() && one.Until.Before(a.today)
}

// note says in smaller print who says it, who issued it, since when, until when
// and from where.
func (a answered) note(one catalogue.Answer) string {
	var notes []string
	add := func(yes bool, key string, args ...any) {
		if yes {
			notes = append(notes, a.T(key, args...))
		}
	}
	add(one.Issuer != "", "answer.issuer", one.Issuer)
	add(one.Proof != catalogue.Stated, "answer.said_by."+string(one.By))
	add(!one.Since.IsZero(), "answer.since", a.DateShort(one.Since))
	switch {
	case one.Until.IsZero():
	case a.expired(one):
		notes = append(notes, a.T("answer.ended", a.DateShort(one.Until)))
	default:
		notes = append(notes, a.T("answer.until", a.DateShort(one.Until)))
	}
	add(one.Source != "" && !webAddress(one.Source), "answer.from", one.Source)
	return capital(strings.Join(notes, " · "))
}

// words are the values of an answer, one below the other; nothing for "unknown".
func (w speaker) words(q catalogue.Question, one catalogue.Answer) []views.Words {
	if len(one.Words) > 0 {
		return w.items(one.Words)
	}
	var list []string
	for _, v := range one.Values {
		list = append(list, w.value(q, v))
	}
	if len(list) == 0 {
		return nil
	}
	return []views.Words{{Text: strings.Join(list, ", ")}}
}

// items are the entries of a list in the language of the page, or all of them in
// the next best.
func (w speaker) items(words map[string][]string) []views.Words {
	langs := models.Text{}
	for lang, list := range words {
		if len(list) > 0 {
			langs.Set(lang, lang)
		}
	}
	_, lang := langs.Pick(w.Tag)
	if lang != w.Tag { // together, so that the note on their language stands there once
		return []views.Words{{Text: strings.Join(words[lang], "; "), Lang: lang}}
	}
	var items []views.Words
	for _, text := range words[lang] {
		items = append(items, views.Words{Text: text})
	}
	return items
}

// value words one canonical value of an answer.
func (w speaker) value(q catalogue.Question, v string) string {
	switch q.Type {
	case catalogue.TypeYesNo:
		return w.T("answer.value." + v)
	case catalogue.TypeChoice, catalogue.TypeOrdered, catalogue.TypeMany:
		if o, ok := q.Option(v); ok {
			return views.In(o.Names, w.Tag).Text
		}
	case catalogue.TypeNumber, catalogue.TypeDuration:
		if d, err := models.ParseDecimal(v); err == nil {
			return w.counted(d, q.Unit)
		}
	case catalogue.TypePercent:
		if d, err := models.ParseDecimal(v); err == nil {
			return w.Percent(d)
		}
	case catalogue.TypeMoney:
		amount, currency, _ := strings.Cut(v, " ")
		if d, err := models.ParseDecimal(amount); err == nil {
			return w.UnitPrice(d, currency)
		}
	case catalogue.TypeCountries:
		return w.Country(v)
	case catalogue.TypeLanguages:
		return w.Language(v)
	case catalogue.TypeDate:
		if d, err := models.ParseDate(v); err == nil {
			return w.Date(d)
		}
	case catalogue.TypeCertificate:
		if v == catalogue.No {
			return w.T("answer.no_certificate")
		}
		return w.T("answer.certificate", v)
	}
	return v
}
