package main

import (
	"io"
	"testing"

	"pilveturg/db/dbtest"
	"pilveturg/models"
	"pilveturg/models/catalogue"
	"pilveturg/models/exchange"
	"pilveturg/models/identity"
	"pilveturg/models/publishing"
)

// The queue of moderators and the pages of vendors live from the first start on, and
// all of it goes with the demonstration.
func TestTheDemonstrationHasSomethingToDecide(t *testing.T) {
	d := dbtest.New(t)
	schema, err := loadSchema()
	if err != nil {
		t.Fatal(err)
	}
	for range 2 { // a second start adds nothing
		if _, err := demonstrate(t.Context(), &env{out: io.Discard}, config{demo: true}, d, schema); err != nil {
			t.Fatal(err)
		}
	}
	tally, err := publishing.Count(t.Context(), d, models.Time{Time: d.Now()})
	if err != nil || tally.Waiting != 4 || tally.Unseen != 2 {
		t.Errorf("to do: %+v, %v", tally, err)
	}
	vendor, err := identity.FindByKey(t.Context(), d, models.Key{Scheme: "ee-reg", Code: "00000001"})
	if err != nil {
		t.Fatal(err)
	}
	own, err := publishing.Listings(t.Context(), d, models.Actor{OrgID: vendor.ID, Roles: []models.Role{models.VendorManager}}, vendor.ID)
	if err != nil {
		t.Fatal(err)
	}
	got := map[publishing.State]int{}
	drafts := 0
	for _, o := range own {
		got[o.Sent]++
		if o.Draft {
			drafts++
		}
	}
	if got[publishing.Waiting] != 2 || got[publishing.SentBack] != 1 || got[publishing.Published] != 1 || drafts != 4 {
		t.Errorf("the vendor has %v and %d drafts", got, drafts)
	}
	if _, err := exchange.Undo(t.Context(), d, demonstrator(), 1); err != nil {
		t.Fatal(err)
	}
	var left int
	if err := d.Get(t.Context(), &left, `SELECT (SELECT count(*) FROM offerings) + (SELECT count(*) FROM drafts) + (SELECT count(*) FROM submissions)`); err != nil || left != 0 {
		t.Errorf("%d rows are left, %v", left, err)
	}
	if ids, err := catalogue.AllIDs(t.Context(), d); err != nil || len(ids) != 0 {
		t.Errorf("left: %v, %v", ids, err)
	}
}
