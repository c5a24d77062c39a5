package handlers

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"pilveturg/db"
	"pilveturg/handlers/web"
	"pilveturg/models"
	"pilveturg/models/catalogue"
	"pilveturg/models/procurement"
	"pilveturg/views"
)

// addPath is the page on which services, or a search, are put into a project.
const addPath = projectsPath + "/add"

// fieldFrom tells where a reader comes from with a search or with services.
const fieldFrom = "from"

// baggage is what an address or a form brings to a project: a search, or services,
// with the volume that prices were asked for.
type baggage struct {
	search         string // as in an address
	services       []int64
	volume, unit   string
	category, name string // of the search, when it has one
}

// brought reads it.
func (s *Site) brought(lang string, typed url.Values) *baggage {
	b := &baggage{}
	names := namedServices(typed[fieldService])
	for _, name := range names[:min(len(names), mostNamed)] {
		if id, ok := parseService(name); ok && !slices.Contains(b.services, id) {
			b.services = append(b.services, id)
		}
	}
	for name, values := range typed {
		if unit, ok := strings.CutPrefix(name, fieldUnit); ok && b.unit == "" && len(values) > 0 {
			if _, known := s.Schema.Unit(unit); known {
				b.unit, b.volume = unit, clean(values[0])
			}
		}
	}
	if typed.Get(fieldFrom) != "search" {
		return b
	}
	a := s.ask(lang, typed)
	b.search = a.encoded
	if v := a.req.Volume; v != nil {
		b.unit, b.volume = v.Unit, v.Amount.String()
	}
	if c := a.kept[fieldFilter+"category"]; len(c) == 1 {
		b.category = c[0]
	}
	b.name = a.kept.Get(fieldWords)
	return b
}

// hidden are the fields that bring it on.
func (b *baggage) hidden() []views.Hidden {
	var list []views.Hidden
	for _, id := range b.services {
		list = append(list, views.Hidden{Name: fieldService, Value: lowerNumber(id)})
	}
	if b.search == "" {
		return list
	}
	query, _ := url.ParseQuery(b.search) // as it was encoded
	list = append(list, views.Hidden{Name: fieldFrom, Value: "search"})
	for _, name := range sortedNames(query) {
		for _, v := range query[name] {
			if name != fieldVolume && name != fieldOf { // those are asked
				list = append(list, views.Hidden{Name: name, Value: v})
			}
		}
	}
	return list
}

func sortedNames(q url.Values) []string {
	var names []string
	for name := range q {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// baggageFacts words what is brought.
func (s *Site) baggageFacts(r *web.Request, w speaker, b *baggage) ([]views.Row, error) {
	var rows []views.Row
	if b.search != "" {
		words, total := s.searchWords(w.Tag, b.search)
		rows = append(rows, views.Row{Key: w.T("project.search"), Value: views.Words{Text: words}, Note: w.N("search.found", int64(total)),
			Action: views.Link{URL: at(w.Tag, withQuery("/services", b.search)), Text: w.T("project.search_look")}})
	}
	cards, err := catalogue.Cards(r.Context(), s.DB, b.services)
	if err != nil || len(cards) == 0 {
		return rows, err
	}
	row := views.Row{Key: w.T("project.services")}
	for i, c := range cards {
		name, _ := w.nameAndSummary(c.Words)
		if name.Text = catalogue.Number(c.ID) + " " + name.Text; i == 0 {
			row.Value = name
		} else {
			row.More = append(row.More, name)
		}
	}
	return append(rows, row), nil
}

// searchWords says what a search looks for, and how much it finds.
func (s *Site) searchWords(lang, query string) (words string, total int) {
	typed, _ := url.ParseQuery(query) // what cannot be read is left out
	a := s.ask(lang, typed)
	total = a.search(s.Index).Total
	for _, said := range a.sentence() {
		words += said.Text
	}
	if words == "" {
		words = a.T("project.search_all")
	}
	return words, total
}

// ownProjects are the open projects that the reader may change.
func (s *Site) ownProjects(ctx context.Context, a models.Actor) ([]procurement.Project, error) {
	all, err := procurement.Projects(ctx, s.DB, a)
	return slices.DeleteFunc(all, func(p procurement.Project) bool { return !p.Open() || !p.Editable(a) }), err
}

// showAdd asks into which project services, or a search, are to be put.
func (s *Site) showAdd(r *web.Request) (web.Reply, error) {
	return s.addPage(r, s.fresh(r, nil), s.brought(r.Lang, r.Values()), r.Values(), http.StatusOK)
}

func (s *Site) addPage(r *web.Request, f *filled, b *baggage, typed url.Values, status int) (web.Reply, error) {
	if !r.Actor.May(models.Draft) {
		return web.Reply{}, models.ErrForbidden
	}
	projects, err := s.ownProjects(r.Context(), r.Actor)
	if err != nil {
		return web.Reply{}, err
	}
	key := "project.add"
	if b.search != "" {
		key = "project.add_search"
	}
	p := views.ProjectPage{Heading: f.T(key)}
	if p.Facts, err = s.baggageFacts(r, f.speaker, b); err != nil {
		return web.Reply{}, err
	}
	switch {
	case len(p.Facts) == 0:
		p.Text = []string{f.T("project.add_nothing")}
		p.Links = []views.Link{f.link(projectsPath+"/new", "project.new")}
	case len(projects) == 0 && status == http.StatusOK: // there is nothing to choose
		return web.SeeOther(at(r.Lang, withQuery(projectsPath+"/new", carried(typed).Encode()))), nil
	default:
		fresh, err := s.freshProject(r, b)
		if err != nil {
			return web.Reply{}, err
		}
		p.Parts = []views.ProjectPart{f.existingPart(b, key, projects), {Heading: f.T("project.add_new"), Forms: []views.Form{s.newProjectForm(r, fresh, b)}}}
	}
	p.Shell = f.page(p.Heading, f.link(projectsPath, "section.projects"))
	p.Section = projectsSection
	return web.Status(status, p), nil
}

// existingPart asks which project something is added to.
func (f *filled) existingPart(b *baggage, key string, projects []procurement.Project) views.ProjectPart {
	in := views.Select{Name: "project", Label: f.T("project.which")}
	for _, one := range projects {
		in.Options = append(in.Options, views.Option{Value: lowerProject(one.ID), Text: one.Code() + " " + one.Name})
	}
	part := views.ProjectPart{Heading: f.T("project.add_existing"), Forms: []views.Form{{Action: at(f.Tag, addPath), Button: f.T(key), Hidden: b.hidden(), Inputs: []views.Input{f.choose(in)}}}}
	if b.search != "" {
		part.Text = []string{f.T("project.add_replaces")}
		part.Forms[0].Hidden = append(part.Forms[0].Hidden, b.volumeFields()...)
	}
	return part
}

// volumeFields bring the volume of a search on.
func (b *baggage) volumeFields() []views.Hidden {
	if b.unit == "" {
		return nil
	}
	return []views.Hidden{{Name: fieldVolume, Value: b.volume}, {Name: fieldOf, Value: b.unit}}
}

// carried is what an address brings, without what is empty.
func carried(typed url.Values) url.Values {
	q := url.Values{}
	for name, values := range typed {
		for _, v := range values {
			if strings.TrimSpace(v) != "" && name != "project" {
				q.Add(name, v)
			}
		}
	}
	return q
}

// addToProject puts services into a project, or makes a search its own.
func (s *Site) addToProject(r *web.Request) (web.Reply, error) {
	b := s.brought(r.Lang, r.Posted())
	id, ok := parseName(r.Form("project"), projectPrefix)
	if !ok {
		return s.addPage(r, s.posted(r, models.Invalid{"project": "project.one_missing"}), b, r.Posted(), http.StatusUnprocessableEntity)
	}
	done := "project.done.kept"
	err := s.DB.Write(r.Context(), r.Actor, func(tx *db.Tx) error {
		if b.search != "" {
			done = "project.done.searched"
			return procurement.SetSearch(r.Context(), tx, id, b.search)
		}
		return procurement.Keep(r.Context(), tx, id, b.services)
	})
	return web.SeeOther(at(r.Lang, projectPath(id, "/shortlist"))).Say(done), err
}
