package systems_test

import (
	"context"
	"fmt"
	"testing"

	"pilveturg/db"
	"pilveturg/db/dbtest"
	"pilveturg/models"
	"pilveturg/models/identity"
	"pilveturg/models/systems"
)

// TestTheDemonstrationStateCostsWhatWasWorkedOutElsewhere: the sums are those that the
// content of the demonstration was made with.
func TestTheDemonstrationStateCostsWhatWasWorkedOutElsewhere(t *testing.T) {
	d := dbtest.New(t)
	bodies := map[string][]int{"Learning": {1, 2, 3}, "Roads and Places": {4, 5, 6}, "Care": {7, 8, 9}, "Common Services": {10, 11, 12}}
	owners := map[string][]int64{}
	for ministry, numbers := range bodies {
		for _, n := range numbers {
			org := identity.Organisation{Key: models.Key{Scheme: "demo", Code: fmt.Sprintf("a%d", n)}, Kind: identity.Agency, Names: models.Text{"en": fmt.Sprintf("Body %d", n)}, Invented: true}
			dbtest.Write(t, d, admin, func(tx *db.Tx) error { _, _, err := identity.Put(t.Context(), tx, &org); return err })
			owners[ministry] = append(owners[ministry], org.ID)
		}
	}
	all := seed(t)
	put := func() (made int) {
		dbtest.Write(t, d, admin, func(tx *db.Tx) (err error) {
			made, err = systems.Demonstrate(t.Context(), tx, all, func(k systems.CostKind) string { return string(k) })
			return err
		})
		return made
	}
	if first, again := put(), put(); first != 40 || again != 0 {
		t.Errorf("made %d systems, and then %d", first, again)
	}
	analyst := models.Actor{AccountID: 1, OrgID: owners["Care"][0], Roles: []models.Role{models.Analyst}, Reach: models.ReachAll}
	sum := func(year int, of []int64) (running, written, paid int64) {
		t.Helper()
		sums, err := systems.Sums(t.Context(), d, analyst, systems.Ask{First: year, Last: year, Owners: of}, systems.ByKind)
		if err != nil {
			t.Fatal(err)
		}
		for _, one := range sums {
			if one.Kind == systems.Capital {
				written += one.Accrued
			} else {
				running += one.Accrued
			}
			paid += one.Cash
		}
		return running, written, paid
	}
	for _, c := range []struct {
		year             int
		running, written int64
		parts            [4]int64
	}{
		{2024, 40340, 9216, [4]int64{3485, 17158, 16444, 12469}}, {2025, 40812, 5221, [4]int64{3453, 14738, 16014, 11828}}, {2026, 41284, 3382, [4]int64{3389, 14673, 14639, 11965}},
	} {
		running, written, paid := sum(c.year, nil)
		if near(running) != c.running || near(written) != c.written || paid != running {
			t.Errorf("%d: running %d, written off %d, paid %d", c.year, running, written, paid)
		}
		for i, ministry := range []string{"Learning", "Roads and Places", "Care", "Common Services"} {
			if r, w, _ := sum(c.year, owners[ministry]); near(r+w) != c.parts[i] {
				t.Errorf("%d %s: %d; want %d hundred euros", c.year, ministry, r+w, c.parts[i])
			}
		}
	}
	dbtest.Write(t, d, admin, func(tx *db.Tx) error { return systems.RemoveInvented(context.Background(), tx) })
	if running, written, _ := sum(2026, nil); running+written != 0 {
		t.Errorf("%d are left when the demonstration is taken out", running+written)
	}
}

// seed are the systems of the demonstration.
func seed(t *testing.T) []systems.Invented {
	t.Helper()
	f, err := db.Files.Open("seed/systems.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	all, err := systems.ReadInvented(f)
	if err != nil || len(all) != 40 {
		t.Fatalf("%d systems, %v", len(all), err)
	}
	return all
}

// near rounds cents to hundreds of euros, half up.
func near(cents int64) int64 {
	const unit = 100_00
	return (cents + unit/2) / unit
}
