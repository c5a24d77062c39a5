package handlers

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"pilveturg/db"
	"pilveturg/models"
	"pilveturg/models/identity"
	"pilveturg/models/work"
)

var letterKey = []byte(strings.Repeat("l", 32))

// accounts makes so many accounts; the first are 1, 2, 3 …
func (s *testSite) accounts(n int) {
	s.t.Helper()
	s.write(func(tx *db.Tx) error {
		for i := range n {
			a := identity.Account{Mail: fmt.Sprintf("m%d@agency.example", i+1), Name: "Person", Language: "en"}
			if err := identity.AddAccount(s.t.Context(), tx, &a); err != nil {
				return err
			}
		}
		return nil
	})
}

// told tells an account of something to approve, and of a sign-in.
func (s *testSite) told(account int64) {
	s.t.Helper()
	s.write(func(tx *db.Tx) error {
		for _, m := range []work.Message{
			{Kind: work.Approval, Args: []string{"Päevik <Lite>", "Lakeside Schools Board"}, Path: "/approvals/7"},
			{Kind: work.Place, Args: []string{"Firefox, 192.0.2.1"}, Path: "/account/security"},
		} {
			m.AccountID, m.Mail, m.Language = account, "reader@agency.example", "et"
			if err := work.Tell(s.t.Context(), tx, m); err != nil {
				return err
			}
		}
		return nil
	})
}

// browser keeps cookies, and so what is said on the next page.
func (s *testSite) browser() *browser { return (&peopleSite{testSite: s}).browser() }

func TestTheInboxIsOnesOwn(t *testing.T) {
	s := emptySite(t)
	s.accounts(2)
	s.told(1)
	for _, address := range []string{"/en/inbox", "/en/account/notifications"} {
		s.wantTo(address, 303, "/en/sign-in?return="+url.QueryEscape(address))
	}
	for _, address := range []string{"/en/inbox/1/read", "/en/inbox/read", "/en/account/notifications"} {
		if w := s.post(address, "last", "9", "approval", "never"); w.Code != 303 || w.Header().Get("Location") != "/en/sign-in" {
			t.Errorf("a visitor posts to %s: %d to %q; want to sign in", address, w.Code, w.Header().Get("Location"))
		}
	}
	s.as(models.Actor{AccountID: 2})
	s.wantPage("somebody else", s.do("GET", "/en/inbox"), 200, "No notices yet", "!Päevik", "noindex")
	s.wantPage("somebody else reads it", s.post("/en/inbox/1/read"), 404)
	s.post("/en/inbox/read", "last", "9")
	if _, unread, err := work.CountInbox(t.Context(), s.DB, 1); unread != 2 || err != nil {
		t.Errorf("%d are unread, %v; want both", unread, err)
	}
}

func TestTheInboxIsRead(t *testing.T) {
	s := emptySite(t)
	s.accounts(2)
	s.told(1)
	s.as(models.Actor{AccountID: 1})
	s.wantPage("at first", s.do("GET", "/en/inbox"), 200, "<title>Notices – Pilveturg</title>", "2 notices, unread: 2",
		`<a href="/en/approvals/7">Approve Päevik &lt;Lite&gt; for Lakeside Schools Board?</a>`, `<a href="/en/account/security">Sign-in from a new place: Firefox, 192.0.2.1</a>`,
		`<span class="tag info">Unread</span>`, "2 Mar 2026 11:30", `name="last" value="2"`, `href="/en/account/notifications"`, `!role="status"`)
	s.wantPage("in Estonian", s.do("GET", "/et/inbox"), 200, "Teated", "2 teadet, lugemata: 2", `href="/et/approvals/7">Kas kinnitada Päevik &lt;Lite&gt;?`)
	b := s.browser()
	b.post("/en/inbox/2/read", 200, "", "2 notices, unread: 1", `role="status"`, "The notice is marked as read.", `<span class="tag">Read</span>`)
	b.post("/en/inbox/read", 200, "last", "2", "", "unread: 0", "!Mark", "All notices are marked as read")
	b.open("/en/inbox", 200, `!role="status"`)
	for _, address := range []string{"/en/inbox/x/read", "/en/inbox/01/read", "/en/inbox/99/read"} {
		s.wantPage(address, s.post(address), 404)
	}
	if w := s.post("/en/inbox/read"); w.Code != 303 || w.Header().Get("Location") != "/en/inbox" {
		t.Errorf("a form without its field: %d to %q; want nothing done", w.Code, w.Header().Get("Location"))
	}
}

func TestALongInboxHasPages(t *testing.T) {
	s := emptySite(t)
	s.accounts(2)
	for range noticesOnPage/2 + 1 {
		s.told(1)
	}
	s.as(models.Actor{AccountID: 1})
	s.wantPage("the first page", s.do("GET", "/en/inbox"), 200, "(page 1 of 2)", `href="/en/inbox?page=2"`, fmt.Sprint(noticesOnPage+2, " notices"))
	s.wantPage("the second page", s.do("GET", "/en/inbox?page=2"), 200, "(page 2 of 2)")
	s.wantTo("/en/inbox?page=3", 303, "/en/inbox")
}

func TestHowOftenLettersCome(t *testing.T) {
	s := emptySite(t)
	s.accounts(2)
	s.as(models.Actor{AccountID: 1})
	chosen := func(body, kind string) string {
		_, field, _ := strings.Cut(body, `<select id="`+kind+`"`)
		field, _, _ = strings.Cut(field, "</select>")
		m := regexp.MustCompile(`value="(\w+)" selected`).FindStringSubmatch(field)
		return fmt.Sprint(m)
	}
	w := s.do("GET", "/en/account/notifications")
	s.wantPage("at first", w, 200, "<h1>Notices by e-mail</h1>", "Something waits for your approval", "!New password", "!Daily summary")
	if got := chosen(w.Body.String(), "approval"); !strings.Contains(got, "at_once") {
		t.Errorf("at first %s is chosen", got)
	}
	saved := s.browser().post("/en/account/notifications", 200, "approval", "daily", "application_asked", "never", "password", "never", "other", "x", "", "Your choice is saved.")
	for kind, want := range map[string]string{"approval": "daily", "application_asked": "never", "application_refused": "at_once"} {
		if got := chosen(saved, kind); !strings.Contains(got, want) {
			t.Errorf("of %s %s is chosen; want %s", kind, got, want)
		}
	}
	s.wantPage("an answer that was not offered", s.post("/et/account/notifications", "approval", "weekly", "application_asked", "daily"), 422,
		`href="#approval">Valige üks pakutud vastustest</a>`, `<option value="daily" selected>`)
	if got, err := work.Preferences(t.Context(), s.DB, 1); err != nil || got[work.Approval] != work.Daily || got[work.ApplicationAsked] != work.Never {
		t.Errorf("then it is %v, %v; want what was saved before", got, err)
	}
}

func TestLettersAreEndedWithoutSigningIn(t *testing.T) {
	s := emptySite(t)
	s.accounts(2)
	at := "/en/unsubscribe?token=" + url.QueryEscape(work.Token(letterKey, 1, work.Approval))
	often := func() work.Frequency {
		t.Helper()
		got, err := work.Preferences(t.Context(), s.DB, 1)
		if err != nil {
			t.Fatal(err)
		}
		return got[work.Approval]
	}
	s.wantPage("the question", s.do("GET", at), 200, "<h1>Get no more such letters?</h1>", "Something waits for your approval", `action="`+at+`"`, "noindex")
	if often() != work.AtOnce {
		t.Error("looking at the page ended the letters")
	}
	s.wantPage("the answer", s.post(at), 200, "<h1>You get no more such letters</h1>", "!<button type=\"submit\">Send me no more", `href="/en/account/notifications"`)
	if often() != work.Never {
		t.Error("the letters are not ended")
	}
	s.wantPage("once more", s.post(at), 200, "<h1>You get no more such letters</h1>")
	digest := "/et/unsubscribe?token=" + url.QueryEscape(work.Token(letterKey, 1, work.Digest))
	s.wantPage("of digests", s.do("GET", digest), 200, "Te ei saa enam päevakokkuvõtteid.")
	s.wantPage("the end of digests", s.post(digest), 200, "Päevakokkuvõtteid teile enam ei saadeta.")
	for _, bad := range []string{"/en/unsubscribe", at + "A", "/en/unsubscribe?token=1.approval.x"} {
		s.wantPage("GET "+bad, s.do("GET", bad), 404)
		s.wantPage("POST "+bad, s.post(bad), 404)
	}
}

// RFC 8058: the mail program of the reader posts to the address of the header, with
// no cookies and from no page, and looks at the status only.
func TestOneClickEndsLetters(t *testing.T) {
	const form, parts = "application/x-www-form-urlencoded", "multipart/form-data; boundary=b"
	for name, tt := range map[string]struct{ kind, body string }{
		"as a form":  {form, "List-Unsubscribe=One-Click"},
		"as a whole": {parts, "--b\r\nContent-Disposition: form-data; name=\"List-Unsubscribe\"\r\n\r\nOne-Click\r\n--b--\r\n"},
	} {
		s := emptySite(t)
		s.accounts(2)
		r := httptest.NewRequest("POST", "/et/unsubscribe?token="+url.QueryEscape(work.Token(letterKey, 1, work.Approval)), strings.NewReader(tt.body))
		r.Header.Set("Content-Type", tt.kind)
		w := httptest.NewRecorder()
		s.handler.ServeHTTP(w, r)
		got, err := work.Preferences(t.Context(), s.DB, 1)
		if w.Code != http.StatusOK || err != nil || got[work.Approval] != work.Never {
			t.Errorf("%s: %d, then %v, %v; want 200 and no more letters", name, w.Code, got, err)
		}
	}
}
