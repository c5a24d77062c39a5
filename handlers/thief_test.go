package handlers

import (
	"context"
	"net/http"
	"strings"
	"testing"

	"pilveturg/db"
	"pilveturg/models"
	"pilveturg/models/access"
	"pilveturg/models/identity"
)

// instance is another process over the same database.
func (p *peopleSite) instance() *peopleSite {
	p.t.Helper()
	s := NewSite(Options{DB: p.DB, Schema: p.Schema, Index: p.Index, Views: p.Views, Langs: p.Langs, Log: p.Log, Key: []byte(strings.Repeat("k", 32)), Hasher: p.Hasher})
	s.Searchable()
	other := *p
	other.testSite = &testSite{s, p.t, s.Handler()}
	return &other
}

// steals is a browser at another place with the cookie of b.
func (p *peopleSite) steals(b *browser) *browser {
	thief := p.browser()
	thief.from = "203.0.113.66:4321"
	thief.cookies[sessionName] = b.cookies[sessionName]
	return thief
}

// isIn complains unless the browser is signed in, or is not.
func (b *browser) isIn(want bool, what string) {
	b.t.Helper()
	if b.send("GET", "/en/account", nil); (b.last.Code == http.StatusOK) != want {
		b.t.Errorf("%s: signed in? status %d, want %t", what, b.last.Code, want)
	}
}

func TestASecretThatWasPutIntoABrowserOpensNothing(t *testing.T) {
	p := newPeopleSite(t)
	secret, _ := identity.NewSecret()
	victim, thief := p.browser(), p.browser()
	victim.cookies[sessionName], thief.cookies[sessionName] = secret, secret
	victim.post("/en/sign-in", 200, "mail", "mari@lakeside.example", "password", rightPassword)
	if victim.cookies[sessionName] == secret {
		t.Error("who signs in keeps the secret of somebody else's making")
	}
	victim.isIn(true, "the victim")
	thief.isIn(false, "the thief with a secret of his own making")

	thief = p.browser()
	thief.post("/en/sign-in", 200, "mail", "boss@office.example", "password", rightPassword)
	victim = p.steals(thief) // who signs in over the session of another does not share theirs
	victim.post("/en/sign-in", 200, "mail", "mari@lakeside.example", "password", rightPassword, "", "<h1>Mari Tamm</h1>", "mari@lakeside.example")
	thief.isIn(false, "the thief whose session the victim signed in over")
}

func TestAnOldSecretOpensNothing(t *testing.T) {
	for _, tt := range []struct {
		name string
		do   func(b *browser)
		in   bool // the owner is, afterwards
	}{
		{"after signing out", func(b *browser) { b.post("/en/sign-out", 200) }, false},
		{"after signing in again", func(b *browser) { b.signIn() }, true},
		{"after acting for another organisation", func(b *browser) { b.post("/en/acting-as", 200, "membership", "2") }, true},
		{"after changing the password", func(b *browser) {
			b.post("/en/account/password", 200, "current", rightPassword, "password", "viis kollast kaelkirjakut")
		}, true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			p := newPeopleSite(t)
			owner := p.browser()
			owner.signIn()
			thief := p.steals(owner)
			thief.isIn(true, "the thief before")
			tt.do(owner)
			owner.isIn(tt.in, "the owner")
			thief.isIn(false, "the thief")
			if thief.send("GET", "/en/account", nil); thief.cookies[sessionName] != "" {
				t.Error("the thief's browser is not told to forget the secret")
			}
			far := p.instance().browser()
			far.cookies = thief.cookies
			far.isIn(false, "the thief at another instance")
		})
	}
}

func TestNoOtherSecretOpensASession(t *testing.T) {
	p, elsewhere := newPeopleSite(t), newPeopleSite(t)
	owner, stranger := p.browser(), elsewhere.browser()
	owner.signIn()
	stranger.signIn()
	good := owner.cookies[sessionName]
	var hash []byte
	if err := p.DB.Get(t.Context(), &hash, `SELECT hash FROM sessions`); err != nil {
		t.Fatal(err)
	}
	for name, secret := range map[string]string{
		"of another portal's database":     stranger.cookies[sessionName],
		"with its last letter changed":     good[:len(good)-1] + string(good[len(good)-1]^1),
		"cut":                              good[:len(good)-1],
		"with something behind it":         good + "A",
		"in small letters":                 strings.ToLower(good) + "a",
		"the number of the session":        "1",
		"its hash, as the database has it": string(hash),
		"none":                             "",
		"SQL":                              "' OR 1=1 --",
		"very long":                        strings.Repeat("A", 60_000),
	} {
		thief := p.browser()
		thief.cookies[sessionName] = secret
		thief.isIn(false, name)
	}
	owner.isIn(true, "the owner, after all that")
}

func TestAStolenSessionIsSeenAndEndedByItsOwner(t *testing.T) {
	p := newPeopleSite(t)
	owner, thief := p.browser(), p.browser()
	thief.from = "203.0.113.66:4321"
	thief.signIn() // with a stolen password
	owner.signIn()
	owner.open("/en/account/security", 200, "203.0.113.66")
	owner.post("/en/account/sessions/removal", 200, "session", "others")
	thief.isIn(false, "the thief")
}

// Two tabs share their cookies: what one of them acts for, the other does as well, and
// no page is made of both.
func TestTwoTabsActForOneOrganisation(t *testing.T) {
	p := newPeopleSite(t)
	first := p.browser()
	first.signIn()
	second := *first // the map of cookies is the same one
	first.open("/en/account", 200, "Lakeside Schools Board – buyer")
	second.post("/en/acting-as", 200, "membership", "2", "", "Ministry of Learning – approver")
	first.open("/en/account", 200, "selected>Ministry of Learning – approver", "!selected>Lakeside")
	var orgs []int64
	if err := p.DB.Select(t.Context(), &orgs, `SELECT m.organisation_id FROM sessions s JOIN memberships m ON m.id = s.membership_id WHERE s.ended_at IS NULL`); err != nil || len(orgs) != 1 || orgs[0] != 1 {
		t.Errorf("sessions act for %v, %v; want the ministry alone", orgs, err)
	}
	alone := p.browser() // another browser of the same person is not touched
	alone.signIn()
	alone.post("/en/acting-as", 200, "membership", "1")
	first.open("/en/account", 200)
	if err := p.DB.Select(t.Context(), &orgs, `SELECT m.organisation_id FROM sessions s JOIN memberships m ON m.id = s.membership_id WHERE s.ended_at IS NULL ORDER BY s.id`); err != nil || len(orgs) != 2 || orgs[0] == orgs[1] {
		t.Errorf("sessions act for %v, %v; want each browser for its own", orgs, err)
	}
}

func TestWhatIsTakenAwayIsGoneAtOnceOnEveryInstance(t *testing.T) {
	for _, tt := range []struct {
		name  string
		take  func(ctx context.Context, tx *db.Tx, account int64) error
		in    bool   // still signed in …
		shows string // … and acting for this
	}{
		{"the membership that is acted for", func(ctx context.Context, tx *db.Tx, _ int64) error { return identity.EndMember(ctx, tx, 1) }, false, ""},
		{"another membership", func(ctx context.Context, tx *db.Tx, _ int64) error { return identity.EndMember(ctx, tx, 2) }, true, "Lakeside Schools Board – buyer"},
		{"the account", func(ctx context.Context, tx *db.Tx, account int64) error { return identity.Lock(ctx, tx, account) }, false, ""},
		{"all sessions", func(ctx context.Context, tx *db.Tx, account int64) error {
			return identity.EndSessions(ctx, tx, account)
		}, false, ""},
		{"a role", func(ctx context.Context, tx *db.Tx, _ int64) error {
			return identity.ChangeMember(ctx, tx, 1, identity.Powers{Roles: []models.Role{models.Evaluator}})
		}, true, "Lakeside Schools Board – evaluator"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			p := newPeopleSite(t)
			one, far := p.browser(), p.instance().browser()
			one.signIn()
			far.cookies = one.cookies
			far.isIn(true, "at the other instance before")
			p.write(func(tx *db.Tx) error { return tt.take(t.Context(), tx, p.buyer) })
			one.isIn(tt.in, "at this instance")
			far.isIn(tt.in, "at the other instance")
			if body := far.last.Body.String(); tt.in && !strings.Contains(body, tt.shows) {
				t.Errorf("the other instance does not show %q", tt.shows)
			}
			if _, err := access.Find(t.Context(), p.DB, one.cookies[sessionName], models.Time{Time: p.DB.Now()}); (err == nil) != tt.in {
				t.Errorf("the model finds the session: %v", err)
			}
		})
	}
}
