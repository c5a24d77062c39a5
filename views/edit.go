package views

// EditPage is a page on which a section of a listing is written.
type EditPage struct {
	Shell
	Heading string
	State   string // "Draft, saved 10:41"
	Notices []Notice
	Form    EditForm
	Buyers  *BuyerView // what buyers will see, beside the form; nil for nothing
	Links   []Link
}

func (EditPage) template() string { return "edit" }

// EditForm is the form of the page. It is saved by itself from time to time where
// scripts run.
type EditForm struct {
	Action      string
	Hidden      []Hidden
	Saved, Fail string // said after it was saved by itself, or was not
	Groups      []EditGroup
	Plans       []EditPlan
	Buttons     []EditButton // the first is also what the Enter key does
}

// EditGroup is some inputs under a heading.
type EditGroup struct {
	Title   string // may be empty
	Text    string // may be empty
	More    string // what opens the group, which is closed at first; "" for an open one
	Open    bool   // with More: it is open all the same
	Hidden  []Hidden
	Inputs  []Input
	Row     []Input // after them, side by side
	Buttons []EditButton
}

// EditButton sends the form, and says what else is to be done.
type EditButton struct {
	Act   string
	Text  string
	For   string // said to screen readers after Text
	Quiet bool
}

// EditPlan is the inputs of a price plan.
type EditPlan struct {
	Main    EditGroup
	Charges []EditCharge
	More    EditGroup
	Buttons []EditButton
}

// EditCharge is the inputs of what is paid for in a plan.
type EditCharge struct {
	Main    EditGroup
	Tiers   []EditTier
	More    EditGroup
	Buttons []EditButton
}

// EditTier is one price, up to a quantity.
type EditTier struct {
	To, Price Field
	Remove    EditButton
}

// BuyerView is what buyers will see of prices.
type BuyerView struct {
	Plans []BuyerPlan
	Text  string // instead of plans, when there are none to be seen
}

// BuyerPlan is a plan as buyers see it, with the cost of a year for some quantities.
type BuyerPlan struct {
	Name string
	Line string // the price in a few words
	Head Head
	Rows []TableRow
	Note string // why there is no price; may be empty
}

// TasksPage is the list of the sections of a listing, with how far each is.
type TasksPage struct {
	Shell
	Heading string
	Tags    []Tag
	State   string // "12 of 12 needed answers, 23 of 35 in all"
	Notices []Notice
	Tasks   []Task
	Buttons []RowButton
	Links   []Link
	Trail   *Trail
}

func (TasksPage) template() string { return "tasks" }

// Task is a section with its state.
type Task struct {
	Link Link
	Text string // what is done, and what is missing
	Tag  Tag
}

// CheckPage is the last page before a listing is sent.
type CheckPage struct {
	Shell
	Heading string
	Notices []Notice
	Missing []Link // what keeps it from being sent, each with where it is put right
	Risks   []string
	Changes *Diff
	Checks  []Row
	Form    *Form // nil while it cannot be sent
	Links   []Link
}

func (CheckPage) template() string { return "check" }

// ConflictPage shows what two people wrote at the same time.
type ConflictPage struct {
	Shell
	Heading string
	Text    []string
	Diff    *Diff
	Action  string
	Hidden  []Hidden // what was typed, whole
	Buttons []EditButton
	Links   []Link
}

func (ConflictPage) template() string { return "conflict" }

// Preview stands above the page of a service whose draft is shown.
type Preview struct {
	Text  string
	Links []Link
	Form  *Form // sends the draft; nil while it cannot be sent
}
