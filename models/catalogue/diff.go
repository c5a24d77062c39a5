package catalogue

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"pilveturg/models/pricing"
)

// Field names what part of a listing changed.
type Field string

// The fields a change can be in. Those of words carry a language, those of answers
// a question, those of plans a plan, those of documents a document.
const (
	FieldName        Field = "name"
	FieldSummary     Field = "summary"
	FieldDescription Field = "description"
	FieldCategories  Field = "categories"
	FieldCPV         Field = "cpv"
	FieldWebsite     Field = "website"
	FieldContact     Field = "contact"
	FieldSources     Field = "sources"
	FieldLanguage    Field = "language"
	FieldAnswer      Field = "answer"
	FieldProof       Field = "proof" // who says an answer, how it is proved, since and until when
	FieldPlan        Field = "plan"
	FieldDocument    Field = "document" // a document that came or went, or with a path something about it
	FieldOther       Field = "other"
)

// Difference is one field that two versions do not have alike. Old or New is empty
// when the field was added or taken away.
type Difference struct {
	Field    Field
	Language string   // of a text
	Question string   // of an answer
	Plan     string   // code of a plan
	Document string   // code of a document
	Path     []string // within the plan: "charges", "pupils", "steps", "1", "price"; or the document: "valid_until"
	Old, New []string // one entry a value
}

// Diff returns how the content new differs from old, in the order a page shows it.
func Diff(old, new Content) []Difference {
	var d differ
	d.words(old.Words, new.Words)
	d.list(Difference{Field: FieldCategories}, old.Categories, new.Categories)
	d.list(Difference{Field: FieldCPV}, old.CPV, new.CPV)
	d.plans(old.Plans, new.Plans)
	d.answers(old.Answers, new.Answers)
	d.papers(old.Documents, new.Documents)
	d.one(Difference{Field: FieldWebsite}, old.Website, new.Website)
	d.one(Difference{Field: FieldContact}, old.Contact, new.Contact)
	d.one(Difference{Field: FieldLanguage}, old.Language, new.Language)
	d.list(Difference{Field: FieldSources}, sourceLines(old.Sources), sourceLines(new.Sources))
	d.one(Difference{Field: FieldOther}, string(old.Extra), string(new.Extra))
	if old.DemoPrice != new.DemoPrice {
		d.one(Difference{Field: FieldOther, Path: []string{"demo_price"}}, strconv.FormatBool(old.DemoPrice), strconv.FormatBool(new.DemoPrice))
	}
	return d.out
}

type differ struct{ out []Difference }

func (d *differ) one(at Difference, old, new string) { d.list(at, one(old), one(new)) }

func one(s string) []string {
	if s == "" {
		return nil
	}
	return []string{s}
}

func (d *differ) list(at Difference, old, new []string) {
	if slices.Equal(old, new) {
		return
	}
	at.Old, at.New = old, new
	d.out = append(d.out, at)
}

func (d *differ) words(old, new map[string]Words) {
	for _, lang := range union(languages(old), languages(new)) {
		o, n := old[lang], new[lang]
		d.one(Difference{Field: FieldName, Language: lang}, o.Name, n.Name)
		d.one(Difference{Field: FieldSummary, Language: lang}, o.Summary, n.Summary)
		d.one(Difference{Field: FieldDescription, Language: lang}, o.Description, n.Description)
	}
}

func (d *differ) answers(old, new []Answer) {
	o, n := byQuestion(old), byQuestion(new)
	for _, q := range union(questions(old), questions(new)) {
		a, b := o[q], n[q]
		d.list(Difference{Field: FieldAnswer, Question: q}, a.Values, b.Values)
		for _, lang := range union(languages(a.Words), languages(b.Words)) {
			d.list(Difference{Field: FieldAnswer, Question: q, Language: lang}, a.Words[lang], b.Words[lang])
		}
		d.list(Difference{Field: FieldProof, Question: q}, proofLine(a), proofLine(b))
	}
}

func byQuestion(answers []Answer) map[string]Answer {
	m := make(map[string]Answer, len(answers))
	for _, a := range answers {
		m[a.Question] = a
	}
	return m
}

func questions(answers []Answer) []string {
	ids := make([]string, len(answers))
	for i, a := range answers {
		ids[i] = a.Question
	}
	return ids
}

// proofLine is everything about an answer but its values.
func proofLine(a Answer) []string {
	if a.Question == "" {
		return nil
	}
	return []string{string(a.By), string(a.Proof), a.Issuer, a.Source, a.Since.String(), a.Until.String()}
}

func sourceLines(sources []Source) []string {
	var lines []string
	for _, s := range sources {
		lines = append(lines, strings.Join(strings.Fields(s.Title+" "+s.URL+" "+s.Seen.String()), " "))
	}
	return lines
}

func (d *differ) plans(old, new []pricing.Plan) {
	o, n := flatten(old), flatten(new)
	for _, path := range union(o.order, n.order) {
		parts := strings.Split(path, "\x00")
		d.one(Difference{Field: FieldPlan, Plan: parts[0], Path: parts[1:]}, o.leaf[path], n.leaf[path])
	}
}

// flat is a plan as its leaves: path to value, in the order of the JSON.
type flat struct {
	order []string
	leaf  map[string]string
}

func flatten(plans []pricing.Plan) flat {
	f := flat{leaf: map[string]string{}}
	for _, p := range plans {
		b, err := json.Marshal(p)
		if err != nil {
			continue // a plan that was read can be written
		}
		var v map[string]any
		if json.Unmarshal(b, &v) != nil {
			continue
		}
		f.add(p.Code, v)
	}
	return f
}

func (f *flat) add(path string, v any) {
	switch v := v.(type) {
	case map[string]any:
		for _, k := range languages(v) {
			f.add(path+"\x00"+k, v[k])
		}
	case []any:
		for i, e := range v {
			f.add(path+"\x00"+label(e, i), e)
		}
	default:
		f.order = append(f.order, path)
		f.leaf[path] = fmt.Sprint(v)
	}
}

// label names an element of a list by its code, so that a charge put in front of
// others does not make all of them look changed; else by its place, from 1.
func label(e any, i int) string {
	if m, ok := e.(map[string]any); ok {
		if code, ok := m["code"].(string); ok {
			return code
		}
	}
	return strconv.Itoa(i + 1)
}

// union returns a, and then what b has besides, in their own orders.
func union(a, b []string) []string {
	out := slices.Clone(a)
	for _, s := range b {
		if !slices.Contains(a, s) {
			out = append(out, s)
		}
	}
	return out
}
