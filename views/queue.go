package views

// QueuePage shows administrators the letters that wait and those that have gone.
type QueuePage struct {
	Shell
	Notices []Notice
	Server  string   // by which server letters go; "" when there is none
	States  []Option // links to the letters in each state; Value is the address
	Head    Head
	Rows    []QueueRow
	Pager   *Pager
	Empty   Empty // instead of a list without rows
	Action  string
	To      Field // where a test letter goes
}

func (QueuePage) template() string { return "queue" }

// QueueRow is one letter.
type QueueRow struct {
	Letter, To, When string
	State            Tag
	Note             string // when it is tried, or when it ended
	Tries            string
	Error            string // in the words of the server, which are English
	Retry, Drop      *Post  // nil when it cannot be done
}
