package handlers

import (
	"net/http"
	"strconv"
	"strings"

	"pilveturg/handlers/web"
	"pilveturg/models"
	"pilveturg/models/contracts"
	"pilveturg/views"
)

// isChange reports whether the address names a change of a subscription.
func isChange(r *web.Request) bool {
	return strings.HasPrefix(r.Param("approval"), contracts.ChangePrefix)
}

// changesWaiting are the changes that wait for the reader.
func (s *Site) changesWaiting(r *web.Request, w speaker) (rows []waiting, err error) {
	all, err := contracts.ChangesWaitingFor(r.Context(), s.DB, r.Actor)
	if err != nil || len(all) == 0 {
		return nil, err
	}
	subscriptions, err := contracts.All(r.Context(), s.DB, r.Actor)
	if err != nil {
		return nil, err
	}
	names := map[int64]views.Words{}
	if err := s.serviceNames(r, w, subscriptions, names); err != nil {
		return nil, err
	}
	for i := range all {
		one := &all[i]
		rows = append(rows, waiting{name: views.Link{URL: at(w.Tag, changeApprovalPath(one.ID)), Text: one.Code() + " " + names[one.SubID].Text},
			what: w.T("approval.change", w.termsQuantity(one.Old()), w.termsQuantity(one.New())), cents: one.Total(), since: one.At})
	}
	return rows, nil
}

func changeApprovalPath(id int64) string {
	return approvalsPath + "/" + contracts.ChangePrefix + strconv.FormatInt(id, 10)
}

// changeToApprove is the change that the address names, with its subscription.
func (s *Site) changeToApprove(r *web.Request, f *filled) (*contract, *contracts.Amendment, error) {
	id, ok := parseName(r.Param("approval"), contracts.ChangePrefix)
	if !ok || changeApprovalPath(id) != approvalsPath+"/"+r.Param("approval") {
		return nil, nil, models.ErrNotFound
	}
	a, of, err := contracts.FindAmendment(r.Context(), s.DB, r.Actor, id, false)
	if err != nil {
		return nil, nil, err
	}
	c, err := s.contractOf(r, f, of, false)
	return c, &a, err
}

// showChangeApproval shows a change to who may approve it.
func (s *Site) showChangeApproval(r *web.Request) (web.Reply, error) {
	c, a, err := s.changeToApprove(r, s.fresh(r, nil))
	if err != nil {
		return web.Reply{}, err
	}
	return s.changeApprovalPage(r, c, a, http.StatusOK)
}

func (s *Site) changeApprovalPage(r *web.Request, c *contract, a *contracts.Amendment, status int, notices ...views.Notice) (web.Reply, error) {
	page := views.ProjectPage{Heading: c.T("approval.change_title", c.name.Text), Tags: []views.Tag{c.changeTag(a.State)}, Notices: notices, Facts: c.changeFacts(a),
		Links: []views.Link{{URL: c.here(""), Text: c.Code() + " " + c.name.Text}}}
	page.Facts = append(page.Facts, views.Row{Key: c.T("amendment.extra"), Value: views.Words{Text: c.cents(a.Extra)}})
	if a.State == contracts.ChangeRequested {
		if c.BudgetID != 0 {
			budget, err := contracts.FindBudget(r.Context(), s.DB, c.OrgID, c.BudgetID)
			if err != nil {
				return web.Reply{}, err
			}
			page.Notices = append(page.Notices, c.enough(budget, a.Extra))
		}
		if r.Actor.Is(models.Approver) && a.Requester != r.Actor.AccountID && r.Actor.Limit >= a.Total() {
			page.Parts = append(page.Parts, views.ProjectPart{Heading: c.T("approval.decide"), Forms: []views.Form{c.changeAnswer(a, at(c.Tag, changeApprovalPath(a.ID)), contracts.Approve, contracts.Refuse)}})
		}
	}
	page.Shell = c.page(page.Heading, c.link(approvalsPath, "section.approvals"))
	page.Section = approvalsSection
	return web.Status(status, page), nil
}

// enough says whether there is money for something on a line of the budget.
func (c *contract) enough(budget contracts.Budget, cents int64) views.Notice {
	left := budget.Left() - cents
	if left < 0 {
		return views.Notice{Kind: views.Err, Title: c.T("approval.not_enough"), Text: c.T("approval.missing", c.cents(-left), budget.Code)}
	}
	return views.Notice{Kind: views.OK, Title: c.T("approval.enough"), Text: c.T("approval.left", c.cents(left), budget.Code)}
}

// recordChangeApproval approves a change, or refuses it.
func (s *Site) recordChangeApproval(r *web.Request) (web.Reply, error) {
	_, a, err := s.changeToApprove(r, s.fresh(r, nil))
	if err != nil {
		return web.Reply{}, err
	}
	err = s.takeAnswer(r, a, contracts.VoteChange, contracts.Approve, contracts.Refuse)
	wrong, bad := invalid(err)
	if !bad && !isConflict(err) {
		return web.SeeOther(at(r.Lang, approvalsPath)).Say("approval.done." + r.Form("answer")), err
	}
	c, a, problem := s.changeToApprove(r, s.posted(r, wrong))
	switch {
	case problem != nil:
		return web.Reply{}, problem
	case bad:
		return s.changeApprovalPage(r, c, a, http.StatusUnprocessableEntity)
	}
	return s.changeApprovalPage(r, c, a, http.StatusConflict, views.Notice{Kind: views.Warn, Title: c.T("approval.decided"), Text: c.T("approval.decided_text"), Urgent: true})
}
