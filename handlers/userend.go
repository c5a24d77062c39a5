package handlers

import (
	"errors"
	"net/http"

	"pilveturg/db"
	"pilveturg/handlers/web"
	"pilveturg/models"
	"pilveturg/models/access"
	"pilveturg/models/identity"
	"pilveturg/models/privacy"
	"pilveturg/views"
)

// withFactors finds the person that the address names, when they have something besides
// a password and are not who asks.
func (s *Site) withFactors(r *web.Request) (identity.Account, error) {
	a, err := s.user(r)
	if err != nil {
		return a, err
	}
	has, err := access.HasFactor(r.Context(), s.DB, a.ID)
	if err == nil && (!has || a.ID == r.Actor.AccountID) {
		err = models.ErrNotFound
	}
	return a, err
}

// confirmFactors asks whether the second factors of a person are to go, who has lost
// them.
func (s *Site) confirmFactors(r *web.Request) (web.Reply, error) {
	a, err := s.withFactors(r)
	return web.Page(s.fresh(r, nil).confirmUser(a, "/factors", "admin.factors.", true)), err
}

// removeFactors removes them, and tells the person by letter.
func (s *Site) removeFactors(r *web.Request) (web.Reply, error) {
	a, err := s.withFactors(r)
	if err != nil {
		return web.Reply{}, err
	}
	err = s.DB.Write(r.Context(), r.Actor, func(tx *db.Tx) error {
		if err := access.RemoveFactors(r.Context(), tx, a.ID); err != nil {
			return err
		}
		return s.notify(r.Context(), tx, identity.NoticeFactorsReset, a, "")
	})
	return web.SeeOther(at(r.Lang, userPath(a.ID))).Say("admin.factors.done"), err
}

// erasable reports whether the administrator may erase a person. Their own account has
// a page of its own.
func erasable(r *web.Request, a identity.Account) bool {
	return a.State != identity.Erased && !a.Invented && a.ID != r.Actor.AccountID
}

func (s *Site) erasableUser(r *web.Request) (identity.Account, error) {
	a, err := s.user(r)
	if err == nil && !erasable(r, a) {
		err = models.ErrNotFound
	}
	return a, err
}

// confirmUserErasure asks an administrator whether a person is really to be erased.
func (s *Site) confirmUserErasure(r *web.Request) (web.Reply, error) {
	a, err := s.erasableUser(r)
	return web.Page(s.userErasurePage(s.fresh(r, nil), a)), err
}

func (s *Site) userErasurePage(f *filled, a identity.Account) views.FormPage {
	p := views.FormPage{Heading: f.T("admin.erasure.title"), Text: []string{f.T("admin.erasure.goes"), f.T("admin.erasure.stays"), f.T("erasure.for_good")}, Facts: f.profile(a)[:2],
		Form: views.Form{Action: at(f.Tag, userPath(a.ID)+"/erasure"), Button: f.T("admin.erasure.button"), Stop: true, Inputs: []views.Input{
			f.field(views.Field{Name: "mail", Label: f.T("form.mail"), Hint: f.T("admin.erasure.mail_hint"), Kind: "email", Fill: "off", Width: "w30", Needed: true})}},
		Links: []views.Link{f.link(userPath(a.ID), "admin.back")}}
	p.Shell = f.adminPage(p.Heading, f.userCrumbs(a)...)
	return p
}

// eraseUser erases a person whose mail was typed, to be sure whom it is about.
func (s *Site) eraseUser(r *web.Request) (web.Reply, error) {
	a, err := s.erasableUser(r)
	if err != nil {
		return web.Reply{}, err
	}
	again := func(wrong models.Invalid) (web.Reply, error) {
		return web.Status(http.StatusUnprocessableEntity, s.userErasurePage(s.posted(r, wrong), a)), nil
	}
	if identity.FoldMail(r.Form("mail")) != identity.FoldMail(a.Mail) {
		return again(models.Invalid{"mail": "admin.erasure.mail_differs"})
	}
	err = s.DB.Write(r.Context(), r.Actor, func(tx *db.Tx) error { return privacy.Erase(r.Context(), tx, a.ID) })
	if errors.Is(err, models.ErrConflict) {
		return again(models.Invalid{"mail": "admin.erasure.last"})
	}
	if wrong, ok := invalid(err); ok {
		return again(wrong)
	}
	return web.SeeOther(at(r.Lang, userPath(a.ID))).Say("admin.erasure.done"), err
}
