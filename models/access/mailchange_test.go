package access_test

import (
	"errors"
	"testing"
	"time"

	"pilveturg/db"
	"pilveturg/models"
	"pilveturg/models/access"
	"pilveturg/models/identity"
)

const newMail = "mari.tamm@agency.example"

// askMail asks for another mail of an account.
func (h *house) askMail(account int64, mail string) (secret string, err error) {
	err = h.as(models.Actor{AccountID: account}, func(tx *db.Tx) (err error) {
		secret, err = access.AskMail(h.t.Context(), tx, mail)
		return err
	})
	return secret, err
}

// changeMail makes the change that a letter to the new address is about.
func (h *house) changeMail(secret string, but int64) (undo string, err error) {
	err = h.as(models.Actor{From: from}, func(tx *db.Tx) (err error) {
		_, undo, err = access.ChangeMail(h.t.Context(), tx, secret, but)
		return err
	})
	return undo, err
}

func (h *house) undoMail(secret string) error {
	return h.as(models.Actor{From: from}, func(tx *db.Tx) error {
		_, err := access.UndoMail(h.t.Context(), tx, secret, "$argon2id$another")
		return err
	})
}

// mailOf is the mail of an account.
func (h *house) mailOf(account int64) string {
	h.t.Helper()
	a, err := identity.FindAccount(h.t.Context(), h, account)
	if err != nil {
		h.t.Fatal(err)
	}
	return a.Mail
}

func TestAMailIsChangedByALetterToIt(t *testing.T) {
	h := newHouse(t)
	mine, other := h.begin(h.account, access.Device{}), h.begin(h.account, access.Device{})
	var reset string
	h.must(models.Actor{}, func(tx *db.Tx) (err error) {
		_, reset, err = access.AskReset(t.Context(), tx, "mari@agency.example", from)
		return err
	})
	secret, err := h.askMail(h.account, " "+newMail+" ")
	if err != nil || secret == "" || h.mailOf(h.account) != "mari@agency.example" {
		t.Fatalf("asked: %q, %v; the mail is %s", secret, err, h.mailOf(h.account))
	}
	undo, err := h.changeMail(secret, h.find(mine).ID)
	if err != nil || undo == "" || h.mailOf(h.account) != newMail {
		t.Fatalf("changed: %q, %v; the mail is %s", undo, err, h.mailOf(h.account))
	}
	h.find(mine)
	h.over(other, "the mail was changed elsewhere")
	if _, err := access.Ticket(t.Context(), h, access.SetsPassword, reset, h.now()); !errors.Is(err, models.ErrNotFound) {
		t.Errorf("a link that was sent to the mail before still works: %v", err)
	}
	if _, err := h.changeMail(secret, 0); !errors.Is(err, models.ErrNotFound) {
		t.Errorf("a second time: %v", err)
	}
}

func TestMailsThatAreNotTaken(t *testing.T) {
	h := newHouse(t)
	h.person("other@agency.example")
	var invented identity.Account
	h.must(admin, func(tx *db.Tx) error {
		if err := identity.AddDomain(t.Context(), tx, "agency.example", h.agency); err != nil {
			return err
		}
		if err := identity.AddDomain(t.Context(), tx, "agency.test", h.agency); err != nil {
			return err
		}
		invented = identity.Account{Mail: "naidis@agency.example", Name: "Näidis", Language: "et", Invented: true}
		return identity.AddAccount(t.Context(), tx, &invented)
	})
	for _, tt := range []struct {
		name    string
		account int64
		mail    string
		want    error
	}{
		{"no address", h.account, "mari", invalid("mail", "account.mail_unclear")},
		{"the same", h.account, "mari@agency.example", invalid("mail", "mail.same")},
		{"outside the domains of the organisation", h.account, "mari@elsewhere.example", invalid("mail", "mail.outside")},
		{"under another domain of the organisation", h.account, "mari@agency.test", nil},
		{"the same in other letters", h.account, "Mari@agency.example", nil},
		{"of an invented person", invented.ID, "x@agency.example", invalid("mail", "account.invented")},
	} {
		if _, err := h.askMail(tt.account, tt.mail); !sameError(err, tt.want) {
			t.Errorf("%s: %v, want %v", tt.name, err, tt.want)
		}
	}
	secret, err := h.askMail(h.account, "OTHER@agency.example")
	if secret != "" || err != nil {
		t.Errorf("somebody else's: %q, %v; want neither", secret, err)
	}
	if _, err := h.askMail(0, newMail); err == nil {
		t.Error("a visitor asks")
	}
}

func TestLettersAboutAMailAreNotSentWithoutEnd(t *testing.T) {
	h := newHouse(t)
	for range 3 {
		if _, err := h.askMail(h.account, newMail); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := h.askMail(h.account, newMail); !sameError(err, invalid("mail", "mail.too_often")) {
		t.Errorf("the fourth: %v", err)
	}
}

func TestChangesOfMailThatAreWorthNothing(t *testing.T) {
	for name, spoil := range map[string]func(h *house){
		"after a day":                      func(h *house) { h.later(24 * time.Hour) },
		"when another was asked for since": func(h *house) { _, _ = h.askMail(h.account, "third@agency.example") },
		"when the sessions were ended": func(h *house) {
			h.must(h.mari(), func(tx *db.Tx) error { return identity.EndSessions(h.t.Context(), tx, h.account) })
		},
		"when the account is locked": func(h *house) {
			h.must(admin, func(tx *db.Tx) error { return identity.Lock(h.t.Context(), tx, h.account) })
		},
		"when somebody else has the mail since": func(h *house) { h.person(newMail) },
	} {
		h := newHouse(t)
		secret, err := h.askMail(h.account, newMail)
		if err != nil {
			t.Fatal(err)
		}
		spoil(h)
		if _, err := h.changeMail(secret, 0); !errors.Is(err, models.ErrNotFound) && !sameError(err, invalid("mail", "account.mail_taken")) {
			t.Errorf("%s: %v", name, err)
		}
		if got := h.mailOf(h.account); got != "mari@agency.example" {
			t.Errorf("%s the mail is %s", name, got)
		}
	}
}

// What somebody else did who had got in is taken back as a whole.
func TestAChangeOfMailIsTakenBack(t *testing.T) {
	h := newHouse(t)
	keep := access.Passkey{Name: "Mine", Credential: []byte{1}, PublicKey: []byte{2}}
	h.must(h.mari(), func(tx *db.Tx) error { _, err := access.AddPasskey(t.Context(), tx, keep); return err })
	h.later(time.Minute)
	secret, err := h.askMail(h.account, newMail)
	if err != nil {
		t.Fatal(err)
	}
	undo, err := h.changeMail(secret, 0)
	if err != nil {
		t.Fatal(err)
	}
	thief := h.begin(h.account, access.Device{})
	theirs := access.Passkey{Name: "Theirs", Credential: []byte{3}, PublicKey: []byte{4}}
	h.must(h.mari(), func(tx *db.Tx) error { _, err := access.AddPasskey(t.Context(), tx, theirs); return err })
	if err := h.connect(h.account, proof("tara", "EE666", "")); err != nil {
		t.Fatal(err)
	}
	secret, err = h.askMail(h.account, "thief@elsewhere.example")
	if err != nil {
		t.Fatal(err)
	}
	second, err := h.changeMail(secret, 0)
	if err != nil {
		t.Fatal(err)
	}
	h.later(7*24*time.Hour - time.Minute)
	if err := h.undoMail(undo); err != nil {
		t.Fatal(err)
	}
	if got := h.mailOf(h.account); got != "mari@agency.example" {
		t.Errorf("the mail is %s", got)
	}
	h.over(thief, "the change of mail was taken back")
	f := h.factors()
	all, err := access.Identities(t.Context(), h, h.account)
	if err != nil || len(all) != 0 || len(f.Passkeys) != 1 || f.Passkeys[0].Name != "Mine" || f.Recovery == 0 {
		t.Errorf("ways in: %+v, %+v, %v", f, all, err)
	}
	if _, err := access.ByPassword(t.Context(), h.DB, h.hasher, access.Try{Mail: "mari@agency.example", Password: right, From: from}); err == nil {
		t.Error("the password is the same")
	}
	for name, err := range map[string]error{"again": h.undoMail(undo), "by the thief": h.undoMail(second)} {
		if !errors.Is(err, models.ErrNotFound) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestAChangeOfMailIsTakenBackWithinSevenDays(t *testing.T) {
	h := newHouse(t)
	secret, err := h.askMail(h.account, newMail)
	if err != nil {
		t.Fatal(err)
	}
	undo, err := h.changeMail(secret, 0)
	if err != nil {
		t.Fatal(err)
	}
	h.person("mari@agency.example")
	if err := h.undoMail(undo); !sameError(err, invalid("mail", "account.mail_taken")) {
		t.Errorf("when somebody else has it: %v", err)
	}
	h.later(7 * 24 * time.Hour)
	if err := h.undoMail(undo); !errors.Is(err, models.ErrNotFound) {
		t.Errorf("too late: %v", err)
	}
}
