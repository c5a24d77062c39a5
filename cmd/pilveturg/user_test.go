package main

import (
	"io"
	"net"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"pilveturg/db"
	"pilveturg/db/dbtest"
	"pilveturg/models"
	"pilveturg/models/access"
	"pilveturg/models/identity"
)

// link finds the path of the link that a command printed.
func link(t *testing.T, out string) string {
	t.Helper()
	path := regexp.MustCompile(`http://127\.0\.0\.1:8080(/\S+)`).FindStringSubmatch(out)
	if path == nil {
		t.Fatalf("no link in %q", out)
	}
	return path[1]
}

func TestTheLinkOfTheFirstAdministratorOpens(t *testing.T) {
	dsn := dbtest.EmptyDSN(t)
	if code, _, wrong := quietly(t.Context(), "migrate", "-db", dsn); code != exitDone {
		t.Fatal(wrong)
	}
	_, out, _ := quietly(t.Context(), "user", "add", "boss@office.example", "-db", dsn)
	at := start(t, "-db", dsn)
	if code, body := get(t, at+link(t, out)); code != http.StatusOK || !strings.Contains(body, "boss@office.example") {
		t.Errorf("the link answers %d:\n%.600s", code, body)
	}
	if code, body := get(t, at+"/en/services"); code != http.StatusOK || strings.Contains(body, "/en/services/sc-") {
		t.Errorf("a database with people in it was filled with the demonstration: %d", code)
	}
	if _, body := get(t, at+"/en/sign-in"); strings.Contains(body, "sign-in/demo") {
		t.Error("anybody may step in")
	}
}

func TestAnInvitationGetsANewLink(t *testing.T) {
	d := dbtest.New(t)
	admin := models.Actor{Program: "test", Roles: []models.Role{models.Administrator}}
	old := ""
	dbtest.Write(t, d, admin, func(tx *db.Tx) (err error) {
		o := identity.Organisation{Key: models.Key{Scheme: "test", Code: "a"}, Kind: identity.Agency, Names: models.Text{"en": "Board"}}
		if _, _, err = identity.Put(t.Context(), tx, &o); err != nil {
			return err
		}
		i := identity.Invitation{OrgID: o.ID, Mail: "new@board.example", Language: "en", Powers: identity.Powers{Roles: []models.Role{models.Buyer}}}
		old, err = identity.Invite(t.Context(), tx, &i)
		return err
	})
	var out strings.Builder
	u := &userTask{e: &env{out: &out}, d: d, origin: "http://127.0.0.1:8080", mail: "NEW@board.example"}
	if err := u.inviteLink(t.Context()); err != nil {
		t.Fatal(err)
	}
	secret, ok := strings.CutPrefix(link(t, out.String()), "/en/invite/")
	i, err := identity.FindInvitation(t.Context(), d, secret, models.Time{Time: d.Now()})
	if !ok || err != nil || i.Mail != "new@board.example" || secret == old || !strings.Contains(out.String(), "new@board.example to Board") {
		t.Errorf("%s: %+v, %v", out.String(), i, err)
	}
}

func TestServeTellsHowTheFirstAdministratorComesIn(t *testing.T) {
	d := dbtest.New(t)
	hint := func() bool {
		var out strings.Builder
		if err := greet(t.Context(), &env{out: &out}, d, &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: 8080}); err != nil {
			t.Fatal(err)
		}
		return strings.Contains(out.String(), "pilveturg user add MAIL")
	}
	if !hint() {
		t.Error("where nobody administers it does not tell")
	}
	u := &userTask{e: &env{out: io.Discard}, d: d, mail: "boss@office.example", language: "et", roles: "administrator"}
	if err := u.add(t.Context()); err != nil {
		t.Fatal(err)
	}
	if hint() {
		t.Error("where somebody administers it tells")
	}
}

// In the demonstration people can be become by a button, one for each set of roles, until
// it is undone.
func TestTheDemonstrationHasPeopleOfEveryRole(t *testing.T) {
	dsn := dbtest.EmptyDSN(t)
	at := start(t, "-db", dsn)
	_, page := get(t, at+"/en/sign-in")
	ids := regexp.MustCompile(`name="person" value="(\d+)">([^<]+)<`).FindAllStringSubmatch(page, -1)
	var roles []string
	for _, m := range ids {
		roles = append(roles, m[2])
	}
	if want := "Buyer, evaluator | Approver, finance | Vendor manager | Analyst | Administrator | Moderator | Buyer, finance"; strings.Join(roles, " | ") != want {
		t.Fatalf("the people are %q, want %q", roles, want)
	}
	stay := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	become := func(id string) (code, cookies int) {
		res, err := stay.PostForm(at+"/en/sign-in/demo", url.Values{"person": {id}})
		if err != nil {
			t.Fatal(err)
		}
		res.Body.Close()
		return res.StatusCode, len(res.Cookies())
	}
	for _, m := range ids {
		if code, cookies := become(m[1]); code != http.StatusSeeOther || cookies != 1 {
			t.Errorf("becoming %s answers %d with %d cookies", m[2], code, cookies)
		}
	}
	d, err := db.Open(t.Context(), dsn)
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	waitForYears(t, d) // what comes meanwhile would stand on what is undone
	if code, _, wrong := quietly(t.Context(), "undo", "1", "-db", dsn); code != exitDone {
		t.Fatal(wrong)
	}
	if code, cookies := become(ids[0][1]); code != http.StatusNotFound || cookies != 0 {
		t.Errorf("after the demonstration was undone it answers %d with %d cookies", code, cookies)
	}
	if _, page := get(t, at+"/en/sign-in"); strings.Contains(page, `name="person"`) {
		t.Error("after the demonstration was undone the people are still there")
	}
}

func TestWhoHasLostThePhoneComesInByPasswordAgain(t *testing.T) {
	d := dbtest.New(t)
	admin := models.Actor{Program: "test", Roles: []models.Role{models.Administrator}}
	a := identity.Account{Mail: "officer@office.example", Name: "Officer", Language: "en"}
	dbtest.Write(t, d, admin, func(tx *db.Tx) error { return identity.AddAccount(t.Context(), tx, &a) })
	dbtest.Write(t, d, models.Actor{AccountID: a.ID}, func(tx *db.Tx) error {
		_, err := access.AddPasskey(t.Context(), tx, access.Passkey{Name: "Key", Credential: []byte{1}, PublicKey: []byte{2}})
		return err
	})
	var out strings.Builder
	u := &userTask{e: &env{out: &out}, d: d, mail: "officer@office.example"}
	if err := u.resetFactors(t.Context()); err != nil || !strings.Contains(out.String(), "officer@office.example are removed") {
		t.Errorf("it says %q, %v", out.String(), err)
	}
	if has, err := access.HasFactor(t.Context(), d, a.ID); err != nil || has {
		t.Errorf("a second factor is left: %t, %v", has, err)
	}
}
