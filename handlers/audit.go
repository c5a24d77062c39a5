package handlers

import (
	"context"
	"errors"
	"slices"

	"pilveturg/db"
	"pilveturg/handlers/web"
	"pilveturg/models"
	"pilveturg/models/audit"
	"pilveturg/views"
)

const (
	auditPath    = "/admin/audit"
	eventsOnPage = 50
	mostEvents   = 50_000 // in a file
)

// showAudit shows the events of the log that the address asks for, the newest first.
func (s *Site) showAudit(r *web.Request) (web.Reply, error) {
	a, err := s.askAudit(r)
	if err != nil {
		return web.Reply{}, err
	}
	for _, values := range r.Values() {
		if slices.Contains(values, "") { // a form sends also what nobody filled in
			return web.SeeOther(at(r.Lang, a.address(1))), nil
		}
	}
	var p views.AuditPage
	missing := false
	err = s.DB.Read(r.Context(), func(moment db.Reader) error {
		total, err := audit.Count(r.Context(), moment, a.filter)
		if err != nil {
			return err
		}
		part, ok := cut(r, total, eventsOnPage)
		if missing = !ok; missing {
			return nil
		}
		p, err = s.auditPage(r.Context(), moment, a, part)
		return err
	})
	if missing {
		return web.SeeOther(at(r.Lang, a.address(1))), err
	}
	return web.Status(statusOf(p.Errors), p), err
}

func (s *Site) auditPage(ctx context.Context, r db.Reader, a *auditAsk, part slice) (views.AuditPage, error) {
	events, err := audit.Find(ctx, r, a.filter, part.Page)
	if err != nil {
		return views.AuditPage{}, err
	}
	about, err := s.about(ctx, r, events)
	if err != nil {
		return views.AuditPage{}, err
	}
	p := a.page(part)
	for _, e := range events {
		p.Rows = append(p.Rows, a.done(e, about, true))
	}
	return p, a.fillState(ctx, r, &p)
}

// page is the page without its events.
func (a *auditAsk) page(part slice) views.AuditPage {
	p := views.AuditPage{
		Shell: a.shell("", part.title(a.speaker, a.T("audit.title")), a.home(), a.adminCrumb()), Verify: at(a.Tag, auditPath+"/verification"), Action: at(a.Tag, auditPath),
		Found: a.N("audit.count", int64(part.Total)), Pager: part.pager(a.Tag, a.address),
		Empty: views.Empty{Title: a.T("audit.none"), Text: a.T("audit.none_text"), Action: a.link(auditPath, "audit.all")},
		Head: views.Head{ID: "events", Caption: a.T("audit.caption"), Columns: []views.Column{{Text: a.T("audit.number"), Number: true}, {Text: a.T("audit.when")},
			{Text: a.T("audit.who")}, {Text: a.T("audit.what")}, {Text: a.T("audit.subject")}, {Text: a.T("audit.changes")}, {Text: a.T("audit.from")}}},
	}
	p.NoIndex, p.Section = true, adminSection
	for _, end := range []string{"csv", "json"} {
		p.Formats = append(p.Formats, views.Link{URL: at(a.Tag, withQuery(auditPath+"."+end, a.kept.Encode())), Text: a.T("audit.file." + end)})
	}
	if part.Total > mostEvents {
		p.Limit = a.T("audit.limit", a.Number(mostEvents))
	}
	a.fillForm(&p)
	return p
}

// fillState tells how the log was when it was last verified.
func (a *auditAsk) fillState(ctx context.Context, r db.Reader, p *views.AuditPage) error {
	n, err := audit.Count(ctx, r, audit.Filter{})
	if err != nil {
		return err
	}
	last, when, err := audit.LastReport(ctx, r)
	all := a.N("audit.count", int64(n))
	switch {
	case errors.Is(err, models.ErrNotFound):
		p.State = a.T("audit.unverified", all)
		return nil
	case err != nil:
		return err
	}
	p.Hash = last.Hash
	if last.OK() {
		p.State = a.T("audit.verified", all, a.Time(when), a.N("audit.count", last.Events))
		return nil
	}
	p.State = a.T("audit.not_intact", all, a.Time(when), a.Number(last.Intact))
	p.Broken = views.Notice{Kind: views.Err, Title: a.T("audit.broken"), Text: a.T("audit.broken_text", a.Time(when)), Urgent: true}
	for _, f := range last.Findings {
		p.Faults = append(p.Faults, a.fault(f))
	}
	return nil
}

// fault says what was found, how often, and where first.
func (w speaker) fault(f audit.Finding) string {
	text := w.T("audit.fault." + string(f.Fault))
	if f.First == 0 {
		return w.T("audit.found", text, w.Number(f.Count))
	}
	return w.T("audit.found_first", text, w.Number(f.Count), w.Number(f.First))
}

// verifyAudit reads the whole log, and keeps what it found.
func (s *Site) verifyAudit(r *web.Request) (web.Reply, error) {
	var report audit.Report
	err := s.DB.Read(r.Context(), func(moment db.Reader) (err error) {
		report, err = audit.Verify(r.Context(), moment, "")
		return err
	})
	if err == nil {
		err = s.DB.Write(r.Context(), r.Actor, func(tx *db.Tx) error { return audit.RecordReport(r.Context(), tx, report) })
	}
	return web.SeeOther(at(r.Lang, auditPath)), err
}

// address is the path of the n-th page of what is asked for.
func (a *auditAsk) address(n int) string { return pageAddress(auditPath, a.kept, n) }
