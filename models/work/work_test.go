package work_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"pilveturg/db"
	"pilveturg/db/dbtest"
	"pilveturg/models"
	"pilveturg/models/identity"
	"pilveturg/models/work"
)

var noon = time.Date(2026, 3, 2, 10, 0, 0, 0, time.UTC)

// room is a database with a clock that tests set.
type room struct {
	*db.DB
	t   *testing.T
	now time.Time
}

// newRoom has two people, whose accounts are 1 and 2.
func newRoom(t *testing.T) *room {
	r := &room{dbtest.New(t), t, noon}
	r.Now = func() time.Time { return r.now }
	admin := models.Actor{Program: "test", Roles: []models.Role{models.Administrator}}
	dbtest.Write(t, r.DB, admin, func(tx *db.Tx) error {
		for _, name := range []string{"first", "second"} {
			a := identity.Account{Mail: name + "@agency.example", Name: name, Language: "et"}
			if err := identity.AddAccount(t.Context(), tx, &a); err != nil {
				return err
			}
		}
		return nil
	})
	return r
}

// try runs f on behalf of an account, or of a program for 0.
func (r *room) try(account int64, f func(*db.Tx) error) error {
	actor := models.Actor{AccountID: account}
	if account == 0 {
		actor.Program = "test"
	}
	return r.Write(r.t.Context(), actor, f)
}

func (r *room) write(account int64, f func(*db.Tx) error) {
	r.t.Helper()
	if err := r.try(account, f); err != nil {
		r.t.Fatal(err)
	}
}

func (r *room) tell(all ...work.Message) {
	r.t.Helper()
	r.write(0, func(tx *db.Tx) error {
		for _, m := range all {
			if err := work.Tell(r.t.Context(), tx, m); err != nil {
				return err
			}
		}
		return nil
	})
}

func (r *room) prefer(account int64, k work.Kind, f work.Frequency) {
	r.t.Helper()
	r.write(account, func(tx *db.Tx) error {
		return work.Prefer(r.t.Context(), tx, map[work.Kind]work.Frequency{k: f})
	})
}

// claim claims letters for a worker and composes those that say nothing yet.
func (r *room) claim(worker string, n int) (letters []work.Letter) {
	r.t.Helper()
	r.write(0, func(tx *db.Tx) (err error) {
		if letters, err = work.Claim(r.t.Context(), tx, worker, n); err != nil {
			return err
		}
		for i := range letters {
			l := &letters[i]
			if l.Text != "" {
				continue
			}
			l.Subject, l.Text, l.HTML = "s", "t", "h"
			if err := work.Compose(r.t.Context(), tx, *l, worker); err != nil {
				return err
			}
		}
		return nil
	})
	return letters
}

// queue is what the outbox holds, the oldest first: "approval waiting 0", and
// "digest" instead of the tries where it gathers.
func (r *room) queue() string {
	r.t.Helper()
	var all []string
	for _, e := range r.entries() {
		s := fmt.Sprintf("%s %s %d", e.Kind, e.State, e.Tries)
		if e.Next.IsZero() {
			s = fmt.Sprintf("%s %s gathering", e.Kind, e.State)
		}
		all = append([]string{s}, all...)
	}
	return strings.Join(all, ", ")
}

// entries are the letters, the newest first.
func (r *room) entries() []work.Entry {
	r.t.Helper()
	all, err := work.Queue(r.t.Context(), r.DB, "", models.Page{Number: 1, Size: 100})
	if err != nil {
		r.t.Fatal(err)
	}
	return all
}

// inbox is what an account was told, as its inbox has it: kinds, those that were read
// in brackets.
func (r *room) inbox(account int64) string {
	r.t.Helper()
	notices, err := work.Inbox(r.t.Context(), r.DB, account, models.Page{Number: 1, Size: 100})
	if err != nil {
		r.t.Fatal(err)
	}
	var all []string
	for _, n := range notices {
		s := string(n.Kind)
		if !n.Read.IsZero() {
			s = "[" + s + "]"
		}
		all = append(all, s)
	}
	return strings.Join(all, ", ")
}

// message is a message of the kind to an account, with as many args as it needs.
func message(k work.Kind, account int64) work.Message {
	m := work.Message{Kind: k, AccountID: account, Mail: "reader@agency.example", Language: "et", Path: "/thing/1"}
	for i := range k.Args() {
		m.Args = append(m.Args, fmt.Sprintf("arg %d", i+1))
	}
	return m
}

// count asks for a number.
func (r *room) count(query string, args ...any) (n int) {
	r.t.Helper()
	if err := r.Get(r.t.Context(), &n, query, args...); err != nil {
		r.t.Fatal(err)
	}
	return n
}
