package views

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io/fs"

	"pilveturg/models"
)

// facts are what written pages may ask for, so that they stay true.
type facts struct {
	Site      Site
	Statement statement
	views     *Views
}

// Date writes a day in the language of the page.
func (f facts) Date(d models.Date) string { return f.views.Locale.Date(d) }

// Words picks the words in the language of the page.
func (f facts) Words(t models.Text) string {
	words, _ := t.Pick(f.views.Locale.Tag)
	return words
}

// URL is the address of a path in the language of the page.
func (f facts) URL(path string) string { return f.views.url(path) }

// statement is what the accessibility statement says: content/accessibility.json,
// changed whenever a check finds or settles something.
type statement struct {
	Standards []string      `json:"standards"`
	Checked   models.Date   `json:"checked"` // the day of the last check
	Method    []models.Text `json:"method"`
	Fails     []failure     `json:"fails"`       // what does not meet the standards
	Untested  []models.Text `json:"untested"`    // what nobody has tried yet
	Answer    int           `json:"answer_days"` // working days until we answer
	Authority authority     `json:"authority"`
}

// failure is a criterion that is not met, and where.
type failure struct {
	Criterion string      `json:"criterion"`
	What      models.Text `json:"what"`
	Instead   models.Text `json:"instead"` // how to get by
}

// authority is who sees to it that the law is kept.
type authority struct {
	Name models.Text `json:"name"`
	URL  string      `json:"url"`
}

func readStatement(fsys fs.FS) (statement, error) {
	b, err := fs.ReadFile(fsys, "content/accessibility.json")
	if err != nil {
		return statement{}, err
	}
	d := json.NewDecoder(bytes.NewReader(b))
	d.DisallowUnknownFields()
	var s statement
	if err := d.Decode(&s); err != nil {
		return statement{}, fmt.Errorf("content/accessibility.json: %w", err)
	}
	return s, nil
}
