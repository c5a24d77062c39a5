package handlers

import (
	"errors"
	"net/http"

	"pilveturg/db"
	"pilveturg/handlers/web"
	"pilveturg/models"
	"pilveturg/models/catalogue"
	"pilveturg/models/procurement"
	"pilveturg/models/search"
	"pilveturg/views"
)

// fieldSure says that somebody has understood what cannot be undone.
const fieldSure = "sure"

// confirmLock asks whether the search of a project is really to become evidence.
func (s *Site) confirmLock(r *web.Request) (web.Reply, error) {
	p, err := s.purchase(r, s.fresh(r, nil))
	if err != nil {
		return web.Reply{}, err
	}
	if !p.LockedAt.IsZero() {
		return web.SeeOther(p.here("/search")), nil
	}
	return s.lockForm(r, p, http.StatusOK)
}

func (s *Site) lockForm(r *web.Request, p *purchase, status int) (web.Reply, error) {
	if !p.edits() {
		return web.Reply{}, refusedTo(p)
	}
	if err := s.weighServices(r, p); err != nil {
		return web.Reply{}, err
	}
	kept, out, undecided := 0, 0, 0
	for i := range p.services {
		switch d := p.services[i].decided; {
		case d == nil:
			undecided++
		case d.Standing == procurement.In:
			kept++
		default:
			out++
		}
	}
	number := func(key string, n int) views.Row {
		return views.Row{Key: p.T(key), Value: views.Words{Text: p.Number(int64(n))}}
	}
	page := views.FormPage{Heading: p.T("lock.title"), Text: []string{p.T("lock.text")}, Links: []views.Link{p.way("/shortlist", "project.step.shortlist")},
		Facts: []views.Row{number("requirement.title", len(p.asked)), number("shortlist.in", kept), number("shortlist.out", out), number("shortlist.undecided", undecided)}}
	if p.Search != "" {
		words, _ := s.searchWords(p.Tag, p.Search)
		page.Facts = append([]views.Row{{Key: p.T("project.search"), Value: views.Words{Text: words}, Note: p.N("search.found", int64(p.found))}}, page.Facts...)
	}
	sure := views.Choices{ID: fieldSure, Name: fieldSure, Legend: p.T("lock.sure_legend"), Error: p.problem(fieldSure), Options: []views.Option{{Value: "1", Text: p.T("lock.sure")}}}
	page.Form = views.Form{Action: p.here("/lock"), Button: p.T("lock.do"), Stop: true, Inputs: []views.Input{{Choices: &sure}}}
	page.Shell = p.shellOf(page.Heading)
	return web.Status(status, page), nil
}

// lockProject makes the search, the requirements and the shortlist of a project
// evidence.
func (s *Site) lockProject(r *web.Request) (web.Reply, error) {
	p, err := s.purchase(r, s.fresh(r, nil))
	if err != nil {
		return web.Reply{}, err
	}
	if r.Form(fieldSure) != "1" && p.edits() {
		err = models.Invalid{fieldSure: "lock.sure_missing"}
	} else {
		found, total := s.foundBy(&p.Project, p.Tag)
		if total > len(found) { // more than are looked at one by one
			found = append(found, 0)
		}
		err = s.DB.Write(r.Context(), r.Actor, func(tx *db.Tx) error { return procurement.Lock(r.Context(), tx, p.ID, found) })
	}
	if wrong, ok := invalid(err); ok {
		p.filled = s.posted(r, wrong)
		return s.lockForm(r, p, http.StatusUnprocessableEntity)
	}
	return web.SeeOther(p.here(scoresEnd)).Say("lock.done"), err
}

// showEvidence shows the locked search of a project: the same list from the versions
// that were kept, whatever has become of the listings.
func (s *Site) showEvidence(r *web.Request) (web.Reply, error) {
	p, err := s.purchase(r, s.fresh(r, nil))
	if err != nil {
		return web.Reply{}, err
	}
	var e procurement.Evidence
	var record procurement.Record
	var seen []procurement.Seen
	intact := false
	err = s.DB.Read(r.Context(), func(rd db.Reader) (err error) {
		if e, err = procurement.FindEvidence(r.Context(), rd, p.ID); err != nil {
			return err
		}
		record, seen, intact, err = e.Replay(r.Context(), rd)
		return err
	})
	if err != nil {
		return web.Reply{}, err
	}
	names, err := s.People(r.Context(), []int64{e.AccountID})
	if err != nil {
		return web.Reply{}, err
	}
	page := views.ProjectPage{Heading: p.T("evidence.title"), Tags: []views.Tag{p.stageTag(p.Stage())}, Text: []string{p.T("evidence.text")}, Facts: s.evidenceFacts(p, &e, intact, names)}
	table, err := s.evidenceGrid(p, &record, seen).table(r, record.Results, whole(len(record.Results)))
	if err != nil {
		return web.Reply{}, err
	}
	page.Parts = []views.ProjectPart{{Heading: p.N("project.service_count", int64(len(record.Results))), Table: &table}, {Heading: p.T("requirement.title"), Links: []views.Link{p.way("/requirements", "evidence.requirements")}}}
	page.Shell = p.shellOf(page.Heading)
	page.JSON = p.here("/search.json")
	page.Links = []views.Link{{URL: page.JSON, Text: p.T("evidence.json")}}
	return web.Page(page), nil
}

// evidenceFacts word what was locked, by whom and when, and whether it is unaltered.
func (s *Site) evidenceFacts(p *purchase, e *procurement.Evidence, intact bool, names map[int64]string) []views.Row {
	row := func(key, value string) views.Row { return views.Row{Key: p.T(key), Value: views.Words{Text: value}} }
	check := row("evidence.check", p.T("evidence.intact"))
	check.Tags = []views.Tag{{Kind: views.OK, Text: p.T("evidence.ok")}}
	if !intact {
		check = row("evidence.check", p.T("evidence.altered"))
		check.Tags = []views.Tag{{Kind: views.Err, Text: p.T("evidence.not_ok")}}
	}
	asked := row("project.search", p.T("evidence.by_number"))
	if e.Query != "" {
		words, _ := s.searchWords(p.Tag, e.Query)
		asked = row("project.search", words)
		asked.Action = views.Link{URL: at(p.Tag, withQuery("/services", e.Query)), Text: p.T("evidence.search_now")}
	}
	return []views.Row{asked, row("evidence.query", e.Query), row("evidence.at", p.Time(e.At)), row("evidence.by", p.person(e.AccountID, names)),
		row("project.prices_for", s.volumeWords(p)), row("evidence.hash", e.Hash), check}
}

// evidenceGrid is how what was locked is shown.
func (s *Site) evidenceGrid(p *purchase, record *procurement.Record, seen []procurement.Seen) *grid[procurement.RecordedResult] {
	of := func(one procurement.RecordedResult) *candidate {
		for i := range record.Results {
			if record.Results[i].Service == one.Service {
				return &candidate{Seen: seen[i]}
			}
		}
		return &candidate{}
	}
	volume := p.Asked(s.Schema)
	return &grid[procurement.RecordedResult]{speaker: p.speaker, id: "evidence", caption: p.T("evidence.caption"), columns: []column[procurement.RecordedResult]{
		{head: p.T("fit.service"), cell: func(one procurement.RecordedResult) views.Cell {
			c := of(one)
			return views.Cell{Link: c.name(p.speaker), Lines: []string{one.Service}}
		}},
		{head: p.T("evidence.version"), cell: func(one procurement.RecordedResult) views.Cell {
			c := of(one)
			cell := words(p.T("change.version", p.Number(int64(one.Version))))
			if c.Offering.Published != one.Version {
				cell.Lines = []string{p.T("evidence.changed_since")}
				cell.Links = []views.Link{{URL: at(p.Tag, servicePath(c.Offering.ID, c.Offering.Slug)+changesEnd), Text: p.T("evidence.what_changed"), For: one.Service}}
			}
			return cell
		}},
		{head: p.T("shortlist.price"), cell: func(one procurement.RecordedResult) views.Cell {
			if volume == nil {
				return words(p.T("project.price_unknown"))
			}
			return words(p.yearly(search.Cheapest(of(one).Edition.Plans, *volume)))
		}},
		{head: p.T("shortlist.standing"), cell: func(one procurement.RecordedResult) views.Cell {
			id, _ := catalogue.ParseNumber(one.Service)
			return p.standingCell(candidate{decided: &procurement.Decided{OfferingID: id, Standing: one.Standing, Reason: one.Reason, Missed: missedIDs(one.Missed)}})
		}},
	}}
}

// evidenceJSON answers with the record that was locked, byte by byte, so that its hash
// can be checked by anybody.
func (s *Site) evidenceJSON(r *web.Request) (web.Reply, error) {
	p, err := s.purchase(r, s.fresh(r, nil))
	if err != nil {
		return web.Reply{}, err
	}
	e, err := procurement.FindEvidence(r.Context(), s.DB, p.ID)
	return web.Data("application/json", []byte(e.Record), 0), err
}

// isMissing reports whether something is not there.
func isMissing(err error) bool { return errors.Is(err, models.ErrNotFound) }
