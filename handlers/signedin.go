package handlers

import (
	"errors"
	"strconv"

	"pilveturg/db"
	"pilveturg/handlers/web"
	"pilveturg/models"
	"pilveturg/models/access"
	"pilveturg/models/identity"
	"pilveturg/views"
)

// sessionRow is a session with whom it acts for.
type sessionRow struct {
	access.Live
	org views.Link
}

// listSessions lists who is signed in now. From where is not shown: that stands in
// the audit log, for as long as it may be kept.
func (s *Site) listSessions(r *web.Request) (web.Reply, error) {
	f, g, rows, err := s.sessions(r)
	if err != nil {
		return web.Reply{}, err
	}
	return g.answer(r, rows, func(t views.Table, part slice) (views.ListPage, error) {
		p := views.ListPage{Heading: f.T("admin.sessions"), Text: []string{f.T("admin.sessions_text")}, Found: f.N("security.count", int64(part.Total)), Table: t,
			Filter: &views.Filter{Action: at(f.Tag, sessionsPath), Button: f.T("admin.find"), Inputs: []views.Input{
				f.field(views.Field{Name: fieldWords, Label: f.T("admin.name_or_mail"), Width: "w30"})}}}
		if len(g.kept) > 0 {
			p.Filter.All = f.link(sessionsPath, "admin.sessions_all")
		}
		p.Shell = f.adminPage(part.title(f.speaker, p.Heading))
		return p, nil
	})
}

// sessionsCSV answers with the same as a file.
func (s *Site) sessionsCSV(r *web.Request) (web.Reply, error) {
	_, g, rows, err := s.sessions(r)
	if err != nil {
		return web.Reply{}, err
	}
	return g.csv(r, rows)
}

// sessions are those that the address asks for, and how they are shown.
func (s *Site) sessions(r *web.Request) (*filled, *grid[sessionRow], []sessionRow, error) {
	all, err := access.SignedIn(r.Context(), s.DB, models.Time{Time: s.DB.Now()})
	if err != nil {
		return nil, nil, nil, err
	}
	ids := make([]int64, len(all))
	for i, one := range all {
		ids[i] = one.OrgID
	}
	orgs, err := identity.Briefs(r.Context(), s.DB, unique(ids))
	f, asked := s.asked(r, nil), kept(r, fieldWords)
	var rows []sessionRow
	for _, one := range all {
		if holds(asked.Get(fieldWords), one.Name, one.Mail) {
			row := sessionRow{Live: one}
			if o, ok := orgs[one.OrgID]; ok {
				row.org = f.orgCell(o.ID, o.Names).Link
			}
			rows = append(rows, row)
		}
	}
	g := f.sessionGrid()
	g.kept = asked
	return f, g, rows, err
}

func (f *filled) sessionGrid() *grid[sessionRow] {
	return &grid[sessionRow]{speaker: f.speaker, id: "sessions", caption: f.T("admin.sessions_caption"), path: sessionsPath,
		empty: views.Empty{Title: f.T("admin.sessions_none"), Text: f.T("admin.sessions_none_text")},
		columns: []column[sessionRow]{
			{name: "name", head: f.T("form.name"), order: func(a, b sessionRow) int { return f.Compare(a.Name, b.Name) },
				cell: func(one sessionRow) views.Cell {
					return views.Cell{Link: views.Link{URL: at(f.Tag, userPath(one.AccountID)), Text: one.Name}, Lines: []string{one.Mail}}
				}},
			{name: fieldOrganisation, head: f.T("admin.acts_for"), order: func(a, b sessionRow) int { return f.Compare(a.org.Text, b.org.Text) },
				cell: func(one sessionRow) views.Cell { return views.Cell{Link: one.org} }},
			{name: "agent", head: f.T("security.agent"), order: func(a, b sessionRow) int { return f.Compare(a.Agent, b.Agent) },
				cell: func(one sessionRow) views.Cell { return words(f.agent(one.Agent)) }},
			{name: "begun", head: f.T("security.begun"), order: func(a, b sessionRow) int { return b.Created.Compare(a.Created.Time) },
				cell: func(one sessionRow) views.Cell { return words(f.Time(one.Created)) }},
			{name: "seen", head: f.T("security.seen"), order: func(a, b sessionRow) int { return b.Seen.Compare(a.Seen.Time) },
				cell: func(one sessionRow) views.Cell { return words(f.Time(one.Seen)) }},
			{head: f.T("security.actions"), hidden: true, cell: func(one sessionRow) views.Cell {
				c := f.endButton(one.ID, sessionsPath, one.Name+", "+f.agent(one.Agent))
				all := f.link(userPath(one.AccountID)+"/sessions/removal", "admin.end_all.link")
				all.For = one.Name
				c.Links = []views.Link{all}
				return c
			}},
		}}
}

// endSession ends a session of anybody. When it was over already, that is as good.
func (s *Site) endSession(r *web.Request) (web.Reply, error) {
	id, err := strconv.ParseInt(r.Form("session"), 10, 64)
	if err != nil {
		return web.Reply{}, models.ErrNotFound
	}
	err = s.DB.Write(r.Context(), r.Actor, func(tx *db.Tx) error { return access.End(r.Context(), tx, id) })
	if errors.Is(err, models.ErrNotFound) {
		err = nil
	}
	return web.SeeOther(ours(r.Form(fieldReturn), at(r.Lang, sessionsPath))).Say("done.sessions"), err
}
