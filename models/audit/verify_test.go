package audit_test

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"pilveturg/db"
	"pilveturg/db/dbtest"
	"pilveturg/models"
	"pilveturg/models/audit"
)

const zeros = "0000000000000000000000000000000000000000000000000000000000000000"

// The hash of an event can be worked out by anybody who has read how.
func TestTheHashOfAnEventIsWhatTheDocumentationSays(t *testing.T) {
	d := filled(t)
	all := events(t, d)
	var text strings.Builder
	for _, s := range []string{"pilveturg audit 1", zeros, "2026-03-02T09:30:00Z", "account 7", "organisation.added", "test:a", "7", "3",
		column(t, d, "origin", 1), `[{"field":"website","new":"https://a.example/?b=<1>&c=2"}]`} {
		fmt.Fprintf(&text, "%d:%s", len(s), s)
	}
	sum := sha256.Sum256([]byte(text.String()))
	if want := hex.EncodeToString(sum[:]); all[0].Hash != want || all[0].Previous != zeros || all[1].Previous != want {
		t.Errorf("the first event has the hash %s after %s; want %s, and the second to follow it", all[0].Hash, all[0].Previous, want)
	}
	var salt string
	if err := d.Get(t.Context(), &salt, `SELECT salt FROM audit_personal WHERE event = 1`); err != nil {
		t.Fatal(err)
	}
	sum = sha256.Sum256([]byte(salt + "192.0.2.7"))
	if got := column(t, d, "origin", 1); got != hex.EncodeToString(sum[:]) {
		t.Errorf("the address is stood for by %s", got)
	}
}

func column(t *testing.T, d *db.DB, name string, seq int) (text string) {
	t.Helper()
	if err := d.Get(t.Context(), &text, `SELECT `+name+` FROM audit_events WHERE seq = ?`, seq); err != nil {
		t.Fatal(err)
	}
	return text
}

func TestAnUntouchedLogIsIntact(t *testing.T) {
	d := dbtest.New(t)
	if r := verify(t, d, zeros); !r.OK() || r.Events != 0 || r.Hash != zeros {
		t.Errorf("an empty log: %+v", r)
	}
	d = filled(t)
	all := events(t, d)
	for _, noted := range []string{"", zeros, all[0].Hash, all[7].Hash} {
		if r := verify(t, d, noted); !r.OK() || r.Events != 8 || r.Intact != 8 || r.Hash != all[7].Hash || r.Erased != 0 {
			t.Errorf("with %.6s noted: %+v", noted, r)
		}
	}
}

// rehash makes the hash of an event fit what it says, as somebody would who knows how.
func rehash(t *testing.T, d *db.DB, seq int) {
	t.Helper()
	var text strings.Builder
	for _, s := range []string{"'pilveturg audit 1'", "previous", "at", "actor", "action", "subject", "CAST(account_id AS TEXT)", "CAST(organisation_id AS TEXT)", "origin", "changes"} {
		var v string
		if err := d.Get(t.Context(), &v, `SELECT `+s+` FROM audit_events WHERE seq = ?`, seq); err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(&text, "%d:%s", len(v), v)
	}
	sum := sha256.Sum256([]byte(text.String()))
	if err := run(t, d, fmt.Sprintf(`UPDATE audit_events SET hash = '%x' WHERE seq = %d`, sum, seq)); err != nil {
		t.Fatal(err)
	}
}

// rewrite makes the chain fit again from an event on, to its head.
func rewrite(t *testing.T, d *db.DB, from, to int) {
	t.Helper()
	for seq := from; seq <= to; seq++ {
		rehash(t, d, seq)
		if err := run(t, d, fmt.Sprintf(`UPDATE audit_events SET previous = (SELECT hash FROM audit_events WHERE seq = %d) WHERE seq = %d`, seq, seq+1)); err != nil {
			t.Fatal(err)
		}
	}
	if err := run(t, d, fmt.Sprintf(`UPDATE audit_head SET seq = %d, hash = (SELECT hash FROM audit_events WHERE seq = %d)`, to, to)); err != nil {
		t.Fatal(err)
	}
}

func TestWhateverIsTamperedWithIsFound(t *testing.T) {
	do := func(statements ...string) func(*testing.T, *db.DB) {
		return func(t *testing.T, d *db.DB) {
			if err := run(t, d, statements...); err != nil {
				t.Fatal(err)
			}
		}
	}
	move := func(from, to int) string {
		return fmt.Sprintf(`UPDATE audit_events SET seq = %d WHERE seq = %d`, to, from)
	}
	for _, tt := range []struct {
		name   string
		tamper func(*testing.T, *db.DB)
		want   []audit.Finding
		intact int64
	}{
		{"the moment", do(`UPDATE audit_events SET at = '2026-03-02T09:30:01Z' WHERE seq = 5`), []audit.Finding{{audit.Altered, 5, 1}}, 4},
		{"who did it", do(`UPDATE audit_events SET actor = 'account 8' WHERE seq = 1`), []audit.Finding{{audit.Altered, 1, 1}}, 0},
		{"the account", do(`UPDATE audit_events SET account_id = 8 WHERE seq = 3`), []audit.Finding{{audit.Altered, 3, 1}, {audit.Personal, 3, 1}}, 2},
		{"for whom", do(`UPDATE audit_events SET organisation_id = 0 WHERE seq = 3`), []audit.Finding{{audit.Altered, 3, 1}}, 2},
		{"what, twice", do(`UPDATE audit_events SET action = 'offering.added' WHERE seq IN (4, 5)`), []audit.Finding{{audit.Altered, 4, 2}}, 3},
		{"to what", do(`UPDATE audit_events SET subject = 'SC-13' WHERE seq = 6`), []audit.Finding{{audit.Altered, 6, 1}}, 5},
		{"from where", do(`UPDATE audit_events SET origin = '' WHERE seq = 6`), []audit.Finding{{audit.Altered, 6, 1}, {audit.Personal, 6, 1}}, 5},
		{"what changed", do(`UPDATE audit_events SET changes = '[]' WHERE seq = 5`), []audit.Finding{{audit.Altered, 5, 1}}, 4},
		{"the last event", do(`UPDATE audit_events SET subject = '3 codes' WHERE seq = 8`), []audit.Finding{{audit.Altered, 8, 1}}, 7},
		{"a hash", do(`UPDATE audit_events SET hash = previous WHERE seq = 5`), []audit.Finding{{audit.Altered, 5, 1}, {audit.Unlinked, 6, 1}}, 4},
		{"a link", do(`UPDATE audit_events SET previous = hash WHERE seq = 5`), []audit.Finding{{audit.Altered, 5, 1}, {audit.Reordered, 5, 1}}, 4},
		{"an event and its hash", func(t *testing.T, d *db.DB) {
			do(`UPDATE audit_events SET subject = 'SC-13' WHERE seq = 3`)(t, d)
			rehash(t, d, 3)
		}, []audit.Finding{{audit.Unlinked, 4, 1}}, 3},
		{"the last event and its hash", func(t *testing.T, d *db.DB) {
			do(`UPDATE audit_events SET subject = '3 codes' WHERE seq = 8`)(t, d)
			rehash(t, d, 8)
		}, []audit.Finding{{audit.End, 9, 1}}, 8},
		{"an event taken out", do(`DELETE FROM audit_personal WHERE event = 3`, `DELETE FROM audit_events WHERE seq = 3`), []audit.Finding{{audit.Missing, 3, 1}}, 2},
		{"two events taken out", do(`DELETE FROM audit_personal WHERE event IN (3, 5)`, `DELETE FROM audit_events WHERE seq IN (3, 5)`), []audit.Finding{{audit.Missing, 3, 2}}, 2},
		{"the first event taken out", do(`DELETE FROM audit_personal WHERE event = 1`, `DELETE FROM audit_events WHERE seq = 1`), []audit.Finding{{audit.Missing, 1, 1}}, 0},
		{"an event taken out and the rest numbered anew", do(`DELETE FROM audit_events WHERE seq = 7`, move(8, 7)), []audit.Finding{{audit.Unlinked, 7, 1}, {audit.End, 8, 1}}, 6},
		{"two events that change places", do(move(7, 99), move(8, 7), move(99, 8)), []audit.Finding{{audit.Reordered, 7, 2}, {audit.End, 9, 1}}, 6},
		{"an event put in", do(`DELETE FROM audit_events WHERE seq = 8`, move(7, 8),
			`INSERT INTO audit_events (seq, at, actor, action, subject, previous, hash) SELECT 7, at, actor, action, subject, previous, hash FROM audit_events WHERE seq = 8`),
			[]audit.Finding{{audit.End, 9, 1}, {audit.Reordered, 8, 1}}, 7},
		{"the end cut off", do(`DELETE FROM audit_events WHERE seq > 6`), []audit.Finding{{audit.End, 7, 2}}, 6},
		{"all of it", do(`DELETE FROM audit_personal`, `DELETE FROM audit_events`), []audit.Finding{{audit.End, 1, 8}}, 0},
		{"the head taken out", do(`DELETE FROM audit_head`), []audit.Finding{{audit.End, 0, 1}}, 8},
		{"the head moved on", do(`UPDATE audit_head SET seq = 9`), []audit.Finding{{audit.End, 9, 1}}, 8},
		{"the head with another hash", do(`UPDATE audit_head SET hash = (SELECT hash FROM audit_events WHERE seq = 7)`), []audit.Finding{{audit.End, 9, 1}}, 8},
		{"a personal value", do(`UPDATE audit_personal SET value = 'Nobody' WHERE event = 2 AND side = 'old'`), []audit.Finding{{audit.Personal, 2, 1}}, 8},
		{"a salt", do(`UPDATE audit_personal SET salt = 'x' WHERE event = 2 AND place = 0`), []audit.Finding{{audit.Personal, 2, 1}}, 8},
		{"whose it is", do(`UPDATE audit_personal SET account_id = 8 WHERE event = 2 AND place = 0`), []audit.Finding{{audit.Personal, 2, 1}}, 8},
		{"personal values that change places", do(`UPDATE audit_personal SET place = 2 WHERE event = 2 AND place = 1 AND side = 'old'`), []audit.Finding{{audit.Personal, 2, 2}}, 8},
		{"a personal value taken out", do(`DELETE FROM audit_personal WHERE event = 4 AND place = 2`), []audit.Finding{{audit.Personal, 4, 1}}, 8},
		{"a personal value put in", do(`INSERT INTO audit_personal (event, place, side, account_id, salt, value) VALUES (8, 1, 'new', 7, 'x', 'y')`), []audit.Finding{{audit.Personal, 8, 1}}, 8},
		{"a personal value blanked without a record", do(`UPDATE audit_personal SET salt = NULL, value = NULL WHERE event = 4`), []audit.Finding{{audit.Blanked, 0, 2}}, 8},
		{"an event beside the chain", do(`INSERT INTO audit_events (at, actor, action, subject) VALUES ('2026-03-02T09:30:00Z', 'x', 'x.y', 'z')`), []audit.Finding{{audit.Outside, 0, 1}}, 8},
		{"an event put beside the chain", do(`UPDATE audit_events SET seq = NULL WHERE seq = 7`), []audit.Finding{{audit.Missing, 7, 1}, {audit.Outside, 0, 1}}, 6},
	} {
		t.Run(tt.name, func(t *testing.T) {
			d := filled(t)
			unguard(t, d)
			tt.tamper(t, d)
			r := verify(t, d, "")
			slices.SortStableFunc(tt.want, byFault)
			slices.SortStableFunc(r.Findings, byFault)
			if !slices.Equal(r.Findings, tt.want) || r.Intact != tt.intact || r.OK() {
				t.Errorf("found %+v, intact %d; want %+v, %d", r.Findings, r.Intact, tt.want, tt.intact)
			}
		})
	}
}

func byFault(a, b audit.Finding) int { return strings.Compare(string(a.Fault), string(b.Fault)) }

// Who has the database in hand can write the chain anew: only what was noted outside
// of it can tell.
func TestAChainWrittenAnewIsFoundByWhatWasNoted(t *testing.T) {
	for _, tt := range []struct {
		name   string
		tamper func(t *testing.T, d *db.DB)
	}{
		{"an event altered, and all that follow written anew", func(t *testing.T, d *db.DB) {
			run(t, d, `UPDATE audit_events SET subject = 'SC-13' WHERE seq = 7`)
			rewrite(t, d, 7, 8)
		}},
		{"the end cut off together with the head", func(t *testing.T, d *db.DB) {
			run(t, d, `DELETE FROM audit_events WHERE seq = 8`)
			rewrite(t, d, 7, 7)
		}},
		{"all cut off, and the head as new", func(t *testing.T, d *db.DB) {
			run(t, d, `DELETE FROM audit_personal`, `DELETE FROM audit_events`, `UPDATE audit_head SET seq = 0, hash = '`+zeros+`'`)
		}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			d := filled(t)
			noted := events(t, d)[7].Hash
			unguard(t, d)
			tt.tamper(t, d)
			if r := verify(t, d, ""); !r.OK() {
				t.Errorf("the chain was not written well: %+v", r)
			}
			if r := verify(t, d, noted); !slices.Equal(r.Findings, []audit.Finding{{audit.Unnoted, 0, 1}}) {
				t.Errorf("with what was noted: %+v", r)
			}
		})
	}
}

func TestTheDatabaseKeepsTheLogAsItIs(t *testing.T) {
	both := []struct{ name, sql string }{
		{"an event cannot be changed", `UPDATE audit_events SET subject = 'x' WHERE seq = 3`},
		{"nor its place", `UPDATE audit_events SET seq = 99 WHERE seq = 3`},
		{"nor be put beside the chain", `UPDATE audit_events SET seq = NULL WHERE seq = 3`},
		{"nor be removed", `DELETE FROM audit_events WHERE seq = 8`},
		{"a personal value cannot be changed", `UPDATE audit_personal SET value = 'x' WHERE event = 2`},
		{"nor come back with its salt", `UPDATE audit_personal SET value = 'x', salt = 'y' WHERE event = 2`},
		{"nor be given to another event", `UPDATE audit_personal SET event = 3, place = 9, value = NULL, salt = NULL WHERE event = 2 AND place = 0`},
		{"nor to another person", `UPDATE audit_personal SET account_id = 1, value = NULL, salt = NULL WHERE event = 2`},
		{"nor be removed", `DELETE FROM audit_personal WHERE event = 2`},
		{"nor lose its salt alone", `UPDATE audit_personal SET value = NULL WHERE event = 2`},
		{"the head does not move back", `UPDATE audit_head SET seq = 7`},
		{"nor get another hash where it is", `UPDATE audit_head SET hash = '` + zeros + `'`},
		{"nor be removed", `DELETE FROM audit_head`},
		{"nor get a second", `INSERT INTO audit_head (one, seq, hash) VALUES (2, 0, '` + zeros + `')`},
	}
	of := map[string][]struct{ name, sql string }{
		db.SQLite: {
			{"an event cannot be replaced", `INSERT OR REPLACE INTO audit_events (id, seq, at, actor, action, subject) SELECT id, seq, at, actor, action, 'x' FROM audit_events WHERE seq = 3`},
			{"nor its place taken", `INSERT OR REPLACE INTO audit_events (seq, at, actor, action, subject) VALUES (3, 'a', 'b', 'c.d', 'e')`},
			{"nor a personal value", `REPLACE INTO audit_personal (event, place, side, account_id, salt, value) VALUES (2, 0, 'new', 7, 'x', 'y')`},
			{"nor the head", `REPLACE INTO audit_head (one, seq, hash) VALUES (1, 0, '` + zeros + `')`},
		},
		db.Postgres: {
			{"events cannot be truncated", `TRUNCATE audit_events CASCADE`},
			{"nor personal values", `TRUNCATE audit_personal`},
			{"nor the head", `TRUNCATE audit_head`},
		},
	}
	d := filled(t)
	for _, tt := range append(both, of[d.Engine()]...) {
		t.Run(tt.name, func(t *testing.T) {
			if err := run(t, d, tt.sql); !db.Refused(err) {
				t.Errorf("got %v, want a refusal by the database", err)
			}
		})
	}
	if r := verify(t, d, ""); !r.OK() || r.Events != 8 {
		t.Errorf("afterwards: %+v", r)
	}
}

func TestErasingAPersonLeavesTheChainIntact(t *testing.T) {
	d := filled(t)
	noted := events(t, d)[7].Hash
	erase := func(account int64) (n int64) {
		dbtest.Write(t, d, admin, func(tx *db.Tx) (err error) {
			n, err = audit.Erase(t.Context(), tx, account)
			return err
		})
		return n
	}
	if n := erase(7); n != 7 { // the address of six events, and a mail address
		t.Errorf("%d values of the first person erased, want 7", n)
	}
	if n := erase(7) + erase(1234); n != 0 {
		t.Errorf("%d values erased where there are none", n)
	}
	all := events(t, d)
	if e := all[3]; e.From != "" || !e.FromErased || e.Changes[1].New != "" || !slices.Equal(e.Erased, []string{"mail"}) || e.Changes[0].New != "2" {
		t.Errorf("an event of the person is now %+v", e)
	}
	if e := all[1]; e.Changes[0].New != "New Name" || len(e.Erased) > 0 {
		t.Errorf("what is about somebody else is now %+v", e)
	}
	if last := all[len(all)-1]; last.Action != audit.Erased || last.Subject != "account 7" || last.New("values") != "7" || last.Seq != 9 {
		t.Errorf("on record is %+v", last)
	}
	if r := verify(t, d, noted); !r.OK() || r.Erased != 7 || r.Intact != 9 {
		t.Errorf("afterwards: %+v", r)
	}
	var left int
	if err := d.Get(t.Context(), &left, `SELECT COUNT(*) FROM audit_personal WHERE account_id = 7 AND (salt IS NOT NULL OR value IS NOT NULL)`); err != nil || left != 0 {
		t.Errorf("%d values are left, %v", left, err)
	}
	if err := d.Write(t.Context(), person, func(tx *db.Tx) error { _, err := audit.Erase(t.Context(), tx, 9); return err }); err == nil {
		t.Error("who does not administer erased somebody")
	}
}

func TestOldNetworkAddressesAreForgotten(t *testing.T) {
	d := filled(t)
	forget := func(before models.Time) (n int64) {
		dbtest.Write(t, d, admin, func(tx *db.Tx) (err error) {
			n, err = audit.Forget(t.Context(), tx, before)
			return err
		})
		return n
	}
	if n := forget(models.Time{Time: dbtest.Moment}); n != 0 {
		t.Errorf("%d addresses forgotten that are not old yet", n)
	}
	if n := forget(models.Time{Time: dbtest.Moment.AddDate(0, 0, 1)}); n != 6 {
		t.Errorf("%d addresses forgotten, want 6", n)
	}
	all := events(t, d)
	if e := all[3]; !e.FromErased || e.Changes[1].New != "me@a.example" {
		t.Errorf("an old event is now %+v", e)
	}
	if r := verify(t, d, ""); !r.OK() || r.Erased != 6 || r.Events != 9 {
		t.Errorf("afterwards: %+v", r)
	}
}

// An older program, which may still run, writes events without a place in the chain.
func TestEventsOfAnOlderProgramAreTakenIntoTheChain(t *testing.T) {
	d := filled(t)
	older := `INSERT INTO audit_events (at, actor, action, subject) VALUES ('2026-01-01T00:00:0%dZ', 'command import', 'import.done', 'import %d of a')`
	if err := run(t, d, fmt.Sprintf(older, 1, 1), fmt.Sprintf(older, 2, 2)); err != nil {
		t.Fatal(err)
	}
	for i, want := range []int{2, 0} {
		if n, err := audit.Seal(t.Context(), d); err != nil || n != want {
			t.Errorf("time %d: %d events sealed, %v; want %d", i+1, n, err, want)
		}
	}
	all := events(t, d)
	if len(all) != 11 || all[8].Subject != "import 1 of a" || all[9].Subject != "import 2 of a" || all[10].Action != audit.Sealed || all[10].Subject != "2 events" {
		t.Errorf("the log ends with %+v", all[8:])
	}
	if r := verify(t, d, all[7].Hash); !r.OK() || r.Events != 11 {
		t.Errorf("afterwards: %+v", r)
	}
}

func TestManyWriteAtOnceIntoOneChain(t *testing.T) {
	const writers, each = 8, 25
	d := dbtest.New(t)
	var all sync.WaitGroup
	for range writers {
		all.Go(func() {
			for range each {
				err := d.Write(t.Context(), person, func(tx *db.Tx) error {
					return audit.Record(t.Context(), tx, audit.OfferingChanged, "SC-1")
				})
				if err != nil {
					t.Error(err)
				}
			}
		})
	}
	all.Wait()
	if r := verify(t, d, ""); !r.OK() || r.Events != writers*each {
		t.Errorf("found %+v", r)
	}
}

func TestWithoutItsHeadNothingIsRecorded(t *testing.T) {
	d := filled(t)
	unguard(t, d)
	if err := run(t, d, `DELETE FROM audit_head`); err != nil {
		t.Fatal(err)
	}
	err := d.Write(t.Context(), admin, func(tx *db.Tx) error {
		return audit.Record(t.Context(), tx, audit.ImportDone, "import 2")
	})
	if err == nil || !strings.Contains(err.Error(), "head of the chain is missing") {
		t.Errorf("recorded without a head: %v", err)
	}
}
