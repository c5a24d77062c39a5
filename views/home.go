package views

// HomePage is where most visits begin.
type HomePage struct {
	Shell
	Search     Search
	Categories []Counted // the top ones
	Facts      []Fact
	Why        Link // the help topic about subscribing and owning
	New        []Recent
	Changed    []Recent
	Vendors    Link // the help topic about getting into the catalogue
}

func (HomePage) template() string { return "home" }

// Fact is a number about the whole catalogue.
type Fact struct {
	Number string
	Link   Link // to what was counted
}

// Recent is a service that came or changed lately.
type Recent struct {
	Service Link
	Vendor  Link
	When    string
	What    Link // to what changed; zero for a new service
}
