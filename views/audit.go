package views

// AuditPage lets administrators look into the log of who changed what.
type AuditPage struct {
	Shell
	State  string   // how many events there are, and when they were last verified
	Hash   string   // of the chain at that time; "" when it never was
	Broken Notice   // zero unless the log is not as it was written
	Faults []string // what was found, a sentence each
	Verify string   // where a verification is asked for

	Action                                 string // where the form leads
	Words, Account, Organisation, From, To Field
	Group                                  Select

	Found   string
	Formats []Link // the same events for machines
	Limit   string // how many of them those hold; "" when all
	Head    Head
	Rows    []Done
	Pager   *Pager
	Empty   Empty // instead of rows
}

func (AuditPage) template() string { return "audit" }

// Done is an event of the log: somebody did something.
type Done struct {
	Number  string
	When    string
	Who     string
	For     Link   // the organisation it was done for; zero for none
	What    string // a sentence
	Subject Link
	Changes []Became
	From    string // network address; "" for none
}

// Became is what became of a field.
type Became struct {
	Field    string
	Old, New Words // without text where there was or is nothing
	Hidden   string
}

// Trail lists what was done to one thing, the newest first. Show it with
// {{template "trail" .}}.
type Trail struct {
	Rows []Done // without subject and network address
	More Link   // the log itself; zero for those who may not see it
}
