package access_test

import (
	"context"
	"crypto/hmac"
	"crypto/sha1"
	"encoding/base32"
	"encoding/binary"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"pilveturg/db"
	"pilveturg/models"
	"pilveturg/models/access"
	"pilveturg/models/identity"
)

func newSeal(t testing.TB) *access.Seal {
	t.Helper()
	s, err := access.NewSeal([]byte(strings.Repeat("k", 32)))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// phone is an authenticator app.
type phone struct{ secret string }

// code is what it shows at a moment.
func (p phone) code(now time.Time) string {
	secret, err := base32.StdEncoding.DecodeString(p.secret)
	if err != nil {
		panic(err)
	}
	h := hmac.New(sha1.New, secret)
	h.Write(binary.BigEndian.AppendUint64(nil, uint64(now.Unix()/30)))
	sum := h.Sum(nil)
	n := binary.BigEndian.Uint32(sum[sum[19]&15:]) & (1<<31 - 1)
	return fmt.Sprintf("%06d", n%1_000_000)
}

// withApp is a house whose person has an app, and its recovery codes.
func withApp(t testing.TB) (*house, *access.Seal, phone, []string) {
	t.Helper()
	h, seal := newHouse(t), newSeal(t)
	offer := seal.NewOffer(h.account, h.Now())
	p := phone{offer.Secret}
	var codes []string
	h.must(h.mari(), func(tx *db.Tx) (err error) {
		codes, err = access.AddApp(t.Context(), tx, seal, offer.Sealed, p.code(h.Now()))
		return err
	})
	h.later(time.Minute)
	return h, seal, p, codes
}

func (h *house) mari() models.Actor { return models.Actor{AccountID: h.account} }

// enter tries a code from an address, and says whether it was a recovery code.
func (h *house) enter(seal *access.Seal, code, address string) (recovery bool, err error) {
	a := identity.Account{ID: h.account, Mail: "mari@agency.example"}
	err = access.ByCode(h.t.Context(), h.DB, seal, a, code, access.Try{From: address}, func(_ context.Context, _ *db.Tx, r bool) error {
		recovery = r
		return nil
	})
	return recovery, err
}

// isInvalid reports whether err complains of the field with the message.
func isInvalid(err error, field, key string) bool {
	var wrong models.Invalid
	return errors.As(err, &wrong) && wrong[field] == key
}

func TestACodeWorksOnce(t *testing.T) {
	h, seal, p, _ := withApp(t)
	code := p.code(h.Now())
	if _, err := h.enter(seal, code[:3]+" "+code[3:], from); err != nil {
		t.Fatal(err)
	}
	if _, err := h.enter(seal, code, from); !isInvalid(err, "code", "factor.code_wrong") {
		t.Errorf("the second time: %v", err)
	}
	if _, err := h.enter(seal, p.code(h.Now().Add(-30*time.Second)), from); !isInvalid(err, "code", "factor.code_wrong") {
		t.Errorf("an earlier one afterwards: %v", err)
	}
	h.later(30 * time.Second)
	if _, err := h.enter(seal, p.code(h.Now()), from); err != nil {
		t.Errorf("the next one: %v", err)
	}
}

func TestTheCodeOfTheSetUpIsUsed(t *testing.T) {
	h, seal := newHouse(t), newSeal(t)
	offer := seal.NewOffer(h.account, h.Now())
	code := phone{offer.Secret}.code(h.Now())
	h.must(h.mari(), func(tx *db.Tx) error {
		_, err := access.AddApp(t.Context(), tx, seal, offer.Sealed, code)
		return err
	})
	if _, err := h.enter(seal, code, from); !isInvalid(err, "code", "factor.code_wrong") {
		t.Errorf("it signs in: %v", err)
	}
}

func TestACodeIsNotUsedWhenWhatFollowsFails(t *testing.T) {
	h, seal, p, codes := withApp(t)
	a := identity.Account{ID: h.account, Mail: "mari@agency.example"}
	for _, code := range []string{p.code(h.Now()), codes[0]} {
		err := access.ByCode(t.Context(), h.DB, seal, a, code, access.Try{From: from}, func(context.Context, *db.Tx, bool) error { return models.ErrNotFound })
		if !errors.Is(err, models.ErrNotFound) {
			t.Fatal(err)
		}
		if _, err := h.enter(seal, code, from); err != nil {
			t.Errorf("the code is used up: %v", err)
		}
	}
}

func TestARecoveryCodeWorksOnce(t *testing.T) {
	h, seal, _, codes := withApp(t)
	if len(codes) != 10 {
		t.Fatalf("%d codes, want 10", len(codes))
	}
	typed := strings.ToUpper(strings.ReplaceAll(codes[3], "-", " "))
	if recovery, err := h.enter(seal, typed, from); err != nil || !recovery {
		t.Fatalf("recovery %t, %v", recovery, err)
	}
	if _, err := h.enter(seal, codes[3], from); !isInvalid(err, "code", "factor.code_wrong") {
		t.Errorf("the second time: %v", err)
	}
	if f := h.factors(); f.Recovery != 9 {
		t.Errorf("%d codes are left, want 9", f.Recovery)
	}
	var fresh []string
	h.must(h.mari(), func(tx *db.Tx) (err error) { fresh, err = access.MakeRecovery(t.Context(), tx); return err })
	if _, err := h.enter(seal, codes[4], "192.0.2.8"); !isInvalid(err, "code", "factor.code_wrong") {
		t.Errorf("one of those before: %v", err)
	}
	if _, err := h.enter(seal, fresh[4], "192.0.2.8"); err != nil {
		t.Errorf("one of the new: %v", err)
	}
}

func (h *house) factors() access.Factors {
	h.t.Helper()
	f, err := access.FindFactors(h.t.Context(), h.DB, h.account)
	if err != nil {
		h.t.Fatal(err)
	}
	return f
}

func TestCodesAreNotReadableInTheDatabase(t *testing.T) {
	h, _, p, codes := withApp(t)
	secret, err := base32.StdEncoding.DecodeString(p.secret)
	if err != nil {
		t.Fatal(err)
	}
	var sealed []byte
	if err := h.Get(t.Context(), &sealed, `SELECT secret FROM authenticators`); err != nil {
		t.Fatal(err)
	}
	if strings.Contains(string(sealed), string(secret)) {
		t.Error("the secret of the app is kept as it is")
	}
	var hashes [][]byte
	if err := h.Select(t.Context(), &hashes, `SELECT hash FROM recovery_codes`); err != nil {
		t.Fatal(err)
	}
	for _, hash := range hashes {
		for _, code := range codes {
			if strings.Contains(string(hash), code[:4]) {
				t.Error("a recovery code is kept as it is")
			}
		}
	}
}

// Passwords and codes are guessed together: who has the one guesses no faster at the
// other.
func TestWrongCodesWaitLikeWrongPasswords(t *testing.T) {
	h, seal, p, codes := withApp(t)
	for range 3 {
		if err := h.try("mari@agency.example", "wrong", from); !isInvalid(err, "password", "sign_in.wrong") {
			t.Fatal(err)
		}
	}
	for range 2 {
		if _, err := h.enter(seal, "000000", from); !isInvalid(err, "code", "factor.code_wrong") {
			t.Fatal(err)
		}
	}
	wait := (*access.WaitError)(nil)
	for _, code := range []string{p.code(h.Now()), codes[0]} {
		if _, err := h.enter(seal, code, "192.0.2.99"); !errors.As(err, &wait) {
			t.Errorf("after five attempts the right code: %v", err)
		}
	}
	if err := h.try("mari@agency.example", right, "192.0.2.99"); !errors.As(err, &wait) {
		t.Errorf("after five attempts the right password: %v", err)
	}
	h.later(15 * time.Second)
	if _, err := h.enter(seal, p.code(h.Now()), from); err != nil {
		t.Errorf("after waiting: %v", err)
	}
}

func TestOffersThatAreNotTaken(t *testing.T) {
	h, seal := newHouse(t), newSeal(t)
	other := h.person("other@agency.example")
	offer, theirs := seal.NewOffer(h.account, h.Now()), seal.NewOffer(other, h.Now())
	for _, tt := range []struct {
		name, sealed, code string
		later              time.Duration
		want               error
	}{
		{"a wrong code", offer.Sealed, "000000", 0, models.Invalid{}},
		{"somebody else's", theirs.Sealed, phone{theirs.Secret}.code(h.Now()), 0, models.ErrNotFound},
		{"none of ours", "abc", "000000", 0, models.ErrNotFound},
		{"too old", offer.Sealed, phone{offer.Secret}.code(h.Now().Add(31 * time.Minute)), 31 * time.Minute, models.ErrNotFound},
	} {
		h.later(tt.later)
		err := h.as(h.mari(), func(tx *db.Tx) error {
			_, err := access.AddApp(t.Context(), tx, seal, tt.sealed, tt.code)
			return err
		})
		if _, invalid := tt.want.(models.Invalid); invalid != isInvalid(err, "code", "factor.code_wrong") || !invalid && !errors.Is(err, tt.want) {
			t.Errorf("%s: %v, want %v", tt.name, err, tt.want)
		}
	}
	if f := h.factors(); f.Any() || f.Recovery != 0 {
		t.Errorf("something was left: %+v", f)
	}
}

func TestTheFirstFactorEndsSessionsAndTheLastTakesTheCodes(t *testing.T) {
	h, seal := newHouse(t), newSeal(t)
	secret := h.begin(h.account, access.Device{From: from})
	offer := seal.NewOffer(h.account, h.Now())
	add := func(tx *db.Tx) error {
		_, err := access.AddApp(t.Context(), tx, seal, offer.Sealed, phone{offer.Secret}.code(h.Now()))
		return err
	}
	h.must(h.mari(), add)
	if _, err := access.Find(t.Context(), h.DB, secret, h.now()); !errors.Is(err, models.ErrNotFound) {
		t.Errorf("a session that began by a password alone: %v", err)
	}
	secret = h.begin(h.account, access.Device{From: from})
	key := access.Passkey{Name: " My  phone ", Credential: []byte{1}, PublicKey: []byte{2}, Transports: "usb"}
	h.must(h.mari(), func(tx *db.Tx) error {
		codes, err := access.AddPasskey(t.Context(), tx, key)
		if len(codes) > 0 {
			t.Error("the second factor makes new recovery codes")
		}
		return err
	})
	if _, err := access.Find(t.Context(), h.DB, secret, h.now()); err != nil {
		t.Errorf("the second factor ends sessions: %v", err)
	}
	h.must(h.mari(), func(tx *db.Tx) error { return access.RemoveApp(t.Context(), tx) })
	f := h.factors()
	if f.App != nil || f.Recovery != 10 || len(f.Passkeys) != 1 || f.Passkeys[0].Name != "My phone" {
		t.Fatalf("with one factor left: %+v", f)
	}
	h.must(h.mari(), func(tx *db.Tx) error { return access.RemovePasskey(t.Context(), tx, f.Passkeys[0].ID, nil) })
	if f := h.factors(); f.Any() || f.Recovery != 0 {
		t.Errorf("with none left: %+v", f)
	}
	err := h.as(h.mari(), func(tx *db.Tx) error { _, err := access.MakeRecovery(t.Context(), tx); return err })
	if !errors.Is(err, models.ErrConflict) {
		t.Errorf("codes for nothing: %v", err)
	}
}

func TestPasskeysThatAreNotAdded(t *testing.T) {
	h := newHouse(t)
	other := models.Actor{AccountID: h.person("other@agency.example")}
	key := func(name string) access.Passkey {
		return access.Passkey{Name: name, Credential: []byte{1}, PublicKey: []byte{2}}
	}
	add := func(a models.Actor, p access.Passkey) error {
		return h.as(a, func(tx *db.Tx) error { _, err := access.AddPasskey(t.Context(), tx, p); return err })
	}
	for name, want := range map[string]string{" ": "passkey.name_missing", strings.Repeat("õ", 61): "passkey.name_unclear", "a\x01": "passkey.name_unclear"} {
		if err := add(other, key(name)); !isInvalid(err, "name", want) {
			t.Errorf("the name %q: %v, want %s", name, err, want)
		}
	}
	if err := add(other, key("mine")); err != nil {
		t.Fatal(err)
	}
	if err := add(h.mari(), key("mine, too")); !isInvalid(err, "name", "passkey.taken") {
		t.Errorf("another's: %v", err)
	}
	p, err := access.FindPasskey(t.Context(), h.DB, []byte{1})
	if err != nil || p.AccountID != other.AccountID {
		t.Fatalf("%+v, %v", p, err)
	}
	if err := h.as(h.mari(), func(tx *db.Tx) error { return access.RemovePasskey(t.Context(), tx, p.ID, nil) }); !errors.Is(err, models.ErrNotFound) {
		t.Errorf("another's is removed: %v", err)
	}
}

func TestACounterThatHasNotRisenIsRefused(t *testing.T) {
	for _, tt := range []struct {
		name      string
		kept, now int64
		ok        bool
	}{
		{"it rises", 5, 6, true}, {"it leaps", 5, 500, true}, {"the device does not count", 0, 0, true},
		{"the same", 5, 5, false}, {"less", 5, 4, false}, {"it stopped counting", 5, 0, false},
	} {
		h := newHouse(t)
		h.must(h.mari(), func(tx *db.Tx) error {
			_, err := access.AddPasskey(t.Context(), tx, access.Passkey{Name: "key", Credential: []byte{1}, PublicKey: []byte{2}, Counter: tt.kept})
			return err
		})
		p := h.factors().Passkeys[0]
		followed := false
		err := access.ByPasskey(t.Context(), h.DB, p, tt.now, from, func(context.Context, *db.Tx) error { followed = true; return nil })
		if followed != tt.ok || (err == nil) != tt.ok || err != nil && !isInvalid(err, "credential", "passkey.copied") {
			t.Errorf("%s: followed %t, %v", tt.name, followed, err)
		}
		var n int
		if err := h.Get(t.Context(), &n, `SELECT count(*) FROM audit_events WHERE action = 'passkey.refused'`); err != nil || (n == 1) == tt.ok {
			t.Errorf("%s: recorded %d times, %v", tt.name, n, err)
		}
	}
}

func TestAChallengeIsTakenOnceForItsPurpose(t *testing.T) {
	h := newHouse(t)
	var secret string
	give := func() {
		h.must(models.Actor{}, func(tx *db.Tx) (err error) {
			secret, err = access.GiveChallenge(t.Context(), tx, access.SignsIn, access.Challenge{Asked: []byte("what")})
			return err
		})
	}
	take := func(p access.ChallengePurpose) (c access.Challenge, err error) {
		err = h.as(models.Actor{}, func(tx *db.Tx) (err error) { c, err = access.TakeChallenge(t.Context(), tx, p, secret); return err })
		return c, err
	}
	give()
	if _, err := take(access.Registers); !errors.Is(err, models.ErrNotFound) {
		t.Errorf("for another purpose: %v", err)
	}
	if c, err := take(access.SignsIn); err != nil || string(c.Asked) != "what" || c.AccountID != 0 {
		t.Errorf("%+v, %v", c, err)
	}
	if _, err := take(access.SignsIn); !errors.Is(err, models.ErrNotFound) {
		t.Errorf("a second time: %v", err)
	}
	give()
	h.later(5 * time.Minute)
	if _, err := take(access.SignsIn); !errors.Is(err, models.ErrNotFound) {
		t.Errorf("too late: %v", err)
	}
}

func TestFactorsAreRemovedByAdministratorsOnly(t *testing.T) {
	h, seal, p, _ := withApp(t)
	remove := func(a models.Actor) error {
		return h.as(a, func(tx *db.Tx) error { return access.RemoveFactors(t.Context(), tx, h.account) })
	}
	self := models.Actor{AccountID: h.account, Roles: []models.Role{models.Administrator}}
	for _, a := range []models.Actor{h.mari(), self, {}} {
		if err := remove(a); !errors.Is(err, models.ErrForbidden) {
			t.Errorf("%+v: %v", a, err)
		}
	}
	if err := remove(admin); err != nil {
		t.Fatal(err)
	}
	if f := h.factors(); f.Any() || f.Recovery != 0 {
		t.Errorf("left: %+v", f)
	}
	if _, err := h.enter(seal, p.code(h.Now()), from); !isInvalid(err, "code", "factor.code_wrong") {
		t.Errorf("the code still works: %v", err)
	}
	if err := remove(admin); !errors.Is(err, models.ErrConflict) {
		t.Errorf("again: %v", err)
	}
}
