package work_test

import (
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"pilveturg/db"
	"pilveturg/models"
	"pilveturg/models/identity"
	"pilveturg/models/work"
)

func TestALetterIsClaimedOnce(t *testing.T) {
	r := newRoom(t)
	const letters, workers = 50, 6
	for range letters {
		r.tell(message(work.Approval, 0))
	}
	var mu sync.Mutex // guards got
	got := map[int64]string{}
	var claiming sync.WaitGroup
	for i := range workers {
		name := fmt.Sprint("worker ", i)
		claiming.Go(func() {
			for {
				var some []work.Letter
				err := r.Write(t.Context(), models.Actor{Program: "test"}, func(tx *db.Tx) (err error) {
					some, err = work.Claim(t.Context(), tx, name, 4)
					return err
				})
				if err != nil {
					t.Error(err)
					return
				}
				mu.Lock()
				for _, l := range some {
					if other, taken := got[l.ID]; taken {
						t.Errorf("letter %d was given to %s and to %s", l.ID, other, name)
					}
					got[l.ID] = name
				}
				done := len(got) == letters
				mu.Unlock()
				if done || len(some) == 0 {
					return
				}
			}
		})
	}
	claiming.Wait()
	for some := r.claim("the last", letters); len(some) > 0; some = nil { // what those found taken who came at once
		for _, l := range some {
			got[l.ID] = "the last"
		}
	}
	if len(got) != letters {
		t.Errorf("%d letters were claimed; want %d", len(got), letters)
	}
}

func TestClaimsLastForALease(t *testing.T) {
	r := newRoom(t)
	r.tell(message(work.Approval, 1))
	first := r.claim("a", 5)
	if len(first) != 1 || !first[0].Until.Equal(noon.Add(work.Lease)) {
		t.Fatalf("claimed %+v", first)
	}
	r.now = noon.Add(work.Lease - time.Second)
	if some := r.claim("b", 5); len(some) != 0 {
		t.Errorf("before its end b was given %+v", some)
	}
	r.now = noon.Add(work.Lease)
	second := r.claim("b", 5)
	if len(second) != 1 || second[0].MessageID != first[0].MessageID || second[0].Text != "t" || second[0].Tries != 2 {
		t.Fatalf("after its end b was given %+v; want the letter as it was", second)
	}
	for what, f := range map[string]func(*db.Tx) error{
		"compose": func(tx *db.Tx) error { return work.Compose(t.Context(), tx, first[0], "a") },
		"sent":    func(tx *db.Tx) error { return work.Sent(t.Context(), tx, first[0], "a") },
		"failed":  func(tx *db.Tx) error { return work.Failed(t.Context(), tx, first[0], "a", "x", true) },
	} {
		if err := r.try(0, f); !errors.Is(err, models.ErrConflict) {
			t.Errorf("%s by a worker that lost it: %v; want ErrConflict", what, err)
		}
	}
	r.write(0, func(tx *db.Tx) error { return work.Sent(t.Context(), tx, second[0], "b") })
	if got := r.queue(); got != "approval sent 2" {
		t.Errorf("the outbox holds %q", got)
	}
}

func TestLettersToClosedAccountsDoNotGo(t *testing.T) {
	admin := models.Actor{Program: "test", Roles: []models.Role{models.Administrator}}
	r := newRoom(t)
	r.tell(message(work.Approval, 1), message(work.Place, 1), message(work.Approval, 2))
	if err := r.Write(t.Context(), admin, func(tx *db.Tx) error { return identity.Lock(t.Context(), tx, 1) }); err != nil {
		t.Fatal(err)
	}
	r.claim("a", 9)
	if got := r.queue(); got != "approval dropped 1, place sending 1, approval sending 1" {
		t.Errorf("the outbox holds %q; want what is for the safety of the account, and what others get", got)
	}
	if e := r.entries()[2]; e.Error != "the account is closed" {
		t.Errorf("%+v does not say why", e)
	}
}

// A letter on which workers die is not tried for ever.
func TestALetterThatNobodySurvivesIsGivenUp(t *testing.T) {
	r := newRoom(t)
	r.tell(message(work.Approval, 1))
	tries := 0
	for range 20 {
		tries += len(r.claim("a", 1))
		r.now = r.now.Add(work.Lease)
	}
	if got := r.queue(); got != "approval failed 7" || tries != 6 {
		t.Errorf("after %d tries the outbox holds %q; want 6, and the letter given up", tries, got)
	}
}

func TestLettersWaitForTheirTime(t *testing.T) {
	r := newRoom(t)
	r.tell(message(work.Approval, 1))
	for i, pause := range []time.Duration{time.Minute, 5 * time.Minute, 30 * time.Minute, 2 * time.Hour, 12 * time.Hour} {
		letters := r.claim("a", 1)
		if len(letters) != 1 || letters[0].Tries != i+1 {
			t.Fatalf("try %d: claimed %+v", i+1, letters)
		}
		r.write(0, func(tx *db.Tx) error { return work.Failed(t.Context(), tx, letters[0], "a", "why", false) })
		for _, tt := range []struct {
			at  time.Duration
			due bool
		}{{pause - time.Second, false}, {pause, true}} {
			if due, err := work.Due(t.Context(), r.DB, models.Time{Time: r.now.Add(tt.at)}); due != tt.due || err != nil {
				t.Errorf("try %d, %v after it: due %t, %v; want %t", i+1, tt.at, due, err, tt.due)
			}
		}
		r.now = r.now.Add(pause)
	}
	last := r.claim("a", 1)[0]
	r.write(0, func(tx *db.Tx) error { return work.Failed(t.Context(), tx, last, "a", "why", false) })
	if got := r.queue(); got != "approval failed 6" || r.entries()[0].Error != "why" {
		t.Errorf("in the end the outbox holds %q, %+v", got, r.entries())
	}
}

func TestWhatWasNotTriedIsGivenBack(t *testing.T) {
	r := newRoom(t)
	r.tell(message(work.Approval, 1), message(work.Approval, 2), message(work.Approval, 0))
	mine := r.claim("a", 2)
	r.claim("b", 1)
	r.write(0, func(tx *db.Tx) error {
		if err := work.Sent(t.Context(), tx, mine[0], "a"); err != nil {
			return err
		}
		return work.GiveBack(t.Context(), tx, "a")
	})
	if got := r.queue(); got != "approval sent 1, approval waiting 0, approval sending 1" {
		t.Errorf("the outbox holds %q", got)
	}
}

func TestADigestGathersUntilItsHour(t *testing.T) {
	r := newRoom(t)
	zone, err := time.LoadLocation("Europe/Tallinn")
	if err != nil {
		t.Fatal(err)
	}
	r.prefer(1, work.Approval, work.Daily)
	first := message(work.Approval, 1)
	r.tell(first)
	moved := message(work.Approval, 1)
	moved.Mail, moved.Language = "moved@agency.example", "en"
	r.now = noon.Add(time.Hour)
	r.tell(moved)
	send := func() {
		t.Helper()
		hour := work.LastDigest(r.now, zone)
		r.write(0, func(tx *db.Tx) error { return work.SendDigests(t.Context(), tx, hour) })
	}
	send()
	if some := r.claim("a", 5); len(some) != 0 {
		t.Errorf("the same day %+v went", some)
	}
	seven := time.Date(2026, 3, 3, 5, 0, 0, 0, time.UTC)
	r.now = seven
	for range 2 { // two programs do it
		send()
	}
	r.tell(first) // which is for the next day
	letters := r.claim("a", 5)
	if len(letters) != 1 || letters[0].Kind != work.Digest || len(letters[0].Notices) != 2 || letters[0].Mail != "moved@agency.example" || letters[0].Language != "en" {
		t.Fatalf("the digest is %+v; want one of two notices, to the newest address", letters)
	}
	if got := r.queue(); got != "digest sending 1, digest waiting gathering" {
		t.Errorf("the outbox holds %q", got)
	}
}

func TestWhatWasReadIsNotToldAgain(t *testing.T) {
	r := newRoom(t)
	r.prefer(1, work.Approval, work.Daily)
	r.tell(message(work.Approval, 1))
	r.write(1, func(tx *db.Tx) error { return work.MarkAllRead(t.Context(), tx, 1000) })
	r.now = noon.Add(24 * time.Hour)
	if some, err := work.Gathered(t.Context(), r.DB, models.Time{Time: r.now}); !some || err != nil {
		t.Errorf("gathered: %t, %v", some, err)
	}
	r.write(0, func(tx *db.Tx) error { return work.SendDigests(t.Context(), tx, models.Time{Time: r.now}) })
	if some := r.claim("a", 5); len(some) != 0 || r.queue() != "digest dropped 1" {
		t.Errorf("claimed %+v, the outbox holds %q; want the digest dropped", some, r.queue())
	}
}

func TestTheHourOfDigests(t *testing.T) {
	zone, err := time.LoadLocation("Europe/Tallinn")
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct{ name, now, want string }{
		{"in winter, after it", "2026-01-10T05:00:00Z", "2026-01-10T05:00:00Z"},
		{"in winter, before it", "2026-01-10T04:59:59Z", "2026-01-09T05:00:00Z"},
		{"in summer", "2026-07-10T04:00:00Z", "2026-07-10T04:00:00Z"},
		{"the day the clocks go forward", "2026-03-29T04:30:00Z", "2026-03-29T04:00:00Z"},
		{"the day they go back", "2026-10-25T04:30:00Z", "2026-10-24T04:00:00Z"},
		{"late at night, which is tomorrow there", "2026-01-10T23:00:00Z", "2026-01-10T05:00:00Z"},
		{"the first of a year", "2026-01-01T01:00:00Z", "2025-12-31T05:00:00Z"},
	} {
		now, err := time.Parse(time.RFC3339, tt.now)
		if err != nil {
			t.Fatal(err)
		}
		if got := work.LastDigest(now, zone).Format(time.RFC3339); got != tt.want {
			t.Errorf("%s: %s; want %s", tt.name, got, tt.want)
		}
	}
}
