package views

import (
	"encoding/base64"
	"html/template"
)

// PasskeyForm asks a device for a passkey, shown with {{template "passkey" .}}. A
// script shows it where the browser knows passkeys, and sends what the device says.
type PasskeyForm struct {
	Action string // where the answer goes
	From   string // where the script learns what to ask
	New    bool   // the device makes a passkey, rather than signing with one
	Hidden []Hidden
	Inputs []Input
	Button string
}

// AppPage lets people set up an authenticator app.
type AppPage struct {
	Shell
	QR     []byte // PNG
	Secret string // to be typed instead, in groups
	Form   Form   // for the first code
}

func (AppPage) template() string { return "app" }

// Picture is the address of the picture, which holds it.
func (p AppPage) Picture() template.URL {
	return template.URL("data:image/png;base64," + base64.StdEncoding.EncodeToString(p.QR))
}

// CodesPage shows recovery codes, which is done once.
type CodesPage struct {
	Shell
	Notices []Notice
	Codes   []string
	Next    Link
}

func (CodesPage) template() string { return "codes" }

// Factors are what a person has besides a password.
type Factors struct {
	Text          string // what is asked at sign-in
	App           string // since when there is an app; "" when there is none
	AddApp        Link   // or puts another in its place
	RemoveApp     string // address of the form
	Head          Head   // of the passkeys
	Passkeys      []PasskeyRow
	AddPasskey    Link   // zero where there can be none
	RemovePasskey string // address of the forms
	Recovery      string // how many codes are left; "" when there are none to have
	MakeRecovery  string // address of the form
}

// PasskeyRow is a passkey of the person.
type PasskeyRow struct {
	ID    string
	Name  string
	Added string
	Used  string
}
