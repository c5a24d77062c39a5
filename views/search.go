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
	Volume Drawn  // is [AskVolume]
	Price  Drawn  // is [Bounds]
	Facets []Facet
	Ranges []Drawn // each is [Bounds]
}

// AskVolume asks for how many of what a year is to be priced.
type AskVolume struct {
	Number Field
	Unit   Select
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
	Head    *FacetHead
	Chosen  string // how many are chosen, in words; "" for none
	Open    bool
	Hint    bool // say how several chosen ones work together
	Options []FacetOption
}

// FacetOption is a box of a [Facet].
type FacetOption struct {
	Box    *Box
	Count  int // what choosing it would leave
	Chosen bool
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
	Other  string   // where a second button takes them; "" for none
	Also   string   // that button
}

// Hit is a service that was found.
type Hit struct {
	Card    *HitCard
	Names   []Span // marked parts of its name
	Vendors []Span // marked parts of its vendor's name
	Marks   []Span // marked parts of its summary
	Year    string // "5 400 €"; "" when no volume was asked for or it cannot be worked out
	For     string // "a year for 1 000 pupils", or why there is no price
	FoundIn Words  // title of the document that the words stand in, when nothing is marked; may be empty
}

// Span is a part of a text, in bytes.
type Span struct{ Start, End int }
