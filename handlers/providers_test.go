package handlers

import (
	"encoding/base32"
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"pilveturg/db"
	"pilveturg/db/dbtest"
	"pilveturg/handlers/oidc"
	"pilveturg/models"
	"pilveturg/models/access"
	"pilveturg/models/identity"
)

const taraButton = "/en/oidc/tara"

// connected is a site whose buyer has connected the identity of mari.
func connected(t *testing.T, change func(*oidc.Config)) *providedSite {
	t.Helper()
	p := newProvidedSite(t, change)
	b := p.browser()
	b.signIn()
	b.through("/en/account/identities/tara", 200, nil, "You can sign in with State login from now on.", "Connected on", ">Disconnect<")
	if b.at != "/en/account/security" {
		t.Fatalf("connected, it shows %s:\n%s", b.at, p.log.text())
	}
	return p
}

func TestSigningInByAProvider(t *testing.T) {
	p := connected(t, nil)
	b := p.browser()
	b.open("/en/sign-in?return=/en/vendors", 200, "Sign in with State login", `action="/en/oidc/tara"`, `name="return" value="/en/vendors"`, "!Not reachable now")
	address, err := url.Parse(b.begin(taraButton, "return", "/en/vendors"))
	if err != nil {
		t.Fatal(err)
	}
	q := address.Query()
	if q.Get("response_type") != "code" || q.Get("scope") != "openid" || q.Get("code_challenge_method") != "S256" || len(q.Get("code_challenge")) != 43 ||
		len(q.Get("state")) < 8 || len(q.Get("nonce")) < 8 || q.Get("ui_locales") != "en" || q.Get("acr_values") != "substantial" ||
		q.Get("redirect_uri") != "http://example.com/oidc/tara/callback" || strings.Contains(address.Path, "profile") {
		t.Errorf("it leads to %s", address)
	}
	for _, c := range b.last.Result().Cookies() {
		if c.Name == errandCookie && (!c.HttpOnly || strings.Contains(c.Value, q.Get("state"))) {
			t.Errorf("the cookie is %v", c)
		}
	}
	b.open(visitProvider(t, address.String()), 200, "Mari Tamm", "Lakeside Schools Board – buyer")
	if b.at != "/en/vendors" || b.cookies[errandCookie] != "" {
		t.Errorf("it leads to %s with %v", b.at, b.cookies)
	}
	was := b.cookies[sessionName]
	b.through("/en/oidc/tara", 200, nil, "<h1>Mari Tamm</h1>")
	if b.cookies[sessionName] == was {
		t.Error("the secret of the session stays the same")
	}
	p.open(b, "/et/oidc/tara", "/et/account")
}

func (p *providedSite) open(b *browser, path, want string) {
	p.t.Helper()
	b.through(path, 200, nil)
	if b.at != want {
		p.t.Errorf("%s leads to %s, want %s", path, b.at, want)
	}
}

// A code, and what came with it, works once, in the browser that began.
func TestWhatComesBackIsChecked(t *testing.T) {
	p := connected(t, nil)
	for _, tt := range []struct {
		name string
		do   func(b *browser) string // where the provider sends the browser back to
		why  string
	}{
		{"the same answer again", func(b *browser) string {
			back := visitProvider(t, b.begin(taraButton))
			b.open(back, 200, "<h1>Mari Tamm</h1>")
			b.post("/en/sign-out", 200)
			return back
		}, "lost"},
		{"the same code again, with the cookie of before", func(b *browser) string {
			back := visitProvider(t, b.begin(taraButton))
			was := maps.Clone(b.cookies)
			b.open(back, 200, "<h1>Mari Tamm</h1>")
			b.cookies = was
			return back
		}, "refused"},
		{"another state", func(b *browser) string {
			return strings.Replace(visitProvider(t, b.begin(taraButton)), "state=", "state=x", 1)
		}, "lost"},
		{"no state", func(b *browser) string {
			return strings.Replace(visitProvider(t, b.begin(taraButton)), "state=", "stat=", 1)
		}, "lost"},
		{"another nonce", func(b *browser) string {
			return visitProvider(t, strings.Replace(b.begin(taraButton), "nonce=", "nonce=x", 1))
		}, "lost"},
		{"a code that another browser began", func(b *browser) string {
			theirs, _ := url.Parse(visitProvider(t, p.browser().begin(taraButton)))
			ours, _ := url.Parse(visitProvider(t, b.begin(taraButton)))
			q := ours.Query()
			q.Set("code", theirs.Query().Get("code"))
			return ours.Path + "?" + q.Encode()
		}, "refused"},
		{"another issuer", func(b *browser) string {
			return strings.Replace(visitProvider(t, b.begin(taraButton)), "iss=http", "iss=https", 1)
		}, "unclear"},
		{"a cookie that was altered", func(b *browser) string {
			back := visitProvider(t, b.begin(taraButton))
			b.cookies[errandCookie] = "A" + b.cookies[errandCookie][1:]
			return back
		}, "lost"},
		{"an error that nobody knows", func(b *browser) string {
			p.tell("next", providerPerson{Error: "server_error"})
			return visitProvider(t, b.begin(taraButton))
		}, "refused"},
		{"too late", func(b *browser) string {
			back := visitProvider(t, b.begin(taraButton))
			p.later(10 * time.Minute)
			return back
		}, "lost"},
	} {
		p.tell("next", mari)
		b := p.browser()
		b.open(tt.do(b), 200, "!<h1>Mari Tamm</h1>")
		if !strings.HasSuffix(b.at, "/oidc/tara/problem?why="+tt.why) || b.cookies[sessionName] != "" && tt.name[:8] != "the same" {
			t.Errorf("%s: it shows %s with %v", tt.name, b.at, b.cookies)
		}
	}
}

func TestCancellingIsNoAlarm(t *testing.T) {
	p := newProvidedSite(t, nil)
	p.tell("next", providerPerson{Error: "user_cancel"})
	b := p.browser()
	b.through("/et/oidc/tara", 200, []string{"return", "/et/vendors"}, "Katkestasite sisselogimise: Riigi autentimine.", "<h1>Sisselogimine</h1>", `name="return" value="/et/vendors"`, "!role=\"alert\"")
	if strings.Contains(p.log.text(), "WARN") {
		t.Errorf("the log is alarmed:\n%s", p.log.text())
	}
}

func TestTheSecretMustBeRight(t *testing.T) {
	p := newProvidedSite(t, func(c *oidc.Config) { c.ClientSecret = "wrong" })
	p.browser().through(taraButton, 200, nil, "The request was refused there")
	if log := p.log.text(); !strings.Contains(log, "invalid_client") || strings.Contains(log, "code=") {
		t.Errorf("the log says:\n%s", log)
	}
}

// TARA leaves it to who asks whether the assurance and the method will do.
func TestAssuranceAndMethodAreChecked(t *testing.T) {
	p := connected(t, nil)
	high, cards := p.config, p.config
	high.ACR, cards.Methods, cards.Scopes = "high", []string{"idcard", "mid"}, []string{"email"}
	for _, tt := range []struct {
		name   string
		config oidc.Config
		who    providerPerson
		want   string
	}{
		{"as asked", high, mari, "<h1>Mari Tamm</h1>"},
		{"lower than asked", high, providerPerson{Sub: mari.Sub, ACR: "substantial", AMR: mari.AMR}, "not sure enough here"},
		{"lower than what TARA takes", p.config, providerPerson{Sub: mari.Sub, ACR: "low", AMR: mari.AMR}, "not sure enough here"},
		{"none told", p.config, providerPerson{Sub: mari.Sub, AMR: mari.AMR}, "not sure enough here"},
		{"one of the methods", cards, providerPerson{Sub: mari.Sub, ACR: "high", AMR: []string{"mID"}}, "<h1>Mari Tamm</h1>"},
		{"another method", cards, providerPerson{Sub: mari.Sub, ACR: "high", AMR: []string{"smartid"}}, "not accepted here"},
		{"no method told", cards, providerPerson{Sub: mari.Sub, ACR: "high"}, "not accepted here"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			p.Providers = nil
			p.offer(tt.config)
			p.tell("next", tt.who)
			b := p.browser()
			address := b.begin(taraButton)
			if scope, _ := url.Parse(address); len(tt.config.Methods) > 0 && scope.Query().Get("scope") != "openid idcard mid email" {
				t.Errorf("it asks for %q", scope.Query().Get("scope"))
			}
			b.open(visitProvider(t, address), 200, tt.want)
		})
	}
}

func TestAProviderMayGetNewKeys(t *testing.T) {
	p := connected(t, nil)
	for range 2 {
		p.browser().through(taraButton, 200, nil, "<h1>Mari Tamm</h1>")
		p.tell("rotate", nil)
	}
}

func TestAProviderThatIsDownStopsNobody(t *testing.T) {
	p := newProvidedSite(t, nil)
	gone := p.config
	gone.ID, gone.Names, gone.Issuer = "gone", models.Text{"en": "Far away"}, "http://127.0.0.1:1"
	p.offer(gone)
	b := p.browser()
	began := time.Now()
	b.post("/en/oidc/gone", 200, "return", "", "", "Signing in with Far away did not work", "does not answer now")
	body := b.open("/en/sign-in", 200, "Sign in with State login", "Sign in with Far away", "Not reachable now")
	if strings.Count(body, "Not reachable now") != 1 || time.Since(began) > 5*time.Second {
		t.Errorf("after %v the page says:\n%s", time.Since(began), body)
	}
	b.signIn()
}

func TestAnIdentityThatNobodyHasLetsNobodyIn(t *testing.T) {
	p := newProvidedSite(t, nil)
	b := p.browser()
	b.through(taraButton, 200, nil, "Nobody here is known by this identity", "!Sign out")
	if n := p.count("accounts"); n != 2 || b.cookies[sessionName] != "" || p.count("identities") != 0 {
		t.Errorf("%d accounts, %v", n, b.cookies)
	}
}

func (p *providedSite) count(table string) (n int) {
	p.t.Helper()
	if err := p.DB.Get(p.t.Context(), &n, `SELECT count(*) FROM `+table); err != nil {
		p.t.Fatal(err)
	}
	return n
}

func TestAnInvitationIsTakenWithAnIdentity(t *testing.T) {
	p := newProvidedSite(t, nil)
	secret := ""
	p.write(func(tx *db.Tx) (err error) {
		i := identity.Invitation{OrgID: 2, Mail: "new@lakeside.example", Name: "Uus Inimene", Language: "et", Powers: identity.Powers{Roles: []models.Role{models.Finance}}}
		secret, err = identity.Invite(t.Context(), tx, &i)
		return err
	})
	b := p.browser()
	b.open("/en/invite/"+secret, 200, `name="invitation" value="`+secret+`"`, "Sign in with State login")
	b.through(taraButton, 200, []string{"invitation", secret}, "Make your account", "You have signed in with State login", `value="Uus Inimene"`, "new@lakeside.example", "finance", "!MARI-LIIS")
	b.post("/en/sign-up/identity", 422, "name", " ", "", "There is a problem")
	was := maps.Clone(b.cookies)
	b.post("/en/sign-up/identity", 200, "name", "Liis Männik", "", "<h1>Liis Männik</h1>", "Lakeside Schools Board", "finance", "Your account is made")
	b.open("/en/account/security", 200, "Connected on", ">Disconnect<")
	b.post("/en/account/identities/tara/removal", 422, "", "", "your only way to sign in")
	p.browser().through(taraButton, 200, nil, "<h1>Liis Männik</h1>")

	again := p.browser()
	again.cookies = was
	again.post("/en/sign-up/identity", 404, "name", "Liis Männik")
	if n := p.count("accounts"); n != 3 {
		t.Errorf("%d accounts", n)
	}
}

func TestIdentitiesAreConnectedAndDisconnected(t *testing.T) {
	p := connected(t, nil)
	mine, other := p.browser(), p.browser()
	mine.signIn()
	other.through(taraButton, 200, nil, "<h1>Mari Tamm</h1>")
	mine.open("/en/account/security", 200, "Connected on")
	if n := p.letter(identity.NoticeConnected); n.About != "State login" || n.Mail != "mari@lakeside.example" || len(p.letters) != 1 {
		t.Errorf("the letters are %+v", p.letters)
	}
	mine.post("/en/account/identities/tara/removal", 200, "", "", "The identity is disconnected", "Not connected", ">Connect<")
	other.open("/en/account", 200, "<h1>Sign in</h1>")
	mine.post("/en/account/identities/tara/removal", 404)
	if n := p.letter(identity.NoticeDisconnected); n.About != "State login" || len(p.letters) != 2 {
		t.Errorf("the letters are %+v", p.letters)
	}
	p.browser().through(taraButton, 200, nil, "Nobody here is known by this identity")

	b := p.browser()
	p.person("second@lakeside.example")
	b.post("/en/sign-in", 200, "mail", "second@lakeside.example", "password", rightPassword)
	b.through("/en/account/identities/tara", 200, nil, "You can sign in with State login")
	mine = p.browser()
	mine.signIn()
	mine.through("/en/account/identities/tara", 200, nil, "connected with another account")
	p.tell("next", providerPerson{Sub: "EE38001085718", ACR: "high"})
	b.through("/en/account/identities/tara", 200, nil, "You have another identity from there already")
	back := visitProvider(t, mine.begin("/en/account/identities/tara"))
	mine.post("/en/sign-out", 200)
	mine.open(back, 200, "Begin again")
	for _, path := range []string{"/en/account/identities/tara", "/en/account/identities/tara/removal"} {
		mine.post(path, 200, "", "", "<h1>Sign in</h1>")
	}
	mine.signIn()
	p.later(access.Fresh)
	for _, path := range []string{"/en/account/identities/tara", "/en/account/identities/tara/removal"} {
		mine.post(path, 401, "", "", "<h1>Show once more that it is you</h1>", `type="password"`)
	}
}

func TestASecondProviderAsTheStandardHasIt(t *testing.T) {
	p := connected(t, nil)
	two := startIdentityProvider(t, oidc.Standard, "works", "")
	who := providerPerson{Sub: "u-7", Claims: map[string]any{"email": "Mari@lakeside.example", "email_verified": true}}
	for _, tt := range []struct {
		name     string
		trust    bool
		by       oidc.Link
		mail     string
		verified bool
		want     string
	}{
		{"nothing is configured", false, oidc.ByNothing, "mari@lakeside.example", true, "Nobody here is known by this identity"},
		{"a mail that is not verified", true, oidc.ByVerifiedMail, "mari@lakeside.example", false, "Nobody here is known by this identity"},
		{"a verified mail that nobody has", false, oidc.ByVerifiedMail, "none@lakeside.example", true, "Nobody here is known by this identity"},
		{"trusted, but somebody has the mail", true, oidc.ByNothing, "mari@lakeside.example", true, "There is an account with your e-mail address"},
		{"trusted, with a new mail", true, oidc.ByNothing, "fresh@works.example", true, "<h1>Make your account</h1>"},
		{"by the verified mail", false, oidc.ByVerifiedMail, "Mari@lakeside.example", true, "<h1>Mari Tamm</h1>"},
		{"and from then on by the identity", false, oidc.ByNothing, "", false, "<h1>Mari Tamm</h1>"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			p.Providers = p.Providers[:1]
			p.offer(oidc.Config{ID: "works", Names: models.Text{"et": "Töökoht"}, Issuer: two.issuer, ClientID: "pilveturg", ClientSecret: "hush-hush",
				Profile: oidc.Standard, Scopes: []string{"email"}, Trust: tt.trust, LinkBy: tt.by})
			who.Claims = map[string]any{"email": tt.mail, "email_verified": tt.verified}
			two.tell("next", who)
			b := p.browser()
			b.through("/en/oidc/works", 200, nil, tt.want)
			if tt.name == "trusted, with a new mail" {
				b.post("/en/sign-up/identity", 200, "name", "Uus Tulija", "", "<h1>Uus Tulija</h1>", "fresh@works.example")
				b.post("/en/sign-out", 200)
				p.forget("fresh@works.example")
			}
		})
	}
	b := p.browser()
	body := b.open("/en/sign-in", 200)
	if strings.Index(body, "State login") > strings.Index(body, "Töökoht") {
		t.Error("the providers are not in their order")
	}
}

// forget takes the identity of somebody away again.
func (p *providedSite) forget(mail string) {
	p.t.Helper()
	p.write(func(tx *db.Tx) error {
		_, err := tx.Exec(p.t.Context(), `DELETE FROM identities WHERE account_id = (SELECT id FROM accounts WHERE folded = ?)`, mail)
		return err
	})
}

// What a provider is not sure enough of to count as two factors is no more than a
// password.
func TestASecondFactorIsAskedForUnlessTheIdentityIsTwo(t *testing.T) {
	p := connected(t, func(c *oidc.Config) { c.SecondFactor = "high" })
	b := p.browser()
	b.signIn()
	secret := p.appOf(p.buyer)
	p.browser().through(taraButton, 200, nil, "<h1>Mari Tamm</h1>")
	p.tell("next", providerPerson{Sub: mari.Sub, ACR: "substantial"})
	weak := p.browser()
	weak.through(taraButton, 200, []string{"return", "/en/vendors"}, "<h1>Second step</h1>")
	if weak.cookies[sessionName] != "" {
		t.Error("a session began without the second factor")
	}
	weak.post("/en/sign-in/code", 200, "code", secret.code(p.DB.Now()), "return", "/en/vendors", "", "Mari Tamm")
	p.tell("logout", map[string]string{"client": "pilveturg", "sub": mari.Sub})
	weak.open("/en/account", 200, "<h1>Sign in</h1>")
	p.later(time.Minute)
	weak.post("/en/sign-in", 200, "mail", "mari@lakeside.example", "password", rightPassword)
	weak.post("/en/sign-in/code", 200, "code", secret.code(p.DB.Now()), "", "<h1>Mari Tamm</h1>")
}

// appOf gives an account an app.
func (p *providedSite) appOf(account int64) phone {
	p.t.Helper()
	o := p.seal.NewOffer(account, p.DB.Now())
	secret, err := base32.StdEncoding.DecodeString(o.Secret)
	if err != nil {
		p.t.Fatal(err)
	}
	earlier := phone(secret).code(p.DB.Now().Add(-30 * time.Second)) // so that the one of now is not used yet
	err = p.DB.Write(p.t.Context(), models.Actor{AccountID: account}, func(tx *db.Tx) error {
		_, err := access.AddApp(p.t.Context(), tx, p.seal, o.Sealed, earlier)
		return err
	})
	if err != nil {
		p.t.Fatal(err)
	}
	return phone(secret)
}

// Who administers must not do so by no more than a password; an identity that counts
// as two factors is more.
func TestAStrongIdentityIsEnoughForAdministrators(t *testing.T) {
	p := connected(t, func(c *oidc.Config) { c.SecondFactor = "high" })
	p.Need = OfAdministrators
	p.handler = p.Handler()
	p.write(func(tx *db.Tx) error {
		_, err := identity.AddMember(t.Context(), tx, p.buyer, p.admin.OrgID, identity.Powers{Roles: []models.Role{models.Administrator}})
		return err
	})
	b := p.browser()
	b.through(taraButton, 200, []string{"return", "/en/account"}, "<h1>Mari Tamm</h1>", "Catalogue Office – administrator")
	p.tell("next", providerPerson{Sub: mari.Sub, ACR: "substantial"})
	b.through(taraButton, 200, []string{"return", "/en/account"}, "!Catalogue Office – administrator")
	if b.at != "/en/account/security/needed" {
		t.Errorf("it shows %s", b.at)
	}
}

func TestSigningInAgainByTheIdentity(t *testing.T) {
	p := connected(t, nil)
	b := p.browser()
	b.signIn()
	b.open("/en/sign-in/again?return=/en/account/security", 200, `type="password"`, "Sign in with State login")
	b.through(taraButton, 200, []string{"return", "/en/account/security"}, "<h1>Password and sessions</h1>")
}

func TestALockedAccountStaysLocked(t *testing.T) {
	p := connected(t, nil)
	p.write(func(tx *db.Tx) error { return identity.Lock(t.Context(), tx, p.buyer) })
	p.browser().through(taraButton, 200, nil, "This account is locked")
}

// What a provider says of somebody is nowhere afterwards: not in the database, not in
// the log.
func TestNothingPersonalIsKept(t *testing.T) {
	p := connected(t, nil)
	p.browser().through(taraButton, 200, nil, "<h1>Mari Tamm</h1>")
	p.tell("next", providerPerson{Sub: mari.Sub, ACR: "low"})
	p.browser().through(taraButton, 200, nil, "not sure enough here")
	p.tell("next", providerPerson{Sub: "EE38001085718", ACR: "high"})
	p.browser().through(taraButton, 200, nil, "Nobody here is known")
	all := strings.Join(slices.Collect(maps.Values(dbtest.Dump(t, p.DB))), "\n")
	if !strings.Contains(all, "mari@lakeside.example") || !strings.Contains(all, "identity.connected") || !strings.Contains(p.log.text(), "acr is") {
		t.Fatalf("the test does not see what is kept:\n%s", all)
	}
	for _, personal := range []string{"47101010033", "38001085718", "1971", "MARI-LIIS", "MÄNNIK", "Männik", "hush-hush"} {
		inHex := fmt.Sprintf("%x", personal)
		if strings.Contains(all, personal) || strings.Contains(strings.ToLower(all), inHex) || strings.Contains(p.log.text(), personal) {
			t.Errorf("%q is kept", personal)
		}
	}
}

func TestAProviderEndsSessions(t *testing.T) {
	p := connected(t, nil)
	own, b, later := p.browser(), p.browser(), p.browser()
	own.signIn()
	b.through(taraButton, 200, nil, "<h1>Mari Tamm</h1>")
	later.through(taraButton, 200, nil, "<h1>Mari Tamm</h1>")
	p.tell("logout", map[string]string{"client": "pilveturg", "sub": mari.Sub})
	later.open("/en/account", 200, "<h1>Sign in</h1>")
	b.open("/en/account", 200, "<h1>Mari Tamm</h1>") // another session of the provider
	own.open("/en/account", 200, "<h1>Mari Tamm</h1>")
	p.tell("logout", map[string]string{"client": "pilveturg", "sub": mari.Sub}) // once more does no harm
}

func TestOnlyProvidersEndSessions(t *testing.T) {
	p := connected(t, nil)
	b := p.browser()
	for _, token := range []string{"", "x", "a.b.c", "eyJhbGciOiJub25lIn0.e30."} {
		b.send("POST", "/oidc/tara/backchannel-logout", url.Values{"logout_token": {token}})
		if b.last.Code != 400 || b.last.Body.String() != `{"error":"invalid_request"}` || b.last.Header().Get("Cache-Control") != "private, no-store" {
			t.Errorf("%q: %d %s, %v", token, b.last.Code, b.last.Body, b.last.Header())
		}
	}
	if w := p.do("POST", "/oidc/tara/backchannel-logout", "Sec-Fetch-Site", "cross-site"); w.Code != 403 {
		t.Errorf("a page of another site may ask: %d", w.Code)
	}
}

func TestEveryProblemIsToldInWords(t *testing.T) {
	p := newPeopleSite(t)
	p.Providers = []*oidc.Client{oidc.New(oidc.Config{ID: "tara", Names: models.Text{"en": "State login", "et": "Riigi autentimine"}, Issuer: "http://127.0.0.1:1"}, time.Now)}
	for why, key := range problemWords {
		for lang, heading := range map[string]string{"en": "Signing in with State login did not work", "et": "Sisselogimine ei õnnestunud: Riigi autentimine"} {
			words := p.speaker(lang).T(key)
			p.want("GET", "/"+lang+"/oidc/tara/problem?why="+why, 200, heading, words, "noindex")
		}
	}
	p.want("GET", "/en/oidc/tara/problem?why=<u>evil", 200, "was not begun in this browser", "!<u>")
	p.want("GET", "/en/oidc/other/problem?why=lost", 404)
	p.want("GET", "/oidc/other/callback", 404)
	p.wantTo("/oidc/tara/callback?code=x&state=y&error=user_cancel", 303, "/et/oidc/tara/problem?why=lost")
}
