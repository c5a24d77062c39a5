package handlers

import (
	"cmp"
	"context"
	"strconv"

	"pilveturg/handlers/web"
	"pilveturg/models/identity"
	"pilveturg/views"
)

const fieldMinistry = "ministry"

// orgPath is the path of the page on which administrators look after an organisation.
func orgPath(id int64) string { return orgsPath + "/" + strconv.FormatInt(id, 10) }

// organisationRow is an organisation in the list.
type organisationRow struct {
	identity.Listed
	name, parent views.Words // in the language of the page
}

// listOrganisations lists the organisations that the address asks for.
func (s *Site) listOrganisations(r *web.Request) (web.Reply, error) {
	f, g, rows, err := s.organisations(r)
	if err != nil {
		return web.Reply{}, err
	}
	all, err := s.lists(r.Context())
	if err != nil {
		return web.Reply{}, err
	}
	return g.answer(r, rows, func(t views.Table, part slice) (views.ListPage, error) {
		p := views.ListPage{Heading: f.T("admin.organisations"), Found: f.N("admin.organisations.count", int64(part.Total)), Table: t,
			Links: []views.Link{f.link(orgsPath+"/new", "admin.organisation_new")}}
		p.Filter = &views.Filter{Action: at(r.Lang, orgsPath), Button: f.T("admin.find"), Inputs: []views.Input{
			f.field(views.Field{Name: fieldWords, Label: f.T("admin.name_or_code"), Hint: f.T("admin.name_or_code_hint"), Width: "w30"}),
			f.choose(views.Select{Name: fieldKind, Label: f.T("audit.field.kind"), Options: f.kinds("admin.any_kind")}),
			f.choose(views.Select{Name: fieldMinistry, Label: f.T("admin.ministry"), Options: all.organs.ministries(f.speaker, "admin.any_ministry")}),
		}}
		if len(g.kept) > 0 {
			p.Filter.All = f.link(orgsPath, "admin.organisations_all")
		}
		p.Shell = f.adminPage(part.title(f.speaker, p.Heading))
		return p, nil
	})
}

// organisationsCSV answers with the same as a file.
func (s *Site) organisationsCSV(r *web.Request) (web.Reply, error) {
	_, g, rows, err := s.organisations(r)
	if err != nil {
		return web.Reply{}, err
	}
	return g.csv(r, rows)
}

// organisations are those that the address asks for, and how they are shown.
func (s *Site) organisations(r *web.Request) (*filled, *grid[organisationRow], []organisationRow, error) {
	asked := kept(r, fieldWords, fieldKind, fieldMinistry)
	filter := identity.OrganisationFilter{Kind: identity.Kind(asked.Get(fieldKind))}
	filter.Parent, _ = strconv.ParseInt(asked.Get(fieldMinistry), 10, 64) // one that is none is not asked for
	f := s.asked(r, nil)
	all, err := s.organisationRows(r.Context(), f.Tag, filter)
	if err != nil {
		return nil, nil, nil, err
	}
	var rows []organisationRow
	for _, o := range all {
		if holds(asked.Get(fieldWords), o.Names["et"], o.Names["en"], o.name.Text, o.Key.String()) {
			rows = append(rows, o)
		}
	}
	g := f.organisationGrid()
	g.kept = asked
	return f, g, rows, nil
}

// organisationRows are the organisations that fit, named in a language.
func (s *Site) organisationRows(ctx context.Context, lang string, filter identity.OrganisationFilter) ([]organisationRow, error) {
	all, err := identity.Organisations(ctx, s.DB, filter)
	if err != nil {
		return nil, err
	}
	kept, err := s.lists(ctx)
	if err != nil {
		return nil, err
	}
	rows := make([]organisationRow, len(all))
	for i, o := range all {
		rows[i] = organisationRow{Listed: o, name: views.In(o.Names, lang)}
		if g := kept.organs.byID[o.ParentID]; g != nil {
			rows[i].parent = g.name(lang)
		}
	}
	return rows, nil
}

func (f *filled) organisationGrid() *grid[organisationRow] {
	return &grid[organisationRow]{speaker: f.speaker, id: "organisations", caption: f.T("admin.organisations_caption"), path: orgsPath,
		empty: views.Empty{Title: f.T("admin.organisations_none"), Text: f.T("admin.none_text"), Action: f.link(orgsPath, "admin.organisations_all")},
		columns: []column[organisationRow]{
			{name: "name", head: f.T("admin.name"), order: func(a, b organisationRow) int { return f.Compare(a.name.Text, b.name.Text) },
				cell: func(o organisationRow) views.Cell {
					c := views.Cell{Link: views.Link{URL: at(f.Tag, orgPath(o.ID)), Text: o.name.Text, Lang: o.name.Lang}}
					if o.Invented {
						c.Tags = []views.Tag{{Kind: views.Violet, Text: f.T("list.tag.invented")}}
					}
					return c
				}, file: func(o organisationRow) string { return o.name.Text }},
			{name: "key", head: f.T("admin.key"), order: func(a, b organisationRow) int { return cmp.Compare(a.Key.String(), b.Key.String()) },
				cell: func(o organisationRow) views.Cell { return words(o.Key.String()) }},
			{name: fieldKind, head: f.T("audit.field.kind"), order: func(a, b organisationRow) int { return f.Compare(f.kind(a.Kind), f.kind(b.Kind)) },
				cell: func(o organisationRow) views.Cell { return words(f.kind(o.Kind)) }},
			{name: fieldMinistry, head: f.T("agency.parent"), order: func(a, b organisationRow) int { return f.Compare(a.parent.Text, b.parent.Text) },
				cell: func(o organisationRow) views.Cell { return views.Cell{Link: views.Link{Text: o.parent.Text}} }},
			{name: "country", head: f.T("vendor.country"), order: func(a, b organisationRow) int { return f.Compare(f.Country(a.Country), f.Country(b.Country)) },
				cell: func(o organisationRow) views.Cell { return words(f.Country(o.Country)) }},
			{name: "people", head: f.T("people.title"), number: true, order: func(a, b organisationRow) int { return b.Members - a.Members },
				cell: func(o organisationRow) views.Cell { return words(f.Number(int64(o.Members))) },
				file: func(o organisationRow) string { return strconv.Itoa(o.Members) }},
		}}
}

// kind is what sort of organisation it is.
func (w speaker) kind(k identity.Kind) string { return w.T("agency.kind." + string(k)) }

// kinds are all the kinds to choose from; the first is none, under a message.
func (f *filled) kinds(none string) []views.Option {
	all := []views.Option{{Text: f.T(none)}}
	for _, k := range identity.Kinds {
		all = append(all, views.Option{Value: string(k), Text: f.kind(k)})
	}
	return all
}

// ministries are all the ministries to choose from, by number; the first is none,
// under a message.
func (o *organs) ministries(w speaker, none string) []views.Option {
	var list []*organ
	for _, g := range o.byID {
		if g.Kind == identity.Ministry {
			list = append(list, g)
		}
	}
	all := []views.Option{{Text: w.T(none)}}
	for _, g := range o.sorted(w.Tag, list) {
		all = append(all, views.Option{Value: strconv.FormatInt(g.ID, 10), Text: g.name(w.Tag).Text})
	}
	return all
}
