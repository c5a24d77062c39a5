package views

// ComparePage sets services side by side, or says how to pick some.
type ComparePage struct {
	Shell
	Heading string
	Notices []Notice
	Action  string   // address of the form
	Kept    []Hidden // what the form sends besides what it asks: the services, and what others may need
	Add     Field    // asks for one more by its number
	Full    string   // said instead of Add when there is no room
	Files   []Link   // the table as files

	Pick        *ComparePick // nil when there are services to set side by side
	Volumes     []Field
	Assumed     string // which quantities were taken because none was given; may be empty
	Years       Select
	Differ      Option // show only rows that differ
	Known       Option // hide rows that are unknown everywhere
	Weights     []WeightGroup
	Weighed     string // opens the weights: how many rows have one
	WeightsOpen bool   // something is wrong with one

	Table  CompareTable
	Hidden string // how many rows are not shown; may be empty
	Score  *ScoreTable
}

func (ComparePage) template() string { return "compare" }

// Hidden is a field of a form that is sent along unseen.
type Hidden struct{ Name, Value string }

// ComparePick says how to pick services, and suggests some.
type ComparePick struct {
	Chosen  Link // the one that was picked; zero when none was
	Suggest []CompareSuggestion
}

// CompareSuggestion is a service that could be compared.
type CompareSuggestion struct {
	Card Card
	Add  Link
}

// WeightGroup asks how much each row of a group weighs.
type WeightGroup struct {
	Title string
	Rows  []Select
}

// CompareTable is the table of a comparison, a column for each service.
type CompareTable struct {
	ID, Caption string
	Columns     []CompareColumn
	Groups      []CompareGroup
	Span        int // columns in all, that of the rows' names included
}

// CompareColumn heads the column of a service.
type CompareColumn struct {
	Name    Link
	Vendor  Link
	Number  string // "SC-31"
	Tags    []Tag
	Version string // which version is shown, when it is the last of a service that is gone; may be empty
	Remove  Link
}

// CompareGroup is the rows under one heading.
type CompareGroup struct {
	Title string
	Rows  []CompareRow
}

// CompareRow is one thing that all services are asked.
type CompareRow struct {
	Name  Words
	Cells []CompareCell
}

// CompareCell is what one service says to it.
type CompareCell struct {
	Value  Words
	More   []Words // further values, one below the other
	URL    string  // where Value leads, may be empty
	Tags   []Tag
	Notes  []Words // in smaller print
	Action Link    // where it is said, may be zero
}

// ScoreTable shows how weights make totals, with the numbers in each step.
type ScoreTable struct {
	Head  Head
	Rows  []ScoreRow
	Foot  []ScoreTotal
	Notes []string
}

// ScoreRow is one row that weighs something.
type ScoreRow struct {
	Name  Words
	Scale string   // how it is scored
	Cells []string // "5 × 30 ÷ 90 = 1.67"
}

// ScoreTotal is the total of a service, or why it has none.
type ScoreTotal struct {
	Text string
	Tag  Tag // zero when there is nothing to say
}
