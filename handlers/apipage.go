package handlers

import (
	"net/http"
	"strconv"

	"pilveturg/handlers/api"
	"pilveturg/handlers/web"
	"pilveturg/views"
)

// What programs that make clients read of the API.
const (
	openAPIPath   = "/openapi.json"
	openAPI30Path = "/openapi-3.0.json"
	jsonKind      = "application/json"
)

// openAPI describes the API to programs, in OpenAPI 3.1.0.
func (s *Site) openAPI(r *web.Request) (web.Reply, error) {
	b, err := s.api.OpenAPI(s.origin(r))
	return web.Data(jsonKind, b, 0), err
}

// openAPI30 describes it in OpenAPI 3.0.3.
func (s *Site) openAPI30(r *web.Request) (web.Reply, error) {
	b, err := s.api.OpenAPI30(s.origin(r))
	return web.Data(jsonKind, b, 0), err
}

// showAPI tells people what their programs can ask for.
func (s *Site) showAPI(r *web.Request) (web.Reply, error) {
	f := s.fresh(r, nil)
	fact := func(key, text string) views.Row { return views.Row{Key: f.T(key), Value: views.Words{Text: text}} }
	asked, failed, most := api.Limits()
	p := views.RecordPage{Heading: f.T("api.page_title"), Text: []string{f.T("api.text")},
		Links: []views.Link{f.link(tokensPath, "api.make_token"), f.link("/help/publishing", "api.help"), {URL: openAPIPath, Text: "OpenAPI 3.1"}, {URL: openAPI30Path, Text: "OpenAPI 3.0"}},
		Facts: []views.Row{fact("api.base", s.origin(r)+api.Path), fact("api.auth", f.T("api.auth_text")), fact("api.format", f.T("api.format_text", f.Number(most>>20))),
			fact("api.edits", f.T("api.edits_text")), fact("api.again", f.T("api.again_text")), fact("api.limits", f.T("api.limits_text", f.Number(asked), f.Number(failed))),
			fact("api.languages", f.T("api.languages_text"))}}
	operations, err := f.apiOperations(r, s.api.Operations())
	if err != nil {
		return web.Reply{}, err
	}
	problems, err := f.apiProblems(r)
	p.Sections = []views.Section{{Heading: f.T("api.operations"), Table: operations}, {Heading: f.T("api.problems"), Table: problems}}
	p.Shell = f.shell("", p.Heading, f.home())
	p.Description = p.Text[0]
	return web.Page(p), err
}

func (f *filled) apiOperations(r *web.Request, all []api.Operation) (views.Table, error) {
	g := grid[api.Operation]{speaker: f.speaker, id: "operations", caption: f.T("api.caption_operations"), columns: []column[api.Operation]{
		{head: f.T("api.operation"), cell: func(o api.Operation) views.Cell { return words(o.Method + " " + o.Path) }},
		{head: f.T("api.does"), cell: func(o api.Operation) views.Cell {
			c := words(f.T("api.op." + o.ID))
			c.Lines = []string{f.T("api.op." + o.ID + ".text")}
			return c
		}},
		{head: f.T("api.scope"), cell: func(o api.Operation) views.Cell { return words(o.Scope) }},
	}}
	return g.table(r, all, whole(len(all)))
}

func (f *filled) apiProblems(r *web.Request) (views.Table, error) {
	g := grid[api.Named]{speaker: f.speaker, id: "problems", caption: f.T("api.caption_problems"), columns: []column[api.Named]{
		{head: f.T("api.status"), cell: func(n api.Named) views.Cell { return words(strconv.Itoa(n.Status)) }},
		{head: f.T("api.problem"), cell: func(n api.Named) views.Cell {
			c := words(f.T("api.problem." + n.Name))
			c.Lines = []string{n.Name}
			return c
		}},
		{head: f.T("api.problem_do"), cell: func(n api.Named) views.Cell { return words(f.T("api.problem."+n.Name+".do", "…")) }},
	}}
	all := api.Problems()
	return g.table(r, all, whole(len(all)))
}

// newAPI is what answers programs.
func (s *Site) newAPI() *api.API {
	o := api.Options{DB: s.DB, Schema: s.Schema, Origin: s.Origin, From: s.adapter.Proxies.From, Log: s.Log}
	for _, lang := range s.Langs {
		o.Locales = append(o.Locales, s.Views[lang].Locale)
	}
	a, err := api.New(o)
	if err != nil {
		panic(err) // what it says of itself does not depend on anything outside
	}
	return a
}

// apiMethods are the methods that programs may use, rightly or not.
var apiMethods = []string{http.MethodGet, http.MethodHead, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete, http.MethodOptions}
