package handlers

import (
	"context"
	"errors"
	"strconv"
	"strings"

	"pilveturg/handlers/web"
	"pilveturg/models"
	"pilveturg/models/identity"
	"pilveturg/models/search"
	"pilveturg/views"
)

const fieldOrganisation = "organisation"

// organisationsNamed finds the organisations that a text names: the one of a number,
// "7" or "v-7" as in addresses, or of a key; or all that hold the text in one of their
// names, and of those only who are called just that, when somebody is.
func (s *Site) organisationsNamed(ctx context.Context, text string) ([]int64, error) {
	text = strings.TrimSpace(text)
	all, err := s.lists(ctx)
	if err != nil || text == "" {
		return nil, err
	}
	for _, prefix := range []string{vendorPrefix, agencyPrefix, ""} {
		if id, ok := parseName(text, prefix); ok && all.organs.byID[id] != nil {
			return []int64{id}, nil
		}
	}
	if key, err := models.ParseKey(text); err == nil {
		id, err := identity.FindID(ctx, s.DB, key)
		if !errors.Is(err, models.ErrNotFound) {
			return []int64{id}, err
		}
	}
	var just, part []int64
	folded := search.Fold(text)
	for id, g := range all.organs.byID {
		for _, name := range g.Names {
			switch name := search.Fold(name); {
			case name == folded:
				just = append(just, id)
			case strings.Contains(name, folded):
				part = append(part, id)
			}
		}
	}
	if len(just) == 0 {
		just = part
	}
	return unique(just), nil
}

// unique is each of the ids once, in the order in which they come.
func unique(ids []int64) []int64 {
	seen, once := map[int64]bool{}, []int64{}
	for _, id := range ids {
		if !seen[id] {
			seen[id] = true
			once = append(once, id)
		}
	}
	return once
}

// organisationNamed is the one organisation that a text names. It fails with
// [models.Invalid] when there is none, or several.
func (s *Site) organisationNamed(ctx context.Context, text string) (int64, error) {
	ids, err := s.organisationsNamed(ctx, text)
	switch {
	case err != nil:
		return 0, err
	case strings.TrimSpace(text) == "":
		return 0, models.Invalid{fieldOrganisation: "admin.organisation_missing"}
	case len(ids) == 0:
		return 0, models.Invalid{fieldOrganisation: "admin.organisation_unknown"}
	case len(ids) > 1:
		return 0, models.Invalid{fieldOrganisation: "admin.organisation_several"}
	}
	return ids[0], nil
}

// organisationField is the field in which an organisation is named.
func (f *filled) organisationField() views.Input {
	return f.field(views.Field{Name: fieldOrganisation, Label: f.T("admin.organisation"), Hint: f.T("admin.organisation_hint"), Width: "w30"})
}

// asked is the form of an address, with what is wrong with what it asks for.
func (s *Site) asked(r *web.Request, wrong models.Invalid) *filled {
	f := s.posted(r, wrong)
	f.typed = r.Query
	f.chosen = func(name string) []string { return r.Values()[name] }
	return f
}

// chosenOrganisation is the organisation that the address names. When it names none,
// or several, choose is the page on which one of those, or of all, is chosen: path is
// that of the page that goes on from there.
func (s *Site) chosenOrganisation(r *web.Request, path, title string, crumbs ...views.Link) (o identity.Organisation, choose *web.Reply, err error) {
	text := r.Query(fieldOrganisation)
	ids, err := s.organisationsNamed(r.Context(), text)
	if err == nil && len(ids) == 1 {
		o, err = identity.Find(r.Context(), s.DB, ids[0])
		return o, nil, err
	}
	if err != nil {
		return o, nil, err
	}
	var wrong models.Invalid
	if text != "" && len(ids) == 0 {
		wrong = models.Invalid{fieldOrganisation: "admin.organisation_unknown"}
	}
	f := s.asked(r, wrong)
	g := f.choiceGrid(path)
	g.kept = map[string][]string{fieldOrganisation: {text}}
	rows, err := s.organisationRows(r.Context(), f.Tag, identity.OrganisationFilter{IDs: ids})
	if err != nil {
		return o, nil, err
	}
	reply, err := g.answer(r, rows, func(t views.Table, part slice) (views.ListPage, error) {
		p := views.ListPage{Heading: title, Table: t, Text: []string{f.T("admin.choose_text")},
			Filter: &views.Filter{Action: at(r.Lang, path), Button: f.T("admin.find"), Inputs: []views.Input{f.organisationField()}}}
		if p.Table.Files = nil; len(rows) > 0 {
			p.Found = f.N("admin.organisations.count", int64(part.Total))
		}
		p.Shell = f.adminPage(part.title(f.speaker, title), crumbs...)
		return p, nil
	})
	return o, &reply, err
}

// choiceGrid is the table of organisations to choose one from.
func (f *filled) choiceGrid(path string) *grid[organisationRow] {
	g := f.organisationGrid()
	g.path = path
	g.empty = views.Empty{Title: f.T("admin.choose_none"), Text: f.T("admin.choose_none_text")}
	g.columns[0].cell = func(o organisationRow) views.Cell {
		to := withQuery(path, query(fieldOrganisation, strconv.FormatInt(o.ID, 10)))
		return views.Cell{Link: views.Link{URL: at(f.Tag, to), Text: o.name.Text, Lang: o.name.Lang}}
	}
	return g
}
