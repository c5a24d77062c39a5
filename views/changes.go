package views

// ChangesPage lists the versions of a service, and what is different in one of
// them from another.
type ChangesPage struct {
	Shell
	Service  Link
	Heading  string
	Releases []Release // the newest first
	Alone    string    // said instead of the rest when there is one version only
	Action   string    // where the choice of two versions leads
	From, To Select
	Diff     *Diff // nil when there is one version only
}

func (ChangesPage) template() string { return "changes" }

// Diff is what two versions do not have alike.
type Diff struct {
	Title string
	Same  string // said when nothing is different
	Head  Head
	Rows  []Change
	Texts []TextChange // long texts, line by line
}

// TextChange is a text of several lines, as it was and as it is.
type TextChange struct {
	ID, Field string
	Lang      string // of both texts; "" when it is that of the page
	Lines     []TextLine
}

// TextLine is a line of a text that was taken out, put in, or left as it was.
type TextLine struct {
	Text    string
	Out, In bool
}
