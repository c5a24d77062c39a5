package privacy_test

import (
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"pilveturg/db"
	"pilveturg/db/dbtest"
	"pilveturg/models"
	"pilveturg/models/access"
	"pilveturg/models/audit"
	"pilveturg/models/identity"
	"pilveturg/models/privacy"
	"pilveturg/models/work"
)

var admin = models.Actor{Program: "test", Roles: []models.Role{models.Administrator}}

// What is personal of the person that is erased. None of it may be left anywhere.
const (
	mail    = "mari@agency.example"
	name    = "Mari Kaduv"
	address = "192.0.2.77"
)

// house is a database with a person who has left traces in all tables, and another.
type house struct {
	*db.DB
	t             *testing.T
	agency        int64
	person, other int64
	secret        string // of a session
}

func newHouse(t *testing.T) *house {
	t.Helper()
	h := &house{DB: dbtest.New(t), t: t}
	h.must(admin, func(tx *db.Tx) error {
		o := identity.Organisation{Key: models.Key{Scheme: "test", Code: "a"}, Kind: identity.Agency, Names: models.Text{"en": "Agency"}}
		_, _, err := identity.Put(t.Context(), tx, &o)
		h.agency = o.ID
		return err
	})
	h.person, h.other = h.enter(mail, name), h.enter("jaan@agency.example", "Jaan Jääv")
	own := models.Actor{AccountID: h.person, From: address}
	hash, err := access.NewHasher(access.Cost{Passes: 1, Memory: 64, Threads: 1}, 1).Hash(t.Context(), "neli punast kaelkirjakut")
	if err != nil {
		t.Fatal(err)
	}
	h.must(own, func(tx *db.Tx) error { return access.SetPassword(t.Context(), tx, hash) })
	h.must(own, func(tx *db.Tx) error {
		_, err := access.Connect(t.Context(), tx, access.Proof{Provider: "tara", Subject: access.Blind([]byte("key"), "tara", "EE47101010033"), ACR: "high", AMR: []string{"mID"}})
		return err
	})
	h.must(own, func(tx *db.Tx) error { return identity.ChangeProfile(t.Context(), tx, h.person, name+" Uus", "et") })
	h.must(own, func(tx *db.Tx) error {
		_, err := access.AddPasskey(t.Context(), tx, access.Passkey{AccountID: h.person, Name: "Key of " + name, Credential: []byte("credential"), PublicKey: []byte("public")})
		return err
	})
	h.must(models.Actor{From: address}, func(tx *db.Tx) (err error) {
		if _, _, err = access.AskReset(t.Context(), tx, mail, address); err == nil {
			h.secret, err = access.Begin(t.Context(), tx, h.person, access.Device{From: address, Agent: "Firefox, Linux"})
		}
		return err
	})
	h.must(own, h.move)
	h.must(own, func(tx *db.Tx) error {
		return work.Prefer(t.Context(), tx, map[work.Kind]work.Frequency{work.ApplicationAsked: work.Never})
	})
	h.must(own, func(tx *db.Tx) error {
		a := identity.Application{Key: models.Key{Code: "10000001"}, Country: "EE", Name: "Firma OÜ"}
		_, err := identity.Apply(t.Context(), tx, &a, identity.Applicant{}, "Tere.")
		return err
	})
	h.must(admin, func(tx *db.Tx) error {
		o := identity.Organisation{Key: models.Key{Scheme: "test", Code: "b"}, Kind: identity.Agency, Names: models.Text{"en": "Other"}}
		if _, _, err := identity.Put(t.Context(), tx, &o); err != nil {
			return err
		}
		for _, m := range []work.Message{{Kind: work.Invitation, Mail: strings.ToUpper(mail), Language: "en", Args: []string{"Other"}, Path: "/invite/x"},
			{Kind: work.Approval, AccountID: h.person, Mail: mail, Language: "en", Args: []string{"a", name}, Path: "/x"}} {
			if err := work.Tell(t.Context(), tx, m); err != nil {
				return err
			}
		}
		_, err := identity.Invite(t.Context(), tx, &identity.Invitation{OrgID: o.ID, Mail: mail, Name: name, Language: "en", Powers: identity.Powers{Roles: []models.Role{models.Buyer}}})
		return err
	})
	return h
}

// move asks for another mail of the person, and comes from a place.
func (h *house) move(tx *db.Tx) error {
	if _, err := access.AskMail(h.t.Context(), tx, "uus."+mail); err != nil {
		return err
	}
	_, err := access.IsNewPlace(h.t.Context(), tx, h.person, access.Device{From: address, Agent: "Firefox, Linux"})
	return err
}

func (h *house) must(a models.Actor, f func(*db.Tx) error) {
	h.t.Helper()
	dbtest.Write(h.t, h.DB, a, f)
}

// enter makes an account that buys for the agency.
func (h *house) enter(mail, name string) int64 {
	h.t.Helper()
	a := identity.Account{Mail: mail, Name: name, Language: "en"}
	h.must(admin, func(tx *db.Tx) error {
		if err := identity.AddAccount(h.t.Context(), tx, &a); err != nil {
			return err
		}
		_, err := identity.AddMember(h.t.Context(), tx, a.ID, h.agency, identity.Powers{Roles: []models.Role{models.Buyer}, Rights: []models.Right{models.Draft}})
		return err
	})
	return a.ID
}

// intact complains unless the audit log is as it was written.
func (h *house) intact() {
	h.t.Helper()
	if report, err := audit.Verify(h.t.Context(), h.DB, ""); err != nil || !report.OK() {
		h.t.Errorf("the audit log: %+v, %v", report, err)
	}
}

// traces returns the tables in which the text is found.
func (h *house) traces(text string) (tables []string) {
	h.t.Helper()
	for table, rows := range dbtest.Dump(h.t, h.DB) {
		if strings.Contains(strings.ToLower(rows), strings.ToLower(text)) {
			tables = append(tables, table)
		}
	}
	slices.Sort(tables)
	return tables
}

func TestErasingAPersonLeavesANumber(t *testing.T) {
	for by, actor := range map[string]func(h *house) models.Actor{
		"the person":       func(h *house) models.Actor { return models.Actor{AccountID: h.person, From: address} },
		"an administrator": func(*house) models.Actor { return admin },
	} {
		t.Run(by, func(t *testing.T) {
			h := newHouse(t)
			for _, text := range []string{mail, name, address} {
				if len(h.traces(text)) < 2 {
					t.Fatalf("%q left traces in %v only: the test tests nothing", text, h.traces(text))
				}
			}
			events := dbtest.Dump(t, h.DB)["audit_events"]
			h.must(actor(h), func(tx *db.Tx) error { return privacy.Erase(t.Context(), tx, h.person) })
			for _, text := range []string{mail, name, address} {
				if tables := h.traces(text); len(tables) > 0 {
					t.Errorf("%q is left in %v", text, tables)
				}
			}
			h.intact()
			if now := dbtest.Dump(t, h.DB)["audit_events"]; len(now) <= len(events) {
				t.Error("that the person was erased is not recorded, or events have gone")
			}
			if _, err := access.Find(t.Context(), h, h.secret, models.Time{Time: h.Now()}); !errors.Is(err, models.ErrNotFound) {
				t.Errorf("the session lives on: %v", err)
			}
			if members, err := identity.Members(t.Context(), h, h.agency); err != nil || len(members) != 1 || members[0].AccountID != h.other {
				t.Errorf("members %+v, %v; want the other alone", members, err)
			}
			names, err := identity.Names(t.Context(), h, []int64{h.person, h.other, 999})
			if err != nil || len(names) != 2 || names[h.person] != "" || names[h.other] != "Jaan Jääv" {
				t.Errorf("names %v, %v", names, err)
			}
			if err := h.Write(t.Context(), admin, func(tx *db.Tx) error { return privacy.Erase(t.Context(), tx, h.person) }); !errors.Is(err, models.ErrConflict) {
				t.Errorf("a second time: %v, want a conflict", err)
			}
			h.enter(mail, name) // who wants to come back gets a new account
		})
	}
}

func TestWhoMayNotErase(t *testing.T) {
	h := newHouse(t)
	var boss int64
	h.must(admin, func(tx *db.Tx) error {
		o := identity.Organisation{Key: models.Key{Scheme: "test", Code: "o"}, Kind: identity.Operator, Names: models.Text{"en": "Office"}}
		if _, _, err := identity.Put(t.Context(), tx, &o); err != nil {
			return err
		}
		a := identity.Account{Mail: "boss@office.example", Name: "Boss", Language: "en"}
		if err := identity.AddAccount(t.Context(), tx, &a); err != nil {
			return err
		}
		boss = a.ID
		_, err := identity.AddMember(t.Context(), tx, boss, o.ID, identity.Powers{Roles: []models.Role{models.Administrator}})
		return err
	})
	before := dbtest.Dump(t, h.DB)
	for _, tt := range []struct {
		name  string
		actor models.Actor
		whom  int64
		want  error
	}{
		{"a colleague", models.Actor{AccountID: h.other, OrgID: h.agency, Roles: []models.Role{models.Buyer}}, h.person, models.ErrForbidden},
		{"a visitor", models.Actor{}, h.person, models.ErrForbidden},
		{"the last administrator", models.Actor{AccountID: boss, Roles: []models.Role{models.Administrator}}, boss, models.ErrConflict},
		{"whom nobody knows", admin, 999, models.ErrNotFound},
	} {
		err := h.Write(t.Context(), tt.actor, func(tx *db.Tx) error { return privacy.Erase(t.Context(), tx, tt.whom) })
		if !errors.Is(err, tt.want) {
			t.Errorf("%s: %v, want %v", tt.name, err, tt.want)
		}
	}
	if tables := dbtest.Differences(before, dbtest.Dump(t, h.DB)); len(tables) > 0 {
		t.Errorf("changed: %v", tables)
	}
}

// stays says why rows of an erased person stay in a table: they hold a number only.
var stays = map[string]string{
	"memberships":          "when the person was a member",
	"vendor_applications":  "the company's",
	"application_messages": "the company's",
	"audit_events":         "what was done",
	"audit_personal":       "blanked",
	"claims":               "the company's",
	"draft_hands":          "who wrote for the vendor, so that nobody decides about their own work",
	"submission_hands":     "who wrote for the vendor, so that nobody decides about their own work",
	"project_people":       "who worked on what a public body bought",
	"overrules":            "the public body's",
	"locked_searches":      "evidence of the public body",
	"project_questions":    "the public body's",
	"question_answers":     "the vendor's",
	"clarifications":       "the vendor's and the public body's",
	"offers":               "the public body's",
	"score_sheets":         "evidence of the public body",
	"scores":               "evidence of the public body",
	"consensus":            "evidence of the public body",
	"decisions":            "evidence of the public body",
	"decision_steps":       "evidence of the public body",
	"pools":                "the public body's",
	"pool_bodies":          "the public body's",
	"subscription_steps":   "the public body's and the vendor's",
	"approval_votes":       "who approved what the public body spends",
	"amendment_votes":      "who approved what the public body spends",
	"onboarding_steps":     "the public body's and the vendor's",
	"contract_imports":     "the public body's",
	"ledger_batches":       "the public body's books",
	"ledger_bills":         "the public body's books",
	"usage_months":         "the public body's and the vendor's",
	"notice_reminders":     "the public body's",
}

// told says in which part of an export a table stands.
var told = map[string]string{
	"authenticators": "factors", "passkeys": "factors", "recovery_codes": "factors", "notices": "notices", "outbox": "letters", "notice_preferences": "letter_preferences",
	"passwords": "password_changed", "sessions": "sessions", "identities": "identities", "tickets": "links", "memberships": "memberships",
	"places": "places", "tokens": "tokens", "mail_changes": "mail_changes",
	"vendor_applications": "vendor_applications", "application_messages": "vendor_applications", "audit_events": "audit_events", "audit_personal": "audit_events",
	"claims": "listing_claims", "draft_hands": "listings", "submission_hands": "listings",
	"project_people": "projects", "locked_searches": "projects", "overrules": "judgements",
	"project_questions": "purchases", "question_answers": "purchases", "clarifications": "purchases", "offers": "purchases", "scores": "purchases", "consensus": "purchases",
	"score_sheets": "projects", "decisions": "projects", "decision_steps": "projects", "pools": "projects", "pool_bodies": "projects",
	"subscription_steps": "subscriptions", "approval_votes": "subscriptions", "usage_months": "subscriptions", "notice_reminders": "subscriptions", "amendment_votes": "subscriptions", "onboarding_steps": "subscriptions", "contract_imports": "subscriptions", "ledger_batches": "subscriptions", "ledger_bills": "subscriptions", "calendar_tokens": "subscriptions", "saved_items": "subscriptions", "saved_reports": "subscriptions",
}

func TestEveryTableWithPeopleInItIsErasedAndTold(t *testing.T) {
	h := newHouse(t)
	h.must(admin, func(tx *db.Tx) error { return privacy.Erase(t.Context(), tx, h.person) })
	for _, table := range dbtest.TablesWith(t, h.DB, "account_id") {
		if told[table] == "" && table != "challenges" { // which live for minutes, and tell nothing
			t.Errorf("people are not told of %s: add it to privacy.Export, and to told", table)
		}
		if stays[table] != "" {
			continue
		}
		var n int
		if err := h.Get(t.Context(), &n, `SELECT count(*) FROM `+table+` WHERE account_id = ?`, h.person); err != nil || n > 0 {
			t.Errorf("%d rows of an erased person are left in %s (%v): let its owner remove them, and call that in privacy.Erase", n, table, err)
		}
	}
	source := dbtest.Source(t, ".", "../access", "../identity", "../work", "../contracts", "../saved", "../reports")
	for _, table := range dbtest.TablesWith(t, h.DB, "account_id") {
		if stays[table] == "" && !strings.Contains(source, "DELETE FROM "+table+" WHERE account_id = ?") {
			t.Errorf("nothing removes the rows of one person from %s", table)
		}
	}
}

func TestPeopleAreToldAllThatIsTheirs(t *testing.T) {
	h := newHouse(t)
	d, err := privacy.Export(t.Context(), h, models.Actor{AccountID: h.person}, models.Time{Time: h.Now()})
	if err != nil {
		t.Fatal(err)
	}
	b, err := json.Marshal(d)
	if err != nil {
		t.Fatal(err)
	}
	text := string(b)
	for _, want := range []string{mail, name, address, "Firefox, Linux", "Firma OÜ", "Tere.", "test:a", `"buyer"`, `"draft"`, "password_changed", `"purpose":"password"`, "session.begun", "account.added", `"tara"`, `"mID"`, "invitations", `"approval"`, "Key of ", `"never"`, `"after":"uus.` + mail} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is missing in %s", want, text)
		}
	}
	for _, secret := range []string{"argon2", h.secret, "/invite/x", "Jaan", "jaan@"} {
		if strings.Contains(text, secret) {
			t.Errorf("%q is told", secret)
		}
	}
	for table, part := range told {
		if !strings.Contains(text, `"`+part+`"`) {
			t.Errorf("the part %s of %s is missing", part, table)
		}
	}
	if _, err := privacy.Export(t.Context(), h, models.Actor{Program: "x"}, models.Time{}); !errors.Is(err, models.ErrForbidden) {
		t.Errorf("to a program: %v", err)
	}
}

// An application that nobody showed to be theirs is forgotten with its link.
func TestApplicationsThatNobodyConfirmedAreForgotten(t *testing.T) {
	h := newHouse(t)
	const day = 24 * time.Hour
	a := identity.Application{Key: models.Key{Code: "10000002"}, Country: "EE", Name: "Vaikne OÜ", Markets: []string{"FI"}}
	h.must(models.Actor{From: address}, func(tx *db.Tx) error {
		_, err := identity.Apply(t.Context(), tx, &a, identity.Applicant{Mail: "keegi@firma.example", Name: "Keegi Kadunud", Language: "et"}, "Need sõnad kaovad.")
		return err
	})
	begun := h.Now()
	for _, tt := range []struct {
		after time.Duration
		there bool
	}{{0, true}, {37*day - time.Second, true}, {37*day + time.Second, false}} {
		h.DB.Now = func() time.Time { return begun.Add(tt.after) }
		h.must(admin, func(tx *db.Tx) error {
			_, err := privacy.Tidy(t.Context(), tx, privacy.Keep{Sessions: 30 * day})
			return err
		})
		for _, text := range []string{"Need sõnad kaovad.", "Vaikne OÜ"} {
			if there := len(h.traces(text)) > 0; there != tt.there {
				t.Errorf("after %v %q is in %v", tt.after, text, h.traces(text))
			}
		}
	}
	if len(h.traces("Firma OÜ")) == 0 {
		t.Error("an application that is somebody's has gone as well")
	}
	h.intact()
}

func TestWhatIsKeptNoLongerIsForgotten(t *testing.T) {
	h := newHouse(t)
	const day = 24 * time.Hour
	keep := privacy.Keep{Sessions: 30 * day, Attempts: 7 * day, Addresses: 365 * day}
	count := func(q string) (n int) {
		if err := h.Get(t.Context(), &n, q); err != nil {
			t.Fatal(err)
		}
		return n
	}
	begun := h.Now()
	for _, tt := range []struct {
		after                                      time.Duration
		sessions, attempts, invitations, addresses bool
		mails, places                              bool
	}{
		{0, true, true, true, true, true, true},
		{7*day - time.Second, true, true, true, true, false, true},
		{7*day + time.Second, true, false, true, true, false, true},
		{31*day + 2*time.Second, false, false, true, true, false, true},
		{37*day + 2*time.Second, false, false, false, true, false, true},
		{365*day + time.Second, false, false, false, false, false, false},
	} {
		h.DB.Now = func() time.Time { return begun.Add(tt.after) }
		failed := make(chan error, 3)
		for range 3 { // as several processes do
			go func() {
				failed <- h.Write(t.Context(), admin, func(tx *db.Tx) error { _, err := privacy.Tidy(t.Context(), tx, keep); return err })
			}()
		}
		for range 3 {
			if err := <-failed; err != nil {
				t.Errorf("after %v: %v", tt.after, err)
			}
		}
		got := [6]bool{count(`SELECT count(*) FROM sessions`) > 0, count(`SELECT count(*) FROM attempts`) > 0, count(`SELECT count(*) FROM invitations`) > 0,
			count(`SELECT count(*) FROM audit_personal WHERE place = 0 AND value IS NOT NULL`) > 0,
			count(`SELECT count(*) FROM mail_changes`) > 0, count(`SELECT count(*) FROM places`) > 0}
		if want := [6]bool{tt.sessions, tt.attempts, tt.invitations, tt.addresses, tt.mails, tt.places}; got != want {
			t.Errorf("after %v sessions, attempts, invitations, addresses, changes of mail and places are there: %v, want %v", tt.after, got, want)
		}
		h.intact()
	}
	if n := count(`SELECT count(*) FROM audit_events WHERE action = 'audit.forgotten'`); n != 1 {
		t.Errorf("it was recorded %d times that addresses were forgotten", n)
	}
	if err := h.Write(t.Context(), models.Actor{}, func(tx *db.Tx) error { _, err := privacy.Tidy(t.Context(), tx, keep); return err }); !errors.Is(err, models.ErrForbidden) {
		t.Errorf("by a visitor: %v", err)
	}
}
