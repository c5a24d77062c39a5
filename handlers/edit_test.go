package handlers

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"pilveturg/db"
	"pilveturg/handlers/fetch"
	"pilveturg/models"
	"pilveturg/models/catalogue"
	"pilveturg/models/exchange"
	"pilveturg/models/publishing"
)

// fields are those of the form of a section on its page, as a browser would send them.
func (b *browser) fields(address string) url.Values {
	b.t.Helper()
	b.open(address, 200)
	return b.sends(b.last.Body.String(), func(n *html.Node) bool { return hasAttr(n, "data-autosave") })
}

// sends are the fields of a form of a page, as a browser would send them.
func (b *browser) sends(body string, which func(*html.Node) bool) url.Values {
	b.t.Helper()
	page, err := html.Parse(strings.NewReader(body))
	if err != nil {
		b.t.Fatal(err)
	}
	f := &form{fields: url.Values{}}
	for _, n := range all(page, "form", which) {
		for _, name := range []string{"input", "select", "textarea"} {
			for _, c := range all(n, name, nil) {
				f.control(c)
			}
		}
	}
	return f.fields
}

// saves sends the form of a section with what was typed over it.
func (b *browser) saves(address, act string, typed url.Values, code int, texts ...string) {
	b.t.Helper()
	form := b.fields(address)
	for name, all := range typed {
		form[name] = all
	}
	form.Set("act", act)
	b.send("POST", address, form)
	b.follow("POST "+address, address, code, texts...)
}

// newListing begins one and returns its address.
func (b *browser) newListing() string {
	b.t.Helper()
	b.post(editorAt, 200)
	return strings.TrimSuffix(b.at, "/edit/basics")
}

const editorAt = "/en/vendor/listings"

func TestAListingIsWrittenSectionBySection(t *testing.T) {
	p := newPeopleSite(t)
	b := p.seller("editor@tahvel.example", models.VendorEditor)
	own := b.newListing()
	b.open(own, 200, "no name yet", "0 of 12 needed answers", "Not begun")
	b.saves(own+"/edit/basics", "next", url.Values{"name": {"Journal <i>"}, "summary": {"For schools"}, "category0": {"school-journals"}, "a.service_model": {"saas"}, "a.interface_languages": {"et", "en"}},
		200, "<h1>Price plans</h1>", "Plan 1", "No plan yet. Buyers see")
	b.saves(own+"/edit/prices", "next", url.Values{"p0.name.en": {"Basic"}, "p0.c0.unit": {"pupil"}, "p0.c0.s0.price": {"0,75"}}, 200, "<h1>Data and security</h1>")
	b.open(own+"/edit/prices", 200, "€0.75 per pupil a month", "€900.00", "€4,500.00", "€18,000.00")
	b.saves(own+"/edit/data", "next", url.Values{"a.data_countries": {"EE"}, "a.personal_data": {"children"}, "a.sign_in": {"id_card"}}, 200, "<h1>Accessibility</h1>")
	b.saves(own+"/edit/accessibility", "next", url.Values{"a.accessibility_level": {"partly"}}, 200, "<h1>Starting and leaving</h1>")
	b.saves(own+"/edit/leaving", "next", url.Values{"a.start_days": {"5"}, "a.minimum_term": {"12"}, "a.notice_days": {"30"}, "a.export_formats": {"csv"}, "a.support_channels": {"email"}, "a.availability": {"99,5"}},
		200, "<h1>Documents</h1>")
	b.saves(own+"/edit/documents", "next", nil, 200, "<h1>Languages</h1>", "For schools")
	b.saves(own+"/edit/languages", "next", url.Values{"name@et": {"Päevik"}, "summary@et": {"Koolidele"}}, 200, "12 of 12 needed answers", "Completed", "!Not begun", "2 languages")
	b.open(own+"/preview", 200, "Preview of the draft", "Journal <i>", "€0.75", "Send to a moderator", "!/preview.json", "!/preview/price", "!/preview/changes")
	b.open("/et"+strings.TrimPrefix(own, "/en")+"/preview", 200, "Mustandi eelvaade", "Päevik", "Koolidele")
	b.open("/en/services/sc-"+strings.TrimPrefix(own, editorAt+"/"), 404)
	b.open(own+"/submit", 200, "What waits for a moderator", "What moderators are shown", "The minimum term is not told")
	seen := b.fields(own + "/edit/basics").Get("seen")
	b.post(own+"/submit", 409, "seen", "1", "", "Somebody changed the draft while you looked at it")
	b.post(own+"/submit", 200, "seen", seen, "", "It was sent and waits for a moderator", "Waiting for a moderator", "Take back what was sent")
	b.post(own+"/withdrawal", 200, "", "It was taken back", "Taken back")
	p.seller("editor2@other.example", models.VendorEditor).open(own, 200) // a colleague
	p.sellerOf(4, models.VendorEditor).open(own, 404)
}

func TestWhatCannotBeKeptIsShownAgain(t *testing.T) {
	p := newPeopleSite(t)
	b := p.seller("editor@tahvel.example", models.VendorEditor)
	own := b.newListing()
	bad := url.Values{"name": {"Good"}, "summary": {"Well"}, "category0": {"education"}, "contact": {"<script>alert(1)</script>"}, "a.features": {"one\ntwo"}}
	b.saves(own+"/edit/basics", "next", bad, 422, "There is a problem", "Enter an e-mail address", "<h1>Basics</h1>")
	b.open(own, 200, "Good", "1 problem") // what is right is kept all the same
	f := b.fields(own + "/edit/basics")
	for name, want := range bad {
		if got := f.Get(name); got != want[0] {
			t.Errorf("%s is shown again as %q, want %q", name, got, want[0])
		}
	}
	b.open("/et"+strings.TrimPrefix(own, "/en")+"/edit/basics", 200, "Sisestage e-posti aadress")
	if strings.Contains(b.last.Body.String(), "<script>alert") {
		t.Error("what was typed is markup")
	}
	b.open(own+"/submit", 200, "Put right what is marked in: Basics", "Answer: ", "!Send to a moderator")
	seen := b.fields(own + "/edit/basics").Get("seen")
	b.post(own+"/submit", 422, "seen", seen, "", "It cannot be sent yet")
	b.saves(own+"/edit/basics", "save", url.Values{"contact": {"sales@tahvel.example"}}, 200, "!There is a problem")
}

func TestButtonsOfTheBuilderSaveWhatWasTyped(t *testing.T) {
	p := newPeopleSite(t)
	b := p.seller("editor@tahvel.example", models.VendorEditor)
	prices := b.newListing() + "/edit/prices"
	b.saves(prices, "add-tier:0:0", url.Values{"p0.name.en": {"Half"}, "p0.c0.s0.price": {"not yet"}}, 200, "Tier 2: price", "!There is a problem")
	f := b.fields(prices)
	if f.Get("p0.name.en") != "Half" || f.Get("p0.c0.s0.price") != "not yet" || !f.Has("p0.c0.s1.price") {
		t.Errorf("after adding a tier: %v", f)
	}
	b.saves(prices, "copy-plan:0", nil, 200, "Plan 2")
	b.saves(prices, "drop-plan:1", nil, 200, "!Plan 2")
	b.saves(prices, "next", nil, 422, "Write the number in digits")
	papers := strings.Replace(prices, "prices", "documents", 1)
	b.saves(papers, "add-paper", nil, 200, "Document 1", "!There is a problem")
	b.saves(papers, "save", url.Values{"d0.title": {"Terms"}, "d0.url": {"https://tahvel.example/terms"}}, 200)
	b.saves(papers, "drop-paper:0", nil, 200, "!Document 1")
}

func TestSavingByItself(t *testing.T) {
	p := newPeopleSite(t)
	b := p.seller("editor@tahvel.example", models.VendorEditor)
	basics := b.newListing() + "/edit/basics"
	f := b.fields(basics)
	f.Set("act", "autosave")
	f.Set("name", "Half a na")
	if w := b.send("POST", basics, f); w.Code != 200 || w.Body.String() != "2" {
		t.Fatalf("answers %d %q, want the revision 2", w.Code, w.Body)
	}
	f.Set("seen", "2")
	f.Set("name", "Half a name")
	if w := b.send("POST", basics, f); w.Code != 200 || w.Body.String() != "3" {
		t.Errorf("then %d %q, want the revision 3", w.Code, w.Body)
	}
	if w := b.send("POST", basics, f); w.Code != 409 {
		t.Errorf("with what was seen before that: %d %q", w.Code, w.Body)
	}
	if got := b.fields(basics).Get("name"); got != "Half a name" {
		t.Errorf("the name is %q", got)
	}
	b.post("/en/sign-out", 200)
	if w := b.send("POST", basics, f); w.Code != 303 {
		t.Errorf("who has signed out is answered %d; the script takes any but a good answer for a fault", w.Code)
	}
}

func TestTwoPeopleWriteTheSameSection(t *testing.T) {
	p := newPeopleSite(t)
	mine, other := p.seller("editor@tahvel.example", models.VendorEditor), p.seller("second@tahvel.example", models.VendorManager)
	basics := mine.newListing() + "/edit/basics"
	good := url.Values{"name": {"First"}, "summary": {"S"}, "category0": {"education"}}
	mine.saves(basics, "save", good, 200)
	form := mine.fields(basics)
	other.saves(basics, "save", url.Values{"name": {"Theirs"}}, 200)
	form.Set("name", "Mine")
	form.Set("act", "save")
	mine.send("POST", basics, form)
	page := mine.follow("POST "+basics, basics, 409, "Somebody else saved this too", "<del>Theirs</del>", "<ins>Mine</ins>", "Keep what I wrote", "Leave it as they saved it")
	if got := other.fields(basics).Get("name"); got != "Theirs" {
		t.Errorf("before anything is chosen the name is %q", got)
	}
	again := mine.sends(page, func(n *html.Node) bool { return strings.Contains(attr(n, "action"), "/edit/") })
	again.Set("act", "save")
	mine.send("POST", basics, again)
	mine.follow("POST "+basics, basics, 200)
	if got := other.fields(basics).Get("name"); got != "Mine" {
		t.Errorf("after keeping one's own the name is %q", got)
	}
}

func TestADraftIsThrownAwayAndTakenBack(t *testing.T) {
	p := newPeopleSite(t)
	b := p.seller("manager@tahvel.example", models.VendorManager)
	own := b.newListing()
	b.saves(own+"/edit/basics", "save", url.Values{"name": {"Lost"}, "summary": {"S"}, "category0": {"education"}}, 200)
	b.post(own+"/removal", 200, "", "You can take it back within 10 minutes", "Take the draft back", "!Lost")
	b.open(own+"/edit/basics", 404)
	b.post(own+"/restoration", 200, "", "The draft is back", "Lost")
}

func TestAPublishedServiceIsChangedAndPutBack(t *testing.T) {
	p := newPeopleSite(t)
	b := p.seller("manager@tahvel.example", models.VendorManager)
	id, _ := p.sent(p.admin, 3, testContent(t, "Tahvel"))
	own := editorAt + "/" + strings.TrimPrefix(catalogue.Number(id), "SC-")
	b.open(own+"/edit/basics", 200, "No draft: this is version 1")
	b.open(own+"/submit", 200, "There is no draft")
	b.saves(own+"/edit/basics", "save", url.Values{"contact": {"info@tahvel.example"}}, 200, "Draft of version 2")
	b.open(own+"/submit", 200, "What changes from version 1", "Nothing in this change has to wait", "Publish now")
	b.post(own+"/submit", 200, "seen", b.fields(own+"/edit/basics").Get("seen"), "", "Buyers see it now.")
	b.open(own+"/history", 200, "Version 2", "What buyers see now", "Put back")
	b.post(own+"/draft", 200, "version", "1", "", "The older version is a draft now")
	if got := b.fields(own + "/edit/basics").Get("contact"); got != "sales@elsewhere.example" {
		t.Errorf("put back, the contact is %q", got)
	}
	b.post(own+"/draft", 200, "version", "1", "", "There is a draft already")
	b.saves(own+"/edit/prices", "save", url.Values{"p0.c0.s0.price": {"0.90"}}, 200)
	b.open(own+"/submit", 200, "What waits for a moderator", "Send to a moderator", "What changed")
	seen := b.fields(own + "/edit/basics").Get("seen")
	b.post(own+"/submit", 409, "seen", "1", "note", "It is dearer", "", "Somebody changed the draft", `value="It is dearer"`)
	b.post(own+"/submit", 422, "seen", seen, "note", strings.Repeat("x", catalogue.MaxSummary+1), "", "There is a problem", "It cannot be sent yet")
	b.post(own+"/submit", 200, "seen", seen, "note", "Maps <b>cost</b> more", "", "It was sent and waits")
	var submission int64
	if err := p.DB.Get(t.Context(), &submission, `SELECT max(id) FROM submissions`); err != nil {
		t.Fatal(err)
	}
	moderator, _ := p.vendorBrowser("moderator@office.example", p.admin.OrgID, models.Moderator)
	moderator.open(fmt.Sprintf("/en%s/%d", moderationPath, submission), 200, "Maps <b>cost</b> more")
}

const aPublicCode = "publiccodeYmlVersion: \"0.4\"\nname: Code\nurl: https://a.example/c.git\nplatforms: [web]\nsoftwareType: standalone/web\ndevelopmentStatus: stable\nlegal: {license: MIT}\nmaintenance: {type: none}\nlocalisation: {localisationReady: true, availableLanguages: [en]}\ndescription:\n  en:\n    shortDescription: Short words about it.\n    longDescription: Long.\n    features: [one]\n"

func TestANewListingBeginsFromWhatIsThere(t *testing.T) {
	p := newPeopleSite(t)
	b := p.seller("editor@tahvel.example", models.VendorEditor)
	id, _ := p.sent(p.admin, 3, testContent(t, "Tahvel"))
	others, _ := p.sent(p.admin, 4, testContent(t, "Theirs"))
	number := func(id int64) string { return strings.TrimPrefix(catalogue.Number(id), "SC-") }
	b.open(editorAt+"/new", 200, "Tahvel", "Begin empty", "!Theirs")
	b.post(editorAt, 200, "copy", number(id), "", `value="Tahvel (koopia)"`, "<h1>Basics</h1>")
	b.post(editorAt, 404, "copy", number(others))
	l, err := catalogue.FindListing(t.Context(), p.DB, id)
	if err != nil {
		t.Fatal(err)
	}
	line, err := json.Marshal(exchange.Record{Listing: &l})
	if err != nil {
		t.Fatal(err)
	}
	b.post(editorAt, 200, "import", string(line), "", `value="Tahvel"`)
	d := p.lastDraft()
	for _, a := range d.Content.Answers {
		if a.By != catalogue.ByVendor || a.Proof != catalogue.Stated {
			t.Errorf("imported: %+v", a)
		}
	}
	b.post(editorAt, 200, "import", aPublicCode, "", `value="Code"`)
	for _, wrong := range []string{"{", "{}", "nonsense", "a,b\n1,2\n", "publiccodeYmlVersion: [", strings.Repeat("x", 1000)} {
		b.post(editorAt, 422, "import", wrong, "", "There is a problem", wrong[:1])
	}
}

// lastDraft is the draft that was begun last.
func (p *peopleSite) lastDraft() (d publishing.Draft) {
	p.t.Helper()
	err := p.DB.Read(p.t.Context(), func(r db.Reader) error {
		var id int64
		if err := r.Get(p.t.Context(), &id, `SELECT max(offering_id) FROM drafts`); err != nil {
			return err
		}
		var err error
		d, err = publishing.FindDraft(p.t.Context(), r, models.Actor{Roles: []models.Role{models.Administrator}}, id)
		return err
	})
	if err != nil {
		p.t.Fatal(err)
	}
	return d
}

func TestAListingIsBroughtFromAnAddressOrAFile(t *testing.T) {
	p := newPeopleSite(t)
	b := p.seller("editor@tahvel.example", models.VendorEditor)
	there := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/publiccode.yml":
			_, _ = io.WriteString(w, aPublicCode)
		case "/long":
			_, _ = io.WriteString(w, strings.Repeat("x", mostImported+1))
		case "/inside":
			http.Redirect(w, r, "http://10.0.0.1/publiccode.yml", http.StatusFound)
		default:
			http.NotFound(w, r)
		}
	}))
	t.Cleanup(there.Close)
	at := netip.MustParseAddrPort(there.Listener.Addr().String())
	p.Fetch = fetch.New(fetch.Options{Also: func(a netip.AddrPort) bool { return a == at }, Ports: []uint16{80, 443, at.Port()}}).Bytes
	b.post(editorAt, 200, "address", there.URL+"/publiccode.yml", "", `value="Code"`)
	for path, want := range map[string]string{there.URL + "/nothing": "There is nothing at this address", there.URL + "/long": "The answer is too large", there.URL + "/inside": "leads into a private network",
		"http://192.168.1.1/": "leads into a private network", "file:///etc/passwd": "Enter a full web address", "<script>": "Enter a full web address"} {
		b.post(editorAt, 422, "address", path, "", "There is a problem", want, path)
	}
	send := func(content string, code int, texts ...string) {
		t.Helper()
		b.send("POST", editorAt, url.Values{fieldFile: {content}, fieldCopy: {""}})
		b.follow("POST "+editorAt, editorAt, code, texts...)
	}
	send(aPublicCode, 200, `value="Code"`)
	send("nonsense", 422, "There is a problem")
	send(strings.Repeat("x", mostImported+1), 422, "The answer is too large")
}
