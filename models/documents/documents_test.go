package documents_test

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"testing"
	"time"

	"pilveturg/db"
	"pilveturg/db/dbtest"
	"pilveturg/models"
	"pilveturg/models/audit"
	"pilveturg/models/catalogue"
	"pilveturg/models/documents"
	"pilveturg/models/identity"
	"pilveturg/models/work"
)

var noon = time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)

// room is a database with two vendors, and one editor in each.
type room struct {
	*db.DB
	t       *testing.T
	now     time.Time
	editors [2]models.Actor
	admin   models.Actor
}

func newRoom(t *testing.T) *room {
	t.Helper()
	r := &room{DB: dbtest.New(t), t: t, now: noon, admin: models.Actor{Program: "test", Roles: []models.Role{models.Administrator}}}
	r.Now = func() time.Time { return r.now }
	r.write(r.admin, func(tx *db.Tx) error {
		for i := range r.editors {
			o := identity.Organisation{Key: models.Key{Scheme: "test", Code: fmt.Sprint("vendor", i)}, Kind: identity.Vendor, Names: models.Text{"en": fmt.Sprint("Vendor ", i)}}
			a := identity.Account{Mail: fmt.Sprintf("editor%d@vendor.example", i), Name: "Editor", Language: "et"}
			if err := identity.Add(t.Context(), tx, &o); err != nil {
				return err
			}
			if err := identity.AddAccount(t.Context(), tx, &a); err != nil {
				return err
			}
			powers := identity.Powers{Roles: []models.Role{models.VendorEditor}}
			if _, err := identity.AddMember(t.Context(), tx, a.ID, o.ID, powers); err != nil {
				return err
			}
			r.editors[i] = models.Actor{AccountID: a.ID, OrgID: o.ID, Roles: powers.Roles}
		}
		return nil
	})
	return r
}

func (r *room) try(a models.Actor, f func(*db.Tx) error) error { return r.Write(r.t.Context(), a, f) }

func (r *room) write(a models.Actor, f func(*db.Tx) error) {
	r.t.Helper()
	if err := r.try(a, f); err != nil {
		r.t.Fatal(err)
	}
}

func hashOf(content string) string {
	sum := sha256.Sum256([]byte(content))
	return hex.EncodeToString(sum[:])
}

func details(title string) documents.Details {
	return documents.Details{Title: title, Language: "et", Kind: catalogue.PaperTerms}
}

// bring makes a document of a content.
func (r *room) bring(a models.Actor, content string, of documents.Details, old int64) (documents.Document, error) {
	r.t.Helper()
	d := documents.Document{Hash: hashOf(content), Details: of}
	return d, r.try(a, func(tx *db.Tx) error {
		if err := documents.Expect(r.t.Context(), tx, documents.Stored{Hash: d.Hash, Size: int64(len(content))}, documents.PDF); err != nil {
			return err
		}
		return documents.Add(r.t.Context(), tx, &d, "words of "+content, documents.Read, old)
	})
}

func (r *room) brought(a models.Actor, content string, old int64) documents.Document {
	r.t.Helper()
	d, err := r.bring(a, content, details("Terms "+content), old)
	if err != nil {
		r.t.Fatal(err)
	}
	return d
}

// publish lists an offering of the vendor whose published version names the papers.
func (r *room) publish(vendor int, papers ...catalogue.Paper) int64 {
	r.t.Helper()
	var done catalogue.Done
	l := catalogue.Listing{Key: models.Key{Scheme: "test", Code: "listing"}, Vendor: models.Key{Scheme: "test", Code: fmt.Sprint("vendor", vendor)},
		Versions: []catalogue.Version{{Content: catalogue.Content{Language: "en", Words: map[string]catalogue.Words{"en": {Name: "Listing"}}, Documents: papers}}}}
	r.write(r.admin, func(tx *db.Tx) (err error) {
		done, err = catalogue.Put(r.t.Context(), tx, &l, 0)
		return err
	})
	return done.ID
}

func TestADocumentIsForItsVendorUntilAListingShowsIt(t *testing.T) {
	r := newRoom(t)
	d := r.brought(r.editors[0], "one", 0)
	moderator := models.Actor{AccountID: 9, OrgID: 99, Roles: []models.Role{models.Moderator}}
	buyer := models.Actor{AccountID: 8, OrgID: r.editors[0].OrgID, Roles: []models.Role{models.Buyer}}
	readers := []struct {
		name  string
		actor models.Actor
		may   bool // before it is shown
	}{
		{"its editor", r.editors[0], true}, {"a moderator", moderator, true}, {"an editor of another vendor", r.editors[1], false},
		{"somebody else of the vendor", buyer, false}, {"a visitor", models.Actor{}, false},
	}
	check := func(shown bool) {
		t.Helper()
		for _, c := range readers {
			got, public, err := documents.Readable(t.Context(), r.DB, c.actor, d.ID)
			if may := c.may || shown; may != (err == nil) || !may && !errors.Is(err, models.ErrNotFound) || public != (shown && may) {
				t.Errorf("shown %t: %s reads %q, public %t, %v", shown, c.name, got.Title, public, err)
			}
		}
	}
	check(false)
	r.publish(1, d.Paper()) // of another vendor, which names what it does not have
	check(false)
	r.publish(0, d.Paper())
	check(true)
	if _, err := documents.Find(t.Context(), r.DB, r.editors[1], d.ID); !errors.Is(err, models.ErrNotFound) {
		t.Errorf("an editor of another vendor finds it: %v", err)
	}
	r.publish(0)
	check(false)
}

func TestWhatIsSaidOfADocumentMakesSense(t *testing.T) {
	r := newRoom(t)
	for i, c := range []struct {
		name string
		edit func(*documents.Details)
		want string // field and key; "" when it is taken in
	}{
		{"all is well", func(*documents.Details) {}, ""},
		{"spaces go", func(d *documents.Details) { d.Title = "  A   title " }, ""},
		{"no title", func(d *documents.Details) { d.Title = " " }, "title document.title_missing"},
		{"a title that turns around", func(d *documents.Details) { d.Title = "fdp.\u202eexe" }, "title document.title_unclear"},
		{"a title with what is not seen", func(d *documents.Details) { d.Title = "a\u200bb" }, "title document.title_unclear"},
		{"a language that is none", func(d *documents.Details) { d.Language = "<b>" }, "language document.language_missing"},
		{"a kind that is none", func(d *documents.Details) { d.Kind = "novel" }, "kind document.kind_missing"},
		{"its last day is today", func(d *documents.Details) { d.ValidUntil = models.DateOf(noon) }, ""},
		{"it is over", func(d *documents.Details) { d.ValidUntil = models.NewDate(2026, 3, 1) }, "valid_until document.until_over"},
		{"it ends before it begins", func(d *documents.Details) {
			d.Issued, d.ValidUntil = models.NewDate(2027, 1, 2), models.NewDate(2027, 1, 1)
		}, "valid_until document.until_before"},
	} {
		of := details("Title")
		c.edit(&of)
		_, err := r.bring(r.editors[0], fmt.Sprint("content ", i), of, 0)
		var wrong models.Invalid
		errors.As(err, &wrong)
		got := ""
		for field, key := range wrong {
			got += field + " " + key
		}
		if got != c.want || err != nil && wrong == nil {
			t.Errorf("%s: %q, %v; want %q", c.name, got, err, c.want)
		}
	}
}

func TestWhoMayDoWhat(t *testing.T) {
	r := newRoom(t)
	d := r.brought(r.editors[0], "one", 0)
	manager := r.editors[0]
	manager.Roles = []models.Role{models.VendorManager}
	moderator := models.Actor{AccountID: r.editors[1].AccountID, OrgID: r.editors[1].OrgID, Roles: []models.Role{models.Moderator}}
	n := 0
	for _, c := range []struct {
		name  string
		actor models.Actor
		do    func(*db.Tx) error
		want  error
	}{
		{"another vendor changes it", r.editors[1], func(tx *db.Tx) error { return documents.Change(t.Context(), tx, d.ID, details("x")) }, models.ErrNotFound},
		{"another vendor removes it", r.editors[1], func(tx *db.Tx) error { return documents.Remove(t.Context(), tx, d.ID) }, models.ErrNotFound},
		{"a moderator changes it", moderator, func(tx *db.Tx) error { return documents.Change(t.Context(), tx, d.ID, details("x")) }, models.ErrNotFound},
		{"its editor checks it", r.editors[0], func(tx *db.Tx) error { return documents.Check(t.Context(), tx, d.ID) }, models.ErrForbidden},
		{"a visitor brings one", models.Actor{}, func(tx *db.Tx) error {
			return documents.Expect(t.Context(), tx, documents.Stored{Hash: hashOf("x"), Size: 1}, documents.PDF)
		}, models.ErrForbidden},
		{"a manager changes it", manager, func(tx *db.Tx) error { return documents.Change(t.Context(), tx, d.ID, details("Changed")) }, nil},
		{"a moderator checks it", moderator, func(tx *db.Tx) error { return documents.Check(t.Context(), tx, d.ID) }, nil},
		{"and again", moderator, func(tx *db.Tx) error { return documents.Check(t.Context(), tx, d.ID) }, nil},
		{"a manager removes it", manager, func(tx *db.Tx) error { return documents.Remove(t.Context(), tx, d.ID) }, nil},
		{"nobody removes it twice", manager, func(tx *db.Tx) error { return documents.Remove(t.Context(), tx, d.ID) }, models.ErrNotFound},
	} {
		if err := r.try(c.actor, c.do); !errors.Is(err, c.want) {
			t.Errorf("%s: %v; want %v", c.name, err, c.want)
		}
		n++
	}
	events, err := audit.Of(t.Context(), r.DB, n, documents.Subject(d.ID))
	if err != nil || len(events) != 4 { // added, changed, checked once, removed
		t.Errorf("%d events, %v; want 4", len(events), err)
	}
}

func TestAContentIsKeptOnceAndBroughtOnceByEachVendor(t *testing.T) {
	r := newRoom(t)
	first := r.brought(r.editors[0], "one", 0)
	var twice documents.ErrTwice
	if _, err := r.bring(r.editors[0], "one", details("Again"), 0); !errors.As(err, &twice) || twice.Of.ID != first.ID {
		t.Errorf("brought twice: %v", err)
	}
	r.brought(r.editors[1], "one", 0)
	var blobs int
	if err := r.Get(t.Context(), &blobs, `SELECT COUNT(*) FROM blobs`); err != nil || blobs != 1 {
		t.Errorf("%d contents, %v; want 1", blobs, err)
	}
}

func TestADocumentComesInThePlaceOfAnother(t *testing.T) {
	r := newRoom(t)
	first := r.brought(r.editors[0], "one", 0)
	paper := first.Paper()
	r.publish(0, paper)
	second := r.brought(r.editors[0], "two", first.ID)
	if _, err := r.bring(r.editors[0], "three", details("Late"), first.ID); !errors.Is(err, models.ErrConflict) {
		t.Errorf("a second in the same place: %v", err)
	}
	third := r.brought(r.editors[0], "three", second.ID)
	if _, public, err := documents.Readable(t.Context(), r.DB, models.Actor{}, first.ID); err != nil || !public {
		t.Errorf("what the listing shows: public %t, %v", public, err)
	}
	all, err := documents.Of(t.Context(), r.DB, r.editors[0])
	if err != nil || len(all) != 1 || all[0].ID != third.ID {
		t.Fatalf("%v, %v; want the third", all, err)
	}
	if got := all[0].Paper(); got.Code != paper.Code || got.File != third.Hash || got.Proof != catalogue.Stated {
		t.Errorf("what came last is not in the place of the first: %+v", got)
	}
	if err := r.try(r.editors[0], func(tx *db.Tx) error { return documents.Remove(t.Context(), tx, first.ID) }); !errors.Is(err, models.ErrConflict) {
		t.Errorf("removed though a listing shows it: %v", err)
	}
}

func TestVendorsAreRemindedOnce(t *testing.T) {
	r := newRoom(t)
	of := details("Certificate")
	of.ValidUntil = models.NewDate(2026, 7, 1)
	if _, err := r.bring(r.editors[0], "one", of, 0); err != nil {
		t.Fatal(err)
	}
	remind := func() (n int) {
		t.Helper()
		r.write(r.admin, func(tx *db.Tx) (err error) {
			n, err = documents.Remind(t.Context(), tx, func(_ string, d models.Date) string { return d.String() })
			return err
		})
		return n
	}
	told := map[string]bool{}
	for day := noon; day.Before(noon.AddDate(0, 5, 0)); day = day.AddDate(0, 0, 1) {
		r.now = day
		for range 2 {
			if remind() > 0 {
				told[models.DateOf(day).String()] = true
			}
		}
	}
	want := []string{"2026-04-02", "2026-05-02", "2026-06-01", "2026-06-24"}
	for _, day := range want {
		if !told[day] {
			t.Errorf("not told on %s: %v", day, told)
		}
	}
	notices, err := work.Inbox(t.Context(), r.DB, r.editors[0].AccountID, models.Page{Number: 1, Size: 10})
	if err != nil || len(notices) != len(want) || len(told) != len(want) {
		t.Errorf("%d notices on %d days, %v; want %d", len(notices), len(told), err, len(want))
	}
	if notices, _ := work.Inbox(t.Context(), r.DB, r.editors[1].AccountID, models.Page{Number: 1, Size: 10}); len(notices) > 0 {
		t.Errorf("another vendor was told: %v", notices)
	}
	r.now = time.Date(2026, 6, 28, 12, 0, 0, 0, time.UTC)
	of.ValidUntil = models.NewDate(2026, 7, 2)
	if _, err := r.bring(r.editors[1], "late", of, 0); err != nil {
		t.Fatal(err)
	}
	if n := remind(); n != 1 {
		t.Errorf("a document that came late: told of %d; want 1", n)
	}
	ending, err := documents.Expiring(t.Context(), r.DB, r.editors[0].OrgID, models.NewDate(2026, 4, 2))
	if err != nil || len(ending) != 1 {
		t.Errorf("%d documents end, %v; want 1", len(ending), err)
	}
	if ending, _ := documents.Expiring(t.Context(), r.DB, r.editors[0].OrgID, models.NewDate(2026, 4, 1)); len(ending) != 0 {
		t.Errorf("%d documents end too early", len(ending))
	}
}

func TestATextIsSearchedOnceSomebodyLookedAtIt(t *testing.T) {
	r := newRoom(t)
	d := r.brought(r.editors[0], "one", 0)
	id := r.publish(0, d.Paper())
	before, err := catalogue.Mark(t.Context(), r.DB, id)
	if err != nil {
		t.Fatal(err)
	}
	r.write(models.Actor{Program: "test", Roles: []models.Role{models.Moderator}}, func(tx *db.Tx) error { return documents.Check(t.Context(), tx, d.ID) })
	after, err := catalogue.Mark(t.Context(), r.DB, id)
	if err != nil || after.Revision == before.Revision {
		t.Errorf("revision %d, before %d, %v", after.Revision, before.Revision, err)
	}
	text, err := documents.Words(t.Context(), r.DB, d)
	if err != nil || text != "words of one" {
		t.Errorf("text %q, %v", text, err)
	}
}
