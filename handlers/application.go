package handlers

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"pilveturg/db"
	"pilveturg/handlers/web"
	"pilveturg/models"
	"pilveturg/models/identity"
	"pilveturg/views"
)

// applicationPath is the path of the conversation about an application.
func applicationPath(id int64) string { return "/applications/" + strconv.FormatInt(id, 10) }

// application finds the application that the address names, if it is the reader's.
func (s *Site) application(r *web.Request) (identity.Application, error) {
	id, err := strconv.ParseInt(r.Param("application"), 10, 64)
	if err != nil {
		return identity.Application{}, fmt.Errorf("application %q: %w", r.Param("application"), models.ErrNotFound)
	}
	a, err := identity.FindApplication(r.Context(), s.DB, r.Actor, id)
	if err == nil && a.AccountID != r.Actor.AccountID { // those who decide have a page of their own
		err = fmt.Errorf("application %d is another's: %w", id, models.ErrNotFound)
	}
	return a, err
}

// showApplication shows a person what was said about their company.
func (s *Site) showApplication(r *web.Request) (web.Reply, error) {
	a, err := s.application(r)
	if err != nil {
		return web.Reply{}, err
	}
	p, err := s.applicationPage(r, a, s.fresh(r, nil))
	return web.Page(p), err
}

func (s *Site) applicationPage(r *web.Request, a identity.Application, f *filled) (views.ApplicationPage, error) {
	p := views.ApplicationPage{Heading: f.T("application.title", a.Name), State: f.stateOf(a.State), Text: f.T("application.text." + string(a.State)), Facts: f.companyRows(a)}
	for _, m := range a.Said {
		by := f.T("application.you")
		if m.ByOperator {
			by = f.T("application.operator")
		}
		p.Said = append(p.Said, views.Message{By: by, When: f.Time(m.At), Words: m.Words})
	}
	if a.Decided.IsZero() {
		p.Form = &views.Form{Action: at(r.Lang, applicationPath(a.ID)), Button: f.T("application.send"), Inputs: []views.Input{
			f.area(views.Area{Name: "words", Label: f.T("application.answer"), Rows: wordRows})}}
	}
	p.Shell = f.page(p.Heading, f.accountCrumb())
	if a.OrgID == 0 {
		return p, nil
	}
	o, err := identity.Find(r.Context(), s.DB, a.OrgID)
	p.Link = views.Link{URL: at(r.Lang, vendorPath(o.ID, o.Slug)), Text: f.T("application.vendor")}
	return p, err
}

// stateOf is the state of an application, as a tag.
func (f *filled) stateOf(s identity.ApplicationState) views.Tag {
	kinds := map[identity.ApplicationState]string{identity.Sent: views.Info, identity.Asked: views.Warn, identity.Accepted: views.OK, identity.Refused: views.Err}
	return views.Tag{Kind: kinds[s], Text: f.T("application.state." + string(s))}
}

func (f *filled) companyRows(a identity.Application) []views.Row {
	row := func(key, value string) views.Row {
		return views.Row{Key: f.T(key), Value: views.Words{Text: f.known(value)}}
	}
	size := ""
	if a.Class != "" {
		size = f.T("size_class." + string(a.Class))
	}
	markets := make([]string, len(a.Markets))
	for i, code := range a.Markets {
		markets[i] = f.Country(code)
	}
	f.Sort(markets)
	return []views.Row{
		row("application.code", a.Key.Code), row("application.country", f.Country(a.Country)), row("application.size", size),
		row("application.website", a.Website), row("application.markets", strings.Join(markets, ", ")),
		row("application.sent", f.Time(a.Created)),
	}
}

// answerApplication says something more about the company.
func (s *Site) answerApplication(r *web.Request) (web.Reply, error) {
	a, err := s.application(r)
	if err != nil {
		return web.Reply{}, err
	}
	err = s.DB.Write(r.Context(), r.Actor, func(tx *db.Tx) error {
		return identity.Answer(r.Context(), tx, a.ID, r.Form("words"))
	})
	if wrong, ok := invalid(err); ok {
		p, err := s.applicationPage(r, a, s.posted(r, wrong))
		return web.Status(http.StatusUnprocessableEntity, p), err
	}
	return web.SeeOther(at(r.Lang, applicationPath(a.ID))).Say("done.answered"), err
}
