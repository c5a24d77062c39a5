package handlers

import (
	"testing"

	"pilveturg/db"
	"pilveturg/models/access"
	"pilveturg/models/identity"
)

const passkeyOrigin = "https://pilveturg.example"

// newPasskeySite is a site of people that is reached where there can be passkeys.
func newPasskeySite(t *testing.T) *peopleSite {
	t.Helper()
	p := newPeopleSite(t)
	p.Origin = passkeyOrigin
	return p
}

// ask has the page ask a device: what it says to the script.
func (b *browser) ask(address, step string) []byte {
	b.t.Helper()
	b.send("POST", address, map[string][]string{"step": {step}})
	if b.last.Code != 200 || b.last.Header().Get("Content-Type") != "application/json" || b.last.Header().Get("Cache-Control") != "private, no-store" {
		b.t.Fatalf("%s answers %d, %v", address, b.last.Code, b.last.Header())
	}
	return b.last.Body.Bytes()
}

// addPasskey gives who has signed in a passkey on a new device.
func (b *browser) addPasskey(name string) *keyring {
	b.t.Helper()
	d := newKeyring(b.t, passkeyOrigin)
	answer := d.make(b.ask("/en/account/security/passkeys/challenge", ""))
	b.post("/en/account/security/passkeys", 200, "name", name, "credential", answer, "", "The passkey is added.")
	return d
}

// use signs in with a device's passkey at a step.
func (b *browser) use(d *keyring, step string, code int, texts ...string) {
	b.t.Helper()
	d.counter++
	answer := d.sign(b.ask("/en/sign-in/passkey/challenge", step))
	b.post("/en/sign-in/passkey", code, append([]string{"step", step, "credential", answer, "return", "/en/vendors", ""}, texts...)...)
}

func TestSigningInWithAPasskey(t *testing.T) {
	p := newPasskeySite(t)
	b := p.browser()
	b.signIn()
	before := b.cookies[sessionName]
	b.open("/en/account/security/passkeys/new", 200, "<h1>Add a passkey</h1>", `data-passkey="create"`, `value="Firefox, Linux"`, " hidden>")
	d := b.addPasskey(" Work  laptop ")
	if b.cookies[sessionName] == before {
		t.Error("the first factor leaves the secret of the session")
	}
	p.letter(identity.NoticeFactors)
	b.open("/en/account/security", 200, "Work laptop", "1 passkey", "10 codes are left")
	other := p.browser()
	other.open("/en/sign-in", 200, `data-passkey="get"`, `data-from="/en/sign-in/passkey/challenge"`, "Sign in with a passkey")
	other.use(d, stepSignIn, 200, "Mari Tamm")
	if other.at != "/en/vendors" || other.cookies[heldPasskey] != "" {
		t.Errorf("it leads to %s with %v", other.at, other.cookies)
	}
	third := p.browser()
	third.password()
	third.use(d, stepCode, 200, "Mari Tamm")
	p.later(access.Fresh)
	third.open("/en/account/security/app", 200, "<h1>Show once more that it is you</h1>", "Sign in with a passkey")
	third.use(d, stepAgain, 200)
	third.open("/en/account/security/app", 200, "<h1>Set up an authenticator app</h1>")
}

func TestPasskeysThatDoNotSignIn(t *testing.T) {
	for name, tt := range map[string]struct {
		change func(*peopleSite, *keyring)
		want   string
	}{
		"a removed one": {func(p *peopleSite, d *keyring) { p.removePasskey(d) }, "This passkey is not known here, or was removed"},
		"a copy":        {func(_ *peopleSite, d *keyring) { d.counter = 4 }, "there may be a copy of it"},
		"of a locked account": {func(p *peopleSite, _ *keyring) {
			p.write(func(tx *db.Tx) error { return identity.Lock(p.t.Context(), tx, p.buyer) })
		}, "This account is locked"},
		"without its owner":   {func(_ *peopleSite, d *keyring) { d.careful = false }, "The answer of the device was not right"},
		"on another site":     {func(_ *peopleSite, d *keyring) { d.origin = "https://pilveturg.evil.example" }, "The answer of the device was not right"},
		"for another account": {func(_ *peopleSite, d *keyring) { d.handle = []byte("another") }, "The answer of the device was not right"},
		"with another key":    {func(_ *peopleSite, d *keyring) { d.key = newKeyring(t, d.origin).key }, "The answer of the device was not right"},
	} {
		p := newPasskeySite(t)
		b := p.browser()
		b.signIn()
		d := b.addPasskey("Key")
		d.counter = 4
		p.browser().use(d, stepSignIn, 200, "Mari Tamm")
		tt.change(p, d)
		other := p.browser()
		other.use(d, stepSignIn, 422, tt.want, "!Mari Tamm", `name="return" value="/en/vendors"`)
		if other.cookies[sessionName] != "" {
			t.Errorf("%s begins a session", name)
		}
	}
}

func (p *peopleSite) removePasskey(d *keyring) {
	p.t.Helper()
	k, err := access.FindPasskey(p.t.Context(), p.DB, d.id)
	if err != nil {
		p.t.Fatal(err)
	}
	b := p.browser()
	b.use(d, stepSignIn, 200, "Mari Tamm")
	b.post("/en/account/security/passkeys/removal", 404, "passkey", "x")
	b.post("/en/account/security/passkeys/removal", 404, "passkey", "99")
	b.post("/en/account/security/passkeys/removal", 200, "passkey", "1", "", "The passkey is removed.", "Your password alone is enough")
	if k.ID != 1 {
		p.t.Fatalf("the passkey has the id %d", k.ID)
	}
}

// Whoever has nothing but a passkey keeps it until there is another way in.
func TestTheLastPasskeyStays(t *testing.T) {
	p := newPasskeySite(t)
	b := p.browser()
	b.signIn()
	d := b.addPasskey("Key")
	p.write(func(tx *db.Tx) error {
		_, err := tx.Exec(t.Context(), `DELETE FROM passwords WHERE account_id = ?`, p.buyer)
		return err
	})
	letters := len(p.letters)
	b.post("/en/account/security/passkeys/removal", 422, "passkey", "1", "", "There is a problem", "This passkey is your only way to sign in: set a password, add another passkey or connect an identity first", "1 passkey")
	if len(p.letters) != letters {
		t.Errorf("a letter tells of it: %+v", p.letters[letters:])
	}
	p.browser().use(d, stepSignIn, 200, "Mari Tamm")
	b.addPasskey("Another")
	b.post("/en/account/security/passkeys/removal", 200, "passkey", "1", "", "The passkey is removed.", "1 passkey")
}

// A passkey of somebody else is not taken where it is known who signs in.
func TestThePasskeyOfAnother(t *testing.T) {
	p := newPasskeySite(t)
	b := p.browser()
	b.signIn()
	b.addPasskey("Key")
	p.person("thief@lakeside.example")
	thief := p.browser()
	thief.post("/en/sign-in", 200, "mail", "thief@lakeside.example", "password", rightPassword)
	theirs := thief.addPasskey("Key")
	other := p.browser()
	other.password()
	other.use(theirs, stepCode, 422, "<h1>Second step</h1>", "This passkey belongs to another account")
	b.use(theirs, stepAgain, 422, "<h1>Show once more that it is you</h1>", "This passkey belongs to another account")
	thief.post("/en/account/security/passkeys/removal", 404, "passkey", "1")
	b.open("/en/account/security", 200, "1 passkey")
}

func TestAnAnswerOfADeviceWorksOnce(t *testing.T) {
	p := newPasskeySite(t)
	b := p.browser()
	b.signIn()
	d := b.addPasskey("Key")
	other := p.browser()
	answer := d.sign(other.ask("/en/sign-in/passkey/challenge", stepSignIn)) // of a device that does not count
	held := other.cookies[heldPasskey]
	other.post("/en/sign-in/passkey", 200, "credential", answer, "", "Mari Tamm")
	thief := p.browser()
	thief.cookies[heldPasskey] = held
	thief.post("/en/sign-in/passkey", 422, "credential", answer, "", "It took too long")
	thief.ask("/en/sign-in/passkey/challenge", stepSignIn)
	thief.post("/en/sign-in/passkey", 422, "credential", answer, "", "The answer of the device was not right")
	thief.ask("/en/sign-in/passkey/challenge", stepSignIn)
	thief.post("/en/sign-in/passkey", 422, "credential", "{", "", "The answer of the device was not right")
	late := p.browser()
	answer = d.sign(late.ask("/en/sign-in/passkey/challenge", stepSignIn))
	p.later(access.SecondStepLife)
	late.post("/en/sign-in/passkey", 422, "credential", answer, "", "It took too long")
}

func TestPasskeysThatAreNotMade(t *testing.T) {
	p := newPasskeySite(t)
	b := p.browser()
	b.signIn()
	d := newKeyring(t, passkeyOrigin)
	const challenge, add = "/en/account/security/passkeys/challenge", "/en/account/security/passkeys"
	b.post(add, 422, "name", "Key", "credential", "", "", "It took too long", `value="Key"`)
	b.post(add, 422, "name", " ", "credential", d.make(b.ask(challenge, "")), "", "Enter a name for the passkey")
	d.careful = false
	b.post(add, 422, "name", "Key", "credential", d.make(b.ask(challenge, "")), "", "The answer of the device was not right")
	d.careful = true
	d.origin = "https://evil.example"
	b.post(add, 422, "name", "Key", "credential", d.make(b.ask(challenge, "")), "", "The answer of the device was not right")
	b.open("/en/account/security", 200, "Your password alone is enough", "!<h3>Recovery codes")
	other := p.browser()
	other.signIn()
	d = newKeyring(t, passkeyOrigin)
	answer := d.make(b.ask(challenge, ""))
	other.cookies[heldPasskey] = b.cookies[heldPasskey] // of the same person, who may
	other.post(add, 200, "name", "Key", "credential", answer, "", "The passkey is added.")
}

// Where the site is not encrypted, or has no name, there are no passkeys.
func TestThereAreNoPasskeysEverywhere(t *testing.T) {
	p := newPeopleSite(t)
	b := p.browser()
	for origin, want := range map[string]bool{"http://pilveturg.example": false, "https://192.0.2.1": false, "http://127.0.0.1:8080": false, "https://pilveturg.example:8443": true, "http://localhost:8080": true} {
		p.Origin = origin
		b.send("POST", "/en/sign-in/passkey/challenge", nil)
		if got := b.last.Code == 200; got != want {
			t.Errorf("%s answers %d", origin, b.last.Code)
		}
	}
	p.Origin = ""
	b.open("/en/sign-in", 200, "!data-passkey")
	b.signIn()
	b.open("/en/account/security", 200, "Passkeys work only where")
	b.open("/en/account/security/passkeys/new", 404)
}
