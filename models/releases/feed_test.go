package releases_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"pilveturg/db"
	"pilveturg/models"
	"pilveturg/models/identity"
	"pilveturg/models/releases"
)

// claim takes the feeds that are due for a worker.
func (r *room) claim(worker string) []releases.Feed {
	r.t.Helper()
	var all []releases.Feed
	r.write(models.Actor{Program: "job feeds"}, func(tx *db.Tx) (err error) {
		all, err = releases.Claim(r.t.Context(), tx, worker, 10)
		return err
	})
	return all
}

// read has a worker read entries in the feed of the first service, which is due.
func (r *room) read(found releases.Reading) {
	r.t.Helper()
	all := r.claim("worker")
	if len(all) != 1 {
		r.t.Fatalf("due are %+v", all)
	}
	r.write(models.Actor{Program: "job feeds"}, func(tx *db.Tx) error { return releases.Took(r.t.Context(), tx, all[0], "worker", found) })
	r.now = r.now.Add(releases.Every + time.Hour)
}

func (r *room) setFeed() {
	r.t.Helper()
	r.write(editor, func(tx *db.Tx) error {
		return releases.SetFeed(r.t.Context(), tx, 1, "https://vendor.example/feed", "et")
	})
}

func (r *room) feed() releases.Feed {
	r.t.Helper()
	f, err := releases.FindFeed(r.t.Context(), r.DB, editor, 1)
	if err != nil {
		r.t.Fatal(err)
	}
	return f
}

func entry(guid, on, title string) releases.Entry {
	e := releases.Entry{GUID: guid, Title: title, Version: "v" + guid, Text: "**x**", Link: "https://vendor.example/" + guid}
	if on != "" {
		e.Day = day(on)
	}
	return e
}

func TestEntriesOfAFeedAreTakenOnce(t *testing.T) {
	r := newRoom(t)
	r.setFeed()
	two := []releases.Entry{entry("2", "2026-02-02", "Two"), entry("1", "2026-02-01", "One")}
	r.read(releases.Reading{Entries: two, ETag: `"a"`, Modified: "then"})
	want := []string{"2026-02-02 Two", "2026-02-01 One"}
	if got := r.titles(); !slices.Equal(got, want) {
		t.Fatalf("releases %q; want %q", got, want)
	}
	if f := r.feed(); f.ETag != `"a"` || f.Modified != "then" || f.Entries != 2 || f.Read.IsZero() || !f.Failing.IsZero() {
		t.Errorf("feed %+v", f)
	}
	revision := r.revision()
	r.read(releases.Reading{Entries: two})
	r.read(releases.Reading{}) // an empty answer removes nothing
	r.read(releases.Reading{Entries: []releases.Entry{two[0], two[0]}})
	if got := r.titles(); !slices.Equal(got, want) || r.revision() != revision || r.events("offering.releases_read") != 1 {
		t.Errorf("again: %q, revision %d after %d, %d events", got, r.revision(), revision, r.events("offering.releases_read"))
	}
	two[1].Title = "The first"
	r.read(releases.Reading{Entries: append(two, entry("3", "2026-02-03", "Three"))})
	if got, want := r.titles(), []string{"2026-02-03 Three", "2026-02-02 Two", "2026-02-01 The first"}; !slices.Equal(got, want) || r.revision() != revision+1 {
		t.Errorf("changed: %q; want %q", got, want)
	}

	gone := r.list()[0]
	if !gone.Read || gone.Titles["et"] != "Three" {
		t.Errorf("it is kept as %+v", gone)
	}
	err := r.Write(t.Context(), editor, func(tx *db.Tx) error { return releases.Change(t.Context(), tx, gone.Revision, &gone) })
	if !errors.Is(err, models.ErrNotFound) {
		t.Errorf("what was read is changed here: %v", err)
	}
	r.write(editor, func(tx *db.Tx) error { return releases.Remove(t.Context(), tx, 1, gone.ID) })
	r.read(releases.Reading{Entries: append(two, entry("3", "2026-02-03", "Three again"))})
	if got := r.titles(); len(got) != 2 {
		t.Errorf("what was removed comes back: %q", got)
	}
	own := r.add(release("2026-01-01", "0.1"))
	r.write(editor, func(tx *db.Tx) error { return releases.RemoveFeed(t.Context(), tx, 1, false) })
	if len(r.list()) != 3 {
		t.Error("what was read goes with its feed")
	}
	r.setFeed()
	r.write(editor, func(tx *db.Tx) error { return releases.RemoveFeed(t.Context(), tx, 1, true) })
	if all := r.list(); len(all) != 1 || all[0].ID != own.ID {
		t.Errorf("after the feed was removed with what was read: %+v", all)
	}
}

func TestHostileEntries(t *testing.T) {
	r := newRoom(t)
	r.setFeed()
	r.read(releases.Reading{Entries: []releases.Entry{
		{GUID: "", Title: "without name", Day: day("2026-01-01")},
		{GUID: "untitled", Title: " \u200b ", Day: day("2026-01-01")},
		{GUID: "old", Title: "Old", Day: day("0001-02-01")},
		{GUID: "future", Title: "Future", Day: day("2999-01-01")},
		{GUID: "undated", Title: "Undated"},
		{GUID: "long", Title: strings.Repeat("t", 1000), Version: strings.Repeat("v", 1000), Text: strings.Repeat("word ", 100_000), Link: "https://vendor.example/" + strings.Repeat("x", 10_000), Day: day("2026-01-03")},
		{GUID: "signs", Title: "a\u202eb\x00c\u00adc\nd", Version: "1\u200b.0", Text: "one\x07\u2066two\xff", Link: "javascript:alert(1)", Day: day("2026-01-02")},
	}})
	all := r.list()
	if len(all) != 4 {
		t.Fatalf("kept %q", r.titles())
	}
	if all[0].Day != day("2026-03-02") || all[1].Day != day("2026-03-02") {
		t.Errorf("entries without a day that has come: %q", r.titles())
	}
	if long := all[2]; len(long.Titles["et"]) > releases.MaxTitle+2 || len(long.Version) > releases.MaxVersion+2 || len(long.Texts["et"]) > 5010 || !strings.HasSuffix(long.Texts["et"], "word …") || long.Link != "" {
		t.Errorf("a long entry is kept with %d, %d, %d bytes", len(long.Titles["et"]), len(long.Version), len(long.Texts["et"]))
	}
	if s := all[3]; s.Titles["et"] != "ab cc d" || s.Version != "1.0" || s.Texts["et"] != "onetwo" || s.Link != "" {
		t.Errorf("an entry of signs: %+v", s)
	}
	r.now = r.now.Add(72 * time.Hour)
	before := r.titles()
	r.read(releases.Reading{Entries: []releases.Entry{{GUID: "future", Title: "Future", Day: day("2999-01-01")}, {GUID: "undated", Title: "Undated"}}})
	if got := r.titles(); !slices.Equal(got, before) {
		t.Errorf("days move with every reading: %q; want %q", got, before)
	}
}

func TestAFeedCannotFillTheDatabase(t *testing.T) {
	r := newRoom(t)
	r.setFeed()
	own := r.add(release("2020-01-01", "0.1"))
	next := 0
	for range 7 {
		var many []releases.Entry
		for range 400 {
			next++
			many = append(many, entry(fmt.Sprint(next), "2026-02-01", fmt.Sprint("Entry ", next)))
		}
		r.read(releases.Reading{Entries: many})
	}
	if n := len(r.list()); n != releases.MostKept+1 {
		t.Errorf("%d are kept; want %d and the own one", n, releases.MostKept)
	}
	if all := r.list(); all[len(all)-1].ID != own.ID {
		t.Error("the own one is gone")
	}
	revision := r.revision()
	r.read(releases.Reading{Entries: []releases.Entry{entry("late", "2019-01-01", "Late")}})
	if r.revision() != revision {
		t.Error("an entry that is older than all that are kept is taken")
	}
	r.read(releases.Reading{Entries: []releases.Entry{entry("new", "2026-03-01", "New")}})
	if got := r.titles()[0]; got != "2026-03-01 New" || len(r.list()) != releases.MostKept+1 {
		t.Errorf("the newest is %q of %d", got, len(r.list()))
	}
}

func TestEachFeedIsReadByOneWorker(t *testing.T) {
	r := newRoom(t)
	now := func() models.Time { return models.Time{Time: r.now} }
	if due, err := releases.Due(t.Context(), r.DB, now()); due || err != nil {
		t.Errorf("due without a feed: %v", err)
	}
	r.setFeed()
	if due, _ := releases.Due(t.Context(), r.DB, now()); !due {
		t.Error("a new feed is not due")
	}
	first := r.claim("a")
	if len(first) != 1 || len(r.claim("b")) != 0 {
		t.Fatal("two workers have one feed")
	}
	if due, _ := releases.Due(t.Context(), r.DB, now()); due {
		t.Error("what is claimed is due")
	}
	r.now = r.now.Add(releases.Lease)
	second := r.claim("b")
	if len(second) != 1 {
		t.Fatal("a feed whose worker is gone is not taken over")
	}
	job := models.Actor{Program: "job feeds"}
	for what, f := range map[string]func(*db.Tx) error{
		"took": func(tx *db.Tx) error {
			return releases.Took(t.Context(), tx, first[0], "a", releases.Reading{Entries: []releases.Entry{entry("1", "2026-01-01", "One")}})
		},
		"same":   func(tx *db.Tx) error { return releases.Same(t.Context(), tx, first[0], "a", "") },
		"failed": func(tx *db.Tx) error { return releases.Failed(t.Context(), tx, first[0], "a", "gone", 0, true) },
	} {
		if err := r.Write(t.Context(), job, f); !errors.Is(err, models.ErrConflict) {
			t.Errorf("%s by who has lost it: %v", what, err)
		}
	}
	r.write(job, func(tx *db.Tx) error { return releases.GiveBack(t.Context(), tx, "b") })
	third := r.claim("c")
	if len(third) != 1 {
		t.Fatal("what was given back is not due")
	}
	r.write(editor, func(tx *db.Tx) error {
		return releases.SetFeed(t.Context(), tx, 1, "https://vendor.example/other", "en")
	})
	err := r.Write(t.Context(), job, func(tx *db.Tx) error { return releases.Took(t.Context(), tx, third[0], "c", releases.Reading{}) })
	if !errors.Is(err, models.ErrConflict) {
		t.Errorf("a feed that has another address by now: %v", err)
	}
	if len(r.list()) != 0 {
		t.Errorf("kept %q", r.titles())
	}
}

func TestFeedsThatDoNotAnswer(t *testing.T) {
	r := newRoom(t)
	r.setFeed()
	begun := r.now
	fail := func(after time.Duration, gone bool) releases.Feed {
		t.Helper()
		all := r.claim("worker")
		if len(all) != 1 {
			t.Fatalf("due are %+v at %s", all, r.now)
		}
		r.write(models.Actor{Program: "job feeds"}, func(tx *db.Tx) error {
			return releases.Failed(t.Context(), tx, all[0], "worker", "too_slow", after, gone)
		})
		return r.feed()
	}
	for i, want := range []time.Duration{15 * time.Minute, time.Hour, 4 * time.Hour, 12 * time.Hour, 24 * time.Hour, 24 * time.Hour} {
		f := fail(0, false)
		if wait := f.Next.Sub(r.now); wait < want || wait > want+want/16 || f.Failures != i+1 || f.Problem != "too_slow" || !f.Failing.Equal(begun) {
			t.Errorf("after %d: %+v waits %s; want %s", i+1, f, wait, want)
		}
		r.now = f.Next.Time
	}
	r.read(releases.Reading{})
	if f := r.feed(); f.Failures != 0 || !f.Failing.IsZero() || f.Problem != "" {
		t.Errorf("it answers again: %+v", f)
	}
	if f := fail(3*time.Hour, false); f.Next.Sub(r.now) < 3*time.Hour {
		t.Errorf("it is asked again before it wants to be: %+v", f)
	}
	r.now = r.now.Add(releases.GivenUpAfter)
	if f := fail(0, false); !f.GivenUp() {
		t.Errorf("after so long: %+v", f)
	}
	r.setFeed()
	if f := r.feed(); f.GivenUp() || f.Failures != 0 {
		t.Errorf("given anew: %+v", f)
	}
	if f := fail(0, true); !f.GivenUp() || f.Problem == "" {
		t.Errorf("gone: %+v", f)
	}
	if len(r.claim("worker")) != 0 {
		t.Error("what is given up is read")
	}
}

func TestAFeedThatMoves(t *testing.T) {
	r := newRoom(t)
	r.setFeed()
	r.read(releases.Reading{ETag: `"1"`, Moved: "https://vendor.example/new"})
	if f := r.feed(); f.Address != "https://vendor.example/new" || f.ETag != `"1"` {
		t.Errorf("feed %+v", f)
	}
	all := r.claim("worker")
	r.write(models.Actor{Program: "job feeds"}, func(tx *db.Tx) error {
		return releases.Same(t.Context(), tx, all[0], "worker", "https://vendor.example/newer")
	})
	if f := r.feed(); f.Address != "https://vendor.example/newer" || f.ETag != `"1"` {
		t.Errorf("feed %+v", f)
	}
	if n := r.events("offering.release_feed_moved"); n != 2 {
		t.Errorf("%d events", n)
	}
}

func TestWrongAddressesOfFeeds(t *testing.T) {
	r := newRoom(t)
	for _, address := range []string{"", "vendor.example/feed", "ftp://vendor.example/feed", "https://", "https://a:b@vendor.example/", "https://vendor.example/a b", "https://vendor.example/" + strings.Repeat("x", 3000), "https://vendor.example/\u202e"} {
		var wrong models.Invalid
		err := r.Write(t.Context(), editor, func(tx *db.Tx) error { return releases.SetFeed(t.Context(), tx, 1, address, "en") })
		if !errors.As(err, &wrong) || wrong["address"] == "" {
			t.Errorf("%.40q: %v", address, err)
		}
	}
}

func TestVendorsAreToldOfFeedsThatDoNotAnswer(t *testing.T) {
	r := newRoom(t)
	accounts := map[string]int64{}
	r.write(admin, func(tx *db.Tx) error {
		for vendor, mail := range []string{"editor@one.example", "editor@two.example"} {
			a := identity.Account{Mail: mail, Name: "Editor", Language: "en"}
			if err := identity.AddAccount(t.Context(), tx, &a); err != nil {
				return err
			}
			accounts[mail] = a.ID
			if _, err := identity.AddMember(t.Context(), tx, a.ID, int64(vendor+1), identity.Powers{Roles: []models.Role{models.VendorEditor}}); err != nil {
				return err
			}
		}
		return nil
	})
	told := func(mail string) (n int) {
		t.Helper()
		if err := r.Get(t.Context(), &n, `SELECT COUNT(*) FROM notices WHERE account_id = ? AND kind = 'feed_failing'`, accounts[mail]); err != nil {
			t.Fatal(err)
		}
		return n
	}
	r.setFeed()
	for i := range 9 {
		all := r.claim("worker")
		if len(all) != 1 {
			t.Fatalf("due are %+v", all)
		}
		r.write(models.Actor{Program: "job feeds"}, func(tx *db.Tx) error {
			return releases.Failed(t.Context(), tx, all[0], "worker", "too_slow", 0, i == 8)
		})
		want := map[bool]int{true: 1}[i >= 6]
		if i == 8 { // it is given up
			want = 2
		}
		if got := told("editor@one.example"); got != want {
			t.Errorf("after %d failures its vendor was told %d times, want %d", i+1, got, want)
		}
		if i < 8 {
			r.now = r.feed().Next.Time
		}
	}
	if n := told("editor@two.example"); n != 0 {
		t.Errorf("another vendor was told %d times", n)
	}
}
