package handlers

import (
	"crypto/hmac"
	"crypto/sha1"
	"encoding/base32"
	"encoding/binary"
	"fmt"
	"maps"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"pilveturg/models"
	"pilveturg/models/access"
	"pilveturg/models/identity"
)

// phone is an authenticator app with a secret.
type phone []byte

// code is what it shows now.
func (p phone) code(now time.Time) string {
	h := hmac.New(sha1.New, p)
	h.Write(binary.BigEndian.AppendUint64(nil, uint64(now.Unix()/30)))
	sum := h.Sum(nil)
	n := binary.BigEndian.Uint32(sum[sum[19]&15:]) & (1<<31 - 1)
	return fmt.Sprintf("%06d", n%1_000_000)
}

var (
	offerField = regexp.MustCompile(`name="offer" value="([^"]+)"`)
	appKey     = regexp.MustCompile(`<code>([A-Z2-7 ]{39})</code>`)
	oneCode    = regexp.MustCompile(`<li><code>([a-z2-7-]{29})</code></li>`)
)

// offer opens the page that sets up an app, and has a phone read it.
func (b *browser) offer() (p phone, sealed string) {
	b.t.Helper()
	body := b.open("/en/account/security/app", 200, "<h1>Set up an authenticator app</h1>", `<img src="data:image/png;base64,`, "QR code")
	return b.reads(body)
}

func (b *browser) reads(body string) (p phone, sealed string) {
	b.t.Helper()
	field, key := offerField.FindStringSubmatch(body), appKey.FindStringSubmatch(body)
	if field == nil || key == nil {
		b.t.Fatal("the page has no key for an app")
	}
	secret, err := base32.StdEncoding.DecodeString(strings.ReplaceAll(key[1], " ", ""))
	if err != nil {
		b.t.Fatal(err)
	}
	return secret, field[1]
}

// addApp sets up an app, and returns the recovery codes that come with it.
func (b *browser) addApp() (phone, []string) {
	b.t.Helper()
	p, sealed := b.offer()
	body := b.post("/en/account/security/app", 200, "offer", sealed, "code", p.code(b.DB.Now()))
	b.later(time.Minute)
	return p, recoveryCodes(body)
}

func recoveryCodes(body string) (codes []string) {
	for _, m := range oneCode.FindAllStringSubmatch(body, -1) {
		codes = append(codes, m[1])
	}
	return codes
}

// password shows the right password of the buyer, and no more.
func (b *browser) password() {
	b.t.Helper()
	b.post("/en/sign-in", 200, "mail", "mari@lakeside.example", "password", rightPassword, "return", "/en/vendors", "", "<h1>Second step</h1>", `autocomplete="one-time-code"`, "!Mari Tamm")
	if b.at != "/en/sign-in/code?return=%2Fen%2Fvendors" || b.cookies[sessionName] != "" {
		b.t.Fatalf("after the password it shows %s, with the cookies %v", b.at, b.cookies)
	}
}

func TestSigningInWithAnApp(t *testing.T) {
	p := newPeopleSite(t)
	b := p.browser()
	b.signIn()
	b.open("/en/account/security", 200, "Your password alone is enough", "Set up an authenticator app", "!Recovery codes")
	app, codes := b.addApp()
	if n := p.letter(identity.NoticeFactors); n.Mail != "mari@lakeside.example" || len(codes) != 10 {
		t.Fatalf("%d codes, and the letter %+v", len(codes), n)
	}
	b.open("/en/account/security", 200, "After the password, a code is asked for", "10 codes are left", "Set up another app in its place", "!"+codes[0])
	other := p.browser()
	other.password()
	other.post("/en/sign-in/code", 422, "code", " ", "return", "/en/vendors", "", "Enter the code", `name="return" value="/en/vendors"`)
	other.post("/en/sign-in/code", 422, "code", "000000", "return", "/en/vendors", "", "The code is not right", `value="000000"`)
	code := app.code(p.DB.Now())
	other.post("/en/sign-in/code", 200, "code", code, "return", "/en/vendors", "", "Mari Tamm")
	if other.at != "/en/vendors" || other.cookies[heldStep] != "" {
		t.Errorf("it leads to %s with %v", other.at, other.cookies)
	}
	again := p.browser()
	again.password()
	again.post("/en/sign-in/code", 422, "code", code, "", "The code is not right, or it was used")
}

func TestSigningInWithARecoveryCode(t *testing.T) {
	p := newPeopleSite(t)
	b := p.browser()
	b.signIn()
	_, codes := b.addApp()
	other := p.browser()
	other.password()
	other.post("/en/sign-in/code", 200, "code", codes[0], "", "Mari Tamm")
	if n := p.letter(identity.NoticeRecovery); n.AccountID != p.buyer {
		t.Errorf("the letter is %+v", n)
	}
	again := p.browser()
	again.password()
	again.post("/en/sign-in/code", 422, "code", codes[0], "", "The code is not right")
	other.open("/en/account/security", 200, "9 codes are left")
	fresh := recoveryCodes(other.post("/en/account/security/recovery-codes", 200, "", "New recovery codes are made"))
	if len(fresh) != 10 {
		t.Fatalf("%d new codes", len(fresh))
	}
	again.post("/en/sign-in/code", 422, "code", codes[1])
	again.post("/en/sign-in/code", 200, "code", fresh[1], "", "Mari Tamm")
}

// Between password and code nothing is open, and the ticket is worth nothing later or
// elsewhere.
func TestAPendingSignInReachesNothingElse(t *testing.T) {
	p := newPeopleSite(t)
	b := p.browser()
	b.signIn()
	app, _ := b.addApp()
	other := p.browser()
	other.password()
	for _, rt := range p.routes() {
		if rt.bare || !rt.who.signedIn {
			continue
		}
		address := "/en" + examples.Replace(rt.path)
		other.send(rt.method, address, nil)
		if to := other.last.Header().Get("Location"); other.last.Code != http.StatusSeeOther || !strings.HasPrefix(to, "/en/sign-in") {
			t.Errorf("%s %s answers %d to %q", rt.method, address, other.last.Code, to)
		}
	}
	thief := p.browser()
	thief.cookies[sessionName] = other.cookies[heldStep]
	thief.open("/en/account", 200, "<h1>Sign in</h1>")
	stranger := p.browser()
	stranger.post("/en/sign-in/code", 422, "code", app.code(p.DB.Now()), "", "Too much time has passed", "!Mari Tamm")
	p.later(access.SecondStepLife)
	other.post("/en/sign-in/code", 422, "code", app.code(p.DB.Now()), "", "Too much time has passed", "!Mari Tamm")
	other.open("/en/sign-in/code", 200, "Too much time has passed")
}

func TestTheTicketOfASecondStepWorksOnce(t *testing.T) {
	p := newPeopleSite(t)
	b := p.browser()
	b.signIn()
	app, _ := b.addApp()
	other := p.browser()
	other.password()
	copied := p.browser()
	copied.cookies = maps.Clone(other.cookies)
	other.post("/en/sign-in/code", 200, "code", app.code(p.DB.Now()), "", "Mari Tamm")
	p.later(30 * time.Second)
	copied.post("/en/sign-in/code", 422, "code", app.code(p.DB.Now()), "", "Too much time has passed", "!Mari Tamm")
}

func TestTheSecretOfASessionChangesWithTheSecondStep(t *testing.T) {
	p := newPeopleSite(t)
	b := p.browser()
	b.signIn()
	before := b.cookies[sessionName]
	app, _ := b.addApp()
	if b.cookies[sessionName] == before {
		t.Error("the first factor leaves the secret")
	}
	planted := b.cookies[sessionName]
	b.password2(app)
	if b.cookies[sessionName] == planted {
		t.Error("the second step leaves the secret that the browser had")
	}
	thief := p.browser()
	thief.cookies[sessionName] = planted
	thief.open("/en/account", 200, "<h1>Sign in</h1>")
}

// password2 signs in by password and code.
func (b *browser) password2(app phone) {
	b.t.Helper()
	b.post("/en/sign-in", 200, "mail", "mari@lakeside.example", "password", rightPassword)
	b.post("/en/sign-in/code", 200, "code", app.code(b.DB.Now()), "", "Mari Tamm")
}

func TestGuessingCodesIsToldToWait(t *testing.T) {
	p := newPeopleSite(t)
	b := p.browser()
	b.signIn()
	app, _ := b.addApp()
	other := p.browser()
	other.password()
	for range 4 { // the password was the first attempt
		other.post("/en/sign-in/code", 422, "code", "123456")
	}
	p.letter(identity.NoticeAttempts)
	other.post("/en/sign-in/code", 429, "code", app.code(p.DB.Now()), "", "try again in 15 seconds")
	p.later(15 * time.Second)
	other.post("/en/sign-in/code", 200, "code", app.code(p.DB.Now()), "", "Mari Tamm")
}

func TestASetUpThatIsLeftHalfWayLeavesNothing(t *testing.T) {
	p := newPeopleSite(t)
	b := p.browser()
	b.signIn()
	app, sealed := b.offer()
	body := b.post("/en/account/security/app", 422, "offer", sealed, "code", "000000", "", "The code is not right")
	if same, _ := b.reads(body); string(same) != string(app) {
		t.Error("after a wrong code the page shows another key")
	}
	other := p.browser()
	other.signIn()
	other.open("/en/account/security", 200, "Your password alone is enough")
	p.later(31 * time.Minute)
	other.signIn()
	other.post("/en/account/security/app", 200, "offer", sealed, "code", app.code(p.DB.Now()), "", "It took too long", "<h1>Set up an authenticator app</h1>")
	for _, table := range []string{"authenticators", "recovery_codes", "challenges"} {
		var n int
		if err := p.DB.Get(t.Context(), &n, `SELECT count(*) FROM `+table); err != nil || n != 0 {
			t.Errorf("%s has %d rows, %v", table, n, err)
		}
	}
}

func TestAnAppIsRemoved(t *testing.T) {
	p := newPeopleSite(t)
	b := p.browser()
	b.signIn()
	b.addApp()
	b.post("/en/account/security/app/removal", 200, "", "The authenticator app is removed.", "Your password alone is enough", "!codes are left")
	p.letter(identity.NoticeFactors)
	b.post("/en/account/security/app/removal", 404)
	p.browser().signIn()
}

// Whoever administers needs more than a password, wherever they act, before anything
// else; in the demonstration anybody may.
func TestAdministratorsSetUpASecondStepFirst(t *testing.T) {
	p := newPeopleSite(t)
	p.Need = OfAdministrators
	boss := p.browser()
	boss.post("/en/sign-in", 200, "mail", "boss@office.example", "password", rightPassword, "return", "/en/admin/audit", "",
		"<h1>Set up a second step first</h1>", "Set up an authenticator app", "!Catalogue Office")
	for _, address := range []string{"/en/", "/en/account", "/en/admin/audit", "/en/admin/audit.csv", "/en/services.json", "/en/account/security"} {
		boss.open(address, 200, "<h1>Set up a second step first</h1>")
	}
	boss.post("/en/admin/audit/verification", 200, "", "<h1>Set up a second step first</h1>")
	boss.post("/en/account/password", 200, "current", rightPassword, "password", "viis kollast kaelkirjakut", "", "<h1>Set up a second step first</h1>")
	boss.open("/en/help/signing-in", 200, "<h1>Signing in</h1>")
	boss.addApp()
	boss.open("/en/admin/audit", 200, "Catalogue Office", "An authenticator app was set up")
	boss.post("/en/account/security/app/removal", 200, "", "<h1>Set up a second step first</h1>")
	boss.post("/en/sign-out", 200, "", "You are signed out.")
	b := p.browser()
	b.signIn()
	b.open("/en/account", 200, "<h1>Mari Tamm</h1>")
}

// An installation says who needs more than a password.
func TestWhoNeedsASecondStep(t *testing.T) {
	of := func(roles ...models.Role) []identity.Membership {
		return []identity.Membership{{Powers: identity.Powers{Roles: []models.Role{models.Buyer}}}, {Powers: identity.Powers{Roles: roles}}}
	}
	for _, tt := range []struct {
		need Need
		who  []identity.Membership
		want bool
	}{
		{"", of(models.Administrator), false},
		{OfAdministrators, of(models.Administrator), true},
		{OfAdministrators, of(models.Moderator), false},
		{OfOperator, of(models.Administrator), true},
		{OfOperator, of(models.Moderator, models.Analyst), true},
		{OfOperator, of(models.VendorManager), false},
		{OfAll, of(models.VendorManager), true},
		{OfAll, nil, true},
		{"some", of(models.Administrator), false},
	} {
		if got := tt.need.of(tt.who); got != tt.want {
			t.Errorf("%q of %+v: %t", tt.need, tt.who, got)
		}
	}
	p := newPeopleSite(t)
	p.Need = OfAll
	b := p.browser()
	b.post("/en/sign-in", 200, "mail", "mari@lakeside.example", "password", rightPassword, "", "<h1>Set up a second step first</h1>")
	b.open("/en/account/mail", 200, "<h1>Set up a second step first</h1>")
	b.addApp()
	b.open("/en/account", 200, "<h1>Mari Tamm</h1>")
	p, invented := newInvention(t)
	p.Need = OfAll
	p.browser().post("/en/sign-in/demo", 200, "person", invented, "", "Ostja Näidis") // who is invented has nothing to show
}
