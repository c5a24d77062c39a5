package procurement

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"

	"pilveturg/models"
	"pilveturg/models/catalogue"
)

// Template is what bodies usually ask of the services of a category. It is data, read
// by [LoadTemplates], and never changes after that.
type Template struct {
	Category     string      `json:"category"` // slug of a category at the top
	Requirements []Suggested `json:"requirements"`
}

// Suggested is a requirement of a [Template].
type Suggested struct {
	Force    Force       `json:"force"`
	Words    models.Text `json:"words"`
	Why      models.Text `json:"why,omitempty"`
	Weight   int         `json:"weight"`
	Way      Way         `json:"way"`
	Subject  string      `json:"subject,omitempty"`
	Operator Operator    `json:"operator,omitempty"`
	Wanted   []string    `json:"wanted,omitempty"`
}

// LoadTemplates reads templates.json from the root of fsys. It refuses fields it does
// not know, categories that are not at the top or come twice, words missing in
// Estonian or English, and requirements that [Requirement.Check] does; the error lists
// everything found wrong.
func LoadTemplates(fsys fs.FS, s *catalogue.Schema) ([]Template, error) {
	f, err := fsys.Open("templates.json")
	if err != nil {
		return nil, fmt.Errorf("templates: %w", err)
	}
	defer f.Close()
	var file struct {
		Templates []Template `json:"templates"`
	}
	d := json.NewDecoder(f)
	d.DisallowUnknownFields()
	if err := d.Decode(&file); err != nil {
		return nil, fmt.Errorf("templates: %w", err)
	}
	var faults []error
	for i, t := range file.Templates {
		twice := slices.ContainsFunc(file.Templates[:i], func(o Template) bool { return o.Category == t.Category })
		if c, ok := s.Category(t.Category); !ok || c.Parent != "" || twice {
			faults = append(faults, fmt.Errorf("template %q: no category at the top, or twice", t.Category))
		}
		faults = append(faults, t.check(s)...)
	}
	return file.Templates, errors.Join(faults...)
}

func (t *Template) check(s *catalogue.Schema) (faults []error) {
	for _, lang := range []string{"et", "en"} {
		var asked []string
		for i, q := range t.In(lang) {
			if t.Requirements[i].Words[lang] == "" || len(t.Requirements[i].Why) > 0 && t.Requirements[i].Why[lang] == "" {
				faults = append(faults, fmt.Errorf("template %s, requirement %d: no words in %s", t.Category, i+1, lang))
				continue
			}
			wanted := q.Wanted
			if err := q.Check(s); err != nil || q.Wanted != wanted {
				faults = append(faults, fmt.Errorf("template %s, requirement %d: %w (%q)", t.Category, i+1, err, q.Wanted))
			}
			if slices.Contains(asked, q.asks()) {
				faults = append(faults, fmt.Errorf("template %s, requirement %d asks what an earlier one does", t.Category, i+1))
			}
			asked = append(asked, q.asks())
		}
	}
	return faults
}

// In returns the requirements in a language.
func (t *Template) In(lang string) []Requirement {
	all := make([]Requirement, len(t.Requirements))
	for i, q := range t.Requirements {
		words, _ := q.Words.Pick(lang)
		why, _ := q.Why.Pick(lang)
		all[i] = Requirement{Force: q.Force, Words: words, Why: why, Weight: q.Weight, Way: q.Way, Subject: q.Subject, Operator: q.Operator, Wanted: strings.Join(q.Wanted, ";")}
	}
	return all
}

// TemplateFor returns the template of a category, or of the one it is below; false
// when there is none.
func TemplateFor(all []Template, s *catalogue.Schema, category string) (Template, bool) {
	for _, c := range s.Path(category) {
		if i := slices.IndexFunc(all, func(t Template) bool { return t.Category == c.Slug }); i >= 0 {
			return all[i], true
		}
	}
	return Template{}, false
}
