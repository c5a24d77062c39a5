package handlers

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"pilveturg/db"
	"pilveturg/models"
	"pilveturg/models/catalogue"
	"pilveturg/models/identity"
)

// vendorBrowser is a browser of somebody who acts for a vendor.
func (p *peopleSite) vendorBrowser(mail string, vendor int64, role models.Role) (*browser, models.Actor) {
	p.t.Helper()
	a := models.Actor{AccountID: p.person(mail), OrgID: vendor, Roles: []models.Role{role}}
	p.write(func(tx *db.Tx) error {
		_, err := identity.AddMember(p.t.Context(), tx, a.AccountID, vendor, identity.Powers{Roles: a.Roles})
		return err
	})
	return p.signedIn(mail), a
}

func (p *peopleSite) signedIn(mail string) *browser {
	p.t.Helper()
	b := p.browser()
	b.post("/en/sign-in", 200, "mail", mail, "password", rightPassword)
	return b
}

// moderator is a browser of somebody who decides.
func (p *peopleSite) moderator() *browser {
	b, _ := p.vendorBrowser("moderator@office.example", p.admin.OrgID, models.Moderator)
	return b
}

// aged makes a listing of the vendor that was published on the day.
func (s *testSite) aged(vendor models.Key, day models.Date, unclaimed bool) (id int64) {
	l := s.listing("aged", func(l *catalogue.Listing, v *catalogue.Version) {
		l.Vendor, l.Unclaimed, v.Published = vendor, unclaimed, day
		v.Website = "https://aged.example"
	})
	return s.put(l)
}

func (s *testSite) vendorKey(id int64) models.Key {
	o, err := identity.Find(s.t.Context(), s.DB, id)
	if err != nil {
		s.t.Fatal(err)
	}
	return o.Key
}

func TestAVendorClaimsAListingAndAModeratorDecides(t *testing.T) {
	p := newPeopleSite(t)
	id := p.aged(p.vendorKey(3), models.DateOf(p.DB.Now()), true)
	card, err := catalogue.Cards(t.Context(), p.DB, []int64{id})
	if err != nil {
		t.Fatal(err)
	}
	page := "/en" + servicePath(id, card[0].Slug)
	p.want("GET", page, 200, "Is this your company's service?", page+"/claim")
	p.want("GET", page+"/claim", 200, "Sign in", "!<textarea")

	theirs, _ := p.vendorBrowser("b@other.example", 4, models.VendorEditor)
	theirs.post(page+"/claim", 422, "words", "", "link", "", "", "Give a link to a document, or explain why")
	theirs.post(page+"/claim", 422, "words", "Typed words", "link", "file:///etc", "", "Typed words", "file:///etc", "begins with https://")
	theirs.post(page+"/claim", 200, "words", "We bought it.", "link", "", "", "The claim is sent.", "waits for a moderator")

	own, _ := p.vendorBrowser("a@aged.example", 3, models.VendorManager)
	own.open(page+"/claim", 200, "Your mail is under aged.example")
	own.post(page+"/claim", 200, "words", "", "link", "", "", "The claim is sent.")
	own.post(page+"/claim/withdrawal", 200, "", "The claim is taken back.", "Claim the listing")
	own.post(page+"/claim", 200, "words", "", "link", "", "", "The claim is sent.")

	m := p.moderator()
	m.open("/en/admin/moderation/claims", 200, "2 claims", "Mail domain", "Explanation")
	m.open("/en/admin/moderation/claims?state=withdrawn", 200, "1 claim")
	m.post("/en/admin/moderation/claims/1", 422, "decision", "refuse", "words", "", "", "Tell the vendor why")
	m.post("/en/admin/moderation/claims/3", 200, "decision", "accept", "words", "", "", "Accepted", "Another vendor got it")
	m.post("/en/admin/moderation/claims/1", 409, "decision", "accept", "words", "Kept words", "", "Nothing was decided", "Another vendor got it")
	theirs.open(page+"/claim", 200, "The claim of another vendor was accepted")
	own.open(page, 200, "Claimed by its vendor on", "Confirm that all of it still holds", "!Is this your company's service?")
	p.want("GET", page+"/claim", 200, "A vendor has claimed this listing")
}

func TestStaleAnswersAreMarkedAndConfirmedBySection(t *testing.T) {
	p := newPeopleSite(t)
	now := p.DB.Now()
	day := models.DateOf(now.AddDate(0, -14, -1))
	id := p.aged(p.vendorKey(3), day, false)
	card, err := catalogue.Cards(t.Context(), p.DB, []int64{id})
	if err != nil {
		t.Fatal(err)
	}
	page := "/en" + servicePath(id, card[0].Slug)
	p.want("GET", page, 200, "Confirmed 14 months ago", "The description was last confirmed 14 months ago")
	b, _ := p.vendorBrowser("editor@tahvel.example", 3, models.VendorEditor)
	confirm := "/en/vendor/listings/" + strings.TrimPrefix(catalogue.Number(id), "SC-") + "/confirm"
	b.open(confirm, 200, "to be confirmed", "Name, summary and description", "Confirmed 14 months ago")
	b.post(confirm, 409, "seen", "2", "section", "texts", "", "Meanwhile a new version was published")
	b.post(confirm, 404, "seen", "1", "section", "nothing")
	for _, section := range p.confirmSections() {
		b.post(confirm, 200, "seen", "1", "section", section)
	}
	b.open(confirm, 200, "Nothing is to be confirmed just now", "!Confirm all", "!months ago")
	p.want("GET", page, 200, "!Confirmed 14 months ago", "!last confirmed 14 months")
	if releases, err := catalogue.Releases(t.Context(), p.DB, id); err != nil || len(releases) != 1 {
		t.Errorf("confirming made versions: %v, %v", releases, err)
	}
	var data struct {
		Confirmed []struct {
			Question string `json:"q"`
			On       string `json:"on"`
			Stale    bool   `json:"stale"`
		} `json:"confirmed"`
	}
	read := func() {
		if err := json.Unmarshal(p.do("GET", page+".json").Body.Bytes(), &data); err != nil || len(data.Confirmed) < 2 {
			t.Fatalf("the data say %+v, %v", data, err)
		}
	}
	if read(); data.Confirmed[0].Stale || data.Confirmed[0].On != models.DateOf(now).String() {
		t.Errorf("the data say %+v", data.Confirmed[0])
	}
	p.DB.Now = func() time.Time { return now.AddDate(1, 0, 1) }
	if read(); !data.Confirmed[0].Stale {
		t.Errorf("a year later the data say %+v", data.Confirmed[0])
	}
}

// What is stale comes after what is fresh when nothing else tells them apart.
func TestStaleServicesComeLater(t *testing.T) {
	s := newSite(t)
	now := s.DB.Now()
	old := s.listing("old-twin", func(_ *catalogue.Listing, v *catalogue.Version) { v.Published = models.DateOf(now.AddDate(-2, 0, 0)) })
	fresh := s.listing("fresh-twin", func(_ *catalogue.Listing, v *catalogue.Version) { v.Published = models.DateOf(now.AddDate(0, -1, 0)) })
	for lang, w := range old.Versions[0].Words {
		w.Summary += " zanzibar"
		old.Versions[0].Words[lang], fresh.Versions[0].Words[lang] = w, w
	}
	stale, new := s.put(old), s.put(fresh)
	s.follow()
	for _, query := range []string{"q=zanzibar", ""} {
		var ids []string
		for _, hit := range s.pages(t, query) {
			ids = append(ids, hit.ID)
		}
		list := strings.Join(ids, " ")
		if first, second := strings.Index(list, strings.ToLower(catalogue.Number(new))), strings.Index(list, strings.ToLower(catalogue.Number(stale))); first < 0 || second < first {
			t.Errorf("%q finds %s: want %s before %s", query, list, catalogue.Number(new), catalogue.Number(stale))
		}
	}
}

func TestAVendorDeclaresSectionBySection(t *testing.T) {
	p := newPeopleSite(t)
	b, boss := p.vendorBrowser("boss@tahvel.example", 3, models.VendorManager)
	p.want("GET", "/en/vendors/v-3-tahvel-naidis-ou", 200, "No declaration")
	b.open("/en/vendor/declaration", 200, "Not begun", "A manager can sign when all sections are done", "!Your office")
	b.open("/en/vendor/declaration/crimes", 200, "57(1)(a)", "Fraud", "!made good the damage", "!Explanation:")
	b.post("/en/vendor/declaration/crimes", 422, "seen", "0", "a_fraud", "yes", "", "Explanation: Fraud", "Explain your answer")
	b.post("/en/vendor/declaration/crimes", 422, "seen", "1", "a_fraud", "yes", "w_fraud", "Long ago.", "a_corruption", "no", "",
		"What you typed is saved", "Long ago.", "made good the damage", "Answer this") // a question more is asked now
	b.open("/en/vendor/declaration/crimes", 200, "Long ago.", "made good the damage")
	b.post("/en/vendor/declaration/crimes", 409, "seen", "0", "a_fraud", "no", "w_fraud", "Never.", "", "Somebody else saved this section meanwhile", "Long ago.", "Never.")
	b.post("/en/vendor/declaration/signature", 422, "as", "", "", "Finish all sections first")

	p.declare(boss, map[string]string{"conflict": "yes"})
	p.want("GET", "/en/vendors/v-3-tahvel-naidis-ou", 200, "Being looked at")
	p.want("GET", "/en/vendors/v-3-tahvel-naidis-ou/declaration", 200, "Conflict of interest", "!Words of conflict", "!member of the board")
	p.want("GET", "/en/services/sc-1-e-journal-for-classes", 200, "Declaration of the vendor", "Being looked at")
	m := p.moderator()
	m.open("/en/admin/moderation/declarations", 200, "1 declaration")
	m.open("/en/admin/moderation/declarations/1", 200, "Words of conflict", "member of the board", "A conflict of interest has to be remedied")
	m.post("/en/admin/moderation/declarations/1", 422, "decision", "", "words", "Kept words", "", "Kept words")
	m.post("/en/admin/moderation/declarations/1", 200, "decision", "accept", "words", "The cousin decides nothing.", "", "Looked at and accepted")
	m.post("/en/admin/moderation/declarations/1", 409, "decision", "refuse", "words", "Too late.", "", "Nothing was decided")
	p.want("GET", "/en/vendors/v-3-tahvel-naidis-ou", 200, "Looked at and accepted", "!The cousin decides nothing")
	b.open("/en/vendor/declaration", 200, "The cousin decides nothing.", "Use last year's answers")
	b.post("/en/vendor/declaration/interests/reuse", 200, "seen", "0", "", "This still holds", "Words of conflict")
	b.post("/en/vendor/declaration/interests", 422, "seen", "1", "a_conflict", "yes", "w_conflict", "Words of conflict", "a_prepared", "no", "w_prepared", "Words of prepared", "c_prepared", "yes",
		"", "Confirm last year's answer, or change it")
	b.post("/en/vendor/declaration/interests", 200, "seen", "2", "a_conflict", "yes", "w_conflict", "Words of conflict", "c_conflict", "yes", "a_prepared", "no", "w_prepared", "Words of prepared", "",
		"The section is done.")
}

// A declaration runs out by itself, and the page of a service that is kept says so.
func TestADeclarationRunsOut(t *testing.T) {
	p := newPeopleSite(t)
	_, boss := p.vendorBrowser("boss@tahvel.example", 3, models.VendorManager)
	p.declare(boss, nil)
	const page = "/en/services/sc-1-e-journal-for-classes"
	p.want("GET", page, 200, "Nothing stands against it", "!No longer valid")
	now := p.DB.Now()
	p.DB.Now = func() time.Time { return now.AddDate(1, 0, 1) }
	p.want("GET", page, 200, "No longer valid", "Ask the vendor")
}
