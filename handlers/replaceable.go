package handlers

import (
	"cmp"
	"slices"

	"pilveturg/db"
	"pilveturg/handlers/web"
	"pilveturg/models"
	"pilveturg/models/catalogue"
	"pilveturg/models/search"
	"pilveturg/models/systems"
	"pilveturg/views"
)

// replaceablePath lists what could stop being owned.
const replaceablePath = spendPath + "/own-or-subscribe"

// mostPriced is for how many systems a service is looked for: those that cost most.
const mostPriced = 500

// replaceable is a system with the service that costs least for as many as it serves.
type replaceable struct {
	systemRow
	services int // of its category that have a price for as many
	card     catalogue.Card
	price    int64  // of the cheapest, a year, in euro cents
	plan     string // its code
	priced   bool
	why      string // key of why there is no price
}

// saving is what a year would cost less, or more below 0, once nothing is owned.
func (x *replaceable) saving() int64 { return x.running - x.price }

// listReplaceable lists systems in use beside the service that costs least for as many.
func (s *Site) listReplaceable(r *web.Request) (web.Reply, error) {
	f, g, rows, left, err := s.replaceables(r)
	if err != nil {
		return web.Reply{}, err
	}
	return g.answer(r, rows, func(t views.Table, part slice) (views.ListPage, error) {
		p := views.ListPage{Heading: f.T("systems.replace_title"), Text: []string{f.T("systems.replace_text"), f.replaceSum(rows)}, Table: t, Found: f.N("systems.count", int64(part.Total)), Links: []views.Link{f.link(spendPath, "ledger.title"), f.link(systemsPath, "systems.title")}}
		if left > 0 {
			p.Text = append(p.Text, f.N("systems.replace_left", int64(left)))
		}
		p.Shell = f.page(part.title(f.speaker, p.Heading), f.link(spendPath, "ledger.title"))
		p.Section = replaceablePath[1:]
		return p, nil
	})
}

// replaceSum says what could be saved where a service costs less.
func (f *filled) replaceSum(rows []replaceable) string {
	n, sum := 0, int64(0)
	for i := range rows {
		if x := &rows[i]; x.priced && x.saving() > 0 {
			n++
			sum += x.saving()
		}
	}
	return f.T("systems.replace_sum", f.N("systems.count", int64(n)), f.centsOf(sum))
}

// replaceables are the systems in use that cost something, those that cost most, the
// largest possible saving first, and how many are left out.
func (s *Site) replaceables(r *web.Request) (*filled, *grid[replaceable], []replaceable, int, error) {
	f := s.asked(r, nil)
	all, err := s.lists(r.Context())
	if err != nil {
		return nil, nil, nil, 0, err
	}
	var rows []replaceable
	err = s.DB.Read(r.Context(), func(d db.Reader) error {
		found, err := systems.List(r.Context(), d, r.Actor, systems.Query{State: systems.InUse})
		if err != nil {
			return err
		}
		costs, err := s.workedOut(r, d, 0, s.today().Year())
		for _, one := range found {
			if w := costs[one.ID]; w != nil && w.running > 0 {
				rows = append(rows, replaceable{systemRow: systemRow{System: one, owner: all.organs.bodyName(one.OrgID, r.Lang), worked: *w}})
			}
		}
		return err
	})
	if err != nil {
		return nil, nil, nil, 0, err
	}
	slices.SortStableFunc(rows, func(a, b replaceable) int { return cmp.Compare(b.running, a.running) })
	left := max(0, len(rows)-mostPriced)
	rows = rows[:len(rows)-left]
	for i := range rows {
		s.cheapestFor(&rows[i])
	}
	slices.SortStableFunc(rows, func(a, b replaceable) int {
		return cmp.Or(-cmp.Compare(db.Flag(a.priced), db.Flag(b.priced)), cmp.Compare(b.saving(), a.saving()))
	})
	g := f.replaceGrid(r.Actor)
	g.path, g.files = replaceablePath, true
	return f, g, rows, left, nil
}

// cheapestFor finds the service of a system's category that costs least for as many as it
// serves.
func (s *Site) cheapestFor(x *replaceable) {
	u, ok := s.Schema.Unit(x.Unit)
	n, err := models.ParseDecimal(x.Served)
	switch {
	case x.Category == "":
		x.why = "systems.no_category"
		return
	case err != nil || !ok:
		x.why = "systems.no_served"
		return
	}
	req := search.Request{Filters: []search.Filter{{Group: search.GroupCategory, Values: []string{x.Category}}}, Volume: &search.Volume{Unit: x.Unit, Amount: n, Flow: u.Flow}, Sort: search.ByPrice, Limit: mostSimilar}
	for _, hit := range s.Index.Search(req).Hits {
		p := hit.Price()
		if !p.Known || p.Year.Low.Currency != search.Currency {
			continue
		}
		if x.services++; !x.priced {
			x.priced, x.price, x.card = true, p.Year.Low.Minor, hit.Card()
			if p.Plan < len(x.card.Plans) {
				x.plan = x.card.Plans[p.Plan].Code
			}
		}
	}
	if !x.priced {
		x.why = "systems.no_price"
	}
}

// mostSimilar bounds how many services of a category are counted.
const mostSimilar = 200

func (f *filled) replaceGrid(reader models.Actor) *grid[replaceable] {
	euros := func(n int64) models.Exact { return models.ExactOf(models.Money{Minor: n, Currency: "EUR"}.Decimal()) }
	known := func(x replaceable, n int64) any {
		if !x.priced {
			return ""
		}
		return euros(n)
	}
	columns := []column[replaceable]{
		{name: "name", code: "system", head: f.T("systems.name"), order: func(a, b replaceable) int { return f.Compare(a.NameIn(f.Tag), b.NameIn(f.Tag)) }, value: func(x replaceable) any { return x.NameIn(f.Tag) },
			cell: func(x replaceable) views.Cell {
				return views.Cell{Link: views.Link{URL: at(f.Tag, systemPath(x.ID, "")), Text: x.NameIn(f.Tag)}}
			}},
		{name: "owner", code: "owner", head: f.T("systems.owner"), order: func(a, b replaceable) int { return f.Compare(a.owner, b.owner) }, cell: func(x replaceable) views.Cell { return words(x.owner) }},
		{code: "served", head: f.T("systems.served"), cell: func(x replaceable) views.Cell { return words(f.servedWords(&x.System)) }},
		{name: "running", code: "running", head: f.T("systems.running"), number: true, order: func(a, b replaceable) int { return cmp.Compare(b.running, a.running) }, cell: func(x replaceable) views.Cell { return words(f.centsOf(x.running)) }, value: func(x replaceable) any { return euros(x.running) }},
		{code: "service", head: f.T("systems.cheapest"), value: func(x replaceable) any { return f.serviceOf(x).Text }, cell: func(x replaceable) views.Cell {
			if !x.priced {
				return words(f.T(x.why))
			}
			c := views.Cell{Link: f.serviceOf(x), Links: []views.Link{{URL: at(f.Tag, ownAddress(x.ID, x.card.ID, x.plan)), Text: f.T("own.compare"), For: x.NameIn(f.Tag)}}}
			if x.services > 1 {
				c.Links = append(c.Links, views.Link{URL: at(f.Tag, servicesFor(&x.System)), Text: f.N("systems.among", int64(x.services)), For: x.NameIn(f.Tag)})
			}
			return c
		}},
		{code: "price", head: f.T("systems.price_year"), number: true, value: func(x replaceable) any { return known(x, x.price) }, cell: func(x replaceable) views.Cell {
			if !x.priced {
				return words("")
			}
			c := words(f.centsOf(x.price))
			if x.card.DemoPrice {
				c.Tags = []views.Tag{{Kind: views.Violet, Text: f.T("price.demo")}}
			}
			return c
		}},
		{name: "saving", code: "saving", head: f.T("systems.saving"), number: true, order: func(a, b replaceable) int { return cmp.Compare(b.saving(), a.saving()) }, value: func(x replaceable) any { return known(x, x.saving()) }, cell: func(x replaceable) views.Cell {
			if !x.priced {
				return words("")
			}
			c := words(f.centsOf(x.saving()))
			if x.saving() < 0 {
				c.Lines = []string{f.T("systems.owning_less")}
			}
			return c
		}},
		{code: "assumed", head: f.T("systems.assumption"), inFile: true, value: func(x replaceable) any { return x.assumed }},
	}
	if !reader.Is(models.Analyst) {
		columns = slices.Delete(columns, 1, 2)
	}
	return &grid[replaceable]{speaker: f.speaker, id: "replaceable", caption: f.T("systems.replace_title"), sorted: true, empty: views.Empty{Title: f.T("systems.none"), Text: f.T("systems.replace_none")}, columns: columns}
}

// serviceOf leads to the service that costs least.
func (f *filled) serviceOf(x replaceable) views.Link {
	if !x.priced {
		return views.Link{}
	}
	name, _ := f.nameAndSummary(x.card.Words)
	return views.Link{URL: at(f.Tag, servicePath(x.card.ID, x.card.Slug)), Text: name.Text, Lang: name.Lang}
}

// replaceableFile answers with the same as a file.
func (s *Site) replaceableFile(kind string) web.Handler {
	return func(r *web.Request) (web.Reply, error) {
		_, g, rows, _, err := s.replaceables(r)
		if err != nil {
			return web.Reply{}, err
		}
		return g.file(r, rows, kind)
	}
}
