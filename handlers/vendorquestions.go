package handlers

import (
	"net/http"
	"strconv"

	"pilveturg/db"
	"pilveturg/handlers/web"
	"pilveturg/models"
	"pilveturg/models/catalogue"
	"pilveturg/models/identity"
	"pilveturg/models/procurement"
	"pilveturg/views"
)

const (
	vendorQuestionsPath = "/vendor/questions"
	vendorDecisionsPath = "/vendor/decisions"
	questionPrefix      = "q-"
)

// listVendorQuestions lists what buyers asked about the services of the vendor, and what
// they decided.
func (s *Site) listVendorQuestions(r *web.Request) (web.Reply, error) {
	f := s.fresh(r, nil)
	questions, err := procurement.VendorQuestions(r.Context(), s.DB, r.Actor)
	if err != nil {
		return web.Reply{}, err
	}
	letters, err := procurement.VendorLetters(r.Context(), s.DB, r.Actor)
	if err != nil {
		return web.Reply{}, err
	}
	names, bodies, err := s.namesForVendor(r, f.speaker, questions, letters)
	if err != nil {
		return web.Reply{}, err
	}
	today := models.DateOf(s.today())
	asked := &grid[procurement.VendorQuestion]{speaker: f.speaker, id: "questions", caption: f.T("vendorquestion.caption"), empty: views.Empty{Title: f.T("vendorquestion.none"), Text: f.T("vendorquestion.none_text")},
		columns: []column[procurement.VendorQuestion]{
			{head: f.T("vendorquestion.question"), cell: func(q procurement.VendorQuestion) views.Cell {
				return views.Cell{Link: views.Link{URL: at(f.Tag, vendorQuestionPath(q.QuestionID, q.OfferingID)), Text: short(q.Question)}, Lines: []string{names[q.OfferingID]}}
			}},
			{head: f.T("vendorquestion.from"), cell: func(q procurement.VendorQuestion) views.Cell { return words(bodies[q.OrgID]) }},
			{head: f.T("question.due"), cell: func(q procurement.VendorQuestion) views.Cell { return words(f.Date(q.Due)) }},
			{head: f.T("admin.state"), cell: func(q procurement.VendorQuestion) views.Cell {
				return views.Cell{Tags: []views.Tag{f.answerTag(&q, today)}}
			}}}}
	told := &grid[procurement.VendorLetter]{speaker: f.speaker, id: "decisions", caption: f.T("vendordecision.caption"), empty: views.Empty{Title: f.T("vendordecision.none"), Text: f.T("vendordecision.none_text")},
		columns: []column[procurement.VendorLetter]{
			{head: f.T("fit.service"), cell: func(l procurement.VendorLetter) views.Cell {
				return views.Cell{Link: views.Link{URL: at(f.Tag, vendorDecisionPath(l.ProjectID, l.OfferingID)), Text: names[l.OfferingID]}}
			}},
			{head: f.T("vendorquestion.from"), cell: func(l procurement.VendorLetter) views.Cell { return words(bodies[l.OrgID]) }},
			{head: f.T("vendordecision.outcome"), cell: func(l procurement.VendorLetter) views.Cell {
				return views.Cell{Tags: []views.Tag{f.letterTag(&l)}}
			}},
			{head: f.T("decision.letter_sent"), cell: func(l procurement.VendorLetter) views.Cell { return words(f.Time(l.At)) }}}}
	one, err := asked.table(r, questions, whole(len(questions)))
	if err != nil {
		return web.Reply{}, err
	}
	two, err := told.table(r, letters, whole(len(letters)))
	if err != nil {
		return web.Reply{}, err
	}
	page := views.ProjectPage{Heading: f.T("vendorquestion.title"), Text: []string{f.T("vendorquestion.text")}, Parts: []views.ProjectPart{{Heading: f.T("vendorquestion.questions"), Table: &one}, {Heading: f.T("vendordecision.title"), Table: &two}}}
	page.Shell = f.page(page.Heading, f.link(vendorHome, "section."+vendorSection))
	page.Section = vendorSection
	return web.Page(page), nil
}

func vendorQuestionPath(question, offering int64) string {
	return vendorQuestionsPath + "/" + questionPrefix + strconv.FormatInt(question, 10) + "/" + lowerNumber(offering)
}

func vendorDecisionPath(project, offering int64) string {
	return vendorDecisionsPath + "/" + lowerProject(project) + "/" + lowerNumber(offering)
}

// answerTag says how far the answer to a question is.
func (w speaker) answerTag(q *procurement.VendorQuestion, today models.Date) views.Tag {
	switch {
	case q.Words != "":
		return views.Tag{Kind: views.OK, Text: w.T("vendorquestion.answered")}
	case q.Open(today):
		return views.Tag{Kind: views.Warn, Text: w.T("vendorquestion.open")}
	}
	return views.Tag{Text: w.T("vendorquestion.over")}
}

// letterTag says whether a service was chosen.
func (w speaker) letterTag(l *procurement.VendorLetter) views.Tag {
	switch {
	case l.Chosen:
		return views.Tag{Kind: views.OK, Text: w.T("vendordecision.chosen")}
	case l.Outcome != procurement.Service:
		return views.Tag{Text: w.T("vendordecision.nobody")}
	}
	return views.Tag{Text: w.T("vendordecision.not_chosen")}
}

// namesForVendor are what the services and the bodies are called.
func (s *Site) namesForVendor(r *web.Request, w speaker, questions []procurement.VendorQuestion, letters []procurement.VendorLetter) (names, bodies map[int64]string, err error) {
	var services, orgs []int64
	for _, q := range questions {
		services, orgs = append(services, q.OfferingID), append(orgs, q.OrgID)
	}
	for _, l := range letters {
		services, orgs = append(services, l.OfferingID, l.ChosenID), append(orgs, l.OrgID)
	}
	cards, err := catalogue.Cards(r.Context(), s.DB, services)
	if err != nil {
		return nil, nil, err
	}
	briefs, err := identity.Briefs(r.Context(), s.DB, orgs)
	if err != nil {
		return nil, nil, err
	}
	names, bodies = map[int64]string{}, map[int64]string{}
	for _, c := range cards {
		name, _ := w.nameAndSummary(c.Words)
		names[c.ID] = catalogue.Number(c.ID) + " " + name.Text
	}
	for id, o := range briefs {
		bodies[id] = views.In(o.Names, w.Tag).Text
	}
	return names, bodies, nil
}

// askedVendor is a question that a vendor reads, with what things are called.
type askedVendor struct {
	*filled
	procurement.VendorQuestion
	service, body string
}

func (s *Site) askedVendor(r *web.Request, f *filled) (*askedVendor, error) {
	question, ok := parseName(r.Param("question"), questionPrefix)
	offering, named := parseName(r.Param("service"), servicePrefix)
	if !ok || !named {
		return nil, models.ErrNotFound
	}
	q, err := procurement.FindVendorQuestion(r.Context(), s.DB, r.Actor, question, offering, models.DateOf(s.today()))
	if err != nil {
		return nil, err
	}
	names, bodies, err := s.namesForVendor(r, f.speaker, []procurement.VendorQuestion{q}, nil)
	return &askedVendor{f, q, names[q.OfferingID], bodies[q.OrgID]}, err
}

// showVendorQuestion shows a question, the vendor's answer, and those of others once
// they may be read.
func (s *Site) showVendorQuestion(r *web.Request) (web.Reply, error) {
	q, err := s.askedVendor(r, s.fresh(r, nil))
	if err != nil {
		return web.Reply{}, err
	}
	q.filled = s.fresh(r, map[string]string{"words": q.Words})
	return s.vendorQuestionPage(q, http.StatusOK)
}

func (s *Site) vendorQuestionPage(q *askedVendor, status int) (web.Reply, error) {
	today := models.DateOf(s.today())
	page := views.ProjectPage{Heading: q.T("vendorquestion.about", q.service), Tags: []views.Tag{q.answerTag(&q.VendorQuestion, today)}, Facts: []views.Row{
		{Key: q.T("vendorquestion.from"), Value: views.Words{Text: q.body}},
		{Key: q.T("vendorquestion.question"), Value: views.Words{Text: q.Question}, Note: q.T("question.asked_at", q.Time(q.AskedAt))},
		{Key: q.T("question.due"), Value: views.Words{Text: q.Date(q.Due)}}}}
	if q.Words != "" {
		page.Facts = append(page.Facts, views.Row{Key: q.T("vendorquestion.your_answer"), Value: views.Words{Text: q.Words}, Note: q.Time(q.At)})
	}
	switch {
	case q.Open(today):
		page.Parts = append(page.Parts, views.ProjectPart{Heading: q.T("vendorquestion.answer"), Text: []string{q.T("vendorquestion.answer_text")}, Forms: []views.Form{{Action: at(q.Tag, vendorQuestionPath(q.QuestionID, q.OfferingID)), Button: q.T("vendorquestion.send"), Hidden: []views.Hidden{q.onceAgain()},
			Inputs: []views.Input{q.area(views.Area{Name: "words", Label: q.T("question.answer"), Rows: wordRows})}}}})
	case len(q.Others) > 0:
		page.Parts = append(page.Parts, views.ProjectPart{Heading: q.T("vendorquestion.others"), Text: q.Others})
	}
	page.Parts = append(page.Parts, q.askedBackPart(q.Open(today))...)
	page.Shell = q.page(page.Heading, q.link(vendorHome, "section."+vendorSection), q.link(vendorQuestionsPath, "vendorquestion.title"))
	page.Section = vendorSection
	return web.Status(status, page), nil
}

// answerQuestion keeps the answer of the vendor.
func (s *Site) answerQuestion(r *web.Request) (web.Reply, error) {
	q, err := s.askedVendor(r, s.fresh(r, nil))
	if err != nil {
		return web.Reply{}, err
	}
	err = s.DB.Write(r.Context(), r.Actor, func(tx *db.Tx) error {
		return procurement.Answer(r.Context(), tx, q.QuestionID, q.OfferingID, r.Form(fieldOnce), severalLines(r.Form("words")))
	})
	if wrong, ok := invalid(err); ok {
		q.filled = s.posted(r, wrong)
		return s.vendorQuestionPage(q, http.StatusUnprocessableEntity)
	}
	return web.SeeOther(at(r.Lang, vendorQuestionPath(q.QuestionID, q.OfferingID))).Say("vendorquestion.done"), err
}

// showVendorDecision shows the letter about a decision.
func (s *Site) showVendorDecision(r *web.Request) (web.Reply, error) {
	project, ok := parseName(r.Param("project"), projectPrefix)
	offering, named := parseName(r.Param("service"), servicePrefix)
	if !ok || !named {
		return web.Reply{}, models.ErrNotFound
	}
	l, err := procurement.FindVendorLetter(r.Context(), s.DB, r.Actor, project, offering)
	if err != nil {
		return web.Reply{}, err
	}
	f := s.fresh(r, nil)
	names, bodies, err := s.namesForVendor(r, f.speaker, nil, []procurement.VendorLetter{l})
	if err != nil {
		return web.Reply{}, err
	}
	own, chosen, known, err := l.Own()
	if err != nil {
		return web.Reply{}, err
	}
	words := letterWords{speaker: f.speaker, service: names[offering], body: bodies[l.OrgID], project: l.Project, chosen: l.Chosen, none: l.Outcome != procurement.Service, known: known, reason: l.Reason, until: l.Until, winnerName: names[l.ChosenID]}
	if known {
		words.own, words.winner = f.points(own.Total), f.points(chosen.Total)
	}
	if !l.Until.Before(models.DateOf(l.At.Time).AddDays(1)) {
		words.standstill = 1 // it lasts beyond the day of the letter
	}
	page := views.ProjectPage{Heading: f.T("vendordecision.about", names[offering]), Tags: []views.Tag{f.letterTag(&l)}, Facts: []views.Row{{Key: f.T("decision.letter_sent"), Value: views.Words{Text: f.Time(l.At)}}}, Text: words.paragraphs()}
	page.Shell = f.page(page.Heading, f.link(vendorHome, "section."+vendorSection), f.link(vendorQuestionsPath, "vendorquestion.title"))
	page.Section = vendorSection
	return web.Page(page), nil
}
