package handlers

import (
	"cmp"
	"net/http"
	"slices"
	"strings"

	"pilveturg/handlers/web"
	"pilveturg/models"
	"pilveturg/models/procurement"
	"pilveturg/views"
)

// showImport asks for a table of requirements.
func (s *Site) showImport(r *web.Request) (web.Reply, error) {
	p, err := s.purchase(r, s.fresh(r, nil))
	if err != nil {
		return web.Reply{}, err
	}
	return s.importPage(r, p, nil, http.StatusOK)
}

// importPage is the form for a table, with what is wrong with its rows.
func (s *Site) importPage(r *web.Request, p *purchase, problems []procurement.RowProblem, status int) (web.Reply, error) {
	if !p.edits() {
		return web.Reply{}, refusedTo(p)
	}
	page := views.ProjectPage{Heading: p.T("requirement.from_table")}
	if len(problems) > 0 {
		table, err := p.problemGrid().table(r, problems, whole(len(problems)))
		if err != nil {
			return web.Reply{}, err
		}
		page.Parts = append(page.Parts, views.ProjectPart{Heading: p.N("requirement.table_problems", int64(len(problems))), Text: []string{p.T("requirement.table_nothing")}, Table: &table})
	}
	rows := p.area(views.Area{Name: "table", Label: p.T("requirement.table"), Hint: p.T("requirement.table_hint"), Rows: 12})
	page.Parts = append(page.Parts, views.ProjectPart{Heading: p.T("requirement.table_title"), Text: []string{p.T("requirement.table_columns"), p.T("requirement.table_values")},
		Forms: []views.Form{{Action: p.here("/requirements/import"), Button: p.T("requirement.table_add"), Hidden: []views.Hidden{p.onceAgain()}, Inputs: []views.Input{rows}}},
		Links: []views.Link{p.way("/requirements", "requirement.title")}})
	page.Shell = p.shellOf(page.Heading)
	return web.Status(status, page), nil
}

// problemGrid is how problems of rows are shown.
func (p *purchase) problemGrid() *grid[procurement.RowProblem] {
	return &grid[procurement.RowProblem]{speaker: p.speaker, id: "problems", caption: p.T("requirement.table_caption"), columns: []column[procurement.RowProblem]{
		{head: p.T("requirement.line"), cell: func(one procurement.RowProblem) views.Cell { return words(p.Number(int64(one.Line))) }},
		{head: p.T("requirement.column"), cell: func(one procurement.RowProblem) views.Cell {
			if one.Field == "" {
				return words(p.T("requirement.whole_row"))
			}
			return words(p.T("requirement.column." + one.Field))
		}},
		{head: p.T("requirement.to_do"), cell: func(one procurement.RowProblem) views.Cell { return words(p.T(one.Key)) }},
	}}
}

// importRequirements adds the rows of a table, all of them or none.
func (s *Site) importRequirements(r *web.Request) (web.Reply, error) {
	p, err := s.purchase(r, s.fresh(r, nil))
	if err != nil {
		return web.Reply{}, err
	}
	text := plainTable(r.Form("table"))
	all, problems := procurement.ReadTable(s.Schema, text)
	if len(problems) > 0 {
		p.filled = s.posted(r, models.Invalid{"table": "requirement.table_wrong"})
		return s.importPage(r, p, problems, http.StatusUnprocessableEntity)
	}
	return s.require(r, p, all)
}

// plainTable is a pasted table without what is no text.
func plainTable(s string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' && r != '\n' && r != '\t' && r != '\r' {
			return -1
		}
		return r
	}, strings.ToValidUTF8(s, ""))
}

// showCopy asks from which project requirements are to be taken.
func (s *Site) showCopy(r *web.Request) (web.Reply, error) {
	p, err := s.purchase(r, s.fresh(r, nil))
	if err != nil {
		return web.Reply{}, err
	}
	return s.copyPage(r, p, http.StatusOK)
}

func (s *Site) copyPage(r *web.Request, p *purchase, status int) (web.Reply, error) {
	if !p.edits() {
		return web.Reply{}, refusedTo(p)
	}
	all, err := procurement.Projects(r.Context(), s.DB, r.Actor)
	if err != nil {
		return web.Reply{}, err
	}
	in := views.Select{Name: "project", Label: p.T("requirement.copy_from")}
	slices.SortFunc(all, func(a, b procurement.Project) int { // those of the same category first
		return cmp.Or(cmp.Compare(differs(a.Category, p.Category), differs(b.Category, p.Category)), cmp.Compare(b.ID, a.ID))
	})
	for _, one := range all {
		if one.ID != p.ID {
			in.Options = append(in.Options, views.Option{Value: strings.ToLower(one.Code()), Text: one.Code() + " " + one.Name})
		}
	}
	page := views.FormPage{Heading: p.T("requirement.from_project"), Text: []string{p.T("requirement.copy_none")}, Links: []views.Link{p.way("/requirements", "requirement.title")}}
	if len(in.Options) > 0 {
		page.Text = []string{p.T("requirement.copy_text")}
		page.Form = views.Form{Action: p.here("/requirements/copy"), Button: p.T("requirement.copy"), Hidden: []views.Hidden{p.onceAgain()}, Inputs: []views.Input{p.choose(in)}}
	}
	page.Shell = p.shellOf(page.Heading)
	return web.Status(status, page), nil
}

func differs(a, b string) int {
	if a == b {
		return 0
	}
	return 1
}

// copyRequirements takes the requirements of an earlier project that the reader may
// read.
func (s *Site) copyRequirements(r *web.Request) (web.Reply, error) {
	p, err := s.purchase(r, s.fresh(r, nil))
	if err != nil {
		return web.Reply{}, err
	}
	id, ok := parseName(r.Form("project"), projectPrefix)
	if !ok || id == p.ID {
		p.filled = s.posted(r, models.Invalid{"project": "project.one_missing"})
		return s.copyPage(r, p, http.StatusUnprocessableEntity)
	}
	if _, err := procurement.Find(r.Context(), s.DB, r.Actor, id); err != nil {
		return web.Reply{}, err
	}
	all, err := procurement.Requirements(r.Context(), s.DB, id)
	if err != nil {
		return web.Reply{}, err
	}
	return s.require(r, p, all)
}
