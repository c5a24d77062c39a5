package handlers

import (
	"compress/gzip"
	"context"
	"fmt"
	"io"
	"strings"
	"testing"
	"time"

	"pilveturg/db"
	"pilveturg/models"
	"pilveturg/models/identity"
)

func TestOrganisationsAreFound(t *testing.T) {
	b := newPeopleSite(t).administrator()
	for _, tt := range []struct {
		name, query, found string
		texts              []string
	}{
		{"all, by name", "", "5 organisations", []string{"Ministry of Learning", "Operator of the catalogue", "ee-reg:00000012", `href="/en/admin/organisations/3"`}},
		{"by a name in the other language", "q=jarve", "1 organisation<", []string{"Lakeside Schools Board", "Agency", "Ministry of Learning"}},
		{"by scheme and code", "q=ee-reg%3A00000012", "1 organisation<", []string{"Tahvel Näidis OÜ"}},
		{"by a part of the code", "q=000012", "1 organisation<", []string{"Tahvel Näidis OÜ"}},
		{"by kind", "kind=vendor", "2 organisations", []string{"Acme Cloud, Inc.", `value="vendor" selected`}},
		{"by ministry, itself among them", "ministry=1", "2 organisations", []string{"Lakeside Schools Board", `value="1" selected`, "All organisations"}},
		{"by all at once", "ministry=1&kind=vendor", "0 organisations", []string{"No such organisations"}},
		{"those with the most people first", "sort=people", "5 organisations", []string{`aria-sort="ascending"`}},
	} {
		b.open("/en/admin/organisations?"+tt.query, 200, append(tt.texts, tt.found)...)
	}
	if got := column0(b.table("/en/admin/organisations.csv?kind=vendor&sort=-name")); got != "Tahvel Näidis OÜ, Acme Cloud, Inc." {
		t.Errorf("the file holds %s", got)
	}
	b.open("/et/admin/organisations?kind=agency", 200, "1 organisatsioon<", "Järveääre Koolivalitsus", "Õppeministeerium")
	b.open("/en/admin/organisations/999", 404)
}

// vendorForm is what the form of the first vendor holds.
func vendorForm(seen string, more ...string) []string {
	fields := map[string]string{"seen": seen, "name_et": "Tahvel Näidis OÜ", "kind": "vendor", "scheme": "ee-reg", "code": "00000012", "country": "EE", "website": "https://tahvel.example/"}
	for i := 0; i+1 < len(more) && more[i] != ""; i += 2 {
		fields[more[i]] = more[i+1]
	}
	var all []string
	for name, value := range fields {
		all = append(all, name, value)
	}
	all = append(all, "markets", "EE", "markets", "FI", "")
	if i := len(more) - 1; i >= 0 && len(more)%2 == 1 {
		all = append(all, more[i])
	}
	return all
}

func TestAnOrganisationIsChangedByAdministrators(t *testing.T) {
	p := newPeopleSite(t)
	b := p.administrator()
	const page, edit = "/en/admin/organisations/3", "/en/admin/organisations/3/edit"
	b.open(page, 200, "<h1>Tahvel Näidis OÜ", "ee-reg:00000012", "Estonia, Finland", "Nobody acts for this organisation", "Page in the catalogue", "An organisation was added", "/en/admin/invitations/new?organisation=3")
	b.open(edit, 200, `value="Tahvel Näidis OÜ"`, `value="00000012"`, `<option value="vendor" selected>`, `value="FI" checked`, `name="seen" value="1"`)
	b.post(edit, 422, vendorForm("1", "website", "ftp://x", "size", "many", "xroad_member", "EE", "name_et", "", "", "Write the name in at least one language")...)
	b.post(edit, 422, vendorForm("1", "size", "many", "website", "ftp://x", "", `value="many"`)...)
	b.post(edit, 422, vendorForm("1", "code", "10000001", "website", "https://new.example/", "", "To move them, ask those who run the server")...)
	b.post(edit, 422, vendorForm("1", "code", "10000001", "website", "https://new.example/", "", `value="https://new.example/"`)...)
	b.post(edit, 422, vendorForm("1", "kind", "agency", "", "Leave the kind as it is")...)
	b.post(edit, 200, vendorForm("1", "name_en", "Tahvel Sample Ltd", "size_class", "small", "xroad_member", "EE/COM/00000012", "", "The organisation is changed")...)
	b.open(page, 200, "<h1>Tahvel Sample Ltd", "Small enterprise", "EE/COM/00000012", "An organisation was changed", "Estonia, Finland")
	b.post(edit, 409, vendorForm("1", "name_en", "Another Name", "", "Somebody has changed this organisation since you opened it")...)
	b.post(edit, 409, vendorForm("1", "name_en", "Another Name", "", "Name in English: Tahvel Sample Ltd")...)
	b.post(edit, 409, vendorForm("1", "name_en", "Another Name", "", `value="Another Name"`)...)
	b.post(edit, 409, vendorForm("", "name_en", "Another Name", "", `name="seen" value="2"`)...)
	b.post(edit, 200, vendorForm("2", "name_en", "Another Name", "", "<h1>Another Name")...)
	p.browser().open("/en/vendors/v-3-tahvel-naidis-ou", 200, "Another Name")
}

func TestAnOrganisationKeepsItsTrailUnderANewKey(t *testing.T) {
	b := newPeopleSite(t).administrator()
	edit := "/en/admin/organisations/2/edit"
	fields := []string{"name_en", "Lakeside Schools Board", "kind", "agency", "scheme", "Demo", "country", "EE", "size", "2 100", "size_unit", "pupil"}
	b.post(edit, 200, append(fields, "seen", "1", "code", "a9", "ministry", "demo:m", "", "The organisation is changed", "demo:a9", "An organisation was added", "An organisation was changed", "Key: ")...)
	b.post(edit, 200, append(fields, "seen", "2", "code", "a10", "ministry", "", "", "demo:a10", "An organisation was added")...)
	b.post("/en/admin/organisations/1/edit", 422, "seen", "1", "name_en", "Ministry of Learning", "kind", "ministry", "scheme", "demo", "code", "m", "ministry", "demo:m", "", "this one would stand above itself")
}

func TestAnOrganisationIsAddedByAdministrators(t *testing.T) {
	b := newPeopleSite(t).administrator()
	b.open("/en/admin/organisations/new", 200, `value="ee-reg"`, `<option value="EE" selected>`, "Ministry of Learning")
	b.post("/en/admin/organisations/new", 422, "scheme", "ee-reg", "code", "12", "name_en", "New", "", "Choose what kind", "in Estonia it is 8 digits", `value="12"`)
	b.post("/en/admin/organisations/new", 422, "", "Say who numbers the organisation", "Write the name in at least one language")
	b.post("/en/admin/organisations/new", 422, "scheme", "ee-reg", "code", "00000012", "name_en", "New", "kind", "vendor", "", "an organisation with this one is in the catalogue")
	b.post("/en/admin/organisations/new", 200, "scheme", "demo", "code", "s1", "name_et", "Näidiskool", "kind", "school", "ministry", "demo:m", "size", "300", "size_unit", "pupil", "country", "EE",
		"", "The organisation is added", "<h1>Näidiskool", "Ministry of Learning", "300 pupils", "School")
}

func TestMailDomainsAreKept(t *testing.T) {
	p := newPeopleSite(t)
	b := p.administrator()
	b.open("/en/admin/domains", 200, "1 domain<", "lakeside.example", "Lakeside Schools Board", "lakeside.example/removal")
	for _, tt := range []struct{ name, domain, organisation, want string }{
		{"nonsense", "not a domain", "2", "Enter a mail domain"},
		{"a duplicate in other letters", "@LakeSide.example", "1", "belongs to an organisation already"},
		{"no organisation", "new.example", "", "Enter the organisation"},
		{"one that is not there", "new.example", "nobody", "that is in the catalogue"},
		{"several", "new.example", "e", "several organisations"},
		{"a vendor", "new.example", "v-3", "Choose a public body"},
	} {
		body := b.post("/en/admin/domains", 422, "domain", tt.domain, "organisation", tt.organisation, "", `value="`+tt.domain+`"`)
		if !strings.Contains(body, tt.want) {
			t.Errorf("%s: the page lacks %q", tt.name, tt.want)
		}
	}
	b.post("/en/admin/domains", 422, "domain", "", "organisation", "", "", "Enter a mail domain", "Enter the organisation")
	b.post("/en/admin/domains", 200, "domain", "Learning.example", "organisation", "ministry of learning", "", "The domain is added", "2 domains", "learning.example")
	if got := column0(b.table("/en/admin/domains.csv?sort=-domain")); got != "learning.example, lakeside.example" {
		t.Errorf("the file holds %s", got)
	}
	b.open("/en/admin/domains/learning.example/removal", 200, "Remove this mail domain?", "Ministry of Learning")
	for range 2 { // the second time somebody else was faster
		b.post("/en/admin/domains/learning.example/removal", 200, "", "The domain is removed: learning.example", "1 domain<")
	}
	b.open("/en/admin/domains/learning.example/removal", 404)
}

func TestAdministratorsInvite(t *testing.T) {
	p := newPeopleSite(t)
	b := p.administrator()
	const invite = "/en/admin/invitations/new?organisation=2"
	b.open("/en/admin/invitations", 200, "0 open invitations", "No open invitations")
	b.open("/en/admin/invitations/new", 200, "First choose the organisation")
	b.open(invite, 200, "Lakeside Schools Board", `value="finance"`, `name="limit"`, "!value=\"administrator\"")
	b.post("/en/admin/invitations/new", 422, "organisation", "2", "mail", "x", "name", "Uus Inimene", "roles", "approver", "", "Enter the amount", `value="Uus Inimene"`)
	b.post("/en/admin/invitations/new", 422, "organisation", "2", "mail", "mari@lakeside.example", "roles", "buyer", "", "in the organisation already")
	body := b.post("/en/admin/invitations/new", 200, "organisation", "2", "mail", "uus@lakeside.example", "name", "Uus Inimene", "language", "et", "roles", "buyer", "rights", "orders", "", "uus@lakeside.example is invited", "http://example.com/et/invite/", "1 open invitation<")
	if letter := p.letter(identity.NoticeInvitation); letter.Mail != "uus@lakeside.example" || letter.Language != "et" || !strings.Contains(body, letter.Secret) {
		t.Errorf("the letter is %+v", letter)
	}
	first := p.letters[0].Secret
	b.open("/en/admin/invitations", 200, "!"+first, "Lakeside Schools Board", "buyer", "orders", "/en/admin/invitations/1/renewal")
	b.open("/en/admin/invitations?q=lakes", 200, "1 open invitation<")
	b.open("/en/admin/invitations?q=zzz", 200, "0 open invitations")
	b.open("/en/admin/invitations/1/renewal", 200, "Give this invitation a new link?")
	b.post("/en/admin/invitations/1/renewal", 200, "", "http://example.com/et/invite/")
	p.browser().open("/en/invite/"+first, 404)
	if rows := b.table("/en/admin/invitations.csv"); len(rows) != 2 || rows[1][0] != "uus@lakeside.example" || rows[1][1] != "Lakeside Schools Board" {
		t.Errorf("the file holds %q", rows)
	}
	p.MailServer = "smtp://mail.example:587" // from now on, letters are sent
	b.post("/en/admin/invitations/1/renewal", 200, "", "The invitation is sent to uus@lakeside.example", "!/invite/")
	b.open("/en/admin/invitations/1/revocation", 200, "Take this invitation back?", "uus@lakeside.example")
	b.post("/en/admin/invitations/1/revocation", 200, "", "is taken back", "0 open invitations")
	b.post("/en/admin/invitations/1/revocation", 404)
	p.browser().open("/en/invite/"+p.letter(identity.NoticeInvitation).Secret, 404)
}

func TestManagersKeepTheirOwnPeople(t *testing.T) {
	p := newPeopleSite(t)
	boss, own := p.manager("boss@tahvel.example", 3)
	other, otherIn := p.manager("boss@acme.example", 4)
	boss.open("/en/organisation/people", 200, "<h1>People</h1>", "Tahvel Näidis OÜ", "1 person", "boss@tahvel.example", "vendor manager", "!acme", `aria-current="page">People</a>`, "!/admin/")
	boss.open("/en/organisation/people/invitations/new", 200, `value="vendor_editor"`, "!value=\"administrator\"", "!value=\"buyer\"")
	boss.post("/en/organisation/people/invitations/new", 422, "mail", "new@tahvel.example", "roles", "administrator", "", "Choose a role that this kind")
	boss.post("/en/organisation/people/invitations/new", 200, "organisation", "4", "mail", "new@tahvel.example", "roles", "vendor_editor", "", "new@tahvel.example is invited", "/en/invite/")
	other.post("/en/organisation/people/invitations/new", 200, "mail", "new@acme.example", "roles", "vendor_editor")
	secret := p.letters[0].Secret
	boss.open("/en/organisation/people", 200, "new@tahvel.example", "!new@acme.example", "!"+secret)

	for _, path := range []string{fmt.Sprintf("/%d", otherIn), fmt.Sprintf("/%d/end", otherIn), "/1", "/invitations/2/renewal", "/invitations/2/revocation", "/999", "/x"} {
		boss.open("/en/organisation/people"+path, 404, "!acme")
		boss.post("/en/organisation/people"+path, 404, "seen", "vendor_manager|||", "roles", "vendor_editor")
	}
	if len(p.letters) != 2 {
		t.Errorf("letters %+v", p.letters)
	}
	if m, err := identity.FindMember(t.Context(), p.DB, otherIn); err != nil || m.Stamp() != "vendor_manager|||" {
		t.Errorf("another's membership is %+v, %v", m, err)
	}

	b := p.browser()
	b.post("/en/invite/"+secret, 200, "name", "Uus Toimetaja", "password", "kuus rohelist kaelkirjakut", "", "Tahvel Näidis OÜ", "vendor editor")
	b.open("/en/organisation/people", 404)
	members, err := identity.Members(t.Context(), p.DB, 3)
	if err != nil || len(members) != 2 {
		t.Fatalf("members %+v, %v", members, err)
	}
	editor := fmt.Sprintf("/en/organisation/people/%d", members[1].ID)
	boss.open(editor, 200, "Uus Toimetaja", `value="vendor_editor" checked`)
	boss.post(editor, 200, "seen", "vendor_editor|||", "roles", "vendor_manager", "roles", "vendor_editor", "", "What Uus Toimetaja may do is changed", "<h1>People</h1>")
	b.open("/en/organisation/people", 200, "2 people")
	boss.post(editor, 409, "seen", "vendor_editor|||", "roles", "vendor_editor", "", "Somebody has changed")
	if rows := boss.table("/en/organisation/people.csv"); len(rows) != 3 || rows[2][0] != "Uus Toimetaja" || rows[2][2] != "vendor manager, vendor editor" {
		t.Errorf("the file holds %q", rows)
	}
	if rows := boss.table("/en/organisation/people/invitations.csv"); len(rows) != 1 {
		t.Errorf("the file holds %q", rows)
	}
	boss.open(editor+"/end", 200, "Shall this person no longer act")
	boss.post(editor+"/end", 200, "", "Uus Toimetaja no longer acts for Tahvel Näidis OÜ", "1 person")
	b.open("/en/account", 200, "<h1>Sign in</h1>")
	boss.post(fmt.Sprintf("/en/organisation/people/%d/end", own), 200, "", "<h1>Sign in</h1>")
}

func TestApplicationsAreDecidedInAConversation(t *testing.T) {
	p := newPeopleSite(t)
	mari := p.browser()
	mari.signIn()
	company := []string{"country", "EE", "code", "10000001", "company", "Uus Näidis OÜ", "words", "Teeme <kaarte>."}
	mari.post("/en/sign-up/vendor", 200, company...)
	p.later(26 * time.Hour)
	mari.signIn()
	b := p.administrator()
	b.open("/en/admin/applications", 200, "1 application<", "Uus Näidis OÜ", "1 day", "ee-reg:10000001", "Waits for you")
	const page = "/en/admin/applications/1"
	b.open(page, 200, "<h1>Application of Uus Näidis OÜ", "Teeme <kaarte>.", "mari@lakeside.example", `name="seen" value="1"`)
	b.post(page, 422, "seen", "1", "words", "Which maps?", "", "Choose what you decide", "Which maps?</textarea>")
	b.post(page, 422, "seen", "1", "decision", "ask", "", "Write a message", `value="ask" checked`)
	b.post(page, 200, "seen", "1", "decision", "ask", "words", "Which maps?", "", "The company is to answer", "Which maps?")
	if letter := p.letter(identity.NoticeApplication); letter.Mail != "mari@lakeside.example" || letter.Subject != 1 {
		t.Errorf("the letter is %+v", letter)
	}
	b.open("/en/admin/applications", 200, "0 applications", "No applications in this state")
	b.open("/en/admin/applications?state=asked", 200, "1 application<", "The company is to answer")
	mari.open("/en/applications/1", 200, "Your answer is needed", "Which maps?")
	mari.post("/en/applications/1", 200, "words", "All maps.")
	b.post(page, 409, "seen", "2", "decision", "refuse", "words", "No answer came.", "", "Something has happened", "All maps.", "No answer came.</textarea>", `name="seen" value="3"`)
	b.post(page, 200, "seen", "3", "decision", "accept", "words", "Welcome.", "", "Accepted", "!<textarea", "See the vendor in the catalogue")
	b.post(page, 409, "seen", "4", "decision", "refuse", "words", "Changed my mind.")
	mari.open("/en/applications/1", 200, "Your company is a vendor")
	if rows := b.table("/en/admin/applications.csv?state=accepted"); len(rows) != 2 || rows[1][1] != "Uus Näidis OÜ" || rows[1][4] != "Accepted" {
		t.Errorf("the file holds %q", rows)
	}
	b.open("/en/admin/applications/999", 404)

	p.as(models.Actor{AccountID: p.buyer, OrgID: 5, Roles: []models.Role{models.Moderator}})
	p.wantPage("a moderator decides, too", p.do("GET", page), 200, "Uus Näidis OÜ", "!/admin/users", `<a href="/en/admin/moderation/listings"`)
}

func TestTheSettingsAreShown(t *testing.T) {
	p := newPeopleSite(t)
	p.Settings = []Setting{{"addr", "127.0.0.1:8080", "default"}, {"key", "(secret)", "PILVETURG_KEY"}, {"origin", "", "default"}}
	b := p.administrator()
	b.open("/en/admin/settings", 200, "<h1>Settings in force</h1>", "127.0.0.1:8080", "(secret)", "PILVETURG_KEY", "(empty)", "/en/admin/texts")
	if rows := b.table("/en/admin/settings.csv"); len(rows) != 4 || rows[3][1] != "" {
		t.Errorf("the file holds %q", rows)
	}
}

func TestTheTextsStandOnEveryPage(t *testing.T) {
	p := newPeopleSite(t)
	b := p.administrator()
	const page = "/en/admin/texts"
	good := []string{"operator_et", "Riigi Pilveamet", "operator_en", "Cloud Office", "contact", "help@office.example",
		"notice_et", "Reedel <hooldus>.", "notice_en", "Maintenance <on> Friday.", "from", "2026-03-01", "until", "3.3.2026"}
	b.open(page, 200, "<h1>Texts of the site</h1>", `name="seen" value="1"`, "Nothing is on record")
	b.post(page, 422, "seen", "1", "notice_en", "Only English", "contact", "x", "from", "tomorrow", "", "Write the notice in both languages", "Enter an e-mail address, or", "Only English</textarea>", `value="tomorrow"`)
	b.post(page, 422, "seen", "1", "from", "2026-03-02", "until", "2026-03-01", "", "Choose a day that is not before the first")
	b.post(page, 200, append(good, "seen", "1", "", "The texts are saved", "Maintenance <on> Friday.", "Cloud Office", "The texts of the site were changed", "Notice (Estonian): ")...)
	b.post(page, 409, append(good[:4:4], "seen", "1", "operator_en", "Other", "", "Somebody has changed the texts", "Notice in English: Maintenance", `name="seen" value="2"`)...)

	v := p.browser()
	v.open("/en/services", 200, "Maintenance <on> Friday.", "Cloud Office", `<a href="mailto:help@office.example">help@office.example</a>`)
	v.open("/et/nowhere", 404, "Reedel <hooldus>.", "Riigi Pilveamet")
	v.open("/.well-known/security.txt", 200, "Contact: mailto:help@office.example")
	p.later(40 * time.Hour) // the fourth, in UTC
	v.open("/en/services", 200, "!Maintenance", "Cloud Office")
}

// A page that is kept, even compressed, says what was changed on another instance.
func TestTheTextsAreFollowed(t *testing.T) {
	p := newPeopleSite(t)
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	done := make(chan struct{})
	go func() {
		defer close(done)
		p.FollowTexts(ctx)
	}()
	ask := func(encoding string) string {
		w := p.do("GET", "/en"+journalPath, "Accept-Encoding", encoding)
		var body io.Reader = w.Body
		if w.Header().Get("Content-Encoding") == "gzip" {
			z, err := gzip.NewReader(body)
			if err != nil {
				t.Fatal(err)
			}
			body = z
		}
		b, err := io.ReadAll(body)
		if err != nil {
			t.Fatal(err)
		}
		return string(b)
	}
	for range 2 {
		if strings.Contains(ask("gzip"), "Maintenance") {
			t.Fatal("nobody has said anything yet")
		}
	}
	say := func(notice models.Text) {
		p.write(func(tx *db.Tx) error { // as on another instance
			return identity.ChangeSiteTexts(t.Context(), tx, 0, identity.SiteTexts{Notice: notice})
		})
	}
	for _, tt := range []struct {
		notice models.Text
		want   bool
	}{{models.Text{"en": "Maintenance", "et": "Hooldus"}, true}, {nil, false}} {
		say(tt.notice)
		since := time.Now()
		for strings.Contains(ask("gzip"), "Maintenance") != tt.want {
			if time.Since(since) > 2*time.Second {
				t.Fatalf("two seconds later, is the notice there? %t", !tt.want)
			}
			time.Sleep(20 * time.Millisecond)
		}
		if strings.Contains(ask("identity"), "Maintenance") != tt.want {
			t.Error("a page that is not compressed says something else")
		}
	}
	stop()
	<-done
}
