package views

import "testing"

// accountPreviews are the pages of people.
func accountPreviews(_ testing.TB, v *Views) []Page {
	shell := Shell{Title: "x", Crumbs: []Link{v.homeLink()}}
	link := Link{URL: v.url("/account"), Text: "Account"}
	hidden := []Hidden{{"return", `/en/services?q="x"`}}
	all := Form{Action: v.url("/x"), Hidden: hidden, Button: "Go", Inputs: []Input{
		{Field: &Field{ID: "mail", Name: "mail", Label: "Mail", Kind: "email", Fill: "username", Value: `a"@b.example`, Error: "Enter it", Hint: "a hint", Needed: true}},
		{Field: &Field{ID: "password", Name: "password", Label: "Password", Kind: "password", Fill: "current-password"}},
		{Area: &Area{ID: "words", Name: "words", Label: "Words", Rows: 6, Value: "</textarea>"}},
		{Select: &Select{ID: "country", Name: "country", Label: "Country", Options: []Option{{Value: "EE", Text: "Estonia", Chosen: true}}}},
		{Choices: &Choices{ID: "markets", Name: "markets", Legend: "Markets", Options: []Option{{Value: "EE", Text: "Estonia"}}}},
	}}
	key := &PasskeyForm{Action: v.url("/sign-in/passkey"), From: v.url("/sign-in/passkey/challenge"), Hidden: hidden, Button: "Use it"}
	wrong := shell
	wrong.Errors = []FieldError{{"mail", "Enter it"}}
	others := &Providers{Title: "With others", Text: "They say who you are.", Hidden: hidden, Buttons: []ProviderButton{
		{Action: v.url("/oidc/a"), Text: "With <A>"}, {Action: v.url("/oidc/b"), Text: "With B", Down: "It does not answer"}}}
	identities := []IdentityRow{{Words{"Üks", "et"}, "Since May", v.url("/account/identities/a/removal"), "Disconnect", true},
		{Words{Text: "Two"}, "Not connected", v.url("/account/identities/b"), "Connect", false}}
	return []Page{
		FormPage{Shell: shell, Heading: "Form", Form: Form{Action: v.url("/x"), Button: "Go", Stop: true}},
		FormPage{Shell: wrong, Heading: "Form", Text: []string{"Say <it>."}, Facts: []Row{{Key: "a", Value: Words{Text: "b"}}}, Notices: []Notice{{Kind: Info, Text: "Note"}}, Form: all, Links: []Link{link}},
		FormPage{Shell: shell, Heading: "Form", Form: Form{Action: v.url("/x"), Button: "Go"}, Passkey: key},
		FormPage{Shell: shell, Heading: "Passkey", Passkey: &PasskeyForm{Action: v.url("/x"), From: v.url("/y"), New: true, Button: "Make it",
			Inputs: []Input{{Field: &Field{ID: "name", Name: "name", Label: "Name", Value: "<b>"}}}}},
		AppPage{Shell: shell, QR: []byte{1, 2, 3}, Secret: "ABCD EFGH", Form: Form{Action: v.url("/x"), Hidden: hidden, Button: "Go"}},
		CodesPage{Shell: shell, Notices: []Notice{{Kind: OK, Text: "Done"}}, Codes: []string{"abcd-efgh", "ijkl-mnop"}, Next: link},
		TokenPage{Shell: shell, Notices: []Notice{{Kind: OK, Text: "Done"}}, Token: "pvt_x", Example: "curl 'a<b'", About: link, Next: link},
		MessagePage{Shell: shell, Heading: "Done"},
		MessagePage{Shell: shell, Heading: "Done", Text: []string{"a", "b"}, Links: []Link{link}},
		SignInPage{Shell: shell, Form: all, Forgot: link, Passkey: key},
		FormPage{Shell: shell, Heading: "Form", Form: all, Others: others},
		SignInPage{Shell: shell, Form: all, Forgot: link, Others: others},
		SignInPage{Shell: wrong, Text: []string{"a"}, Notices: []Notice{{Kind: Warn, Text: "Wait"}}, Form: all, Forgot: link, SignUp: link,
			Demo: &DemoPeople{Action: v.url("/sign-in/demo"), Hidden: hidden, Field: "person", People: []DemoPerson{{"1", "Ostja Näidis", "buyer", Words{"Amet", "et"}}, {"2", "X", "analyst", Words{Text: "M"}}}}},
		AccountPage{Shell: shell, Heading: "Mari", Facts: []Row{{Key: "a", Value: Words{Text: "b"}}}, Empty: Empty{Title: "None", Text: "None."}, Links: []Link{link}},
		AccountPage{Shell: shell, Heading: "Mari", Facts: []Row{{Key: "a", Value: Words{Text: "b"}}}, Links: []Link{link}, Applications: []Row{{Key: "a", Value: Words{Text: "b"}, URL: link.URL}},
			Acting: []ActingRow{{Org: Words{"Amet", "et"}, Powers: []string{"buyer"}, Since: "1 May 2026", Now: true},
				{Org: Words{Text: "B"}, Powers: []string{"approver", "up to 5 €"}, Since: "1 May 2026", Switch: Switch{v.url("/acting-as"), hidden}}}},
		SecurityPage{Shell: shell, Password: all, Action: v.url("/x"), Head: Head{ID: "sessions", Caption: "c", Columns: []Column{{Text: "a"}, {Text: "b", Hidden: true}}},
			Sessions: []SessionRow{{"1", "Firefox", "::1", "now", "now", true}}, Identities: identities},
		SecurityPage{Shell: shell, Again: link, Password: all, Action: v.url("/x"), Factors: &Factors{Text: "None.", AddApp: link}, Head: Head{ID: "sessions", Caption: "c", Columns: []Column{{Text: "a"}}},
			Sessions: []SessionRow{{"1", "Firefox", "::1", "now", "now", true}}},
		SecurityPage{Shell: shell, Password: all, Action: v.url("/x"), Factors: &Factors{Text: "Both.", App: "Since May.", AddApp: link, RemoveApp: v.url("/r"), AddPasskey: link, RemovePasskey: v.url("/p"),
			Head: Head{ID: "passkeys", Caption: "c", Columns: []Column{{Text: "a"}}}, Passkeys: []PasskeyRow{{"1", "<b>", "then", "now"}}, Recovery: "9 left", MakeRecovery: v.url("/c")}, Head: Head{ID: "sessions", Caption: "c", Columns: []Column{{Text: "a"}}},
			Sessions: []SessionRow{{"1", "Firefox", "::1", "now", "now", true}}},
		SecurityPage{Shell: shell, Password: all, Action: v.url("/x"), Others: v.url("/y"), Links: []Link{link}, Head: Head{ID: "sessions", Caption: "c", Columns: []Column{{Text: "a"}}},
			Sessions: []SessionRow{{"1", "Firefox", "::1", "now", "now", true}, {"2", "<b>", "192.0.2.1", "then", "then", false}}},
		ApplicationPage{Shell: shell, Heading: "A", State: Tag{Info, "Sent"}, Text: "t", Facts: []Row{{Key: "a", Value: Words{Text: "b"}}}, Said: []Message{{"You", "now", "a\n<b>"}}, Form: &all},
		ApplicationPage{Shell: shell, Heading: "A", State: Tag{OK, "Accepted"}, Facts: []Row{{Key: "a", Value: Words{Text: "b"}}}, Said: []Message{{"You", "now", "a"}}, Link: link},
	}
}
