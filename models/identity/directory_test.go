package identity_test

import (
	"errors"
	"reflect"
	"sync"
	"testing"

	"pilveturg/db"
	"pilveturg/models"
	"pilveturg/models/audit"
	"pilveturg/models/identity"
)

var administers = identity.Powers{Roles: []models.Role{models.Administrator}}

func TestTheDirectoryFindsPeople(t *testing.T) {
	w := newTown(t)
	buyer, _ := w.person("a@board.example", w.agency, buys())
	both, _ := w.person("b@board.example", w.agency, identity.Powers{Roles: []models.Role{models.Approver}, Limit: 100})
	seller, _ := w.person("c@vendor.example", w.vendor, manages)
	nobody, _ := w.person("d@nowhere.example", 0, identity.Powers{})
	left, membership := w.person("e@board.example", w.agency, buys())
	w.must(admin, func(tx *db.Tx) error {
		if _, err := identity.AddMember(t.Context(), tx, both.AccountID, w.ministry, buys()); err != nil {
			return err
		}
		if err := identity.EndMember(t.Context(), tx, membership); err != nil {
			return err
		}
		return identity.Lock(t.Context(), tx, nobody.AccountID)
	})
	for _, tt := range []struct {
		name string
		f    identity.PeopleFilter
		want []models.Actor
	}{
		{"everybody", identity.PeopleFilter{}, []models.Actor{buyer, both, seller, nobody, left}},
		{"the locked", identity.PeopleFilter{State: identity.Locked}, []models.Actor{nobody}},
		{"those in an organisation now", identity.PeopleFilter{Orgs: []int64{w.agency}}, []models.Actor{buyer, both}},
		{"those of a role", identity.PeopleFilter{Role: models.Buyer}, []models.Actor{buyer, both}},
		{"a role in that organisation, not in another", identity.PeopleFilter{Role: models.Buyer, Orgs: []int64{w.agency}}, []models.Actor{buyer}},
		{"in no organisation at all", identity.PeopleFilter{Orgs: []int64{}}, nil},
		{"all at once", identity.PeopleFilter{State: identity.Locked, Role: models.Buyer}, nil},
	} {
		got, err := identity.Directory(t.Context(), w, tt.f)
		var ids, want []int64
		for _, a := range got {
			ids = append(ids, a.ID)
		}
		for _, a := range tt.want {
			want = append(want, a.AccountID)
		}
		if err != nil || !reflect.DeepEqual(ids, want) {
			t.Errorf("%s: %v, %v; want %v", tt.name, ids, err, want)
		}
	}
	all, err := identity.MembershipsOf(t.Context(), w, []int64{both.AccountID, left.AccountID})
	if err != nil || len(all) != 1 || len(all[both.AccountID]) != 2 || all[both.AccountID][1].OrgID != w.ministry {
		t.Errorf("memberships %+v, %v", all, err)
	}
	ever, err := identity.EverIn(t.Context(), w, left.AccountID)
	if err != nil || !reflect.DeepEqual(ever, []models.Key{{Scheme: "test", Code: "a"}}) {
		t.Errorf("was ever in %v, %v", ever, err)
	}
	events, err := audit.Of(t.Context(), w, 10, identity.AccountSubjects(left.AccountID, ever)...)
	if err != nil || len(events) != 3 {
		t.Errorf("the log has %d events of who left, %v; want that of the account, of the beginning and of the end", len(events), err)
	}
}

func TestTheCountsAreThoseOfTheLists(t *testing.T) {
	w := newTown(t)
	person, _ := w.person("a@board.example", w.agency, buys())
	if _, _, err := w.invite(admin, "b@board.example", w.agency, buys()); err != nil {
		t.Fatal(err)
	}
	w.must(admin, func(tx *db.Tx) error { return identity.AddDomain(t.Context(), tx, "board.example", w.agency) })
	a := identity.Application{Key: models.Key{Code: "10000001"}, Name: "New", Country: "EE"}
	w.must(person, func(tx *db.Tx) error {
		_, err := identity.Apply(t.Context(), tx, &a, identity.Applicant{}, "We are new.")
		return err
	})
	got, err := identity.Count(t.Context(), w)
	now := models.Time{Time: w.Now()}
	want := identity.Tally{Active: 1, Public: 2, Vendors: 2, Domains: 1, Invitations: 1, InvitedSince: now, Applications: 1, AppliedSince: now}
	if err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("counted %+v, %v\nwant    %+v", got, err, want)
	}
	all, err := identity.AllInvitations(t.Context(), w)
	if err != nil || len(all) != 1 || all[0].Mail != "b@board.example" {
		t.Errorf("invitations %+v, %v", all, err)
	}
}

func TestALockHasAReason(t *testing.T) {
	w := newTown(t)
	person, _ := w.person("a@board.example", w.agency, buys())
	for _, tt := range []struct {
		name, reason string
		want         error
	}{
		{"none", " ", models.Invalid{"reason": "account.reason_missing"}},
		{"a book", string(make([]byte, 501)), models.Invalid{"reason": "account.reason_long"}},
		{"a sentence", "Left the agency without a word.", nil},
	} {
		err := w.as(admin, func(tx *db.Tx) error { return identity.LockFor(t.Context(), tx, person.AccountID, tt.reason) })
		if !failsWith(err, tt.want) {
			t.Errorf("%s: %v, want %v", tt.name, err, tt.want)
		}
	}
	w.must(admin, func(tx *db.Tx) error { return identity.UnlockFor(t.Context(), tx, person.AccountID, "Came back.") })
	events, err := audit.Find(t.Context(), w, audit.Filter{Group: "account"}, models.Page{Number: 1, Size: 2})
	if err != nil || len(events) != 2 || events[0].New("reason") != "Came back." || events[1].New("reason") != "Left the agency without a word." || events[1].Changes[0].Person != person.AccountID {
		t.Errorf("the log tells %+v, %v", events, err)
	}
}

// However many administrators take each other's powers away at once, one stays.
func TestOneAdministratorStays(t *testing.T) {
	for name, take := range map[string]func(*town, *db.Tx, models.Actor, int64) error{
		"a lock": func(w *town, tx *db.Tx, other models.Actor, _ int64) error {
			return identity.Lock(w.t.Context(), tx, other.AccountID)
		},
		"other roles": func(w *town, tx *db.Tx, _ models.Actor, at int64) error {
			return identity.ChangeMember(w.t.Context(), tx, at, identity.Powers{Roles: []models.Role{models.Moderator}})
		},
		"an end": func(w *town, tx *db.Tx, _ models.Actor, at int64) error {
			return identity.EndMember(w.t.Context(), tx, at)
		},
	} {
		t.Run(name, func(t *testing.T) {
			w := newTown(t)
			first, firstIn := w.person("first@office.example", w.operator, administers)
			second, secondIn := w.person("second@office.example", w.operator, administers)
			errs := make([]error, 2)
			var both sync.WaitGroup
			both.Go(func() { errs[0] = w.as(first, func(tx *db.Tx) error { return take(w, tx, second, secondIn) }) })
			both.Go(func() { errs[1] = w.as(second, func(tx *db.Tx) error { return take(w, tx, first, firstIn) }) })
			both.Wait()
			if n, err := identity.CountAdministrators(t.Context(), w); err != nil || n != 1 {
				t.Errorf("%d administrators are left, %v", n, err)
			}
			if (errs[0] == nil) == (errs[1] == nil) || errors.Is(errors.Join(errs...), models.ErrConflict) != true {
				t.Errorf("got %v; want that one succeeds and the other conflicts", errs)
			}
		})
	}
}

func TestAMemberIsChangedAsItWasSeen(t *testing.T) {
	w := newTown(t)
	_, at := w.person("a@board.example", w.agency, buys(models.Draft))
	seen := buys(models.Draft).Stamp()
	change := func(seen string, p identity.Powers) error {
		return w.as(admin, func(tx *db.Tx) error { return identity.ChangeSeenMember(t.Context(), tx, at, seen, p) })
	}
	more := buys(models.Draft, models.Orders)
	if err := change(seen, more); err != nil {
		t.Fatal(err)
	}
	if err := change(seen, buys()); !errors.Is(err, models.ErrConflict) {
		t.Errorf("who saw it before changes it: %v", err)
	}
	if err := change(more.Stamp(), buys()); err != nil {
		t.Errorf("who saw it as it is: %v", err)
	}
	w.must(admin, func(tx *db.Tx) error { return identity.EndMember(t.Context(), tx, at) })
	if err := change(buys().Stamp(), more); !errors.Is(err, models.ErrNotFound) {
		t.Errorf("when it has ended: %v", err)
	}
}
