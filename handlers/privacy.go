package handlers

import (
	"encoding/json"
	"errors"
	"net/http"

	"pilveturg/db"
	"pilveturg/handlers/web"
	"pilveturg/models"
	"pilveturg/models/identity"
	"pilveturg/models/privacy"
	"pilveturg/views"
)

const (
	dataPath    = accountPath + "/data"
	erasurePath = accountPath + "/erasure"
)

// showData tells people what is kept about them, and what they can do about it.
func (s *Site) showData(r *web.Request) (web.Reply, error) {
	f := s.fresh(r, nil)
	p := views.MessagePage{Heading: f.T("data.title"), Text: []string{f.T("data.text"), f.T("data.erasure_text")}, Links: []views.Link{
		f.link(dataPath+".json", "data.file"), f.link("/privacy", "footer.privacy"), f.link(erasurePath, "erasure.title")}}
	p.Shell = f.page(p.Heading, f.accountCrumb())
	return web.Page(p), nil
}

// dataJSON is what is kept about the person, as a file.
func (s *Site) dataJSON(r *web.Request) (web.Reply, error) {
	var data privacy.Data
	err := s.DB.Read(r.Context(), func(moment db.Reader) (err error) {
		data, err = privacy.Export(r.Context(), moment, r.Actor, models.Time{Time: s.DB.Now()})
		return err
	})
	if err != nil {
		return web.Reply{}, err
	}
	b, err := json.MarshalIndent(data, "", "  ")
	return web.Data("application/json", b, 0), err
}

// confirmErasure asks whether the person really wants to be erased.
func (s *Site) confirmErasure(r *web.Request) (web.Reply, error) {
	return web.Page(s.erasurePage(r, s.fresh(r, nil))), nil
}

func (s *Site) erasurePage(r *web.Request, f *filled) views.FormPage {
	p := views.FormPage{Heading: f.T("erasure.title"), Text: []string{f.T("erasure.goes"), f.T("erasure.stays"), f.T("erasure.for_good")},
		Form: views.Form{Action: at(r.Lang, erasurePath), Button: f.T("erasure.button"), Stop: true, Inputs: []views.Input{f.mail(f.T("erasure.mail_hint"))}}}
	p.Shell = f.page(p.Heading, f.accountCrumb(), f.link(dataPath, "data.title"))
	return p
}

// eraseMyself erases the person, who has typed the mail of the account to be sure.
func (s *Site) eraseMyself(r *web.Request) (web.Reply, error) {
	a, err := identity.FindAccount(r.Context(), s.DB, r.Actor.AccountID)
	if err != nil {
		return web.Reply{}, err
	}
	if identity.FoldMail(r.Form("mail")) != identity.FoldMail(a.Mail) {
		return s.erasureAgain(r, models.Invalid{"mail": "erasure.mail_differs"}), nil
	}
	err = s.DB.Write(r.Context(), r.Actor, func(tx *db.Tx) error { return privacy.Erase(r.Context(), tx, a.ID) })
	if errors.Is(err, models.ErrConflict) {
		return s.erasureAgain(r, models.Invalid{"mail": "erasure.last"}), nil
	}
	if wrong, ok := invalid(err); ok {
		return s.erasureAgain(r, wrong), nil
	}
	return web.SeeOther(at(r.Lang, "/")).End().Say("done.erased"), err
}

func (s *Site) erasureAgain(r *web.Request, wrong models.Invalid) web.Reply {
	return web.Status(http.StatusUnprocessableEntity, s.erasurePage(r, s.posted(r, wrong)))
}
