package handlers

import (
	"net/http"
	"slices"
	"strconv"
	"strings"

	"pilveturg/db"
	"pilveturg/handlers/web"
	"pilveturg/models"
	"pilveturg/models/catalogue"
	"pilveturg/models/procurement"
	"pilveturg/views"
)

const (
	questionsEnd = "/questions"
	// fieldRequirement says which requirement a question is to settle.
	fieldRequirement = "requirement"
	fieldServices    = "services"
	daysToAnswer     = 7
)

// showQuestions shows what a project asked vendors, and their answers.
func (s *Site) showQuestions(r *web.Request) (web.Reply, error) {
	p, err := s.purchase(r, s.fresh(r, nil))
	if err != nil {
		return web.Reply{}, err
	}
	values := map[string]string{"due": models.DateOf(s.today()).AddDays(daysToAnswer).String(), fieldRequirement: r.Query(fieldRequirement)}
	if id, err := strconv.ParseInt(r.Query(fieldRequirement), 10, 64); err == nil {
		if q, ok := p.asks(id); ok {
			values["words"] = p.T("question.about", q.Words)
		}
	}
	p.filled = s.fresh(r, values)
	return s.questionsPage(r, p, http.StatusOK, nil)
}

// questionsPage shows the questions, and the form for another one. chosen are the
// services that were chosen in it; nil: all.
func (s *Site) questionsPage(r *web.Request, p *purchase, status int, chosen []string) (web.Reply, error) {
	if err := s.weighServices(r, p); err != nil {
		return web.Reply{}, err
	}
	all, err := procurement.Questions(r.Context(), s.DB, p.ID)
	if err != nil {
		return web.Reply{}, err
	}
	page := views.ProjectPage{Heading: p.T("question.title"), Tags: []views.Tag{p.stageTag(p.Stage())}, Text: []string{p.T("question.text")}}
	for i := range all {
		page.Parts = append(page.Parts, s.questionPart(p, &all[i]))
	}
	back, err := s.clarifiedParts(r, p)
	if err != nil {
		return web.Reply{}, err
	}
	page.Parts = append(page.Parts, back...)
	if len(all) == 0 {
		page.Notices = []views.Notice{{Kind: views.Info, Title: p.T("question.none"), Text: p.T("question.none_text")}}
	}
	if p.asksVendors() {
		page.Parts = append(page.Parts, views.ProjectPart{Heading: p.T("question.ask"), Forms: []views.Form{p.questionForm(chosen)}})
	}
	page.Shell = p.shellOf(page.Heading)
	return web.Status(status, page), nil
}

// asksVendors reports whether the reader may ask something now: something is kept, and
// nothing is decided.
func (p *purchase) asksVendors() bool { return p.Sending(p.actor) && !p.Settled() && len(p.kept()) > 0 }

// kept are the services that the project keeps.
func (p *purchase) kept() (all []*candidate) {
	for i := range p.services {
		if d := p.services[i].decided; d != nil && d.Standing == procurement.In {
			all = append(all, &p.services[i])
		}
	}
	return all
}

// questionPart is a question with a row for each service that it is about.
func (s *Site) questionPart(p *purchase, q *procurement.Question) views.ProjectPart {
	part := views.ProjectPart{Heading: q.Code(), Text: []string{q.Words}}
	part.Facts = []views.Row{{Key: p.T("question.due"), Value: views.Words{Text: p.Date(q.Due)}, Note: p.T("question.asked_at", p.Time(q.At))}}
	asked, known := p.asks(q.RequirementID)
	if known {
		part.Facts = append(part.Facts, views.Row{Key: p.T("question.requirement"), Value: views.Words{Text: asked.Words}})
	}
	t := &views.Table{Head: views.Head{ID: "answers-" + strconv.FormatInt(q.ID, 10), Caption: p.T("question.answers", q.Code()), Quiet: true,
		Columns: []views.Column{{Text: p.T("fit.service")}, {Text: p.T("question.answer")}}}}
	for _, a := range q.Asked {
		cell := views.Cell{Label: p.T("question.answer"), Link: views.Link{Text: a.Words}}
		switch {
		case a.Words != "":
			cell.Lines = []string{p.Time(a.At)}
		case a.Told == 0:
			cell.Tags, cell.Lines = []views.Tag{{Kind: views.Warn, Text: p.T("question.nobody")}}, []string{p.T("question.nobody_text")}
		default:
			cell.Tags = []views.Tag{{Text: p.T("question.no_answer")}}
		}
		if known && p.Judging(p.actor) && !p.Settled() {
			end := "/fit/" + strconv.FormatInt(asked.ID, 10) + "/" + lowerNumber(a.OfferingID)
			cell.Links = []views.Link{{URL: at(p.Tag, withQuery(projectPath(p.ID, end), "question="+strconv.FormatInt(q.ID, 10))), Text: p.T("question.judge"), For: catalogue.Number(a.OfferingID)}}
		}
		t.Rows = append(t.Rows, views.TableRow{p.serviceCell(a.OfferingID), cell})
	}
	part.Table = t
	return part
}

// serviceCell names a service of the project.
func (p *purchase) serviceCell(id int64) views.Cell {
	cell := views.Cell{Label: p.T("fit.service"), Link: views.Link{Text: catalogue.Number(id)}}
	if c := p.service(id); c != nil {
		cell.Link, cell.Lines = c.name(p.speaker), []string{catalogue.Number(id)}
	}
	return cell
}

// service is a service of the project; nil when it is none.
func (p *purchase) service(id int64) *candidate {
	i := slices.IndexFunc(p.services, func(c candidate) bool { return c.Offering.ID == id })
	if i < 0 {
		return nil
	}
	return &p.services[i]
}

// serviceName is what a service of the project is called, with its number.
func (p *purchase) serviceName(id int64) string {
	if c := p.service(id); c != nil {
		return catalogue.Number(id) + " " + c.name(p.speaker).Text
	}
	return catalogue.Number(id)
}

func (p *purchase) questionForm(chosen []string) views.Form {
	about := views.Select{Name: fieldRequirement, Label: p.T("question.requirement"), Hint: p.T("question.requirement_hint"), Options: []views.Option{{Text: p.T("question.no_requirement")}}}
	for _, q := range p.asked {
		about.Options = append(about.Options, views.Option{Value: strconv.FormatInt(q.ID, 10), Text: q.Words})
	}
	whom := views.Choices{ID: fieldServices, Name: fieldServices, Legend: p.T("question.whom"), Error: p.problem(fieldServices)}
	for _, c := range p.kept() {
		number := lowerNumber(c.Offering.ID)
		whom.Options = append(whom.Options, views.Option{Value: number, Text: p.serviceName(c.Offering.ID), Chosen: chosen == nil || slices.Contains(chosen, number)})
	}
	return views.Form{Action: p.here(questionsEnd), Button: p.T("question.send"), Hidden: []views.Hidden{p.onceAgain()}, Inputs: []views.Input{
		p.area(views.Area{Name: "words", Label: p.T("question.words"), Hint: p.T("question.words_hint"), Rows: wordRows}),
		p.choose(about), {Choices: &whom},
		p.field(views.Field{Name: "due", Label: p.T("question.due"), Hint: p.T("question.due_hint"), Kind: "date", Width: "w12", Needed: true})}}
}

// askVendors asks the vendors of services.
func (s *Site) askVendors(r *web.Request) (web.Reply, error) {
	p, err := s.purchase(r, s.fresh(r, nil))
	if err != nil {
		return web.Reply{}, err
	}
	q := procurement.Question{Words: severalLines(r.Form("words"))}
	q.Due, _ = models.ParseDate(strings.TrimSpace(r.Form("due"))) // no day is refused
	q.RequirementID, _ = strconv.ParseInt(r.Form(fieldRequirement), 10, 64)
	var services []int64
	for _, name := range r.Forms(fieldServices) {
		if id, ok := parseService(name); ok {
			services = append(services, id)
		}
	}
	err = s.DB.Write(r.Context(), r.Actor, func(tx *db.Tx) error {
		return procurement.Ask(r.Context(), tx, p.ID, r.Form(fieldOnce), q, services)
	})
	if wrong, ok := invalid(err); ok {
		p.filled = s.posted(r, wrong)
		return s.questionsPage(r, p, http.StatusUnprocessableEntity, append(r.Forms(fieldServices), ""))
	}
	return web.SeeOther(p.here(questionsEnd)).Say("question.done"), err
}
