package access_test

import (
	"context"
	"errors"
	"reflect"
	"testing"
	"time"

	"pilveturg/db"
	"pilveturg/db/dbtest"
	"pilveturg/models"
	"pilveturg/models/access"
	"pilveturg/models/identity"
)

const (
	right = "neli punast kaelkirjakut"
	from  = "192.0.2.7"
)

var (
	admin = models.Actor{Program: "test", Roles: []models.Role{models.Administrator}}
	buyer = identity.Powers{Roles: []models.Role{models.Buyer}, Rights: []models.Right{models.Draft}}
)

// house is a database with an agency, a ministry and a person who buys for both, with
// the right password.
type house struct {
	*db.DB
	t                testing.TB
	hasher           *access.Hasher
	agency, ministry int64
	account          int64
	first, second    int64 // memberships
}

func newHouse(t testing.TB) *house {
	t.Helper()
	h := &house{DB: dbtest.New(t), t: t, hasher: access.NewHasher(access.Cost{Passes: 1, Memory: 64, Threads: 1}, 4)}
	h.must(admin, func(tx *db.Tx) error {
		for _, o := range []struct {
			kind identity.Kind
			id   *int64
		}{{identity.Agency, &h.agency}, {identity.Ministry, &h.ministry}} {
			org := identity.Organisation{Key: models.Key{Scheme: "test", Code: string(o.kind)}, Kind: o.kind, Names: models.Text{"en": string(o.kind)}}
			if _, _, err := identity.Put(t.Context(), tx, &org); err != nil {
				return err
			}
			*o.id = org.ID
		}
		return nil
	})
	h.account = h.person("mari@agency.example")
	h.must(admin, func(tx *db.Tx) (err error) {
		if h.first, err = identity.AddMember(t.Context(), tx, h.account, h.agency, buyer); err != nil {
			return err
		}
		h.second, err = identity.AddMember(t.Context(), tx, h.account, h.ministry, identity.Powers{Roles: []models.Role{models.Approver}, Limit: 500})
		return err
	})
	return h
}

// person makes an account with the right password.
func (h *house) person(mail string) int64 {
	h.t.Helper()
	a := identity.Account{Mail: mail, Name: "Mari Tamm", Language: "et"}
	h.must(admin, func(tx *db.Tx) error { return identity.AddAccount(h.t.Context(), tx, &a) })
	hash, err := h.hasher.Hash(h.t.Context(), right)
	if err != nil {
		h.t.Fatal(err)
	}
	h.must(models.Actor{AccountID: a.ID}, func(tx *db.Tx) error { return access.SetPassword(h.t.Context(), tx, hash) })
	return a.ID
}

func (h *house) as(a models.Actor, f func(*db.Tx) error) error { return h.Write(h.t.Context(), a, f) }

func (h *house) must(a models.Actor, f func(*db.Tx) error) {
	h.t.Helper()
	if err := h.as(a, f); err != nil {
		h.t.Fatal(err)
	}
}

// later moves the clock.
func (h *house) later(d time.Duration) {
	now := h.Now()
	h.DB.Now = func() time.Time { return now.Add(d) }
}

func (h *house) now() models.Time { return models.Time{Time: h.Now()} }

// try signs in by a password.
func (h *house) try(mail, password, address string) error {
	_, err := access.ByPassword(h.t.Context(), h.DB, h.hasher, access.Try{Mail: mail, Password: password, From: address})
	return err
}

// begin begins a session of the account.
func (h *house) begin(account int64, d access.Device) string {
	h.t.Helper()
	var secret string
	h.must(models.Actor{}, func(tx *db.Tx) (err error) {
		secret, err = access.Begin(h.t.Context(), tx, account, d)
		return err
	})
	return secret
}

// find finds a session, which must be there.
func (h *house) find(secret string) access.Session {
	h.t.Helper()
	s, err := access.Find(h.t.Context(), h, secret, h.now())
	if err != nil {
		h.t.Fatal(err)
	}
	return s
}

// over complains unless there is no session of the secret.
func (h *house) over(secret, why string) {
	h.t.Helper()
	if s, err := access.Find(h.t.Context(), h, secret, h.now()); !errors.Is(err, models.ErrNotFound) {
		h.t.Errorf("%s: the session is %+v, %v; want none", why, s, err)
	}
}

func invalid(field, key string) error { return models.Invalid{field: key} }

func sameError(got, want error) bool { return reflect.DeepEqual(got, want) }

func TestByPassword(t *testing.T) {
	h := newHouse(t)
	locked := h.person("locked@agency.example")
	h.must(admin, func(tx *db.Tx) error {
		bare := identity.Account{Mail: "bare@agency.example", Name: "X", Language: "et"}
		if err := identity.AddAccount(t.Context(), tx, &bare); err != nil {
			return err
		}
		return identity.Lock(t.Context(), tx, locked)
	})
	for _, tt := range []struct {
		name, mail, password string
		want                 error
	}{
		{"the right password", "mari@agency.example", right, nil},
		{"in other letters of the mail", " MARI@Agency.example", right, nil},
		{"a wrong one", "mari@agency.example", right + "!", invalid("password", "sign_in.wrong")},
		{"none", "mari@agency.example", "", invalid("password", "sign_in.wrong")},
		{"nobody's mail", "nobody@agency.example", right, invalid("password", "sign_in.wrong")},
		{"somebody who has no password", "bare@agency.example", right, invalid("password", "sign_in.wrong")},
		{"somebody who has none, with none", "bare@agency.example", "", invalid("password", "sign_in.wrong")},
		{"no mail", "", right, invalid("password", "sign_in.wrong")},
		{"a locked account with a wrong password tells nothing", "locked@agency.example", "x", invalid("password", "sign_in.wrong")},
		{"a locked account tells its owner", "locked@agency.example", right, invalid("mail", "sign_in.locked")},
	} {
		a, err := access.ByPassword(t.Context(), h.DB, h.hasher, access.Try{Mail: tt.mail, Password: tt.password, From: from})
		if !sameError(err, tt.want) || err == nil && a.ID != h.account {
			t.Errorf("%s: account %d, %v; want %v", tt.name, a.ID, err, tt.want)
		}
	}
}

func TestAHashOfOldCostIsMadeAnew(t *testing.T) {
	h := newHouse(t)
	read := func() (hash string) {
		if err := h.Get(t.Context(), &hash, `SELECT hash FROM passwords WHERE account_id = ?`, h.account); err != nil {
			t.Fatal(err)
		}
		return hash
	}
	before := read()
	if err := h.try("mari@agency.example", right, from); err != nil || read() != before {
		t.Errorf("a hash of today's cost changed, %v", err)
	}
	h.hasher = access.NewHasher(access.Cost{Passes: 2, Memory: 64, Threads: 1}, 1)
	if err := h.try("mari@agency.example", "wrong", from); err == nil || read() != before {
		t.Errorf("a wrong password made a hash anew, %v", err)
	}
	if err := h.try("mari@agency.example", right, from); err != nil || read() == before {
		t.Errorf("a hash of old cost stayed, %v", err)
	}
	if err := h.try("mari@agency.example", right, from); err != nil {
		t.Errorf("with the new hash: %v", err)
	}
}

func TestGuessingHasToWaitLongerAndLonger(t *testing.T) {
	h := newHouse(t)
	const address = "198.51.100.1"
	for _, mail := range []string{"mari@agency.example", "nobody@agency.example"} { // alike for both
		for range 5 {
			if err := h.try(mail, "wrong", address); !sameError(err, invalid("password", "sign_in.wrong")) {
				t.Fatalf("%s: %v", mail, err)
			}
		}
		for _, wait := range []time.Duration{15 * time.Second, 30 * time.Second, time.Minute, 2 * time.Minute, 4 * time.Minute, 8 * time.Minute, 15 * time.Minute, 15 * time.Minute} {
			until := models.Time{Time: h.Now().Add(wait)}
			var e *access.WaitError
			if err := h.try(mail, right, address); !errors.As(err, &e) || !e.Until.Equal(until.Time) {
				t.Fatalf("%s: %v, want to wait %v, even with the right password", mail, err, wait)
			}
			h.later(wait - time.Second)
			if err := h.try(mail, "wrong", address); !errors.As(err, &e) {
				t.Fatalf("%s a second too early: %v", mail, err)
			}
			h.later(time.Second)
			if err := h.try(mail, "wrong", address); !sameError(err, invalid("password", "sign_in.wrong")) {
				t.Fatalf("%s after waiting %v: %v", mail, wait, err)
			}
		}
	}
	h.later(24*time.Hour + time.Second)
	if err := h.try("mari@agency.example", "wrong", address); !sameError(err, invalid("password", "sign_in.wrong")) {
		t.Errorf("a day later: %v", err)
	}
	if err := h.try("mari@agency.example", right, address); err != nil {
		t.Errorf("a day later, after one wrong: %v", err)
	}
}

func TestAnAddressThatTriesManyAccountsWaits(t *testing.T) {
	h := newHouse(t)
	for i := range 30 {
		if i%10 == 9 { // an account of their own in between does not help
			if err := h.try("mari@agency.example", right, from); err != nil {
				t.Fatal(err)
			}
			h.begin(h.account, access.Device{From: from})
		}
		if err := h.try(string(rune('a'+i))+"@agency.example", "wrong", from); !sameError(err, invalid("password", "sign_in.wrong")) {
			t.Fatalf("the %d. attempt: %v", i, err)
		}
	}
	var e *access.WaitError
	if err := h.try("mari@agency.example", right, from); !errors.As(err, &e) {
		t.Errorf("the address need not wait: %v", err)
	}
	if err := h.try("mari@agency.example", right, "203.0.113.9"); err != nil {
		t.Errorf("another address: %v", err)
	}
}

func TestAttemptsAtOnceAreNoMoreThanOneAfterAnother(t *testing.T) {
	h := newHouse(t)
	results := make(chan error)
	for range 20 {
		go func() { results <- h.try("mari@agency.example", "wrong", from) }()
	}
	wrong, waited := 0, 0
	for range 20 {
		var e *access.WaitError
		switch err := <-results; {
		case sameError(err, invalid("password", "sign_in.wrong")):
			wrong++
		case errors.As(err, &e):
			waited++
		default:
			t.Errorf("neither wrong nor to wait: %v", err)
		}
	}
	if wrong != 5 || waited != 15 {
		t.Errorf("%d were looked at and %d had to wait; want 5 and 15", wrong, waited)
	}
}

func TestTheOwnerIsWarnedOnce(t *testing.T) {
	h := newHouse(t)
	var warned []int64
	for _, mail := range []string{"mari@agency.example", "nobody@agency.example"} {
		for range 7 {
			_, err := access.ByPassword(t.Context(), h.DB, h.hasher, access.Try{Mail: mail, Password: "wrong", From: from,
				Warn: func(_ context.Context, _ *db.Tx, a identity.Account) error { warned = append(warned, a.ID); return nil }})
			if err == nil {
				t.Fatal("a wrong password was right")
			}
		}
	}
	if !reflect.DeepEqual(warned, []int64{h.account}) {
		t.Errorf("warned %v, want %d once", warned, h.account)
	}
}

func TestASessionForgivesWhatWasTriedBefore(t *testing.T) {
	h := newHouse(t)
	for range 3 {
		for range 4 {
			if err := h.try("mari@agency.example", "wrong", from); err == nil {
				t.Fatal("a wrong password was right")
			}
		}
		if err := h.try("mari@agency.example", right, from); err != nil {
			t.Fatalf("the right password after four wrong ones: %v", err)
		}
		h.begin(h.account, access.Device{From: from})
	}
}
