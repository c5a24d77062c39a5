package main

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"pilveturg/db"
	"pilveturg/db/dbtest"
	"pilveturg/handlers/mail/mailtest"
	"pilveturg/models"
	"pilveturg/models/work"
)

// tell tells so many people of something to approve.
func tell(t *testing.T, dsn string, mails ...string) {
	t.Helper()
	d, err := db.Open(t.Context(), dsn)
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	dbtest.Write(t, d, models.Actor{Program: "test"}, func(tx *db.Tx) error {
		for _, mail := range mails {
			m := work.Message{Kind: work.ApplicationReceived, Mail: mail, Language: "en", Args: []string{"Tahvel Näidis OÜ"}, Path: "/admin/applications/1"}
			if err := work.Tell(t.Context(), tx, m); err != nil {
				return err
			}
		}
		return nil
	})
}

// lettersOf is what the command mail list says of the letters, the oldest first.
func lettersOf(t *testing.T, dsn string) (letters []work.Entry) {
	t.Helper()
	code, out, wrong := quietly(t.Context(), "mail", "list", "-json", "-db", dsn)
	if code != exitDone {
		t.Fatal(wrong)
	}
	if err := json.Unmarshal([]byte(out), &letters); err != nil {
		t.Fatal(err)
	}
	for i, j := 0, len(letters)-1; i < j; i, j = i+1, j-1 {
		letters[i], letters[j] = letters[j], letters[i]
	}
	return letters
}

func TestAServerSendsLettersAndTheCommandSeesToThem(t *testing.T) {
	exim := mailtest.NewBare(t)
	server := []string{"-mail-server", fmt.Sprintf("smtp://127.0.0.1:%d", exim.Port), "-mail-from", "Pilveturg <noreply@pilveturg.example>", "-origin", "https://pilveturg.example"}
	dsn := dbtest.EmptyDSN(t)
	start(t, append([]string{"-demo=false", "-db", dsn}, server...)...)
	tell(t, dsn, "a@"+mailtest.Domain, mailtest.Nobody)
	var all []work.Entry
	done := func() bool {
		all = lettersOf(t, dsn)
		return len(all) == 2 && all[0].State == "sent" && all[1].State == "failed"
	}
	for end := time.Now().Add(time.Minute); !done(); time.Sleep(50 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("the letters are %+v; want one sent, one refused", all)
		}
	}
	if m := exim.Mails()[0]; m.Subject() != "Decide on the application of Tahvel Näidis OÜ" || !strings.Contains(m.Parts[0].Text, "https://pilveturg.example/en/admin/applications/1") {
		t.Errorf("what arrived is\n%s", m.Raw)
	}
	_, out, _ := quietly(t.Context(), "mail", "list", "-state", "failed", "-db", dsn)
	if !strings.Contains(out, mailtest.Nobody) || !strings.Contains(out, "there is no such mailbox") || strings.Contains(out, "a@"+mailtest.Domain) {
		t.Errorf("the list of those that failed is\n%s", out)
	}
	for _, tt := range []struct {
		args []string
		code int
		want string
	}{
		{[]string{"retry", fmt.Sprint(all[0].ID)}, exitWrong, "is on its way, has gone, or is forgotten"},
		{[]string{"retry", fmt.Sprint(all[1].ID)}, exitDone, "1 letter goes out with the next ones."},
		{append([]string{"test", "t@" + mailtest.Domain}, server...), exitDone, "took the letter to t@" + mailtest.Domain},
		{append([]string{"test", mailtest.Nobody}, server...), exitWrong, "there is no such mailbox"},
	} {
		args := append([]string{"mail"}, tt.args...)
		if tt.args[0] == "retry" {
			args = append(args, "-db", dsn)
		}
		if code, out, wrong := quietly(t.Context(), args...); code != tt.code || !strings.Contains(out+wrong, tt.want) {
			t.Errorf("%v: %d, %q, %q; want %d, %q", args, code, out, wrong, tt.code, tt.want)
		}
	}
}

func TestALongListOfLettersIsCut(t *testing.T) {
	dsn := dbtest.EmptyDSN(t)
	if code, _, wrong := quietly(t.Context(), "migrate", "-db", dsn); code != exitDone {
		t.Fatal(wrong)
	}
	tell(t, dsn, strings.Fields(strings.Repeat("a@agency.example ", lettersShown+2))...)
	if _, out, _ := quietly(t.Context(), "mail", "list", "-db", dsn); !strings.Contains(out, "… and 2 letters that are older\n") || strings.Count(out, "application_received") != lettersShown {
		t.Errorf("the list is\n%s", out)
	}
}
