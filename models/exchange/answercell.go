package exchange

import (
	"errors"
	"slices"
	"strings"

	"pilveturg/models"
	"pilveturg/models/catalogue"
)

// unknown is the cell of a question that is answered with "unknown". An empty cell
// is no answer.
const unknown = "unknown"

// answerCell is the JSON of an answer that says more than plain values: whatever
// [catalogue.Answer] holds but the question, which the column names. By and Proof
// are vendor and stated when absent.
type answerCell struct {
	Values []string            `json:"values,omitempty"`
	Words  map[string][]string `json:"words,omitempty"`
	Issuer string              `json:"issuer,omitempty"`
	By     catalogue.Said      `json:"by,omitempty"`
	Proof  catalogue.Proof     `json:"proof,omitempty"`
	Source string              `json:"source,omitempty"`
	Since  models.Date         `json:"since,omitzero"`
	Until  models.Date         `json:"until,omitzero"`
}

// answerColumn is the column "a.<question>".
func answerColumn(q catalogue.Question, schema *catalogue.Schema) column {
	c := answers{q, schema, shapeOf(answerCell{})}
	return column{"a." + q.ID, ofListing, c.get, c.set}
}

type answers struct {
	q      catalogue.Question
	schema *catalogue.Schema
	shape  *shape // of an answerCell
}

func (c answers) get(e *entry) string {
	i := slices.IndexFunc(e.v.Answers, func(a catalogue.Answer) bool { return a.Question == c.q.ID })
	if i < 0 {
		return ""
	}
	a := e.v.Answers[i]
	if cell, plain := c.plain(a, e.v.Language); plain {
		return cell
	}
	return encode(answerCell{a.Values, a.Words, a.Issuer, a.By, a.Proof, a.Source, a.Since, a.Until})
}

// plain writes an answer as a person would, when it is the vendor's word and
// nothing more.
func (c answers) plain(a catalogue.Answer, lang string) (cell string, ok bool) {
	if a.By != catalogue.ByVendor || a.Proof != catalogue.Stated || a.Issuer+a.Source != "" || !a.Since.IsZero() || !a.Until.IsZero() {
		return "", false
	}
	if !a.Known() {
		return unknown, true
	}
	items := a.Values
	if c.inWords() {
		if len(a.Values) > 0 || len(a.Words) != 1 {
			return "", false
		}
		items = a.Words[lang]
	} else if len(a.Words) > 0 || !c.canonical(a.Values) {
		return "", false // another spelling would be put right by reading it
	}
	if c.q.Type == catalogue.TypeText {
		cell, ok = c.plainText(items)
	} else {
		cell, ok = joinList(items)
	}
	return cell, ok && cell != "" && strings.ToLower(cell) != unknown
}

func (c answers) plainText(items []string) (string, bool) {
	if len(items) != 1 || strings.TrimSpace(items[0]) != items[0] || strings.HasPrefix(items[0], "{") {
		return "", false
	}
	return items[0], true
}

func (c answers) inWords() bool {
	return c.q.Type == catalogue.TypeText || c.q.Type == catalogue.TypeList
}

func (c answers) set(e *entry, cell string) []fault {
	cell = strings.TrimSpace(cell)
	a := catalogue.Answer{Question: c.q.ID, By: catalogue.ByVendor, Proof: catalogue.Stated}
	var faults []fault
	switch {
	case strings.HasPrefix(cell, "{"):
		faults = c.setJSON(&a, cell)
	case strings.ToLower(cell) == unknown:
	case c.q.Type == catalogue.TypeText:
		a.Words = map[string][]string{e.v.Language: {cell}}
	case c.q.Type == catalogue.TypeList:
		a.Words = map[string][]string{e.v.Language: splitList(cell)}
	default:
		a.Values, faults = c.values(cell)
	}
	e.v.Answers = append(e.v.Answers, a)
	return faults
}

func (c answers) setJSON(a *catalogue.Answer, cell string) []fault {
	var j answerCell
	if faults := decode(cell, &j, c.shape); len(faults) > 0 {
		return faults
	}
	a.Values, a.Words, a.Issuer, a.Source, a.Since, a.Until = j.Values, j.Words, j.Issuer, j.Source, j.Since, j.Until
	if j.By != "" {
		a.By = j.By
	}
	if j.Proof != "" {
		a.Proof = j.Proof
	}
	return nil
}

// values reads canonical values as they are, and other spellings of them as people
// type them.
func (c answers) values(cell string) ([]string, []fault) {
	list := splitList(cell)
	if c.canonical(list) {
		return list, nil
	}
	values, err := c.schema.Canonical(c.q.ID, cell)
	if err == nil {
		return values, nil
	}
	var p catalogue.Problem
	if errors.As(err, &p) {
		return list, []fault{{key: p.Key, args: p.Args}}
	}
	return list, []fault{{key: "exchange.bad_value", args: []any{shorten(cell), err.Error()}}}
}

func (c answers) canonical(values []string) bool {
	a := catalogue.Answer{Question: c.q.ID, Values: values, By: catalogue.ByVendor, Proof: catalogue.Stated}
	return c.schema.CheckAnswer(a) == nil
}
