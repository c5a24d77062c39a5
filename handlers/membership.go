package handlers

import (
	"errors"
	"net/http"
	"strconv"

	"pilveturg/db"
	"pilveturg/handlers/web"
	"pilveturg/models"
	"pilveturg/models/identity"
	"pilveturg/views"
)

// showNewMember asks which organisation a person is to act for, and then as what.
func (s *Site) showNewMember(r *web.Request) (web.Reply, error) {
	a, err := s.user(r)
	if err != nil {
		return web.Reply{}, err
	}
	f := s.fresh(r, nil)
	o, choose, err := s.chosenOrganisation(r, userPath(a.ID)+"/memberships/new", f.T("admin.member_new"), f.userCrumbs(a)...)
	if err != nil || choose != nil {
		return reply(choose), err
	}
	return web.Page(newMemberPage(f, a, o)), nil
}

// hiddenOrganisation carries the organisation that a form is about, too.
func hiddenOrganisation(o identity.Organisation) []views.Hidden {
	return []views.Hidden{{Name: fieldOrganisation, Value: strconv.FormatInt(o.ID, 10)}}
}

// inOrganisation is the address of the page of a form that is about an organisation,
// too.
func inOrganisation(lang, path string, id int64) string {
	return at(lang, withQuery(path, query(fieldOrganisation, strconv.FormatInt(id, 10))))
}

func newMemberPage(f *filled, a identity.Account, o identity.Organisation) views.FormPage {
	p := views.FormPage{Heading: f.T("admin.member_new"), Facts: append(f.profile(a)[:2], f.orgRow(o)),
		Form: views.Form{Action: at(f.Tag, userPath(a.ID)+"/memberships/new"), Hidden: hiddenOrganisation(o), Button: f.T("admin.member_add"),
			Inputs: f.powersInputs(o.Kind)},
		Links: []views.Link{f.link(userPath(a.ID), "admin.back")}}
	p.Shell = f.adminPage(p.Heading, f.userCrumbs(a)...)
	return p
}

// orgRow names an organisation, with its key.
func (f *filled) orgRow(o identity.Organisation) views.Row {
	return views.Row{Key: f.T("admin.organisation"), Value: views.In(o.Names, f.Tag), Note: o.Key.String()}
}

// addMember lets a person act for an organisation.
func (s *Site) addMember(r *web.Request) (web.Reply, error) {
	a, err := s.user(r)
	if err != nil {
		return web.Reply{}, err
	}
	o, err := s.postedOrganisation(r)
	if err != nil {
		return web.Reply{}, err
	}
	err = s.DB.Write(r.Context(), r.Actor, func(tx *db.Tx) error {
		_, err := identity.AddMember(r.Context(), tx, a.ID, o.ID, typedPowers(r))
		return err
	})
	if errors.Is(err, models.ErrConflict) {
		err = models.Invalid{fieldOrganisation: "invitation.already_member"}
	}
	if wrong, ok := invalid(err); ok {
		return web.Status(http.StatusUnprocessableEntity, newMemberPage(s.posted(r, wrong), a, o)), nil
	}
	return web.SeeOther(at(r.Lang, userPath(a.ID))).Say("admin.member.added", a.Name, views.In(o.Names, r.Lang).Text), err
}

// postedOrganisation finds the organisation that a form carries.
func (s *Site) postedOrganisation(r *web.Request) (identity.Organisation, error) {
	id, ok := parseName(r.Form(fieldOrganisation), "")
	if !ok {
		return identity.Organisation{}, models.ErrNotFound
	}
	return identity.Find(r.Context(), s.DB, id)
}

// showMove asks to which organisation a member is to move, and then as what.
func (s *Site) showMove(r *web.Request) (web.Reply, error) {
	t := s.adminTeam()
	m, err := t.member(r)
	if err != nil {
		return web.Reply{}, err
	}
	f := s.powersForm(r, m.Powers)
	o, choose, err := s.chosenOrganisation(r, t.memberPath(m.ID)+"/move", f.T("admin.move.title"), f.userCrumbs(identity.Account{ID: m.AccountID, Name: m.Name})...)
	if err != nil || choose != nil {
		return reply(choose), err
	}
	return web.Page(t.movePage(f, m, o)), nil
}

func (t team) movePage(f *filled, m identity.Member, o identity.Organisation) views.FormPage {
	to := f.orgRow(o)
	to.Key = f.T("admin.move.to")
	p := views.FormPage{Heading: f.T("admin.move.title"), Text: []string{f.T("admin.move.text")}, Facts: append(f.memberRows(m), to),
		Form:  views.Form{Action: at(f.Tag, t.memberPath(m.ID)+"/move"), Hidden: hiddenOrganisation(o), Button: f.T("admin.move.button"), Stop: true, Inputs: f.powersInputs(o.Kind)},
		Links: []views.Link{f.link(userPath(m.AccountID), "admin.back")}}
	p.Shell = t.page(f, p.Heading, m)
	return p
}

// move takes a member from one organisation to another.
func (s *Site) move(r *web.Request) (web.Reply, error) {
	t := s.adminTeam()
	m, err := t.member(r)
	if err != nil {
		return web.Reply{}, err
	}
	o, err := s.postedOrganisation(r)
	if err != nil {
		return web.Reply{}, err
	}
	err = s.DB.Write(r.Context(), r.Actor, func(tx *db.Tx) error {
		_, err := identity.Move(r.Context(), tx, m.ID, o.ID, typedPowers(r))
		return err
	})
	if errors.Is(err, models.ErrConflict) { // in it already, or the last administrator
		err = models.Invalid{fieldOrganisation: "admin.move.refused"}
	}
	if wrong, ok := invalid(err); ok {
		return web.Status(http.StatusUnprocessableEntity, t.movePage(s.posted(r, wrong), m, o)), nil
	}
	return web.SeeOther(at(r.Lang, userPath(m.AccountID))).Say("admin.move.done", m.Name, views.In(o.Names, r.Lang).Text), err
}
