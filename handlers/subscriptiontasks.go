package handlers

import (
	"net/http"

	"pilveturg/db"
	"pilveturg/handlers/web"
	"pilveturg/models"
	"pilveturg/models/contracts"
	"pilveturg/views"
)

// side is the reader's.
func (c *contract) side() contracts.Side {
	if c.vendor {
		return contracts.Selling
	}
	return contracts.Buying
}

// works reports whether the reader moves the setting up on.
func (c *contract) works() bool {
	return (c.State == contracts.Accepted || c.State == contracts.Active) && !c.OrderedAt.IsZero() &&
		(c.vendor || contracts.Manages(c.actor) || c.Requester == c.actor.AccountID && contracts.Buys(c.actor))
}

// tasksPart is what both sides do before the first use; nothing when nobody has said so
// and nobody can.
func (s *Site) tasksPart(r *web.Request, c *contract) ([]views.ProjectPart, error) {
	all, err := contracts.Tasks(r.Context(), s.DB, c.ID)
	if err != nil || len(all) == 0 && (!c.works() || c.State != contracts.Accepted) {
		return nil, err
	}
	part := views.ProjectPart{Heading: c.T("onboarding.title")}
	done := 0
	for i := range all {
		t := &all[i]
		row := views.Row{Key: c.T("onboarding.side." + string(t.Side)), Value: views.Words{Text: t.Words}, Note: c.T("onboarding.open")}
		switch {
		case t.DoneBy != 0:
			row.Note = c.T("onboarding.done_at", c.Time(t.DoneAt))
			done++
		case !t.Due.IsZero():
			row.Note = c.T("onboarding.due_by", c.Date(t.Due))
		}
		part.Facts = append(part.Facts, row)
	}
	if len(all) > 0 {
		part.Text = []string{c.T("onboarding.progress", c.Number(int64(done)), c.Number(int64(len(all))))}
	} else {
		part.Text = []string{c.T("onboarding.none")}
	}
	if c.works() {
		part.Links = []views.Link{{URL: c.here("/onboarding"), Text: c.T("onboarding.work")}}
	}
	return []views.ProjectPart{part}, nil
}

// showOnboarding asks what of the reader's side is done, and what there is to do besides.
func (s *Site) showOnboarding(vendor bool) web.Handler {
	return func(r *web.Request) (web.Reply, error) {
		c, err := s.contract(r, s.fresh(r, map[string]string{"side": ""}), vendor)
		if err != nil {
			return web.Reply{}, err
		}
		return s.onboardingForm(r, c, http.StatusOK)
	}
}

func (s *Site) onboardingForm(r *web.Request, c *contract, status int) (web.Reply, error) {
	if !c.works() {
		return web.SeeOther(c.here("")), nil
	}
	all, err := contracts.Tasks(r.Context(), s.DB, c.ID)
	if err != nil {
		return web.Reply{}, err
	}
	page := views.ProjectPage{Heading: c.T("onboarding.title")}
	for i := range all {
		t := &all[i]
		if t.Side != c.side() {
			continue
		}
		button, done := "onboarding.tick", "1"
		if t.DoneBy != 0 {
			button, done = "onboarding.reopen", ""
		}
		form := views.Form{Action: c.here("/onboarding/" + c.plain(t.ID)), Button: c.T(button, t.Words), Hidden: []views.Hidden{{Name: "done", Value: done}}}
		part := views.ProjectPart{Heading: t.Words, Forms: []views.Form{form}}
		if t.DoneBy != 0 {
			part.Text = []string{c.T("onboarding.done_at", c.Time(t.DoneAt))}
		} else if !t.Due.IsZero() {
			part.Text = []string{c.T("onboarding.due_by", c.Date(t.Due))}
		}
		page.Parts = append(page.Parts, part)
	}
	side := views.Choices{ID: "side", Name: "side", Legend: c.T("onboarding.whose"), One: true, Error: c.problem("side")}
	for _, one := range []contracts.Side{contracts.Buying, contracts.Selling} {
		side.Options = append(side.Options, views.Option{Value: string(one), Text: c.T("onboarding.side." + string(one)), Chosen: c.typed("side") == string(one)})
	}
	page.Parts = append(page.Parts, views.ProjectPart{Heading: c.T("onboarding.add"), Forms: []views.Form{{Action: c.here("/onboarding"), Button: c.T("onboarding.add"), Inputs: []views.Input{{Choices: &side},
		c.area(views.Area{Name: "tasks", Label: c.T("onboarding.tasks"), Hint: c.T("onboarding.tasks_hint"), Rows: wordRows}),
		c.field(views.Field{Name: "due", Label: c.T("onboarding.due"), Kind: "date", Width: "w12"})}}}})
	page.Links = []views.Link{{URL: c.here(""), Text: c.Code() + " " + c.name.Text}}
	page.Shell = c.shellOf(page.Heading)
	return web.Status(status, page), nil
}

// addOnboarding adds what there is to do.
func (s *Site) addOnboarding(vendor bool) web.Handler {
	return func(r *web.Request) (web.Reply, error) {
		c, err := s.contract(r, s.posted(r, nil), vendor)
		if err != nil {
			return web.Reply{}, err
		}
		unread := models.Invalid{}
		due := typedDay(r, "due", unread)
		err = s.DB.Write(r.Context(), r.Actor, func(tx *db.Tx) error {
			if len(unread) > 0 {
				return unread
			}
			return contracts.AddTasks(r.Context(), tx, c.ID, c.side(), contracts.Side(r.Form("side")), severalLines(r.Form("tasks")), due)
		})
		if wrong, bad := invalid(err); bad {
			c.filled = s.posted(r, wrong)
			return s.onboardingForm(r, c, http.StatusUnprocessableEntity)
		}
		return web.SeeOther(c.here("/onboarding")).Say("onboarding.added"), err
	}
}

// tickOnboarding notes that something is done, or not after all.
func (s *Site) tickOnboarding(vendor bool) web.Handler {
	return func(r *web.Request) (web.Reply, error) {
		c, err := s.contract(r, s.fresh(r, nil), vendor)
		if err != nil {
			return web.Reply{}, err
		}
		task, err := numberIn(r, "task")
		if err != nil {
			return web.Reply{}, err
		}
		err = s.DB.Write(r.Context(), r.Actor, func(tx *db.Tx) error {
			return contracts.TickTask(r.Context(), tx, c.ID, c.side(), task, r.Form("done") == "1")
		})
		return web.SeeOther(c.here("/onboarding")).Say("onboarding.noted"), err
	}
}
