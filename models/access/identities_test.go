package access_test

import (
	"bytes"
	"errors"
	"testing"

	"pilveturg/db"
	"pilveturg/models"
	"pilveturg/models/access"
	"pilveturg/models/identity"
)

// proof is that of somebody at a provider, in a session there.
func proof(provider, subject, session string) access.Proof {
	key := []byte("a key")
	return access.Proof{Provider: provider, Subject: access.Blind(key, provider, subject), SID: access.Blind(key, provider, session), ACR: "high", AMR: []string{"mID", "x"}}
}

func (h *house) connect(account int64, p access.Proof) error {
	return h.as(models.Actor{AccountID: account}, func(tx *db.Tx) error {
		_, err := access.Connect(h.t.Context(), tx, p)
		return err
	})
}

func (h *house) disconnect(account int64, provider string, but int64, live ...string) error {
	return h.as(models.Actor{AccountID: account}, func(tx *db.Tx) error {
		return access.Disconnect(h.t.Context(), tx, provider, live, but)
	})
}

// beginBy begins a session by an identity, which must be the account's.
func (h *house) beginBy(account int64, p access.Proof) string {
	h.t.Helper()
	var secret string
	h.must(models.Actor{}, func(tx *db.Tx) (err error) {
		secret, err = access.BeginBy(h.t.Context(), tx, account, p, access.Device{})
		return err
	})
	return secret
}

func TestBlindTellsNothing(t *testing.T) {
	key := []byte("a key")
	one := access.Blind(key, "a", "EE38001085718")
	for name, other := range map[string][]byte{
		"another key":          access.Blind([]byte("b key"), "a", "EE38001085718"),
		"another provider":     access.Blind(key, "b", "EE38001085718"),
		"another person":       access.Blind(key, "a", "EE38001085719"),
		"the name cut apart":   access.Blind(key, "aE", "E38001085718"),
		"nothing":              access.Blind(key, "a", ""),
		"the session of a sid": access.Blind(key, "a session", "EE38001085718"),
	} {
		if bytes.Equal(one, other) {
			t.Errorf("%s gives the same", name)
		}
	}
	if len(one) != 32 || !bytes.Equal(one, access.Blind(key, "a", "EE38001085718")) || access.Blind(key, "a", "") != nil {
		t.Errorf("%x", one)
	}
}

func TestAnIdentityIsOneAccounts(t *testing.T) {
	h := newHouse(t)
	other := h.person("other@agency.example")
	mine := proof("tara", "EE1", "")
	if _, err := access.ByIdentity(t.Context(), h, mine); !errors.Is(err, models.ErrNotFound) {
		t.Errorf("before: %v", err)
	}
	for _, tt := range []struct {
		name    string
		account int64
		proof   access.Proof
		want    error
	}{
		{"the first", h.account, mine, nil},
		{"the same again", h.account, mine, nil},
		{"somebody else's", other, mine, invalid("identity", "identity.taken")},
		{"a second of the provider", h.account, proof("tara", "EE2", ""), invalid("identity", "identity.second")},
		{"that of another provider", h.account, proof("work", "EE1", ""), nil},
		{"another's of the provider", other, proof("tara", "EE2", ""), nil},
	} {
		if err := h.connect(tt.account, tt.proof); !sameError(err, tt.want) {
			t.Errorf("%s: %v, want %v", tt.name, err, tt.want)
		}
	}
	if a, err := access.ByIdentity(t.Context(), h, mine); err != nil || a.ID != h.account {
		t.Errorf("it is of %+v, %v", a, err)
	}
	err := h.as(models.Actor{}, func(tx *db.Tx) error {
		_, err := access.BeginBy(t.Context(), tx, other, mine, access.Device{})
		return err
	})
	if !errors.Is(err, models.ErrNotFound) {
		t.Errorf("another's identity begins a session: %v", err)
	}
	h.must(admin, func(tx *db.Tx) error { return identity.Lock(t.Context(), tx, h.account) })
	if _, err := access.ByIdentity(t.Context(), h, mine); !sameError(err, invalid("identity", "sign_in.locked")) {
		t.Errorf("locked: %v", err)
	}
	if err := h.connect(0, proof("tara", "EE3", "")); err == nil {
		t.Error("a visitor connects an identity")
	}
}

// A new key of the installation costs nobody an identity, and lets nobody have that of
// another.
func TestAnIdentityOfBeforeTheKeyWasChanged(t *testing.T) {
	h := newHouse(t)
	other := h.person("other@agency.example")
	old := proof("tara", "EE1", "")
	if err := h.connect(h.account, old); err != nil {
		t.Fatal(err)
	}
	now := access.Proof{Provider: "tara", Subject: access.Blind([]byte("new key"), "tara", "EE1"), Earlier: [][]byte{old.Subject}, ACR: "high"}
	if err := h.connect(other, now); !sameError(err, invalid("identity", "identity.taken")) {
		t.Errorf("somebody else connects it: %v", err)
	}
	if a, err := access.ByIdentity(t.Context(), h, now); err != nil || a.ID != h.account {
		t.Fatalf("it is of %+v, %v", a, err)
	}
	secret := h.beginBy(h.account, now)
	alone := now
	alone.Earlier = nil
	if a, err := access.ByIdentity(t.Context(), h, alone); err != nil || a.ID != h.account {
		t.Errorf("after its use it is of %+v, %v", a, err)
	}
	if _, err := access.ByIdentity(t.Context(), h, old); !errors.Is(err, models.ErrNotFound) {
		t.Errorf("by the key before: %v", err)
	}
	h.must(models.Actor{Program: "provider tara"}, func(tx *db.Tx) error { _, err := access.EndByProvider(t.Context(), tx, now); return err })
	h.over(secret, "its provider said so")
}

func TestUseOfAnIdentityIsWrittenDown(t *testing.T) {
	h := newHouse(t)
	if err := h.connect(h.account, proof("tara", "EE1", "")); err != nil {
		t.Fatal(err)
	}
	h.later(access.Fresh)
	s := h.find(h.beginBy(h.account, access.Proof{Provider: "tara", Subject: proof("tara", "EE1", "").Subject, ACR: "low"}))
	all, err := access.Identities(t.Context(), h, h.account)
	if err != nil || len(all) != 1 || all[0].ACR != "low" || !all[0].Used.Equal(h.Now()) || all[0].Added.Equal(h.Now()) || !s.IsFresh(h.now()) || s.Acting.ID != h.first {
		t.Errorf("%+v, %v; the session %+v", all, err, s)
	}
}

func TestDisconnectingLeavesAWayIn(t *testing.T) {
	h := newHouse(t)
	bare := identity.Account{Mail: "bare@agency.example", Name: "X", Language: "et"}
	h.must(admin, func(tx *db.Tx) error { return identity.AddAccount(t.Context(), tx, &bare) })
	for _, account := range []int64{h.account, bare.ID} {
		for _, provider := range []string{"tara", "work"} {
			if err := h.connect(account, proof(provider, string(rune('a'+account)), "")); err != nil {
				t.Fatal(err)
			}
		}
	}
	with, other, work := h.beginBy(h.account, proof("tara", string(rune('a'+h.account)), "")), h.beginBy(h.account, proof("tara", string(rune('a'+h.account)), "")), h.beginBy(h.account, proof("work", string(rune('a'+h.account)), ""))
	last := invalid("identity", "identity.last")
	for _, tt := range []struct {
		name     string
		account  int64
		provider string
		live     []string
		want     error
	}{
		{"with a password", h.account, "tara", nil, nil},
		{"twice", h.account, "tara", nil, models.ErrNotFound},
		{"the other provider is gone", bare.ID, "tara", []string{"tara"}, last},
		{"the other provider is there", bare.ID, "tara", []string{"tara", "work"}, nil},
		{"the last", bare.ID, "work", []string{"tara", "work"}, last},
	} {
		if err := h.disconnect(tt.account, tt.provider, h.find(with).ID, tt.live...); !errors.Is(err, tt.want) && !sameError(err, tt.want) {
			t.Errorf("%s: %v, want %v", tt.name, err, tt.want)
		}
	}
	h.over(other, "its identity was disconnected")
	h.find(with) // by which it was done
	h.find(work)
}

func TestRemovingAPasskeyLeavesAWayIn(t *testing.T) {
	last := invalid("passkey", "passkey.last")
	for _, tt := range []struct {
		name     string
		password bool
		passkeys int    // besides
		provider string // of an identity
		live     []string
		want     error
	}{
		{"nothing else", false, 0, "", []string{"tara"}, last},
		{"a password", true, 0, "", nil, nil},
		{"another passkey", false, 1, "", nil, nil},
		{"an identity", false, 0, "tara", []string{"work", "tara"}, nil},
		{"an identity of a provider that is gone", false, 0, "tara", []string{"work"}, last},
	} {
		h := newHouse(t)
		a := identity.Account{Mail: "bare@agency.example", Name: "X", Language: "et"}
		h.must(admin, func(tx *db.Tx) error { return identity.AddAccount(t.Context(), tx, &a) })
		own := models.Actor{AccountID: a.ID}
		for i := range 1 + tt.passkeys {
			h.must(own, func(tx *db.Tx) error {
				_, err := access.AddPasskey(t.Context(), tx, access.Passkey{Name: "Key", Credential: []byte{byte(i)}, PublicKey: []byte{2}})
				return err
			})
		}
		if tt.password {
			h.must(own, func(tx *db.Tx) error { return access.SetPassword(t.Context(), tx, "$argon2id$x") })
		}
		if tt.provider != "" {
			if err := h.connect(a.ID, proof(tt.provider, "EE1", "")); err != nil {
				t.Fatal(err)
			}
		}
		f, err := access.FindFactors(t.Context(), h.DB, a.ID)
		if err != nil {
			t.Fatal(err)
		}
		err = h.as(own, func(tx *db.Tx) error { return access.RemovePasskey(t.Context(), tx, f.Passkeys[0].ID, tt.live) })
		if !errors.Is(err, tt.want) && !sameError(err, tt.want) {
			t.Errorf("%s: %v, want %v", tt.name, err, tt.want)
		}
		left, err := access.FindFactors(t.Context(), h.DB, a.ID)
		if want := len(f.Passkeys) - 1; err != nil || (len(left.Passkeys) == want) != (tt.want == nil) || (left.Recovery == 0) != (tt.want == nil && want == 0) {
			t.Errorf("%s: %+v is left, %v", tt.name, left, err)
		}
	}
}

func TestTheWordOfAProviderEndsSessions(t *testing.T) {
	for _, tt := range []struct {
		name  string
		proof access.Proof
		over  []int // of: mine by s1, mine by s2, mine without one, another's by s1, mine at work by s1
	}{
		{"a session", access.Proof{Provider: "tara", SID: proof("tara", "", "s1").SID}, []int{0, 3}},
		{"a session of a person", proof("tara", "EE1", "s1"), []int{0}},
		{"a person", proof("tara", "EE1", ""), []int{0, 1, 2}},
		{"a session that nobody has", proof("tara", "", "s9"), nil},
		{"a session of another person", proof("tara", "EE9", "s1"), nil},
		{"nothing", access.Proof{Provider: "tara"}, nil},
	} {
		h := newHouse(t)
		other := h.person("other@agency.example")
		var secrets []string
		for _, s := range []struct {
			account int64
			proof   access.Proof
		}{{h.account, proof("tara", "EE1", "s1")}, {h.account, proof("tara", "EE1", "s2")}, {h.account, proof("tara", "EE1", "")}, {other, proof("tara", "EE2", "s1")}, {h.account, proof("work", "EE1", "s1")}} {
			if err := h.connect(s.account, s.proof); err != nil {
				t.Fatal(err)
			}
			secrets = append(secrets, h.beginBy(s.account, s.proof))
		}
		own := h.begin(h.account, access.Device{})
		for again, want := range []int{len(tt.over), 0} {
			var n int
			h.must(models.Actor{Program: "provider tara"}, func(tx *db.Tx) (err error) {
				n, err = access.EndByProvider(t.Context(), tx, tt.proof)
				return err
			})
			if n != want {
				t.Errorf("%s: %d ended, want %d (the %d. time)", tt.name, n, want, again+1)
			}
		}
		for _, i := range tt.over {
			h.over(secrets[i], tt.name)
			secrets[i] = own
		}
		for _, s := range secrets {
			h.find(s)
		}
	}
}
