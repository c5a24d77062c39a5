package handlers

import (
	"context"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"pilveturg/db"
	"pilveturg/handlers/web"
	"pilveturg/models"
	"pilveturg/models/access"
	"pilveturg/models/identity"
	"pilveturg/views"
)

const againPath = signInPath + "/again"

// fieldKept carries what was posted to where it takes a fresh sign-in: a path of ours,
// with the form as its query.
const fieldKept = "kept"

// askAgain has who has signed in show once more that it is them, before what is
// dangerous. A page is come back to; what was posted is kept meanwhile.
func (s *Site) askAgain(r *web.Request) (web.Reply, error) {
	if r.Reads() {
		return web.SeeOther(at(r.Lang, withQuery(againPath, returnQuery(r.Address())))), nil
	}
	return s.againReply(r, http.StatusUnauthorized, s.fresh(r, nil), r.Came(), keep(r))
}

// keep is what was posted, but for passwords and what a device signed.
func keep(r *web.Request) string {
	fields := url.Values{}
	for name, values := range r.Posted() {
		if name != "password" && name != "current" && name != "credential" && name != "code" {
			fields[name] = values
		}
	}
	path, _, _ := strings.Cut(r.Address(), "?")
	return withQuery(path, fields.Encode())
}

// showAgain asks who has signed in to do so once more.
func (s *Site) showAgain(r *web.Request) (web.Reply, error) {
	return s.againReply(r, http.StatusOK, s.fresh(r, nil), r.Query(fieldReturn), "")
}

func (s *Site) againReply(r *web.Request, status int, f *filled, back, kept string) (web.Reply, error) {
	a, err := identity.FindAccount(r.Context(), s.DB, r.Actor.AccountID)
	if err != nil {
		return web.Reply{}, err
	}
	p, err := s.againPage(r, f, a, back, kept)
	if p.Form.Action == "" && p.Passkey == nil && p.Others == nil && err == nil { // signs in elsewhere
		return web.SeeOther(at(r.Lang, withQuery(signInPath, returnQuery(ours(back, at(r.Lang, accountPath)))))), nil
	}
	return web.Status(status, p), err
}

// againPage asks for what the person has: the password, with a code where there is a
// second factor, or a passkey instead of both; of invented people nothing. Its form
// has no action when there is nothing to ask for.
func (s *Site) againPage(r *web.Request, f *filled, a identity.Account, back, kept string) (views.FormPage, error) {
	hidden := []views.Hidden{{Name: fieldReturn, Value: ours(back, "")}, {Name: fieldKept, Value: ours(kept, "")}}
	p := views.FormPage{Heading: f.T("again.title"), Text: []string{f.T("again.text")}}
	has, err := access.HasPassword(r.Context(), s.DB, a.ID)
	if err != nil {
		return p, err
	}
	factors, err := access.FindFactors(r.Context(), s.DB, a.ID)
	form := views.Form{Action: at(r.Lang, againPath), Hidden: hidden, Button: f.T("again.button")}
	switch {
	case a.Invented && s.OneClick:
		p.Form = form
	case has:
		form.Inputs = []views.Input{f.password("password", f.T("form.password"), "", "current-password")}
		if factors.Any() {
			form.Inputs = append(form.Inputs, f.code())
		}
		p.Form = form
	}
	if len(factors.Passkeys) > 0 {
		p.Passkey = s.passkeyForm(r, f, stepAgain, hidden)
	}
	if err == nil {
		p.Others, err = s.connectedWays(r, f.speaker, hidden)
	}
	p.Shell = f.page(p.Heading)
	return p, err
}

// again begins the session anew for who has shown once more that it is them, and goes
// on to where they wanted.
func (s *Site) again(r *web.Request) (web.Reply, error) {
	a, err := identity.FindAccount(r.Context(), s.DB, r.Actor.AccountID)
	if err != nil {
		return web.Reply{}, err
	}
	secret, err := s.proveAgain(r, a)
	var failed error
	p, status := s.refused(r, err, func(f *filled) (p views.FormPage) {
		p, failed = s.againPage(r, f, a, r.Form(fieldReturn), r.Form(fieldKept))
		return p
	})
	if status != 0 {
		return web.Status(status, p), failed
	}
	if err != nil {
		return web.Reply{}, err
	}
	return s.goOn(r, secret), nil
}

// proveAgain begins a session by the password, and the code where there is a second
// factor.
func (s *Site) proveAgain(r *web.Request, a identity.Account) (secret string, err error) {
	if a.Invented && s.OneClick {
		err = s.DB.Write(r.Context(), r.Actor, func(tx *db.Tx) error {
			secret, err = access.BeginInvented(r.Context(), tx, a.ID, device(r))
			return err
		})
		return secret, err
	}
	has, err := access.HasFactor(r.Context(), s.DB, a.ID)
	if err != nil {
		return "", err
	}
	wrong := models.Invalid{}
	if r.Form("password") == "" {
		wrong["password"] = "sign_in.password_missing"
	}
	if has && strings.TrimSpace(r.Form("code")) == "" {
		wrong["code"] = "second_step.code_missing"
	}
	if len(wrong) > 0 {
		return "", wrong
	}
	_, err = access.ByPassword(r.Context(), s.DB, s.Hasher, access.Try{Mail: a.Mail, Password: r.Form("password"), From: r.Actor.From, Warn: s.warn})
	if _, ok := invalid(err); ok {
		return "", models.Invalid{"password": "security.current_wrong"}
	}
	switch {
	case err != nil:
		return "", err
	case has:
		return s.byCode(r, a, access.Begin, func(context.Context, *db.Tx) error { return nil })
	}
	err = s.DB.Write(r.Context(), r.Actor, func(tx *db.Tx) error {
		secret, err = access.Begin(r.Context(), tx, a.ID, device(r))
		return err
	})
	return secret, err
}

// goOn leads back, or offers to send what was kept.
func (s *Site) goOn(r *web.Request, secret string) web.Reply {
	back, kept := ours(r.Form(fieldReturn), at(r.Lang, accountPath)), ours(r.Form(fieldKept), "")
	if kept == "" {
		return web.SeeOther(back).Begin(secret)
	}
	path, fields, _ := strings.Cut(kept, "?")
	values, err := url.ParseQuery(fields)
	if err != nil {
		return web.SeeOther(back).Begin(secret)
	}
	f := s.fresh(r, nil)
	p := views.FormPage{Heading: f.T("again.go_on_title"), Text: []string{f.T("again.go_on_text")},
		Form:  views.Form{Action: path, Button: f.T("again.go_on")},
		Links: []views.Link{{URL: back, Text: f.T("again.leave")}}}
	for _, name := range slices.Sorted(maps.Keys(values)) {
		for _, value := range values[name] {
			p.Form.Hidden = append(p.Form.Hidden, views.Hidden{Name: name, Value: value})
		}
	}
	p.Shell = f.page(p.Heading)
	return web.Page(p).Begin(secret)
}

// showNeeded tells an administrator that a password alone is not enough.
func (s *Site) showNeeded(r *web.Request) (web.Reply, error) {
	f := s.fresh(r, nil)
	p := views.MessagePage{Heading: f.T("needed.title"), Text: []string{f.T("needed.text")}, Links: []views.Link{f.link(appPath, "security.app_add")}}
	if _, ok := s.party(r); ok {
		p.Links = append(p.Links, f.link(newPasskeyPath, "security.passkey_add"))
	}
	p.Links = append(p.Links, f.link("/help/signing-in", "second_step.help"))
	p.Shell = f.page(p.Heading)
	return web.Page(p), nil
}

func idOf(r *web.Request, field string) (int64, error) {
	id, err := strconv.ParseInt(r.Form(field), 10, 64)
	if err != nil {
		return 0, models.ErrNotFound
	}
	return id, nil
}
