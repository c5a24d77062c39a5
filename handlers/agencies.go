package handlers

import (
	"slices"
	"strings"

	"pilveturg/handlers/web"
	"pilveturg/models"
	"pilveturg/models/catalogue"
	"pilveturg/models/identity"
	"pilveturg/views"
)

const (
	bodiesOnPage = 100 // about; a ministry is not cut in two
	usesOnPage   = 100
)

// listAgencies shows the public bodies, each under the one it belongs to.
func (s *Site) listAgencies(r *web.Request) (web.Reply, error) {
	all, err := s.lists(r.Context())
	if err != nil {
		return web.Reply{}, err
	}
	w := s.speaker(r.Lang)
	pages, total := all.organs.pages(r.Lang)
	address := func(n int) string { return pageAddress("/agencies", nil, n) }
	number, ok := r.PageNumber()
	if !ok || number > len(pages) {
		return web.SeeOther(at(r.Lang, address(1))), nil
	}
	part := slice{Page: models.Page{Number: number}, Pages: len(pages)}
	p := views.AgenciesPage{
		Shell: w.shell("agencies", part.title(w, w.T("agency.all")), w.home()),
		Found: w.N("agency.count", int64(total)),
		Pager: part.pager(r.Lang, address),
		Empty: views.Empty{Title: w.T("agency.none"), Text: w.T("agency.none_text"), Action: w.link("/services", "places.services")},
	}
	p.Description = w.T("agency.all_text")
	p.Canonical = address(number)
	for _, g := range pages[number-1] {
		p.Tree = append(p.Tree, all.body(w, g))
		p.Invented = p.Invented || g.Invented
	}
	p.Data, err = s.linked(r, p.Crumbs, w.T("agency.all"), nil)
	return web.Page(p), err
}

// pages parts the bodies at the top, in the order of a language, so that with
// those below them a page has about as many as it should; one page at least. It
// also tells how many bodies there are.
func (o *organs) pages(lang string) (pages [][]*organ, total int) {
	pages = [][]*organ{nil}
	onPage := 0
	for _, g := range o.sorted(lang, o.tops) {
		n := len(g.all())
		if onPage > 0 && onPage+n > bodiesOnPage {
			pages, onPage = append(pages, nil), 0
		}
		last := len(pages) - 1
		pages[last] = append(pages[last], g)
		onPage += n
		total += n
	}
	return pages, total
}

// body is a public body in a list, with those below it.
func (n *names) body(w speaker, g *organ) views.Body {
	b := views.Body{Link: g.link(w.Tag), Kind: w.T("agency.kind." + string(g.Kind))}
	b.Invented = g.Invented && (g.Parent == nil || !g.Parent.Invented) // what is below says nothing new
	used := n.used[g.ID]
	switch {
	case used > 0:
		b.Services = w.N("agency.uses_now", int64(used))
	case len(g.Below) > 0:
		b.Services = w.N("agency.below", int64(len(g.Below)))
	default:
		b.Services = w.T("agency.uses_none")
	}
	for _, child := range n.organs.sorted(w.Tag, g.Below) {
		b.Below = append(b.Below, n.body(w, child))
	}
	return b
}

// showAgency shows a public body and what it uses; of one that others belong to,
// what they use as well.
func (s *Site) showAgency(r *web.Request) (web.Reply, error) {
	o, moved, err := s.findOrganisation(r, "agency", agencyPrefix, agencyPath)
	if err != nil || moved != "" {
		return web.Moved(moved), err
	}
	all, err := s.lists(r.Context())
	if err != nil {
		return web.Reply{}, err
	}
	g := all.organs.byID[o.ID]
	if g == nil { // bodies that belong to each other in a circle are in no list
		g = &organ{ID: o.ID, Slug: o.Slug, Kind: o.Kind, Names: o.Names}
	}
	ids := g.all()
	counts, err := catalogue.CountUses(r.Context(), s.DB, ids)
	if err != nil {
		return web.Reply{}, err
	}
	w := s.speaker(r.Lang)
	address := func(n int) string { return pageAddress(agencyPath(o.ID, o.Slug), nil, n) }
	part, ok := cut(r, counts[catalogue.InUse]+counts[catalogue.Planned]+counts[catalogue.Ended], usesOnPage)
	if !ok {
		return web.SeeOther(at(r.Lang, address(1))), nil
	}
	p := all.agencyPage(w, o, g, part)
	p.Canonical = address(part.Number)
	p.Pager = part.pager(r.Lang, address)
	p.Counts = w.useCounts(counts)
	if p.Uses, err = s.useTables(r, w, all, ids, counts, part); err != nil {
		return web.Reply{}, err
	}
	if slices.ContainsFunc(p.Uses, func(t views.UseTable) bool { return t.Ticks }) {
		p.Compare = w.tickForm()
	}
	if p.Trail, err = s.trail(r, w, o.ID, o.Key.String()); err != nil {
		return web.Reply{}, err
	}
	p.Data, err = s.linked(r, p.Crumbs, p.Name.Text, nil)
	return web.Page(p), err
}

func (n *names) agencyPage(w speaker, o identity.Organisation, g *organ, part slice) views.AgencyPage {
	name := views.In(o.Names, w.Tag)
	p := views.AgencyPage{
		Shell: w.shell("agencies", part.title(w, name.Text), w.home(), w.link("/agencies", "section.agencies")),
		Kind:  w.T("agency.kind." + string(o.Kind)),
		Name:  name,
		About: w.prose(o.About),
		Facts: w.agencyRows(o, g),
		Empty: views.Empty{Title: w.T("agency.uses_none_title"), Text: w.T("agency.uses_none_text"), Action: w.link("/services", "places.services")},
	}
	if o.Invented {
		p.Tags = []views.Tag{{Kind: views.Violet, Text: w.T("list.tag.invented")}}
	}
	for above := g.Parent; above != nil; above = above.Parent {
		p.Crumbs = slices.Insert(p.Crumbs, 2, above.link(w.Tag))
	}
	for _, child := range n.organs.sorted(w.Tag, g.Below) {
		p.Bodies = append(p.Bodies, n.body(w, child))
	}
	return p
}

// agencyRows are the facts about the body itself.
func (w speaker) agencyRows(o identity.Organisation, g *organ) []views.Row {
	var rows []views.Row
	if g.Parent != nil {
		rows = []views.Row{{Key: w.T("agency.parent"), Value: g.Parent.name(w.Tag), URL: g.Parent.link(w.Tag).URL}}
	}
	size := w.T("list.unknown")
	if o.Size > 0 {
		size = w.quantity(o.Size, o.SizeUnit)
	}
	return append(rows,
		views.Row{Key: w.T("vendor.country"), Value: views.Words{Text: w.country(o.Country)}},
		views.Row{Key: w.T("agency.size"), Value: views.Words{Text: size}},
		w.websiteRow(o),
		w.sourceRow(o, false))
}

// quantity is a number of a unit, or words that say that it is not known.
func (w speaker) quantity(n int64, unit string) string {
	switch {
	case n == 0:
		return w.T("list.unknown")
	case unit == "":
		return w.Number(n)
	default:
		return w.counted(models.Whole(n), unit)
	}
}

// phases are the phases of use, in the order in which pages show them.
var phases = [...]catalogue.Phase{catalogue.InUse, catalogue.Planned, catalogue.Ended}

// useCounts tells in words how many uses there are in each phase.
func (w speaker) useCounts(counts map[catalogue.Phase]int) string {
	var parts []string
	for _, phase := range phases {
		if n := counts[phase]; n > 0 {
			parts = append(parts, w.T("agency.count."+string(phase), w.Number(int64(n))))
		}
	}
	return strings.Join(parts, " ")
}

// useTables are the uses on the page, a table for each phase.
func (s *Site) useTables(r *web.Request, w speaker, all *names, ids []int64, counts map[catalogue.Phase]int, part slice) ([]views.UseTable, error) {
	uses, err := catalogue.Uses(r.Context(), s.DB, ids, part.Page)
	if err != nil {
		return nil, err
	}
	offerings := make([]int64, len(uses))
	for i, u := range uses {
		offerings[i] = u.OfferingID
	}
	cards, err := catalogue.Cards(r.Context(), s.DB, slices.Compact(slices.Sorted(slices.Values(offerings))))
	if err != nil {
		return nil, err
	}
	byID := make(map[int64]catalogue.Card, len(cards))
	for _, c := range cards {
		byID[c.ID] = c
	}
	var tables []views.UseTable
	for _, phase := range phases {
		t := views.UseTable{Bodies: len(ids) > 1, Ended: phase == catalogue.Ended, Ticks: phase == catalogue.InUse}
		ticked := map[int64]bool{}
		for _, u := range uses {
			if u.Phase != phase {
				continue
			}
			row := w.useRow(u, byID[u.OfferingID], all.organs.byID[u.OrganisationID])
			if t.Ticks && !ticked[u.OfferingID] { // once, however many bodies use it
				ticked[u.OfferingID] = true
				row.Tick = w.tick(u.OfferingID, views.Words{Text: row.Service.Text, Lang: row.Service.Lang})
			}
			t.Rows = append(t.Rows, row)
			t.Quantities = t.Quantities || u.Quantity > 0
			t.Sources = t.Sources || u.Source.Title != ""
		}
		if len(t.Rows) > 0 {
			t.Head = w.useHead(t, phase, counts[phase])
			tables = append(tables, t)
		}
	}
	return tables, nil
}

// useHead is the head of a table of uses. What is not known of any of them has no
// column; the caption says so.
func (w speaker) useHead(t views.UseTable, phase catalogue.Phase, n int) views.Head {
	h := views.Head{ID: "uses-" + string(phase), Caption: w.T("agency.caption."+string(phase), w.Number(int64(n)))}
	column := func(yes bool, key string) {
		if yes {
			h.Columns = append(h.Columns, views.Column{Text: w.T(key)})
		}
	}
	column(true, "agency.service")
	column(true, "agency.vendor")
	column(t.Bodies, "agency.body")
	column(true, "agency.since")
	column(t.Ended, "agency.until")
	column(t.Quantities, "agency.quantity")
	column(t.Sources, "agency.source")
	if t.Ticks {
		h.Columns = append(h.Columns, views.Column{Text: w.T("search.tick"), Hidden: true})
	}
	if !t.Quantities {
		h.Caption += " " + w.T("agency.no_quantities")
	}
	if !t.Sources {
		h.Caption += " " + w.T("agency.no_sources")
	}
	return h
}

func (w speaker) useRow(u catalogue.User, c catalogue.Card, g *organ) views.UseRow {
	card := w.card(c)
	row := views.UseRow{
		Service:  views.Link{URL: card.URL, Text: card.Name.Text, Lang: card.Name.Lang},
		Part:     u.Part,
		Vendor:   card.Vendor,
		Since:    w.known(w.DateShort(u.Since)),
		Until:    w.known(w.DateShort(u.Until)),
		Quantity: w.quantity(u.Quantity, u.Unit),
		Source:   views.Link{URL: u.Source.URL, Text: w.known(u.Source.Title)},
	}
	for _, tag := range card.Tags {
		if tag.Kind == views.Err || tag.Kind == views.Warn { // closed, suspended or withdrawn
			row.Tags = append(row.Tags, tag)
		}
	}
	if g != nil {
		row.Body = g.link(w.Tag)
	}
	return row
}
