package handlers

import (
	"cmp"
	"errors"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"pilveturg/db"
	"pilveturg/handlers/web"
	"pilveturg/models"
	"pilveturg/models/catalogue"
	"pilveturg/models/identity"
	"pilveturg/models/procurement"
	"pilveturg/views"
	"pilveturg/views/locale"
)

// The addresses of projects. Those of one go on with its number: "/projects/p-14".
const (
	projectsPath    = "/projects"
	projectsSection = "projects"
	projectPrefix   = "p-"
)

// fieldTemplate asks for the requirements that a category begins with.
const fieldTemplate = "template"

// fieldOnce tells a form apart, so that sending it twice does its work once.
const fieldOnce = "once"

// projectPath is the path of a page of a project; end is what it ends with.
func projectPath(id int64, end string) string {
	return projectsPath + "/" + projectPrefix + strconv.FormatInt(id, 10) + end
}

// onceField is a field that no other form has the same of.
func onceField() views.Hidden {
	once, _ := identity.NewSecret()
	return views.Hidden{Name: fieldOnce, Value: once}
}

// onceAgain is the field of a form that is shown again: it stays the same form.
func (f *filled) onceAgain() views.Hidden {
	if once := f.typed(fieldOnce); once != "" {
		return views.Hidden{Name: fieldOnce, Value: once}
	}
	return onceField()
}

// purchase is a project with what its pages are made from.
type purchase struct {
	*filled
	procurement.Project
	actor    models.Actor
	asked    []procurement.Requirement
	services []candidate // see [Site.weighServices]
	found    int         // services that the search finds, or found when it was locked
}

// purchase finds the project that the address names, if the reader may read it.
func (s *Site) purchase(r *web.Request, f *filled) (*purchase, error) {
	p := &purchase{filled: f, actor: r.Actor}
	name := r.Param("project")
	if name == "" {
		name = r.Param("approval") // an approver names the project by what waits
	}
	id, ok := parseName(name, projectPrefix)
	if !ok || name != projectPrefix+strconv.FormatInt(id, 10) {
		return nil, models.ErrNotFound
	}
	err := s.DB.Read(r.Context(), func(rd db.Reader) (err error) {
		if p.Project, err = procurement.Find(r.Context(), rd, r.Actor, id); err != nil {
			return err
		}
		p.asked, err = procurement.Requirements(r.Context(), rd, id)
		return err
	})
	return p, err
}

// edits reports whether the reader may change the project now.
func (p *purchase) edits() bool { return p.Open() && p.Editable(p.actor) }

// here is the address of a page of the project.
func (p *purchase) here(end string) string { return at(p.Tag, projectPath(p.ID, end)) }

// way leads to a page of the project.
func (p *purchase) way(end, key string) views.Link { return p.link(projectPath(p.ID, end), key) }

// shellOf is a page of the project; title is "" for its own.
func (p *purchase) shellOf(title string) views.Shell {
	crumbs := []views.Link{p.link(projectsPath, "section.projects")}
	if title == "" {
		title = p.Name
	} else {
		crumbs = append(crumbs, views.Link{URL: p.here(""), Text: p.Code() + " " + p.Name})
	}
	shell := p.page(title+" – "+p.Code(), crumbs...)
	shell.Section = projectsSection
	return shell
}

// stageTag says how far a project is.
func (w speaker) stageTag(stage procurement.Stage) views.Tag {
	kind := views.Info
	switch stage {
	case procurement.Stage(procurement.Drafting):
		kind = views.Plain
	case procurement.Stage(procurement.Locked), procurement.Approved, procurement.Awarded:
		kind = views.OK
	case procurement.Stage(procurement.Closed), procurement.Ended:
		kind = views.Warn
	}
	return views.Tag{Kind: kind, Text: w.T("project.state." + string(stage))}
}

// listProjects lists the projects that the reader may read.
func (s *Site) listProjects(r *web.Request) (web.Reply, error) {
	f, g, rows, err := s.projects(r)
	if err != nil {
		return web.Reply{}, err
	}
	return g.answer(r, rows, func(t views.Table, part slice) (views.ListPage, error) {
		states := []views.Option{{Text: f.T("project.any_state")}}
		for _, state := range procurement.Stages() {
			states = append(states, views.Option{Value: string(state), Text: f.T("project.state." + string(state))})
		}
		p := views.ListPage{Heading: f.T("section.projects"), Text: []string{f.T("project.list_text")}, Table: t,
			Filter: &views.Filter{Action: at(r.Lang, projectsPath), Button: f.T("admin.find"), Inputs: []views.Input{f.choose(views.Select{Name: fieldState, Label: f.T("admin.state"), Options: states})}}}
		if part.Total > 0 {
			p.Found = f.N("project.count", int64(part.Total))
		}
		if r.Actor.IsAny(models.Buyer, models.Approver) {
			p.Links = []views.Link{f.link(exceptionsPath, "exception.title"), f.link("/help/buying", "project.help")}
		}
		if r.Actor.May(models.Draft) {
			p.Links = append([]views.Link{f.link(projectsPath+"/new", "project.new"), f.link(poolsPath, "pool.list"), f.link(savedPath, "saved.title")}, p.Links...)
		}
		p.Shell = f.page(part.title(f.speaker, p.Heading))
		p.Section = projectsSection
		return p, nil
	})
}

// projectsCSV answers with the same as a file.
func (s *Site) projectsCSV(r *web.Request) (web.Reply, error) {
	_, g, rows, err := s.projects(r)
	if err != nil {
		return web.Reply{}, err
	}
	return g.csv(r, rows)
}

// projects are those that the address asks for, and how they are shown.
func (s *Site) projects(r *web.Request) (*filled, *grid[procurement.Project], []procurement.Project, error) {
	asked := kept(r, fieldState)
	rows, err := procurement.Projects(r.Context(), s.DB, r.Actor)
	if state := asked.Get(fieldState); state != "" {
		rows = slices.DeleteFunc(rows, func(p procurement.Project) bool { return string(p.Stage()) != state })
	}
	f := s.asked(r, nil)
	g := &grid[procurement.Project]{speaker: f.speaker, id: "projects", caption: f.T("project.caption"), path: projectsPath, kept: asked,
		empty: views.Empty{Title: f.T("project.none"), Text: f.T("project.none_text")},
		columns: []column[procurement.Project]{
			{name: "number", head: f.T("project.number"), order: func(a, b procurement.Project) int { return cmp.Compare(b.ID, a.ID) },
				cell: func(p procurement.Project) views.Cell {
					return views.Cell{Link: views.Link{URL: at(f.Tag, projectPath(p.ID, "")), Text: p.Code() + " " + p.Name}}
				}},
			{name: "state", head: f.T("admin.state"), order: func(a, b procurement.Project) int {
				return cmp.Compare(slices.Index(procurement.Stages(), a.Stage()), slices.Index(procurement.Stages(), b.Stage()))
			}, cell: func(p procurement.Project) views.Cell { return views.Cell{Tags: []views.Tag{f.stageTag(p.Stage())}} }},
			{head: f.T("project.kind"), cell: func(p procurement.Project) views.Cell { return words(f.T("project.kind." + string(p.Kind))) }},
			{head: f.T("project.your_part"), cell: func(p procurement.Project) views.Cell { return words(f.part(p.Part)) }},
			{name: "needed", head: f.T("project.needed"), order: func(a, b procurement.Project) int { return cmp.Compare(a.Needed.String(), b.Needed.String()) },
				cell: func(p procurement.Project) views.Cell { return words(f.Date(p.Needed)) }, file: func(p procurement.Project) string { return p.Needed.String() }},
		}}
	if r.Actor.May(models.Draft) {
		g.empty.Action = f.link(projectsPath+"/new", "project.new")
	}
	return f, g, rows, err
}

// part is what a project names somebody for, in words.
func (w speaker) part(p procurement.Part) string {
	if p == "" {
		return w.T("project.part.none")
	}
	return w.T("project.part." + string(p))
}

// projectForm is the form for the facts of a project.
func (s *Site) projectForm(f *filled, action, button string, hidden ...views.Hidden) views.Form {
	kinds := views.Choices{ID: "kind", Name: "kind", Legend: f.T("project.kind"), One: true, Error: f.problem("kind")}
	for _, k := range procurement.Kinds() {
		kinds.Options = append(kinds.Options, views.Option{Value: string(k), Text: f.T("project.kind." + string(k)), Chosen: f.typed("kind") == string(k)})
	}
	return views.Form{Action: action, Button: button, Hidden: hidden, Inputs: []views.Input{
		f.field(views.Field{Name: "name", Label: f.T("project.name"), Hint: f.T("project.name_hint"), Width: "w60", Needed: true}),
		{Choices: &kinds},
		f.choose(views.Select{Name: "category", Label: f.T("project.category"), Hint: f.T("project.category_hint"), Options: s.categoryOptions(f.speaker)}),
		f.field(views.Field{Name: "volume", Label: f.T("project.volume"), Hint: f.T("project.volume_hint"), Mode: "decimal", Width: "w12"}),
		f.choose(views.Select{Name: "unit", Label: f.T("search.unit"), Options: s.unitOptions(f.speaker)}),
		f.field(views.Field{Name: "years", Label: f.T("project.years"), Mode: "numeric", Width: "w4", Needed: true}),
		f.field(views.Field{Name: "value", Label: f.T("project.value"), Hint: f.T("project.value_hint"), Mode: "decimal", Width: "w12", Unit: "€"}),
		f.field(views.Field{Name: "needed", Label: f.T("project.needed"), Kind: "date", Width: "w12"}),
	}}
}

// categoryOptions are all the categories, those below others after them.
func (s *Site) categoryOptions(w speaker) []views.Option {
	options := []views.Option{{Text: w.T("project.whole_catalogue")}}
	for _, top := range s.Schema.Children("") {
		name := views.In(top.Names, w.Tag).Text
		options = append(options, views.Option{Value: top.Slug, Text: name})
		for _, c := range s.Schema.Children(top.Slug) {
			options = append(options, views.Option{Value: c.Slug, Text: name + " – " + views.In(c.Names, w.Tag).Text})
		}
	}
	return options
}

// unitOptions are the units that prices can be asked for.
func (s *Site) unitOptions(w speaker) []views.Option {
	options := []views.Option{{Text: w.T("project.no_unit")}}
	const several = 5
	for _, u := range s.Schema.Units {
		if !u.Time {
			options = append(options, views.Option{Value: u.ID, Text: w.unitName(u.ID, models.Whole(several))})
		}
	}
	slices.SortFunc(options[1:], func(a, b views.Option) int { return w.Compare(a.Text, b.Text) })
	return options
}

// projectValues are the facts of a project as its form holds them.
func projectValues(p *procurement.Project) map[string]string {
	values := map[string]string{"name": p.Name, "kind": string(p.Kind), "category": p.Category, "volume": p.Volume, "unit": p.Unit,
		"years": strconv.Itoa(p.Years), "needed": p.Needed.String()}
	if p.Value >= 0 {
		values["value"] = models.Money{Minor: p.Value, Currency: "EUR"}.Decimal().String()
	}
	return values
}

// showNewProject asks for a new project. What the address brings from a search or a
// comparison is filled in.
func (s *Site) showNewProject(r *web.Request) (web.Reply, error) {
	if !r.Actor.May(models.Draft) {
		return web.Reply{}, models.ErrForbidden
	}
	b := s.brought(r.Lang, r.Values())
	f, err := s.freshProject(r, b)
	if err != nil {
		return web.Reply{}, err
	}
	p, err := s.newProjectPage(r, f, b)
	return web.Page(p), err
}

// freshProject is the form of a new project, with what is brought filled in.
func (s *Site) freshProject(r *web.Request, b *baggage) (*filled, error) {
	if b.category == "" {
		var err error
		if b.category, err = s.commonCategory(r, b.services); err != nil {
			return nil, err
		}
	}
	return s.fresh(r, map[string]string{"years": "3", "kind": string(procurement.Small), "category": b.category, "volume": b.volume, "unit": b.unit, "name": b.name, fieldTemplate: "1"}), nil
}

// commonCategory is the first category that all of some services are in; "" when there
// is none, or a service is gone.
func (s *Site) commonCategory(r *web.Request, services []int64) (string, error) {
	var common []string
	for i, id := range services {
		o, err := catalogue.Find(r.Context(), s.DB, id)
		if isMissing(err) || err == nil && o.Published == 0 {
			return "", nil
		}
		if err != nil {
			return "", err
		}
		e, err := catalogue.FindEdition(r.Context(), s.DB, id, o.Published)
		if err != nil {
			return "", err
		}
		if i == 0 {
			common = slices.Clone(e.Content.Categories)
		}
		common = slices.DeleteFunc(common, func(c string) bool { return !slices.Contains(e.Content.Categories, c) })
	}
	if len(common) == 0 {
		return "", nil
	}
	return common[0], nil
}

func (s *Site) newProjectPage(r *web.Request, f *filled, b *baggage) (views.FormPage, error) {
	p := views.FormPage{Heading: f.T("project.new"), Form: s.newProjectForm(r, f, b)}
	facts, err := s.baggageFacts(r, f.speaker, b)
	p.Facts = facts
	p.Shell = f.page(p.Heading, f.link(projectsPath, "section.projects"))
	p.Section = projectsSection
	return p, err
}

// newProjectForm is the form for a new project, which brings on what was brought.
func (s *Site) newProjectForm(r *web.Request, f *filled, b *baggage) views.Form {
	form := s.projectForm(f, at(r.Lang, projectsPath+"/new"), f.T("project.begin"), append(b.hidden(), f.onceAgain())...)
	template := views.Choices{ID: fieldTemplate, Name: fieldTemplate, Legend: f.T("requirement.title"), Hint: f.T("project.template_hint"), Options: []views.Option{{Value: "1", Text: f.T("project.template"), Chosen: f.typed(fieldTemplate) != ""}}}
	form.Inputs = append(form.Inputs, views.Input{Choices: &template})
	return form
}

// addProject begins a project.
func (s *Site) addProject(r *web.Request) (web.Reply, error) {
	b := s.brought(r.Lang, r.Posted())
	p, wrong := s.typedProject(r)
	p.Search = b.search
	asked := 0
	err := s.DB.Write(r.Context(), r.Actor, func(tx *db.Tx) (err error) {
		if len(wrong) > 0 {
			return withProblems(wrong, p.Check(s.Schema))
		}
		if err := procurement.Begin(r.Context(), tx, s.Schema, &p, r.Form(fieldOnce), b.services); err != nil || p.Revision == 0 {
			return err // nothing is asked anew by a form that was sent before
		}
		t, ok := procurement.TemplateFor(s.Templates, s.Schema, p.Category)
		if r.Form(fieldTemplate) == "" || !ok {
			return nil
		}
		asked, err = procurement.Require(r.Context(), tx, s.Schema, p.ID, r.Form(fieldOnce), t.In(r.Lang))
		return err
	})
	if wrong, ok := invalid(err); ok {
		page, err := s.newProjectPage(r, s.posted(r, wrong), b)
		return web.Status(http.StatusUnprocessableEntity, page), err
	}
	if err != nil {
		return web.Reply{}, err
	}
	if asked > 0 {
		return web.SeeOther(at(r.Lang, projectPath(p.ID, "/fit"))).Say("requirement.done.added", strconv.Itoa(asked)), nil
	}
	return web.SeeOther(at(r.Lang, projectPath(p.ID, ""))).Say("project.done.begun"), nil
}

// typedProject reads the form of a project, and what of it cannot be read.
func (s *Site) typedProject(r *web.Request) (procurement.Project, models.Invalid) {
	wrong := models.Invalid{}
	p := procurement.Project{Name: clean(r.Form("name")), Kind: procurement.Kind(r.Form("kind")), Category: r.Form("category"), Unit: r.Form("unit"), Value: -1}
	p.Years, _ = strconv.Atoi(strings.TrimSpace(r.Form("years"))) // what is no number is out of bounds
	if typed := strings.TrimSpace(r.Form("volume")); typed != "" {
		p.Volume = "?" // that is refused
		if n, err := locale.ParseDecimal(typed); err == nil {
			p.Volume = n.String()
		}
	}
	if typed := strings.TrimSpace(r.Form("value")); typed != "" {
		n, err := locale.ParseDecimal(typed)
		minor, ok := minorUnits(n, true)
		if p.Value = minor; err != nil || !ok || minor < 0 {
			wrong["value"] = "project.value_wrong"
		}
	}
	if typed := strings.TrimSpace(r.Form("needed")); typed != "" {
		day, err := models.ParseDate(typed)
		if p.Needed = day; err != nil {
			wrong["needed"] = "project.needed_wrong"
		}
	}
	return p, wrong
}

// showProjectEdit shows the facts of a project to be changed.
func (s *Site) showProjectEdit(r *web.Request) (web.Reply, error) {
	p, err := s.purchase(r, s.fresh(r, nil))
	if err != nil {
		return web.Reply{}, err
	}
	p.filled = s.fresh(r, projectValues(&p.Project))
	return s.projectEdit(r, p, http.StatusOK, views.Notice{})
}

func (s *Site) projectEdit(r *web.Request, p *purchase, status int, n views.Notice) (web.Reply, error) {
	if !p.edits() {
		return web.Reply{}, refusedTo(p)
	}
	page := views.FormPage{Heading: p.T("project.edit"), Form: s.projectForm(p.filled, p.here("/edit"), p.T("form.save"), revisionField(p.Revision))}
	if n.Text != "" {
		page.Notices = []views.Notice{n}
	}
	page.Shell = p.shellOf(page.Heading)
	return web.Status(status, page), nil
}

// refusedTo says why a project may not be changed: it is no longer open, or it is
// somebody else's to change.
func refusedTo(p *purchase) error {
	if p.Editable(p.actor) {
		return models.ErrConflict
	}
	return models.ErrForbidden
}

// changeProject changes the facts of a project. What somebody changed meanwhile is
// shown first, and what was typed is kept.
func (s *Site) changeProject(r *web.Request) (web.Reply, error) {
	p, err := s.purchase(r, s.fresh(r, nil))
	if err != nil {
		return web.Reply{}, err
	}
	typed, wrong := s.typedProject(r)
	err = s.DB.Write(r.Context(), r.Actor, func(tx *db.Tx) error {
		if len(wrong) > 0 {
			return withProblems(wrong, typed.Check(s.Schema))
		}
		return procurement.Change(r.Context(), tx, s.Schema, p.ID, seenRevision(r), typed)
	})
	return s.outcome(r, p, err, projectPath(p.ID, ""), "project.done.changed", func(p *purchase, status int, n views.Notice) (web.Reply, error) {
		return s.projectEdit(r, p, status, n)
	})
}

// outcome is the answer to a form of a project: it leads on, or shows the form again
// with what is wrong, or with what somebody changed meanwhile.
func (s *Site) outcome(r *web.Request, p *purchase, err error, to, done string, again func(*purchase, int, views.Notice) (web.Reply, error)) (web.Reply, error) {
	if err == nil {
		return web.SeeOther(at(r.Lang, to)).Say(done), nil
	}
	wrong, bad := invalid(err)
	conflict := errors.Is(err, models.ErrConflict)
	if !bad && !conflict {
		return web.Reply{}, err
	}
	now, problem := s.purchase(r, s.posted(r, wrong))
	switch {
	case problem != nil:
		return web.Reply{}, problem
	case bad:
		return again(now, http.StatusUnprocessableEntity, views.Notice{})
	case !now.edits() && p.Open():
		return web.Reply{}, err // it was locked or closed meanwhile
	}
	return again(now, http.StatusConflict, views.Notice{Kind: views.Warn, Title: now.T("project.differs"), Text: now.T("project.differs_text"), Urgent: true})
}

// severalLines is what somebody typed in several lines, without what is no text.
func severalLines(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) && r != '\n' {
			return -1
		}
		return r
	}, strings.ToValidUTF8(s, ""))
}
