package handlers

import (
	"cmp"
	"net/url"
	"slices"
	"strings"

	"pilveturg/handlers/web"
	"pilveturg/models"
	"pilveturg/models/catalogue"
	"pilveturg/models/market"
	"pilveturg/models/publishing"
	"pilveturg/views"
)

const (
	fieldMarket = "market"
	missDays    = 90  // days over which searches are added up
	mostMisses  = 500 // searches that are shown
)

// missed are the searches that found nothing, in the category that the address asks for,
// and how they are shown.
func (s *Site) missed(r *web.Request) (*filled, *grid[market.Missed], []market.Missed, error) {
	f := s.asked(r, nil)
	all, err := market.Misses(r.Context(), s.DB, models.DateOf(s.today().AddDate(0, 0, -missDays)), mostMisses)
	if err != nil {
		return nil, nil, nil, err
	}
	asked := kept(r, fieldCategory)
	var rows []market.Missed
	below := s.Schema.Below(asked.Get(fieldCategory))
	for _, m := range all {
		if asked.Get(fieldCategory) == "" || holdsWord(below, m.Category) {
			rows = append(rows, m)
		}
	}
	g := &grid[market.Missed]{speaker: f.speaker, id: "misses", caption: f.T("market.caption"), path: marketPath, kept: asked,
		empty: views.Empty{Title: f.T("market.none"), Text: f.T("market.none_text")},
		columns: []column[market.Missed]{
			{name: "visitors", head: f.T("market.visitors"), number: true, order: func(a, b market.Missed) int { return cmp.Compare(b.Visitors, a.Visitors) },
				cell: func(m market.Missed) views.Cell { return words(f.Number(m.Visitors)) }},
			{name: "words", head: f.T("market.words"), order: func(a, b market.Missed) int { return f.Compare(a.Words, b.Words) },
				cell: func(m market.Missed) views.Cell { return views.Cell{Link: f.missLink(m), Lines: f.missFilters(m)} }},
			{name: "category", head: f.T("market.category"), order: func(a, b market.Missed) int { return f.Compare(f.categoryName(a.Category), f.categoryName(b.Category)) },
				cell: func(m market.Missed) views.Cell { return words(f.categoryName(m.Category)) }},
			{name: "seen", head: f.T("market.seen"), order: func(a, b market.Missed) int { return strings.Compare(b.Seen.String(), a.Seen.String()) },
				cell: func(m market.Missed) views.Cell { return words(f.Date(m.Seen)) }, file: func(m market.Missed) string { return m.Seen.String() }},
		}}
	return f, g, rows, nil
}

// missLink leads to the same search.
func (f *filled) missLink(m market.Missed) views.Link {
	q, _ := url.ParseQuery(m.Filters) // which was made of such
	if m.Words != "" {
		q.Set(fieldWords, m.Words)
	}
	if m.Category != "" {
		q.Set(fieldFilter+fieldCategory, m.Category)
	}
	l := views.Link{URL: at(f.Tag, withQuery("/services", q.Encode())), Text: m.Words}
	if m.Words == "" {
		l.Text = f.T("market.no_words")
	}
	return l
}

// missFilters word what else was asked for.
func (f *filled) missFilters(m market.Missed) []string {
	var lines []string
	for _, one := range strings.Split(m.Filters, "&") {
		field, value, _ := strings.Cut(one, "=")
		value, _ = url.QueryUnescape(value)
		name := field[strings.IndexByte(field, '.')+1:]
		q, ok := f.schema.Question(name)
		switch {
		case one == "":
		case ok && strings.HasPrefix(field, fieldFilter):
			lines = append(lines, views.In(q.Label, f.Tag).Text+": "+f.value(q, value))
		case ok:
			lines = append(lines, views.In(q.Label, f.Tag).Text+": "+f.T("market.bound."+strings.TrimSuffix(field, "."+name), value))
		default:
			lines = append(lines, name+": "+value)
		}
	}
	return lines
}

func (f *filled) categoryName(slug string) string {
	if c, ok := f.schema.Category(slug); ok {
		return views.In(c.Names, f.Tag).Text
	}
	return f.T("market.all_categories")
}

// showMarket shows vendors what buyers search for and do not find.
func (s *Site) showMarket(r *web.Request) (web.Reply, error) {
	f, g, rows, err := s.missed(r)
	if err != nil {
		return web.Reply{}, err
	}
	return g.answer(r, rows, func(t views.Table, part slice) (views.ListPage, error) {
		choice := views.Select{Name: fieldCategory, Label: f.T("market.category"), Options: []views.Option{{Text: f.T("market.all_categories")}}}
		for _, c := range s.Schema.Children("") {
			choice.Options = append(choice.Options, views.Option{Value: c.Slug, Text: views.In(c.Names, f.Tag).Text})
		}
		p := views.ListPage{Heading: f.T("market.title"), Text: []string{f.N("market.text", missDays), f.T("market.privacy")}, Found: f.N("market.count", int64(part.Total)), Table: t,
			Filter: &views.Filter{Action: at(f.Tag, marketPath), Button: f.T("admin.find"), Inputs: []views.Input{f.choose(choice)}}}
		if len(g.kept) > 0 {
			p.Filter.All = f.link(marketPath, "market.all_categories")
		}
		p.Shell = f.page(part.title(f.speaker, p.Heading), f.link(vendorHome, "vendor.home"))
		p.Section = vendorSection
		return p, nil
	})
}

// marketCSV answers with the same as a file.
func (s *Site) marketCSV(r *web.Request) (web.Reply, error) {
	_, g, rows, err := s.missed(r)
	if err != nil {
		return web.Reply{}, err
	}
	return g.csv(r, rows)
}

// lack is something that buyers of a country ask, and whether an offering meets it.
type lack struct {
	offering publishing.Listing
	ask      market.Ask
	met      bool
}

// showExport shows a vendor where it sells, what it declares, and what it lacks for the
// country that the address names.
func (s *Site) showExport(r *web.Request) (web.Reply, error) {
	f := s.asked(r, nil)
	sold, err := market.SoldTo(r.Context(), s.DB, r.Actor.OrgID)
	if err != nil {
		return web.Reply{}, err
	}
	all, err := publishing.Listings(r.Context(), s.DB, r.Actor, r.Actor.OrgID)
	if err != nil {
		return web.Reply{}, err
	}
	said := map[int64]catalogue.Content{}
	for _, l := range all {
		if l.Published == 0 || l.Life == catalogue.Withdrawn || len(said) >= lookedAt {
			continue
		}
		e, err := catalogue.FindEdition(r.Context(), s.DB, l.Offering, l.Published)
		if err != nil {
			return web.Reply{}, err
		}
		said[l.Offering] = e.Content
	}
	choice := views.Select{Name: fieldMarket, Label: f.T("export.market"), Options: []views.Option{{Text: f.T("export.choose")}}}
	for _, c := range s.Markets.Countries {
		choice.Options = append(choice.Options, views.Option{Value: c.Code, Text: f.Country(c.Code)})
	}
	p := views.ListPage{Heading: f.T("export.title"), Text: append(f.declared(sold, said), f.T("export.text")),
		Filter: &views.Filter{Action: at(f.Tag, exportPath), Button: f.T("export.show"), Inputs: []views.Input{f.choose(choice)}}}
	p.Shell = f.page(p.Heading, f.link(vendorHome, "vendor.home"))
	p.Section = vendorSection
	p.Table.Empty = views.Empty{Title: f.T("export.none"), Text: f.T("export.none_text")}
	if c, ok := s.Markets.Country(r.Query(fieldMarket)); ok {
		p.Table, err = s.lackTable(r, f, c, all, said)
		p.Found = f.T("export.for", f.Country(c.Code))
	}
	return web.Page(p), err
}

// declared says where a vendor sells, in which languages, and by which standards.
func (f *filled) declared(sold []string, said map[int64]catalogue.Content) []string {
	values := func(want func(catalogue.Question) bool, word func(catalogue.Question, string) string) string {
		var list []string
		for _, c := range said {
			for _, a := range c.Answers {
				q, ok := f.schema.Question(a.Question)
				if !ok || !want(q) || !a.Known() {
					continue
				}
				for _, v := range a.Values {
					if text := word(q, v); text != "" && !holdsWord(list, text) {
						list = append(list, text)
					}
				}
			}
		}
		return f.joinedOr(list)
	}
	countries := make([]string, len(sold))
	for i, code := range sold {
		countries[i] = f.Country(code)
	}
	languages := values(func(q catalogue.Question) bool { return q.ID == "interface_languages" }, func(_ catalogue.Question, v string) string { return f.Language(v) })
	standards := values(func(q catalogue.Question) bool { return q.Type == catalogue.TypeCertificate }, func(q catalogue.Question, v string) string {
		if v == catalogue.No {
			return ""
		}
		return views.In(q.Label, f.Tag).Text
	})
	return []string{f.T("export.sold", f.joinedOr(countries)), f.T("export.languages", languages), f.T("export.standards", standards)}
}

// joinedOr is a sorted list in words, or that there is nothing.
func (f *filled) joinedOr(list []string) string {
	if len(list) == 0 {
		return f.T("export.nothing")
	}
	f.sortWords(list)
	return strings.Join(list, ", ")
}

// lackTable is what buyers of a country ask of each offering.
func (s *Site) lackTable(r *web.Request, f *filled, c market.Country, all []publishing.Listing, said map[int64]catalogue.Content) (views.Table, error) {
	var rows []lack
	for _, l := range all {
		content, ok := said[l.Offering]
		if !ok {
			continue
		}
		for _, ask := range c.Asks {
			rows = append(rows, lack{l, ask, s.Markets.Meets(content, ask)})
		}
	}
	g := grid[lack]{speaker: f.speaker, id: "lacks", caption: f.T("export.caption"), empty: views.Empty{Title: f.T("vendor.first"), Text: f.T("vendor.first_text")},
		columns: []column[lack]{
			{head: f.T("export.asked"), cell: func(l lack) views.Cell { return words(f.askWords(l.ask)) }},
			{head: f.T("editor.offering"), cell: func(l lack) views.Cell { return views.Cell{Link: f.offeringLink(l.offering)} }},
			{head: f.T("vendor.state"), cell: func(l lack) views.Cell {
				if l.met {
					return views.Cell{Tags: []views.Tag{{Kind: views.OK, Text: f.T("export.met")}}}
				}
				return views.Cell{Tags: []views.Tag{{Kind: views.Warn, Text: f.T("export.missing")}}}
			}},
			{head: f.T("export.fix"), cell: func(l lack) views.Cell {
				if l.met {
					return views.Cell{}
				}
				fix := views.Link{URL: at(f.Tag, listingPath(l.offering.Offering)+editEnd+f.sectionAsking(l.ask)), Text: f.T("export.fix_link"), For: f.askWords(l.ask)}
				return views.Cell{Links: []views.Link{fix}}
			}},
		}}
	return g.table(r, rows, whole(len(rows)))
}

// askWords word what is asked.
func (f *filled) askWords(a market.Ask) string {
	if a.Currency != "" {
		return f.T("export.currency", a.Currency)
	}
	q, _ := f.schema.Question(a.Question)
	label := views.In(q.Label, f.Tag).Text
	switch {
	case a.Area != "":
		return label + ": " + f.T("export.area."+a.Area)
	case len(a.Is) == 0:
		return label
	}
	list := make([]string, len(a.Is))
	for i, v := range a.Is {
		list[i] = f.value(q, v)
	}
	return label + ": " + strings.Join(list, " "+f.T("search.said.or")+" ")
}

// sectionAsking is the part of the editor in which what is asked can be said.
func (f *filled) sectionAsking(a market.Ask) string {
	if a.Currency != "" {
		return editPrices
	}
	q, _ := f.schema.Question(a.Question)
	for _, s := range editSections {
		if holdsWord(s.parts, q.Section) {
			return s.id
		}
	}
	return editBasics
}

// sortWords sorts words as readers of the language do.
func (f *filled) sortWords(list []string) { slices.SortFunc(list, f.Compare) }
