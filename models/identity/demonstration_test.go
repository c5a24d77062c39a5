package identity_test

import (
	"errors"
	"strings"
	"testing"

	"pilveturg/db"
	"pilveturg/models"
	"pilveturg/models/identity"
)

const somePeople = `{"mail":"buyer@board.example","name":"Ostja Näidis","language":"et","organisation":"test:a","roles":["buyer"],"rights":["draft"]}
{"mail":"lost@board.example","name":"X","language":"et","organisation":"test:nowhere","roles":["buyer"]}
{"mail":"admin@board.example","name":"Haldur Näidis","language":"et","organisation":"test:o","roles":["administrator"]}`

func TestInventedPeopleComeAndGo(t *testing.T) {
	w := newTown(t)
	people, err := identity.ReadPeople(strings.NewReader(somePeople))
	if err != nil || len(people) != 3 {
		t.Fatalf("read %d, %v", len(people), err)
	}
	for _, want := range []int{2, 0} {
		var made int
		w.must(admin, func(tx *db.Tx) (err error) {
			made, err = identity.PutPeople(t.Context(), tx, people)
			return err
		})
		if made != want {
			t.Errorf("made %d people, want %d", made, want)
		}
	}
	real, _ := w.person("real@board.example", w.agency, buys())
	all, err := identity.People(t.Context(), w)
	if err != nil || len(all) != 2 || all[0].Name != "Ostja Näidis" || all[0].OrgID != w.agency || all[1].Roles[0] != models.Administrator {
		t.Fatalf("people %+v, %v", all, err)
	}
	remove := func(tx *db.Tx) error { return identity.RemovePeople(t.Context(), tx) }
	if err := w.as(real, remove); !errors.Is(err, models.ErrForbidden) {
		t.Errorf("a buyer removed them: %v", err)
	}
	w.must(admin, remove)
	if all, err = identity.People(t.Context(), w); err != nil || len(all) != 0 {
		t.Errorf("people %+v, %v", all, err)
	}
	if _, err := identity.FindAccount(t.Context(), w, real.AccountID); err != nil {
		t.Errorf("a real person went, too: %v", err)
	}
}

func TestInventedPeopleStayWhileSomethingOfTheirsDoes(t *testing.T) {
	w := newTown(t)
	people, err := identity.ReadPeople(strings.NewReader(somePeople))
	if err != nil {
		t.Fatal(err)
	}
	w.must(admin, func(tx *db.Tx) error { _, err := identity.PutPeople(t.Context(), tx, people); return err })
	all, err := identity.People(t.Context(), w)
	if err != nil {
		t.Fatal(err)
	}
	a := company("10000001")
	if _, err := w.apply(all[0].Actor(), &a); err != nil {
		t.Fatal(err)
	}
	if err := w.as(admin, func(tx *db.Tx) error { return identity.RemovePeople(t.Context(), tx) }); !errors.Is(err, models.ErrConflict) {
		t.Errorf("removed: %v, want a conflict", err)
	}
}

func TestPeopleThatAreWrittenWrongly(t *testing.T) {
	for _, text := range []string{`{"mail":1}`, `{"male":"x"}`, `{`} {
		if _, err := identity.ReadPeople(strings.NewReader(text)); err == nil {
			t.Errorf("%s was read", text)
		}
	}
}
