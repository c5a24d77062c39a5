package handlers

import (
	"cmp"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"pilveturg/db"
	"pilveturg/handlers/web"
	"pilveturg/models"
	"pilveturg/models/spend"
	"pilveturg/models/systems"
	"pilveturg/views"
)

const (
	systemsPath    = "/systems"
	systemsSection = "systems"
	reusePath      = "/reuse"
)

func systemPath(id int64, end string) string {
	return systemsPath + "/" + strconv.FormatInt(id, 10) + end
}

// systemRow is a system with what it comes to.
type systemRow struct {
	systems.System
	owner string
	worked
}

// worked is what a system comes to in a year, in euro cents without VAT.
type worked struct {
	running, written, paid int64 // accrued without capital; of capital what is written off; cash
	book                   int64 // at the begin of a day
	unknown                int   // amounts in currencies without a rate
	assumed                bool  // some of it is
	none                   bool  // there are no costs
}

// listSystems lists the systems that the reader may see, with what they cost this year.
func (s *Site) listSystems(r *web.Request) (web.Reply, error) {
	f, g, rows, err := s.systemRows(r)
	if err != nil {
		return web.Reply{}, err
	}
	return g.answer(r, rows, func(t views.Table, part slice) (views.ListPage, error) {
		year := s.today().Year()
		p := views.ListPage{Heading: f.T("systems.title"), Text: f.systemsText(rows, year), Table: t, Found: f.N("systems.count", int64(part.Total)), Filter: f.systemsFilter(g.kept)}
		if systems.Manages(r.Actor) {
			p.Links = append(p.Links, f.link(systemsPath+"/new", "systems.add"), f.link(systemImportPath, "registers.title"))
		}
		p.Links = append(p.Links, f.link(reusePath, "systems.reuse"))
		p.Shell = f.page(part.title(f.speaker, p.Heading))
		p.Section = systemsSection
		return p, nil
	})
}

// systemsText says what the systems come to, and what is not in that.
func (f *filled) systemsText(rows []systemRow, year int) []string {
	var all worked
	without, assumed := 0, 0
	for i := range rows {
		one := &rows[i]
		all.running, all.written, all.book, all.unknown = all.running+one.running, all.written+one.written, all.book+one.book, all.unknown+one.unknown
		if one.none {
			without++
		}
		if one.assumed {
			assumed++
		}
	}
	text := []string{f.T("systems.comes_to", strconv.Itoa(year), f.centsOf(all.running), f.centsOf(all.written), f.centsOf(all.running+all.written), f.centsOf(all.book))}
	for _, one := range []struct {
		n   int
		key string
	}{{without, "systems.without_costs"}, {assumed, "systems.with_assumed"}, {all.unknown, "systems.without_rate"}} {
		if one.n > 0 {
			text = append(text, f.N(one.key, int64(one.n)))
		}
	}
	return text
}

// centsOf are euro cents, which may be below 0.
func (w speaker) centsOf(n int64) string { return w.Money(models.Money{Minor: n, Currency: "EUR"}) }

func (f *filled) systemsFilter(asked url.Values) *views.Filter {
	states := []views.Option{{Text: f.T("systems.any_state")}}
	for _, one := range systems.States() {
		states = append(states, views.Option{Value: string(one), Text: f.T("systems.state." + string(one))})
	}
	categories := f.categories()
	categories[0].Text = f.T("systems.any_category")
	p := &views.Filter{Action: at(f.Tag, systemsPath), Button: f.T("ledger.update"), Inputs: []views.Input{f.field(views.Field{Name: fieldWords, Label: f.T("systems.words"), Width: "w30"}),
		f.choose(views.Select{Name: fieldState, Label: f.T("systems.state"), Options: states}), f.choose(views.Select{Name: fieldCategory, Label: f.T("systems.category"), Options: categories})}}
	if len(asked) > 0 {
		p.All = f.link(systemsPath, "systems.all")
	}
	return p
}

// systemRows are the systems that an address asks for, and how they are shown.
func (s *Site) systemRows(r *web.Request) (*filled, *grid[systemRow], []systemRow, error) {
	f := s.asked(r, nil)
	asked := kept(r, fieldWords, fieldState, fieldCategory)
	q := systems.Query{Words: asked.Get(fieldWords), State: systems.State(asked.Get(fieldState))}
	if slug := asked.Get(fieldCategory); slug != "" {
		q.Category = append(s.Schema.Below(slug), slug)
	}
	all, err := s.lists(r.Context())
	if err != nil {
		return nil, nil, nil, err
	}
	var rows []systemRow
	err = s.DB.Read(r.Context(), func(d db.Reader) error {
		found, err := systems.List(r.Context(), d, r.Actor, q)
		if err != nil {
			return err
		}
		costs, err := s.workedOut(r, d, 0, s.today().Year())
		for _, one := range found {
			row := systemRow{System: one, owner: all.organs.bodyName(one.OrgID, r.Lang), worked: worked{none: true}}
			if w := costs[one.ID]; w != nil {
				row.worked = *w
			}
			rows = append(rows, row)
		}
		return err
	})
	slices.SortStableFunc(rows, func(a, b systemRow) int { return f.Compare(a.owner, b.owner) })
	g := f.systemGrid(r.Actor, all, models.DateOf(s.today()))
	g.path, g.kept, g.files = systemsPath, asked, true
	if systems.Manages(r.Actor) {
		g.empty.Action = f.link(systemsPath+"/new", "systems.add")
	}
	return f, g, rows, err
}

// workedOut is what systems that the reader may see, or one of them, come to in a year.
func (s *Site) workedOut(r *web.Request, d db.Reader, system int64, year int) (map[int64]*worked, error) {
	sums, err := systems.Sums(r.Context(), d, r.Actor, systems.Ask{First: year, Last: year, System: system}, systems.BySystem, systems.ByKind, systems.ByGuess)
	if err != nil {
		return nil, err
	}
	rates, all := spend.NewRates(), map[int64]*worked{}
	of := func(id int64) *worked {
		if all[id] == nil {
			all[id] = &worked{}
		}
		return all[id]
	}
	for _, one := range sums {
		w := of(one.SystemID)
		for _, part := range []struct {
			cents int64
			into  *int64
		}{{one.Cash, &w.paid}, {one.Accrued, w.accruedAs(one.Kind)}} {
			euros, known, err := systems.InEuros(r.Context(), d, rates, part.cents, one.Currency, year)
			if err != nil {
				return nil, err
			}
			if !known && part.into != &w.paid {
				w.unknown++ // once, though two views leave it out
			}
			*part.into += euros
		}
		w.assumed = w.assumed || one.Assumed
	}
	books, err := systems.Books(r.Context(), d, r.Actor, system, models.DateOf(s.today()))
	for _, one := range books {
		euros, known, err := systems.InEuros(r.Context(), d, rates, one.Cents, one.Currency, year)
		if err != nil {
			return nil, err
		}
		w := of(one.SystemID)
		if w.book += euros; !known {
			w.unknown++
		}
	}
	return all, err
}

func (w *worked) accruedAs(kind systems.CostKind) *int64 {
	if kind == systems.Capital {
		return &w.written
	}
	return &w.running
}

func (f *filled) systemGrid(reader models.Actor, all *names, today models.Date) *grid[systemRow] {
	day := func(d models.Date) string {
		if d.IsZero() {
			return ""
		}
		return f.Date(d)
	}
	amount := func(code, key string, of func(*systemRow) int64) column[systemRow] {
		return column[systemRow]{name: code, code: code, head: f.T(key), number: true, order: func(a, b systemRow) int { return cmp.Compare(of(&b), of(&a)) },
			cell: func(x systemRow) views.Cell {
				if x.none {
					return words("")
				}
				return words(f.centsOf(of(&x)))
			}, value: func(x systemRow) any { return models.ExactOf(models.Money{Minor: of(&x), Currency: "EUR"}.Decimal()) }}
	}
	columns := []column[systemRow]{
		{name: "name", code: "name", head: f.T("systems.name"), order: func(a, b systemRow) int { return f.Compare(a.NameIn(f.Tag), b.NameIn(f.Tag)) }, value: func(x systemRow) any { return x.NameIn(f.Tag) },
			cell: func(x systemRow) views.Cell {
				c := views.Cell{Link: views.Link{URL: at(f.Tag, systemPath(x.ID, "")), Text: x.NameIn(f.Tag)}}
				if x.EndOfLife(today) {
					c.Tags = append(c.Tags, views.Tag{Text: f.T("systems.end_of_life"), Kind: views.Warn})
				}
				if x.assumed {
					c.Lines = append(c.Lines, f.T("systems.assumed"))
				}
				return c
			}},
		{name: "owner", code: "owner", head: f.T("systems.owner"), order: func(a, b systemRow) int { return f.Compare(a.owner, b.owner) }, cell: func(x systemRow) views.Cell { return words(x.owner) }},
		{name: "state", code: "state", head: f.T("systems.state"), order: func(a, b systemRow) int { return strings.Compare(string(a.State), string(b.State)) }, cell: func(x systemRow) views.Cell { return words(f.T("systems.state." + string(x.State))) }},
		{name: "since", code: "in_use_since", head: f.T("systems.in_use_since"), order: func(a, b systemRow) int { return a.InUseSince.Time().Compare(b.InUseSince.Time()) }, cell: func(x systemRow) views.Cell { return words(day(x.InUseSince)) }, value: func(x systemRow) any { return x.InUseSince }},
		amount("running", "systems.running", func(x *systemRow) int64 { return x.running }), amount("written_off", "systems.written", func(x *systemRow) int64 { return x.written }), amount("book_value", "systems.book", func(x *systemRow) int64 { return x.book }),
		{name: "end", code: "planned_end", head: f.T("systems.planned_end"), order: func(a, b systemRow) int { return a.PlannedEnd.Time().Compare(b.PlannedEnd.Time()) }, cell: func(x systemRow) views.Cell { return words(day(x.PlannedEnd)) }, value: func(x systemRow) any { return x.PlannedEnd }},
		{code: "services", head: f.T("systems.services"), number: true, cell: func(x systemRow) views.Cell { return f.similarCell(x.Category, all) }, value: func(x systemRow) any { return len(all.in[x.Category]) }},
		inFile(column[systemRow]{code: "id", head: f.T("systems.id"), value: func(x systemRow) any { return x.ID }}),
		inFile(column[systemRow]{code: "category", head: f.T("systems.category"), value: func(x systemRow) any { return x.Category }}),
		inFile(column[systemRow]{code: "paid", head: f.T("systems.paid"), value: func(x systemRow) any { return models.ExactOf(models.Money{Minor: x.paid, Currency: "EUR"}.Decimal()) }}),
	}
	if !reader.Is(models.Analyst) {
		columns = slices.Delete(columns, 1, 2) // all are of one owner
	}
	return &grid[systemRow]{speaker: f.speaker, id: "systems", caption: f.T("systems.title"), sorted: true, empty: views.Empty{Title: f.T("systems.none"), Text: f.T("systems.none_text")}, columns: columns}
}

// similarCell says how many services of the catalogue are of a category.
func (f *filled) similarCell(category string, all *names) views.Cell {
	n := len(all.in[category])
	if category == "" || n == 0 {
		return words(f.Number(int64(n)))
	}
	return views.Cell{Link: views.Link{URL: at(f.Tag, categoryPath(category)), Text: f.Number(int64(n)), For: f.categoryOf(category)}}
}

// categoryOf is the name of a category; "" of none.
func (f *filled) categoryOf(slug string) string {
	if slug == "" {
		return ""
	}
	return f.categoryName(slug)
}

// systemsFile answers with the same as a file.
func (s *Site) systemsFile(kind string) web.Handler {
	return func(r *web.Request) (web.Reply, error) {
		_, g, rows, err := s.systemRows(r)
		if err != nil {
			return web.Reply{}, err
		}
		return g.file(r, rows, kind)
	}
}

// listShared lists the systems that their owners let others use, for everybody.
func (s *Site) listShared(r *web.Request) (web.Reply, error) {
	f, g, rows, err := s.sharedRows(r)
	if err != nil {
		return web.Reply{}, err
	}
	return g.answer(r, rows, func(t views.Table, part slice) (views.ListPage, error) {
		p := views.ListPage{Heading: f.T("systems.reuse"), Text: []string{f.T("systems.reuse_text")}, Table: t, Found: f.N("systems.count", int64(part.Total))}
		p.Shell = f.shell("", part.title(f.speaker, p.Heading), f.home())
		p.Description, p.Canonical = f.T("systems.reuse_text"), reusePath
		return p, nil
	})
}

func (s *Site) sharedRows(r *web.Request) (*filled, *grid[systemRow], []systemRow, error) {
	f := s.asked(r, nil)
	all, err := s.lists(r.Context())
	if err != nil {
		return nil, nil, nil, err
	}
	shared, err := systems.Shared(r.Context(), s.DB)
	rows := make([]systemRow, 0, len(shared))
	for _, one := range shared {
		rows = append(rows, systemRow{System: one, owner: all.organs.bodyName(one.OrgID, r.Lang)})
	}
	signedIn := r.Actor.SignedIn()
	g := &grid[systemRow]{speaker: f.speaker, id: "reuse", caption: f.T("systems.reuse"), path: reusePath, files: true, empty: views.Empty{Title: f.T("systems.reuse_none"), Text: f.T("systems.reuse_none_text")}, columns: []column[systemRow]{
		{name: "name", code: "name", head: f.T("systems.name"), order: func(a, b systemRow) int { return f.Compare(a.NameIn(f.Tag), b.NameIn(f.Tag)) }, cell: func(x systemRow) views.Cell {
			c := words(x.NameIn(f.Tag))
			if x.Purpose != "" {
				c.Lines = []string{x.Purpose}
			}
			return c
		}, value: func(x systemRow) any { return x.NameIn(f.Tag) }},
		{name: "owner", code: "owner", head: f.T("systems.owner"), order: func(a, b systemRow) int { return f.Compare(a.owner, b.owner) }, value: func(x systemRow) any { return x.owner }, cell: func(x systemRow) views.Cell {
			if g := all.organs.byID[x.OrgID]; g != nil {
				return views.Cell{Link: g.link(f.Tag)}
			}
			return words(x.owner)
		}},
		{name: "category", code: "category", head: f.T("systems.category"), order: func(a, b systemRow) int { return f.Compare(f.categoryOf(a.Category), f.categoryOf(b.Category)) }, cell: func(x systemRow) views.Cell { return words(f.categoryOf(x.Category)) }},
		{code: "stands_on", head: f.T("systems.stands_on"), cell: func(x systemRow) views.Cell { return words(x.StandsOn) }},
		{code: "subsystems", head: f.T("systems.subsystems"), cell: func(x systemRow) views.Cell { return views.Cell{Lines: x.Subsystems} }},
		inFile(column[systemRow]{code: "purpose", head: f.T("systems.purpose"), value: func(x systemRow) any { return x.Purpose }}),
	}}
	if signedIn {
		g.columns = append(g.columns, column[systemRow]{code: "contact", head: f.T("systems.contact"), cell: func(x systemRow) views.Cell { return words(x.Contact) }})
	}
	return f, g, rows, err
}

// sharedFile answers with the same as a file.
func (s *Site) sharedFile(kind string) web.Handler {
	return func(r *web.Request) (web.Reply, error) {
		_, g, rows, err := s.sharedRows(r)
		if err != nil {
			return web.Reply{}, err
		}
		return g.file(r, rows, kind)
	}
}
