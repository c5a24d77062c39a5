package views

// SignInPage lets people in.
type SignInPage struct {
	Shell
	Text    []string
	Notices []Notice
	Others  *Providers // nil when there are none
	Form    Form
	Passkey *PasskeyForm // nil where there can be none
	Forgot  Link
	SignUp  Link // zero when somebody is signed in
	Demo    *DemoPeople
}

func (SignInPage) template() string { return "sign_in" }

// DemoPeople are the people of the demonstration, each to be become by one button.
type DemoPeople struct {
	Action string // of their forms
	Hidden []Hidden
	Field  string // name of the field that says who
	People []DemoPerson
}

// DemoPerson is one of them.
type DemoPerson struct {
	Value string // of the field
	Name  string // of the person
	Roles string
	Org   Words
}

// AccountPage is where people find what is theirs.
type AccountPage struct {
	Shell
	Heading      string
	Facts        []Row
	Acting       []ActingRow // what the person may act for
	Empty        Empty       // instead of it
	Applications []Row       // to become a vendor
	Links        []Link      // to the other pages of the account
}

func (AccountPage) template() string { return "account" }

// ActingRow is an organisation that the person may act for.
type ActingRow struct {
	Org    Words
	Powers []string // roles, limit, rights and so on, a line each
	Since  string
	Now    bool   // they do
	Switch Switch // a form; zero when they do already
}

// Switch is the form by which a person acts for an organisation.
type Switch struct {
	Action string
	Hidden []Hidden
}

// SecurityPage is where people look after how they sign in, and their sessions.
type SecurityPage struct {
	Shell
	Again      Link // shows once more who one is, before anything is changed; zero when that was just done
	Password   Form
	Factors    *Factors // nil for who can have none
	Identities []IdentityRow
	Head       Head
	Sessions   []SessionRow
	Action     string // of the forms that end a session
	Others     string // address of the form that ends all others; "" when there are none
	Links      []Link
}

func (SecurityPage) template() string { return "security" }

// SessionRow is a session of the person.
type SessionRow struct {
	ID      string
	Agent   string
	Address string
	Created string
	Seen    string
	This    bool // the one that asks
}

// ApplicationPage is the conversation about a company that wants to become a vendor.
type ApplicationPage struct {
	Shell
	Heading string
	State   Tag
	Text    string // whose turn it is
	Facts   []Row
	Said    []Message
	Form    *Form // to say something; nil when it is decided
	Link    Link  // to the vendor, once it is one
}

func (ApplicationPage) template() string { return "application" }

// Message is something that was said in a conversation.
type Message struct {
	By    string
	When  string
	Words string // as they were typed
}
