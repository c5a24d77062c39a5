package handlers

import (
	"context"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"pilveturg/db"
	"pilveturg/models/access"
	"pilveturg/models/audit"
	"pilveturg/models/identity"
	"pilveturg/models/privacy"
)

func TestPeopleTakeTheirDataWithThem(t *testing.T) {
	p := newPeopleSite(t)
	b := p.browser()
	b.signIn()
	b.open("/en/account/data", 200, "<h1>Your data</h1>", `href="/en/account/data.json"`, `href="/en/account/erasure"`, `href="/en/privacy"`)
	b.send("GET", "/en/account/data.json", nil)
	var d privacy.Data
	if err := json.Unmarshal(b.last.Body.Bytes(), &d); err != nil || b.last.Code != 200 {
		t.Fatalf("status %d, %v", b.last.Code, err)
	}
	if d.Account.Mail != "mari@lakeside.example" || len(d.Memberships) != 2 || len(d.Sessions) != 1 || len(d.Events) == 0 {
		t.Errorf("the file holds %+v", d)
	}
	if body := b.last.Body.String(); strings.Contains(body, b.cookies[sessionName]) || strings.Contains(body, "argon2") || strings.Contains(body, "boss@") {
		t.Error("the file holds what it must not")
	}
	if b.last.Header().Get("Cache-Control") != "private, no-store" {
		t.Error("the file may be kept by others")
	}
}

func TestPeopleEraseThemselves(t *testing.T) {
	p := newPeopleSite(t)
	p.People = func(ctx context.Context, accounts []int64) (map[int64]string, error) {
		return identity.Names(ctx, p.DB, accounts)
	}
	b, elsewhere, boss := p.browser(), p.browser(), p.browser()
	b.signIn()
	elsewhere.signIn()
	b.open("/en/account/erasure", 200, "<h1>Erase your account</h1>", "This is not undone.")
	b.post("/en/account/erasure", 422, "mail", "boss@office.example", "", "Enter the e-mail address with which you sign in")
	now := p.DB.Now()
	p.DB.Now = func() time.Time { return now.Add(access.Fresh) }
	b.post("/en/account/erasure", 401, "mail", "mari@lakeside.example", "", "Show once more that it is you")
	b.isIn(true, "after what was not fresh")
	b.signIn()
	b.post("/en/account/erasure", 200, "mail", " MARI@lakeside.example", "", "Your account is erased, and you are signed out.")
	if b.cookies[sessionName] != "" {
		t.Error("the browser still holds a session")
	}
	elsewhere.isIn(false, "in another browser")
	b.post("/en/sign-in", 422, "mail", "mari@lakeside.example", "password", rightPassword, "", "!Mari Tamm")
	boss.post("/en/sign-in", 200, "mail", "boss@office.example", "password", rightPassword)
	boss.open("/en/admin/audit?account=1", 200, "erased person 1", "A person was erased", "!account 1", "!mari@lakeside.example")
	if report, err := audit.Verify(t.Context(), p.DB, ""); err != nil || !report.OK() {
		t.Errorf("the audit log: %+v, %v", report, err)
	}
	boss.post("/en/account/erasure", 422, "mail", "boss@office.example", "", "You are the last administrator")
	boss.isIn(true, "the last administrator")
}

func TestInventedPeopleStay(t *testing.T) {
	p := newPeopleSite(t)
	b := p.browser()
	b.signIn()
	p.write(func(tx *db.Tx) error {
		a := identity.Account{Mail: "naidis@lakeside.example", Name: "Ostja Näidis", Language: "et", Invented: true}
		if err := identity.AddAccount(t.Context(), tx, &a); err != nil {
			return err
		}
		var err error
		b.cookies[sessionName], err = access.Begin(t.Context(), tx, a.ID, access.Device{})
		return err
	})
	b.post("/en/account/erasure", 422, "mail", "naidis@lakeside.example", "", "The people of the demonstration keep their names")
}
