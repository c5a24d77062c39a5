package handlers

import (
	"net/http"
	"slices"
	"strconv"
	"strings"

	"pilveturg/db"
	"pilveturg/handlers/web"
	"pilveturg/models"
	"pilveturg/models/identity"
	"pilveturg/models/procurement"
	"pilveturg/views"
)

// showProject shows a project: its steps and how far each is, its people, and what was
// done.
func (s *Site) showProject(r *web.Request) (web.Reply, error) {
	v, err := s.verdict(r, s.fresh(r, nil))
	if err != nil {
		return web.Reply{}, err
	}
	questions, err := procurement.Questions(r.Context(), s.DB, v.ID)
	if err != nil {
		return web.Reply{}, err
	}
	p := v.purchase
	page := views.ProjectPage{Heading: p.Name, Tags: []views.Tag{p.stageTag(p.Stage())}, Facts: s.projectFacts(p), Shell: p.shellOf("")}
	if p.State == procurement.Closed {
		page.Notices = []views.Notice{{Kind: views.Info, Title: p.T("project.closed_title"), Text: p.Reason}}
	}
	if p.edits() {
		page.Links = append(page.Links, p.way("/edit", "project.edit"))
	}
	people, err := s.projectPeople(r, p)
	if err != nil {
		return web.Reply{}, err
	}
	reuse, err := s.reuseRow(r, p)
	if err != nil {
		return web.Reply{}, err
	}
	if reuse != nil {
		page.Parts = append(page.Parts, *reuse)
	}
	page.Parts = append(page.Parts, views.ProjectPart{Heading: p.T("project.steps"), Table: v.tasks(questions), Links: []views.Link{p.way(dossierEnd, "dossier.title")}}, people)
	if p.Editable(r.Actor) && !p.Settled() {
		steps := &page.Parts[len(page.Parts)-2]
		steps.Links = append(steps.Links, p.way("/close", "project.close"))
	}
	if page.Trail, err = s.trail(r, p.speaker, p.OrgID, p.Subject()); err != nil {
		return web.Reply{}, err
	}
	return web.Page(page), nil
}

// projectFacts word what a project is.
func (s *Site) projectFacts(p *purchase) []views.Row {
	row := func(key, value string) views.Row { return views.Row{Key: p.T(key), Value: views.Words{Text: value}} }
	category := p.T("project.whole_catalogue")
	if c, ok := s.Schema.Category(p.Category); ok {
		category = views.In(c.Names, p.Tag).Text
	}
	value := p.T("project.not_said")
	if p.Value >= 0 {
		value = p.T("project.value_for", p.Money(models.Money{Minor: p.Value, Currency: "EUR"}), p.N("price.year_count", int64(p.Years)))
	}
	needed := p.T("project.not_said")
	if !p.Needed.IsZero() {
		needed = p.Date(p.Needed)
	}
	return []views.Row{row("project.number", p.Code()), row("project.kind", p.T("project.kind."+string(p.Kind))), row("project.category", category),
		row("project.prices_for", s.volumeWords(p)), row("project.value", value), row("project.needed", needed), row("project.since", p.Time(p.Created))}
}

// volumeWords say for how much a year is priced.
func (s *Site) volumeWords(p *purchase) string {
	v := p.Asked(s.Schema)
	if v == nil {
		return p.T("project.no_volume")
	}
	if v.Flow {
		return p.T("price.flow", p.counted(v.Amount, v.Unit))
	}
	return p.counted(v.Amount, v.Unit)
}

// step is a step of a project in its list of tasks.
type step struct {
	name  string
	end   string // of the page on which it is done
	there string // what stands there
	state string // key of the message
	kind  string
}

// steps is the list of tasks.
func (v *verdict) tasks(questions []procurement.Question) *views.Table {
	return v.stepTable(append(v.findingSteps(), v.decidingSteps(questions)...))
}

// findingSteps lead to a locked shortlist.
func (p *purchase) findingSteps() []step {
	kept, undecided, open := 0, 0, 0
	for i := range p.services {
		switch c := &p.services[i]; {
		case c.decided == nil:
			undecided++
		case c.decided.Standing == procurement.In:
			kept++
			open += len(c.result.Open)
		}
	}
	list := []step{
		{"project.step.requirements", "/requirements", p.N("requirement.count", int64(len(p.asked))), "project.task.done", views.OK},
		{"project.step.shortlist", "/shortlist", p.N("project.kept_count", int64(kept)), "project.task.done", views.OK},
		{"project.step.fit", "/fit", p.N("project.open_count", int64(open)), "project.task.done", views.OK},
		{"project.step.lock", "/lock", p.T("project.not_locked"), "project.task.cannot", views.Plain},
	}
	if len(p.asked) == 0 {
		list[0].state, list[0].kind = "project.task.to_do", views.Info
	}
	if kept == 0 || undecided > 0 {
		list[1].state, list[1].kind = "project.task.to_do", views.Info
	}
	if undecided > 0 {
		list[1].there += ", " + p.N("project.undecided_count", int64(undecided))
	}
	switch {
	case len(p.asked) == 0 || kept == 0:
		list[2].state, list[2].kind, list[2].there = "project.task.cannot", views.Plain, ""
	case open > 0:
		list[2].state, list[2].kind = "project.task.in_progress", views.Info
	}
	switch {
	case !p.LockedAt.IsZero():
		list[3].state, list[3].kind, list[3].end, list[3].there = "project.task.done", views.OK, "/search", p.Time(p.LockedAt)
	case kept > 0 && undecided == 0 && p.edits():
		list[3].state, list[3].kind = "project.task.to_do", views.Info
	default:
		list[3].end = ""
	}
	return list
}

// decidingSteps lead from the shortlist to what takes effect.
func (v *verdict) decidingSteps(questions []procurement.Question) []step {
	ask := step{"project.step.questions", questionsEnd, v.N("question.count", int64(len(questions))), "project.task.optional", views.Plain}
	if open := unanswered(questions); open > 0 {
		ask.there += ", " + v.N("question.open_count", int64(open))
		ask.state, ask.kind = "project.task.in_progress", views.Info
	} else if len(questions) > 0 {
		ask.state, ask.kind = "project.task.done", views.OK
	}
	score, choose := step{"project.step.score", scoresEnd, "", "project.task.cannot", views.Plain}, step{"project.step.choose", decisionEnd, "", "project.task.cannot", views.Plain}
	approve := step{"project.step.approve", "", "", "project.task.cannot", views.Plain}
	if v.LockedAt.IsZero() {
		return []step{ask, score, choose, approve}
	}
	score.state, score.kind = "project.task.to_do", views.Info
	switch s := &v.Scoring; {
	case len(s.Criteria) > 0 && s.Complete():
		score.state, score.kind = "project.task.done", views.OK
	case len(s.Sheets) > 0 || len(s.Scores) > 0:
		score.state, score.kind = "project.task.in_progress", views.Info
	}
	if len(v.Scoring.Judged()) > 0 {
		score.there = v.T("score.sheets", v.Number(int64(len(v.Scoring.Sheets))), v.Number(int64(len(v.Scoring.Judges))))
	}
	if score.state == "project.task.done" || len(v.Ranking) < 2 {
		choose.state, choose.kind = "project.task.to_do", views.Info
	}
	if v.decided.Revision > 0 {
		choose.state, choose.kind, choose.there = "project.task.done", views.OK, v.outcomeWords()
		approve = step{"project.step.approve", decisionEnd, v.T("project.state." + string(v.decided.State)), "project.task.in_progress", views.Info}
		if !v.decided.ApprovedAt.IsZero() {
			approve.state, approve.kind = "project.task.done", views.OK
		}
	}
	return []step{ask, score, choose, approve}
}

// unanswered counts the answers that vendors still owe.
func unanswered(questions []procurement.Question) (n int) {
	for _, q := range questions {
		for _, a := range q.Asked {
			if a.Words == "" {
				n++
			}
		}
	}
	return n
}

func (p *purchase) stepTable(list []step) *views.Table {
	t := &views.Table{Head: views.Head{ID: "steps", Caption: p.T("project.steps"), Quiet: true,
		Columns: []views.Column{{Text: p.T("project.task")}, {Text: p.T("project.there")}, {Text: p.T("admin.state")}}}}
	for i, one := range list {
		name := views.Link{Text: strconv.Itoa(i+1) + ". " + p.T(one.name)}
		if one.end != "" {
			name.URL = p.here(one.end)
		}
		t.Rows = append(t.Rows, views.TableRow{{Label: p.T("project.task"), Link: name}, {Label: p.T("project.there"), Link: views.Link{Text: one.there}},
			{Label: p.T("admin.state"), Tags: []views.Tag{{Kind: one.kind, Text: p.T(one.state)}}}})
	}
	return t
}

// projectPeople shows whom a project names.
func (s *Site) projectPeople(r *web.Request, p *purchase) (part views.ProjectPart, err error) {
	people, err := procurement.People(r.Context(), s.DB, p.ID)
	if err != nil {
		return part, err
	}
	members, err := identity.Members(r.Context(), s.DB, p.OrgID)
	if err != nil {
		return part, err
	}
	names, err := s.namesOf(r, people)
	if err != nil {
		return part, err
	}
	part = views.ProjectPart{Heading: p.T("project.people")}
	for _, n := range people {
		row := views.Row{Key: p.T("project.part." + string(n.Part)), Value: views.Words{Text: p.person(n.AccountID, names)}, Note: p.T("project.part_text." + string(n.Part))}
		if i := slices.IndexFunc(members, func(m identity.Member) bool { return m.AccountID == n.AccountID && m.State == identity.Active }); i < 0 {
			row.Tags = []views.Tag{{Kind: views.Warn, Text: p.T("project.left_us")}}
		}
		part.Facts = append(part.Facts, row)
	}
	if p.State != procurement.Closed && (p.Editable(r.Actor) || procurement.MayTakeOver(r.Actor, &p.Project, people, members)) {
		part.Links = []views.Link{p.way("/people", "project.people_change")}
	}
	return part, nil
}

// namesOf are what the people are called.
func (s *Site) namesOf(r *web.Request, people []procurement.Named) (map[int64]string, error) {
	var accounts []int64
	for _, n := range people {
		accounts = append(accounts, n.AccountID)
	}
	return s.People(r.Context(), accounts)
}

// fieldNamed is the field of a person in the form of people; the number of the account
// follows.
const fieldNamed = "person."

// showProjectPeople shows whom a project names, to be changed.
func (s *Site) showProjectPeople(r *web.Request) (web.Reply, error) {
	p, err := s.purchase(r, s.fresh(r, nil))
	if err != nil {
		return web.Reply{}, err
	}
	people, err := procurement.People(r.Context(), s.DB, p.ID)
	if err != nil {
		return web.Reply{}, err
	}
	values := map[string]string{}
	for _, n := range people {
		values[fieldNamed+strconv.FormatInt(n.AccountID, 10)] = string(n.Part)
	}
	p.filled = s.fresh(r, values)
	return s.peopleForm(r, p, http.StatusOK, views.Notice{})
}

func (s *Site) peopleForm(r *web.Request, p *purchase, status int, n views.Notice) (web.Reply, error) {
	members, err := identity.Members(r.Context(), s.DB, p.OrgID)
	if err != nil {
		return web.Reply{}, err
	}
	people, err := procurement.People(r.Context(), s.DB, p.ID)
	if err != nil {
		return web.Reply{}, err
	}
	if p.State == procurement.Closed || !p.Editable(r.Actor) && !procurement.MayTakeOver(r.Actor, &p.Project, people, members) {
		return web.Reply{}, models.ErrForbidden
	}
	page := views.FormPage{Heading: p.T("project.people_change"), Text: []string{p.T("project.people_text")},
		Form: views.Form{Action: p.here("/people"), Button: p.T("form.save"), Hidden: []views.Hidden{revisionField(p.Revision)}}}
	for _, m := range members {
		if m.State == identity.Active {
			page.Form.Inputs = append(page.Form.Inputs, p.choose(views.Select{Name: fieldNamed + strconv.FormatInt(m.AccountID, 10), Label: m.Name, Hint: m.Mail, Options: p.parts(m)}))
		}
	}
	if n.Text != "" {
		page.Notices = []views.Notice{n}
	}
	page.Shell = p.shellOf(page.Heading)
	return web.Status(status, page), nil
}

// parts are what somebody can be named for.
func (p *purchase) parts(m identity.Member) []views.Option {
	options := []views.Option{{Text: p.T("project.part.none")}}
	for _, one := range []struct {
		part procurement.Part
		can  bool
	}{{procurement.Lead, m.Actor().May(models.Draft)}, {procurement.Evaluator, m.Actor().IsAny(models.Evaluator, models.Buyer)},
		{procurement.Observer, m.Actor().IsAny(models.Buyer, models.Evaluator, models.Approver)}} {
		if one.can {
			options = append(options, views.Option{Value: string(one.part), Text: p.T("project.part." + string(one.part))})
		}
	}
	return options
}

// changeProjectPeople says whom a project names.
func (s *Site) changeProjectPeople(r *web.Request) (web.Reply, error) {
	p, err := s.purchase(r, s.fresh(r, nil))
	if err != nil {
		return web.Reply{}, err
	}
	var people []procurement.Named
	for name, values := range r.Posted() {
		id, err := strconv.ParseInt(strings.TrimPrefix(name, fieldNamed), 10, 64)
		if err == nil && strings.HasPrefix(name, fieldNamed) && len(values) > 0 && values[0] != "" {
			people = append(people, procurement.Named{AccountID: id, Part: procurement.Part(values[0])})
		}
	}
	err = s.DB.Write(r.Context(), r.Actor, func(tx *db.Tx) error {
		return procurement.SetPeople(r.Context(), tx, p.ID, seenRevision(r), people)
	})
	return s.outcome(r, p, err, projectPath(p.ID, ""), "project.done.people", func(p *purchase, status int, n views.Notice) (web.Reply, error) {
		return s.peopleForm(r, p, status, n)
	})
}

// confirmClose asks why a project is to be closed without award.
func (s *Site) confirmClose(r *web.Request) (web.Reply, error) {
	p, err := s.purchase(r, s.fresh(r, nil))
	if err != nil {
		return web.Reply{}, err
	}
	return s.closeForm(p, http.StatusOK)
}

func (s *Site) closeForm(p *purchase, status int) (web.Reply, error) {
	if p.State == procurement.Closed || !p.Editable(p.actor) {
		return web.Reply{}, refusedTo(p)
	}
	page := views.FormPage{Heading: p.T("project.close"), Text: []string{p.T("project.close_text")},
		Form: views.Form{Action: p.here("/close"), Button: p.T("project.close"), Stop: true,
			Inputs: []views.Input{p.area(views.Area{Name: "reason", Label: p.T("project.reason"), Hint: p.T("project.reason_hint"), Rows: wordRows})}},
		Links: []views.Link{p.way("", "project.back")}}
	page.Shell = p.shellOf(page.Heading)
	return web.Status(status, page), nil
}

// closeProject ends a project without award.
func (s *Site) closeProject(r *web.Request) (web.Reply, error) {
	p, err := s.purchase(r, s.fresh(r, nil))
	if err != nil {
		return web.Reply{}, err
	}
	err = s.DB.Write(r.Context(), r.Actor, func(tx *db.Tx) error { return procurement.Close(r.Context(), tx, p.ID, severalLines(r.Form("reason"))) })
	if wrong, ok := invalid(err); ok {
		p.filled = s.posted(r, wrong)
		return s.closeForm(p, http.StatusUnprocessableEntity)
	}
	return web.SeeOther(p.here("")).Say("project.done.closed"), err
}
