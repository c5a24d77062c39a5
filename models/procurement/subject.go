package procurement

import (
	"slices"
	"strings"

	"pilveturg/models"
	"pilveturg/models/catalogue"
	"pilveturg/models/search"
)

// The subjects that are no question of the schema.
const (
	SubjectPrice = search.DemandPrice   // euros a year for the volume of the project
	SubjectArea  = search.GroupDataArea // all data is kept within it
)

// Operator says how an answer is compared with what is wanted.
type Operator string

// The operators.
const (
	Is      Operator = "is"
	OneOf   Operator = "one_of"
	HasAll  Operator = "has_all"
	AtLeast Operator = "at_least" // of an ordered question: this option or a better one
	AtMost  Operator = "at_most"
)

// Subject is something that listings answer and requirements may ask for.
type Subject struct {
	ID        string             // of the question, [SubjectPrice] or [SubjectArea]
	Question  catalogue.Question // zero when it is none
	Operators []Operator         // that make sense, the usual one first
	Values    []string           // to choose from; nil when they are numbers or codes
}

// Subjects are all of them: price and area first, then the questions by which buyers
// filter, in the order of the schema.
func Subjects(s *catalogue.Schema) []Subject {
	all := []Subject{{ID: SubjectPrice, Operators: []Operator{AtMost}}, {ID: SubjectArea, Operators: []Operator{Is}, Values: []string{"eu", "eea"}}}
	for _, q := range s.Questions {
		if !q.Filter {
			continue
		}
		if one := (Subject{ID: q.ID, Question: q}); one.settle() {
			all = append(all, one)
		}
	}
	return all
}

// FindSubject returns the subject with this id.
func FindSubject(s *catalogue.Schema, id string) (Subject, bool) {
	all := Subjects(s)
	i := slices.IndexFunc(all, func(one Subject) bool { return one.ID == id })
	if i < 0 {
		return Subject{}, false
	}
	return all[i], true
}

// settle says what can be asked of answers of the type; false when nothing can.
func (s *Subject) settle() bool {
	switch s.Question.Type {
	case catalogue.TypeYesNo:
		s.Operators, s.Values = []Operator{Is}, []string{catalogue.Yes, catalogue.No}
	case catalogue.TypeOrdered:
		s.Operators, s.Values = []Operator{AtLeast}, s.options()
	case catalogue.TypeChoice:
		s.Operators, s.Values = []Operator{OneOf}, s.options()
	case catalogue.TypeMany:
		s.Operators, s.Values = []Operator{HasAll, OneOf}, s.options()
	case catalogue.TypeCountries, catalogue.TypeLanguages:
		s.Operators = []Operator{HasAll, OneOf}
	case catalogue.TypeNumber, catalogue.TypePercent, catalogue.TypeDuration, catalogue.TypeMoney:
		s.Operators = []Operator{AtMost, AtLeast}
		if s.more() {
			s.Operators = []Operator{AtLeast, AtMost}
		}
	case catalogue.TypeCertificate:
		s.Operators, s.Values = []Operator{Is}, []string{search.CertificateValid}
	case catalogue.TypeDocument:
		s.Operators, s.Values = []Operator{Is}, []string{catalogue.Yes}
	default:
		return false
	}
	return true
}

// more reports whether buyers usually want a large number.
func (s *Subject) more() bool {
	return slices.Contains([]string{"availability", "log_months", "trial_days"}, s.ID)
}

func (s *Subject) options() []string {
	var ids []string
	for _, o := range s.Question.Options {
		if !o.Weak || s.Question.Type == catalogue.TypeOrdered {
			ids = append(ids, o.ID)
		}
	}
	return ids
}

// Several reports whether more than one value may be wanted with the operator.
func (o Operator) Several() bool { return o == OneOf || o == HasAll }

// Read reads what somebody wants as it was typed, values with semicolons between: ids
// or names of options, numbers with or without their unit, codes. It returns the
// canonical values, sorted; false when that is not clear.
func (s *Subject) Read(schema *catalogue.Schema, typed string) (wanted []string, ok bool) {
	typed = strings.TrimSpace(typed)
	switch {
	case typed == "":
		return nil, false
	case s.ID == SubjectPrice:
		d, err := models.ParseDecimal(euros(typed))
		return []string{d.String()}, err == nil && d.Sign() >= 0 && d.Places() <= 2
	case s.ID == SubjectArea, s.Question.Type == catalogue.TypeCertificate, s.Question.Type == catalogue.TypeDocument:
		v := strings.ToLower(typed)
		if len(s.Values) == 1 && slices.Contains([]string{"yes", "jah", "valid", "kehtiv"}, v) {
			v = s.Values[0]
		}
		return []string{v}, slices.Contains(s.Values, v)
	}
	wanted, err := schema.Canonical(s.ID, typed)
	if err != nil || len(wanted) == 0 {
		return nil, false
	}
	for _, v := range wanted {
		if s.Values != nil && !slices.Contains(s.Values, v) || s.Question.Type == catalogue.TypeMoney && !strings.HasSuffix(v, " "+search.Currency) {
			return nil, false
		}
	}
	slices.Sort(wanted)
	return slices.Compact(wanted), true
}

// euros leaves the number of an amount of euros, as people write it in either language.
func euros(typed string) string {
	typed = strings.NewReplacer(" ", "", "\u00a0", "", "\u202f", "", "€", "", "EUR", "").Replace(typed)
	whole, cents, _ := strings.Cut(typed, ",")
	if strings.Contains(typed, ".") || len(cents) > 2 || cents == "" && strings.Contains(typed, ",") {
		return typed
	}
	if cents != "" {
		return whole + "." + cents
	}
	return whole
}
