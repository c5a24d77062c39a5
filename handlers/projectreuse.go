package handlers

import (
	"slices"
	"strconv"

	"pilveturg/db"
	"pilveturg/handlers/web"
	"pilveturg/models"
	"pilveturg/models/catalogue"
	"pilveturg/models/procurement"
	"pilveturg/models/search"
	"pilveturg/views"
)

const reusedEnd = "/reuse"

// reusable is a service that others use, as the project sees it.
type reusable struct {
	procurement.Reused
	card     catalogue.Card
	standing procurement.Standing // in the project; "" when nobody decided
	price    search.Price
}

// showReuse shows what others of the same kind use already, so that nobody buys anew
// what can be shared.
func (s *Site) showReuse(r *web.Request) (web.Reply, error) {
	p, err := s.purchase(r, s.fresh(r, nil))
	if err != nil {
		return web.Reply{}, err
	}
	rows, err := s.reusables(r, p)
	if err != nil {
		return web.Reply{}, err
	}
	part, ok := cut(r, len(rows), rowsOnPage)
	if !ok {
		return web.NotFound(r)
	}
	g := s.reuseGrid(p)
	table, err := g.table(r, rows, part)
	if err != nil {
		return web.Reply{}, err
	}
	page := views.ProjectPage{Heading: p.T("reuse.title"), Tags: []views.Tag{p.stageTag(p.Stage())}, Text: []string{p.T("reuse.text")},
		Parts: []views.ProjectPart{{Heading: p.N("project.service_count", int64(len(rows))), Table: &table, Links: []views.Link{p.way(poolEnd, "pool.title")}}}}
	page.Shell = p.shellOf(part.title(p.speaker, page.Heading))
	return web.Page(page), nil
}

// reuseCSV answers with the same as a file.
func (s *Site) reuseCSV(r *web.Request) (web.Reply, error) {
	p, err := s.purchase(r, s.fresh(r, nil))
	if err != nil {
		return web.Reply{}, err
	}
	rows, err := s.reusables(r, p)
	if err != nil {
		return web.Reply{}, err
	}
	return s.reuseGrid(p).csv(r, rows)
}

// reusables are what others use in the category of the project.
func (s *Site) reusables(r *web.Request, p *purchase) ([]reusable, error) {
	used, err := procurement.Reuse(r.Context(), s.DB, s.Schema, &p.Project, models.DateOf(s.today()))
	if err != nil {
		return nil, err
	}
	decided, err := procurement.Shortlist(r.Context(), s.DB, p.ID)
	if err != nil {
		return nil, err
	}
	var ids []int64
	for _, u := range used {
		ids = append(ids, u.OfferingID)
	}
	cards, err := catalogue.Cards(r.Context(), s.DB, ids)
	if err != nil {
		return nil, err
	}
	var rows []reusable
	for _, c := range cards {
		k := slices.IndexFunc(used, func(u procurement.Reused) bool { return u.OfferingID == c.ID })
		row := reusable{Reused: used[k], card: c}
		if i := slices.IndexFunc(decided, func(d procurement.Decided) bool { return d.OfferingID == c.ID }); i >= 0 {
			row.standing = decided[i].Standing
		}
		if v := p.Asked(s.Schema); v != nil {
			row.price = search.Cheapest(c.Plans, *v)
		}
		rows = append(rows, row)
	}
	return rows, nil
}

func (s *Site) reuseGrid(p *purchase) *grid[reusable] {
	g := &grid[reusable]{speaker: p.speaker, id: "reuse", caption: p.T("reuse.caption"), path: projectPath(p.ID, reusedEnd), empty: views.Empty{Title: p.T("reuse.none"), Text: p.T("reuse.none_text"), Action: p.link("/services", "shortlist.to_catalogue")},
		columns: []column[reusable]{
			{head: p.T("fit.service"), cell: func(u reusable) views.Cell {
				name, _ := p.nameAndSummary(u.card.Words)
				return views.Cell{Link: views.Link{URL: at(p.Tag, servicePath(u.card.ID, u.card.Slug)), Text: name.Text, Lang: name.Lang}, Lines: []string{catalogue.Number(u.card.ID)}, Tags: p.tags(u.card.Offering, u.card.DemoPrice)}
			}},
			{head: p.T("reuse.alike"), number: true, cell: func(u reusable) views.Cell { return words(p.Number(int64(u.Alike))) }},
			{head: p.T("reuse.bodies"), number: true, cell: func(u reusable) views.Cell { return words(p.Number(int64(u.Bodies))) }},
			{head: p.T("reuse.since"), cell: func(u reusable) views.Cell { return words(p.Date(u.Since)) }},
			{head: p.T("reuse.ends"), number: true, cell: func(u reusable) views.Cell { return words(p.Number(int64(u.Ends))) }},
			{head: p.T("shortlist.price"), cell: func(u reusable) views.Cell {
				if p.Asked(s.Schema) == nil {
					return words(p.T("project.price_unknown"))
				}
				return words(p.yearly(u.price))
			}},
		}}
	if p.edits() {
		g.columns = append(g.columns, column[reusable]{head: p.T("security.actions"), hidden: true, cell: func(u reusable) (cell views.Cell) {
			name, _ := p.nameAndSummary(u.card.Words)
			if u.standing == procurement.In {
				cell.Tags = []views.Tag{{Kind: views.OK, Text: p.T("shortlist.in")}}
			} else {
				cell.Button = &views.RowButton{Action: p.here("/shortlist/" + lowerNumber(u.card.ID) + "/reuse"), Text: p.T("shortlist.keep"), For: name.Text}
			}
			return cell
		}})
	}
	return g
}

// keepReused keeps a service that others use.
func (s *Site) keepReused(r *web.Request) (web.Reply, error) {
	p, err := s.purchase(r, s.fresh(r, nil))
	if err != nil {
		return web.Reply{}, err
	}
	id, ok := parseService(r.Param("service"))
	if !ok {
		return web.Reply{}, models.ErrNotFound
	}
	err = s.DB.Write(r.Context(), r.Actor, func(tx *db.Tx) error { return procurement.Keep(r.Context(), tx, p.ID, []int64{id}) })
	return web.SeeOther(p.here(reusedEnd)).Say("project.done.kept"), err
}

// reuseRow sums up what others use, for the page of the project; nil where nobody uses
// anything of the kind.
func (s *Site) reuseRow(r *web.Request, p *purchase) (*views.ProjectPart, error) {
	if !p.Open() {
		return nil, nil
	}
	rows, err := s.reusables(r, p)
	if err != nil || len(rows) == 0 {
		return nil, err
	}
	part := &views.ProjectPart{Heading: p.T("reuse.title"), Links: []views.Link{p.way(reusedEnd, "reuse.all"), p.way(poolEnd, "pool.title")}}
	const shown = 3
	for _, u := range rows[:min(len(rows), shown)] {
		name, _ := p.nameAndSummary(u.card.Words)
		part.Facts = append(part.Facts, views.Row{Key: catalogue.Number(u.card.ID), Value: name, URL: at(p.Tag, servicePath(u.card.ID, u.card.Slug)), Note: p.T("reuse.used_by", p.N("reuse.body_count", int64(u.Bodies)), strconv.Itoa(u.Alike))})
	}
	return part, nil
}
