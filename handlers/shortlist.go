package handlers

import (
	"net/http"
	"slices"
	"strings"

	"pilveturg/db"
	"pilveturg/handlers/web"
	"pilveturg/models"
	"pilveturg/models/catalogue"
	"pilveturg/models/procurement"
	"pilveturg/views"
)

// showShortlist shows why each service that a project found is in or out.
func (s *Site) showShortlist(r *web.Request) (web.Reply, error) {
	p, err := s.purchase(r, s.fresh(r, nil))
	if err != nil {
		return web.Reply{}, err
	}
	return s.shortlistPage(r, p, http.StatusOK)
}

func (s *Site) shortlistPage(r *web.Request, p *purchase, status int) (web.Reply, error) {
	if err := s.weighServices(r, p); err != nil {
		return web.Reply{}, err
	}
	page := views.ProjectPage{Heading: p.T("shortlist.title"), Tags: []views.Tag{p.stageTag(p.Stage())}, Text: []string{p.T("shortlist.text")}}
	table, err := p.serviceGrid().table(r, p.services, whole(len(p.services)))
	if err != nil {
		return web.Reply{}, err
	}
	search := s.searchPart(p)
	list := views.ProjectPart{Heading: p.N("project.service_count", int64(len(p.services))), Table: &table, Links: []views.Link{p.way("/fit", "project.step.fit")}}
	page.Parts = []views.ProjectPart{search, list}
	if p.edits() {
		page.Parts = append(page.Parts, views.ProjectPart{Heading: p.T("shortlist.add"), Forms: []views.Form{{Action: p.here("/shortlist"), Button: p.T("shortlist.add_button"),
			Inputs: []views.Input{p.field(views.Field{Name: fieldService, Label: p.T("shortlist.number"), Hint: p.T("compare.add_hint"), Width: "w12", Needed: true})}}}})
	}
	page.Shell = p.shellOf(page.Heading)
	return web.Status(status, page), nil
}

// searchPart shows the saved search of a project.
func (s *Site) searchPart(p *purchase) views.ProjectPart {
	part := views.ProjectPart{Heading: p.T("project.search")}
	switch {
	case !p.LockedAt.IsZero():
		part.Text = []string{p.T("shortlist.locked", p.Time(p.LockedAt))}
		part.Links = []views.Link{p.way("/search", "project.evidence")}
	case p.Search == "":
		part.Text = []string{p.T("shortlist.no_search")}
		part.Links = []views.Link{p.link("/services", "shortlist.to_catalogue")}
	default:
		words, _ := s.searchWords(p.Tag, p.Search)
		part.Facts = []views.Row{{Key: p.T("project.search"), Value: views.Words{Text: words}, Note: p.N("search.found", int64(p.found))}}
		part.Links = []views.Link{{URL: at(p.Tag, withQuery("/services", p.Search)), Text: p.T("shortlist.change_search")}}
		if p.found > procurement.MostFound {
			part.Text = []string{p.T("shortlist.too_many", p.Number(procurement.MostFound))}
		}
		if p.edits() && p.State == procurement.Shortlisted {
			part.Links = append(part.Links, p.way("/lock", "project.step.lock"))
		}
	}
	return part
}

// serviceGrid is how the services of a project are shown.
func (p *purchase) serviceGrid() *grid[candidate] {
	g := &grid[candidate]{speaker: p.speaker, id: "shortlist", caption: p.T("shortlist.caption"),
		empty: views.Empty{Title: p.T("shortlist.none"), Text: p.T("shortlist.none_text"), Action: p.link("/services", "shortlist.to_catalogue")},
		columns: []column[candidate]{
			{head: p.T("fit.service"), cell: func(c candidate) views.Cell {
				cell := views.Cell{Link: c.name(p.speaker), Lines: []string{catalogue.Number(c.Offering.ID)}, Tags: p.tags(c.Offering, c.Edition.DemoPrice)}
				if c.decided != nil && c.decided.ByHand {
					cell.Lines = append(cell.Lines, p.T("shortlist.by_hand"))
				}
				return cell
			}},
			{head: p.T("shortlist.price"), cell: func(c candidate) views.Cell { return words(p.yearly(c.price)) }},
			{head: p.T("fit.all_musts"), cell: func(c candidate) views.Cell {
				return views.Cell{Tags: p.resultTags(&c.result), Lines: p.missedLines(&c.result)}
			}},
			{head: p.T("shortlist.standing"), cell: p.standingCell},
		}}
	if p.edits() {
		g.columns = append(g.columns, column[candidate]{head: p.T("security.actions"), hidden: true, cell: p.standingActions})
	}
	return g
}

// missedLines word what a service misses, and what is open.
func (p *purchase) missedLines(r *procurement.Result) (lines []string) {
	for _, id := range r.Missing {
		if q, ok := p.asks(id); ok {
			lines = append(lines, p.T("shortlist.misses", q.Words))
		}
	}
	for _, id := range r.Open {
		if q, ok := p.asks(id); ok {
			lines = append(lines, p.T("shortlist.not_known", q.Words))
		}
	}
	return lines
}

// standingCell says whether a service is in or out, and why.
func (p *purchase) standingCell(c candidate) views.Cell {
	switch {
	case c.decided == nil:
		return views.Cell{Tags: []views.Tag{{Kind: views.Warn, Text: p.T("shortlist.undecided")}}}
	case c.decided.Standing == procurement.In:
		return views.Cell{Tags: []views.Tag{{Kind: views.OK, Text: p.T("shortlist.in")}}}
	}
	return views.Cell{Tags: []views.Tag{{Text: p.T("shortlist.out")}}, Lines: p.outLines(c.decided)}
}

// outLines say why a service was left out.
func (p *purchase) outLines(d *procurement.Decided) []string {
	var lines []string
	if d.Reason != "" {
		lines = append(lines, d.Reason)
	}
	for _, id := range d.Misses() {
		words := p.T("shortlist.gone_requirement")
		if q, ok := p.asks(id); ok {
			words = q.Words
		}
		lines = append(lines, p.T("shortlist.misses", words))
	}
	return lines
}

// standingActions are what can be decided about a service.
func (p *purchase) standingActions(c candidate) (cell views.Cell) {
	end := "/shortlist/" + lowerNumber(c.Offering.ID)
	name := c.name(p.speaker).Text
	if c.decided == nil || c.decided.Standing == procurement.Out {
		cell.Button = &views.RowButton{Action: p.here(end), Text: p.T("shortlist.keep"), For: name}
	}
	if c.decided == nil || c.decided.Standing == procurement.In {
		leave := p.way(end+"/removal", "project.leave_out")
		leave.For = name
		cell.Links = []views.Link{leave}
	}
	return cell
}

// addToShortlist keeps a service that somebody names by its number.
func (s *Site) addToShortlist(r *web.Request) (web.Reply, error) {
	p, err := s.purchase(r, s.fresh(r, nil))
	if err != nil {
		return web.Reply{}, err
	}
	id, ok := parseService(strings.TrimSpace(clean(r.Form(fieldService))))
	if ok {
		err = s.DB.Write(r.Context(), r.Actor, func(tx *db.Tx) error { return procurement.Keep(r.Context(), tx, p.ID, []int64{id}) })
	}
	if !ok || isMissing(err) {
		p.filled = s.posted(r, models.Invalid{fieldService: "shortlist.number_unknown"})
		return s.shortlistPage(r, p, http.StatusUnprocessableEntity)
	}
	return web.SeeOther(p.here("/shortlist")).Say("project.done.kept"), err
}

// keepInProject keeps a service of the project.
func (s *Site) keepInProject(r *web.Request) (web.Reply, error) {
	p, c, err := s.standing(r)
	if err != nil {
		return web.Reply{}, err
	}
	err = s.DB.Write(r.Context(), r.Actor, func(tx *db.Tx) error {
		return procurement.Decide(r.Context(), tx, p.ID, []procurement.Decided{{OfferingID: c.Offering.ID, Standing: procurement.In}})
	})
	return web.SeeOther(p.here("/shortlist")).Say("project.done.kept"), err
}

// standing finds a service of a project that the reader may change.
func (s *Site) standing(r *web.Request) (*purchase, *candidate, error) {
	p, err := s.purchase(r, s.fresh(r, nil))
	if err != nil {
		return nil, nil, err
	}
	if !p.edits() {
		return nil, nil, refusedTo(p)
	}
	if err := s.weighServices(r, p); err != nil {
		return nil, nil, err
	}
	c, err := s.candidate(r, p)
	return p, c, err
}

// confirmLeave asks why a service is to be left out. What it misses is said already.
func (s *Site) confirmLeave(r *web.Request) (web.Reply, error) {
	p, c, err := s.standing(r)
	if err != nil {
		return web.Reply{}, err
	}
	return s.leaveForm(r, p, c, http.StatusOK)
}

func (s *Site) leaveForm(r *web.Request, p *purchase, c *candidate, status int) (web.Reply, error) {
	name := c.name(p.speaker)
	page := views.FormPage{Heading: p.T("shortlist.leave_title"), Facts: []views.Row{{Key: p.T("fit.service"), Value: views.Words{Text: catalogue.Number(c.Offering.ID) + " " + name.Text, Lang: name.Lang}, URL: name.URL}},
		Links: []views.Link{p.way("/shortlist", "project.step.shortlist")}}
	hint := p.T("shortlist.reason_hint")
	if lines := p.missedLines(&c.result); len(lines) > 0 {
		row := views.Row{Key: p.T("fit.all_musts"), Value: views.Words{Text: lines[0]}}
		for _, line := range lines[1:] {
			row.More = append(row.More, views.Words{Text: line})
		}
		page.Facts = append(page.Facts, row)
		hint = p.T("shortlist.reason_besides")
	}
	page.Form = views.Form{Action: p.here("/shortlist/" + lowerNumber(c.Offering.ID) + "/removal"), Button: p.T("project.leave_out"),
		Inputs: []views.Input{p.area(views.Area{Name: "reason", Label: p.T("project.reason"), Hint: hint, Rows: 3})}}
	page.Shell = p.shellOf(page.Heading)
	return web.Status(status, page), nil
}

// leaveOut leaves a service out, for what it misses and the reason that was typed.
func (s *Site) leaveOut(r *web.Request) (web.Reply, error) {
	p, c, err := s.standing(r)
	if err != nil {
		return web.Reply{}, err
	}
	d := procurement.Decided{OfferingID: c.Offering.ID, Standing: procurement.Out, Reason: severalLines(r.Form("reason")), Missed: missedIDs(slices.Concat(c.result.Missing, c.result.Open))}
	err = s.DB.Write(r.Context(), r.Actor, func(tx *db.Tx) error { return procurement.Decide(r.Context(), tx, p.ID, []procurement.Decided{d}) })
	if wrong, ok := invalid(err); ok {
		p.filled = s.posted(r, wrong)
		return s.leaveForm(r, p, c, http.StatusUnprocessableEntity)
	}
	return web.SeeOther(p.here("/shortlist")).Say("project.done.left"), err
}
