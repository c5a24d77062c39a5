package handlers

import (
	"testing"
	"time"

	"pilveturg/models/access"
	"pilveturg/models/identity"
)

func TestPeopleChangeTheirMail(t *testing.T) {
	p := newPeopleSite(t)
	b, other := p.browser(), p.browser()
	b.signIn()
	other.signIn()
	b.open("/en/account", 200, `href="/en/account/mail"`)
	b.open("/en/account/mail", 200, "<h1>E-mail address</h1>", "mari@lakeside.example")
	for typed, want := range map[string]string{"": "e-mail address", "mari": "e-mail address", "mari@lakeside.example": "This is your address already", "mari@elsewhere.example": "choose an address under the same domain"} {
		b.post("/en/account/mail", 422, "mail", typed, "", "There is a problem", want, `value="`+typed+`"`)
	}
	b.post("/en/account/mail", 200, "mail", "tamm@lakeside.example", "", "Open the letter to your new address", "tamm@lakeside.example")
	asked := p.letter(identity.NoticeMailAsked)
	if asked.Mail != "tamm@lakeside.example" || asked.AccountID != p.buyer || asked.Secret == "" {
		t.Fatalf("the letter is %+v", asked)
	}
	page := "/en/mail/" + asked.Secret
	b.open(page, 200, "<h1>Confirm your new e-mail address</h1>", "mari@lakeside.example", "tamm@lakeside.example")
	b.open("/en/account", 200, "mari@lakeside.example") // looking at it changes nothing
	b.post(page, 200, "", "You sign in with tamm@lakeside.example from now on.", "<h1>Mari Tamm</h1>")
	other.isIn(false, "in another browser")
	told := p.letter(identity.NoticeMailChanged)
	if told.Mail != "mari@lakeside.example" || told.Secret == "" || told.Secret == asked.Secret {
		t.Errorf("the letter to the address before is %+v", told)
	}
	b.open(page, 404, "This link no longer works")
	other.post("/en/sign-in", 422, "mail", "mari@lakeside.example", "password", rightPassword)
	other.post("/en/sign-in", 200, "mail", "tamm@lakeside.example", "password", rightPassword, "", "<h1>Mari Tamm</h1>")

	owner, undo := p.browser(), "/en/mail/"+told.Secret+"/undo"
	owner.open(undo, 200, "<h1>Take back the change of your e-mail address</h1>", `type="password"`)
	owner.post(undo, 422, "password", "password", "", "There is a problem")
	other.isIn(true, "nothing was taken back yet")
	owner.post(undo, 200, "password", "viis kollast kaelkirjakut", "", "The change is taken back.", "<h1>Sign in</h1>")
	if n := p.letter(identity.NoticePassword); n.Mail != "mari@lakeside.example" {
		t.Errorf("the letter is %+v", n)
	}
	b.isIn(false, "the change was taken back")
	other.isIn(false, "the change was taken back")
	owner.post("/en/sign-in", 422, "mail", "mari@lakeside.example", "password", rightPassword)
	owner.post("/en/sign-in", 200, "mail", "mari@lakeside.example", "password", "viis kollast kaelkirjakut", "", "<h1>Mari Tamm</h1>")
	owner.open(undo, 404, "This link no longer works")
}

// The page says the same, whoever has the mail.
func TestAMailOfSomebodyElseIsNotTold(t *testing.T) {
	p := newPeopleSite(t)
	p.person("second@lakeside.example")
	b := p.browser()
	b.signIn()
	b.post("/en/account/mail", 200, "mail", "SECOND@lakeside.example", "", "Open the letter to your new address", "!There is a problem")
	if n := p.letter(identity.NoticeKnown); n.Mail != "second@lakeside.example" || n.AccountID == p.buyer {
		t.Errorf("the letter is %+v", n)
	}
}

// Whoever opens the letter in a browser where nobody has signed in signs in after it.
func TestAMailIsConfirmedInAnotherBrowser(t *testing.T) {
	p := newPeopleSite(t)
	b, other := p.browser(), p.browser()
	b.signIn()
	b.post("/en/account/mail", 200, "mail", "tamm@lakeside.example")
	other.post("/en/mail/"+p.letter(identity.NoticeMailAsked).Secret, 200, "", "You sign in with tamm@lakeside.example from now on.", "<h1>Sign in</h1>")
	b.isIn(false, "the mail was changed elsewhere")
	p.later(access.Fresh)
	b.post("/en/sign-in", 200, "mail", "tamm@lakeside.example", "password", rightPassword)
	p.later(access.Fresh)
	b.open("/en/account/mail", 200, "<h1>Show once more that it is you</h1>")
}

func TestASignInFromANewPlaceIsTold(t *testing.T) {
	p := newPeopleSite(t)
	b := p.browser()
	b.signIn()
	b.signIn()
	b.from = "192.0.2.77:1"
	b.signIn()
	if len(p.letters) != 0 {
		t.Fatalf("letters about places that are known: %+v", p.letters)
	}
	b.from = "198.51.100.1:1"
	b.signIn()
	if n := p.letter(identity.NoticePlace); n.Mail != "mari@lakeside.example" || n.About != "Firefox, Linux" || len(p.letters) != 1 {
		t.Errorf("the letters are %+v", p.letters)
	}
	b.signIn()
	if len(p.letters) != 1 {
		t.Errorf("the place is told again: %+v", p.letters)
	}
}

// Devices are asked as often as people need, but not without end from one address.
func TestDevicesAreNotAskedWithoutEnd(t *testing.T) {
	p := newPasskeySite(t)
	b := p.browser()
	n := 0
	for ; n < 100; n++ {
		if b.send("POST", "/en/sign-in/passkey/challenge", nil); b.last.Code != 200 {
			break
		}
	}
	if n != 60 || b.last.Code != 429 || b.last.Header().Get("Cache-Control") != "private, no-store" {
		t.Errorf("after %d: status %d, %v", n, b.last.Code, b.last.Header())
	}
	other := p.browser()
	other.from = "198.51.100.1:1"
	other.ask("/en/sign-in/passkey/challenge", "")
	b.signIn() // by a password
	p.later(time.Minute)
	b.ask("/en/sign-in/passkey/challenge", "")
}
