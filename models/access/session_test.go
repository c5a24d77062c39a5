package access_test

import (
	"errors"
	"reflect"
	"strings"
	"testing"
	"time"

	"pilveturg/db"
	"pilveturg/models"
	"pilveturg/models/access"
	"pilveturg/models/identity"
)

func TestASessionIsFoundByItsSecret(t *testing.T) {
	h := newHouse(t)
	secret := h.begin(h.account, access.Device{From: from, Agent: "Firefox, Linux " + strings.Repeat("x", 200)})
	s := h.find(secret)
	if s.Account.Mail != "mari@agency.example" || s.Account.Name != "Mari Tamm" || s.From != from || len(s.Agent) != 100 || s.Acting.ID != h.first || len(s.Memberships) != 2 {
		t.Errorf("found %+v", s)
	}
	want := models.Actor{AccountID: h.account, OrgID: h.agency, Roles: buyer.Roles, Rights: buyer.Rights, From: "203.0.113.5"}
	if got := s.Actor("203.0.113.5"); !reflect.DeepEqual(got, want) {
		t.Errorf("acts as %+v, want %+v", got, want)
	}
	for _, wrong := range []string{"", "x", secret[1:], secret + "A", strings.ToLower(secret)} {
		h.over(wrong, "a wrong secret")
	}
	var kept string
	if err := h.Get(t.Context(), &kept, `SELECT agent FROM sessions WHERE hash = ?`, []byte(secret)); err == nil {
		t.Error("the secret itself is kept")
	}
}

func TestSomebodyWhoIsNowhereHasASession(t *testing.T) {
	h := newHouse(t)
	s := h.find(h.begin(h.person("nowhere@agency.example"), access.Device{}))
	if s.Acting.ID != 0 || len(s.Memberships) != 0 || !reflect.DeepEqual(s.Actor(""), models.Actor{AccountID: s.Account.ID}) {
		t.Errorf("%+v", s)
	}
}

func TestASessionEndsByItself(t *testing.T) {
	h := newHouse(t)
	see := func(id int64) {
		h.must(models.Actor{}, func(tx *db.Tx) error { return access.See(t.Context(), tx, id) })
	}
	idle := h.begin(h.account, access.Device{})
	h.later(access.Idle - time.Second)
	h.find(idle)
	h.later(time.Second)
	h.over(idle, "not used for eight hours")

	long := h.begin(h.account, access.Device{})
	for range 5 {
		h.later(access.Idle - 4*time.Hour)
		see(h.find(long).ID)
	}
	h.later(4*time.Hour - time.Second)
	h.find(long)
	h.later(time.Second)
	h.over(long, "begun a day ago, and used all the time")
}

func TestUseIsWrittenDownAtMostOnceAMinute(t *testing.T) {
	h := newHouse(t)
	secret := h.begin(h.account, access.Device{})
	h.later(59 * time.Second)
	if s := h.find(secret); s.IsUnseen(h.now()) {
		t.Error("within a minute it is to be written down again")
	}
	h.later(time.Second)
	s := h.find(secret)
	if !s.IsUnseen(h.now()) {
		t.Error("after a minute it is not to be written down")
	}
	h.must(models.Actor{}, func(tx *db.Tx) error { return access.See(t.Context(), tx, s.ID) })
	if s := h.find(secret); s.IsUnseen(h.now()) || !s.Seen.Equal(h.Now()) {
		t.Errorf("seen at %v", s.Seen)
	}
}

func TestFreshnessPasses(t *testing.T) {
	h := newHouse(t)
	secret := h.begin(h.account, access.Device{})
	h.later(access.Fresh - time.Second)
	if !h.find(secret).IsFresh(h.now()) {
		t.Error("it is not fresh for ten minutes")
	}
	h.later(time.Second)
	if h.find(secret).IsFresh(h.now()) {
		t.Error("it is fresh after ten minutes")
	}
}

// What ends elsewhere ends sessions at once.
func TestWhatEndsSessions(t *testing.T) {
	for _, tt := range []struct {
		name string
		do   func(h *house, tx *db.Tx) error
		then func(h *house, tx *db.Tx) error // does not bring it back
	}{
		{"a lock", func(h *house, tx *db.Tx) error { return identity.Lock(h.t.Context(), tx, h.account) },
			func(h *house, tx *db.Tx) error { return identity.Unlock(h.t.Context(), tx, h.account) }},
		{"the end of the membership acted for", func(h *house, tx *db.Tx) error { return identity.EndMember(h.t.Context(), tx, h.first) },
			func(h *house, tx *db.Tx) error {
				_, err := identity.AddMember(h.t.Context(), tx, h.account, h.agency, buyer)
				return err
			}},
		{"a move", func(h *house, tx *db.Tx) error {
			if err := identity.EndMember(h.t.Context(), tx, h.second); err != nil {
				return err
			}
			_, err := identity.Move(h.t.Context(), tx, h.first, h.ministry, buyer)
			return err
		}, nil},
		{"the word of an administrator", func(h *house, tx *db.Tx) error { return identity.EndSessions(h.t.Context(), tx, h.account) }, nil},
		{"a new password", func(h *house, tx *db.Tx) error {
			hash, err := h.hasher.Hash(h.t.Context(), "viis kollast kaelkirjakut")
			tx.Actor = models.Actor{AccountID: h.account}
			if err != nil {
				return err
			}
			return access.SetPassword(h.t.Context(), tx, hash)
		}, nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			h := newHouse(t)
			secret := h.begin(h.account, access.Device{})
			h.must(admin, func(tx *db.Tx) error { return tt.do(h, tx) })
			h.over(secret, tt.name)
			if tt.then != nil {
				h.must(admin, func(tx *db.Tx) error { return tt.then(h, tx) })
				h.over(secret, "taking it back")
			}
			if all, err := access.Sessions(t.Context(), h, h.account, h.now()); err != nil || len(all) != 0 {
				t.Errorf("the list holds %+v, %v", all, err)
			}
		})
	}
}

func TestAnotherMembershipThatEndsLeavesTheSession(t *testing.T) {
	h := newHouse(t)
	secret := h.begin(h.account, access.Device{})
	h.must(admin, func(tx *db.Tx) error { return identity.EndMember(t.Context(), tx, h.second) })
	if s := h.find(secret); s.Acting.ID != h.first || len(s.Memberships) != 1 {
		t.Errorf("%+v", s)
	}
}

func TestOtherPowersHoldAtOnce(t *testing.T) {
	h := newHouse(t)
	secret := h.begin(h.account, access.Device{})
	h.must(admin, func(tx *db.Tx) error {
		return identity.ChangeMember(t.Context(), tx, h.first, identity.Powers{Roles: []models.Role{models.Finance}})
	})
	if a := h.find(secret).Actor(""); a.Is(models.Buyer) || !a.Is(models.Finance) || a.May(models.Draft) {
		t.Errorf("acts as %+v", a)
	}
}

func TestTheSecretChangesWithWhatItOpens(t *testing.T) {
	h := newHouse(t)
	first := h.begin(h.account, access.Device{})
	second := h.begin(h.account, access.Device{Replaces: first})
	h.over(first, "somebody signed in again with the browser")
	s := h.find(second)
	var third string
	h.must(s.Actor(""), func(tx *db.Tx) (err error) {
		third, err = access.ActAs(t.Context(), tx, s.ID, h.second)
		return err
	})
	h.over(second, "acting for another organisation")
	now := h.find(third)
	if now.ID != s.ID || now.Acting.ID != h.second || !now.Created.Equal(s.Created.Time) || now.Actor("").Limit != 500 {
		t.Errorf("acting for the other: %+v", now)
	}
	if again := h.find(h.begin(h.account, access.Device{Replaces: third})); again.Acting.ID != h.second {
		t.Errorf("a new session acts for %d, want the same as the one before", again.Acting.ID)
	}
}

func TestActingForWhatIsNotOnesOwn(t *testing.T) {
	h := newHouse(t)
	other := h.person("other@agency.example")
	var theirs, past int64
	h.must(admin, func(tx *db.Tx) (err error) {
		if theirs, err = identity.AddMember(t.Context(), tx, other, h.agency, buyer); err == nil {
			past, err = h.second, identity.EndMember(t.Context(), tx, h.second)
		}
		return err
	})
	secret := h.begin(h.account, access.Device{})
	mine := h.find(secret)
	others := h.find(h.begin(other, access.Device{}))
	for _, tt := range []struct {
		name                string
		session, membership int64
	}{
		{"another's membership", mine.ID, theirs},
		{"a membership that has ended", mine.ID, past},
		{"a membership that is none", mine.ID, 9999},
		{"another's session", others.ID, h.first},
		{"a session that is none", 9999, h.first},
	} {
		err := h.as(mine.Actor(""), func(tx *db.Tx) error { _, err := access.ActAs(t.Context(), tx, tt.session, tt.membership); return err })
		if !errors.Is(err, models.ErrNotFound) {
			t.Errorf("%s: %v", tt.name, err)
		}
	}
	if s := h.find(secret); s.Acting.ID != h.first {
		t.Errorf("afterwards it acts for %d", s.Acting.ID)
	}
}

func TestSessionsAreListedAndEnded(t *testing.T) {
	h := newHouse(t)
	other := h.find(h.begin(h.person("other@agency.example"), access.Device{}))
	var secrets []string
	for range 4 {
		secrets = append(secrets, h.begin(h.account, access.Device{}))
		h.later(time.Second)
	}
	me := h.find(secrets[3])
	end := func(id int64) error {
		return h.as(me.Actor(""), func(tx *db.Tx) error { return access.End(t.Context(), tx, id) })
	}
	if err := end(h.find(secrets[0]).ID); err != nil {
		t.Error(err)
	}
	h.over(secrets[0], "it was ended")
	if err := end(other.ID); !errors.Is(err, models.ErrNotFound) {
		t.Errorf("somebody else's was ended: %v", err)
	}
	all, err := access.Sessions(t.Context(), h, h.account, h.now())
	if err != nil || len(all) != 3 || all[0].ID != me.ID || !all[0].Seen.After(all[2].Seen.Time) {
		t.Errorf("listed %+v, %v", all, err)
	}
	h.must(me.Actor(""), func(tx *db.Tx) error { return access.EndOthers(t.Context(), tx, me.ID) })
	h.over(secrets[1], "all others were ended")
	h.over(secrets[2], "all others were ended")
	h.find(secrets[3])
	h.must(admin, func(tx *db.Tx) error { return access.End(t.Context(), tx, other.ID) })
	if err := h.as(admin, func(tx *db.Tx) error { return access.End(t.Context(), tx, other.ID) }); !errors.Is(err, models.ErrNotFound) {
		t.Errorf("ended twice: %v", err)
	}
}

func TestALockedAccountBeginsNoSession(t *testing.T) {
	h := newHouse(t)
	h.must(admin, func(tx *db.Tx) error { return identity.Lock(t.Context(), tx, h.account) })
	err := h.as(models.Actor{}, func(tx *db.Tx) error { _, err := access.Begin(t.Context(), tx, h.account, access.Device{}); return err })
	if !errors.Is(err, models.ErrForbidden) {
		t.Errorf("it began: %v", err)
	}
}

func TestOneClickIsForInventedPeopleInADemonstrationOnly(t *testing.T) {
	h := newHouse(t)
	h.must(admin, func(tx *db.Tx) error { return identity.Erase(t.Context(), tx, h.account) })
	h.must(admin, func(tx *db.Tx) error {
		_, err := identity.PutPeople(t.Context(), tx, []identity.InventedPerson{{Mail: "ostja@agency.example", Name: "Ostja Näidis", Language: "et",
			Organisation: models.Key{Scheme: "test", Code: "agency"}, Roles: []models.Role{models.Buyer}}})
		return err
	})
	people, err := identity.People(t.Context(), h)
	if err != nil || len(people) != 1 {
		t.Fatalf("%+v, %v", people, err)
	}
	begin := func(account int64) (secret string, err error) {
		err = h.as(models.Actor{}, func(tx *db.Tx) (err error) {
			secret, err = access.BeginInvented(t.Context(), tx, account, access.Device{})
			return err
		})
		return secret, err
	}
	if _, err := begin(people[0].AccountID); !errors.Is(err, models.ErrForbidden) {
		t.Errorf("in a database that is no demonstration: %v", err)
	}
	h.demonstrate(`INSERT INTO imports (kind, file, started_at) VALUES ('listings', 'demonstration', ?)`)
	if _, err := begin(people[0].AccountID); !errors.Is(err, models.ErrForbidden) {
		t.Errorf("in a database with another import: %v", err)
	}
	h.demonstrate(`INSERT INTO imports (kind, file, started_at) VALUES ('demonstration', 'demonstration', ?)`)
	secret, err := begin(people[0].AccountID)
	if err != nil || h.find(secret).Account.Name != "Ostja Näidis" {
		t.Errorf("in a demonstration: %v", err)
	}
	real := h.person("real@agency.example")
	h.over(secret, "there is a real person now")
	for _, account := range []int64{real, people[0].AccountID} {
		if _, err := begin(account); !errors.Is(err, models.ErrForbidden) {
			t.Errorf("account %d in a demonstration with a real person: %v", account, err)
		}
	}
	h.must(admin, func(tx *db.Tx) error { return identity.Erase(t.Context(), tx, real) })
	if _, err := begin(people[0].AccountID); err != nil {
		t.Errorf("when the real person is erased: %v", err)
	}
	h.demonstrate(`UPDATE imports SET undone_at = ?`)
	if _, err := begin(people[0].AccountID); !errors.Is(err, models.ErrForbidden) {
		t.Errorf("after the demonstration was undone: %v", err)
	}
}

func (h *house) demonstrate(q string) {
	h.t.Helper()
	h.must(admin, func(tx *db.Tx) error { _, err := tx.Exec(h.t.Context(), q, tx.Now); return err })
}

func TestSweepLeavesWhatLives(t *testing.T) {
	h := newHouse(t)
	const keep = 30 * 24 * time.Hour
	h.begin(h.account, access.Device{})
	var ticket string
	h.must(admin, func(tx *db.Tx) (err error) {
		ticket, err = access.Give(t.Context(), tx, access.SetsPassword, h.account, time.Hour)
		return err
	})
	if err := h.try("nobody@agency.example", "x", from); err == nil {
		t.Fatal("nobody signed in")
	}
	count := func(want string) {
		t.Helper()
		h.must(models.Actor{}, func(tx *db.Tx) error { return access.Sweep(t.Context(), tx, keep, 0) })
		var got []string
		const q = `SELECT 'session' FROM sessions UNION ALL SELECT 'ticket' FROM tickets UNION ALL SELECT kind FROM attempts ORDER BY 1`
		if err := h.Select(t.Context(), &got, q); err != nil || strings.Join(got, " ") != want {
			t.Errorf("left: %q, %v; want %q", strings.Join(got, " "), err, want)
		}
	}
	count("account address session ticket")
	if _, err := access.Ticket(t.Context(), h, access.SetsPassword, ticket, h.now()); err != nil {
		t.Error(err)
	}
	h.later(25 * time.Hour)
	count("session ticket")
	h.later(keep)
	count("")
}
