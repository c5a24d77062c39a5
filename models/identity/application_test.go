package identity_test

import (
	"errors"
	"reflect"
	"strings"
	"testing"

	"pilveturg/db"
	"pilveturg/models"
	"pilveturg/models/identity"
)

func company(code string) identity.Application {
	return identity.Application{Key: models.Key{Code: code}, Name: "Uus Näidis OÜ", Country: "ee", Class: "small",
		Website: "https://uus.example/", Markets: []string{"FI", "EE", "FI"}}
}

var asker = identity.Applicant{Mail: "boss@uus.example", Name: "Uus Juht", Language: "et"}

// apply sends an application on behalf of an actor.
func (w *town) apply(by models.Actor, a *identity.Application) (secret string, err error) {
	err = w.as(by, func(tx *db.Tx) (err error) {
		secret, err = identity.Apply(w.t.Context(), tx, a, asker, "We make maps.")
		return err
	})
	return secret, err
}

func TestAVendorComesInByAConversation(t *testing.T) {
	w := newTown(t)
	judge, _ := w.person("judge@operator.example", w.operator, identity.Powers{Roles: []models.Role{models.Moderator}})
	a := company("10000001")
	secret, err := w.apply(models.Actor{}, &a)
	if err != nil || secret == "" {
		t.Fatal(err)
	}
	if _, err := identity.FindApplication(t.Context(), w, judge, a.ID); !errors.Is(err, models.ErrNotFound) {
		t.Errorf("an application from a mailbox that nobody has shown to be theirs is seen: %v", err)
	}
	account, err := w.take(models.Actor{}, secret)
	if err != nil || account.Mail != "boss@uus.example" {
		t.Fatalf("took %+v, %v", account, err)
	}
	boss := models.Actor{AccountID: account.ID}
	say := func(by models.Actor, f func(tx *db.Tx) error) { t.Helper(); w.must(by, f) }
	say(judge, func(tx *db.Tx) error { return identity.Ask(t.Context(), tx, a.ID, "Who makes them?") })
	say(boss, func(tx *db.Tx) error { return identity.Answer(t.Context(), tx, a.ID, " We do. ") })
	waiting, err := identity.Applications(t.Context(), w, identity.Sent)
	if err != nil || len(waiting) != 1 || waiting[0].ID != a.ID {
		t.Errorf("waiting: %+v, %v", waiting, err)
	}
	var org int64
	say(judge, func(tx *db.Tx) (err error) {
		org, err = identity.Accept(t.Context(), tx, a.ID, "Welcome.")
		return err
	})
	got, err := identity.FindApplication(t.Context(), w, boss, a.ID)
	if err != nil || got.State != identity.Accepted || got.OrgID != org || got.Decided.IsZero() || !reflect.DeepEqual(got.Markets, []string{"EE", "FI"}) {
		t.Errorf("accepted: %+v, %v", got, err)
	}
	var said []string
	for _, m := range got.Said {
		said = append(said, map[bool]string{true: "operator", false: "vendor"}[m.ByOperator]+": "+m.Words)
	}
	if want := []string{"vendor: We make maps.", "operator: Who makes them?", "vendor: We do.", "operator: Welcome."}; !reflect.DeepEqual(said, want) {
		t.Errorf("said %q, want %q", said, want)
	}
	all, err := identity.Memberships(t.Context(), w, account.ID)
	if err != nil || len(all) != 1 || all[0].OrgID != org || !reflect.DeepEqual(all[0].Powers, manages) {
		t.Errorf("memberships %+v, %v", all, err)
	}
	o, err := identity.Find(t.Context(), w, org)
	if err != nil || o.Key.String() != "ee-reg:10000001" || o.Kind != identity.Vendor || o.Country != "EE" || o.Class != "small" || o.Names["et"] != "Uus Näidis OÜ" {
		t.Errorf("organisation %+v, %v", o, err)
	}
}

func TestAnApplicationIsSeenByItsOwnerAndThoseWhoDecide(t *testing.T) {
	w := newTown(t)
	boss, _ := w.person("boss@uus.example", 0, identity.Powers{})
	other, _ := w.person("other@uus.example", w.vendor, manages)
	a := company("10000001")
	if secret, err := w.apply(boss, &a); err != nil || secret != "" {
		t.Fatalf("who is signed in needs no letter: %q, %v", secret, err)
	}
	answer := func(tx *db.Tx) error { return identity.Answer(t.Context(), tx, a.ID, "More.") }
	ask := func(tx *db.Tx) error { return identity.Ask(t.Context(), tx, a.ID, "Why?") }
	refuse := func(tx *db.Tx) error { return identity.Refuse(t.Context(), tx, a.ID, "Because.") }
	accept := func(tx *db.Tx) error { _, err := identity.Accept(t.Context(), tx, a.ID, "Yes."); return err }
	for _, tt := range []struct {
		name string
		by   models.Actor
		do   func(*db.Tx) error
		want error
	}{
		{"another vendor does not see it", other, answer, models.ErrNotFound},
		{"a visitor does not see it", models.Actor{}, answer, models.ErrNotFound},
		{"nobody decides about herself", boss, accept, models.ErrForbidden},
		{"nor asks", boss, ask, models.ErrForbidden},
		{"nor refuses", boss, refuse, models.ErrForbidden},
		{"nobody answers for the company", admin, answer, models.ErrForbidden},
		{"an answer needs words", boss, func(tx *db.Tx) error { return identity.Answer(t.Context(), tx, a.ID, " \n") }, models.Invalid{"words": "application.words_missing"}},
		{"and not too many", boss, func(tx *db.Tx) error { return identity.Answer(t.Context(), tx, a.ID, strings.Repeat("õ", 5001)) }, models.Invalid{"words": "application.words_long"}},
		{"she says more", boss, answer, nil},
		{"it is refused", admin, refuse, nil},
		{"and that is that", admin, accept, models.ErrConflict},
		{"there is no answer to it", boss, answer, models.ErrConflict},
	} {
		if err := w.as(tt.by, tt.do); !failsWith(err, tt.want) {
			t.Errorf("%s: %v, want %v", tt.name, err, tt.want)
		}
	}
	mine, err := identity.ApplicationsOf(t.Context(), w, boss.AccountID)
	if err != nil || len(mine) != 1 || mine[0].State != identity.Refused {
		t.Errorf("her applications: %+v, %v", mine, err)
	}
}

func TestAVendorThatIsThereAlready(t *testing.T) {
	w := newTown(t)
	vendor := identity.Organisation{Key: models.Key{Scheme: "ee-reg", Code: "10000001"}, Kind: identity.Vendor, Names: models.Text{"et": "Uus OÜ"}}
	agency := identity.Organisation{Key: models.Key{Scheme: "ee-reg", Code: "70000001"}, Kind: identity.Agency, Names: models.Text{"et": "Amet"}}
	_, vendor, _ = put(t, w.DB, vendor)
	put(t, w.DB, agency)
	for _, tt := range []struct {
		name, mail, code string
		want             error
	}{
		{"that nobody acts for becomes the applicant's", "first@uus.example", "10000001", nil},
		{"that somebody acts for does not", "second@uus.example", "10000001", models.Invalid{"code": "application.has_members"}},
		{"a public body does not become a vendor", "third@uus.example", "70000001", models.Invalid{"code": "application.not_a_vendor"}},
	} {
		boss, _ := w.person(tt.mail, 0, identity.Powers{})
		a := company(tt.code)
		if _, err := w.apply(boss, &a); err != nil {
			t.Fatal(err)
		}
		var org int64
		err := w.as(admin, func(tx *db.Tx) (err error) {
			org, err = identity.Accept(t.Context(), tx, a.ID, "Yes.")
			return err
		})
		if !failsWith(err, tt.want) || err == nil && org != vendor.ID {
			t.Errorf("a vendor in the catalogue %s: %d, %v", tt.name, org, err)
		}
	}
}

func TestApplicationsThatAreNotTakenIn(t *testing.T) {
	w := newTown(t)
	for field, change := range map[string]func(*identity.Application){
		"code":       func(a *identity.Application) { a.Key.Code = "1000000" },
		"country":    func(a *identity.Application) { a.Country, a.Key.Code = "Eesti", "1" },
		"company":    func(a *identity.Application) { a.Name = " " },
		"size_class": func(a *identity.Application) { a.Class = "huge" },
		"website":    func(a *identity.Application) { a.Website = "javascript:alert(1)" },
		"markets":    func(a *identity.Application) { a.Markets = []string{"ee"} },
	} {
		a := company("10000001")
		change(&a)
		_, err := w.apply(models.Actor{}, &a)
		wrong := models.Invalid(nil)
		if !errors.As(err, &wrong) || !reflect.DeepEqual(wrong.Fields(), []string{field}) {
			t.Errorf("a wrong %s: %v", field, err)
		}
	}
	a := company("")
	err := w.as(models.Actor{}, func(tx *db.Tx) error {
		_, err := identity.Apply(t.Context(), tx, &a, identity.Applicant{}, "")
		return err
	})
	wrong := models.Invalid(nil)
	if !errors.As(err, &wrong) || !reflect.DeepEqual(wrong.Fields(), []string{"code", "language", "mail", "name", "words"}) {
		t.Errorf("an empty form: %v", err)
	}
	foreign := company("556677-8899")
	foreign.Country = "se"
	if _, err := w.apply(models.Actor{}, &foreign); err != nil || foreign.Key.String() != "se-reg:556677-8899" {
		t.Errorf("a Swedish company: %v, %v", foreign.Key, err)
	}
}
