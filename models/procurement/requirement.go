package procurement

import (
	"slices"
	"strings"
	"unicode/utf8"

	"pilveturg/models"
	"pilveturg/models/catalogue"
	"pilveturg/models/search"
)

// Force says how much a requirement binds.
type Force string

// The forces, the strongest first.
const (
	Must   Force = "must" // what does not meet it is out
	Should Force = "should"
	Wish   Force = "wish"
)

// Forces are all of them.
func Forces() []Force { return []Force{Must, Should, Wish} }

// Way says how a requirement is checked.
type Way string

// The ways.
const (
	ByAnswer        Way = "answer"        // what a listing answers to a [Subject]
	ByDocument      Way = "document"      // that the vendor shows
	ByQuestion      Way = "question"      // to the vendors
	ByDemonstration Way = "demonstration" // of the service
)

// Ways are all of them.
func Ways() []Way { return []Way{ByAnswer, ByDocument, ByQuestion, ByDemonstration} }

// Limits of a project's requirements.
const (
	MostRequirements = 60
	MaxWords         = 500 // characters
	MaxWeight        = 100
)

// Requirement is something that a project asks of a service.
type Requirement struct {
	ID        int64    `db:"id"`
	ProjectID int64    `db:"project_id"`
	Position  int      `db:"position"`
	Force     Force    `db:"force"`
	Words     string   `db:"words"`
	Weight    int      `db:"weight"` // 0 to 100
	Way       Way      `db:"way"`
	Subject   string   `db:"subject"` // id, when it is checked by an answer
	Operator  Operator `db:"operator"`
	Wanted    string   `db:"wanted"` // canonical values, semicolons between
	Why       string   `db:"why"`    // who asked for it
	Revision  int64    `db:"revision"`
}

// Values are the values that are wanted.
func (q *Requirement) Values() []string {
	if q.Wanted == "" {
		return nil
	}
	return strings.Split(q.Wanted, ";")
}

// asks is equal for requirements that ask the same.
func (q *Requirement) asks() string {
	if q.Way == ByAnswer {
		return q.Subject + " " + string(q.Operator) + " " + q.Wanted
	}
	return string(q.Way) + ": " + strings.Join(strings.Fields(strings.ToLower(q.Words)), " ")
}

// Check says what is wrong with a requirement, as [models.Invalid] under the names of
// its fields, or nil. It tidies the words.
func (q *Requirement) Check(s *catalogue.Schema) error {
	wrong := models.Invalid{}
	q.Words, q.Why = strings.Join(strings.Fields(q.Words), " "), strings.Join(strings.Fields(q.Why), " ")
	switch n := utf8.RuneCountInString(q.Words); {
	case n == 0:
		wrong["words"] = "requirement.words_missing"
	case n > MaxWords:
		wrong["words"] = "requirement.words_long"
	}
	if utf8.RuneCountInString(q.Why) > MaxWords {
		wrong["why"] = "requirement.words_long"
	}
	if !slices.Contains(Forces(), q.Force) {
		wrong["force"] = "requirement.force_missing"
	}
	if q.Weight < 0 || q.Weight > MaxWeight {
		wrong["weight"] = "requirement.weight_wrong"
	}
	switch {
	case !slices.Contains(Ways(), q.Way):
		wrong["way"] = "requirement.way_missing"
	case q.Way != ByAnswer:
		q.Subject, q.Operator, q.Wanted = "", "", ""
	default:
		q.checkAnswer(s, wrong)
	}
	return wrong.Or()
}

func (q *Requirement) checkAnswer(s *catalogue.Schema, wrong models.Invalid) {
	subject, ok := FindSubject(s, q.Subject)
	if !ok {
		wrong["subject"] = "requirement.subject_missing"
		return
	}
	if !slices.Contains(subject.Operators, q.Operator) {
		wrong["operator"] = "requirement.operator_wrong"
	}
	wanted, ok := subject.Read(s, q.Wanted)
	switch {
	case strings.TrimSpace(q.Wanted) == "":
		wrong["wanted"] = "requirement.wanted_missing"
	case !ok:
		wrong["wanted"] = "requirement.wanted_wrong"
	case len(wanted) > 1 && !q.Operator.Several():
		wrong["wanted"] = "requirement.wanted_one"
	default:
		q.Wanted = strings.Join(wanted, ";")
	}
}

// Demand is what search counts for the requirement; false when no listing answers it.
func (q *Requirement) Demand() (d search.Demand, ok bool) {
	if q.Way != ByAnswer {
		return d, false
	}
	d = search.Demand{Key: q.Subject, Must: q.Force == Must}
	values := q.Values()
	number, _, _ := strings.Cut(q.Wanted, " ") // of an amount of money
	n, err := models.ParseDecimal(number)
	switch {
	case err == nil && q.Operator == AtMost:
		d.Max = &n
	case err == nil && q.Operator == AtLeast:
		d.Min = &n
	default:
		d.Values, d.Every = values, q.Operator == HasAll
	}
	return d, true
}
