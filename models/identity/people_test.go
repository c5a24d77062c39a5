package identity_test

import (
	"errors"
	"reflect"
	"strings"
	"testing"
	"time"

	"pilveturg/db"
	"pilveturg/db/dbtest"
	"pilveturg/models"
	"pilveturg/models/identity"
)

// town is a small world of organisations and people.
type town struct {
	*db.DB
	t                                         testing.TB
	ministry, agency, vendor, other, operator int64
}

func newTown(t testing.TB) *town {
	t.Helper()
	w := &town{DB: dbtest.New(t), t: t}
	org := func(code string, kind identity.Kind) int64 {
		_, o, err := put(t, w.DB, identity.Organisation{Key: models.Key{Scheme: "test", Code: code}, Kind: kind, Names: models.Text{"en": "Org " + code, "et": "Asutus " + code}})
		if err != nil {
			t.Fatal(err)
		}
		return o.ID
	}
	w.ministry, w.agency, w.vendor = org("m", identity.Ministry), org("a", identity.Agency), org("v", identity.Vendor)
	w.other, w.operator = org("w", identity.Vendor), org("o", identity.Operator)
	return w
}

// as runs f on behalf of an actor.
func (w *town) as(a models.Actor, f func(*db.Tx) error) error {
	return w.Write(w.t.Context(), a, f)
}

// must is as for what cannot go wrong.
func (w *town) must(a models.Actor, f func(*db.Tx) error) {
	w.t.Helper()
	if err := w.as(a, f); err != nil {
		w.t.Fatal(err)
	}
}

// person makes an account with powers in an organisation, if org is not 0, and
// returns them acting for it, with the id of the membership.
func (w *town) person(mail string, org int64, p identity.Powers) (models.Actor, int64) {
	w.t.Helper()
	a := identity.Account{Mail: mail, Name: "Test Person", Language: "et"}
	actor, membership := models.Actor{}, int64(0)
	w.must(admin, func(tx *db.Tx) (err error) {
		if err := identity.AddAccount(w.t.Context(), tx, &a); err != nil || org == 0 {
			return err
		}
		membership, err = identity.AddMember(w.t.Context(), tx, a.ID, org, p)
		return err
	})
	actor.AccountID = a.ID
	if org != 0 {
		all, err := identity.Memberships(w.t.Context(), w.DB, a.ID)
		if err != nil || len(all) != 1 {
			w.t.Fatalf("memberships %+v, %v", all, err)
		}
		actor = all[0].Actor()
	}
	return actor, membership
}

func buys(rights ...models.Right) identity.Powers {
	return identity.Powers{Roles: []models.Role{models.Buyer}, Rights: rights}
}

var manages = identity.Powers{Roles: []models.Role{models.VendorManager}}

// kind of failure, for tables.
func failsWith(err, want error) bool {
	if want == nil {
		return err == nil
	}
	if v, ok := want.(models.Invalid); ok {
		got := models.Invalid(nil)
		return errors.As(err, &got) && reflect.DeepEqual(got, v)
	}
	return errors.Is(err, want)
}

func TestAMailboxHasOneAccountHoweverItIsSpelled(t *testing.T) {
	w := newTown(t)
	a := identity.Account{Mail: " Õie.Tamm@Board.example ", Name: "Õie  Tamm", Language: "et"}
	w.must(admin, func(tx *db.Tx) error { return identity.AddAccount(t.Context(), tx, &a) })
	got, err := identity.FindAccountByMail(t.Context(), w, "õie.tamm@BOARD.example")
	if err != nil || got.ID != a.ID || got.Mail != "Õie.Tamm@Board.example" || got.Name != "Õie Tamm" || got.State != identity.Active {
		t.Errorf("found %+v, %v", got, err)
	}
	for _, tt := range []struct {
		name string
		a    identity.Account
		by   models.Actor
		want error
	}{
		{"the same in other letters", identity.Account{Mail: "ÕIE.TAMM@board.example", Name: "X", Language: "et"}, admin, models.Invalid{"mail": "account.mail_taken"}},
		{"no mailbox", identity.Account{Mail: "board.example", Name: "X", Language: "et"}, admin, models.Invalid{"mail": "account.mail_unclear"}},
		{"no name and no language", identity.Account{Mail: "a@b.example", Name: " "}, admin, models.Invalid{"name": "account.name_missing", "language": "account.language_missing"}},
		{"too long a name", identity.Account{Mail: "a@b.example", Name: strings.Repeat("õ", 101), Language: "et"}, admin, models.Invalid{"name": "account.name_unclear"}},
		{"somebody who may not", identity.Account{Mail: "a@b.example", Name: "X", Language: "et"}, models.Actor{AccountID: a.ID}, models.ErrForbidden},
	} {
		if err := w.as(tt.by, func(tx *db.Tx) error { return identity.AddAccount(t.Context(), tx, &tt.a) }); !failsWith(err, tt.want) {
			t.Errorf("%s: %v, want %v", tt.name, err, tt.want)
		}
	}
}

func TestWhatIsLikeAMailbox(t *testing.T) {
	for mail, want := range map[string]bool{
		"a@b.example": true, "a.b+c@sub.b-c.example": true, "õ@õ.ee": true, "a@b": false, "@b.example": false, "a@.example": false,
		"a@b..example": false, "a b@c.example": false, "a@b@c.example": false, "<a@b.example>": false, "a@-b.example": false,
		"a@b.example\r\nBcc: c@d.example": false, "": false, strings.Repeat("a", 250) + "@b.example": false,
	} {
		if got := identity.IsMail(mail); got != want {
			t.Errorf("IsMail(%.40q) = %t, want %t", mail, got, want)
		}
	}
}

func TestAnOrganisationGivesTheRolesOfItsKind(t *testing.T) {
	w := newTown(t)
	roles := func(r ...models.Role) identity.Powers {
		return identity.Powers{Roles: r, Limit: 100, Reach: models.ReachAll}
	}
	for i, tt := range []struct {
		name string
		org  int64
		give identity.Powers
		keep identity.Powers
		want error
	}{
		{"a buyer with rights, in their order and once", w.agency,
			buys(models.Orders, models.Draft, models.Draft), buys(models.Draft, models.Orders), nil},
		{"what belongs to another role is not kept", w.agency, roles(models.Finance), identity.Powers{Roles: []models.Role{models.Finance}}, nil},
		{"an approver up to a limit", w.agency, identity.Powers{Roles: []models.Role{models.Approver, models.Buyer}, Limit: 1},
			identity.Powers{Roles: []models.Role{models.Buyer, models.Approver}, Limit: 1}, nil},
		{"an approver without a limit", w.agency, identity.Powers{Roles: []models.Role{models.Approver}}, identity.Powers{}, models.Invalid{"limit": "member.limit_missing"}},
		{"nobody is there for nothing", w.agency, identity.Powers{}, identity.Powers{}, models.Invalid{"roles": "member.role_missing"}},
		{"an agency has no analysts", w.agency, roles(models.Analyst), identity.Powers{}, models.Invalid{"roles": "member.role_not_given"}},
		{"a ministry has, for its own", w.ministry, identity.Powers{Roles: []models.Role{models.Analyst}, Reach: models.ReachOwn},
			identity.Powers{Roles: []models.Role{models.Analyst}, Reach: models.ReachOwn}, nil},
		{"the operator has no own to look at", w.operator, identity.Powers{Roles: []models.Role{models.Analyst}, Reach: models.ReachOwn}, identity.Powers{}, models.Invalid{"reach": "member.reach_missing"}},
		{"a vendor does not buy", w.vendor, buys(), identity.Powers{}, models.Invalid{"roles": "member.role_not_given"}},
		{"a vendor does not administer", w.vendor, roles(models.Administrator), identity.Powers{}, models.Invalid{"roles": "member.role_not_given"}},
		{"a ministry does not administer", w.ministry, roles(models.Administrator), identity.Powers{}, models.Invalid{"roles": "member.role_not_given"}},
		{"a role that nobody knows", w.agency, roles("king"), identity.Powers{}, models.Invalid{"roles": "member.role_not_given"}},
		{"a right that nobody knows", w.agency, buys("rule"), identity.Powers{}, models.Invalid{"rights": "member.right_unknown"}},
	} {
		person, _ := w.person(string(rune('a'+i))+"@roles.example", 0, identity.Powers{})
		var id int64
		err := w.as(admin, func(tx *db.Tx) (err error) {
			id, err = identity.AddMember(t.Context(), tx, person.AccountID, tt.org, tt.give)
			return err
		})
		if !failsWith(err, tt.want) {
			t.Errorf("%s: %v, want %v", tt.name, err, tt.want)
		}
		if err != nil {
			continue
		}
		m, err := identity.FindMember(t.Context(), w, id)
		if err != nil || !reflect.DeepEqual(m.Powers, tt.keep) {
			t.Errorf("%s: kept %+v, %v", tt.name, m.Powers, err)
		}
	}
}

func TestEveryKindAndRoleIsInTheTable(t *testing.T) {
	given := map[models.Role]bool{}
	for _, k := range identity.Kinds {
		if len(identity.RolesOf(k)) == 0 {
			t.Errorf("%s gives no roles", k)
		}
		for _, r := range identity.RolesOf(k) {
			given[r] = true
			buyer := r == models.Buyer || r == models.Evaluator || r == models.Approver || r == models.Finance
			if buyer != (k.Public() && r != models.Analyst) {
				t.Errorf("%s gives %s", k, r)
			}
		}
	}
	for _, r := range models.Roles {
		if !given[r] {
			t.Errorf("nobody gives %s", r)
		}
	}
}

func TestAPersonActsForSeveralOrganisations(t *testing.T) {
	w := newTown(t)
	person, first := w.person("two@board.example", w.agency, buys(models.Draft))
	var second int64
	w.must(admin, func(tx *db.Tx) (err error) {
		second, err = identity.AddMember(t.Context(), tx, person.AccountID, w.ministry, identity.Powers{Roles: []models.Role{models.Approver}, Limit: 500})
		return err
	})
	all, err := identity.Memberships(t.Context(), w, person.AccountID)
	if err != nil || len(all) != 2 || all[0].ID != first || all[1].ID != second {
		t.Fatalf("memberships %+v, %v", all, err)
	}
	if want := (models.Text{"en": "Org a", "et": "Asutus a"}); !all[0].Org.Equal(want) || all[0].Kind != identity.Agency {
		t.Errorf("the first is in %v, %s", all[0].Org, all[0].Kind)
	}
	want := models.Actor{AccountID: person.AccountID, OrgID: w.ministry, Roles: []models.Role{models.Approver}, Limit: 500}
	if got := all[1].Actor(); !reflect.DeepEqual(got, want) {
		t.Errorf("acts as %+v, want %+v", got, want)
	}
	again := func(tx *db.Tx) error {
		_, err := identity.AddMember(t.Context(), tx, person.AccountID, w.agency, buys())
		return err
	}
	if err := w.as(admin, again); !errors.Is(err, models.ErrConflict) {
		t.Errorf("a second membership in one organisation: %v", err)
	}
	w.must(admin, func(tx *db.Tx) error { return identity.EndMember(t.Context(), tx, first) })
	if _, err := identity.FindMember(t.Context(), w, first); !errors.Is(err, models.ErrNotFound) {
		t.Errorf("a membership that has ended is found: %v", err)
	}
	w.must(admin, again) // who comes back gets a new one
	members, err := identity.Members(t.Context(), w, w.agency)
	if err != nil || len(members) != 1 || members[0].ID == first || members[0].Mail != "two@board.example" {
		t.Errorf("members %+v, %v", members, err)
	}
}

func TestWhoKeepsATeam(t *testing.T) {
	w := newTown(t)
	boss, bossIn := w.person("boss@vendor.example", w.vendor, manages)
	_, colleague := w.person("colleague@vendor.example", w.vendor, manages)
	stranger, _ := w.person("boss@other.example", w.other, manages)
	buyer, buyerIn := w.person("buyer@board.example", w.agency, buys())
	writes := identity.Powers{Roles: []models.Role{models.VendorEditor}}
	change := func(id int64, p identity.Powers) func(*db.Tx) error {
		return func(tx *db.Tx) error { return identity.ChangeMember(t.Context(), tx, id, p) }
	}
	end := func(id int64) func(*db.Tx) error {
		return func(tx *db.Tx) error { return identity.EndMember(t.Context(), tx, id) }
	}
	for _, tt := range []struct {
		name string
		by   models.Actor
		do   func(*db.Tx) error
		want error
	}{
		{"a visitor changes nobody", models.Actor{}, change(colleague, writes), models.ErrForbidden},
		{"a manager of another vendor changes nobody here", stranger, change(colleague, writes), models.ErrForbidden},
		{"a buyer changes nobody, not even herself", buyer, change(buyerIn, buys(models.Publish)), models.ErrForbidden},
		{"a manager makes a colleague an editor", boss, change(colleague, writes), nil},
		{"a manager gives no role of others", boss, change(colleague, identity.Powers{Roles: []models.Role{models.Administrator}}), models.Invalid{"roles": "member.role_not_given"}},
		{"an administrator changes anybody", admin, change(buyerIn, buys(models.Publish)), nil},
		{"nobody changes who is not there", admin, change(9999, writes), models.ErrNotFound},
		{"a stranger takes nobody out", stranger, end(colleague), models.ErrForbidden},
		{"a manager takes a colleague out", boss, end(colleague), nil},
		{"nobody is taken out twice", boss, end(colleague), models.ErrNotFound},
		{"everybody may leave", buyer, end(buyerIn), nil},
		{"a manager may leave", boss, end(bossIn), nil},
	} {
		if err := w.as(tt.by, tt.do); !failsWith(err, tt.want) {
			t.Errorf("%s: %v, want %v", tt.name, err, tt.want)
		}
	}
}

func TestTheLastAdministratorStays(t *testing.T) {
	w := newTown(t)
	rules := identity.Powers{Roles: []models.Role{models.Administrator}}
	first, firstIn := w.person("first@operator.example", w.operator, rules)
	change := func(tx *db.Tx) error {
		return identity.ChangeMember(t.Context(), tx, firstIn, identity.Powers{Roles: []models.Role{models.Moderator}})
	}
	end := func(tx *db.Tx) error { return identity.EndMember(t.Context(), tx, firstIn) }
	lock := func(tx *db.Tx) error { return identity.Lock(t.Context(), tx, first.AccountID) }
	for name, do := range map[string]func(*db.Tx) error{"other roles": change, "leaving": end, "a lock": lock} {
		if err := w.as(admin, do); !errors.Is(err, models.ErrConflict) {
			t.Errorf("%s of the last administrator: %v, want a conflict", name, err)
		}
	}
	second, _ := w.person("second@operator.example", w.operator, rules)
	if err := w.as(second, lock); err != nil {
		t.Errorf("one of two administrators can not be locked: %v", err)
	}
	if n, err := identity.CountAdministrators(t.Context(), w); err != nil || n != 1 {
		t.Errorf("%d administrators, %v; want 1", n, err)
	}
	if err := w.as(second, func(tx *db.Tx) error { return identity.Lock(t.Context(), tx, second.AccountID) }); !errors.Is(err, models.ErrConflict) {
		t.Errorf("an administrator locked herself: %v", err)
	}
	if err := w.as(second, end); err != nil {
		t.Errorf("a locked administrator can not be taken out: %v", err)
	}
}

func TestLocking(t *testing.T) {
	w := newTown(t)
	buyer, _ := w.person("buyer@board.example", w.agency, buys())
	lock := func(tx *db.Tx) error { return identity.Lock(t.Context(), tx, buyer.AccountID) }
	unlock := func(tx *db.Tx) error { return identity.Unlock(t.Context(), tx, buyer.AccountID) }
	for _, tt := range []struct {
		name string
		by   models.Actor
		do   func(*db.Tx) error
		want error
	}{
		{"nobody unlocks what is not locked", admin, unlock, models.ErrConflict},
		{"a vendor locks nobody", models.Actor{AccountID: 99, Roles: []models.Role{models.VendorManager}}, lock, models.ErrForbidden},
		{"an administrator locks", admin, lock, nil},
		{"once", admin, lock, models.ErrConflict},
		{"nobody unlocks herself", buyer, unlock, models.ErrForbidden},
		{"an administrator unlocks", admin, unlock, nil},
	} {
		if err := w.as(tt.by, tt.do); !failsWith(err, tt.want) {
			t.Errorf("%s: %v, want %v", tt.name, err, tt.want)
		}
	}
}

func TestMove(t *testing.T) {
	w := newTown(t)
	buyer, at := w.person("buyer@board.example", w.agency, buys())
	var to int64
	move := func(tx *db.Tx) (err error) {
		to, err = identity.Move(t.Context(), tx, at, w.ministry, buys(models.Draft))
		return err
	}
	if err := w.as(buyer, move); !errors.Is(err, models.ErrForbidden) {
		t.Errorf("a buyer moved herself: %v", err)
	}
	w.must(admin, move)
	all, err := identity.Memberships(t.Context(), w, buyer.AccountID)
	if err != nil || len(all) != 1 || all[0].ID != to || all[0].OrgID != w.ministry {
		t.Errorf("memberships after the move: %+v, %v", all, err)
	}
}

func TestProfilesAreChangedByTheirOwners(t *testing.T) {
	w := newTown(t)
	buyer, _ := w.person("buyer@board.example", w.agency, buys())
	change := func(name, lang string) func(*db.Tx) error {
		return func(tx *db.Tx) error { return identity.ChangeProfile(t.Context(), tx, buyer.AccountID, name, lang) }
	}
	if err := w.as(models.Actor{AccountID: buyer.AccountID + 1}, change("Y", "en")); !errors.Is(err, models.ErrForbidden) {
		t.Errorf("somebody else changed it: %v", err)
	}
	if err := w.as(buyer, change(" ", "en")); !failsWith(err, models.Invalid{"name": "account.name_missing"}) {
		t.Errorf("no name: %v", err)
	}
	w.must(buyer, change("New  Name", "en"))
	a, err := identity.FindAccount(t.Context(), w, buyer.AccountID)
	if err != nil || a.Name != "New Name" || a.Language != "en" {
		t.Errorf("changed to %+v, %v", a, err)
	}
}

// What is on record stays, whoever asks.
func TestPeopleStayOnRecord(t *testing.T) {
	w := newTown(t)
	buyer, at := w.person("buyer@board.example", w.agency, buys())
	_, ended := w.person("gone@board.example", w.agency, buys())
	w.must(admin, func(tx *db.Tx) error { return identity.EndMember(t.Context(), tx, ended) })
	for name, q := range map[string]string{
		"an account is removed":            `DELETE FROM accounts WHERE id = ?`,
		"an account becomes invented":      `UPDATE accounts SET invented = 1 WHERE id = ?`,
		"a generation comes back":          `UPDATE accounts SET generation = generation - 1 WHERE id = ?`,
		"a state that nobody knows":        `UPDATE accounts SET state = 'king' WHERE id = ?`,
		"a membership is removed":          `DELETE FROM memberships WHERE account_id = ?`,
		"a membership gets another person": `UPDATE memberships SET account_id = account_id + 1 WHERE account_id = ?`,
		"a membership is worth less":       `UPDATE memberships SET limit_cents = -1 WHERE account_id = ?`,
	} {
		err := w.as(admin, func(tx *db.Tx) error {
			_, err := tx.Exec(t.Context(), q, buyer.AccountID)
			return err
		})
		if !db.Refused(err) {
			t.Errorf("%s: %v, want it refused", name, err)
		}
	}
	revive := func(tx *db.Tx) error {
		_, err := tx.Exec(t.Context(), `UPDATE memberships SET ended_at = NULL WHERE id = ?`, ended)
		return err
	}
	if err := w.as(admin, revive); !db.Refused(err) {
		t.Errorf("a membership that has ended came back: %v", err)
	}
	if m, err := identity.FindMember(t.Context(), w, at); err != nil || m.AccountID != buyer.AccountID {
		t.Errorf("afterwards: %+v, %v", m, err)
	}
}

func TestSecretsAreLongAndDiffer(t *testing.T) {
	a, hash := identity.NewSecret()
	b, _ := identity.NewSecret()
	if a == b || len(a) != 43 || len(hash) != 32 || string(hash) != string(identity.HashSecret(a)) || strings.Trim(a, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_") != "" {
		t.Errorf("%q, %q, a hash of %d bytes", a, b, len(hash))
	}
}

// later moves the clock of the town.
func (w *town) later(d time.Duration) {
	now := w.Now()
	w.DB.Now = func() time.Time { return now.Add(d) }
}

func TestWritersOfAVendor(t *testing.T) {
	w := newTown(t)
	both := identity.Powers{Roles: []models.Role{models.VendorEditor, models.VendorManager}}
	one := identity.Powers{Roles: []models.Role{models.VendorEditor}}
	first, _ := w.person("first@vendor.example", w.vendor, both)
	left, membership := w.person("left@vendor.example", w.vendor, one)
	w.person("theirs@other.example", w.other, one)
	w.person("buyer@agency.example", w.agency, buys())
	locked, _ := w.person("locked@vendor.example", w.vendor, one)
	invented := identity.Account{Mail: "invented@vendor.example", Name: "Invented", Language: "en", Invented: true}
	w.must(admin, func(tx *db.Tx) error {
		if err := identity.AddAccount(t.Context(), tx, &invented); err != nil {
			return err
		}
		if _, err := identity.AddMember(t.Context(), tx, invented.ID, w.vendor, one); err != nil {
			return err
		}
		return errors.Join(identity.EndMember(t.Context(), tx, membership), identity.Lock(t.Context(), tx, locked.AccountID))
	})
	all, err := identity.Writers(t.Context(), w.DB, w.vendor)
	if err != nil || len(all) != 2 {
		t.Fatalf("%+v, %v; want two, of whom %d has left", all, err, left.AccountID)
	}
	if all[0].ID != first.AccountID || all[0].Mail != "first@vendor.example" || all[1].ID != invented.ID || all[1].Mail != "" {
		t.Errorf("%+v; want the first with a mail, and the invented one without", all)
	}
}
