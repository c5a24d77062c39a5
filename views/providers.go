package views

// Providers are the buttons by which people sign in with an identity that another site
// keeps, shown with {{template "providers" .}}.
type Providers struct {
	Title   string
	Text    string
	Hidden  []Hidden
	Buttons []ProviderButton
}

// ProviderButton leads to one of them.
type ProviderButton struct {
	Action string // of its form
	Text   string
	Down   string // that it does not answer now; "" when it does
}

// IdentityRow is an identity of the person, or a provider of which they have none.
type IdentityRow struct {
	Name   Words  // of the provider
	State  string // since when it is connected, or that it is not
	Action string // of the form that connects or disconnects
	Button string
	Stop   bool // it disconnects
}
