package handlers

import (
	"context"
	"encoding/csv"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"pilveturg/db"
	"pilveturg/db/dbtest"
	"pilveturg/handlers/web"
	"pilveturg/models"
	"pilveturg/models/audit"
	"pilveturg/models/catalogue"
	"pilveturg/models/identity"
)

var (
	boss   = models.Actor{AccountID: 1, Roles: []models.Role{models.Administrator}}
	seller = models.Actor{AccountID: 7, OrgID: 3, From: "192.0.2.7", Roles: []models.Role{models.VendorEditor}} // of the first vendor
)

// loggedSite is a site in whose log a person has changed something, in the evening
// of 2 March as it is in Tallinn: on the 3rd.
func loggedSite(t testing.TB) *testSite {
	t.Helper()
	s := newSite(t)
	s.DB.Now = func() time.Time { return dbtest.Moment.Add(13 * time.Hour) }
	dbtest.Write(t, s.DB, seller, func(tx *db.Tx) error {
		return audit.Record(t.Context(), tx, audit.OrganisationChanged, "ee-reg:00000012",
			audit.Change{Field: "website", Old: "https://old.example/", New: "https://tahvel.example/"},
			audit.Change{Field: "names.et", Old: "Vana <b>", New: "Tahvel Näidis OÜ"},
			audit.Change{Field: "mail", Old: "old@a.example", New: "new@a.example", Person: 7})
	})
	s.as(boss)
	return s
}

func TestTheAuditLogIsSearched(t *testing.T) {
	s := loggedSite(t)
	const none = "No events found"
	for _, tt := range []struct {
		name, query string
		texts       []string
	}{
		{"all, the newest first", "", []string{"10 events", "account 7", "acting for <a", `<a href="/en/vendors/v-3-tahvel-naidis-ou" lang="et">Tahvel Näidis OÜ (ee-reg:00000012)</a>`,
			"An organisation was changed", "2 Mar 2026 11:30", "3 Mar 2026 00:30", "192.0.2.7", "Website: ", "<del><span class=\"vh\">Removed: </span>https://old.example/</del>",
			"<ins><span class=\"vh\">Added: </span>https://tahvel.example/</ins>", "Name (Estonian): ", `<span lang="et">Vana &lt;b&gt;</span>`, "new@a.example",
			"the program test", `<a href="/en/services/sc-1-e-journal-for-classes">SC-1 e-Journal for classes</a>`, "noindex", "10 events in the log. It has not been verified here yet."}},
		{"by a word of the sentence", "q=changed", []string{"1 event<", "account 7"}},
		{"by a word of the subject in any case", "q=sc-1", []string{"1 event<", "SC-1 e-Journal"}},
		{"by words that nothing has together", "q=sc-1+changed", []string{none, `value="sc-1 changed"`}},
		{"by the account", "account=7", []string{"1 event<"}},
		{"by the organisation's number", "organisation=3", []string{"1 event<"}},
		{"or as in addresses", "organisation=v-3", []string{"1 event<"}},
		{"or by its key", "organisation=ee-reg:00000012", []string{"1 event<"}},
		{"by the group", "group=offering", []string{"5 events", "!An organisation", `<option value="offering" selected>Services</option>`}},
		{"from a day on, as it is in Tallinn", "from=2026-03-03", []string{"1 event<", "account 7"}},
		{"up to a day, itself included", "to=02.03.2026", []string{"9 events", "!account 7"}},
		{"by everything at once", "q=organisation&account=7&organisation=3&group=organisation&from=2026-03-03&to=2026-03-03", []string{"1 event<",
			`href="/en/admin/audit.csv?account=7&amp;from=2026-03-03&amp;group=organisation&amp;organisation=3&amp;q=organisation&amp;to=2026-03-03"`}},
		{"markup in a question is text", "q=%3Cscript%3E", []string{none, "!<script>\"", "&lt;script&gt;"}},
		{"an unknown group is left out", "group=weather", []string{"10 events"}},
		{"signs of patterns mean themselves", "q=%25", []string{none}},
		{"bytes that are no text are harmless", "q=%00%ff%25", []string{none}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			sub := *s
			sub.t = t
			sub.want("GET", "/en/admin/audit?"+tt.query, 200, tt.texts...)
		})
	}
	for query, text := range map[string]string{
		"account=x": "Enter a whole number", "account=-1": "Enter a whole number", "organisation=abc": "Enter a whole number",
		"organisation=ee-reg:9": "No organisation has this key", "from=soon": "Enter a day", "to=2026-02-30": "Enter a day",
	} {
		s.want("GET", "/en/admin/audit?"+query, 422, text, "<title>Error: ", `aria-invalid="true"`)
		s.want("GET", "/en/admin/audit.json?"+query, 422)
		s.want("GET", "/en/admin/audit.csv?"+query, 422)
	}
	s.want("GET", "/et/admin/audit?q=muudeti", 200, "1 sündmus<", "Muudeti asutuse või ettevõtte andmeid", "konto 7", "kelle nimel:", "!audit.w", "!audit.f", "!audit.a")
	s.wantTo("/en/admin/audit?q=&account=7", 303, "/en/admin/audit?account=7")
	s.wantTo("/en/admin/audit?page=2", 303, "/en/admin/audit")
}

func TestTheAuditLogIsForAdministrators(t *testing.T) {
	s := loggedSite(t)
	for _, tt := range []struct {
		actor models.Actor
		code  int
	}{{models.Actor{}, 303}, {seller, 404}} {
		s.as(tt.actor)
		for _, path := range []string{"", ".csv", ".json"} {
			s.want("GET", "/en/admin/audit"+path, tt.code, "!account 7")
		}
		s.want("POST", "/en/admin/audit/verification", tt.code)
	}
}

func TestALongLogHasPages(t *testing.T) {
	s := loggedSite(t)
	s.write(func(tx *db.Tx) error {
		for range 60 {
			if err := audit.Record(t.Context(), tx, audit.ImportDone, "import 12 of a <b>.csv"); err != nil {
				return err
			}
		}
		return nil
	})
	s.want("GET", "/en/admin/audit", 200, "70 events", "Import 12: a &lt;b&gt;.csv", "!account 7", `<a rel="next" href="/en/admin/audit?page=2">`)
	s.want("GET", "/en/admin/audit?page=2", 200, "account 7")
	s.wantTo("/en/admin/audit?page=3&group=import", 303, "/en/admin/audit?group=import")
}

func TestTheAuditLogIsReadByMachines(t *testing.T) {
	s := loggedSite(t)
	var got struct {
		Total  int
		Events []audit.Event
	}
	if err := json.Unmarshal([]byte(s.want("GET", "/en/admin/audit.json?account=7", 200)), &got); err != nil {
		t.Fatal(err)
	}
	if got.Total != 1 || len(got.Events) != 1 || got.Events[0].Seq != 10 || got.Events[0].From != "192.0.2.7" || got.Events[0].Changes[1].Old != "Vana <b>" {
		t.Errorf("got %+v", got)
	}
	body, bom := strings.CutPrefix(s.want("GET", "/en/admin/audit.csv?account=7", 200), "\uFEFF")
	rows, err := csv.NewReader(strings.NewReader(body)).ReadAll()
	want := []string{"10", "2026-03-02T22:30:00Z", "account 7", "7", "3", "organisation.changed", "An organisation was changed", "ee-reg:00000012",
		"website: https://old.example/ → https://tahvel.example/\nnames.et: Vana <b> → Tahvel Näidis OÜ\nmail: old@a.example → new@a.example", "192.0.2.7"}
	if err != nil || !bom || len(rows) != 2 || rows[0][0] != "No." || !slices.Equal(rows[1], want) {
		t.Errorf("the table is %q, %v", rows, err)
	}
}

func TestTheAuditLogIsVerifiedOnDemand(t *testing.T) {
	s := loggedSite(t)
	verify := func() {
		t.Helper()
		if w := s.do("POST", "/en/admin/audit/verification"); w.Code != 303 || w.Header().Get("Location") != "/en/admin/audit" {
			t.Errorf("status %d to %q", w.Code, w.Header().Get("Location"))
		}
	}
	verify()
	s.want("GET", "/en/admin/audit", 200, "11 events in the log. Verified on 3 Mar 2026 00:30: 10 events, all as they were written.", "Hash of the last intact event then:", "!not as it was written", "The log was verified")
	tamper := []string{`UPDATE audit_events SET subject = 'SC-2' WHERE seq = 5`}
	unguard := map[string]string{db.SQLite: `DROP TRIGGER audit_events_kept`, db.Postgres: `ALTER TABLE audit_events DISABLE TRIGGER USER`}[s.DB.Engine()]
	s.write(func(tx *db.Tx) error {
		for _, q := range append([]string{unguard}, tamper...) {
			if _, err := tx.Exec(t.Context(), q); err != nil {
				return err
			}
		}
		return nil
	})
	verify()
	s.want("GET", "/en/admin/audit", 200, "only the first 4 are intact", "The log is not as it was written",
		"Events that say something else than what was recorded: 1, the first at event 5.", `role="alert"`)
}

func TestWhatIsErasedOrUnknownIsSaid(t *testing.T) {
	s := loggedSite(t)
	s.write(func(tx *db.Tx) error {
		if _, err := audit.Erase(t.Context(), tx, 7); err != nil {
			return err
		}
		return audit.Record(t.Context(), tx, "weather.changed", "rain", audit.Change{Field: "colour", New: strings.Repeat("õ", 400)})
	})
	s.want("GET", "/en/admin/audit", 200, `E-mail address: <span class="muted">erased</span>`, "!192.0.2.7", "!a.example", "<td data-l=\"From where\">erased</td>", "Personal data of a person were erased from the log",
		"weather.changed", "colour: ", strings.Repeat("õ", 300)+"…")
	s.want("GET", "/en/admin/audit.csv?account=7", 200, "mail: erased", "!new@a.example")
}

func TestPeopleAreNamedWhereTheirNamesAreKnown(t *testing.T) {
	s := loggedSite(t)
	s.People = func(_ context.Context, accounts []int64) (map[int64]string, error) {
		if !slices.Contains(accounts, 7) {
			t.Errorf("asked for %v", accounts)
		}
		return map[int64]string{7: "The seller"}, nil
	}
	s.want("GET", "/en/admin/audit", 200, "The seller", "!account 7")
}

func TestThingsShowTheirTrailToTheirOwners(t *testing.T) {
	s := loggedSite(t)
	other := models.Actor{AccountID: 8, OrgID: 4, Roles: []models.Role{models.VendorEditor}}
	agency := models.Actor{AccountID: 9, OrgID: 2}
	const trail, vendor = `<h2 id="trail">Who changed what</h2>`, "/en/vendors/v-3-tahvel-naidis-ou"
	for _, tt := range []struct {
		name  string
		actor models.Actor
		path  string
		texts []string
	}{
		{"a visitor sees none of a vendor", models.Actor{}, vendor, []string{"!" + trail}},
		{"nor does another vendor", other, vendor, []string{"!" + trail}},
		{"the vendor does, without what is personal", seller, vendor, []string{trail, "An organisation was changed", "account 7", "https://old.example/", "E-mail address: ", "personal data, not shown",
			"!a.example<", "!192.0.2.7", "!All events in the audit log"}},
		{"an administrator sees all and where the rest is", boss, vendor, []string{trail, "new@a.example", `<a href="/en/admin/audit?q=ee-reg%3A00000012">All events in the audit log</a>`}},
		{"a visitor sees none of a service", models.Actor{}, "/en" + journalPath, []string{"!" + trail, "!#trail"}},
		{"nor does another vendor", other, "/en" + journalPath, []string{"!" + trail}},
		{"its vendor does", seller, "/en" + journalPath, []string{trail, `<a href="#trail">`, "A service was added", "Versions: "}},
		{"nobody sees it afterwards who should not", models.Actor{}, "/en" + journalPath, []string{"!" + trail}},
		{"an agency sees its own", agency, "/en/agencies/a-2-lakeside-schools-board", []string{trail, "An organisation was added"}},
		{"and not another's", agency, "/en/agencies/a-1-ministry-of-learning", []string{"!" + trail}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			sub := *s
			sub.t = t
			s.as(tt.actor)
			sub.want("GET", tt.path, 200, tt.texts...)
		})
	}
}

// Whatever becomes of organisations and services is told in words of both languages.
func TestEveryFieldOfTheLogHasWords(t *testing.T) {
	s := newSite(t)
	s.write(func(tx *db.Tx) error {
		o := identity.Organisation{Key: testKey("o"), Slug: "o", Kind: identity.Agency, Parent: testKey("m"), Country: "EE", Names: models.Text{"en": "O"},
			About: models.Text{"et": "O"}, Size: 3, SizeUnit: "staff", Website: "https://o.example/", Markets: []string{"EE"}, Invented: true}
		if _, _, err := identity.Put(t.Context(), tx, &o); err != nil {
			return err
		}
		l := s.listing("l", func(l *catalogue.Listing, _ *catalogue.Version) {})
		if _, err := catalogue.Put(t.Context(), tx, &l, 0); err != nil {
			return err
		}
		l.Life, l.LifeSince, l.Reason, l.Successor, l.Unclaimed, l.Invented = catalogue.Closed, models.NewDate(2026, 1, 1), models.Text{"en": "R"}, testKey("journal"), true, true
		l.Slug, l.Uses = "m", []catalogue.Use{{Organisation: testKey("o"), Part: "north", Phase: catalogue.InUse}}
		_, err := catalogue.Put(t.Context(), tx, &l, 0)
		return err
	})
	s.as(boss)
	s.do("POST", "/en/admin/audit/verification")
	seen := map[string]bool{}
	err := audit.All(t.Context(), s.DB, audit.Filter{}, func(e audit.Event) error {
		for _, c := range e.Changes {
			name, _, _ := strings.Cut(c.Field, ".")
			seen[name] = true
		}
		return nil
	})
	if err != nil || len(seen) < 20 {
		t.Fatalf("only %v is in the log, %v", seen, err)
	}
	for _, lang := range s.Langs {
		for name := range seen {
			if !s.Views[lang].Locale.Has("audit.field." + name) {
				t.Errorf("%s has no words for the field %s", lang, name)
			}
		}
	}
	s.want("GET", "/en/admin/audit?"+url.Values{"q": {"changed"}}.Encode(), 200, "Use by demo:o/north: ", "{\"organisation\":\"demo:o\"", "Reason (English): ", "In that state since: ", "Unclaimed: ")
}

func TestASignedInReaderIsKnown(t *testing.T) {
	s := newSite(t)
	s.adapter.Who = func(r *http.Request) (web.Session, error) {
		if r.Header.Get("X-Test") == "boss" {
			return web.Session{ID: 1, Actor: boss}, nil
		}
		return web.Session{}, nil
	}
	r := httptest.NewRequest("GET", "/en/admin/audit", nil)
	r.Header.Set("X-Test", "boss")
	w := httptest.NewRecorder()
	if s.handler.ServeHTTP(w, r); w.Code != 200 {
		t.Errorf("the administrator gets %d", w.Code)
	}
	s.want("GET", "/en/admin/audit", 303)
}
