package handlers

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"pilveturg/db"
	"pilveturg/handlers/web"
	"pilveturg/models"
	"pilveturg/models/search"
)

// as makes whoever asks the actor, from now on.
func (s *testSite) as(actor models.Actor) {
	s.adapter.Who = func(*http.Request) (web.Session, error) {
		return web.Session{ID: 1, Actor: actor, Name: "Test", Fresh: true}, nil
	}
}

// post sends a form: name, value, name, value …
func (s *testSite) post(address string, fields ...string) *httptest.ResponseRecorder {
	s.t.Helper()
	form := url.Values{}
	for i := 0; i+1 < len(fields); i += 2 {
		form.Add(fields[i], fields[i+1])
	}
	r := httptest.NewRequest("POST", address, strings.NewReader(form.Encode()))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	w := httptest.NewRecorder()
	s.handler.ServeHTTP(w, r)
	return w
}

// synonymSite is a site with so many lists of synonyms, asked by an administrator;
// ids are those of the lists.
func synonymSite(t *testing.T, lists ...string) (s *testSite, ids []int64) {
	s = emptySite(t)
	s.as(models.Actor{AccountID: 7, Roles: []models.Role{models.Administrator}})
	s.write(func(tx *db.Tx) error {
		ids = nil
		for _, l := range lists {
			id, err := search.AddSynonyms(t.Context(), tx, search.SplitSynonyms(l))
			if err != nil {
				return err
			}
			ids = append(ids, id)
		}
		return nil
	})
	return s, ids
}

// list returns a list as it is kept, and its revision as a form tells it.
func (s *testSite) list(id int64) (words, seen string) {
	s.t.Helper()
	l, err := search.FindSynonyms(s.t.Context(), s.DB, id)
	if err != nil {
		s.t.Fatal(err)
	}
	return l.String(), fmt.Sprint(l.Revision)
}

// wantPage complains unless an answer has the status and holds the texts; a text
// that begins with "!" must not be there.
func (s *testSite) wantPage(what string, w *httptest.ResponseRecorder, code int, texts ...string) {
	s.t.Helper()
	if w.Code != code {
		s.t.Errorf("%s: status %d, want %d (to %q)", what, w.Code, code, w.Header().Get("Location"))
	}
	for _, text := range texts {
		text, absent := strings.CutPrefix(text, "!")
		if strings.Contains(w.Body.String(), text) == absent {
			s.t.Errorf("%s: is %q there? %t", what, text, absent)
		}
	}
}

func TestSynonymsAreForAdministrators(t *testing.T) {
	s, ids := synonymSite(t, "map, kaart")
	path := fmt.Sprintf("/en/admin/synonyms/%d", ids[0])
	for _, tt := range []struct {
		name  string
		actor models.Actor
		code  int
	}{
		{"a visitor has to sign in", models.Actor{}, 303},
		{"a moderator may not", models.Actor{AccountID: 3, Roles: []models.Role{models.Moderator, models.VendorEditor}}, 404},
	} {
		s.as(tt.actor)
		for _, address := range []string{"/en/admin/synonyms", path, path + "/removal"} {
			s.wantPage(tt.name+" GET "+address, s.do("GET", address), tt.code, "!kaart")
			s.wantPage(tt.name+" POST "+address, s.post(address, "words", "a, b"), tt.code, "!kaart")
		}
	}
	if words, _ := s.list(ids[0]); words != "map, kaart" {
		t.Errorf("the list is %q now", words)
	}
}

func TestTheListOfSynonyms(t *testing.T) {
	s, ids := synonymSite(t, "SSO, ühekordne sisselogimine", "kaart, map", "aluskaart, base map")
	path := func(i int, more string) string { return fmt.Sprintf("/en/admin/synonyms/%d%s", ids[i], more) }
	for _, tt := range []struct {
		name, address string
		texts         []string
	}{
		{"all stand there with what can be done", "/en/admin/synonyms", []string{"<title>Synonyms of the search – Pilveturg</title>", "3 lists", "SSO, ühekordne sisselogimine",
			`href="` + path(0, "") + `"`, `href="` + path(0, "/removal") + `"`, "2 Mar 2026 11:30", "noindex", "!No lists"}},
		{"in Estonian", "/et/admin/synonyms", []string{"Otsingu sünonüümid", "3 loendit", "Muuda<span class=\"vh\"> SSO</span>"}},
		{"a filter finds words by a part, however it is written", "/en/admin/synonyms?q=K%C3%84ART", []string{"2 lists with “KÄART”", "kaart, map", "aluskaart, base map", "!SSO", `value="KÄART"`, "Show all lists"}},
		{"a filter that finds nothing", "/en/admin/synonyms?q=zzz", []string{"0 lists with “zzz”", "No list has a word with “zzz”", "!<table"}},
		{"what was added is said", "/en/admin/synonyms?done=added&list=" + fmt.Sprint(ids[1]), []string{`role="status"`, "The list is added: kaart, map."}},
		{"what was removed is said", "/en/admin/synonyms?done=removed&list=999", []string{"The list is removed."}},
		{"what was not done is not said", "/en/admin/synonyms?done=removed&list=" + fmt.Sprint(ids[1]), []string{`!role="status"`}},
		{"nor what cannot be done", "/en/admin/synonyms?done=won&list=" + fmt.Sprint(ids[1]), []string{`!role="status"`}},
		{"the form of a list", path(1, ""), []string{"Change a list of synonyms", "<textarea", "kaart\nmap</textarea>", `name="seen"`}},
		{"the question before a removal", path(1, "/removal"), []string{"Remove this list of synonyms?", "<li>kaart</li>", `class="stop"`}},
	} {
		s.wantPage(tt.name, s.do("GET", tt.address), 200, tt.texts...)
	}
	if body := s.do("GET", "/en/admin/synonyms").Body.String(); strings.Index(body, "aluskaart") > strings.Index(body, ">kaart") || strings.Index(body, ">kaart") > strings.Index(body, ">SSO") {
		t.Error("the lists are not in the order of the alphabet")
	}
	for _, address := range []string{"/en/admin/synonyms/999", "/en/admin/synonyms/0x1", "/en/admin/synonyms/+1", "/en/admin/synonyms/map", "/en/admin/synonyms/999/removal"} {
		s.wantPage(address, s.do("GET", address), 404)
	}
}

func TestALongListOfSynonymsHasPages(t *testing.T) {
	var lists []string
	for i := range synonymsOnPage + 1 {
		lists = append(lists, fmt.Sprintf("word%03d, other", i))
	}
	s, _ := synonymSite(t, lists...)
	s.wantPage("the first page", s.do("GET", "/en/admin/synonyms"), 200, "(page 1 of 2)", "101 lists", "word000", "!word100", `href="/en/admin/synonyms?page=2"`)
	s.wantPage("the second page of a filter", s.do("GET", "/en/admin/synonyms?q=other&page=2"), 200, "word100", "!word000", `href="/en/admin/synonyms?q=other"`)
	s.wantTo("/en/admin/synonyms?q=other&page=3", 303, "/en/admin/synonyms?q=other")
}

func TestSynonymsAreAdded(t *testing.T) {
	s, _ := synonymSite(t, "map, kaart")
	for _, tt := range []struct {
		name, typed string
		texts       []string
	}{
		{"one word", "päevik", []string{"<title>Error: Synonyms", `href="#words">Enter at least 2 words or phrases</a>`, "\npäevik</textarea>", `aria-invalid="true"`}},
		{"a word twice, and a phrase that is too long", "päevik\nPAEVIK\none two three four five", []string{"Leave out “PAEVIK”", "Shorten “one two three four five” to at most 4 words", "PAEVIK\none two"}},
		{"a word as long as a book", "a, " + strings.Repeat("x", 3000), []string{"Shorten “" + strings.Repeat("x", 40) + "…” to"}},
		{"a list that is there", "Kaart, MAP", []string{"there is a list of just these already", "Kaart, MAP</textarea>"}},
		{"bytes that are no text", "a\xff, b", []string{"holds characters that cannot be read or seen"}},
	} {
		s.wantPage(tt.name, s.post("/en/admin/synonyms", "words", tt.typed), 422, append(tt.texts, `class="errors" role="alert"`, "1 list")...)
	}
	w := s.post("/et/admin/synonyms", "words", "e-päevik\r\ngradebook, class journal\r\n\r\n")
	to := w.Header().Get("Location")
	if w.Code != 303 || !strings.HasPrefix(to, "/et/admin/synonyms?done=added&list=") {
		t.Fatalf("a good list: %d to %q; want 303 to the lists", w.Code, to)
	}
	s.wantPage("afterwards", s.do("GET", to), 200, "Loend on lisatud: e-päevik, gradebook, class journal.", "2 loendit")
	var actor string
	if err := s.DB.Get(t.Context(), &actor, `SELECT actor FROM audit_events WHERE action = 'synonyms.added' ORDER BY id DESC LIMIT 1`); err != nil || actor != "account 7" {
		t.Errorf("the audit names %q, %v; want the account that asked", actor, err)
	}
}

func TestSynonymsAreChanged(t *testing.T) {
	s, ids := synonymSite(t, "map, kaart", "SSO, single sign-on")
	path := fmt.Sprintf("/en/admin/synonyms/%d", ids[0])
	_, first := s.list(ids[0])
	s.wantPage("what is wrong is told", s.post(path, "words", "map", "seen", first), 422, "Enter at least 2 words", "\nmap</textarea>", `name="seen" value="`+first+`"`)
	s.wantPage("another list's words", s.post(path, "words", "sso\nsingle sign-on", "seen", first), 422, "there is a list of just these already")
	if w := s.post(path, "words", "map\nkaart\nplaan", "seen", first); w.Code != 303 || !strings.Contains(w.Header().Get("Location"), "done=changed") {
		t.Errorf("a good change: %d to %q", w.Code, w.Header().Get("Location"))
	}
	_, second := s.list(ids[0])
	s.wantPage("who saw it before is told, and keeps what was typed", s.post(path, "words", "map\nmapp", "seen", first), 409,
		"Somebody has changed this list", "It now holds: map, kaart, plaan.", "\nmap\nmapp</textarea>", `name="seen" value="`+second+`"`)
	s.wantPage("a form that does not tell what it saw", s.post(path, "words", "map\nmapp"), 409, "map\nmapp</textarea>")
	if words, _ := s.list(ids[0]); words != "map, kaart, plaan" {
		t.Errorf("the list is %q now; want what was saved first", words)
	}
	if w := s.post(path, "words", "map\nmapp", "seen", second); w.Code != 303 {
		t.Errorf("saving it again: %d; want 303", w.Code)
	}
	s.write(func(tx *db.Tx) error { return search.RemoveSynonyms(t.Context(), tx, ids[0], 0) })
	s.wantPage("who changes what is gone keeps what was typed", s.post(path, "words", "map\nmappp", "seen", second), 409,
		"Add the list anew", "\nmap\nmappp</textarea>", `action="/en/admin/synonyms"`)
	s.wantPage("a list that never was", s.post("/en/admin/synonyms/x", "words", "map\nmapp"), 404)
}

func TestSynonymsAreRemoved(t *testing.T) {
	s, ids := synonymSite(t, "map, kaart")
	path := fmt.Sprintf("/en/admin/synonyms/%d/removal", ids[0])
	_, first := s.list(ids[0])
	s.write(func(tx *db.Tx) error {
		return search.ChangeSynonyms(t.Context(), tx, ids[0], 0, []string{"map", "kaart", "plaan"})
	})
	_, second := s.list(ids[0])
	s.wantPage("what was shown is no longer so", s.post(path, "seen", first), 409, "Somebody has changed this list", "<li>plaan</li>", `name="seen" value="`+second+`"`)
	for range 2 { // the second time somebody else was faster
		if w := s.post(path, "seen", second); w.Code != 303 || !strings.Contains(w.Header().Get("Location"), "done=removed") {
			t.Errorf("removing it: %d to %q; want 303", w.Code, w.Header().Get("Location"))
		}
	}
	s.wantPage("afterwards", s.do("GET", fmt.Sprintf("/en/admin/synonyms?done=removed&list=%d", ids[0])), 200, "The list is removed.", "No lists yet")
}
