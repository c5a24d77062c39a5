package identity_test

import (
	"strings"
	"testing"

	"pilveturg/db"
	"pilveturg/models"
	"pilveturg/models/identity"
)

// The chain of the audit log can not be erased, so nothing of people may stand in it.
func TestTheAuditChainHoldsNothingPersonal(t *testing.T) {
	w := newTown(t)
	person, at := w.person("kaja.kask@board.example", w.agency, buys(models.Draft))
	secret, id, err := w.invite(admin, "kaja.kask@board.example", w.ministry, buys())
	if err != nil {
		t.Fatal(err)
	}
	w.must(person, func(tx *db.Tx) error {
		return identity.ChangeProfile(t.Context(), tx, person.AccountID, "Kaja Kask", "en")
	})
	w.must(admin, func(tx *db.Tx) (err error) { secret, err = identity.Renew(t.Context(), tx, id); return err })
	if _, err := w.take(person, secret); err != nil {
		t.Fatal(err)
	}
	w.must(admin, func(tx *db.Tx) error {
		return identity.ChangeMember(t.Context(), tx, at, identity.Powers{Roles: []models.Role{models.Approver}, Limit: 3000050})
	})
	w.must(admin, func(tx *db.Tx) error { return identity.EndMember(t.Context(), tx, at) })
	fresh, _, err := w.invite(admin, "uus.kask@board.example", w.agency, buys())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.take(models.Actor{}, fresh); err != nil {
		t.Fatal(err)
	}
	var chain []string
	if err := w.Select(t.Context(), &chain, `SELECT subject || ' ' || action || ' ' || changes FROM audit_events ORDER BY seq`); err != nil {
		t.Fatal(err)
	}
	all := strings.Join(chain, "\n")
	for _, word := range []string{"kask", "Kask", "kaja", "Kaja", "New Person", "@"} {
		if strings.Contains(all, word) {
			t.Errorf("%q stands in the chain", word)
		}
	}
	for _, want := range []string{
		"account 1 in test:a membership.added", `"field":"roles","new":"buyer"`, `"field":"rights","new":"draft"`, "invitation 1 to test:m invitation.renewed",
		`"field":"roles","old":"buyer","new":"approver"`, `"field":"limit","new":"30000.50 EUR"`, `"field":"limit","old":"30000.50 EUR"`, "account 1 account.changed",
	} {
		if !strings.Contains(all, want) {
			t.Errorf("the chain lacks %s:\n%s", want, all)
		}
	}
	names, err := identity.NamesOf(t.Context(), w, []int64{person.AccountID, 9999})
	if err != nil || len(names) != 1 || names[person.AccountID] != "Kaja Kask" {
		t.Errorf("names %v, %v", names, err)
	}
}
