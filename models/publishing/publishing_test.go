package publishing_test

import (
	"io/fs"
	"os"
	"testing"

	"pilveturg/db"
	"pilveturg/db/dbtest"
	"pilveturg/models"
	"pilveturg/models/catalogue"
	"pilveturg/models/identity"
	"pilveturg/models/pricing"
	"pilveturg/models/publishing"
)

var admin = models.Actor{Program: "test", Roles: []models.Role{models.Administrator}}

// house is a database with two vendors, a body that buys, the operator, and a person in
// each role.
type house struct {
	*db.DB
	t                               testing.TB
	schema                          *catalogue.Schema
	vendor, rival, agency, operator int64
	editor, manager                 models.Actor // of the vendor
	other                           models.Actor // manager of the rival
	buyer                           models.Actor
	moderator, second               models.Actor
	staff                           models.Actor // administrator, a person
}

func newHouse(t testing.TB) *house {
	t.Helper()
	h := &house{DB: dbtest.New(t), t: t, schema: loadSchema(t)}
	h.vendor = h.organisation("vendor", identity.Vendor)
	h.rival = h.organisation("rival", identity.Vendor)
	h.agency = h.organisation("agency", identity.Agency)
	h.operator = h.organisation("operator", identity.Operator)
	h.editor = h.person("editor", h.vendor, models.VendorEditor)
	h.manager = h.person("manager", h.vendor, models.VendorManager)
	h.other = h.person("other", h.rival, models.VendorManager)
	h.buyer = h.person("buyer", h.agency, models.Buyer)
	h.moderator = h.person("moderator", h.operator, models.Moderator)
	h.second = h.person("second", h.operator, models.Moderator)
	h.staff = h.person("staff", h.operator, models.Administrator)
	return h
}

func loadSchema(t testing.TB) *catalogue.Schema {
	t.Helper()
	var files fs.FS = os.DirFS("../../db/catalogue")
	s, err := catalogue.LoadSchema(files)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func (h *house) must(a models.Actor, f func(*db.Tx) error) {
	h.t.Helper()
	dbtest.Write(h.t, h.DB, a, f)
}

func (h *house) organisation(code string, kind identity.Kind) int64 {
	h.t.Helper()
	o := identity.Organisation{Key: models.Key{Scheme: "test", Code: code}, Kind: kind, Website: "https://" + code + ".example/",
		Names: models.Text{"en": "The " + code, "et": "See " + code}}
	h.must(admin, func(tx *db.Tx) error { _, _, err := identity.Put(h.t.Context(), tx, &o); return err })
	return o.ID
}

func (h *house) person(name string, org int64, role models.Role) models.Actor {
	h.t.Helper()
	a := identity.Account{Mail: name + "@test.example", Name: name, Language: "en"}
	h.must(admin, func(tx *db.Tx) error {
		if err := identity.AddAccount(h.t.Context(), tx, &a); err != nil {
			return err
		}
		_, err := identity.AddMember(h.t.Context(), tx, a.ID, org, identity.Powers{Roles: []models.Role{role}})
		return err
	})
	return models.Actor{AccountID: a.ID, OrgID: org, Roles: []models.Role{role}}
}

func decimal(t testing.TB, s string) models.Decimal {
	t.Helper()
	d, err := models.ParseDecimal(s)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// content is a listing that says all that is needed, in both languages.
func content(t testing.TB, name string) catalogue.Content {
	t.Helper()
	price, vat, year, month, cap := decimal(t, "0.45"), decimal(t, "24"), 12, 30, decimal(t, "3")
	said := func(q string, values ...string) catalogue.Answer {
		return catalogue.Answer{Question: q, Values: values, By: catalogue.ByVendor, Proof: catalogue.Stated}
	}
	return catalogue.Content{
		Language: "et",
		Words: map[string]catalogue.Words{
			"et": {Name: name, Summary: "Päevik koolidele", Description: "Hinded ja puudumised."},
			"en": {Name: name, Summary: "A journal for schools", Description: "Grades and absences."},
		},
		Categories: []string{"school-journals"}, CPV: []string{"48190000-6"},
		Website: "https://vendor.example/journal", Contact: "sales@vendor.example",
		Answers: []catalogue.Answer{
			said("service_model", "saas"), said("interface_languages", "et", "en"), said("data_countries", "EE"), said("personal_data", "children"),
			said("sign_in", "id_card"), said("accessibility_level", "partly"), said("start_days", "5"), said("minimum_term", "12"),
			said("notice_days", "30"), said("export_formats", "csv"), said("support_channels", "email"), said("availability", "99.5"),
		},
		Plans: []pricing.Plan{{Code: "standard", Name: models.Text{"en": "Standard", "et": "Tavaline"}, Currency: "EUR", VAT: &vat,
			Terms:   pricing.Terms{MinimumMonths: &year, NoticeDays: &month, RiseCap: &cap},
			Charges: []pricing.Charge{{Code: "pupils", Unit: "pupil", Per: pricing.PerMonth, Price: &price}}}},
	}
}

// begin makes a new offering with a draft.
func (h *house) begin(a models.Actor, c catalogue.Content) (offering int64) {
	h.t.Helper()
	h.must(a, func(tx *db.Tx) (err error) {
		offering, err = publishing.Begin(h.t.Context(), tx, h.vendor, c)
		return err
	})
	return offering
}

func (h *house) draft(a models.Actor, offering int64) publishing.Draft {
	h.t.Helper()
	d, err := publishing.FindDraft(h.t.Context(), h, a, offering)
	if err != nil {
		h.t.Fatal(err)
	}
	return d
}

// save changes the draft of an offering, which is begun when there is none.
func (h *house) save(a models.Actor, offering int64, change func(*catalogue.Content)) publishing.Draft {
	h.t.Helper()
	var d publishing.Draft
	h.must(a, func(tx *db.Tx) (err error) {
		if d, err = publishing.Edit(h.t.Context(), tx, offering); err != nil {
			return err
		}
		d, err = publishing.Save(h.t.Context(), tx, offering, d.Revision, func(d *publishing.Draft) error { change(&d.Content); return nil })
		return err
	})
	return d
}

// send sends the draft as it is.
func (h *house) send(a models.Actor, offering int64) publishing.Sent {
	h.t.Helper()
	var s publishing.Sent
	h.must(a, func(tx *db.Tx) (err error) {
		d, err := publishing.FindDraft(h.t.Context(), tx, a, offering)
		if err != nil {
			return err
		}
		s, err = publishing.Send(h.t.Context(), tx, h.schema, offering, d.Revision)
		return err
	})
	return s
}

// decision is one about what waits as it is.
func (h *house) decision(submission int64, message string) publishing.Decision {
	h.t.Helper()
	s, err := publishing.FindSubmission(h.t.Context(), h, admin, submission)
	if err != nil {
		h.t.Fatal(err)
	}
	return publishing.Decision{Submission: s.ID, Hash: s.Hash, Message: message, Checked: publishing.ToCheck(s.Risks)}
}

// live makes a new offering that buyers see.
func (h *house) live(name string) (offering int64) {
	h.t.Helper()
	offering = h.begin(h.editor, content(h.t, name))
	sent := h.send(h.editor, offering)
	h.must(h.moderator, func(tx *db.Tx) error {
		_, err := publishing.Approve(h.t.Context(), tx, h.decision(sent.Submission, ""))
		return err
	})
	return offering
}

func (h *house) offering(id int64) catalogue.Offering {
	h.t.Helper()
	o, err := catalogue.Find(h.t.Context(), h, id)
	if err != nil {
		h.t.Fatal(err)
	}
	return o
}
