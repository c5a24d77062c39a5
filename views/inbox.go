package views

// InboxPage shows what a person was told.
type InboxPage struct {
	Shell
	Found    string // "12 notices, unread: 3"
	Settings Link
	MarkAll  *Post // nil when everything is read
	Head     Head
	Rows     []NoticeRow
	Pager    *Pager
	Empty    Empty // instead of a list without rows
}

func (InboxPage) template() string { return "inbox" }

// NoticeRow is one notice.
type NoticeRow struct {
	Link  Link
	When  string
	State Tag
	Mark  *Post // nil when it is read
}

// Post is a form that is a button and no more.
type Post struct {
	Action string // address of the form
	Text   string
	For    string // said to screen readers after Text: which "Remove" this is
	Hidden Hidden // zero when there is nothing more to tell
	Class  string // of the button; "" for the main thing to do
}

// NotificationsPage is where a person chooses which notices come by e-mail.
type NotificationsPage struct {
	Shell
	Action string // address of the form
	Kinds  []Select
	Back   Link
}

func (NotificationsPage) template() string { return "notifications" }

// UnsubscribePage asks whether letters of a kind are to end, and says when they
// have. It works without signing in.
type UnsubscribePage struct {
	Shell
	Text     string
	Action   string // address of the form; "" once it is done
	Settings Link
}

func (UnsubscribePage) template() string { return "unsubscribe" }
