package handlers

import (
	"errors"
	"net/http"
	"strings"

	"pilveturg/db"
	"pilveturg/handlers/web"
	"pilveturg/models"
	"pilveturg/models/access"
	"pilveturg/models/identity"
	"pilveturg/views"
)

// showForgot asks for the mail of who forgot a password.
func (s *Site) showForgot(r *web.Request) (web.Reply, error) {
	return web.Page(s.forgotPage(r, s.fresh(r, nil))), nil
}

func (s *Site) forgotPage(r *web.Request, f *filled) views.FormPage {
	p := views.FormPage{Heading: f.T("forgot.title"), Text: []string{f.T("forgot.text")},
		Form: views.Form{Action: at(r.Lang, forgotPath), Button: f.T("forgot.button"), Inputs: []views.Input{f.mail("")}}}
	p.Shell = f.page(p.Heading)
	return p
}

// forgot sends a link to the mail, if somebody has it. The answer does not tell.
func (s *Site) forgot(r *web.Request) (web.Reply, error) {
	mail := strings.TrimSpace(r.Form("mail"))
	if !identity.IsMail(mail) {
		f := s.posted(r, models.Invalid{"mail": "account.mail_unclear"})
		return web.Status(http.StatusUnprocessableEntity, s.forgotPage(r, f)), nil
	}
	err := s.DB.Write(r.Context(), r.Actor, func(tx *db.Tx) error {
		a, secret, err := access.AskReset(r.Context(), tx, mail, r.Actor.From)
		if err != nil || secret == "" {
			return err
		}
		return s.notify(r.Context(), tx, identity.NoticeReset, a, secret)
	})
	return s.letterSent(r, "forgot.sent_title", "forgot.sent_text"), err
}

// showReset asks for a new password.
func (s *Site) showReset(r *web.Request) (web.Reply, error) {
	a, err := access.Ticket(r.Context(), s.DB, access.SetsPassword, r.Param("secret"), models.Time{Time: s.DB.Now()})
	if errors.Is(err, models.ErrNotFound) {
		return s.deadLink(r, "reset.dead_text"), nil
	}
	return s.resetPage(r, http.StatusOK, a, s.fresh(r, nil)), err
}

func (s *Site) resetPage(r *web.Request, status int, a identity.Account, f *filled) web.Reply {
	mail := views.Row{Key: f.T("form.mail"), Value: views.Words{Text: a.Mail}}
	p := views.FormPage{Heading: f.T("reset.title"), Facts: []views.Row{mail},
		Form: views.Form{Action: at(r.Lang, "/reset/"+r.Param("secret")), Button: f.T("reset.button"), Inputs: []views.Input{f.newPassword()}}}
	p.Shell = f.page(p.Heading)
	return web.Status(status, p).Private()
}

// reset sets the new password. Whoever knows it signs in with it: the link alone is
// not enough to act as somebody.
func (s *Site) reset(r *web.Request) (web.Reply, error) {
	secret, password := r.Param("secret"), r.Form("password")
	a, err := access.Ticket(r.Context(), s.DB, access.SetsPassword, secret, models.Time{Time: s.DB.Now()})
	if err == nil {
		err = access.Acceptable(password, a.Mail, a.Name)
	}
	if wrong, ok := invalid(err); ok {
		return s.resetPage(r, http.StatusUnprocessableEntity, a, s.posted(r, wrong)), nil
	}
	var hash access.Hash
	if err == nil {
		hash, err = s.Hasher.Hash(r.Context(), password)
	}
	if err == nil {
		err = s.DB.Write(r.Context(), models.Actor{From: r.Actor.From}, func(tx *db.Tx) error {
			a, err := access.Reset(r.Context(), tx, secret, hash)
			if err != nil {
				return err
			}
			return s.notify(r.Context(), tx, identity.NoticePassword, a, "")
		})
	}
	if errors.Is(err, models.ErrNotFound) {
		return s.deadLink(r, "reset.dead_text"), nil
	}
	return web.SeeOther(at(r.Lang, signInPath)).End().Say("done.password_reset"), err
}
