package handlers

import (
	"net/http"

	"pilveturg/db"
	"pilveturg/handlers/web"
	"pilveturg/models"
	"pilveturg/models/procurement"
	"pilveturg/views"
)

const (
	approvalsPath    = "/approvals"
	approvalsSection = "approvals"
)

// waiting is something that waits for an approver.
type waiting struct {
	name  views.Link
	what  string
	cents int64
	since models.Time
}

// listApprovals lists what waits for the reader's approval, the oldest first.
func (s *Site) listApprovals(r *web.Request) (web.Reply, error) {
	w := s.speaker(r.Lang)
	rows, err := s.waitingFor(r, w)
	if err != nil {
		return web.Reply{}, err
	}
	g := &grid[waiting]{speaker: w, id: approvalsSection, caption: w.T("approval.caption"), empty: views.Empty{Title: w.T("approval.none"), Text: w.T("approval.none_text")}, columns: []column[waiting]{
		{head: w.T("approval.what"), cell: func(one waiting) views.Cell { return views.Cell{Link: one.name, Lines: []string{one.what}} }},
		{head: w.T("approval.amount"), number: true, cell: func(one waiting) views.Cell { return words(w.cents(one.cents)) }},
		{head: w.T("approval.since"), cell: func(one waiting) views.Cell { return words(w.Time(one.since)) }},
	}}
	table, err := g.table(r, rows, whole(len(rows)))
	if err != nil {
		return web.Reply{}, err
	}
	f := s.fresh(r, nil)
	p := views.ListPage{Heading: w.T("section.approvals"), Text: []string{w.T("approval.text")}, Table: table}
	if len(rows) > 0 {
		p.Found = w.N("approval.count", int64(len(rows)))
	}
	p.Shell = f.page(p.Heading)
	p.Section = approvalsSection
	return web.Page(p), nil
}

// waitingFor is what waits for the reader.
func (s *Site) waitingFor(r *web.Request, w speaker) (rows []waiting, err error) {
	decisions, err := procurement.WaitingFor(r.Context(), s.DB, r.Actor)
	for _, d := range decisions {
		rows = append(rows, waiting{name: views.Link{URL: at(w.Tag, approvalsPath+"/"+lowerProject(d.ProjectID)), Text: (&procurement.Project{ID: d.ProjectID}).Code() + " " + d.Name},
			what: w.T("approval.decision", w.T("decision.outcome."+string(d.Outcome))), cents: d.Cents, since: d.SentAt})
	}
	if err != nil {
		return nil, err
	}
	requests, err := s.requestsWaiting(r, w)
	if err != nil {
		return nil, err
	}
	changes, err := s.changesWaiting(r, w)
	return append(append(rows, requests...), changes...), err
}

// lowerProject is the number of a project as addresses hold it.
func lowerProject(id int64) string { return projectPath(id, "")[len(projectsPath)+1:] }

// showApproval shows what an approver is to decide on, with all that it comes from.
func (s *Site) showApproval(r *web.Request) (web.Reply, error) {
	switch {
	case isRequest(r):
		return s.showRequestApproval(r)
	case isChange(r):
		return s.showChangeApproval(r)
	}
	v, err := s.verdict(r, s.fresh(r, nil))
	if err != nil {
		return web.Reply{}, err
	}
	return s.approvalPage(r, v, http.StatusOK)
}

func (s *Site) approvalPage(r *web.Request, v *verdict, status int, notices ...views.Notice) (web.Reply, error) {
	if v.decided.ApproverID != r.Actor.AccountID {
		return web.Reply{}, models.ErrNotFound
	}
	part, err := s.decidedPart(r, v)
	if err != nil {
		return web.Reply{}, err
	}
	part.Forms, part.Links = nil, []views.Link{v.way("", "approval.project"), v.way("/fit", "project.step.fit"), v.way(decisionEnd+"/letters", "decision.letters")}
	page := views.ProjectPage{Heading: v.T("approval.title", v.Name), Tags: []views.Tag{v.stageTag(v.Stage())}, Notices: notices, Parts: []views.ProjectPart{part}}
	if v.decided.State == procurement.Sent {
		page.Parts = append(page.Parts, views.ProjectPart{Heading: v.T("approval.decide"), Forms: []views.Form{v.approvalForm()}})
	}
	if !v.Intact {
		page.Notices = append(page.Notices, views.Notice{Kind: views.Err, Title: v.T("evidence.not_ok"), Text: v.T("decision.altered"), Urgent: true})
	}
	if len(v.Scoring.Criteria) > 0 {
		page.Parts = append(page.Parts, v.rankingPart())
	}
	page.Shell = v.page(page.Heading, v.link(approvalsPath, "section.approvals"))
	page.Section = approvalsSection
	return web.Status(status, page), nil
}

func (v *verdict) approvalForm() views.Form {
	answer := views.Choices{ID: "answer", Name: "answer", Legend: v.T("approval.answer"), One: true, Error: v.problem("answer")}
	for _, one := range []string{"approve", "return"} {
		answer.Options = append(answer.Options, views.Option{Value: one, Text: v.T("approval.answer." + one), Chosen: v.typed("answer") == one})
	}
	return views.Form{Action: at(v.Tag, approvalsPath+"/"+lowerProject(v.ID)), Button: v.T("approval.record"), Hidden: []views.Hidden{revisionField(v.decided.Revision)}, Inputs: []views.Input{{Choices: &answer},
		v.area(views.Area{Name: "reason", Label: v.T("approval.reason"), Hint: v.T("approval.reason_hint"), Rows: wordRows})}}
}

// recordApproval approves a decision, or sends it back.
func (s *Site) recordApproval(r *web.Request) (web.Reply, error) {
	switch {
	case isRequest(r):
		return s.recordRequestApproval(r)
	case isChange(r):
		return s.recordChangeApproval(r)
	}
	v, err := s.verdict(r, s.fresh(r, nil))
	if err != nil {
		return web.Reply{}, err
	}
	reason, done := severalLines(r.Form("reason")), "approval.done.approved"
	err = s.DB.Write(r.Context(), r.Actor, func(tx *db.Tx) error {
		switch r.Form("answer") {
		case "approve":
			return procurement.Approve(r.Context(), tx, s.Schema, s.Index.Layout(), v.ID, seenRevision(r), reason)
		case "return":
			done = "approval.done.returned"
			return procurement.Return(r.Context(), tx, v.ID, seenRevision(r), reason)
		}
		return models.Invalid{"answer": "approval.answer_missing"}
	})
	wrong, bad := invalid(err)
	if !bad && !isConflict(err) {
		return web.SeeOther(at(r.Lang, approvalsPath)).Say(done), err
	}
	now, problem := s.verdict(r, s.posted(r, wrong))
	switch {
	case problem != nil:
		return web.Reply{}, problem
	case bad:
		return s.approvalPage(r, now, http.StatusUnprocessableEntity)
	}
	return s.approvalPage(r, now, http.StatusConflict, views.Notice{Kind: views.Warn, Title: now.T("approval.decided"), Text: now.T("approval.decided_text"), Urgent: true})
}
