package handlers

import (
	"cmp"

	"pilveturg/handlers/web"
	"pilveturg/models"
	"pilveturg/models/catalogue"
	"pilveturg/models/procurement"
	"pilveturg/views"
)

// exceptionsPath is where decisions are reported that had to be explained.
const exceptionsPath = "/exceptions"

// listExceptions lists decisions for something tailored or owned although a shared
// service fitted.
func (s *Site) listExceptions(r *web.Request) (web.Reply, error) {
	f, g, rows, err := s.exceptions(r)
	if err != nil {
		return web.Reply{}, err
	}
	return g.answer(r, rows, func(t views.Table, part slice) (views.ListPage, error) {
		p := views.ListPage{Heading: f.T("exception.title"), Text: []string{f.T("exception.text")}, Table: t}
		if part.Total > 0 {
			p.Found = f.N("exception.count", int64(part.Total))
		}
		var crumbs []views.Link
		if r.Actor.IsAny(models.Buyer, models.Approver) {
			crumbs = []views.Link{f.link(projectsPath, "section.projects")}
		}
		p.Shell = f.page(part.title(f.speaker, p.Heading), crumbs...)
		if p.Section = projectsSection; r.Actor.Is(models.Analyst) {
			p.Section = exceptionsPath[1:]
		}
		return p, nil
	})
}

// exceptionsCSV answers with the same as a file.
func (s *Site) exceptionsCSV(r *web.Request) (web.Reply, error) {
	_, g, rows, err := s.exceptions(r)
	if err != nil {
		return web.Reply{}, err
	}
	return g.csv(r, rows)
}

func (s *Site) exceptions(r *web.Request) (*filled, *grid[procurement.Explained], []procurement.Explained, error) {
	f := s.fresh(r, nil)
	rows, err := procurement.Exceptions(r.Context(), s.DB, r.Actor)
	if err != nil {
		return nil, nil, nil, err
	}
	var orgs, services []int64
	for _, one := range rows {
		orgs, services = append(orgs, one.OrgID), append(services, one.SharedID, one.OfferingID)
	}
	bodies, err := s.bodiesOf(r, f.speaker, orgs)
	if err != nil {
		return nil, nil, nil, err
	}
	cards, err := catalogue.Cards(r.Context(), s.DB, services)
	names := map[int64]string{}
	for _, c := range cards {
		name, _ := f.nameAndSummary(c.Words)
		names[c.ID] = catalogue.Number(c.ID) + " " + name.Text
	}
	g := &grid[procurement.Explained]{speaker: f.speaker, id: "exceptions", caption: f.T("exception.caption"), path: exceptionsPath, empty: views.Empty{Title: f.T("exception.none"), Text: f.T("exception.none_text")}, columns: []column[procurement.Explained]{
		{name: "approved", head: f.T("project.state.approved"), order: func(a, b procurement.Explained) int { return cmp.Compare(b.ApprovedAt.String(), a.ApprovedAt.String()) }, cell: func(e procurement.Explained) views.Cell { return words(f.Time(e.ApprovedAt)) }},
		{head: f.T("exception.body"), cell: func(e procurement.Explained) views.Cell { return words(bodies[e.OrgID]) }},
		{head: f.T("project.number"), cell: func(e procurement.Explained) views.Cell {
			cell := words((&procurement.Project{ID: e.ProjectID}).Code() + " " + e.Name)
			if e.OrgID == r.Actor.OrgID && r.Actor.IsAny(models.Buyer, models.Approver) {
				cell.Link.URL = at(f.Tag, projectPath(e.ProjectID, ""))
			}
			return cell
		}},
		{head: f.T("decision.outcome"), cell: func(e procurement.Explained) views.Cell {
			if e.Outcome == procurement.Service {
				return words(names[e.OfferingID])
			}
			return words(f.T("decision.outcome." + string(e.Outcome)))
		}},
		{head: f.T("exception.shared"), cell: func(e procurement.Explained) views.Cell {
			return words(f.T("decision.shared", names[e.SharedID], f.Number(int64(e.SharedFit))))
		}},
		{head: f.T("exception.reason"), cell: func(e procurement.Explained) views.Cell { return words(e.Exception) }},
	}}
	return f, g, rows, err
}
