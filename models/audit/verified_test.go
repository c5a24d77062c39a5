package audit_test

import (
	"errors"
	"reflect"
	"testing"

	"pilveturg/db"
	"pilveturg/db/dbtest"
	"pilveturg/models"
	"pilveturg/models/audit"
)

func TestTheLastVerificationIsKnown(t *testing.T) {
	d := filled(t)
	if _, _, err := audit.LastReport(t.Context(), d); !errors.Is(err, models.ErrNotFound) {
		t.Errorf("before the first: %v, want not found", err)
	}
	keep := func(r audit.Report) {
		dbtest.Write(t, d, admin, func(tx *db.Tx) error { return audit.RecordReport(t.Context(), tx, r) })
	}
	keep(verify(t, d, ""))
	unguard(t, d)
	if err := run(t, d, `UPDATE audit_events SET subject = 'x' WHERE seq > 6`); err != nil {
		t.Fatal(err)
	}
	want := verify(t, d, "")
	keep(want)
	got, at, err := audit.LastReport(t.Context(), d)
	if err != nil || at.Time != dbtest.Moment || len(got.Findings) == 0 || !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v at %v, %v; want %+v", got, at, err, want)
	}
	err = d.Write(t.Context(), person, func(tx *db.Tx) error { return audit.RecordReport(t.Context(), tx, want) })
	if !errors.Is(err, models.ErrForbidden) {
		t.Errorf("who does not administer recorded a verification: %v", err)
	}
}
