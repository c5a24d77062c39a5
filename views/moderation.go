package views

// ModerationPage shows those who decide what waits for them, and what went live
// without them.
type ModerationPage struct {
	Shell
	Notices []Notice
	Tabs    []Option // links to the queues; Value is the address
	Facts   []Row    // what is promised, and how it is kept
	Found   string   // "3 listings wait", above Waiting
	Waiting Table
	Lived   string // the same of Live
	Live    Table  // what went live at once
}

func (ModerationPage) template() string { return "moderation" }

// SubmissionPage shows what a vendor sent, and the form to decide about it.
type SubmissionPage struct {
	Shell
	Heading string
	Tags    []Tag
	Notices []Notice
	Tabs    []Option
	Facts   []Row
	Links   []Link
	Risks   []Words // why it waits; none when it did not have to
	Diff    *Diff
	Checks  []Row     // what was found without anybody looking at it
	Decide  *Deciding // nil when there is nothing to decide
	Trail   *Trail
}

func (SubmissionPage) template() string { return "submission" }

// Deciding is a form with several buttons, each of which decides otherwise.
type Deciding struct {
	Action  string
	Hidden  []Hidden
	Inputs  []Input
	Name    string // of the buttons
	Buttons []Button
}

// Button is one of them.
type Button struct {
	Value, Text string
	Class       string // "quiet" or "stop"; "" for what is mostly done
}
