package identity_test

import (
	"errors"
	"reflect"
	"testing"
	"time"

	"pilveturg/db"
	"pilveturg/models"
	"pilveturg/models/identity"
)

// invite invites a mail on behalf of an actor and returns the secret.
func (w *town) invite(by models.Actor, mail string, org int64, p identity.Powers) (secret string, id int64, err error) {
	i := identity.Invitation{OrgID: org, Mail: mail, Language: "et", Powers: p}
	err = w.as(by, func(tx *db.Tx) (err error) {
		secret, err = identity.Invite(w.t.Context(), tx, &i)
		return err
	})
	return secret, i.ID, err
}

// take takes an invitation on behalf of an actor.
func (w *town) take(by models.Actor, secret string) (a identity.Account, err error) {
	err = w.as(by, func(tx *db.Tx) (err error) {
		a, err = identity.Take(w.t.Context(), tx, secret, "New Person", "en")
		return err
	})
	return a, err
}

func TestAnInvitationMakesAnAccountOnce(t *testing.T) {
	w := newTown(t)
	secret, _, err := w.invite(admin, "New@Board.example", w.agency, buys(models.Publish))
	if err != nil {
		t.Fatal(err)
	}
	i, err := identity.FindInvitation(t.Context(), w, secret, models.Time{Time: w.Now()})
	if err != nil || i.Mail != "New@Board.example" || i.OrgID != w.agency || i.Org["en"] != "Org a" || !reflect.DeepEqual(i.Powers, buys(models.Publish)) {
		t.Errorf("found %+v, %v", i, err)
	}
	a, err := w.take(models.Actor{}, secret)
	if err != nil || a.Mail != "New@Board.example" || a.Name != "New Person" || a.Language != "en" {
		t.Fatalf("took %+v, %v", a, err)
	}
	all, err := identity.Memberships(t.Context(), w, a.ID)
	if err != nil || len(all) != 1 || all[0].OrgID != w.agency || !reflect.DeepEqual(all[0].Powers, buys(models.Publish)) {
		t.Errorf("memberships %+v, %v", all, err)
	}
	if _, err := w.take(models.Actor{}, secret); !errors.Is(err, models.ErrNotFound) {
		t.Errorf("taken twice: %v", err)
	}
}

func TestLinksThatDoNotWork(t *testing.T) {
	w := newTown(t)
	live, id, err := w.invite(admin, "a@board.example", w.agency, buys())
	if err != nil {
		t.Fatal(err)
	}
	renew := func() (secret string) {
		w.must(admin, func(tx *db.Tx) (err error) {
			secret, err = identity.Renew(t.Context(), tx, id)
			return err
		})
		return secret
	}
	find := func(secret string) error {
		_, err := identity.FindInvitation(t.Context(), w, secret, models.Time{Time: w.Now()})
		return err
	}
	if find("") == nil || find("x") == nil || find(live[1:]) == nil {
		t.Error("a wrong secret finds something")
	}
	renewed := renew()
	if err := find(live); !errors.Is(err, models.ErrNotFound) {
		t.Errorf("the link before a renewal: %v", err)
	}
	if err := find(renewed); err != nil {
		t.Errorf("the renewed link: %v", err)
	}
	again, _, err := w.invite(admin, "A@board.example", w.agency, buys())
	if err != nil {
		t.Fatal(err)
	}
	if err := find(renewed); !errors.Is(err, models.ErrNotFound) {
		t.Errorf("the link before a second invitation: %v", err)
	}
	w.later(7*24*time.Hour - time.Second)
	if err := find(again); err != nil {
		t.Errorf("on the seventh day: %v", err)
	}
	w.later(time.Second)
	if err := find(again); !errors.Is(err, models.ErrNotFound) {
		t.Errorf("after seven days: %v", err)
	}
	if _, err := w.take(models.Actor{}, again); !errors.Is(err, models.ErrNotFound) {
		t.Errorf("taken after seven days: %v", err)
	}
	open, err := identity.Invitations(t.Context(), w, w.agency)
	if err != nil || len(open) != 1 {
		t.Fatalf("open invitations %+v, %v", open, err)
	}
	id = open[0].ID
	last := renew()
	w.must(admin, func(tx *db.Tx) error { return identity.Revoke(t.Context(), tx, id) })
	if err := find(last); !errors.Is(err, models.ErrNotFound) {
		t.Errorf("a link that was taken back: %v", err)
	}
	if open, err = identity.InvitationsOf(t.Context(), w, "a@board.example"); err != nil || len(open) != 0 {
		t.Errorf("open invitations of the mail %+v, %v", open, err)
	}
}

func TestWhoInvites(t *testing.T) {
	w := newTown(t)
	boss, _ := w.person("boss@vendor.example", w.vendor, manages)
	editor, _ := w.person("editor@vendor.example", w.vendor, identity.Powers{Roles: []models.Role{models.VendorEditor}})
	buyer, _ := w.person("buyer@board.example", w.agency, buys())
	for _, tt := range []struct {
		name string
		by   models.Actor
		mail string
		org  int64
		p    identity.Powers
		want error
	}{
		{"a manager invites to her own company", boss, "new@vendor.example", w.vendor, manages, nil},
		{"and to no other", boss, "new@other.example", w.other, manages, models.ErrForbidden},
		{"an editor invites nobody", editor, "new2@vendor.example", w.vendor, manages, models.ErrForbidden},
		{"a buyer invites nobody", buyer, "new@board.example", w.agency, buys(), models.ErrForbidden},
		{"a visitor invites nobody", models.Actor{}, "new@board.example", w.agency, buys(), models.ErrForbidden},
		{"who is there already", boss, "EDITOR@vendor.example", w.vendor, manages, models.Invalid{"mail": "invitation.already_member"}},
		{"no mailbox", boss, "vendor.example", w.vendor, manages, models.Invalid{"mail": "account.mail_unclear"}},
		{"a role that vendors do not give", boss, "new3@vendor.example", w.vendor, buys(), models.Invalid{"roles": "member.role_not_given"}},
		{"to nowhere", admin, "new@board.example", 9999, buys(), models.ErrNotFound},
	} {
		if _, _, err := w.invite(tt.by, tt.mail, tt.org, tt.p); !failsWith(err, tt.want) {
			t.Errorf("%s: %v, want %v", tt.name, err, tt.want)
		}
	}
}

func TestAnInvitationOfSomebodyWithAnAccountIsHersAlone(t *testing.T) {
	w := newTown(t)
	buyer, _ := w.person("buyer@board.example", w.agency, buys())
	other, _ := w.person("other@board.example", w.agency, buys())
	secret, _, err := w.invite(admin, "Buyer@Board.example", w.ministry, buys())
	if err != nil {
		t.Fatal(err)
	}
	for name, actor := range map[string]models.Actor{"a visitor": {}, "another person": other} {
		if _, err := w.take(actor, secret); !errors.Is(err, models.ErrSignIn) {
			t.Errorf("%s: %v, want to be asked to sign in", name, err)
		}
	}
	if a, err := w.take(buyer, secret); err != nil || a.ID != buyer.AccountID || a.Name != "Test Person" {
		t.Errorf("she herself: %+v, %v", a, err)
	}
}

func TestBuyersRegisterByTheirMail(t *testing.T) {
	w := newTown(t)
	member, _ := w.person("member@board.example", w.agency, buys())
	elsewhere, _ := w.person("elsewhere@board.example", w.ministry, buys())
	w.must(admin, func(tx *db.Tx) error { return identity.AddDomain(t.Context(), tx, " @Board.EXAMPLE ", w.agency) })
	register := func(mail string) (r identity.Registration, err error) {
		err = w.as(models.Actor{}, func(tx *db.Tx) (err error) {
			r, err = identity.Register(t.Context(), tx, mail, "en")
			return err
		})
		return r, err
	}
	for _, tt := range []struct {
		name, mail string
		account    int64
		link       bool
		want       error
	}{
		{"a new person gets a link", " New@Board.example", 0, true, nil},
		{"who has an account elsewhere gets one, too", "elsewhere@board.example", elsewhere.AccountID, true, nil},
		{"who is in already gets none", "MEMBER@board.example", member.AccountID, false, nil},
		{"a domain that is not listed", "new@other.example", 0, false, models.Invalid{"mail": "sign_up.domain_unknown"}},
		{"a domain below a listed one", "new@sub.board.example", 0, false, models.Invalid{"mail": "sign_up.domain_unknown"}},
		{"a domain that only ends like a listed one", "new@notboard.example", 0, false, models.Invalid{"mail": "sign_up.domain_unknown"}},
		{"no mailbox", "board.example", 0, false, models.Invalid{"mail": "account.mail_unclear"}},
	} {
		r, err := register(tt.mail)
		if !failsWith(err, tt.want) || r.Account.ID != tt.account || (r.Secret != "") != tt.link {
			t.Errorf("%s: %+v, %v", tt.name, r, err)
		}
	}
	r, err := register("new2@board.example")
	if err != nil {
		t.Fatal(err)
	}
	a, err := w.take(models.Actor{}, r.Secret)
	if err != nil {
		t.Fatal(err)
	}
	all, err := identity.Memberships(t.Context(), w, a.ID)
	if err != nil || len(all) != 1 || all[0].OrgID != w.agency || !reflect.DeepEqual(all[0].Powers, buys(models.Draft)) {
		t.Errorf("registered as %+v, %v", all, err)
	}
}

func TestMailDomainsAreKeptByAdministrators(t *testing.T) {
	w := newTown(t)
	buyer, _ := w.person("buyer@board.example", w.agency, buys())
	add := func(domain string, org int64) func(*db.Tx) error {
		return func(tx *db.Tx) error { return identity.AddDomain(t.Context(), tx, domain, org) }
	}
	remove := func(domain string) func(*db.Tx) error {
		return func(tx *db.Tx) error { return identity.RemoveDomain(t.Context(), tx, domain) }
	}
	for _, tt := range []struct {
		name string
		by   models.Actor
		do   func(*db.Tx) error
		want error
	}{
		{"a buyer adds none", buyer, add("board.example", w.agency), models.ErrForbidden},
		{"an administrator does", admin, add("board.example", w.agency), nil},
		{"a domain belongs to one organisation", admin, add("BOARD.example", w.ministry), models.Invalid{"domain": "domain.taken"}},
		{"vendors have none", admin, add("vendor.example", w.vendor), models.Invalid{"organisation": "domain.not_public"}},
		{"what is no domain", admin, add("example", w.agency), models.Invalid{"domain": "domain.unclear"}},
		{"no organisation", admin, add("x.example", 9999), models.ErrNotFound},
		{"a buyer removes none", buyer, remove("board.example"), models.ErrForbidden},
		{"an administrator does", admin, remove("Board.example"), nil},
		{"once", admin, remove("board.example"), models.ErrNotFound},
	} {
		if err := w.as(tt.by, tt.do); !failsWith(err, tt.want) {
			t.Errorf("%s: %v, want %v", tt.name, err, tt.want)
		}
	}
	w.must(admin, add("z.example", w.agency))
	w.must(admin, add("a.example", w.ministry))
	all, err := identity.Domains(t.Context(), w)
	if err != nil || len(all) != 2 || all[0].Name != "a.example" || all[1].OrgID != w.agency {
		t.Errorf("domains %+v, %v", all, err)
	}
}
