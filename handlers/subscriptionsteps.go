package handlers

import (
	"net/http"
	"strings"

	"pilveturg/db"
	"pilveturg/handlers/web"
	"pilveturg/models"
	"pilveturg/models/contracts"
	"pilveturg/views"
)

// ordersPath is where vendors answer what was ordered.
const ordersPath = "/vendor/orders"

// stepRenew is a step that leaves a subscription where it stands.
const stepRenew contracts.Step = "renew"

// stepMove is the move that the address names, as the subscription stands now.
func (c *contract) stepMove(r *web.Request) (contracts.Move, error) {
	side := contracts.Buying
	if c.vendor {
		side = contracts.Selling
	}
	step := contracts.Step(r.Param("step"))
	for _, m := range contracts.Steps(side, c.State) {
		if m.Step == step {
			return m, nil
		}
	}
	if step == stepRenew && !c.vendor && (c.State == contracts.Active || c.State == contracts.Suspended) {
		return contracts.Move{Step: stepRenew, Side: side, From: c.State, To: c.State}, nil
	}
	for _, m := range contracts.Moves() {
		if m.Step == step && m.Side == side {
			return m, models.ErrConflict // it was moved on meanwhile
		}
	}
	return contracts.Move{}, models.ErrNotFound
}

// showStep asks for what a step needs.
func (s *Site) showStep(vendor bool) web.Handler {
	return func(r *web.Request) (web.Reply, error) {
		c, err := s.contract(r, s.fresh(r, map[string]string{"day": models.DateOf(s.today()).String()}), vendor)
		if err != nil {
			return web.Reply{}, err
		}
		m, err := c.stepMove(r)
		if err != nil {
			return web.Reply{}, err
		}
		if m.Step == contracts.Accept {
			if err := s.usualTasks(r, c); err != nil {
				return web.Reply{}, err
			}
		}
		return s.stepForm(c, m, http.StatusOK)
	}
}

func (s *Site) stepForm(c *contract, m contracts.Move, status int, notices ...views.Notice) (web.Reply, error) {
	step := string(m.Step)
	page := views.FormPage{Heading: c.T("subscription.step." + step), Text: []string{c.T("subscription.step_text." + step)}, Notices: notices,
		Form:  views.Form{Action: c.here("/steps/" + step), Button: c.T("subscription.step." + step), Hidden: []views.Hidden{revisionField(c.Revision)}, Stop: m.Step == contracts.End || m.Step == contracts.Cancel || m.Step == contracts.Decline},
		Links: []views.Link{{URL: c.here(""), Text: c.Code() + " " + c.name.Text}}}
	if m.Step == contracts.End && c.State != contracts.Accepted {
		page.Text = append(page.Text, c.T("subscription.earliest", c.Date(models.DateOf(s.today()).AddDays(c.NoticeDays))))
	}
	switch m.Step {
	case contracts.Begin, contracts.End, contracts.Finish:
		page.Form.Inputs = append(page.Form.Inputs, c.field(views.Field{Name: "day", Label: c.T("subscription.day." + step), Kind: "date", Width: "w12", Needed: true}))
	}
	if m.Step != stepRenew {
		hint := c.T("subscription.words_hint")
		if m.Reason {
			hint = c.T("subscription.words_needed")
		}
		page.Form.Inputs = append(page.Form.Inputs, c.area(views.Area{Name: "words", Label: c.T("subscription.words." + c.wordsOf(m.Step)), Hint: hint, Rows: wordRows}))
	}
	if m.Step == contracts.Accept {
		page.Form.Inputs = append(page.Form.Inputs, c.area(views.Area{Name: "ours", Label: c.T("onboarding.ours"), Hint: c.T("onboarding.tasks_hint"), Rows: wordRows}),
			c.area(views.Area{Name: "theirs", Label: c.T("onboarding.theirs"), Hint: c.T("onboarding.tasks_hint"), Rows: wordRows}))
	}
	page.Shell = c.shellOf(page.Heading)
	return web.Status(status, page), nil
}

// usualTasks fills in what the vendor asked for when it set the service up the last
// time, or, at the first time, what most services need.
func (s *Site) usualTasks(r *web.Request, c *contract) error {
	values := map[string]string{}
	for field, side := range map[string]contracts.Side{"ours": contracts.Selling, "theirs": contracts.Buying} {
		lines, err := contracts.LastTasks(r.Context(), s.DB, c.OfferingID, side)
		if err != nil {
			return err
		}
		values[field] = strings.Join(lines, "\n")
	}
	if values["ours"] == "" && values["theirs"] == "" {
		values["ours"], values["theirs"] = c.T("onboarding.usual_ours"), c.T("onboarding.usual_theirs")
	}
	c.filled = s.fresh(r, values)
	return nil
}

// wordsOf says what the words of a step are.
func (c *contract) wordsOf(step contracts.Step) string {
	switch step {
	case contracts.Ask:
		return "question"
	case contracts.Reply:
		return "answer"
	case contracts.Accept, contracts.Resend, contracts.Begin, contracts.Finish, contracts.Resume:
		return "note"
	}
	return "reason"
}

// makeStep moves a subscription on.
func (s *Site) makeStep(vendor bool) web.Handler {
	return func(r *web.Request) (web.Reply, error) {
		c, err := s.contract(r, s.fresh(r, nil), vendor)
		if err != nil {
			return web.Reply{}, err
		}
		d := contracts.Deed{Step: contracts.Step(r.Param("step")), Words: severalLines(r.Form("words")), Ours: severalLines(r.Form("ours")), Theirs: severalLines(r.Form("theirs"))}
		d.Day, _ = models.ParseDate(strings.TrimSpace(r.Form("day"))) // no day is refused where one is needed
		err = s.DB.Write(r.Context(), r.Actor, func(tx *db.Tx) error {
			switch {
			case vendor:
				return contracts.Take(r.Context(), tx, c.ID, seenRevision(r), d)
			case d.Step == stepRenew:
				return contracts.Renew(r.Context(), tx, c.ID, seenRevision(r))
			}
			return contracts.Do(r.Context(), tx, c.ID, seenRevision(r), d)
		})
		wrong, bad := invalid(err)
		if !bad && !isConflict(err) {
			return web.SeeOther(c.here("")).Say("subscription.done"), err
		}
		now, problem := s.contract(r, s.posted(r, wrong), vendor)
		if problem != nil {
			return web.Reply{}, problem
		}
		m, gone := now.stepMove(r)
		if gone != nil {
			return web.Reply{}, gone // what it was is not what it is
		}
		if bad {
			return s.stepForm(now, m, http.StatusUnprocessableEntity)
		}
		return s.stepForm(now, m, http.StatusConflict, views.Notice{Kind: views.Warn, Title: now.T("subscription.differs"), Text: now.T("project.differs_text"), Urgent: true})
	}
}

// listOrders lists what was ordered from the vendor.
func (s *Site) listOrders(r *web.Request) (web.Reply, error) {
	f := s.fresh(r, nil)
	rows, err := contracts.Orders(r.Context(), s.DB, r.Actor)
	if err != nil {
		return web.Reply{}, err
	}
	var orgs []int64
	for _, one := range rows {
		orgs = append(orgs, one.OrgID)
	}
	bodies, err := s.bodiesOf(r, f.speaker, orgs)
	if err != nil {
		return web.Reply{}, err
	}
	names := map[int64]views.Words{}
	g := &grid[contracts.Subscription]{speaker: f.speaker, id: "orders", caption: f.T("order.caption"), empty: views.Empty{Title: f.T("order.none"), Text: f.T("order.none_text")},
		fill: func(rows []contracts.Subscription) error { return s.serviceNames(r, f.speaker, rows, names) },
		columns: []column[contracts.Subscription]{
			{head: f.T("subscription.number"), cell: func(c contracts.Subscription) views.Cell {
				to := contract{filled: f, Subscription: c, vendor: true}
				return views.Cell{Link: views.Link{URL: to.here(""), Text: c.Code() + " " + names[c.ID].Text}, Lines: []string{bodies[c.OrgID]}}
			}},
			{head: f.T("admin.state"), cell: func(c contracts.Subscription) views.Cell {
				return views.Cell{Tags: []views.Tag{f.subscriptionTag(c.State)}}
			}},
			{head: f.T("request.quantity"), cell: func(c contracts.Subscription) views.Cell { return words(f.quantityWords(&c)) }},
			{head: f.T("request.year"), number: true, cell: func(c contracts.Subscription) views.Cell { return words(f.cents(c.Year)) }},
			{head: f.T("order.at"), cell: func(c contracts.Subscription) views.Cell { return words(f.Time(c.OrderedAt)) }}}}
	table, err := g.table(r, rows, whole(len(rows)))
	page := views.ListPage{Heading: f.T("order.title"), Text: []string{f.T("order.text")}, Table: table}
	page.Shell = f.page(page.Heading, f.link(vendorHome, "section."+vendorSection))
	page.Section = vendorSection
	return web.Page(page), err
}

// showOrder shows what was ordered, to the vendor.
func (s *Site) showOrder(r *web.Request) (web.Reply, error) {
	c, err := s.contract(r, s.fresh(r, nil), true)
	if err != nil {
		return web.Reply{}, err
	}
	return s.contractPage(r, c)
}
