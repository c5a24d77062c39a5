package main

import (
	"fmt"
	"testing"

	"pilveturg/db"
	"pilveturg/models"
	"pilveturg/models/identity"
)

// hire lets somebody act for the operator, and then do something.
func (u *userTask) hire(t *testing.T, d *db.DB, role models.Role, then func(*db.Tx) error) {
	t.Helper()
	err := d.Write(t.Context(), u.actor(), func(tx *db.Tx) error {
		org, err := u.organisation(t.Context(), tx)
		if err != nil {
			return err
		}
		var a identity.Account
		if _, err := u.account(t.Context(), tx, &a); err != nil {
			return err
		}
		if _, err := identity.AddMember(t.Context(), tx, a.ID, org.ID, identity.Powers{Roles: []models.Role{role}}); err != nil {
			return err
		}
		tx.Actor = models.Actor{AccountID: a.ID}
		return then(tx)
	})
	if err != nil {
		t.Fatal(err)
	}
}

// status is how the portal answered the page that is open.
func (b *browser) status() int {
	b.t.Helper()
	return eval[int](b, `performance.getEntriesByType("navigation")[0].responseStatus`)
}

// What concerns real people only is not in the demonstration.
func TestPagesAboutRealPeopleAreAccessible(t *testing.T) {
	b := newBrowser(t)
	b.base = office(t)
	b.enter()
	for _, page := range []string{"/account/mail", "/account/data", "/account/erasure", "/account/tokens", "/account/notifications", "/account/security", "/account/security/app", "/sign-in/again",
		"/admin/users/2", "/admin/users/2/lock", "/admin/users/2/reset", "/admin/users/2/factors", "/admin/users/2/erasure", "/admin/users/2/sessions/removal", "/admin/users/2/memberships/new"} {
		for i, lang := range []string{"en", "et"} {
			look := looks[i]
			address := "/" + lang + page
			b.open(address, look.width, look.theme)
			b.check(fmt.Sprintf("%s (%d px, %s)", address, look.width, look.theme))
			if code := b.status(); code != 200 {
				t.Errorf("%s answers %d", address, code)
			}
		}
	}
}
