package audit_test

import (
	"fmt"
	"slices"
	"testing"

	"pilveturg/db"
	"pilveturg/db/dbtest"
	"pilveturg/models"
	"pilveturg/models/audit"
)

var (
	admin  = models.Actor{Program: "command test", Roles: []models.Role{models.Administrator}}
	person = models.Actor{AccountID: 7, OrgID: 3, From: "192.0.2.7"}
)

// record writes an event of its own transaction.
func record(t testing.TB, d *db.DB, actor models.Actor, action audit.Action, subject string, changes ...audit.Change) {
	t.Helper()
	dbtest.Write(t, d, actor, func(tx *db.Tx) error { return audit.Record(t.Context(), tx, action, subject, changes...) })
}

// filled returns a log of eight events: the first six by a person, with personal
// values in the second and the fourth, the last two by a command.
func filled(t testing.TB) *db.DB {
	t.Helper()
	d := dbtest.New(t)
	record(t, d, person, audit.OrganisationAdded, "test:a", audit.Change{Field: "website", New: "https://a.example/?b=<1>&c=2"})
	record(t, d, person, audit.OrganisationChanged, "test:a", audit.Change{Field: "contact", Old: "Old Name", New: "New Name", Person: 9})
	record(t, d, person, audit.OfferingAdded, "SC-12")
	record(t, d, person, audit.OfferingChanged, "SC-12", audit.Change{Field: "version", Old: "1", New: "2"}, audit.Change{Field: "mail", New: "me@a.example", Person: 7})
	record(t, d, person, audit.OfferingChanged, "SC-12", audit.Change{Field: "version", Old: "2", New: "3"})
	record(t, d, person, audit.OfferingRemoved, "SC-12")
	dbtest.Write(t, d, admin, func(tx *db.Tx) error {
		if err := audit.Record(t.Context(), tx, audit.ImportDone, "import 1 of Å_100%.csv"); err != nil {
			return err
		}
		return audit.Record(t.Context(), tx, audit.CPVReplaced, "2 codes")
	})
	return d
}

// verify reads the log of one moment.
func verify(t testing.TB, d *db.DB, noted string) (report audit.Report) {
	t.Helper()
	err := d.Read(t.Context(), func(r db.Reader) (err error) {
		report, err = audit.Verify(t.Context(), r, noted)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return report
}

// events reads the log in its order.
func events(t testing.TB, d *db.DB) (all []audit.Event) {
	t.Helper()
	err := audit.All(t.Context(), d, audit.Filter{}, func(e audit.Event) error {
		all = append(all, e)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// run runs statements as somebody would who has the database in hand.
func run(t testing.TB, d *db.DB, statements ...string) error {
	t.Helper()
	return d.Write(t.Context(), models.Actor{}, func(tx *db.Tx) error {
		for _, q := range statements {
			if _, err := tx.Exec(t.Context(), q); err != nil {
				return fmt.Errorf("%s: %w", q, err)
			}
		}
		return nil
	})
}

// unguard takes the triggers away that keep the log as it is.
func unguard(t testing.TB, d *db.DB) {
	t.Helper()
	drop := []string{`ALTER TABLE audit_events DISABLE TRIGGER USER`, `ALTER TABLE audit_personal DISABLE TRIGGER USER`, `ALTER TABLE audit_head DISABLE TRIGGER USER`}
	if d.Engine() == db.SQLite {
		var names []string
		if err := d.Select(t.Context(), &names, `SELECT name FROM sqlite_schema WHERE type = 'trigger' AND name LIKE 'audit%'`); err != nil {
			t.Fatal(err)
		}
		drop = nil
		for _, name := range names {
			drop = append(drop, `DROP TRIGGER `+name)
		}
	}
	if err := run(t, d, drop...); err != nil || len(drop) < 3 {
		t.Fatalf("%d triggers dropped, %v", len(drop), err)
	}
}

// seqs returns the numbers of events.
func seqs(all []audit.Event) (list []int64) {
	for _, e := range all {
		list = append(list, e.Seq)
	}
	return list
}

func TestTheLogSaysWhoDidWhatWhenAndFromWhere(t *testing.T) {
	d := filled(t)
	all := events(t, d)
	if got := seqs(all); !slices.Equal(got, []int64{1, 2, 3, 4, 5, 6, 7, 8}) {
		t.Fatalf("the events are numbered %v", got)
	}
	first, second, last := all[0], all[1], all[7]
	if first.Actor != "account 7" || first.Account != 7 || first.Organisation != 3 || first.From != "192.0.2.7" || first.FromErased ||
		first.At.Time != dbtest.Moment || first.Action != audit.OrganisationAdded || first.Subject != "test:a" {
		t.Errorf("the first event is %+v", first)
	}
	if want := []audit.Change{{Field: "website", New: "https://a.example/?b=<1>&c=2"}}; !slices.Equal(first.Changes, want) {
		t.Errorf("it changed %+v, want %+v", first.Changes, want)
	}
	if want := []audit.Change{{Field: "contact", Old: "Old Name", New: "New Name", Person: 9}}; !slices.Equal(second.Changes, want) || len(second.Erased) > 0 {
		t.Errorf("the second changed %+v, want %+v", second.Changes, want)
	}
	if last.Actor != "command test" || last.Account != 0 || last.From != "" || last.FromErased || len(last.Changes) > 0 {
		t.Errorf("the last event is %+v", last)
	}
	if got := all[3].New("version") + all[3].New("nothing"); got != "2" {
		t.Errorf("the version changed to %q, want 2", got)
	}
}

func TestWhatIsPersonalIsNotInTheChain(t *testing.T) {
	d := filled(t)
	var chained []string
	q := `SELECT actor || ' ' || subject || ' ' || origin || ' ' || changes FROM audit_events`
	if err := d.Select(t.Context(), &chained, q); err != nil {
		t.Fatal(err)
	}
	var kept []string
	if err := d.Select(t.Context(), &kept, `SELECT value FROM audit_personal WHERE place > 0 ORDER BY event, side DESC`); err != nil {
		t.Fatal(err)
	}
	if want := []string{"Old Name", "New Name", "me@a.example"}; !slices.Equal(kept, want) {
		t.Errorf("kept apart are %q, want %q", kept, want)
	}
	for _, text := range chained {
		for _, secret := range append(kept, person.From) {
			if contains(text, secret) {
				t.Errorf("the chain holds %q: %s", secret, text)
			}
		}
	}
	var salts int
	if err := d.Get(t.Context(), &salts, `SELECT COUNT(DISTINCT salt) FROM audit_personal`); err != nil || salts != 9 {
		t.Errorf("9 values have %d salts, %v", salts, err)
	}
}

func TestWhatIsUndoneIsNotRecorded(t *testing.T) {
	d := filled(t)
	err := d.Write(t.Context(), admin, func(tx *db.Tx) error {
		tx.Try(t.Context(), func() error {
			if err := audit.Record(t.Context(), tx, audit.ImportDone, "undone"); err != nil {
				t.Error(err)
			}
			return models.ErrConflict
		})
		return audit.Record(t.Context(), tx, audit.ImportDone, "kept")
	})
	if err != nil {
		t.Fatal(err)
	}
	d.Write(t.Context(), admin, func(tx *db.Tx) error {
		if err := audit.Record(t.Context(), tx, audit.ImportDone, "undone too"); err != nil {
			t.Error(err)
		}
		return models.ErrConflict
	})
	all := events(t, d)
	if got := seqs(all); len(got) != 9 || all[8].Subject != "kept" {
		t.Errorf("the events are %v, the last is about %q", got, all[len(all)-1].Subject)
	}
	if r := verify(t, d, ""); !r.OK() {
		t.Errorf("found %+v", r.Findings)
	}
}
