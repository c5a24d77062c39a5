package views

// SynonymsPage lists the words that the search takes for each other, for those who
// keep them.
type SynonymsPage struct {
	Shell
	Action string // address of both forms; the list is asked for and added to there
	Add    Area
	Filter Field
	Found  string // "12 lists"
	All    Link   // to the list without filter; zero when there is none
	Head   Head
	Rows   []SynonymRow
	Pager  *Pager
	Empty  Empty // instead of a list without rows
}

func (SynonymsPage) template() string { return "synonyms" }

// SynonymRow is one list of words that mean the same.
type SynonymRow struct {
	Words          string // as they were typed, with commas between
	Changed        string // when, written
	Change, Remove Link
}

// SynonymPage is the form in which one list is changed.
type SynonymPage struct {
	Shell
	Notices []Notice
	Action  string // address of the form
	Seen    Hidden // tells which state of the list the form was made from
	Words   Area
	Back    Link
	Remove  Link
}

func (SynonymPage) template() string { return "synonym" }

// SynonymRemovalPage asks whether a list is really to be removed.
type SynonymRemovalPage struct {
	Shell
	Notices []Notice
	Action  string // address of the form
	Seen    Hidden // tells which state of the list was shown
	Words   []string
	Back    Link
}

func (SynonymRemovalPage) template() string { return "synonym_removal" }

// Area is a field for several lines, with its label. What is wrong with it is
// repeated above the page by Shell.Errors.
type Area struct {
	ID, Name, Label string
	Hint            string   // may be empty
	Value           string   // as it was typed
	Errors          []string // what to do; none when nothing is wrong
	Rows            int      // lines that are seen at once
	Lang            string   // of what is to be typed, when it is not that of the page
}

// Describe lists the elements that explain the field, for aria-describedby.
func (a Area) Describe() string {
	problem := ""
	if len(a.Errors) > 0 {
		problem = a.Errors[0]
	}
	return describe(a.ID, a.Hint, problem)
}
