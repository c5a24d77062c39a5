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

const (
	mailPath   = accountPath + "/mail"
	changePath = "/mail/" // before the secret of a letter about a change of mail
	undoPath   = "/undo"  // after it, in the letter to the address before
)

// showMail asks for another mail.
func (s *Site) showMail(r *web.Request) (web.Reply, error) {
	a, err := identity.FindAccount(r.Context(), s.DB, r.Actor.AccountID)
	return web.Page(s.mailPage(r, s.fresh(r, nil), a)), err
}

func (s *Site) mailPage(r *web.Request, f *filled, a identity.Account) views.FormPage {
	now := views.Row{Key: f.T("mail_change.now"), Value: views.Words{Text: a.Mail}}
	p := views.FormPage{Heading: f.T("mail_change.title"), Text: []string{f.T("mail_change.text")}, Facts: []views.Row{now},
		Form: views.Form{Action: at(r.Lang, mailPath), Button: f.T("mail_change.button"), Inputs: []views.Input{
			f.field(views.Field{Name: "mail", Label: f.T("mail_change.new"), Kind: "email", Fill: "email", Width: "w30", Needed: true})}}}
	p.Shell = f.page(p.Heading, f.accountCrumb())
	return p
}

// askMail sends a letter to the new mail. When somebody else has it, it is they who get
// one, and the answer does not tell.
func (s *Site) askMail(r *web.Request) (web.Reply, error) {
	a, err := identity.FindAccount(r.Context(), s.DB, r.Actor.AccountID)
	if err != nil {
		return web.Reply{}, err
	}
	mail := strings.TrimSpace(r.Form("mail"))
	err = s.DB.Write(r.Context(), r.Actor, func(tx *db.Tx) error {
		secret, err := access.AskMail(r.Context(), tx, mail)
		if err != nil {
			return err
		}
		if secret == "" {
			other, err := identity.FindAccountByMail(r.Context(), tx, mail)
			if err != nil {
				return err
			}
			return s.notify(r.Context(), tx, identity.NoticeKnown, other, "")
		}
		to := a
		to.Mail = mail
		return s.notify(r.Context(), tx, identity.NoticeMailAsked, to, secret)
	})
	if wrong, ok := invalid(err); ok {
		return web.Status(http.StatusUnprocessableEntity, s.mailPage(r, s.posted(r, wrong), a)), nil
	}
	f := s.fresh(r, nil)
	p := views.MessagePage{Heading: f.T("mail_change.sent_title"), Text: []string{f.T("mail_change.sent_text", mail), f.T("form.letter_text")},
		Links: []views.Link{f.link(accountPath, "account.title")}}
	p.Shell = f.page(p.Heading, f.accountCrumb())
	return web.Page(p).Private(), err
}

// showMailChange asks whether a change is really meant, of whoever has the letter to the
// new address. Programs that look at links before people do change nothing by that.
func (s *Site) showMailChange(r *web.Request) (web.Reply, error) {
	c, err := access.FindMailChange(r.Context(), s.DB, r.Param("secret"), models.Time{Time: s.DB.Now()})
	if errors.Is(err, models.ErrNotFound) {
		return s.deadLink(r, "mail_change.dead_text"), nil
	}
	return s.mailChangePage(r, http.StatusOK, c, s.fresh(r, nil)), err
}

func (s *Site) mailChangePage(r *web.Request, status int, c access.MailChange, f *filled) web.Reply {
	p := views.FormPage{Heading: f.T("mail_change.confirm_title"), Text: []string{f.T("mail_change.confirm_text")}, Facts: f.mailFacts(c),
		Form: views.Form{Action: at(r.Lang, changePath+r.Param("secret")), Button: f.T("mail_change.confirm_button")}}
	p.Shell = f.page(p.Heading)
	return web.Status(status, p).Private()
}

func (f *filled) mailFacts(c access.MailChange) []views.Row {
	return []views.Row{
		{Key: f.T("mail_change.before"), Value: views.Words{Text: c.Before}},
		{Key: f.T("mail_change.after"), Value: views.Words{Text: c.After}},
	}
}

// changeMail makes the change, and tells the address before how to take it back. Only
// the session that does it goes on.
func (s *Site) changeMail(r *web.Request) (web.Reply, error) {
	secret := r.Param("secret")
	c, err := access.FindMailChange(r.Context(), s.DB, secret, models.Time{Time: s.DB.Now()})
	if err == nil {
		err = s.DB.Write(r.Context(), models.Actor{From: r.Actor.From}, func(tx *db.Tx) error {
			made, undo, err := access.ChangeMail(r.Context(), tx, secret, r.Session.ID)
			if err != nil {
				return err
			}
			a, err := identity.FindAccount(r.Context(), tx, made.AccountID)
			if err != nil {
				return err
			}
			a.Mail = made.Before
			return s.notify(r.Context(), tx, identity.NoticeMailChanged, a, undo)
		})
	}
	if errors.Is(err, models.ErrNotFound) {
		return s.deadLink(r, "mail_change.dead_text"), nil
	}
	if wrong, ok := invalid(err); ok {
		return s.mailChangePage(r, http.StatusUnprocessableEntity, c, s.posted(r, wrong)), nil
	}
	to := at(r.Lang, signInPath)
	if r.Actor.AccountID == c.AccountID {
		to = at(r.Lang, accountPath)
	}
	return web.SeeOther(to).Say("done.mail_changed", c.After), err
}

// showUndo asks whoever has the letter to the address before for a new password.
func (s *Site) showUndo(r *web.Request) (web.Reply, error) {
	c, err := access.FindUndo(r.Context(), s.DB, r.Param("secret"), models.Time{Time: s.DB.Now()})
	if errors.Is(err, models.ErrNotFound) {
		return s.deadLink(r, "mail_change.dead_text"), nil
	}
	return s.undoPage(r, http.StatusOK, c, s.fresh(r, nil)), err
}

func (s *Site) undoPage(r *web.Request, status int, c access.MailChange, f *filled) web.Reply {
	p := views.FormPage{Heading: f.T("mail_change.undo_title"), Text: []string{f.T("mail_change.undo_text")}, Facts: f.mailFacts(c),
		Form: views.Form{Action: at(r.Lang, changePath+r.Param("secret")+undoPath), Button: f.T("mail_change.undo_button"), Stop: true,
			Inputs: []views.Input{f.newPassword()}}}
	p.Shell = f.page(p.Heading)
	return web.Status(status, p).Private()
}

// undoMail takes a change back, with what else somebody may have done since.
func (s *Site) undoMail(r *web.Request) (web.Reply, error) {
	secret, password := r.Param("secret"), r.Form("password")
	c, err := access.FindUndo(r.Context(), s.DB, secret, models.Time{Time: s.DB.Now()})
	var a identity.Account
	if err == nil {
		a, err = identity.FindAccount(r.Context(), s.DB, c.AccountID)
	}
	if err == nil {
		err = access.Acceptable(password, a.Mail, c.Before, a.Name)
	}
	var hash access.Hash
	if err == nil {
		hash, err = s.Hasher.Hash(r.Context(), password)
	}
	if err == nil {
		err = s.DB.Write(r.Context(), models.Actor{From: r.Actor.From}, func(tx *db.Tx) error {
			if _, err := access.UndoMail(r.Context(), tx, secret, hash); err != nil {
				return err
			}
			a.Mail = c.Before
			return s.notify(r.Context(), tx, identity.NoticePassword, a, "")
		})
	}
	if errors.Is(err, models.ErrNotFound) {
		return s.deadLink(r, "mail_change.dead_text"), nil
	}
	if wrong, ok := invalid(err); ok {
		return s.undoPage(r, http.StatusUnprocessableEntity, c, s.posted(r, wrong)), nil
	}
	return web.SeeOther(at(r.Lang, signInPath)).End().Say("done.mail_undone"), err
}
