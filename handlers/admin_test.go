package handlers

import (
	"encoding/csv"
	"fmt"
	"regexp"
	"strings"
	"testing"

	"pilveturg/db"
	"pilveturg/models"
	"pilveturg/models/access"
	"pilveturg/models/audit"
	"pilveturg/models/identity"
	"pilveturg/models/work"
)

// administrator is a browser in which the administrator has just signed in.
func (p *peopleSite) administrator() *browser {
	p.t.Helper()
	b := p.browser()
	b.post("/en/sign-in", 200, "mail", "boss@office.example", "password", rightPassword)
	return b
}

// manager is a browser in which a manager of the vendor has just signed in.
func (p *peopleSite) manager(mail string, vendor int64) (b *browser, membership int64) {
	p.t.Helper()
	account := p.person(mail)
	p.write(func(tx *db.Tx) (err error) {
		membership, err = identity.AddMember(p.t.Context(), tx, account, vendor, identity.Powers{Roles: []models.Role{models.VendorManager}})
		return err
	})
	b = p.browser()
	b.post("/en/sign-in", 200, "mail", mail, "password", rightPassword)
	return b, membership
}

// table reads a file that an address answers with.
func (b *browser) table(address string) [][]string {
	b.t.Helper()
	w := b.send("GET", address, nil)
	if kind := w.Header().Get("Content-Type"); w.Code != 200 || kind != csvKind {
		b.t.Fatalf("%s: status %d, %s", address, w.Code, kind)
	}
	rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(w.Body.String(), "\uFEFF"))).ReadAll()
	if err != nil {
		b.t.Fatal(err)
	}
	return rows
}

// column is a column of a table, without its head.
func column0(rows [][]string) string {
	var all []string
	for _, row := range rows[1:] {
		all = append(all, row[0])
	}
	return strings.Join(all, ", ")
}

var cellTags = regexp.MustCompile(`<t[hd][^>]*>`)
var anyTag = regexp.MustCompile(`<[^>]*>`)

// row is what a row of a table says that begins with a text, with | between cells.
func (b *browser) row(address, begins string) string {
	b.t.Helper()
	body := b.open(address, 200)
	for _, row := range strings.Split(body, "<tr>") {
		row, _, _ = strings.Cut(row, "</tbody>")
		text := strings.Trim(anyTag.ReplaceAllString(cellTags.ReplaceAllString(row, "|"), ""), "|\n\t ")
		if strings.HasPrefix(text, begins) {
			return strings.Join(strings.FieldsFunc(text, func(r rune) bool { return r == '\n' || r == '\t' }), "")
		}
	}
	return ""
}

func TestTheFirstPageOfTheAdministration(t *testing.T) {
	p := newPeopleSite(t)
	b := p.administrator()
	b.open("/en/admin", 200, "<h1>Administration</h1>", "2 accounts", "2 public bodies, 2 vendors", "1 session", "not verified yet", "nothing waits", "4 services",
		`href="/en/admin/users"`, `href="/en/admin/organisations"`, `href="/en/admin/audit"`, `href="/en/admin/settings"`)
	b.post("/en/admin/invitations/new", 200, "organisation", "2", "mail", "new@lakeside.example", "roles", "buyer")
	p.later(50 * 60 * 60 * 1e9)
	b = p.administrator()
	b.open("/en/admin", 200, "2 days", `href="/en/admin/mail?state=failed"`, "Letters that could not be sent", `href="/en/admin/mail"`)
	if row := b.row("/en/admin", "Letters that could not be sent"); row != "Letters that could not be sent|0|nothing waits" {
		t.Errorf("the row of letters is %q", row)
	}
	p.write(func(tx *db.Tx) error {
		if err := work.Tell(t.Context(), tx, work.Message{Kind: work.Known, Mail: "x@elsewhere.example", Language: "en", Path: "/sign-in"}); err != nil {
			return err
		}
		all, err := work.Claim(t.Context(), tx, "w", 1)
		if err == nil {
			err = work.Failed(t.Context(), tx, all[0], "w", "refused", true)
		}
		return err
	})
	p.later(3 * 60 * 60 * 1e9)
	if row := b.row("/en/admin", "Letters that could not be sent"); row != "Letters that could not be sent|1|3 hours" {
		t.Errorf("the row of letters is %q", row)
	}
	b.post("/en/admin/audit/verification", 200)
	b.open("/et/admin", 200, "<h1>Haldus</h1>", "terviklik; kontrollitud", "2 päeva")
}

func TestPeopleAreFound(t *testing.T) {
	p := newPeopleSite(t)
	p.write(func(tx *db.Tx) error {
		a := identity.Account{Mail: "oie@elsewhere.example", Name: "Õie Šmidt", Language: "et"}
		if err := identity.AddAccount(t.Context(), tx, &a); err != nil {
			return err
		}
		return identity.Lock(t.Context(), tx, a.ID)
	})
	b := p.administrator()
	for _, tt := range []struct {
		name, query, found string
		texts              []string
	}{
		{"all", "", "3 accounts", []string{"Õie Šmidt", "Locked", "Lakeside Schools Board – buyer", "Catalogue Office – administrator", `aria-sort="ascending"`, "!Show all"}},
		{"by a part of the name, however it is spelled", "q=oie+smi", "1 account", []string{"oie@elsewhere.example", `value="oie smi"`, "All users"}},
		{"by the mail", "q=lakeside.ex", "1 account", []string{"mari@lakeside.example"}},
		{"by a part of an organisation's name", "organisation=lakeside", "1 account", []string{"mari@lakeside.example"}},
		{"by its number as in addresses", "organisation=a-1", "1 account", []string{"mari@lakeside.example"}},
		{"by the role", "role=administrator", "1 account", []string{"boss@office.example"}},
		{"by the state", "state=locked", "1 account", []string{"Õie"}},
		{"by everything at once", "state=locked&role=buyer", "0 accounts", []string{"No such users", "!<table"}},
		{"the other way round", "sort=-mail", "3 accounts", []string{`aria-sort="descending"`}},
		{"by what there is not", "sort=password", "3 accounts", nil},
	} {
		body := b.open("/en/admin/users?"+tt.query, 200, append(tt.texts, tt.found)...)
		if tt.query == "sort=-mail" && strings.Index(body, "oie@") > strings.Index(body, "boss@") {
			t.Error("the mails are not in the order asked for")
		}
	}
	b.open("/en/admin/users?organisation=nobody", 422, "Enter an organisation that is in the catalogue", `value="nobody"`)
	b.open("/en/admin/users?q=&state=locked", 200, "1 account")
	if b.at != "/en/admin/users?state=locked" {
		t.Errorf("what nobody filled in stays in the address: %s", b.at)
	}
	if got := column0(b.table("/en/admin/users.csv?organisation=lakeside")); got != "Mari Tamm" {
		t.Errorf("the file holds %s", got)
	}
	if rows := b.table("/en/admin/users.csv?sort=-mail"); len(rows) != 4 || rows[1][1] != "oie@elsewhere.example" || rows[3][2] != "Catalogue Office – administrator" || len(rows[0]) != 5 {
		t.Errorf("the file holds %q", rows)
	}
	b.open("/en/admin/users/999", 404)
	b.open("/en/admin/users/01", 404)
}

func TestALongListOfPeopleHasPages(t *testing.T) {
	p := newPeopleSite(t)
	p.write(func(tx *db.Tx) error {
		for i := range rowsOnPage {
			a := identity.Account{Mail: fmt.Sprintf("p%02d@many.example", i), Name: fmt.Sprintf("Person %02d", i), Language: "et"}
			if err := identity.AddAccount(t.Context(), tx, &a); err != nil {
				return err
			}
		}
		return nil
	})
	b := p.administrator()
	b.open("/en/admin/users", 200, "52 accounts", "(page 1 of 2)", `href="/en/admin/users?page=2&sort=name"`, "!Person 49")
	b.open("/en/admin/users?sort=-name&page=2", 200, "Mari Tamm", "!Person")
	b.open("/en/admin/users?q=person&page=9", 200, "50 accounts", "Person 49")
	if rows := b.table("/en/admin/users.csv"); len(rows) != 53 {
		t.Errorf("the file has %d rows", len(rows))
	}
}

func TestAnAdministratorLocksAndUnlocks(t *testing.T) {
	p := newPeopleSite(t)
	mari := p.browser()
	mari.signIn()
	b := p.administrator()
	user := fmt.Sprintf("/en/admin/users/%d", p.buyer)
	b.open(user, 200, "<h1>Mari Tamm", "Lakeside Schools Board", "buyer", "approver", "30,000", "Firefox, Linux", "Who changed what", "!192.0.2.1<")
	b.open(user+"/lock", 200, "<h1>Lock this account?</h1>", "mari@lakeside.example")
	b.post(user+"/lock", 422, "reason", " ", "", "Write the reason")
	b.post(user+"/lock", 200, "reason", "Lost her <laptop>", "", "The account is locked", "Locked", "Lost her <laptop>", "Unlock the account", "!Make a link")
	mari.open("/en/account", 200, "<h1>Sign in</h1>")
	b.post(user+"/lock", 409, "reason", "Again", "", "cannot be locked", "Again</textarea>")
	b.post(user+"/reset", 404)
	b.post(user+"/unlock", 422, "reason", "")
	b.post(user+"/unlock", 200, "reason", "Found it", "", "The account is unlocked")
	b.post(user+"/unlock", 409, "reason", "x", "", "not locked any more")
	self := fmt.Sprintf("/en/admin/users/%d", p.admin.AccountID)
	b.open(self, 200, "!Lock the account")
	b.post(self+"/lock", 409, "reason", "Tired", "", "it is your own")
}

func TestALinkForAPasswordIsShownOnce(t *testing.T) {
	p := newPeopleSite(t)
	b := p.administrator()
	user := fmt.Sprintf("/en/admin/users/%d", p.buyer)
	b.open(user+"/reset", 200, "Make a link with which this person chooses a password?")
	body := b.post(user+"/reset", 200, "", "Pass this link on", "http://example.com/en/reset/")
	_, rest, _ := strings.Cut(body, "http://example.com/en/reset/")
	secret, _, _ := strings.Cut(rest, "<")
	b.open(user, 200, "!"+secret)
	if len(p.letters) != 0 {
		t.Errorf("letters %+v", p.letters)
	}
	p.browser().post("/en/reset/"+secret, 200, "password", "kuus rohelist kaelkirjakut", "", "The password is set")
}

func TestAnAdministratorRemovesASecondStep(t *testing.T) {
	p := newPeopleSite(t)
	mine := p.browser()
	mine.signIn()
	const user = "/en/admin/users/1"
	b := p.administrator()
	b.open(user, 200, "!Remove the second step")
	b.open(user+"/factors", 404)
	b.post(user+"/factors", 404)
	mine.addApp()
	b = p.administrator()
	b.open(user, 200, `href="/en/admin/users/1/factors"`)
	b.open(user+"/factors", 200, "Remove the second step of this person?", "mari@lakeside.example")
	b.post(user+"/factors", 200, "", "The second step is removed", "The second factors of a person were removed", "!Remove the second step")
	if n := p.letter(identity.NoticeFactorsReset); n.Mail != "mari@lakeside.example" {
		t.Errorf("the letter is %+v", n)
	}
	mine.isIn(false, "the second step was removed")
	mine.signIn() // by the password alone
	b.addApp()
	b.post("/en/admin/users/2/factors", 404) // one's own
}

func TestAnAdministratorErasesAPerson(t *testing.T) {
	p := newPeopleSite(t)
	mine := p.browser()
	mine.signIn()
	const user = "/en/admin/users/1"
	b := p.administrator()
	b.open(user, 200, `href="/en/admin/users/1/erasure"`)
	b.open(user+"/erasure", 200, "Erase this person for good?", "mari@lakeside.example", "This is not undone.")
	b.post(user+"/erasure", 422, "mail", "boss@office.example", "", "This is not the e-mail address of this person", `value="boss@office.example"`)
	mine.isIn(true, "nothing was erased")
	p.later(access.Fresh)
	b.post(user+"/erasure", 401, "mail", "mari@lakeside.example", "", "Show once more that it is you")
	b = p.administrator()
	b.post(user+"/erasure", 200, "mail", " MARI@lakeside.example", "", "The person is erased.", "A person was erased", "!mari@lakeside.example", "!/erasure")
	mine.isIn(false, "the person is erased")
	mine.post("/en/sign-in", 422, "mail", "mari@lakeside.example", "password", rightPassword)
	if report, err := audit.Verify(t.Context(), p.DB, ""); err != nil || !report.OK() {
		t.Errorf("the audit log: %+v, %v", report, err)
	}
	for _, path := range []string{user + "/erasure", "/en/admin/users/2/erasure"} { // erased already, and one's own
		b.open(path, 404)
		b.post(path, 404, "mail", "boss@office.example")
	}
}

func TestAnAdministratorKeepsMemberships(t *testing.T) {
	p := newPeopleSite(t)
	b := p.administrator()
	user := fmt.Sprintf("/en/admin/users/%d", p.buyer)
	b.open(user+"/memberships/new", 200, "First choose the organisation", `name="organisation"`, "5 organisations", "memberships/new?organisation=5", "!name=\"roles\"")
	b.open(user+"/memberships/new?organisation=OU", 200, "2 organisations", "Tahvel Näidis OÜ", "memberships/new?organisation=3", "!name=\"roles\"")
	b.open(user+"/memberships/new?organisation=zzz", 422, "Enter an organisation that is in the catalogue")
	b.open(user+"/memberships/new?organisation=v-3", 200, "Tahvel Näidis OÜ", "ee-reg:00000012", `value="vendor_manager"`, "!value=\"buyer\"", "!name=\"limit\"")
	add := user + "/memberships/new"
	b.post(add, 404)
	b.post(add, 422, "organisation", "3", "", "Choose at least one role")
	b.post(add, 200, "organisation", "3", "roles", "vendor_editor", "", "Mari Tamm now acts for Tahvel Näidis OÜ", "vendor editor")
	b.post(add, 422, "organisation", "3", "roles", "vendor_manager", "", `value="vendor_manager" id="roles" checked`)

	b.open("/en/admin/memberships/2", 200, `value="approver" checked`, `value="30000"`)
	seen := "approver||30000.00 EUR|"
	b.post("/en/admin/memberships/2", 422, "seen", seen, "roles", "approver", "limit", "lots", "", "Enter the amount", `value="lots"`)
	b.post("/en/admin/memberships/2", 200, "seen", seen, "roles", "approver", "roles", "analyst", "limit", "12 500,50", "reach", "own", "", "What Mari Tamm may do is changed", "12,500.50")
	b.post("/en/admin/memberships/2", 409, "seen", seen, "roles", "finance", "", "Somebody has changed what this person may do", "approver, analyst", `value="finance" checked`, `name="seen" value="approver analyst||12500.50 EUR|own"`)
	b.post("/en/admin/memberships/999", 404, "seen", seen)

	b.open("/en/admin/memberships/1/move", 200, "First choose")
	b.open("/en/admin/memberships/1/move?organisation=3", 200, "Tahvel")
	b.post("/en/admin/memberships/1/move", 422, "organisation", "3", "roles", "vendor_editor", "", "act for it already")
	b.post("/en/admin/memberships/1/move", 200, "organisation", "4", "roles", "vendor_manager", "", "Mari Tamm has moved to", "!Lakeside Schools Board – buyer")
	b.open("/en/admin/memberships/1", 404)
	b.open("/en/admin/memberships/2/end", 200, "Shall this person no longer act")
	b.post("/en/admin/memberships/2/end", 200, "", "Mari Tamm no longer acts for Ministry of Learning")

	b.post("/en/admin/memberships/3", 409, "seen", "administrator|||", "roles", "moderator", "", "this is the last one", `value="moderator" checked`)
	b.post("/en/admin/memberships/3/end", 409, "", "this is the last one")
}

func TestWhatIsDangerousIsAskedForAfresh(t *testing.T) {
	p := newPeopleSite(t)
	b := p.administrator()
	p.later(11 * 60 * 1e9)
	user := fmt.Sprintf("/en/admin/users/%d", p.buyer)
	b.open(user, 200, "<h1>Mari Tamm")
	for _, path := range []string{user + "/lock", user + "/reset", user + "/memberships/new", "/en/admin/memberships/1", "/en/admin/memberships/1/move", "/en/admin/invitations/new"} {
		b.open(path, 200, `action="/en/sign-in/again"`)
	}
	b.post(user+"/memberships/new", 401, "organisation", "3", "roles", "vendor_editor", "", `action="/en/sign-in/again"`)
	b.post(user+"/lock", 401, "reason", "Stolen session", "", `action="/en/sign-in/again"`)
	if a, err := identity.FindAccount(t.Context(), p.DB, p.buyer); err != nil || a.State != identity.Active {
		t.Errorf("the account is %s, %v", a.State, err)
	}
}

func TestAnAdministratorEndsSessions(t *testing.T) {
	p := newPeopleSite(t)
	first, second := p.browser(), p.browser()
	first.signIn()
	second.signIn()
	b := p.administrator()
	b.open("/en/admin/sessions", 200, "3 sessions", "Mari Tamm", "mari@lakeside.example", "Firefox, Linux", "Lakeside Schools Board", "!192.0.2.1")
	b.open("/en/admin/sessions?q=mari", 200, "3 sessions") // the administrator is called so, too
	b.open("/en/admin/sessions?q=lakeside", 200, "2 sessions")
	if rows := b.table("/en/admin/sessions.csv?q=lakeside&sort=seen"); len(rows) != 3 || rows[1][2] != "Firefox, Linux" || strings.Contains(fmt.Sprint(rows), "192.0.2") {
		t.Errorf("the file holds %q", rows)
	}
	b.post("/en/admin/sessions/removal", 200, "session", "1", "", "What you chose has ended.", "2 sessions")
	first.open("/en/account", 200, "<h1>Sign in</h1>")
	b.post("/en/admin/sessions/removal", 200, "session", "1", "return", "//elsewhere.example/", "", "2 sessions")
	b.post("/en/admin/sessions/removal", 404, "session", "x")
	user := fmt.Sprintf("/en/admin/users/%d", p.buyer)
	b.open(user+"/sessions/removal", 200, "End all sessions of this person?")
	b.post(user+"/sessions/removal", 200, "", "What you chose has ended.", "<h1>Mari Tamm")
	second.open("/en/account", 200, "<h1>Sign in</h1>")
}
