package views

// TokenPage shows a token for programs, which is done once.
type TokenPage struct {
	Shell
	Notices []Notice
	Token   string
	Example string // a command that shows that it works
	About   Link
	Next    Link
}

func (TokenPage) template() string { return "token" }
