package catalogue

import (
	"slices"

	"pilveturg/models"
)

// Schema is what the catalogue asks of a listing, and the lists that listings
// refer to: categories and units. It is data, read by [LoadSchema], and never
// changes after that, so that one may be shared by everybody.
type Schema struct {
	Sections   []Section
	Questions  []Question // in the order they are asked and shown
	Categories []Category // a parent comes before its children
	Units      []Unit

	question, category, unit map[string]int // id to place in the lists above
	fedramp                  map[string]string
}

// Section is a group of questions under one heading.
type Section struct {
	ID    string      `json:"id"`
	Names models.Text `json:"names"`
	Text  models.Text `json:"text"` // one sentence
}

// Question is one thing that is asked of every listing.
type Question struct {
	ID       string          `json:"id"`
	Section  string          `json:"section"`
	Type     AnswerType      `json:"type"`
	Ask      Ask             `json:"ask,omitempty"`
	Required bool            `json:"required,omitempty"` // a vendor cannot publish without it
	Filter   bool            `json:"filter,omitempty"`   // buyers may narrow a search by it
	Unit     string          `json:"unit,omitempty"`     // of a number or a duration
	Min      *models.Decimal `json:"min,omitempty"`      // least value, nil for none; of an amount of money in any currency
	Max      *models.Decimal `json:"max,omitempty"`      // greatest value, nil for none
	Places   int             `json:"places,omitempty"`   // most decimals of a number or percentage
	Items    int             `json:"items,omitempty"`    // most entries of a list
	Words    int             `json:"words,omitempty"`    // most words of a text or of one entry of a list
	Chars    int             `json:"chars,omitempty"`    // most characters of the same
	Proof    Proof           `json:"proof,omitempty"`    // what buyers should want to see; Stated when empty
	When     *Condition      `json:"when,omitempty"`     // asked only then
	Label    models.Text     `json:"label"`
	Help     models.Text     `json:"help"` // one sentence
	Options  []Option        `json:"options,omitempty"`
}

// AnswerType says what kind of value answers a question, and so how the value is
// written in [Answer].
type AnswerType string

// The types of answer.
const (
	TypeYesNo       AnswerType = "yes_no"      // "yes" or "no"
	TypeChoice      AnswerType = "choice"      // id of one option
	TypeOrdered     AnswerType = "ordered"     // id of one option; they go from worst to best
	TypeMany        AnswerType = "many"        // ids of options
	TypeNumber      AnswerType = "number"      // "12.5", in the question's unit
	TypePercent     AnswerType = "percent"     // "99.9"
	TypeDuration    AnswerType = "duration"    // "30", whole, in the question's unit
	TypeMoney       AnswerType = "money"       // "1200.00 EUR"
	TypeCountries   AnswerType = "countries"   // ISO 3166-1 alpha-2
	TypeLanguages   AnswerType = "languages"   // ISO 639-1
	TypeDate        AnswerType = "date"        // "2026-03-05"
	TypeCertificate AnswerType = "certificate" // its number, or "no" for none; Issuer and Until say the rest
	TypeDocument    AnswerType = "document"    // absolute http(s) address
	TypeText        AnswerType = "text"        // one entry of Words a language
	TypeList        AnswerType = "list"        // entries of Words
)

// Words that stand for yes and no among an answer's values.
const (
	Yes = "yes"
	No  = "no"
)

// Ask says of whom a question is asked first.
type Ask string

// Core questions are put to every vendor; the others are there for those who have
// more to say.
const Core Ask = "core"

// Condition is met when another question, an earlier one, is answered with one of
// the values.
type Condition struct {
	Question string   `json:"q"`
	Is       []string `json:"is"`
}

// Option is one of the answers that can be chosen.
type Option struct {
	ID    string      `json:"id"`
	Names models.Text `json:"names"`
	Weak  bool        `json:"weak,omitempty"` // says too little to be a filter: "other"
}

// Unit is what a price or an answer counts.
type Unit struct {
	ID    string               `json:"id"`
	Names map[string]UnitWords `json:"names"`          // by language
	Flow  bool                 `json:"flow,omitempty"` // so many a month, not so many at any time
	Time  bool                 `json:"time,omitempty"` // measures time: durations are in it
}

// UnitWords are the forms of a unit's name that stand after a number.
type UnitWords struct {
	One  string `json:"one"`
	Many string `json:"many"`
}

// Category is a node of the tree that services are sorted into.
type Category struct {
	Slug    string      `json:"slug"`
	Parent  string      `json:"parent,omitempty"` // slug; "" at the top
	CPV     []string    `json:"cpv,omitempty"`    // codes a buyer would use for it, the best first
	FedRAMP []string    `json:"fedramp,omitempty"`
	Names   models.Text `json:"names"`
	Text    models.Text `json:"text"` // Markdown, one paragraph
}

// Question returns the question with this id.
func (s *Schema) Question(id string) (Question, bool) {
	i, ok := s.question[id]
	if !ok {
		return Question{}, false
	}
	return s.Questions[i], true
}

// Category returns the category with this slug.
func (s *Schema) Category(slug string) (Category, bool) {
	i, ok := s.category[slug]
	if !ok {
		return Category{}, false
	}
	return s.Categories[i], true
}

// Unit returns the unit with this id.
func (s *Schema) Unit(id string) (Unit, bool) {
	i, ok := s.unit[id]
	if !ok {
		return Unit{}, false
	}
	return s.Units[i], true
}

// Children returns the categories right below this one, or the top ones for "".
func (s *Schema) Children(slug string) []Category {
	var below []Category
	for _, c := range s.Categories {
		if c.Parent == slug {
			below = append(below, c)
		}
	}
	return below
}

// Path returns the categories from the top down to this one, itself included;
// nothing when there is no such category.
func (s *Schema) Path(slug string) []Category {
	var path []Category
	for c, ok := s.Category(slug); ok; c, ok = s.Category(c.Parent) {
		path = append(path, c)
	}
	slices.Reverse(path)
	return path
}

// Below returns the slugs of the category and of everything under it, in the order
// of the file; nothing when there is no such category.
func (s *Schema) Below(slug string) []string {
	var slugs []string
	for _, c := range s.Categories { // parents come first
		if c.Slug == slug || slices.Contains(slugs, c.Parent) {
			slugs = append(slugs, c.Slug)
		}
	}
	return slugs
}

// FedRAMP returns the slug of the category for a business function of the FedRAMP
// marketplace, such as "Accounting".
func (s *Schema) FedRAMP(function string) (slug string, ok bool) {
	slug, ok = s.fedramp[function]
	return slug, ok
}

// Missing returns the required questions that c does not answer, or answers with
// "unknown". Questions whose condition is not met are left out.
func (s *Schema) Missing(c Content) []Question {
	answers := byQuestion(c.Answers)
	var missing []Question
	for _, q := range s.Questions {
		if q.Required && q.asked(answers) && !answers[q.ID].Known() {
			missing = append(missing, q)
		}
	}
	return missing
}

// Asked returns the questions that are asked of a listing that says what c says: those
// without a condition, and those whose condition is met.
func (s *Schema) Asked(c Content) []Question {
	answers := byQuestion(c.Answers)
	var asked []Question
	for _, q := range s.Questions {
		if q.asked(answers) {
			asked = append(asked, q)
		}
	}
	return asked
}

// asked reports whether the question's condition is met.
func (q *Question) asked(answers map[string]Answer) bool {
	if q.When == nil {
		return true
	}
	return slices.ContainsFunc(answers[q.When.Question].Values, func(v string) bool {
		return slices.Contains(q.When.Is, v)
	})
}

// Option returns the option with this id.
func (q *Question) Option(id string) (Option, bool) {
	if i := q.Rank(id); i >= 0 {
		return q.Options[i], true
	}
	return Option{}, false
}

// Rank returns the place of an option, from 0; of an ordered question, more is
// better. It is -1 for an id that is no option.
func (q *Question) Rank(id string) int {
	return slices.IndexFunc(q.Options, func(o Option) bool { return o.ID == id })
}
