package views

// SearchPage is the catalogue, or what a search finds in it. It is asked for more
// than any other page and written by hand, without a template.
type SearchPage struct {
	Shell
	Form    SearchForm
	Results Results
	Part    bool // only what changes with the question: the filters and the results
}

func (SearchPage) template() string { return "" }

// SearchForm is what a search is made of.
type SearchForm struct {
	Action string // address without a query
	Words  Field  // with the id of the list of suggestions
	Sort   string // kept when another filter is chosen
	Volume Field
	Unit   Select
	Price  Bounds
	Facets []Facet
	Ranges []Bounds
}

// Bounds ask for a number from and to, or for one of both only.
type Bounds struct {
	ID      string // of the whole group
	Legend  string
	Hint    string // may be empty
	From    *Field
	To      *Field
	Unknown Option // whether those of which it is not known are wanted too
	Used    bool
}

// Facet is a group of boxes that narrow the results.
type Facet struct {
	ID      string
	Name    string // of the field
	Label   string
	Chosen  string // how many are chosen, in words; "" for none
	Open    bool
	Hint    string // how several chosen ones work together; may be empty
	Options []FacetOption
}

// FacetOption is a box of a [Facet].
type FacetOption struct {
	Value  string
	Text   string
	Lang   string // of Text, when it is not that of the page
	Count  int    // what choosing it would leave
	Chosen bool
	Level  int // how deep it stands in a tree, from 0
}

// Results are a page of what was found.
type Results struct {
	Found    string // "14 services found"
	Sentence []Said // the whole question
	Applied  []Link // each leads to the same without it; Text is what it is, For what the link does
	Clear    Link   // may be zero
	Notices  []Notice
	Sort     Select
	Formats  []Link
	Order    string
	Hits     []Hit
	Tags     bool // some hits have tags that want explaining
	Compare  *Ticks
	Empty    []Link // what to do when nothing is found; Text says all
	Pager    *Pager
}

// Said is a piece of a sentence.
type Said struct {
	Text   string
	Strong bool // what the reader asked for
}

// Ticks is the form that takes ticked services to where they are compared.
type Ticks struct {
	Action string
	Name   string // of the field of each box
	Label  string // of each box
	Button string
	Fields []Hidden // what goes with them
}

// Hit is a service that was found.
type Hit struct {
	ID      string // of its heading; unique on the page
	Value   string // of its box for comparing
	Name    Words
	Names   []Span // marked parts of Name
	URL     string
	Vendor  Link
	Vendors []Span // marked parts of the vendor's name
	Summary Words
	Marks   []Span // marked parts of Summary
	Tags    []Tag
	Price   string // "from 0,45 € per pupil a month"; what is not known is said
	Year    string // "5 400 €"; "" when no volume was asked for or it cannot be worked out
	For     string // "a year for 1 000 pupils", or why there is no price
	Users   string
}

// Span is a part of a text, in bytes.
type Span struct{ Start, End int }
