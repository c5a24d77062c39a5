package handlers

import (
	"maps"
	"strconv"
	"strings"
	"testing"
	"time"

	"pilveturg/db"
	"pilveturg/models"
	"pilveturg/models/access"
	"pilveturg/models/identity"
	"pilveturg/models/privacy"
)

func TestSigningInAndOut(t *testing.T) {
	b := newPeopleSite(t).browser()
	b.open("/en/sign-in", 200, "<h1>Sign in</h1>", `type="password"`, `autocomplete="current-password"`, "I forgot my password", "I have no account yet", "noindex", "!Demonstration: step in")
	b.post("/en/sign-in", 200, "mail", " MARI@lakeside.example ", "password", rightPassword, "",
		"<h1>Mari Tamm</h1>", "Acting for:", "Lakeside Schools Board – buyer", "Ministry of Learning – approver", "Approves up to: €30,000.00", ">Sign out</button>", "!/en/sign-in")
	if b.at != "/en/account" {
		t.Errorf("it leads to %s", b.at)
	}
	b.open("/en/services", 200, "Mari Tamm", `<form class="row" method="post" action="/en/acting-as">`)
	was := maps.Clone(b.cookies)
	b.post("/en/sign-out", 200, "", "You are signed out.", "!Mari Tamm")
	if b.at != "/en/" || b.cookies[sessionName] != "" {
		t.Errorf("it leads to %s with %v", b.at, b.cookies)
	}
	b.open("/en/", 200, "!You are signed out.")
	b.cookies = was
	b.open("/en/account", 200, "<h1>Sign in</h1>", "!Mari Tamm")
	if b.at != "/en/sign-in?return=%2Fen%2Faccount" {
		t.Errorf("after signing out the old cookie leads to %s", b.at)
	}
}

// Whoever signs in wrongly is told the same, whatever is wrong.
func TestAnswersDoNotTellWhoHasAnAccount(t *testing.T) {
	p := newPeopleSite(t)
	plain := func(body, mail string) string { return strings.ReplaceAll(body, mail, "MAIL") }
	for _, form := range []struct {
		path   string
		fields []string
		code   int
	}{
		{"/en/sign-in", []string{"password", "wrong password"}, 422},
		{"/en/forgot", nil, 200},
		{"/en/sign-up", nil, 200},
	} {
		var bodies []string
		for _, mail := range []string{"mari@lakeside.example", "nobody@lakeside.example"} {
			b := p.browser()
			b.from = mail[:1] + ".0.0.1:1"
			body := b.post(form.path, form.code, append([]string{"mail", mail}, form.fields...)...)
			bodies = append(bodies, plain(body, mail))
		}
		if bodies[0] != bodies[1] {
			t.Errorf("%s answers differ:\n%s\n%s", form.path, bodies[0], bodies[1])
		}
	}
}

func TestNothingThatWasTypedIsLostButPasswords(t *testing.T) {
	b := newPeopleSite(t).browser()
	body := b.post("/en/sign-in", 422, "mail", `a"b@lakeside.example`, "password", "typed-secret", "return", "/en/vendors", "",
		"<title>Error: Sign in", `value="a"b@lakeside.example"`, `name="return" value="/en/vendors"`, "There is a problem", "!typed-secret")
	if !strings.Contains(body, `<a href="#password">The e-mail address and the password do not belong together`) {
		t.Error("the problem does not lead to its field")
	}
	b.post("/en/sign-in", 422, "mail", " ", "password", "", "", "Enter your e-mail address", "Enter your password")
}

func TestGuessingIsToldToWait(t *testing.T) {
	p := newPeopleSite(t)
	b := p.browser()
	for range 5 {
		b.post("/en/sign-in", 422, "mail", "mari@lakeside.example", "password", "wrong password")
	}
	if n := p.letter(identity.NoticeAttempts); n.Mail != "mari@lakeside.example" || n.AccountID != p.buyer {
		t.Errorf("the letter is %+v", n)
	}
	b.post("/en/sign-in", 429, "mail", "mari@lakeside.example", "password", rightPassword, "", "try again in 15 seconds", "mari@lakeside.example")
	p.later(15 * time.Second)
	b.post("/en/sign-in", 422, "mail", "mari@lakeside.example", "password", "wrong password")
	p.later(5 * time.Second)
	b.post("/et/sign-in", 429, "mail", "mari@lakeside.example", "password", rightPassword, "", "proovige uuesti 25 sekundi pärast")
	p.later(25 * time.Second)
	b.signIn()
	if len(p.letters) != 1 {
		t.Errorf("%d letters, want 1", len(p.letters))
	}
}

// A secret that somebody planted in a browser before its owner signs in opens nothing
// afterwards.
func TestASessionCannotBeFixed(t *testing.T) {
	p := newPeopleSite(t)
	b := p.browser()
	planted, _ := identity.NewSecret()
	b.cookies[sessionName] = planted
	b.signIn()
	if b.cookies[sessionName] == planted {
		t.Fatal("the browser keeps the secret that was planted")
	}
	thief := p.browser()
	thief.cookies[sessionName] = planted
	thief.open("/en/account", 200, "<h1>Sign in</h1>", "!Mari Tamm")

	other := p.browser() // the thief's own session, planted
	p.person("thief@lakeside.example")
	other.post("/en/sign-in", 200, "mail", "thief@lakeside.example", "password", rightPassword)
	victim := p.browser()
	victim.cookies[sessionName] = other.cookies[sessionName]
	victim.signIn()
	other.open("/en/account", 200, "<h1>Sign in</h1>")
	victim.open("/en/account", 200, "<h1>Mari Tamm</h1>", "mari@lakeside.example")
}

func TestAStolenSecretIsWorthNothingAfterAChange(t *testing.T) {
	p := newPeopleSite(t)
	for name, change := range map[string]func(*browser){
		"acting for another": func(b *browser) { b.post("/en/acting-as", 200, "membership", "2", "return", "/en/vendors") },
		"signing in again":   func(b *browser) { b.signIn() },
		"signing out":        func(b *browser) { b.post("/en/sign-out", 200) },
		"another password": func(b *browser) {
			b.post("/en/account/password", 200, "current", rightPassword, "password", "viis kollast kaelkirjakut", "", "The password is changed")
		},
	} {
		p.reset()
		b, thief := p.browser(), p.browser()
		b.signIn()
		thief.cookies = maps.Clone(b.cookies)
		thief.open("/en/account", 200, "<h1>Mari Tamm</h1>")
		change(b)
		thief.open("/en/account", 200, "<h1>Sign in</h1>", "!Mari Tamm")
		if name != "signing out" {
			b.open("/en/account", 200, "<h1>Mari Tamm</h1>")
		}
	}
}

// reset gives the buyer the right password.
func (p *peopleSite) reset() {
	p.t.Helper()
	hash, err := p.Hasher.Hash(p.t.Context(), rightPassword)
	if err != nil {
		p.t.Fatal(err)
	}
	p.write(func(tx *db.Tx) error {
		tx.Actor = models.Actor{AccountID: p.buyer}
		return access.SetPassword(p.t.Context(), tx, hash)
	})
}

func TestSessionsEndByThemselves(t *testing.T) {
	p := newPeopleSite(t)
	b := p.browser()
	b.signIn()
	for range 3 {
		p.later(access.Idle - time.Minute)
		b.open("/en/account", 200, "<h1>Mari Tamm</h1>")
	}
	p.later(3 * time.Minute) // 24 hours
	b.open("/en/account", 200, "<h1>Sign in</h1>")
	if b.cookies[sessionName] != "" {
		t.Error("the browser keeps a cookie that opens nothing")
	}
	b.signIn()
	p.later(access.Idle)
	b.open("/en/account", 200, "<h1>Sign in</h1>")
}

func TestRemovalEndsTheSessionsForThatOrganisation(t *testing.T) {
	p := newPeopleSite(t)
	agency, ministry := p.browser(), p.browser()
	agency.signIn()
	ministry.signIn()
	ministry.post("/en/acting-as", 200, "membership", "2")
	p.write(func(tx *db.Tx) error { return identity.EndMember(t.Context(), tx, 1) })
	agency.open("/en/account", 200, "<h1>Sign in</h1>")
	ministry.open("/en/account", 200, "<h1>Mari Tamm</h1>", "Ministry of Learning – approver", "!Lakeside Schools Board –")
}

func TestReturnLeadsToThisSiteOnly(t *testing.T) {
	p := newPeopleSite(t)
	for back, want := range map[string]string{
		"/en/vendors?letter=A": "/en/vendors?letter=A",
		"":                     "/en/account",
		"https://evil.example": "/en/account", "//evil.example": "/en/account", "/\\evil.example": "/en/account", "\\\\evil.example": "/en/account",
		"/\t/evil.example": "/en/account", "/\r\nX: y": "/en/account", "javascript:alert(1)": "/en/account", "en/vendors": "/en/account",
		" //evil.example": "/en/account", "/\x00/evil.example": "/en/account", "/\u0085/evil.example": "/en/account",
	} {
		b := p.browser()
		b.send("POST", "/en/sign-in", map[string][]string{"mail": {"mari@lakeside.example"}, "password": {rightPassword}, "return": {back}})
		if got := b.last.Header().Get("Location"); b.last.Code != 303 || got != want {
			t.Errorf("return=%q leads to %q with %d, want %q", back, got, b.last.Code, want)
		}
		if body := b.open("/en/sign-in?"+query("return", back), 200); want == "/en/account" && !strings.Contains(body, `name="return" value=""`) {
			t.Errorf("return=%q stands in the form", back)
		}
	}
}

func TestAReaderComesBackToWhereSheWas(t *testing.T) {
	p := newPeopleSite(t)
	b := p.browser()
	b.open("/en/vendors", 200)
	b.open("/en/sign-in", 200, `name="return" value="/en/vendors"`)
	b.open("/en/sign-in", 200, `name="return" value=""`) // not from one sign-in to the next
	b.open("/en/account/security", 200, `name="return" value="/en/account/security"`)
	b.post("/en/sign-in", 200, "mail", "mari@lakeside.example", "password", rightPassword, "return", "/en/account/security", "", "<h1>Password and sessions</h1>")
}

func TestActingForAnother(t *testing.T) {
	p := newPeopleSite(t)
	b := p.browser()
	b.signIn()
	b.open("/en/vendors?letter=T", 200, `name="return" value="/en/vendors?letter=T"`)
	b.post("/en/acting-as", 200, "membership", "2", "return", "/en/vendors?letter=T", "", "You now act for the organisation that you chose.", `<option value="2" selected>Ministry of Learning – approver</option>`)
	if b.at != "/en/vendors?letter=T" {
		t.Errorf("it leads to %s", b.at)
	}
	b.post("/en/acting-as", 200, "membership", "1", "return", "/en/admin/synonyms")
	if b.at != "/en/account" {
		t.Errorf("from a page that is not for the new role it leads to %s", b.at)
	}
	b.post("/en/acting-as", 404, "membership", "3")
	b.post("/en/acting-as", 404, "membership", "x")
	b.open("/et/account", 200, "Järveääre Koolivalitsus – hankespetsialist")
}

func TestOneClickInTheDemonstrationOnly(t *testing.T) {
	p := &peopleSite{testSite: newSite(t)}
	p.invent()
	b := p.browser()
	b.post("/en/sign-in/demo", 403, "person", "1") // no demonstration
	b.open("/en/sign-in", 200, "!step in as")
	if b.cookies[sessionName] != "" {
		t.Fatal("signed in without a demonstration")
	}
	p, invented := newInvention(t)
	b = p.browser()
	b.open("/en/sign-in", 200, "Demonstration: step in as somebody", `name="person" value="1">Buyer</button>`, "Ostja Näidis, Lakeside Schools Board", "With your own account")
	b.post("/en/sign-in/demo", 200, "person", invented, "return", "/en/account/security", "", "Ostja Näidis", "<h1>Password and sessions</h1>")
	b.post("/en/account/profile", 422, "name", "Rude Words", "language", "en", "", "keep their names")
	b.post("/en/account/password", 422, "current", "x", "password", "viis kollast kaelkirjakut")
	b.post("/en/account/mail", 422, "mail", "other@lakeside.example", "", "keep their names")
	b.post("/en/sign-in/demo", 404, "person", "x")
	p.OneClick = false
	b.post("/en/sign-in/demo", 404, "person", invented)
	b.open("/en/sign-in", 200, "!step in as")
}

// A database with real people in it is no demonstration: nobody becomes anybody by a
// button any more, and who has stays so no longer.
func TestOneClickEndsWhenTheFirstRealPersonComes(t *testing.T) {
	p, invented := newInvention(t)
	b := p.browser()
	b.post("/en/sign-in/demo", 200, "person", invented, "", "Ostja Näidis")
	real := p.person("mari@lakeside.example")
	b.isIn(false, "there is a real person")
	b.open("/en/sign-in", 200, "!step in as")
	b.post("/en/sign-in/demo", 403, "person", invented)
	b.post("/en/sign-in/demo", 403, "person", strconv.FormatInt(real, 10))
	if b.cookies[sessionName] != "" {
		t.Error("signed in among real people")
	}
	p.write(func(tx *db.Tx) error { return privacy.Erase(t.Context(), tx, real) })
	b.post("/en/sign-in/demo", 200, "person", invented, "", "Ostja Näidis")
}

func TestBrowsersAreCalledByWhatPeopleKnow(t *testing.T) {
	for header, want := range map[string]string{
		"": "", "curl/8.0": "",
		"Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0":                                                     "Firefox, Windows",
		"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Safari/537.36 Edg/140.0":                "Edge, Windows",
		"Mozilla/5.0 (Macintosh; Intel Mac OS X 14_0) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Safari/605.1.15":                   "Safari, macOS",
		"Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Mobile Safari/537.36":                             "Chrome, Android",
		"Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) CriOS/140.0 Mobile/15E148 Safari/604": "Chrome, iPhone",
	} {
		if got := agent(header); got != want {
			t.Errorf("%q is called %q, want %q", header, got, want)
		}
	}
}
