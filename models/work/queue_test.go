package work_test

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"pilveturg/db"
	"pilveturg/models"
	"pilveturg/models/work"
)

// letterIn brings a letter into a state and returns its id.
func letterIn(r *room, state string) int64 {
	r.t.Helper()
	r.tell(message(work.Approval, 1))
	id := r.entries()[0].ID
	if state == "waiting" {
		return id
	}
	if state == "dropped" {
		r.write(0, func(tx *db.Tx) error { return work.Drop(r.t.Context(), tx, id) })
		return id
	}
	l := r.claim("a", 1)[0]
	r.write(0, func(tx *db.Tx) error {
		switch state {
		case "sent":
			return work.Sent(r.t.Context(), tx, l, "a")
		case "failed":
			return work.Failed(r.t.Context(), tx, l, "a", "refused", true)
		case "tried":
			return work.Failed(r.t.Context(), tx, l, "a", "later", false)
		}
		return nil
	})
	return id
}

func TestWhatCanBeDoneAboutALetter(t *testing.T) {
	for _, tt := range []struct {
		state               string
		retry, drop         bool   // offered
		afterRetry, afterDo string // "" when refused
	}{
		{"waiting", false, true, "approval waiting 0", "approval dropped 0"}, // it goes at once anyway
		{"tried", true, true, "approval waiting 0", "approval dropped 1"},
		{"sending", false, false, "", ""},
		{"sent", false, false, "", ""},
		{"failed", true, true, "approval waiting 0", "approval dropped 1"},
		{"dropped", true, false, "approval waiting 0", ""},
	} {
		for _, do := range []struct {
			name  string
			f     func(*db.Tx, int64) error
			after string
		}{
			{"retry", func(tx *db.Tx, id int64) error { return work.Retry(t.Context(), tx, id) }, tt.afterRetry},
			{"drop", func(tx *db.Tx, id int64) error { return work.Drop(t.Context(), tx, id) }, tt.afterDo},
		} {
			r := newRoom(t)
			id := letterIn(r, tt.state)
			if retry, drop := r.entries()[0].May(); retry != tt.retry || drop != tt.drop {
				t.Errorf("%s: offered to retry %t, to drop %t", tt.state, retry, drop)
			}
			before := r.queue()
			err := r.try(0, func(tx *db.Tx) error { return do.f(tx, id) })
			switch got := r.queue(); {
			case do.after == "" && (!errors.Is(err, models.ErrConflict) || got != before):
				t.Errorf("%s when %s: %v, then %q; want ErrConflict", do.name, tt.state, err, got)
			case do.after != "" && (err != nil || got != do.after):
				t.Errorf("%s when %s: %v, then %q; want %q", do.name, tt.state, err, got, do.after)
			}
		}
	}
}

func TestTheQueueIsForAdministrators(t *testing.T) {
	r := newRoom(t)
	id := letterIn(r, "failed")
	for _, f := range []func(*db.Tx) error{
		func(tx *db.Tx) error { return work.Retry(t.Context(), tx, id) },
		func(tx *db.Tx) error { return work.Drop(t.Context(), tx, id) },
		func(tx *db.Tx) error { _, err := work.RetryAll(t.Context(), tx); return err },
	} {
		if err := r.try(2, f); !errors.Is(err, models.ErrForbidden) {
			t.Errorf("a person without a role: %v; want ErrForbidden", err)
		}
	}
	admin := models.Actor{AccountID: 2, Roles: []models.Role{models.Administrator}}
	if err := r.Write(t.Context(), admin, func(tx *db.Tx) error { return work.Retry(t.Context(), tx, id) }); err != nil {
		t.Error(err)
	}
	if n := r.count(`SELECT COUNT(*) FROM audit_events WHERE action = 'letter.retried' AND actor = 'account 2' AND subject = ?`, fmt.Sprintf("letter %d", id)); n != 1 {
		t.Errorf("%d rows in the audit, want 1", n)
	}
	if err := r.try(0, func(tx *db.Tx) error { return work.Drop(t.Context(), tx, id+1) }); !errors.Is(err, models.ErrNotFound) {
		t.Errorf("a letter there is not: %v; want ErrNotFound", err)
	}
}

func TestAllThatFailedIsRetried(t *testing.T) {
	r := newRoom(t)
	letterIn(r, "failed")
	letterIn(r, "failed")
	letterIn(r, "dropped")
	var n int
	r.write(0, func(tx *db.Tx) (err error) {
		n, err = work.RetryAll(t.Context(), tx)
		return err
	})
	counts, err := work.CountQueue(t.Context(), r.DB)
	if n != 2 || err != nil || counts["waiting"] != 2 || counts["dropped"] != 1 || len(counts) != 2 {
		t.Errorf("%d retried, then %v, %v", n, counts, err)
	}
	some, err := work.Queue(t.Context(), r.DB, "waiting", models.Page{Number: 2, Size: 1})
	if err != nil || len(some) != 1 || some[0].State != "waiting" {
		t.Errorf("the second page of those that wait: %+v, %v", some, err)
	}
}

func TestWhatLettersSaidIsForgotten(t *testing.T) {
	const day = 24 * time.Hour
	for _, tt := range []struct {
		name  string
		kind  work.Kind
		state string
		after time.Duration
		kept  bool
	}{
		{"sent, after 29 days", work.Approval, "sent", 30*day - time.Second, true},
		{"sent, after 30 days", work.Approval, "sent", 30 * day, false},
		{"failed, after 30 days", work.Approval, "failed", 30 * day, false},
		{"a secret, once it is sent", work.Reset, "sent", 0, false},
		{"a secret that failed, the same day", work.Reset, "failed", day - time.Second, true},
		{"a secret that failed, a day later", work.Reset, "failed", day, false},
	} {
		r := newRoom(t)
		r.tell(message(tt.kind, 1))
		l := r.claim("a", 1)[0]
		r.write(0, func(tx *db.Tx) error {
			if tt.state == "sent" {
				return work.Sent(t.Context(), tx, l, "a")
			}
			return work.Failed(t.Context(), tx, l, "a", "why", true)
		})
		r.now = noon.Add(tt.after)
		r.write(0, func(tx *db.Tx) error { return work.Tidy(t.Context(), tx) })
		e := r.entries()[0]
		left := r.count(`SELECT LENGTH(args) + LENGTH(path) + LENGTH(subject) + LENGTH(text) + LENGTH(html) FROM outbox`)
		if e.Kept != tt.kept || (left > 0) != tt.kept || string(e.State) != tt.state {
			t.Errorf("%s: %+v, %d characters; want kept %t", tt.name, e, left, tt.kept)
		}
	}
}

func TestOldNewsIsNotSent(t *testing.T) {
	r := newRoom(t)
	r.tell(message(work.Approval, 1))
	for _, tt := range []struct {
		after time.Duration
		want  string
	}{{72*time.Hour - time.Second, "approval waiting 0"}, {72 * time.Hour, "approval dropped 0"}} {
		r.now = noon.Add(tt.after)
		r.write(0, func(tx *db.Tx) error { return work.Tidy(t.Context(), tx) })
		if got := r.queue(); got != tt.want {
			t.Errorf("after %v the outbox holds %q; want %q", tt.after, got, tt.want)
		}
	}
}

func TestAPersonIsForgotten(t *testing.T) {
	r := newRoom(t)
	r.prefer(1, work.ApplicationAsked, work.Daily)
	r.tell(message(work.Approval, 1), message(work.ApplicationAsked, 1), message(work.Reset, 1), message(work.Approval, 2))
	r.write(0, func(tx *db.Tx) error { return work.Forget(t.Context(), tx, 1, "") })
	if got := r.queue(); got != "approval waiting 0" || r.inbox(1) != "" || r.inbox(2) != "approval" {
		t.Errorf("the outbox holds %q, the inboxes %q and %q", got, r.inbox(1), r.inbox(2))
	}
	if n := r.count(`SELECT COUNT(*) FROM notice_preferences`); n != 0 {
		t.Errorf("%d preferences are left", n)
	}
}

func TestTheBacklogIsWhatShouldHaveGone(t *testing.T) {
	r := newRoom(t)
	r.prefer(2, work.Approval, work.Daily)
	if b, err := work.FindBacklog(t.Context(), r.DB, models.Time{Time: r.now}); err != nil || b != (work.Backlog{}) {
		t.Errorf("of nothing: %+v, %v", b, err)
	}
	letterIn(r, "failed")
	r.now = noon.Add(time.Hour)
	letterIn(r, "failed")
	letterIn(r, "sent")
	letterIn(r, "dropped")
	r.tell(message(work.Approval, 1), message(work.Approval, 2)) // the second gathers
	r.now = noon.Add(3 * time.Hour)
	b, err := work.FindBacklog(t.Context(), r.DB, models.Time{Time: r.now})
	if err != nil || b.Failed != 2 || !b.FailedSince.Equal(noon) || b.Waiting != 1 || !b.WaitingSince.Equal(noon.Add(time.Hour)) {
		t.Errorf("%+v, %v", b, err)
	}
}
