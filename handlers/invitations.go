package handlers

import (
	"cmp"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"

	"pilveturg/db"
	"pilveturg/handlers/web"
	"pilveturg/models"
	"pilveturg/models/identity"
	"pilveturg/views"
)

// listInvitations lists all open invitations.
func (s *Site) listInvitations(r *web.Request) (web.Reply, error) {
	all, err := identity.AllInvitations(r.Context(), s.DB)
	if err != nil {
		return web.Reply{}, err
	}
	f := s.asked(r, nil)
	g := s.adminTeam().invitationGrid(f, invitesPath)
	g.kept = kept(r, fieldWords)
	all = withWords(all, g.kept.Get(fieldWords), f.Tag)
	return g.answer(r, all, func(t views.Table, part slice) (views.ListPage, error) {
		p := views.ListPage{Heading: f.T("admin.invitations"), Found: f.N("admin.invitations.count", int64(part.Total)), Table: t,
			Links: []views.Link{f.link(invitesPath+"/new", "admin.invite")},
			Filter: &views.Filter{Action: at(f.Tag, invitesPath), Button: f.T("admin.find"), Inputs: []views.Input{
				f.field(views.Field{Name: fieldWords, Label: f.T("admin.mail_or_organisation"), Width: "w30"})}}}
		if len(g.kept) > 0 {
			p.Filter.All = f.link(invitesPath, "admin.invitations_all")
		}
		p.Shell = f.adminPage(part.title(f.speaker, p.Heading))
		return p, nil
	})
}

// invitationsCSV answers with the same as a file.
func (s *Site) invitationsCSV(r *web.Request) (web.Reply, error) {
	all, err := identity.AllInvitations(r.Context(), s.DB)
	if err != nil {
		return web.Reply{}, err
	}
	f := s.asked(r, nil)
	return s.adminTeam().invitationGrid(f, invitesPath).csv(r, withWords(all, r.Query(fieldWords), f.Tag))
}

// withWords leaves those invitations that have the words in the mail or the name of
// the organisation.
func withWords(all []identity.Invitation, wanted, lang string) []identity.Invitation {
	return slices.DeleteFunc(all, func(i identity.Invitation) bool {
		return !holds(wanted, i.Mail, i.Name, i.Org["et"], i.Org["en"], views.In(i.Org, lang).Text)
	})
}

// invitationGrid is how open invitations are shown; the path is that of their page, ""
// within another.
func (t team) invitationGrid(f *filled, path string) *grid[identity.Invitation] {
	now := models.Time{Time: t.DB.Now()}
	columns := []column[identity.Invitation]{
		{name: "mail", head: f.T("form.mail"), order: func(a, b identity.Invitation) int {
			return cmp.Compare(identity.FoldMail(a.Mail), identity.FoldMail(b.Mail))
		},
			cell: func(i identity.Invitation) views.Cell { return words(i.Mail) }},
		{name: fieldOrganisation, head: f.T("admin.invited_to"), order: func(a, b identity.Invitation) int { return f.Compare(f.goalOf(a).Text, f.goalOf(b).Text) },
			cell: func(i identity.Invitation) views.Cell { return views.Cell{Link: f.goalOf(i)} }},
		{head: f.T("powers.roles"), cell: func(i identity.Invitation) views.Cell {
			if i.OrgID == 0 {
				return views.Cell{}
			}
			return f.powersCell(i.Powers)
		}},
		{name: "sent", head: f.T("admin.invited"), order: func(a, b identity.Invitation) int { return b.Created.Compare(a.Created.Time) },
			cell: func(i identity.Invitation) views.Cell { return words(f.Time(i.Created)) }},
		{name: "expires", head: f.T("admin.expires"), order: func(a, b identity.Invitation) int { return a.Expires.Compare(b.Expires.Time) },
			cell: func(i identity.Invitation) views.Cell { return f.expiry(i, now) }},
		{head: f.T("security.actions"), hidden: true, cell: func(i identity.Invitation) views.Cell { return views.Cell{Links: t.invitationLinks(f, i)} }},
	}
	if t.own {
		columns = slices.Delete(columns, 1, 2)
	}
	return &grid[identity.Invitation]{speaker: f.speaker, id: "invitations", caption: f.T("admin.invitations_caption"), path: path, columns: columns,
		empty: views.Empty{Title: f.T("admin.invitations_none"), Text: f.T("admin.invitations_none_text")}}
}

// goalOf leads administrators to what an invitation is to.
func (f *filled) goalOf(i identity.Invitation) views.Link {
	if i.OrgID == 0 {
		return views.Link{Text: f.T("audit.subject.application", strconv.FormatInt(i.ApplicationID, 10))}
	}
	return f.orgCell(i.OrgID, i.Org).Link
}

func (f *filled) expiry(i identity.Invitation, now models.Time) views.Cell {
	c := words(f.Time(i.Expires))
	if !now.Before(i.Expires.Time) {
		c.Tags = []views.Tag{{Kind: views.Warn, Text: f.T("admin.expired")}}
	}
	return c
}

func (t team) invitationLinks(f *filled, i identity.Invitation) []views.Link {
	links := []views.Link{f.link(t.invitationPath(i.ID)+"/renewal", "admin.renew.link"), f.link(t.invitationPath(i.ID)+"/revocation", "admin.revoke.link")}
	for n := range links {
		links[n].For = i.Mail
	}
	return links
}

// showInvite shows the form in which somebody is invited; administrators choose to
// which organisation first.
func (t team) showInvite(r *web.Request) (web.Reply, error) {
	f := t.fresh(r, map[string]string{"language": r.Lang})
	if t.own {
		o, err := identity.Find(r.Context(), t.DB, r.Actor.OrgID)
		return web.Page(t.invitePage(f, o)), err
	}
	o, choose, err := t.chosenOrganisation(r, invitesPath+"/new", f.T("admin.invite"), f.link(invitesPath, "admin.invitations"))
	if err != nil || choose != nil {
		return reply(choose), err
	}
	return web.Page(t.invitePage(f, o)), nil
}

func (t team) invitePage(f *filled, o identity.Organisation) views.FormPage {
	p := views.FormPage{Heading: f.T("admin.invite"), Text: []string{f.T("admin.invite_text")}, Facts: []views.Row{f.orgRow(o)},
		Form: views.Form{Action: at(f.Tag, t.invitations+"/new"), Button: f.T("admin.invite_button"), Inputs: []views.Input{
			f.field(views.Field{Name: "mail", Label: f.T("form.mail"), Kind: "email", Width: "w30", Needed: true}),
			f.field(views.Field{Name: "name", Label: f.T("form.name"), Hint: f.T("admin.invite_name_hint"), Width: "w30"}),
			t.languages(f, f.T("profile.language")),
		}}}
	p.Form.Inputs = append(p.Form.Inputs, f.powersInputs(o.Kind)...)
	if t.own {
		p.Shell = f.peoplePage(p.Heading, f.link(peoplePath, "people.title"))
		return p
	}
	p.Form.Hidden = hiddenOrganisation(o)
	p.Shell = f.adminPage(p.Heading, f.link(invitesPath, "admin.invitations"))
	return p
}

// invite invites somebody. The letter has a link; where no letters are written it is
// shown, once, to be passed on.
func (t team) invite(r *web.Request) (web.Reply, error) {
	o := identity.Organisation{ID: r.Actor.OrgID}
	var err error
	if !t.own {
		o, err = t.postedOrganisation(r)
	} else {
		o, err = identity.Find(r.Context(), t.DB, o.ID)
	}
	if err != nil {
		return web.Reply{}, err
	}
	i := identity.Invitation{OrgID: o.ID, Mail: r.Form("mail"), Name: r.Form("name"), Language: t.langFor(r, r.Form("language")), Powers: typedPowers(r)}
	secret := ""
	err = t.DB.Write(r.Context(), r.Actor, func(tx *db.Tx) (err error) {
		if secret, err = identity.Invite(r.Context(), tx, &i); err != nil {
			return err
		}
		return t.sendInvitation(r, tx, i, secret)
	})
	if wrong, ok := invalid(err); ok {
		return web.Status(http.StatusUnprocessableEntity, t.invitePage(t.posted(r, wrong), o)), nil
	}
	return t.invited(r, i, secret), err
}

// sendInvitation queues the letter with the link.
func (t team) sendInvitation(r *web.Request, tx *db.Tx, i identity.Invitation, secret string) error {
	known, err := identity.FindAccountByMail(r.Context(), tx, i.Mail)
	if err != nil && !errors.Is(err, models.ErrNotFound) {
		return err
	}
	a := identity.Account{ID: known.ID, Mail: i.Mail, Name: cmp.Or(known.Name, i.Name), Language: cmp.Or(known.Language, i.Language)}
	return t.notify(r.Context(), tx, identity.NoticeInvitation, a, secret)
}

// invited leads to the invitations, and says that a letter was sent or shows the link.
func (t team) invited(r *web.Request, i identity.Invitation, secret string) web.Reply {
	to := invitesPath
	if t.own {
		to = peoplePath
	}
	if t.MailServer != "" {
		return web.SeeOther(at(r.Lang, to)).Say("admin.invite_sent", i.Mail)
	}
	link := t.origin(r) + at(t.langFor(r, i.Language), "/invite/"+secret)
	return web.SeeOther(at(r.Lang, to)).Say("admin.invite_link", i.Mail, link)
}

// invitation finds the open invitation that the address names, if it is within reach.
func (t team) invitation(r *web.Request) (identity.Invitation, error) {
	id, err := numberIn(r, "invitation")
	if err != nil {
		return identity.Invitation{}, err
	}
	i, err := identity.OpenInvitation(r.Context(), t.DB, id)
	if err == nil && t.own && i.OrgID != r.Actor.OrgID {
		err = fmt.Errorf("invitation %d is of another organisation: %w", id, models.ErrNotFound)
	}
	return i, err
}

// askInvitation asks whether something is really to be done with an invitation: path
// comes after its own, and name begins the messages.
func (t team) askInvitation(path, name string, stop bool) web.Handler {
	return func(r *web.Request) (web.Reply, error) {
		i, err := t.invitation(r)
		if err != nil {
			return web.Reply{}, err
		}
		f := t.fresh(r, nil)
		p := views.FormPage{Heading: f.T(name + "title"), Text: []string{f.T(name + "text")}, Facts: f.invitation(i),
			Form: views.Form{Action: at(r.Lang, t.invitationPath(i.ID)+path), Button: f.T(name + "button"), Stop: stop}}
		if t.own {
			p.Shell = f.peoplePage(p.Heading, f.link(peoplePath, "people.title"))
			p.Links = []views.Link{f.link(peoplePath, "admin.back")}
		} else {
			p.Shell = f.adminPage(p.Heading, f.link(invitesPath, "admin.invitations"))
			p.Links = []views.Link{f.link(invitesPath, "admin.back")}
		}
		return web.Page(p), nil
	}
}

// renewInvitation gives an invitation a new link, and sends or shows it.
func (t team) renewInvitation(r *web.Request) (web.Reply, error) {
	i, err := t.invitation(r)
	if err != nil {
		return web.Reply{}, err
	}
	secret := ""
	err = t.DB.Write(r.Context(), r.Actor, func(tx *db.Tx) (err error) {
		if secret, err = identity.Renew(r.Context(), tx, i.ID); err != nil {
			return err
		}
		return t.sendInvitation(r, tx, i, secret)
	})
	return t.invited(r, i, secret), err
}

// revokeInvitation takes an invitation back. When it was taken back already, that is
// as good.
func (t team) revokeInvitation(r *web.Request) (web.Reply, error) {
	i, err := t.invitation(r)
	if err != nil {
		return web.Reply{}, err
	}
	err = t.DB.Write(r.Context(), r.Actor, func(tx *db.Tx) error { return identity.Revoke(r.Context(), tx, i.ID) })
	to := invitesPath
	if t.own {
		to = peoplePath
	}
	return web.SeeOther(at(r.Lang, to)).Say("admin.revoke.done", i.Mail), err
}
