package handlers

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"pilveturg/db"
	"pilveturg/db/dbtest"
	"pilveturg/handlers/oidc"
	"pilveturg/models"
	"pilveturg/models/access"
	"pilveturg/models/identity"
)

// caller is somebody who tries every door.
type caller struct {
	name                string
	role                models.Role // "" for visitors, and people who act for nobody
	side                int         // 0 and 1: of the one and of the other organisation
	account, org, place int64       // place is the membership
	secret              string      // of the session; "" for visitors
	once                bool        // nothing else is asked by them
}

// What is private holds these words and the caller's name: people see those of their
// own organisation, what else is theirs they alone.
const (
	wordOfPerson = "hush-"
	wordOfOwn    = "alone-"
)

func (c *caller) actor() models.Actor {
	a := models.Actor{AccountID: c.account, OrgID: c.org}
	if c.role != "" {
		a.Roles = []models.Role{c.role}
	}
	return a
}

// walls is a site with two organisations of each kind, and in each a person for every
// role that it gives.
type walls struct {
	*peopleSite
	callers []*caller
	rows    int // how many were made, so that each has another name
}

// unchanging are not the tables that a request may change without changing anything.
var unchanging = []string{"sessions", "attempts"}

func newWalls(t *testing.T) *walls {
	t.Helper()
	w := &walls{peopleSite: newPasskeySite(t)}
	w.Files.Blobs = &cellar{}
	w.Providers = []*oidc.Client{oidc.New(oidc.Config{ID: "tara", Names: models.Text{"en": "Login"}, Issuer: "http://127.0.0.1:1"}, time.Now)}
	agencies, vendors, operators := [2]int64{2}, [2]int64{3, 4}, [2]int64{w.admin.OrgID}
	w.write(func(tx *db.Tx) error {
		for _, o := range []struct {
			id   *int64
			kind identity.Kind
		}{{&agencies[1], identity.Agency}, {&operators[1], identity.Operator}} {
			org := identity.Organisation{Key: testKey("second-" + string(o.kind)), Kind: o.kind, Names: models.Text{"en": "Second " + string(o.kind)}}
			if _, _, err := identity.Put(t.Context(), tx, &org); err != nil {
				return err
			}
			*o.id = org.ID
		}
		return nil
	})
	w.callers = []*caller{{name: "a visitor"}, w.enter("", 0, 0)}
	for side := range 2 {
		for _, role := range models.Roles {
			org := agencies[side]
			switch {
			case slices.Contains(identity.RolesOf(identity.Vendor), role):
				org = vendors[side]
			case slices.Contains(identity.RolesOf(identity.Operator), role):
				org = operators[side]
			}
			w.callers = append(w.callers, w.enter(role, side, org))
		}
	}
	return w
}

// enter makes a person of the role in the organisation, or in none, and a session.
func (w *walls) enter(role models.Role, side int, org int64) *caller {
	w.t.Helper()
	w.rows++
	c := &caller{role: role, side: side, org: org, name: fmt.Sprintf("%s%d-%d.", role, side, w.rows)}
	c.account = w.person(wordOfPerson + c.name + "@lakeside.example")
	w.write(func(tx *db.Tx) (err error) {
		if err = identity.ChangeProfile(w.t.Context(), tx, c.account, wordOfPerson+c.name, "en"); err != nil || org == 0 {
			return err
		}
		c.place, err = identity.AddMember(w.t.Context(), tx, c.account, org, identity.Powers{Roles: []models.Role{role}, Rights: models.Rights, Limit: 1, Reach: models.ReachAll})
		return err
	})
	w.begin(c)
	return c
}

// begin begins a session of the caller.
func (w *walls) begin(c *caller) {
	w.t.Helper()
	w.write(func(tx *db.Tx) (err error) {
		c.secret, err = access.Begin(w.t.Context(), tx, c.account, access.Device{From: "192.0.2.1"})
		return err
	})
}

// peer is who has the same role in the other organisation.
func (w *walls) peer(c *caller) *caller {
	for _, other := range w.callers {
		if other.account != c.account && other.account != 0 && (c.role == "" || other.role == c.role && other.side != c.side) {
			return other
		}
	}
	w.t.Fatalf("%s has nobody at the other side", c.name)
	return nil
}

// ask sends a request of the caller, and keeps the session that the answer gives.
func (w *walls) ask(c *caller, method, address string, form url.Values, headers ...string) *httptest.ResponseRecorder {
	w.t.Helper()
	body, kind := form.Encode(), "application/x-www-form-urlencoded"
	if form.Has(fieldFile) {
		body, kind = multiparts(form)
	}
	r := httptest.NewRequest(method, address, strings.NewReader(body))
	if method == http.MethodPost {
		r.Header.Set("Content-Type", kind)
	}
	if c.secret != "" {
		r.AddCookie(&http.Cookie{Name: sessionName, Value: c.secret})
	}
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	a := httptest.NewRecorder()
	w.handler.ServeHTTP(a, r)
	for _, set := range a.Result().Cookies() {
		if set.Name != sessionName || c.account == 0 {
			continue
		}
		if c.secret = set.Value; c.secret == "" && !c.once {
			w.begin(c) // it has signed out
		}
	}
	return a
}

// door is a route as one caller meets it.
type door struct {
	route
	address string
	others  bool // what stands in the address is the other organisation's
	sample  sample
}

// key is what samples know the route by.
func (rt route) key() string {
	if rt.bare {
		return "bare " + rt.method + " " + rt.path
	}
	return rt.method + " " + rt.path
}

// doors are the addresses at which a caller meets a route.
func (w *walls) doors(rt route, c *caller) []door {
	w.t.Helper()
	mine, private := w.fill(rt, c, c)
	all := []door{{route: rt, address: mine}}
	if private && c.account != 0 {
		theirs, _ := w.fill(rt, c, w.peer(c))
		all = append(all, door{route: rt, address: theirs, others: true})
	}
	for i := range all {
		if !rt.bare {
			all[i].address = "/en" + all[i].address
		}
		if all[i].sample = samples[rt.key()]; all[i].sample.query != nil {
			all[i].address += "?" + all[i].sample.query(w).Encode()
		}
	}
	return all
}

// fill puts what is the owner's into the path.
func (w *walls) fill(rt route, c, owner *caller) (path string, private bool) {
	w.t.Helper()
	parts := strings.Split(rt.path, "/")
	for i, name := range parts {
		if !strings.HasPrefix(name, ":") {
			continue
		}
		row, ok := rows[rt.path+" "+name]
		if !ok {
			row, ok = rows[rt.path]
		}
		if !ok {
			row, ok = rows[name]
		}
		if !ok {
			w.t.Fatalf("%s %s: nobody knows what %s may be; add it to rows in wallrows_test.go, saying whose it is", rt.method, rt.path, name)
		}
		switch {
		case row.open != "":
			parts[i] = row.open
		case !rt.who.lets(c.actor()):
			parts[i] = "1" // they must not even learn whether it is there
		default:
			parts[i] = row.make(w, owner)
			private = private || !row.shared && !(row.staff && c.role == models.Administrator) && !(row.wide && c.role == models.Analyst)
		}
	}
	return strings.Join(parts, "/"), private
}

// want is the status that the caller is to get, and where it leads; "" when that does
// not matter.
func (d door) want(c *caller) (code int, to string) {
	switch {
	case d.who.signedIn && c.account == 0:
		to = "/en/sign-in"
		if d.method == http.MethodGet {
			to += "?return=" + url.QueryEscape(d.address)
		}
		return http.StatusSeeOther, to
	case !d.who.lets(c.actor()), d.others:
		return http.StatusNotFound, ""
	}
	code = http.StatusOK
	if d.method == http.MethodPost {
		code = http.StatusSeeOther
	}
	if c.account == 0 && d.sample.visitor != 0 {
		return d.sample.visitor, ""
	}
	if c.account != 0 && c.org == 0 && d.sample.nobody != 0 {
		return d.sample.nobody, ""
	}
	if d.sample.code != 0 {
		code = d.sample.code
	}
	return code, ""
}

// try tries the door, and complains unless the answer is as it was declared and holds
// nothing of others.
func (w *walls) try(d door, c *caller) {
	w.t.Helper()
	code, to := d.want(c)
	form := url.Values{}
	if d.sample.form != nil {
		form = d.sample.form(w, c, d.address)
	}
	a := w.ask(c, d.method, d.address, form)
	if got := a.Header().Get("Location"); a.Code != code || to != "" && got != to {
		w.t.Errorf("%s %s (%s) answers %s with %d to %q; want %d to %q", d.method, d.address, d.path, c.name, a.Code, got, code, to)
	}
	if c.account != 0 && d.who.lets(c.actor()) && a.Code != http.StatusMovedPermanently && a.Header().Get("Cache-Control") != "private, no-store" && !d.bare {
		w.t.Errorf("%s %s may be kept: Cache-Control is %q for %s", d.method, d.address, a.Header().Get("Cache-Control"), c.name)
	}
	if word := w.leak(d, c, a.Body.String()+a.Header().Get("Location")); word != "" {
		w.t.Errorf("%s %s tells %s what is private: %q", d.method, d.address, c.name, word)
	}
}

// leak is what is private of others in an answer; "" when nothing is. Those who run
// the portal are to see everybody at addresses that are for them alone.
func (w *walls) leak(d door, c *caller, body string) string {
	if len(d.who.roles) > 0 && d.who.lets(c.actor()) && slices.Contains(identity.RolesOf(identity.Operator), c.role) {
		return ""
	}
	if (strings.HasPrefix(d.path, spendPath) || strings.HasPrefix(d.path, systemsPath)) && c.role == models.Analyst { // who sees everybody's money
		return ""
	}
	if !strings.Contains(body, wordOfPerson) && !strings.Contains(body, wordOfOwn) {
		return ""
	}
	for _, other := range w.callers {
		if other.account == 0 || other.account == c.account {
			continue
		}
		if strings.Contains(body, wordOfOwn+other.name) || strings.Contains(body, wordOfPerson+other.name) && (c.org == 0 || other.org != c.org) {
			return other.name
		}
	}
	return ""
}

// Every route is tried by everybody, by whom it is for and by whom it is not for, with
// what is their own in the address and with what is another organisation's.
func TestEveryRouteKeepsItsWalls(t *testing.T) {
	w := newWalls(t)
	for _, rt := range w.routes() {
		if !rt.who.said {
			t.Errorf("%s %s: nobody has said whom it is for; add anyone, person or only(…) in routes.go", rt.method, rt.path)
			continue
		}
		if rt.method == http.MethodPost {
			w.tryForms(rt)
			continue
		}
		for _, c := range w.callers {
			for _, d := range w.doors(rt, c) {
				w.try(d, c)
			}
		}
	}
}

// tryForms first posts what must not change anything, and then what is allowed.
func (w *walls) tryForms(rt route) {
	w.t.Helper()
	sent, ok := samples[rt.key()]
	if !ok {
		w.t.Errorf("%s %s: there is no valid form; add it to samples in wallrows_test.go", rt.method, rt.path)
		return
	}
	type attempt struct {
		door
		*caller
	}
	var refused, allowed []attempt
	for _, c := range w.callers {
		for _, d := range w.doors(rt, c) {
			if d.who.lets(c.actor()) && !d.others {
				allowed = append(allowed, attempt{d, c})
				continue
			}
			refused = append(refused, attempt{d, c})
		}
	}
	before := dbtest.Dump(w.t, w.DB, unchanging...)
	for _, a := range refused {
		w.try(a.door, a.caller)
	}
	for _, a := range append(refused, allowed...) {
		w.fromElsewhere(a.door, a.caller)
	}
	if tables := dbtest.Differences(before, dbtest.Dump(w.t, w.DB, unchanging...)); len(tables) > 0 {
		w.t.Errorf("%s %s: what was refused has changed %v", rt.method, rt.path, tables)
	}
	for _, a := range allowed {
		before = nil
		if a.account == 0 && !sent.opens {
			before = dbtest.Dump(w.t, w.DB, unchanging...)
		}
		if c := a.caller; sent.anew && c.account != 0 {
			a.caller = w.enter(c.role, c.side, c.org)
			a.caller.once = true
		}
		w.try(a.door, a.caller)
		if before == nil {
			continue
		}
		if tables := dbtest.Differences(before, dbtest.Dump(w.t, w.DB, unchanging...)); len(tables) > 0 {
			w.t.Errorf("%s %s: a visitor has changed %v; if that is meant, say so in samples: opens", rt.method, rt.path, tables)
		}
	}
}

// fromElsewhere posts the form as another site would have a browser do.
func (w *walls) fromElsewhere(d door, c *caller) {
	w.t.Helper()
	for _, header := range [][]string{{"Sec-Fetch-Site", "cross-site"}, {"Sec-Fetch-Site", "same-site"}, {"Origin", "https://elsewhere.example"}, {"Origin", "null"}} {
		if a := w.ask(c, d.method, d.address, url.Values{}, header...); a.Code != http.StatusForbidden {
			w.t.Errorf("%s %s sent by another site (%s) as %s: status %d, want 403", d.method, d.address, header, c.name, a.Code)
		}
	}
}

// What is dangerous asks even those whom it is for to show again who they are.
func TestWhatIsDangerousAsksAgain(t *testing.T) {
	w := newWalls(t)
	now := w.DB.Now()
	w.DB.Now = func() time.Time { return now.Add(access.Fresh) }
	for _, rt := range w.routes() {
		for _, c := range w.callers {
			if !rt.who.fresh || !rt.who.lets(c.actor()) || c.account == 0 {
				continue
			}
			for _, d := range w.doors(rt, c) {
				before := dbtest.Dump(t, w.DB, unchanging...)
				form := url.Values{}
				if d.sample.form != nil {
					form = d.sample.form(w, c, d.address)
				}
				a := w.ask(c, d.method, d.address, form)
				to := a.Header().Get("Location")
				asks := a.Code == http.StatusSeeOther && strings.HasPrefix(to, "/en/sign-in/again?return=")
				if d.method == http.MethodPost { // what was posted is kept in the page
					asks = a.Code == http.StatusUnauthorized && strings.Contains(a.Body.String(), `action="/en/sign-in/again"`)
				}
				if !asks {
					t.Errorf("%s %s lets %s in without asking again: %d to %q", d.method, d.address, c.name, a.Code, to)
				}
				if tables := dbtest.Differences(before, dbtest.Dump(t, w.DB, unchanging...)); len(tables) > 0 {
					t.Errorf("%s %s has changed %v without asking again", d.method, d.address, tables)
				}
			}
		}
	}
}

func TestARouteThatNobodySpokeOfIsClosed(t *testing.T) {
	w := newWalls(t)
	for _, c := range w.callers {
		if (who{}).lets(c.actor()) {
			t.Errorf("it lets %s in", c.name)
		}
	}
}
