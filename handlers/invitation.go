package handlers

import (
	"errors"
	"net/http"

	"pilveturg/db"
	"pilveturg/handlers/web"
	"pilveturg/models"
	"pilveturg/models/access"
	"pilveturg/models/identity"
	"pilveturg/views"
)

// invited is an invitation with whose mail it is.
type invited struct {
	identity.Invitation
	account identity.Account // zero when there is none yet
	path    string
}

// invitation finds the invitation whose secret stands in the address.
func (s *Site) invitation(r *web.Request) (invited, error) {
	secret := r.Param("secret")
	i, err := identity.FindInvitation(r.Context(), s.DB, secret, models.Time{Time: s.DB.Now()})
	if err != nil {
		return invited{}, err
	}
	a, err := identity.FindAccountByMail(r.Context(), s.DB, i.Mail)
	if errors.Is(err, models.ErrNotFound) {
		a, err = identity.Account{}, nil
	}
	return invited{i, a, at(r.Lang, "/invite/"+secret)}, err
}

// showInvitation shows what one is invited to, and asks who has no account yet for
// what one needs.
func (s *Site) showInvitation(r *web.Request) (web.Reply, error) {
	i, err := s.invitation(r)
	if errors.Is(err, models.ErrNotFound) {
		return s.deadLink(r, "invite.dead_text"), nil
	}
	return s.askInvited(r, http.StatusOK, i, s.fresh(r, map[string]string{"name": i.Name})), err
}

func (s *Site) askInvited(r *web.Request, status int, i invited, f *filled) web.Reply {
	p := views.FormPage{Heading: f.T("invite.title"), Facts: f.invitation(i.Invitation)}
	if i.ApplicationID != 0 {
		p.Heading = f.T("invite.application_title")
	}
	p.Form = views.Form{Action: i.path, Button: f.T("invite.button")}
	switch {
	case i.account.ID == 0:
		p.Text = []string{f.T("invite.new_text")}
		p.Form.Inputs = []views.Input{f.name(), f.newPassword()}
		p.Others = s.otherWays(f.speaker, []views.Hidden{{Name: fieldInvitation, Value: r.Param("secret")}})
	case i.account.ID != r.Actor.AccountID:
		return s.signInToTake(r, i, f)
	}
	p.Shell = f.page(p.Heading)
	return web.Status(status, p).Private()
}

// signInToTake asks who has an account to sign in first: the link alone is not
// enough to act as them.
func (s *Site) signInToTake(r *web.Request, i invited, f *filled) web.Reply {
	p := views.MessagePage{Heading: f.T("invite.title"), Text: []string{f.T("invite.known_text", i.Mail)}}
	link := f.link(signInPath, "invite.sign_in")
	link.URL = withQuery(link.URL, query(fieldReturn, i.path))
	p.Links = []views.Link{link}
	p.Shell = f.page(p.Heading)
	return web.Page(p).Private()
}

// invitation says what one is invited to.
func (f *filled) invitation(i identity.Invitation) []views.Row {
	rows := []views.Row{{Key: f.T("form.mail"), Value: views.Words{Text: i.Mail}}}
	if i.OrgID == 0 {
		return rows
	}
	rows = append(rows, views.Row{Key: f.T("invite.organisation"), Value: views.In(i.Org, f.Tag)})
	for _, line := range f.powers(i.Powers) {
		rows = append(rows, views.Row{Key: line.what, Value: views.Words{Text: line.words}})
	}
	return rows
}

// deadLink says that the link of a letter does not work any more. Its status is that
// of what is not there.
func (s *Site) deadLink(r *web.Request, text string) web.Reply {
	f := s.fresh(r, nil)
	p := views.MessagePage{Heading: f.T("link.dead_title"), Text: []string{f.T(text)}, Links: []views.Link{
		f.link(forgotPath, "sign_in.forgot"), f.link(signInPath, "sign_up.sign_in_link"), f.link("/contact", "footer.contact")}}
	p.Shell = f.page(p.Heading)
	return web.Status(http.StatusNotFound, p).Private()
}

// takeInvitation makes an account where there is none, and joins it to what it is
// invited to.
func (s *Site) takeInvitation(r *web.Request) (web.Reply, error) {
	i, err := s.invitation(r)
	switch {
	case errors.Is(err, models.ErrNotFound):
		return s.deadLink(r, "invite.dead_text"), nil
	case err != nil:
		return web.Reply{}, err
	case i.account.ID == 0:
		return s.takeAnew(r, i)
	case i.account.ID != r.Actor.AccountID:
		return s.signInToTake(r, i, s.fresh(r, nil)), nil
	}
	err = s.DB.Write(r.Context(), r.Actor, func(tx *db.Tx) error {
		_, err := identity.Take(r.Context(), tx, r.Param("secret"), "", "")
		return err
	})
	return web.SeeOther(i.goal(r)).Say("done.joined"), err
}

// goal is where it goes on from an invitation.
func (i invited) goal(r *web.Request) string {
	if i.ApplicationID != 0 {
		return at(r.Lang, applicationPath(i.ApplicationID))
	}
	return at(r.Lang, accountPath)
}

// takeAnew makes the account with its password, and signs it in.
func (s *Site) takeAnew(r *web.Request, i invited) (web.Reply, error) {
	name, password := r.Form("name"), r.Form("password")
	wrong, err := both(identity.AcceptableName(name), access.Acceptable(password, i.Mail, name))
	if err != nil {
		return web.Reply{}, err
	}
	if len(wrong) > 0 {
		return s.askInvited(r, http.StatusUnprocessableEntity, i, s.posted(r, wrong)), nil
	}
	hash, err := s.Hasher.Hash(r.Context(), password)
	if err != nil {
		return web.Reply{}, err
	}
	var secret string
	err = s.DB.Write(r.Context(), models.Actor{From: r.Actor.From}, func(tx *db.Tx) error {
		a, err := identity.Take(r.Context(), tx, r.Param("secret"), name, r.Lang)
		if err == nil {
			err = access.SetPassword(r.Context(), tx, hash)
		}
		if err == nil {
			secret, err = s.come(r, tx, access.Begin, a.ID)
		}
		return err
	})
	if errors.Is(err, models.ErrNotFound) { // somebody was faster
		return s.deadLink(r, "invite.dead_text"), nil
	}
	if err != nil {
		return web.Reply{}, err
	}
	return web.SeeOther(i.goal(r)).Begin(secret).Say("done.account_made"), nil
}
