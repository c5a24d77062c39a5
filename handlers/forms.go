package handlers

import (
	"errors"
	"fmt"
	"maps"
	"slices"

	"pilveturg/handlers/web"
	"pilveturg/models"
	"pilveturg/views"
)

// filled is a form with what was typed into it and what is wrong with that. Its inputs
// are made in the order in which they are shown, and their problems are listed in it.
type filled struct {
	speaker
	reader models.Actor
	typed  func(field string) string
	chosen func(field string) []string
	wrong  models.Invalid
	words  map[string]string // what is wrong, worded already, by field
	errors []views.FieldError
}

// posted is the form of a request, with what is wrong with it.
func (s *Site) posted(r *web.Request, wrong models.Invalid) *filled {
	return &filled{speaker: s.speaker(r.Lang), reader: r.Actor, typed: r.Form, chosen: r.Forms, wrong: wrong}
}

// fresh is a form that nobody has filled in; values stand in it from the beginning.
func (s *Site) fresh(r *web.Request, values map[string]string) *filled {
	typed := func(field string) string { return values[field] }
	return &filled{speaker: s.speaker(r.Lang), reader: r.Actor, typed: typed, chosen: func(string) []string { return nil }}
}

// begin has a value stand in a field into which nothing is typed.
func (f *filled) begin(field, value string) {
	typed := f.typed
	f.typed = func(name string) string {
		if text := typed(name); text != "" || name != field {
			return text
		}
		return value
	}
}

// problem is what is wrong with an input, in words; "" when nothing is.
func (f *filled) problem(name string) string {
	message := f.words[name]
	if key := f.wrong[name]; message == "" && key != "" {
		message = f.T(key)
	}
	if message == "" {
		return ""
	}
	f.errors = append(f.errors, views.FieldError{Field: name, Message: message})
	return message
}

// field is a text field. Passwords are never sent back.
func (f *filled) field(in views.Field) views.Input {
	in.ID, in.Error = in.Name, f.problem(in.Name)
	if in.Kind != "password" {
		in.Value = f.typed(in.Name)
	}
	return views.Input{Field: &in}
}

// mail is the field for a mailbox.
func (f *filled) mail(hint string) views.Input {
	return f.field(views.Field{Name: "mail", Label: f.T("form.mail"), Hint: hint, Kind: "email", Fill: "username", Width: "w30", Needed: true})
}

// name is the field for what a person is called.
func (f *filled) name() views.Input {
	return f.field(views.Field{Name: "name", Label: f.T("form.name"), Fill: "name", Width: "w30", Needed: true})
}

// password is the field for a password; fill is what a browser may put there.
func (f *filled) password(name, label, hint, fill string) views.Input {
	return f.field(views.Field{Name: name, Label: label, Hint: hint, Kind: "password", Fill: fill, Width: "w30", Needed: true})
}

// newPassword is the field for a new one.
func (f *filled) newPassword() views.Input {
	return f.password("password", f.T("form.new_password"), f.T("form.password_hint"), "new-password")
}

// area is a field for several lines.
func (f *filled) area(in views.Area) views.Input {
	in.ID, in.Value = in.Name, f.typed(in.Name)
	if problem := f.problem(in.Name); problem != "" {
		in.Errors = []string{problem}
	}
	return views.Input{Area: &in}
}

// choose is a list to choose one from.
func (f *filled) choose(in views.Select) views.Input {
	in.ID, in.Error = in.Name, f.problem(in.Name)
	for i, o := range in.Options {
		in.Options[i].Chosen = o.Value == f.typed(in.Name)
	}
	return views.Input{Select: &in}
}

// languages is the list of the languages of the site.
func (s *Site) languages(f *filled, label string) views.Input {
	in := views.Select{Name: "language", Label: label}
	for _, lang := range s.Langs {
		in.Options = append(in.Options, views.Option{Value: lang, Text: f.Language(lang)})
	}
	return f.choose(in)
}

// page is a page of a person around the form. What is wrong without an input of its
// own is said as well.
func (f *filled) page(title string, crumbs ...views.Link) views.Shell {
	s := f.shell("", title, append([]views.Link{f.home()}, crumbs...)...)
	s.NoIndex, s.Errors = true, f.errors
	shown := map[string]bool{}
	for _, e := range f.errors {
		shown[e.Field] = true
	}
	for _, field := range f.wrong.Fields() {
		if !shown[field] {
			s.Errors = append(s.Errors, views.FieldError{Message: f.T(f.wrong[field])})
		}
	}
	for _, field := range slices.Sorted(maps.Keys(f.words)) {
		if !shown[field] {
			s.Errors = append(s.Errors, views.FieldError{Message: f.words[field]})
		}
	}
	return s
}

// invalid is what is wrong with what was typed, when that is what err says.
func invalid(err error) (models.Invalid, bool) {
	var wrong models.Invalid
	return wrong, errors.As(err, &wrong)
}

// both is what two checks say is wrong. It fails with what is no such word.
func both(first, second error) (models.Invalid, error) {
	all := models.Invalid{}
	for _, err := range []error{first, second} {
		wrong, ok := invalid(err)
		if err != nil && !ok {
			return nil, fmt.Errorf("check what was typed: %w", err)
		}
		for field, key := range wrong {
			all[field] = key
		}
	}
	return all, nil
}

// isConflict reports whether somebody, or the state of a thing, was in the way.
func isConflict(err error) bool { return errors.Is(err, models.ErrConflict) }
