package access_test

import (
	"errors"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"pilveturg/db"
	"pilveturg/db/dbtest"
	"pilveturg/models"
	"pilveturg/models/access"
	"pilveturg/models/audit"
	"pilveturg/models/identity"
)

// shop is a house with two vendors, an editor of both and a manager of each.
type shop struct {
	*house
	vendor, other   int64
	editor          int64
	place, place2   int64 // memberships of the editor
	manager, rivals int64
}

func newShop(t testing.TB) *shop {
	t.Helper()
	s := &shop{house: newHouse(t)}
	s.editor, s.manager, s.rivals = s.person("editor@vendor.example"), s.person("manager@vendor.example"), s.person("manager@other.example")
	s.must(admin, func(tx *db.Tx) error {
		for code, id := range map[string]*int64{"v": &s.vendor, "w": &s.other} {
			org := identity.Organisation{Key: models.Key{Scheme: "test", Code: code}, Kind: identity.Vendor, Names: models.Text{"en": "Vendor " + code}}
			if _, _, err := identity.Put(t.Context(), tx, &org); err != nil {
				return err
			}
			*id = org.ID
		}
		for _, m := range []struct {
			account, org int64
			role         models.Role
			place        *int64
		}{{s.editor, s.vendor, models.VendorEditor, &s.place}, {s.editor, s.other, models.VendorManager, &s.place2},
			{s.manager, s.vendor, models.VendorManager, new(int64)}, {s.rivals, s.other, models.VendorManager, new(int64)}} {
			id, err := identity.AddMember(t.Context(), tx, m.account, m.org, identity.Powers{Roles: []models.Role{m.role}})
			if err != nil {
				return err
			}
			*m.place = id
		}
		return nil
	})
	return s
}

func (s *shop) as(account, org int64, role models.Role) models.Actor {
	return models.Actor{AccountID: account, OrgID: org, Roles: []models.Role{role}, From: from}
}

// make makes a token of the editor for the vendor.
func (s *shop) make(name string, scope access.Scope, days int) (token string, err error) {
	err = s.Write(s.t.Context(), s.as(s.editor, s.vendor, models.VendorEditor), func(tx *db.Tx) (err error) {
		token, err = access.MakeToken(s.t.Context(), tx, name, scope, days)
		return err
	})
	return token, err
}

// made is [shop.make] without problems.
func (s *shop) made() (token string, t access.Token) {
	s.t.Helper()
	token, err := s.make("Pipeline", access.WritesListings, access.UsualTokenDays)
	if err != nil {
		s.t.Fatal(err)
	}
	all, err := access.TokensOf(s.t.Context(), s, s.editor)
	if err != nil {
		s.t.Fatal(err)
	}
	return token, all[0]
}

func (s *shop) by(token string) (access.Holder, error) {
	return access.ByToken(s.t.Context(), s, token, s.now())
}

func TestATokenActsAsItsMaker(t *testing.T) {
	s := newShop(t)
	token, kept := s.made()
	if !regexp.MustCompile(`^pvt_[0-9A-Za-z]{49}$`).MatchString(token) || !strings.HasSuffix(token, kept.Hint) {
		t.Errorf("the token is %q, its hint %q", token, kept.Hint)
	}
	h, err := s.by(token)
	if err != nil {
		t.Fatal(err)
	}
	want := models.Actor{AccountID: s.editor, OrgID: s.vendor, Program: "token 1", Roles: []models.Role{models.VendorEditor}, From: "203.0.113.5"}
	if got := h.Actor("203.0.113.5"); !reflect.DeepEqual(got, want) {
		t.Errorf("acts as %+v, want %+v", got, want)
	}
	if kept.Expires.Sub(s.Now()).Round(time.Hour) != access.UsualTokenDays*24*time.Hour || kept.State(s.now()) != access.TokenWorks || !kept.Used.IsZero() {
		t.Errorf("kept is %+v", kept)
	}
	for table, rows := range dbtest.Dump(t, s.DB) {
		if strings.Contains(rows, token) || strings.Contains(rows, token[8:40]) {
			t.Errorf("the token itself is kept in %s", table)
		}
	}
	var letters int
	if err := s.Get(t.Context(), &letters, `SELECT count(*) FROM outbox WHERE kind = 'token_made' AND account_id = ?`, s.editor); err != nil || letters != 1 {
		t.Errorf("%d letters, %v; want one", letters, err)
	}
}

func TestWhatIsNoTokenOpensNothing(t *testing.T) {
	s := newShop(t)
	token, _ := s.made()
	swapped := token[:len(token)-7] + string(token[len(token)-7]^1) + token[len(token)-6:]
	for name, wrong := range map[string]string{"nothing": "", "a prefix": "pvt_", "cut": token[:len(token)-1], "longer": token + "A", "another case": strings.ToLower(token),
		"mistyped": swapped, "without prefix": token[4:], "a session": s.begin(s.editor, access.Device{})} {
		if h, err := s.by(wrong); !errors.Is(err, models.ErrNotFound) {
			t.Errorf("%s: %+v, %v", name, h, err)
		}
	}
}

// A token loses its power with that of its maker, and at once.
func TestWhatEndsAToken(t *testing.T) {
	for name, do := range map[string]func(s *shop, tx *db.Tx, id int64) error{
		"the membership ends":   func(s *shop, tx *db.Tx, _ int64) error { return identity.EndMember(s.t.Context(), tx, s.place) },
		"the account is locked": func(s *shop, tx *db.Tx, _ int64) error { return identity.Lock(s.t.Context(), tx, s.editor) },
		"it is revoked":         func(s *shop, tx *db.Tx, id int64) error { return access.RevokeToken(s.t.Context(), tx, id) },
	} {
		s := newShop(t)
		token, kept := s.made()
		s.must(admin, func(tx *db.Tx) error { return do(s, tx, kept.ID) })
		if h, err := s.by(token); !errors.Is(err, models.ErrNotFound) {
			t.Errorf("%s: %+v, %v", name, h, err)
		}
		after, err := access.TokensOf(t.Context(), s, s.editor)
		if err != nil || len(after) != 1 || after[0].State(s.now()) == access.TokenWorks {
			t.Errorf("%s: it is listed as %+v, %v", name, after, err)
		}
	}
	s := newShop(t)
	token, _ := s.made()
	s.later(access.UsualTokenDays*24*time.Hour - time.Second)
	if _, err := s.by(token); err != nil {
		t.Errorf("a second before it expires: %v", err)
	}
	s.later(time.Second)
	if _, err := s.by(token); !errors.Is(err, models.ErrNotFound) {
		t.Errorf("expired: %v", err)
	}
}

func TestATokenHoldsTheRolesOfTheMoment(t *testing.T) {
	s := newShop(t)
	token, _ := s.made()
	s.must(admin, func(tx *db.Tx) error {
		return identity.ChangeMember(t.Context(), tx, s.place, identity.Powers{Roles: []models.Role{models.VendorManager, models.VendorEditor}})
	})
	if h, err := s.by(token); err != nil || !slices.Contains(h.Roles, models.VendorManager) {
		t.Errorf("roles %v, %v", h.Roles, err)
	}
}

func TestTokensOfSomebodyLockedStayRevoked(t *testing.T) {
	s := newShop(t)
	token, _ := s.made()
	s.must(admin, func(tx *db.Tx) error { return access.LockFor(t.Context(), tx, s.editor, "Lost a laptop.") })
	s.must(admin, func(tx *db.Tx) error { return identity.Unlock(t.Context(), tx, s.editor) })
	if h, err := s.by(token); !errors.Is(err, models.ErrNotFound) {
		t.Errorf("after the lock is gone: %+v, %v", h, err)
	}
}

func TestWhatTokensMayBeMade(t *testing.T) {
	s := newShop(t)
	for _, tt := range []struct {
		name  string
		scope access.Scope
		days  int
		want  error
	}{
		{"Pipeline", access.WritesListings, 1, nil},
		{"Pipeline", access.ReadsListings, access.MostTokenDays, nil},
		{" \t ", access.ReadsListings, 1, invalid("name", "token.name_missing")},
		{strings.Repeat("õ", 61), access.ReadsListings, 1, invalid("name", "token.name_unclear")},
		{"a\x00b", access.ReadsListings, 1, invalid("name", "token.name_unclear")},
		{"Pipeline", "admin:all", 1, invalid("scope", "token.scope_missing")},
		{"Pipeline", "", 1, invalid("scope", "token.scope_missing")},
		{"Pipeline", access.ReadsListings, 0, invalid("days", "token.days_wrong")},
		{"Pipeline", access.ReadsListings, access.MostTokenDays + 1, invalid("days", "token.days_wrong")},
	} {
		if _, err := s.make(tt.name, tt.scope, tt.days); !sameError(err, tt.want) {
			t.Errorf("%q for %q, %d days: %v, want %v", tt.name, tt.scope, tt.days, err, tt.want)
		}
	}
	for range 18 {
		s.made()
	}
	if _, err := s.make("One more", access.ReadsListings, 1); !sameError(err, invalid("name", "token.too_many")) {
		t.Errorf("the 21st: %v", err)
	}
	for name, a := range map[string]models.Actor{"a visitor": {}, "a program": admin, "a buyer": {AccountID: s.account, OrgID: s.agency, Roles: buyer.Roles},
		"who acts for nobody": {AccountID: s.editor}} {
		err := s.Write(t.Context(), a, func(tx *db.Tx) error {
			_, err := access.MakeToken(t.Context(), tx, "x", access.ReadsListings, 1)
			return err
		})
		if !errors.Is(err, models.ErrForbidden) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestWhoSeesAndRevokesATokenOfAnother(t *testing.T) {
	s := newShop(t)
	for _, tt := range []struct {
		name string
		a    models.Actor
		want error
	}{
		{"its maker, acting for another vendor", s.as(s.editor, s.other, models.VendorManager), nil},
		{"a manager of the vendor", s.as(s.manager, s.vendor, models.VendorManager), nil},
		{"an administrator", admin, nil},
		{"a manager of another vendor", s.as(s.rivals, s.other, models.VendorManager), models.ErrNotFound},
		{"a colleague who keeps nobody", s.as(s.manager, s.vendor, models.VendorEditor), models.ErrNotFound},
		{"a buyer", models.Actor{AccountID: s.account, OrgID: s.agency, Roles: buyer.Roles}, models.ErrNotFound},
		{"a visitor", models.Actor{}, models.ErrNotFound},
	} {
		_, kept := s.made()
		if _, err := access.TokenIn(t.Context(), s, tt.a, kept.ID); !errors.Is(err, tt.want) {
			t.Errorf("%s sees it: %v, want %v", tt.name, err, tt.want)
		}
		revoke := func(tx *db.Tx) error { return access.RevokeToken(t.Context(), tx, kept.ID) }
		if err := s.Write(t.Context(), tt.a, revoke); !errors.Is(err, tt.want) {
			t.Errorf("%s revokes it: %v, want %v", tt.name, err, tt.want)
		}
		if err := s.Write(t.Context(), tt.a, revoke); !errors.Is(err, models.ErrNotFound) {
			t.Errorf("%s revokes it again: %v", tt.name, err)
		}
	}
	ours, err := access.TokensFor(t.Context(), s, s.vendor)
	if err != nil || len(ours) != 7 {
		t.Errorf("%d tokens of the vendor, %v", len(ours), err)
	}
	if theirs, err := access.TokensFor(t.Context(), s, s.other); err != nil || len(theirs) != 0 {
		t.Errorf("%d tokens of the other, %v", len(theirs), err)
	}
}

func TestTheUseOfATokenIsKeptByDayAndNetwork(t *testing.T) {
	s := newShop(t)
	token, kept := s.made()
	for _, tt := range []struct{ from, network string }{{"203.0.113.77", "203.0.113.0/24"}, {"::ffff:203.0.113.77", "203.0.113.0/24"},
		{"2001:db8:1:2:3:4:5:6", "2001:db8:1::/48"}, {"fe80::1%eth0", "fe80::/48"}, {"somewhere", ""}} {
		h, err := s.by(token)
		if err != nil {
			t.Fatal(err)
		}
		if fresh := h.UsedFrom == tt.network && !h.Used.IsZero(); h.IsUnseen(s.now(), tt.from) == fresh {
			t.Errorf("from %s: is it to be written down? %t", tt.from, !fresh)
		}
		s.must(models.Actor{}, func(tx *db.Tx) error { return access.SeeToken(t.Context(), tx, kept.ID, tt.from) })
		if h, err = s.by(token); err != nil || h.UsedFrom != tt.network || h.Used != models.DateOf(s.Now()) || h.IsUnseen(s.now(), tt.from) {
			t.Errorf("from %s: %+v, %v", tt.from, h.Token, err)
		}
	}
	s.later(24 * time.Hour)
	if h, err := s.by(token); err != nil || !h.IsUnseen(s.now(), "somewhere") {
		t.Errorf("the next day it is not to be written down, %v", err)
	}
}

func TestTokensThatAreOverAreForgottenInTime(t *testing.T) {
	s := newShop(t)
	_, kept := s.made()
	s.must(admin, func(tx *db.Tx) error { return access.RevokeToken(t.Context(), tx, kept.ID) })
	left := func() int {
		all, err := access.Tokens(t.Context(), s)
		if err != nil {
			t.Fatal(err)
		}
		return len(all)
	}
	for _, tt := range []struct {
		after time.Duration
		want  int
	}{{time.Hour, 1}, {time.Hour, 0}} {
		s.later(tt.after)
		s.must(admin, func(tx *db.Tx) error { return access.Sweep(t.Context(), tx, 2*time.Hour-time.Second, time.Hour) })
		if left() != tt.want {
			t.Errorf("%d are left, want %d", left(), tt.want)
		}
	}
	report, err := audit.Verify(t.Context(), s.DB, "")
	if err != nil || !report.OK() {
		t.Errorf("the audit log: %+v, %v", report, err)
	}
}

// What is not a token is told without asking the database, and never taken for one.
func FuzzTokens(f *testing.F) {
	f.Add("pvt_")
	f.Add("pvt_0000000000000000000000000000000000000000000000000")
	f.Add(strings.Repeat("pvt_", 20))
	s := newShop(f)
	f.Fuzz(func(t *testing.T, text string) {
		if h, err := access.ByToken(t.Context(), s, text, s.now()); !errors.Is(err, models.ErrNotFound) {
			t.Errorf("%q: %+v, %v", text, h, err)
		}
	})
}
