package views

import "slices"

// Input is one thing to fill in: exactly one of its fields is set.
type Input struct {
	Field   *Field
	Area    *Area
	Select  *Select
	Choices *Choices
	File    *FileField
}

// FileField is where a file is chosen that the form brings.
type FileField struct {
	ID, Name, Label, Hint, Error string
	Accept                       string // what browsers offer first: names' ends and media types, with commas between
	Needed                       bool
}

// Describe lists the elements that explain the field, for aria-describedby.
func (f FileField) Describe() string { return describe(f.ID, f.Hint, f.Error) }

// Form is a form that posts, shown with {{template "form" .}}.
type Form struct {
	Action string // where to
	Hidden []Hidden
	Inputs []Input
	Button string
	Stop   bool // what the button does is not undone
}

// Brings reports whether the form brings a file.
func (f Form) Brings() bool {
	return slices.ContainsFunc(f.Inputs, func(in Input) bool { return in.File != nil })
}

// FormPage is a page with one form, or a passkey in its place.
type FormPage struct {
	Shell
	Heading string
	Text    []string // before the form, in paragraphs
	Facts   []Row    // before the form
	Notices []Notice
	Form    Form         // none when it has no action
	Passkey *PasskeyForm // instead of it, or nil
	Others  *Providers   // after them, or nil
	Links   []Link       // after it
}

func (FormPage) template() string { return "form" }

// MessagePage says what happened, and where to go on.
type MessagePage struct {
	Shell
	Heading string
	Text    []string // in paragraphs
	Links   []Link
}

func (MessagePage) template() string { return "message" }
