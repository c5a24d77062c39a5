package handlers

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strconv"
	"time"

	"pilveturg/db"
	"pilveturg/handlers/web"
	"pilveturg/models"
	"pilveturg/models/access"
	"pilveturg/models/identity"
	"pilveturg/views"
)

// adminLinkLife is how long a link works that an administrator passes on.
const adminLinkLife = 24 * time.Hour

const reasonRows = 3

// user finds the account that the address names.
func (s *Site) user(r *web.Request) (identity.Account, error) {
	id, err := numberIn(r, "account")
	if err != nil {
		return identity.Account{}, err
	}
	return identity.FindAccount(r.Context(), s.DB, id)
}

// showUser shows administrators a person: what they may do, where they are signed in,
// and what was done to them.
func (s *Site) showUser(r *web.Request) (web.Reply, error) {
	a, err := s.user(r)
	if err != nil {
		return web.Reply{}, err
	}
	f := s.fresh(r, nil)
	p := views.RecordPage{Heading: a.Name, Tags: f.accountTags(a), Facts: append(f.profile(a), views.Row{Key: f.T("admin.since"), Value: views.Words{Text: f.Time(a.Created)}})}
	if p.Links, err = s.userLinks(r, f, a); err != nil {
		return web.Reply{}, err
	}
	if p.Heading == "" {
		p.Heading = f.person(a.ID, map[int64]string{a.ID: a.Name})
	}
	for _, section := range []func(*web.Request, *filled, identity.Account) (views.Section, error){s.userMemberships, s.userInvitations, s.userSessions} {
		part, err := section(r, f, a)
		if err != nil {
			return web.Reply{}, err
		}
		p.Sections = append(p.Sections, part)
	}
	in, err := identity.EverIn(r.Context(), s.DB, a.ID)
	if err != nil {
		return web.Reply{}, err
	}
	p.Trail, err = s.trail(r, f.speaker, 0, identity.AccountSubjects(a.ID, in)...)
	p.Shell = f.adminPage(p.Heading, f.link(usersPath, "admin.users"))
	return web.Page(p), err
}

// userLinks lead to what can be done about a person.
func (s *Site) userLinks(r *web.Request, f *filled, a identity.Account) ([]views.Link, error) {
	path := userPath(a.ID)
	var links []views.Link
	other := a.ID != r.Actor.AccountID
	if a.State == identity.Active {
		links = append(links, f.link(path+"/memberships/new", "admin.member_new"))
		if !a.Invented {
			links = append(links, f.link(path+"/reset", "admin.reset.button"))
		}
	}
	has, err := access.HasFactor(r.Context(), s.DB, a.ID)
	if has && other {
		links = append(links, f.link(path+"/factors", "admin.factors.button"))
	}
	switch {
	case a.State == identity.Locked:
		links = append(links, f.link(path+"/unlock", "admin.unlock.button"))
	case a.State == identity.Active && other:
		links = append(links, f.link(path+"/lock", "admin.lock.button"))
	}
	if erasable(r, a) {
		links = append(links, f.link(path+"/erasure", "admin.erasure.button"))
	}
	return links, err
}

// whole is a part of a list that is all of it.
func whole(n int) slice {
	return slice{Page: models.Page{Number: 1, Size: max(1, n)}, Total: n, Pages: 1}
}

func (s *Site) userMemberships(r *web.Request, f *filled, a identity.Account) (views.Section, error) {
	all, err := identity.Memberships(r.Context(), s.DB, a.ID)
	if err != nil {
		return views.Section{}, err
	}
	g := grid[identity.Membership]{speaker: f.speaker, id: "memberships", caption: f.T("admin.acting"),
		empty: views.Empty{Title: f.T("admin.acting_none"), Text: f.T("admin.acting_none_text")},
		columns: []column[identity.Membership]{
			{head: f.T("admin.organisation"), cell: func(m identity.Membership) views.Cell { return f.orgCell(m.OrgID, m.Org) }},
			{head: f.T("powers.roles"), cell: func(m identity.Membership) views.Cell { return f.powersCell(m.Powers) }},
			{head: f.T("admin.since"), cell: func(m identity.Membership) views.Cell { return words(f.Date(models.DateOf(m.Since.Time))) }},
			{head: f.T("security.actions"), hidden: true, cell: func(m identity.Membership) views.Cell {
				return views.Cell{Links: f.memberLinks(s.adminTeam(), m.ID, views.In(m.Org, f.Tag).Text)}
			}},
		}}
	t, err := g.table(r, all, whole(len(all)))
	return views.Section{Heading: f.T("admin.acting"), Table: t}, err
}

// orgCell leads administrators to an organisation.
func (f *filled) orgCell(id int64, names models.Text) views.Cell {
	name := views.In(names, f.Tag)
	return views.Cell{Link: views.Link{URL: at(f.Tag, orgPath(id)), Text: name.Text, Lang: name.Lang}}
}

// powersCell says what somebody may do: the roles, and below them the rest.
func (w speaker) powersCell(p identity.Powers) views.Cell {
	c := words(w.Roles(p.Roles))
	for _, line := range w.powers(p)[1:] {
		c.Lines = append(c.Lines, line.what+": "+line.words)
	}
	return c
}

func (s *Site) userInvitations(r *web.Request, f *filled, a identity.Account) (views.Section, error) {
	var all []identity.Invitation
	var err error
	if a.Mail != "" {
		all, err = identity.InvitationsOf(r.Context(), s.DB, a.Mail)
	}
	if err != nil {
		return views.Section{}, err
	}
	t, err := s.adminTeam().invitationGrid(f, "").table(r, all, whole(len(all)))
	return views.Section{Heading: f.T("admin.invitations"), Table: t}, err
}

func (s *Site) userSessions(r *web.Request, f *filled, a identity.Account) (views.Section, error) {
	all, err := access.Sessions(r.Context(), s.DB, a.ID, models.Time{Time: s.DB.Now()})
	if err != nil {
		return views.Section{}, err
	}
	g := grid[access.Session]{speaker: f.speaker, id: "sessions", caption: f.N("security.count", int64(len(all))),
		empty: views.Empty{Title: f.T("admin.sessions_none"), Text: f.T("admin.sessions_none_text")},
		columns: []column[access.Session]{
			{head: f.T("security.agent"), cell: func(one access.Session) views.Cell { return words(f.agent(one.Agent)) }},
			{head: f.T("security.begun"), cell: func(one access.Session) views.Cell { return words(f.Time(one.Created)) }},
			{head: f.T("security.seen"), cell: func(one access.Session) views.Cell { return words(f.Time(one.Seen)) }},
			{head: f.T("security.actions"), hidden: true, cell: func(one access.Session) views.Cell {
				return f.endButton(one.ID, userPath(a.ID), f.agent(one.Agent))
			}},
		}}
	t, err := g.table(r, all, whole(len(all)))
	section := views.Section{Heading: f.T("security.sessions"), Table: t}
	if len(all) > 1 {
		section.Links = []views.Link{f.link(userPath(a.ID)+"/sessions/removal", "admin.end_all.button")}
	}
	return section, err
}

// agent is what a session is known by.
func (w speaker) agent(name string) string {
	if name == "" {
		return w.T("security.unknown_agent")
	}
	return name
}

// decision is something that an administrator does to a person, with a reason.
type decision struct {
	path string // after that of the person
	name string // the beginning of its messages
	stop bool
	do   func(ctx context.Context, tx *db.Tx, account int64, reason string) error
}

var (
	lockDecision   = decision{"/lock", "admin.lock.", true, access.LockFor}
	unlockDecision = decision{"/unlock", "admin.unlock.", false, identity.UnlockFor}
)

// askReason asks whether a decision is really meant, and why.
func (s *Site) askReason(d decision) web.Handler {
	return func(r *web.Request) (web.Reply, error) {
		a, err := s.user(r)
		return web.Page(s.reasonPage(s.fresh(r, nil), a, d)), err
	}
}

func (s *Site) reasonPage(f *filled, a identity.Account, d decision) views.FormPage {
	p := views.FormPage{Heading: f.T(d.name + "title"), Text: []string{f.T(d.name + "text")}, Facts: f.profile(a)[:2],
		Form: views.Form{Action: at(f.Tag, userPath(a.ID)+d.path), Button: f.T(d.name + "button"), Stop: d.stop, Inputs: []views.Input{
			f.area(views.Area{Name: "reason", Label: f.T("admin.reason"), Hint: f.T("admin.reason_hint"), Rows: reasonRows})}},
		Links: []views.Link{f.link(userPath(a.ID), "admin.back")}}
	p.Shell = f.adminPage(p.Heading, f.userCrumbs(a)...)
	return p
}

// userCrumbs lead back to a person.
func (f *filled) userCrumbs(a identity.Account) []views.Link {
	name := a.Name
	if name == "" {
		name = f.person(a.ID, map[int64]string{a.ID: a.Name})
	}
	return []views.Link{f.link(usersPath, "admin.users"), {URL: at(f.Tag, userPath(a.ID)), Text: name}}
}

// decide does what was decided. When that cannot be done any more, it is said why.
func (s *Site) decide(d decision) web.Handler {
	return func(r *web.Request) (web.Reply, error) {
		a, err := s.user(r)
		if err != nil {
			return web.Reply{}, err
		}
		err = s.DB.Write(r.Context(), r.Actor, func(tx *db.Tx) error { return d.do(r.Context(), tx, a.ID, r.Form("reason")) })
		if wrong, ok := invalid(err); ok {
			return web.Status(http.StatusUnprocessableEntity, s.reasonPage(s.posted(r, wrong), a, d)), nil
		}
		if errors.Is(err, models.ErrConflict) {
			f := s.posted(r, models.Invalid{"state": d.name + "refused"})
			return web.Status(http.StatusConflict, s.reasonPage(f, a, d)), nil
		}
		return web.SeeOther(at(r.Lang, userPath(a.ID))).Say(d.name + "done"), err
	}
}

// confirmReset asks whether a person is to get a new link for a password.
func (s *Site) confirmReset(r *web.Request) (web.Reply, error) {
	a, err := s.user(r)
	if err == nil && (a.State != identity.Active || a.Invented) {
		err = models.ErrNotFound
	}
	f := s.fresh(r, nil)
	return web.Page(f.confirmUser(a, "/reset", "admin.reset.", false)), err
}

// confirmUser asks whether something is really to be done to a person.
func (f *filled) confirmUser(a identity.Account, path, name string, stop bool) views.FormPage {
	p := views.FormPage{Heading: f.T(name + "title"), Text: []string{f.T(name + "text")}, Facts: f.profile(a)[:2],
		Form:  views.Form{Action: at(f.Tag, userPath(a.ID)+path), Button: f.T(name + "button"), Stop: stop},
		Links: []views.Link{f.link(userPath(a.ID), "admin.back")}}
	p.Shell = f.adminPage(p.Heading, f.userCrumbs(a)...)
	return p
}

// giveReset makes a link with which a person chooses a password. It is shown once, to
// be passed on.
func (s *Site) giveReset(r *web.Request) (web.Reply, error) {
	a, err := s.user(r)
	if err == nil && a.Invented {
		err = models.ErrNotFound
	}
	if err != nil {
		return web.Reply{}, err
	}
	var secret string
	err = s.DB.Write(r.Context(), r.Actor, func(tx *db.Tx) (err error) {
		secret, err = access.Give(r.Context(), tx, access.SetsPassword, a.ID, adminLinkLife)
		return err
	})
	link := s.origin(r) + at(s.langFor(r, a.Language), "/reset/"+secret)
	return web.SeeOther(at(r.Lang, userPath(a.ID))).Say("admin.reset.done", link), err
}

// langFor is the language of pages for somebody who likes a language best: that one,
// or that of the reader when the site does not have it.
func (s *Site) langFor(r *web.Request, lang string) string {
	if slices.Contains(s.Langs, lang) {
		return lang
	}
	return r.Lang
}

// confirmEndAll asks whether all sessions of a person are to end.
func (s *Site) confirmEndAll(r *web.Request) (web.Reply, error) {
	a, err := s.user(r)
	return web.Page(s.fresh(r, nil).confirmUser(a, "/sessions/removal", "admin.end_all.", true)), err
}

// endAll ends all sessions of a person.
func (s *Site) endAll(r *web.Request) (web.Reply, error) {
	a, err := s.user(r)
	if err != nil {
		return web.Reply{}, err
	}
	err = s.DB.Write(r.Context(), r.Actor, func(tx *db.Tx) error { return identity.EndSessions(r.Context(), tx, a.ID) })
	return web.SeeOther(at(r.Lang, userPath(a.ID))).Say("done.sessions"), err
}

// endButton ends a session, and leads back to a path.
func (f *filled) endButton(session int64, back, which string) views.Cell {
	return views.Cell{Button: &views.RowButton{Action: at(f.Tag, sessionsPath+"/removal"), Text: f.T("security.end"), For: which,
		Hidden: []views.Hidden{{Name: "session", Value: strconv.FormatInt(session, 10)}, {Name: fieldReturn, Value: at(f.Tag, back)}}}}
}
