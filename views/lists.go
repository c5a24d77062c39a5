package views

// Card is a service in a list of services. Show cards with {{template "cards" .}}
// under a heading of the second level.
type Card struct {
	ID      string // of its heading; unique on the page
	Name    Words
	URL     string
	Vendor  Link // zero where all cards are of one vendor
	Summary Words
	Tags    []Tag
	Price   string // "from 0,45 € per pupil a month"; what is not known is said
	Users   string // how many organisations use it, in words
	Tick    Tick
}

// Tick is a box that chooses a service for comparing. It belongs to the form of
// [Ticks] on the same page, shown with {{template "ticks" .}}; a zero Tick is none.
type Tick struct {
	Name, Value string
	Label       string
	For         Words // which service, for screen readers
}

// Search is the search box inside a page, shown with {{template "search" .}}; the
// one above every page belongs to the frame.
type Search struct {
	Value string // what was searched for
	Count string // of services that are searched; may be empty
}

// Listed is a page of services, shown with {{template "listed" .}}.
type Listed struct {
	Found   string // "14 services"
	Order   string // how they are sorted, and which of them are shown
	Cards   []Card
	Tags    bool   // some cards have tags that want explaining
	Compare *Ticks // nil when there is nothing to tick
	Pager   *Pager
}

// Counted is a link with how many things it leads to.
type Counted struct {
	Link  Link
	Count string
}
