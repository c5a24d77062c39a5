package handlers

import (
	"context"
	"errors"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"

	"pilveturg/db"
	"pilveturg/models"
	"pilveturg/models/catalogue"
	"pilveturg/models/identity"
	"pilveturg/models/pricing"
	"pilveturg/models/publishing"
)

// testContent is a listing that can be sent.
func testContent(t testing.TB, name string) catalogue.Content {
	t.Helper()
	price, err := models.ParseDecimal("0.45")
	if err != nil {
		t.Fatal(err)
	}
	said := func(q string, values ...string) catalogue.Answer {
		return catalogue.Answer{Question: q, Values: values, By: catalogue.ByVendor, Proof: catalogue.Stated}
	}
	return catalogue.Content{
		Language: "et", Words: map[string]catalogue.Words{"et": {Name: name, Summary: "Päevik koolidele"}, "en": {Name: name, Summary: "A journal for schools"}},
		Categories: []string{"school-journals"}, Website: "https://tahvel.example/paevik", Contact: "sales@elsewhere.example",
		Answers: []catalogue.Answer{
			said("service_model", "saas"), said("interface_languages", "et", "en"), said("data_countries", "EE"), said("personal_data", "children"),
			said("sign_in", "id_card"), said("accessibility_level", "partly"), said("start_days", "5"), said("minimum_term", "12"),
			said("notice_days", "30"), said("export_formats", "csv"), said("support_channels", "email"), said("availability", "99.5"),
		},
		Plans: []pricing.Plan{{Code: "standard", Name: models.Text{"en": "Standard"}, Currency: "EUR",
			Charges: []pricing.Charge{{Code: "pupils", Unit: "pupil", Per: pricing.PerMonth, Price: &price}}}},
	}
}

// sent makes an offering of a vendor on behalf of a and sends it.
func (p *peopleSite) sent(a models.Actor, vendor int64, c catalogue.Content) (offering, submission int64) {
	p.t.Helper()
	err := p.DB.Write(p.t.Context(), a, func(tx *db.Tx) error {
		id, err := publishing.Begin(p.t.Context(), tx, vendor, c)
		if err != nil {
			return err
		}
		offering = id
		out, err := publishing.Send(p.t.Context(), tx, p.Schema, id, 1)
		submission = out.Submission
		return err
	})
	if err != nil {
		p.t.Fatal(err)
	}
	return offering, submission
}

// resent changes what an offering says and sends it.
func (p *peopleSite) resent(a models.Actor, offering int64, change func(*catalogue.Content)) (submission int64) {
	p.t.Helper()
	err := p.DB.Write(p.t.Context(), a, func(tx *db.Tx) error {
		d, err := publishing.Edit(p.t.Context(), tx, offering)
		if err != nil {
			return err
		}
		d, err = publishing.Save(p.t.Context(), tx, offering, d.Revision, func(d *publishing.Draft) error { change(&d.Content); return nil })
		if err != nil {
			return err
		}
		out, err := publishing.Send(p.t.Context(), tx, p.Schema, offering, d.Revision)
		submission = out.Submission
		return err
	})
	if err != nil {
		p.t.Fatal(err)
	}
	return submission
}

// vendorEditor is a person who writes for Tahvel Näidis OÜ.
func (p *peopleSite) vendorEditor() models.Actor {
	p.t.Helper()
	account := p.person("editor@tahvel.example")
	p.write(func(tx *db.Tx) error {
		_, err := identity.AddMember(p.t.Context(), tx, account, 3, editor)
		return err
	})
	return models.Actor{AccountID: account, OrgID: 3, Roles: []models.Role{models.VendorEditor}}
}

func (p *peopleSite) seenHash(submission int64) string {
	p.t.Helper()
	s, err := publishing.FindSubmission(p.t.Context(), p.DB, p.admin, submission)
	if err != nil {
		p.t.Fatal(err)
	}
	return s.Hash
}

func TestAModeratorWorksThroughTheQueue(t *testing.T) {
	p := newPeopleSite(t)
	e := p.vendorEditor()
	c := testContent(t, "Uus päevik")
	c.Words["en"] = catalogue.Words{Name: "New journal", Summary: "The best journal <b>"}
	offering, first := p.sent(e, 3, c)
	p.later(26 * time.Hour)
	_, second := p.sent(e, 3, testContent(t, "Teine päevik"))
	b := p.administrator()
	b.open("/en/admin", 200, "Listings to decide")
	b.open("/en/admin/moderation/listings", 200, "2 listings wait for a decision", "New journal", "Tahvel Näidis OÜ", "New service", "1 word that claims", "contact under another domain",
		"1 day", "to be decided by", "Listings (2)", "Vendors (0)", "Nothing was decided this month yet")
	page := "/en/admin/moderation/listings/" + strconv.FormatInt(first, 10)
	hash := p.seenHash(first)
	b.open(page, 200, "<h1>New journal: what changes", "The listing of the new service", "“best” (English)", "not checked", "VAT is not told", "another than that of the vendor", hash, "The best journal <b>")
	b.post(page, 422, "seen", hash, "message", "Hm.", "", "Choose what you decide", "Hm.</textarea>")
	b.post(page, 422, "seen", hash, "decision", "publish", "", "Tick what you looked at")
	b.post(page, 422, "seen", hash, "decision", "refuse", "", "Write to the vendor what to put right")
	b.post(page, 200, "seen", hash, "decision", "publish", "checked", "claims", "checked", "price", "", "Published: New journal.", "<h1>Teine päevik: what changes")
	if o, err := catalogue.Find(t.Context(), p.DB, offering); err != nil || o.Published != 1 {
		t.Errorf("published: %+v, %v", o, err)
	}
	b.open("/en/services/sc-"+strconv.FormatInt(offering, 10)+"-uus-paevik", 200, "New journal")
	next := "/en/admin/moderation/listings/" + strconv.FormatInt(second, 10)
	b.post(next, 200, "seen", p.seenHash(second), "decision", "send_back", "answer", "price", "message", "Ja allikas.", "", "Sent back: Teine päevik.", "The queue is empty")
	s, err := publishing.FindSubmission(t.Context(), p.DB, p.admin, second)
	if err != nil || !strings.HasPrefix(s.Message, "Täiendage hinda") || !strings.HasSuffix(s.Message, "Ja allikas.") {
		t.Errorf("the vendor is told %q, %v", s.Message, err)
	}
	b.open("/en/admin/moderation/listings/999", 404)
}

func TestWhatWasSentAgainIsShownInstead(t *testing.T) {
	p := newPeopleSite(t)
	e := p.vendorEditor()
	offering, first := p.sent(e, 3, testContent(t, "Päevik"))
	hash := p.seenHash(first)
	b := p.administrator()
	page := "/en/admin/moderation/listings/" + strconv.FormatInt(first, 10)
	b.open(page, 200, "Waits for a decision")
	second := p.resent(e, offering, func(c *catalogue.Content) { c.Contact = "second@tahvel.example" })
	b.post(page, 409, "seen", hash, "decision", "publish", "checked", "claims", "checked", "price", "message", "Good.", "", "Nothing was decided", "second@tahvel.example",
		"Good.</textarea>", p.seenHash(second), `action="/en/admin/moderation/listings/`+strconv.FormatInt(second, 10)+`"`, "!checked>")
	b.open(page, 200, "The vendor sent again meanwhile", "!<textarea")
	if o, err := catalogue.Find(t.Context(), p.DB, offering); err != nil || o.Published != 0 {
		t.Errorf("published: %+v, %v", o, err)
	}
}

func TestWhatWentLiveAtOnceIsTickedOff(t *testing.T) {
	p := newPeopleSite(t)
	e := p.vendorEditor()
	offering, _ := p.sent(p.admin, 3, testContent(t, "Päevik"))
	live := p.resent(e, offering, func(c *catalogue.Content) { c.Contact = "new@tahvel.example" })
	b := p.administrator()
	b.open("/en/admin/moderation/listings", 200, "1 change is live at once", "The queue is empty")
	page := "/en/admin/moderation/listings/" + strconv.FormatInt(live, 10)
	b.open(page, 200, "Changes to version 1", "new@tahvel.example", "Looked at")
	b.post(page+"/seen", 200, "", "The change was looked at.", "0 changes are live at once")
	b.post(page+"/seen", 200)
}

func TestLinksAreCheckedWhereSomebodyAsks(t *testing.T) {
	p := newPeopleSite(t)
	_, id := p.sent(p.vendorEditor(), 3, testContent(t, "Päevik"))
	asked := 0
	p.CheckLinks = func(_ context.Context, urls []string) map[string]error {
		asked += len(urls)
		return map[string]error{urls[0]: errors.New("no such host")}
	}
	b := p.administrator()
	b.open("/en/admin/moderation/listings/"+strconv.FormatInt(id, 10), 200, "does not answer: https://tahvel.example/paevik")
	if asked != 1 {
		t.Errorf("asked for %d links", asked)
	}
}

func TestAVendorWithdrawsAServiceAndStaffRestoreIt(t *testing.T) {
	p := newPeopleSite(t)
	offering, _ := p.sent(p.admin, 3, testContent(t, "Päevik"))
	number := strconv.FormatInt(offering, 10)
	v, _ := p.manager("boss@tahvel.example", 3)
	page := "/en/vendor/listings/" + number + "/standing"
	v.open("/en/vendor/listings/"+number, 200, "Close, withdraw or reopen")
	v.open(page, 200, "Päevik: whether it can be had", "Open", "!Suspend it")
	v.post(page, 422, "seen", "open", "", "Choose what changes")
	v.post(page, 422, "seen", "open", "life", "withdrawn", "reason_en", "We close.", "", "Confirm that it is to be withdrawn", "We close.</textarea>")
	v.post(page, 422, "seen", "open", "life", "closed", "", "Say why")
	v.post(page, 422, "seen", "open", "life", "closed", "reason_en", "We close.", "successor", "SC-999", "", "Buyers see no service of this number")
	v.post(page, 409, "seen", "closed", "life", "withdrawn", "sure", "yes", "reason_en", "We close.", "", "Nothing was changed")
	v.post(page, 200, "seen", "open", "life", "withdrawn", "sure", "yes", "reason_en", "We close.", "successor", "SC-1", "", "The service is withdrawn.", "Only the operator can restore", "!<textarea")
	v.open("/en/services/sc-"+number+"-paevik", 410, "We close.")
	v.open("/en/vendor/listings/1/standing", 200) // theirs, too
	others, _ := p.sent(p.admin, 4, testContent(t, "Teine"))
	v.open("/en/vendor/listings/"+strconv.FormatInt(others, 10)+"/standing", 404)
	b := p.administrator()
	b.post("/en/admin/listings/"+number+"/standing", 200, "seen", "withdrawn", "life", "open", "", "The service is open.")
	b.open("/en/services/sc-"+number+"-paevik", 200, "Päevik")
}

// aSubmission waits for a decision.
func (w *walls) aSubmission(*caller) string {
	_, id := w.sent(w.writer(), 3, testContent(w.t, w.word()))
	return strconv.FormatInt(id, 10)
}

// writer is an editor of the one vendor.
func (w *walls) writer() models.Actor {
	for _, c := range w.callers {
		if c.role == models.VendorEditor && c.org == 3 {
			return c.actor()
		}
	}
	w.t.Fatal("nobody writes for the vendor")
	return models.Actor{}
}

// aLiveChange went live at once.
func (w *walls) aLiveChange(*caller) string {
	offering, _ := w.sent(w.admin, 3, testContent(w.t, w.word()))
	id := w.resent(w.writer(), offering, func(c *catalogue.Content) { c.Contact = "new@tahvel.example" })
	return strconv.FormatInt(id, 10)
}

func (w *walls) anOffering(*caller) string {
	id, _ := w.sent(w.admin, 3, testContent(w.t, w.word()))
	return strconv.FormatInt(id, 10)
}

// anOfferingOfOwn is one of the owner's vendor.
func (w *walls) anOfferingOfOwn(owner *caller) string {
	id, _ := w.sent(w.admin, owner.org, testContent(w.t, w.word()))
	return strconv.FormatInt(id, 10)
}

// sendBack is the form of who has seen what waits at the address.
func (w *walls) sendBack(_ *caller, address string) url.Values {
	form := url.Values{"decision": {"send_back"}, "message": {"Because."}}
	if id, err := strconv.ParseInt(strings.Split(address, "/")[5], 10, 64); err == nil {
		if s, err := publishing.FindSubmission(w.t.Context(), w.DB, w.admin, id); err == nil {
			form.Set("seen", s.Hash)
		}
	}
	return form
}
