package handlers

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"

	"pilveturg/db"
	"pilveturg/handlers/web"
	"pilveturg/models"
	"pilveturg/models/catalogue"
	"pilveturg/models/publishing"
	"pilveturg/views"
)

const (
	confirmEnd   = "/confirm"                // after the path of a listing
	fieldSection = "section"                 // of a listing
	soonMonths   = catalogue.FreshMonths - 1 // after so many months something is soon stale
)

func confirmPath(offering int64) string {
	return vendorListingsPath + "/" + strconv.FormatInt(offering, 10) + confirmEnd
}

// showConfirm shows those who write a listing when what it says was last confirmed.
func (s *Site) showConfirm(r *web.Request) (web.Reply, error) {
	id, err := numberIn(r, "listing")
	if err != nil {
		return web.Reply{}, err
	}
	l, err := publishing.LookOver(r.Context(), s.DB, r.Actor, id)
	if err != nil {
		return web.Reply{}, err
	}
	p, err := s.confirmPage(r, s.fresh(r, nil), l)
	return web.Page(p), err
}

func (s *Site) confirmPage(r *web.Request, f *filled, l publishing.Looked) (views.RecordPage, error) {
	today := models.DateOf(s.today())
	name, _ := f.nameAndSummary(l.Edition.Words)
	service := views.Link{URL: at(f.Tag, servicePath(l.Offering.ID, l.Offering.Slug)), Text: name.Text, Lang: name.Lang}
	p := views.RecordPage{Heading: f.T("confirm.title", name.Text), Text: []string{f.T("confirm.text", f.N("confirm.months", catalogue.FreshMonths))},
		Links: []views.Link{service, f.link("/help/freshness", "confirm.help")}}
	stale := 0
	for _, point := range l.Points {
		if point.Own && point.Stale(today) {
			stale++
		}
	}
	if stale > 0 {
		p.Notices = []views.Notice{{Kind: views.Warn, Text: f.N("confirm.stale", int64(stale))}}
	} else {
		p.Notices = []views.Notice{{Kind: views.OK, Text: f.T("confirm.fresh")}}
	}
	for _, section := range s.confirmSections() {
		points := slices.DeleteFunc(slices.Clone(l.Points), func(point catalogue.Point) bool {
			return publishing.SectionOf(s.Schema, point) != section
		})
		if len(points) == 0 {
			continue
		}
		one, err := s.confirmSection(r, f, l, section, points, today)
		if err != nil {
			return p, err
		}
		p.Sections = append(p.Sections, one)
	}
	p.Shell = f.page(p.Heading, service)
	p.Section = "vendor"
	return p, nil
}

// confirmSections are what is confirmed in one go, in the order of the page of a
// service.
func (s *Site) confirmSections() []string {
	ids := []string{catalogue.OfTexts, catalogue.OfPrices}
	for _, section := range s.Schema.Sections {
		ids = append(ids, section.ID)
	}
	return ids
}

// confirmName is what such a section is called.
func (w speaker) confirmName(id string) string {
	for _, section := range w.schema.Sections {
		if section.ID == id {
			return views.In(section.Names, w.Tag).Text
		}
	}
	return w.T("confirm.of." + id)
}

// confirmSection is a table of what a section says, with the button that confirms it.
func (s *Site) confirmSection(r *web.Request, f *filled, l publishing.Looked, section string, points []catalogue.Point, today models.Date) (views.Section, error) {
	a, name, due := f.answered(l.Edition.Content, today), f.confirmName(section), 0
	for _, point := range points {
		if point.Own && point.On.Before(today) {
			due++
		}
	}
	g := grid[catalogue.Point]{speaker: f.speaker, id: "confirm-" + section, caption: name, columns: []column[catalogue.Point]{
		{head: f.T("declaration.question"), cell: func(point catalogue.Point) views.Cell {
			q, ok := s.Schema.Question(point.Question)
			if !ok {
				return words(f.T("confirm.of." + point.Question))
			}
			return words(a.label(q).Text)
		}},
		{head: f.T("declaration.answer"), cell: func(point catalogue.Point) views.Cell { return s.confirmCell(a, l, point) }},
		{head: f.T("confirm.on"), cell: func(point catalogue.Point) views.Cell {
			c := words(f.Date(point.On))
			if tag, ok := f.ageTag(point, today, soonMonths); ok && point.Own {
				c.Tags = []views.Tag{tag}
			}
			return c
		}},
	}}
	t, err := g.table(r, points, whole(len(points)))
	one := views.Section{Heading: name, Table: t}
	if due > 0 {
		one.Button = &views.RowButton{Action: at(f.Tag, confirmPath(l.Offering.ID)), Text: f.N("confirm.all", int64(due)), For: name,
			Hidden: []views.Hidden{revisionField(int64(l.Edition.Number)), {Name: fieldSection, Value: section}}}
	}
	return one, err
}

// confirmCell is what a listing says to a point, in a few words.
func (s *Site) confirmCell(a answered, l publishing.Looked, point catalogue.Point) views.Cell {
	var c views.Cell
	switch q, ok := s.Schema.Question(point.Question); {
	case point.Question == catalogue.OfTexts:
		name, summary := a.nameAndSummary(l.Edition.Words)
		c = views.Cell{Link: views.Link{Text: name.Text, Lang: name.Lang}, Lines: []string{summary.Text}}
	case point.Question == catalogue.OfPrices:
		c = words(a.priceLine(l.Edition.Plans))
	case ok:
		row := a.row(q, a.answers[q.ID])
		c = views.Cell{Link: views.Link{Text: row.Value.Text, Lang: row.Value.Lang}}
		for _, more := range row.More {
			c.Lines = append(c.Lines, more.Text)
		}
	}
	if !point.Own {
		c.Lines = append(c.Lines, a.T("confirm.others"))
	}
	return c
}

// ageTag says how long ago something was confirmed, once that is so many months.
func (w speaker) ageTag(p catalogue.Point, today models.Date, from int) (views.Tag, bool) {
	months := catalogue.MonthsSince(p.On, today)
	if months < from {
		return views.Tag{}, false
	}
	kind := views.Info
	if p.Stale(today) {
		kind = views.Warn
	}
	return views.Tag{Kind: kind, Text: w.N("confirm.ago", int64(months))}, true
}

// confirm says that all a section of a listing says still holds.
func (s *Site) confirm(r *web.Request) (web.Reply, error) {
	id, err := numberIn(r, "listing")
	if err != nil {
		return web.Reply{}, err
	}
	n := 0
	section := r.Form(fieldSection)
	if !slices.Contains(s.confirmSections(), section) {
		return web.Reply{}, fmt.Errorf("section %q: %w", section, models.ErrNotFound)
	}
	err = s.DB.Write(r.Context(), r.Actor, func(tx *db.Tx) (err error) {
		n, err = publishing.Confirm(r.Context(), tx, s.Schema, id, int(seenRevision(r)), section)
		return err
	})
	w := s.speaker(r.Lang)
	if errors.Is(err, models.ErrConflict) {
		l, err := publishing.LookOver(r.Context(), s.DB, r.Actor, id)
		if err != nil {
			return web.Reply{}, err
		}
		p, err := s.confirmPage(r, s.fresh(r, nil), l)
		p.Notices = append([]views.Notice{{Kind: views.Warn, Title: w.T("confirm.differs"), Text: w.T("confirm.differs_text"), Urgent: true}}, p.Notices...)
		return web.Status(http.StatusConflict, p), err
	}
	return web.SeeOther(at(r.Lang, confirmPath(id))).Say("confirm.done", w.Number(int64(n)), w.confirmName(section)), err
}
