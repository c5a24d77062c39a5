package handlers

import (
	"errors"
	"os"
	"regexp"
	"strings"
	"testing"

	"pilveturg/db"
	"pilveturg/models"
	"pilveturg/models/identity"
	"pilveturg/models/work"
)

// outbox is what waits in the outbox, as it would be read: "kind to mail: path, args".
func (s *testSite) outbox() (all []string) {
	s.t.Helper()
	s.write(func(tx *db.Tx) error {
		claimed, err := work.Claim(s.t.Context(), tx, "w", 100)
		all = nil
		for _, l := range claimed {
			all = append(all, string(l.Kind)+" to "+l.Mail+": "+strings.Join(append([]string{l.Path}, l.Args...), ", "))
		}
		return err
	})
	return all
}

// What people do about their accounts is told by the same letters that everything
// else is told by.
func TestPeopleGetLettersAboutTheirAccounts(t *testing.T) {
	p := newPeopleSite(t)
	p.Notify = p.Site.tell
	b := p.browser()
	b.post("/en/sign-up", 200, "mail", "new@lakeside.example")
	b.post("/en/sign-up", 200, "mail", "mari@lakeside.example")
	b.post("/et/forgot", 200, "mail", "mari@lakeside.example")
	all := p.outbox()
	if len(all) != 3 || !strings.HasPrefix(all[0], "invitation to new@lakeside.example: /invite/") || !strings.HasSuffix(all[0], ", Lakeside Schools Board") ||
		all[1] != "known to mari@lakeside.example: /sign-in" || !strings.HasPrefix(all[2], "reset to mari@lakeside.example: /reset/") {
		t.Fatalf("the letters are %q", all)
	}
	for i, letter := range all {
		_, path, _ := strings.Cut(letter, ": ")
		path, _, _ = strings.Cut(path, ",")
		if w := p.do("GET", "/en"+path); w.Code != 200 {
			t.Errorf("letter %d leads to %s, which answers %d", i, path, w.Code)
		}
	}
	_, secret, _ := strings.Cut(all[2], "/reset/")
	b.post("/en/reset/"+secret, 200, "password", "veel palju pikem parool kui enne")
	if all = p.outbox(); len(all) != 1 || all[0] != "password to mari@lakeside.example: /account/security" {
		t.Errorf("after the reset: %q", all)
	}
	p.as(models.Actor{AccountID: p.buyer})
	p.wantPage("the inbox", p.do("GET", "/en/inbox"), 200, "2 notices", "Your password was changed", "You already have an account", "!Choose a new password")
}

func TestApplicationsAreToldOf(t *testing.T) {
	p := newPeopleSite(t)
	a := identity.Application{Key: identity.RegistryKey("EE", "10000062"), Name: "Tahvel OÜ", Country: "EE"}
	err := p.DB.Write(t.Context(), models.Actor{AccountID: p.buyer}, func(tx *db.Tx) error {
		_, err := identity.Apply(t.Context(), tx, &a, identity.Applicant{}, "Please.")
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	p.write(func(tx *db.Tx) error {
		return p.Site.tell(t.Context(), tx, identity.Notice{Kind: identity.NoticeApplication, AccountID: p.buyer, Mail: "mari@lakeside.example", Language: "en", Subject: a.ID})
	})
	if all := p.outbox(); len(all) != 1 || all[0] != "application_received to mari@lakeside.example: "+applicationPath(a.ID)+", Tahvel OÜ" {
		t.Errorf("the letters are %q", all)
	}
	for _, kind := range []identity.NoticeKind{identity.NoticeMailAsked, identity.NoticeMailChanged, identity.NoticePlace, identity.NoticeConnected, identity.NoticeDisconnected} {
		p.write(func(tx *db.Tx) error {
			return p.Site.tell(t.Context(), tx, identity.Notice{Kind: kind, AccountID: p.buyer, Mail: "mari@lakeside.example", Language: "en", Secret: "s", About: "x"})
		})
	}
	want := "mail_asked to mari@lakeside.example: /mail/s; mail_changed to mari@lakeside.example: /mail/s/undo; place to mari@lakeside.example: /account/security, x; " +
		"connected to mari@lakeside.example: /account/security, x; disconnected to mari@lakeside.example: /account/security, x"
	if got := strings.Join(p.outbox(), "; "); got != want {
		t.Errorf("the letters are %q", got)
	}
	for _, n := range []identity.Notice{{Kind: "news"}, {Kind: identity.NoticeInvitation, Secret: "none"}, {Kind: identity.NoticeApplication, Subject: 99}} {
		n.AccountID, n.Mail, n.Language = p.buyer, "mari@lakeside.example", "en"
		if err := p.DB.Write(t.Context(), admin, func(tx *db.Tx) error { return p.Site.tell(t.Context(), tx, n) }); err == nil {
			t.Errorf("%+v is told", n)
		}
	}
}

// A kind of notice that cannot be told would undo what it is about.
func TestEveryKindOfNoticeCanBeTold(t *testing.T) {
	p := newPeopleSite(t)
	source, err := os.ReadFile("../models/identity/notice.go")
	if err != nil {
		t.Fatal(err)
	}
	kinds := regexp.MustCompile(`NoticeKind += "(\w+)"`).FindAllStringSubmatch(string(source), -1)
	if len(kinds) < 8 {
		t.Fatalf("only %d kinds were found", len(kinds))
	}
	for _, m := range kinds {
		n := identity.Notice{Kind: identity.NoticeKind(m[1]), AccountID: p.buyer, Mail: "mari@lakeside.example", Language: "et", Secret: "none", Subject: 99}
		err := p.DB.Write(t.Context(), admin, func(tx *db.Tx) error { return p.Site.tell(t.Context(), tx, n) })
		if err != nil && !errors.Is(err, models.ErrNotFound) { // of what there is not
			t.Errorf("%s: %v", n.Kind, err)
		}
	}
}

func TestTheHeaderCountsWhatWasNotRead(t *testing.T) {
	p := newPeopleSite(t)
	b := p.browser()
	b.signIn()
	b.open("/en/account", 200, `<a href="/en/inbox">Notices</a>`, `<a href="/en/account/notifications">Notices by e-mail</a>`)
	p.told(p.buyer)
	b.open("/en/account", 200, `<a href="/en/inbox">Notices (2)</a>`)
	b.open("/et/", 200, `<a href="/et/inbox">Teated (2)</a>`)
}
