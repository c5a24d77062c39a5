package handlers

import (
	"slices"
	"strconv"
	"strings"

	"pilveturg/db"
	"pilveturg/handlers/web"
	"pilveturg/models"
	"pilveturg/models/catalogue"
	"pilveturg/models/procurement"
	"pilveturg/views"
)

// columnsOfFit is how many services stand side by side.
const columnsOfFit = 6

// showFit shows what the services of a project make of its requirements, and what each
// requirement costs in choice and in money.
func (s *Site) showFit(r *web.Request) (web.Reply, error) {
	p, err := s.purchase(r, s.fresh(r, nil))
	if err != nil {
		return web.Reply{}, err
	}
	if err := s.weighServices(r, p); err != nil {
		return web.Reply{}, err
	}
	p.services = slices.DeleteFunc(p.services, func(c candidate) bool { return c.decided != nil && c.decided.Standing == procurement.Out })
	part, ok := cut(r, len(p.services), columnsOfFit)
	if !ok {
		return web.NotFound(r)
	}
	page := views.ProjectPage{Heading: p.T("fit.title"), Tags: []views.Tag{p.stageTag(p.Stage())}}
	page.Text = []string{p.T("fit.summary", p.N("requirement.count", int64(len(p.asked))), p.N("project.service_count", int64(len(p.services))), p.judgedBy(s))}
	matrix, err := s.fitPart(r, p, part)
	if err != nil {
		return web.Reply{}, err
	}
	page.Parts = []views.ProjectPart{matrix}
	if len(p.asked) > 0 {
		more, err := s.relaxation(r, p)
		if err != nil {
			return web.Reply{}, err
		}
		page.Parts = append(page.Parts, more...)
	}
	page.Shell = p.shellOf(part.title(p.speaker, page.Heading))
	return web.Page(page), nil
}

// judgedBy says of which day the listings are.
func (p *purchase) judgedBy(s *Site) string {
	if !p.LockedAt.IsZero() {
		return p.T("fit.as_locked", p.Time(p.LockedAt))
	}
	return p.T("fit.as_today", p.Date(s.judgedOn(&p.Project)))
}

// fitPart is the table of requirements by services.
func (s *Site) fitPart(r *web.Request, p *purchase, part slice) (views.ProjectPart, error) {
	v := views.ProjectPart{Heading: p.T("fit.table"), Links: []views.Link{p.way("/requirements", "requirement.title"), p.way("/shortlist", "project.step.shortlist")}}
	switch {
	case len(p.asked) == 0:
		v.Text = []string{p.T("fit.no_requirements")}
		return v, nil
	case len(p.services) == 0:
		v.Text = []string{p.T("fit.no_services")}
		return v, nil
	}
	names, err := s.overruleNames(r, p)
	if err != nil {
		return v, err
	}
	shown := pick(p.services, part)
	m := &views.CompareTable{ID: "fit-caption", Caption: p.T("fit.caption"), Span: len(shown) + 1}
	for i := range shown {
		m.Columns = append(m.Columns, p.fitColumn(&shown[i]))
	}
	for _, force := range procurement.Forces() {
		group := views.CompareGroup{Title: p.T("requirement.force." + string(force))}
		for k := range p.asked {
			if p.asked[k].Force == force {
				group.Rows = append(group.Rows, s.fitRow(p, k, shown, names))
			}
		}
		if len(group.Rows) > 0 {
			m.Groups = append(m.Groups, group)
		}
	}
	m.Groups = append(m.Groups, p.resultGroup(shown))
	v.Matrix, v.Pager = m, views.NewPager(part.Number, part.Pages, func(n int) string {
		return at(p.Tag, pageAddress(projectPath(p.ID, "/fit"), nil, n))
	})
	if p.edits() {
		v.Forms = []views.Form{{Action: p.here("/fit/keep"), Button: p.T("fit.keep")}}
	}
	return v, nil
}

func (p *purchase) fitColumn(c *candidate) views.CompareColumn {
	col := views.CompareColumn{Name: c.name(p.speaker), Number: catalogue.Number(c.Offering.ID), Tags: p.tags(c.Offering, c.Edition.DemoPrice)}
	if c.Edition.Number != c.Offering.Published {
		col.Version = p.T("project.kept_version", p.Number(int64(c.Edition.Number)))
	}
	if p.edits() {
		col.Remove = views.Link{URL: p.here("/shortlist/" + lowerNumber(c.Offering.ID) + "/removal"), Text: p.T("project.leave_out"), For: col.Name.Text}
	}
	return col
}

// fitRow is what the services make of one requirement.
func (s *Site) fitRow(p *purchase, k int, shown []candidate, names map[int64]string) views.CompareRow {
	q := &p.asked[k]
	row := views.CompareRow{Name: views.Words{Text: q.Words}}
	judging := p.Judging(p.actor)
	for i := range shown {
		c := &shown[i]
		cell := s.fitCell(p, q, c, &c.fits[k], names)
		if judging {
			cell.Action = views.Link{URL: p.here("/fit/" + strconv.FormatInt(q.ID, 10) + "/" + lowerNumber(c.Offering.ID)), Text: p.T("fit.overrule"), For: q.Words + ", " + c.name(p.speaker).Text}
		}
		row.Cells = append(row.Cells, cell)
	}
	return row
}

// verdictKinds are the colours of verdicts.
func verdictKind(v procurement.Verdict) string {
	switch v {
	case procurement.Met, procurement.ByConfiguration:
		return views.OK
	case procurement.ByTailoring:
		return views.Violet
	case procurement.NotMet:
		return views.Err
	}
	return views.Warn
}

// fitCell is what a service makes of a requirement, and how that is known.
func (s *Site) fitCell(p *purchase, q *procurement.Requirement, c *candidate, f *procurement.Fit, names map[int64]string) views.CompareCell {
	cell := views.CompareCell{Tags: []views.Tag{{Kind: verdictKind(f.Verdict), Text: p.T("fit.verdict." + string(f.Verdict))}}}
	question, known := s.Schema.Question(f.Answer.Question)
	switch {
	case q.Subject == procurement.SubjectPrice:
		cell.Value.Text = p.yearly(c.price)
	case known && f.Answer.Known():
		row := p.answered(c.Edition.Content, s.judgedOn(&p.Project)).row(question, f.Answer)
		cell.Value, cell.More, cell.URL, cell.Tags = row.Value, row.More, row.URL, append(cell.Tags, row.Tags...)
		if row.Note != "" {
			cell.Notes = []views.Words{{Text: row.Note}}
		}
	case q.Way != procurement.ByAnswer:
		cell.Value.Text = p.T("requirement.way." + string(q.Way))
	}
	if o := f.Overrule; o != nil {
		if q.Way == procurement.ByAnswer {
			cell.Notes = append(cell.Notes, views.Words{Text: p.T("fit.listing_says", p.T("fit.verdict."+string(f.Said)))})
		}
		cell.Notes = append(cell.Notes, views.Words{Text: p.T("fit.overruled", p.person(o.AccountID, names), p.Time(o.At), o.Reason, o.Source)})
	}
	return cell
}

// overruleNames are what those who overruled something are called.
func (s *Site) overruleNames(r *web.Request, p *purchase) (map[int64]string, error) {
	var accounts []int64
	for i := range p.services {
		for _, f := range p.services[i].fits {
			if f.Overrule != nil {
				accounts = append(accounts, f.Overrule.AccountID)
			}
		}
	}
	return s.People(r.Context(), accounts)
}

// resultGroup is the last row: what is missing.
func (p *purchase) resultGroup(shown []candidate) views.CompareGroup {
	row := views.CompareRow{Name: views.Words{Text: p.T("fit.result")}}
	for i := range shown {
		row.Cells = append(row.Cells, views.CompareCell{Tags: p.resultTags(&shown[i].result)})
	}
	return views.CompareGroup{Title: p.T("fit.all_musts"), Rows: []views.CompareRow{row}}
}

func (p *purchase) resultTags(r *procurement.Result) (tags []views.Tag) {
	if r.Fits() {
		return []views.Tag{{Kind: views.OK, Text: p.T("fit.fits")}}
	}
	if n := len(r.Missing); n > 0 {
		tags = append(tags, views.Tag{Kind: views.Err, Text: p.N("fit.missing", int64(n))})
	}
	if n := len(r.Open); n > 0 {
		tags = append(tags, views.Tag{Kind: views.Warn, Text: p.N("fit.open", int64(n))})
	}
	return tags
}

// keepFitting keeps the services that meet every must, and leaves out those that miss
// one, with what they miss as the reason. Those of which something is not known stay
// as they are.
func (s *Site) keepFitting(r *web.Request) (web.Reply, error) {
	p, err := s.purchase(r, s.fresh(r, nil))
	if err != nil {
		return web.Reply{}, err
	}
	if err := s.weighServices(r, p); err != nil {
		return web.Reply{}, err
	}
	var all []procurement.Decided
	for i := range p.services {
		c := &p.services[i]
		d := procurement.Decided{OfferingID: c.Offering.ID, Standing: procurement.In}
		switch {
		case c.decided != nil && c.decided.Standing == procurement.Out, len(c.result.Missing) == 0 && len(c.result.Open) > 0:
			continue
		case len(c.result.Missing) > 0:
			d.Standing, d.Missed = procurement.Out, missedIDs(c.result.Missing)
		}
		all = append(all, d)
	}
	err = s.DB.Write(r.Context(), r.Actor, func(tx *db.Tx) error { return procurement.Decide(r.Context(), tx, p.ID, all) })
	if err == nil && !p.edits() {
		err = models.ErrForbidden // when there was nothing to decide
	}
	return web.SeeOther(p.here(p.afterKeeping(all))).Say("fit.done.kept"), err
}

// afterKeeping is where people go on: to the lock once every service is decided about.
func (p *purchase) afterKeeping(all []procurement.Decided) string {
	kept := false
	for i := range p.services {
		c := &p.services[i]
		k := slices.IndexFunc(all, func(d procurement.Decided) bool { return d.OfferingID == c.Offering.ID })
		switch {
		case k >= 0:
			kept = kept || all[k].Standing == procurement.In
		case c.decided == nil:
			return "/shortlist"
		default:
			kept = kept || c.decided.Standing == procurement.In
		}
	}
	if !kept || p.found > procurement.MostFound {
		return "/shortlist"
	}
	return "/lock"
}

// missedIDs writes numbers with spaces between.
func missedIDs(ids []int64) string {
	var list []string
	for _, id := range ids {
		list = append(list, strconv.FormatInt(id, 10))
	}
	return strings.Join(list, " ")
}
