package handlers

import (
	"fmt"
	"testing"

	"pilveturg/db"
	"pilveturg/models"
	"pilveturg/models/work"
)

// queueSite is a site with a letter that failed, one that waits for its next try, one
// that was sent and one that waits for the digest, asked by an administrator. Their
// ids are 1, 2, 3 and 4.
func queueSite(t *testing.T) *testSite {
	s := emptySite(t)
	s.accounts(4)
	s.as(models.Actor{AccountID: 1, Roles: []models.Role{models.Administrator}})
	ctx := t.Context()
	err := s.DB.Write(ctx, models.Actor{AccountID: 4}, func(tx *db.Tx) error {
		return work.Prefer(ctx, tx, map[work.Kind]work.Frequency{work.Approval: work.Daily})
	})
	if err != nil {
		t.Fatal(err)
	}
	s.write(func(tx *db.Tx) error {
		for i := range int64(4) {
			m := work.Message{Kind: work.Approval, AccountID: 1 + i, Mail: fmt.Sprintf("m%d@agency.example", i+1), Language: "en", Args: []string{"secret words", "x"}, Path: "/x"}
			if err := work.Tell(ctx, tx, m); err != nil {
				return err
			}
		}
		return nil
	})
	s.write(func(tx *db.Tx) error {
		all, err := work.Claim(ctx, tx, "w", 9)
		if err != nil {
			return err
		}
		if err := work.Failed(ctx, tx, all[0], "w", `550 "no such <mailbox>"`, true); err != nil {
			return err
		}
		if err := work.Failed(ctx, tx, all[1], "w", "connection refused", false); err != nil {
			return err
		}
		return work.Sent(ctx, tx, all[2], "w")
	})
	return s
}

func TestTheQueueIsForAdministrators(t *testing.T) {
	s := queueSite(t)
	for name, tt := range map[string]struct {
		actor models.Actor
		code  int
	}{
		"a visitor":   {models.Actor{}, 303}, // to sign in
		"a moderator": {models.Actor{AccountID: 3, Roles: []models.Role{models.Moderator}}, 404},
	} {
		s.as(tt.actor)
		s.wantPage(name, s.do("GET", "/en/admin/mail"), tt.code, "!agency.example")
		for _, address := range []string{"/en/admin/mail/1/retry", "/en/admin/mail/1/drop", "/en/admin/mail/test"} {
			s.wantPage(name+" "+address, s.post(address, "to", "a@agency.example"), tt.code)
		}
	}
	if n, err := work.CountQueue(t.Context(), s.DB); err != nil || n["failed"] != 1 || n["waiting"] != 2 || n["sent"] != 1 {
		t.Errorf("then there are %v, %v", n, err)
	}
}

func TestTheQueueOfLetters(t *testing.T) {
	s := queueSite(t)
	for _, tt := range []struct {
		name, address string
		texts         []string
	}{
		{"all letters", "/en/admin/mail", []string{"<title>Letters – Pilveturg</title>", "All (4)", "Failed (1)", "Waiting (2)", "m1@agency.example", "m4@agency.example",
			"550 &#34;no such &lt;mailbox&gt;&#34;", "next try 2 Mar 2026 11:31", "with the next daily summaries", "Daily summary",
			`action="/en/admin/mail/1/retry"`, `action="/en/admin/mail/1/drop"`, `!action="/en/admin/mail/3/`, `!action="/en/admin/mail/4/retry"`, "!secret words",
			"No mail server is set", "-mail-server", "noindex", `name="to" value="m1@agency.example"`}},
		{"those that failed", "/en/admin/mail?state=failed", []string{"m1@agency.example", "!m2@agency.example", `<b aria-current="page">Failed (1)</b>`}},
		{"in Estonian", "/et/admin/mail?state=sent", []string{"E-kirjad", "m3@agency.example", "Saadetud (1)", "E-postiserverit ei ole määratud"}},
		{"a state there is not", "/en/admin/mail?state=lost", []string{"m1@agency.example", "m3@agency.example"}},
		{"a state that no letter is in", "/en/admin/mail?state=dropped", []string{"No letters", "!<table"}},
	} {
		s.wantPage(tt.name, s.do("GET", tt.address), 200, tt.texts...)
	}
	s.wantTo("/en/admin/mail?state=failed&page=2", 303, "/en/admin/mail?state=failed")
	s.MailServer = "smtp://mail.example:587"
	s.wantPage("with a server", s.do("GET", "/en/admin/mail"), 200, "Letters go out by smtp://mail.example:587.", "!No mail server is set")
}

func TestLettersAreRetriedAndDropped(t *testing.T) {
	s := queueSite(t)
	b := s.browser()
	const done, late = `role="status"`, "has moved on meanwhile"
	b.post("/en/admin/mail/1/retry", 200, "", done, "goes out with the next ones", "Waiting (3)", "Failed (0)", "!"+late)
	b.post("/en/admin/mail/2/drop", 200, "", done, "will not be sent", "Dropped (1)")
	b.post("/en/admin/mail/2/retry", 200, "", done, "goes out with the next ones", "Dropped (0)")
	b.post("/en/admin/mail/3/drop", 200, "", `role="alert"`, late, "!"+done)
	b.post("/en/admin/mail/3/retry", 200, "", `role="alert"`, late, "!"+done)
	for _, address := range []string{"/en/admin/mail/9/retry", "/en/admin/mail/x/drop"} {
		s.wantPage(address, s.post(address), 404)
	}
}

func TestATestLetter(t *testing.T) {
	s := queueSite(t)
	for _, typed := range []string{"", "nobody", "a@b@c", "A <a@agency.example>", "a@agency.example, b@agency.example"} {
		s.wantPage("to "+typed, s.post("/en/admin/mail/test", "to", typed), 422, "Enter an e-mail address, such as", `href="#to"`, "All (4)")
	}
	s.browser().post("/et/admin/mail/test", 200, "to", " a@agency.example ", "", "Proovikiri ootab saatmist.", "a@agency.example", "Kõik (5)")
}
