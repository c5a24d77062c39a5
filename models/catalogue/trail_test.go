package catalogue_test

import (
	"fmt"
	"testing"

	"pilveturg/db"
	"pilveturg/db/dbtest"
	"pilveturg/models"
	"pilveturg/models/audit"
	"pilveturg/models/catalogue"
)

func TestTheAuditLogSaysWhatBecameOfAnOffering(t *testing.T) {
	d := peopled(t)
	id := put(t, d, full()).ID
	changed := full()
	changed.Versions[0].Words = map[string]catalogue.Words{"et": {Name: "Uus päevik"}}
	changed.Life, changed.LifeSince, changed.Reason, changed.Unclaimed = catalogue.Open, models.Date{}, nil, false
	changed.Uses[0].Quantity = 2200
	changed.Uses = append(changed.Uses, catalogue.Use{Organisation: agency, Phase: catalogue.Planned})
	done := put(t, d, changed)
	dbtest.Write(t, d, admin, func(tx *db.Tx) error {
		return catalogue.Restore(t.Context(), tx, id, done.Revision, done.Before)
	})
	dbtest.Write(t, d, admin, func(tx *db.Tx) error { return catalogue.Remove(t.Context(), tx, id, done.Revision+1) })
	events, err := audit.Of(t.Context(), d, 10, catalogue.Number(id))
	if err != nil || len(events) != 4 {
		t.Fatalf("%d events, %v; want 4", len(events), err)
	}
	use := func(n int) string {
		return fmt.Sprintf(`{"organisation":"test:agency","part":"north","phase":"in_use","since":"2026-01-15","quantity":%d,"unit":"pupil","source":{"title":"Annual report"}}`, n)
	}
	const planned = `{"organisation":"test:agency","phase":"planned"}`
	for i, want := range []string{
		"offering.removed [{version 1  0}]",
		"offering.changed [{version 2 1 0} {life open closed 0} {life_since  2026-01-15 0} {reason.en  Replaced 0} {reason.et  Asendatud 0} {unclaimed no yes 0} " +
			"{uses.test:agency/north " + use(2200) + " " + use(2100) + " 0} {uses.test:agency " + planned + "  0}]",
		"offering.changed [{version 1 2 0} {life closed open 0} {life_since 2026-01-15  0} {reason.en Replaced  0} {reason.et Asendatud  0} {unclaimed yes no 0} " +
			"{uses.test:agency/north " + use(2100) + " " + use(2200) + " 0} {uses.test:agency  " + planned + " 0}]",
		"offering.added [{version  1 0} {vendor  test:vendor 0} {slug  class-journal 0} {life  closed 0} {life_since  2026-01-15 0} {reason.en  Replaced 0} {reason.et  Asendatud 0}]",
	} {
		if got := fmt.Sprintf("%s %v", events[i].Action, events[i].Changes); got != want {
			t.Errorf("event %d:\ngot  %s\nwant %s", i, got, want)
		}
	}
}
