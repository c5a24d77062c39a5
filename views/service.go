package views

// ServicePage is everything the catalogue says of one cloud e-service.
type ServicePage struct {
	Shell
	Preview  *Preview // of a draft; nil for what buyers see
	Vendor   Link
	Name     Words
	Tags     []Tag
	About    []Explained // what the tags mean
	Summary  Words
	Notices  []Notice
	Reason   Words  // why it cannot be had; may be empty
	Contents []Link // the parts of the page

	Panel   PricePanel
	Used    string // by how many organisations
	Number  string // "SC-31"
	JSON    string // address of the listing as JSON
	PriceAt string // address of the price on a page of its own; "" when there is none
	Compare string // address where it is compared with others
	Request string // address where it is requested; "" for those who buy nothing
	Project string // address where it is added to a project; "" for those who buy nothing

	NoPrice    string     // said instead of the table when no price is known
	Plans      *PlanTable // nil when no price is known
	Calculator *Calculator
	Working    *Working

	Description Prose
	Basics      []Row // the answers that belong to what the service does
	Sections    []AnswerSection
	Documents   []Paper
	Categories  []Link
	CPV         []Words
	Users       []UserTable
	NoUsers     string // said when there are none
	Releases    []Release
	ChangesAt   string // address of all changes
	Sources     []Source
	NoSources   string // said when there are none
	Trail       *Trail // nil for those it does not concern
}

func (ServicePage) template() string { return "service" }

// Explained is a sentence and where more is said.
type Explained struct {
	Text string
	Link Link
}

// AnswerSection is a group of answers under one heading.
type AnswerSection struct {
	ID, Title, Text string
	Rows            []Row
}

// DocumentsID is the id of the part of a [ServicePage] with its documents.
const DocumentsID = "documents"

// Paper is a document that a service has.
type Paper struct {
	Title     Words
	Tags      []Tag   // whether somebody has looked at it, and whether it has run out
	Facts     string  // in a line: what it is, in which language, since and until when
	Proves    string  // the questions whose answers it is given for; may be empty
	Link      Link    // to it; zero when it has no address
	Beginning []Words // of its text, a paragraph each; may be empty
}

// UserTable lists the organisations that use a service in one phase.
type UserTable struct {
	Head  Head
	Long  string // words that open the table when it is a long one; "" shows it at once
	Users []UserRow

	Ended, Quantities, Sources bool // whether it has these columns
}

// UserRow is the use of a service by one organisation.
type UserRow struct {
	Name     Link
	Part     string // which of its deployments; may be empty
	Country  string
	Since    string
	Until    string
	Quantity string
	Source   Link // zero when none is told
}

// Release is a version of a listing in a line.
type Release struct {
	Number string
	Date   string
	Note   Words
	Tag    Tag
	URL    string // of what changed; "" for the first version
}
