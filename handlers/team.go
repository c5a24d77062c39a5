package handlers

import (
	"errors"
	"fmt"
	"net/http"
	"strconv"

	"pilveturg/db"
	"pilveturg/handlers/web"
	"pilveturg/models"
	"pilveturg/models/identity"
	"pilveturg/views"
)

const peoplePath = "/organisation/people"

// team is how people are kept: by administrators in all organisations, or by the
// managers of one in their own. For them, what is of another is not there.
type team struct {
	*Site
	own         bool
	members     string // before the ids of memberships in addresses
	invitations string // before those of invitations
}

func (s *Site) adminTeam() team { return team{s, false, adminPath + "/memberships", invitesPath} }

func (s *Site) ownTeam() team { return team{s, true, peoplePath, peoplePath + "/invitations"} }

func (t team) memberPath(id int64) string { return t.members + "/" + strconv.FormatInt(id, 10) }

func (t team) invitationPath(id int64) string { return t.invitations + "/" + strconv.FormatInt(id, 10) }

// memberLinks are what can be done to a membership.
func (f *filled) memberLinks(t team, id int64, which string) []views.Link {
	links := []views.Link{f.link(t.memberPath(id), "admin.member.change")}
	if !t.own {
		links = append(links, f.link(t.memberPath(id)+"/move", "admin.move.link"))
	}
	links = append(links, f.link(t.memberPath(id)+"/end", "admin.member_end.link"))
	for i := range links {
		links[i].For = which
	}
	return links
}

// member finds the membership that the address names, if it is within reach.
func (t team) member(r *web.Request) (identity.Member, error) {
	id, err := numberIn(r, "membership")
	if err != nil {
		return identity.Member{}, err
	}
	m, err := identity.FindMember(r.Context(), t.DB, id)
	if err == nil && t.own && m.OrgID != r.Actor.OrgID {
		err = fmt.Errorf("membership %d is of another organisation: %w", id, models.ErrNotFound)
	}
	return m, err
}

// home is the path to which it goes from a member.
func (t team) home(m identity.Member) string {
	if t.own {
		return peoplePath
	}
	return userPath(m.AccountID)
}

// page is a page about a member around a form.
func (t team) page(f *filled, title string, m identity.Member) views.Shell {
	if t.own {
		return f.peoplePage(title, f.link(peoplePath, "people.title"))
	}
	return f.adminPage(title, f.userCrumbs(identity.Account{ID: m.AccountID, Name: m.Name})...)
}

// memberRows say whose a membership is, and of what.
func (f *filled) memberRows(m identity.Member) []views.Row {
	return []views.Row{
		{Key: f.T("form.name"), Value: views.Words{Text: m.Name}},
		{Key: f.T("form.mail"), Value: views.Words{Text: m.Mail}},
		{Key: f.T("admin.organisation"), Value: views.In(m.Org, f.Tag)},
	}
}

// showMember shows the form in which the powers of a member are changed.
func (t team) showMember(r *web.Request) (web.Reply, error) {
	m, err := t.member(r)
	return web.Page(t.memberPage(t.powersForm(r, m.Powers), m, m.Stamp())), err
}

func (t team) memberPage(f *filled, m identity.Member, seen string) views.FormPage {
	p := views.FormPage{Heading: f.T("admin.member.title"), Facts: f.memberRows(m),
		Form: views.Form{Action: at(f.Tag, t.memberPath(m.ID)), Hidden: []views.Hidden{{Name: fieldSeen, Value: seen}}, Button: f.T("form.save"),
			Inputs: f.powersInputs(m.Kind)},
		Links: []views.Link{f.link(t.memberPath(m.ID)+"/end", "admin.member_end.link"), f.link(t.home(m), "admin.back")}}
	p.Shell = t.page(f, p.Heading, m)
	return p
}

// changeMember gives a member other powers. Whoever changed them meanwhile is told of,
// and what was typed is kept.
func (t team) changeMember(r *web.Request) (web.Reply, error) {
	m, err := t.member(r)
	if err != nil {
		return web.Reply{}, err
	}
	seen := r.Form(fieldSeen)
	err = t.DB.Write(r.Context(), r.Actor, func(tx *db.Tx) error {
		return identity.ChangeSeenMember(r.Context(), tx, m.ID, seen, typedPowers(r))
	})
	if wrong, ok := invalid(err); ok {
		return web.Status(http.StatusUnprocessableEntity, t.memberPage(t.posted(r, wrong), m, seen)), nil
	}
	if errors.Is(err, models.ErrConflict) {
		return t.memberDiffers(r, seen)
	}
	return web.SeeOther(at(r.Lang, t.home(m))).Say("admin.member.done", m.Name), err
}

// memberDiffers says why a member could not be changed: it is not as it was seen, or
// the last administrator.
func (t team) memberDiffers(r *web.Request, seen string) (web.Reply, error) {
	m, err := t.member(r)
	if err != nil {
		return web.Reply{}, err
	}
	if m.Stamp() == seen {
		f := t.posted(r, models.Invalid{"roles": "admin.last_administrator"})
		return web.Status(http.StatusConflict, t.memberPage(f, m, seen)), nil
	}
	f := t.posted(r, nil)
	p := t.memberPage(f, m, m.Stamp())
	now := ""
	for _, line := range f.powers(m.Powers) {
		now += line.what + ": " + line.words + ". "
	}
	p.Notices = []views.Notice{{Kind: views.Warn, Title: f.T("admin.member.differs"), Text: f.T("admin.differs_text", now), Urgent: true}}
	return web.Status(http.StatusConflict, p), nil
}

// confirmEnd asks whether a person is to be taken out of the organisation.
func (t team) confirmEnd(r *web.Request) (web.Reply, error) {
	m, err := t.member(r)
	return web.Page(t.endPage(t.fresh(r, nil), m)), err
}

func (t team) endPage(f *filled, m identity.Member) views.FormPage {
	p := views.FormPage{Heading: f.T("admin.member_end.title"), Text: []string{f.T("admin.member_end.text")}, Facts: f.memberRows(m),
		Form:  views.Form{Action: at(f.Tag, t.memberPath(m.ID)+"/end"), Button: f.T("admin.member_end.button"), Stop: true},
		Links: []views.Link{f.link(t.home(m), "admin.back")}}
	p.Shell = t.page(f, p.Heading, m)
	return p
}

// endMember takes a person out of the organisation.
func (t team) endMember(r *web.Request) (web.Reply, error) {
	m, err := t.member(r)
	if err != nil {
		return web.Reply{}, err
	}
	err = t.DB.Write(r.Context(), r.Actor, func(tx *db.Tx) error { return identity.EndMember(r.Context(), tx, m.ID) })
	if errors.Is(err, models.ErrConflict) {
		f := t.posted(r, models.Invalid{"roles": "admin.last_administrator"})
		return web.Status(http.StatusConflict, t.endPage(f, m)), nil
	}
	to := t.home(m)
	if t.own && m.AccountID == r.Actor.AccountID {
		to = accountPath // the session has ended with it
	}
	return web.SeeOther(at(r.Lang, to)).Say("admin.member_end.done", m.Name, views.In(m.Org, r.Lang).Text), err
}
