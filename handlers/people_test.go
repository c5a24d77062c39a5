package handlers

import (
	"context"
	"html"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"pilveturg/db"
	"pilveturg/models"
	"pilveturg/models/access"
	"pilveturg/models/identity"
)

const rightPassword = "neli punast kaelkirjakut"

// peopleSite is a site with a buyer who has a password and acts for the agency and
// the ministry, an administrator of an operator, and a mail domain of the agency. It
// keeps the letters that are queued.
type peopleSite struct {
	*testSite
	letters []identity.Notice
	buyer   int64 // account
	admin   models.Actor
}

func newPeopleSite(t *testing.T) *peopleSite {
	t.Helper()
	p := &peopleSite{testSite: newSite(t)}
	p.Notify = func(_ context.Context, _ *db.Tx, n identity.Notice) error {
		p.letters = append(p.letters, n)
		return nil
	}
	p.buyer = p.person("mari@lakeside.example")
	operator := identity.Organisation{Key: testKey("o"), Kind: identity.Operator, Names: models.Text{"en": "Catalogue Office"}}
	boss := p.person("boss@office.example")
	p.write(func(tx *db.Tx) error {
		if _, _, err := identity.Put(t.Context(), tx, &operator); err != nil {
			return err
		}
		if err := identity.AddDomain(t.Context(), tx, "lakeside.example", 2); err != nil {
			return err
		}
		for _, m := range []struct {
			account, org int64
			p            identity.Powers
		}{
			{p.buyer, 2, identity.Powers{Roles: []models.Role{models.Buyer}, Rights: []models.Right{models.Draft}}},
			{p.buyer, 1, identity.Powers{Roles: []models.Role{models.Approver}, Limit: 3000000}},
			{boss, operator.ID, identity.Powers{Roles: []models.Role{models.Administrator}}},
		} {
			if _, err := identity.AddMember(t.Context(), tx, m.account, m.org, m.p); err != nil {
				return err
			}
		}
		return nil
	})
	p.admin = models.Actor{AccountID: boss, OrgID: operator.ID, Roles: []models.Role{models.Administrator}}
	return p
}

// newInvention is a site with a demonstration in which one person is invented, whose
// account is returned, and nobody is real.
func newInvention(t *testing.T) (p *peopleSite, account string) {
	t.Helper()
	p = &peopleSite{testSite: newSite(t)}
	p.invent()
	p.write(func(tx *db.Tx) error {
		_, err := tx.Exec(t.Context(), `INSERT INTO imports (kind, file, started_at) VALUES ('demonstration', 'demonstration', ?)`, tx.Now)
		return err
	})
	return p, "1"
}

// invent makes an invented buyer of the agency.
func (p *peopleSite) invent() {
	p.t.Helper()
	p.write(func(tx *db.Tx) error {
		_, err := identity.PutPeople(p.t.Context(), tx, []identity.InventedPerson{{Mail: "ostja@lakeside.example", Name: "Ostja Näidis", Language: "et",
			Organisation: testKey("a"), Roles: []models.Role{models.Buyer}}})
		return err
	})
}

// person makes an account with the right password.
func (p *peopleSite) person(mail string) int64 {
	p.t.Helper()
	hash, err := p.Hasher.Hash(p.t.Context(), rightPassword)
	if err != nil {
		p.t.Fatal(err)
	}
	a := identity.Account{Mail: mail, Name: "Mari Tamm", Language: "en"}
	p.write(func(tx *db.Tx) error {
		if err := identity.AddAccount(p.t.Context(), tx, &a); err != nil {
			return err
		}
		tx.Actor = models.Actor{AccountID: a.ID}
		return access.SetPassword(p.t.Context(), tx, hash)
	})
	return a.ID
}

// later moves the clock.
func (p *peopleSite) later(d time.Duration) {
	now := p.DB.Now()
	p.DB.Now = func() time.Time { return now.Add(d) }
}

// letter is the last letter, which must be of the kind.
func (p *peopleSite) letter(kind identity.NoticeKind) identity.Notice {
	p.t.Helper()
	if len(p.letters) == 0 || p.letters[len(p.letters)-1].Kind != kind {
		p.t.Fatalf("letters %+v, want the last to be %q", p.letters, kind)
	}
	return p.letters[len(p.letters)-1]
}

// browser keeps cookies as browsers do.
type browser struct {
	*peopleSite
	cookies map[string]string
	from    string // network address
	at      string // the page it shows
	last    *httptest.ResponseRecorder
}

func (p *peopleSite) browser() *browser {
	return &browser{peopleSite: p, cookies: map[string]string{}, from: "192.0.2.1:1234"}
}

// send sends a request and keeps the cookies of the answer.
func (b *browser) send(method, address string, form url.Values) *httptest.ResponseRecorder {
	b.t.Helper()
	body, kind := form.Encode(), "application/x-www-form-urlencoded"
	if form.Has(fieldFile) {
		body, kind = multiparts(form)
	}
	r := httptest.NewRequest(method, address, strings.NewReader(body))
	r.RemoteAddr = b.from
	r.Header.Set("User-Agent", "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0")
	if method == "POST" {
		r.Header.Set("Content-Type", kind)
	}
	if b.at != "" {
		r.Header.Set("Referer", "http://example.com"+b.at)
	}
	for name, value := range b.cookies {
		r.AddCookie(&http.Cookie{Name: name, Value: value})
	}
	b.last = httptest.NewRecorder()
	b.handler.ServeHTTP(b.last, r)
	for _, c := range b.last.Result().Cookies() {
		if c.MaxAge < 0 {
			delete(b.cookies, c.Name)
		} else {
			b.cookies[c.Name] = c.Value
		}
	}
	return b.last
}

// open shows a page, following where it leads, and complains unless it has the status
// and holds the texts; see [testSite.want].
func (b *browser) open(address string, code int, texts ...string) string {
	b.t.Helper()
	b.send("GET", address, nil)
	return b.follow("GET "+address, address, code, texts...)
}

// post sends a form: name, value … until "", and then is like open.
func (b *browser) post(address string, code int, fields ...string) string {
	b.t.Helper()
	form, i := url.Values{}, 0
	for ; i+1 < len(fields) && fields[i] != ""; i += 2 {
		form.Add(fields[i], fields[i+1])
	}
	b.send("POST", address, form)
	texts := fields[min(i+1, len(fields)):]
	if i == len(fields) {
		texts = nil
	}
	return b.follow("POST "+address, address, code, texts...)
}

func (b *browser) follow(what, address string, code int, texts ...string) string {
	b.t.Helper()
	for range 5 {
		to := b.last.Header().Get("Location")
		if to == "" {
			break
		}
		address = to
		b.send("GET", to, nil)
	}
	b.at = address
	if b.last.Code != code {
		b.t.Errorf("%s leads to %s with status %d, want %d", what, address, b.last.Code, code)
	}
	body := strings.ReplaceAll(html.UnescapeString(b.last.Body.String()), "\u00a0", " ")
	for _, text := range texts {
		text, absent := strings.CutPrefix(text, "!")
		if strings.Contains(body, text) == absent {
			b.t.Errorf("%s leads to %s: is %q there? %t", what, address, text, absent)
		}
	}
	return body
}

// signIn signs in as the buyer.
func (b *browser) signIn() {
	b.t.Helper()
	b.post("/en/sign-in", 200, "mail", "mari@lakeside.example", "password", rightPassword)
	if b.at != "/en/account" || b.cookies[sessionName] == "" {
		b.t.Fatalf("signed in, it shows %s, with the cookies %v", b.at, b.cookies)
	}
}

const sessionName = "pilveturg"
