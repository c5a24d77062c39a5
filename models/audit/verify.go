package audit

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"pilveturg/db"
	"pilveturg/models"
)

// Fault is a way in which the log is not as it was written.
type Fault string

// The faults.
const (
	Altered   Fault = "altered"   // events that do not say what their hashes stand for
	Missing   Fault = "missing"   // numbers that no event has
	Reordered Fault = "reordered" // events that do not follow the one before them, but another
	Unlinked  Fault = "unlinked"  // events that follow one which is not there: it was altered or removed
	End       Fault = "end"       // the chain does not end where its head says: events may be missing there
	Unnoted   Fault = "unnoted"   // the hash that was noted down is not in the chain
	Personal  Fault = "personal"  // values that the chain does not stand for, or that are not there
	Blanked   Fault = "blanked"   // values that were erased or came back without a record of it
	Outside   Fault = "outside"   // events that have no place in the chain
)

// Finding tells how often a fault was found.
type Finding struct {
	Fault Fault
	First int64 // the number of the first event it was found at; 0 where it belongs to none
	Count int64
}

// Report is what [Verify] found.
type Report struct {
	Events   int64  // in the chain
	Intact   int64  // how many of them come before the first that is altered, missing or misplaced
	Hash     string // of the last of those; note it down to be able to tell later
	Erased   int64  // personal values
	Findings []Finding
}

// OK reports whether nothing was found.
func (r Report) OK() bool { return len(r.Findings) == 0 }

func (r *Report) found(f Fault, first, count int64) {
	for i := range r.Findings {
		if r.Findings[i].Fault == f {
			r.Findings[i].Count += count
			return
		}
	}
	r.Findings = append(r.Findings, Finding{f, first, count})
}

// Verify reads the whole log and tells everything in it that is not as it was
// written. noted is a hash that an earlier report gave, "" for none: without it
// nobody can tell that a chain was written anew from some event on to its end. Pass
// it a moment that [db.DB.Read] holds still.
func Verify(ctx context.Context, r db.Reader, noted string) (Report, error) {
	c := checker{noted: noted, strays: map[string][]int64{}}
	c.last.Hash, c.report.Hash = genesis, genesis
	where, args := Filter{}.where()
	err := blocks(ctx, r, where, args, func(rows []row) error {
		secrets, err := secretsOf(ctx, r, rows)
		for i := range rows {
			c.event(&rows[i], secrets[rows[i].Seq])
		}
		return err
	})
	for _, step := range []func(context.Context, db.Reader) error{c.links, c.end, c.rest} {
		if err == nil {
			err = step(ctx, r)
		}
	}
	if err != nil {
		return Report{}, fmt.Errorf("verify the audit log: %w", err)
	}
	return c.report, nil
}

// checker is a Verify under way.
type checker struct {
	report  Report
	last    row
	broken  bool // nothing is intact any more
	noted   string
	seen    bool               // noted is in the chain
	strays  map[string][]int64 // hashes that were followed out of their order, and by which events
	lost    []int64            // further such events
	secrets int64              // of the events
	blanked int64              // values that events tell of
}

// mostStrays is how many misplaced events are told apart; the rest are Unlinked.
const mostStrays = 10_000

// event looks at the next event of the chain.
func (c *checker) event(r *row, secrets []secret) {
	c.report.Events++
	c.secrets += int64(len(secrets))
	sound := true
	if r.sum() != r.Hash {
		c.report.found(Altered, r.Seq, 1)
		sound = false
	}
	switch gap := r.Seq - c.last.Seq - 1; {
	case gap > 0:
		c.report.found(Missing, c.last.Seq+1, gap)
		sound = false
	case r.Previous != c.last.Hash:
		c.stray(r)
		sound = false
	}
	c.broken = c.broken || !sound
	if !c.broken {
		c.report.Intact, c.report.Hash = c.report.Events, r.Hash
	}
	c.seen = c.seen || r.Hash == c.noted
	c.personal(r, secrets)
	c.last = *r
}

func (c *checker) stray(r *row) {
	if len(c.strays) < mostStrays {
		c.strays[r.Previous] = append(c.strays[r.Previous], r.Seq)
		return
	}
	c.lost = append(c.lost, r.Seq)
}

// personal compares what is personal in an event with what stands for it.
func (c *checker) personal(r *row, secrets []secret) {
	erases := r.Action == string(Erased) || r.Action == string(Forgotten)
	want := map[spot]Change{}
	if r.Origin != "" {
		want[spot{0, "new"}] = Change{New: r.Origin, Person: r.Account}
	}
	if erases || strings.Contains(r.Changes, `"person":`) {
		var changes []Change
		if err := json.Unmarshal([]byte(r.Changes), &changes); err != nil {
			return // it is Altered
		}
		c.expect(changes, erases, want)
	}
	for _, s := range secrets {
		at := spot{s.Place, s.Side}
		c.secret(r.Seq, s, want[at])
		delete(want, at)
	}
	if len(want) > 0 {
		c.report.found(Personal, r.Seq, int64(len(want)))
	}
}

// expect gathers what stands for personal values in changes.
func (c *checker) expect(changes []Change, erases bool, want map[spot]Change) {
	for i, one := range changes {
		if erases && one.Field == valuesField {
			n, _ := strconv.ParseInt(one.New, 10, 64)
			c.blanked += n
		}
		if one.Person != 0 && one.Old != "" {
			want[spot{i + 1, "old"}] = Change{New: one.Old, Person: one.Person}
		}
		if one.Person != 0 && one.New != "" {
			want[spot{i + 1, "new"}] = Change{New: one.New, Person: one.Person}
		}
	}
}

// secret compares a personal value with what should stand for it.
func (c *checker) secret(event int64, s secret, want Change) {
	if s.erased() {
		c.report.Erased++
	}
	if want.New == "" || s.Account != want.Person || !s.erased() && s.commitment() != want.New {
		c.report.found(Personal, event, 1)
	}
}

// links tells events that were put elsewhere from those whose predecessor is gone.
func (c *checker) links(ctx context.Context, r db.Reader) error {
	if len(c.strays) == 0 {
		return nil
	}
	there := map[string]bool{genesis: true}
	for hash, err := range db.Each[string](ctx, r, `/* audit.links */ SELECT hash FROM audit_events WHERE seq IS NOT NULL`) {
		if err != nil {
			return err
		}
		if _, ok := c.strays[hash]; ok {
			there[hash] = true
		}
	}
	kinds := map[Fault][]int64{Unlinked: c.lost}
	for hash, events := range c.strays {
		f := Unlinked
		if there[hash] {
			f = Reordered
		}
		kinds[f] = append(kinds[f], events...)
	}
	for _, f := range []Fault{Reordered, Unlinked} {
		if events := kinds[f]; len(events) > 0 {
			c.report.found(f, slices.Min(events), int64(len(events)))
		}
	}
	return nil
}

// end compares the end of the chain with its head and with what was noted.
func (c *checker) end(ctx context.Context, r db.Reader) error {
	var h head
	err := r.Get(ctx, &h, `/* audit.end */ SELECT seq, hash FROM audit_head WHERE one = 1`)
	switch {
	case errors.Is(err, models.ErrNotFound):
		c.report.found(End, 0, 1)
	case err != nil:
		return err
	case h.Seq != c.last.Seq || h.Hash != c.last.Hash:
		c.report.found(End, min(h.Seq, c.last.Seq)+1, max(1, h.Seq-c.last.Seq))
	}
	if c.noted != "" && c.noted != genesis && !c.seen {
		c.report.found(Unnoted, 0, 1)
	}
	return nil
}

// rest looks for what belongs to no event of the chain, and for values that were
// erased without a record.
func (c *checker) rest(ctx context.Context, r db.Reader) error {
	var all struct {
		Events   int64 `db:"events"`
		Personal int64 `db:"personal"`
	}
	const q = `/* audit.rest */ SELECT (SELECT COUNT(*) FROM audit_events) AS events, (SELECT COUNT(*) FROM audit_personal) AS personal`
	if err := r.Get(ctx, &all, q); err != nil {
		return err
	}
	if n := all.Events - c.report.Events; n > 0 {
		c.report.found(Outside, 0, n)
	}
	if n := all.Personal - c.secrets; n > 0 {
		c.report.found(Personal, 0, n)
	}
	if n := c.report.Erased - c.blanked; n != 0 {
		c.report.found(Blanked, 0, max(n, -n))
	}
	return nil
}
