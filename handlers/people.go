package handlers

import (
	"pilveturg/handlers/web"
	"pilveturg/models"
	"pilveturg/models/identity"
	"pilveturg/views"
)

// peopleSection is the page of people in the main navigation of those who keep them.
const peopleSection = "organisation/people"

// peoplePage is a page about the people of the reader's organisation, around a form.
func (f *filled) peoplePage(title string, crumbs ...views.Link) views.Shell {
	p := f.page(title, crumbs...)
	p.Section = peopleSection
	return p
}

// showPeople shows those who keep the people of an organisation who is in it, and who
// is invited.
func (s *Site) showPeople(r *web.Request) (web.Reply, error) {
	o, err := identity.Find(r.Context(), s.DB, r.Actor.OrgID)
	if err != nil {
		return web.Reply{}, err
	}
	f, t := s.fresh(r, nil), s.ownTeam()
	p := views.RecordPage{Heading: f.T("people.title"), Text: []string{views.In(o.Names, f.Tag).Text}, Links: []views.Link{f.link(t.invitations+"/new", "admin.invite"), f.link(orgTokensPath, "token.title")}}
	if p.Sections, err = s.peopleSections(r, f, t, o.ID); err != nil {
		return web.Reply{}, err
	}
	p.Sections[0].Table.Files = []views.Link{{URL: at(r.Lang, peoplePath+".csv"), Text: f.T("audit.file.csv")}}
	p.Sections[1].Table.Files = []views.Link{{URL: at(r.Lang, t.invitations+".csv"), Text: f.T("audit.file.csv")}}
	p.Shell = f.peoplePage(p.Heading)
	return web.Page(p), nil
}

// peopleSections are tables of who is in an organisation, and who is invited to it.
func (s *Site) peopleSections(r *web.Request, f *filled, t team, org int64) ([]views.Section, error) {
	members, err := identity.Members(r.Context(), s.DB, org)
	if err != nil {
		return nil, err
	}
	people, err := t.memberGrid(f).table(r, members, whole(len(members)))
	if err != nil {
		return nil, err
	}
	open, err := identity.Invitations(r.Context(), s.DB, org)
	if err != nil {
		return nil, err
	}
	invited, err := t.invitationGrid(f, "").table(r, open, whole(len(open)))
	return []views.Section{{Heading: f.N("people.count", int64(len(members))), Table: people}, {Heading: f.T("admin.invitations"), Table: invited}}, err
}

// memberGrid is how the people of an organisation are shown.
func (t team) memberGrid(f *filled) *grid[identity.Member] {
	return &grid[identity.Member]{speaker: f.speaker, id: "people", caption: f.T("people.caption"),
		empty: views.Empty{Title: f.T("people.none"), Text: f.T("people.none_text")},
		columns: []column[identity.Member]{
			{name: "name", head: f.T("form.name"), order: func(a, b identity.Member) int { return f.Compare(a.Name, b.Name) },
				cell: func(m identity.Member) views.Cell {
					c := words(m.Name)
					if !t.own {
						c.Link.URL = at(f.Tag, userPath(m.AccountID))
					}
					c.Tags = f.accountTags(identity.Account{State: m.State})
					return c
				}},
			{head: f.T("form.mail"), cell: func(m identity.Member) views.Cell { return words(m.Mail) }},
			{head: f.T("powers.roles"), cell: func(m identity.Member) views.Cell { return f.powersCell(m.Powers) }},
			{head: f.T("admin.since"), cell: func(m identity.Member) views.Cell { return words(f.Date(models.DateOf(m.Since.Time))) },
				file: func(m identity.Member) string { return models.DateOf(m.Since.Time).String() }},
			{head: f.T("security.actions"), hidden: true, cell: func(m identity.Member) views.Cell { return views.Cell{Links: f.memberLinks(t, m.ID, m.Name)} }},
		}}
}

// peopleCSV answers with the people of the reader's organisation as a file.
func (s *Site) peopleCSV(r *web.Request) (web.Reply, error) {
	members, err := identity.Members(r.Context(), s.DB, r.Actor.OrgID)
	if err != nil {
		return web.Reply{}, err
	}
	return s.ownTeam().memberGrid(s.fresh(r, nil)).csv(r, members)
}

// ownInvitationsCSV answers with its open invitations as a file.
func (s *Site) ownInvitationsCSV(r *web.Request) (web.Reply, error) {
	open, err := identity.Invitations(r.Context(), s.DB, r.Actor.OrgID)
	if err != nil {
		return web.Reply{}, err
	}
	return s.ownTeam().invitationGrid(s.fresh(r, nil), "").csv(r, open)
}
