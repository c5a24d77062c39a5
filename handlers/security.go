package handlers

import (
	"errors"
	"net/http"
	"strconv"

	"pilveturg/db"
	"pilveturg/handlers/web"
	"pilveturg/models"
	"pilveturg/models/access"
	"pilveturg/models/identity"
	"pilveturg/views"
)

// allOthers stands for all sessions but the one that asks.
const allOthers = "others"

// showSecurity shows people how they sign in, and their sessions.
func (s *Site) showSecurity(r *web.Request) (web.Reply, error) {
	p, err := s.securityPage(r, s.fresh(r, nil))
	return web.Page(p), err
}

func (s *Site) securityPage(r *web.Request, f *filled) (views.SecurityPage, error) {
	all, err := access.Sessions(r.Context(), s.DB, r.Actor.AccountID, models.Time{Time: s.DB.Now()})
	p := views.SecurityPage{
		Password: views.Form{Action: at(r.Lang, accountPath+"/password"), Button: f.T("security.change"), Inputs: []views.Input{
			f.password("current", f.T("security.current"), "", "current-password"), f.newPassword()}},
		Head: views.Head{ID: "sessions", Caption: f.N("security.count", int64(len(all))), Columns: []views.Column{
			{Text: f.T("security.agent")}, {Text: f.T("security.address")}, {Text: f.T("security.begun")}, {Text: f.T("security.seen")}, {Text: f.T("security.actions"), Hidden: true}}},
		Action: at(r.Lang, accountPath+"/sessions/removal"),
	}
	if !r.Session.Fresh {
		p.Again = f.link(withQuery(againPath, returnQuery(at(r.Lang, securityPath))), "again.title")
	}
	if len(all) > 1 {
		p.Others = p.Action
	}
	for _, one := range all {
		row := views.SessionRow{ID: strconv.FormatInt(one.ID, 10), Agent: one.Agent, Address: one.From, Created: f.Time(one.Created), Seen: f.Time(one.Seen), This: one.ID == r.Session.ID}
		if row.Agent == "" {
			row.Agent = f.T("security.unknown_agent")
		}
		p.Sessions = append(p.Sessions, row)
	}
	p.Shell = f.page(f.T("security.title"), f.accountCrumb())
	if err == nil {
		p.Factors, err = s.factors(r, f)
	}
	if err == nil {
		p.Identities, err = s.identityRows(r, f.speaker)
	}
	return p, err
}

// changePassword sets a new password for who knows the one before, ends all other
// sessions and begins this one anew.
func (s *Site) changePassword(r *web.Request) (web.Reply, error) {
	a, err := identity.FindAccount(r.Context(), s.DB, r.Actor.AccountID)
	if err != nil {
		return web.Reply{}, err
	}
	wrong, err := s.checkPasswords(r, a)
	if wait := (*access.WaitError)(nil); errors.As(err, &wait) {
		p, err := s.securityPage(r, s.posted(r, nil))
		p.Errors = append(p.Errors, views.FieldError{Field: "current", Message: s.speaker(r.Lang).wait(wait.Until.Sub(s.DB.Now()))})
		return web.Status(http.StatusTooManyRequests, p), err
	}
	if err != nil {
		return web.Reply{}, err
	}
	if len(wrong) > 0 {
		p, err := s.securityPage(r, s.posted(r, wrong))
		return web.Status(http.StatusUnprocessableEntity, p), err
	}
	hash, err := s.Hasher.Hash(r.Context(), r.Form("password"))
	if err != nil {
		return web.Reply{}, err
	}
	var secret string
	err = s.DB.Write(r.Context(), r.Actor, func(tx *db.Tx) (err error) {
		if err = access.SetPassword(r.Context(), tx, hash); err != nil {
			return err
		}
		if secret, err = access.Begin(r.Context(), tx, a.ID, device(r)); err != nil {
			return err
		}
		return s.notify(r.Context(), tx, identity.NoticePassword, a, "")
	})
	if err != nil {
		return web.Reply{}, err
	}
	return web.SeeOther(at(r.Lang, accountPath+"/security")).Begin(secret).Say("done.password"), nil
}

// checkPasswords checks the new password, and the one before only when that is good:
// wrong ones are counted.
func (s *Site) checkPasswords(r *web.Request, a identity.Account) (models.Invalid, error) {
	err := access.Acceptable(r.Form("password"), a.Mail, a.Name)
	if wrong, ok := invalid(err); ok {
		return wrong, nil
	}
	_, err = access.ByPassword(r.Context(), s.DB, s.Hasher, access.Try{Mail: a.Mail, Password: r.Form("current"), From: r.Actor.From, Warn: s.warn})
	if _, ok := invalid(err); ok {
		return models.Invalid{"current": "security.current_wrong"}, nil
	}
	return nil, err
}

// endSessions ends one session of the person, or all others.
func (s *Site) endSessions(r *web.Request) (web.Reply, error) {
	err := s.DB.Write(r.Context(), r.Actor, func(tx *db.Tx) error {
		id, err := strconv.ParseInt(r.Form("session"), 10, 64)
		switch {
		case r.Form("session") == allOthers:
			return access.EndOthers(r.Context(), tx, r.Session.ID)
		case err != nil:
			return models.ErrNotFound
		default:
			return access.End(r.Context(), tx, id)
		}
	})
	return web.SeeOther(at(r.Lang, accountPath+"/security")).Say("done.sessions"), err
}
