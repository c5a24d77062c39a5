package work_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"pilveturg/db"
	"pilveturg/db/dbtest"
	"pilveturg/models"
	"pilveturg/models/identity"
	"pilveturg/models/work"
)

var key = []byte(strings.Repeat("k", 32))

func TestPreferencesAreKept(t *testing.T) {
	r := newRoom(t)
	r.prefer(1, work.Approval, work.Daily)
	r.prefer(1, work.Approval, work.Never)
	r.prefer(2, work.Approval, work.Daily)
	r.prefer(1, work.ApplicationAsked, work.AtOnce) // as it is
	got, err := work.Preferences(t.Context(), r.DB, 1)
	if err != nil || len(got) != len(work.Choices()) || got[work.Approval] != work.Never || got[work.ApplicationRefused] != work.AtOnce {
		t.Errorf("preferences %v, %v", got, err)
	}
	if n := r.count(`SELECT COUNT(*) FROM audit_events WHERE action = 'notifications.changed' AND actor = 'account 1'`); n != 2 {
		t.Errorf("%d changes are in the audit; want 2", n)
	}
	for _, tt := range []struct {
		name    string
		account int64
		wanted  map[work.Kind]work.Frequency
		field   string // "" for a visitor's error
	}{
		{"a frequency there is not", 1, map[work.Kind]work.Frequency{work.Approval: "weekly"}, "approval"},
		{"a kind there is not", 1, map[work.Kind]work.Frequency{"news": work.Never}, "news"},
		{"letters for the safety of an account", 1, map[work.Kind]work.Frequency{work.Password: work.Never}, "password"},
		{"digests, which are no kind of their own", 1, map[work.Kind]work.Frequency{work.Digest: work.Never}, "digest"},
		{"nobody", 0, map[work.Kind]work.Frequency{work.Approval: work.Never}, ""},
	} {
		err := r.try(tt.account, func(tx *db.Tx) error { return work.Prefer(t.Context(), tx, tt.wanted) })
		var wrong models.Invalid
		switch {
		case tt.field == "" && !errors.Is(err, models.ErrSignIn):
			t.Errorf("%s: %v; want ErrSignIn", tt.name, err)
		case tt.field != "" && (!errors.As(err, &wrong) || wrong[tt.field] == ""):
			t.Errorf("%s: %v; want Invalid", tt.name, err)
		}
	}
}

// Who wants no more letters gets none, not even those that wait.
func TestNoMoreMeansNoMore(t *testing.T) {
	r := newRoom(t)
	r.tell(message(work.Approval, 1), message(work.Approval, 2), message(work.ApplicationAsked, 1))
	r.prefer(1, work.Approval, work.Never)
	if got := r.queue(); got != "approval dropped 0, approval waiting 0, application_asked waiting 0" {
		t.Errorf("the outbox holds %q", got)
	}
	dropped := r.entries()[2]
	if retry, _ := dropped.May(); retry || dropped.Kept {
		t.Errorf("%+v can be sent all the same", dropped)
	}
	if err := r.try(0, func(tx *db.Tx) error { return work.Retry(t.Context(), tx, dropped.ID) }); !errors.Is(err, models.ErrConflict) {
		t.Errorf("retrying it: %v; want ErrConflict", err)
	}
	r.prefer(2, work.ApplicationAsked, work.Daily)
	r.prefer(2, work.ApplicationRefused, work.Daily)
	r.tell(message(work.ApplicationAsked, 2), message(work.ApplicationRefused, 2))
	r.prefer(2, work.ApplicationAsked, work.Never)
	r.now = noon.Add(24 * time.Hour)
	r.write(0, func(tx *db.Tx) error { return work.SendDigests(t.Context(), tx, models.Time{Time: r.now}) })
	letters := r.claim("a", 9)
	i := slices.IndexFunc(letters, func(l work.Letter) bool { return l.Kind == work.Digest })
	if i < 0 || len(letters[i].Notices) != 1 || letters[i].Notices[0].Kind != work.ApplicationRefused {
		t.Errorf("claimed %+v; want a digest without what was ended", letters)
	}
	if got := r.inbox(2); got != "application_refused, application_asked, approval" {
		t.Errorf("the inbox holds %q; want all that was told", got)
	}
}

func TestALinkEndsLetters(t *testing.T) {
	for _, tt := range []struct {
		name  string
		token string
		ended []work.Kind // of account 1, who wants answers to applications daily
	}{
		{"of a kind", work.Token(key, 1, work.Approval), []work.Kind{work.Approval}},
		{"of a digest: all that is told daily", work.Token(key, 1, work.Digest), []work.Kind{work.ApplicationAccepted, work.ApplicationRefused}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r := newRoom(t)
			r.prefer(1, work.ApplicationAccepted, work.Daily)
			r.prefer(1, work.ApplicationRefused, work.Daily)
			for range 2 { // a second time does no harm
				err := r.Write(t.Context(), models.Actor{}, func(tx *db.Tx) error { return work.Unsubscribe(t.Context(), tx, key, tt.token) })
				if err != nil {
					t.Fatal(err)
				}
			}
			got, err := work.Preferences(t.Context(), r.DB, 1)
			if err != nil {
				t.Fatal(err)
			}
			for k, f := range got {
				if (f == work.Never) != slices.Contains(tt.ended, k) {
					t.Errorf("%s is sent %s", k, f)
				}
			}
			if n := r.count(`SELECT COUNT(*) FROM audit_events WHERE action = 'notifications.ended' AND actor = 'visitor'`); n != len(tt.ended) {
				t.Errorf("%d are in the audit; want %d", n, len(tt.ended))
			}
		})
	}
}

func TestTokensCannotBeMade(t *testing.T) {
	good := work.Token(key, 12, work.Approval)
	if account, k, err := work.ReadToken(key, good); account != 12 || k != work.Approval || err != nil {
		t.Errorf("a good token is of %d, %s, %v", account, k, err)
	}
	_, mac, _ := strings.Cut(strings.TrimPrefix(good, "12."), ".")
	for name, token := range map[string]string{
		"nothing":                      "",
		"no signature":                 "12.approval.",
		"another account":              "13.approval." + mac,
		"another kind":                 "12.digest." + mac,
		"a number written otherwise":   "012.approval." + mac,
		"a signature cut short":        good[:len(good)-4],
		"a signature with more in it":  good + "AAAA",
		"another key's":                work.Token([]byte(strings.Repeat("x", 32)), 12, work.Approval),
		"a kind that cannot be ended":  work.Token(key, 12, work.Reset),
		"a kind there is not":          work.Token(key, 12, "news"),
		"bits that are not looked at":  good[:len(good)-1] + string(good[len(good)-1]+1),
		"what is no signature":         "12.approval.%%%",
		"an account that is no number": "x.approval." + mac,
	} {
		if account, k, err := work.ReadToken(key, token); !errors.Is(err, models.ErrNotFound) {
			t.Errorf("%s: %d, %s, %v; want ErrNotFound", name, account, k, err)
		}
	}
}

// The links in the letters of an erased person go on for good, but write nothing.
func TestNothingIsWrittenOfWhoIsErased(t *testing.T) {
	r, key := newRoom(t), []byte("key")
	admin := models.Actor{Program: "test", Roles: []models.Role{models.Administrator}}
	dbtest.Write(t, r.DB, admin, func(tx *db.Tx) error { return identity.Erase(t.Context(), tx, 1) })
	before := dbtest.Dump(t, r.DB)
	for _, account := range []int64{1, 99} {
		for _, k := range []work.Kind{work.Approval, work.Digest} {
			token := work.Token(key, account, k)
			if err := r.Write(t.Context(), models.Actor{}, func(tx *db.Tx) error { return work.Unsubscribe(t.Context(), tx, key, token) }); err != nil {
				t.Errorf("account %d, %s: %v", account, k, err)
			}
		}
	}
	if tables := dbtest.Differences(before, dbtest.Dump(t, r.DB)); len(tables) > 0 {
		t.Errorf("%v changed", tables)
	}
}
