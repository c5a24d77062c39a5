package views

// PricePage is what a service costs for the quantities of one buyer, on a page of
// its own that can be printed.
type PricePage struct {
	Shell
	Service    Link
	Heading    string // "Price of Päevik Lite for 1,000 pupils"
	Notices    []Notice
	Tags       []Tag
	Panel      PricePanel
	Inputs     []Row // what the price was worked out for
	Calculator *Calculator
	Working    *Working // nil when there is no price to work out
	List       []Row    // which price list it is: version, date
}

func (PricePage) template() string { return "price" }

// PricePanel is the price in short. Either Words or Price is set.
type PricePanel struct {
	Words   string   // instead of an amount: "Price on request"
	Price   Price    // without VAT
	More    []string // what comes to it: one-off charges, what is on request
	Assumed string   // which quantities were taken because none was given
}

// PlanTable compares the price plans of a service.
type PlanTable struct {
	Head Head
	Rows []PlanRow
}

// PlanRow is one price plan.
type PlanRow struct {
	Name       Words
	Shown      bool   // the one that is worked out below
	URL        string // of the page with this plan worked out; "" when it is shown or the only one
	Charges    []ChargeRow
	Terms      []string
	Payers     string // who pays besides the buyer
	PayersNote Words  // more about it; may be empty
	Note       Words  // may be empty
	Year       []string
}

// ChargeRow is one thing that a plan is paid for.
type ChargeRow struct {
	Name  Words
	Tags  []Tag
	Lines []string // the price, and what goes with it
	Note  Words    // may be empty
}

// Calculator is the form with which a buyer works out her own price. It keeps
// everything in the address.
type Calculator struct {
	Action string
	Plan   *Select // nil when there is one plan only
	Fields []Field
	Add    *Choices // the add-ons; nil when there are none
	Months Select
	Start  Select
	Years  Select
}

// Working is how a price comes about, charge by charge.
type Working struct {
	Head     Head // of two columns
	Groups   []WorkGroup
	Sums     []WorkLine
	Notes    []string
	PassedOn []ChargeRow // what is paid to others; in no sum
}

// WorkGroup is the working of one charge.
type WorkGroup struct {
	Name  Words
	Lines []WorkLine
}

// WorkLine is one step of a working.
type WorkLine struct {
	Text, Amount string
	Sum          bool // the result of the lines above it
}
