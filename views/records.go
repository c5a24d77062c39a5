package views

import "pilveturg/views/chart"

// Table is a table with what belongs to it, shown with {{template "table" .}} under a
// heading.
type Table struct {
	Head  Head
	Rows  []TableRow
	Files []Link // the same rows as files
	Pager *Pager
	Empty Empty // instead of a table without rows
}

// TableRow is a row of a [Table]: a cell for each column, the first its head.
type TableRow []Cell

// Cell is what stands in a row under a column. All of it may be missing.
type Cell struct {
	Label  string // the column, for narrow screens
	Number bool   // set to the right
	Link   Link   // or its words alone
	Tags   []Tag
	Lines  []string     // in smaller print, below
	Links  []Link       // what can be done
	Spark  *chart.Spark // how it came about; nil: nothing is drawn
	Button *RowButton
}

// RowButton does at once what can be taken back.
type RowButton struct {
	Action string // where it posts to
	Hidden []Hidden
	Text   string
	For    string // said to screen readers after Text
}

// Filter is the form by which a list is narrowed down.
type Filter struct {
	Action string
	Hidden []Hidden
	Inputs []Input
	Button string
	All    Link // to the list without it; zero when there is nothing to leave out
}

// ListPage is a list of things that somebody looks after.
type ListPage struct {
	Shell
	Heading string
	Text    []string
	Notices []Notice
	Tabs    []Option // links to this list and others like it; Value is the address
	Links   []Link   // to what can be done
	Filter  *Filter
	Found   string        // "12 accounts"
	Figures []chart.Chart // what the table shows, drawn
	Table   Table
	AddHead string // above Add
	Add     *Form  // nil when nothing is added here
}

func (ListPage) template() string { return "list" }

// RecordPage is one of those things, with what can be done to it.
type RecordPage struct {
	Shell
	Heading  string
	Tags     []Tag
	Text     []string
	Notices  []Notice
	Facts    []Row
	Links    []Link        // to what can be done
	Figures  []chart.Chart // what the tables show, drawn
	Sections []Section
	SaidHead string // above Said
	Said     []Message
	FormHead string // above Form
	Form     *Form
	Trail    *Trail
}

func (RecordPage) template() string { return "record" }

// Section is a table of a [RecordPage] with its heading.
type Section struct {
	Heading string
	Button  *RowButton // what can be done to all of it at once; nil for nothing
	Links   []Link     // to what can be done
	Table   Table
}
