package handlers

import (
	"regexp"
	"strings"
	"testing"

	"pilveturg/db"
	"pilveturg/models"
	"pilveturg/models/access"
	"pilveturg/models/identity"
)

// seller signs in somebody of the vendor 3.
func (p *peopleSite) seller(mail string, role models.Role) *browser {
	p.t.Helper()
	return p.sellerFor(3, mail, role)
}

// sellerFor is a person of a vendor who has signed in.
func (p *peopleSite) sellerFor(vendor int64, mail string, role models.Role) *browser {
	p.t.Helper()
	account := p.person(mail)
	p.write(func(tx *db.Tx) error {
		_, err := identity.AddMember(p.t.Context(), tx, account, vendor, identity.Powers{Roles: []models.Role{role}})
		return err
	})
	b := p.browser()
	b.post("/en/sign-in", 200, "mail", mail, "password", rightPassword)
	return b
}

var tokenShape = regexp.MustCompile(`pvt_[0-9A-Za-z]{49}`)

func TestATokenIsShownOnce(t *testing.T) {
	p := newPeopleSite(t)
	b := p.seller("editor@tahvel.example", models.VendorEditor)
	b.open("/en/account", 200, `href="/en/account/tokens"`)
	b.open("/en/account/tokens", 200, "No tokens", `href="/en/account/tokens/new"`)
	b.open("/en/account/tokens/new", 200, "Tahvel Näidis OÜ", "365 days", "Read and publish listings")
	for _, wrong := range []struct{ name, scope, days, says string }{{"", "listings:write", "30", "Enter a name for the token"},
		{"x", "everything", "30", "Choose what the token is for"}, {"x", "listings:write", "soon", "Choose how long the token is to work"}} {
		body := b.post("/en/account/tokens/new", 422, "name", wrong.name, "scope", wrong.scope, "days", wrong.days, "", wrong.says)
		if wrong.name != "" && !strings.Contains(body, `value="x"`) {
			t.Error("what was typed is lost")
		}
	}
	body := b.post("/en/account/tokens/new", 200, "name", "Release <b>", "scope", "listings:write", "days", "90", "", "Your new token", "it is not shown again", "/api/v1/listings")
	token := tokenShape.FindString(body)
	if _, err := access.ByToken(t.Context(), p.DB, token, models.Time{Time: p.DB.Now()}); err != nil {
		t.Fatalf("the token that is shown opens nothing: %v", err)
	}
	if b.last.Header().Get("Cache-Control") != "private, no-store" {
		t.Error("the page may be kept")
	}
	b.open("/en/account/tokens", 200, "1 token", "Release <b>", "Works", "Ends in "+token[len(token)-4:], "Never", "!"+token)
	b.open("/en/inbox", 200, "A token was made in your name: Release <b>")
	boss := p.seller("boss@tahvel.example", models.VendorManager)
	boss.open("/en/organisation/tokens", 200, "Release <b>", "Made by")
	boss.post("/en/organisation/tokens/1/revocation", 200, "", "The token is revoked: Release <b>.", "Revoked")
	boss.post("/en/organisation/tokens/1/revocation", 404)
	if _, err := access.ByToken(t.Context(), p.DB, token, models.Time{Time: p.DB.Now()}); err == nil {
		t.Error("a token that was revoked works")
	}
	admin := p.browser()
	admin.post("/en/sign-in", 200, "mail", "boss@office.example", "password", rightPassword)
	admin.open("/en/admin/tokens", 200, "Release <b>", "Tahvel Näidis OÜ", "Revoked")
	admin.open("/en/admin/audit", 200, "A token for programs was revoked", "A token for programs was made")
}

func TestWhoSellsNothingMakesNoTokens(t *testing.T) {
	p := newPeopleSite(t)
	b := p.browser()
	b.signIn()
	b.open("/en/account/tokens", 200, "No tokens", `!/account/tokens/new"`)
	b.open("/en/account/tokens/new", 404)
	b.post("/en/account/tokens/new", 404, "name", "x", "scope", "listings:write", "days", "30")
}
