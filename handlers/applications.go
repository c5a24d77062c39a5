package handlers

import (
	"cmp"
	"context"
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

// applicationPage is the path of the page on which an application is decided.
func decidingPath(id int64) string { return applicationsPath + "/" + strconv.FormatInt(id, 10) }

var applicationStates = [...]identity.ApplicationState{identity.Sent, identity.Asked, identity.Accepted, identity.Refused}

// listApplications lists the applications of companies: those that wait, unless the
// address asks for others.
func (s *Site) listApplications(r *web.Request) (web.Reply, error) {
	f, g, rows, err := s.applications(r)
	if err != nil {
		return web.Reply{}, err
	}
	return g.answer(r, rows, func(t views.Table, part slice) (views.ListPage, error) {
		var states []views.Option
		for _, state := range applicationStates {
			states = append(states, views.Option{Value: string(state), Text: f.T("admin.application." + string(state))})
		}
		p := views.ListPage{Heading: f.T("admin.applications"), Found: f.N("admin.applications.count", int64(part.Total)), Table: t,
			Filter: &views.Filter{Action: at(f.Tag, applicationsPath), Button: f.T("admin.find"), Inputs: []views.Input{
				f.choose(views.Select{Name: fieldState, Label: f.T("admin.state"), Options: states})}}}
		p.Shell = f.decidingPage(r, part.title(f.speaker, p.Heading))
		p.Tabs, err = s.queueTabs(r, f, applicationsPath)
		return p, err
	})
}

// decidingPage is a page of those who decide about what vendors send; not all of them
// administer.
func (f *filled) decidingPage(r *web.Request, title string, crumbs ...views.Link) views.Shell {
	if r.Actor.Is(models.Administrator) {
		return f.adminPage(title, crumbs...)
	}
	p := f.page(title, crumbs...)
	p.Section = queuesSection
	return p
}

// applicationsCSV answers with the same as a file.
func (s *Site) applicationsCSV(r *web.Request) (web.Reply, error) {
	_, g, rows, err := s.applications(r)
	if err != nil {
		return web.Reply{}, err
	}
	return g.csv(r, rows)
}

// applications are those that the address asks for, and how they are shown.
func (s *Site) applications(r *web.Request) (*filled, *grid[identity.Application], []identity.Application, error) {
	asked := kept(r, fieldState)
	state := identity.ApplicationState(cmp.Or(asked.Get(fieldState), string(identity.Sent)))
	rows, err := identity.Applications(r.Context(), s.DB, state)
	f := s.asked(r, nil)
	g := &grid[identity.Application]{speaker: f.speaker, id: "applications", caption: f.T("admin.applications_caption"), path: applicationsPath, kept: asked,
		empty: views.Empty{Title: f.T("admin.applications_none"), Text: f.T("admin.applications_none_text")},
		columns: []column[identity.Application]{
			{name: "sent", head: f.T("application.sent"), order: func(a, b identity.Application) int { return a.Created.Compare(b.Created.Time) },
				cell: func(a identity.Application) views.Cell {
					c := words(f.Time(a.Created))
					if a.Decided.IsZero() {
						c.Lines = []string{s.age(f.speaker, a.Created)}
					}
					return c
				}, file: func(a identity.Application) string { return f.Time(a.Created) }},
			{name: "company", head: f.T("application.company"), order: func(a, b identity.Application) int { return f.Compare(a.Name, b.Name) },
				cell: func(a identity.Application) views.Cell {
					return views.Cell{Link: views.Link{URL: at(f.Tag, decidingPath(a.ID)), Text: a.Name}}
				}},
			{name: "code", head: f.T("application.code"), order: func(a, b identity.Application) int { return cmp.Compare(a.Key.String(), b.Key.String()) },
				cell: func(a identity.Application) views.Cell { return words(a.Key.String()) }},
			{name: "country", head: f.T("vendor.country"), order: func(a, b identity.Application) int { return f.Compare(f.Country(a.Country), f.Country(b.Country)) },
				cell: func(a identity.Application) views.Cell { return words(f.Country(a.Country)) }},
			{head: f.T("admin.state"), cell: func(a identity.Application) views.Cell {
				return views.Cell{Tags: []views.Tag{f.stateForOperator(a.State)}}
			}},
		}}
	return f, g, rows, err
}

// stateForOperator is the state of an application, as those who decide see it.
func (f *filled) stateForOperator(state identity.ApplicationState) views.Tag {
	tag := f.stateOf(state)
	tag.Text = f.T("admin.application." + string(state))
	return tag
}

// deciding finds the application that the address names.
func (s *Site) deciding(r *web.Request) (identity.Application, error) {
	return found(s, r, "application", identity.FindApplication)
}

// showDeciding shows what was said about a company, and the form to decide.
func (s *Site) showDeciding(r *web.Request) (web.Reply, error) {
	a, err := s.deciding(r)
	if err != nil {
		return web.Reply{}, err
	}
	p, err := s.decidingRecord(r, s.fresh(r, nil), a)
	return web.Page(p), err
}

func (s *Site) decidingRecord(r *web.Request, f *filled, a identity.Application) (views.RecordPage, error) {
	who, err := identity.FindAccount(r.Context(), s.DB, a.AccountID)
	if err != nil {
		return views.RecordPage{}, err
	}
	p := views.RecordPage{Heading: f.T("application.title", a.Name), Tags: []views.Tag{f.stateForOperator(a.State)}, SaidHead: f.T("application.said")}
	applicant := views.Row{Key: f.T("admin.applicant"), Value: views.Words{Text: who.Name}, Note: who.Mail}
	if r.Actor.Is(models.Administrator) {
		applicant.URL = at(f.Tag, userPath(who.ID))
	}
	p.Facts = append([]views.Row{applicant}, f.companyRows(a)...)
	if a.OrgID != 0 && r.Actor.Is(models.Administrator) {
		p.Links = []views.Link{f.link(orgPath(a.OrgID), "application.vendor")}
	}
	for _, m := range a.Said {
		by := who.Name
		if m.ByOperator {
			by = f.T("application.operator")
		}
		p.Said = append(p.Said, views.Message{By: by, When: f.Time(m.At), Words: m.Words})
	}
	if a.Decided.IsZero() {
		p.FormHead, p.Form = f.T("admin.decide"), f.decisionForm(a)
	}
	if p.Trail, err = s.trail(r, f.speaker, 0, identity.ApplicationSubject(a.ID)); err != nil {
		return p, err
	}
	p.Shell = f.decidingPage(r, p.Heading, f.link(applicationsPath, "admin.applications"))
	return p, nil
}

// decisions are what can be decided about an application.
var decisions = map[string]func(context.Context, *db.Tx, int64, string) error{
	"ask": identity.Ask, "refuse": identity.Refuse,
	"accept": func(ctx context.Context, tx *db.Tx, id int64, words string) error {
		_, err := identity.Accept(ctx, tx, id, words)
		return err
	},
}

func (f *filled) decisionForm(a identity.Application) *views.Form {
	c := views.Choices{ID: "decision", Name: "decision", Legend: f.T("admin.decision"), One: true, Error: f.problem("decision")}
	for _, name := range []string{"accept", "ask", "refuse"} {
		c.Options = append(c.Options, views.Option{Value: name, Text: f.T("admin.decision." + name), Chosen: f.typed("decision") == name})
	}
	return &views.Form{Action: at(f.Tag, decidingPath(a.ID)), Button: f.T("application.send"), Hidden: []views.Hidden{revisionField(int64(len(a.Said)))},
		Inputs: []views.Input{{Choices: &c}, f.area(views.Area{Name: "words", Label: f.T("admin.decision_words"), Hint: f.T("admin.decision_words_hint"), Rows: wordRows})}}
}

// decideApplication accepts or refuses an application, or asks something. What was
// said meanwhile is shown first, and what was typed is kept.
func (s *Site) decideApplication(r *web.Request) (web.Reply, error) {
	a, err := s.deciding(r)
	if err != nil {
		return web.Reply{}, err
	}
	decide := decisions[r.Form("decision")]
	err = models.Invalid{"decision": "admin.decision_missing"}
	if decide != nil {
		err = s.DB.Write(r.Context(), r.Actor, func(tx *db.Tx) error { return s.decideAsSeen(r, tx, a.ID, decide) })
	}
	if wrong, ok := invalid(err); ok {
		return s.decideAgain(r, http.StatusUnprocessableEntity, wrong, views.Notice{})
	}
	if errors.Is(err, models.ErrConflict) {
		w := s.speaker(r.Lang)
		return s.decideAgain(r, http.StatusConflict, nil, views.Notice{Kind: views.Warn, Title: w.T("admin.application.differs"), Text: w.T("admin.application.differs_text"), Urgent: true})
	}
	return web.SeeOther(at(r.Lang, decidingPath(a.ID))).Say("done.answered"), err
}

// decideAsSeen decides when nothing was said since the form was made, and has the
// applicant told.
func (s *Site) decideAsSeen(r *web.Request, tx *db.Tx, id int64, decide func(context.Context, *db.Tx, int64, string) error) error {
	a, err := identity.FindApplication(r.Context(), tx, r.Actor, id)
	if err != nil {
		return err
	}
	if !a.Decided.IsZero() || int64(len(a.Said)) != seenRevision(r) {
		return fmt.Errorf("vendor application %d: something was said meanwhile: %w", id, models.ErrConflict)
	}
	if err := decide(r.Context(), tx, id, r.Form("words")); err != nil {
		return err
	}
	who, err := identity.FindAccount(r.Context(), tx, a.AccountID)
	if err != nil {
		return err
	}
	return s.Notify(r.Context(), tx, identity.Notice{Kind: identity.NoticeApplication, AccountID: who.ID, Mail: who.Mail, Name: who.Name, Language: who.Language, Subject: id})
}

// decideAgain shows the application as it is now, with what was typed.
func (s *Site) decideAgain(r *web.Request, status int, wrong models.Invalid, n views.Notice) (web.Reply, error) {
	a, err := s.deciding(r)
	if err != nil {
		return web.Reply{}, err
	}
	p, err := s.decidingRecord(r, s.posted(r, wrong), a)
	if n.Text != "" {
		p.Notices = []views.Notice{n}
	}
	return web.Status(status, p), err
}
