package handlers

import (
	"context"
	"slices"
	"time"

	"pilveturg/handlers/web"
	"pilveturg/models"
	"pilveturg/models/catalogue"
	"pilveturg/models/market"
	"pilveturg/models/publishing"
	"pilveturg/views"
)

const (
	vendorHome    = "/vendor"
	marketPath    = vendorHome + "/market"
	exportPath    = vendorHome + "/export"
	vendorSection = "vendor" // of the main navigation
)

// What the first page of a vendor looks at.
const (
	figureDays = 30  // days over which figures are added up
	soonDays   = 90  // days in which certificates and documents end soon
	lookedAt   = 100 // offerings that buyers see whose answers are looked at
)

// due is something that people of a vendor have to do.
type due struct {
	what views.Link
	tag  views.Tag
	note string
}

// showVendorHome shows people of a vendor what to do next, and how often buyers meet
// their offerings.
func (s *Site) showVendorHome(r *web.Request) (web.Reply, error) {
	f := s.fresh(r, nil)
	today := models.DateOf(s.today())
	all, err := publishing.Listings(r.Context(), s.DB, r.Actor, r.Actor.OrgID)
	if err != nil {
		return web.Reply{}, err
	}
	since := models.DateOf(s.today().AddDate(0, 0, 1-figureDays))
	figures, err := market.FiguresOf(r.Context(), s.DB, r.Actor, r.Actor.OrgID, since)
	if err != nil {
		return web.Reply{}, err
	}
	p := views.RecordPage{Heading: f.T("vendor.home"), Links: []views.Link{f.link(vendorListingsPath, "editor.offerings"), f.link(ordersPath, "order.title"), f.link(vendorQuestionsPath, "vendorquestion.title"), f.link(marketPath, "market.title"), f.link(reasonsPath, "reason.title"),
		f.link(documentsPath, "document.title"), f.link(exportPath, "export.title"), f.link(tokensPath, "token.title")}}
	p.Shell = f.page(p.Heading)
	p.Section = vendorSection
	if len(all) == 0 {
		empty := views.Empty{Title: f.T("vendor.first"), Text: f.T("vendor.first_text"), Action: f.link(vendorListingsPath+"/new", "vendor.first_link")}
		p.Sections = []views.Section{{Heading: f.T("editor.offerings"), Table: views.Table{Empty: empty}}}
		return web.Page(p), nil
	}
	p.Facts = f.vendorFigures(all, figures)
	todo, err := s.dues(r.Context(), f, r.Actor.OrgID, all, today)
	if err != nil {
		return web.Reply{}, err
	}
	next, err := f.dueTable(r, todo)
	if err != nil {
		return web.Reply{}, err
	}
	offerings, err := f.metTable(r, all, figures)
	p.Sections = []views.Section{{Heading: f.T("vendor.next"), Table: next}, {Heading: f.T("editor.offerings"), Table: offerings}}
	return web.Page(p), err
}

// vendorFigures are how many offerings there are, and how often buyers met them.
func (f *filled) vendorFigures(all []publishing.Listing, figures map[int64]market.Figures) []views.Row {
	live, drafts, opened, asked := 0, 0, int64(0), int64(0)
	for _, l := range all {
		if l.Published != 0 && l.Life != catalogue.Withdrawn {
			live++
		}
		if l.Draft {
			drafts++
		}
		opened += figures[l.Offering].Opened
		asked += figures[l.Offering].Asked
	}
	row := func(key string, n int64) views.Row {
		return views.Row{Key: f.T(key), Value: views.Words{Text: f.Number(n)}}
	}
	return []views.Row{row("vendor.live", int64(live)), row("vendor.drafts", int64(drafts)), row("vendor.opened", opened), row("vendor.asked", asked)}
}

// dues are what is to be done: what was sent back first, and then what is begun, stale or
// ends.
func (s *Site) dues(ctx context.Context, f *filled, vendor int64, all []publishing.Listing, today models.Date) ([]due, error) {
	var back, begun, ending []due
	looked := 0
	for _, l := range all {
		link := f.offeringLink(l)
		switch {
		case l.Sent == publishing.SentBack && l.Draft:
			back = append(back, due{what: link, tag: f.sentTag(l.Sent), note: f.T("vendor.due.sent_back")})
		case l.Problems > 0:
			begun = append(begun, due{what: link, tag: views.Tag{Kind: views.Err, Text: f.N("editor.problems", int64(l.Problems))}, note: f.T("vendor.due.problems")})
		case l.Draft && l.Sent != publishing.Waiting:
			begun = append(begun, due{what: link, tag: views.Tag{Kind: views.Info, Text: f.T("editor.draft")}, note: f.T("vendor.due.draft")})
		}
		if l.Published == 0 || l.Life == catalogue.Withdrawn || looked >= lookedAt {
			continue
		}
		looked++
		e, err := catalogue.FindEdition(ctx, s.DB, l.Offering, l.Published)
		if err != nil {
			return nil, err
		}
		ending = append(ending, f.ending(link, e, today)...)
	}
	old, err := publishing.StaleListings(ctx, s.DB, vendor, today)
	var stale []due
	for _, l := range old {
		tag, note := views.Tag{Kind: views.Warn, Text: f.T("vendor.due.stale")}, f.T("vendor.due.stale_since", f.Date(l.StaleOn))
		if today.Before(l.StaleOn) {
			tag, note = views.Tag{Kind: views.Info, Text: f.T("vendor.due.stale_soon")}, f.T("vendor.due.stale_from", f.Date(l.StaleOn))
		}
		name := views.In(l.Names, f.Tag)
		stale = append(stale, due{what: views.Link{URL: at(f.Tag, confirmPath(l.Offering)), Text: name.Text, Lang: name.Lang}, tag: tag, note: note})
	}
	return slices.Concat(back, begun, stale, ending), err
}

// ending are the certificates and documents of an offering that end soon or have ended.
func (f *filled) ending(link views.Link, e catalogue.Edition, today models.Date) []due {
	var list []due
	ends := func(name string, until models.Date) {
		const day = 24 * time.Hour
		switch days := int64(until.Time().Sub(today.Time()) / day); {
		case until.IsZero() || days > soonDays:
		case days < 0:
			list = append(list, due{what: link, tag: views.Tag{Kind: views.Err, Text: f.T("vendor.due.ended")}, note: f.T("vendor.due.ended_on", name, f.Date(until))})
		default:
			list = append(list, due{what: link, tag: views.Tag{Kind: views.Warn, Text: f.T("vendor.due.ends")}, note: f.N("vendor.due.ends_in", days, name)})
		}
	}
	for _, a := range e.Answers {
		if q, ok := f.schema.Question(a.Question); ok && a.Known() && q.Type == catalogue.TypeCertificate {
			ends(views.In(q.Label, f.Tag).Text, a.Until)
		}
	}
	for _, d := range e.Documents {
		ends(views.In(d.Titles, f.Tag).Text, d.ValidUntil)
	}
	return list
}

func (f *filled) dueTable(r *web.Request, todo []due) (views.Table, error) {
	g := grid[due]{speaker: f.speaker, id: "next", caption: f.T("vendor.next"), empty: views.Empty{Title: f.T("vendor.nothing"), Text: f.T("vendor.nothing_text")},
		columns: []column[due]{
			{head: f.T("editor.offering"), cell: func(d due) views.Cell { return views.Cell{Link: d.what} }},
			{head: f.T("vendor.state"), cell: func(d due) views.Cell { return views.Cell{Tags: []views.Tag{d.tag}} }},
			{head: f.T("vendor.to_do"), cell: func(d due) views.Cell { return words(d.note) }},
		}}
	return g.table(r, todo, whole(len(todo)))
}

// metTable is how often buyers met each offering.
func (f *filled) metTable(r *web.Request, all []publishing.Listing, figures map[int64]market.Figures) (views.Table, error) {
	number := func(key string, of func(market.Figures) int64) column[publishing.Listing] {
		return column[publishing.Listing]{head: f.T(key), number: true, cell: func(l publishing.Listing) views.Cell { return words(f.Number(of(figures[l.Offering]))) }}
	}
	g := grid[publishing.Listing]{speaker: f.speaker, id: "met", caption: f.N("vendor.met_caption", figureDays), columns: []column[publishing.Listing]{
		{head: f.T("editor.offering"), cell: func(l publishing.Listing) views.Cell { return views.Cell{Link: f.offeringLink(l)} }},
		{head: f.T("vendor.state"), cell: func(l publishing.Listing) views.Cell { return views.Cell{Tags: []views.Tag{f.standTag(l)}} }},
		number("vendor.shown", func(m market.Figures) int64 { return m.Shown }), number("vendor.opened", func(m market.Figures) int64 { return m.Opened }),
		number("vendor.compared", func(m market.Figures) int64 { return m.Compared }), number("vendor.asked", func(m market.Figures) int64 { return m.Asked }),
	}}
	t, err := g.table(r, all, whole(len(all)))
	t.Head.Quiet = false
	return t, err
}

// standTag says where an offering stands.
func (f *filled) standTag(l publishing.Listing) views.Tag {
	switch {
	case l.Sent == publishing.Waiting || l.Draft && (l.Sent == publishing.SentBack || l.Sent == publishing.Refused):
		return f.sentTag(l.Sent)
	case l.Published == 0:
		return views.Tag{Kind: views.Info, Text: f.T("editor.draft")}
	case l.Life != catalogue.Open:
		return views.Tag{Kind: views.Warn, Text: f.T("life." + string(l.Life))}
	default:
		return views.Tag{Kind: views.OK, Text: f.T("editor.sent.published")}
	}
}
