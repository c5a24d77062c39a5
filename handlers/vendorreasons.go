package handlers

import (
	"pilveturg/handlers/web"
	"pilveturg/models/procurement"
	"pilveturg/views"
)

// reasonsPath is where vendors learn from decisions.
const reasonsPath = marketPath + "/reasons"

// showReasons shows a vendor why its services were not chosen, and what buyers ask that
// no service meets: in figures, from at least three, and never who.
func (s *Site) showReasons(r *web.Request) (web.Reply, error) {
	f := s.fresh(r, nil)
	why, err := procurement.FindWhyNot(r.Context(), s.DB, r.Actor)
	if err != nil {
		return web.Reply{}, err
	}
	page := views.ProjectPage{Heading: f.T("reason.title"), Text: []string{f.T("reason.text", f.Number(procurement.LeastCases))}, Parts: []views.ProjectPart{f.whyPart(&why)}}
	if s.searchable() == nil {
		unmet, err := procurement.NobodyMeets(r.Context(), s.DB, s.Index, s.Schema)
		if err != nil {
			return web.Reply{}, err
		}
		page.Parts = append(page.Parts, f.unmetPart(unmet))
	}
	page.Shell = f.page(page.Heading, f.link(vendorHome, "vendor.home"), f.link(marketPath, "market.title"))
	page.Section = vendorSection
	return web.Page(page), nil
}

func (f *filled) whyPart(w *procurement.WhyNot) views.ProjectPart {
	part := views.ProjectPart{Heading: f.T("reason.why")}
	if w.Considered == 0 {
		part.Text = []string{f.T("reason.too_few")}
		return part
	}
	row := func(key string, n int) views.Row {
		return views.Row{Key: f.T(key), Value: views.Words{Text: f.N("project.count", int64(n))}}
	}
	part.Facts = []views.Row{row("reason.considered", w.Considered), row("reason.chosen", w.Chosen)}
	if w.Kept > 0 {
		part.Facts = append(part.Facts, row("reason.kept", w.Kept))
	}
	if len(w.Missed) == 0 {
		return part
	}
	t := &views.Table{Head: views.Head{ID: "missed", Caption: f.T("reason.missed"), Quiet: true, Columns: []views.Column{{Text: f.T("requirement.name")}, {Text: f.T("section.projects"), Number: true}}}}
	for _, m := range w.Missed {
		t.Rows = append(t.Rows, views.TableRow{{Label: f.T("requirement.name"), Link: views.Link{Text: m.Words}}, {Label: f.T("section.projects"), Number: true, Link: views.Link{Text: f.Number(int64(m.Projects))}}})
	}
	part.Table = t
	return part
}

func (f *filled) unmetPart(unmet []procurement.Unmet) views.ProjectPart {
	part := views.ProjectPart{Heading: f.T("reason.unmet")}
	if len(unmet) == 0 {
		part.Text = []string{f.T("reason.no_unmet")}
		return part
	}
	t := &views.Table{Head: views.Head{ID: "unmet", Caption: f.T("reason.unmet_caption"), Quiet: true, Columns: []views.Column{{Text: f.T("requirement.name")}, {Text: f.T("reuse.bodies"), Number: true}}}}
	for _, u := range unmet {
		t.Rows = append(t.Rows, views.TableRow{{Label: f.T("requirement.name"), Link: views.Link{Text: u.Words}}, {Label: f.T("reuse.bodies"), Number: true, Link: views.Link{Text: f.Number(int64(u.Bodies))}}})
	}
	part.Table = t
	return part
}
