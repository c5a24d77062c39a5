package handlers

import (
	"net/http"
	"strconv"
	"strings"

	"pilveturg/db"
	"pilveturg/handlers/web"
	"pilveturg/models"
	"pilveturg/models/contracts"
	"pilveturg/views"
)

// isRequest reports whether the address names a request, not a project.
func isRequest(r *web.Request) bool {
	return strings.HasPrefix(r.Param("approval"), contracts.Prefix)
}

// fieldRound says which round of a request somebody has seen.
const fieldRound = "round"

// requestsWaiting are the requests that wait for the reader.
func (s *Site) requestsWaiting(r *web.Request, w speaker) (rows []waiting, err error) {
	all, err := contracts.WaitingFor(r.Context(), s.DB, r.Actor)
	if err != nil {
		return nil, err
	}
	names := map[int64]views.Words{}
	if err := s.serviceNames(r, w, all, names); err != nil {
		return nil, err
	}
	for i := range all {
		one := &all[i]
		rows = append(rows, waiting{name: views.Link{URL: at(w.Tag, approvalsPath+"/"+contracts.Prefix+strconv.FormatInt(one.ID, 10)), Text: one.Code() + " " + names[one.ID].Text},
			what: w.T("approval.request", w.quantityWords(one)), cents: one.First(), since: one.At})
	}
	return rows, nil
}

// showRequestApproval shows a request to who may approve it: what it costs, what is left
// of the money after it, and what became of it.
func (s *Site) showRequestApproval(r *web.Request) (web.Reply, error) {
	c, err := s.contract(r, s.fresh(r, nil), false)
	if err != nil {
		return web.Reply{}, err
	}
	return s.requestApprovalPage(r, c, http.StatusOK)
}

func (s *Site) requestApprovalPage(r *web.Request, c *contract, status int, notices ...views.Notice) (web.Reply, error) {
	facts, err := s.contractFacts(r, c)
	if err != nil {
		return web.Reply{}, err
	}
	budget, err := contracts.FindBudget(r.Context(), s.DB, c.OrgID, c.BudgetID)
	if err != nil {
		return web.Reply{}, err
	}
	page := views.ProjectPage{Heading: c.T("approval.request_title", c.name.Text), Tags: []views.Tag{c.subscriptionTag(c.State)}, Notices: notices, Facts: append(facts, views.Row{Key: c.T("request.first"), Value: views.Words{Text: c.cents(c.First())}})}
	if c.State == contracts.Requested {
		page.Notices = append(page.Notices, c.enough(budget, c.First()))
		if r.Actor.Is(models.Approver) && c.Requester != r.Actor.AccountID && r.Actor.Limit >= c.First() {
			page.Parts = append(page.Parts, views.ProjectPart{Heading: c.T("approval.decide"), Forms: []views.Form{c.approvalForm()}})
		}
	}
	history, err := s.historyPart(r, c)
	if err != nil {
		return web.Reply{}, err
	}
	page.Parts = append(page.Parts, history)
	page.Shell = c.page(page.Heading, c.link(approvalsPath, "section.approvals"))
	page.Section = approvalsSection
	return web.Status(status, page), nil
}

func (c *contract) approvalForm() views.Form {
	answer := views.Choices{ID: "answer", Name: "answer", Legend: c.T("approval.answer"), One: true, Error: c.problem("answer")}
	for _, one := range []contracts.Step{contracts.Approve, contracts.Return, contracts.Refuse} {
		answer.Options = append(answer.Options, views.Option{Value: string(one), Text: c.T("approval.answer." + string(one)), Chosen: c.typed("answer") == string(one)})
	}
	return views.Form{Action: at(c.Tag, approvalsPath+"/"+contracts.Prefix+strconv.FormatInt(c.ID, 10)), Button: c.T("approval.record"), Hidden: []views.Hidden{{Name: fieldRound, Value: strconv.Itoa(c.Round)}}, Inputs: []views.Input{{Choices: &answer},
		c.area(views.Area{Name: "words", Label: c.T("approval.reason"), Hint: c.T("approval.reason_hint"), Rows: wordRows})}}
}

// recordRequestApproval approves a request, sends it back, or refuses it.
func (s *Site) recordRequestApproval(r *web.Request) (web.Reply, error) {
	c, err := s.contract(r, s.fresh(r, nil), false)
	if err != nil {
		return web.Reply{}, err
	}
	round, _ := strconv.Atoi(r.Form(fieldRound)) // none is no round
	step := contracts.Step(r.Form("answer"))
	err = s.DB.Write(r.Context(), r.Actor, func(tx *db.Tx) error {
		if step != contracts.Approve && step != contracts.Return && step != contracts.Refuse {
			return models.Invalid{"answer": "approval.answer_missing"}
		}
		return contracts.Vote(r.Context(), tx, c.ID, round, contracts.Deed{Step: step, Words: severalLines(r.Form("words"))})
	})
	wrong, bad := invalid(err)
	if !bad && !isConflict(err) {
		return web.SeeOther(at(r.Lang, approvalsPath)).Say("approval.done." + string(step)), err
	}
	now, problem := s.contract(r, s.posted(r, wrong), false)
	switch {
	case problem != nil:
		return web.Reply{}, problem
	case bad:
		return s.requestApprovalPage(r, now, http.StatusUnprocessableEntity)
	}
	return s.requestApprovalPage(r, now, http.StatusConflict, views.Notice{Kind: views.Warn, Title: now.T("approval.decided"), Text: now.T("approval.decided_text"), Urgent: true})
}
