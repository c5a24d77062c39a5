package handlers

import (
	"cmp"
	"net/http"
	"strconv"

	"pilveturg/db"
	"pilveturg/handlers/web"
	"pilveturg/models"
	"pilveturg/models/reports"
	"pilveturg/views"
)

const (
	reportsPath = "/reports"
	// fieldQuestion is the code of a question, and fieldSchedule how often it is sent.
	fieldQuestion = "question"
	fieldSchedule = "schedule"
)

// reportRoutes are the questions that people keep.
func (s *Site) reportRoutes(reads who) []route {
	const one = reportsPath + "/:report"
	return []route{
		{"GET", reportsPath, reads, s.listReports, false},
		{"GET", reportsPath + "/new", reads, s.showReportForm, false},
		{"POST", reportsPath + "/new", reads, s.keepReport, false},
		{"GET", one, reads, s.openReport, false},
		{"POST", one + "/schedule", reads, s.scheduleReport, false},
		{"POST", one + "/removal", reads, s.removeReport, false},
	}
}

// reportAddress is where what is kept is answered.
func reportAddress(s *reports.Report) string {
	return withQuery(questionsPath+"/"+s.Question, s.Query)
}

// listReports lists what the reader keeps, and when it is sent.
func (s *Site) listReports(r *web.Request) (web.Reply, error) {
	all, err := reports.Kept(r.Context(), s.DB, r.Actor)
	if err != nil {
		return web.Reply{}, err
	}
	f := s.fresh(r, nil)
	page := views.ProjectPage{Heading: f.T("report.saved"), Text: []string{f.T("report.saved_text")}, Links: []views.Link{f.link(questionsPath, "report.questions")}}
	if len(all) == 0 {
		page.Notices = append(page.Notices, views.Notice{Kind: views.Info, Title: f.T("report.none"), Text: f.T("report.none_text")})
	}
	for i := range all {
		page.Parts = append(page.Parts, s.reportPart(r, &all[i]))
	}
	page.Shell = f.page(page.Heading, f.link(spendPath, "ledger.title"), f.link(questionsPath, "report.questions"))
	page.Section = spendSection
	return web.Page(page), nil
}

// reportPart shows one report, with what can be done with it.
func (s *Site) reportPart(r *web.Request, one *reports.Report) views.ProjectPart {
	f := s.fresh(r, map[string]string{fieldSchedule: string(one.Schedule)})
	part := views.ProjectPart{Heading: one.Name, Facts: []views.Row{
		{Key: f.T("report.question"), Value: views.Words{Text: f.T("report.q." + one.Question)}, URL: at(f.Tag, reportAddress(one))},
		{Key: f.T("report.schedule"), Value: views.Words{Text: f.T("report.schedule." + cmp.Or(string(one.Schedule), "never"))}}}}
	if !one.Next.IsZero() {
		part.Facts = append(part.Facts, views.Row{Key: f.T("report.next"), Value: views.Words{Text: f.Date(one.Next)}})
	}
	if !one.SentAt.IsZero() {
		part.Facts = append(part.Facts, views.Row{Key: f.T("report.sent"), Value: views.Words{Text: f.Time(one.SentAt)}})
	}
	here := at(f.Tag, reportsPath+"/"+strconv.FormatInt(one.ID, 10))
	schedule := f.scheduleInput()
	schedule.Select.ID += "-" + strconv.FormatInt(one.ID, 10)
	part.Forms = []views.Form{{Action: here + "/schedule", Button: f.T("report.reschedule", one.Name), Inputs: []views.Input{schedule}}, {Action: here + "/removal", Button: f.T("saved.remove", one.Name), Stop: true}}
	return part
}

// scheduleInput asks how often a report is sent.
func (f *filled) scheduleInput() views.Input {
	var options []views.Option
	for _, one := range reports.Schedules() {
		options = append(options, views.Option{Value: string(one), Text: f.T("report.schedule." + cmp.Or(string(one), "never"))})
	}
	return f.choose(views.Select{Name: fieldSchedule, Label: f.T("report.schedule"), Hint: f.T("report.schedule_hint"), Options: options})
}

// showReportForm asks for the name under which a question is kept.
func (s *Site) showReportForm(r *web.Request) (web.Reply, error) {
	q := r.Values()
	return s.reportForm(r, s.fresh(r, map[string]string{fieldQuestion: q.Get(fieldQuestion), fieldQuery: q.Get(fieldQuery)}), http.StatusOK)
}

func (s *Site) reportForm(r *web.Request, f *filled, status int) (web.Reply, error) {
	one := reports.Report{Question: f.typed(fieldQuestion), Query: f.typed(fieldQuery)}
	if _, err := reports.Find(one.Question); err != nil || len(one.Query) > reports.MaxQuery {
		return web.Reply{}, models.ErrNotFound
	}
	page := views.FormPage{Heading: f.T("report.save"), Text: []string{f.T("report.save_text", f.T("report.q."+one.Question))}}
	page.Form = views.Form{Action: at(f.Tag, reportsPath+"/new"), Button: f.T("form.save"), Hidden: []views.Hidden{{Name: fieldQuestion, Value: one.Question}, {Name: fieldQuery, Value: one.Query}},
		Inputs: []views.Input{f.field(views.Field{Name: "name", Label: f.T("saved.name"), Width: "w30", Needed: true}), f.scheduleInput()}}
	page.Links = []views.Link{{URL: at(f.Tag, reportAddress(&one)), Text: f.T("report.back")}}
	page.Shell = f.page(page.Heading, f.link(spendPath, "ledger.title"), f.link(questionsPath, "report.questions"), f.link(reportsPath, "report.saved"))
	page.Section = spendSection
	return web.Status(status, page), nil
}

// keepReport keeps a question.
func (s *Site) keepReport(r *web.Request) (web.Reply, error) {
	one := reports.Report{Question: r.Form(fieldQuestion), Query: r.Form(fieldQuery), Name: clean(r.Form("name")), Schedule: reports.Schedule(r.Form(fieldSchedule))}
	err := s.DB.Write(r.Context(), r.Actor, func(tx *db.Tx) error { return reports.Keep(r.Context(), tx, &one) })
	if wrong, bad := invalid(err); bad {
		return s.reportForm(r, s.posted(r, wrong), http.StatusUnprocessableEntity)
	}
	return web.SeeOther(at(r.Lang, reportsPath)).Say("report.done"), err
}

// report is what the address names.
func (s *Site) report(r *web.Request) (reports.Report, error) {
	id, err := numberIn(r, "report")
	if err != nil {
		return reports.Report{}, err
	}
	return reports.FindReport(r.Context(), s.DB, r.Actor, id)
}

// openReport leads to the answer.
func (s *Site) openReport(r *web.Request) (web.Reply, error) {
	one, err := s.report(r)
	if err != nil {
		return web.Reply{}, err
	}
	return web.SeeOther(at(r.Lang, reportAddress(&one))), nil
}

// scheduleReport changes how often a report is sent.
func (s *Site) scheduleReport(r *web.Request) (web.Reply, error) {
	one, err := s.report(r)
	if err != nil {
		return web.Reply{}, err
	}
	err = s.DB.Write(r.Context(), r.Actor, func(tx *db.Tx) error {
		return reports.Reschedule(r.Context(), tx, one.ID, reports.Schedule(r.Form(fieldSchedule)))
	})
	if _, bad := invalid(err); bad {
		return web.Reply{}, models.ErrNotFound // no form of ours offers it
	}
	return web.SeeOther(at(r.Lang, reportsPath)).Say("report.rescheduled"), err
}

// removeReport forgets a report.
func (s *Site) removeReport(r *web.Request) (web.Reply, error) {
	one, err := s.report(r)
	if err != nil {
		return web.Reply{}, err
	}
	err = s.DB.Write(r.Context(), r.Actor, func(tx *db.Tx) error { return reports.Remove(r.Context(), tx, one.ID) })
	return web.SeeOther(at(r.Lang, reportsPath)).Say("report.removed"), err
}
