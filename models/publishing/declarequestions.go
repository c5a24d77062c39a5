package publishing

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"unicode/utf8"

	"pilveturg/models"
)

// Verdict is what the rules say of an answer, or of a whole declaration.
type Verdict string

// The verdicts, the best first.
const (
	Pass Verdict = "pass"
	Look Verdict = "look" // a moderator has to look at it
	Fail Verdict = "fail" // the law leaves no choice
)

// worseOf returns the worseOf of two verdicts; nothing said yet is the best.
func worseOf(a, b Verdict) Verdict {
	order := []Verdict{"", Pass, Look, Fail}
	if slices.Index(order, a) > slices.Index(order, b) {
		return a
	}
	return b
}

// Questionnaire is what vendors are asked about themselves: the content of
// catalogue/declaration.json. It does not change.
type Questionnaire struct {
	Sections  []DeclarationSection  `json:"sections"`
	Questions []DeclarationQuestion `json:"questions"` // in the order in which they are asked
}

// DeclarationSection is a group of questions that is saved by itself.
type DeclarationSection struct {
	ID    string      `json:"id"`
	Names models.Text `json:"names"`
	Text  models.Text `json:"text"` // what all its questions ask about
}

// The types of a [DeclarationQuestion].
const (
	AsksYesNo  = "yes_no"
	AsksChoice = "choice"
	AsksWords  = "words"
)

// DeclarationQuestion is one question with the rules by which its answer is judged.
type DeclarationQuestion struct {
	ID      string              `json:"id"`
	Section string              `json:"section"`
	Type    string              `json:"type"`
	Label   models.Text         `json:"label"`
	Help    models.Text         `json:"help,omitempty"`
	Law     models.Text         `json:"law,omitempty"` // the articles that it stands on
	Options []DeclarationOption `json:"options,omitempty"`
	Explain []string            `json:"explain,omitempty"` // options that need words besides
	Longest int                 `json:"longest,omitempty"` // characters of an answer in words
	When    *DeclarationWhen    `json:"when,omitempty"`    // asked only then; nil: always
}

// DeclarationOption is an answer to choose, and what the rules say of it.
type DeclarationOption struct {
	ID      string      `json:"id"`
	Names   models.Text `json:"names"`
	Verdict Verdict     `json:"verdict"`
	Reason  models.Text `json:"reason,omitempty"` // why; needed unless it passes
}

// DeclarationWhen is met when one of the questions has one of the answers.
type DeclarationWhen struct {
	Questions []string `json:"questions"`
	Is        []string `json:"is"`
}

// LongestExplanation is how many characters an explanation may have.
const LongestExplanation = 4000

// LoadQuestionnaire reads declaration.json from the root of fsys. The error lists all
// that is wrong in it: ids that come twice, words that are missing in Estonian or
// English, verdicts without a reason, and references to what does not stand before.
func LoadQuestionnaire(fsys fs.FS) (*Questionnaire, error) {
	f, err := fsys.Open("declaration.json")
	if err != nil {
		return nil, fmt.Errorf("declaration: %w", err)
	}
	defer f.Close()
	d := json.NewDecoder(f)
	d.DisallowUnknownFields()
	q := &Questionnaire{}
	if err := d.Decode(q); err != nil {
		return nil, fmt.Errorf("declaration.json: %w", err)
	}
	return q, errors.Join(q.faults()...)
}

func (q *Questionnaire) faults() (faults []error) {
	fault := func(is bool, format string, args ...any) {
		if is {
			faults = append(faults, fmt.Errorf("declaration.json: "+format, args...))
		}
	}
	told := func(t models.Text) bool { return t["et"] != "" && t["en"] != "" }
	seen := map[string]bool{}
	for _, s := range q.Sections {
		fault(seen[s.ID] || s.ID == "", "section %q comes twice, or has no id", s.ID)
		fault(!told(s.Names) || !told(s.Text), "section %q lacks words", s.ID)
		seen[s.ID] = true
	}
	asked := map[string]bool{}
	for _, one := range q.Questions {
		fault(asked[one.ID] || one.ID == "", "question %q comes twice, or has no id", one.ID)
		fault(!seen[one.Section], "question %q is in no section", one.ID)
		fault(!told(one.Label), "question %q lacks words", one.ID)
		fault((one.Type == AsksWords) != (len(one.Options) == 0), "question %q: options do not go with the type %q", one.ID, one.Type)
		fault(one.Type == AsksWords && one.Longest <= 0, "question %q has no length", one.ID)
		fault(!slices.Contains([]string{AsksYesNo, AsksChoice, AsksWords}, one.Type), "question %q is of no type", one.ID)
		for _, o := range one.Options {
			fault(!told(o.Names), "question %q: option %q lacks words", one.ID, o.ID)
			fault(!slices.Contains([]Verdict{Pass, Look, Fail}, o.Verdict), "question %q: option %q has no verdict", one.ID, o.ID)
			fault(o.Verdict != Pass && !told(o.Reason), "question %q: option %q has no reason", one.ID, o.ID)
		}
		for _, id := range one.Explain {
			_, ok := one.Option(id)
			fault(!ok, "question %q: there is no option %q to explain", one.ID, id)
		}
		if one.When != nil {
			for _, before := range one.When.Questions {
				fault(!asked[before], "question %q: %q does not stand before it", one.ID, before)
			}
		}
		asked[one.ID] = true
	}
	return faults
}

// Section returns the section with this id.
func (q *Questionnaire) Section(id string) (DeclarationSection, bool) {
	i := slices.IndexFunc(q.Sections, func(s DeclarationSection) bool { return s.ID == id })
	if i < 0 {
		return DeclarationSection{}, false
	}
	return q.Sections[i], true
}

// Of returns the questions of a section that are asked beside these answers.
func (q *Questionnaire) Of(section string, answers map[string]Declared) []DeclarationQuestion {
	var list []DeclarationQuestion
	for _, one := range q.Questions {
		if one.Section == section && one.asked(answers) {
			list = append(list, one)
		}
	}
	return list
}

// asked reports whether the question is asked beside the answers.
func (q *DeclarationQuestion) asked(answers map[string]Declared) bool {
	return q.When == nil || slices.ContainsFunc(q.When.Questions, func(id string) bool {
		return slices.Contains(q.When.Is, answers[id].Value)
	})
}

// Option returns the option with this id.
func (q *DeclarationQuestion) Option(id string) (DeclarationOption, bool) {
	i := slices.IndexFunc(q.Options, func(o DeclarationOption) bool { return o.ID == id })
	if i < 0 {
		return DeclarationOption{}, false
	}
	return q.Options[i], true
}

// Fields of the form of a section are named by what they hold and the question.
const (
	FieldChosen    = "a_" // the option
	FieldWords     = "w_" // the words
	FieldConfirmed = "c_" // that last year's answer still holds
)

// problems says what is still to be done in a section, by the field of its form.
func (q *Questionnaire) problems(section string, answers map[string]Declared) models.Invalid {
	wrong := models.Invalid{}
	for _, one := range q.Of(section, answers) {
		a := answers[one.ID]
		if _, ok := one.Option(a.Value); !ok && one.Type != AsksWords {
			wrong[FieldChosen+one.ID] = "declaration.missing"
			continue
		}
		longest := LongestExplanation
		if one.Type == AsksWords {
			longest = one.Longest
		}
		blank := strings.TrimSpace(a.Words) == ""
		switch {
		case blank && one.Type == AsksWords:
			wrong[FieldWords+one.ID] = "declaration.missing"
		case blank && slices.Contains(one.Explain, a.Value):
			wrong[FieldWords+one.ID] = "declaration.words_missing"
		case utf8.RuneCountInString(a.Words) > longest:
			wrong[FieldWords+one.ID] = "declaration.words_long"
		case a.Reused:
			wrong[FieldConfirmed+one.ID] = "declaration.unconfirmed"
		}
	}
	return wrong
}

// Done reports whether nothing is to be done any more in a section.
func (q *Questionnaire) Done(section string, answers map[string]Declared) bool {
	return len(q.problems(section, answers)) == 0
}

// Judged is what the rules say of one answer.
type Judged struct {
	Question DeclarationQuestion
	Answer   Declared
	Verdict  Verdict     // "" when it is not answered
	Reason   models.Text // why; empty for what passes
}

// Judge judges the answers to all questions that are asked beside each other, and all
// of them together: as the worst of them.
func (q *Questionnaire) Judge(answers map[string]Declared) (list []Judged, all Verdict) {
	for _, one := range q.Questions {
		if !one.asked(answers) {
			continue
		}
		j := Judged{Question: one, Answer: answers[one.ID]}
		o, ok := one.Option(j.Answer.Value)
		switch {
		case ok:
			j.Verdict, j.Reason = o.Verdict, o.Reason
		case one.Type == AsksWords && strings.TrimSpace(j.Answer.Words) != "":
			j.Verdict = Pass
		}
		all = worseOf(all, j.Verdict)
		list = append(list, j)
	}
	return list, all
}
