package handlers

import (
	"slices"

	"pilveturg/db"
	"pilveturg/handlers/web"
	"pilveturg/models"
	"pilveturg/models/contracts"
	"pilveturg/views"
)

// remindersPart shows what people were reminded of, and who looks after it; nothing when
// there was no reminder.
func (s *Site) remindersPart(r *web.Request, c *contract) ([]views.ProjectPart, error) {
	all, err := contracts.Reminders(r.Context(), s.DB, c.ID)
	if err != nil || len(all) == 0 {
		return nil, err
	}
	var accounts []int64
	for _, one := range all {
		accounts = append(accounts, one.Account)
	}
	names, err := s.People(r.Context(), accounts)
	if err != nil {
		return nil, err
	}
	part := views.ProjectPart{Heading: c.T("reminder.title")}
	for _, one := range all {
		row := views.Row{Key: c.Time(one.At), Value: views.Words{Text: c.T("reminder.told", c.N("decision.days", int64(one.Days)), c.Date(one.NoticeBy))}, Note: c.T("reminder.open")}
		if one.Account != 0 {
			row.Note = c.T("reminder.seen", c.person(one.Account, names), c.Time(one.SeenAt))
		}
		part.Facts = append(part.Facts, row)
	}
	open := slices.ContainsFunc(all, func(one contracts.Reminder) bool { return one.Account == 0 })
	if open && (contracts.Manages(c.actor) || c.Requester == c.actor.AccountID) {
		part.Forms = []views.Form{{Action: c.here("/reminders"), Button: c.T("reminder.see")}}
	}
	return []views.ProjectPart{part}, nil
}

// seeReminders says that the reader looks after it.
func (s *Site) seeReminders(r *web.Request) (web.Reply, error) {
	c, err := s.contract(r, s.fresh(r, nil), false)
	if err != nil {
		return web.Reply{}, err
	}
	err = s.DB.Write(r.Context(), r.Actor, func(tx *db.Tx) error { return contracts.SeeReminders(r.Context(), tx, c.ID) })
	return web.SeeOther(c.here("")).Say("reminder.done"), err
}

// paidRows word what bodies pay for a service, where enough of them do.
func (s *Site) paidRows(r *web.Request, w speaker, service int64) ([]views.Row, error) {
	bands, err := contracts.Paid(r.Context(), s.DB, service)
	var rows []views.Row
	for _, b := range bands {
		value := w.T("paid.band", w.cents(b.Least), w.cents(b.Middle), w.cents(b.Most))
		key := w.T("paid.flat")
		if b.Unit != "" {
			key = w.T("paid.each", w.unitName(b.Unit, models.Whole(1)))
		}
		rows = append(rows, views.Row{Key: key, Value: views.Words{Text: value}, Note: w.N("reuse.body_count", int64(b.Payers))})
	}
	return rows, err
}
