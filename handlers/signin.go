package handlers

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"pilveturg/db"
	"pilveturg/handlers/web"
	"pilveturg/models"
	"pilveturg/models/access"
	"pilveturg/models/identity"
	"pilveturg/views"
)

const (
	signInPath = "/sign-in"
	signUpPath = "/sign-up"
	forgotPath = "/forgot"
)

const (
	fieldReturn = "return" // where to go on
	fieldPerson = "person" // of the demonstration
)

// showSignIn shows the form, to those who have signed in, too: they may have to do it
// again.
func (s *Site) showSignIn(r *web.Request) (web.Reply, error) {
	back := r.Query(fieldReturn)
	if back == "" && !r.Actor.SignedIn() {
		back = s.wayBack(r)
	}
	p, err := s.signInPage(r, s.fresh(r, nil), back)
	if r.Actor.SignedIn() {
		p.Notices = append(p.Notices, views.Notice{Kind: views.Info, Text: s.speaker(r.Lang).T("sign_in.again")})
	}
	return web.Page(p), err
}

// wayBack is the page from which the reader came to sign in, unless it is one on the
// way here.
func (s *Site) wayBack(r *web.Request) string {
	came := r.Came()
	for _, path := range []string{signInPath, signUpPath, forgotPath, "/reset/", "/invite/"} {
		if strings.HasPrefix(came, at(r.Lang, path)) {
			return ""
		}
	}
	return came
}

// signIn lets in whose mail and password were typed.
func (s *Site) signIn(r *web.Request) (web.Reply, error) {
	wrong := models.Invalid{}
	if strings.TrimSpace(r.Form("mail")) == "" {
		wrong["mail"] = "sign_in.mail_missing"
	}
	if r.Form("password") == "" {
		wrong["password"] = "sign_in.password_missing"
	}
	if len(wrong) > 0 {
		return s.signInAgain(r, wrong)
	}
	a, err := access.ByPassword(r.Context(), s.DB, s.Hasher, access.Try{
		Mail: r.Form("mail"), Password: r.Form("password"), From: r.Actor.From, Warn: s.warn})
	wait := (*access.WaitError)(nil)
	if errors.As(err, &wait) {
		return s.signInLater(r, wait)
	}
	if wrong, ok := invalid(err); ok {
		return s.signInAgain(r, wrong)
	}
	if err != nil {
		return web.Reply{}, err
	}
	return s.afterPassword(r, a, r.Form(fieldReturn))
}

// warn tells the owner of an account that others may be trying to get in.
func (s *Site) warn(ctx context.Context, tx *db.Tx, a identity.Account) error {
	return s.notify(ctx, tx, identity.NoticeAttempts, a, "")
}

func (s *Site) signInAgain(r *web.Request, wrong models.Invalid) (web.Reply, error) {
	p, err := s.signInPage(r, s.posted(r, wrong), r.Form(fieldReturn))
	return web.Status(http.StatusUnprocessableEntity, p), err
}

func (s *Site) signInLater(r *web.Request, wait *access.WaitError) (web.Reply, error) {
	p, err := s.signInPage(r, s.posted(r, nil), r.Form(fieldReturn))
	p.Notices = append(p.Notices, views.Notice{Kind: views.Warn, Text: s.speaker(r.Lang).wait(wait.Until.Sub(s.DB.Now())), Urgent: true})
	return web.Status(http.StatusTooManyRequests, p), err
}

// wait says how long to wait.
func (w speaker) wait(d time.Duration) string {
	if d <= time.Minute {
		return w.N("sign_in.wait_seconds", int64(max(time.Second, d)/time.Second))
	}
	return w.N("sign_in.wait_minutes", int64((d+time.Minute-1)/time.Minute))
}

func (s *Site) signInPage(r *web.Request, f *filled, back string) (views.SignInPage, error) {
	hidden := []views.Hidden{{Name: fieldReturn, Value: ours(back, "")}}
	p := views.SignInPage{Form: views.Form{Action: at(r.Lang, signInPath), Hidden: hidden, Button: f.T("sign_in.button"), Inputs: []views.Input{
		f.mail(""), f.password("password", f.T("form.password"), "", "current-password")}}}
	p.Passkey = s.passkeyForm(r, f, stepSignIn, hidden)
	p.Others = s.otherWays(f.speaker, hidden)
	p.Shell = f.page(f.T("sign_in.title"))
	p.Forgot = f.link(forgotPath, "sign_in.forgot")
	if !r.Actor.SignedIn() {
		p.SignUp = f.link(signUpPath, "sign_in.sign_up")
	}
	if !s.OneClick {
		return p, nil
	}
	if may, err := access.MayInvent(r.Context(), s.DB); err != nil || !may {
		return p, err
	}
	people, err := identity.People(r.Context(), s.DB)
	if len(people) > 0 {
		p.Demo = f.demoPeople(people, hidden)
	}
	return p, err
}

func (w speaker) demoPeople(people []identity.Member, hidden []views.Hidden) *views.DemoPeople {
	d := &views.DemoPeople{Action: at(w.Tag, signInPath+"/demo"), Hidden: hidden, Field: fieldPerson}
	shown := map[string]bool{}
	for _, m := range people {
		roles := capital(w.Roles(m.Roles))
		if shown[roles] { // of several who may do the same the first
			continue
		}
		shown[roles] = true
		d.People = append(d.People, views.DemoPerson{Value: strconv.FormatInt(m.AccountID, 10), Name: m.Name, Roles: roles, Org: views.In(m.Org, w.Tag)})
	}
	return d
}

// signInDemo lets anybody become one of the invented people. The model refuses where
// the database is no demonstration.
func (s *Site) signInDemo(r *web.Request) (web.Reply, error) {
	id, err := strconv.ParseInt(r.Form(fieldPerson), 10, 64)
	if err != nil || !s.OneClick {
		return web.Reply{}, models.ErrNotFound
	}
	return s.beginBy(r, access.BeginInvented, id, r.Form(fieldReturn))
}

// actAs makes the session act for another organisation of the person, who sees the
// same page if it is for them still.
func (s *Site) actAs(r *web.Request) (web.Reply, error) {
	id, err := strconv.ParseInt(r.Form("membership"), 10, 64)
	if err != nil {
		return web.Reply{}, models.ErrNotFound
	}
	var secret string
	err = s.DB.Write(r.Context(), r.Actor, func(tx *db.Tx) (err error) {
		secret, err = access.ActAs(r.Context(), tx, r.Session.ID, id)
		return err
	})
	if err != nil {
		return web.Reply{}, err
	}
	to := at(r.Lang, accountPath)
	for _, o := range append(r.Session.Others, r.Session.Acting) {
		if back := ours(r.Form(fieldReturn), to); o.Membership == id && s.isFor(back, o.Roles) {
			to = back
		}
	}
	return web.SeeOther(to).Begin(secret).Say("done.acting"), nil
}

// isFor reports whether an address of ours is for people with the roles. What stands
// on the page may still not be theirs.
func (s *Site) isFor(address string, roles []models.Role) bool {
	u, err := url.Parse(address)
	if err != nil {
		return false
	}
	actor := models.Actor{AccountID: 1, Roles: roles}
	for _, rt := range s.routes() {
		if rt.method == http.MethodGet && !rt.bare && fits(rt.path, u.Path) {
			return rt.who.lets(actor)
		}
	}
	return false
}

// fits reports whether a path, with its language, is one that the pattern stands for.
func fits(pattern, path string) bool {
	want, got := strings.Split(pattern, "/"), strings.Split(path, "/")
	if len(got) != len(want)+1 {
		return false
	}
	for i, part := range want[1:] {
		if part != got[i+2] && !strings.HasPrefix(part, ":") {
			return false
		}
	}
	return true
}
