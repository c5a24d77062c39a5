package handlers

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"pilveturg/db"
	"pilveturg/models"
	"pilveturg/models/identity"
)

func TestBuyersRegisterByTheirMailDomain(t *testing.T) {
	p := newPeopleSite(t)
	b := p.browser()
	b.open("/en/sign-up", 200, "<h1>Make an account</h1>", "register my company")
	b.post("/en/sign-up", 422, "mail", "new@elsewhere.example", "", "The domain of this address is not on the list", `value="new@elsewhere.example"`)
	b.post("/en/sign-up", 422, "mail", "nonsense", "", "Enter an e-mail address, like")
	b.post("/en/sign-up", 200, "mail", "new@lakeside.example", "", "<h1>We have sent you a letter</h1>")
	letter := p.letter(identity.NoticeInvitation)
	if letter.Mail != "new@lakeside.example" || letter.AccountID != 0 || letter.Language != "en" {
		t.Errorf("the letter is %+v", letter)
	}
	link := "/en/invite/" + letter.Secret
	b.open(link, 200, "<h1>You are invited</h1>", "new@lakeside.example", "Lakeside Schools Board", "buyer", "draft requirements and requests", `autocomplete="new-password"`)
	b.post(link, 422, "name", " ", "password", "short", "", "Enter a name", "Enter at least 8 characters", "!short\"")
	b.post(link, 422, "name", "Uus Ostja", "password", "uusostja2026", "", "easy to guess", `value="Uus Ostja"`)
	b.post(link, 200, "name", "Uus Ostja", "password", "kuus rohelist kaelkirjakut", "", "Your account is made, and you are signed in.", "<h1>Uus Ostja</h1>", "Lakeside Schools Board – buyer")
	if b.at != "/en/account" {
		t.Errorf("it leads to %s", b.at)
	}
	p.browser().open(link, 404, "<h1>This link no longer works</h1>", "used or taken back")
	p.browser().post(link, 404, "name", "X", "password", "kuus rohelist kaelkirjakut", "", "no longer works")

	b.post("/en/sign-up", 200, "mail", "new@lakeside.example", "", "<h1>We have sent you a letter</h1>")
	if letter := p.letter(identity.NoticeKnown); letter.Secret != "" || letter.AccountID == 0 {
		t.Errorf("who is in already gets %+v", letter)
	}
}

func TestAnInvitationIsTakenByWhoseItIs(t *testing.T) {
	p := newPeopleSite(t)
	p.person("other@lakeside.example")
	i := identity.Invitation{OrgID: 3, Mail: "mari@lakeside.example", Language: "en", Powers: identity.Powers{Roles: []models.Role{models.VendorEditor}}}
	var link string
	if err := p.DB.Write(t.Context(), p.admin, func(tx *db.Tx) error {
		secret, err := identity.Invite(t.Context(), tx, &i)
		link = "/en/invite/" + secret
		return err
	}); err != nil {
		t.Fatal(err)
	}
	b := p.browser()
	b.open(link, 200, "mari@lakeside.example has an account here", "!type=\"password\"", "/en/sign-in?return=%2Fen%2Finvite%2F")
	b.post(link, 200, "name", "Thief", "password", "kuus rohelist kaelkirjakut", "", "has an account here")
	b.post("/en/sign-in", 200, "mail", "other@lakeside.example", "password", rightPassword)
	b.open(link, 200, "mari@lakeside.example has an account here")
	b.post(link, 200, "", "has an account here")
	b.post("/en/sign-in", 200, "mail", "mari@lakeside.example", "password", rightPassword, "return", link, "", "Tahvel Näidis OÜ", ">Accept</button>")
	b.post(link, 200, "", "The invitation is accepted.", "Tahvel Näidis OÜ – vendor editor")
}

func TestAForgottenPassword(t *testing.T) {
	p := newPeopleSite(t)
	old, b := p.browser(), p.browser()
	old.signIn()
	b.open("/en/forgot", 200, "<h1>Forgotten password</h1>")
	b.post("/en/forgot", 422, "mail", "nonsense", "", "Enter an e-mail address, like", `value="nonsense"`)
	b.post("/en/forgot", 200, "mail", "nobody@lakeside.example", "", "If there is an account with this address")
	if len(p.letters) != 0 {
		t.Errorf("a letter to nobody: %+v", p.letters)
	}
	b.post("/en/forgot", 200, "mail", "Mari@lakeside.example", "", "If there is an account with this address")
	link := "/en/reset/" + p.letter(identity.NoticeReset).Secret
	b.open(link, 200, "<h1>Choose a new password</h1>", "mari@lakeside.example")
	b.post(link, 422, "password", "mari.tamm1", "", "easy to guess")
	b.post(link, 200, "password", "kuus rohelist kaelkirjakut", "", "The password is set. Sign in with it.", "<h1>Sign in</h1>")
	p.letter(identity.NoticePassword)
	b.open(link, 404, "no longer works", "Ask for a new one")
	b.post(link, 404, "password", "kuus rohelist kaelkirjakut")
	old.open("/en/account", 200, "<h1>Sign in</h1>")
	b.post("/en/sign-in", 422, "mail", "mari@lakeside.example", "password", rightPassword)
	b.post("/en/sign-in", 200, "mail", "mari@lakeside.example", "password", "kuus rohelist kaelkirjakut", "", "<h1>Mari Tamm</h1>")

	b.post("/en/forgot", 200, "mail", "mari@lakeside.example")
	link = "/en/reset/" + p.letter(identity.NoticeReset).Secret
	p.later(time.Hour)
	b.open(link, 404, "no longer works")
}

func TestPagesFromLettersAreKeptByNobody(t *testing.T) {
	p := newPeopleSite(t)
	b := p.browser()
	b.post("/en/forgot", 200, "mail", "mari@lakeside.example")
	for _, address := range []string{"/en/reset/" + p.letter(identity.NoticeReset).Secret, "/en/reset/none", "/en/invite/none"} {
		if b.send("GET", address, nil); b.last.Header().Get("Cache-Control") != "private, no-store" {
			t.Errorf("%s: Cache-Control is %q", address, b.last.Header().Get("Cache-Control"))
		}
	}
}

func TestChangingThePassword(t *testing.T) {
	p := newPeopleSite(t)
	b, other := p.browser(), p.browser()
	b.signIn()
	other.signIn()
	other.post("/en/acting-as", 200, "membership", "2")
	b.open("/en/account/security", 200, "<h1>Password and sessions</h1>", "2 sessions", "Firefox, Linux", "this one", "192.0.2.1", "End all other sessions")
	b.post("/en/account/password", 422, "current", "wrong password", "password", "viis kollast kaelkirjakut", "", "Enter the password that you sign in with now", "!kollast")
	b.post("/en/account/password", 422, "current", rightPassword, "password", "parool123", "", "easy to guess")
	b.post("/en/account/password", 200, "current", rightPassword, "password", "viis kollast kaelkirjakut", "", "The password is changed", "1 session", "Lakeside Schools Board")
	p.letter(identity.NoticePassword)
	other.open("/en/account", 200, "<h1>Sign in</h1>")
	for range 5 {
		b.post("/en/account/password", 422, "current", "wrong password", "password", "kuus rohelist kaelkirjakut")
	}
	b.post("/en/account/password", 429, "current", "viis kollast kaelkirjakut", "password", "kuus rohelist kaelkirjakut", "", "try again in 15 seconds")
}

func TestSessionsAreEndedFromAnother(t *testing.T) {
	p := newPeopleSite(t)
	b, second, third, stranger := p.browser(), p.browser(), p.browser(), p.browser()
	for _, one := range []*browser{second, third, b} {
		one.signIn()
	}
	stranger.post("/en/sign-in", 200, "mail", "boss@office.example", "password", rightPassword)
	page := b.open("/en/account/security", 200, "3 sessions")
	if strings.Contains(page, `name="session" value="4"`) || !strings.Contains(page, `name="session" value="1"`) || strings.Contains(page, `name="session" value="3"`) {
		t.Error("the buttons are not those of her own other sessions")
	}
	b.post("/en/account/sessions/removal", 200, "session", "1", "", "What you chose has ended.", "2 sessions")
	second.open("/en/account", 200, "<h1>Sign in</h1>")
	third.open("/en/account", 200, "<h1>Mari Tamm</h1>")
	b.post("/en/account/sessions/removal", 404, "session", "4")
	b.post("/en/account/sessions/removal", 404, "session", "")
	stranger.open("/en/account", 200, "<h1>Mari Tamm</h1>", "boss@office.example")
	b.post("/en/account/sessions/removal", 200, "session", "others", "", "1 session")
	third.open("/en/account", 200, "<h1>Sign in</h1>")
}

func TestProfileAndPreferences(t *testing.T) {
	b := newPeopleSite(t).browser()
	b.signIn()
	b.open("/en/account/profile", 200, `value="Mari Tamm"`, `<option value="en" selected>`)
	b.post("/en/account/profile", 422, "name", "", "language", "xx", "", "Enter a name", "Choose a language")
	b.post("/en/account/profile", 200, "name", "Mari <Kuusk>", "language", "et", "", "Your profile is saved.", "<h1>Mari <Kuusk></h1>", "Estonian")
	b.open("/et/account/preferences", 200, `<option value="system" selected>`)
	b.post("/et/preferences", 200, "theme", "dark", "lang", "et", "return", "/et/account/preferences", "", `data-theme="dark"`, `<option value="dark" selected>`)
}

func TestACompanyApplies(t *testing.T) {
	p := newPeopleSite(t)
	b := p.browser()
	company := []string{"country", "EE", "code", "10000001", "company", "Uus Näidis OÜ", "size_class", "small", "website", "https://uus.example", "markets", "EE", "markets", "FI", "words", "Teeme kaarte."}
	b.open("/en/sign-up/vendor", 200, `<option value="EE" selected>Estonia</option>`, "Registry code", "E-mail address")
	b.post("/en/sign-up/vendor", 422, append(company, "name", "Uus Juht", "mail", "x", "", "", "Enter an e-mail address", `value="10000001"`, `value="FI" checked`, "Teeme kaarte.</textarea>")...)
	b.post("/en/sign-up/vendor", 422, "", "Enter the registry code", "Enter the name of the company", "Write a message", "Enter a name", "Choose the country")
	b.post("/en/sign-up/vendor", 200, append(company, "name", "Uus Juht", "mail", "boss@uus.example", "", "", "We have sent you a letter", "only then is your application sent")...)
	link := "/en/invite/" + p.letter(identity.NoticeInvitation).Secret
	b.open(link, 200, "<h1>Make your account and send the application</h1>", `value="Uus Juht"`)
	b.post(link, 200, "name", "Uus Juht", "password", "kuus rohelist kaelkirjakut", "", "<h1>Application of Uus Näidis OÜ</h1>", "Waiting", "Teeme kaarte.", "Estonia, Finland", "10000001")
	page := b.at
	b.post(page, 422, "words", " ", "", "Write a message")
	b.post(page, 200, "words", "Ka <b>teed</b>.", "", "Your message is sent.", "Ka <b>teed</b>.")
	if strings.Contains(b.last.Body.String(), "<b>teed") {
		t.Error("what was typed is markup")
	}
	stranger := p.browser()
	stranger.open(page, 200, "<h1>Sign in</h1>")
	stranger.signIn()
	stranger.open(page, 404, "!Uus Näidis")
	stranger.post(page, 404, "words", "x")
	boss := p.browser()
	boss.post("/en/sign-in", 200, "mail", "boss@office.example", "password", rightPassword)
	boss.open(page, 404)
	var id int64
	if _, err := fmt.Sscanf(page, "/en/applications/%d", &id); err != nil {
		t.Fatal(err)
	}
	if err := p.DB.Write(t.Context(), p.admin, func(tx *db.Tx) error { return identity.Ask(t.Context(), tx, id, "Kus?") }); err != nil {
		t.Fatal(err)
	}
	b.open("/en/account", 200, "You act for nobody yet", "Your answer is needed", page)
	b.open(page, 200, "Kus?", "The operator of the catalogue has asked you something.")
	if err := p.DB.Write(t.Context(), p.admin, func(tx *db.Tx) error { _, err := identity.Accept(t.Context(), tx, id, "Tere!"); return err }); err != nil {
		t.Fatal(err)
	}
	b.open(page, 200, "Accepted", "See the vendor in the catalogue", "!<textarea")
	b.open("/en/account", 200, "Uus Näidis OÜ", "Roles: vendor manager", `<form class="row" method="post" action="/en/acting-as">`)
}

func TestWhoHasAnAccountAppliesAtOnce(t *testing.T) {
	p := newPeopleSite(t)
	b := p.browser()
	b.signIn()
	b.open("/en/sign-up/vendor", 200, "Registry code", "!E-mail address")
	b.post("/en/sign-up/vendor", 200, "country", "FI", "code", "1234567-8", "company", "Uusi Oy", "words", "Hei.", "", "The application is sent.", "<h1>Application of Uusi Oy</h1>")
	if len(p.letters) != 0 {
		t.Errorf("letters %+v", p.letters)
	}
}

func TestUseOfASessionIsWrittenDown(t *testing.T) {
	p := newPeopleSite(t)
	b := p.browser()
	b.signIn()
	seen := func() (at models.Time) {
		if err := p.DB.Get(t.Context(), &at, `SELECT seen_at FROM sessions`); err != nil {
			t.Fatal(err)
		}
		return at
	}
	first := seen()
	p.later(59 * time.Second)
	if b.open("/en/vendors", 200); !seen().Equal(first.Time) {
		t.Error("within a minute it was written down again")
	}
	p.later(time.Second)
	if b.open("/en/vendors", 200); !seen().Equal(p.DB.Now()) {
		t.Errorf("after a minute it is %v", seen())
	}
	p.later(time.Minute)
	hold, done := make(chan bool), make(chan bool)
	go func() { // an import
		_ = p.DB.WriteAlone(t.Context(), admin, func(*db.Tx) error { hold <- true; <-hold; return nil })
		close(done)
	}()
	<-hold
	b.open("/en/vendors", 200, "Mari Tamm")
	hold <- true
	<-done
}

// Pages that are kept ready for many must not carry one reader to another.
func TestKeptPagesDoNotMixPeople(t *testing.T) {
	p := newPeopleSite(t)
	b, boss := p.browser(), p.browser()
	b.signIn()
	boss.post("/en/sign-in", 200, "mail", "boss@office.example", "password", rightPassword)
	for _, address := range []string{"/en/services/sc-1-e-journal-for-classes", "/en/services", "/en/", "/en/nowhere", "/en/help/prices"} {
		for range 2 {
			for _, tt := range []struct {
				who  *browser
				name string
			}{{b, "Lakeside Schools Board – buyer"}, {boss, "Catalogue Office – administrator"}, {p.browser(), ">Sign in</a>"}} {
				tt.who.send("GET", address, nil)
				body := tt.who.last.Body.String()
				for _, name := range []string{"Lakeside Schools Board – buyer", "Catalogue Office – administrator", ">Sign in</a>"} {
					if strings.Contains(body, name) != (name == tt.name) {
						t.Errorf("%s for %q: is %q there? %t", address, tt.name, name, name != tt.name)
					}
				}
			}
		}
	}
}

func TestTheNavigationIsThatOfTheRoles(t *testing.T) {
	for _, r := range models.Roles {
		nav := navOf(models.Actor{AccountID: 1, Roles: []models.Role{r}})
		if len(nav) == 0 || len(nav) > mostSections {
			t.Errorf("%s has the navigation %v", r, nav)
		}
	}
	if nav := navOf(models.Actor{}); nav != nil {
		t.Errorf("visitors have %v, want what all have", nav)
	}
	if nav := navOf(models.Actor{AccountID: 1, Roles: models.Roles}); len(nav) != mostSections || nav[0] != "services" {
		t.Errorf("who is everything has %v", nav)
	}
	p := newPeopleSite(t)
	boss := p.browser()
	boss.post("/en/sign-in", 200, "mail", "boss@office.example", "password", rightPassword)
	boss.open("/en/admin/synonyms", 200, `<a href="/en/admin" aria-current="page">Administration</a>`)
	for _, r := range models.Roles {
		for _, section := range navOf(models.Actor{AccountID: 1, Roles: []models.Role{r}}) {
			if !p.isFor("/en/"+section, []models.Role{r}) {
				t.Errorf("%s is led to %s, which is not for them", r, section)
			}
			if key := "section." + strings.ReplaceAll(section, "/", "."); !p.Views["en"].Locale.Has(key) || !p.Views["et"].Locale.Has(key) {
				t.Errorf("%s is led to %s, which has no name", r, section)
			}
		}
	}
}
