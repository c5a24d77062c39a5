package catalogue_test

import (
	"encoding/json"
	"errors"
	"reflect"
	"testing"

	"pilveturg/db"
	"pilveturg/db/dbtest"
	"pilveturg/models"
	"pilveturg/models/catalogue"
	"pilveturg/models/identity"
	"pilveturg/models/pricing"
)

var (
	admin   = models.Actor{Program: "test", Roles: []models.Role{models.Administrator}}
	vendor  = models.Key{Scheme: "test", Code: "vendor"}
	agency  = models.Key{Scheme: "test", Code: "agency"}
	journal = models.Key{Scheme: "test", Code: "journal"}
)

// peopled is a database with one vendor and one agency.
func peopled(t testing.TB) *db.DB {
	t.Helper()
	d := dbtest.New(t)
	dbtest.Write(t, d, admin, func(tx *db.Tx) error {
		for _, o := range []identity.Organisation{
			{Key: vendor, Kind: identity.Vendor, Names: models.Text{"en": "Vendor"}},
			{Key: agency, Kind: identity.Agency, Names: models.Text{"en": "Agency", "et": "Amet"}},
		} {
			if _, _, err := identity.Put(t.Context(), tx, &o); err != nil {
				return err
			}
		}
		return nil
	})
	return d
}

// full is a listing that says something in every field.
func full() catalogue.Listing {
	price, _ := models.ParseDecimal("0.45")
	day := models.NewDate(2026, 1, 15)
	return catalogue.Listing{
		Key: journal, Slug: "class-journal", Vendor: vendor, Life: catalogue.Closed, LifeSince: day,
		Reason: models.Text{"en": "Replaced", "et": "Asendatud"}, Unclaimed: true, Invented: true,
		Versions: []catalogue.Version{{
			State: catalogue.Published, Published: day, Checked: day, Note: models.Text{"en": "First"},
			Content: catalogue.Content{
				Language: "et",
				Words: map[string]catalogue.Words{
					"et": {Name: "Päevik", Summary: "Lühidalt", Description: "# Pikalt"},
					"en": {Name: "Journal"},
				},
				Categories: []string{"education"}, CPV: []string{"48190000-6"},
				Website: "https://journal.example/", Contact: "sales@journal.example",
				Sources: []catalogue.Source{{Title: "Register", URL: "https://register.example/", Seen: day}},
				Answers: []catalogue.Answer{
					{Question: "data_location", Values: []string{"EE", "FI"}, By: catalogue.ByVendor, Proof: catalogue.Document, Source: "Contract", Since: day},
					{Question: "iso_27001", Values: []string{"C-1"}, Issuer: "Body", By: catalogue.ByAssessor, Proof: catalogue.Tested, Since: day, Until: day.AddMonths(12)},
					{Question: "exit_cost", By: catalogue.ByVendor, Proof: catalogue.Stated},
					{Question: "features", Words: map[string][]string{"en": {"Grades", "Absences"}, "et": {"Hinded"}}, By: catalogue.ByVendor, Proof: catalogue.Stated},
				},
				Documents: []catalogue.Paper{
					{Code: "iso-27001", Titles: models.Text{"en": "Certificate", "et": "Sertifikaat"}, Kind: catalogue.PaperCertificate,
						URL: "https://journal.example/iso.pdf", Language: "en", Issued: day, ValidUntil: day.AddMonths(12), Proof: catalogue.Document,
						Answers: []string{"iso_27001", "data_location"}, Text: "The body certifies\nthe journal."},
					{Code: "terms", Titles: models.Text{"et": "Tingimused"}, Kind: catalogue.PaperTerms, Language: "et", Proof: catalogue.Stated},
				},
				Plans: []pricing.Plan{{Code: "standard", Name: models.Text{"en": "Standard"}, Currency: "EUR",
					Charges: []pricing.Charge{{Code: "pupils", Unit: "pupil", Per: pricing.PerMonth, Price: &price}}}},
				DemoPrice: true, Extra: json.RawMessage(`{"a":1}`),
			},
		}},
		Uses: []catalogue.Use{{Organisation: agency, Part: "north", Phase: catalogue.InUse, Since: day, Quantity: 2100, Unit: "pupil",
			Source: catalogue.Source{Title: "Annual report"}}},
	}
}

func put(t testing.TB, d *db.DB, l catalogue.Listing) catalogue.Done {
	t.Helper()
	var done catalogue.Done
	dbtest.Write(t, d, admin, func(tx *db.Tx) (err error) {
		done, err = catalogue.Put(t.Context(), tx, &l, 7)
		return err
	})
	return done
}

func TestAListingComesBackAsItWasPut(t *testing.T) {
	d := peopled(t)
	want := full()
	done := put(t, d, want)
	got, err := catalogue.FindListing(t.Context(), d, done.ID)
	if err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}
}

func TestPutTellsWhatItDid(t *testing.T) {
	second := func(l *catalogue.Listing) {
		v := l.Versions[0]
		v.Content.Words = map[string]catalogue.Words{"et": {Name: "Uus päevik"}}
		l.Versions = append(l.Versions, v)
		l.Versions[0].State = catalogue.Superseded
	}
	for _, tt := range []struct {
		name     string
		edit     func(*catalogue.Listing)
		outcome  catalogue.Outcome
		versions int
	}{
		{"the same again changes nothing", func(*catalogue.Listing) {}, catalogue.Unchanged, 1},
		{"a new text makes a version", func(l *catalogue.Listing) {
			l.Versions[0].Words = map[string]catalogue.Words{"et": {Name: "Uus päevik"}}
		}, catalogue.Changed, 2},
		{"a history that goes on adds what came after", second, catalogue.Changed, 2},
		{"another text of a document makes a version", func(l *catalogue.Listing) { l.Versions[0].Documents[0].Text = "Another" }, catalogue.Changed, 2},
		{"a document that goes makes a version", func(l *catalogue.Listing) { l.Versions[0].Documents = nil }, catalogue.Changed, 2},
		{"new users make no version", func(l *catalogue.Listing) { l.Uses = nil }, catalogue.Changed, 1},
		{"a new day of publication alone makes no version", func(l *catalogue.Listing) {
			l.Versions[0].Published = models.NewDate(2026, 2, 1)
		}, catalogue.Unchanged, 1},
	} {
		t.Run(tt.name, func(t *testing.T) {
			d := peopled(t)
			id := put(t, d, full()).ID
			l := full()
			tt.edit(&l)
			done := put(t, d, l)
			got, err := catalogue.FindListing(t.Context(), d, id)
			if err != nil {
				t.Fatal(err)
			}
			if done.Outcome != tt.outcome || done.ID != id || len(got.Versions) != tt.versions {
				t.Errorf("outcome %v of %d with %d versions, want %v of %d with %d", done.Outcome, done.ID, len(got.Versions), tt.outcome, id, tt.versions)
			}
			if last := got.Versions[len(got.Versions)-1]; last.State != catalogue.Published {
				t.Errorf("the newest version is %s", last.State)
			}
		})
	}
}

// What was published before there were documents still has the hash it had then.
func TestAVersionWithoutDocumentsKeepsItsHash(t *testing.T) {
	c := full().Versions[0].Content
	c.Documents = nil
	const want = "8c0064bb6851dc7297ccb8e0e9d5a9538bc1f61127a2a475a960ef805910abfd"
	if got, err := c.Hash(); got != want || err != nil {
		t.Errorf("hash %s, %v; want %s", got, err, want)
	}
}

func TestPutRefuses(t *testing.T) {
	for _, tt := range []struct {
		name  string
		edit  func(*catalogue.Listing)
		field string
	}{
		{"a vendor that is not known", func(l *catalogue.Listing) { l.Vendor.Code = "nobody" }, "vendor"},
		{"a user that is not known", func(l *catalogue.Listing) { l.Uses[0].Organisation.Code = "nobody" }, "uses[0].organisation"},
		{"the same use twice", func(l *catalogue.Listing) { l.Uses = append(l.Uses, l.Uses[0]) }, "uses"},
		{"no version", func(l *catalogue.Listing) { l.Versions = nil }, "versions"},
		{"two published versions", func(l *catalogue.Listing) { l.Versions = append(l.Versions, l.Versions[0]) }, "versions"},
		{"a closed life without a reason", func(l *catalogue.Listing) { l.Reason = nil }, "reason"},
		{"a newest version that is superseded", func(l *catalogue.Listing) { l.Versions[0].State = catalogue.Superseded }, "versions[0].state"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			d := peopled(t)
			l := full()
			tt.edit(&l)
			err := d.Write(t.Context(), admin, func(tx *db.Tx) error {
				_, err := catalogue.Put(t.Context(), tx, &l, 0)
				return err
			})
			var wrong models.Invalid
			if !errors.As(err, &wrong) || wrong[tt.field] == "" {
				t.Errorf("got %v, want a complaint about %s", err, tt.field)
			}
		})
	}
	t.Run("whoever is no administrator", func(t *testing.T) {
		d := peopled(t)
		l := full()
		err := d.Write(t.Context(), models.Actor{AccountID: 1, Roles: []models.Role{models.VendorEditor}}, func(tx *db.Tx) error {
			_, err := catalogue.Put(t.Context(), tx, &l, 0)
			return err
		})
		if !errors.Is(err, models.ErrForbidden) {
			t.Errorf("got %v, want forbidden", err)
		}
	})
}

func TestRestorePutsAnOfferingBack(t *testing.T) {
	d := peopled(t)
	id := put(t, d, full()).ID
	changed := full()
	changed.Versions[0].Words = map[string]catalogue.Words{"et": {Name: "Uus päevik"}}
	changed.Versions[0].Documents[1].Proof = catalogue.Tested
	changed.Uses, changed.Life, changed.Reason = nil, catalogue.Open, nil
	done := put(t, d, changed)

	restore := func(revision int64) error {
		return d.Write(t.Context(), admin, func(tx *db.Tx) error {
			return catalogue.Restore(t.Context(), tx, id, revision, done.Before)
		})
	}
	if err := restore(done.Revision - 1); !errors.Is(err, models.ErrConflict) {
		t.Errorf("restore after somebody else's change: %v, want conflict", err)
	}
	if err := restore(done.Revision); err != nil {
		t.Fatal(err)
	}
	got, err := catalogue.FindListing(t.Context(), d, id)
	if err != nil {
		t.Fatal(err)
	}
	if want := full(); !reflect.DeepEqual(got, want) {
		t.Errorf("got  %+v\nwant %+v", got, want)
	}
	if again := put(t, d, full()); again.Outcome != catalogue.Unchanged {
		t.Errorf("the first listing put again after the restore: %v, want unchanged", again.Outcome)
	}
}

func TestAPublishedVersionCannotBeRewritten(t *testing.T) {
	for _, tt := range []struct{ name, sql string }{
		{"its head", `UPDATE versions SET hash = 'x'`},
		{"its words", `UPDATE version_words SET name = 'x'`},
		{"an answer", `UPDATE answer_values SET value = 'x'`},
		{"a price", `UPDATE plans SET definition = '{}'`},
		{"the text of a document", `UPDATE version_documents SET words = 'x'`},
		{"the title of a document", `UPDATE version_document_titles SET title = 'x'`},
		{"what a document proves", `DELETE FROM version_document_questions`},
		{"by taking words away", `DELETE FROM version_words`},
		{"by taking documents away", `DELETE FROM version_documents`},
		{"the trail of who did what", `UPDATE audit_events SET actor = 'x'`},
		{"by removing the trail", `DELETE FROM audit_events`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			d := peopled(t)
			put(t, d, full())
			err := d.Write(t.Context(), admin, func(tx *db.Tx) error {
				_, err := tx.Exec(t.Context(), tt.sql)
				return err
			})
			if !db.Refused(err) {
				t.Errorf("got %v, want a refusal by the database", err)
			}
		})
	}
}

func TestSuccessorsAreLinkedWhenTheyCome(t *testing.T) {
	d := peopled(t)
	old := full()
	old.Successor = models.Key{Scheme: "test", Code: "next"}
	done := put(t, d, old)
	if !done.Successor {
		t.Fatal("an unknown successor was not told")
	}
	link := func() error {
		return d.Write(t.Context(), admin, func(tx *db.Tx) error { return catalogue.Link(t.Context(), tx, done.ID, old.Successor) })
	}
	if err := link(); !errors.Is(err, models.ErrNotFound) {
		t.Errorf("link to nothing: %v, want not found", err)
	}
	next := full()
	next.Key, next.Uses = old.Successor, nil
	id := put(t, d, next).ID
	if err := link(); err != nil {
		t.Fatal(err)
	}
	if o, err := catalogue.Find(t.Context(), d, done.ID); err != nil || o.Successor != id {
		t.Errorf("successor %d, %v; want %d", o.Successor, err, id)
	}
	if again := put(t, d, old); again.Outcome != catalogue.Unchanged {
		t.Errorf("put again: %v, want unchanged", again.Outcome)
	}
}
