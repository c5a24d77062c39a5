package handlers

import (
	"pilveturg/handlers/web"
	"pilveturg/models/contracts"
	"pilveturg/models/reports"
	"pilveturg/models/spend"
	"pilveturg/views"
)

const questionsPath = spendPath + "/questions"

// listQuestions lists what can be asked of the ledger, in groups.
func (s *Site) listQuestions(r *web.Request) (web.Reply, error) {
	f := s.fresh(r, nil)
	page := views.ProjectPage{Heading: f.T("report.questions"), Text: []string{f.T("report.questions_text")}, Links: []views.Link{f.link(spendPath, "ledger.title"), f.link(reportsPath, "report.saved")}}
	for _, group := range reports.Groups() {
		part := views.ProjectPart{Heading: f.T("report.group." + string(group))}
		for _, q := range reports.Questions() {
			if q.Group != group || q.Path == sharesPath && !spend.Keeps(r.Actor) || q.Path == calendarPath && !contracts.Reads(r.Actor) {
				continue // it is not for the reader
			}
			part.Facts = append(part.Facts, views.Row{Key: f.T("report.short." + q.Code), Value: views.Words{Text: f.T("report.q." + q.Code)}, URL: at(f.Tag, questionAddress(&q)), Note: f.T("report.q_text." + q.Code)})
		}
		page.Parts = append(page.Parts, part)
	}
	page.Shell = f.page(page.Heading, f.link(spendPath, "ledger.title"))
	page.Section = spendSection
	return web.Page(page), nil
}

// questionAddress is where a question is answered.
func questionAddress(q *reports.Question) string {
	if q.Path != "" {
		return q.Path
	}
	return questionsPath + "/" + q.Code
}
