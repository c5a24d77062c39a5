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

// ask asks for a reset from an address.
func (h *house) ask(mail, address string) (secret string) {
	h.t.Helper()
	h.must(models.Actor{}, func(tx *db.Tx) (err error) {
		_, secret, err = access.AskReset(h.t.Context(), tx, mail, address)
		return err
	})
	return secret
}

// reset sets a new password by a ticket.
func (h *house) reset(secret, password string) error {
	hash, err := h.hasher.Hash(h.t.Context(), password)
	if err != nil {
		h.t.Fatal(err)
	}
	return h.as(models.Actor{From: from}, func(tx *db.Tx) error {
		_, err := access.Reset(h.t.Context(), tx, secret, hash)
		return err
	})
}

func TestAForgottenPasswordIsSetByALink(t *testing.T) {
	h := newHouse(t)
	session := h.begin(h.account, access.Device{})
	for range 5 {
		if err := h.try("mari@agency.example", "wrong", from); err == nil {
			t.Fatal("a wrong password was right")
		}
	}
	older, secret := h.ask("mari@agency.example", from), h.ask("MARI@agency.example", from)
	if a, err := access.Ticket(t.Context(), h, access.SetsPassword, secret, h.now()); err != nil || a.ID != h.account {
		t.Fatalf("the ticket is of %+v, %v", a, err)
	}
	const fresh = "viis kollast kaelkirjakut"
	if err := h.reset(secret, fresh); err != nil {
		t.Fatal(err)
	}
	h.over(session, "the password was set anew")
	if err := h.try("mari@agency.example", right, from); !sameError(err, invalid("password", "sign_in.wrong")) {
		t.Errorf("the old password, without having to wait: %v", err)
	}
	if err := h.try("mari@agency.example", fresh, from); err != nil {
		t.Errorf("the new password: %v", err)
	}
	for name, s := range map[string]string{"used twice": secret, "an older link after a newer was used": older, "no link": ""} {
		if err := h.reset(s, "kuus rohelist kaelkirjakut"); !errors.Is(err, models.ErrNotFound) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestTicketsThatAreWorthNothing(t *testing.T) {
	h := newHouse(t)
	give := func() (secret string) {
		h.must(admin, func(tx *db.Tx) (err error) {
			secret, err = access.Give(t.Context(), tx, access.SetsPassword, h.account, time.Hour)
			return err
		})
		return secret
	}
	check := func(name, secret string, p access.Purpose, want error) {
		t.Helper()
		if _, err := access.Ticket(t.Context(), h, p, secret, h.now()); !errors.Is(err, want) {
			t.Errorf("%s: %v, want %v", name, err, want)
		}
	}
	secret := give()
	check("for its purpose", secret, access.SetsPassword, nil)
	check("for another purpose", secret, "second_factor", models.ErrNotFound)
	h.later(time.Hour - time.Second)
	check("in its last second", secret, access.SetsPassword, nil)
	h.later(time.Second)
	check("afterwards", secret, access.SetsPassword, models.ErrNotFound)
	secret = give()
	h.must(admin, func(tx *db.Tx) error { return identity.EndSessions(t.Context(), tx, h.account) })
	check("after all sessions were ended", secret, access.SetsPassword, models.ErrNotFound)
	secret = give()
	h.must(admin, func(tx *db.Tx) error { return identity.Lock(t.Context(), tx, h.account) })
	check("of a locked account", secret, access.SetsPassword, models.ErrNotFound)
	err := h.as(admin, func(tx *db.Tx) error {
		_, err := access.Give(t.Context(), tx, access.SetsPassword, h.account, time.Hour)
		return err
	})
	if !errors.Is(err, models.ErrNotFound) {
		t.Errorf("a ticket was given to a locked account: %v", err)
	}
}

func TestLettersAreNotSentWithoutEnd(t *testing.T) {
	h := newHouse(t)
	locked := h.person("locked@agency.example")
	h.must(admin, func(tx *db.Tx) error { return identity.Lock(t.Context(), tx, locked) })
	if h.ask("nobody@agency.example", "203.0.113.1") != "" || h.ask("locked@agency.example", "203.0.113.1") != "" {
		t.Error("a link was made for nobody, or for a locked account")
	}
	sent := 0
	for i := range 10 {
		if h.ask("mari@agency.example", "203.0.113."+string(rune('0'+i))) != "" {
			sent++
		}
	}
	if sent != 3 {
		t.Errorf("%d letters to one mailbox, want 3", sent)
	}
	h.later(15 * time.Minute)
	if h.ask("mari@agency.example", "203.0.113.1") == "" {
		t.Error("a quarter of an hour later there is no letter")
	}
	others := 0
	for i := range 30 {
		may := false
		h.must(models.Actor{}, func(tx *db.Tx) (err error) {
			may, err = access.MayWrite(t.Context(), tx, string(rune('a'+i))+"@agency.example", "203.0.113.77")
			return err
		})
		if may {
			others++
		}
	}
	if others != 20 {
		t.Errorf("%d letters from one address, want 20", others)
	}
}

func TestOnlyThePersonSetsAPassword(t *testing.T) {
	h := newHouse(t)
	for _, a := range []models.Actor{{}, admin} {
		if err := h.as(a, func(tx *db.Tx) error { return access.SetPassword(t.Context(), tx, "$argon2id$") }); !errors.Is(err, models.ErrForbidden) {
			t.Errorf("%s set one: %v", a.Name(), err)
		}
	}
	has, err := access.HasPassword(t.Context(), h, h.account)
	if err != nil || !has {
		t.Errorf("has a password: %t, %v", has, err)
	}
	if has, err = access.HasPassword(t.Context(), h, 9999); err != nil || has {
		t.Errorf("nobody has a password: %t, %v", has, err)
	}
}
