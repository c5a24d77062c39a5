package handlers

import (
	"testing"

	"pilveturg/models/access"
)

func TestWhatIsDangerousTakesAFreshSignIn(t *testing.T) {
	p := newPeopleSite(t)
	b := p.browser()
	b.signIn()
	b.open("/en/account/security", 200, `name="current"`, "!sign in afresh")
	p.later(access.Fresh)
	b.open("/en/account/security", 200, "sign in afresh", `href="/en/sign-in/again?return=%2Fen%2Faccount%2Fsecurity"`, `!name="current"`)
	for _, address := range []string{"/en/account/security/app", "/en/account/security/passkeys/new"} {
		b.open(address, 200, "<h1>Show once more that it is you</h1>", `name="return" value="`+address+`"`)
	}
	b.post("/en/sign-in/again", 422, "password", "", "return", "/en/account/security/app", "", "Enter your password", `value="/en/account/security/app"`)
	b.post("/en/sign-in/again", 422, "password", "wrong", "", "Enter the password that you sign in with now")
	before := b.cookies[sessionName]
	b.post("/en/sign-in/again", 200, "password", rightPassword, "return", "/en/account/security/app", "", "<h1>Set up an authenticator app</h1>")
	if b.cookies[sessionName] == before {
		t.Error("the secret of the session is the same")
	}
	b.post("/en/sign-in/again", 200, "password", rightPassword, "return", "//evil.example")
	if b.at != "/en/account" {
		t.Errorf("it leads to %s", b.at)
	}
}

func TestAFreshSignInTakesAllThatTheFirstTook(t *testing.T) {
	p := newPeopleSite(t)
	b := p.browser()
	b.signIn()
	app, codes := b.addApp()
	p.later(access.Fresh)
	b.open("/en/account/security/app", 200, `name="password"`, `name="code"`)
	b.post("/en/sign-in/again", 422, "password", rightPassword, "code", "", "", "Enter the code")
	b.post("/en/sign-in/again", 422, "password", rightPassword, "code", "000000", "", "The code is not right")
	b.post("/en/sign-in/again", 200, "password", rightPassword, "code", app.code(p.DB.Now()), "return", "/en/account/security", "", "!sign in afresh")
	p.later(access.Fresh)
	b.post("/en/sign-in/again", 200, "password", rightPassword, "code", codes[2], "return", "/en/account/security", "", "9 codes are left", "!sign in afresh")
	for range 5 {
		b.post("/en/sign-in/again", 422, "password", "wrong", "code", "1")
	}
	b.post("/en/sign-in/again", 429, "password", rightPassword, "code", app.code(p.DB.Now()), "", "try again in 15 seconds")
}

// What was posted too late is kept, but for secrets, and sent by another press.
func TestWhatWasPostedTooLateIsKept(t *testing.T) {
	p := newPeopleSite(t)
	b := p.browser()
	b.signIn()
	app, _ := b.addApp()
	p.later(access.Fresh)
	b.at = "/en/account/security"
	const removal = "/en/account/security/app/removal"
	b.post(removal, 401, "a", `<"1">`, "b", "2", "b", "3", "password", "typed-secret", "",
		"<h1>Show once more that it is you</h1>", `name="kept" value="`+removal+`?a=%3C%221%22%3E&b=2&b=3"`, `name="return" value="/en/account/security"`, "!typed-secret")
	const kept = removal + "?a=1&b=2&b=3"
	again := func(fields ...string) []string {
		return append([]string{"password", rightPassword, "code", app.code(p.DB.Now()), "return", "/en/account/security"}, fields...)
	}
	b.post("/en/sign-in/again", 422, "password", "wrong", "code", "1", "kept", kept, "return", "/en/account/security", "", `name="kept" value="`+kept+`"`)
	b.post("/en/sign-in/again", 200, again("kept", kept, "", "What you sent before was kept", `action="`+removal+`"`,
		`name="a" value="1"`, `name="b" value="2"`, `name="b" value="3"`, `href="/en/account/security"`)...)
	b.post(removal, 200, "a", "1", "", "The authenticator app is removed.")
	b.post("/en/sign-in/again", 200, again("kept", "https://evil.example/x?a=1", "", "<h1>Password and sessions</h1>", "!evil")...)
}

func TestInventedPeopleShowNothingAgain(t *testing.T) {
	p, invented := newInvention(t)
	b := p.browser()
	b.post("/en/sign-in/demo", 200, "person", invented)
	b.open("/en/account/security", 200, "!Second step")
	b.open("/en/account/security/app", 404)
	p.later(access.Fresh)
	b.open("/en/account/security/app", 200, "<h1>Show once more that it is you</h1>", "!password")
	b.post("/en/sign-in/again", 200, "return", "/en/account/security", "", "<h1>Password and sessions</h1>", "!sign in afresh")
	p.OneClick = false
	b.post("/en/sign-in/again", 422, "password", "x")
}
