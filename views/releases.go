package views

// ReleaseNotesPage is what a vendor says of the releases of a service.
type ReleaseNotesPage struct {
	Shell
	Service Link
	Heading string
	Rhythm  string // how often there is one, in a sentence
	Text    string // what the list is
	Links   []Link // to the feed of the page, and to what the reader can do
	Notes   []ReleaseNote
	Pager   *Pager
	Empty   Empty // instead of notes
}

func (ReleaseNotesPage) template() string { return "release_notes" }

// ReleaseNote is what a vendor says of one release.
type ReleaseNote struct {
	ID    string // of its heading; unique on the page
	Title Words
	Facts string // in a line: the day, the version, and where it was told
	Text  Prose  // may be empty
	Links []Link // to where the vendor says more, and to what the reader can do
}
