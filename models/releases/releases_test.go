package releases_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"pilveturg/db"
	"pilveturg/db/dbtest"
	"pilveturg/models"
	"pilveturg/models/audit"
	"pilveturg/models/catalogue"
	"pilveturg/models/identity"
	"pilveturg/models/releases"
)

// room is a database with two vendors and a service of each: the numbers are 1 and 2.
type room struct {
	*db.DB
	t   *testing.T
	now time.Time
}

var admin = models.Actor{Program: "test", Roles: []models.Role{models.Administrator}}

func newRoom(t *testing.T) *room {
	t.Helper()
	r := &room{dbtest.New(t), t, dbtest.Moment}
	r.Now = func() time.Time { return r.now }
	r.write(admin, func(tx *db.Tx) error {
		for _, code := range []string{"one", "two"} {
			key := models.Key{Scheme: "test", Code: code}
			if _, _, err := identity.Put(t.Context(), tx, &identity.Organisation{Key: key, Kind: identity.Vendor, Names: models.Text{"en": code}}); err != nil {
				return err
			}
			l := catalogue.Listing{Key: key, Vendor: key, Versions: []catalogue.Version{{Content: catalogue.Content{Language: "en", Words: map[string]catalogue.Words{"en": {Name: code}}}}}}
			if _, err := catalogue.Put(t.Context(), tx, &l, 0); err != nil {
				return err
			}
		}
		return nil
	})
	return r
}

// vendor is somebody of the n-th vendor.
func vendor(n int64, role models.Role) models.Actor {
	return models.Actor{AccountID: 0, OrgID: n, Program: "test", Roles: []models.Role{role}}
}

var editor = vendor(1, models.VendorEditor)

func (r *room) write(a models.Actor, f func(*db.Tx) error) {
	r.t.Helper()
	if err := r.Write(r.t.Context(), a, f); err != nil {
		r.t.Fatal(err)
	}
}

func (r *room) add(release releases.Release) releases.Release {
	r.t.Helper()
	release.Offering = 1
	r.write(editor, func(tx *db.Tx) error { return releases.Add(r.t.Context(), tx, &release) })
	return release
}

func (r *room) list() []releases.Release {
	r.t.Helper()
	all, err := releases.List(r.t.Context(), r.DB, 1, models.Page{Number: 1, Size: 10_000})
	if err != nil {
		r.t.Fatal(err)
	}
	return all
}

// titles are those of all releases, with their days.
func (r *room) titles() (list []string) {
	for _, one := range r.list() {
		words, _ := one.Titles.Pick("en")
		list = append(list, one.Day.String()+" "+words)
	}
	return list
}

func (r *room) events(action audit.Action) (n int) {
	r.t.Helper()
	const q = `SELECT COUNT(*) FROM audit_events WHERE action = ?`
	if err := r.Get(r.t.Context(), &n, q, action); err != nil {
		r.t.Fatal(err)
	}
	return n
}

func (r *room) revision() int64 {
	r.t.Helper()
	m, err := catalogue.Mark(r.t.Context(), r.DB, 1)
	if err != nil {
		r.t.Fatal(err)
	}
	return m.Releases
}

func day(s string) models.Date {
	d, err := models.ParseDate(s)
	if err != nil {
		panic(err)
	}
	return d
}

func release(on, version string) releases.Release {
	return releases.Release{Day: day(on), Version: version, Titles: models.Text{"en": "Release " + version}}
}

func TestAVendorWritesReleases(t *testing.T) {
	r := newRoom(t)
	first := r.add(releases.Release{Day: day("2026-02-01"), Version: " 2.0 ", Link: "https://vendor.example/2", Titles: models.Text{"en": "  Two \n ", "et": "Kaks", "fi": ""}, Texts: models.Text{"et": "* uus\r\n* parem"}})
	r.add(release("2026-03-02", "2.1"))
	all := r.list()
	if len(all) != 2 || all[0].Version != "2.1" {
		t.Fatalf("releases %+v", all)
	}
	got := all[1]
	if got.ID != first.ID || got.Day != day("2026-02-01") || got.Version != "2.0" || got.Link == "" || got.Read || !got.Titles.Equal(models.Text{"en": "Two", "et": "Kaks"}) || !got.Texts.Equal(models.Text{"et": "* uus\n* parem"}) {
		t.Errorf("it is kept as %+v", got)
	}
	if n, err := releases.Count(t.Context(), r.DB, 1); n != 2 || err != nil {
		t.Errorf("count %d, %v", n, err)
	}
	if r.revision() != 2 || r.events("offering.release_added") != 2 {
		t.Errorf("revision %d, %d events", r.revision(), r.events("offering.release_added"))
	}

	got.Titles.Set("en", "Second")
	r.write(editor, func(tx *db.Tx) error { return releases.Change(t.Context(), tx, got.Revision, &got) })
	if again := r.list()[1]; again.Titles["en"] != "Second" || again.Titles["et"] != "Kaks" || again.Revision != 2 {
		t.Errorf("changed to %+v", again)
	}
	r.write(editor, func(tx *db.Tx) error { return releases.Change(t.Context(), tx, 2, &got) })
	if r.revision() != 3 || r.events("offering.release_changed") != 1 {
		t.Error("a change of nothing is recorded")
	}
	err := r.Write(t.Context(), editor, func(tx *db.Tx) error { return releases.Change(t.Context(), tx, 1, &got) })
	if !errors.Is(err, models.ErrConflict) {
		t.Errorf("a change of what was not seen: %v", err)
	}
	r.write(editor, func(tx *db.Tx) error { return releases.Remove(t.Context(), tx, 1, got.ID) })
	if len(r.list()) != 1 || r.events("offering.release_removed") != 1 {
		t.Errorf("after removal: %+v", r.list())
	}
}

func TestWhatIsWrongWithARelease(t *testing.T) {
	r := newRoom(t)
	good := release("2026-03-02", "1.0")
	for _, c := range []struct {
		name   string
		change func(*releases.Release)
		wrong  string
	}{
		{"no day", func(r *releases.Release) { r.Day = models.Date{} }, "day"},
		{"tomorrow", func(r *releases.Release) { r.Day = day("2026-03-03") }, "day"},
		{"before there was software", func(r *releases.Release) { r.Day = day("1066-10-14") }, "day"},
		{"a long version", func(r *releases.Release) { r.Version = strings.Repeat("1", releases.MaxVersion+1) }, "version"},
		{"a version of two lines", func(r *releases.Release) { r.Version = "1\n2" }, "version"},
		{"a version from right to left", func(r *releases.Release) { r.Version = "1\u202e2" }, "version"},
		{"a link that runs", func(r *releases.Release) { r.Link = "javascript:alert(1)" }, "link"},
		{"a link with a name", func(r *releases.Release) { r.Link = "https://a:b@vendor.example/" }, "link"},
		{"no title", func(r *releases.Release) { r.Titles = nil }, "titles"},
		{"an empty title", func(r *releases.Release) { r.Titles = models.Text{"en": "  "} }, "titles"},
		{"a title that cannot be seen", func(r *releases.Release) { r.Titles = models.Text{"en": "a\u200bb"} }, "titles.en"},
		{"a long title", func(r *releases.Release) { r.Titles = models.Text{"en": strings.Repeat("õ", releases.MaxTitle+1)} }, "titles.en"},
		{"a text without title", func(r *releases.Release) { r.Texts = models.Text{"et": "x"} }, "titles.et"},
		{"a text of a megabyte", func(r *releases.Release) { r.Texts = models.Text{"en": strings.Repeat("x", 1<<20)} }, "texts.en"},
		{"a text with NUL", func(r *releases.Release) { r.Texts = models.Text{"en": "a\x00b"} }, "texts.en"},
		{"a text of broken letters", func(r *releases.Release) { r.Texts = models.Text{"en": "a\xffb"} }, "texts.en"},
	} {
		one := good
		c.change(&one)
		one.Offering = 1
		err := r.Write(t.Context(), editor, func(tx *db.Tx) error { return releases.Add(t.Context(), tx, &one) })
		var wrong models.Invalid
		if !errors.As(err, &wrong) || len(wrong) != 1 || wrong[c.wrong] == "" {
			t.Errorf("%s: %v; want something wrong with %s", c.name, err, c.wrong)
		}
	}
	if len(r.list()) != 0 {
		t.Error("something of it was kept")
	}
}

func TestWhoKeepsReleases(t *testing.T) {
	r := newRoom(t)
	mine := r.add(release("2026-03-01", "1.0"))
	r.write(editor, func(tx *db.Tx) error {
		return releases.SetFeed(t.Context(), tx, 1, "https://vendor.example/feed", "en")
	})
	for _, c := range []struct {
		name string
		who  models.Actor
		want error
	}{
		{"an editor", editor, nil},
		{"a manager", vendor(1, models.VendorManager), nil},
		{"a moderator", vendor(9, models.Moderator), nil},
		{"an administrator", vendor(9, models.Administrator), nil},
		{"an editor of another vendor", vendor(2, models.VendorEditor), models.ErrNotFound},
		{"a manager of another vendor", vendor(2, models.VendorManager), models.ErrNotFound},
		{"a buyer who acts for the vendor", vendor(1, models.Buyer), models.ErrNotFound},
		{"an analyst", vendor(9, models.Analyst), models.ErrNotFound},
		{"a visitor", models.Actor{}, models.ErrNotFound},
	} {
		_, found := releases.FindOwn(t.Context(), r.DB, c.who, 1, mine.ID)
		_, feed := releases.FindFeed(t.Context(), r.DB, c.who, 1)
		_, offering := releases.OwnOffering(t.Context(), r.DB, c.who, 1)
		errs := []error{found, feed, offering}
		for _, f := range []func(*db.Tx) error{
			func(tx *db.Tx) error {
				one := release("2026-03-01", "2")
				one.Offering = 1
				return releases.Add(t.Context(), tx, &one)
			},
			func(tx *db.Tx) error { return releases.Change(t.Context(), tx, mine.Revision, &mine) },
			func(tx *db.Tx) error { return releases.Remove(t.Context(), tx, 1, mine.ID) },
			func(tx *db.Tx) error {
				return releases.SetFeed(t.Context(), tx, 1, "https://vendor.example/feed", "en")
			},
			func(tx *db.Tx) error { return releases.RemoveFeed(t.Context(), tx, 1, true) },
		} {
			errs = append(errs, r.Write(t.Context(), c.who, func(tx *db.Tx) error {
				if err := f(tx); err != nil {
					return err
				}
				return errBack
			}))
		}
		for i, err := range errs {
			if errors.Is(err, errBack) {
				err = nil
			}
			if !errors.Is(err, c.want) {
				t.Errorf("%s, %d: %v; want %v", c.name, i, err, c.want)
			}
		}
	}
	other := mine
	other.Offering = 2
	err := r.Write(t.Context(), vendor(2, models.VendorEditor), func(tx *db.Tx) error { return releases.Change(t.Context(), tx, 1, &other) })
	if !errors.Is(err, models.ErrNotFound) {
		t.Errorf("a release under a service that it is not of: %v", err)
	}
}

var errBack = errors.New("taken back")

func TestTheRhythmOfReleases(t *testing.T) {
	r := newRoom(t)
	rhythm := func() releases.Rhythm {
		t.Helper()
		all, err := releases.Rhythms(t.Context(), r.DB, []int64{1, 2}, day("2026-03-02"))
		if err != nil || len(all) > 1 {
			t.Fatal(all, err)
		}
		return all[1]
	}
	if got := rhythm(); got != (releases.Rhythm{}) {
		t.Errorf("with none: %+v", got)
	}
	for _, step := range []struct {
		day, version string
		want         releases.Rhythm
	}{
		{"2025-03-02", "0.9", releases.Rhythm{Last: day("2025-03-02"), Version: "0.9"}}, // a year ago today is not within the year
		{"2025-03-03", "1.0", releases.Rhythm{Last: day("2025-03-03"), Version: "1.0", Year: 1}},
		{"2026-02-01", "2.0", releases.Rhythm{Last: day("2026-02-01"), Version: "2.0", Year: 2}},
		{"2026-02-03", "2.0", releases.Rhythm{Last: day("2026-02-03"), Version: "2.0", Year: 2}}, // told twice
		{"2026-02-04", "", releases.Rhythm{Last: day("2026-02-04"), Year: 3}},
		{"2026-02-04", "", releases.Rhythm{Last: day("2026-02-04"), Year: 3}}, // two notices of a day
		{"2026-02-04", "2.1", releases.Rhythm{Last: day("2026-02-04"), Version: "2.1", Year: 4}},
	} {
		r.add(releases.Release{Day: day(step.day), Version: step.version, Titles: models.Text{"en": "x"}})
		if got := rhythm(); got != step.want {
			t.Errorf("after %s %q: %+v; want %+v", step.day, step.version, got, step.want)
		}
	}
	if all, err := releases.Rhythms(t.Context(), r.DB, nil, day("2026-03-02")); err != nil || len(all) != 0 {
		t.Errorf("of none: %v, %v", all, err)
	}
}
