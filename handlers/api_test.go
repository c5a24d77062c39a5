package handlers

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"pilveturg/db"
	"pilveturg/db/dbtest"
	"pilveturg/handlers/api"
	"pilveturg/models"
	"pilveturg/models/access"
	"pilveturg/models/audit"
	"pilveturg/models/catalogue"
	"pilveturg/models/identity"
	"pilveturg/models/publishing"
)

// programs is a site with two vendors that have tokens.
type programs struct {
	*peopleSite
	editor      int64
	rival       models.Actor
	write, read string // tokens of the vendor 3
	other       string // of the vendor 4
}

func newPrograms(t *testing.T) *programs {
	t.Helper()
	p := &programs{peopleSite: newPeopleSite(t)}
	p.editor = p.person("editor@tahvel.example")
	rival := p.person("editor@acme.example")
	p.writeAs(p.joined(p.editor, 3), func(tx *db.Tx) (err error) {
		if p.write, err = access.MakeToken(t.Context(), tx, "Pipeline", access.WritesListings, 30); err == nil {
			p.read, err = access.MakeToken(t.Context(), tx, "Reader", access.ReadsListings, 30)
		}
		return err
	})
	p.rival = p.joined(rival, 4)
	p.writeAs(p.rival, func(tx *db.Tx) (err error) {
		p.other, err = access.MakeToken(t.Context(), tx, "Pipeline", access.WritesListings, 30)
		return err
	})
	return p
}

// joined makes somebody an editor of a vendor.
func (p *programs) joined(account, org int64) models.Actor {
	p.t.Helper()
	p.peopleSite.write(func(tx *db.Tx) error {
		_, err := identity.AddMember(p.t.Context(), tx, account, org, editor)
		return err
	})
	return models.Actor{AccountID: account, OrgID: org, Roles: editor.Roles}
}

// meters are tokens of the two vendors that report use.
func (p *programs) meters() (tokens [2]string) {
	p.t.Helper()
	for i, who := range []models.Actor{{AccountID: p.editor, OrgID: 3, Roles: editor.Roles}, p.rival} {
		p.writeAs(who, func(tx *db.Tx) (err error) {
			tokens[i], err = access.MakeToken(p.t.Context(), tx, "Meter", access.WritesUsage, 30)
			return err
		})
	}
	return tokens
}

func (p *programs) writeAs(a models.Actor, f func(*db.Tx) error) {
	p.t.Helper()
	dbtest.Write(p.t, p.DB, a, f)
}

// ask asks as a program would that shows the token and sends these headers.
func (p *programs) ask(token, method, path, body string, headers ...string) *httptest.ResponseRecorder {
	p.t.Helper()
	r := httptest.NewRequest(method, path, strings.NewReader(body))
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	if token != "" {
		r.Header.Set("Authorization", "Bearer "+token)
	}
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	w := httptest.NewRecorder()
	p.handler.ServeHTTP(w, r)
	return w
}

// gets asks, complains unless the answer has the status, and reads it.
func gets[T any](p *programs, code int, token, method, path, body string, headers ...string) (v T, h http.Header) {
	p.t.Helper()
	w := p.ask(token, method, path, body, headers...)
	kind := "application/json"
	if code >= 400 {
		kind = "application/problem+json"
	}
	if got := w.Header().Get("Content-Type"); w.Code != code || got != kind {
		p.t.Errorf("%s %s: %d as %s, want %d as %s: %s", method, path, w.Code, got, code, kind, w.Body)
	}
	if err := json.Unmarshal(w.Body.Bytes(), &v); err != nil {
		p.t.Errorf("%s %s: %v in %s", method, path, err, w.Body)
	}
	return v, w.Header()
}

func (p *programs) refused(code int, name, token, method, path, body string, headers ...string) api.Problem {
	p.t.Helper()
	v, _ := gets[api.Problem](p, code, token, method, path, body, headers...)
	if v.Status != code || !strings.HasSuffix(v.Type, "#problem-"+name) || v.Title == "" || strings.HasPrefix(v.Title, "api.") {
		p.t.Errorf("%s %s: the problem is %+v, want %s", method, path, v, name)
	}
	return v
}

// serviceJSON is a listing that says all that is needed.
func serviceJSON(name string) string {
	answers := []string{}
	for _, a := range [][2]string{{"service_model", "saas"}, {"interface_languages", "et"}, {"data_countries", "EE"}, {"personal_data", "children"}, {"sign_in", "id_card"},
		{"accessibility_level", "partly"}, {"start_days", "5"}, {"minimum_term", "12"}, {"notice_days", "30"}, {"export_formats", "csv"}, {"support_channels", "email"}, {"availability", "99.5"}} {
		answers = append(answers, fmt.Sprintf(`{"q":%q,"values":[%q],"by":"vendor","proof":"stated"}`, a[0], a[1]))
	}
	return `{"language":"et","words":{"et":{"name":"` + name + `","summary":"Päevik koolidele"}},"categories":["school-journals"],"website":"https://tahvel.example/x","answers":[` +
		strings.Join(answers, ",") + `],"plans":[{"code":"standard","currency":"EUR","vat":"24","terms":{"minimum_months":12,"notice_days":30},"charges":[{"code":"pupils","unit":"pupil","per":"month","price":"0.45"}]}]}`
}

const listings = "/api/v1/listings"

func TestAProgramPublishes(t *testing.T) {
	p := newPrograms(t)
	made, h := gets[api.Listing](p, 201, p.write, "POST", listings, serviceJSON("Uus päevik"))
	at := h.Get("Location")
	if made.State != "draft" || made.ETag != h.Get("ETag") || at != listings+"/"+made.ID || made.Names["et"] != "Uus päevik" || made.URL != "" {
		t.Errorf("made is %+v, with %v", made, h)
	}
	shown, h := gets[api.Listing](p, 200, p.read, "GET", at, "")
	if shown.Source != "draft" || shown.Content.Words["et"].Summary != "Päevik koolidele" || h.Get("ETag") != made.ETag {
		t.Errorf("shown is %+v, with %v", shown, h)
	}
	saved, _ := gets[api.Listing](p, 200, p.write, "PUT", at+"/draft", serviceJSON("Teine päevik"), "If-Match", made.ETag)
	if saved.Names["et"] != "Teine päevik" || saved.ETag == made.ETag {
		t.Errorf("saved is %+v", saved.Summary)
	}
	p.refused(422, "incomplete", p.write, "POST", at+"/submission?note="+strings.Repeat("a", catalogue.MaxSummary+1), "", "If-Match", saved.ETag)
	sent, _ := gets[api.Sent](p, 202, p.write, "POST", at+"/submission?note=The+first+one", "", "If-Match", saved.ETag, "Accept-Language", "en")
	if sent.State != "waiting" || len(sent.Risks) != 1 || sent.Risks[0].Kind != "new_service" || sent.Risks[0].Detail == "" {
		t.Errorf("sent is %+v", sent)
	}
	p.want("GET", "/en/services?q=Teine", 200, "!Teine päevik")
	id, _ := catalogue.ParseNumber(made.ID)
	p.writeAs(models.Actor{AccountID: p.admin.AccountID, OrgID: p.admin.OrgID, Roles: []models.Role{models.Moderator}}, func(tx *db.Tx) error {
		s, err := publishing.LastSubmission(t.Context(), tx, tx.Actor, id)
		if s.Note["en"] != "The first one" {
			t.Errorf("the note is %v", s.Note)
		}
		if err == nil {
			_, err = publishing.Approve(t.Context(), tx, publishing.Decision{Submission: s.ID, Hash: s.Hash, Checked: publishing.ToCheck(s.Risks)})
		}
		return err
	})
	live, _ := gets[api.Listing](p, 200, p.read, "GET", at, "")
	if live.Source != "published" || live.State != "published" || live.Version != 1 || !strings.Contains(live.URL, "/en/services/sc-") && !strings.Contains(live.URL, "/et/services/sc-") {
		t.Errorf("live is %+v", live)
	}
	saved, _ = gets[api.Listing](p, 200, p.write, "PUT", at+"/draft", strings.Replace(serviceJSON("Teine päevik"), "Päevik koolidele", "Päevik kõigile koolidele", 1), "If-Match", live.ETag)
	if saved.State != "changed" {
		t.Errorf("saved is %+v", saved.Summary)
	}
	all, _ := gets[api.Page](p, 200, p.read, "GET", listings, "")
	i := slices.IndexFunc(all.Listings, func(s api.Summary) bool { return s.ID == made.ID })
	if i < 0 || all.Listings[i].State != "changed" || all.Listings[0].ID != "SC-1" {
		t.Errorf("listed are %+v", all)
	}
	var events []audit.Event
	if err := audit.All(t.Context(), p.DB, audit.Filter{Account: p.editor}, func(e audit.Event) error {
		events = append(events, e)
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	if !slices.ContainsFunc(events, func(e audit.Event) bool {
		return e.Actor == "token 1" && e.Organisation == 3 && e.From == "192.0.2.1" && e.Action == "listing.sent"
	}) {
		t.Errorf("the log does not say that the token sent it: %+v", events)
	}
}

// Every operation is tried with everything that opens it not.
func TestEveryOperationKeepsItsWalls(t *testing.T) {
	p := newPrograms(t)
	expired, revoked := p.write, p.read
	p.later(31 * 24 * time.Hour)
	p.writeAs(models.Actor{AccountID: p.editor, OrgID: 3, Roles: editor.Roles}, func(tx *db.Tx) (err error) {
		scopes := []access.Scope{access.WritesListings, access.ReadsListings, access.WritesListings}
		for i, token := range []*string{&p.write, &p.read, &revoked} { // the last one is lost
			if *token, err = access.MakeToken(t.Context(), tx, "Pipeline", scopes[i], 30); err != nil {
				return err
			}
		}
		return access.RevokeToken(t.Context(), tx, 6)
	})
	p.writeAs(p.rival, func(tx *db.Tx) (err error) {
		p.other, err = access.MakeToken(t.Context(), tx, "Pipeline", access.WritesListings, 30)
		return err
	})
	tokens := map[access.Scope][2]string{access.ReadsListings: {p.write, p.other}, access.WritesListings: {p.write, p.other}, access.WritesUsage: p.meters()}
	b := p.browser()
	b.post("/en/sign-in", 200, "mail", "editor@tahvel.example", "password", rightPassword)
	cookie := sessionName + "=" + b.cookies[sessionName]
	for _, op := range p.api.Operations() {
		pair := tokens[access.Scope(op.Scope)]
		opPath := strings.Replace(op.Path, "{month}", "2026-01", 1)
		path := strings.Replace(opPath, "{id}", "SC-1", 1)
		body, match := "", `"r0-v3"`
		switch {
		case op.ID == "report_usage":
			body = `{"assigned": 1, "used": 1}`
		case op.Method != "GET" && op.ID != "submit_listing":
			body = serviceJSON("Nimi")
		}
		before := dbtest.Dump(t, p.DB, "tokens")
		p.later(time.Minute)
		for name, header := range map[string][]string{"no token": nil, "garbage": {"Authorization", "Bearer x"}, "an expired one": {"Authorization", "Bearer " + expired},
			"a revoked one": {"Authorization", "Bearer " + revoked}, "a session": {"Cookie", cookie}, "another scheme": {"Authorization", "Basic " + p.write}} {
			v, h := gets[api.Problem](p, 401, "", op.Method, path, body, append(header, "If-Match", match)...)
			if !strings.HasSuffix(v.Type, "#problem-token") || !strings.HasPrefix(h.Get("WWW-Authenticate"), "Bearer") || h.Get("Access-Control-Allow-Origin") != "" || h.Get("Set-Cookie") != "" {
				t.Errorf("%s with %s: %+v %v", op.ID, name, v, h)
			}
		}
		if op.Scope != string(access.ReadsListings) {
			p.refused(403, "scope", p.read, op.Method, path, body, "If-Match", match)
		}
		if strings.Contains(op.Path, "{id}") {
			for _, number := range []string{"SC-5", "SC-999", "5", "sc-01", "SC-5%2f..", "SC-9223372036854775808"} { // the other vendor's, nobody's, no number
				p.refused(404, "not_found", pair[0], op.Method, strings.Replace(opPath, "{id}", number, 1), body, "If-Match", "*")
			}
			p.refused(404, "not_found", pair[1], op.Method, path, body, "If-Match", match)
		}
		if tables := dbtest.Differences(before, dbtest.Dump(t, p.DB, "tokens")); len(tables) > 0 {
			t.Errorf("%s: what was refused has changed %v", op.ID, tables)
		}
	}
	mine, _ := gets[api.Page](p, 200, p.other, "GET", listings, "")
	if len(mine.Listings) != 1 || mine.Listings[0].ID != "SC-5" {
		t.Errorf("the other vendor is shown %+v", mine)
	}
	p.refused(404, "not_found", p.write, "GET", "/api/v1/nothing", "")
	p.refused(405, "method", p.write, "DELETE", listings, "")
}

func TestTwoProgramsDoNotOverwriteEachOther(t *testing.T) {
	p := newPrograms(t)
	at := listings + "/SC-1"
	first, _ := gets[api.Listing](p, 200, p.write, "GET", at, "")
	p.refused(428, "no_match", p.write, "PUT", at+"/draft", serviceJSON("Üks"))
	saved, _ := gets[api.Listing](p, 200, p.write, "PUT", at+"/draft", serviceJSON("Üks"), "If-Match", first.ETag)
	lost := p.refused(412, "differs", p.write, "PUT", at+"/draft", serviceJSON("Kaks"), "If-Match", first.ETag)
	if lost.ETag != saved.ETag {
		t.Errorf("the problem tells %q, what stands there is %q", lost.ETag, saved.ETag)
	}
	p.refused(412, "differs", p.write, "POST", at+"/submission", "", "If-Match", first.ETag)
	if now, _ := gets[api.Listing](p, 200, p.read, "GET", at, ""); now.Content.Words["et"].Name != "Üks" {
		t.Errorf("the draft is called %q", now.Content.Words["et"].Name)
	}
	again, _ := gets[api.Listing](p, 200, p.write, "PUT", at+"/draft", serviceJSON("Üks"), "If-Match", `"x", `+saved.ETag)
	if again.ETag != saved.ETag {
		t.Error("saving the same moved the ETag")
	}
	p.refused(409, "no_draft", p.write, "POST", listings+"/SC-4/submission", "", "If-Match", "*")
}

func TestWhatIsWrongIsToldFieldByFieldInTheLanguage(t *testing.T) {
	p := newPrograms(t)
	for _, tt := range []struct {
		name, body, lang, pointer, code, detail string
	}{
		{"no JSON", `{`, "en", "", "exchange.truncated", "ends in the middle"},
		{"nothing", " ", "en", "", "exchange.truncated", "ends in the middle"},
		{"a list", `[]`, "et", "", "exchange.wrong_type", "Oodatud on"},
		{"an unknown field", `{"language":"et","colour":1}`, "et", "/colour", "exchange.unknown_field", "Sellist välja ei ole"},
		{"a field twice", `{"language":"et","language":"en"}`, "en", "/language", "exchange.duplicate_field", "The field is there twice"},
		{"NUL", `{"language":"et","website":"a\u0000"}`, "en", "/website", "exchange.nul_escape", "NUL"},
		{"no words", `{"language":"et"}`, "et", "/words", "content.words", "Tekste selle oma keeles „et“ ei ole"},
		{"no name", `{"language":"et","words":{"et":{"name":" "}}}`, "et-EE, en;q=0.5", "/words/et/name", "content.name", "Nimi puudub"},
		{"a wrong option", `{"language":"et","words":{"et":{"name":"x"}},"answers":[{"q":"service_model","values":["boat"],"by":"vendor","proof":"stated"}]}`, "de, en", "/answers/0/values/0", "answer.option", "There is no answer “boat”"},
		{"a dangerous address", `{"language":"et","words":{"et":{"name":"x"}},"website":"javascript:alert(1)"}`, "et", "/website", "content.website", "javascript:alert(1)"},
		{"a negative price", strings.Replace(serviceJSON("x"), `"0.45"`, `"-1"`, 1), "et", "/plans/0/charges/0/price", "plan.negative", "Andke 0 või rohkem"},
		{"a huge price", strings.Replace(serviceJSON("x"), `"0.45"`, `"1000000000000000"`, 1), "en", "/plans/0/charges/0/price", "plan.too_large", "Give at most"},
		{"a text too long", strings.Replace(serviceJSON("x"), "Päevik koolidele", strings.Repeat("õ", 401), 1), "en", "/words/et/summary", "text.long", "401"},
	} {
		v := p.refused(422, "invalid", p.write, "POST", listings, tt.body, "Accept-Language", tt.lang)
		if len(v.Errors) == 0 || v.Errors[0].Pointer != tt.pointer || v.Errors[0].Code != tt.code || !strings.Contains(v.Errors[0].Detail, tt.detail) || strings.Contains(v.Errors[0].Detail, "%!") {
			t.Errorf("%s: %+v, want %s at %q: %s", tt.name, v.Errors, tt.code, tt.pointer, tt.detail)
		}
	}
	made, _ := gets[api.Listing](p, 201, p.write, "POST", listings, `{"language":"et","words":{"et":{"name":"Pool"}}}`)
	v := p.refused(422, "incomplete", p.write, "POST", listings+"/"+made.ID+"/submission", "", "If-Match", made.ETag, "Accept-Language", "en")
	codes := ""
	for _, e := range v.Errors {
		codes += e.Code + " " + e.Detail + "\n"
		if strings.HasPrefix(e.Detail, "publishing.") || strings.HasPrefix(e.Detail, "problem.") {
			t.Errorf("%s has no words: %s", e.Code, e.Detail)
		}
	}
	for _, want := range []string{"publishing.plan_missing", "publishing.category_missing", "answer.missing Question data_countries is to be answered"} {
		if !strings.Contains(codes, want) {
			t.Errorf("%q is not told: %s", want, codes)
		}
	}
}

func TestARequestThatComesAgainIsNotDoneTwice(t *testing.T) {
	p := newPrograms(t)
	key := []string{"Idempotency-Key", `"build 17"`}
	p.refused(400, "bad_name", p.write, "POST", listings, serviceJSON("Uus"), key...)
	key[1] = `"build-17"`
	one, h := gets[api.Listing](p, 201, p.write, "POST", listings, serviceJSON("Uus"), key...)
	two, h2 := gets[api.Listing](p, 201, p.write, "POST", listings, serviceJSON("Uus"), key...)
	if one.ID != two.ID || h.Get("ETag") != h2.Get("ETag") || h.Get("Location") != h2.Get("Location") {
		t.Errorf("first %+v, then %+v", one.Summary, two.Summary)
	}
	p.refused(422, "name_reused", p.write, "POST", listings, serviceJSON("Muu"), key...)
	if v, _ := gets[api.Listing](p, 201, p.other, "POST", listings, serviceJSON("Uus"), key...); v.ID == one.ID {
		t.Error("another program is answered what the first one was")
	}
	at := listings + "/" + one.ID + "/submission"
	send := []string{"Idempotency-Key", "send-17", "If-Match", one.ETag}
	gets[api.Sent](p, 202, p.write, "POST", at, "", send...)
	gets[api.Sent](p, 202, p.write, "POST", at, "", send...)
	var n int
	if err := p.DB.Get(t.Context(), &n, `SELECT count(*) FROM submissions`); err != nil || n != 1 {
		t.Errorf("%d submissions, %v; want one", n, err)
	}
	p.later(access.AnswersLife + time.Second)
	if v, _ := gets[api.Listing](p, 201, p.write, "POST", listings, serviceJSON("Uus"), key...); v.ID == one.ID {
		t.Error("after a day it is still answered the same")
	}
}

func TestProgramsHaveLimits(t *testing.T) {
	p := newPrograms(t)
	p.refused(413, "too_large", p.write, "POST", listings, strings.Repeat(" ", 1<<20+1))
	p.refused(415, "media_type", p.write, "POST", listings, "x=1", "Content-Type", "application/x-www-form-urlencoded")
	p.refused(415, "media_type", p.write, "POST", listings, "x", "Content-Encoding", "gzip")
	p.refused(400, "bad_page", p.write, "GET", listings+"?limit=0", "")
	p.refused(400, "bad_page", p.write, "GET", listings+"?after=x", "")
	one, _ := gets[api.Page](p, 200, p.write, "GET", listings+"?limit=1", "")
	two, h := gets[api.Page](p, 200, p.write, "GET", listings+"?limit=1&after="+one.Next, "")
	if len(one.Listings) != 1 || one.Next != "SC-1" || len(two.Listings) != 1 || two.Listings[0].ID != "SC-2" {
		t.Errorf("first %+v, then %+v", one, two)
	}
	if h.Get("RateLimit-Policy") != `"token";q=120;w=60` || !strings.HasPrefix(h.Get("RateLimit"), `"token";r=113;t=`) {
		t.Errorf("RateLimit %q of %q", h.Get("RateLimit"), h.Get("RateLimit-Policy"))
	}
	for range 113 {
		gets[api.Page](p, 200, p.write, "GET", listings, "")
	}
	if _, h := gets[api.Problem](p, 429, p.write, "GET", listings, ""); h.Get("Retry-After") == "" {
		t.Error("nobody is told how long to wait")
	}
	gets[api.Page](p, 200, p.read, "GET", listings, "") // whoever else asks does not wait
	for range 20 {
		p.refused(401, "token", "pvt_guess", "GET", listings, "")
	}
	p.refused(429, "too_many", "pvt_guess", "GET", listings, "")
	p.refused(429, "too_many", p.read, "GET", listings, "") // or guessing could go on until it hits
	p.later(time.Minute)
	gets[api.Page](p, 200, p.read, "GET", listings, "")
}

func TestTheDescriptionForPrograms(t *testing.T) {
	p := newPrograms(t)
	for path, version := range map[string]string{"/openapi.json": "3.1.0", "/openapi-3.0.json": "3.0.3"} {
		var d struct {
			OpenAPI    string
			Paths      map[string]map[string]struct{ OperationID, Summary string }
			Components struct {
				Schemas map[string]struct {
					Properties map[string]any
				}
			}
			Servers []struct{ URL string }
		}
		body := p.want("GET", path, 200)
		if err := json.Unmarshal([]byte(body), &d); err != nil || d.OpenAPI != version || d.Servers[0].URL != "http://example.com" {
			t.Fatalf("%s: %v, OpenAPI %q, servers %v", path, err, d.OpenAPI, d.Servers)
		}
		for _, op := range p.api.Operations() {
			if got := d.Paths[op.Path][strings.ToLower(op.Method)]; got.OperationID != op.ID || got.Summary == "" || strings.HasPrefix(got.Summary, "api.") {
				t.Errorf("%s: %s %s is described as %+v", path, op.Method, op.Path, got)
			}
		}
		for _, schema := range []string{"Content", "Plan", "Answer", "Problem", "Listing"} {
			if len(d.Components.Schemas[schema].Properties) == 0 {
				t.Errorf("%s: there is no schema %s", path, schema)
			}
		}
	}
	p.want("GET", "/en/api", 200, "<h1>For programs</h1>", "PUT /api/v1/listings/{id}/draft", "120 requests a minute", "Somebody else has changed the listing")
	p.want("GET", "/et/api", 200, "<h1>Programmidele</h1>", "Mustandi esitamine")
}
