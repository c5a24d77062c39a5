package views

// AgenciesPage lists the public bodies under those they belong to.
type AgenciesPage struct {
	Shell
	Found    string
	Tree     []Body
	Invented bool // some of them are
	Pager    *Pager
	Empty    Empty // instead of a tree without bodies
}

func (AgenciesPage) template() string { return "agencies" }

// Body is a public body in a tree of them.
type Body struct {
	Link     Link
	Kind     string
	Invented bool
	Services string // how many it uses, in words
	Below    []Body
}

// AgencyPage is what is known of a public body and what it uses.
type AgencyPage struct {
	Shell
	Kind    string
	Name    Words
	Tags    []Tag
	About   Prose
	Facts   []Row
	Bodies  []Body // right below it
	Counts  string // what it uses, plans to and used before, in numbers
	Uses    []UseTable
	Compare *Ticks // nil when there is nothing to tick
	Pager   *Pager
	Empty   Empty  // instead of tables when it uses nothing
	Trail   *Trail // nil for those it does not concern
}

func (AgencyPage) template() string { return "agency" }

// UseTable is a table of uses in one phase.
type UseTable struct {
	Head       Head
	Bodies     bool // says which body uses it
	Ended      bool // says until when it was used
	Quantities bool // says how much of it is used
	Sources    bool // says where that was read
	Ticks      bool // its services can be ticked for comparing
	Rows       []UseRow
}

// UseRow is a use of a service by a public body.
type UseRow struct {
	Service  Link
	Part     string // which of several deployments; may be empty
	Tags     []Tag
	Vendor   Link
	Body     Link
	Since    string
	Until    string
	Quantity string
	Source   Link // "" where it is not told
	Tick     Tick // none where a row above is about the same service
}
