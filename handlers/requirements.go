package handlers

import (
	"net/http"
	"strconv"
	"strings"

	"pilveturg/db"
	"pilveturg/handlers/web"
	"pilveturg/models"
	"pilveturg/models/catalogue"
	"pilveturg/models/procurement"
	"pilveturg/models/search"
	"pilveturg/views"
)

// showRequirements shows what a project asks, who else asks the same, and how many
// services meet each.
func (s *Site) showRequirements(r *web.Request) (web.Reply, error) {
	p, err := s.purchase(r, s.asked(r, nil))
	if err != nil {
		return web.Reply{}, err
	}
	others, err := procurement.Askers(r.Context(), s.DB, p.OrgID, p.ID)
	if err != nil {
		return web.Reply{}, err
	}
	w := procurement.Weigh(s.Index, s.Schema, &p.Project, p.asked)
	page := views.ProjectPage{Heading: p.T("requirement.title"), Tags: []views.Tag{p.stageTag(p.Stage())}}
	table, err := p.requirementTable(r, others, w)
	if err != nil {
		return web.Reply{}, err
	}
	page.Parts = []views.ProjectPart{{Heading: p.N("requirement.count", int64(len(p.asked))), Table: &table}}
	if len(p.asked) > 0 {
		page.Parts[0].Text = []string{p.T("requirement.weights", p.Number(int64(p.weights())))}
		page.Parts[0].Links = []views.Link{p.way("/fit", "project.step.fit")}
	}
	if p.edits() {
		page.Parts = append(page.Parts, s.moreRequirements(p)...)
	} else if !p.LockedAt.IsZero() {
		page.Text = []string{p.T("requirement.locked")}
	}
	page.Shell = p.shellOf(page.Heading)
	return web.Page(page), nil
}

// weights is the sum of what the requirements weigh.
func (p *purchase) weights() int {
	sum := 0
	for i := range p.asked {
		sum += p.asked[i].Weight
	}
	return sum
}

// requirementTable shows what a project asks.
func (p *purchase) requirementTable(r *web.Request, others map[int64]int, w procurement.Weighed) (views.Table, error) {
	g := &grid[procurement.Requirement]{speaker: p.speaker, id: "requirements", caption: p.T("requirement.caption"),
		empty: views.Empty{Title: p.T("requirement.none"), Text: p.T("requirement.none_text")},
		columns: []column[procurement.Requirement]{
			{head: p.T("requirement.name"), cell: func(q procurement.Requirement) views.Cell {
				c := views.Cell{Link: views.Link{Text: q.Words}}
				if q.Why != "" {
					c.Lines = []string{p.T("requirement.asked_for_by", q.Why)}
				}
				return c
			}},
			{head: p.T("requirement.force"), cell: func(q procurement.Requirement) views.Cell { return words(p.T("requirement.force." + string(q.Force))) }},
			{head: p.T("requirement.weight"), number: true, cell: func(q procurement.Requirement) views.Cell { return words(p.Number(int64(q.Weight))) }},
			{head: p.T("requirement.way"), cell: func(q procurement.Requirement) views.Cell {
				return views.Cell{Link: views.Link{Text: p.T("requirement.way." + string(q.Way))}, Lines: p.demandLines(&q)}
			}},
			{head: p.T("requirement.others"), cell: func(q procurement.Requirement) views.Cell { return p.othersCell(others[q.ID]) }},
			{head: p.T("requirement.met_by"), cell: func(q procurement.Requirement) views.Cell { return p.metCell(&q, others[q.ID], w) }},
		}}
	if p.edits() {
		g.columns = append(g.columns, column[procurement.Requirement]{head: p.T("security.actions"), hidden: true, cell: func(q procurement.Requirement) views.Cell {
			end := "/requirements/" + strconv.FormatInt(q.ID, 10)
			change := p.way(end, "requirement.change")
			change.For = q.Words
			return views.Cell{Links: []views.Link{change}, Button: &views.RowButton{Action: p.here(end + "/removal"), Text: p.T("requirement.remove"), For: q.Words}}
		}})
	}
	return g.table(r, p.asked, whole(len(p.asked)))
}

// othersCell says how many other bodies ask the same.
func (p *purchase) othersCell(bodies int) views.Cell {
	if bodies == 0 {
		return words(p.T("requirement.only_you"))
	}
	return words(p.N("requirement.other_bodies", int64(bodies)))
}

// rare is which share of what can be had, as one of so many, a requirement must leave
// lest it be called too specific.
const rare = 5

// metCell says how many services meet a requirement, and warns of one that few meet and
// nobody else asks.
func (p *purchase) metCell(q *procurement.Requirement, bodies int, w procurement.Weighed) views.Cell {
	n, ok := w.Counts[q.ID]
	if !ok {
		return words(p.T("requirement.not_counted"))
	}
	c := words(p.T("requirement.met_of", p.Number(int64(n.Met)), p.Number(int64(w.Looked.Total))))
	if n.Unknown > 0 {
		c.Lines = []string{p.N("requirement.unknown_of", int64(n.Unknown))}
	}
	if bodies == 0 && n.Met*rare < w.Looked.Total {
		c.Tags = []views.Tag{{Kind: views.Warn, Text: p.T("requirement.too_specific")}}
	}
	return c
}

// demandLines word what an answer is to be.
func (p *purchase) demandLines(q *procurement.Requirement) []string {
	if q.Way != procurement.ByAnswer {
		return nil
	}
	return []string{p.demand(q)}
}

// demand words what an answer is to be: "Sign-in: all of ID-card, Mobile-ID".
func (w speaker) demand(q *procurement.Requirement) string {
	subject, ok := procurement.FindSubject(w.schema, q.Subject)
	if !ok {
		return q.Subject
	}
	var values []string
	for _, v := range q.Values() {
		values = append(values, w.wantedValue(&subject, v))
	}
	key := "requirement.says." + string(q.Operator)
	if len(values) == 1 && q.Operator != procurement.AtLeast && q.Operator != procurement.AtMost {
		key = "requirement.says.is"
	}
	return w.T(key, w.subjectName(&subject), strings.Join(values, ", "))
}

// subjectName is what a subject is called.
func (w speaker) subjectName(s *procurement.Subject) string {
	if s.Question.ID == "" {
		return w.T("requirement.subject." + s.ID)
	}
	return views.In(s.Question.Label, w.Tag).Text
}

// wantedValue words a value that is wanted.
func (w speaker) wantedValue(s *procurement.Subject, v string) string {
	switch {
	case s.ID == procurement.SubjectPrice:
		if d, err := models.ParseDecimal(v); err == nil {
			return w.T("project.a_year", w.short(d, search.Currency))
		}
	case s.ID == procurement.SubjectArea:
		return w.T("requirement.area." + v)
	case s.Question.Type == catalogue.TypeCertificate:
		return w.T("requirement.valid")
	case s.Question.Type == catalogue.TypeDocument:
		return w.T("requirement.there")
	}
	return w.value(s.Question, v)
}

// moreRequirements are the ways to add some.
func (s *Site) moreRequirements(p *purchase) []views.ProjectPart {
	one := views.ProjectPart{Heading: p.T("requirement.add"), Text: []string{p.T("requirement.add_text")}, Ask: &views.Filter{Action: p.here("/requirements/new"), Button: p.T("requirement.go_on"),
		Inputs: []views.Input{p.choose(views.Select{Name: "subject", Label: p.T("requirement.add_what"), Options: s.subjectOptions(p.speaker)})}}}
	many := views.ProjectPart{Heading: p.T("requirement.add_many"), Links: []views.Link{p.way("/requirements/import", "requirement.from_table"), p.way("/requirements/copy", "requirement.from_project")}}
	if t, ok := procurement.TemplateFor(s.Templates, s.Schema, p.Category); ok {
		c, _ := s.Schema.Category(t.Category)
		many.Text = []string{p.T("requirement.template_text", views.In(c.Names, p.Tag).Text, p.Number(int64(len(t.Requirements))))}
		many.Forms = []views.Form{{Action: p.here("/requirements/template"), Button: p.T("requirement.take_template"), Hidden: []views.Hidden{onceField()}}}
	} else if p.Category == "" {
		many.Text = []string{p.T("requirement.template_none")}
	}
	return []views.ProjectPart{many, one}
}

// wayPrefix stands before a way of checking among subjects.
const wayPrefix = "way."

// subjectOptions are what can be asked: what listings answer, and the other ways.
func (s *Site) subjectOptions(w speaker) []views.Option {
	var options []views.Option
	for _, subject := range procurement.Subjects(s.Schema) {
		options = append(options, views.Option{Value: subject.ID, Text: w.subjectName(&subject)})
	}
	for _, way := range procurement.Ways()[1:] {
		options = append(options, views.Option{Value: wayPrefix + string(way), Text: w.T("requirement.way." + string(way))})
	}
	return options
}

// takeTemplate adds the requirements of the template of the project's category.
func (s *Site) takeTemplate(r *web.Request) (web.Reply, error) {
	p, err := s.purchase(r, s.fresh(r, nil))
	if err != nil {
		return web.Reply{}, err
	}
	t, ok := procurement.TemplateFor(s.Templates, s.Schema, p.Category)
	if !ok {
		return web.Reply{}, models.ErrNotFound
	}
	return s.require(r, p, t.In(r.Lang))
}

// require adds requirements, and says how many.
func (s *Site) require(r *web.Request, p *purchase, all []procurement.Requirement) (web.Reply, error) {
	added := 0
	err := s.DB.Write(r.Context(), r.Actor, func(tx *db.Tx) (err error) {
		added, err = procurement.Require(r.Context(), tx, s.Schema, p.ID, r.Form(fieldOnce), all)
		return err
	})
	if wrong, ok := invalid(err); ok {
		f := s.posted(r, nil)
		return web.Status(http.StatusUnprocessableEntity, views.MessagePage{Shell: p.shellOf(f.T("requirement.title")), Heading: f.T("requirement.not_added"),
			Text: []string{f.T(wrong[wrong.Fields()[0]])}, Links: []views.Link{p.way("/requirements", "requirement.title")}}), nil
	}
	return web.SeeOther(p.here("/requirements")).Say("requirement.done.added", strconv.Itoa(added)), err
}

// removeRequirement takes a requirement out.
func (s *Site) removeRequirement(r *web.Request) (web.Reply, error) {
	p, err := s.purchase(r, s.fresh(r, nil))
	if err != nil {
		return web.Reply{}, err
	}
	id, err := numberIn(r, "requirement")
	if err != nil {
		return web.Reply{}, err
	}
	err = s.DB.Write(r.Context(), r.Actor, func(tx *db.Tx) error { return procurement.RemoveRequirement(r.Context(), tx, p.ID, id) })
	return web.SeeOther(p.here("/requirements")).Say("requirement.done.removed"), err
}
