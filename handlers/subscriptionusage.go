package handlers

import (
	"net/http"

	"pilveturg/db"
	"pilveturg/handlers/web"
	"pilveturg/models"
	"pilveturg/models/contracts"
	"pilveturg/views"
)

// usagePart is how much was used, and where more is said. Vendors see what they said.
func (s *Site) usagePart(r *web.Request, c *contract) (views.ProjectPart, error) {
	part := views.ProjectPart{Heading: c.T("usage.title")}
	all, err := contracts.Usage(r.Context(), s.DB, c.ID)
	if err != nil {
		return part, err
	}
	changes, err := contracts.Amendments(r.Context(), s.DB, c.ID)
	if err != nil {
		return part, err
	}
	for _, m := range all {
		if c.vendor && m.Source != contracts.ByVendor {
			continue
		}
		terms := c.TermsOn(m.End(), changes)
		row := views.Row{Key: c.Month(m.Begin()), Value: views.Words{Text: c.T("usage.of", c.Number(m.Used), c.Number(m.Assigned), c.termsQuantity(terms))}}
		cents, counted := terms.Unused(m)
		switch {
		case m.Source == contracts.ByVendor:
			row.Note = c.T("usage.by_vendor")
		case counted:
			row.Note = c.T("usage.unused", c.cents(cents))
		}
		part.Facts = append(part.Facts, row)
	}
	if len(part.Facts) == 0 {
		part.Text = []string{c.T("usage.none")}
	}
	if c.notesUsage() {
		part.Links = []views.Link{{URL: c.here("/usage"), Text: c.T("usage.note")}}
	}
	return part, nil
}

// notesUsage reports whether the reader says how much is used.
func (c *contract) notesUsage() bool { return c.vendor || contracts.Manages(c.actor) }

// termsQuantity says how many were bought.
func (w speaker) termsQuantity(t contracts.Terms) string {
	n, ok := t.Bought()
	if !ok {
		return w.T("request.no_unit")
	}
	return w.counted(n, t.Unit)
}

// showUsage asks how much was used in a month.
func (s *Site) showUsage(vendor bool) web.Handler {
	return func(r *web.Request) (web.Reply, error) {
		c, err := s.contract(r, s.fresh(r, map[string]string{"month": models.DateOf(s.today()).String()[:7]}), vendor)
		if err != nil {
			return web.Reply{}, err
		}
		return s.usageForm(c, http.StatusOK)
	}
}

func (s *Site) usageForm(c *contract, status int) (web.Reply, error) {
	if !c.notesUsage() {
		return web.Reply{}, models.ErrForbidden
	}
	page := views.FormPage{Heading: c.T("usage.note"), Text: []string{c.T("usage.text", c.quantityWords(&c.Subscription))}, Form: views.Form{Action: c.here("/usage"), Button: c.T("form.save"), Inputs: []views.Input{
		c.field(views.Field{Name: "month", Label: c.T("usage.month"), Hint: c.T("usage.month_hint"), Width: "w12", Needed: true}),
		c.field(views.Field{Name: "assigned", Label: c.T("usage.assigned"), Mode: "numeric", Width: "w12", Needed: true}),
		c.field(views.Field{Name: "used", Label: c.T("usage.used"), Mode: "numeric", Width: "w12", Needed: true})}}, Links: []views.Link{{URL: c.here(""), Text: c.name.Text}}}
	page.Shell = c.shellOf(page.Heading)
	return web.Status(status, page), nil
}

// saveUsage notes how much was used in a month.
func (s *Site) saveUsage(vendor bool) web.Handler {
	return func(r *web.Request) (web.Reply, error) {
		c, err := s.contract(r, s.fresh(r, nil), vendor)
		if err != nil {
			return web.Reply{}, err
		}
		m := contracts.Month{Month: clean(r.Form("month")), Assigned: int64(typedPoints(r.Form("assigned"))), Used: int64(typedPoints(r.Form("used")))}
		err = s.DB.Write(r.Context(), r.Actor, func(tx *db.Tx) error {
			if vendor {
				return contracts.ReportUsage(r.Context(), tx, c.ID, m)
			}
			return contracts.NoteUsage(r.Context(), tx, c.ID, m)
		})
		if wrong, ok := invalid(err); ok {
			c.filled = s.posted(r, wrong)
			return s.usageForm(c, http.StatusUnprocessableEntity)
		}
		return web.SeeOther(c.here("")).Say("usage.done"), err
	}
}
